//! `--dyad` with names in the place of codes: those of states, and those that the logs of the same
//! command give to their actors. The rest of the command line sees codes only.

use crate::cli::args::Arguments;
use crate::history::Names;
use crate::model::{Actor, Dyad};
use crate::store;
use clap::{ArgMatches, Command, CommandFactory};
use std::cell::OnceCell;
use std::ffi::OsString;
use std::path::Path;

const OPTION: &str = "--dyad";

/// The arguments with the codes of each dyad whose actors were named. What names nobody stays as it
/// is, and is refused where it is read. Where files are read for it that other files name,
/// `--allow-outside` counts from then on.
pub(in crate::cli) fn with_codes(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let given: Vec<_> = arguments.into_iter().collect();
    let histories = OnceCell::new();
    let called = || histories.get_or_init(|| names_of(&given));
    with_dyads(&given, |text| {
        let is_code = text.parse::<Dyad>().is_ok();
        let dyad = (!is_code).then(|| found(text, called)).flatten()?;
        Some(dyad.to_string().into())
    })
}

/// The arguments with another value of `--dyad` wherever there is one.
fn with_dyads(given: &[OsString], coded: impl Fn(&str) -> Option<OsString>) -> Vec<OsString> {
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
            None => text.filter(|_| is_value).and_then(&coded),
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
    let called = histories.filter_map(Result::ok);
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

/// The dyad of two names with a hyphen between, which may stand in either of them, too.
fn found<'a>(text: &str, called: impl Fn() -> &'a Names) -> Option<Dyad> {
    let actor = |name: &str| {
        let name = name.trim();
        let is_it = |other: &str| other.to_lowercase() == name.to_lowercase();
        let by_log = || called().iter().find(|(_, other)| is_it(other));
        let by_name = || Actor::all().find(|actor| is_it(actor.name()));
        // Files are read last: an index may be of gigabytes.
        let known = name.parse().ok().or_else(by_name);
        known.or_else(|| by_log().and_then(|(code, _)| code.parse().ok()))
    };
    let mut hyphens = text.match_indices('-').map(|(place, _)| place);
    hyphens.find_map(|place| Dyad::new(actor(&text[..place])?, actor(&text[place + 1..])?))
}
