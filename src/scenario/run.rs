//! A run: a scenario's branch folded, and its questions answered.

use super::check::Scenario;
use super::condition::{Question, holds};
use super::entry::{Entry, Fate};
use crate::error::Result;
use crate::history::{Fold, Folded, Origin, Record, Told};
use crate::model::Day;

/// What a run gave.
#[derive(Debug)]
pub struct Run {
    /// The state at the last day.
    pub folded: Folded,
    /// The answer to each question, by its name.
    pub answers: Vec<(String, bool)>,
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
    let mut held = vec![false; scenario.questions.len()];
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
        if let Some(at_fork) = fold.folded().day.filter(|_| !left) {
            ask(scenario, fold.folded(), at_fork, &mut held);
        }
        left = true;
        ask(scenario, fold.folded(), day, &mut held);
        each(entry, Some(&fold.tell(&entry.record)))?;
        ask(scenario, fold.folded(), day, &mut held);
    }
    ask(scenario, fold.folded(), scenario.until, &mut held);
    let folded = fold.finish(Some(scenario.until));
    let questions = scenario.questions.iter().zip(held);
    let answers = questions.map(|((id, question), held)| {
        let now = holds(
            &question.when,
            &folded.world,
            &folded.state,
            scenario.until,
            &scenario.model,
        );
        (id.clone(), if question.by.is_some() { held } else { now })
    });
    Ok(Run {
        answers: answers.collect(),
        folded,
    })
}

/// Asks every question that has a deadline, on that day or on its deadline if that has passed. Between
/// events a temperature moves one way only, so that it is enough to ask at the fork and after each wait and event.
fn ask(scenario: &Scenario, folded: &Folded, day: Day, held: &mut [bool]) {
    for ((_, Question { when, by }), held) in scenario.questions.iter().zip(held) {
        let Some(by) = by else { continue };
        // What happens after the deadline no longer counts.
        let started = folded.day.is_none_or(|last| last <= *by);
        if !*held && started {
            *held = holds(
                when,
                &folded.world,
                &folded.state,
                day.min(*by),
                &scenario.model,
            );
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
    let entries = scenario.entries.iter().filter(|entry| entry.fate.happens());
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
