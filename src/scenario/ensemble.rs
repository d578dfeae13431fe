//! Ensembles: many runs of scenarios, counted. Run `r` is the very run that `detente run --run r` shows.
//!
//! Only what adds is kept, so that the same runs give the same result for any number of threads and any split. Of
//! several scenarios, run `r` of each is played with the same luck, and their differences are taken run by run.

use super::check::Scenario;
use super::distribution::{BINS, Bins, Sums, UNBOUNDED_DEGREES, bin_of};
use super::draws::Luck;
use super::jury::Jury;
use super::play::{By, Happening, Missed, Moment, Past, Player, Watcher};
use crate::error::{Error, Kind, Result};
use crate::model::{Day, Dyad, DyadIx, Observer, Phase, World, temperature::BOUND_DEGREES};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// How many runs a thread takes at once.
const BLOCK_RUNS: u64 = 512;
/// The most distributions of one scenario, one for each dyad and date: 160 KB each, for each thread.
pub const CELL_LIMIT: usize = 2_500;

/// What is to be run and looked at.
#[derive(Clone, Debug)]
pub struct Plan<'s> {
    /// The scenarios; the first is what the others are compared with.
    pub scenarios: &'s [Scenario],
    /// What all their chances are drawn from.
    pub seed: u64,
    /// Which runs.
    pub runs: Range<u64>,
    /// The ends of months from the first fork on, and the last day of all.
    pub dates: Vec<Day>,
    /// The dyads that are looked at, in alphabetical order.
    pub dyads: Vec<Dyad>,
}

/// What the runs of one scenario add up to.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// How many runs.
    pub runs: u64,
    /// For each dyad and date what the temperatures were; dates of one dyad stand together.
    pub cells: Vec<Cell>,
    /// For each dyad and bin of its last day the lowest run that ends there.
    #[serde(with = "lowest_runs")]
    pub lowest_run: Vec<Vec<u64>>,
    /// For each question in how many runs it holds.
    pub outcomes: Vec<u64>,
    /// For each chance node and option in how many runs it came to pass.
    pub options: Vec<Vec<u64>>,
    /// For each rule what it did.
    pub rules: Vec<RuleTally>,
    /// How often an event of the scenario or its base turned out illegal: its id and why.
    #[serde(with = "by_event")]
    pub illegal: BTreeMap<(String, String), u64>,
}

/// The temperatures of a dyad on a date.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// In bins.
    pub bins: Bins,
    /// Their sums.
    pub sums: Sums,
    /// In how many runs the dyad is in each phase, from the coldest.
    pub phases: [u64; Phase::ALL.len()],
}

/// What a rule did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleTally {
    /// In how many runs it caused anything.
    pub runs: u64,
    /// How many events it caused.
    pub events: u64,
    /// How many it wanted that were illegal, by reason.
    pub illegal: BTreeMap<String, u64>,
}

/// Another scenario less the first, run by run.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// For each dyad and date the differences of temperature.
    pub sums: Vec<Sums>,
    /// For each dyad in how many runs the other ends warmer, and in how many as warm.
    pub warmer: Vec<[u64; 2]>,
    /// For each question of the other that the first has by the same name, the difference of the answers, which
    /// are 1 and 0.
    pub outcomes: Vec<Option<Sums>>,
}

/// The result of an ensemble.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ensemble {
    /// How many runs were counted, from the first on; fewer than planned if it was stopped.
    pub runs: u64,
    /// For each scenario its tally.
    pub tallies: Vec<Tally>,
    /// For each scenario but the first its difference from that.
    pub differences: Vec<Difference>,
}

/// How an ensemble is watched and stopped from outside.
#[derive(Debug, Default)]
pub struct Control {
    /// How many runs are done.
    pub done: AtomicU64,
    /// Whether it is to end with what has been begun.
    pub stop: AtomicBool,
}

impl<'s> Plan<'s> {
    /// Plans runs of some scenarios. Without `dyads`, those are looked at that a scenario
    /// concerns.
    ///
    /// # Errors
    /// When a dyad is asked for that nothing moves, or when there would be too many distributions.
    pub fn new(
        scenarios: &'s [Scenario],
        seed: u64,
        runs: Range<u64>,
        dyads: &[Dyad],
    ) -> Result<Self> {
        let worlds: Vec<_> = scenarios
            .iter()
            .map(|scenario| (scenario, Player::new(scenario)))
            .collect();
        let known: BTreeSet<Dyad> = worlds
            .iter()
            .flat_map(|(_, player)| player.moment().world.dyads())
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
                return Err(Kind::UnknownDyad { dyad, known }.into());
            }
            let chosen: BTreeSet<_> = dyads.iter().copied().collect();
            chosen.into_iter().collect()
        };
        let dates = dates(scenarios);
        let found = chosen.len() * dates.len();
        if found > CELL_LIMIT {
            let limit = CELL_LIMIT;
            return Err(Kind::TooManyCells { found, limit }.into());
        }
        Ok(Self {
            scenarios,
            seed,
            runs,
            dates,
            dyads: chosen,
        })
    }

    /// Half the range of the bins of a scenario, in degrees.
    #[must_use]
    pub fn range_degrees(&self, scenario: usize) -> f64 {
        let is_bounded = self
            .scenarios
            .get(scenario)
            .is_none_or(|it| it.model.saturation());
        if is_bounded {
            BOUND_DEGREES
        } else {
            UNBOUNDED_DEGREES
        }
    }

    /// Plays the runs on some threads.
    ///
    /// # Errors
    /// What is wrong with the first run in which rules cause more than they may.
    pub fn play(&self, threads: usize, control: &Control) -> Result<Ensemble> {
        let next = AtomicU64::new(self.runs.start);
        let failed = AtomicU64::new(u64::MAX);
        let work = || Worker::new(self).work(&next, &failed, control);
        let mut workers: Vec<Result<Worker<'_>, (u64, Error)>> = Vec::new();
        std::thread::scope(|scope| {
            let started: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            workers.push(work());
            for thread in started {
                match thread.join() {
                    Ok(worker) => workers.push(worker),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
        });
        let mut whole: Option<Ensemble> = None;
        let mut first_error: Option<(u64, Error)> = None;
        for worker in workers {
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
            (None, None) => Err(Kind::Empty.into()),
        }
    }
}

/// The ends of months from the earliest fork on, and the last day of all.
fn dates(scenarios: &[Scenario]) -> Vec<Day> {
    let first = scenarios.iter().filter_map(Scenario::fork_day).min();
    let last = scenarios.iter().map(|scenario| scenario.until).max();
    let (Some(first), Some(last)) = (first, last) else {
        return Vec::new();
    };
    let mut dates = Vec::new();
    let mut month_end = first.end_of_month();
    while month_end < last {
        dates.push(month_end);
        match month_end.plus_days(1) {
            Some(next) => month_end = next.end_of_month(),
            None => break,
        }
    }
    dates.push(last);
    dates
}

impl Ensemble {
    fn new(plan: &Plan<'_>) -> Self {
        let cells = plan.dyads.len() * plan.dates.len();
        let tally = |scenario: &Scenario| {
            let hazards = &scenario.hazards;
            let options = hazards
                .chances
                .iter()
                .map(|chance| vec![0; chance.options.len()]);
            Tally {
                runs: 0,
                cells: vec![Cell::default(); cells],
                lowest_run: vec![vec![u64::MAX; BINS]; plan.dyads.len()],
                outcomes: vec![0; scenario.questions.len()],
                options: options.collect(),
                rules: vec![RuleTally::default(); hazards.rules.len()],
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

    /// Adds the result of other runs of the same plan.
    pub fn add(&mut self, other: &Self) {
        self.runs += other.runs;
        for (tally, more) in self.tallies.iter_mut().zip(&other.tallies) {
            tally.add(more);
        }
        for (difference, more) in self.differences.iter_mut().zip(&other.differences) {
            difference.add(more);
        }
    }
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.runs += other.runs;
        for (cell, more) in self.cells.iter_mut().zip(&other.cells) {
            cell.bins.add(&more.bins);
            cell.sums.add(&more.sums);
            add(&mut cell.phases, &more.phases);
        }
        for (lowest, more) in self.lowest_run.iter_mut().zip(&other.lowest_run) {
            for (run, other) in lowest.iter_mut().zip(more) {
                *run = (*run).min(*other);
            }
        }
        add(&mut self.outcomes, &other.outcomes);
        for (options, more) in self.options.iter_mut().zip(&other.options) {
            add(options, more);
        }
        for (rule, more) in self.rules.iter_mut().zip(&other.rules) {
            rule.runs += more.runs;
            rule.events += more.events;
            add_by_name(&mut rule.illegal, &more.illegal);
        }
        add_by_name(&mut self.illegal, &other.illegal);
    }
}

impl Difference {
    fn add(&mut self, other: &Self) {
        for (sums, more) in self.sums.iter_mut().zip(&other.sums) {
            sums.add(more);
        }
        for (warmer, more) in self.warmer.iter_mut().zip(&other.warmer) {
            add(warmer, more);
        }
        for (outcome, more) in self.outcomes.iter_mut().zip(&other.outcomes) {
            if let (Some(sums), Some(more)) = (outcome, more) {
                sums.add(more);
            }
        }
    }
}

fn add(counts: &mut [u64], more: &[u64]) {
    for (count, more) in counts.iter_mut().zip(more) {
        *count += more;
    }
}

fn add_by_name<K: Ord + Clone>(counts: &mut BTreeMap<K, u64>, more: &BTreeMap<K, u64>) {
    for (name, more) in more {
        *counts.entry(name.clone()).or_default() += more;
    }
}

/// A thread's share of an ensemble.
struct Worker<'p> {
    plan: &'p Plan<'p>,
    played: Vec<(Player<'p>, Counter<'p>)>,
    ensemble: Ensemble,
}

impl<'p> Worker<'p> {
    fn new(plan: &'p Plan<'p>) -> Self {
        let played = plan.scenarios.iter().map(|scenario| {
            let player = Player::new(scenario).told_from(plan.dates.first().copied());
            let counter = Counter::new(plan, scenario, player.moment().world);
            (player, counter)
        });
        Self {
            plan,
            played: played.collect(),
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
            if control.stop.load(Ordering::Relaxed) || failed.load(Ordering::Relaxed) != u64::MAX {
                return Ok(self);
            }
            let begun = next.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |first| {
                (first < end).then(|| first.saturating_add(BLOCK_RUNS).min(end))
            });
            let Ok(first) = begun else { return Ok(self) };
            let last = first.saturating_add(BLOCK_RUNS).min(end);
            for run in first..last {
                if let Err(error) = self.play(run) {
                    failed.fetch_min(run, Ordering::Relaxed);
                    return Err((run, error));
                }
            }
            control.done.fetch_add(last - first, Ordering::Relaxed);
        }
    }

    fn play(&mut self, run: u64) -> Result<()> {
        let luck = Luck {
            seed: self.plan.seed,
            run,
        };
        for (place, (player, counter)) in self.played.iter_mut().enumerate() {
            counter.begin();
            player.play(luck, Past::Skipped, counter)?;
            counter.finish(&player.moment());
            let range = self.plan.range_degrees(place);
            if let Some(tally) = self.ensemble.tallies.get_mut(place) {
                counter.enter(tally, run, range, player.options());
            }
        }
        self.ensemble.runs += 1;
        if let Some(((_, first), others)) = self.played.split_first() {
            for ((_, other), difference) in others.iter().zip(&mut self.ensemble.differences) {
                other.compare(first, self.plan.dates.len(), difference);
            }
        }
        Ok(())
    }
}

/// Counts what happens in a run.
struct Counter<'p> {
    plan: &'p Plan<'p>,
    scenario: &'p Scenario,
    dyads: Vec<(Dyad, Option<DyadIx>)>,
    jury: Jury<'p>,
    /// How many dates are passed.
    passed: usize,
    /// For each dyad and date the temperature and the phase.
    temperatures: Vec<f64>,
    phases: Vec<Option<Phase>>,
    answers: Vec<bool>,
    /// For each rule how many events it caused.
    caused: Vec<u64>,
    illegal_by_rule: Vec<(usize, String)>,
    illegal: Vec<(String, String)>,
}

impl<'p> Counter<'p> {
    fn new(plan: &'p Plan<'p>, scenario: &'p Scenario, world: &World) -> Self {
        let cells = plan.dyads.len() * plan.dates.len();
        Self {
            plan,
            scenario,
            dyads: plan
                .dyads
                .iter()
                .map(|&dyad| (dyad, world.find_dyad(dyad)))
                .collect(),
            jury: Jury::new(scenario),
            passed: 0,
            temperatures: vec![0.0; cells],
            phases: vec![None; cells],
            answers: Vec::new(),
            caused: vec![0; scenario.hazards.rules.len()],
            illegal_by_rule: Vec::new(),
            illegal: Vec::new(),
        }
    }

    fn begin(&mut self) {
        self.jury.begin();
        self.passed = 0;
        self.caused.fill(0);
        self.illegal_by_rule.clear();
        self.illegal.clear();
    }

    /// Reads the temperatures at the end of the next date.
    fn read(&mut self, moment: &Moment<'_>, date: Day) {
        let dates = self.plan.dates.len();
        for (place, &(dyad, index)) in self.dyads.iter().enumerate() {
            let cell = place * dates + self.passed;
            let (temperature, phase) = match index {
                Some(index) => moment.state.relation(index).read_on(date, moment.model),
                None => (moment.model.baseline(dyad), None),
            };
            self.temperatures[cell] = temperature;
            self.phases[cell] = phase;
        }
        self.passed += 1;
    }

    fn finish(&mut self, moment: &Moment<'_>) {
        while let Some(&date) = self.plan.dates.get(self.passed) {
            self.read(moment, date);
        }
        self.answers.clear();
        self.answers
            .extend(self.jury.answers(moment).map(|answer| answer.holds));
    }

    fn enter(
        &self,
        tally: &mut Tally,
        run: u64,
        range_degrees: f64,
        options: impl Iterator<Item = Option<usize>>,
    ) {
        tally.runs += 1;
        let dates = self.plan.dates.len();
        let read = self.temperatures.iter().zip(&self.phases);
        for (cell, (&temperature, phase)) in tally.cells.iter_mut().zip(read) {
            cell.bins.count(temperature, range_degrees);
            cell.sums.take(temperature);
            if let Some(phase) = phase {
                cell.phases[*phase as usize] += 1;
            }
        }
        let ends = self
            .temperatures
            .chunks(dates.max(1))
            .filter_map(<[f64]>::last);
        for (lowest, &end) in tally.lowest_run.iter_mut().zip(ends) {
            if let Some(lowest) = bin_of(end, range_degrees).and_then(|bin| lowest.get_mut(bin)) {
                *lowest = run.min(*lowest);
            }
        }
        for (count, &holds) in tally.outcomes.iter_mut().zip(&self.answers) {
            *count += u64::from(holds);
        }
        for (options, option) in tally.options.iter_mut().zip(options) {
            if let Some(count) = option.and_then(|option| options.get_mut(option)) {
                *count += 1;
            }
        }
        for (rule, &caused) in tally.rules.iter_mut().zip(&self.caused) {
            rule.runs += u64::from(caused > 0);
            rule.events += caused;
        }
        for (rule, reason) in &self.illegal_by_rule {
            if let Some(rule) = tally.rules.get_mut(*rule) {
                *rule.illegal.entry(reason.clone()).or_default() += 1;
            }
        }
        for illegal in &self.illegal {
            *tally.illegal.entry(illegal.clone()).or_default() += 1;
        }
    }

    fn compare(&self, first: &Self, dates: usize, difference: &mut Difference) {
        let pairs = self.temperatures.iter().zip(&first.temperatures);
        for (sums, (own, other)) in difference.sums.iter_mut().zip(pairs) {
            sums.take(own - other);
        }
        let own = self
            .temperatures
            .chunks(dates.max(1))
            .filter_map(<[f64]>::last);
        let other = first
            .temperatures
            .chunks(dates.max(1))
            .filter_map(<[f64]>::last);
        for ([warmer, same], (own, other)) in difference.warmer.iter_mut().zip(own.zip(other)) {
            *warmer += u64::from(own > other);
            *same += u64::from(own == other);
        }
        let questions = self.scenario.questions.iter().zip(&self.answers);
        for (outcome, ((id, _), &holds)) in difference.outcomes.iter_mut().zip(questions) {
            let other = first
                .scenario
                .questions
                .iter()
                .position(|(other, _)| other == id);
            let other = other.and_then(|place| first.answers.get(place));
            if let (Some(sums), Some(&other)) = (outcome, other) {
                sums.take(f64::from(u8::from(holds)) - f64::from(u8::from(other)));
            }
        }
    }
}

impl Observer for Counter<'_> {}

impl Watcher for Counter<'_> {
    fn waited(&mut self, moment: &Moment<'_>, day: Day, behind_fork: bool) {
        self.jury.waited(moment, day, behind_fork);
        while let Some(&date) = self.plan.dates.get(self.passed).filter(|&&date| date < day) {
            self.read(moment, date);
        }
    }

    fn passed(&mut self, happening: &Happening<'_>, moment: &Moment<'_>) -> Result<()> {
        let hazards = &self.scenario.hazards;
        let place = |rule| {
            hazards
                .rules
                .iter()
                .position(|other| std::ptr::eq(other, rule))
        };
        match (happening.missed, happening.by) {
            (None, by) => {
                self.jury.passed(moment);
                if let By::Rule(rule) = by
                    && let Some(count) = place(rule).and_then(|place| self.caused.get_mut(place))
                {
                    *count += 1;
                }
            }
            (Some(Missed::Illegal(refusal)), By::Rule(rule)) => {
                self.illegal_by_rule
                    .extend(place(rule).map(|rule| (rule, refusal.says.clone())));
            }
            (Some(Missed::Illegal(refusal)), By::Entry(_)) => {
                self.illegal
                    .push((happening.id().to_owned(), refusal.says.clone()));
            }
            (Some(_), _) => {}
        }
        Ok(())
    }
}

/// The lowest runs as a file has them: only bins that a run ended in.
mod lowest_runs {
    use crate::scenario::distribution::{dense, sparse};
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    pub(super) fn serialize<S: Serializer>(runs: &[Vec<u64>], to: S) -> Result<S::Ok, S::Error> {
        let runs: Vec<_> = runs.iter().map(|runs| sparse(runs, u64::MAX)).collect();
        runs.serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<Vec<u64>>, D::Error> {
        let runs = Vec::<Vec<(usize, u64)>>::deserialize(from)?;
        let runs = runs.iter().map(|runs| dense(runs, u64::MAX));
        runs.collect::<Result<_, _>>().map_err(de::Error::custom)
    }
}

/// Counts by event and reason as a file has them, whose keys are texts only.
mod by_event {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::collections::BTreeMap;

    pub(super) fn serialize<S: Serializer>(
        counts: &BTreeMap<(String, String), u64>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        let counts: Vec<_> = counts
            .iter()
            .map(|((event, reason), count)| (event, reason, count))
            .collect();
        counts.serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<BTreeMap<(String, String), u64>, D::Error> {
        let counts = Vec::<(String, String, u64)>::deserialize(from)?;
        Ok(counts
            .into_iter()
            .map(|(event, reason, count)| ((event, reason), count))
            .collect())
    }
}
