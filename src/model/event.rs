//! An event as the state machine sees it: indices and numbers only, everything static worked out.

use super::act::Act;
use super::cameo::Code;
use super::day::Day;
use super::names::{ActorIx, DyadIx, EventIx, Few, HoldIx, MeasureIx, MeetingIx, TopicIx};
use crate::model::relation::agenda::{Coverage, ItemStatus, Priority};
use crate::model::relation::balance::Fades;
use crate::model::relation::measure::{MeasureKind, Turn};
use crate::model::relation::meeting::MeetingStatus;
use std::borrow::Cow;

/// One immutable fact, ready to be decided on and to be applied.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its id; `None` in a [`World`](super::World) that keeps no ids.
    pub id: Option<EventIx>,
    /// What was done.
    pub act: Act,
    /// Who did it.
    pub sources: Few<ActorIx, 4>,
    /// To whom.
    pub targets: Few<ActorIx, 4>,
    /// The dyads it moves, each once.
    pub moves: Few<Move, 1>,
    /// Where its impact comes from.
    pub impulse: Impulse,
    /// What share of that impact counts.
    pub scale: Scale,
    /// By which half-life it fades.
    pub fades: Fades,
    /// Standing measures it changes.
    pub measures: Box<[MeasureMove]>,
    /// Agenda items it moves.
    pub agenda: Box<[AgendaMove]>,
    /// What it says in public of a conversation, for each dyad that heard it.
    pub accounts: Box<[Account]>,
    /// The meeting it moves.
    pub meeting: Option<MeetingMove>,
    /// The event that led to it.
    pub caused_by: Option<EventIx>,
    /// The conversation it is an account of.
    pub of: Option<EventIx>,
}

impl Event {
    /// Whether it changes temperatures and nothing that a later event could depend on but by its
    /// id.
    #[must_use]
    pub fn changes_only_temperatures(&self) -> bool {
        self.measures.is_empty()
            && self.agenda.is_empty()
            && self.meeting.is_none()
            && self.scale == Scale::Whole
    }
}

impl Event {
    /// Whether it pushes temperatures and changes nothing else.
    #[inline]
    pub(super) fn only_pushes(&self) -> bool {
        self.measures.is_empty()
            && self.agenda.is_empty()
            && self.accounts.is_empty()
            && self.meeting.is_none()
    }
}

/// An event of very many, held small where it is like nearly all: one source, one target, and
/// nothing but temperatures that it changes, of one dyad or a few, or of none that is looked at.
#[derive(Clone, Debug)]
pub struct Compact(Held);

#[derive(Clone, Debug)]
enum Held {
    Small(Small),
    /// One that moves more dyads, as where it has an audience: those behind the first.
    Wide(Box<(Small, Few<Move, 1>)>),
    Whole(Box<Event>),
}

/// As the fields of an event are called.
#[derive(Clone, Copy, Debug)]
struct Small {
    id: Named,
    caused_by: Named,
    impulse: Impulse,
    source: ActorIx,
    target: ActorIx,
    /// The first dyad that it moves, or [`NO_DYAD`].
    dyad: DyadIx,
    reach: Reach,
    /// Whether it is the target that is a side of the dyad.
    is_moved_by_target: bool,
    act: Act,
    fades: Fades,
}

/// Where an event moves none.
const NO_DYAD: DyadIx = DyadIx(u32::MAX);

/// An id or none, in the room of an id.
#[derive(Clone, Copy, Debug)]
struct Named(EventIx);

impl Named {
    const NONE: EventIx = EventIx(u32::MAX);

    fn new(id: Option<EventIx>) -> Self {
        Self(id.unwrap_or(Self::NONE))
    }

    fn get(self) -> Option<EventIx> {
        Some(self.0).filter(|id| *id != Self::NONE)
    }
}

impl From<Event> for Compact {
    fn from(event: Event) -> Self {
        let (first, others) = match &event.moves[..] {
            [first, others @ ..] => (Some(*first), others),
            [] => (None, &[][..]),
        };
        let held = match (&event.sources[..], &event.targets[..]) {
            (&[source], &[target])
                if event.only_pushes()
                    && event.scale == Scale::Whole
                    && event.of.is_none()
                    && first.is_none_or(|it| it.source == source || it.source == target) =>
            {
                let small = Small {
                    id: Named::new(event.id),
                    caused_by: Named::new(event.caused_by),
                    impulse: event.impulse,
                    source,
                    target,
                    dyad: first.map_or(NO_DYAD, |it| it.dyad),
                    reach: first.map_or(Reach::Target, |it| it.reach),
                    is_moved_by_target: first.is_some_and(|it| it.source != source),
                    act: event.act,
                    fades: event.fades,
                };
                if others.is_empty() {
                    Held::Small(small)
                } else {
                    Held::Wide(Box::new((small, Few::from_slice(others))))
                }
            }
            _ => Held::Whole(Box::new(event)),
        };
        Self(held)
    }
}

impl Compact {
    /// The event.
    #[must_use]
    pub fn event(&self) -> Cow<'_, Event> {
        match &self.0 {
            Held::Whole(event) => Cow::Borrowed(event),
            Held::Small(small) => Cow::Owned(small.event()),
            Held::Wide(wide) => {
                let (small, others) = &**wide;
                let mut event = small.event();
                event.moves.extend_from_slice(others);
                Cow::Owned(event)
            }
        }
    }
}

impl Small {
    /// The event, with the first dyad.
    #[inline]
    fn event(self) -> Event {
        let Self {
            id,
            caused_by,
            impulse,
            source,
            target,
            dyad,
            reach,
            is_moved_by_target,
            act,
            fades,
        } = self;
        let moved = Move {
            dyad,
            source: if is_moved_by_target { target } else { source },
            reach,
        };
        Event {
            id: id.get(),
            act,
            sources: Few::from_slice(&[source]),
            targets: Few::from_slice(&[target]),
            moves: if dyad == NO_DYAD {
                Few::new()
            } else {
                Few::from_slice(&[moved])
            },
            impulse,
            scale: Scale::Whole,
            fades,
            measures: Box::default(),
            agenda: Box::default(),
            accounts: Box::default(),
            meeting: None,
            caused_by: caused_by.get(),
            of: None,
        }
    }
}

/// A dyad that an event moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// The dyad.
    pub dyad: DyadIx,
    /// The source of the event that is a side of it.
    pub source: ActorIx,
    /// How the event reaches it.
    pub reach: Reach,
}

/// How an event reaches a dyad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// Source and target: in full.
    Target,
    /// Source and audience: times the spillover.
    Audience,
    /// Source and those it is adverse to: times minus the spillover.
    Adverse,
    /// Only through a standing measure that changes with it.
    Measure,
}

impl Reach {
    /// The name as it is written in output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Target => "target",
            Self::Audience => "audience",
            Self::Adverse => "adverse",
            Self::Measure => "measure",
        }
    }
}

/// Where an event's impact comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Impulse {
    /// It has none.
    None,
    /// The gain times the weight of a CAMEO code.
    Code(Code),
    /// The gain times the event's own weight.
    Weight(f64),
    /// The event's own impact in degrees.
    Degrees(f64),
}

/// What share of its impact an event has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// All of it.
    Whole,
    /// What it changes of how strongly the measure stands.
    Changed(MeasureIx),
    /// All of it if it is the first that is heard of the meeting, or the first since it was
    /// cancelled, else nothing.
    FirstOf(MeetingIx),
}

/// A change to a standing measure as one source holds it against one other actor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeasureMove {
    /// The measure between the two.
    pub hold: HoldIx,
    /// The kinds that the event takes it for one of.
    pub kinds: &'static [MeasureKind],
    /// What happens to it.
    pub turn: Turn,
    /// What a measure of the writer's own counts, in degrees, where the event says so.
    pub degrees: Option<f64>,
    /// The entry of the event's `measures` that says so; nothing for the act's own measure.
    pub entry: Option<usize>,
}

/// A change to an agenda item of one dyad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgendaMove {
    /// The item in that dyad.
    pub topic: TopicIx,
    /// Its new status.
    pub to: ItemStatus,
    /// Its new priority, if one is given.
    pub priority: Option<Priority>,
    /// Which sides are sources of the event, in the order of the dyad.
    pub by: [bool; 2],
    /// On whose word the status stands; `None` when both stand by it.
    pub according_to: Option<ActorIx>,
}

/// One side's public account in one dyad.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The dyad.
    pub dyad: DyadIx,
    /// Which side of it speaks: 0 or 1.
    pub side: usize,
    /// The items it mentions and those it is known to leave out.
    pub topics: Vec<(TopicIx, Coverage)>,
}

/// A change to a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeetingMove {
    /// The meeting.
    pub meeting: MeetingIx,
    /// Its new status.
    pub to: MeetingStatus,
    /// The day now fixed for it, if one is given.
    pub scheduled_for: Option<Day>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_an_event_reaches_a_dyad_has_a_name() {
        let reaches = [
            Reach::Target,
            Reach::Audience,
            Reach::Adverse,
            Reach::Measure,
        ];
        let names = ["target", "audience", "adverse", "measure"];
        assert_eq!(reaches.map(Reach::name), names);
    }

    #[test]
    fn an_event_that_is_held_small_is_the_same() {
        let (one, other) = (ActorIx(3), ActorIx(7));
        for (source, id, caused_by) in [
            (one, Some(EventIx(0)), None),
            (other, None, Some(EventIx(5))),
        ] {
            let event = Event {
                id,
                act: Act::Statement,
                sources: Few::from_slice(&[one]),
                targets: Few::from_slice(&[other]),
                moves: Few::from_slice(&[Move {
                    dyad: DyadIx(2),
                    source,
                    reach: Reach::Audience,
                }]),
                impulse: Impulse::Weight(-2.5),
                scale: Scale::Whole,
                fades: Fades::AsWords,
                measures: Box::default(),
                agenda: Box::default(),
                accounts: Box::default(),
                meeting: None,
                caused_by,
                of: None,
            };
            let small = Compact::from(event.clone());
            assert!(matches!(small.0, Held::Small(_)));
            assert_eq!(*small.event(), event);
            let still = Event {
                moves: Few::new(),
                ..event.clone()
            };
            let small = Compact::from(still.clone());
            assert!(matches!(small.0, Held::Small(_)));
            assert_eq!(*small.event(), still);
            let felt = |dyad| Move {
                dyad: DyadIx(dyad),
                source: ActorIx(9),
                reach: Reach::Adverse,
            };
            for others in [&[felt(4)][..], &[felt(4), felt(0), felt(5)]] {
                let mut event = event.clone();
                event.moves.extend_from_slice(others);
                let wide = Compact::from(event.clone());
                assert!(matches!(wide.0, Held::Wide(_)));
                assert_eq!(*wide.event(), event);
            }
        }
        // Of very many each byte counts.
        assert_eq!(size_of::<Option<Compact>>(), 40);
        assert_eq!(size_of::<(Small, Few<Move, 1>)>(), 64);
    }

    #[test]
    fn an_event_that_does_more_is_held_whole() {
        let event = || Event {
            id: Some(EventIx(0)),
            act: Act::Statement,
            sources: Few::from_slice(&[ActorIx(3)]),
            targets: Few::from_slice(&[ActorIx(7)]),
            moves: Few::from_slice(&[Move {
                dyad: DyadIx(2),
                source: ActorIx(3),
                reach: Reach::Target,
            }]),
            impulse: Impulse::None,
            scale: Scale::Whole,
            fades: Fades::AsDeeds,
            measures: Box::default(),
            agenda: Box::default(),
            accounts: Box::default(),
            meeting: None,
            caused_by: None,
            of: None,
        };
        let change = |change: &dyn Fn(&mut Event)| {
            let mut event = event();
            change(&mut event);
            event
        };
        let meeting = MeetingMove {
            meeting: MeetingIx(0),
            to: MeetingStatus::Planned,
            scheduled_for: None,
        };
        let agenda = AgendaMove {
            topic: TopicIx(0),
            to: ItemStatus::Raised,
            priority: None,
            by: [true, false],
            according_to: None,
        };
        let account = Account {
            dyad: DyadIx(2),
            side: 1,
            topics: Vec::new(),
        };
        let measure = MeasureMove {
            hold: HoldIx(0),
            kinds: &[],
            turn: Turn::End,
            degrees: None,
            entry: None,
        };
        // Whether nothing later could depend on it but by its id.
        for (event, is_small, only_warms) in [
            (event(), true, true),
            (change(&|it| it.sources.push(ActorIx(4))), false, true),
            (change(&|it| it.targets.push(ActorIx(4))), false, true),
            (change(&|it| it.targets.clear()), false, true),
            (change(&|it| it.of = Some(EventIx(0))), false, true),
            (change(&|it| it.moves[0].source = ActorIx(7)), true, true),
            (change(&|it| it.moves[0].source = ActorIx(9)), false, true),
            (
                change(&|it| it.accounts = [account.clone()].into()),
                false,
                true,
            ),
            (
                change(&|it| it.scale = Scale::FirstOf(MeetingIx(0))),
                false,
                false,
            ),
            (change(&|it| it.meeting = Some(meeting)), false, false),
            (change(&|it| it.agenda = [agenda].into()), false, false),
            (change(&|it| it.measures = [measure].into()), false, false),
        ] {
            let held = Compact::from(event.clone());
            assert_eq!(matches!(held.0, Held::Small(_)), is_small, "{event:?}");
            assert_eq!(*held.event(), event);
            assert_eq!(event.changes_only_temperatures(), only_warms, "{event:?}");
        }
    }
}
