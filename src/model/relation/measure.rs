//! Standing measures: facts that go on and hold the equilibrium down or up until they end.

use crate::model::day::Day;
use serde::{Deserialize, Serialize};

/// Defines the kinds of measure: the name in files, one in words, and whether it stands both ways.
macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident $text:literal one: $one:literal both ways: $both_ways:literal;)*) => {
        /// What kind of fact goes on.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        pub enum MeasureKind {
            $(
                $(#[$doc])*
                #[serde(rename = $text)]
                $name,
            )*
        }

        impl MeasureKind {
            /// All kinds.
            pub const ALL: [Self; [$($text),*].len()] = [$(Self::$name),*];

            /// The name as it is written in files.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            /// One measure of the kind in words, with its article where it has one.
            #[must_use]
            pub const fn one(self) -> &'static str {
                match self {
                    $(Self::$name => $one,)*
                }
            }

            /// The kind alone, as a list.
            #[must_use]
            pub const fn alone(self) -> &'static [Self] {
                match self {
                    $(Self::$name => &[Self::$name],)*
                }
            }

            /// Whether it is one fact between two, whoever began it, not what one does to the
            /// other.
            #[must_use]
            pub const fn is_both_ways(self) -> bool {
                match self {
                    $(Self::$name => $both_ways,)*
                }
            }
        }
    };
}

kinds! {
    /// The source holds territory of the target.
    Occupation "occupation" one: "an occupation" both ways: false;
    /// The source restricts trade, finance or travel of the target.
    Sanctions "sanctions" one: "sanctions" both ways: false;
    /// The source taxes what it buys from the target, to press it.
    Tariffs "tariffs" one: "tariffs" both ways: false;
    /// The source hardly trades with the target at all.
    Embargo "embargo" one: "an embargo" both ways: false;
    /// The source closes sea, land or air to the target.
    Blockade "blockade" one: "a blockade" both ways: false;
    /// The two fight.
    War "war" one: "a war" both ways: true;
    /// The two have no diplomatic relations.
    RelationsBroken "relations_broken" one: "relations broken" both ways: true;
    /// The two are adversaries for years, whatever happens between them.
    Rivalry "rivalry" one: "a rivalry" both ways: true;
    /// The two have bound themselves to each other by treaty.
    Alliance "alliance" one: "an alliance" both ways: true;
    /// The two have ended a war by treaty.
    PeaceTreaty "peace_treaty" one: "a peace treaty" both ways: true;
    /// An agreement between the two is kept.
    AgreementInForce "agreement_in_force" one: "an agreement in force" both ways: true;
    /// A fact of the writer's own, with what it counts and a reason.
    Own "own" one: "an own" both ways: true;
}

/// How a measure stands between one source and one other actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MeasureStatus {
    /// In full force: stands at a strength of 1 or more.
    InForce,
    /// In force in part: stands at a strength below 1.
    Eased,
    /// Over; it may be put in force again.
    Lifted,
}

impl MeasureStatus {
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

/// The most strongly that a measure can stand.
pub const STRENGTH_LIMIT: f64 = 10.0;

/// A measure between one source and one other actor, as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// How strongly: 1 as it was meant when it was first imposed, 0 when it is over.
    pub strength: f64,
    /// How it stands.
    pub status: MeasureStatus,
    /// Since which day.
    pub since: Day,
}

/// What an event does to a measure. A strength is how strongly it stands from then on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Turn {
    /// Puts it in force, at 1 unless another strength is given.
    Begin(Option<f64>),
    /// Says that it stands in part, at the model's `eased_share` unless a strength is given.
    BeginInPart(Option<f64>),
    /// Adds the model's `widened_share` to what stands, or brings it to a strength.
    Widen(Option<f64>),
    /// Leaves the model's `eased_share` of what stands, or a strength.
    Ease(Option<f64>),
    /// Ends it.
    End,
}

/// The shares by which measures are eased and widened where no strength is given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Portions {
    /// What an easing leaves of what stands.
    pub eased: f64,
    /// What a widening adds.
    pub widened: f64,
}

impl Turn {
    /// The strength and the status of a measure after it; `None` is a measure that never was.
    #[must_use]
    pub fn after(self, is: Option<Standing>, portions: Portions) -> (f64, MeasureStatus) {
        let now = is.map_or(0.0, |standing| standing.strength);
        let strength = match self {
            Self::Begin(strength) => strength.unwrap_or(1.0),
            Self::BeginInPart(strength) => strength.unwrap_or(portions.eased),
            Self::Widen(strength) => strength.unwrap_or(now + portions.widened),
            Self::Ease(strength) => strength.unwrap_or(now * portions.eased),
            Self::End => 0.0,
        };
        let status = match self {
            Self::End => MeasureStatus::Lifted,
            // An easing eases, also by a share that leaves all.
            Self::Ease(None) if now <= 1.0 => MeasureStatus::Eased,
            _ if strength >= 1.0 => MeasureStatus::InForce,
            _ => MeasureStatus::Eased,
        };
        (strength, status)
    }

    /// Whether a measure may take this turn; `None` is a measure that never was.
    ///
    /// What stands can be eased to less, widened to more, or ended. What does not stand, or not as
    /// strongly, can be put in force.
    #[must_use]
    pub fn is_legal(self, is: Option<Standing>) -> bool {
        let stands = is.filter(|standing| standing.status != MeasureStatus::Lifted);
        let Some(Standing {
            strength: now,
            status,
            ..
        }) = stands
        else {
            return matches!(self, Self::Begin(_) | Self::BeginInPart(_));
        };
        match self {
            Self::Begin(None) => status == MeasureStatus::Eased,
            Self::Begin(Some(strength))
            | Self::BeginInPart(Some(strength))
            | Self::Widen(Some(strength)) => now < strength,
            Self::BeginInPart(None) => false,
            Self::Ease(Some(strength)) => strength < now,
            Self::Ease(None) | Self::Widen(None) | Self::End => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use MeasureStatus::{Eased, InForce, Lifted};

    const PORTIONS: Portions = Portions {
        eased: 0.5,
        widened: 0.25,
    };

    fn at(strength: f64) -> Standing {
        let status = if strength >= 1.0 {
            InForce
        } else if strength > 0.0 {
            Eased
        } else {
            Lifted
        };
        Standing {
            strength,
            status,
            since: Day::EPOCH,
        }
    }

    #[test]
    fn only_what_stands_can_be_eased_widened_or_lifted() {
        for is in [None, Some(at(0.0))] {
            for turn in [
                Turn::Ease(None),
                Turn::Ease(Some(0.1)),
                Turn::Widen(None),
                Turn::End,
            ] {
                assert!(!turn.is_legal(is), "{turn:?} {is:?}");
            }
            assert!(Turn::Begin(None).is_legal(is) && Turn::BeginInPart(None).is_legal(is));
        }
        for is in [Some(at(0.3)), Some(at(1.0)), Some(at(1.5))] {
            assert!(
                Turn::Ease(None).is_legal(is)
                    && Turn::Widen(None).is_legal(is)
                    && Turn::End.is_legal(is)
            );
        }
    }

    #[test]
    fn an_easing_leaves_less_and_a_widening_more_than_stands() {
        assert!(
            Turn::Ease(Some(0.4)).is_legal(Some(at(0.5)))
                && !Turn::Ease(Some(0.5)).is_legal(Some(at(0.5)))
        );
        assert!(
            Turn::Widen(Some(1.2)).is_legal(Some(at(1.0)))
                && !Turn::Widen(Some(1.0)).is_legal(Some(at(1.0)))
        );
    }

    #[test]
    fn a_measure_is_put_in_force_unless_it_stands_as_strongly() {
        for is in [None, Some(at(0.0)), Some(at(0.5))] {
            assert!(Turn::Begin(None).is_legal(is), "{is:?}");
        }
        assert!(
            !Turn::Begin(None).is_legal(Some(at(1.0)))
                && !Turn::Begin(Some(1.0)).is_legal(Some(at(1.25)))
        );
        assert!(
            Turn::Begin(Some(0.8)).is_legal(Some(at(0.5)))
                && !Turn::Begin(Some(0.4)).is_legal(Some(at(0.5)))
        );
    }

    #[test]
    fn a_turn_leaves_a_strength_and_a_status() {
        assert_eq!(Turn::Begin(None).after(None, PORTIONS), (1.0, InForce));
        assert_eq!(
            Turn::Ease(None).after(Some(at(1.0)), PORTIONS),
            (0.5, Eased)
        );
        assert_eq!(
            Turn::Ease(None).after(Some(at(3.0)), PORTIONS),
            (1.5, InForce)
        );
        assert_eq!(
            Turn::Widen(None).after(Some(at(1.0)), PORTIONS),
            (1.25, InForce)
        );
        assert_eq!(
            Turn::Ease(Some(0.2)).after(Some(at(0.5)), PORTIONS),
            (0.2, Eased)
        );
        assert_eq!(Turn::End.after(Some(at(1.0)), PORTIONS), (0.0, Lifted));
        let all = Portions {
            eased: 1.0,
            ..PORTIONS
        };
        assert_eq!(Turn::Ease(None).after(Some(at(1.0)), all), (1.0, Eased));
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
