//! `detente validate`: whether the index is any good on somebody's data.

use super::reading::{Read, begin, split};
use super::series::Series;
use crate::cli::args::{FigureFormat, ModelArguments, Validate as Arguments};
use crate::cli::data::deposit::Deposit;
use crate::cli::data::manifest::{Made, Models};
use crate::cli::terminal::figure::plain_svg;
use crate::cli::terminal::input;
use crate::cli::terminal::output::{Outcome, Output};
use crate::cli::terminal::progress::counting;
use crate::error::{BadTrial, Result};
use crate::evidence::{Against, Parameters, Points, Sampling, Target, Validation, validate};
use crate::store::Outputs;
use crate::threads::Control;
use crate::view::{
    Validated, trial_csv, trial_json, validation_figure, validation_rows, validation_text,
};
use serde_json::{Value, json};

pub(crate) fn run(arguments: &Arguments, output: &mut Output) -> Result<Outcome> {
    let Arguments { data, trial, .. } = arguments;
    let is_svg = arguments.format == FigureFormat::Svg;
    let is_figure = arguments.figure.is_wanted(is_svg)?;
    let points = Points::new(&trial.grid)?;
    let model = model(arguments)?;
    let series = arguments.against.as_deref();
    let series = series.map(super::series::read).transpose()?;
    let manifest = begin(data.manifest.as_deref(), arguments.overwrite)?;
    let deposit = Deposit::begin("detente validate", &arguments.deposit, arguments.overwrite)?;
    let read = Read::new((data, arguments.overwrite), trial, output)?;
    let panel = read.panel(trial, true)?;
    let control = Control::default();
    let judging = Sampling {
        seed: trial.seed,
        draws: arguments.draws as usize,
        threads: data.threads.count(),
        control: &control,
    };
    let fitting = Sampling {
        draws: judging.draws / 10,
        ..judging
    };
    let against = |series: &Series| {
        let against = Against::new(panel.daily, &series.others, &model, judging);
        against.map_err(|error| error.in_file(&series.name))
    };
    // Beside a series, levels are drawn, and changes.
    let drawn = series.as_ref().map_or(1, |_| 3) * judging.draws;
    let steps = panel.dyads.len() + fitting.draws + drawn;
    let (against, validation) = counting("steps", &control, steps as u64, || -> Result<_> {
        let against = series.as_ref().map(against).transpose()?;
        Ok((
            against,
            validate(&panel, &points, &model, [fitting, judging])?,
        ))
    })?;
    let against = against.as_ref();
    let printed = if is_figure {
        let figure = validation_figure(&validation);
        arguments.figure.drawn(figure, output)
    } else {
        match arguments.format {
            FigureFormat::Json => trial_json(&Validated::new(&validation, against)),
            FigureFormat::Csv => trial_csv(&validation_rows(&validation, against)),
            _ => validation_text(&validation, against, output.look()),
        }
    };
    let manifest_of = |made: Made| {
        let asked = ("validate", data, trial);
        let mut how = split(&panel, &points, &validation.fit);
        if let (Value::Object(how), Value::Object(judged)) =
            (&mut how, judged(&validation, series.as_ref(), against))
        {
            how.extend(judged);
        }
        let models = Models::Judged {
            judged: &validation.model,
            fitted: &validation.fit.model,
        };
        read.manifest(asked, (models, how), made)
    };
    let write = || -> Result<Outputs> {
        let mut outputs = Outputs::default();
        if let Some(file) = manifest {
            manifest_of(Made::of(&printed))?.write(file, &mut outputs)?;
        }
        if let Some(mut deposit) = deposit {
            let rows = trial_csv(&validation_rows(&validation, against));
            let words = "Each number of the validation: whom it is of, which statistic, value and interval.";
            let made = deposit.put(("validation.csv", "text/csv"), words, &rows)?;
            let figure = plain_svg(&validation_figure(&validation));
            let words = "Skill, and what the index is better by, as a figure.";
            deposit.put(("validation.svg", "image/svg+xml"), words, &figure)?;
            deposit.write(manifest_of(made)?, &mut outputs)?;
        }
        Ok(outputs)
    };
    let written = write();
    read.conclude(&printed, written, output)
}

/// The model that is judged: one that has a level.
fn model(arguments: &Arguments) -> Result<Parameters> {
    let asked = ModelArguments {
        model: arguments.model.clone(),
        set: arguments.set.clone(),
    };
    let Some(mut model) = input::evidence(&asked)? else {
        // What is no model at all is told so.
        input::model(&asked)?;
        return Err(BadTrial::NoLevel.into());
    };
    if arguments.trial.target == Target::ConflictShare {
        // It is of weights: the level of conflict tends to everyone's share, whatever it says.
        model.prior_degrees = None;
    }
    Ok(model)
}

/// What was judged, against what, and what came of it, for a manifest.
fn judged(validation: &Validation, series: Option<&Series>, against: Option<&Against>) -> Value {
    let rivals: Vec<_> = validation.rivals().map(|rival| rival.words).collect();
    let mut judged = json!({
        "judged": validation.judged,
        "draws": validation.draws,
        "rivals": rivals,
        "skill": validation.preset().skill,
        "is_skill_shown": validation.is_skill_shown,
        "verdict": validation.verdict,
    });
    if let Some(Series { name, blake3, .. }) = series {
        judged["against"] = json!({ "name": name, "blake3": blake3, "found": against });
    }
    judged
}
