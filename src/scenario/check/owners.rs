//! Owners: on which draws and rules it depends whether an event happens, and what they may make or
//! unmake.

use super::blame::Broken;
use super::findings::names;
use super::items::Items;
use crate::history::Draft;
use crate::model::Day;
use crate::scenario::file::entry::OptionOf;
use crate::scenario::file::hazards::Hazards;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// On what it depends whether an event happens, if not all runs have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owner {
    /// An option of a chance node.
    Option(OptionOf),
    /// Something else that only a run can tell.
    Run,
}

impl Owner {
    pub(super) const fn one(self) -> Option<OptionOf> {
        match self {
            Self::Option(option) => Some(option),
            Self::Run => None,
        }
    }
}

/// What may be or not be, as chance has it.
pub(super) struct MayBe {
    /// For each event of which more is told, on what it depends; `None` for one that all runs have.
    owners: Vec<Option<Owner>>,
    /// What events and rules that only some runs have concern, with whose they are and from which
    /// place on that may make a difference.
    concerned: HashMap<String, BTreeMap<Owner, usize>>,
}

impl MayBe {
    pub(in crate::scenario) fn new(
        items: &Items<'_>,
        hazards: &Hazards,
        lost: &BTreeSet<String>,
    ) -> Self {
        let mut owners: HashMap<&str, Owner> = HashMap::new();
        let mut may_be = Self {
            owners: Vec::new(),
            concerned: HashMap::new(),
        };
        for (place, item) in items.told() {
            // What an event's time hangs on stands before it.
            let hangs_on = item.after().and_then(|after| owners.get(after));
            let owner = match (item.entry.ties.option.map(Owner::Option), hangs_on.copied()) {
                _ if item.is_wrong => Some(Owner::Run),
                (Some(own), Some(other)) if own != other => Some(Owner::Run),
                (own, other) => own.or(other),
            };
            let told = items.told_at(place).unwrap_or_default();
            may_be
                .owners
                .resize(may_be.owners.len().max(told + 1), None);
            may_be.owners[told] = owner;
            let Some(owner) = owner else { continue };
            owners.insert(item.id(), owner);
            if item.entry.fate.happens() {
                // What is wrong, or hangs on that, may have to come earlier.
                let from = owner.one().map_or(0, |_| place + 1);
                may_be.note(names(&item.entry.record.fields()), owner, from);
            }
        }
        // What rules cause may come at any time, and of what is wrong nobody knows.
        for rule in &hazards.rules {
            may_be.note(names(&rule.then.fields()), Owner::Run, 0);
        }
        may_be.note(lost.iter().map(String::as_str), Owner::Run, 0);
        may_be
    }

    /// On what it depends whether the event at a place happens; `None` where all runs have it.
    pub(super) fn owner(&self, items: &Items<'_>, place: usize) -> Option<Owner> {
        self.owners.get(items.told_at(place)?).copied()?
    }

    /// The options on one of which alone some event depends, each once.
    pub(super) fn options(&self, items: &Items<'_>) -> Vec<OptionOf> {
        let owners = items
            .told()
            .filter_map(|(place, _)| self.owner(items, place));
        let mut options: Vec<_> = owners.filter_map(Owner::one).collect();
        let mut seen = HashSet::new();
        options.retain(|option| seen.insert(*option));
        options
    }

    fn note<'n>(&mut self, names: impl Iterator<Item = &'n str>, owner: Owner, from: usize) {
        for name in names {
            let owners = self.concerned.entry(name.to_owned()).or_default();
            let first = owners.entry(owner).or_insert(from);
            *first = from.min(*first);
        }
    }

    /// The event at a place is left to the run, or told as illegal: what is illegal only for want
    /// of it is not told. What it is illegal for is another matter.
    pub(super) fn leave(&mut self, event: &Draft, place: usize, but: Option<&Broken>) {
        let but = but.map(|(Broken::Id(name) | Broken::Name(name))| name.as_str());
        let names = names(event).filter(|name| Some(*name) != but);
        self.note(names, Owner::Run, place + 1);
    }

    /// The first event behind a place that some option brings and that concerns a measure, meeting
    /// or agenda item: its id and its day.
    pub(super) fn brought_later(
        &self,
        items: &Items<'_>,
        place: usize,
        name: &str,
    ) -> Option<(String, Day)> {
        let later = items.told().filter(|(at, item)| {
            let is_drawn = self
                .owner(items, *at)
                .is_some_and(|owner| owner.one().is_some());
            *at > place && is_drawn && item.entry.fate.happens()
        });
        let mut concerned = later.filter(|(_, item)| {
            let fields = item.entry.record.fields();
            names(&fields).any(|other| other == name)
        });
        let (_, item) = concerned.next()?;
        Some((item.id().to_owned(), item.entry.record.date()))
    }

    /// What only some runs have that may make legal what was rejected at a place, in a run in which
    /// some option came to pass; or in which none did, and then also what options have behind that
    /// place. Nothing if there is none.
    pub(super) fn concerns(
        &self,
        broken: &Broken,
        at: usize,
        drawn: Option<OptionOf>,
    ) -> Option<Vec<Owner>> {
        let (Broken::Id(name) | Broken::Name(name)) = broken;
        let may_be = |(owner, from): &(&Owner, &usize)| match (owner.one(), drawn) {
            (Some(_), None) => true,
            // Of a chance node one option comes to pass.
            (Some(own), Some(drawn)) => own.chance != drawn.chance && **from <= at,
            (None, _) => **from <= at,
        };
        let owners = self.concerned.get(name)?.iter().filter(may_be);
        let owners: Vec<Owner> = owners.map(|(owner, _)| *owner).collect();
        if owners.contains(&Owner::Run) {
            // Whatever else may be: only a run can tell.
            return Some(vec![Owner::Run]);
        }
        Some(owners).filter(|owners| !owners.is_empty())
    }
}
