//! An event of a scenario, and what the scenario makes of it; and all of them in their order.

use super::spliced::Spliced;
use crate::history::Record;
use crate::model::Day;
use std::ops::Range;
use std::sync::Arc;

/// An event of a base or a branch, as it stands there.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'e> {
    /// The event.
    pub record: &'e Record,
    /// What the scenario makes of it.
    pub fate: &'e Fate,
    /// The scenarios of the lineage behind whose fork it lies, a bit each.
    pub(in crate::scenario) forks: u64,
    pub(in crate::scenario) ties: Option<&'e Ties>,
}

/// Where an event comes from that does not stand so in a log, and what it hangs on.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::scenario) struct Ties {
    /// The option of a chance node that it belongs to.
    pub(in crate::scenario) option: Option<OptionOf>,
    /// The event that its time hangs on.
    pub(in crate::scenario) after: Option<String>,
    /// The scenario of the lineage that made or changed it.
    pub(in crate::scenario) maker: Option<usize>,
}

/// An option of a chance node, by their places in the scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OptionOf {
    /// The chance node.
    pub chance: usize,
    /// The option.
    pub option: usize,
}

/// What a scenario makes of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It lies before the fork.
    Shared,
    /// It lies after the fork and happens as in the base.
    Kept,
    /// It does not happen, for a reason if it was not dropped itself.
    Dropped(Option<String>),
    /// It happens on another day than in the base.
    Shifted(Day),
    /// Another event happens in its place.
    Replaced,
    /// It is not in the base.
    Inserted,
}

impl<'e> Entry<'e> {
    /// The option of a chance node that it belongs to: it happens only if that comes to pass.
    #[must_use]
    pub fn option(&self) -> Option<OptionOf> {
        self.ties?.option
    }

    /// The event that its time hangs on: it happens only if that does.
    #[must_use]
    pub fn after(&self) -> Option<&'e str> {
        self.ties?.after.as_deref()
    }

    /// The scenario of the lineage that made or changed it; `None` for an event as it stands in the
    /// log.
    pub(in crate::scenario) fn maker(&self) -> Option<usize> {
        self.ties?.maker
    }
}

/// An event that does not stand so in a log, or of which more is to be told than of others.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::scenario) struct Own {
    pub(in crate::scenario) record: Record,
    pub(in crate::scenario) fate: Fate,
    pub(in crate::scenario) forks: u64,
    pub(in crate::scenario) ties: Ties,
}

impl Own {
    /// As it stands.
    pub(in crate::scenario) const fn entry(&self) -> Entry<'_> {
        Entry {
            record: &self.record,
            fate: &self.fate,
            forks: self.forks,
            ties: Some(&self.ties),
        }
    }
}

impl Fate {
    /// Whether the event may happen.
    #[must_use]
    pub const fn happens(&self) -> bool {
        !matches!(self, Self::Dropped(_))
    }

    /// Whether the event is as in the base.
    #[must_use]
    pub const fn is_of_base(&self) -> bool {
        matches!(self, Self::Shared | Self::Kept | Self::Dropped(_))
    }
}

/// Events of a base or a branch in replay order. Those that stand so in the log at its root are
/// held there alone: of any number of them in a row no more is held than where they begin.
#[derive(Clone, Debug)]
pub struct Entries {
    log: Arc<Vec<Record>>,
    /// Each with the place of its first event.
    pieces: Vec<(usize, Held)>,
    length: usize,
}

/// How events are held.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::scenario) enum Held {
    /// One of the log, by its place there, and those behind it.
    OfLog {
        place: usize,
        fate: Fate,
        forks: u64,
    },
    /// One alone.
    Own(Box<Own>),
}

impl Entries {
    /// The events of a log, which are in replay order.
    pub(in crate::scenario) fn of_log(log: Arc<Vec<Record>>) -> Self {
        let (place, fate, forks) = (0, Fate::Shared, 0);
        Self {
            length: log.len(),
            log,
            pieces: vec![(0, Held::OfLog { place, fate, forks })],
        }
    }

    /// Some events, those of the log being of the same as others.
    pub(in crate::scenario) fn beside(
        others: &Self,
        events: impl IntoIterator<Item = Held>,
    ) -> Self {
        let mut entries = Self {
            log: Arc::clone(&others.log),
            pieces: Vec::new(),
            length: 0,
        };
        for event in events {
            let follows = match (entries.pieces.last(), &event) {
                (
                    Some((first, Held::OfLog { place, fate, forks })),
                    Held::OfLog {
                        place: next,
                        fate: own_fate,
                        forks: own_forks,
                    },
                ) => {
                    place + (entries.length - first) == *next
                        && fate == own_fate
                        && forks == own_forks
                }
                _ => false,
            };
            if !follows {
                entries.pieces.push((entries.length, event));
            }
            entries.length += 1;
        }
        entries
    }

    /// The events alone.
    #[must_use]
    pub fn records(&self) -> Spliced<Record> {
        let mut records = Spliced::default();
        self.splice(0..self.length, &mut records);
        records
    }

    /// Adds the events of some places to others: those of the log as it holds them.
    pub(in crate::scenario) fn splice(&self, places: Range<usize>, into: &mut Spliced<Record>) {
        let mut place = places.start;
        let mut piece = self.piece_of(place);
        while place < places.end
            && let Some((first, held)) = self.pieces.get(piece)
        {
            let next = self.pieces.get(piece + 1);
            let end = next.map_or(self.length, |(next, _)| *next).min(places.end);
            match held {
                Held::OfLog { place: at, .. } => {
                    into.extend_by(&self.log, at + (place - first)..at + (end - first));
                }
                Held::Own(own) => into.push(own.record.clone()),
            }
            (place, piece) = (end, piece + 1);
        }
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.length
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The event at a place.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<Entry<'_>> {
        (place < self.length).then(|| self.in_piece(self.piece_of(place), place))?
    }

    /// The first.
    #[must_use]
    pub fn first(&self) -> Option<Entry<'_>> {
        self.get(0)
    }

    /// The last.
    #[must_use]
    pub fn last(&self) -> Option<Entry<'_>> {
        self.get(self.length.checked_sub(1)?)
    }

    /// All of them.
    #[must_use]
    pub const fn iter(&self) -> Iter<'_> {
        Iter {
            entries: self,
            places: 0..self.length,
            piece: 0,
        }
    }

    /// How many of the first lie before a day, or on one of which that is said.
    #[must_use]
    pub fn until(&self, is_past: impl Fn(Day) -> bool) -> usize {
        let (mut least, mut most) = (0, self.length);
        while least < most {
            let middle = usize::midpoint(least, most);
            let is_before = |entry: Entry<'_>| is_past(entry.record.date());
            if self.get(middle).is_some_and(is_before) {
                least = middle + 1;
            } else {
                most = middle;
            }
        }
        least
    }

    /// Another fate for one of them.
    pub fn change(&mut self, place: usize, fate: &Fate) {
        let others = (0..self.length).filter_map(|at| {
            let mut held = self.held(at)?;
            if at == place {
                held.fate_mut().clone_from(fate);
            }
            Some(held)
        });
        *self = Self::beside(self, others.collect::<Vec<_>>());
    }

    /// Those that do not stand so in the log, each with its place.
    pub(in crate::scenario) fn own(&self) -> impl Iterator<Item = (usize, &Own)> {
        let pieces = self.pieces.iter();
        pieces.filter_map(|(place, held)| match held {
            Held::Own(own) => Some((*place, &**own)),
            Held::OfLog { .. } => None,
        })
    }

    /// One event alone, as it is held.
    pub(in crate::scenario) fn held(&self, place: usize) -> Option<Held> {
        let (first, held) = self.pieces.get(self.piece_of(place))?;
        let mut held = held.clone();
        if let Held::OfLog { place: at, .. } = &mut held {
            *at += place - first;
        }
        Some(held)
    }

    /// In which piece a place lies.
    fn piece_of(&self, place: usize) -> usize {
        let behind = self.pieces.partition_point(|(first, _)| *first <= place);
        behind.saturating_sub(1)
    }

    #[inline]
    fn in_piece(&self, piece: usize, place: usize) -> Option<Entry<'_>> {
        let (first, held) = self.pieces.get(piece)?;
        Some(match held {
            Held::Own(own) => own.entry(),
            Held::OfLog {
                place: at,
                fate,
                forks,
            } => Entry {
                record: self.log.get(at + (place - first))?,
                fate,
                forks: *forks,
                ties: None,
            },
        })
    }
}

impl Held {
    fn fate_mut(&mut self) -> &mut Fate {
        match self {
            Self::OfLog { fate, .. } => fate,
            Self::Own(own) => &mut own.fate,
        }
    }
}

/// Events one after the other.
#[derive(Clone, Debug)]
pub struct Iter<'e> {
    entries: &'e Entries,
    places: Range<usize>,
    /// In which piece the next one lies, or before it.
    piece: usize,
}

impl<'e> Iterator for Iter<'e> {
    type Item = Entry<'e>;

    fn next(&mut self) -> Option<Entry<'e>> {
        let place = self.places.next()?;
        let is_behind = |(first, _): &(usize, Held)| *first <= place;
        while self
            .entries
            .pieces
            .get(self.piece + 1)
            .is_some_and(is_behind)
        {
            self.piece += 1;
        }
        self.entries.in_piece(self.piece, place)
    }

    fn nth(&mut self, skipped: usize) -> Option<Entry<'e>> {
        let place = self.places.nth(skipped)?;
        self.piece = self.entries.piece_of(place);
        self.entries.in_piece(self.piece, place)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.places.size_hint()
    }
}

impl DoubleEndedIterator for Iter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.entries.get(self.places.next_back()?)
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl<'e> IntoIterator for &'e Entries {
    type Item = Entry<'e>;
    type IntoIter = Iter<'e>;

    fn into_iter(self) -> Iter<'e> {
        self.iter()
    }
}
