//! Logs in files: found and read, appended to, and with a snapshot beside them.

pub(super) mod log;

pub(super) mod append;
pub(super) mod snapshot;
