//! `detente why`: what a temperature is made of, and what leaving an event out would change.

use super::log::note_torn;
use crate::cli::args::{FigureFormat, Why};
use crate::cli::terminal::input::{self, Input};
use crate::cli::terminal::output::{Outcome, Output, unwritten, unwritten_rows};
use crate::cli::terminal::progress::{Watched, counting};
use crate::error::{BadLog, BadOption, BadQuestion, BadScenario, BadValue, Error, Result};
use crate::evidence::Past;
use crate::history::{Course, Record, Scope, Viewpoint, Window, crossing, shipped, timeline};
use crate::model::{BadDay, Day, Dyad, DyadIx, Model, nearest, temperature::BOUND_DEGREES};
use crate::scenario::{Entry, Inquiry, Luck, Scenario, played};
use crate::store::{self, Document};
use crate::threads::Control;
use crate::view::{
    CrossingRow, LedgerOptions, LedgerRows, NeverCrossedRow, conditions, ledger_text,
    never_crossed_text, waterfall,
};
use std::collections::HashSet;
use std::num::NonZero;
use std::path::Path;

/// The most rows of events in a table where nothing else is asked for.
const TABLE_ROWS: usize = 20;
/// The same in a figure.
const FIGURE_ROWS: usize = 12;

pub(crate) fn run(arguments: &Why, output: &mut Output) -> Result<Outcome> {
    let is_figure = arguments
        .figure
        .is_wanted(arguments.format == FigureFormat::Svg)?;
    let evidence = input::evidence(&arguments.model)?;
    if evidence.is_some() && arguments.crossing.is_some() {
        let (option, other) = ("--crossing", "--model evidence");
        return Err(BadOption::NotWith { option, other }.into());
    }
    let history = read(arguments, evidence.is_some(), output)?;
    let in_file = |error: Error| error.in_file(&history.name);
    let course = Course::new(&history.records);
    let past = evidence
        .as_ref()
        .map(|parameters| Past::new(&course, parameters));
    let (dyad, end) = look(arguments, &history, &course, past).map_err(in_file)?;
    if let Some(from) = arguments.from.filter(|from| *from > end.day) {
        let to = end.day;
        return Err(in_file(BadQuestion::EmptyWindow { from, to }.into()));
    }
    if let Some((scenario, ..)) = &history.played
        && end.day > scenario.until
    {
        output.note(&format!(
            "note: the scenario ends on {}; until {} there is only waiting",
            scenario.until, end.day
        ));
    }
    let crossed = match arguments.crossing {
        None => None,
        Some(value) => match crossing(&course, &history.model, dyad, value, end) {
            Ok(found) => Some((
                found.viewpoint,
                CrossingRow::new(value, &found, &history.records),
            )),
            Err(never) => {
                let dyad = course.world().dyad(dyad);
                let row = NeverCrossedRow::new(&history.label, dyad, end.day, value, never);
                return never_crossed(arguments.format, &row, &history.model, output);
            }
        },
    };
    let (viewpoint, crossed) = match crossed {
        Some((viewpoint, crossed)) => (viewpoint, Some(crossed)),
        None => (end, None),
    };
    let viewpoints = match &arguments.every {
        None => vec![viewpoint],
        Some(_) if is_figure => {
            let (option, formats) = ("--every", "table, json or csv");
            return Err(BadOption::OnlyAs { option, formats }.into());
        }
        Some(every) => {
            let window = Window {
                from: arguments.from,
                to: Some(end.day),
                every: Some(every.clone()),
            };
            let first = history.records.first().map_or(end.day, Record::date);
            let dates = window.dates(first, end.day, []).map_err(in_file)?;
            // The last day may be read in its middle, right after an event.
            let viewpoint = |day| {
                if day == end.day {
                    end
                } else {
                    course.end_of(day)
                }
            };
            dates.into_iter().map(viewpoint).collect()
        }
    };
    let mut ledgers = Vec::new();
    for viewpoint in viewpoints {
        let at = (dyad, viewpoint);
        ledgers.push(match past {
            Some(past) => {
                let options = options(arguments, None);
                LedgerRows::of_level(&history.label, past, at, options)
            }
            None => ledger(arguments, &history, &course, at).map_err(in_file)?,
        });
    }
    if let (Some(ledger), Some(_)) = (ledgers.first_mut(), &crossed) {
        ledger.crossing = crossed;
    }
    print(arguments, &ledgers, output)?;
    Ok(Outcome::Fine)
}

/// What the temperature of a dyad is made of, from where one looks back.
fn ledger(
    arguments: &Why,
    history: &History,
    course: &Course<'_>,
    (dyad, viewpoint): (DyadIx, Viewpoint),
) -> Result<LedgerRows> {
    let mut inquiry = match &history.played {
        Some((scenario, luck, has_refused)) => {
            let run = (&**scenario, *luck, *has_refused);
            Inquiry::of_run(run, course, &history.model, dyad, viewpoint)
        }
        None => Inquiry::new(course, &history.model, dyad, viewpoint),
    };
    let control = Control::default();
    let options = options(arguments, Some(&control));
    let total = inquiry.shares().events.len();
    let total = options.rows_of(total) as u64;
    counting("events left out", &control, total, || {
        LedgerRows::new(&history.label, &mut inquiry, options)
    })
}

fn print(arguments: &Why, ledgers: &[LedgerRows], output: &mut Output) -> Result<()> {
    match (arguments.format, ledgers) {
        (FigureFormat::Table | FigureFormat::Svg, [only]) if is_figure(arguments) => {
            arguments.figure.print(waterfall(only, 0), output)
        }
        (FigureFormat::Table | FigureFormat::Svg, several) => {
            for (place, ledger) in several.iter().enumerate() {
                if place > 0 {
                    output.line("")?;
                }
                output.print(ledger_text(ledger, output.look()))?;
            }
            Ok(())
        }
        (FigureFormat::Json, [only]) if arguments.every.is_none() => output.json(only),
        (FigureFormat::Json, several) => output.json(&several),
        (FigureFormat::Csv, several) => {
            let mut lines = csv::Writer::from_writer(output);
            for line in several.iter().flat_map(LedgerRows::lines) {
                lines.serialize(line).map_err(unwritten_rows)?;
            }
            lines.flush().map_err(unwritten)
        }
    }
}

fn is_figure(arguments: &Why) -> bool {
    arguments.figure.chart || arguments.format == FigureFormat::Svg
}

/// What the ledger is to show.
fn options<'a>(arguments: &Why, control: Option<&'a Control>) -> LedgerOptions<'a> {
    let most = match arguments.format {
        _ if is_figure(arguments) => Some(FIGURE_ROWS),
        FigureFormat::Table => Some(TABLE_ROWS),
        _ => None,
    };
    LedgerOptions {
        by: arguments.by,
        sort: arguments.sort,
        top: arguments.top.map(NonZero::get).or(most),
        from: arguments.from,
        control,
    }
}

/// What is asked why.
struct History {
    name: String,
    /// Its name with the run, if there is chance in it.
    label: String,
    records: Vec<Record>,
    model: Model,
    /// The scenario that was played, and whether its run refused anything.
    played: Option<(Box<Scenario>, Luck, bool)>,
    /// The ids of events that were retracted, and of retractions.
    retracted: HashSet<String>,
    retractions: HashSet<String>,
}

fn read(arguments: &Why, is_evidence: bool, output: &mut Output) -> Result<History> {
    let path = arguments.history.as_path();
    let name = &path.display().to_string();
    let model = if is_evidence {
        Model::default()
    } else {
        input::model(&arguments.model)?
    };
    if path.to_str().and_then(shipped).is_some() || path == Path::new("-") {
        return log(arguments, input::log(path)?, model, output);
    }
    let scenario = match store::document(path)? {
        Document::Log(found) => {
            let name = name.clone();
            return log(arguments, Input { log: found, name }, model, output);
        }
        Document::Schema => return Err(Error::from(BadScenario::IsASchema).in_file(name)),
        Document::Scenario(_) if arguments.as_known_on.is_some() => {
            return Err(Error::from(BadScenario::KnownOnNoDay).in_file(name));
        }
        Document::Scenario(text) => store::scenario_of(path, &text)?,
    };
    if model != Model::default() {
        output.note("note: a scenario has a model of its own; --model and --set are for logs");
    }
    input::note_doubts(&scenario, output);
    output.call([&scenario.base.names]);
    input::note_no_chance(arguments.luck, &scenario, output);
    let luck = input::luck(arguments.luck, &scenario);
    let in_file = |error: Error| error.in_file(&scenario.name);
    let run = played(&scenario, luck).map_err(in_file)?;
    let label = if scenario.hazards.are_there() {
        format!("{}, run {} of seed {}", scenario.name, luck.run, luck.seed)
    } else {
        scenario.name.clone()
    };
    Ok(History {
        name: scenario.name.clone(),
        label,
        records: run.records.to_slice().into_owned(),
        model: run.model,
        played: Some((Box::new(scenario), luck, run.has_refused)),
        retracted: HashSet::new(),
        retractions: HashSet::new(),
    })
}

fn log(arguments: &Why, input: Input, model: Model, output: &mut Output) -> Result<History> {
    let scope = Scope {
        known_on: arguments.as_known_on,
        ..Scope::default()
    };
    let in_file = |error: Error| error.in_file(&input.name);
    let source = Watched::new(&input.log, "reading");
    let (mut retracted, mut retractions) = (HashSet::new(), HashSet::new());
    let survey = source.survey(scope, &mut |glance, _| {
        if let Some(id) = &glance.retracts {
            retracted.insert(id.clone().into_owned());
            retractions.insert(glance.id.clone().into_owned());
        }
    });
    let survey = survey.map_err(in_file)?;
    output.call([&survey.names()]);
    note_torn(survey.ending, &input.name, output);
    let records = timeline(&source, &survey).map_err(in_file)?;
    let names = survey.names();
    let label = names.title().unwrap_or(&input.name).to_owned();
    let label = label + &input::as_known(arguments.as_known_on);
    Ok(History {
        label,
        name: input.name,
        records,
        model,
        played: None,
        retracted,
        retractions,
    })
}

/// The dyad that is asked about, and the moment from which one looks back.
fn look(
    arguments: &Why,
    history: &History,
    course: &Course<'_>,
    past: Option<Past<'_>>,
) -> Result<(DyadIx, Viewpoint)> {
    let world = course.world();
    let unknown = |dyad: Dyad| {
        let dyads = world.dyads();
        BadQuestion::UnknownDyad {
            dyad: dyad.to_string(),
            known: dyads.iter().map(|(dyad, _)| dyad.to_string()).collect(),
        }
    };
    let dyad = arguments.dyad;
    let asked = dyad.map(|dyad| world.find_dyad(dyad).ok_or_else(|| unknown(dyad)));
    let asked = asked.transpose()?;
    if asked.is_none() && world.dyads().is_empty() {
        return Err(BadQuestion::NothingMoves.into());
    }
    let is_bounded = history.model.saturation();
    let value = arguments
        .crossing
        .filter(|value| is_bounded && value.abs() > BOUND_DEGREES);
    if let Some(found) = value {
        let (field, bound) = ("--crossing", BOUND_DEGREES);
        return Err(BadValue::OffScale {
            field,
            found,
            bound,
        }
        .into());
    }
    let (Some(first), Some(last)) = (history.records.first(), history.records.last()) else {
        return Err(BadQuestion::NothingMoves.into());
    };
    let until = history.played.as_ref().map(|(scenario, ..)| scenario.until);
    let viewpoint = match arguments.at.as_deref().map(|at| (at, at.parse::<Day>())) {
        None => course.end_of(until.unwrap_or_else(|| last.date())),
        Some((_, Ok(day))) if day < first.date() => {
            let first = first.date();
            return Err(BadQuestion::BeforeHistory { day, first }.into());
        }
        Some((_, Ok(day))) => course.end_of(day),
        Some((_, Err(bad @ BadDay::NotInCalendar { .. }))) => {
            return Err(BadValue::Day(bad).into());
        }
        Some((at, Err(BadDay::Shape { .. }))) => right_after(at, history, course)?,
    };
    let busiest = || match past {
        Some(past) => past.busiest(viewpoint),
        None => course.busiest(viewpoint),
    };
    let dyad = asked.or_else(busiest).ok_or(BadQuestion::NothingMoves)?;
    Ok((dyad, viewpoint))
}

fn right_after(id: &str, history: &History, course: &Course<'_>) -> Result<Viewpoint> {
    let records = history.records.iter();
    let place = records.clone().position(|record| record.id() == id);
    if let Some(viewpoint) = place.and_then(|place| course.right_after(place)) {
        return Ok(viewpoint);
    }
    let near = nearest(id, records.map(Record::id)).map(str::to_owned);
    let id = id.to_owned();
    let entries = history
        .played
        .iter()
        .flat_map(|(scenario, ..)| &scenario.entries);
    let is_missed = |entry: Entry<'_>| entry.record.id() == id;
    Err(if entries.into_iter().any(is_missed) {
        BadScenario::Dropped { id }.into()
    } else if history.retracted.contains(&id) {
        BadLog::IdRetracted { id }.into()
    } else if history.retractions.contains(&id) {
        BadQuestion::IsRetraction { id }.into()
    } else {
        BadQuestion::UnknownEvent { found: id, near }.into()
    })
}

/// Says that a value was never passed. Rows there are none.
fn never_crossed(
    format: FigureFormat,
    row: &NeverCrossedRow,
    model: &Model,
    output: &mut Output,
) -> Result<Outcome> {
    let sentence = never_crossed_text(row);
    match format {
        FigureFormat::Table | FigureFormat::Svg => {
            output.line(&output.names().said(&sentence))?;
            output.print(conditions(model))?;
        }
        FigureFormat::Json => output.json(row)?,
        FigureFormat::Csv => output.note(&format!("note: {sentence}")),
    }
    Ok(Outcome::Fine)
}
