//! The model's parameters: each a name, a unit, a legal range, and where its number comes from.

use super::preset::Preset;
use super::table::{Numbers, PARAMETERS, Parameter, Place, with_parameters};
use crate::model::actor::Dyad;
use crate::model::cameo::Weights;
use crate::model::names::nearest;
use crate::model::relation::balance::HalfLives;
use crate::model::relation::measure::{MeasureKind, Portions};
use crate::model::relation::phase::{Phase, Zones};
use crate::model::relation::temperature::{BOUND_DEGREES, Reading};
use crate::text::with_hyphen;
use std::collections::BTreeMap;
use std::fmt;

/// A complete, legal set of parameters. Its fields can be read, and changed through [`Model::set`].
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    preset: Preset,
    saturation: bool,
    weights: Weights,
    numbers: Numbers,
    baselines: BTreeMap<Dyad, f64>,
    derived: Reckoning,
}

/// What follows from the parameters and is asked for at each step: all that waiting and reading
/// need.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reckoning {
    /// How a balance is read.
    pub(in crate::model) reading: Reading,
    /// By which half-lives it fades.
    pub(in crate::model) half_lives: HalfLives,
    /// How far beyond a border a phase ends.
    pub(in crate::model) hysteresis_degrees: f64,
    /// Where a phase surely holds.
    pub(in crate::model) zones: Zones,
}

/// Where a parameter that is a number stands in a model, once its name is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// At this place of [`PARAMETERS`].
    Number(usize),
    /// Both half-lives of impulses at once.
    HalfLives,
    /// A dyad's own baseline.
    Baseline(Dyad),
}

impl Slot {
    /// Whether it says where dyads start.
    #[must_use]
    pub fn is_baseline(self) -> bool {
        match self {
            Self::Number(place) => PARAMETERS[place].name == "baseline_degrees",
            Self::HalfLives => false,
            Self::Baseline(_) => true,
        }
    }
}

/// Reads each parameter by its name.
macro_rules! getters {
    ($($name:ident: $least:expr, $greatest:expr, $default:expr, $meaning:literal, $source:literal;)*) => {
        impl Model {
            $(
                #[doc = $meaning]
                #[doc = ""]
                #[doc = concat!("Source: ", $source, ".")]
                #[must_use]
                pub const fn $name(&self) -> f64 {
                    self.numbers[Place::$name as usize]
                }
            )*
        }
    };
}

with_parameters!(getters);

/// The longest half-life that fades at all, in days. Beyond it a day's fading is lost in rounding.
const LONGEST_HALF_LIFE_DAYS: f64 = 1e6;

/// A setting that no model can have.
#[derive(Clone, Debug, PartialEq)]
pub enum BadSetting {
    /// There is no parameter of that name.
    UnknownName {
        /// The name.
        found: String,
        /// The parameter that may have been meant.
        near: Option<&'static str>,
    },
    /// The value is of the wrong kind.
    WrongKind {
        /// The parameter.
        name: String,
        /// What was given.
        found: String,
        /// What it takes.
        expected: &'static str,
    },
    /// The number lies outside the legal range.
    OutOfRange {
        /// The parameter.
        name: String,
        /// What was given.
        found: f64,
        /// The least legal value.
        least: f64,
        /// The greatest legal value.
        greatest: f64,
        /// Whether the word `none` is legal too.
        or_none: bool,
    },
    /// A number that must be less than another parameter.
    NotLess {
        /// The parameter.
        name: &'static str,
        /// Its value.
        found: String,
        /// The other parameter.
        than: &'static str,
        /// Its value.
        other: String,
    },
}

impl fmt::Display for BadSetting {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownName { found, near } => {
                write!(out, "the model has no parameter `{found}`")?;
                near.map_or(Ok(()), |near| write!(out, "; did you mean `{near}`?"))
            }
            Self::WrongKind {
                name,
                found,
                expected,
            } => write!(out, "`{name}` takes {expected}, not `{found}`"),
            Self::OutOfRange {
                name,
                found,
                least,
                greatest,
                or_none,
            } => {
                let none = if *or_none { ", or `none`" } else { "" };
                write!(
                    out,
                    "`{name}` is {found}, but must lie between {least} and {greatest}{none}"
                )
            }
            Self::NotLess {
                name,
                found,
                than,
                other,
            } => write!(
                out,
                "`{name}` is {found}, but must be less than `{than}`, which is {other}"
            ),
        }
    }
}

impl std::error::Error for BadSetting {}

impl Parameter {
    const fn takes_none(&self) -> bool {
        self.greatest.is_infinite()
    }

    fn admit(&self, value: f64) -> Result<f64, BadSetting> {
        let greatest = if self.takes_none() {
            LONGEST_HALF_LIFE_DAYS
        } else {
            self.greatest
        };
        if (self.least..=greatest).contains(&value) || (self.takes_none() && value == f64::INFINITY)
        {
            // -0 and 0 mean the same and are to be the same bytes.
            return Ok(value + 0.0);
        }
        Err(BadSetting::OutOfRange {
            name: self.name.to_owned(),
            found: value,
            least: self.least,
            greatest,
            or_none: self.takes_none(),
        })
    }
}

/// The names that [`Model::set`] takes beside those of [`PARAMETERS`].
const OTHER_NAMES: [&str; 3] = ["saturation", "weights", HALF_LIVES];

/// The name that stands for both half-lives of impulses.
const HALF_LIVES: &str = "half_life_days";

impl Model {
    /// The parameters of a preset.
    #[must_use]
    pub fn new(preset: Preset) -> Self {
        let saturation = !matches!(preset.reading(), Reading::Plain);
        let numbers = preset.numbers();
        Self {
            preset,
            saturation,
            weights: Weights::Gdelt,
            derived: Reckoning::new(reading(preset, saturation), &numbers),
            numbers,
            baselines: BTreeMap::new(),
        }
    }

    /// The preset that this model started from.
    #[must_use]
    pub const fn preset(&self) -> Preset {
        self.preset
    }

    /// Whether an event moves less the closer the bound is, so that the temperature is bounded and
    /// has phases.
    #[must_use]
    pub const fn saturation(&self) -> bool {
        self.saturation
    }

    /// Which variant of the Goldstein weights counts.
    #[must_use]
    pub const fn weights(&self) -> Weights {
        self.weights
    }

    /// The value of a parameter.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<f64> {
        let place = PARAMETERS
            .iter()
            .position(|parameter| parameter.name == name)?;
        self.numbers.get(place).copied()
    }

    /// The value of a parameter, or of a dyad's baseline such as `baseline:RUS-USA`; that of both
    /// half-lives of impulses, `half_life_days`, where they are the same.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<f64> {
        match Self::slot(name).ok()? {
            Slot::Number(place) => self.numbers.get(place).copied(),
            Slot::Baseline(dyad) => Some(self.baseline(dyad)),
            Slot::HalfLives => {
                let (words, deeds) = (self.half_life_words_days(), self.half_life_deeds_days());
                (words == deeds).then_some(deeds)
            }
        }
    }

    /// The least and the greatest finite value of a parameter, or of a dyad's baseline such as
    /// `baseline:RUS-USA`.
    ///
    /// # Errors
    /// [`BadSetting::UnknownName`] when there is no such parameter.
    pub fn range(name: &str) -> Result<[f64; 2], BadSetting> {
        let parameter = match Self::slot(name)? {
            Slot::Baseline(_) => return Ok([-BOUND_DEGREES, BOUND_DEGREES]),
            Slot::HalfLives => &PARAMETERS[Place::half_life_deeds_days as usize],
            Slot::Number(place) => &PARAMETERS[place],
        };
        Ok([
            parameter.least,
            parameter.greatest.min(LONGEST_HALF_LIFE_DAYS),
        ])
    }

    /// Where a dyad starts and what it returns to while no measure stands, in degrees.
    #[must_use]
    pub fn baseline(&self, dyad: Dyad) -> f64 {
        let own = self.baselines.get(&dyad).copied();
        own.unwrap_or_else(|| self.baseline_degrees())
    }

    /// The dyads with a baseline of their own.
    #[must_use]
    pub const fn baselines(&self) -> &BTreeMap<Dyad, f64> {
        &self.baselines
    }

    /// What one measure of a kind that stands at 1 adds to the equilibrium, in degrees; nothing for
    /// a kind of the writer's own, which says itself what it counts.
    #[must_use]
    pub const fn standing_degrees(&self, kind: MeasureKind, audience: bool) -> f64 {
        match (kind, audience) {
            (MeasureKind::Occupation, true) => self.standing_occupation_audience_degrees(),
            (_, true) | (MeasureKind::Own, false) => 0.0,
            (MeasureKind::Occupation, false) => self.standing_occupation_degrees(),
            (MeasureKind::Sanctions, false) => self.standing_sanctions_degrees(),
            (MeasureKind::Tariffs, false) => self.standing_tariffs_degrees(),
            (MeasureKind::Embargo, false) => self.standing_embargo_degrees(),
            (MeasureKind::Blockade, false) => self.standing_blockade_degrees(),
            (MeasureKind::War, false) => self.standing_war_degrees(),
            (MeasureKind::RelationsBroken, false) => self.standing_relations_broken_degrees(),
            (MeasureKind::Rivalry, false) => self.standing_rivalry_degrees(),
            (MeasureKind::Alliance, false) => self.standing_alliance_degrees(),
            (MeasureKind::PeaceTreaty, false) => self.standing_peace_treaty_degrees(),
            (MeasureKind::AgreementInForce, false) => self.standing_agreement_in_force_degrees(),
        }
    }

    /// How a balance is read as a temperature.
    #[must_use]
    pub const fn reading(&self) -> Reading {
        self.derived.reading
    }

    /// Whether a phase may end while the balance stays between two values.
    #[must_use]
    #[inline]
    pub fn may_leave(&self, phase: Phase, balances: [f64; 2]) -> bool {
        !self.zones().hold(phase, balances)
    }

    /// For each phase the balances between which it surely holds.
    pub(in crate::model) const fn zones(&self) -> &Zones {
        &self.derived.zones
    }

    /// All that waiting and reading need.
    #[must_use]
    pub const fn reckoning(&self) -> &Reckoning {
        &self.derived
    }

    /// The half-lives, of which there is one where saturation is stepwise.
    #[must_use]
    pub const fn half_lives(&self) -> HalfLives {
        self.derived.half_lives
    }

    /// Finds anew what follows from the parameters.
    fn derive(&mut self) {
        let reading = reading(self.preset, self.saturation);
        let hysteresis = self.hysteresis_degrees();
        self.derived.half_lives = half_lives(reading, &self.numbers);
        if (reading, hysteresis) != (self.derived.reading, self.derived.hysteresis_degrees) {
            self.derived = Reckoning::new(reading, &self.numbers);
        }
    }

    /// By how much measures are eased and widened where no strength is given.
    #[must_use]
    pub const fn portions(&self) -> Portions {
        Portions {
            eased: self.eased_share(),
            widened: self.widened_share(),
        }
    }

    /// Sets one parameter from text, as the command line gives it: `half_life_days`, `240`.
    ///
    /// # Errors
    /// [`BadSetting`] when there is no such parameter, or the value is none it can have. The model
    /// is unchanged then.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), BadSetting> {
        let wrong_kind = |expected| BadSetting::WrongKind {
            name: name.to_owned(),
            found: value.to_owned(),
            expected,
        };
        match name {
            "saturation" => {
                self.saturation = value.parse().map_err(|_| wrong_kind("`true` or `false`"))?;
                self.derive();
                Ok(())
            }
            "weights" => {
                self.weights = match value {
                    "gdelt" => Weights::Gdelt,
                    "icews" => Weights::Icews,
                    _ => return Err(wrong_kind("`gdelt` or `icews`")),
                };
                Ok(())
            }
            _ => {
                let number = match value {
                    "none" => f64::INFINITY,
                    _ => with_hyphen(value)
                        .parse()
                        .ok()
                        .filter(|number: &f64| number.is_finite())
                        .ok_or_else(|| wrong_kind("a number"))?,
                };
                self.set_number(name, number)
            }
        }
    }

    /// Sets one parameter that is a number; infinity stands for `none`.
    ///
    /// # Errors
    /// As [`Model::set`].
    pub fn set_number(&mut self, name: &str, value: f64) -> Result<(), BadSetting> {
        self.put(Self::slot(name)?, value)
    }

    /// Where a parameter that is a number stands, or a dyad's baseline, to be set many times.
    ///
    /// # Errors
    /// [`BadSetting::UnknownName`] when there is no such parameter.
    pub fn slot(name: &str) -> Result<Slot, BadSetting> {
        if let Some(dyad) = name.strip_prefix("baseline:") {
            let dyad = dyad.parse::<Dyad>().map_err(|_| unknown(name))?;
            return Ok(Slot::Baseline(dyad));
        }
        if name == HALF_LIVES {
            return Ok(Slot::HalfLives);
        }
        let place = PARAMETERS
            .iter()
            .position(|parameter| parameter.name == name);
        place.map(Slot::Number).ok_or_else(|| unknown(name))
    }

    /// Sets one parameter where it stands.
    ///
    /// # Errors
    /// [`BadSetting::OutOfRange`] when the value is none that it can have.
    pub fn put(&mut self, slot: Slot, value: f64) -> Result<(), BadSetting> {
        match slot {
            Slot::Number(place) => {
                self.numbers[place] = PARAMETERS[place].admit(value)?;
                self.derive();
                Ok(())
            }
            Slot::HalfLives => {
                let both = Parameter {
                    name: HALF_LIVES,
                    ..PARAMETERS[Place::half_life_deeds_days as usize]
                };
                let days = both.admit(value)?;
                self.numbers[Place::half_life_words_days as usize] = days;
                self.numbers[Place::half_life_deeds_days as usize] = days;
                self.derive();
                Ok(())
            }
            Slot::Baseline(dyad) => self.set_baseline(dyad, value),
        }
    }

    /// Sets the parameters that are not numbers, where they are given.
    pub(super) fn choose(&mut self, saturation: Option<bool>, weights: Option<Weights>) {
        self.saturation = saturation.unwrap_or(self.saturation);
        self.weights = weights.unwrap_or(self.weights);
        self.derive();
    }

    /// Gives one dyad a baseline of its own, in degrees.
    ///
    /// # Errors
    /// [`BadSetting::OutOfRange`] beyond the bounds of the scale.
    pub fn set_baseline(&mut self, dyad: Dyad, degrees: f64) -> Result<(), BadSetting> {
        let range = -BOUND_DEGREES..=BOUND_DEGREES;
        if !range.contains(&degrees) {
            return Err(BadSetting::OutOfRange {
                name: format!("baseline:{dyad}"),
                found: degrees,
                least: -BOUND_DEGREES,
                greatest: BOUND_DEGREES,
                or_none: false,
            });
        }
        // As of other numbers: -0 and 0 are the same.
        self.baselines.insert(dyad, degrees + 0.0);
        Ok(())
    }
}

/// How a balance is read: plain without saturation, else as the preset does, and bounded where that
/// is plain.
const fn reading(preset: Preset, saturation: bool) -> Reading {
    match (saturation, preset.reading()) {
        (false, _) => Reading::Plain,
        (true, Reading::Stepwise) => Reading::Stepwise,
        (true, Reading::Bounded | Reading::Plain) => Reading::Bounded,
    }
}

/// The half-lives. Where saturation is stepwise there is one, that of deeds: only with one are the
/// bounds kept.
const fn half_lives(reading: Reading, numbers: &Numbers) -> HalfLives {
    let deeds = numbers[Place::half_life_deeds_days as usize];
    if matches!(reading, Reading::Stepwise) {
        return HalfLives {
            words: deeds,
            deeds,
            standing: deeds,
        };
    }
    HalfLives {
        words: numbers[Place::half_life_words_days as usize],
        deeds,
        standing: numbers[Place::standing_half_life_days as usize],
    }
}

impl Reckoning {
    fn new(reading: Reading, numbers: &Numbers) -> Self {
        let hysteresis_degrees = numbers[Place::hysteresis_degrees as usize];
        Self {
            reading,
            half_lives: half_lives(reading, numbers),
            hysteresis_degrees,
            zones: Zones::new(reading, hysteresis_degrees),
        }
    }
}

impl Default for Model {
    fn default() -> Self {
        Self::new(Preset::default())
    }
}

fn unknown(name: &str) -> BadSetting {
    let names = PARAMETERS.iter().map(|parameter| parameter.name);
    BadSetting::UnknownName {
        found: name.to_owned(),
        near: nearest(name, names.chain(OTHER_NAMES)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_from_the_parameters_follows_each_change() {
        let is_fresh = |model: &Model| {
            let reading = reading(model.preset, model.saturation);
            model.derived == Reckoning::new(reading, &model.numbers)
        };
        for preset in [
            Preset::Detente,
            Preset::Stock,
            Preset::Stepwise,
            Preset::GoldsteinDecay,
        ] {
            let mut model = Model::new(preset);
            assert!(is_fresh(&model));
            for parameter in PARAMETERS {
                let middle = f64::midpoint(parameter.least, parameter.greatest.min(100.0));
                model.set_number(parameter.name, middle).unwrap();
                assert!(is_fresh(&model), "{}", parameter.name);
            }
            model.set_number(HALF_LIVES, 77.0).unwrap();
            assert!(is_fresh(&model) && model.half_lives().deeds == 77.0);
            for saturation in ["true", "false", "true"] {
                model.set("saturation", saturation).unwrap();
                assert!(is_fresh(&model) && model.saturation() == (saturation == "true"));
            }
            model.choose(Some(false), None);
            assert!(is_fresh(&model) && model.reading() == Reading::Plain);
        }
    }

    #[test]
    fn a_value_is_found_by_its_name_and_so_is_a_dyads_baseline() {
        let mut model = Model::default();
        for (place, parameter) in PARAMETERS.iter().enumerate() {
            assert_eq!(model.value(parameter.name), Some(model.numbers[place]));
            assert_eq!(model.number(parameter.name), Some(model.numbers[place]));
        }
        assert_eq!(model.value("no_such_thing"), None);
        assert_eq!(model.number("no_such_thing"), None);
        model.set_number(HALF_LIVES, 77.0).unwrap();
        assert_eq!(model.value(HALF_LIVES), Some(77.0));
        model.set_number("half_life_words_days", 78.0).unwrap();
        assert_eq!(model.value(HALF_LIVES), None);
        assert_eq!(
            model.value("baseline:RUS-USA"),
            Some(model.baseline_degrees())
        );
        model.set("baseline:RUS-USA", "-3.5").unwrap();
        assert_eq!(model.value("baseline:RUS-USA"), Some(-3.5));
        assert_eq!(
            model.value("baseline:FRA-USA"),
            Some(model.baseline_degrees())
        );
    }

    #[test]
    fn every_default_is_legal() {
        for preset in Preset::ALL {
            let mut model = Model::new(preset);
            for parameter in PARAMETERS {
                let value = model.number(parameter.name).unwrap();
                assert_eq!(
                    model.set_number(parameter.name, value),
                    Ok(()),
                    "{}",
                    parameter.name
                );
            }
            assert_eq!(model, Model::new(preset));
        }
    }

    #[test]
    fn a_value_that_cannot_be_is_refused_and_changes_nothing() {
        let mut model = Model::default();
        for (name, value) in [
            ("half_life_days", "0"),
            ("half_life_days", "-3"),
            ("half_life_days", "NaN"),
            ("half_life_days", "inf"),
            ("half_life_days", "1e7"),
            ("gain", "1.5"),
            ("gain", "none"),
            ("spillover", "x"),
            ("saturation", "1"),
            ("weights", "cameo"),
            ("half_live_days", "3"),
            ("baseline:USA-USA", "1"),
        ] {
            assert!(model.set(name, value).is_err(), "{name}={value}");
        }
        assert_eq!(model, Model::default());
    }

    #[test]
    fn an_unknown_name_gets_its_near_miss() {
        let error = Model::default().set("halflife_days", "3").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the model has no parameter `halflife_days`; did you mean `half_life_days`?"
        );
    }

    #[test]
    fn a_half_life_may_be_none() {
        let mut model = Model::default();
        model.set("half_life_days", "none").unwrap();
        assert!(model.half_life_words_days().is_infinite());
        assert!(model.half_life_deeds_days().is_infinite());
    }

    #[test]
    fn a_slot_knows_whether_dyads_start_there() {
        for (name, is_baseline) in [
            ("baseline_degrees", true),
            ("baseline:RUS-USA", true),
            ("gain", false),
            ("hysteresis_degrees", false),
            (HALF_LIVES, false),
        ] {
            assert_eq!(
                Model::slot(name).unwrap().is_baseline(),
                is_baseline,
                "{name}"
            );
        }
    }

    #[test]
    fn a_minus_before_a_zero_is_lost() {
        let mut model = Model::default();
        model.set("baseline_degrees", "-0").unwrap();
        model.set("baseline:RUS-USA", "-0").unwrap();
        for dyad in ["RUS-USA", "FRA-USA"] {
            let baseline = model.baseline(dyad.parse().unwrap());
            assert_eq!(baseline.to_bits(), 0, "{dyad}");
        }
    }

    #[test]
    fn both_variants_of_the_weights_can_be_chosen() {
        let mut model = Model::default();
        for weights in [Weights::Icews, Weights::Gdelt] {
            model.set("weights", weights.name()).unwrap();
            assert_eq!(model.weights(), weights);
        }
    }

    #[test]
    fn a_phase_may_be_left_only_where_a_balance_may_pass_its_borders() {
        let model = Model::default();
        for (phase, balances, may_leave) in [
            (Phase::Normal, [0.0, 3.0], false),
            (Phase::Normal, [-0.3, 3.0], true),
            (Phase::Normal, [0.0, 4.0], true),
            (Phase::Friendly, [9.0, 90.0], false),
        ] {
            assert_eq!(
                model.may_leave(phase, balances),
                may_leave,
                "{phase} {balances:?}"
            );
        }
    }

    #[test]
    fn a_dyad_may_have_a_baseline_of_its_own() {
        let mut model = Model::default();
        model.set("baseline:USA-DEU", "4").unwrap();
        assert_eq!(model.baseline("DEU-USA".parse().unwrap()), 4.0);
        assert_eq!(model.baseline("RUS-USA".parse().unwrap()), 0.0);
    }
}
