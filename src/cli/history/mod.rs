//! Commands on a history: its log, its replay, and why it ends where it does.

pub(super) mod accident;
mod beside;
mod template;
pub(super) mod written;

mod add;

pub(super) mod log;

pub(super) mod replay;
pub(super) mod why;
