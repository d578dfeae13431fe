//! What can be wrong with a table that a person wrote: events or claims, a row each.

use crate::error::kind::words::{Words, either, meant, says, shortened};
use crate::model::Day;

/// A table that cannot be read, or a cell of it.
#[derive(Debug)]
#[non_exhaustive]
#[expect(missing_docs, reason = "a field is what the message beside it says")]
pub enum BadTable {
    /// A text that is no table of the kind that was asked for.
    NotATable { says: String },
    /// A column of an unknown name.
    UnknownColumn { found: String, near: Option<String> },
    /// A column that must be there.
    MissingColumn { column: &'static str },
    /// A table whose first line is one column, as where something else stands between columns than
    /// is looked for.
    OneColumn { found: String },
    /// A table of events without a header over its columns.
    NoHeader {
        /// One that names the columns which nearly every such table has.
        header: String,
    },
    /// A table of events whose header has other rows above it.
    HeaderBelow,
    /// A row with more cells than there are columns.
    TooManyCells { found: u64, columns: u64 },
    /// A cell that is not what its column holds.
    Cell {
        column: &'static str,
        found: String,
        expected: &'static str,
        near: Option<String>,
    },
    /// Bytes that are no text.
    NotText {
        found: &'static str,
        /// Whether it is JSON but for that.
        is_json: bool,
    },
    /// A character that cannot be seen and stands in no text that a person wrote.
    Unseen { found: char },
    /// A field that two columns give.
    ColumnTwice { name: String },
    /// A cell in a column without a heading.
    NoHeading { found: String },
    /// A quotation mark that makes no cell.
    Mark {
        /// What is wrong with it.
        why: &'static str,
    },
    /// A date as a spreadsheet writes it.
    RewrittenDate {
        found: String,
        /// The days that it can mean.
        meant: Vec<Day>,
    },
    /// A CAMEO code that may have lost its leading 0 in a spreadsheet.
    MayLackZero {
        /// The code, of two digits.
        found: String,
    },
    /// A number in another notation, or none.
    Number { found: String },
    /// An entry of a list that has not the parts it must have.
    Entry { found: String, expected: String },
    /// A name that stands in two rows, for days that both have.
    NameTwice {
        name: String,
        /// The line of the other row.
        other_line: u64,
        /// The first day that both have; nothing where both have all days.
        day: Option<Day>,
    },
    /// A file of claims in which nothing is claimed of a history.
    NoClaims { found: String, near: Option<String> },
    /// A file of claims that does not say which of them held.
    NotABaseline,
}

impl BadTable {
    pub(in crate::error::kind) fn words(&self) -> Words {
        match self {
            Self::NotATable { says: why } => says(format!("not a table: {}", shortened(why))),
            Self::UnknownColumn { found, near } => {
                says(format!("unknown column `{}`", shortened(found))).perhaps(meant(near.as_ref()))
            }
            Self::MissingColumn { column } => says(format!("the column `{column}` is missing")),
            Self::OneColumn { found } => says(format!(
                "the table has one column, `{}`",
                shortened(found)
            ))
            .help("between columns stands a comma, a semicolon or a tab"),
            Self::NoHeader { header } => {
                says("the table has no header: its first row is an event already").help(format!(
                    "put a row above it that names what stands in each column, such as {header}"
                ))
            }
            Self::HeaderBelow => {
                says("the header must be the first row, and this row looks like it")
                    .help("take out what stands above it")
            }
            Self::TooManyCells { found, columns } => says(format!(
                "{found} cells in a row, where there are {columns} columns"
            ))
            .help("put a cell that has a comma in it between quotation marks"),
            Self::Cell {
                column,
                found,
                expected,
                near,
            } => {
                let what = if found.is_empty() {
                    format!("`{column}` is empty, expected {expected}")
                } else {
                    format!("`{column}` is `{}`, expected {expected}", shortened(found))
                };
                says(what).perhaps(meant(near.as_ref()))
            }
            Self::NotText { found, is_json } => {
                let help = if *is_json {
                    "save it as UTF-8"
                } else {
                    "save it as CSV UTF-8"
                };
                says(format!("this is {found}, not a text in UTF-8")).help(help)
            }
            Self::Unseen { found } => says(format!(
                "a character that cannot be seen stands here, U+{:04X}",
                u32::from(*found)
            ))
            .help("take it out"),
            Self::ColumnTwice { name } => says(format!(
                "two columns have the heading `{}`",
                shortened(name)
            )),
            Self::NoHeading { found } => says(format!(
                "`{}` stands in a column without a heading",
                shortened(found)
            )),
            Self::Mark { why } => says(*why),
            Self::RewrittenDate { found, meant } => {
                says(format!(
                    "`{}` is a date as a spreadsheet writes it",
                    shortened(found)
                ))
                .help(format!(
                    "write {}; a column with the format Text keeps it",
                    either(meant)
                ))
            }
            Self::MayLackZero { found } => says(format!(
                "`{found}` is a code, and `0{found}` is another: a spreadsheet makes one of the other"
            ))
            .help(format!(
                "write {found}0 for {found}, or 0{found} in a column with the format Text"
            )),
            Self::Number { found } => no_number(found),
            Self::Entry { found, expected } => {
                says(format!("`{}` is not of the form {expected}", shortened(found)))
                    .help("entries are parted by `;`")
            }
            Self::NameTwice {
                name,
                other_line,
                day,
            } => name_twice(name, *other_line, *day),
            Self::NoClaims { found, near } => {
                says(format!("it claims nothing of `{}`", shortened(found)))
                    .perhaps(meant(near.as_ref()))
            }
            Self::NotABaseline => says("it does not say which of its claims held").help(
                "a baseline is what was printed as CSV when they did, with the column `holds`",
            ),
        }
    }
}

/// A text that is no number, and the number that it is but for a comma.
fn no_number(found: &str) -> Words {
    let point = found.replacen(',', ".", 1);
    let is_meant = point != found && point.parse::<f64>().is_ok_and(f64::is_finite);
    let help = if is_meant {
        format!("write it with a point: {point}")
    } else {
        "write it in digits, with a point where there is one, such as 60 or -1.5".to_owned()
    };
    says(format!("`{}` is not a number", shortened(found))).help(help)
}

fn name_twice(name: &str, other_line: u64, day: Option<Day>) -> Words {
    let name = shortened(name);
    match day {
        Some(day) => says(format!(
            "`{name}` has two actors on {day}: the days of this row and of line {other_line} overlap"
        ))
        .help("let `to` of the one be the day before `from` of the other"),
        None => says(format!("`{name}` stands on line {other_line} already"))
            .help("a name with two actors needs `from` and `to`, apart from each other"),
    }
}
