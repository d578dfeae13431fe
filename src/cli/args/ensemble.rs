//! The arguments of what plays scenarios many times: `ensemble`, `merge`, `sweep`, `score`.

use super::options::{FigureArguments, FigureFormat, ThreadArguments, TidyFormat, WindowArguments};
use crate::history::Every;
use crate::model::{Day, Dyad};
use crate::scenario::RUN_LIMIT;
use clap::Args;
use clap::builder::{OsStringValueParser, TypedValueParser};
use std::ffi::OsString;
use std::path::PathBuf;

/// Run scenarios many times, draw their chances anew in each run, and count
#[derive(Debug, Args)]
#[command(
    after_help = "Of two or more scenarios run R of each has the same luck, and their differences are taken run by run. The result is the same for any number of threads. `detente run --run R` shows run R. Exit status 1 says that it was interrupted, and the result is partial.\n\nExamples:\n  detente ensemble scenarios/summit-by-chance.json --runs 100000\n  detente ensemble scenarios/summit-by-chance.json --exact\n  detente ensemble scenarios/summit-by-chance.json scenarios/eased-if-held.json --format csv\n  detente ensemble scenarios/summit-by-chance.json --format svg > fan.svg"
)]
pub(crate) struct Ensemble {
    /// The scenario files; the first is what the others are compared with
    #[arg(required = true, value_name = "SCENARIO")]
    pub(crate) scenarios: Vec<PathBuf>,
    /// How many runs
    #[arg(long, value_name = "N", default_value = "10000", value_parser = clap::value_parser!(u64).range(1..=RUN_LIMIT))]
    pub(crate) runs: u64,
    /// Draw nothing: walk all ways in which chance nodes can come out, for exact probabilities;
    /// only without other chance
    #[arg(long, conflicts_with_all = ["runs", "seed", "threads", "shard", "output"])]
    pub(crate) exact: bool,
    /// The seed of all chances [default: the first scenario's, or 0]
    #[arg(long, value_name = "S")]
    pub(crate) seed: Option<u64>,
    #[command(flatten)]
    pub(crate) threads: ThreadArguments,
    /// Only the K-th of M equal shares of the runs, such as 3/16; `detente merge` adds them up
    #[arg(long, value_name = "K/M", requires = "output")]
    pub(crate) shard: Option<String>,
    /// Save what the runs add up to as a part, for `detente merge`, and print nothing
    #[arg(long, short, value_name = "FILE", conflicts_with_all = ["format", "chart"], value_parser = OsStringValueParser::new().try_map(part_file))]
    pub(crate) output: Option<PathBuf>,
    /// Put the part in the place of a file of that name
    #[arg(long, requires = "output")]
    pub(crate) overwrite: bool,
    /// The dyad to look at, in either order; may be given several times [default: those that the
    /// scenarios concern]
    #[arg(long, value_name = "A-B")]
    pub(crate) dyad: Vec<Dyad>,
    #[command(flatten)]
    pub(crate) window: WindowArguments,
    /// How to print it
    #[arg(long, value_enum, default_value_t = FigureFormat::Table)]
    pub(crate) format: FigureFormat,
    #[command(flatten)]
    pub(crate) figure: FigureArguments,
}

/// Reads the name of a file for a part.
fn part_file(name: OsString) -> Result<PathBuf, &'static str> {
    if name == "-" {
        Err("a part is saved as a file, not printed; give it a name")
    } else {
        Ok(name.into())
    }
}

/// Score scenarios as forecasts against a later log of what happened, beside persistence and each
/// other, and keep a ledger of forecasts
#[derive(Debug, Args)]
#[command(
    override_usage = "detente score SCENARIO... --against LOG [OPTIONS]\n       detente score SCENARIO... --keep LEDGER [OPTIONS]\n       detente score --keep LEDGER",
    after_help = "An outcome is scored by the Brier and the logarithmic score of the share of runs in which it holds, a fan by its continuous ranked probability score, in degrees, at each of its dates behind the fork. What happened is the log, read under the scenario's own model; what it does not decide is named. Persistence is how things stood at the fork, waiting. The less a score, the better.\n\nA ledger has a line for each forecast and, later, for what became of it, chained like a log. With --against and --keep forecasts that were kept before are resolved; --keep alone verifies and shows a ledger.\n\nExamples:\n  detente score scenarios/summit-by-chance.json --against rus-usa-2017-2018\n  detente score scenarios/summit-by-chance.json --keep forecasts.jsonl\n  detente score scenarios/summit-by-chance.json --keep forecasts.jsonl --against later.jsonl\n  detente score --keep forecasts.jsonl"
)]
pub(crate) struct Score {
    /// The scenario files
    #[arg(value_name = "SCENARIO", required_unless_present = "keep")]
    pub(crate) scenarios: Vec<PathBuf>,
    /// What happened: a log, or a history that ships
    #[arg(
        long,
        value_name = "LOG",
        required_unless_present = "keep",
        requires = "scenarios"
    )]
    pub(crate) against: Option<PathBuf>,
    /// The log tells everything until this day [default: that of its last event]
    #[arg(long, value_name = "DATE", requires = "against")]
    pub(crate) complete_until: Option<Day>,
    /// A ledger of forecasts, to which these or what became of them are added
    #[arg(long, value_name = "LEDGER")]
    pub(crate) keep: Option<PathBuf>,
    /// The day on which it enters the ledger [default: today]
    #[arg(long, value_name = "DATE", requires_all = ["keep", "scenarios"])]
    pub(crate) recorded: Option<Day>,
    /// How many runs
    #[arg(long, value_name = "N", default_value = "10000", value_parser = clap::value_parser!(u64).range(1..=RUN_LIMIT))]
    pub(crate) runs: u64,
    /// The seed of all chances [default: the first scenario's, or 0]
    #[arg(long, value_name = "S")]
    pub(crate) seed: Option<u64>,
    #[command(flatten)]
    pub(crate) threads: ThreadArguments,
    /// The dyad to look at, in either order; may be given several times [default: those that the
    /// scenarios concern]
    #[arg(long, value_name = "A-B")]
    pub(crate) dyad: Vec<Dyad>,
    #[command(flatten)]
    pub(crate) window: WindowArguments,
    /// How to print it
    #[arg(long, value_enum, default_value_t = TidyFormat::Table)]
    pub(crate) format: TidyFormat,
}

/// Add up parts of an ensemble, or of an index, that were made apart
#[derive(Debug, Args)]
#[command(
    after_help = "The result is the same to the byte as that of one process. Parts of another ensemble, of an index with other options, and the same part twice are refused.\nExit status 1 says that shards are missing or were stopped early, so that the result is partial.\n\nExamples:\n  detente ensemble scenarios/summit-by-chance.json --runs 1000000 --shard 1/2 -o part-1.json\n  detente ensemble scenarios/summit-by-chance.json --runs 1000000 --shard 2/2 -o part-2.json\n  detente merge part-1.json part-2.json\n  detente index gdelt 2019*.zip --partial -o part-2019.json\n  detente merge part-20*.json --format csv > table.csv"
)]
pub(crate) struct Merge {
    /// The parts, as `ensemble -o` or `index --partial -o` writes them
    #[arg(required = true, value_name = "PART")]
    pub(crate) parts: Vec<PathBuf>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = FigureFormat::Table)]
    pub(crate) format: FigureFormat,
    #[command(flatten)]
    pub(crate) figure: FigureArguments,
    /// Save what parts of an index add up to as a part again, and print no table
    #[arg(long, short, value_name = "FILE", conflicts_with_all = ["format", "chart"], value_parser = OsStringValueParser::new().try_map(part_file))]
    pub(crate) output: Option<PathBuf>,
    /// Put the part in the place of a file of that name
    #[arg(long, requires = "output")]
    pub(crate) overwrite: bool,
}

/// Run a scenario over a grid of parameters: its outcomes and its temperatures at the end
#[derive(Debug, Args)]
#[command(
    after_help = "An axis is NAME=A..B:N, N values from A to B in equal steps, or a list NAME=V1,V2,... The last axis changes fastest. A parameter on the grid is not drawn where the scenario has it uncertain, and none is with --model. csv has a row for each point and statistic, and streams: a grid may have up to ten million points.\n\nExamples:\n  detente sweep scenarios/no-call.json --set half_life_days=30..365:12 --set gain=0.1..0.6:6\n  detente sweep scenarios/no-call.json --set gain=0..1:1001 --format csv > sweep.csv\n  detente sweep scenarios/summit-by-chance.json --set gain=0.1,0.3,0.5 --runs 1000"
)]
pub(crate) struct Sweep {
    /// The scenario file
    #[arg(value_name = "SCENARIO")]
    pub(crate) scenario: PathBuf,
    /// An axis of the grid; may be given several times
    #[arg(long, required = true, value_name = "NAME=A..B:N|NAME=V1,V2,...")]
    pub(crate) set: Vec<String>,
    /// The model to begin with, in place of the scenario's: a preset or a file
    #[arg(long, value_name = "PRESET|FILE")]
    pub(crate) model: Option<PathBuf>,
    /// How many runs at each point; of several, outcomes are shares of runs and temperatures means
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u64).range(1..=RUN_LIMIT))]
    pub(crate) runs: u64,
    /// The seed of its chances [default: the scenario's, or 0]
    #[arg(long, value_name = "S")]
    pub(crate) seed: Option<u64>,
    /// The dyad to look at, in either order; may be given several times [default: those that the
    /// scenario concerns]
    #[arg(long, value_name = "A-B")]
    pub(crate) dyad: Vec<Dyad>,
    /// Read temperatures from this day on, with --every [default: the fork]
    #[arg(long, value_name = "DATE", requires = "every", value_parser = Day::beginning)]
    pub(crate) from: Option<Day>,
    /// The last day on which temperatures are read [default: the scenario's]
    #[arg(long, value_name = "DATE")]
    pub(crate) to: Option<Day>,
    /// Read temperatures on several dates: each day, week or month, or some dates [default: on the
    /// last day only]
    #[arg(long, value_name = "day|week|month|DATE,DATE...")]
    pub(crate) every: Option<Every>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = TidyFormat::Table)]
    pub(crate) format: TidyFormat,
    #[command(flatten)]
    pub(crate) threads: ThreadArguments,
}
