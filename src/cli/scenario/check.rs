//! `detente check`: every mistake of every log and scenario at once.

use crate::cli::args::Check;
use crate::cli::history::log::note_torn;
use crate::cli::terminal::input::{self, Input};
use crate::cli::terminal::output::{Outcome, Output, unwritten};
use crate::cli::terminal::progress::Watched;
use crate::error::{Error, Result};
use crate::history::{FAULT_LIMIT, Register};
use crate::scenario::Scenario;
use crate::store::{self, Document};
use crate::text::{count, shown};
use std::collections::HashSet;
use std::io::Write;
use std::path::Path;

pub(crate) fn run(arguments: &Check, output: &mut Output) -> Result<Outcome> {
    let mut errors = Vec::new();
    for name in &arguments.files {
        match check(name, output) {
            Ok(found) => output.line(&format!("{}: {found}", shown(name)))?,
            Err(error) => errors.push(error),
        }
    }
    output.flush().map_err(unwritten)?;
    Error::all(errors, FAULT_LIMIT)?;
    Ok(Outcome::Fine)
}

/// What a file that is right holds.
fn check(name: &str, output: &mut Output) -> Result<String> {
    let path = Path::new(name);
    let is_stored = path.exists() && !path.is_dir();
    let document = is_stored.then(|| store::document(path)).transpose()?;
    let input = match document {
        Some(Document::Schema) => {
            return Ok("a JSON Schema, not a scenario; passed over".to_owned());
        }
        Some(Document::Scenario(text)) => {
            return Ok(holds(&store::scenario_of(path, &text)?));
        }
        Some(Document::Log(log)) => Input {
            log,
            name: name.to_owned(),
        },
        None => input::log(name)?,
    };
    let source = Watched::new(&input.log, "checking");
    let audit = || {
        let register = Register::read(&source, true, &HashSet::new())?;
        register.audit(&source)?;
        Ok(register)
    };
    let register = audit().map_err(|error: Error| error.in_file(&input.name))?;
    note_torn(register.survey().ending, &input.name, output);
    Ok(format!(
        "{}, every one legal",
        count(register.survey().events, "event")
    ))
}

/// What a scenario holds.
fn holds(scenario: &Scenario) -> String {
    let entries = || scenario.entries.iter();
    let own = entries().filter(|entry| !entry.fate.is_of_base()).count() as u64;
    let dropped = entries().filter(|entry| !entry.fate.happens()).count() as u64;
    let hazards = &scenario.hazards;
    let by_chance = [
        (hazards.chances.len(), "chance node"),
        (hazards.rules.len(), "rule"),
        (hazards.uncertain.len(), "uncertain parameter"),
    ];
    let by_chance = by_chance.into_iter().filter(|(number, _)| *number > 0);
    let by_chance: Vec<_> = by_chance
        .map(|(number, what)| count(number as u64, what))
        .collect();
    let legal = if by_chance.is_empty() {
        ", every one that happens legal".to_owned()
    } else {
        let legal = "every one legal, as far as that is known before a run";
        format!(", {}; {legal}", by_chance.join(", "))
    };
    format!(
        "a scenario on {}: {} of its own, {} dropped{legal}",
        scenario.base.name,
        count(own, "event"),
        count(dropped, "event"),
    )
}
