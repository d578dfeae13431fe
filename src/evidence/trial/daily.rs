//! What the days of each dyad add up to: every half-life and every window can be read out of them,
//! in one pass over the data.

use crate::evidence::level::{Everyone, Faded};
use crate::evidence::period::{Every, Period};
use crate::evidence::sums::{Kept, Noted, Summed, Totals};
use crate::exchange::{Roster, Weight};
use crate::model::temperature::fading;
use crate::model::{Day, Dyad};
use std::collections::BTreeMap;

/// The parts of a degree, as a number.
const PARTS: f64 = Weight::PARTS as f64;

/// The most days from a day to the end of its month, and of a month.
const MONTH_DAYS: usize = 32;

/// What is kept of a dyad's day beside its counts and weights: the squares of weights, in parts of
/// a degree squared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Squares(i128);

impl Kept for Squares {
    type How = ();

    fn take(&mut self, event: Noted, (): &()) {
        self.0 += i128::from(event.weight) * i128::from(event.weight);
    }

    fn add(&mut self, other: &Self) {
        self.0 += other.0;
    }
}

/// What is to be foretold of the events of the next months.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Target {
    /// The mean of their weights, in degrees.
    #[default]
    Mean,
    /// The share of events of conflict, from 0 to 1.
    ConflictShare,
}

impl Target {
    /// Its name, as the command line has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::ConflictShare => "conflict-share",
        }
    }

    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Mean => "mean weight",
            Self::ConflictShare => "share of conflict",
        }
    }

    /// What all dyads have come to.
    fn everyone(self, totals: &Totals) -> Everyone {
        let events = (totals.events as f64).max(1.0);
        match self {
            Self::Mean => Everyone {
                mean: totals.weights as f64 / PARTS / events,
                mean_square: totals.squares as f64 / PARTS / PARTS / events,
            },
            Self::ConflictShare => {
                // 1² is 1.
                let share = totals.conflicts as f64 / events;
                Everyone {
                    mean: share,
                    mean_square: share,
                }
            }
        }
    }
}

/// A day of a dyad.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct DaySum {
    pub(super) day: Day,
    /// How many events there are, their values, and the squares of these.
    pub(super) sum: Faded,
}

/// The days of each dyad, and what all dyads have come to at the end of each month.
#[derive(Clone, Debug)]
pub struct Daily {
    /// What is to be foretold.
    pub target: Target,
    first: Period,
    /// The last day of each month from the first to the last of the data.
    pub(super) ends: Vec<Day>,
    pub(super) everyone: Vec<Everyone>,
    days: BTreeMap<Dyad, Vec<DaySum>>,
}

impl Daily {
    /// The days of some sums by day.
    #[must_use]
    pub fn new(summed: &Summed<Squares>, roster: &Roster, target: Target) -> Self {
        let mut daily = Self {
            target,
            first: Period::of_number(0),
            ends: Vec::new(),
            everyone: Vec::new(),
            days: BTreeMap::new(),
        };
        let Some((from, to)) = summed.span else {
            return daily;
        };
        daily.first = Every::Month.period(from);
        let mut totals = summed.totals.iter().peekable();
        let mut so_far = Totals::default();
        for month in daily.first.number()..=Every::Month.period(to).number() {
            let end = Every::Month.last_day(Period::of_number(month));
            while let Some((_, more)) = totals.next_if(|(day, _)| Every::Day.first_day(*day) <= end)
            {
                so_far.add(more);
            }
            daily.ends.push(end);
            daily.everyone.push(target.everyone(&so_far));
        }
        for cells in summed.by_sides() {
            let Some([first, second]) = cells
                .first()
                .map(|cell| cell.sides.map(|side| roster.actor(side)))
            else {
                continue;
            };
            let Some(dyad) = Dyad::new(first, second) else {
                continue;
            };
            let days = cells.iter().map(|summand| {
                let [forth, back] = &summand.cell.events;
                let events = forth.iter().chain(back).sum::<u64>() as f64;
                let conflicts = forth[2] + forth[3] + back[2] + back[3];
                let [values, squares] = match target {
                    Target::Mean => [
                        summand.cell.weights as f64 / PARTS,
                        summand.cell.kept.0 as f64 / PARTS / PARTS,
                    ],
                    Target::ConflictShare => [conflicts as f64; 2],
                };
                DaySum {
                    day: Every::Day.first_day(summand.period),
                    sum: Faded {
                        events,
                        values,
                        squares,
                    },
                }
            });
            daily.days.entry(dyad).or_default().extend(days);
        }
        for days in daily.days.values_mut() {
            days.sort_by_key(|day| day.day);
        }
        daily
    }

    /// How many months there are, from the first to the last, those without a row included.
    #[must_use]
    pub fn months(&self) -> usize {
        self.ends.len()
    }

    /// What a month is called; the first is 0.
    #[must_use]
    pub fn name(&self, month: usize) -> String {
        Every::Month.name(self.first.plus(month as u32))
    }

    /// The place of a month, if it is one of the data's.
    #[must_use]
    pub fn place(&self, month: Period) -> Option<usize> {
        let place = month.number().checked_sub(self.first.number())? as usize;
        (place < self.months()).then_some(place)
    }

    /// The dyads, by name.
    pub fn dyads(&self) -> impl Iterator<Item = Dyad> {
        self.days.keys().copied()
    }

    pub(super) fn days(&self, dyad: Dyad) -> &[DaySum] {
        self.days.get(&dyad).map_or(&[], Vec::as_slice)
    }

    /// How many events a dyad has until the end of a month.
    #[must_use]
    pub fn events_until(&self, dyad: Dyad, month: usize) -> u64 {
        let Some(end) = self.ends.get(month) else {
            return 0;
        };
        let days = self.days(dyad).iter().take_while(|day| day.day <= *end);
        days.map(|day| day.sum.events).sum::<f64>() as u64
    }

    /// The months in which a dyad has events.
    #[must_use]
    pub fn months_of(&self, dyad: Dyad) -> Vec<usize> {
        let place = |day: &DaySum| self.place(Every::Month.period(day.day));
        let mut months: Vec<_> = self.days(dyad).iter().filter_map(place).collect();
        months.dedup();
        months
    }
}

/// Half-lives, each with the factors by which something has faded after so many days.
#[derive(Clone, Debug)]
pub(super) struct Memories {
    half_lives: Vec<f64>,
    factors: Vec<[f64; MONTH_DAYS]>,
}

impl Memories {
    pub(super) fn new(mut half_lives: Vec<f64>) -> Self {
        half_lives.sort_by(f64::total_cmp);
        half_lives.dedup();
        let factors = half_lives
            .iter()
            .map(|half_life| std::array::from_fn(|days| fading(days as i32, *half_life)));
        Self {
            factors: factors.collect(),
            half_lives,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.half_lives.len()
    }

    /// The place of a half-life among them.
    pub(super) fn place(&self, half_life_days: f64) -> Option<usize> {
        self.half_lives
            .iter()
            .position(|half_life| *half_life == half_life_days)
    }

    /// Goes on from the end of a month, which is so many days ago, to that of the next, with the
    /// days of the latter.
    pub(super) fn go_on(&self, remembered: &mut [Faded], end: Day, length: usize, days: &[DaySum]) {
        for (memory, factors) in remembered.iter_mut().zip(&self.factors) {
            *memory = times(*memory, factors[length]);
            for day in days {
                let left = end.days_since(day.day) as usize;
                *memory = memory.plus(times(day.sum, factors[left]));
            }
        }
    }
}

fn times(sum: Faded, factor: f64) -> Faded {
    Faded {
        events: sum.events * factor,
        values: sum.values * factor,
        squares: sum.squares * factor,
    }
}
