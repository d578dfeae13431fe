//! Shares: what a temperature is made of, by starting point, standing measure and event.
//!
//! Waiting is `T ← E + (T − E) · f` with `f = 2^(−days / half-life)`. It is linear in T and E, so every part of T
//! fades by `f`, and every part of E adds `1 − f` of itself. An event adds its push as a part of its own. So the parts
//! add up to T at any time, and one pass keeps them all: a push is looked at again only when shares are asked for, and
//! a measure's part only when a measure of its dyad changes.

use super::course::Course;
use crate::model::{
    Change, Day, DyadIx, HoldIx, MeasureIx, Model, Observer, Reach, State, Step, World, evolve,
    temperature::{self, BOUND_DEGREES},
};
use std::collections::HashMap;

/// What an event did to the temperature of a dyad on its day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Push {
    /// The event's place in its course.
    pub event: usize,
    /// Its day.
    pub day: Day,
    /// How it reached the dyad.
    pub reach: Reach,
    /// Its impact, before saturation, in degrees.
    pub impact: f64,
    /// What it added, in degrees.
    pub degrees: f64,
}

/// What is left of a push.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// The push.
    pub push: Push,
    /// What is left of it after the waits since: `push · 2^(−days / half-life)`, in degrees.
    pub degrees: f64,
    /// The push times the slopes of all later steps, in degrees: how much colder or warmer it would be without it, if
    /// nothing later depends on it.
    pub carried: f64,
}

/// What the temperature of a dyad is made of on a day, in degrees.
#[derive(Clone, Debug, PartialEq)]
pub struct Shares {
    /// The starting point and the baseline.
    pub start: f64,
    /// Each standing measure that was ever in force, through what the temperature tended to.
    pub measures: Vec<(MeasureIx, f64)>,
    /// Each event that touched the dyad, in replay order.
    pub events: Vec<Share>,
}

impl Shares {
    /// What they add up to: the temperature, to within rounding.
    #[must_use]
    pub fn sum(&self) -> f64 {
        let measures = self.measures.iter().map(|(_, degrees)| degrees);
        let events = self.events.iter().map(|share| &share.degrees);
        measures
            .chain(events)
            .fold(self.start, |sum, part| sum + part)
    }
}

/// A fold that keeps the books: what each event, measure and starting point gave to each dyad.
///
/// Memory grows with the events that touch a dyad, once each.
#[derive(Debug)]
pub struct Ledger<'c> {
    course: &'c Course<'c>,
    model: &'c Model,
    state: State,
    books: Books,
}

impl<'c> Ledger<'c> {
    /// An empty ledger, before the first event.
    #[must_use]
    pub fn new(course: &'c Course<'c>, model: &'c Model) -> Self {
        let mut state = State::default();
        state.fit(course.world(), model);
        Self {
            course,
            model,
            state,
            books: Books::default(),
        }
    }

    /// The ledger of the first events.
    #[must_use]
    pub fn of_first(course: &'c Course<'c>, events: usize, model: &'c Model) -> Self {
        let mut ledger = Self::new(course, model);
        while ledger.events() < events && ledger.advance() {}
        ledger
    }

    /// How many events it has.
    #[must_use]
    pub const fn events(&self) -> usize {
        self.books.event
    }

    /// The state after them.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// Enters the next event; tells whether there was one.
    pub fn advance(&mut self) -> bool {
        let place = self.books.event;
        let events = self.course.events();
        let (Some(event), Some(record)) = (events.get(place), self.course.records().get(place))
        else {
            return false;
        };
        let (world, day) = (self.course.world(), record.date());
        evolve(
            &mut self.state,
            world,
            event,
            day,
            self.model,
            &mut self.books,
        );
        self.books.close(world, &self.state, day, self.model);
        true
    }

    /// The temperature of a dyad on a day, not before that of the last event, in degrees.
    #[must_use]
    pub fn temperature(&self, dyad: DyadIx, day: Day) -> f64 {
        let relation = self.state.relation(dyad);
        relation.read_on(day, self.model).0
    }

    /// What the temperature of a dyad is made of on a day, not before that of the last event.
    #[must_use]
    pub fn shares(&self, dyad: DyadIx, day: Day) -> Shares {
        let Some(Some(account)) = self.books.accounts.get(usize::from(dyad)) else {
            return Shares {
                start: self.state.relation(dyad).temperature,
                measures: Vec::new(),
                events: Vec::new(),
            };
        };
        let half_life_days = self.model.half_life_days();
        let part = |part: &Part| part.on(account.since, day, half_life_days);
        let measures = account.measures.iter();
        let mut slopes = 1.0;
        let mut events: Vec<_> = Vec::with_capacity(account.pushes.len());
        for &push in account.pushes.iter().rev() {
            let days = day.days_since(push.day).max(0);
            let degrees = push.degrees * temperature::fading(days, half_life_days);
            events.push(Share {
                push,
                degrees,
                carried: degrees * slopes,
            });
            slopes *= slope(push.impact, self.model);
        }
        events.reverse();
        Shares {
            start: part(&account.start),
            measures: measures.map(|(ix, of)| (*ix, part(of))).collect(),
            events,
        }
    }
}

/// By how much a difference in temperature is left after an event: `1 − |I| / N` with saturation, else 1.
fn slope(impact: f64, model: &Model) -> f64 {
    if model.saturation() {
        1.0 - impact.abs() / BOUND_DEGREES
    } else {
        1.0
    }
}

/// The accounts of all dyads, filled while a fold is observed.
#[derive(Debug, Default)]
struct Books {
    /// The place of the event that is under way.
    event: usize,
    /// By the dyad's index; nothing for one that no event has touched.
    accounts: Vec<Option<Account>>,
    /// What the event changed.
    holds: Vec<HoldIx>,
}

/// The parts of one dyad's temperature.
#[derive(Debug)]
struct Account {
    /// The day on which the parts of start and measures are as they stand here.
    since: Day,
    start: Part,
    measures: Vec<(MeasureIx, Part)>,
    pushes: Vec<Push>,
}

/// A part that waiting draws towards a part of the equilibrium.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    degrees: f64,
    equilibrium: f64,
}

impl Part {
    fn on(&self, since: Day, day: Day, half_life_days: f64) -> f64 {
        let days = day.days_since(since).max(0);
        temperature::wait(self.degrees, self.equilibrium, days, half_life_days)
    }
}

impl Observer for Books {
    fn stepped(&mut self, step: Step) {
        let place = usize::from(step.dyad);
        if self.accounts.len() <= place {
            self.accounts.resize_with(place + 1, || None);
        }
        // Before the first event there is no measure, and the dyad is at its baseline.
        let account = self.accounts[place].get_or_insert_with(|| Account {
            since: step.day,
            start: Part {
                degrees: step.before,
                equilibrium: step.equilibrium,
            },
            measures: Vec::new(),
            pushes: Vec::new(),
        });
        // Where several measures change in a dyad, it is stepped for each, without impact.
        let is_known = account
            .pushes
            .last()
            .is_some_and(|push| push.event == self.event);
        if !is_known {
            account.pushes.push(Push {
                event: self.event,
                day: step.day,
                reach: step.reach,
                impact: step.impact,
                degrees: step.after - step.waited,
            });
        }
    }

    fn changed(&mut self, change: Change) {
        if let Change::Measure { hold, .. } = change {
            self.holds.push(hold);
        }
    }
}

impl Books {
    /// Closes the books of an event: what a dyad tends to has other parts from now on where measures changed.
    fn close(&mut self, world: &World, state: &State, day: Day, model: &Model) {
        let dyads = self.holds.drain(..);
        let mut dyads: Vec<_> = dyads.map(|hold| world.dyad_of_hold(hold)).collect();
        dyads.sort_unstable();
        dyads.dedup();
        for dyad in dyads {
            if let Some(Some(account)) = self.accounts.get_mut(usize::from(dyad)) {
                let (baseline, parts) = state.equilibrium_parts(dyad, world, model);
                account.tend_to(baseline, &parts, day, model.half_life_days());
            }
        }
        self.event += 1;
    }
}

impl Account {
    fn tend_to(
        &mut self,
        baseline: f64,
        parts: &[(MeasureIx, f64)],
        day: Day,
        half_life_days: f64,
    ) {
        let since = std::mem::replace(&mut self.since, day);
        let stand = |part: &mut Part, equilibrium| {
            part.degrees = part.on(since, day, half_life_days);
            part.equilibrium = equilibrium;
        };
        stand(&mut self.start, baseline);
        for (_, part) in &mut self.measures {
            stand(part, 0.0);
        }
        let known = self.measures.iter().map(|(measure, _)| *measure);
        let known: HashMap<_, _> = known.zip(0_usize..).collect();
        for &(measure, equilibrium) in parts {
            let known = known.get(&measure);
            match known.and_then(|&place| self.measures.get_mut(place)) {
                Some((_, part)) => part.equilibrium = equilibrium,
                None => self.measures.push((
                    measure,
                    Part {
                        degrees: 0.0,
                        equilibrium,
                    },
                )),
            }
        }
    }
}
