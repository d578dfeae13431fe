//! The level held against a series that somebody else has made: do they go together, and do their
//! changes?

use super::daily::{Daily, DaySum, Memories};
use super::sample::{Estimate, LEAST_CLUSTERS, Moments, Sampling};
use crate::error::{BadTrial, Result};
use crate::evidence::level::{Faded, Remembered};
use crate::evidence::parameters::Parameters;
use crate::evidence::period::{Every, Period};
use crate::model::{Actor, Dyad};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Whom a value is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Counterpart {
    /// A dyad, in whose level its events count.
    Dyad(Dyad),
    /// An actor, in whose level all of its events with others count.
    Actor(Actor),
}

/// A value of another series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Other {
    /// Whom it is of.
    pub of: Counterpart,
    /// The month.
    pub month: Period,
    /// The value, in whatever unit.
    pub value: f64,
}

/// Another series: of dyads or of actors, no month of any of them twice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Others(pub Vec<Other>);

/// How many values have no level beside them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Unmatched {
    /// Those of dyads or actors that the data do not have.
    pub of_others: usize,
    /// Those of months that the data do not have, or before the first event.
    pub of_other_months: usize,
}

/// How two series go together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measured {
    /// How many pairs of values there are.
    pub pairs: usize,
    /// Pearson's correlation with its 90 % interval; nothing where one of both never changes.
    pub correlation: Option<Estimate>,
}

/// The level beside another series.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Against {
    /// What it is a series of: `dyads` or `actors`.
    pub of: &'static str,
    /// How many of them have a level beside a value.
    pub met: usize,
    /// The first and the last month that have both.
    pub months: [String; 2],
    /// The values that have no level.
    pub unmatched: Unmatched,
    /// Levels beside values.
    pub level: Measured,
    /// Changes from a month to the next beside each other.
    pub change: Measured,
    /// What the intervals are draws of: `dyads`, `actors`, or `half-years` where there are few of
    /// these; `nothing` where there are few of those, too.
    pub drawn: &'static str,
    /// How many of these there are.
    pub clusters: usize,
    /// Whether these are so few that the intervals may well be too narrow.
    pub is_of_few: bool,
}

/// With fewer pairs than these a correlation says nothing.
const LEAST_PAIRS: usize = 3;
/// How many months a draw takes at once where there are few dyads or actors, since months that
/// follow each other are alike.
const BLOCK_MONTHS: usize = 6;
/// With fewer clusters than these draws tell less of chance than there is, so that an interval may
/// well be too narrow, and is marked: an assumption. With fewer than five there is none.
pub const FEW_CLUSTERS: usize = 20;
/// How many names an error tells.
const NAMED: usize = 5;

/// Two values that stand beside each other, and in which cluster.
struct Pair {
    of: usize,
    month: usize,
    ours: f64,
    theirs: f64,
}

impl Against {
    /// The level of the preset at the end of each month beside a series.
    ///
    /// # Errors
    /// When both have no dyad or actor, no month, or too few of both in common.
    pub fn new(
        daily: &Daily,
        others: &Others,
        model: &Parameters,
        sampling: Sampling<'_>,
    ) -> Result<Self> {
        let is_of_actors = matches!(
            others.0.first(),
            Some(Other {
                of: Counterpart::Actor(_),
                ..
            })
        );
        let of = if is_of_actors { "actors" } else { "dyads" };
        let mut values: BTreeMap<Counterpart, BTreeMap<Period, f64>> = BTreeMap::new();
        for other in &others.0 {
            values
                .entry(other.of)
                .or_default()
                .insert(other.month, other.value);
        }
        let (mut unmatched, mut pairs, mut changes) =
            (Unmatched::default(), Vec::new(), Vec::new());
        let mut is_known = false;
        for (place, (who, series)) in values.iter().enumerate() {
            let days = days_of(daily, *who);
            if days.is_empty() {
                unmatched.of_others += series.len();
                continue;
            }
            is_known = true;
            let levels = levels(daily, &days, model);
            let mut before: Option<Pair> = None;
            for (period, value) in series {
                let month = daily.place(*period);
                let level = month.and_then(|month| levels[month].map(|level| (month, level)));
                let Some((month, level)) = level else {
                    unmatched.of_other_months += 1;
                    continue;
                };
                let pair = Pair {
                    of: place,
                    month,
                    ours: level,
                    theirs: *value,
                };
                if let Some(before) = before.filter(|before| before.month + 1 == month) {
                    changes.push(Pair {
                        ours: pair.ours - before.ours,
                        theirs: pair.theirs - before.theirs,
                        ..pair
                    });
                }
                before = Some(Pair { ..pair });
                pairs.push(pair);
            }
        }
        if !is_known {
            return Err(BadTrial::OtherActors {
                kind: of,
                series: values
                    .keys()
                    .take(NAMED)
                    .map(|who| who.to_string())
                    .collect(),
                data: known(daily, is_of_actors),
            }
            .into());
        }
        if pairs.is_empty() {
            return Err(other_months(daily, others).into());
        }
        if pairs.len() < LEAST_PAIRS {
            return Err(BadTrial::TooFewMet {
                found: pairs.len(),
                needed: LEAST_PAIRS,
            }
            .into());
        }
        let met: BTreeSet<_> = pairs.iter().map(|pair| pair.of).collect();
        let (drawn, cluster, clusters) = drawn_of(&pairs, of, met.len());
        let months = pairs.iter().map(|pair| pair.month);
        let ends = [months.clone().min(), months.max()];
        Ok(Self {
            of,
            met: met.len(),
            months: ends.map(|month| daily.name(month.unwrap_or_default())),
            unmatched,
            level: measured(&pairs, cluster, sampling)?,
            change: measured(&changes, cluster, sampling)?,
            drawn,
            clusters,
            is_of_few: (1..FEW_CLUSTERS).contains(&clusters),
        })
    }

    /// What it comes to, in a sentence for the level and one for changes.
    #[must_use]
    pub fn says(&self) -> Vec<String> {
        let say = |what: &str, measured: &Measured| {
            let Some(correlation) = &measured.correlation else {
                return format!(
                    "{what}: {} pairs, of which no correlation can be told",
                    measured.pairs
                );
            };
            let verdict = if correlation.is_above(0.0) {
                "go together"
            } else if correlation.is_below(0.0) {
                "go against each other"
            } else if correlation.low.is_none() {
                "too few to draw from for an interval"
            } else {
                "no connection shown"
            };
            let ends = match (correlation.low, correlation.high) {
                (Some(low), Some(high)) => format!(", 90 %: {low:+.3} to {high:+.3}"),
                _ => String::new(),
            };
            format!(
                "{what}: correlation {:+.3}{ends}, of {} pairs: {verdict}",
                correlation.value, measured.pairs
            )
        };
        vec![say("levels", &self.level), say("changes", &self.change)]
    }
}

/// What the pairs are drawn by, and how many of it there are.
fn drawn_of(
    pairs: &[Pair],
    of: &'static str,
    met: usize,
) -> (&'static str, Option<ClusterOf>, usize) {
    if met >= LEAST_CLUSTERS {
        return (of, Some(|pair| (pair.of, 0)), met);
    }
    let block: ClusterOf = |pair| (pair.of, pair.month / BLOCK_MONTHS);
    let blocks = pairs.iter().map(block).collect::<BTreeSet<_>>().len();
    if blocks >= LEAST_CLUSTERS {
        return ("half-years", Some(block), blocks);
    }
    ("nothing", None, 0)
}

/// Which cluster a pair is drawn with.
type ClusterOf = fn(&Pair) -> (usize, usize);

fn measured(
    pairs: &[Pair],
    cluster: Option<ClusterOf>,
    sampling: Sampling<'_>,
) -> Result<Measured> {
    let mut clusters: BTreeMap<(usize, usize), Moments> = BTreeMap::new();
    for pair in pairs {
        let key = cluster.map_or((0, 0), |cluster| cluster(pair));
        let moments = clusters.entry(key).or_default();
        moments.take(pair.ours, pair.theirs, 1.0);
    }
    let clusters: Vec<_> = clusters.into_values().collect();
    let whole = |counts: &[u32]| {
        let mut moments = Moments::default();
        for (of_cluster, count) in clusters.iter().zip(counts).filter(|(_, count)| **count > 0) {
            moments.add(of_cluster, f64::from(*count));
        }
        moments.correlation()
    };
    let value = (pairs.len() >= LEAST_PAIRS).then(|| whole(&vec![1; clusters.len()]));
    let drawn = |value| -> Result<Estimate> {
        let draws = sampling.draw("against", clusters.len(), whole)?;
        Ok(Estimate::new(value, draws.into_iter().flatten()))
    };
    let correlation = value.flatten().map(drawn).transpose()?;
    Ok(Measured {
        pairs: pairs.len(),
        correlation,
    })
}

/// The days of a dyad, or of all dyads of an actor, in order.
fn days_of(daily: &Daily, who: Counterpart) -> Vec<DaySum> {
    let actor = match who {
        Counterpart::Dyad(dyad) => return daily.days(dyad).to_vec(),
        Counterpart::Actor(actor) => actor,
    };
    let dyads = daily.dyads().filter(|dyad| dyad.sides().contains(&actor));
    let mut days: Vec<_> = dyads
        .flat_map(|dyad| daily.days(dyad).iter().copied())
        .collect();
    // Stable, so that sums of a day are always added in the order of dyads.
    days.sort_by_key(|day| day.day);
    days
}

/// The level of a model at the end of each month from that of the first event on.
fn levels(daily: &Daily, days: &[DaySum], model: &Parameters) -> Vec<Option<f64>> {
    let half_lives = [model.half_life_slow_days, model.half_life_fast_days];
    let memories = Memories::new(half_lives.to_vec());
    let places = half_lives.map(|half_life| memories.place(half_life).unwrap_or_default());
    let mut remembered = vec![Faded::default(); memories.len()];
    let mut from = 0;
    let months = daily.ends.iter().enumerate();
    let level = |(month, end): (usize, &crate::model::Day)| {
        let to = days.partition_point(|day| day.day <= *end);
        let length = end.days_since(daily.ends[month.saturating_sub(1)]) as usize;
        memories.go_on(&mut remembered, *end, length, &days[from..to]);
        from = to;
        let [slow, fast] = places.map(|place| remembered[place]);
        let prior = model.prior_degrees.unwrap_or(daily.everyone[month].mean);
        (to > 0).then(|| Remembered { slow, fast }.level(prior, model))
    };
    months.map(level).collect()
}

/// Some of the dyads or actors of some data.
fn known(daily: &Daily, is_of_actors: bool) -> Vec<String> {
    let names: BTreeSet<_> = if is_of_actors {
        let actors = daily.dyads().flat_map(|dyad| dyad.sides());
        actors.map(|actor| actor.to_string()).collect()
    } else {
        daily.dyads().map(|dyad| dyad.to_string()).collect()
    };
    let more = names.len().saturating_sub(NAMED);
    let mut some: Vec<_> = names.into_iter().take(NAMED).collect();
    if more > 0 {
        some.push(format!("{more} more"));
    }
    some
}

fn other_months(daily: &Daily, others: &Others) -> BadTrial {
    let months = others.0.iter().map(|other| other.month);
    let ends = [months.clone().min(), months.max()];
    let name =
        |month: Option<Period>| month.map_or(String::new(), |month| Every::Month.name(month));
    BadTrial::OtherMonths {
        series: ends.map(name),
        data: [0, daily.months().saturating_sub(1)].map(|month| daily.name(month)),
    }
}

impl std::fmt::Display for Counterpart {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Dyad(dyad) => dyad.fmt(out),
            Self::Actor(actor) => actor.fmt(out),
        }
    }
}
