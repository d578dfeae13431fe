//! The arguments of `replay`.

use crate::cli::args::options::{FigureArguments, ModelArguments, ThreadArguments};
use crate::history::Every;
use crate::model::{Day, Dyad};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Replay a log: what each event did to the relation of two actors, and how it stands at the end
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  detente replay                                  the recorded history\n  detente replay --to us-ru-call                  right after an event\n  detente replay --to 2016-06-30                  at the end of a day, waiting included\n  detente replay --set half_life_days=240         with another half-life\n  detente replay --format csv > transitions.csv   every transition, for R or pandas\n  detente replay --chart                          as a chart in the terminal\n  detente replay --format svg > figure.svg        as a figure for a paper"
)]
pub(crate) struct Replay {
    /// The log: a file, `-` for standard input, or the name of a history that ships
    #[arg(default_value = "recorded", value_name = "LOG")]
    pub(crate) log: PathBuf,
    /// Stop at the end of a day, or right after an event, by its id or its number
    #[arg(long, value_name = "DATE|ID|SEQ")]
    pub(crate) to: Option<String>,
    /// Tell what happened from this day on; what lies before it counts all the same
    #[arg(long, value_name = "DATE", value_parser = Day::beginning)]
    pub(crate) from: Option<Day>,
    /// In place of the story, temperatures and phases on dates: each day, week or month, or some
    /// dates
    #[arg(
        long,
        value_name = "day|week|month|DATE,DATE...",
        conflicts_with = "state_only"
    )]
    pub(crate) every: Option<Every>,
    /// Only what was recorded until that day
    #[arg(long, value_name = "DATE")]
    pub(crate) as_known_on: Option<Day>,
    /// The dyad to follow, in either order; may be given several times
    #[arg(long, value_name = "A-B")]
    pub(crate) dyad: Vec<Dyad>,
    /// Follow every dyad
    #[arg(long, conflicts_with = "dyad")]
    pub(crate) all_dyads: bool,
    /// Only how things stand at the end, as a table or json, in the least memory. Writes a snapshot
    /// beside a log of 16 MiB or more, `.NAME.snap`, and says so: later states are told from it,
    /// and only what was appended since is verified, and some lines before the day
    #[arg(long, conflicts_with = "chart")]
    pub(crate) state_only: bool,
    /// Read and verify all of the log: use no snapshot, and write none
    #[arg(long, requires = "state_only", conflicts_with_all = ["every", "chart"])]
    pub(crate) no_snapshot: bool,
    #[command(flatten)]
    pub(crate) model: ModelArguments,
    /// How to print it; json, jsonl and csv have every dyad unless --dyad picks some
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) figure: FigureArguments,
    #[command(flatten)]
    pub(crate) threads: ThreadArguments,
}

/// How to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Table,
    /// One JSON object with everything
    Json,
    /// A JSON object a line
    Jsonl,
    /// Comma-separated, with a header
    Csv,
    /// A figure for a paper
    Svg,
}
