//! `detente schema`: the JSON Schema of a format.
//!
//! The schemas are files, so that the program need not be able to make them; a test makes them from
//! the types and compares.

use super::args::{Schema, SchemaOf};
use crate::cli::terminal::output::{Outcome, Output};
use crate::error::Result;

const EVENT: &str = include_str!("schema/event.json");
const MODEL: &str = include_str!("schema/model.json");
const SCENARIO: &str = include_str!("../../scenarios/scenario.schema.json");

pub(crate) fn run(arguments: &Schema, output: &mut Output) -> Result<Outcome> {
    output.print(match arguments.of {
        SchemaOf::Event => EVENT,
        SchemaOf::Model => MODEL,
        SchemaOf::Scenario => SCENARIO,
    })?;
    Ok(Outcome::Fine)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::Draft;
    use crate::model::Settings;
    use crate::scenario::ScenarioFile;
    use schemars::schema_for;
    use serde_json::Value;

    /// Descriptions without the line breaks of the sources they come from.
    fn unwrap(entries: &mut serde_json::Map<String, Value>) {
        for (key, value) in entries {
            match value {
                Value::String(text) if key == "description" => {
                    let paragraphs = text.split("\n\n").map(|it| it.replace('\n', " "));
                    *text = paragraphs.collect::<Vec<_>>().join("\n\n");
                }
                Value::Object(entries) => unwrap(entries),
                Value::Array(values) => values
                    .iter_mut()
                    .filter_map(Value::as_object_mut)
                    .for_each(unwrap),
                _ => {}
            }
        }
    }

    /// `SCHEMA_UPDATE=1 cargo test --lib schema` writes them anew.
    #[test]
    fn the_schemas_that_ship_are_those_of_the_types() {
        for (path, ships, mut schema) in [
            ("src/cli/schema/event.json", EVENT, schema_for!(Draft)),
            ("src/cli/schema/model.json", MODEL, schema_for!(Settings)),
            (
                "scenarios/scenario.schema.json",
                SCENARIO,
                schema_for!(ScenarioFile),
            ),
        ] {
            unwrap(schema.ensure_object());
            let made = serde_json::to_string_pretty(&schema).unwrap() + "\n";
            if std::env::var_os("SCHEMA_UPDATE").is_some() {
                std::fs::write(path, &made).unwrap();
            } else {
                assert!(
                    made == ships,
                    "{path} is out of date; SCHEMA_UPDATE=1 makes it anew"
                );
            }
        }
    }
}
