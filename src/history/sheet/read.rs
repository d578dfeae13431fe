//! A whole sheet read: header, rows, and everything that is wrong with any.

use super::row::{Given, Wrong, event};
use super::shape::{Field, fields};
use super::table::{Cell, Malformed, Rows};
use crate::error::{BadEvent, BadLog, BadTable, Error, Fault, Kind, Result};
use crate::history::line::codec::{FAULT_LIMIT, LINE_LIMIT, fits};
use crate::history::line::form::is_name;
use crate::history::line::record::Record;
use crate::history::line::written::{Columns, Row, Written, read_written};
use crate::json::Span;
use crate::model::{Code, Day, nearest};
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

/// How many columns a table must name for it to be one of events, whatever else it holds.
const KNOWN_COLUMNS: usize = 2;
/// What can stand between the columns of a table.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];
/// Columns without which no row is an event.
const ALWAYS: [&str; 2] = ["date", "act"];
/// How a file begins that is no text, and what it is then.
const OTHERS: [(&[u8], &str); 4] = [
    (
        b"PK\x03\x04",
        "a packed file, such as a workbook of a spreadsheet",
    ),
    (b"\xd0\xcf\x11\xe0", "a workbook of an old spreadsheet"),
    (b"\xff\xfe", "text in UTF-16"),
    (b"\xfe\xff", "text in UTF-16"),
];

/// Reads the events that a person wrote: JSON, or a table with a header (comma, semicolon or tab
/// between the columns).
///
/// # Errors
/// Every mistake of every event; nothing is taken if there is one.
pub fn read_events(bytes: &[u8]) -> Result<Vec<Written<'_>>> {
    if let Some((_, found)) = OTHERS.iter().find(|(begin, _)| bytes.starts_with(begin)) {
        return Err(BadTable::NotText { found }.into());
    }
    if !is_sheet(bytes) {
        return read_written(bytes);
    }
    let text = without_mark(bytes);
    let known = fields();
    // Letters that are no UTF-8 are told of where they stand; the header is read for all that.
    let head = String::from_utf8_lossy(&text[..text.len().min(LINE_LIMIT)]);
    let Some(layout) = Layout::of(&head, &known) else {
        let found = head.trim_start().lines().next().unwrap_or_default().trim();
        let is_between = |letter: char| !letter.is_alphanumeric() && letter != '_';
        let words: Vec<_> = found
            .split(is_between)
            .filter(|it| !it.is_empty())
            .collect();
        let is_known = |word: &&&str| known.iter().any(|field| field.name == name(word));
        let headings = words.iter().filter(is_known).count();
        if headings >= KNOWN_COLUMNS && headings * 2 >= words.len() {
            let found = found.to_owned();
            return Err(Fault::on_line(1, BadTable::OneColumn { found }).into());
        }
        return read_written(bytes);
    };
    let text =
        std::str::from_utf8(text).map_err(|error| Error::from(Fault::not_utf8(text, 1, error)))?;
    Sheet::new(text, &known, layout).read()
}

/// Whether events that a person wrote are no JSON, which begins with a brace or a bracket.
#[must_use]
pub fn is_sheet(bytes: &[u8]) -> bool {
    let mut text = without_mark(bytes).iter();
    let first = text.find(|byte| !byte.is_ascii_whitespace());
    !matches!(first, Some(b'{' | b'[') | None)
}

/// Bytes behind the mark of their order, where there is one.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// Where a table's header begins, and what stands between its columns.
#[derive(Clone, Copy)]
struct Layout {
    begin: usize,
    separator: u8,
}

impl Layout {
    /// The layout in which a text is a table of events, if it is one.
    fn of(text: &str, known: &[Field]) -> Option<Self> {
        let mut begin = text.len() - text.trim_start().len();
        let rest = &text[begin..];
        if let Some(line) = rest.lines().next()
            && line.starts_with("sep=")
        {
            begin += line.len();
            begin += text[begin..].len() - text[begin..].trim_start().len();
        }
        let named = |separator: u8| {
            let header = Rows::new(text, begin, separator).next();
            let cells = header.and_then(std::result::Result::ok).unwrap_or_default();
            let is_known = |cell: &&Cell<'_>| {
                let name = name(&cell.text);
                known.iter().any(|field| field.name == name)
            };
            cells.iter().filter(is_known).count()
        };
        let best = SEPARATORS
            .into_iter()
            .rev()
            .max_by_key(|separator| named(*separator))?;
        if named(best) >= KNOWN_COLUMNS {
            return Some(Self {
                begin,
                separator: best,
            });
        }
        let cells = |separator: &u8| cells_of_a_table(&text[begin..], *separator);
        let separator = SEPARATORS.into_iter().rev().max_by_key(cells)?;
        (cells(&separator) > 0).then_some(Self { begin, separator })
    }
}

/// How many columns a text has that looks like a table, whatever its header says: the first two
/// lines have as many cells, three or more, and the first of them are short words. Else none.
fn cells_of_a_table(text: &str, separator: u8) -> usize {
    const LEAST_CELLS: usize = 3;
    const LONGEST_HEADING: usize = 30;
    let rows: Vec<Vec<&str>> = text
        .lines()
        .take(2)
        .map(|line| line.split(char::from(separator)).collect())
        .collect();
    let [header, first] = &rows[..] else {
        return 0;
    };
    let is_heading = |cell: &&str| !cell.trim().is_empty() && cell.len() <= LONGEST_HEADING;
    let is_table =
        header.len() >= LEAST_CELLS && first.len() == header.len() && header.iter().all(is_heading);
    if is_table { header.len() } else { 0 }
}

/// The name of a field as people head a column: in any case, with blanks or hyphens.
fn name(heading: &str) -> String {
    heading.trim().to_lowercase().replace([' ', '-'], "_")
}

/// The id of an event that brings none: its act and its date.
#[must_use]
pub fn made_id(act: Option<&str>, date: Option<&str>) -> String {
    let act = act.unwrap_or("event").replace('_', "-");
    format!("{act}-{}", date.unwrap_or("undated"))
}

struct Sheet<'a, 'f> {
    text: &'a str,
    known: &'f [Field],
    layout: Layout,
    /// The field of each column; none where the header says none that there is.
    columns: Vec<Option<&'f Field>>,
    /// Whether there is a heading over each column.
    headings: Vec<bool>,
    /// The fields that headings which are none were most likely meant to be.
    meant: HashSet<&'f str>,
    faults: Vec<(Span, Kind)>,
}

impl<'a, 'f> Sheet<'a, 'f> {
    fn new(text: &'a str, known: &'f [Field], layout: Layout) -> Self {
        Self {
            text,
            known,
            layout,
            columns: Vec::new(),
            headings: Vec::new(),
            meant: HashSet::new(),
            faults: Vec::new(),
        }
    }

    fn read(mut self) -> Result<Vec<Written<'a>>> {
        let mut rows = Rows::new(self.text, self.layout.begin, self.layout.separator);
        if let Some(Ok(header)) = rows.next() {
            self.header(&header);
        }
        let mut read = Vec::new();
        for row in rows {
            match row {
                Err(malformed) => self.malformed(malformed),
                Ok(cells) if cells.iter().all(|cell| cell.text.is_empty()) => {}
                Ok(cells) => read.push(cells),
            }
        }
        let ids = self.ids(&read);
        let columns = self.columns.iter().copied();
        let names = columns.map(|field| field.map(|field| field.name.clone()));
        let names: Columns = Rc::new(names.collect());
        let mut written = Vec::new();
        for (cells, id) in read.into_iter().zip(ids) {
            if let Some(record) = self.record(&cells, id.as_deref()) {
                let spans = cells.into_iter().map(|cell| cell.span).collect();
                let row = Row::new(self.text, Rc::clone(&names), spans);
                written.push(Written::in_row(record, row));
            }
        }
        let faults = self.faults;
        if written.is_empty() && faults.is_empty() {
            return Err(BadLog::NoEvents.into());
        }
        Error::in_text(self.text, faults, FAULT_LIMIT)?;
        Ok(written)
    }

    fn header(&mut self, header: &[Cell<'a>]) {
        let mut seen = HashSet::new();
        for cell in header {
            self.headings.push(!cell.text.is_empty());
            let name = name(&cell.text);
            let field = self.known.iter().find(|field| field.name == name);
            let is_twice = field.is_some_and(|field| !seen.insert(&*field.name));
            if is_twice {
                let kind = BadTable::ColumnTwice { name }.into();
                self.faults.push((cell.span.clone().into(), kind));
                self.columns.push(None);
                continue;
            }
            if field.is_none() && !cell.text.is_empty() {
                let known = self.known.iter().map(|field| field.name.as_str());
                let near = nearest(&name, known);
                let kind = BadTable::UnknownColumn {
                    found: cell.text.to_string(),
                    near: near.map(str::to_owned),
                };
                let kind = kind.into();
                self.faults.push((cell.span.clone().into(), kind));
                self.meant.extend(near);
            }
            self.columns.push(field);
        }
        for column in ALWAYS {
            if let Some(first) = header.first()
                && self.column(column).is_none()
                && !self.is_misspelt(column)
            {
                let last = header.last().unwrap_or(first);
                let span = first.span.start..last.span.end;
                let kind = BadTable::MissingColumn { column }.into();
                self.faults.push((span.into(), kind));
            }
        }
    }

    /// The place of the column that gives a field.
    fn column(&self, name: &str) -> Option<usize> {
        let mut columns = self.columns.iter().copied();
        columns.position(|field| field.is_some_and(|field| field.name == name))
    }

    fn is_misspelt(&self, name: &str) -> bool {
        self.meant.contains(name)
    }

    fn malformed(&mut self, malformed: Malformed) {
        let (span, kind) = malformed.told();
        self.faults.push((span.into(), kind.into()));
    }

    /// The id of each row that brings none: its act and its date, and a number from the second of
    /// them on.
    fn ids(&self, rows: &[Vec<Cell<'a>>]) -> Vec<Option<String>> {
        let [id, act, date] = ["id", "act", "date"].map(|name| self.column(name));
        let text = |cells: &'_ [Cell<'a>], column: Option<usize>| {
            let cell = cells.get(column?)?;
            (!cell.text.is_empty()).then(|| cell.text.to_string())
        };
        let mut taken: HashSet<_> = rows.iter().filter_map(|cells| text(cells, id)).collect();
        // The next number of each id that was made before.
        let mut numbers: HashMap<String, u64> = HashMap::new();
        let mut made = |cells: &Vec<Cell<'a>>| {
            if text(cells, id).is_some() {
                return None;
            }
            let act = text(cells, act).filter(|act| is_name(act));
            let date = text(cells, date).filter(|date| date.parse::<Day>().is_ok());
            let base = made_id(act.as_deref(), date.as_deref());
            let next = numbers.entry(base.clone()).or_insert(1);
            loop {
                let name = match *next {
                    1 => base.clone(),
                    number => format!("{base}-{number}"),
                };
                *next += 1;
                if taken.insert(name.clone()) {
                    return Some(name);
                }
            }
        };
        rows.iter().map(&mut made).collect()
    }

    fn record(&mut self, cells: &[Cell<'a>], made_id: Option<&str>) -> Option<Record> {
        let mut given = Vec::new();
        let mut of = Vec::new();
        for (place, cell) in cells.iter().enumerate() {
            if let Some(field) = self.columns.get(place).copied().flatten() {
                if field.name == "code" && may_lack_zero(&cell.text) {
                    let found = cell.text.to_string();
                    self.faults.push((
                        cell.span.clone().into(),
                        BadTable::MayLackZero { found }.into(),
                    ));
                }
                if !cell.text.is_empty() {
                    given.push(Given {
                        field,
                        text: &cell.text,
                    });
                    of.push(cell);
                }
            } else if !cell.text.is_empty() && !self.headings.get(place).is_some_and(|has| *has) {
                let found = cell.text.to_string();
                self.faults.push((
                    cell.span.clone().into(),
                    BadTable::NoHeading { found }.into(),
                ));
            }
        }
        if given.is_empty() {
            return None;
        }
        let id = self.known.iter().find(|field| field.name == "id");
        if let Some((field, text)) = id.zip(made_id) {
            given.push(Given { field, text });
        }
        let wrongs = match event(&given) {
            Ok(record) if fits(&record) => return Some(record),
            Ok(_) => vec![Wrong {
                at: None,
                kind: BadLog::LineTooLong { limit: LINE_LIMIT }.into(),
            }],
            Err(wrongs) => wrongs,
        };
        for Wrong { at, kind } in wrongs {
            if self.is_told(&kind) {
                continue;
            }
            let of_given =
                at.and_then(|(place, range)| Some(within(self.text, of.get(place)?, &range)));
            let span = of_given.unwrap_or_else(|| self.place_of(&kind, cells));
            self.faults.push((span.into(), kind));
        }
        None
    }

    /// Whether the header was told of what a row lacks.
    fn is_told(&self, kind: &Kind) -> bool {
        let Kind::Event(BadEvent::MissingField { field, .. }) = kind else {
            return false;
        };
        self.is_misspelt(field) || (ALWAYS.contains(field) && self.column(field).is_none())
    }

    /// Where something is wrong that no cell says: the empty cell, or else that of the act, or the
    /// row's first.
    fn place_of(&self, kind: &Kind, cells: &[Cell<'a>]) -> Range<usize> {
        let cell = |name: &str| cells.get(self.column(name)?);
        let lacking = match kind {
            Kind::Event(BadEvent::MissingField { field, .. }) => cell(field),
            _ => None,
        };
        let filled = || cells.iter().find(|cell| !cell.text.is_empty());
        let found = lacking.or_else(|| cell("act")).or_else(filled);
        found.map_or(0..0, |cell| cell.span.clone())
    }
}

/// Whether a code of two digits may be one of three whose 0 a spreadsheet took for nothing.
fn may_lack_zero(code: &str) -> bool {
    code.len() == 2 && format!("0{code}").parse::<Code>().is_ok() && code.parse::<Code>().is_ok()
}

/// Where some bytes of a cell's text stand; where marks are doubled in it, the whole cell.
fn within(text: &str, cell: &Cell<'_>, range: &Range<usize>) -> Range<usize> {
    let is_verbatim = text.get(cell.span.clone()) == Some(&*cell.text);
    if is_verbatim {
        cell.span.start + range.start..cell.span.start + range.end
    } else {
        cell.span.clone()
    }
}
