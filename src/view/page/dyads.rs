//! The dyads of a report: temperatures, lanes, differences, ledgers, and what is different at the
//! end.

use super::pieces::{Cell, behind, drawn, header, minus, number, said, table, values_of, weighed};
use super::report::Report;
use crate::history::dates_in_words;
use crate::model::{Day, Dyad};
use crate::text::{abridged, count};
use crate::view::chart::charts::{Album, ONE_STEP};
use crate::view::chart::waterfall::waterfall;
use crate::view::figure::Figure;
use crate::view::rows::ledger::{LedgerRows, Part};
use crate::view::rows::words::degrees;
use maud::{Markup, html};

/// A section for each dyad.
pub(super) fn dyads(report: &Report<'_>) -> Markup {
    let others: Vec<_> = report.others.iter().map(ToString::to_string).collect();
    html! {
        @for (place, &dyad) in report.dyads.iter().enumerate() {
            h2 id=(dyad) { (dyad) }
            p class="aside" { (sides(dyad)) }
            (dyad_section(report, place, dyad))
        }
        @if !others.is_empty() {
            p class="aside" { "Other dyads: " (abridged(&others)) ". " code { "--dyad" } " shows them." }
        }
    }
}

fn sides(dyad: Dyad) -> String {
    let [first, second] = dyad.sides().map(|side| side.name().to_owned());
    format!("{first} and {second}")
}

fn dyad_section(report: &Report<'_>, place: usize, dyad: Dyad) -> Markup {
    let album = report.album;
    let temperatures = album.of_panel(
        format!("Temperature of {dyad}"),
        album.describe(&[dyad]),
        album.temperatures(dyad),
    );
    let bounded = report
        .histories
        .iter()
        .all(|history| history.model.saturation());
    let lanes = album.lanes(dyad);
    let differences = album.differences(dyad);
    let (names, rows) = readings(album, dyad);
    let one_run = report.one_run().unwrap_or_default();
    html! {
        h3 { "Temperature" }
        p class="aside" { (one_run) (how_to_read(report, bounded)) }
        (drawn(&temperatures, &format!("{dyad}-temperature")))
        (numbers(&temperatures))
        (behind(&format!("temperatures of {dyad} {}", dates_in_words(&album.dates)), &names, &rows))
        @if let Some(panel) = lanes {
            h3 { "Measures, agenda and meetings" }
            @if !one_run.is_empty() { p class="aside" { (one_run) } }
            @let says = format!("How measures, agenda and meetings of {dyad} stood over time; the table below says the same.");
            (drawn(&album.of_panel(format!("Measures, agenda and meetings of {dyad}"), says, panel), &format!("{dyad}-lanes")))
            @let rows: Vec<_> = album.lane_rows(dyad).into_iter().map(|[what, history, from, status]| {
                vec![Cell::Said(what), Cell::Text(history), Cell::Text(from), Cell::Text(status)]
            }).collect();
            (behind(&format!("measures, agenda and meetings of {dyad}"), &header(["what", "history", "from", "status"]), &rows))
        }
        @if let Some(panel) = differences {
            h3 { "Difference from 1" }
            @if !one_run.is_empty() { p class="aside" { (one_run) } }
            p class="aside" { "Above the line the other history is warmer than the first, below it colder." }
            @let says = format!("How much warmer or colder {dyad} is in each other history than in the first; the table of temperatures has the gaps.");
            (drawn(&album.of_panel(format!("Difference of {dyad} from history 1"), says, panel), &format!("{dyad}-difference")))
        }
        (ledgers(report, place, dyad))
    }
}

/// How a chart of temperatures is read.
fn how_to_read(report: &Report<'_>, bounded: bool) -> String {
    let scale = if bounded {
        "Up is warm, down is cold: from −10 degrees, hostile, over 0, neutral, to 10, allied. Bands are the phases; a phase changes where a border is passed by the hysteresis."
    } else {
        "Up is warm, down is cold; 0 degrees is neutral."
    };
    let several = if report.histories.len() > 1 {
        " Bold numbers at the right are the histories, rings are forks."
    } else {
        ""
    };
    let marks = "Numbers in the chart are events, named below it.";
    format!("{scale} {marks}{several} {ONE_STEP}")
}

/// The most events that are named below a chart.
const NAMED: usize = 24;

/// The events of a chart by their numbers.
fn numbers(figure: &Figure) -> Markup {
    let more = figure.keys.len().saturating_sub(NAMED) as u64;
    html! {
        @if !figure.keys.is_empty() {
            ul class="keys" {
                @for key in figure.keys.iter().take(NAMED) {
                    li {
                        a href=(format!("#event-{}", key.number)) { (key.number) } " "
                        time datetime=(key.date) { (key.date) } " " (said(&key.title))
                    }
                }
                @if more > 0 { li { a href="#events" { "and " (count(more, "more event")) } } }
            }
        }
    }
}

/// The temperatures of each history on the dates of tables, and how far they lie apart.
fn readings(album: &Album, dyad: Dyad) -> (Vec<String>, Vec<Vec<Cell>>) {
    let count = album.strands.len();
    let mut names = vec!["date".to_owned()];
    names.extend((1..=count).map(|history| history.to_string()));
    names.extend((2..=count).map(|history| format!("gap of {history}")));
    let row = |day: Day| {
        let temperatures: Vec<f64> = album
            .strands
            .iter()
            .map(|strand| strand.temperature(dyad, day))
            .collect();
        let first = temperatures.first().copied().unwrap_or_default();
        let gaps = temperatures
            .iter()
            .skip(1)
            .map(|temperature| temperature - first);
        let numbers = temperatures
            .iter()
            .copied()
            .chain(gaps)
            .map(|value| number(&degrees(value)));
        std::iter::once(Cell::Text(day.to_string()))
            .chain(numbers)
            .collect()
    };
    (names, album.dates.iter().copied().map(row).collect())
}

/// What the temperature at the end is made of, in each history: open for the first dyad, folded for
/// the others, which are often much alike.
fn ledgers(report: &Report<'_>, place: usize, dyad: Dyad) -> Markup {
    let ledgers = report.ledgers.get(place).map_or(&[][..], Vec::as_slice);
    let Some(first) = ledgers.first() else {
        return html! {};
    };
    let title = html! { "What the temperature of " (dyad) " is made of on " (first.date) };
    let parts = html! {
        p class="aside" { (report.one_run().unwrap_or_default()) "Shares add up to the temperature. An effect answers another question: how much warmer it is than it would be without the event and all that it led to." }
        @for (series, rows) in ledgers.iter().enumerate() { (ledger(series, rows, dyad)) }
    };
    html! {
        @if place == 0 {
            h3 { (title) }
            (parts)
        } @else {
            details { summary { (title) } (parts) }
        }
    }
}

fn ledger(series: usize, rows: &LedgerRows, dyad: Dyad) -> Markup {
    let history = series + 1;
    let cells: Vec<Vec<Cell>> = rows
        .rows
        .iter()
        .zip(rows.printed_shares())
        .map(|(row, share)| {
            let what = if row.part == Part::Start {
                minus(&row.what)
            } else {
                row.what.clone()
            };
            let mut cells = vec![Cell::Said(what)];
            cells.extend(weighed(row, &share));
            cells.push(Cell::Said(row.note.clone().unwrap_or_default()));
            cells
        })
        .collect();
    html! {
        div class=(format!("of-{history}")) {
            (drawn(&waterfall(rows, series), &format!("{dyad}-ledger-{history}")))
            (behind(&format!("ledger of {dyad} in history {history}"), &header(["what", "date", "push", "share", "effect", "note"]), &cells))
        }
    }
}

/// What is different at the end, temperatures apart.
pub(super) fn ends(report: &Report<'_>) -> Markup {
    let rows = &report.comparison.ends;
    if rows.is_empty() {
        return html! {};
    }
    let mut names = header(["dyad", "what"]);
    names.extend((1..=report.histories.len()).map(|history| history.to_string()));
    let cells: Vec<Vec<Cell>> = rows
        .iter()
        .map(|row| {
            [
                Cell::Text(row.dyad.to_string()),
                Cell::Said(row.what.clone()),
            ]
            .into_iter()
            .chain(values_of(row))
            .collect()
        })
        .collect();
    let last = report.album.days[1];
    html! {
        h2 id="ends" { "What is different at the end, on " (last) }
        @if let Some(one_run) = report.one_run() { p class="aside" { (one_run) } }
        (table("what is different at the end", &names, &cells))
    }
}
