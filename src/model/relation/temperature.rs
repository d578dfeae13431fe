//! The temperature of a dyad: how its balance is read, and how an event adds to the balance.
//!
//! Degrees run over the range of the Goldstein scale, from -10 (hostile) to +10 (allied). The
//! balance is a sum of what happened and what stands, without bounds; the temperature is a bounded
//! reading of it. The reading rises with the balance, so a conflictual event never warms, a
//! cooperative one never cools, and a colder past never leads to a warmer present; and it is flat
//! far from 0, so that in deep enmity one friendly gesture moves little.
#![expect(
    clippy::inline_always,
    reason = "what is not inlined is not compiled for the vectors of the processor that is found"
)]

use crate::model::exp2::{exp2, exp2_each};

/// N, the bound of the scale in degrees: the range of the Goldstein scale.
pub const BOUND_DEGREES: f64 = 10.0;

/// The share of a distance that is left after so many days: 2^(-days / half-life).
///
/// A half-life of infinity leaves everything.
#[must_use]
#[inline]
pub fn fading(days: i32, half_life_days: f64) -> f64 {
    if half_life_days.is_infinite() {
        1.0
    } else {
        exp2(-f64::from(days) / half_life_days)
    }
}

/// The same of several waits side by side, of a whole number of days each.
#[must_use]
#[inline(always)]
pub(super) fn fading_each<const N: usize>(days: &[f64; N], half_lives_days: &[f64; N]) -> [f64; N] {
    let mut powers = [0.0; N];
    for at in 0..N {
        // Of a half-life of infinity that is 0, too.
        powers[at] = -days[at] / half_lives_days[at];
    }
    exp2_each(powers)
}

/// How a balance is read as a temperature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// `T = N · R / √(N² + R²)`: bounded where it is read. `√` is exact in IEEE 754, so the bits
    /// are the same on every platform.
    Bounded,
    /// `T = R`, without bounds.
    Plain,
    /// `T = R`, and an event adds the less the closer the bound it moves to is.
    Stepwise,
}

impl Reading {
    /// The temperature that a balance is read as, both in degrees.
    #[must_use]
    #[inline(always)]
    pub fn of(self, balance: f64) -> f64 {
        match self {
            // In exact arithmetic no bound can be passed; this takes off what rounding may add.
            Self::Bounded => {
                let temperature = BOUND_DEGREES * balance / root(balance);
                temperature.clamp(-BOUND_DEGREES, BOUND_DEGREES)
            }
            Self::Plain => balance,
            Self::Stepwise => balance.clamp(-BOUND_DEGREES, BOUND_DEGREES),
        }
    }

    /// The same of several balances side by side.
    #[must_use]
    #[inline(always)]
    pub fn of_each<const N: usize>(self, balances: [f64; N]) -> [f64; N] {
        match self {
            Self::Bounded => balances.map(|balance| Self::Bounded.of(balance)),
            Self::Plain => balances,
            Self::Stepwise => balances.map(|balance| Self::Stepwise.of(balance)),
        }
    }

    /// The least and the greatest temperature that any balance is read as, in degrees.
    #[must_use]
    pub const fn range(self) -> [f64; 2] {
        match self {
            Self::Bounded | Self::Stepwise => [-BOUND_DEGREES, BOUND_DEGREES],
            Self::Plain => [f64::NEG_INFINITY, f64::INFINITY],
        }
    }

    /// Whether a balance is read as a temperature below a mark, as [`Reading::of`] has it.
    #[must_use]
    #[inline]
    pub fn is_below(self, balance: f64, mark: &Mark) -> bool {
        match self {
            Self::Bounded if balance < mark.colder => true,
            Self::Bounded if balance > mark.warmer => false,
            _ => self.of(balance) < mark.degrees,
        }
    }

    /// Whether a balance is read as a temperature above a mark, as [`Reading::of`] has it.
    #[must_use]
    #[inline]
    pub fn is_above(self, balance: f64, mark: &Mark) -> bool {
        match self {
            Self::Bounded if balance < mark.colder => false,
            Self::Bounded if balance > mark.warmer => true,
            _ => self.of(balance) > mark.degrees,
        }
    }

    /// T / R: by how much each part of a balance counts in the temperature.
    #[must_use]
    #[inline]
    pub fn factor(self, balance: f64) -> f64 {
        match self {
            Self::Bounded => BOUND_DEGREES / root(balance),
            Self::Plain | Self::Stepwise => 1.0,
        }
    }

    /// What an event of a given impact adds to a balance, both in degrees.
    ///
    /// Stepwise that is `I · (1 − sgn(I) · T / N)`, else the impact itself.
    #[must_use]
    #[inline]
    pub fn impulse(self, balance: f64, impact: f64) -> f64 {
        if self != Self::Stepwise || impact == 0.0 {
            return impact;
        }
        let temperature = self.of(balance);
        let room = 1.0 - impact.signum() * temperature / BOUND_DEGREES;
        (temperature + impact * room).clamp(-BOUND_DEGREES, BOUND_DEGREES) - temperature
    }

    /// By how much a difference in the balance is left after an event of a given impact.
    #[must_use]
    pub fn slope(self, impact: f64) -> f64 {
        match self {
            Self::Stepwise => 1.0 - impact.abs() / BOUND_DEGREES,
            Self::Bounded | Self::Plain => 1.0,
        }
    }
}

#[inline(always)]
fn root(balance: f64) -> f64 {
    (BOUND_DEGREES * BOUND_DEGREES + balance * balance).sqrt()
}

/// A temperature that others are held against, with the balances about it. On either side of those
/// it is known without reading whether one is below it or above.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// The temperature, in degrees.
    pub degrees: f64,
    /// What is below this is read as colder by [`Reading::Bounded`].
    colder: f64,
    /// What is above this is read as warmer by it.
    warmer: f64,
}

impl Mark {
    /// Far more than rounding makes of a temperature, in degrees.
    const ROUNDING_DEGREES: f64 = 1e-9;

    /// A mark at a temperature in degrees.
    #[must_use]
    pub fn new(degrees: f64) -> Self {
        Self {
            degrees,
            colder: unread(degrees - Self::ROUNDING_DEGREES),
            warmer: unread(degrees + Self::ROUNDING_DEGREES),
        }
    }

    /// Below this, and above this, is known what the other side of the mark is, by a reading.
    pub(in crate::model) fn sides(&self, by: Reading) -> [f64; 2] {
        match by {
            Reading::Bounded => [self.colder, self.warmer],
            Reading::Plain | Reading::Stepwise => [self.degrees, self.degrees],
        }
    }

    /// A balance below the first of these is surely not read as above the mark, one above the other
    /// not as below it.
    #[must_use]
    #[inline]
    pub(in crate::model) fn screen(&self, by: Reading) -> [f64; 2] {
        match by {
            Reading::Bounded | Reading::Plain => self.sides(by),
            // Beyond a bound nothing is told.
            Reading::Stepwise => [f64::NEG_INFINITY, f64::INFINITY],
        }
    }
}

/// The balance that [`Reading::Bounded`] reads as a temperature, about: `R = N · T / √(N² - T²)`,
/// without end from the bounds on.
fn unread(degrees: f64) -> f64 {
    if degrees.abs() < BOUND_DEGREES {
        let left = (BOUND_DEGREES - degrees) * (BOUND_DEGREES + degrees);
        BOUND_DEGREES * degrees / left.sqrt()
    } else {
        f64::INFINITY.copysign(degrees)
    }
}

#[cfg(test)]
mod tests {
    use super::Reading::{Bounded, Plain, Stepwise};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_balance_is_read_flat_far_from_zero() {
        assert_eq!(Bounded.of(0.0), 0.0);
        assert!((Bounded.of(10.0) - 50.0_f64.sqrt()).abs() < 1e-15);
        assert!(Bounded.of(1.0) > 0.99 && Bounded.of(31.0) - Bounded.of(30.0) < 0.04);
        assert_eq!(Plain.of(31.0), 31.0);
    }

    #[test]
    fn stepwise_an_event_moves_less_the_closer_its_bound_is() {
        assert_eq!(Stepwise.impulse(0.0, 2.0), 2.0);
        assert_eq!(Stepwise.impulse(5.0, 2.0), 1.0);
        assert_eq!(Stepwise.impulse(-5.0, 2.0), 3.0);
        assert_eq!(Stepwise.impulse(10.0, 2.0), 0.0);
        assert_eq!(Stepwise.impulse(-10.0, -2.0), 0.0);
        assert_eq!(Plain.impulse(-10.0, -2.0), -2.0);
    }

    proptest! {
        #[test]
        fn bounds_are_kept(balance in -1e9..1e9f64, impact in -10.0..=10.0f64) {
            prop_assert!(Bounded.of(balance).abs() <= BOUND_DEGREES);
            let within = Stepwise.of(balance);
            prop_assert!(Stepwise.of(within + Stepwise.impulse(within, impact)).abs() <= BOUND_DEGREES);
        }

        #[test]
        fn the_factor_is_the_temperature_over_the_balance(balance in -100.0..100.0f64) {
            for reading in [Bounded, Plain] {
                prop_assert!((reading.factor(balance) * balance - reading.of(balance)).abs() < 1e-13);
            }
        }

        #[test]
        fn side_by_side_balances_are_read_to_the_same_bits(balances in [-100.0..100.0f64, -20.0..20.0, -1e9..1e9]) {
            for reading in [Bounded, Plain, Stepwise] {
                prop_assert_eq!(reading.of_each(balances), balances.map(|balance| reading.of(balance)));
            }
        }

        #[test]
        fn a_warmer_balance_is_never_read_as_colder(a in -1e3..1e3f64, b in -1e3..1e3f64) {
            for reading in [Bounded, Plain, Stepwise] {
                prop_assert!(reading.of(a.min(b)) <= reading.of(a.max(b)));
            }
        }

        #[test]
        fn a_mark_is_passed_where_the_reading_passes_it(
            degrees in prop_oneof![-12.0..12.0f64, Just(10.0), Just(-10.0), 9.999_999..10.0],
            balance in prop_oneof![-100.0..100.0f64, -1e9..1e9],
            near in -1e-8..1e-8f64,
        ) {
            let mark = Mark::new(degrees);
            for reading in [Bounded, Plain, Stepwise] {
                let about = [balance, unread(degrees + near), mark.colder, mark.warmer, degrees];
                for balance in about.into_iter().filter(|it| it.is_finite()) {
                    let is = reading.of(balance);
                    prop_assert_eq!(reading.is_below(balance, &mark), is < degrees);
                    prop_assert_eq!(reading.is_above(balance, &mark), is > degrees);
                }
            }
        }

        #[test]
        fn a_conflictual_event_never_warms_and_a_cooperative_one_never_cools(
            balance in -10.0..=10.0f64, impact in 0.0..=10.0f64,
        ) {
            for reading in [Bounded, Plain, Stepwise] {
                prop_assert!(reading.impulse(balance, impact) >= 0.0);
                prop_assert!(reading.impulse(balance, -impact) <= 0.0);
            }
        }
    }

    #[test]
    fn a_balance_beside_a_mark_is_not_read() {
        // The sides say something else than the reading, so that it shows which of them is asked.
        let warm = Mark {
            degrees: 9.0,
            colder: -6.0,
            warmer: -5.0,
        };
        let cold = Mark {
            degrees: -9.0,
            colder: 5.0,
            warmer: 6.0,
        };
        for (mark, balance, is_below, is_above) in [
            (&cold, 4.0, true, false),
            (&cold, 5.0, false, true),
            (&cold, 6.0, false, true),
            (&warm, -6.0, true, false),
            (&warm, -5.0, true, false),
            (&warm, -4.0, false, true),
        ] {
            assert_eq!(
                Bounded.is_below(balance, mark),
                is_below,
                "{mark:?} {balance}"
            );
            assert_eq!(
                Bounded.is_above(balance, mark),
                is_above,
                "{mark:?} {balance}"
            );
        }
        // Without a bound there is nothing to read.
        assert!(!Plain.is_below(4.0, &cold) && Plain.is_above(4.0, &cold));
        assert!(Stepwise.is_below(-4.0, &warm) && !Stepwise.is_above(-4.0, &warm));
    }

    #[test]
    fn a_difference_is_left_after_an_event_as_its_slope_says() {
        for reading in [Bounded, Plain, Stepwise] {
            for impact in [-5.0, -1.0, 0.0, 2.5, 10.0] {
                let after = |balance: f64| balance + reading.impulse(balance, impact);
                let left = (after(4.0) - after(-3.0)) / 7.0;
                assert!(
                    (left - reading.slope(impact)).abs() < 1e-12,
                    "{reading:?} {impact}"
                );
            }
        }
    }
}
