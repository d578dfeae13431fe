//! What is asked of scenarios: why, what differs, whether it survives another model, and how it
//! answers to a parameter.

pub(super) mod compare;
pub(super) mod grid;
pub(super) mod inquiry;

pub(super) mod robustness;
pub(super) mod score;
pub(super) mod sweep;

pub(super) mod forecasts;
