//! Sweeps: a scenario over a grid of parameters.

use super::check::Scenario;
use super::draws::Luck;
use super::ensemble::{Control, Plan};
use super::play::Player;
use super::run::run;
use crate::error::{Error, Fault, Kind, Result};
use crate::history::FAULT_LIMIT;
use crate::model::{Dyad, Model};
use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

/// The most points of a grid.
pub const POINT_LIMIT: u64 = 10_000_000;

/// A parameter of the model and the values that it takes, as a person or a file would write them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    /// The parameter.
    pub name: String,
    /// Its values.
    pub values: Vec<String>,
}

/// Every combination of the values of some axes. The last axis changes fastest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    axes: Vec<Axis>,
    points: u64,
}

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
}

/// What came out at a point of the grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// For each dyad the temperature on the last day, or the mean over runs, in degrees.
    pub temperatures: Vec<f64>,
    /// For each outcome 1 if it holds and 0 if not, or the share of runs in which it holds.
    pub outcomes: Vec<f64>,
}

impl Axis {
    /// Reads `NAME=A..B:N`, N values from A to B in equal steps and to twelve digits, or a list `NAME=V1,V2,...`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Self, Kind> {
        let bad = |says| Kind::BadAxis {
            found: text.to_owned(),
            says,
        };
        let (name, values) = text.split_once('=').ok_or_else(|| bad("it has no `=`"))?;
        let (name, values) = (name.trim().to_owned(), values.trim());
        let Some((from, rest)) = values.split_once("..") else {
            let values: Vec<_> = values.split(',').map(|it| it.trim().to_owned()).collect();
            if values.iter().any(String::is_empty) {
                return Err(bad("a value is missing"));
            }
            let seen: HashSet<_> = values.iter().collect();
            if seen.len() < values.len() {
                return Err(bad("a value stands twice"));
            }
            return Ok(Self { name, values });
        };
        let (to, steps) = rest
            .split_once(':')
            .ok_or_else(|| bad("a range needs how many values, such as 30..365:12"))?;
        let number = |text: &str| {
            let number = text.trim().parse().ok();
            number.filter(|number: &f64| number.is_finite())
        };
        let ends = number(from).zip(number(to));
        let (from, to) = ends.ok_or_else(|| bad("a range goes from one number to another"))?;
        let steps = steps.trim().parse::<u64>().ok().filter(|steps| *steps >= 2);
        let steps = steps.ok_or_else(|| bad("a range has two values or more"))?;
        if steps > POINT_LIMIT {
            return Err(Kind::TooManyPoints {
                found: Some(steps),
                limit: POINT_LIMIT,
                format: None,
            });
        }
        if from == to {
            return Err(bad("a range goes from one number to another"));
        }
        let last = steps - 1;
        let value = |step: u64| match step {
            0 => from,
            step if step == last => to,
            step => rounded(from + (to - from) * (step as f64 / last as f64)),
        };
        let values = (0..steps).map(|step| (value(step) + 0.0).to_string());
        Ok(Self {
            name,
            values: values.collect(),
        })
    }

    /// Reads several axes, each as [`Axis::read`] does.
    ///
    /// # Errors
    /// Everything that is wrong with their form, or else every axis that stands twice and every value that is none its
    /// parameter can have.
    pub fn read_all<'t>(texts: impl IntoIterator<Item = &'t String>) -> Result<Vec<Self>> {
        let (mut axes, mut faults) = (Vec::new(), Vec::new());
        for text in texts {
            match Self::read(text) {
                Ok(read) => axes.push(read),
                Err(kind) => faults.push(Fault::from(kind)),
            }
        }
        Error::check(faults, FAULT_LIMIT)?;
        Self::check(&axes)?;
        Ok(axes)
    }

    fn check(axes: &[Self]) -> Result<()> {
        let mut faults: Vec<Fault> = Vec::new();
        let mut seen = HashSet::new();
        for axis in axes {
            if !seen.insert(&axis.name) {
                let (field, value) = ("--set", axis.name.clone());
                faults.push(Kind::Twice { field, value }.into());
            }
            let mut model = Model::default();
            let set = axis.values.iter().map(|value| model.set(&axis.name, value));
            let bad: Vec<_> = set.filter_map(Result::err).collect();
            faults.extend(bad.into_iter().map(|bad| Fault::from(Kind::Setting(bad))));
        }
        faults.dedup_by_key(|fault| fault.kind.to_string());
        Error::check(faults, FAULT_LIMIT)
    }
}

impl Grid {
    /// The grid of some axes.
    ///
    /// # Errors
    /// When there are more than [`POINT_LIMIT`] points.
    pub fn new(axes: Vec<Axis>) -> Result<Self> {
        let lengths = axes.iter().map(|axis| axis.values.len() as u64);
        let points = lengths.into_iter().try_fold(1_u64, u64::checked_mul);
        let within = points.filter(|points| *points <= POINT_LIMIT);
        let points = within.ok_or(Kind::TooManyPoints {
            found: points,
            limit: POINT_LIMIT,
            format: None,
        })?;
        Ok(Self { axes, points })
    }

    /// The axes.
    #[must_use]
    pub fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// How many points it has.
    #[must_use]
    pub const fn points(&self) -> u64 {
        self.points
    }

    /// The value of each axis at a point, which counts from 0.
    #[must_use]
    pub fn values(&self, point: u64) -> Vec<&str> {
        let mut rest = point;
        let mut values: Vec<_> = self
            .axes
            .iter()
            .rev()
            .map(|axis| {
                let count = axis.values.len().max(1) as u64;
                let place = (rest % count) as usize;
                rest /= count;
                axis.values.get(place).map_or("", String::as_str)
            })
            .collect();
        values.reverse();
        values
    }
}

impl Sweep {
    /// Makes a scenario ready to be swept, a number of runs at each point. With a `model` that one takes the place of
    /// the scenario's, and nothing is drawn of it; else nothing is drawn of what is on the grid. Without `dyads`,
    /// those are looked at that the scenario concerns.
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
        let is_fixed = |name: &str| is_replaced || grid.axes.iter().any(|axis| axis.name == name);
        scenario.hazards.uncertain.retain(|it| !is_fixed(&it.name));
        let dyads = chosen(&scenario, dyads)?;
        Ok(Self {
            scenario,
            model,
            grid,
            luck,
            runs,
            dyads,
        })
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

    /// What comes out at some points, in their order, worked out on some threads.
    ///
    /// # Errors
    /// When rules cause more than they may at one of them: the error of the first.
    pub fn read(&self, points: Range<u64>, threads: usize) -> Result<Vec<Reading>> {
        let count = points.end.saturating_sub(points.start);
        let each = count.div_ceil(threads.max(1) as u64).max(1);
        let mut parts: Vec<Result<Vec<Reading>>> = Vec::new();
        std::thread::scope(|scope| {
            let starts = (points.start..points.end).step_by(usize::try_from(each).unwrap_or(1));
            let work = |first: u64| {
                let points = first..first.saturating_add(each).min(points.end);
                move || {
                    let mut scenario = self.scenario.clone();
                    let read = points.map(|point| self.read_with(&mut scenario, point));
                    read.collect::<Result<Vec<_>>>()
                }
            };
            let started: Vec<_> = starts.map(|first| scope.spawn(work(first))).collect();
            for thread in started {
                match thread.join() {
                    Ok(part) => parts.push(part),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
        });
        let mut readings = Vec::with_capacity(usize::try_from(count).unwrap_or_default());
        for part in parts {
            readings.extend(part?);
        }
        Ok(readings)
    }

    fn read_with(&self, scenario: &mut Scenario, point: u64) -> Result<Reading> {
        scenario.model.clone_from(&self.model);
        for (axis, value) in self.grid.axes.iter().zip(self.grid.values(point)) {
            scenario.model.set(&axis.name, value)?;
        }
        if self.runs > 1 {
            return self.count(scenario);
        }
        let run = run(scenario, self.luck, |_, _| Ok(()))?;
        let (state, model, until) = (&run.folded.state, &run.model, scenario.until);
        let temperature = |dyad: &Dyad| match run.folded.world.find_dyad(*dyad) {
            Some(index) => state.relation(index).read_on(until, model).0,
            None => model.baseline(*dyad),
        };
        let answers = run.answers.iter();
        Ok(Reading {
            temperatures: self.dyads.iter().map(temperature).collect(),
            outcomes: answers
                .map(|(_, answer)| f64::from(u8::from(answer.holds)))
                .collect(),
        })
    }

    /// Counts over all runs, by an ensemble that looks at the last day only.
    fn count(&self, scenario: &Scenario) -> Result<Reading> {
        let first = self.luck.run;
        let plan = Plan {
            scenarios: std::slice::from_ref(scenario),
            seed: self.luck.seed,
            runs: first..first.saturating_add(self.runs),
            dates: vec![scenario.until],
            dyads: self.dyads.clone(),
        };
        let ensemble = plan.play(1, &Control::default())?;
        let tally = ensemble.tallies.first();
        let runs = ensemble.runs.max(1) as f64;
        Ok(Reading {
            temperatures: tally
                .map(|tally| tally.cells.iter().map(|cell| cell.sums.mean()).collect())
                .unwrap_or_default(),
            outcomes: tally
                .map(|tally| tally.outcomes.iter().map(|it| *it as f64 / runs).collect())
                .unwrap_or_default(),
        })
    }
}

/// A number to twelve digits, so that steps of a tenth are tenths.
fn rounded(value: f64) -> f64 {
    format!("{value:.11e}").parse().unwrap_or(value)
}

/// The dyads asked for, or those that a scenario concerns, or all where it concerns none.
fn chosen(scenario: &Scenario, asked: &[Dyad]) -> Result<Vec<Dyad>> {
    let player = Player::new(scenario);
    let known = player.moment().world.dyads().into_iter();
    let known: BTreeSet<Dyad> = known.map(|(dyad, _)| dyad).collect();
    if let Some(unknown) = asked.iter().find(|dyad| !known.contains(dyad)) {
        return Err(Kind::UnknownDyad {
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
