//! A course of events: records compiled once in one world, so that it can be folded again and
//! again.

use crate::history::compile::compile;
use crate::history::line::record::Record;
use crate::model::{Compact, Day, DyadIx, Event, World};
use std::borrow::Cow;
use std::collections::HashSet;

/// Events in replay order, each with what it means.
#[derive(Debug)]
pub struct Course<'r> {
    records: &'r [Record],
    events: Vec<Compact>,
    world: World,
}

/// From where one looks back: so many events have happened, and temperatures are read on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewpoint {
    /// How many of the first events count.
    pub events: usize,
    /// The day, not before that of the last of them.
    pub day: Day,
}

impl<'r> Course<'r> {
    /// The course of some records, which are in replay order.
    #[must_use]
    pub fn new(records: &'r [Record]) -> Self {
        let mut world = World::new();
        let events = records.iter();
        let events = events.map(|record| compile(record, &mut world).into());
        let events = events.collect();
        Self {
            records,
            events,
            world,
        }
    }

    /// The records.
    #[must_use]
    pub const fn records(&self) -> &'r [Record] {
        self.records
    }

    /// What they mean, in the same order. Most are made as they are asked for.
    pub fn events(&self) -> impl ExactSizeIterator<Item = Cow<'_, Event>> {
        self.events.iter().map(Compact::event)
    }

    /// The event of a place, with what it means.
    pub(super) fn at(&self, place: usize) -> Option<(Cow<'_, Event>, &'r Record)> {
        Some((self.events.get(place)?.event(), self.records.get(place)?))
    }

    /// The names of them all.
    #[must_use]
    pub const fn world(&self) -> &World {
        &self.world
    }

    /// The viewpoint at the end of a day.
    #[must_use]
    pub fn end_of(&self, day: Day) -> Viewpoint {
        let events = self.records.partition_point(|record| record.date() <= day);
        Viewpoint { events, day }
    }

    /// The viewpoint right after an event, by its place; `None` if there is no such place.
    #[must_use]
    pub fn right_after(&self, place: usize) -> Option<Viewpoint> {
        let record = self.records.get(place)?;
        Some(Viewpoint {
            events: place + 1,
            day: record.date(),
        })
    }

    /// The dyad that most events touch, of those that any does before a viewpoint; of several, the
    /// first in the alphabet.
    #[must_use]
    pub fn busiest(&self, before: Viewpoint) -> Option<DyadIx> {
        self.busiest_by(before, |event| {
            event.moves.iter().map(|moved| moved.dyad).collect()
        })
    }

    /// The same, where another rule says which dyads an event touches.
    pub(crate) fn busiest_by(
        &self,
        before: Viewpoint,
        touched: impl Fn(&Event) -> Vec<DyadIx>,
    ) -> Option<DyadIx> {
        // How often at all, and before the viewpoint.
        let mut counts = vec![[0_u64; 2]; self.world.sizes()[0]];
        for (place, event) in self.events().enumerate() {
            for dyad in touched(&event) {
                let [always, early] = &mut counts[usize::from(dyad)];
                *always += 1;
                *early += u64::from(place < before.events);
            }
        }
        let of = |dyad: DyadIx| counts[usize::from(dyad)];
        let dyads = self.world.dyads().into_iter().rev();
        let touched = dyads.filter(|(_, dyad)| of(*dyad)[0] > 0);
        let busiest = touched.max_by_key(|(_, dyad)| (of(*dyad)[1] > 0, of(*dyad)[0]));
        busiest.map(|(_, dyad)| dyad)
    }

    /// For each event whether it moves a dyad, or changes a standing measure that can be felt in
    /// it.
    pub(super) fn touching(&self, dyad: DyadIx) -> impl Iterator<Item = bool> {
        let holds = self.world.holds_between(dyad).iter();
        let felt: HashSet<_> = holds.map(|&hold| self.world.hold(hold).measure).collect();
        self.events().map(move |event| {
            let mut changed = event.measures.iter().map(|it| self.world.hold(it.hold));
            let moves = event.moves.iter().any(|it| it.dyad == dyad);
            moves || changed.any(|hold| felt.contains(&hold.measure))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::line::explain::record_of;

    #[test]
    fn the_busiest_dyad_is_one_that_an_event_touches_early_if_any_does() {
        let event = |day: u32, target: &str| {
            let event = format!(
                r#"{{"id":"e{day}","date":"2031-01-{day:02}","source":["XBL"],"target":["{target}"],"act":"letter"}}"#
            );
            record_of(&event).unwrap()
        };
        let records = [event(1, "XRL"), event(2, "XGR"), event(3, "XGR")];
        let course = Course::new(&records);
        let dyad = |text: &str| course.world().find_dyad(text.parse().unwrap());
        for (events, expected) in [(0, "XBL-XGR"), (1, "XBL-XRL"), (2, "XBL-XGR")] {
            let before = course
                .right_after(events)
                .map_or(course.end_of(Day::FIRST), |mut it| {
                    it.events = events;
                    it
                });
            assert_eq!(course.busiest(before), dyad(expected), "{events}");
            assert_eq!(course.busiest_by(before, |_| Vec::new()), None);
        }
    }
}
