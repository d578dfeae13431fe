//! The timeline: the events of a log that count, by date and then by their place in the log.

use super::log::{Late, Lines, Next, Source, Survey, io_fault};
use crate::error::{BadLog, Error, Result};
use crate::history::line::codec::Scanner;
use crate::history::line::packing::Packing;
use crate::history::line::quick::Depth;
use crate::history::line::record::Record;
use crate::model::Day;
use std::collections::{HashSet, VecDeque};
use std::io::BufRead;

/// All events of a log that count, in replay order, in memory.
///
/// # Errors
/// A line that cannot be read.
pub fn timeline(source: &(impl Source + ?Sized), survey: &Survey) -> Result<Vec<Record>> {
    let input = source.open().map_err(|error| io_fault("open", error))?;
    let mut timeline = Timeline::new(input, survey);
    let mut packing = Packing::default();
    while let Some(record) = timeline.advance()? {
        packing.push(record);
    }
    Ok(packing.finish())
}

/// An event that does not come in the order of the log.
#[derive(Clone, Debug)]
pub(super) enum Coming {
    /// One of the log.
    Late(Late),
    /// One that would be appended.
    New(Record),
}

impl Coming {
    fn date(&self) -> Day {
        match self {
            Self::Late(late) => late.date,
            Self::New(record) => record.date(),
        }
    }

    /// The record of the event.
    ///
    /// # Errors
    /// When its line cannot be read.
    pub(super) fn read(self) -> Result<Record> {
        match self {
            Self::Late(late) => late.read(),
            Self::New(record) => Ok(record),
        }
    }
}

/// What of a log counts, and which of its events come elsewhere than their lines stand.
#[derive(Debug)]
pub(super) struct Order {
    newest: Day,
    late: VecDeque<Coming>,
    retracted: HashSet<Box<str>>,
}

impl Order {
    /// The order of a log that was surveyed.
    pub(super) fn of(survey: &Survey) -> Self {
        Self::with(survey, Vec::new(), survey.retracted.clone())
    }

    /// The order behind a place of a log where the latest date was one: the late events that are
    /// still to come, in the order of the log where they are of one day, and the ids of those that
    /// do not count.
    pub(super) fn behind(newest: Day, mut late: Vec<Late>, retracted: HashSet<Box<str>>) -> Self {
        late.sort_by_key(|late| late.date);
        Self {
            newest,
            late: late.into_iter().map(Coming::Late).collect(),
            retracted,
        }
    }

    /// The order as it would be with some more events that count, appended in that order, and with
    /// another set of retracted ids.
    fn with(survey: &Survey, appended: Vec<Record>, retracted: HashSet<Box<str>>) -> Self {
        let counts = |late: &&Late| {
            retracted.is_empty() || late.id().is_none_or(|id| !retracted.contains(&*id))
        };
        let of_the_log = survey.late.iter().filter(counts).cloned().map(Coming::Late);
        let mut late: Vec<_> = of_the_log
            .chain(appended.into_iter().map(Coming::New))
            .collect();
        // Stable: events of a day stay in the order of the log.
        late.sort_by_key(Coming::date);
        Self {
            newest: Day::FIRST,
            late: late.into(),
            retracted,
        }
    }

    /// Whether the event of the next line comes where that stands, and counts.
    pub(super) fn counts(&mut self, record: &Record) -> bool {
        if record.is_about_the_log() || record.date() < self.newest {
            return false;
        }
        self.newest = record.date();
        !self.is_retracted(record)
    }

    /// Whether an event no longer counts.
    fn is_retracted(&self, record: &Record) -> bool {
        !self.retracted.is_empty() && self.retracted.contains(record.id())
    }

    /// The latest date of the lines so far.
    pub(super) const fn newest(&self) -> Day {
        self.newest
    }

    /// The next late event, if it comes before those of a day; without a day the next of all.
    pub(super) fn late_before(&mut self, day: Option<Day>) -> Option<Coming> {
        let comes = |late: &Coming| day.is_none_or(|day| late.date() < day);
        match self.late.front() {
            Some(next) if comes(next) => self.late.pop_front(),
            _ => None,
        }
    }
}

/// Reads the events of a log in replay order, one by one.
///
/// Most lines of a log are in that order already and are read as they come; the late ones, which
/// the survey found, are held in memory and come in where they belong.
#[derive(Debug)]
pub struct Timeline<R> {
    lines: Lines<R>,
    known: u64,
    scanner: Scanner,
    pending: Option<Record>,
    order: Order,
}

impl<R: BufRead> Timeline<R> {
    /// The timeline of a log that was surveyed; `input` reads it from its start.
    pub fn new(input: R, survey: &Survey) -> Self {
        Self::with(input, survey, Vec::new(), survey.retracted.clone())
    }

    /// The timeline as it would be with some more events that count, appended in that order, and
    /// with another set of retracted ids.
    pub(super) fn with(
        input: R,
        survey: &Survey,
        appended: Vec<Record>,
        retracted: HashSet<Box<str>>,
    ) -> Self {
        Self {
            lines: Lines::new(input),
            known: survey.known,
            scanner: Scanner::default(),
            pending: None,
            order: Order::with(survey, appended, retracted),
        }
    }

    /// The same, of whose events only what the state machine needs is read: no titles, notes or
    /// evidence.
    #[must_use]
    pub fn of_what_is_needed(mut self) -> Self {
        self.scanner = Scanner::new(Depth::Needed);
        self
    }

    /// Takes back an event that is no longer needed, for its memory.
    pub fn reuse(&mut self, record: Record) {
        self.scanner.reuse(record);
    }

    /// The next event that counts.
    ///
    /// # Errors
    /// A line that cannot be read.
    pub fn advance(&mut self) -> Result<Option<Record>> {
        if self.pending.is_none() {
            self.pending = self.next_in_order()?;
        }
        let day = self.pending.as_ref().map(Record::date);
        match self.order.late_before(day) {
            Some(late) => Ok(Some(self.scanner.unpacked(late.read()?))),
            None => Ok(self.pending.take()),
        }
    }

    /// The next line that counts and is not late.
    fn next_in_order(&mut self) -> Result<Option<Record>> {
        while self.lines.number() < self.known {
            let number = self.lines.number() + 1;
            let Next::Line(line) = self
                .lines
                .advance()
                .map_err(|error| io_fault("read", error))?
            else {
                return Err(BadLog::ChangedWhileRead.into());
            };
            let read = self.scanner.read(line, number);
            let record = read.map_err(|faults| Error::of(faults, 1))?;
            if self.order.counts(&record) {
                return Ok(Some(record));
            }
            self.scanner.reuse(record);
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::log::tests::{called, chained};
    use crate::history::log::{Scope, survey};

    #[test]
    fn a_line_that_cannot_be_read_is_told_of_by_its_number() {
        let log = chained(&[called(1, 1, ""), called(2, 2, r#","tone":"critical""#)]);
        let survey = survey(&log[..], Scope::default(), |_, _| {}).unwrap();
        let error = timeline(&log[..], &survey).unwrap_err();
        assert_eq!(error.faults()[0].place.line, Some(2));
    }
}
