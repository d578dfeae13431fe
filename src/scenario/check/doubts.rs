//! Doubts: what makes sense, and most likely not the sense that was meant.

use super::findings::{Check, Path, names};
use crate::error::{BadMeaning, BadValue, Error};
use crate::history::{Draft, FAULT_LIMIT, is_name, misnamed};
use crate::json::{Span, Step};
use crate::model::{Actor, Day, Dyad, Model, World, nearest};
use crate::scenario::file::base::Base;
use crate::scenario::file::condition::{Condition, MeasureIs, TemperatureIs};
use crate::scenario::file::contradiction::contradiction;
use crate::scenario::file::entry::Entries;
use crate::scenario::file::hazards::Hazards;
use crate::scenario::file::schema::{Edit, ScenarioFile};
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// When and under what model something is asked.
pub(super) struct Asked<'a> {
    pub(super) world: &'a World,
    /// Names that the world knows and nothing will have.
    pub(super) nobodys: &'a HashSet<String>,
    pub(super) model: &'a Model,
    /// The first and the last day on which it is.
    pub(super) days: [Day; 2],
}

impl Check<'_> {
    /// Everything that is doubtful, with its place, where nothing is wrong.
    pub(super) fn doubts(&mut self, file: &ScenarioFile, base: &Base) -> Option<Error> {
        self.strangers(file, base);
        for (event, at) in own_events(file) {
            for (field, place, actor) in event.counts_for_nothing() {
                let at = [&at[..], &[field.into(), place.into()]].concat();
                self.doubt(&at, BadMeaning::CountsForNothing { actor, field });
            }
        }
        let doubts = std::mem::take(&mut self.doubts);
        let told = Error::in_text(self.text.text, doubts, FAULT_LIMIT);
        told.err().map(|error| error.in_file(self.text.name))
    }

    /// Tells of actors that neither the base nor the scenario has told of: whose code looks
    /// mistyped, or of whom something is asked although they never act.
    fn strangers(&mut self, file: &ScenarioFile, base: &Base) {
        let (all, acting) = self.used(file);
        let mut used: BTreeMap<Actor, Span> = BTreeMap::new();
        for (span, actor) in all {
            let first = used.entry(actor).or_insert(span);
            *first = span.min(*first);
        }
        let rules = base.hazards.rules.iter();
        let rules = rules.flat_map(|rule| rule.then.fields().actors().collect::<Vec<_>>());
        let mut new: BTreeSet<Actor> = used.keys().copied().collect();
        let mut known: BTreeSet<Actor> = rules.collect();
        new.retain(|actor| !known.contains(actor));
        for entry in &base.entries {
            if new.is_empty() {
                return;
            }
            for actor in entry.record.fields().actors() {
                new.remove(&actor);
                known.insert(actor);
            }
        }
        for stranger in base.names.strangers(new, &known) {
            let is_told = stranger.looks_mistyped() || !acting.contains(&stranger.actor);
            let Some(span) = used.get(&stranger.actor).filter(|_| is_told) else {
                continue;
            };
            let called = |actor: Actor| (actor, base.names.of_actor(actor));
            let (actor, name) = called(stranger.actor);
            let near = stranger.near.map(called);
            let kind = BadMeaning::NewActor { actor, name, near };
            self.doubts.push((*span, kind.into()));
        }
    }

    /// Tells of names for people that are given to nothing, or stand in each other's place.
    pub(super) fn misnamed(
        &mut self,
        given: &BTreeMap<String, String>,
        file: &ScenarioFile,
        base: &Base,
        entries: &Entries,
        hazards: &Hazards,
    ) {
        let things = OnceCell::new();
        let things = || things.get_or_init(|| things_of(file, base, entries, hazards));
        // What a rule causes gets its id when it happens.
        let is_known = |key: &str| {
            let is_actor = key.parse::<Actor>().is_ok();
            is_actor || key.contains('@') || things().contains(key)
        };
        let wrong = misnamed(given, is_known);
        let is_told: HashSet<&str> = wrong.iter().map(|(key, _)| *key).collect();
        for key in given.keys() {
            if is_known(key) || is_told.contains(key.as_str()) {
                continue;
            }
            let in_capitals = key.to_uppercase().parse().ok();
            let near = in_capitals.or_else(|| match base.names.actors(key)[..] {
                [only] => Some(only),
                _ => None,
            });
            let key_is = key.clone();
            match near {
                Some(near) => self.wrong(&name_at(key), BadValue::KeyIsName { key: key_is, near }),
                None if is_name(key) => {
                    let near = nearest(key, things().iter().map(String::as_str));
                    let near = near.map(str::to_owned);
                    self.doubt(
                        &name_at(key),
                        BadMeaning::NamesNothing { key: key_is, near },
                    );
                }
                None => {}
            }
        }
        for (key, bad) in wrong {
            self.wrong(&name_at(key), bad);
        }
    }

    /// Every actor that the scenario names, and where; and those that are in its events.
    fn used(&self, file: &ScenarioFile) -> (Vec<(Span, Actor)>, HashSet<Actor>) {
        let mut used = Used {
            check: self,
            actors: Vec::new(),
            acting: HashSet::new(),
        };
        for (event, at) in own_events(file) {
            used.event(event, &at);
        }
        for (place, rule) in file.rules.iter().enumerate() {
            let at = |field: &'static str| vec!["rules".into(), place.into(), field.into()];
            used.one("source", rule.when.source, &at("when"));
            used.one("target", rule.when.target, &at("when"));
            if let Some(condition) = &rule.condition {
                used.condition(condition, &at("if"));
            }
        }
        for (place, outcome) in file.outcomes.iter().enumerate() {
            let at = ["outcomes".into(), place.into(), "when".into()];
            used.condition(&outcome.when, &at);
        }
        used.baselines(&["model".into(), "baselines".into()], "");
        used.baselines(&["uncertain".into()], "baseline:");
        (used.actors, used.acting)
    }

    /// Tells of what can never hold in a condition, or always does, so that nothing is asked.
    pub(super) fn settled(
        &mut self,
        condition: &Condition,
        at: &[Step<'static>],
        is_denied: bool,
        asked: &Asked<'_>,
    ) {
        let within = |rest: &[Step<'static>]| [at, rest].concat();
        match condition {
            Condition::Temperature(temperature) => {
                let at = within(&["temperature".into()]);
                self.beyond_the_scale(temperature, &at, is_denied, asked);
            }
            Condition::Measure(measure) => {
                let at = within(&["measure".into()]);
                self.never_held(measure, &at, is_denied, asked.world);
            }
            Condition::Since(day) | Condition::By(day) => {
                let [first, last] = asked.days;
                let is_since = matches!(condition, Condition::Since(_));
                let (never, always) = if is_since {
                    (*day > last, *day <= first)
                } else {
                    (*day < first, *day >= last)
                };
                if (never && !is_denied) || (always && is_denied) {
                    let field = if is_since { "since" } else { "by" };
                    let kind = BadMeaning::OtherDays {
                        day: *day,
                        is_since,
                        is_every: !never,
                        first,
                        last,
                    };
                    self.doubt(&within(&[field.into()]), kind);
                }
            }
            Condition::All(parts) | Condition::Any(parts) => {
                let (field, told) = (condition.key(), self.doubts.len());
                for (place, part) in parts.iter().enumerate() {
                    let at = within(&[field.into(), place.into()]);
                    self.settled(part, &at, is_denied, asked);
                }
                // What is doubtful by itself is told so.
                if self.doubts.len() == told {
                    self.contradicted(condition, at, is_denied);
                }
            }
            Condition::Not(part) => {
                self.settled(part, &within(&["not".into()]), !is_denied, asked);
            }
            Condition::Phase(_) | Condition::Meeting(_) | Condition::Agenda(_) => {}
        }
    }

    /// Tells of two parts of a condition of which one alone can hold, so that all of them never do,
    /// or of which one always does.
    fn contradicted(&mut self, condition: &Condition, at: &[Step<'static>], is_denied: bool) {
        let Some([first, second]) = contradiction(condition, at) else {
            return;
        };
        let (text, place) = (self.text.text, self.place(&first.at));
        let span = self.text.tree.value(&first.at);
        let written = span.and_then(|span| text.get(span.start..span.end));
        let is_all = matches!(condition, Condition::All(_));
        let kind = BadMeaning::Contradiction {
            other: written.unwrap_or_default().to_owned(),
            line: place.line.unwrap_or_default(),
            column: place.column.unwrap_or_default(),
            are_denied: [&second, &first].map(|part| part.holds != is_all),
            is_all,
            is_denied,
        };
        self.doubt(&second.at, kind);
    }

    fn beyond_the_scale(
        &mut self,
        is: &TemperatureIs,
        at: &[Step<'static>],
        is_denied: bool,
        asked: &Asked<'_>,
    ) {
        let [least, greatest] = asked.model.reading().range();
        let marks = [("above", is.above), ("below", is.below)];
        for (field, degrees) in marks {
            let Some(degrees) = degrees else { continue };
            let is_above = field == "above";
            let (never, always) = if is_above {
                (degrees >= greatest, degrees < least)
            } else {
                (degrees <= least, degrees > greatest)
            };
            if never || always {
                let kind = BadMeaning::BeyondScale {
                    degrees,
                    is_above,
                    is_every: always,
                    is_denied,
                    least,
                    greatest,
                };
                self.doubt(&[at, &[field.into()]].concat(), kind);
            }
        }
        if let (Some(above), Some(below)) = (is.above, is.below)
            && above >= below
        {
            let kind = BadMeaning::NothingBetween {
                above,
                below,
                is_denied,
            };
            self.doubt(at, kind);
        }
    }

    fn never_held(
        &mut self,
        asked: &MeasureIs,
        at: &[Step<'static>],
        is_denied: bool,
        world: &World,
    ) {
        let Some(measure) = world.find_measure(&asked.id) else {
            return;
        };
        let holds = world.holds_of(measure).iter().map(|hold| world.hold(*hold));
        let holds = holds.filter(|hold| !hold.audience);
        let held = holds.map(|hold| (world.actor(hold.source), world.actor(hold.other)));
        let is = |asked: Option<Actor>, actor| asked.is_none_or(|asked| asked == actor);
        let is_it = |(source, target)| is(asked.source, source) && is(asked.target, target);
        if held.clone().any(is_it) {
            return;
        }
        let is_shown = self.doubts.len() < FAULT_LIMIT;
        let kind = BadMeaning::NeverHeld {
            measure: asked.id.clone(),
            source: asked.source,
            target: asked.target,
            is_denied,
            held: if is_shown { held.collect() } else { Vec::new() },
        };
        self.doubt(at, kind);
    }
}

/// Every event that a scenario brings itself, and where it is written.
fn own_events(file: &ScenarioFile) -> Vec<(&Draft, Path)> {
    let mut events = Vec::new();
    for (place, edit) in file.edits.iter().enumerate() {
        let [field, _] = edit.keys();
        let at =
            |rest: &[Step<'static>]| [&["edits".into(), place.into(), field.into()], rest].concat();
        match edit {
            Edit::Insert(event) => events.push((&**event, at(&[]))),
            Edit::Replace(replace) => events.push((&*replace.with, at(&["with".into()]))),
            // What is no new event names nobody new.
            _ => {}
        }
    }
    for (node_place, node) in file.chance.iter().enumerate() {
        for (option, alternative) in node.options.iter().enumerate() {
            for (place, event) in alternative.events.iter().enumerate() {
                let node: [Step<'static>; 3] =
                    ["chance".into(), node_place.into(), "options".into()];
                let at = [option.into(), "events".into(), place.into()];
                events.push((event, [node, at].concat()));
            }
        }
    }
    let rules = file.rules.iter().enumerate();
    events.extend(rules.map(|(place, rule)| {
        let at: Path = vec!["rules".into(), place.into(), "then".into()];
        (&*rule.then, at)
    }));
    events
}

/// Where the name is that is given to something.
fn name_at(key: &str) -> [Step<'_>; 2] {
    ["names".into(), key.into()]
}

/// The ids of everything that has one and can have a name.
fn things_of(
    file: &ScenarioFile,
    base: &Base,
    entries: &Entries,
    hazards: &Hazards,
) -> BTreeSet<String> {
    let mut things: BTreeSet<String> = base.ids().map(str::to_owned).collect();
    let rules = hazards.rules.iter().map(|rule| &rule.then);
    for record in entries.iter().map(|entry| entry.record).chain(rules) {
        things.extend(names(&record.fields()).map(str::to_owned));
    }
    things.extend(file.outcomes.iter().map(|outcome| outcome.id.clone()));
    things.extend(file.chance.iter().map(|node| node.id.clone()));
    things.extend(file.rules.iter().map(|rule| rule.id.clone()));
    things
}

/// The actors that a scenario names, while they are gathered.
struct Used<'c> {
    check: &'c Check<'c>,
    actors: Vec<(Span, Actor)>,
    /// Those that are in events.
    acting: HashSet<Actor>,
}

impl Used<'_> {
    fn add(&mut self, span: Option<Span>, actor: Actor) {
        let span = span.unwrap_or(Span { start: 0, end: 1 });
        self.actors.push((span, actor));
    }

    fn one(&mut self, field: &'static str, actor: Option<Actor>, at: &[Step<'static>]) {
        if let Some(actor) = actor {
            let at = [at, &[field.into()]].concat();
            self.add(self.check.text.tree.value(&at), actor);
        }
    }

    fn event(&mut self, event: &Draft, at: &[Step<'static>]) {
        self.acting.extend(event.actors());
        for (field, place, actor) in event.parties() {
            let at: Path = [at, &[field.into(), place.into()]].concat();
            self.add(self.check.text.tree.value(&at), actor);
        }
        self.one("according_to", event.according_to, at);
    }

    fn condition(&mut self, condition: &Condition, at: &[Step<'static>]) {
        match condition {
            Condition::Measure(asked) => {
                let at = [at, &["measure".into()]].concat();
                self.one("source", asked.source, &at);
                self.one("target", asked.target, &at);
            }
            Condition::All(parts) | Condition::Any(parts) => {
                let field = condition.key();
                for (place, part) in parts.iter().enumerate() {
                    self.condition(part, &[at, &[field.into(), place.into()]].concat());
                }
            }
            Condition::Not(part) => self.condition(part, &[at, &["not".into()]].concat()),
            // A dyad that nothing moves is an error.
            _ => {}
        }
    }

    /// The actors of dyads that are keys of an object, behind what they begin with.
    fn baselines(&mut self, at: &[Step<'static>], begin: &str) {
        let tree = self.check.text.tree;
        for key in tree.keys(at) {
            let Some(Ok(dyad)) = key.strip_prefix(begin).map(str::parse::<Dyad>) else {
                continue;
            };
            let path: Vec<Step<'_>> = at.iter().copied().chain([key.into()]).collect();
            for actor in dyad.sides() {
                self.add(tree.key(&path), actor);
            }
        }
    }
}
