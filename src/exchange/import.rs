//! The import: rows of some dyads as a log of `coded` events.

use super::deliveries::{Ids, RowId, Same, same};
use super::reading::{FileRead, Gather};
use super::roster::Roster;
use super::row::{PartyIx, Reason, Witness};
use super::sieve::{Dedupe, Sifted};
use super::tally::{Example, Position, Tally};
use crate::error::{BadData, Error, Result};
use crate::history::{self, Chain, Draft, Glance, NAME_LIMIT, Record, Writer, check, is_name};
use crate::model::{Act, Actor, Dyad, Weights};
use crate::text::cut;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The most that is held of rows to be sorted, in bytes. (An assumption: some million rows of
/// GDELT.)
const HELD_LIMIT: u64 = 512 << 20;

/// The longest title, in characters.
const TITLE_LIMIT: usize = 200;

/// Keeps the rows of some dyads. Memory grows with them.
#[derive(Debug)]
pub struct Import {
    wanted: Vec<[PartyIx; 2]>,
    rows: Vec<Kept>,
    bytes: Vec<u8>,
    /// How many bytes all parts hold together.
    held: Arc<AtomicU64>,
}

/// A row that is kept, and where its bytes are.
#[derive(Clone, Debug)]
struct Kept {
    row: Sifted,
    at: Position,
    bytes: Range<usize>,
    /// How many rows count as this one.
    rows: u64,
}

/// What was imported.
#[derive(Debug, Default)]
pub struct Imported {
    /// Each dyad and how many events it has.
    pub dyads: BTreeMap<Dyad, u64>,
    /// How many events the log has.
    pub events: u64,
    /// The ids of its rows, those that count as one event with another included.
    pub ids: Ids,
    /// The chain of its last line.
    pub head: Chain,
}

/// Whether a log has nothing but events as an import writes them, so that it can be made again from
/// its files.
///
/// # Errors
/// What the system says.
pub fn is_import(log: &mut dyn BufRead) -> io::Result<bool> {
    let mut lines = history::Lines::new(log);
    loop {
        let line = match lines.advance()? {
            history::Next::Line(line) => line,
            history::Next::End => return Ok(true),
            _ => return Ok(false),
        };
        let glance = serde_json::from_slice::<Glance<'_>>(line);
        if !glance.is_ok_and(|glance| glance.act == Act::Coded) {
            return Ok(false);
        }
    }
}

impl Import {
    /// An import of some dyads, of all where there are none; `held` counts what it and the other
    /// parts of the same import hold.
    #[must_use]
    pub fn new(dyads: &[Dyad], roster: &Roster, held: &Arc<AtomicU64>) -> Self {
        Self {
            wanted: roster.sides(dyads),
            rows: Vec::new(),
            bytes: Vec::new(),
            held: Arc::clone(held),
        }
    }

    /// Writes the rows that several have kept as a log, by date and then in the order of the files.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn write(
        parts: &[Self],
        files: &[Option<FileRead>],
        roster: &Roster,
        dedupe: Dedupe,
        tally: &mut Tally,
        out: &mut dyn Write,
    ) -> Result<Imported> {
        let held = parts.first().map(|part| part.held.load(Ordering::Relaxed));
        if held.unwrap_or_default() > HELD_LIMIT {
            return Err(BadData::TooMuch { limit: HELD_LIMIT }.into());
        }
        let mut rows: Vec<(Kept, &[u8])> = Vec::new();
        for part in parts {
            rows.extend(
                part.rows
                    .iter()
                    .map(|kept| (kept.clone(), &part.bytes[kept.bytes.clone()])),
            );
        }
        rows.sort_unstable_by_key(|(kept, _)| (kept.row.day, kept.at));
        let mut ids_seen = Ids::default();
        let mut keyed = Vec::with_capacity(rows.len());
        for (kept, bytes) in rows {
            let Some(Some(file)) = files.get(kept.at.file as usize) else {
                continue;
            };
            let id = RowId::of(file.format, kept.row.day, file.reader.id(bytes));
            if let Some(id) = id {
                ids_seen.insert(id);
            }
            let same = same(dedupe, &kept.row, id, || file.reader.added(bytes));
            keyed.push((same, kept, bytes));
        }
        let rows = without_repetitions(keyed, dedupe, tally);
        let mut imported = Imported {
            ids: ids_seen,
            ..Imported::default()
        };
        let mut writer = Writer::after(imported.head);
        let mut ids: FxHashMap<String, u64> = FxHashMap::default();
        let mut line = Vec::new();
        for (kept, bytes) in rows {
            let Some(Some(file)) = files.get(kept.at.file as usize) else {
                continue;
            };
            let witness = file.reader.witness(bytes, kept.at.line);
            let parties = [kept.row.source, kept.row.target].map(|party| roster.actor(party));
            let record = record(&kept, witness, parties, &mut ids)?;
            line.clear();
            let placed = record.placed(imported.events + 1, kept.row.day);
            if writer.write(&placed, &mut line).is_err() {
                tally.take_back(Reason::LongEvent, 1, Some(Example::of(kept.at, bytes)));
                continue;
            }
            imported.events += 1;
            out.write_all(&line)
                .map_err(crate::error::BadFile::io("write"))?;
            if let Some(dyad) = Dyad::new(parties[0], parties[1]) {
                *imported.dyads.entry(dyad).or_default() += 1;
            }
        }
        imported.head = writer.head();
        Ok(imported)
    }
}

/// Rows with what makes each one event with others.
type Keyed<'a> = (Option<(Same, Option<i64>)>, Kept, &'a [u8]);

/// Of rows that are one event the first, with the least weight of them.
fn without_repetitions<'a>(
    mut rows: Vec<Keyed<'a>>,
    dedupe: Dedupe,
    tally: &mut Tally,
) -> Vec<(Kept, &'a [u8])> {
    if let Dedupe::Window(_) = dedupe {
        // A piece of time begins with what was added first.
        rows.sort_by_key(|(same, ..)| same.and_then(|(_, minute)| minute));
    }
    let minutes = match dedupe {
        Dedupe::Window(minutes) => i64::from(minutes),
        _ => 0,
    };
    let mut places: FxHashMap<Same, (usize, i64)> = FxHashMap::default();
    let mut left: Vec<(Kept, &[u8])> = Vec::new();
    let (mut repeated, mut first) = (0, None::<Example>);
    for (same, kept, bytes) in rows {
        let known = same.and_then(|(same, minute)| {
            let minute = minute.unwrap_or_default();
            let new = (left.len(), minute);
            let known = places.entry(same).or_insert(new);
            if minute > known.1 + minutes {
                *known = new;
            }
            left.get_mut(known.0)
        });
        let Some((known, known_bytes)) = known else {
            left.push((kept, bytes));
            continue;
        };
        known.row.weight = known.row.weight.min(kept.row.weight);
        known.rows += 1;
        repeated += 1;
        let later = if kept.at < known.at {
            Example::of(known.at, known_bytes)
        } else {
            Example::of(kept.at, bytes)
        };
        if first.as_ref().is_none_or(|first| later < *first) {
            first = Some(later);
        }
    }
    tally.take_back(Reason::Repeated, repeated, first);
    left.sort_by_key(|(kept, _)| (kept.row.day, kept.at));
    left
}

/// A row as an event.
fn record(
    kept: &Kept,
    witness: Witness,
    [source, target]: [Actor; 2],
    ids: &mut FxHashMap<String, u64>,
) -> Result<Record> {
    let code = kept.row.code.code();
    // A log is replayed with the table's gdelt variant unless its reader says otherwise.
    let is_own = kept.row.weight != kept.row.code.weight(Weights::Gdelt);
    // Where the row names no one but the two actors, the event says so already.
    let is_named = witness.source != source.code() || witness.target != target.code();
    let title = format!(
        "{}: {} → {}",
        code.row().name,
        witness.source,
        witness.target
    );
    let draft = Draft {
        id: Some(unique(&witness.id, ids)),
        date: Some(kept.row.day),
        source: vec![source],
        target: vec![target],
        act: Some(Act::Coded),
        code: Some(code),
        weight: is_own.then(|| kept.row.weight.degrees()),
        title: is_named.then(|| cut(&title, TITLE_LIMIT)),
        note: (kept.rows > 1).then(|| format!("one of {} rows that count as one", kept.rows)),
        evidence: vec![witness.evidence],
        ..Draft::default()
    };
    check(draft).map_err(|misfits| {
        let faults = misfits.into_iter().map(|misfit| misfit.kind.into());
        match Error::check(faults.collect(), 1) {
            Err(error) => error,
            Ok(()) => crate::error::BadLog::NoEvents.into(),
        }
    })
}

/// A name made of a row's own id.
fn name_of(id: &str) -> String {
    /// Room for a number behind it.
    const ROOM: usize = 24;
    let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || "-_.@".contains(letter);
    let mut name: String = id
        .chars()
        .map(|letter| if is_of_name(letter) { letter } else { '-' })
        .collect();
    name.truncate(NAME_LIMIT - ROOM);
    if !is_name(&name) {
        name.insert_str(0, "row-");
    }
    name
}

/// That name, with a number behind it where another row has that id, too.
fn unique(id: &str, ids: &mut FxHashMap<String, u64>) -> String {
    let name = name_of(id);
    let mut count = ids.get(&name).copied().unwrap_or_default();
    let mut candidate = name.clone();
    while count > 0 {
        count += 1;
        candidate = format!("{name}-{count}");
        if !ids.contains_key(&candidate) {
            break;
        }
    }
    ids.insert(name, count.max(1));
    ids.entry(candidate.clone()).or_insert(1);
    candidate
}

impl Gather for Import {
    fn wants(&self, row: &Sifted) -> Result<(), Reason> {
        if self.wanted.is_empty() || self.wanted.contains(&row.sides()) {
            Ok(())
        } else {
            Err(Reason::OtherDyad)
        }
    }

    fn take(&mut self, row: &Sifted, _: &FileRead, at: Position, record: &[u8]) {
        let bytes = (record.len() + size_of::<Kept>()) as u64;
        if self.held.fetch_add(bytes, Ordering::Relaxed) > HELD_LIMIT {
            // It will be refused: nothing more is held.
            return;
        }
        let start = self.bytes.len();
        self.bytes.extend_from_slice(record);
        self.rows.push(Kept {
            row: *row,
            at,
            bytes: start..self.bytes.len(),
            rows: 1,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::exchange::values::codes::CodeIx;
    use crate::exchange::values::weight::Weight;

    fn kept(line: u64, weight: &str) -> Kept {
        Kept {
            row: Sifted {
                day: "2014-01-01".parse().unwrap(),
                source: PartyIx::at(0),
                target: PartyIx::at(1),
                code: CodeIx::find(b"042").unwrap(),
                weight: Weight::parse(weight.as_bytes()).unwrap(),
                differs: false,
            },
            at: Position { file: 0, line },
            bytes: 0..0,
            rows: 1,
        }
    }

    /// The line of a row, its scene and its minute, and its weight.
    type ScenicRow = (u64, Option<(u64, i64)>, &'static str);

    /// Which lines are left of some rows, each with its scene, its minute and its weight; how many
    /// rows count as each and with which weight; and the first row that was left out.
    fn left(rows: &[ScenicRow], dedupe: Dedupe) -> (Vec<(u64, u64, f64)>, Option<u64>) {
        let keyed = rows.iter().map(|(line, same, weight)| {
            let kept = kept(*line, weight);
            let Sifted {
                day,
                source,
                target,
                code,
                ..
            } = kept.row;
            let same = same.map(|(scene, minute)| {
                (Same::Scene(day, source, target, code, scene), Some(minute))
            });
            (same, kept, &b"row"[..])
        });
        let mut tally = Tally::default();
        for row in rows {
            tally.used("2014-01-01".parse().unwrap(), row.0 as u32 % 2);
        }
        let left = without_repetitions(keyed.collect(), dedupe, &mut tally);
        let repeated: Vec<_> = tally.left_out().collect();
        let (count, first) = match repeated[..] {
            [] => (0, None),
            [(Reason::Repeated, kinds)] => (kinds.count, kinds.first.as_ref().map(|it| it.at.line)),
            _ => panic!("rows are left out for nothing else"),
        };
        assert_eq!(tally.used + count, rows.len() as u64);
        let left: Vec<_> = left
            .iter()
            .map(|(kept, _)| (kept.at.line, kept.rows, kept.row.weight.degrees()))
            .collect();
        assert_eq!(left.len() as u64, tally.used);
        (left, first)
    }

    #[test]
    fn of_rows_that_are_one_event_the_first_is_left_with_the_least_weight() {
        let rows = [
            (1, Some((7, 0)), "2"),
            (2, Some((8, 0)), "2"),
            (3, None, "1"),
            (4, Some((7, 0)), "-1"),
            (5, Some((7, 0)), "3"),
            (6, None, "1"),
        ];
        let expected = vec![(1, 3, -1.0), (2, 1, 2.0), (3, 1, 1.0), (6, 1, 1.0)];
        assert_eq!(left(&rows, Dedupe::Id), (expected, Some(4)));
    }

    #[test]
    fn a_piece_of_time_ends_so_many_minutes_after_its_first_row() {
        for (minutes, expected) in [
            (0, vec![(1, 1, 2.0), (2, 1, 1.0), (3, 1, 0.0), (4, 1, -1.0)]),
            (
                14,
                vec![(1, 1, 2.0), (2, 1, 1.0), (3, 1, 0.0), (4, 1, -1.0)],
            ),
            (15, vec![(1, 2, 1.0), (3, 2, -1.0)]),
            (30, vec![(1, 3, 0.0), (4, 1, -1.0)]),
            (45, vec![(1, 4, -1.0)]),
        ] {
            let rows = [
                (1, Some((7, 100)), "2"),
                (2, Some((7, 115)), "1"),
                (3, Some((7, 130)), "0"),
                (4, Some((7, 145)), "-1"),
            ];
            assert_eq!(
                left(&rows, Dedupe::Window(minutes)).0,
                expected,
                "{minutes}"
            );
        }
        // The row that was added later stands in an earlier line: it is the one that is left out.
        let rows = [(1, Some((7, 110)), "2"), (2, Some((7, 100)), "1")];
        let expected = (vec![(2, 2, 1.0)], Some(2));
        assert_eq!(left(&rows, Dedupe::Window(15)), expected);
    }

    #[test]
    fn ids_become_names_and_each_its_own() {
        for (id, name) in [
            ("gdelt-1", "gdelt-1"),
            ("a b/c", "a-b-c"),
            ("\u{e9}", "-"),
            ("", "row-"),
        ] {
            let found = name_of(id);
            assert!(
                found == name || found == format!("row-{name}"),
                "{id}: {found}"
            );
            assert!(is_name(&found), "{found}");
        }
        assert_eq!(name_of(&"x".repeat(500)).len(), NAME_LIMIT - 24);
        let mut ids = FxHashMap::default();
        let names = ["a", "a", "a-2", "a", "b", "a-2"].map(|id| unique(id, &mut ids));
        assert_eq!(names, ["a", "a-2", "a-2-2", "a-3", "b", "a-2-3"]);
    }
}
