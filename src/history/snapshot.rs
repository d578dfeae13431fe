//! Snapshots: what a log comes to at some places of it, kept so that a state on any day need not be
//! folded from the beginning. Pure: where a snapshot is kept, and when one is trusted, is for the
//! store.
//!
//! A snapshot is a line that says what it is, then parts, each a line of JSON, then the table of
//! them, then a line of fixed length that says where the table is and has its digest. The table has
//! the digest of each part. Every so many bytes of the log there is a *stop*: the place between two
//! lines, the state of all that comes before it on the timeline, and what must be known on the way
//! to the next stop: which late events come in there. Which events do not count is known of all of
//! the log. Stops stand in the order of the timeline as in that of the log, so that the last one
//! before a day is where the fold to that day begins.
//!
//! A snapshot without stops says that the log has none, as one would be too long for it.
//!
//! Lines that are folded again are verified by their chains from the stop's on, and late events by
//! their digests. What a log has behind the last stop is surveyed in full. A late event there is
//! folded in from a stop before its day; a retraction there may concern any line, so that the log
//! must be read anew.

use super::log::{Glance, Late, Place, Scope, Source, Summary, Survey, Surveyed, survey_behind};
use super::replay::{Begin, Fold, Folded, Met, Until, replay_on};
use super::timeline::Order;
use crate::error::{BadFile, Error, Result};
use crate::history::line::chain::{Chain, Digest};
use crate::history::line::codec::{LINE_LIMIT, read_line};
use crate::history::line::record::Record;
use crate::model::{Day, Known, Model, Settings, State, World};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::io::{self, Write};

/// How a snapshot begins. The number is that of its format, and changes as well where a fold comes
/// to something else within a version of the program.
pub const SNAPSHOT_BEGINS: &[u8] =
    b"detente snapshot 2: what the log beside it comes to; made anew when it is not there\n";

/// The version of the program, which another one may fold otherwise than.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// How long the last line is: two numbers of twenty digits, 32 digits of a digest, what is between
/// them and the line feed.
const LAST_LINE_BYTES: u64 = 20 + 1 + 20 + 1 + 32 + 1;

/// How long a part or the table may be, in bytes. (An assumption: the state of some 30,000 dyads.)
const PART_LIMIT: u64 = 16 << 20;

/// How much of the log there is for each byte of states: those take a thirtieth of its length.
const LOG_BYTES_A_BYTE: u64 = 32;

/// What part of the log's length a snapshot may have. Where very many events come late it would
/// have more, and there is none.
const LARGEST_SHARE: u64 = 16;

/// How many times as long a log must be before a snapshot is tried again that was too long for it.
const TRIED_AGAIN_TIMES: u64 = 2;

/// How much of a log lies between two stops at least, in bytes.
pub const SPACING_BYTES: u64 = 1 << 20;

/// How many stops there are at most, about. A longer log has them further apart.
const STOPS: u64 = 2_048;

/// The digest of a part: as the chain of a log's first line.
type PartDigest = Chain;

fn digest_of(bytes: &[u8]) -> PartDigest {
    Chain::START.next(Digest::of(bytes))
}

fn digest_of_model(model: &Model) -> PartDigest {
    digest_of(&serde_json::to_vec(&Settings::of(model)).unwrap_or_default())
}

/// A part of a snapshot.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Part {
    offset: u64,
    bytes: u64,
    digest: PartDigest,
}

/// A place of the log at which a fold can go on.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Stop {
    place: Place,
    /// The day of the last event that is in the state.
    last: Option<Day>,
    /// A [`Stood`].
    state: Part,
    /// A [`Way`], to the next stop.
    way: Part,
}

/// How things stood at a stop.
#[derive(Debug, Serialize, Deserialize)]
struct Stood {
    events: u64,
    day: Option<Day>,
    known: Known,
    state: State,
}

/// What must be known from one stop to the next.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Way {
    /// The late events that come in, in their order.
    late: Vec<LateLine>,
}

/// Where a late event stands in the log.
#[derive(Debug, Serialize, Deserialize)]
struct LateLine {
    date: Day,
    number: u64,
    offset: u64,
    bytes: u64,
    digest: PartDigest,
}

/// What tells a file from what it was before or becomes later, as far as a system says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// How many bytes it has.
    pub length: u64,
    /// When it was changed, and which it is, in numbers that are only compared.
    pub changed: Vec<i64>,
}

impl Stamp {
    /// Whether a file with this stamp may be the one that had another, or that one grown. A file
    /// that is as long as it was must not have been changed.
    fn may_follow(&self, before: &Self) -> bool {
        self.length > before.length || self == before
    }
}

/// What a snapshot has, and of what.
#[derive(Debug, Serialize, Deserialize)]
struct Table {
    /// The version of the program that made it: another one may fold otherwise.
    version: String,
    /// The digest of the model by which was folded.
    model: PartDigest,
    /// The log as it was.
    stamp: Stamp,
    last_recorded: Option<Day>,
    /// The lines that describe the log, in its order.
    descriptions: Vec<String>,
    /// The ids of what no longer counts, in alphabetical order: that of an event which is still to
    /// come, too.
    retracted: BTreeSet<Box<str>>,
    /// From the beginning of the log to its end; none where the snapshot would be too long.
    stops: Vec<Stop>,
}

/// A snapshot that was found whole.
#[derive(Debug)]
pub struct Snapshot<S> {
    bytes: S,
    table: Table,
}

/// What some bytes say of a log.
#[derive(Debug)]
pub enum Read<S> {
    /// What it comes to.
    Snapshot(Snapshot<S>),
    /// That its snapshot would be too long, so that none need be tried.
    TooLong,
}

/// What a log has become behind a snapshot.
#[derive(Debug)]
pub struct Behind {
    survey: Survey,
    /// The stop from which the end is folded.
    stop: usize,
}

impl<S: Source> Snapshot<S> {
    /// The snapshot on some bytes, of which there are so many, if it is whole, of this version and
    /// of a model, and the log is the one that it is of, or that one grown.
    #[must_use]
    pub fn read(
        (bytes, length): (S, u64),
        model: &Model,
        log: &(impl Source + ?Sized),
        stamp: &Stamp,
    ) -> Option<Read<S>> {
        let begins = bytes.read_at(0, SNAPSHOT_BEGINS.len() as u64).ok()?;
        let at = length.checked_sub(LAST_LINE_BYTES)?;
        let last = bytes.read_at(at, LAST_LINE_BYTES).ok()?;
        let (offset, length, digest) = read_last_line(&last)?;
        if length > PART_LIMIT {
            return None;
        }
        let is_placed = offset.checked_add(length + 1) == Some(at);
        if begins != SNAPSHOT_BEGINS || !is_placed {
            return None;
        }
        let table = bytes.read_at(offset, length).ok()?;
        if digest_of(&table) != digest {
            return None;
        }
        let table: Table = serde_json::from_slice(&table).ok()?;
        let is_ours = table.version == VERSION
            && table.model == digest_of_model(model)
            && stamp.may_follow(&table.stamp);
        if is_ours && table.stops.is_empty() {
            let is_still = stamp.length / TRIED_AGAIN_TIMES < table.stamp.length;
            return is_still.then_some(Read::TooLong);
        }
        let begins = |stop: &Stop| stop.place == Place::START && stop.last.is_none();
        let lies_within = |stop: &Stop| {
            let is_in_log = stop.place.offset <= stamp.length;
            let is_here = [stop.state, stop.way]
                .iter()
                .all(|part| part.bytes <= PART_LIMIT && part.offset < at);
            is_in_log && is_here && stop.place.lines <= stop.place.offset
        };
        let end = table.stops.last()?.place;
        let is_of_it = is_ours
            && table.stops.first().is_some_and(begins)
            && table.stops.iter().all(lies_within)
            && table.descriptions.len() as u64 <= end.lines
            && ends_in(log, &end);
        is_of_it.then_some(Read::Snapshot(Self { bytes, table }))
    }

    /// Surveys what the log has behind the snapshot. Nothing where it must be read from its start:
    /// something is wrong there, or an event is retracted or was before it came.
    #[must_use]
    pub fn behind(&self, log: &(impl Source + ?Sized), scope: Scope) -> Option<Behind> {
        let read = |line: &String| read_line(line.as_bytes(), 1).ok();
        let descriptions = self.table.descriptions.iter().map(read);
        let retracted = &self.table.retracted;
        let before = Surveyed {
            place: self.table.stops.last()?.place,
            last_recorded: self.table.last_recorded,
            descriptions: descriptions.collect::<Option<_>>()?,
            retracted: retracted.iter().cloned().collect(),
        };
        let mut retracts = false;
        let each = |glance: &Glance<'_>| {
            retracts |= glance.retracts.is_some() || retracted.contains(&*glance.id);
        };
        let survey = survey_behind(log, scope, before, each).ok()?;
        let earliest = survey.late.iter().map(|late| late.date).min();
        let stop = self.stop_until(earliest);
        (!retracts).then_some(Behind { survey, stop })
    }

    /// The last stop before which nothing happened after a day.
    fn stop_until(&self, day: Option<Day>) -> usize {
        let is_past = |stop: &Stop| day.is_some_and(|day| stop.last > Some(day));
        let stops = &self.table.stops;
        stops.partition_point(|stop| !is_past(stop)).max(1) - 1
    }

    /// How many bytes of the log must be folded to come to its end.
    #[must_use]
    pub fn bytes_to_end(&self, behind: &Behind) -> u64 {
        let stop = &self.table.stops[behind.stop];
        behind.survey.bytes.saturating_sub(stop.place.offset)
    }

    /// The state of the log at its end, or at that of a day, with what the log is. Nothing where
    /// snapshot or log are not as they were.
    #[must_use]
    pub fn fold(
        &self,
        log: &(impl Source + ?Sized),
        behind: Behind,
        last: Option<Day>,
        model: &Model,
    ) -> Option<(Summary, Folded)> {
        let Behind { mut survey, .. } = behind;
        let counts = |late: &&Late| last.is_none_or(|last| late.date <= last);
        let dates = survey.late.iter().filter(counts).map(|late| late.date);
        let first = self.stop_until(dates.min().or(last));
        let begin = self.begin(log, (first, last), &survey, model)?;
        // Threads take longer to start than this takes to be folded.
        let is_short = |bytes: u64| bytes < 4 * SPACING_BYTES;
        if last.is_some() || is_short(survey.bytes.saturating_sub(begin.place.offset)) {
            survey.threads = 1;
        }
        let until = Until::from(last);
        let folded = replay_on(log, begin, &survey, until, (None, None)).ok()?;
        Some((survey.summary(), folded))
    }

    /// Writes the snapshot of the log as it is by now, from what this one has.
    ///
    /// # Errors
    /// As [`keep`], and where snapshot or log are not as they were.
    pub fn keep_on(
        &self,
        log: &(impl Source + ?Sized),
        behind: &Behind,
        model: &Model,
        (stamp, spacing): (Stamp, u64),
        out: &mut dyn Write,
    ) -> Result<()> {
        let stops = self.table.stops.get(..=behind.stop).unwrap_or_default();
        let end = stops
            .last()
            .map_or(0, |stop| stop.state.offset + stop.state.bytes + 1);
        let begin = self.begin(log, (behind.stop, None), &behind.survey, model);
        let begin = begin.ok_or_else(not_as_it_was)?;
        let mut maker = Maker::new(out, behind.survey.bytes, spacing);
        while maker.written < end {
            let more = (end - maker.written).min(SPACING_BYTES);
            let bytes = self.bytes.read_at(maker.written, more).map_err(writing)?;
            if bytes.is_empty() {
                return Err(not_as_it_was());
            }
            maker.write(&bytes)?;
        }
        maker.go_on_from(stops);
        maker.make(log, begin, &behind.survey, model, stamp)
    }

    /// Where a fold begins that is to go from a stop to the end, or to that of a day, with some
    /// more late events, those that a survey found behind the snapshot.
    fn begin<'m>(
        &self,
        log: &(impl Source + ?Sized),
        (first, last): (usize, Option<Day>),
        survey: &Survey,
        model: &'m Model,
    ) -> Option<Begin<'m>> {
        let stop = self.table.stops.get(first)?;
        let mut late = Vec::new();
        for (place, stop) in self.table.stops.iter().enumerate().skip(first) {
            if place > first && last.is_some_and(|last| stop.last > Some(last)) {
                break;
            }
            let way: Way = self.part(&stop.way)?;
            for line in way.late {
                if last.is_none_or(|last| line.date <= last) {
                    late.push(line.read(log)?);
                }
            }
        }
        late.extend_from_slice(&survey.late);
        let Stood {
            events,
            day,
            known,
            state,
        } = self.part(&stop.state)?;
        let world = World::of(&known)?;
        let state = state.of(&world)?;
        let folded = Folded {
            world,
            state,
            day,
            events,
        };
        Some(Begin {
            place: stop.place,
            order: Order::behind(stop.place.newest, late, survey.retracted.clone()),
            fold: Fold::on(folded, model),
            is_verified: false,
        })
    }

    fn part<T: DeserializeOwned>(&self, part: &Part) -> Option<T> {
        let bytes = self.bytes.read_at(part.offset, part.bytes).ok()?;
        let is_it = digest_of(&bytes) == part.digest;
        is_it.then(|| serde_json::from_slice(&bytes).ok()).flatten()
    }
}

impl LateLine {
    fn of(late: &Late, digest: PartDigest) -> Self {
        Self {
            date: late.date,
            number: late.number,
            offset: late.offset,
            bytes: late.line.len() as u64,
            digest,
        }
    }

    fn read(&self, log: &(impl Source + ?Sized)) -> Option<Late> {
        let bytes = (self.bytes <= LINE_LIMIT as u64).then(|| log.read_at(self.offset, self.bytes));
        let line = bytes?.ok()?;
        (digest_of(&line) == self.digest).then(|| Late {
            date: self.date,
            number: self.number,
            offset: self.offset,
            line: line.into(),
        })
    }
}

/// Whether a log has a line that ends in the chain of a place before that.
fn ends_in(log: &(impl Source + ?Sized), place: &Place) -> bool {
    /// Enough for a chain as the last field of a line.
    const BYTES: u64 = 64;
    let Some(from) = place.offset.checked_sub(BYTES) else {
        return false;
    };
    let end = log.read_at(from, BYTES).unwrap_or_default();
    let chain = end.strip_suffix(b"\n").and_then(Chain::split);
    chain.is_some_and(|(_, chain)| chain == place.chain)
}

/// Where the table is, how many bytes it has, and its digest.
fn read_last_line(line: &[u8]) -> Option<(u64, u64, PartDigest)> {
    let mut words = str::from_utf8(line).ok()?.strip_suffix('\n')?.split(' ');
    let mut word = || words.next();
    Some((
        word()?.parse().ok()?,
        word()?.parse().ok()?,
        word()?.parse().ok()?,
    ))
}

/// Writes the snapshot of a log that was surveyed. Between two stops there are so many bytes of the
/// log at the least.
///
/// # Errors
/// What the output says, or that the snapshot would be too long for the log.
pub fn keep(
    log: &(impl Source + ?Sized),
    survey: &Survey,
    model: &Model,
    (stamp, spacing): (Stamp, u64),
    out: &mut dyn Write,
) -> Result<()> {
    let begin = Begin::at_start(survey, model);
    let mut maker = Maker::new(out, survey.bytes, spacing);
    maker.write(SNAPSHOT_BEGINS)?;
    maker.make(log, begin, survey, model, stamp)
}

/// Writes that a log has no snapshot since it would be too long.
///
/// # Errors
/// What the output says.
pub fn keep_none(log_bytes: u64, model: &Model, stamp: Stamp, out: &mut dyn Write) -> Result<()> {
    let mut maker = Maker::new(out, log_bytes, 0);
    maker.write(SNAPSHOT_BEGINS)?;
    maker.end(&Table {
        version: VERSION.to_owned(),
        model: digest_of_model(model),
        stamp,
        last_recorded: None,
        descriptions: Vec::new(),
        retracted: BTreeSet::new(),
        stops: Vec::new(),
    })
}

fn writing(error: io::Error) -> Error {
    let doing = "write";
    BadFile::Io { doing, error }.into()
}

fn not_as_it_was() -> Error {
    writing(io::ErrorKind::InvalidData.into())
}

/// How many bytes late and retracted events take in a snapshot.
fn bytes_at_least(survey: &Survey) -> u64 {
    let written = |late| serde_json::to_vec(&LateLine::of(late, Chain::START));
    let late = survey.late.iter().filter(|late| {
        let is_retracted = |late: &Late| {
            let id = late.id();
            id.is_some_and(|id| survey.retracted.contains(&*id))
        };
        survey.retracted.is_empty() || !is_retracted(late)
    });
    let late = late.map(|late| written(late).map_or(0, |bytes| bytes.len()));
    let retracted = survey.retracted.iter().map(|id| id.len());
    late.chain(retracted).sum::<usize>() as u64
}

/// A snapshot that is written.
struct Maker<'o> {
    out: &'o mut dyn Write,
    written: u64,
    limit: u64,
    spacing: u64,
    stops: Vec<Stop>,
    /// What is met behind the last stop.
    way: Way,
    /// From where on in the log another stop is wanted.
    due: u64,
}

impl<'o> Maker<'o> {
    fn new(out: &'o mut dyn Write, log_bytes: u64, spacing: u64) -> Self {
        Self {
            out,
            written: 0,
            limit: log_bytes / LARGEST_SHARE,
            spacing: spacing.max(log_bytes / STOPS),
            stops: Vec::new(),
            way: Way::default(),
            due: 0,
        }
    }

    /// Goes on behind some stops, whose parts but for the last one's way are written.
    fn go_on_from(&mut self, stops: &[Stop]) {
        self.stops = stops.to_vec();
        self.due = stops.last().map_or(0, |stop| self.next_due(stop));
    }

    fn next_due(&self, stop: &Stop) -> u64 {
        stop.place.offset + self.spacing.max(stop.state.bytes * LOG_BYTES_A_BYTE)
    }

    /// Folds to the end of a log and writes what that meets, and then the table.
    fn make(
        mut self,
        log: &(impl Source + ?Sized),
        begin: Begin<'_>,
        survey: &Survey,
        model: &Model,
        stamp: Stamp,
    ) -> Result<()> {
        if self.written + bytes_at_least(survey) > self.limit {
            // Nothing is folded for it.
            return Err(BadFile::TooLong { limit: self.limit }.into());
        }
        let mut meet = |met: Met<'_>| match met {
            Met::Late(late) => {
                let digest = digest_of(&late.line);
                self.way.late.push(LateLine::of(late, digest));
                Ok(())
            }
            Met::Event(..) => Ok(()),
            Met::Place(place, folded) => {
                if place.offset >= self.due || place.lines == survey.events {
                    self.stop(place, folded)?;
                }
                Ok(())
            }
        };
        if survey.ending.lacks_line_feed {
            // Nothing can be gone on with from there.
            return Err(not_as_it_was());
        }
        replay_on(log, begin, survey, Until::End, (None, Some(&mut meet)))?;
        self.end_way()?;
        let described = |(record, _): (&Record, bool)| {
            let line = serde_json::to_string(&*record.fields());
            line.map_err(|error| writing(error.into()))
        };
        let table = Table {
            version: VERSION.to_owned(),
            model: digest_of_model(model),
            stamp,
            last_recorded: survey.last_recorded,
            descriptions: survey
                .descriptions()
                .map(described)
                .collect::<Result<_>>()?,
            retracted: survey.retracted.iter().cloned().collect(),
            stops: std::mem::take(&mut self.stops),
        };
        self.end(&table)
    }

    fn end(&mut self, table: &Table) -> Result<()> {
        let Part {
            offset,
            bytes,
            digest,
        } = self.put(table)?;
        self.write(format!("{offset:020} {bytes:020} {digest}\n").as_bytes())
    }

    fn stop(&mut self, place: Place, folded: &Folded) -> Result<()> {
        if self
            .stops
            .last()
            .is_some_and(|stop| stop.place.lines == place.lines)
        {
            // The end of the log was a stop already.
            return Ok(());
        }
        self.end_way()?;
        let state = self.put(&Stood {
            events: folded.events,
            day: folded.day,
            known: folded.world.known(),
            state: folded.state.clone(),
        })?;
        let stop = Stop {
            place,
            last: folded.day,
            state,
            way: Part::default(),
        };
        self.due = self.next_due(&stop);
        self.stops.push(stop);
        Ok(())
    }

    /// Writes what was met behind the last stop.
    fn end_way(&mut self) -> Result<()> {
        let way = std::mem::take(&mut self.way);
        let way = self.put(&way)?;
        if let Some(stop) = self.stops.last_mut() {
            stop.way = way;
        }
        Ok(())
    }

    /// Writes a part.
    fn put(&mut self, part: &impl Serialize) -> Result<Part> {
        let bytes = serde_json::to_vec(part).map_err(|error| writing(error.into()))?;
        let put = Part {
            offset: self.written,
            bytes: bytes.len() as u64,
            digest: digest_of(&bytes),
        };
        if put.bytes > PART_LIMIT {
            return Err(BadFile::TooLong { limit: PART_LIMIT }.into());
        }
        self.write(&bytes)?;
        self.write(b"\n")?;
        Ok(put)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.written += bytes.len() as u64;
        if self.written > self.limit {
            return Err(BadFile::TooLong { limit: self.limit }.into());
        }
        self.out.write_all(bytes).map_err(writing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;
    use crate::history::log::survey;
    use crate::history::replay::replay;
    use crate::history::replay::tests::LOG;
    use crate::history::{Draft, Writer, check};
    use crate::model::Act;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    fn stamp(log: &[u8]) -> Stamp {
        Stamp {
            length: log.len() as u64,
            changed: vec![7],
        }
    }

    fn scope(threads: usize) -> Scope {
        Scope {
            threads,
            ..Scope::default()
        }
    }

    fn kept(log: &[u8], model: &Model) -> Vec<u8> {
        let survey = survey(log, Scope::default(), |_, _| {}).unwrap();
        let mut out = Vec::new();
        keep(log, &survey, model, (stamp(log), 1), &mut out).unwrap();
        assert!(out.len() * 16 < log.len(), "{}", out.len());
        out
    }

    fn read<'s>(
        snapshot: &'s [u8],
        log: &[u8],
        stamp: &Stamp,
        model: &Model,
    ) -> Option<Snapshot<&'s [u8]>> {
        match Snapshot::read((snapshot, snapshot.len() as u64), model, log, stamp)? {
            Read::Snapshot(snapshot) => Some(snapshot),
            Read::TooLong => None,
        }
    }

    /// What a snapshot and a log come to, if that is told.
    fn state(
        snapshot: &[u8],
        log: &[u8],
        stamp: &Stamp,
        last: Option<Day>,
    ) -> Option<(Summary, Folded)> {
        let model = Model::default();
        let snapshot = read(snapshot, log, stamp, &model)?;
        let behind = snapshot.behind(log, scope(3))?;
        snapshot.fold(log, behind, last, &model)
    }

    /// Holds what a snapshot and a log come to, to what the log alone does.
    #[track_caller]
    fn hold(snapshot: &[u8], log: &[u8], stamp: &Stamp, last: Option<Day>) {
        let (found, folded) = state(snapshot, log, stamp, last).expect("nothing is told");
        hold_to_replay(log, &found, &folded, last);
    }

    #[track_caller]
    fn hold_to_replay(log: &[u8], found: &Summary, folded: &Folded, last: Option<Day>) {
        let survey = survey(log, Scope::default(), |_, _| {}).unwrap();
        let until = Until::from(last);
        let alone = replay(log, &survey, until, &Model::default(), None).unwrap();
        assert_eq!(folded.state, alone.state, "{last:?}");
        assert_eq!((folded.events, folded.day), (alone.events, alone.day));
        assert_eq!(folded.world.known(), alone.world.known());
        assert_eq!(*found, survey.summary());
    }

    fn day(number: i32) -> Day {
        Day::EPOCH.plus_days(number).unwrap()
    }

    /// Where the lines of a log end, from before the first on.
    fn ends(log: &[u8]) -> Vec<usize> {
        let feeds = memchr::memchr_iter(b'\n', log).map(|end| end + 1);
        std::iter::once(0).chain(feeds).collect()
    }

    #[test]
    fn the_state_on_any_day_is_that_of_a_replay_to_the_bit() {
        let snapshot = kept(&LOG, &Model::default());
        let text = String::from_utf8(snapshot.clone()).unwrap();
        assert!(text.matches("\"offset\"").count() > 12, "{text}");
        for last in (-40..300).step_by(17).map(day) {
            hold(&snapshot, &LOG, &stamp(&LOG), Some(last));
        }
        hold(&snapshot, &LOG, &stamp(&LOG), None);
        hold(&snapshot, &LOG, &stamp(&LOG), Some(Day::FIRST));
    }

    #[test]
    fn a_log_that_grew_is_told_from_the_snapshot_on_unless_an_event_is_retracted() {
        let ends = ends(&LOG);
        let mut told = 0;
        for lines in (400..1_200).step_by(133) {
            let (before, behind) = LOG.split_at(ends[lines]);
            let snapshot = kept(before, &Model::default());
            let retracts = memchr::memmem::find(behind, b"\"retracts\"").is_some();
            for last in [None, Some(day(30)), Some(day(200)), Some(day(284))] {
                if retracts {
                    let found = state(&snapshot, &LOG, &stamp(&LOG), last);
                    assert!(found.is_none(), "{lines}");
                } else {
                    told += 1;
                    hold(&snapshot, &LOG, &stamp(&LOG), last);
                }
            }
        }
        assert!((4..24).contains(&told), "{told}");
    }

    #[test]
    fn a_snapshot_that_is_written_on_is_as_good_as_one_that_is_written_anew() {
        let (ends, model) = (ends(&LOG), Model::default());
        let mut snapshot = kept(&LOG[..ends[1_000]], &model);
        for lines in [1_001, 1_060, 1_190, 1_202] {
            let log = &LOG[..ends[lines]];
            let before = read(&snapshot, log, &stamp(log), &model).unwrap();
            let behind = before.behind(log, scope(1)).unwrap();
            let mut out = Vec::new();
            let kept = before.keep_on(log, &behind, &model, (stamp(log), 1), &mut out);
            kept.unwrap();
            snapshot = out;
            // Its parts are lines, one behind the other.
            let stops = read(&snapshot, log, &stamp(log), &model)
                .unwrap()
                .table
                .stops;
            let parts = stops.iter().flat_map(|stop| [stop.state, stop.way]);
            let parts: Vec<_> = parts.collect();
            for pair in parts.windows(2) {
                assert_eq!(pair[1].offset, pair[0].offset + pair[0].bytes + 1);
            }
            for last in (0..300).step_by(29).map(day).map(Some).chain([None]) {
                hold(&snapshot, log, &stamp(log), last);
            }
        }
    }

    #[test]
    fn what_describes_a_log_is_known_from_its_snapshot() {
        let mut writer = Writer::after(Chain::START);
        let mut log = Vec::new();
        let mut add = |seq: u64, draft: Draft| {
            let draft = Draft {
                id: Some(format!("event-{seq}")),
                date: Some(day(seq as i32)),
                ..draft
            };
            let record = check(draft).unwrap().placed(seq, day(400));
            writer.write(&record, &mut log).unwrap();
        };
        let titled = |title: &str| Draft {
            act: Some(Act::Describes),
            title: Some(title.to_owned()),
            ..Draft::default()
        };
        add(1, titled("One \u{1f30d} title"));
        add(2, titled("Another"));
        let retraction = Draft {
            act: Some(Act::Retraction),
            retracts: Some("event-2".to_owned()),
            ..Draft::default()
        };
        add(3, retraction);
        let coded = Draft {
            source: vec!["USA".parse().unwrap()],
            target: vec!["RUS".parse().unwrap()],
            act: Some(Act::Coded),
            code: "036".parse().ok(),
            note: Some("n".repeat(100_000)),
            ..Draft::default()
        };
        for seq in 4..20 {
            add(seq, coded.clone());
        }
        let snapshot = kept(&log, &Model::default());
        let (survey, _) = state(&snapshot, &log, &stamp(&log), None).unwrap();
        assert_eq!(survey.names.title(), Some("One \u{1f30d} title"));
        hold(&snapshot, &log, &stamp(&log), None);
        // A torn end is none of the log.
        let torn = [&log[..], b"{\"seq\":20,"].concat();
        hold(&snapshot, &torn, &stamp(&torn), Some(day(9)));
    }

    #[test]
    fn a_snapshot_of_something_else_tells_nothing() {
        let model = Model::default();
        let snapshot = kept(&LOG, &model);
        let fits = |snapshot: &[u8], log: &[u8], stamp: &Stamp, model: &Model| {
            read(snapshot, log, stamp, model).is_some()
        };
        assert!(fits(&snapshot, &LOG, &stamp(&LOG), &model));
        let mut other = model.clone();
        other.set("half_life_days", "77").unwrap();
        assert!(!fits(&snapshot, &LOG, &stamp(&LOG), &other));
        let changed = Stamp {
            changed: vec![8],
            ..stamp(&LOG)
        };
        assert!(!fits(&snapshot, &LOG, &changed, &model));
        let ends = ends(&LOG);
        let shorter = &LOG[..ends[ends.len() - 2]];
        assert!(!fits(&snapshot, shorter, &stamp(shorter), &model));
        // Longer than what the snapshot is of, but another log.
        let mut longer = LOG.clone();
        longer[ends[ends.len() - 1] - 5] ^= 1;
        longer.extend_from_slice(b"more\n");
        assert!(!fits(&snapshot, &longer, &stamp(&longer), &model));
        let text = String::from_utf8(snapshot).unwrap();
        let newer = text.replacen("snapshot 2", "snapshot 3", 1);
        assert!(!fits(newer.as_bytes(), &LOG, &stamp(&LOG), &model));
        let forged = forged(&text, |table| table.version = "99.0.0".to_owned());
        assert!(!fits(&forged, &LOG, &stamp(&LOG), &model));
    }

    /// A snapshot with another table, whole and with its digest.
    fn forged(snapshot: &str, forge: impl FnOnce(&mut Table)) -> Vec<u8> {
        let last = &snapshot.as_bytes()[snapshot.len() - LAST_LINE_BYTES as usize..];
        let (offset, length, _) = read_last_line(last).unwrap();
        let (parts, rest) = snapshot.split_at(offset as usize);
        let mut table = serde_json::from_str(&rest[..length as usize]).unwrap();
        forge(&mut table);
        let table = serde_json::to_string(&table).unwrap();
        let (length, digest) = (table.len(), digest_of(table.as_bytes()));
        format!("{parts}{table}\n{offset:020} {length:020} {digest}\n").into_bytes()
    }

    /// What is changed in a table, whether it can be that of a snapshot then, and the change.
    type Forgery<'f> = (&'f str, bool, &'f dyn Fn(&mut Table));

    #[test]
    fn a_snapshot_with_a_table_that_cannot_be_tells_nothing() {
        let snapshot = String::from_utf8(kept(&LOG, &Model::default())).unwrap();
        assert_eq!(forged(&snapshot, |_| {}), snapshot.as_bytes());
        let (lines, bytes) = (ends(&LOG).len() as u64 - 1, LOG.len() as u64);
        let line = String::from_utf8(LOG[..ends(&LOG)[1] - 1].to_vec()).unwrap();
        let described = |lines: u64| vec![line.clone(); lines as usize];
        let at = snapshot.len() as u64 - LAST_LINE_BYTES;
        let tables: [Forgery<'_>; 23] = [
            ("as it is", true, &|_| {}),
            ("version", false, &|it| it.version.push('0')),
            ("model", false, &|it| it.model = Chain::START),
            ("no stops", false, &|it| it.stops.clear()),
            ("no start", false, &|it| {
                it.stops.remove(0);
            }),
            ("a day before", false, &|it| it.stops[0].last = Some(day(1))),
            ("newest", false, &|it| it.stops[0].place.newest = day(1)),
            ("offset", false, &|it| it.stops[1].place.offset = bytes + 1),
            ("last offset", true, &|it| it.stops[1].place.offset = bytes),
            ("lines", false, &|it| {
                it.stops[1].place.lines = it.stops[1].place.offset + 1;
            }),
            ("most lines", true, &|it| {
                it.stops[1].place.lines = it.stops[1].place.offset;
            }),
            ("state", false, &|it| {
                it.stops[1].state.bytes = PART_LIMIT + 1;
            }),
            ("longest state", true, &|it| {
                it.stops[1].state.bytes = PART_LIMIT;
            }),
            ("way", false, &|it| it.stops[1].way.bytes = PART_LIMIT + 1),
            ("longest way", true, &|it| {
                it.stops[1].way.bytes = PART_LIMIT;
            }),
            ("place", false, &|it| it.stops[1].way.offset = at),
            ("last place", true, &|it| it.stops[1].way.offset = at - 1),
            ("state's place", false, &|it| {
                it.stops[1].state.offset = at + 9;
            }),
            ("end", false, &|it| {
                it.stops.last_mut().unwrap().place.chain = Chain::START;
            }),
            ("longer", false, &|it| it.stamp.length += 1),
            ("changed", false, &|it| it.stamp.changed[0] += 1),
            ("described", false, &|it| {
                it.descriptions = described(lines + 1);
            }),
            ("all described", true, &|it| {
                it.descriptions = described(lines);
            }),
        ];
        for (what, fits, forge) in tables {
            let forged = forged(&snapshot, forge);
            let found = read(&forged, &LOG, &stamp(&LOG), &Model::default());
            assert_eq!(found.is_some(), fits, "{what}");
        }
    }

    #[test]
    fn a_snapshot_whose_last_line_leads_elsewhere_tells_nothing() {
        let snapshot = String::from_utf8(kept(&LOG, &Model::default())).unwrap();
        let (parts, last) = snapshot.split_at(snapshot.len() - LAST_LINE_BYTES as usize);
        let (offset, length, digest) = read_last_line(last.as_bytes()).unwrap();
        let fits = |last: String| {
            let forged = format!("{parts}{last}");
            read(forged.as_bytes(), &LOG, &stamp(&LOG), &Model::default()).is_some()
        };
        let line =
            |offset: u64, length: u64, digest| format!("{offset:020} {length:020} {digest}\n");
        assert!(fits(line(offset, length, digest)));
        for (offset, length) in [
            (offset + 1, length),
            (offset - 1, length),
            (offset + 1, length - 1),
            (offset, length + 1),
            (u64::MAX, length),
            (offset, u64::MAX),
            (offset, PART_LIMIT + 1),
        ] {
            assert!(!fits(line(offset, length, digest)), "{offset} {length}");
        }
        assert!(!fits(line(offset, length, Chain::START)));
        assert!(!fits(line(offset, length, digest).replace('\n', " ")));
        assert!(!fits(String::new()));
    }

    #[test]
    fn a_fold_begins_at_the_last_stop_before_its_day() {
        let snapshot = kept(&LOG, &Model::default());
        let snapshot = read(&snapshot, &LOG, &stamp(&LOG), &Model::default()).unwrap();
        let stops = &snapshot.table.stops;
        assert_eq!(
            stops.last().unwrap().place.lines,
            ends(&LOG).len() as u64 - 1
        );
        for on in (-40..300).map(day) {
            let is_before = |stop: &&Stop| stop.last.is_none_or(|last| last <= on);
            let before = stops.iter().take_while(is_before).count();
            assert_eq!(snapshot.stop_until(Some(on)), before - 1, "{on}");
        }
        assert_eq!(snapshot.stop_until(None), stops.len() - 1);
        let behind = snapshot.behind(&LOG[..], scope(1)).unwrap();
        assert_eq!(behind.stop, stops.len() - 1);
        for (stop, at) in stops.iter().enumerate() {
            let survey = behind.survey.clone();
            let left = snapshot.bytes_to_end(&Behind { survey, stop });
            assert_eq!(left, LOG.len() as u64 - at.place.offset);
        }
    }

    #[test]
    fn stops_stand_as_close_as_they_may() {
        let (survey, model) = (
            survey(&LOG[..], Scope::default(), |_, _| {}).unwrap(),
            Model::default(),
        );
        let stops = |spacing: u64| {
            let mut out = Vec::new();
            keep(&LOG[..], &survey, &model, (stamp(&LOG), spacing), &mut out).unwrap();
            let snapshot = read(&out, &LOG, &stamp(&LOG), &model).unwrap();
            snapshot.table.stops
        };
        // There may be one behind each block of lines.
        let all: Vec<_> = stops(1).iter().map(|stop| stop.place.offset).collect();
        assert!(all.len() > 4 && all.is_sorted());
        let first = all[1];
        for spacing in [first - 1, first, first + 1, 2 * first, 3 * first] {
            let stops = stops(spacing);
            for pair in stops.windows(2) {
                let [one, next] = [&pair[0], &pair[1]];
                let due = one.place.offset + spacing.max(one.state.bytes * LOG_BYTES_A_BYTE);
                let last = LOG.len() as u64;
                let wanted = all.iter().find(|offset| **offset >= due);
                let wanted = wanted.copied().unwrap_or(last);
                assert_eq!(next.place.offset, wanted, "{spacing}");
            }
        }
        assert!(stops(3 * first).len() < all.len());
    }

    #[test]
    fn lines_that_were_changed_are_not_folded_though_the_log_ends_as_it_did() {
        let ends = ends(&LOG);
        let before = &LOG[..ends[1_000]];
        let snapshot = kept(before, &Model::default());
        let mut log = LOG.clone();
        let title = memchr::memmem::find(&LOG[ends[400]..], b"\"title\":\"").unwrap();
        log[ends[400] + title + 12] ^= 1;
        log.truncate(ends[1_001]);
        let line = read_line(&LOG[ends[400]..ends[401] - 1], 401).unwrap();
        let told = |last| state(&snapshot, &log, &stamp(&log), Some(last));
        // What lies well before the line is told; it is not.
        assert!(told(line.date()).is_none());
        assert!(told(day(3)).is_some());
    }

    #[test]
    fn a_snapshot_that_would_be_too_long_is_not_written() {
        let mut survey = survey(&LOG[..], Scope::default(), |_, _| {}).unwrap();
        survey.bytes = 100;
        let (mut out, model) = (Vec::new(), Model::default());
        let too_long = keep(&LOG[..], &survey, &model, (stamp(&LOG), 1), &mut out);
        assert!(too_long.is_err());
        // Its last byte is one too many, or just not.
        let length = kept(&LOG, &model).len() as u64;
        for (bytes, is_kept) in [
            (length * LARGEST_SHARE, true),
            (length * LARGEST_SHARE - 1, false),
        ] {
            survey.bytes = bytes;
            let kept = keep(&LOG[..], &survey, &model, (stamp(&LOG), 1), &mut Vec::new());
            assert_eq!(kept.is_ok(), is_kept, "{bytes}");
        }
    }

    #[test]
    fn that_a_snapshot_would_be_too_long_is_known_until_the_log_is_twice_as_long() {
        let (model, stamp) = (Model::default(), stamp(&LOG));
        let mut out = Vec::new();
        keep_none(stamp.length, &model, stamp.clone(), &mut out).unwrap();
        let is_known = |model: &Model, stamp: &Stamp| {
            let read = Snapshot::read((&out[..], out.len() as u64), model, &LOG[..], stamp);
            matches!(read, Some(Read::TooLong))
        };
        let changed = |length: u64| Stamp {
            length,
            changed: vec![8],
        };
        assert!(is_known(&model, &stamp));
        assert!(is_known(&model, &changed(stamp.length + 1)));
        assert!(is_known(&model, &changed(2 * stamp.length - 1)));
        for length in [stamp.length - 1, stamp.length, 2 * stamp.length] {
            assert!(!is_known(&model, &changed(length)), "{length}");
        }
        let mut other = model.clone();
        other.set("half_life_days", "77").unwrap();
        assert!(!is_known(&other, &stamp));
    }

    #[test]
    fn no_log_is_folded_for_a_snapshot_that_late_events_make_too_long() {
        let mut survey = survey(&LOG[..], Scope::default(), |_, _| {}).unwrap();
        assert!(survey.late.len() > 5);
        let model = Model::default();
        let is_too_long = |survey: &Survey| {
            // A fold would find that no line is there.
            let nothing = (stamp(&LOG), 1);
            let kept = keep(&b""[..], survey, &model, nothing, &mut Vec::new());
            let error = kept.unwrap_err();
            matches!(error.faults()[0].kind, Kind::File(BadFile::TooLong { .. }))
        };
        let bytes = bytes_at_least(&survey);
        // It is what a snapshot has of them.
        let snapshot = kept(&LOG, &model);
        let snapshot = read(&snapshot, &LOG, &stamp(&LOG), &model).unwrap();
        let ways = snapshot.table.stops.iter();
        let late = ways.flat_map(|stop| snapshot.part::<Way>(&stop.way).unwrap().late);
        let late: usize = late
            .map(|line| serde_json::to_vec(&line).unwrap().len())
            .sum();
        let retracted: usize = survey.retracted.iter().map(|id| id.len()).sum();
        assert!(retracted > 0);
        assert_eq!(bytes, (late + retracted) as u64);
        survey.bytes = LARGEST_SHARE * bytes;
        assert!(is_too_long(&survey));
        survey.bytes += LARGEST_SHARE * SNAPSHOT_BEGINS.len() as u64;
        assert!(!is_too_long(&survey));
    }

    #[test]
    fn an_event_that_was_retracted_before_it_came_counts_with_a_snapshot_as_little_as_without() {
        let ends = ends(&LOG);
        let before = &LOG[..ends[400]];
        let chain = Chain::split(&before[ends[399]..before.len() - 1])
            .unwrap()
            .1;
        let (mut writer, mut log) = (Writer::after(chain), before.to_vec());
        let mut append = |log: &mut Vec<u8>, seq: u64, draft: Draft| {
            let record = check(draft).unwrap().placed(seq, day(1_000));
            writer.write(&record, log).unwrap();
        };
        let retraction = Draft {
            id: Some("taken-back".to_owned()),
            date: Some(day(290)),
            act: Some(Act::Retraction),
            retracts: Some("to-come".to_owned()),
            ..Draft::default()
        };
        append(&mut log, 401, retraction);
        let snapshot = kept(&log, &Model::default());
        let event = |id: &str| Draft {
            id: Some(id.to_owned()),
            date: Some(day(290)),
            source: vec!["USA".parse().unwrap()],
            target: vec!["RUS".parse().unwrap()],
            act: Some(Act::Statement),
            ..Draft::default()
        };
        append(&mut log, 402, event("another"));
        hold(&snapshot, &log, &stamp(&log), None);
        append(&mut log, 403, event("to-come"));
        assert!(state(&snapshot, &log, &stamp(&log), None).is_none());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn a_snapshot_that_is_cut_or_has_other_bytes_tells_the_same_or_nothing(
            place in any::<prop::sample::Index>(),
            bit in 0..8_u8,
            is_cut in any::<bool>(),
            last in prop::option::of(-40..300),
        ) {
            static SNAPSHOT: LazyLock<Vec<u8>> = LazyLock::new(|| kept(&LOG, &Model::default()));
            let (mut snapshot, last) = (SNAPSHOT.clone(), last.map(day));
            let place = place.index(snapshot.len());
            if is_cut {
                snapshot.truncate(place);
            } else {
                snapshot[place] ^= 1 << bit;
            }
            if let Some((found, folded)) = state(&snapshot, &LOG, &stamp(&LOG), last) {
                prop_assert!(!is_cut);
                hold_to_replay(&LOG, &found, &folded, last);
            }
        }
    }

    /// A log of events on some days, between so many others, two of which are a block of lines.
    fn long_lines(days: &[i32], parties: usize) -> Vec<u8> {
        let (mut writer, mut log) = (Writer::after(Chain::START), Vec::new());
        let mut actors = crate::model::Actor::all();
        let [source, target] = [(); 2].map(|()| actors.by_ref().take(parties).collect::<Vec<_>>());
        for (seq, on) in (1..).zip(days) {
            let draft = Draft {
                id: Some(format!("event-{seq}")),
                date: Some(day(*on)),
                source: source.clone(),
                target: target.clone(),
                act: Some(Act::Coded),
                code: "112".parse().ok(),
                note: Some("n".repeat(135_000)),
                ..Draft::default()
            };
            let record = check(draft).unwrap().placed(seq, day(400));
            writer.write(&record, &mut log).unwrap();
        }
        log
    }

    #[test]
    fn a_fold_meets_every_late_event_on_its_way_over_several_stops() {
        // The sixth event happened on the day of the last one before a stop; the ninth comes once
        // the snapshot is written, and long before that stop.
        let log = long_lines(&[1, 2, 3, 5, 9, 5, 10, 11, 3], 1);
        let before = &log[..ends(&log)[8]];
        let snapshot = kept(before, &Model::default());
        let stops = read(&snapshot, &log, &stamp(&log), &Model::default())
            .unwrap()
            .table
            .stops;
        let last = stops.iter().map(|stop| stop.last);
        assert!(last.eq([None, Some(2), Some(5), Some(9), Some(11)].map(|on| on.map(day))));
        for last in [5, 9].map(day).map(Some) {
            hold(&snapshot, &log, &stamp(&log), last);
        }
    }

    #[test]
    fn stops_lie_as_far_apart_as_their_states_are_long() {
        let log = long_lines(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 8);
        let snapshot = kept(&log, &Model::default());
        let stops = read(&snapshot, &log, &stamp(&log), &Model::default())
            .unwrap()
            .table
            .stops;
        // There could be one behind every second line.
        let lines: Vec<_> = stops.iter().map(|stop| stop.place.lines).collect();
        assert_eq!(lines, [0, 2, 6, 10]);
        assert!(stops[1].state.bytes * LOG_BYTES_A_BYTE > stops[1].place.offset);
    }
}
