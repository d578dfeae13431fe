//! What a scenario file says: its schema, its conditions, its chances, and the base it stands on.

pub(super) mod condition;
pub(super) mod normal;
pub(super) mod spliced;

pub(super) mod contradiction;
pub(super) mod entry;
pub(super) mod schema;

pub(super) mod draws;

pub(super) mod hazards;

pub(super) mod base;
