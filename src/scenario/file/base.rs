//! A base: the history that a scenario leaves, with the lines of its log.

use super::entry::Entry;
use super::hazards::Hazards;
use crate::error::{BadFile, Error, Result};
use crate::history::{
    Chain, Ending, Lines, Names, Next, Record, Scope, Source, Survey, Writer, read_line, survey,
};
use crate::model::{Act, Day, Model};
use std::collections::{HashMap, HashSet};
use std::io::Read as _;

/// A history to leave.
#[derive(Clone, Debug)]
pub struct Base {
    /// What to call it.
    pub name: String,
    /// Its events that count, in replay order.
    pub entries: Vec<Entry>,
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
    pub(in crate::scenario) lines: Vec<Line>,
}

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

/// A line of the base's log.
#[derive(Clone, Debug)]
pub(in crate::scenario) struct Line {
    bytes: Vec<u8>,
    record: Record,
    /// Whether its event counts: it is no retraction and was not retracted.
    counts: bool,
}

impl Base {
    /// Reads a log.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(source: &(impl Source + ?Sized), name: &str) -> Result<Self> {
        let io = |error| {
            Error::from(BadFile::Io {
                doing: "read",
                error,
            })
        };
        // It is read once: what is surveyed is what is kept.
        let mut bytes = Vec::new();
        let mut input = source.open().map_err(io)?;
        input.read_to_end(&mut bytes).map_err(io)?;
        let survey: Survey = survey(&bytes[..], Scope::default(), |_, _| {})?;
        let mut reading = Lines::new(&bytes[..]);
        let mut lines = Vec::new();
        while let Next::Line(bytes) = reading.advance().map_err(io)? {
            let number = lines.len() as u64 + 1;
            let record = read_line(bytes, number).map_err(|faults| Error::of(faults, 1))?;
            lines.push(Line {
                bytes: bytes.to_vec(),
                counts: !record.is_about_the_log(),
                record,
            });
        }
        let retracted: HashSet<_> = lines
            .iter()
            .filter_map(|line| line.record.fields().retracts.clone())
            .collect();
        for line in &mut lines {
            line.counts &= !retracted.contains(line.record.id());
        }
        let counted = lines.iter().filter(|line| line.counts);
        let mut entries: Vec<_> = counted
            .map(|line| Entry::of_log(line.record.clone()))
            .collect();
        // Stable: events of a day stay in the order of the log.
        entries.sort_by_key(|entry| entry.record.date());
        Ok(Self {
            name: name.to_owned(),
            entries,
            model: None,
            head: survey.head,
            ending: survey.ending,
            lineage: Vec::new(),
            hazards: Hazards::default(),
            names: survey.names(),
            lines,
        })
    }

    /// Whether an event, a chance node or a rule has a name already, so that a new one cannot have
    /// it.
    #[must_use]
    pub fn is_taken(&self, name: &str) -> bool {
        let Hazards { chances, rules, .. } = &self.hazards;
        self.ids().contains(name)
            || chances.iter().any(|chance| chance.id == name)
            || rules.iter().any(|rule| rule.written.id == name)
    }

    /// Every id that is taken: those of the log, of retracted events and of retractions too, and
    /// those of events that scenarios made.
    pub(in crate::scenario) fn ids(&self) -> HashSet<&str> {
        let made = self.entries.iter().map(|entry| entry.record.id());
        let lines = self.lines.iter().map(|line| line.record.id());
        lines.chain(made).collect()
    }

    /// The log of a branch: the log's lines stay byte for byte until the first that is not shared;
    /// from there on the branch's events are chained anew in replay order. `recorded` never
    /// decreases: an event that is not of the base is recorded on its own day, or on that of the
    /// line before if that is later.
    ///
    /// # Errors
    /// When a line would be too long.
    pub(in crate::scenario) fn branch_log(&self, branch: &[(Record, bool)]) -> Result<Vec<u8>> {
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

    /// How many of the first lines a branch can keep as they are. A line that counts must be
    /// shared, and one that was retracted must have its retraction among them.
    fn shared_lines(&self, shared: &HashSet<&str>) -> usize {
        let is_kept = |line: &Line| !line.counts || shared.contains(line.record.id());
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
