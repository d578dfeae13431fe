//! Rows for other programs, and the words that rows and tables share.

pub(super) mod codebook;
pub(super) mod conditions;
pub(super) mod ensemble;
pub(super) mod transition;
pub(super) mod trial;

pub(super) mod standing;
pub(super) mod words;

pub(super) mod csv;
pub(super) mod ledger;
