//! A log as bytes: its lines, and the survey that verifies them and finds what is out of order.

use super::described::Names;
use crate::error::{BadEvent, BadFile, BadLog, Error, Fault, Result};
use crate::history::line::chain::{Chain, Digest};
use crate::history::line::codec::{FAULT_LIMIT, LINE_LIMIT, read_line};
use crate::history::line::record::{FORMAT_VERSION, Record};
use crate::model::{Act, Day};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{self, BufRead};

/// Bytes that can be read from the start more than once: a file, or a log that is in memory.
pub trait Source {
    /// What reads them.
    type Reader<'a>: BufRead
    where
        Self: 'a;

    /// Begins at the start.
    ///
    /// # Errors
    /// What the system says.
    fn open(&self) -> io::Result<Self::Reader<'_>>;
}

impl Source for [u8] {
    type Reader<'a> = &'a [u8];

    fn open(&self) -> io::Result<&[u8]> {
        Ok(self)
    }
}

impl<S: Source + ?Sized> Source for &S {
    type Reader<'a>
        = S::Reader<'a>
    where
        Self: 'a;

    fn open(&self) -> io::Result<S::Reader<'_>> {
        (**self).open()
    }
}

/// The lines of a log, one after the other.
#[derive(Debug)]
pub struct Lines<R> {
    input: R,
    buffer: Vec<u8>,
    number: u64,
    bytes: u64,
}

/// What comes next in a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next<'a> {
    /// A line, without its line feed.
    Line(&'a [u8]),
    /// A last line without a line feed: a crash tore it, or it is being written right now.
    Torn(&'a [u8]),
    /// A line longer than there may be; the rest of it is not read.
    TooLong,
    /// The end.
    End,
}

impl<R: BufRead> Lines<R> {
    /// The lines of an input.
    pub const fn new(input: R) -> Self {
        Self {
            input,
            buffer: Vec::new(),
            number: 0,
            bytes: 0,
        }
    }

    /// The next line.
    ///
    /// # Errors
    /// What the system says.
    pub fn advance(&mut self) -> io::Result<Next<'_>> {
        self.buffer.clear();
        let mut limited = io::Read::take(&mut self.input, LINE_LIMIT as u64 + 1);
        let read = limited.read_until(b'\n', &mut self.buffer)? as u64;
        if read == 0 {
            return Ok(Next::End);
        }
        self.number += 1;
        match self.buffer.pop_if(|last| *last == b'\n') {
            Some(_) => {
                self.bytes += read;
                Ok(Next::Line(&self.buffer))
            }
            None if read > LINE_LIMIT as u64 => Ok(Next::TooLong),
            None => Ok(Next::Torn(&self.buffer)),
        }
    }

    /// The number of the line that was read last, from 1.
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// How many bytes all whole lines so far have.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// The few fields of a line that tell its place in the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Glance<'a> {
    /// The format version.
    pub v: Option<u32>,
    /// The event's place in the log.
    pub seq: u64,
    /// Its id.
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    /// When it happened.
    pub date: Day,
    /// When it entered the log.
    pub recorded: Day,
    /// What was done.
    pub act: Act,
    /// The event that no longer counts with it.
    #[serde(borrow)]
    pub retracts: Option<Cow<'a, str>>,
}

/// What one pass over a log finds: that it is whole, and which of its events are late or retracted.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// How many events the log has: its version.
    pub events: u64,
    /// How many of them were known on the day asked for.
    pub known: u64,
    /// How many bytes they take.
    pub bytes: u64,
    /// The chain of the last line.
    pub head: Chain,
    /// When the last one was recorded.
    pub last_recorded: Option<Day>,
    /// How many bytes stand behind the last whole line.
    pub torn_bytes: Option<u64>,
    /// The number that the next line must have, by what the line before says.
    next_seq: u64,
    /// Events that were appended after one of a later date, in the order of the log.
    pub(super) late: Vec<Record>,
    /// What describes the log, in its order.
    descriptions: Vec<Record>,
    /// The ids of events that no longer count.
    pub(super) retracted: HashSet<Box<str>>,
}

/// What a survey is to look at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scope {
    /// Only the events that were recorded until that day count.
    pub known_on: Option<Day>,
    /// Whether the form of every line is looked at in full.
    pub in_full: bool,
}

/// Reads a log once, verifies its chain, its numbers and the order of recording, and finds late and
/// retracted events. `each` sees every line that counts.
///
/// Memory grows only with late and retracted events.
///
/// # Errors
/// Everything that is wrong with the log. After a broken line the chain is followed from what that line
/// says, so that only the lines that are off are told.
pub fn survey(
    source: &(impl Source + ?Sized),
    scope: Scope,
    mut each: impl FnMut(&Glance<'_>, &[u8]),
) -> Result<Survey> {
    let mut lines = Lines::new(source.open().map_err(|error| io_fault("open", error))?);
    let mut survey = Survey {
        next_seq: 1,
        ..Survey::default()
    };
    let mut faults = Vec::new();
    let mut newest = Day::FIRST;
    loop {
        let number = lines.number() + 1;
        match lines.advance().map_err(|error| io_fault("read", error))? {
            Next::End => break,
            Next::Torn(bytes) => {
                // A crash may have torn a log's first line; anything else with one line only is no log.
                if survey.events == 0 && !begins_like_a_line(bytes) {
                    return Err(BadLog::NotALog.into());
                }
                survey.torn_bytes = Some(bytes.len() as u64);
                break;
            }
            Next::TooLong => {
                faults.push(Fault::on_line(
                    number,
                    BadLog::LineTooLong { limit: LINE_LIMIT },
                ));
                break;
            }
            Next::Line(line) if number == 1 && is_only_an_event(line) => {
                return Err(BadLog::NotALog.into());
            }
            Next::Line(line) => match look_at(line, number, scope, &mut survey, &mut faults) {
                Some(glance) if scope.known_on.is_none_or(|day| glance.recorded <= day) => {
                    survey.known = number;
                    survey.sort_in(&glance, line, number, &mut newest, &mut faults);
                    each(&glance, line);
                }
                _ => {}
            },
        }
        survey.events = number;
    }
    survey.bytes = lines.bytes();
    Error::check(faults, FAULT_LIMIT)?;
    if survey.events == 0 && survey.torn_bytes.is_none() {
        return Err(BadFile::Empty.into());
    }
    Ok(survey)
}

/// Whether a line is an event that nobody has appended yet.
fn is_only_an_event(line: &[u8]) -> bool {
    Chain::split(line).is_none() && read_line(line, 1).is_ok_and(|record| record.seq().is_none())
}

/// Whether bytes could be the beginning of a log's first line.
fn begins_like_a_line(bytes: &[u8]) -> bool {
    const BEGINNINGS: [&[u8]; 2] = [b"{\"seq\":1,", b"{\"v\":"];
    BEGINNINGS
        .iter()
        .any(|beginning| bytes.starts_with(beginning) || beginning.starts_with(bytes))
}

pub(super) fn io_fault(doing: &'static str, error: io::Error) -> Error {
    BadFile::Io { doing, error }.into()
}

/// Verifies a line and takes the few fields out of it.
fn look_at<'a>(
    line: &'a [u8],
    number: u64,
    scope: Scope,
    survey: &mut Survey,
    faults: &mut Vec<Fault>,
) -> Option<Glance<'a>> {
    let split = Chain::split(line);
    let before = survey.head;
    if let Some((_, chain)) = split {
        survey.head = chain;
    }
    let text = std::str::from_utf8(line).ok();
    let glance = text.and_then(|text| serde_json::from_str::<Glance<'_>>(text).ok());
    let is_known = |glance: &Glance<'_>| glance.v.unwrap_or(1) <= FORMAT_VERSION;
    let Some(glance) = glance.filter(is_known) else {
        faults.extend(explain(line, number));
        // Whatever it is, it takes a place.
        survey.next_seq = survey.next_seq.saturating_add(1);
        return None;
    };
    if scope.in_full
        && let Err(more) = read_line(line, number)
    {
        faults.extend(more);
        return None;
    }
    let mut fault = |kind| faults.push(Fault::on_line(number, kind));
    match split {
        None => fault(BadLog::NoChain),
        Some((body, found)) => {
            let expected = before.next(Digest::of(body));
            if found != expected {
                fault(BadLog::BrokenChain {
                    expected: expected.to_string(),
                    found: found.to_string(),
                });
            } else if glance.seq != survey.next_seq {
                fault(BadLog::WrongSeq {
                    expected: survey.next_seq,
                    found: Some(glance.seq),
                });
            }
        }
    }
    survey.next_seq = glance.seq.saturating_add(1);
    if let Some(before) = survey.last_recorded.replace(glance.recorded)
        && glance.recorded < before
    {
        let found = glance.recorded;
        fault(BadLog::RecordedEarlier { found, before });
    }
    Some(glance)
}

/// Why a line is not one of a log.
fn explain(line: &[u8], number: u64) -> Vec<Fault> {
    let record = match read_line(line, number) {
        Ok(record) => record,
        Err(faults) => return faults,
    };
    if record.seq().is_none() {
        let kind = BadLog::WrongSeq {
            expected: number,
            found: None,
        };
        return vec![Fault::on_line(number, kind)];
    }
    let kind = BadEvent::MissingField {
        field: "recorded",
        act: None,
    };
    vec![Fault::on_line(number, kind)]
}

impl Survey {
    /// The names that the log gives to what is in it.
    #[must_use]
    pub fn names(&self) -> Names {
        let counts = |record: &&Record| !self.retracted.contains(record.id());
        Names::of(self.descriptions.iter().filter(counts))
    }

    /// Notes a line that is late, or that retracts another.
    fn sort_in(
        &mut self,
        glance: &Glance<'_>,
        line: &[u8],
        number: u64,
        newest: &mut Day,
        faults: &mut Vec<Fault>,
    ) {
        if let Some(id) = &glance.retracts {
            self.retracted.insert(id.as_ref().into());
        }
        if glance.act == Act::Describes {
            match read_line(line, number) {
                Ok(record) => self.descriptions.push(record),
                Err(more) => faults.extend(more),
            }
        }
        if glance.act.is_about_the_log() {
            return;
        }
        if glance.date < *newest {
            match read_line(line, number) {
                Ok(record) => self.late.push(record),
                Err(more) => faults.extend(more),
            }
        } else {
            *newest = glance.date;
        }
    }
}
