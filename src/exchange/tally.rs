//! What became of every row: used, or left out for a reason, with an example of each.

use super::row::Reason;
use crate::model::Day;
use std::collections::{BTreeMap, BTreeSet};

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
    /// What became of the rows of each file, in the order in which they were given.
    files: Vec<OfFile>,
    /// How many rows of each month are used; see [`Self::months`].
    months: BTreeMap<(i16, i8), u64>,
    /// The day of the last row that was used, and how many of its month are not in `months` yet:
    /// rows come in days.
    run: Option<(Day, u64)>,
    /// The months of which there are rows of other dyads than those that are asked for.
    months_of_others: BTreeSet<(i16, i8)>,
    /// The day of the last such row.
    day_of_other: Option<Day>,
}

/// What became of the rows of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfFile {
    /// How many were read.
    pub read: u64,
    /// How many of them are used.
    pub used: u64,
    left_out: [u64; Reason::ALL.len()],
}

impl OfFile {
    /// Why most of the rows that are left out are.
    #[must_use]
    pub fn main_reason(&self) -> Option<Reason> {
        let kinds = Reason::ALL.into_iter().zip(self.left_out);
        let most = kinds.rev().max_by_key(|(_, rows)| *rows)?;
        (most.1 > 0).then_some(most.0)
    }
}

impl Tally {
    /// Takes note of a row that is used.
    #[inline]
    pub fn used(&mut self, day: Day, file: u32) {
        self.read += 1;
        self.used += 1;
        let of_file = self.of_file(file);
        of_file.read += 1;
        of_file.used += 1;
        match &mut self.run {
            Some((last, rows)) if *last == day => *rows += 1,
            run => {
                let before = run.replace((day, 1));
                let (from, to) = self.span.unwrap_or((day, day));
                self.span = Some((from.min(day), to.max(day)));
                self.end_run(before);
            }
        }
    }

    /// Takes note of a row of another dyad than those that are asked for, which is left out.
    #[inline]
    pub fn of_others(&mut self, day: Day) {
        if self.day_of_other != Some(day) {
            self.day_of_other = Some(day);
            self.months_of_others.insert(day.year_month());
        }
    }

    fn end_run(&mut self, run: Option<(Day, u64)>) {
        if let Some((day, rows)) = run {
            *self.months.entry(day.year_month()).or_default() += rows;
        }
    }

    /// Takes note of a row that is left out.
    pub fn leave_out(&mut self, reason: Reason, at: Position, record: &[u8]) {
        self.read += 1;
        let of_file = self.of_file(at.file);
        of_file.read += 1;
        of_file.left_out[reason as usize] += 1;
        self.left_out[reason as usize].note(at, record);
    }

    fn of_file(&mut self, file: u32) -> &mut OfFile {
        let place = file as usize;
        if self.files.len() <= place {
            self.files.resize_with(place + 1, OfFile::default);
        }
        &mut self.files[place]
    }

    /// What became of the rows of a file.
    #[must_use]
    pub fn file(&self, file: usize) -> OfFile {
        self.files.get(file).cloned().unwrap_or_default()
    }

    /// How many rows of each month are used, from the first such month to the last; 0 of those
    /// between that have none.
    #[must_use]
    pub fn months(&self) -> Vec<((i16, i8), u64)> {
        let months = self.months_used();
        let all = all_between(months.keys().copied());
        all.map(|month| (month, months.get(&month).copied().unwrap_or_default()))
            .collect()
    }

    /// The months between the first and the last with any row of which there is none of any dyad:
    /// of them there is no data, which is no peace.
    #[must_use]
    pub fn months_without_row(&self) -> Vec<(i16, i8)> {
        let mut some: BTreeSet<_> = self.months_used().into_keys().collect();
        some.extend(&self.months_of_others);
        months_between(&some)
    }

    fn months_used(&self) -> BTreeMap<(i16, i8), u64> {
        let mut months = self.months.clone();
        if let Some((day, rows)) = self.run {
            *months.entry(day.year_month()).or_default() += rows;
        }
        months
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
        // In full, so that nothing is forgotten.
        let Self {
            read,
            used,
            left_out,
            own_weights,
            coordinates,
            span,
            files,
            months,
            run,
            months_of_others,
            day_of_other: _,
        } = other;
        self.read += read;
        self.used += used;
        for (kinds, more) in self.left_out.iter_mut().zip(left_out) {
            kinds.add(more);
        }
        for (file, others) in (0..).zip(files) {
            let mine = self.of_file(file);
            mine.read += others.read;
            mine.used += others.used;
            for (mine, others) in mine.left_out.iter_mut().zip(others.left_out) {
                *mine += others;
            }
        }
        for (month, rows) in months {
            *self.months.entry(month).or_default() += rows;
        }
        self.end_run(run);
        self.months_of_others.extend(months_of_others);
        self.own_weights.add(own_weights);
        self.coordinates.add(coordinates);
        self.span = match (self.span, span) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (one, other) => one.or(other),
        };
    }
}

/// The months between some, each a year and a month from 1.
#[must_use]
pub fn months_between(some: &BTreeSet<(i16, i8)>) -> Vec<(i16, i8)> {
    let all = all_between(some.iter().copied());
    all.filter(|month| !some.contains(month)).collect()
}

/// All months from the first to the last of some that are in order.
fn all_between(
    mut months: impl DoubleEndedIterator<Item = (i16, i8)>,
) -> impl Iterator<Item = (i16, i8)> {
    let number = |(year, month): (i16, i8)| i32::from(year) * 12 + i32::from(month) - 1;
    let first = months.next();
    let last = months.next_back().or(first);
    let numbers = first.zip(last).into_iter();
    let numbers = numbers.flat_map(move |(first, last)| number(first)..=number(last));
    numbers.map(|month| ((month / 12) as i16, (month % 12) as i8 + 1))
}

/// Which of some numbers of rows, in their order, are far below those around them: less than a
/// quarter of the middle one of up to three on either side, where that is at least 40, so that
/// chance alone does not make it.
#[must_use]
pub fn drops(counts: &[u64]) -> Vec<usize> {
    const NEIGHBOURS: usize = 3;
    const FEWEST: u64 = 40;
    let is_drop = |&at: &usize| {
        let before = &counts[at.saturating_sub(NEIGHBOURS)..at];
        let behind = &counts[at + 1..counts.len().min(at + 1 + NEIGHBOURS)];
        let mut around = [before, behind].concat();
        around.sort_unstable();
        let middle = around.get(around.len() / 2).copied().unwrap_or_default();
        around.len() >= 2 && middle >= FEWEST && counts[at] * 4 < middle
    };
    (0..counts.len()).filter(is_drop).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_far_below_its_neighbours_is_a_drop_and_growth_or_small_numbers_are_none() {
        assert_eq!(drops(&[100, 110, 3, 120, 90]), [2]);
        assert_eq!(drops(&[100, 110, 90, 20]), [3]);
        assert_eq!(drops(&[1, 3, 9, 30, 100, 300]), [0_usize; 0]);
        assert_eq!(drops(&[8, 9, 0, 7, 8]), [0_usize; 0]);
        assert_eq!(drops(&[500]), [0_usize; 0]);
        assert_eq!(drops(&[500, 0]), [0_usize; 0]);
        // A quarter is not less than one.
        assert_eq!(drops(&[100, 100, 25, 100, 100]), [0_usize; 0]);
        assert_eq!(drops(&[100, 100, 24, 100, 100]), [2]);
        // Of up to three on either side the middle one counts.
        assert_eq!(drops(&[20, 30, 100, 35]), [0_usize; 0]);
        assert_eq!(drops(&[63, 200, 300, 20, 250, 63, 240]), [3]);
    }

    #[test]
    fn months_without_a_row_lie_between_those_with_some_and_days_may_come_in_any_order() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let mut tally = Tally::default();
        for (text, file) in [
            ("2014-11-03", 0),
            ("2014-11-03", 0),
            ("2015-02-01", 1),
            ("2014-11-04", 1),
        ] {
            tally.used(day(text), file);
        }
        let mut other = Tally::default();
        other.used(day("2015-02-01"), 0);
        other.of_others(day("2014-12-31"));
        tally.add(other);
        let expected = [
            ((2014, 11), 3),
            ((2014, 12), 0),
            ((2015, 1), 0),
            ((2015, 2), 2),
        ];
        assert_eq!(tally.months(), expected);
        assert_eq!(tally.months_without_row(), [(2015, 1)]);
        tally.of_others(day("2015-01-31"));
        tally.of_others(day("2015-04-30"));
        assert_eq!(tally.months_without_row(), [(2015, 3)]);
        assert_eq!(Tally::default().months_without_row(), []);
        assert_eq!(tally.months(), expected);
        assert_eq!(tally.span, Some((day("2014-11-03"), day("2015-02-01"))));
        assert_eq!((tally.file(0).used, tally.file(1).used), (3, 2));
        assert_eq!((tally.read, tally.used), (5, 5));
        let mut third = Tally::default();
        for text in ["2014-11-30", "2015-01-31", "2015-02-28"] {
            third.used(day(text), 2);
        }
        tally.add(third);
        let rows = tally.months().into_iter().map(|(_, rows)| rows);
        assert_eq!(rows.collect::<Vec<_>>(), [4, 0, 1, 3]);
        assert_eq!((tally.used, tally.file(2).used), (8, 3));
    }

    #[test]
    fn the_first_row_of_a_kind_is_its_example_in_any_order_of_rows() {
        let at = |file, line| Position { file, line };
        let rows = [at(1, 1), at(0, 9), at(0, 3), at(0, 12), at(2, 2)];
        for turn in 0..rows.len() {
            let mut rows = rows;
            rows.rotate_left(turn);
            for split in 0..=rows.len() {
                let (mut one, mut other) = (Tally::default(), Tally::default());
                for (number, row) in rows.into_iter().enumerate() {
                    let tally = if number < split { &mut one } else { &mut other };
                    let text = format!("row {} of {}", row.line, row.file);
                    tally.leave_out(Reason::BadDate, row, text.as_bytes());
                    tally.impossible_coordinates(row, text.as_bytes());
                    tally.own_weight(row, text.as_bytes());
                }
                one.add(other);
                let expected = Kinds {
                    count: 5,
                    first: Some(Example {
                        at: at(0, 3),
                        text: "row 3 of 0".to_owned(),
                    }),
                };
                let left_out: Vec<_> = one.left_out().collect();
                assert_eq!(left_out, [(Reason::BadDate, &expected)]);
                assert_eq!((&one.coordinates, &one.own_weights), (&expected, &expected));
                assert_eq!((one.read, one.used, one.malformed()), (5, 0, 5));
                let of_files = [0, 1, 2, 3].map(|file| one.file(file).read);
                assert_eq!(of_files, [3, 1, 1, 0]);
                let reasons = [0, 1, 2, 3].map(|file| one.file(file).main_reason());
                let bad = Some(Reason::BadDate);
                assert_eq!(reasons, [bad, bad, bad, None]);
            }
        }
    }

    #[test]
    fn of_a_long_row_the_beginning_is_kept() {
        let at = Position { file: 0, line: 1 };
        let text = |length| Example::of(at, &b"x".repeat(length)).text.len();
        assert_eq!([0, 159, 160, 161, 5000].map(text), [0, 159, 160, 160, 160]);
    }

    #[test]
    fn rows_that_are_taken_back_are_left_out_and_the_main_reason_has_most() {
        let day = "2014-11-03".parse::<Day>().unwrap();
        let mut tally = Tally::default();
        for _ in 0..5 {
            tally.used(day, 0);
        }
        tally.take_back(Reason::Repeated, 2, None);
        assert_eq!((tally.read, tally.used), (5, 3));
        assert_eq!(tally.left_out_for(Reason::Repeated), 2);
        assert_eq!((tally.malformed(), tally.file(0).main_reason()), (0, None));
        let at = Position { file: 0, line: 7 };
        for reason in [
            Reason::BadCode,
            Reason::NoActor,
            Reason::NoActor,
            Reason::BadCode,
            Reason::Header,
        ] {
            tally.leave_out(reason, at, b"");
        }
        // Of those with as many rows, the first.
        assert_eq!(tally.file(0).main_reason(), Some(Reason::BadCode));
        assert_eq!((tally.read, tally.malformed()), (10, 3));
    }
}
