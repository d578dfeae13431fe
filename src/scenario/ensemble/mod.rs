//! Ensembles: many runs of scenarios, counted. Run `r` is the very run that `detente run --run r`
//! shows.
//!
//! Of several scenarios, run `r` of each is played with the same luck, and their differences are
//! taken run by run.

pub(super) mod distribution;

pub(super) mod range;
pub(super) mod tally;

pub(super) mod plan;
pub(super) mod sensitivity;

pub(super) mod counter;
pub(super) mod frame;

pub(super) mod exact;

use super::check::Scenario;
use crate::error::{BadFile, Error, Result};
use crate::scenario::file::draws::Luck;
use crate::scenario::play::player::Player;
use crate::threads::{Control, on_threads};
use counter::{BLOCK_RUNS, Counter, class_counts};
use distribution::{BINS, Bins, Sums};
use plan::Plan;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use tally::{Cell, Difference, Ensemble, RuleTally, Slice, Tally};

impl Plan<'_> {
    /// Plays the runs on some threads; where it is stopped, as many of the first as were begun.
    ///
    /// # Errors
    /// What is wrong with the first run in which rules cause more than they may.
    pub fn play(&self, threads: usize, control: &Control) -> Result<Ensemble> {
        let next = AtomicU64::new(self.runs.start);
        let failed = AtomicU64::new(u64::MAX);
        let mut players = Vec::with_capacity(self.scenarios.len());
        for scenario in self.scenarios {
            let mut player = Counter::player(self, scenario);
            player.settle()?;
            player.forget_past();
            players.push(player);
        }
        let work = || Worker::new(self, &players).work(&next, &failed, control);
        let mut whole: Option<Ensemble> = None;
        let mut first_error: Option<(u64, Error)> = None;
        for worker in on_threads(threads, work) {
            match worker {
                Ok(worker) => match &mut whole {
                    Some(whole) => whole.add(&worker.ensemble),
                    None => whole = Some(worker.ensemble),
                },
                Err((run, error)) => {
                    if first_error.as_ref().is_none_or(|(first, _)| run < *first) {
                        first_error = Some((run, error));
                    }
                }
            }
        }
        match (first_error, whole) {
            (Some((_, error)), _) => Err(error),
            (None, Some(whole)) => Ok(whole),
            (None, None) => Err(BadFile::Empty.into()),
        }
    }
}

impl Ensemble {
    /// No runs of a plan yet.
    pub(in crate::scenario) fn new(plan: &Plan<'_>) -> Self {
        let cells = plan.dyads.len() * plan.dates.len();
        let tally = |scenario: &Scenario| {
            let hazards = &scenario.hazards;
            let options = hazards
                .chances
                .iter()
                .map(|chance| vec![0; chance.options.len()]);
            let questions = scenario.questions.len();
            let slice = Slice::new(plan.dyads.len(), questions);
            let classes = class_counts(hazards).into_iter();
            let inputs = classes.map(|classes| vec![slice.clone(); classes]);
            Tally {
                runs: 0,
                cells: vec![Cell::default(); cells],
                lowest_run: vec![vec![u64::MAX; BINS]; plan.dyads.len()],
                outcomes: vec![0; questions],
                options: options.collect(),
                rules: vec![RuleTally::default(); hazards.rules.len()],
                inputs: inputs.collect(),
                illegal: BTreeMap::new(),
            }
        };
        let first = plan.scenarios.first();
        let difference = |scenario: &Scenario| {
            let has = |id: &String| {
                first.is_some_and(|first| first.questions.iter().any(|(other, _)| other == id))
            };
            let outcomes = scenario
                .questions
                .iter()
                .map(|(id, _)| has(id).then(Sums::default));
            Difference {
                sums: vec![Sums::default(); cells],
                bins: vec![Bins::default(); cells],
                warmer: vec![[0; 2]; plan.dyads.len()],
                outcomes: outcomes.collect(),
            }
        };
        Self {
            runs: 0,
            tallies: plan.scenarios.iter().map(tally).collect(),
            differences: plan.scenarios.iter().skip(1).map(difference).collect(),
        }
    }
}

/// A thread's share of an ensemble.
struct Worker<'p> {
    plan: &'p Plan<'p>,
    counters: Vec<Counter<'p>>,
    ensemble: Ensemble,
}

impl<'p> Worker<'p> {
    fn new(plan: &'p Plan<'p>, players: &[Player<'p>]) -> Self {
        let scenarios = plan.scenarios.iter().zip(&plan.ranges_degrees);
        let counters = scenarios.zip(players).map(|((scenario, &range), player)| {
            Counter::new(plan, scenario, player.clone(), range)
        });
        Self {
            plan,
            counters: counters.collect(),
            ensemble: Ensemble::new(plan),
        }
    }

    fn work(
        mut self,
        next: &AtomicU64,
        failed: &AtomicU64,
        control: &Control,
    ) -> Result<Self, (u64, Error)> {
        let end = self.plan.runs.end;
        loop {
            // Blocks are begun in their order and ended once begun: what is counted has no gaps.
            if control.is_stopped() || failed.load(Ordering::Relaxed) != u64::MAX {
                return Ok(self);
            }
            let begun = next.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |first| {
                (first < end).then(|| first.saturating_add(BLOCK_RUNS).min(end))
            });
            let Ok(first) = begun else { return Ok(self) };
            let last = first.saturating_add(BLOCK_RUNS).min(end);
            if let Err((run, error)) = self.play(first..last) {
                failed.fetch_min(run, Ordering::Relaxed);
                return Err((run, error));
            }
            control.count(last - first);
        }
    }

    fn play(&mut self, runs: Range<u64>) -> Result<(), (u64, Error)> {
        let seed = self.plan.seed;
        let Ensemble {
            runs: counted,
            tallies,
            differences,
        } = &mut self.ensemble;
        for (counter, tally) in self.counters.iter_mut().zip(tallies) {
            counter.begin();
            for run in runs.clone() {
                let luck = Luck { seed, run };
                counter.play(luck, tally).map_err(|error| (run, error))?;
            }
            counter.enter(runs.start, tally);
        }
        if let Some((first, others)) = self.counters.split_first() {
            for (other, difference) in others.iter().zip(differences) {
                other.compare(first, difference);
            }
        }
        *counted += runs.end - runs.start;
        Ok(())
    }
}
