//! The parts of the page, each made of what the session has come to.

pub(super) mod drawing;

pub(super) mod chance;
pub(super) mod day;
pub(super) mod events;
pub(super) mod forms;
pub(super) mod knobs;
pub(super) mod steps;
