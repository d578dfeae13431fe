//! `detente schema`: the JSON Schema of a format.

use super::args::{Schema, SchemaOf};
use crate::cli::terminal::output::{Outcome, Output};
use crate::error::Result;
use crate::history::Draft;
use crate::model::Settings;
use crate::scenario::ScenarioFile;
use schemars::schema_for;

pub(crate) fn run(arguments: &Schema, output: &mut Output) -> Result<Outcome> {
    let schema = match arguments.of {
        SchemaOf::Event => schema_for!(Draft),
        SchemaOf::Model => schema_for!(Settings),
        SchemaOf::Scenario => schema_for!(ScenarioFile),
    };
    output.json(&schema)?;
    Ok(Outcome::Fine)
}
