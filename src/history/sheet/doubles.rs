//! Rows that stand in a table twice, and those that it has no longer, told by the log that it was
//! appended to before.

use super::repeats::{COMPARED_LIMIT, Repeat, has_words, is_made};
use crate::history::line::record::Record;
use crate::history::line::written::Written;
use crate::model::{Act, Day};
use std::collections::{HashMap, HashSet};

/// Looks among the events of a log for what a table that was appended once more has twice, or has
/// no longer.
#[derive(Debug)]
pub struct Doubles<'r> {
    new: &'r [Record],
    already_there: HashSet<&'r str>,
    /// The acts and days of rows that bring no id.
    days: HashSet<(Act, Day)>,
    /// Those of them of which the log had rows already.
    days_there: HashSet<(Act, Day)>,
    /// What rows say that the log had already, with their ids and lines.
    said: HashMap<String, (String, u64)>,
    /// Events without an id of their own that are none of the rows.
    others: Vec<Other>,
}

#[derive(Debug)]
struct Other {
    day: (Act, Day),
    id: String,
    line: u64,
}

/// What may count that should not.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Doubled {
    /// Rows that say in words what another one says, and nothing else.
    pub twice: Vec<Repeat>,
    /// The ids and lines of events that a table has not, which has others of their act and day.
    pub taken_out: Vec<(String, u64)>,
}

fn day(record: &Record) -> (Act, Day) {
    (record.act(), record.date())
}

impl<'r> Doubles<'r> {
    /// Those of a batch: its events as they were written, those that are new, and the ids of those
    /// that the log had already. None where every event brings its own id.
    #[must_use]
    pub fn of(
        batch: &'r [Written<'_>],
        new: &'r [Record],
        already_there: &'r [String],
    ) -> Option<Self> {
        let rows = batch.iter().filter(|written| !written.brings_id());
        let days: HashSet<_> = rows.map(|written| day(&written.record)).collect();
        (!days.is_empty()).then(|| Self {
            new,
            already_there: already_there.iter().map(String::as_str).collect(),
            days,
            days_there: HashSet::new(),
            said: HashMap::new(),
            others: Vec::new(),
        })
    }

    /// Looks at an event that the log had before.
    pub fn look(&mut self, line: u64, record: &Record) {
        let (day, id) = (day(record), record.id().to_owned());
        if !self.days.contains(&day) || !is_made(record) {
            return;
        }
        if self.already_there.contains(&*id) {
            self.days_there.insert(day);
            self.said.entry(record.saying()).or_insert((id, line));
        } else if self.others.len() < COMPARED_LIMIT {
            self.others.push(Other { day, id, line });
        }
    }

    /// What is doubtful of those that are not `retracted`, in the order of the batch and of the
    /// log.
    #[must_use]
    pub fn told(mut self, retracted: &HashSet<String>) -> Doubled {
        let mut twice = Vec::new();
        let new = self.new.iter();
        for record in new.filter(|record| is_made(record) && self.days.contains(&day(record))) {
            if !has_words(record) {
                continue;
            }
            let line = record.seq().unwrap_or_default();
            let id = record.id().to_owned();
            match self.said.get(&record.saying()) {
                Some((other, line)) => twice.push(Repeat {
                    id,
                    other: other.clone(),
                    line: *line,
                    differs: Vec::new(),
                }),
                None => {
                    self.said.insert(record.saying(), (id, line));
                }
            }
        }
        let counts =
            |other: &Other| self.days_there.contains(&other.day) && !retracted.contains(&other.id);
        let taken_out = self.others.into_iter().filter(counts);
        Doubled {
            twice,
            taken_out: taken_out.map(|other| (other.id, other.line)).collect(),
        }
    }
}
