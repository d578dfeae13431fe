//! Pieces of a page: other people's text, tables, figures.

use crate::model::Day;
use crate::scenario::Answer;
use crate::text::shown;
use crate::view::figure::{Canvas, Figure, Theme, svg};
use crate::view::rows::ledger::LedgerRow;
use crate::view::rows::words::degrees;
use crate::view::text::what_if::comparison::EndRow;
use maud::{Markup, html};

/// The widths in which a figure is drawn: for a desk, and for a phone. Letters of 12 pixels are
/// never scaled below 11.
const WIDTHS: [(&str, u32); 2] = [("wide", 780), ("narrow", 330)];

/// A cell of so many characters makes its table wide, so that it does not become a tower of words
/// on a phone.
const WORDY: usize = 60;

/// Other people's text, kept apart from what stands around it, so that it cannot reorder that.
pub(crate) fn said(text: &str) -> Markup {
    html! { bdi dir="auto" { (shown(text)) } }
}

/// The same in lines.
pub(crate) fn said_in_lines(text: &str) -> Markup {
    html! {
        @for (place, line) in text.lines().enumerate() {
            @if place > 0 { br; }
            (said(line))
        }
    }
}

/// A cell: text of this program, other people's, or a number.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    Text(String),
    Said(String),
    Number(String),
}

/// A number of degrees with a minus that reads as one.
pub(crate) fn number(text: &str) -> Cell {
    Cell::Number(minus(text))
}

/// The answer to a question.
pub(crate) fn answered(answer: &Answer) -> Cell {
    let holds = if answer.holds { "yes" } else { "no" };
    let since = answer.first_on.map(|day| format!(", first on {day}"));
    Cell::Text(format!("{holds}{}", since.unwrap_or_default()))
}

/// Date, push, share and effect of a row of a ledger.
pub(crate) fn weighed(row: &LedgerRow, share: &str) -> [Cell; 4] {
    [
        Cell::Text(row.date.map_or_else(String::new, |day| day.to_string())),
        number(&row.push.map_or_else(String::new, degrees)),
        number(share),
        number(&row.effect.map_or_else(String::new, degrees)),
    ]
}

/// How something stands in each history at the end.
pub(crate) fn values_of(row: &EndRow) -> impl Iterator<Item = Cell> {
    let values = row.values.iter();
    values.map(|value| Cell::Said(value.clone().unwrap_or_else(|| "none".to_owned())))
}

/// This program's own words with a minus that reads as one.
pub(crate) fn minus(text: &str) -> String {
    text.replace('-', "−")
}

/// A table that scrolls on its own where it is wider than the page.
pub(crate) fn table(name: &str, header: &[String], rows: &[Vec<Cell>]) -> Markup {
    let is_number = |column: usize| {
        rows.first()
            .is_some_and(|row| matches!(row.get(column), Some(Cell::Number(_))))
    };
    let is_wordy = rows.iter().flatten().any(|cell| match cell {
        Cell::Text(text) | Cell::Said(text) => text.chars().count() > WORDY,
        Cell::Number(_) => false,
    });
    html! {
        div class="scroll" tabindex="0" role="region" aria-label=(name) {
            table class=(if is_wordy { "paged wordy" } else { "paged" }) {
                thead { tr {
                    @for (column, name) in header.iter().enumerate() {
                        th scope="col" class=[is_number(column).then_some("number")] { (shown(name)) }
                    }
                } }
                tbody {
                    @for row in rows { tr {
                        @for cell in row {
                            @match cell {
                                Cell::Text(text) => td class=[is_day(text).then_some("day")] { (text) },
                                Cell::Said(text) => td { (said(text)) },
                                Cell::Number(text) => td class="number" { (text) },
                            }
                        }
                    } }
                }
            }
        }
    }
}

/// Whether a text is a day, which is not broken at its hyphens.
fn is_day(text: &str) -> bool {
    text.parse::<Day>().is_ok()
}

/// A table behind a chart.
pub(crate) fn behind(name: &str, header: &[String], rows: &[Vec<Cell>]) -> Markup {
    html! {
        details {
            summary { "Table: " (name) }
            (table(name, header, rows))
        }
    }
}

/// A figure in each width.
pub(crate) fn drawn(figure: &Figure, id: &str) -> Markup {
    html! {
        figure {
            @for (class, width) in WIDTHS {
                @let id = format!("{id}-{class}-");
                div class=(class) { (svg(figure, Canvas { width, theme: Theme::Page, id: &id })) }
            }
        }
    }
}

/// Names as the header of a table.
pub(crate) fn header<const N: usize>(names: [&str; N]) -> Vec<String> {
    names.map(str::to_owned).to_vec()
}
