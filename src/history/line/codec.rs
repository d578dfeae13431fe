//! Between a record and its line: one JSON object, the chain its last field.

use super::chain::{Chain, Digest};
use super::draft::Draft;
use super::explain::{Piece, utf8};
use super::form;
use super::quick::{Depth, read_into};
use super::record::Record;
use crate::error::{BadLog, Fault, Result};
use std::sync::Arc;

/// The longest line, in bytes, without its line feed.
pub const LINE_LIMIT: usize = 1 << 20;

/// How many faults of one input are told; past that they are counted.
pub const FAULT_LIMIT: usize = 100;

/// Reads the record on a line of a log.
///
/// # Errors
/// Everything that is wrong with its form, placed on the given line.
pub fn read_line(line: &[u8], number: u64) -> Result<Record, Vec<Fault>> {
    if line.len() > LINE_LIMIT {
        return Err(vec![Fault::on_line(
            number,
            BadLog::LineTooLong { limit: LINE_LIMIT },
        )]);
    }
    let whole = utf8(line, number).map_err(|fault| vec![*fault])?;
    if let Ok(draft) = serde_json::from_str(whole)
        && let Ok(record) = form::check(draft)
    {
        return Ok(record);
    }
    let range = 0..whole.len();
    Piece {
        whole,
        range,
        first_line: number,
    }
    .read(FAULT_LIMIT)
}

/// Reads the records on many lines, in memory that is used again.
#[derive(Debug, Default)]
pub struct Scanner {
    depth: Depth,
    spare: Vec<Arc<Draft>>,
}

impl Scanner {
    /// A reader of lines of which so much is wanted.
    #[must_use]
    pub const fn new(depth: Depth) -> Self {
        let spare = Vec::new();
        Self { depth, spare }
    }

    /// Reads the record on a line of a log. What is not wanted of it may be missing.
    ///
    /// # Errors
    /// As [`read_line`].
    pub fn read(&mut self, line: &[u8], number: u64) -> Result<Record, Vec<Fault>> {
        self.read_quickly(line)
            .map_or_else(|| read_line(line, number), Ok)
    }

    /// The same where a line stands as this program writes it and its form is right.
    pub(in crate::history) fn read_quickly(&mut self, line: &[u8]) -> Option<Record> {
        let mut memory = self.spare.pop().unwrap_or_default();
        if let Some(draft) = Arc::get_mut(&mut memory)
            && line.len() <= LINE_LIMIT
            && read_into(draft, line, self.depth).is_some()
            && let Ok((date, act)) = form::look_at(draft)
        {
            return Some(Record::checked(memory, date, act));
        }
        self.spare.push(memory);
        None
    }

    /// The same event with its fields at hand, if it was packed. What is not wanted of it may be
    /// missing.
    #[must_use]
    pub(in crate::history) fn unpacked(&mut self, mut record: Record) -> Record {
        if record.is_packed() {
            record.unpack_into(self.spare.pop().unwrap_or_default(), self.depth);
        }
        record
    }

    /// Takes back a record that is no longer needed, for its memory.
    pub fn reuse(&mut self, record: Record) {
        self.spare.extend(record.into_memory());
    }
}

/// Whether a record's line would not be too long, whatever its number and chain.
#[must_use]
pub fn fits(record: &Record) -> bool {
    const ROOM_FOR_NUMBERS: usize = 64;
    if record.is_surely_below(LINE_LIMIT / 2) {
        return true;
    }
    let length = serde_json::to_string(&*record.as_written()).map_or(usize::MAX, |text| text.len());
    length <= LINE_LIMIT - CHAIN_FIELD - ROOM_FOR_NUMBERS
}

/// Writes records as lines, each chained to the one before.
#[derive(Clone, Debug)]
pub struct Writer {
    head: Chain,
}

impl Writer {
    /// A writer that goes on behind a head; [`Chain::START`] for a new log.
    #[must_use]
    pub const fn after(head: Chain) -> Self {
        Self { head }
    }

    /// The chain of the last line.
    #[must_use]
    pub const fn head(&self) -> Chain {
        self.head
    }

    /// Appends a record's line, line feed included, to `out`.
    ///
    /// # Errors
    /// When the line would be too long; `out` is as it was then.
    pub fn write(&mut self, record: &Record, out: &mut Vec<u8>) -> Result<()> {
        let start = out.len();
        write_body(record, out)?;
        self.close(Digest::of(&out[start..]), out);
        Ok(())
    }

    /// Appends the lines of some records, as [`Self::write`] would one by one.
    ///
    /// # Errors
    /// When one would be too long; `out` is as it was then.
    pub fn write_all(&mut self, records: &[Record], out: &mut Vec<u8>) -> Result<()> {
        /// So many are digested side by side.
        const TOGETHER: usize = 1_024;
        let (before, start) = (self.head, out.len());
        let (mut written, mut ends) = (Vec::new(), Vec::new());
        for records in records.chunks(TOGETHER) {
            written.clear();
            ends.clear();
            for record in records {
                if let Err(error) = write_body(record, &mut written) {
                    self.head = before;
                    out.truncate(start);
                    return Err(error);
                }
                ends.push(written.len());
            }
            let starts = std::iter::once(0).chain(ends.iter().copied());
            let body = |(start, end): (usize, &usize)| &written[start..*end];
            let bodies: Vec<_> = starts.zip(&ends).map(body).collect();
            for (body, digest) in bodies.iter().zip(Digest::of_each(&bodies)) {
                out.extend_from_slice(body);
                self.close(digest, out);
            }
        }
        Ok(())
    }

    /// Ends a line whose body has that digest.
    fn close(&mut self, body: Digest, out: &mut Vec<u8>) {
        self.head = self.head.next(body);
        self.head.close(out);
        out.push(b'\n');
    }
}

/// Appends what a line's chain covers to `out`.
fn write_body(record: &Record, out: &mut Vec<u8>) -> Result<()> {
    let start = out.len();
    let written = record.write(out);
    // The closing brace comes back behind the chain.
    let closed = out.pop() == Some(b'}');
    if written.is_err() || !closed || out.len() - start > LINE_LIMIT - CHAIN_FIELD {
        out.truncate(start);
        return Err(BadLog::LineTooLong { limit: LINE_LIMIT }.into());
    }
    Ok(())
}

/// Room for the chain at the end of a line.
const CHAIN_FIELD: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    /// The JSON of an event that has so many bytes.
    fn of_length(bytes: usize) -> String {
        let event = |note: &str| {
            format!(
                r#"{{"id":"a","date":"2031-03-02","source":["XBL"],"act":"leader_change","note":"{note}"}}"#
            )
        };
        event(&"n".repeat(bytes - event("").len()))
    }

    #[test]
    fn a_line_has_so_many_bytes_at_most() {
        let too_long = |fault: &Fault| {
            let is_it = matches!(
                fault.kind,
                Kind::Log(BadLog::LineTooLong { limit: LINE_LIMIT })
            );
            (fault.place.line, is_it)
        };
        for (length, expected) in [(LINE_LIMIT, None), (LINE_LIMIT + 1, Some((Some(7), true)))] {
            let line = of_length(length);
            let line = line.as_bytes();
            for read in [read_line(line, 7), Scanner::default().read(line, 7)] {
                let told = read.err().map(|faults| too_long(&faults[0]));
                assert_eq!(told, expected, "{length}");
            }
        }
    }

    #[test]
    fn an_event_fits_where_there_is_room_for_its_chain_and_its_numbers() {
        for (room, does) in [(128, true), (127, false)] {
            let record = read_line(of_length(LINE_LIMIT - room).as_bytes(), 1).unwrap();
            assert_eq!(fits(&record), does, "{room}");
        }
    }

    #[test]
    fn what_would_be_too_long_with_its_chain_is_not_written() {
        // The closing brace stands behind the chain.
        for (room, is_written) in [(CHAIN_FIELD - 1, true), (CHAIN_FIELD - 2, false)] {
            let record = read_line(of_length(LINE_LIMIT - room).as_bytes(), 1).unwrap();
            let (mut writer, mut out) = (Writer::after(Chain::START), b"before\n".to_vec());
            assert_eq!(
                writer.write(&record, &mut out).is_ok(),
                is_written,
                "{room}"
            );
            assert_eq!(out.len() > 7, is_written);
            assert_eq!(writer.head() != Chain::START, is_written);
        }
    }

    #[test]
    fn the_memory_of_a_record_is_used_again_once_nobody_else_holds_it() {
        let (line, mut scanner) = (of_length(200), Scanner::default());
        let record = scanner.read(line.as_bytes(), 1).unwrap();
        let held = record.clone();
        scanner.reuse(record);
        assert!(scanner.spare.is_empty());
        scanner.reuse(held);
        let memory = Arc::as_ptr(&scanner.spare[0]);
        let again = scanner.read(line.as_bytes(), 2).unwrap();
        assert!(scanner.spare.is_empty() && std::ptr::eq(&raw const *again.fields(), memory));
    }
}
