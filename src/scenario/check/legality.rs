//! Legality: every event of a scenario decided where it stands.

use super::blame::{Blame, Broken, broken};
use super::findings::{Check, Path, names};
use super::items::{Item, Items};
use super::owners::{MayBe, Owner};
use crate::error::{BadEvent, BadScenario, Occasion};
use crate::history::{Record, compile};
use crate::model::{Day, Fact, Facts, Model, Refusal, Rejection, State, World, decide, evolve};
use crate::scenario::file::entry::{Entry, Fate, OptionOf};
use crate::scenario::file::hazards::Hazards;
use crate::scenario::file::schema::ScenarioFile;
use std::collections::{HashMap, HashSet};

/// The most decisions about what only happens by chance; beyond, they are left to the run.
const DECISION_LIMIT: usize = 4_000_000;

impl Check<'_> {
    /// Decides every event where it stands, as far as that can be known without running. What an
    /// edit with `cascade` made illegal is dropped too.
    ///
    /// What a chance event or a rule may make or unmake is left to the run, which tells of an event
    /// that turns out illegal. What is illegal only for want of an event that is told as wrong is
    /// not told.
    pub(super) fn legality(
        &mut self,
        file: &ScenarioFile,
        items: &mut Items<'_>,
        hazards: &Hazards,
    ) {
        let mut chance = MayBe::new(items, hazards, &self.lost.names);
        let mut legality = Legality::new(items, &chance, None);
        let mut blame = Blame::new(&file.edits, items);
        // What only the events of some options can make legal.
        let mut undecided: Vec<(usize, Vec<OptionOf>)> = Vec::new();
        for place in 0..items.len() {
            if !blame.may_happen(items, place) || chance.owner(items, place).is_some() {
                continue;
            }
            let refused = items.get(place).and_then(|it| legality.refuse(it.record));
            let Some(rejection) = refused else {
                continue;
            };
            let broken = broken(rejection, &legality.world);
            if let Some(owners) = chance.concerns(&broken, place, None) {
                let options: Option<Vec<_>> = owners.iter().map(|owner| owner.one()).collect();
                undecided.extend(options.map(|options| (place, options)));
                if let Some(entry) = items.get(place) {
                    chance.leave(&entry.record.fields(), place, None);
                }
                continue;
            }
            let refusal = self.tell(rejection, &legality.world);
            self.refused(items, place, (broken, refusal), &mut blame, &mut chance);
        }
        self.legality_by_chance(items, &mut chance, &mut blame, &undecided);
        for (edit, dependants) in std::mem::take(&mut blame.dependants) {
            let Some(written) = file.edits.get(edit) else {
                continue;
            };
            let [field, name] = written.keys();
            let at = ["edits".into(), edit.into(), field.into(), name.into()];
            let kind = BadScenario::Dependants {
                id: written.event().unwrap_or_default().to_owned(),
                dependants,
                may_cascade: written.cascades().is_some(),
            };
            self.wrong(&at, kind);
        }
        self.times_that_hang_on_nothing(items);
    }

    fn tell(&self, rejection: Rejection, world: &World) -> Refusal {
        if self.is_shown() {
            rejection.tell(world)
        } else {
            rejection.tell_briefly(world)
        }
    }

    /// An event is illegal: one of the scenario's own is told; one that was legal in the base is
    /// dropped too, or listed under the edit that is to blame.
    fn refused(
        &mut self,
        items: &mut Items<'_>,
        place: usize,
        (broken, mut refusal): (Broken, Refusal),
        blame: &mut Blame<'_>,
        chance: &mut MayBe,
    ) {
        // An option may bring what is missing, but too late.
        if let Broken::Name(name) = &broken
            && self.is_shown()
            && let Some((id, day)) = chance.brought_later(items, place, name)
        {
            let comes =
                format!("`{id}`, which an option brings, is about `{name}`, but only on {day}");
            let help = refusal.help.take().map(|help| format!("{comes}\n{help}"));
            refusal.help = help.or(Some(comes));
        }
        let to_blame = blame.find(&broken);
        let shift = items.told_of(place).and_then(|item| blame.shifts(item));
        if let Some(shift) = shift {
            let room = room_to_shift(items, chance, place, &mut blame.tried);
            if room.is_some() || to_blame.is_none_or(|edit| edit == shift) {
                self.shifted_too_far(items, place, shift, (refusal, room));
                if let Some(entry) = items.get(place) {
                    chance.leave(&entry.record.fields(), place, Some(&broken));
                }
                return;
            }
        }
        let Some(item) = items.tell(place) else {
            return;
        };
        let is_own = matches!(item.entry.fate, Fate::Inserted | Fate::Replaced);
        let edit = to_blame.or(item.edit).filter(|_| !is_own);
        if let Some(edit) = edit {
            blame.list(item, edit, refusal.says);
            return;
        }
        chance.leave(&item.entry.record.fields(), place, Some(&broken));
        self.illegal(item, refusal);
    }

    /// An event cannot stand where an edit shifts it to.
    fn shifted_too_far(
        &mut self,
        items: &Items<'_>,
        place: usize,
        shift: usize,
        (refusal, room): (Refusal, Option<Room>),
    ) {
        let Some(item) = items.told_of(place) else {
            return;
        };
        let date = item.entry.record.date();
        let kind = BadScenario::ShiftedTooFar {
            id: item.id().to_owned(),
            date,
            is_earlier: matches!(item.entry.fate, Fate::Shifted(from) if date < from),
            refusal: Box::new(refusal),
            days: room.as_ref().map(|room| room.days),
            bound: room.and_then(|room| room.bound),
        };
        let at = ["edits".into(), shift.into(), "shift".into(), "days".into()];
        self.wrong(&at, kind);
    }

    /// Decides the events of each option as if no other came to pass, and what only options can
    /// make legal.
    fn legality_by_chance(
        &mut self,
        items: &mut Items<'_>,
        chance: &mut MayBe,
        blame: &mut Blame<'_>,
        undecided: &[(usize, Vec<OptionOf>)],
    ) {
        let drawn = chance.options(items);
        if self.is_cut || are_too_many(drawn.len(), items.len()) {
            return;
        }
        let waits: HashMap<usize, usize> = (0..)
            .zip(undecided)
            .map(|(waits, (place, _))| (*place, waits))
            .collect();
        // How many of the options that could make an event legal do.
        let mut made_legal: Vec<usize> = vec![0; undecided.len()];
        let mut rejected: Vec<Option<(Broken, Refusal)>> = Vec::new();
        rejected.resize_with(undecided.len(), || None);
        for drawn in drawn {
            let mut legality = Legality::new(items, chance, Some(drawn));
            // What events concern that take the option of another node besides.
            let mut left: HashSet<String> = HashSet::new();
            for place in 0..items.len() {
                let option = chance.owner(items, place);
                let is_drawn = option == Some(Owner::Option(drawn));
                let happens = items.get(place).is_some_and(|it| it.fate.happens());
                if !happens || !(option.is_none() || is_drawn) {
                    continue;
                }
                if is_drawn && !blame.may_happen(items, place) {
                    continue;
                }
                let rejection = items.get(place).and_then(|it| legality.refuse(it.record));
                let refused = rejection.map(|it| (broken(it, &legality.world), it));
                let may_be = |broken: &Broken| {
                    let (Broken::Id(name) | Broken::Name(name)) = broken;
                    left.contains(name) || chance.concerns(broken, place, Some(drawn)).is_some()
                };
                let waits = waits.get(&place).copied();
                let waits = waits.filter(|waits| undecided[*waits].1.contains(&drawn));
                match refused {
                    Some((broken, rejection)) if is_drawn && !may_be(&broken) => {
                        let refusal = self.tell(rejection, &legality.world);
                        self.refused(items, place, (broken, refusal), blame, chance);
                    }
                    Some((broken, rejection)) if !may_be(&broken) => {
                        if let Some(waits) = waits
                            && rejected[waits].is_none()
                        {
                            let refusal = self.tell(rejection, &legality.world);
                            rejected[waits] = Some((broken, refusal));
                        }
                    }
                    refused => {
                        if let Some(waits) = waits {
                            made_legal[waits] += 1;
                        }
                        if let (Some(_), Some(entry)) = (refused, items.get(place)) {
                            let fields = entry.record.fields();
                            left.extend(names(&fields).map(str::to_owned));
                        }
                    }
                }
            }
        }
        for (waits, (place, _)) in undecided.iter().enumerate() {
            if let Some(refused) = rejected[waits].take()
                && made_legal[waits] == 0
            {
                self.refused(items, *place, refused, blame, chance);
            }
        }
    }

    /// An event whose time hangs on one that a cascade dropped.
    fn times_that_hang_on_nothing(&mut self, items: &Items<'_>) {
        let hanging = items.told().filter(|(_, item)| item.written.is_some());
        let asked: HashSet<&str> = hanging.filter_map(|(_, item)| item.after()).collect();
        if asked.is_empty() {
            return;
        }
        let mut happens: HashMap<&str, bool> = HashMap::new();
        let is_asked = |entry: &Entry<'_>| asked.contains(entry.record.id());
        for entry in items.iter().filter(is_asked) {
            let happens = happens.entry(entry.record.id());
            happens.or_insert_with(|| entry.fate.happens());
        }
        for (_, item) in items.told() {
            let (Some(after), Some(written)) = (item.after(), &item.written) else {
                continue;
            };
            if happens.get(after) == Some(&false) {
                let at = [&written[..], &["after".into(), "event".into()]].concat();
                self.wrong(
                    &at,
                    BadScenario::Dropped {
                        id: after.to_owned(),
                    },
                );
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
        let kind = BadEvent::Illegal {
            id: item.id().to_owned(),
            date: item.entry.record.date(),
            refusal: Box::new(refusal),
            occasion: Occasion::ItsOwn,
        };
        self.wrong(&at, kind);
    }
}

/// Whether so many events with each of so many options are more than are decided.
const fn are_too_many(options: usize, events: usize) -> bool {
    options.saturating_mul(events) > DECISION_LIMIT
}

/// How far an event may be shifted.
struct Room {
    /// By so many days.
    days: i32,
    /// The event that it may not pass, and its day.
    bound: Option<(String, Day)>,
}

/// How far the shifted event at a place may go from where it stood towards where it is illegal, if
/// it was legal where it stood and that can be told with what has been tried already.
fn room_to_shift(
    items: &Items<'_>,
    chance: &MayBe,
    place: usize,
    tried: &mut usize,
) -> Option<Room> {
    let item = items.told_of(place)?;
    let Fate::Shifted(from) = item.entry.fate else {
        return None;
    };
    let (record, to) = (&item.entry.record, item.entry.record.date());
    *tried += items.len() + to.days_since(from).unsigned_abs() as usize;
    if *tried > DECISION_LIMIT {
        return None;
    }
    let [first, last] = [from.min(to), from.max(to)];
    let mut legality = Legality::new(items, chance, None);
    let mut others = (0..items.len()).filter(|at| *at != place).peekable();
    let (mut day, mut was_legal, mut turned_by) = (first, false, None);
    let mut room: Option<Room> = None;
    loop {
        while let Some(at) = others.next_if(|at| items.stands_before(*at, day, item.order)) {
            let entry = items.get(at)?;
            let goes_along = items.told_of(at).is_some_and(|it| it.edit == item.edit);
            if !entry.fate.happens() || goes_along || chance.owner(items, at).is_some() {
                continue;
            }
            let _ = legality.refuse(entry.record);
            let date = entry.record.date();
            if date >= first && legality.allows(record, day) != was_legal {
                was_legal = !was_legal;
                turned_by = Some((entry.record.id().to_owned(), date));
            }
        }
        // The day itself may be what is in the way.
        if legality.allows(record, day) != was_legal {
            was_legal = !was_legal;
            turned_by = None;
        }
        let days = day.days_since(from);
        room = match room {
            Some(room) if to > from && was_legal => Some(Room { days, ..room }),
            Some(room) if to > from => {
                let bound = turned_by;
                return Some(Room { bound, ..room });
            }
            Some(room) if was_legal => Some(room),
            None if was_legal => Some(Room {
                days,
                bound: turned_by.clone().filter(|_| to < from),
            }),
            _ => None,
        };
        if day == last || (to > from && room.is_none()) {
            break;
        }
        day = day.plus_days(1)?;
    }
    room.filter(|_| to < from)
}

/// Decides events one after the other; one that is illegal is as if it had not been there.
struct Legality {
    world: World,
    facts: Facts,
    state: State,
    model: Model,
}

impl Legality {
    fn new(items: &Items<'_>, chance: &MayBe, drawn: Option<OptionOf>) -> Self {
        let (mut world, mut facts) = (World::new(), Facts::default());
        for (place, entry) in items.iter().enumerate() {
            let owner = chance.owner(items, place);
            let may_be = owner.is_none_or(|owner| drawn.is_some() && owner.one() == drawn);
            let fact = if entry.fate.happens() && may_be {
                Fact::Later(entry.record.date())
            } else {
                Fact::Absent
            };
            if let Some(id) = world.event_ix(entry.record.id()) {
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

    /// Whether an event would be legal on a day.
    fn allows(&mut self, record: &Record, day: Day) -> bool {
        let event = compile(record, &mut self.world);
        self.state.fit(&self.world, &self.model);
        decide(&self.state, &self.facts, &self.world, &event, day).is_ok()
    }

    /// Decides an event and lets it happen if it is legal; else says what it breaks.
    fn refuse(&mut self, record: &Record) -> Option<Rejection> {
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
        match decided {
            Ok(()) => {
                evolve(state, world, &event, day, model, &mut ());
                None
            }
            Err(rejection) => Some(rejection),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_decisions_are_made_and_more_are_left_to_the_run() {
        for (options, events, are) in [
            (0, usize::MAX, false),
            (2_000, 2_000, false),
            (2_000, 2_001, true),
            (16_384, 244, false),
            (16_384, 245, true),
            (usize::MAX, 2, true),
        ] {
            assert_eq!(are_too_many(options, events), are, "{options} {events}");
        }
    }
}
