//! What can be wrong with an event, in a log or in a scenario.

use super::words::{Words, acts, says, shortened};
use crate::model::{Act, Actor, Day, Refusal};

/// An event that cannot be as it is.
#[derive(Debug)]
#[non_exhaustive]
pub enum BadEvent {
    /// A field that an event must have is not there.
    MissingField {
        /// The field.
        field: &'static str,
        /// The act that needs it; `None` when every event does.
        act: Option<Act>,
    },
    /// A field that does not belong to the act.
    ForeignField {
        /// The field.
        field: &'static str,
        /// The act.
        act: Act,
        /// The acts it belongs to.
        belongs_to: Vec<Act>,
    },
    /// A field that only makes sense beside another.
    NeedsOther {
        /// The field.
        field: &'static str,
        /// The others, of which one will do.
        others: &'static [&'static str],
    },
    /// Two fields of which only one can be.
    Either {
        /// The one.
        field: &'static str,
        /// The other.
        other: &'static str,
    },
    /// An event that is its own cause.
    CausesItself,
    /// An act that the same actors do together lists different ones as source and as target.
    NotMutual {
        /// The act.
        act: Act,
        /// All of them.
        parties: Vec<Actor>,
    },
    /// An actor that acts on itself alone.
    Itself {
        /// The act.
        act: Act,
        /// The actor.
        actor: String,
    },
    /// A field that only makes sense in a scenario.
    OnlyInScenarios {
        /// The field.
        field: &'static str,
    },
    /// A field that only a log has.
    OnlyInLogs {
        /// The field.
        field: &'static str,
    },
    /// An event that is not legal where it stands in the timeline.
    Illegal {
        /// Its id.
        id: String,
        /// Its date.
        date: Day,
        /// The rule it breaks.
        refusal: Box<Refusal>,
        /// What made it so.
        occasion: Occasion,
    },
}

/// What makes an event illegal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Occasion {
    /// It would not be legal where it is to stand.
    ItsOwn,
    /// It is in the log and was legal; another one that is to be appended makes it illegal.
    Appending,
    /// It is in the log and was legal; a retraction makes it illegal.
    Retracting,
}

impl BadEvent {
    pub(super) fn words(&self) -> Words {
        match self {
            Self::MissingField { field, act: None } => says(format!("an event needs `{field}`")),
            Self::MissingField {
                field,
                act: Some(act),
            } => says(format!("the act {act} needs `{field}`")),
            Self::ForeignField {
                field,
                act,
                belongs_to,
            } => says(format!("`{field}` does not belong to the act {act}")).perhaps(
                (!belongs_to.is_empty()).then(|| format!("it belongs to {}", acts(belongs_to))),
            ),
            Self::NeedsOther { field, others } => says(format!(
                "`{field}` needs `{}` beside it",
                others.join("` or `")
            )),
            Self::Either { field, other } => says(format!(
                "an event has either `{field}` or `{other}`, not both"
            )),
            Self::CausesItself => says("an event cannot be its own cause"),
            Self::NotMutual { act, parties } => {
                let words = says(format!(
                    "the act {act} lists the same two or more actors as source and as target"
                ));
                if parties.len() < 2 {
                    return words;
                }
                let parties: Vec<_> = parties.iter().map(|actor| format!("\"{actor}\"")).collect();
                let list = parties.join(",");
                words.help(format!("write \"source\":[{list}],\"target\":[{list}]"))
            }
            Self::Itself { act, actor } => {
                says(format!("{actor} is both source and target of {act}"))
            }
            Self::OnlyInScenarios { field } => says(format!("`{field}` belongs to scenarios only")),
            Self::OnlyInLogs { field } => says(format!("`{field}` belongs to logs only")),
            Self::Illegal {
                id,
                date,
                refusal,
                occasion,
            } => {
                let (became, help) = match occasion {
                    Occasion::ItsOwn => ("is illegal", refusal.help.clone()),
                    Occasion::Appending => (
                        "would become illegal",
                        Some(
                            "give the new event another date, or retract this one first".to_owned(),
                        ),
                    ),
                    Occasion::Retracting => (
                        "would become illegal",
                        Some("retract it first, or with it".to_owned()),
                    ),
                };
                let id = shortened(id);
                says(format!("`{id}` of {date} {became}: {}", refusal.says)).perhaps(help)
            }
        }
    }
}
