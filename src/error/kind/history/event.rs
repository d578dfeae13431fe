//! What can be wrong with an event, in a log or in a scenario.

use crate::error::kind::words::{Words, acts, any_of, says, shortened};
use crate::model::{Act, Actor, Day, Refusal, STRENGTH_LIMIT, temperature::BOUND_DEGREES};

/// An event that cannot be as it is.
#[derive(Debug)]
#[non_exhaustive]
#[expect(missing_docs, reason = "a field is what the message beside it says")]
pub enum BadEvent {
    /// A field that an event must have is not there.
    MissingField {
        field: &'static str,
        /// The act that needs it; `None` when every event does.
        act: Option<Act>,
    },
    /// A field that does not belong to the act.
    ForeignField {
        field: &'static str,
        act: Act,
        belongs_to: Vec<Act>,
    },
    /// A field that only makes sense beside another.
    NeedsOther {
        field: &'static str,
        /// The others, of which one will do.
        others: &'static [&'static str],
    },
    /// Two fields of which only one can be.
    Either {
        field: &'static str,
        other: &'static str,
    },
    /// An event that is its own cause.
    CausesItself,
    /// An act that actors do together lists some of them, not all, as source and as target.
    NotMutual {
        act: Act,
        /// Those that are both.
        common: Vec<Actor>,
        /// All of them.
        parties: Vec<Actor>,
    },
    /// A word or kind that belongs to a field of other acts only.
    NotOfAct {
        act: Act,
        field: &'static str,
        found: &'static str,
        /// What the act takes there.
        takes: Vec<&'static str>,
    },
    /// A field that an act takes only with one value of another.
    OnlyAt {
        field: &'static str,
        act: Act,
        /// The other field.
        chooser: &'static str,
        /// The value that it must have.
        value: &'static str,
    },
    /// An actor in two roles of one event that exclude each other.
    TwoRoles {
        actor: Actor,
        /// The one.
        role: &'static str,
        other: &'static str,
    },
    /// How strongly no measure can stand.
    BadStrength { found: f64 },
    /// A strength of a measure that is lifted.
    StrengthOfNothing,
    /// A field that only measures of the kind own have.
    OfOwnKind { field: &'static str },
    /// What no measure can count.
    BadDegrees {
        /// What was given, in degrees.
        found: f64,
    },
    /// Something that had already ended, among what already stood.
    EndedBefore {
        /// The act that says what stood.
        act: Act,
    },
    /// An event that ends before it begins.
    EndsBeforeItBegins { until: Day, date: Day },
    /// A name for people that is none.
    BadCaption {
        key: String,
        /// The most bytes of one.
        limit: usize,
    },
    /// An actor that acts on itself alone.
    Itself { act: Act, actor: String },
    /// A field that only makes sense in a scenario.
    OnlyInScenarios { field: &'static str },
    /// A field that only a log has.
    OnlyInLogs { field: &'static str },
    /// An event that is not legal where it stands in the timeline.
    Illegal {
        id: String,
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
    #[expect(clippy::too_many_lines, reason = "one arm a fault")]
    pub(in crate::error::kind) fn words(&self) -> Words {
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
            Self::NotMutual {
                act,
                common,
                parties,
            } if parties.len() > 1 => {
                let codes: Vec<_> = common.iter().map(Actor::code).collect();
                let common = codes.join(", ");
                says(format!(
                    "the sides of {act} have {common} in common, but not all their actors"
                ))
                .help(
                    "name the same actors as source and as target, \
                     or two sides without a common actor",
                )
            }
            Self::NotMutual { act, .. } => says(format!(
                "the act {act} takes two or more actors, all of them as source and as target, \
                 or two sides"
            )),
            Self::NotOfAct {
                act,
                field,
                found,
                takes,
            } => says(format!("{act} takes no `{field}` {found}"))
                .help(format!("it takes {}", any_of(takes))),
            Self::OnlyAt {
                field,
                act,
                chooser,
                value,
            } => says(format!(
                "{act} takes `{field}` only where its `{chooser}` is {value}"
            )),
            Self::TwoRoles { actor, role, other } => {
                says(format!("{actor} is both {role} and {other}"))
            }
            Self::BadStrength { found } => says(format!(
                "`strength` is {found}, expected a number above 0 and at most {STRENGTH_LIMIT}"
            ))
            .help("an act such as `sanctions_lifted` ends a measure"),
            Self::StrengthOfNothing => says("what is lifted has no strength"),
            Self::OfOwnKind { field } => {
                says(format!("`{field}` belongs to measures of the kind own"))
            }
            Self::BadDegrees { found } => says(format!(
                "`degrees` is {found}, expected a number from -{BOUND_DEGREES} to \
                 {BOUND_DEGREES} that is not 0"
            )),
            Self::EndedBefore { act } => says(format!("{act} says what stands, not what ended")),
            Self::EndsBeforeItBegins { until, date } => {
                says(format!("it ends on {until}, before it begins on {date}"))
            }
            Self::BadCaption { key, limit } => {
                let key = shortened(key);
                says(format!(
                    "the name of `{key}` is not one line of 1 to {limit} bytes"
                ))
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
