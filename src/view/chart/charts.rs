//! Charts of temperatures: histories over time, and how far they lie apart.

use crate::error::{BadQuestion, Result};
use crate::history::{Record, Window};
use crate::model::{Day, Dyad, Phase, temperature::BOUND_DEGREES};
use crate::scenario::Comparison;
use crate::view::figure::{
    Axis, Figure, Form, Key, Panel, Shape, Weight, Zone, place_of, plain_text,
};
use crate::view::rows::conditions::short_conditions;
use crate::view::rows::words::{degrees, summary};
use crate::view::text::what_if::strand::{Leaving, Strand};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// How a day with several events is drawn.
pub(in crate::view) const ONE_STEP: &str =
    "A day with several events is one step: their order within it is not known.";
/// The most dates in a table; of more, every so many are shown.
const DATES: usize = 600;
/// The most events with a number. (A choice: a page with more is read by nobody.)
pub(in crate::view) const EVENTS: usize = 10_000;
/// A change of a difference from one day to the next that is drawn as a jump.
const JUMP_DEGREES: f64 = 0.02;

/// What is drawn: the strands of some histories over the same days, and their events by number.
#[derive(Clone, Debug)]
pub struct Album {
    /// The strands; the first is what the others are compared with.
    pub strands: Vec<Strand>,
    /// From which day to which.
    pub days: [Day; 2],
    /// The dates of tables.
    pub dates: Vec<Day>,
    /// The events by number, from 1.
    pub events: Vec<Record>,
    /// How many more there are, which have no number: of very many, those that changed most have
    /// one.
    pub unnumbered: usize,
    /// What to call each history.
    pub names: Vec<String>,
    numbers: BTreeMap<(Day, String), Vec<usize>>,
}

impl Album {
    /// Puts strands side by side in a window and numbers the events in it that concern some dyads,
    /// in the order of their days.
    ///
    /// # Errors
    /// When there is no day in the window.
    pub fn within(
        strands: Vec<Strand>,
        window: &Window,
        last: Option<Day>,
        dyads: &[Dyad],
    ) -> Result<Self> {
        let records = strands.iter().flat_map(|strand| strand.records.iter());
        let window = &window.opening(records);
        let mut events: Vec<(f64, &Record)> = Vec::new();
        let mut known: BTreeMap<(Day, &str), Vec<&Record>> = BTreeMap::new();
        for strand in &strands {
            for passed in strand.own() {
                let record = strand.record(passed);
                if window.from.is_some_and(|from| record.date() < from) {
                    continue;
                }
                if passed.moved.is_empty() && !dyads.iter().any(|dyad| record.touches(*dyad)) {
                    continue;
                }
                let same = known.entry((record.date(), record.id())).or_default();
                if !same.iter().any(|other| other.same_event(record)) {
                    same.push(record);
                    let changes = passed.moved.iter().map(|it| it.event_part.abs());
                    events.push((changes.fold(0.0, f64::max), record));
                }
            }
        }
        events.sort_by_key(|(_, record)| record.date());
        let mut all_days: Vec<Day> = events.iter().map(|(_, record)| record.date()).collect();
        all_days.dedup();
        let unnumbered = events.len().saturating_sub(EVENTS);
        let events = most_changing(&events, EVENTS);
        let mut numbers: BTreeMap<(Day, String), Vec<usize>> = BTreeMap::new();
        for (number, record) in (1..).zip(&events) {
            numbers
                .entry((record.date(), record.id().to_owned()))
                .or_default()
                .push(number);
        }
        let all = || {
            let records = strands.iter().flat_map(|strand| strand.records.iter());
            records.map(Record::date)
        };
        let first = all_days.first().copied().or_else(|| all().min());
        if first.is_none() && window.to.is_some() {
            return Err(BadQuestion::NothingMoves.into());
        }
        let first = first.unwrap_or(Day::EPOCH);
        let last = last.or_else(|| all().max()).unwrap_or(first).max(first);
        let [first, last] = window.span(first, last)?;
        let dates = window.dates(first, last, all_days)?;
        let names = strands.iter().map(|strand| strand.name.clone()).collect();
        // A day alone has no width.
        let days = [
            first,
            if last > first {
                last
            } else {
                first.plus_days(1).unwrap_or(first)
            },
        ];
        let step = dates.len().div_ceil(DATES).max(1);
        let dates = dates.iter().rev().step_by(step).rev().copied();
        Ok(Self {
            strands,
            days,
            dates: dates.collect(),
            events,
            unnumbered,
            names,
            numbers,
        })
    }

    /// The number of an event, if it concerns a dyad that is looked at.
    #[must_use]
    pub fn number(&self, record: &Record) -> Option<usize> {
        let numbers = self.numbers.get(&(record.date(), record.id().to_owned()))?;
        match numbers[..] {
            [number] => Some(number),
            _ => numbers.iter().copied().find(|number| {
                self.events
                    .get(number - 1)
                    .is_some_and(|event| event.same_event(record))
            }),
        }
    }

    /// The events of some numbers, for the foot of a figure.
    #[must_use]
    pub fn keys(&self, numbers: &BTreeSet<usize>) -> Vec<Key> {
        let events = (1..)
            .zip(&self.events)
            .filter(|(number, _)| numbers.contains(number));
        let key = |(number, record): (usize, &Record)| Key {
            number,
            date: record.date(),
            title: record
                .fields()
                .title
                .clone()
                .unwrap_or_else(|| summary(record)),
        };
        events.map(key).collect()
    }

    /// A figure of the temperatures of some dyads, each with the differences from the first history
    /// if there are several.
    #[must_use]
    pub fn figure(&self, dyads: &[Dyad]) -> Figure {
        let mut panels = Vec::new();
        for &dyad in dyads {
            panels.push(self.temperatures(dyad));
            panels.extend(self.differences(dyad));
        }
        let names: Vec<_> = dyads.iter().map(ToString::to_string).collect();
        let title = format!("Temperature of {}", names.join(", "));
        let mut figure = self.of_panels(title, self.describe(dyads), panels);
        let is_full = |dyad: &Dyad| self.strands.iter().any(|it| it.has_full_days(*dyad));
        if dyads.iter().any(is_full) {
            figure.caption = format!("{ONE_STEP}\n{}", figure.caption);
        }
        figure
    }

    /// A figure of one panel, whose title stands above it in a page.
    pub(crate) fn of_panel(&self, title: String, description: String, panel: Panel) -> Figure {
        let panel = Panel {
            title: String::new(),
            ..panel
        };
        self.of_panels(title, description, vec![panel])
    }

    /// A figure of panels with the keys of the events in them and the conditions that all holds
    /// under.
    #[must_use]
    pub fn of_panels(&self, title: String, description: String, panels: Vec<Panel>) -> Figure {
        let shapes = panels.iter().flat_map(|panel| &panel.shapes);
        let numbers = shapes.filter_map(|shape| match shape.form {
            Form::Event { number, .. } => Some(number),
            _ => None,
        });
        Figure {
            title,
            description,
            series: self.names.clone(),
            keys: self.keys(&numbers.collect()),
            panels,
            caption: self.caption(),
        }
    }

    /// The conditions: the model of all, or that of each.
    #[must_use]
    pub fn caption(&self) -> String {
        self.thinned().map_or_else(String::new, |it| it + "\n") + &self.conditions()
    }

    /// That not all events have a number, where that is so.
    #[must_use]
    pub fn thinned(&self) -> Option<String> {
        let all = self.events.len() + self.unnumbered;
        let shown = self.events.len();
        let says = || format!("Of {all} events the {shown} that changed most have a number.");
        (self.unnumbered > 0).then(says)
    }

    fn conditions(&self) -> String {
        let first = self.strands.first().map(|strand| &strand.model);
        if self
            .strands
            .iter()
            .all(|strand| Some(&strand.model) == first)
        {
            return first.map_or_else(String::new, short_conditions);
        }
        let each = (1..)
            .zip(&self.strands)
            .map(|(number, strand)| format!("{number}: {}", short_conditions(&strand.model)));
        each.collect()
    }

    /// The temperatures of a dyad over time, in all histories.
    #[must_use]
    pub fn temperatures(&self, dyad: Dyad) -> Panel {
        let mut shapes = Vec::new();
        let parting = self.parting();
        for (series, strand) in self.strands.iter().enumerate() {
            let behind = if series == 0 { parting } else { strand.fork };
            if let Some(leaving) = behind.filter(|_| series == 0) {
                shapes.push(line(
                    series,
                    points(strand.past(dyad, self.days, leaving)),
                    Weight::Shared,
                ));
            }
            shapes.push(line(
                series,
                points(strand.curve(dyad, self.days, behind)),
                Weight::Named,
            ));
        }
        for (series, strand) in self.strands.iter().enumerate().skip(1) {
            let fork = strand.fork.and_then(|fork| fork.day);
            let Some(day) = fork.filter(|day| *day >= self.days[0]) else {
                continue;
            };
            let from = strand.curve(dyad, self.days, strand.fork);
            let fork = from.first().map(|(_, temperature)| Form::Fork {
                at: [place_of(day), *temperature],
            });
            shapes.extend(fork.map(|form| Shape { series, form }));
        }
        for (series, strand) in self.strands.iter().enumerate() {
            let events = strand
                .events(dyad)
                .into_iter()
                .filter(|(record, _)| (self.days[0]..=self.days[1]).contains(&record.date()));
            shapes.extend(events.filter_map(|(record, temperature)| {
                let form = Form::Event {
                    at: [place_of(record.date()), temperature],
                    number: self.number(record)?,
                };
                Some(Shape { series, form })
            }));
        }
        let has_phases = self.strands.iter().all(|strand| strand.model.saturation());
        let range = range_of(&shapes, 0.8, has_phases);
        Panel {
            title: format!("{dyad}, degrees"),
            across: Axis::Days(with_room(self.days)),
            up: Axis::Numbers(range, "degrees"),
            zones: if has_phases {
                phases(range)
            } else {
                Vec::new()
            },
            shapes,
        }
    }

    /// How far the temperature of a dyad in each other history lies above that in the first.
    #[must_use]
    pub fn differences(&self, dyad: Dyad) -> Option<Panel> {
        let first = self.strands.first().filter(|_| self.strands.len() > 1)?;
        let days = self.sample_days(dyad);
        let mut shapes = vec![line(
            0,
            vec![[place_of(self.days[0]), 0.0], [place_of(self.days[1]), 0.0]],
            Weight::Faint,
        )];
        for (series, strand) in self.strands.iter().enumerate().skip(1) {
            let gap = |day: Day| strand.temperature(dyad, day) - first.temperature(dyad, day);
            let mut points: Vec<[f64; 2]> = Vec::new();
            for &day in &days {
                // What events of a day do shows on that day and not on the way from the day that
                // was read before.
                let eve = day.plus_days(-1).map(gap);
                points.extend(
                    eve.filter(|eve| !points.is_empty() && (eve - gap(day)).abs() > JUMP_DEGREES)
                        .map(|eve| [place_of(day), eve]),
                );
                points.push([place_of(day), gap(day)]);
            }
            shapes.push(line(series, points, Weight::Named));
        }
        let range = range_of(&shapes, 0.2, false);
        Some(Panel {
            title: format!("{dyad}, difference from 1, degrees"),
            across: Axis::Days(with_room(self.days)),
            up: Axis::Numbers(range, "degrees"),
            zones: Vec::new(),
            shapes,
        })
    }

    /// The days on which differences are read: those of events, and some between them.
    fn sample_days(&self, dyad: Dyad) -> Vec<Day> {
        let [first, last] = self.days;
        let events = self
            .strands
            .iter()
            .flat_map(|strand| strand.passages.iter());
        let moves = |day: &Day| (first..=last).contains(day);
        let mut days: BTreeSet<Day> = events
            .filter(|passed| passed.moved.iter().any(|it| it.dyad == dyad))
            .map(|passed| passed.date)
            .filter(moves)
            .collect();
        let piece = (last.days_since(first) / 120).max(1);
        days.extend(
            (0..=120)
                .filter_map(|number| first.plus_days(number * piece))
                .filter(moves),
        );
        days.insert(last);
        days.into_iter().collect()
    }

    /// Where any other history first leaves the first one.
    fn parting(&self) -> Option<Leaving> {
        let forks = self.strands.iter().skip(1).filter_map(|strand| strand.fork);
        forks
            .filter(|fork| fork.day.is_some())
            .min_by_key(|fork| fork.shared)
    }

    /// What can be seen, in words: where each history stands at the end.
    #[must_use]
    pub fn describe(&self, dyads: &[Dyad]) -> String {
        let [first, last] = self.days;
        let mut text = format!("Temperatures in degrees from {first} to {last}.");
        for &dyad in dyads {
            for (number, (strand, name)) in (1..).zip(self.strands.iter().zip(&self.names)) {
                let curve = strand.curve(dyad, self.days, None);
                let by = |one: &(Day, f64), other: &(Day, f64)| one.1.total_cmp(&other.1);
                let ends = curve
                    .iter()
                    .copied()
                    .min_by(by)
                    .zip(curve.iter().copied().max_by(by));
                let Some(((coldest_on, coldest), (warmest_on, warmest))) = ends else {
                    continue;
                };
                let end = degrees(strand.temperature(dyad, last));
                text.extend([format!(
                    " {dyad} in history {number}, {}: coldest {} on {coldest_on}, warmest {} on {warmest_on}, {end} at the end.",
                    plain_text(name), degrees(coldest), degrees(warmest),
                )]);
            }
        }
        text
    }
}

/// So many of some events, those that changed most, in the order in which they stand.
fn most_changing(events: &[(f64, &Record)], most: usize) -> Vec<Record> {
    let mut by_change: Vec<_> = events.iter().enumerate().collect();
    by_change.sort_by(|(_, (one, _)), (_, (other, _))| other.total_cmp(one));
    let mut places: Vec<usize> = by_change
        .iter()
        .take(most)
        .map(|(place, _)| *place)
        .collect();
    places.sort_unstable();
    let records = places.into_iter().map(|place| events[place].1.clone());
    records.collect()
}

/// What to call one of the runs of a scenario with chance.
#[must_use]
pub fn one_run_of(title: &str) -> String {
    format!("one run of “{title}”")
}

/// Some dyads of a comparison, those with the widest gap first.
#[must_use]
pub fn by_width(comparison: &Comparison, dyads: &[usize]) -> Vec<Dyad> {
    let gap = |dyad: usize| {
        let gaps = (1..comparison.tracks.len()).filter_map(|other| comparison.widest(other, dyad));
        gaps.map(|gap| gap.degrees.abs()).fold(0.0, f64::max)
    };
    let mut wide: Vec<_> = dyads.iter().map(|&dyad| (gap(dyad), dyad)).collect();
    wide.sort_by(|one, other| other.0.total_cmp(&one.0));
    wide.iter()
        .filter_map(|(_, dyad)| comparison.dyads.get(*dyad).copied())
        .collect()
}

/// Days with a little room at both ends, so that marks there are whole.
pub(super) fn with_room([first, last]: [Day; 2]) -> [Day; 2] {
    let room = (last.days_since(first) / 50).max(1);
    [
        first.plus_days(-room).unwrap_or(first),
        last.plus_days(room).unwrap_or(last),
    ]
}

/// The dyads of a comparison, those first that the first history moves most often.
#[must_use]
pub fn by_moves(comparison: &Comparison) -> Vec<Dyad> {
    let records = || {
        let first = comparison.tracks.iter().take(1);
        first.flat_map(|track| track.records.iter())
    };
    let moves = |dyad: Dyad| records().filter(|record| record.moves(dyad)).count();
    let dyads = comparison.dyads.iter().map(|&dyad| (moves(dyad), dyad));
    let mut dyads: Vec<_> = dyads.collect();
    dyads.sort_by_key(|(moves, dyad)| (Reverse(*moves), *dyad));
    dyads.into_iter().map(|(_, dyad)| dyad).collect()
}

pub(super) fn line(series: usize, points: Vec<[f64; 2]>, weight: Weight) -> Shape {
    Shape {
        series,
        form: Form::Line { points, weight },
    }
}

pub(super) fn points(curve: Vec<(Day, f64)>) -> Vec<[f64; 2]> {
    curve
        .into_iter()
        .map(|(day, temperature)| [place_of(day), temperature])
        .collect()
}

/// The range of what is drawn, with some room, to whole steps.
pub(super) fn range_of(shapes: &[Shape], room: f64, is_bounded: bool) -> [f64; 2] {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    let mut take = |value: f64| {
        low = low.min(value);
        high = high.max(value);
    };
    for shape in shapes {
        match &shape.form {
            Form::Line { points, .. } => points.iter().for_each(|point| take(point[1])),
            Form::Band { points, .. } => points.iter().for_each(|point| {
                take(point[1]);
                take(point[2]);
            }),
            Form::Event { at, .. } | Form::Fork { at } => take(at[1]),
            Form::Bar { .. } | Form::Interval { .. } => {}
        }
    }
    if low > high {
        return [-1.0, 1.0];
    }
    let step = if high - low > 1.0 { 0.5 } else { 0.1 };
    let (low, high) = (low - room, high + room);
    let [low, high] = [(low / step).floor() * step, (high / step).ceil() * step];
    if is_bounded {
        [low.max(-BOUND_DEGREES - 0.5), high.min(BOUND_DEGREES + 0.5)]
    } else {
        [low, high]
    }
}

/// The phases as bands.
pub(super) fn phases([low, high]: [f64; 2]) -> Vec<Zone> {
    let width = BOUND_DEGREES / 3.0;
    let zones = Phase::ALL
        .into_iter()
        .enumerate()
        .map(|(place, phase)| Zone {
            from: phase.lower_border().max(low),
            to: (phase.lower_border() + width).min(high),
            name: phase.name(),
            is_shaded: place % 2 == 0,
        });
    zones.filter(|zone| zone.from < zone.to).collect()
}
