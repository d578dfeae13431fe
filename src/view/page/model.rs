//! What a report rests on: other models, the parameters with their sources, what it was made from,
//! and how to make it again.

use super::pieces::{Cell, header, number, said, table};
use super::report::Report;
use crate::model::{Number, PARAMETERS};
use crate::view::rows::conditions::model_label;
use crate::view::rows::words::degrees;
use crate::view::text::what_if::robustness::{NOTHING_LEFT_DEGREES, Verdict};
use maud::{Markup, html};

/// Whether the answer survives other models.
pub(super) fn robustness(report: &Report<'_>) -> Markup {
    let Some(rows) = report.robustness else {
        return html! {};
    };
    let count = rows.histories.len();
    let mut names = header(["model", "dyad"]);
    names.extend((1..=count).map(|history| history.to_string()));
    names.extend((2..=count).flat_map(|history| [format!("gap of {history}"), "sign".to_owned()]));
    names.push("order".to_owned());
    let verdict = |verdict: Verdict| Cell::Text(verdict.in_words().to_owned());
    let cells: Vec<Vec<Cell>> = rows
        .rows
        .iter()
        .map(|row| {
            let mut cells = vec![
                Cell::Said(row.model.clone()),
                Cell::Text(row.dyad.to_string()),
            ];
            cells.extend(
                row.temperatures
                    .iter()
                    .map(|value| number(&degrees(*value))),
            );
            for (gap, sign) in row.gaps.iter().zip(&row.signs) {
                cells.extend([number(&degrees(*gap)), verdict(*sign)]);
            }
            cells.push(verdict(row.verdict));
            cells
        })
        .collect();
    html! {
        h2 id="robustness" { "Under other models" }
        p { (said(&rows.sentence())) }
        p class="aside" { "Temperatures at the end of " (rows.horizon) "; a sign holds where a history ends on the same side of the first one as under its own model. Gaps under " (NOTHING_LEFT_DEGREES) " degrees are not judged, or leave nothing to compare." }
        (table("temperatures under other models", &names, &cells))
    }
}

/// The parameters with their values and sources.
pub(super) fn parameters(report: &Report<'_>) -> Markup {
    let same = report
        .histories
        .iter()
        .all(|it| Some(&it.model) == report.histories.first().map(|first| &first.model));
    let shown = if same { 1 } else { report.histories.len() };
    let mut names = header(["parameter"]);
    names.extend((1..=shown).map(|history| {
        if same {
            "value".to_owned()
        } else {
            format!("value in {history}")
        }
    }));
    names.extend(header(["what it does", "source of the default"]));
    let cells: Vec<Vec<Cell>> = PARAMETERS
        .iter()
        .map(|parameter| {
            let values = report.histories.iter().take(shown).map(|history| {
                number(
                    &Number(history.model.number(parameter.name).unwrap_or_default()).to_string(),
                )
            });
            let words =
                [parameter.meaning, parameter.source].map(|text| Cell::Text(text.to_owned()));
            std::iter::once(Cell::Text(parameter.name.to_owned()))
                .chain(values)
                .chain(words)
                .collect()
        })
        .collect();
    html! {
        h2 id="model" { "Model" }
        p {
            "The balance R is the baseline, S, and what is left of every impulse. An event's impulse is gain times the Goldstein weight of the act, times spillover for an audience, and times minus spillover for those it is adverse to; it fades by 2^(−days / half-life), words and deeds each by their own. S ← E + (S − E) · 2^(−days / half-life), E the sum of what stands. "
            "The temperature is T = 10 · R / √(100 + R²), or T = R without saturation. Stepwise an impulse is I · (1 − sgn(I) · T / 10), T = R, and there is one half-life."
        }
        ul { @for (place, history) in report.histories.iter().take(shown).enumerate() {
            li { @if !same { (place + 1) ": " } (said(&model_label(&history.model))) ", saturation " (if history.model.saturation() { "on" } else { "off" }) ", weights " (history.model.weights().name()) }
        } }
        (table("parameters of the model", &names, &cells))
    }
}

/// What the page was made from, and how to make it again.
pub(super) fn manifest(report: &Report<'_>) -> Markup {
    html! {
        h2 id="manifest" { "Made from" }
        ol { @for history in &report.histories {
            li {
                (said(&history.name))
                @if !history.made_from.is_empty() { ul {
                    @for (what, value) in &history.made_from { li { (what) " " code { (said(value)) } } }
                } }
            }
        } }
        p { "detente " (env!("CARGO_PKG_VERSION")) ". The same input gives the same page to the byte:" }
        pre { (said(&report.command)) }
        p class="aside" { "Colours are those of Okabe and Ito; lines also differ in their dashes and marks in their forms. Results are conditional on the model above." }
    }
}
