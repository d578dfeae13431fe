//! Comparing histories: where they part, and how far their temperatures lie from each other.

use super::check::Scenario;
use super::draws::Luck;
use super::run::records;
use crate::error::Result;
use crate::history::{Fold, Folded, Record};
use crate::model::{Day, Dyad, Model};
use std::collections::BTreeSet;

/// A history to be compared: the events that happen in it, under its model, until its last day.
#[derive(Clone, Debug)]
pub struct Track {
    /// What to call it.
    pub name: String,
    /// Its events in replay order.
    pub records: Vec<Record>,
    /// Its model.
    pub model: Model,
    /// Its last day; `None` if nothing happens in it.
    pub until: Option<Day>,
}

/// Several histories side by side; the first is what the others are compared with.
#[derive(Debug)]
pub struct Comparison {
    /// The histories.
    pub tracks: Vec<Track>,
    /// How many events each has in common with the first, from the start.
    pub shared: Vec<usize>,
    /// The days of events and the ends of months, and the last day.
    pub days: Vec<Day>,
    /// For each history and day the temperature of each dyad, in degrees.
    pub temperatures: Vec<Vec<Vec<f64>>>,
    /// The dyads that are compared, in alphabetical order.
    pub dyads: Vec<Dyad>,
    /// How each history ends, on the last day of all.
    pub ends: Vec<Folded>,
}

/// The widest gap between the first history and another in one dyad.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gap {
    /// The other's temperature less the first's, in degrees.
    pub degrees: f64,
    /// On the first day on which it is that wide.
    pub day: Day,
}

impl Track {
    /// The track of a run of a scenario.
    ///
    /// # Errors
    /// When rules cause more than they may.
    pub fn of(scenario: &Scenario, luck: Luck) -> Result<Self> {
        let (records, model) = records(scenario, luck)?;
        Ok(Self {
            name: if scenario.hazards.are_there() {
                format!("{}, run {} of seed {}", scenario.name, luck.run, luck.seed)
            } else {
                scenario.name.clone()
            },
            records,
            model,
            until: Some(scenario.until),
        })
    }

    /// The track of a log's events that count.
    #[must_use]
    pub fn of_log(name: String, records: Vec<Record>, model: Model) -> Self {
        let until = records.last().map(Record::date);
        Self {
            name,
            records,
            model,
            until,
        }
    }
}

impl Track {
    /// All of it, folded.
    pub(super) fn fold(&self) -> Fold<'_> {
        let mut fold = Fold::new(&self.model);
        self.records.iter().for_each(|record| fold.apply(record));
        fold
    }
}

impl Comparison {
    /// Puts histories side by side, each read until the last day of all.
    #[must_use]
    pub fn new(tracks: Vec<Track>) -> Self {
        let days = days(&tracks);
        let dyads = dyads_of(&tracks);
        let first = tracks.first().map_or(&[][..], |track| &track.records);
        let shared = tracks
            .iter()
            .map(|track| common(first, &track.records))
            .collect();
        let sampled = tracks.iter().map(|track| sample(track, &days, &dyads));
        let (temperatures, ends) = sampled.unzip();
        Self {
            tracks,
            shared,
            days,
            temperatures,
            dyads,
            ends,
        }
    }

    /// The widest gap between the first history and another in a dyad.
    #[must_use]
    pub fn widest(&self, other: usize, dyad: usize) -> Option<Gap> {
        let degrees = |place: usize| self.gap(other, place, dyad);
        let gaps = self.days.iter().enumerate().filter_map(|(place, &day)| {
            Some(Gap {
                degrees: degrees(place)?,
                day,
            })
        });
        gaps.reduce(|widest, gap| {
            if gap.degrees.abs() > widest.degrees.abs() {
                gap
            } else {
                widest
            }
        })
    }

    /// The gap between the first history and another in a dyad on one of the days, in degrees.
    #[must_use]
    pub fn gap(&self, other: usize, day: usize, dyad: usize) -> Option<f64> {
        let at = |track: usize| self.temperatures.get(track)?.get(day)?.get(dyad).copied();
        Some(at(other)? - at(0)?)
    }

    /// Whether the temperature of a dyad ever differs between the first history and another.
    #[must_use]
    pub fn differs(&self, dyad: usize) -> bool {
        (1..self.tracks.len()).any(|other| {
            self.widest(other, dyad)
                .is_some_and(|gap| gap.degrees != 0.0)
        })
    }
}

/// The dyads of some tracks, in alphabetical order.
pub(super) fn dyads_of<'t>(tracks: impl IntoIterator<Item = &'t Track>) -> Vec<Dyad> {
    let mut dyads = BTreeSet::new();
    for track in tracks {
        let known = track.fold().folded().world.dyads().into_iter();
        dyads.extend(known.map(|(dyad, _)| dyad));
    }
    dyads.into_iter().collect()
}

/// How many events two histories have in common from the start.
fn common(one: &[Record], other: &[Record]) -> usize {
    let same = |(one, other): &(&Record, &Record)| one.same_event(other);
    one.iter().zip(other).take_while(same).count()
}

fn days(tracks: &[Track]) -> Vec<Day> {
    let mut days: BTreeSet<Day> = BTreeSet::new();
    for track in tracks {
        days.extend(track.records.iter().map(Record::date));
        days.extend(track.until);
    }
    let (Some(&first), Some(&last)) = (days.first(), days.last()) else {
        return Vec::new();
    };
    let mut month_end = first.end_of_month();
    while month_end < last {
        days.insert(month_end);
        match month_end.plus_days(1) {
            Some(next) => month_end = next.end_of_month(),
            None => break,
        }
    }
    days.into_iter().collect()
}

/// The temperatures of some dyads at the end of each day, and the state on the last.
fn sample(track: &Track, days: &[Day], dyads: &[Dyad]) -> (Vec<Vec<f64>>, Folded) {
    let mut fold = Fold::new(&track.model);
    let mut records = track.records.iter().peekable();
    let mut temperatures = Vec::with_capacity(days.len());
    for &day in days {
        while let Some(record) = records.next_if(|record| record.date() <= day) {
            fold.apply(record);
        }
        let Folded { world, state, .. } = fold.folded();
        let temperature = |&dyad: &Dyad| match world.find_dyad(dyad) {
            Some(index) => {
                state
                    .relation_on(index, day, &track.model, |_| {})
                    .temperature
            }
            None => track.model.baseline(dyad),
        };
        temperatures.push(dyads.iter().map(temperature).collect());
    }
    (temperatures, fold.finish(days.last().copied()))
}
