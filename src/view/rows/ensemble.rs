//! An ensemble as rows.

use crate::model::{Day, Dyad, Phase};
use crate::scenario::{
    Cell, Ensemble, Frame, Framed, Pairs, Share, Tally, difference_range_degrees, explained_end,
    explained_outcome, middle_of,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// The percentiles of a fan, in thousandths.
pub(in crate::view) const PERMILLES: [u64; 5] = [50, 250, 500, 750, 950];
/// Their names in CSV.
pub(in crate::view) const PERCENTILES: [&str; 5] = ["p05", "p25", "p50", "p75", "p95"];

/// An ensemble as JSON: what it was made of, and what came out.
#[derive(Clone, Debug, Serialize)]
pub struct EnsembleRows {
    /// What is needed to make it again.
    pub manifest: Manifest,
    /// The temperatures, phases and counts of each scenario.
    pub scenarios: Vec<ScenarioRows>,
    /// Each scenario but the first less the first, run by run.
    pub differences: Vec<DifferenceRows>,
}

/// What an ensemble was made of.
#[derive(Clone, Debug, Serialize)]
pub struct Manifest {
    /// How many runs were counted; fewer than wanted if some were stopped or are missing.
    pub runs: u64,
    /// Shards that are missing or were stopped.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing_shards: Vec<u64>,
    /// Everything else.
    #[serde(flatten)]
    pub frame: Frame,
}

/// What the runs of a scenario add up to.
#[derive(Clone, Debug, Serialize)]
pub struct ScenarioRows {
    /// The scenario.
    pub scenario: String,
    /// The fan of each dyad.
    pub fans: Vec<FanRow>,
    /// The runs to look at.
    pub runs_to_see: Vec<RunsToSee>,
    /// In how many runs each outcome holds.
    pub outcomes: Vec<OutcomeRow>,
    /// What each chance node did.
    pub chances: Vec<ChanceRow>,
    /// What each rule did.
    pub rules: Vec<RuleRow>,
    /// How much of what varies each thing that is drawn explains.
    pub explained: Vec<ExplainedRow>,
    /// Events that turned out illegal in some runs.
    pub illegal: Vec<IllegalRow>,
}

/// How much of what varies from run to run one thing that is drawn explains, or one rule.
#[derive(Clone, Debug, Serialize)]
pub struct ExplainedRow {
    /// The uncertain parameter, chance node or rule.
    pub input: String,
    /// What of these it is. A rule is not drawn apart from the others: what it explains may be due
    /// to them.
    pub kind: InputKind,
    /// The share of the variance of each dyad's temperature on the last day, in the order of the
    /// manifest's dyads; nothing where it does not vary.
    pub ends: Vec<Option<f64>>,
    /// The share of the variance of each outcome, in the order of the outcomes.
    pub outcomes: Vec<Option<f64>>,
}

/// What an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InputKind {
    /// An uncertain parameter.
    Uncertain,
    /// A chance node.
    Chance,
    /// A rule, by whether it caused anything.
    Rule,
}

/// The temperatures of a dyad on a date, over all runs.
#[derive(Clone, Debug, Serialize)]
pub struct FanRow {
    /// The dyad.
    pub dyad: Dyad,
    /// At the end of this day.
    pub date: Day,
    /// The mean, in degrees.
    pub mean: f64,
    /// The standard deviation, in degrees; nothing of one run.
    pub sd: Option<f64>,
    /// The 5th, 25th, 50th, 75th and 95th percentile in degrees, to a ten thousandth of the
    /// scenario's range; nothing where it lies outside that.
    pub percentiles: [Option<f64>; 5],
    /// In how many runs the temperature lies below and above the range that is counted.
    pub outside: [u64; 2],
    /// The share of runs in each phase.
    pub phases: BTreeMap<&'static str, f64>,
}

/// The runs of a dyad that are worth a look.
#[derive(Clone, Debug, Serialize)]
pub struct RunsToSee {
    /// The dyad.
    pub dyad: Dyad,
    /// A run that ends at the median.
    pub median: Option<u64>,
    /// A run that ends coldest.
    pub coldest: Option<u64>,
    /// A run that ends warmest.
    pub warmest: Option<u64>,
}

/// How often an outcome holds.
#[derive(Clone, Debug, Serialize)]
pub struct OutcomeRow {
    /// The outcome.
    pub outcome: String,
    /// In how many runs.
    pub runs: u64,
    /// Their share, with its Monte Carlo interval.
    #[serde(flatten)]
    pub share: Share,
}

/// How often an option came to pass.
#[derive(Clone, Debug, Serialize)]
pub struct ChanceRow {
    /// The chance node.
    pub chance: String,
    /// The option.
    pub option: String,
    /// How probable it is where it is drawn.
    pub probability: f64,
    /// In how many runs it came to pass.
    pub runs: u64,
}

/// What a rule did.
#[derive(Clone, Debug, Serialize)]
pub struct RuleRow {
    /// The rule.
    pub rule: String,
    /// In how many runs it caused anything.
    pub runs: u64,
    /// How many events it caused in all.
    pub events: u64,
    /// How many events that it wanted were illegal, by reason.
    pub illegal: BTreeMap<String, u64>,
}

/// An event that turned out illegal.
#[derive(Clone, Debug, Serialize)]
pub struct IllegalRow {
    /// Its id.
    pub event: String,
    /// Why.
    pub reason: String,
    /// In how many runs.
    pub runs: u64,
}

/// A scenario less the first.
#[derive(Clone, Debug, Serialize)]
pub struct DifferenceRows {
    /// The scenario.
    pub scenario: String,
    /// The differences of temperature.
    pub temperatures: Vec<GapRow>,
    /// How each dyad ends.
    pub ends: Vec<WarmerRow>,
    /// The differences of outcomes that both ask for.
    pub outcomes: Vec<OutcomeGapRow>,
}

/// A difference of temperatures.
#[derive(Clone, Debug, Serialize)]
pub struct GapRow {
    /// The dyad.
    pub dyad: Dyad,
    /// At the end of this day.
    pub date: Day,
    /// The mean difference, in degrees.
    pub mean: f64,
    /// The lower end of its 95 % interval; nothing of one run.
    pub low: Option<f64>,
    /// The upper end of its 95 % interval; nothing of one run.
    pub high: Option<f64>,
    /// The standard deviation of the difference, run by run; nothing of one run.
    pub sd: Option<f64>,
    /// What it would be without pairing: were the two drawn apart.
    pub sd_unpaired: Option<f64>,
    /// The percentiles of the difference as those of [`FanRow`].
    pub percentiles: [Option<f64>; 5],
}

/// How often a scenario ends warmer than the first.
#[derive(Clone, Debug, Serialize)]
pub struct WarmerRow {
    /// The dyad.
    pub dyad: Dyad,
    /// The share of runs in which it ends warmer.
    pub warmer: Share,
    /// The share of runs in which it ends as warm.
    pub same: Share,
}

/// A difference of the probabilities of an outcome.
#[derive(Clone, Debug, Serialize)]
pub struct OutcomeGapRow {
    /// The outcome.
    pub outcome: String,
    /// Its probability in the first scenario.
    pub first: f64,
    /// Its probability in this one.
    pub own: f64,
    /// The difference of the probabilities.
    pub difference: f64,
    /// The lower end of its 95 % interval, by Newcombe for paired shares.
    pub low: f64,
    /// The upper end of its 95 % interval.
    pub high: f64,
    /// The standard deviation of the difference, run by run; nothing of one run.
    pub sd: Option<f64>,
    /// What it would be without pairing.
    pub sd_unpaired: Option<f64>,
}

impl FanRow {
    /// Each number by the name that it has in CSV, and the phase that it is of.
    pub(in crate::view) fn statistics(
        &self,
    ) -> impl Iterator<Item = (&'static str, Option<&'static str>, Option<f64>)> {
        let moments = [("mean", Some(self.mean)), ("sd", self.sd)];
        let moments = moments.map(|(name, value)| (name, None, value));
        let percentiles = PERCENTILES.iter().zip(self.percentiles);
        let percentiles = percentiles.map(|(&name, value)| (name, None, value));
        let outside = ["runs_below_range", "runs_above_range"];
        let outside = outside.into_iter().zip(self.outside);
        let outside = outside.filter(|(_, runs)| *runs > 0);
        let outside = outside.map(|(name, runs)| (name, None, Some(runs as f64)));
        let phases = self.phases.iter();
        let phases = phases.map(|(&phase, &share)| ("phase_share", Some(phase), Some(share)));
        moments
            .into_iter()
            .chain(percentiles)
            .chain(outside)
            .chain(phases)
    }
}

impl EnsembleRows {
    /// The rows of an ensemble.
    #[must_use]
    pub fn new(frame: &Frame, ensemble: &Ensemble, missing_shards: Vec<u64>) -> Self {
        let scenarios = frame.scenarios.iter().zip(&ensemble.tallies);
        let scenarios = scenarios.map(|(scenario, tally)| scenario_rows(frame, scenario, tally));
        let compared =
            (1..frame.scenarios.len()).filter_map(|place| differences(frame, ensemble, place));
        Self {
            manifest: Manifest {
                runs: ensemble.runs,
                missing_shards,
                frame: frame.clone(),
            },
            scenarios: scenarios.collect(),
            differences: compared.collect(),
        }
    }
}

/// The cells of an ensemble: each with its dyad and date.
pub(in crate::view) fn places(frame: &Frame) -> impl Iterator<Item = (Dyad, Day)> {
    let dyads = frame.dyads.iter();
    dyads.flat_map(|&dyad| frame.dates.iter().map(move |&date| (dyad, date)))
}

fn scenario_rows(frame: &Frame, scenario: &Framed, tally: &Tally) -> ScenarioRows {
    let range_degrees = scenario.range_degrees;
    let has_phases = scenario.model.saturation != Some(false);
    let share = |count: u64| count as f64 / tally.runs.max(1) as f64;
    let fans = places(frame).zip(&tally.cells).map(|((dyad, date), cell)| {
        let percentile = |permille| Some(middle_of(cell.bins.quantile(permille)?, range_degrees));
        let phases = Phase::ALL.into_iter().zip(cell.phases);
        let phases = phases.filter(|_| has_phases);
        FanRow {
            dyad,
            date,
            mean: cell.sums.mean(),
            sd: cell.sums.deviation(),
            percentiles: PERMILLES.map(percentile),
            outside: cell.bins.outside(),
            phases: phases
                .map(|(phase, count)| (phase.name(), share(count)))
                .collect(),
        }
    });
    let dates = frame.dates.len();
    let ends = tally
        .cells
        .chunks(dates.max(1))
        .filter_map(|cells| cells.last());
    let ends = frame.dyads.iter().zip(ends).zip(&tally.lowest_run);
    let runs_to_see = ends.map(|((&dyad, cell), lowest)| {
        let run = |permille| {
            let bin = cell.bins.quantile(permille)?;
            lowest.get(bin).copied().filter(|run| *run != u64::MAX)
        };
        RunsToSee {
            dyad,
            median: run(500),
            coldest: run(0),
            warmest: run(1000),
        }
    });
    let outcomes = scenario.outcomes.iter().zip(&tally.outcomes);
    let outcomes = outcomes.map(|(id, &runs)| OutcomeRow {
        outcome: id.clone(),
        runs,
        share: Share::of(runs, tally.runs),
    });
    let chances = scenario.chances.iter().zip(&tally.options);
    let chances = chances.flat_map(|(chance, counts)| {
        let options = chance.options.iter().zip(counts);
        options.map(|(option, &runs)| ChanceRow {
            chance: chance.id.clone(),
            option: option.label.clone(),
            probability: option.probability,
            runs,
        })
    });
    let rules = scenario.rules.iter().zip(&tally.rules);
    let rules = rules.map(|(rule, tally)| RuleRow {
        rule: rule.clone(),
        runs: tally.runs,
        events: tally.events,
        illegal: tally.illegal.clone(),
    });
    let illegal = tally.illegal.iter();
    let illegal = illegal.map(|((event, reason), &runs)| IllegalRow {
        event: event.clone(),
        reason: reason.clone(),
        runs,
    });
    ScenarioRows {
        scenario: scenario.name.clone(),
        explained: explained(frame, scenario, tally),
        fans: fans.collect(),
        runs_to_see: runs_to_see.collect(),
        outcomes: outcomes.collect(),
        chances: chances.collect(),
        rules: rules.collect(),
        illegal: illegal.collect(),
    }
}

fn explained(frame: &Frame, scenario: &Framed, tally: &Tally) -> Vec<ExplainedRow> {
    let uncertain = scenario.uncertain.keys();
    let uncertain = uncertain.map(|name| (name, InputKind::Uncertain));
    let chances = scenario.chances.iter();
    let chances = chances.map(|chance| (&chance.id, InputKind::Chance));
    let rules = scenario.rules.iter().map(|rule| (rule, InputKind::Rule));
    let inputs = uncertain.chain(chances).chain(rules).zip(&tally.inputs);
    let ends = tally.cells.chunks(frame.dates.len().max(1));
    let ends: Vec<_> = ends.filter_map(|cells| cells.last()).collect();
    let explained = inputs.map(|((input, kind), slices)| {
        let of_end = |(dyad, cell): (usize, &&Cell)| explained_end(slices, dyad, &cell.sums);
        let outcomes = 0..scenario.outcomes.len();
        ExplainedRow {
            input: input.clone(),
            kind,
            ends: ends.iter().enumerate().map(of_end).collect(),
            outcomes: outcomes
                .map(|outcome| explained_outcome(slices, outcome))
                .collect(),
        }
    });
    explained.collect()
}

fn differences(frame: &Frame, ensemble: &Ensemble, place: usize) -> Option<DifferenceRows> {
    let scenario = frame.scenarios.get(place)?;
    let difference = ensemble.differences.get(place - 1)?;
    let (first, own) = (ensemble.tallies.first()?, ensemble.tallies.get(place)?);
    let range_degrees = difference_range_degrees(
        frame.scenarios.first()?.range_degrees,
        scenario.range_degrees,
    );
    let sums = difference.sums.iter().zip(&difference.bins);
    let cells = first.cells.iter().zip(&own.cells).zip(sums);
    let temperatures =
        places(frame)
            .zip(cells)
            .map(|((dyad, date), ((first, own), (sums, bins)))| {
                let interval = sums.interval();
                let unpaired = libm::sqrt(first.sums.variance() + own.sums.variance());
                let percentile =
                    |permille| Some(middle_of(bins.quantile(permille)?, range_degrees));
                GapRow {
                    dyad,
                    date,
                    mean: sums.mean(),
                    low: interval.map(|[low, _]| low),
                    high: interval.map(|[_, high]| high),
                    sd: sums.deviation(),
                    sd_unpaired: sums.deviation().map(|_| unpaired),
                    percentiles: PERMILLES.map(percentile),
                }
            });
    let ends = frame.dyads.iter().zip(&difference.warmer);
    let ends = ends.map(|(&dyad, &[warmer, same])| WarmerRow {
        dyad,
        warmer: Share::of(warmer, ensemble.runs),
        same: Share::of(same, ensemble.runs),
    });
    let outcomes = scenario.outcomes.iter().zip(&difference.outcomes);
    let outcomes = outcomes.enumerate().filter_map(|(place, (id, sums))| {
        let sums = sums.as_ref()?;
        let asked = frame.scenarios.first()?.outcomes.iter();
        let same = asked.into_iter().position(|other| other == id)?;
        let holds = |tally: &Tally, place: usize| {
            let holds = tally.outcomes.get(place);
            holds.copied().unwrap_or_default()
        };
        let (in_first, in_own) = (holds(first, same), holds(own, place));
        let [low, high] = Pairs::of([in_first, in_own], sums).interval();
        let first = in_first as f64 / first.runs.max(1) as f64;
        let own = in_own as f64 / own.runs.max(1) as f64;
        let unpaired = libm::sqrt(first * (1.0 - first) + own * (1.0 - own));
        Some(OutcomeGapRow {
            outcome: id.clone(),
            first,
            own,
            difference: sums.mean(),
            low,
            high,
            sd: sums.deviation(),
            sd_unpaired: sums.deviation().map(|_| unpaired),
        })
    });
    Some(DifferenceRows {
        scenario: scenario.name.clone(),
        temperatures: temperatures.collect(),
        ends: ends.collect(),
        outcomes: outcomes.collect(),
    })
}
