//! Portions: what some rows add up to, to be written down and added to others on another machine.

use super::period::{Every, Period};
use super::sums::{Adding, Cell, Key, Packed, Sums, Totals};
use crate::exchange::{PartyIx, QUAD_CLASSES, Roster, Tally};
use crate::model::{Actor, Day};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::sync::Arc;

/// What some rows add up to. All of it is of whole numbers, so that portions added in any order are
/// the sums of all rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Portion {
    /// The first and the last day of which there is any row.
    span: Option<(Day, Day)>,
    /// The months of which there is any row, by their numbers.
    months: Vec<u32>,
    /// By period: events, weights, squares, events of conflict and of material conflict of all
    /// dyads.
    totals: Vec<(u32, u64, Whole, Whole, u64, u64)>,
    /// By period: how many files have rows of it, and how many these are.
    behind: Vec<(u32, u64, u64)>,
    /// Two actors that are not wanted, and the first period of which there is a row of them.
    others: Vec<(Actor, Actor, u32)>,
    /// What each two actors' period adds up to.
    cells: Vec<Written>,
    /// The days of the rows that might be repetitions of others, where such rows count once.
    days: Vec<Day>,
}

/// Two actors, a period, events by direction and class, weights, and what else is kept.
type Written = (Actor, Actor, u32, [[u64; QUAD_CLASSES]; 2], i64, Vec<Whole>);

/// A whole number of up to 128 bits: a number of JSON where it has 64, else a text, as JSON's
/// readers take it for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Whole(i128);

impl Serialize for Whole {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match i64::try_from(self.0) {
            Ok(number) => to.serialize_i64(number),
            Err(_) => to.collect_str(&self.0),
        }
    }
}

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Number;
        impl Visitor<'_> for Number {
            type Value = Whole;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a whole number")
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Whole, E> {
                Ok(Whole(number.into()))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Whole, E> {
                Ok(Whole(number.into()))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Whole, E> {
                text.parse().map(Whole).map_err(E::custom)
            }
        }
        from.deserialize_any(Number)
    }
}

impl Portion {
    /// What several have added up; how many rows were repetitions is told to the tally.
    #[must_use]
    pub fn of<K: Packed>(parts: Vec<Sums<K>>, roster: &Roster, tally: &mut Tally) -> Option<Self> {
        let (sums, days) = Sums::settle(parts, tally)?;
        let both = |[first, second]: [PartyIx; 2]| (roster.actor(first), roster.actor(second));
        let mut cells: Vec<_> = sums.cells.into_iter().collect();
        cells.sort_unstable_by_key(|(key, _)| *key);
        let cells = cells.into_iter().map(|(key, cell)| {
            let (first, second) = both(key.sides());
            let kept = cell.kept.numbers().into_iter().map(Whole).collect();
            let Cell {
                events, weights, ..
            } = cell;
            (first, second, key.period().number(), events, weights, kept)
        });
        let mut totals: Vec<_> = sums.totals.into_iter().collect();
        totals.sort_unstable_by_key(|(period, _)| *period);
        let totals = totals.into_iter().map(|(period, of)| {
            let (weights, squares) = (Whole(of.weights), Whole(of.squares));
            let period = period.number();
            (
                period,
                of.events,
                weights,
                squares,
                of.conflicts,
                of.material_conflicts,
            )
        });
        let mut rows: Vec<_> = sums.behind.into_iter().collect();
        rows.sort_unstable();
        let behind = rows.chunk_by(|(one, _), (other, _)| one.0 == other.0);
        let behind = behind.map(|files| {
            let rows = files.iter().map(|(_, rows)| rows).sum();
            (files[0].0.0.number(), files.len() as u64, rows)
        });
        let mut others: Vec<_> = sums.others.into_iter().collect();
        others.sort_unstable();
        let others = others.into_iter().map(|(sides, first)| {
            let (one, other) = both(sides);
            (one, other, first.number())
        });
        let mut months: Vec<_> = sums.months.into_iter().map(Period::number).collect();
        months.sort_unstable();
        Some(Self {
            span: sums.span,
            months,
            totals: totals.collect(),
            behind: behind.collect(),
            others: others.collect(),
            cells: cells.collect(),
            days: days.into_iter().collect(),
        })
    }

    /// The same as sums again. Its files are numbered on from `files`. Nothing where it does not
    /// hold together.
    #[must_use]
    pub fn sums<K: Packed>(
        &self,
        adding: &Arc<Adding>,
        how: &Arc<K::How>,
        roster: &Roster,
        files: &mut u32,
    ) -> Option<Sums<K>> {
        let mut sums = Sums::new(adding, how, roster);
        let both = |first: Actor, second| Some([roster.party(first)?, roster.party(second)?]);
        for (first, second, period, events, weights, kept) in &self.cells {
            let numbers: Vec<_> = kept.iter().map(|number| number.0).collect();
            let cell = Cell {
                events: *events,
                weights: *weights,
                kept: K::of_numbers(&numbers)?,
            };
            let key = Key::new(both(*first, *second)?, Period::of_number(*period));
            sums.cells.insert(key, cell);
        }
        for &(period, events, weights, squares, conflicts, material_conflicts) in &self.totals {
            let totals = Totals {
                events,
                weights: weights.0,
                squares: squares.0,
                conflicts,
                material_conflicts,
            };
            sums.totals.insert(Period::of_number(period), totals);
        }
        for &(period, number, rows) in &self.behind {
            // Which of the files has how many of the rows does not matter to the table.
            for file in 0..number {
                let rows = if file == 0 { rows } else { 0 };
                sums.behind
                    .insert((Period::of_number(period), *files), rows);
                *files = files.checked_add(1)?;
            }
        }
        for &(first, second, period) in &self.others {
            let sides = both(first, second)?;
            sums.others.insert(sides, Period::of_number(period));
        }
        sums.months = self.months.iter().copied().map(Period::of_number).collect();
        sums.span = self.span;
        sums.days = self.days.iter().copied().collect();
        Some(sums)
    }

    /// How many events there are.
    #[must_use]
    pub fn events(&self) -> u64 {
        let cells = self.cells.iter().flat_map(|cell| cell.3.iter().flatten());
        cells.fold(0, |all, events| all.saturating_add(*events))
    }

    /// The first day on which both have rows that might be repetitions of each other, and count
    /// twice so.
    #[must_use]
    pub fn shares_day(&self, other: &Self) -> Option<Day> {
        let is_there = |day: &&Day| other.days.binary_search(day).is_ok();
        self.days.iter().find(is_there).copied()
    }

    /// The last period of which there is anything, by its number.
    fn last(&self) -> Option<u32> {
        let cells = self.cells.iter().map(|cell| cell.2);
        cells.chain(self.totals.iter().map(|of| of.0)).max()
    }

    /// Whether counts and periods can be those of rows, so many of which are used.
    #[must_use]
    pub fn holds_together(&self, every: Every, used: u64) -> bool {
        let last = every.period(Day::LAST).number();
        let is_day = |(from, to): (Day, Day)| from <= to;
        self.events() == used
            && self.last().is_none_or(|period| period <= last)
            && self.span.is_none_or(is_day)
            && self.days.is_sorted()
    }
}
