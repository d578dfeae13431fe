//! Presets: named sets of parameters to start from, one value each.

use super::table::{Numbers, Place, defaults};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Defines the presets, each by its name in code, its name in files, whether it saturates, and the
/// parameters that are not those of the default preset.
macro_rules! presets {
    ($($(#[$attribute:meta])* $name:ident $text:literal saturation: $saturation:literal { $($parameter:ident: $value:expr,)* })*) => {
        /// A named set of parameters to start from.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
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

            /// Whether it saturates, so that temperatures are bounded.
            pub(super) const fn saturation(self) -> bool {
                match self {
                    $(Self::$name => $saturation,)*
                }
            }

            /// Its parameters that are numbers.
            pub(super) const fn numbers(self) -> Numbers {
                let mut numbers = defaults();
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
    /// Impulses fade, standing facts do not; bounded by saturation.
    #[default]
    Detente "detente" saturation: true {}

    /// The sum of decaying Goldstein weights that is usual in work with coded event data; unbounded, without standing measures or phases.
    GoldsteinDecay "goldstein-decay" saturation: false {
        half_life_days: 30.0,
        gain: 1.0,
        spillover: 0.0,
        standing_occupation_degrees: 0.0,
        standing_occupation_audience_degrees: 0.0,
        standing_sanctions_degrees: 0.0,
        standing_alliance_degrees: 0.0,
    }

    /// Impulses never fade: a saturating stock, as known from scoring relations between great powers; without standing measures.
    Stock "stock" saturation: true {
        half_life_days: f64::INFINITY,
        spillover: 0.0,
        standing_occupation_degrees: 0.0,
        standing_occupation_audience_degrees: 0.0,
        standing_sanctions_degrees: 0.0,
        standing_alliance_degrees: 0.0,
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.name())
    }
}
