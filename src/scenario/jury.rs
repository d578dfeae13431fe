//! The questions of a scenario, asked while it is played.

use super::check::Scenario;
use super::condition::{Test, temperature_on};
use super::play::Moment;
use crate::model::{Day, Model, State, first_day};
use serde::Serialize;

/// The answer to a question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// Whether it holds: ever until its deadline, or at the end where it has none.
    pub holds: bool,
    /// For a question with a deadline, the first day on which it holds.
    pub first_on: Option<Day>,
}

/// Asks the questions of a scenario.
#[derive(Debug)]
pub(super) struct Jury<'s> {
    scenario: &'s Scenario,
    /// What is asked, once its names are looked up.
    tests: Vec<Test>,
    /// For each question with a deadline, since when it has been seen to hold.
    held: Vec<Option<Day>>,
    has_left: bool,
}

impl<'s> Jury<'s> {
    pub(super) fn new(scenario: &'s Scenario) -> Self {
        Self {
            scenario,
            tests: Vec::new(),
            held: vec![None; scenario.questions.len()],
            has_left: false,
        }
    }

    /// Forgets the run before.
    pub(super) fn begin(&mut self) {
        self.held.fill(None);
        self.has_left = false;
    }

    /// Nothing happened since the moment until a day: asks on every day of the wait on which an answer can change,
    /// once the fork is behind.
    pub(super) fn waited(&mut self, moment: &Moment<'_>, day: Day, behind_fork: bool) {
        if !behind_fork {
            return;
        }
        let from = moment.day.max(self.scenario.forks_on);
        if let Some(from) = from.filter(|_| !self.has_left) {
            self.ask(moment, from, from);
        }
        self.has_left = true;
        let from = from
            .and_then(|from| from.plus_days(1))
            .unwrap_or(day)
            .min(day);
        self.ask(moment, from, day);
    }

    /// An event happened at the moment.
    pub(super) fn passed(&mut self, moment: &Moment<'_>) {
        if let Some(day) = moment.day.filter(|_| self.has_left) {
            self.ask(moment, day, day);
        }
    }

    /// Asks every question that has a deadline on the days of a span, all within one wait.
    fn ask(&mut self, moment: &Moment<'_>, from: Day, to: Day) {
        self.look_up(moment);
        let questions = self.scenario.questions.iter().zip(&self.tests);
        for (((_, question), test), held) in questions.zip(&mut self.held) {
            let Some(by) = question.by.filter(|_| held.is_none()) else {
                continue;
            };
            // What happens after the deadline no longer counts.
            if moment.day.is_none_or(|last| last <= by) {
                *held = first_held(test, moment, from.min(by), to.min(by));
            }
        }
    }

    /// Every name that can be asked for is known from the start.
    fn look_up(&mut self, moment: &Moment<'_>) {
        if self.tests.is_empty() {
            let questions = self.scenario.questions.iter();
            let tests = questions.map(|(_, question)| Test::new(&question.when, moment.world));
            self.tests = tests.collect();
        }
    }

    /// The answers at the end, in the order of the questions.
    pub(super) fn answers(&mut self, moment: &Moment<'_>) -> impl Iterator<Item = Answer> {
        self.look_up(moment);
        let Moment {
            world,
            state,
            model,
            ..
        } = *moment;
        let until = self.scenario.until;
        let questions = self.scenario.questions.iter().zip(&self.tests);
        questions
            .zip(&self.held)
            .map(move |(((_, question), test), &first_on)| {
                let holds = match question.by {
                    Some(_) => first_on.is_some(),
                    None => test.holds(world, state, until, model),
                };
                Answer { holds, first_on }
            })
    }
}

/// The first day of a span on which a condition holds, if nothing happens in it.
///
/// While a dyad only waits its temperature goes one way. So each part of a condition changes at most on a few days,
/// which are found by halving, and the whole condition changes on none but those.
fn first_held(test: &Test, moment: &Moment<'_>, from: Day, to: Day) -> Option<Day> {
    let Moment {
        world,
        state,
        model,
        ..
    } = *moment;
    let holds_on = |day: &Day| test.holds(world, state, *day, model);
    if holds_on(&from) {
        return Some(from);
    }
    if from >= to {
        return None;
    }
    let mut days = vec![to];
    turns(test, state, model, (from, to), &mut days);
    days.sort_unstable();
    days.into_iter().find(holds_on)
}

/// The days of a span, its first left out, on which a part of a condition changes.
fn turns(test: &Test, state: &State, model: &Model, (from, to): (Day, Day), days: &mut Vec<Day>) {
    match test {
        Test::Temperature { dyad, above, below } => {
            let on = |day| temperature_on(*dyad, state, day, model);
            let warm_enough = |day| above.is_none_or(|bound| on(day) > bound);
            let cold_enough = |day| below.is_none_or(|bound| on(day) < bound);
            days.extend(turn(from, to, warm_enough));
            days.extend(turn(from, to, cold_enough));
        }
        Test::Phase {
            dyad: (_, dyad), ..
        } => {
            let Some(dyad) = *dyad else { return };
            state.relation_on(dyad, to, model, |passage| {
                if passage.day > from {
                    days.push(passage.day);
                }
            });
        }
        Test::Since(first) => days.extend((from < *first && *first <= to).then_some(*first)),
        Test::By(last) => {
            let next = last.plus_days(1);
            days.extend(next.filter(|next| from < *next && *next <= to));
        }
        Test::All(parts) | Test::Any(parts) => {
            for part in parts {
                turns(part, state, model, (from, to), days);
            }
        }
        Test::Not(part) => turns(part, state, model, (from, to), days),
        Test::Measure { .. } | Test::Meeting(..) | Test::Agenda(..) => {}
    }
}

/// The first day of a span on which something is not as on its first day, if it changes once at most.
fn turn(from: Day, to: Day, holds: impl Fn(Day) -> bool) -> Option<Day> {
    let at_first = holds(from);
    let after = |days| from.plus_days(days).unwrap_or(to);
    let has_changed = |days| holds(after(days)) != at_first;
    (holds(to) != at_first).then(|| after(first_day(to.days_since(from), has_changed)))
}
