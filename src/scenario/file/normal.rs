//! The normal distribution, cut to a range: what a draw stands for, for any mean and deviation.
//!
//! Three ways lead to the quantile, as each of them loses digits where another keeps them. Where
//! the density hardly changes over the range it is integrated; where the whole range lies 30
//! deviations and more beyond the mean its logarithm is followed; everywhere else it is the inverse
//! of the distribution function. Only `libm` is used, so a draw has the same bits on every
//! platform.

use libm::{erfc, exp, expm1, fabs, log, log1p, sqrt};
use std::f64::consts::{PI, SQRT_2};

/// The range is narrow if its length, times the further of its ends, is less than this, both in
/// deviations.
const NARROW: f64 = 0.01;
/// So many deviations beyond the mean, the tail is followed by its logarithm.
const FAR: f64 = 30.0;

/// The value below which a normal distribution cut to a range has a share `unit` of its mass.
pub(super) fn truncated_normal(
    unit: f64,
    mean: f64,
    deviation: f64,
    [least, greatest]: [f64; 2],
) -> f64 {
    let low = (least - mean) / deviation;
    let high = (greatest - mean) / deviation;
    let span = (greatest - least) / deviation;
    let value = if span * fabs(low).max(fabs(high)) < NARROW {
        least + (greatest - least) * narrow(unit, low * span, span * span)
    } else if low > 0.0 {
        least + deviation * beyond(1.0 - unit, low, span)
    } else if high < 0.0 {
        greatest - deviation * beyond(unit, -high, span)
    } else {
        mean + deviation * around(unit, low, high)
    };
    value.clamp(least, greatest)
}

/// The share of the mass beyond so many deviations above the mean.
fn beyond_of(deviations: f64) -> f64 {
    0.5 * erfc(deviations / SQRT_2)
}

/// In a range with the mean in it: the quantile, in deviations from the mean.
fn around(unit: f64, low: f64, high: f64) -> f64 {
    let (below, above) = (beyond_of(-low), beyond_of(high));
    let within = 1.0 - below - above;
    let (under, over) = (below + unit * within, above + (1.0 - unit) * within);
    // From the lesser of the two shares, which has more digits.
    if under < over {
        -deviations_of(under)
    } else {
        deviations_of(over)
    }
}

/// In a range that begins beyond the mean: how far from its beginning a share `rest` of its mass is
/// still to come, in deviations.
fn beyond(rest: f64, near: f64, span: f64) -> f64 {
    if near >= FAR {
        return far_beyond(rest, near, span);
    }
    let share = rest * beyond_of(near) + (1.0 - rest) * beyond_of(near + span);
    (deviations_of(share) - near).clamp(0.0, span)
}

/// The number of deviations beyond which a share of at most about a half lies: an approximation,
/// then two steps of Halley's method.
///
/// The approximation is off by less than 0.00045: Abramowitz and Stegun, Handbook of Mathematical
/// Functions (1964), formula 26.2.23.
fn deviations_of(share: f64) -> f64 {
    let root = sqrt(-2.0 * log(share));
    let above = 2.515_517 + root * (0.802_853 + root * 0.010_328);
    let below = 1.0 + root * (1.432_788 + root * (0.189_269 + root * 0.001_308));
    let mut deviations = root - above / below;
    for _ in 0..2 {
        let density = exp(-0.5 * deviations * deviations) / sqrt(2.0 * PI);
        let newton = (beyond_of(deviations) - share) / density;
        deviations += newton / (1.0 - 0.5 * deviations * newton);
    }
    deviations
}

/// [`beyond`] where the shares themselves are too small for a number: by their logarithms, with
/// Newton's method.
fn far_beyond(rest: f64, near: f64, span: f64) -> f64 {
    if near == f64::INFINITY {
        return 0.0;
    }
    // The logarithm of the share beyond `way`, of that beyond the beginning: the share beyond z is
    // its density over z, times the asymptotic series.
    let start = log(series(near));
    let log_share =
        |way: f64| -way * (near + way / 2.0) - log1p(way / near) + log(series(near + way)) - start;
    let whole = log_share(span);
    let wanted = if rest < 0.5 {
        log(rest + (1.0 - rest) * exp(whole))
    } else {
        log1p((1.0 - rest) * expm1(whole))
    };
    // That of the density alone.
    let mut way = -2.0 * wanted / near / (1.0 + sqrt(1.0 - 2.0 * wanted / near / near));
    for _ in 0..3 {
        let beyond = near + way;
        way += (log_share(way) - wanted) * series(beyond) / beyond;
    }
    way.clamp(0.0, span)
}

/// The asymptotic series of the share beyond z over its density, times z: 1 - 1/z² + 3/z⁴ - 15/z⁶
/// ...
///
/// Source: Abramowitz and Stegun, formula 26.2.12.
fn series(deviations: f64) -> f64 {
    let inverse = 1.0 / deviations / deviations;
    (1..=11_u8)
        .rev()
        .step_by(2)
        .fold(1.0, |sum, odd| 1.0 - f64::from(odd) * inverse * sum)
}

/// Where the density is nearly the same over the whole range: the quantile as a share of the range.
///
/// Along the range the logarithm of the density falls by `slope` times the share, and by `bend`
/// times half its square. The integral is that of Gauss and Legendre with three points, right to
/// the last digit for so little change.
fn narrow(unit: f64, slope: f64, bend: f64) -> f64 {
    let density = |share: f64| exp(-share * (slope + share * bend / 2.0));
    let outer = sqrt(0.6) / 2.0;
    let mass = |to: f64| {
        let sides = density(to * (0.5 - outer)) + density(to * (0.5 + outer));
        to * (5.0 * sides + 8.0 * density(to * 0.5)) / 18.0
    };
    let wanted = unit * mass(1.0);
    let mut share = unit;
    for _ in 0..2 {
        share -= (mass(share) - wanted) / density(share);
    }
    share
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A draw, mean and deviation, the range, and the quantile to 17 digits, worked out with 60.
    type Known = (f64, [f64; 2], [f64; 2], f64);

    #[expect(
        clippy::unreadable_literal,
        clippy::excessive_precision,
        reason = "17 digits, as they were worked out"
    )]
    const KNOWN: &[Known] = &[
        (1e-09, [0.5, 0.1], [0.0, 1.0], 6.7149297483196398e-5),
        (0.3, [0.5, 0.1], [0.0, 1.0], 0.44755998170677846),
        (0.999, [0.5, 0.1], [0.0, 1.0], 0.80901473542617517),
        (1e-09, [0.5, 0.01], [0.0, 1.0], 0.44002192984992313),
        (0.3, [0.5, 0.01], [0.0, 1.0], 0.49475599487291959),
        (0.999, [0.5, 0.01], [0.0, 1.0], 0.53090232306167813),
        (1e-09, [0.0, 1.0], [0.0, 1.0], 8.5562439189214886e-10),
        (0.3, [0.0, 1.0], [0.0, 1.0], 0.25957301699274155),
        (0.999, [0.0, 1.0], [0.0, 1.0], 0.99859030748152669),
        (1e-09, [0.2, 0.3], [0.0, 1.0], 6.9840199511562416e-10),
        (0.3, [0.2, 0.3], [0.0, 1.0], 0.18163675831188116),
        (0.999, [0.2, 0.3], [0.0, 1.0], 0.98194064544903609),
        (1e-09, [1.5, 0.1], [0.0, 1.0], 0.69051401377829062),
        (0.3, [1.5, 0.1], [0.0, 1.0], 0.97726867190852713),
        (0.999, [1.5, 0.1], [0.0, 1.0], 0.99998070988969014),
        (1e-09, [-2.0, 0.1], [0.0, 1.0], 4.9875926006712872e-12),
        (0.3, [-2.0, 0.1], [0.0, 1.0], 0.0017781627473408452),
        (0.999, [-2.0, 0.1], [0.0, 1.0], 0.034162729098400181),
        (1e-09, [-2.9, 0.1], [0.0, 1.0], 3.4441901946291799e-12),
        (0.3, [-2.9, 0.1], [0.0, 1.0], 0.0012281968781265221),
        (0.999, [-2.9, 0.1], [0.0, 1.0], 0.023695048582204054),
        (1e-09, [-3.1, 0.1], [0.0, 1.0], 3.2224601594532257e-12),
        (0.3, [-3.1, 0.1], [0.0, 1.0], 0.0011491582427761793),
        (0.999, [-3.1, 0.1], [0.0, 1.0], 0.022180777350343607),
        (1e-09, [-5.0, 0.1], [0.0, 1.0], 1.9992009590845582e-12),
        (0.3, [-5.0, 0.1], [0.0, 1.0], 0.00071301409132601387),
        (0.999, [-5.0, 0.1], [0.0, 1.0], 0.013790987010764172),
        (1e-09, [0.5, 100.0], [0.0, 1.0], 1.0000083333749752e-9),
        (0.3, [0.5, 100.0], [0.0, 1.0], 0.30000069999835499),
        (0.999, [0.5, 100.0], [0.0, 1.0], 0.99899999169160875),
        (1e-09, [-9.0, 100.0], [-10.0, 10.0], -9.9999999801127226),
        (0.3, [-9.0, 100.0], [-10.0, 10.0], -4.0320556575899427),
        (0.999, [-9.0, 100.0], [-10.0, 10.0], 9.9797518998237584),
        (1e-09, [40.0, 1.0], [-10.0, 10.0], 9.3177306289887581),
        (0.3, [40.0, 1.0], [-10.0, 10.0], 9.9599387063220475),
        (0.999, [40.0, 1.0], [-10.0, 10.0], 9.999966686940066),
        (1e-09, [0.0, 3.0], [-10.0, 10.0], -9.9999980564979431),
        (0.3, [0.0, 3.0], [-10.0, 10.0], -1.5717209032927244),
        (0.999, [0.0, 3.0], [-10.0, 10.0], 8.9483489814131029),
        (1e-09, [0.5, 7.0], [0.0, 1.0], 1.0017024169205997e-9),
        (0.3, [0.5, 7.0], [0.0, 1.0], 0.30014278862698774),
        (0.999, [0.5, 7.0], [0.0, 1.0], 0.9989983026990479),
        (1e-09, [20.0, 40.0], [0.0, 1.0], 1.0061709849826066e-9),
        (0.3, [20.0, 40.0], [0.0, 1.0], 0.3012861062440319),
        (0.999, [20.0, 40.0], [0.0, 1.0], 0.99900601143425158),
        (1e-09, [0.5, 12.0], [0.0, 1.0], 1.0005789046905973e-9),
        (0.3, [0.5, 12.0], [0.0, 1.0], 0.3000486031779386),
        (0.999, [0.5, 12.0], [0.0, 1.0], 0.99899942283226601),
        (1e-09, [0.5, 5.0], [0.0, 1.0], 1.0033400095243343e-9),
        (0.3, [0.5, 5.0], [0.0, 1.0], 0.3002797367795391),
        (0.999, [0.5, 5.0], [0.0, 1.0], 0.99899667005050922),
    ];

    #[test]
    fn quantiles_are_those_of_many_more_digits() {
        for &(unit, [mean, deviation], range, expected) in KNOWN {
            let found = truncated_normal(unit, mean, deviation, range);
            let span = range[1] - range[0];
            let off = (found - expected).abs();
            let scale = deviation.min(span).max(expected.abs() * 1e-3);
            assert!(
                off <= 1e-11 * scale,
                "{unit} of {mean}, {deviation} in {range:?}: {found}, not {expected}"
            );
        }
    }

    #[test]
    fn a_greater_draw_never_stands_for_a_lesser_value() {
        let means = [-1e300, -50.0, -1.0, 0.0, 0.5, 1.0, 29.0, 31.0, 1e6, 1e300];
        let deviations = [
            5e-324, 1e-300, 1e-6, 0.01, 0.99, 1.0, 7.0, 100.0, 1e6, 1e300,
        ];
        for mean in means {
            for deviation in deviations {
                let mut last = f64::NEG_INFINITY;
                for step in 0..=2_000_u32 {
                    let unit = (f64::from(step) + 0.5) / 2_001.0;
                    let value = truncated_normal(unit, mean, deviation, [0.0, 1.0]);
                    assert!((0.0..=1.0).contains(&value), "{mean} {deviation} {unit}");
                    assert!(
                        value >= last,
                        "{mean} {deviation} {unit}: {value} after {last}"
                    );
                    last = value;
                }
            }
        }
    }

    #[test]
    fn a_huge_deviation_leaves_every_value_as_likely_as_any_other() {
        for deviation in [1e9, 1e150, f64::MAX] {
            for unit in [1e-9, 0.1, 0.5, 0.9, 1.0 - 1e-9] {
                let value = truncated_normal(unit, 0.5, deviation, [-10.0, 10.0]);
                assert!((value - (20.0 * unit - 10.0)).abs() < 1e-12, "{value}");
            }
        }
    }

    #[test]
    fn a_tiny_deviation_leaves_the_mean_or_the_end_that_is_nearest() {
        let range = [0.0, 1.0];
        for deviation in [5e-324, 1e-300, 1e-20] {
            for unit in [1e-9, 0.5, 1.0 - 1e-9] {
                assert_eq!(truncated_normal(unit, 0.25, deviation, range), 0.25);
                assert!(truncated_normal(unit, -3.0, deviation, range) < 1e-30);
                assert_eq!(truncated_normal(unit, 3.0, deviation, range), 1.0);
            }
        }
    }
}
