//! The table of parameters: one row each, from which the model, its settings, the schema, the names of
//! `--set`, sweeps and documentation come.

use crate::model::relation::temperature::BOUND_DEGREES;

/// Hands the rows to a macro: name with its unit last; least and greatest legal value, infinity where
/// the word `none` is legal too; the value in the default preset; what it does; where that value comes
/// from, or the word "assumption".
macro_rules! with_parameters {
    ($then:ident) => {
        $then! {
            half_life_days: 0.01, f64::INFINITY, 180.0,
                "Days after which half of an impulse has faded; none: impulses never fade",
                "180 and 30: measured on 120,000 coded events of 2011 to 2015 in 150 dyads (180 to 365 foretell the level of the next 30 days best, 30 its changes); none: by definition of a stock";
            gain: 0.0, 1.0, 0.3,
                "Degrees of impact for each degree of Goldstein weight",
                "assumption; 1 in goldstein-decay by its definition";
            spillover: 0.0, 1.0, 0.5,
                "Share of an event's impact that reaches the dyads of its source with the audience",
                "assumption";
            baseline_degrees: -BOUND_DEGREES, BOUND_DEGREES, 0.0,
                "Temperature at which a dyad starts and to which it returns while no measure stands",
                "assumption: neutral";
            standing_occupation_degrees: -BOUND_DEGREES, BOUND_DEGREES, -7.0,
                "What an occupation in force adds to the equilibrium of occupier and occupied",
                "assumption";
            standing_occupation_audience_degrees: -BOUND_DEGREES, BOUND_DEGREES, -2.0,
                "What an occupation in force adds to the equilibrium of the occupier and an actor of the audience",
                "assumption";
            standing_sanctions_degrees: -BOUND_DEGREES, BOUND_DEGREES, -3.0,
                "What sanctions in force add to the equilibrium",
                "assumption";
            standing_alliance_degrees: -BOUND_DEGREES, BOUND_DEGREES, 3.0,
                "What an alliance in force adds to the equilibrium",
                "assumption: as much as sanctions take";
            eased_share: 0.0, 1.0, 0.5,
                "Share by which an eased measure still counts",
                "assumption: half";
            hysteresis_degrees: 0.0, 1.0, 0.25,
                "How far beyond a border the temperature must be before the phase changes",
                "assumption";
        }
    };
}

pub(super) use with_parameters;

/// A parameter that is a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// Its name, unit last.
    pub name: &'static str,
    /// What it does.
    pub meaning: &'static str,
    /// Where its default comes from, or the word "assumption".
    pub source: &'static str,
    /// The least legal value.
    pub least: f64,
    /// The greatest legal value; infinity where the word `none` is legal too.
    pub greatest: f64,
    /// The value in the default preset.
    pub default: f64,
}

/// The values of all parameters that are numbers.
pub(super) type Numbers = [f64; PARAMETERS.len()];

macro_rules! parameters {
    ($($name:ident: $least:expr, $greatest:expr, $default:expr, $meaning:literal, $source:literal;)*) => {
        /// Every parameter that is a number.
        pub const PARAMETERS: [Parameter; [$($meaning),*].len()] = [$(Parameter {
            name: stringify!($name),
            meaning: $meaning,
            source: $source,
            least: $least,
            greatest: $greatest,
            default: $default,
        }),*];

        /// Where each parameter stands.
        #[expect(non_camel_case_types, reason = "named as the parameters are")]
        #[derive(Clone, Copy)]
        pub(super) enum Place { $($name),* }

        /// The values in the default preset.
        pub(super) const fn defaults() -> Numbers {
            [$($default),*]
        }
    };
}

with_parameters!(parameters);
