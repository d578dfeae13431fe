//! Commands on event data: import, index, fit and validate.

pub(super) mod names;

pub(super) mod event_data;

pub(super) mod manifest;
mod readout;

mod deposit;

pub(super) mod cite;
pub(super) mod import;
pub(super) mod parts;

pub(super) mod index;
mod series;
mod trial;

pub(super) mod fit;
pub(super) mod validate;
