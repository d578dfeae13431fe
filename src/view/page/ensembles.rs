//! Chance in a report: fans with their runs, outcomes with their intervals, differences run by run.

use super::pieces::{Cell, behind, drawn, header, number, said};
use crate::model::Dyad;
use crate::text::count;
use crate::view::chart::fans::Fans;
use crate::view::figure::{Figure, Panel};
use crate::view::rows::words::degrees;
use maud::{Markup, html};

/// The section on scenarios with chance.
pub(crate) fn ensembles(fans: Fans<'_>, dyads: &[Dyad]) -> Markup {
    let manifest = &fans.rows.manifest;
    let known: Vec<Dyad> = dyads
        .iter()
        .copied()
        .filter(|dyad| manifest.frame.dyads.contains(dyad))
        .collect();
    html! {
        h2 id="chance" { "Chance" }
        p { (count(manifest.runs, "run")) " of seed " (manifest.frame.seed) ". Up is warm, down is cold. " (fans.legend()) }
        @for dyad in known {
            @for (place, panel) in fans.fans(dyad).into_iter().enumerate() {
                @let history = fans.history(place);
                div class=(format!("of-{history}")) {
                    h3 { (dyad) " in " (history) " " (said(fans.names().get(history - 1).map_or("", String::as_str))) }
                    (drawn(&figure(fans, format!("Fan of {dyad} in history {history}"), fans.describe(&[dyad]), panel), &format!("{dyad}-fan-{history}")))
                    (behind(&format!("fan of {dyad} in history {history}"), &header(["date", "5 %", "25 %", "50 %", "75 %", "95 %", "mean"]), &fan_rows(fans, place, dyad)))
                }
            }
            @if let Some(panel) = fans.differences(dyad) {
                h3 { (dyad) ", difference from history " (fans.history(0)) " run by run" }
                @let says = "The mean difference with its 95 % interval; the table below has the numbers.".to_owned();
                (drawn(&figure(fans, format!("Difference of {dyad} run by run"), says, panel), &format!("{dyad}-paired")))
                (behind(&format!("differences of {dyad} run by run"), &header(["history", "date", "mean", "low", "high"]), &gap_rows(fans, dyad)))
            }
        }
        @if let Some(panel) = fans.outcomes() {
            h3 { "How probable outcomes are" }
            (drawn(&figure(fans, "Outcomes".to_owned(), fans.describe(&[]), panel), "outcomes"))
            (behind("outcomes", &header(["outcome", "history", "runs", "share", "low", "high"]), &outcome_rows(fans)))
        }
    }
}

fn figure(fans: Fans<'_>, title: String, description: String, panel: Panel) -> Figure {
    let mut series = fans.names();
    for (place, name) in series.iter_mut().enumerate() {
        if !panel.shapes.iter().any(|shape| shape.series == place) {
            name.clear();
        }
    }
    Figure {
        title,
        description,
        series,
        panels: vec![Panel {
            title: String::new(),
            ..panel
        }],
        keys: Vec::new(),
        caption: String::new(),
    }
}

fn fan_rows(fans: Fans<'_>, place: usize, dyad: Dyad) -> Vec<Vec<Cell>> {
    let rows = fans
        .rows
        .scenarios
        .get(place)
        .into_iter()
        .flat_map(|scenario| &scenario.fans);
    rows.filter(|row| row.dyad == dyad)
        .map(|row| {
            let values = row
                .percentiles
                .iter()
                .map(|value| value.map_or_else(|| "out of range".to_owned(), degrees));
            let numbers = values
                .chain([degrees(row.mean)])
                .map(|value| number(&value));
            std::iter::once(Cell::Text(row.date.to_string()))
                .chain(numbers)
                .collect()
        })
        .collect()
}

fn gap_rows(fans: Fans<'_>, dyad: Dyad) -> Vec<Vec<Cell>> {
    let differences = (1..).zip(&fans.rows.differences);
    let rows = differences.flat_map(|(place, difference)| {
        difference.temperatures.iter().map(move |row| (place, row))
    });
    rows.filter(|(_, row)| row.dyad == dyad)
        .map(|(place, row)| {
            let first = [
                Cell::Text(fans.history(place).to_string()),
                Cell::Text(row.date.to_string()),
            ];
            let numbers = [Some(row.mean), row.low, row.high].map(|value| {
                let text = value.map_or_else(String::new, degrees);
                number(&text)
            });
            first.into_iter().chain(numbers).collect()
        })
        .collect()
}

fn outcome_rows(fans: Fans<'_>) -> Vec<Vec<Cell>> {
    let scenarios = fans.rows.scenarios.iter().enumerate();
    let rows = scenarios
        .flat_map(|(place, scenario)| scenario.outcomes.iter().map(move |row| (place, row)));
    rows.map(|(place, row)| {
        let shares = [row.share.share, row.share.low, row.share.high]
            .map(|share| number(&format!("{share:.4}")));
        let first = [
            Cell::Said(row.outcome.clone()),
            Cell::Text(fans.history(place).to_string()),
            number(&row.runs.to_string()),
        ];
        first.into_iter().chain(shares).collect()
    })
    .collect()
}
