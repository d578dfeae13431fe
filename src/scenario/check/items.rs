//! Items: the events of a base and those of a scenario, on their way to their places.

use super::findings::Path;
use crate::model::Day;
use crate::scenario::file::base::Base;
use crate::scenario::file::entry::{Entries, Entry, Fate, Held, Own, Ties};
use crate::scenario::file::hazards::Kept;
use crate::scenario::file::schema::Tail;

/// The events of a base and a scenario's own, in their order. Of those of a log nothing is held but
/// their places, until something is to be told of them.
pub(super) struct Items<'b> {
    base: &'b Entries,
    /// How many of the base are shared.
    pub(super) fork: usize,
    /// What becomes of those, and of the others.
    fates: [Fate; 2],
    /// Behind which fork the others lie, as a bit.
    behind: u64,
    pub(super) order: Vec<Slot>,
    told: Vec<Item>,
}

/// Where an event is held: in the base by its place there, or behind all of that among those that
/// are told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot(u32);

/// An event of which more is to be told.
pub(super) struct Item {
    pub(super) entry: Own,
    /// Its place among those of its day: first the base's, then edits in their order, then chance
    /// events in theirs.
    pub(super) order: (u8, usize),
    /// The edit that made or changed it.
    pub(super) edit: Option<usize>,
    /// The event that it stands directly behind.
    pub(super) behind: Option<String>,
    /// Where in the scenario it is written, if it is the scenario's own.
    pub(super) written: Option<Path>,
    /// Where its time is written, if the scenario gives it one.
    pub(super) timed: Option<Path>,
    /// Whether something is wrong with it that is told already.
    pub(super) is_wrong: bool,
}

impl Item {
    pub(super) fn id(&self) -> &str {
        self.entry.record.id()
    }

    /// The event that its time hangs on.
    pub(super) fn after(&self) -> Option<&str> {
        self.entry.ties.after.as_deref()
    }
}

impl<'b> Items<'b> {
    /// The events of a base of which so many are shared.
    pub(super) fn of(base: &'b Base, fork: usize, tail: Tail, kept: &Kept) -> Self {
        let tail = match tail {
            Tail::Keep => Fate::Kept,
            Tail::Cut => Fate::Dropped(Some("the tail is cut".to_owned())),
        };
        let entries = &base.entries;
        let mut items = Self {
            base: entries,
            fork,
            fates: [Fate::Shared, tail],
            behind: 1 << base.lineage.len(),
            order: (0..entries.len() as u32).map(Slot).collect(),
            told: Vec::new(),
        };
        for (place, own) in entries.own() {
            if let Some(item) = items.tell(place) {
                item.entry.ties = own.ties.clone();
                let option = &mut item.entry.ties.option;
                *option = option.and_then(|option| kept.option(option));
            }
        }
        items
    }

    /// How many there are.
    pub(super) const fn len(&self) -> usize {
        self.order.len()
    }

    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = Entry<'_>> + Clone {
        self.order.iter().filter_map(|slot| self.entry(*slot))
    }

    /// The ids of all of them.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> + Clone {
        self.iter().map(|entry| entry.record.id())
    }

    /// The one at a place.
    pub(super) fn get(&self, place: usize) -> Option<Entry<'_>> {
        self.entry(*self.order.get(place)?)
    }

    /// What a slot holds.
    pub(super) fn entry(&self, slot: Slot) -> Option<Entry<'_>> {
        if let Some(item) = self.item(slot) {
            return Some(item.entry.entry());
        }
        let place = slot.0 as usize;
        let entry = self.base.get(place)?;
        Some(if place < self.fork {
            let fate = &self.fates[0];
            Entry { fate, ..entry }
        } else {
            let fate = &self.fates[1];
            let forks = entry.forks | self.behind;
            Entry {
                fate,
                forks,
                ..entry
            }
        })
    }

    /// What is told of the event of a slot.
    pub(super) fn item(&self, slot: Slot) -> Option<&Item> {
        self.told.get(self.told_place(slot)?)
    }

    fn told_place(&self, slot: Slot) -> Option<usize> {
        (slot.0 as usize).checked_sub(self.base.len())
    }

    /// The place, among all that more is told of, of the event at a place.
    pub(super) fn told_at(&self, place: usize) -> Option<usize> {
        self.told_place(*self.order.get(place)?)
    }

    /// What is told of the event at a place.
    pub(super) fn told_of(&self, place: usize) -> Option<&Item> {
        self.item(*self.order.get(place)?)
    }

    /// Its place among those of its day.
    pub(super) fn order_of(&self, slot: Slot) -> (u8, usize) {
        self.item(slot)
            .map_or((0, slot.0 as usize), |item| item.order)
    }

    /// Whether the event at a place comes before one that has an order of its own on a day, where
    /// every event before that place does.
    pub(super) fn stands_before(&self, place: usize, day: Day, order: (u8, usize)) -> bool {
        let Some(slot) = self.order.get(place) else {
            return false;
        };
        let date = self.entry(*slot).map(|entry| entry.record.date());
        let follows = || self.item(*slot).is_some_and(|item| item.behind.is_some());
        date < Some(day) || (date == Some(day) && (follows() || self.order_of(*slot) < order))
    }

    /// Those of which more is told, each with its place.
    pub(super) fn told(&self) -> impl Iterator<Item = (usize, &Item)> + Clone {
        let slots = self.order.iter().enumerate();
        slots.filter_map(|(place, slot)| Some((place, self.item(*slot)?)))
    }

    /// The same without their places, in the order in which they came to be told of; to be changed.
    pub(super) fn told_mut(&mut self) -> impl Iterator<Item = &mut Item> {
        self.told.iter_mut()
    }

    /// The event at a place, of which more is told from now on.
    pub(super) fn tell(&mut self, place: usize) -> Option<&mut Item> {
        let slot = *self.order.get(place)?;
        let known = self.told_place(slot);
        if known.is_none() {
            let entry = self.entry(slot)?;
            let entry = Own {
                record: entry.record.clone(),
                fate: entry.fate.clone(),
                forks: entry.forks,
                ties: Ties::default(),
            };
            self.order[place] = self.next_slot();
            self.told.push(Item {
                entry,
                order: (0, slot.0 as usize),
                edit: None,
                behind: None,
                written: None,
                timed: None,
                is_wrong: false,
            });
        }
        match known {
            Some(known) => self.told.get_mut(known),
            None => self.told.last_mut(),
        }
    }

    /// Adds a new one behind all others.
    pub(super) fn push(&mut self, item: Item) {
        self.order.push(self.next_slot());
        self.told.push(item);
    }

    fn next_slot(&self) -> Slot {
        Slot((self.base.len() + self.told.len()) as u32)
    }

    /// The events that come out.
    pub(super) fn into_entries(self) -> Entries {
        let held = self.order.iter().filter_map(|slot| {
            if let Some(item) = self.item(*slot) {
                return Some(Held::Own(Box::new(item.entry.clone())));
            }
            let entry = self.entry(*slot)?;
            let mut held = self.base.held(slot.0 as usize)?;
            if let Held::OfLog { fate, forks, .. } = &mut held {
                fate.clone_from(entry.fate);
                *forks = entry.forks;
            }
            Some(held)
        });
        Entries::beside(self.base, held)
    }
}
