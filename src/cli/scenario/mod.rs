//! Commands on scenarios: new, check, run, compare, ensemble, merge, sweep, score, test.

pub(super) mod check;
pub(super) mod claims;
pub(super) mod compare;
pub(super) mod ensemble;
pub(super) mod new;
pub(super) mod run;
pub(super) mod score;
pub(super) mod sweep;

pub(super) mod merge;
pub(super) mod test;
