//! Crossings: when a temperature first passed a value, and what made it.

use super::course::{Course, Viewpoint};
use super::shares::Ledger;
use crate::model::{Day, DyadIx, Model, first_day};

/// The first time a temperature passed a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crossing {
    /// Right after it: right after the event, or at the end of the first day on which waiting is
    /// past the value.
    pub viewpoint: Viewpoint,
    /// What passed it.
    pub by: CrossedBy,
    /// The temperature right before the event, or on the day before, in degrees.
    pub before: f64,
    /// The temperature right after it, in degrees.
    pub after: f64,
}

/// What took a temperature past a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CrossedBy {
    /// An event, by its place.
    Event(usize),
    /// Waiting, towards what the dyad tended to, in degrees.
    Waiting {
        /// E then.
        equilibrium: f64,
    },
}

/// How far a temperature that never passed a value went.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NeverCrossed {
    /// Where it came closest to the value, in degrees.
    pub closest: f64,
    /// On the first day on which it was that close.
    pub day: Day,
    /// What it tends to in the end, in degrees.
    pub equilibrium: f64,
}

/// The first time that the temperature of a dyad lies beyond a value, seen from where it started;
/// for a value at which it started, the first time that it lies on either side.
///
/// # Errors
/// How close it came, if it never passed the value until the viewpoint.
pub fn crossing(
    course: &Course<'_>,
    model: &Model,
    dyad: DyadIx,
    value: f64,
    until: Viewpoint,
) -> Result<Crossing, NeverCrossed> {
    let mut ledger = Ledger::new(course, model);
    let start = ledger.state().relation(dyad).temperature;
    let is_past = |temperature: f64| {
        (start >= value && temperature < value) || (start <= value && temperature > value)
    };
    let first = course.records().first();
    let mut never = NeverCrossed {
        closest: start,
        day: first.map_or(until.day, |record| record.date().min(until.day)),
        equilibrium: start,
    };
    let mut look = |temperature: f64, day| {
        if (temperature - value).abs() < (never.closest - value).abs() {
            (never.closest, never.day) = (temperature, day);
        }
    };
    loop {
        let place = ledger.events();
        let next = course.records().get(place);
        let next = next.filter(|_| place < until.events);
        let day = next.map_or(until.day, |record| record.date());
        let relation = *ledger.state().relation(dyad);
        let waited = relation.temperature_on(day, model);
        if let Some(since) = relation.valid_for.filter(|since| *since < day) {
            for (from, to) in relation.pieces(since, day, model) {
                let on = |days| from.plus_days(days).unwrap_or(to);
                let at = |days| relation.temperature_on(on(days), model);
                let length = to.days_since(from);
                if is_past(at(length)) {
                    let days = first_day(length, |days| is_past(at(days)));
                    return Ok(Crossing {
                        viewpoint: Viewpoint {
                            events: before_day(course, place, on(days)),
                            day: on(days),
                        },
                        by: CrossedBy::Waiting {
                            equilibrium: relation.equilibrium,
                        },
                        before: at(days - 1),
                        after: at(days),
                    });
                }
                look(at(length), to);
            }
        }
        look(waited, day);
        if next.is_none() || !ledger.advance() {
            never.equilibrium = relation.equilibrium;
            return Err(never);
        }
        let after = ledger.state().relation(dyad).temperature;
        if ledger.state().relation(dyad).valid_for == Some(day) && is_past(after) {
            return Ok(Crossing {
                viewpoint: Viewpoint {
                    events: place + 1,
                    day,
                },
                by: CrossedBy::Event(place),
                before: waited,
                after,
            });
        }
        if ledger.state().relation(dyad).valid_for == Some(day) {
            look(after, day);
        }
    }
}

/// How many of the first events happened until the end of a day, of those before a place.
fn before_day(course: &Course<'_>, place: usize, day: Day) -> usize {
    let before = course.records().get(..place).unwrap_or_default();
    before.partition_point(|record| record.date() <= day)
}
