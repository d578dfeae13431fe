//! A fit and a validation as rows: one for each number, with its interval.

use crate::evidence::{Against, Estimate, Fit, Method, Validation};
use crate::json::in_lines;
use serde::Serialize;

/// A number of a fit or a validation. Columns that do not apply are empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct TrialRow {
    target: &'static str,
    ahead_months: usize,
    fitted_until: String,
    dyads: usize,
    seed: u64,
    /// What it is of: a parameter, a method, the interval, or a series.
    of: &'static str,
    statistic: &'static str,
    value: String,
    low: String,
    high: String,
    /// What it comes to, in a word.
    says: &'static str,
    detente: &'static str,
}

impl TrialRow {
    fn of_fit(fit: &Fit) -> Self {
        Self {
            target: fit.target,
            ahead_months: fit.ahead_months,
            fitted_until: fit.fitted_until.clone(),
            dyads: fit.dyads,
            seed: fit.seed,
            detente: fit.detente,
            ..Self::default()
        }
    }

    fn number(&self, of: &'static str, statistic: &'static str, value: f64) -> Self {
        Self {
            of,
            statistic,
            value: written(value),
            ..self.clone()
        }
    }

    fn estimate(&self, of: &'static str, statistic: &'static str, estimate: &Estimate) -> Self {
        let end = |end: Option<f64>| end.map_or(String::new(), written);
        Self {
            low: end(estimate.low),
            high: end(estimate.high),
            ..self.number(of, statistic, estimate.value)
        }
    }
}

/// A number as CSV has it: nothing where there is none, and `none` for a half-life that never ends.
fn written(value: f64) -> String {
    if value.is_nan() {
        String::new()
    } else if value.is_infinite() {
        "none".to_owned()
    } else {
        value.to_string()
    }
}

/// A fit as rows.
#[must_use]
pub fn fit_rows(fit: &Fit) -> Vec<TrialRow> {
    let row = TrialRow::of_fit(fit);
    let mut rows = Vec::new();
    for found in &fit.parameters {
        rows.push(TrialRow {
            low: found.low.map_or(String::new(), written),
            high: found.high.map_or(String::new(), written),
            says: found.determined.words(),
            ..row.number(found.parameter, "best", found.best)
        });
        rows.push(row.number(found.parameter, "preset", found.preset));
    }
    rows.push(row.number("evidence-fitted", "loss", fit.loss));
    rows.push(row.number("evidence", "loss", fit.preset_loss));
    rows.push(row.estimate("evidence", "loss_excess", &fit.preset_excess));
    rows.push(row.number("fitted", "windows", fit.windows as f64));
    rows.push(row.number("fitted", "events", fit.events as f64));
    rows
}

/// A validation as rows, that of its fit first.
#[must_use]
pub fn validation_rows(validation: &Validation, against: Option<&Against>) -> Vec<TrialRow> {
    let mut rows = fit_rows(&validation.fit);
    let row = TrialRow::of_fit(&validation.fit);
    rows.push(row.number("judged", "windows", validation.judged.windows as f64));
    rows.push(row.number("judged", "events", validation.judged.events as f64));
    rows.push(row.number("judged", "dyads", validation.judged.dyads as f64));
    for one in &validation.methods {
        let Method { method, .. } = one;
        rows.push(row.number(method, "r2", one.r2));
        rows.push(TrialRow {
            says: if *method == "evidence" {
                skill_shown(validation.is_skill_shown)
            } else {
                ""
            },
            ..row.estimate(method, "skill", &one.skill)
        });
        rows.push(row.estimate(method, "preset_less_this", &one.preset_less_this));
        rows.push(row.number(method, "slope", one.slope));
        if let Some([intercept, slope]) = one.calibration {
            rows.push(row.number(method, "calibration_intercept", intercept));
            rows.push(row.number(method, "calibration_slope", slope));
        }
    }
    let cover = &validation.cover;
    rows.push(row.number("interval", "per_event", cover.per_event));
    rows.push(row.number("interval", "between_months", cover.between_months));
    rows.push(row.estimate("interval", "within_90", &cover.within_90));
    rows.push(row.estimate("interval", "within_50", &cover.within_50));
    rows.push(row.number("interval", "median_half_width", cover.median_half_width));
    for (of, measured) in against
        .iter()
        .flat_map(|against| [("level", &against.level), ("change", &against.change)])
    {
        rows.push(row.number(of, "pairs", measured.pairs as f64));
        if let Some(correlation) = &measured.correlation {
            rows.push(row.estimate(of, "correlation", correlation));
        }
    }
    rows
}

/// The verdict in two words or three.
const fn skill_shown(is_shown: bool) -> &'static str {
    if is_shown {
        "skill shown"
    } else {
        "no skill shown"
    }
}

/// Rows as CSV, with a header.
#[must_use]
pub fn trial_csv(rows: &[TrialRow]) -> String {
    let mut lines = csv::Writer::from_writer(Vec::new());
    for row in rows {
        // Nothing can fail to be written into memory.
        let _ = lines.serialize(row);
    }
    let bytes = lines.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// Anything of a trial as JSON over several lines.
#[must_use]
pub fn trial_json(value: &impl Serialize) -> String {
    // What is serialised has only names, numbers and lists.
    let text = in_lines(value).unwrap_or_default();
    format!("{text}\n")
}

/// A validation with what it was held against, as JSON.
#[derive(Clone, Debug, Serialize)]
pub struct Validated<'a> {
    #[serde(flatten)]
    validation: &'a Validation,
    #[serde(skip_serializing_if = "Option::is_none")]
    against: Option<&'a Against>,
}

impl<'a> Validated<'a> {
    /// Both.
    #[must_use]
    pub const fn new(validation: &'a Validation, against: Option<&'a Against>) -> Self {
        Self {
            validation,
            against,
        }
    }
}
