//! The list of events: each with a switch, a day and the way to its form.

use super::drawing::number_of;
use crate::explore::changes::edit_of;
use crate::explore::session::Session;
use crate::model::Day;
use crate::scenario::{Edit, Fate};
use crate::text::count;
use crate::view::page::pieces::said;
use crate::view::{Mark, Seen, summary};
use maud::{Markup, html};
use std::collections::{HashMap, HashSet};

/// How many events are listed at once.
const ROWS: usize = 60;

/// What can be done with an event.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    /// It happens, and can be dropped.
    Happens,
    /// It was dropped by itself.
    Dropped,
    /// It falls with another, or is cut.
    Falls,
    /// It comes by chance or by a rule.
    ByChance,
}

/// The events that concern what is looked at.
pub(in crate::explore) fn events(session: &Session) -> Markup {
    let (day, scenes) = (session.day(), &session.picture.scenes);
    // Of very many events no more is held than their places.
    let mut places: Vec<usize> = rows(session).map(|row| row.place).collect();
    let date = |place: &usize| scenes.get(*place).map(|row| row.record.date());
    let all = places.len();
    if session.looked.plays {
        places.retain(|place| date(place) <= Some(day));
    }
    let covered = (all - places.len()) as u64;
    let today = places.iter().position(|place| date(place) >= Some(day));
    let today = today.unwrap_or(places.len());
    let most = places.len().saturating_sub(ROWS);
    let first = session.looked.first_row;
    let first = first.unwrap_or(today.saturating_sub(ROWS / 2)).min(most);
    let last = (first + ROWS).min(places.len());
    let shown = places[first..last].iter();
    let shown: Vec<_> = shown.filter_map(|place| scenes.get(*place)).collect();
    let what = what(session, &shown);
    html! {
        div class="over" {
            h2 { "Events" }
            @if !session.is_read_only { button type="button" id="insert" { "Insert an event" } }
            label { input type="checkbox" id="all" checked[session.looked.all]; " of all pairs" }
        }
        p class="aside" { "Take the tick away and an event does not happen; give it another day; or write it anew. "
            @if session.is_read_only { "This session is read-only: nothing can be changed here." } }
        @if places.is_empty() && covered == 0 { p { "None concerns these two." } }
        ol class="rows" {
            @for (seen, what) in shown.iter().zip(what) { (row(session, seen, what)) }
        }
        @if covered > 0 { p class="aside" { (count(covered, "event")) " to come." } }
        @if places.len() > ROWS {
            div class="pager" {
                button type="button" data-row=(first.saturating_sub(ROWS)) disabled[first == 0] { "Earlier" }
                button type="button" data-row=(first + ROWS) disabled[first >= most] { "Later" }
                span { (first + 1) " to " (last) " of " (count(places.len() as u64, "event")) }
            }
        }
    }
}

/// The days on which something that is listed happens or could, in their order.
pub(in crate::explore) fn days(session: &Session) -> Vec<Day> {
    let mut days: Vec<_> = rows(session).map(|row| row.record.date()).collect();
    days.sort_unstable();
    days.dedup();
    days
}

fn rows(session: &Session) -> impl Iterator<Item = Seen<'_>> {
    let scenes = &session.picture.scenes;
    let dyad = session.looked.dyad;
    let concerns = move |seen: &Seen<'_>| {
        !seen.record.is_about_the_log()
            && (session.looked.all
                || dyad
                    .is_none_or(|dyad| seen.record.touches(dyad) || scenes.moves(seen.place, dyad)))
    };
    scenes.iter().filter(concerns)
}

/// What can be done with each of some events.
fn what(session: &Session, seen: &[Seen<'_>]) -> Vec<What> {
    let ids: HashSet<_> = seen.iter().map(|seen| seen.record.id()).collect();
    let entries = session.picture.scenario.entries.iter();
    let entries = entries.map(|entry| (entry.record.id(), entry));
    let entries: HashMap<_, _> = entries.filter(|(id, _)| ids.contains(id)).collect();
    let what = seen.iter().map(|seen| match entries.get(seen.record.id()) {
        None => What::ByChance,
        Some(entry) if entry.option().is_some() => What::ByChance,
        Some(entry) => match entry.fate {
            Fate::Dropped(None) => What::Dropped,
            Fate::Dropped(Some(_)) => What::Falls,
            _ if !seen.happens() => What::Falls,
            _ => What::Happens,
        },
    });
    what.collect()
}

/// A remark with the titles of events in the place of their ids, which stand between backticks.
fn with_titles(session: &Session, remark: &str) -> String {
    let scenes = &session.picture.scenes;
    let title = |id: &str| {
        let scene = scenes.of_id(id)?;
        Some(format!("“{}”", scene.record.title()))
    };
    let pieces = remark.split('`').enumerate();
    let pieces = pieces.map(
        |(place, piece)| match title(piece).filter(|_| place % 2 == 1) {
            Some(title) => title,
            None => piece.to_owned(),
        },
    );
    pieces.collect()
}

fn row(session: &Session, scene: &Seen<'_>, what: What) -> Markup {
    let record = scene.record;
    let id = record.id();
    let happens = what == What::Happens
        || (what == What::ByChance && !matches!(scene.mark, Mark::Undrawn | Mark::Illegal));
    let is_fixed = session.is_read_only || matches!(what, What::ByChance);
    let title = record
        .fields()
        .title
        .clone()
        .unwrap_or_else(|| summary(record));
    let is_today = record.date() == session.day();
    let own = edit_of(session.file(), id);
    let own = own.and_then(|place| session.file().edits.get(place));
    let is_own = matches!(own, Some(Edit::Insert(_)));
    html! {
        li id=(format!("row-{id}")) class=(format!("{}{}", if happens { "happens" } else { "gone" }, if is_today { " today" } else { "" })) data-event=(id) data-day=(record.date()) {
            input type="checkbox" id=(format!("on-{id}")) data-switch=(id) checked[happens] disabled[is_fixed || what == What::Falls]
                aria-label=(format!("{} happens", crate::text::shown(&title)));
            div class="told" {
                div { (number_of(session, record)) button type="button" class="link title" data-look=(record.date()) { (said(&title)) } }
                span class="aside" {
                    @if let Some(remark) = scene.remark { (said(&with_titles(session, remark))) }
                    @else if record.fields().title.is_some() { (said(&summary(record))) }
                }
            }
            div class="does" {
                input type="date" id=(format!("day-{id}")) data-move=(id) value=(record.date()) disabled[is_fixed || !happens] aria-label=(format!("The day of {}", crate::text::shown(&title)));
                @if !is_fixed { button type="button" id=(format!("edit-{id}")) data-edit=(id) { "Edit" } }
                @if is_own && !session.is_read_only { button type="button" id=(format!("out-{id}")) data-out=(id) { "Take out" } }
            }
        }
    }
}
