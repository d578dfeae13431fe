//! Scores: scenarios as forecasts, held against a log of what happened.
//!
//! An outcome's forecast is the share of runs in which it holds, a fan's the temperatures of all
//! runs. What came to be is the log read under the scenario's own model. Beside each stands
//! *persistence*: how things stood at the fork, waiting.

use super::compare::{Track, dyads_of, sample};
use crate::history::{Fold, Record};
use crate::model::{Day, Dyad, Model, State, World};
use crate::scenario::check::Scenario;
use crate::scenario::ensemble::distribution::{Z_95, bin_of, middle_of};
use crate::scenario::ensemble::plan::Plan;
use crate::scenario::ensemble::tally::{Ensemble, Tally};
use crate::scenario::file::base::Base;
use crate::scenario::file::condition::{Condition, Question, holds};
use crate::scenario::file::entry::Fate;
use crate::scenario::file::spliced::Spliced;
use serde::Serialize;
use std::collections::HashSet;

/// The Brier score of a probability: its squared distance from what happened, 0 the best and 1 the
/// worst (Brier 1950, Verification of forecasts expressed in terms of probability, Monthly Weather
/// Review 78, 1-3).
#[must_use]
pub fn brier(probability: f64, happened: bool) -> f64 {
    let distance = probability - f64::from(u8::from(happened));
    distance * distance
}

/// The logarithmic score of a probability, in nats: the negative logarithm of what was given to
/// that which happened, 0 the best (Good 1952, Rational decisions, Journal of the Royal Statistical
/// Society B 14, 107-114). Infinite where that was said to be impossible.
#[must_use]
pub fn log_score(probability: f64, happened: bool) -> f64 {
    let given = if happened {
        probability
    } else {
        1.0 - probability
    };
    // So that there is no negative zero.
    0.0 - libm::log(given)
}

/// A log of what happened.
#[derive(Clone, Copy, Debug)]
pub struct Against<'a> {
    /// The log.
    pub log: &'a Base,
    /// The day until which it tells everything.
    pub complete_until: Day,
}

/// What a log says of an outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It came to be: on that day for the first time, where it has a deadline.
    Happened(Option<Day>),
    /// It did not.
    DidNot,
    /// The log does not decide it, and why.
    Undecided(String),
}

impl Verdict {
    /// Whether it came to be, where that is decided.
    #[must_use]
    pub const fn happened(&self) -> Option<bool> {
        match self {
            Self::Happened(_) => Some(true),
            Self::DidNot => Some(false),
            Self::Undecided(_) => None,
        }
    }
}

/// An outcome of a scenario, and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScoredOutcome {
    /// The outcome.
    pub id: String,
    /// The deadline, or the day on which it is asked.
    pub day: Day,
    /// Whether that is a deadline.
    pub is_deadline: bool,
    /// In how many runs it holds.
    pub holds_in: u64,
    /// Of how many.
    pub runs: u64,
    /// What the log says.
    pub verdict: Verdict,
    /// Whether it would hold if nothing happened from the fork on.
    pub persists: bool,
    /// The Brier scores of forecast and persistence, where the log decides.
    pub brier: Option<[f64; 2]>,
    /// The logarithmic scores in nats; an infinite one is null in JSON.
    pub log_score: Option<[f64; 2]>,
}

impl ScoredOutcome {
    /// The share of runs in which it holds.
    #[must_use]
    pub fn probability(&self) -> f64 {
        self.holds_in as f64 / self.runs.max(1) as f64
    }

    /// The same with its scores.
    fn scored(self) -> Self {
        let both = [self.probability(), f64::from(u8::from(self.persists))];
        let happened = self.verdict.happened();
        let scores = |score: fn(f64, bool) -> f64| {
            happened.map(|happened| both.map(|probability| score(probability, happened)))
        };
        Self {
            brier: scores(brier),
            log_score: scores(log_score),
            ..self
        }
    }
}

/// The fan of a dyad on a date, and what came to be.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScoredFan {
    /// The dyad.
    pub dyad: Dyad,
    /// At the end of this day.
    pub date: Day,
    /// The temperature that the log gives, in degrees.
    pub observed: f64,
    /// The mean of all runs, in degrees.
    pub mean: f64,
    /// The continuous ranked probability score of the fan, in degrees; the less the better.
    pub crps: f64,
    /// Where the dyad would be if nothing happened from the fork on, in degrees.
    pub persistence: f64,
    /// The same score of that, which is its distance, in degrees.
    pub persistence_crps: f64,
    /// The score of the fan as a forecast of the change since the fork, in degrees: what scenario
    /// and log read differently at the fork already is taken off.
    pub change_crps: f64,
    /// The same of persistence.
    pub persistence_change_crps: f64,
    /// By how much the difference of fan and persistence may be off, in degrees, since values count
    /// as the middles of bins and runs are a sample: of the level, and of the change.
    #[serde(skip)]
    pub blur_degrees: [f64; 2],
}

impl ScoredFan {
    /// The score of the level and that of persistence.
    #[must_use]
    pub const fn level(&self) -> [f64; 2] {
        [self.crps, self.persistence_crps]
    }

    /// The score of the change since the fork and that of persistence.
    #[must_use]
    pub const fn change(&self) -> [f64; 2] {
        [self.change_crps, self.persistence_change_crps]
    }
}

/// A dyad at the fork, in degrees: as the scenario reads it, and as the log does, which may know
/// more of what was before.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AtFork {
    /// The dyad.
    pub dyad: Dyad,
    /// As the scenario's base has it.
    pub own: f64,
    /// As the log has it.
    pub observed: f64,
}

/// A scenario as a forecast, scored.
#[derive(Clone, Debug, Serialize)]
pub struct Scored {
    /// The first day behind the fork.
    pub fork_day: Day,
    /// How many events lie before the fork.
    pub shared_events: usize,
    /// How many of them the log has.
    pub shared_in_log: usize,
    /// The dyads of the fans at the fork.
    pub at_fork: Vec<AtFork>,
    /// The outcomes.
    pub outcomes: Vec<ScoredOutcome>,
    /// The fans behind the fork, on the dates that scenario and log reach, of dyads that the log
    /// knows.
    pub fans: Vec<ScoredFan>,
}

/// Scenarios as forecasts, scored against one log.
#[derive(Clone, Debug, Serialize)]
pub struct Score {
    /// The scenarios, in the order of the plan.
    pub scenarios: Vec<Scored>,
    /// Dyads that the log does not know.
    pub unknown_dyads: Vec<Dyad>,
    /// How many fans all scenarios have that stand under one model, and which are these.
    pub common_fans: usize,
    /// For each scenario its mean score over these fans and that of persistence; nothing where it
    /// has another model than the first.
    pub common_crps: Vec<Option<[f64; 2]>>,
    /// The same of the change since the fork.
    pub common_change_crps: Vec<Option<[f64; 2]>>,
}

impl Score {
    /// Scores the runs of a plan.
    #[must_use]
    pub fn new(plan: &Plan<'_>, ensemble: &Ensemble, against: Against<'_>) -> Self {
        let scenarios = plan.scenarios.iter().zip(&ensemble.tallies).enumerate();
        let scored: Vec<_> = scenarios
            .map(|(place, (scenario, tally))| Scored::new(plan, place, scenario, tally, against))
            .collect();
        let first = plan.scenarios.first();
        let of_first = |scenario: &Scenario| first.is_some_and(|it| it.model == scenario.model);
        let compared: Vec<_> = plan.scenarios.iter().map(of_first).collect();
        let cell = |fan: &ScoredFan| (fan.dyad, fan.date);
        let in_all = |fan: &ScoredFan| {
            let mut others = scored.iter().zip(&compared).filter(|(_, is_it)| **is_it);
            others.all(|(other, _)| other.fans.iter().any(|it| cell(it) == cell(fan)))
        };
        let common: HashSet<_> = scored.first().map_or_else(HashSet::new, |first| {
            let fans = first.fans.iter().filter(|fan| in_all(fan));
            fans.map(cell).collect()
        });
        let means = |score: fn(&ScoredFan) -> [f64; 2]| {
            let means = scored.iter().zip(&compared).map(|(scored, is_compared)| {
                let fans = scored.fans.iter();
                let fans = || fans.clone().filter(|fan| common.contains(&cell(fan)));
                let own = mean(fans().map(|fan| score(fan)[0]))?;
                let persistence = mean(fans().map(|fan| score(fan)[1]))?;
                is_compared.then_some([own, persistence])
            });
            means.collect()
        };
        let log = Track::of_log(
            String::new(),
            against.log,
            first.map_or_else(Model::default, |scenario| scenario.model.clone()),
        );
        let known: HashSet<_> = dyads_of([&log]).into_iter().collect();
        let unknown = plan.dyads.iter().filter(|dyad| !known.contains(dyad));
        Self {
            common_crps: means(ScoredFan::level),
            common_change_crps: means(ScoredFan::change),
            common_fans: common.len(),
            unknown_dyads: unknown.copied().collect(),
            scenarios: scored,
        }
    }
}

/// The mean of some scores, if there are any.
pub(super) fn mean(scores: impl Iterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0_u64);
    for score in scores {
        sum += score;
        count += 1;
    }
    (count > 0).then(|| sum / count as f64)
}

impl Scored {
    fn new(
        plan: &Plan<'_>,
        place: usize,
        scenario: &Scenario,
        tally: &Tally,
        against: Against<'_>,
    ) -> Self {
        let range_degrees = plan.ranges_degrees[place];
        let shared = shared(scenario);
        let mut log = Track::of_log(String::new(), against.log, scenario.model.clone());
        log.keep_until(Some(against.complete_until));
        let still = Track {
            records: shared.clone(),
            ..log.clone()
        };
        let fork_day = scenario.fork_day().unwrap_or(scenario.until);
        let (shared_in_log, begun) = fork_in(&log.records, &shared, scenario);
        let start = scenario
            .forks_on
            .or_else(|| shared.last().map(Record::date))
            .unwrap_or(fork_day);
        let complete_until = against.complete_until;
        let happens = History {
            records: &log.records,
            begun,
            start,
            model: &scenario.model,
        };
        let waits = History {
            records: &shared,
            begun: shared.len(),
            ..happens
        };
        let outcomes = outcomes(scenario, tally, [happens, waits], complete_until);
        let known: HashSet<_> = dyads_of([&log]).into_iter().collect();
        let mut before = log.clone();
        before.records.truncate(begun);
        let at_fork = |track: &Track| sample(track, &[start], &plan.dyads).0.pop();
        let (own, seen) = (at_fork(&still), at_fork(&before));
        let both = own
            .unwrap_or_default()
            .into_iter()
            .zip(seen.unwrap_or_default());
        let at_fork: Vec<_> = plan.dyads.iter().zip(both).collect();
        let (observed, _) = sample(&log, &plan.dates, &plan.dyads);
        let (persisting, _) = sample(&still, &plan.dates, &plan.dyads);
        let last = scenario.until.min(complete_until);
        let mut fans = Vec::new();
        for (dyad_place, &(&dyad, (own, seen))) in at_fork.iter().enumerate() {
            for (date_place, &date) in plan.dates.iter().enumerate() {
                let is_reached = fork_day < date && date <= last;
                let cell = tally.cells.get(dyad_place * plan.dates.len() + date_place);
                let Some(cell) = cell.filter(|_| is_reached && known.contains(&dyad)) else {
                    continue;
                };
                let observed = observed[date_place][dyad_place];
                let persistence = persisting[date_place][dyad_place];
                // As one run would be counted, so that what only waits scores the same.
                let binned = bin_of(persistence, range_degrees)
                    .map_or(persistence, |bin| middle_of(bin, range_degrees));
                let changed = observed - (seen - own);
                // Either score is off by half a bin at most.
                let bin = middle_of(1, range_degrees) - middle_of(0, range_degrees);
                let blur = |to: f64| bin + Z_95 * cell.bins.crps_error(to, range_degrees);
                fans.push(ScoredFan {
                    dyad,
                    date,
                    observed,
                    mean: cell.sums.mean(),
                    crps: cell.bins.crps(observed, range_degrees),
                    persistence,
                    persistence_crps: (observed - binned).abs(),
                    change_crps: cell.bins.crps(changed, range_degrees),
                    persistence_change_crps: (changed - binned).abs(),
                    blur_degrees: [observed, changed].map(blur),
                });
            }
        }
        Self {
            fork_day,
            shared_events: shared.len(),
            shared_in_log,
            at_fork: at_fork
                .into_iter()
                .filter(|(dyad, _)| known.contains(dyad))
                .map(|(&dyad, (own, observed))| AtFork {
                    dyad,
                    own,
                    observed,
                })
                .collect(),
            outcomes,
            fans,
        }
    }

    /// The mean of a score over the outcomes that the log decides, of the forecast and of
    /// persistence.
    #[must_use]
    pub fn mean_of(&self, score: fn(&ScoredOutcome) -> Option<[f64; 2]>) -> Option<[f64; 2]> {
        let scores = || self.outcomes.iter().filter_map(score);
        let own = mean(scores().map(|[own, _]| own))?;
        Some([own, mean(scores().map(|[_, persistence]| persistence))?])
    }

    /// By how much the mean Brier score may be off since runs are a sample. All outcomes are of the
    /// same runs, so that they may be off together.
    #[must_use]
    pub fn brier_blur(&self) -> f64 {
        let blur = |outcome: &ScoredOutcome| {
            let happened = f64::from(u8::from(outcome.verdict.happened()?));
            let share = outcome.probability();
            let error = libm::sqrt(share * (1.0 - share) / outcome.runs.max(1) as f64);
            Some(Z_95 * 2.0 * libm::fabs(share - happened) * error)
        };
        mean(self.outcomes.iter().filter_map(blur)).unwrap_or_default()
    }

    /// By how much the mean difference of fans and persistence may be off: of the level, and of the
    /// change. All fans are of the same runs, so that they may be off together.
    #[must_use]
    pub fn fan_blur_degrees(&self) -> [f64; 2] {
        [0, 1].map(|which: usize| {
            let blur = self.fans.iter().map(|fan| fan.blur_degrees[which]);
            mean(blur).unwrap_or_default()
        })
    }

    /// How many outcomes the log decides.
    #[must_use]
    pub fn decided(&self) -> usize {
        let decided = self.outcomes.iter();
        decided.filter(|it| it.verdict.happened().is_some()).count()
    }

    /// How many fans of a dyad there are, and the means of a score of them and of persistence; of
    /// all dyads together without one.
    #[must_use]
    pub fn crps(
        &self,
        dyad: Option<Dyad>,
        score: fn(&ScoredFan) -> [f64; 2],
    ) -> Option<(usize, [f64; 2])> {
        let is_of = |fan: &&ScoredFan| dyad.is_none_or(|dyad| dyad == fan.dyad);
        let fans = || self.fans.iter().filter(is_of).map(score);
        let own = mean(fans().map(|[own, _]| own))?;
        let persistence = mean(fans().map(|[_, persistence]| persistence))?;
        Some((fans().count(), [own, persistence]))
    }
}

/// The outcomes of a scenario, held against what happens and what only waits.
fn outcomes(
    scenario: &Scenario,
    tally: &Tally,
    [happens, waits]: [History<'_>; 2],
    complete_until: Day,
) -> Vec<ScoredOutcome> {
    let outcomes = scenario.questions.iter().zip(&tally.outcomes);
    let outcome = |((id, question), &holds_in): (&(String, Question), &u64)| {
        let outcome = ScoredOutcome {
            id: id.clone(),
            day: question.by.unwrap_or(scenario.until),
            is_deadline: question.by.is_some(),
            holds_in,
            runs: tally.runs,
            verdict: happens.verdict(question, scenario.until, complete_until),
            persists: waits.holds(question, scenario.until),
            brier: None,
            log_score: None,
        };
        outcome.scored()
    };
    outcomes.map(outcome).collect()
}

/// The events that lie before the fork of a scenario.
fn shared(scenario: &Scenario) -> Spliced<Record> {
    let mut shared = Spliced::default();
    for (place, entry) in scenario.entries.iter().enumerate() {
        if *entry.fate == Fate::Shared {
            scenario.entries.splice(place..place + 1, &mut shared);
        }
    }
    shared
}

/// How many of a log's events a scenario has before its fork, and how many of them lie before it:
/// all until the last that both have, and until the day at whose end it forks.
fn fork_in(
    records: &Spliced<Record>,
    shared: &Spliced<Record>,
    scenario: &Scenario,
) -> (usize, usize) {
    // Nearly always the log goes on from what the scenario has, so that few ids are held.
    let first = records.in_common(shared, |one, other| one.id() == other.id());
    let ids: HashSet<_> = shared.iter_from(first).map(Record::id).collect();
    let (mut shared_in_log, mut last_shared) = (first, first.checked_sub(1));
    for (place, record) in (first..).zip(records.iter_from(first)) {
        if ids.contains(record.id()) {
            shared_in_log += 1;
            last_shared = Some(place);
        }
    }
    let by_day = match scenario.forks_on {
        Some(day) => records.partition_point(|it| it.date() <= day),
        None if last_shared.is_none() => {
            let fork_day = scenario.fork_day().unwrap_or(Day::FIRST);
            records.partition_point(|it| it.date() < fork_day)
        }
        None => 0,
    };
    let begun = last_shared.map_or(0, |place| place + 1).max(by_day);
    (shared_in_log, begun)
}

/// Events in replay order, and how many of them lie before a fork.
#[derive(Clone, Copy)]
struct History<'a> {
    records: &'a Spliced<Record>,
    begun: usize,
    /// The day of the fork.
    start: Day,
    model: &'a Model,
}

impl History<'_> {
    /// What the log says of a question of a scenario that ends on a day.
    fn verdict(&self, question: &Question, until: Day, complete_until: Day) -> Verdict {
        let mut world = World::without_ids();
        for record in self.records.iter() {
            let _ = crate::history::compile(record, &mut world);
        }
        let mut unknown = Vec::new();
        question.when.note_unknown_in(&world, &mut unknown);
        let asked = question.by.unwrap_or(until);
        let last = asked.min(complete_until);
        let said = self.ask(question, last, |state, known, day| {
            says(&question.when, &world, known, state, day, self.model)
        });
        match said {
            (Some(day), _) if question.by.is_some() => Verdict::Happened(Some(day)),
            _ if complete_until < asked => Verdict::Undecided(format!(
                "the log is complete until {complete_until}, and it is asked until {asked}"
            )),
            (_, true) => Verdict::Undecided(format!("the log knows no {}", unknown.join(", no "))),
            (Some(_), _) => Verdict::Happened(None),
            (None, _) => Verdict::DidNot,
        }
    }

    /// Whether a question of a scenario that ends on a day holds.
    fn holds(&self, question: &Question, until: Day) -> bool {
        let last = question.by.unwrap_or(until);
        let (held, _) = self.ask(question, last, |state, world, day| {
            Some(holds(&question.when, world, state, day, self.model))
        });
        held.is_some()
    }

    /// On which day a question first holds behind the fork, after each event and at the end of each
    /// day until its last; one without a deadline is asked at the end of that alone. And whether it
    /// was unknown at any time before.
    fn ask(
        &self,
        question: &Question,
        last: Day,
        says: impl Fn(&State, &World, Day) -> Option<bool>,
    ) -> (Option<Day>, bool) {
        let mut fold = Fold::new(self.model);
        for record in self.records.iter_to(self.begun) {
            fold.apply(record);
        }
        let mut held = None;
        let mut is_unknown = false;
        let mut ask = |fold: &Fold<'_>, day: Day| {
            if held.is_none() {
                let folded = fold.folded();
                match says(&folded.state, &folded.world, day) {
                    Some(true) => held = Some(day),
                    Some(false) => {}
                    None => is_unknown = true,
                }
            }
        };
        let is_ever = question.by.is_some();
        let mut day = self.start;
        if is_ever && day <= last {
            ask(&fold, day);
        }
        let behind = self.records.iter_from(self.begun);
        let in_time = behind.take_while(|record| record.date() <= last);
        for record in in_time {
            while is_ever && day < record.date() {
                day = day.plus_days(1).unwrap_or(record.date());
                ask(&fold, day);
            }
            fold.apply(record);
            if is_ever {
                ask(&fold, record.date());
            }
        }
        while is_ever && day < last {
            day = day.plus_days(1).unwrap_or(last);
            ask(&fold, day);
        }
        if !is_ever {
            ask(&fold, last);
        }
        (held, is_unknown)
    }
}

/// Whether a condition holds, where what a whole log knows decides it: of three values, as Kleene
/// has it.
fn says(
    condition: &Condition,
    whole: &World,
    known: &World,
    state: &State,
    day: Day,
    model: &Model,
) -> Option<bool> {
    let part = |part: &Condition| says(part, whole, known, state, day, model);
    let any = |parts: &[Condition], wanted: bool| {
        let mut answer = Some(!wanted);
        for answered in parts.iter().map(part) {
            match answered {
                Some(it) if it == wanted => return Some(wanted),
                Some(_) => {}
                None => answer = None,
            }
        }
        answer
    };
    match condition {
        Condition::All(parts) => any(parts, false),
        Condition::Any(parts) => any(parts, true),
        Condition::Not(of) => part(of).map(|it| !it),
        _ => {
            let mut unknown = Vec::new();
            condition.note_unknown_in(whole, &mut unknown);
            let is_known = unknown.is_empty();
            is_known.then(|| holds(condition, known, state, day, model))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::ensemble::distribution::{BINS, Bins};

    /// Bins are 0.001 degrees wide.
    const RANGE: f64 = 10.0;

    fn bins(values: impl IntoIterator<Item = f64>) -> Bins {
        let mut bins = Bins::default();
        values
            .into_iter()
            .for_each(|value| bins.count(value, RANGE));
        bins
    }

    #[track_caller]
    fn close(found: f64, expected: f64, room: f64) {
        assert!((found - expected).abs() <= room, "{found} and {expected}");
    }

    #[test]
    fn brier_and_log_scores_are_those_of_their_formulas() {
        close(brier(0.8, true), 0.04, 1e-15);
        close(brier(0.8, false), 0.64, 1e-15);
        assert_eq!((brier(1.0, true), brier(0.0, true)), (0.0, 1.0));
        close(log_score(0.8, true), 0.223_143_551_314_209_7, 1e-15);
        close(log_score(0.8, false), 1.609_437_912_434_100_4, 1e-15);
        close(log_score(0.5, true), std::f64::consts::LN_2, 1e-15);
        assert_eq!(log_score(1.0, true), 0.0);
        assert_eq!(log_score(0.0, true), f64::INFINITY);
        assert_eq!(log_score(1.0, false), f64::INFINITY);
    }

    #[test]
    fn the_score_of_a_single_value_is_its_distance() {
        for (value, observed) in [
            (1.0, 2.5),
            (2.5, 1.0),
            (-3.0, -3.0),
            (0.0, 12.0),
            (0.0, -12.0),
        ] {
            close(
                bins([value]).crps(observed, RANGE),
                f64::abs(value - observed),
                1e-12,
            );
        }
    }

    #[test]
    fn the_score_of_two_values_is_mean_distance_less_half_their_mean_difference() {
        // E|X - y| - E|X - X'| / 2, with X' independent of X.
        for observed in [-2.0, -1.0, 0.0, 0.3, 1.0, 5.0] {
            let found = bins([-1.0, 1.0, 1.0, 1.0]).crps(observed, RANGE);
            let distance = 0.25 * (observed + 1.0_f64).abs() + 0.75 * (observed - 1.0_f64).abs();
            close(found, distance - 0.5 * 2.0 * 0.25 * 0.75 * 2.0, 1e-12);
        }
    }

    #[test]
    fn the_score_of_an_even_spread_is_that_of_the_uniform_distribution() {
        // On [0, 1] and y within it: y³/3 + (1-y)³/3.
        let even = bins((0..=1000).map(|place| f64::from(place) / 1000.0));
        for observed in [0.0, 0.25, 0.5, 1.0] {
            let (y, rest): (f64, f64) = (observed, 1.0 - observed);
            close(
                even.crps(y, RANGE),
                (y * y * y + rest * rest * rest) / 3.0,
                1e-3,
            );
        }
        close(even.crps(2.0, RANGE), 1.0 + 1.0 / 3.0, 1e-3);
    }

    #[test]
    fn the_score_of_a_normal_spread_is_that_of_the_normal_distribution() {
        // σ·(z·(2Φ(z) - 1) + 2φ(z) - 1/√π), with σ = 1 and the quantiles as values.
        let count = 20_000;
        let quantile = |share: f64| {
            let (mut low, mut high) = (-9.0, 9.0);
            for _ in 0..60 {
                let middle = f64::midpoint(low, high);
                let below = 0.5 * libm::erfc(-middle / std::f64::consts::SQRT_2);
                if below < share {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            low
        };
        let values = (0..count).map(|place| quantile((f64::from(place) + 0.5) / f64::from(count)));
        let normal = bins(values);
        for z in [-1.5, 0.0, 0.7, 3.0] {
            let cdf = 0.5 * libm::erfc(-z / std::f64::consts::SQRT_2);
            let pi = std::f64::consts::PI;
            let density = libm::exp(-z * z / 2.0) / libm::sqrt(2.0 * pi);
            let expected = z * (2.0 * cdf - 1.0) + 2.0 * density - 1.0 / libm::sqrt(pi);
            close(normal.crps(z, RANGE), expected, 1e-3);
        }
    }

    /// Of 90 runs at a and 10 at b, with y beyond b, each run moves the score by
    /// |x - y| - E|x - X'|.
    #[test]
    fn the_error_of_a_score_is_that_of_a_mean_over_runs() {
        let values = |place: i32| if place < 90 { 0.0 } else { 1.0 };
        let all = bins((0..100).map(values));
        let (near, far) = (3.0 - 0.1, 2.0 - 0.9);
        let mean = 0.9 * near + 0.1 * far;
        let variance = 0.9 * (near - mean) * (near - mean) + 0.1 * (far - mean) * (far - mean);
        let expected = libm::sqrt(variance / 100.0);
        close(all.crps_error(3.0, RANGE), expected, 1e-12);
        assert_eq!(bins([1.0, 1.0]).crps_error(3.0, RANGE), 0.0);
        // Beyond the range as its ends.
        let ends = bins([-10.0, 10.0]).crps_error(0.5, RANGE);
        close(bins([-50.0, 50.0]).crps_error(0.5, RANGE), ends, 1e-12);
    }

    #[test]
    fn values_outside_the_range_count_as_its_ends() {
        let outside = bins([-50.0, 50.0]);
        close(outside.crps(0.0, RANGE), 10.0 * 0.25 * 2.0, 1e-12);
        assert_eq!(BINS, 20_001);
    }

    #[test]
    fn counts_of_a_trillion_runs_do_not_overflow() {
        let mut many = bins([0.0, 1.0]);
        for _ in 0..39 {
            let more = many.clone();
            many.add(&more);
        }
        close(many.crps(0.5, RANGE), 0.25, 1e-12);
    }
}
