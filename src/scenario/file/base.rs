//! A base: the history that a scenario leaves, with the lines of its log.

use super::entry::Entries;
use super::hazards::Hazards;
use crate::error::{BadFile, BadLog, Error, Result};
use crate::history::{
    self, Chain, Ending, Names, Next, Packing, Record, Scope, Source, Survey, Writer, read_line,
    survey,
};
use crate::model::{Act, Day, Model};
use std::collections::{HashMap, HashSet};
use std::iter::zip;
use std::sync::Arc;

/// A history to leave.
#[derive(Clone, Debug)]
pub struct Base {
    /// What to call it.
    pub name: String,
    /// Its events that count, in replay order.
    pub entries: Entries,
    /// The model it brings, if it is a scenario.
    pub model: Option<Model>,
    /// The chain of the last line of the log at its root.
    pub head: Chain,
    /// How that log ends.
    pub ending: Ending,
    /// The scenarios that it comes by, the one on the log first.
    pub lineage: Vec<Ancestor>,
    /// What chance it brings.
    pub(in crate::scenario) hazards: Hazards,
    /// What the log at its root calls what is in it.
    pub names: Names,
    /// The lines of the log at its root.
    pub(in crate::scenario) lines: Arc<Lines>,
}

/// Is told each line of a log, and may end it with an error.
type Each<'e> = dyn FnMut(&[u8]) -> Result<()> + 'e;

/// A scenario that is the base of another.
#[derive(Clone, Debug)]
pub struct Ancestor {
    /// What happens instead, in a line.
    pub title: String,
    /// The BLAKE3 digest of its file.
    pub digest: String,
    /// The first day on which what rules cause lies behind its fork.
    pub(in crate::scenario) first_day: Day,
}

/// The lines of a base's log.
#[derive(Clone, Debug, Default)]
pub(in crate::scenario) struct Lines {
    /// The events that count, in replay order.
    counted: Arc<Vec<Record>>,
    /// The place among them of each, as they stand in the log; empty where they stand so there.
    order: Vec<u32>,
    /// By the place of its line, each event that does not count: it is a retraction or was
    /// retracted.
    uncounted: HashMap<usize, Record>,
    /// The bytes of those that this program would write otherwise.
    written_otherwise: HashMap<usize, Box<[u8]>>,
}

impl Lines {
    /// Reads the lines of a log that was surveyed, those that were known on its day.
    fn read(source: &(impl Source + ?Sized), survey: &Survey) -> Result<Self> {
        let mut reading = history::Lines::new(source.open().map_err(unread)?);
        let (mut packing, mut written_otherwise) = (Packing::default(), HashMap::new());
        let (mut writer, mut own) = (Writer::after(Chain::START), Vec::new());
        let (mut number, mut retracted) = (0, HashSet::new());
        while let Next::Line(bytes) = reading.advance().map_err(unread)? {
            let place = packing.so_far().len();
            number += 1;
            let record = read_line(bytes, number);
            let record = record.map_err(|faults| Error::of(faults, 1))?.unchained();
            own.clear();
            let is_written = writer.write(&record, &mut own).is_ok();
            if !is_written || own.strip_suffix(b"\n") != Some(bytes) {
                written_otherwise.insert(place, bytes.into());
                let (_, chain) = Chain::split(bytes).unwrap_or((bytes, writer.head()));
                writer = Writer::after(chain);
            }
            // What was recorded later is read for the chain alone.
            if number > survey.known {
                continue;
            }
            if record.is_about_the_log() {
                retracted.extend(record.fields().retracts.clone());
            }
            packing.push(record);
        }
        if writer.head() != survey.head {
            return Err(BadLog::ChangedWhileRead.into());
        }
        let mut records = packing.finish();
        let counts = |record: &Record| {
            !record.is_about_the_log() && (retracted.is_empty() || !retracted.contains(record.id()))
        };
        let mut uncounted = HashMap::new();
        let mut place = 0;
        records.retain(|record| {
            let counts = counts(record);
            if !counts {
                uncounted.insert(place, record.clone());
            }
            place += 1;
            counts
        });
        let order = in_replay_order(&mut records);
        Ok(Self {
            counted: Arc::new(records),
            order,
            uncounted,
            written_otherwise,
        })
    }

    /// Whether the event of a line counts.
    fn counts(&self, place: usize) -> bool {
        !self.uncounted.contains_key(&place)
    }

    /// Each line's place and event.
    fn iter(&self) -> impl Iterator<Item = (usize, &Record)> {
        let mut counted = 0..self.counted.len();
        let lines = 0..self.counted.len() + self.uncounted.len();
        lines.filter_map(move |place| {
            let record = if let Some(record) = self.uncounted.get(&place) {
                record
            } else {
                let next = counted.next()?;
                let place = self.order.get(next).map_or(next, |place| *place as usize);
                self.counted.get(place)?
            };
            Some((place, record))
        })
    }

    /// Writes the first so many lines as they stand.
    fn write(&self, kept: usize, each: &mut Each<'_>) -> Result<Writer> {
        let (mut writer, mut line) = (Writer::after(Chain::START), Vec::new());
        for (place, record) in self.iter().take(kept) {
            line.clear();
            match self.written_otherwise.get(&place) {
                None => writer.write(record, &mut line)?,
                Some(bytes) => {
                    line.extend_from_slice(bytes);
                    line.push(b'\n');
                    let (_, chain) = Chain::split(bytes).unwrap_or((bytes, writer.head()));
                    writer = Writer::after(chain);
                }
            }
            each(&line)?;
        }
        Ok(writer)
    }

    /// How many of the first lines a branch can keep as they are. A line that counts must be
    /// shared, and one that was retracted must have its retraction among them.
    fn shared(&self, shared: &HashSet<&str>) -> usize {
        let is_kept = |(place, record): &(usize, &Record)| {
            !self.counts(*place) || shared.contains(record.id())
        };
        let mut kept = self.iter().take_while(is_kept).count();
        let retractions: HashMap<String, usize> = self
            .iter()
            .filter(|(_, record)| record.act() == Act::Retraction)
            .filter_map(|(place, record)| Some((record.fields().retracts.clone()?, place)))
            .collect();
        let is_cut_off = |record: &Record, kept: usize| {
            let retraction = retractions.get(record.id());
            retraction.is_some_and(|place| *place >= kept)
        };
        while let Some((place, _)) = self
            .iter()
            .take(kept)
            .find(|(_, record)| is_cut_off(record, kept))
        {
            kept = place;
        }
        kept
    }
}

/// Sorts events by date, those of a day as they stand, and tells where each went; of those that
/// are in order already, nothing.
fn in_replay_order(records: &mut [Record]) -> Vec<u32> {
    if records.is_sorted_by_key(Record::date) {
        return Vec::new();
    }
    let mut placed: Vec<u32> = (0..records.len() as u32).collect();
    placed.sort_by_key(|place| records[*place as usize].date());
    let mut order = vec![0; placed.len()];
    for (now, before) in zip(0.., placed) {
        order[before as usize] = now;
    }
    records.sort_by_key(Record::date);
    order
}

impl Base {
    /// Reads a log.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(source: &(impl Source + ?Sized), name: &str) -> Result<Self> {
        Self::as_known_on(source, name, None)
    }

    /// Reads a log of which only the events count that were recorded until a day, where one is
    /// given.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn as_known_on(
        source: &(impl Source + ?Sized),
        name: &str,
        known_on: Option<Day>,
    ) -> Result<Self> {
        let scope = Scope {
            known_on,
            ..Scope::default()
        };
        let survey: Survey = survey(source, scope, |_, _| {})?;
        let lines = Lines::read(source, &survey)?;
        Ok(Self {
            name: name.to_owned(),
            entries: Entries::of_log(Arc::clone(&lines.counted)),
            model: None,
            head: survey.head,
            ending: survey.ending,
            lineage: Vec::new(),
            hazards: Hazards::default(),
            names: survey.names(),
            lines: Arc::new(lines),
        })
    }

    /// Whether an event, a chance node or a rule has a name already, so that a new one cannot have
    /// it.
    #[must_use]
    pub fn is_taken(&self, name: &str) -> bool {
        let Hazards { chances, rules, .. } = &self.hazards;
        self.ids().any(|id| id == name)
            || chances.iter().any(|chance| chance.id == name)
            || rules.iter().any(|rule| rule.written.id == name)
    }

    /// Every id that is taken: those of the log, of retracted events and of retractions too, and
    /// those of events that scenarios made.
    pub(in crate::scenario) fn ids(&self) -> impl Iterator<Item = &str> {
        let made = self.entries.own().map(|(_, own)| own.record.id());
        let lines = self.lines.iter().map(|(_, record)| record.id());
        lines.chain(made)
    }

    /// The log of a branch: the log's lines stay byte for byte until the first that is not shared;
    /// from there on the branch's events are chained anew in replay order. `recorded` never
    /// decreases: an event that is not of the base is recorded on its own day, or on that of the
    /// line before if that is later. Tells how many lines there are.
    ///
    /// # Errors
    /// When a line would be too long, or what `each` says.
    pub(in crate::scenario) fn branch_log(
        &self,
        branch: &[(Record, bool)],
        each: &mut Each<'_>,
    ) -> Result<u64> {
        let shared: HashSet<&str> = branch
            .iter()
            .filter(|(_, is_shared)| *is_shared)
            .map(|(record, _)| record.id())
            .collect();
        let kept = self.lines.shared(&shared);
        // Of very many both sets together are much.
        drop(shared);
        let mut writer = self.lines.write(kept, each)?;
        let lines = || self.lines.iter().take(kept).map(|(_, record)| record);
        let mut recorded: Option<Day> = lines().filter_map(Record::recorded).max();
        let written: HashSet<_> = lines().map(Record::id).collect();
        let (mut seq, mut line) = (kept as u64, Vec::new());
        for (record, _) in branch
            .iter()
            .filter(|(record, _)| !written.contains(record.id()))
        {
            let own = record.recorded().unwrap_or_else(|| record.date());
            let day = recorded.map_or(own, |last| last.max(own));
            recorded = Some(day);
            seq += 1;
            line.clear();
            writer.write(&record.clone().placed(seq, day), &mut line)?;
            each(&line)?;
        }
        Ok(seq)
    }
}

fn unread(error: std::io::Error) -> Error {
    BadFile::Io {
        doing: "read",
        error,
    }
    .into()
}
