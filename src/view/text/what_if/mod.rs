//! Branches of a history: their stories, what they change, and whether that holds under other
//! models.

pub(in crate::view) mod scenes;

pub(in crate::view) mod branch;
pub(in crate::view) mod comparison;
pub(in crate::view) mod robustness;
pub(in crate::view) mod strand;
