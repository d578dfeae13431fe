//! What is drawn: temperatures, fans, lanes and what a temperature is made of.

pub(super) mod charts;
pub(super) mod trial;
pub(super) mod waterfall;

pub(super) mod fans;
pub(super) mod lanes;
