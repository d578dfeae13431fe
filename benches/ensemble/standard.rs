//! The standard workload beside the same in NumPy, which is run where it is at hand: `python3`, or
//! what `PYTHON` names.

use crate::{Result, now};
use detente::scenario::{Luck, Plan, Purpose, Scenario};
use detente::threads::Control;
use std::fs;
use std::process::Command;
use std::time::Duration;

pub(crate) const SCENARIO: &str = "benches/ensemble/standard.json";
const SCRIPT: &str = "benches/ensemble/standard.py";

/// By how much temperatures may differ, in degrees: the two add and multiply in another order, and
/// sums of an ensemble keep 2^-32 of a degree.
const TOLERANCE: f64 = 1e-9;

/// What the script is handed a row of draws for, in its order: site, purpose and occasion.
const STREAMS: [(&str, Purpose, &str); 13] = [
    ("half_life_days", Purpose::Value, ""),
    ("spring", Purpose::Choice, ""),
    ("autumn", Purpose::Choice, ""),
    ("winter", Purpose::Choice, ""),
    ("summer", Purpose::Choice, ""),
    ("returns", Purpose::Fire, "visit"),
    ("returns", Purpose::Delay, "visit"),
    ("returns", Purpose::Fire, "progress"),
    ("returns", Purpose::Delay, "progress"),
    ("defies", Purpose::Fire, "threat"),
    ("defies", Purpose::Delay, "threat"),
    ("in-kind", Purpose::Fire, "departures"),
    ("in-kind", Purpose::Delay, "departures"),
];

/// Where NumPy is at hand.
pub(crate) struct NumPy(String);

impl NumPy {
    pub(crate) fn find() -> Option<Self> {
        let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let found = Command::new(&python).args(["-c", "import numpy"]).output();
        let is_there = found.is_ok_and(|told| told.status.success());
        is_there.then_some(Self(python))
    }

    fn tell(&self, arguments: &[&str]) -> Result<Vec<u8>> {
        let told = Command::new(&self.0).arg(SCRIPT).args(arguments).output()?;
        if told.status.success() {
            Ok(told.stdout)
        } else {
            Err(String::from_utf8_lossy(&told.stderr).into())
        }
    }

    /// How long it takes for so many runs, its start left out.
    pub(crate) fn time(&self, runs: u64) -> Result<Duration> {
        let seconds = self.tell(&["time", &runs.to_string(), "1"])?;
        let seconds: f64 = String::from_utf8(seconds)?.trim().parse()?;
        Ok(Duration::from_secs_f64(seconds))
    }

    /// That both come to the same, run by run, when they draw the same: all temperatures within the
    /// tolerance, all answers.
    pub(crate) fn compare(&self, scenario: &Scenario, runs: u64) -> Result<()> {
        let seed = scenario.hazards.seed;
        let mut draws = Vec::new();
        for (site, purpose, occasion) in STREAMS {
            for run in 0..runs {
                let unit = Luck { seed, run }.unit(site, purpose, occasion);
                draws.extend(unit.to_le_bytes());
            }
        }
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("draws");
        fs::write(&path, draws)?;
        let path = path.to_str().ok_or("a temporary path is no text")?;
        let told = self.tell(&["check", path, &runs.to_string()])?;
        let numbers = told.as_chunks().0.iter();
        let numbers: Vec<_> = numbers.map(|bytes| f64::from_le_bytes(*bytes)).collect();
        let mut plan = Plan::new(std::slice::from_ref(scenario), seed, 0..1, &[])?;
        let width = plan.dates.len() + scenario.questions.len();
        if numbers.len() != width * runs as usize {
            return Err(format!("NumPy told {} numbers", numbers.len()).into());
        }
        for (run, numbers) in (0..runs).zip(numbers.chunks(width)) {
            plan.runs = run..run + 1;
            let counted = plan.play(1, &Control::default())?;
            let tally = counted.tallies.first().ok_or("there is one scenario")?;
            let degrees = tally.cells.iter().map(|cell| cell.sums.mean());
            let held = tally.outcomes.iter().map(|&held| held as f64);
            for (place, (own, other)) in degrees.chain(held).zip(numbers).enumerate() {
                let differs = (own - other).abs();
                if differs > TOLERANCE {
                    return Err(format!("run {run}: number {place} is {own}, not {other}").into());
                }
            }
        }
        Ok(())
    }
}

/// The best times of both for so many runs on one thread.
pub(crate) fn time(
    scenario: &Scenario,
    numpy: Option<&NumPy>,
    runs: u64,
    rounds: u32,
) -> Result<[Option<Duration>; 2]> {
    let (mut by_numpy, mut by_ensemble) = (None::<Duration>, Duration::MAX);
    // Side by side, so that what else the machine does is shared fairly.
    for _ in 0..rounds {
        let start = now();
        crate::ensemble(scenario, runs, 1)?;
        by_ensemble = by_ensemble.min(start.elapsed());
        if let Some(numpy) = numpy {
            let time = numpy.time(runs)?;
            by_numpy = Some(by_numpy.map_or(time, |best| best.min(time)));
        }
    }
    Ok([by_numpy, Some(by_ensemble)])
}
