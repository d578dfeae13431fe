//! Tables and texts for people at a terminal.

pub(super) mod cite;
pub(super) mod ledger_parts;
pub(super) mod table;

pub(super) mod branch;
pub(super) mod comparison;
pub(super) mod crate_metadata;
pub(super) mod ensemble;
pub(super) mod ledger;
pub(super) mod listing;
pub(super) mod robustness;
pub(super) mod score;
pub(super) mod strand;
pub(super) mod sweep;
pub(super) mod trial;

pub(super) mod exact;

pub(super) mod tidy;
