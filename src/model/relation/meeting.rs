//! Meetings: from a proposal to the day they are held, or to the day they fall through.

use crate::model::day::Day;
use serde::{Deserialize, Serialize};

/// How far a meeting has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MeetingStatus {
    /// One side proposed it.
    Proposed,
    /// Both work on it; no day is fixed.
    Planned,
    /// A day is fixed.
    Scheduled,
    /// It took place; final.
    Held,
    /// Put off; it may be proposed, planned, scheduled or held again.
    Postponed,
    /// Called off; it may be proposed, planned or scheduled again.
    Cancelled,
}

impl MeetingStatus {
    /// Whether a meeting may go from one status to another; `None` is a meeting that nobody
    /// announced.
    ///
    /// `proposed -> planned -> scheduled -> held`, forward only; a record may leave steps out. Any
    /// meeting that was announced and not held may be postponed or cancelled, and a cancelled one
    /// announced again.
    #[must_use]
    pub const fn may_become(from: Option<Self>, to: Self) -> bool {
        match (from, to) {
            (
                None | Some(Self::Postponed),
                Self::Proposed | Self::Planned | Self::Scheduled | Self::Held,
            )
            | (Some(Self::Cancelled), Self::Proposed | Self::Planned | Self::Scheduled)
            | (Some(Self::Proposed), Self::Planned | Self::Scheduled | Self::Held)
            | (Some(Self::Planned), Self::Scheduled | Self::Held)
            | (Some(Self::Scheduled), Self::Held) => true,
            (Some(from), Self::Postponed | Self::Cancelled) => {
                !matches!(from, Self::Held | Self::Cancelled)
            }
            _ => false,
        }
    }

    /// Whether it stands announced, still to be held.
    #[must_use]
    pub const fn is_announced(self) -> bool {
        matches!(self, Self::Proposed | Self::Planned | Self::Scheduled)
    }

    /// The name as it is written in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Planned => "planned",
            Self::Scheduled => "scheduled",
            Self::Held => "held",
            Self::Postponed => "postponed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// One meeting, as it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// How far it has come; `None` before anyone announced it.
    pub status: Option<MeetingStatus>,
    /// The day fixed for it, if any.
    pub scheduled_for: Option<Day>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use MeetingStatus::{Cancelled, Held, Planned, Postponed, Proposed, Scheduled};

    #[test]
    fn a_meeting_moves_forward_only() {
        let forward = [Proposed, Planned, Scheduled, Held];
        for (i, from) in forward.into_iter().enumerate() {
            for (j, to) in forward.into_iter().enumerate() {
                assert_eq!(
                    MeetingStatus::may_become(Some(from), to),
                    i < j,
                    "{from:?} to {to:?}"
                );
            }
        }
    }

    #[test]
    fn only_an_announced_meeting_that_was_not_held_falls_through() {
        for from in [Proposed, Planned, Scheduled, Postponed] {
            assert!(MeetingStatus::may_become(Some(from), Postponed));
            assert!(MeetingStatus::may_become(Some(from), Cancelled));
        }
        for from in [None, Some(Held), Some(Cancelled)] {
            assert!(!MeetingStatus::may_become(from, Postponed));
            assert!(!MeetingStatus::may_become(from, Cancelled));
        }
    }

    #[test]
    fn what_is_held_stays_so_and_what_is_cancelled_may_be_announced_again() {
        for to in [Proposed, Planned, Scheduled, Held, Postponed, Cancelled] {
            assert!(!MeetingStatus::may_become(Some(Held), to));
            let again = to.is_announced();
            assert_eq!(
                MeetingStatus::may_become(Some(Cancelled), to),
                again,
                "{to:?}"
            );
        }
    }

    #[test]
    fn names_are_those_of_the_files() {
        for status in [Proposed, Planned, Scheduled, Held, Postponed, Cancelled] {
            assert_eq!(serde_json::to_value(status).unwrap(), status.name());
        }
    }
}
