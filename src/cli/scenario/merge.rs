//! `detente merge`: parts of an ensemble, added up.

use super::ensemble::{figure, print};
use crate::cli::args::{FigureFormat, Merge};
use crate::cli::data::level::parts;
use crate::cli::terminal::input;
use crate::cli::terminal::kinds::kind_of;
use crate::cli::terminal::output::{Outcome, Output};
use crate::error::{BadData, BadOption, Error, Result};
use crate::history::FAULT_LIMIT;
use crate::scenario::{Merged, Part};
use crate::text::count;
use crate::view::{EnsembleRows, Fans};

pub(crate) fn run(arguments: &Merge, output: &mut Output) -> Result<Outcome> {
    let is_svg = arguments.format == FigureFormat::Svg;
    let is_figure = arguments.figure.is_wanted(is_svg)?;
    let (mut texts, mut errors) = (Vec::new(), Vec::new());
    for path in &arguments.parts {
        match input::part(path) {
            Ok(text) => texts.push((path.display().to_string(), text)),
            Err(error) => errors.push(error),
        }
    }
    Error::all(std::mem::take(&mut errors), FAULT_LIMIT)?;
    let is_of_index = |(_, text): &(String, String)| parts::Part::is_one(text);
    if texts.iter().all(is_of_index) {
        return parts::merge(arguments, texts, output);
    }
    for (name, text) in &texts {
        let kind = kind_of(text).filter(|(is, _)| !is.starts_with("a part of"));
        if let Some((is, help)) = kind {
            let says = format!("this is no part of an ensemble or an index, but {is}");
            let help = format!(
                "`detente ensemble --shard K/M -o FILE` and `detente index --partial -o FILE` write parts; {help}"
            );
            errors.push(Error::from(BadData::other(says, help)).in_file(name));
        }
    }
    Error::all(std::mem::take(&mut errors), FAULT_LIMIT)?;
    if arguments.output.is_some() {
        let (option, formats) = ("--output", "parts of an index");
        return Err(BadOption::OnlyAs { option, formats }.into());
    }
    let mut parts = Vec::new();
    for (name, text) in texts {
        if parts::Part::is_one(&text) {
            let says = "this is a part of an index, and others are of an ensemble";
            let bad = BadData::other(says, "merge parts of one kind");
            errors.push(Error::from(bad).in_file(&name));
            continue;
        }
        match Part::read(&text).map_err(|error| error.in_file(&name)) {
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
