//! An event of a scenario, and what the scenario makes of it.

use crate::history::Record;
use crate::model::Day;

/// An event of a base or a branch.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The event.
    pub record: Record,
    /// What the scenario makes of it.
    pub fate: Fate,
}

/// What a scenario makes of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It lies before the fork.
    Shared,
    /// It lies after the fork and happens as in the base.
    Kept,
    /// It does not happen, for a reason if it was not dropped itself.
    Dropped(Option<String>),
    /// It happens on another day than in the base.
    Shifted(Day),
    /// Another event happens in its place.
    Replaced,
    /// It is not in the base.
    Inserted,
}

impl Fate {
    /// Whether the event happens.
    #[must_use]
    pub const fn happens(&self) -> bool {
        !matches!(self, Self::Dropped(_))
    }

    /// Whether the event is as in the base.
    #[must_use]
    pub const fn is_of_base(&self) -> bool {
        matches!(self, Self::Shared | Self::Kept | Self::Dropped(_))
    }
}
