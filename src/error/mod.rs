//! The one public error: one or more faults, each with a kind, a place and what may help.

mod words;

use crate::json::{Flaw, Span, What, line_column};
use crate::model::{Act, Actor, BadDay, BadDyad, BadSetting, Day, Refusal};
use std::fmt;

/// Everything that is wrong with what was asked; nothing was changed.
#[derive(Debug)]
pub struct Error {
    faults: Vec<Fault>,
    untold: usize,
}

/// A result whose error is an [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One thing that is wrong, and where.
#[derive(Debug)]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// What.
    pub kind: Kind,
}

/// Where something is wrong. Empty parts are not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The file, as it was named; `standard input` for that.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: Option<u64>,
    /// The column, from 1, in characters.
    pub column: Option<u64>,
    /// The line's text with the bytes in it that are wrong.
    pub excerpt: Option<Excerpt>,
}

/// A line of text and the bytes in it that are wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The text; of a very long line only the part around what is wrong.
    pub text: String,
    /// The bytes of `text` that are wrong.
    pub span: std::ops::Range<usize>,
    /// Whether it is only a part of the line.
    pub is_cut: bool,
}

/// What is wrong. Carries values, not ready-made text.
#[derive(Debug)]
#[non_exhaustive]
pub enum Kind {
    /// The system refused something.
    Io {
        /// What was tried: `open`, `write`.
        doing: &'static str,
        /// What the system said.
        error: std::io::Error,
    },
    /// A directory stands where a file is wanted.
    Directory,
    /// Neither a file nor a directory.
    NotAFile,
    /// There is nothing in the file.
    Empty,
    /// There are no events in an input.
    NoEvents,
    /// Bytes that do not begin like a line of a log.
    NotALog,
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// A line that is too long.
    LineTooLong {
        /// How many bytes a line may have.
        limit: usize,
    },
    /// Not JSON, or not of the right form.
    Json(What),
    /// A newer format than this program knows.
    NewerFormat {
        /// The line's format version.
        found: u32,
        /// The newest that is known.
        known: u32,
    },
    /// A field that an event must have is not there.
    MissingField {
        /// The field.
        field: &'static str,
        /// The act that needs it; `None` when every event does.
        act: Option<Act>,
    },
    /// A field that does not belong to the act.
    ForeignField {
        /// The field.
        field: &'static str,
        /// The act.
        act: Act,
        /// The acts it belongs to.
        belongs_to: Vec<Act>,
    },
    /// A field that only makes sense beside another.
    NeedsOther {
        /// The field.
        field: &'static str,
        /// The other.
        other: &'static str,
    },
    /// Two fields of which only one can be.
    Either {
        /// The one.
        field: &'static str,
        /// The other.
        other: &'static str,
    },
    /// An event that is its own cause.
    CausesItself,
    /// The same value twice in a list.
    Twice {
        /// The list.
        field: &'static str,
        /// The value.
        value: String,
    },
    /// An act that the same actors do together lists different ones as source and as target.
    NotMutual {
        /// The act.
        act: Act,
        /// All of them.
        parties: Vec<Actor>,
    },
    /// An actor that acts on itself alone.
    Itself {
        /// The act.
        act: Act,
        /// The actor.
        actor: String,
    },
    /// A name with characters that a name cannot have, or too long.
    BadName {
        /// The name.
        found: String,
        /// The longest there may be, in bytes.
        limit: usize,
    },
    /// More entries in a list than there may be.
    TooMany {
        /// The list.
        field: &'static str,
        /// How many there are.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A number beyond the scale.
    OffScale {
        /// The field.
        field: &'static str,
        /// The number.
        found: f64,
        /// The bound on either side.
        bound: f64,
    },
    /// A line without a chain as its last field.
    NoChain,
    /// A line's chain does not follow from its bytes and the line before.
    BrokenChain {
        /// What it should be.
        expected: String,
        /// What it is.
        found: String,
    },
    /// A line's number is not its place.
    WrongSeq {
        /// The place.
        expected: u64,
        /// The number.
        found: Option<u64>,
    },
    /// An event was recorded before the one on the line before.
    RecordedEarlier {
        /// When it was recorded.
        found: Day,
        /// When the one before was.
        before: Day,
    },
    /// An event would be recorded before the last one of its log.
    RecordedBeforeLast {
        /// When it would be recorded.
        found: Day,
        /// When the last one was.
        last: Day,
    },
    /// The head of the log is another than the one expected.
    OtherHead {
        /// The expected one.
        expected: String,
        /// The head there is.
        found: String,
    },
    /// A text that is not the end of a chain.
    BadChain {
        /// The text.
        found: String,
    },
    /// The log has another number of events than the one expected.
    OtherVersion {
        /// The expected one.
        expected: u64,
        /// The one there is.
        found: u64,
    },
    /// An event that is not legal where it stands in the timeline.
    Illegal {
        /// Its id.
        id: String,
        /// Its date.
        date: Day,
        /// The rule it breaks.
        refusal: Box<Refusal>,
        /// What made it so.
        occasion: Occasion,
    },
    /// The id is that of another event, with other content.
    IdTaken {
        /// The id.
        id: String,
        /// The line it is on, where it is in the log already.
        line: Option<u64>,
    },
    /// The id is that of an event that was retracted.
    IdRetracted {
        /// The id.
        id: String,
    },
    /// The event to be retracted is not in the log.
    NothingToRetract {
        /// The id.
        id: String,
        /// An id that may have been meant.
        near: Option<String>,
    },
    /// The event to be retracted is a retraction, and those are final.
    RetractsRetraction {
        /// The id.
        id: String,
    },
    /// A retraction, where an event that counts is wanted.
    IsRetraction {
        /// Its id.
        id: String,
    },
    /// The system does not know what day it is.
    NoClock,
    /// A text that is not a day.
    BadDay(BadDay),
    /// A dyad that nothing moves.
    UnknownDyad {
        /// The dyad.
        dyad: String,
        /// Those that something moves.
        known: Vec<String>,
    },
    /// A text that is not a dyad.
    BadDyad(BadDyad),
    /// An event that the history does not have.
    UnknownEvent {
        /// The id or number.
        found: String,
        /// An id that may have been meant.
        near: Option<String>,
    },
    /// A field that only makes sense in a scenario.
    OnlyInScenarios {
        /// The field.
        field: &'static str,
    },
    /// A field that is given by what stands around it.
    GivenAlready {
        /// The field.
        field: &'static str,
    },
    /// An event that is shared with the base and cannot be edited.
    Shared {
        /// Its id.
        id: String,
    },
    /// An event that one edit of a scenario has changed already.
    EditedTwice {
        /// Its id.
        id: String,
    },
    /// An event that no longer happens, where one that does is wanted.
    Dropped {
        /// Its id.
        id: String,
    },
    /// A day in the past that a scenario shares with its base.
    BeforeFork {
        /// The day.
        day: Day,
        /// The earliest there may be.
        earliest: Day,
    },
    /// A day after the last one.
    AfterEnd {
        /// The day.
        day: Day,
        /// The last one.
        until: Day,
    },
    /// A number of days beyond the limit, or beyond the calendar.
    TooManyDays {
        /// The number.
        found: i64,
        /// The limit on either side.
        limit: i32,
    },
    /// Events whose times hang on each other.
    TimeCycle {
        /// Their ids, in the order in which they hang.
        ids: Vec<String>,
    },
    /// Events that an edit would make illegal.
    Dependants {
        /// The event that is edited.
        id: String,
        /// Each one that hangs on it, with what it breaks.
        dependants: Vec<(String, String)>,
    },
    /// A scenario that is its own base, by way of others.
    BaseCycle {
        /// The files, in the order in which they are each other's base.
        files: Vec<String>,
    },
    /// A name that nothing in the history has.
    UnknownName {
        /// What kind of thing it would name.
        what: &'static str,
        /// The name.
        found: String,
        /// The name that may have been meant.
        near: Option<String>,
    },
    /// A question without an answer to give, such as a temperature without bounds.
    EmptyQuestion {
        /// What is missing.
        needs: &'static str,
    },
    /// An option that takes one scenario at a time.
    OneAtATime {
        /// The option.
        option: &'static str,
    },
    /// A setting that no model can have.
    Setting(BadSetting),
    /// A model that is neither a preset nor a file.
    UnknownModel {
        /// The name.
        found: String,
    },
}

/// What makes an event illegal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// It would not be legal where it is to stand.
    ItsOwn,
    /// It is in the log and was legal; another one that is to be appended makes it illegal.
    Appending,
    /// It is in the log and was legal; a retraction makes it illegal.
    Retracting,
}

impl Error {
    /// Everything that is wrong, at least one fault.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// All of some errors as one, if there are any. Past `limit` their faults are only counted.
    ///
    /// # Errors
    /// When there is an error.
    pub fn all(errors: Vec<Self>, limit: usize) -> Result<()> {
        let untold: usize = errors.iter().map(Self::untold).sum();
        let faults = errors.into_iter().flat_map(|error| error.faults).collect();
        Self::check(faults, limit).map_err(|error| Self {
            untold: error.untold + untold,
            ..error
        })
    }

    /// How many more faults there are than are told.
    #[must_use]
    pub const fn untold(&self) -> usize {
        self.untold
    }

    /// All of some faults as one error, if there are any. Past `limit` they are only counted.
    ///
    /// # Errors
    /// When there is a fault.
    pub fn check(mut faults: Vec<Fault>, limit: usize) -> Result<()> {
        if faults.is_empty() {
            return Ok(());
        }
        let untold = faults.len().saturating_sub(limit);
        faults.truncate(limit.max(1));
        Err(Self { faults, untold })
    }

    /// The same error, with the file named in every fault that names none.
    #[must_use]
    pub fn in_file(self, file: &str) -> Self {
        self.in_file_where(file, |_| true)
    }

    /// The same error, with the file named in those faults that name none.
    #[must_use]
    pub fn in_file_where(mut self, file: &str, applies: impl Fn(&Fault) -> bool) -> Self {
        for fault in self.faults.iter_mut().filter(|fault| applies(fault)) {
            fault.place.file.get_or_insert_with(|| file.to_owned());
        }
        self
    }

    /// The same error, with a place given to every fault that has none.
    #[must_use]
    pub fn placed(self, place: impl Fn(Kind) -> Fault) -> Self {
        let put = |fault: Fault| {
            if fault.place == Place::default() {
                place(fault.kind)
            } else {
                fault
            }
        };
        Self {
            faults: self.faults.into_iter().map(put).collect(),
            untold: self.untold,
        }
    }

    /// Whether a log was read and is not what was written: a line, the order of lines or the head is off.
    #[must_use]
    pub fn is_tampering(&self) -> bool {
        let unread = |kind: &Kind| {
            matches!(
                kind,
                Kind::Io { .. }
                    | Kind::Directory
                    | Kind::NotAFile
                    | Kind::Empty
                    | Kind::NotALog
                    | Kind::NewerFormat { .. }
            )
        };
        !self.faults.iter().any(|fault| unread(&fault.kind))
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self {
            faults: vec![fault],
            untold: 0,
        }
    }
}

impl From<Kind> for Error {
    fn from(kind: Kind) -> Self {
        Fault::from(kind).into()
    }
}

impl From<Kind> for Fault {
    fn from(kind: Kind) -> Self {
        Self {
            place: Place::default(),
            kind,
        }
    }
}

impl From<BadSetting> for Error {
    fn from(bad: BadSetting) -> Self {
        Kind::Setting(bad).into()
    }
}

impl Fault {
    /// A fault on a line of which nothing more is known.
    #[must_use]
    pub fn on_line(line: u64, kind: Kind) -> Self {
        let place = Place {
            line: Some(line),
            ..Place::default()
        };
        Self { place, kind }
    }

    /// A fault at some bytes of a text that begins on line `first_line` of its file.
    #[must_use]
    pub fn at(text: &str, first_line: u64, span: Span, kind: Kind) -> Self {
        Self {
            place: Place::of(text, first_line, span),
            kind,
        }
    }

    /// A flaw of a text that begins on line `first_line` of its file.
    #[must_use]
    pub fn flaw(text: &str, first_line: u64, flaw: Flaw) -> Self {
        Self::at(text, first_line, flaw.span, Kind::Json(flaw.what))
    }
}

impl Place {
    /// Where some bytes of a text stand, if the text begins on line `first_line` of its file.
    #[must_use]
    pub fn of(text: &str, first_line: u64, span: Span) -> Self {
        let (line, column) = line_column(text, span.start);
        Self {
            file: None,
            line: Some(first_line + line as u64 - 1),
            column: Some(column as u64),
            excerpt: Some(Excerpt::of(text, span)),
        }
    }
}

impl Excerpt {
    /// How many characters of a line are shown before and after where the fault begins.
    const REACH: usize = 500;

    fn of(text: &str, span: Span) -> Self {
        let start = text.floor_char_boundary(span.start);
        let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[start..]
            .find('\n')
            .map_or(text.len(), |newline| start + newline);
        let (before, after) = (&text[line_start..start], &text[start..line_end]);
        let shown_before = before
            .char_indices()
            .rev()
            .nth(Self::REACH - 1)
            .map_or(0, |(at, _)| at);
        let shown_after = after
            .char_indices()
            .nth(Self::REACH)
            .map_or(after.len(), |(at, _)| at);
        let cut = |is_cut| if is_cut { "…" } else { "" };
        let head = format!("{}{}", cut(shown_before > 0), &before[shown_before..]);
        let end = span.end.clamp(start, start + shown_after) - start;
        let wrong = head.len()..head.len() + after.floor_char_boundary(end);
        let tail = cut(shown_after < after.len());
        Self {
            text: format!("{head}{}{tail}", &after[..shown_after]),
            span: wrong,
            is_cut: shown_before > 0 || shown_after < after.len(),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.file, self.line, self.column) {
            (Some(file), Some(line), Some(column)) => write!(out, "{file}:{line}:{column}"),
            (Some(file), Some(line), None) => write!(out, "{file}:{line}"),
            (Some(file), None, _) => out.write_str(file),
            (None, Some(line), Some(column)) => write!(out, "line {line}, column {column}"),
            (None, Some(line), None) => write!(out, "line {line}"),
            (None, None, _) => Ok(()),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place != Place::default() {
            write!(out, "{}: ", self.place)?;
        }
        write!(out, "{}", self.kind)?;
        match self.kind.help() {
            Some(help) => write!(out, "; {help}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, fault) in self.faults.iter().enumerate() {
            if place > 0 {
                writeln!(out)?;
            }
            write!(out, "{fault}")?;
        }
        match self.untold {
            0 => Ok(()),
            more => write!(out, "\nand {more} more"),
        }
    }
}

impl std::error::Error for Error {}
