//! The curve with its events and phases, the cursor of days below it, and what else changed.

use crate::explore::session::Session;
use crate::history::Record;
use crate::model::Dyad;
use crate::view::degrees;
use crate::view::figure::{Figure, Panel, place_of};
use crate::view::page::pieces::{drawn, minus, said};
use maud::{Markup, html};

/// The most events whose marks can be dragged.
const DRAGGED: usize = 400;
/// How many other dyads that changed are named.
const ALSO: usize = 6;

/// The curve, and everything by which it is moved through.
pub(in crate::explore) fn picture(session: &Session) -> Markup {
    let picture = &session.picture;
    let Some(dyad) = session.looked.dyad else {
        return html! { p { "Nothing happens between two actors yet. Insert an event." } };
    };
    // What is played by hand is not told beforehand.
    let also = if session.looked.plays {
        Vec::new()
    } else {
        picture.also_changed(Some(dyad))
    };
    html! {
        div class="over" {
            label { "Between " (dyads(session, dyad)) }
            @if !session.troubles.is_empty() { strong class="stale" { "This is how it was before; what stands now is not legal." } }
        }
        (curve(session, dyad))
        @if !also.is_empty() {
            p class="aside also" { "Changed as well: "
                @for (place, (other, gap)) in also.iter().take(ALSO).enumerate() {
                    @if place > 0 { ", " }
                    button type="button" class="link" data-follow=(other) { (picture.both(*other)) " by up to " (minus(&signed(*gap))) }
                }
                @if also.len() > ALSO { " and " (also.len() - ALSO) " more" }
                "."
            }
        }
        @for why in &picture.undrawn { p class="aside" { "A pinned branch cannot be drawn: " (said(why)) } }
    }
}

/// Degrees with their sign.
pub(in crate::explore) fn signed(value: f64) -> String {
    let text = degrees(value);
    if text.starts_with('-') || text == degrees(0.0) {
        text
    } else {
        format!("+{text}")
    }
}

/// The number that an event has on the curve, before its title.
pub(in crate::explore) fn number_of(session: &Session, record: &Record) -> Markup {
    html! { @if let Some(number) = session.number(record) { b class="nr" title="Its number on the curve" { (number) } } }
}

fn dyads(session: &Session, chosen: Dyad) -> Markup {
    html! {
        select id="dyad" aria-label="The two sides that are looked at" {
            @for dyad in &session.picture.comparison.dyads {
                option value=(dyad) selected[*dyad == chosen] { (session.picture.both(*dyad)) }
            }
        }
    }
}

fn curve(session: &Session, dyad: Dyad) -> Markup {
    let album = match session.picture.album(dyad, session.drawn_days()) {
        Ok(album) => album,
        Err(error) => return html! { p { (said(&error.to_string())) } },
    };
    let figure = |title: String, says: String, panel: Panel| -> Figure {
        let figure = album.of_panel(title, says, panel);
        figure.called(&session.picture.said)
    };
    let both = session.picture.both(dyad);
    let temperatures = figure(
        format!("Temperature of {both}"),
        album.describe(&[dyad]),
        album.temperatures(dyad),
    );
    let grey = (!session.troubles.is_empty()).then_some("grey");
    let lanes = album.lanes(dyad);
    let differences = album.differences(dyad);
    // The ids of the events behind the numbers of marks, so that one can be dragged.
    let few = album.events.len() <= DRAGGED && !session.is_read_only;
    let ids: Vec<_> = album.events.iter().map(Record::id).collect();
    html! {
        div id="curve" data-ids=[few.then(|| ids.join(" "))] class=[grey] { (drawn(&temperatures, "temperature")) }
        (cursor(session))
        @if let Some(panel) = lanes {
            details id="lanes" {
                summary { "Measures, agenda and meetings over time" }
                @let says = "How measures, agenda and meetings stood over time.".to_owned();
                div class=[grey] { (drawn(&figure(format!("Measures, agenda and meetings of {both}"), says, panel), "lanes-of")) }
            }
        }
        @if let Some(panel) = differences {
            details id="gaps" {
                summary { "Difference from 1, " (said(&session.picture.names[0])) }
                @let says = "How much warmer or colder each other history is than the first.".to_owned();
                div class=[grey] { (drawn(&figure(format!("Difference of {both} from 1"), says, panel), "gaps-of")) }
            }
        }
    }
}

/// The cursor: a slider over all days, and steps from event to event.
fn cursor(session: &Session) -> Markup {
    let [first, last] = session.days();
    let whole = session.picture.days[0];
    let day = session.day();
    html! {
        div class="cursor" {
            input type="range" id="slider" min=(place_of(first)) max=(place_of(last)) value=(place_of(day)) step="1"
                aria-label="The day that is looked at" aria-valuetext=(day);
            div class="steps" {
                button type="button" id="event-before" title="The event before" { "◀ event" }
                button type="button" id="day-before" title="The day before" { "−1 day" }
                input type="date" id="day" value=(day) min=(first) max=(last) aria-label="The day that is looked at";
                button type="button" id="day-after" title="The day after" { "+1 day" }
                button type="button" id="event-after" title="The next event" { "event ▶" }
                @if !session.is_read_only {
                    button type="button" id="play" aria-pressed=(session.looked.plays) title="Cover what lies behind the day, and go on from event to event" { @if session.looked.plays { "Uncover all" } @else { "Play by hand" } }
                    @if !session.looked.plays { button type="button" id="play-here" title="Cover what lies behind the day that is looked at, and go on from there" { "… from this day" } }
                }
                label class="until" { "drawn from " input type="date" id="from" value=(first) min=(whole) max=(last) aria-label="The first day that is drawn"; }
                label { "until " input type="date" id="until" value=(last) aria-label="The last day" disabled[session.is_read_only]; }
            }
        }
    }
}
