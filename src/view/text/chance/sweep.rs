//! A sweep as rows, and as a table for people.

use crate::history::dates_in_words;
use crate::model::{Day, Dyad, Settings};
use crate::scenario::{Reading, Scenario, Sweep};
use crate::text::{count, shown};
use crate::view::rows::codebook::{AXIS, columns_of};
use crate::view::rows::conditions::{conditions, model_label};
use crate::view::rows::csv::not_a_formula;
use crate::view::rows::words::degrees;
use crate::view::text::table::{Look, lines, number, table};
use comfy_table::Cell;
use serde::Serialize;
use std::collections::BTreeMap;

/// A sweep: what was swept, and what came out at each point of the grid.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SweepRows {
    /// The scenario.
    pub scenario: String,
    /// The BLAKE3 digest of its file.
    pub digest: String,
    /// The chain of the last line of the log at the root.
    pub base_head: String,
    /// The digests of the scenarios between that log and this scenario.
    pub base_scenarios: Vec<String>,
    /// The version of the program.
    pub detente: String,
    /// The last day on which temperatures are read.
    pub until: Day,
    /// All days on which temperatures are read, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<Day>,
    /// The model to begin with.
    pub model: Settings,
    /// The seed of its chances.
    pub seed: u64,
    /// How many runs at each point.
    pub runs: u64,
    /// The points, the last axis changing fastest.
    pub points: Vec<PointRow>,
}

/// A point of a grid.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PointRow {
    /// The parameters that are on the grid.
    pub settings: BTreeMap<String, String>,
    /// The temperature of each dyad on the last of the dates in degrees, over several runs its
    /// mean.
    pub temperatures: BTreeMap<Dyad, f64>,
    /// The same on each date, where there are several.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub by_date: BTreeMap<Dyad, BTreeMap<Day, f64>>,
    /// For each outcome 1 if it holds and 0 if not, over several runs the share of those in which
    /// it holds.
    pub outcomes: BTreeMap<String, f64>,
}

impl SweepRows {
    /// The rows of some readings, from the first point on.
    #[must_use]
    pub fn new(sweep: &Sweep, readings: &[Reading]) -> Self {
        let scenario = sweep.scenario();
        let axes = sweep.grid().axes();
        let point = |(point, reading): (u64, &Reading)| {
            let values = sweep.grid().values(point).into_iter().map(str::to_owned);
            let names = axes.iter().map(|axis| axis.name.clone());
            let dyads = || sweep.dyads().iter().copied();
            let of_dyads = || reading.temperatures.chunks(sweep.dates().len().max(1));
            let ends = of_dyads().filter_map(|of_dyad| of_dyad.last().copied());
            let dates = || sweep.dates().iter().copied();
            let by_date = dyads()
                .zip(of_dyads())
                .filter(|_| sweep.dates().len() > 1)
                .map(|(dyad, of_dyad)| (dyad, dates().zip(of_dyad.iter().copied()).collect()));
            let questions = scenario.questions.iter().map(|(id, _)| id.clone());
            PointRow {
                settings: names.zip(values).collect(),
                temperatures: dyads().zip(ends).collect(),
                by_date: by_date.collect(),
                outcomes: questions.zip(reading.outcomes.iter().copied()).collect(),
            }
        };
        Self {
            scenario: scenario.name.clone(),
            digest: scenario.digest.clone(),
            base_head: scenario.base.head.to_string(),
            base_scenarios: base_scenarios(scenario),
            detente: env!("CARGO_PKG_VERSION").to_owned(),
            until: sweep.dates().last().copied().unwrap_or(scenario.until),
            dates: match sweep.dates() {
                [_] => Vec::new(),
                several => several.to_vec(),
            },
            model: Settings::of(sweep.model()),
            seed: sweep.luck().seed,
            runs: sweep.runs(),
            points: (0..).zip(readings).map(point).collect(),
        }
    }
}

/// The digests of the scenarios between the log and a scenario.
fn base_scenarios(scenario: &Scenario) -> Vec<String> {
    let lineage = scenario.base.lineage.iter();
    lineage.map(|base| base.digest.clone()).collect()
}

/// The header of [`sweep_records`].
#[must_use]
pub fn sweep_header(sweep: &Sweep) -> Vec<String> {
    let axes = sweep.grid().axes().iter();
    let names = columns_of("sweep").into_iter().flat_map(|name| match name {
        AXIS => axes.clone().map(|axis| axis.name.clone()).collect(),
        name => vec![name.to_owned()],
    });
    names.collect()
}

/// A point as lines of CSV, one for each dyad and outcome: `statistic` is `temperature` or `holds`.
#[must_use]
pub fn sweep_records(sweep: &Sweep, point: u64, reading: &Reading) -> Vec<Vec<String>> {
    let scenario = sweep.scenario();
    let line = |dyad: String, date: String, outcome: String, statistic: &str, value: f64| {
        let mut line = vec![
            not_a_formula(scenario.name.clone()),
            scenario.digest.clone(),
            scenario.base.head.to_string(),
            base_scenarios(scenario).join(";"),
            model_label(sweep.model()),
            env!("CARGO_PKG_VERSION").to_owned(),
            sweep.luck().seed.to_string(),
            sweep.runs().to_string(),
            point.to_string(),
        ];
        line.extend(sweep.grid().values(point).into_iter().map(str::to_owned));
        line.extend([dyad, date, outcome, statistic.to_owned()]);
        line.push(value.to_string());
        line
    };
    let dyads = sweep.dyads().iter();
    let places = dyads.flat_map(|dyad| sweep.dates().iter().map(move |date| (dyad, date)));
    let temperatures = places.zip(&reading.temperatures);
    let temperatures = temperatures.map(|((dyad, date), &value)| {
        let (dyad, date) = (dyad.to_string(), date.to_string());
        line(dyad, date, String::new(), "temperature", value)
    });
    let outcomes = scenario.questions.iter().zip(&reading.outcomes);
    let outcomes = outcomes.map(|((id, _), &value)| {
        let outcome = not_a_formula(id.clone());
        line(String::new(), String::new(), outcome, "holds", value)
    });
    temperatures.chain(outcomes).collect()
}

/// A sweep for people: a row for each point.
#[must_use]
pub fn sweep_text(sweep: &Sweep, rows: &SweepRows, look: Look) -> String {
    let SweepRows {
        scenario,
        until,
        seed,
        runs,
        points,
        ..
    } = rows;
    let chance = match (sweep.scenario().hazards.are_there(), runs) {
        (false, _) => String::new(),
        (true, 1) => format!(", run {} of seed {seed}", sweep.luck().run),
        (true, runs) => format!(", {runs} runs of seed {seed} at each"),
    };
    let mut text = format!(
        "{}: {}{chance}\nTemperatures {}\n{}\n",
        shown(scenario),
        count(points.len() as u64, "point"),
        match sweep.dates() {
            [_] => format!("at the end of {until}"),
            dates => dates_in_words(dates),
        },
        conditions(sweep.model())
    );
    let axes = sweep.grid().axes().iter().map(|axis| axis.name.clone());
    let dates = sweep.dates();
    let dyads = sweep.dyads().iter().flat_map(|dyad| {
        let one = move |date: &Day| match dates {
            [_] => dyad.to_string(),
            _ => format!("{dyad} {date}"),
        };
        dates.iter().map(one)
    });
    let questions = sweep.scenario().questions.iter().map(|(id, _)| shown(id));
    let header: Vec<_> = axes.chain(dyads).chain(questions).collect();
    let header: Vec<_> = header.iter().map(String::as_str).collect();
    let mut table = table(&header, look);
    for (point, row) in (0..).zip(points) {
        let values = sweep.grid().values(point).into_iter();
        let mut cells: Vec<Cell> = values.map(|value| number(short(value))).collect();
        if dates.len() > 1 {
            let all = row.by_date.values().flat_map(BTreeMap::values);
            cells.extend(all.map(|it| number(degrees(*it))));
        } else {
            cells.extend(row.temperatures.values().map(|it| number(degrees(*it))));
        }
        let ids = sweep.scenario().questions.iter().map(|(id, _)| id);
        cells.extend(ids.map(|id| {
            let share = row.outcomes.get(id).copied().unwrap_or_default();
            match *runs {
                1 if share > 0.0 => Cell::new("yes"),
                1 => Cell::new("no"),
                _ => number(format!("{share:.4}")),
            }
        }));
        table.add_row(cells);
    }
    text.push_str(&lines(&mut table));
    look.names.said(&text)
}

/// A value of an axis to four decimals at most.
fn short(value: &str) -> String {
    match value.parse::<f64>() {
        Ok(number) if value.len() > 8 => {
            let text = format!("{number:.4}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        _ => value.to_owned(),
    }
}
