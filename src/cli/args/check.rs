//! The arguments of `check` and `schema`.

use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Check logs and scenarios: every mistake of every file at once, before anything runs
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  detente check my.jsonl scenarios/no-call.json")]
pub(crate) struct Check {
    /// Logs and scenario files
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
}

/// Print the JSON Schema of a format, for editors and other programs
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  detente schema scenario > scenario.schema.json")]
pub(crate) struct Schema {
    /// Of what
    #[arg(value_enum)]
    pub(crate) of: SchemaOf,
}

/// What there is a schema of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// An event, as `log append` takes it
    Event,
    /// A model file, as `--model` takes it
    Model,
    /// A scenario file
    Scenario,
}
