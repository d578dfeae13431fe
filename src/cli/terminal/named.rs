//! `--dyad` with names in the place of codes: those of states, and those that the logs of the same
//! command give to their actors. The rest of the command line sees codes only.

use crate::cli::args::Arguments;
use crate::error::{BadValue, Error, Result};
use crate::history::{FAULT_LIMIT, Names};
use crate::model::{Actor, Dyad};
use crate::store;
use crate::text::shown;
use clap::{ArgMatches, Command, CommandFactory};
use std::cell::OnceCell;
use std::ffi::OsString;
use std::path::Path;

const OPTION: &str = "--dyad";

/// The arguments with the codes of each dyad whose actors were named. What names nobody stays as it
/// is, and is refused where it is read. Where files are read for it that other files name,
/// `--allow-outside` counts from then on.
///
/// # Errors
/// When names may be those of several dyads.
pub(in crate::cli) fn with_codes(
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<Vec<OsString>> {
    let given: Vec<_> = arguments.into_iter().collect();
    let histories = OnceCell::new();
    let called = || histories.get_or_init(|| names_of(&given));
    let mut several = Vec::new();
    let anew = with_dyads(&given, |text| {
        if text.parse::<Dyad>().is_ok() {
            return None;
        }
        let dyads = called().dyads(text);
        if dyads.len() > 1 {
            let found = text.to_owned();
            let dyads = dyads.iter().map(|dyad| in_full(*dyad, called())).collect();
            several.push(BadValue::SeveralDyads { found, dyads }.into());
            return None;
        }
        let dyad = dyads.first()?;
        Some(dyad.to_string().into())
    });
    Error::all(several, FAULT_LIMIT)?;
    Ok(anew)
}

/// The codes of a dyad, and who they are.
fn in_full(dyad: Dyad, called: &Names) -> String {
    let name = |actor: Actor| shown(called.name(actor.code()).unwrap_or(actor.name()));
    let [one, other] = dyad.sides().map(name);
    format!("{dyad} ({one} and {other})")
}

/// The arguments with another value of `--dyad` wherever there is one.
fn with_dyads(
    given: &[OsString],
    mut coded: impl FnMut(&str) -> Option<OsString>,
) -> Vec<OsString> {
    let mut is_value = false;
    let mut arguments = Vec::with_capacity(given.len());
    for argument in given {
        let text = argument.to_str();
        let joined = text.and_then(|text| text.strip_prefix(OPTION)?.strip_prefix('='));
        let anew = match joined {
            Some(text) => coded(text).map(|dyad| {
                let mut option = OsString::from(OPTION);
                option.push("=");
                option.push(dyad);
                option
            }),
            None => text.filter(|_| is_value).and_then(&mut coded),
        };
        is_value = !is_value && argument == OPTION;
        arguments.push(anew.unwrap_or_else(|| argument.clone()));
    }
    arguments
}

/// What the logs and scenarios that some arguments are about call their actors.
fn names_of(arguments: &[OsString]) -> Names {
    // Whatever dyads are named, it is the rest that tells which arguments are files to read.
    let any = with_dyads(arguments, |_| Some("RUS-USA".into()));
    let command = Arguments::command();
    let Ok(matches) = command.clone().try_get_matches_from(any) else {
        return Names::default();
    };
    if matches.get_flag("allow_outside") {
        store::read_outside();
    }
    let histories = positional(&command, &matches);
    let histories = histories.iter().map(|path| store::names(Path::new(path)));
    let called = histories.filter_map(|names| names.ok());
    called.fold(Names::default(), |all, names| all.and(&names))
}

/// The arguments of a command that are no values of options.
fn positional(command: &Command, matches: &ArgMatches) -> Vec<OsString> {
    if let Some((name, matches)) = matches.subcommand()
        && let Some(command) = command.find_subcommand(name)
    {
        return positional(command, matches);
    }
    let names = command
        .get_positionals()
        .map(|known| known.get_id().as_str());
    let values = names.filter_map(|name| matches.get_raw(name));
    values.flatten().map(OsString::from).collect()
}
