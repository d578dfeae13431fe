//! `detente import`: other people's event data as a log.

use super::event_data::{Sources, Wanted};
use super::manifest::{Digested, Manifest};
use super::names::Unnamed;
use crate::cli::args::Import;
use crate::cli::terminal::output::{Outcome, Output};
use crate::error::{Error, Result};
use crate::exchange;
use crate::store::{Outputs, Replace, WholeFile};
use crate::text::count;
use std::io::Write;
use std::sync::Arc;

pub(crate) fn run(arguments: &Import, output: &mut Output) -> Result<Outcome> {
    let wanted = Wanted {
        dyads: &arguments.dyad,
        quads: None,
        writes_codes: false,
    };
    let sources = Sources::new(&arguments.data, &wanted, output)?;
    let plan = &sources.plan;
    let path = arguments.output.as_deref();
    let replace = if arguments.overwrite {
        // An import has nothing that is not in the files it was made from.
        Replace::Own(exchange::is_import, true)
    } else {
        Replace::Asked(false)
    };
    let mut file = path
        .map(|path| WholeFile::create(path, replace))
        .transpose()?;
    let manifest = arguments.data.manifest.as_deref();
    let manifest = manifest
        .map(|path| WholeFile::create(path, Replace::Asked(arguments.overwrite)))
        .transpose()?;
    let unnamed = Unnamed::begin(&arguments.data, arguments.overwrite)?;
    let held = Arc::default();
    let gather = || exchange::Import::new(&arguments.dyad, &plan.roster, &held);
    let (mut reading, gathered) = sources.read(gather, output)?;
    if reading.tally.used == 0 {
        sources.tell_all(&reading, &[], output);
        return Err(unnamed.of_no_rows(&reading.unmatched));
    }
    let out: &mut dyn Write = match &mut file {
        Some(file) => file,
        None => output,
    };
    let mut out = Digested::new(out);
    let imported = exchange::Import::write(
        &gathered,
        &reading.files,
        &plan.roster,
        plan.choices.dedupe,
        &mut reading.tally,
        &mut out,
    );
    let in_file = |error: Error| match path {
        Some(path) => error.in_file(&path.display().to_string()),
        None => error,
    };
    let imported = imported.map_err(in_file)?;
    if imported.events == 0 {
        sources.tell(&reading, &[], output);
        return Err(crate::error::BadData::NoRows.into());
    }
    let made = out.made(Some(imported.head.to_string()));
    let mut outputs = Outputs::default();
    if let Some(file) = file {
        outputs.add(file);
    }
    if let Some(file) = manifest {
        let asked = (&arguments.data, &*arguments.dyad);
        Manifest::new("import", asked, &sources, &reading, Some(made))?
            .write(file, &mut outputs)?;
    }
    unnamed.write(&reading.unmatched, &mut outputs)?;
    outputs.finish()?;
    let mut dyads: Vec<_> = imported.dyads.into_iter().collect();
    dyads.sort_by_key(|(_, events)| std::cmp::Reverse(*events));
    sources.tell_all(&reading, &dyads, output);
    sources.tell_twice(&reading, &imported.ids, output)?;
    let name = path.map_or_else(|| "LOG".to_owned(), |path| path.display().to_string());
    output.note(&format!(
        "{name}: {}, head {}\nreplay it with the model for machine-coded data: detente replay {name} --model goldstein-decay",
        count(imported.events, "event"),
        imported.head
    ));
    Ok(Outcome::Fine)
}
