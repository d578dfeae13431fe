//! What can be wrong with a value, in whatever file or argument it stands.

use super::words::{Words, either, plain_number, says, shortened};
use crate::model::{Actor, BadDay, BadDyad, Day, Dyad};

/// A value that its field cannot have.
#[derive(Debug)]
#[non_exhaustive]
#[expect(missing_docs, reason = "a field is what the message beside it says")]
pub enum BadValue {
    /// A name with characters that a name cannot have, or too long.
    Name {
        found: String,
        /// The longest there may be, in bytes.
        limit: usize,
    },
    /// A text that is not a day.
    Day(BadDay),
    /// A date in another notation.
    OtherDate {
        found: String,
        /// The days that it can mean.
        meant: Vec<Day>,
    },
    /// A text between the quotation marks of printed text, which are of it then.
    Printed {
        found: String,
        /// The text between them.
        expected: String,
    },
    /// A text that is not a dyad.
    Dyad(BadDyad),
    /// A text in the place of an actor's code, by which one is meant.
    Actor {
        found: String,
        near: Actor,
        /// What that one is called.
        name: Option<String>,
    },
    /// Several actors in the place of one.
    Several {
        found: String,
        /// How they are written.
        expected: String,
    },
    /// A name for people that is the code of an actor, by which that actor is meant, and not what
    /// it is given to.
    NameIsCode { key: String, code: Actor },
    /// A name for people that an actor is given, and that is the code of another one.
    NameIsOthers { of: Actor, code: Actor },
    /// What a name for people is given to, and is the name of an actor itself.
    KeyIsName { key: String, near: Actor },
    /// A name for people that holds another one with what that is given to.
    NameHoldsOther { name: String, other: String },
    /// A dyad of two names, where codes are wanted.
    NamedDyad { found: String, near: Dyad },
    /// Names that may be those of several dyads.
    SeveralDyads {
        /// The names.
        found: String,
        /// The codes and names of each dyad.
        dyads: Vec<String>,
    },
    /// The same value twice in a list.
    Twice { field: &'static str, value: String },
    /// More entries in a list than there may be.
    TooMany {
        field: &'static str,
        found: usize,
        limit: usize,
    },
    /// A list that must not be empty.
    NoEntries { field: &'static str },
    /// A number beyond the scale.
    OffScale {
        field: &'static str,
        found: f64,
        /// The bound on either side.
        bound: f64,
    },
    /// A probability that is not between 0 and 1.
    Probability { found: f64 },
    /// A number that must be above 0.
    NotPositive { what: &'static str },
    /// A span whose end comes before its start, or values that do not rise.
    NotRising { expected: &'static str },
    /// A number of days beyond the limit, or beyond the calendar.
    TooManyDays {
        found: i64,
        /// The limit on either side.
        limit: i32,
    },
    /// A day that the calendar does not have.
    BeyondCalendar,
}

impl BadValue {
    pub(super) fn words(&self) -> Words {
        match self {
            Self::Name { found, limit } => {
                let what = if found.is_empty() {
                    "a name cannot be empty".to_owned()
                } else {
                    format!("`{}` is not a name", shortened(found))
                };
                says(what).help(format!(
                    "a name begins with a letter and goes on with letters, digits, \
                     `-`, `_`, `.` or `@`, up to {limit} in all"
                ))
            }
            Self::Day(bad) => says(bad.to_string()),
            Self::OtherDate { found, meant } => says(format!(
                "`{}` is not a date of the form YYYY-MM-DD",
                shortened(found)
            ))
            .help(format!("write {}", either(meant))),
            Self::Printed { found, expected } => says(format!(
                "printed quotation marks stand in `{}`",
                shortened(found)
            ))
            .help(format!("write `{}`", shortened(expected))),
            Self::Dyad(bad) => says(bad.to_string()),
            Self::Actor { found, near, name } => {
                let name = name.as_ref().map(|name| format!(" ({})", shortened(name)));
                let name = name.unwrap_or_default();
                says(format!(
                    "`{}` is not an actor code; did you mean `{near}`{name}?",
                    shortened(found)
                ))
            }
            Self::Several { found, expected } => says(format!(
                "`{}` is not an actor code, but several",
                shortened(found)
            ))
            .help(format!("write `{expected}`")),
            Self::NameIsCode { key, code } => name_is_code(key, *code),
            Self::NameIsOthers { of, code } => says(format!(
                "the name that `{of}` is given is `{code}`, the code of another actor"
            ))
            .help("a name is one for people, such as Blueland"),
            Self::KeyIsName { key, near } => key_is_name(key, *near),
            Self::NameHoldsOther { name, other } => name_holds_other(name, other),
            Self::NamedDyad { found, near } => says(format!(
                "`{}` is a dyad by names, not by codes; did you mean `{near}`?",
                shortened(found)
            )),
            Self::SeveralDyads { found, dyads } => says(format!(
                "`{}` may be {}",
                shortened(found),
                dyads.join(", or ")
            ))
            .help("say which by its codes"),
            Self::Twice { field, value } => says(format!("`{value}` stands twice in `{field}`")),
            Self::TooMany {
                field,
                found,
                limit,
            } => says(format!(
                "`{field}` has {found} entries; there may be up to {limit}"
            )),
            Self::NoEntries { field } => says(format!("`{field}` is empty")),
            Self::OffScale {
                field,
                found,
                bound,
            } => says(format!(
                "`{field}` is {found}, but must lie between -{bound} and {bound}"
            )),
            Self::Probability { found } => {
                let words = says(format!(
                    "a probability lies between 0 and 1, not at {found}"
                ));
                if !(2.0..=100.0).contains(found) {
                    return words;
                }
                let share = plain_number(found / 100.0);
                words.help(format!("{} per cent is {share}", plain_number(*found)))
            }
            Self::NotPositive { what } => says(format!("the {what} must be above 0")),
            Self::NotRising { expected } => says(*expected),
            Self::TooManyDays { found, limit } => {
                let bound = if *found < 0 { -limit } else { *limit };
                says(format!(
                    "{found} days are too many; there may be up to {bound}"
                ))
            }
            Self::BeyondCalendar => {
                says("the calendar ends with 9999-12-31 and begins with 0001-01-01")
            }
        }
    }
}

fn name_is_code(key: &str, code: Actor) -> Words {
    let key = shortened(key);
    says(format!(
        "the name that `{key}` is given is `{code}`, the code of an actor"
    ))
    .help(format!(
        "the code comes first, and then its name: `{code}` is given `{key}`"
    ))
}

fn key_is_name(key: &str, near: Actor) -> Words {
    says(format!(
        "`{}` is not the code of an actor, nor the id of anything here; did you mean `{near}`?",
        shortened(key)
    ))
}

fn name_holds_other(name: &str, other: &str) -> Words {
    says(format!(
        "the name `{}` holds another with its code, `{}`",
        shortened(name),
        shortened(other)
    ))
    .help("give each its own entry; in a table `;` parts them")
}
