//! The parameters that foretell best, and how well they are determined.

use super::points::{FOUND, Points, PointsAxis, in_json, values};
use super::sample::{Estimate, Sampling, quantile_found};
use super::windows::{Panel, Windows};
use crate::error::{BadTrial, Result};
use crate::evidence::parameters::{NAMED, Parameters, Settings};
use serde::{Serialize, Serializer};

/// How well a parameter is determined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Determined {
    /// Its range is one value of the grid or two neighbours.
    Yes,
    /// Its range leaves out some of the values that were tried, but is wider than that.
    Narrowed,
    /// Its range leaves out some of the values that were tried, but the best value is an end of the
    /// grid: a better one may lie beyond it.
    AtTheEnd,
    /// Its range spans all values that were tried.
    No,
    /// There are too few dyads to draw from, so that it has no range.
    TooFewDyads,
    /// Only one value was tried.
    Held,
}

impl Determined {
    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Yes => "determined",
            Self::Narrowed => "narrowed",
            Self::AtTheEnd => "at the end of the grid",
            Self::No => "not determined",
            Self::TooFewDyads => "too few dyads to tell",
            Self::Held => "held",
        }
    }
}

/// A parameter as it was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fitted {
    /// Its name.
    pub parameter: &'static str,
    /// Its value at the best point.
    #[serde(serialize_with = "as_written")]
    pub best: f64,
    /// Between which values the best point lies in 90 % of bootstraps of dyads, if there are enough
    /// of these to draw from.
    #[serde(serialize_with = "maybe_written")]
    pub low: Option<f64>,
    /// See `low`.
    #[serde(serialize_with = "maybe_written")]
    pub high: Option<f64>,
    /// How well it is determined.
    pub determined: Determined,
    /// Its value in the preset.
    #[serde(serialize_with = "as_written")]
    pub preset: f64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it in so")]
fn as_written<S: Serializer>(value: &f64, to: S) -> Result<S::Ok, S::Error> {
    in_json(*value).serialize(to)
}

#[expect(clippy::ref_option, reason = "serde hands it in so")]
fn maybe_written<S: Serializer>(value: &Option<f64>, to: S) -> Result<S::Ok, S::Error> {
    value.map(in_json).serialize(to)
}

/// What a fit has found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fit {
    /// What was foretold: `mean` or `conflict-share`.
    pub target: &'static str,
    /// Of how many months.
    pub ahead_months: usize,
    /// The first and the last month of the data.
    pub data: [String; 2],
    /// The last month of the fitted span.
    pub fitted_until: String,
    /// How many months of it only warm up.
    pub warm_up_months: usize,
    /// How many dyads there are, with at least so many events until the end of the fitted span.
    pub dyads: usize,
    /// See `dyads`.
    pub least_events: u64,
    /// How many windows were foretold, and how many events they have.
    pub windows: usize,
    /// See `windows`.
    pub events: u64,
    /// The values that were tried.
    pub grid: Vec<PointsAxis>,
    /// At how many points.
    pub points: usize,
    /// What the draws came from, and how many there were.
    pub seed: u64,
    /// See `seed`.
    pub draws: usize,
    /// The weighted mean of squared errors at the best point, in units of the target, squared.
    pub loss: f64,
    /// The same of the preset.
    pub preset_loss: f64,
    /// By which share the preset's loss is greater, with its 90 % interval over bootstraps of
    /// dyads.
    pub preset_excess: Estimate,
    /// The parameters.
    pub parameters: Vec<Fitted>,
    /// The best point as a model file has it.
    pub model: Settings,
    /// The version.
    pub detente: &'static str,
}

/// Finds the point of a grid that foretells the fitted span of some data best. The loss is the
/// squared error of the target's mean, a window of n events weighing n / (n + 10); of points that
/// are as good the first counts. Ranges are over bootstraps of dyads: in each, as many dyads are
/// drawn with replacement as there are.
///
/// # Errors
/// When there is nothing to foretell, or when it is stopped.
pub fn fit(panel: &Panel<'_>, points: &Points, sampling: Sampling<'_>) -> Result<Fit> {
    let mut half_lives: Vec<_> = points.half_lives().collect();
    let preset = Parameters::default();
    half_lives.extend([preset.half_life_slow_days, preset.half_life_fast_days]);
    let windows = panel.windows(panel.split.fitted(), half_lives)?;
    fit_windows(panel, &windows, points, sampling)
}

/// The same with windows that are there already.
pub(super) fn fit_windows(
    panel: &Panel<'_>,
    windows: &Windows,
    points: &Points,
    sampling: Sampling<'_>,
) -> Result<Fit> {
    let first = windows.list.first().map(|window| window.mean);
    if windows.list.iter().all(|window| Some(window.mean) == first) {
        return Err(BadTrial::AllAlike {
            windows: windows.list.len(),
            what: panel.daily.target.words(),
        }
        .into());
    }
    let preset = Parameters::default();
    let tried = points.points();
    let all: Vec<_> = tried
        .iter()
        .chain([&preset])
        .filter_map(|point| windows.places(point).map(|places| (*point, places)))
        .collect();
    // For each dyad the loss at each point, and last that of the preset.
    let ranges = windows.of_dyads(panel.dyads.len());
    let losses = sampling.share(ranges.len(), |dyad| {
        let loss = |(point, places): &(Parameters, [usize; 2])| {
            let one = |window: usize| {
                let Some(known) = windows.list.get(window) else {
                    return 0.0;
                };
                let error = known.mean - windows.level(window, *places, point);
                known.weight() * error * error
            };
            ranges[dyad].clone().map(one).sum::<f64>()
        };
        all.iter().map(loss).collect::<Vec<_>>()
    })?;
    let once = vec![1; losses.len()];
    let whole = sum(&losses, &once, all.len());
    let best = least(&whole[..tried.len()]);
    let of_preset = tried.len();
    let draws = sampling.draw("fit", losses.len(), |counts| {
        let losses = sum(&losses, counts, all.len());
        let excess = (losses[of_preset] - losses[best]) / losses[best];
        (least(&losses[..of_preset]), excess)
    })?;
    let weight: f64 = windows.list.iter().map(|window| window.weight()).sum();
    let excess = whole[of_preset] / whole[best] - 1.0;
    let found = |place: usize| {
        let value = |point: usize| values(&tried[point])[place];
        let mut best_of: Vec<_> = draws.iter().map(|(point, _)| value(*point)).collect();
        best_of.sort_by(f64::total_cmp);
        let axis = &points.axes()[place].values;
        let [first, last] = [axis.first(), axis.last()].map(Option::<&f64>::copied);
        let [low, high] = [0.05, 0.95].map(|share| quantile_found(&best_of, share));
        let best = value(best);
        Fitted {
            parameter: NAMED[place].name,
            best,
            low,
            high,
            determined: if first == last {
                Determined::Held
            } else if best_of.is_empty() {
                Determined::TooFewDyads
            } else if low == first && high == last {
                Determined::No
            } else if [first, last].contains(&Some(best)) {
                Determined::AtTheEnd
            } else if spans(axis, [low, high]) <= 2 {
                Determined::Yes
            } else {
                Determined::Narrowed
            },
            preset: values(&preset)[place],
        }
    };
    let split = panel.split;
    let name = |month: usize| panel.daily.name(month);
    Ok(Fit {
        target: panel.daily.target.name(),
        ahead_months: split.ahead,
        data: [name(0), name(split.months - 1)],
        fitted_until: name(split.cut - 1),
        warm_up_months: split.warm,
        dyads: panel.dyads.len(),
        least_events: panel.least,
        windows: windows.list.len(),
        events: windows.events(),
        grid: points.axes().to_vec(),
        points: tried.len(),
        seed: sampling.seed,
        draws: sampling.draws,
        loss: whole[best] / weight,
        preset_loss: whole[of_preset] / weight,
        preset_excess: Estimate::new(excess, draws.iter().map(|(_, excess)| *excess)),
        parameters: (0..FOUND).map(found).collect(),
        model: Settings::of(&tried[best]),
        detente: env!("CARGO_PKG_VERSION"),
    })
}

/// How many values of an axis lie in a range, its ends included.
fn spans(axis: &[f64], [low, high]: [Option<f64>; 2]) -> usize {
    let is_in = |value: &&f64| low.is_some_and(|low| low <= **value) && high >= Some(**value);
    axis.iter().filter(is_in).count()
}

/// The sums of the losses of all dyads, each as often as it was drawn, point by point.
fn sum(losses: &[Vec<f64>], counts: &[u32], points: usize) -> Vec<f64> {
    let mut sums = vec![0.0; points];
    for (of_dyad, count) in losses.iter().zip(counts).filter(|(_, count)| **count > 0) {
        let times = f64::from(*count);
        for (sum, loss) in sums.iter_mut().zip(of_dyad) {
            *sum += loss * times;
        }
    }
    sums
}

/// The place of the least, the first of those that are equal.
fn least(losses: &[f64]) -> usize {
    let least = losses.iter().enumerate();
    let least = least.reduce(|one, other| if other.1 < one.1 { other } else { one });
    least.map_or(0, |(place, _)| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_spans_the_values_of_the_grid_that_lie_in_it() {
        let axis = [5.0, 10.0, 20.0, 40.0, f64::INFINITY];
        for (low, high, expected) in [
            (10.0, 10.0, 1),
            (10.0, 20.0, 2),
            (10.0, f64::INFINITY, 4),
            (5.0, f64::INFINITY, 5),
        ] {
            assert_eq!(spans(&axis, [Some(low), Some(high)]), expected);
        }
    }
}
