//! The index: what it reads, its parts, and what it prints.

mod readout;

pub(in crate::cli) mod parts;

pub(in crate::cli) mod index;
