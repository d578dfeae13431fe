//! The list of changes in words, and the branches that are pinned.

use super::drawing::signed;
use crate::explore::session::{PIN_LIMIT, Session};
use crate::scenario::Comparison;
use crate::view::page::pieces::{Cell, header, minus, number, said, table, values_of};
use crate::view::{ComparisonRows, degrees};
use maud::{Markup, html};

/// How many of the last changes are listed.
const LISTED: usize = 60;

/// The list of changes, with where one stands in it.
pub(in crate::explore) fn changes(session: &Session) -> Markup {
    let first = session.at.saturating_sub(LISTED / 2);
    let first = first.min(session.steps.len().saturating_sub(LISTED));
    let steps = session.steps.iter().enumerate().skip(first).take(LISTED);
    html! {
        h2 { "Changes" }
        @if first > 0 { p class="aside" { (first) " earlier ones stand before these." } }
        ol class="changes" start=(first) {
            @for (place, step) in steps {
                li class=[(place > session.at).then_some("undone")] {
                    button type="button" class="link" id=(format!("step-{place}")) data-step=(place) aria-current=[(place == session.at).then_some("step")] disabled[session.is_read_only] { (said(&step.words)) }
                    @if let Some(time) = &step.time { " " span class="aside" { (time) } }
                    @if let Some(reason) = &step.reason { p class="aside" { (said(reason)) } }
                }
            }
        }
        @if session.steps.len() == 1 { p class="aside" { "None yet." } }
        @else if !session.is_read_only && session.at > 0 {
            label class="line" { "Why " input type="text" id="reason" maxlength="300" autocomplete="off" value=(session.steps[session.at].reason.as_deref().unwrap_or_default()); }
        }
    }
}

/// The pinned branches, side by side at the end.
pub(in crate::explore) fn pins(session: &Session) -> Markup {
    let picture = &session.picture;
    html! {
        h2 { "Branches" }
        @if !session.is_read_only {
            form id="pin" class="line" {
                label { "Pin this one as " input type="text" id="pin-name" maxlength="80" placeholder=(crate::text::shown(&session.file().title)) autocomplete="off"; }
                button type="submit" disabled[session.pins.len() >= PIN_LIMIT] { "Pin" }
            }
        }
        @if session.pins.is_empty() { p class="aside" { "Pinned branches are drawn beside the present one; up to " (PIN_LIMIT) " of them." } }
        ul class="pins" { @for (place, pin) in session.pins.iter().enumerate() {
            li { (said(&pin.name)) " "
                @if !session.is_read_only {
                    button type="button" id=(format!("take-{place}")) data-take=(place) { "Go on from it" }
                    " " button type="button" id=(format!("unpin-{place}")) data-unpin=(place) { "Unpin" }
                }
            }
        } }
        @if picture.names.len() > 1 && !session.looked.plays { (at_the_end(session, &picture.comparison)) }
    }
}

/// How the histories end, side by side.
fn at_the_end(session: &Session, comparison: &Comparison) -> Markup {
    let picture = &session.picture;
    let Some(dyad) = session.looked.dyad else {
        return html! {};
    };
    let Some(place) = comparison.dyads.iter().position(|other| *other == dyad) else {
        return html! {};
    };
    let rows = ComparisonRows::new(comparison, &[place]);
    let last = picture.scenario.until;
    let all = 0..picture.names.len();
    let mut names = header(["at the end"]);
    names.extend(all.clone().map(|history| (history + 1).to_string()));
    let temperature = all
        .clone()
        .map(|history| number(&degrees(picture.temperature(history, dyad, last))));
    let first = std::iter::once(Cell::Text(format!("temperature of {}", picture.both(dyad))));
    let mut cells: Vec<Vec<Cell>> = vec![first.chain(temperature).collect()];
    let widest = all.map(|history| match comparison.widest(history, place) {
        Some(gap) if history > 0 && degrees(gap.degrees) != degrees(0.0) => {
            Cell::Text(format!("{} on {}", minus(&signed(gap.degrees)), gap.day))
        }
        _ => Cell::Text(String::new()),
    });
    let first = std::iter::once(Cell::Text("widest difference from 1".to_owned()));
    cells.push(first.chain(widest).collect());
    cells.extend(rows.ends.iter().map(|row| {
        std::iter::once(Cell::Said(row.what.clone()))
            .chain(values_of(row))
            .collect()
    }));
    html! {
        h3 { "Side by side on " (last) }
        ol { @for name in &picture.names { li { (said(name)) } } }
        (table("side by side at the end", &names, &cells))
    }
}
