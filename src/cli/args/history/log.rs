//! The arguments of `log`.

use crate::cli::args::options::ThreadArguments;
use crate::history::{Field, Shape, fields};
use crate::model::{Act, Day};
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Log {
    Append(Append),
    Add(Add),
    Template(Template),
    Show(Show),
    Verify(Verify),
    Retract(Retract),
}

/// Append events to a log, all or none
#[derive(Debug, Args)]
#[command(
    after_help = "An event is a JSON object, which `detente schema event` describes, or a row of a table whose header names fields of an event, as `detente log template` writes it. JSON may be lines, objects one after the other, or a list; a table has commas, semicolons or tabs between its columns. In a cell `;` parts several actors or names; an entry of the agenda is item:to:priority, of measures id:kind:to, of evidence document | published | locator | url. A row without an id has its act and date for one. Number, day of recording and chain are filled in.\n\nExamples:\n  detente log append my.jsonl events.json\n  detente log append my.jsonl moves.csv --dry-run\n  detente log append my.jsonl < events.json"
)]
pub(crate) struct Append {
    /// The log; it is created if it does not exist
    #[arg(value_name = "LOG")]
    pub(crate) log: PathBuf,
    /// The events: a file, or `-` for standard input
    #[arg(default_value = "-", value_name = "FILE")]
    pub(crate) events: PathBuf,
    /// The day of recording of events that bring none [default: today, or the log's last if that is
    /// later]
    #[arg(long, value_name = "DATE")]
    pub(crate) recorded: Option<Day>,
    /// Append only if the log has that many events
    #[arg(long, value_name = "N")]
    pub(crate) expect_version: Option<u64>,
    /// Look at everything as if it were appended, and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// List every event, however many there are
    #[arg(long)]
    pub(crate) list: bool,
}

/// Append one event, with its fields as options or asked for one by one
#[derive(Debug, Args)]
#[command(
    after_help = "Each field of an event is an option; values are written as in a cell of a table for `log append`. What is missing is asked for on a terminal: the act first, then what it needs, then what it takes. Without an id the event has its act and date for one.\n\nExamples:\n  detente log add my.jsonl\n  detente log add my.jsonl --act statement --date 2031-03-02 --source XBL --target XRL"
)]
pub(crate) struct Add {
    /// The log; it is created if it does not exist
    #[arg(value_name = "LOG")]
    pub(crate) log: PathBuf,
    #[command(flatten)]
    pub(crate) fields: EventFields,
    /// Ask for what is missing even where standard input is no terminal
    #[arg(long)]
    pub(crate) ask: bool,
    /// Append only if the log has that many events
    #[arg(long, value_name = "N")]
    pub(crate) expect_version: Option<u64>,
    /// Look at the event as if it were appended, and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// The fields of an event, each an option of its name.
#[derive(Debug)]
pub(crate) struct EventFields {
    /// Those that are given, each with its text.
    pub(crate) given: Vec<(String, String)>,
}

impl EventFields {
    /// The id of the option of a field, which no other option has.
    fn option(field: &Field) -> String {
        format!("field:{}", field.name)
    }

    fn arguments() -> impl Iterator<Item = Arg> {
        let schema: serde_json::Value =
            serde_json::from_str(include_str!("../../schema/event.json")).unwrap_or_default();
        let described = move |field: &Field| {
            let properties = schema.get("properties")?;
            let described = properties.get(&field.name)?.get("description")?.as_str()?;
            Some(described.trim_end_matches('.').to_owned())
        };
        fields().into_iter().map(move |field| {
            let is_list = matches!(
                field.shape,
                Shape::List | Shape::Map | Shape::Entries { .. }
            );
            let value = match field.shape {
                Shape::Date => "DATE".to_owned(),
                Shape::Number => "N".to_owned(),
                Shape::Entries { .. } | Shape::Map => field.notation().to_uppercase(),
                Shape::List => "NAME;NAME".to_owned(),
                Shape::Text => "TEXT".to_owned(),
            };
            let name = field.name.replace('_', "-");
            let argument = Arg::new(Self::option(&field))
                .long(name.clone())
                .help(described(&field).unwrap_or_default())
                .value_name(value)
                .allow_negative_numbers(true)
                .action(if is_list {
                    ArgAction::Append
                } else {
                    ArgAction::Set
                });
            if name == field.name {
                argument
            } else {
                argument.alias(field.name)
            }
        })
    }
}

impl Args for EventFields {
    fn augment_args(command: Command) -> Command {
        command.args(Self::arguments())
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for EventFields {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = fields().into_iter().filter_map(|field| {
            let texts = matches.get_many::<String>(&Self::option(&field))?;
            let texts: Vec<_> = texts.map(String::as_str).collect();
            Some((field.name, texts.join(";")))
        });
        let given = given.collect();
        Ok(Self { given })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Write the header of a table of events, and an example of each act that is named
#[derive(Debug, Args)]
#[command(
    after_help = "Fill it in with a spreadsheet, save it as CSV UTF-8, and append it with `detente log append LOG FILE`. Give the columns of dates and codes the format Text. XBL and XRL are two states that were made up; delete the examples.\n\nExamples:\n  detente log template > moves.csv\n  detente log template statement call sanctions_imposed > moves.csv"
)]
pub(crate) struct Template {
    /// Only the columns that these acts take, with an example of each [default: every column]
    #[arg(value_name = "ACT", value_parser = PossibleValuesParser::new(Act::ALL.map(Act::name)))]
    pub(crate) acts: Vec<String>,
    /// Put semicolons between the columns, as spreadsheets of many languages want it
    #[arg(long)]
    pub(crate) semicolons: bool,
}

/// Show the events of a log with where they are documented
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  detente log show\n  detente log show recorded us-ru-call\n  detente log show my.jsonl --format jsonl"
)]
pub(crate) struct Show {
    /// The log: a file, `-` for standard input, or the name of a history that ships
    #[arg(default_value = "recorded", value_name = "LOG")]
    pub(crate) log: PathBuf,
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
    after_help = "The chain cannot see that the last line was removed: keep the head that is printed here elsewhere, and compare with --head.\n\nExit status: 0 as it was written, 1 not as it was written, 2 trouble."
)]
pub(crate) struct Verify {
    /// The log: a file, `-` for standard input, or the name of a history that ships
    #[arg(default_value = "recorded", value_name = "LOG")]
    pub(crate) log: PathBuf,
    /// The chain that the last line must have
    #[arg(long, value_name = "CHAIN")]
    pub(crate) head: Option<String>,
    #[command(flatten)]
    pub(crate) threads: ThreadArguments,
}

/// Retract events: they stay in the log and no longer count
#[derive(Debug, Args)]
#[command(
    after_help = "Retractions are final, and so are retracted ids. Where other events would become illegal, nothing is retracted and they are listed; --cascade retracts them too.\n\nExamples:\n  detente log retract my.jsonl a-call --reason \"never took place\"\n  detente log retract my.jsonl tariffs --cascade"
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
    /// List every event, however many there are
    #[arg(long)]
    pub(crate) list: bool,
}
