//! The formats that there are, and which of them a file's first line is of.

pub(super) mod gdelt;
pub(super) mod icews;
pub(super) mod quadruples;
pub(super) mod table;

pub(super) mod polecat;

use super::roster::Roster;
use super::row::Reader;
use gdelt::Gdelt;
use icews::Icews;
use polecat::Polecat;
use quadruples::Quadruples;
use std::fmt;
use std::sync::Arc;
use table::{MissingColumns, Table, TableForm};

/// A format of event data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// GDELT 1.0 and 2.0.
    Gdelt,
    /// Raw ICEWS.
    Icews,
    /// Benchmarks made of ICEWS, with texts in place of codes.
    IcewsQuadruples,
    /// POLECAT.
    Polecat,
    /// A plain table.
    Csv,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Gdelt,
        Self::Icews,
        Self::IcewsQuadruples,
        Self::Polecat,
        Self::Csv,
    ];

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gdelt => "gdelt",
            Self::Icews => "icews",
            Self::IcewsQuadruples => "icews-quadruples",
            Self::Polecat => "polecat",
            Self::Csv => "csv",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.name())
    }
}

/// Why no reader takes a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// Its first line is of another format than it was said to be, of one of these or of none.
    Other(Option<Format>),
    /// It is a table without some columns.
    Columns(MissingColumns),
}

/// A reader for a file by its first line, of the format that it is said to be or of any.
///
/// # Errors
/// Why there is none.
pub fn reader(
    first: &[u8],
    said: Option<Format>,
    form: &TableForm,
    roster: &Arc<Roster>,
) -> Result<(Format, Box<dyn Reader>), Unread> {
    let mut missing = None;
    let mut found = None;
    for format in Format::ALL {
        let reader: Option<Box<dyn Reader>> = match format {
            Format::Gdelt => gdelt::recognise(first).map(|columns| {
                let gdelt: Box<dyn Reader> =
                    Box::new(Gdelt::new(Arc::clone(roster), columns, form.codes));
                gdelt
            }),
            Format::Icews => boxed(Icews::recognise(first, form.codes, roster)),
            Format::Polecat => boxed(Polecat::recognise(first, roster)),
            Format::IcewsQuadruples => {
                let quadruples = || Quadruples::new(Arc::clone(roster));
                boxed(quadruples::recognise(first).then(quadruples))
            }
            Format::Csv => match Table::begin(first, form, roster) {
                Ok(table) => boxed(Some(table)),
                Err(columns) => {
                    missing = Some(columns);
                    None
                }
            },
        };
        match reader {
            Some(reader) if said.is_none_or(|said| said == format) => return Ok((format, reader)),
            Some(_) if found.is_none() => found = Some(format),
            Some(_) | None => {}
        }
    }
    match missing {
        Some(columns) if said == Some(Format::Csv) => Err(Unread::Columns(columns)),
        _ => Err(Unread::Other(found)),
    }
}

fn boxed<R: Reader + 'static>(reader: Option<R>) -> Option<Box<dyn Reader>> {
    reader.map(|reader| {
        let reader: Box<dyn Reader> = Box::new(reader);
        reader
    })
}
