//! What became of every row: used, or left out for a reason, with an example of each.

use super::row::Reason;
use crate::model::Day;

/// Where a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The file, in the order in which they were given.
    pub file: u32,
    /// The line, from 1.
    pub line: u64,
}

/// The first row of a kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Example {
    /// Where it stands.
    pub at: Position,
    /// How it begins; empty where that was not kept.
    pub text: String,
}

/// How much of a row is kept as an example, in bytes.
const EXAMPLE_BYTES: usize = 160;

impl Example {
    /// A row as an example.
    #[must_use]
    pub fn of(at: Position, record: &[u8]) -> Self {
        let text = &record[..record.len().min(EXAMPLE_BYTES)];
        Self {
            at,
            text: String::from_utf8_lossy(text).into_owned(),
        }
    }
}

/// A number of rows and the first of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kinds {
    /// How many.
    pub count: u64,
    /// The first.
    pub first: Option<Example>,
}

impl Kinds {
    fn note(&mut self, at: Position, record: &[u8]) {
        self.count += 1;
        if self.first.as_ref().is_none_or(|first| at < first.at) {
            self.first = Some(Example::of(at, record));
        }
    }

    fn add(&mut self, other: Self) {
        self.count += other.count;
        self.first = match (self.first.take(), other.first) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }
}

/// What became of the rows that were read. Every row is either used or left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many rows were read. Empty lines and headers are none.
    pub read: u64,
    /// How many of them are used.
    pub used: u64,
    left_out: [Kinds; Reason::ALL.len()],
    /// Rows whose own weight is another than the table's; the row's counts.
    pub own_weights: Kinds,
    /// Rows used although they have coordinates that the Earth does not have.
    pub coordinates: Kinds,
    /// The first and the last day of those that are used.
    pub span: Option<(Day, Day)>,
    /// How many rows each file has, in the order in which they were given.
    rows: Vec<u64>,
}

impl Tally {
    /// Takes note of a row that is used.
    pub fn used(&mut self, day: Day) {
        self.read += 1;
        self.used += 1;
        let (from, to) = self.span.unwrap_or((day, day));
        self.span = Some((from.min(day), to.max(day)));
    }

    /// Takes note of a row that is left out.
    pub fn leave_out(&mut self, reason: Reason, at: Position, record: &[u8]) {
        self.read += 1;
        self.left_out[reason as usize].note(at, record);
    }

    /// Takes note that so many of the rows that were read are of a file.
    pub fn of_file(&mut self, file: u32, rows: u64) {
        let place = file as usize;
        if self.rows.len() <= place {
            self.rows.resize(place + 1, 0);
        }
        self.rows[place] += rows;
    }

    /// How many rows of a file were read.
    #[must_use]
    pub fn rows_of(&self, file: usize) -> u64 {
        self.rows.get(file).copied().unwrap_or_default()
    }

    /// Takes note that a row's own weight is another than the table's.
    pub fn own_weight(&mut self, at: Position, record: &[u8]) {
        self.own_weights.note(at, record);
    }

    /// Takes note that a row has impossible coordinates.
    pub fn impossible_coordinates(&mut self, at: Position, record: &[u8]) {
        self.coordinates.note(at, record);
    }

    /// Of the rows that were taken as used, so many are left out after all; the first of those.
    pub fn take_back(&mut self, reason: Reason, count: u64, first: Option<Example>) {
        self.used -= count;
        self.left_out[reason as usize].add(Kinds { count, first });
    }

    /// Each reason for which rows were left out.
    pub fn left_out(&self) -> impl Iterator<Item = (Reason, &Kinds)> {
        let kinds = Reason::ALL.into_iter().zip(&self.left_out);
        kinds.filter(|(_, kinds)| kinds.count > 0)
    }

    /// How many rows were left out for a reason.
    #[must_use]
    pub const fn left_out_for(&self, reason: Reason) -> u64 {
        self.left_out[reason as usize].count
    }

    /// How many rows were wrong in themselves.
    #[must_use]
    pub fn malformed(&self) -> u64 {
        let malformed = self.left_out().filter(|(reason, _)| reason.is_malformed());
        malformed.map(|(_, kinds)| kinds.count).sum()
    }

    /// Adds what became of other rows.
    pub fn add(&mut self, other: Self) {
        self.read += other.read;
        self.used += other.used;
        for (kinds, more) in self.left_out.iter_mut().zip(other.left_out) {
            kinds.add(more);
        }
        for (file, rows) in (0..).zip(other.rows) {
            self.of_file(file, rows);
        }
        self.own_weights.add(other.own_weights);
        self.coordinates.add(other.coordinates);
        self.span = match (self.span, other.span) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (one, other) => one.or(other),
        };
    }
}
