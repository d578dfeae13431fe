//! Legality: every event of a scenario decided where it stands.

use super::edits::Item;
use super::entry::Fate;
use super::findings::{Check, Path};
use super::schema::{Edit, ScenarioFile};
use crate::error::{Kind, Occasion};
use crate::history::{Record, compile};
use crate::model::{Fact, Facts, Model, Refusal, Rejection, State, World, decide, evolve};
use std::collections::{BTreeMap, HashMap};

impl Check<'_> {
    /// Decides every event where it stands. What an edit with `cascade` made illegal is dropped too.
    pub(super) fn legality(&mut self, file: &ScenarioFile, items: &mut [Item]) {
        let mut legality = Legality::new(items);
        let mut dependants: BTreeMap<usize, Vec<(String, String)>> = BTreeMap::new();
        let mut dropped_by: HashMap<String, usize> = items
            .iter()
            .filter(|item| !item.fate.happens())
            .filter_map(|item| Some((item.record.id().to_owned(), item.edit?)))
            .collect();
        for item in items.iter_mut().filter(|item| item.fate.happens()) {
            let Err((rejection, refusal)) = legality.decide(&item.record) else {
                continue;
            };
            let id = item.record.id().to_owned();
            if matches!(item.fate, Fate::Inserted | Fate::Replaced) {
                self.illegal(item, refusal);
                continue;
            }
            // It was legal in the base: the edit that took away what it hangs on is to blame.
            let cause = legality
                .missing(rejection)
                .and_then(|id| dropped_by.get(id).copied());
            match cause.or_else(|| blamed(&file.edits)) {
                Some(edit) if cascades(&file.edits, edit) == Some(true) => {
                    dropped_by.insert(id, edit);
                    item.fate = Fate::Dropped(Some(refusal.says));
                }
                Some(edit) => {
                    dropped_by.insert(id.clone(), edit);
                    dependants.entry(edit).or_default().push((id, refusal.says));
                }
                None => self.illegal(item, refusal),
            }
        }
        for (edit, dependants) in dependants {
            let (field, id) = match file.edits.get(edit) {
                Some(Edit::Drop(drop)) => ("drop", drop.event.clone()),
                Some(Edit::Shift(shift)) => ("shift", shift.event.clone()),
                Some(Edit::Replace(replace)) => ("replace", replace.event.clone()),
                Some(Edit::Insert(_)) | None => continue,
            };
            let at = ["edits".into(), edit.into(), field.into(), "event".into()];
            self.wrong(&at, Kind::Dependants { id, dependants });
        }
    }

    /// An event of the scenario's own, or one that no single edit is to blame for, is illegal.
    fn illegal(&mut self, item: &Item, refusal: Refusal) {
        let at: Path = match (&item.fate, item.edit) {
            (Fate::Inserted, Some(edit)) => {
                Path::from(["edits".into(), edit.into(), "insert".into()])
            }
            (Fate::Replaced, Some(edit)) => {
                Path::from(["edits".into(), edit.into(), "replace".into(), "with".into()])
            }
            _ => Path::from(["edits".into()]),
        };
        let precise = [&at[..], &[refusal.field.into()]].concat();
        let at = if self.text.tree.value(&precise).is_some() {
            precise
        } else {
            at
        };
        let kind = Kind::Illegal {
            id: item.record.id().to_owned(),
            date: item.record.date(),
            refusal: Box::new(refusal),
            occasion: Occasion::ItsOwn,
        };
        self.wrong(&at, kind);
    }
}

/// Whether an edit takes along what becomes illegal with it; `None` for one that cannot.
fn cascades(edits: &[Edit], edit: usize) -> Option<bool> {
    match edits.get(edit)? {
        Edit::Drop(drop) => Some(drop.cascade),
        Edit::Shift(shift) => Some(shift.cascade),
        Edit::Replace(_) | Edit::Insert(_) => None,
    }
}

/// The edit to blame where no event names what it lacks: the first without `cascade`, or else the first.
fn blamed(edits: &[Edit]) -> Option<usize> {
    let mut candidates = (0..edits.len()).filter(|&edit| cascades(edits, edit).is_some());
    let without = candidates
        .clone()
        .find(|&edit| cascades(edits, edit) == Some(false));
    without.or_else(|| candidates.next())
}

/// Decides events one after the other; one that is illegal is as if it had not been there.
struct Legality {
    world: World,
    facts: Facts,
    state: State,
    model: Model,
}

impl Legality {
    fn new(items: &[Item]) -> Self {
        let (mut world, mut facts) = (World::new(), Facts::default());
        for item in items {
            let happens = item.fate.happens();
            let fact = if happens {
                Fact::Later(item.record.date())
            } else {
                Fact::Absent
            };
            if let Some(id) = world.event_ix(item.record.id()) {
                facts.note(id, fact);
            }
        }
        // Legality does not depend on temperatures, so any model will do.
        let model = Model::default();
        Self {
            world,
            facts,
            state: State::default(),
            model,
        }
    }

    fn decide(&mut self, record: &Record) -> Result<(), (Rejection, Refusal)> {
        let Self {
            world,
            facts,
            state,
            model,
        } = self;
        let event = compile(record, world);
        state.fit(world, model);
        let day = record.date();
        let decided = decide(state, facts, world, &event, day);
        let fact = if decided.is_ok() {
            Fact::Happened(day)
        } else {
            Fact::Absent
        };
        if let Some(id) = event.id {
            facts.note(id, fact);
        }
        decided.map_err(|rejection| (rejection, rejection.tell(world)))?;
        evolve(state, world, &event, day, model, &mut ());
        Ok(())
    }

    /// The id of the event that is missing, if that is what is wrong.
    fn missing(&self, rejection: Rejection) -> Option<&str> {
        match rejection {
            Rejection::AbsentCause(cause) | Rejection::UnknownConversation(cause) => {
                Some(self.world.id(cause))
            }
            _ => None,
        }
    }
}
