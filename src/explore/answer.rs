//! Answers: what a gesture does to a session, and which parts of the page are other than before.

use super::changes::{Change, Trouble, refuse};
use super::page::{PARTS, part};
use super::parts::day::day_of;
use super::parts::drawing::signed;
use super::parts::events::days;
use super::parts::forms::{Form, beginning, form};
use super::picture::troubles;
use super::session::Session;
use crate::model::{Day, Dyad};
use crate::text::abridged;
use crate::view::degrees;
use crate::view::page::pieces::minus;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a person does on the page.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Gesture {
    /// Changes the scenario.
    Change(Change),
    /// Takes the last change back.
    Undo,
    /// Makes it again.
    Redo,
    /// Goes to a step of the list of changes.
    Step(usize),
    /// Goes to the next event, or the one before.
    Event(Way),
    /// Draws from a day on, or from the first.
    From(Option<Day>),
    /// Plays by hand, what lies behind the day covered, or no more.
    Play(bool),
    /// Plays by hand from a day on.
    PlayFrom(Day),
    /// Says why the last change was made.
    Because(String),
    /// Looks at a day.
    Look(Day),
    /// Looks at two sides.
    Follow(Dyad),
    /// Lists events of other dyads too, or not.
    All(bool),
    /// Turns the page of the list of events.
    Row(usize),
    /// Asks for the form of an event.
    Form {
        /// Its id; none for one more.
        #[serde(default)]
        event: Option<String>,
        /// What stands in it already.
        #[serde(default)]
        cells: Option<BTreeMap<String, String>>,
    },
    /// Asks what the temperature is made of.
    Why,
    /// Asks for every part again.
    Again,
    /// Pins the present branch under a name.
    Pin(String),
    /// Takes a pinned branch away.
    Unpin(usize),
    /// Goes on from a pinned branch.
    Take(usize),
    /// Takes up the work of an earlier session.
    Resume,
    /// Leaves it.
    Forget,
}

/// From where to where one goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// To what comes next.
    On,
    /// To what came before.
    Back,
}

/// What the page is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// What was done, in a sentence.
    pub says: String,
    /// What stood in the way.
    pub troubles: Vec<String>,
    /// The parts that may be other than before.
    pub parts: Vec<Fragment>,
    /// Counts what can be seen to change.
    pub version: u64,
    /// Whether many runs are to be played again.
    pub plays: bool,
}

/// A part of the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fragment {
    /// Its id.
    pub id: &'static str,
    /// What is in it.
    pub html: String,
}

/// What is doubtful about the present scenario.
fn doubts(session: &Session) -> Vec<String> {
    let doubts = session.picture.scenario.doubts.as_deref();
    let told = doubts.map(troubles).unwrap_or_default();
    told.into_iter().map(|doubt| doubt.says).collect()
}

/// Makes a gesture and says what came of it, without the parts of the page.
#[must_use]
pub fn made(session: &mut Session, gesture: &Gesture) -> Answer {
    make(session, gesture).0
}

/// The same, with what stood in the way.
fn make(session: &mut Session, gesture: &Gesture) -> (Answer, Vec<Trouble>) {
    let before = session.version();
    let doubted = doubts(session);
    let made = if session.is_read_only() && !only_looks(gesture) {
        refuse("This session is read-only.")
    } else {
        act(session, gesture)
    };
    let mut answer = Answer::default();
    let mut stood_in_the_way = Vec::new();
    match made {
        Ok(says) => {
            answer.says = session.picture.said.said(&says);
            let new = doubts(session).into_iter();
            let new = new.filter(|doubt| !doubted.contains(doubt));
            answer.says.extend(new.map(|doubt| format!(" But {doubt}")));
        }
        Err(troubles) => {
            let said = &session.picture.said;
            let says = troubles.iter().map(|trouble| said.said(&trouble.says));
            answer.troubles = says.collect();
            stood_in_the_way = troubles;
        }
    }
    let goes = matches!(
        gesture,
        Gesture::Look(_)
            | Gesture::Event(_)
            | Gesture::From(_)
            | Gesture::All(_)
            | Gesture::Row(_)
            | Gesture::Because(_)
    );
    answer.version = session.version();
    answer.plays = answer.version != before && !goes;
    (answer, stood_in_the_way)
}

/// Answers a gesture.
#[must_use]
pub fn answer(session: &mut Session, gesture: &Gesture) -> Answer {
    let before = session.version();
    let (mut answer, troubles) = make(session, gesture);
    let ids: &[&'static str] = match gesture {
        Gesture::Look(_) if session.looked.plays => &["picture", "state", "events"],
        Gesture::Look(_) => &["state", "events"],
        Gesture::Because(_) => &["changes"],
        Gesture::All(_) | Gesture::Row(_) => &["events"],
        Gesture::Form { .. } => &[],
        Gesture::Why => &["why-parts"],
        Gesture::Forget => &["offer"],
        Gesture::Event(_) | Gesture::From(_) => &["picture", "state", "events"],
        Gesture::Follow(_) => &["picture", "state", "events", "pins"],
        _ => &PARTS,
    };
    if let Gesture::Change(Change::Write { event, cells }) = gesture
        && !troubles.is_empty()
    {
        let again = Form {
            event: event.as_deref(),
            cells: cells.clone(),
            troubles: &troubles,
        };
        answer.parts.push(form_part(session, &again));
    }
    if let Gesture::Form { event, cells } = gesture {
        let cells = cells
            .clone()
            .unwrap_or_else(|| beginning(session, event.as_deref()));
        let asked = Form {
            event: event.as_deref(),
            cells,
            troubles: &[],
        };
        answer.parts.push(form_part(session, &asked));
    }
    answer.parts.extend(ids.iter().map(|&id| Fragment {
        id,
        html: part(session, id),
    }));
    let is_new = answer.version != before;
    if is_new && ids.len() == PARTS.len() || *gesture == Gesture::Again {
        let id = "chance";
        answer.parts.push(Fragment {
            id,
            html: part(session, id),
        });
    }
    answer
}

fn form_part(session: &Session, asked: &Form<'_>) -> Fragment {
    // Names are said by the form itself: what stands in its fields are codes.
    Fragment {
        id: "form",
        html: form(session, asked).into_string(),
    }
}

/// Whether a gesture changes nothing but how things are looked at.
const fn only_looks(gesture: &Gesture) -> bool {
    matches!(
        gesture,
        Gesture::Look(_)
            | Gesture::Event(_)
            | Gesture::From(_)
            | Gesture::Follow(_)
            | Gesture::All(_)
            | Gesture::Row(_)
            | Gesture::Why
            | Gesture::Again
    )
}

fn act(session: &mut Session, gesture: &Gesture) -> Result<String, Vec<Trouble>> {
    match gesture {
        Gesture::Change(change) => {
            if let Some(words) = session.change(change)? {
                return Ok(format!("That is so already: {words}."));
            }
            // What was written is looked at, unless it would uncover what comes.
            let day = match change {
                Change::Write { cells, .. } => cells.get("date").and_then(|day| day.parse().ok()),
                Change::Move { to, .. } => Some(*to),
                _ => None,
            };
            if let Some(day) = day.filter(|_| !session.looked.plays) {
                session.look(day);
            }
            Ok(came_of_it(session))
        }
        Gesture::Undo => undo(session),
        Gesture::Redo => redo(session),
        Gesture::Step(step) => {
            session.go_to(*step);
            Ok(came_of_it(session))
        }
        Gesture::Look(day) => {
            session.look(*day);
            Ok(looked(session, *day))
        }
        Gesture::Event(way) => Ok(walk(session, *way)),
        Gesture::From(day) => {
            session.draw_from(*day);
            Ok(format!("Drawn from {} on.", session.days()[0]))
        }
        Gesture::Play(plays) => {
            session.play(*plays);
            Ok(if *plays {
                played_from(session)
            } else {
                "All is uncovered.".to_owned()
            })
        }
        Gesture::PlayFrom(day) => {
            session.play_from(*day);
            Ok(played_from(session))
        }
        Gesture::Because(reason) => {
            session.because(reason);
            Ok("The reason is noted.".to_owned())
        }
        Gesture::Follow(dyad) => {
            known(session, *dyad)?;
            session.looked.dyad = Some(*dyad);
            session.looked.first_row = None;
            session.touched();
            Ok(format!("{}.", session.picture.both(*dyad)))
        }
        Gesture::All(all) => {
            session.looked.all = *all;
            session.looked.first_row = None;
            Ok(String::new())
        }
        Gesture::Row(row) => {
            session.looked.first_row = Some(*row);
            Ok(String::new())
        }
        Gesture::Form { .. } | Gesture::Why | Gesture::Again => Ok(String::new()),
        Gesture::Pin(name) => {
            session.pin(name)?;
            let name = session.pins.last().map_or("", |pin| &pin.name);
            Ok(format!("Pinned as “{name}”."))
        }
        Gesture::Unpin(place) => {
            session.unpin(*place);
            Ok("Unpinned.".to_owned())
        }
        Gesture::Take(place) => {
            session.take(*place);
            Ok(came_of_it(session))
        }
        Gesture::Resume => {
            session.resume();
            Ok(came_of_it(session))
        }
        Gesture::Forget => {
            session.offered = None;
            session.touched();
            Ok("The earlier work is left.".to_owned())
        }
    }
}

/// Refuses a dyad of which a side is nobody.
fn known(session: &Session, dyad: Dyad) -> Result<(), Vec<Trouble>> {
    let actors = session.actors();
    let nobody = dyad.sides().into_iter().filter(|it| !actors.contains(it));
    let nobody: Vec<_> = nobody.map(|actor| actor.code().to_owned()).collect();
    if nobody.is_empty() {
        return Ok(());
    }
    let codes: Vec<_> = actors.iter().map(|it| it.code().to_owned()).collect();
    let says = format!(
        "In this game there is nobody of the code `{}`; those that there are: `{}`.",
        nobody.join("` and `"),
        abridged(&codes).replace(", ", "`, `")
    );
    refuse(says)
}

fn undo(session: &mut Session) -> Result<String, Vec<Trouble>> {
    if session.at == 0 {
        return refuse("There is nothing to undo.");
    }
    let says = format!("Undone: {}.", session.steps[session.at].words);
    session.go_to(session.at - 1);
    Ok(says)
}

fn redo(session: &mut Session) -> Result<String, Vec<Trouble>> {
    if session.at + 1 == session.steps.len() {
        return refuse("There is nothing to make again.");
    }
    session.go_to(session.at + 1);
    Ok(came_of_it(session))
}

/// The reading of the day that was asked for, or of the nearest that there is.
fn looked(session: &Session, day: Day) -> String {
    let [first, last] = session.days();
    let reading = reading(session);
    if day < first {
        format!("{day} lies before the first day, {first}. {reading}")
    } else if day > last {
        format!("{day} lies behind the last day, {last}. {reading}")
    } else {
        reading
    }
}

/// Goes to the next event, or back to the one before, and says what happened there.
fn walk(session: &mut Session, way: Way) -> String {
    let day = session.day();
    let mut days = days(session);
    let chances = session.file().chance.iter();
    days.extend(chances.filter_map(|node| day_of(session, node)));
    let found = match way {
        Way::On => days.into_iter().filter(|other| *other > day).min(),
        Way::Back => days.into_iter().filter(|other| *other < day).max(),
    };
    // Behind the last event there is still the end.
    let end = (way == Way::On).then_some(session.picture.scenario.until);
    let Some(day) = found.or(end).filter(|other| *other != day) else {
        return match way {
            Way::On => format!("{day} is the end; nothing comes after it."),
            Way::Back => format!("{day} is the beginning; nothing comes before it."),
        };
    };
    session.look(day);
    let happened = happened(session);
    if Some(day) == end {
        return format!("{happened} That is the end.");
    }
    happened
}

/// The temperature on the day that is looked at.
fn reading(session: &Session) -> String {
    let dyad = session.looked.dyad;
    dyad.map_or_else(String::new, |dyad| {
        let picture = &session.picture;
        let value = picture.temperature(picture.own, dyad, session.day());
        format!("{}: {} degrees.", session.day(), minus(&degrees(value)))
    })
}

fn played_from(session: &Session) -> String {
    let day = session.day();
    format!("Played by hand from {day} on; what lies behind is covered.")
}

/// What happens on the day that is looked at, and the temperature then.
fn happened(session: &Session) -> String {
    let records = &session.picture.own_track().records;
    let today = records.iter().filter(|it| it.date() == session.day());
    let titles: Vec<_> = today.map(|record| record.title()).collect();
    match &titles[..] {
        [] => reading(session),
        [only] => format!("{} {only}.", reading(session)),
        [first, others @ ..] => {
            format!("{} {first}, and {} more.", reading(session), others.len())
        }
    }
}

/// The last change in words, and what it led to between the two sides that are looked at.
fn came_of_it(session: &Session) -> String {
    let words = &session.steps[session.at].words;
    if !session.troubles.is_empty() {
        return format!("{words}. That is not legal.");
    }
    let picture = &session.picture;
    if session.looked.plays {
        return format!("{words}. {}", reading(session));
    }
    let Some(dyad) = session.looked.dyad.filter(|_| picture.own > 0) else {
        return format!("{words}.");
    };
    let both = picture.both(dyad);
    let last = picture.scenario.until;
    let [recorded, here] = [0, picture.own].map(|it| picture.temperature(it, dyad, last));
    let place = picture.comparison.dyads.iter().position(|it| *it == dyad);
    let widest = place.and_then(|place| picture.comparison.widest(picture.own, place));
    match widest.filter(|gap| degrees(gap.degrees) != degrees(0.0)) {
        None => format!("{words}. Between {both} it stays as it was."),
        Some(gap) => {
            let says = format!(
                "{words}. Between {both} it differs most on {}, by {}; on {last} it is {} instead of {}.",
                gap.day,
                signed(gap.degrees),
                degrees(here),
                degrees(recorded)
            );
            // The minus of a number, not the hyphen of a name or a date.
            says.replace(" -", " −")
        }
    }
}
