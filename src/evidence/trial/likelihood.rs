//! How wide the interval of what comes next must be: two numbers, by maximum likelihood.
//!
//! The mean of the next months is thought of as normal around the level, with variance
//! `s² u + c s² / n + d`: s² u is that of the level itself, c s² / n that of a mean of n events,
//! and d what a level moves until then.

/// What is known of an error: its square, and the parts of its variance.
#[derive(Clone, Copy, Debug)]
pub(super) struct Miss {
    /// (what came - the level)².
    pub(super) square: f64,
    /// s² u.
    pub(super) of_level: f64,
    /// s² / n.
    pub(super) of_mean: f64,
}

impl Miss {
    pub(super) fn variance(&self, [events, moves]: [f64; 2]) -> f64 {
        self.of_level + events * self.of_mean + moves
    }
}

/// The logarithms of c and d lie between this and its negative.
const BOUND: f64 = 20.0;
/// Steps of the search; it needs a tenth of them.
const STEPS: u32 = 2_000;
/// Where the values of all corners are as close as this, the search is over.
const CLOSE: f64 = 1e-13;

/// c and d, by the method of Nelder and Mead in their logarithms.
pub(super) fn spreads(misses: &[Miss]) -> [f64; 2] {
    let value = |at: [f64; 2]| {
        let spreads = at.map(|log| libm::exp(log.clamp(-BOUND, BOUND)));
        let one = |miss: &Miss| {
            let variance = miss.variance(spreads);
            libm::log(variance) + miss.square / variance
        };
        misses.iter().map(one).sum::<f64>() / misses.len().max(1) as f64
    };
    let mut corners = [[0.0, -1.0], [1.0, -1.0], [0.0, -4.0]].map(|at| (value(at), at));
    for _ in 0..STEPS {
        corners.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        let [best, middle, worst] = corners;
        if libm::fabs(worst.0 - best.0) <= CLOSE && is_small(&corners) {
            break;
        }
        let center = [0, 1].map(|axis| f64::midpoint(best.1[axis], middle.1[axis]));
        let beyond = |times: f64| {
            let at = [0, 1].map(|axis| center[axis] + times * (center[axis] - worst.1[axis]));
            let at = at.map(|log| log.clamp(-BOUND, BOUND));
            (value(at), at)
        };
        let reflected = beyond(1.0);
        let next = if reflected.0 < best.0 {
            let expanded = beyond(2.0);
            Some(if expanded.0 < reflected.0 {
                expanded
            } else {
                reflected
            })
        } else if reflected.0 < middle.0 {
            Some(reflected)
        } else {
            let contracted = beyond(if reflected.0 < worst.0 { 0.5 } else { -0.5 });
            (contracted.0 < worst.0.min(reflected.0)).then_some(contracted)
        };
        match next {
            Some(next) => corners[2] = next,
            None => {
                for corner in &mut corners[1..] {
                    let at = [0, 1].map(|axis| f64::midpoint(best.1[axis], corner.1[axis]));
                    *corner = (value(at), at);
                }
            }
        }
    }
    corners.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    corners[0].1.map(libm::exp)
}

/// Whether all corners are close to each other.
fn is_small(corners: &[(f64, [f64; 2]); 3]) -> bool {
    const SMALL: f64 = 1e-5;
    let [(_, best), others @ ..] = corners;
    let mut others = others.iter();
    others.all(|(_, at)| (0..2).all(|axis| libm::fabs(at[axis] - best[axis]) < SMALL))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planted_spreads_are_found() {
        // Squares that are their own variances are what they are most likely to come from.
        for planted in [[1.3, 0.3], [0.2, 2.0], [3.0, 0.001]] {
            let misses: Vec<_> = (1..200_u32)
                .map(|place| {
                    let mut miss = Miss {
                        square: 0.0,
                        of_level: f64::from(place % 7) / 10.0,
                        of_mean: f64::from(place % 13) + 0.1,
                    };
                    miss.square = miss.variance(planted);
                    miss
                })
                .collect();
            let found = spreads(&misses);
            for (found, planted) in found.into_iter().zip(planted) {
                assert!((found - planted).abs() < 1e-4, "{found} and {planted}");
            }
        }
    }
}
