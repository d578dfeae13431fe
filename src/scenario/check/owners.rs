//! Owners: on which draws and rules it depends whether an event happens, and what they may make or
//! unmake.

use super::blame::Broken;
use super::findings::names;
use super::items::Items;
use crate::history::Draft;
use crate::scenario::file::entry::OptionOf;
use crate::scenario::file::hazards::Hazards;
use std::collections::{BTreeSet, HashMap, HashSet};

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
    /// What events and rules that only some runs have concern, with whose they are.
    concerned: HashMap<String, BTreeSet<Owner>>,
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
                may_be.note(&item.entry.record.fields(), owner);
            }
        }
        for rule in &hazards.rules {
            may_be.note(&rule.then.fields(), Owner::Run);
        }
        for name in lost {
            let owners = may_be.concerned.entry(name.clone()).or_default();
            owners.insert(Owner::Run);
        }
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

    fn note(&mut self, event: &Draft, owner: Owner) {
        for name in names(event) {
            let owners = self.concerned.entry(name.to_owned()).or_default();
            owners.insert(owner);
        }
    }

    /// An event is left to the run, or told as illegal: what is illegal only for want of it is not
    /// told. What it is illegal for is another matter.
    pub(super) fn leave(&mut self, event: &Draft, but: Option<&Broken>) {
        let but = but.map(|(Broken::Id(name) | Broken::Name(name))| name.as_str());
        for name in names(event).filter(|name| Some(*name) != but) {
            let owners = self.concerned.entry(name.to_owned()).or_default();
            owners.insert(Owner::Run);
        }
    }

    /// What only some runs have that may make legal what was rejected in a run in which some option
    /// came to pass, or none; nothing if there is none.
    pub(super) fn concerns(&self, broken: &Broken, drawn: Option<OptionOf>) -> Option<Vec<Owner>> {
        let (Broken::Id(name) | Broken::Name(name)) = broken;
        // Of a chance node one option comes to pass.
        let may_be = |owner: &&Owner| {
            let of_drawn = owner.one().zip(drawn);
            of_drawn.is_none_or(|(own, drawn)| own.chance != drawn.chance)
        };
        let owners = self.concerned.get(name)?;
        if owners.contains(&Owner::Run) {
            // Whatever else may be: only a run can tell.
            return Some(vec![Owner::Run]);
        }
        let owners = owners.iter().filter(may_be);
        Some(owners.copied().collect()).filter(|owners: &Vec<_>| !owners.is_empty())
    }
}
