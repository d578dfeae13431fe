//! Chance: what many runs add up to, what all of them would, and how forecasts did.

pub(in crate::view) mod ensemble;
pub(in crate::view) mod score;
pub(in crate::view) mod sweep;

pub(in crate::view) mod exact;

pub(in crate::view) mod tidy;
