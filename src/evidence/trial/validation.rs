//! The level held against rivals on months that nobody has seen: is it any good on these data?

use super::fit::{Fit, fit_windows};
use super::likelihood::{Miss, spreads};
use super::points::Points;
use super::sample::{Estimate, Line, Moments, Sampling, drawn, quantile};
use super::windows::{Panel, Window, Windows};
use crate::error::{BadTrial, Result};
use crate::evidence::level::NINETY_PERCENT;
use crate::evidence::parameters::{Parameters, Settings};
use crate::text::count;
use serde::Serialize;

/// The quantile of the normal distribution between whose negative and itself half of it lies.
const FIFTY_PERCENT: f64 = 0.674_489_750_196_081_7;
/// How many events everyone's mean weighs as in the own mean, and in the decayed means.
const PRIOR_EVENTS: [f64; 2] = [5.0, 1.0];
/// The half-lives of the decayed means; the decayed sum has the first of them.
const DECAYED_DAYS: [f64; 3] = [30.0, 180.0, 365.0];
/// How far the share in the interval of 90 % and in that of 50 % must be off for one of them to say
/// alone that both are too narrow or too wide: an assumption.
const CLEARLY_OFF: [f64; 2] = [0.02, 0.05];
/// With fewer dyads than these, intervals from draws of dyads are rough: a rule of thumb.
const FEW_DYADS: usize = 20;

/// A way to foretell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rival {
    OwnMean,
    LastMonth,
    Fortnight,
    DecayedSum,
    DecayedMean(usize),
}

const RIVALS: [(Rival, &str, &str); 7] = [
    (Rival::OwnMean, "own-mean", "own mean so far"),
    (Rival::LastMonth, "last-month", "last month"),
    (Rival::Fortnight, "mean-of-days-14", "14-day mean of days"),
    (Rival::DecayedSum, "decayed-sum-30", "decayed sum, 30 d"),
    (
        Rival::DecayedMean(0),
        "decayed-mean-30",
        "decayed mean, 30 d",
    ),
    (
        Rival::DecayedMean(1),
        "decayed-mean-180",
        "decayed mean, 180 d",
    ),
    (
        Rival::DecayedMean(2),
        "decayed-mean-365",
        "decayed mean, 365 d",
    ),
];

impl Rival {
    fn foretells(self, windows: &Windows, place: usize) -> f64 {
        let Window {
            everyone,
            own,
            last_month,
            fortnight,
            ..
        } = windows.list[place];
        let mean = everyone.mean;
        let [of_own, of_decayed] = PRIOR_EVENTS;
        match self {
            Self::OwnMean => (own.values + of_own * mean) / (own.events + of_own),
            Self::LastMonth => last_month.unwrap_or(mean),
            Self::Fortnight => fortnight.unwrap_or(mean),
            Self::DecayedSum => windows.faded_by(place, DECAYED_DAYS[0]).values,
            Self::DecayedMean(which) => {
                let faded = windows.faded_by(place, DECAYED_DAYS[which]);
                (faded.values + of_decayed * mean) / (faded.events + of_decayed)
            }
        }
    }
}

/// How one way to foretell has done.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Method {
    /// Its name.
    pub method: &'static str,
    /// The same for people.
    #[serde(skip)]
    pub words: &'static str,
    /// How it was calibrated on the fitted span: intercept and slope; the level is used as it is.
    pub calibration: Option<[f64; 2]>,
    /// The share of the weighted variance of what came that it explains; below 0, the mean of all
    /// explains more.
    pub r2: f64,
    /// 1 - its loss / that of the own mean so far.
    pub skill: Estimate,
    /// The skill of the preset less its own.
    pub preset_less_this: Estimate,
    /// The slope of what came over what was foretold: 1 where it is neither too bold nor too timid.
    pub slope: f64,
}

/// The interval of what comes next, and how often it is right.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cover {
    /// c and d: the variance of the next months' mean is s² u + c s² / n + d. Found in the fitted
    /// span.
    pub per_event: f64,
    /// See `per_event`.
    pub between_months: f64,
    /// The share of windows within the 90 % interval.
    pub within_90: Estimate,
    /// The same of the 50 % interval.
    pub within_50: Estimate,
    /// The median of half the width of the 90 % interval of the level itself.
    pub median_half_width: f64,
}

/// A span of months and what is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Span {
    /// The first and the last month that were foretold.
    pub months: [String; 2],
    /// How many windows there are.
    pub windows: usize,
    /// How many events they have.
    pub events: u64,
    /// How many dyads have one.
    pub dyads: usize,
}

/// The preset and the fitted parameters held against rivals.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Validation {
    /// What was fitted, in the span before.
    pub fit: Fit,
    /// What was judged.
    pub judged: Span,
    /// By which parameters the level was judged.
    pub model: Settings,
    /// What the draws came from, and how many there were.
    pub seed: u64,
    /// See `seed`.
    pub draws: usize,
    /// How each has done: the rivals, the preset, and the fitted parameters.
    pub methods: Vec<Method>,
    /// The interval of what comes next.
    pub cover: Cover,
    /// Whether the preset shows skill over a dyad's own mean so far: all of its interval lies above
    /// 0.
    pub is_skill_shown: bool,
    /// What all of that comes to, in sentences.
    pub verdict: Vec<String>,
}

/// Holds a model, usually the preset, and the parameters that fit best against rivals, on the
/// months after the fitted span.
///
/// Rivals are calibrated by a weighted line on the fitted span. Intervals are over bootstraps of
/// dyads: in each, as many of those that have a window are drawn with replacement as there are.
///
/// # Errors
/// When there is nothing to foretell or to judge, or when it is stopped.
pub fn validate(
    panel: &Panel<'_>,
    points: &Points,
    model: &Parameters,
    [fitting, judging]: [Sampling<'_>; 2],
) -> Result<Validation> {
    let preset = Parameters::default();
    let mut half_lives: Vec<_> = points.half_lives().collect();
    for known in [&preset, model] {
        half_lives.extend([known.half_life_slow_days, known.half_life_fast_days]);
    }
    half_lives.extend(DECAYED_DAYS);
    let before = panel.windows(panel.split.fitted(), half_lives.clone())?;
    let after = panel.windows(panel.split.judged(), half_lives)?;
    let fit = fit_windows(panel, &before, points, fitting)?;
    let fitted = fit.model.parameters().unwrap_or_default();
    let judge = Judge::new(panel, &after)?;
    let foretold = foretold(&before, &judge, [*model, fitted]);
    let intervals = Intervals::new(&before, &judge, model);
    let within = [NINETY_PERCENT, FIFTY_PERCENT].map(|end| intervals.within(&judge, end));
    let windows = judge.by_dyad(|_, _| 1.0);
    let mut summed: Vec<&[f64]> = foretold.iter().map(|it| &*it.losses).collect();
    let place = summed.len();
    summed.extend(within.iter().chain([&windows]).map(Vec::as_slice));
    let sums = Sums::new(&summed, judge.clusters, judging)?;
    let methods = methods(&foretold, &sums, judge.around_mean);
    let cover = intervals.cover(&sums, [place, place + 1, place + 2]);
    let of_model = &methods[RIVALS.len()];
    let split = panel.split;
    let mut validation = Validation {
        judged: Span {
            months: [split.judged().start + 1, split.months - 1]
                .map(|month| panel.daily.name(month)),
            windows: after.list.len(),
            events: after.events(),
            dyads: judge.clusters,
        },
        model: Settings::of(model),
        seed: judging.seed,
        draws: judging.draws,
        is_skill_shown: of_model.skill.is_above(0.0),
        fit,
        cover,
        verdict: Vec::new(),
        methods,
    };
    validation.verdict = validation.says(panel.daily.target.words());
    Ok(validation)
}

/// What is judged by: the windows, and of which of the dyads that have any each is.
struct Judge<'a> {
    windows: &'a Windows,
    cluster: Vec<usize>,
    clusters: usize,
    /// The weighted sum of squares around the mean of all.
    around_mean: f64,
}

impl<'a> Judge<'a> {
    fn new(panel: &Panel<'_>, windows: &'a Windows) -> Result<Self> {
        let (mut cluster, mut clusters) = (Vec::new(), 0);
        for range in windows.of_dyads(panel.dyads.len()) {
            cluster.extend(range.clone().map(|_| clusters));
            clusters += usize::from(!range.is_empty());
        }
        let mut moments = Moments::default();
        for window in &windows.list {
            moments.take(0.0, window.mean, window.weight());
        }
        let around_mean = moments.around_mean();
        if around_mean == 0.0 {
            return Err(BadTrial::AllAlike {
                windows: windows.list.len(),
                what: panel.daily.target.words(),
            }
            .into());
        }
        Ok(Self {
            windows,
            cluster,
            clusters,
            around_mean,
        })
    }

    /// The sums of a number of each window, by dyad.
    fn by_dyad(&self, of_window: impl Fn(usize, &Window) -> f64) -> Vec<f64> {
        let mut sums = vec![0.0; self.clusters];
        for (place, window) in self.windows.list.iter().enumerate() {
            sums[self.cluster[place]] += of_window(place, window);
        }
        sums
    }
}

/// What one way to foretell says of each window, and what that costs, by dyad.
struct Foretold {
    losses: Vec<f64>,
    slope: f64,
    calibration: Option<Line>,
}

/// What the rivals, the model and the fitted parameters say, in the order of
/// [`Validation::methods`].
fn foretold(before: &Windows, judge: &Judge<'_>, models: [Parameters; 2]) -> Vec<Foretold> {
    let rivals = RIVALS.iter().map(|(rival, ..)| {
        let line = calibrated(before, |place| rival.foretells(before, place));
        let foretold = |place| line.intercept + line.slope * rival.foretells(judge.windows, place);
        held(judge, Some(line), foretold)
    });
    let levels = models.iter().map(|parameters| {
        let places = judge.windows.places(parameters).unwrap_or_default();
        held(judge, None, |place| {
            judge.windows.level(place, places, parameters)
        })
    });
    rivals.chain(levels).collect()
}

/// Sums over windows, and over those of the dyads of each draw.
struct Sums {
    whole: Vec<f64>,
    draws: Vec<Vec<f64>>,
}

impl Sums {
    /// The sums of numbers by dyad.
    fn new(of: &[&[f64]], dyads: usize, sampling: Sampling<'_>) -> Result<Self> {
        let draws = sampling.draw("validate", dyads, |counts| {
            of.iter().map(|numbers| drawn(numbers, counts)).collect()
        })?;
        let whole = of.iter().map(|numbers| numbers.iter().sum());
        Ok(Self {
            whole: whole.collect(),
            draws,
        })
    }

    fn estimate(&self, of: impl Fn(&[f64]) -> f64) -> Estimate {
        Estimate::new(of(&self.whole), self.draws.iter().map(|sums| of(sums)))
    }
}

fn methods(foretold: &[Foretold], sums: &Sums, around_mean: f64) -> Vec<Method> {
    let [own, preset] = [0, RIVALS.len()];
    let names = RIVALS.iter().map(|(_, name, words)| (*name, *words));
    let names = names.chain([
        ("evidence", "evidence"),
        ("evidence-fitted", "evidence, fitted"),
    ]);
    let method = |(place, (method, words)): (usize, (&'static str, &'static str))| Method {
        method,
        words,
        calibration: foretold[place]
            .calibration
            .map(|line| [line.intercept, line.slope]),
        r2: 1.0 - sums.whole[place] / around_mean,
        skill: sums.estimate(|losses| 1.0 - losses[place] / losses[own]),
        preset_less_this: sums.estimate(|losses| (losses[place] - losses[preset]) / losses[own]),
        slope: foretold[place].slope,
    };
    names.enumerate().map(method).collect()
}

/// The line that makes of what is said in the fitted span what came.
fn calibrated(windows: &Windows, says: impl Fn(usize) -> f64) -> Line {
    let mut moments = Moments::default();
    for (place, window) in windows.list.iter().enumerate() {
        moments.take(says(place), window.mean, window.weight());
    }
    moments.line()
}

fn held(judge: &Judge<'_>, calibration: Option<Line>, says: impl Fn(usize) -> f64) -> Foretold {
    let losses = judge.by_dyad(|place, window| {
        let error = window.mean - says(place);
        window.weight() * error * error
    });
    Foretold {
        losses,
        slope: calibrated(judge.windows, says).slope,
        calibration,
    }
}

/// What is known of how wide an interval must be, window by window, under a model.
fn misses(windows: &Windows, model: &Parameters) -> Vec<Miss> {
    let places = windows.places(model).unwrap_or_default();
    let miss = |(place, window): (usize, &Window)| {
        let remembered = windows.remembered(place, places);
        let variance = remembered.variance(window.everyone);
        let error = window.mean - windows.level(place, places, model);
        Miss {
            square: error * error,
            of_level: variance * remembered.spread(model),
            of_mean: variance / window.events,
        }
    };
    windows.list.iter().enumerate().map(miss).collect()
}

/// c and d, found in the fitted span, and the parts of the variance in each window that is judged.
struct Intervals {
    spreads: [f64; 2],
    judged: Vec<Miss>,
}

impl Intervals {
    fn new(before: &Windows, judge: &Judge<'_>, model: &Parameters) -> Self {
        Self {
            spreads: spreads(&misses(before, model)),
            judged: misses(judge.windows, model),
        }
    }

    /// By dyad, how many windows lie within so many standard deviations.
    fn within(&self, judge: &Judge<'_>, deviations: f64) -> Vec<f64> {
        judge.by_dyad(|place, _| {
            let miss = &self.judged[place];
            let end = deviations * libm::sqrt(miss.variance(self.spreads));
            f64::from(u8::from(libm::sqrt(miss.square) < end))
        })
    }

    fn cover(&self, sums: &Sums, [ninety, fifty, all]: [usize; 3]) -> Cover {
        let half = |miss: &Miss| NINETY_PERCENT * libm::sqrt(miss.of_level);
        let mut widths: Vec<_> = self.judged.iter().map(half).collect();
        widths.sort_by(f64::total_cmp);
        Cover {
            per_event: self.spreads[0],
            between_months: self.spreads[1],
            within_90: sums.estimate(|sums| sums[ninety] / sums[all]),
            within_50: sums.estimate(|sums| sums[fifty] / sums[all]),
            median_half_width: quantile(&widths, 0.5).unwrap_or_default(),
        }
    }
}

impl Method {
    /// Whether the fitted parameters, which this is of, are to be taken in the place of somebody's.
    fn advice(&self, whose: &str) -> String {
        let is_better = self.preset_less_this.is_below(0.0);
        let than = if is_better && self.skill.is_above(0.0) {
            format!("do better than {whose}, and show skill: --save them with detente fit")
        } else if is_better {
            format!("do better than {whose}, but show no skill over a dyad's own mean")
        } else if self.preset_less_this.is_above(0.0) {
            format!("do worse than {whose}")
        } else {
            format!("cannot be told from {whose}")
        };
        format!("the fitted parameters {than}")
    }
}

impl Cover {
    /// Whether the intervals are too narrow or too wide, in words. One of them alone says so only
    /// where it is off by much, and the other does not go against it.
    fn says(&self) -> &'static str {
        let both = [
            (&self.within_90, 0.9, CLEARLY_OFF[0]),
            (&self.within_50, 0.5, CLEARLY_OFF[1]),
        ];
        if both.iter().any(|(within, ..)| within.low.is_none()) {
            return "";
        }
        let narrow = both.map(|(within, meant, _)| within.is_below(meant));
        let wide = both.map(|(within, meant, _)| within.is_above(meant));
        let is_clear = |is_so: [bool; 2]| {
            let mut both = is_so.into_iter().zip(&both);
            is_so == [true; 2]
                || both.any(|(is_so, (within, meant, clearly))| {
                    is_so && libm::fabs(within.value - meant) >= *clearly
                })
        };
        match (narrow.contains(&true), wide.contains(&true)) {
            (true, true) if narrow[0] => ": too wide in the middle and too narrow far out",
            (true, true) => ": too narrow in the middle and too wide far out",
            (true, false) if is_clear(narrow) => ": too narrow here",
            (false, true) if is_clear(wide) => ": too wide here",
            (false, false) => ", as they should",
            _ => ", about as they should",
        }
    }
}

impl Validation {
    /// The model that was judged, usually the preset, among the methods.
    #[must_use]
    pub fn preset(&self) -> &Method {
        &self.methods[RIVALS.len()]
    }

    /// Whether the model that was judged is the preset.
    #[must_use]
    pub fn is_of_preset(&self) -> bool {
        self.model == Settings::of(&Parameters::default())
    }

    /// What the preset and the fitted parameters are held against, the own mean so far first.
    pub fn rivals(&self) -> impl Iterator<Item = &Method> {
        self.methods.iter().take(RIVALS.len())
    }

    /// Of which others the preset is better, of which worse, and whether it is better than the
    /// fitted parameters.
    fn compare(&self, says: &mut Vec<String>) {
        if !self.methods.iter().any(|method| method.skill.is_above(0.0)) {
            says.push("nothing that was tried shows skill over it".to_owned());
        }
        let others = || self.methods[1..RIVALS.len()].iter();
        for (verb, is_so) in [
            (
                "better than",
                (|it| it.is_above(0.0)) as fn(&Estimate) -> bool,
            ),
            ("worse than", |it| it.is_below(0.0)),
            ("not told apart from", |it| {
                !it.is_above(0.0) && !it.is_below(0.0)
            }),
        ] {
            let words = others().filter(|other| is_so(&other.preset_less_this));
            let words: Vec<_> = words.map(|other| other.words).collect();
            if !words.is_empty() {
                says.push(format!("{verb}: {}", words.join("; ")));
            }
        }
        let whose = if self.is_of_preset() {
            "the preset's"
        } else {
            "those of the model"
        };
        says.push(self.methods[RIVALS.len() + 1].advice(whose));
    }

    /// What all of that comes to.
    fn says(&self, what: &str) -> Vec<String> {
        let preset = self.preset();
        let skill = &preset.skill;
        let next = match self.fit.ahead_months {
            1 => "the next month".to_owned(),
            months => format!("the next {months} months"),
        };
        let ends = said(skill);
        let first = if skill.is_above(0.0) {
            let though = if self.methods[1..RIVALS.len()]
                .iter()
                .any(|it| it.preset_less_this.is_below(0.0))
            {
                ", though rivals show more"
            } else {
                ""
            };
            format!(
                "skill shown{though}: evidence foretells the {what} of {next} better than a dyad's own mean so far, by {:.1} % of \
                 its squared error ({ends})",
                100.0 * skill.value
            )
        } else if skill.low.is_none() {
            format!(
                "no skill shown: {} cannot say whether evidence foretells the {what} of {next} better than a dyad's \
                 own mean so far ({ends})",
                count(self.judged.dyads as u64, "dyad")
            )
        } else if skill.is_below(0.0) {
            format!(
                "no skill shown: evidence foretells the {what} of {next} worse than a dyad's own mean so far ({ends})"
            )
        } else {
            format!(
                "no skill shown: evidence cannot be told from a dyad's own mean so far in foretelling the {what} of {next} \
                 ({ends})"
            )
        };
        let mut says = vec![first];
        if preset.r2 < 0.0 {
            says.push(format!(
                "its R² is negative, {:.3}: to say the same of all dyads would have missed less",
                preset.r2
            ));
        }
        if skill.low.is_some() {
            self.compare(&mut says);
        }
        says.push(format!(
            "its intervals of {next} have {:.1} % of what came in that of 90 %, {:.1} % in that of 50 %{}",
            100.0 * self.cover.within_90.value,
            100.0 * self.cover.within_50.value,
            self.cover.says()
        ));
        if skill.low.is_some() && self.judged.dyads < FEW_DYADS {
            says.push(format!(
                "{} only: intervals over draws of so few are rough",
                count(self.judged.dyads as u64, "dyad")
            ));
        }
        says
    }
}

/// A number with its interval: `+0.024, 90 %: -0.014 to 0.059`.
fn said(estimate: &Estimate) -> String {
    match (estimate.low, estimate.high) {
        (Some(low), Some(high)) => format!("{:+.3}, 90 %: {low:+.3} to {high:+.3}", estimate.value),
        _ => format!("{:+.3}", estimate.value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fitted_parameters_are_advised_only_where_they_show_skill() {
        let estimate = |value: f64| Estimate {
            value,
            low: Some(value - 0.05),
            high: Some(value + 0.05),
        };
        for (skill, preset_less_this, says) in [
            (0.1, -0.2, "and show skill: --save them"),
            (-0.02, -0.07, "but show no skill"),
            (0.02, -0.07, "but show no skill"),
            (0.1, 0.07, "do worse"),
            (0.1, 0.02, "cannot be told"),
        ] {
            let fitted = Method {
                method: "evidence-fitted",
                words: "evidence, fitted",
                calibration: None,
                r2: 0.0,
                skill: estimate(skill),
                preset_less_this: estimate(preset_less_this),
                slope: 1.0,
            };
            assert!(fitted.advice("the preset's").contains(says), "{says}");
        }
    }

    #[test]
    fn intervals_are_called_too_narrow_or_too_wide_where_both_or_a_clear_one_say_so() {
        let estimate = |value: f64| Estimate {
            value,
            low: Some(value - 0.01),
            high: Some(value + 0.01),
        };
        let says = |ninety: f64, fifty: f64| {
            let cover = Cover {
                per_event: 1.0,
                between_months: 0.0,
                within_90: estimate(ninety),
                within_50: estimate(fifty),
                median_half_width: 1.0,
            };
            cover.says()
        };
        assert_eq!(says(0.895, 0.495), ", as they should");
        assert_eq!(says(0.885, 0.485), ": too narrow here");
        assert_eq!(says(0.915, 0.515), ": too wide here");
        // One alone: a little off, and clearly.
        assert_eq!(says(0.885, 0.5), ", about as they should");
        assert_eq!(says(0.9, 0.47), ", about as they should");
        assert_eq!(says(0.87, 0.5), ": too narrow here");
        assert_eq!(says(0.895, 0.43), ": too narrow here");
        assert_eq!(says(0.895, 0.56), ": too wide here");
        // Against each other.
        let far_out = ": too wide in the middle and too narrow far out";
        assert_eq!(says(0.87, 0.56), far_out);
        let middle = ": too narrow in the middle and too wide far out";
        assert_eq!(says(0.95, 0.44), middle);
    }
}
