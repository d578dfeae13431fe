//! `detente validate`: whether the index is any good on somebody's data.

use super::reading::{Read, begin, split, threads};
use super::series::Series;
use crate::cli::args::{FigureFormat, Validate as Arguments};
use crate::cli::data::manifest::Models;
use crate::cli::terminal::output::{Outcome, Output};
use crate::cli::terminal::progress::counting;
use crate::error::Result;
use crate::evidence::{Against, Parameters, Points, Sampling, Settings, Validation, validate};
use crate::view::{
    Validated, trial_csv, trial_json, validation_figure, validation_rows, validation_text,
};
use serde_json::{Value, json};
use std::sync::atomic::AtomicU64;

pub(crate) fn run(arguments: &Arguments, output: &mut Output) -> Result<Outcome> {
    let Arguments { data, trial, .. } = arguments;
    let is_svg = arguments.format == FigureFormat::Svg;
    let is_figure = arguments.figure.is_wanted(is_svg)?;
    let points = Points::new(&trial.grid)?;
    let series = arguments.against.as_deref();
    let series = series.map(super::series::read).transpose()?;
    let manifest = begin(data.manifest.as_deref(), arguments.overwrite)?;
    let read = Read::new((data, arguments.overwrite), trial, output)?;
    let panel = read.panel(trial, true)?;
    let done = AtomicU64::new(0);
    let judging = Sampling {
        seed: trial.seed,
        draws: arguments.draws as usize,
        threads: threads(data),
        done: &done,
    };
    let fitting = Sampling {
        draws: judging.draws / 10,
        ..judging
    };
    let against = |series: &Series| {
        let nowhere = AtomicU64::new(0);
        let sampling = Sampling {
            done: &nowhere,
            ..judging
        };
        let against = Against::new(panel.daily, &series.others, sampling);
        against.map_err(|error| error.in_file(&series.name))
    };
    let against = series.as_ref().map(against).transpose()?;
    let steps = panel.dyads.len() + fitting.draws + judging.draws;
    let validation = counting("steps", &done, steps as u64, || {
        validate(&panel, &points, fitting, judging)
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
    if let Some(manifest) = manifest {
        let asked = ("validate", data, trial);
        let mut made = split(&panel, &points, &validation.fit);
        if let (Value::Object(made), Value::Object(judged)) =
            (&mut made, judged(&validation, series.as_ref()))
        {
            made.extend(judged);
        }
        let models = Models::Judged {
            judged: &Settings::of(&Parameters::default()),
            fitted: &validation.fit.model,
        };
        read.write(asked, manifest, (models, made), &printed)?;
    }
    read.write_names()?;
    output.print(printed)?;
    Ok(Outcome::Fine)
}

/// What was judged, against what, and what came of it, for a manifest.
fn judged(validation: &Validation, series: Option<&Series>) -> Value {
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
        judged["against"] = json!({ "name": name, "blake3": blake3 });
    }
    judged
}
