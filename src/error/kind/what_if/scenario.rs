//! What can be wrong with a scenario: its base, its fork, its edits.

use crate::error::kind::words::{Words, meant, says, shortened};
use crate::model::{Day, Refusal};
use crate::text::{count, shown};

/// A scenario that cannot be read or played.
#[derive(Debug)]
#[non_exhaustive]
#[expect(missing_docs, reason = "a field is what the message beside it says")]
pub enum BadScenario {
    /// A file name that is not that of a scenario.
    NotAName,
    /// No scenario where at least one is wanted.
    NoScenarios,
    /// A log where a scenario is wanted.
    IsALog,
    /// A JSON Schema where a scenario is wanted.
    IsASchema,
    /// A scenario where a log is wanted as it was known on a day.
    KnownOnNoDay,
    /// A base that is not there.
    UnknownBase { found: String, near: Option<String> },
    /// A base that is a table of events, as they are yet to be appended to a log.
    BaseIsATable {
        /// Its name, as the scenario has it.
        file: String,
        /// Whether it is a table of coded events, as data sets are.
        is_coded: bool,
    },
    /// A scenario that is its own base, by way of others.
    BaseCycle {
        /// The files, in the order in which they are each other's base.
        files: Vec<String>,
    },
    /// More scenarios that are each other's base than there may be.
    TooManyBases { limit: usize },
    /// Scenarios whose golden file would be one and the same.
    SameGolden {
        /// The scenario that has it too.
        other: String,
        golden: String,
    },
    /// An event that the log of a base has, but that does not happen in the base.
    NotInBase { id: String },
    /// The id of a new event is that of another one.
    IdInUse {
        id: String,
        /// Whether that one is the base's.
        of_base: bool,
    },
    /// A field that is given by what stands around it.
    GivenAlready { field: &'static str },
    /// An event that is shared with the base and cannot be edited.
    Shared { id: String },
    /// An event that one edit of a scenario has changed already.
    EditedTwice { id: String },
    /// An event that no longer happens, where one that does is wanted.
    Dropped { id: String },
    /// A day in the past that a scenario shares with its base.
    BeforeFork { day: Day, earliest: Day },
    /// A day after the last one.
    AfterEnd { day: Day, until: Day },
    /// Events whose times hang on each other.
    TimeCycle {
        /// Their ids, in the order in which they hang.
        ids: Vec<String>,
    },
    /// Events that an edit would make illegal.
    Dependants {
        id: String,
        /// Each one that hangs on it, with what it breaks.
        dependants: Vec<(String, String)>,
        /// Whether the edit can take them along.
        may_cascade: bool,
    },
    /// An event that is illegal on the day that an edit shifts it to.
    ShiftedTooFar {
        id: String,
        date: Day,
        /// Whether it would be earlier than it was.
        is_earlier: bool,
        /// The rule it breaks there.
        refusal: Box<Refusal>,
        /// By how many days it may be shifted, if it may stand where it stood.
        days: Option<i32>,
        /// The event that it may not pass, and when that is.
        bound: Option<(String, Day)>,
    },
    /// A retraction in a scenario.
    Retraction,
}

impl BadScenario {
    /// How many events that become illegal a help names.
    const DEPENDANTS: usize = 40;

    #[expect(clippy::too_many_lines, reason = "one arm a variant")]
    pub(in crate::error::kind) fn words(&self) -> Words {
        match self {
            Self::NotAName => says("the name of a scenario's file ends in .json"),
            Self::NoScenarios => says("there is no scenario")
                .help("name scenario files, or stand where they are in a folder `scenarios`"),
            Self::IsALog => says("this is a log, not a scenario")
                .help("a scenario can leave it where it has it as its `base`"),
            Self::IsASchema => says("this is a JSON Schema, not a scenario")
                .help("editors complete scenarios by it; leave it out here"),
            Self::KnownOnNoDay => says(
                "a scenario is not read as known on a day: what it changes may not have been known",
            ),
            Self::UnknownBase { found, near } => {
                says(format!("there is no base `{}`", shortened(found)))
                    .perhaps(meant(near.as_ref()))
            }
            Self::BaseIsATable { file, is_coded } => is_a_table(file, *is_coded),
            Self::BaseCycle { files } => says(format!(
                "the base of a scenario cannot be itself: {}",
                shown(&files.join(" -> "))
            )),
            Self::TooManyBases { limit } => {
                says(format!("more than {limit} scenarios are each other's base"))
                    .help("save what happens in one of them as a log and take that as the base")
            }
            Self::SameGolden { other, golden } => {
                let (other, golden) = (shown(other), shown(golden));
                says(format!("its golden file is that of {other} too: {golden}"))
                    .help("test them one at a time, each with a folder of its own for golden files")
            }
            Self::NotInBase { id } => {
                says(format!("`{}` does not happen in the base", shortened(id)))
                    .help("it was retracted, or a scenario that the base comes by drops it")
            }
            Self::IdInUse { id, of_base: true } => says(format!(
                "`{}` is the id of an event of the base",
                shortened(id)
            ))
            .help(
                "give the new event an id of its own; \
                 `replace` puts an event in the place of another",
            ),
            Self::IdInUse { id, of_base: false } => says(format!(
                "`{}` is the id of another event of this scenario",
                shortened(id)
            ))
            .help("give one of the two another id"),
            Self::GivenAlready { field } => says(format!(
                "`{field}` is that of the event which is replaced and cannot be given"
            )),
            Self::Shared { id } => says(format!(
                "`{}` lies before the fork and is shared with the base",
                shortened(id)
            ))
            .help("fork before it, or edit what comes after the fork"),
            Self::EditedTwice { id } => says(format!("`{}` is edited twice", shortened(id))),
            Self::Dropped { id } => says(format!(
                "`{}` does not happen in this scenario",
                shortened(id)
            )),
            Self::BeforeFork { day, earliest } => says(format!(
                "{day} lies before the fork; nothing moves before {earliest}"
            )),
            Self::AfterEnd { day, until } => says(format!(
                "{day} lies after the last day of the scenario, {until}"
            )),
            Self::TimeCycle { ids } => says(if ids.len() <= 2 {
                let id = ids.first().map_or_else(String::new, |id| shortened(id));
                format!("the time of `{id}` hangs on itself")
            } else {
                let ids = shortened(&ids.join(" -> "));
                format!("these times hang on each other: {ids}")
            }),
            Self::Dependants {
                id,
                dependants,
                may_cascade,
            } => {
                let id = shortened(id);
                let events = count(dependants.len() as u64, "event");
                let named = dependants.iter().take(Self::DEPENDANTS);
                let reasons =
                    named.map(|(id, says)| format!("`{}`: {}", shortened(id), shown(says)));
                let more = dependants.len().saturating_sub(Self::DEPENDANTS);
                let more = (more > 0).then(|| format!("and {more} more"));
                let reasons: Vec<_> = reasons.chain(more).collect();
                let way_out = match may_cascade {
                    true => "`\"cascade\": true` drops them too",
                    false => "drop them first, or change what hangs on what",
                };
                says(format!(
                    "`{id}` cannot be edited so: {events} would become illegal"
                ))
                .help(format!("{way_out}\n{}", reasons.join("\n")))
            }
            Self::ShiftedTooFar {
                id,
                date,
                is_earlier,
                refusal,
                days,
                bound,
            } => {
                let [side, earlier] = match is_earlier {
                    true => ["first", "an earlier"],
                    false => ["after it", "a later"],
                };
                let bound = bound.as_ref().map(|(id, day)| {
                    format!("`{}` of {day} has to come {side}, so ", shortened(id))
                });
                let bound = bound.unwrap_or_default();
                let advice = days.map(|days| match days {
                    0 => format!("{bound}it cannot be shifted to {earlier} day"),
                    days => format!(
                        "{bound}it can be shifted by {} at most: `\"days\": {days}`",
                        count(u64::from(days.unsigned_abs()), "day")
                    ),
                });
                says(format!(
                    "`{}` cannot be shifted to {date}: {}",
                    shortened(id),
                    refusal.says
                ))
                .perhaps(advice.or_else(|| refusal.help.clone()))
            }
            Self::Retraction => {
                says("a scenario cannot retract an event").help("`drop` is an edit of its own")
            }
        }
    }
}

fn is_a_table(file: &str, is_coded: bool) -> Words {
    let of = if is_coded { "coded events" } else { "events" };
    let file = shortened(file);
    says(format!("the base `{file}` is a table of {of}, not a log"))
        .help("make a log of it, and take that as the base")
}
