//! What can be wrong with a text that should be a value, and where.

use super::span::Span;

/// One mistake.
#[derive(Clone, Debug, PartialEq)]
pub struct Flaw {
    /// The bytes that are wrong: a value, a key, or, for a key that is missing, the object.
    pub span: Span,
    /// What is wrong with them.
    pub what: What,
}

/// What is wrong with a value. Carries values, not ready-made sentences; of a wrong type or range,
/// `found` and `expected` are phrases for people (`the string "abc"`, `a whole number`).
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// The text is not JSON of the dialect.
    Syntax {
        /// What the parser says, a lowercase fragment without a position.
        message: String,
    },
    /// A key stands twice in one object; the span is the later one, which is not read.
    DuplicateKey {
        /// The key.
        key: String,
    },
    /// A key that the object may not have; the span is the key.
    UnknownKey {
        /// The key.
        found: String,
        /// The keys that the object may have.
        expected: Vec<String>,
    },
    /// A name that is not one of those to choose from.
    UnknownName {
        /// The name.
        found: String,
        /// The names to choose from.
        expected: Vec<String>,
    },
    /// A key that the object must have; the span is the object.
    MissingKey {
        /// The key.
        key: String,
    },
    /// A value of another kind than is wanted.
    WrongType {
        /// What stands there.
        found: String,
        /// What should stand there.
        expected: String,
    },
    /// A number that does not fit.
    OutOfRange {
        /// The number.
        found: String,
        /// The numbers that fit.
        expected: String,
    },
    /// A value that its type refuses for a reason of its own.
    Invalid {
        /// The reason, as the type gives it.
        message: String,
    },
    /// Too many objects and lists inside each other; the span is the bracket of the first too many.
    TooDeep {
        /// How many are read.
        limit: usize,
    },
}
