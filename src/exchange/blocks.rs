//! Bytes cut into blocks of whole lines, which threads can take one by one.

use memchr::{memchr, memchr_iter, memchr2, memrchr};
use std::io::{self, Read};

/// How many bytes a block has at least, where there are so many.
pub(super) const BLOCK_BYTES: usize = 1 << 18;

/// The longest line or quoted record that is used, in bytes.
pub(super) const RECORD_LIMIT: usize = 1 << 20;

/// In so many bytes the end of a record is looked for, so that a long one can be left out and those behind it be read.
const SEARCH_LIMIT: usize = 2 * RECORD_LIMIT;

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
    is_at_end: bool,
    /// What stands between fields, where they may be quoted.
    delimiter: Option<u8>,
}

/// Why a file cannot be cut.
#[derive(Debug)]
pub(super) enum Uncut {
    /// The system, or what unpacks the file, refuses to read on.
    Io(io::Error),
    /// Its lines end in carriage returns, without line feeds.
    LoneReturns,
    /// A line, or a record whose quotation mark does not close, is too long; the number of its first line.
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
            is_at_end: false,
            delimiter: None,
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
            self.is_at_end = (&mut self.input)
                .take(missing)
                .read_to_end(&mut self.rest)?
                == 0;
        }
        Ok(())
    }

    /// The first line, without its line feed, which is not handed out yet; `None` where there is nothing.
    pub(super) fn first_line(&mut self) -> Result<Option<&[u8]>, Uncut> {
        while !self.rest.contains(&b'\n') && !self.is_at_end {
            if self.rest.len() > RECORD_LIMIT {
                return Err(self.why_no_line());
            }
            self.read_on()?;
        }
        let end = memchr(b'\n', &self.rest);
        if end.is_none() && self.has_lone_returns() {
            return Err(Uncut::LoneReturns);
        }
        let line = &self.rest[..end.unwrap_or(self.rest.len())];
        Ok((!self.rest.is_empty()).then(|| without_return(line)))
    }

    /// Why what was read has no end of a line.
    fn why_no_line(&self) -> Uncut {
        if self.has_lone_returns() {
            Uncut::LoneReturns
        } else {
            Uncut::TooLong(1)
        }
    }

    /// Whether what was read is text with a carriage return before its end.
    fn has_lone_returns(&self) -> bool {
        let text = without_return(&self.rest);
        memchr(b'\r', text).is_some() && memchr(0, text).is_none()
    }

    /// Goes on behind the first line.
    pub(super) fn skip_first_line(&mut self) {
        let end = self.rest.iter().position(|byte| *byte == b'\n');
        self.rest
            .drain(..end.map_or(self.rest.len(), |end| end + 1));
        self.line = 2;
    }

    /// Says that a line feed within quotation marks ends no record, and what stands between fields.
    pub(super) fn set_quoted(&mut self, delimiter: u8) {
        self.delimiter = Some(delimiter);
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
        let Some(delimiter) = self.delimiter else {
            return memrchr(b'\n', bytes).map(|at| at + 1);
        };
        let mut last = None;
        while let End::At(end) = end_of_record(&bytes[last.unwrap_or(0)..], delimiter) {
            last = Some(last.unwrap_or(0) + end + 1);
        }
        last
    }
}

/// Where a record ends whose fields may be quoted.
enum End {
    /// At this line feed.
    At(usize),
    /// Nowhere; the quotation mark that is open at the end of the bytes, if any.
    Nowhere(Option<usize>),
}

/// Looks for the end of the first record. As RFC 4180 has it, a quotation mark opens a field only at its start, and is
/// doubled within it; anywhere else it is a character like others.
fn end_of_record(bytes: &[u8], delimiter: u8) -> End {
    let mut at = 0;
    while let Some(more) = memchr2(b'"', b'\n', &bytes[at..]) {
        let found = at + more;
        if bytes[found] == b'\n' {
            return End::At(found);
        }
        at = found + 1;
        if found > 0 && bytes[found - 1] != delimiter {
            continue;
        }
        loop {
            let Some(more) = memchr(b'"', &bytes[at..]) else {
                return End::Nowhere(Some(found));
            };
            at += more + 1;
            if bytes.get(at) != Some(&b'"') {
                break;
            }
            at += 1;
        }
    }
    End::Nowhere(None)
}

fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

impl Block {
    /// Hands every record to a closure, with the number of its first line. One that a quotation mark leaves open comes with
    /// the number of the line with that mark, and with `true`.
    pub(super) fn records(&self, delimiter: Option<u8>, mut take: impl FnMut(&[u8], u64, bool)) {
        let (mut rest, mut line) = (&self.bytes[..], self.first_line);
        let count_lines = |part: &[u8]| memchr_iter(b'\n', part).count() as u64;
        while !rest.is_empty() {
            let end = match delimiter {
                Some(delimiter) => end_of_record(rest, delimiter),
                None => memchr(b'\n', rest).map_or(End::Nowhere(None), End::At),
            };
            match end {
                End::At(end) => {
                    let (record, behind) = (&rest[..end], &rest[end + 1..]);
                    take(without_return(record), line, false);
                    line += 1 + delimiter.map_or(0, |_| count_lines(record));
                    rest = behind;
                }
                End::Nowhere(open) => {
                    let line = line + open.map_or(0, |open| count_lines(&rest[..open]));
                    take(without_return(rest), line, open.is_some());
                    rest = &[];
                }
            }
        }
    }
}
