//! `detente log`: append, add, template, show, verify, retract.

use super::accident::accident;
use super::beside::{self, Batch, Typed};
use super::written::{DISK, listed, own_log, recorded, renumbered, tell};
use super::{add, template};
use crate::cli::args::{Append, Log, Retract, Show, ShowFormat, Verify};
use crate::cli::terminal::listed::{self, Listed, Taker};
use crate::cli::terminal::output::{Outcome, Output};
use crate::cli::terminal::progress::Watched;
use crate::cli::terminal::{errors, input};
use crate::error::{BadFile, BadLog, BadQuestion, Error, Result};
use crate::history::{
    Chain, Draft, Ending, Lines, Next, Record, Scope, Source, Survey, Torn, is_sheet,
    read_events_called, read_line,
};
use crate::model::nearest;
use crate::store::{self, Options};
use crate::text::{count, shown};
use crate::view::{TABLE_ROWS, events_table};
use std::cell::RefCell;
use std::collections::HashSet;

pub(crate) fn run(arguments: &Log, output: &mut Output) -> Result<Outcome> {
    match arguments {
        Log::Append(arguments) => append(arguments, output),
        Log::Add(arguments) => add::run(arguments, output),
        Log::Template(arguments) => template::run(arguments, output),
        Log::Show(arguments) => show(arguments, output),
        Log::Verify(arguments) => verify(arguments, output),
        Log::Retract(arguments) => retract(arguments, output),
    }
}

fn append(arguments: &Append, output: &mut Output) -> Result<Outcome> {
    let log = own_log(&arguments.log)?;
    let (bytes, name) = input::bytes(&arguments.events)?;
    // Names are known of a log that is there.
    let names = store::names(&arguments.log).unwrap_or_default();
    let written = read_events_called(&bytes, &names).map_err(|error| error.in_file(&name))?;
    let options = Options {
        recorded: recorded(arguments.recorded)?,
        expect_version: arguments.expect_version,
        dry_run: arguments.dry_run,
    };
    let appended =
        store::append_on(&DISK, log, &written, options).map_err(|error| error.in_file(&name))?;
    let log = arguments.log.display().to_string();
    if let Some(says) = renumbered(&written, &appended) {
        output.note(&says);
    }
    let told = listed(arguments.dry_run, arguments.list);
    let outcome = tell(&appended, &log, told, output)?;
    let typed = if is_sheet(&bytes) {
        Typed::Sheet
    } else {
        Typed::Json
    };
    let batch = Batch {
        written: &written,
        file: Some(&name),
        appended: &appended,
        typed,
        is_dry: arguments.dry_run,
    };
    beside::note(&batch, &arguments.log, output);
    Ok(outcome)
}

fn retract(arguments: &Retract, output: &mut Output) -> Result<Outcome> {
    let name = arguments.log.display().to_string();
    let options = Options {
        recorded: recorded(arguments.recorded)?,
        expect_version: arguments.expect_version,
        dry_run: false,
    };
    let appended = store::retract_on(
        &DISK,
        own_log(&arguments.log)?,
        &arguments.ids,
        arguments.cascade,
        arguments.reason.as_deref(),
        options,
    );
    tell(
        &appended.map_err(|error| error.in_file(&name))?,
        &name,
        listed(false, arguments.list),
        output,
    )
}

/// Tells that a log does not end as it was written.
pub(crate) fn note_torn(ending: Ending, name: &str, output: &mut Output) {
    let name = shown(name);
    if let Some(Torn { bytes, is_zeros }) = ending.torn {
        let bytes = count(bytes, "byte");
        let what = if is_zeros {
            "nothing but zeros, as a power loss leaves them"
        } else {
            "an event or a batch that was not written whole"
        };
        output.note(&format!(
            "note: {name} ends in {bytes} that hold no event: {what}; the next append moves them aside"
        ));
    }
    if ending.lacks_line_feed {
        output.note(&format!(
            "note: the last line of {name} has lost its line feed, which the next append puts back"
        ));
    }
}

fn show(arguments: &Show, output: &mut Output) -> Result<Outcome> {
    let input = input::log(&arguments.log)?;
    let in_file = |error: Error| error.in_file(&input.name);
    let source = Watched::new(&input.log, "reading");
    let scope = Scope {
        known_on: arguments.as_known_on,
        in_full: true,
        threads: 1,
    };
    let mut ids = Vec::new();
    let mut retracted = HashSet::new();
    let survey = source.survey(scope, &mut |glance, _| {
        if !arguments.ids.is_empty() {
            ids.push(glance.id.clone().into_owned());
        }
        retracted.extend(glance.retracts.as_ref().map(|id| id.clone().into_owned()));
    });
    let survey = survey.map_err(in_file)?;
    output.call([&survey.names()]);
    for wanted in &arguments.ids {
        if !ids.contains(wanted) {
            let near = nearest(wanted, ids.iter().map(String::as_str)).map(str::to_owned);
            let found = wanted.clone();
            return Err(in_file(BadQuestion::UnknownEvent { found, near }.into()));
        }
    }
    let is_wanted = |record: &Record| {
        arguments.ids.is_empty() || arguments.ids.iter().any(|id| id == record.id())
    };
    let each = |take: &mut dyn FnMut(&[u8], Record) -> Result<()>| {
        let io = |doing| move |error| in_file(BadFile::Io { doing, error }.into());
        let mut lines = Lines::new(source.open().map_err(io("open"))?);
        while lines.number() < survey.known {
            let number = lines.number() + 1;
            let Next::Line(line) = lines.advance().map_err(io("read"))? else {
                break;
            };
            if let Ok(record) = read_line(line, number)
                && is_wanted(&record)
            {
                take(line, record)?;
            }
        }
        Ok(())
    };
    match arguments.format {
        ShowFormat::Table => {
            let look = output.look();
            let (mut events, mut is_empty) = (Vec::new(), true);
            each(&mut |_, record| {
                let is_retracted = retracted.contains(record.id());
                events.push((record, is_retracted));
                if events.len() == TABLE_ROWS {
                    is_empty = false;
                    output.print(events_table(&events, look))?;
                    events.clear();
                }
                Ok(())
            })?;
            if is_empty || !events.is_empty() {
                output.print(events_table(&events, look))?;
            }
        }
        ShowFormat::Json => {
            let failed = RefCell::default();
            let records =
                |take: &mut Taker<'_, Draft>| each(&mut |_, record| take(&record.fields()));
            let records = Listed::new(records, &failed);
            listed::print(&records, &failed, output)?;
        }
        ShowFormat::Jsonl => each(&mut |line, _| output.data(line))?,
    }
    note_torn(survey.ending, &input.name, output);
    Ok(Outcome::Fine)
}

fn verify(arguments: &Verify, output: &mut Output) -> Result<Outcome> {
    let expected = match &arguments.head {
        Some(text) => Some(text.parse::<Chain>().map_err(|_| BadLog::NotAChain {
            found: text.clone(),
        })?),
        None => None,
    };
    let input = input::log(&arguments.log)?;
    let source = Watched::new(&input.log, "verifying");
    let scope = Scope {
        threads: arguments.threads.count(),
        ..Scope::default()
    };
    let verified = source.survey(scope, &mut |_, _| {});
    drop(source);
    let is_whole = verified.is_ok();
    let verified = verified.and_then(|survey| match expected {
        Some(expected) if expected != survey.head => Err(BadLog::OtherHead {
            expected: expected.to_string(),
            found: survey.head.to_string(),
        }
        .into()),
        _ => Ok(survey),
    });
    match verified.map_err(|error| error.in_file(&input.name)) {
        Ok(survey) => {
            note_torn(survey.ending, &input.name, output);
            let is_torn = survey.ending.torn.is_some();
            let Survey { events, head, .. } = survey;
            output.line(&format!(
                "{}: {} as written, head {head}",
                input.name,
                count(events, "event")
            ))?;
            Ok(Outcome::fine_if(!is_torn))
        }
        Err(error) => {
            let found = if is_whole {
                None
            } else {
                accident(&input.log, &error)
            };
            if found.is_none() && !error.is_tampering() {
                return Err(error);
            }
            let error = found.map_or(error, |found| found.in_file(&input.name));
            if let Some(error) = output.find(error) {
                errors::print(&error, output.color());
            }
            Ok(Outcome::Differs)
        }
    }
}
