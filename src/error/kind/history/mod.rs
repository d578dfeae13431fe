//! What can be wrong with events, with a log of them, and with what is asked of it.

pub(super) mod event;
pub(super) mod log;
pub(super) mod question;
