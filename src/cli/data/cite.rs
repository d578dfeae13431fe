//! `detente cite`: how an index or a log was made, for a section on methods, with references.

use crate::cli::args::{Cite, CiteFormat};
use crate::cli::terminal::input;
use crate::cli::terminal::output::{Outcome, Output};
use crate::error::Result;
use crate::text::shown_in_lines;
use crate::view::Cited;

pub(crate) fn run(arguments: &Cite, output: &mut Output) -> Result<Outcome> {
    let text = input::text(&arguments.manifest)?;
    let name = arguments.manifest.display().to_string();
    let cited = Cited::read(&text).map_err(|error| error.in_file(&name))?;
    let [methods, bibtex] = [cited.methods(), cited.bibtex()].map(|text| shown_in_lines(&text));
    output.print(match arguments.format {
        CiteFormat::Text => format!("{methods}\n{bibtex}"),
        CiteFormat::Methods => methods,
        CiteFormat::Bibtex => bibtex,
    })?;
    Ok(Outcome::Fine)
}
