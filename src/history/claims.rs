//! Claims: sentences about temperatures that people who know a history would agree to, held against
//! it.
//!
//! A claim is a **level** (a temperature lies within a band), a **pair** (one reading is colder or
//! warmer than another, or about as warm) or a **response** (a temperature moves by so much from
//! one day to another). What a claim lacks until it holds is its *miss*, in degrees.

use super::log::{Scope, Source, io_fault, survey};
use super::replay::Fold;
use super::timeline::Timeline;
use crate::error::Result;
use crate::model::{Day, Dyad, Model};
use std::collections::BTreeMap;

/// By how many degrees two readings must differ before a claim that they do misses nothing: below
/// it a difference is within what another choice of numbers would change. An assumption.
pub const CLEAR_DEGREES: f64 = 0.3;
/// Within how many degrees two readings are about equal. An assumption.
pub const EQUAL_DEGREES: f64 = 1.0;
/// How much more the miss of a response counts, since its bands are narrower. An assumption.
const RESPONSE_FACTOR: f64 = 1.5;
/// How much the miss of a claim of medium confidence counts. An assumption.
const MEDIUM_FACTOR: f64 = 0.5;

/// A temperature that a claim is about: of a dyad at the end of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reading {
    /// The dyad.
    pub dyad: Dyad,
    /// The day.
    pub day: Day,
}

/// How one reading stands to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// It is colder.
    Colder,
    /// It is warmer.
    Warmer,
    /// They are at most [`EQUAL_DEGREES`] apart.
    AboutEqual,
}

/// What is claimed of a reading.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Expected {
    /// It lies within a band, in degrees.
    Level {
        /// The lowest temperature.
        low: f64,
        /// The highest.
        high: f64,
    },
    /// It stands so to another.
    Pair {
        /// The other.
        other: Reading,
        /// How it stands to it.
        order: Order,
    },
    /// It moves, until a later reading, by a number of degrees within a band.
    Response {
        /// The later reading.
        later: Reading,
        /// The least rise, negative where it falls.
        low: f64,
        /// The greatest rise.
        high: f64,
    },
}

/// A claim about a history.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The history, by its name or as whoever wrote the claim calls it.
    pub history: String,
    /// What it is about.
    pub reading: Reading,
    /// What is claimed of it.
    pub expected: Expected,
    /// Whether it is held with high confidence, else with medium.
    pub is_certain: bool,
    /// Why, in a few words.
    pub why: String,
}

/// What became of a claim.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Held {
    /// The reading, in degrees.
    pub degrees: f64,
    /// The other reading, if it is about two.
    pub other_degrees: Option<f64>,
    /// Whether it holds.
    pub holds: bool,
    /// What it lacks, weighted, in degrees. A pair that holds by less than [`CLEAR_DEGREES`] lacks
    /// the rest.
    pub miss_degrees: f64,
}

impl Claim {
    /// The readings that it takes, the first and perhaps another.
    #[must_use]
    pub const fn readings(&self) -> (Reading, Option<Reading>) {
        let other = match self.expected {
            Expected::Level { .. } => None,
            Expected::Pair { other, .. } => Some(other),
            Expected::Response { later, .. } => Some(later),
        };
        (self.reading, other)
    }

    /// Holds it against what a model reads.
    #[must_use]
    pub fn held(&self, degrees: impl Fn(Reading) -> f64) -> Held {
        let (reading, other) = self.readings();
        let (degrees, other_degrees) = (degrees(reading), other.map(degrees));
        let rise = other_degrees.map_or(0.0, |other| other - degrees);
        let within = |value: f64, low: f64, high: f64| {
            (
                (low..=high).contains(&value),
                (low - value).max(value - high),
            )
        };
        let (holds, lacks) = match self.expected {
            Expected::Level { low, high } => within(degrees, low, high),
            Expected::Response { low, high, .. } => {
                let (holds, lacks) = within(rise, low, high);
                (holds, lacks * RESPONSE_FACTOR)
            }
            Expected::Pair { order, .. } => {
                let (holds, room) = match order {
                    Order::Colder => (rise > 0.0, rise),
                    Order::Warmer => (rise < 0.0, -rise),
                    Order::AboutEqual => (rise.abs() <= EQUAL_DEGREES, EQUAL_DEGREES - rise.abs()),
                };
                (holds, CLEAR_DEGREES - room)
            }
        };
        let factor = if self.is_certain { 1.0 } else { MEDIUM_FACTOR };
        Held {
            degrees,
            other_degrees,
            holds,
            miss_degrees: factor * lacks.max(0.0),
        }
    }
}

/// The temperatures of a log at the ends of some days, in degrees. A dyad that nothing has touched
/// is at its baseline.
///
/// # Errors
/// Everything that is wrong with the log.
pub fn readings(
    source: &(impl Source + ?Sized),
    model: &Model,
    wanted: impl IntoIterator<Item = Reading>,
) -> Result<BTreeMap<Reading, f64>> {
    let survey = survey(source, Scope::default(), |_, _| {})?;
    let input = source.open().map_err(|error| io_fault("open", error))?;
    let mut timeline = Timeline::new(input, &survey);
    let mut fold = Fold::new(model);
    let mut by_day: BTreeMap<Day, Vec<Dyad>> = BTreeMap::new();
    for reading in wanted {
        by_day.entry(reading.day).or_default().push(reading.dyad);
    }
    let mut found = BTreeMap::new();
    loop {
        let record = timeline.advance()?;
        while let Some(wanted) = by_day.first_entry()
            && record
                .as_ref()
                .is_none_or(|record| record.date() > *wanted.key())
        {
            let (day, dyads) = wanted.remove_entry();
            let folded = fold.folded();
            for dyad in dyads {
                let degrees = match folded.world.find_dyad(dyad) {
                    Some(ix) => {
                        let relation = folded.state.relation_on(ix, day, model, |_| {});
                        relation.temperature
                    }
                    None => model.baseline(dyad),
                };
                found.insert(Reading { dyad, day }, degrees);
            }
        }
        match record {
            Some(record) if !by_day.is_empty() => fold.apply(&record),
            _ => return Ok(found),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::log::tests::{called, chained};

    /// The dyad of the tests on a day of January.
    fn on(day: u32) -> Reading {
        Reading {
            dyad: "XBL-XRL".parse().unwrap(),
            day: format!("2031-01-{day:02}").parse().unwrap(),
        }
    }

    #[test]
    fn a_pair_holds_by_what_parts_its_readings_and_misses_what_is_not_clear() {
        use Order::{AboutEqual, Colder, Warmer};
        for (order, rise, holds, miss) in [
            (Colder, 0.0, false, 0.3),
            (Colder, 0.1, true, 0.2),
            (Colder, 0.5, true, 0.0),
            (Colder, -1.0, false, 1.3),
            (Warmer, 0.0, false, 0.3),
            (Warmer, -0.1, true, 0.2),
            (Warmer, -0.5, true, 0.0),
            (Warmer, 1.0, false, 1.3),
            (AboutEqual, 0.0, true, 0.0),
            (AboutEqual, -0.9, true, 0.2),
            (AboutEqual, 1.0, true, 0.3),
            (AboutEqual, -1.5, false, 0.8),
        ] {
            for (is_certain, factor) in [(true, 1.0), (false, 0.5)] {
                let claim = Claim {
                    history: "one".to_owned(),
                    reading: on(1),
                    expected: Expected::Pair {
                        other: on(2),
                        order,
                    },
                    is_certain,
                    why: String::new(),
                };
                let held = claim.held(|reading| if reading == on(2) { rise } else { 0.0 });
                assert_eq!(held.holds, holds, "{order:?} {rise}");
                let lacks = held.miss_degrees - factor * miss;
                assert!(lacks.abs() < 1e-12, "{order:?} {rise}: {held:?}");
            }
        }
    }

    #[test]
    fn what_comes_behind_the_last_day_asked_for_is_not_looked_at() {
        let wrong = called(3, 5, r#","tone":"critical""#);
        let log = chained(&[called(1, 1, ""), called(2, 3, ""), wrong]);
        let read = |days: &[u32]| {
            let wanted = days.iter().map(|day| on(*day));
            readings(&log[..], &Model::default(), wanted)
        };
        let found = read(&[2, 1]).unwrap();
        assert_eq!(found.keys().copied().collect::<Vec<_>>(), [on(1), on(2)]);
        assert!(found[&on(1)] > found[&on(2)] && found[&on(2)] > 0.0);
        assert!(read(&[2, 4]).is_err());
    }
}
