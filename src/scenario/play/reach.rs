//! Reach: what an event can change of what is asked and looked at, and what must be decided in each
//! run.

use super::parts::Parts;
use super::watcher::PartIx;
use crate::history::compile;
use crate::model::{
    DyadIx, Event, EventIx, Fact, Facts, MeasureIx, MeetingIx, Model, State, TopicIx, World,
    decide, evolve,
};
use crate::scenario::check::Scenario;
use crate::scenario::file::condition::Test;
use std::collections::HashSet;

/// The questions with a deadline whose answer an event can change. Those without are asked at the
/// end only.
pub(in crate::scenario) fn touched(
    scenario: &Scenario,
    tests: &[Test],
    event: &Event,
    world: &World,
) -> Box<[usize]> {
    let questions = scenario.questions.iter().zip(tests).enumerate();
    let touched = questions.filter(|(_, ((_, question), test))| {
        question.by.is_some() && test.is_touched_by(event, world)
    });
    touched.map(|(place, _)| place).collect()
}

/// Leaves out of an event what cannot be seen in the dyads that matter.
pub(super) fn narrow(event: &mut Event, matter: &[bool]) {
    let matters = |dyad: DyadIx| matter.get(usize::from(dyad)).is_none_or(|matters| *matters);
    event.moves.retain(|to| matters(to.dyad));
    event.accounts = Box::default();
}

/// What differs from run to run, apart from temperatures: an event that has to do with it must be
/// decided in each.
#[derive(Default)]
struct Open {
    events: HashSet<EventIx>,
    measures: HashSet<MeasureIx>,
    topics: HashSet<TopicIx>,
    meetings: HashSet<MeetingIx>,
}

impl Open {
    fn add(&mut self, event: &Event, world: &World) {
        self.events.extend(event.id);
        let measures = event.measures.iter();
        self.measures
            .extend(measures.map(|change| world.hold(change.hold).measure));
        self.topics
            .extend(event.agenda.iter().map(|change| change.topic));
        self.meetings
            .extend(event.meeting.map(|change| change.meeting));
    }

    fn concerns(&self, event: &Event, world: &World) -> bool {
        // The ids of reactions, none of which is known beforehand.
        let may_be_reaction = |id: EventIx| world.id(id).contains('@');
        let mut ids = [event.id, event.caused_by, event.of].into_iter().flatten();
        let mut measures = event.measures.iter();
        ids.any(|id| self.events.contains(&id) || may_be_reaction(id))
            || measures.any(|change| self.measures.contains(&world.hold(change.hold).measure))
            || event
                .agenda
                .iter()
                .any(|change| self.topics.contains(&change.topic))
            || event
                .meeting
                .is_some_and(|change| self.meetings.contains(&change.meeting))
    }
}

/// The events that others hang on, or may once rules react; `after` are those that chance nodes
/// hang on.
pub(super) fn named(
    parts: &Parts<'_>,
    after: impl Iterator<Item = EventIx>,
    scenario: &Scenario,
    world: &World,
) -> HashSet<EventIx> {
    let mut named: HashSet<_> = after.collect();
    for place in parts.places() {
        let event = parts.find_event(place);
        let hangs_on = event.map_or([None; 2], |event| [event.caused_by, event.of]);
        named.extend(hangs_on.into_iter().flatten());
        let part = &parts[place];
        named.extend(parts.after(place));
        named.extend(part.id.filter(|_| !parts.triggers(place).is_empty()));
    }
    let rules = scenario.hazards.rules.iter();
    named.extend(rules.filter_map(|rule| world.find_id(rule.then.fields().of.as_deref()?)));
    named
}

/// For each entry whether it happens and is legal in every run: nothing that it hangs on is open.
/// `facts` are those before anything happens.
pub(super) fn sure(
    parts: &Parts<'_>,
    facts: &Facts,
    scenario: &Scenario,
    world: &mut World,
    model: &Model,
) -> Vec<bool> {
    let mut open = Open::default();
    for rule in &scenario.hazards.rules {
        open.add(&compile(&rule.then, world), world);
    }
    let world = &*world;
    let (mut state, mut facts) = (State::default(), facts.clone());
    state.reset(world, model);
    let is_sure = |place: PartIx| {
        let part = &parts[place];
        let (None, Some(event)) = (parts.made(place), &parts.find_event(place)) else {
            return false;
        };
        let day = part.day;
        let is_sure = parts.option(place).is_none()
            && parts.after(place).is_none()
            && !open.concerns(event, world)
            && decide(&state, &facts, world, event, day).is_ok();
        if is_sure {
            evolve(&mut state, world, event, day, model, &mut ());
        } else {
            open.add(event, world);
        }
        if let Some(id) = part.id.filter(|_| is_sure) {
            facts.note(id, Fact::Happened(day));
        }
        is_sure
    };
    parts.places().map(is_sure).collect()
}
