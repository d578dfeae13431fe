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
        let mut blame = Blame::new(&file.edits, items);
        let mut dependants: BTreeMap<usize, Vec<(String, String)>> = BTreeMap::new();
        for item in items.iter_mut().filter(|item| item.fate.happens()) {
            let Err((rejection, refusal)) = legality.decide(&item.record) else {
                continue;
            };
            if matches!(item.fate, Fate::Inserted | Fate::Replaced) {
                self.illegal(item, refusal);
                continue;
            }
            // It was legal in the base: an edit took away what it hangs on.
            let Some(edit) = blame.find(rejection, &legality.world) else {
                self.illegal(item, refusal);
                continue;
            };
            let id = item.record.id().to_owned();
            blame.edited_by.insert(id.clone(), edit);
            if cascades(&file.edits, edit) == Some(true) {
                item.fate = Fate::Dropped(Some(refusal.says));
            } else {
                dependants.entry(edit).or_default().push((id, refusal.says));
            }
        }
        for (edit, dependants) in dependants {
            let (field, name, id) = match file.edits.get(edit) {
                Some(Edit::Drop(drop)) => ("drop", "event", drop.event.clone()),
                Some(Edit::Shift(shift)) => ("shift", "event", shift.event.clone()),
                Some(Edit::Replace(replace)) => ("replace", "event", replace.event.clone()),
                Some(Edit::Insert(draft)) => ("insert", "id", draft.id.clone().unwrap_or_default()),
                None => continue,
            };
            let at = ["edits".into(), edit.into(), field.into(), name.into()];
            let may_cascade = cascades(&file.edits, edit).is_some();
            self.wrong(
                &at,
                Kind::Dependants {
                    id,
                    dependants,
                    may_cascade,
                },
            );
        }
        self.times_that_hang_on_nothing(items);
    }

    /// An event whose time hangs on one that a cascade dropped.
    fn times_that_hang_on_nothing(&mut self, items: &[Item]) {
        for item in items {
            let (Some(after), Some(edit)) = (&item.after, item.edit) else {
                continue;
            };
            let other = items.iter().find(|other| other.record.id() == after);
            if other.is_some_and(|other| !other.fate.happens()) {
                let at = [
                    "edits".into(),
                    edit.into(),
                    "insert".into(),
                    "after".into(),
                    "event".into(),
                ];
                self.wrong(&at, Kind::Dropped { id: after.clone() });
            }
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

/// Which edit is to blame for what is illegal.
struct Blame<'a> {
    edits: &'a [Edit],
    /// The edit that changed, made or took along an event.
    edited_by: HashMap<String, usize>,
    /// The edits that concern a measure, a meeting or an agenda item.
    concerned_by: HashMap<String, Vec<usize>>,
}

impl<'a> Blame<'a> {
    fn new(edits: &'a [Edit], items: &[Item]) -> Self {
        let mut edited_by = HashMap::new();
        let mut concerned_by: HashMap<String, Vec<usize>> = HashMap::new();
        for (item, edit) in items.iter().filter_map(|item| Some((item, item.edit?))) {
            edited_by.insert(item.record.id().to_owned(), edit);
            for name in names(&item.record) {
                concerned_by.entry(name.to_owned()).or_default().push(edit);
            }
        }
        Self {
            edits,
            edited_by,
            concerned_by,
        }
    }

    /// The edit of the event that is named and missing; else one that concerns the same measure, meeting or
    /// agenda item, of several first one that cannot take along what hangs on it.
    fn find(&self, rejection: Rejection, world: &World) -> Option<usize> {
        let name = match rejection {
            Rejection::AbsentCause(id)
            | Rejection::RetractedCause(id)
            | Rejection::UnknownCause(id)
            | Rejection::UnknownConversation(id)
            | Rejection::EffectBeforeCause { cause: id, .. }
            | Rejection::NotAConversation { of: id, .. }
            | Rejection::NotOnIt { of: id, .. }
            | Rejection::IdUsedTwice(id) => return self.edited_by.get(world.id(id)).copied(),
            Rejection::OtherKind { measure, .. } => world.measure(measure),
            Rejection::Measure { hold, .. } => world.measure(world.hold(hold).measure),
            Rejection::Agenda { topic, .. } => world.item(topic),
            Rejection::Meeting { meeting, .. }
            | Rejection::UnknownMeeting(meeting)
            | Rejection::ScheduledInThePast { meeting, .. } => world.meeting(meeting),
        };
        let concerned = self.concerned_by.get(name)?;
        let binds = |edit: &&usize| cascades(self.edits, **edit) != Some(true);
        concerned
            .iter()
            .find(binds)
            .or_else(|| concerned.first())
            .copied()
    }
}

/// The measures, meetings and agenda items that an event concerns.
fn names(record: &Record) -> Vec<&str> {
    let fields = record.fields();
    let own = [
        Some(record.id()),
        fields.measure.as_deref(),
        fields.meeting.as_deref(),
    ];
    let measures = fields.measures.iter().map(|entry| entry.id.as_str());
    let items = fields.agenda.iter().map(|entry| entry.item.as_str());
    own.into_iter()
        .flatten()
        .chain(measures)
        .chain(items)
        .collect()
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
}
