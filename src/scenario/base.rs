//! A base: the history that a scenario leaves, with the lines of its log.

use crate::error::{Error, Kind, Result};
use crate::history::{
    Chain, Lines, Next, Record, Scope, Source, Survey, Timeline, Writer, read_line, survey,
};
use crate::model::{Act, Day, Model};
use std::collections::{HashMap, HashSet};

/// A history to leave.
#[derive(Clone, Debug)]
pub struct Base {
    /// What to call it.
    pub name: String,
    /// Its events that count, in replay order.
    pub records: Vec<Record>,
    /// The model it brings, if it is a scenario.
    pub model: Option<Model>,
    /// The chain of its last line.
    pub head: Chain,
    lines: Vec<Line>,
}

/// A line of the base's log.
#[derive(Clone, Debug)]
struct Line {
    bytes: Vec<u8>,
    record: Record,
}

impl Base {
    /// Reads a log.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(source: &(impl Source + ?Sized), name: &str) -> Result<Self> {
        let io = |error| {
            Error::from(Kind::Io {
                doing: "read",
                error,
            })
        };
        let survey: Survey = survey(source, Scope::default(), |_, _| {})?;
        let mut reading = Lines::new(source.open().map_err(io)?);
        let mut lines = Vec::new();
        while let Next::Line(bytes) = reading.advance().map_err(io)? {
            let number = lines.len() as u64 + 1;
            let record = read_line(bytes, number).map_err(|faults| {
                Error::check(faults, 1)
                    .err()
                    .unwrap_or_else(|| Kind::Empty.into())
            })?;
            lines.push(Line {
                bytes: bytes.to_vec(),
                record,
            });
        }
        let mut timeline = Timeline::new(source.open().map_err(io)?, &survey);
        let mut records = Vec::new();
        while let Some(record) = timeline.advance()? {
            records.push(record);
        }
        Ok(Self {
            name: name.to_owned(),
            records,
            model: None,
            head: survey.head,
            lines,
        })
    }

    /// Every id that the log has, those of retracted events and of retractions included.
    pub(super) fn ids(&self) -> HashSet<&str> {
        self.lines.iter().map(|line| line.record.id()).collect()
    }

    /// The log of a branch: the base's lines stay byte for byte until the first that is not shared; from
    /// there on the branch's events are chained anew in replay order. `recorded` never decreases: an event
    /// that is not of the base is recorded on its own day, or on that of the line before if that is later.
    ///
    /// # Errors
    /// When a line would be too long.
    pub(super) fn branch_log(&self, branch: &[(Record, bool)]) -> Result<Vec<u8>> {
        let shared: HashSet<&str> = branch
            .iter()
            .filter(|(_, is_shared)| *is_shared)
            .map(|(record, _)| record.id())
            .collect();
        let kept = self.shared_lines(&shared);
        let mut bytes = Vec::new();
        let mut head = Chain::START;
        let mut recorded: Option<Day> = None;
        let mut written = HashSet::new();
        for line in &self.lines[..kept] {
            bytes.extend_from_slice(&line.bytes);
            bytes.push(b'\n');
            head = Chain::split(&line.bytes).map_or(head, |(_, chain)| chain);
            recorded = line.record.recorded().max(recorded);
            written.insert(line.record.id());
        }
        let mut writer = Writer::after(head);
        let mut seq = kept as u64;
        for (record, _) in branch
            .iter()
            .filter(|(record, _)| !written.contains(record.id()))
        {
            let own = record.recorded().unwrap_or_else(|| record.date());
            let day = recorded.map_or(own, |last| last.max(own));
            recorded = Some(day);
            seq += 1;
            writer.write(&record.clone().placed(seq, day), &mut bytes)?;
        }
        Ok(bytes)
    }

    /// How many of the first lines a branch can keep as they are. A line that counts must be shared, and one
    /// that was retracted must have its retraction among them.
    fn shared_lines(&self, shared: &HashSet<&str>) -> usize {
        let counts: HashSet<_> = self.records.iter().map(Record::id).collect();
        let is_kept = |line: &Line| {
            let id = line.record.id();
            shared.contains(id) || !counts.contains(id)
        };
        let mut kept = self.lines.iter().take_while(|line| is_kept(line)).count();
        let retractions: HashMap<_, _> = (0..)
            .zip(&self.lines)
            .filter(|(_, line)| line.record.act() == Act::Retraction)
            .filter_map(|(place, line)| Some((line.record.fields().retracts.as_deref()?, place)))
            .collect();
        while let Some(place) = self.lines[..kept].iter().position(|line| {
            let retraction = retractions.get(line.record.id());
            retraction.is_some_and(|place: &usize| *place >= kept)
        }) {
            kept = place;
        }
        kept
    }
}
