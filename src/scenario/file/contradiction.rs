//! Contradictions: parts of a condition that can never hold together.

use super::condition::{Condition, MeasureIs, TemperatureIs};
use crate::json::Step;
use crate::model::{Actor, Day, Phase};

/// How many parts are held against each other. (An assumption: of more, only the first are.)
const PARTS_LIMIT: usize = 256;

/// A part of a condition that asks for one thing.
#[derive(Clone, Debug)]
pub(in crate::scenario) struct Part<'c> {
    /// What it asks for.
    asks: &'c Condition,
    /// Whether that is to hold, not to fail.
    pub(in crate::scenario) holds: bool,
    /// Where it is written.
    pub(in crate::scenario) at: Vec<Step<'static>>,
}

/// Two parts of an `all` that never hold together, so that it never holds; or two of an `any` that
/// never fail together, so that it always holds. The first such part, and the first beside it.
pub(in crate::scenario) fn contradiction<'c>(
    condition: &'c Condition,
    at: &[Step<'static>],
) -> Option<[Part<'c>; 2]> {
    let mut parts = Vec::new();
    // An `any` fails where each of its parts does.
    let holds = matches!(condition, Condition::All(_));
    gather(condition, at, holds, &mut parts);
    parts.iter().enumerate().find_map(|(place, part)| {
        let other = parts
            .iter()
            .take(place)
            .find(|other| exclude(other, part))?;
        Some([other.clone(), part.clone()])
    })
}

/// What has to hold or to fail for a condition to hold, or to fail: each part that has to by
/// itself.
fn gather<'c>(
    condition: &'c Condition,
    at: &[Step<'static>],
    holds: bool,
    parts: &mut Vec<Part<'c>>,
) {
    if parts.len() >= PARTS_LIMIT {
        return;
    }
    let within = |rest: &[Step<'static>]| [at, &[condition.key().into()], rest].concat();
    match condition {
        Condition::All(all) | Condition::Any(all) => {
            let is_each = matches!(condition, Condition::All(_)) == holds;
            for (place, part) in all.iter().enumerate().filter(|_| is_each) {
                gather(part, &within(&[place.into()]), holds, parts);
            }
        }
        Condition::Not(part) => gather(part, &within(&[]), !holds, parts),
        asks => parts.push(Part {
            asks,
            holds,
            at: at.to_vec(),
        }),
    }
}

/// Whether of two parts never both are as they have to be.
fn exclude(one: &Part<'_>, other: &Part<'_>) -> bool {
    if one.asks == other.asks {
        return one.holds != other.holds;
    }
    let both_hold = one.holds && other.holds;
    match (one.asks, other.asks) {
        (Condition::Temperature(first), Condition::Temperature(second)) => {
            let spans = [degrees(first, one.holds), degrees(second, other.holds)];
            let is_denied = (one.holds && !other.holds && is_within(first, second))
                || (other.holds && !one.holds && is_within(second, first));
            first.dyad == second.dyad && (is_denied || are_apart(spans))
        }
        (Condition::Phase(first), Condition::Phase(second)) => {
            let may_be = |phase: &Phase| {
                first.is.contains(phase) == one.holds && second.is.contains(phase) == other.holds
            };
            // A dyad without a phase is in none of any.
            let is_in_one = one.holds || other.holds;
            first.dyad == second.dyad && is_in_one && !Phase::ALL.iter().any(may_be)
        }
        (Condition::Measure(first), Condition::Measure(second)) => {
            let is_same = first.id == second.id && first.status != second.status;
            both_hold && is_same && (is_of(first, second) || is_of(second, first))
        }
        (Condition::Meeting(first), Condition::Meeting(second)) => {
            both_hold && first.id == second.id && first.status != second.status
        }
        (Condition::Agenda(first), Condition::Agenda(second)) => {
            let is_same = first.dyad == second.dyad && first.item == second.item;
            both_hold && is_same && first.status != second.status
        }
        (Condition::Since(_) | Condition::By(_), Condition::Since(_) | Condition::By(_)) => {
            let [[first, last], [other_first, other_last]] =
                [one, other].map(|part| days(part.asks, part.holds));
            first.max(other_first) > last.min(other_last)
        }
        _ => false,
    }
}

/// A bound in degrees, and whether the temperature may lie on it.
type Bound = (f64, bool);

/// Between which bounds a temperature lies of which something holds, or fails.
fn degrees(is: &TemperatureIs, holds: bool) -> [Bound; 2] {
    let [coldest, warmest] = [(f64::NEG_INFINITY, true), (f64::INFINITY, true)];
    match (is.above, is.below, holds) {
        (above, below, true) => {
            let bound = |given: Option<f64>, none| given.map_or(none, |degrees| (degrees, false));
            [bound(above, coldest), bound(below, warmest)]
        }
        (Some(above), None, false) => [coldest, (above, true)],
        (None, Some(below), false) => [(below, true), warmest],
        // It lies on one side or the other.
        (_, _, false) => [coldest, warmest],
    }
}

/// Whether no temperature lies within the bounds of both.
fn are_apart([[least, greatest], [other_least, other_greatest]]: [[Bound; 2]; 2]) -> bool {
    let is_above = |(floor, on_floor): Bound, (ceiling, on_ceiling): Bound| {
        floor > ceiling || (floor == ceiling && !(on_floor && on_ceiling))
    };
    is_above(least, other_greatest) || is_above(other_least, greatest)
}

/// Whether every temperature that is asked for by one is asked for by another.
fn is_within(one: &TemperatureIs, other: &TemperatureIs) -> bool {
    let is_least = |bound| one.above.is_some_and(|above| above >= bound);
    let is_greatest = |bound| one.below.is_some_and(|below| below <= bound);
    other.above.is_none_or(is_least) && other.below.is_none_or(is_greatest)
}

/// Whether every holder of a measure that is asked for by one is asked for by another.
fn is_of(one: &MeasureIs, other: &MeasureIs) -> bool {
    let covers = |any: Option<Actor>, given: Option<Actor>| any.is_none() || any == given;
    covers(other.source, one.source) && covers(other.target, one.target)
}

/// The first and the last day on which `since` or `by` holds, or fails.
fn days(asks: &Condition, holds: bool) -> [Day; 2] {
    let none = [Day::LAST, Day::FIRST];
    match (asks, holds) {
        (Condition::Since(day), true) => [*day, Day::LAST],
        (Condition::Since(day), false) => {
            let last = day.plus_days(-1);
            last.map_or(none, |last| [Day::FIRST, last])
        }
        (Condition::By(day), true) => [Day::FIRST, *day],
        (Condition::By(day), false) => {
            let first = day.plus_days(1);
            first.map_or(none, |first| [first, Day::LAST])
        }
        _ => [Day::FIRST, Day::LAST],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ItemStatus, MeasureStatus, MeetingStatus};
    use crate::scenario::file::condition::{AgendaIs, MeetingIs, PhaseIs};

    /// What some parts may be asked of: one of everything.
    #[derive(Clone, Copy, Debug)]
    struct Moment {
        /// Of two dyads.
        degrees: [f64; 2],
        phase: Option<Phase>,
        /// Of a measure, by each of its holders.
        stands: [Option<MeasureStatus>; 4],
        meeting: Option<MeetingStatus>,
        item: Option<ItemStatus>,
        day: Day,
    }

    const HOLDERS: [(&str, &str); 4] = [
        ("XBL", "XRL"),
        ("XBL", "XGR"),
        ("XGR", "XRL"),
        ("XRL", "XBL"),
    ];
    const DYADS: [&str; 2] = ["XBL-XRL", "XBL-XGR"];

    fn is_so(asks: &Condition, moment: &Moment) -> bool {
        match asks {
            Condition::Temperature(is) => {
                let dyad = DYADS.iter().position(|dyad| dyad.parse() == Ok(is.dyad));
                let degrees = moment.degrees[dyad.unwrap()];
                is.above.is_none_or(|above| degrees > above)
                    && is.below.is_none_or(|below| degrees < below)
            }
            Condition::Phase(asked) => moment.phase.is_some_and(|is| asked.is.contains(&is)),
            Condition::Measure(is) => {
                let holders = HOLDERS.into_iter().zip(moment.stands);
                let of = |asked: Option<Actor>, code: &str| {
                    asked.is_none_or(|asked| asked.code() == code)
                };
                let asked = holders
                    .filter(|((source, target), _)| of(is.source, source) && of(is.target, target));
                let stands: Vec<_> = asked.filter_map(|(_, stands)| stands).collect();
                !stands.is_empty() && stands.iter().all(|stands| *stands == is.status)
            }
            Condition::Meeting(is) => moment.meeting == Some(is.status),
            Condition::Agenda(is) => moment.item == Some(is.status),
            Condition::Since(day) => moment.day >= *day,
            Condition::By(day) => moment.day <= *day,
            Condition::All(_) | Condition::Any(_) | Condition::Not(_) => unreachable!(),
        }
    }

    fn or_none<T: Copy>(some: &[T]) -> Vec<Option<T>> {
        let some = some.iter().copied().map(Some);
        some.chain([None]).collect()
    }

    /// Everything that may be, of one thing at a time.
    fn moments() -> Vec<Moment> {
        let start = Moment {
            degrees: [0.0; 2],
            phase: None,
            stands: [None; 4],
            meeting: None,
            item: None,
            day: Day::EPOCH,
        };
        let mut moments = Vec::new();
        for warmth in 0..9 {
            for other in 0..9 {
                let degrees = [warmth, other].map(|halves| f64::from(halves) / 2.0);
                moments.push(Moment { degrees, ..start });
            }
        }
        moments.extend(
            or_none(&Phase::ALL)
                .into_iter()
                .map(|phase| Moment { phase, ..start }),
        );
        let statuses = [
            MeasureStatus::InForce,
            MeasureStatus::Eased,
            MeasureStatus::Lifted,
        ];
        let stands = or_none(&statuses);
        moments.extend((0..256).map(|number| Moment {
            stands: [1, 4, 16, 64].map(|each| stands[number / each % 4]),
            ..start
        }));
        let meetings = or_none(&[MeetingStatus::Planned, MeetingStatus::Held]);
        let items = or_none(&[ItemStatus::Raised, ItemStatus::Agreed]);
        for meeting in meetings {
            moments.extend(items.iter().map(|item| Moment {
                meeting,
                item: *item,
                ..start
            }));
        }
        let days = (-3..6).map(|days| Day::EPOCH.plus_days(days).unwrap());
        moments.extend(days.map(|day| Moment { day, ..start }));
        moments
    }

    /// What can be asked of one thing, several of each kind.
    fn asked() -> Vec<Condition> {
        let mut asked = Vec::new();
        let bounds = [None, Some(1.0), Some(2.0), Some(3.0)];
        for (above, below) in bounds
            .iter()
            .flat_map(|above| bounds.map(|below| (*above, below)))
        {
            if above.or(below).is_some()
                && above.zip(below).is_none_or(|(above, below)| above < below)
            {
                asked.extend(DYADS.map(|dyad| {
                    let dyad = dyad.parse().unwrap();
                    Condition::Temperature(TemperatureIs { dyad, above, below })
                }));
            }
        }
        for first in 0..Phase::ALL.len() {
            for last in first..Phase::ALL.len() {
                let (dyad, is) = (DYADS[0].parse().unwrap(), Phase::ALL[first..=last].to_vec());
                asked.push(Condition::Phase(PhaseIs { dyad, is }));
            }
        }
        for status in [MeasureStatus::InForce, MeasureStatus::Eased] {
            for target in [None, Some("XRL")] {
                for source in [None, Some("XBL")] {
                    let [source, target] =
                        [source, target].map(|actor| actor.map(|code| code.parse().unwrap()));
                    let id = "tariffs".to_owned();
                    asked.push(Condition::Measure(MeasureIs {
                        id,
                        status,
                        source,
                        target,
                    }));
                }
            }
        }
        for status in [MeetingStatus::Planned, MeetingStatus::Held] {
            let id = "summit".to_owned();
            asked.push(Condition::Meeting(MeetingIs { id, status }));
        }
        for status in [ItemStatus::Raised, ItemStatus::Agreed] {
            let (dyad, item) = (DYADS[0].parse().unwrap(), "gas".to_owned());
            asked.push(Condition::Agenda(AgendaIs { dyad, item, status }));
        }
        for day in (0..3).map(|days| Day::EPOCH.plus_days(days).unwrap()) {
            asked.extend([Condition::Since(day), Condition::By(day)]);
        }
        asked
    }

    fn kind(asks: &Condition) -> &'static str {
        match asks {
            Condition::By(_) => "since",
            asks => asks.key(),
        }
    }

    /// Whether two parts are told of as excluding each other in `all`, or leaving nothing in `any`.
    fn is_told(kind: fn(Vec<Condition>) -> Condition, parts: &[(&Condition, bool)]) -> bool {
        let parts = parts.iter().map(|(asks, holds)| {
            let asks = (*asks).clone();
            if *holds {
                asks
            } else {
                Condition::Not(Box::new(asks))
            }
        });
        contradiction(&kind(parts.collect()), &[]).is_some()
    }

    #[test]
    fn two_parts_are_told_of_where_no_moment_has_both_or_each_has_one_and_nowhere_else() {
        let (asked, moments) = (asked(), moments());
        let mut counts = [0; 3];
        for (one, other) in asked
            .iter()
            .flat_map(|one| asked.iter().map(move |it| (one, it)))
        {
            for signs in [[true, true], [true, false], [false, true], [false, false]] {
                let parts = [(one, signs[0]), (other, signs[1])];
                let are = |moment: &Moment| parts.map(|(asks, holds)| is_so(asks, moment) == holds);
                // Things of two kinds have no say in each other.
                let are_alike = kind(one) == kind(other);
                let may_be = |both: [bool; 2]| {
                    !are_alike || moments.iter().any(|moment| are(moment) == both)
                };
                let never = !may_be([true; 2]);
                let always = !may_be([false; 2]);
                assert_eq!(is_told(Condition::All, &parts), never, "all {parts:?}");
                assert_eq!(is_told(Condition::Any, &parts), always, "any {parts:?}");
                counts[0] += usize::from(never);
                counts[1] += usize::from(always);
                counts[2] += usize::from(!never && !always);
            }
        }
        assert!(counts.iter().all(|count| *count > 100), "{counts:?}");
    }

    #[test]
    fn of_very_many_parts_the_first_are_held_against_each_other() {
        for (number, is) in [(PARTS_LIMIT - 1, true), (PARTS_LIMIT, false)] {
            let first = Day::EPOCH;
            let mut parts = vec![Condition::By(first); number];
            parts.push(Condition::Since(first.plus_days(1).unwrap()));
            assert_eq!(contradiction(&Condition::All(parts), &[]).is_some(), is);
        }
    }
}
