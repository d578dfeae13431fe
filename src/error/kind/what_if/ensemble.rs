//! What can be wrong with an ensemble, its parts and its grids.

use crate::error::kind::words::{Words, says, shortened};
use crate::text::{abridged, shown};

/// Runs that cannot be counted, or counts that cannot be added up.
#[derive(Debug)]
#[non_exhaustive]
#[expect(missing_docs, reason = "a field is what the message beside it says")]
pub enum BadEnsemble {
    /// More dyads and dates of an ensemble than can be kept.
    TooManyCells { found: usize, limit: usize },
    /// A scenario with chance beside its chance nodes, of which a tree cannot tell.
    NotATree {
        /// What is drawn, in words.
        in_the_way: Vec<String>,
    },
    /// A tree with too many branches.
    TreeTooLarge {
        /// How many it can have.
        at_most: f64,
        limit: usize,
    },
    /// A file that is no part of an ensemble, or one that does not hold together.
    NotAPart { says: String },
    /// A part of another ensemble.
    Other {
        /// What is not the same.
        what: &'static str,
        /// A part that it is to be added to.
        other: String,
    },
    /// A file that is no ledger of forecasts, or a line that is none of one.
    NotALedger { says: String },
    /// A scenario that is to be resolved, of which no forecast was kept.
    NoForecast { scenario: String },
    /// A forecast that was kept, and that is another one now.
    OtherAnswers {
        scenario: String,
        /// The number of its line.
        seq: u64,
        /// The version of the program that made it.
        detente: String,
    },
    /// A part, of an ensemble or of an index, in a format that this program does not read.
    PartFormat { found: u32, known: u32 },
    /// A shard that is there twice.
    ShardTwice { shard: u64, other: String },
    /// A text that names no shard.
    NotAShard { found: String },
    /// A text that is no axis of a grid.
    NotAnAxis { found: String, says: &'static str },
    /// A grid with more points than there may be.
    TooManyPoints {
        /// How many there are; `None` beyond what can be counted.
        found: Option<u64>,
        limit: u64,
        /// The format that it would be printed in, where another takes more.
        format: Option<&'static str>,
    },
}

impl BadEnsemble {
    pub(in crate::error::kind) fn words(&self) -> Words {
        match self {
            Self::TooManyCells { found, limit } => says(format!(
                "an ensemble keeps up to {limit} distributions, \
                 one for each dyad and month end, not {found}"
            ))
            .help("pick some dyads; an earlier `until` has fewer months"),
            Self::NotATree { in_the_way } => {
                let shown: Vec<_> = in_the_way.iter().map(|it| shown(it)).collect();
                says(format!(
                    "not all chance is in chance nodes; there are also {}",
                    abridged(&shown)
                ))
                .help("an ensemble that draws gives intervals")
            }
            Self::TreeTooLarge { at_most, limit } => says(format!(
                "the tree of chance nodes has more than {limit} branches, up to {at_most}"
            ))
            .help("an ensemble that draws gives intervals"),
            Self::NotAPart { says: wrong } => says(format!(
                "this is no part of an ensemble: {}",
                shortened(wrong)
            )),
            Self::Other { what, other } => {
                says(format!("the {what} is not the same as in {}", shown(other))).help(
                    "only parts of the same scenarios, seed, runs, dyads and dates can be added up",
                )
            }
            Self::PartFormat { found, known } => says(format!(
                "the part is of format version {found}; this program reads {known}"
            ))
            .help("the version of detente that wrote it merges it"),
            Self::NotALedger { says: what } => {
                says(format!("this is no ledger of forecasts: {what}"))
                    .help("detente score --keep FILE SCENARIO writes one")
            }
            Self::NoForecast { scenario } => says(format!(
                "no forecast of {} with this seed and number of runs was kept",
                shown(scenario)
            ))
            .help("a forecast is kept before it is resolved, by --keep without --against"),
            Self::OtherAnswers {
                scenario,
                seq,
                detente,
            } => says(format!(
                "{} says something else than on line {seq} of the ledger",
                shown(scenario)
            ))
            .help(format!("that forecast was made by detente {detente}")),
            Self::ShardTwice { shard, other } => {
                says(format!("shard {shard} is in {} already", shown(other)))
            }
            Self::NotAShard { found } => {
                says(format!("`{}` is no shard, such as 3/16", shortened(found)))
            }
            Self::NotAnAxis { found, says: wrong } => says(format!(
                "`{}` is no axis of a grid: {wrong}",
                shortened(found)
            ))
            .help(
                "an axis is NAME=A..B:N, such as half_life_days=30..365:12, \
                 or a list, such as gain=0.1,0.3",
            ),
            Self::TooManyPoints {
                found,
                limit,
                format,
            } => {
                let format = format.map_or_else(String::new, |it| format!(" printed as {it}"));
                let found = found.map_or_else(
                    || "more than can be counted".to_owned(),
                    |found| found.to_string(),
                );
                says(format!(
                    "a grid{format} may have up to {limit} points, not {found}"
                ))
                .help("take fewer steps, or sweep a part at a time")
            }
        }
    }
}
