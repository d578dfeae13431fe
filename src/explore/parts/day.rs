//! A day: how the two sides stand at its end, and what the temperature is made of.

use super::drawing::{number_of, signed};
use crate::explore::session::Session;
use crate::history::Names;
use crate::model::{Day, Dyad};
use crate::scenario::ChanceNode;
use crate::view::page::pieces::{Cell, answered, drawn, header, minus, said, table, weighed};
use crate::view::{AgendaRow, MeasureRow, RelationRow};
use crate::view::{Mark, Standings, at_strength, degrees, plain, prepositions, waterfall};
use maud::{Markup, html};

/// How the sides that are looked at stand at the end of the day that is looked at.
pub(in crate::explore) fn state(session: &Session) -> Markup {
    let Some(dyad) = session.looked.dyad else {
        return html! {};
    };
    let picture = &session.picture;
    let day = session.day();
    let folded = picture.folded(picture.own, day);
    let model = &picture.own_track().model;
    let index = folded.world.find_dyad(dyad);
    let standings = index.map(|index| Standings::new(&folded, &[index], model));
    let row = standings.as_ref().and_then(|all| all.dyads.first());
    let names = &session.base.names;
    html! {
        h2 id="state-title" { "On " time id="state-day" datetime=(day) { (day) } }
        @match row {
            None => { (decide(session, day)) p { "Nothing has happened between " (picture.both(dyad)) " by then; the temperature is that of the baseline, " (minus(&degrees(model.baseline(dyad)))) "." } },
            Some(row) => {
                p class="reading" { strong id="reading" { (minus(&degrees(row.temperature))) " degrees" }
                    @if let Some(phase) = row.phase { ", " (phase) }
                    ", tends to " (minus(&degrees(row.equilibrium)))
                }
                (decide(session, day))
                (today(session, day))
                (beside(session, dyad, day, row.temperature))
                (measures(row, names))
                (agenda(row, names))
                (meetings(row, names))
            },
        }
        details id="why" data-load="why" { summary { "What the temperature is made of" } div id="why-parts" { p class="aside" { "Being worked out …" } } }
        @if !session.looked.plays { (answers(session)) }
    }
}

/// The temperature in the other histories that are drawn.
fn beside(session: &Session, dyad: Dyad, day: Day, own: f64) -> Markup {
    let picture = &session.picture;
    let others = picture.names.iter().enumerate();
    let others: Vec<_> = others.filter(|(place, _)| *place != picture.own).collect();
    if others.is_empty() {
        return html! {};
    }
    html! {
        ul class="beside" { @for (place, name) in others {
            @let there = picture.temperature(place, dyad, day);
            li { "in " (place + 1) ", " (said(name)) ": " (minus(&degrees(there))) ", so here it is " (minus(&signed(own - there))) }
        } }
    }
}

/// What is decided on the day itself: chances that are drawn on it, and reactions of rules.
fn decide(session: &Session, day: Day) -> Markup {
    let picture = &session.picture;
    let own = session.file().chance.iter().enumerate();
    let drawn: Vec<_> = own
        .filter(|(_, node)| day_of(session, node) == Some(day))
        .collect();
    let reactions = picture
        .scenes
        .iter()
        .filter(|scene| scene.mark == Mark::Reaction && scene.record.date() == day);
    html! {
        @for (place, node) in drawn {
            p { "Decide what comes of " strong { (said(session.base.names.name(&node.id).unwrap_or(&node.id))) } ": "
                @for (number, option) in node.options.iter().enumerate() {
                    button type="button" id=(format!("decide-{place}-{number}")) data-decide=(node.id) data-option=(option.label) aria-pressed=(option.probability == 1.0) disabled[session.is_read_only] { (said(&option.label)) } " "
                }
                button type="button" id=(format!("decide-{place}-drawn")) data-decide=(node.id) disabled[session.is_read_only] { "let it be drawn" }
            }
        }
        @for scene in reactions {
            p { (said(&scene.record.title())) " comes of a rule. "
                button type="button" id=(format!("hold-{}", scene.record.id())) data-hold=(scene.record.id()) disabled[session.is_read_only] { "Hold it back" }
            }
        }
    }
}

/// The day on which a chance is drawn; nothing where what it hangs on does not happen.
pub(in crate::explore) fn day_of(session: &Session, node: &ChanceNode) -> Option<Day> {
    match (&node.date, &node.after) {
        (Some(date), _) => Some(*date),
        (None, Some(after)) => {
            let records = &session.picture.own_track().records;
            let record = records.iter().find(|record| record.id() == after.event)?;
            record.date().plus_days(i32::try_from(after.days).ok()?)
        }
        (None, None) => None,
    }
}

/// What happens on the day itself.
fn today(session: &Session, day: Day) -> Markup {
    let records = &session.picture.own_track().records;
    let today: Vec<_> = records.iter().filter(|it| it.date() == day).collect();
    html! {
        @if !today.is_empty() {
            p { "On this day:" }
            ul class="today" { @for record in today { li { (number_of(session, record)) (said(&record.title())) } } }
        }
    }
}

/// An id with the name that the log has for it.
fn called(names: &Names, id: &str) -> Cell {
    Cell::Said(names.name(id).unwrap_or(id).to_owned())
}

fn measures(row: &RelationRow, names: &Names) -> Markup {
    let cells = row.measures.iter().enumerate().map(|(place, measure)| {
        let MeasureRow { kind, role, .. } = measure;
        let [by, link] = prepositions(kind, role);
        let adds = match measure.counts_by {
            Some(other) if other != place => "counted with another".to_owned(),
            _ => minus(&degrees(measure.degrees)),
        };
        let status = format!("{}{}", plain(measure.status), at_strength(measure.strength));
        vec![
            called(names, &measure.id),
            Cell::Text(plain(kind)),
            Cell::Text(format!("{by} {} {link} {}", measure.source, measure.other)),
            Cell::Text(status),
            Cell::Text(measure.since.to_string()),
            Cell::Number(adds),
        ]
    });
    let cells: Vec<_> = cells.collect();
    html! {
        @if !cells.is_empty() {
            h3 { "Standing measures" }
            (table("standing measures", &header(["measure", "kind", "between", "status", "since", "adds"]), &cells))
        }
    }
}

fn agenda(row: &RelationRow, names: &Names) -> Markup {
    if row.agenda.is_empty() {
        return html! {};
    }
    let sides = row.dyad.sides();
    let mut columns = header(["item", "status", "priority", "raised by"]);
    columns.extend(sides.map(|side| format!("readout of {side}")));
    let cells = row.agenda.iter().map(|item| {
        let raised: Vec<_> = item.raised_by.iter().map(ToString::to_string).collect();
        let mut cells = vec![
            called(names, &item.item),
            Cell::Text(status(item)),
            Cell::Text(item.priority.map_or_else(String::new, plain)),
            Cell::Text(raised.join(", ")),
        ];
        cells.extend(item.sides.iter().map(|side| {
            let says = side.readout.map_or_else(|| "none".to_owned(), plain);
            Cell::Text(says)
        }));
        cells
    });
    let cells: Vec<_> = cells.collect();
    html! {
        h3 { "Agenda" }
        (table("agenda", &columns, &cells))
    }
}

fn status(item: &AgendaRow) -> String {
    let status = item.status.map_or_else(String::new, plain);
    match item.according_to {
        Some(side) => format!("{status}, says {side}"),
        None => status,
    }
}

fn meetings(row: &RelationRow, names: &Names) -> Markup {
    let cells = row.meetings.iter().map(|meeting| {
        let day = meeting.scheduled_for;
        vec![
            called(names, &meeting.id),
            Cell::Text(plain(meeting.status)),
            Cell::Text(day.map_or_else(|| "none".to_owned(), |day| day.to_string())),
        ]
    });
    let cells: Vec<_> = cells.collect();
    html! {
        @if !cells.is_empty() {
            h3 { "Meetings" }
            (table("meetings", &header(["meeting", "status", "day fixed"]), &cells))
        }
    }
}

/// The answers to the scenario's questions.
fn answers(session: &Session) -> Markup {
    let answers = &session.picture.answers;
    let rows = answers.iter();
    let rows = rows.map(|(id, answer)| vec![called(&session.base.names, id), answered(answer)]);
    let rows: Vec<_> = rows.collect();
    html! {
        @if !rows.is_empty() {
            h3 { "What was asked" }
            (table("what was asked", &header(["question", "answer"]), &rows))
        }
    }
}

/// What the temperature of the day is made of.
pub(in crate::explore) fn why(session: &Session) -> Markup {
    let Some(dyad) = session.looked.dyad else {
        return html! {};
    };
    let picture = &session.picture;
    let rows = match picture.ledger(dyad, session.day()) {
        Ok(Some(rows)) => rows,
        Ok(None) => return html! { p { "Nothing has happened between them by then." } },
        Err(error) => return html! { p { (said(&error.to_string())) } },
    };
    let cells = rows.rows.iter().zip(rows.printed_shares());
    let cells: Vec<_> = cells
        .map(|(row, share)| {
            let mut cells = vec![Cell::Said(minus(&row.what))];
            cells.extend(weighed(row, &share));
            cells
        })
        .collect();
    html! {
        p class="aside" { "Shares add up to the temperature. An effect answers another question: how much warmer it is than it would be without the event and all that it led to." }
        (drawn(&waterfall(&rows, picture.own).called(&picture.said), "ledger"))
        (table("what the temperature is made of", &header(["what", "date", "push", "share", "effect"]), &cells))
    }
}
