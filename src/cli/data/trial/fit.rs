//! `detente fit`: the parameters of the index that foretell best.

use super::reading::{Read, begin, split};
use crate::cli::args::{Fit as Arguments, TidyFormat};
use crate::cli::data::deposit::Deposit;
use crate::cli::data::manifest::{Made, Models};
use crate::cli::terminal::output::{Outcome, Output};
use crate::cli::terminal::progress::counting;
use crate::error::Result;
use crate::evidence::{Points, Sampling, Target, fit};
use crate::store::Outputs;
use crate::threads::Control;
use crate::view::{fit_rows, fit_text, trial_csv, trial_json};

pub(crate) fn run(arguments: &Arguments, output: &mut Output) -> Result<Outcome> {
    let Arguments { data, trial, .. } = arguments;
    let points = Points::new(&trial.grid)?;
    let model = begin(arguments.save.as_deref(), arguments.overwrite)?;
    let manifest = begin(data.manifest.as_deref(), arguments.overwrite)?;
    let deposit = Deposit::begin("detente fit", &arguments.deposit, arguments.overwrite)?;
    let read = Read::new((data, arguments.overwrite), trial, output)?;
    let panel = read.panel(trial, false)?;
    let control = Control::default();
    let sampling = Sampling {
        seed: trial.seed,
        draws: arguments.draws as usize,
        threads: data.threads.count(),
        control: &control,
    };
    let steps = panel.dyads.len() as u64 + u64::from(arguments.draws);
    let fit = counting("steps", &control, steps, || fit(&panel, &points, sampling))?;
    let printed = match arguments.format {
        TidyFormat::Table => fit_text(&fit, output.look()),
        TidyFormat::Json => trial_json(&fit),
        TidyFormat::Csv => trial_csv(&fit_rows(&fit)),
    };
    let model_text = trial_json(&fit.model);
    let manifest_of = |made: Made| {
        let asked = ("fit", data, trial);
        let how = (Models::Fitted(&fit.model), split(&panel, &points, &fit));
        read.manifest(asked, how, made)
    };
    let write = || -> Result<Outputs> {
        let mut outputs = Outputs::default();
        if let Some(mut file) = model {
            file.put(model_text.as_bytes())?;
            outputs.add(file);
        }
        if let Some(file) = manifest {
            manifest_of(Made::of(&printed))?.write(file, &mut outputs)?;
        }
        if let Some(mut deposit) = deposit {
            let rows = "The best parameters, how well they are determined, and the loss beside that of the preset.";
            let made = deposit.put(("fit.csv", "text/csv"), rows, &trial_csv(&fit_rows(&fit)))?;
            let model = "The best parameters, as a model that `detente index --model` takes.";
            deposit.put(("model.json", "application/json"), model, &model_text)?;
            deposit.write(manifest_of(made)?, &mut outputs)?;
        }
        Ok(outputs)
    };
    let written = write();
    let is_of_conflict = panel.daily.target == Target::ConflictShare;
    let outcome = read.conclude(&printed, written, output)?;
    if let Some(path) = &arguments.save {
        let name = path.display();
        output.note(&format!(
            "{name}: {}; detente index --model {name} takes it",
            fit.model.parameters().unwrap_or_default().label()
        ));
        if is_of_conflict {
            output.note("note: they were fitted to the share of conflict; an index reads its level of weights by them, too");
        }
    }
    Ok(outcome)
}
