//! How a fault is put into words: what is wrong, and what may help.

use crate::model::Act;
use crate::text::{cut, shown};
use std::borrow::Cow;

/// What is said of a fault, in lowercase fragments.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) what: Cow<'static, str>,
    pub(super) help: Option<Cow<'static, str>>,
}

/// What is wrong, with nothing that may help.
pub(super) fn says(what: impl Into<Cow<'static, str>>) -> Words {
    let what = what.into();
    Words { what, help: None }
}

impl Words {
    pub(super) fn help(self, help: impl Into<Cow<'static, str>>) -> Self {
        let help = Some(help.into());
        Self { help, ..self }
    }

    pub(super) fn perhaps(self, help: Option<String>) -> Self {
        let help = help.map(Cow::Owned);
        Self { help, ..self }
    }
}

/// The help that names what may have been meant.
pub(super) fn meant(near: Option<&String>) -> Option<String> {
    near.map(|near| format!("did you mean `{near}`?"))
}

pub(super) fn acts(acts: &[Act]) -> String {
    let names: Vec<_> = acts.iter().map(|act| act.name()).collect();
    names.join(", ")
}

/// Words as alternatives.
pub(super) fn any_of(words: &[&str]) -> String {
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

/// A number without the noise of its last digits.
pub(super) fn plain_number(number: f64) -> String {
    let text = format!("{number:.9}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What the system said, without the error's number.
pub(super) fn system(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error") {
        Some((plain, _)) => plain.to_lowercase(),
        None => text,
    }
}

/// Other people's text in a message: safe to show, and not too long.
pub(super) fn shortened(text: &str) -> String {
    cut(&shown(text), 80)
}

/// Days of which one is meant.
pub(super) fn either(days: &[crate::model::Day]) -> String {
    let days: Vec<_> = days.iter().map(ToString::to_string).collect();
    days.join(" or ")
}

/// Names in backticks, as all of them.
pub(super) fn all_of(names: &[String]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}
