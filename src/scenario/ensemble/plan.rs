//! Plans: which runs of which scenarios, and what is looked at.

use super::range::range_degrees;
use crate::error::{BadEnsemble, BadQuestion, Result};
use crate::history::Window;
use crate::model::{Day, Dyad};
use crate::scenario::check::Scenario;
use crate::scenario::play::player::Player;
use std::collections::BTreeSet;
use std::ops::Range;

/// The most distributions of one scenario, one for each dyad and date: 160 KB each, for each
/// thread.
pub const CELL_LIMIT: usize = 2_500;

/// The most runs of an ensemble: so many squares of temperatures up to 1,500 degrees add up without
/// overflow.
pub const RUN_LIMIT: u64 = 1_000_000_000_000;

/// What is to be run and looked at.
#[derive(Clone, Debug)]
pub struct Plan<'s> {
    /// The scenarios; the first is what the others are compared with.
    pub scenarios: &'s [Scenario],
    /// What all their chances are drawn from.
    pub seed: u64,
    /// Which runs.
    pub runs: Range<u64>,
    /// The dates on which temperatures are read.
    pub dates: Vec<Day>,
    /// The dyads that are looked at, in alphabetical order.
    pub dyads: Vec<Dyad>,
    /// For each scenario half the range of the bins of its temperatures, in degrees.
    pub ranges_degrees: Vec<f64>,
}

impl<'s> Plan<'s> {
    /// Plans runs of some scenarios, from the earliest fork to the last day of all, on dates that
    /// fit this span. Without `dyads`, those are looked at that a scenario concerns.
    ///
    /// # Errors
    /// When a dyad is asked for that nothing moves, or when there would be too many distributions.
    pub fn new(
        scenarios: &'s [Scenario],
        seed: u64,
        runs: Range<u64>,
        dyads: &[Dyad],
    ) -> Result<Self> {
        Self::within(scenarios, seed, runs, dyads, &Window::default())
    }

    /// The same, in a window.
    ///
    /// # Errors
    /// The same, and when there is no date in the window, or one behind the last day.
    pub fn within(
        scenarios: &'s [Scenario],
        seed: u64,
        runs: Range<u64>,
        dyads: &[Dyad],
        window: &Window,
    ) -> Result<Self> {
        let known: BTreeSet<Dyad> = scenarios
            .iter()
            .flat_map(|scenario| Player::new(scenario).moment().world.dyads())
            .map(|(dyad, _)| dyad)
            .collect();
        let matters = |dyad: &&Dyad| scenarios.iter().any(|scenario| scenario.concerns(**dyad));
        let chosen: Vec<Dyad> = if dyads.is_empty() {
            let matter: Vec<_> = known.iter().filter(matters).copied().collect();
            // Where nothing but the model is drawn, all do.
            if matter.is_empty() {
                known.into_iter().collect()
            } else {
                matter
            }
        } else {
            let unknown = dyads.iter().find(|dyad| !known.contains(dyad));
            if let Some(dyad) = unknown {
                let known = known.iter().map(ToString::to_string).collect();
                let dyad = dyad.to_string();
                return Err(BadQuestion::UnknownDyad { dyad, known }.into());
            }
            let chosen: BTreeSet<_> = dyads.iter().copied().collect();
            chosen.into_iter().collect()
        };
        let dates = dates(scenarios, window)?;
        let found = chosen.len() * dates.len();
        if found > CELL_LIMIT {
            let limit = CELL_LIMIT;
            return Err(BadEnsemble::TooManyCells { found, limit }.into());
        }
        let first = dates.first().copied();
        let ranges = scenarios.iter();
        let ranges = ranges.map(|scenario| range_degrees(scenario, &chosen, first, seed));
        Ok(Self {
            ranges_degrees: ranges.collect(),
            scenarios,
            seed,
            runs,
            dates,
            dyads: chosen,
        })
    }
}

/// The dates in a window from the earliest fork to the last day of all; days of events are those
/// that may come to pass.
fn dates(scenarios: &[Scenario], window: &Window) -> Result<Vec<Day>> {
    let first = scenarios.iter().filter_map(Scenario::fork_day).min();
    let last = scenarios.iter().map(|scenario| scenario.until).max();
    let (Some(first), Some(last)) = (first, last) else {
        return Ok(Vec::new());
    };
    let entries = scenarios.iter().flat_map(|scenario| &scenario.entries);
    let events = entries.map(|entry| entry.record.date());
    let dates = window.dates(first, last, events)?;
    match dates.last() {
        Some(&day) if day > last => Err(BadQuestion::AfterHistory { day, last }.into()),
        _ => Ok(dates),
    }
}
