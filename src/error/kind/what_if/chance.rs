//! What can be wrong with a scenario's chance nodes, rules and draws.

use crate::error::kind::words::{Words, plain_number, says, shortened};
use crate::model::{Act, Day};

/// A chance node, a rule or a draw that cannot be.
#[derive(Debug)]
#[non_exhaustive]
#[expect(missing_docs, reason = "a field is what the message beside it says")]
pub enum BadChance {
    /// Probabilities of alternatives that do not add up to 1.
    Probabilities {
        /// Their sum.
        sum: f64,
    },
    /// The name of a chance node or rule that another one has.
    SiteTaken {
        id: String,
        /// Whether that one is the base's.
        of_base: bool,
    },
    /// A chance node without a time.
    NoTime,
    /// An event that would happen before its chance is drawn.
    BeforeChance {
        day: Day,
        /// The day of the draw.
        drawn: Day,
    },
    /// An event that hangs on one of another option of the same chance node: both never happen
    /// in one run.
    OtherOption { id: String, chance: String },
    /// A draw whose time hangs on an event that only happens after it.
    OwnEvent { id: String, chance: String },
    /// A parameter of the model that is no number and so cannot be drawn.
    NotDrawn { name: String },
    /// The name of a rule with an `@` in it.
    AtInRule { id: String },
    /// A rule whose name is so long that its reactions could not be named.
    LongRule {
        rule: String,
        /// The event whose reaction would have too long an id.
        trigger: String,
        /// How many bytes an id may have.
        limit: usize,
    },
    /// An event with the id that a reaction to another one would have.
    ReactionTaken { id: String, rule: String },
    /// An event that a rule refers to as a call or meeting, and that is none.
    NoConversation { id: String, act: Act },
    /// A field that a rule gives to what it causes.
    GivenByRule { field: &'static str },
    /// Rules that trigger each other without end.
    RuleCycle {
        /// Their names, in the order in which they trigger each other.
        ids: Vec<String>,
    },
    /// More events in one run than rules may cause.
    TooManyReactions {
        /// The rule that would cause one more.
        rule: String,
        limit: usize,
        /// The run, and the seed that it was drawn with.
        run: [u64; 2],
    },
    /// An event that a rule would cause, whose id would be too long.
    ReactionTooDeep {
        rule: String,
        /// The event that triggers it.
        trigger: String,
        /// The run, and the seed that it was drawn with.
        run: [u64; 2],
    },
}

impl BadChance {
    #[expect(clippy::too_many_lines, reason = "one arm a variant")]
    pub(in crate::error::kind) fn words(&self) -> Words {
        match self {
            Self::Probabilities { sum } => says(format!(
                "the probabilities add up to {}, not to 1",
                plain_number(*sum)
            )),
            Self::SiteTaken { id, of_base } => {
                let whose = if *of_base { " of the base" } else { "" };
                says(format!(
                    "`{}` is the name of another chance node or rule{whose}",
                    shortened(id)
                ))
            }
            Self::NoTime => says("a chance node needs `date` or `after`"),
            Self::BeforeChance { day, drawn } => {
                says(format!("{day} lies before the day of the draw, {drawn}"))
            }
            Self::OtherOption { id, chance } => {
                let (id, chance) = (shortened(id), shortened(chance));
                says(format!(
                    "`{id}` is of another option of `{chance}`; the two never happen in one run"
                ))
            }
            Self::OwnEvent { id, chance } => {
                let (id, chance) = (shortened(id), shortened(chance));
                says(format!(
                    "`{id}` depends on what `{chance}` draws and cannot be what it waits for"
                ))
            }
            Self::NotDrawn { name } => says(format!("`{name}` is no number and cannot be drawn"))
                .help("compare two scenarios, each with a `model` of its own"),
            Self::AtInRule { id } => says(format!(
                "`{}` cannot be the name of a rule: it has an `@` in it",
                shortened(id)
            ))
            .help(
                "a reaction has the id RULE@TRIGGER, in which the first `@` ends the rule's name",
            ),
            Self::LongRule {
                rule,
                trigger,
                limit,
            } => {
                let (rule, trigger) = (shortened(rule), shortened(trigger));
                says(format!(
                    "the id `{rule}@{trigger}` of a reaction would be longer than {limit} bytes"
                ))
                .help("give the rule a shorter name")
            }
            Self::ReactionTaken { id, rule } => {
                let (id, rule) = (shortened(id), shortened(rule));
                says(format!(
                    "an event has the id `{id}`, which a reaction of the rule `{rule}` would have"
                ))
                .help("give the rule or the event another name")
            }
            Self::NoConversation { id, act } => says(format!(
                "`{}` is {act}, not a call or a held meeting",
                shortened(id)
            )),
            Self::GivenByRule { field } => says(format!(
                "`{field}` cannot be given to what a rule causes"
            ))
            .help(match *field {
                "id" => "its id is RULE@TRIGGER",
                "caused_by" => "its cause is the event that triggers the rule",
                "until" => "its first day is not known, so neither is its last; leave it out",
                _ => "its day is that of the trigger, or `delay_days` later",
            }),
            Self::RuleCycle { ids } if ids.len() <= 2 => {
                let id = ids.first().map_or_else(String::new, |id| shortened(id));
                says(format!("the rule `{id}` triggers itself without end"))
                    .help("give it `at_most`, how often it reacts in one run")
            }
            Self::RuleCycle { ids } => {
                let ids = shortened(&ids.join(" -> "));
                says(format!("these rules trigger each other without end: {ids}"))
                    .help("give one of them `at_most`, how often it reacts in one run")
            }
            Self::TooManyReactions {
                rule,
                limit,
                run: [run, seed],
            } => says(format!(
                "in run {run} of seed {seed} the rule `{}` would cause one more event \
                 than the {limit} that rules may cause in all",
                shortened(rule)
            ))
            .help(
                "a smaller `at_most`, a `cooldown_days` or a lesser `probability` \
                 keeps reactions in bounds",
            ),
            Self::ReactionTooDeep {
                rule,
                trigger,
                run: [run, seed],
            } => says(format!(
                "in run {run} of seed {seed} the rule `{}` reacts \
                 at the end of too long a chain of reactions: `{}`",
                shortened(rule),
                shortened(trigger)
            ))
            .help(
                "an id is made of the names of all rules before it: a smaller `at_most` \
                 or a shorter name of the rule keeps it in bounds",
            ),
        }
    }
}
