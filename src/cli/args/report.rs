//! The arguments of `report`.

use super::options::{ModelArguments, ThreadArguments, WindowArguments};
use crate::model::{Day, Dyad};
use crate::scenario::RUN_LIMIT;
use clap::Args;
use std::path::PathBuf;

/// Put histories into one page to look at, print and pass on: charts, tables, sources, model
#[derive(Debug, Args)]
#[command(
    after_help = "The page is one file that asks nothing of anywhere. The same input gives the same page to the byte.\n\nExamples:\n  detente report -o recorded.html\n  detente report recorded scenarios/no-call.json scenarios/sanctions-lifted.json -o report.html\n  detente report recorded scenarios/summit-by-chance.json --runs 100000 -o chance.html"
)]
pub(crate) struct Report {
    /// Logs, scenarios, or names of histories that ship; the first is what the others are
    /// compared with
    #[arg(default_value = "recorded", value_name = "HISTORY")]
    pub(crate) histories: Vec<PathBuf>,
    /// The page to write, also over an earlier page; `-` for standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// Write over a file that is no page, too; never over a log or what is read
    #[arg(long)]
    pub(crate) overwrite: bool,
    /// The dyad to show, in either order; may be given several times [default: the three that
    /// differ most]
    #[arg(long, value_name = "A-B")]
    pub(crate) dyad: Vec<Dyad>,
    #[command(flatten)]
    pub(crate) window: WindowArguments,
    /// Only what was recorded until that day; for logs
    #[arg(long, value_name = "DATE")]
    pub(crate) as_known_on: Option<Day>,
    /// How many runs of scenarios with chance
    #[arg(long, value_name = "N", default_value = "10000", value_parser = clap::value_parser!(u64).range(1..=RUN_LIMIT))]
    pub(crate) runs: u64,
    /// The seed of all chances [default: that of the first scenario with chance, or 0]
    #[arg(long, value_name = "S")]
    pub(crate) seed: Option<u64>,
    #[command(flatten)]
    pub(crate) threads: ThreadArguments,
    /// The model of logs, which bring none; a scenario has its own
    #[command(flatten)]
    pub(crate) model: ModelArguments,
    /// The title of the page
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
}
