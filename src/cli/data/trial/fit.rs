//! `detente fit`: the parameters of the index that foretell best.

use super::reading::{Read, begin, split, threads};
use crate::cli::args::{Fit as Arguments, TidyFormat};
use crate::cli::data::manifest::Models;
use crate::cli::terminal::output::{Outcome, Output};
use crate::cli::terminal::progress::counting;
use crate::error::{BadFile, Error, Result};
use crate::evidence::{Points, Sampling, Target, fit};
use crate::view::{fit_rows, fit_text, trial_csv, trial_json};
use std::io::Write;
use std::sync::atomic::AtomicU64;

pub(crate) fn run(arguments: &Arguments, output: &mut Output) -> Result<Outcome> {
    let Arguments { data, trial, .. } = arguments;
    let points = Points::new(&trial.grid)?;
    let model = begin(arguments.save.as_deref(), arguments.overwrite)?;
    let manifest = begin(data.manifest.as_deref(), arguments.overwrite)?;
    let read = Read::new((data, arguments.overwrite), trial, output)?;
    let panel = read.panel(trial, false)?;
    let done = AtomicU64::new(0);
    let sampling = Sampling {
        seed: trial.seed,
        draws: arguments.draws as usize,
        threads: threads(data),
        done: &done,
    };
    let steps = panel.dyads.len() as u64 + u64::from(arguments.draws);
    let fit = counting("steps", &done, steps, || fit(&panel, &points, sampling))?;
    let printed = match arguments.format {
        TidyFormat::Table => fit_text(&fit, output.look()),
        TidyFormat::Json => trial_json(&fit),
        TidyFormat::Csv => trial_csv(&fit_rows(&fit)),
    };
    if let Some((mut file, path)) = model {
        let text = trial_json(&fit.model);
        file.write_all(text.as_bytes()).map_err(|error| {
            let kind = BadFile::Io {
                doing: "write",
                error,
            };
            Error::from(kind).in_file(&path.display().to_string())
        })?;
        file.finish()?;
        let name = path.display();
        output.note(&format!(
            "{name}: {}; detente index --model {name} takes it",
            fit.model.parameters().unwrap_or_default().label()
        ));
        if panel.daily.target == Target::ConflictShare {
            output.note("note: they were fitted to the share of conflict; an index reads its level of weights by them, too");
        }
    }
    if let Some(manifest) = manifest {
        let asked = ("fit", data, trial);
        let made = split(&panel, &points, &fit);
        read.write(
            asked,
            manifest,
            (Models::Fitted(&fit.model), made),
            &printed,
        )?;
    }
    read.write_names()?;
    output.print(printed)?;
    Ok(Outcome::Fine)
}
