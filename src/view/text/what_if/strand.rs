//! The strand of a history: what its events did to some dyads, and the temperature between them, to
//! be drawn.

use crate::history::{Fold, Record};
use crate::model::{Day, Dyad, Model, Relation};
use crate::scenario::{Comparison, Track};
use crate::view::rows::conditions::model_label;
use crate::view::rows::transition::TransitionRow;
use crate::view::text::table::Scene;

/// How many pieces a curve is made of at the least, from end to end.
const PIECES: i32 = 160;

/// The strand of one history.
#[derive(Clone, Debug)]
pub struct Strand {
    /// What to call it.
    pub name: String,
    /// Its model.
    pub model: Model,
    /// Its events in their order, each with what it did to the dyads that are looked at.
    pub passages: Vec<Passed>,
    /// Where it leaves the first of several; nothing for that one, and where the models are not the
    /// same.
    pub fork: Option<Leaving>,
}

/// An event that happened.
#[derive(Clone, Debug)]
pub struct Passed {
    /// The event.
    pub record: Record,
    /// What it did.
    pub rows: Vec<TransitionRow>,
}

impl From<Scene> for Passed {
    fn from(Scene { record, rows, .. }: Scene) -> Self {
        Self { record, rows }
    }
}

/// Where a history leaves another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaving {
    /// How many events they share.
    pub shared: usize,
    /// The first day on which one has an event that the other has not; nothing if they never part.
    pub day: Option<Day>,
}

impl Strand {
    /// The strand of a track in some dyads, under the track's name.
    #[must_use]
    pub fn of(track: &Track, dyads: &[Dyad]) -> Self {
        let label = model_label(&track.model);
        let mut fold = Fold::new(&track.model);
        let passed = track.records.iter().map(|record| {
            let told = fold.tell(record);
            let moved = told
                .transitions
                .iter()
                .filter(|transition| dyads.contains(&told.world.dyad(transition.step.dyad)));
            let rows = moved
                .map(|transition| {
                    TransitionRow::new(record, transition, told.world, told.state, &label)
                })
                .collect();
            Passed {
                record: record.clone(),
                rows,
            }
        });
        Self {
            name: track.name.clone(),
            passages: passed.collect(),
            model: track.model.clone(),
            fork: None,
        }
    }

    /// The strands of histories that are compared, each with where it leaves the first.
    #[must_use]
    pub fn of_all(comparison: &Comparison, dyads: &[Dyad]) -> Vec<Self> {
        let first = comparison.tracks.first();
        let tracks = comparison.tracks.iter().zip(&comparison.shared).enumerate();
        let strand = |(place, (track, &shared)): (usize, (&Track, &usize))| {
            let leaving = first
                .filter(|first| place > 0 && first.model == track.model)
                .map(|first| {
                    let day = |track: &Track| track.records.get(shared).map(Record::date);
                    let days = [day(first), day(track)];
                    Leaving {
                        shared,
                        day: days.into_iter().flatten().min(),
                    }
                });
            Self {
                fork: leaving,
                ..Self::of(track, dyads)
            }
        };
        tracks.map(strand).collect()
    }

    /// Where the runs of a scenario leave each other; nothing if their models are not the same, so
    /// that they have nothing in common.
    #[must_use]
    pub fn parting(runs: &[Self]) -> Option<Leaving> {
        let (first, others) = runs.split_first()?;
        let mut parting = Leaving {
            shared: first.passages.len(),
            day: None,
        };
        for other in others {
            if other.model != first.model {
                return None;
            }
            let pairs = first.passages.iter().zip(&other.passages);
            let same = |(one, other): &(&Passed, &Passed)| one.record.same_event(&other.record);
            let shared = pairs.take_while(same).count();
            let day = |strand: &Self| {
                strand
                    .passages
                    .get(shared)
                    .map(|passed| passed.record.date())
            };
            let day = [day(first), day(other)].into_iter().flatten().min();
            if day.is_some() && (shared < parting.shared || parting.day.is_none()) {
                parting = Leaving { shared, day };
            }
        }
        Some(parting)
    }

    /// How many events it shares with the first.
    #[must_use]
    pub fn shared(&self) -> usize {
        self.fork.map_or(0, |fork| fork.shared)
    }

    /// The temperature of a dyad over time, from a day to another, in degrees: points to be joined
    /// by lines. With a leaving, only what lies behind it.
    #[must_use]
    pub fn curve(&self, dyad: Dyad, days: [Day; 2], behind: Option<Leaving>) -> Vec<(Day, f64)> {
        let from = match behind {
            None => days[0],
            Some(leaving) => leaving.day.unwrap_or(days[1]).clamp(days[0], days[1]),
        };
        let shared = behind.map_or(0, |leaving| leaving.shared);
        self.walk(dyad, days, &self.passages, (shared, from))
    }

    /// The temperature of a dyad until a leaving.
    #[must_use]
    pub fn past(&self, dyad: Dyad, [first, last]: [Day; 2], before: Leaving) -> Vec<(Day, f64)> {
        let last = before.day.map_or(last, |day| day.clamp(first, last));
        self.walk(
            dyad,
            [first, last],
            &self.passages[..before.shared],
            (0, first),
        )
    }

    /// Walks through events, and tells what lies behind so many of them and a day.
    fn walk(
        &self,
        dyad: Dyad,
        [first, last]: [Day; 2],
        passages: &[Passed],
        (shared, from): (usize, Day),
    ) -> Vec<(Day, f64)> {
        let mut stand = (first, self.at_start(dyad));
        let piece = (last.days_since(first) / PIECES).max(1);
        let mut points = Vec::new();
        let mut today = None;
        for (place, passed) in passages.iter().enumerate() {
            if passed.record.date() > last {
                break;
            }
            for row in passed.rows.iter().filter(|row| row.dyad == dyad) {
                if place >= shared && row.date >= from {
                    // In which order things happened within a day is not known, so a day is one
                    // step.
                    if today.replace(row.date) == Some(row.date) {
                        points.pop();
                    } else {
                        self.wait(&stand, row.date, piece, from, &mut points);
                        points.push((row.date, row.temperature_before + row.waiting_part));
                    }
                    points.push((row.date, row.temperature_after));
                }
                stand = (row.date, row.relation);
            }
        }
        self.wait(&stand, last, piece, from, &mut points);
        points.push((last, stand.1.temperature_on(last, &self.model)));
        points
    }

    /// The temperature of a dyad at the end of a day, in degrees.
    #[must_use]
    pub fn temperature(&self, dyad: Dyad, day: Day) -> f64 {
        let passed = self
            .passages
            .partition_point(|passed| passed.record.date() <= day);
        self.temperature_after(dyad, passed, day)
    }

    /// The temperature on a day of a dyad that only the first so many events have moved.
    fn temperature_after(&self, dyad: Dyad, passed: usize, day: Day) -> f64 {
        let rows = self.passages[..passed]
            .iter()
            .rev()
            .flat_map(|passed| passed.rows.iter().rev());
        let row = rows.into_iter().find(|row| row.dyad == dyad);
        let relation = row.map_or_else(|| self.at_start(dyad), |row| row.relation);
        relation.temperature_on(day, &self.model)
    }

    fn at_start(&self, dyad: Dyad) -> Relation {
        Relation::at_start(self.model.baseline(dyad), &self.model)
    }

    /// Whether several events of one day move a dyad.
    #[must_use]
    pub fn has_full_days(&self, dyad: Dyad) -> bool {
        let rows = self.passages.iter().flat_map(|passed| &passed.rows);
        let days: Vec<Day> = rows
            .filter(|row| row.dyad == dyad)
            .map(|row| row.date)
            .collect();
        days.windows(2).any(|pair| pair[0] == pair[1])
    }

    /// The events that concern a dyad behind the fork, each with the temperature at the end of its
    /// day.
    #[must_use]
    pub fn events(&self, dyad: Dyad) -> Vec<(&Record, f64)> {
        let shared = self.shared();
        let own = self.passages.iter().skip(shared).filter(|passed| {
            passed.record.touches(dyad) || passed.rows.iter().any(|row| row.dyad == dyad)
        });
        own.map(|passed| {
            let record = &passed.record;
            (record, self.temperature(dyad, record.date()))
        })
        .collect()
    }

    /// The wait from a place in the strand, with how the dyad stands there, until a day, from
    /// another day on.
    fn wait(
        &self,
        (since, relation): &(Day, Relation),
        until: Day,
        piece: i32,
        from: Day,
        points: &mut Vec<(Day, f64)>,
    ) {
        let [least, greatest] = relation.bounds(&self.model);
        let mut day = (*since).max(from);
        while day < until {
            points.push((day, relation.temperature_on(day, &self.model)));
            if least == greatest {
                break;
            }
            let Some(next) = day.plus_days(piece) else {
                break;
            };
            day = next;
        }
    }
}
