//! The shipped scenarios together use every feature that the schema of scenarios names, so that
//! whoever looks for an example of one finds it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use detente::json::{Dialect, read};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// What is not asked of them: what belongs to logs, what describes a source, and parameters of the
/// model one by one. Of lists of names, such as acts, they need not use each.
const NOT_ASKED: &[&str] = &[
    "Draft.evidence",
    "Draft.chain",
    "Draft.origin",
    "Draft.recorded",
    "Draft.retracts",
    "Draft.seq",
    "Draft.v",
    "Evidence",
    // Of a kind of one's own, which the guide tells of and no shipped file has a use for.
    "MeasureEntry.degrees",
    "MeasureEntry.reason",
    "Origin",
    // Actors that are new, of which there are none in shipped files.
    "Scenario.names",
    // What playing by hand writes.
    "ReactionRule.except",
    "Settings",
];

/// What the events of the shipped histories show, beside or instead of the scenarios on them.
const SHOWN_BY_HISTORIES: &[&str] = &[
    "Draft.adverse",
    "Draft.area",
    "Draft.kind",
    "Draft.matter",
    "Draft.means",
    "Draft.names",
    "Draft.place",
    "Draft.result",
    "Draft.strength",
    "Draft.until",
    "MeasureEntry.strength",
];

/// A schema, and the features that were found in it or in what it describes.
struct Features<'s> {
    schema: &'s Value,
    found: BTreeSet<String>,
}

impl<'s> Features<'s> {
    /// A schema that stands for another one, with the name of that.
    fn resolved(&self, schema: &'s Value, name: &'s str) -> (&'s Value, &'s str) {
        match schema["$ref"].as_str() {
            Some(path) => {
                let pointer = path.trim_start_matches('#');
                let name = path.rsplit('/').next().unwrap();
                (self.schema.pointer(pointer).unwrap(), name)
            }
            None => (schema, name),
        }
    }

    fn alternatives(schema: &'s Value) -> impl Iterator<Item = &'s Value> {
        let lists = ["oneOf", "anyOf"].map(|list| schema[list].as_array());
        lists.into_iter().flatten().flatten()
    }

    fn properties(schema: &'s Value) -> Option<&'s Map<String, Value>> {
        schema["properties"].as_object()
    }

    /// Finds every feature that a schema names.
    fn all(&mut self, schema: &'s Value, name: &'s str, seen: &mut BTreeSet<&'s str>) {
        let (schema, name) = self.resolved(schema, name);
        if self.is_defined(schema, name) && !seen.insert(name) {
            return;
        }
        for (key, schema) in Self::properties(schema).into_iter().flatten() {
            self.found.insert(format!("{name}.{key}"));
            self.all(schema, name, seen);
        }
        if let Some(tail) = schema["const"].as_str().filter(|_| name == "Tail") {
            self.found.insert(format!("{name}: {tail}"));
        }
        for schema in Self::alternatives(schema) {
            self.all(schema, name, seen);
        }
        for further in ["items", "additionalProperties"] {
            if schema[further].is_object() {
                self.all(&schema[further], name, seen);
            }
        }
    }

    fn is_defined(&self, schema: &Value, name: &str) -> bool {
        self.schema["$defs"].get(name) == Some(schema)
    }

    /// Finds every feature that a value uses.
    fn used(&mut self, schema: &'s Value, name: &'s str, value: &Value) {
        let (schema, name) = self.resolved(schema, name);
        let known = Self::properties(schema);
        match value {
            Value::Object(fields) => {
                for (key, value) in fields {
                    if let Some(schema) = known.and_then(|known| known.get(key)) {
                        self.found.insert(format!("{name}.{key}"));
                        self.used(schema, name, value);
                    } else if schema["additionalProperties"].is_object() {
                        self.used(&schema["additionalProperties"], name, value);
                    }
                }
            }
            Value::Array(values) if schema["items"].is_object() => {
                for value in values {
                    self.used(&schema["items"], name, value);
                }
            }
            Value::String(text) if schema["const"] == *text => {
                self.found.insert(format!("{name}: {text}"));
            }
            _ => {}
        }
        for schema in Self::alternatives(schema) {
            self.used(schema, name, value);
        }
    }
}

/// The shipped scenarios by their file names.
fn shipped() -> BTreeMap<String, Value> {
    let files = std::fs::read_dir("scenarios").unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let scenarios = names.filter_map(|name| Some(name.strip_suffix(".json")?.to_owned()));
    scenarios
        .filter(|name| name != "scenario.schema")
        .map(|name| {
            let text = std::fs::read_to_string(format!("scenarios/{name}.json")).unwrap();
            let value = read::<Value>(&text, Dialect::Commented).value.unwrap();
            (name, value)
        })
        .collect()
}

#[test]
fn the_shipped_scenarios_together_use_every_feature() {
    let text = std::fs::read_to_string("scenarios/scenario.schema.json").unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    let features = || Features {
        schema: &schema,
        found: BTreeSet::new(),
    };
    let (mut all, mut used) = (features(), features());
    all.all(&schema, "Scenario", &mut BTreeSet::new());
    assert!(all.found.len() > 80, "{:?}", all.found);
    for scenario in shipped().values() {
        used.used(&schema, "Scenario", scenario);
    }
    let mut told = features();
    for event in events_of_histories() {
        told.used(&schema["$defs"]["Draft"], "Draft", &event);
    }
    for feature in SHOWN_BY_HISTORIES {
        assert!(
            told.found.contains(*feature),
            "no shipped history has {feature}"
        );
        used.found.insert((*feature).to_owned());
    }
    let is_asked = |feature: &&String| {
        let of = feature.split(['.', ':']).next().unwrap();
        !NOT_ASKED.contains(&feature.as_str()) && !NOT_ASKED.contains(&of)
    };
    let unused: Vec<_> = all.found.difference(&used.found).filter(is_asked).collect();
    assert!(unused.is_empty(), "no shipped scenario uses {unused:#?}");
}

/// The events of the shipped histories.
fn events_of_histories() -> Vec<Value> {
    let files = std::fs::read_dir("scenarios/histories").unwrap();
    let paths = files.map(|file| file.unwrap().path());
    let logs = paths.filter(|path| path.extension().is_some_and(|end| end == "jsonl"));
    let texts = logs.map(|path| std::fs::read_to_string(path).unwrap());
    texts
        .flat_map(|text| {
            let events = text.lines().map(|line| serde_json::from_str(line).unwrap());
            events.collect::<Vec<_>>()
        })
        .collect()
}

/// Whether a scenario shows something.
type Shows<'a> = &'a dyn Fn(&Value) -> bool;

/// Each combination that the schema does not name: what it is, and where one would see it.
#[test]
fn the_shipped_scenarios_show_what_goes_together() {
    let shipped = shipped();
    let lists = |scenario: &'_ Value, list: &str| -> Vec<Value> {
        scenario[list].as_array().cloned().unwrap_or_default()
    };
    let edits =
        |scenario: &Value, is: &dyn Fn(&Value) -> bool| lists(scenario, "edits").iter().any(is);
    let is_true = |value: &Value| *value == Value::Bool(true);
    let combinations: [(&str, Shows<'_>); 7] = [
        ("a branch of a branch", &|it| {
            it["base"]
                .as_str()
                .is_some_and(|base| base.strip_suffix(".json").is_some())
        }),
        ("a drop that takes along what hangs on it", &|it| {
            edits(it, &|edit| is_true(&edit["drop"]["cascade"]))
        }),
        ("a shift that takes along what hangs on it", &|it| {
            edits(it, &|edit| is_true(&edit["shift"]["cascade"]))
        }),
        ("a draw that hangs on an event", &|it| {
            lists(it, "chance")
                .iter()
                .any(|node| node["after"].is_object())
        }),
        ("a reaction on the same day", &|it| {
            lists(it, "rules")
                .iter()
                .any(|rule| rule["delay_days"].is_null())
        }),
        ("an uncertain baseline of a dyad", &|it| {
            let uncertain = it["uncertain"].as_object();
            uncertain.is_some_and(|all| all.keys().any(|name| name.starts_with("baseline:")))
        }),
        ("a question with a deadline", &|it| {
            lists(it, "outcomes")
                .iter()
                .any(|outcome| outcome["by"].is_string())
        }),
    ];
    for (what, is_shown) in combinations {
        assert!(
            shipped.values().any(is_shown),
            "no shipped scenario shows {what}"
        );
    }
}
