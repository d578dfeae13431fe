//! Parts: the events that may happen in a run, ready to be played.

use super::watcher::{By, PartIx};
use crate::history::Record;
use crate::model::{Day, Event, EventIx};
use crate::scenario::check::Scenario;
use crate::scenario::file::draws::{Purpose, Stream};
use crate::scenario::file::hazards::{Rule, RuleIx};
use std::borrow::Cow;
use std::ops::{Index, IndexMut};
use std::slice;

/// A rule that a part triggers, by its place among those.
#[derive(Clone, Copy, Debug)]
pub(super) struct TriggerIx {
    pub(super) part: PartIx,
    pub(super) place: usize,
}

/// The events that may happen. Only what was added has an index.
#[derive(Debug, Default)]
pub(super) struct Parts<'s> {
    parts: Vec<Part<'s>>,
    /// What is written of each part, apart from it: a run looks at it only to tell it.
    records: Vec<Cow<'s, Record>>,
}

/// An event that may happen, with what it means.
#[derive(Debug)]
pub(super) struct Part<'s> {
    pub(super) by: By<'s>,
    /// The day of an entry; what a rule causes has another in each run.
    pub(super) day: Day,
    /// The scenarios of the lineage behind whose fork an entry lies, a bit each.
    pub(super) forks: u64,
    /// What it means; nothing if it never happens.
    pub(super) event: Option<Event>,
    pub(super) id: Option<EventIx>,
    pub(super) after: Option<EventIx>,
    /// The rules that it triggers.
    pub(super) triggers: Vec<Triggered>,
    /// The questions with a deadline whose answer it can change.
    pub(super) touched: Vec<usize>,
    /// Whether it is known to happen and to be legal in every run.
    pub(super) is_sure: bool,
    /// Whether it leaves no mark at all on what is looked at.
    pub(super) is_idle: bool,
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
    pub(super) fn for_so_many(entries: usize) -> Self {
        Self {
            parts: Vec::with_capacity(entries),
            records: Vec::with_capacity(entries),
        }
    }

    pub(super) fn add(&mut self, part: Part<'s>, record: Cow<'s, Record>) -> PartIx {
        self.parts.push(part);
        self.records.push(record);
        PartIx(self.parts.len() - 1)
    }

    pub(super) fn record(&self, part: PartIx) -> &Record {
        &self.records[part.0]
    }

    /// Each part with what is written of it.
    pub(super) fn with_records(&self) -> impl Iterator<Item = (&Part<'s>, &Record)> {
        self.parts
            .iter()
            .zip(self.records.iter().map(AsRef::as_ref))
    }

    pub(super) fn iter(&self) -> slice::Iter<'_, Part<'s>> {
        self.parts.iter()
    }

    pub(super) fn iter_mut(&mut self) -> slice::IterMut<'_, Part<'s>> {
        self.parts.iter_mut()
    }
}

impl<'s> Index<PartIx> for Parts<'s> {
    type Output = Part<'s>;

    fn index(&self, part: PartIx) -> &Part<'s> {
        &self.parts[part.0]
    }
}

impl Index<TriggerIx> for Parts<'_> {
    type Output = Triggered;

    fn index(&self, trigger: TriggerIx) -> &Triggered {
        &self[trigger.part].triggers[trigger.place]
    }
}

impl IndexMut<TriggerIx> for Parts<'_> {
    fn index_mut(&mut self, trigger: TriggerIx) -> &mut Triggered {
        &mut self.parts[trigger.part.0].triggers[trigger.place]
    }
}

impl Part<'_> {
    /// What it means. What never happens is missed before anybody asks.
    pub(super) fn event(&self) -> &Event {
        let Some(event) = &self.event else {
            unreachable!("an event that never happens was about to; please report this")
        };
        event
    }
}

/// The rules that an event triggers wherever they are in force.
pub(super) fn triggers(scenario: &Scenario, record: &Record) -> Vec<Triggered> {
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
