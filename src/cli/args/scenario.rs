//! The arguments of what plays scenarios once: `run`, `compare`, `test`, `new`.

use super::options::{
    DocumentFormat, FigureArguments, FigureFormat, LuckArguments, TidyFormat, WindowArguments,
    of_models,
};
use crate::model::{Day, Dyad};
use clap::Args;
use std::path::PathBuf;

/// Run scenarios: each as a story in which what is shared, dropped, shifted, replaced and inserted
/// can be told apart
#[derive(Debug, Args)]
#[command(
    after_help = "Signs before an event: `=` shared with the base, ` ` kept, `-` dropped or not drawn, `>` shifted, `~` replaced, `+` inserted, `!` caused by a rule, `x` not happening since it would be illegal in this run.\n\nExamples:\n  detente run scenarios/no-call.json\n  detente run scenarios/summit-by-chance.json --run 3    another run of its chances\n  detente run scenarios/sanctions-lifted.json --log branch.jsonl"
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

const MODEL_OF_LOGS: &str =
    " [default: that of the first scenario on the log, else of the first scenario, else detente]";

/// Compare histories: where they part, how their temperatures differ, and how they end
#[derive(Debug, Args)]
#[command(
    after_help = "With --models, or a --set of several values, the histories are tried under each of them in turn, and a table says whether their differences at the end keep their signs, and they their order. --models replaces the model of every history, a scenario's too; a --set of several values changes that one parameter in each one's own model. What is fixed so is not drawn where it is uncertain.\n\nExit status: 0 the same, 1 they differ, 2 trouble; under other models 1 if one of them breaks the answer or makes it one of temperatures that cannot be compared, else 0.\n\nExamples:\n  detente compare recorded scenarios/no-call.json\n  detente compare recorded branch.jsonl --dyad EU-RUS\n  detente compare recorded scenarios/no-call.json --models all\n  detente compare recorded scenarios/no-call.json --set half_life_days=30,90,365 --set gain=0.1,0.5\n  detente compare recorded scenarios/no-call.json --chart\n  detente compare recorded scenarios/no-call.json --format svg > figure.svg"
)]
pub(crate) struct Compare {
    /// Logs, scenarios, or names of histories that ship; two or more, the first is what the
    /// others are compared with
    #[arg(required = true, num_args = 2.., value_name = "HISTORY")]
    pub(crate) histories: Vec<PathBuf>,
    /// The dyad to compare, in either order; may be given several times [default: those that
    /// differ]
    #[arg(long, value_name = "A-B")]
    pub(crate) dyad: Vec<Dyad>,
    /// Only what was recorded until that day; for logs
    #[arg(long, value_name = "DATE")]
    pub(crate) as_known_on: Option<Day>,
    #[command(flatten)]
    pub(crate) luck: LuckArguments,
    #[command(flatten)]
    pub(crate) window: WindowArguments,
    #[arg(long, value_name = "PRESET|FILE", help = of_models("The model of logs", MODEL_OF_LOGS))]
    pub(crate) model: Option<PathBuf>,
    /// A parameter for the model of logs and for --models; with several values, a ladder to try on
    /// every history
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

/// Compare what scenarios print with golden files, or hold claims against what a model says
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  detente test\n  detente test --claims scenarios/histories/claims.csv\n  detente test --claims mine.csv game.jsonl --model stepwise\n\nA difference is shown, and what the file would be is written beside it with the ending .snap.new; a scenario without a golden file is new, and --accept writes one. A JSON Schema is passed over.\n\nExit status: 0 the same or accepted, 1 different or a claim lost, 2 trouble."
)]
pub(crate) struct Test {
    /// The scenario files [default: all of the folder scenarios]
    #[arg(value_name = "SCENARIO|HISTORY")]
    pub(crate) scenarios: Vec<PathBuf>,
    /// Take what is different as golden from now on, after showing it
    #[arg(long)]
    pub(crate) accept: bool,
    /// The folder of the golden files, run-NAME.snap each
    #[arg(long, default_value = "snapshots", value_name = "FOLDER")]
    pub(crate) snapshots: PathBuf,
    /// Hold claims about histories against what the model says of them, instead; with SCENARIO,
    /// only those about these histories
    #[arg(long, value_name = "FILE.csv", conflicts_with_all = ["accept", "snapshots"])]
    pub(crate) claims: Option<PathBuf>,
    /// What `test --claims --format csv` printed before: exit with 1 where a claim that held then
    /// fails now
    #[arg(long, value_name = "FILE.csv", requires = "claims")]
    pub(crate) baseline: Option<PathBuf>,
    /// The model that the claims are held against: a preset or a file [default: detente]
    #[arg(long, value_name = "PRESET|FILE", requires = "claims")]
    pub(crate) model: Option<PathBuf>,
    /// Another value for a parameter of that model; may be given several times
    #[arg(long, value_name = "NAME=VALUE", requires = "claims")]
    pub(crate) set: Vec<String>,
    /// How to print what became of the claims
    #[arg(long, value_enum, default_value_t = TidyFormat::Table, requires = "claims")]
    pub(crate) format: TidyFormat,
}

/// Write a commented scenario to start from
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  detente new my-scenario --after us-ru-call\n  detente new my-scenario --base my.jsonl --before tariffs"
)]
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
    /// What to start from: a history that ships, or the path of a log or a scenario,
    /// relative to the new file
    #[arg(long, default_value = "recorded", value_name = "HISTORY")]
    pub(crate) base: PathBuf,
}
