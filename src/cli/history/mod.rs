//! Commands on a history: replay, why, log.

pub(super) mod log;

pub(super) mod replay;
pub(super) mod why;
