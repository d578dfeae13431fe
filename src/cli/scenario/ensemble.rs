//! `detente ensemble`: many runs of scenarios, counted, and their differences run by run.

use crate::cli::args::{Ensemble, FigureArguments, FigureFormat};
use crate::cli::terminal::output::{Outcome, Output, unwritten};
use crate::cli::terminal::progress::counting;
use crate::cli::terminal::{input, signals};
use crate::error::{BadEnsemble, BadOption, Error, Result};
use crate::history::FAULT_LIMIT;
use crate::model::Dyad;
use crate::scenario::{Frame, Part, Plan, Scenario, exact, runs_of_shard};
use crate::store::{Replace, WholeFile};
use crate::text::{abridged, count};
use crate::threads::Control;
use crate::view::{
    EnsembleRows, ExactRows, Fans, columns_of, drawn_runs, ensemble_text, exact_text,
};
use std::sync::Arc;

pub(crate) fn run(arguments: &Ensemble, output: &mut Output) -> Result<Outcome> {
    let is_figure = arguments
        .figure
        .is_wanted(arguments.format == FigureFormat::Svg)?;
    let shard = arguments.shard.as_deref().map(shard).transpose()?;
    // All are checked before anything runs.
    let scenarios = input::scenarios(&arguments.scenarios, output)?;
    output.call(scenarios.iter().map(|scenario| &scenario.base.names));
    if arguments.exact {
        if is_figure {
            let (option, formats) = ("--exact", "table, json or csv");
            return Err(BadOption::OnlyAs { option, formats }.into());
        }
        return exactly(arguments, &scenarios, output);
    }
    let mut wanted = arguments.runs;
    if scenarios
        .iter()
        .all(|scenario| !scenario.hazards.are_there())
    {
        output.note("note: there is no chance in it; every run is the same, and one is enough");
        wanted = 1;
    }
    let first_seed = scenarios.first().map(|scenario| scenario.hazards.seed);
    let differs = scenarios
        .iter()
        .any(|other| Some(other.hazards.seed) != first_seed);
    let seed = arguments.seed.or(first_seed).unwrap_or_default();
    if differs && arguments.seed.is_none() {
        output.note(&format!(
            "note: the scenarios give different seeds; all are drawn with the first one's, {seed}"
        ));
    }
    let runs = runs_of_shard(shard.unwrap_or([1, 1]), wanted);
    let total = runs.end - runs.start;
    let plan = Plan::within(
        &scenarios,
        seed,
        runs,
        &arguments.dyad,
        &arguments.window.window(),
    )?;
    let threads = arguments.threads.count();
    let control = Arc::new(Control::default());
    signals::stop_first(&control);
    // What cannot be saved is not run.
    let file = arguments.output.as_deref();
    let file = file
        .map(|path| WholeFile::create(path, Replace::Asked(arguments.overwrite)))
        .transpose()?;
    let ensemble = counting("runs", &control, total, || plan.play(threads, &control))?;
    let frame = Frame::of(&plan, wanted);
    let outcome = if ensemble.runs < total {
        let runs = ensemble.runs;
        output.note(&format!(
            "note: stopped after {runs} of {total} runs; the result is partial"
        ));
        Outcome::Differs
    } else {
        Outcome::Fine
    };
    if let (Some(path), Some(mut file)) = (&arguments.output, file) {
        let runs = ensemble.runs;
        let part = Part::new(shard.unwrap_or([1, 1]), frame, ensemble);
        let bytes = part.sealed().map_err(|error| unwritten(error.into()))?;
        file.put(&bytes)?;
        file.finish()?;
        let were = if runs == 1 { "was" } else { "were" };
        output.note(&format!(
            "note: {} {were} saved as {}",
            count(runs, "run"),
            path.display()
        ));
        return Ok(outcome);
    }
    let rows = EnsembleRows::new(&frame, &ensemble, Vec::new());
    if is_figure {
        let runs = drawn_runs(&plan, rows.manifest.runs, &[])?;
        let fans = Fans {
            rows: &rows,
            runs: &runs,
            inks: &[],
        };
        figure(&fans, &arguments.dyad, &arguments.figure, output)?;
        return Ok(outcome);
    }
    print(&rows, arguments.format, output)?;
    Ok(outcome)
}

/// Walks the tree of chance nodes of each scenario.
fn exactly(arguments: &Ensemble, scenarios: &[Scenario], output: &mut Output) -> Result<Outcome> {
    let plan = Plan::within(
        scenarios,
        0,
        0..0,
        &arguments.dyad,
        &arguments.window.window(),
    )?;
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    for (place, scenario) in scenarios.iter().enumerate() {
        match exact(&plan, place) {
            Ok(exact) => found.push(exact),
            Err(error) => errors.push(error.in_file(&scenario.name)),
        }
    }
    Error::all(errors, FAULT_LIMIT)?;
    let frame = Frame::of(&plan, 0);
    let rows = ExactRows::new(&frame, &found);
    match arguments.format {
        FigureFormat::Table | FigureFormat::Svg => {
            output.print(exact_text(&frame, &rows, output.look()))?;
        }
        FigureFormat::Json => output.json(&rows)?,
        FigureFormat::Csv => output.csv(&columns_of("ensemble"), rows.tidy())?,
    }
    Ok(Outcome::Fine)
}

/// The fans with some of their runs, in the terminal or as SVG: of the dyads asked for, or of the
/// one that spreads widest.
pub(in crate::cli) fn figure(
    fans: &Fans<'_>,
    dyads: &[Dyad],
    arguments: &FigureArguments,
    output: &mut Output,
) -> Result<()> {
    let mut drawn = fans.rows.manifest.frame.dyads.clone();
    if dyads.is_empty() && drawn.len() > 1 {
        let widest = fans.widest();
        let (widest, others): (Vec<_>, Vec<_>) =
            drawn.into_iter().partition(|dyad| Some(*dyad) == widest);
        let others: Vec<_> = others.iter().map(ToString::to_string).collect();
        let others = abridged(&others);
        output.note(&format!(
            "note: other dyads: {others}; draw them with --dyad"
        ));
        drawn = widest;
    }
    arguments.print(fans.figure(&drawn), output)
}

/// Prints the result of an ensemble.
pub(in crate::cli) fn print(
    rows: &EnsembleRows,
    format: FigureFormat,
    output: &mut Output,
) -> Result<()> {
    match format {
        FigureFormat::Table | FigureFormat::Svg => output.print(ensemble_text(rows, output.look())),
        FigureFormat::Json => output.json(rows),
        FigureFormat::Csv => output.csv(&columns_of("ensemble"), rows.tidy()),
    }
}

/// A shard and how many there are: `3/16`.
fn shard(text: &str) -> Result<[u64; 2]> {
    let numbers = text.split_once('/').and_then(|(shard, shards)| {
        Some([shard.parse::<u64>().ok()?, shards.parse::<u64>().ok()?])
    });
    let within = |[shard, shards]: &[u64; 2]| (1..=*shards).contains(shard);
    numbers.filter(within).ok_or_else(|| {
        let found = text.to_owned();
        BadEnsemble::NotAShard { found }.into()
    })
}
