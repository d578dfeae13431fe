//! The questions of a scenario, asked while it is played.

use super::watcher::Moment;
use crate::model::{Day, Model, State};
use crate::scenario::check::Scenario;
use crate::scenario::file::condition::{Question, Test};
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
///
/// A question is asked again only when something happens that can change its answer; the days that
/// passed since it was asked last are looked at then.
#[derive(Debug)]
pub(in crate::scenario) struct Jury<'s> {
    scenario: &'s Scenario,
    /// The deadline of each question that has one and is asked here.
    deadlines: Vec<Option<Day>>,
    /// What is asked, once its names are looked up.
    tests: Vec<Test>,
    /// For each question with a deadline, since when it has been seen to hold.
    held: Vec<Option<Day>>,
    /// For each question its deadline, as long as it is open.
    open: Vec<Option<Day>>,
    /// For each question until which day it has been asked.
    asked: Vec<Day>,
    has_left: bool,
    /// The days on which an answer can change; kept for its memory.
    days: Vec<Day>,
}

impl<'s> Jury<'s> {
    pub(in crate::scenario) fn new(scenario: &'s Scenario) -> Self {
        Self::without(scenario, |_| false)
    }

    /// Leaves some questions to somebody else.
    pub(in crate::scenario) fn without(
        scenario: &'s Scenario,
        leaves: impl Fn(usize) -> bool,
    ) -> Self {
        let questions = scenario.questions.iter().enumerate();
        let deadline = |(place, (_, question)): (usize, &(String, Question))| {
            question.by.filter(|_| !leaves(place))
        };
        let deadlines: Vec<_> = questions.map(deadline).collect();
        Self {
            scenario,
            tests: Vec::new(),
            held: vec![None; scenario.questions.len()],
            open: deadlines.clone(),
            deadlines,
            asked: vec![Day::FIRST; scenario.questions.len()],
            has_left: false,
            days: Vec::new(),
        }
    }

    /// Forgets the run before.
    pub(in crate::scenario) fn begin(&mut self) {
        self.held.fill(None);
        self.open.copy_from_slice(&self.deadlines);
        self.has_left = false;
    }

    /// Nothing happened since the moment until a day on which something will that touches some
    /// questions: asks those on every day on which an answer can have changed, once the fork is
    /// behind.
    #[inline]
    pub(in crate::scenario) fn waited(
        &mut self,
        moment: &Moment<'_>,
        day: Day,
        behind_fork: bool,
        touched: &[usize],
    ) {
        if !behind_fork {
            return;
        }
        if !self.has_left {
            self.leave(moment, day);
            return;
        }
        for &question in touched {
            self.ask_until(question, moment, day);
        }
    }

    /// Nothing happened since the moment until a day that lies behind the fork, as no other did:
    /// asks everything.
    #[cold]
    fn leave(&mut self, moment: &Moment<'_>, day: Day) {
        self.has_left = true;
        self.look_up(moment);
        let first = moment.day.max(self.scenario.forks_on);
        for question in 0..self.held.len() {
            self.ask_on(question, moment, first.unwrap_or(day));
            self.ask_until(question, moment, day);
        }
    }

    /// An event happened at the moment that touches some questions.
    #[inline]
    pub(in crate::scenario) fn passed(&mut self, moment: &Moment<'_>, touched: &[usize]) {
        if let Some(day) = moment.day.filter(|_| self.has_left) {
            for &question in touched {
                self.ask_on(question, moment, day);
            }
        }
    }

    /// Asks on one day, or on the deadline if that is earlier. What happens after it no longer
    /// counts.
    #[inline]
    fn ask_on(&mut self, question: usize, moment: &Moment<'_>, day: Day) {
        let is_in_time = |by: &Day| moment.day.is_none_or(|last| last <= *by);
        if let Some(by) = self.open[question].filter(is_in_time) {
            let day = day.min(by);
            if self.tests[question].holds(moment.world, moment.state, day, moment.model) {
                self.close(question, day);
            }
        }
        self.asked[question] = day;
    }

    /// Asks on the days behind the last on which it was asked.
    #[inline]
    fn ask_until(&mut self, question: usize, moment: &Moment<'_>, day: Day) {
        let asked = self.asked[question];
        self.asked[question] = day;
        if let Some(by) = self.open[question].filter(|by| asked < *by) {
            let test = &self.tests[question];
            let to = day.min(by);
            if asked < to && test.may_come(true, moment.world, moment.state, to, moment.model) {
                self.find(question, moment, (asked, to));
            }
        }
    }

    /// Asks on the days of a span, its first left out, on which an answer may come.
    #[cold]
    fn find(&mut self, question: usize, moment: &Moment<'_>, span: (Day, Day)) {
        let first = first_held(&self.tests[question], moment, span, &mut self.days);
        if let Some(day) = first {
            self.close(question, day);
        }
    }

    fn close(&mut self, question: usize, day: Day) {
        self.held[question] = Some(day);
        self.open[question] = None;
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
    pub(in crate::scenario) fn answers(
        &mut self,
        moment: &Moment<'_>,
    ) -> impl Iterator<Item = Answer> {
        self.look_up(moment);
        (0..self.held.len()).map(|question| self.answer(question, moment))
    }

    /// The answer to one question at the end, once its name is looked up.
    pub(in crate::scenario) fn answer(&self, question: usize, moment: &Moment<'_>) -> Answer {
        let Moment {
            world,
            state,
            model,
            ..
        } = *moment;
        let first_on = self.held[question];
        let holds = match self.scenario.questions[question].1.by {
            Some(_) => first_on.is_some(),
            None => self.tests[question].holds(world, state, self.scenario.until, model),
        };
        Answer { holds, first_on }
    }
}

/// The first day of a span, its own first left out, on which a condition holds that may come to and
/// does not hold on that first day, if nothing happens in the span.
///
/// While a dyad only waits its temperature turns twice at most. So each part of a condition changes
/// at most on a few days, which are found by halving between the turns, and the whole condition
/// changes on none but those.
fn first_held(
    test: &Test,
    moment: &Moment<'_>,
    span: (Day, Day),
    days: &mut Vec<Day>,
) -> Option<Day> {
    let Moment {
        world,
        state,
        model,
        ..
    } = *moment;
    days.clear();
    turns(test, state, model, span, days);
    days.sort_unstable();
    let mut days = days.iter().copied();
    days.find(|day| test.holds(world, state, *day, model))
}

/// The days of a span, its first left out, on which a part of a condition changes.
fn turns(test: &Test, state: &State, model: &Model, (from, to): (Day, Day), days: &mut Vec<Day>) {
    match test {
        Test::Temperature { .. } | Test::Phase { .. } => {
            if let Some((dyad, wanted)) = test.of_one_dyad() {
                let relation = state.relation(dyad);
                relation.turns(&wanted, (from, to), model.reckoning(), days);
            }
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
