//! What can be wrong, by domain.
//!
//! Fields are named alike in all of them: `found` is what was given and `expected` or `needed` what
//! would do, `limit` is how many there may be, `near` a name that may have been meant, `says` what
//! is wrong in words, `error` what the system said, and a field with a name of the domain is the
//! thing of that name that the message tells of.

mod words;

mod file;
mod history;
mod model;
mod option;
mod rows;
mod value;
mod what_if;

pub use file::BadFile;
pub use history::event::{BadEvent, Occasion};
pub use history::log::BadLog;
pub use history::question::BadQuestion;
pub use model::BadModel;
pub use option::BadOption;
pub use rows::data::BadData;
pub use rows::table::BadTable;
pub use rows::trial::BadTrial;
pub use value::BadValue;
pub use what_if::chance::BadChance;
pub use what_if::ensemble::BadEnsemble;
pub use what_if::meaning::BadMeaning;
pub use what_if::scenario::BadScenario;

use crate::json::What;
use crate::model::{BadSetting, acts_that_begin, nearest};
use std::fmt;
use words::{Words, says, shortened};

/// What is wrong. Carries values, not ready-made text.
#[derive(Debug)]
#[non_exhaustive]
pub enum Kind {
    /// A file or stream, whatever stands in it.
    File(BadFile),
    /// A text that is not JSON, or not of the right form.
    Json(What),
    /// A value, in whatever it stands.
    Value(BadValue),
    /// An event.
    Event(BadEvent),
    /// A log as such.
    Log(BadLog),
    /// A question put to a history.
    Question(BadQuestion),
    /// A scenario.
    Scenario(BadScenario),
    /// A scenario's chance nodes, rules and draws.
    Chance(BadChance),
    /// What a scenario hardly means as it says it.
    Meaning(BadMeaning),
    /// An ensemble, its parts and its grids.
    Ensemble(BadEnsemble),
    /// Other people's event data.
    Data(BadData),
    /// A fit or a validation.
    Trial(BadTrial),
    /// A table that a person wrote.
    Table(BadTable),
    /// A model.
    Model(BadModel),
    /// How a command was called.
    Option(BadOption),
    /// Work that was stopped from outside, of which a part is no result.
    Stopped,
}

impl Kind {
    /// What may help, as a lowercase fragment.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        self.words().help.map(std::borrow::Cow::into_owned)
    }

    /// What two mistakes have in common that are of one kind, whatever they are about.
    pub(super) fn class(&self) -> String {
        let mut class = format!("{self:?}");
        let end = class.find([' ', '{']).unwrap_or(class.len());
        class.truncate(end);
        match self {
            Self::Event(BadEvent::Illegal { refusal, .. }) => {
                class + refusal.field + &format!("{:?}", std::mem::discriminant(&refusal.rejection))
            }
            Self::Json(What::UnknownName { expected, .. } | What::UnknownKey { expected, .. }) => {
                class + expected.first().map_or("", String::as_str)
            }
            Self::Json(What::WrongType { expected, .. }) => class + expected,
            _ => class,
        }
    }

    /// What two mistakes have in common that are the same one, made twice: what is said of them, or
    /// how a cell came to be what it is. Rows have ids that nobody has given them.
    pub(super) fn sort(&self) -> String {
        match self {
            Self::Table(BadTable::RewrittenDate { .. }) => "dates of a spreadsheet".to_owned(),
            Self::Table(BadTable::MayLackZero { .. }) => "codes without their zero".to_owned(),
            Self::Event(BadEvent::Illegal {
                refusal,
                occasion: Occasion::ItsOwn,
                ..
            }) => format!("illegal: {}", refusal.says),
            _ => {
                let Words { what, help } = self.words();
                format!("{what}\n{}", help.unwrap_or_default())
            }
        }
    }

    fn words(&self) -> Words {
        match self {
            Self::File(bad) => bad.words(),
            Self::Json(what) => json(what),
            Self::Value(bad) => bad.words(),
            Self::Event(bad) => bad.words(),
            Self::Log(bad) => bad.words(),
            Self::Question(bad) => bad.words(),
            Self::Scenario(bad) => bad.words(),
            Self::Chance(bad) => bad.words(),
            Self::Meaning(bad) => bad.words(),
            Self::Ensemble(bad) => bad.words(),
            Self::Data(bad) => bad.words(),
            Self::Trial(bad) => bad.words(),
            Self::Table(bad) => bad.words(),
            Self::Model(bad) => bad.words(),
            Self::Option(bad) => bad.words(),
            Self::Stopped => says("stopped before the end"),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.words().what)
    }
}

macro_rules! kinds {
    ($($domain:ident($bad:ty)),+ $(,)?) => {$(
        impl From<$bad> for Kind {
            fn from(bad: $bad) -> Self {
                Self::$domain(bad)
            }
        }
    )+};
}

kinds! {
    File(BadFile), Json(What), Value(BadValue), Event(BadEvent), Log(BadLog),
    Question(BadQuestion), Scenario(BadScenario), Chance(BadChance), Meaning(BadMeaning), Ensemble(BadEnsemble),
    Data(BadData), Trial(BadTrial), Table(BadTable), Model(BadModel), Option(BadOption),
}

impl From<BadSetting> for Kind {
    fn from(bad: BadSetting) -> Self {
        BadModel::Setting(bad).into()
    }
}

/// The words for a text that is not JSON, or not of the right form.
fn json(what: &What) -> Words {
    match what {
        What::Syntax { message } => says(format!("not JSON: {message}")),
        What::DuplicateKey { key } => {
            says(format!("`{}` stands twice in one object", shortened(key)))
        }
        What::UnknownKey { found, expected } => {
            says(format!("unknown field `{}`", shortened(found))).help(one_of(found, expected))
        }
        What::UnknownName { found, expected } => {
            says(format!("unknown name `{}`", shortened(found))).help(one_of(found, expected))
        }
        What::MissingKey { key } => says(format!("`{key}` is missing")),
        What::WrongType { found, expected } => {
            says(format!("found {}, expected {expected}", shortened(found)))
        }
        What::OutOfRange { found, expected } => says(format!(
            "{} is out of range, expected {expected}",
            shortened(found)
        )),
        What::Invalid { message } => says(message.clone()),
        What::TooDeep { limit } => says(format!(
            "more than {limit} objects and lists inside each other"
        )),
    }
}

/// The names of which one is expected, or the one that may have been meant.
fn one_of(found: &str, expected: &[String]) -> String {
    let is_expected = |name: &str| expected.iter().any(|it| it == name);
    if let Some(act) = acts_that_begin(found).find(|act| is_expected(act.name())) {
        let how = if act.form().may_have.contains(&"kind") {
            format!("with the `kind` `{found}`")
        } else {
            "that names a `measure`".to_owned()
        };
        return format!(
            "a kind of measure: what begins it is `{}` {how}",
            act.name()
        );
    }
    // Another field may fix the day of a meeting, but none that of a measure.
    if found == "effective" && is_expected("measures") {
        let two = "one event on the day it is announced, and one that imposes it on the day";
        return format!("{two} it takes effect, with the first as its `caused_by`");
    }
    match nearest(found, expected.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("expected one of {}", expected.join(", ")),
    }
}
