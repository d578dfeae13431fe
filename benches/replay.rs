//! How fast a log is verified, replayed and appended to, beside a plain loop that only parses its
//! lines, `memchr` and BLAKE3 over its bytes; and how much memory that takes.
//!
//! `cargo bench --bench replay` measures; without `--bench` (`cargo test --benches`) a short log is
//! only tried out, and every event of it is decided again.

mod generate;

use detente::history::{
    Draft, Folded, Recorded, Register, Scope, Survey, Teller, Until, read_events, replay, survey,
    survey_and_replay,
};
use detente::model::{Day, Model};
use detente::store::{Log, Options, Shortcut, Sidecar, append};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::HashSet;
use std::error::Error;
use std::fs::{self, File};
use std::hint::black_box;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

const PEAK_MEMORY: &str = "--peak-memory-of";
const REPLAYING: &str = "replaying";
const APPENDING: &str = "appending";

/// How long the logs are, and how often each way of reading is timed.
struct Size {
    events: u64,
    fewer_events: u64,
    batch: u64,
    rounds: u32,
}

const IN_FULL: Size = Size {
    events: 1_000_000,
    fewer_events: 100_000,
    batch: 200_000,
    rounds: 3,
};
/// Long enough for late and retracted events.
const IN_SHORT: Size = Size {
    events: 25_000,
    fewer_events: 2_500,
    batch: 2_500,
    rounds: 1,
};

/// What the parsing loop needs at the least to fold events: an event as a script would declare it.
#[derive(Deserialize)]
#[expect(dead_code, reason = "it is parsed, and nothing else")]
struct Few {
    id: String,
    date: String,
    #[serde(default)]
    source: Vec<String>,
    #[serde(default)]
    target: Vec<String>,
    act: String,
    code: Option<String>,
}

fn main() -> Result<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    if let [first, what, path] = &arguments[..]
        && first == PEAK_MEMORY
    {
        return tell_own_peak_memory(what, Path::new(path));
    }
    let is_measured = arguments.iter().any(|argument| argument == "--bench");
    let size = if is_measured { IN_FULL } else { IN_SHORT };
    let folder = tempfile::tempdir()?;
    let made = |name: &str, events, write: Generate| {
        let path = folder.path().join(name);
        let mut out = BufWriter::new(File::create(&path)?);
        write(events, &mut out)?;
        out.flush()?;
        Ok::<_, Box<dyn Error>>(path)
    };
    let path = made("log.jsonl", size.events, generate::log)?;
    let in_order = made("in-order.jsonl", size.events, generate::log_in_order)?;
    let shorter = made("shorter.jsonl", size.fewer_events, generate::log)?;
    let batch = made("batch.jsonl", size.batch, generate::batch)?;
    let half = made("half.jsonl", size.batch / 2, generate::batch)?;
    let log = Log::open(&path)?;
    if !is_measured {
        Register::read(&log, true, &HashSet::new())?.audit(&log)?;
    }
    let bytes = path.metadata()?.len();
    let mut rows = time_all(&log, &path, &size)?;
    let in_order = Log::open(&in_order)?;
    for (name, threads) in [
        ("verify and replay one in order", 1),
        ("the same on two threads", 2),
    ] {
        let way = || read(&in_order, threads, None);
        rows.push(timed(name, size.events, size.rounds, &way)?);
    }
    for (name, batch, events) in [
        ("append half a batch", &half, size.batch / 2),
        ("append a batch", &batch, size.batch),
    ] {
        rows.push(timed(name, events, size.rounds, &|| append_to_new(batch))?);
    }
    print_times(size.events, bytes, &rows);
    let replayed = rows.iter().find(|row| row.name == "verify and replay");
    let whole = replayed.map_or(Duration::MAX, |row| row.time);
    let states = states_by_snapshot(&path, size.events)?;
    print_states(whole, states.as_ref());
    print_memory(&[
        (
            "replay",
            size.fewer_events,
            peak_memory_kib(REPLAYING, &shorter)?,
        ),
        ("replay", size.events, peak_memory_kib(REPLAYING, &path)?),
        ("append", size.batch / 2, peak_memory_kib(APPENDING, &half)?),
        ("append", size.batch, peak_memory_kib(APPENDING, &batch)?),
    ]);
    Ok(())
}

/// Writes so many events.
type Generate = fn(u64, &mut BufWriter<File>) -> Result<()>;

/// A way of reading or appending so many events, and its best time.
struct Row {
    name: &'static str,
    events: u64,
    time: Duration,
}

/// The baseline is the first.
fn time_all(log: &Log, path: &Path, size: &Size) -> Result<Vec<Row>> {
    type Way<'a> = &'a dyn Fn() -> Result<u64>;
    let ways: [(&str, Way<'_>); 10] = [
        ("parse each line into a Draft", &|| parse::<Draft>(path)),
        ("parse each line into six fields", &|| parse::<Few>(path)),
        ("memchr", &|| {
            of_bytes(path, |bytes| {
                memchr::memchr_iter(b'\n', bytes).count() as u64
            })
        }),
        ("BLAKE3", &|| {
            of_bytes(path, |bytes| {
                black_box(blake3::hash(bytes));
                0
            })?;
            Ok(size.events)
        }),
        ("verify", &|| Ok(survey_of(log, 1)?.events)),
        ("verify on two threads", &|| Ok(survey_of(log, 2)?.events)),
        ("verify and replay", &|| read(log, 1, None)),
        ("the same on two threads", &|| read(log, 2, None)),
        ("verify and replay with a trace", &|| {
            read_with_a_trace(log, 1)
        }),
        ("the same on two threads", &|| read_with_a_trace(log, 2)),
    ];
    let timed = |(name, way)| timed(name, size.events, size.rounds, way);
    ways.into_iter().map(timed).collect()
}

fn timed(
    name: &'static str,
    events: u64,
    rounds: u32,
    way: &dyn Fn() -> Result<u64>,
) -> Result<Row> {
    let mut time = Duration::MAX;
    for _ in 0..rounds {
        let start = now();
        let found = black_box(way()?);
        time = time.min(start.elapsed());
        if found != events {
            return Err(format!("{name}: {found} of {events} events").into());
        }
    }
    Ok(Row { name, events, time })
}

/// Works on all bytes of a file, a piece at a time, and adds up what that gives.
fn of_bytes(path: &Path, work: impl Fn(&[u8]) -> u64) -> Result<u64> {
    let mut input = File::open(path)?;
    let mut piece = vec![0; 1 << 18];
    let mut sum = 0;
    loop {
        match input.read(&mut piece)? {
            0 => return Ok(sum),
            read => sum += work(&piece[..read]),
        }
    }
}

fn read_with_a_trace(log: &Log, threads: usize) -> Result<u64> {
    let mut transitions = 0;
    let mut each = |told: &detente::history::Told<'_>| {
        transitions += told.transitions.len();
        Ok(())
    };
    let events = read(log, threads, Some(&mut each))?;
    black_box(transitions);
    Ok(events)
}

/// Appends a file of events to a log that does not exist yet; how many it has then.
fn append_to_new(batch: &Path) -> Result<u64> {
    let folder = tempfile::tempdir()?;
    let bytes = fs::read(batch)?;
    let written = read_events(&bytes)?;
    let options = Options {
        recorded: Recorded::On(Day::LAST_OF_2999),
        expect_version: None,
        dry_run: false,
    };
    Ok(append(&folder.path().join("log.jsonl"), &written, options)?.version)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a bench is there to read the clock"
)]
fn now() -> Instant {
    Instant::now()
}

/// The baseline: what anyone would write who wants the events of a file of JSON lines.
fn parse<T: DeserializeOwned>(path: &Path) -> Result<u64> {
    let mut input = BufReader::new(File::open(path)?);
    let mut line = Vec::new();
    let mut events = 0;
    while input.read_until(b'\n', &mut line)? > 0 {
        black_box(serde_json::from_str::<T>(std::str::from_utf8(&line)?)?);
        events += 1;
        line.clear();
    }
    Ok(events)
}

fn survey_of(log: &Log, threads: usize) -> detente::error::Result<Survey> {
    let scope = Scope {
        threads,
        ..Scope::default()
    };
    survey(log, scope, |_, _| ())
}

/// Surveys and replays a log; how many events it has.
fn read(log: &Log, threads: usize, each: Option<&mut Teller<'_>>) -> Result<u64> {
    let model = Model::default();
    let scope = Scope {
        threads,
        ..Scope::default()
    };
    let (survey, folded): (_, Folded) = if each.is_none() {
        survey_and_replay(log, scope, None, &model, |_, _| ())?
    } else {
        let survey = survey_of(log, threads)?;
        let folded = replay(log, &survey, Until::End, &model, each)?;
        (survey, folded)
    };
    black_box(&folded.state);
    Ok(survey.events)
}

/// How long the states on so many days take that a snapshot is at hand for.
const DAYS: u64 = 100;

/// How long it takes to write a snapshot, with one state, how many bytes it has, and how long each
/// state takes then, the shortest first; no snapshot of a log that is too short for one.
struct States {
    first: Duration,
    bytes: u64,
    each: Vec<Duration>,
}

fn states_by_snapshot(path: &Path, events: u64) -> Result<Option<States>> {
    let (mut first, mut bytes, mut each) = (Duration::ZERO, 0, Vec::new());
    let model = Model::default();
    let sidecar = Sidecar::of(path).ok_or("no name")?;
    for number in 0..=DAYS {
        let day = generate::day_of(events * number / DAYS)?;
        let start = now();
        let log = Log::open(path)?;
        let scope = Scope {
            threads: 1,
            ..Scope::default()
        };
        let state = sidecar.state(&log, || log.stamp(), scope, Some(day), &model)?;
        let (_, folded, shortcut) = black_box(state);
        let took = start.elapsed();
        match shortcut {
            Shortcut::None => return Ok(None),
            Shortcut::Written(snapshot) => (first, bytes) = (took, snapshot.metadata()?.len()),
            Shortcut::Taken(_) => each.push(took),
        }
        if number > 0 && folded.events == 0 {
            return Err("a state without events".into());
        }
    }
    each.sort();
    Ok(Some(States { first, bytes, each }))
}

#[expect(clippy::print_stdout, reason = "this is what a bench is for")]
fn print_states(whole: Duration, states: Option<&States>) {
    let Some(States { first, bytes, each }) = states else {
        return;
    };
    let (median, slowest) = (each[each.len() / 2], each[each.len() - 1]);
    println!(
        "\nstate on a day, one thread\nthe first, a snapshot of {} kB written {:>9.1} ms",
        bytes / 1000,
        first.as_secs_f64() * 1e3
    );
    for (name, time) in [("median", median), ("slowest", slowest)] {
        println!(
            "by the snapshot, {name} of {DAYS} days {:>9.2} ms, {:.4} of verify and replay",
            time.as_secs_f64() * 1e3,
            time.as_secs_f64() / whole.as_secs_f64()
        );
    }
}

/// What a process of its own took at most for replaying a log or for appending a batch; `None`
/// where the system does not tell.
fn peak_memory_kib(what: &str, path: &Path) -> Result<Option<u64>> {
    let own: PathBuf = std::env::current_exe()?;
    let arguments = [PEAK_MEMORY, what];
    let told = Command::new(own).args(arguments).arg(path).output()?;
    if !told.status.success() {
        return Err(String::from_utf8_lossy(&told.stderr).into());
    }
    Ok(String::from_utf8(told.stdout)?.trim().parse().ok())
}

#[expect(clippy::print_stdout, reason = "the process that started it reads it")]
fn tell_own_peak_memory(what: &str, path: &Path) -> Result<()> {
    if what == APPENDING {
        append_to_new(path)?;
    } else {
        read(&Log::open(path)?, 2, None)?;
    }
    // Linux only.
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    println!("{}", peak.unwrap_or("unknown").trim_end_matches(" kB"));
    Ok(())
}

#[expect(clippy::print_stdout, reason = "this is what a bench is for")]
fn print_times(events: u64, bytes: u64, rows: &[Row]) {
    println!(
        "\n{events} events, {} MB, {} bytes a line\n",
        bytes / 1_000_000,
        bytes / events
    );
    println!(
        "{:<32} {:>8} {:>12} {:>7} {:>9}",
        "", "seconds", "events/s", "MB/s", "x parsing"
    );
    let a_event = |row: &Row| row.time.as_secs_f64() / row.events as f64;
    let baseline = rows.first().map_or(0.0, a_event);
    for row in rows {
        let (name, seconds, a_event) = (row.name, row.time.as_secs_f64(), a_event(row));
        println!(
            "{name:<32} {seconds:>8.3} {:>12.0} {:>7.0} {:>9.2}",
            1.0 / a_event,
            bytes as f64 / events as f64 / a_event / 1e6,
            a_event / baseline
        );
    }
}

#[expect(clippy::print_stdout, reason = "this is what a bench is for")]
fn print_memory(rows: &[(&str, u64, Option<u64>)]) {
    println!("\npeak memory");
    for (what, events, peak) in rows {
        match peak {
            Some(kib) => println!("{what} {events:>10} events {kib:>8} KiB"),
            None => println!("{what} {events:>10} events: known on Linux only"),
        }
    }
}
