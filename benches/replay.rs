//! How fast a log is surveyed and replayed, beside a plain loop that only parses its lines; and
//! that the memory of a replay does not grow with the log.
//!
//! `cargo bench --bench replay` measures; without `--bench` (`cargo test --benches`) a short log is
//! only tried out, and every event of it is decided again.

mod generate;

use detente::history::{Draft, Folded, Register, Scope, Survey, Teller, Until, replay, survey};
use detente::model::Model;
use detente::store::Log;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::HashSet;
use std::error::Error;
use std::fs::{self, File};
use std::hint::black_box;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

const PEAK_MEMORY: &str = "--peak-memory-of-replaying";

/// How long the logs are, and how often each way of reading is timed.
struct Size {
    events: u64,
    fewer_events: u64,
    rounds: u32,
}

const IN_FULL: Size = Size {
    events: 1_000_000,
    fewer_events: 100_000,
    rounds: 3,
};
/// Long enough for late and retracted events.
const IN_SHORT: Size = Size {
    events: 25_000,
    fewer_events: 2_500,
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
    if let [first, log] = &arguments[..]
        && first == PEAK_MEMORY
    {
        return tell_own_peak_memory(Path::new(log));
    }
    let is_measured = arguments.iter().any(|argument| argument == "--bench");
    let size = if is_measured { IN_FULL } else { IN_SHORT };
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("log.jsonl");
    let shorter = folder.path().join("shorter.jsonl");
    write_log(&path, size.events)?;
    write_log(&shorter, size.fewer_events)?;
    let log = Log::open(&path)?;
    if !is_measured {
        Register::read(&log, true, &HashSet::new())?.audit(&log)?;
    }
    let bytes = path.metadata()?.len();
    let rows = time_all(&log, &path, size.rounds)?;
    print_times(size.events, bytes, &rows);
    print_memory(&[
        (size.fewer_events, peak_memory_kib(&shorter)?),
        (size.events, peak_memory_kib(&path)?),
    ]);
    Ok(())
}

fn write_log(path: &Path, events: u64) -> Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    generate::log(events, &mut out)?;
    Ok(out.flush()?)
}

/// A way of reading the log, and its best time.
struct Row {
    name: &'static str,
    time: Duration,
}

/// The baseline is the first.
fn time_all(log: &Log, path: &Path, rounds: u32) -> Result<Vec<Row>> {
    type Read<'a> = &'a dyn Fn() -> Result<u64>;
    let ways: [(&str, Read<'_>); 5] = [
        ("parse each line into a Draft", &|| parse::<Draft>(path)),
        ("parse each line into six fields", &|| parse::<Few>(path)),
        ("survey", &|| Ok(survey_of(log)?.events)),
        ("survey and replay", &|| read(log, None)),
        ("survey and replay with a trace", &|| {
            let mut transitions = 0;
            let events = read(
                log,
                Some(&mut |told| {
                    transitions += told.transitions.len();
                    Ok(())
                }),
            )?;
            black_box(transitions);
            Ok(events)
        }),
    ];
    let events = survey_of(log)?.events;
    let mut rows = Vec::new();
    for (name, read) in ways {
        let mut time = Duration::MAX;
        for _ in 0..rounds {
            let start = now();
            let found = black_box(read()?);
            time = time.min(start.elapsed());
            if found != events {
                return Err(format!("{name}: read {found} of {events} events").into());
            }
        }
        rows.push(Row { name, time });
    }
    Ok(rows)
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

fn survey_of(log: &Log) -> detente::error::Result<Survey> {
    survey(log, Scope::default(), |_, _| ())
}

/// Surveys and replays a log; how many events it has.
fn read(log: &Log, each: Option<&mut Teller<'_>>) -> Result<u64> {
    let survey = survey_of(log)?;
    let model = Model::default();
    let folded: Folded = replay(log, &survey, Until::End, &model, each)?;
    black_box(&folded.state);
    Ok(survey.events)
}

/// What a process of its own took at most for surveying and replaying a log; `None` where the
/// system does not tell.
fn peak_memory_kib(log: &Path) -> Result<Option<u64>> {
    let own: PathBuf = std::env::current_exe()?;
    let told = Command::new(own).arg(PEAK_MEMORY).arg(log).output()?;
    if !told.status.success() {
        return Err(String::from_utf8_lossy(&told.stderr).into());
    }
    Ok(String::from_utf8(told.stdout)?.trim().parse().ok())
}

#[expect(clippy::print_stdout, reason = "the process that started it reads it")]
fn tell_own_peak_memory(log: &Path) -> Result<()> {
    read(&Log::open(log)?, None)?;
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
    let baseline = rows.first().map_or(Duration::ZERO, |row| row.time);
    for Row { name, time } in rows {
        let seconds = time.as_secs_f64();
        println!(
            "{name:<32} {seconds:>8.3} {:>12.0} {:>7.0} {:>9.2}",
            events as f64 / seconds,
            bytes as f64 / seconds / 1e6,
            seconds / baseline.as_secs_f64()
        );
    }
}

#[expect(clippy::print_stdout, reason = "this is what a bench is for")]
fn print_memory(rows: &[(u64, Option<u64>)]) {
    println!("\npeak memory of survey and replay");
    for (events, peak) in rows {
        match peak {
            Some(kib) => println!("{events:>10} events {kib:>8} KiB"),
            None => println!("{events:>10} events: known on Linux only"),
        }
    }
}
