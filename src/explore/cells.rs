//! An event as the cells of a form, and back.

use crate::error::{BadEvent, Fault, Kind};
use crate::history::{Draft, Field, Given, Names, Record, Shape, check, columns_of, event, fields};
use crate::json::tree_of;
use crate::model::{Act, Parties};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Every field of an event that a form can have.
pub(super) static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(fields);

/// Fields that few events have: they stand behind the others.
pub(super) const RARE: [&str; 10] = [
    "id",
    "adverse",
    "until",
    "weight",
    "impact",
    "reason",
    "measures",
    "according_to",
    "caused_by",
    "evidence",
];

/// Fields that belong to logs.
const OF_LOGS: [&str; 3] = ["recorded", "retracts", "names"];

/// The acts that a form offers: all that happen between actors.
pub(super) fn acts() -> impl Iterator<Item = Act> {
    Act::ALL.into_iter().filter(|act| !act.is_about_the_log())
}

/// The fields that the form of an act has, in the order of an event's fields.
pub(super) fn of_act(act: Act) -> Vec<&'static Field> {
    let mut columns = columns_of(act, &FIELDS);
    columns.retain(|field| !OF_LOGS.contains(&field.name.as_str()));
    columns
}

/// The texts of an event's fields, by their names.
pub(super) fn cells(draft: &Draft) -> BTreeMap<String, String> {
    let Ok(Value::Object(object)) = tree_of(draft) else {
        return BTreeMap::new();
    };
    let known = FIELDS.iter();
    let cells = known.filter_map(|field| {
        let text = cell(field, object.get(&field.name)?);
        Some((field.name.clone(), text))
    });
    let mut cells: BTreeMap<_, _> = cells.collect();
    // What several do together they do in one field.
    let is_joint = draft
        .act
        .is_some_and(|act| act.form().parties == Parties::Mutual);
    if is_joint {
        let mut all = Vec::new();
        for actor in draft.source.iter().chain(&draft.target) {
            let code = actor.code();
            if !all.contains(&code) {
                all.push(code);
            }
        }
        cells.insert("source".to_owned(), all.join("; "));
        cells.remove("target");
    }
    cells
}

fn cell(field: &Field, value: &Value) -> String {
    match (&field.shape, value) {
        (Shape::Entries { parts, between, .. }, Value::Array(entries)) => {
            let entry = |entry: &Value| {
                let values: Vec<_> = parts
                    .iter()
                    .map(|part| entry.get(&part.name).map_or_else(String::new, text))
                    .collect();
                let all = values.join(&between.to_string());
                all.trim_end_matches(*between).to_owned()
            };
            entries.iter().map(entry).collect::<Vec<_>>().join("; ")
        }
        (_, Value::Array(entries)) => entries.iter().map(text).collect::<Vec<_>>().join("; "),
        (_, value) => text(value),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The event that some cells make, or what is wrong, each with the field that it is wrong in. What
/// cells cannot say stays as it `was` where they are the same: free text of several entries, and
/// who of those that act together is on which side.
pub(super) fn record(
    given: &BTreeMap<String, String>,
    was: &Draft,
    names: &Names,
) -> Result<Record, Vec<(Option<String>, String)>> {
    const EVIDENCE: &str = "evidence";
    let before = cells(was);
    let is_same = |name: &str| {
        let text = |cells: &BTreeMap<String, String>| {
            cells
                .get(name)
                .map_or_else(String::new, |text| text.trim().to_owned())
        };
        text(given) == text(&before)
    };
    let keeps_evidence = !was.evidence.is_empty() && is_same(EVIDENCE);
    let counts = |field: &Field| !(keeps_evidence && field.name == EVIDENCE);
    let made = made(given, counts, names)?;
    let mut draft = made.fields().clone();
    if keeps_evidence {
        draft.evidence.clone_from(&was.evidence);
    }
    let same_parties = is_same("source") && is_same("target") && was.act == draft.act;
    if made.is_joint() && same_parties {
        draft.source.clone_from(&was.source);
        draft.target.clone_from(&was.target);
    }
    check(draft).map_err(|misfits| {
        let told = misfits.into_iter().map(|misfit| {
            let fault = Fault::from(misfit.kind);
            (None, fault.to_string())
        });
        told.collect()
    })
}

fn made(
    cells: &BTreeMap<String, String>,
    counts: impl Fn(&Field) -> bool,
    names: &Names,
) -> Result<Record, Vec<(Option<String>, String)>> {
    let given: Vec<_> = FIELDS
        .iter()
        .filter(|field| counts(field))
        .filter_map(|field| {
            let text = cells.get(&field.name)?.trim();
            Some(Given { field, text })
        })
        .collect();
    event(&given, Some(names)).map_err(|wrongs| {
        let told = wrongs.into_iter().map(|wrong| {
            let field = wrong.at.and_then(|(place, _)| given.get(place));
            let field = field.map(|it| it.field.name.clone());
            // What is missing is said where it is to stand.
            let missing = match &wrong.kind {
                Kind::Event(BadEvent::MissingField { field, .. }) => Some((*field).to_owned()),
                _ => None,
            };
            let fault = Fault::from(wrong.kind);
            (missing.or(field), fault.to_string())
        });
        told.collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{LIBRARY, Source};
    use crate::scenario::Base;

    #[test]
    fn every_event_that_ships_comes_back_from_its_cells() {
        let mut checked = 0;
        for shipped in LIBRARY {
            let log = crate::store::Log::shipped(shipped);
            assert!(log.open().is_ok());
            for entry in &Base::read(&log, shipped.name).unwrap().entries {
                let record = &entry.record;
                if record.is_about_the_log() {
                    continue;
                }
                let fields = record.fields();
                let back = super::record(&cells(&fields), &fields, Names::none()).unwrap();
                let put = Draft {
                    v: None,
                    seq: None,
                    chain: None,
                    ..record.fields().clone()
                };
                let back = back.fields().clone();
                assert_eq!(back, put, "{}", record.id());
                checked += 1;
            }
        }
        assert!(checked > 200, "{checked}");
    }
}
