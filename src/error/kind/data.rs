//! What can be wrong with other people's event data.

use super::words::{Words, quoted, says, shortened};
use crate::text::{count, shown};

/// Event data that cannot be read, or that cannot be used as was asked.
#[derive(Debug)]
#[non_exhaustive]
pub enum BadData {
    /// A first line of event data that is of no format, or of another one than was said.
    Unknown {
        /// The format that it was said to be.
        said: Option<&'static str>,
        /// The format that it is.
        found: Option<&'static str>,
        /// How many columns it has.
        columns: usize,
        /// The line, or its beginning.
        line: String,
    },
    /// A table without some of the columns that are needed.
    MissingColumns {
        /// Those that are missing.
        missing: Vec<String>,
        /// Those that are there.
        found: Vec<String>,
    },
    /// A row of event data that is wrong.
    MalformedRow {
        /// What is wrong with it.
        says: &'static str,
    },
    /// Event data whose lines end in carriage returns alone.
    LoneReturns,
    /// A row of event data that is too long.
    RecordTooLong {
        /// How many bytes it may have.
        limit: usize,
    },
    /// A choice that asks for what rows of a format do not have.
    Lacks {
        /// The choice: `weights` or `roots_only`.
        choice: &'static str,
        /// What they do not have.
        what: &'static str,
    },
    /// A model that saturates, where events are added up in any order.
    Saturates,
    /// A model that brings weights, where event data have their own option for them.
    ModelWeights,
    /// Rows whose codes a program has saved as numbers.
    NumberCodes {
        /// How many rows.
        rows: u64,
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
    /// An archive with another number of files than one.
    ArchiveMembers {
        /// How many there are.
        found: usize,
    },
    /// A packed file that cannot be unpacked.
    Archive {
        /// What is wrong with it.
        says: String,
    },
}

impl BadData {
    pub(super) fn words(&self) -> Words {
        match self {
            Self::Unknown {
                said: Some(said),
                found: Some(found),
                ..
            } => says(format!("this is {found}, not {said}"))
                .help(format!("leave the format out, or say {found}")),
            Self::Unknown {
                said,
                found,
                columns,
                line,
            } => {
                let not = said.map_or("no event data of a known format".to_owned(), |said| {
                    format!("not {said}")
                });
                let words = says(format!(
                    "this is {not}: {} that {} `{}`",
                    count(*columns as u64, "column"),
                    if *columns == 1 { "begins" } else { "begin" },
                    shortened(line)
                ));
                match found {
                    Some(found) => words.help(format!("leave the format out, or say {found}")),
                    None => words.help(
                        "gdelt has 57, 58 or 61 columns with tabs between and no header; \
                         icews and polecat have a header; icews-quadruples has four columns: \
                         source, event text, target, date; \
                         csv has a header, whose columns can be named",
                    ),
                }
            }
            Self::MissingColumns { missing, found } => says(format!(
                "the table has no column {}",
                shown(&quoted(missing))
            ))
            .help(format!("its columns are {}", shown(&quoted(found)))),
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
            Self::Saturates => says(
                "the model saturates: what an event moves depends on all events before it, \
                 and nothing can be added up",
            )
            .help("goldstein-decay is the model for machine-coded data"),
            Self::ModelWeights => {
                says("the weights of event data do not come from the model's parameter `weights`")
            }
            Self::NumberCodes { rows } => says(format!(
                "the codes of {} have lost their leading 0, so no code of the file can be trusted: \
                 10 may have been 010, of the opposite sign",
                count(*rows, "row")
            ))
            .help(
                "read the codes as text and save them again \
                 (R: colClasses = \"character\", pandas: dtype=str)",
            ),
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
            Self::ArchiveMembers { found } => says(format!(
                "the archive has {}, and must have one",
                count(*found as u64, "file")
            ))
            .help("unpack it, and name the files"),
            Self::Archive { says: wrong } => says(format!("it cannot be unpacked: {wrong}")),
        }
    }
}
