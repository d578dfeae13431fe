//! Between a record and its line: one JSON object, the chain its last field.

use super::chain::{Chain, Digest};
use super::form::{self, Misfit};
use super::record::{Draft, FORMAT_VERSION, Record};
use crate::error::{Error, Fault, Kind, Place, Result};
use crate::json::{self, Dialect, Flaw, Span, Tree, What};

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
            Kind::LineTooLong { limit: LINE_LIMIT },
        )]);
    }
    let quick = serde_json::from_slice::<Draft>(line).ok();
    if let Some(Ok(record)) = quick.map(form::check) {
        return Ok(record);
    }
    let text = utf8(line, number).map_err(|fault| vec![*fault])?;
    read_record(text, number, Dialect::Strict)
}

fn utf8(bytes: &[u8], first_line: u64) -> Result<&str, Box<Fault>> {
    std::str::from_utf8(bytes).map_err(|error| {
        let valid = error.valid_up_to();
        let before = String::from_utf8_lossy(&bytes[..valid]);
        let span = Span {
            start: valid,
            end: valid,
        };
        Box::new(Fault::at(&before, first_line, span, Kind::NotUtf8))
    })
}

/// The format version that a text says it is of, whatever else it holds.
fn version(text: &str) -> Option<u32> {
    #[derive(serde::Deserialize)]
    struct Version {
        v: Option<u32>,
    }
    serde_json::from_str::<Version>(text).ok()?.v
}

/// Reads one record with everything that is wrong with it. Of a newer format, only that is said.
fn read_record(text: &str, first_line: u64, dialect: Dialect) -> Result<Record, Vec<Fault>> {
    let reading = json::read::<Draft>(text, dialect);
    if let Some(found) = version(text).filter(|found| *found > FORMAT_VERSION) {
        let span = reading.tree.value(&["v".into()]);
        let kind = Kind::NewerFormat {
            found,
            known: FORMAT_VERSION,
        };
        return Err(vec![Fault::at(
            text,
            first_line,
            span.unwrap_or(Span { start: 0, end: 1 }),
            kind,
        )]);
    }
    let mut faults: Vec<_> = reading
        .flaws
        .iter()
        .map(|flaw| Fault::flaw(text, first_line, flaw.clone()))
        .collect();
    let misfits = match reading.value.map(form::check) {
        Some(Ok(record)) if faults.is_empty() => return Ok(record),
        Some(Err(misfits)) => misfits,
        Some(Ok(_)) | None => Vec::new(),
    };
    let not_just_left_out = |misfit: &Misfit| match misfit.kind {
        Kind::MissingField { field, .. } => reading.tree.value(&[field.into()]).is_none(),
        _ => true,
    };
    for misfit in misfits.into_iter().filter(not_just_left_out) {
        let span = span_of(&misfit.path, &misfit.kind, &reading.tree);
        faults.push(Fault::at(text, first_line, span, misfit.kind));
    }
    if faults.is_empty() {
        // The quick reader refused what this one takes; the line is refused all the same.
        let message = serde_json::from_str::<Draft>(text)
            .map_or_else(|error| error.to_string(), |_| "not an event".to_owned());
        let span = Span {
            start: 0,
            end: text.len(),
        };
        faults.push(Fault::flaw(
            text,
            first_line,
            Flaw {
                span,
                what: What::Syntax { message },
            },
        ));
    }
    faults.sort_by_key(|fault| (fault.place.line, fault.place.column));
    Err(faults)
}

/// The bytes that a misfit is about: a field that should not be there by its key, anything else by its value.
fn span_of(path: &[json::Step<'_>], kind: &Kind, tree: &Tree) -> Span {
    let whole = || {
        let Span { start, .. } = tree.value(&[]).unwrap_or(Span { start: 0, end: 1 });
        // Of a whole object, its opening brace: the rest of it may run over many lines.
        Span {
            start,
            end: start + 1,
        }
    };
    let found = match kind {
        Kind::ForeignField { .. } => tree.key(path),
        _ if path.is_empty() => None,
        _ => tree.value(path),
    };
    found.unwrap_or_else(whole)
}

/// A record that a person wrote, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Written<'a> {
    /// The record.
    pub record: Record,
    /// Its text.
    pub text: &'a str,
    /// The line of the file on which the text begins.
    pub first_line: u64,
}

impl Written<'_> {
    /// Where a field of it stands; nowhere for a record that no one wrote.
    #[must_use]
    pub fn place(&self, field: &'static str) -> Place {
        if self.text.is_empty() {
            return Place::default();
        }
        let tree = json::read::<serde::de::IgnoredAny>(self.text, Dialect::Commented).tree;
        let value = tree
            .value(&[field.into()])
            .or_else(|| tree.value(&["id".into()]));
        let span = value.unwrap_or(Span { start: 0, end: 1 });
        Place::of(self.text, self.first_line, span)
    }
}

/// Reads the events of an input: JSON Lines, one JSON object over any number of lines, several of them
/// one after the other, or a list of them.
///
/// # Errors
/// Every mistake of every event; nothing is taken if there is one.
pub fn read_written(bytes: &[u8]) -> Result<Vec<Written<'_>>> {
    let text = utf8(bytes, 1).map_err(|fault| Error::from(*fault))?;
    let mut written = Vec::new();
    let mut faults = Vec::new();
    let mut line = Counter::default();
    for part in parts(text) {
        match part {
            Ok(text_of_one) => {
                let first_line = line.of(text, text_of_one.start);
                let text = &text[text_of_one];
                match read_record(text, first_line, Dialect::Strict) {
                    Ok(record) => written.push(Written {
                        record,
                        text,
                        first_line,
                    }),
                    Err(more) => faults.extend(more),
                }
            }
            Err(flaw) => faults.push(Fault::flaw(text, 1, flaw)),
        }
    }
    if written.is_empty() && faults.is_empty() {
        return Err(Kind::Empty.into());
    }
    Error::check(faults, FAULT_LIMIT)?;
    Ok(written)
}

/// Counts lines forward, so that many places of a long text are found in one go.
#[derive(Default)]
struct Counter {
    offset: usize,
    newlines: u64,
}

impl Counter {
    fn of(&mut self, text: &str, offset: usize) -> u64 {
        let between = text.get(self.offset..offset).unwrap_or_default();
        self.newlines += between.matches('\n').count() as u64;
        self.offset = offset;
        self.newlines + 1
    }
}

/// The bytes of each object in a text.
fn parts(text: &str) -> Vec<Result<std::ops::Range<usize>, Flaw>> {
    let start = text.len() - text.trim_start().len();
    if text[start..].starts_with('[') {
        return elements(text);
    }
    let mut parts = Vec::new();
    let mut offset = start;
    while offset < text.len() {
        let rest = &text[offset..];
        let mut values =
            serde_json::Deserializer::from_str(rest).into_iter::<&serde_json::value::RawValue>();
        match values.next() {
            Some(Ok(value)) => {
                let begin = offset + rest.find(|c: char| !c.is_whitespace()).unwrap_or(0);
                parts.push(Ok(begin..begin + value.get().len()));
                offset += values.byte_offset();
            }
            // What is not JSON ends with its line: the lines after it may be events again.
            Some(Err(_)) => {
                let begin = offset + rest.find(|c: char| !c.is_whitespace()).unwrap_or(0);
                let end = text[begin..]
                    .find('\n')
                    .map_or(text.len(), |newline| begin + newline);
                parts.push(Ok(begin..end));
                offset = end;
            }
            None => break,
        }
    }
    parts
}

fn elements(text: &str) -> Vec<Result<std::ops::Range<usize>, Flaw>> {
    let reading = json::read::<Vec<serde::de::IgnoredAny>>(text, Dialect::Strict);
    let flaws = reading.flaws.into_iter().map(Err);
    let element = |place: usize| {
        let span = reading.tree.value(&[place.into()])?;
        Some(Ok(span.start..span.end))
    };
    flaws.chain((0..).map_while(element)).collect()
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
        let written = serde_json::to_writer(&mut *out, record.fields());
        // The closing brace comes back behind the chain.
        let closed = out.pop() == Some(b'}');
        if written.is_err() || !closed || out.len() - start > LINE_LIMIT - CHAIN_FIELD {
            out.truncate(start);
            return Err(Kind::LineTooLong { limit: LINE_LIMIT }.into());
        }
        self.head = self.head.next(Digest::of(&out[start..]));
        self.head.close(out);
        out.push(b'\n');
        Ok(())
    }
}

/// Room for the chain at the end of a line.
const CHAIN_FIELD: usize = 64;
