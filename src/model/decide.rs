//! `decide`: whether an event is legal where it stands, and if not, which rule it breaks.

use super::act::Act;
use super::day::Day;
use super::event::Event;
use super::names::{ActorIx, EventIx, HoldIx, MeasureIx, MeetingIx, TopicIx};
use super::state::State;
use super::world::World;
use crate::model::relation::agenda::ItemStatus;
use crate::model::relation::measure::{MeasureKind, Standing, Turn};
use crate::model::relation::meeting::MeetingStatus;

/// What is known of one id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fact {
    /// No event has it.
    #[default]
    Unknown,
    /// Its event no longer counts.
    Retracted,
    /// Its event does not happen: it is illegal itself, or a scenario leaves it out.
    Absent,
    /// Its event comes later in the timeline, on that day.
    Later(Day),
    /// Its event happened on that day.
    Happened(Day),
}

/// What is known of all ids at a place in the timeline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts(Vec<Fact>);

impl Facts {
    /// What is known of an id.
    #[must_use]
    pub fn of(&self, id: EventIx) -> Fact {
        self.0.get(usize::from(id)).copied().unwrap_or_default()
    }

    /// What is known of some ids, as if they were all that there are.
    #[must_use]
    pub fn of_all(&self, ids: &[EventIx]) -> Self {
        Self(ids.iter().map(|id| self.of(*id)).collect())
    }

    /// Takes note of an id.
    pub fn note(&mut self, id: EventIx, fact: Fact) {
        let place = usize::from(id);
        if self.0.len() <= place {
            self.0.resize(place + 1, Fact::Unknown);
        }
        if let Some(slot) = self.0.get_mut(place) {
            *slot = fact;
        }
    }
}

/// The rule that an event breaks, and what the state is instead.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rejection {
    /// An event of that id has already happened.
    IdUsedTwice(EventIx),
    /// The cause is no event of this history.
    UnknownCause(EventIx),
    /// The cause no longer counts.
    RetractedCause(EventIx),
    /// The cause does not happen.
    AbsentCause(EventIx),
    /// The cause comes later.
    EffectBeforeCause {
        /// The cause.
        cause: EventIx,
        /// When it happens.
        day: Day,
        /// Whether that is the day of the effect.
        same_day: bool,
    },
    /// There was no such conversation yet.
    UnknownConversation(EventIx),
    /// What the readout is of was neither a call nor a held meeting.
    NotAConversation {
        /// What it names.
        of: EventIx,
        /// What that was.
        act: Act,
    },
    /// The actor took no part in the conversation.
    NotOnIt {
        /// The actor.
        actor: ActorIx,
        /// The conversation.
        of: EventIx,
        /// Whether the actor is a target of the readout, not its source.
        is_target: bool,
    },
    /// The measure is of another kind.
    OtherKind {
        /// The measure.
        measure: MeasureIx,
        /// The kinds that the event takes it for one of.
        taken_for: &'static [MeasureKind],
        /// Whether an entry of `measures` does.
        in_entry: bool,
    },
    /// The measure cannot go from how it stands to how the event would have it.
    Measure {
        /// The measure between two actors.
        hold: HoldIx,
        /// How it stands; `None` if it never did.
        is: Option<Standing>,
        /// What the event would do to it.
        turn: Turn,
        /// Whether an entry of `measures` would.
        in_entry: bool,
    },
    /// A measure of the writer's own counts something else than the event says.
    OwnDegrees {
        /// The measure.
        measure: MeasureIx,
        /// What it counts, in degrees; `None` where nothing has said so yet.
        is: Option<f64>,
        /// What the event says, in degrees.
        found: Option<f64>,
    },
    /// The agenda item cannot go from how it stands to how the event would have it.
    Agenda {
        /// The item in its dyad.
        topic: TopicIx,
        /// How it stands.
        is: Option<ItemStatus>,
        /// How the event would have it.
        to: ItemStatus,
    },
    /// The meeting cannot go from how it stands to how the event would have it.
    Meeting {
        /// The meeting.
        meeting: MeetingIx,
        /// How it stands.
        is: Option<MeetingStatus>,
        /// How the event would have it.
        to: MeetingStatus,
    },
    /// A meeting that the event names is none that was announced.
    UnknownMeeting(MeetingIx),
    /// The meeting would be fixed for a day before the event.
    ScheduledInThePast {
        /// The meeting.
        meeting: MeetingIx,
        /// The day.
        day: Day,
    },
}

/// Whether an event on a day is legal, given the state and the facts right before it.
///
/// # Errors
/// The first rule that the event breaks.
pub fn decide(
    state: &State,
    facts: &Facts,
    world: &World,
    event: &Event,
    day: Day,
) -> Result<(), Rejection> {
    identity(facts, event, day)?;
    account(facts, world, event)?;
    measures(state, world, event)?;
    agenda(state, event)?;
    meeting(state, world, event, day)
}

fn identity(facts: &Facts, event: &Event, day: Day) -> Result<(), Rejection> {
    if let Some(id) = event.id
        && matches!(facts.of(id), Fact::Happened(_))
    {
        return Err(Rejection::IdUsedTwice(id));
    }
    let Some(cause) = event.caused_by else {
        return Ok(());
    };
    match facts.of(cause) {
        Fact::Happened(_) => Ok(()),
        Fact::Later(later) => Err(Rejection::EffectBeforeCause {
            cause,
            day: later,
            same_day: later == day,
        }),
        Fact::Retracted => Err(Rejection::RetractedCause(cause)),
        Fact::Absent => Err(Rejection::AbsentCause(cause)),
        Fact::Unknown => Err(Rejection::UnknownCause(cause)),
    }
}

fn account(facts: &Facts, world: &World, event: &Event) -> Result<(), Rejection> {
    let Some(of) = event.of else {
        return Ok(());
    };
    let happened = matches!(facts.of(of), Fact::Happened(_));
    let Some(conversation) = world.conversation(of).filter(|_| happened) else {
        return Err(Rejection::UnknownConversation(of));
    };
    if !conversation.act.form().is_conversation() {
        let act = conversation.act;
        return Err(Rejection::NotAConversation { of, act });
    }
    let outsider = |actors: &[ActorIx]| {
        let mut actors = actors.iter();
        actors
            .find(|actor| !conversation.parties.contains(actor))
            .copied()
    };
    match (outsider(&event.sources), outsider(&event.targets)) {
        (Some(actor), _) => Err(Rejection::NotOnIt {
            actor,
            of,
            is_target: false,
        }),
        (None, Some(actor)) => Err(Rejection::NotOnIt {
            actor,
            of,
            is_target: true,
        }),
        (None, None) => Ok(()),
    }
}

fn measures(state: &State, world: &World, event: &Event) -> Result<(), Rejection> {
    for change in &event.measures {
        let hold = world.hold(change.hold);
        let measure = hold.measure;
        let is = state.hold(change.hold);
        let in_entry = change.entry.is_some();
        let refused = Rejection::Measure {
            hold: change.hold,
            is,
            turn: change.turn,
            in_entry,
        };
        let Some(kind) = world.kind(measure) else {
            return Err(refused);
        };
        if !change.kinds.contains(&kind) {
            return Err(Rejection::OtherKind {
                measure,
                taken_for: change.kinds,
                in_entry,
            });
        }
        if kind == MeasureKind::Own {
            let (is, found) = (world.own_degrees(measure), change.degrees);
            if is.is_none() || found.is_some_and(|found| is != Some(found)) {
                return Err(Rejection::OwnDegrees { measure, is, found });
            }
        }
        // The audience's part follows the targets' and is never in the way.
        if !hold.audience && !change.turn.is_legal(is) {
            return Err(refused);
        }
    }
    Ok(())
}

fn agenda(state: &State, event: &Event) -> Result<(), Rejection> {
    for change in &event.agenda {
        let is = state.topic(change.topic).status;
        if !ItemStatus::may_become(is, change.to) {
            return Err(Rejection::Agenda {
                topic: change.topic,
                is,
                to: change.to,
            });
        }
    }
    Ok(())
}

fn meeting(state: &State, world: &World, event: &Event, day: Day) -> Result<(), Rejection> {
    let Some(change) = event.meeting else {
        return Ok(());
    };
    let meeting = change.meeting;
    let is = state.meeting(meeting).status;
    // A meeting that an event holds without an announcement is its own: it has the event's id.
    let is_its_own = event
        .id
        .is_some_and(|id| world.id(id) == world.meeting(meeting));
    let announces = change.to.is_announced();
    if is.is_none() && !announces && !is_its_own {
        return Err(Rejection::UnknownMeeting(meeting));
    }
    if !MeetingStatus::may_become(is, change.to) {
        return Err(Rejection::Meeting {
            meeting,
            is,
            to: change.to,
        });
    }
    match change.scheduled_for {
        Some(fixed) if fixed < day => Err(Rejection::ScheduledInThePast {
            meeting,
            day: fixed,
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::event::{Impulse, MeasureMove, Scale};
    use crate::model::names::Few;
    use crate::model::parameters::parameter::Model;
    use crate::model::relation::balance::Fades;
    use crate::model::world::Hold;

    #[test]
    fn a_measure_of_the_writers_own_counts_what_was_said_of_it_and_nothing_else() {
        for (said, found, is_legal) in [
            (None, None, false),
            (None, Some(2.0), false),
            (Some(2.0), None, true),
            (Some(2.0), Some(2.0), true),
            (Some(2.0), Some(3.0), false),
        ] {
            let mut world = World::new();
            let [source, other] = ["RUS", "USA"].map(|code| world.actor_ix(code.parse().unwrap()));
            let measure = world.measure_ix("quarrel", Some(MeasureKind::Own));
            world.note_degrees(measure, said);
            let hold = Hold {
                measure,
                source,
                other,
                audience: false,
            };
            let change = MeasureMove {
                hold: world.hold_ix(hold).unwrap(),
                kinds: &[MeasureKind::Own],
                turn: Turn::Begin(None),
                degrees: found,
                entry: Some(0),
            };
            let event = Event {
                id: None,
                act: Act::Background,
                sources: Few::from_slice(&[source]),
                targets: Few::from_slice(&[other]),
                moves: Few::new(),
                impulse: Impulse::None,
                scale: Scale::Whole,
                fades: Fades::AsDeeds,
                measures: [change].into(),
                agenda: Box::default(),
                accounts: Box::default(),
                meeting: None,
                caused_by: None,
                of: None,
            };
            let mut state = State::default();
            state.fit(&world, &Model::default());
            let decided = decide(&state, &Facts::default(), &world, &event, Day::EPOCH);
            let refused = Rejection::OwnDegrees {
                measure,
                is: said,
                found,
            };
            let expected = if is_legal { Ok(()) } else { Err(refused) };
            assert_eq!(decided, expected, "{said:?} {found:?}");
        }
    }
}
