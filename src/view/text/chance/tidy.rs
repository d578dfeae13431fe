//! Ensembles as CSV: one row for each scenario and statistic, each with all that it takes to find
//! it again.

use super::exact::ExactRows;
use crate::model::{Day, Dyad};
use crate::scenario::{Frame, Framed, Share};
use crate::view::rows::conditions::model_label;
use crate::view::rows::csv::not_a_formula;
use crate::view::rows::ensemble::{
    DifferenceRows, EnsembleRows, FanRow, Manifest, PERCENTILES, ScenarioRows,
};
use serde::Serialize;

/// A value of an ensemble with what is needed to find it again, for CSV. Columns that do not apply
/// are empty.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TidyRow {
    scenario: String,
    digest: String,
    base_head: String,
    base_scenarios: String,
    model: String,
    detente: String,
    compared_with: String,
    seed: Option<u64>,
    runs: Option<u64>,
    dyad: String,
    date: String,
    phase: &'static str,
    input: String,
    option: String,
    outcome: String,
    statistic: &'static str,
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
}

impl TidyRow {
    /// What all rows of a scenario have in common.
    fn of(detente: &str, made: &Framed) -> Self {
        Self {
            scenario: not_a_formula(made.name.clone()),
            digest: made.digest.clone(),
            base_head: made.base_head.clone(),
            base_scenarios: made.base_scenarios.join(";"),
            model: made
                .model
                .model()
                .map_or_else(|_| String::new(), |model| model_label(&model)),
            detente: detente.to_owned(),
            ..Self::default()
        }
    }

    fn at(&self, dyad: Dyad, date: Option<Day>) -> Self {
        Self {
            dyad: dyad.to_string(),
            date: date.map_or_else(String::new, |date| date.to_string()),
            ..self.clone()
        }
    }

    fn of_input(&self, input: &str) -> Self {
        Self {
            input: not_a_formula(input.to_owned()),
            ..self.clone()
        }
    }

    fn of_option(&self, chance: &str, option: &str) -> Self {
        Self {
            option: not_a_formula(option.to_owned()),
            ..self.of_input(chance)
        }
    }

    fn of_outcome(&self, outcome: &str) -> Self {
        Self {
            outcome: not_a_formula(outcome.to_owned()),
            ..self.clone()
        }
    }

    fn with(&self, statistic: &'static str, value: impl Into<Option<f64>>) -> Self {
        Self {
            statistic,
            value: value.into(),
            ..self.clone()
        }
    }

    fn count(&self, statistic: &'static str, count: u64) -> Self {
        self.with(statistic, count as f64)
    }

    fn between(&self, statistic: &'static str, [value, low, high]: [f64; 3]) -> Self {
        Self {
            low: Some(low),
            high: Some(high),
            ..self.with(statistic, value)
        }
    }

    fn share(&self, statistic: &'static str, Share { share, low, high }: Share) -> Self {
        self.between(statistic, [share, low, high])
    }
}

impl EnsembleRows {
    /// One row for each scenario, dyad, date and statistic.
    #[must_use]
    pub fn tidy(&self) -> Vec<TidyRow> {
        let Manifest {
            runs, ref frame, ..
        } = self.manifest;
        let row = |made: &Framed| TidyRow {
            seed: Some(frame.seed),
            runs: Some(runs),
            ..TidyRow::of(&frame.detente, made)
        };
        let scenarios = frame.scenarios.iter().zip(&self.scenarios);
        let mut rows: Vec<_> = scenarios
            .flat_map(|(made, scenario)| of_scenario(&row(made), frame, runs, scenario))
            .collect();
        let first = frame.scenarios.first().map(|first| first.name.clone());
        let first = not_a_formula(first.unwrap_or_default());
        for (made, difference) in frame.scenarios.iter().skip(1).zip(&self.differences) {
            let row = TidyRow {
                compared_with: first.clone(),
                ..row(made)
            };
            rows.extend(of_difference(&row, frame, difference));
        }
        rows
    }
}

fn of_scenario(row: &TidyRow, frame: &Frame, runs: u64, found: &ScenarioRows) -> Vec<TidyRow> {
    let mut rows = fans(row, &found.fans);
    for it in &found.outcomes {
        let row = row.of_outcome(&it.outcome);
        rows.push(row.share("probability", it.share));
        rows.push(row.count("in_runs", it.runs));
    }
    for it in &found.chances {
        let row = row.of_option(&it.chance, &it.option);
        rows.push(row.share("comes_to_pass", Share::of(it.runs, runs)));
        rows.push(row.count("in_runs", it.runs));
    }
    for it in &found.rules {
        let row = row.of_input(&it.rule);
        rows.push(row.share("fires", Share::of(it.runs, runs)));
        rows.push(row.with("events_per_run", it.events as f64 / runs.max(1) as f64));
        rows.push(row.count("in_runs", it.runs));
        rows.push(row.count("events", it.events));
        rows.push(row.count("illegal", it.illegal.values().sum()));
    }
    let last = frame.dates.last().copied();
    for it in &found.explained {
        let row = row.of_input(&it.input);
        for (&dyad, &share) in frame.dyads.iter().zip(&it.ends) {
            rows.push(row.at(dyad, last).with("explained", share));
        }
        for (outcome, &share) in found.outcomes.iter().zip(&it.outcomes) {
            rows.push(row.of_outcome(&outcome.outcome).with("explained", share));
        }
    }
    for it in &found.illegal {
        let row = row.of_input(&it.event);
        rows.push(row.count("illegal", it.runs));
    }
    rows
}

fn of_difference(row: &TidyRow, frame: &Frame, found: &DifferenceRows) -> Vec<TidyRow> {
    let mut rows = Vec::new();
    for it in &found.temperatures {
        let row = row.at(it.dyad, Some(it.date));
        rows.push(TidyRow {
            low: it.low,
            high: it.high,
            ..row.with("difference", it.mean)
        });
        rows.push(row.with("difference_sd", it.sd));
        rows.push(row.with("difference_sd_unpaired", it.sd_unpaired));
        let percentiles = PERCENTILES_OF_DIFFERENCES.into_iter().zip(it.percentiles);
        rows.extend(percentiles.map(|(name, value)| row.with(name, value)));
    }
    let last = frame.dates.last().copied();
    for it in &found.ends {
        let row = row.at(it.dyad, last);
        rows.push(row.share("ends_warmer", it.warmer));
        rows.push(row.share("ends_as_warm", it.same));
    }
    for it in &found.outcomes {
        let row = row.of_outcome(&it.outcome);
        rows.push(row.between("difference", [it.difference, it.low, it.high]));
        rows.push(row.with("difference_sd", it.sd));
        rows.push(row.with("difference_sd_unpaired", it.sd_unpaired));
    }
    rows
}

/// The names of the percentiles of differences.
const PERCENTILES_OF_DIFFERENCES: [&str; PERCENTILES.len()] = [
    "difference_p05",
    "difference_p25",
    "difference_p50",
    "difference_p75",
    "difference_p95",
];

fn fans(row: &TidyRow, fans: &[FanRow]) -> Vec<TidyRow> {
    let of_fan = |fan: &FanRow| {
        let row = row.at(fan.dyad, Some(fan.date));
        let statistics = fan.statistics();
        let rows = statistics.map(|(name, phase, value)| TidyRow {
            phase: phase.unwrap_or_default(),
            ..row.with(name, value)
        });
        rows.collect::<Vec<_>>()
    };
    fans.iter().flat_map(of_fan).collect()
}

impl ExactRows {
    /// One row for each scenario, dyad, date and statistic, by the names that
    /// [`EnsembleRows::tidy`] has for the same thing. No seed, no run and no interval has part in
    /// it.
    #[must_use]
    pub fn tidy(&self) -> Vec<TidyRow> {
        let mut rows = Vec::new();
        for (made, found) in self.manifest.scenarios.iter().zip(&self.scenarios) {
            let row = TidyRow::of(&self.manifest.detente, made);
            rows.extend(fans(&row, &found.fans));
            for it in &found.outcomes {
                let row = row.of_outcome(&it.outcome);
                rows.push(row.with("probability", it.probability));
            }
            for it in &found.chances {
                let row = row.of_option(&it.chance, &it.option);
                rows.push(row.with("comes_to_pass", it.comes_to_pass));
            }
            for it in &found.rules {
                let row = row.of_input(&it.rule);
                rows.push(row.with("fires", it.fires));
                rows.push(row.with("events_per_run", it.events));
            }
        }
        rows
    }
}
