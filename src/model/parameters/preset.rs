//! Presets: named sets of parameters to start from, one value each.

use super::table::{Numbers, Place, defaults, without_measures};
use crate::model::relation::temperature::Reading;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Defines the presets, each by its name in code, its name in files, how it reads a balance, what
/// its parameters are made from, and those that are other than there.
macro_rules! presets {
    ($($(#[$attribute:meta])* $name:ident $text:literal reading: $reading:ident from: $from:ident { $($parameter:ident: $value:expr,)* })*) => {
        /// A named set of parameters to start from.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        pub enum Preset {
            $(
                $(#[$attribute])*
                #[serde(rename = $text)]
                $name,
            )*
        }

        impl Preset {
            /// All presets.
            pub const ALL: [Self; [$($text),*].len()] = [$(Self::$name),*];

            /// The name as it is written in files and on the command line.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            /// How it reads a balance.
            pub(super) const fn reading(self) -> Reading {
                match self {
                    $(Self::$name => Reading::$reading,)*
                }
            }

            /// Its parameters that are numbers.
            pub(super) const fn numbers(self) -> Numbers {
                let mut numbers = match self {
                    $(Self::$name => $from(),)*
                };
                match self {
                    $(Self::$name => {
                        $(numbers[Place::$parameter as usize] = $value;)*
                    })*
                }
                numbers
            }
        }
    };
}

presets! {
    /// What happened adds up and fades by what it was, what stands holds, and the temperature is a
    /// bounded reading of the sum.
    #[default]
    Detente "detente" reading: Bounded from: defaults {}

    /// The sum of decaying Goldstein weights that is usual in work with coded event data;
    /// unbounded, without standing measures or phases.
    GoldsteinDecay "goldstein-decay" reading: Plain from: without_measures {
        half_life_words_days: 30.0,
        half_life_deeds_days: 30.0,
        gain: 1.0,
        spillover: 0.0,
    }

    /// The same sum with the half-life that foretells the level of the next month best.
    GoldsteinDecay180 "goldstein-decay-180" reading: Plain from: without_measures {
        half_life_words_days: 180.0,
        half_life_deeds_days: 180.0,
        gain: 1.0,
        spillover: 0.0,
    }

    /// Impulses never fade: a stock that saturates step by step, as known from scoring relations
    /// between great powers; without standing measures.
    Stock "stock" reading: Stepwise from: without_measures {
        half_life_words_days: f64::INFINITY,
        half_life_deeds_days: f64::INFINITY,
        gain: 0.3,
        spillover: 0.0,
    }

    /// The first model of this program: one half-life, an event that moves the less the closer its
    /// bound is, and three kinds of measure that count in full.
    Stepwise "stepwise" reading: Stepwise from: without_measures {
        half_life_words_days: 180.0,
        half_life_deeds_days: 180.0,
        standing_half_life_days: 180.0,
        gain: 0.3,
        standing_power: 1.0,
        standing_alliance_degrees: 3.0,
        standing_occupation_degrees: -7.0,
        standing_occupation_audience_degrees: -2.0,
        standing_sanctions_degrees: -3.0,
        standing_tariffs_degrees: -3.0,
        standing_embargo_degrees: -3.0,
        standing_blockade_degrees: -3.0,
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.name())
    }
}
