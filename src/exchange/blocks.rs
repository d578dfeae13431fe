//! Bytes cut into blocks of whole lines, which threads can take one by one.

use memchr::{memchr_iter, memrchr};
use std::io::{self, Read};

/// How many bytes a block has at least, where there are so many.
pub(super) const BLOCK_BYTES: usize = 1 << 18;

/// The longest line or quoted record, in bytes.
pub(super) const RECORD_LIMIT: usize = 1 << 20;

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
    is_quoted: bool,
}

/// Why a file cannot be cut.
#[derive(Debug)]
pub(super) enum Uncut {
    /// The system, or what unpacks the file, refuses to read on.
    Io(io::Error),
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
            is_quoted: false,
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
                return Err(Uncut::TooLong(1));
            }
            self.read_on()?;
        }
        let end = self.rest.iter().position(|byte| *byte == b'\n');
        let line = &self.rest[..end.unwrap_or(self.rest.len())];
        Ok((!self.rest.is_empty()).then(|| without_return(line)))
    }

    /// Goes on behind the first line.
    pub(super) fn skip_first_line(&mut self) {
        let end = self.rest.iter().position(|byte| *byte == b'\n');
        self.rest
            .drain(..end.map_or(self.rest.len(), |end| end + 1));
        self.line = 2;
    }

    /// Says that a line feed within quotation marks ends no record.
    pub(super) fn set_quoted(&mut self) {
        self.is_quoted = true;
    }

    /// Fills a block with the next whole lines; `false` at the end.
    pub(super) fn next(&mut self, block: &mut Block) -> Result<bool, Uncut> {
        block.bytes.clear();
        std::mem::swap(&mut block.bytes, &mut self.rest);
        let mut end = None;
        while end.is_none() && !self.is_at_end {
            if block.bytes.len() > RECORD_LIMIT + BLOCK_BYTES {
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
        if !self.is_quoted {
            return memrchr(b'\n', bytes).map(|at| at + 1);
        }
        let mut is_open = memchr_iter(b'"', bytes).count() % 2 == 1;
        for (at, byte) in bytes.iter().enumerate().rev() {
            match byte {
                b'\n' if !is_open => return Some(at + 1),
                b'"' => is_open = !is_open,
                _ => {}
            }
        }
        None
    }
}

fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

impl Block {
    /// Hands every record to a closure, with the number of its first line.
    pub(super) fn records(&self, is_quoted: bool, mut take: impl FnMut(&[u8], u64)) {
        let (mut rest, mut line) = (&self.bytes[..], self.first_line);
        while !rest.is_empty() {
            let mut end = memchr::memchr(b'\n', rest);
            let mut lines = 1;
            let quotes = |part: &[u8]| memchr_iter(b'"', part).count();
            let mut is_open = is_quoted && end.is_some_and(|end| quotes(&rest[..end]) % 2 == 1);
            while let Some(at) = end.filter(|_| is_open) {
                end = memchr::memchr(b'\n', &rest[at + 1..]).map(|more| at + 1 + more);
                is_open = end.is_some_and(|end| quotes(&rest[at + 1..end]) % 2 == 0);
                lines += 1;
            }
            let (record, behind) = match end {
                Some(end) => (&rest[..end], &rest[end + 1..]),
                None => (rest, &rest[rest.len()..]),
            };
            take(without_return(record), line);
            rest = behind;
            line += lines;
        }
    }
}
