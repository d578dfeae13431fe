//! What can be wrong with a question put to a history.

use crate::error::kind::words::{Words, meant, says, shortened};
use crate::model::Day;

/// A question that the history has no answer to.
#[derive(Debug)]
#[non_exhaustive]
#[expect(missing_docs, reason = "a field is what the message beside it says")]
pub enum BadQuestion {
    /// More temperatures, one for each dyad and day, than are held.
    TooManyReadings {
        /// How many there would be.
        found: u64,
        limit: u64,
    },
    /// More dates than are looked at.
    TooManyDates { limit: usize },
    /// A dyad that nothing moves.
    UnknownDyad { dyad: String, known: Vec<String> },
    /// An event that the history does not have.
    UnknownEvent {
        /// The id or number.
        found: String,
        near: Option<String>,
    },
    /// The end of what is looked at, which is neither a date nor an event.
    UnknownEnd {
        /// What was given.
        found: String,
        /// A date or an id that may have been meant.
        near: Option<String>,
    },
    /// A name that nothing in the history has.
    UnknownName {
        /// What kind of thing it would name.
        what: &'static str,
        found: String,
        near: Option<String>,
    },
    /// A retraction, where an event that counts is wanted.
    IsRetraction { id: String },
    /// A day before anything happened.
    BeforeHistory { day: Day, first: Day },
    /// A day after the last one of a history.
    AfterHistory { day: Day, last: Day },
    /// A window whose last day comes before its first.
    EmptyWindow { from: Day, to: Day },
    /// A date outside of the window that it is to be looked at in.
    OutsideWindow { day: Day, from: Day, to: Day },
    /// A history in which no event moves a dyad.
    NothingMoves,
    /// A question without an answer to give, such as a temperature without bounds.
    Empty {
        /// What is missing.
        needs: &'static str,
    },
    /// A question whose deadline lies before the fork or after the last day.
    Deadline {
        day: Day,
        /// The first day on which it is asked.
        first: Day,
        last: Day,
    },
}

impl BadQuestion {
    /// How many dyads a help names.
    const DYADS: usize = 12;

    pub(in crate::error::kind) fn words(&self) -> Words {
        match self {
            Self::UnknownDyad { dyad, known } => {
                let words = says(format!("no event moves the dyad {dyad}"));
                if known.is_empty() {
                    return words;
                }
                let named = known.iter().take(Self::DYADS).map(String::as_str);
                let more = known.len().checked_sub(Self::DYADS + 1);
                let more = more.map(|more| format!("{} more", more + 1));
                let list: Vec<_> = named.chain(more.as_deref()).collect();
                words.help(format!("the dyads of this history are {}", list.join(", ")))
            }
            Self::TooManyReadings { found, limit } => says(format!(
                "that would be {found} temperatures, and there may be up to {limit}"
            ))
            .help("`--dyad` picks some dyads; `--from`, `--to` or `--every` fewer days"),
            Self::TooManyDates { limit } => says(format!("there would be more than {limit} dates"))
                .help("`--from`, `--to` or a longer step of `--every` gives fewer"),
            Self::UnknownEvent { found, near } => {
                says(format!("the history has no event `{}`", shortened(found)))
                    .perhaps(meant(near.as_ref()))
            }
            Self::UnknownEnd { found, near } => says(format!(
                "`{}` is no date, and no event of the history",
                shortened(found)
            ))
            .help(meant(near.as_ref()).unwrap_or_else(|| {
                "a date is YYYY-MM-DD, an event has an id and a number, as `detente log show` tells"
                    .to_owned()
            })),
            Self::UnknownName { what, found, near } => {
                says(format!("there is no {what} `{}`", shortened(found)))
                    .perhaps(meant(near.as_ref()))
            }
            Self::IsRetraction { id } => says(format!(
                "`{}` is a retraction, which moves nothing",
                shortened(id)
            )),
            Self::BeforeHistory { day, first } => says(format!(
                "nothing has happened by {day}; the first event is of {first}"
            )),
            Self::AfterHistory { day, last } => {
                says(format!("{day} lies behind the last day, {last}"))
            }
            Self::EmptyWindow { from, to } => says(format!("there is no day from {from} to {to}")),
            Self::OutsideWindow { day, from, to } => says(format!(
                "{day} lies outside of what is looked at, {from} to {to}"
            )),
            Self::NothingMoves => says("no event in it moves a dyad"),
            Self::Empty { needs } => says(format!("the question needs {needs}")),
            Self::Deadline { day, first, last } => says(format!(
                "{day} lies outside the days on which this is asked, {first} to {last}"
            ))
            .perhaps((day > last).then(|| "`until` says which day is the last".to_owned())),
        }
    }
}
