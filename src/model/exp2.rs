//! 2^x in sums and products only, so that its bits are the same on every platform, whatever the
//! compiler makes of it.
//!
//! x is cut into a whole number n and a rest r within half of 0: `2^x = 2^n · 2^r`. 2^n is written
//! into the exponent of a number, and 2^r is a polynomial of degree 11 through the Chebyshev points
//! of its range, 3e-17 from it at most. What comes out is at most one unit in the last place from
//! 2^x rounded correctly.
#![expect(
    clippy::inline_always,
    reason = "what is not inlined is not compiled for the vectors of the processor that is found"
)]

/// 1.5 · 2^52: what is added to it loses its fraction, and leaves its whole part in the last bits.
const WHOLE: f64 = 6_755_399_441_055_744.0;

/// Within this, 2^n and the result are normal numbers.
const NORMAL: f64 = 1_021.0;

/// Of r, r², … in 2^r.
const TERMS: [f64; 11] = [
    std::f64::consts::LN_2,
    0.240_226_506_959_100_75,
    0.055_504_108_664_821_58,
    0.009_618_129_107_618_665,
    0.001_333_355_814_642_321_3,
    0.000_154_035_304_247_765_29,
    1.525_273_382_079_580_3e-5,
    1.321_545_163_322_143_4e-6,
    1.017_806_726_744_942_7e-7,
    7.070_977_866_508_138e-9,
    4.454_103_410_587_04e-10,
];

/// 2^x.
#[must_use]
#[inline]
pub(super) fn exp2(x: f64) -> f64 {
    if x.abs() <= NORMAL {
        normal(x)
    } else {
        extreme(x)
    }
}

/// 2^x of several numbers side by side, each to the bit as alone.
#[must_use]
#[inline(always)]
pub(super) fn exp2_each<const N: usize>(x: [f64; N]) -> [f64; N] {
    let mut powers = x;
    if x.iter()
        .fold(true, |are_normal, x| are_normal & (x.abs() <= NORMAL))
    {
        for power in &mut powers {
            *power = normal(*power);
        }
        powers
    } else {
        x.map(exp2)
    }
}

#[inline(always)]
fn normal(x: f64) -> f64 {
    let shifted = x + WHOLE;
    let power = f64::from_bits(shifted.to_bits().wrapping_add(1_023) << 52);
    power * of_rest(x - (shifted - WHOLE))
}

/// 2^r for r within half of 0. The first terms are taken one by one, since they say how exact it
/// is, and the others in pairs, since they need not wait for each other.
#[inline(always)]
fn of_rest(r: f64) -> f64 {
    let r2 = r * r;
    let r4 = r2 * r2;
    let pair = |place: usize| TERMS[place] + TERMS[place + 1] * r;
    let low = pair(2) + pair(4) * r2;
    let high = pair(6) + pair(8) * r2;
    let rest = low + (high + TERMS[10] * r4) * r4;
    1.0 + r * (TERMS[0] + r * (TERMS[1] + r * rest))
}

/// Where 2^x is infinite, subnormal or 0, or x is no number.
#[cold]
fn extreme(x: f64) -> f64 {
    // Far enough for every number to have become infinity or 0.
    const FAR: f64 = 2_000.0;
    if x.is_nan() {
        return x;
    }
    let x = x.clamp(-FAR, FAR);
    // In two steps, of which only the last can round.
    let half = if x < 0.0 { -NORMAL } else { NORMAL };
    let beyond = x - half;
    exp2(half) * exp2(beyond)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    /// A number as a sum of two, the second at most half a unit in the last place of the first.
    #[derive(Clone, Copy)]
    struct Double(f64, f64);

    fn sum(a: f64, b: f64) -> Double {
        let sum = a + b;
        let part = sum - a;
        Double(sum, (a - (sum - part)) + (b - part))
    }

    fn product(a: f64, b: f64) -> Double {
        let split = |x: f64| {
            let scaled = 134_217_729.0 * x;
            let high = scaled - (scaled - x);
            (high, x - high)
        };
        let ((ah, al), (bh, bl)) = (split(a), split(b));
        let product = a * b;
        let rest = ((ah * bh - product) + ah * bl + al * bh) + al * bl;
        Double(product, rest)
    }

    impl Double {
        fn plus(self, other: Self) -> Self {
            let Self(high, low) = sum(self.0, other.0);
            sum(high, low + self.1 + other.1)
        }

        fn times(self, other: Self) -> Self {
            let Self(high, low) = product(self.0, other.0);
            sum(high, low + self.0 * other.1 + self.1 * other.0)
        }
    }

    /// The natural logarithm of 2.
    const LN_2: Double = Double(std::f64::consts::LN_2, 2.319_046_813_846_299_6e-17);
    const STEPS: i32 = 64;

    /// 2^r by its series, for |r| within 1/2, in twice the digits.
    fn series(r: f64) -> Double {
        let y = LN_2.times(Double(r, 0.0));
        let (mut term, mut all) = (Double(1.0, 0.0), Double(1.0, 0.0));
        for place in 1..30 {
            let divided = 1.0 / f64::from(place);
            // 1 / place with its rest.
            let rest = product(divided, f64::from(place));
            let rest = ((1.0 - rest.0) - rest.1) / f64::from(place);
            term = term.times(y).times(Double(divided, rest));
            all = all.plus(term);
        }
        all
    }

    /// 2^r for r within half of 0, rounded correctly: by a table of steps and what is left of them.
    struct Reference(Vec<Double>);

    impl Reference {
        fn new() -> Self {
            let steps = -STEPS / 2..=STEPS / 2;
            Self(
                steps
                    .map(|step| series(f64::from(step) / f64::from(STEPS)))
                    .collect(),
            )
        }

        fn of(&self, r: f64) -> f64 {
            let step = (r * f64::from(STEPS)).round();
            let y = LN_2.times(Double(r - step / f64::from(STEPS), 0.0));
            let square = y.times(y);
            let mut tail = 0.0;
            for place in (3..=9).rev() {
                tail = (tail + 1.0) * y.0 / f64::from(place);
            }
            // y³/6 and on: what y²/2 is multiplied by.
            let rest = sum(square.0 / 2.0, square.1 / 2.0 + square.0 / 2.0 * tail);
            let table = self.0[(step as i32 + STEPS / 2) as usize];
            table.plus(table.times(y.plus(rest))).0
        }
    }

    fn steps_between(one: f64, other: f64) -> u64 {
        one.to_bits().abs_diff(other.to_bits())
    }

    #[test]
    fn whole_powers_are_exact() {
        for n in -1_074..1_024 {
            let expected = if n < -1_022 {
                f64::from_bits(1 << (n + 1_074))
            } else {
                f64::from_bits(((n + 1_023) as u64) << 52)
            };
            assert_eq!(exp2(f64::from(n)), expected, "{n}");
        }
    }

    #[test]
    fn what_is_too_large_is_infinite_and_what_is_too_small_is_0() {
        assert_eq!(exp2(1_024.0), f64::INFINITY);
        assert_eq!(exp2(f64::INFINITY), f64::INFINITY);
        assert_eq!([-1_075.5, -1e9, f64::NEG_INFINITY].map(exp2), [0.0; 3]);
        assert!(exp2(f64::NAN).is_nan());
        assert_eq!(exp2(-0.0), 1.0);
        for x in [1_023.75, -1_022.5, -1_050.25, -1_073.5] {
            let by_libm = libm::exp2(x);
            assert!(steps_between(exp2(x), by_libm) <= 1, "{x}");
        }
    }

    /// `EXP2_ARGUMENTS=100000000 cargo test --release exp2` tries as many.
    #[test]
    fn it_is_one_unit_in_the_last_place_from_the_right_one_at_most() {
        let arguments = std::env::var("EXP2_ARGUMENTS").map_or(1_000_000, |it| it.parse().unwrap());
        let reference = Reference::new();
        let mut draws = ChaCha8Rng::seed_from_u64(2);
        let mut missed = 0_u64;
        for place in 0..arguments {
            let unit = draws.next_u64() as f64 / 18_446_744_073_709_551_616.0;
            // Most half-lives leave more than 2^-4.
            let span = if place % 2 == 0 { 4.0 } else { NORMAL };
            let x = -span * unit;
            let n = x.round_ties_even();
            let power = f64::from_bits(((n + 1_023.0) as u64) << 52);
            let right = reference.of(x - n) * power;
            let steps = steps_between(exp2(x), right);
            assert!(steps <= 1, "{x}: {steps}");
            missed += steps;
        }
        // As a rule it is the right one.
        assert!(missed * 8 < arguments, "{missed} of {arguments}");
    }

    #[test]
    fn its_bits_are_the_same_for_ever() {
        let mut digest = blake3::Hasher::new();
        for days in 0..2_000 {
            for half_life_days in [0.7, 30.0, 60.0, 364.9, 1e6] {
                let left = exp2(-f64::from(days) / half_life_days);
                digest.update(&left.to_bits().to_le_bytes());
            }
        }
        assert_eq!(&digest.finalize().to_hex()[..16], "502961a0ed9dd177");
    }
}
