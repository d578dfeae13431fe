//! Commands that list what there is: histories, acts, actors, codes and columns.

mod listing;

pub(super) mod actors;
pub(super) mod acts;
pub(super) mod codes;
pub(super) mod columns;
pub(super) mod histories;
