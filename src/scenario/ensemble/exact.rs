//! Exact: every way in which a scenario's chance nodes can come out, each played once and weighed
//! by its probability.

use super::counter::Counter;
use super::plan::Plan;
use super::tally::Ensemble;
use crate::error::{BadEnsemble, Result};
use crate::model::Phase;
use crate::scenario::check::Scenario;
use crate::scenario::file::draws::Luck;
use crate::scenario::file::entry::Entry;

/// The most branches of a tree that is walked to its end.
pub const BRANCH_LIMIT: usize = 10_000;
/// By how much a sum of probabilities may miss a percentile through rounding.
const ROUNDING: f64 = 1e-9;

/// Everything that can come out of a scenario, with its probability.
#[derive(Clone, Debug)]
pub struct Exact {
    /// How many branches the tree has.
    pub branches: usize,
    /// For each dyad and date what the temperature can be; dates of one dyad stand together.
    pub cells: Vec<Spectrum>,
    /// For each question the probability that it holds.
    pub outcomes: Vec<f64>,
    /// For each chance node and option the probability that it comes to pass.
    pub options: Vec<Vec<f64>>,
    /// For each rule the probability that it causes anything, and how many events it causes in the
    /// mean.
    pub rules: Vec<[f64; 2]>,
}

/// The temperatures of a dyad on a date with their probabilities.
#[derive(Clone, Debug, Default)]
pub struct Spectrum {
    /// Temperatures in degrees, the coldest first, each with its probability.
    lines: Vec<(f64, f64)>,
    /// The probability of each phase, from the coldest.
    pub phases: [f64; Phase::ALL.len()],
}

/// Walks the whole tree of a planned scenario's chance nodes. Nodes whose event does not happen in
/// a branch are not drawn in it; options of probability 0 are left out.
///
/// # Errors
/// When there is chance outside of chance nodes, or when the tree has too many branches; or as a
/// run.
pub fn exact(plan: &Plan<'_>, place: usize) -> Result<Exact> {
    let scenario = &plan.scenarios[place];
    let in_the_way = scenario.hazards.beside_nodes();
    if !in_the_way.is_empty() {
        return Err(BadEnsemble::NotATree { in_the_way }.into());
    }
    let mut tree = Tree::new(scenario);
    let player = Counter::player(plan, scenario);
    let mut counter = Counter::new(plan, scenario, player, plan.ranges_degrees[place]);
    // What is counted run by run is not looked at: here runs are not alike.
    let mut ignored = Ensemble::new(plan);
    let nodes = scenario.hazards.chances.iter();
    let mut exact = Exact {
        branches: 0,
        cells: vec![Spectrum::default(); plan.dyads.len() * plan.dates.len()],
        outcomes: vec![0.0; scenario.questions.len()],
        options: nodes.map(|node| vec![0.0; node.options.len()]).collect(),
        rules: vec![[0.0; 2]; scenario.hazards.rules.len()],
    };
    let Some(tally) = ignored.tallies.get_mut(place) else {
        return Ok(exact);
    };
    loop {
        if exact.branches >= BRANCH_LIMIT {
            let (at_most, limit) = (tree.at_most(), BRANCH_LIMIT);
            return Err(BadEnsemble::TreeTooLarge { at_most, limit }.into());
        }
        counter.begin();
        counter.choose(&tree.chosen);
        counter.play(Luck::default(), tally)?;
        counter.end();
        exact.take(&counter, &tree);
        let drawn: Vec<bool> = counter.options().map(|option| option.is_some()).collect();
        if !tree.advance(&drawn) {
            break;
        }
    }
    for cell in &mut exact.cells {
        cell.lines
            .sort_by(|(one, _), (other, _)| one.total_cmp(other));
    }
    Ok(exact)
}

impl Exact {
    fn take(&mut self, counter: &Counter<'_>, tree: &Tree<'_>) {
        let nodes = &tree.scenario.hazards.chances;
        let mut probability = 1.0;
        for (node, option) in nodes.iter().zip(counter.options()) {
            probability *= option.map_or(1.0, |option| node.probability_of(option));
        }
        self.branches += 1;
        for (cell, (temperature, phase)) in self.cells.iter_mut().zip(counter.last_read()) {
            cell.lines.push((temperature, probability));
            if let Some(phase) = phase {
                cell.phases[phase as usize] += probability;
            }
        }
        for (outcome, holds) in self.outcomes.iter_mut().zip(counter.last_answers()) {
            *outcome += if holds { probability } else { 0.0 };
        }
        for (options, option) in self.options.iter_mut().zip(counter.options()) {
            if let Some(option) = option {
                options[option] += probability;
            }
        }
        for ([fires, events], &caused) in self.rules.iter_mut().zip(counter.last_caused()) {
            *fires += if caused > 0 { probability } else { 0.0 };
            *events += caused as f64 * probability;
        }
    }
}

impl Spectrum {
    /// The mean, in degrees.
    #[must_use]
    pub fn mean(&self) -> f64 {
        let parts = self
            .lines
            .iter()
            .map(|(degrees, probability)| degrees * probability);
        parts.sum()
    }

    /// The standard deviation, in degrees.
    #[must_use]
    pub fn sd(&self) -> f64 {
        let mean = self.mean();
        let parts = self.lines.iter();
        let parts =
            parts.map(|(degrees, probability)| (degrees - mean) * (degrees - mean) * probability);
        libm::sqrt(parts.sum())
    }

    /// The least temperature that is not exceeded with at least such a probability, in thousandths.
    #[must_use]
    pub fn quantile(&self, permille: u64) -> Option<f64> {
        let wanted = permille as f64 / 1000.0 - ROUNDING;
        let mut passed = 0.0;
        let mut lines = self.lines.iter();
        let found = lines.find(|(_, probability)| {
            passed += probability;
            passed >= wanted
        });
        found.or(self.lines.last()).map(|(degrees, _)| *degrees)
    }
}

/// The tree of a scenario's chance nodes, walked branch by branch.
struct Tree<'s> {
    scenario: &'s Scenario,
    /// The nodes in the order in which a run comes by them: whether one is drawn hangs only on
    /// those before it.
    order: Vec<usize>,
    /// Which option of each node is taken in the branch.
    chosen: Vec<usize>,
}

impl<'s> Tree<'s> {
    fn new(scenario: &'s Scenario) -> Self {
        let chances = &scenario.hazards.chances;
        let first_of = |node: usize| {
            let is_of =
                |entry: Entry<'_>| entry.option().is_some_and(|option| option.chance == node);
            // One without events changes nothing and may come last.
            scenario
                .entries
                .iter()
                .position(is_of)
                .unwrap_or(usize::MAX)
        };
        let mut order: Vec<_> = (0..chances.len()).collect();
        order.sort_by_key(|&node| first_of(node));
        let mut tree = Self {
            scenario,
            order,
            chosen: Vec::new(),
        };
        tree.chosen = (0..chances.len())
            .map(|node| tree.next_option(node, 0).unwrap_or_default())
            .collect();
        tree
    }

    /// The first option of a node from one on that can come to pass.
    fn next_option(&self, node: usize, from: usize) -> Option<usize> {
        let options = &self.scenario.hazards.chances[node].options;
        (from..options.len()).find(|&option| options[option].probability > 0.0)
    }

    /// Goes on to the next branch, once it is known which nodes were drawn in this one; tells
    /// whether there is one.
    fn advance(&mut self, drawn: &[bool]) -> bool {
        for place in (0..self.order.len()).rev() {
            let node = self.order[place];
            let next = self.next_option(node, self.chosen[node] + 1);
            if let Some(next) = next.filter(|_| drawn[node]) {
                self.chosen[node] = next;
                return true;
            }
            self.chosen[node] = self.next_option(node, 0).unwrap_or_default();
        }
        false
    }

    /// How many branches it can have, were all nodes drawn in each.
    fn at_most(&self) -> f64 {
        let nodes = self.scenario.hazards.chances.iter();
        let options = nodes.map(|node| {
            let possible = node
                .options
                .iter()
                .filter(|option| option.probability > 0.0);
            possible.count() as f64
        });
        options.product()
    }
}
