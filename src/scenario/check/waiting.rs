//! Waiting: the new events and draws of a scenario, each with how its time is given and what it
//! waits for.

use super::findings::{Check, Path};
use crate::error::{BadChance, BadEvent, BadScenario};
use crate::history::{After, Draft, Record};
use crate::model::Day;
use crate::scenario::file::base::Base;
use crate::scenario::file::entry::OptionOf;
use crate::scenario::file::schema::{Edit, ScenarioFile};
use std::collections::{HashMap, HashSet};

/// An event or a draw that waits for its day.
pub(super) struct Waiting {
    pub(super) what: What,
    pub(super) when: When,
    /// Where its time is written.
    pub(super) timed: Path,
}

pub(super) enum What {
    Event(Box<New>),
    /// The draw of a chance node, by its place in the file.
    Draw(usize),
}

/// A new event.
pub(super) struct New {
    pub(super) draft: Draft,
    /// The event, but for its day, if its form is right.
    pub(super) record: Option<Record>,
    pub(super) order: (u8, usize),
    pub(super) edit: Option<usize>,
    pub(in crate::scenario) option: Option<OptionOf>,
    pub(super) written: Path,
    /// Whether its id is that of another event.
    pub(super) is_taken: bool,
}

pub(super) enum When {
    On(Day),
    After(After),
    /// With the draw of a chance node, by its place in the file.
    Drawn(usize),
    /// It has no time, or two.
    Never,
}

impl New {
    /// Its id, if that is its own.
    pub(super) fn id(&self) -> Option<&str> {
        self.draft.id.as_deref().filter(|_| !self.is_taken)
    }
}

impl Check<'_> {
    /// Everything that waits for its day, in the order of the file.
    pub(super) fn waiting(&mut self, file: &ScenarioFile, brought: usize) -> Vec<Waiting> {
        let mut waiting = Vec::new();
        for (place, edit) in file.edits.iter().enumerate() {
            let Edit::Insert(draft) = edit else { continue };
            let written: Path = vec!["edits".into(), place.into(), "insert".into()];
            let (when, timed) = self.time(draft.date, draft.after.as_ref(), &written);
            let new = self.new_event(draft, (1, place), written, None);
            let what = What::Event(Box::new(New {
                edit: Some(place),
                ..new
            }));
            waiting.push(Waiting { what, when, timed });
        }
        for (node_place, node) in file.chance.iter().enumerate() {
            let node_at: Path = vec!["chance".into(), node_place.into()];
            let (when, node_timed) = self.time(node.date, node.after.as_ref(), &node_at);
            if matches!(when, When::Never) && node.date.is_none() {
                self.wrong(&node_at, BadChance::NoTime);
            }
            waiting.push(Waiting {
                what: What::Draw(node_place),
                when,
                timed: node_timed.clone(),
            });
            for (option_place, option) in node.options.iter().enumerate() {
                let within = |place: usize| -> Path {
                    let option = ["options".into(), option_place.into(), "events".into()];
                    [&node_at[..], &option, &[place.into()]].concat()
                };
                for (place, event) in option.events.iter().enumerate() {
                    let written = within(place);
                    let (mut when, mut timed) =
                        self.time(event.date, event.after.as_ref(), &written);
                    if event.date.is_none() && event.after.is_none() {
                        (when, timed) = (When::Drawn(node_place), node_timed.clone());
                    }
                    let option = OptionOf {
                        chance: brought + node_place,
                        option: option_place,
                    };
                    let order = (2, waiting.len());
                    let dated = Draft {
                        date: event.date.or(Some(Day::EPOCH)),
                        ..event.clone()
                    };
                    let what = What::Event(Box::new(self.new_event(
                        &dated,
                        order,
                        written,
                        Some(option),
                    )));
                    waiting.push(Waiting { what, when, timed });
                }
            }
        }
        waiting
    }

    /// How the time of an event or draw is given, and where.
    fn time(&mut self, date: Option<Day>, after: Option<&After>, at: &Path) -> (When, Path) {
        let within = |field: &'static str| [&at[..], &[field.into()]].concat();
        match (date, after) {
            (Some(day), None) => (When::On(day), within("date")),
            (None, Some(after)) => (When::After(after.clone()), within("after")),
            (Some(_), Some(_)) => {
                let (field, other) = ("date", "after");
                self.wrong(&within(other), BadEvent::Either { field, other });
                (When::Never, within(other))
            }
            (None, None) => (When::Never, at.clone()),
        }
    }

    fn new_event(
        &mut self,
        draft: &Draft,
        order: (u8, usize),
        written: Path,
        option: Option<OptionOf>,
    ) -> New {
        let has_time = draft.date.is_some() || draft.after.is_some();
        let timeless = Draft {
            date: has_time.then_some(Day::EPOCH),
            after: None,
            // Its last day is held against its first when that is known.
            until: None,
            ..draft.clone()
        };
        New {
            record: self.form(timeless, &written),
            draft: draft.clone(),
            order,
            edit: None,
            option,
            written,
            is_taken: false,
        }
    }

    /// Tells of ids that are taken; an event with one of those will be left out.
    pub(super) fn new_ids(&mut self, waiting: &mut [Waiting], base: &Base) {
        if waiting.is_empty() {
            return;
        }
        let new = |waiting: &Waiting| match &waiting.what {
            What::Event(new) => new.draft.id.clone(),
            What::Draw(_) => None,
        };
        let wanted: HashSet<String> = waiting.iter().filter_map(new).collect();
        let taken = base.ids().filter(|id| wanted.contains(*id));
        let of_the_base: HashSet<&str> = taken.collect();
        let mut seen: HashSet<String> = HashSet::new();
        for waiting in waiting {
            let What::Event(new) = &mut waiting.what else {
                continue;
            };
            let Some(id) = new.draft.id.clone() else {
                continue;
            };
            let of_base = of_the_base.contains(id.as_str());
            if of_base || !seen.insert(id.clone()) {
                let at = [&new.written[..], &["id".into()]].concat();
                self.wrong(&at, BadScenario::IdInUse { id, of_base });
                new.is_taken = true;
            }
        }
    }

    /// Tells each circle of times once, where its first member in the file is written.
    pub(super) fn circles(
        &mut self,
        waiting: &[Waiting],
        hangs_on: &[Option<usize>],
        is_done: &[bool],
        file: &ScenarioFile,
    ) {
        let name = |place: usize| match &waiting[place].what {
            What::Event(new) => new.draft.id.clone().unwrap_or_default(),
            What::Draw(node) => file
                .chance
                .get(*node)
                .map_or_else(String::new, |node| node.id.clone()),
        };
        let mut is_told = is_done.to_vec();
        for start in 0..waiting.len() {
            let mut way = Vec::new();
            let mut next = Some(start);
            while let Some(place) = next.filter(|place| !is_told[*place]) {
                is_told[place] = true;
                way.push(place);
                next = hangs_on[place];
            }
            let circle = next.and_then(|last| way.iter().position(|place| *place == last));
            let Some(circle) = circle.map(|first| &way[first..]) else {
                continue;
            };
            // A chance event without a time of its own has nothing written to point at.
            let is_written = |place: &&usize| matches!(waiting[**place].when, When::After(_));
            let Some(&first) = circle.iter().filter(is_written).min() else {
                continue;
            };
            let turn = circle.iter().position(|place| *place == first);
            let (before, after) = circle.split_at(turn.unwrap_or_default());
            let members = after.iter().chain(before).chain([&first]);
            let ids = members.map(|place| name(*place)).collect();
            let at = [&waiting[first].timed[..], &["event".into()]].concat();
            self.wrong(&at, BadScenario::TimeCycle { ids });
        }
    }
}

/// For each of what waits which other one it hangs on.
pub(super) fn dependencies(waiting: &[Waiting]) -> Vec<Option<usize>> {
    let mut events: HashMap<&str, usize> = HashMap::new();
    let mut draws: HashMap<usize, usize> = HashMap::new();
    for (place, Waiting { what, .. }) in waiting.iter().enumerate() {
        match what {
            What::Draw(node) => {
                draws.insert(*node, place);
            }
            What::Event(new) => {
                events.extend(new.id().map(|id| (id, place)));
            }
        }
    }
    let on = |Waiting { when, .. }: &Waiting| match when {
        When::On(_) | When::Never => None,
        When::Drawn(node) => draws.get(node).copied(),
        When::After(after) => events.get(after.event.as_str()).copied(),
    };
    waiting.iter().map(on).collect()
}
