//! What can be wrong with other people's event data.

use crate::error::kind::words::{Words, says};
use crate::model::Number;

/// Event data that cannot be read, or that cannot be used as was asked.
#[derive(Debug)]
#[non_exhaustive]
#[expect(missing_docs, reason = "a field is what the message beside it says")]
pub enum BadData {
    /// A file that cannot be used as it was asked for. What it is only its readers can tell, in
    /// words.
    Other { says: String, help: Option<String> },
    /// A row of event data that is wrong.
    MalformedRow { says: &'static str },
    /// Event data whose lines end in carriage returns alone.
    LoneReturns,
    /// A row of event data that is too long.
    RecordTooLong {
        /// How many bytes it may have.
        limit: usize,
    },
    /// A choice that asks for what rows of a format do not have.
    Lacks {
        /// The choice: `weights`, `roots_only`, or a way to dedupe.
        choice: &'static str,
        /// What they do not have.
        what: &'static str,
    },
    /// A model that fades words and deeds differently, where all events are added up alike.
    SeveralHalfLives {
        /// The half-life of words, in days.
        words: f64,
        /// That of deeds, in days.
        deeds: f64,
    },
    /// A model that saturates, where events are added up in any order.
    Saturates,
    /// A model that brings weights, where event data have their own option for them.
    ModelWeights,
    /// More rows than are held to be sorted.
    TooMuch {
        /// How many bytes they may have.
        limit: u64,
    },
    /// No row of some event data is left.
    NoRows,
    /// A format without a file behind it.
    NoFile {
        /// The format.
        after: String,
    },
    /// A file that is no actor dictionary.
    NotADictionary,
    /// A packed file that cannot be unpacked.
    Archive { says: String },
}

impl BadData {
    /// A file that cannot be used as it was asked for, and what may help.
    #[cfg(feature = "cli")]
    pub(crate) fn other(says: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Other {
            says: says.into(),
            help: Some(help.into()),
        }
    }

    pub(in crate::error::kind) fn words(&self) -> Words {
        match self {
            Self::Other { says: wrong, help } => {
                let words = says(wrong.clone());
                match help {
                    Some(help) => words.help(help.clone()),
                    None => words,
                }
            }
            Self::MalformedRow { says: wrong } => says(*wrong),
            Self::LoneReturns => {
                says("its lines end in carriage returns alone, without line feeds")
                    .help("save it with line feeds, or translate them: tr '\\r' '\\n' < OLD > NEW")
            }
            Self::RecordTooLong { limit } => {
                says(format!("a row longer than {limit} bytes begins here"))
                    .help("a quotation mark may be missing, or it is no text")
            }
            Self::Lacks { choice, what } => says(format!(
                "`{choice}` does not apply: its rows have no {what}"
            )),
            Self::SeveralHalfLives { words, deeds } => {
                let [words, deeds] = [words, deeds].map(|days| Number(*days));
                says(format!(
                    "the model has a half-life of {words} days for words and of {deeds} for \
                     deeds; the table fades all events alike"
                ))
                .help("`half_life_days` sets both")
            }
            Self::Saturates => says(
                "the model saturates: what an event moves depends on all events before it, \
                 and nothing can be added up",
            )
            .help("goldstein-decay is the model for machine-coded data"),
            Self::ModelWeights => {
                says("the weights of event data do not come from the model's parameter `weights`")
            }
            Self::TooMuch { limit } => says(format!(
                "the rows that are left have more than {} MiB, and all of them are held to be sorted",
                limit >> 20
            ))
            .help("import fewer dyads, or a part of the days at a time with --from and --to"),
            Self::NoRows => {
                says("no row is left to use").help("the summary says why each row was left out")
            }
            Self::NoFile { after } => says(format!("there is no file behind `{after}`")).help(
                format!("`-` is standard input; a file of that name is ./{after}"),
            ),
            Self::NotADictionary => says("this is no actor dictionary").help(
                "names and `+ALIASES` stand on lines of their own, \
                 codes in brackets behind them: [USAGOV >090120]",
            ),
            Self::Archive { says: wrong } => says(format!("it cannot be unpacked: {wrong}")),
        }
    }
}
