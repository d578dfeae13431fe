//! What can be wrong with scenarios, with their chance, and with many runs of them.

pub(super) mod chance;
pub(super) mod ensemble;
pub(super) mod meaning;
pub(super) mod scenario;
