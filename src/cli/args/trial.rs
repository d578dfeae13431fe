//! The arguments of what puts the level on trial: `fit`, `validate`.

use super::event_data::{CrateArguments, EventData};
use super::options::{FigureArguments, FigureFormat, TidyFormat, words};
use crate::evidence::{EVIDENCE, Every, Period, Target};
use crate::exchange::Quads;
use crate::model::{Day, Dyad};
use clap::Args;
use std::path::PathBuf;

/// Fit the parameters of the index to event data: those that foretell the next month best, and how
/// well they are determined
#[derive(Debug, Args)]
#[command(
    override_usage = "detente fit [OPTIONS] [FORMAT] FILE...",
    after_help = "FORMAT and files are as for index. At the end of each month the level is to foretell the mean weight of the dyad's events of the next. Fitted until the month in the middle, as `detente validate` does, so that the months after it are left to judge by: fit on all with --fit-until and the last month. The same bytes for any order of rows and any number of threads.\n\nExamples:\n  detente fit icews events.*.tab\n  detente fit icews events.*.tab --fit-until 2018-12 --save fitted.json\n  detente index icews events.*.tab --model fitted.json -o table.csv\n  detente fit gdelt *.export.CSV.zip --grid half_life_slow_days=365,1460,none --ahead 3"
)]
pub(crate) struct Fit {
    #[command(flatten)]
    pub(crate) data: EventData,
    #[command(flatten)]
    pub(crate) trial: Trial,
    /// How often dyads are drawn anew for the ranges
    #[arg(long, value_name = "N", default_value = "1000", value_parser = clap::value_parser!(u32).range(100..=100_000))]
    pub(crate) draws: u32,
    /// Save the best parameters as a model file, which `index --model FILE` takes
    #[arg(long, value_name = "FILE")]
    pub(crate) save: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) deposit: CrateArguments,
    /// Put model, manifest and folder in the place of what has those names
    #[arg(long)]
    pub(crate) overwrite: bool,
    /// How to print it
    #[arg(long, value_enum, default_value_t = TidyFormat::Table)]
    pub(crate) format: TidyFormat,
}

/// Validate the index on event data: hold it, on months after the fit, against seven rivals, and
/// say whether it is any good
#[derive(Debug, Args)]
#[command(
    override_usage = "detente validate [OPTIONS] [FORMAT] FILE...",
    after_help = "FORMAT and files are as for index. Rivals are calibrated on the fitted span, the level is used as it is, and all are judged on what follows. Skill is 1 - loss / loss of a dyad's own mean so far; intervals are 90 %, over bootstraps of dyads. The same bytes for any order of rows and any number of threads.\n\nExamples:\n  detente validate icews events.*.tab\n  detente validate icews events.*.tab --fit-until 2014-12 --ahead 3 --chart\n  detente validate gdelt *.export.CSV.zip --target conflict-share --format svg > skill.svg\n  detente validate icews events.*.tab --against votes.csv --manifest manifest.json"
)]
pub(crate) struct Validate {
    #[command(flatten)]
    pub(crate) data: EventData,
    #[command(flatten)]
    pub(crate) trial: Trial,
    /// Whose level is judged: evidence, or a file, such as fit --save writes of other data
    #[arg(long, default_value = EVIDENCE, value_name = "PRESET|FILE")]
    pub(crate) model: PathBuf,
    /// A parameter other than the model's; may be given several times
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) set: Vec<String>,
    /// Correlate the level with a series of your own: a table with columns dyad (or actor), month
    /// and value
    #[arg(long, value_name = "FILE.csv")]
    pub(crate) against: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) deposit: CrateArguments,
    /// How often dyads are drawn anew for the intervals; the ranges of the fit have a tenth of that
    #[arg(long, value_name = "N", default_value = "10000", value_parser = clap::value_parser!(u32).range(1_000..=1_000_000))]
    pub(crate) draws: u32,
    /// Put the manifest or the folder in the place of what has that name
    #[arg(long)]
    pub(crate) overwrite: bool,
    /// How to print it
    #[arg(long, value_enum, default_value_t = FigureFormat::Table)]
    pub(crate) format: FigureFormat,
    #[command(flatten)]
    pub(crate) figure: FigureArguments,
}

/// What is foretold, and how it is fitted.
#[derive(Debug, Args)]
pub(crate) struct Trial {
    /// Only this dyad, in either order; may be given several times [default: all]
    #[arg(long, value_name = "A-B")]
    pub(crate) dyad: Vec<Dyad>,
    /// How codes are cut into classes [default: gdelt for GDELT, cameo for others]
    #[arg(long, value_enum, value_name = "CUT")]
    pub(crate) quad_classes: Option<Quads>,
    /// What is foretold
    #[arg(long, value_enum, default_value_t = Target::Mean)]
    pub(crate) target: Target,
    /// How many months are foretold together
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u32).range(1..=120))]
    pub(crate) ahead: u32,
    /// The last month of the fitted span, whose first quarter warms up [default: the month in the
    /// middle of the data]
    #[arg(long, value_name = "YYYY-MM", value_parser = month)]
    pub(crate) fit_until: Option<Period>,
    /// How many events a dyad needs until then
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) least: u64,
    /// The values of a parameter that are tried; may be given several times [default:
    /// half_life_slow_days=90,180,365,730,1460 prior_slow_events=1,2,4,8,16
    /// half_life_fast_days=7,14,30,60 prior_fast_events=5,10,20,40,80]
    #[arg(long, value_name = "NAME=V1,V2,...|NAME=A..B:N")]
    pub(crate) grid: Vec<String>,
    /// The seed of all draws
    #[arg(long, value_name = "S", default_value_t = 0)]
    pub(crate) seed: u64,
}

words! { Target:
    Target::Mean => "mean", "The mean of their weights, in degrees";
    Target::ConflictShare => "conflict-share", "The share of events of conflict";
}

/// Reads `2014-06`.
pub(crate) fn month(text: &str) -> Result<Period, String> {
    let day = format!("{text}-01").parse::<Day>().ok();
    // A date has hyphens at two places only, so that what is in front of `-01` is a year and a
    // month.
    day.map(|day| Every::Month.period(day))
        .ok_or_else(|| "a month is expected, YYYY-MM".to_owned())
}
