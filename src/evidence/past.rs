//! A history read as evidence: the level of a dyad after so many events, the share of each of them
//! in it, and the level without it.
//!
//! An event counts by the weight that it has of its own or by that of its code, between each source
//! and each target; what it is to others, and measures that stand, do not. Everyone is all dyads of
//! the history, so that G is the mean of its own events so far, where no `prior_degrees` is set.

use super::level::{Everyone, Level, Remembered};
use super::parameters::Parameters;
use crate::history::{Course, Viewpoint};
use crate::model::{DyadIx, Event, Impulse, Reach, Weights};
use std::collections::HashSet;

/// Events and the parameters under which they are read.
#[derive(Clone, Copy, Debug)]
pub struct Past<'c> {
    course: &'c Course<'c>,
    parameters: &'c Parameters,
}

/// What the level of a dyad is made of. All but the interval is in shares that add up to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Made {
    /// The level and its interval.
    pub level: Level,
    /// The prior G, in degrees: what the level tends to.
    pub prior: f64,
    /// How many dyads all events so far are of, whose mean is the prior unless it is set.
    pub dyads: usize,
    /// Its part of the level, in degrees.
    pub prior_share: f64,
    /// The events that count, in replay order.
    pub events: Vec<Weighed>,
    /// How many events concern the dyad and have no weight between the two.
    pub uncounted: u64,
}

/// An event as a level weighs it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weighed {
    /// Its place in the course.
    pub event: usize,
    /// Its weight, in degrees of the Goldstein scale.
    pub weight: f64,
    /// Its part of the level, in degrees.
    pub share: f64,
    /// The level had it not been, with the prior held, in degrees.
    pub without: f64,
}

impl<'c> Past<'c> {
    /// Some events, to be read by some parameters.
    #[must_use]
    pub const fn new(course: &'c Course<'c>, parameters: &'c Parameters) -> Self {
        Self { course, parameters }
    }

    /// The events.
    #[must_use]
    pub const fn course(&self) -> &'c Course<'c> {
        self.course
    }

    /// The parameters.
    #[must_use]
    pub const fn parameters(&self) -> &'c Parameters {
        self.parameters
    }

    /// The dyad in which most events count, of those in which any does before a viewpoint; of
    /// several, the first in the alphabet.
    #[must_use]
    pub fn busiest(&self, before: Viewpoint) -> Option<DyadIx> {
        let moves = |event: &Event| counted(event).map(|(dyad, _)| dyad).collect();
        self.course.busiest_by(before, moves)
    }

    /// What the level of a dyad is made of, from where one looks back.
    #[must_use]
    pub fn made(&self, dyad: DyadIx, viewpoint: Viewpoint) -> Made {
        let events = self.course.events().zip(self.course.records());
        let (mut all, mut of_dyad) = (Sum::default(), Vec::new());
        let (mut remembered, mut uncounted) = (Remembered::default(), 0);
        let mut dyads = HashSet::new();
        for (place, (event, record)) in events.take(viewpoint.events).enumerate() {
            let before = of_dyad.len();
            for (moved, weight) in counted(&event) {
                all.take(weight);
                dyads.insert(moved);
                if moved == dyad {
                    let days = viewpoint.day.days_since(record.date());
                    let one = Remembered::of_event(weight, days, self.parameters);
                    remembered = remembered.plus(one);
                    of_dyad.push((place, weight, days));
                }
            }
            let concerns = event.moves.iter().any(|moved| moved.dyad == dyad);
            uncounted += u64::from(concerns && of_dyad.len() == before);
        }
        let everyone = all.everyone();
        let prior = self.parameters.prior_degrees.unwrap_or(everyone.mean);
        let part = |(event, weight, days): (usize, f64, i32)| Weighed {
            event,
            weight,
            share: weight * remembered.factor_of(days, self.parameters),
            without: remembered
                .without(weight, days, self.parameters)
                .level(prior, self.parameters),
        };
        Made {
            level: remembered.read(prior, everyone, self.parameters),
            prior,
            dyads: dyads.len(),
            prior_share: prior * remembered.factor_of_prior(self.parameters),
            events: of_dyad.into_iter().map(part).collect(),
            uncounted,
        }
    }
}

/// The dyads in which an event counts, each with its weight there.
fn counted(event: &Event) -> impl Iterator<Item = (DyadIx, f64)> + use<'_> {
    let weight = match event.impulse {
        Impulse::Code(code) => Some(code.weight(Weights::default())),
        Impulse::Weight(weight) => Some(weight),
        Impulse::None | Impulse::Degrees(_) => None,
    };
    let moves = event.moves.iter().filter(|it| it.reach == Reach::Target);
    moves.filter_map(move |moved| Some((moved.dyad, weight?)))
}

/// Weights of all events so far.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    events: f64,
    weights: f64,
    squares: f64,
}

impl Sum {
    fn take(&mut self, weight: f64) {
        self.events += 1.0;
        self.weights += weight;
        self.squares += weight * weight;
    }

    fn everyone(self) -> Everyone {
        let events = self.events.max(1.0);
        Everyone {
            mean: self.weights / events,
            mean_square: self.squares / events,
        }
    }
}
