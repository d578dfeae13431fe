//! The arguments of the command line: what clap needs to know, and nothing else. A file or
//! a room for each family of commands.

mod check;
mod options;

mod ensemble;
mod event_data;
#[cfg(feature = "explore")]
mod explore;
mod history;
mod lists;
mod report;
mod scenario;
mod shell;

mod trial;

pub(crate) use check::{Check, Schema, SchemaOf};
pub(crate) use ensemble::{Ensemble, Merge, Score, Sweep};
pub(crate) use event_data::{
    Cite, CiteFormat, CodesAre, CrateArguments, EventData, Events, Import, Index, Spoilt,
    TableFormat,
};
#[cfg(feature = "explore")]
pub(crate) use explore::{Explore, Play};
pub(crate) use history::log::{Add, Append, Log, Retract, Show, ShowFormat, Template, Verify};
pub(crate) use history::replay::{Format, Replay};
pub(crate) use history::why::Why;
pub(crate) use lists::{Actors, Acts, Codes, Columns, Histories};
pub(crate) use options::{
    DocumentFormat, FigureArguments, FigureFormat, LuckArguments, ModelArguments, TidyFormat,
};
pub(crate) use report::Report;
pub(crate) use scenario::{Compare, New, Run, Test};
pub(crate) use shell::{Completions, Man};
pub(crate) use trial::{Fit, Trial, Validate, month};

use clap::{Parser, Subcommand, ValueEnum};

/// The version, the commit where whoever built it named one, and the features.
fn long_version() -> String {
    let commit = option_env!("DETENTE_COMMIT").unwrap_or("not named by whoever built it");
    let version = env!("CARGO_PKG_VERSION");
    let features = if cfg!(feature = "explore") {
        "cli, explore"
    } else {
        "cli"
    };
    format!("{version}\ncommit: {commit}\nfeatures: {features}")
}

/// Replays the documented history of relations between states, from an append-only log of sourced
/// events.
#[derive(Debug, Parser)]
#[command(
    name = "detente",
    version,
    long_version = long_version(),
    propagate_version = true,
    after_help = "Examples:\n  detente replay                                   the recorded history, followed in RUS-USA\n  detente replay my.jsonl --to 2016-06-30          a log of your own, as it stood on a day\n  detente why --crossing -3                        which events made the temperature what it is\n  detente run scenarios/no-call.json               a what-if, event by event\n  detente compare recorded scenarios/no-call.json  what it changes\n  detente ensemble scenarios/summit-by-chance.json\n                                                   many runs of what may or may not happen\n  detente report recorded scenarios/no-call.json -o page.html\n  detente explore                                  the same in the browser, to be changed there\n  detente import gdelt FILE --dyad RUS-USA -o coded.jsonl\n\nExit status: 0 fine or the same, 1 differs, 2 trouble. Results hold under the model printed beside them."
)]
pub(crate) struct Arguments {
    /// When to colour the output.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, display_order = 1000)]
    pub(crate) color: Color,
    /// Let scenarios name bases outside their own folder
    #[arg(long, global = true, display_order = 1001)]
    pub(crate) allow_outside: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Replay(Replay),
    Why(Why),
    New(New),
    Check(Check),
    Run(Run),
    Compare(Compare),
    Test(Test),
    Ensemble(Ensemble),
    Merge(Merge),
    Sweep(Sweep),
    Score(Score),
    Report(Report),
    #[cfg(feature = "explore")]
    Explore(Explore),
    #[cfg(feature = "explore")]
    Play(Play),
    /// Append to a log, show it, verify it, retract from it
    #[command(subcommand)]
    Log(Log),
    Import(Import),
    Index(Index),
    Fit(Fit),
    Validate(Validate),
    Cite(Cite),
    Histories(Histories),
    Acts(Acts),
    Actors(Actors),
    Codes(Codes),
    Columns(Columns),
    Schema(Schema),
    Completions(Completions),
    Man(Man),
}
