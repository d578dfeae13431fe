//! The arguments of commands on a history.

pub(in crate::cli::args) mod log;
pub(in crate::cli::args) mod replay;
pub(in crate::cli::args) mod why;
