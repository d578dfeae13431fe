//! The events of a report: a table with everything that is known of each, to which the marks of the
//! charts lead.

use super::pieces::{said, said_in_lines};
use super::report::Report;
use crate::history::{Evidence, Record};
use crate::view::rows::words::{degrees, summary};
use crate::view::text::what_if::strand::Passed;
use maud::{Markup, html};
use std::collections::BTreeMap;

/// In which histories each event happens.
type Places<'a> = BTreeMap<usize, Vec<(usize, &'a Passed)>>;

/// The table of all events that concern a dyad of the report.
pub(super) fn events(report: &Report<'_>) -> Markup {
    let places = places(report);
    let several = report.histories.len() > 1;
    html! {
        h2 id="events" { "Events" }
        p class="aside" { "The numbers are those of the marks. A change is what the event added on its day, in degrees, and the temperature right after it." }
        @if let Some(thinned) = report.album.thinned() { p class="aside" { (thinned) " No others are listed." } }
        div class="events" {
            table class="paged" {
                thead { tr {
                    th scope="col" { "No." }
                    th scope="col" { "Date" }
                    th scope="col" { "What happened" }
                    th scope="col" { @if several { "In which histories, and what it changed" } @else { "What it changed" } }
                } }
                tbody {
                    @for (number, record) in (1..).zip(&report.album.events) {
                        tr id=(format!("event-{number}")) {
                            td { (number) }
                            td { time datetime=(record.date()) { (record.date()) } }
                            td { (told(record)) }
                            td { (changed(report, number, places.get(&number).map_or(&[][..], Vec::as_slice))) }
                        }
                    }
                }
            }
        }
    }
}

fn places<'a>(report: &Report<'a>) -> Places<'a> {
    let mut places: Places<'a> = BTreeMap::new();
    for (history, strand) in (1..).zip(&report.album.strands) {
        for passed in strand.passages.iter() {
            if let Some(number) = report.album.number(strand.record(passed)) {
                places.entry(number).or_default().push((history, passed));
            }
        }
    }
    places
}

/// An event in words: its title, what it is, a note, and where it is documented.
fn told(record: &Record) -> Markup {
    let fields = record.fields();
    html! {
        @match &fields.title {
            Some(title) => { strong { (said(title)) } p { (said(&summary(record))) } }
            None => { strong { (said(&summary(record))) } p { (said(record.id())) } }
        }
        @if let Some(note) = &fields.note { p { (said_in_lines(note)) } }
        @if !fields.evidence.is_empty() {
            ul { @for evidence in &fields.evidence { li { (documented(evidence)) } } }
        }
    }
}

/// Where an event is documented. Only addresses of the web become links.
fn documented(evidence: &Evidence) -> Markup {
    let link = evidence.url.as_deref().filter(|url| is_of_the_web(url));
    html! {
        @match link {
            Some(url) => a href=(url) rel="noopener noreferrer" { (said(&evidence.document)) },
            None => (said(&evidence.document)),
        }
        @if let Some(locator) = &evidence.locator { ", " (said(locator)) }
        @if let Some(day) = evidence.published { ", " (day) }
        @if let Some(url) = evidence.url.as_deref().filter(|_| link.is_none()) { ", " (said(url)) }
    }
}

fn is_of_the_web(url: &str) -> bool {
    let begins = |scheme: &str| {
        url.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    (begins("http://") || begins("https://"))
        && !url.chars().any(|it| it.is_control() || it.is_whitespace())
}

/// In which histories an event happens, what it changed there, and what scenarios make of it.
fn changed(report: &Report<'_>, number: usize, places: &[(usize, &Passed)]) -> Markup {
    let all = report.histories.len();
    let numbers = |histories: &[usize]| {
        let numbers: Vec<_> = histories.iter().map(ToString::to_string).collect();
        numbers.join(", ")
    };
    let histories: Vec<usize> = places.iter().map(|(history, _)| *history).collect();
    let mut lines: Vec<(String, Vec<usize>)> = Vec::new();
    for (history, passed) in places {
        let moved = passed.moved.iter();
        for moved in moved.filter(|it| report.dyads.contains(&it.dyad)) {
            let sign = if moved.event_part < 0.0 { "" } else { "+" };
            let text = format!(
                "{} {sign}{}, to {}",
                moved.dyad,
                degrees(moved.event_part),
                degrees(moved.after)
            );
            let text = text.replace(" -", " −");
            match lines.iter_mut().find(|(known, _)| *known == text) {
                Some((_, histories)) => histories.push(*history),
                None => lines.push((text, vec![*history])),
            }
        }
    }
    let remarks = (1..)
        .zip(&report.histories)
        .filter_map(|(history, it)| Some((history, it.remarks.get(&number)?)));
    html! {
        @if all > 1 { div { "in " @if histories.len() == all { "all" } @else { (numbers(&histories)) } } }
        @for (text, own) in &lines {
            div { (text) @if own.len() != histories.len() { " (in " (numbers(own)) ")" } }
        }
        @for (history, remark) in remarks { div { (history) ": " (said(remark)) } }
    }
}

#[cfg(test)]
mod tests {
    use super::is_of_the_web;

    #[test]
    fn only_addresses_of_the_web_become_links() {
        assert!(is_of_the_web("https://example.org/a?b=c"));
        assert!(is_of_the_web("HTTP://example.org"));
        for other in [
            "javascript:alert(1)",
            "data:text/html,x",
            "//example.org",
            " https://example.org",
            "https://a b",
            "ftp://x",
            "é",
        ] {
            assert!(!is_of_the_web(other), "{other}");
        }
    }
}
