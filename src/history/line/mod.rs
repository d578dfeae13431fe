//! A line of a log: the record on it, its form, its chain, and how it is read and written.

mod lanes;
pub(super) mod packed;

pub(super) mod chain;

pub(super) mod draft;

pub(super) mod quick;

pub(super) mod record;

pub(super) mod form;

pub(super) mod explain;

pub(super) mod codec;

pub(super) mod packing;

pub(super) mod written;
