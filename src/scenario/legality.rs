//! Legality: every event of a scenario decided where it stands.

use super::edits::Item;
use super::entry::{Fate, OptionOf};
use super::findings::{Check, Path, names};
use super::hazards::Hazards;
use super::schema::{Edit, ScenarioFile};
use crate::error::{Kind, Occasion};
use crate::history::{Draft, Record, compile};
use crate::model::{Fact, Facts, Model, Refusal, Rejection, State, World, decide, evolve};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The most decisions about what only happens by chance; beyond, they are left to the run.
const DECISION_LIMIT: usize = 4_000_000;

impl Check<'_> {
    /// Decides every event where it stands, as far as that can be known without running. What an edit with
    /// `cascade` made illegal is dropped too.
    ///
    /// What a chance event or a rule may make or unmake is left to the run, which tells of an event that turns out
    /// illegal. What is illegal only for want of an event that is told as wrong is not told.
    pub(super) fn legality(&mut self, file: &ScenarioFile, items: &mut [Item], hazards: &Hazards) {
        let mut chance = MayBe::new(items, hazards, &self.lost.names);
        let mut legality = Legality::new(items, &chance.options, None);
        let mut blame = Blame::new(&file.edits, items);
        // What only the events of some options can make legal.
        let mut undecided: Vec<(usize, Vec<OptionOf>)> = Vec::new();
        for place in 0..items.len() {
            let Some(item) = items.get_mut(place) else {
                continue;
            };
            if !item.entry.fate.happens() || chance.options[place].is_some() {
                continue;
            }
            if blame.hangs_on_nothing(item) {
                continue;
            }
            let Err((rejection, refusal)) = legality.decide(&item.entry.record) else {
                continue;
            };
            if let Some(owners) = chance.concerns(rejection, &legality.world, None) {
                let options: Option<Vec<_>> = owners.iter().map(|owner| owner.one()).collect();
                undecided.extend(options.map(|options| (place, options)));
                chance.leave(item.entry.record.fields(), None);
                continue;
            }
            self.refused(
                item,
                (rejection, refusal),
                &legality.world,
                &mut blame,
                &mut chance,
            );
        }
        self.legality_by_chance(items, &mut chance, &mut blame, &undecided);
        for (edit, dependants) in std::mem::take(&mut blame.dependants) {
            let (field, name, id) = match file.edits.get(edit) {
                Some(Edit::Drop(drop)) => ("drop", "event", drop.event.clone()),
                Some(Edit::Shift(shift)) => ("shift", "event", shift.event.clone()),
                Some(Edit::Replace(replace)) => ("replace", "event", replace.event.clone()),
                Some(Edit::Insert(draft)) => ("insert", "id", draft.id.clone().unwrap_or_default()),
                None => continue,
            };
            let at = ["edits".into(), edit.into(), field.into(), name.into()];
            let may_cascade = cascades(&file.edits, edit).is_some();
            let kind = Kind::Dependants {
                id,
                dependants,
                may_cascade,
            };
            self.wrong(&at, kind);
        }
        self.times_that_hang_on_nothing(items);
    }

    /// An event is illegal: one of the scenario's own is told; one that was legal in the base is dropped too, or listed
    /// under the edit that is to blame.
    fn refused(
        &mut self,
        item: &mut Item,
        (rejection, refusal): (Rejection, Refusal),
        world: &World,
        blame: &mut Blame<'_>,
        chance: &mut MayBe,
    ) {
        let is_own = matches!(item.entry.fate, Fate::Inserted | Fate::Replaced);
        let edit = if is_own {
            None
        } else {
            blame.find(rejection, world)
        };
        if let Some(edit) = edit {
            blame.list(item, edit, refusal.says);
            return;
        }
        chance.leave(item.entry.record.fields(), Some(broken(rejection, world)));
        self.illegal(item, refusal);
    }

    /// Decides the events of each option as if no other came to pass, and what only options can make legal.
    fn legality_by_chance(
        &mut self,
        items: &mut [Item],
        chance: &mut MayBe,
        blame: &mut Blame<'_>,
        undecided: &[(usize, Vec<OptionOf>)],
    ) {
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
        // How many of the options that could make an event legal do.
        let mut made_legal: Vec<usize> = vec![0; undecided.len()];
        let mut rejected: Vec<Option<(Rejection, Refusal)>> = Vec::new();
        rejected.resize_with(undecided.len(), || None);
        let mut world = World::new();
        for drawn in drawn {
            let mut legality = Legality::new(items, &chance.options, Some(drawn));
            for (place, item) in items.iter_mut().enumerate() {
                let option = chance.options.get(place).copied().flatten();
                let is_drawn = option == Some(Owner::Option(drawn));
                if !item.entry.fate.happens() || !(option.is_none() || is_drawn) {
                    continue;
                }
                if is_drawn && blame.hangs_on_nothing(item) {
                    continue;
                }
                let decided = legality.decide(&item.entry.record);
                let may_be = |rejection| {
                    let others = chance.concerns(rejection, &legality.world, Some(drawn));
                    others.is_some()
                };
                let waits = undecided
                    .iter()
                    .position(|(it, options)| *it == place && options.contains(&drawn));
                match decided {
                    Err((rejection, refusal)) if is_drawn && !may_be(rejection) => {
                        let world = &legality.world;
                        self.refused(item, (rejection, refusal), world, blame, chance);
                    }
                    Err((rejection, refusal)) if !may_be(rejection) => {
                        if let Some(waits) = waits {
                            rejected[waits] = Some((rejection, refusal));
                        }
                    }
                    _ => {
                        if let Some(waits) = waits {
                            made_legal[waits] += 1;
                        }
                    }
                }
            }
            world = legality.world;
        }
        for (waits, (place, _)) in undecided.iter().enumerate() {
            if let Some(refused) = rejected[waits].take()
                && made_legal[waits] == 0
                && let Some(item) = items.get_mut(*place)
            {
                self.refused(item, refused, &world, blame, chance);
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
    /// The events that do not happen.
    dropped: HashSet<String>,
    /// The edits that concern a measure, a meeting or an agenda item.
    concerned_by: HashMap<String, Vec<usize>>,
    /// What an edit made illegal and does not take along, with what it breaks.
    dependants: BTreeMap<usize, Vec<(String, String)>>,
}

impl<'a> Blame<'a> {
    fn new(edits: &'a [Edit], items: &[Item]) -> Self {
        let mut edited_by = HashMap::new();
        let mut concerned_by: HashMap<String, Vec<usize>> = HashMap::new();
        for (item, edit) in items.iter().filter_map(|item| Some((item, item.edit?))) {
            edited_by.insert(item.id().to_owned(), edit);
            for name in names(item.entry.record.fields()) {
                concerned_by.entry(name.to_owned()).or_default().push(edit);
            }
        }
        let dropped = items.iter().filter(|item| !item.entry.fate.happens());
        Self {
            dropped: dropped.map(|item| item.id().to_owned()).collect(),
            edits,
            edited_by,
            concerned_by,
            dependants: BTreeMap::new(),
        }
    }

    /// An event of the base is illegal by an edit: it is dropped too, or listed.
    fn list(&mut self, item: &mut Item, edit: usize, says: String) {
        let id = item.id().to_owned();
        self.edited_by.insert(id.clone(), edit);
        if cascades(self.edits, edit) == Some(true) {
            item.entry.fate = Fate::Dropped(Some(says));
            self.dropped.insert(id);
        } else {
            self.dependants.entry(edit).or_default().push((id, says));
        }
    }

    /// Whether the time of an event of the base hangs on one that an edit drops, which is listed then.
    fn hangs_on_nothing(&mut self, item: &mut Item) -> bool {
        let after = item.entry.after.as_ref();
        let after = after.filter(|after| item.written.is_none() && self.dropped.contains(*after));
        let Some((edit, after)) =
            after.and_then(|after| Some((*self.edited_by.get(after)?, after.clone())))
        else {
            return false;
        };
        self.list(item, edit, format!("its time hangs on `{after}`"));
        true
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
    fn new(items: &[Item], hazards: &Hazards, lost: &BTreeSet<String>) -> Self {
        let mut owners: HashMap<&str, Owner> = HashMap::new();
        let mut may_be = Self {
            options: Vec::with_capacity(items.len()),
            concerned: HashMap::new(),
        };
        for item in items {
            // What an event's time hangs on stands before it.
            let hangs_on = item
                .entry
                .after
                .as_deref()
                .and_then(|after| owners.get(after));
            let owner = match (item.entry.option.map(Owner::Option), hangs_on.copied()) {
                _ if item.is_wrong => Some(Owner::Run),
                (Some(own), Some(other)) if own != other => Some(Owner::Run),
                (own, other) => own.or(other),
            };
            may_be.options.push(owner);
            let Some(owner) = owner else { continue };
            owners.insert(item.id(), owner);
            if item.entry.fate.happens() {
                may_be.note(item.entry.record.fields(), owner);
            }
        }
        for rule in &hazards.rules {
            may_be.note(rule.then.fields(), Owner::Run);
        }
        for name in lost {
            let owners = may_be.concerned.entry(name.clone()).or_default();
            owners.push(Owner::Run);
        }
        may_be
    }

    fn note(&mut self, event: &Draft, owner: Owner) {
        for name in names(event) {
            let owners = self.concerned.entry(name.to_owned()).or_default();
            owners.push(owner);
        }
    }

    /// An event is left to the run, or told as illegal: what is illegal only for want of it is not told. What it is
    /// illegal for is another matter.
    fn leave(&mut self, event: &Draft, but: Option<Broken<'_>>) {
        let but = but.map(|(Broken::Id(name) | Broken::Name(name))| name);
        for name in names(event).filter(|name| Some(*name) != but) {
            let owners = self.concerned.entry(name.to_owned()).or_default();
            owners.push(Owner::Run);
        }
    }

    /// What only some runs have that may make legal what was rejected in a run in which some option came to pass, or
    /// none; nothing if there is none.
    fn concerns(
        &self,
        rejection: Rejection,
        world: &World,
        drawn: Option<OptionOf>,
    ) -> Option<Vec<Owner>> {
        let (Broken::Id(name) | Broken::Name(name)) = broken(rejection, world);
        // Of a chance node one option comes to pass.
        let may_be = |owner: &&Owner| {
            let of_drawn = owner.one().zip(drawn);
            of_drawn.is_none_or(|(own, drawn)| own.chance != drawn.chance)
        };
        let owners = self.concerned.get(name)?.iter().filter(may_be);
        Some(owners.copied().collect()).filter(|owners: &Vec<_>| !owners.is_empty())
    }
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
