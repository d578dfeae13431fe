//! Bytes cut into blocks of whole lines, which threads can take one by one.

use super::values::dates::is_date;
use super::values::fields::{Fields, Separation, closing_mark};
use memchr::{memchr, memchr_iter, memchr2, memrchr};
use std::io::{self, Read};

/// How many bytes a block has at least, where there are so many.
pub(super) const BLOCK_BYTES: usize = 1 << 18;

/// The longest line or quoted record that is used, in bytes.
pub(super) const RECORD_LIMIT: usize = 1 << 20;

/// In so many bytes the end of a record is looked for, so that a long one can be left out and those
/// behind it be read.
const SEARCH_LIMIT: usize = 2 * RECORD_LIMIT;

/// How rows of a table look whose fields may be quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// What stands between fields.
    pub separation: Separation,
    /// How many columns there are.
    pub columns: usize,
    /// How many of them no row is without.
    pub needed: usize,
    /// Which of them is the date, counted from 0.
    pub date: usize,
}

impl Shape {
    /// Whether a line is a row of its own: it has the columns of one, or as many as a row needs and
    /// a date in its place.
    fn is_row(&self, line: &[u8]) -> bool {
        let is_row = |separation| {
            let fields = Fields::with(line, separation);
            let count = fields.count_within(self.columns);
            count == self.columns
                || ((self.needed..self.columns).contains(&count) && is_date(fields.get(self.date)))
        };
        let without_marks = Separation {
            is_quoted: false,
            ..self.separation
        };
        is_row(self.separation) || is_row(without_marks)
    }
}

/// Some whole lines of one file.
#[derive(Default)]
pub(super) struct Block {
    /// Which file, in the order in which they were given.
    pub(super) file: u32,
    /// The number of the first line.
    pub(super) first_line: u64,
    /// The lines.
    pub(super) bytes: Vec<u8>,
}

/// One file, while it is cut.
pub(super) struct Cutter<'a> {
    input: Box<dyn Read + Send + 'a>,
    /// What was read and not handed out.
    rest: Vec<u8>,
    /// The line at which the rest begins.
    line: u64,
    /// How many bytes were read.
    pub(super) read: u64,
    is_at_end: bool,
    /// How rows look, where fields may be quoted.
    shape: Option<Shape>,
}

/// Why a file cannot be cut.
#[derive(Debug)]
pub(super) enum Uncut {
    /// The system, or what unpacks the file, refuses to read on.
    Io(io::Error),
    /// Its lines end in carriage returns, without line feeds.
    LoneReturns,
    /// A line, or a record whose quotation mark does not close, is too long; the number of its
    /// first line.
    TooLong(u64),
}

impl From<io::Error> for Uncut {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl<'a> Cutter<'a> {
    /// Begins to cut an input. A byte order mark at its start is left aside.
    pub(super) fn new(input: Box<dyn Read + Send + 'a>) -> Result<Self, Uncut> {
        let mut cutter = Self {
            input,
            rest: Vec::new(),
            line: 1,
            read: 0,
            is_at_end: false,
            shape: None,
        };
        cutter.read_on()?;
        if cutter.rest.starts_with(b"\xef\xbb\xbf") {
            cutter.rest.drain(..3);
        }
        Ok(cutter)
    }

    /// Reads about a block more.
    fn read_on(&mut self) -> Result<(), Uncut> {
        let wanted = self.rest.len() + BLOCK_BYTES;
        while self.rest.len() < wanted && !self.is_at_end {
            let missing = (wanted - self.rest.len()) as u64;
            let read = (&mut self.input)
                .take(missing)
                .read_to_end(&mut self.rest)?;
            self.read += read as u64;
            self.is_at_end = read == 0;
        }
        Ok(())
    }

    /// The first line, without its line feed, which is not handed out yet; `None` where there is
    /// nothing.
    pub(super) fn first_line(&mut self) -> Result<Option<&[u8]>, Uncut> {
        while !self.rest.contains(&b'\n') && !self.is_at_end && self.rest.len() <= RECORD_LIMIT {
            self.read_on()?;
        }
        let end = memchr(b'\n', &self.rest);
        let line = without_return(&self.rest[..end.unwrap_or(self.rest.len())]);
        let has_returns = memchr(b'\r', line).is_some() && memchr(0, line).is_none();
        if has_returns && memchr(b'"', line).is_none() {
            return Err(Uncut::LoneReturns);
        }
        if line.len() > RECORD_LIMIT {
            return Err(Uncut::TooLong(self.line));
        }
        Ok((!self.rest.is_empty()).then_some(line))
    }

    /// What was read and not handed out: at the start, how the file begins.
    pub(super) fn head(&self) -> &[u8] {
        &self.rest
    }

    /// Goes on behind the first line.
    pub(super) fn skip_first_line(&mut self) {
        let end = self.rest.iter().position(|byte| *byte == b'\n');
        self.rest
            .drain(..end.map_or(self.rest.len(), |end| end + 1));
        self.line += 1;
    }

    /// Says that a line feed within quotation marks ends no record, and how rows look.
    pub(super) fn set_quoted(&mut self, shape: Shape) {
        self.shape = Some(shape);
    }

    /// Fills a block with the next whole lines; `false` at the end.
    pub(super) fn next(&mut self, block: &mut Block) -> Result<bool, Uncut> {
        block.bytes.clear();
        std::mem::swap(&mut block.bytes, &mut self.rest);
        let mut end = None;
        while end.is_none() && !self.is_at_end {
            if block.bytes.len() > SEARCH_LIMIT {
                return Err(Uncut::TooLong(self.line));
            }
            let wanted = block
                .bytes
                .len()
                .next_multiple_of(BLOCK_BYTES)
                .max(BLOCK_BYTES);
            let wanted = if wanted == block.bytes.len() {
                wanted + BLOCK_BYTES
            } else {
                wanted
            };
            while block.bytes.len() < wanted && !self.is_at_end {
                let missing = (wanted - block.bytes.len()) as u64;
                let read = (&mut self.input)
                    .take(missing)
                    .read_to_end(&mut block.bytes)?;
                self.read += read as u64;
                self.is_at_end = read == 0;
            }
            end = self.last_end(&block.bytes);
        }
        if !self.is_at_end
            && let Some(end) = end
        {
            self.rest.extend_from_slice(&block.bytes[end..]);
            block.bytes.truncate(end);
        }
        block.first_line = self.line;
        self.line += memchr_iter(b'\n', &block.bytes).count() as u64;
        Ok(!block.bytes.is_empty())
    }

    /// Where the last whole record ends.
    fn last_end(&self, bytes: &[u8]) -> Option<usize> {
        let Some(shape) = &self.shape else {
            return memrchr(b'\n', bytes).map(|at| at + 1);
        };
        let mut last = 0;
        while let Some(record) = first_record(&bytes[last..], shape, false) {
            last += record.end + 1;
        }
        (last > 0).then_some(last)
    }
}

/// A record whose fields may be quoted.
struct Quoted {
    /// Where its line feed is, or the bytes end.
    end: usize,
    /// Whether its quotation marks hold together. Where they do not it ends with its line, so that
    /// those behind it are read.
    is_whole: bool,
}

/// The first record; `None` where that depends on bytes to come.
///
/// As RFC 4180 has it, a quotation mark opens a field only at its start and is doubled within it;
/// anywhere else it is a character like others. What RFC 4180 does not allow is not guessed at: a
/// field that does not close, or that has text behind its closing mark, and one that takes in whole
/// rows, as between two stray marks.
fn first_record(bytes: &[u8], shape: &Shape, is_all: bool) -> Option<Quoted> {
    let delimiter = shape.separation.delimiter;
    let line_end = || memchr(b'\n', bytes).or(is_all.then_some(bytes.len()));
    let broken = || {
        let end = line_end()?;
        Some(Quoted {
            end,
            is_whole: false,
        })
    };
    let whole = |end: usize| {
        let mut lines = bytes[..end].split(|byte| *byte == b'\n').skip(1);
        if lines.any(|line| shape.is_row(without_return(line))) {
            return broken();
        }
        Some(Quoted {
            end,
            is_whole: true,
        })
    };
    let mut at = 0;
    while let Some(more) = memchr2(b'"', b'\n', &bytes[at..]) {
        let found = at + more;
        if bytes[found] == b'\n' {
            return whole(found);
        }
        at = found + 1;
        if found > 0 && bytes[found - 1] != delimiter {
            continue;
        }
        let Some(more) = closing_mark(&bytes[at..]) else {
            return if is_all || bytes.len() > RECORD_LIMIT {
                broken()
            } else {
                None
            };
        };
        at += more + 1;
        let spaces = bytes[at..].iter().take_while(|byte| **byte == b' ').count();
        match &bytes[at + spaces..] {
            [] if is_all => return whole(bytes.len()),
            [] | [b'\r'] if !is_all => return None,
            [b'\n', ..] | [b'\r', b'\n', ..] | [b'\r'] => {}
            [byte, ..] if *byte == delimiter => {}
            _ => return broken(),
        }
    }
    if is_all { whole(bytes.len()) } else { None }
}

fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

impl Block {
    /// Hands every record to a closure, with the number of its first line. One whose quotation
    /// marks do not hold together comes with `false`.
    pub(super) fn records(&self, shape: Option<&Shape>, mut take: impl FnMut(&[u8], u64, bool)) {
        let (mut rest, mut line) = (&self.bytes[..], self.first_line);
        while !rest.is_empty() {
            let (end, is_whole) = match shape.map(|shape| first_record(rest, shape, true)) {
                Some(Some(Quoted { end, is_whole })) => (end, is_whole),
                _ => (memchr(b'\n', rest).unwrap_or(rest.len()), true),
            };
            let record = &rest[..end];
            take(without_return(record), line, is_whole);
            line += 1;
            if shape.is_some() {
                line += memchr_iter(b'\n', record).count() as u64;
            }
            rest = rest.get(end + 1..).unwrap_or_default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Rows of two columns, a date the first of them.
    const SHAPE: Shape = Shape {
        separation: Separation::by(b','),
        columns: 2,
        needed: 2,
        date: 0,
    };

    fn first(text: &str, is_all: bool) -> Option<(usize, bool)> {
        let record = first_record(text.as_bytes(), &SHAPE, is_all)?;
        Some((record.end, record.is_whole))
    }

    #[test]
    fn a_last_record_is_whole_where_its_marks_close() {
        for text in [
            "", "a", "\"a\"", "\"a\"  ", "\"a\"\r", "a,\"b\"", "\"a\nb\"", "a\"b",
        ] {
            assert_eq!(first(text, true), Some((text.len(), true)), "{text:?}");
            assert_eq!(first(text, false), None, "{text:?}");
        }
        for text in ["\"a", "\"a\"b", "a,\"", "\"a\"\rb"] {
            assert_eq!(first(text, true), Some((text.len(), false)), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_ends_in_the_first_bytes_ends_there_whatever_follows(
            text in "([a, ]|\"\"|\"|\n|\r\n|\r|2014-03-18,){0,24}", cut in 0..60_usize,
        ) {
            let cut = cut.min(text.len());
            let all = first(&text, true);
            prop_assert!(all.is_some(), "the first record has no end");
            prop_assert!(first(&text[..cut], false).is_none_or(|early| Some(early) == all));
            let (end, _) = all.unwrap_or_default();
            prop_assert!(end == text.len() || text.as_bytes()[end] == b'\n');
        }
    }

    #[test]
    fn a_line_with_the_columns_of_a_row_is_one_whatever_its_marks() {
        let shape = Shape {
            columns: 4,
            needed: 2,
            ..SHAPE
        };
        for (line, is) in [
            ("2014-03-18,a,b,c", true),
            ("x,a,b,c", true),
            ("x,a,b,c,", true),
            ("2014-03-18,a", true),
            ("2014-03-18,a,b", true),
            ("x,a,b", false),
            ("2014-03-18", false),
            ("x,a,b,c,d", false),
            // With a mark that opens nothing it has as many.
            ("x,\"a,b,c", true),
            ("x,\"a,b\",c,d", true),
            ("x,\"a,b\",c", true),
            ("2014-03-18,\"a", true),
            ("x,\"a,b", false),
        ] {
            assert_eq!(shape.is_row(line.as_bytes()), is, "{line}");
        }
    }

    /// The records of a text, each with the number of its line and whether it is whole, and how
    /// many blocks it is cut into.
    fn cut(text: &[u8], shape: Option<Shape>) -> (Vec<(Vec<u8>, u64, bool)>, usize) {
        let mut cutter = Cutter::new(Box::new(text)).unwrap();
        if let Some(shape) = shape {
            cutter.set_quoted(shape);
        }
        let (mut records, mut blocks, mut block) = (Vec::new(), 0, Block::default());
        while cutter.next(&mut block).unwrap() {
            let shape = shape.as_ref();
            block.records(shape, |record, line, is_whole| {
                records.push((record.to_vec(), line, is_whole));
            });
            blocks += 1;
        }
        assert_eq!(cutter.read, text.len() as u64);
        (records, blocks)
    }

    #[test]
    fn records_are_the_same_wherever_blocks_end() {
        let rows = "a,b\nc,\"a\nb\"\n\"a \"\" b\",\"\n\n\"\r\n\n";
        let rows_of: [(&[u8], u64, bool); 4] = [
            (b"a,b", 0, true),
            (b"c,\"a\nb\"", 1, true),
            (b"\"a \"\" b\",\"\n\n\"", 3, true),
            (b"", 6, true),
        ];
        let count = 2 * BLOCK_BYTES / rows.len() + 9;
        for shift in 0..rows.len() {
            // Lines that move the end of the first block over all of the rows.
            let first = "x".repeat(shift);
            let text = [first.as_str(), "\n", &rows.repeat(count), "last"].concat();
            let (records, blocks) = cut(text.as_bytes(), Some(SHAPE));
            assert!(blocks > 1, "{blocks} blocks");
            assert_eq!(records[0], (first.into_bytes(), 1, true));
            let (last, rows) = records[1..].split_last().unwrap();
            assert_eq!(*last, (b"last".to_vec(), 2 + 7 * count as u64, true));
            assert_eq!(rows.len(), 4 * count);
            for (at, (record, line, is_whole)) in rows.iter().enumerate() {
                let (expected, behind, whole) = rows_of[at % 4];
                let expected = (expected, 2 + 7 * (at / 4) as u64 + behind, whole);
                assert_eq!((&record[..], *line, *is_whole), expected, "{shift}");
            }
        }
        let (lines, blocks) = cut(rows.repeat(count).as_bytes(), None);
        assert_eq!((lines.len(), lines[5].1), (7 * count, 6));
        assert!(blocks > 1, "{blocks} blocks");
    }

    #[test]
    fn a_block_ends_with_a_record_be_its_last_byte_the_last_of_that_or_of_a_line_within_marks() {
        for in_first_block in [0, 5, 8] {
            let first = "x".repeat(2 * BLOCK_BYTES - in_first_block - 1);
            let text = format!("{first}\na,\"b\nc\"\nd\nlast");
            let mut cutter = Cutter::new(Box::new(text.as_bytes())).unwrap();
            assert!(cutter.next(&mut Block::default()).unwrap());
            assert_eq!(cutter.read, 2 * BLOCK_BYTES as u64);
            let rest = |shape| {
                let (records, blocks) = cut(text.as_bytes(), shape);
                assert_eq!((&records[0].0[..], blocks), (first.as_bytes(), 2));
                let told = records[1..].iter().map(|(record, line, is_whole)| {
                    format!("{line} {} {is_whole}", record.escape_ascii())
                });
                told.collect::<Vec<_>>()
            };
            let whole = [r#"2 a,\"b\nc\" true"#, "4 d true", "5 last true"];
            assert_eq!(rest(Some(SHAPE)), whole, "{in_first_block}");
            let lines = [
                r#"2 a,\"b true"#,
                r#"3 c\" true"#,
                "4 d true",
                "5 last true",
            ];
            assert_eq!(rest(None), lines, "{in_first_block}");
        }
    }

    #[test]
    fn marks_that_take_in_a_whole_row_do_not_hold_together() {
        let row = "x,\"a\n2014-03-18,b\nc\"\n";
        for is_all in [false, true] {
            assert_eq!(first(row, is_all), Some((4, false)));
            assert_eq!(first("x,\"a\nb\nc\"\n", is_all), Some((9, true)));
        }
    }

    #[test]
    fn the_end_of_a_record_is_looked_for_in_so_many_bytes_and_no_more_are_read() {
        let open = |length: usize| format!("\"a\n{}", "x".repeat(length - 3));
        assert_eq!(first(&open(RECORD_LIMIT), false), None);
        assert_eq!(first(&open(RECORD_LIMIT + 1), false), Some((2, false)));
        let endless = "a".repeat(SEARCH_LIMIT + 4 * BLOCK_BYTES);
        let begin = || Cutter::new(Box::new(endless.as_bytes())).unwrap();
        let mut cutter = begin();
        assert!(matches!(cutter.first_line(), Err(Uncut::TooLong(1))));
        assert_eq!(cutter.read, (RECORD_LIMIT + BLOCK_BYTES) as u64);
        let mut cutter = begin();
        let refused = cutter.next(&mut Block::default());
        assert!(matches!(refused, Err(Uncut::TooLong(1))));
        assert_eq!(cutter.read, (SEARCH_LIMIT + BLOCK_BYTES) as u64);
        // Behind one that is too long and whose end was found the next is read.
        let long = [&endless[..SEARCH_LIMIT], "b"].join("\n");
        let (records, _) = cut(long.as_bytes(), None);
        assert_eq!(records[1..], [(b"b".to_vec(), 2, true)]);
    }

    #[test]
    fn a_file_begins_behind_its_mark_and_has_lines_that_end() {
        let first = |text: &str| {
            let mut cutter = Cutter::new(Box::new(text.as_bytes())).unwrap();
            let line = cutter.first_line().map(|line| line.map(<[u8]>::to_vec));
            line.map_err(|uncut| matches!(uncut, Uncut::LoneReturns))
        };
        let some = |line: &str| Ok(Some(line.as_bytes().to_vec()));
        for (text, expected) in [
            ("", Ok(None)),
            ("\n", some("")),
            ("a,b", some("a,b")),
            ("a,b\nc", some("a,b")),
            ("a,b\r\nc", some("a,b")),
            ("\u{feff}a,b\n", some("a,b")),
            ("a\rb\n", Err(true)),
            ("a\rb\rc", Err(true)),
            // Within marks a return is a text's own.
            ("\"a\rb\",c\n", some("\"a\rb\",c")),
            ("a\rb\0\n", some("a\rb\0")),
        ] {
            assert_eq!(first(text), expected, "{text:?}");
        }
        for (length, fits) in [(RECORD_LIMIT, true), (RECORD_LIMIT + 1, false)] {
            assert_eq!(first(&"a".repeat(length)).is_ok(), fits, "{length}");
        }
        let mut cutter = Cutter::new(Box::new(&b"a\nb\nc"[..])).unwrap();
        cutter.skip_first_line();
        assert_eq!(cutter.head(), b"b\nc");
        let mut block = Block::default();
        assert!(cutter.next(&mut block).unwrap());
        assert_eq!((block.first_line, &block.bytes[..]), (2, &b"b\nc"[..]));
        assert!(!cutter.next(&mut block).unwrap());
    }
}
