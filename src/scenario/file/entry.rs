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
    /// The scenarios of the lineage behind whose fork it lies, a bit each.
    pub(in crate::scenario) forks: u64,
    /// What nearly none has that a log brings.
    ties: Option<Box<Ties>>,
}

/// Where an event comes from that does not stand so in a log, and what it hangs on.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::scenario) struct Ties {
    /// The option of a chance node that it belongs to.
    pub(in crate::scenario) option: Option<OptionOf>,
    /// The event that its time hangs on.
    pub(in crate::scenario) after: Option<String>,
    /// The scenario of the lineage that made or changed it.
    pub(in crate::scenario) maker: Option<usize>,
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
            forks: 0,
            ties: None,
        }
    }

    /// An event that a scenario makes.
    pub(in crate::scenario) fn made(record: Record, fate: Fate, forks: u64, ties: Ties) -> Self {
        Self {
            record,
            fate,
            forks,
            ties: Some(Box::new(ties)),
        }
    }

    /// The option of a chance node that it belongs to: it happens only if that comes to pass.
    #[must_use]
    pub fn option(&self) -> Option<OptionOf> {
        self.ties.as_ref()?.option
    }

    /// The event that its time hangs on: it happens only if that does.
    #[must_use]
    pub fn after(&self) -> Option<&str> {
        self.ties.as_ref()?.after.as_deref()
    }

    /// The scenario of the lineage that made or changed it; `None` for an event as it stands in the
    /// log.
    pub(in crate::scenario) fn maker(&self) -> Option<usize> {
        self.ties.as_ref()?.maker
    }

    /// A scenario of the lineage changes it.
    pub(in crate::scenario) fn made_by(&mut self, maker: usize) {
        self.ties.get_or_insert_default().maker = Some(maker);
    }

    /// Keeps the option that it belongs to only as that is called now.
    pub(in crate::scenario) fn keep_option(
        &mut self,
        kept: impl FnOnce(OptionOf) -> Option<OptionOf>,
    ) {
        if let Some(ties) = &mut self.ties {
            ties.option = ties.option.and_then(kept);
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
