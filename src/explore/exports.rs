//! What is handed on: the curve as SVG, the numbers and the list of changes as tables, the
//! histories of a report.

use super::picture::luck;
use super::session::Session;
use crate::error::Result;
use crate::scenario::{Base, Scenario, branch_log};
use crate::view::figure::{Canvas, Theme, svg_document};
use crate::view::{ComparisonLine, ComparisonRows, not_a_formula};

/// The width of the figure, in pixels.
const WIDTH: u32 = 780;

/// The curve as an SVG of its own.
///
/// # Errors
/// When nothing can be drawn.
pub fn curve_svg(session: &Session) -> Result<String> {
    let Some(dyad) = session.looked.dyad else {
        return Err(crate::error::BadQuestion::NothingMoves.into());
    };
    let figure = session
        .picture
        .album(dyad, session.drawn_days())?
        .figure(&[dyad]);
    let figure = figure.called(&session.base.names);
    let canvas = Canvas {
        width: WIDTH,
        theme: Theme::Light,
        id: "",
    };
    Ok(svg_document(&figure, canvas))
}

/// The temperatures of all histories that are drawn as tidy rows, as `detente compare --format csv`
/// prints them.
#[must_use]
pub fn temperatures_csv(session: &Session) -> String {
    let comparison = &session.picture.comparison;
    let dyads: Vec<_> = (0..comparison.dyads.len()).collect();
    let rows = ComparisonRows::new(comparison, &dyads);
    let mut lines = csv::Writer::from_writer(Vec::new());
    for line in ComparisonLine::of(comparison, &rows) {
        // A table in memory takes every row.
        let _ = lines.serialize(line);
    }
    String::from_utf8(lines.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// The list of changes; what was undone is said to be.
#[must_use]
pub fn changes_csv(session: &Session) -> String {
    let mut lines = csv::Writer::from_writer(Vec::new());
    let _ = lines.write_record(["number", "time", "change", "reason", "status"]);
    for (number, step) in session.steps.iter().enumerate() {
        let reason = step.reason.clone().unwrap_or_default();
        let time = step.time.clone().unwrap_or_default();
        let status = if number > session.at {
            "undone"
        } else {
            "done"
        };
        let [time, words, reason] = [time, step.words.clone(), reason].map(not_a_formula);
        let row = [&number.to_string(), &time, &words, &reason, status];
        let _ = lines.write_record(row);
    }
    String::from_utf8(lines.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// The present branch as a log, which `detente replay` and `compare` take.
///
/// # Errors
/// What is wrong where it is not legal, in words, or that a line would be too long.
pub fn branch(session: &Session) -> Result<Vec<u8>, String> {
    let scenario = session.as_saved()?;
    branch_log(&scenario, luck(&scenario)).map_err(|error| error.to_string())
}

/// A history that is drawn, for a report.
#[derive(Debug)]
pub enum Drawn<'s> {
    /// The log.
    Log(&'s Base),
    /// A scenario.
    Scenario(Box<Scenario>),
}

/// The histories that are drawn, each with its name: the log that all comes from, the present
/// branch, the pinned ones.
#[must_use]
pub fn histories(session: &Session) -> Vec<(String, Drawn<'_>)> {
    let picture = &session.picture;
    let mut histories = Vec::new();
    if session.base.lineage.is_empty() {
        histories.push((session.base.name.clone(), Drawn::Log(&session.base)));
    }
    if picture.own > 0 || histories.is_empty() {
        let own = picture.scenario.clone().written_as(&session.text());
        let own = Box::new(own);
        histories.push((format!("{}.json", session.name), Drawn::Scenario(own)));
    }
    for pin in &session.pins {
        let pinned = Scenario::new(&pin.name, pin.file.clone(), session.base.clone());
        histories.extend(pinned.ok().map(|pinned| {
            let pinned = Scenario {
                title: pin.name.clone(),
                ..pinned
            };
            (pin.name.clone(), Drawn::Scenario(Box::new(pinned)))
        }));
    }
    histories
}
