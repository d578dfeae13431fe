//! What is read out of a dyad's sums at the end of each period: the level, or the decayed sum of
//! old.

use super::columns::Value;
use super::level::{Everyone, Faded, Level, Remembered};
use super::parameters::Parameters;
use super::period::{Every, Period};
use super::sums::{Factors, Kept, Noted, Packed, Summed, Totals, unfactored};
use crate::error::{BadData, Result};
use crate::exchange::Weight;
use crate::model::temperature::fading;
use crate::model::{Day, Dyad, HalfLives, Model};

/// The parts of a degree, as a number.
const PARTS: f64 = Weight::PARTS as f64;

/// Reads something out of the sums of one dyad after another, period by period.
pub trait Readout<K: Kept> {
    /// Begins with another dyad.
    fn begin(&mut self);

    /// The columns at the end of a period, with what was added in it.
    fn at(&mut self, dyad: Dyad, period: Period, kept: &K) -> Vec<(&'static str, Value<'static>)>;
}

/// What a decayed sum keeps: weights times the factors by which they have faded at the end of the
/// period, and those.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decayed {
    weights: i128,
    events: i128,
}

impl Kept for Decayed {
    type How = Factors;

    fn take(&mut self, event: Noted, factors: &Factors) {
        let factor = factors.of(event.left);
        self.weights += i128::from(event.weight) * factor;
        self.events += factor;
    }

    fn add(&mut self, other: &Self) {
        self.weights += other.weights;
        self.events += other.events;
    }
}

impl Packed for Decayed {
    fn numbers(&self) -> Vec<i128> {
        vec![self.weights, self.events]
    }

    fn of_numbers(numbers: &[i128]) -> Option<Self> {
        let &[weights, events] = numbers else {
            return None;
        };
        Some(Self { weights, events })
    }
}

/// Reads temperature and decayed mean: the sum of decayed weights that is usual in work with coded
/// event data.
#[derive(Debug)]
pub struct Decaying<'a> {
    model: &'a Model,
    every: Every,
    so_far: Option<(Day, f64, f64)>,
}

impl<'a> Decaying<'a> {
    /// By a model, for periods of a length.
    #[must_use]
    pub const fn new(model: &'a Model, every: Every) -> Self {
        Self {
            model,
            every,
            so_far: None,
        }
    }

    /// What is to be kept for it.
    ///
    /// # Errors
    /// When the model saturates: then the order of events counts, and nothing can be added up. When
    /// it fades words and deeds differently: the table has sums of one half-life.
    pub fn kept(model: &Model, every: Every) -> Result<Factors> {
        if model.saturation() {
            return Err(BadData::Saturates.into());
        }
        let HalfLives { words, deeds, .. } = model.half_lives();
        if words != deeds {
            return Err(BadData::SeveralHalfLives { words, deeds }.into());
        }
        Ok(Factors::new(deeds, every))
    }
}

impl Readout<Decayed> for Decaying<'_> {
    fn begin(&mut self) {
        self.so_far = None;
    }

    fn at(
        &mut self,
        dyad: Dyad,
        period: Period,
        kept: &Decayed,
    ) -> Vec<(&'static str, Value<'static>)> {
        let end = self.every.last_day(period);
        let (mut sum, mut count) = match self.so_far {
            Some((day, sum, count)) => {
                let left = fading(end.days_since(day), self.model.half_lives().deeds);
                (sum * left, count * left)
            }
            None => (0.0, 0.0),
        };
        sum += unfactored(kept.weights) / PARTS;
        count += unfactored(kept.events);
        self.so_far = Some((end, sum, count));
        let temperature = self.model.baseline(dyad) + self.model.gain() * sum;
        let mean = (count > 0.0).then(|| sum / count);
        vec![
            ("temperature", Value::rounded(temperature)),
            ("decayed_mean", Value::maybe(mean)),
        ]
    }
}

/// What one memory keeps of a dyad's period: factors, and values times factors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    events: i128,
    weights: i128,
    conflicts: i128,
}

/// What the level keeps of a dyad's period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TwoMemories {
    slow: Memory,
    fast: Memory,
    /// Squares of weights times factors of the slow half-life.
    squares: i128,
    /// Events of material conflict times factors of the slow and the fast half-life of the rate.
    material_conflicts: [i128; 2],
}

/// The half-lives of the rate of material conflict, and how many days the mean of all dyads, and
/// the slow rate, weigh as. Counts of violence come in bursts, which is why they have memories of
/// their own. Fitted as the level's were.
const RATE_HALF_LIFE_DAYS: [f64; 2] = [365.0, 30.0];
const RATE_PRIOR_DAYS: [f64; 2] = [90.0, 40.0];

/// The factors of the slow and the fast half-life, of the level and of the rate.
#[derive(Clone, Debug)]
pub struct FourFactors {
    level: [Factors; 2],
    rate: [Factors; 2],
}

impl Kept for TwoMemories {
    type How = FourFactors;

    fn take(&mut self, event: Noted, factors: &FourFactors) {
        let [slow, fast] = [0, 1].map(|which| factors.level[which].of(event.left));
        let weight = i128::from(event.weight);
        let conflict = i128::from(event.is_conflict());
        for (memory, factor) in [(&mut self.slow, slow), (&mut self.fast, fast)] {
            memory.events += factor;
            memory.weights += weight * factor;
            memory.conflicts += conflict * factor;
        }
        self.squares += weight * weight * slow;
        if event.is_material_conflict() {
            for (sum, factors) in self.material_conflicts.iter_mut().zip(&factors.rate) {
                *sum += factors.of(event.left);
            }
        }
    }

    fn add(&mut self, other: &Self) {
        for (mine, others) in [(&mut self.slow, &other.slow), (&mut self.fast, &other.fast)] {
            mine.events += others.events;
            mine.weights += others.weights;
            mine.conflicts += others.conflicts;
        }
        self.squares += other.squares;
        let rates = self.material_conflicts.iter_mut();
        for (mine, others) in rates.zip(other.material_conflicts) {
            *mine += others;
        }
    }
}

impl Packed for TwoMemories {
    fn numbers(&self) -> Vec<i128> {
        let of = |memory: Memory| [memory.events, memory.weights, memory.conflicts];
        let [slow, fast] = [self.slow, self.fast].map(of);
        [&slow[..], &fast, &[self.squares], &self.material_conflicts].concat()
    }

    fn of_numbers(numbers: &[i128]) -> Option<Self> {
        let (slow, rest) = numbers.split_at_checked(3)?;
        let (fast, rest) = rest.split_at_checked(3)?;
        let &[squares, slow_rate, fast_rate] = rest else {
            return None;
        };
        let memory = |numbers: &[i128]| Memory {
            events: numbers[0],
            weights: numbers[1],
            conflicts: numbers[2],
        };
        Some(Self {
            slow: memory(slow),
            fast: memory(fast),
            squares,
            material_conflicts: [slow_rate, fast_rate],
        })
    }
}

impl TwoMemories {
    fn weights(&self) -> Remembered {
        Remembered {
            slow: Faded {
                events: unfactored(self.slow.events),
                values: unfactored(self.slow.weights) / PARTS,
                squares: unfactored(self.squares) / PARTS / PARTS,
            },
            fast: Faded {
                events: unfactored(self.fast.events),
                values: unfactored(self.fast.weights) / PARTS,
                squares: 0.0,
            },
        }
    }

    fn conflicts(&self) -> Remembered {
        let faded = |memory: &Memory| {
            let values = unfactored(memory.conflicts);
            Faded {
                events: unfactored(memory.events),
                values,
                // 1² is 1.
                squares: values,
            }
        };
        Remembered {
            slow: faded(&self.slow),
            fast: faded(&self.fast),
        }
    }
}

/// What all dyads have come to at the end of a period.
#[derive(Clone, Copy, Debug, Default)]
struct Background {
    weights: Everyone,
    conflicts: Everyone,
    /// Events of material conflict per dyad and day, so far.
    rate: f64,
    /// Faded days of which there are data, by the half-lives of the rate.
    days: [f64; 2],
}

/// Reads level, level of conflict, and rate of material conflict.
#[derive(Debug)]
pub struct Levels<'a> {
    parameters: &'a Parameters,
    every: Every,
    first: Period,
    backgrounds: Vec<Background>,
    so_far: Option<SoFar>,
}

#[derive(Clone, Copy, Debug)]
struct SoFar {
    day: Day,
    weights: Remembered,
    conflicts: Remembered,
    material_conflicts: [f64; 2],
}

impl<'a> Levels<'a> {
    /// What is to be kept for it.
    #[must_use]
    pub fn kept(parameters: &Parameters, every: Every) -> FourFactors {
        let factors = |half_life| Factors::new(half_life, every);
        FourFactors {
            level: [
                parameters.half_life_slow_days,
                parameters.half_life_fast_days,
            ]
            .map(factors),
            rate: RATE_HALF_LIFE_DAYS.map(factors),
        }
    }

    /// By some parameters, of some sums.
    #[must_use]
    pub fn new<K>(parameters: &'a Parameters, summed: &Summed<K>) -> Self {
        let (first, backgrounds) = backgrounds(summed);
        Self {
            parameters,
            every: summed.every,
            first,
            backgrounds,
            so_far: None,
        }
    }

    fn background(&self, period: Period) -> Background {
        let place = period.number().saturating_sub(self.first.number()) as usize;
        self.backgrounds.get(place).copied().unwrap_or_default()
    }
}

/// What all dyads have come to at the end of each period from the first.
fn backgrounds<K>(summed: &Summed<K>) -> (Period, Vec<Background>) {
    let every = summed.every;
    let Some((from, to)) = summed.span else {
        return (Period::of_number(0), Vec::new());
    };
    let (first, last) = (every.period(from), every.period(to));
    let mut totals = summed.totals.iter().peekable();
    let mut so_far = Totals::default();
    let (mut days, mut all_days, mut day) = ([0.0; 2], 0.0, from);
    let daily = RATE_HALF_LIFE_DAYS.map(|half_life| fading(1, half_life));
    let periods = first.number()..=last.number();
    let backgrounds = periods.map(Period::of_number).map(|period| {
        while let Some((_, more)) = totals.next_if(|(of, _)| *of <= period) {
            so_far.add(more);
        }
        let end = every.last_day(period);
        while day <= end {
            // A month without any row is no month without events.
            let is_covered = day <= to
                && summed
                    .months
                    .binary_search(&Every::Month.period(day))
                    .is_ok();
            let more = f64::from(u8::from(is_covered));
            for (days, left) in days.iter_mut().zip(daily) {
                *days = *days * left + more;
            }
            all_days += more;
            let Some(next) = day.plus_days(1) else { break };
            day = next;
        }
        let dyads = summed.began.partition_point(|began| *began <= period);
        let events = (so_far.events as f64).max(1.0);
        let share = so_far.conflicts as f64 / events;
        Background {
            weights: Everyone {
                mean: so_far.weights as f64 / PARTS / events,
                mean_square: so_far.squares as f64 / PARTS / PARTS / events,
            },
            conflicts: Everyone {
                mean: share,
                mean_square: share,
            },
            rate: so_far.material_conflicts as f64 / (dyads as f64 * all_days).max(1.0),
            days,
        }
    });
    let backgrounds = backgrounds.collect();
    (first, backgrounds)
}

impl Readout<TwoMemories> for Levels<'_> {
    fn begin(&mut self) {
        self.so_far = None;
    }

    fn at(
        &mut self,
        _: Dyad,
        period: Period,
        kept: &TwoMemories,
    ) -> Vec<(&'static str, Value<'static>)> {
        let end = self.every.last_day(period);
        let mut now = SoFar {
            day: end,
            weights: kept.weights(),
            conflicts: kept.conflicts(),
            material_conflicts: kept.material_conflicts.map(unfactored),
        };
        if let Some(before) = self.so_far {
            let days = end.days_since(before.day);
            now.weights = before
                .weights
                .after(days, self.parameters)
                .plus(now.weights);
            let conflicts = before.conflicts.after(days, self.parameters);
            now.conflicts = conflicts.plus(now.conflicts);
            for which in [0, 1] {
                let left = fading(days, RATE_HALF_LIFE_DAYS[which]);
                now.material_conflicts[which] += before.material_conflicts[which] * left;
            }
        }
        self.so_far = Some(now);
        let background = self.background(period);
        let everyone = background.weights;
        let prior = self.parameters.prior_degrees.unwrap_or(everyone.mean);
        let level = now.weights.read(prior, everyone, self.parameters);
        let everyone = background.conflicts;
        let conflict = now.conflicts.read(everyone.mean, everyone, self.parameters);
        let [slow, fast] =
            [0, 1].map(|which| (now.material_conflicts[which], background.days[which]));
        let [slow_prior, fast_prior] = RATE_PRIOR_DAYS;
        let slow = (slow.0 + slow_prior * background.rate) / (slow.1 + slow_prior);
        let rate = (fast.0 + fast_prior * slow) / (fast.1 + fast_prior);
        let end = |level: Level, which: usize| level.interval.map(|ends| ends[which]);
        // A share lies between 0 and 1, whatever the normal distribution says.
        let share = |number: f64| number.clamp(0.0, 1.0);
        vec![
            ("level", Value::rounded(level.level)),
            ("level_low", Value::maybe(end(level, 0))),
            ("level_high", Value::maybe(end(level, 1))),
            ("conflict_level", Value::rounded(conflict.level)),
            (
                "conflict_level_low",
                Value::maybe(end(conflict, 0).map(share)),
            ),
            (
                "conflict_level_high",
                Value::maybe(end(conflict, 1).map(share)),
            ),
            ("material_conflict_rate", Value::rounded(rate)),
        ]
    }
}
