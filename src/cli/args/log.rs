//! The arguments of `log`.

use crate::model::Day;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Log {
    Append(Append),
    Show(Show),
    Verify(Verify),
    Retract(Retract),
}

/// Append events to a log, all or none
#[derive(Debug, Args)]
#[command(
    after_help = "An event is a JSON object; `detente schema event` describes it. The input is JSON Lines, JSON objects one after the other, or a list of them. Number, day of recording and chain are filled in.\n\nExamples:\n  detente log append my.jsonl events.json\n  detente log append my.jsonl < events.json"
)]
pub(crate) struct Append {
    /// The log; it is created if it does not exist
    #[arg(value_name = "LOG")]
    pub(crate) log: PathBuf,
    /// The events: a file, or `-` for standard input
    #[arg(default_value = "-", value_name = "FILE")]
    pub(crate) events: String,
    /// The day of recording of events that bring none [default: today, or the log's last if that is later]
    #[arg(long, value_name = "DATE")]
    pub(crate) recorded: Option<Day>,
    /// Append only if the log has that many events
    #[arg(long, value_name = "N")]
    pub(crate) expect_version: Option<u64>,
}

/// Show the events of a log with where they are documented
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  detente log show\n  detente log show recorded us-ru-call\n  detente log show my.jsonl --format jsonl"
)]
pub(crate) struct Show {
    /// The log: a file, `-` for standard input, or `recorded`
    #[arg(default_value = "recorded", value_name = "LOG")]
    pub(crate) log: String,
    /// Only the events of these ids
    #[arg(value_name = "ID")]
    pub(crate) ids: Vec<String>,
    /// Only what was recorded until that day
    #[arg(long, value_name = "DATE")]
    pub(crate) as_known_on: Option<Day>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = ShowFormat::Table)]
    pub(crate) format: ShowFormat,
}

/// How to print events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ShowFormat {
    /// For people
    Table,
    /// A list of JSON objects
    Json,
    /// The lines as they are
    Jsonl,
}

/// Verify that no line of a log was changed, added, moved or removed
#[derive(Debug, Args)]
#[command(
    after_help = "The chain cannot see that the last line was removed: keep the head that is printed here elsewhere,\nand compare with --head.\n\nExit status: 0 as it was written, 1 not as it was written, 2 trouble."
)]
pub(crate) struct Verify {
    /// The log: a file, `-` for standard input, or `recorded`
    #[arg(default_value = "recorded", value_name = "LOG")]
    pub(crate) log: String,
    /// The chain that the last line must have
    #[arg(long, value_name = "CHAIN")]
    pub(crate) head: Option<String>,
}

/// Retract events: they stay in the log and no longer count
#[derive(Debug, Args)]
#[command(
    after_help = "Retractions are final, and so are retracted ids. Where other events would become illegal, nothing is\nretracted and they are listed; --cascade retracts them too.\n\nExamples:\n  detente log retract my.jsonl a-call --reason \"never took place\"\n  detente log retract my.jsonl tariffs --cascade"
)]
pub(crate) struct Retract {
    /// The log
    #[arg(value_name = "LOG")]
    pub(crate) log: PathBuf,
    /// The ids of the events
    #[arg(value_name = "ID", required = true)]
    pub(crate) ids: Vec<String>,
    /// Retract every event that would become illegal, too
    #[arg(long)]
    pub(crate) cascade: bool,
    /// Why, for the record
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// The day of recording [default: today, or the log's last if that is later]
    #[arg(long, value_name = "DATE")]
    pub(crate) recorded: Option<Day>,
    /// Retract only if the log has that many events
    #[arg(long, value_name = "N")]
    pub(crate) expect_version: Option<u64>,
}
