//! Conditions: yes-or-no questions about a state, in a small language of JSON.

use crate::error::BadQuestion;
use crate::history::FAULT_LIMIT;
use crate::json::Step;
use crate::model::{
    Actor, Day, Dyad, DyadIx, Event, HoldIx, ItemStatus, MeasureIx, MeasureStatus, MeetingIx,
    MeetingStatus, Model, Phase, Relation, State, TopicIx, Wanted, World, nearest,
    temperature::Mark,
};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// A question about a state on a day. Each is an object with one key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(expecting = r#"one condition, such as {"temperature": {"dyad": "RUS-USA", "below": -3}}"#)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// The temperature of a dyad is above or below a value, or between two.
    Temperature(TemperatureIs),
    /// The phase of a dyad is one of some.
    Phase(PhaseIs),
    /// A standing measure has a status: between a source and a target, or everywhere it was in
    /// force.
    Measure(MeasureIs),
    /// A meeting has a status.
    Meeting(MeetingIs),
    /// An agenda item of a dyad has a status.
    Agenda(AgendaIs),
    /// The day is that day or a later one.
    Since(Day),
    /// The day is that day or an earlier one.
    By(Day),
    /// All of some hold.
    All(Vec<Condition>),
    /// At least one of some holds.
    Any(Vec<Condition>),
    /// Another does not hold.
    Not(Box<Condition>),
}

/// Where a temperature lies, in degrees; at least one bound.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(expecting = r#"a dyad and a bound, such as {"dyad": "RUS-USA", "below": -3}"#)]
#[serde(deny_unknown_fields)]
pub struct TemperatureIs {
    /// The dyad.
    pub dyad: Dyad,
    /// Above this value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<f64>,
    /// Below this value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<f64>,
}

/// Which phases count.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(expecting = r#"a dyad and its phases, such as {"dyad": "RUS-USA", "is": ["tension"]}"#)]
#[serde(deny_unknown_fields)]
pub struct PhaseIs {
    /// The dyad.
    pub dyad: Dyad,
    /// Any of these.
    pub is: Vec<Phase>,
}

/// How a measure stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(
    expecting = r#"a measure and its status, such as {"id": "crimea-sanctions", "status": "lifted"}"#
)]
#[serde(deny_unknown_fields)]
pub struct MeasureIs {
    /// The measure's id.
    pub id: String,
    /// The status.
    pub status: MeasureStatus,
    /// Only as this actor holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Actor>,
    /// Only against this actor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Actor>,
}

/// How a meeting stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(
    expecting = r#"a meeting and its status, such as {"id": "us-ru-meeting", "status": "held"}"#
)]
#[serde(deny_unknown_fields)]
pub struct MeetingIs {
    /// The meeting's id.
    pub id: String,
    /// The status.
    pub status: MeetingStatus,
}

/// How an agenda item stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(
    expecting = r#"an item and its status, such as {"dyad": "RUS-USA", "item": "sanctions", "status": "agreed"}"#
)]
#[serde(deny_unknown_fields)]
pub struct AgendaIs {
    /// The dyad.
    pub dyad: Dyad,
    /// The item.
    pub item: String,
    /// The status.
    pub status: ItemStatus,
}

/// A question with its deadline.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// What is asked.
    pub when: Condition,
    /// Asks whether it ever holds from the fork until that day; without, whether it holds at the
    /// end.
    pub by: Option<Day>,
}

/// Whether a condition holds in a state on a day, waiting included. What nobody has named yet has
/// no status.
#[must_use]
pub fn holds(condition: &Condition, world: &World, state: &State, day: Day, model: &Model) -> bool {
    Test::new(condition, world).holds(world, state, day, model)
}

/// A condition whose names are looked up, to be asked many times. What the world does not know has
/// no status.
#[derive(Clone, Debug)]
pub(in crate::scenario) enum Test {
    Temperature {
        dyad: (Dyad, Option<DyadIx>),
        above: Option<Mark>,
        below: Option<Mark>,
    },
    Phase {
        dyad: (Dyad, Option<DyadIx>),
        is: Vec<Phase>,
    },
    Measure {
        measure: Option<MeasureIx>,
        asked: MeasureIs,
    },
    Meeting(Option<MeetingIx>, MeetingStatus),
    Agenda(Option<TopicIx>, ItemStatus),
    Since(Day),
    By(Day),
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
}

impl Condition {
    /// The key under which it stands in a file.
    pub(in crate::scenario) const fn key(&self) -> &'static str {
        match self {
            Self::Temperature(_) => "temperature",
            Self::Phase(_) => "phase",
            Self::Measure(_) => "measure",
            Self::Meeting(_) => "meeting",
            Self::Agenda(_) => "agenda",
            Self::Since(_) => "since",
            Self::By(_) => "by",
            Self::All(_) => "all",
            Self::Any(_) => "any",
            Self::Not(_) => "not",
        }
    }

    /// The ids of the measures and meetings that it asks for.
    pub(in crate::scenario) fn things<'c>(&'c self, found: &mut Vec<&'c str>) {
        match self {
            Self::Measure(MeasureIs { id, .. }) | Self::Meeting(MeetingIs { id, .. }) => {
                found.push(id);
            }
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.things(found);
                }
            }
            Self::Not(part) => part.things(found),
            Self::Temperature(_)
            | Self::Phase(_)
            | Self::Agenda(_)
            | Self::Since(_)
            | Self::By(_) => {}
        }
    }

    /// Notes what it names that a world does not know, each once and in words, so that nobody can
    /// say whether it holds there.
    pub(in crate::scenario) fn note_unknown_in(&self, world: &World, found: &mut Vec<String>) {
        let known_dyad = |dyad| world.find_dyad(dyad).is_some();
        let (is_known, what) = match self {
            Self::Temperature(TemperatureIs { dyad, .. }) | Self::Phase(PhaseIs { dyad, .. }) => {
                (known_dyad(*dyad), format!("dyad {dyad}"))
            }
            Self::Measure(MeasureIs { id, .. }) => {
                (world.find_measure(id).is_some(), format!("measure `{id}`"))
            }
            Self::Meeting(MeetingIs { id, .. }) => {
                (world.find_meeting(id).is_some(), format!("meeting `{id}`"))
            }
            Self::Agenda(AgendaIs { dyad, item, .. }) => {
                let index = world.find_dyad(*dyad);
                let topic = index.and_then(|dyad| world.find_topic(dyad, item));
                (topic.is_some(), format!("item `{item}` of {dyad}"))
            }
            Self::Since(_) | Self::By(_) => return,
            Self::All(parts) | Self::Any(parts) => {
                return parts
                    .iter()
                    .for_each(|part| part.note_unknown_in(world, found));
            }
            Self::Not(part) => return part.note_unknown_in(world, found),
        };
        if !is_known && !found.contains(&what) {
            found.push(what);
        }
    }
}

impl Test {
    pub(in crate::scenario) fn new(condition: &Condition, world: &World) -> Self {
        let dyad = |dyad: Dyad| (dyad, world.find_dyad(dyad));
        let tests = |parts: &[Condition]| parts.iter().map(|part| Self::new(part, world)).collect();
        match condition {
            Condition::Temperature(asked) => Self::Temperature {
                dyad: dyad(asked.dyad),
                above: asked.above.map(Mark::new),
                below: asked.below.map(Mark::new),
            },
            Condition::Phase(asked) => Self::Phase {
                dyad: dyad(asked.dyad),
                is: asked.is.clone(),
            },
            Condition::Measure(asked) => Self::Measure {
                measure: world.find_measure(&asked.id),
                asked: asked.clone(),
            },
            Condition::Meeting(asked) => Self::Meeting(world.find_meeting(&asked.id), asked.status),
            Condition::Agenda(asked) => {
                let (_, dyad) = dyad(asked.dyad);
                let topic = dyad.and_then(|dyad| world.find_topic(dyad, &asked.item));
                Self::Agenda(topic, asked.status)
            }
            Condition::Since(first) => Self::Since(*first),
            Condition::By(last) => Self::By(*last),
            Condition::All(parts) => Self::All(tests(parts)),
            Condition::Any(parts) => Self::Any(tests(parts)),
            Condition::Not(part) => Self::Not(Box::new(Self::new(part, world))),
        }
    }

    /// Whether it holds in a state on a day, waiting included.
    #[inline]
    pub(in crate::scenario) fn holds(
        &self,
        world: &World,
        state: &State,
        day: Day,
        model: &Model,
    ) -> bool {
        match self {
            Self::Temperature {
                dyad: (_, Some(dyad)),
                above,
                below,
            } if state.relation(*dyad).valid_for == Some(day) => {
                lies(state.relation(*dyad).temperature, *above, *below)
            }
            Self::Phase {
                dyad: (_, Some(dyad)),
                is,
            } if state.relation(*dyad).valid_for == Some(day) => {
                let phase = state.relation(*dyad).phase;
                phase.is_some_and(|phase| is.contains(&phase))
            }
            _ => self.holds_waiting(world, state, day, model),
        }
    }

    fn holds_waiting(&self, world: &World, state: &State, day: Day, model: &Model) -> bool {
        match self {
            Self::Temperature { dyad, above, below } => {
                lies(temperature_on(*dyad, state, day, model), *above, *below)
            }
            Self::Phase {
                dyad: (dyad, index),
                is,
            } => {
                let phase = match index {
                    Some(index) => state.relation(*index).read_on(day, model).1,
                    None => Relation::at_start(model.baseline(*dyad), model).phase,
                };
                phase.is_some_and(|phase| is.contains(&phase))
            }
            Self::Measure { measure, asked } => {
                measure.is_some_and(|measure| stands(measure, asked, world, state))
            }
            Self::Meeting(meeting, status) => {
                meeting.is_some_and(|meeting| state.meeting(meeting).status == Some(*status))
            }
            Self::Agenda(topic, status) => {
                topic.is_some_and(|topic| state.topic(topic).status == Some(*status))
            }
            Self::Since(first) => day >= *first,
            Self::By(last) => day <= *last,
            Self::All(parts) => parts
                .iter()
                .all(|part| part.holds(world, state, day, model)),
            Self::Any(parts) => parts
                .iter()
                .any(|part| part.holds(world, state, day, model)),
            Self::Not(part) => !part.holds(world, state, day, model),
        }
    }
}

impl Test {
    /// Whether an event can change the answer, apart from the days that pass until it.
    pub(in crate::scenario) fn is_touched_by(&self, event: &Event, world: &World) -> bool {
        let changed = || {
            event
                .measures
                .iter()
                .map(|change| world.hold(change.hold).measure)
        };
        match self {
            Self::Temperature {
                dyad: (_, dyad), ..
            }
            | Self::Phase {
                dyad: (_, dyad), ..
            } => {
                // What an audience feels of a measure changes with what targets do.
                let is_felt = |measure| {
                    let mut holds = world.holds_of(measure).iter();
                    holds.any(|&hold| Some(world.dyad_of_hold(hold)) == *dyad)
                };
                event.moves.iter().any(|to| Some(to.dyad) == *dyad) || changed().any(is_felt)
            }
            Self::Measure { measure, .. } => changed().any(|changed| Some(changed) == *measure),
            Self::Meeting(meeting, _) => event
                .meeting
                .is_some_and(|change| Some(change.meeting) == *meeting),
            Self::Agenda(topic, _) => event
                .agenda
                .iter()
                .any(|change| Some(change.topic) == *topic),
            Self::Since(_) | Self::By(_) => false,
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().any(|part| part.is_touched_by(event, world))
            }
            Self::Not(part) => part.is_touched_by(event, world),
        }
    }

    /// What it asks of one dyad and nothing else, if it does.
    pub(in crate::scenario) fn of_one_dyad(&self) -> Option<(DyadIx, Wanted)> {
        match self {
            Self::Temperature {
                dyad: (_, dyad),
                above,
                below,
            } => {
                let (above, below) = (*above, *below);
                dyad.map(|dyad| (dyad, Wanted::Lies { above, below }))
            }
            Self::Phase {
                dyad: (_, dyad),
                is,
            } => dyad.map(|dyad| (dyad, Wanted::In(is.iter().collect()))),
            _ => None,
        }
    }

    /// Whether it asks for the phase of any dyad.
    pub(in crate::scenario) fn asks_for_phases(&self) -> bool {
        match self {
            Self::Phase { .. } => true,
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::asks_for_phases),
            Self::Not(part) => part.asks_for_phases(),
            _ => false,
        }
    }

    /// The dyads whose temperature it reads.
    pub(in crate::scenario) fn dyads(&self) -> Vec<DyadIx> {
        match self {
            Self::Temperature {
                dyad: (_, dyad), ..
            }
            | Self::Phase {
                dyad: (_, dyad), ..
            } => dyad.iter().copied().collect(),
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::dyads).collect(),
            Self::Not(part) => part.dyads(),
            Self::Measure { .. }
            | Self::Meeting(..)
            | Self::Agenda(..)
            | Self::Since(_)
            | Self::By(_) => Vec::new(),
        }
    }

    /// Whether it may come to hold, or to fail, on some day from now on while nothing happens: what
    /// can be told at a glance, from what waiting cannot pass.
    #[inline]
    pub(in crate::scenario) fn may_come(
        &self,
        hold: bool,
        world: &World,
        state: &State,
        day: Day,
        model: &Model,
    ) -> bool {
        match self {
            Self::Temperature {
                dyad: (_, Some(dyad)),
                above,
                below,
            } => {
                let reading = model.reading();
                let balance = &state.relation(*dyad).balance;
                let [least, greatest] = balance.bounds(&model.half_lives());
                if hold {
                    above.is_none_or(|mark| reading.is_above(greatest, &mark))
                        && below.is_none_or(|mark| reading.is_below(least, &mark))
                } else {
                    above.is_some_and(|mark| !reading.is_above(least, &mark))
                        || below.is_some_and(|mark| !reading.is_below(greatest, &mark))
                }
            }
            Self::Phase {
                dyad: (_, Some(dyad)),
                is,
            } => {
                let relation = state.relation(*dyad);
                let Some(now) = relation.phase else {
                    return !hold;
                };
                let may_leave =
                    || model.may_leave(now, relation.balance.bounds(&model.half_lives()));
                is.contains(&now) == hold
                    || may_leave()
                        && relation.bounds(model).into_iter().any(|bound| {
                            let next =
                                |phase: &Phase| phase.next(bound, model.hysteresis_degrees());
                            let mut passed = std::iter::successors(next(&now), next);
                            passed.any(|phase| is.contains(&phase) == hold)
                        })
            }
            Self::Since(_) | Self::By(_) => true,
            Self::All(parts) | Self::Any(parts) => {
                let mut parts = parts.iter();
                let may = |part: &Self| part.may_come(hold, world, state, day, model);
                if hold == matches!(self, Self::All(_)) {
                    parts.all(may)
                } else {
                    parts.any(may)
                }
            }
            Self::Not(part) => part.may_come(!hold, world, state, day, model),
            _ => self.holds(world, state, day, model) == hold,
        }
    }
}

/// Whether a temperature lies above one mark and below another, where they are given.
fn lies(degrees: f64, above: Option<Mark>, below: Option<Mark>) -> bool {
    above.is_none_or(|mark| degrees > mark.degrees)
        && below.is_none_or(|mark| degrees < mark.degrees)
}

/// The temperature of a dyad on a day, in degrees; its baseline where no event names it.
#[inline]
pub(in crate::scenario) fn temperature_on(
    (dyad, index): (Dyad, Option<DyadIx>),
    state: &State,
    day: Day,
    model: &Model,
) -> f64 {
    match index {
        Some(index) => state.relation(index).temperature_on(day, model),
        None => model.reading().of(model.baseline(dyad)),
    }
}

/// Whether every hold that is asked for, and at least one, has the status.
fn stands(measure: MeasureIx, asked: &MeasureIs, world: &World, state: &State) -> bool {
    let is_asked = |hold: &HoldIx| {
        let held = world.hold(*hold);
        let is =
            |asked: Option<Actor>, actor| asked.is_none_or(|asked| world.actor(actor) == asked);
        !held.audience && is(asked.source, held.source) && is(asked.target, held.other)
    };
    let holds = world.holds_of(measure).iter().copied().filter(is_asked);
    let mut statuses = holds.filter_map(|hold| state.status(hold)).peekable();
    statuses.peek().is_some() && statuses.all(|status| status == asked.status)
}

/// What is wrong with a condition in a world that knows every name there will be, and some that
/// nothing will have. What is known instead is said where `looks` says so, and not of more than any
/// input is told of.
pub(in crate::scenario) fn check(
    condition: &Condition,
    (world, nobodys): (&World, &HashSet<String>),
    at: &[Step<'static>],
    looks: bool,
    wrong: &mut Vec<(Vec<Step<'static>>, BadQuestion)>,
) {
    let looks = looks && wrong.len() < FAULT_LIMIT;
    let within = |rest: &[Step<'static>]| [at, rest].concat();
    let is_somebodys = |id: &str| !nobodys.contains(id);
    let unknown_dyad = |dyad: Dyad| {
        let known = || {
            let dyads = world.dyads().into_iter();
            dyads.map(|(dyad, _)| dyad.to_string()).collect()
        };
        let is_unknown = world.find_dyad(dyad).is_none();
        is_unknown.then(|| BadQuestion::UnknownDyad {
            dyad: dyad.to_string(),
            known: if looks { known() } else { Vec::new() },
        })
    };
    match condition {
        Condition::Temperature(asked) => {
            let dyad = unknown_dyad(asked.dyad);
            wrong.extend(dyad.map(|kind| (within(&["temperature".into(), "dyad".into()]), kind)));
            if asked.above.is_none() && asked.below.is_none() {
                let needs = "`above` or `below`";
                wrong.push((
                    within(&["temperature".into()]),
                    BadQuestion::Empty { needs },
                ));
            }
        }
        Condition::Phase(asked) => {
            let dyad = unknown_dyad(asked.dyad);
            wrong.extend(dyad.map(|kind| (within(&["phase".into(), "dyad".into()]), kind)));
            if asked.is.is_empty() {
                let needs = "at least one phase in `is`";
                wrong.push((
                    within(&["phase".into(), "is".into()]),
                    BadQuestion::Empty { needs },
                ));
            }
        }
        Condition::Measure(asked) => {
            let known = is_somebodys(&asked.id) && world.find_measure(&asked.id).is_some();
            let names = world.measures().filter(|id| is_somebodys(id));
            let kind = || unknown_name("measure", &asked.id, names, looks);
            wrong.extend((!known).then(|| (within(&["measure".into(), "id".into()]), kind())));
        }
        Condition::Meeting(asked) => {
            let known = is_somebodys(&asked.id) && world.find_meeting(&asked.id).is_some();
            let names = world.meetings().filter(|id| is_somebodys(id));
            let kind = || unknown_name("meeting", &asked.id, names, looks);
            wrong.extend((!known).then(|| (within(&["meeting".into(), "id".into()]), kind())));
        }
        Condition::Agenda(asked) => {
            if let Some(kind) = unknown_dyad(asked.dyad) {
                wrong.push((within(&["agenda".into(), "dyad".into()]), kind));
            } else if let Some(dyad) = world.find_dyad(asked.dyad)
                && world.find_topic(dyad, &asked.item).is_none()
            {
                let items = world.topics(dyad).iter().map(|&topic| world.item(topic));
                let kind = unknown_name("agenda item", &asked.item, items, looks);
                wrong.push((within(&["agenda".into(), "item".into()]), kind));
            }
        }
        Condition::Since(_) | Condition::By(_) => {}
        Condition::All(parts) | Condition::Any(parts) => {
            let field = condition.key();
            if parts.is_empty() {
                let needs = "at least one condition";
                wrong.push((within(&[field.into()]), BadQuestion::Empty { needs }));
            }
            for (place, part) in parts.iter().enumerate() {
                check(
                    part,
                    (world, nobodys),
                    &within(&[field.into(), place.into()]),
                    looks,
                    wrong,
                );
            }
        }
        Condition::Not(part) => check(
            part,
            (world, nobodys),
            &within(&["not".into()]),
            looks,
            wrong,
        ),
    }
}

fn unknown_name<'a>(
    what: &'static str,
    found: &str,
    known: impl Iterator<Item = &'a str>,
    looks: bool,
) -> BadQuestion {
    BadQuestion::UnknownName {
        what,
        found: found.to_owned(),
        near: looks
            .then(|| nearest(found, known))
            .flatten()
            .map(str::to_owned),
    }
}
