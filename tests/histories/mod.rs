//! Random legal histories, for laws that hold of all of them.

use detente::history::{Chain, Record, Writer, check, compile};
use detente::model::{Act, Day, Fact, Facts, Model, State, World, decide, evolve};
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

/// An event that may be illegal: how many days it comes after the one before, its fields, and which of the
/// events before it that it could name it does name.
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
        let line = |record: &Record| serde_json::to_string(record.fields()).map_err(|_| fmt::Error);
        self.iter()
            .try_for_each(|record| write!(out, "\n{}", line(record)?))
    }
}

pub(crate) fn proposals(days_after: Range<i32>) -> impl Strategy<Value = Vec<Proposal>> {
    let actors = |least| subsequence(ACTORS.to_vec(), least..=2);
    let parties = (actors(1), actors(1), actors(0));
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
        select(vec![
            "neutral",
            "pessimistic",
            "optimistic",
            "critical",
            "accusing",
            "threatening",
        ]),
        select(vec!["in_principle", "signed"]),
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
    let measure = (
        select(vec!["occupation", "sanctions", "alliance"]),
        select(vec!["in_force", "eased", "lifted"]),
    );
    let of_all = (
        weighted(0.1, -10.0..=10.0),
        weighted(0.1, -10.0..=10.0),
        (items(), to),
        weighted(0.2, measure),
        proptest::bool::weighted(0.2),
    );
    let acts = select(Act::ALL.map(Act::name).to_vec());
    let proposal = (days_after, acts, parties, of_acts, of_all, any::<Index>()).prop_map(
        |(days_after, act, (source, target, audience), of_acts, of_all, index)| {
            let (code, tone, stage, (mentions, omits), meeting, fixed) = of_acts;
            let (weight, impact, (items, to), measure, has_cause) = of_all;
            let agenda = items.iter().map(|item| json!({"item": item, "to": to}));
            let measures = measure.map(|(kind, to)| json!({"id": kind, "kind": kind, "to": to}));
            let event = json!({
                "act": act, "source": source, "target": target, "audience": audience,
                "code": code, "tone": tone, "stage": stage, "mentions": mentions, "omits": omits,
                "meeting": meeting, "scheduled_for": fixed, "weight": weight,
                "impact": impact, "reason": impact.map(|_| "drawn"), "caused_by": has_cause,
                "agenda": agenda.collect::<Vec<_>>(), "measures": Vec::from_iter(measures),
            });
            (days_after, event, index)
        },
    );
    proptest::collection::vec(proposal, 1..80)
}

/// Keeps the fields of an event that its act takes, and names what it follows on.
fn spell_out(id: usize, day_of: i32, event: &Value, before: &[Record], index: Index) -> Value {
    let mut event = event.clone();
    let act: Act = serde_json::from_value(event["act"].clone()).unwrap();
    let fields = event.as_object_mut().unwrap();
    fields.retain(|field, value| {
        let takes = |act: Act| {
            let form = act.form();
            form.needs
                .iter()
                .chain(form.may_have)
                .any(|taken| taken == field)
        };
        !value.is_null() && (takes(act) || !Act::ALL.into_iter().any(takes))
    });
    let follows_on: &[Act] = match act {
        Act::Readout => &[Act::Call, Act::MeetingHeld],
        Act::SanctionsEased | Act::SanctionsLifted => &[Act::SanctionsImposed],
        Act::OccupationEnded => &[Act::Annexation],
        _ => &[],
    };
    let matching = before
        .iter()
        .filter(|record| follows_on.contains(&record.act()));
    let matching: Vec<_> = matching.collect();
    if !matching.is_empty() {
        let followed = index.get(&matching);
        let reference = if act == Act::Readout { "of" } else { "measure" };
        fields.insert(reference.to_owned(), json!(followed.id()));
        fields.insert("source".to_owned(), json!(followed.fields().source));
        fields.insert("target".to_owned(), json!(followed.fields().target));
    }
    if matches!(act.form().parties, detente::model::Parties::Mutual) {
        fields.insert("target".to_owned(), fields["source"].clone());
    }
    if fields.remove("caused_by") == Some(json!(true)) && !before.is_empty() {
        fields.insert("caused_by".to_owned(), json!(index.get(before).id()));
    }
    if let Some(days) = fields.get("scheduled_for").and_then(Value::as_i64) {
        let fixed_for = day(day_of + i32::try_from(days).unwrap());
        fields.insert("scheduled_for".to_owned(), json!(fixed_for));
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

/// A log of some records, the first recorded on day 10,000, each of the others so many days after it.
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
