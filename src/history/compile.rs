//! From a record to an event: names become indices, and what belongs to an act becomes what it does.

use crate::history::line::record::{Draft, Record};
use crate::model::{
    Account, Act, Actor, ActorIx, AgendaMove, Code, Codes, Conversation, Coverage, DyadIx, Effect,
    Event, Hold, Impulse, MeasureIx, MeasureKind, MeasureMove, MeasureStatus, MeetingIx,
    MeetingMove, MeetingStatus, Move, Reach, Scale, Way, World,
};

/// Works out what a record means in a world, which comes to know the record's names.
#[must_use]
pub fn compile(record: &Record, world: &mut World) -> Event {
    let fields = record.fields();
    let indices = |actors: &[Actor], world: &mut World| -> Vec<ActorIx> {
        actors.iter().map(|&actor| world.actor_ix(actor)).collect()
    };
    let sources = indices(&fields.source, world);
    let targets = indices(&fields.target, world);
    let audience = indices(&fields.audience, world);
    let id = world.event_ix(record.id());
    if let Some(id) = id {
        let mut parties = [&sources[..], &targets].concat();
        parties.sort_unstable();
        parties.dedup();
        let act = record.act();
        world.note_conversation(id, Conversation { act, parties });
    }
    let moves = moves(&sources, &targets, &audience, world);
    let meeting = meeting_move(record, &moves, world);
    let (measures, removed) = measure_moves(record, &sources, &targets, &audience, world);
    Event {
        id,
        act: record.act(),
        impulse: impulse(record),
        scale: scale(record, removed, meeting.map(|change| change.meeting)),
        agenda: agenda_moves(record, &sources, &targets, world),
        accounts: accounts(record, &sources, &targets, world),
        measures,
        meeting,
        caused_by: reference(fields.caused_by.as_deref(), world),
        of: reference(fields.of.as_deref(), world),
        moves,
        sources,
        targets,
    }
}

fn reference(id: Option<&str>, world: &mut World) -> Option<crate::model::EventIx> {
    world.event_ix(id?)
}

/// Each dyad of a source and a target once, then each of a source and an audience that is not among them.
fn moves(
    sources: &[ActorIx],
    targets: &[ActorIx],
    audience: &[ActorIx],
    world: &mut World,
) -> Vec<Move> {
    let mut moves: Vec<Move> = Vec::new();
    for (others, reach) in [(targets, Reach::Target), (audience, Reach::Audience)] {
        for (source, dyad) in pairs(sources, others, world) {
            if !moves.iter().any(|other| other.dyad == dyad) {
                moves.push(Move {
                    dyad,
                    source,
                    reach,
                });
            }
        }
    }
    moves
}

/// The dyads of some sources and others, each with its source.
fn pairs(sources: &[ActorIx], others: &[ActorIx], world: &mut World) -> Vec<(ActorIx, DyadIx)> {
    let mut pairs = Vec::with_capacity(sources.len() * others.len());
    for &source in sources {
        for &other in others {
            pairs.extend(world.dyad_ix(source, other).map(|dyad| (source, dyad)));
        }
    }
    pairs
}

fn impulse(record: &Record) -> Impulse {
    let Draft { impact, weight, .. } = *record.fields();
    if let Some(degrees) = impact {
        Impulse::Degrees(degrees)
    } else if let Some(weight) = weight {
        Impulse::Weight(weight)
    } else {
        code(record).map_or(Impulse::None, Impulse::Code)
    }
}

/// The CAMEO code of an event: its act's, by tone or stage where the act has several; `None` for an act without weight.
///
/// For the announcement of a meeting it is the code that its first announcement has.
#[must_use]
pub fn code(record: &Record) -> Option<Code> {
    let fields = record.fields();
    let code = match record.act().form().codes {
        Codes::Own => return fields.code,
        Codes::One(code) => code,
        Codes::By {
            field,
            absent,
            values,
        } => fields.word(field).map_or(absent, |word| {
            let chosen = values.iter().find(|(value, _)| *value == word);
            chosen.map_or("", |(_, code)| code)
        }),
    };
    code.parse().ok()
}

fn scale(record: &Record, removed: Option<MeasureIx>, meeting: Option<MeetingIx>) -> Scale {
    let has_its_own = record.fields().weight.is_some() || record.fields().impact.is_some();
    let form = record.act().form();
    let loosens = |effect: Effect| matches!(effect.way, Way::Eases | Way::Ends);
    if has_its_own {
        Scale::Whole
    } else if form.measure.is_some_and(loosens) {
        removed.map_or(Scale::Whole, Scale::Removed)
    } else if form.meeting.is_some_and(MeetingStatus::is_announced) {
        meeting.map_or(Scale::Whole, Scale::FirstOf)
    } else {
        Scale::Whole
    }
}

/// The changes to standing measures, and the measure that the act itself changes.
fn measure_moves(
    record: &Record,
    sources: &[ActorIx],
    targets: &[ActorIx],
    audience: &[ActorIx],
    world: &mut World,
) -> (Vec<MeasureMove>, Option<MeasureIx>) {
    let fields = record.fields();
    let of_act = record.act().form().measure.map(|effect| {
        let to = match effect.way {
            Way::Begins | Way::Widens => MeasureStatus::InForce,
            Way::Eases => MeasureStatus::Eased,
            Way::Ends => MeasureStatus::Lifted,
        };
        (effect.kinds[0], to)
    });
    let of_act = of_act.map(|(kind, to)| {
        let id = fields.measure.as_deref().unwrap_or_else(|| record.id());
        (id, kind, to)
    });
    let entries = fields
        .measures
        .iter()
        .map(|entry| (entry.id.as_str(), entry.kind, entry.to));
    let mut moves = Vec::new();
    for (id, kind, to) in of_act.into_iter().chain(entries) {
        let measure = world.measure_ix(id, kind);
        let mut add = |source, other, audience| {
            let hold = world.hold_ix(Hold {
                measure,
                source,
                other,
                audience,
            });
            moves.extend(hold.map(|hold| MeasureMove { hold, kind, to }));
        };
        for &source in sources {
            for &target in targets {
                add(source, target, false);
            }
        }
        // Occupied territory is felt by third parties too; nothing else of the model's kinds is.
        if kind == MeasureKind::Occupation && to == MeasureStatus::InForce {
            let occupiers = sources
                .iter()
                .filter(|source| targets.iter().any(|target| target != *source));
            for &source in occupiers {
                for other in audience.iter().filter(|other| !targets.contains(other)) {
                    add(source, *other, true);
                }
            }
        }
    }
    let removed = of_act.map(|(id, kind, _)| world.measure_ix(id, kind));
    (moves, removed)
}

fn agenda_moves(
    record: &Record,
    sources: &[ActorIx],
    targets: &[ActorIx],
    world: &mut World,
) -> Vec<AgendaMove> {
    let fields = record.fields();
    if fields.agenda.is_empty() {
        return Vec::new();
    }
    let vouching = fields.according_to.or(match record.act() {
        Act::Readout => fields.source.first().copied(),
        _ => None,
    });
    let according_to = vouching.map(|actor| world.actor_ix(actor));
    let mut dyads: Vec<_> = pairs(sources, targets, world)
        .into_iter()
        .map(|(_, dyad)| dyad)
        .collect();
    dyads.sort_unstable();
    dyads.dedup();
    let mut moves = Vec::new();
    for dyad in dyads {
        let by = world.sides(dyad).map(|side| sources.contains(&side));
        for entry in &fields.agenda {
            moves.push(AgendaMove {
                topic: world.topic_ix(dyad, &entry.item),
                to: entry.to,
                priority: entry.priority,
                by,
                according_to,
            });
        }
    }
    moves
}

fn accounts(
    record: &Record,
    sources: &[ActorIx],
    targets: &[ActorIx],
    world: &mut World,
) -> Vec<Account> {
    if record.act() != Act::Readout {
        return Vec::new();
    }
    let fields = record.fields();
    let mut accounts = Vec::new();
    for (source, dyad) in pairs(sources, targets, world) {
        let side = usize::from(world.sides(dyad).first() != Some(&source));
        let mut topics = Vec::new();
        for (items, coverage) in [
            (&fields.mentions, Coverage::Mentioned),
            (&fields.omits, Coverage::Omitted),
        ] {
            topics.extend(
                items
                    .iter()
                    .map(|item| (world.topic_ix(dyad, item), coverage)),
            );
        }
        accounts.push(Account { dyad, side, topics });
    }
    accounts
}

fn meeting_move(record: &Record, moves: &[Move], world: &mut World) -> Option<MeetingMove> {
    let to = record.act().form().meeting?;
    let id = record
        .fields()
        .meeting
        .as_deref()
        .unwrap_or_else(|| record.id());
    let meeting = world.meeting_ix(id, moves.iter().map(|to| to.dyad));
    let scheduled_for = record.fields().scheduled_for;
    Some(MeetingMove {
        meeting,
        to,
        scheduled_for,
    })
}
