//! The scenario file: what a person writes, before it is known to make sense.

use super::condition::Condition;
use crate::history::{After, Draft};
use crate::model::{Act, Actor, Day, Settings};
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// The most days by which a scenario may move an event, either way: a hundred years.
pub const DAYS_LIMIT: i32 = 36_525;

/// A what-if: where it leaves its base, what it changes, and what it asks.
///
/// JSON in which comments and trailing commas are allowed. Alternatives are objects with one key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(title = "Scenario"))]
#[serde(deny_unknown_fields)]
pub struct ScenarioFile {
    /// Where the editor finds the schema of this file.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// What happens instead, in a line.
    pub title: String,
    /// The question it asks, and what a reader should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What it starts from: "recorded", or the path of a log or of another scenario, relative to
    /// this file.
    pub base: String,
    /// Names for people, by the code of an actor or the id of a measure, meeting, agenda item,
    /// event or outcome, beside those of the base. An actor that the base does not have is
    /// announced so.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<String, String>,
    /// Where it leaves its base. What lies before is shared: it cannot be edited, and nothing moves
    /// there.
    pub fork: Fork,
    /// What becomes of the base's events after the fork; kept when absent.
    #[serde(default)]
    pub tail: Tail,
    /// The last day; that of the last event when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// What chance is drawn from; that of the base when absent, else 0. The same seed gives the
    /// same draws on every machine, and scenarios of the same seed share their luck where they
    /// share a chance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// The model; that of the base when absent. It applies from the first event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<Settings>,
    /// What is changed, in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Edit>,
    /// Draws between alternatives, each at a date.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chance: Vec<ChanceNode>,
    /// Reactions that fire when an event happens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<ReactionRule>,
    /// Parameters of the model that are drawn for each run, by name: `half_life_days`, or
    /// `baseline:RUS-USA`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub uncertain: BTreeMap<String, Spread>,
    /// What is asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<Outcome>,
}

impl ScenarioFile {
    /// A scenario that leaves a base and changes nothing yet. The rest is set field by field.
    #[must_use]
    pub fn new(title: impl Into<String>, base: impl Into<String>, fork: Fork) -> Self {
        Self {
            schema: None,
            title: title.into(),
            note: None,
            base: base.into(),
            names: BTreeMap::new(),
            fork,
            tail: Tail::default(),
            until: None,
            seed: None,
            model: None,
            edits: Vec::new(),
            chance: Vec::new(),
            rules: Vec::new(),
            uncertain: BTreeMap::new(),
            outcomes: Vec::new(),
        }
    }
}

/// A place in the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(expecting = r#"one place in the base, such as {"after": "us-ru-call"}"#)]
#[serde(rename_all = "snake_case")]
pub enum Fork {
    /// Right before an event, named by its id.
    Before(String),
    /// Right after an event, named by its id.
    After(String),
    /// At the end of a day.
    Date(#[serde(deserialize_with = "beginning")] Day),
}

/// A day where something begins.
fn beginning<'de, D: Deserializer<'de>>(from: D) -> Result<Day, D::Error> {
    struct Beginning;
    impl Visitor<'_> for Beginning {
        type Value = Day;
        fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            out.write_str("a date as a string, such as \"2017-01-28\"")
        }
        fn visit_str<E: de::Error>(self, text: &str) -> Result<Day, E> {
            Day::beginning(text).map_err(E::custom)
        }
    }
    from.deserialize_str(Beginning)
}

/// What becomes of the base's events after the fork.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(expecting = r#""keep" or "cut""#)]
#[serde(rename_all = "snake_case")]
pub enum Tail {
    /// They happen, unless an edit says otherwise.
    #[default]
    Keep,
    /// None of them happens.
    Cut,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(expecting = r#"one edit, such as {"drop": {"event": "us-ru-call"}}"#)]
#[serde(rename_all = "snake_case")]
pub enum Edit {
    /// An event does not happen.
    Drop(Drop),
    /// An event happens on another day.
    Shift(Shift),
    /// Another event happens in the place of one, under the same id and on the same day.
    Replace(Replace),
    /// An event happens that is not in the base. Its time is a `date`, or `after` another event.
    Insert(Box<Draft>),
}

impl Edit {
    /// The id of the event that it is about; an inserted event may have none as it is written.
    pub(crate) fn event(&self) -> Option<&str> {
        match self {
            Self::Drop(drop) => Some(&drop.event),
            Self::Shift(shift) => Some(&shift.event),
            Self::Replace(replace) => Some(&replace.event),
            Self::Insert(draft) => draft.id.as_deref(),
        }
    }

    /// Under which keys that id is written.
    pub(crate) const fn keys(&self) -> [&'static str; 2] {
        match self {
            Self::Drop(_) => ["drop", "event"],
            Self::Shift(_) => ["shift", "event"],
            Self::Replace(_) => ["replace", "event"],
            Self::Insert(_) => ["insert", "id"],
        }
    }

    /// Whether it takes along what becomes illegal with it; `None` for one that cannot.
    pub(crate) const fn cascades(&self) -> Option<bool> {
        match self {
            Self::Drop(drop) => Some(drop.cascade),
            Self::Shift(shift) => Some(shift.cascade),
            Self::Replace(_) | Self::Insert(_) => None,
        }
    }
}

/// An event that does not happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Drop {
    /// Its id.
    pub event: String,
    /// Whether what becomes illegal without it is dropped too; else it is an error.
    #[serde(default)]
    pub cascade: bool,
}

/// An event that happens on another day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// Its id.
    pub event: String,
    /// By how many days it is later, or earlier when negative. What hangs on it for its time is
    /// shifted with it.
    pub days: i32,
    /// Whether what becomes illegal with it is dropped; else it is an error.
    #[serde(default)]
    pub cascade: bool,
}

/// An event in the place of another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Replace {
    /// The id of the event that does not happen, which is that of the new one too.
    pub event: String,
    /// The event that happens, without id and date.
    pub with: Box<Draft>,
}

/// A named yes-or-no question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// Its name.
    pub id: String,
    /// What is asked.
    pub when: Condition,
    /// Asks whether it ever holds from the fork until that day; without, whether it holds at the
    /// end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Day>,
}

/// A draw between alternatives. Its time is a `date`, or `after` another event; if that does not
/// happen, nothing is drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ChanceNode {
    /// Its name. Scenarios of the same seed draw the same where they have a chance node of the same
    /// name.
    pub id: String,
    /// The day of the draw.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Day>,
    /// In place of `date`: so many days after another event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<After>,
    /// The alternatives, of which one comes to pass. Their probabilities add up to 1.
    pub options: Vec<ChanceOption>,
}

/// An alternative.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ChanceOption {
    /// What to call it.
    pub label: String,
    /// How probable it is, from 0 to 1.
    #[cfg_attr(test, schemars(range(min = 0.0, max = 1.0)))]
    pub probability: f64,
    /// What happens then: on the day of the draw, at a `date` from then on, or `after` another
    /// event.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Draft>,
}

/// A reaction: when an event of some kind happens behind the fork, another follows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ReactionRule {
    /// Its name. The event that it causes has the id `RULE@TRIGGER`.
    pub id: String,
    /// Which events trigger it.
    pub when: Trigger,
    /// What must hold right after the trigger.
    #[serde(rename = "if", default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// How probable the reaction is then, from 0 to 1.
    #[serde(default = "certain", skip_serializing_if = "is_certain")]
    #[cfg_attr(test, schemars(range(min = 0.0, max = 1.0)))]
    pub probability: f64,
    /// How many days later it comes; the same day when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_days: Option<DelayDays>,
    /// For how many days from a trigger that it reacted to it does not react again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cooldown_days: Option<u32>,
    /// How often it reacts in one run; needed where rules could trigger each other without end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u32>,
    /// The events to which it does not react, named by their ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
    /// What happens: an event without id, date and cause.
    pub then: Box<Draft>,
}

/// Which events trigger a rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(expecting = r#"one kind of event, such as {"act": "sanctions_imposed", "source": "USA"}"#)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// Those of this act,
    pub act: Act,
    /// whose source includes this actor,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Actor>,
    /// and whose target includes this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Actor>,
}

/// A span of days, every one as probable as any other.
///
/// Written as `{"from": 3, "to": 14}`, or as a number where it is always as many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(transform = or_a_number))]
#[serde(deny_unknown_fields)]
pub struct DelayDays {
    /// The fewest.
    pub from: u32,
    /// The most.
    pub to: u32,
}

/// How the value of an uncertain parameter is drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(expecting = r#"one way to draw it, such as {"uniform": [90, 270]}"#)]
#[serde(rename_all = "snake_case")]
pub enum Spread {
    /// Anywhere between a least and a greatest value.
    Uniform([f64; 2]),
    /// Between a least and a greatest value, most likely near the one in the middle: least, most
    /// likely, greatest.
    Triangular([f64; 3]),
    /// A normal distribution of a mean and a standard deviation, cut to the legal range of the
    /// parameter.
    Normal([f64; 2]),
    /// One of some values, each as likely as any other.
    Choice(Vec<f64>),
}

impl<'de> Deserialize<'de> for DelayDays {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Span {
            from: u32,
            to: u32,
        }

        struct Days;

        impl<'de> Visitor<'de> for Days {
            type Value = DelayDays;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(
                    r#"a whole number of days, 0 or more, or a span such as {"from": 3, "to": 14}"#,
                )
            }

            fn visit_u64<E: de::Error>(self, days: u64) -> Result<DelayDays, E> {
                let days = u32::try_from(days).map_err(|_| {
                    let limit = DAYS_LIMIT;
                    E::custom(format!(
                        "{days} days are too many; there may be up to {limit}"
                    ))
                })?;
                Ok(DelayDays {
                    from: days,
                    to: days,
                })
            }

            fn visit_map<A: MapAccess<'de>>(self, span: A) -> Result<DelayDays, A::Error> {
                let Span { from, to } = Span::deserialize(MapAccessDeserializer::new(span))?;
                Ok(DelayDays { from, to })
            }
        }

        deserializer.deserialize_any(Days)
    }
}

#[cfg(test)]
fn or_a_number(span: &mut schemars::Schema) {
    let number = schemars::json_schema!({"type": "integer", "minimum": 0, "maximum": DAYS_LIMIT});
    *span = schemars::json_schema!({"anyOf": [number, span.clone()]});
}

impl ReactionRule {
    /// Whether an event triggers it, by its id and what it is.
    #[must_use]
    pub fn is_triggered_by(&self, id: &str, event: &Draft) -> bool {
        self.when.matches(event) && self.except.iter().all(|except| except != id)
    }
}

impl Trigger {
    /// Whether an event is of the kind; source and target mean *includes*.
    #[must_use]
    pub fn matches(&self, event: &Draft) -> bool {
        event.act == Some(self.act)
            && self
                .source
                .is_none_or(|source| event.source.contains(&source))
            && self
                .target
                .is_none_or(|target| event.target.contains(&target))
    }
}

const fn certain() -> f64 {
    1.0
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands in a reference"
)]
fn is_certain(probability: &f64) -> bool {
    *probability == certain()
}
