//! `detente check`: every mistake of every log and scenario at once.

use crate::cli::args::Check;
use crate::cli::history::accident::accident;
use crate::cli::history::log::note_torn;
use crate::cli::terminal::input::{self, Input};
use crate::cli::terminal::output::{Outcome, Output, unwritten};
use crate::cli::terminal::progress::Watched;
use crate::error::{Error, Result};
use crate::history::{FAULT_LIMIT, Recorded, Register, lacks_header, read_events};
use crate::model::Day;
use crate::scenario::Scenario;
use crate::store::{self, Document};
use crate::text::{count, shown};
use serde_json::Value;
use std::collections::HashSet;
use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;

pub(crate) fn run(arguments: &Check, output: &mut Output) -> Result<Outcome> {
    let mut errors = Vec::new();
    for name in &arguments.files {
        match check(name, output) {
            Ok(found) => {
                output.line(&format!("{}: {found}", shown(&name.display().to_string())))?;
            }
            Err(error) => errors.push(error),
        }
    }
    output.flush().map_err(unwritten)?;
    Error::all(errors, FAULT_LIMIT)?;
    Ok(Outcome::Fine)
}

/// What a file that is right holds.
fn check(path: &Path, output: &mut Output) -> Result<String> {
    let is_stored = store::is_there(path) && !path.is_dir();
    if is_stored && let Some(found) = events(path)? {
        return Ok(found);
    }
    let document = is_stored.then(|| store::document(path)).transpose()?;
    let input = match document {
        Some(Document::Schema) => {
            return Ok("a JSON Schema, not a scenario; passed over".to_owned());
        }
        Some(Document::Scenario(text)) => {
            let scenario = store::scenario_of(path, &text)?;
            input::note_doubts(&scenario, output);
            return Ok(holds(&scenario));
        }
        Some(Document::Log(log)) => Input {
            log,
            name: path.display().to_string(),
        },
        None => input::log(path)?,
    };
    let source = Watched::new(&input.log, "checking");
    let audit = || {
        let register = Register::read(&source, true, &HashSet::new())?;
        register.audit(&source)?;
        Ok(register)
    };
    let register = audit().map_err(|error: Error| {
        let error = accident(&input.log, &error).unwrap_or(error);
        error.in_file(&input.name)
    })?;
    note_torn(register.survey().ending, &input.name, output);
    Ok(format!(
        "{}, every one legal",
        count(register.survey().events, "event")
    ))
}

/// What a file of events holds that are yet to be appended: whether they are legal as a history of
/// their own, recorded on their last day. Nothing where it is a log, a scenario or something else.
fn events(path: &Path) -> Result<Option<String>> {
    if !path.is_file() {
        return Ok(None);
    }
    let (bytes, name) = input::bytes(path)?;
    let is_empty = || bytes.iter().all(u8::is_ascii_whitespace) && is_named_as_a_table(path);
    if !looks_like_events(&bytes) && !is_empty() {
        return Ok(None);
    }
    let in_file = |error: Error| error.in_file(&name);
    let written = read_events(&bytes).map_err(in_file)?;
    let nothing: &[u8] = &[];
    let last = written.iter().map(|written| written.record.date()).max();
    let recorded = Recorded::NotBefore(last.unwrap_or(Day::EPOCH));
    let admitted = Register::empty().admit(nothing, &written, recorded);
    let admitted = admitted.map_err(in_file)?;
    Ok(Some(format!(
        "{} to append, every one legal as a history of their own",
        count(admitted.records.len() as u64, "event")
    )))
}

/// Whether a text is a list of events, or begins with one that has neither number nor chain; or a
/// table of them.
fn looks_like_events(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('[') {
        return true;
    }
    if text.starts_with('{') {
        let first = serde_json::Deserializer::from_str(text)
            .into_iter::<Value>()
            .next();
        let Some(Ok(first)) = first else { return false };
        return first.get("act").is_some() && first.get("seq").is_none();
    }
    if lacks_header(bytes) {
        return true;
    }
    let header = text.lines().next().unwrap_or_default().to_ascii_lowercase();
    let has = |name: &str| {
        let mut names = header.split([',', ';', '\t']);
        names.any(|column| column.trim_matches([' ', '"']) == name)
    };
    has("act") && has("date") && has("source")
}

/// Whether a file has a name that only tables have.
fn is_named_as_a_table(path: &Path) -> bool {
    let ending = path.extension().and_then(OsStr::to_str);
    ending.is_some_and(|it| {
        ["csv", "tsv", "txt"]
            .iter()
            .any(|known| it.eq_ignore_ascii_case(known))
    })
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
