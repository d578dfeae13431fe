//! Commands on event data: import, index, fit and validate.

pub(super) mod names;

pub(super) mod event_data;

pub(super) mod manifest;

mod deposit;

pub(super) mod cite;
pub(super) mod import;
pub(super) mod level;
pub(super) mod trial;
