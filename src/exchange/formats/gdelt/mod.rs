//! GDELT: its own files, and tables that databases write of it.

pub(super) mod file;
pub(super) mod table;
