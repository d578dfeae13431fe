//! Tables and texts for people at a terminal.

pub(super) mod cite;
pub(super) mod ledger_parts;
pub(super) mod table;

pub(super) mod chance;
pub(super) mod crate_metadata;
pub(super) mod ledger;
pub(super) mod listing;
pub(super) mod trial;
pub(super) mod what_if;
