//! Frames and parts: what an ensemble was made of, and what some of its runs add up to, as a file.

use super::distribution::{BINS, Bins};
use super::plan::{CELL_LIMIT, Plan, RUN_LIMIT};
use super::tally::{Cell, Difference, Ensemble, Slice, Tally};
use crate::error::{BadEnsemble, BadValue, Result};
use crate::json::{seal, unsealed};
use crate::model::{Day, Dyad, Settings};
use crate::scenario::file::hazards::Alternative;
use crate::scenario::file::schema::Spread;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;

/// What every part begins with, so that nobody takes another file for one.
const FORMAT: &str = "detente ensemble part";
/// The newest version of parts that this program reads and the one it writes.
const VERSION: u32 = 1;

/// What an ensemble is made of, without what it takes to play it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frame {
    /// The version of the program that played it.
    pub detente: String,
    /// The seed of all chances.
    pub seed: u64,
    /// How many runs were asked for in all.
    pub runs_wanted: u64,
    /// The dates on which temperatures were read.
    pub dates: Vec<Day>,
    /// The dyads that were looked at.
    pub dyads: Vec<Dyad>,
    /// The scenarios; the first is what the others are compared with.
    pub scenarios: Vec<Framed>,
}

/// A scenario of an ensemble.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Framed {
    /// What happens instead, in a line.
    pub title: String,
    /// Its file.
    pub name: String,
    /// The BLAKE3 digest of its file.
    pub digest: String,
    /// What it starts from.
    pub base: String,
    /// The chain of the last line of the log at the root.
    pub base_head: String,
    /// The digests of the scenarios between that log and this scenario.
    pub base_scenarios: Vec<String>,
    /// Its last day.
    pub until: Day,
    /// The model, before uncertain parameters are drawn.
    pub model: Settings,
    /// What uncertain parameters are drawn from.
    pub uncertain: BTreeMap<String, Spread>,
    /// The names of its outcomes.
    pub outcomes: Vec<String>,
    /// Its chance nodes.
    pub chances: Vec<FramedChance>,
    /// The names of its rules.
    pub rules: Vec<String>,
    /// Half the range of temperatures whose percentiles are told, in degrees; it is cut into 20,001
    /// bins.
    pub range_degrees: f64,
}

/// A chance node of an ensemble.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FramedChance {
    /// Its name.
    pub id: String,
    /// The alternatives.
    pub options: Vec<Alternative>,
}

/// What a shard of an ensemble adds up to.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    format: String,
    v: u32,
    /// Which shard of how many, from 1.
    pub shard: [u64; 2],
    /// What it is a part of.
    pub frame: Frame,
    /// What its runs add up to.
    pub ensemble: Ensemble,
}

/// Parts of one ensemble, added up.
#[derive(Clone, Debug)]
pub struct Merged {
    /// What they are parts of.
    pub frame: Frame,
    /// What their runs add up to.
    pub ensemble: Ensemble,
    /// The shards that are missing or stopped early.
    pub missing: Vec<u64>,
}

impl Framed {
    /// How many inputs there are whose classes are counted.
    fn inputs(&self) -> usize {
        self.uncertain.len() + self.chances.len() + self.rules.len()
    }
}

impl Frame {
    /// The frame of a plan for so many runs in all.
    #[must_use]
    pub fn of(plan: &Plan<'_>, runs_wanted: u64) -> Self {
        let scenarios = plan.scenarios.iter().zip(&plan.ranges_degrees);
        let scenarios = scenarios.map(|(scenario, &range_degrees)| {
            let hazards = &scenario.hazards;
            let base = &scenario.base;
            let chances = hazards.chances.iter().map(|chance| FramedChance {
                id: chance.id.clone(),
                options: chance.options.clone(),
            });
            let uncertain = hazards.uncertain.iter();
            Framed {
                title: scenario.title.clone(),
                name: scenario.name.clone(),
                digest: scenario.digest.clone(),
                base: base.name.clone(),
                base_head: base.head.to_string(),
                base_scenarios: base
                    .lineage
                    .iter()
                    .map(|base| base.digest.clone())
                    .collect(),
                until: scenario.until,
                model: Settings::of(&scenario.model),
                uncertain: uncertain
                    .map(|it| (it.name.clone(), it.spread.clone()))
                    .collect(),
                outcomes: scenario
                    .questions
                    .iter()
                    .map(|(id, _)| id.clone())
                    .collect(),
                chances: chances.collect(),
                rules: hazards
                    .rules
                    .iter()
                    .map(|rule| rule.written.id.clone())
                    .collect(),
                range_degrees,
            }
        });
        Self {
            detente: env!("CARGO_PKG_VERSION").to_owned(),
            seed: plan.seed,
            runs_wanted,
            dates: plan.dates.clone(),
            dyads: plan.dyads.clone(),
            scenarios: scenarios.collect(),
        }
    }

    /// The first thing in which another frame is not the same, whatever the files are called.
    fn differs_in(&self, other: &Self) -> Option<&'static str> {
        let digests = |frame: &Self| -> Vec<_> {
            let scenarios = frame.scenarios.iter();
            scenarios
                .map(|it| {
                    (
                        it.digest.clone(),
                        it.base_head.clone(),
                        it.base_scenarios.clone(),
                    )
                })
                .collect()
        };
        let renamed = Self {
            scenarios: self
                .scenarios
                .iter()
                .zip(&other.scenarios)
                .map(|(own, other)| Framed {
                    name: other.name.clone(),
                    base: other.base.clone(),
                    ..own.clone()
                })
                .collect(),
            ..self.clone()
        };
        let same = [
            ("version of detente", self.detente == other.detente),
            ("seed", self.seed == other.seed),
            ("number of runs", self.runs_wanted == other.runs_wanted),
            ("scenarios or bases", digests(self) == digests(other)),
            ("dyads", self.dyads == other.dyads),
            ("grid of dates", self.dates == other.dates),
            ("rest", renamed == *other),
        ];
        same.into_iter()
            .find(|(_, same)| !same)
            .map(|(what, _)| what)
    }
}

/// The runs of a shard, which counts from 1, of so many runs in all.
#[must_use]
pub fn runs_of_shard([shard, shards]: [u64; 2], runs: u64) -> Range<u64> {
    let border = |shard: u64| {
        let border = u128::from(runs) * u128::from(shard) / u128::from(shards.max(1));
        u64::try_from(border).unwrap_or(u64::MAX)
    };
    border(shard.saturating_sub(1))..border(shard)
}

impl Part {
    /// What a shard adds up to.
    #[must_use]
    pub fn new(shard: [u64; 2], frame: Frame, ensemble: Ensemble) -> Self {
        Self {
            format: FORMAT.to_owned(),
            v: VERSION,
            shard,
            frame,
            ensemble,
        }
    }

    /// Reads a part.
    ///
    /// # Errors
    /// When it is none, or does not hold together.
    pub fn read(text: &str) -> Result<Self> {
        let bad = |says: &str| BadEnsemble::NotAPart {
            says: says.to_owned(),
        };
        let unread = |error: serde_json::Error| bad(&error.to_string());
        // What is no part at all is said to be none before its digest is missed.
        serde_json::from_str::<Form>(text).map_err(unread)?;
        let text = &unsealed(text).map_err(bad)?;
        // What takes memory by the list is counted first.
        let outline: Outline = serde_json::from_str(text).map_err(unread)?;
        if !outline.holds_together() {
            return Err(bad("its counts do not hold together").into());
        }
        let part: Self = serde_json::from_str(text).map_err(unread)?;
        if part.format != FORMAT {
            return Err(bad("it says that it is something else").into());
        }
        if part.v != VERSION {
            let (found, known) = (part.v, VERSION);
            return Err(BadEnsemble::PartFormat { found, known }.into());
        }
        let [shard, shards] = part.shard;
        let is_whole = (1..=shards).contains(&shard) && part.holds_together();
        if is_whole {
            Ok(part)
        } else {
            Err(bad("its counts do not hold together").into())
        }
    }

    /// The bytes of its file: JSON, whose last field is the digest of all before it.
    ///
    /// # Errors
    /// When it cannot be put into words.
    pub fn sealed(&self) -> serde_json::Result<Vec<u8>> {
        seal(self)
    }

    fn holds_together(&self) -> bool {
        let Self {
            frame,
            ensemble,
            shard,
            ..
        } = self;
        let cells = frame.dates.len().checked_mul(frame.dyads.len());
        let runs = runs_of_shard(*shard, frame.runs_wanted);
        let tallies = frame.scenarios.iter().zip(&ensemble.tallies);
        let mut fits = tallies.map(|(scenario, tally)| {
            let options = scenario.chances.iter().map(|chance| chance.options.len());
            Some(tally.cells.len()) == cells
                && tally.runs == ensemble.runs
                && counts_fit(tally, ensemble.runs, &runs, scenario.range_degrees)
                && tally
                    .cells
                    .iter()
                    .all(|cell| cell.bins.total() == ensemble.runs)
                && tally.lowest_run.len() == frame.dyads.len()
                && tally.lowest_run.iter().all(|runs| runs.len() == BINS)
                && tally.outcomes.len() == scenario.outcomes.len()
                && tally.options.iter().map(Vec::len).eq(options)
                && tally.rules.len() == scenario.rules.len()
                && tally.inputs.len() == scenario.inputs()
                && inputs_fit(tally, scenario.uncertain.len())
                && tally.inputs.iter().all(|slices| {
                    let runs = slices.iter().map(|slice| slice.runs);
                    let fits = |slice: &Slice| {
                        slice.ends.len() == frame.dyads.len()
                            && slice.outcomes.len() == scenario.outcomes.len()
                            && slice.ends.iter().all(|it| it.can_be(slice.runs, None))
                            && slice.outcomes.iter().all(|count| *count <= slice.runs)
                    };
                    slices.iter().all(fits) && runs.fold(0, u64::saturating_add) == ensemble.runs
                })
        });
        let compared = frame.scenarios.iter().skip(1).zip(&ensemble.differences);
        let mut compared = compared.map(|(scenario, difference)| {
            Some(difference.sums.len()) == cells
                && Some(difference.bins.len()) == cells
                && differences_fit(difference, ensemble.runs, 2.0 * scenario.range_degrees)
                && difference.warmer.len() == frame.dyads.len()
                && difference.outcomes.len() == scenario.outcomes.len()
        });
        frame.runs_wanted <= RUN_LIMIT
            && ensemble.runs <= runs.end - runs.start
            && ensemble.tallies.len() == frame.scenarios.len()
            && ensemble.differences.len() + 1 == frame.scenarios.len()
            && fits.all(|fits| fits)
            && compared.all(|fits| fits)
    }
}

/// What tells that a text is a part.
#[derive(Deserialize)]
struct Form {
    #[serde(rename = "format")]
    _format: IgnoredAny,
    #[serde(rename = "ensemble")]
    _ensemble: IgnoredAny,
}

/// The lists of a part without what is in them.
#[derive(Deserialize)]
struct Outline {
    #[serde(rename = "format")]
    _format: IgnoredAny,
    frame: FrameOutline,
    ensemble: EnsembleOutline,
}

#[derive(Deserialize)]
struct FrameOutline {
    dates: Vec<IgnoredAny>,
    dyads: Vec<IgnoredAny>,
    scenarios: Vec<IgnoredAny>,
}

#[derive(Deserialize)]
struct EnsembleOutline {
    tallies: Vec<TallyOutline>,
    differences: Vec<DifferenceOutline>,
}

#[derive(Deserialize)]
struct TallyOutline {
    cells: Vec<IgnoredAny>,
    lowest_run: Vec<IgnoredAny>,
}

#[derive(Deserialize)]
struct DifferenceOutline {
    bins: Vec<IgnoredAny>,
}

impl Outline {
    fn holds_together(&self) -> bool {
        let Self {
            frame, ensemble, ..
        } = self;
        let cells = frame.dates.len().saturating_mul(frame.dyads.len());
        let is_tally = |tally: &TallyOutline| {
            tally.cells.len() == cells && tally.lowest_run.len() == frame.dyads.len()
        };
        cells <= CELL_LIMIT
            && ensemble.tallies.len() == frame.scenarios.len()
            && ensemble.tallies.iter().all(is_tally)
            && ensemble.differences.iter().all(|it| it.bins.len() == cells)
    }
}

/// Whether so many runs, of those of a shard, can have been counted so.
fn counts_fit(tally: &Tally, runs: u64, shard: &Range<u64>, range_degrees: f64) -> bool {
    let all_fit = |counts: &[u64]| counts.iter().all(|count| *count <= runs);
    let add_up = |counts: &[u64]| counts.iter().copied().fold(0, u64::saturating_add) <= runs;
    // A model without bounds has no phases.
    let is_share = |counts: &[u64]| {
        let all = counts.iter().copied().fold(0, u64::saturating_add);
        all == 0 || all == runs
    };
    let cell_fits = |cell: &Cell| {
        is_share(&cell.phases) && cell.sums.can_be(runs, within(&cell.bins, range_degrees))
    };
    let is_run = |run: &u64| *run == u64::MAX || shard.contains(run);
    tally.cells.iter().all(cell_fits)
        && tally.lowest_run.iter().flatten().all(is_run)
        && all_fit(&tally.outcomes)
        && tally.options.iter().all(|counts| add_up(counts))
        && tally
            .rules
            .iter()
            .all(|rule| rule.runs <= runs && rule.runs <= rule.events)
}

/// Whether the counts by input are those of all runs: options and rules are counted there, too, and
/// the answers of all classes of an input are those of all runs.
fn inputs_fit(tally: &Tally, uncertain: usize) -> bool {
    let answers_fit = |slices: &Vec<Slice>| {
        let holds = |question: usize| {
            let counts = slices
                .iter()
                .filter_map(|slice| slice.outcomes.get(question));
            counts.copied().fold(0, u64::saturating_add)
        };
        let mut answers = tally.outcomes.iter().enumerate();
        answers.all(|(question, count)| holds(question) == *count)
    };
    let mut rest = tally.inputs.iter().skip(uncertain);
    let mut options = tally.options.iter();
    let options_fit = options.all(|options| {
        let slices = rest.next().into_iter().flatten();
        let mut both = options.iter().zip(slices);
        both.all(|(count, slice)| *count == slice.runs)
    });
    let mut rules = tally.rules.iter();
    let rules_fit = rules.all(|rule| {
        let causing = rest.next().and_then(|slices| slices.get(1));
        causing.is_none_or(|slice| slice.runs == rule.runs)
    });
    options_fit && rules_fit && tally.inputs.iter().all(answers_fit)
}

/// The same of differences.
fn differences_fit(difference: &Difference, runs: u64, range_degrees: f64) -> bool {
    let mut cells = difference.sums.iter().zip(&difference.bins);
    let mut answers = difference.outcomes.iter().flatten();
    cells.all(|(sums, bins)| bins.total() == runs && sums.can_be(runs, within(bins, range_degrees)))
        && answers.all(|sums| sums.can_be(runs, Some(1.0)))
        && difference
            .warmer
            .iter()
            .all(|[warmer, same]| warmer.saturating_add(*same) <= runs)
}

/// How far from 0 the values in bins lie at most, in degrees, where none is outside of them.
fn within(bins: &Bins, range_degrees: f64) -> Option<f64> {
    let half_a_bin = range_degrees / (BINS - 1) as f64;
    (bins.outside() == [0, 0]).then_some(range_degrees + half_a_bin)
}

impl Merged {
    /// Adds up parts, each with what to call it.
    ///
    /// # Errors
    /// When they are not parts of one ensemble, or one is there twice.
    pub fn of(parts: Vec<(String, Part)>) -> Result<Self> {
        let mut parts = parts.into_iter();
        let Some((first_name, first)) = parts.next() else {
            return Err(BadValue::NoEntries { field: "parts" }.into());
        };
        let Part {
            shard: [shard, shards],
            frame,
            mut ensemble,
            ..
        } = first;
        let is_done = |shard, runs| {
            let wanted = runs_of_shard([shard, shards], frame.runs_wanted);
            runs == wanted.end - wanted.start
        };
        let mut seen =
            BTreeMap::from([(shard, (first_name.clone(), is_done(shard, ensemble.runs)))]);
        for (name, part) in parts {
            let what = frame.differs_in(&part.frame);
            let what = what.or((part.shard[1] != shards).then_some("number of shards"));
            if let Some(what) = what {
                let other = first_name;
                return Err(
                    crate::error::Error::from(BadEnsemble::Other { what, other }).in_file(&name),
                );
            }
            let [shard, _] = part.shard;
            if let Some((other, _)) = seen.get(&shard) {
                let other = other.clone();
                return Err(
                    crate::error::Error::from(BadEnsemble::ShardTwice { shard, other })
                        .in_file(&name),
                );
            }
            seen.insert(shard, (name, is_done(shard, part.ensemble.runs)));
            ensemble.add(&part.ensemble);
        }
        let is_missing = |shard: &u64| !seen.get(shard).is_some_and(|(_, is_done)| *is_done);
        Ok(Self {
            missing: (1..=shards)
                .filter(is_missing)
                .take(MISSING_LIMIT)
                .collect(),
            frame,
            ensemble,
        })
    }
}

/// How many missing shards are named.
const MISSING_LIMIT: usize = 1_000;
