//! The columns of an index: what a dyad's month adds up to, and how that was made.

use super::reading::FileRead;
use super::sieve::{Choices, Sieve};
use crate::model::Dyad;
use serde::Serialize;
use std::collections::BTreeSet;

/// How a table was made, as each of its rows says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct How {
    /// The model.
    pub model: String,
    /// Where weights come from.
    pub weights: String,
    /// Which events count.
    pub events_counted: &'static str,
    /// What counts as one event.
    pub dedupe: String,
    /// How codes are cut into classes.
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
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IndexRow<'a> {
    /// The dyad.
    pub dyad: Dyad,
    /// The month, YYYY-MM.
    pub month: String,
    /// How many events there were.
    pub events: u64,
    /// How many of them the first of the dyad did to the second.
    pub first_to_second: u64,
    /// How many the second did to the first.
    pub second_to_first: u64,
    /// Of those that the first did, how many were verbal cooperation.
    pub first_to_second_verbal_cooperation: u64,
    /// Of those that the first did, how many were material cooperation.
    pub first_to_second_material_cooperation: u64,
    /// Of those that the first did, how many were verbal conflict.
    pub first_to_second_verbal_conflict: u64,
    /// Of those that the first did, how many were material conflict.
    pub first_to_second_material_conflict: u64,
    /// Of those that the second did, how many were verbal cooperation.
    pub second_to_first_verbal_cooperation: u64,
    /// Of those that the second did, how many were material cooperation.
    pub second_to_first_material_cooperation: u64,
    /// Of those that the second did, how many were verbal conflict.
    pub second_to_first_verbal_conflict: u64,
    /// Of those that the second did, how many were material conflict.
    pub second_to_first_material_conflict: u64,
    /// The share of verbal and material conflict in all events; nothing where there were none.
    pub conflict_share: Option<f64>,
    /// The sum of all weights.
    pub weight_sum: f64,
    /// Their mean; nothing where there were none.
    pub weight_mean: Option<f64>,
    /// The temperature at the end of the month: baseline + gain × the sum of all weights so far, each faded since its day.
    pub temperature: f64,
    /// That sum, divided by the sum of the factors by which weights have faded: a mean in which late events count more.
    pub decayed_mean: f64,
    /// The model that temperature and decayed mean hold under.
    pub model: &'a str,
    /// Where weights come from: `file`, `gdelt`, `icews`; with a plus between where files differ.
    pub weights: &'a str,
    /// Which events count: `all` or `root`.
    pub events_counted: &'static str,
    /// What counts as one event: `none` where each row does, `dyad-day-code`, `id`, or `window:` and minutes.
    pub dedupe: &'a str,
    /// How codes are cut into classes: `gdelt`, `cameo`; with a plus between where files differ.
    pub quad_classes: &'a str,
    /// The version that made it.
    pub detente: &'static str,
}
