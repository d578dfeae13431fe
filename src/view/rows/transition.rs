//! Transitions as rows, for JSON, JSON Lines and CSV: full precision, ISO dates, names in place of
//! indices.

use crate::history::{Record, Transition, code};
use crate::model::{Actor, Change, Day, Dyad, MeasureKind, Passage, Relation, State, World};
use serde::Serialize;

/// What one event did to one dyad. Temperatures are in degrees.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TransitionRow {
    /// The event's number in the log.
    pub seq: Option<u64>,
    /// The event's id.
    pub id: String,
    /// When it happened.
    pub date: Day,
    /// When it entered the log.
    pub recorded: Option<Day>,
    /// What was done.
    pub act: &'static str,
    /// Its CAMEO code, if it has one.
    pub code: Option<&'static str>,
    /// Who acted.
    pub source: Vec<Actor>,
    /// On whom.
    pub target: Vec<Actor>,
    /// Third parties.
    pub audience: Vec<Actor>,
    /// The dyad.
    pub dyad: Dyad,
    /// How the event reached it: `target`, `audience`, `adverse` or `measure`.
    pub reach: &'static str,
    /// When the dyad was last touched.
    pub since: Option<Day>,
    /// The temperature then.
    pub temperature_before: f64,
    /// What waiting added since.
    pub waiting_part: f64,
    /// What the event added.
    pub event_part: f64,
    /// The temperature right after the event.
    pub temperature_after: f64,
    /// The event's impact, before saturation.
    pub impact: f64,
    /// The balance right after the event, of which the temperature is a reading.
    pub balance_after: f64,
    /// What the temperature tended to while waiting.
    pub equilibrium: f64,
    /// What it tends to from now on.
    pub equilibrium_after: f64,
    /// The phase before waiting.
    pub phase_before: Option<&'static str>,
    /// The phase after the event.
    pub phase_after: Option<&'static str>,
    /// What else changed.
    pub changes: Vec<ChangeRow>,
    /// The event's title.
    pub title: Option<String>,
    /// The title of the scenario that made the event, if it is hypothetical.
    pub origin: Option<String>,
    /// The model that the temperatures hold under.
    pub model: String,
    /// How the dyad stands right after the event.
    #[serde(skip)]
    pub relation: Relation,
}

/// Something that changed beside the temperature.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the fields are those of the log, by the same names"
)]
pub enum ChangeRow {
    /// A border between two phases was passed.
    Phase {
        from: &'static str,
        to: &'static str,
        on: Day,
        while_waiting: bool,
    },
    /// A standing measure changed.
    Measure {
        measure: String,
        measure_kind: &'static str,
        source: Actor,
        other: Actor,
        role: &'static str,
        from: Option<&'static str>,
        to: &'static str,
        strength: f64,
    },
    /// What the temperature tends to changed.
    Equilibrium { before: f64, after: f64 },
    /// An agenda item moved.
    Agenda {
        item: String,
        from: Option<&'static str>,
        to: &'static str,
        priority: Option<&'static str>,
        according_to: Option<Actor>,
    },
    /// A readout mentions an item or leaves it out.
    Readout {
        side: Actor,
        item: String,
        says: &'static str,
    },
    /// A meeting moved.
    Meeting {
        meeting: String,
        from: Option<&'static str>,
        to: &'static str,
        scheduled_for: Option<Day>,
    },
}

impl TransitionRow {
    /// The row of a transition that an event made, with the state right after it and the model in a
    /// word.
    #[must_use]
    pub fn new(
        record: &Record,
        transition: &Transition,
        world: &World,
        state: &State,
        model: &str,
    ) -> Self {
        let fields = record.fields();
        let step = &transition.step;
        let relation = *state.relation(step.dyad);
        Self {
            seq: record.seq(),
            id: record.id().to_owned(),
            date: record.date(),
            recorded: record.recorded(),
            act: record.act().name(),
            code: code(record).map(|code| code.row().code),
            source: fields.source.clone(),
            target: fields.target.clone(),
            audience: fields.audience.clone(),
            dyad: world.dyad(step.dyad),
            reach: step.reach.name(),
            since: step.since,
            temperature_before: step.before,
            waiting_part: step.waited - step.before,
            event_part: step.after - step.waited,
            temperature_after: step.after,
            impact: step.impact,
            balance_after: relation.balance.sum(),
            equilibrium: step.equilibrium,
            equilibrium_after: relation.equilibrium,
            phase_before: transition.phase_before.map(|phase| phase.name()),
            phase_after: transition.phase_after.map(|phase| phase.name()),
            changes: ChangeRow::of(&transition.changes, world, state).collect(),
            title: fields.title.clone(),
            origin: fields.origin.as_ref().map(|origin| origin.scenario.clone()),
            model: model.to_owned(),
            relation,
        }
    }
}

impl From<Passage> for ChangeRow {
    fn from(passage: Passage) -> Self {
        Self::Phase {
            from: passage.from.name(),
            to: passage.to.name(),
            on: passage.day,
            while_waiting: passage.waiting,
        }
    }
}

impl ChangeRow {
    /// The rows of some changes; of those to a measure that stands both ways, one.
    pub(in crate::view) fn of<'c>(
        changes: &'c [Change],
        world: &'c World,
        state: &'c State,
    ) -> impl Iterator<Item = Self> + 'c {
        let told = changes.iter().filter(move |change| match change {
            Change::Measure { hold, .. } => !world.is_mirrored(*hold),
            _ => true,
        });
        told.map(move |&change| Self::new(change, world, state))
    }

    fn new(change: Change, world: &World, state: &State) -> Self {
        match change {
            Change::Phase { passage, .. } => passage.into(),
            Change::Measure {
                hold,
                from,
                to,
                strength,
            } => {
                let held = world.hold(hold);
                Self::Measure {
                    measure: world.measure(held.measure).to_owned(),
                    measure_kind: world
                        .kind(held.measure)
                        .map_or("unknown", MeasureKind::name),
                    source: world.actor(held.source),
                    other: world.actor(held.other),
                    role: if held.audience { "audience" } else { "target" },
                    from: from.map(|status| status.name()),
                    to: to.name(),
                    strength,
                }
            }
            Change::Equilibrium { before, after, .. } => Self::Equilibrium { before, after },
            Change::Agenda { topic, from, to } => {
                let stands = state.topic(topic);
                Self::Agenda {
                    item: world.item(topic).to_owned(),
                    from: from.map(|status| status.name()),
                    to: to.name(),
                    priority: stands.priority.map(|priority| priority.name()),
                    according_to: stands.according_to.map(|side| world.actor(side)),
                }
            }
            Change::Coverage {
                topic,
                side,
                coverage,
            } => {
                let sides = world.dyad(world.dyad_of_topic(topic)).sides();
                Self::Readout {
                    side: if side == 0 { sides[0] } else { sides[1] },
                    item: world.item(topic).to_owned(),
                    says: coverage.name(),
                }
            }
            Change::Meeting {
                meeting,
                from,
                to,
                scheduled_for,
            } => Self::Meeting {
                meeting: world.meeting(meeting).to_owned(),
                from: from.map(|status| status.name()),
                to: to.name(),
                scheduled_for,
            },
        }
    }
}
