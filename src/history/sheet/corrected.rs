//! Events that cannot be beside one of the log which they most likely correct.

use super::again::may_be;
use super::repeats::{COMPARED_LIMIT, content, say_the_same};
use crate::history::line::record::Record;
use crate::model::Act;
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

/// Looks among the events of a log for those that new ones most likely correct, where one of the
/// two is refused for the other.
///
/// They are of one act and of the same parties, about the same measure or meeting, and differ in a
/// field or two. If the batch has no event of the log it is another table most likely: then they
/// say the same in words, or differ in nothing but their ids.
#[derive(Debug)]
pub(in crate::history) struct Corrected<'r> {
    new: Vec<(&'r Record, Map<String, Value>)>,
    of_act: HashMap<Act, Vec<usize>>,
    refused: &'r HashSet<&'r str>,
    has_grown: bool,
    compared: usize,
    pairs: Vec<Correction>,
}

/// A new event and the one of the log that it most likely corrects.
#[derive(Debug)]
pub(in crate::history) struct Correction {
    /// Its place among the new events.
    pub(in crate::history) new: usize,
    /// The event of the log.
    pub(in crate::history) id: String,
    pub(in crate::history) line: u64,
    /// The fields in which they differ.
    pub(in crate::history) differs: Vec<String>,
    says_another: bool,
    days: u32,
}

impl<'r> Corrected<'r> {
    /// Those of the new events of a batch, which `has_grown` since some of its events were
    /// appended; the ids of the `refused` ones are those of new events and of some of the log.
    pub(in crate::history) fn of(
        new: &'r [Record],
        refused: &'r HashSet<&'r str>,
        has_grown: bool,
    ) -> Self {
        let new: Vec<_> = new.iter().map(|record| (record, content(record))).collect();
        let mut of_act: HashMap<Act, Vec<usize>> = HashMap::new();
        for (place, (record, _)) in new.iter().enumerate() {
            of_act.entry(record.act()).or_default().push(place);
        }
        Self {
            new,
            of_act,
            refused,
            has_grown,
            compared: 0,
            pairs: Vec::new(),
        }
    }

    /// Whether events of an act may be of interest.
    pub(in crate::history) fn wants(&self, act: Act) -> bool {
        self.of_act.contains_key(&act)
    }

    /// Looks at an event of the log that counts and is none of the batch.
    pub(in crate::history) fn look(&mut self, line: u64, record: &Record) {
        let places = self.of_act.get(&record.act());
        let is_refused = self.refused.contains(record.id());
        let theirs = content(record);
        for &place in places.into_iter().flatten() {
            let Some((new, own)) = self.new.get(place) else {
                continue;
            };
            if !is_refused && !self.refused.contains(new.id()) {
                continue;
            }
            self.compared += 1;
            if self.compared > COMPARED_LIMIT {
                return;
            }
            let Some(differs) = may_be(own, &theirs) else {
                continue;
            };
            let says_another = !say_the_same(own, &theirs);
            if self.has_grown || !says_another || differs.is_empty() {
                self.pairs.push(Correction {
                    new: place,
                    id: record.id().to_owned(),
                    line,
                    differs: differs.into_iter().cloned().collect(),
                    says_another,
                    days: new.date().days_since(record.date()).unsigned_abs(),
                });
            }
        }
    }

    /// The likeliest of them, each event once, in the order of the batch.
    pub(in crate::history) fn told(mut self) -> Vec<Correction> {
        self.pairs.sort_by_key(|it| {
            let differs = it.differs.len();
            (it.says_another, differs, it.days, it.new, it.line)
        });
        let (mut new, mut lines) = (HashSet::new(), HashSet::new());
        self.pairs.retain(|it| {
            let is_free = !new.contains(&it.new) && !lines.contains(&it.line);
            if is_free {
                new.insert(it.new);
                lines.insert(it.line);
            }
            is_free
        });
        self.pairs.sort_by_key(|it| it.new);
        self.pairs
    }
}
