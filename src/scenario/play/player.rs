//! Playing: one run of a scenario, event by event, as its chances went.
//!
//! Every event is decided where it stands, applied by the one `evolve`, and then every rule that it
//! triggers is asked. What rules cause waits in a queue by day and then by the order in which they
//! fired; within a day it comes after everything else.

use super::parts::{Hooks, Part, Parts, TriggerIx, Triggered, triggers};
use super::reach::{named, narrow, sure, touched};
use super::watcher::{By, Happening, Missed, Moment, Nobody, PartIx, Watcher};
use crate::error::{BadChance, Error, Fault, Result};
use crate::history::{NAME_LIMIT, compile};
use crate::model::{Day, Dyad, DyadIx, EventIx, Fact, Facts, Model, State, World, decide, evolve};
use crate::scenario::check::Scenario;
use crate::scenario::file::condition::Test;
use crate::scenario::file::draws::{Luck, Purpose, Stream};
use crate::scenario::file::hazards::{Chance, Rule, RuleIx, Uncertain};
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::sync::Arc;

/// The most events that rules may cause in one run.
pub const REACTION_LIMIT: usize = 1_000;

/// Plays runs of a scenario, one after the other.
///
/// What a reaction means is worked out when it first comes up and kept, as are the draws of a block
/// of runs. So from then on a run takes no memory of its own. None of that changes what happens in
/// a run.
///
/// A copy holds what does not change from run to run together with the first.
#[derive(Clone, Debug)]
pub struct Player<'s> {
    scenario: &'s Scenario,
    /// The entries until the last day, then the reactions that came up in any run.
    parts: Parts<'s>,
    entries: usize,
    rules: Vec<Option<Condition>>,
    /// What is asked, and the place of each question.
    questions: Vec<Test>,
    all_questions: Vec<usize>,
    /// For each chance node its draws, and the event that it hangs on.
    chances: Vec<(Stream, Option<EventIx>)>,
    /// For each uncertain parameter its draws.
    uncertain: Vec<Stream>,
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
    world: Arc<World>,
    facts: Facts,
    /// The ids of which a run has taken note; nothing where no other comes.
    noted: Option<Vec<EventIx>>,
    state: State,
    model: Model,
    day: Option<Day>,
    chosen: Vec<usize>,
    /// Whether options are not drawn, but those that were said come to pass.
    is_told_options: bool,
    /// What uncertain parameters were drawn with.
    units: Vec<f64>,
    /// What is due by rules.
    due: BinaryHeap<Reverse<Due>>,
    fired: usize,
    /// For each rule, how often it reacted, and when last.
    reacted: Vec<(u32, Option<Day>)>,
}

/// On what a rule hangs, with the dyads that it asks of.
#[derive(Clone, Debug)]
struct Condition {
    test: Test,
    dyads: Vec<DyadIx>,
}

/// What a rule caused, until its day comes; ordered by that day, and then as it was fired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Due {
    day: Day,
    /// Its place among what was fired.
    fired: usize,
    rule: RuleIx,
    reaction: PartIx,
    /// The scenarios of the lineage behind whose fork its trigger lies, a bit each.
    forks: u64,
}

/// The beginning that all runs have in common.
#[derive(Clone, Debug, Default)]
struct Common {
    /// Whether they were played.
    are_played: bool,
    parts: usize,
    facts: Arc<Facts>,
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
        let mut player = Self::with(scenario, Parts::for_runs(&scenario.entries));
        player.facts.clone_from(&player.common.facts);
        player
    }

    /// The same where one run is played, which takes less memory.
    #[must_use]
    pub(super) fn for_one_run(scenario: &'s Scenario) -> Self {
        let mut player = Self::with(scenario, Parts::for_one_run(&scenario.entries));
        let facts = std::mem::take(&mut player.common.facts);
        player.facts = Arc::unwrap_or_clone(facts);
        player.noted = None;
        player
    }

    fn with(scenario: &'s Scenario, mut parts: Parts<'s>) -> Self {
        let (mut world, mut facts) = (World::new(), Facts::default());
        // The place of an entry is that of its part.
        let entries = scenario.entries.iter();
        for entry in entries.take_while(|it| it.record.date() <= scenario.until) {
            let after = entry.after().and_then(|after| world.event_ix(after));
            let happens = entry.fate.happens();
            let event = happens.then(|| compile(entry.record, &mut world));
            let id = world.event_ix(entry.record.id());
            let fact = match event {
                Some(_) => Fact::Later(entry.record.date()),
                None => Fact::Absent,
            };
            if let Some(id) = id {
                facts.note(id, fact);
            }
            let hooks = Hooks {
                option: entry.option(),
                after,
                triggers: triggers(scenario, entry.record),
                touched: Box::default(),
            };
            parts.add(
                Part::new(entry.record.date(), entry.forks, id),
                event,
                hooks,
            );
        }
        let hazards = &scenario.hazards;
        // Conditions may ask for names that only reactions bring.
        for rule in &hazards.rules {
            let _ = compile(&rule.then, &mut world);
        }
        let asked = scenario.questions.iter().map(|(_, it)| &it.when);
        let conditions = hazards.rules.iter();
        let conditions = conditions.filter_map(|rule| rule.written.condition.as_ref());
        hazards.name_asked(asked.chain(conditions), &scenario.entries, &mut world);
        let condition = |rule: &Rule| {
            let test = Test::new(rule.written.condition.as_ref()?, &world);
            let dyads = test.dyads();
            Some(Condition { test, dyads })
        };
        let mut asked = scenario.questions.iter();
        let questions: Vec<_> = asked
            .clone()
            .map(|(_, it)| Test::new(&it.when, &world))
            .collect();
        let has_deadlines = asked.any(|(_, it)| it.by.is_some());
        for part in parts.places().filter(|_| has_deadlines) {
            let touched = parts
                .find_event(part)
                .map(|event| touched(scenario, &questions, &event, &world));
            if let Some(touched) = touched.filter(|touched| !touched.is_empty()) {
                parts.touch(part, touched);
            }
        }
        let stream = |site: &str, purpose| Stream::new(site, purpose, "");
        let chance = |chance: &Chance| {
            let after = chance
                .after
                .as_deref()
                .and_then(|after| world.find_id(after));
            (stream(&chance.id, Purpose::Choice), after)
        };
        let uncertain = |it: &Uncertain| stream(&it.name, Purpose::Value);
        let mut player = Self {
            rules: hazards.rules.iter().map(condition).collect(),
            all_questions: (0..questions.len()).collect(),
            questions,
            chances: hazards.chances.iter().map(chance).collect(),
            uncertain: hazards.uncertain.iter().map(uncertain).collect(),
            matter: None,
            start: None,
            common: Common {
                facts: Arc::new(facts),
                ..Common::default()
            },
            told_from: None,
            left_out: None,
            facts: Facts::default(),
            noted: Some(Vec::new()),
            state: State::default(),
            model: scenario.model.clone(),
            day: None,
            chosen: Vec::new(),
            is_told_options: false,
            units: Vec::new(),
            due: BinaryHeap::new(),
            fired: 0,
            reacted: Vec::new(),
            entries: parts.entries(),
            scenario,
            parts,
            world: Arc::new(world),
        };
        if !hazards.uncertain.iter().any(|it| it.slot.is_baseline()) {
            let mut start = State::default();
            start.reset(&player.world, &player.model);
            player.start = Some(start);
        }
        player
    }

    /// Plays only what can be seen in some dyads and in what is asked: the others are not moved,
    /// what readouts say is left out, and what every run decides alike is decided once.
    #[must_use]
    pub fn only(mut self, dyads: &[Dyad]) -> Self {
        let seen = dyads.iter().filter_map(|&dyad| self.world.find_dyad(dyad));
        let rules = self.rules.iter().flatten().map(|rule| &rule.test);
        let tests = rules.chain(&self.questions);
        let mut matter = vec![false; self.world.dyads().len()];
        for dyad in seen.chain(tests.flat_map(Test::dyads)) {
            matter[usize::from(dyad)] = true;
        }
        let after = self.chances.iter().filter_map(|(_, after)| *after);
        let named = named(&self.parts, after, self.scenario, &self.world);
        let sure = sure(
            &self.parts,
            &self.common.facts,
            self.scenario,
            Arc::make_mut(&mut self.world),
            &self.model,
        );
        self.parts.change_all(|place, part| {
            let is_sure = sure[usize::from(place)];
            part.is_sure = is_sure;
            // Of what is sure and nothing else hangs on no note need be taken.
            part.id = part.id.filter(|id| !is_sure || named.contains(id));
        });
        let own_fork = self.scenario.own_fork();
        for place in self.parts.places() {
            let mut is_mute = false;
            self.parts.change_event(place, |event| {
                narrow(event, &matter);
                is_mute = event.moves.is_empty()
                    && event.measures.is_empty()
                    && event.agenda.is_empty()
                    && event.meeting.is_none();
            });
            let has_triggers = !self.parts.triggers(place).is_empty();
            let part = &mut self.parts[place];
            let is_alone = !has_triggers && part.id.is_none();
            part.is_idle = part.is_sure && is_mute && is_alone && part.forks & own_fork == 0;
        }
        self.matter = Some(matter);
        self
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
        self.left_out = Arc::make_mut(&mut self.world).event_ix(id);
        self
    }

    /// Lets an option of each chance node come to pass, in every run from now on, instead of a
    /// drawn one.
    pub(in crate::scenario) fn choose(&mut self, options: &[usize]) {
        self.is_told_options = true;
        self.chosen.clear();
        self.chosen.extend(options);
    }

    /// Which option of each chance node came to pass in the run; `None` where the event it hangs on
    /// did not happen.
    pub fn options(&self) -> impl Iterator<Item = Option<usize>> {
        let happened = |id| matches!(self.facts.of(id), Fact::Happened(_));
        let chances = self.chances.iter().zip(&self.chosen);
        chances.map(move |((_, after), &option)| after.is_none_or(happened).then_some(option))
    }

    /// What is left of the last run, where no other comes.
    pub(super) fn into_end(self) -> (World, State, Model) {
        (Arc::unwrap_or_clone(self.world), self.state, self.model)
    }

    /// Where each event that came up in any run comes from, and its id, in the order of their
    /// places.
    pub(in crate::scenario) fn parts(&self) -> impl Iterator<Item = (By<'s>, &str)> {
        let places = self.parts.places();
        places.map(|place| (self.parts.by(place), self.parts.record(place).id()))
    }

    /// With which number above 0 and below 1 each uncertain parameter was drawn in the run.
    #[must_use]
    pub fn units(&self) -> &[f64] {
        &self.units
    }

    /// Plays what all runs have in common once and for all.
    pub(in crate::scenario) fn settle(&mut self) -> Result<()> {
        if self.common.are_played || !self.scenario.hazards.uncertain.is_empty() {
            return Ok(());
        }
        let rules = self.scenario.hazards.rules.iter();
        let forks = rules.fold(self.scenario.own_fork(), |forks, rule| {
            forks | 1 << rule.owner
        });
        let is_common = |place: PartIx| {
            let part = &self.parts[place];
            let is_sure = self.parts.option(place).is_none() && self.parts.after(place).is_none();
            let is_past = self.told_from.is_none_or(|first| part.day < first);
            is_sure && is_past && part.forks & forks == 0
        };
        let mut entries = self.parts.places().take(self.entries);
        let first = entries.position(|place| !is_common(place));
        let parts = first.unwrap_or(self.entries);
        self.begin(Luck::default());
        for part in (0..parts).map(PartIx) {
            self.entry(part, &mut Nobody)?;
        }
        self.common = Common {
            are_played: parts > 0,
            parts,
            facts: Arc::new(self.facts.clone()),
            state: self.state.clone(),
            day: self.day,
        };
        self.noted.iter_mut().for_each(Vec::clear);
        Ok(())
    }

    /// Forgets what all runs have in common but for the state that it comes to, and every id that
    /// nothing behind it can name: of scenarios that are played beside each other no more is held
    /// than what can differ. From then on only that can be played, under the same model.
    pub(in crate::scenario) fn forget_past(&mut self) {
        let past = std::mem::take(&mut self.common.parts);
        self.parts.forget(past);
        self.entries -= past;
        let world = Arc::make_mut(&mut self.world);
        let then = self.scenario.hazards.rules.iter().map(|rule| &rule.then);
        let of_rules = then.flat_map(|then| {
            let fields = then.fields();
            let named = [&fields.of, &fields.caused_by].map(Option::as_deref);
            named.map(|id| world.find_id(id?))
        });
        let after = self.chances.iter().map(|(_, after)| *after);
        let named = of_rules.chain(after).chain([self.left_out]).flatten();
        // What rules cause has such ids, none of which is known beforehand.
        let like_those = world.ids().filter(|(_, id)| id.contains('@'));
        let like_those = like_those.map(|(id, _)| id);
        let kept = named.chain(like_those).chain(self.parts.ids());
        let kept: BTreeSet<_> = kept.collect();
        let kept: Vec<_> = kept.into_iter().collect();
        let index = |id: EventIx| {
            let place = kept.binary_search(&id);
            let Ok(place) = place else {
                unreachable!("an id was forgotten that something names; please report this")
            };
            EventIx(place as u32)
        };
        self.parts.renumber(index);
        for id in self.chances.iter_mut().map(|(_, after)| after) {
            *id = id.map(index);
        }
        self.left_out = self.left_out.map(index);
        self.facts = self.facts.of_all(&kept);
        self.common.facts = Arc::new(self.common.facts.of_all(&kept));
        world.keep_ids(&kept);
    }

    /// What is known of all ids before anything happens.
    fn facts_before(&self) -> Facts {
        let mut facts = Facts::clone(&self.common.facts);
        for place in self.parts.places().take(self.common.parts) {
            let Part { id, day, .. } = self.parts[place];
            if let Some(id) = id.filter(|_| self.parts.may_happen(place)) {
                facts.note(id, Fact::Later(day));
            }
        }
        facts
    }

    /// Plays under another model from now on.
    pub(in crate::scenario) fn play_under(&mut self, model: &Model) {
        // What is legal in every run hangs on how strong measures are.
        let is_as_legal = self.model.portions() == model.portions();
        self.model.clone_from(model);
        self.common = Common {
            facts: Arc::new(self.facts_before()),
            ..Common::default()
        };
        self.facts.clone_from(&self.common.facts);
        self.noted.iter_mut().for_each(Vec::clear);
        if let Some(start) = &mut self.start {
            start.reset(&self.world, &self.model);
        }
        if self.matter.is_some() && !is_as_legal {
            self.parts.change_all(|_, part| {
                (part.is_sure, part.is_idle) = (false, false);
            });
        }
    }

    /// Where the run stands.
    #[must_use]
    pub fn moment(&self) -> Moment<'_> {
        Moment {
            world: &self.world,
            state: &self.state,
            model: &self.model,
            day: self.day,
        }
    }

    /// Plays a run to its end; of a player for one run, the first.
    ///
    /// # Errors
    /// When rules cause more than they may, or what the watcher says.
    pub fn play(&mut self, luck: Luck, past: Past, watcher: &mut impl Watcher) -> Result<()> {
        if past == Past::Skipped {
            self.settle()?;
        }
        self.begin(luck);
        let mut first = 0;
        if past == Past::Skipped && self.common.are_played {
            first = self.common.parts;
            self.state.clone_from(&self.common.state);
            self.day = self.common.day;
        } else if self.common.parts > 0 {
            // What is common has happened in the facts; a story begins before that.
            self.facts = self.facts_before();
        }
        for part in (first..self.entries).map(PartIx) {
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
            if self.entry(part, watcher)? && !self.parts.triggers(part).is_empty() {
                self.fire(part, luck, day, forks, watcher)?;
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
        for id in self.noted.iter_mut().flat_map(|noted| noted.drain(..)) {
            self.facts.note(id, self.common.facts.of(id));
        }
        self.units.clear();
        for (uncertain, stream) in hazards.uncertain.iter().zip(&mut self.uncertain) {
            let unit = stream.unit(luck);
            self.units.push(unit);
            let value = uncertain.spread.at(unit, uncertain.range);
            if let Err(refused) = self.model.put(uncertain.slot, value) {
                unreachable!("a spread left its range; please report this: {refused:?}");
            }
        }
        self.parts.weigh(self.model.weights());
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

    #[inline]
    fn note(&mut self, id: Option<EventIx>, fact: Fact) {
        if let Some(id) = id {
            self.facts.note(id, fact);
            if let Some(noted) = &mut self.noted {
                noted.push(id);
            }
        }
    }

    /// Lets an entry happen, if it does; tells whether.
    #[inline]
    fn entry(&mut self, place: PartIx, watcher: &mut impl Watcher) -> Result<bool> {
        let part = &self.parts[place];
        let (day, id, forks) = (part.day, part.id, part.forks);
        if part.is_sure {
            return self.apply(place, day, forks, watcher).map(|()| true);
        }
        if let Some(missed) = self.missed(place) {
            self.note(id, Fact::Absent);
            self.pass(place, day, forks, Some(&missed), watcher)?;
            return Ok(false);
        }
        self.happen(place, day, forks, watcher)
    }

    /// Why an entry does not happen, as far as that is known before it is decided.
    fn missed(&self, place: PartIx) -> Option<Missed> {
        if !self.parts.may_happen(place) {
            return Some(Missed::Dropped);
        }
        let happened = |id: EventIx| matches!(self.facts.of(id), Fact::Happened(_));
        if let Some(option) = self.parts.option(place) {
            let (_, after) = self.chances[option.chance];
            if let Some(after) = after.filter(|&after| !happened(after)) {
                return Some(Missed::Without(after));
            }
            if self.chosen[option.chance] != option.option {
                return Some(Missed::OtherOption);
            }
        }
        let without = self.parts.after(place).filter(|&after| !happened(after))?;
        Some(Missed::Without(without))
    }

    #[inline]
    fn pass(
        &self,
        place: PartIx,
        day: Day,
        forks: u64,
        missed: Option<&Missed>,
        watcher: &mut impl Watcher,
    ) -> Result<()> {
        let happening = Happening {
            by: self.parts.by(place),
            day,
            missed,
            made: self.parts.made(place),
            place,
            world: &self.world,
            forks,
            touched: self.parts.touched(place),
        };
        watcher.passed(&happening, &self.moment())
    }

    /// Decides an event and applies it if it is legal; tells whether it was.
    fn happen(
        &mut self,
        place: PartIx,
        day: Day,
        forks: u64,
        watcher: &mut impl Watcher,
    ) -> Result<bool> {
        self.state.fit(&self.world, &self.model);
        let id = self.parts[place].id;
        if id.is_some() && id == self.left_out {
            self.note(id, Fact::Absent);
            self.pass(place, day, forks, Some(&Missed::Dropped), watcher)?;
            return Ok(false);
        }
        let (state, facts, world) = (&self.state, &self.facts, &self.world);
        let decided = self
            .parts
            .with_event(place, |event| decide(state, facts, world, event, day));
        if let Err(rejection) = decided {
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
    #[inline]
    fn apply(
        &mut self,
        place: PartIx,
        day: Day,
        forks: u64,
        watcher: &mut impl Watcher,
    ) -> Result<()> {
        let looks_on = watcher.looks_on();
        if looks_on {
            let behind_fork = forks & self.scenario.own_fork() != 0;
            let touched = self.parts.touched(place);
            watcher.waited(&self.moment(), day, behind_fork, touched);
        }
        let (state, model) = (&mut self.state, &self.model);
        match self.parts.push(place) {
            Some(push) => push.apply(state, day, model, watcher),
            None => self.parts.with_event(place, |event| {
                evolve(state, &self.world, event, day, model, watcher);
            }),
        }
        self.day = Some(day);
        self.note(self.parts[place].id, Fact::Happened(day));
        if looks_on || self.parts.made(place).is_some() {
            self.pass(place, day, forks, None, watcher)?;
        }
        Ok(())
    }

    /// Asks the rules that an event triggers, right after it.
    fn fire(
        &mut self,
        part: PartIx,
        luck: Luck,
        day: Day,
        forks: u64,
        watcher: &mut impl Watcher,
    ) -> Result<()> {
        for place in 0..self.parts.triggers(part).len() {
            let trigger = TriggerIx { part, place };
            let Triggered { rule: at, fire, .. } = &mut self.parts[trigger];
            let (at, rule) = (*at, &self.scenario.hazards[*at]);
            let is_drawn = fire.unit(luck) < rule.written.probability;
            if is_drawn && rule.holds_behind(forks) && self.reacts(at, day, watcher) {
                self.react(trigger, luck, day, forks)?;
            }
        }
        Ok(())
    }

    /// Whether nothing holds a rule back, and its condition holds.
    fn reacts(&mut self, at: RuleIx, day: Day, watcher: &mut impl Watcher) -> bool {
        let written = &self.scenario.hazards[at].written;
        let (times, last) = self.reacted[usize::from(at)];
        let is_cooling = written
            .cooldown_days
            .zip(last)
            .is_some_and(|(days, last)| i64::from(day.days_since(last)) < i64::from(days));
        if is_cooling || written.at_most.is_some_and(|most| times >= most) {
            return false;
        }
        self.rules[usize::from(at)].as_ref().is_none_or(|rule| {
            watcher.catch_up(&mut self.state, &rule.dyads, &self.model);
            rule.test.holds(&self.world, &self.state, day, &self.model)
        })
    }

    fn react(&mut self, trigger: TriggerIx, luck: Luck, day: Day, forks: u64) -> Result<()> {
        let at = self.parts[trigger].rule;
        let rule = &self.scenario.hazards[at];
        let written = &rule.written;
        if self.fired >= REACTION_LIMIT {
            let kind = BadChance::TooManyReactions {
                rule: written.id.clone(),
                limit: REACTION_LIMIT,
                run: [luck.run, luck.seed],
            };
            return Err(rule.fault(kind));
        }
        let reaction = match self.parts[trigger].reaction {
            Some(known) => known,
            None => self.reaction(trigger, luck)?,
        };
        let delay = &mut self.parts[trigger].delay;
        let days = written
            .delay_days
            .map_or(0, |days| days.at(delay.unit(luck)));
        let (times, last) = &mut self.reacted[usize::from(at)];
        *times += 1;
        *last = Some(day);
        let until = self.scenario.until;
        let Some(day) = day.plus_days(days).filter(|day| *day <= until) else {
            // It would happen after the end.
            return Ok(());
        };
        let id = self.parts[reaction].id;
        if id.is_some_and(|id| self.facts.of(id) == Fact::Unknown) {
            self.note(id, Fact::Later(day));
        }
        self.due.push(Reverse(Due {
            day,
            fired: self.fired,
            rule: at,
            reaction,
            forks,
        }));
        self.fired += 1;
        Ok(())
    }

    /// Works out what a rule causes after a trigger.
    fn reaction(&mut self, trigger: TriggerIx, luck: Luck) -> Result<PartIx> {
        let at = self.parts[trigger].rule;
        let rule = &self.scenario.hazards[at];
        let cause = self.parts.record(trigger.part).id();
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
        let mut event = compile(&record, Arc::make_mut(&mut self.world));
        let touched = touched(self.scenario, &self.questions, &event, &self.world);
        if let Some(matter) = &self.matter {
            narrow(&mut event, matter);
        }
        let hooks = Hooks {
            triggers: triggers(self.scenario, &record),
            touched,
            ..Hooks::default()
        };
        let reaction = self.parts.add_made((event, record), at, hooks);
        self.parts[trigger].reaction = Some(reaction);
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
        while let Some(&Reverse(due)) = self.due.peek()
            && day.is_none_or(|day| due.day < day)
        {
            self.due.pop();
            // What follows an event lies behind every fork that it lies behind.
            let forks = self.forks_on(due.day) | due.forks;
            if !self.scenario.hazards[due.rule].holds_behind(forks) {
                continue;
            }
            if self.happen(due.reaction, due.day, forks, watcher)? {
                self.fire(due.reaction, luck, due.day, forks, watcher)?;
                continue;
            }
            // A rule that wants an illegal event does not fire.
            let (times, _) = &mut self.reacted[usize::from(due.rule)];
            *times = times.saturating_sub(1);
        }
        Ok(())
    }
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
