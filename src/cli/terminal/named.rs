//! `--dyad` with names in the place of codes: those of states, and those that the logs of the same
//! command give to their actors. The rest of the command line sees codes only.

use crate::history::Names;
use crate::model::{Actor, Dyad};
use crate::store;
use std::cell::OnceCell;
use std::ffi::{OsStr, OsString};
use std::path::Path;

const OPTION: &str = "--dyad";

/// The arguments with the codes of each dyad whose actors were named. What names nobody stays as it
/// is, and is refused where it is read.
pub(in crate::cli) fn with_codes(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let given: Vec<_> = arguments.into_iter().collect();
    let histories = OnceCell::new();
    let called = || histories.get_or_init(|| names_of(&given));
    let coded = |text: &str| -> Option<OsString> {
        let is_code = text.parse::<Dyad>().is_ok();
        let dyad = (!is_code).then(|| found(text, called)).flatten()?;
        Some(dyad.to_string().into())
    };
    let mut is_value = false;
    let mut arguments = Vec::with_capacity(given.len());
    for argument in &given {
        let text = argument.to_str();
        let joined = text.and_then(|text| text.strip_prefix(OPTION)?.strip_prefix('='));
        let anew = match joined {
            Some(text) => coded(text).map(|dyad| {
                let mut option = OsString::from(OPTION);
                option.push("=");
                option.push(dyad);
                option
            }),
            None => text.filter(|_| is_value).and_then(coded),
        };
        is_value = !is_value && argument == OPTION;
        arguments.push(anew.unwrap_or_else(|| argument.clone()));
    }
    arguments
}

/// What the logs and scenarios among some arguments call their actors.
fn names_of(arguments: &[OsString]) -> Names {
    let is_history = |argument: &&OsString| {
        let text = argument.to_str().unwrap_or_default();
        !text.starts_with('-')
            && (crate::history::shipped(text).is_some() || Path::new::<OsStr>(argument).is_file())
    };
    let read = arguments.iter().skip(1).filter(is_history);
    let histories = read.filter_map(|path| store::history(Path::new(path)).ok());
    histories.fold(Names::default(), |all, history| all.and(history.names()))
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
