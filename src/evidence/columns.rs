//! The columns of an index: what a dyad's period adds up to, and how that was made.

use super::sums::Cell;
use crate::exchange::{Choices, FileRead, QUAD_CLASSES, Sieve, Weight};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::collections::BTreeSet;
use std::fmt;

/// How a table was made, as each of its rows says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct How {
    /// The model.
    pub model: String,
    /// Where weights come from: `file`, `gdelt`, `icews`; with a plus between where files differ.
    pub weights: String,
    /// Which events count: `all` or `root`.
    pub events_counted: &'static str,
    /// What counts as one event: `none` where each row does, `dyad-day-code`, `id`, or `window:`
    /// and minutes.
    pub dedupe: String,
    /// How codes are cut into classes: `gdelt`, `cameo`; with a plus between where files differ.
    pub quad_classes: String,
    /// The version.
    pub detente: &'static str,
}

impl How {
    /// How a table of some files is made.
    #[must_use]
    pub fn new(model: String, choices: &Choices, files: &[Option<FileRead>]) -> Self {
        let of_all = |name: fn(&Sieve) -> &'static str| {
            let names = files.iter().flatten().map(|file| name(&file.sieve));
            let names: BTreeSet<_> = names.collect();
            names.into_iter().collect::<Vec<_>>().join("+")
        };
        Self {
            model,
            weights: of_all(Sieve::weights_name),
            events_counted: choices.events_name(),
            dedupe: choices.dedupe.name(),
            quad_classes: of_all(|sieve| sieve.quads().name()),
            detente: env!("CARGO_PKG_VERSION"),
        }
    }

    pub(super) fn columns(&self) -> [(&'static str, Value<'_>); 6] {
        [
            ("model", Value::Text(&self.model)),
            ("weights", Value::Text(&self.weights)),
            ("events_counted", Value::Text(self.events_counted)),
            ("dedupe", Value::Text(&self.dedupe)),
            ("quad_classes", Value::Text(&self.quad_classes)),
            ("detente", Value::Text(self.detente)),
        ]
    }
}

/// What stands in a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// A text.
    Text(&'a str),
    /// A text that was made for this row.
    Name(String),
    /// A count.
    Count(u64),
    /// A number, to six digits behind the point.
    Number(f64),
    /// Nothing, as there is nothing to tell of.
    Nothing,
}

impl Value<'_> {
    /// A number to six digits behind the point: what follows them is below the resolution of the
    /// sums.
    #[must_use]
    pub fn rounded(number: f64) -> Self {
        const PARTS: f64 = 1e6;
        // So that there is no negative zero.
        Self::Number(libm::rint(number * PARTS) / PARTS + 0.0)
    }

    /// The same of a number that may not be there.
    pub(super) fn maybe(number: Option<f64>) -> Self {
        number.map_or(Self::Nothing, Self::rounded)
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => out.write_str(text),
            Self::Name(text) => out.write_str(text),
            Self::Count(count) => count.fmt(out),
            // As JSON has it: a number with a point, so that no program takes a column for whole
            // numbers.
            Self::Number(number) => write!(out, "{number:?}"),
            Self::Nothing => Ok(()),
        }
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => to.serialize_str(text),
            Self::Name(text) => to.serialize_str(text),
            Self::Count(count) => to.serialize_u64(*count),
            Self::Number(number) => to.serialize_f64(*number),
            Self::Nothing => to.serialize_none(),
        }
    }
}

/// A row of the table: columns by their names, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexRow<'a>(pub Vec<(&'static str, Value<'a>)>);

impl Serialize for IndexRow<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut columns = to.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            columns.serialize_entry(name, value)?;
        }
        columns.end()
    }
}

/// The columns of counts, where both directions stand in one row.
const BOTH_WAYS: [[&str; QUAD_CLASSES]; 2] = [
    [
        "first_to_second_verbal_cooperation",
        "first_to_second_material_cooperation",
        "first_to_second_verbal_conflict",
        "first_to_second_material_conflict",
    ],
    [
        "second_to_first_verbal_cooperation",
        "second_to_first_material_cooperation",
        "second_to_first_verbal_conflict",
        "second_to_first_material_conflict",
    ],
];

/// The same, where each has a row of its own.
const ONE_WAY: [&str; QUAD_CLASSES] = [
    "verbal_cooperation",
    "material_cooperation",
    "verbal_conflict",
    "material_conflict",
];

impl<K> Cell<K> {
    /// Counts, the share of conflict, and weights.
    pub(super) fn columns(&self, is_directed: bool) -> Vec<(&'static str, Value<'static>)> {
        let [first, second] = self.events;
        let [forth, back]: [u64; 2] = [first, second].map(|classes| classes.iter().sum());
        let events = forth + back;
        let mut columns = vec![("events", Value::Count(events))];
        let counts = |names: [&'static str; QUAD_CLASSES], counts: [u64; QUAD_CLASSES]| {
            names.into_iter().zip(counts.map(Value::Count))
        };
        if is_directed {
            columns.extend(counts(ONE_WAY, first));
        } else {
            columns.push(("first_to_second", Value::Count(forth)));
            columns.push(("second_to_first", Value::Count(back)));
            columns.extend(counts(BOTH_WAYS[0], first));
            columns.extend(counts(BOTH_WAYS[1], second));
        }
        let conflict = first[2] + first[3] + second[2] + second[3];
        let share = |part: f64| Value::maybe((events > 0).then(|| part / events as f64));
        let sum = self.weights as f64 / f64::from(Weight::PARTS);
        columns.push(("conflict_share", share(conflict as f64)));
        columns.push(("weight_sum", Value::rounded(sum)));
        columns.push(("weight_mean", share(sum)));
        columns
    }
}
