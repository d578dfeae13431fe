//! The recorded history that ships with the crate.

/// The log of the recorded history, from the annexation of Crimea to the call of 28 January 2017: the
/// bytes of `scenarios/recorded-history.jsonl`.
pub const RECORDED: &[u8] = include_bytes!("../../scenarios/recorded-history.jsonl");
