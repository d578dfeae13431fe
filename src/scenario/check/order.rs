//! Order: events in replay order, and nothing outside fork and end.

use super::findings::{Check, Draw};
use super::items::{Item, Items, Slot};
use crate::error::{BadChance, BadScenario};
use crate::model::Day;
use crate::scenario::file::base::Base;
use crate::scenario::file::entry::{Fate, OptionOf};
use crate::scenario::file::schema::ScenarioFile;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

/// Puts events in replay order. Within a day: the base's in base order, one that is placed zero
/// days after another directly behind it, then shifted and inserted ones in the order of the file.
/// What is placed behind one of the events that are shared stands directly behind the fork.
pub(super) fn in_order(items: &mut Items<'_>, base: &Base) {
    let mut first = std::mem::take(&mut items.order);
    let behind = |slot: Slot| items.item(slot).and_then(|item| item.behind.as_deref());
    let id = |slot: Slot| items.entry(slot).map_or("", |entry| entry.record.id());
    let wanted: HashSet<&str> = first.iter().filter_map(|slot| behind(*slot)).collect();
    let mut there: HashSet<&str> = HashSet::new();
    if !wanted.is_empty() {
        let ids = first.iter().map(|slot| id(*slot));
        there.extend(ids.filter(|id| wanted.contains(id)));
    }
    let stands_behind = |slot: &mut Slot| behind(*slot).is_some_and(|on| there.contains(on));
    let mut followers: Vec<Slot> = first.extract_if(.., stands_behind).collect();
    let key = |slot: &Slot| {
        let entry = items.entry(*slot);
        let place = entry.map(|it| (*it.fate != Fate::Shared, it.record.date()));
        (place, items.order_of(*slot))
    };
    // Of very many nothing is sorted that stands in order already.
    if !first.is_sorted_by_key(key) {
        first.sort_by_key(key);
    }
    // The last one first, so that they are taken from the end in the order of the file.
    followers.sort_by_key(|slot| Reverse(items.order_of(*slot)));
    let mut behind_each: HashMap<&str, Vec<Slot>> = HashMap::new();
    for slot in followers {
        let on = behind(slot).unwrap_or_default();
        behind_each.entry(on).or_default().push(slot);
    }
    let mut ordered = first;
    if !behind_each.is_empty() {
        let tail = ordered.split_off(items.fork.min(ordered.len()));
        let mut waiting = Vec::new();
        for shared in ordered.iter().rev() {
            waiting.extend(behind_each.remove(id(*shared)).unwrap_or_default());
        }
        let mut tail = tail.into_iter();
        while let Some(slot) = waiting.pop().or_else(|| tail.next()) {
            waiting.extend(behind_each.remove(id(slot)).unwrap_or_default());
            ordered.push(slot);
        }
    }
    items.order = ordered;
    for item in items.told_mut() {
        for (place, ancestor) in base.lineage.iter().enumerate() {
            let is_own = item.entry.fate == Fate::Inserted;
            let behind = is_own && item.entry.record.date() >= ancestor.first_day;
            item.entry.forks |= u64::from(behind) << place;
        }
    }
}

impl Check<'_> {
    /// The last day. Tells of what the scenario puts before its fork, on `earliest`, or after its
    /// end, and of that alone: not of what hangs on it.
    pub(super) fn horizon(
        &mut self,
        file: &ScenarioFile,
        items: &mut Items<'_>,
        earliest: Option<Day>,
    ) -> Day {
        let last = items.iter().map(|entry| entry.record.date()).max();
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
        let is_placed = |item: &&mut Item| item.timed.is_some() && item.entry.fate.happens();
        let mut astray: HashSet<String> = HashSet::new();
        for item in items.told_mut().filter(is_placed) {
            if outside(item.entry.record.date()).is_some() {
                item.is_wrong = true;
                astray.insert(item.id().to_owned());
            }
        }
        let hangs_on_astray =
            |after: Option<&str>| after.is_some_and(|after| astray.contains(after));
        for (_, item) in items.told().filter(|(_, item)| astray.contains(item.id())) {
            if !hangs_on_astray(item.after())
                && let Some(kind) = outside(item.entry.record.date())
            {
                let at = self.days_of(item.timed.as_deref().unwrap_or_default());
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
    fn before_draw(&mut self, items: &mut Items<'_>, draw: &Draw) {
        for item in items.told_mut() {
            let day = item.entry.record.date();
            let is_drawn = |option: OptionOf| option.chance == draw.chance;
            let is_before = item.entry.ties.option.is_some_and(is_drawn) && day < draw.day;
            let own = item.timed.clone().filter(|timed| *timed != draw.timed);
            if let Some(timed) = own.filter(|_| is_before && !item.is_wrong) {
                let (at, drawn) = (self.days_of(&timed), draw.day);
                self.wrong(&at, BadChance::BeforeChance { day, drawn });
                item.is_wrong = true;
            }
        }
    }
}
