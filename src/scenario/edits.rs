//! Edits: what a scenario makes of the events of its base, which it adds, and where each comes to stand.

use super::base::Base;
use super::entry::{Entry, Fate, OptionOf};
use super::findings::{Check, Path, unknown_event};
use super::hazards::Hazards;
use super::schema::{DAYS_LIMIT, Edit, ScenarioFile, Tail};
use crate::error::Kind;
use crate::history::{After, Draft, Record, check as check_form};
use crate::json::Step;
use crate::model::{Act, Day};
use std::collections::{HashMap, HashSet};

/// An event on its way to its place.
pub(super) struct Item {
    pub(super) entry: Entry,
    /// Its place among those of its day: first the base's, then edits in their order, then chance events in theirs.
    order: (u8, usize),
    /// The event that it stands directly behind.
    behind: Option<String>,
    /// The edit that made or changed it.
    pub(super) edit: Option<usize>,
    /// Where in the scenario it is written, if it is the scenario's own.
    pub(super) written: Option<Path>,
}

/// An event of the scenario's own that waits for its day.
struct Waiting {
    draft: Draft,
    order: (u8, usize),
    edit: Option<usize>,
    option: Option<OptionOf>,
    written: Path,
    /// Where its `after` is written, which may be that of its chance node.
    after: Path,
    /// The day of the draw.
    drawn: Option<Day>,
}

impl Item {
    pub(super) fn id(&self) -> &str {
        self.entry.record.id()
    }

    /// Where what made or changed it is written: the whole edit, or the event of a chance node.
    pub(super) fn whole(&self) -> Path {
        match self.edit {
            Some(edit) => vec!["edits".into(), edit.into()],
            None => self.written.clone().unwrap_or_default(),
        }
    }
}

impl Check<'_> {
    /// The events of the base with what the edits make of them, and the new ones.
    pub(super) fn items(
        &mut self,
        file: &ScenarioFile,
        base: &Base,
        hazards: &Hazards,
        fork: usize,
    ) -> Vec<Item> {
        let own = base.lineage.len();
        let item = |(place, entry): (usize, &Entry)| {
            let fate = match file.tail {
                _ if place < fork => Fate::Shared,
                Tail::Keep => Fate::Kept,
                Tail::Cut => Fate::Dropped(Some("the tail is cut".to_owned())),
            };
            let behind = u64::from(place >= fork) << own;
            let forks = entry.forks | behind;
            Item {
                entry: Entry {
                    fate,
                    forks,
                    ..entry.clone()
                },
                order: (0, place),
                behind: None,
                edit: None,
                written: None,
            }
        };
        let mut items: Vec<_> = base.entries.iter().enumerate().map(item).collect();
        let known: HashSet<String> = base.ids().into_iter().map(str::to_owned).collect();
        let mut waiting: Vec<Waiting> = Vec::new();
        for (place, edit) in file.edits.iter().enumerate() {
            let at = |rest: &[Step<'static>]| [&["edits".into(), place.into()], rest].concat();
            match edit {
                Edit::Drop(drop) => {
                    let at = at(&["drop".into(), "event".into()]);
                    if let Some(item) = self.tail_item(&mut items, &drop.event, &at) {
                        item.entry.fate = Fate::Dropped(None);
                        item.edit = Some(place);
                    }
                }
                Edit::Shift(shift) => {
                    let event = at(&["shift".into(), "event".into()]);
                    let days = at(&["shift".into(), "days".into()]);
                    let Some(day) = self.later(shift.days.into(), &days, |days| {
                        let item = items.iter().find(|item| item.id() == shift.event);
                        let day = item.map(|item| item.entry.record.date());
                        day.map_or(Some(Day::EPOCH), |day| day.plus_days(days))
                    }) else {
                        continue;
                    };
                    if let Some(item) = self.tail_item(&mut items, &shift.event, &event) {
                        let entry = &mut item.entry;
                        entry.fate = Fate::Shifted(entry.record.date());
                        entry.record = entry.record.clone().on(day);
                        entry.maker = Some(own);
                        item.order = (1, place);
                        item.edit = Some(place);
                        item.written = Some(at(&[]));
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
                        date: Some(item.entry.record.date()),
                        after: None,
                        ..(*replace.with).clone()
                    };
                    let theirs = (&replace.with.id, replace.with.date, &replace.with.after);
                    if let Some(record) = self.form(draft, &with) {
                        item.entry.record = record;
                        item.entry.fate = Fate::Replaced;
                        item.entry.maker = Some(own);
                        item.edit = Some(place);
                        item.written = Some(with.clone());
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
                Edit::Insert(draft) => waiting.push(by_edit(place, draft)),
            }
        }
        waiting.extend(by_chance(file, hazards.chances.len() - file.chance.len()));
        self.new_ids(&mut waiting, &known);
        self.insert(items, waiting, own)
    }

    /// Tells of ids that are taken; an event of an id that the base has is left out.
    fn new_ids(&mut self, waiting: &mut Vec<Waiting>, known: &HashSet<String>) {
        let mut seen: HashSet<String> = HashSet::new();
        waiting.retain(|waiting| {
            let Some(id) = waiting.draft.id.clone() else {
                return true;
            };
            let in_base = known.contains(&id);
            if in_base || !seen.insert(id.clone()) {
                let at = [&waiting.written[..], &["id".into()]].concat();
                self.wrong(&at, Kind::IdTaken { id, line: None });
            }
            !in_base
        });
    }

    /// Gives each new event its day, those that hang on others last.
    fn insert(&mut self, mut items: Vec<Item>, mut waiting: Vec<Waiting>, own: usize) -> Vec<Item> {
        let written: HashSet<String> = waiting
            .iter()
            .filter_map(|it| it.draft.id.clone())
            .collect();
        loop {
            let mut later = Vec::new();
            let before = waiting.len();
            for new in waiting {
                let Some(After { event, days }) = new.draft.after.clone() else {
                    items.extend(self.inserted(new, None, own));
                    continue;
                };
                if new.draft.date.is_some() {
                    let (field, other) = ("date", "after");
                    self.wrong(&new.after, Kind::Either { field, other });
                    continue;
                }
                let Some(other) = items.iter().find(|item| item.id() == event) else {
                    later.push(new);
                    continue;
                };
                if !other.entry.fate.happens() {
                    let at = [&new.after[..], &["event".into()]].concat();
                    self.wrong(&at, Kind::Dropped { id: event });
                    continue;
                }
                let start = other.entry.record.date();
                let days_at = [&new.after[..], &["days".into()]].concat();
                let Some(day) = self.later(days.into(), &days_at, |days| start.plus_days(days))
                else {
                    continue;
                };
                let draft = Draft {
                    date: Some(day),
                    after: None,
                    ..new.draft.clone()
                };
                items.extend(self.inserted(
                    Waiting { draft, ..new },
                    Some((event, days == 0)),
                    own,
                ));
            }
            if later.is_empty() {
                return items;
            }
            if later.len() == before {
                self.hanging(&later, &items, &written);
                return items;
            }
            waiting = later;
        }
    }

    fn inserted(
        &mut self,
        new: Waiting,
        after: Option<(String, bool)>,
        own: usize,
    ) -> Option<Item> {
        let Waiting {
            draft,
            order,
            edit,
            option,
            written,
            drawn,
            ..
        } = new;
        let record = self.form(draft, &written)?;
        if let Some(drawn) = drawn.filter(|drawn| record.date() < *drawn) {
            let day = record.date();
            let at = [&written[..], &["date".into()]].concat();
            self.wrong(&at, Kind::BeforeChance { day, drawn });
        }
        let (after, directly) = after.unzip();
        Some(Item {
            entry: Entry {
                record,
                fate: Fate::Inserted,
                option,
                after: after.clone(),
                maker: Some(own),
                forks: 1 << own,
            },
            order,
            behind: after.filter(|_| directly == Some(true)),
            edit,
            written: Some(written),
        })
    }

    /// What is wrong with events whose time hangs on one that is not there: it is unknown, or they hang on each
    /// other. One that is `written` and not there is wrong itself, and told as such.
    fn hanging(&mut self, waiting: &[Waiting], items: &[Item], written: &HashSet<String>) {
        let on: HashMap<&str, &str> = waiting
            .iter()
            .filter_map(|Waiting { draft, .. }| {
                Some((draft.id.as_deref()?, draft.after.as_ref()?.event.as_str()))
            })
            .collect();
        for Waiting {
            draft, after: at, ..
        } in waiting
        {
            let Some(After { event, .. }) = &draft.after else {
                continue;
            };
            let at = [&at[..], &["event".into()]].concat();
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
                let known = items.iter().map(Item::id);
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
        let Some(place) = items.iter().position(|item| item.id() == id) else {
            self.wrong(at, unknown_event(id, items.iter().map(Item::id)));
            return None;
        };
        let item = items.get_mut(place)?;
        let id = id.to_owned();
        match (&item.entry.fate, item.edit) {
            (Fate::Shared, _) => self.wrong(at, Kind::Shared { id }),
            (_, Some(_)) => self.wrong(at, Kind::EditedTwice { id }),
            (Fate::Dropped(_), _) => self.wrong(at, Kind::Dropped { id }),
            _ => return Some(item),
        }
        None
    }

    /// An event of the scenario's own, if its form is right.
    pub(super) fn form(&mut self, draft: Draft, at: &[Step<'_>]) -> Option<Record> {
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
        let earliest =
            after_fork.or_else(|| base.entries[..fork].last().map(|entry| entry.record.date()));
        let (mut behind, mut ordered): (Vec<_>, Vec<_>) =
            items.into_iter().partition(|item| item.behind.is_some());
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
            let Some(earliest) = earliest.filter(|_| item.entry.fate.happens()) else {
                continue;
            };
            let day = item.entry.record.date();
            if day < earliest && item.written.is_some() {
                let at = item.whole();
                self.wrong(&at, Kind::BeforeFork { day, earliest });
            }
        }
        ordered
    }
}

/// An inserted event.
fn by_edit(place: usize, draft: &Draft) -> Waiting {
    let written: Path = vec!["edits".into(), place.into(), "insert".into()];
    Waiting {
        draft: draft.clone(),
        order: (1, place),
        edit: Some(place),
        option: None,
        after: [&written[..], &["after".into()]].concat(),
        written,
        drawn: None,
    }
}

/// The events of the chance nodes, which stand behind `brought` of the base.
fn by_chance(file: &ScenarioFile, brought: usize) -> Vec<Waiting> {
    let mut waiting = Vec::new();
    for (node_place, node) in file.chance.iter().enumerate() {
        let node_at: Path = vec!["chance".into(), node_place.into()];
        for (option_place, option) in node.options.iter().enumerate() {
            for (place, event) in option.events.iter().enumerate() {
                let within = [
                    "options".into(),
                    option_place.into(),
                    "events".into(),
                    place.into(),
                ];
                let written = [&node_at[..], &within].concat();
                let has_time = event.date.is_some() || event.after.is_some();
                let mut draft = event.clone();
                let mut after = &written;
                if !has_time {
                    after = &node_at;
                    draft.date = node.date;
                    draft.after.clone_from(&node.after);
                }
                waiting.push(Waiting {
                    draft,
                    order: (2, waiting.len()),
                    edit: None,
                    option: Some(OptionOf {
                        chance: brought + node_place,
                        option: option_place,
                    }),
                    after: [&after[..], &["after".into()]].concat(),
                    written,
                    drawn: node.date.filter(|_| has_time),
                });
            }
        }
    }
    waiting
}
