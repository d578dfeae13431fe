//! What makes sense in a scenario, and most likely not the sense that was meant.

use crate::error::kind::words::{Words, meant, plain_number, says, shortened};
use crate::model::{Actor, Day};
use crate::text::count;

/// What was hardly meant so: it is told as a warning, and taken all the same.
#[derive(Debug)]
#[non_exhaustive]
#[expect(missing_docs, reason = "a field is what the message beside it says")]
pub enum BadMeaning {
    /// An actor that neither the base nor the names of the scenario tell of: a code that was
    /// mistyped looks so.
    NewActor {
        actor: Actor,
        /// What it is called.
        name: Option<String>,
        /// One that the base has and that may have been meant, and what it is called.
        near: Option<(Actor, Option<String>)>,
    },
    /// What a name for people is given to, and is the code of no actor and the id of nothing.
    NamesNothing { key: String, near: Option<String> },
    /// A temperature that none is above or below, or that every one is.
    BeyondScale {
        /// The temperature that is asked for.
        degrees: f64,
        is_above: bool,
        /// Whether every temperature is, instead of none.
        is_every: bool,
        /// Whether that is denied, so that the denial always holds where this never does.
        is_denied: bool,
        /// The least and the greatest temperature that there can be.
        least: f64,
        greatest: f64,
    },
    /// Temperatures that no temperature lies between.
    NothingBetween {
        above: f64,
        below: f64,
        /// Whether that is denied.
        is_denied: bool,
    },
    /// A day that no day on which something is asked comes behind or before, or that every one
    /// does, where that is denied.
    OtherDays {
        day: Day,
        is_since: bool,
        /// Whether every day does, instead of none.
        is_every: bool,
        /// The first and the last day on which it is asked.
        first: Day,
        last: Day,
    },
    /// A measure as nobody ever holds it.
    NeverHeld {
        measure: String,
        source: Option<Actor>,
        target: Option<Actor>,
        /// Whether that is denied.
        is_denied: bool,
        /// By whom against whom there is an event that has it stand.
        held: Vec<(Actor, Actor)>,
    },
    /// An actor that an event names where it counts for nothing: as its own target or audience.
    CountsForNothing { actor: Actor, field: &'static str },
    /// Two parts of `all` that never hold together, or two of `any` of which one always holds.
    Contradiction {
        /// The other part as it is written, and where.
        other: String,
        line: u64,
        column: u64,
        /// Whether this part, and the other one, is to fail and not to hold.
        are_denied: [bool; 2],
        /// Whether they are parts of `all`, not of `any`.
        is_all: bool,
        /// Whether that is denied.
        is_denied: bool,
    },
    /// A rule whose every reaction comes behind the last day of the scenario.
    ReactsTooLate {
        rule: String,
        /// The event that triggers it first, or the rule whose reaction does, and whether it is
        /// that.
        trigger: Option<(String, bool)>,
        /// The first day on which it may be triggered.
        start: Day,
        /// After how many days it reacts, or more.
        delay_days: u32,
        /// The first day on which it would react.
        day: Day,
        /// The last day.
        until: Day,
    },
}

impl BadMeaning {
    /// How many pairs a help names.
    const PAIRS: usize = 12;

    #[expect(clippy::too_many_lines, reason = "one arm a variant")]
    pub(in crate::error::kind) fn words(&self) -> Words {
        match self {
            Self::NewActor { actor, name, near } => {
                new_actor(*actor, name.as_deref(), near.as_ref())
            }
            Self::NamesNothing { key, near } => says(format!(
                "`{}` is given a name, but is the code of no actor and the id of nothing here",
                shortened(key)
            ))
            .perhaps(meant(near.as_ref())),
            Self::BeyondScale {
                degrees,
                is_above,
                is_every,
                is_denied,
                least,
                greatest,
            } => {
                let number = plain_number(*degrees);
                let side = if *is_above { "above" } else { "below" };
                let what = match is_every {
                    true => format!("this asks nothing: every temperature is {side} {number}"),
                    false => {
                        let never = never(*is_denied);
                        format!("{never}: no temperature is {side} {number}")
                    }
                };
                let [least, greatest] = [least, greatest].map(|it| plain_number(*it));
                says(what).help(format!(
                    "under the model of this scenario, temperatures lie between {least} and \
                     {greatest} degrees"
                ))
            }
            Self::NothingBetween {
                above,
                below,
                is_denied,
            } => {
                let [above, below] = [above, below].map(|it| plain_number(*it));
                let never = never(*is_denied);
                says(format!(
                    "{never}: no temperature is above {above} and below {below}"
                ))
                .help("`any` of two conditions asks for either of them")
            }
            Self::OtherDays {
                day,
                is_since,
                is_every,
                first,
                last,
            } => {
                let side = if *is_since { "later" } else { "earlier" };
                let asked = if first == last {
                    format!("it is asked on {last} alone")
                } else {
                    format!("it is asked from {first} to {last}")
                };
                let what = match is_every {
                    true => format!("`not` of this never holds: {day} or {side} is every day"),
                    false => format!("this never holds: {day} or {side} is no day"),
                };
                says(format!("{what} on which it is asked")).help(asked)
            }
            Self::NeverHeld {
                measure,
                source,
                target,
                is_denied,
                held,
            } => {
                let of = |word, actor: &Option<Actor>| {
                    let actor = actor.map(|actor| format!(" {word} {actor}"));
                    actor.unwrap_or_default()
                };
                let (by, against) = (of("by", source), of("against", target));
                let held = held.iter().take(Self::PAIRS);
                let held: Vec<_> = held
                    .map(|(one, other)| format!("by {one} against {other}"))
                    .collect();
                says(format!(
                    "{}: no event has `{}` stand{by}{against}",
                    never(*is_denied),
                    shortened(measure)
                ))
                .perhaps((!held.is_empty()).then(|| format!("it stands {}", held.join(", "))))
            }
            Self::CountsForNothing { actor, field } => says(match *field {
                "target" => format!("{actor} is source and target, which moves nothing"),
                field => format!("{actor} is source and `{field}`, which counts for nothing"),
            }),
            Self::Contradiction {
                other,
                line,
                column,
                are_denied: [this_is_denied, other_is_denied],
                is_all,
                is_denied,
            } => {
                let denied = |is_denied: &bool| if *is_denied { "`not` of " } else { "" };
                let other: Vec<_> = other.split_whitespace().collect();
                let this = format!("{}this", denied(this_is_denied));
                let other = format!(
                    "{}`{}` on line {line}, column {column},",
                    denied(other_is_denied),
                    shortened(&other.join(" "))
                );
                let (what, help) = match is_all {
                    true => (
                        format!("{this} and {other} never hold together"),
                        "`all` asks for both on one day; `any` asks for either of them",
                    ),
                    false => (
                        format!("{this} holds wherever {other} does not"),
                        "`any` asks for either of them; `all` asks for both on one day",
                    ),
                };
                let of = if *is_all { "`all`" } else { "`any`" };
                let ever = if is_all == is_denied {
                    "always"
                } else {
                    "never"
                };
                says(format!("{}{of} {ever} holds: {what}", denied(is_denied))).help(help)
            }
            Self::ReactsTooLate {
                rule,
                trigger,
                start,
                delay_days,
                day,
                until,
            } => {
                let first = match trigger {
                    Some((event, false)) => {
                        format!("`{}` of {start} triggers it first", shortened(event))
                    }
                    Some((rule, true)) => format!(
                        "a reaction of `{}` triggers it first, on {start} or later",
                        shortened(rule)
                    ),
                    None => format!("nothing triggers it before {start}"),
                };
                let least = match until.days_since(*start) {
                    0 => "no delay".to_owned(),
                    days => format!(
                        "a delay of {} at most",
                        count(i64::from(days) as u64, "day")
                    ),
                };
                says(format!(
                    "no reaction of `{}` is shown: it comes on {day} or later, \
                     after the last day of the scenario, {until}",
                    shortened(rule)
                ))
                .help(format!(
                    "{first}, and it waits for {}: it takes {least}, or an `until` of {day}",
                    count(u64::from(*delay_days), "day")
                ))
            }
        }
    }
}

/// What becomes of a condition whose part that is told of never holds.
const fn never(is_denied: bool) -> &'static str {
    if is_denied {
        "`not` of this always holds"
    } else {
        "this never holds"
    }
}

fn new_actor(actor: Actor, name: Option<&str>, near: Option<&(Actor, Option<String>)>) -> Words {
    let called = |name: Option<&str>| {
        let name = name.map(|name| format!(" ({})", shortened(name)));
        name.unwrap_or_default()
    };
    let meant = near.map(|(near, name)| {
        let name = called(name.as_deref());
        format!("did you mean `{near}`{name}? if not, ")
    });
    let meant = meant.unwrap_or_else(|| "if it is meant to be new, ".to_owned());
    let example = name.unwrap_or("its name");
    says(format!(
        "`{actor}`{} is a new actor: the base does not have it",
        called(name)
    ))
    .help(format!(
        "{meant}name it in the scenario: \"names\": {{\"{actor}\": \"{}\"}}",
        shortened(example)
    ))
}
