//! Sweeps: a scenario over a grid of parameters.

use super::grid::Grid;
use crate::error::{BadQuestion, Result};
use crate::history::Window;
use crate::model::{Day, Dyad, Model, temperature::BOUND_DEGREES};
use crate::scenario::check::Scenario;
use crate::scenario::ensemble::counter::Counter;
use crate::scenario::ensemble::distribution::Sums;
use crate::scenario::ensemble::plan::Plan;
use crate::scenario::ensemble::tally::Ensemble;
use crate::scenario::file::draws::Luck;
use crate::scenario::play::player::Player;
use crate::threads::{Control, on_threads};
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

/// A scenario that is ready to be swept.
#[derive(Clone, Debug)]
pub struct Sweep {
    scenario: Scenario,
    model: Model,
    grid: Grid,
    /// The first run and the seed.
    luck: Luck,
    runs: u64,
    dyads: Vec<Dyad>,
    /// The dates on which temperatures are read.
    dates: Vec<Day>,
}

/// What came out at a point of the grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// For each dyad, date by date, the temperature or its mean over runs, in degrees.
    pub temperatures: Vec<f64>,
    /// For each outcome 1 if it holds and 0 if not, or the share of runs in which it holds.
    pub outcomes: Vec<f64>,
}

impl Sweep {
    /// Makes a scenario ready to be swept, a number of runs at each point, or one where there is no
    /// chance. With a `model` that one takes the place of the scenario's, and nothing is drawn of
    /// it; else nothing is drawn of what is on the grid. Without `dyads`, those are looked at that
    /// the scenario concerns.
    ///
    /// # Errors
    /// When a dyad is asked for that nothing moves.
    pub fn new(
        mut scenario: Scenario,
        model: Option<Model>,
        grid: Grid,
        luck: Luck,
        runs: u64,
        dyads: &[Dyad],
    ) -> Result<Self> {
        let is_replaced = model.is_some();
        let model = model.unwrap_or_else(|| scenario.model.clone());
        let is_fixed = |name: &str| is_replaced || grid.axes().iter().any(|axis| axis.name == name);
        scenario.hazards.uncertain.retain(|it| !is_fixed(&it.name));
        let dyads = chosen(&scenario, dyads)?;
        let runs = if scenario.hazards.are_there() {
            runs
        } else {
            1
        };
        let dates = vec![scenario.until];
        Ok(Self {
            scenario,
            model,
            grid,
            luck,
            runs,
            dyads,
            dates,
        })
    }

    /// The same, with temperatures read in a window: on its last day, or on its dates if it says
    /// how often.
    ///
    /// # Errors
    /// When there is no date in the window, or one behind the scenario's last day.
    pub fn within(self, window: &Window) -> Result<Self> {
        let last = self.scenario.until;
        let first = self.scenario.fork_day().unwrap_or(last);
        let dates = match window.every {
            Some(_) => window.dates(first, last, [])?,
            None => vec![window.span(first, last)?[1]],
        };
        match dates.last() {
            Some(&day) if day > last => Err(BadQuestion::AfterHistory { day, last }.into()),
            _ => Ok(Self { dates, ..self }),
        }
    }

    /// The dates on which temperatures are read; the last day unless others were asked for.
    #[must_use]
    pub fn dates(&self) -> &[Day] {
        &self.dates
    }

    /// The scenario, with what is still drawn.
    #[must_use]
    pub const fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The model to begin with.
    #[must_use]
    pub const fn model(&self) -> &Model {
        &self.model
    }

    /// The grid.
    #[must_use]
    pub const fn grid(&self) -> &Grid {
        &self.grid
    }

    /// The first run at each point and its seed.
    #[must_use]
    pub const fn luck(&self) -> Luck {
        self.luck
    }

    /// How many runs at each point.
    #[must_use]
    pub const fn runs(&self) -> u64 {
        self.runs
    }

    /// The dyads, in alphabetical order.
    #[must_use]
    pub fn dyads(&self) -> &[Dyad] {
        &self.dyads
    }

    /// What comes out at some points, in their order, worked out on some threads. Runs are counted.
    ///
    /// # Errors
    /// When rules cause more than they may at one of them: the error of the first. When it is
    /// stopped.
    pub fn read(
        &self,
        points: Range<u64>,
        threads: usize,
        control: &Control,
    ) -> Result<Vec<Reading>> {
        let count = points.end.saturating_sub(points.start);
        let each = count.div_ceil(threads.max(1) as u64).max(1);
        let next = AtomicU64::new(points.start);
        let plan = Plan {
            scenarios: std::slice::from_ref(&self.scenario),
            seed: self.luck.seed,
            runs: 0..0,
            dates: self.dates.clone(),
            dyads: self.dyads.clone(),
            // Percentiles are not told.
            ranges_degrees: vec![BOUND_DEGREES],
        };
        let player = Counter::player(&plan, &self.scenario);
        let work = || {
            let mut reader = Reader::new(self, &plan, player.clone());
            let mut parts = Vec::new();
            loop {
                let begun = next.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |first| {
                    (first < points.end).then(|| first.saturating_add(each).min(points.end))
                });
                let Ok(first) = begun else { return parts };
                let points = first..first.saturating_add(each).min(points.end);
                let read = points.map(|point| reader.read(point, control));
                parts.push((first, read.collect::<Result<Vec<_>>>()));
            }
        };
        let mut parts: Vec<_> = on_threads(threads, work).into_iter().flatten().collect();
        parts.sort_unstable_by_key(|(first, _)| *first);
        let mut readings = Vec::with_capacity(usize::try_from(count).unwrap_or_default());
        for (_, part) in parts {
            readings.extend(part?);
        }
        Ok(readings)
    }
}

/// Reads points one after the other. What the scenario means is worked out once.
struct Reader<'s> {
    sweep: &'s Sweep,
    counter: Counter<'s>,
    model: Model,
    /// What is counted beside what is read; nobody looks at it.
    ignored: Ensemble,
    sums: Vec<Sums>,
    held: Vec<u64>,
}

impl<'s> Reader<'s> {
    fn new(sweep: &'s Sweep, plan: &'s Plan<'s>, player: Player<'s>) -> Self {
        let scenario = &sweep.scenario;
        Self {
            sweep,
            counter: Counter::new(plan, scenario, player, BOUND_DEGREES),
            model: sweep.model.clone(),
            ignored: Ensemble::new(plan),
            sums: vec![Sums::default(); plan.dyads.len() * plan.dates.len()],
            held: vec![0; scenario.questions.len()],
        }
    }

    fn read(&mut self, point: u64, control: &Control) -> Result<Reading> {
        let Sweep {
            grid, luck, runs, ..
        } = self.sweep;
        self.model.clone_from(&self.sweep.model);
        for (axis, value) in grid.axes().iter().zip(grid.values(point)) {
            self.model.set(&axis.name, value)?;
        }
        self.counter.play_under(&self.model);
        self.sums.fill(Sums::default());
        self.held.fill(0);
        let Some(ignored) = self.ignored.tallies.first_mut() else {
            unreachable!("a sweep without a scenario; please report this")
        };
        for run in luck.run..luck.run.saturating_add(*runs) {
            control.go_on()?;
            self.counter.begin();
            let luck = Luck { run, ..*luck };
            self.counter.play(luck, ignored)?;
            self.counter.end();
            control.count(1);
            for (sums, (degrees, _)) in self.sums.iter_mut().zip(self.counter.last_read()) {
                sums.take(degrees);
            }
            for (held, holds) in self.held.iter_mut().zip(self.counter.last_answers()) {
                *held += u64::from(holds);
            }
        }
        let of_one = (*runs == 1).then(|| self.counter.last_read());
        Ok(Reading {
            // Sums keep a part of the digits that one run has.
            temperatures: match of_one {
                Some(read) => read.map(|(degrees, _)| degrees).collect(),
                None => self.sums.iter().map(Sums::mean).collect(),
            },
            outcomes: self
                .held
                .iter()
                .map(|&held| held as f64 / *runs as f64)
                .collect(),
        })
    }
}

/// The dyads asked for, or those that a scenario concerns, or all where it concerns none.
fn chosen(scenario: &Scenario, asked: &[Dyad]) -> Result<Vec<Dyad>> {
    let player = Player::new(scenario);
    let known = player.moment().world.dyads().into_iter();
    let known: BTreeSet<Dyad> = known.map(|(dyad, _)| dyad).collect();
    if let Some(unknown) = asked.iter().find(|dyad| !known.contains(dyad)) {
        return Err(BadQuestion::UnknownDyad {
            dyad: unknown.to_string(),
            known: known.iter().map(ToString::to_string).collect(),
        }
        .into());
    }
    if !asked.is_empty() {
        let asked: BTreeSet<_> = asked.iter().copied().collect();
        return Ok(asked.into_iter().collect());
    }
    let concerned = known
        .iter()
        .copied()
        .filter(|dyad| scenario.concerns(*dyad));
    let concerned: Vec<_> = concerned.collect();
    Ok(if concerned.is_empty() {
        known.into_iter().collect()
    } else {
        concerned
    })
}
