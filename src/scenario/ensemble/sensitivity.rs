//! Sensitivity: how much of what varies from run to run is explained by one thing that is drawn.
//!
//! The measure is the correlation ratio of Pearson (1905), eta squared: the share of the variance
//! that lies between the means of classes of an input. For inputs that are drawn apart it is the
//! first-order index of Sobol (1993) and of Saltelli et al. (2008), up to what the classes smooth
//! away. By chance alone k classes explain about (k - 1) of n - 1 parts of n runs; that much is
//! taken off, which makes it the epsilon squared of Kelley (1935). It may then be a bit below 0,
//! which is told as 0.

use super::distribution::Sums;
use super::tally::Slice;

/// The share of the variance of a dyad's last temperature that an input explains, from 0 to 1;
/// `None` where there is no variance, or too few runs to tell.
#[must_use]
pub fn explained_end(slices: &[Slice], dyad: usize, all: &Sums) -> Option<f64> {
    let groups = slices.iter().filter_map(|slice| {
        let ends = slice.ends.get(dyad)?;
        Some((slice.runs as f64, ends.mean()))
    });
    let runs: u64 = slices.iter().map(|slice| slice.runs).sum();
    let runs = runs as f64;
    explained(groups, runs, all.mean(), all.variance() * (runs - 1.0))
}

/// The share of the variance of a question's answers, which are 1 and 0, that an input explains, as
/// [`explained_end`].
#[must_use]
pub fn explained_outcome(slices: &[Slice], question: usize) -> Option<f64> {
    let holding = |slice: &Slice| slice.outcomes.get(question).copied();
    let groups = slices.iter().filter_map(|slice| {
        let runs = slice.runs as f64;
        Some((runs, holding(slice)? as f64 / runs.max(1.0)))
    });
    let runs: u64 = slices.iter().map(|slice| slice.runs).sum();
    let holds: u64 = slices.iter().filter_map(holding).sum();
    let (runs, holds) = (runs as f64, holds as f64);
    explained(groups, runs, holds / runs, holds * (runs - holds) / runs)
}

/// From how many runs there are in each class and their mean, with the mean and the sum of squares
/// of all.
fn explained(
    groups: impl Iterator<Item = (f64, f64)>,
    runs: f64,
    mean: f64,
    squares: f64,
) -> Option<f64> {
    let (mut classes, mut between) = (0.0, 0.0);
    for (runs, group) in groups.filter(|(runs, _)| *runs > 0.0) {
        classes += 1.0;
        between += runs * (group - mean) * (group - mean);
    }
    // Sums are exact to 2^-32 of a degree: what varies less does not vary.
    let varies = squares > runs * f64::EPSILON;
    (varies && runs > classes).then(|| {
        let by_chance = (classes - 1.0) * (squares - between) / (runs - classes);
        ((between - by_chance) / squares).clamp(0.0, 1.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slices(groups: &[&[f64]]) -> (Vec<Slice>, Sums) {
        let mut all = Sums::default();
        let slices = groups.iter().map(|values| {
            let mut slice = Slice::new(1, 1);
            for &value in *values {
                slice.runs += 1;
                slice.ends[0].take(value);
                slice.outcomes[0] += u64::from(value > 0.0);
                all.take(value);
            }
            slice
        });
        (slices.collect(), all)
    }

    #[test]
    fn an_input_that_decides_all_explains_all() {
        let (slices, all) = slices(&[&[1.0, 1.0, 1.0], &[-2.0, -2.0], &[]]);
        assert!((explained_end(&slices, 0, &all).unwrap() - 1.0).abs() < 1e-9);
        assert!((explained_outcome(&slices, 0).unwrap() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn what_is_explained_is_kelleys_epsilon_squared() {
        // Means 1 and 3, mean of all 2: between 8, within 4 and 4, in all 16; by chance 1 * 8 / 6.
        let (slices, all) = slices(&[&[0.0, 0.0, 2.0, 2.0], &[2.0, 2.0, 4.0, 4.0]]);
        let expected = (8.0 - 8.0 / 6.0) / 16.0;
        assert!((explained_end(&slices, 0, &all).unwrap() - expected).abs() < 1e-9);
        // 2 of 4 and 4 of 4 hold: between 8 * (1/4)^2 = 0.5, in all 6 * 2 / 8 = 1.5; by chance 1 *
        // 1 / 6.
        let expected = (0.5 - 1.0 / 6.0) / 1.5;
        assert!((explained_outcome(&slices, 0).unwrap() - expected).abs() < 1e-9);
    }

    #[test]
    fn what_does_not_vary_is_explained_by_nothing() {
        let (slices, all) = slices(&[&[1.0, 1.0], &[1.0, 1.0]]);
        assert_eq!(explained_end(&slices, 0, &all), None);
        assert_eq!(explained_outcome(&slices, 0), None);
    }
}
