//! Random legal histories, for laws that hold of all of them.

use detente::history::{Chain, Record, Writer, check, compile};
use detente::model::{
    Act, Codes, Day, Fact, Facts, MeasureKind, Model, Parties, State, World, decide, evolve,
};
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use serde_json::{Value, json};
use std::fmt;
use std::ops::Range;

pub(crate) const ACTORS: [&str; 4] = ["GEO", "RUS", "UKR", "USA"];
pub(crate) fn day(days: i32) -> Day {
    let first: Day = "2017-01-01".parse().unwrap();
    first.plus_days(days).unwrap()
}

/// An event that may be illegal: how many days it comes after the one before, its fields, and which
/// of the events before it that it could name it does name.
pub(crate) type Proposal = (i32, Value, Index);

/// Legal events in the order of their dates, which a failing law shows as the lines of a log.
#[derive(Clone)]
pub(crate) struct History(pub(crate) Vec<Record>);

impl std::ops::Deref for History {
    type Target = [Record];

    fn deref(&self) -> &[Record] {
        &self.0
    }
}

impl fmt::Debug for History {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line =
            |record: &Record| serde_json::to_string(&*record.fields()).map_err(|_| fmt::Error);
        self.iter()
            .try_for_each(|record| write!(out, "\n{}", line(record)?))
    }
}

pub(crate) fn proposals(days_after: Range<i32>) -> impl Strategy<Value = Vec<Proposal>> {
    let actors = |least| subsequence(ACTORS.to_vec(), least..=2);
    let adverse = || weighted(0.2, actors(1)).prop_map(Option::unwrap_or_default);
    let parties = (actors(1), actors(1), actors(0), adverse(), any::<bool>());
    let items = || {
        select(vec![
            vec![],
            vec![],
            vec![],
            vec!["arms"],
            vec!["gas", "visas"],
        ])
    };
    let of_acts = (
        select(vec!["041", "057", "072", "130", "163", "190"]),
        (
            any::<Index>(),
            any::<Index>(),
            proptest::bool::weighted(0.6),
        ),
        (items(), items()),
        select(vec!["lunch", "dinner", "summit", "congress"]),
        weighted(0.3, -1..60_i32),
    );
    let to = select(vec![
        "raised",
        "agreed",
        "in_progress",
        "settled",
        "stalled",
        "dropped",
    ]);
    let strength = || weighted(0.2, select(vec![0.1, 0.3, 0.7, 1.0, 1.7]));
    let measure = (
        select(MeasureKind::ALL.to_vec()),
        select(vec!["in_force", "eased", "lifted"]),
        strength(),
    );
    let of_all = (
        weighted(0.1, -10.0..=10.0),
        weighted(0.1, -10.0..=10.0),
        (items(), to),
        (weighted(0.2, measure.clone()), measure, strength()),
        proptest::bool::weighted(0.2),
        weighted(0.1, 0..30_i32),
    );
    // Those that hang on what stands or was said come up more often; what is about the log moves
    // nothing.
    let hangs = |act: &Act| {
        let form = act.form();
        form.measure.is_some() || form.meeting.is_some() || matches!(act, Act::Call | Act::Readout)
    };
    let moving = Act::ALL.into_iter().filter(|act| !act.is_about_the_log());
    let acts: Vec<_> = moving.chain(Act::ALL.into_iter().filter(hangs)).collect();
    let acts = select(acts);
    let proposal = (days_after, acts, parties, of_acts, of_all, any::<Index>()).prop_map(
        |(days_after, act, (source, target, audience, adverse, is_circle), of_acts, of_all, index)| {
            let (code, (word, kind, is_said), (mentions, omits), meeting, fixed) = of_acts;
            let (weight, impact, (items, to), (measure, stood, strength), has_cause, lasts) = of_all;
            let agenda = items.iter().map(|item| json!({"item": item, "to": to}));
            let measure = measure.or((act == Act::Background).then_some(stood));
            let measures = measure.map(|(kind, to, strength)| entry(kind, to, strength));
            let mut event = json!({
                "act": act, "source": source, "target": target, "audience": audience, "adverse": adverse,
                "code": code, "mentions": mentions, "omits": omits, "strength": strength,
                "meeting": meeting, "scheduled_for": fixed, "weight": weight, "until": lasts,
                "impact": impact, "reason": impact.map(|_| "drawn"), "caused_by": has_cause,
                "agenda": agenda.collect::<Vec<_>>(), "measures": Vec::from_iter(measures),
            });
            // A word that chooses the code, and a kind, of those that the act takes.
            if let Codes::By { field, values, absent } = act.form().codes
                && (is_said || absent.is_empty())
            {
                event[field] = json!(word.get(values).0);
            }
            if let Some(effect) = act.form().measure {
                let is_at_stage = effect.only_at.is_none_or(|word| event["stage"] == word);
                event["kind"] = json!((is_said && is_at_stage).then(|| kind.get(effect.kinds)));
                let is_named = is_said && (effect.if_named || effect.kinds.len() == 1);
                event["measure"] = json!(is_named.then(|| effect.kinds[0].name()));
                if !is_at_stage || effect.if_named && !is_named {
                    event["strength"] = Value::Null;
                }
            }
            // Who acts together is a circle or two sides.
            let apart: Vec<_> = target.iter().filter(|it| !source.contains(it)).collect();
            if act.form().parties == Parties::Mutual {
                let is_circle = apart.is_empty() || is_circle && source.len() > 1;
                event["target"] = if is_circle { json!(source) } else { json!(apart) };
            }
            (days_after, event, index)
        },
    );
    proptest::collection::vec(proposal, 1..80)
}

/// A change to the one measure of a kind.
fn entry(kind: MeasureKind, to: &str, strength: Option<f64>) -> Value {
    let mut entry = json!({"id": kind.name(), "kind": kind, "to": to});
    if let Some(strength) = strength.filter(|_| to != "lifted") {
        entry["strength"] = json!(strength);
    }
    if kind == MeasureKind::Own && to == "in_force" {
        entry["degrees"] = json!(-1.5);
        entry["reason"] = json!("drawn");
    }
    entry
}

/// Keeps the fields of an event that its act takes, and names what it follows on.
fn spell_out(id: usize, day_of: i32, event: &Value, before: &[Record], index: Index) -> Value {
    let mut event = event.clone();
    let act: Act = serde_json::from_value(event["act"].clone()).unwrap();
    let fields = event.as_object_mut().unwrap();
    fields.retain(|field, value| {
        let takes = |act: Act| act.form().takes(field);
        let pushes = ["weight", "impact", "reason", "until"].contains(&&field[..]);
        let is_open_to_all = field == "measures" || !Act::ALL.into_iter().any(takes);
        let has_no_place = pushes && act == Act::Background;
        !value.is_null() && !has_no_place && (takes(act) || is_open_to_all)
    });
    let follows_on: &[Act] = match act {
        Act::Readout => &[Act::Call, Act::MeetingHeld],
        Act::SanctionsWidened | Act::SanctionsEased | Act::SanctionsLifted => {
            &[Act::SanctionsImposed]
        }
        Act::OccupationReduced | Act::OccupationEnded => &[Act::Annexation, Act::OccupationBegun],
        Act::MeetingHeld | Act::MeetingPostponed | Act::MeetingCancelled => &[
            Act::MeetingProposed,
            Act::MeetingPlanned,
            Act::MeetingScheduled,
        ],
        Act::BlockadeEnded => &[Act::BlockadeImposed],
        Act::RelationsResumed => &[Act::RelationsBroken],
        Act::Ceasefire => &[Act::Attack, Act::CeasefireViolated],
        _ => &[],
    };
    let matching = before
        .iter()
        .filter(|record| follows_on.contains(&record.act()));
    let matching: Vec<_> = matching.collect();
    if !matching.is_empty() {
        let followed = index.get(&matching);
        let (reference, id) = match act {
            Act::Readout => ("of", followed.id().to_owned()),
            _ if act.form().meeting.is_some() => {
                let named = followed.fields().meeting.clone();
                ("meeting", named.unwrap_or_else(|| followed.id().to_owned()))
            }
            _ => {
                let named = followed.fields().measure.clone();
                ("measure", named.unwrap_or_else(|| followed.id().to_owned()))
            }
        };
        fields.insert(reference.to_owned(), json!(id));
        fields.insert("source".to_owned(), json!(followed.fields().source));
        fields.insert("target".to_owned(), json!(followed.fields().target));
    }
    if fields.remove("caused_by") == Some(json!(true)) && !before.is_empty() {
        fields.insert("caused_by".to_owned(), json!(index.get(before).id()));
    }
    if let Some(days) = fields.get("scheduled_for").and_then(Value::as_i64) {
        let fixed_for = day(day_of + i32::try_from(days).unwrap());
        fields.insert("scheduled_for".to_owned(), json!(fixed_for));
    }
    if let Some(days) = fields.get("until").and_then(Value::as_i64) {
        let until = day(day_of + i32::try_from(days).unwrap());
        fields.insert("until".to_owned(), json!(until));
    }
    fields.insert("id".to_owned(), json!(format!("e{id}")));
    fields.insert("date".to_owned(), json!(day(day_of)));
    event
}

/// The proposals that are legal where they stand.
pub(crate) fn legal(proposals: Vec<Proposal>) -> History {
    let model = Model::default();
    let (mut world, mut state, mut facts) = (World::new(), State::default(), Facts::default());
    let mut records = Vec::new();
    let mut today = 1000;
    for (id, (days_after, event, index)) in proposals.into_iter().enumerate() {
        today += days_after;
        let event = spell_out(id, today, &event, &records, index);
        let Ok(record) = check(serde_json::from_value(event).unwrap()) else {
            continue;
        };
        // A rejected event leaves no names behind.
        let mut grown = world.clone();
        let event = compile(&record, &mut grown);
        let mut fitted = state.clone();
        fitted.fit(&grown, &model);
        if decide(&fitted, &facts, &grown, &event, day(today)).is_ok() {
            evolve(&mut fitted, &grown, &event, day(today), &model, &mut ());
            facts.note(event.id.unwrap(), Fact::Happened(day(today)));
            (world, state) = (grown, fitted);
            records.push(record);
        }
    }
    History(records)
}

pub(crate) fn histories() -> impl Strategy<Value = History> {
    proposals(0..60).prop_map(legal)
}

/// A log of some records, the first recorded on day 10,000, each of the others so many days after
/// it.
pub(crate) fn log_of(records: &[Record], days_apart: usize) -> Vec<u8> {
    let mut writer = Writer::after(Chain::START);
    let mut log = Vec::new();
    for (place, record) in records.iter().enumerate() {
        let recorded = day(10_000 + i32::try_from(place * days_apart).unwrap());
        let record = record.clone().placed(place as u64 + 1, recorded);
        writer.write(&record, &mut log).unwrap();
    }
    log
}
