//! A report: one HTML page with charts, tables and sources, complete in itself, that asks nothing
//! of anywhere.
//!
//! Everything stands in the page as text, tables and drawings; the script only hides, zooms and
//! pages. The policy in the head lets a browser run that script and that style and load nothing at
//! all.

pub(crate) mod pieces;
mod report;

mod asked;
mod dyads;
mod ensembles;
mod events;
mod model;

pub(crate) use ensembles::ensembles;

use super::figure::Theme;
use base64::{Engine, engine::general_purpose::STANDARD};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use pieces::{said, said_in_lines};
use sha2::{Digest, Sha256};
use std::io::{self, BufRead, Read};

pub use report::{HistoryNote, Report};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The report as an HTML page.
#[must_use]
pub fn page(report: &Report<'_>) -> String {
    let style = style();
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        digest(&style),
        digest(SCRIPT),
    );
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                meta name="generator" content=(concat!("detente ", env!("CARGO_PKG_VERSION")));
                title { (crate::text::shown(&report.title)) }
                style { (PreEscaped(&style)) }
            }
            body {
                a class="skip" href="#content" { "To the content" }
                (head(report))
                main id="content" {
                    (asked::asked(report))
                    (tools(report))
                    (dyads::dyads(report))
                    @if let Some(fans) = report.fans { (ensembles(fans, &report.dyads)) }
                    (dyads::ends(report))
                    (model::robustness(report))
                    (events::events(report))
                    (model::parameters(report))
                }
                footer { (model::manifest(report)) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string() + "\n"
}

/// Whether a file begins as [`page`] does.
///
/// # Errors
/// What the system says.
pub fn is_page(input: &mut dyn BufRead) -> io::Result<bool> {
    /// The generator is named within so many bytes.
    const HEAD_BYTES: u64 = 4096;
    let mut head = Vec::new();
    input.take(HEAD_BYTES).read_to_end(&mut head)?;
    let head = String::from_utf8_lossy(&head);
    Ok(head.starts_with("<!DOCTYPE html>")
        && head.contains("<meta name=\"generator\" content=\"detente "))
}

/// The style with the inks for light and dark.
pub(crate) fn style() -> String {
    let (light, dark) = (Theme::Light.definitions(), Theme::Dark.definitions());
    format!(
        ":root{{{light}}}\n@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}\n\
         :root[data-theme=dark]{{{dark}}}\n@media print{{:root,:root:not([data-theme=light]),:root[data-theme=dark]{{{light}}}}}\n{STYLE}"
    )
}

/// The digest of a script or a style, as a policy names it.
pub(crate) fn digest(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text.as_bytes()))
}

fn head(report: &Report<'_>) -> Markup {
    let [first, last] = report.album.days;
    html! {
        header {
            h1 { (said(&report.title)) }
            p { "From " (first) " to " (last) ". Every number holds under the model that is printed below; nothing here is an estimate of causes or a forecast." }
            ol { @for history in &report.histories {
                li {
                    strong { (said(&history.title)) } " " code { (said(&history.name)) }
                    // What asks something has its note beside its answers.
                    @if let Some(note) = history.note.as_ref().filter(|_| history.answers.is_empty()) { br; (said_in_lines(note)) }
                }
            } }
            nav aria-label="Contents" { ul {
                @if asked::is_anything_asked(report) { li { a href="#asked" { "What was asked" } } }
                @for dyad in &report.dyads { li { a href=(format!("#{dyad}")) { (dyad) } } }
                @if report.fans.is_some() { li { a href="#chance" { "Chance" } } }
                @if !report.comparison.ends.is_empty() { li { a href="#ends" { "At the end" } } }
                @if report.robustness.is_some() { li { a href="#robustness" { "Other models" } } }
                li { a href="#events" { "Events" } }
                li { a href="#model" { "Model" } }
                li { a href="#manifest" { "Made from" } }
            } }
        }
    }
}

/// What the script needs to be told; without it nothing of this is shown.
fn tools(report: &Report<'_>) -> Markup {
    let [first, last] = report.album.days;
    html! {
        div id="tools" class="tools" hidden {
            @if report.histories.len() > 1 {
                fieldset {
                    legend { "Show" }
                    @for (number, history) in (1..).zip(&report.histories) {
                        label { input type="checkbox" checked data-of=(number); (number) " " (said(&history.drawn_as())) }
                    }
                }
            }
            fieldset {
                legend { "Span" }
                label { "from " input type="date" id="from" value=(first) min=(first) max=(last); }
                label { "to " input type="date" id="to" value=(last) min=(first) max=(last); }
                button type="button" id="zoom" { "Zoom" }
                button type="button" id="whole" { "Whole" }
                label { "Type " select id="type" {
                    option value="" { "normal" }
                    option value="large" { "large" }
                } }
                label { "Theme " select id="theme" {
                    option value="" { "system" }
                    option value="light" { "light" }
                    option value="dark" { "dark" }
                } }
            }
        }
    }
}
