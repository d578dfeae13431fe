//! Reactions: whether what rules cause can be named and can refer to what it refers to.

use super::findings::{Check, Path};
use super::items::Items;
use crate::error::{BadChance, BadMeaning, BadScenario};
use crate::history::NAME_LIMIT;
use crate::json::Step;
use crate::model::Day;
use crate::scenario::file::base::Base;
use crate::scenario::file::entry::{Entries, Entry, Fate};
use crate::scenario::file::hazards::{Hazards, Rule};
use crate::scenario::file::schema::{ReactionRule, ScenarioFile};
use std::collections::HashMap;

impl Check<'_> {
    /// Tells of the scenario's own rules whose reactions would have too long an id or that of
    /// another event, or would be readouts of what never happens.
    pub(super) fn reactions(
        &mut self,
        file: &ScenarioFile,
        base: &Base,
        items: &Items<'_>,
        hazards: &Hazards,
    ) {
        if file.rules.is_empty() && hazards.rules.is_empty() {
            return;
        }
        let own = base.lineage.len();
        let rules = hazards.rules.iter().filter(|rule| rule.cut_by == 0);
        let known = Known {
            events: items.ids().zip(0..).collect(),
            items,
            rules: rules.map(|rule| (rule.written.id.as_str(), rule)).collect(),
        };
        for (place, rule) in file.rules.iter().enumerate() {
            let at = ["rules".into(), place.into()];
            self.conversation(rule, base, &known, &at);
            self.exceptions(rule, base, &known, &at);
            let is_trigger = |entry: &Entry<'_>| {
                entry.fate.happens()
                    && *entry.fate != Fate::Shared
                    && rule.is_triggered_by(entry.record.id(), &entry.record.fields())
            };
            let triggers = items.iter().filter(is_trigger);
            let longest = triggers.map(|it| it.record.id()).max_by_key(|id| id.len());
            if let Some(trigger) = longest
                && rule.id.len() + 1 + trigger.len() > NAME_LIMIT
                && rule.id.len() <= NAME_LIMIT
            {
                let kind = BadChance::LongRule {
                    rule: rule.id.clone(),
                    trigger: trigger.to_owned(),
                    limit: NAME_LIMIT,
                };
                self.wrong(&[&at[..], &["id".into()]].concat(), kind);
            }
        }
        for (place, entry) in items.iter().enumerate() {
            let id = entry.record.id();
            let rule = known.reaction(id).filter(|_| entry.fate.happens());
            let Some(rule) = rule else {
                continue;
            };
            let (id, name) = (id.to_owned(), rule.written.id.clone());
            let written = items.told_of(place).and_then(|item| item.written.as_ref());
            let kind = BadChance::ReactionTaken { id, rule: name };
            let is_own = rule.owner == own;
            let of_rule = file.rules.iter().position(|it| it.id == rule.written.id);
            match (written, of_rule.filter(|_| is_own)) {
                (Some(written), _) => self.wrong(&[&written[..], &["id".into()]].concat(), kind),
                (None, Some(place)) => {
                    self.wrong(&["rules".into(), place.into(), "id".into()], kind);
                }
                // Both are the base's, which was checked.
                (None, None) => {}
            }
        }
    }

    /// The events to which a rule is not to react: those that there are, and what rules cause of
    /// them.
    fn exceptions(
        &mut self,
        rule: &ReactionRule,
        base: &Base,
        known: &Known<'_>,
        at: &[Step<'static>],
    ) {
        for (place, id) in rule.except.iter().enumerate() {
            let mut first = id.as_str();
            while known.event(first).is_none()
                && let Some((of, trigger)) = first.split_once('@')
                && known.rules.contains_key(of)
            {
                first = trigger;
            }
            if known.event(first).is_some() || self.lost.names.contains(first) {
                continue;
            }
            let at = [at, &["except".into(), place.into()]].concat();
            self.unknown_event(&at, id, known.items.ids(), base);
        }
    }

    /// Tells of the scenario's own rules that come so long after what triggers them that none of
    /// their reactions is within the scenario, which ends with `until` and in which nothing new is
    /// before `earliest`.
    pub(super) fn late_reactions(
        &mut self,
        file: &ScenarioFile,
        entries: &Entries,
        hazards: &Hazards,
        (earliest, until): (Option<Day>, Day),
    ) {
        if file.rules.iter().all(|rule| least_delay(rule) == 0) {
            return;
        }
        let brought = hazards.rules.len().saturating_sub(file.rules.len());
        let firsts = first_triggers(entries, hazards, brought, (earliest, until));
        let own = hazards.rules.iter().zip(firsts).skip(brought).enumerate();
        for (place, (rule, first)) in own {
            let (first_day, trigger) = first.map_or((None, None), |it| (Some(it.day), it.by));
            // What nothing triggers may be there for what is played by hand, until a day that is
            // given.
            let by_hand = earliest.filter(|_| file.until.is_some());
            let start = first_day.filter(|_| trigger.is_some()).or(by_hand);
            let delay_days = least_delay(&rule.written);
            let reacts = start.and_then(|start| Some((start, later(start, delay_days)?)));
            let Some((start, day)) = reacts.filter(|(_, day)| *day > until) else {
                continue;
            };
            let at: Path = vec!["rules".into(), place.into(), "delay_days".into()];
            let fewest = [&at[..], &["from".into()]].concat();
            let is_span = self.text.tree.value(&fewest).is_some();
            let kind = BadMeaning::ReactsTooLate {
                rule: rule.written.id.clone(),
                trigger,
                start,
                delay_days,
                day,
                until,
            };
            self.doubt(if is_span { &fewest } else { &at }, kind);
        }
    }

    /// What a readout that a rule causes is of.
    fn conversation(
        &mut self,
        rule: &ReactionRule,
        base: &Base,
        known: &Known<'_>,
        at: &[Step<'static>],
    ) {
        let Some(of) = &rule.then.of else { return };
        let at = [at, &["then".into(), "of".into()]].concat();
        let act = match known.event(of) {
            Some(entry) if !entry.fate.happens() => {
                return self.wrong(&at, BadScenario::Dropped { id: of.clone() });
            }
            Some(entry) => Some(entry.record.act()),
            None => known.reaction(of).and_then(|rule| rule.written.then.act),
        };
        match act {
            Some(act) if act.form().is_conversation() => {}
            Some(act) => {
                let id = of.clone();
                self.wrong(&at, BadChance::NoConversation { id, act });
            }
            None if self.lost.names.contains(of) => {}
            None => self.unknown_event(&at, of, known.items.ids(), base),
        }
    }
}

/// When a rule may be triggered first.
#[derive(Clone)]
struct First {
    day: Day,
    /// The event that does it, or the rule whose reaction does and that this is one; `None` where
    /// only the day is known.
    by: Option<(String, bool)>,
}

/// When each rule may be triggered first until a day, if anything does it: in no run earlier.
fn first_triggers(
    entries: &Entries,
    hazards: &Hazards,
    brought: usize,
    (earliest, until): (Option<Day>, Day),
) -> Vec<Option<First>> {
    let rules = &hazards.rules;
    let mut firsts: Vec<Option<First>> = vec![None; rules.len()];
    // A rule of the base may have been triggered before the fork, and react right behind it.
    let day = earliest.unwrap_or(Day::FIRST);
    firsts[..brought].fill(Some(First { day, by: None }));
    let own = || rules.iter().enumerate().skip(brought);
    for entry in entries {
        let day = entry.record.date();
        if !entry.fate.happens() || *entry.fate == Fate::Shared || day > until {
            continue;
        }
        let (act, id) = (entry.record.act(), entry.record.id());
        for (place, rule) in own().filter(|(_, rule)| rule.written.when.act == act) {
            if firsts[place].is_none() && rule.written.is_triggered_by(id, &entry.record.fields()) {
                let by = Some((id.to_owned(), false));
                firsts[place] = Some(First { day, by });
            }
        }
    }
    // Then by what others cause, which may come earlier than any of those.
    let mut changed: Vec<usize> = (0..rules.len()).collect();
    while let Some(cause) = changed.pop() {
        let rule = &rules[cause];
        let waits = if cause < brought {
            0
        } else {
            least_delay(&rule.written)
        };
        let first = firsts[cause].as_ref();
        let day = first.and_then(|first| later(first.day, waits));
        let Some(day) = day.filter(|day| *day <= until) else {
            continue;
        };
        let by = (cause >= brought).then(|| (rule.written.id.clone(), true));
        let fields = rule.then.fields();
        for (place, _) in own().filter(|(_, rule)| rule.written.when.matches(&fields)) {
            if firsts[place].as_ref().is_none_or(|first| day < first.day) {
                let by = by.clone();
                firsts[place] = Some(First { day, by });
                changed.push(place);
            }
        }
    }
    firsts
}

fn least_delay(rule: &ReactionRule) -> u32 {
    rule.delay_days.map_or(0, |days| days.from)
}

fn later(day: Day, days: u32) -> Option<Day> {
    i32::try_from(days)
        .ok()
        .and_then(|days| day.plus_days(days))
}

/// What reactions may be to, by its id.
struct Known<'k> {
    /// By their places.
    events: HashMap<&'k str, u32>,
    items: &'k Items<'k>,
    rules: HashMap<&'k str, &'k Rule>,
}

impl<'k> Known<'k> {
    fn event(&self, id: &str) -> Option<Entry<'k>> {
        self.items.get(*self.events.get(id)? as usize)
    }

    /// The rule whose reaction to what happens behind the fork would have an id.
    fn reaction(&self, id: &str) -> Option<&'k Rule> {
        let (rule, mut trigger) = id.split_once('@')?;
        let rule = *self.rules.get(rule)?;
        loop {
            if let Some(entry) = self.event(trigger) {
                let is_trigger = entry.fate.happens() && *entry.fate != Fate::Shared;
                let fields = entry.record.fields();
                let matches = rule.written.is_triggered_by(trigger, &fields);
                // A reaction to a reaction is one to whatever that reacts to.
                return (is_trigger
                    && (matches || trigger.len() < id.len() - rule.written.id.len() - 1))
                    .then_some(rule);
            }
            let (other, rest) = trigger.split_once('@')?;
            self.rules.get(other)?;
            trigger = rest;
        }
    }
}
