//! `detente cite`: how an index or a log was made, for a section on methods, with references.

use super::deposit::MANIFEST;
use crate::cli::args::{Cite, CiteFormat};
use crate::cli::terminal::input;
use crate::cli::terminal::kinds::{Kind, kind_of};
use crate::cli::terminal::output::{Outcome, Output};
use crate::error::{BadData, Error, Result};
use crate::text::shown_in_lines;
use crate::view::Cited;

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
        && let Some(Kind { is, help }) = kind_of(&text)
    {
        let says = format!("this is no manifest of event data, but {is}");
        let help = format!("index, import, fit and validate write one with --manifest; {help}");
        let help = Some(help);
        return Err(Error::from(BadData::Other { says, help }).in_file(&name));
    }
    let cited = Cited::read(&text).map_err(|error| error.in_file(&name))?;
    let [methods, bibtex] = [cited.methods(), cited.bibtex()].map(|text| shown_in_lines(&text));
    output.print(match arguments.format {
        CiteFormat::Text => format!("{methods}\n{bibtex}"),
        CiteFormat::Methods => methods,
        CiteFormat::Bibtex => bibtex,
    })?;
    Ok(Outcome::Fine)
}
