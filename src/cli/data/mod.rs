//! Commands on event data: import and index.

pub(super) mod names;

pub(super) mod event_data;

pub(super) mod manifest;

pub(super) mod import;
pub(super) mod index;
