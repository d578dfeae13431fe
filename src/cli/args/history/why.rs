//! The arguments of `why`.

use crate::cli::args::options::{
    FigureArguments, FigureFormat, LuckArguments, ModelArguments, words,
};
use crate::history::Every;
use crate::model::{Day, Dyad};
use crate::view::{By, Sort};
use clap::Args;
use std::num::NonZero;
use std::path::PathBuf;

/// Tell why a temperature or a level is what it is: the share of each event, each measure, and the
/// start
#[derive(Debug, Args)]
#[command(
    after_help = "push    what the event added to the temperature on its day\nshare   what is left of it after the waits since; of a measure, what it added while it stood\neffect  the temperature less what it would be had the event, and all it caused, not happened\n\nPrinted shares add up to the printed temperature: each is rounded down, and the hundredths that are missing go to those that lost most by it. json and csv have every bit.\n\nIn a scenario the effect is that on this very run: it is played again with the same luck but without the event, and its rules react to what happens then.\n\nWith --model evidence it is the level of an index: the share of each weight and of the prior, and in effect the level less what it would be without the event.\n\nExamples:\n  detente why                                          the recorded history, at its end\n  detente why --at 2017-01-27 --by source              before the call, by who acted\n  detente why my.jsonl --dyad FRA-DEU --format csv     every event of a log, with all its bits\n  detente why scenarios/grand-bargain.json --top 5     a scenario\n  detente why coded.jsonl --model evidence             what the level of imported events is made of\n  detente why --crossing -3                            what first took it below -3\n  detente why --chart                                  as a waterfall in the terminal\n  detente why --format svg > waterfall.svg             as a figure for a paper"
)]
pub(crate) struct Why {
    /// The log or scenario: a file, `-` for a log on standard input, or a history that ships
    #[arg(default_value = "recorded", value_name = "LOG|SCENARIO")]
    pub(crate) history: PathBuf,
    /// The dyad, in either order [default: the one that most events touch]
    #[arg(long, value_name = "A-B")]
    pub(crate) dyad: Option<Dyad>,
    /// Look back from the end of a day, or from right after an event, by its id [default: the end]
    #[arg(long, visible_alias = "to", value_name = "DATE|ID")]
    pub(crate) at: Option<String>,
    /// Only what was recorded until that day; for logs
    #[arg(long, value_name = "DATE")]
    pub(crate) as_known_on: Option<Day>,
    /// Sum what happened before this day in one row
    #[arg(long, value_name = "DATE", value_parser = Day::beginning)]
    pub(crate) from: Option<Day>,
    /// Look back from several dates, one after the other: each day, week or month until then, or
    /// some dates
    #[arg(
        long,
        value_name = "day|week|month|DATE,DATE...",
        conflicts_with = "crossing"
    )]
    pub(crate) every: Option<Every>,
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
    #[arg(long, value_enum, default_value_t = Sort::Size)]
    pub(crate) sort: Sort,
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

words! { By:
    By::Event => "event", "One event";
    By::Source => "source", "All events by the same side, and all its standing measures";
    By::Act => "act", "All events of an act; coded ones by the root of their CAMEO code";
    By::Year => "year", "All events of a year";
}

words! { Sort:
    Sort::Size => "size", "The largest share first";
    Sort::Date => "date", "The earliest first";
}
