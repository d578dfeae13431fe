//! Events as a person writes them, to be appended to a log.

use super::chain::{Chain, Digest};
use super::codec::{FAULT_LIMIT, LINE_LIMIT, fits};
use super::draft::Draft;
use super::explain::{Piece, record_of, utf8};
use super::form::{Misfit, check, look_at};
use super::packed::{Block, Form, Packed};
use super::packing::Packing;
use super::quick::{Depth, read_text_into};
use super::record::Record;
use crate::error::{BadLog, Error, Fault, Kind, Place, Result};
use crate::json::{self, Dialect, Flaw, Span};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::cell::OnceCell;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

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

    /// The cell that fills a field.
    fn cell(&self, name: &str) -> Option<&Range<usize>> {
        let mut columns = self.columns.iter();
        let column = columns.position(|column| column.as_deref() == Some(name))?;
        self.cells.get(column).filter(|cell| !cell.is_empty())
    }

    /// Where a text begins in the cell of a field.
    fn place_of(&self, field: &str, text: &str) -> Place {
        let cell = self.cell(field).cloned().unwrap_or_default();
        let begins = self.table.get(cell.clone()).and_then(|it| it.find(text));
        let span = cell.start + begins.unwrap_or(0)..cell.end;
        Place::of(self.table, 1, span.into())
    }

    /// Where the first of some fields stands that the row fills, or where the row begins.
    fn place(&self, fields: &[&str]) -> Place {
        let cell = fields.iter().find_map(|name| self.cell(name));
        let cell = cell.or_else(|| self.cells.first());
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

    /// Whether it brings its id: only a row of a table need not, and is given one.
    #[must_use]
    pub fn brings_id(&self) -> bool {
        match &self.whence {
            Whence::Table(row) => row.cell("id").is_some(),
            Whence::Nowhere | Whence::Json(_) => true,
        }
    }

    /// Whether it stands in a row of a table.
    #[must_use]
    pub(in crate::history) const fn is_row(&self) -> bool {
        matches!(self.whence, Whence::Table(_))
    }

    const fn piece(&self) -> Option<&Piece<'_>> {
        match &self.whence {
            Whence::Json(piece) => Some(piece),
            Whence::Nowhere | Whence::Table(_) => None,
        }
    }

    /// What it says of its place in a log.
    fn given(&self) -> Given {
        let text = self.piece().map_or("", Piece::text);
        let says = |field: &str| memchr::memmem::find(text.as_bytes(), field.as_bytes()).is_some();
        if says("\"seq\"") || says("\"chain\"") {
            // It was read, so that nothing else can be wrong.
            serde_json::from_str(text).unwrap_or_default()
        } else {
            Given::default()
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

    /// The text in which it stands, and at which byte of that, or that field of it in a row.
    #[must_use]
    pub(in crate::history) fn stands(&self, field: &str) -> Option<(&str, usize)> {
        match &self.whence {
            Whence::Nowhere => None,
            Whence::Json(piece) => Some((piece.whole, piece.range.start)),
            Whence::Table(row) => {
                let cell = row.cell(field).or_else(|| row.cells.first())?;
                Some((row.table, cell.start))
            }
        }
    }

    /// Where the first of some fields stands that it fills, or its id.
    #[must_use]
    pub(in crate::history) fn place_in_row(&self, fields: &[String]) -> Place {
        match &self.whence {
            Whence::Table(row) => {
                let fields = fields.iter().map(String::as_str);
                row.place(&fields.chain(["id", "act", "date"]).collect::<Vec<_>>())
            }
            Whence::Nowhere => Place::default(),
            Whence::Json(piece) => {
                let tree = json::read::<IgnoredAny>(piece.text(), Dialect::Strict).tree;
                let mut fields = fields.iter().map(String::as_str);
                let span = fields.find_map(|field| tree.value(&[field.into()]));
                span.map_or_else(|| self.place("id"), |span| piece.place(span))
            }
        }
    }

    /// Where the entry of a field stands that a key names, or else the field.
    #[must_use]
    pub fn place_of(&self, field: &'static str, key: &str) -> Place {
        match &self.whence {
            Whence::Nowhere => Place::default(),
            Whence::Table(row) => row.place_of(field, key),
            Whence::Json(piece) => {
                let tree = json::read::<IgnoredAny>(piece.text(), Dialect::Strict).tree;
                let span = tree.value(&[field.into(), key.into()]);
                span.map_or_else(|| self.place(field), |span| piece.place(span))
            }
        }
    }
}

/// What events say of a log in which they stand already, and of which they were copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// How many of them bring a number or a chain.
    pub events: u64,
    /// The numbers of the first and the last, if each has the one behind the one before.
    pub numbers: Option<[u64; 2]>,
    /// The chain that the last of all brings.
    pub head: Option<Chain>,
    /// Whether their chains hold among themselves.
    pub chained: Chained,
    /// Whether every number is the one that the event has got.
    pub is_numbered_so: bool,
}

/// Whether the chains of lines hold among themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chained {
    /// That cannot be seen.
    Unseen,
    /// Each holds behind the one before; the first itself, behind what nobody knows, is unseen.
    Behind,
    /// The same, and the first is the first of its log.
    FromStart,
    /// One does not hold; where it stands.
    Not(Box<Place>),
}

/// What an event says of its place in a log.
#[derive(Default, Deserialize)]
struct Given {
    seq: Option<u64>,
    chain: Option<Chain>,
}

impl Copied {
    /// What some events say, each with the number that it has got; nothing where none says
    /// anything.
    pub fn of<'w>(events: impl Iterator<Item = (&'w Written<'w>, Option<u64>)>) -> Option<Self> {
        let mut copied = Self {
            events: 0,
            numbers: None,
            head: None,
            chained: Chained::Unseen,
            is_numbered_so: true,
        };
        // The number and the chain of the one before.
        let (mut before, mut in_a_row) = (Given::default(), true);
        for (written, got) in events {
            let given = written.given();
            if given.seq.is_none() && given.chain.is_none() {
                (before, in_a_row) = (given, false);
                copied.head = None;
                continue;
            }
            let is_first = copied.events == 0;
            copied.events += 1;
            copied.head = given.chain;
            copied.is_numbered_so &= given.seq.is_none_or(|seq| Some(seq) == got);
            let next = before.seq.and_then(|seq| seq.checked_add(1));
            let follows = next.is_some() && next == given.seq;
            in_a_row &= is_first || follows;
            let stands_behind = match given.seq {
                Some(1) => Some(Chain::START),
                _ => before.chain.filter(|_| follows),
            };
            let seen = written.piece().and_then(|piece| {
                let (body, found) = Chain::split(piece.text().as_bytes())?;
                Some(stands_behind?.next(Digest::of(body)) == found)
            });
            let is_second = copied.events == 2;
            copied.chained = match (seen, copied.chained) {
                (_, Chained::Not(place)) => Chained::Not(place),
                (Some(false), _) => Chained::Not(Box::new(written.place("chain"))),
                (Some(true), _) if is_first => Chained::FromStart,
                (Some(true), Chained::Unseen) if is_second => Chained::Behind,
                (Some(true), before) => before,
                (None, _) => Chained::Unseen,
            };
            copied.numbers = match (copied.numbers, given.seq) {
                (None, Some(seq)) if is_first => Some([seq; 2]),
                (Some([first, _]), Some(seq)) if in_a_row => Some([first, seq]),
                _ => None,
            };
            before = given;
        }
        (copied.events > 0).then_some(copied)
    }
}

/// Reads the events of an input: JSON Lines, one JSON object over any number of lines, several of
/// them one after the other, or a list of them.
///
/// # Errors
/// Every mistake of every event; nothing is taken if there is one.
pub fn read_written(bytes: &[u8]) -> Result<Vec<Written<'_>>> {
    let whole = utf8(bytes, 1).map_err(|fault| Error::from(*fault))?;
    let mut batch = Batch {
        whole,
        // It may be long.
        records: Packing::default(),
        lines: OnceCell::new(),
        memory: Draft::default(),
        whences: Vec::new(),
        faults: Vec::new(),
    };
    if is_list(whole) {
        for part in elements(whole) {
            batch.take(part);
        }
    } else {
        let mut offset = first_offset(whole);
        let is_of_an_event = |it: char| !matches!(it, ' ' | '\t' | '\r' | '\n');
        while let Some(begin) = whole[offset..].find(is_of_an_event) {
            offset += begin;
            if let Some(length) = batch.take_line(offset) {
                offset += length;
            } else if let Some(part) = next_part(whole, &mut offset) {
                batch.take(part);
            } else {
                break;
            }
        }
    }
    batch.finish()
}

/// The events of an input, as far as they are read.
struct Batch<'a> {
    whole: &'a str,
    records: Packing,
    /// The whole again, for as long as one of its events is held.
    lines: OnceCell<Arc<Block>>,
    memory: Draft,
    whences: Vec<Whence<'a>>,
    faults: Vec<(Span, Kind)>,
}

impl<'a> Batch<'a> {
    /// Takes the event on the line that begins there if it stands just as this program writes it,
    /// and says how many bytes it has.
    fn take_line(&mut self, offset: usize) -> Option<usize> {
        let rest = &self.whole[offset..];
        let end = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        let line = &rest[..end];
        let line = line.strip_suffix('\r').unwrap_or(line);
        // Written anew a number may be longer, but not by as much.
        if line.len() > LINE_LIMIT / 2 {
            return None;
        }
        read_text_into(&mut self.memory, line, Depth::Needed)?;
        let packed = self.packed(line, offset);
        let record = if let Some(packed) = packed
            && let Ok((date, act)) = look_at(&self.memory)
        {
            Record::packed(packed, date, act, self.memory.recorded)
        } else {
            read_text_into(&mut self.memory, line, Depth::Whole)?;
            check(std::mem::take(&mut self.memory)).ok()?
        };
        self.push(record, offset..offset + line.len());
        Some(end)
    }

    /// A line that was read, as it stands, if that is just how it would be written again.
    fn packed(&self, line: &str, offset: usize) -> Option<Packed> {
        let read = &self.memory;
        let has_real = [read.strength, read.weight, read.impact]
            .iter()
            .any(Option::is_some)
            || read
                .measures
                .iter()
                .any(|entry| entry.strength.or(entry.degrees).is_some());
        let is_numbered = read.v.is_some() || read.seq.is_some() || read.chain.is_some();
        // Digits and escapes can be written in several ways.
        if has_real || is_numbered || memchr::memchr(b'\\', line.as_bytes()).is_some() {
            return None;
        }
        let lines = || Arc::new(Block::of_lines(self.whole.to_owned()));
        let block = self.lines.get_or_init(lines);
        Packed::new(block, offset..offset + line.len(), Form::Line)
    }

    fn push(&mut self, record: Record, range: Range<usize>) {
        self.records.push(record);
        self.whences.push(Whence::Json(self.piece(range)));
    }

    const fn piece(&self, range: Range<usize>) -> Piece<'a> {
        Piece {
            whole: self.whole,
            range,
            first_line: 1,
        }
    }

    /// Takes an event, or notes everything that is wrong with it.
    fn take(&mut self, part: Result<Range<usize>, Flaw>) {
        let range = match part {
            Ok(range) => range,
            Err(flaw) => return self.faults.push(flaw.into()),
        };
        let at = range.start;
        let mut wrong = |span: Span, kind| {
            let [start, end] = [span.start, span.end].map(|place| place + at);
            self.faults.push((Span { start, end }, kind));
        };
        match record_of(&self.whole[range.clone()]) {
            Ok(record) if !fits(&record) => {
                let kind = BadLog::LineTooLong { limit: LINE_LIMIT }.into();
                wrong(Span { start: 0, end: 1 }, kind);
            }
            Ok(record) => self.push(record, range),
            Err(flaws) => flaws.into_iter().for_each(|(span, kind)| wrong(span, kind)),
        }
    }

    fn finish(self) -> Result<Vec<Written<'a>>> {
        if self.whences.is_empty() && self.faults.is_empty() {
            return Err(BadLog::NoEvents.into());
        }
        Error::in_text(self.whole, self.faults, FAULT_LIMIT)?;
        let written = |(record, whence)| Written { record, whence };
        let records = self.records.finish().into_iter();
        Ok(records.zip(self.whences).map(written).collect())
    }
}

/// The bytes of each event in a text.
#[cfg(any(feature = "cli", test))]
pub(crate) fn parts(text: &str) -> Vec<Result<Range<usize>, Flaw>> {
    if is_list(text) {
        return elements(text);
    }
    let mut offset = first_offset(text);
    std::iter::from_fn(|| next_part(text, &mut offset)).collect()
}

fn is_list(text: &str) -> bool {
    text[first_offset(text)..].starts_with('[')
}

fn first_offset(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// The bytes of the event that comes next, behind an offset, which moves on.
fn next_part(text: &str, offset: &mut usize) -> Option<Result<Range<usize>, Flaw>> {
    let rest = &text[*offset..];
    let mut values = serde_json::Deserializer::from_str(rest).into_iter::<IgnoredAny>();
    let begin = *offset + (rest.len() - rest.trim_start().len());
    if values.next()?.is_ok() {
        *offset += values.byte_offset();
    } else {
        // What is not JSON ends where a line begins another event.
        let newline = text[begin..].find("\n{");
        *offset = newline.map_or(text.len(), |newline| begin + newline);
    }
    Some(Ok(begin..*offset))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::LIBRARY;
    use crate::model::Day;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::{Index, select};

    /// The events that ship, as a person would hand them in.
    fn events() -> Vec<String> {
        let lines = LIBRARY
            .iter()
            .flat_map(|shipped| str::from_utf8(shipped.log).unwrap().lines());
        let event = |line: &str| {
            let draft = serde_json::from_str(line).unwrap();
            let written = Draft {
                seq: None,
                recorded: None,
                chain: None,
                ..draft
            };
            serde_json::to_string(&written).unwrap()
        };
        lines.map(event).collect()
    }

    /// The events of a text read one by one the long way, and where they stand, if all are right.
    fn the_long_way(text: &str) -> Option<Vec<(Record, Range<usize>)>> {
        let read = |part: Result<Range<usize>, Flaw>| {
            let range = part.ok()?;
            Some((record_of(&text[range.clone()]).ok()?, range))
        };
        parts(text).into_iter().map(read).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 400,
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn what_is_taken_line_by_line_is_what_is_read_the_long_way(
            lines in vec((select(events()), select(vec!["\n", "\r\n", " ", "\n\n", "", "\n "])), 0..5),
            changes in vec((any::<Index>(), 0..3_usize, select(vec![
                "", " ", "\n", "{", "}", "[", "\"", "\\u00e9", "\\/", "1.50", ",", "é", "{\"id\":1}\n",
            ])), 0..2),
        ) {
            let mut text: String = lines.iter().flat_map(|(line, end)| [&**line, end]).collect();
            for (at, length, piece) in changes {
                let at = at.index(text.len() + 1);
                let end = (at + length).min(text.len());
                if text.is_char_boundary(at) && text.is_char_boundary(end) {
                    text.replace_range(at..end, piece);
                }
            }
            let read = read_written(text.as_bytes());
            let expected = the_long_way(&text).filter(|records| !records.is_empty());
            prop_assert_eq!(read.is_ok(), expected.is_some());
            for (written, (record, range)) in read.iter().flatten().zip(expected.into_iter().flatten()) {
                prop_assert_eq!(&written.record, &record);
                // A line that is held as it came is written as any other.
                let [held, whole] = [written.record.clone(), record].map(|record| record.placed(7, Day::EPOCH));
                let mut line = Vec::new();
                held.write(&mut line).unwrap();
                prop_assert_eq!(line, serde_json::to_vec(&*whole.as_written()).unwrap());
                let whole = &text[..];
                let piece = Piece { whole, range, first_line: 1 };
                prop_assert_eq!(&written.whence, &Whence::Json(piece));
            }
        }
    }

    /// An event as JSON, with some fields behind its act.
    fn event(more: &str) -> String {
        format!(
            r#"{{"id":"a","date":"2031-03-02","source":["XBL"],"target":["XRL"],"act":"statement"{more}}}"#
        )
    }

    #[test]
    fn what_is_held_as_it_came_is_written_as_what_is_read_in_full() {
        let chain = r#","chain":"000102030405060708090a0b0c0d0e0f""#;
        let measure = |more: &str| format!(r#","measures":[{{"id":"m",{more}}}]"#);
        let own = r#""kind":"own","to":"in_force","degrees":-1.50,"reason":"r""#;
        let numbered = |number: &str| event("").replacen('{', &format!("{{{number},"), 1);
        for (text, is_as_it_came) in [
            (event(r#","title":"as it is é""#), true),
            (
                event(&measure(r#""kind":"sanctions","to":"in_force""#)),
                true,
            ),
            (event(r#","weight":-1.50"#), false),
            (event(r#","impact":1e0,"reason":"r""#), false),
            (
                event(&measure(
                    r#""kind":"sanctions","to":"in_force","strength":2.50"#,
                )),
                false,
            ),
            (event(&measure(own)), false),
            (event(r#","title":"\u00e9""#), false),
            (event(chain), false),
            (numbered("\"v\":1"), false),
            (numbered("\"seq\":3"), false),
            (numbered("\"v\":1,\"seq\":3"), false),
        ] {
            let written = read_written(text.as_bytes()).unwrap();
            let [Written { record, .. }] = &written[..] else {
                panic!("{text} is one event")
            };
            assert_eq!(
                (record.id(), record.is_packed()),
                ("a", is_as_it_came),
                "{text}"
            );
            let whole = record_of(&text).unwrap().placed(7, Day::EPOCH);
            let mut line = Vec::new();
            record
                .clone()
                .placed(7, Day::EPOCH)
                .write(&mut line)
                .unwrap();
            assert_eq!(
                line,
                serde_json::to_vec(&*whole.as_written()).unwrap(),
                "{text}"
            );
        }
    }

    #[test]
    fn a_list_may_stand_behind_blanks() {
        for text in ["[]", "\n [EVENT]", "\t[EVENT ,\n EVENT]\n"] {
            let events = text.matches("EVENT").count();
            let text = text.replace("EVENT", &event(""));
            assert_eq!(parts(&text).len(), events);
            let read = read_written(text.as_bytes());
            assert_eq!(read.map_or(0, |written| written.len()), events);
        }
    }

    #[test]
    fn an_event_that_would_be_too_long_in_a_log_is_told_of() {
        let text = event(&format!(r#","title":"{}""#, "n".repeat(LINE_LIMIT - 150)));
        let error = read_written(text.as_bytes()).unwrap_err();
        let kind = &error.faults()[0].kind;
        assert!(
            matches!(kind, Kind::Log(BadLog::LineTooLong { .. })),
            "{kind:?}"
        );
    }

    #[test]
    fn copied_events_tell_of_their_log_as_far_as_they_follow_each_other() {
        use super::super::codec::Writer;
        use Chained::{Behind, FromStart, Unseen};
        let mut writer = Writer::after(Chain::START);
        let lines = (1..=5).map(|seq| {
            let mut line = Vec::new();
            let record = record_of(&event("")).unwrap().placed(seq, Day::EPOCH);
            writer.write(&record, &mut line).unwrap();
            String::from_utf8(line).unwrap()
        });
        let lines: Vec<_> = [event("") + "\n"].into_iter().chain(lines).collect();
        let copied = |places: &[usize]| {
            let text: String = places.iter().map(|place| &lines[*place][..]).collect();
            let written = read_written(text.as_bytes()).unwrap();
            let copied = Copied::of(written.iter().zip((1..).map(Some)))?;
            Some((
                copied.events,
                copied.numbers,
                copied.chained,
                copied.is_numbered_so,
            ))
        };
        for (places, expected) in [
            (&[0][..], None),
            (&[1], Some((1, Some([1, 1]), FromStart, true))),
            (&[1, 2, 3], Some((3, Some([1, 3]), FromStart, true))),
            (&[2, 3], Some((2, Some([2, 3]), Behind, false))),
            (&[3], Some((1, Some([3, 3]), Unseen, false))),
            (&[1, 3], Some((2, None, Unseen, false))),
            (&[1, 3, 4], Some((3, None, Unseen, false))),
            (&[2, 4, 5], Some((3, None, Unseen, false))),
            (&[0, 2, 3], Some((2, None, Behind, true))),
        ] {
            assert_eq!(copied(places), expected, "{places:?}");
        }
    }
}
