//! `detente cite`: how an index or a log was made, for a section on methods, with references.

use super::deposit::MANIFEST;
use crate::cli::args::{Cite, CiteFormat};
use crate::cli::terminal::input;
use crate::cli::terminal::kinds::kind_of;
use crate::cli::terminal::output::{Outcome, Output};
use crate::error::{BadData, BadFile, Error, Result};
use crate::history::FAULT_LIMIT;
use crate::store::digest;
use crate::text::shown_in_lines;
use crate::view::{CRATE_METADATA, Cited, described};
use std::path::Path;

pub(crate) fn run(arguments: &Cite, output: &mut Output) -> Result<Outcome> {
    let given = &arguments.manifest;
    let path = if given.is_dir() {
        &given.join(MANIFEST)
    } else {
        given
    };
    let text = input::text(path)?;
    let name = path.display().to_string();
    if !Cited::is_one(&text)
        && let Some((is, help)) = kind_of(&text)
    {
        let says = format!("this is no manifest of event data, but {is}");
        let help = format!("index, import, fit and validate write one with --manifest; {help}");
        return Err(Error::from(BadData::other(says, help)).in_file(&name));
    }
    let cited = Cited::read(&text).map_err(|error| error.in_file(&name))?;
    if given.is_dir() {
        check(given)?;
    }
    let [methods, bibtex] = [cited.methods(), cited.bibtex()].map(|text| shown_in_lines(&text));
    output.print(match arguments.format {
        CiteFormat::Text => format!("{methods}\n{bibtex}"),
        CiteFormat::Methods => methods,
        CiteFormat::Bibtex => bibtex,
    })?;
    Ok(Outcome::Fine)
}

/// What a folder for deposit says of its files must be so, or a digest would be cited that none of
/// them has.
fn check(folder: &Path) -> Result<()> {
    let description = folder.join(CRATE_METADATA);
    let name = description.display().to_string();
    let Some(made) = described(&input::text(&description)?) else {
        let says = "this does not describe a folder that Detente made";
        let bad = BadData::other(says, "name the manifest itself");
        return Err(Error::from(bad).in_file(&name));
    };
    let wrong = made.files.iter().filter_map(|(file, expected)| {
        let path = folder.join(file);
        let error = match digest(&path) {
            Ok(found) if found == *expected => return None,
            Ok(found) => BadFile::NotAsMade {
                found,
                expected: expected.clone(),
            }
            .into(),
            Err(error) => error,
        };
        Some(error.in_file(&path.display().to_string()))
    });
    Error::all(wrong.collect(), FAULT_LIMIT)
}
