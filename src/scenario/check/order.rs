//! Order: events in replay order, and nothing outside fork and end.

use super::edits::Item;
use super::findings::{Check, Draw};
use crate::error::{BadChance, BadScenario};
use crate::model::Day;
use crate::scenario::file::base::Base;
use crate::scenario::file::entry::{Fate, OptionOf};
use crate::scenario::file::schema::ScenarioFile;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

/// Puts events in replay order. Within a day: the base's in base order, one that is placed zero
/// days after another directly behind it, then shifted and inserted ones in the order of the file.
/// What is placed behind one of the `fork` events that are shared stands directly behind the fork.
pub(super) fn in_order(items: Vec<Item>, base: &Base, fork: usize) -> Vec<Item> {
    let wanted: HashSet<&str> = items.iter().filter_map(Item::behind).collect();
    let there = items.iter().map(Item::id).filter(|id| wanted.contains(id));
    let there: HashSet<String> = there.map(str::to_owned).collect();
    let stands_behind = |item: &mut Item| item.behind().is_some_and(|on| there.contains(on));
    // Of very many nothing is copied that need not be.
    let mut first = items;
    let mut behind: Vec<_> = first.extract_if(.., stands_behind).collect();
    sort_by_key(&mut first, |item| {
        let is_shared = item.entry.fate == Fate::Shared;
        (!is_shared, item.entry.record.date(), item.order)
    });
    // The last one first, so that they are taken from the end in the order of the file.
    behind.sort_by_key(|item| Reverse(item.order));
    let mut followers: HashMap<String, Vec<Item>> = HashMap::new();
    for item in behind {
        let on = item.behind().unwrap_or_default().to_owned();
        followers.entry(on).or_default().push(item);
    }
    let mut ordered = first;
    if !followers.is_empty() {
        let tail = ordered.split_off(fork.min(ordered.len()));
        let mut waiting = Vec::new();
        for shared in ordered.iter().rev() {
            waiting.extend(followers.remove(shared.id()).unwrap_or_default());
        }
        let mut tail = tail.into_iter();
        while let Some(item) = waiting.pop().or_else(|| tail.next()) {
            waiting.extend(followers.remove(item.id()).unwrap_or_default());
            ordered.push(item);
        }
    }
    for item in &mut ordered {
        for (place, ancestor) in base.lineage.iter().enumerate() {
            let is_own = item.entry.fate == Fate::Inserted;
            let behind = is_own && item.entry.record.date() >= ancestor.first_day;
            item.entry.forks |= u64::from(behind) << place;
        }
    }
    ordered
}

/// Sorts by a key, equal ones as they stand: places are sorted, and items moved once, in place.
fn sort_by_key<K: Ord>(items: &mut [Item], key: impl Fn(&Item) -> K) {
    if items.is_sorted_by_key(&key) {
        return;
    }
    let mut places: Vec<usize> = (0..items.len()).collect();
    places.sort_by_key(|&place| key(&items[place]));
    for first in 0..places.len() {
        // Around each circle of places.
        let mut place = first;
        loop {
            let next = std::mem::replace(&mut places[place], place);
            if next == first {
                break;
            }
            items.swap(place, next);
            place = next;
        }
    }
}

impl Check<'_> {
    /// The last day. Tells of what the scenario puts before its fork, on `earliest`, or after its
    /// end, and of that alone: not of what hangs on it.
    pub(super) fn horizon(
        &mut self,
        file: &ScenarioFile,
        items: &mut [Item],
        earliest: Option<Day>,
    ) -> Day {
        let last = items.iter().map(|item| item.entry.record.date()).max();
        let mut until = last.unwrap_or(Day::EPOCH);
        let mut latest = None;
        if let Some(given) = file.until {
            until = given;
            latest = Some(until);
            if let Some(earliest) = earliest.filter(|earliest| until < *earliest) {
                let day = until;
                self.wrong(&["until".into()], BadScenario::BeforeFork { day, earliest });
                latest = None;
            }
        }
        let outside = |day: Day| {
            let before = earliest.filter(|earliest| day < *earliest);
            let before = before.map(|earliest| BadScenario::BeforeFork { day, earliest });
            let after = latest.filter(|latest| day > *latest);
            before.or_else(|| after.map(|until| BadScenario::AfterEnd { day, until }))
        };
        let is_placed = |item: &&mut Item| item.timed().is_some() && item.entry.fate.happens();
        let mut astray: HashSet<String> = HashSet::new();
        for item in items.iter_mut().filter(is_placed) {
            if outside(item.entry.record.date()).is_some() {
                item.is_wrong = true;
                astray.insert(item.id().to_owned());
            }
        }
        let hangs_on_astray =
            |after: Option<&str>| after.is_some_and(|after| astray.contains(after));
        for item in items.iter().filter(|item| astray.contains(item.id())) {
            if !hangs_on_astray(item.entry.after())
                && let Some(kind) = outside(item.entry.record.date())
            {
                let at = self.days_of(item.timed().map_or(&[][..], |timed| timed));
                self.wrong(&at, kind);
            }
        }
        for draw in std::mem::take(&mut self.draws) {
            let Some(kind) = outside(draw.day) else {
                self.before_draw(items, &draw);
                continue;
            };
            if !hangs_on_astray(draw.after.as_deref()) {
                let at = self.days_of(&draw.timed);
                self.wrong(&at, kind);
            }
        }
        until
    }

    /// Tells of events with a time of their own that lies before the draw.
    fn before_draw(&mut self, items: &mut [Item], draw: &Draw) {
        for item in items {
            let day = item.entry.record.date();
            let is_drawn = |option: OptionOf| option.chance == draw.chance;
            let is_before = item.entry.option().is_some_and(is_drawn) && day < draw.day;
            let own = item.timed().filter(|timed| **timed != draw.timed).cloned();
            if let Some(timed) = own.filter(|_| is_before && !item.is_wrong) {
                let (at, drawn) = (self.days_of(&timed), draw.day);
                self.wrong(&at, BadChance::BeforeChance { day, drawn });
                item.is_wrong = true;
            }
        }
    }
}
