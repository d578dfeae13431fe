//! What tells deliveries of one event from different events: the ids of rows, and when and from
//! where rows were added.

use super::formats::Format;
use super::row::{Added, PartyIx};
use super::sieve::{Dedupe, Sifted};
use crate::exchange::values::codes::CodeIx;
use crate::model::Day;
use roaring::RoaringBitmap;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// So many ids that are no numbers below 2^32 are told apart exactly by each thread, in some 300
/// MB; no more are looked for.
const OTHER_IDS: usize = 1 << 23;

/// The id of a row and its day, as far as its format has need of that, in one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId {
    format: u8,
    /// In days since 1970-01-01; 0 where ids are unique without it.
    day: i32,
    id: Id,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Id {
    Number(u32),
    /// The start of the BLAKE3 digest: that two ids have the same one does not happen.
    Other(u128),
}

impl RowId {
    /// The id of a row of a format; none where it is empty.
    #[must_use]
    pub fn of(format: Format, day: Day, id: &[u8]) -> Option<Self> {
        let number = |number: u32, byte: &u8| {
            let digit = byte.is_ascii_digit().then(|| u32::from(byte - b'0'))?;
            number.checked_mul(10)?.checked_add(digit)
        };
        let id = match id {
            [] => return None,
            // Nothing but its own digits makes a number.
            [b'0', _, ..] => None,
            digits => digits.iter().try_fold(0, number),
        }
        .map_or_else(|| Id::other(id), Id::Number);
        let days = day.days_since(Day::EPOCH);
        Some(Self {
            format: format as u8,
            day: if format == Format::Gdelt { 0 } else { days },
            id,
        })
    }
}

impl Id {
    fn other(id: &[u8]) -> Self {
        let digest = blake3::hash(id);
        let (start, _) = digest.as_bytes().split_at(16);
        let start = <[u8; 16]>::try_from(start).unwrap_or_default();
        Self::Other(u128::from_be_bytes(start))
    }
}

/// What makes rows one event, of one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Same {
    /// Its day, source, target and code.
    Code(Day, PartyIx, PartyIx, CodeIx),
    /// Its id.
    Id(RowId),
    /// The first, and its actors and place.
    Scene(Day, PartyIx, PartyIx, CodeIx, u64),
}

/// What makes a row one event with others, if anything does, and the minute from which that holds
/// for a while.
pub fn same(
    dedupe: Dedupe,
    row: &Sifted,
    id: Option<RowId>,
    added: impl FnOnce() -> Option<Added>,
) -> Option<(Same, Option<i64>)> {
    let (day, source, target, code) = (row.day, row.source, row.target, row.code);
    match dedupe {
        Dedupe::None => None,
        Dedupe::DyadDayCode => Some((Same::Code(day, source, target, code), None)),
        Dedupe::Id => id.map(|id| (Same::Id(id), None)),
        Dedupe::Window(_) => added().map(|Added { minute, scene }| {
            let same = Same::Scene(day, source, target, code, scene);
            (same, Some(minute))
        }),
    }
}

/// Rows with their minutes, in order, cut where one was added later than so many minutes after the
/// first of a piece.
pub fn within<T>(rows: &[(i64, T)], minutes: u32) -> Vec<&[(i64, T)]> {
    let mut pieces = Vec::new();
    let mut rest = rows;
    while let Some((first, _)) = rest.first() {
        let end = first + i64::from(minutes);
        let (piece, behind) = rest.split_at(rest.partition_point(|(minute, _)| *minute <= end));
        pieces.push(piece);
        rest = behind;
    }
    pieces
}

/// Counts rows whose id another row has.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    numbers: BTreeMap<(u8, i32), RoaringBitmap>,
    others: FxHashSet<(u8, i32, u128)>,
    is_full: bool,
    /// By format.
    repeated: BTreeMap<u8, Repeated>,
}

/// How many rows of a format have the id of another row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Repeated {
    /// How many, the first of each id left aside.
    pub rows: u64,
    /// The least of those ids that are numbers.
    pub least: Option<u32>,
}

impl Repeated {
    fn add(&mut self, rows: u64, least: Option<u32>) {
        self.rows += rows;
        self.least = match (self.least, least) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }
}

impl Ids {
    /// Takes note of a row's id; whether it is new.
    pub fn insert(&mut self, row: RowId) -> bool {
        self.insert_within(row, OTHER_IDS)
    }

    /// The same where so many ids that are no numbers are told apart.
    fn insert_within(&mut self, row: RowId, others: usize) -> bool {
        let RowId { format, day, id } = row;
        let is_new = match id {
            Id::Number(number) => self
                .numbers
                .entry((format, day))
                .or_default()
                .insert(number),
            Id::Other(other) if self.others.len() < others => {
                self.others.insert((format, day, other))
            }
            Id::Other(other) => {
                self.is_full = true;
                !self.others.contains(&(format, day, other))
            }
        };
        if !is_new {
            let number = match id {
                Id::Number(number) => Some(number),
                Id::Other(_) => None,
            };
            self.repeated.entry(format).or_default().add(1, number);
        }
        is_new
    }

    /// Adds what another thread has seen.
    pub fn add(&mut self, other: Self) {
        for ((format, day), numbers) in other.numbers {
            let mine = self.numbers.entry((format, day)).or_default();
            let both = &*mine & &numbers;
            if !both.is_empty() {
                self.repeated
                    .entry(format)
                    .or_default()
                    .add(both.len(), both.min());
            }
            *mine |= numbers;
        }
        let mut others: Vec<_> = other.others.into_iter().collect();
        others.sort_unstable();
        for row in others {
            if !self.others.insert(row) {
                self.repeated.entry(row.0).or_default().add(1, None);
            }
        }
        self.is_full |= other.is_full;
        for (format, Repeated { rows, least }) in other.repeated {
            self.repeated.entry(format).or_default().add(rows, least);
        }
    }

    /// How many rows of each format have the id of another row.
    pub fn repeated(&self) -> impl Iterator<Item = (Format, Repeated)> {
        let of = |format: Format| Some((format, *self.repeated.get(&(format as u8))?));
        Format::ALL.into_iter().filter_map(of)
    }

    /// Whether there were more ids than are told apart, so that more rows may have that of another.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.is_full
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_told_apart_by_their_text_and_their_day_and_counted_in_any_split() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let (first, second) = (day("2021-06-02"), day("2021-06-03"));
        let row = |id: &str, day| RowId::of(Format::Icews, day, id.as_bytes());
        let rows = [
            row("2", first),
            row("3", first),
            row("3", second),
            row("03", second),
            row("2", first),
            row("SYR1", first),
            row("99999999999", first),
            row("SYR1", first),
            row("2", first),
        ];
        for split in 0..=rows.len() {
            let (mut one, mut other) = (Ids::default(), Ids::default());
            for row in &rows[..split] {
                one.insert(row.unwrap());
            }
            for row in &rows[split..] {
                other.insert(row.unwrap());
            }
            one.add(other);
            let expected = Repeated {
                rows: 3,
                least: Some(2),
            };
            let found: Vec<_> = one.repeated().collect();
            assert_eq!(found, [(Format::Icews, expected)], "{split}");
        }
        // Of three threads one after the other.
        let thread = |ids: &[&str]| {
            let mut seen = Ids::default();
            for id in ids {
                seen.insert(row(id, first).unwrap());
            }
            seen
        };
        let mut all = thread(&["1", "4"]);
        all.add(thread(&["2", "5"]));
        all.add(thread(&["5", "4", "1"]));
        let found: Vec<_> = all.repeated().map(|(_, it)| (it.rows, it.least)).collect();
        assert_eq!(found, [(3, Some(1))]);
        assert_eq!(row("", first), None);
        let gdelt = |day| RowId::of(Format::Gdelt, day, b"7");
        assert_eq!(gdelt(first), gdelt(second));
    }

    #[test]
    fn of_more_ids_that_are_no_numbers_than_are_told_apart_that_is_told_and_the_first_are_known() {
        let day = "2021-06-02".parse::<Day>().unwrap();
        let row = |id: &str| RowId::of(Format::Icews, day, id.as_bytes()).unwrap();
        let mut ids = Ids::default();
        for (id, is_new, is_full) in [
            ("a", true, false),
            ("a", false, false),
            ("b", true, false),
            ("7", true, false),
            // Two are told apart: whether it came before is not known of another.
            ("c", true, true),
            ("c", true, true),
            ("b", false, true),
            ("7", false, true),
        ] {
            assert_eq!(ids.insert_within(row(id), 2), is_new, "{id}");
            assert_eq!(ids.is_full(), is_full, "{id}");
        }
        let rows: Vec<_> = ids.repeated().map(|(_, it)| it.rows).collect();
        assert_eq!(rows, [3]);
        for (mut one, other) in [(ids.clone(), Ids::default()), (Ids::default(), ids)] {
            one.add(other);
            assert!(one.is_full());
        }
    }

    #[test]
    fn a_piece_of_time_begins_with_the_first_row_behind_the_one_before() {
        let rows = [
            (-3, 'a'),
            (12, 'b'),
            (13, 'c'),
            (13, 'd'),
            (28, 'e'),
            (90, 'f'),
        ];
        let pieces = |minutes| {
            let pieces = within(&rows, minutes).into_iter();
            let letters = |piece: &[(i64, char)]| piece.iter().map(|row| row.1).collect::<String>();
            pieces.map(letters).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(pieces(0), "a b cd e f");
        assert_eq!(pieces(14), "a bcd e f");
        assert_eq!(pieces(15), "ab cde f");
        assert_eq!(pieces(1000), "abcdef");
        assert!(within::<()>(&[], 15).is_empty());
    }

    #[test]
    fn what_makes_rows_one_event_is_what_is_asked_for() {
        let day = "2014-03-18".parse::<Day>().unwrap();
        let (source, target) = (PartyIx::at(1), PartyIx::at(2));
        let code = CodeIx::find(b"042").unwrap();
        let row = Sifted {
            day,
            source,
            target,
            code,
            weight: crate::exchange::values::weight::Weight::parse(b"1.0").unwrap(),
            differs: false,
        };
        let id = RowId::of(Format::Icews, day, b"7");
        let added = Added {
            minute: 12,
            scene: 7,
        };
        let found = |dedupe, id, added| same(dedupe, &row, id, || added);
        let scene = Same::Scene(day, source, target, code, 7);
        for (dedupe, with, without) in [
            (Dedupe::None, None, None),
            (
                Dedupe::DyadDayCode,
                Some((Same::Code(day, source, target, code), None)),
                Some((Same::Code(day, source, target, code), None)),
            ),
            (Dedupe::Id, id.map(|id| (Same::Id(id), None)), None),
            (Dedupe::Window(15), Some((scene, Some(12))), None),
        ] {
            assert_eq!(found(dedupe, id, Some(added)), with, "{dedupe:?}");
            assert_eq!(found(dedupe, None, None), without, "{dedupe:?}");
        }
    }
}
