//! What chance a scenario holds: chance nodes, rules and uncertain parameters, once they make
//! sense.

use super::condition::Condition;
use super::entry::{Entries, Entry, Fate, OptionOf};
use super::schema::{ReactionRule, Spread, Tail};
use crate::error::Place;
use crate::history::{Record, compile, is_name};
use crate::model::{Day, Slot, World};
use serde::{Deserialize, Serialize};
use std::ops::Index;

/// Everything that is drawn, that of the base first.
#[derive(Clone, Debug, Default)]
pub struct Hazards {
    /// The seed that the scenario gives.
    pub seed: u64,
    /// Draws between alternatives.
    pub chances: Vec<Chance>,
    /// Reactions.
    pub rules: Vec<Rule>,
    /// Parameters of the model.
    pub uncertain: Vec<Uncertain>,
}

/// A draw between alternatives.
#[derive(Clone, Debug)]
pub struct Chance {
    /// Its name.
    pub id: String,
    /// The event that its time hangs on: without it nothing is drawn.
    pub after: Option<String>,
    /// The alternatives in their order.
    pub options: Vec<Alternative>,
}

impl Chance {
    /// Whether it is not decided already, as by whoever plays.
    fn is_drawn(&self) -> bool {
        !self.options.iter().any(|option| option.probability == 1.0)
    }
}

/// An alternative of a chance node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alternative {
    /// What to call it.
    pub label: String,
    /// How probable it is.
    pub probability: f64,
}

/// A reaction.
#[derive(Clone, Debug)]
pub struct Rule {
    /// As it was written.
    pub written: ReactionRule,
    /// What it causes, but for id, day and cause.
    pub(in crate::scenario) then: Record,
    /// The scenario of the lineage that has it: behind its fork the rule is in force.
    pub(in crate::scenario) owner: usize,
    /// The scenarios whose cut tail ends it, a bit each.
    pub(in crate::scenario) cut_by: u64,
    /// Where it is written.
    pub(in crate::scenario) place: Place,
}

/// The place of a rule among those of a scenario, that of the base first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleIx(u32);

impl From<RuleIx> for usize {
    fn from(rule: RuleIx) -> Self {
        rule.0 as Self
    }
}

impl Index<RuleIx> for Hazards {
    type Output = Rule;

    fn index(&self, rule: RuleIx) -> &Rule {
        &self.rules[usize::from(rule)]
    }
}

/// Which chance nodes of a base a scenario keeps.
pub(in crate::scenario) struct Kept(Vec<Option<usize>>);

/// A parameter of the model that is drawn for each run.
#[derive(Clone, Debug)]
pub struct Uncertain {
    /// Its name.
    pub name: String,
    /// What it is drawn from.
    pub spread: Spread,
    /// Where it stands in the model.
    pub(in crate::scenario) slot: Slot,
    /// The least and the greatest value it can have.
    pub(in crate::scenario) range: [f64; 2],
}

impl Hazards {
    /// Whether two runs can differ.
    #[must_use]
    pub fn are_there(&self) -> bool {
        self.chances.iter().any(Chance::is_drawn)
            || !self.uncertain.is_empty()
            || self.rules.iter().any(Rule::is_drawn)
    }

    /// The rules with their places.
    pub(in crate::scenario) fn rules(&self) -> impl Iterator<Item = (RuleIx, &Rule)> {
        (0..).map(RuleIx).zip(&self.rules)
    }

    /// Makes known to a world what is asked for that rules bring: a measure or meeting without a
    /// name of its own has the id of the event that begins it.
    pub(in crate::scenario) fn name_asked<'c>(
        &self,
        asked: impl Iterator<Item = &'c Condition>,
        entries: &Entries,
        world: &mut World,
    ) {
        let mut things = Vec::new();
        asked.for_each(|condition| condition.things(&mut things));
        for id in things {
            let is_known = world.find_measure(id).is_some() || world.find_meeting(id).is_some();
            if !is_known
                && is_name(id)
                && let Some(record) = self.reaction(id, entries)
            {
                let _ = compile(&record, world);
            }
        }
    }

    /// What rules cause under an id: a reaction to an event that happens behind the fork, or to
    /// another reaction.
    fn reaction(&self, id: &str, entries: &Entries) -> Option<Record> {
        let (rule, cause) = id.split_once('@')?;
        let rule = self.rules.iter().find(|it| it.written.id == rule)?;
        let is_it = |entry: &Entry<'_>| {
            entry.record.id() == cause && entry.fate.happens() && *entry.fate != Fate::Shared
        };
        let found = entries.iter().find(is_it);
        let trigger = match found {
            Some(entry) => entry.record.clone(),
            None => self.reaction(cause, entries)?,
        };
        let is_triggered = rule.written.is_triggered_by(cause, &trigger.fields());
        is_triggered.then(|| rule.then.clone().caused(id.to_owned(), Day::EPOCH, cause))
    }

    /// What is drawn beside chance nodes, in words.
    #[must_use]
    pub fn beside_nodes(&self) -> Vec<String> {
        let uncertain = self.uncertain.iter();
        let uncertain = uncertain.map(|it| format!("the uncertain parameter {}", it.name));
        let rules = self.rules.iter().filter(|rule| rule.is_drawn());
        let rules = rules.map(|rule| format!("the rule {}", rule.written.id));
        uncertain.chain(rules).collect()
    }

    /// The name of a chance node.
    pub(in crate::scenario) fn name_of(&self, chance: usize) -> String {
        let chance = self.chances.get(chance);
        chance.map_or_else(String::new, |chance| chance.id.clone())
    }

    /// Which chance nodes a scenario keeps that shares so many events of its base: of a tail that
    /// is cut nothing is drawn.
    pub(in crate::scenario) fn kept(&self, tail: Tail, base: &Entries, fork: usize) -> Kept {
        let mut next = 0;
        let is_shared = |chance| {
            let shared = base.own().take_while(|(place, _)| *place < fork);
            let options = shared.filter_map(|(_, own)| own.ties.option);
            options.map(|option| option.chance).any(|it| it == chance)
        };
        let kept = (0..self.chances.len()).map(|chance| {
            let is_kept = tail == Tail::Keep || is_shared(chance);
            next += usize::from(is_kept);
            is_kept.then(|| next - 1)
        });
        Kept(kept.collect())
    }
}

impl Kept {
    /// Whether a chance node is kept.
    pub(in crate::scenario) fn has(&self, chance: usize) -> bool {
        self.0.get(chance).is_some_and(Option::is_some)
    }

    /// An option by the place of its chance node among those that are kept.
    pub(in crate::scenario) fn option(&self, of_base: OptionOf) -> Option<OptionOf> {
        let chance = self.0.get(of_base.chance).copied().flatten()?;
        Some(OptionOf { chance, ..of_base })
    }
}

impl Rule {
    /// Whether it may or may not fire, or now or later.
    fn is_drawn(&self) -> bool {
        let ReactionRule {
            probability,
            delay_days,
            ..
        } = self.written;
        (probability > 0.0 && probability < 1.0)
            || delay_days.is_some_and(|days| days.from < days.to)
    }
}

impl Chance {
    /// The alternative that a draw stands for.
    pub(in crate::scenario) fn option_at(&self, unit: f64) -> usize {
        let mut sum = 0.0;
        let reaches = |alternative: &Alternative| {
            sum += alternative.probability;
            unit < sum
        };
        let found = self.options.iter().position(reaches);
        // Rounding may leave the sum a bit below 1: then it is the last one that can come to pass.
        found.or_else(|| self.last_possible()).unwrap_or_default()
    }

    fn last_possible(&self) -> Option<usize> {
        let mut options = self.options.iter();
        options.rposition(|option| option.probability > 0.0)
    }

    /// How probable it is that an option is drawn: what is written, but the last that can come to
    /// pass makes up for thirds that are written with a few digits.
    pub(in crate::scenario) fn probability_of(&self, option: usize) -> f64 {
        /// Less than this is the rounding of sums, not of what was written.
        const ROUNDING: f64 = 1e-12;
        let sum = |options: &[Alternative]| -> f64 {
            options.iter().map(|option| option.probability).sum()
        };
        let is_off = (sum(&self.options) - 1.0).abs() > ROUNDING;
        if is_off && self.last_possible() == Some(option) {
            1.0 - sum(&self.options[..option])
        } else {
            self.options[option].probability
        }
    }
}
