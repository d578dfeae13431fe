//! Snapshots of logs on a disk that stops, refuses and forgets: whatever becomes of them, the state
//! is that of the log.

use super::disk::{Chance, Fault, Simulated};
use super::{each_fault, each_seed, event};
use detente::history::{
    Folded, Recorded, Scope, Stamp, Summary, Until, read_written, replay, survey,
};
use detente::model::{Day, Model};
use detente::store::{Disk, Options, Shortcut, Sidecar, SnapshotSizes, append_on};
use std::path::Path;

const LOG: &str = "log.jsonl";
const SNAPSHOT: &str = ".log.jsonl.snap";

/// Who may do what with the log.
const ACCESS: usize = 7;

/// All logs are long.
const SIZES: SnapshotSizes = SnapshotSizes {
    from_bytes: 0,
    spacing_bytes: 1,
    far_bytes: 0,
};

/// Of so many seeds one is taken: a state is not told as quickly as a file is written.
const SEEDS_APART: u64 = 8;

/// A log, on a disk with a snapshot of something or without.
struct Given {
    disk: Simulated,
    log: Vec<u8>,
    stamp: Stamp,
    last: Option<Day>,
    /// What the log alone tells.
    alone: (Summary, Folded),
}

/// Some events with long notes, the second half of them on the days of the first where they are to
/// be late.
fn log(seed: u64, has_late: bool) -> (Vec<u8>, usize) {
    let disk = Simulated::new(seed);
    let note = format!(",\"note\":\"{}\"", "x".repeat(4_000));
    let (mut halves, mut before) = (["early", "later"].into_iter(), 0);
    for from in [1, if has_late { 2 } else { 14 }] {
        let name = halves.next().unwrap();
        let events = (0..8).map(|place| event(&format!("{name}-{place}"), from + place / 2, &note));
        let events = events.collect::<String>();
        let options = Options {
            recorded: Recorded::On("2017-03-01".parse().unwrap()),
            expect_version: None,
            dry_run: false,
        };
        let written = read_written(events.as_bytes()).unwrap();
        append_on(&disk, Path::new(LOG), &written, options).unwrap();
        if from == 1 {
            before = disk.read(Path::new(LOG)).unwrap().len();
        }
    }
    (disk.read(Path::new(LOG)).unwrap(), before)
}

fn stamp(log: &[u8]) -> Stamp {
    Stamp {
        length: log.len() as u64,
        changed: vec![1],
    }
}

fn told(given: &Given, disk: &Simulated) -> (Summary, Folded, Shortcut) {
    state(disk, &given.log, &given.stamp, given.last)
}

fn state(
    disk: &Simulated,
    log: &[u8],
    stamp: &Stamp,
    last: Option<Day>,
) -> (Summary, Folded, Shortcut) {
    let sidecar = Sidecar::on(|| disk.same(), Path::new(LOG), SIZES).unwrap();
    let stamp = || Some(stamp.clone());
    let told = sidecar.state(log, stamp, Scope::default(), last, &Model::default());
    told.unwrap()
}

fn given(seed: u64) -> Given {
    let draw = &mut Chance(seed);
    let disk = Simulated::new(seed);
    let (log, before) = log(seed, draw.below(2) == 0);
    disk.put(Path::new(LOG), &log, ACCESS);
    match seed / SEEDS_APART % 4 {
        // None was there.
        0 => {}
        // It was of the log as it was before.
        1 => drop(state(&disk, &log[..before], &stamp(&log[..before]), None)),
        // It fits.
        2 => drop(state(&disk, &log, &stamp(&log), None)),
        // It is damaged.
        _ => {
            state(&disk, &log, &stamp(&log), None);
            let mut snapshot = disk.read(Path::new(SNAPSHOT)).unwrap();
            let place = draw.below(snapshot.len());
            snapshot[place] ^= 1 << draw.below(8);
            snapshot.truncate(place + draw.below(2 * snapshot.len()));
            disk.put(Path::new(SNAPSHOT), &snapshot, ACCESS);
        }
    }
    disk.restart(true);
    let day = format!("2017-02-{:02}", 1 + draw.below(28));
    let last = (draw.below(3) > 0).then(|| day.parse().unwrap());
    let survey = survey(&log[..], Scope::default(), |_, _| ()).unwrap();
    let until = last.map_or(Until::End, Until::Day);
    let alone = replay(&log[..], &survey, until, &Model::default(), None).unwrap();
    Given {
        stamp: stamp(&log),
        disk,
        log,
        last,
        alone: (survey.summary(), alone),
    }
}

/// Holds what is told to what the log alone tells.
#[track_caller]
fn hold_told(given: &Given, (found, folded, _): &(Summary, Folded, Shortcut)) {
    let (summary, alone) = &given.alone;
    assert_eq!(folded.state, alone.state);
    assert_eq!((folded.events, folded.day), (alone.events, alone.day));
    assert_eq!(found, summary);
}

fn hold(given: &Given, faults: &[(usize, Fault)], power_loss: bool, seed: u64) {
    let disk = given.disk.clone();
    disk.fail(faults, seed);
    hold_told(given, &told(given, &disk));
    let was_stopped = disk.is_stopped();
    disk.fail(&[], seed);
    if was_stopped || power_loss {
        disk.restart(power_loss);
    }
    // Whoever may not read the log reads no snapshot of it.
    for name in disk.names_in(Path::new("")).unwrap() {
        let holds = disk.read(&name).is_some_and(|bytes| !bytes.is_empty());
        assert!(
            !holds || disk.access(&name) == Some(ACCESS),
            "{}",
            name.display()
        );
    }
    hold_told(given, &told(given, &disk));
    let again = told(given, &disk);
    hold_told(given, &again);
    assert_eq!(again.2, Shortcut::Taken(SNAPSHOT.into()));
    // The next one takes away what is left.
    disk.remove(Path::new(SNAPSHOT)).unwrap();
    hold_told(given, &told(given, &disk));
    let names = disk.names_in(Path::new("")).unwrap();
    assert_eq!(names, [Path::new(SNAPSHOT), Path::new(LOG)], "left");
}

#[test]
fn whatever_a_disk_does_to_a_snapshot_the_state_is_that_of_the_log() {
    let of_a_seed = |seed: u64| {
        if !seed.is_multiple_of(SEEDS_APART) {
            return 0;
        }
        let given = given(seed);
        let counting = given.disk.clone();
        counting.fail(&[], seed);
        told(&given, &counting);
        each_fault(seed, counting.operations(), |faults, power_loss, own| {
            hold(&given, faults, power_loss, own);
        })
    };
    each_seed(of_a_seed, 1_000);
}
