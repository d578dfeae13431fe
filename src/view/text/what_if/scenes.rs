//! The events of a branch, held to be looked up.

use crate::history::Record;
use crate::model::Dyad;
use crate::scenario::{Happening, Pieces, Scenario, Spliced};
use crate::view::text::table::Mark;
use std::collections::BTreeMap;
use std::sync::Arc;

/// All events of a branch in their order, those too that do not happen. Of one that stands so in a
/// log little more is held than which dyads it moves.
#[derive(Debug, Default)]
pub struct Scenes {
    records: Spliced<Record>,
    /// What the scenario makes of an event and those behind it.
    marks: Vec<(usize, Mark)>,
    /// What more there is to say, by the places of events, which rise. Of many it is the same.
    remarks: Vec<(u32, Arc<str>)>,
    /// For each dyad the places of the events that move it, which rise.
    moving: BTreeMap<Dyad, Vec<u32>>,
}

/// An event of a branch.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'s> {
    /// Its place among them all.
    pub place: usize,
    /// The event.
    pub record: &'s Record,
    /// What the scenario makes of it.
    pub mark: Mark,
    /// More about that.
    pub remark: Option<&'s str>,
}

impl Seen<'_> {
    /// Whether it happens.
    #[must_use]
    pub const fn happens(&self) -> bool {
        happens(self.mark)
    }
}

const fn happens(mark: Mark) -> bool {
    !matches!(mark, Mark::Dropped | Mark::Undrawn | Mark::Illegal)
}

impl Scenes {
    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The event of a place.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<Seen<'_>> {
        Some(self.seen(place, self.records.get(place)?))
    }

    /// The event of an id.
    #[must_use]
    pub fn of_id(&self, id: &str) -> Option<Seen<'_>> {
        let mut records = self.records.iter().enumerate();
        let (place, record) = records.find(|(_, record)| record.id() == id)?;
        Some(self.seen(place, record))
    }

    /// All of them.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Seen<'_>> {
        (0..self.len()).filter_map(|place| self.get(place))
    }

    /// Those that happen, alone.
    #[must_use]
    pub fn happened(&self) -> Spliced<Record> {
        let mut happened = Spliced::default();
        let ends = self.marks.iter().skip(1).map(|(next, _)| *next);
        for ((first, mark), end) in self.marks.iter().zip(ends.chain([self.len()])) {
            if happens(*mark) {
                happened.extend_from(&self.records, *first..end);
            }
        }
        happened
    }

    /// Whether any does not happen because it was illegal where it stood.
    #[must_use]
    pub fn has_refused(&self) -> bool {
        self.marks.iter().any(|(_, mark)| *mark == Mark::Illegal)
    }

    /// Whether the event of a place moves a dyad.
    #[must_use]
    pub fn moves(&self, place: usize, dyad: Dyad) -> bool {
        let places = self.moving.get(&dyad).map_or(&[][..], Vec::as_slice);
        let is_it = |other: &u32| (*other as usize).cmp(&place);
        places.binary_search_by(is_it).is_ok()
    }

    /// What more there is to say of events, and of which.
    pub fn remarks(&self) -> impl Iterator<Item = (&Record, &Arc<str>)> {
        let remarks = self.remarks.iter();
        remarks.filter_map(|(place, says)| Some((self.records.get(*place as usize)?, says)))
    }

    fn remark(&self, place: usize) -> Option<&Arc<str>> {
        let by_place = |(other, _): &(u32, _)| (*other as usize).cmp(&place);
        let found = self.remarks.binary_search_by(by_place).ok()?;
        Some(&self.remarks[found].1)
    }

    fn seen<'s>(&'s self, place: usize, record: &'s Record) -> Seen<'s> {
        let behind = self.marks.partition_point(|(first, _)| *first <= place);
        let mark = behind.checked_sub(1).map(|last| self.marks[last].1);
        Seen {
            place,
            record,
            mark: mark.unwrap_or(Mark::Shared),
            remark: self.remark(place).map(|it| &**it),
        }
    }
}

/// Takes the events of a branch one by one.
#[derive(Default)]
pub(super) struct Gathering {
    pieces: Pieces,
    length: usize,
    scenes: Scenes,
}

impl Gathering {
    /// Takes the next, with the dyads that it moves.
    pub(super) fn push(
        &mut self,
        happening: &Happening<'_>,
        (mark, remark): (Mark, Option<String>),
        moved: impl Iterator<Item = Dyad>,
    ) {
        let place = self.length;
        self.length += 1;
        self.pieces.push(happening);
        let Scenes {
            marks,
            remarks,
            moving,
            ..
        } = &mut self.scenes;
        if marks.last().is_none_or(|(_, last)| *last != mark) {
            marks.push((place, mark));
        }
        if let Some(remark) = remark {
            let before = remarks.last().map(|(_, before)| before);
            let says = match before.filter(|before| ***before == *remark) {
                Some(before) => Arc::clone(before),
                None => remark.into(),
            };
            remarks.push((place as u32, says));
        }
        for dyad in moved {
            let places = moving.entry(dyad).or_default();
            if places.last() != Some(&(place as u32)) {
                places.push(place as u32);
            }
        }
    }

    /// All of them.
    pub(super) fn finish(self, scenario: &Scenario) -> Scenes {
        Scenes {
            records: self.pieces.into_spliced(scenario),
            ..self.scenes
        }
    }
}
