//! Playing: one run of a scenario, event by event, as its chances went.
//!
//! Every event is decided where it stands, applied by the one `evolve`, and then every rule that it triggers is asked.
//! What rules cause waits in a queue by day and then by the order in which they fired; within a day it comes after
//! everything else.

use super::check::Scenario;
use super::condition::holds;
use super::draws::{Luck, Purpose};
use super::entry::Entry;
use super::hazards::Rule;
use crate::error::{Error, Kind, Result};
use crate::history::{NAME_LIMIT, Record, compile};
use crate::model::{
    Day, Event, EventIx, Fact, Facts, Model, Observer, Refusal, State, World, decide, evolve,
};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The most events that rules may cause in one run.
pub const REACTION_LIMIT: usize = 1_000;

/// Where a run stands.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// The names.
    pub world: &'a World,
    /// The state.
    pub state: &'a State,
    /// The model of this run.
    pub model: &'a Model,
    /// The day of the last event.
    pub day: Option<Day>,
}

/// An event of a run, or one that could have been.
#[derive(Clone, Copy, Debug)]
pub struct Happening<'a> {
    /// The event, on its day.
    pub record: &'a Record,
    /// Where it comes from.
    pub by: By<'a>,
    /// Why it does not happen, if it does not.
    pub missed: Option<&'a Missed>,
    /// The scenarios of the lineage behind whose fork it lies, a bit each.
    pub(super) forks: u64,
}

impl Happening<'_> {
    /// Whether it lies before the fork of a scenario.
    #[must_use]
    pub fn is_shared(&self, scenario: &Scenario) -> bool {
        self.forks & scenario.own_fork() == 0
    }
}

/// Where an event of a run comes from.
#[derive(Clone, Copy, Debug)]
pub enum By<'a> {
    /// It stands in the scenario or its base.
    Entry(&'a Entry),
    /// A rule caused it.
    Rule(&'a Rule),
}

/// Why an event does not happen in a run.
#[derive(Clone, Debug)]
pub enum Missed {
    /// The scenario drops it.
    Dropped,
    /// Another option of its chance node came to pass.
    OtherOption,
    /// What its time hangs on does not happen.
    Without(String),
    /// It is illegal where it stands.
    Illegal(Box<Refusal>),
}

/// Whoever watches a run: a story, or an ensemble's counts.
pub trait Watcher: Observer {
    /// Nothing happened since the moment's day, and the next event is on `day`.
    fn waited(&mut self, moment: &Moment<'_>, day: Day, behind_fork: bool);

    /// An event happened, or did not.
    ///
    /// # Errors
    /// What ends the run.
    fn passed(&mut self, happening: &Happening<'_>, moment: &Moment<'_>) -> Result<()>;
}

/// A scenario made ready to be played.
#[derive(Debug)]
pub struct Play<'s> {
    scenario: &'s Scenario,
    /// The entries until the last day, each with what it means; a dropped one means nothing.
    parts: Vec<(&'s Entry, Option<Part>)>,
    world: World,
    facts: Facts,
}

/// What an event means in a world, and the rules it triggers.
#[derive(Clone, Debug)]
struct Part {
    event: Event,
    triggers: Vec<usize>,
    after: Option<EventIx>,
}

/// A run under way.
struct Stage<'p, 's> {
    play: &'p Play<'s>,
    luck: Luck,
    world: World,
    facts: Facts,
    state: State,
    model: Model,
    day: Option<Day>,
    /// What is due by rules: its day and its place among what was fired.
    due: BinaryHeap<Reverse<(Day, usize)>>,
    fired: Vec<Reaction>,
    /// For each rule, how often it reacted, and when last.
    reacted: Vec<(u32, Option<Day>)>,
}

/// What a rule causes.
struct Reaction {
    rule: usize,
    record: Record,
}

/// How a run ends.
#[derive(Debug)]
pub struct Played {
    /// The names.
    pub world: World,
    /// The state, valid for the last event of each dyad.
    pub state: State,
    /// The model of the run.
    pub model: Model,
    /// The day of the last event.
    pub day: Option<Day>,
}

impl<'s> Play<'s> {
    /// Makes a scenario ready.
    #[must_use]
    pub fn new(scenario: &'s Scenario) -> Self {
        let (mut world, mut facts) = (World::new(), Facts::default());
        let in_time = |entry: &&Entry| entry.record.date() <= scenario.until;
        let mut parts: Vec<(&Entry, Option<Part>)> = Vec::new();
        for entry in scenario.entries.iter().filter(in_time) {
            let part = entry.fate.happens().then(|| {
                let after = entry
                    .after
                    .as_deref()
                    .and_then(|after| world.event_ix(after));
                let event = compile(&entry.record, &mut world);
                let triggers = triggers(scenario, &entry.record);
                Part {
                    event,
                    triggers,
                    after,
                }
            });
            let fact = match part {
                Some(_) => Fact::Later(entry.record.date()),
                None => Fact::Absent,
            };
            if let Some(id) = world.event_ix(entry.record.id()) {
                facts.note(id, fact);
            }
            parts.push((entry, part));
        }
        Self {
            scenario,
            parts,
            world,
            facts,
        }
    }

    /// Plays a run from its first event to its last.
    ///
    /// # Errors
    /// When rules cause more than they may, or what the watcher says.
    pub fn play(&self, luck: Luck, watcher: &mut impl Watcher) -> Result<Played> {
        let scenario = self.scenario;
        let mut model = scenario.model.clone();
        scenario
            .hazards
            .draw(&mut model, luck)
            .map_err(Kind::Setting)?;
        let mut stage = Stage {
            play: self,
            luck,
            world: self.world.clone(),
            facts: self.facts.clone(),
            state: State::default(),
            model,
            day: None,
            due: BinaryHeap::new(),
            fired: Vec::new(),
            reacted: vec![(0, None); scenario.hazards.rules.len()],
        };
        stage.state.fit(&stage.world, &stage.model);
        for (entry, part) in &self.parts {
            stage.reactions_before(Some(entry.record.date()), watcher)?;
            stage.entry(entry, part.as_ref(), watcher)?;
        }
        stage.reactions_before(None, watcher)?;
        let is_behind = true;
        watcher.waited(&stage.moment(), scenario.until, is_behind);
        let Stage {
            world,
            state,
            model,
            day,
            ..
        } = stage;
        Ok(Played {
            world,
            state,
            model,
            day,
        })
    }
}

/// The rules that an event triggers wherever they are in force.
fn triggers(scenario: &Scenario, record: &Record) -> Vec<usize> {
    let rules = scenario.hazards.rules.iter().enumerate();
    let matching = rules.filter(|(_, rule)| rule.written.when.matches(record.fields()));
    matching.map(|(place, _)| place).collect()
}

impl Rule {
    /// Whether it is in force at a place behind some forks.
    const fn holds_behind(&self, forks: u64) -> bool {
        forks & (1 << self.owner) != 0 && forks & self.cut_by == 0
    }
}

impl Stage<'_, '_> {
    fn moment(&self) -> Moment<'_> {
        Moment {
            world: &self.world,
            state: &self.state,
            model: &self.model,
            day: self.day,
        }
    }

    fn entry(
        &mut self,
        entry: &Entry,
        part: Option<&Part>,
        watcher: &mut impl Watcher,
    ) -> Result<()> {
        let missed = self.missed(entry, part);
        let record = &entry.record;
        let forks = entry.forks;
        let by = By::Entry(entry);
        let Some(part) = part.filter(|_| missed.is_none()) else {
            if let Some(id) = self.world.event_ix(record.id()) {
                self.facts.note(id, Fact::Absent);
            }
            let missed = missed.unwrap_or(Missed::Dropped);
            return self.miss(
                &Happening {
                    record,
                    by,
                    missed: Some(&missed),
                    forks,
                },
                watcher,
            );
        };
        let happening = Happening {
            record,
            by,
            missed: None,
            forks,
        };
        if self.happen(&part.event, &happening, watcher)? {
            self.fire(&part.triggers, record, forks)?;
        }
        Ok(())
    }

    /// Why an entry does not happen, as far as that is known before it is decided.
    fn missed(&self, entry: &Entry, part: Option<&Part>) -> Option<Missed> {
        let Some(part) = part else {
            return Some(Missed::Dropped);
        };
        let happened = |id: EventIx| matches!(self.facts.of(id), Fact::Happened(_));
        if let Some(option) = entry.option {
            let chance = self.play.scenario.hazards.chances.get(option.chance)?;
            if let Some(after) = &chance.after
                && !self.world.find_id(after).is_some_and(happened)
            {
                return Some(Missed::Without(after.clone()));
            }
            if chance.draw(self.luck) != option.option {
                return Some(Missed::OtherOption);
            }
        }
        let without = part.after.filter(|&after| !happened(after))?;
        Some(Missed::Without(self.world.id(without).to_owned()))
    }

    fn miss(&mut self, happening: &Happening<'_>, watcher: &mut impl Watcher) -> Result<()> {
        watcher.passed(happening, &self.moment())
    }

    /// Decides an event and applies it if it is legal; tells whether it was.
    fn happen(
        &mut self,
        event: &Event,
        happening: &Happening<'_>,
        watcher: &mut impl Watcher,
    ) -> Result<bool> {
        let day = happening.record.date();
        self.state.fit(&self.world, &self.model);
        if let Err(rejection) = decide(&self.state, &self.facts, &self.world, event, day) {
            if let Some(id) = event
                .id
                .filter(|&id| !matches!(self.facts.of(id), Fact::Happened(_)))
            {
                self.facts.note(id, Fact::Absent);
            }
            let missed = Missed::Illegal(Box::new(rejection.tell(&self.world)));
            self.miss(
                &Happening {
                    missed: Some(&missed),
                    ..*happening
                },
                watcher,
            )?;
            return Ok(false);
        }
        let behind_fork = !happening.is_shared(self.play.scenario);
        watcher.waited(&self.moment(), day, behind_fork);
        evolve(
            &mut self.state,
            &self.world,
            event,
            day,
            &self.model,
            watcher,
        );
        if let Some(id) = event.id {
            self.facts.note(id, Fact::Happened(day));
        }
        self.day = Some(day);
        watcher.passed(happening, &self.moment())?;
        Ok(true)
    }

    /// Asks the rules that an event triggers, right after it.
    fn fire(&mut self, rules: &[usize], trigger: &Record, forks: u64) -> Result<()> {
        for &place in rules {
            let Some(rule) = self.play.scenario.hazards.rules.get(place) else {
                continue;
            };
            if rule.holds_behind(forks) && self.fires(place, rule, trigger) {
                self.react(place, rule, trigger)?;
            }
        }
        Ok(())
    }

    fn fires(&self, place: usize, rule: &Rule, trigger: &Record) -> bool {
        let written = &rule.written;
        let (times, last) = self.reacted.get(place).copied().unwrap_or_default();
        let day = trigger.date();
        let is_cooling = written
            .cooldown_days
            .zip(last)
            .is_some_and(|(days, last)| i64::from(day.days_since(last)) < i64::from(days));
        let holds_now = |condition| holds(condition, &self.world, &self.state, day, &self.model);
        !is_cooling
            && written.at_most.is_none_or(|most| times < most)
            && written.condition.as_ref().is_none_or(holds_now)
            && self.luck.unit(&written.id, Purpose::Fire, trigger.id()) < written.probability
    }

    fn react(&mut self, place: usize, rule: &Rule, trigger: &Record) -> Result<()> {
        let written = &rule.written;
        let id = format!("{}@{}", written.id, trigger.id());
        if id.len() > NAME_LIMIT {
            return Err(Kind::ReactionTooDeep {
                rule: written.id.clone(),
                trigger: trigger.id().to_owned(),
            }
            .into());
        }
        if self.fired.len() >= REACTION_LIMIT {
            return Err(Error::from(Kind::TooManyReactions {
                rule: written.id.clone(),
                limit: REACTION_LIMIT,
            }));
        }
        let delay = written.delay_days.map_or(0, |delay| {
            delay.at(self.luck.unit(&written.id, Purpose::Delay, trigger.id()))
        });
        if let Some((times, last)) = self.reacted.get_mut(place) {
            *times += 1;
            *last = Some(trigger.date());
        }
        let until = self.play.scenario.until;
        let Some(day) = trigger.date().plus_days(delay).filter(|day| *day <= until) else {
            // It would happen after the end.
            return Ok(());
        };
        let record = rule.then.clone().caused(id, day, trigger.id());
        if let Some(id) = self.world.event_ix(record.id())
            && self.facts.of(id) == Fact::Unknown
        {
            self.facts.note(id, Fact::Later(day));
        }
        self.due.push(Reverse((day, self.fired.len())));
        self.fired.push(Reaction {
            rule: place,
            record,
        });
        Ok(())
    }

    /// Lets happen what rules caused on days before another, or all of it.
    fn reactions_before(&mut self, day: Option<Day>, watcher: &mut impl Watcher) -> Result<()> {
        while let Some(&Reverse((due, place))) = self.due.peek()
            && day.is_none_or(|day| due < day)
        {
            self.due.pop();
            let Some(Reaction { rule: at, record }) = self.fired.get(place) else {
                continue;
            };
            let (at, record) = (*at, record.clone());
            let scenario = self.play.scenario;
            let Some(rule) = scenario.hazards.rules.get(at) else {
                continue;
            };
            let forks = (0..)
                .zip(&scenario.lineage)
                .filter(|(_, ancestor)| due >= ancestor.first_day)
                .fold(0, |forks, (place, _)| forks | 1_u64 << place);
            if !rule.holds_behind(forks | 1 << rule.owner) {
                continue;
            }
            let event = compile(&record, &mut self.world);
            let by = By::Rule(rule);
            let happening = Happening {
                record: &record,
                by,
                missed: None,
                forks,
            };
            if self.happen(&event, &happening, watcher)? {
                self.fire(&triggers(scenario, &record), &record, forks)?;
            } else if let Some((times, _)) = self.reacted.get_mut(at) {
                // A rule that wants an illegal event does not fire.
                *times -= 1;
            }
        }
        Ok(())
    }
}
