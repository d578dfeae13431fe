//! A session in text, for a terminal: the day that is reached, what can be decided on it, the list
//! of changes.

use super::parts::day::day_of;
use super::session::Session;
use crate::error::Result;
use crate::text::shown;
use crate::view::{Look, Mark, Standings, degrees, ledger_text, standings_text, story_table};
use std::fmt::Write;

/// The day: what happens on it, what can be decided, and how the two sides stand.
#[must_use]
pub fn day_text(session: &Session, look: Look) -> String {
    let picture = &session.picture;
    let day = session.day();
    let scenes = picture.scenes_of(day, session.looked.dyad);
    let mut text = format!("{day}\n");
    if !scenes.is_empty() {
        let has_phases = picture.scenario.model.saturation();
        text.push_str(&story_table(&scenes, false, has_phases, look));
    }
    let nodes = session.file().chance.iter();
    for node in nodes.filter(|node| day_of(session, node) == Some(day)) {
        let chosen = node.options.iter().find(|it| it.probability == 1.0);
        if let Some(option) = chosen {
            let (id, label) = (shown(&node.id), shown(&option.label));
            let _ = writeln!(
                text,
                "Decided: {id}: {label}. Say `draw {id}` to let it be drawn again."
            );
            continue;
        }
        let options: Vec<_> = node
            .options
            .iter()
            .map(|option| format!("{} ({})", shown(&option.label), option.probability))
            .collect();
        let _ = writeln!(
            text,
            "To be decided: {}: {}. Say `choose {} OPTION`, or let it be drawn.",
            shown(&node.id),
            options.join(", "),
            shown(&node.id)
        );
    }
    for scene in &scenes {
        if scene.mark == Some(Mark::Reaction) {
            let id = shown(scene.record.id());
            let _ = writeln!(text, "By a rule: {id}. Say `hold {id}` to hold it back.");
        }
    }
    if let Some(dyad) = session.looked.dyad {
        let folded = picture.folded(picture.own, day);
        let model = &picture.own_track().model;
        if let Some(index) = folded.world.find_dyad(dyad) {
            let standings = Standings::new(&folded, &[index], model);
            let _ = write!(text, "\n{}", standings_text(&standings, look));
        } else {
            let baseline = degrees(model.baseline(dyad));
            let _ = writeln!(text, "\n{dyad}  {baseline}: nothing has happened yet");
        }
    }
    look.names.said(&text)
}

/// What the temperature of the day is made of.
///
/// # Errors
/// When the rules of a scenario cause more than they may without an event.
pub fn why_text(session: &Session, look: Look) -> Result<String> {
    let picture = &session.picture;
    let rows = match session.looked.dyad {
        Some(dyad) => picture.ledger(dyad, session.day())?,
        None => None,
    };
    Ok(rows.map_or_else(
        || "Nothing has happened between them yet.\n".to_owned(),
        |rows| ledger_text(&rows, look),
    ))
}

/// The list of changes, with where one stands in it.
#[must_use]
pub fn changes_text(session: &Session) -> String {
    let mut text = String::new();
    for (number, step) in session.steps.iter().enumerate() {
        let here = if number == session.at { '>' } else { ' ' };
        let time = step.time.as_deref().unwrap_or_default();
        let undone = if number > session.at { " (undone)" } else { "" };
        let words = shown(&step.words);
        let line = format!("{here} {number} {words}{undone} {time}");
        let _ = writeln!(text, "{}", line.trim_end());
        if let Some(reason) = &step.reason {
            let _ = writeln!(text, "      because {}", shown(reason));
        }
    }
    text
}
