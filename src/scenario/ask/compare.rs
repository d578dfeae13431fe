//! Comparing histories: where they part, and how far their temperatures lie from each other.

use crate::error::Result;
use crate::history::{Fold, Folded, Record, Window, are_few_enough};
use crate::model::{Day, Dyad, Model};
use crate::scenario::check::Scenario;
use crate::scenario::file::base::Base;
use crate::scenario::file::draws::Luck;
use crate::scenario::file::spliced::Spliced;
use crate::scenario::play::run::{Played, played};
use std::collections::BTreeSet;

/// A history to be compared: the events that happen in it, under its model, until its last day.
#[derive(Clone, Debug)]
pub struct Track {
    /// What to call it.
    pub name: String,
    /// Its events in replay order; those of a log as it holds them.
    pub records: Spliced<Record>,
    /// Its model.
    pub model: Model,
    /// Whose model that is, where it has none of its own and is read under that of another history.
    pub model_of: Option<String>,
    /// Its last day; `None` for a log, which is open.
    pub until: Option<Day>,
    /// What it is by its bytes: the digest of a scenario's file, the chain at the head of a log.
    pub digest: String,
    /// The luck of its run; `None` where there is no chance in it.
    pub luck: Option<Luck>,
    /// Whether its run refused an event that was illegal where it stood.
    pub has_refused: bool,
}

/// Several histories side by side; the first is what the others are compared with.
#[derive(Debug, Default)]
pub struct Comparison {
    /// The histories.
    pub tracks: Vec<Track>,
    /// How many events each has in common with the first, from the start.
    pub shared: Vec<usize>,
    /// The days of events and dates that fit the span; where dates were asked for, those. The last
    /// day is among them.
    pub days: Vec<Day>,
    /// Those of them that fit the span or were asked for, whatever happened on them.
    pub dates: Vec<Day>,
    /// For each history and day the temperature of each dyad, in degrees.
    pub temperatures: Vec<Vec<Vec<f64>>>,
    /// The dyads that are compared, in alphabetical order.
    pub dyads: Vec<Dyad>,
    /// How each history ends, on the last day that is compared.
    pub ends: Vec<Folded>,
    /// How many later events of each history are left out.
    pub left_out: Vec<usize>,
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
        Ok(Self::of_played(scenario, luck, played(scenario, luck)?))
    }

    /// The same of a run that was played already.
    #[must_use]
    pub fn of_played(scenario: &Scenario, luck: Luck, played: Played) -> Self {
        let Played {
            records,
            model,
            has_refused,
        } = played;
        let has_chance = scenario.hazards.are_there();
        Self {
            name: if has_chance {
                format!("{}, run {} of seed {}", scenario.name, luck.run, luck.seed)
            } else {
                scenario.name.clone()
            },
            records,
            model,
            model_of: None,
            until: Some(scenario.until),
            digest: scenario.digest.clone(),
            luck: has_chance.then_some(luck),
            has_refused,
        }
    }

    /// The track of a log's events that count.
    #[must_use]
    pub fn of_log(name: String, base: &Base, model: Model) -> Self {
        Self {
            name,
            records: base.entries.records(),
            model,
            model_of: None,
            until: None,
            digest: base.head.to_string(),
            luck: None,
            has_refused: false,
        }
    }
}

impl Track {
    /// Drops the events after a day.
    pub(super) fn keep_until(&mut self, last: Option<Day>) {
        let is_within = |record: &Record| last.is_none_or(|last| record.date() <= last);
        let within = self.records.partition_point(is_within);
        self.records.truncate(within);
    }

    pub(super) fn fold(&self) -> Fold<'_> {
        let mut fold = Fold::new(&self.model);
        self.records.iter().for_each(|record| fold.apply(record));
        fold
    }
}

impl Comparison {
    /// Puts histories side by side until a day, or else until the first day on which a scenario
    /// ends, so that what happens after it in a log is no difference; without scenarios, until the
    /// last event.
    #[must_use]
    pub fn new(tracks: Vec<Track>, to: Option<Day>) -> Self {
        let window = Window {
            to,
            ..Window::default()
        };
        // Only a day that was asked for can be wrong, and a last one never is.
        Self::within(tracks, &window).unwrap_or_default()
    }

    /// The same in a window. What lies before it is shared or not all the same.
    ///
    /// # Errors
    /// When there is no day in the window.
    pub fn within(mut tracks: Vec<Track>, window: &Window) -> Result<Self> {
        let last = window.to.or_else(|| last_day(&tracks));
        let left_out = tracks.iter_mut().map(|track| {
            let all = track.records.len();
            track.keep_until(last);
            all - track.records.len()
        });
        let left_out = left_out.collect();
        let (days, dates) = days(&tracks, last, window)?;
        let dyads = dyads_of(&tracks);
        are_few_enough(days.len(), dyads.len() * tracks.len())?;
        let shared = tracks.iter().map(|track| common(&tracks[0], track));
        let shared = shared.collect();
        let sampled = tracks.iter().map(|track| sample(track, &days, &dyads));
        let (temperatures, ends) = sampled.unzip();
        Ok(Self {
            tracks,
            shared,
            days,
            dates,
            temperatures,
            dyads,
            ends,
            left_out,
        })
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

    /// Whether all histories have the same model.
    #[must_use]
    pub fn is_under_one_model(&self) -> bool {
        let mut pairs = self.tracks.windows(2);
        pairs.all(|pair| pair[0].model == pair[1].model)
    }

    /// Whether all temperatures have bounds, or none.
    #[must_use]
    pub fn is_on_one_scale(&self) -> bool {
        on_one_scale(self.tracks.iter().map(|track| &track.model))
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

/// Whether models have temperatures that can be compared: all within bounds, or none.
pub(super) fn on_one_scale<'m>(models: impl IntoIterator<Item = &'m Model>) -> bool {
    let mut bounded = models.into_iter().map(Model::saturation);
    let first = bounded.next();
    bounded.all(|other| Some(other) == first)
}

/// The first day on which a scenario ends; of logs alone, the day of the last event.
pub(super) fn last_day(tracks: &[Track]) -> Option<Day> {
    let ends = tracks.iter().filter_map(|track| track.until);
    let events = tracks.iter().filter_map(|track| track.records.last());
    ends.min().or_else(|| events.map(Record::date).max())
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
fn common(one: &Track, other: &Track) -> usize {
    one.records.in_common(&other.records, Record::same_event)
}

/// The days of a comparison, and those of them that are looked at whatever happened on them.
fn days(tracks: &[Track], last: Option<Day>, window: &Window) -> Result<(Vec<Day>, Vec<Day>)> {
    let records = tracks.iter().flat_map(|track| track.records.iter());
    let window = &window.opening(records.clone());
    let events: BTreeSet<Day> = records.map(Record::date).collect();
    let first = events.first().copied().or(last);
    let last = last.or_else(|| events.last().copied());
    let Some((first, last)) = first.zip(last) else {
        return Ok((Vec::new(), Vec::new()));
    };
    let [from, to] = window.span(first, last)?;
    let dates = window.dates(first, last, [])?;
    let mut days: BTreeSet<Day> = dates.iter().copied().collect();
    if window.every.is_none() {
        days.extend(events.into_iter().filter(|day| (from..=to).contains(day)));
    }
    days.insert(to);
    Ok((days.into_iter().collect(), dates))
}

/// The temperatures of some dyads at the end of each day, and the state on the last.
pub(super) fn sample(track: &Track, days: &[Day], dyads: &[Dyad]) -> (Vec<Vec<f64>>, Folded) {
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
