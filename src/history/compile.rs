//! From a record to an event: names become indices, and what belongs to an act becomes what it
//! does.

use crate::history::line::draft::{Draft, MeasureEntry};
use crate::history::line::record::Record;
use crate::model::{
    Account, Act, Actor, ActorIx, AgendaMove, Code, Codes, Conversation, Coverage, DyadIx, Event,
    Fades, Few, Hold, HoldIx, Impulse, MeasureIx, MeasureKind, MeasureMove, MeasureStatus,
    MeetingIx, MeetingMove, MeetingStatus, Move, Reach, Scale, Turn, Way, World,
};
use std::borrow::Cow;

/// A record with its fields, which of very many are made each time that they are asked for.
type Read<'r> = (&'r Record, &'r Draft);

/// Works out what a record means in a world, which comes to know the record's names.
#[must_use]
pub fn compile(record: &Record, world: &mut World) -> Event {
    let fields = &*record.fields();
    let indices = |actors: &[Actor], world: &mut World| -> Few<ActorIx, 4> {
        actors.iter().map(|&actor| world.actor_ix(actor)).collect()
    };
    let sources = indices(&fields.source, world);
    let targets = indices(&fields.target, world);
    let audience = indices(&fields.audience, world);
    let adverse = indices(&fields.adverse, world);
    // In a joint act both sides act.
    let mut acting = Cow::Borrowed(&sources[..]);
    if record.is_joint() {
        let others = targets.iter().filter(|target| !sources.contains(target));
        acting.to_mut().extend(others);
    }
    let id = world.event_ix(record.id());
    if let Some(id) = id {
        let act = record.act();
        let mut parties = Vec::new();
        if act.form().is_conversation() {
            parties = [&sources[..], &targets].concat();
            parties.sort_unstable();
            parties.dedup();
        }
        let parties = &parties[..];
        world.note_conversation(id, Conversation { act, parties });
    }
    let lists = [
        (&sources[..], &targets[..], Reach::Target),
        (&acting, &audience, Reach::Audience),
        (&acting, &adverse, Reach::Adverse),
    ];
    let moves = moves(lists, world);
    let meeting = meeting_move((record, fields), &moves, world);
    let (measures, changed) = measure_moves((record, fields), &sources, &targets, &audience, world);
    Event {
        id,
        act: record.act(),
        impulse: impulse(record, fields),
        fades: fades(record, fields),
        scale: scale(
            (record, fields),
            changed,
            meeting.map(|change| change.meeting),
        ),
        agenda: agenda_moves((record, fields), &sources, &targets, &acting, world).into(),
        accounts: accounts((record, fields), &sources, &targets, world).into(),
        measures: measures.into(),
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

/// Each dyad of some actors and others once, the first time that they have it.
fn moves(lists: [(&[ActorIx], &[ActorIx], Reach); 3], world: &mut World) -> Few<Move, 1> {
    let mut moves: Few<Move, 1> = Few::new();
    for (acting, others, reach) in lists {
        for (source, dyad) in pairs(acting, others, world) {
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
fn pairs<'a>(
    sources: &'a [ActorIx],
    others: &'a [ActorIx],
    world: &'a mut World,
) -> impl Iterator<Item = (ActorIx, DyadIx)> + 'a {
    let both = |&source| others.iter().map(move |&other| (source, other));
    let both = sources.iter().flat_map(both);
    both.filter_map(|(source, other)| Some((source, world.dyad_ix(source, other)?)))
}

fn impulse(record: &Record, fields: &Draft) -> Impulse {
    let Draft { impact, weight, .. } = *fields;
    if let Some(degrees) = impact {
        Impulse::Degrees(degrees)
    } else if let Some(weight) = weight {
        Impulse::Weight(weight)
    } else {
        code_of(record, fields).map_or(Impulse::None, Impulse::Code)
    }
}

/// The CAMEO code of an event: its act's, by tone or stage where the act has several; `None` for an
/// act without weight.
///
/// For the announcement of a meeting it is the code that its first announcement has.
#[must_use]
pub fn code(record: &Record) -> Option<Code> {
    code_of(record, &record.fields())
}

fn code_of(record: &Record, fields: &Draft) -> Option<Code> {
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

/// How an event's impulse fades: as its code says, whatever weight it has; without one, as words if
/// it is about a meeting, else as deeds.
fn fades(record: &Record, fields: &Draft) -> Fades {
    match code_of(record, fields) {
        Some(code) => Fades::of_code(code.row().code),
        None if record.act().form().meeting.is_some() => Fades::AsWords,
        None => Fades::AsDeeds,
    }
}

fn scale(
    (record, fields): Read<'_>,
    changed: Option<MeasureIx>,
    meeting: Option<MeetingIx>,
) -> Scale {
    let has_its_own = fields.weight.is_some() || fields.impact.is_some();
    let announces = record
        .act()
        .form()
        .meeting
        .is_some_and(MeetingStatus::is_announced);
    match (changed, meeting) {
        _ if has_its_own => Scale::Whole,
        (Some(measure), _) => Scale::Changed(measure),
        (_, Some(meeting)) if announces => Scale::FirstOf(meeting),
        _ => Scale::Whole,
    }
}

/// What an event says of one measure.
struct Said<'r> {
    id: &'r str,
    kind: Option<MeasureKind>,
    kinds: &'static [MeasureKind],
    turn: Turn,
    degrees: Option<f64>,
    entry: Option<usize>,
}

/// What the act itself does to the measure that its own `measure` names, if it does.
fn own_measure((record, fields): Read<'_>) -> Option<Said<'_>> {
    let effect = fields.effect()?;
    let strength = fields.strength;
    let turn = match effect.way {
        Way::Begins => Turn::Begin(strength),
        Way::Widens => Turn::Widen(strength),
        Way::Eases => Turn::Ease(strength),
        Way::Ends if strength.is_some() => Turn::Ease(strength),
        Way::Ends => Turn::End,
    };
    Some(Said {
        id: fields.measure.as_deref().unwrap_or_else(|| record.id()),
        // What is not begun here is of the kind that it was begun as, if there is a choice.
        kind: match effect.kinds {
            [only] => Some(*only),
            kinds if effect.way == Way::Begins => fields.kind.or(kinds.first().copied()),
            _ => None,
        },
        kinds: match fields.kind {
            Some(kind) => kind.alone(),
            None => effect.kinds,
        },
        turn,
        degrees: None,
        entry: None,
    })
}

/// What an entry of `measures` says.
fn entry(place: usize, entry: &MeasureEntry, is_background: bool) -> Said<'_> {
    let strength = entry.strength;
    Said {
        id: &entry.id,
        kind: Some(entry.kind),
        kinds: entry.kind.alone(),
        turn: match entry.to {
            MeasureStatus::InForce => Turn::Begin(strength),
            MeasureStatus::Eased if is_background => Turn::BeginInPart(strength),
            MeasureStatus::Eased => Turn::Ease(strength),
            MeasureStatus::Lifted => Turn::End,
        },
        degrees: entry.degrees,
        entry: Some(place),
    }
}

/// The changes to standing measures, and the measure that the act itself changes.
fn measure_moves(
    (record, fields): Read<'_>,
    sources: &[ActorIx],
    targets: &[ActorIx],
    audience: &[ActorIx],
    world: &mut World,
) -> (Vec<MeasureMove>, Option<MeasureIx>) {
    let of_act = own_measure((record, fields));
    let entries = fields.measures.iter().enumerate();
    let is_background = record.act() == Act::Background;
    let entries = entries.map(|(place, it)| entry(place, it, is_background));
    let mut changed = None;
    let mut moves = Vec::new();
    for said in of_act.into_iter().chain(entries) {
        let measure = world.measure_ix(said.id, said.kind);
        world.note_degrees(measure, said.degrees);
        if said.entry.is_none() {
            changed = Some(measure);
        }
        let kind = world.kind(measure);
        let mut holds: Vec<HoldIx> = Vec::new();
        let mut add = |source, other, audience| {
            let hold = world.hold_ix(Hold {
                measure,
                source,
                other,
                audience,
            });
            holds.extend(hold);
        };
        for &source in sources {
            for &target in targets {
                add(source, target, false);
                if kind.is_some_and(MeasureKind::is_both_ways) {
                    add(target, source, false);
                }
            }
        }
        // Occupied territory is felt by third parties too; nothing else of the model's kinds is.
        if kind == Some(MeasureKind::Occupation)
            && matches!(said.turn, Turn::Begin(_) | Turn::BeginInPart(_))
        {
            let occupiers = sources
                .iter()
                .filter(|source| targets.iter().any(|target| target != *source));
            for &source in occupiers {
                for other in audience.iter().filter(|other| !targets.contains(other)) {
                    add(source, *other, true);
                }
            }
        }
        holds.sort_unstable();
        holds.dedup();
        moves.extend(holds.into_iter().map(|hold| MeasureMove {
            hold,
            kinds: said.kinds,
            turn: said.turn,
            degrees: said.degrees,
            entry: said.entry,
        }));
    }
    (moves, changed)
}

fn agenda_moves(
    (record, fields): Read<'_>,
    sources: &[ActorIx],
    targets: &[ActorIx],
    acting: &[ActorIx],
    world: &mut World,
) -> Vec<AgendaMove> {
    if fields.agenda.is_empty() {
        return Vec::new();
    }
    let vouching = fields.according_to.or(match record.act() {
        Act::Readout => fields.source.first().copied(),
        _ => None,
    });
    let according_to = vouching.map(|actor| world.actor_ix(actor));
    let mut dyads: Vec<_> = pairs(sources, targets, world)
        .map(|(_, dyad)| dyad)
        .collect();
    dyads.sort_unstable();
    dyads.dedup();
    let mut moves = Vec::new();
    for dyad in dyads {
        let by = world.sides(dyad).map(|side| acting.contains(&side));
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
    (record, fields): Read<'_>,
    sources: &[ActorIx],
    targets: &[ActorIx],
    world: &mut World,
) -> Vec<Account> {
    if record.act() != Act::Readout {
        return Vec::new();
    }
    let mut accounts = Vec::new();
    let dyads: Vec<_> = pairs(sources, targets, world).collect();
    for (source, dyad) in dyads {
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

fn meeting_move(
    (record, fields): Read<'_>,
    moves: &[Move],
    world: &mut World,
) -> Option<MeetingMove> {
    let to = record.act().form().meeting?;
    let id = fields.meeting.as_deref().unwrap_or_else(|| record.id());
    let between = moves.iter().filter(|to| to.reach == Reach::Target);
    let meeting = world.meeting_ix(id, between.map(|to| to.dyad));
    let scheduled_for = fields.scheduled_for;
    Some(MeetingMove {
        meeting,
        to,
        scheduled_for,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::history::line::explain::record_of;

    /// What an act of Blueland on Redland means in a world.
    fn act(act: &str, rest: &str, world: &mut World) -> Event {
        let event = format!(
            r#"{{"id": "e", "date": "2031-03-02", "source": ["XBL"], "target": ["XRL"], "act": "{act}"{rest}}}"#
        );
        compile(&record_of(&event).unwrap(), world)
    }

    #[test]
    fn an_act_begins_widens_eases_or_ends_the_measure_that_it_names() {
        use MeasureKind::{
            AgreementInForce, Alliance, Embargo, Occupation, PeaceTreaty, Sanctions, Tariffs,
        };
        let any: &[MeasureKind] = &[Sanctions, Tariffs, Embargo];
        let treaties: &[MeasureKind] = &[AgreementInForce, PeaceTreaty, Alliance];
        let named = |rest: &str| format!(r#", "measure": "m"{rest}"#);
        let strong = r#", "strength": 0.5"#;
        for (name, rest, turn, kind, kinds) in [
            (
                "sanctions_imposed",
                "",
                Turn::Begin(None),
                Some(Sanctions),
                any,
            ),
            (
                "sanctions_imposed",
                strong,
                Turn::Begin(Some(0.5)),
                Some(Sanctions),
                any,
            ),
            (
                "sanctions_imposed",
                r#", "kind": "tariffs""#,
                Turn::Begin(None),
                Some(Tariffs),
                &[Tariffs],
            ),
            ("sanctions_lifted", "", Turn::End, None, any),
            ("treaty_left", "", Turn::End, None, treaties),
            ("treaty_left", strong, Turn::Ease(Some(0.5)), None, treaties),
            (
                "occupation_reduced",
                strong,
                Turn::Ease(Some(0.5)),
                Some(Occupation),
                &[Occupation],
            ),
            (
                "occupation_ended",
                "",
                Turn::End,
                Some(Occupation),
                &[Occupation],
            ),
        ] {
            let mut world = World::new();
            let event = act(name, &named(rest), &mut world);
            let [moved] = &event.measures[..] else {
                panic!("one measure is changed")
            };
            assert_eq!((moved.turn, moved.kinds), (turn, kinds), "{name}{rest}");
            let measure = world.hold(moved.hold).measure;
            assert_eq!(world.kind(measure), kind, "{name}{rest}");
        }
    }

    #[test]
    fn an_event_changes_only_temperatures_where_nothing_stands_or_is_agreed_on_after_it() {
        for (name, rest, only) in [
            ("statement", "", true),
            (
                "statement",
                r#", "agenda": [{"item": "a", "to": "raised"}]"#,
                false,
            ),
            (
                "statement",
                r#", "measures": [{"id": "m", "kind": "sanctions", "to": "in_force"}]"#,
                false,
            ),
            ("sanctions_imposed", "", false),
            ("meeting_proposed", "", false),
        ] {
            let event = act(name, rest, &mut World::new());
            assert_eq!(event.changes_only_temperatures(), only, "{name}{rest}");
        }
    }

    #[test]
    fn a_target_acts_on_third_parties_only_in_a_joint_act() {
        for (name, is_joint) in [("call", true), ("letter", false)] {
            let mut world = World::new();
            let event = act(name, r#", "audience": ["XGR"]"#, &mut world);
            let moves = |dyad: &str| {
                let dyad = world.find_dyad(dyad.parse().unwrap());
                event.moves.iter().any(|moved| Some(moved.dyad) == dyad)
            };
            assert!(moves("XBL-XRL") && moves("XBL-XGR"), "{name}");
            assert_eq!(moves("XGR-XRL"), is_joint, "{name}");
        }
    }

    #[test]
    fn the_code_is_that_of_the_act_or_of_a_word_and_how_the_event_fades_follows_from_it() {
        use Fades::{AsDeeds, AsWords};
        for (act, rest, expected, fades) in [
            ("coded", r#", "code": "0871""#, Some("0871"), AsDeeds),
            ("statement", "", Some("010"), AsWords),
            (
                "statement",
                r#", "tone": "threatening""#,
                Some("130"),
                AsWords,
            ),
            ("attack", "", Some("190"), AsDeeds),
            // Without a code what is about a meeting fades as words.
            ("meeting_postponed", r#", "meeting": "m""#, None, AsWords),
            ("meeting_held", r#", "result": "broke_down""#, None, AsWords),
            ("leader_change", r#", "weight": -1"#, None, AsDeeds),
        ] {
            let event = format!(
                r#"{{"id": "e", "date": "2031-03-02", "source": ["XBL"], "target": ["XRL"], "act": "{act}"{rest}}}"#
            );
            let record = record_of(&event).unwrap();
            let found = code(&record).map(|code| code.row().code);
            let event = compile(&record, &mut World::new());
            assert_eq!((found, event.fades), (expected, fades), "{act}{rest}");
        }
    }
}
