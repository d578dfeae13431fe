//! What a reader of any format makes of a row, and why a row may be left out.

use super::blocks::Shape;
use crate::exchange::values::codes::{CodeIx, Quads};
use crate::exchange::values::dates::{Order, other_order};
use crate::exchange::values::weight::Weight;
use crate::history::Evidence;
use crate::model::{Day, Weights};
use std::borrow::Cow;

/// An actor of a [`Roster`](super::Roster), in the order of their codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartyIx(u16);

impl PartyIx {
    /// Its place.
    #[must_use]
    pub const fn place(self) -> u16 {
        self.0
    }

    /// The actor at a place that was given by [`Self::place`].
    #[must_use]
    pub const fn at(place: u16) -> Self {
        Self(place)
    }
}

/// A row as far as every format has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The day on which it happened.
    pub date: Day,
    /// Who acted, or why that is not known.
    pub source: Result<PartyIx, Reason>,
    /// On whom, or why that is not known.
    pub target: Result<PartyIx, Reason>,
    /// What was done.
    pub code: CodeIx,
    /// The row's own weight, where it has one.
    pub weight: Option<Weight>,
    /// Whether the row is of a root event; `true` where the format does not tell.
    pub is_root: bool,
    /// Places in the record that its reader came upon and may go on from; nothing to others.
    pub marks: [u32; 5],
}

/// Reads the rows of one file.
pub trait Reader: Send + Sync {
    /// What the file is, and what its rows can tell.
    fn layout(&self) -> Layout;

    /// Takes a row apart. The bytes are those of one line, or of one record of a quoted format.
    ///
    /// # Errors
    /// Why it cannot be used, whatever is asked for.
    fn row(&self, record: &[u8]) -> Result<Row, Reason>;

    /// Looks at what takes longer to see, for a row that would be used.
    ///
    /// # Errors
    /// Why it cannot be used.
    fn look_closely(&self, _record: &[u8], _row: &Row) -> Result<Oddities, Reason> {
        Ok(Oddities::default())
    }

    /// The id of a row, where it has one; else nothing.
    fn id<'a>(&self, _record: &'a [u8]) -> &'a [u8] {
        &[]
    }

    /// In which order dates were read so far whose marks alone said it, if there were any.
    fn order_by_marks(&self) -> Option<Order> {
        None
    }

    /// When a row was added, and what is the same for rows of the same actors and place.
    fn added(&self, _record: &[u8]) -> Option<Added> {
        None
    }

    /// What a row calls its source and its target.
    fn called<'a>(&self, record: &'a [u8], row: &Row) -> [Called<'a>; 2];

    /// Where a row comes from, and what it calls its actors.
    fn witness(&self, record: &[u8], line: u64) -> Witness;
}

/// What a row calls an actor, in the bytes of the row: most are looked at no closer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Called<'a> {
    /// The name of a person, a body or a country, or a code, in the column that says most.
    pub name: Cow<'a, [u8]>,
    /// A country's name or code in a column of its own; else empty.
    pub country: Cow<'a, [u8]>,
}

/// How rows stand in lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// A line a row.
    Bare,
    /// A line that names the columns, then a line a row.
    Headed,
    /// The same, but fields may be quoted and then hold line feeds.
    Quoted(Shape),
}

/// What some formats have a use for, and others not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Names of columns.
    Columns,
    /// The order of a date's parts.
    DateOrder,
    /// How codes are read.
    Codes,
    /// A dictionary of persons.
    Dictionary,
    /// Codes of states in whichever way they are said to be coded.
    StateCodes,
    /// Ids of rows.
    Ids,
    /// When and from where a row was added.
    Times,
}

/// What a file is, and what its rows can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// What to call it.
    pub title: &'static str,
    /// How its rows stand in lines.
    pub lines: Lines,
    /// Whether rows have a weight of their own.
    pub has_weights: bool,
    /// Whether rows tell root events from others.
    pub tells_roots: bool,
    /// The variant of the table of codes that a row without a weight of its own takes it from: its
    /// makers', where they publish one.
    pub table: Weights,
    /// How its makers cut codes into classes.
    pub quads: Quads,
    /// What it has a use for.
    pub uses: &'static [Use],
}

/// What is odd about a row that is used all the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Oddities {
    /// A latitude or longitude that the Earth does not have.
    pub coordinates: bool,
}

/// When a row was added, and a digest of its actors and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Added {
    /// In minutes since 1970-01-01.
    pub minute: i64,
    /// What is the same for rows of the same actors and place.
    pub scene: u64,
}

/// Where a row comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Witness {
    /// The row's own id, or its line.
    pub id: String,
    /// Whether that is the row's own id.
    pub has_own_id: bool,
    /// What the row calls its source.
    pub source: String,
    /// What the row calls its target.
    pub target: String,
    /// Where it is documented.
    pub evidence: Evidence,
}

impl Witness {
    /// A row of a format by its own id, or else by its line, with what it calls source and target.
    pub(super) fn new(
        format: &str,
        own_id: Option<String>,
        line: u64,
        [source, target]: [String; 2],
        document: String,
    ) -> Self {
        let has_own_id = own_id.is_some();
        let (id, locator) = match own_id {
            Some(id) => (format!("{format}-{id}"), format!("event {id}")),
            None => (format!("{format}-line-{line}"), format!("line {line}")),
        };
        Self {
            id,
            has_own_id,
            source,
            target,
            evidence: Evidence {
                document,
                published: None,
                locator: Some(locator),
                url: None,
            },
        }
    }
}

/// Why a row is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Reason {
    /// It has another number of columns than its file's first line.
    Columns,
    /// It has one column too many, since its weight has a decimal comma in a table with commas
    /// between fields.
    SplitDecimal,
    /// A quotation mark in it opens a field that does not close, has text behind it, or takes in
    /// whole rows.
    OpenQuote,
    /// It is longer than a row may be.
    TooLong,
    /// It holds bytes that no text has.
    NotText,
    /// It names columns, where none should be named.
    Header,
    /// Its date is none.
    BadDate,
    /// Its date is one only in another order than that in which dates are read.
    OtherOrder,
    /// Its date cannot be: before the data begin, or far from the day on which it was added.
    ImpossibleDate,
    /// It has no CAMEO code, or one that is not in the table.
    BadCode,
    /// Its CAMEO code was saved as a number: with a 0 in front it is in the table.
    NumberCode,
    /// Its text of an event is that of no code.
    UnknownText,
    /// Its weight is no number from -10 to 10.
    BadWeight,
    /// It names no country for its source or target.
    NoActor,
    /// Its source or target is a region or a group without a state.
    Region,
    /// Its source or target has a code or name of no known actor.
    UnknownActor,
    /// Its source or target is in the dictionary or the table of names, or a state's code, but not
    /// on that day.
    NotThatDay,
    /// Source and target are of the same country.
    SameActor,
    /// It is no root event.
    NotRoot,
    /// It lies outside the dates asked for.
    OtherDates,
    /// It is of another dyad than those asked for.
    OtherDyad,
    /// As an event, it is longer than a line of a log may be.
    LongEvent,
    /// It is one event with another row.
    Repeated,
}

impl Reason {
    /// All reasons, in the order in which they are told.
    pub const ALL: [Self; 23] = [
        Self::Columns,
        Self::SplitDecimal,
        Self::OpenQuote,
        Self::TooLong,
        Self::NotText,
        Self::Header,
        Self::BadDate,
        Self::OtherOrder,
        Self::ImpossibleDate,
        Self::BadCode,
        Self::NumberCode,
        Self::UnknownText,
        Self::BadWeight,
        Self::NoActor,
        Self::Region,
        Self::UnknownActor,
        Self::NotThatDay,
        Self::SameActor,
        Self::NotRoot,
        Self::OtherDates,
        Self::OtherDyad,
        Self::LongEvent,
        Self::Repeated,
    ];

    /// Why a text is no code.
    #[must_use]
    pub fn of_no_code(text: &[u8]) -> Self {
        match CodeIx::of_number(text) {
            Some(_) => Self::NumberCode,
            None => Self::BadCode,
        }
    }

    /// Why a text is no date in an order.
    #[must_use]
    pub fn of_no_date(text: &[u8], order: Order) -> Self {
        match other_order(text, Some(order)) {
            Some(_) => Self::OtherOrder,
            None => Self::BadDate,
        }
    }

    /// Whether it tells of a whole column that a program has spoilt, of which only some values show
    /// it.
    #[must_use]
    pub const fn tells_of_spoilt_column(self) -> bool {
        matches!(
            self,
            Self::NumberCode | Self::OtherOrder | Self::SplitDecimal
        )
    }

    /// Whether the row itself is wrong, rather than not asked for.
    #[must_use]
    pub fn is_malformed(self) -> bool {
        self <= Self::BadWeight
    }

    /// Whether it says that no actor was found.
    #[must_use]
    pub const fn is_of_actor(self) -> bool {
        matches!(
            self,
            Self::NoActor | Self::Region | Self::UnknownActor | Self::NotThatDay
        )
    }

    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Columns => "another number of columns than the file's first line",
            Self::SplitDecimal => "one column too many: a decimal comma in a table with commas",
            Self::OpenQuote => {
                "a quotation mark that opens a field and does not close it before the next row"
            }
            Self::TooLong => "longer than 1048576 bytes",
            Self::NotText => "bytes that no text has",
            Self::Header => "names of columns, where none should be",
            Self::BadDate => "a date that is none",
            Self::OtherOrder => "a date that is one only in another order",
            Self::ImpossibleDate => "a date that cannot be",
            Self::BadCode => "no CAMEO code of the table",
            Self::NumberCode => "a CAMEO code without its leading 0, saved as a number",
            Self::UnknownText => "an event text of no CAMEO code",
            Self::BadWeight => "a weight that is no number from -10 to 10",
            Self::NoActor => "no country for source or target",
            Self::Region => "a region or a group without a state",
            Self::UnknownActor => "a source or target of no known actor",
            Self::NotThatDay => "a name or code that stands for an actor on other days only",
            Self::SameActor => "source and target of the same country",
            Self::NotRoot => "no root event",
            Self::OtherDates => "outside the dates asked for",
            Self::OtherDyad => "of another dyad",
            Self::LongEvent => "as an event longer than a line of a log may be",
            Self::Repeated => "the same event as another row, as --dedupe has it",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_of_the_row_itself_of_a_spoilt_column_of_its_actors_or_of_what_is_asked_for() {
        let told = |is: fn(Reason) -> bool| {
            let all = Reason::ALL.into_iter().filter(|reason| is(*reason));
            all.map(|reason| format!("{reason:?}"))
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(
            told(Reason::tells_of_spoilt_column),
            "SplitDecimal OtherOrder NumberCode"
        );
        assert_eq!(
            told(Reason::is_of_actor),
            "NoActor Region UnknownActor NotThatDay"
        );
        assert_eq!(
            told(|reason| !reason.is_malformed() && !reason.is_of_actor()),
            "SameActor NotRoot OtherDates OtherDyad LongEvent Repeated"
        );
    }
}
