//! `detente merge`: parts of an ensemble, added up.

use super::ensemble::{figure, print};
use crate::cli::args::{FigureFormat, Merge};
use crate::cli::terminal::input;
use crate::cli::terminal::output::{Outcome, Output};
use crate::error::{Error, Result};
use crate::history::FAULT_LIMIT;
use crate::scenario::{Merged, Part};
use crate::text::count;
use crate::view::{EnsembleRows, Fans};

pub(crate) fn run(arguments: &Merge, output: &mut Output) -> Result<Outcome> {
    let is_svg = arguments.format == FigureFormat::Svg;
    let is_figure = arguments.figure.is_wanted(is_svg)?;
    let (mut parts, mut errors) = (Vec::new(), Vec::new());
    for path in &arguments.parts {
        let name = path.display().to_string();
        let part = input::part(path)
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
    let rows = EnsembleRows::new(&frame, &ensemble, missing);
    if is_figure {
        // A part has no run of its own, only what runs add up to.
        let fans = Fans {
            rows: &rows,
            runs: &[],
            inks: &[],
        };
        figure(&fans, &[], &arguments.figure, output)?;
    } else {
        print(&rows, arguments.format, output)?;
    }
    Ok(outcome)
}
