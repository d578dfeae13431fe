//! What can be wrong with how a command was called.

use super::words::{Words, meant, says, shortened};
use crate::model::Day;

/// Options that do not go together, or not with what they are given.
#[derive(Debug)]
#[non_exhaustive]
#[expect(missing_docs, reason = "a field is what the message beside it says")]
pub enum BadOption {
    /// An option that goes with some formats only.
    OnlyAs {
        option: &'static str,
        formats: &'static str,
    },
    /// Two options of which one makes no sense beside the other.
    NotWith {
        option: &'static str,
        other: &'static str,
    },
    /// An option that takes one scenario at a time.
    OneAtATime { option: &'static str },
    /// A question about a field of an event that got no answer.
    Unanswered { field: String },
    /// What became of a forecast, recorded before the log could tell it.
    RecordedBeforeKnown {
        /// When it would be recorded.
        recorded: Day,
        /// Until when the log is said to be complete.
        known: Day,
    },
    /// A word that is no command.
    UnknownCommand { found: String, near: Option<String> },
    /// A width that no figure can have.
    Width {
        found: u32,
        least: u32,
        greatest: u32,
        /// In what it is counted.
        unit: &'static str,
    },
}

impl BadOption {
    pub(super) fn words(&self) -> Words {
        match self {
            Self::OnlyAs { option, formats } => {
                says(format!("`{option}` prints as {formats} only"))
            }
            Self::NotWith { option, other } => {
                says(format!("`{option}` does not go with `{other}`"))
            }
            Self::OneAtATime { option } => says(format!("`{option}` takes one scenario at a time")),
            Self::Unanswered { field } => says(format!(
                "the input ended before `{field}` was given, and nothing was added"
            )),
            Self::RecordedBeforeKnown { recorded, known } => says(format!(
                "what a log tells until {known} cannot have been recorded on {recorded}"
            )),
            Self::UnknownCommand { found, near } => {
                says(format!("there is no command `{}`", shortened(found)))
                    .perhaps(meant(near.as_ref()))
            }
            Self::Width {
                found,
                least,
                greatest,
                unit,
            } => says(format!(
                "a figure is {least} to {greatest} {unit} wide, not {found}"
            )),
        }
    }
}
