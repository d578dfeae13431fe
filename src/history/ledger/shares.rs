//! Shares: what a temperature is made of, by starting point, standing measure and event.
//!
//! The balance is a sum: what is left of an impulse is `impulse · 2^(−days / half-life)`, and a
//! measure's part of S nears its part of E as S nears E. The temperature is a reading of the
//! balance, so each part of the balance counts in it times `T / R`. So the parts add up to T at any
//! time, and one pass keeps them all: an impulse is looked at again only when shares are asked for,
//! and a measure's part only when a measure of its dyad changes.

use super::course::Course;
use crate::model::{
    Change, Day, DyadIx, Fades, HalfLives, HoldIx, MeasureIx, Model, Observer, Reach, Relation,
    State, Step, World, evolve, temperature::fading,
};
use rustc_hash::FxHasher;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

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
    /// What it added to the balance, in degrees.
    pub impulse: f64,
    /// By which half-life that fades.
    pub fades: Fades,
    /// What it added to the temperature on its day, in degrees.
    pub degrees: f64,
}

/// What is left of a push.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// The push.
    pub push: Push,
    /// Its part of the temperature, in degrees: `impulse · 2^(−days / half-life) · T / R`.
    pub degrees: f64,
    /// What is left of it in the balance, in degrees, as later events leave it.
    pub left: f64,
    /// How much colder or warmer it would be without it, in degrees, if nothing later depends on
    /// it.
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
    /// What a degree of the balance counts of the temperature: a part of a degree where the reading
    /// is bounded, the same in all shares.
    pub factor: f64,
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

    /// The share of an event, by its place, if it touched the dyad.
    #[must_use]
    pub fn of(&self, event: usize) -> Option<&Share> {
        let events = &self.events;
        let found = events.binary_search_by_key(&event, |share| share.push.event);
        events.get(found.ok()?)
    }
}

/// A fold that keeps the books: what each event, measure and starting point gave to each dyad, or
/// to one.
///
/// Memory grows with the events that touch those, once each.
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
        ledger.advance_to(events);
        ledger
    }

    /// What the first events gave to one dyad, as it is made of them on a day, not before that of
    /// the last of them; and the ledger, which keeps no books of it.
    #[must_use]
    pub fn shares_of_first(
        course: &'c Course<'c>,
        events: usize,
        model: &'c Model,
        (dyad, day): (DyadIx, Day),
    ) -> (Shares, Self) {
        let mut ledger = Self::new(course, model);
        ledger.books.only = Some(dyad);
        ledger.advance_to(events);
        let shares = ledger.shares(dyad, day);
        ledger.books.accounts.clear();
        (shares, ledger)
    }

    fn advance_to(&mut self, events: usize) {
        while self.events() < events && self.advance() {}
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
        let Some((event, record)) = self.course.at(self.books.event) else {
            return false;
        };
        let (world, day) = (self.course.world(), record.date());
        evolve(
            &mut self.state,
            world,
            &event,
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
        relation.temperature_on(day, self.model)
    }

    /// What the temperature of a dyad is made of on a day, not before that of the last event.
    #[must_use]
    pub fn shares(&self, dyad: DyadIx, day: Day) -> Shares {
        let Some(Some(account)) = self.books.accounts.get(usize::from(dyad)) else {
            return Shares {
                start: self.state.relation(dyad).temperature,
                measures: Vec::new(),
                events: Vec::new(),
                factor: 1.0,
            };
        };
        let (reading, half_lives) = (self.model.reading(), self.model.half_lives());
        let relation = self.state.relation(dyad);
        let waited = relation.valid_for.map_or(0, |since| day.days_since(since));
        let balance = relation.balance.after(waited, &half_lives).sum();
        let (temperature, factor) = (reading.of(balance), reading.factor(balance));
        let part = |part: &Tending| factor * part.on(day, &half_lives);
        let measures = account.measures.iter();
        let mut slopes = 1.0;
        let mut events: Vec<_> = Vec::with_capacity(account.pushes.len());
        for &push in account.pushes.iter().rev() {
            let days = day.days_since(push.day).max(0);
            let impulse = push.impulse * fading(days, half_lives.of(push.fades));
            let left = impulse * slopes;
            events.push(Share {
                push,
                degrees: impulse * factor,
                left,
                carried: temperature - reading.of(balance - left),
            });
            slopes *= reading.slope(push.impact);
        }
        events.reverse();
        Shares {
            start: part(&account.start),
            measures: measures.map(|(ix, of)| (*ix, part(of))).collect(),
            events,
            factor,
        }
    }

    /// How much colder or warmer it would be on a day, in degrees, if so much of the balance were
    /// not there.
    #[must_use]
    pub fn effect(&self, dyad: DyadIx, day: Day, left: f64) -> f64 {
        let (reading, half_lives) = (self.model.reading(), self.model.half_lives());
        let relation = self.state.relation(dyad);
        let waited = relation.valid_for.map_or(0, |since| day.days_since(since));
        let balance = relation.balance.after(waited, &half_lives).sum();
        reading.of(balance) - reading.of(balance - left)
    }
}

/// The accounts of all dyads, filled while a fold is observed.
#[derive(Debug, Default)]
struct Books {
    /// The place of the event that is under way.
    event: usize,
    /// The dyad whose books are kept, where it is one.
    only: Option<DyadIx>,
    /// By the dyad's index; nothing for one that no event has touched.
    accounts: Vec<Option<Account>>,
    /// What the event changed.
    holds: Vec<HoldIx>,
}

/// The parts of one dyad's temperature.
#[derive(Debug)]
struct Account {
    start: Tending,
    measures: Vec<(MeasureIx, Tending)>,
    /// Where each measure is among them.
    places: HashMap<MeasureIx, usize, BuildHasherDefault<FxHasher>>,
    /// The places of those that stand.
    standing: Vec<usize>,
    pushes: Vec<Push>,
}

/// A part of the balance that waiting draws towards a part of what stands.
#[derive(Clone, Copy, Debug)]
struct Tending {
    degrees: f64,
    /// The day on which it is that.
    since: Day,
    equilibrium: f64,
}

impl Tending {
    /// Tends to something else from a day on.
    fn tend_to(&mut self, equilibrium: f64, day: Day, half_lives: &HalfLives) {
        self.degrees = self.on(day, half_lives);
        self.since = day;
        self.equilibrium = equilibrium;
    }

    fn on(&self, day: Day, half_lives: &HalfLives) -> f64 {
        let days = day.days_since(self.since).max(0);
        let behind = self.degrees - self.equilibrium;
        if days == 0 || behind == 0.0 {
            return self.degrees;
        }
        self.equilibrium + behind * fading(days, half_lives.standing)
    }
}

impl Observer for Books {
    fn leaves(&mut self, dyad: DyadIx, relation: &Relation, day: Day) {
        if self.only.is_some_and(|only| only != dyad) {
            return;
        }
        let place = usize::from(dyad);
        if self.accounts.len() <= place {
            self.accounts.resize_with(place + 1, || None);
        }
        // Before the first event there is no measure, and the dyad is at its baseline.
        self.accounts[place].get_or_insert_with(|| {
            let baseline = relation.balance.baseline;
            Account {
                start: Tending {
                    degrees: baseline,
                    since: day,
                    equilibrium: baseline,
                },
                measures: Vec::new(),
                places: HashMap::default(),
                standing: Vec::new(),
                pushes: Vec::new(),
            }
        });
    }

    fn stepped(&mut self, step: Step) {
        let Some(Some(account)) = self.accounts.get_mut(usize::from(step.dyad)) else {
            return;
        };
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
                impulse: step.impulse,
                fades: step.fades,
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
    /// Closes the books of an event: what a dyad tends to has other parts from now on where
    /// measures changed.
    fn close(&mut self, world: &World, state: &State, day: Day, model: &Model) {
        let dyads = self.holds.drain(..);
        let mut dyads: Vec<_> = dyads.map(|hold| world.dyad_of_hold(hold)).collect();
        dyads.sort_unstable();
        dyads.dedup();
        for dyad in dyads {
            if let Some(Some(account)) = self.accounts.get_mut(usize::from(dyad)) {
                let (baseline, parts) = state.equilibrium_parts(dyad, world, model);
                account.tend_to(baseline, &parts, day, &model.half_lives());
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
        half_lives: &HalfLives,
    ) {
        self.start.tend_to(baseline, day, half_lives);
        for place in self.standing.drain(..) {
            self.measures[place].1.tend_to(0.0, day, half_lives);
        }
        for &(measure, equilibrium) in parts {
            let place = *self.places.entry(measure).or_insert_with(|| {
                let nothing = Tending {
                    degrees: 0.0,
                    since: day,
                    equilibrium: 0.0,
                };
                self.measures.push((measure, nothing));
                self.measures.len() - 1
            });
            self.measures[place].1.tend_to(equilibrium, day, half_lives);
            self.standing.push(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_on_its_day_what_it_is_to_the_bit() {
        let half_lives = Model::default().half_lives();
        let (degrees, equilibrium) = (0.1_f64, 7.7);
        assert_ne!(
            (equilibrium + (degrees - equilibrium)).to_bits(),
            degrees.to_bits()
        );
        let since = Day::EPOCH;
        let part = Tending {
            degrees,
            since,
            equilibrium,
        };
        assert_eq!(part.on(since, &half_lives).to_bits(), degrees.to_bits());
        let later = part.on(since.plus_days(30).unwrap(), &half_lives);
        assert!(degrees < later && later < equilibrium);
    }
}
