//! Reach: what an event can change of what is asked and looked at, and what must be decided in each
//! run.

use crate::model::{DyadIx, Event, EventIx, MeasureIx, MeetingIx, TopicIx, World};
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
) -> Vec<usize> {
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
pub(super) struct Open {
    events: HashSet<EventIx>,
    measures: HashSet<MeasureIx>,
    topics: HashSet<TopicIx>,
    meetings: HashSet<MeetingIx>,
}

impl Open {
    pub(super) fn add(&mut self, event: &Event, world: &World) {
        self.events.extend(event.id);
        let measures = event.measures.iter();
        self.measures
            .extend(measures.map(|change| world.hold(change.hold).measure));
        self.topics
            .extend(event.agenda.iter().map(|change| change.topic));
        self.meetings
            .extend(event.meeting.map(|change| change.meeting));
    }

    pub(super) fn concerns(&self, event: &Event, world: &World) -> bool {
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
