//! The histories that ship with the crate, each a log under a name.

/// A history that ships with the crate.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Shipped {
    /// What it is called wherever a log is asked for.
    pub name: &'static str,
    /// What it is called at the beginning of a line.
    pub title: &'static str,
    /// The bytes of its log.
    pub log: &'static [u8],
}

/// The log of the recorded history, from the annexation of Crimea to the call of 28 January 2017: the
/// bytes of `scenarios/recorded-history.jsonl`.
pub const RECORDED: &[u8] = include_bytes!("../../scenarios/recorded-history.jsonl");

/// The histories that ship, the recorded one first.
pub const LIBRARY: &[Shipped] = &[Shipped {
    name: "recorded",
    title: "The recorded history",
    log: RECORDED,
}];

/// The history of a name.
#[must_use]
pub fn shipped(name: &str) -> Option<&'static Shipped> {
    LIBRARY.iter().find(|shipped| shipped.name == name)
}
