//! Parts: the events that may happen in a run, ready to be played.

use super::watcher::{By, EntryAt, PartIx};
use crate::history::Record;
use crate::model::{Compact, Day, Event, EventIx};
use crate::scenario::check::Scenario;
use crate::scenario::file::draws::{Purpose, Stream};
use crate::scenario::file::entry::{Entries, OptionOf};
use crate::scenario::file::hazards::{Rule, RuleIx};
use std::borrow::Cow;
use std::ops::{Index, IndexMut};
use std::slice;

/// Up to how many events are held as they are applied. (A choice: more of them than a processor
/// keeps close by are no faster to go through than small ones that are made ready each time.)
const READY_LIMIT: usize = 16_384;

/// A rule that a part triggers, by its place among those.
#[derive(Clone, Copy, Debug)]
pub(super) struct TriggerIx {
    pub(super) part: PartIx,
    pub(super) place: usize,
}

/// The events that may happen. Only what was added has an index.
#[derive(Debug)]
pub(super) struct Parts<'s> {
    entries: &'s Entries,
    all: Vec<Part>,
    /// What each means; nothing if it never happens.
    events: Meanings,
    /// What rules cause, and which, which comes behind all entries.
    made: Vec<(Record, RuleIx)>,
}

/// What events mean.
#[derive(Debug)]
enum Meanings {
    /// As they are applied, for many runs of not too many events.
    Ready(Vec<Option<Event>>),
    /// As small as they are.
    Small(Vec<Option<Compact>>),
}

/// An event that may happen, with what it means.
#[derive(Debug)]
pub(super) struct Part {
    /// The day of an entry; what a rule causes has another in each run.
    pub(super) day: Day,
    /// The scenarios of the lineage behind whose fork an entry lies, a bit each.
    pub(super) forks: u64,
    pub(super) id: Option<EventIx>,
    /// What hangs on it and on what it hangs; nothing for nearly all of a log.
    pub(super) hooks: Option<Box<Hooks>>,
    /// Whether it is known to happen and to be legal in every run.
    pub(super) is_sure: bool,
    /// Whether it leaves no mark at all on what is looked at.
    pub(super) is_idle: bool,
}

/// What hangs on an event, and on what it hangs.
#[derive(Debug, Default)]
pub(super) struct Hooks {
    /// The option of a chance node that it belongs to.
    pub(super) option: Option<OptionOf>,
    /// The event that its time hangs on.
    pub(super) after: Option<EventIx>,
    /// The rules that it triggers.
    pub(super) triggers: Box<[Triggered]>,
    /// The questions with a deadline whose answer it can change.
    pub(super) touched: Box<[usize]>,
}

impl Hooks {
    /// Nothing, if there are none.
    pub(super) fn if_any(self) -> Option<Box<Self>> {
        let is_any = self.option.is_some()
            || self.after.is_some()
            || !self.triggers.is_empty()
            || !self.touched.is_empty();
        is_any.then(|| Box::new(self))
    }
}

impl Part {
    /// The option of a chance node that it belongs to.
    #[inline]
    pub(super) fn option(&self) -> Option<OptionOf> {
        self.hooks.as_ref()?.option
    }

    /// The event that its time hangs on.
    #[inline]
    pub(super) fn after(&self) -> Option<EventIx> {
        self.hooks.as_ref()?.after
    }

    /// The rules that it triggers.
    #[inline]
    pub(super) fn triggers(&self) -> &[Triggered] {
        self.hooks.as_ref().map_or(&[], |hooks| &hooks.triggers)
    }

    /// The questions with a deadline whose answer it can change.
    #[inline]
    pub(super) fn touched(&self) -> &[usize] {
        self.hooks.as_ref().map_or(&[], |hooks| &hooks.touched)
    }
}

/// A rule that an event triggers.
#[derive(Debug)]
pub(super) struct Triggered {
    pub(super) rule: RuleIx,
    pub(super) fire: Stream,
    pub(super) delay: Stream,
    /// What the rule causes then, once it came up.
    pub(super) reaction: Option<PartIx>,
}

impl<'s> Parts<'s> {
    /// None yet, with room for some entries.
    pub(super) fn for_runs(entries: &'s Entries) -> Self {
        if entries.len() > READY_LIMIT {
            return Self::for_one_run(entries);
        }
        let events = Vec::with_capacity(entries.len());
        Self::of(entries, Meanings::Ready(events))
    }

    /// The same where one run is played, and memory counts more than its time.
    pub(super) fn for_one_run(entries: &'s Entries) -> Self {
        let events = Vec::with_capacity(entries.len());
        Self::of(entries, Meanings::Small(events))
    }

    fn of(entries: &'s Entries, events: Meanings) -> Self {
        Self {
            entries,
            all: Vec::with_capacity(entries.len()),
            events,
            made: Vec::new(),
        }
    }

    /// Adds the next entry. None can be added once a rule has caused something.
    pub(super) fn add(&mut self, part: Part, event: Option<Event>) -> PartIx {
        self.all.push(part);
        match &mut self.events {
            Meanings::Ready(events) => events.push(event),
            Meanings::Small(events) => events.push(event.map(Compact::from)),
        }
        PartIx(self.all.len() - 1)
    }

    /// Adds what a rule causes.
    pub(super) fn add_made(
        &mut self,
        part: Part,
        event: Event,
        (record, rule): (Record, RuleIx),
    ) -> PartIx {
        self.made.push((record, rule));
        self.add(part, Some(event))
    }

    pub(super) fn record(&self, part: PartIx) -> &Record {
        match self.by(part) {
            By::Entry(place) => place.entry().record,
            By::Rule(_) => &self.made[part.0 - self.entries()].0,
        }
    }

    /// How many entries there are.
    #[inline]
    fn entries(&self) -> usize {
        self.all.len() - self.made.len()
    }

    /// What a rule caused; nothing for an entry.
    #[inline]
    pub(super) fn made(&self, part: PartIx) -> Option<&Record> {
        let (record, _) = self.made.get(part.0.checked_sub(self.entries())?)?;
        Some(record)
    }

    /// Where it comes from.
    #[inline]
    pub(super) fn by(&self, part: PartIx) -> By<'s> {
        match part.0.checked_sub(self.entries()) {
            None => By::Entry(EntryAt {
                entries: self.entries,
                place: part.0,
            }),
            Some(place) => By::Rule(self.made[place].1),
        }
    }

    /// Whether it may ever happen.
    pub(super) fn may_happen(&self, part: PartIx) -> bool {
        match &self.events {
            Meanings::Ready(events) => events[part.0].is_some(),
            Meanings::Small(events) => events[part.0].is_some(),
        }
    }

    /// What it means; nothing if it never happens.
    #[inline]
    pub(super) fn find_event(&self, part: PartIx) -> Option<Cow<'_, Event>> {
        match &self.events {
            Meanings::Ready(events) => events[part.0].as_ref().map(Cow::Borrowed),
            Meanings::Small(events) => events[part.0].as_ref().map(Compact::event),
        }
    }

    /// Does something with what it means. What never happens is missed before anybody asks.
    #[inline]
    pub(super) fn with_event<T>(&self, part: PartIx, does: impl FnOnce(&Event) -> T) -> T {
        // Held here, so that in an ensemble nothing is moved.
        let small;
        let event = match &self.events {
            Meanings::Ready(events) => events[part.0].as_ref(),
            Meanings::Small(events) => {
                small = events[part.0].as_ref().map(Compact::event);
                small.as_deref()
            }
        };
        let Some(event) = event else {
            unreachable!("an event that never happens was about to; please report this")
        };
        does(event)
    }

    /// Changes what it means, if it may happen.
    pub(super) fn change_event(&mut self, part: PartIx, change: impl FnOnce(&mut Event)) {
        match &mut self.events {
            Meanings::Ready(events) => {
                if let Some(event) = &mut events[part.0] {
                    change(event);
                }
            }
            Meanings::Small(events) => {
                if let Some(small) = &mut events[part.0] {
                    let mut event = small.event().into_owned();
                    change(&mut event);
                    *small = event.into();
                }
            }
        }
    }

    /// The place of each.
    pub(super) fn places(&self) -> impl Iterator<Item = PartIx> + use<> {
        (0..self.all.len()).map(PartIx)
    }

    pub(super) fn iter(&self) -> slice::Iter<'_, Part> {
        self.all.iter()
    }

    pub(super) fn iter_mut(&mut self) -> slice::IterMut<'_, Part> {
        self.all.iter_mut()
    }
}

impl Index<PartIx> for Parts<'_> {
    type Output = Part;

    fn index(&self, part: PartIx) -> &Part {
        &self.all[part.0]
    }
}

impl IndexMut<PartIx> for Parts<'_> {
    fn index_mut(&mut self, part: PartIx) -> &mut Self::Output {
        &mut self.all[part.0]
    }
}

impl Index<TriggerIx> for Parts<'_> {
    type Output = Triggered;

    fn index(&self, trigger: TriggerIx) -> &Triggered {
        &self[trigger.part].triggers()[trigger.place]
    }
}

impl IndexMut<TriggerIx> for Parts<'_> {
    fn index_mut(&mut self, trigger: TriggerIx) -> &mut Triggered {
        let Some(hooks) = &mut self.all[trigger.part.0].hooks else {
            unreachable!("what triggers nothing was asked what it triggers; please report this")
        };
        &mut hooks.triggers[trigger.place]
    }
}

/// The rules that an event triggers wherever they are in force.
pub(super) fn triggers(scenario: &Scenario, record: &Record) -> Box<[Triggered]> {
    let hazards = &scenario.hazards;
    let rules = hazards.rules();
    let matching = rules
        .filter(|(_, Rule { written, .. })| written.is_triggered_by(record.id(), &record.fields()));
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
