//! The table of parameters: one row each, from which the model, its settings, the schema, the names
//! of `--set`, sweeps and documentation come.

use crate::model::relation::temperature::BOUND_DEGREES;

/// Hands the rows to a macro: name with its unit last; least and greatest legal value, infinity
/// where the word `none` is legal too; the value in the default preset; what it does; where that
/// value comes from, or the word "assumption".
macro_rules! with_parameters {
    ($then:ident) => {
        $then! {
            half_life_words_days: 0.01, f64::INFINITY, 60.0,
                "Days after which half of what was said has faded: the CAMEO roots 01 to 04 and 09 to 13; none: it never fades",
                "assumption: a call or a threat is forgotten in a season; 30 in goldstein-decay, which foretells changes of the next 30 days best on 120,000 coded events of 2011 to 2015 in 150 dyads";
            half_life_deeds_days: 0.01, f64::INFINITY, 365.0,
                "Days after which half of what was done has faded: the CAMEO roots 05 to 08 and 14 to 20; none: it never fades",
                "the upper end of the 180 to 365 days that foretell the level of the next 30 days best on 120,000 coded events of 2011 to 2015 in 150 dyads: expulsions and accords are remembered for years, a quarter is left after two";
            standing_half_life_days: 0.01, f64::INFINITY, 60.0,
                "Days after which half of a standing fact is felt, and half of one that has ended is forgotten; none: never",
                "assumption: a new fact is felt within a season, as words are; the claims do not tell 30 from 120";
            gain: 0.0, 1.0, 0.15,
                "Degrees of impact for each degree of Goldstein weight",
                "assumption: a treaty (8) moves a pair that stands at 0 by 1.2 degrees, an attack (10) by 1.5; 1 by definition of a sum of weights";
            spillover: 0.0, 1.0, 0.5,
                "Share of an event's impact that reaches the dyads of its source with the audience, and, the other way, with those it is adverse to",
                "assumption";
            baseline_degrees: -BOUND_DEGREES, BOUND_DEGREES, 0.0,
                "Balance at which a dyad starts and to which it returns while no measure stands",
                "assumption: neutral";
            standing_power: 0.0, 1.0, 0.7,
                "Power of the number of measures of one kind by which they count: several count less and less",
                "assumption: two measures of a kind weigh as 1.6, four as 2.6, so that how finely one counts does not decide; 1 counts each in full";
            standing_rivalry_degrees: -BOUND_DEGREES, BOUND_DEGREES, -3.0,
                "What a rivalry adds to the equilibrium",
                "assumption: rivals between whom nothing happens read -2.9, discord near tension";
            standing_alliance_degrees: -BOUND_DEGREES, BOUND_DEGREES, 6.0,
                "What an alliance in force adds to the equilibrium",
                "assumption: allies between whom nothing happens read 5.1, good; as much as war, the other way";
            standing_war_degrees: -BOUND_DEGREES, BOUND_DEGREES, -6.0,
                "What a war adds to the equilibrium while it is fought",
                "assumption: with a rivalry -9, read as -6.7, beside the fighting itself";
            standing_occupation_degrees: -BOUND_DEGREES, BOUND_DEGREES, -3.5,
                "What an occupation adds to the equilibrium of occupier and occupied",
                "assumption: rivals of whom one holds the other's land read -5.4";
            standing_occupation_audience_degrees: -BOUND_DEGREES, BOUND_DEGREES, -1.0,
                "What an occupation adds to the equilibrium of the occupier and an actor of the audience",
                "assumption";
            standing_sanctions_degrees: -BOUND_DEGREES, BOUND_DEGREES, -1.5,
                "What sanctions in force add to the equilibrium",
                "assumption: half a rivalry, since rivals do it and friends sometimes do";
            standing_tariffs_degrees: -BOUND_DEGREES, BOUND_DEGREES, -0.5,
                "What tariffs in force add to the equilibrium",
                "assumption: a third of sanctions, since trade goes on";
            standing_embargo_degrees: -BOUND_DEGREES, BOUND_DEGREES, -2.5,
                "What an embargo adds to the equilibrium",
                "assumption: all trade forbidden, nearly twice sanctions, less than a rivalry";
            standing_blockade_degrees: -BOUND_DEGREES, BOUND_DEGREES, -4.0,
                "What a blockade adds to the equilibrium",
                "assumption: between an embargo and war";
            standing_relations_broken_degrees: -BOUND_DEGREES, BOUND_DEGREES, -1.5,
                "What broken diplomatic relations add to the equilibrium",
                "assumption: as sanctions";
            standing_peace_treaty_degrees: -BOUND_DEGREES, BOUND_DEGREES, 3.0,
                "What a peace treaty in force adds to the equilibrium",
                "assumption: what a rivalry takes, a peace gives back";
            standing_agreement_in_force_degrees: -BOUND_DEGREES, BOUND_DEGREES, 1.0,
                "What an agreement in force adds to the equilibrium",
                "assumption: a third of a peace";
            eased_share: 0.0, 1.0, 0.5,
                "Share of what stands that an easing leaves where it gives no strength",
                "assumption: half is left where nobody says how much";
            widened_share: 0.0, 1.0, 0.25,
                "What a widening adds to the strength of a measure where it gives none",
                "assumption: a further round adds names or goods, the first was the break; four rounds weigh as one measure more";
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

/// The same without standing measures: all that one adds is nothing.
pub(super) const fn without_measures() -> Numbers {
    let mut numbers = defaults();
    let mut place = 0;
    while place < PARAMETERS.len() {
        if PARAMETERS[place].is_of_a_measure() {
            numbers[place] = 0.0;
        }
        place += 1;
    }
    numbers
}

impl Parameter {
    /// Whether it is what a standing measure adds, by its name.
    const fn is_of_a_measure(&self) -> bool {
        let name = self.name.as_bytes();
        let begins = matches!(name.first_chunk(), Some(b"standing_"));
        begins && matches!(name.last_chunk(), Some(b"_degrees"))
    }
}
