//! Parts: the events that may happen in a run, ready to be played.

use super::watcher::{By, EntryAt, PartIx};
use crate::history::Record;
use crate::model::{Compact, Day, Event, EventIx, SteadyPush, Weights};
use crate::scenario::check::Scenario;
use crate::scenario::file::draws::{Purpose, Stream};
use crate::scenario::file::entry::{Entries, OptionOf};
use crate::scenario::file::hazards::{Rule, RuleIx};
use std::borrow::Cow;
use std::num::NonZero;
use std::ops::{Index, IndexMut};
use std::sync::Arc;

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
///
/// What is the same in every run is held once by all copies.
#[derive(Clone, Debug)]
pub(super) struct Parts<'s> {
    entries: &'s Entries,
    /// How many of the first entries were forgotten.
    forgotten: usize,
    /// The entries.
    all: Arc<Vec<Part>>,
    /// What each of those means; nothing if it never happens.
    events: Arc<Meanings>,
    /// What rules cause, which comes behind all entries.
    made: Vec<Made>,
    /// What hangs on those that have hooks, and on what they hang.
    hooks: Vec<Hooks>,
    /// What each pushes that is held ready and does nothing else, and by which weights.
    pushes: Vec<Option<SteadyPush>>,
    weights: Option<Weights>,
}

/// What events mean.
#[derive(Clone, Debug)]
enum Meanings {
    /// As they are applied, for many runs of not too many events.
    Ready(Vec<Option<Event>>),
    /// As small as they are.
    Small(Vec<Option<Compact>>),
}

/// What a rule causes.
#[derive(Clone, Debug)]
struct Made {
    part: Part,
    event: Event,
    record: Record,
    rule: RuleIx,
}

/// An event that may happen.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// The day of an entry; what a rule causes has another in each run.
    pub(super) day: Day,
    /// The scenarios of the lineage behind whose fork an entry lies, a bit each.
    pub(super) forks: u64,
    pub(super) id: Option<EventIx>,
    /// The place of its hooks, counted from 1; nearly nothing in a log has any.
    hooks: Option<NonZero<u32>>,
    /// Whether it is known to happen and to be legal in every run.
    pub(super) is_sure: bool,
    /// Whether it leaves no mark at all on what is looked at.
    pub(super) is_idle: bool,
}

impl Part {
    /// One of which nothing is known yet.
    pub(super) const fn new(day: Day, forks: u64, id: Option<EventIx>) -> Self {
        Self {
            day,
            forks,
            id,
            hooks: None,
            is_sure: false,
            is_idle: false,
        }
    }
}

/// What hangs on an event, and on what it hangs.
#[derive(Clone, Debug, Default)]
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
    const fn are_any(&self) -> bool {
        self.option.is_some()
            || self.after.is_some()
            || !self.triggers.is_empty()
            || !self.touched.is_empty()
    }
}

/// A rule that an event triggers.
#[derive(Clone, Debug)]
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

    /// The same where memory counts more than the time of a run.
    pub(super) fn for_one_run(entries: &'s Entries) -> Self {
        let events = Vec::with_capacity(entries.len());
        Self::of(entries, Meanings::Small(events))
    }

    fn of(entries: &'s Entries, events: Meanings) -> Self {
        Self {
            entries,
            forgotten: 0,
            all: Arc::new(Vec::with_capacity(entries.len())),
            events: Arc::new(events),
            made: Vec::new(),
            hooks: Vec::new(),
            pushes: Vec::new(),
            weights: None,
        }
    }

    /// Adds the next entry. None can be added once a rule has caused something.
    pub(super) fn add(&mut self, part: Part, event: Option<Event>, hooks: Hooks) {
        let place = PartIx(self.all.len());
        Arc::make_mut(&mut self.all).push(part);
        match Arc::make_mut(&mut self.events) {
            Meanings::Ready(events) => events.push(event),
            Meanings::Small(events) => events.push(event.map(Compact::from)),
        }
        self.hang(place, hooks);
    }

    /// Works out what events push by some weights, as far as that is the same in every state.
    pub(super) fn weigh(&mut self, weights: Weights) {
        if self.weights == Some(weights) {
            return;
        }
        let Meanings::Ready(events) = &*self.events else {
            return;
        };
        let made = self.made.iter().map(|made| Some(&made.event));
        let events = events.iter().map(Option::as_ref).chain(made);
        self.pushes.clear();
        let pushes = events.map(|event| SteadyPush::of(event?, weights));
        self.pushes.extend(pushes);
        self.weights = Some(weights);
    }

    /// All that an event does, where that is to push a dyad, by the weights of before.
    #[inline]
    pub(super) fn push(&self, part: PartIx) -> Option<&SteadyPush> {
        self.pushes.get(part.0)?.as_ref()
    }

    /// Adds what a rule causes.
    pub(super) fn add_made(
        &mut self,
        (event, record): (Event, Record),
        rule: RuleIx,
        hooks: Hooks,
    ) -> PartIx {
        let place = PartIx(self.all.len() + self.made.len());
        if let Some(weights) = self.weights {
            self.pushes.push(SteadyPush::of(&event, weights));
        }
        self.made.push(Made {
            part: Part::new(Day::EPOCH, 0, event.id),
            event,
            record,
            rule,
        });
        self.hang(place, hooks);
        place
    }

    fn hang(&mut self, place: PartIx, hooks: Hooks) {
        if hooks.are_any() {
            self.hooks.push(hooks);
            self[place].hooks = u32::try_from(self.hooks.len()).ok().and_then(NonZero::new);
        }
    }

    /// Says which questions with a deadline an event touches.
    pub(super) fn touch(&mut self, place: PartIx, touched: Box<[usize]>) {
        match self.place_of_hooks(place) {
            Some(hooks) => self.hooks[hooks].touched = touched,
            None => self.hang(
                place,
                Hooks {
                    touched,
                    ..Hooks::default()
                },
            ),
        }
    }

    #[inline]
    fn place_of_hooks(&self, part: PartIx) -> Option<usize> {
        Some(self[part].hooks?.get() as usize - 1)
    }

    #[inline]
    fn hooks(&self, part: PartIx) -> Option<&Hooks> {
        self.hooks.get(self.place_of_hooks(part)?)
    }

    /// The option of a chance node that it belongs to.
    #[inline]
    pub(super) fn option(&self, part: PartIx) -> Option<OptionOf> {
        self.hooks(part)?.option
    }

    /// The event that its time hangs on.
    #[inline]
    pub(super) fn after(&self, part: PartIx) -> Option<EventIx> {
        self.hooks(part)?.after
    }

    /// The rules that it triggers.
    #[inline]
    pub(super) fn triggers(&self, part: PartIx) -> &[Triggered] {
        self.hooks(part).map_or(&[], |hooks| &hooks.triggers)
    }

    /// The questions with a deadline whose answer it can change.
    #[inline]
    pub(super) fn touched(&self, part: PartIx) -> &[usize] {
        self.hooks(part).map_or(&[], |hooks| &hooks.touched)
    }

    pub(super) fn record(&self, part: PartIx) -> &Record {
        match self.by(part) {
            By::Entry(place) => place.entry().record,
            By::Rule(_) => &self.made[part.0 - self.all.len()].record,
        }
    }

    /// What a rule caused; nothing for an entry.
    #[inline]
    pub(super) fn made(&self, part: PartIx) -> Option<&Record> {
        Some(&self.of_rule(part)?.record)
    }

    #[inline]
    fn of_rule(&self, part: PartIx) -> Option<&Made> {
        self.made.get(part.0.checked_sub(self.all.len())?)
    }

    /// Where it comes from.
    #[inline]
    pub(super) fn by(&self, part: PartIx) -> By<'s> {
        match self.of_rule(part) {
            Some(made) => By::Rule(made.rule),
            None => By::Entry(EntryAt {
                entries: self.entries,
                place: self.forgotten + part.0,
            }),
        }
    }

    /// Whether it may ever happen.
    pub(super) fn may_happen(&self, part: PartIx) -> bool {
        self.of_rule(part).is_some()
            || match &*self.events {
                Meanings::Ready(events) => events[part.0].is_some(),
                Meanings::Small(events) => events[part.0].is_some(),
            }
    }

    /// What it means; nothing if it never happens.
    #[inline]
    pub(super) fn find_event(&self, part: PartIx) -> Option<Cow<'_, Event>> {
        if let Some(made) = self.of_rule(part) {
            return Some(Cow::Borrowed(&made.event));
        }
        match &*self.events {
            Meanings::Ready(events) => events[part.0].as_ref().map(Cow::Borrowed),
            Meanings::Small(events) => events[part.0].as_ref().map(Compact::event),
        }
    }

    /// Does something with what it means. What never happens is missed before anybody asks.
    #[inline]
    pub(super) fn with_event<T>(&self, part: PartIx, does: impl FnOnce(&Event) -> T) -> T {
        // Held here, so that in an ensemble nothing is moved.
        let small;
        let event = match (self.of_rule(part), &*self.events) {
            (Some(made), _) => Some(&made.event),
            (None, Meanings::Ready(events)) => events[part.0].as_ref(),
            (None, Meanings::Small(events)) => {
                small = events[part.0].as_ref().map(Compact::event);
                small.as_deref()
            }
        };
        let Some(event) = event else {
            unreachable!("an event that never happens was about to; please report this")
        };
        does(event)
    }

    /// Changes what an entry means, if it may happen.
    pub(super) fn change_event(&mut self, part: PartIx, change: impl FnOnce(&mut Event)) {
        self.weights = None;
        match Arc::make_mut(&mut self.events) {
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

    /// Forgets so many of the first entries: the others have from then on the places that are left.
    /// Nothing may have come of a rule yet.
    pub(super) fn forget(&mut self, first: usize) {
        self.forgotten += first;
        self.all = Arc::new(self.all[first..].to_vec());
        self.events = Arc::new(match &*self.events {
            Meanings::Ready(events) => Meanings::Ready(events[first..].to_vec()),
            Meanings::Small(events) => Meanings::Small(events[first..].to_vec()),
        });
        let mut hooks = std::mem::take(&mut self.hooks);
        for place in self.places() {
            let held = self[place].hooks.take();
            let held = held.and_then(|place| hooks.get_mut(place.get() as usize - 1));
            self.hang(place, held.map(std::mem::take).unwrap_or_default());
        }
        self.pushes.clear();
        self.weights = None;
    }

    /// The ids of all, and of what they hang on or are about.
    pub(super) fn ids(&self) -> impl Iterator<Item = EventIx> {
        self.places().flat_map(|place| {
            let event = self.find_event(place);
            let named = event.map_or([None; 3], |it| [it.id, it.caused_by, it.of]);
            let own = [self[place].id, self.after(place)];
            named.into_iter().chain(own).flatten()
        })
    }

    /// Gives ids other indices.
    pub(super) fn renumber(&mut self, index: impl Fn(EventIx) -> EventIx) {
        for place in self.places() {
            let id = self[place].id.map(&index);
            self[place].id = id;
            if let Some(hooks) = self.place_of_hooks(place) {
                let after = &mut self.hooks[hooks].after;
                *after = after.map(&index);
            }
            self.change_event(place, |event| {
                for id in [&mut event.id, &mut event.caused_by, &mut event.of] {
                    *id = id.map(&index);
                }
            });
        }
    }

    /// The place of each.
    pub(super) fn places(&self) -> impl Iterator<Item = PartIx> + use<> {
        (0..self.all.len() + self.made.len()).map(PartIx)
    }

    /// How many entries there are.
    pub(super) fn entries(&self) -> usize {
        self.all.len()
    }

    /// Does something with each.
    pub(super) fn change_all(&mut self, mut change: impl FnMut(PartIx, &mut Part)) {
        let entries = Arc::make_mut(&mut self.all).iter_mut();
        let made = self.made.iter_mut().map(|made| &mut made.part);
        for (place, part) in entries.chain(made).enumerate() {
            change(PartIx(place), part);
        }
    }
}

impl Index<PartIx> for Parts<'_> {
    type Output = Part;

    #[inline]
    fn index(&self, part: PartIx) -> &Part {
        match self.all.get(part.0) {
            Some(entry) => entry,
            None => &self.made[part.0 - self.all.len()].part,
        }
    }
}

impl IndexMut<PartIx> for Parts<'_> {
    fn index_mut(&mut self, part: PartIx) -> &mut Self::Output {
        match part.0.checked_sub(self.all.len()) {
            Some(place) => &mut self.made[place].part,
            None => &mut Arc::make_mut(&mut self.all)[part.0],
        }
    }
}

impl Index<TriggerIx> for Parts<'_> {
    type Output = Triggered;

    fn index(&self, trigger: TriggerIx) -> &Triggered {
        &self.triggers(trigger.part)[trigger.place]
    }
}

impl IndexMut<TriggerIx> for Parts<'_> {
    fn index_mut(&mut self, trigger: TriggerIx) -> &mut Triggered {
        let Some(hooks) = self.place_of_hooks(trigger.part) else {
            unreachable!("what triggers nothing was asked what it triggers; please report this")
        };
        &mut self.hooks[hooks].triggers[trigger.place]
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
