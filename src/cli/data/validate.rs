//! `detente validate`: whether the index is any good on somebody's data.

use super::trial::{Read, begin, split, threads};
use crate::cli::args::{FigureFormat, Validate as Arguments};
use crate::cli::terminal::output::{Outcome, Output};
use crate::cli::terminal::progress::counting;
use crate::error::Result;
use crate::evidence::{Against, Others, Points, Sampling, validate};
use crate::view::{
    Validated, trial_csv, trial_json, validation_figure, validation_rows, validation_text,
};
use serde_json::Value;
use std::sync::atomic::AtomicU64;

pub(crate) fn run(arguments: &Arguments, output: &mut Output) -> Result<Outcome> {
    let Arguments { data, trial, .. } = arguments;
    let is_svg = arguments.format == FigureFormat::Svg;
    let is_figure = arguments.figure.is_wanted(is_svg)?;
    let points = Points::new(&trial.grid)?;
    let others = arguments.against.as_deref();
    let others = others.map(super::series::read).transpose()?;
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
    let against = |(others, name): &(Others, String)| {
        let nowhere = AtomicU64::new(0);
        let sampling = Sampling {
            done: &nowhere,
            ..judging
        };
        Against::new(panel.daily, others, sampling).map_err(|error| error.in_file(name))
    };
    let against = others.as_ref().map(against).transpose()?;
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
        if let Value::Object(made) = &mut made {
            let judged = serde_json::to_value(&validation.judged).unwrap_or_default();
            made.insert("judged".to_owned(), judged);
            made.insert("draws".to_owned(), validation.draws.into());
        }
        read.write(asked, manifest, (&validation.fit.model, made), &printed)?;
    }
    read.write_names()?;
    output.print(printed)?;
    Ok(Outcome::Fine)
}
