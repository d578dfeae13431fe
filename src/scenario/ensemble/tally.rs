//! Tallies: what runs add up to. Only what adds is kept, so that the same runs give the same result
//! for any number of threads and any split.

use crate::model::Phase;
use crate::scenario::ensemble::distribution::{Bins, Sums, bin_of};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
    /// For each input and class what the runs came to in which it fell into that: uncertain
    /// parameters by name, then chance nodes, whose last class is not being drawn, then rules,
    /// which cause nothing or something.
    pub inputs: Vec<Vec<Slice>>,
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

/// What some runs came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slice {
    /// How many runs.
    pub runs: u64,
    /// For each dyad its temperature on the last day.
    pub ends: Vec<Sums>,
    /// For each question in how many it holds.
    pub outcomes: Vec<u64>,
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
    /// The same in bins, over twice the wider range of the two.
    pub bins: Vec<Bins>,
    /// For each dyad in how many runs the other ends warmer, and in how many as warm.
    pub warmer: Vec<[u64; 2]>,
    /// For each question of the other that the first has by the same name, the difference of the
    /// answers, which are 1 and 0.
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

impl Ensemble {
    /// Adds the result of other runs of the same plan.
    pub fn add(&mut self, other: &Self) {
        self.runs = self.runs.saturating_add(other.runs);
        for (tally, more) in self.tallies.iter_mut().zip(&other.tallies) {
            tally.add(more);
        }
        for (difference, more) in self.differences.iter_mut().zip(&other.differences) {
            difference.add(more);
        }
    }
}

impl Cell {
    /// Counts the temperatures and phases of some runs.
    pub(in crate::scenario) fn count(
        &mut self,
        temperatures: &[f64],
        phases: &[Option<Phase>],
        range_degrees: f64,
    ) {
        for &temperature in temperatures {
            self.bins.count(temperature, range_degrees);
        }
        for &temperature in temperatures {
            self.sums.take(temperature);
        }
        for phase in phases.iter().flatten() {
            self.phases[*phase as usize] += 1;
        }
    }
}

impl Tally {
    /// Counts which runs end where: a dyad's temperatures on the last day, from a first run on.
    pub(super) fn count_ends(
        &mut self,
        dyad: usize,
        temperatures: &[f64],
        first_run: u64,
        range_degrees: f64,
    ) {
        let lowest = &mut self.lowest_run[dyad];
        for (run, &end) in (first_run..).zip(temperatures) {
            if let Some(bin) = bin_of(end, range_degrees) {
                lowest[bin] = run.min(lowest[bin]);
            }
        }
    }

    /// Counts which options came to pass in a run.
    pub(super) fn count_options(&mut self, options: impl Iterator<Item = Option<usize>>) {
        for (counts, option) in self.options.iter_mut().zip(options) {
            if let Some(count) = option.and_then(|option| counts.get_mut(option)) {
                *count += 1;
            }
        }
    }

    /// Counts how many events each rule caused in a run.
    pub(super) fn count_rules(&mut self, caused: &[u64]) {
        for (rule, &caused) in self.rules.iter_mut().zip(caused) {
            rule.runs += u64::from(caused > 0);
            rule.events += caused;
        }
    }

    fn add(&mut self, other: &Self) {
        self.runs = self.runs.saturating_add(other.runs);
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
            rule.runs = rule.runs.saturating_add(more.runs);
            rule.events = rule.events.saturating_add(more.events);
            add_by_name(&mut rule.illegal, &more.illegal);
        }
        for (slices, more) in self.inputs.iter_mut().zip(&other.inputs) {
            for (slice, more) in slices.iter_mut().zip(more) {
                slice.add(more);
            }
        }
        add_by_name(&mut self.illegal, &other.illegal);
    }
}

/// Counts runs by the class that an input fell into.
pub(super) fn count_runs(slices: &mut [Slice], classes: &[u8]) {
    for &class in classes {
        slices[usize::from(class)].runs += 1;
    }
}

/// Adds up a dyad's temperatures on the last day by the class that an input fell into.
pub(super) fn count_ends(slices: &mut [Slice], classes: &[u8], dyad: usize, ends: &[f64]) {
    for (&class, &end) in classes.iter().zip(ends) {
        slices[usize::from(class)].ends[dyad].take(end);
    }
}

/// Counts in how many runs a question holds by the class that an input fell into.
pub(super) fn count_answers(
    slices: &mut [Slice],
    classes: &[u8],
    question: usize,
    answers: &[bool],
) {
    for (&class, &holds) in classes.iter().zip(answers) {
        slices[usize::from(class)].outcomes[question] += u64::from(holds);
    }
}

impl Slice {
    pub(in crate::scenario) fn new(dyads: usize, questions: usize) -> Self {
        Self {
            runs: 0,
            ends: vec![Sums::default(); dyads],
            outcomes: vec![0; questions],
        }
    }

    fn add(&mut self, other: &Self) {
        self.runs = self.runs.saturating_add(other.runs);
        for (sums, more) in self.ends.iter_mut().zip(&other.ends) {
            sums.add(more);
        }
        add(&mut self.outcomes, &other.outcomes);
    }
}

impl Difference {
    /// Counts the differences of some runs in a dyad on a date, with half the range of the bins of
    /// differences.
    pub(in crate::scenario) fn count(
        &mut self,
        cell: usize,
        own: &[f64],
        other: &[f64],
        range_degrees: f64,
    ) {
        for (own, other) in own.iter().zip(other) {
            self.sums[cell].take(own - other);
            self.bins[cell].count(own - other, range_degrees);
        }
    }

    /// Counts in how many of some runs a dyad ends warmer, and in how many as warm.
    pub(super) fn count_ends(&mut self, dyad: usize, own: &[f64], other: &[f64]) {
        let [warmer, same] = &mut self.warmer[dyad];
        for (own, other) in own.iter().zip(other) {
            *warmer += u64::from(own > other);
            *same += u64::from(own == other);
        }
    }

    /// Counts the differences of the answers to a question that both ask.
    pub(super) fn count_answers(&mut self, question: usize, own: &[bool], other: &[bool]) {
        if let Some(sums) = &mut self.outcomes[question] {
            for (&own, &other) in own.iter().zip(other) {
                sums.take(f64::from(i8::from(own) - i8::from(other)));
            }
        }
    }

    fn add(&mut self, other: &Self) {
        for (sums, more) in self.sums.iter_mut().zip(&other.sums) {
            sums.add(more);
        }
        for (bins, more) in self.bins.iter_mut().zip(&other.bins) {
            bins.add(more);
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
        *count = count.saturating_add(*more);
    }
}

fn add_by_name<K: Ord + Clone>(counts: &mut BTreeMap<K, u64>, more: &BTreeMap<K, u64>) {
    for (name, more) in more {
        let count = counts.entry(name.clone()).or_default();
        *count = count.saturating_add(*more);
    }
}

/// The lowest runs as a file has them: only bins that a run ended in.
mod lowest_runs {
    use crate::scenario::ensemble::distribution::{dense, sparse};
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
