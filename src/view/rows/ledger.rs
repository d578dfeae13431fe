//! A ledger as rows: what a temperature is made of, and what leaving an event out would change.

use super::conditions::{conditions, model_label, short_conditions};
use super::words::degrees;
use crate::evidence::{self, INTERVAL_MEANS, Parameters};
use crate::history::{CrossedBy, Crossing, NeverCrossed, Record};
use crate::model::{self, Actor, Day, Dyad, Model};
use crate::threads::Control;
use serde::Serialize;

/// A difference in degrees that does not show in the last printed digit.
pub(in crate::view) const NOT_SEEN_DEGREES: f64 = 0.005;

/// An effect that is due to rounding: without an event, waits are taken in other steps.
const ROUNDING_DEGREES: f64 = 1e-9;

/// Why the temperature of a dyad, or its level, is what it is. All numbers are in degrees.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LedgerRows {
    /// The history, by name.
    pub history: String,
    /// The model that everything holds under.
    pub model: ReadBy,
    /// The dyad.
    pub dyad: Dyad,
    /// The day on which the temperature is read.
    pub date: Day,
    /// The event right after which it is read; nothing at the end of the day.
    pub right_after: Option<String>,
    /// The temperature, or the level: to within rounding of the last bits what all shares add up
    /// to.
    pub temperature: f64,
    /// The ends of the 90 % interval of a level, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<[f64; 2]>,
    /// What it tends to then; of a level, the prior.
    pub equilibrium: f64,
    /// The crossing that is asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crossing: Option<CrossingRow>,
    /// What a row is of: `event`, `source`, `act` or `year`.
    pub by: By,
    /// The parts, in the order asked for; what is left over comes last.
    pub rows: Vec<LedgerRow>,
    /// How many events in the rows gave no push and would change nothing if they had not happened;
    /// of a level, how many concern the dyad and have no weight.
    pub events_without_effect: u64,
}

/// What a ledger is read by.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum ReadBy {
    /// The temperature of a model.
    Model(Box<Basis<model::Settings>>),
    /// The level of the evidence.
    Evidence(Basis<evidence::Settings>),
}

/// Parameters as a file has them, and as they are told of.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Basis<Settings> {
    #[serde(flatten)]
    settings: Settings,
    #[serde(skip)]
    conditions: String,
    #[serde(skip)]
    in_short: String,
    #[serde(skip)]
    label: String,
}

impl From<&Model> for ReadBy {
    fn from(model: &Model) -> Self {
        Self::Model(Box::new(Basis {
            settings: model::Settings::of(model),
            conditions: conditions(model),
            in_short: short_conditions(model),
            label: model_label(model),
        }))
    }
}

impl From<&Parameters> for ReadBy {
    fn from(parameters: &Parameters) -> Self {
        let in_short = parameters.in_words() + "\n";
        Self::Evidence(Basis {
            settings: evidence::Settings::of(parameters),
            conditions: format!("{in_short}90 %: {INTERVAL_MEANS}\n"),
            in_short,
            label: parameters.label(),
        })
    }
}

impl ReadBy {
    /// What is read, in a word.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Model(_) => "temperature",
            Self::Evidence(_) => "level",
        }
    }

    /// What it holds under, in sentences.
    #[must_use]
    pub fn conditions(&self) -> &str {
        match self {
            Self::Model(basis) => &basis.conditions,
            Self::Evidence(basis) => &basis.conditions,
        }
    }

    /// The same for captions.
    #[must_use]
    pub fn in_short(&self) -> &str {
        match self {
            Self::Model(basis) => &basis.in_short,
            Self::Evidence(basis) => &basis.in_short,
        }
    }

    /// The model in a word, or in a few.
    #[must_use]
    pub fn label(&self) -> &str {
        match self {
            Self::Model(basis) => &basis.label,
            Self::Evidence(basis) => &basis.label,
        }
    }
}

/// A part of a temperature.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LedgerRow {
    /// What kind of part.
    pub part: Part,
    /// The id of the event or the measure.
    pub id: Option<String>,
    /// The day of the event, or on which the measure was first put in force between the two.
    pub date: Option<Day>,
    /// What it is, in a line.
    pub what: String,
    /// The act of the event.
    pub act: Option<&'static str>,
    /// Who acted, or holds the measure.
    pub source: Vec<Actor>,
    /// On whom.
    pub target: Vec<Actor>,
    /// How the event reached the dyad: `target`, `audience`, `adverse` or `measure`.
    pub reach: Option<&'static str>,
    /// How many events or measures the row is of.
    pub count: u64,
    /// What the events added on their days.
    pub push: Option<f64>,
    /// What is left of it; of a measure, what it has added through the equilibrium.
    pub share: f64,
    /// The temperature less what it would be had the event, and all it caused, not happened.
    pub effect: Option<f64>,
    /// Why that is not the share.
    pub note: Option<String>,
}

/// What kind of part of a temperature a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The starting point and the baseline; of a level, the prior.
    Start,
    /// One standing measure.
    Measure,
    /// One event.
    Event,
    /// Several events, by what they have in common.
    Events,
    /// Several standing measures.
    Measures,
    /// Everything that has no row of its own.
    Rest,
}

/// By what events are summed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// Not at all.
    #[default]
    Event,
    /// By the sides of the dyad that acted.
    Source,
    /// By act, coded events by their CAMEO root code.
    Act,
    /// By calendar year.
    Year,
}

/// The order of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// The largest share first, whatever its sign.
    #[default]
    Size,
    /// The earliest first.
    Date,
}

/// What a ledger is to show.
#[derive(Clone, Copy, Debug, Default)]
pub struct LedgerOptions<'a> {
    /// What a row is of.
    pub by: By,
    /// In which order.
    pub sort: Sort,
    /// The most rows of events; the rest is summed in one. All, where nothing is given.
    pub top: Option<usize>,
    /// Events before this day are summed in one row.
    pub from: Option<Day>,
    /// Counts the events whose effect has been found, and stops.
    pub control: Option<&'a Control>,
}

impl LedgerOptions<'_> {
    /// How many of so many events or groups have a row of their own.
    #[must_use]
    pub fn rows_of(&self, all: usize) -> usize {
        self.top.map_or(all, |top| top.min(all))
    }
}

/// When a temperature first passed a value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CrossingRow {
    /// The value, in degrees.
    pub value: f64,
    /// The event that passed it; nothing where it was waiting.
    pub event: Option<String>,
    /// On which day.
    pub date: Day,
    /// The temperature right before the event, or the day before.
    pub before: f64,
    /// The temperature right after the event, or at the end of that day.
    pub after: f64,
    /// What waiting led to, where it was waiting.
    pub towards: Option<f64>,
}

impl CrossingRow {
    /// The row of a crossing among some events.
    #[must_use]
    pub fn new(value: f64, crossing: &Crossing, records: &[Record]) -> Self {
        let (event, towards) = match crossing.by {
            CrossedBy::Event(place) => (records.get(place).map(|it| it.id().to_owned()), None),
            CrossedBy::Waiting { equilibrium } => (None, Some(equilibrium)),
        };
        Self {
            value,
            event,
            date: crossing.viewpoint.day,
            before: crossing.before,
            after: crossing.after,
            towards,
        }
    }
}

/// That a temperature never passed a value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NeverCrossedRow {
    /// The history, by name.
    pub history: String,
    /// The dyad.
    pub dyad: Dyad,
    /// The last day that was looked at.
    pub until: Day,
    /// The value, in degrees.
    pub value: f64,
    /// Always nothing: where there is a crossing, there is a ledger.
    pub crossing: Option<CrossingRow>,
    /// Where the temperature came closest to the value, in degrees.
    pub closest: f64,
    /// On the first day on which it was that close.
    pub closest_on: Day,
    /// What it tends to in the end, in degrees.
    pub equilibrium: f64,
}

impl LedgerRow {
    /// Whether it is an event that gave no push and would change nothing if it had not happened.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        let is_nothing = |effect: f64| effect.abs() < ROUNDING_DEGREES;
        self.part == Part::Event
            && self.push.unwrap_or_default() == 0.0
            && self.effect.is_some_and(is_nothing)
    }
}

impl NeverCrossedRow {
    /// The row of a value that the temperature of a dyad never passed until a day.
    #[must_use]
    pub fn new(history: &str, dyad: Dyad, until: Day, value: f64, never: NeverCrossed) -> Self {
        Self {
            history: history.to_owned(),
            dyad,
            until,
            value,
            crossing: None,
            closest: never.closest,
            closest_on: never.day,
            equilibrium: never.equilibrium,
        }
    }
}

impl LedgerRows {
    /// The shares as they are printed, in the order of the rows: they add up to the temperature as
    /// it is printed.
    #[must_use]
    pub fn printed_shares(&self) -> Vec<String> {
        let shares: Vec<_> = self.rows.iter().map(|row| row.share).collect();
        adding_up(&shares, self.temperature)
    }
}

/// Parts as text of two decimals that add up to a sum of two decimals: each is rounded down, and
/// the hundredths that are missing go to those that lost most (the method of largest remainders).
/// None is off by a hundredth or more.
#[must_use]
pub fn adding_up(parts: &[f64], sum: f64) -> Vec<String> {
    let hundredths = |value: f64| (value * 100.0).round() as i64;
    let mut printed: Vec<i64> = parts.iter().map(|it| (it * 100.0).floor() as i64).collect();
    let printed_sum = degrees(sum).parse().unwrap_or(sum);
    let missing = hundredths(printed_sum) - printed.iter().sum::<i64>();
    let lost = |place: &usize| parts[*place] * 100.0 - printed[*place] as f64;
    let mut places: Vec<_> = (0..parts.len()).collect();
    places.sort_by(|one, other| lost(other).total_cmp(&lost(one)));
    let missing = usize::try_from(missing).unwrap_or_default();
    for place in places.into_iter().take(missing) {
        printed[place] += 1;
    }
    let text = |hundredths: i64| degrees(hundredths as f64 / 100.0);
    printed.into_iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_hundredths_that_are_missing_go_to_those_that_lost_most() {
        assert_eq!(
            adding_up(&[0.004, 0.004, 0.004], 0.012),
            ["0.01", "0.00", "0.00"]
        );
        assert_eq!(adding_up(&[-1.006, 0.002], -1.004), ["-1.00", "0.00"]);
        assert_eq!(adding_up(&[-0.0, 0.0], 0.0), ["0.00", "0.00"]);
        assert_eq!(adding_up(&[], 0.0), [""; 0]);
    }

    proptest! {
        #[test]
        fn what_is_printed_adds_up_and_is_off_by_less_than_a_hundredth(
            parts in proptest::collection::vec(-50.0..50.0f64, 0..40),
        ) {
            let sum: f64 = parts.iter().sum();
            let hundredths = |text: &str| text.replace('.', "").parse::<i64>().unwrap();
            let printed = adding_up(&parts, sum);
            let total: i64 = printed.iter().map(|text| hundredths(text)).sum();
            prop_assert_eq!(total, hundredths(&degrees(sum)));
            for (text, part) in printed.iter().zip(&parts) {
                let off = (text.parse::<f64>().unwrap() - part).abs();
                prop_assert!(off < 0.01 + 1e-9, "{text} for {part}");
            }
        }
    }
}
