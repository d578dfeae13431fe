//! The index: for every dyad and month, how many events of which kind, and how warm they leave it.
//!
//! Everything that is added up is a whole number, so that the table is the same to the byte for any order of rows, any
//! split into files, and any number of threads. Memory grows with dyads and months.

use super::columns::{How, IndexRow};
use super::deliveries::{Ids, RowId, Same, same, within};
use super::reading::{FileRead, Gather};
use super::roster::Roster;
use super::row::{PartyIx, Reason};
use super::sieve::{Dedupe, Sifted};
use super::tally::{Example, Position, Tally};
use crate::error::{BadData, Result};
use crate::exchange::values::codes::{CodeIx, QUAD_CLASSES, Quads};
use crate::exchange::values::weight::{PARTS, Weight};
use crate::model::temperature::fading;
use crate::model::{Day, Dyad, Model};
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry;

/// How many bits stand behind the point of a factor by which a weight has faded at the end of its month.
const FACTOR_BITS: u32 = 40;
/// One, as such a factor.
const ONE: f64 = (1_u64 << FACTOR_BITS) as f64;
/// The longest month, in days.
const LONGEST_MONTH: usize = 31;

/// How a weight fades until the end of its month, and from month to month.
#[derive(Clone, Debug)]
pub struct Decay {
    /// By the days that are left of the month: `2^(-days / half-life)`, times [`ONE`].
    factors: [i64; LONGEST_MONTH],
    half_life_days: f64,
}

impl Decay {
    /// The decay of a model.
    ///
    /// # Errors
    /// When the model saturates: then the order of events counts, and nothing can be added up.
    pub fn of(model: &Model) -> Result<Self> {
        if model.saturation() {
            return Err(BadData::Saturates.into());
        }
        let half_life_days = model.half_life_days();
        let mut factors = [0; LONGEST_MONTH];
        for (days, factor) in (0..).zip(&mut factors) {
            *factor = libm::rint(fading(days, half_life_days) * ONE) as i64;
        }
        Ok(Self {
            factors,
            half_life_days,
        })
    }
}

/// A month of the calendar, counted from that of year 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Month(u32);

impl Month {
    fn of(day: Day) -> Self {
        let (year, month) = day.year_month();
        Self(year as u32 * 12 + month as u32 - 1)
    }

    /// Its last day.
    fn end(self) -> Option<Day> {
        let first = Day::of_calendar((self.0 / 12) as i16, (self.0 % 12) as i8 + 1, 1)?;
        Some(first.end_of_month())
    }

    fn name(self) -> String {
        format!("{:04}-{:02}", self.0 / 12, self.0 % 12 + 1)
    }
}

/// A dyad and a month in one number, in the order of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key(u64);

impl Key {
    fn new(first: PartyIx, second: PartyIx, month: Month) -> Self {
        Self(u64::from(first.place()) << 48 | u64::from(second.place()) << 32 | u64::from(month.0))
    }

    const fn sides(self) -> [PartyIx; 2] {
        [
            PartyIx::at((self.0 >> 48) as u16),
            PartyIx::at((self.0 >> 32) as u16),
        ]
    }

    const fn month(self) -> Month {
        Month(self.0 as u32)
    }
}

/// What a dyad's month adds up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Cell {
    /// By direction (0 where the first of the dyad acts) and class.
    events: [[u64; QUAD_CLASSES]; 2],
    /// In parts of a degree.
    weights: i64,
    /// Each weight, times the factor by which it has faded at the end of the month.
    faded: i128,
    /// Those factors.
    faded_events: i128,
}

impl Cell {
    fn add(&mut self, other: &Self) {
        for (mine, others) in self
            .events
            .iter_mut()
            .flatten()
            .zip(other.events.iter().flatten())
        {
            *mine += others;
        }
        self.weights += other.weights;
        self.faded += other.faded;
        self.faded_events += other.faded_events;
    }
}

/// What counts of rows that count as one: the least of them, whatever their order. So the least of their weights counts and,
/// where files of several formats differ, the cut into classes that comes first in [`Quads`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Once {
    weight: Weight,
    quads: Quads,
    day: Day,
    source: PartyIx,
    target: PartyIx,
    code: CodeIx,
    /// Where it stands.
    at: Position,
}

impl Once {
    fn row(&self) -> Sifted {
        Sifted {
            day: self.day,
            source: self.source,
            target: self.target,
            code: self.code,
            weight: self.weight,
            differs: false,
        }
    }
}

/// Adds up the rows of an index.
#[derive(Debug)]
pub struct Index {
    decay: Decay,
    dedupe: Dedupe,
    /// The dyads that are wanted; all where there are none.
    wanted: Vec<[PartyIx; 2]>,
    cells: FxHashMap<Key, Cell>,
    /// The ids of all rows.
    ids: Ids,
    /// Where rows can be repetitions.
    seen: FxHashMap<Same, Once>,
    /// Where they can if they were added within a while, each with the minute.
    added: FxHashMap<Same, Vec<(i64, Once)>>,
    repeated: u64,
    first_repeated: Option<Position>,
    /// The day of the last row with its month and how many days are left of it: rows come in days.
    last: Option<(Day, Month, usize)>,
}

impl Index {
    /// An index of nothing yet, of some dyads or, where there are none, of all.
    #[must_use]
    pub fn new(decay: Decay, dedupe: Dedupe, dyads: &[Dyad], roster: &Roster) -> Self {
        Self {
            decay,
            dedupe,
            wanted: roster.sides(dyads),
            cells: FxHashMap::default(),
            ids: Ids::default(),
            seen: FxHashMap::default(),
            added: FxHashMap::default(),
            repeated: 0,
            first_repeated: None,
            last: None,
        }
    }

    fn add(&mut self, row: &Sifted, quads: Quads) {
        let (month, left) = match self.last {
            Some((day, month, left)) if day == row.day => (month, left),
            _ => {
                let left = row.day.end_of_month().days_since(row.day) as usize;
                (Month::of(row.day), left)
            }
        };
        self.last = Some((row.day, month, left));
        let is_reverse = row.source > row.target;
        let [first, second] = row.sides();
        let key = Key::new(first, second, month);
        let cell = self.cells.entry(key).or_default();
        let factor = i128::from(self.decay.factors[left]);
        cell.events[usize::from(is_reverse)][quads.class(row.code.root())] += 1;
        cell.weights += i64::from(row.weight.parts());
        cell.faded += i128::from(row.weight.parts()) * factor;
        cell.faded_events += factor;
    }

    /// Takes note of a row that may be a repetition.
    fn see(&mut self, same: Same, once: Once) {
        match self.seen.entry(same) {
            Entry::Vacant(entry) => {
                entry.insert(once);
            }
            Entry::Occupied(mut entry) => {
                let known = entry.get_mut();
                let later = known.at.max(once.at);
                let first = known.at.min(once.at);
                *known = Once {
                    quads: known.quads.min(once.quads),
                    ..(*known).min(once)
                };
                known.at = first;
                self.repeat(1, Some(later));
            }
        }
    }

    fn repeat(&mut self, count: u64, first: Option<Position>) {
        self.repeated += count;
        self.first_repeated = match (self.first_repeated, first) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }

    /// The index of all rows that several have added up, and how many rows were repetitions.
    #[must_use]
    pub fn merge(parts: Vec<Self>, tally: &mut Tally) -> Option<Self> {
        let mut parts = parts.into_iter();
        let mut whole = parts.next()?;
        for part in parts {
            for (key, cell) in part.cells.into_iter().collect::<Vec<_>>() {
                whole.cells.entry(key).or_default().add(&cell);
            }
            whole.repeat(part.repeated, part.first_repeated);
            whole.ids.add(part.ids);
            for (same, once) in part.seen.into_iter().collect::<Vec<_>>() {
                whole.see(same, once);
            }
            for (same, rows) in part.added.into_iter().collect::<Vec<_>>() {
                whole.added.entry(same).or_default().extend(rows);
            }
        }
        let seen: Vec<_> = std::mem::take(&mut whole.seen).into_iter().collect();
        for (_, once) in seen {
            whole.add(&once.row(), once.quads);
        }
        let added: Vec<_> = std::mem::take(&mut whole.added).into_iter().collect();
        for (_, rows) in added {
            whole.add_apart(rows);
        }
        let first = whole.first_repeated.map(|at| Example {
            at,
            text: String::new(),
        });
        tally.take_back(Reason::Repeated, whole.repeated, first);
        Some(whole)
    }

    /// Adds rows of one scene: of those that were added within a while of the first that counts, only the least.
    fn add_apart(&mut self, mut rows: Vec<(i64, Once)>) {
        let Dedupe::Window(minutes) = self.dedupe else {
            return;
        };
        rows.sort_unstable();
        for same in within(&rows, minutes) {
            let counted = same.iter().map(|(_, once)| *once).min();
            let Some(counted) = counted else { continue };
            self.add(&counted.row(), counted.quads);
            let mut places: Vec<_> = same.iter().map(|(_, once)| once.at).collect();
            places.sort_unstable();
            self.repeat(places.len() as u64 - 1, places.get(1).copied());
        }
    }

    /// The ids of rows that are in the index.
    #[must_use]
    pub const fn ids(&self) -> &Ids {
        &self.ids
    }

    /// Each dyad and how many events it has, the busiest first.
    #[must_use]
    pub fn busiest(&self, roster: &Roster) -> Vec<(Dyad, u64)> {
        let mut counts: FxHashMap<[PartyIx; 2], u64> = FxHashMap::default();
        for (key, cell) in self.in_order() {
            *counts.entry(key.sides()).or_default() += cell.events.iter().flatten().sum::<u64>();
        }
        let dyad =
            |[first, second]: [PartyIx; 2]| Dyad::new(roster.actor(first), roster.actor(second));
        let mut busiest: Vec<_> = counts
            .into_iter()
            .filter_map(|(sides, count)| Some((dyad(sides)?, count)))
            .collect();
        busiest.sort_unstable_by(|(a, x), (b, y)| y.cmp(x).then(a.cmp(b)));
        busiest
    }

    fn in_order(&self) -> Vec<(Key, Cell)> {
        let mut cells: Vec<_> = self.cells.iter().map(|(key, cell)| (*key, *cell)).collect();
        cells.sort_unstable_by_key(|(key, _)| *key);
        cells
    }

    /// The rows of the table, by dyad and month: those with events, or with `all_months` every month from a dyad's first to
    /// its last one.
    ///
    /// # Errors
    /// What `take` says.
    pub fn rows<E>(
        &self,
        (model, how): (&Model, &How),
        roster: &Roster,
        all_months: bool,
        mut take: impl FnMut(&IndexRow<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut so_far: Option<Chained> = None;
        for (key, cell) in self.in_order() {
            let [first, second] = key.sides().map(|side| roster.actor(side));
            let (Some(dyad), Some(end)) = (Dyad::new(first, second), key.month().end()) else {
                continue;
            };
            let mut before = so_far.filter(|chained| chained.sides == key.sides());
            if let Some(chained) = before.as_mut().filter(|_| all_months) {
                for month in (chained.month.0 + 1..key.month().0).map(Month) {
                    let Some(end) = month.end() else { continue };
                    *chained = chained.wait(month, end, self.decay.half_life_days);
                    take(&chained.row(dyad, &Cell::default(), model, how))?;
                }
            }
            let mut chained = match before {
                Some(chained) => chained.wait(key.month(), end, self.decay.half_life_days),
                None => Chained {
                    sides: key.sides(),
                    month: key.month(),
                    end,
                    sum: 0.0,
                    count: 0.0,
                },
            };
            chained.sum += cell.faded as f64 / ONE / f64::from(PARTS);
            chained.count += cell.faded_events as f64 / ONE;
            take(&chained.row(dyad, &cell, model, how))?;
            so_far = Some(chained);
        }
        Ok(())
    }
}

/// What a dyad has added up to at the end of a month.
#[derive(Clone, Copy)]
struct Chained {
    sides: [PartyIx; 2],
    month: Month,
    end: Day,
    sum: f64,
    count: f64,
}

impl Chained {
    fn wait(self, month: Month, end: Day, half_life_days: f64) -> Self {
        let left = fading(end.days_since(self.end), half_life_days);
        Self {
            month,
            end,
            sum: self.sum * left,
            count: self.count * left,
            ..self
        }
    }

    fn row<'a>(&self, dyad: Dyad, cell: &Cell, model: &Model, how: &'a How) -> IndexRow<'a> {
        let [first, second] = cell.events;
        let [first_to_second, second_to_first] =
            [first, second].map(|classes| classes.iter().sum());
        let events: u64 = first_to_second + second_to_first;
        let conflict = first[2] + first[3] + second[2] + second[3];
        let share = |part: f64| (events > 0).then(|| rounded(part / events as f64));
        let weight_sum = cell.weights as f64 / f64::from(PARTS);
        IndexRow {
            dyad,
            month: self.month.name(),
            events,
            first_to_second,
            second_to_first,
            first_to_second_verbal_cooperation: first[0],
            first_to_second_material_cooperation: first[1],
            first_to_second_verbal_conflict: first[2],
            first_to_second_material_conflict: first[3],
            second_to_first_verbal_cooperation: second[0],
            second_to_first_material_cooperation: second[1],
            second_to_first_verbal_conflict: second[2],
            second_to_first_material_conflict: second[3],
            conflict_share: share(conflict as f64),
            weight_sum,
            weight_mean: share(weight_sum),
            temperature: rounded(model.baseline(dyad) + model.gain() * self.sum),
            decayed_mean: if self.count > 0.0 {
                rounded(self.sum / self.count)
            } else {
                0.0
            },
            model: &how.model,
            weights: &how.weights,
            events_counted: how.events_counted,
            dedupe: &how.dedupe,
            quad_classes: &how.quad_classes,
            detente: how.detente,
        }
    }
}

/// A number to six digits behind the point: what follows them is below the resolution of the sums.
fn rounded(number: f64) -> f64 {
    const PARTS: f64 = 1e6;
    // So that there is no negative zero.
    libm::rint(number * PARTS) / PARTS + 0.0
}

impl Gather for Index {
    fn wants(&self, row: &Sifted) -> Result<(), Reason> {
        if self.wanted.is_empty() || self.wanted.contains(&row.sides()) {
            Ok(())
        } else {
            Err(Reason::OtherDyad)
        }
    }

    fn take(&mut self, row: &Sifted, file: &FileRead, at: Position, record: &[u8]) {
        let quads = file.sieve.quads();
        let id = RowId::of(file.format, row.day, file.reader.id(record));
        if let Some(id) = id {
            self.ids.insert(id);
        }
        let once = Once {
            weight: row.weight,
            quads,
            day: row.day,
            source: row.source,
            target: row.target,
            code: row.code,
            at,
        };
        match same(self.dedupe, row, id, || file.reader.added(record)) {
            None => self.add(row, quads),
            Some((same, None)) => self.see(same, once),
            Some((same, Some(minute))) => {
                self.added.entry(same).or_default().push((minute, once));
            }
        }
    }
}
