//! The scenario file: what a person writes, before it is known to make sense.

use super::condition::Condition;
use crate::history::Draft;
use crate::model::{Day, Settings};
use serde::{Deserialize, Serialize};

/// A what-if: where it leaves its base, what it changes, and what it asks.
///
/// JSON in which comments and trailing commas are allowed. Alternatives are objects with one key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", schemars(title = "Scenario"))]
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
    /// What it starts from: "recorded", or the path of a log or of another scenario, relative to this file.
    pub base: String,
    /// Where it leaves its base. What lies before is shared: it cannot be edited, and nothing moves there.
    pub fork: Fork,
    /// What becomes of the base's events after the fork; kept when absent.
    #[serde(default)]
    pub tail: Tail,
    /// The last day; that of the last event when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// The model; that of the base when absent. It applies from the first event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<Settings>,
    /// What is changed, in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Edit>,
    /// What is asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<Outcome>,
}

/// A place in the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Fork {
    /// Right before an event, named by its id.
    Before(String),
    /// Right after an event, named by its id.
    After(String),
    /// At the end of a day.
    Date(Day),
}

/// What becomes of the base's events after the fork.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
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

/// An event that does not happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// Its id.
    pub event: String,
    /// By how many days it is later, or earlier when negative.
    pub days: i32,
    /// Whether what becomes illegal with it is dropped; else it is an error.
    #[serde(default)]
    pub cascade: bool,
}

/// An event in the place of another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Replace {
    /// The id of the event that does not happen, which is that of the new one too.
    pub event: String,
    /// The event that happens, without id and date.
    pub with: Box<Draft>,
}

/// A named yes-or-no question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// Its name.
    pub id: String,
    /// What is asked.
    pub when: Condition,
    /// Asks whether it ever holds from the fork until that day; without, whether it holds at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Day>,
}
