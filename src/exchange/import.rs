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
                .map_err(|error| crate::error::BadFile::Io {
                    doing: "write",
                    error,
                })?;
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
