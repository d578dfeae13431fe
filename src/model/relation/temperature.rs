//! The temperature of a dyad: how waiting and events change it.
//!
//! Degrees run over the range of the Goldstein scale, from -10 (hostile) to +10 (allied). Impulses fade,
//! standing facts do not. Both steps are affine in the temperature with a slope in [0, 1], so a
//! conflictual event never warms, a cooperative one never cools, and a colder past never leads to a
//! warmer present.

/// N, the bound of the scale in degrees: the range of the Goldstein scale.
pub const BOUND_DEGREES: f64 = 10.0;

/// The share of a distance from the equilibrium that is left after so many days: 2^(-days / half-life).
///
/// A half-life of infinity leaves everything. `2^x` comes from `libm`, which gives the same bits on
/// every platform.
#[must_use]
#[inline]
pub fn fading(days: i32, half_life_days: f64) -> f64 {
    if half_life_days.is_infinite() {
        1.0
    } else {
        libm::exp2(-f64::from(days) / half_life_days)
    }
}

/// The temperature after waiting: `E + (T - E) * 2^(-days / half-life)`.
#[must_use]
#[inline]
pub fn wait(temperature: f64, equilibrium: f64, days: i32, half_life_days: f64) -> f64 {
    if days == 0 || half_life_days.is_infinite() || temperature == equilibrium {
        return temperature;
    }
    equilibrium + (temperature - equilibrium) * fading(days, half_life_days)
}

/// The temperature after an event of a given impact in degrees.
///
/// With saturation `T + I * (1 - sgn(I) * T / N)`: the closer to the bound it moves to, the less an
/// event moves, so that neither bound can be passed and nothing is clamped. Without, `T + I`.
#[must_use]
#[inline]
pub fn push(temperature: f64, impact: f64, saturation: bool) -> f64 {
    if impact == 0.0 {
        temperature
    } else if saturation {
        let room = 1.0 - impact.signum() * temperature / BOUND_DEGREES;
        // In exact arithmetic the bound cannot be passed; this takes off the last bit that rounding
        // may add when the impact is as large as the bound itself.
        (temperature + impact * room).clamp(-BOUND_DEGREES, BOUND_DEGREES)
    } else {
        temperature + impact
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn half_of_the_distance_is_left_after_a_half_life() {
        assert_eq!(wait(8.0, 0.0, 180, 180.0), 4.0);
        assert_eq!(wait(-9.0, -5.0, 30, 30.0), -7.0);
        assert_eq!(wait(3.0, -5.0, 10_000, f64::INFINITY), 3.0);
    }

    #[test]
    fn an_event_moves_less_the_closer_its_bound_is() {
        assert_eq!(push(0.0, 2.0, true), 2.0);
        assert_eq!(push(5.0, 2.0, true), 6.0);
        assert_eq!(push(-5.0, 2.0, true), -2.0);
        assert_eq!(push(10.0, 2.0, true), 10.0);
        assert_eq!(push(-10.0, -2.0, true), -10.0);
        assert_eq!(push(-10.0, -2.0, false), -12.0);
    }

    proptest! {
        #[test]
        fn bounds_are_kept_without_clamping(
            t in -10.0..=10.0f64, e in -10.0..=10.0f64, days in 0..100_000i32, h in 0.5..5000.0f64, i in -10.0..=10.0f64,
        ) {
            let waited = wait(t, e, days, h);
            prop_assert!(waited.abs() <= BOUND_DEGREES);
            prop_assert!(push(waited, i, true).abs() <= BOUND_DEGREES);
        }

        #[test]
        fn a_conflictual_event_never_warms_and_a_cooperative_one_never_cools(t in -10.0..=10.0f64, i in 0.0..=10.0f64) {
            prop_assert!(push(t, i, true) >= t);
            prop_assert!(push(t, -i, true) <= t);
        }

        #[test]
        fn a_colder_past_never_leads_to_a_warmer_present(
            a in -10.0..=10.0f64, b in -10.0..=10.0f64, e in -10.0..=10.0f64, days in 0..5000i32, i in -10.0..=10.0f64,
        ) {
            let (cold, warm) = (a.min(b), a.max(b));
            // Rounding may swap two temperatures that differ in the last bit.
            prop_assert!(wait(cold, e, days, 180.0) <= wait(warm, e, days, 180.0) + 1e-14);
            prop_assert!(push(cold, i, true) <= push(warm, i, true) + 1e-14);
        }

        #[test]
        fn waiting_in_two_steps_equals_waiting_once_to_within_rounding(
            t in -10.0..=10.0f64, e in -10.0..=10.0f64, a in 0..5000i32, b in 0..5000i32, h in 1.0..2000.0f64,
        ) {
            let once = wait(t, e, a + b, h);
            let twice = wait(wait(t, e, a, h), e, b, h);
            prop_assert!((once - twice).abs() < 1e-12);
        }
    }
}
