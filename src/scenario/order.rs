//! Order: events in replay order, and nothing outside fork and end.

use super::base::Base;
use super::edits::Item;
use super::entry::{Fate, OptionOf};
use super::findings::{Check, Draw};
use super::schema::ScenarioFile;
use crate::error::Kind;
use crate::model::Day;
use std::collections::{HashMap, HashSet};

/// Puts events in replay order. Within a day: the base's in base order, one that is placed zero days after another
/// directly behind it, then shifted and inserted ones in the order of the file.
pub(super) fn in_order(items: Vec<Item>, base: &Base, fork: usize) -> Vec<Item> {
    let ids: HashSet<String> = items.iter().map(|item| item.id().to_owned()).collect();
    let stands_behind = |item: &Item| item.behind.as_ref().is_some_and(|on| ids.contains(on));
    let (mut behind, mut ordered): (Vec<_>, Vec<_>) = items.into_iter().partition(stands_behind);
    ordered.sort_by_key(|item| {
        let is_shared = item.entry.fate == Fate::Shared;
        (!is_shared, item.entry.record.date(), item.order)
    });
    behind.sort_by_key(|item| item.order);
    let mut last_behind: HashMap<String, String> = HashMap::new();
    while !behind.is_empty() {
        let before = behind.len();
        let mut later = Vec::new();
        for item in behind {
            let on = item.behind.clone().unwrap_or_default();
            let after = last_behind.get(&on).unwrap_or(&on);
            match ordered.iter().position(|other| other.id() == after) {
                Some(place) => {
                    last_behind.insert(on, item.id().to_owned());
                    ordered.insert((place + 1).max(fork), item);
                }
                None => later.push(item),
            }
        }
        if later.len() == before {
            ordered.extend(later);
            break;
        }
        behind = later;
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

impl Check<'_> {
    /// The last day. Tells of what the scenario puts before its fork, on `earliest`, or after its end, and of that alone:
    /// not of what hangs on it.
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
                self.wrong(&["until".into()], Kind::BeforeFork { day, earliest });
                latest = None;
            }
        }
        let outside = |day: Day| {
            let before = earliest.filter(|earliest| day < *earliest);
            let before = before.map(|earliest| Kind::BeforeFork { day, earliest });
            let after = latest.filter(|latest| day > *latest);
            before.or_else(|| after.map(|until| Kind::AfterEnd { day, until }))
        };
        let is_placed = |item: &&mut Item| item.timed.is_some() && item.entry.fate.happens();
        let mut astray: HashSet<String> = HashSet::new();
        for item in items.iter_mut().filter(is_placed) {
            if outside(item.entry.record.date()).is_some() {
                item.is_wrong = true;
                astray.insert(item.id().to_owned());
            }
        }
        let hangs_on_astray =
            |after: Option<&String>| after.is_some_and(|after| astray.contains(after));
        for item in items.iter().filter(|item| astray.contains(item.id())) {
            if !hangs_on_astray(item.entry.after.as_ref())
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
            if !hangs_on_astray(draw.after.as_ref()) {
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
            let is_before = item.entry.option.is_some_and(is_drawn) && day < draw.day;
            let own = item.timed.clone().filter(|timed| *timed != draw.timed);
            if let Some(timed) = own.filter(|_| is_before && !item.is_wrong) {
                let (at, drawn) = (self.days_of(&timed), draw.day);
                self.wrong(&at, Kind::BeforeChance { day, drawn });
                item.is_wrong = true;
            }
        }
    }
}
