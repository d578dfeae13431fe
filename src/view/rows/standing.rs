//! How things stand on a day: temperatures, measures, agenda and meetings of the dyads asked for.

use super::transition::ChangeRow;
use crate::history::Folded;
use crate::model::{
    Actor, Coverage, Day, Dyad, DyadIx, MeasureKind, MeasureStatus, Model, Relation, Topic,
};
use serde::Serialize;
use std::collections::HashMap;

/// How things stand at the end of a replay.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Standings {
    /// The day; none if nothing happened.
    pub date: Option<Day>,
    /// Each dyad.
    pub dyads: Vec<RelationRow>,
}

/// How one dyad stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RelationRow {
    /// The dyad.
    pub dyad: Dyad,
    /// In degrees, waiting included.
    pub temperature: f64,
    /// What the temperature tends to, in degrees.
    pub equilibrium: f64,
    /// The phase; none in a model without bounds.
    pub phase: Option<&'static str>,
    /// Borders that were passed since then, while waiting.
    pub passages: Vec<ChangeRow>,
    /// The day of the last event that touched the dyad.
    pub last_event: Option<Day>,
    /// Its standing measures.
    pub measures: Vec<MeasureRow>,
    /// Its agenda.
    pub agenda: Vec<AgendaRow>,
    /// Its meetings.
    pub meetings: Vec<MeetingRow>,
}

/// A standing measure between one source and one other actor.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MeasureRow {
    /// Its id.
    pub id: String,
    /// Its kind.
    pub kind: &'static str,
    /// Who holds it.
    pub source: Actor,
    /// Against whom, or felt by whom.
    pub other: Actor,
    /// `target` or `audience`.
    pub role: &'static str,
    /// How it stands.
    pub status: &'static str,
    /// How strongly: 1 as it was meant when it was first imposed.
    pub strength: f64,
    /// Since which day.
    pub since: Day,
    /// What it would add to the equilibrium if it counted alone, in degrees.
    pub degrees: f64,
    /// By which of the rows of its dyad its measure counts, if it does: a measure counts once in a
    /// dyad.
    #[serde(skip)]
    pub counts_by: Option<usize>,
}

/// An agenda item.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AgendaRow {
    /// Its name.
    pub item: String,
    /// How far it has come; none while nobody raised it.
    pub status: Option<&'static str>,
    /// Its priority.
    pub priority: Option<&'static str>,
    /// Which sides raised it.
    pub raised_by: Vec<Actor>,
    /// On whose word its status stands; none when both stand by it.
    pub according_to: Option<Actor>,
    /// What each side says of it.
    pub sides: Vec<SideRow>,
    /// Whether both sides have given a readout and neither mentions it.
    pub unaddressed_by_both: bool,
}

/// One side of an agenda item.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SideRow {
    /// The side.
    pub side: Actor,
    /// Whether the item's status stands on its word.
    pub stands_by_it: bool,
    /// What its last readout says: `mentioned`, `silent`, `omitted`; none where it gave none since
    /// the item came up.
    pub readout: Option<&'static str>,
}

/// A meeting.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MeetingRow {
    /// Its id.
    pub id: String,
    /// How far it has come.
    pub status: &'static str,
    /// The day fixed for it.
    pub scheduled_for: Option<Day>,
}

impl Standings {
    /// How some dyads stand at the end of a fold.
    #[must_use]
    pub fn new(folded: &Folded, dyads: &[DyadIx], model: &Model) -> Self {
        Self {
            date: folded.day,
            dyads: dyads
                .iter()
                .map(|&dyad| relation(folded, dyad, model))
                .collect(),
        }
    }
}

fn relation(folded: &Folded, dyad: DyadIx, model: &Model) -> RelationRow {
    let (world, state) = (&folded.world, &folded.state);
    let (relation, passages) = folded.relation(dyad, model);
    RelationRow {
        dyad: world.dyad(dyad),
        temperature: relation.temperature,
        equilibrium: relation.equilibrium,
        phase: relation.phase.map(|phase| phase.name()),
        passages: passages.into_iter().map(ChangeRow::from).collect(),
        last_event: state.relation(dyad).valid_for,
        measures: measures(folded, dyad, model),
        agenda: world
            .topics(dyad)
            .iter()
            .map(|&topic| {
                let sides = world.dyad(dyad).sides();
                agenda(
                    world.item(topic).to_owned(),
                    state.topic(topic),
                    sides,
                    &relation,
                    |side| world.actor(side),
                )
            })
            .filter(|row| {
                row.status.is_some() || row.sides.iter().any(|side| side.readout.is_some())
            })
            .collect(),
        meetings: world
            .meetings_between(dyad)
            .iter()
            .filter_map(|&meeting| {
                let stands = state.meeting(meeting);
                Some(MeetingRow {
                    id: world.meeting(meeting).to_owned(),
                    status: stands.status?.name(),
                    scheduled_for: stands.scheduled_for,
                })
            })
            .collect(),
    }
}

fn measures(folded: &Folded, dyad: DyadIx, model: &Model) -> Vec<MeasureRow> {
    let (world, state) = (&folded.world, &folded.state);
    let row = |&hold| {
        let standing = state.hold(hold)?;
        let held = world.hold(hold);
        let kind = world.kind(held.measure)?;
        let degrees = match kind {
            MeasureKind::Own => world.own_degrees(held.measure).unwrap_or_default(),
            _ => model.standing_degrees(kind, held.audience),
        };
        let felt = match standing.strength {
            strength if strength == 0.0 || strength == 1.0 => strength,
            strength => libm::pow(strength, model.standing_power()),
        };
        Some(MeasureRow {
            id: world.measure(held.measure).to_owned(),
            kind: kind.name(),
            source: world.actor(held.source),
            other: world.actor(held.other),
            role: if held.audience { "audience" } else { "target" },
            status: standing.status.name(),
            since: standing.since,
            strength: standing.strength,
            // Nothing is felt of what is lifted: no negative zero.
            degrees: degrees * felt + 0.0,
            counts_by: None,
        })
    };
    let holds = world.holds_between(dyad).iter();
    let holds = holds.filter(|hold| !world.is_mirrored(**hold));
    let mut rows: Vec<_> = holds.filter_map(row).collect();
    let counting = counting(&rows);
    for (row, counts_by) in rows.iter_mut().zip(counting) {
        row.counts_by = counts_by;
    }
    rows
}

/// Of each row that by which its measure counts: as a target's before an audience's, and the
/// strongest of those.
fn counting(rows: &[MeasureRow]) -> Vec<Option<usize>> {
    let rank = |place: usize| (rows[place].role != "audience", rows[place].strength);
    let mut strongest: HashMap<&str, usize> = HashMap::new();
    for (place, row) in rows.iter().enumerate() {
        if row.status != MeasureStatus::Lifted.name() {
            let counts = strongest.entry(&row.id).or_insert(place);
            if rank(place) > rank(*counts) {
                *counts = place;
            }
        }
    }
    let of = |row: &MeasureRow| strongest.get(&*row.id).copied();
    rows.iter().map(of).collect()
}

fn agenda(
    item: String,
    topic: &Topic,
    sides: [Actor; 2],
    relation: &Relation,
    actor: impl Fn(crate::model::ActorIx) -> Actor,
) -> AgendaRow {
    let according_to = topic.according_to.map(actor);
    // A readout from before the item came up says nothing of it.
    let last = relation.last_readout;
    let has_readout = last.map(|readout| readout >= topic.since && readout.is_some());
    let coverage = topic.coverage(relation.readouts);
    let rows = sides.into_iter().zip(coverage).zip(has_readout);
    let rows = rows.map(|((side, coverage), has_readout)| SideRow {
        side,
        stands_by_it: topic.status.is_some() && according_to.is_none_or(|word| word == side),
        readout: has_readout.then(|| coverage.name()),
    });
    let raised = sides.into_iter().zip(topic.raised_by);
    AgendaRow {
        item,
        status: topic.status.map(|status| status.name()),
        priority: topic.priority.map(|priority| priority.name()),
        raised_by: raised
            .filter(|(_, raised)| *raised)
            .map(|(side, _)| side)
            .collect(),
        according_to,
        sides: rows.collect(),
        unaddressed_by_both: has_readout == [true; 2] && !coverage.contains(&Coverage::Mentioned),
    }
}
