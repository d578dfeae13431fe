//! The index tried: what it is fitted to and held against.

mod reading;
mod series;

pub(in crate::cli) mod fit;
pub(in crate::cli) mod validate;
