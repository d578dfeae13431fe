//! What only the command line can say of a fault: which option or command may help.

use crate::cli::args::Arguments;
use crate::error::{
    BadData, BadEnsemble, BadEvent, BadFile, BadLog, BadQuestion, BadScenario, BadValue, Fault,
    Kind, Occasion,
};
use crate::model::nearest;
use crate::text::quoted;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory, Parser};
use std::ffi::OsString;
use std::path::Path;

/// Reads arguments. Of a command that there is none of, or that stands in another place, it is said
/// where it stands, as `log append` where `append` was asked for.
pub(in crate::cli) fn parsed(given: Vec<OsString>) -> Result<Arguments, clap::Error> {
    Arguments::try_parse_from(given).map_err(|mut error| {
        let is_unknown = error.kind() == ErrorKind::InvalidSubcommand;
        if is_unknown
            && let Some(ContextValue::String(found)) = error.get(ContextKind::InvalidSubcommand)
        {
            let all = places(&Arguments::command(), "");
            let named = |name: &str| -> Vec<String> {
                let places = all.iter().filter(|(known, _)| known == name);
                places.map(|(_, place)| place.clone()).collect()
            };
            let mut meant = named(found);
            if meant.is_empty() && error.get(ContextKind::SuggestedSubcommand).is_none() {
                let near = nearest(found, all.iter().map(|(name, _)| name.as_str()));
                meant = near.map(named).unwrap_or_default();
            }
            if !meant.is_empty() {
                let meant = ContextValue::Strings(meant);
                error.insert(ContextKind::SuggestedSubcommand, meant);
            }
        }
        error
    })
}

/// Every command by its name, with all words that lead to it.
fn places(command: &Command, before: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for below in command.get_subcommands() {
        let name = below.get_name().to_owned();
        let place = format!("{before}{name}");
        all.extend(places(below, &format!("{place} ")));
        all.push((name, place));
    }
    all
}

/// What is wrong, in the words of the command line.
pub(super) fn title(kind: &Kind) -> String {
    match kind {
        Kind::Data(BadData::Lacks { choice, what }) => {
            let option = match *choice {
                "weights" => "--weights file",
                "dedupe by id" => "--dedupe id",
                "dedupe by window" => "--dedupe window",
                _ => "--events root",
            };
            format!("`{option}` does not apply: its rows have no {what}")
        }
        Kind::Value(BadValue::Twice {
            field: "axes",
            value,
        }) => format!("`{value}` stands twice in `--set`"),
        kind => kind.to_string(),
    }
}

/// What may help: the option or the command that does, or what the library says, with the name of
/// the log that it is about.
pub(super) fn help(fault: &Fault) -> Option<String> {
    let own = match &fault.kind {
        Kind::File(bad) => of_file(bad),
        Kind::Event(BadEvent::Illegal {
            occasion: Occasion::Retracting,
            ..
        }) => Some("retract it first, or with it: `log retract --cascade`"),
        Kind::Log(bad) => of_log(bad),
        Kind::Scenario(bad) => of_scenario(bad),
        Kind::Ensemble(bad) => of_ensemble(bad),
        Kind::Data(bad) => of_data(bad),
        _ => None,
    };
    let own = own.map(str::to_owned);
    let own = own.or_else(|| of_question(&fault.kind));
    let own = own.or_else(|| of_row(&fault.kind));
    let help = own.or_else(|| fault.kind.help())?;
    let file = fault.place.file.as_deref().unwrap_or_default();
    if file.is_empty() {
        return Some(help);
    }
    let of_table = |help: &str, table: &Path| {
        help.replace("game.jsonl", &word(&table.with_extension("jsonl")))
            .replace("game.csv", &word(table))
    };
    let file = Path::new(file);
    Some(match &fault.kind {
        Kind::Log(BadLog::Accident { .. } | BadLog::BeginsWithZero { .. }) => {
            help.replace("LOG", &word(file))
        }
        Kind::Log(BadLog::IsATable) => of_table(&help, file),
        Kind::Scenario(BadScenario::BaseIsATable { file: table, .. }) => {
            of_table(&help, &file.with_file_name(table))
        }
        _ => help,
    })
}

/// A path as a shell takes it as one word, and no program as an option.
fn word(path: &Path) -> String {
    let path = path.display().to_string();
    let dash = if path.starts_with('-') { "./" } else { "" };
    quoted(&format!("{dash}{path}"))
}

fn of_row(kind: &Kind) -> Option<String> {
    let Kind::Log(BadLog::RowChanged {
        id, log: Some(log), ..
    }) = kind
    else {
        return None;
    };
    Some(format!(
        "where this mends that event: `detente log retract {} {id}`, and append the table again, \
         or, while the log is yours alone, remove the log and append everything anew; else give \
         it an id of its own",
        word(Path::new(log))
    ))
}

fn of_question(kind: &Kind) -> Option<String> {
    match kind {
        Kind::Question(BadQuestion::OutsideWindow { day, to, .. }) if day > to => Some(format!(
            "--to {day} goes on until that day, on which nothing more has happened"
        )),
        Kind::Question(BadQuestion::OutsideWindow { day, .. }) => {
            Some(format!("--from {day} begins on that day"))
        }
        _ => None,
    }
}

const fn of_file(bad: &BadFile) -> Option<&'static str> {
    match bad {
        BadFile::Empty => Some("a log has one event a line; `detente log append` writes one"),
        BadFile::Outside => Some("copy it into that folder, or allow it with --allow-outside"),
        BadFile::AlreadyThere | BadFile::FolderThere => {
            Some("--overwrite puts the new one in its place")
        }
        _ => None,
    }
}

const fn of_log(bad: &BadLog) -> Option<&'static str> {
    match bad {
        BadLog::NotALog => Some(
            "a log has one event a line, each with its number and chain; \
             `detente log append` makes one of events",
        ),
        BadLog::IsATable => {
            Some("`detente log append game.jsonl game.csv` makes a log of such a table")
        }
        BadLog::NoEvents => Some(
            "an event is a JSON object, which `detente schema event` describes, or a row of a \
             table under a header such as id,date,act,source,target,title, which `detente log \
             template` writes",
        ),
        BadLog::IdTaken { line: Some(_), .. } => Some(
            "where this mends that event: retract it with `detente log retract` and append it \
             under another id, or, while the log is yours alone, remove the log and append \
             everything anew; else give it an id of its own",
        ),
        BadLog::NoChain | BadLog::WrongSeq { found: None, .. } => Some(
            "only `detente log append` writes lines of a log; \
             it fills in `seq`, `recorded` and `chain`",
        ),
        BadLog::RecordedBeforeLast { bring: 0, .. } => {
            Some("`recorded` never decreases; `--recorded` gives another day")
        }
        BadLog::IsAScenario => {
            Some("`detente run` plays it, and `detente run --log` saves it as a log")
        }
        _ => None,
    }
}

const fn of_scenario(bad: &BadScenario) -> Option<&'static str> {
    match bad {
        BadScenario::IsALog => Some(
            "`detente replay` and `detente compare` take it; `detente new` writes a scenario \
             that leaves the recorded history, or with --base another log",
        ),
        BadScenario::KnownOnNoDay => {
            Some("--as-known-on is for logs; `run --log` saves the branch as one")
        }
        BadScenario::TooManyBases { .. } => {
            Some("save a branch with `run --log` and take that as the base")
        }
        BadScenario::BaseIsATable { is_coded: true, .. } => {
            Some("`detente import` makes a log of such data; take that as the base")
        }
        BadScenario::BaseIsATable { .. } => Some(
            "`detente log append game.jsonl game.csv` makes a log of it; take that as the base",
        ),
        BadScenario::SameGolden { .. } => {
            Some("test them one at a time, each with `--snapshots` of its own")
        }
        _ => None,
    }
}

const fn of_ensemble(bad: &BadEnsemble) -> Option<&'static str> {
    match bad {
        BadEnsemble::NotAPart { .. } => Some("`detente ensemble --shard K/M -o FILE` writes one"),
        BadEnsemble::NotATree { .. } | BadEnsemble::TreeTooLarge { .. } => {
            Some("without `--exact` an ensemble draws, and gives intervals")
        }
        BadEnsemble::TooManyCells { .. } => {
            Some("`--dyad` picks some dyads; an earlier `until` has fewer months")
        }
        BadEnsemble::TooManyPoints {
            format: Some(_), ..
        } => Some("`--format csv` streams and takes more"),
        _ => None,
    }
}

const fn of_data(bad: &BadData) -> Option<&'static str> {
    match bad {
        BadData::MalformedRow { .. } => Some("without --strict it is left out and counted"),
        BadData::Saturates => Some(
            "--model goldstein-decay is the model for machine-coded data; \
             --set saturation=false takes the bounds off another",
        ),
        BadData::ModelWeights => Some(
            "`--weights icews` takes them from the table as ICEWS publishes it, \
             `--weights gdelt` as GDELT does, `--weights file` from the rows",
        ),
        _ => None,
    }
}
