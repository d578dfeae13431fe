//! What stands in the fields of event data: codes, weights, dates.

pub(super) mod dates;
pub(super) mod fields;
pub(super) mod states;
pub(super) mod weight;

pub(super) mod codes;

pub(super) mod weis;

mod finding;
