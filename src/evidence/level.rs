//! The level of a dyad: what its events of the last fortnight and of the last year say, and how
//! sure that is.
//!
//! With S = Σ w f and N = Σ f over the events so far, f = 2^(-days / half-life), and G the mean
//! weight of all events of all dyads so far, not faded:
//!
//! ```text
//! slow  = (S_slow + prior_slow G)    / (N_slow + prior_slow)
//! level = (S_fast + prior_fast slow) / (N_fast + prior_fast)
//! ```
//!
//! It is a mean of weights and of G, with positive shares that add up to 1. Form and numbers were
//! fitted to ICEWS 2005 to 2015 and judged on what followed; `detente validate` does the same with
//! data of your own.

use super::parameters::Parameters;
use crate::model::temperature::fading;

/// The quantile of the normal distribution between whose negative and itself 90 % lie.
pub const NINETY_PERCENT: f64 = 1.644_853_626_951_472_2;

/// How many events of everyone's the variance of a dyad's weights is mixed with: an assumption.
const VARIANCE_PRIOR_EVENTS: f64 = 20.0;

/// The least that the variance of a dyad's weights can be, as a share of everyone's: an assumption.
const LEAST_VARIANCE_SHARE: f64 = 0.05;

/// Faded sums of some values of events, at the end of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Faded {
    /// N = Σ f.
    pub events: f64,
    /// S = Σ v f.
    pub values: f64,
    /// Q = Σ v² f.
    pub squares: f64,
}

impl Faded {
    /// The sums so many days later.
    #[must_use]
    pub fn after(self, days: i32, half_life_days: f64) -> Self {
        let left = fading(days, half_life_days);
        Self {
            events: self.events * left,
            values: self.values * left,
            squares: self.squares * left,
        }
    }

    /// Both sums.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            events: self.events + other.events,
            values: self.values + other.values,
            squares: self.squares + other.squares,
        }
    }

    /// The sums without one event.
    #[must_use]
    pub fn without(self, value: f64, factor: f64) -> Self {
        Self {
            events: self.events - factor,
            values: self.values - value * factor,
            squares: self.squares - value * value * factor,
        }
    }
}

/// All events of all dyads so far, not faded.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Everyone {
    /// The mean of their values, A1: G, unless that is set.
    pub mean: f64,
    /// The mean of the squares of their values, A2.
    pub mean_square: f64,
}

/// What is remembered of a dyad at the end of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Remembered {
    /// With the slow half-life.
    pub slow: Faded,
    /// With the fast half-life.
    pub fast: Faded,
}

/// A level and its interval.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Level {
    /// The level.
    pub level: f64,
    /// The ends of its 90 % interval; nothing while all events of all dyads have had one value, as
    /// nobody knows then how they scatter.
    pub interval: Option<[f64; 2]>,
}

impl Remembered {
    /// Nothing but one event, so many days ago.
    #[must_use]
    pub fn of_event(value: f64, days: i32, parameters: &Parameters) -> Self {
        let of = |factor: f64| Faded {
            events: factor,
            values: value * factor,
            squares: value * value * factor,
        };
        Self {
            slow: of(fading(days, parameters.half_life_slow_days)),
            fast: of(fading(days, parameters.half_life_fast_days)),
        }
    }

    /// Both.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            slow: self.slow.plus(other.slow),
            fast: self.fast.plus(other.fast),
        }
    }

    /// The same so many days later.
    #[must_use]
    pub fn after(self, days: i32, parameters: &Parameters) -> Self {
        Self {
            slow: self.slow.after(days, parameters.half_life_slow_days),
            fast: self.fast.after(days, parameters.half_life_fast_days),
        }
    }

    /// The same without one event of so many days ago.
    #[must_use]
    pub fn without(self, value: f64, days: i32, parameters: &Parameters) -> Self {
        Self {
            slow: self
                .slow
                .without(value, fading(days, parameters.half_life_slow_days)),
            fast: self
                .fast
                .without(value, fading(days, parameters.half_life_fast_days)),
        }
    }

    /// The level, for a prior G.
    #[must_use]
    pub fn level(&self, prior: f64, parameters: &Parameters) -> f64 {
        let (slow_prior, fast_prior) = (parameters.prior_slow_events, parameters.prior_fast_events);
        let slow = (self.slow.values + slow_prior * prior) / (self.slow.events + slow_prior);
        (self.fast.values + fast_prior * slow) / (self.fast.events + fast_prior)
    }

    /// By what the variance of single events is multiplied to give that of the level:
    /// `u = 1/(N_fast + p_fast) + (p_fast/(N_fast + p_fast))² / (N_slow + p_slow)`.
    #[must_use]
    pub fn spread(&self, parameters: &Parameters) -> f64 {
        let fast = self.fast.events + parameters.prior_fast_events;
        let left = parameters.prior_fast_events / fast;
        1.0 / fast + left * left / (self.slow.events + parameters.prior_slow_events)
    }

    /// The variance of single events: `s² = max(m2 - m1², 0.05 (A2 - A1²))`, with
    /// `m1 = (S + 20 A1)/(N + 20)` and `m2 = (Q + 20 A2)/(N + 20)` of the slow half-life.
    /// Everyone's share in it does not follow `prior_degrees`.
    #[must_use]
    pub fn variance(&self, everyone: Everyone) -> f64 {
        let events = self.slow.events + VARIANCE_PRIOR_EVENTS;
        let mean = (self.slow.values + VARIANCE_PRIOR_EVENTS * everyone.mean) / events;
        let square = (self.slow.squares + VARIANCE_PRIOR_EVENTS * everyone.mean_square) / events;
        let of_all = everyone.mean_square - everyone.mean * everyone.mean;
        (square - mean * mean).max(LEAST_VARIANCE_SHARE * of_all)
    }

    /// The level with its 90 % interval, level ± 1.645 √(s² u).
    #[must_use]
    pub fn read(&self, prior: f64, everyone: Everyone, parameters: &Parameters) -> Level {
        /// Less than this is what rounding leaves of events that all have one value.
        const NO_VARIANCE: f64 = 1e-12;
        let level = self.level(prior, parameters);
        let of_all = everyone.mean_square - everyone.mean * everyone.mean;
        let interval = (of_all > NO_VARIANCE).then(|| {
            let variance = self.variance(everyone) * self.spread(parameters);
            let half = NINETY_PERCENT * libm::sqrt(variance);
            [level - half, level + half]
        });
        Level { level, interval }
    }

    /// By what an event of so many days ago is multiplied in the level:
    /// `f_fast/(N_fast + p_fast) + p_fast/(N_fast + p_fast) · f_slow/(N_slow + p_slow)`.
    #[must_use]
    pub fn factor_of(&self, days: i32, parameters: &Parameters) -> f64 {
        let fast = self.fast.events + parameters.prior_fast_events;
        let left = parameters.prior_fast_events / fast;
        fading(days, parameters.half_life_fast_days) / fast
            + left * fading(days, parameters.half_life_slow_days)
                / (self.slow.events + parameters.prior_slow_events)
    }

    /// By what the prior is multiplied in the level.
    #[must_use]
    pub fn factor_of_prior(&self, parameters: &Parameters) -> f64 {
        let left = parameters.prior_fast_events / (self.fast.events + parameters.prior_fast_events);
        left * parameters.prior_slow_events / (self.slow.events + parameters.prior_slow_events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Weights and how many days ago.
    fn events() -> Vec<(f64, i32)> {
        (0..200)
            .map(|place: i32| {
                let weight = f64::from((place * 7919) % 201 - 100) / 10.0;
                (weight, (place * 104_729) % 900)
            })
            .collect()
    }

    fn sum(events: &[(f64, i32)], parameters: &Parameters) -> Remembered {
        let one = |(value, days): &(f64, i32)| Remembered::of_event(*value, *days, parameters);
        let nothing = Remembered::default();
        events.iter().map(one).fold(nothing, Remembered::plus)
    }

    #[test]
    fn shares_of_all_events_and_of_the_prior_add_up_to_the_level() {
        let parameters = Parameters::default();
        let (events, prior) = (events(), 1.25);
        let remembered = sum(&events, &parameters);
        let factor = |days| remembered.factor_of(days, &parameters);
        let of_events: f64 = events.iter().map(|(w, days)| w * factor(*days)).sum();
        let factors: f64 = events.iter().map(|(_, days)| factor(*days)).sum();
        let of_prior = remembered.factor_of_prior(&parameters);
        let level = remembered.level(prior, &parameters);
        assert!((of_events + prior * of_prior - level).abs() < 1e-12);
        assert!((factors + of_prior - 1.0).abs() < 1e-12);
        assert!(events.iter().all(|(_, days)| factor(*days) > 0.0) && of_prior > 0.0);
    }

    #[test]
    fn a_level_without_an_event_is_the_level_of_the_others() {
        let parameters = Parameters::default();
        let events = events();
        let remembered = sum(&events, &parameters);
        for place in 0..events.len() {
            let (value, days) = events[place];
            let mut others = events.clone();
            others.remove(place);
            let left = remembered.without(value, days, &parameters);
            let told = left.level(0.5, &parameters);
            let expected = sum(&others, &parameters).level(0.5, &parameters);
            assert!((told - expected).abs() < 1e-11, "{told} and {expected}");
        }
    }

    #[test]
    fn what_waits_tends_to_the_slow_mean_and_then_to_the_prior() {
        let parameters = Parameters::default();
        let war = sum(&[(-10.0, 0); 50], &parameters);
        let level = |days| war.after(days, &parameters).level(2.0, &parameters);
        assert!(level(0) < -9.0);
        assert!((0..60).all(|month| level(30 * month) < level(30 * month + 30)));
        assert!((level(20_000) - 2.0).abs() < 1e-9);
    }
}
