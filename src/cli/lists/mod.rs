//! Commands that list what there is: histories, acts, actors and codes.

mod listing;

pub(super) mod actors;
pub(super) mod acts;
pub(super) mod codes;
pub(super) mod histories;
