//! Events as a person writes them, to be appended to a log.

use super::codec::{FAULT_LIMIT, LINE_LIMIT, fits};
use super::explain::{Piece, record_of, utf8};
use super::form::{Misfit, check};
use super::packing::Packing;
use super::record::{Draft, Record};
use crate::error::{BadLog, Error, Fault, Kind, Place, Result};
use crate::json::{self, Dialect, Flaw, Span};
use serde::de::IgnoredAny;
use std::ops::Range;
use std::rc::Rc;

/// A record that a person wrote, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Written<'a> {
    /// The record.
    pub record: Record,
    whence: Whence<'a>,
}

/// Where a record was written.
#[derive(Clone, Debug, PartialEq)]
enum Whence<'a> {
    Nowhere,
    Json(Piece<'a>),
    Table(Row<'a>),
}

/// The names of the fields that a table's columns give; none for a column that gives none.
pub(in crate::history) type Columns = Rc<Vec<Option<String>>>;

/// A row of a table.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::history) struct Row<'a> {
    table: &'a str,
    columns: Columns,
    cells: Vec<Range<usize>>,
}

impl<'a> Row<'a> {
    /// A row by the bytes of its cells.
    pub(in crate::history) const fn new(
        table: &'a str,
        columns: Columns,
        cells: Vec<Range<usize>>,
    ) -> Self {
        Self {
            table,
            columns,
            cells,
        }
    }

    /// Where the first of some fields stands that the row fills, or where the row begins.
    fn place(&self, fields: &[&str]) -> Place {
        let cell = |name: &&str| {
            let mut columns = self.columns.iter();
            let column = columns.position(|column| column.as_deref() == Some(*name))?;
            self.cells.get(column).filter(|cell| !cell.is_empty())
        };
        let cell = fields.iter().find_map(cell).or_else(|| self.cells.first());
        let span = cell.cloned().unwrap_or_default();
        Place::of(self.table, 1, span.into())
    }
}

impl<'a> Written<'a> {
    /// A record that a row of a table holds.
    pub(in crate::history) const fn in_row(record: Record, row: Row<'a>) -> Self {
        Self {
            record,
            whence: Whence::Table(row),
        }
    }
}

impl Written<'_> {
    /// An event that was made in code.
    ///
    /// # Errors
    /// Everything that is wrong with its form.
    pub fn of(draft: Draft) -> Result<Self> {
        let of_misfits = |misfits: Vec<Misfit>| {
            let faults = misfits.into_iter().map(|misfit| Fault::from(misfit.kind));
            Error::of(faults.collect(), FAULT_LIMIT)
        };
        check(draft).map(Self::by_nobody).map_err(of_misfits)
    }

    /// A record that no one wrote.
    #[must_use]
    pub const fn by_nobody(record: Record) -> Self {
        Self {
            record,
            whence: Whence::Nowhere,
        }
    }

    /// Where a field of it stands, or its id; nowhere for a record that no one wrote.
    #[must_use]
    pub fn place(&self, field: &'static str) -> Place {
        let piece = match &self.whence {
            Whence::Nowhere => return Place::default(),
            Whence::Table(row) => return row.place(&[field, "id", "act", "date"]),
            Whence::Json(piece) => piece,
        };
        let tree = json::read::<IgnoredAny>(piece.text(), Dialect::Strict).tree;
        let value = tree.value(&[field.into()]);
        let span = value.or_else(|| tree.value(&["id".into()]));
        piece.place(span.unwrap_or(Span { start: 0, end: 1 }))
    }

    /// What is wrong with a field of it.
    pub(in crate::history) fn fault(&self, field: &'static str, kind: impl Into<Kind>) -> Fault {
        let (place, kind) = (self.place(field), kind.into());
        Fault { place, kind }
    }
}

/// Reads the events of an input: JSON Lines, one JSON object over any number of lines, several of
/// them one after the other, or a list of them.
///
/// # Errors
/// Every mistake of every event; nothing is taken if there is one.
pub fn read_written(bytes: &[u8]) -> Result<Vec<Written<'_>>> {
    let whole = utf8(bytes, 1).map_err(|fault| Error::from(*fault))?;
    // A batch may be long.
    let (mut records, mut whences) = (Packing::default(), Vec::new());
    let mut faults: Vec<(Span, Kind)> = Vec::new();
    for part in parts(whole) {
        let piece = match part {
            Ok(range) => Piece {
                whole,
                range,
                first_line: 1,
            },
            Err(flaw) => {
                faults.push(flaw.into());
                continue;
            }
        };
        let mut wrong = |span: Span, kind| {
            let [start, end] = [span.start, span.end].map(|at| at + piece.range.start);
            faults.push((Span { start, end }, kind));
        };
        match record_of(piece.text()) {
            Ok(record) if !fits(&record) => {
                let kind = BadLog::LineTooLong { limit: LINE_LIMIT }.into();
                wrong(Span { start: 0, end: 1 }, kind);
            }
            Ok(record) => {
                records.push(record);
                whences.push(Whence::Json(piece));
            }
            Err(flaws) => flaws.into_iter().for_each(|(span, kind)| wrong(span, kind)),
        }
    }
    if whences.is_empty() && faults.is_empty() {
        return Err(BadLog::NoEvents.into());
    }
    Error::in_text(whole, faults, FAULT_LIMIT)?;
    let written = |(record, whence)| Written { record, whence };
    Ok(records
        .finish()
        .into_iter()
        .zip(whences)
        .map(written)
        .collect())
}

/// The bytes of each event in a text.
pub(crate) fn parts(text: &str) -> Vec<Result<Range<usize>, Flaw>> {
    let mut offset = text.len() - text.trim_start().len();
    if text[offset..].starts_with('[') {
        return elements(text);
    }
    let mut parts = Vec::new();
    while offset < text.len() {
        let rest = &text[offset..];
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<IgnoredAny>();
        let begin = offset + (rest.len() - rest.trim_start().len());
        match values.next() {
            Some(Ok(_)) => {
                offset += values.byte_offset();
                parts.push(Ok(begin..offset));
            }
            // What is not JSON ends where a line begins another event.
            Some(Err(_)) => {
                let end = text[begin..]
                    .find("\n{")
                    .map_or(text.len(), |newline| begin + newline);
                parts.push(Ok(begin..end));
                offset = end;
            }
            None => break,
        }
    }
    parts
}

fn elements(text: &str) -> Vec<Result<Range<usize>, Flaw>> {
    let reading = json::read::<Vec<IgnoredAny>>(text, Dialect::Strict);
    let flaws = reading.flaws.into_iter().map(Err);
    let element = |place: usize| {
        let span = reading.tree.value(&[place.into()])?;
        Some(Ok(span.start..span.end))
    };
    flaws.chain((0..).map_while(element)).collect()
}
