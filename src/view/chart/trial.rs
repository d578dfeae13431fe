//! A validation as a figure: the skill of each way to foretell with its interval, and what the
//! preset is ahead of it.

use crate::evidence::{Estimate, Method, Validation};
use crate::view::figure::{Axis, Figure, Form, Panel, Shape};

/// The figure of a validation.
#[must_use]
pub fn validation_figure(validation: &Validation) -> Figure {
    let fit = &validation.fit;
    let what = match fit.target {
        "mean" => "mean weight",
        _ => "share of conflict",
    };
    let next = match fit.ahead_months {
        1 => "month".to_owned(),
        months => format!("{months} months"),
    };
    let skill = validation
        .methods
        .iter()
        .filter(|it| it.method != "own-mean");
    let less = validation
        .methods
        .iter()
        .filter(|it| it.method != "evidence");
    let skill: Vec<_> = skill.map(|it| (it, &it.skill)).collect();
    let less: Vec<_> = less.map(|it| (it, &it.preset_less_this)).collect();
    let say =
        |(method, estimate): &(&Method, &Estimate)| format!("{} {}", method.words, label(estimate));
    let says: Vec<_> = skill.iter().map(say).collect();
    Figure {
        title: format!("Who foretells the {what} of the next {next} best"),
        description: format!(
            "{}. Skill over a dyad's own mean so far: {}.",
            validation.verdict.first().map_or("", String::as_str),
            says.join("; ")
        ),
        series: Vec::new(),
        panels: vec![
            panel("Skill over a dyad's own mean so far, with 90 %", &skill),
            panel("Skill of evidence less that of each, with 90 %", &less),
        ],
        keys: Vec::new(),
        caption: format!(
            "{} Judged from {} to {}, fitted until {}; {} windows of {} dyads.",
            validation
                .verdict
                .first()
                .map_or(String::new(), |first| format!("{}.", capital(first))),
            validation.judged.months[0],
            validation.judged.months[1],
            fit.fitted_until,
            validation.judged.windows,
            validation.judged.dyads
        ),
    }
}

fn panel(title: &str, rows: &[(&Method, &Estimate)]) -> Panel {
    let ends = |estimate: &Estimate| {
        let Estimate { value, low, high } = *estimate;
        [low.unwrap_or(value), value, high.unwrap_or(value)]
            .map(|end| if end.is_finite() { end } else { 0.0 })
    };
    let (mut low, mut high) = (0.0_f64, 0.0_f64);
    let (mut lanes, mut shapes) = (Vec::new(), Vec::new());
    for (lane, (method, estimate)) in rows.iter().enumerate() {
        let span = ends(estimate);
        (low, high) = (low.min(span[0]), high.max(span[2]));
        lanes.push((method.words.to_owned(), 1));
        shapes.push(Shape {
            series: usize::from(method.method.starts_with("evidence")),
            form: Form::Interval {
                lane: [lane, 0],
                span,
                label: label(estimate),
            },
        });
    }
    let room = ((high - low) * 0.16).max(0.01);
    Panel {
        title: title.to_owned(),
        across: Axis::Numbers([low - room, high + room], ""),
        up: Axis::Lanes(lanes),
        zones: Vec::new(),
        shapes,
    }
}

fn label(estimate: &Estimate) -> String {
    format!("{:+.3}", estimate.value)
}

/// A sentence with a capital letter.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}
