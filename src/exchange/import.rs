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

    use crate::exchange::blocks::RECORD_LIMIT;
    use crate::exchange::formats::form::TableForm;
    use crate::exchange::reading::{Files, Plan, Reading, read};
    use crate::exchange::sieve::Choices;
    use crate::exchange::tally::Kinds;
    use crate::exchange::values::codes::CodeIx;
    use crate::exchange::values::weight::Weight;
    use std::io::Read;

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
        // The first that is left out is the first in the files, whenever it was added.
        let rows = [
            (1, Some((7, 200)), "1"),
            (2, Some((7, 205)), "1"),
            (3, Some((8, 100)), "1"),
            (4, Some((8, 105)), "1"),
        ];
        let expected = (vec![(1, 2, 1.0), (3, 2, 1.0)], Some(2));
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

    /// Files in memory.
    struct Held<'a>(&'a [&'a str]);

    impl Files for Held<'_> {
        fn count(&self) -> usize {
            self.0.len()
        }

        fn name(&self, file: usize) -> String {
            format!("file {file}")
        }

        fn open(&self, file: usize) -> Result<Box<dyn Read + Send + '_>> {
            Ok(Box::new(self.0[file].as_bytes()))
        }
    }

    fn plan(dyads: &[Dyad], threads: usize) -> Plan {
        let roster = Arc::<Roster>::default();
        Plan {
            format: None,
            form: TableForm::default(),
            dyads: roster.sides(dyads),
            roster,
            choices: Choices::default(),
            is_strict: false,
            threads: threads.try_into().unwrap(),
        }
    }

    fn dyad(code: &str) -> Dyad {
        code.parse().unwrap()
    }

    /// The log that is made of the rows of some dyads, what else is told of it, and what became of
    /// the rows.
    fn written(
        texts: &[&str],
        dyads: &[Dyad],
        dedupe: Dedupe,
        threads: usize,
    ) -> (String, Imported, Reading) {
        let (plan, held) = (plan(dyads, threads), Arc::default());
        let (mut reading, parts) = read(&Held(texts), &plan, || {
            Import::new(dyads, &plan.roster, &held)
        })
        .unwrap();
        let rows = parts.iter().flat_map(|part| &part.rows);
        let bytes = rows.map(|kept| kept.bytes.len() + size_of::<Kept>());
        assert_eq!(held.load(Ordering::Relaxed), bytes.sum::<usize>() as u64);
        let (files, roster, tally) = (&reading.files, &plan.roster, &mut reading.tally);
        let mut log = Vec::new();
        let imported = Import::write(&parts, files, roster, dedupe, tally, &mut log).unwrap();
        assert!(is_import(&mut &log[..]).unwrap());
        let log = String::from_utf8(log).unwrap();
        assert_eq!(log.lines().count() as u64, imported.events);
        (log, imported, reading)
    }

    /// The same with each event in short.
    fn imported(
        texts: &[&str],
        dyads: &[Dyad],
        dedupe: Dedupe,
        threads: usize,
    ) -> (Vec<String>, Imported, Reading) {
        let (log, imported, reading) = written(texts, dyads, dedupe, threads);
        let told = |line: &str| {
            let event: serde_json::Value = serde_json::from_str(line).unwrap();
            let fields = ["seq", "id", "date", "source", "target", "code"];
            let more = ["weight", "title", "note"];
            let all = fields.iter().chain(&more).filter_map(|field| {
                let value = event.get(field)?.to_string().replace(['"', '[', ']'], "");
                let is_more = more.contains(field);
                Some(if is_more {
                    format!("{field}: {value}")
                } else {
                    value
                })
            });
            all.collect::<Vec<_>>().join(" ")
        };
        (log.lines().map(told).collect(), imported, reading)
    }

    const HEAD: &str = "date,source,target,code,id\n";

    #[test]
    fn the_rows_of_some_dyads_become_events_by_date_and_every_other_row_is_counted() {
        let first = format!(
            "{HEAD}2014-03-18,RUS,USA,042,a\n2014-03-18,CHN,USA,042,b\n2014-06-02,USA,RUS,190,c\n\n\
             2014-06-02,USA,USA,042,d\n2014-06-02,USA,RUS,xyz,e\n2014-06-02,USA,Nowhere,042,f\n"
        );
        let second = format!("sep=,\n{HEAD}2014-03-18,USA,RUS,042,a\n2014-01-31,USA,RUS,036,g\n");
        let third = format!("{HEAD}2014-04-30,CHN,USA,042,a\n");
        let texts = [&first[..], &second, "", &third];
        for threads in [1, 3] {
            let asked = [dyad("RUS-USA")];
            let (lines, told, reading) = imported(&texts, &asked, Dedupe::None, threads);
            let expected = [
                "1 g 2014-01-31 USA RUS 036",
                "2 a 2014-03-18 RUS USA 042",
                "3 a-2 2014-03-18 USA RUS 042",
                "4 c 2014-06-02 USA RUS 190",
            ];
            assert_eq!(lines, expected);
            assert_eq!(told.dyads, BTreeMap::from([(asked[0], 4)]));
            let repeated: Vec<_> = told.ids.repeated().map(|(_, it)| it.rows).collect();
            assert_eq!((repeated, told.ids.is_full()), (vec![1], false));
            let lengths: Vec<_> = texts.iter().map(|text| text.len() as u64).collect();
            assert_eq!(reading.bytes, lengths);
            let are_there = reading.files.iter().map(Option::is_some);
            assert_eq!(are_there.collect::<Vec<_>>(), [true, true, false, true]);
            let tally = &reading.tally;
            assert_eq!((tally.read, tally.used, tally.malformed()), (9, 4, 1));
            let left: Vec<_> = tally
                .left_out()
                .map(|(it, kinds)| (it, kinds.count))
                .collect();
            let expected = [
                (Reason::BadCode, 1),
                (Reason::UnknownActor, 1),
                (Reason::SameActor, 1),
                (Reason::OtherDyad, 2),
            ];
            assert_eq!(left, expected);
            let of_files = [0, 1, 2, 3].map(|file| (tally.file(file).read, tally.file(file).used));
            assert_eq!(of_files, [(6, 2), (2, 2), (0, 0), (1, 0)]);
            // Of February and May there is no row of anybody.
            assert_eq!(tally.months_without_row(), [(2014, 2), (2014, 5)]);
            assert_eq!(reading.unmatched.ranked()[0].0, "Nowhere");
        }
        let (lines, told, _) = imported(&texts, &[], Dedupe::None, 1);
        assert_eq!((lines.len(), told.dyads.len()), (6, 2));
    }

    #[test]
    fn an_event_says_what_a_row_has_of_its_own() {
        let row = |source, target, weight| format!("2014-03-18,{source},{target},042,{weight}\n");
        let table = CodeIx::find(b"042")
            .unwrap()
            .weight(Weights::Gdelt)
            .degrees();
        let text = [
            "date,source,target,code,weight\n".to_owned(),
            row("RUS", "USA", table),
            row("Russia", "USA", table),
            row("RUS", "United States", table),
            row("RUS", "USA", -7.5),
        ];
        let (lines, ..) = imported(&[&text.concat()], &[], Dedupe::None, 1);
        let title = |names| {
            format!(
                "title: {}: {names}",
                CodeIx::find(b"042").unwrap().code().row().name
            )
        };
        let ends: Vec<_> = lines
            .iter()
            .map(|line| line.split_once(" 042").unwrap().1.trim())
            .collect();
        let expected = [
            String::new(),
            title("Russia → USA"),
            title("RUS → United States"),
            "weight: -7.5".to_owned(),
        ];
        assert_eq!(ends, expected);
        let (lines, _, reading) = imported(&[&text.concat()], &[], Dedupe::DyadDayCode, 1);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].ends_with("weight: -7.5 note: one of 4 rows that count as one"));
        assert_eq!(reading.tally.left_out_for(Reason::Repeated), 3);
        assert_eq!(reading.tally.own_weights.count, 1);
    }

    #[test]
    fn more_than_may_be_held_is_refused_and_not_held() {
        let (plan, text) = (
            plan(&[], 1),
            format!("{HEAD}2014-03-18,RUS,USA,042,a\n").repeat(1),
        );
        for (before, is_held, is_written) in [
            (HELD_LIMIT - 1000, true, true),
            (HELD_LIMIT, true, false),
            (HELD_LIMIT + 1, false, false),
        ] {
            let held = Arc::new(AtomicU64::new(before));
            let gather = || Import::new(&[], &plan.roster, &held);
            let (mut reading, parts) = read(&Held(&[&text]), &plan, gather).unwrap();
            assert_eq!(parts[0].rows.len(), usize::from(is_held), "{before}");
            let (files, tally) = (&reading.files, &mut reading.tally);
            let dedupe = Dedupe::None;
            let written =
                Import::write(&parts, files, &plan.roster, dedupe, tally, &mut Vec::new());
            assert_eq!(written.is_ok(), is_written, "{before}");
        }
        let held = Arc::new(AtomicU64::new(HELD_LIMIT));
        let parts = [Import::new(&[], &plan.roster, &held)];
        let mut tally = Tally::default();
        let (roster, dedupe) = (&plan.roster, Dedupe::None);
        Import::write(&parts, &[], roster, dedupe, &mut tally, &mut Vec::new()).unwrap();
    }

    #[test]
    fn a_row_may_be_as_long_as_is_said_and_malformed_ones_are_told_where_that_is_asked_for() {
        let row = |length: usize| {
            let start = "2014-03-18,RUS,USA,042,";
            format!("{start}{}\n", "x".repeat(length - start.len()))
        };
        let long = format!(
            "{HEAD}{}{}{}",
            row(RECORD_LIMIT),
            row(RECORD_LIMIT + 1),
            row(50)
        );
        let (lines, _, reading) = imported(&[&long], &[], Dedupe::None, 1);
        let left = reading.tally.left_out();
        let line = |kinds: &Kinds| kinds.first.as_ref().map(|first| first.at.line);
        let left: Vec<_> = left
            .map(|(it, kinds)| (it, kinds.count, line(kinds)))
            .collect();
        // One that is just not too long makes a line of a log that is.
        let expected = [
            (Reason::TooLong, 1, Some(3)),
            (Reason::LongEvent, 1, Some(2)),
        ];
        assert_eq!(left, expected);
        assert_eq!(lines.len(), 1);
        let quoted = format!("{HEAD}2014-03-18,RUS,USA,042,\"a\n2014-03-18,USA,RUS,042,b\n");
        let (lines, _, reading) = imported(&[&quoted], &[], Dedupe::None, 1);
        assert_eq!(
            (lines.len(), reading.tally.left_out_for(Reason::OpenQuote)),
            (1, 1)
        );
        let bad = "2014-03-18,RUS,USA,xyz,a\n2014-03-18,RUS,RUS,042,b\n2014-13-18,RUS,USA,042,c\n";
        let texts = [format!("{HEAD}{bad}"), format!("{HEAD}{}", bad.repeat(3))];
        let strict = Plan {
            is_strict: true,
            ..plan(&[], 1)
        };
        let gather = || Import::new(&[], &strict.roster, &Arc::default());
        let refused = read(&Held(&[&texts[0], &texts[1]]), &strict, gather)
            .err()
            .unwrap();
        let places = refused.faults().iter().map(|fault| &fault.place);
        let places: Vec<_> = places
            .map(|place| (place.file.clone().unwrap(), place.line.unwrap()))
            .collect();
        let expected = [
            (0, 2),
            (0, 4),
            (1, 2),
            (1, 4),
            (1, 5),
            (1, 7),
            (1, 8),
            (1, 10),
        ];
        assert_eq!(
            places,
            expected.map(|(file, line)| (format!("file {file}"), line))
        );
    }

    #[test]
    fn names_without_an_actor_are_told_of_rows_that_may_be_of_the_dyads() {
        let text = format!(
            "{HEAD}2014-03-18,Nowhere,USA,042,a\n2014-03-18,Elsewhere,Nowhere,042,b\n\
             2014-03-18,Hither,CHN,042,c\n2014-03-18,CHN,Thither,042,d\n\
             2014-03-18,Nowhere,Nowhere,042,e\n2014-03-18,RUS,NA,042,f\n\
             2014-03-18,RUS,Yonder,xyz,g\n"
        );
        let unmatched = |dyads: &[Dyad]| {
            let (.., reading) = imported(&[&text], dyads, Dedupe::None, 1);
            let ranked = reading.unmatched.ranked().into_iter();
            ranked
                .map(|(name, it)| format!("{name} {}", it.rows))
                .collect::<Vec<_>>()
        };
        let of_one = ["Nowhere 3", "Elsewhere 1"];
        assert_eq!(unmatched(&[dyad("RUS-USA")]), of_one);
        assert_eq!(
            unmatched(&[]),
            ["Nowhere 3", "Elsewhere 1", "Hither 1", "Thither 1"]
        );
    }

    /// A row of GDELT with some of its cells.
    fn of_gdelt(filled: &[(usize, &str)]) -> String {
        let mut cells = [""; 58];
        let usual = [(0, "1"), (1, "20140318"), (17, "USA"), (26, "042")];
        for (place, text) in usual.iter().chain(filled) {
            cells[*place] = text;
        }
        cells.join("\t") + "\n"
    }

    #[test]
    fn a_name_is_told_that_says_more_than_its_country_or_a_country_that_nobody_knows() {
        let rows = [
            ("POLICE", "", "POLICE"),
            ("SOMEBODY", "WXY", "WXY"),
            ("MINISTER", "EUR", "MINISTER"),
            ("", "AFR", "AFR"),
        ];
        let text = rows.map(|(name, country, _)| of_gdelt(&[(6, name), (7, country)]));
        let (.., reading) = imported(&[&text.concat()], &[], Dedupe::None, 1);
        let ranked = reading.unmatched.ranked();
        let names: Vec<_> = ranked.into_iter().map(|(name, _)| name).collect();
        let mut expected = rows.map(|(.., told)| told);
        expected.sort_unstable();
        assert_eq!(names, expected);
    }

    /// Wants no row, and counts those that it heeds all the same.
    struct Heeding(u64);

    impl Gather for Heeding {
        fn wants(&self, _: &Sifted) -> Result<(), Reason> {
            Err(Reason::OtherDyad)
        }

        fn heeds_others(&self) -> bool {
            true
        }

        fn heed(&mut self, _: &Sifted, _: &FileRead, _: Position, _: &[u8]) {
            self.0 += 1;
        }

        fn take(&mut self, _: &Sifted, _: &FileRead, _: Position, _: &[u8]) {
            panic!("it wants none");
        }
    }

    #[test]
    fn a_row_that_is_not_wanted_is_heeded_only_if_it_could_be_used() {
        let days = ["20140318", "19781231", "20140319"];
        let text = days.map(|day| of_gdelt(&[(1, day), (7, "RUS")])).concat();
        let (reading, parts) = read(&Held(&[&text]), &plan(&[], 1), || Heeding(0)).unwrap();
        assert_eq!((parts[0].0, reading.tally.read), (2, 3));
        assert_eq!(reading.tally.left_out_for(Reason::OtherDyad), 3);
    }

    #[test]
    fn a_log_of_nothing_but_coded_events_is_an_import() {
        let text = format!("{HEAD}2014-03-18,RUS,USA,042,a\n");
        let (coded, ..) = written(&[&text], &[], Dedupe::None, 1);
        let other = coded.replace(r#""act":"coded""#, r#""act":"call""#);
        assert_ne!(other, coded);
        for (log, is) in [
            (String::new(), true),
            (coded.clone(), true),
            (format!("{coded}{coded}"), true),
            (format!("{coded}{other}"), false),
            (format!("{other}{coded}"), false),
            ("rows\n".to_owned(), false),
        ] {
            assert_eq!(is_import(&mut log.as_bytes()).unwrap(), is, "{log}");
        }
    }
}
