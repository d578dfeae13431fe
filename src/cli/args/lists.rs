//! The arguments of commands that list what there is.

use super::options::TidyFormat;
use clap::Args;

/// List the histories that ship: each name stands for its log wherever one is asked for
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  detente histories\n  detente replay recorded")]
pub(crate) struct Histories {
    /// How to print it
    #[arg(long, value_enum, default_value_t = TidyFormat::Table)]
    pub(crate) format: TidyFormat,
}

/// List the acts that an event can be, and what each needs
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  detente acts                   all of them\n  detente acts meeting           those with the word in their name or meaning\n  detente acts sanctions_eased   one of them, with its codes and fields"
)]
pub(crate) struct Acts {
    /// The name of an act, or words of its name or meaning
    #[arg(value_name = "ACT|WORD")]
    pub(crate) words: Vec<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = TidyFormat::Table)]
    pub(crate) format: TidyFormat,
}

/// List the CAMEO codes with their Goldstein weights
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  detente codes              all of them\n  detente codes 04           those that begin with 04\n  detente codes sanctions    those with the word in their name"
)]
pub(crate) struct Codes {
    /// Words of a name, or the first digits of a code
    #[arg(value_name = "WORD")]
    pub(crate) words: Vec<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = TidyFormat::Table)]
    pub(crate) format: TidyFormat,
}

/// List the columns of tables that are printed as CSV: what each says, and in which unit
#[derive(Debug, Args)]
#[command(
    after_help = "A table of merge has the columns of what it adds up. The fields of an event are those of `detente acts` and `detente schema event`.\n\nExamples:\n  detente columns                          all of them\n  detente columns why                      those of a command, and what has the word in it\n  detente columns index --format csv       as a codebook to go with a table"
)]
pub(crate) struct Columns {
    /// A command, or words of a name or meaning
    #[arg(value_name = "COMMAND|WORD")]
    pub(crate) words: Vec<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = TidyFormat::Table)]
    pub(crate) format: TidyFormat,
}

/// List the actors that have a name: states, former states and organisations
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  detente actors             all of them\n  detente actors korea       those with the word in their code or name\n  detente actors UK          what an everyday name stands for"
)]
pub(crate) struct Actors {
    /// Words of a name, or a part of a code
    #[arg(value_name = "WORD")]
    pub(crate) words: Vec<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = TidyFormat::Table)]
    pub(crate) format: TidyFormat,
}
