//! What commands share: input, output, progress, figures and how errors are printed.

mod advice;
pub(super) mod kinds;
pub(super) mod output;
pub(super) mod signals;
pub(super) mod watch;

pub(super) mod progress;

pub(super) mod errors;
pub(super) mod figure;
pub(super) mod listed;
pub(super) mod named;

pub(super) mod input;
