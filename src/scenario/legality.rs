//! Legality: every event of a scenario decided where it stands.

use super::edits::Item;
use super::entry::{Fate, OptionOf};
use super::findings::{Check, Path};
use super::hazards::Hazards;
use super::schema::{Edit, ScenarioFile};
use crate::error::{Kind, Occasion};
use crate::history::{Record, compile};
use crate::model::{Fact, Facts, Model, Refusal, Rejection, State, World, decide, evolve};
use std::collections::{BTreeMap, HashMap};

/// The most decisions about what only happens by chance; beyond, they are left to the run.
const DECISION_LIMIT: usize = 4_000_000;

impl Check<'_> {
    /// Decides every event where it stands, as far as that can be known without running. What an edit with
    /// `cascade` made illegal is dropped too.
    ///
    /// What a chance event or a rule may make or unmake is left to the run, which tells of an event that turns out
    /// illegal.
    pub(super) fn legality(&mut self, file: &ScenarioFile, items: &mut [Item], hazards: &Hazards) {
        let chance = MayBe::new(items, hazards);
        let mut legality = Legality::new(items, &chance.options, None);
        let mut blame = Blame::new(&file.edits, items);
        let mut dependants: BTreeMap<usize, Vec<(String, String)>> = BTreeMap::new();
        for (item, option) in items.iter_mut().zip(&chance.options) {
            if !item.entry.fate.happens() || option.is_some() {
                continue;
            }
            let Err((rejection, refusal)) = legality.decide(&item.entry.record) else {
                continue;
            };
            if chance.concerns(rejection, &legality.world, None) {
                continue;
            }
            if matches!(item.entry.fate, Fate::Inserted | Fate::Replaced) {
                self.illegal(item, refusal);
                continue;
            }
            // It was legal in the base: an edit took away what it hangs on.
            let Some(edit) = blame.find(rejection, &legality.world) else {
                self.illegal(item, refusal);
                continue;
            };
            let id = item.id().to_owned();
            blame.edited_by.insert(id.clone(), edit);
            if cascades(&file.edits, edit) == Some(true) {
                item.entry.fate = Fate::Dropped(Some(refusal.says));
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
        self.legality_by_chance(items, &chance);
    }

    /// Decides the events of each option as if no other came to pass.
    fn legality_by_chance(&mut self, items: &[Item], chance: &MayBe) {
        let mut drawn: Vec<OptionOf> = Vec::new();
        for option in chance
            .options
            .iter()
            .filter_map(|option| option.as_ref()?.one())
        {
            if !drawn.contains(&option) {
                drawn.push(option);
            }
        }
        if drawn.len().saturating_mul(items.len()) > DECISION_LIMIT {
            return;
        }
        for drawn in drawn {
            let mut legality = Legality::new(items, &chance.options, Some(drawn));
            for (item, option) in items.iter().zip(&chance.options) {
                let is_drawn = *option == Some(Owner::Option(drawn));
                if !item.entry.fate.happens() || !(option.is_none() || is_drawn) {
                    continue;
                }
                if let Err((rejection, refusal)) = legality.decide(&item.entry.record)
                    && is_drawn
                    && item.entry.fate == Fate::Inserted
                    && !chance.concerns(rejection, &legality.world, Some(drawn))
                {
                    self.illegal(item, refusal);
                }
            }
        }
    }

    /// An event whose time hangs on one that a cascade dropped.
    fn times_that_hang_on_nothing(&mut self, items: &[Item]) {
        for item in items {
            let (Some(after), Some(written)) = (&item.entry.after, &item.written) else {
                continue;
            };
            let other = items.iter().find(|other| other.id() == after);
            if other.is_some_and(|other| !other.entry.fate.happens()) {
                let at = [&written[..], &["after".into(), "event".into()]].concat();
                self.wrong(&at, Kind::Dropped { id: after.clone() });
            }
        }
    }

    /// An event of the scenario's own, or one that no single edit is to blame for, is illegal.
    fn illegal(&mut self, item: &Item, refusal: Refusal) {
        let at = match (&item.entry.fate, &item.written) {
            (Fate::Inserted | Fate::Replaced, Some(written)) => written.clone(),
            _ => Path::from(["edits".into()]),
        };
        let precise = [&at[..], &[refusal.field.into()]].concat();
        let at = if self.text.tree.value(&precise).is_some() {
            precise
        } else {
            at
        };
        let kind = Kind::Illegal {
            id: item.id().to_owned(),
            date: item.entry.record.date(),
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
            edited_by.insert(item.id().to_owned(), edit);
            for name in names(&item.entry.record) {
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
        let name = match broken(rejection, world) {
            Broken::Id(id) => return self.edited_by.get(id).copied(),
            Broken::Name(name) => name,
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

/// What a rejection is about.
enum Broken<'w> {
    /// An event.
    Id(&'w str),
    /// A measure, meeting or agenda item.
    Name(&'w str),
}

fn broken(rejection: Rejection, world: &World) -> Broken<'_> {
    match rejection {
        Rejection::AbsentCause(id)
        | Rejection::RetractedCause(id)
        | Rejection::UnknownCause(id)
        | Rejection::UnknownConversation(id)
        | Rejection::EffectBeforeCause { cause: id, .. }
        | Rejection::NotAConversation { of: id, .. }
        | Rejection::NotOnIt { of: id, .. }
        | Rejection::IdUsedTwice(id) => Broken::Id(world.id(id)),
        Rejection::OtherKind { measure, .. } => Broken::Name(world.measure(measure)),
        Rejection::Measure { hold, .. } => Broken::Name(world.measure(world.hold(hold).measure)),
        Rejection::Agenda { topic, .. } => Broken::Name(world.item(topic)),
        Rejection::Meeting { meeting, .. }
        | Rejection::UnknownMeeting(meeting)
        | Rejection::ScheduledInThePast { meeting, .. } => Broken::Name(world.meeting(meeting)),
    }
}

/// On what it depends whether an event happens, if not all runs have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owner {
    /// An option of a chance node.
    Option(OptionOf),
    /// Something else that only a run can tell.
    Run,
}

impl Owner {
    const fn one(self) -> Option<OptionOf> {
        match self {
            Self::Option(option) => Some(option),
            Self::Run => None,
        }
    }
}

/// What may be or not be, as chance has it.
struct MayBe {
    /// For each event on what it depends; `None` for one that all runs have.
    options: Vec<Option<Owner>>,
    /// What events and rules that only some runs have concern, with whose they are.
    concerned: HashMap<String, Vec<Owner>>,
}

impl MayBe {
    fn new(items: &[Item], hazards: &Hazards) -> Self {
        let mut owners: HashMap<&str, Owner> = HashMap::new();
        let mut options = Vec::with_capacity(items.len());
        let mut concerned: HashMap<String, Vec<Owner>> = HashMap::new();
        for item in items {
            // What an event's time hangs on stands before it.
            let hangs_on = item
                .entry
                .after
                .as_deref()
                .and_then(|after| owners.get(after));
            let owner = match (item.entry.option.map(Owner::Option), hangs_on.copied()) {
                (Some(own), Some(other)) if own != other => Some(Owner::Run),
                (own, other) => own.or(other),
            };
            options.push(owner);
            let Some(owner) = owner else { continue };
            owners.insert(item.id(), owner);
            for name in names(&item.entry.record) {
                concerned.entry(name.to_owned()).or_default().push(owner);
            }
        }
        for rule in &hazards.rules {
            for name in names(&rule.then) {
                concerned
                    .entry(name.to_owned())
                    .or_default()
                    .push(Owner::Run);
            }
        }
        Self { options, concerned }
    }

    /// Whether something that only some runs have, other than an option, may make legal what was rejected.
    fn concerns(&self, rejection: Rejection, world: &World, but: Option<OptionOf>) -> bool {
        let (Broken::Id(name) | Broken::Name(name)) = broken(rejection, world);
        let owners = self.concerned.get(name);
        owners.is_some_and(|owners| {
            owners
                .iter()
                .any(|owner| owner.one() != but || but.is_none())
        })
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
    fn new(items: &[Item], options: &[Option<Owner>], drawn: Option<OptionOf>) -> Self {
        let (mut world, mut facts) = (World::new(), Facts::default());
        for (item, option) in items.iter().zip(options) {
            let may_be = option.is_none()
                || option
                    .and_then(Owner::one)
                    .is_some_and(|own| Some(own) == drawn);
            let fact = if item.entry.fate.happens() && may_be {
                Fact::Later(item.entry.record.date())
            } else {
                Fact::Absent
            };
            if let Some(id) = world.event_ix(item.id()) {
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
