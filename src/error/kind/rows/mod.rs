//! What can be wrong with other people's event data, with tables, and with what is fitted to them.

pub(super) mod data;
pub(super) mod table;
pub(super) mod trial;
