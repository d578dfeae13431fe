//! What can be wrong with a table that a person wrote: events or claims, a row each.

use super::words::{Words, meant, says, shortened};

/// A table that cannot be read, or a cell of it.
#[derive(Debug)]
#[non_exhaustive]
pub enum BadTable {
    /// A text that is no table of the kind that was asked for.
    NotATable {
        /// What reading it said.
        says: String,
    },
    /// A column of an unknown name.
    UnknownColumn {
        /// Its name.
        found: String,
        /// The name that may have been meant.
        near: Option<String>,
    },
    /// A column that must be there.
    MissingColumn {
        /// Its name.
        column: &'static str,
    },
    /// A row with more cells than there are columns.
    TooManyCells {
        /// How many cells it has.
        found: u64,
        /// How many columns there are.
        columns: u64,
    },
    /// A cell that is not what its column holds.
    Cell {
        /// The column.
        column: &'static str,
        /// What stands there.
        found: String,
        /// What is expected.
        expected: &'static str,
        /// The word that may have been meant.
        near: Option<String>,
    },
    /// A file of claims in which nothing is claimed of a history.
    NoClaims {
        /// The history.
        found: String,
        /// One that may have been meant.
        near: Option<String>,
    },
    /// A file of claims that does not say which of them held.
    NotABaseline,
}

impl BadTable {
    pub(super) fn words(&self) -> Words {
        match self {
            Self::NotATable { says: why } => says(format!("not a table: {}", shortened(why))),
            Self::UnknownColumn { found, near } => {
                says(format!("unknown column `{}`", shortened(found))).perhaps(meant(near.as_ref()))
            }
            Self::MissingColumn { column } => says(format!("the column `{column}` is missing")),
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
