//! The arguments of the command line: what clap needs to know, and nothing else.

use crate::model::{Day, Dyad};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::num::NonZero;
use std::path::PathBuf;

/// Replays the documented history of relations between states, from an append-only log of sourced events.
#[derive(Debug, Parser)]
#[command(
    name = "detente",
    version,
    propagate_version = true,
    after_help = "Examples:\n  detente replay                           the recorded history, followed in RUS-USA\n  detente replay --dyad RUS-UKR            another pair of actors\n  detente replay my.jsonl --to 2016-06-30  a log of your own, as it stood on a day\n  detente log append my.jsonl events.json  append events, checked as a whole\n\nExit status: 0 fine or the same, 1 differs, 2 trouble. Results hold under the model printed beside them."
)]
pub(crate) struct Arguments {
    /// When to colour the output.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
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
    Run(Run),
    Compare(Compare),
    Ensemble(Ensemble),
    Merge(Merge),
    Report(Report),
    Why(Why),
    Sweep(Sweep),
    Test(Test),
    New(New),
    /// Append to a log, show it, verify it, retract from it
    #[command(subcommand)]
    Log(Log),
    Check(Check),
    Schema(Schema),
}

/// Replay a log: what each event did to the relation of two actors, and how it stands at the end
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  detente replay                                  the recorded history\n  detente replay --to us-ru-call                  right after an event\n  detente replay --to 2016-06-30                  at the end of a day, waiting included\n  detente replay --set half_life_days=240         with another half-life\n  detente replay --format csv > transitions.csv   every transition, for R or pandas\n  detente replay --chart                          as a chart in the terminal\n  detente replay --format svg > figure.svg        as a figure for a paper"
)]
pub(crate) struct Replay {
    /// The log: a file, `-` for standard input, or `recorded`
    #[arg(default_value = "recorded", value_name = "LOG")]
    pub(crate) log: String,
    /// Stop at the end of a day, or right after an event, by its id or its number
    #[arg(long, value_name = "DATE|ID|SEQ")]
    pub(crate) to: Option<String>,
    /// Only what was recorded until that day
    #[arg(long, value_name = "DATE")]
    pub(crate) as_known_on: Option<Day>,
    /// The dyad to follow, in either order; may be given several times
    #[arg(long, value_name = "A-B")]
    pub(crate) dyad: Vec<Dyad>,
    /// Follow every dyad
    #[arg(long, conflicts_with = "dyad")]
    pub(crate) all_dyads: bool,
    /// Only how things stand at the end, as a table or json, in the least memory
    #[arg(long, conflicts_with = "chart")]
    pub(crate) state_only: bool,
    #[command(flatten)]
    pub(crate) model: ModelArguments,
    /// How to print it; json, jsonl and csv have every dyad unless --dyad picks some
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) figure: FigureArguments,
}

/// How a figure is to look.
#[derive(Debug, Args)]
pub(crate) struct FigureArguments {
    /// Draw it as a chart in the terminal
    #[arg(long, conflicts_with = "format")]
    pub(crate) chart: bool,
    /// How wide the figure is: pixels with --format svg [default: 480], columns with --chart
    #[arg(long, value_name = "N")]
    pub(crate) width: Option<u32>,
    /// The title of the figure
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// The ground of an SVG [default: light]
    #[arg(long, value_enum)]
    pub(crate) theme: Option<FigureTheme>,
}

/// The ground of an SVG.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FigureTheme {
    /// Dark letters on white
    Light,
    /// Light letters on a dark ground
    Dark,
}

/// How to print what has a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FigureFormat {
    /// For people
    Table,
    /// One JSON object with everything
    Json,
    /// Tidy rows, comma-separated, with a header
    Csv,
    /// A figure for a paper
    Svg,
}

#[derive(Debug, Args)]
pub(crate) struct ModelArguments {
    /// The model: a preset (detente, goldstein-decay, stock) or a file
    #[arg(long, default_value = "detente", value_name = "PRESET|FILE")]
    pub(crate) model: String,
    /// A parameter other than the model's; may be given several times
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) set: Vec<String>,
}

/// Run scenarios: each as a story in which what is shared, dropped, shifted, replaced and inserted can be told apart
#[derive(Debug, Args)]
#[command(
    after_help = "Signs before an event: `=` shared with the base, ` ` kept, `-` dropped or not drawn, `>` shifted,\n`~` replaced, `+` inserted, `!` caused by a rule, `x` not happening since it would be illegal in this run.\n\nExamples:\n  detente run scenarios/no-call.json\n  detente run scenarios/summit-by-chance.json --run 3    another run of its chances\n  detente run scenarios/sanctions-lifted.json --log branch.jsonl"
)]
pub(crate) struct Run {
    /// The scenario files
    #[arg(required = true, value_name = "SCENARIO")]
    pub(crate) scenarios: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) luck: LuckArguments,
    /// Save the branch as a log, which replay, compare and log verify take (one scenario only)
    #[arg(long, value_name = "FILE")]
    pub(crate) log: Option<PathBuf>,
    /// The dyad to follow, in either order; may be given several times
    #[arg(long, value_name = "A-B")]
    pub(crate) dyad: Vec<Dyad>,
    /// Follow every dyad
    #[arg(long, conflicts_with = "dyad")]
    pub(crate) all_dyads: bool,
    /// How to print it; json has every dyad unless --dyad picks some
    #[arg(long, value_enum, default_value_t = DocumentFormat::Table)]
    pub(crate) format: DocumentFormat,
}

/// Which run of the chances of a scenario.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct LuckArguments {
    /// Which run of its chances; runs count from 0
    #[arg(long, value_name = "R", default_value_t = 0)]
    pub(crate) run: u64,
    /// The seed of its chances [default: the scenario's, or 0]
    #[arg(long, value_name = "S")]
    pub(crate) seed: Option<u64>,
}

/// How to print a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DocumentFormat {
    /// For people
    Table,
    /// One JSON object with everything
    Json,
}

/// Compare histories: where they part, how their temperatures differ, and how they end
#[derive(Debug, Args)]
#[command(
    after_help = "With --models, or a --set of several values, the histories are tried under each of them in turn,\nand a table says whether their differences at the end keep their signs, and they their order.\n--models replaces the model of every history, a scenario's too; a --set of several values changes\nthat one parameter in each one's own model. What is fixed so is not drawn where it is uncertain.\n\nExit status: 0 the same, 1 they differ, 2 trouble; under other models 0 if the answer holds under\nall of them, 1 if it does not.\n\nExamples:\n  detente compare recorded scenarios/no-call.json\n  detente compare recorded branch.jsonl --dyad EU-RUS\n  detente compare recorded scenarios/no-call.json --models all\n  detente compare recorded scenarios/no-call.json --set half_life_days=30,90,365 --set gain=0.1,0.5\n  detente compare recorded scenarios/no-call.json --chart\n  detente compare recorded scenarios/no-call.json --format svg > figure.svg"
)]
pub(crate) struct Compare {
    /// Logs, scenarios, or `recorded`; two or more, the first is what the others are compared with
    #[arg(required = true, num_args = 2.., value_name = "HISTORY")]
    pub(crate) histories: Vec<String>,
    /// The dyad to compare, in either order; may be given several times [default: those that differ]
    #[arg(long, value_name = "A-B")]
    pub(crate) dyad: Vec<Dyad>,
    #[command(flatten)]
    pub(crate) luck: LuckArguments,
    /// The model of logs, which bring none: a preset (detente, goldstein-decay, stock) or a file
    #[arg(long, default_value = "detente", value_name = "PRESET|FILE")]
    pub(crate) model: String,
    /// A parameter for the model of logs and for --models; with several values, a ladder to try on every history
    #[arg(long, value_name = "NAME=VALUE[,VALUE...]")]
    pub(crate) set: Vec<String>,
    /// Other models to try: `all` presets, or a list of presets and files
    #[arg(long, value_name = "all|LIST", value_delimiter = ',')]
    pub(crate) models: Vec<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = FigureFormat::Table)]
    pub(crate) format: FigureFormat,
    #[command(flatten)]
    pub(crate) figure: FigureArguments,
}

/// How to print a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompareFormat {
    /// For people
    Table,
    /// One JSON object with everything
    Json,
    /// Tidy rows, comma-separated, with a header
    Csv,
}

/// Run scenarios many times, draw their chances anew in each run, and count
#[derive(Debug, Args)]
#[command(
    after_help = "Of two or more scenarios run R of each has the same luck, and their differences are taken run by run.\nThe result is the same for any number of threads. `detente run --run R` shows run R.\n\nExamples:\n  detente ensemble scenarios/summit-by-chance.json --runs 100000\n  detente ensemble scenarios/summit-by-chance.json scenarios/eased-if-held.json --format csv\n  detente ensemble scenarios/summit-by-chance.json --format svg > fan.svg"
)]
pub(crate) struct Ensemble {
    /// The scenario files; the first is what the others are compared with
    #[arg(required = true, value_name = "SCENARIO")]
    pub(crate) scenarios: Vec<PathBuf>,
    /// How many runs
    #[arg(long, value_name = "N", default_value = "10000")]
    pub(crate) runs: NonZero<u64>,
    /// The seed of all chances [default: the first scenario's, or 0]
    #[arg(long, value_name = "S")]
    pub(crate) seed: Option<u64>,
    /// How many threads [default: as many as the machine has cores]
    #[arg(long, value_name = "T")]
    pub(crate) threads: Option<NonZero<usize>>,
    /// Only the K-th of M equal shares of the runs, such as 3/16; `detente merge` adds them up
    #[arg(long, value_name = "K/M", requires = "output")]
    pub(crate) shard: Option<String>,
    /// Save what the runs add up to as a part, for `detente merge`
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// The dyad to look at, in either order; may be given several times [default: those that the scenarios concern]
    #[arg(long, value_name = "A-B")]
    pub(crate) dyad: Vec<Dyad>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = FigureFormat::Table)]
    pub(crate) format: FigureFormat,
    #[command(flatten)]
    pub(crate) figure: FigureArguments,
}

/// Add up parts of an ensemble that were run apart
#[derive(Debug, Args)]
#[command(
    after_help = "The result is the same to the byte as that of one ensemble. Parts of another ensemble are refused.\n\nExample:\n  detente ensemble scenarios/summit-by-chance.json --runs 1000000 --shard 1/2 -o part-1.json\n  detente ensemble scenarios/summit-by-chance.json --runs 1000000 --shard 2/2 -o part-2.json\n  detente merge part-1.json part-2.json"
)]
pub(crate) struct Merge {
    /// The parts, as `ensemble -o` writes them
    #[arg(required = true, value_name = "PART")]
    pub(crate) parts: Vec<PathBuf>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = CompareFormat::Table)]
    pub(crate) format: CompareFormat,
}

/// Put histories into one page to look at, print and pass on: charts, tables, sources, model
#[derive(Debug, Args)]
#[command(
    after_help = "The page is one file that asks nothing of anywhere. The same input gives the same page to the byte.\n\nExamples:\n  detente report -o recorded.html\n  detente report recorded scenarios/no-call.json scenarios/sanctions-lifted.json -o report.html\n  detente report recorded scenarios/summit-by-chance.json --runs 100000 -o chance.html"
)]
pub(crate) struct Report {
    /// Logs, scenarios, or `recorded`; the first is what the others are compared with
    #[arg(default_value = "recorded", value_name = "HISTORY")]
    pub(crate) histories: Vec<String>,
    /// The page to write, in the place of what may be there; `-` for standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// The dyad to show, in either order; may be given several times [default: the three that differ most]
    #[arg(long, value_name = "A-B")]
    pub(crate) dyad: Vec<Dyad>,
    /// How many runs of scenarios with chance
    #[arg(long, value_name = "N", default_value = "10000")]
    pub(crate) runs: NonZero<u64>,
    /// The seed of all chances [default: the first scenario's, or 0]
    #[arg(long, value_name = "S")]
    pub(crate) seed: Option<u64>,
    /// How many threads [default: as many as the machine has cores]
    #[arg(long, value_name = "T")]
    pub(crate) threads: Option<NonZero<usize>>,
    /// The model of logs, which bring none; a scenario has its own
    #[command(flatten)]
    pub(crate) model: ModelArguments,
    /// The title of the page
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
}

/// Tell why a temperature is what it is: the share of each event, each measure, and the start
#[derive(Debug, Args)]
#[command(
    after_help = "push    what the event added to the temperature on its day\nshare   what is left of it after the waits since; of a measure, what it added while it stood\neffect  the temperature less what it would be had the event, and all it caused, not happened\n\nPrinted shares add up to the printed temperature: each is rounded down, and the hundredths that\nare missing go to those that lost most by it. json and csv have every bit.\n\nIn a scenario the effect is that on this very run: it is played again with the same luck but\nwithout the event, and its rules react to what happens then.\n\nExamples:\n  detente why                                          the recorded history, at its end\n  detente why --at 2017-01-27 --by source              before the call, by who acted\n  detente why my.jsonl --dyad FRA-DEU --format csv     every event of a log, with all its bits\n  detente why scenarios/grand-bargain.json --top 5     a scenario\n  detente why --crossing -3                            what first took it below -3\n  detente why --chart                                  as a waterfall in the terminal\n  detente why --format svg > waterfall.svg             as a figure for a paper"
)]
pub(crate) struct Why {
    /// The log or scenario: a file, `-` for a log on standard input, or `recorded`
    #[arg(default_value = "recorded", value_name = "LOG|SCENARIO")]
    pub(crate) history: String,
    /// The dyad, in either order [default: the one that most events touch]
    #[arg(long, value_name = "A-B")]
    pub(crate) dyad: Option<Dyad>,
    /// Look back from the end of a day, or from right after an event, by its id [default: the end]
    #[arg(long, value_name = "DATE|ID")]
    pub(crate) at: Option<String>,
    /// Look back from the moment at which the temperature first passed a value, in degrees
    #[arg(
        long,
        value_name = "DEGREES",
        allow_negative_numbers = true,
        value_parser = within_a_million,
        conflicts_with = "at"
    )]
    pub(crate) crossing: Option<f64>,
    /// What a row is of
    #[arg(long, value_enum, default_value_t = By::Event)]
    pub(crate) by: By,
    /// In which order
    #[arg(long, value_enum, default_value_t = SortBy::Size)]
    pub(crate) sort: SortBy,
    /// The most rows of events; the rest is summed in one [default: 20 in a table, else all]
    #[arg(long, value_name = "N")]
    pub(crate) top: Option<NonZero<usize>>,
    #[command(flatten)]
    pub(crate) luck: LuckArguments,
    #[command(flatten)]
    pub(crate) model: ModelArguments,
    /// How to print it
    #[arg(long, value_enum, default_value_t = FigureFormat::Table)]
    pub(crate) format: FigureFormat,
    #[command(flatten)]
    pub(crate) figure: FigureArguments,
}

/// A number of degrees, which even a model without bounds keeps within a million.
fn within_a_million(text: &str) -> Result<f64, &'static str> {
    let number = text.parse().ok().filter(|number: &f64| number.abs() <= 1e6);
    number.ok_or("it must be a number between -1000000 and 1000000")
}

/// What a row of a ledger is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum By {
    /// One event
    Event,
    /// All events by the same side, and all its standing measures
    Source,
    /// All events of an act; coded ones by the root of their CAMEO code
    Act,
    /// All events of a year
    Year,
}

/// In which order the rows of a ledger stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SortBy {
    /// The largest share first
    Size,
    /// The earliest first
    Date,
}

/// Run a scenario over a grid of parameters: its outcomes and its temperatures at the end
#[derive(Debug, Args)]
#[command(
    after_help = "An axis is NAME=A..B:N, N values from A to B in equal steps, or a list NAME=V1,V2,... The last\naxis changes fastest. A parameter on the grid is not drawn where the scenario has it uncertain, and\nnone is with --model. csv has a row for each point and statistic, and streams: a grid may have up to\nten million points.\n\nExamples:\n  detente sweep scenarios/no-call.json --set half_life_days=30..365:12 --set gain=0.1..0.6:6\n  detente sweep scenarios/no-call.json --set gain=0..1:1001 --format csv > sweep.csv\n  detente sweep scenarios/summit-by-chance.json --set gain=0.1,0.3,0.5 --runs 1000"
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
    pub(crate) model: Option<String>,
    /// How many runs at each point; of several, outcomes are shares of runs and temperatures means
    #[arg(long, value_name = "N", default_value = "1")]
    pub(crate) runs: NonZero<u64>,
    /// The seed of its chances [default: the scenario's, or 0]
    #[arg(long, value_name = "S")]
    pub(crate) seed: Option<u64>,
    /// The dyad to look at, in either order; may be given several times [default: those that the scenario concerns]
    #[arg(long, value_name = "A-B")]
    pub(crate) dyad: Vec<Dyad>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = CompareFormat::Table)]
    pub(crate) format: CompareFormat,
}

/// Compare what scenarios print with golden files, and show what is different
#[derive(Debug, Args)]
#[command(
    after_help = "A difference is shown, and what the file would be is written beside it with the ending .snap.new.\n\nExit status: 0 the same or accepted, 1 different, 2 trouble."
)]
pub(crate) struct Test {
    /// The scenario files [default: all of the folder scenarios]
    #[arg(value_name = "SCENARIO")]
    pub(crate) scenarios: Vec<PathBuf>,
    /// Take what is different as golden from now on, after showing it
    #[arg(long)]
    pub(crate) accept: bool,
    /// The folder of the golden files, run-NAME.snap each
    #[arg(long, default_value = "snapshots", value_name = "FOLDER")]
    pub(crate) snapshots: PathBuf,
}

/// Write a commented scenario to start from
#[derive(Debug, Args)]
pub(crate) struct New {
    /// The file to write; `.json` is added where it has no ending
    #[arg(value_name = "NAME")]
    pub(crate) name: PathBuf,
    /// Fork right after this event of the base
    #[arg(long, value_name = "ID", conflicts_with = "before")]
    pub(crate) after: Option<String>,
    /// Fork right before this event of the base
    #[arg(long, value_name = "ID")]
    pub(crate) before: Option<String>,
    /// What to start from: `recorded`, or the path of a log or a scenario, relative to the new file
    #[arg(long, default_value = "recorded", value_name = "HISTORY")]
    pub(crate) base: String,
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
    after_help = "An event is a JSON object; `detente schema event` describes it. The input is JSON Lines, JSON objects one\nafter the other, or a list of them. Number, day of recording and chain are filled in.\n\nExample:\n  echo '{\"id\":\"a-call\",\"date\":\"2020-01-02\",\"source\":[\"FRA\",\"DEU\"],\"target\":[\"FRA\",\"DEU\"],\"act\":\"call\"}' | detente log append my.jsonl"
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
    after_help = "Retractions are final, and so are retracted ids. Where other events would become illegal, nothing is\nretracted and they are listed; --cascade retracts them too."
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

/// Check logs and scenarios: every mistake of every file at once, before anything runs
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Logs and scenario files
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<String>,
}

/// Print the JSON Schema of a format, for editors and other programs
#[derive(Debug, Args)]
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
