//! `detente score`: scenarios as forecasts, held against what happened, and kept in a ledger.

use crate::cli::args::{Score as Arguments, TidyFormat};
use crate::cli::history::written::today;
use crate::cli::terminal::input;
use crate::cli::terminal::output::{Outcome, Output, unwritten, unwritten_rows};
use crate::cli::terminal::progress::counting;
use crate::error::{BadFile, BadLog, BadOption, Error, Result};
use crate::history::FAULT_LIMIT;
use crate::model::Day;
use crate::scenario::{
    Against, Base, Ensemble, Forecast, Forecasts, Frame, Kept, Plan, Scenario, Score,
};
use crate::store;
use crate::text::{count, shown};
use crate::threads::Control;
use crate::view::{ScoreRows, ledger_of_forecasts, score_text};
use std::path::Path;

/// A log of what happened, and what to call it.
struct Later {
    base: Base,
    name: String,
    complete_until: Day,
}

pub(crate) fn run(arguments: &Arguments, output: &mut Output) -> Result<Outcome> {
    if arguments.scenarios.is_empty() {
        return show(arguments, output);
    }
    // All are checked before anything runs.
    let mut logs = store::Logs::default();
    let scenarios = input::scenarios_beside(&mut logs, &arguments.scenarios, output);
    let later = arguments.against.as_deref();
    let later = later.map(|log| later_log(&mut logs, log, arguments.complete_until));
    let (scenarios, later) = both(scenarios, later.transpose())?;
    output.call(scenarios.iter().map(|scenario| &scenario.base.names));
    for (place, scenario) in scenarios.iter().enumerate() {
        let is_it = |other: &Scenario| other.digest == scenario.digest;
        if let Some(before) = scenarios[..place].iter().find(|other| is_it(other)) {
            output.note(&format!(
                "warning: {} is the same as {}, given before it: it is scored twice, and no better than itself",
                shown(&scenario.name),
                shown(&before.name)
            ));
        }
    }
    let first_seed = scenarios.first().map(|scenario| scenario.hazards.seed);
    let seed = arguments.seed.or(first_seed).unwrap_or_default();
    let has_chance = |scenario: &Scenario| scenario.hazards.are_there();
    let runs = if scenarios.iter().any(has_chance) {
        arguments.runs
    } else {
        1
    };
    let of_other_seed =
        |scenario: &Scenario| has_chance(scenario) && Some(scenario.hazards.seed) != first_seed;
    if arguments.seed.is_none() && scenarios.iter().any(of_other_seed) {
        output.note(&format!(
            "note: the scenarios give different seeds; all are drawn with the first one's, {seed}"
        ));
    }
    let window = arguments.window.window();
    let plan = Plan::within(&scenarios, seed, 0..runs, &arguments.dyad, &window)?;
    let threads = arguments.threads.count();
    let control = Control::default();
    let ensemble = counting("runs", &control, runs, || plan.play(threads, &control))?;
    control.go_on()?;
    let Some(later) = later else {
        return keep(arguments, (&plan, &ensemble), None, output);
    };
    let against = Against {
        log: &later.base,
        complete_until: later.complete_until,
    };
    let score = Score::new(&plan, &ensemble, against);
    let frame = Frame::of(&plan, runs);
    // What cannot be kept is not told as if it were.
    if arguments.keep.is_some() {
        keep(
            arguments,
            (&plan, &ensemble),
            Some((&score, &later)),
            output,
        )?;
    }
    let log = (
        later.name.clone(),
        later.base.head.to_string(),
        later.complete_until,
    );
    let rows = ScoreRows::new(&frame, &score, log);
    match arguments.format {
        TidyFormat::Table => output.print(score_text(&rows, output.look()))?,
        TidyFormat::Json => output.json(&rows)?,
        TidyFormat::Csv => {
            let mut lines = csv::Writer::from_writer(&mut *output);
            for row in rows.tidy() {
                lines.serialize(row).map_err(unwritten_rows)?;
            }
            lines.flush().map_err(unwritten)?;
        }
    }
    Ok(Outcome::Fine)
}

/// What is wrong with either is told of both.
fn both<T, U>(one: Result<T>, other: Result<U>) -> Result<(T, U)> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (one, other) => {
            let errors = [one.err(), other.err()].into_iter().flatten().collect();
            Error::all(errors, FAULT_LIMIT)?;
            Err(BadFile::Empty.into())
        }
    }
}

fn later_log(logs: &mut store::Logs, path: &Path, complete_until: Option<Day>) -> Result<Later> {
    let read = input::log(path)?;
    let base = logs.log(path, &read.log, &read.name)?;
    let last = base.entries.last().map(|entry| entry.record.date());
    let Some(last) = last else {
        return Err(Error::from(BadFile::Empty).in_file(&read.name));
    };
    Ok(Later {
        base,
        name: read.name,
        complete_until: complete_until.unwrap_or(last),
    })
}

/// Keeps forecasts, or what became of those that were kept.
fn keep(
    arguments: &Arguments,
    (plan, ensemble): (&Plan<'_>, &Ensemble),
    scored: Option<(&Score, &Later)>,
    output: &mut Output,
) -> Result<Outcome> {
    let Some(path) = arguments.keep.as_deref() else {
        return Ok(Outcome::Fine);
    };
    if path == Path::new("-") {
        return Err(Error::from(BadFile::NotAFile).in_file("-"));
    }
    let recorded = match arguments.recorded {
        Some(day) => day,
        None => today()?,
    };
    if recorded > Day::LAST_OF_2999 {
        return Err(BadLog::RecordedTooLate { found: recorded }.into());
    }
    if let Some((_, later)) = scored
        && recorded < later.complete_until
    {
        let known = later.complete_until;
        return Err(BadOption::RecordedBeforeKnown { recorded, known }.into());
    }
    let mut told = Vec::new();
    let mut head = None;
    let torn = store::append_lines(path, |bytes| {
        let mut ledger = Forecasts::read(bytes)?;
        let (whole, ending) = (ledger.bytes, ledger.ending);
        let mut lines = Vec::new();
        let mut errors = Vec::new();
        for (place, scenario) in plan.scenarios.iter().enumerate() {
            let Some(forecast) = Forecast::of(plan, ensemble, place) else {
                continue;
            };
            let kept = match scored {
                None => ledger
                    .keep(forecast, recorded, &mut lines)
                    .map(|kept| vec![kept]),
                Some((score, later)) => {
                    let against = (&*later.name, later.base.head, later.complete_until);
                    ledger.resolve(&forecast, (score, place), against, recorded, &mut lines)
                }
            };
            match kept {
                Ok(kept) => told.extend(kept.into_iter().map(|kept| (scenario.name.clone(), kept))),
                Err(error) => errors.push(error),
            }
        }
        Error::all(errors, FAULT_LIMIT)?;
        head = Some(ledger.head);
        Ok((whole, ending, lines))
    })?;
    let what = if scored.is_some() {
        "what became of"
    } else {
        "the forecast of"
    };
    for (name, kept) in told {
        let name = shown(&name);
        output.note(&match kept {
            Kept::As(seq) => format!("note: {what} {name} is kept on line {seq}"),
            Kept::Before(seq) => format!("note: {what} {name} stands on line {seq} already"),
        });
    }
    if let Some(torn) = torn {
        output.note(&format!(
            "note: a torn last line was moved to {}",
            torn.display()
        ));
    }
    if let Some(head) = head {
        output.note(&format!(
            "note: {}: head {head}",
            shown(&path.display().to_string())
        ));
    }
    Ok(Outcome::Fine)
}

/// Verifies a ledger and shows it.
fn show(arguments: &Arguments, output: &mut Output) -> Result<Outcome> {
    let Some(path) = arguments.keep.as_deref() else {
        return Ok(Outcome::Fine);
    };
    let (bytes, name) = input::bytes(path)?;
    let ledger = Forecasts::read(&bytes).map_err(|error| error.in_file(&name))?;
    if ledger.entries.is_empty() {
        return Err(Error::from(BadFile::Empty).in_file(&name));
    }
    if let Some(torn) = ledger.ending.torn {
        output.note(&format!(
            "note: {} behind the last whole line are left aside",
            count(torn.bytes, "byte")
        ));
    }
    match arguments.format {
        TidyFormat::Table => output.print(ledger_of_forecasts(&ledger, output.look()))?,
        TidyFormat::Json => output.json(&ledger.entries)?,
        TidyFormat::Csv => {
            let (option, formats) = ("--keep without a scenario", "table or json");
            return Err(BadOption::OnlyAs { option, formats }.into());
        }
    }
    Ok(Outcome::fine_if(ledger.ending.torn.is_none()))
}
