//! Edits: what a scenario makes of the events of its base, which it adds, and where each comes to stand.

use super::base::Base;
use super::entry::Fate;
use super::findings::{Check, unknown_event};
use super::schema::{Edit, ScenarioFile, Tail};
use crate::error::Kind;
use crate::history::{After, Draft, Record, check as check_form};
use crate::json::Step;
use crate::model::{Act, Day};
use std::collections::{HashMap, HashSet};

/// The most days by which a scenario may move an event, either way: a hundred years.
pub const DAYS_LIMIT: i32 = 36_525;

/// An event on its way to its place.
pub(super) struct Item {
    pub(super) record: Record,
    pub(super) fate: Fate,
    /// Its place among those of its day: first the base's, then edits in their order.
    order: (u8, usize),
    /// The event that its time hangs on.
    pub(super) after: Option<String>,
    /// The event that it stands directly behind.
    behind: Option<String>,
    /// The edit that made or changed it.
    pub(super) edit: Option<usize>,
}

impl Check<'_> {
    /// The events of the base with what the edits make of them, and the new ones.
    pub(super) fn items(&mut self, file: &ScenarioFile, base: &Base, fork: usize) -> Vec<Item> {
        let fate = |place| match file.tail {
            _ if place < fork => Fate::Shared,
            Tail::Keep => Fate::Kept,
            Tail::Cut => Fate::Dropped(Some("the tail is cut".to_owned())),
        };
        let records = base.records.iter().enumerate();
        let item = |(place, record): (usize, &Record)| Item {
            record: record.clone(),
            fate: fate(place),
            order: (0, place),
            after: None,
            behind: None,
            edit: None,
        };
        let mut items: Vec<_> = records.map(item).collect();
        let known: HashSet<String> = base.ids().into_iter().map(str::to_owned).collect();
        let mut inserted: Vec<(usize, Draft)> = Vec::new();
        for (place, edit) in file.edits.iter().enumerate() {
            let at = |rest: &[Step<'static>]| [&["edits".into(), place.into()], rest].concat();
            match edit {
                Edit::Drop(drop) => {
                    let at = at(&["drop".into(), "event".into()]);
                    if let Some(item) = self.tail_item(&mut items, &drop.event, &at) {
                        item.fate = Fate::Dropped(None);
                        item.edit = Some(place);
                    }
                }
                Edit::Shift(shift) => {
                    let event = at(&["shift".into(), "event".into()]);
                    let days = at(&["shift".into(), "days".into()]);
                    let Some(day) = self.later(shift.days.into(), &days, |days| {
                        let item = items.iter().find(|item| item.record.id() == shift.event);
                        item.map_or(Some(Day::EPOCH), |item| item.record.date().plus_days(days))
                    }) else {
                        continue;
                    };
                    if let Some(item) = self.tail_item(&mut items, &shift.event, &event) {
                        item.fate = Fate::Shifted(item.record.date());
                        item.record = item.record.clone().on(day);
                        item.order = (1, place);
                        item.edit = Some(place);
                    }
                }
                Edit::Replace(replace) => {
                    let event = at(&["replace".into(), "event".into()]);
                    let with = at(&["replace".into(), "with".into()]);
                    let Some(item) = self.tail_item(&mut items, &replace.event, &event) else {
                        continue;
                    };
                    let draft = Draft {
                        id: Some(replace.event.clone()),
                        date: Some(item.record.date()),
                        after: None,
                        ..(*replace.with).clone()
                    };
                    let theirs = (&replace.with.id, replace.with.date, &replace.with.after);
                    if let Some(record) = self.form(draft, &with) {
                        item.record = record;
                        item.fate = Fate::Replaced;
                        item.edit = Some(place);
                    }
                    for (field, is_there) in [
                        ("id", theirs.0.is_some()),
                        ("date", theirs.1.is_some()),
                        ("after", theirs.2.is_some()),
                    ] {
                        if is_there {
                            let at = [&with[..], &[field.into()]].concat();
                            self.wrong(&at, Kind::GivenAlready { field });
                        }
                    }
                }
                Edit::Insert(draft) => {
                    if let Some(id) = draft.id.as_ref().filter(|id| known.contains(*id)) {
                        let id = id.clone();
                        self.wrong(
                            &at(&["insert".into(), "id".into()]),
                            Kind::IdTaken { id, line: None },
                        );
                    } else {
                        inserted.push((place, (**draft).clone()));
                    }
                }
            }
        }
        self.insert(items, inserted)
    }

    /// Gives each inserted event its day, those that hang on others last.
    fn insert(&mut self, mut items: Vec<Item>, mut waiting: Vec<(usize, Draft)>) -> Vec<Item> {
        let mut seen: HashSet<String> = HashSet::new();
        for (place, draft) in &waiting {
            if let Some(id) = draft.id.clone().filter(|id| !seen.insert(id.clone())) {
                let at = [
                    "edits".into(),
                    (*place).into(),
                    "insert".into(),
                    "id".into(),
                ];
                self.wrong(&at, Kind::IdTaken { id, line: None });
            }
        }
        loop {
            let mut later = Vec::new();
            let before = waiting.len();
            for (place, draft) in waiting {
                let at = [Step::from("edits"), place.into(), "insert".into()];
                let Some(After { event, days }) = draft.after.clone() else {
                    items.extend(self.inserted(draft, None, false, place));
                    continue;
                };
                let here = [&at[..], &["after".into()]].concat();
                if draft.date.is_some() {
                    self.wrong(
                        &here,
                        Kind::Either {
                            field: "date",
                            other: "after",
                        },
                    );
                    continue;
                }
                let Some(other) = items.iter().find(|item| item.record.id() == event) else {
                    later.push((place, draft));
                    continue;
                };
                if !other.fate.happens() {
                    self.wrong(
                        &[&here[..], &["event".into()]].concat(),
                        Kind::Dropped { id: event },
                    );
                    continue;
                }
                let start = other.record.date();
                let days_at = [&here[..], &["days".into()]].concat();
                let Some(day) = self.later(days.into(), &days_at, |days| start.plus_days(days))
                else {
                    continue;
                };
                let directly = days == 0;
                let draft = Draft {
                    date: Some(day),
                    after: None,
                    ..draft
                };
                items.extend(self.inserted(draft, Some(event), directly, place));
            }
            if later.is_empty() {
                return items;
            }
            if later.len() == before {
                self.hanging(&later, &items, &seen);
                return items;
            }
            waiting = later;
        }
    }

    fn inserted(
        &mut self,
        draft: Draft,
        after: Option<String>,
        directly: bool,
        place: usize,
    ) -> Option<Item> {
        let at = [Step::from("edits"), place.into(), "insert".into()];
        let record = self.form(draft, &at)?;
        Some(Item {
            record,
            fate: Fate::Inserted,
            order: (1, place),
            behind: after.clone().filter(|_| directly),
            after,
            edit: Some(place),
        })
    }

    /// What is wrong with events whose time hangs on one that is not there: it is unknown, or they hang on each
    /// other. One that is `written` and not there is wrong itself, and told as such.
    fn hanging(&mut self, waiting: &[(usize, Draft)], items: &[Item], written: &HashSet<String>) {
        let on: HashMap<&str, &str> = waiting
            .iter()
            .filter_map(|(_, draft)| {
                Some((draft.id.as_deref()?, draft.after.as_ref()?.event.as_str()))
            })
            .collect();
        for (place, draft) in waiting {
            let Some(After { event, .. }) = &draft.after else {
                continue;
            };
            let at = [
                "edits".into(),
                (*place).into(),
                "insert".into(),
                "after".into(),
                "event".into(),
            ];
            if on.contains_key(event.as_str()) {
                let mut ids = vec![draft.id.clone().unwrap_or_default()];
                let mut next = event.as_str();
                while !ids.iter().any(|id| id == next) {
                    ids.push(next.to_owned());
                    let Some(other) = on.get(next) else { break };
                    next = other;
                }
                if on.contains_key(next) {
                    ids.push(next.to_owned());
                    self.wrong(&at, Kind::TimeCycle { ids });
                }
            } else if !written.contains(event) {
                let known = items.iter().map(|item| item.record.id());
                self.wrong(&at, unknown_event(event, known));
            }
        }
    }

    /// The day that so many days lead to, if both are within bounds.
    fn later(
        &mut self,
        days: i64,
        at: &[Step<'_>],
        day: impl Fn(i32) -> Option<Day>,
    ) -> Option<Day> {
        let within = i32::try_from(days)
            .ok()
            .filter(|days| days.abs() <= DAYS_LIMIT);
        let Some(within) = within else {
            let limit = DAYS_LIMIT;
            self.wrong(at, Kind::TooManyDays { found: days, limit });
            return None;
        };
        let day = day(within);
        if day.is_none() {
            self.wrong(at, Kind::BeyondCalendar);
        }
        day
    }

    fn tail_item<'i>(
        &mut self,
        items: &'i mut [Item],
        id: &str,
        at: &[Step<'_>],
    ) -> Option<&'i mut Item> {
        let Some(place) = items.iter().position(|item| item.record.id() == id) else {
            self.wrong(
                at,
                unknown_event(id, items.iter().map(|item| item.record.id())),
            );
            return None;
        };
        let item = items.get_mut(place)?;
        let id = id.to_owned();
        match (&item.fate, item.edit) {
            (Fate::Shared, _) => self.wrong(at, Kind::Shared { id }),
            (_, Some(_)) => self.wrong(at, Kind::EditedTwice { id }),
            (Fate::Dropped(_), _) => self.wrong(at, Kind::Dropped { id }),
            _ => return Some(item),
        }
        None
    }

    fn form(&mut self, draft: Draft, at: &[Step<'_>]) -> Option<Record> {
        let of_logs = [
            ("seq", draft.seq.is_some()),
            ("recorded", draft.recorded.is_some()),
            ("origin", draft.origin.is_some()),
            ("chain", draft.chain.is_some()),
        ];
        for (field, _) in of_logs.into_iter().filter(|(_, is_there)| *is_there) {
            self.wrong(&[at, &[field.into()]].concat(), Kind::OnlyInLogs { field });
        }
        if draft.act == Some(Act::Retraction) {
            self.wrong(&[at, &["act".into()]].concat(), Kind::RetractionInScenario);
            return None;
        }
        match check_form(draft) {
            Ok(record) => Some(record),
            Err(misfits) => {
                for misfit in misfits {
                    let at: Vec<Step<'_>> = at.iter().copied().chain(misfit.path).collect();
                    self.wrong(&at, misfit.kind);
                }
                None
            }
        }
    }

    /// Puts events in replay order. Within a day: the base's in base order, one that is placed zero days
    /// after another directly behind it, then shifted and inserted ones in the order of the file.
    pub(super) fn in_order(
        &mut self,
        items: Vec<Item>,
        base: &Base,
        fork: usize,
        after_fork: Option<Day>,
    ) -> Vec<Item> {
        let earliest = after_fork.or_else(|| base.records[..fork].last().map(Record::date));
        let (mut behind, mut ordered): (Vec<_>, Vec<_>) =
            items.into_iter().partition(|item| item.behind.is_some());
        ordered.sort_by_key(|item| (item.fate != Fate::Shared, item.record.date(), item.order));
        behind.sort_by_key(|item| item.order);
        let mut last_behind: HashMap<String, String> = HashMap::new();
        while !behind.is_empty() {
            let before = behind.len();
            let mut later = Vec::new();
            for item in behind {
                let on = item.behind.clone().unwrap_or_default();
                let after = last_behind.get(&on).unwrap_or(&on);
                match ordered.iter().position(|other| other.record.id() == after) {
                    Some(place) => {
                        last_behind.insert(on, item.record.id().to_owned());
                        ordered.insert((place + 1).max(fork), item);
                    }
                    None => later.push(item),
                }
            }
            if later.len() == before {
                break;
            }
            behind = later;
        }
        for item in &ordered {
            let (Some(edit), Some(earliest)) = (item.edit, earliest) else {
                continue;
            };
            let day = item.record.date();
            if day < earliest && item.fate.happens() {
                self.wrong(
                    &["edits".into(), edit.into()],
                    Kind::BeforeFork { day, earliest },
                );
            }
        }
        ordered
    }
}
