//! An event as the cells of a form, and back.

use crate::history::{Draft, Field, Given, Record, Shape, columns_of, event, fields};
use crate::model::Act;
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
    let Ok(Value::Object(object)) = serde_json::to_value(draft) else {
        return BTreeMap::new();
    };
    let known = FIELDS.iter();
    let cells = known.filter_map(|field| {
        let text = cell(field, object.get(&field.name)?);
        Some((field.name.clone(), text))
    });
    cells.collect()
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

/// The event that some cells make, or what is wrong, each with the field that it is wrong in.
pub(super) fn record(
    cells: &BTreeMap<String, String>,
) -> Result<Record, Vec<(Option<String>, String)>> {
    let given: Vec<_> = FIELDS
        .iter()
        .filter_map(|field| {
            let text = cells.get(&field.name)?.trim();
            Some(Given { field, text })
        })
        .collect();
    event(&given).map_err(|wrongs| {
        let told = wrongs.into_iter().map(|wrong| {
            let field = wrong.at.and_then(|(place, _)| given.get(place));
            let fault = crate::error::Fault::from(wrong.kind);
            (field.map(|it| it.field.name.clone()), fault.to_string())
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
            for entry in Base::read(&log, shipped.name).unwrap().entries {
                let record = entry.record;
                if record.is_about_the_log() {
                    continue;
                }
                let back = super::record(&cells(record.fields())).unwrap();
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
