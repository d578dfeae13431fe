//! A run: a scenario's branch folded, and its questions answered.

use super::check::Scenario;
use super::condition::{Question, holds};
use super::entry::{Entry, Fate};
use crate::error::Result;
use crate::history::{Fold, Folded, Origin, Record, Told};
use crate::model::Day;
use serde::Serialize;

/// What a run gave.
#[derive(Debug)]
pub struct Run {
    /// The state at the last day.
    pub folded: Folded,
    /// The answer to each question, by its name.
    pub answers: Vec<(String, Answer)>,
}

/// The answer to a question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// Whether it holds: ever until its deadline, or at the end where it has none.
    pub holds: bool,
    /// For a question with a deadline, the first day on which it was seen to hold: that of an event, or the
    /// last one.
    pub first_on: Option<Day>,
}

/// Runs a scenario. `each` is told every event up to the last day, those that do not happen without what they did.
///
/// # Errors
/// What `each` says.
pub fn run(
    scenario: &Scenario,
    mut each: impl FnMut(&Entry, Option<&Told<'_>>) -> Result<()>,
) -> Result<Run> {
    let mut fold = Fold::new(&scenario.model);
    let mut held = vec![None; scenario.questions.len()];
    let mut left = false;
    let in_time = scenario
        .entries
        .iter()
        .take_while(|entry| entry.record.date() <= scenario.until);
    for entry in in_time {
        if !entry.fate.happens() {
            each(entry, None)?;
            continue;
        }
        let day = entry.record.date();
        if entry.fate == Fate::Shared {
            each(entry, Some(&fold.tell(&entry.record)))?;
            continue;
        }
        if !left {
            ask_at_fork(scenario, fold.folded(), &mut held);
        }
        left = true;
        ask_until(scenario, fold.folded(), day, &mut held);
        each(entry, Some(&fold.tell(&entry.record)))?;
        ask(scenario, fold.folded(), day, &mut held);
    }
    if !left {
        ask_at_fork(scenario, fold.folded(), &mut held);
    }
    ask_until(scenario, fold.folded(), scenario.until, &mut held);
    let folded = fold.finish(Some(scenario.until));
    let questions = scenario.questions.iter().zip(held);
    let answers = questions.map(|((id, Question { when, by }), first_on)| {
        let Folded { world, state, .. } = &folded;
        let holds = match by {
            Some(_) => first_on.is_some(),
            None => holds(when, world, state, scenario.until, &scenario.model),
        };
        (id.clone(), Answer { holds, first_on })
    });
    Ok(Run {
        answers: answers.collect(),
        folded,
    })
}

/// Asks at the fork: on its date, or on that of the last event that is shared.
fn ask_at_fork(scenario: &Scenario, folded: &Folded, held: &mut [Option<Day>]) {
    if let Some(day) = folded.day.max(scenario.forks_on) {
        ask(scenario, folded, day, held);
    }
}

/// Asks on every day since the last event until another day: what holds for a while between two events
/// holds, too.
fn ask_until(scenario: &Scenario, folded: &Folded, day: Day, held: &mut [Option<Day>]) {
    let mut next = folded
        .day
        .max(scenario.forks_on)
        .and_then(|last| last.plus_days(1))
        .unwrap_or(day);
    while next < day && held.iter().any(Option::is_none) {
        ask(scenario, folded, next, held);
        let Some(following) = next.plus_days(1) else {
            break;
        };
        next = following;
    }
    ask(scenario, folded, day, held);
}

/// Asks every question that has a deadline, on that day or on its deadline if that has passed.
fn ask(scenario: &Scenario, folded: &Folded, day: Day, held: &mut [Option<Day>]) {
    for ((_, Question { when, by }), held) in scenario.questions.iter().zip(held) {
        let Some(by) = by else { continue };
        // What happens after the deadline no longer counts.
        let started = folded.day.is_none_or(|last| last <= *by);
        let asked = day.min(*by);
        if held.is_none()
            && started
            && holds(when, &folded.world, &folded.state, asked, &scenario.model)
        {
            *held = Some(asked);
        }
    }
}

/// The log of a scenario's branch, as bytes. Its first event after the fork says which scenario it comes from,
/// and so does every event that is not as in the base.
///
/// # Errors
/// When a line would be too long.
pub fn branch_log(scenario: &Scenario) -> Result<Vec<u8>> {
    let mut says_origin = false;
    let in_time = |entry: &&Entry| entry.record.date() <= scenario.until;
    let entries = scenario.entries.iter().filter(|entry| entry.fate.happens());
    let entries = entries.filter(in_time);
    let branch: Vec<(Record, bool)> = entries
        .map(|entry| {
            let is_shared = entry.fate == Fate::Shared;
            let mut record = entry.record.clone();
            if !entry.fate.is_of_base() {
                record = record.recorded_on_its_day();
            }
            if !is_shared && (!says_origin || !entry.fate.is_of_base()) {
                says_origin = true;
                record = record.from_scenario(origin(scenario));
            }
            (record, is_shared)
        })
        .collect();
    scenario.base.branch_log(&branch)
}

fn origin(scenario: &Scenario) -> Origin {
    Origin {
        scenario: scenario.title.clone(),
        digest: Some(scenario.digest.clone()),
        seed: None,
        run: None,
    }
}
