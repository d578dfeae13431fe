//! What stops a reading: serde's error, and the place it gets on its way out.

use std::fmt;

use serde::de::{Error, Expected, Unexpected};

use super::flaw::What;
use super::span::Span;
use super::words;

/// Something that a type refuses. Serde makes it without a span; the innermost reader gives it one.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) what: What,
    pub(super) span: Option<Span>,
    /// Whether it may be there only because something inside the span was left out before.
    pub(super) follows: bool,
}

impl Fault {
    pub(super) fn wrong_type(found: impl Into<String>, expected: impl Into<String>) -> Self {
        What::WrongType {
            found: found.into(),
            expected: expected.into(),
        }
        .into()
    }

    pub(super) fn out_of_range(found: String, expected: String) -> Self {
        What::OutOfRange { found, expected }.into()
    }
}

impl From<What> for Fault {
    fn from(what: What) -> Self {
        Self {
            what,
            span: None,
            follows: false,
        }
    }
}

impl Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        What::Invalid {
            message: message.to_string(),
        }
        .into()
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let wanted = words::expected_instead(unexpected, expected);
        Self::wrong_type(words::found(unexpected), wanted)
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        match unexpected {
            Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => {
                Self::out_of_range(words::found(unexpected), words::expected_range(expected))
            }
            _ => Self::invalid_type(unexpected, expected),
        }
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        Self::wrong_type(words::list_of(length), words::expected(expected))
    }

    fn unknown_variant(found: &str, expected: &'static [&'static str]) -> Self {
        What::UnknownName {
            found: found.to_owned(),
            expected: owned(expected),
        }
        .into()
    }

    fn unknown_field(found: &str, expected: &'static [&'static str]) -> Self {
        What::UnknownKey {
            found: found.to_owned(),
            expected: owned(expected),
        }
        .into()
    }

    fn missing_field(key: &'static str) -> Self {
        What::MissingKey {
            key: key.to_owned(),
        }
        .into()
    }

    fn duplicate_field(key: &'static str) -> Self {
        What::DuplicateKey {
            key: key.to_owned(),
        }
        .into()
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::Invalid { message } => formatter.write_str(message),
            what => write!(formatter, "{what:?}"),
        }
    }
}

impl std::error::Error for Fault {}
