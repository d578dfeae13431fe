//! How sure a number is: bootstraps of dyads, quantiles, weighted lines.

use crate::error::Result;
use crate::threads::{Control, on_threads};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use std::sync::atomic::{AtomicUsize, Ordering};

/// With fewer clusters than these nothing is drawn of them, as draws of one are all alike and seem
/// to be sure: a rule of thumb.
pub(super) const LEAST_CLUSTERS: usize = 5;

/// How the uncertainty of what is found is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Sampling<'a> {
    /// What all draws come from.
    pub seed: u64,
    /// How often dyads are drawn anew, at least once.
    pub draws: usize,
    /// How many threads; they change no byte.
    pub threads: usize,
    /// Counts dyads and draws.
    pub control: &'a Control,
}

/// A number and the ends of its 90 % interval, if there is one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Estimate {
    /// The number.
    pub value: f64,
    /// The end below which 5 % of all draws lie.
    pub low: Option<f64>,
    /// The end above which 5 % of all draws lie.
    pub high: Option<f64>,
}

impl Estimate {
    /// A number with the ends that its draws have; those that came to nothing are left aside.
    pub(super) fn new(value: f64, draws: impl Iterator<Item = f64>) -> Self {
        let mut draws: Vec<_> = draws.filter(|draw| draw.is_finite()).collect();
        draws.sort_by(f64::total_cmp);
        Self {
            value,
            low: quantile(&draws, 0.05),
            high: quantile(&draws, 0.95),
        }
    }

    /// Whether all of its interval lies above a number.
    #[must_use]
    pub fn is_above(&self, number: f64) -> bool {
        self.low.is_some_and(|low| low > number)
    }

    /// Whether all of its interval lies below a number.
    #[must_use]
    pub fn is_below(&self, number: f64) -> bool {
        self.high.is_some_and(|high| high < number)
    }
}

/// A quantile of numbers in order, linear between them.
pub(super) fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let at = share * last as f64;
    let below = (at as usize).min(last);
    let above = (below + 1).min(last);
    Some(sorted[below] + (at - below as f64) * (sorted[above] - sorted[below]))
}

/// A quantile of numbers in order that is one of them: the least that so large a share is not
/// above.
pub(super) fn quantile_found(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let rank = libm::ceil(share * sorted.len() as f64) as usize;
    Some(sorted[rank.saturating_sub(1).min(last)])
}

impl Sampling<'_> {
    /// What comes of each draw of so many of as many clusters, with replacement: how often each was
    /// drawn goes in. Of fewer than [`LEAST_CLUSTERS`] nothing is drawn.
    ///
    /// Draw `d` has a stream of its own, ChaCha8 keyed by the BLAKE3 digest of the seed and of what
    /// it is for.
    ///
    /// # Errors
    /// When it is stopped.
    pub(super) fn draw<T: Send>(
        &self,
        purpose: &str,
        clusters: usize,
        work: impl Fn(&[u32]) -> T + Sync,
    ) -> Result<Vec<T>> {
        if clusters < LEAST_CLUSTERS {
            return Ok(Vec::new());
        }
        let mut digest = blake3::Hasher::new();
        digest.update(&self.seed.to_le_bytes());
        digest.update(purpose.as_bytes());
        let key = *digest.finalize().as_bytes();
        self.share(self.draws, |draw| {
            let mut stream = ChaCha8Rng::from_seed(key);
            stream.set_stream(draw as u64);
            let mut counts = vec![0; clusters];
            for _ in 0..clusters {
                let random = u128::from(stream.next_u64());
                // Below the number of clusters; the bias is less than a billionth of a billionth.
                counts[((random * clusters as u128) >> 64) as usize] += 1;
            }
            work(&counts)
        })
    }

    /// Does so many pieces of work on all threads; what comes of them is in order.
    ///
    /// # Errors
    /// When it is stopped.
    pub(super) fn share<T: Send>(
        &self,
        pieces: usize,
        work: impl Fn(usize) -> T + Sync,
    ) -> Result<Vec<T>> {
        let next = AtomicUsize::new(0);
        let made = on_threads(self.threads.min(pieces), || {
            let mut made = Vec::new();
            loop {
                let piece = next.fetch_add(1, Ordering::Relaxed);
                if piece >= pieces || self.control.is_stopped() {
                    return made;
                }
                made.push((piece, work(piece)));
                self.control.count(1);
            }
        });
        self.control.go_on()?;
        let mut made: Vec<_> = made.into_iter().flatten().collect();
        made.sort_by_key(|(piece, _)| *piece);
        Ok(made.into_iter().map(|(_, made)| made).collect())
    }
}

/// The sum of numbers, each times how often it was drawn.
pub(super) fn drawn(numbers: &[f64], counts: &[u32]) -> f64 {
    let times = numbers.iter().zip(counts);
    times
        .map(|(number, count)| number * f64::from(*count))
        .sum()
}

/// A straight line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Line {
    pub(super) intercept: f64,
    /// 0 where all of x are alike.
    pub(super) slope: f64,
}

/// The sums that lines and correlations are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Moments {
    weight: f64,
    x: f64,
    y: f64,
    xx: f64,
    xy: f64,
    yy: f64,
}

impl Moments {
    pub(super) fn take(&mut self, x: f64, y: f64, weight: f64) {
        self.weight += weight;
        self.x += weight * x;
        self.y += weight * y;
        self.xx += weight * x * x;
        self.xy += weight * x * y;
        self.yy += weight * y * y;
    }

    pub(super) fn add(&mut self, other: &Self, times: f64) {
        self.weight += other.weight * times;
        self.x += other.x * times;
        self.y += other.y * times;
        self.xx += other.xx * times;
        self.xy += other.xy * times;
        self.yy += other.yy * times;
    }

    /// Variance of x, covariance, and variance of y, each times the weight; what rounding leaves of
    /// no variance is none.
    fn spreads(&self) -> [f64; 3] {
        const ROUNDING: f64 = 1e-12;
        let spread = |product: f64, one: f64, other: f64, scale: f64| {
            let spread = product - one * other / self.weight;
            if scale > 0.0 && libm::fabs(spread) > ROUNDING * scale {
                spread
            } else {
                0.0
            }
        };
        [
            spread(self.xx, self.x, self.x, self.xx),
            spread(self.xy, self.x, self.y, libm::sqrt(self.xx * self.yy)),
            spread(self.yy, self.y, self.y, self.yy),
        ]
    }

    /// The line of least squares: y over x.
    pub(super) fn line(&self) -> Line {
        let [xx, xy, _] = self.spreads();
        let slope = if xx > 0.0 { xy / xx } else { 0.0 };
        Line {
            slope,
            intercept: (self.y - slope * self.x) / self.weight,
        }
    }

    /// Pearson's correlation; nothing where one of both never changes.
    pub(super) fn correlation(&self) -> Option<f64> {
        let [xx, xy, yy] = self.spreads();
        let both = libm::sqrt(xx) * libm::sqrt(yy);
        (xx > 0.0 && yy > 0.0).then(|| (xy / both).clamp(-1.0, 1.0))
    }

    /// The weighted sum of squares of y around its mean.
    pub(super) fn around_mean(&self) -> f64 {
        self.spreads()[2]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sampling(control: &Control, threads: usize) -> Sampling<'_> {
        Sampling {
            seed: 1,
            draws: 400,
            threads,
            control,
        }
    }

    #[test]
    fn quantiles_lie_between_numbers_or_are_one_of_them() {
        let numbers: Vec<_> = (0..=100).map(f64::from).collect();
        assert_eq!(quantile(&numbers, 0.05), Some(5.0));
        assert_eq!(quantile(&[1.0, 2.0], 0.25), Some(1.25));
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile_found(&[7.0, 14.0, 30.0, 60.0], 0.95), Some(60.0));
        assert_eq!(quantile_found(&[7.0, 14.0, 30.0, 60.0], 0.05), Some(7.0));
        assert_eq!(quantile_found(&[7.0, 14.0, 30.0, 60.0], 0.75), Some(30.0));
    }

    #[test]
    fn draws_are_the_same_on_any_number_of_threads_and_each_cluster_is_drawn_as_often_as_others() {
        let control = Control::default();
        let drawn = |threads, purpose| {
            let sampling = sampling(&control, threads);
            sampling.draw(purpose, 10, <[u32]>::to_vec).unwrap()
        };
        let all = |threads| drawn(threads, "a test");
        let one = all(1);
        assert_eq!(one, all(3));
        assert_eq!(control.done.load(Ordering::Relaxed), 800);
        assert!(one.iter().all(|counts| counts.iter().sum::<u32>() == 10));
        for cluster in 0..10 {
            // 4,000 draws of one in ten: 400, with a standard deviation of 19.
            let drawn: u32 = one.iter().map(|counts| counts[cluster]).sum();
            assert!((320..=480).contains(&drawn), "{drawn}");
        }
        assert_ne!(one, drawn(1, "another"));
    }

    #[test]
    fn draws_that_are_stopped_are_no_result() {
        let control = Control::default();
        let begun = AtomicUsize::new(0);
        let made = sampling(&control, 2).draw("a test", 10, |_| {
            begun.fetch_add(1, Ordering::Relaxed);
            control.stop.store(true, Ordering::Relaxed);
        });
        assert_eq!(made.unwrap_err().to_string(), "stopped before the end");
        assert!(begun.load(Ordering::Relaxed) <= 2);
    }

    #[test]
    fn a_line_goes_through_points_that_lie_on_one() {
        let mut moments = Moments::default();
        for (x, weight) in [(1.0, 1.0), (2.0, 0.5), (5.0, 3.0)] {
            moments.take(x, 3.0 - 2.0 * x, weight);
        }
        let Line { intercept, slope } = moments.line();
        assert!((intercept - 3.0).abs() < 1e-12 && (slope + 2.0).abs() < 1e-12);
        assert_eq!(moments.correlation(), Some(-1.0));
        let mut flat = Moments::default();
        for y in [1.0, 2.0, 6.0] {
            flat.take(0.1, y, 1.0);
        }
        assert_eq!((flat.line().slope, flat.correlation()), (0.0, None));
        assert_eq!(flat.line().intercept, 3.0);
    }
}
