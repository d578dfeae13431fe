//! The agenda of a dyad: what is on the table, how far it has come, and who says so.

use crate::model::day::Day;
use crate::model::names::ActorIx;
use serde::{Deserialize, Serialize};

/// How far an agenda item has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ItemStatus {
    /// One side or both brought it up.
    Raised,
    /// Both want it, on the word of whoever says so.
    Agreed,
    /// Work on it goes on.
    InProgress,
    /// Done; it may be raised again.
    Settled,
    /// Still open, but nothing moves; it may be raised again.
    Stalled,
    /// Given up; it may be raised again.
    Dropped,
}

impl ItemStatus {
    /// Whether an item may go from one status to another; `None` is an item that nobody raised yet.
    ///
    /// `raised -> agreed -> in_progress -> settled`, forward only. A record may leave steps out,
    /// but what nobody raised cannot be settled, stalled or dropped. Any open item may stall or be
    /// dropped, and a stalled one may be raised again or go on. What is settled or dropped may only
    /// be raised again.
    #[must_use]
    pub const fn may_become(from: Option<Self>, to: Self) -> bool {
        match (from, to) {
            (None, Self::Raised | Self::Agreed | Self::InProgress)
            | (Some(Self::Raised), Self::Agreed | Self::InProgress | Self::Settled)
            | (Some(Self::Agreed), Self::InProgress | Self::Settled)
            | (Some(Self::InProgress), Self::Settled)
            | (Some(Self::Settled | Self::Dropped), Self::Raised)
            | (
                Some(Self::Stalled),
                Self::Raised | Self::Agreed | Self::InProgress | Self::Settled,
            ) => true,
            (Some(from), Self::Stalled) => from.is_open() && !matches!(from, Self::Stalled),
            (Some(from), Self::Dropped) => from.is_open(),
            _ => false,
        }
    }

    /// Whether the item can still move.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Settled | Self::Dropped)
    }

    /// The name as it is written in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Agreed => "agreed",
            Self::InProgress => "in_progress",
            Self::Settled => "settled",
            Self::Stalled => "stalled",
            Self::Dropped => "dropped",
        }
    }
}

/// How much an item matters to those who raised it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Can wait.
    Low,
    /// One matter among others.
    Normal,
    /// Pressing.
    High,
    /// Before all others.
    Top,
}

impl Priority {
    /// The name as it is written in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
            Self::Top => "top",
        }
    }
}

/// What a side's last readout says of an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// Nothing; also where there was no readout yet.
    #[default]
    Silent,
    /// It mentions the item.
    Mentioned,
    /// It leaves the item out, and the event says so by name.
    Omitted,
}

impl Coverage {
    /// The name as it is written in output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::Mentioned => "mentioned",
            Self::Omitted => "omitted",
        }
    }
}

/// One agenda item of one dyad, as it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// How far it has come; `None` while it is known only from what readouts mention or leave out.
    pub status: Option<ItemStatus>,
    /// The last priority given to it.
    pub priority: Option<Priority>,
    /// Which sides raised it, in the order of the dyad.
    pub raised_by: [bool; 2],
    /// On whose word its status stands; `None` when both stand by it.
    pub according_to: Option<ActorIx>,
    /// The day on which it first came up.
    pub since: Option<Day>,
    /// What the last readout of each side that names it says of it, in the order of the dyad, and
    /// which of that side's readouts that is, counted from 1.
    pub named: [(Coverage, u32); 2],
}

impl Topic {
    /// What each side's last readout says of it, of which it has given so many.
    #[must_use]
    pub fn coverage(&self, readouts: [u32; 2]) -> [Coverage; 2] {
        std::array::from_fn(|side| {
            let (coverage, number) = self.named[side];
            if number == readouts[side] {
                coverage
            } else {
                Coverage::Silent
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ItemStatus::{Agreed, Dropped, InProgress, Raised, Settled, Stalled};

    #[test]
    fn what_a_readout_does_with_an_item_has_a_name_each() {
        let all = [Coverage::Silent, Coverage::Mentioned, Coverage::Omitted];
        assert_eq!(all.map(Coverage::name), ["silent", "mentioned", "omitted"]);
    }

    #[test]
    fn an_item_moves_forward_only() {
        let forward = [Raised, Agreed, InProgress, Settled];
        for (i, from) in forward.into_iter().enumerate() {
            for (j, to) in forward.into_iter().enumerate() {
                assert_eq!(
                    ItemStatus::may_become(Some(from), to),
                    i < j || (from == Settled && to == Raised),
                    "{from:?} to {to:?}"
                );
            }
        }
    }

    #[test]
    fn what_nobody_raised_cannot_be_settled_stalled_or_dropped() {
        for to in [Settled, Stalled, Dropped] {
            assert!(!ItemStatus::may_become(None, to));
        }
    }

    #[test]
    fn a_stalled_item_may_go_on_and_a_closed_one_only_be_raised_again() {
        assert!(ItemStatus::may_become(Some(Stalled), Raised));
        assert!(!ItemStatus::may_become(Some(Stalled), Stalled));
        assert!(ItemStatus::may_become(Some(Stalled), Dropped));
        for closed in [Settled, Dropped] {
            for to in [Raised, Agreed, InProgress, Settled, Stalled, Dropped] {
                assert_eq!(ItemStatus::may_become(Some(closed), to), to == Raised);
            }
        }
    }

    #[test]
    fn names_are_those_of_the_files() {
        for status in [Raised, Agreed, InProgress, Settled, Stalled, Dropped] {
            assert_eq!(serde_json::to_value(status).unwrap(), status.name());
        }
        for priority in [
            Priority::Low,
            Priority::Normal,
            Priority::High,
            Priority::Top,
        ] {
            assert_eq!(serde_json::to_value(priority).unwrap(), priority.name());
        }
    }
}
