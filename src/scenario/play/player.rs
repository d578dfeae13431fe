//! Playing: one run of a scenario, event by event, as its chances went.
//!
//! Every event is decided where it stands, applied by the one `evolve`, and then every rule that it triggers is asked.
//! What rules cause waits in a queue by day and then by the order in which they fired; within a day it comes after
//! everything else.

use super::reach::{Open, narrow, touched};
use super::watcher::{By, Happening, Missed, Moment, Nobody, Watcher};
use crate::error::{BadChance, Error, Fault, Result};
use crate::history::{NAME_LIMIT, Record, compile};
use crate::model::{
    Day, Dyad, Event, EventIx, Fact, Facts, Model, Slot, State, World, decide, evolve,
};
use crate::scenario::check::Scenario;
use crate::scenario::file::condition::Test;
use crate::scenario::file::draws::{Luck, Purpose, Stream};
use crate::scenario::file::entry::Entry;
use crate::scenario::file::hazards::{Chance, Rule, Uncertain};
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

/// The most events that rules may cause in one run.
pub const REACTION_LIMIT: usize = 1_000;

/// Plays runs of a scenario, one after the other.
///
/// What a reaction means is worked out when it first comes up and kept, as are the draws of a block of runs. So
/// from then on a run takes no memory of its own. None of that changes what happens in a run.
#[derive(Debug)]
pub struct Player<'s> {
    scenario: &'s Scenario,
    /// The entries until the last day, then the reactions that came up in any run.
    parts: Vec<Part<'s>>,
    /// What is written of each part, apart from it: a run looks at it only to tell it.
    records: Vec<Cow<'s, Record>>,
    entries: usize,
    rules: Vec<Option<Test>>,
    /// What is asked, and the place of each question.
    questions: Vec<Test>,
    all_questions: Vec<usize>,
    /// For each chance node its draws, and the event that it hangs on.
    chances: Vec<(Stream, Option<EventIx>)>,
    /// For each uncertain parameter its draws, and where it stands in the model.
    uncertain: Vec<(Stream, Slot)>,
    /// The dyads that matter; all of them, unless it is said which.
    matter: Option<Vec<bool>>,
    /// The state before anything happened, unless where dyads start is uncertain.
    start: Option<State>,
    /// What every run begins with: the parts that all have in common, and what is left of them.
    common: Common,
    /// The day from which on everything is to be told.
    told_from: Option<Day>,
    /// The event that is never to happen.
    left_out: Option<EventIx>,
    world: World,
    facts: Facts,
    /// The ids of which a run has taken note.
    noted: Vec<EventIx>,
    state: State,
    model: Model,
    day: Option<Day>,
    chosen: Vec<usize>,
    /// Whether options are not drawn, but those that were said come to pass.
    is_told_options: bool,
    /// What uncertain parameters were drawn with.
    units: Vec<f64>,
    /// What is due by rules: its day, its place among what was fired, the reaction, and the forks behind which its
    /// trigger lies.
    due: BinaryHeap<Reverse<(Day, usize, usize, u64)>>,
    fired: usize,
    /// For each rule, how often it reacted, and when last.
    reacted: Vec<(u32, Option<Day>)>,
}

/// An event that may happen, with what it means.
#[derive(Debug)]
struct Part<'s> {
    by: By<'s>,
    /// The day of an entry; what a rule causes has another in each run.
    day: Day,
    /// The scenarios of the lineage behind whose fork an entry lies, a bit each.
    forks: u64,
    /// What it means; nothing if it never happens.
    event: Option<Event>,
    id: Option<EventIx>,
    after: Option<EventIx>,
    /// The rules that it triggers.
    triggers: Vec<Triggered>,
    /// The questions with a deadline whose answer it can change.
    touched: Vec<usize>,
    /// Whether it is known to happen and to be legal in every run.
    is_sure: bool,
    /// Whether it leaves no mark at all on what is looked at.
    is_idle: bool,
}

/// A rule that an event triggers.
#[derive(Debug)]
struct Triggered {
    rule: usize,
    fire: Stream,
    delay: Stream,
    /// What the rule causes then, once it came up.
    reaction: Option<usize>,
}

/// The beginning that all runs have in common.
#[derive(Clone, Debug, Default)]
struct Common {
    parts: usize,
    facts: Facts,
    state: State,
    day: Option<Day>,
}

/// Whether a watcher is told what lies before the first chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Past {
    /// Every event from the first.
    Told,
    /// Only what can differ from run to run.
    Skipped,
}

impl<'s> Player<'s> {
    /// Makes a scenario ready to be played.
    #[must_use]
    pub fn new(scenario: &'s Scenario) -> Self {
        let (mut world, mut facts) = (World::new(), Facts::default());
        let in_time = |entry: &&Entry| entry.record.date() <= scenario.until;
        let mut parts: Vec<Part<'_>> = Vec::new();
        let mut records = Vec::new();
        for entry in scenario.entries.iter().filter(in_time) {
            let after = entry
                .after
                .as_deref()
                .and_then(|after| world.event_ix(after));
            let happens = entry.fate.happens();
            let event = happens.then(|| compile(&entry.record, &mut world));
            let id = world.event_ix(entry.record.id());
            let fact = match event {
                Some(_) => Fact::Later(entry.record.date()),
                None => Fact::Absent,
            };
            if let Some(id) = id {
                facts.note(id, fact);
            }
            parts.push(Part {
                triggers: triggers(scenario, &entry.record),
                by: By::Entry(entry),
                day: entry.record.date(),
                forks: entry.forks,
                event,
                id,
                after,
                touched: Vec::new(),
                is_sure: false,
                is_idle: false,
            });
            records.push(Cow::Borrowed(&entry.record));
        }
        let hazards = &scenario.hazards;
        // Conditions may ask for names that only reactions bring.
        for rule in &hazards.rules {
            let _ = compile(&rule.then, &mut world);
        }
        let test = |rule: &Rule| Some(Test::new(rule.written.condition.as_ref()?, &world));
        let asked = scenario.questions.iter();
        let questions: Vec<_> = asked.map(|(_, it)| Test::new(&it.when, &world)).collect();
        for part in &mut parts {
            part.touched = part.event.as_ref().map_or_else(Vec::new, |event| {
                touched(scenario, &questions, event, &world)
            });
        }
        let stream = |site: &str, purpose| Stream::new(site, purpose, "");
        let chance = |chance: &Chance| {
            let after = chance
                .after
                .as_deref()
                .and_then(|after| world.find_id(after));
            (stream(&chance.id, Purpose::Choice), after)
        };
        let uncertain = |it: &Uncertain| {
            // Checking has ruled out every name that is none of a parameter.
            let slot = Model::slot(&it.name).ok()?;
            Some((stream(&it.name, Purpose::Value), slot))
        };
        let mut player = Self {
            rules: hazards.rules.iter().map(test).collect(),
            all_questions: (0..questions.len()).collect(),
            questions,
            chances: hazards.chances.iter().map(chance).collect(),
            uncertain: hazards.uncertain.iter().filter_map(uncertain).collect(),
            matter: None,
            start: None,
            common: Common {
                facts,
                ..Common::default()
            },
            told_from: None,
            left_out: None,
            facts: Facts::default(),
            noted: Vec::new(),
            state: State::default(),
            model: scenario.model.clone(),
            day: None,
            chosen: Vec::new(),
            is_told_options: false,
            units: Vec::new(),
            due: BinaryHeap::new(),
            fired: 0,
            reacted: Vec::new(),
            entries: parts.len(),
            scenario,
            parts,
            records,
            world,
        };
        player.facts = player.common.facts.clone();
        if !player.uncertain.iter().any(|(_, slot)| slot.is_baseline()) {
            let mut start = State::default();
            start.reset(&player.world, &player.model);
            player.start = Some(start);
        }
        player
    }

    /// Plays only what can be seen in some dyads and in what is asked: the others are not moved, what readouts say
    /// is left out, and what every run decides alike is decided once.
    #[must_use]
    pub fn only(mut self, dyads: &[Dyad]) -> Self {
        let seen = dyads.iter().filter_map(|&dyad| self.world.find_dyad(dyad));
        let tests = self.rules.iter().flatten().chain(&self.questions);
        let mut matter = vec![false; self.world.dyads().len()];
        for dyad in seen.chain(tests.flat_map(Test::dyads)) {
            matter[usize::from(dyad)] = true;
        }
        let (named, sure) = (self.named(), self.sure());
        for (part, is_sure) in self.parts.iter_mut().zip(sure) {
            part.is_sure = is_sure;
            // Of what is sure and nothing else hangs on no note need be taken.
            part.id = part.id.filter(|id| !is_sure || named.contains(id));
        }
        let own_fork = self.scenario.own_fork();
        for part in &mut self.parts {
            let Some(event) = &mut part.event else {
                continue;
            };
            narrow(event, &matter);
            let is_mute = event.moves.is_empty()
                && event.measures.is_empty()
                && event.agenda.is_empty()
                && event.meeting.is_none();
            let is_alone = part.triggers.is_empty() && part.id.is_none();
            part.is_idle = part.is_sure && is_mute && is_alone && part.forks & own_fork == 0;
        }
        self.matter = Some(matter);
        self
    }

    /// The events that others hang on, or may once rules react.
    fn named(&self) -> HashSet<EventIx> {
        let triggers = self.parts.iter().filter(|part| !part.triggers.is_empty());
        let triggers = triggers.filter_map(|part| part.id);
        let named = self.parts.iter().filter_map(|part| part.event.as_ref());
        let named = named.flat_map(|event| [event.caused_by, event.of]);
        let after = self.parts.iter().map(|part| part.after);
        let after = after.chain(self.chances.iter().map(|(_, after)| *after));
        let rules = self.scenario.hazards.rules.iter();
        let of = rules.map(|rule| self.world.find_id(rule.then.fields().of.as_deref()?));
        named
            .chain(after)
            .chain(of)
            .flatten()
            .chain(triggers)
            .collect()
    }

    /// For each entry whether it happens and is legal in every run: nothing that it hangs on is open.
    fn sure(&self) -> Vec<bool> {
        let mut world = self.world.clone();
        let mut open = Open::default();
        for rule in &self.scenario.hazards.rules {
            open.add(&compile(&rule.then, &mut world), &world);
        }
        let (mut state, mut facts) = (State::default(), self.common.facts.clone());
        state.reset(&world, &self.model);
        let is_sure = |part: &Part<'_>| {
            let (By::Entry(entry), Some(event)) = (part.by, &part.event) else {
                return false;
            };
            let day = part.day;
            let is_sure = entry.option.is_none()
                && part.after.is_none()
                && !open.concerns(event, &world)
                && decide(&state, &facts, &world, event, day).is_ok();
            if is_sure {
                evolve(&mut state, &world, event, day, &self.model, &mut ());
            } else {
                open.add(event, &world);
            }
            if let Some(id) = part.id.filter(|_| is_sure) {
                facts.note(id, Fact::Happened(day));
            }
            is_sure
        };
        self.parts.iter().map(is_sure).collect()
    }

    /// Tells a watcher everything from a day on, even what all runs have in common.
    #[must_use]
    pub const fn told_from(mut self, day: Option<Day>) -> Self {
        self.told_from = day;
        self
    }

    /// Plays everything without an event, which is missed wherever it comes from.
    #[must_use]
    pub fn without(mut self, id: &str) -> Self {
        self.left_out = self.world.event_ix(id);
        self
    }

    /// Lets an option of each chance node come to pass, in every run from now on, instead of a drawn one.
    pub(in crate::scenario) fn choose(&mut self, options: &[usize]) {
        self.is_told_options = true;
        self.chosen.clear();
        self.chosen.extend(options);
    }

    /// Which option of each chance node came to pass in the run; `None` where the event it hangs on did not happen.
    pub fn options(&self) -> impl Iterator<Item = Option<usize>> {
        let happened = |id| matches!(self.facts.of(id), Fact::Happened(_));
        let chances = self.chances.iter().zip(&self.chosen);
        chances.map(move |((_, after), &option)| after.is_none_or(happened).then_some(option))
    }

    /// Where an event that came up comes from, and its id.
    pub(in crate::scenario) fn part(&self, place: usize) -> (By<'s>, &str) {
        (self.parts[place].by, self.records[place].id())
    }

    /// With which number above 0 and below 1 each uncertain parameter was drawn in the run.
    #[must_use]
    pub fn units(&self) -> &[f64] {
        &self.units
    }

    /// Plays what all runs have in common once and for all.
    fn settle(&mut self) -> Result<()> {
        if self.common.parts > 0 || !self.scenario.hazards.uncertain.is_empty() {
            return Ok(());
        }
        let rules = self.scenario.hazards.rules.iter();
        let forks = rules.fold(self.scenario.own_fork(), |forks, rule| {
            forks | 1 << rule.owner
        });
        let is_common = |part: &Part<'_>| match part.by {
            By::Entry(entry) => {
                let is_sure = entry.option.is_none() && entry.after.is_none();
                let is_past = self.told_from.is_none_or(|first| part.day < first);
                is_sure && is_past && part.forks & forks == 0
            }
            By::Rule(_) => false,
        };
        let first = self.parts[..self.entries]
            .iter()
            .position(|part| !is_common(part));
        let parts = first.unwrap_or(self.entries);
        self.begin(Luck::default());
        for part in 0..parts {
            self.entry(part, &mut Nobody)?;
        }
        self.common = Common {
            parts,
            facts: self.facts.clone(),
            state: self.state.clone(),
            day: self.day,
        };
        self.noted.clear();
        Ok(())
    }

    /// Where the run stands.
    #[must_use]
    pub const fn moment(&self) -> Moment<'_> {
        Moment {
            world: &self.world,
            state: &self.state,
            model: &self.model,
            day: self.day,
        }
    }

    /// Plays a run to its end.
    ///
    /// # Errors
    /// When rules cause more than they may, or what the watcher says.
    pub fn play(&mut self, luck: Luck, past: Past, watcher: &mut impl Watcher) -> Result<()> {
        if past == Past::Skipped {
            self.settle()?;
        }
        self.begin(luck);
        let mut first = 0;
        if past == Past::Skipped && self.common.parts > 0 {
            first = self.common.parts;
            self.state.clone_from(&self.common.state);
            self.day = self.common.day;
        } else if self.common.parts > 0 {
            // What is common has happened in the facts; a story begins before that.
            let Self {
                facts,
                common,
                parts,
                ..
            } = self;
            facts.clone_from(&common.facts);
            for part in &parts[..common.parts] {
                if let (Some(id), Some(_)) = (part.id, &part.event) {
                    facts.note(id, Fact::Later(part.day));
                }
            }
        }
        for part in first..self.entries {
            let Part {
                day,
                forks,
                is_idle,
                ..
            } = self.parts[part];
            if !self.due.is_empty() {
                self.reactions_before(Some(day), luck, watcher)?;
            }
            if is_idle {
                self.day = Some(day);
                continue;
            }
            if self.entry(part, watcher)? && !self.parts[part].triggers.is_empty() {
                self.fire(part, luck, day, forks)?;
            }
        }
        self.reactions_before(None, luck, watcher)?;
        watcher.waited(
            &self.moment(),
            self.scenario.until,
            true,
            &self.all_questions,
        );
        Ok(())
    }

    /// Forgets the run before, and draws what does not depend on what happens.
    fn begin(&mut self, luck: Luck) {
        let hazards = &self.scenario.hazards;
        for &id in &self.noted {
            self.facts.note(id, self.common.facts.of(id));
        }
        self.noted.clear();
        self.units.clear();
        for (uncertain, (stream, slot)) in hazards.uncertain.iter().zip(&mut self.uncertain) {
            let unit = stream.unit(luck);
            self.units.push(unit);
            let value = uncertain.spread.at(unit, uncertain.range);
            // Checking has ruled out every value that the parameter cannot have.
            let _ = self.model.put(*slot, value);
        }
        if !self.is_told_options {
            self.chosen.clear();
            for (chance, (stream, _)) in hazards.chances.iter().zip(&mut self.chances) {
                self.chosen.push(chance.option_at(stream.unit(luck)));
            }
        }
        match &mut self.start {
            Some(start) => {
                start.fit(&self.world, &self.model);
                self.state.clone_from(start);
            }
            None => self.state.reset(&self.world, &self.model),
        }
        self.day = None;
        self.due.clear();
        self.fired = 0;
        self.reacted.clear();
        self.reacted.resize(hazards.rules.len(), (0, None));
    }

    fn note(&mut self, id: Option<EventIx>, fact: Fact) {
        if let Some(id) = id {
            self.facts.note(id, fact);
            self.noted.push(id);
        }
    }

    /// Lets an entry happen, if it does; tells whether.
    fn entry(&mut self, place: usize, watcher: &mut impl Watcher) -> Result<bool> {
        let Some(part) = self.parts.get(place) else {
            return Ok(false);
        };
        let By::Entry(entry) = part.by else {
            return Ok(false);
        };
        let (day, id, forks) = (part.day, part.id, part.forks);
        if part.is_sure {
            return self.apply(place, day, forks, watcher).map(|()| true);
        }
        if let Some(missed) = self.missed(entry, part) {
            self.note(id, Fact::Absent);
            self.pass(place, day, forks, Some(&missed), watcher)?;
            return Ok(false);
        }
        self.happen(place, day, forks, watcher)
    }

    /// Why an entry does not happen, as far as that is known before it is decided.
    fn missed(&self, entry: &Entry, part: &Part<'_>) -> Option<Missed> {
        if part.event.is_none() {
            return Some(Missed::Dropped);
        }
        let happened = |id: EventIx| matches!(self.facts.of(id), Fact::Happened(_));
        if let Some(option) = entry.option {
            let (_, after) = self.chances.get(option.chance)?;
            if let Some(after) = after.filter(|&after| !happened(after)) {
                return Some(Missed::Without(after));
            }
            if self.chosen.get(option.chance) != Some(&option.option) {
                return Some(Missed::OtherOption);
            }
        }
        let without = part.after.filter(|&after| !happened(after))?;
        Some(Missed::Without(without))
    }

    fn pass(
        &self,
        place: usize,
        day: Day,
        forks: u64,
        missed: Option<&Missed>,
        watcher: &mut impl Watcher,
    ) -> Result<()> {
        let (Some(part), Some(record)) = (self.parts.get(place), self.records.get(place)) else {
            return Ok(());
        };
        let happening = Happening {
            by: part.by,
            day,
            missed,
            template: record,
            place,
            world: &self.world,
            forks,
            touched: &part.touched,
        };
        watcher.passed(&happening, &self.moment())
    }

    /// Decides an event and applies it if it is legal; tells whether it was.
    fn happen(
        &mut self,
        place: usize,
        day: Day,
        forks: u64,
        watcher: &mut impl Watcher,
    ) -> Result<bool> {
        self.state.fit(&self.world, &self.model);
        let Some(Part {
            event: Some(event),
            id,
            ..
        }) = self.parts.get(place)
        else {
            return Ok(false);
        };
        let id = *id;
        if id.is_some() && id == self.left_out {
            self.note(id, Fact::Absent);
            self.pass(place, day, forks, Some(&Missed::Dropped), watcher)?;
            return Ok(false);
        }
        if let Err(rejection) = decide(&self.state, &self.facts, &self.world, event, day) {
            let has_happened = |id| matches!(self.facts.of(id), Fact::Happened(_));
            self.note(id.filter(|&id| !has_happened(id)), Fact::Absent);
            self.pass(
                place,
                day,
                forks,
                Some(&Missed::Illegal(rejection)),
                watcher,
            )?;
            return Ok(false);
        }
        self.apply(place, day, forks, watcher)?;
        Ok(true)
    }

    /// Applies an event that is legal.
    fn apply(
        &mut self,
        place: usize,
        day: Day,
        forks: u64,
        watcher: &mut impl Watcher,
    ) -> Result<()> {
        let Some(part) = self.parts.get(place) else {
            return Ok(());
        };
        let behind_fork = forks & self.scenario.own_fork() != 0;
        watcher.waited(&self.moment(), day, behind_fork, &part.touched);
        if let Some(event) = &part.event {
            let (state, model) = (&mut self.state, &self.model);
            evolve(state, &self.world, event, day, model, watcher);
        }
        let id = part.id;
        self.note(id, Fact::Happened(day));
        self.day = Some(day);
        self.pass(place, day, forks, None, watcher)
    }

    /// Asks the rules that an event triggers, right after it.
    fn fire(&mut self, place: usize, luck: Luck, day: Day, forks: u64) -> Result<()> {
        let triggers = self.parts[place].triggers.len();
        for trigger in 0..triggers {
            let Some(Triggered { rule: at, fire, .. }) = self
                .parts
                .get_mut(place)
                .and_then(|part| part.triggers.get_mut(trigger))
            else {
                continue;
            };
            let at = *at;
            let Some(rule) = self.scenario.hazards.rules.get(at) else {
                continue;
            };
            let is_drawn = fire.unit(luck) < rule.written.probability;
            if is_drawn && rule.holds_behind(forks) && self.reacts(at, rule, day) {
                self.react(place, trigger, rule, luck, day, forks)?;
            }
        }
        Ok(())
    }

    /// Whether nothing holds a rule back, and its condition holds.
    fn reacts(&self, at: usize, rule: &Rule, day: Day) -> bool {
        let written = &rule.written;
        let (times, last) = self.reacted.get(at).copied().unwrap_or_default();
        let is_cooling = written
            .cooldown_days
            .zip(last)
            .is_some_and(|(days, last)| i64::from(day.days_since(last)) < i64::from(days));
        let test = self.rules.get(at).and_then(Option::as_ref);
        let holds_now = |test: &Test| test.holds(&self.world, &self.state, day, &self.model);
        !is_cooling && written.at_most.is_none_or(|most| times < most) && test.is_none_or(holds_now)
    }

    fn react(
        &mut self,
        place: usize,
        trigger: usize,
        rule: &'s Rule,
        luck: Luck,
        day: Day,
        forks: u64,
    ) -> Result<()> {
        let written = &rule.written;
        if self.fired >= REACTION_LIMIT {
            let kind = BadChance::TooManyReactions {
                rule: written.id.clone(),
                limit: REACTION_LIMIT,
                run: [luck.run, luck.seed],
            };
            return Err(rule.fault(kind));
        }
        let reaction = self.reaction(place, trigger, rule, luck)?;
        let Some(Triggered {
            rule: at, delay, ..
        }) = self
            .parts
            .get_mut(place)
            .and_then(|part| part.triggers.get_mut(trigger))
        else {
            return Ok(());
        };
        let days = written
            .delay_days
            .map_or(0, |days| days.at(delay.unit(luck)));
        if let Some((times, last)) = self.reacted.get_mut(*at) {
            *times += 1;
            *last = Some(day);
        }
        let until = self.scenario.until;
        let Some(day) = day.plus_days(days).filter(|day| *day <= until) else {
            // It would happen after the end.
            return Ok(());
        };
        let id = self.parts.get(reaction).and_then(|part| part.id);
        if id.is_some_and(|id| self.facts.of(id) == Fact::Unknown) {
            self.note(id, Fact::Later(day));
        }
        self.due.push(Reverse((day, self.fired, reaction, forks)));
        self.fired += 1;
        Ok(())
    }

    /// What a rule causes after a trigger, worked out once.
    fn reaction(
        &mut self,
        place: usize,
        trigger: usize,
        rule: &'s Rule,
        luck: Luck,
    ) -> Result<usize> {
        let known = self
            .parts
            .get(place)
            .and_then(|part| part.triggers.get(trigger)?.reaction);
        if let Some(known) = known {
            return Ok(known);
        }
        let cause = self.records.get(place).map_or("", |record| record.id());
        let id = format!("{}@{cause}", rule.written.id);
        if id.len() > NAME_LIMIT {
            let kind = BadChance::ReactionTooDeep {
                rule: rule.written.id.clone(),
                trigger: cause.to_owned(),
                run: [luck.run, luck.seed],
            };
            return Err(rule.fault(kind));
        }
        let record = rule.then.clone().caused(id, Day::EPOCH, cause);
        let mut event = compile(&record, &mut self.world);
        let touched = touched(self.scenario, &self.questions, &event, &self.world);
        if let Some(matter) = &self.matter {
            narrow(&mut event, matter);
        }
        let reaction = self.parts.len();
        self.parts.push(Part {
            triggers: triggers(self.scenario, &record),
            id: event.id,
            by: By::Rule(rule),
            day: Day::EPOCH,
            forks: 0,
            event: Some(event),
            after: None,
            touched,
            is_sure: false,
            is_idle: false,
        });
        self.records.push(Cow::Owned(record));
        let slot = self
            .parts
            .get_mut(place)
            .and_then(|part| part.triggers.get_mut(trigger));
        if let Some(triggered) = slot {
            triggered.reaction = Some(reaction);
        }
        Ok(reaction)
    }

    /// Behind which forks of the lineage what rules cause on a day lies, a bit each.
    fn forks_on(&self, day: Day) -> u64 {
        let ancestors = (0..).zip(&self.scenario.lineage);
        let behind = ancestors.filter(|(_, ancestor)| day >= ancestor.first_day);
        behind.fold(0, |forks, (place, _)| forks | 1_u64 << place)
    }

    /// Lets happen what rules caused on days before another, or all of it.
    fn reactions_before(
        &mut self,
        day: Option<Day>,
        luck: Luck,
        watcher: &mut impl Watcher,
    ) -> Result<()> {
        while let Some(&Reverse((due, _, reaction, trigger_forks))) = self.due.peek()
            && day.is_none_or(|day| due < day)
        {
            self.due.pop();
            let Some(By::Rule(rule)) = self.parts.get(reaction).map(|part| part.by) else {
                continue;
            };
            // What follows an event lies behind every fork that it lies behind.
            let forks = self.forks_on(due) | trigger_forks;
            if !rule.holds_behind(forks) {
                continue;
            }
            if self.happen(reaction, due, forks, watcher)? {
                self.fire(reaction, luck, due, forks)?;
                continue;
            }
            // A rule that wants an illegal event does not fire.
            let rules = &self.scenario.hazards.rules;
            let at = rules.iter().position(|other| std::ptr::eq(other, rule));
            if let Some((times, _)) = at.and_then(|at| self.reacted.get_mut(at)) {
                *times = times.saturating_sub(1);
            }
        }
        Ok(())
    }
}

/// The rules that an event triggers wherever they are in force.
fn triggers(scenario: &Scenario, record: &Record) -> Vec<Triggered> {
    let hazards = &scenario.hazards;
    let rules = hazards.rules.iter().enumerate();
    let matching = rules.filter(|(_, rule)| rule.written.when.matches(record.fields()));
    let triggered = matching.map(|(rule, Rule { written, .. })| {
        let stream = |purpose| Stream::new(&written.id, purpose, record.id());
        Triggered {
            rule,
            fire: stream(Purpose::Fire),
            delay: stream(Purpose::Delay),
            reaction: None,
        }
    });
    triggered.collect()
}

impl Rule {
    /// What goes wrong with it in a run, told where it is written.
    fn fault(&self, bad: BadChance) -> Error {
        let (place, kind) = (self.place.clone(), bad.into());
        Fault { place, kind }.into()
    }

    /// Whether it is in force at a place behind some forks.
    const fn holds_behind(&self, forks: u64) -> bool {
        forks & (1 << self.owner) != 0 && forks & self.cut_by == 0
    }
}
