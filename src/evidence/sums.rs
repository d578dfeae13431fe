//! What rows of event data add up to, by dyad and period.
//!
//! Everything that is added up is a whole number, so that sums are the same to the bit for any
//! order of rows, any split into files, and any number of threads. Memory grows with dyads and
//! periods.

use super::period::{Every, Period};
use crate::exchange::{
    CodeIx, Dedupe, Example, FileRead, Gather, Ids, PartyIx, Position, QUAD_CLASSES, Quads, Reason,
    Roster, RowId, Same, Sifted, Tally, Weight, same, within,
};
use crate::model::temperature::fading;
use crate::model::{Day, Dyad};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;
use std::collections::hash_map::Entry;
use std::sync::Arc;

/// How many bits stand behind the point of a factor by which something has faded at the end of its
/// period.
const FACTOR_BITS: u32 = 40;
/// One, as such a factor.
const ONE: f64 = (1_u64 << FACTOR_BITS) as f64;

/// A whole number of factors as what it stands for.
pub(super) fn unfactored(sum: i128) -> f64 {
    sum as f64 / ONE
}

/// By the days that are left of a period: `2^(-days / half-life)`, in whole parts.
#[derive(Clone, Debug)]
pub struct Factors(Box<[i64]>);

impl Factors {
    /// The factors of a half-life, for periods of a length.
    #[must_use]
    pub fn new(half_life_days: f64, every: Every) -> Self {
        let factor = |days| libm::rint(fading(days, half_life_days) * ONE) as i64;
        Self((0..every.longest_days() as i32).map(factor).collect())
    }

    /// The factor of so many days.
    #[inline]
    pub(super) fn of(&self, days: usize) -> i128 {
        i128::from(self.0[days])
    }
}

/// An event as it is added up.
#[derive(Clone, Copy, Debug)]
pub struct Noted {
    /// In parts of a degree.
    pub(super) weight: i64,
    /// Its class, from 0.
    pub(super) class: usize,
    /// How many days of its period are left.
    pub(super) left: usize,
}

impl Noted {
    /// Whether it is of verbal or material conflict.
    pub(super) const fn is_conflict(self) -> bool {
        self.class >= 2
    }

    /// Whether it is of material conflict.
    pub(super) const fn is_material_conflict(self) -> bool {
        self.class == 3
    }
}

/// What is kept of a dyad's period beside its counts. Only additions, so that order does not
/// matter.
pub trait Kept: Copy + Default + Send {
    /// What it needs to know.
    type How: Send + Sync;

    /// Takes an event.
    fn take(&mut self, event: Noted, how: &Self::How);

    /// Adds what others have taken.
    fn add(&mut self, other: &Self);
}

/// What is kept, as numbers that can be written down.
pub trait Packed: Kept {
    /// All of its numbers.
    fn numbers(&self) -> Vec<i128>;

    /// The same of its numbers; nothing where there are more or fewer of them.
    fn of_numbers(numbers: &[i128]) -> Option<Self>;
}

/// What a dyad's period adds up to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cell<K> {
    /// By direction (0 where the first of the dyad acts) and class.
    pub events: [[u64; QUAD_CLASSES]; 2],
    /// In parts of a degree.
    pub weights: i64,
    /// What else is kept.
    pub kept: K,
}

/// What all dyads' events of a period add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many events there were.
    pub events: u64,
    /// Their weights, in parts of a degree.
    pub weights: i128,
    /// The squares of those.
    pub squares: i128,
    /// How many were of conflict.
    pub conflicts: u64,
    /// How many were of material conflict.
    pub material_conflicts: u64,
}

impl Totals {
    fn note(&mut self, event: Noted) {
        self.events += 1;
        self.weights += i128::from(event.weight);
        self.squares += i128::from(event.weight) * i128::from(event.weight);
        self.conflicts += u64::from(event.is_conflict());
        self.material_conflicts += u64::from(event.is_material_conflict());
    }

    /// Adds those of others.
    pub fn add(&mut self, other: &Self) {
        self.events += other.events;
        self.weights += other.weights;
        self.squares += other.squares;
        self.conflicts += other.conflicts;
        self.material_conflicts += other.material_conflicts;
    }
}

/// What is added up, and how.
#[derive(Clone, Debug)]
pub struct Adding {
    /// How long a period is.
    pub every: Every,
    /// Whether what A does to B and what B does to A are two things.
    pub is_directed: bool,
    /// What makes rows one event.
    pub dedupe: Dedupe,
    /// The dyads that are wanted; all where there are none. The totals are of all dyads even so.
    pub dyads: Vec<Dyad>,
}

/// Two actors and a period in one number, in the order of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key(u64);

impl Key {
    pub(super) fn new([first, second]: [PartyIx; 2], period: Period) -> Self {
        let sides = u64::from(first.place()) << 48 | u64::from(second.place()) << 32;
        Self(sides | u64::from(period.number()))
    }

    pub(super) const fn sides(self) -> [PartyIx; 2] {
        [
            PartyIx::at((self.0 >> 48) as u16),
            PartyIx::at((self.0 >> 32) as u16),
        ]
    }

    pub(super) const fn period(self) -> Period {
        Period::of_number(self.0 as u32)
    }
}

/// What counts of rows that count as one: the least of them, whatever their order. So the least of
/// their weights counts and, where files of several formats differ, the cut into classes that comes
/// first in [`Quads`].
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

/// The period that rows are of at the moment, and what has come of it since the last one: rows come
/// in days.
#[derive(Clone, Copy, Debug)]
struct Current {
    day: Day,
    file: u32,
    period: Period,
    left: usize,
    rows: u64,
    totals: Totals,
}

/// Adds up rows.
#[derive(Debug)]
pub struct Sums<K: Kept> {
    adding: Arc<Adding>,
    how: Arc<K::How>,
    wanted: Vec<[PartyIx; 2]>,
    pub(super) cells: FxHashMap<Key, Cell<K>>,
    pub(super) totals: FxHashMap<Period, Totals>,
    /// How many rows of all dyads each file has of a period.
    pub(super) behind: FxHashMap<(Period, u32), u64>,
    /// Since when there are dyads that are not wanted.
    pub(super) others: FxHashMap<[PartyIx; 2], Period>,
    /// The ids of all rows that are wanted.
    ids: Ids,
    /// Where rows can be repetitions.
    seen: FxHashMap<Same, Once>,
    /// Where they can if they were added within a while, each with the minute.
    added: FxHashMap<Same, Vec<(i64, Once)>>,
    repeated: u64,
    first_repeated: Option<Position>,
    /// The months of which there is a row.
    pub(super) months: FxHashSet<Period>,
    pub(super) span: Option<(Day, Day)>,
    /// The days of rows that could be repetitions, once it has been found which are.
    pub(super) days: BTreeSet<Day>,
    current: Option<Current>,
}

impl<K: Kept> Sums<K> {
    /// Sums of nothing yet.
    #[must_use]
    pub fn new(adding: &Arc<Adding>, how: &Arc<K::How>, roster: &Roster) -> Self {
        Self {
            adding: Arc::clone(adding),
            how: Arc::clone(how),
            wanted: roster.sides(&adding.dyads),
            cells: FxHashMap::default(),
            totals: FxHashMap::default(),
            behind: FxHashMap::default(),
            others: FxHashMap::default(),
            ids: Ids::default(),
            seen: FxHashMap::default(),
            added: FxHashMap::default(),
            repeated: 0,
            first_repeated: None,
            months: FxHashSet::default(),
            span: None,
            days: BTreeSet::new(),
            current: None,
        }
    }

    fn is_wanted(&self, row: &Sifted) -> bool {
        self.wanted.is_empty() || self.wanted.contains(&row.sides())
    }

    /// The period of a day and how many days are left of it.
    fn place(&self, day: Day) -> (Period, usize) {
        let every = self.adding.every;
        let period = every.period(day);
        (period, every.last_day(period).days_since(day) as usize)
    }

    /// Takes note of a row that stands behind a period.
    #[inline]
    fn see_row(&mut self, day: Day, file: u32) -> (Period, usize) {
        match &mut self.current {
            Some(current) if current.day == day && current.file == file => {
                current.rows += 1;
                (current.period, current.left)
            }
            _ => {
                self.close();
                let (period, left) = self.place(day);
                self.months.insert(Every::Month.period(day));
                let (from, to) = self.span.unwrap_or((day, day));
                self.span = Some((from.min(day), to.max(day)));
                self.current = Some(Current {
                    day,
                    file,
                    period,
                    left,
                    rows: 1,
                    totals: Totals::default(),
                });
                (period, left)
            }
        }
    }

    /// Adds what has come of the current period to the rest.
    fn close(&mut self) {
        if let Some(current) = self.current.take() {
            let rows = self.behind.entry((current.period, current.file));
            *rows.or_default() += current.rows;
            let totals = self.totals.entry(current.period).or_default();
            totals.add(&current.totals);
        }
    }

    /// Adds an event to its dyad's sums.
    #[inline]
    fn add(&mut self, row: &Sifted, quads: Quads, (period, left): (Period, usize)) -> Noted {
        let event = Noted {
            weight: i64::from(row.weight.parts()),
            class: quads.class(row.code.root()),
            left,
        };
        let is_reverse = row.source > row.target && !self.adding.is_directed;
        let sides = if self.adding.is_directed {
            [row.source, row.target]
        } else {
            row.sides()
        };
        if self.is_wanted(row) {
            let cell = self.cells.entry(Key::new(sides, period)).or_default();
            cell.events[usize::from(is_reverse)][event.class] += 1;
            cell.weights += event.weight;
            cell.kept.take(event, &self.how);
        } else {
            let first = self.others.entry(sides).or_insert(period);
            *first = (*first).min(period);
        }
        event
    }

    fn take_row(&mut self, row: &Sifted, file: &FileRead, at: Position, record: &[u8]) {
        let place = self.see_row(row.day, at.file);
        let quads = file.sieve.quads();
        let is_wanted = self.is_wanted(row);
        let needs_id = is_wanted || self.adding.dedupe == Dedupe::Id;
        let id = needs_id.then(|| RowId::of(file.format, row.day, file.reader.id(record)));
        let id = id.flatten();
        if let Some(id) = id.filter(|_| is_wanted) {
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
        match same(self.adding.dedupe, row, id, || file.reader.added(record)) {
            None => {
                let event = self.add(row, quads, place);
                if let Some(current) = &mut self.current {
                    current.totals.note(event);
                }
            }
            Some((same, None)) => self.see(same, once),
            Some((same, Some(minute))) => {
                self.added.entry(same).or_default().push((minute, once));
            }
        }
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
                if self.is_wanted(&once.row()) {
                    self.repeat(1, Some(later));
                }
            }
        }
    }

    /// Adds an event that was found to be one.
    fn add_once(&mut self, once: &Once) {
        let place = self.place(once.day);
        let event = self.add(&once.row(), once.quads, place);
        self.totals.entry(place.0).or_default().note(event);
    }

    /// Adds rows of one scene: of those that were added within a while of the first that counts,
    /// only the least.
    fn add_apart(&mut self, mut rows: Vec<(i64, Once)>) {
        let Dedupe::Window(minutes) = self.adding.dedupe else {
            return;
        };
        rows.sort_unstable();
        for same in within(&rows, minutes) {
            let Some(counted) = same.iter().map(|(_, once)| *once).min() else {
                continue;
            };
            self.add_once(&counted);
            if self.is_wanted(&counted.row()) {
                let mut places: Vec<_> = same.iter().map(|(_, once)| once.at).collect();
                places.sort_unstable();
                self.repeat(places.len() as u64 - 1, places.get(1).copied());
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

    /// The sums of all rows that several have added up; how many rows were repetitions is told to
    /// the tally.
    #[must_use]
    pub fn merge(parts: Vec<Self>, tally: &mut Tally) -> Option<Summed<K>> {
        Some(Self::settle(parts, tally)?.0.finish())
    }

    /// The same before it is put in order, and the days of rows that could be repetitions.
    pub(super) fn settle(parts: Vec<Self>, tally: &mut Tally) -> Option<(Self, BTreeSet<Day>)> {
        let mut parts = parts.into_iter();
        let mut whole = parts.next()?;
        whole.close();
        for mut part in parts {
            part.close();
            whole.join(part);
        }
        let seen: Vec<_> = std::mem::take(&mut whole.seen).into_iter().collect();
        let mut days = std::mem::take(&mut whole.days);
        for (_, once) in seen {
            days.insert(once.day);
            whole.add_once(&once);
        }
        let added: Vec<_> = std::mem::take(&mut whole.added).into_iter().collect();
        for (_, rows) in added {
            days.extend(rows.iter().map(|(_, once)| once.day));
            whole.add_apart(rows);
        }
        let first = whole.first_repeated.map(|at| Example {
            at,
            text: String::new(),
        });
        tally.take_back(Reason::Repeated, whole.repeated, first);
        Some((whole, days))
    }

    /// Adds the sums of another.
    fn join(&mut self, part: Self) {
        for (key, cell) in part.cells.into_iter().collect::<Vec<_>>() {
            let mine = self.cells.entry(key).or_default();
            let mine_events = mine.events.iter_mut().flatten();
            for (mine, other) in mine_events.zip(cell.events.iter().flatten()) {
                *mine += other;
            }
            mine.weights += cell.weights;
            mine.kept.add(&cell.kept);
        }
        for (period, totals) in part.totals.into_iter().collect::<Vec<_>>() {
            self.totals.entry(period).or_default().add(&totals);
        }
        for (file, rows) in part.behind.into_iter().collect::<Vec<_>>() {
            *self.behind.entry(file).or_default() += rows;
        }
        for (sides, first) in part.others.into_iter().collect::<Vec<_>>() {
            let mine = self.others.entry(sides).or_insert(first);
            *mine = (*mine).min(first);
        }
        self.months.extend(part.months);
        self.days.extend(part.days);
        self.span = match (self.span, part.span) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (one, other) => one.or(other),
        };
        self.repeat(part.repeated, part.first_repeated);
        self.ids.add(part.ids);
        for (same, rows) in part.added.into_iter().collect::<Vec<_>>() {
            self.added.entry(same).or_default().extend(rows);
        }
        for (same, once) in part.seen.into_iter().collect::<Vec<_>>() {
            self.see(same, once);
        }
    }

    /// Puts everything in order.
    fn finish(self) -> Summed<K> {
        let mut cells: Vec<_> = self.cells.into_iter().collect();
        cells.sort_unstable_by_key(|(key, _)| *key);
        let mut totals: Vec<_> = self.totals.into_iter().collect();
        totals.sort_unstable_by_key(|(period, _)| *period);
        let mut behind: FxHashMap<Period, Behind> = FxHashMap::default();
        for ((period, _), rows) in self.behind.into_iter().collect::<Vec<_>>() {
            let behind = behind.entry(period).or_default();
            behind.files += 1;
            behind.rows += rows;
        }
        let mut began: Vec<_> = self.others.into_values().collect();
        let mut last = None;
        for (key, _) in &cells {
            if last != Some(key.sides()) {
                began.push(key.period());
            }
            last = Some(key.sides());
        }
        began.sort_unstable();
        let mut months: Vec<_> = self.months.into_iter().collect();
        months.sort_unstable();
        let cells = cells
            .into_iter()
            .map(|(key, cell)| Summand {
                sides: key.sides(),
                period: key.period(),
                cell,
            })
            .collect();
        Summed {
            every: self.adding.every,
            is_directed: self.adding.is_directed,
            cells,
            totals,
            behind,
            began,
            months,
            span: self.span,
            ids: self.ids,
        }
    }
}

impl<K: Kept> Gather for Sums<K> {
    fn wants(&self, row: &Sifted) -> Result<(), Reason> {
        if self.is_wanted(row) {
            Ok(())
        } else {
            Err(Reason::OtherDyad)
        }
    }

    fn heeds_others(&self) -> bool {
        true
    }

    fn heed(&mut self, row: &Sifted, file: &FileRead, at: Position, record: &[u8]) {
        self.take_row(row, file, at, record);
    }

    fn take(&mut self, row: &Sifted, file: &FileRead, at: Position, record: &[u8]) {
        self.take_row(row, file, at, record);
    }
}

/// What stands behind a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Behind {
    /// How many files have a row of it.
    pub files: u64,
    /// How many rows of it there are, of any dyad.
    pub rows: u64,
}

/// What two actors' period adds up to.
#[derive(Clone, Copy, Debug)]
pub struct Summand<K> {
    /// Both actors: the lesser first or, where sums are directed, the source first.
    pub sides: [PartyIx; 2],
    /// The period.
    pub period: Period,
    /// The sums.
    pub cell: Cell<K>,
}

/// Sums, in order.
#[derive(Clone, Debug)]
pub struct Summed<K> {
    /// How long a period is.
    pub every: Every,
    /// Whether what A does to B and what B does to A are two things.
    pub is_directed: bool,
    /// By actors and period.
    pub cells: Vec<Summand<K>>,
    /// Of all dyads, by period.
    pub totals: Vec<(Period, Totals)>,
    behind: FxHashMap<Period, Behind>,
    /// The first period of each dyad, in order; of those that are not wanted, too.
    pub began: Vec<Period>,
    /// The months of which there is any row, in order.
    pub months: Vec<Period>,
    /// The first and the last day of which there is any row.
    pub span: Option<(Day, Day)>,
    /// The ids of the rows that are wanted.
    pub ids: Ids,
}

impl<K> Summed<K> {
    /// The sums of each two actors.
    pub fn by_sides(&self) -> impl Iterator<Item = &[Summand<K>]> {
        self.cells.chunk_by(|one, other| one.sides == other.sides)
    }

    /// What stands behind a period.
    #[must_use]
    pub fn behind(&self, period: Period) -> Behind {
        self.behind.get(&period).copied().unwrap_or_default()
    }

    /// Each dyad and how many events it has, the busiest first.
    #[must_use]
    pub fn busiest(&self, roster: &Roster) -> Vec<(Dyad, u64)> {
        let mut counts: FxHashMap<Dyad, u64> = FxHashMap::default();
        for Summand { sides, cell, .. } in &self.cells {
            let [first, second] = sides.map(|side| roster.actor(side));
            if let Some(dyad) = Dyad::new(first, second) {
                *counts.entry(dyad).or_default() += cell.events.iter().flatten().sum::<u64>();
            }
        }
        let mut busiest: Vec<_> = counts.into_iter().collect();
        busiest.sort_unstable_by(|(a, x), (b, y)| y.cmp(x).then(a.cmp(b)));
        busiest
    }
}
