//! Conditions: yes-or-no questions about a state, in a small language of JSON.

use crate::error::Kind;
use crate::json::Step;
use crate::model::{
    Actor, Day, Dyad, DyadIx, ItemStatus, MeasureStatus, MeetingStatus, Model, Phase, State, World,
    nearest,
};
use serde::{Deserialize, Serialize};

/// A question about a state on a day. Each is an object with one key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// The temperature of a dyad is above or below a value, or between two.
    Temperature(TemperatureIs),
    /// The phase of a dyad is one of some.
    Phase(PhaseIs),
    /// A standing measure has a status: between a source and a target, or everywhere it was in force.
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
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PhaseIs {
    /// The dyad.
    pub dyad: Dyad,
    /// Any of these.
    pub is: Vec<Phase>,
}

/// How a measure stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MeetingIs {
    /// The meeting's id.
    pub id: String,
    /// The status.
    pub status: MeetingStatus,
}

/// How an agenda item stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
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
    /// Asks whether it ever holds from the fork until that day; without, whether it holds at the end.
    pub by: Option<Day>,
}

/// Whether a condition holds in a state on a day, waiting included. What nobody has named yet has no status.
#[must_use]
pub fn holds(condition: &Condition, world: &World, state: &State, day: Day, model: &Model) -> bool {
    let relation = |dyad: Dyad| {
        let dyad = world.find_dyad(dyad)?;
        Some(state.relation_on(dyad, day, model, |_| {}))
    };
    match condition {
        Condition::Temperature(asked) => {
            let temperature = relation(asked.dyad)
                .map_or_else(|| model.baseline(asked.dyad), |it| it.temperature);
            asked.above.is_none_or(|bound| temperature > bound)
                && asked.below.is_none_or(|bound| temperature < bound)
        }
        Condition::Phase(asked) => {
            let start = || {
                model
                    .saturation()
                    .then(|| Phase::of(model.baseline(asked.dyad)))
            };
            let phase = relation(asked.dyad).map_or_else(start, |relation| relation.phase);
            phase.is_some_and(|phase| asked.is.contains(&phase))
        }
        Condition::Measure(asked) => measure(asked, world, state),
        Condition::Meeting(asked) => world
            .find_meeting(&asked.id)
            .is_some_and(|meeting| state.meeting(meeting).status == Some(asked.status)),
        Condition::Agenda(asked) => world
            .find_dyad(asked.dyad)
            .and_then(|dyad: DyadIx| world.find_topic(dyad, &asked.item))
            .is_some_and(|topic| state.topic(topic).status == Some(asked.status)),
        Condition::Since(first) => day >= *first,
        Condition::By(last) => day <= *last,
        Condition::All(parts) => parts
            .iter()
            .all(|part| holds(part, world, state, day, model)),
        Condition::Any(parts) => parts
            .iter()
            .any(|part| holds(part, world, state, day, model)),
        Condition::Not(part) => !holds(part, world, state, day, model),
    }
}

/// Whether every hold that is asked for, and at least one, has the status.
fn measure(asked: &MeasureIs, world: &World, state: &State) -> bool {
    let Some(measure) = world.find_measure(&asked.id) else {
        return false;
    };
    let mut statuses = world
        .holds_of(measure)
        .iter()
        .filter(|&&hold| {
            let held = world.hold(hold);
            !held.audience
                && asked
                    .source
                    .is_none_or(|source| world.actor(held.source) == source)
                && asked
                    .target
                    .is_none_or(|target| world.actor(held.other) == target)
        })
        .filter_map(|&hold| state.status(hold))
        .peekable();
    statuses.peek().is_some() && statuses.all(|status| status == asked.status)
}

/// What is wrong with a condition in a world that knows every name there will be.
pub(super) fn check(
    condition: &Condition,
    world: &World,
    at: &[Step<'static>],
    wrong: &mut Vec<(Vec<Step<'static>>, Kind)>,
) {
    let within = |rest: &[Step<'static>]| [at, rest].concat();
    let unknown_dyad = |dyad: Dyad| {
        let known = world
            .dyads()
            .into_iter()
            .map(|(dyad, _)| dyad.to_string())
            .collect();
        world.find_dyad(dyad).is_none().then(|| Kind::UnknownDyad {
            dyad: dyad.to_string(),
            known,
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
                    Kind::EmptyQuestion { needs },
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
                    Kind::EmptyQuestion { needs },
                ));
            }
        }
        Condition::Measure(asked) => {
            let known = world.find_measure(&asked.id).is_some();
            let kind = || unknown_name("measure", &asked.id, world.measures());
            wrong.extend((!known).then(|| (within(&["measure".into(), "id".into()]), kind())));
        }
        Condition::Meeting(asked) => {
            let known = world.find_meeting(&asked.id).is_some();
            let kind = || unknown_name("meeting", &asked.id, world.meetings());
            wrong.extend((!known).then(|| (within(&["meeting".into(), "id".into()]), kind())));
        }
        Condition::Agenda(asked) => {
            if let Some(kind) = unknown_dyad(asked.dyad) {
                wrong.push((within(&["agenda".into(), "dyad".into()]), kind));
            } else if let Some(dyad) = world.find_dyad(asked.dyad)
                && world.find_topic(dyad, &asked.item).is_none()
            {
                let items = world.topics(dyad).iter().map(|&topic| world.item(topic));
                let kind = unknown_name("agenda item", &asked.item, items);
                wrong.push((within(&["agenda".into(), "item".into()]), kind));
            }
        }
        Condition::Since(_) | Condition::By(_) => {}
        Condition::All(parts) | Condition::Any(parts) => {
            let field = if matches!(condition, Condition::All(_)) {
                "all"
            } else {
                "any"
            };
            if parts.is_empty() {
                let needs = "at least one condition";
                wrong.push((within(&[field.into()]), Kind::EmptyQuestion { needs }));
            }
            for (place, part) in parts.iter().enumerate() {
                check(part, world, &within(&[field.into(), place.into()]), wrong);
            }
        }
        Condition::Not(part) => check(part, world, &within(&["not".into()]), wrong),
    }
}

fn unknown_name<'a>(what: &'static str, found: &str, known: impl Iterator<Item = &'a str>) -> Kind {
    Kind::UnknownName {
        what,
        found: found.to_owned(),
        near: nearest(found, known).map(str::to_owned),
    }
}
