//! How many runs of an ensemble a second, beside the same scenario written out by hand, and of the
//! standard workload beside NumPy; how many bytes a warm run takes; and that memory does not grow
//! with the runs.
//!
//! `cargo bench --bench ensemble` measures; without `--bench` (`cargo test --benches`) a few runs
//! are only tried out. Either way the runs written out by hand must come to the very same numbers
//! as the ensemble's, and those in NumPy to the same within a billionth of a degree.

mod standard;
mod tight;

use detente::scenario::{Bins, Ensemble, Plan, Scenario, Sums};
use detente::store;
use detente::threads::Control;
use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use tight::{CELLS, DATES, Tight};

type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

const SCENARIO: &str = "scenarios/two-year-thaw.json";
const PEAK_MEMORY: &str = "--peak-memory-of-runs";

/// How many runs are timed, compared and kept in memory, and how often they are timed.
struct Size {
    runs: u64,
    rounds: u32,
    same: u64,
    in_memory: [u64; 2],
}

const IN_FULL: Size = Size {
    runs: 500_000,
    rounds: 5,
    same: 20_000,
    in_memory: [10_000, 10_000_000],
};
const IN_SHORT: Size = Size {
    runs: 1_000,
    rounds: 1,
    same: 1_000,
    in_memory: [100, 1_000],
};

fn main() -> Result<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let scenario = store::scenario(Path::new(SCENARIO))?;
    if let [first, runs] = &arguments[..]
        && first == PEAK_MEMORY
    {
        ensemble(&scenario, runs.parse()?, 2)?;
        tell_own_peak_memory();
        return Ok(());
    }
    let is_measured = arguments.iter().any(|argument| argument == "--bench");
    let size = if is_measured { IN_FULL } else { IN_SHORT };
    compare(&scenario, size.same)?;
    let workload = store::scenario(Path::new(standard::SCENARIO))?;
    let numpy = standard::NumPy::find();
    if let Some(numpy) = &numpy {
        numpy.compare(&workload, size.same.min(1_000))?;
    }
    let times = standard::time(&workload, numpy.as_ref(), size.runs, size.rounds)?;
    print_standard(size.runs, times);
    print_times(size.runs, &time_all(&scenario, size.runs, size.rounds)?);
    for scenario in [&scenario, &workload] {
        print_bytes(
            scenario,
            size.same,
            bytes_of_warm_runs(scenario, size.same)?,
        );
    }
    print_memory(&size.in_memory)
}

fn ensemble(scenario: &Scenario, runs: u64, threads: usize) -> Result<Ensemble> {
    let plan = Plan::new(
        std::slice::from_ref(scenario),
        scenario.hazards.seed,
        0..runs,
        &[],
    )?;
    Ok(plan.play(threads, &Control::default())?)
}

/// That both ways count the same, temperature by temperature.
fn compare(scenario: &Scenario, runs: u64) -> Result<()> {
    let counted = ensemble(scenario, runs, 1)?;
    let mut tight = Tight::new(scenario.hazards.seed);
    let mut bins = vec![Bins::default(); CELLS];
    let mut sums = vec![Sums::default(); CELLS];
    tight.play(0..runs, |seen| {
        for (cell, &degrees) in seen.temperatures.iter().enumerate() {
            bins[cell].count(degrees, 10.0);
            sums[cell].take(degrees);
        }
    });
    let [tally] = &counted.tallies[..] else {
        return Err("there is one scenario".into());
    };
    let counts = &tight.counts;
    let own = counts.sums.map(|(sum, squares)| (i128::from(sum), squares));
    for (cell, counted) in tally.cells.iter().enumerate() {
        let phases = counts.phases[cell].map(u64::from);
        let same = [
            ("bins", counted.bins == bins[cell]),
            (
                "sums",
                counted.sums == sums[cell] && own[cell] == sums[cell].whole(),
            ),
            ("phases", counted.phases == phases),
        ];
        for (what, same) in same {
            if !same {
                return Err(format!("dyad and date {cell}: not the same {what}").into());
            }
        }
    }
    let lowest = tally.lowest_run.concat() == counts.lowest;
    let outcomes = tally.outcomes == [counts.confrontation, counts.no_better];
    let options = tally.options.iter().zip(&counts.options);
    let mut options = options.map(|(options, own)| options[..] == own[..options.len()]);
    let rules = tally.rules.iter().map(|rule| (rule.runs, rule.events));
    if tally.cells.len() == 2 * DATES
        && lowest
        && outcomes
        && options.all(|same| same)
        && rules.eq(counts.rules)
    {
        Ok(())
    } else {
        Err("not the same runs, outcomes, options or rules".into())
    }
}

/// A way of playing, and its best times on one thread and on two.
struct Row {
    name: &'static str,
    times: [Duration; 2],
}

fn time_all(scenario: &Scenario, runs: u64, rounds: u32) -> Result<[Row; 2]> {
    let mut rows = ["written out by hand", "ensemble"].map(|name| Row {
        name,
        times: [Duration::MAX; 2],
    });
    // Side by side, so that what else the machine does is shared fairly.
    for _ in 0..rounds {
        for (place, threads) in [1, 2].into_iter().enumerate() {
            let start = now();
            by_hand(scenario, runs, threads);
            rows[0].times[place] = rows[0].times[place].min(start.elapsed());
            let start = now();
            black_box(ensemble(scenario, runs, threads as usize)?);
            rows[1].times[place] = rows[1].times[place].min(start.elapsed());
        }
    }
    Ok(rows)
}

fn by_hand(scenario: &Scenario, runs: u64, threads: u64) {
    let seed = scenario.hazards.seed;
    let border = |thread| runs * thread / threads;
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let runs = border(thread)..border(thread + 1);
            scope.spawn(move || {
                let mut tight = Tight::new(seed);
                tight.play(runs, |_| {});
                black_box(tight.counts.runs);
            });
        }
    });
}

#[expect(
    clippy::disallowed_methods,
    reason = "a bench is there to read the clock"
)]
fn now() -> Instant {
    Instant::now()
}

/// What as many runs again take once so many are played, in bytes that are allocated.
fn bytes_of_warm_runs(scenario: &Scenario, runs: u64) -> Result<u64> {
    let mut failed = None;
    let mut bytes = [0; 2];
    for (bytes, runs) in bytes.iter_mut().zip([runs, 2 * runs]) {
        let measured = allocation_counter::measure(|| {
            failed = failed.take().or(ensemble(scenario, runs, 1).err());
        });
        *bytes = measured.bytes_total;
    }
    match failed {
        Some(error) => Err(error),
        None => Ok(bytes[1].abs_diff(bytes[0])),
    }
}

/// What a process of its own took at most for so many runs; `None` where the system does not tell.
fn peak_memory_kib(runs: u64) -> Result<Option<u64>> {
    let own = std::env::current_exe()?;
    let told = Command::new(own)
        .args([PEAK_MEMORY, &runs.to_string()])
        .output()?;
    if !told.status.success() {
        return Err(String::from_utf8_lossy(&told.stderr).into());
    }
    Ok(String::from_utf8(told.stdout)?.trim().parse().ok())
}

#[expect(clippy::print_stdout, reason = "the process that started it reads it")]
fn tell_own_peak_memory() {
    // Linux only.
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    println!("{}", peak.unwrap_or("unknown").trim_end_matches(" kB"));
}

#[expect(clippy::print_stdout, reason = "this is what a bench is for")]
fn print_times(runs: u64, rows: &[Row]) {
    println!("\n{SCENARIO}, {runs} runs, {CELLS} distributions\n");
    println!(
        "{:<22} {:>11} {:>11} {:>8}",
        "runs a second", "1 thread", "2 threads", "x hand"
    );
    let hand = rows.first().map_or(1.0, |row| row.times[0].as_secs_f64());
    for Row { name, times } in rows {
        let [one, two] = times.map(|time| time.as_secs_f64());
        let rate = |seconds: f64| runs as f64 / seconds;
        println!(
            "{name:<22} {:>11.0} {:>11.0} {:>8.2}",
            rate(one),
            rate(two),
            one / hand
        );
    }
}

#[expect(clippy::print_stdout, reason = "this is what a bench is for")]
fn print_standard(runs: u64, [numpy, ensemble]: [Option<Duration>; 2]) {
    println!("\n{}, {runs} runs on one thread\n", standard::SCENARIO);
    println!("{:<22} {:>11} {:>8}", "", "runs a second", "x NumPy");
    let Some(ensemble) = ensemble.map(|time| time.as_secs_f64()) else {
        return;
    };
    let rate = |seconds: f64| runs as f64 / seconds;
    match numpy.map(|time| time.as_secs_f64()) {
        Some(numpy) => {
            println!("{:<22} {:>11.0} {:>8.2}", "NumPy", rate(numpy), 1.0);
            let faster = numpy / ensemble;
            println!("{:<22} {:>11.0} {faster:>8.2}", "ensemble", rate(ensemble));
        }
        None => println!(
            "{:<22} {:>11.0}   (NumPy is not at hand: PYTHON=venv/bin/python)",
            "ensemble",
            rate(ensemble)
        ),
    }
}

#[expect(clippy::print_stdout, reason = "this is what a bench is for")]
fn print_bytes(scenario: &Scenario, runs: u64, bytes: u64) {
    let name = &scenario.name;
    println!("\n{name}: bytes allocated by {runs} more runs once {runs} are played: {bytes}");
}

#[expect(clippy::print_stdout, reason = "this is what a bench is for")]
fn print_memory(runs: &[u64]) -> Result<()> {
    println!("\npeak memory of a process with two threads (VmHWM)");
    for &runs in runs {
        match peak_memory_kib(runs)? {
            Some(kib) => println!("{runs:>10} runs {kib:>8} KiB"),
            None => println!("{runs:>10} runs: known on Linux only"),
        }
    }
    Ok(())
}
