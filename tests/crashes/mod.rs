//! Appends on a disk that stops, refuses and forgets: what was acknowledged is there, a batch
//! counts whole or not at all, the log is legal, and goes on. [`whole`] has the same for files and
//! folders that are written whole, [`snapshots`] for what is kept beside logs.
//!
//! A seed that fails is told; `DETENTE_SEED` with it runs that seed alone, `DETENTE_SEEDS` with a
//! number runs so many.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests may")]

mod disk;
mod snapshots;
mod whole;

use detente::error::{BadLog, Error, Kind};
use detente::history::{Recorded, Register, Source, read_written};
use detente::store::{Appended, Options, append_on, retract_on};
use disk::{Chance, Fault, Simulated};
use std::collections::{BTreeSet, HashSet};
use std::io::Write;
use std::path::{Path, PathBuf};

/// How many logs and batches are tried unless another number is asked for: some 10,800 faults and
/// combinations for logs.
const SEEDS: u64 = 32;

const LOG: &str = "log.jsonl";

/// What is done to a log.
#[derive(Clone, Debug)]
enum Change {
    /// Events, as JSON Lines, and their ids.
    Append(String, Vec<String>),
    /// The id of an event that is retracted with all that hangs on it.
    Retract(String),
}

fn event(id: &str, day: usize, more: &str) -> String {
    format!(
        "{{\"id\":\"{id}\",\"date\":\"2017-02-{day:02}\",\"source\":[\"RUS\"],\"target\":[\"USA\"],\"act\":\"statement\"{more}}}\n"
    )
}

/// One to four events; an effect may stand before its cause.
fn batch(name: &str, chance: &mut Chance) -> Change {
    let (mut lines, mut ids) = (Vec::new(), Vec::new());
    for place in 0..=chance.below(4) {
        let id = format!("{name}-{place}");
        let note = format!(",\"note\":\"{}\"", "x".repeat(chance.below(60)));
        let more = match chance.below(3) {
            0 => format!(",\"caused_by\":\"{name}-0\""),
            _ => String::new(),
        };
        let more = if place == 0 { note } else { note + &more };
        // The first, which others hang on, is the earliest, wherever it stands.
        lines.push(event(&id, place + 1, &more));
        ids.push(id);
    }
    if chance.below(2) == 1 {
        lines.reverse();
    }
    Change::Append(lines.concat(), ids)
}

fn make(disk: &Simulated, change: &Change) -> Result<Appended, Error> {
    let options = Options {
        recorded: Recorded::On("2017-03-01".parse().unwrap()),
        expect_version: None,
        dry_run: false,
    };
    match change {
        Change::Append(events, _) => {
            let written = read_written(events.as_bytes()).unwrap();
            append_on(disk, Path::new(LOG), &written, options)
        }
        Change::Retract(id) => {
            let ids = [id.clone()];
            retract_on(disk, Path::new(LOG), &ids, true, None, options)
        }
    }
}

/// The ids in a log, in order; the log is as it was written and legal.
fn ids(disk: &Simulated) -> Vec<String> {
    let Some(log) = disk.read(Path::new(LOG)).filter(|log| !log.is_empty()) else {
        return Vec::new();
    };
    let register = Register::read(&log[..], true, &HashSet::new());
    let register = register.unwrap_or_else(|error| panic!("{error}\n{}", log.escape_ascii()));
    register
        .audit(&log[..])
        .unwrap_or_else(|error| panic!("{error}\n{}", log.escape_ascii()));
    let mut lines = detente::history::Lines::new(log[..].open().unwrap());
    let mut ids = Vec::new();
    while let detente::history::Next::Line(line) = lines.advance().unwrap() {
        let line: serde_json::Value = serde_json::from_slice(line).unwrap();
        ids.push(line["id"].as_str().unwrap().to_owned());
    }
    ids
}

/// A log, a change to it, and what stands behind its last line.
struct Given {
    disk: Simulated,
    before: Vec<String>,
    /// The ids once the change is made.
    after: Vec<String>,
    change: Change,
    tail: Vec<u8>,
}

fn given(seed: u64) -> Given {
    let draw = &mut Chance(seed);
    let disk = Simulated::new(seed);
    let mut last = String::new();
    for number in 0..draw.below(4) {
        let old = batch(&format!("old{number}"), draw);
        make(&disk, &old).unwrap();
        if let Change::Append(_, ids) = &old {
            last.clone_from(&ids[0]);
        }
    }
    let before = ids(&disk);
    let change = if !before.is_empty() && draw.below(4) == 0 {
        Change::Retract(last)
    } else {
        batch("new", draw)
    };
    let mut log = disk.read(Path::new(LOG)).unwrap_or_default();
    let mut tail = Vec::new();
    match draw.below(6) {
        0 => tail = br#"{"seq":9,"id":"torn","date":"#.to_vec(),
        1 => tail = vec![0; 1 + draw.below(90)],
        2 => tail = b"\0\"seq\":1,\"id\":\"new-0\"".to_vec(),
        // An editor has taken the last line feed.
        3 => drop(log.pop()),
        _ => {}
    }
    if log.is_empty() && !tail.is_empty() && tail[0] != 0 {
        tail = b"{\"seq\":1,".to_vec();
    }
    if !before.is_empty() || !tail.is_empty() {
        log.extend_from_slice(&tail);
        disk.put(Path::new(LOG), &log, 0);
    }
    let made = disk.clone();
    make(&made, &change).unwrap();
    Given {
        after: ids(&made),
        disk,
        before,
        change,
        tail,
    }
}

/// Holds one fault, or several in a row, to what must be true after it.
fn hold(given: &Given, faults: &[(usize, Fault)], power_loss: bool, seed: u64) {
    let disk = given.disk.clone();
    disk.fail(faults, seed);
    // A process that is killed in the moment in which a disk forgets cannot say so: see the guide.
    let is_stopped = faults.iter().any(|(_, fault)| *fault == Fault::Stop);
    disk.forget(power_loss || !is_stopped);
    let result = make(&disk, &given.change);
    let was_stopped = disk.is_stopped();
    disk.fail(&[], seed);
    if was_stopped || power_loss {
        disk.restart(power_loss);
    }
    let found = ids(&disk);
    let is_there = found.len() > given.before.len();
    assert!(
        found.starts_with(&given.before),
        "an event is lost: {found:?}"
    );
    assert!(
        found == given.before || found == given.after,
        "a batch is there in part: {found:?}"
    );
    match &result {
        Ok(_) => assert!(is_there, "what was acknowledged is lost"),
        Err(error) if is_unconfirmed(error) => {}
        Err(error) if !power_loss && !was_stopped => {
            assert!(!is_there, "{error}: it is there all the same");
        }
        Err(_) => {}
    }
    // Something else is appended, which the disk keeps.
    let other = Change::Append(event("other", 9, ""), vec!["other".to_owned()]);
    make(&disk, &other).unwrap_or_else(|error| panic!("nothing can be appended: {error}"));
    if seed.is_multiple_of(2) {
        let log = disk.read(Path::new(LOG));
        disk.restart(true);
        assert!(
            log == disk.read(Path::new(LOG)),
            "what was acknowledged is lost"
        );
    }
    // The same again ends as if nothing had happened.
    match (&given.change, make(&disk, &given.change)) {
        (Change::Retract(_), Err(error)) => assert!(is_there, "{error}"),
        (_, again) => drop(again.unwrap_or_else(|error| panic!("not again: {error}"))),
    }
    disk.restart(true);
    let found = ids(&disk);
    let set: BTreeSet<_> = found.iter().cloned().collect();
    let mut expected: BTreeSet<_> = given.after.iter().cloned().collect();
    expected.insert("other".to_owned());
    assert_eq!((set, found.len()), (expected.clone(), expected.len()));
    if !given.tail.is_empty() {
        let names = disk.names_in(Path::new("")).unwrap();
        let is_kept = |path: &&PathBuf| disk.read(path).is_some_and(|it| it == given.tail);
        let is_told = names.iter().find(is_kept);
        assert!(is_told.is_some(), "what was torn is lost");
    }
}

fn is_unconfirmed(error: &Error) -> bool {
    let mut faults = error.faults().iter();
    faults.any(|fault| matches!(fault.kind, Kind::Log(BadLog::Unconfirmed { .. })))
}

/// Says how to see a failure again.
struct Replay(String);

impl Drop for Replay {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let _ = std::io::stderr().write_all(self.0.as_bytes());
        }
    }
}

/// Tries every fault and combination at so many operations; how many there were.
fn each_fault(
    seed: u64,
    operations: usize,
    try_one: impl Fn(&[(usize, Fault)], bool, u64),
) -> usize {
    let mut held = 0;
    for place in 0..operations {
        let refused = (place, Fault::Refuse);
        let mut combinations = vec![vec![(place, Fault::Stop)], vec![refused]];
        for then in 1..4 {
            combinations.push(vec![refused, (place + then, Fault::Refuse)]);
            combinations.push(vec![refused, (place + then, Fault::Stop)]);
        }
        combinations.push(vec![
            refused,
            (place + 1, Fault::Refuse),
            (place + 2, Fault::Refuse),
        ]);
        for (number, faults) in combinations.iter().enumerate() {
            for power_loss in [false, true] {
                let own = seed ^ ((place * 64 + number) as u64) << 20;
                let _replay = Replay(format!(
                    "DETENTE_SEED={seed}: {faults:?}, power loss {power_loss}\n"
                ));
                try_one(faults, power_loss, own);
            }
            held += 2;
        }
    }
    held
}

/// Tries the faults of each seed, which are `at_least` so many.
fn each_seed(of_a_seed: fn(u64) -> usize, at_least: usize) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    if let Some(seed) = number("DETENTE_SEED") {
        of_a_seed(seed);
        return;
    }
    let seeds = number("DETENTE_SEEDS").unwrap_or(SEEDS);
    let (one, other) = std::thread::scope(|scope| {
        let half = |from: u64| (from..seeds).step_by(2).map(of_a_seed).sum::<usize>();
        let other = scope.spawn(move || half(1));
        (half(0), other.join())
    });
    let held = one + other.unwrap_or_else(|says| std::panic::resume_unwind(says));
    assert!(seeds < SEEDS || held >= at_least, "only {held} faults");
    let note = format!("{held} faults and combinations of {seeds} seeds were held\n");
    std::io::stderr().write_all(note.as_bytes()).unwrap();
}

#[test]
fn whatever_a_disk_does_no_acknowledged_event_is_lost_and_the_log_goes_on() {
    let of_a_seed = |seed| {
        let given = given(seed);
        let counting = given.disk.clone();
        counting.fail(&[], seed);
        make(&counting, &given.change).unwrap();
        each_fault(seed, counting.operations(), |faults, power_loss, own| {
            hold(&given, faults, power_loss, own);
        })
    };
    each_seed(of_a_seed, 10_000);
}
