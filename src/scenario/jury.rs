//! The questions of a scenario, asked while it is played.

use super::check::Scenario;
use super::condition::{Condition, Question, holds};
use super::play::Moment;
use crate::model::{Day, Model, State, World, first_day};
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
    /// For each question with a deadline, since when it has been seen to hold.
    held: Vec<Option<Day>>,
    has_left: bool,
}

impl<'s> Jury<'s> {
    pub(super) fn new(scenario: &'s Scenario) -> Self {
        Self {
            scenario,
            held: vec![None; scenario.questions.len()],
            has_left: false,
        }
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
        for ((_, Question { when, by }), held) in self.scenario.questions.iter().zip(&mut self.held)
        {
            let Some(by) = by.filter(|_| held.is_none()) else {
                continue;
            };
            // What happens after the deadline no longer counts.
            if moment.day.is_none_or(|last| last <= by) {
                *held = first_held(when, moment, from.min(by), to.min(by));
            }
        }
    }

    /// The answers, at the end.
    pub(super) fn answers(self, moment: &Moment<'_>) -> Vec<(String, Answer)> {
        let Moment {
            world,
            state,
            model,
            ..
        } = *moment;
        let until = self.scenario.until;
        let questions = self.scenario.questions.iter().zip(self.held);
        let answers = questions.map(|((id, Question { when, by }), first_on)| {
            let holds = match by {
                Some(_) => first_on.is_some(),
                None => holds(when, world, state, until, model),
            };
            (id.clone(), Answer { holds, first_on })
        });
        answers.collect()
    }
}

/// The first day of a span on which a condition holds, if nothing happens in it.
///
/// While a dyad only waits its temperature goes one way. So each part of a condition changes at most on a few days,
/// which are found by halving, and the whole condition changes on none but those.
fn first_held(condition: &Condition, moment: &Moment<'_>, from: Day, to: Day) -> Option<Day> {
    let Moment {
        world,
        state,
        model,
        ..
    } = *moment;
    let holds_on = |day: &Day| holds(condition, world, state, *day, model);
    if holds_on(&from) {
        return Some(from);
    }
    if from >= to {
        return None;
    }
    let mut days = vec![to];
    turns(condition, world, state, model, (from, to), &mut days);
    days.sort_unstable();
    days.into_iter().find(holds_on)
}

/// The days of a span, its first left out, on which a part of a condition changes.
fn turns(
    condition: &Condition,
    world: &World,
    state: &State,
    model: &Model,
    (from, to): (Day, Day),
    days: &mut Vec<Day>,
) {
    match condition {
        Condition::Temperature(asked) => {
            let Some(dyad) = world.find_dyad(asked.dyad) else {
                return;
            };
            let on = |day| state.relation_on(dyad, day, model, |_| {}).temperature;
            let warm_enough = |day| asked.above.is_none_or(|bound| on(day) > bound);
            let cold_enough = |day| asked.below.is_none_or(|bound| on(day) < bound);
            days.extend(turn(from, to, warm_enough));
            days.extend(turn(from, to, cold_enough));
        }
        Condition::Phase(asked) => {
            let Some(dyad) = world.find_dyad(asked.dyad) else {
                return;
            };
            state.relation_on(dyad, to, model, |passage| {
                if passage.day > from {
                    days.push(passage.day);
                }
            });
        }
        Condition::Since(first) => days.extend((from < *first && *first <= to).then_some(*first)),
        Condition::By(last) => {
            let next = last.plus_days(1);
            days.extend(next.filter(|next| from < *next && *next <= to));
        }
        Condition::All(parts) | Condition::Any(parts) => {
            for part in parts {
                turns(part, world, state, model, (from, to), days);
            }
        }
        Condition::Not(part) => turns(part, world, state, model, (from, to), days),
        Condition::Measure(_) | Condition::Meeting(_) | Condition::Agenda(_) => {}
    }
}

/// The first day of a span on which something is not as on its first day, if it changes once at most.
fn turn(from: Day, to: Day, holds: impl Fn(Day) -> bool) -> Option<Day> {
    let at_first = holds(from);
    let after = |days| from.plus_days(days).unwrap_or(to);
    (holds(to) != at_first).then(|| {
        after(first_day(to.days_since(from), |days| {
            holds(after(days)) != at_first
        }))
    })
}
