//! A log as bytes: its lines, and the survey that verifies them and finds what is out of order.

use super::blocks::{Block, threads_of_use};
use super::described::Names;
use crate::error::{BadEvent, BadFile, BadLog, Error, Fault, Faults, Result};
use crate::history::line::chain::{Chain, Digest};
use crate::history::line::codec::{FAULT_LIMIT, LINE_LIMIT, Scanner, read_line};
use crate::history::line::draft::{Draft, FORMAT_VERSION};
use crate::history::line::form;
use crate::history::line::quick::{Depth, read_into};
use crate::history::line::record::Record;
use crate::model::{Act, Day};
use crate::threads::{Pieces, in_order};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{self, BufRead, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

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

    /// Begins behind so many bytes, or at the end where there are fewer.
    ///
    /// # Errors
    /// What the system says.
    fn open_at(&self, offset: u64) -> io::Result<Self::Reader<'_>> {
        let mut reader = self.open()?;
        io::copy(&mut reader.by_ref().take(offset), &mut io::sink())?;
        Ok(reader)
    }

    /// So many bytes behind so many others, or fewer where the end comes before.
    ///
    /// # Errors
    /// What the system says.
    fn read_at(&self, offset: u64, length: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.open_at(offset)?.take(length).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
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

    fn open_at(&self, offset: u64) -> io::Result<S::Reader<'_>> {
        (**self).open_at(offset)
    }

    fn read_at(&self, offset: u64, length: u64) -> io::Result<Vec<u8>> {
        (**self).read_at(offset, length)
    }
}

/// The lines of a log, one after the other.
#[derive(Debug)]
pub struct Lines<R> {
    input: R,
    buffer: Vec<u8>,
    number: u64,
    bytes: u64,
    is_ended: bool,
    /// How many zeros stand in the place of the line feed that was read last.
    zeros: u64,
}

/// The byte that an append puts in the place of a batch's first one until the disk has all of the
/// batch, and in that of its last one, a line feed, until the batch is committed. No line begins
/// with it, so that a batch counts whole or not at all; and what begins with it but ends in a line
/// feed was committed once, and damaged since.
pub const UNCOMMITTED: u8 = 0;

/// Where a line that is not the first begins as a batch does that is not committed.
const BEGINS_UNCOMMITTED: &[u8] = b"\n\0\"";

/// What comes next in a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next<'a> {
    /// A line, without its line feed.
    Line(&'a [u8]),
    /// What stands behind the last whole line: a line without end, or a batch that was not
    /// committed. A crash tore it, or it is being written right now.
    Torn(Tail<'a>),
    /// What stands behind the last whole line and cannot be the remains of one batch: events that
    /// were appended are in it.
    Damaged(Tail<'a>),
    /// A line longer than there may be; the rest of it is not read.
    TooLong,
    /// The end.
    End,
}

/// What stands behind the last whole line of a log, to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tail<'a> {
    /// How it begins, [`LINE_LIMIT`] bytes of it at most.
    pub begins: &'a [u8],
    /// How many bytes stand before it.
    pub offset: u64,
    /// How many bytes it has.
    pub bytes: u64,
    /// Whether all of them are zeros, as a power loss leaves them.
    pub is_zeros: bool,
    /// How many of them are line feeds.
    pub line_feeds: u64,
}

impl Tail<'_> {
    /// What is to be said of one that is damaged, behind a line with a chain.
    #[must_use]
    pub fn damage(&self, before: Chain) -> BadLog {
        let Some((&UNCOMMITTED, line)) = self.begins.split_first() else {
            return BadLog::BrokenOff;
        };
        let whole = [b"{", line.strip_suffix(b"\n").unwrap_or(line)].concat();
        let has_its_chain = |(body, chain)| before.next(Digest::of(body)) == chain;
        BadLog::BeginsWithZero {
            offset: self.offset,
            lines: self.line_feeds.saturating_sub(1),
            is_whole: Chain::split(&whole).is_some_and(has_its_chain),
        }
    }
}

/// A place between two lines of a log, and what lies before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    /// How many bytes.
    pub(super) offset: u64,
    /// How many lines.
    pub(super) lines: u64,
    /// The chain of the last of them.
    pub(super) chain: Chain,
    /// The latest date of them.
    pub(super) newest: Day,
}

impl Place {
    /// Before the first line.
    pub(super) const START: Self = Self {
        offset: 0,
        lines: 0,
        chain: Chain::START,
        newest: Day::FIRST,
    };
}

impl<R: BufRead> Lines<R> {
    /// The lines of an input.
    pub const fn new(input: R) -> Self {
        Self::behind(input, &Place::START)
    }

    /// The lines of an input that begins at a place.
    pub(super) const fn behind(input: R, place: &Place) -> Self {
        Self {
            input,
            buffer: Vec::new(),
            number: place.lines,
            bytes: place.offset,
            is_ended: true,
            zeros: 0,
        }
    }

    /// The next line. A last one without its line feed, which an editor may have taken and a power
    /// loss not have put back, is a line if it ends in its chain.
    ///
    /// # Errors
    /// What the system says.
    pub fn advance(&mut self) -> io::Result<Next<'_>> {
        self.buffer.clear();
        if self.zeros > 0 {
            self.number += 1;
            return Ok(Next::Torn(Tail {
                begins: &self.buffer,
                offset: self.bytes,
                bytes: std::mem::take(&mut self.zeros),
                is_zeros: true,
                line_feeds: 0,
            }));
        }
        let read = self.read_until_line_feed()?;
        if read == 0 {
            return Ok(Next::End);
        }
        self.number += 1;
        if self.buffer.first() == Some(&UNCOMMITTED) {
            return self.tail(read);
        }
        match self.buffer.pop_if(|last| *last == b'\n') {
            Some(_) => {
                self.bytes += read;
                Ok(Next::Line(&self.buffer))
            }
            None if read > LINE_LIMIT as u64 => self.tail(read),
            None => {
                let zeros = self.buffer.iter().rev().take_while(|byte| **byte == 0);
                let (zeros, whole) = (zeros.count(), self.buffer.len());
                let (line, _) = self.buffer.split_at(whole - zeros);
                if Chain::split(line).is_none() {
                    return self.tail(read);
                }
                self.buffer.truncate(whole - zeros);
                // One stands in the place of the line feed, which an append writes last of all.
                self.zeros = if zeros == 1 { 0 } else { zeros as u64 };
                self.bytes += self.buffer.len() as u64;
                self.is_ended = false;
                Ok(Next::Line(&self.buffer))
            }
        }
    }

    /// Moves lines to a block, as many as are at hand, are wanted and fit. Where it moves none,
    /// [`Self::advance`] says what comes next.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn move_to(&mut self, block: &mut Block, most: u64) -> io::Result<bool> {
        if self.zeros > 0 {
            return Ok(false);
        }
        let is_whole = |line: &[u8]| line.len() < LINE_LIMIT && line.first() != Some(&UNCOMMITTED);
        let bytes = match self.input.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(false),
            bytes => bytes?,
        };
        let [lines, taken] = block.push_lines(bytes, most, is_whole);
        self.input.consume(taken);
        self.number += lines as u64;
        self.bytes += taken as u64;
        Ok(lines > 0)
    }

    /// Reads to the next line feed, or as many bytes as no line may have.
    fn read_until_line_feed(&mut self) -> io::Result<u64> {
        loop {
            let room = LINE_LIMIT + 1 - self.buffer.len();
            let more = match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                more => more?,
            };
            let more = more.get(..room).unwrap_or(more);
            let end = memchr::memchr(b'\n', more);
            let length = end.map_or(more.len(), |end| end + 1);
            self.buffer.extend_from_slice(&more[..length]);
            self.input.consume(length);
            if end.is_some() || length == 0 {
                return Ok(self.buffer.len() as u64);
            }
        }
    }

    /// What was begun to be read, to the end of the log. Only what is not committed may have line
    /// feeds in it.
    fn tail(&mut self, read: u64) -> io::Result<Next<'_>> {
        let is_committed = self.buffer.first() != Some(&UNCOMMITTED);
        let mut tail = Tail {
            begins: &self.buffer,
            offset: self.bytes,
            bytes: read,
            is_zeros: self.buffer.iter().all(|byte| *byte == 0),
            line_feeds: u64::from(self.buffer.ends_with(b"\n")),
        };
        let mut last = self.buffer.last().copied();
        // The last two bytes of what was read, and the first two of what comes next.
        let mut seam = [b' '; 4];
        let mut begins_again = false;
        let keep_last = |seam: &mut [u8; 4], bytes: &[u8]| {
            for byte in &bytes[bytes.len().saturating_sub(2)..] {
                (seam[0], seam[1]) = (seam[1], *byte);
            }
        };
        keep_last(&mut seam, &self.buffer);
        loop {
            let more = match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                more => more?,
            };
            if more.is_empty() {
                break;
            }
            tail.is_zeros &= more.iter().all(|byte| *byte == 0);
            tail.line_feeds += memchr::memchr_iter(b'\n', more).count() as u64;
            if is_committed && tail.line_feeds > 0 {
                return Ok(Next::TooLong);
            }
            for (place, byte) in seam[2..].iter_mut().enumerate() {
                *byte = more.get(place).copied().unwrap_or(b' ');
            }
            begins_again |= memchr::memmem::find(&seam, BEGINS_UNCOMMITTED).is_some()
                || memchr::memmem::find(more, BEGINS_UNCOMMITTED).is_some();
            keep_last(&mut seam, more);
            last = more.last().copied();
            let length = more.len();
            tail.bytes += length as u64;
            self.input.consume(length);
        }
        // Of a batch that was not committed the last byte is a zero, too, whatever of it the disk
        // has, and no other line begins as it does: what a disk lacks is longer than a byte. What
        // else there may be is one line that breaks off, as other programs leave it.
        let is_in_lines = |byte: &u8| *byte >= b' ';
        let is_one_batch = if is_committed {
            last != Some(0) && tail.begins.iter().all(is_in_lines) && !Chain::is_within(tail.begins)
        } else {
            (last == Some(0) && !begins_again)
                || (tail.line_feeds == 0 && !Chain::is_within(tail.begins))
        };
        Ok(if is_one_batch {
            Next::Torn(tail)
        } else {
            Next::Damaged(tail)
        })
    }

    /// The number of the line that was read last, from 1.
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// How many bytes all whole lines so far have.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Whether the line that was read last has its line feed.
    pub const fn is_ended(&self) -> bool {
        self.is_ended
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
    /// On how many threads it is read.
    pub(super) threads: usize,
    /// When the last one was recorded.
    pub last_recorded: Option<Day>,
    /// How it ends.
    pub ending: Ending,
    /// The number that the next line must have, by what the line before says.
    next_seq: u64,
    /// Events that were appended after one of a later date, in the order of the log.
    pub(super) late: Vec<Late>,
    /// What describes the log, in its order.
    descriptions: Vec<Record>,
    /// The ids of events that no longer count.
    pub(super) retracted: HashSet<Box<str>>,
}

/// What a log is as a whole: a survey that says nothing of single events, and cannot be replayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// How many events the log has: its version.
    pub events: u64,
    /// How many of them do not only describe it.
    pub told: u64,
    /// How many bytes they take.
    pub bytes: u64,
    /// The chain of the last line.
    pub head: Chain,
    /// When the last one was recorded.
    pub last_recorded: Option<Day>,
    /// How it ends.
    pub ending: Ending,
    /// The names that the log gives to what is in it.
    pub names: Names,
}

/// An event that was appended after one of a later date, as its line, which takes less than the
/// record.
#[derive(Clone, Debug)]
pub(super) struct Late {
    pub(super) date: Day,
    pub(super) number: u64,
    /// How many bytes stand before it in the log.
    pub(super) offset: u64,
    pub(super) line: Arc<[u8]>,
}

impl Late {
    /// The record on its line, which was read before.
    pub(super) fn read(&self) -> Result<Record> {
        read_line(&self.line, self.number).map_err(|faults| Error::of(faults, FAULT_LIMIT))
    }

    /// The id of the event.
    pub(super) fn id(&self) -> Option<Cow<'_, str>> {
        #[derive(Deserialize)]
        struct Id<'a> {
            #[serde(borrow)]
            id: Cow<'a, str>,
        }
        let read: Id<'_> = serde_json::from_slice(&self.line).ok()?;
        Some(read.id)
    }
}

/// How a log ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ending {
    /// What stands behind the last whole line.
    pub torn: Option<Torn>,
    /// Whether the last line lacks its line feed, which the next append puts there.
    pub lacks_line_feed: bool,
}

/// What is left of a line or of a batch that was not written whole. It holds no event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Torn {
    /// How many bytes there are.
    pub bytes: u64,
    /// Whether all of them are zeros.
    pub is_zeros: bool,
}

impl From<Tail<'_>> for Torn {
    fn from(tail: Tail<'_>) -> Self {
        Self {
            bytes: tail.bytes,
            is_zeros: tail.is_zeros,
        }
    }
}

/// What a survey is to look at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scope {
    /// Only the events that were recorded until that day count.
    pub known_on: Option<Day>,
    /// Whether the form of every line is looked at in full.
    pub in_full: bool,
    /// On how many threads the log is read, now and when it is replayed; one where it says 0. What
    /// is found does not depend on it.
    pub threads: usize,
}

/// Reads a log once, verifies its chain, its numbers and the order of recording, and finds late and
/// retracted events. `each` sees every line that counts.
///
/// Memory grows only with late and retracted events.
///
/// # Errors
/// Everything that is wrong with the log. After a broken line the chain is followed from what that
/// line says, so that only the lines that are off are told.
pub fn survey(
    source: &(impl Source + ?Sized),
    scope: Scope,
    mut each: impl FnMut(&Glance<'_>, &[u8]),
) -> Result<Survey> {
    let none = AtomicBool::new(false);
    survey_records(source, scope, &none, |glance, line, _| each(glance, line))
}

/// What is known of the lines before a place without reading them again.
#[derive(Debug)]
pub(super) struct Surveyed {
    pub(super) place: Place,
    pub(super) last_recorded: Option<Day>,
    /// What describes the log, in its order.
    pub(super) descriptions: Vec<Record>,
    /// The ids of those of them that no longer count.
    pub(super) retracted: HashSet<Box<str>>,
}

/// Surveys a log from a place on: what is known of the lines before it counts, but for which of
/// them are late or retracted. `each` sees every line behind the place.
///
/// # Errors
/// As [`survey`].
pub(super) fn survey_behind(
    source: &(impl Source + ?Sized),
    scope: Scope,
    before: Surveyed,
    mut each: impl FnMut(&Glance<'_>),
) -> Result<Survey> {
    let none = AtomicBool::new(false);
    survey_on(source, scope, before, &none, |glance, _, _| each(glance))
}

/// The same, which as long as they are wanted hands on the records as well of lines that stand as
/// this program writes them and whose form is right: of each what the state machine needs.
pub(super) fn survey_records(
    source: &(impl Source + ?Sized),
    scope: Scope,
    are_wanted: &AtomicBool,
    each: impl FnMut(&Glance<'_>, &[u8], Option<&Record>),
) -> Result<Survey> {
    let nothing = Surveyed {
        place: Place::START,
        last_recorded: None,
        descriptions: Vec::new(),
        retracted: HashSet::new(),
    };
    survey_on(source, scope, nothing, are_wanted, each)
}

fn survey_on(
    source: &(impl Source + ?Sized),
    scope: Scope,
    before: Surveyed,
    are_wanted: &AtomicBool,
    each: impl FnMut(&Glance<'_>, &[u8], Option<&Record>),
) -> Result<Survey> {
    let place = before.place;
    let input = source.open_at(place.offset);
    let mut surveying = Surveying {
        lines: Lines::behind(input.map_err(|error| io_fault("open", error))?, &place),
        read: place.chain,
        is_read: false,
        scope,
        survey: Survey {
            events: place.lines,
            known: place.lines,
            head: place.chain,
            next_seq: place.lines + 1,
            threads: scope.threads,
            last_recorded: before.last_recorded,
            descriptions: before.descriptions,
            retracted: before.retracted,
            ..Survey::default()
        },
        newest: place.newest,
        damage: None,
        faults: Faults::up_to(FAULT_LIMIT),
        each,
    };
    in_order(
        threads_of_use(scope.threads),
        &mut surveying,
        |piece: &mut Piece| {
            piece.look(scope.in_full, are_wanted.load(Relaxed));
        },
    )?;
    let Surveying {
        lines,
        mut survey,
        mut faults,
        damage,
        ..
    } = surveying;
    let number = survey.events + 1;
    if let Some(kind) = damage
        && is_damaged(source, number).map_err(|error| io_fault("read", error))?
    {
        faults.add_one(|| Fault::on_line(number, kind));
    }
    survey.bytes = lines.bytes();
    survey.ending.lacks_line_feed = !lines.is_ended();
    faults.check()?;
    if survey.events == 0 && survey.ending.torn.is_none() {
        return Err(BadFile::Empty.into());
    }
    Ok(survey)
}

/// Whether a log is damaged from a line on when it is read once more: who reads while a batch is
/// being committed may have seen its beginning before that and its end behind it.
fn is_damaged(source: &(impl Source + ?Sized), number: u64) -> io::Result<bool> {
    let mut lines = Lines::new(source.open()?);
    while lines.number() + 1 < number {
        if !matches!(lines.advance()?, Next::Line(_)) {
            // It is not the log any more that was read before.
            return Ok(true);
        }
    }
    Ok(matches!(lines.advance()?, Next::Damaged(_)))
}

/// A block of lines, and what each says by itself.
#[derive(Debug)]
struct Piece {
    block: Block,
    scanner: Scanner,
    /// Of each line, where it is wanted and was read quickly.
    records: Vec<Option<Record>>,
    /// The chain before the first line.
    before: Chain,
    chains: Vec<Option<[Chain; 2]>>,
    looks: Vec<Look>,
    /// The ids of the lines that were read quickly, one behind the other.
    ids: String,
    memory: Draft,
    end: Option<End>,
}

/// What a line says by itself.
#[derive(Debug)]
struct Look {
    /// The chain that it has, and the one that it must have.
    chains: Option<[Chain; 2]>,
    quick: Option<Quick>,
}

/// The few fields of a line that was read quickly.
#[derive(Debug)]
struct Quick {
    v: Option<u32>,
    seq: u64,
    id_bytes: usize,
    date: Day,
    recorded: Day,
    act: Act,
    retracts: Option<Box<str>>,
    /// Whether its form is known to be right.
    is_right: bool,
}

/// The chain of the last line that has one.
pub(super) fn last_chain(block: &Block) -> Option<Chain> {
    let chained = |(_, line)| Chain::split(line).map(|(_, chain)| chain);
    block.lines().rev().find_map(chained)
}

/// What comes behind the last line.
#[derive(Debug)]
enum End {
    /// Nothing.
    Clean,
    /// What was not written whole, whether it could have become a log's first line, and what is to
    /// be said of it if it is damaged.
    Torn(Torn, bool, Option<BadLog>),
    /// A line that is too long.
    TooLong,
}

impl Piece {
    fn new() -> Self {
        Self {
            block: Block::default(),
            scanner: Scanner::new(Depth::Needed),
            records: Vec::new(),
            before: Chain::START,
            chains: Vec::new(),
            looks: Vec::new(),
            ids: String::new(),
            memory: Draft::default(),
            end: None,
        }
    }

    fn look(&mut self, in_full: bool, is_read: bool) {
        self.looks.clear();
        self.ids.clear();
        let lines = self.block.lines().map(|(_, line)| line);
        Chain::of_lines(lines, self.before, &mut self.chains);
        for ((_, line), chains) in self.block.lines().zip(self.chains.iter().copied()) {
            let record = is_read.then(|| self.scanner.read_quickly(line)).flatten();
            let quick = match &record {
                Some(record) => Quick::of(&record.fields(), true, &mut self.ids),
                None => Quick::read(line, in_full, &mut self.memory, &mut self.ids),
            };
            self.records.push(record);
            self.looks.push(Look { chains, quick });
        }
    }
}

impl Quick {
    /// Those of a line, if it is read quickly and has all that a line of a log must have.
    fn read(line: &[u8], in_full: bool, memory: &mut Draft, ids: &mut String) -> Option<Self> {
        read_into(memory, line, Depth::Needed)?;
        Self::of(memory, in_full && form::look_at(memory).is_ok(), ids)
    }

    fn of(read: &Draft, is_right: bool, ids: &mut String) -> Option<Self> {
        let id = read.id.as_deref()?;
        let quick = Self {
            v: read.v,
            seq: read.seq?,
            id_bytes: id.len(),
            date: read.date?,
            recorded: read.recorded?,
            act: read.act?,
            retracts: read.retracts.as_deref().map(Box::from),
            is_right,
        };
        ids.push_str(id);
        Some(quick)
    }

    fn glance<'a>(&'a self, id: &'a str) -> Glance<'a> {
        Glance {
            v: self.v,
            seq: self.seq,
            id: id.into(),
            date: self.date,
            recorded: self.recorded,
            act: self.act,
            retracts: self.retracts.as_deref().map(Cow::Borrowed),
        }
    }
}

/// A survey under way.
struct Surveying<R, F> {
    lines: Lines<R>,
    /// The chain of the last line that was read, which may not have been looked at yet.
    read: Chain,
    is_read: bool,
    scope: Scope,
    survey: Survey,
    newest: Day,
    /// What is to be said of the end of the log, if that is damaged.
    damage: Option<BadLog>,
    faults: Faults,
    each: F,
}

impl<R: BufRead, F: FnMut(&Glance<'_>, &[u8], Option<&Record>)> Pieces<Piece, Error>
    for Surveying<R, F>
{
    fn next(&mut self, memory: Option<Piece>) -> Result<Option<Piece>> {
        if self.is_read {
            return Ok(None);
        }
        let mut piece = memory.unwrap_or_else(Piece::new);
        piece
            .block
            .begin(self.lines.number() + 1, self.lines.bytes());
        piece.before = self.read;
        piece.end = None;
        while !piece.block.is_full() && !self.is_read {
            let moved = self.lines.move_to(&mut piece.block, u64::MAX);
            if moved.map_err(|error| io_fault("read", error))? {
                continue;
            }
            let next = self.lines.advance();
            piece.end = match next.map_err(|error| io_fault("read", error))? {
                Next::Line(line) => {
                    piece.block.push(line);
                    None
                }
                Next::Torn(tail) => Some(End::Torn(tail.into(), begins_like_a_line(tail), None)),
                Next::Damaged(tail) => {
                    let damage = tail.damage(last_chain(&piece.block).unwrap_or(self.read));
                    Some(End::Torn(
                        tail.into(),
                        begins_like_a_line(tail),
                        Some(damage),
                    ))
                }
                Next::TooLong => Some(End::TooLong),
                Next::End => Some(End::Clean),
            };
            self.is_read = piece.end.is_some();
        }
        self.read = last_chain(&piece.block).unwrap_or(self.read);
        Ok(Some(piece))
    }

    fn take(&mut self, piece: &mut Piece) -> Result<bool> {
        let mut ids = &piece.ids[..];
        let looks = piece.looks.iter().zip(piece.records.drain(..));
        for ((number, line), (look, record)) in piece.block.lines().zip(looks) {
            if number == 1 && is_only_an_event(line) {
                return Err(BadLog::NotALog.into());
            }
            if number == 1
                && let Some(table) = begins_a_table(line)
            {
                return Err(table.into());
            }
            let id_bytes = look.quick.as_ref().map_or(0, |quick| quick.id_bytes);
            let (id, rest) = ids.split_at(id_bytes);
            ids = rest;
            let at = (number, piece.block.offset_of(number));
            self.take_line(line, at, look, id, record.as_ref());
            self.survey.events = number;
            if let Some(record) = record {
                piece.scanner.reuse(record);
            }
        }
        match &mut piece.end {
            Some(End::Torn(torn, begins_like_a_line, damage)) => {
                // A crash may have torn a log's first line; anything else with one line only is no
                // log.
                if self.survey.events == 0 && !*begins_like_a_line {
                    return Err(BadLog::NotALog.into());
                }
                self.survey.ending.torn = Some(*torn);
                self.damage = damage.take();
            }
            Some(End::TooLong) => {
                let number = self.survey.events + 1;
                let kind = BadLog::LineTooLong { limit: LINE_LIMIT };
                self.faults.add_one(|| Fault::on_line(number, kind));
            }
            Some(End::Clean) | None => {}
        }
        Ok(true)
    }
}

/// Whether a line is an event that nobody has appended yet.
fn is_only_an_event(line: &[u8]) -> bool {
    Chain::split(line).is_none() && read_line(line, 1).is_ok_and(|record| record.seq().is_none())
}

/// What is wrong with a log whose first line is that of a table: it names columns of events as they
/// are appended, or it names columns with a date among them or has tabs between cells, as event
/// data have.
#[must_use]
pub fn begins_a_table(line: &[u8]) -> Option<BadLog> {
    /// The fewest cells of event data: a day, two actors and a code.
    const CELLS: usize = 4;
    let line = str::from_utf8(line).ok()?;
    let line = line.trim_start_matches('\u{feff}').trim_end();
    let cells = line.split([',', ';', '\t']);
    let cells: Vec<_> = cells
        .map(|cell| cell.trim_matches(['"', ' ']).to_lowercase())
        .collect();
    if ["date", "act"]
        .iter()
        .all(|name| cells.iter().any(|cell| cell == name))
    {
        return Some(BadLog::IsATable);
    }
    let is_date = |cell: &String| {
        let mut words = cell.split([' ', '_']);
        words.any(|word| word == "date" || word == "sqldate")
    };
    let is_table = line.matches('\t').count() + 1 >= CELLS
        || cells.len() >= CELLS && cells.iter().any(is_date);
    // A scenario may begin with a comment.
    let is_json = line.contains(['{', '}']) || line.starts_with('/');
    (is_table && !is_json).then_some(BadLog::IsEventData)
}

/// Whether a tail could be the beginning of a log's first line, or nothing but zeros, of which it
/// may have lost them.
#[must_use]
pub fn begins_like_a_line(tail: Tail<'_>) -> bool {
    const BEGINNINGS: [&[u8]; 2] = [b"\"seq\":1,", b"\"v\":"];
    let is_mark = |byte: &u8| *byte == b'{' || *byte == UNCOMMITTED;
    let rest = tail
        .begins
        .split_first()
        .filter(|(first, _)| is_mark(first));
    let begins = |beginning: &&[u8]| {
        let is_right = |(found, wanted): (&u8, &u8)| found == wanted || *found == 0;
        rest.is_some_and(|(_, rest)| rest.iter().zip(*beginning).all(is_right))
    };
    tail.is_zeros || BEGINNINGS.iter().any(begins)
}

pub(super) fn io_fault(doing: &'static str, error: io::Error) -> Error {
    BadFile::Io { doing, error }.into()
}

impl<R, F: FnMut(&Glance<'_>, &[u8], Option<&Record>)> Surveying<R, F> {
    /// Verifies a line and notes what it says.
    fn take_line(
        &mut self,
        line: &[u8],
        at: (u64, u64),
        look: &Look,
        id: &str,
        record: Option<&Record>,
    ) {
        let (number, _) = at;
        if let Some([found, _]) = look.chains {
            self.survey.head = found;
        }
        let glance = match &look.quick {
            Some(quick) => Some(quick.glance(id)),
            None => str::from_utf8(line)
                .ok()
                .and_then(|text| serde_json::from_str::<Glance<'_>>(text).ok()),
        };
        let is_known = |glance: &Glance<'_>| glance.v.unwrap_or(1) <= FORMAT_VERSION;
        let Some(glance) = glance.filter(is_known) else {
            self.faults.add(explain(line, number));
            // Whatever it is, it takes a place.
            self.survey.next_seq = self.survey.next_seq.saturating_add(1);
            return;
        };
        self.verify(&glance, number, look);
        let is_right = look.quick.as_ref().is_some_and(|quick| quick.is_right);
        if self.scope.in_full
            && !is_right
            && let Err(more) = read_line(line, number)
        {
            self.faults.add(more);
            return;
        }
        if self.scope.known_on.is_none_or(|day| glance.recorded <= day) {
            let Self {
                survey,
                newest,
                faults,
                ..
            } = self;
            survey.known = number;
            survey.sort_in(&glance, line, at, newest, faults);
            (self.each)(&glance, line, record);
        }
    }

    /// Holds a line to those before it.
    fn verify(&mut self, glance: &Glance<'_>, number: u64, look: &Look) {
        let survey = &mut self.survey;
        let mut fault = |kind| self.faults.add_one(|| Fault::on_line(number, kind));
        match look.chains {
            None => fault(BadLog::NoChain),
            Some([found, expected]) if found != expected => fault(BadLog::BrokenChain {
                expected: expected.to_string(),
                found: found.to_string(),
            }),
            Some(_) if glance.seq != survey.next_seq => fault(BadLog::WrongSeq {
                expected: survey.next_seq,
                found: Some(glance.seq),
            }),
            Some(_) => {}
        }
        survey.next_seq = glance.seq.saturating_add(1);
        if let Some(before) = survey.last_recorded.replace(glance.recorded)
            && glance.recorded < before
        {
            let found = glance.recorded;
            fault(BadLog::RecordedEarlier { found, before });
        }
    }
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
        let counting = self.descriptions().filter(|(_, counts)| *counts);
        Names::of(counting.map(|(record, _)| record))
    }

    /// How many events the log has beside those that only describe it.
    #[must_use]
    pub fn told(&self) -> u64 {
        self.events - self.descriptions.len() as u64
    }

    /// What the log is as a whole.
    #[must_use]
    pub fn summary(&self) -> Summary {
        Summary {
            events: self.events,
            told: self.told(),
            bytes: self.bytes,
            head: self.head,
            last_recorded: self.last_recorded,
            ending: self.ending,
            names: self.names(),
        }
    }

    /// What describes the log, in its order, each with whether it counts.
    pub(super) fn descriptions(&self) -> impl Iterator<Item = (&Record, bool)> {
        let with = |record| (record, !self.retracted.contains(Record::id(record)));
        self.descriptions.iter().map(with)
    }

    /// Notes a line that is late, or that retracts another, with its number and offset.
    fn sort_in(
        &mut self,
        glance: &Glance<'_>,
        line: &[u8],
        (number, offset): (u64, u64),
        newest: &mut Day,
        faults: &mut Faults,
    ) {
        if let Some(id) = &glance.retracts {
            self.retracted.insert(id.as_ref().into());
        }
        if glance.act == Act::Describes {
            match read_line(line, number) {
                Ok(record) => self.descriptions.push(record),
                Err(more) => faults.add(more),
            }
        }
        if glance.act.is_about_the_log() {
            return;
        }
        if glance.date < *newest {
            match read_line(line, number) {
                Ok(_) => self.late.push(Late {
                    date: glance.date,
                    number,
                    offset,
                    line: line.into(),
                }),
                Err(more) => faults.add(more),
            }
        } else {
            *newest = glance.date;
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::error::Kind;
    use crate::history::library::RECORDED;
    use std::cell::Cell;
    use std::io::{BufReader, Read};

    /// A log of lines without their closing braces and chains, whatever is wrong with them.
    pub(in crate::history) fn chained(bodies: &[String]) -> Vec<u8> {
        let (mut log, mut chain) = (Vec::new(), Chain::START);
        for body in bodies {
            chain = chain.next(Digest::of(body.as_bytes()));
            log.extend_from_slice(body.as_bytes());
            chain.close(&mut log);
            log.push(b'\n');
        }
        log
    }

    /// The beginning of a line: a call on a day of a month, and some more fields.
    pub(in crate::history) fn called(seq: u64, day: u32, more: &str) -> String {
        format!(
            r#"{{"seq":{seq},"id":"e{seq}","date":"2031-01-{day:02}","recorded":"2031-02-01","source":["XBL"],"target":["XRL"],"act":"call"{more}"#
        )
    }

    /// A log that comes in pieces of so many bytes, before each of which a signal comes.
    struct Interrupted<'a> {
        log: &'a [u8],
        piece: usize,
    }

    struct Pieces<'a> {
        rest: &'a [u8],
        piece: usize,
        is_interrupted: bool,
    }

    impl Read for Pieces<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            self.is_interrupted = !self.is_interrupted;
            if self.is_interrupted {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let most = self.piece.min(into.len());
            (&mut self.rest).take(most as u64).read(into)
        }
    }

    impl Source for Interrupted<'_> {
        type Reader<'a>
            = BufReader<Pieces<'a>>
        where
            Self: 'a;

        fn open(&self) -> io::Result<Self::Reader<'_>> {
            Ok(BufReader::new(Pieces {
                rest: self.log,
                piece: self.piece,
                is_interrupted: false,
            }))
        }
    }

    fn told(log: &(impl Source + ?Sized)) -> (Vec<Vec<u8>>, String) {
        let scope = Scope {
            in_full: true,
            ..Scope::default()
        };
        let mut lines = Vec::new();
        let found = survey(log, scope, |_, line| lines.push(line.to_vec())).unwrap();
        let Survey {
            events,
            bytes,
            head,
            ending,
            ..
        } = found;
        (lines, format!("{events} {bytes} {head} {ending:?}"))
    }

    #[test]
    fn a_log_is_the_same_in_whatever_pieces_and_through_whatever_signals_it_comes() {
        // Whole, and as crashes leave it: a line that breaks off, and a batch that did not count.
        let broken = RECORDED[..RECORDED.len() - 40].to_vec();
        let uncommitted = [RECORDED, b"\0\"id\":\"a\"}\n{\"id\":\"b\"}\0"].concat();
        for log in [RECORDED, &broken, &uncommitted] {
            let whole = told(log);
            for piece in [1, 7, 4096] {
                let other = told(&Interrupted { log, piece });
                assert!(
                    whole == other,
                    "in pieces of {piece}: {} for {}",
                    other.1,
                    whole.1
                );
            }
        }
    }

    #[test]
    fn a_table_is_known_by_its_first_line() {
        for (line, expected) in [
            ("date,source,target,act", "a table"),
            ("act\tdate", "a table"),
            ("Date;ACT", "a table"),
            ("\u{feff}\"date\", \"act\"", "a table"),
            ("date,acts,source,target", "event data"),
            ("Event Date,Source,Target,Code", "event data"),
            ("SQLDATE,Actor1,Actor2,EventCode", "event data"),
            ("a;b;c;event_date", "event data"),
            ("20310302\tUSA\tRUS\t036", "event data"),
            ("date,source,code", "no table"),
            ("a\tb\tc", "no table"),
            ("update,source,target,code", "no table"),
            ("dates,source,target,code", "no table"),
            ("a,b,c,d", "no table"),
            ("// date, source, target, code", "no table"),
            (
                "{\"date\": 1, \"b\": 2, \"c\": 3, \"d\": 4, date",
                "no table",
            ),
            ("a, b, c, date}", "no table"),
            ("", "no table"),
        ] {
            let found = match begins_a_table(line.as_bytes()) {
                Some(BadLog::IsATable) => "a table",
                Some(BadLog::IsEventData) => "event data",
                _ => "no table",
            };
            assert_eq!(found, expected, "{line}");
        }
        assert!(begins_a_table(b"date,act,\xff").is_none());
    }

    #[test]
    fn what_may_become_a_first_line_begins_like_one() {
        for (begins, is_zeros, expected) in [
            (&b"{\"seq\":1,\"id\""[..], false, true),
            (b"\0\"seq\":1,\"id\"", false, true),
            (b"{\"v\":1,\"seq\":1", false, true),
            (b"{", false, true),
            (b"{\"s", false, true),
            (b"{\"s\0\0\":1,", false, true),
            (b"{\"seq\":2,", false, false),
            (b"{\"id\":1", false, false),
            (b"[\"seq\":1,", false, false),
            (b"x", false, false),
            (b"", false, false),
            (b"", true, true),
            (b"\0\0", true, true),
        ] {
            let tail = Tail {
                begins,
                offset: 0,
                bytes: begins.len() as u64,
                is_zeros,
                line_feeds: 0,
            };
            let begins = begins.escape_ascii();
            assert_eq!(begins_like_a_line(tail), expected, "{begins}");
        }
    }

    /// A log of which the system reads so many bytes and then fails.
    struct Failing<'a> {
        log: &'a [u8],
        after: usize,
    }

    struct Fails<'a>(&'a [u8]);

    impl Read for Fails<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            match self.0 {
                [] => Err(io::ErrorKind::PermissionDenied.into()),
                _ => self.0.read(into),
            }
        }
    }

    impl Source for Failing<'_> {
        type Reader<'a>
            = BufReader<Fails<'a>>
        where
            Self: 'a;

        fn open(&self) -> io::Result<Self::Reader<'_>> {
            Ok(BufReader::new(Fails(&self.log[..self.after])))
        }
    }

    #[test]
    fn a_log_that_cannot_be_read_to_its_end_is_told_as_that() {
        let long = vec![b'x'; LINE_LIMIT + 9];
        let uncommitted = [RECORDED, b"\0\"id\":\"a\"}\n{\"id\":\"b\"}\0"].concat();
        for log in [RECORDED, &long, &uncommitted] {
            for after in (0..log.len())
                .step_by(1 + log.len() / 40)
                .chain([log.len() - 1, log.len()])
            {
                let found = survey(&Failing { log, after }, Scope::default(), |_, _| ());
                let error = found.unwrap_err();
                let kind = format!("{:?}", error.faults()[0].kind);
                assert!(
                    kind.contains("PermissionDenied"),
                    "{kind} behind {after} bytes"
                );
            }
        }
    }

    /// What comes next, in few words.
    fn next(lines: &mut Lines<impl BufRead>) -> (&'static str, u64) {
        match lines.advance().unwrap() {
            Next::Line(line) => ("line", line.len() as u64),
            Next::Torn(tail) => ("torn", tail.bytes),
            Next::Damaged(tail) => ("damaged", tail.bytes),
            Next::TooLong => ("too long", 0),
            Next::End => ("end", 0),
        }
    }

    #[test]
    fn a_line_may_have_so_many_bytes_and_no_more_in_whatever_pieces_it_comes() {
        let limit = LINE_LIMIT as u64;
        for (length, end, expected) in [
            (limit, "\n", ("line", limit)),
            (limit, "", ("line", limit)),
            (limit + 1, "\n", ("too long", 0)),
            (limit + 1, "", ("damaged", limit + 1)),
            (limit + 2, "\n", ("too long", 0)),
        ] {
            let mut log = vec![b'x'; length as usize - 44];
            Chain::START.close(&mut log);
            log.extend_from_slice(end.as_bytes());
            let in_pieces = Interrupted {
                log: &log,
                piece: 8_192,
            };
            assert_eq!(
                next(&mut Lines::new(&log[..])),
                expected,
                "{length} {end:?}"
            );
            let mut in_pieces = Lines::new(in_pieces.open().unwrap());
            assert_eq!(next(&mut in_pieces), expected, "{length} {end:?}");
            // What is too long is not moved either.
            let (mut lines, mut block) = (Lines::new(&log[..]), Block::default());
            let is_moved = lines.move_to(&mut block, u64::MAX).unwrap();
            assert!(!is_moved || length <= limit);
        }
    }

    #[test]
    fn lines_that_are_at_hand_are_moved_together() {
        let (mut lines, mut block) = (Lines::new(&b"one\ntwo\nthree"[..]), Block::default());
        block.begin(1, 0);
        assert!(lines.move_to(&mut block, u64::MAX).unwrap());
        assert!(block.lines().eq([(1, &b"one"[..]), (2, b"two")]));
        assert_eq!((lines.number(), lines.bytes()), (2, 8));
        assert!(!lines.move_to(&mut block, u64::MAX).unwrap());
    }

    #[test]
    fn zeros_behind_a_last_line_are_torn_but_for_one_in_the_place_of_its_line_feed() {
        let whole = &RECORDED[..RECORDED.len() - 1];
        for zeros in 0..4 {
            let log = [whole, &[0; 4][..zeros as usize]].concat();
            let found = survey(&log[..], Scope::default(), |_, _| {}).unwrap();
            let torn = Torn {
                bytes: zeros,
                is_zeros: true,
            };
            let expected = Ending {
                torn: Some(torn).filter(|_| zeros > 1),
                lacks_line_feed: true,
            };
            assert_eq!(
                (found.ending, found.bytes),
                (expected, whole.len() as u64),
                "{zeros}"
            );
            let mut lines = Lines::new(&log[..]);
            let told = std::iter::repeat_with(|| next(&mut lines)).take_while(|it| it.0 != "end");
            let told = told.count() as u64;
            assert_eq!(lines.number(), told, "{zeros}");
        }
    }

    #[test]
    fn very_many_zeros_are_zeros_and_nothing_else_is() {
        for (last, is_zeros) in [(0, true), (1, false)] {
            let bytes = LINE_LIMIT as u64 + 10;
            let mut log = [RECORDED, &vec![0; LINE_LIMIT + 10]].concat();
            *log.last_mut().unwrap() = last;
            let found = survey(&log[..], Scope::default(), |_, _| {}).unwrap();
            assert_eq!(found.ending.torn, Some(Torn { bytes, is_zeros }));
        }
    }

    #[test]
    fn what_cannot_be_the_remains_of_one_batch_is_damaged() {
        let chain = r#","chain":"000102030405060708090a0b0c0d0e0f""#;
        for (tail, is_torn) in [
            (r#"{"seq":20,"id""#.to_owned(), true),
            ("{\"seq\":20,\u{1}".to_owned(), false),
            ("{\"seq\":20\0".to_owned(), false),
            (format!(r#"{{"seq":20{chain}}}x"#), false),
            ("\0\"seq\":20}\n{\"seq\":21}\0".to_owned(), true),
            (format!("\0\"seq\":20{chain}}}\n{{\"seq\":21}}\0"), true),
            ("\0\"seq\":20}\n{\"seq\":21}".to_owned(), false),
            ("\0\"seq\":20}".to_owned(), true),
            (format!("\0\"seq\":20{chain}}}"), false),
            ("\0\"seq\":20}\n\0\"seq\":21}\0".to_owned(), false),
        ] {
            let log = [RECORDED, tail.as_bytes()].concat();
            let mut lines = Lines::new(&log[..]);
            let found = std::iter::repeat_with(|| next(&mut lines)).find(|it| it.0 != "line");
            let expected = if is_torn { "torn" } else { "damaged" };
            assert_eq!(
                found,
                Some((expected, tail.len() as u64)),
                "{}",
                tail.escape_default()
            );
            assert_eq!(
                lines.number() as usize,
                1 + memchr::memchr_iter(b'\n', RECORDED).count()
            );
        }
    }

    /// A log that is another one when it is opened once more.
    struct Changing<'a> {
        log: Cell<&'a [u8]>,
        then: &'a [u8],
    }

    impl Source for Changing<'_> {
        type Reader<'a>
            = &'a [u8]
        where
            Self: 'a;

        fn open(&self) -> io::Result<&[u8]> {
            Ok(self.log.replace(self.then))
        }
    }

    #[test]
    fn a_damaged_end_is_told_on_its_line_if_it_is_still_there_when_it_is_looked_at_again() {
        let lines = memchr::memchr_iter(b'\n', RECORDED).count() as u64;
        let damaged = [RECORDED, b"{\"seq\":20,\x01"].concat();
        let torn = [RECORDED, b"{\"seq\":20"].concat();
        let shorter = &RECORDED[..RECORDED.len() / 2];
        for (then, is_damaged) in [
            (&damaged[..], true),
            (RECORDED, false),
            (&torn, false),
            (shorter, true),
        ] {
            let log = Cell::new(&damaged[..]);
            let found = survey(&Changing { log, then }, Scope::default(), |_, _| {});
            assert_eq!(found.is_err(), is_damaged);
            if let Err(error) = found {
                let fault = &error.faults()[0];
                assert_eq!(fault.place.line, Some(lines + 1));
                assert!(matches!(fault.kind, Kind::Log(BadLog::BrokenOff)));
            }
        }
    }

    /// A log that comes read by read: some bytes, or an error.
    struct ByReads<'a>(Vec<Option<&'a [u8]>>);

    struct Reads<'a>(std::vec::IntoIter<Option<&'a [u8]>>);

    impl Read for Reads<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            match self.0.next() {
                Some(Some(bytes)) => (&*bytes).read(into),
                Some(None) => Err(io::ErrorKind::PermissionDenied.into()),
                None => Ok(0),
            }
        }
    }

    impl Source for ByReads<'_> {
        type Reader<'a>
            = BufReader<Reads<'a>>
        where
            Self: 'a;

        fn open(&self) -> io::Result<Self::Reader<'_>> {
            let reads = Reads(self.0.clone().into_iter());
            Ok(BufReader::with_capacity(RECORDED.len(), reads))
        }
    }

    #[test]
    fn what_the_system_says_once_is_told_and_what_comes_behind_the_end_is_not_read() {
        let (first, rest) = RECORDED.split_at(1 + memchr::memchr(b'\n', RECORDED).unwrap());
        let found = survey(
            &ByReads(vec![Some(first), None, Some(rest)]),
            Scope::default(),
            |_, _| {},
        );
        let kind = format!("{:?}", found.unwrap_err().faults()[0].kind);
        assert!(kind.contains("PermissionDenied"), "{kind}");
        let whole = [&first[..first.len() - 1], b"\0\0\0"].concat();
        let grows = ByReads(vec![Some(&whole), Some(b""), Some(rest)]);
        let found = survey(&grows, Scope::default(), |_, _| {}).unwrap();
        let torn = found.ending.torn.map(|torn| torn.bytes);
        assert_eq!((found.events, torn), (1, Some(3)));
    }

    /// The lines on which something is wrong with a log, and what.
    fn wrong(log: &[u8], in_full: bool) -> Vec<(Option<u64>, String)> {
        let scope = Scope {
            in_full,
            ..Scope::default()
        };
        let error = survey(log, scope, |_, _| {}).err();
        let faults = error.iter().flat_map(|error| error.faults());
        let told = |fault: &Fault| {
            let kind = format!("{:?}", fault.kind);
            let word = kind.split(|byte: char| !byte.is_alphanumeric()).nth(1);
            (fault.place.line, word.unwrap_or_default().to_owned())
        };
        faults.map(told).collect()
    }

    #[test]
    fn the_form_of_lines_is_looked_at_where_that_is_asked_for() {
        let bodies = [
            called(1, 1, ""),
            called(2, 2, r#","tone":"critical""#),
            called(3, 3, ""),
        ];
        let log = chained(&bodies);
        assert_eq!(wrong(&log, false), []);
        assert_eq!(wrong(&log, true), [(Some(2), "ForeignField".to_owned())]);
        let log = chained(&[called(1, 1, ""), called(3, 2, ""), called(4, 3, "")]);
        assert_eq!(wrong(&log, false), [(Some(2), "WrongSeq".to_owned())]);
    }

    #[test]
    fn a_first_line_that_is_an_event_or_a_table_is_that_of_no_log() {
        let event = called(1, 1, "}\n").replace("\"seq\":1,", "");
        let first = chained(&[called(1, 1, "")]);
        let said = |log: &[u8]| wrong(log, false).into_iter().next().unwrap().1;
        assert_eq!(said(event.as_bytes()), "NotALog");
        assert_eq!(said(b"date,source,target,act\n"), "IsATable");
        for line in [event.as_bytes(), b"date,source,target,act\n"] {
            let log = [&first, line].concat();
            let wrong = wrong(&log, false);
            assert!(!wrong.is_empty(), "{}", line.escape_ascii());
            for (line, kind) in wrong {
                assert!(
                    line == Some(2) && kind != "NotALog" && kind != "IsATable",
                    "{kind}"
                );
            }
        }
    }

    #[test]
    fn a_line_as_this_program_writes_it_is_read_quickly() {
        let log = chained(&[called(1, 2, "")]);
        let line = &log[..log.len() - 1];
        for in_full in [false, true] {
            let mut ids = "before".to_owned();
            let quick = Quick::read(line, in_full, &mut Draft::default(), &mut ids).unwrap();
            assert_eq!((&ids[..], quick.is_right), ("beforee1", in_full));
            let glance: Glance<'_> = serde_json::from_slice(line).unwrap();
            assert_eq!(quick.glance("e1"), glance);
        }
    }
}
