//! A fit and a validation as tables for people.

use super::table::{Look, number, table_of};
use crate::evidence::{Against, Determined, Estimate, FEW_CLUSTERS, Fit, Fitted, Validation};
use crate::text::count;
use comfy_table::Cell;
use std::fmt::Write;

/// A fit for people.
#[must_use]
pub fn fit_text(fit: &Fit, look: Look) -> String {
    let mut text = split_text(fit);
    let _ = writeln!(
        text,
        "{} of the grid; ranges over {} of dyads, seed {}\n",
        count(fit.points as u64, "point"),
        count(fit.draws as u64, "draw"),
        fit.seed
    );
    text.push_str(&found_text(fit, look));
    text.push('\n');
    let _ = writeln!(
        text,
        "Loss {:.4}, a mean of squared errors; of the preset evidence {:.4}, {}",
        fit.loss,
        fit.preset_loss,
        percent(&fit.preset_excess)
    );
    let ended = |found: &&Fitted| found.determined == Determined::AtTheEnd;
    let ended: Vec<_> = fit.parameters.iter().filter(ended).collect();
    if !ended.is_empty() {
        let names: Vec<_> = ended.iter().map(|found| found.parameter).collect();
        let _ = writeln!(
            text,
            "The best value lies at the end of the grid: {}. A better one may lie beyond it; --grid tries others.",
            names.join(", ")
        );
    }
    let excess = &fit.preset_excess;
    text.push_str(if excess.is_above(0.0) {
        "On what they were chosen by, the best parameters do better than the preset's."
    } else {
        "The best parameters cannot be told from the preset's."
    });
    let left = if fit.fitted_until == fit.data[1] {
        "All months were fitted, so that none is left to judge by.".to_owned()
    } else {
        let until = &fit.fitted_until;
        format!("detente validate judges both on the months after {until}.")
    };
    let _ = writeln!(text, " {left}");
    text
}

/// What was fitted.
fn split_text(fit: &Fit) -> String {
    let next = match fit.ahead_months {
        1 => "month".to_owned(),
        months => format!("{months} months"),
    };
    let what = match fit.target {
        "mean" => "mean weight",
        _ => "share of conflict",
    };
    format!(
        "At the end of a month the level is to foretell the {what} of the next {next}\n\
         Data from {} to {}, fitted until {}, after {} to warm up: {} of {} with at least {}\n",
        fit.data[0],
        fit.data[1],
        fit.fitted_until,
        count(fit.warm_up_months as u64, "month"),
        count(fit.windows as u64, "window"),
        count(fit.dyads as u64, "dyad"),
        count(fit.least_events, "event"),
    )
}

/// The parameters.
fn found_text(fit: &Fit, look: Look) -> String {
    let parameters = fit.parameters.iter().map(|found| {
        let range = found.low.zip(found.high);
        let range = range.map(|(low, high)| format!("{} to {}", value(low), value(high)));
        vec![
            Cell::new(found.parameter),
            number(value(found.best)),
            Cell::new(range.unwrap_or_default()),
            number(value(found.preset)),
            Cell::new(found.determined.words()),
        ]
    });
    let header = ["parameter", "best", "90 % range", "preset", "how well"];
    table_of(&header, parameters, look)
}

fn value(value: f64) -> String {
    if value.is_infinite() {
        "none".to_owned()
    } else {
        value.to_string()
    }
}

/// A share with its interval, in percent.
fn percent(share: &Estimate) -> String {
    let ends = match (share.low, share.high) {
        (Some(low), Some(high)) => {
            format!(" (90 %: {:+.1} to {:+.1} %)", 100.0 * low, 100.0 * high)
        }
        _ => String::new(),
    };
    format!("{:+.1} %{ends}", 100.0 * share.value)
}

/// The ends of an interval, to three decimals.
fn ends(estimate: &Estimate) -> String {
    match (estimate.low, estimate.high) {
        (Some(low), Some(high)) => format!("{low:+.3} to {high:+.3}"),
        _ => String::new(),
    }
}

/// A validation for people, with its verdict first.
#[must_use]
pub fn validation_text(validation: &Validation, against: Option<&Against>, look: Look) -> String {
    let mut text = String::new();
    for (place, sentence) in validation.verdict.iter().enumerate() {
        let indent = if place == 0 { "Verdict: " } else { "  " };
        let _ = writeln!(text, "{indent}{sentence}");
    }
    text.push('\n');
    text.push_str(&split_text(&validation.fit));
    let judged = &validation.judged;
    let _ = writeln!(
        text,
        "Judged from {} to {}: {} of {}, {}; {} of dyads, seed {}\n",
        judged.months[0],
        judged.months[1],
        count(judged.windows as u64, "window"),
        count(judged.dyads as u64, "dyad"),
        count(judged.events, "event"),
        count(validation.draws as u64, "draw"),
        validation.seed
    );
    if !validation.is_of_preset() {
        let label = validation.model.parameters().unwrap_or_default().label();
        // In the place of the empty line.
        text.pop();
        let _ = writeln!(text, "The model that is judged: {label}\n");
    }
    let header = [
        "",
        "R²",
        "skill",
        "90 %",
        "evidence less this",
        "90 %",
        "slope",
    ];
    let methods = validation.methods.iter().map(|method| {
        let is_preset = method.method == "evidence";
        let is_own = method.method == "own-mean";
        let less = &method.preset_less_this;
        let if_not = |is_so: bool, text: String| if is_so { String::new() } else { text };
        vec![
            Cell::new(method.words),
            number(format!("{:.3}", method.r2)),
            number(format!("{:+.3}", method.skill.value)),
            Cell::new(if_not(is_own, ends(&method.skill))),
            number(if_not(is_preset, format!("{:+.3}", less.value))),
            Cell::new(if_not(is_preset, ends(less))),
            number(format!("{:.2}", method.slope)),
        ]
    });
    text.push_str(&table_of(&header, methods, look));
    let cover = &validation.cover;
    let _ = writeln!(
        text,
        "\nInterval of what comes next: variance s²u + {:.2} s²/n + {:.3}; {:.1} % lie in that of 90 %, {:.1} % in that of 50 %\n\
         Half the width of the level's own interval: {:.2} in the middle\n",
        cover.per_event,
        cover.between_months,
        100.0 * cover.within_90.value,
        100.0 * cover.within_50.value,
        cover.median_half_width
    );
    text.push_str(&found_text(&validation.fit, look));
    if let Some(against) = against {
        text.push_str(&against_text(against));
    }
    text
}

/// The level beside a series for people.
fn against_text(against: &Against) -> String {
    let one = against.of.trim_end_matches('s');
    let mut text = format!(
        "\nAgainst your series: {} from {} to {}",
        count(against.met as u64, one),
        against.months[0],
        against.months[1]
    );
    let unmatched = against.unmatched;
    for (number, why) in [
        (
            unmatched.of_others,
            format!("of {} that the data do not have", against.of),
        ),
        (
            unmatched.of_other_months,
            "of months without a level".to_owned(),
        ),
    ] {
        if number > 0 {
            let _ = write!(text, "; left out: {} {why}", count(number as u64, "value"));
        }
    }
    text.push('\n');
    for sentence in against.says() {
        let _ = writeln!(text, "  {sentence}");
    }
    let drawn = match against.drawn {
        "nothing" => "Too few to draw from: no interval.".to_owned(),
        drawn if against.is_of_few => format!(
            "Intervals are over draws of {} {drawn}: fewer than {FEW_CLUSTERS}, so that they may well be too narrow.",
            against.clusters
        ),
        drawn => format!("Intervals are over draws of {} {drawn}.", against.clusters),
    };
    let _ = writeln!(text, "  {drawn}");
    text
}
