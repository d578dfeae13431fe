//! Names in event data: which actors a table says they stand for, and which of them nobody was
//! found for.

use crate::cli::args::EventData;
use crate::cli::terminal::input;
use crate::cli::terminal::output::Output;
use crate::error::{BadData, Error, Result};
use crate::exchange::{ActorsMap, Unmatched};
use crate::model::Actor;
use crate::store::{Outputs, Replace, WholeFile};
use crate::text::{count, cut, shown};
use crate::view::not_a_formula;
use std::fmt::Write;
use std::io;
use std::path::Path;

/// The table of names of a file.
pub(super) fn map(path: &Path, output: &mut Output) -> Result<ActorsMap> {
    let text = input::text(path)?;
    let name = path.display().to_string();
    let map = ActorsMap::read(&text).map_err(|error| error.in_file(&name))?;
    if map.is_empty() {
        output.note(&format!(
            "warning: {}: no name in it has an actor",
            shown(&name)
        ));
    } else {
        let unfilled = match map.unfilled() {
            0 => String::new(),
            unfilled => format!("; {unfilled} without an actor are left aside"),
        };
        output.note(&format!(
            "{}: actors of {}{unfilled}",
            shown(&name),
            count(map.len() as u64, "name")
        ));
    }
    let nameless: Vec<_> = map.nameless().iter().map(Actor::to_string).collect();
    if !nameless.is_empty() {
        output.note(&format!(
            "note: {}: no actor has the code {}: it is an invented one",
            shown(&name),
            nameless.join(", nor ")
        ));
    }
    Ok(map)
}

/// Where the names go that no actor was found for, begun before anything is read.
pub(super) struct Unnamed<'a>(Option<(WholeFile, &'a Path)>);

impl<'a> Unnamed<'a> {
    pub(super) fn begin(data: &'a EventData, overwrite: bool) -> Result<Self> {
        let path = data.unmatched.as_deref();
        let file = path.map(|path| {
            WholeFile::create(path, Replace::Asked(overwrite)).map(|file| (file, path))
        });
        Ok(Self(file.transpose()?))
    }

    /// That no row is used, behind the names, of which there may be any.
    ///
    /// # Errors
    /// That, or that they cannot be written.
    pub(super) fn of_no_rows(self, unmatched: &Unmatched) -> Error {
        let mut outputs = Outputs::default();
        let written = self.write(unmatched, &mut outputs);
        let written = written.and_then(|()| outputs.finish());
        written.err().unwrap_or_else(|| BadData::NoRows.into())
    }

    /// Writes all of them, as one of all outputs.
    pub(super) fn write(self, unmatched: &Unmatched, outputs: &mut Outputs) -> Result<()> {
        let Some((mut file, path)) = self.0 else {
            return Ok(());
        };
        let written = (|| -> io::Result<()> {
            let mut lines = csv::Writer::from_writer(&mut file);
            lines.write_record(["name", "actor", "rows", "why", "first", "last"])?;
            for (name, counted) in unmatched.ranked() {
                lines.write_record([
                    not_a_formula(name.to_owned()),
                    String::new(),
                    counted.rows.to_string(),
                    counted.reason.words().to_owned(),
                    counted.first.to_string(),
                    counted.last.to_string(),
                ])?;
            }
            lines.flush()
        })();
        written.map_err(Error::io("write", path))?;
        outputs.add(file);
        Ok(())
    }
}

/// Says the first of the names that no actor was found for.
pub(super) fn tell(unmatched: &Unmatched, are_listed: bool, output: &mut Output) {
    /// How many are named.
    const NAMED: usize = 10;
    /// How many characters of a name are shown.
    const SHOWN: usize = 60;
    if unmatched.is_empty() {
        return;
    }
    let ranked = unmatched.ranked();
    let mut text = format!(
        "{} without an actor, by rows left out:",
        count(ranked.len() as u64, "name")
    );
    for (name, counted) in ranked.iter().take(NAMED) {
        let name = cut(&shown(name), SHOWN);
        let _ = write!(text, "\n{:>9}  {name}", counted.rows);
    }
    if ranked.len() > NAMED && !are_listed {
        let _ = write!(
            text,
            "\n{:>9}  more: --unmatched FILE lists them all",
            ranked.len() - NAMED
        );
    }
    if unmatched.one_in() > 1 {
        let _ = write!(
            text,
            "\nwarning: there are more names than are kept: one in {} is counted, whichever its digest says, and a frequent one may be missing; give fewer files at a time",
            unmatched.one_in()
        );
    }
    output.note(&text);
}
