//! Options that several commands take: the model, the luck, figures, formats.

use crate::history::{Every, Window};
use crate::model::{Day, Preset};
use crate::threads::THREAD_LIMIT;
use crate::view::figure::Theme;
use clap::{Args, ValueEnum};
use std::num::NonZero;
use std::path::PathBuf;

/// The words of the command line for values of the library, each with its help.
macro_rules! words {
    ($type:ty: $($value:expr => $word:literal, $help:literal;)+) => {
        impl clap::ValueEnum for $type {
            fn value_variants<'a>() -> &'a [Self] {
                &[$($value),+]
            }

            fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
                let words = [$(($value, $word, $help)),+];
                let own = words.into_iter().find(|(value, ..)| value == self);
                own.map(|(_, word, help)| clap::builder::PossibleValue::new(word).help(help))
            }
        }
    };
}
pub(super) use words;

#[derive(Debug, Args)]
pub(crate) struct ModelArguments {
    #[arg(long, default_value = "detente", value_name = "PRESET|FILE", help = of_models("The model", ""))]
    pub(crate) model: PathBuf,
    /// Another value for a parameter of the model, which `detente schema model` lists; may be given
    /// several times
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) set: Vec<String>,
}

/// The help of an option that takes a model.
pub(super) fn of_models(what: &str, default: &str) -> String {
    let presets = Preset::ALL.map(Preset::name).join(", ");
    format!("{what}: a preset ({presets}) or a file{default}")
}

/// Reads a number of threads.
fn threads(text: &str) -> Result<NonZero<usize>, String> {
    let number = text.parse::<NonZero<usize>>().ok();
    let number = number.filter(|threads| threads.get() <= THREAD_LIMIT);
    number.ok_or_else(|| format!("a number from 1 to {THREAD_LIMIT} is expected"))
}

/// On how many threads a command works.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct ThreadArguments {
    /// How many threads, up to 256 [default: as many as the machine has cores]
    #[arg(long, value_name = "T", value_parser = threads)]
    pub(crate) threads: Option<NonZero<usize>>,
}

impl ThreadArguments {
    pub(crate) fn count(self) -> usize {
        let threads = self
            .threads
            .or_else(|| std::thread::available_parallelism().ok());
        threads.map_or(1, NonZero::get)
    }
}

/// Which part of a history is looked at, and on which dates.
#[derive(Clone, Debug, Args)]
pub(crate) struct WindowArguments {
    /// Look at what is from this day on; what lies before it counts all the same
    #[arg(long, value_name = "DATE", value_parser = Day::beginning)]
    pub(crate) from: Option<Day>,
    /// The last day to look at [default: the first on which a scenario ends, else that of the last
    /// event]
    #[arg(long, value_name = "DATE")]
    pub(crate) to: Option<Day>,
    /// On which dates: each day, week or month, or some dates [default: days up to ten weeks, weeks
    /// with the days of events up to half a year, then months]
    #[arg(long, value_name = "day|week|month|DATE,DATE...")]
    pub(crate) every: Option<Every>,
}

impl WindowArguments {
    pub(crate) fn window(&self) -> Window {
        Window {
            from: self.from,
            to: self.to,
            every: self.every.clone(),
        }
    }
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
    pub(crate) theme: Option<Theme>,
}

words! { Theme:
    Theme::Light => "light", "Dark letters on white";
    Theme::Dark => "dark", "Light letters on a dark ground";
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

/// How to print what has rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TidyFormat {
    /// For people
    Table,
    /// One JSON object with everything
    Json,
    /// Tidy rows, comma-separated, with a header
    Csv,
}

/// How to print a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DocumentFormat {
    /// For people
    Table,
    /// One JSON object with everything
    Json,
}
