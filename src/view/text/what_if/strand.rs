//! The strand of a history: what its events did to some dyads, and the temperature between them, to
//! be drawn.

use crate::history::{Fold, Record, Told, Transition};
use crate::model::{Day, Dyad, Few, Model, Relation};
use crate::scenario::{Comparison, Spliced, Track};
use crate::view::rows::transition::ChangeRow;
use std::sync::Arc;

/// How many pieces a curve is made of at the least, from end to end.
const PIECES: i32 = 160;

/// The strand of one history.
#[derive(Clone, Debug)]
pub struct Strand {
    /// What to call it.
    pub name: String,
    /// Its model.
    pub model: Model,
    /// Its events in their order.
    pub records: Spliced<Record>,
    /// Those that concern the dyads that are looked at, each with what it did to them.
    pub passages: Spliced<Passed>,
    /// Where it leaves the first of several; nothing for that one, and where the models are not the
    /// same.
    pub fork: Option<Leaving>,
}

/// An event that happened.
#[derive(Clone, Debug)]
pub struct Passed {
    /// Its place among those of its history.
    place: u32,
    /// Its day.
    pub date: Day,
    /// What it did, dyad by dyad.
    pub moved: Few<Moved, 1>,
}

/// What an event did to a dyad, in degrees.
#[derive(Clone, Debug)]
pub struct Moved {
    /// The dyad.
    pub dyad: Dyad,
    /// The temperature right before the event.
    pub before: f64,
    /// What the event added.
    pub event_part: f64,
    /// The temperature right after it.
    pub after: f64,
    /// How the dyad stands then.
    relation: Relation,
    /// What else changed but phases and what the dyad tends to.
    pub changes: Box<[ChangeRow]>,
}

impl Moved {
    /// What an event did, if it did something to some dyads.
    pub fn of<'t>(
        told: &'t Told<'_>,
        is_seen: impl Fn(Dyad) -> bool + 't,
    ) -> impl Iterator<Item = Self> + 't {
        let moved = told.transitions.iter();
        moved.filter_map(move |Transition { step, changes, .. }| {
            let dyad = Some(told.world.dyad(step.dyad)).filter(|dyad| is_seen(*dyad))?;
            let changes = ChangeRow::of(changes, told.world, told.state);
            let changes = changes.filter(|change| {
                !matches!(
                    change,
                    ChangeRow::Phase { .. } | ChangeRow::Equilibrium { .. }
                )
            });
            Some(Self {
                dyad,
                before: step.before + (step.waited - step.before),
                event_part: step.after - step.waited,
                after: step.after,
                relation: *told.state.relation(step.dyad),
                changes: changes.collect(),
            })
        })
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
    /// Some events of a history, each with what it did.
    #[must_use]
    pub fn of_events(name: String, model: Model, events: Vec<(Record, Few<Moved, 1>)>) -> Self {
        let mut passages = Vec::with_capacity(events.len());
        let mut records = Vec::with_capacity(events.len());
        for (place, (record, moved)) in (0..).zip(events) {
            let date = record.date();
            passages.push(Passed { place, date, moved });
            records.push(record);
        }
        Self {
            name,
            model,
            records: records.into(),
            passages: passages.into(),
            fork: None,
        }
    }

    /// The strand of a track in some dyads, under the track's name.
    #[must_use]
    pub fn of(track: &Track, dyads: &[Dyad]) -> Self {
        Self::sharing(track, dyads, None)
    }

    /// The same of another track, beside the strand of one with which it shares events, and what
    /// they did where their models are the same.
    #[must_use]
    pub fn beside(first: &Self, track: &Track, dyads: &[Dyad]) -> Self {
        let shared = || first.records.in_common(&track.records, Record::same_event);
        let is_like_it = first.model == track.model;
        Self::sharing(track, dyads, is_like_it.then(|| (first, shared())))
    }

    /// What the first of the shared events did is held with the other strand.
    fn sharing(track: &Track, dyads: &[Dyad], with: Option<(&Self, usize)>) -> Self {
        let mut fold = Fold::new(&track.model);
        let (mut passages, mut own) = (Spliced::default(), Vec::new());
        let shared = with.map_or(0, |(_, shared)| shared);
        if let Some((first, shared)) = with {
            passages.extend_from(&first.passages, 0..first.passages_of(shared));
        }
        for (place, record) in track.records.iter().enumerate() {
            if place < shared {
                fold.apply(record);
                continue;
            }
            let told = fold.tell(record);
            let moved: Few<_, 1> = Moved::of(&told, |dyad| dyads.contains(&dyad)).collect();
            let touches = || dyads.iter().any(|dyad| record.touches(*dyad));
            if !moved.is_empty() || touches() {
                let (place, date) = (place as u32, record.date());
                own.push(Passed { place, date, moved });
            }
        }
        // Of very many events they are as many.
        own.shrink_to_fit();
        let places = 0..own.len();
        passages.extend_by(&Arc::new(own), places);
        Self {
            name: track.name.clone(),
            model: track.model.clone(),
            records: track.records.clone(),
            passages,
            fork: None,
        }
    }

    /// How many of its passages are of its first so many events.
    fn passages_of(&self, events: usize) -> usize {
        let is_of_them = |passed: &Passed| (passed.place as usize) < events;
        self.passages.partition_point(is_of_them)
    }

    /// The event that something is told of.
    #[must_use]
    pub fn record(&self, passed: &Passed) -> &Record {
        &self.records[passed.place as usize]
    }

    /// Those of its passages that lie behind what it shares with the first.
    pub fn own(&self) -> impl Iterator<Item = &Passed> {
        self.passages.iter_from(self.passages_of(self.shared()))
    }

    /// Ends it on a day. Where it leaves the first later, they are the same so far.
    pub(crate) fn end_on(&mut self, last: Day) {
        let length = self.records.partition_point(|record| record.date() <= last);
        self.records.truncate(length);
        self.passages.truncate(self.passages_of(length));
        if let Some(fork) = &mut self.fork {
            fork.shared = fork.shared.min(length);
            fork.day = fork.day.filter(|day| *day <= last);
        }
    }

    /// The strands of histories that are compared, each with where it leaves the first.
    #[must_use]
    pub fn of_all(comparison: &Comparison, dyads: &[Dyad]) -> Vec<Self> {
        let mut strands: Vec<Self> = Vec::with_capacity(comparison.tracks.len());
        for (track, &shared) in comparison.tracks.iter().zip(&comparison.shared) {
            let first = strands.first().filter(|first| first.model == track.model);
            let mut strand = Self::sharing(track, dyads, first.map(|first| (first, shared)));
            strand.fork = first.map(|first| {
                let days = [first, &strand].map(|it| it.records.get(shared).map(Record::date));
                let day = days.into_iter().flatten().min();
                Leaving { shared, day }
            });
            strands.push(strand);
        }
        strands
    }

    /// Where the runs of a scenario leave each other; nothing if their models are not the same, so
    /// that they have nothing in common.
    #[must_use]
    pub fn parting(runs: &[Self]) -> Option<Leaving> {
        let (first, others) = runs.split_first()?;
        let mut parting = Leaving {
            shared: first.records.len(),
            day: None,
        };
        for other in others {
            if other.model != first.model {
                return None;
            }
            let shared = first.records.in_common(&other.records, Record::same_event);
            let day = |strand: &Self| strand.records.get(shared).map(Record::date);
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
        self.walk(dyad, days, self.passages.iter(), (shared, from))
    }

    /// The temperature of a dyad until a leaving.
    #[must_use]
    pub fn past(&self, dyad: Dyad, [first, last]: [Day; 2], before: Leaving) -> Vec<(Day, f64)> {
        let last = before.day.map_or(last, |day| day.clamp(first, last));
        let shared = self.passages_of(before.shared);
        let passages = self.passages.iter_to(shared);
        self.walk(dyad, [first, last], passages, (0, first))
    }

    /// Walks through events, and tells what lies behind so many of them and a day.
    fn walk<'p>(
        &self,
        dyad: Dyad,
        [first, last]: [Day; 2],
        passages: impl Iterator<Item = &'p Passed>,
        (shared, from): (usize, Day),
    ) -> Vec<(Day, f64)> {
        let mut stand = (first, self.at_start(dyad));
        let piece = (last.days_since(first) / PIECES).max(1);
        let mut points = Vec::new();
        let mut today = None;
        for &Passed {
            place,
            date,
            ref moved,
        } in passages
        {
            if date > last {
                break;
            }
            for moved in moved.iter().filter(|it| it.dyad == dyad) {
                if place as usize >= shared && date >= from {
                    // In which order things happened within a day is not known, so a day is one
                    // step.
                    if today.replace(date) == Some(date) {
                        points.pop();
                    } else {
                        self.wait(&stand, date, piece, from, &mut points);
                        points.push((date, moved.before));
                    }
                    points.push((date, moved.after));
                }
                stand = (date, moved.relation);
            }
        }
        self.wait(&stand, last, piece, from, &mut points);
        points.push((last, stand.1.temperature_on(last, &self.model)));
        points
    }

    /// The temperature of a dyad at the end of a day, in degrees.
    #[must_use]
    pub fn temperature(&self, dyad: Dyad, day: Day) -> f64 {
        let passed = self.passages.partition_point(|passed| passed.date <= day);
        self.temperature_after(dyad, passed, day)
    }

    /// The temperature on a day of a dyad that only the first so many events have moved.
    fn temperature_after(&self, dyad: Dyad, passed: usize, day: Day) -> f64 {
        let passages = self.passages.iter_to(passed).rev();
        let mut moved = passages.flat_map(|passed| passed.moved.iter().rev());
        let last = moved.find(|moved| moved.dyad == dyad);
        let relation = last.map_or_else(|| self.at_start(dyad), |moved| moved.relation);
        relation.temperature_on(day, &self.model)
    }

    fn at_start(&self, dyad: Dyad) -> Relation {
        Relation::at_start(self.model.baseline(dyad), &self.model)
    }

    /// Whether several events of one day move a dyad.
    #[must_use]
    pub fn has_full_days(&self, dyad: Dyad) -> bool {
        let moves = |passed: &&Passed| passed.moved.iter().any(|it| it.dyad == dyad);
        let moving = self.passages.iter().filter(moves);
        let days: Vec<Day> = moving.map(|passed| passed.date).collect();
        days.windows(2).any(|pair| pair[0] == pair[1])
    }

    /// The events that concern a dyad behind the fork, each with the temperature at the end of its
    /// day.
    #[must_use]
    pub fn events(&self, dyad: Dyad) -> Vec<(&Record, f64)> {
        let own = self.own().map(|passed| (passed, self.record(passed)));
        let own = own.filter(|(passed, record)| {
            passed.moved.iter().any(|it| it.dyad == dyad) || record.touches(dyad)
        });
        own.map(|(_, record)| (record, self.temperature(dyad, record.date())))
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
