//! Events that stand in a log and in a batch under two ids, rows that a table has twice, and those
//! that it has no longer.

use super::repeats::{COMPARED_LIMIT, Repeat, has_words, is_made};
use crate::history::line::record::Record;
use crate::history::line::written::Written;
use crate::model::{Act, Day};
use std::collections::{HashMap, HashSet, VecDeque};

/// Looks among the events of a log for what counts twice of a batch that was appended, and for what
/// a table that was appended once more has no longer.
#[derive(Debug)]
pub struct Doubles<'r> {
    batch: &'r [Written<'r>],
    new: &'r [Record],
    already_there: HashSet<&'r str>,
    /// The acts and days of the batch.
    days: HashSet<(Act, Day)>,
    /// Those of them of which the log had rows without an id already.
    days_there: HashSet<(Act, Day)>,
    /// What rows say that the log had already, with their ids and lines.
    said: HashMap<String, (String, u64)>,
    /// Events without an id of their own that are none of the batch.
    others: Vec<Other>,
}

#[derive(Debug)]
struct Other {
    day: (Act, Day),
    id: String,
    line: u64,
    says: String,
}

/// What may count that should not.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Doubled {
    /// Events that have an id of their own and are, but for that, ones of the log that have none,
    /// in the order of the batch.
    pub named: Vec<Repeat>,
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
    /// that the log had already.
    #[must_use]
    pub fn of(batch: &'r [Written<'r>], new: &'r [Record], already_there: &'r [String]) -> Self {
        Self {
            batch,
            new,
            already_there: already_there.iter().map(String::as_str).collect(),
            days: batch.iter().map(|written| day(&written.record)).collect(),
            days_there: HashSet::new(),
            said: HashMap::new(),
            others: Vec::new(),
        }
    }

    /// Looks at an event that the log had before.
    pub fn look(&mut self, line: u64, record: &Record) {
        let day = day(record);
        if !self.days.contains(&day) || !is_made(record) {
            return;
        }
        let (id, says) = (record.id().to_owned(), record.saying());
        if self.already_there.contains(&*id) {
            self.days_there.insert(day);
            self.said.entry(says).or_insert((id, line));
        } else if self.others.len() < COMPARED_LIMIT {
            self.others.push(Other {
                day,
                id,
                line,
                says,
            });
        }
    }

    /// What is doubtful, where those that are `retracted` count for nothing.
    #[must_use]
    pub fn told(mut self, retracted: &HashSet<String>) -> Doubled {
        self.others.retain(|other| !retracted.contains(&other.id));
        let named = self.named();
        let days_there = &self.days_there;
        self.others.retain(|other| days_there.contains(&other.day));
        let twice = self.twice();
        let taken_out = self.others.into_iter();
        Doubled {
            named,
            twice,
            taken_out: taken_out.map(|other| (other.id, other.line)).collect(),
        }
    }

    /// Takes those out of the others that events with an id of their own are.
    fn named(&mut self) -> Vec<Repeat> {
        let days: HashSet<_> = self.others.iter().map(|other| other.day).collect();
        let own = self.batch.iter().filter(|written| written.brings_id());
        let own = own.map(|written| &written.record);
        let own = own.filter(|record| days.contains(&day(record)) && !is_made(record));
        let mut saying: HashMap<&str, VecDeque<usize>> = HashMap::new();
        for (place, other) in self.others.iter().enumerate() {
            saying.entry(&other.says).or_default().push_back(place);
        }
        let (mut named, mut told, mut taken) = (Vec::new(), HashSet::new(), HashSet::new());
        for record in own.filter(|record| told.insert(record.id())) {
            let same = saying.get_mut(&*record.saying());
            if let Some(place) = same.and_then(VecDeque::pop_front)
                && let Some(other) = self.others.get(place)
            {
                taken.insert(place);
                named.push(Repeat {
                    id: record.id().to_owned(),
                    other: other.id.clone(),
                    line: other.line,
                    differs: Vec::new(),
                });
            }
        }
        let mut places = 0..;
        let is_left = |_: &Other| places.next().is_none_or(|place| !taken.contains(&place));
        self.others.retain(is_left);
        named
    }

    fn twice(&mut self) -> Vec<Repeat> {
        let rows = self.batch.iter().filter(|written| !written.brings_id());
        let days: HashSet<_> = rows.map(|written| day(&written.record)).collect();
        let rows = self.new.iter().filter(|record| is_made(record));
        let mut twice = Vec::new();
        for record in rows.filter(|record| days.contains(&day(record)) && has_words(record)) {
            let line = record.seq().unwrap_or_default();
            let id = record.id().to_owned();
            let says = record.saying();
            if let Some((other, line)) = self.said.get(&says) {
                twice.push(Repeat {
                    id,
                    other: other.clone(),
                    line: *line,
                    differs: Vec::new(),
                });
            } else {
                self.said.insert(says, (id, line));
            }
        }
        twice
    }
}
