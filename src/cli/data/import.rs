//! `detente import`: other people's event data as a log.

use super::event_data::Sources;
use super::manifest::{Digested, Manifest};
use super::names::{self, Unnamed};
use crate::cli::args::Import;
use crate::cli::terminal::output::{Outcome, Output};
use crate::error::{Error, Result};
use crate::exchange;
use crate::store::{Outputs, Replace, WholeFile};
use crate::text::count;
use std::io::Write;
use std::sync::Arc;

pub(crate) fn run(arguments: &Import, output: &mut Output) -> Result<Outcome> {
    let sources = Sources::new(&arguments.data, None, output)?.of_dyads(&arguments.dyad);
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
    let reading = sources.read(|| exchange::Import::new(&arguments.dyad, &plan.roster, &held))?;
    Sources::refuse_unused(&arguments.data, &reading)?;
    Sources::refuse_unread_codes(&arguments.data, &reading)?;
    sources.refuse_spoilt(&reading, output)?;
    let mut tally = reading.tally.clone();
    if tally.used == 0 {
        sources.tell(&reading.files, &tally, &[], output);
        names::tell(&reading.unmatched, &arguments.data, output);
        let mut outputs = Outputs::default();
        unnamed.write(&reading.unmatched, &mut outputs)?;
        outputs.finish()?;
        return Err(crate::error::BadData::NoRows.into());
    }
    let out: &mut dyn Write = match &mut file {
        Some(file) => file,
        None => output,
    };
    let mut out = Digested::new(out);
    let imported = exchange::Import::write(
        &reading.gathered,
        &reading.files,
        &plan.roster,
        plan.choices.dedupe,
        &mut tally,
        &mut out,
    );
    let in_file = |error: Error| match path {
        Some(path) => error.in_file(&path.display().to_string()),
        None => error,
    };
    let imported = imported.map_err(in_file)?;
    if imported.events == 0 {
        sources.tell(&reading.files, &tally, &[], output);
        return Err(crate::error::BadData::NoRows.into());
    }
    let made = out.made(Some(imported.head.to_string()));
    let mut outputs = Outputs::default();
    if let Some(file) = file {
        outputs.add(file);
    }
    if let Some(file) = manifest {
        let asked = (&arguments.data, &*arguments.dyad);
        let read = (&*reading.files, &tally);
        Manifest::new("import", asked, &sources, read, Some(made))?.write(file, &mut outputs)?;
    }
    unnamed.write(&reading.unmatched, &mut outputs)?;
    outputs.finish()?;
    let mut dyads: Vec<_> = imported.dyads.into_iter().collect();
    dyads.sort_by_key(|(_, events)| std::cmp::Reverse(*events));
    sources.tell(&reading.files, &tally, &dyads, output);
    names::tell(&reading.unmatched, &arguments.data, output);
    sources.tell_twice(&reading, &imported.ids, output)?;
    let name = path.map_or_else(|| "LOG".to_owned(), |path| path.display().to_string());
    output.note(&format!(
        "{name}: {}, head {}\nreplay it with the model for machine-coded data: detente replay {name} --model goldstein-decay",
        count(imported.events, "event"),
        imported.head
    ));
    Ok(Outcome::Fine)
}
