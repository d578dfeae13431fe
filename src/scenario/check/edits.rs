//! Edits: what a scenario makes of the events of its base.

use super::findings::{Check, Path};
use super::items::{Item, Items};
use crate::error::{BadEvent, BadScenario, BadValue};
use crate::history::{Draft, Record, check as check_form};
use crate::json::Step;
use crate::model::{Act, Day};
use crate::scenario::file::base::Base;
use crate::scenario::file::entry::Fate;
use crate::scenario::file::hazards::Hazards;
use crate::scenario::file::schema::{DAYS_LIMIT, Edit, Replace, ScenarioFile, Shift};
use std::collections::{HashMap, HashSet};

impl Item {
    /// Lets an event of the base happen on another day, as an edit of a scenario says.
    fn shift_to(&mut self, day: Day, edit: usize, own: usize, timed: Path) {
        self.entry.fate = Fate::Shifted(self.entry.record.date());
        self.entry.record = self.entry.record.clone().on(day);
        self.entry.ties.maker = Some(own);
        self.order = (1, edit);
        self.timed = Some(timed);
    }
}

/// Where the event of each id stands that an edit names.
fn places(items: &Items<'_>, edits: &[Edit]) -> HashMap<String, usize> {
    let named = edits.iter().filter_map(|edit| match edit {
        Edit::Drop(drop) => Some(&drop.event[..]),
        Edit::Shift(shift) => Some(&shift.event[..]),
        Edit::Replace(replace) => Some(&replace.event[..]),
        Edit::Insert(_) => None,
    });
    let named: HashSet<&str> = named.collect();
    let mut places = HashMap::new();
    if named.is_empty() {
        return places;
    }
    for (place, id) in items.ids().enumerate() {
        if named.contains(id) {
            places.entry(id.to_owned()).or_insert(place);
        }
    }
    places
}

/// What hangs on the event of each id for its time.
fn followers(items: &Items<'_>) -> HashMap<String, Vec<usize>> {
    let mut followers: HashMap<String, Vec<usize>> = HashMap::new();
    for (place, item) in items.told() {
        if let Some(after) = item.after() {
            followers.entry(after.to_owned()).or_default().push(place);
        }
    }
    followers
}

impl Check<'_> {
    /// The events of the base with what the edits make of them, and the new ones.
    pub(super) fn items<'b>(
        &mut self,
        file: &ScenarioFile,
        base: &'b Base,
        hazards: &Hazards,
        fork: usize,
    ) -> Items<'b> {
        let own = base.lineage.len();
        let kept = base.hazards.kept(file.tail, &base.entries, fork);
        let mut items = Items::of(base, fork, file.tail, &kept);
        let places = places(&items, &file.edits);
        for (place, edit) in file.edits.iter().enumerate() {
            let at: Path = vec!["edits".into(), place.into()];
            match edit {
                Edit::Drop(drop) => {
                    let at = [&at[..], &["drop".into(), "event".into()]].concat();
                    if let Some(item) = self.tail_item(&mut items, &places, &drop.event, &at, base)
                    {
                        item.entry.fate = Fate::Dropped(None);
                        item.edit = Some(place);
                    }
                }
                Edit::Shift(shift) => self.shift(&mut items, &places, shift, place, base),
                Edit::Replace(replace) => {
                    self.replace(&mut items, &places, replace, place, base);
                }
                Edit::Insert(_) => {}
            }
        }
        let followers = followers(&items);
        for (place, edit) in file.edits.iter().enumerate() {
            if let Edit::Shift(shift) = edit
                && let Some(shifted) = places.get(&shift.event)
                && let Some(item) = items.tell(*shifted)
                && item.edit == Some(place)
                && matches!(item.entry.fate, Fate::Shifted(_))
            {
                self.shift_followers(&mut items, &followers, shift, (place, own));
            }
        }
        self.new_events(&mut items, file, base, hazards);
        items
    }

    /// What hangs on a shifted event of the base for its time is shifted with it, unless an edit is
    /// about it.
    fn shift_followers(
        &mut self,
        items: &mut Items<'_>,
        followers: &HashMap<String, Vec<usize>>,
        shift: &Shift,
        (place, own): (usize, usize),
    ) {
        let timed: Path = vec!["edits".into(), place.into(), "shift".into(), "days".into()];
        let of = |id: &str| followers.get(id).into_iter().flatten().copied();
        let mut next: Vec<usize> = of(&shift.event).collect();
        while let Some(follower) = next.pop() {
            let Some(item) = items.tell(follower) else {
                continue;
            };
            if item.edit.is_some() || item.entry.fate != Fate::Kept {
                continue;
            }
            let from = item.entry.record.date();
            item.edit = Some(place);
            let Some(day) = self.later(shift.days.into(), &timed, |days| from.plus_days(days))
            else {
                item.is_wrong = true;
                continue;
            };
            item.shift_to(day, place, own, timed.clone());
            next.extend(of(item.id()));
        }
    }

    fn shift(
        &mut self,
        items: &mut Items<'_>,
        places: &HashMap<String, usize>,
        shift: &Shift,
        place: usize,
        base: &Base,
    ) {
        let at = |field| -> Path {
            vec![
                "edits".into(),
                place.into(),
                "shift".into(),
                Step::Key(field),
            ]
        };
        let item = self.tail_item(items, places, &shift.event, &at("event"), base);
        let (days, days_at) = (i64::from(shift.days), at("days"));
        let Some(item) = item else {
            // Too many days are too many for any event.
            let _ = self.later(days, &days_at, |_| Some(Day::EPOCH));
            return;
        };
        let from = item.entry.record.date();
        item.edit = Some(place);
        let Some(day) = self.later(days, &days_at, |days| from.plus_days(days)) else {
            item.is_wrong = true;
            return;
        };
        item.shift_to(day, place, base.lineage.len(), days_at);
    }

    fn replace(
        &mut self,
        items: &mut Items<'_>,
        places: &HashMap<String, usize>,
        replace: &Replace,
        place: usize,
        base: &Base,
    ) {
        let at: Path = vec!["edits".into(), place.into(), "replace".into()];
        let with = [&at[..], &["with".into()]].concat();
        let given = [
            ("id", replace.with.id.is_some()),
            ("date", replace.with.date.is_some()),
            ("after", replace.with.after.is_some()),
        ];
        for (field, _) in given.into_iter().filter(|(_, is_there)| *is_there) {
            let at = [&with[..], &[field.into()]].concat();
            self.wrong(&at, BadScenario::GivenAlready { field });
        }
        let event = [&at[..], &["event".into()]].concat();
        let item = self.tail_item(items, places, &replace.event, &event, base);
        let date = item.as_ref().map(|item| item.entry.record.date());
        let draft = Draft {
            id: Some(replace.event.clone()),
            date: date.or(Some(Day::EPOCH)),
            after: None,
            ..(*replace.with).clone()
        };
        let record = self.form(draft, &with);
        if item.is_none() || record.is_none() {
            self.lost.note(&replace.with);
        }
        let Some(item) = item else { return };
        item.edit = Some(place);
        let Some(record) = record else {
            item.is_wrong = true;
            return;
        };
        item.entry.record = record;
        item.entry.fate = Fate::Replaced;
        item.entry.ties.maker = Some(base.lineage.len());
        item.written = Some(with);
    }

    /// The day that so many days lead to, if both are within bounds.
    pub(super) fn later(
        &mut self,
        days: i64,
        at: &[Step<'_>],
        day: impl Fn(i32) -> Option<Day>,
    ) -> Option<Day> {
        let within = i32::try_from(days)
            .ok()
            .filter(|days| days.unsigned_abs() <= DAYS_LIMIT.unsigned_abs());
        let Some(within) = within else {
            let limit = DAYS_LIMIT;
            self.wrong(at, BadValue::TooManyDays { found: days, limit });
            return None;
        };
        let day = day(within);
        if day.is_none() {
            self.wrong(at, BadValue::BeyondCalendar);
        }
        day
    }

    fn tail_item<'i>(
        &mut self,
        items: &'i mut Items<'_>,
        places: &HashMap<String, usize>,
        id: &str,
        at: &[Step<'_>],
        base: &Base,
    ) -> Option<&'i mut Item> {
        let Some(&place) = places.get(id) else {
            self.unknown_event(at, id, items.ids(), base);
            return None;
        };
        let item = items.tell(place)?;
        let id = id.to_owned();
        match (&item.entry.fate, item.edit) {
            (Fate::Shared, _) => self.wrong(at, BadScenario::Shared { id }),
            (_, Some(_)) => self.wrong(at, BadScenario::EditedTwice { id }),
            (Fate::Dropped(_), _) => self.wrong(at, BadScenario::Dropped { id }),
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
            self.wrong(
                &[at, &[field.into()]].concat(),
                BadEvent::OnlyInLogs { field },
            );
        }
        if draft.act == Some(Act::Retraction) {
            self.wrong(&[at, &["act".into()]].concat(), BadScenario::Retraction);
            return None;
        }
        if draft.act == Some(Act::Describes) {
            let field = "describes";
            self.wrong(
                &[at, &["act".into()]].concat(),
                BadEvent::OnlyInLogs { field },
            );
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
}
