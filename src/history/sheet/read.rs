//! A whole sheet read: header, rows, and everything that is wrong with any.

use super::row::{Given, Wrong, event, pieces};
use super::shape::{Field, fields};
use super::table::{Cell, Malformed, Rows};
use crate::error::{BadEvent, BadLog, BadTable, BadValue, Error, Fault, Kind, Result};
use crate::history::described::Names;
use crate::history::line::codec::{FAULT_LIMIT, LINE_LIMIT, fits};
use crate::history::line::form::is_name;
use crate::history::line::record::Record;
use crate::history::line::written::{Columns, Row, Written, read_written};
use crate::json::Span;
use crate::model::{Act, Code, Day, nearest};
use crate::text::unseen;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

/// How many columns a table must name for it to be one of events, whatever else it holds.
const KNOWN_COLUMNS: usize = 2;
/// Among how many rows the header is looked for, where the first is none.
const CAPTION_ROWS: usize = 20;
/// What can stand between the columns of a table.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];
/// Columns without which no row is an event.
const ALWAYS: [&str; 2] = ["date", "act"];
/// The columns that nearly every sheet has.
const HEADER: [&str; 6] = ["id", "date", "act", "source", "target", "title"];
/// How a file begins that is no text in UTF-8, and what it is then; of several the first.
const OTHERS: [(&[u8], &str); 6] = [
    (
        b"PK\x03\x04",
        "a packed file, such as a workbook of a spreadsheet",
    ),
    (b"\xd0\xcf\x11\xe0", "a workbook of an old spreadsheet"),
    (b"\xff\xfe\0\0", "text in UTF-32"),
    (b"\0\0\xfe\xff", "text in UTF-32"),
    (b"\xff\xfe", "text in UTF-16"),
    (b"\xfe\xff", "text in UTF-16"),
];

/// Reads the events that a person wrote: JSON, or a table with a header (comma, semicolon or tab
/// between the columns).
///
/// # Errors
/// Every mistake of every event; nothing is taken if there is one.
pub fn read_events(bytes: &[u8]) -> Result<Vec<Written<'_>>> {
    read_events_called(bytes, Names::none())
}

/// The same, where some names are known already that may stand in the place of an actor's code.
///
/// # Errors
/// As [`read_events`].
pub fn read_events_called<'a>(bytes: &'a [u8], names: &Names) -> Result<Vec<Written<'a>>> {
    if let Some(bad) = no_text(bytes) {
        return Err(bad.into());
    }
    if !is_sheet(bytes) {
        return read_written(without_mark(bytes));
    }
    let text = without_mark(bytes);
    let known = fields();
    // Letters that are no UTF-8 are told of where they stand; the header is read for all that.
    let head = String::from_utf8_lossy(&text[..text.len().min(LINE_LIMIT)]);
    if let Some(span) = header_below(&head, &known) {
        return Err(Fault::at(&head, 1, span.into(), BadTable::HeaderBelow).into());
    }
    let first = without_header(&head, &known);
    let layout = Layout::of(&head, &known).filter(|_| first.is_none());
    let Some(layout) = layout else {
        if let Some((span, separator)) = first {
            let between = separator.to_string();
            let header = HEADER.join(&between);
            return Err(Fault::at(&head, 1, span.into(), BadTable::NoHeader { header }).into());
        }
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
        return read_written(without_mark(bytes));
    };
    let text =
        std::str::from_utf8(text).map_err(|error| Error::from(Fault::not_utf8(text, 1, error)))?;
    Sheet::new(text, &known, layout).read(names)
}

/// What a file is, where it is no text in UTF-8.
#[must_use]
pub fn no_text(bytes: &[u8]) -> Option<BadTable> {
    if !bytes.is_empty() && bytes.iter().all(|byte| *byte == 0) {
        return Some(BadTable::OnlyZeros);
    }
    begins_no_text(bytes)
}

/// The same of a file that begins with some bytes.
#[must_use]
pub fn begins_no_text(begins: &[u8]) -> Option<BadTable> {
    let known = OTHERS.iter().find(|(begin, _)| begins.starts_with(begin));
    // Letters of two or four bytes: what people write with begins with some of which one is 0.
    let by_zeros = || match begins {
        [0, 0, 0, 1..=255, ..] | [1..=255, 0, 0, 0, ..] => Some("text in UTF-32"),
        [0, 1..=255, 0, 1..=255, ..] | [1..=255, 0, 1..=255, 0, ..] => Some("text in UTF-16"),
        _ => None,
    };
    let found = known.map(|(_, found)| *found).or_else(by_zeros)?;
    let is_of_letter = |byte: &&u8| !matches!(byte, 0 | 0xff | 0xfe | b' ' | b'\r' | b'\n');
    let first = begins.iter().find(is_of_letter);
    let is_json = matches!(first, Some(b'{' | b'[' | b'/'));
    Some(BadTable::NotText { found, is_json })
}

/// Whether bytes are a table of events that lacks its header.
#[must_use]
pub fn lacks_header(bytes: &[u8]) -> bool {
    let text = without_mark(bytes);
    let head = String::from_utf8_lossy(&text[..text.len().min(LINE_LIMIT)]);
    is_sheet(bytes) && without_header(&head, &fields()).is_some()
}

/// The row of a table that names its columns, where others stand above it, of which the first names
/// none: a caption, or empty cells.
fn header_below(text: &str, known: &[Field]) -> Option<Range<usize>> {
    let begin = header_begins(text);
    let named = |row: &[Cell<'_>]| row.iter().filter(|cell| is_field(cell, known)).count();
    let found = |separator: u8| {
        let rows = Rows::new(text, begin, separator).take(CAPTION_ROWS);
        let mut rows = rows.map(std::result::Result::unwrap_or_default);
        if named(&rows.next()?) > 0 {
            return None;
        }
        let is_header = |row: &Vec<Cell<'_>>| {
            let filled = row.iter().filter(|cell| !cell.text.is_empty()).count();
            named(row) >= KNOWN_COLUMNS && named(row) * 2 >= filled
        };
        let header = rows.find(is_header)?;
        Some(header.first()?.span.start..header.last()?.span.end)
    };
    SEPARATORS.into_iter().find_map(found)
}

/// Whether a cell is the heading of a field.
fn is_field(cell: &Cell<'_>, known: &[Field]) -> bool {
    let name = name(&cell.text);
    known.iter().any(|field| field.name == name)
}

/// The first row of a table and what stands between its columns, where that row is an event already
/// and no header: no cell names a field, and one is a day or an act.
fn without_header(text: &str, known: &[Field]) -> Option<(Range<usize>, char)> {
    const LEAST_CELLS: usize = 3;
    let begin = text.len() - text.trim_start().len();
    let rows = SEPARATORS.map(|separator| {
        let row = Rows::new(text, begin, separator).next();
        let row = row.and_then(std::result::Result::ok).unwrap_or_default();
        (row, char::from(separator))
    });
    let (row, separator) = rows.into_iter().rev().max_by_key(|(row, _)| row.len())?;
    let names = |cell: &Cell<'_>| is_field(cell, known);
    let tells = |cell: &Cell<'_>| {
        let is_act = Act::ALL.iter().any(|act| act.name() == cell.text);
        is_act || cell.text.parse::<Day>().is_ok()
    };
    let is_event = row.len() >= LEAST_CELLS && !row.iter().any(names) && row.iter().any(tells);
    let (first, last) = (row.first()?.span.start, row.last()?.span.end);
    is_event.then_some((first..last, separator))
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
        let begin = header_begins(text);
        let named = |separator: u8| {
            let header = Rows::new(text, begin, separator).next();
            let cells = header.and_then(std::result::Result::ok).unwrap_or_default();
            cells.iter().filter(|cell| is_field(cell, known)).count()
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

/// Where the first row of a table begins, behind the line in which a spreadsheet says its mark.
fn header_begins(text: &str) -> usize {
    let mut begin = text.len() - text.trim_start().len();
    let rest = &text[begin..];
    if let Some(line) = rest.lines().next()
        && line.starts_with("sep=")
    {
        begin += line.len();
        begin += text[begin..].len() - text[begin..].trim_start().len();
    }
    begin
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

/// The id of an event that brings none: its act and its date, as far as they are such.
#[must_use]
pub fn made_id(act: Option<&str>, date: Option<&str>) -> String {
    let act = act.filter(|act| is_name(act)).unwrap_or("event");
    let date = date.filter(|date| date.parse::<Day>().is_ok());
    format!("{}-{}", act.replace('_', "-"), date.unwrap_or("undated"))
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
    /// What actors are called.
    names: Names,
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
            names: Names::default(),
            faults: Vec::new(),
        }
    }

    fn read(mut self, names: &Names) -> Result<Vec<Written<'a>>> {
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
        self.names = Names::given(self.own_names(&read)).and(names);
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

    /// The names that the sheet itself gives.
    fn own_names(&self, rows: &[Vec<Cell<'a>>]) -> BTreeMap<String, String> {
        let Some(column) = self.column("names") else {
            return BTreeMap::new();
        };
        let cells = rows.iter().filter_map(|cells| cells.get(column));
        let entries = cells.flat_map(|cell| pieces(&cell.text).map(|range| &cell.text[range]));
        let named = entries.filter_map(|entry| entry.split_once(':'));
        let named = named.map(|(key, name)| (key.trim().to_owned(), name.trim().to_owned()));
        named.collect()
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
            let (act, date) = (text(cells, act), text(cells, date));
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
            if let Some((at, found)) = unseen(&cell.text) {
                let span = within(self.text, cell, &(at..at + found.len_utf8()));
                self.faults
                    .push((span.into(), BadTable::Unseen { found }.into()));
            }
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
        // Of very many only the first are shown.
        let names = (self.faults.len() < 2 * FAULT_LIMIT).then_some(&self.names);
        let wrongs = match event(&given, names) {
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
            let (mut kind, mut of_given) = (kind, None);
            if let Some((place, range)) = at
                && let Some(cell) = of.get(place)
            {
                if let Kind::Value(BadValue::OtherDate { found, meant }) = kind {
                    kind = BadTable::RewrittenDate { found, meant }.into();
                }
                of_given = Some(within(self.text, cell, &range));
            }
            let span = self.lacking(&kind, cells).or(of_given);
            let span = span.unwrap_or_else(|| self.place_of(cells));
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

    /// The empty cell of a field that must be there.
    fn lacking(&self, kind: &Kind, cells: &[Cell<'a>]) -> Option<Range<usize>> {
        let Kind::Event(BadEvent::MissingField { field, .. }) = kind else {
            return None;
        };
        let cell = cells.get(self.column(field)?)?;
        Some(cell.span.clone())
    }

    /// Where something is wrong that no cell says: the act, or the row's first cell.
    fn place_of(&self, cells: &[Cell<'a>]) -> Range<usize> {
        let act = self.column("act").and_then(|column| cells.get(column));
        let filled = || cells.iter().find(|cell| !cell.text.is_empty());
        act.or_else(filled).map_or(0..0, |cell| cell.span.clone())
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The events of a sheet as JSON, or everything that is wrong with it.
    fn read(sheet: &str) -> Result<Vec<serde_json::Value>, Vec<String>> {
        let value = |written: &Written<'_>| serde_json::to_value(&*written.record.fields());
        match read_events(sheet.as_bytes()) {
            Ok(events) => Ok(events.iter().map(|event| value(event).unwrap()).collect()),
            Err(error) => Err(error.to_string().lines().map(str::to_owned).collect()),
        }
    }

    /// One field of the only event of a sheet with one more column.
    #[track_caller]
    fn field(act: &str, name: &str, text: &str) -> serde_json::Value {
        let sheet = format!("date,source,target,act,{name}\n2031-03-02,XBL,XRL,{act},\"{text}\"\n");
        let events = read(&sheet).unwrap();
        assert_eq!(events.len(), 1);
        events[0][name].clone()
    }

    /// Whether what is said of a sheet begins so, at a line and a column.
    #[track_caller]
    fn says(sheet: &str, at: (usize, usize), text: &str) {
        let says = read(sheet).unwrap_err().join("\n");
        let (line, column) = at;
        let place = format!("line {line}, column {column}: ");
        assert!(
            says.contains(&place) && says.contains(text),
            "{place}{text}\n{says}"
        );
    }

    const HEADER: &str = "date,source,target,act,title";
    const ROW: &str = "2031-03-02,XBL,XRL,statement,Words";

    #[test]
    fn a_header_is_known_by_two_names_of_fields_or_by_the_look_of_a_table() {
        let known = fields();
        let layout = |text: &str| {
            Layout::of(text, &known).map(|layout| (layout.begin, char::from(layout.separator)))
        };
        for (text, expected) in [
            ("date,act\n", Some((0, ','))),
            ("Date;Act\n", Some((0, ';'))),
            ("Scheduled-For\tACCORDING TO\n", Some((0, '\t'))),
            ("\n \ndate,act\n", Some((3, ','))),
            ("sep=;\ndate;act\n", Some((6, ';'))),
            ("sep=;\r\n\r\ndate;act\n", Some((9, ';'))),
            ("date,what\n", None),
            ("date\n", None),
            ("a;b;c,date,act\n", Some((0, ','))),
            // Nobody's names, but a table all the same.
            ("Datum,Wer,Was\n1,2,3\n", Some((0, ','))),
            ("Datum;Wer;Was\n1;2;3", Some((0, ';'))),
            ("Datum,Wer\n1,2\n", None),
            ("Datum,Wer,Was\n1,2\n", None),
            ("Datum,Wer,Was\n", None),
            ("Datum,,Was\n1,2,3\n", None),
            ("Datum, ,Was\n1,2,3\n", None),
            ("", None),
        ] {
            assert_eq!(layout(text), expected, "{text:?}");
        }
        for (length, is_table) in [(30, true), (31, false)] {
            let text = format!("{},b,c\n1,2,3\n", "a".repeat(length));
            assert_eq!(layout(&text).is_some(), is_table, "{length}");
        }
        assert_eq!(cells_of_a_table("a,b,c,d\n1,2,3,4\n5", b','), 4);
        assert_eq!(cells_of_a_table("a,b,c,d\n1,2,3,4\n5", b';'), 0);
    }

    #[test]
    fn a_header_below_a_caption_or_empty_cells_is_told_of() {
        let about = "the header must be the first row, and this row looks like it";
        says("Moves\ndate,act,source,x,y,z\n", (2, 1), about);
        // Nor is one where only some cells are those of a header by chance, or the first row names
        // fields.
        let told = read("Datum,Wer,Was,Titel,Notiz\n1,2,3,title,note\n").unwrap_err();
        assert!(!told.join("\n").contains(about), "{told:?}");
        let sheet =
            "date,act,source,title,note,caused_by\n2031-03-02,statement,XBL,title,note,reason\n";
        assert!(read(sheet).is_ok());
        for above in [
            "Moves of the game",
            ",,,,",
            "Game,Team A,v2,,",
            "Game,2031-03-01,a,,",
        ] {
            says(&format!("{above}\n{HEADER}\n{ROW}\n"), (2, 1), about);
        }
        let tabs = format!("Moves\nof it\n{HEADER}\n{ROW}\n").replace(',', "\t");
        says(&tabs, (3, 1), about);
        assert!(read(&format!("sep=,\n{HEADER}\n{ROW}\n")).is_ok());
        // A row that names fields by chance is none above which a header stands.
        let row = ROW.replace("Words", "title");
        assert!(read(&format!("{HEADER}\n{row}\n")).is_ok());
    }

    #[test]
    fn what_is_no_sheet_begins_as_json_or_holds_nothing() {
        for (text, is) in [
            ("", false),
            (" \n", false),
            ("\u{feff}", false),
            ("{", false),
            (" [1]", false),
            ("\u{feff}\n{}", false),
            ("date", true),
            ("\u{feff}date", true),
            ("\"{\"", true),
        ] {
            assert_eq!(is_sheet(text.as_bytes()), is, "{text:?}");
        }
    }

    #[test]
    fn text_that_is_not_utf_8_is_known_by_its_mark_or_by_its_zeros() {
        let json = "[{\"id\": 1}]";
        for text in ["date,act", json] {
            let wide = |bytes: &dyn Fn(u32) -> Vec<u8>, mark: &str| {
                let text = format!("{mark}{text}");
                text.chars()
                    .flat_map(|it| bytes(it.into()))
                    .collect::<Vec<u8>>()
            };
            for mark in ["", "\u{feff}"] {
                for (bytes, expected) in [
                    (
                        wide(&|it| (it as u16).to_le_bytes().to_vec(), mark),
                        "UTF-16",
                    ),
                    (
                        wide(&|it| (it as u16).to_be_bytes().to_vec(), mark),
                        "UTF-16",
                    ),
                    (wide(&|it| it.to_le_bytes().to_vec(), mark), "UTF-32"),
                    (wide(&|it| it.to_be_bytes().to_vec(), mark), "UTF-32"),
                ] {
                    let says = read_events(&bytes).unwrap_err().to_string();
                    assert!(says.contains(expected), "{says}");
                    assert_eq!(says.contains("CSV"), text != json, "{says}");
                }
            }
        }
        assert!(no_text(b"date").is_none() && no_text(b"").is_none());
    }

    #[test]
    fn json_is_read_behind_a_mark_as_a_sheet_is() {
        let event = r#"{"id": "a", "date": "2031-03-02", "act": "statement", "source": ["XBL"],"#;
        let event = format!("{event} \"target\": [\"XRL\"]}}");
        for text in [event.clone(), format!("[{event}]"), format!("\n{event}\n")] {
            let marked = format!("\u{feff}{text}");
            let [bare, marked] = [&text, &marked].map(|it| read_events(it.as_bytes()).unwrap());
            assert_eq!(bare[0].record, marked[0].record);
            assert_eq!(bare[0].place("act"), marked[0].place("act"));
        }
        let wrong = "\u{feff}{\"id\": \"a\", \"act\": 1}";
        let told = read_events(wrong.as_bytes()).unwrap_err().to_string();
        assert!(told.contains("line 1, column 20"), "{told}");
    }

    #[test]
    fn a_character_that_cannot_be_seen_is_told_of_in_its_cell() {
        let sheet = |title: &str| format!("{HEADER}\n2031-03-02,XBL,XRL,statement,{title}\n");
        says(&sheet("a\0b"), (2, 31), "U+0000");
        says(&sheet("a\u{7}b"), (2, 31), "U+0007");
        says(&sheet("\"a\"\"\u{1b}\""), (2, 31), "U+001B");
        assert!(read(&sheet("\"a\tb\nc\"")).is_ok());
    }

    #[test]
    fn the_same_mistake_of_many_rows_is_shown_three_times_and_its_other_rows_are_listed() {
        let rows = (2..302).map(|line| {
            let act = if line % 100 == 0 { "call" } else { "sttement" };
            format!("{}.3.2031,XBL,XRL,{act},\n", line % 28 + 1)
        });
        let sheet = format!("{HEADER}\n{}", rows.collect::<String>());
        let error = read_events(sheet.as_bytes()).unwrap_err();
        let told: Vec<_> = error.to_string().lines().map(str::to_owned).collect();
        assert_eq!((told.len(), error.untold()), (6, 0), "{told:?}");
        let also = |is_date: bool| {
            let faults = error.faults().iter();
            let mut faults = faults.filter(|it| (it.place.column == Some(1)) == is_date);
            let last = faults.nth(2).unwrap();
            (last.place.line, last.place.also.told())
        };
        let of = |text: &str| Some(format!("the same in {text}"));
        assert_eq!(also(true), (Some(4), of("297 more places: lines 5 to 301")));
        assert_eq!(
            also(false).1,
            of("294 more places: lines 5 to 99, 101 to 199, 201 to 299, 301")
        );
        let four = format!(
            "{HEADER}\n{}",
            format!("{}\n", ROW.replace("XBL", "XBBL")).repeat(4)
        );
        says(&four, (4, 12), "the same in 1 more place: line 5");
    }

    #[test]
    fn a_cell_of_several_parts_is_taken_apart_by_what_its_field_takes() {
        use serde_json::json;
        let of = |name, text| field("statement", name, text);
        assert_eq!(
            of("agenda", "fish:raised; visas : agreed:high;"),
            json!([
                {"item": "fish", "to": "raised"},
                {"item": "visas", "to": "agreed", "priority": "high"}
            ])
        );
        assert_eq!(
            of("measures", "m7:own:in_force:2:-1.5:3"),
            json!([{
                "id": "m7", "kind": "own", "to": "in_force",
                "strength": 2.0, "degrees": -1.5, "reason": "3"
            }])
        );
        assert_eq!(
            of("measures", "m:own:in_force::\u{2212}1:why"),
            json!([{"id": "m", "kind": "own", "to": "in_force", "degrees": -1.0, "reason": "why"}])
        );
        assert_eq!(
            of("evidence", "2017 | 2031-03-02; A: note||p. 3|http://x.org"),
            json!([
                {"document": "2017", "published": "2031-03-02"},
                {"document": "A: note", "locator": "p. 3", "url": "http://x.org"}
            ])
        );
        assert_eq!(of("weight", "-1.5"), json!(-1.5));
        assert_eq!(of("weight", "\u{2212}2"), json!(-2.0));
        assert_eq!(of("audience", "UN; FRA\nCHE"), json!(["UN", "FRA", "CHE"]));
        assert_eq!(field("call", "minutes", "45"), json!(45));
        let sheet = "date,act,names\n2031-03-02,describes,\"XBL: Blueland; XRL:Red: land\"\n";
        let events = read(sheet).unwrap();
        assert_eq!(
            events[0]["names"],
            json!({"XBL": "Blueland", "XRL": "Red: land"})
        );
    }

    #[test]
    fn what_is_done_together_has_its_parties_from_either_column_once() {
        let parties = |source: &str, target: &str| {
            let sheet = format!("date,source,target,act\n2031-03-02,{source},{target},call\n");
            read(&sheet).map(|events| {
                let of = |name: &str| events[0][name].to_string().replace('"', "");
                assert_eq!(of("source"), of("target"));
                of("source")
            })
        };
        for (source, target) in [
            ("XBL;XRL", ""),
            ("", "XBL;XRL"),
            ("XBL", "XRL"),
            ("XBL;XRL", "XRL;XBL"),
            ("XBL", "XBL;XRL"),
        ] {
            assert_eq!(
                parties(source, target).as_deref(),
                Ok("[XBL,XRL]"),
                "{source}, {target}"
            );
        }
        assert!(parties("XBL;XBL", "XRL").is_err());
        assert!(parties("XBL", "").is_err());
    }

    #[test]
    fn a_mistake_is_shown_in_its_cell_and_in_the_part_of_it() {
        let sheet = |row: &str| format!("date,source,target,act,agenda,evidence\n{row}\n");
        let row = |cells: &str| sheet(&format!("2031-03-02,XBL,XRL,statement,{cells}"));
        says(
            &row("visas:raised;fish,"),
            (2, 43),
            "`fish` is not of the form item:to:priority",
        );
        says(
            &row("visas:raised; a:raised:high:x,"),
            (2, 44),
            "`a:raised:high:x` is not of",
        );
        says(&row("visas:raised;fish:rised,"), (2, 43), "rised");
        says(
            &row(",a|b|c|d|e"),
            (2, 31),
            "`a|b|c|d|e` is not of the form",
        );
        says(&sheet("2031-03-02,XBL,XRLL,statement,,"), (2, 16), "XRLL");
        says(
            &sheet("2031-03-02,XBL;XRLL,XRL,statement,,"),
            (2, 16),
            "XRLL",
        );
        says(
            &sheet("2031-03-02,,XRL,statement,,"),
            (2, 12),
            "needs `source`",
        );
        says(
            &sheet("02.03.2031,XBL,XRL,statement,,"),
            (2, 1),
            "`02.03.2031`",
        );
        says(
            &row(",,surplus"),
            (2, 32),
            "`surplus` stands in a column without a heading",
        );
        // Where marks are doubled in a cell the whole of it is shown.
        says(
            &row("\"a:raised;\"\"x\"\"\","),
            (2, 31),
            "is not of the form",
        );
    }

    #[test]
    fn an_empty_cell_that_must_be_filled_is_shown_itself() {
        let sheet =
            "id,date,act,source,target\na,,demand,XBL,XRL\n,2031-03-02,call,,\n,2031-03-02,,,\n";
        says(sheet, (2, 3), "needs `date`");
        says(sheet, (3, 18), "needs `source`");
        says(sheet, (3, 19), "needs `target`");
        says(sheet, (4, 13), "needs `act`");
        // A row that is too short is shown where it begins.
        says("id,date,source,act\n,2031-03-02\n", (2, 2), "needs `act`");
    }

    #[test]
    fn a_table_without_a_header_is_told_of_as_one() {
        for (row, begins) in [
            ("t1,2031-03-02,demand,XRL,XBL,Words", 1),
            ("\u{feff}\n t1;2031-03-02;demand;XRL;XBL;Words", 2),
            ("demand\tXRL\tXBL", 1),
            ("2031-03-02,XRL,XBL", 1),
        ] {
            let sheet = format!("{row}\n{}\n", row.trim_start());
            let told = read(&sheet).unwrap_err();
            let [one] = &told[..] else { panic!("{told:?}") };
            assert!(one.contains("has no header"), "{one}");
            assert!(one.starts_with(&format!("line {begins}, ")), "{one}");
            assert!(lacks_header(sheet.as_bytes()), "{row}");
        }
        let semicolons = read("t1;2031-03-02;demand;XRL;XBL;Words\n").unwrap_err();
        assert!(
            semicolons[0].contains("id;date;act;source;target;title"),
            "{semicolons:?}"
        );
        for row in [
            "hello",
            "2031-03-02,demand",
            "date,what,demand",
            "a,b,c",
            "[\"2031-03-02\",1,2]",
            "",
        ] {
            assert!(!lacks_header(row.as_bytes()), "{row}");
        }
    }

    #[test]
    fn a_name_and_a_list_in_the_place_of_a_code_are_told_as_codes() {
        let head =
            "date,source,target,act,names\n2031-01-01,,,describes,XBL:Blueland;XRL:Redland\n";
        let row = |source: &str, target: &str, act: &str| {
            format!("{head}2031-03-02,\"{source}\",\"{target}\",{act},\n")
        };
        says(
            &row("Redland", "XBL", "demand"),
            (3, 13),
            "did you mean `XRL` (Redland)?",
        );
        says(
            &row("redland ", "XBL", "demand"),
            (3, 13),
            "did you mean `XRL` (Redland)?",
        );
        says(
            &row("Redlnad", "XBL", "demand"),
            (3, 13),
            "did you mean `XRL` (Redland)?",
        );
        says(
            &row("Russia", "XBL", "demand"),
            (3, 13),
            "did you mean `RUS` (Russia)?",
        );
        says(
            &row("XBL; Redland", "", "call"),
            (3, 18),
            "did you mean `XRL` (Redland)?",
        );
        for several in ["XRL,XBL", "XRL/Blueland", "Redland & Blueland", "XRL | XBL"] {
            says(&row(several, "", "call"), (3, 13), "write `XRL;XBL`");
        }
        says(&row("XRL,XBL", "RUS", "demand"), (3, 13), "write `XRL;XBL`");
        says(
            &row("XRL,nobody", "RUS", "demand"),
            (3, 13),
            "`XRL,nobody` is not an actor code",
        );
    }

    #[test]
    fn a_header_is_told_of_once_and_rows_of_what_it_lacks_are_not() {
        let wrong = |sheet: &str| read(sheet).unwrap_err().join("\n");
        let lacks = wrong("date,source,target,title\n2031-03-02,XBL,XRL,a\n2031-03-03,XBL,XRL,b\n");
        assert_eq!(lacks.matches("`act`").count(), 1, "{lacks}");
        let misspelt = wrong("date,source,target,akt\n2031-03-02,XBL,XRL,statement\n");
        assert!(
            misspelt.contains("`akt`") && misspelt.contains("`act`"),
            "{misspelt}"
        );
        assert!(!misspelt.contains("no column"), "{misspelt}");
        says("date,act,Date\n2031-03-02,statement,\n", (1, 10), "date");
    }

    #[test]
    fn an_event_without_an_id_goes_by_its_act_and_date_and_a_number() {
        let sheet = format!(
            "id,{HEADER}\n,{ROW}\n,{ROW}\nstatement-2031-03-02-2,{ROW}\nown,{ROW}\n,{ROW}\n"
        );
        let events = read(&sheet).unwrap();
        let ids: Vec<_> = events
            .iter()
            .map(|event| event["id"].as_str().unwrap())
            .collect();
        assert_eq!(
            ids,
            [
                "statement-2031-03-02",
                "statement-2031-03-02-3",
                "statement-2031-03-02-2",
                "own",
                "statement-2031-03-02-4"
            ]
        );
        assert_eq!(made_id(None, None), "event-undated");
        assert_eq!(
            made_id(Some("meeting_held"), Some("2031-03-02")),
            "meeting-held-2031-03-02"
        );
        // What is neither an act nor a date is told of as that, and as no part of a name.
        assert_eq!(made_id(Some("a b"), Some("x")), "event-undated");
    }

    #[test]
    fn a_code_of_two_digits_may_be_one_of_three_without_its_zero() {
        for (code, may) in [
            ("10", true),
            ("20", true),
            ("01", false),
            ("99", false),
            ("010", false),
            ("1", false),
        ] {
            assert_eq!(may_lack_zero(code), may, "{code}");
        }
    }

    #[test]
    fn empty_rows_are_none_and_a_sheet_without_events_says_so() {
        let events = read(&format!("{HEADER}\n,,,,\n{ROW}\n\n , ,,,\n")).unwrap();
        assert_eq!(events.len(), 1);
        assert!(read(&format!("{HEADER}\n,,,,\n")).is_err());
        assert!(
            read("Wer|date|act\n")
                .unwrap_err()
                .join(" ")
                .contains("one column")
        );
    }

    #[test]
    fn a_line_of_one_column_is_a_header_where_at_least_half_of_its_words_are_fields() {
        for (text, is) in [
            ("date|act|one|two", true),
            ("date|act|source|one|two|three", true),
            ("date|act|source|one|two|three|four", false),
            ("date", false),
            ("an act on that date was grave", false),
            ("hello brave world", false),
        ] {
            let told = read(text).unwrap_err().join("\n");
            assert_eq!(told.contains("one column"), is, "{text}: {told}");
        }
    }

    #[test]
    fn a_row_that_would_be_too_long_in_a_log_is_told_of_by_its_act() {
        let words = "\u{1f30d}".repeat(LINE_LIMIT / 4 - 25);
        let sheet = format!("{HEADER}\n2031-03-02,XBL,XRL,statement,{words}\n");
        says(&sheet, (2, 20), "the line is longer than");
    }

    #[test]
    fn of_very_many_mistakes_the_first_are_told_with_what_was_meant() {
        let head = "date,source,target,act,names\n2031-03-01,,,describes,XRL:Redland\n";
        for (before, is_told) in [(2 * FAULT_LIMIT - 1, true), (2 * FAULT_LIMIT, false)] {
            let wrong = "2031-03-02,XBL,XRL,sttement,\n".repeat(before);
            let sheet = format!("{head}{wrong}2031-03-02,XBL,Redland,statement,\n");
            let told = read(&sheet).unwrap_err().join("\n");
            assert!(told.contains("`Redland`"), "{told}");
            assert_eq!(
                told.contains("`XRL` (Redland)"),
                is_told,
                "{before}: {told}"
            );
        }
    }
}
