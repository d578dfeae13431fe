//! `detente merge`: parts of an ensemble, added up.

use super::ensemble::print;
use crate::cli::args::Merge;
use crate::cli::terminal::input;
use crate::cli::terminal::output::{Outcome, Output};
use crate::error::{Error, Result};
use crate::history::FAULT_LIMIT;
use crate::scenario::{Merged, Part};
use crate::text::count;
use crate::view::EnsembleRows;

pub(crate) fn run(arguments: &Merge, output: &mut Output) -> Result<Outcome> {
    let (mut parts, mut errors) = (Vec::new(), Vec::new());
    for path in &arguments.parts {
        let name = path.display().to_string();
        let part = input::text(path)
            .and_then(|text| Part::read(&text).map_err(|error| error.in_file(&name)));
        match part {
            Ok(part) => parts.push((name, part)),
            Err(error) => errors.push(error),
        }
    }
    Error::all(errors, FAULT_LIMIT)?;
    let Merged {
        frame,
        ensemble,
        missing,
    } = Merged::of(parts)?;
    let outcome = if missing.is_empty() {
        Outcome::Fine
    } else {
        let shards = count(missing.len() as u64, "shard");
        output.note(&format!(
            "note: {shards} missing or stopped early; the result is partial"
        ));
        Outcome::Differs
    };
    print(
        &EnsembleRows::new(&frame, &ensemble, missing),
        arguments.format,
        output,
    )?;
    Ok(outcome)
}
