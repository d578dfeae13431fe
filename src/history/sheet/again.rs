//! Rows without an id, known again in a log by what they say, before any is numbered.

use super::read::made_id;
use super::repeats::{COMPARED_LIMIT, content, differing, is_made, say_the_same};
use crate::history::line::record::Record;
use crate::history::line::written::Written;
use crate::model::{Act, Day};
use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

/// What of a log is looked at when events are appended: those of their ids, and where rows bring no
/// id, those of their acts and days that say the same or have no id of their own either.
#[derive(Debug, Default)]
pub(in crate::history) struct Wanted<'b> {
    ids: HashSet<&'b str>,
    says: HashMap<(Act, Day), HashSet<u64>>,
}

impl<'b> Wanted<'b> {
    pub(in crate::history) fn by(batch: &'b [Written<'_>]) -> Self {
        let mut wanted = Self::default();
        for written in batch {
            let record = &written.record;
            wanted.ids.insert(record.id());
            if !written.brings_id() {
                let of_its_day = wanted.says.entry((record.act(), record.date()));
                of_its_day.or_default().insert(digest(record));
            }
        }
        wanted
    }

    pub(in crate::history) fn of(ids: HashSet<&'b str>) -> Self {
        let says = HashMap::new();
        Self { ids, says }
    }

    /// An event of the log, if it is wanted.
    pub(in crate::history) fn record(
        &self,
        (id, act, date): (&str, Act, Day),
        read: impl FnOnce() -> Option<Record>,
    ) -> Option<Record> {
        if self.ids.contains(id) {
            return read();
        }
        let says = self.says.get(&(act, date))?;
        read().filter(|record| is_made(record) || says.contains(&digest(record)))
    }
}

/// An event of a log that has an act and a day of a row.
#[derive(Clone, Copy, Debug)]
pub(in crate::history) struct There<'r> {
    pub(in crate::history) record: &'r Record,
    pub(in crate::history) line: u64,
    pub(in crate::history) is_retracted: bool,
}

/// The rows of a batch that bring no id, under the ids by which a log has them or which are free,
/// each by its place in the batch; those that keep the id that was made for them are left out.
///
/// First come the rows that say what an event of the log says, in their order and in that of the
/// log, events that still count before others. Those that are left have the ids of the events
/// without an id of their own that are left, each of the one that it is most like, and are not the
/// same as these. All others are numbered.
pub(in crate::history) fn known_again<'r>(
    batch: &[Written<'_>],
    there: impl IntoIterator<Item = There<'r>>,
    is_there: impl Fn(&str) -> bool,
) -> HashMap<usize, Record> {
    let brought = batch.iter().filter(|written| written.brings_id());
    let brought: HashSet<&str> = brought.map(|written| written.record.id()).collect();
    let mut groups: HashMap<(Act, Day), Group<'_, 'r>> = HashMap::new();
    for (place, written) in batch.iter().enumerate() {
        if !written.brings_id() {
            let record = &written.record;
            let group = groups.entry((record.act(), record.date())).or_default();
            group.rows.push((place, record));
        }
    }
    for one in there {
        let record = one.record;
        if let Some(group) = groups.get_mut(&(record.act(), record.date()))
            && !brought.contains(record.id())
        {
            group.there.push(one);
        }
    }
    let mut known = HashMap::new();
    for group in groups.into_values() {
        let base = group.rows.first().map(|(_, record)| {
            let date = record.date().to_string();
            made_id(Some(record.act().name()), Some(&date))
        });
        let base = base.unwrap_or_default();
        let rows = group.rows.clone();
        let ids = group.ids();
        let given: HashSet<&str> = ids.values().copied().collect();
        let numbers = (2_u64..).map(|number| format!("{base}-{number}"));
        let is_free =
            |id: &String| !brought.contains(&**id) && !given.contains(&**id) && !is_there(id);
        let mut free = std::iter::once(base.clone()).chain(numbers).filter(is_free);
        for (place, record) in rows {
            let id = ids.get(&place).map(|id| (*id).to_owned());
            if let Some(id) = id.or_else(|| free.next())
                && id != record.id()
            {
                known.insert(place, record.clone().called(id));
            }
        }
    }
    known
}

/// The rows of one act and day, each with its place, and what the log has of these.
#[derive(Default)]
struct Group<'b, 'r> {
    rows: Vec<(usize, &'b Record)>,
    there: Vec<There<'r>>,
}

impl<'r> Group<'_, 'r> {
    /// The ids of the rows that have that of an event of the log, by the places of the rows.
    fn ids(mut self) -> HashMap<usize, &'r str> {
        self.there.sort_by_key(|one| (one.is_retracted, one.line));
        let mut by_content: HashMap<String, VecDeque<usize>> = HashMap::new();
        for (number, one) in self.there.iter().enumerate() {
            let of_its = by_content.entry(one.record.saying()).or_default();
            of_its.push_back(number);
        }
        let (mut ids, mut left) = (HashMap::new(), Vec::new());
        let mut taken = HashSet::new();
        for (place, record) in &self.rows {
            let same = by_content.get_mut(&record.saying());
            match same.and_then(VecDeque::pop_front) {
                Some(number) => {
                    taken.insert(number);
                    ids.extend(self.there.get(number).map(|one| (*place, one.record.id())));
                }
                None => left.push((*place, *record)),
            }
        }
        let is_left = |(number, one): &(usize, &There<'_>)| {
            !taken.contains(number) && !one.is_retracted && is_made(one.record)
        };
        let others = self.there.iter().enumerate().filter(is_left);
        let others: Vec<_> = others.map(|(_, one)| *one).collect();
        ids.extend(most_alike(&left, &others));
        ids
    }
}

/// Each row with the id of the event of the log that it is most like, none twice. Of very many they
/// are taken in their order.
fn most_alike<'r>(rows: &[(usize, &Record)], others: &[There<'r>]) -> Vec<(usize, &'r str)> {
    let in_order = || rows.iter().zip(others);
    if rows.len().saturating_mul(others.len()) > COMPARED_LIMIT {
        let ids = in_order().map(|((place, _), one)| (*place, one.record.id()));
        return ids.collect();
    }
    let contents: Vec<_> = others.iter().map(|one| content(one.record)).collect();
    let mut pairs = Vec::new();
    for (row, (_, record)) in rows.iter().enumerate() {
        let own = content(record);
        for (other, theirs) in contents.iter().enumerate() {
            let differs = differing(&own, theirs).count();
            pairs.push((
                !say_the_same(&own, theirs),
                differs,
                row.abs_diff(other),
                row,
                other,
            ));
        }
    }
    pairs.sort_unstable();
    let (mut told, mut taken, mut ids) = (HashSet::new(), HashSet::new(), Vec::new());
    for (.., row, other) in pairs {
        if told.contains(&row) || taken.contains(&other) {
            continue;
        }
        told.insert(row);
        taken.insert(other);
        if let (Some((place, _)), Some(one)) = (rows.get(row), others.get(other)) {
            ids.push((*place, one.record.id()));
        }
    }
    ids
}

/// The fields in which a row differs from the event of its id.
pub(in crate::history) fn changed(row: &Record, there: &Record) -> Vec<String> {
    let (own, theirs) = (content(row), content(there));
    differing(&own, &theirs).cloned().collect()
}

fn digest(record: &Record) -> u64 {
    let mut hasher = DefaultHasher::new();
    record.saying().hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::sheet::read::read_events;

    const DAY: &str = "2031-03-02";

    /// A sheet of statements of a day, each an id, if it brings one, and a title.
    fn sheet(rows: &[(&str, &str)]) -> String {
        let row = |(id, title): &(&str, &str)| format!("{id},{DAY},XBL,XRL,statement,{title}\n");
        let rows: String = rows.iter().map(row).collect();
        format!("id,date,source,target,act,title\n{rows}")
    }

    /// The ids of rows behind a log of others, of which some lines are retracted: each as it is
    /// numbered behind `statement-2031-03-02`, or its own.
    fn ids(log: &[(&str, &str)], retracted: &[u64], rows: &[(&str, &str)]) -> Vec<String> {
        let (log, rows) = (sheet(log), sheet(rows));
        let log = read_events(log.as_bytes()).unwrap();
        let batch = read_events(rows.as_bytes()).unwrap();
        let there = (1..).zip(&log).map(|(line, written)| There {
            record: &written.record,
            line,
            is_retracted: retracted.contains(&line),
        });
        let is_there = |id: &str| log.iter().any(|it| it.record.id() == id);
        let known = known_again(&batch, there, is_there);
        let id = |(place, written): (usize, &Written<'_>)| {
            let record = known.get(&place).unwrap_or(&written.record);
            record.id().replace(&format!("statement-{DAY}"), "")
        };
        batch.iter().enumerate().map(id).collect()
    }

    #[test]
    fn rows_that_are_unchanged_keep_their_ids_and_the_others_those_that_are_left() {
        let log = [("", "a"), ("", "b"), ("", "c")];
        for (rows, expected) in [
            (vec!["a", "b", "c"], vec!["", "-2", "-3"]),
            // One is taken out, and two change places.
            (vec!["a", "c"], vec!["", "-3"]),
            (vec!["c", "a", "b"], vec!["-3", "", "-2"]),
            // One is corrected, or there is one more, at any place.
            (vec!["a", "x", "c"], vec!["", "-2", "-3"]),
            (vec!["x", "a", "b", "c"], vec!["-4", "", "-2", "-3"]),
            (vec!["a", "a", "b", "c"], vec!["", "-4", "-2", "-3"]),
            // The one that is most like it.
            (
                vec!["The minister", "a", "b", "C"],
                vec!["-4", "", "-2", "-3"],
            ),
        ] {
            let rows: Vec<_> = rows.into_iter().map(|title| ("", title)).collect();
            assert_eq!(ids(&log, &[], &rows), expected, "{rows:?}");
        }
    }

    #[test]
    fn what_was_retracted_is_known_again_and_its_id_is_nobody_elses() {
        let log = [("", "a"), ("", "b"), ("", "a")];
        assert_eq!(ids(&log, &[1], &[("", "a"), ("", "b")]), ["-3", "-2"]);
        assert_eq!(ids(&log, &[1, 3], &[("", "a"), ("", "b")]), ["", "-2"]);
        assert_eq!(ids(&log, &[2], &[("", "a"), ("", "x")]), ["", "-3"]);
        assert_eq!(ids(&log, &[1, 2, 3], &[("", "x"), ("", "y")]), ["-4", "-5"]);
    }

    #[test]
    fn a_row_that_the_log_has_under_an_id_of_its_own_has_that_id() {
        let log = [("own", "a"), ("other", "b")];
        let rows = [("", "a"), ("", "x"), ("other", "b"), ("", "b")];
        assert_eq!(ids(&log, &[], &rows), ["own", "", "other", "-2"]);
    }
}
