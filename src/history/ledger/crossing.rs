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
                            events: place,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::line::explain::record_of;
    use crate::history::line::record::Record;

    /// Events of Blueland, each on a day, to somebody.
    fn records(events: &[(&str, &str, &str)]) -> Vec<Record> {
        let record = |(place, (day, target, act)): (usize, &(&str, &str, &str))| {
            let event = format!(
                r#"{{"id":"e{place}","date":"{day}","source":["XBL"],"target":["{target}"],"act":"{act}"}}"#
            );
            record_of(&event).unwrap()
        };
        events.iter().enumerate().map(record).collect()
    }

    fn dyad(course: &Course<'_>) -> DyadIx {
        course
            .world()
            .find_dyad("XBL-XRL".parse().unwrap())
            .unwrap()
    }

    #[test]
    fn an_event_passes_a_value_that_it_goes_beyond_and_no_other_one() {
        let day: Day = "2031-01-01".parse().unwrap();
        let model = Model::default();
        for act in ["attack", "endorsement"] {
            let records = records(&[("2031-01-01", "XRL", act); 2]);
            let course = Course::new(&records);
            let dyad = dyad(&course);
            let after = |events| Ledger::of_first(&course, events, &model).temperature(dyad, day);
            let [one, two] = [1, 2].map(after);
            let end = course.end_of(day);
            // To come to a value is not to pass it.
            let expected = Crossing {
                viewpoint: end,
                by: CrossedBy::Event(1),
                before: one,
                after: two,
            };
            assert_eq!(
                crossing(&course, &model, dyad, one, end),
                Ok(expected),
                "{act}"
            );
            // Nor does what lies behind the viewpoint.
            let never = NeverCrossed {
                closest: one,
                day,
                equilibrium: 0.0,
            };
            let first = course.right_after(0).unwrap();
            assert_eq!(
                crossing(&course, &model, dyad, one, first),
                Err(never),
                "{act}"
            );
            let first = crossing(&course, &model, dyad, 0.0, end).unwrap();
            assert_eq!(
                (first.by, first.viewpoint.events),
                (CrossedBy::Event(0), 1),
                "{act}"
            );
        }
    }

    #[test]
    fn waiting_passes_a_value_between_a_day_and_the_next() {
        let records = records(&[
            ("2031-01-01", "XRL", "sanctions_imposed"),
            ("2031-01-05", "XGR", "letter"),
            ("2031-12-01", "XGR", "letter"),
        ]);
        let (course, model) = (Course::new(&records), Model::default());
        let dyad = dyad(&course);
        let end = course.end_of("2031-12-31".parse().unwrap());
        let ledger = Ledger::of_first(&course, 1, &model);
        let value = ledger.temperature(dyad, "2031-03-01".parse().unwrap());
        let found = crossing(&course, &model, dyad, value, end).unwrap();
        // That day it is not yet beyond.
        let [before, day]: [Day; 2] = ["2031-03-01", "2031-03-02"].map(|day| day.parse().unwrap());
        assert_eq!(found.viewpoint, Viewpoint { events: 2, day });
        assert_eq!(found.before, ledger.temperature(dyad, before));
        assert_eq!(found.after, ledger.temperature(dyad, day));
        assert!(found.after < value);
        let equilibrium = ledger.state().relation(dyad).equilibrium;
        assert_eq!(found.by, CrossedBy::Waiting { equilibrium });
    }

    #[test]
    fn what_never_passed_a_value_was_closest_on_the_first_day_of_several() {
        let records = records(&[
            ("2031-01-02", "XGR", "letter"),
            ("2031-01-05", "XGR", "letter"),
            ("2031-01-09", "XRL", "letter"),
        ]);
        let (course, model) = (Course::new(&records), Model::default());
        let until = course.right_after(1).unwrap();
        let never = NeverCrossed {
            closest: 0.0,
            day: "2031-01-02".parse().unwrap(),
            equilibrium: 0.0,
        };
        assert_eq!(
            crossing(&course, &model, dyad(&course), 5.0, until),
            Err(never)
        );
    }
}
