//! The page of the explorer, and the one that follows it on a projector.

use super::parts::{chance, day, drawing, events, knobs, steps};
use super::session::Session;
use crate::text::shown;
use crate::view::page::pieces::{said, said_in_lines};
use crate::view::page::{digest, style};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use std::sync::LazyLock;

const OWN_STYLE: &str = include_str!("explore.css");
const SCRIPT: &str = include_str!("explore.js");

static STYLE: LazyLock<String> = LazyLock::new(|| format!("{}\n{OWN_STYLE}", style()));

/// What a browser may do with a page of the explorer: run its script, use its style, ask the server
/// that it came from.
pub static PAGE_POLICY: LazyLock<String> = LazyLock::new(|| {
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        digest(&STYLE),
        digest(SCRIPT),
    )
});

/// The parts of the page that answers change, each with its id.
pub(super) const PARTS: [&str; 9] = [
    "head", "offer", "trouble", "picture", "state", "events", "changes", "pins", "model",
];

/// A part of the page by its id.
pub(super) fn part(session: &Session, id: &str) -> String {
    let html = match id {
        "head" => head(session),
        "offer" => offer(session),
        "trouble" => trouble(session),
        "picture" => drawing::picture(session),
        "state" => day::state(session),
        "why-parts" => day::why(session),
        "events" => events::events(session),
        "changes" => steps::changes(session),
        "pins" => steps::pins(session),
        "model" => knobs::model(session),
        "chance" => chance::chance(session),
        _ => html! {},
    };
    session.picture.said.said_on_page(&html.into_string())
}

fn put(session: &Session, id: &str) -> PreEscaped<String> {
    PreEscaped(part(session, id))
}

fn frame(session: &Session, class: &str, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                link rel="icon" href="data:,";
                title { (shown(title(session))) }
                style { (PreEscaped(STYLE.as_str())) }
            }
            body class=(class) data-version=(session.version()) {
                (body)
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string() + "\n"
}

/// The whole page.
#[must_use]
pub fn page(session: &Session, show_address: &str) -> String {
    let body = html! {
        a class="skip" href="#content" { "To the content" }
        header id="head" { (put(session, "head")) }
        p id="say" role="status" aria-live="polite" {}
        main id="content" {
            div id="offer" { (put(session, "offer")) }
            div id="trouble" { (put(session, "trouble")) }
            div class="desk" {
                div class="left" {
                    section id="picture" aria-label="The curve" { (put(session, "picture")) }
                    section id="state" aria-label="The day" { (put(session, "state")) }
                }
                div class="right" {
                    section id="events" aria-label="Events" { (put(session, "events")) }
                    section id="changes" aria-label="Changes" { (put(session, "changes")) }
                }
            }
            section id="pins" aria-label="Branches" { (put(session, "pins")) }
            section id="chance" aria-label="Chance" { (put(session, "chance")) }
            section id="fan" aria-label="Many runs" {}
            section id="model" aria-label="Model" { (put(session, "model")) }
            p class="aside" { "On a projector: " a id="show-link" href=(show_address) target="_blank" rel="noopener" { "this picture without controls" } ", which follows along." }
        }
        dialog id="form" aria-label="Event" {}
        footer { p class="aside" { "detente " (env!("CARGO_PKG_VERSION")) ". Every number is conditional on the model; nothing here is an estimate of causes or a forecast. This page is served by a program on this machine and asks nothing of anywhere else." } }
    };
    frame(session, "explorer", &body)
}

/// The page that follows along, for a projector.
#[must_use]
pub fn show(session: &Session) -> String {
    let body = html! { main id="shown" aria-live="polite" { (PreEscaped(shown_now(session))) } };
    frame(session, "show", &body)
}

/// What the page that follows along shows now.
#[must_use]
pub fn shown_now(session: &Session) -> String {
    let html = html! {
        h1 { (said(title(session))) }
        @let last = &session.steps[session.at].words;
        @if last != title(session) { p class="last" { (said(last)) } }
        div class="shown-desk" {
            div class="shown-curve" {
                @if let Some(dyad) = session.looked.dyad { p class="pair" { (session.picture.both(dyad)) ", in degrees" } }
                (drawing::picture(session))
            }
            div class="shown-day" { (day::state(session)) }
        }
    };
    session.picture.said.said_on_page(&html.into_string())
}

/// The title: that of the history while nothing was changed.
fn title(session: &Session) -> &str {
    let of_history = session.base.names.title();
    match of_history {
        Some(title) if !session.changes_anything() && session.steps.len() == 1 => title,
        _ => &session.file().title,
    }
}

fn head(session: &Session) -> Markup {
    let file = session.file();
    let is_fixed = session.is_read_only;
    let [undone, redone] = [session.at > 0, session.at + 1 < session.steps.len()];
    html! {
        h1 { (said(title(session))) }
        @if let Some(note) = &file.note { details id="note" { summary { "What it asks" } p { (said_in_lines(note)) } } }
        div class="bar" {
            @if is_fixed {
                strong { "Read-only" }
            } @else {
                button type="button" id="undo" disabled[!undone] title="Ctrl+Z" { "Undo" }
                button type="button" id="redo" disabled[!redone] title="Ctrl+Y" { "Redo" }
                label { "Title " input type="text" id="title" value=(file.title) maxlength="200" autocomplete="off"; }
                form id="save" class="line" {
                    label { "Save as " input type="text" id="save-name" value=(session.name) maxlength="100" autocomplete="off"; ".json" }
                    button type="submit" id="save-now" { "Save" }
                    span class="aside" { @if session.is_unsaved() { "not saved" } @else if session.steps.len() > 1 { "saved" } }
                }
            }
            details id="export" { summary { "Export" }
                ul {
                    li { a href="report.html" download { "Report, one page" } }
                    li { a href="curve.svg" download { "Figure (SVG)" } }
                    li { a href="temperatures.csv" download { "Numbers (CSV)" } }
                    li { a href="scenario.json" download { "Scenario file (JSON)" } }
                    li { a href="branch.jsonl" download { "Branch as a log (JSON Lines)" } }
                    li { a href="changes.csv" download { "List of changes (CSV)" } }
                }
            }
        }
    }
}

/// What was kept of an earlier session.
fn offer(session: &Session) -> Markup {
    let Some(kept) = &session.offered else {
        return html! {};
    };
    html! {
        div class="offer" role="region" aria-label="Earlier work" {
            p { "There is unsaved work on this history from an earlier session: " (kept.in_words()) "." }
            button type="button" id="resume" { "Take it up" } " "
            button type="button" id="forget" { "Leave it" }
        }
    }
}

/// What is wrong with what stands now.
fn trouble(session: &Session) -> Markup {
    html! {
        @if !session.troubles.is_empty() {
            div class="wrong" role="alert" {
                p { strong { "That is not legal:" } }
                ul { @for trouble in &session.troubles { li { (said(&trouble.says)) } } }
                p { "Undo it, or change something else so that it is." }
            }
        }
    }
}
