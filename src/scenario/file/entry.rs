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
    /// The option of a chance node that it belongs to: it happens only if that comes to pass.
    pub option: Option<OptionOf>,
    /// The event that its time hangs on: it happens only if that does.
    pub after: Option<String>,
    /// The scenario of the lineage that made or changed it; `None` for an event as it stands in the
    /// log.
    pub(in crate::scenario) maker: Option<usize>,
    /// The scenarios of the lineage behind whose fork it lies, a bit each.
    pub(in crate::scenario) forks: u64,
}

/// An option of a chance node, by their places in the scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OptionOf {
    /// The chance node.
    pub chance: usize,
    /// The option.
    pub option: usize,
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

impl Entry {
    /// An event of a log.
    pub(super) const fn of_log(record: Record) -> Self {
        Self {
            record,
            fate: Fate::Shared,
            option: None,
            after: None,
            maker: None,
            forks: 0,
        }
    }
}

impl Fate {
    /// Whether the event may happen.
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
