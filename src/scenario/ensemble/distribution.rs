//! Distributions that add: integer counts and fixed-point sums, so that parts give the same whole
//! in any order.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many parts a degree has in sums.
const FIXED: f64 = 4_294_967_296.0;
/// The bins of a distribution: with 20,001 over 20 degrees, a thousandth of a degree each.
pub const BINS: usize = 20_001;
/// The least that half the range of bins of a model without bounds can be, in degrees. What lies
/// outside a range is counted, not placed.
pub const UNBOUNDED_DEGREES: f64 = 100.0;
/// The quantile of the standard normal distribution that leaves 2.5 % on either side.
pub(in crate::scenario) const Z_95: f64 = 1.959_963_984_540_054;

/// Temperatures of many runs, in bins over a range.
///
/// A count has 16 bits, so that as many as can be lie in the processor's cache; what it cannot hold
/// is carried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "SparseBins", into = "SparseBins")]
pub struct Bins {
    counts: Vec<u16>,
    /// For each bin that has overflown how often.
    carried: BTreeMap<usize, u64>,
    below: u64,
    above: u64,
}

/// A number of values, their sum and the sum of their squares, in fixed point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "SumsInWords", into = "SumsInWords")]
pub struct Sums {
    count: u64,
    sum: i128,
    squares: i128,
}

/// A share of runs with its Monte Carlo interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Share {
    /// The share, from 0 to 1.
    pub share: f64,
    /// The lower end of the 95 % interval.
    pub low: f64,
    /// The upper end of the 95 % interval.
    pub high: f64,
}

/// The bin of a temperature, if it lies within the range on both sides of 0.
#[must_use]
pub fn bin_of(degrees: f64, range_degrees: f64) -> Option<usize> {
    let bins_a_degree = (BINS - 1) as f64 / (2.0 * range_degrees);
    let place = (degrees + range_degrees) * bins_a_degree + 0.5;
    // Half a bin lies on either side of its middle; the cast takes off what is left of it.
    (place >= 0.0 && place < BINS as f64).then_some(place as u32 as usize)
}

/// Half the range of the differences of two scenarios, each of which has its own range: they can be
/// as far apart as the two ends of the wider one.
#[must_use]
pub const fn difference_range_degrees(first: f64, other: f64) -> f64 {
    2.0 * first.max(other)
}

/// The temperature in the middle of a bin, in degrees.
#[must_use]
pub fn middle_of(bin: usize, range_degrees: f64) -> f64 {
    // Computed so that the middle bin is 0 and bins are symmetric.
    let half = (BINS - 1) as f64 / 2.0;
    (bin as f64 - half) / half * range_degrees
}

impl Default for Bins {
    fn default() -> Self {
        Self {
            counts: vec![0; BINS],
            carried: BTreeMap::new(),
            below: 0,
            above: 0,
        }
    }
}

impl Bins {
    /// Counts a temperature.
    pub fn count(&mut self, degrees: f64, range_degrees: f64) {
        match bin_of(degrees, range_degrees) {
            Some(bin) => {
                let (count, is_over) = self.counts[bin].overflowing_add(1);
                self.counts[bin] = count;
                if is_over {
                    self.carry(bin, 1);
                }
            }
            None if degrees < 0.0 => self.below += 1,
            None => self.above += 1,
        }
    }

    #[cold]
    fn carry(&mut self, bin: usize, times: u64) {
        *self.carried.entry(bin).or_default() += times;
    }

    /// Adds so many to a bin.
    fn put(&mut self, bin: usize, more: u64) {
        let sum = u64::from(self.counts[bin]) + (more & u64::from(u16::MAX));
        self.counts[bin] = sum as u16;
        let carried = (sum >> u16::BITS) + (more >> u16::BITS);
        if carried > 0 {
            self.carry(bin, carried);
        }
    }

    /// How many values each bin holds, for those that hold any.
    fn filled(&self) -> impl Iterator<Item = (usize, u64)> {
        let carried = |bin| self.carried.get(&bin).copied().unwrap_or_default();
        let counts = self.counts.iter().enumerate().map(move |(bin, &count)| {
            let is_over = !self.carried.is_empty();
            let carried = if is_over { carried(bin) } else { 0 };
            (bin, u64::from(count) + (carried << u16::BITS))
        });
        counts.filter(|(_, count)| *count > 0)
    }

    /// Adds another distribution over the same range.
    pub fn add(&mut self, other: &Self) {
        for (bin, more) in other.filled() {
            self.put(bin, more);
        }
        self.below = self.below.saturating_add(other.below);
        self.above = self.above.saturating_add(other.above);
    }

    /// The bin that holds the value at a rank, which counts from 1 over all values; `None` outside
    /// the range.
    #[must_use]
    pub fn at_rank(&self, rank: u64) -> Option<usize> {
        let mut passed = self.below;
        if rank <= passed {
            return None;
        }
        let mut filled = self.filled();
        let found = filled.find(|(_, count)| {
            passed += count;
            passed >= rank
        });
        found.map(|(bin, _)| bin)
    }

    /// How many values there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.filled().map(|(_, count)| count).sum::<u64>() + self.below + self.above
    }

    /// How many values lie below and above the range.
    #[must_use]
    pub const fn outside(&self) -> [u64; 2] {
        [self.below, self.above]
    }

    /// The bin of a quantile: that of the least value which at least such a share of all does not
    /// exceed.
    #[must_use]
    pub fn quantile(&self, permille: u64) -> Option<usize> {
        let total = u128::from(self.total());
        let rank = (total * u128::from(permille)).div_ceil(1000).max(1);
        self.at_rank(u64::try_from(rank).unwrap_or(u64::MAX))
    }
}

impl Bins {
    /// The continuous ranked probability score of these values as a forecast of one that came to
    /// be, in degrees: the integral of (F(x) - [x ≥ observed])² over x, F the share of values up to
    /// x (Matheson and Winkler 1976, Scoring rules for continuous probability distributions,
    /// Management Science 22, 1087-1096; Gneiting and Raftery 2007, Strictly proper scoring rules,
    /// Journal of the American Statistical Association 102, 359-378). Each value counts as the
    /// middle of its bin, one outside the range as the range's end; the sum over these is exact.
    #[must_use]
    pub fn crps(&self, observed: f64, range_degrees: f64) -> f64 {
        let last = BINS - 1;
        let width = 2.0 * range_degrees / last as f64;
        // In bins from the lower end of the range.
        let at = (observed + range_degrees) / width;
        let total = u128::from(self.total());
        if total == 0 {
            return 0.0;
        }
        let ends = [(0, self.below), (last, self.above)];
        let mut steps: BTreeMap<usize, u64> = self.filled().collect();
        for (bin, more) in ends {
            if more > 0 {
                *steps.entry(bin).or_default() += more;
            }
        }
        // What does not hold the observed value is summed in integers.
        let (mut whole, mut rest) = (0_u128, 0.0);
        let (mut passed, mut before) = (0_u128, None::<usize>);
        for (&bin, &count) in &steps {
            let below = passed * passed;
            let above = (total - passed) * (total - passed);
            match before {
                Some(before) if at <= before as f64 => whole += above * (bin - before) as u128,
                Some(before) if at >= bin as f64 => whole += below * (bin - before) as u128,
                Some(before) => {
                    rest += below as f64 * (at - before as f64) + above as f64 * (bin as f64 - at);
                }
                None => rest += above as f64 * (bin as f64 - at).max(0.0),
            }
            passed += u128::from(count);
            before = Some(bin);
        }
        if let Some(before) = before {
            rest += (total * total) as f64 * (at - before as f64).max(0.0);
        }
        (whole as f64 + rest) / (total * total) as f64 * width
    }

    /// The standard error of [`Self::crps`] over runs, in degrees: that of the mean of |X - y| -
    /// E|X - X'|, which is how much each run moves the score. Values count as they do there.
    #[must_use]
    pub fn crps_error(&self, observed: f64, range_degrees: f64) -> f64 {
        let total = self.total() as f64;
        let mut values: Vec<_> = self
            .filled()
            .map(|(bin, count)| (middle_of(bin, range_degrees), count as f64))
            .collect();
        values.insert(0, (-range_degrees, self.below as f64));
        values.push((range_degrees, self.above as f64));
        let sum: f64 = values.iter().map(|(value, count)| value * count).sum();
        let (mut below, mut sum_below) = (0.0, 0.0);
        let (mut mean, mut square) = (0.0, 0.0);
        for (value, count) in values {
            // The mean distance from all values: those below it, and those above it.
            let others = value * below - sum_below + (sum - sum_below) - value * (total - below);
            let moves = libm::fabs(value - observed) - others / total.max(1.0);
            mean += count * moves;
            square += count * moves * moves;
            below += count;
            sum_below += count * value;
        }
        let mean = mean / total.max(1.0);
        let variance = (square / total.max(1.0) - mean * mean).max(0.0);
        libm::sqrt(variance / total.max(1.0))
    }
}

impl Sums {
    /// Takes in a value, rounded to 2^-32.
    pub fn take(&mut self, value: f64) {
        // Halves are rounded away from 0: the cast takes off what is left behind the point.
        let fixed = value * FIXED;
        let fixed = i128::from((fixed + (0.5 - 0.25 * f64::EPSILON).copysign(fixed)) as i64);
        self.count += 1;
        self.sum += fixed;
        self.squares += fixed * fixed;
    }

    /// Adds other values.
    pub const fn add(&mut self, other: &Self) {
        self.count = self.count.saturating_add(other.count);
        self.sum = self.sum.saturating_add(other.sum);
        self.squares = self.squares.saturating_add(other.squares);
    }

    /// Whether these can be the sums of so many values: by Cauchy and Schwarz the square of a sum
    /// is at most the number of values times the sum of their squares. With `within` all values lie
    /// that far from 0 at most, in degrees.
    pub(super) fn can_be(&self, count: u64, within: Option<f64>) -> bool {
        let (sum, squares, values) = (self.sum as f64, self.squares as f64, count as f64);
        // As much as conversion to floating point can miss.
        let room = 1.0 + 1e-9;
        let fits = |degrees: f64| {
            let most = degrees * FIXED + 1.0;
            sum.abs() <= values * most * room && squares <= values * most * most * room
        };
        self.count == count
            && self.squares >= 0
            && sum * sum <= values * squares * room
            && within.is_none_or(fits)
    }

    /// The sum and the sum of squares, in parts of 2^-32 degrees and of 2^-64.
    #[must_use]
    pub const fn whole(&self) -> (i128, i128) {
        (self.sum, self.squares)
    }

    /// The mean; 0 of no values.
    #[must_use]
    pub fn mean(&self) -> f64 {
        if self.count == 0 {
            0.0
        } else {
            self.sum as f64 / FIXED / self.count as f64
        }
    }

    /// The variance, by n - 1.
    #[must_use]
    pub fn variance(&self) -> f64 {
        if self.count < 2 {
            return 0.0;
        }
        let count = i128::from(self.count);
        // In integers, so that no digits cancel: n * sum(x^2) - sum(x)^2, with the sums taken
        // around the mean.
        let mean = self.sum / count;
        let rest = self.sum % count;
        let twice = mean.saturating_mul(self.sum).saturating_mul(2);
        let around = mean.saturating_mul(mean).saturating_mul(count);
        let squares = self.squares.saturating_sub(twice).saturating_add(around);
        let squares = squares as f64 - (rest as f64) * (rest as f64) / count as f64;
        (squares / FIXED / FIXED / (count - 1) as f64).max(0.0)
    }

    /// The standard deviation; none of fewer than two values, which have none.
    #[must_use]
    pub fn deviation(&self) -> Option<f64> {
        (self.count > 1).then(|| libm::sqrt(self.variance()))
    }

    /// The 95 % interval of the mean, by the normal distribution; none of fewer than two values.
    #[must_use]
    pub fn interval(&self) -> Option<[f64; 2]> {
        let error = Z_95 * self.deviation()? / libm::sqrt(self.count as f64);
        let mean = self.mean();
        Some([mean - error, mean + error])
    }
}

/// Whether something holds in each of two runs of a pair, counted over all pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pairs {
    /// In how many it holds in both.
    pub both: u64,
    /// In how many in the first alone.
    pub first: u64,
    /// In how many in the other alone.
    pub other: u64,
    /// How many there are.
    pub total: u64,
}

impl Pairs {
    /// The pairs of which the first holds in so many, the other in so many, and whose differences,
    /// other less first, have these sums.
    #[must_use]
    pub fn of([first, other]: [u64; 2], differences: &Sums) -> Self {
        let total = differences.count;
        let one = FIXED as i128;
        // Differences are 1, 0 and -1: the sum of their squares counts those that are not 0.
        let differing = (differences.squares / one / one) as u64;
        let more = (differences.sum / one) as i64;
        let other_alone = (differing as i64 + more) as u64 / 2;
        Self {
            both: other.saturating_sub(other_alone),
            first: differing.saturating_sub(other_alone).min(first),
            other: other_alone,
            total,
        }
    }

    /// The 95 % interval of the difference of both shares, other less first: that of Newcombe
    /// (1998), Improved confidence intervals for the difference between binomial proportions based
    /// on paired data, Statistics in Medicine 17, 2635-2650, method 10. It is made of the intervals
    /// of Wilson and of how both go together, and has a width even where all pairs agree.
    #[must_use]
    pub fn interval(&self) -> [f64; 2] {
        let first = Share::of(self.both + self.first, self.total);
        let other = Share::of(self.both + self.other, self.total);
        let difference = other.share - first.share;
        let together = self.together();
        let reach = |one: f64, two: f64| {
            libm::sqrt((one * one - 2.0 * together * one * two + two * two).max(0.0))
        };
        let below = reach(other.share - other.low, first.high - first.share);
        let above = reach(other.high - other.share, first.share - first.low);
        [
            (difference - below).max(-1.0),
            (difference + above).min(1.0),
        ]
    }

    /// The correlation of both, phi, corrected as Newcombe does; 0 where one of them always or
    /// never holds.
    fn together(&self) -> f64 {
        let counts = [self.both, self.first, self.other, self.total];
        let [both, first, other, total] = counts.map(|count| count as f64);
        let neither = total - both - first - other;
        let of_first = (both + first) * (other + neither);
        let of_other = (both + other) * (first + neither);
        let margins = of_first * of_other;
        if margins <= 0.0 {
            return 0.0;
        }
        let product = both * neither - first * other;
        let corrected = if product > 0.0 {
            (product - total / 2.0).max(0.0)
        } else {
            product
        };
        corrected / libm::sqrt(margins)
    }
}

impl Share {
    /// So many of so many, with the interval of Wilson (1927), which stays between 0 and 1 and is
    /// right for shares near them, too.
    #[must_use]
    pub fn of(count: u64, total: u64) -> Self {
        if total == 0 {
            return Self {
                share: 0.0,
                low: 0.0,
                high: 1.0,
            };
        }
        let (n, p) = (total as f64, count as f64 / total as f64);
        let z2 = Z_95 * Z_95;
        let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let spread = Z_95 / (1.0 + z2 / n) * libm::sqrt(p * (1.0 - p) / n + z2 / (4.0 * n * n));
        Self {
            share: p,
            low: if count == 0 {
                0.0
            } else {
                (centre - spread).max(0.0)
            },
            high: if count == total {
                1.0
            } else {
                (centre + spread).min(1.0)
            },
        }
    }
}

/// Bins as a file has them: those that hold anything, each with its number.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SparseBins {
    counts: Vec<(usize, u64)>,
    below: u64,
    above: u64,
}

impl From<Bins> for SparseBins {
    fn from(bins: Bins) -> Self {
        Self {
            counts: bins.filled().collect(),
            below: bins.below,
            above: bins.above,
        }
    }
}

impl TryFrom<SparseBins> for Bins {
    type Error = &'static str;

    fn try_from(sparse: SparseBins) -> Result<Self, Self::Error> {
        let mut bins = Self {
            below: sparse.below,
            above: sparse.above,
            ..Self::default()
        };
        let mut total = sparse.below.checked_add(sparse.above);
        for (bin, count) in sparse.counts {
            if bin >= BINS {
                return Err("a bin beyond the range");
            }
            total = total.and_then(|total| total.checked_add(count));
            if total.is_none() {
                break;
            }
            bins.put(bin, count);
        }
        total.map(|_| bins).ok_or("more runs than can be counted")
    }
}

/// The entries of a list that are not empty, with their places.
pub(super) fn sparse(values: &[u64], empty: u64) -> Vec<(usize, u64)> {
    let values = values.iter().copied().enumerate();
    values.filter(|(_, value)| *value != empty).collect()
}

/// A list of one value a bin, from those that are not empty.
pub(super) fn dense(values: &[(usize, u64)], empty: u64) -> Result<Vec<u64>, &'static str> {
    let mut all = vec![empty; BINS];
    for (place, value) in values {
        *all.get_mut(*place).ok_or("a bin beyond the range")? = *value;
    }
    Ok(all)
}

/// Sums as a file has them: JSON has no integers that large, so they are texts.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SumsInWords {
    count: u64,
    sum: String,
    squares: String,
}

impl From<Sums> for SumsInWords {
    fn from(sums: Sums) -> Self {
        Self {
            count: sums.count,
            sum: sums.sum.to_string(),
            squares: sums.squares.to_string(),
        }
    }
}

impl TryFrom<SumsInWords> for Sums {
    type Error = &'static str;

    fn try_from(sums: SumsInWords) -> Result<Self, Self::Error> {
        // Far above what any number of runs adds up to, and far below what the integers hold.
        const LIMIT: i128 = 1 << 120;
        let number = |text: &str| {
            let number = text.parse::<i128>().ok();
            number
                .filter(|number| number.abs() < LIMIT)
                .ok_or("a sum that is no number")
        };
        Ok(Self {
            count: sums.count,
            sum: number(&sums.sum)?,
            squares: number(&sums.squares)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bin_is_a_thousandth_of_a_degree_around_its_middle() {
        assert_eq!(bin_of(-10.0, 10.0), Some(0));
        assert_eq!(bin_of(0.0, 10.0), Some(10_000));
        assert_eq!(bin_of(10.0, 10.0), Some(20_000));
        assert_eq!(bin_of(10.001, 10.0), None);
        assert_eq!(middle_of(10_000, 10.0), 0.0);
        assert_eq!(middle_of(0, 10.0), -10.0);
        for bin in 0..BINS {
            assert_eq!(bin_of(middle_of(bin, 10.0), 10.0), Some(bin));
        }
    }

    #[test]
    fn quantiles_are_values_that_were_counted() {
        let mut bins = Bins::default();
        for degrees in [-3.0, -1.0, 0.0, 2.0] {
            bins.count(degrees, 10.0);
        }
        let quantile = |permille| bins.quantile(permille).map(|bin| middle_of(bin, 10.0));
        assert_eq!(
            [0, 250, 251, 500, 750, 1000].map(quantile),
            [-3.0, -3.0, -1.0, -1.0, 0.0, 2.0].map(Some)
        );
        bins.count(-11.0, 10.0);
        assert_eq!(bins.quantile(1), None);
        assert_eq!(bins.outside(), [1, 0]);
    }

    #[test]
    fn sums_have_the_mean_and_the_variance_of_their_values_in_any_order() {
        let values = [9.0, -1.5, 0.25, 3.0, 3.0];
        let (mut forth, mut back) = (Sums::default(), Sums::default());
        for (first, last) in values.iter().zip(values.iter().rev()) {
            forth.take(*first);
            back.take(*last);
        }
        assert_eq!(forth, back);
        assert!((forth.mean() - 2.75).abs() < 1e-9);
        assert!(
            (forth.variance() - 15.875).abs() < 1e-6,
            "{}",
            forth.variance()
        );
        let mut same = Sums::default();
        for _ in 0..10 {
            same.take(-9.999_999);
        }
        assert_eq!(same.variance(), 0.0);
    }

    #[test]
    fn the_interval_of_a_difference_of_paired_shares_is_newcombes_and_never_without_a_width() {
        let check = |[both, first, other, total]: [u64; 4], expected: [f64; 2]| {
            let pairs = Pairs {
                both,
                first,
                other,
                total,
            };
            let found = pairs.interval();
            for (found, expected) in found.iter().zip(expected) {
                assert!(
                    (found - expected).abs() < 5e-5,
                    "{pairs:?}: {found} {expected}"
                );
            }
        };
        // Worked out by the formula with Python; the first is none of 20 in both.
        check([0, 0, 0, 20], [-0.161_125, 0.161_125]);
        check([20, 0, 0, 20], [-0.161_125, 0.161_125]);
        check([10, 0, 0, 20], [-0.089_757, 0.089_757]);
        check([36, 2, 12, 54], [0.050_559, 0.317_280]);
        let mut sums = Sums::default();
        for difference in [1.0, 1.0, -1.0, 0.0, 0.0] {
            sums.take(difference);
        }
        let pairs = Pairs::of([2, 3], &sums);
        assert_eq!(
            (pairs.both, pairs.first, pairs.other, pairs.total),
            (1, 1, 2, 5)
        );
    }

    #[test]
    fn one_value_has_a_mean_and_neither_deviation_nor_interval() {
        let mut sums = Sums::default();
        sums.take(2.5);
        assert_eq!(
            (sums.mean(), sums.deviation(), sums.interval()),
            (2.5, None, None)
        );
        sums.take(2.5);
        assert_eq!(
            (sums.deviation(), sums.interval()),
            (Some(0.0), Some([2.5, 2.5]))
        );
    }

    #[test]
    fn the_interval_of_a_share_is_wilsons() {
        // From the formula by hand: 10 of 100.
        let Share { share, low, high } = Share::of(10, 100);
        assert_eq!(share, 0.1);
        assert!((low - 0.055_229_137).abs() < 1e-8, "{low}");
        assert!((high - 0.174_365_662).abs() < 1e-8, "{high}");
        assert_eq!(Share::of(0, 10).low, 0.0);
        assert_eq!(Share::of(10, 10).high, 1.0);
    }
}
