//! A ledger as text for people, and as lines of CSV.

use super::table::{Look, lines, number, table};
use crate::model::{Actor, Day, Dyad};
use crate::text::{count, cut, shown};
use crate::view::rows::csv::not_a_formula;
use crate::view::rows::ledger::{
    By, CrossingRow, LedgerRow, LedgerRows, NeverCrossedRow, Part, ReadBy,
};
use crate::view::rows::words::degrees;
use comfy_table::{Cell, ColumnConstraint, Width};
use serde::Serialize;

/// The longest title or note that is shown in a table, in characters.
const TEXT_LIMIT: usize = 200;

/// A ledger for people. The printed shares add up to the printed temperature or level, which the
/// table says.
#[must_use]
pub fn ledger_text(rows: &LedgerRows, look: Look) -> String {
    let when = match &rows.right_after {
        Some(id) => format!("on {}, right after {}", rows.date, shown(id)),
        None => format!("at the end of {}", rows.date),
    };
    let history = match rows.history.strip_prefix("the ") {
        Some(rest) => format!("The {rest}"),
        None => shown(&rows.history),
    };
    let mut text = format!(
        "{history}: {} {when}\n{}",
        rows.dyad,
        rows.model.conditions()
    );
    if let Some(crossing) = &rows.crossing {
        text.extend(["\n", &crossing_text(rows.dyad, crossing), "\n"]);
    }
    let (word, interval) = match (&rows.model, rows.interval) {
        (ReadBy::Model(_), _) => ("Temperature", String::new()),
        (ReadBy::Evidence(_), Some(ends)) => {
            let [low, high] = ends.map(degrees);
            ("Level", format!(" (90 %: {low} to {high})"))
        }
        (ReadBy::Evidence(_), None) => {
            ("Level", " (no interval: all events weigh the same)".into())
        }
    };
    text.extend([
        "\n",
        word,
        " ",
        &degrees(rows.temperature),
        &interval,
        ", tends to ",
        &degrees(rows.equilibrium),
        "\n\n",
    ]);
    text.push_str(&ledger_table(rows, look));
    text.extend(["\nThe shares add up to the ", rows.model.word(), "."]);
    if rows.events_without_effect > 0 && rows.by == By::Event {
        let events = count(rows.events_without_effect, "event");
        let why = match rows.model {
            ReadBy::Model(_) => " that gave no push and changed nothing.",
            ReadBy::Evidence(_) => " without a weight of what one does to the other.",
        };
        text.extend([" Not listed: ", &events, why]);
    }
    if matches!(rows.model, ReadBy::Evidence(_)) && rows.by == By::Event {
        text.push_str(" Effects hold the prior as it is.");
    }
    text.push('\n');
    look.names.said(&text)
}

fn ledger_table(rows: &LedgerRows, look: Look) -> String {
    let is_by_event = rows.by == By::Event;
    let push = match rows.model {
        ReadBy::Model(_) => "push",
        ReadBy::Evidence(_) => "weight",
    };
    let mut header = vec!["date", "what", push, "share"];
    if is_by_event {
        header.extend(["effect", "why the effect is another"]);
    } else if let Some(date) = header.first_mut() {
        *date = "first on";
    }
    let mut table = table(&header, look);
    let maybe = |value: Option<f64>| number(value.map_or_else(String::new, degrees));
    for (row, share) in rows.rows.iter().zip(rows.printed_shares()) {
        if row.is_idle() {
            continue;
        }
        let date = row.date.map_or_else(String::new, |date| date.to_string());
        let what = cut(&shown(&row.what), TEXT_LIMIT);
        let what = match &row.id {
            Some(id) if *id != row.what => format!("{what} [{}]", shown(id)),
            _ => what,
        };
        let mut cells = vec![
            Cell::new(date),
            Cell::new(what),
            maybe(row.push),
            number(share),
        ];
        if is_by_event {
            let note = row.note.as_deref().unwrap_or_default();
            cells.push(maybe(row.effect));
            cells.push(Cell::new(cut(&shown(note), TEXT_LIMIT)));
        }
        table.add_row(cells);
    }
    let sum = number(degrees(rows.temperature));
    table.add_row([Cell::new(""), Cell::new("sum"), Cell::new(""), sum]);
    if let Some(dates) = table.column_mut(0) {
        dates.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(11)));
    }
    lines(&mut table)
}

fn crossing_text(dyad: Dyad, crossing: &CrossingRow) -> String {
    let CrossingRow {
        value,
        event,
        date,
        before,
        after,
        towards,
    } = crossing;
    let by = match (event, towards) {
        (Some(event), _) => format!("with the event {}", shown(event)),
        (None, Some(towards)) => format!("by waiting, towards {}", degrees(*towards)),
        (None, None) => "by waiting".to_owned(),
    };
    let (mut from, mut to) = (degrees(*before), degrees(*after));
    if from == to {
        (from, to) = (format!("{before:.4}"), format!("{after:.4}"));
    }
    format!("{dyad} first passed {value} on {date} {by}: from {from} to {to}.")
}

/// That a temperature never passed a value, in a sentence.
#[must_use]
pub fn never_crossed_text(row: &NeverCrossedRow) -> String {
    let NeverCrossedRow {
        dyad,
        until,
        value,
        closest,
        closest_on,
        equilibrium,
        ..
    } = row;
    format!(
        "{dyad} did not pass {value} until {until}: it came closest on {closest_on}, at {}, and tends to {} in the end.",
        degrees(*closest),
        degrees(*equilibrium)
    )
}

/// A row of a ledger as a line of CSV: lists with `;` between, nothing where nothing is known.
#[derive(Clone, Debug, Serialize)]
pub struct LedgerLine<'a> {
    history: String,
    dyad: Dyad,
    at: Day,
    right_after: Option<&'a str>,
    temperature: f64,
    part: Part,
    id: Option<String>,
    date: Option<Day>,
    what: String,
    act: Option<&'static str>,
    source: String,
    target: String,
    reach: Option<&'static str>,
    count: u64,
    push: Option<f64>,
    share: f64,
    effect: Option<f64>,
    note: Option<String>,
    model: String,
    /// Of a level, the ends of its interval, where it has one; a temperature has no such columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    level_low: Option<End>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level_high: Option<End>,
}

/// An end of the interval of a level, where there is one.
#[derive(Clone, Copy, Debug, Serialize)]
struct End(Option<f64>);

impl LedgerRows {
    /// One line for each row, the shares with all their bits.
    #[must_use]
    pub fn lines(&self) -> Vec<LedgerLine<'_>> {
        let actors = |actors: &[Actor]| {
            let codes: Vec<_> = actors.iter().map(Actor::code).collect();
            codes.join(";")
        };
        let end = |place: usize| match self.model {
            ReadBy::Model(_) => None,
            ReadBy::Evidence(_) => Some(End(self.interval.map(|ends| ends[place]))),
        };
        let line = |row: &LedgerRow| LedgerLine {
            history: not_a_formula(self.history.clone()),
            dyad: self.dyad,
            at: self.date,
            right_after: self.right_after.as_deref(),
            temperature: self.temperature,
            part: row.part,
            id: row.id.clone(),
            date: row.date,
            what: not_a_formula(row.what.clone()),
            act: row.act,
            source: actors(&row.source),
            target: actors(&row.target),
            reach: row.reach,
            count: row.count,
            push: row.push,
            share: row.share,
            effect: row.effect,
            note: row.note.clone(),
            model: self.model.label().to_owned(),
            level_low: end(0),
            level_high: end(1),
        };
        self.rows.iter().map(line).collect()
    }
}
