//! Standing measures: facts that go on and hold the equilibrium down or up until they end.

use crate::model::day::Day;
use serde::{Deserialize, Serialize};

/// What kind of fact goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MeasureKind {
    /// The source holds territory of the target.
    Occupation,
    /// The source restricts trade, finance or travel of the target.
    Sanctions,
    /// The source has bound itself to the target by treaty.
    Alliance,
}

impl MeasureKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Occupation, Self::Sanctions, Self::Alliance];

    /// The name as it is written in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Occupation => "occupation",
            Self::Sanctions => "sanctions",
            Self::Alliance => "alliance",
        }
    }
}

/// How a measure stands between one source and one other actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MeasureStatus {
    /// In full force.
    InForce,
    /// In force in part: counts by the model's `eased_share`.
    Eased,
    /// Over; it may be put in force again.
    Lifted,
}

impl MeasureStatus {
    /// Whether a measure may go from one status to another; `None` is a measure that never was.
    #[must_use]
    pub const fn may_become(from: Option<Self>, to: Self) -> bool {
        matches!(
            (from, to),
            (None | Some(Self::Eased | Self::Lifted), Self::InForce)
                | (Some(Self::InForce), Self::Eased)
                | (Some(Self::InForce | Self::Eased), Self::Lifted)
        )
    }

    /// The name as it is written in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InForce => "in_force",
            Self::Eased => "eased",
            Self::Lifted => "lifted",
        }
    }
}

/// A measure between one source and one other actor, as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// How it stands.
    pub status: MeasureStatus,
    /// Since which day.
    pub since: Day,
}

#[cfg(test)]
mod tests {
    use super::*;
    use MeasureStatus::{Eased, InForce, Lifted};

    #[test]
    fn only_what_stands_can_be_eased_or_lifted() {
        assert!(MeasureStatus::may_become(Some(InForce), Eased));
        assert!(MeasureStatus::may_become(Some(InForce), Lifted));
        assert!(MeasureStatus::may_become(Some(Eased), Lifted));
        for from in [None, Some(Eased), Some(Lifted)] {
            assert!(!MeasureStatus::may_become(from, Eased));
        }
        for from in [None, Some(Lifted)] {
            assert!(!MeasureStatus::may_become(from, Lifted));
        }
    }

    #[test]
    fn a_measure_is_put_in_force_unless_it_already_is() {
        for from in [None, Some(Eased), Some(Lifted)] {
            assert!(MeasureStatus::may_become(from, InForce));
        }
        assert!(!MeasureStatus::may_become(Some(InForce), InForce));
    }

    #[test]
    fn names_are_those_of_the_files() {
        for kind in MeasureKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        for status in [InForce, Eased, Lifted] {
            assert_eq!(serde_json::to_value(status).unwrap(), status.name());
        }
    }
}
