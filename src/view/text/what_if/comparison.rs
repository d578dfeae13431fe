//! Histories side by side: where they part, their temperatures, and how their ends differ.

use crate::history::{Record, dates_in_words};
use crate::model::{Day, Dyad, DyadIx, Phase};
use crate::scenario::{Comparison, Track};
use crate::text::{count, cut, shown};
use crate::view::rows::conditions::model_label;
use crate::view::rows::csv::not_a_formula;
use crate::view::rows::standing::{RelationRow, Standings};
use crate::view::rows::words::{degrees, plain, prepositions};
use crate::view::text::table::{Grid, Look, lines, number, table, table_of};
use comfy_table::{Cell, ColumnConstraint, Width};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The longest word of an id that a table keeps in one piece, in characters.
const LONGEST_WHOLE: usize = 40;

/// A comparison as rows.
#[derive(Clone, Debug, Serialize)]
pub struct ComparisonRows {
    /// The histories by name; the first is what the others are compared with.
    pub histories: Vec<String>,
    /// The model of each, in a word or a few.
    pub models: Vec<String>,
    /// The last day that is compared.
    pub until: Option<Day>,
    /// Where each other one parts from the first.
    pub partings: Vec<Parting>,
    /// The temperatures of each history, dyad and day.
    pub temperatures: Vec<TemperatureRow>,
    /// The widest gap of each other history in each dyad.
    pub widest_gaps: Vec<GapRow>,
    /// What is different at the end.
    pub ends: Vec<EndRow>,
}

/// Where a history parts from the first.
#[derive(Clone, Debug, Serialize)]
pub struct Parting {
    /// The history.
    pub history: String,
    /// How many events they share from the start.
    pub shared: usize,
    /// The last event they share.
    pub last_shared: Option<String>,
    /// The first event of the first history after that.
    pub first: Option<String>,
    /// Its day.
    pub first_date: Option<Day>,
    /// The first event of this one.
    pub other: Option<String>,
    /// Its day.
    pub other_date: Option<Day>,
}

/// A temperature, in degrees.
#[derive(Clone, Debug, Serialize)]
pub struct TemperatureRow {
    /// The history.
    pub history: String,
    /// The dyad.
    pub dyad: Dyad,
    /// At the end of this day.
    pub date: Day,
    /// The temperature.
    pub temperature: f64,
    /// The temperature less that of the first history.
    pub gap: f64,
}

/// A temperature as a line of CSV, with what its history was made of.
#[derive(Clone, Debug, Serialize)]
pub struct ComparisonLine {
    history: String,
    dyad: Dyad,
    date: Day,
    temperature: f64,
    gap: f64,
    model: String,
    digest: String,
    seed: Option<u64>,
    run: Option<u64>,
}

/// The widest gap of a history in a dyad.
#[derive(Clone, Debug, Serialize)]
pub struct GapRow {
    /// The history.
    pub history: String,
    /// The dyad.
    pub dyad: Dyad,
    /// Its temperature less that of the first history, in degrees.
    pub gap: f64,
    /// On the first day on which it is that wide.
    pub date: Day,
    /// The gap on the last day.
    pub gap_at_end: f64,
}

/// Something that is not the same at the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EndRow {
    /// The dyad.
    pub dyad: Dyad,
    /// What: a phase, a measure, an agenda item, a meeting.
    pub what: String,
    /// How it stands in each history; nothing where it is not known.
    pub values: Vec<Option<String>>,
}

impl ComparisonRows {
    /// The rows of a comparison for some of its dyads.
    #[must_use]
    pub fn new(comparison: &Comparison, dyads: &[usize]) -> Self {
        let name = |track: usize| {
            comparison
                .tracks
                .get(track)
                .map_or_else(String::new, |track| track.name.clone())
        };
        let others = 1..comparison.tracks.len();
        let mut temperatures = Vec::new();
        let mut widest_gaps = Vec::new();
        for &dyad in dyads {
            for track in 0..comparison.tracks.len() {
                for (place, &date) in comparison.days.iter().enumerate() {
                    temperatures.push(TemperatureRow {
                        history: name(track),
                        dyad: comparison.dyads[dyad],
                        date,
                        temperature: comparison.temperatures[track][place][dyad],
                        gap: comparison.gap(track, place, dyad).unwrap_or_default(),
                    });
                }
            }
            for other in others.clone() {
                let last = comparison.days.len().saturating_sub(1);
                widest_gaps.extend(comparison.widest(other, dyad).map(|gap| GapRow {
                    history: name(other),
                    dyad: comparison.dyads[dyad],
                    gap: gap.degrees,
                    date: gap.day,
                    gap_at_end: comparison.gap(other, last, dyad).unwrap_or_default(),
                }));
            }
        }
        Self {
            histories: comparison
                .tracks
                .iter()
                .map(|track| track.name.clone())
                .collect(),
            models: comparison
                .tracks
                .iter()
                .map(|track| model_label(&track.model))
                .collect(),
            until: comparison.days.last().copied(),
            partings: others.map(|other| parting(comparison, other)).collect(),
            temperatures,
            widest_gaps,
            ends: dyads
                .iter()
                .flat_map(|&dyad| ends(comparison, comparison.dyads[dyad]))
                .collect(),
        }
    }
}

impl ComparisonLine {
    /// A line for each temperature of some rows.
    pub fn of<'r>(
        comparison: &'r Comparison,
        rows: &'r ComparisonRows,
    ) -> impl Iterator<Item = Self> + 'r {
        let each = comparison.days.len().max(1);
        let tracks = comparison.tracks.len().max(1);
        rows.temperatures
            .chunks(each)
            .zip(0..)
            .flat_map(move |(of_track, place)| {
                let track = &comparison.tracks[place % tracks];
                of_track.iter().map(|row| Self {
                    history: not_a_formula(row.history.clone()),
                    dyad: row.dyad,
                    date: row.date,
                    temperature: row.temperature,
                    gap: row.gap,
                    model: model_label(&track.model),
                    digest: track.digest.clone(),
                    seed: track.luck.map(|luck| luck.seed),
                    run: track.luck.map(|luck| luck.run),
                })
            })
    }
}

fn parting(comparison: &Comparison, other: usize) -> Parting {
    let shared = comparison.shared[other];
    let record = |track: usize, place: usize| comparison.tracks.get(track)?.records.get(place);
    let id = |record: &Record| record.id().to_owned();
    let last_shared = shared.checked_sub(1).and_then(|last| record(0, last));
    let (first, own) = (record(0, shared), record(other, shared));
    Parting {
        history: comparison.tracks[other].name.clone(),
        shared,
        last_shared: last_shared.map(id),
        first: first.map(id),
        first_date: first.map(Record::date),
        other: own.map(id),
        other_date: own.map(Record::date),
    }
}

/// What is not the same at the end in one dyad, its temperature apart.
#[must_use]
pub fn ends(comparison: &Comparison, dyad: Dyad) -> Vec<EndRow> {
    let standings: Vec<_> = comparison
        .tracks
        .iter()
        .zip(&comparison.ends)
        .map(|(track, end)| {
            let index: Vec<DyadIx> = end.world.find_dyad(dyad).into_iter().collect();
            let standings = Standings::new(end, &index, &track.model);
            let untouched = || {
                let baseline = track.model.baseline(dyad);
                let phase = track
                    .model
                    .saturation()
                    .then(|| Phase::of(baseline).name().to_owned());
                let phase = phase.map(|phase| ("phase".to_owned(), phase));
                let tends_to = ("tends to".to_owned(), degrees(baseline));
                phase.into_iter().chain([tends_to]).collect()
            };
            standings.dyads.first().map_or_else(untouched, facts)
        })
        .collect();
    let keys: BTreeSet<&String> = standings.iter().flat_map(BTreeMap::keys).collect();
    let row = |what: &String| EndRow {
        dyad,
        what: what.clone(),
        values: standings
            .iter()
            .map(|facts| facts.get(what).cloned())
            .collect(),
    };
    let rows = keys.into_iter().map(row);
    rows.filter(|row| row.values.iter().any(|value| *value != row.values[0]))
        .collect()
}

/// Everything that stands in a dyad but for its temperature, each by a name.
fn facts(row: &RelationRow) -> BTreeMap<String, String> {
    let mut facts = BTreeMap::new();
    facts.extend(
        row.phase
            .map(|phase| ("phase".to_owned(), phase.to_owned())),
    );
    facts.insert("tends to".to_owned(), degrees(row.equilibrium));
    for measure in &row.measures {
        let [by, against] = prepositions(measure.kind, measure.role);
        let what = format!(
            "{} {} {by} {} {against} {}",
            measure.kind, measure.id, measure.source, measure.other
        );
        facts.insert(what, plain(measure.status));
    }
    for item in &row.agenda {
        let status = item.status.map_or_else(|| "not raised".to_owned(), plain);
        facts.insert(format!("agenda {}", item.item), status);
    }
    for meeting in &row.meetings {
        facts.insert(format!("meeting {}", meeting.id), plain(meeting.status));
    }
    facts
}

/// A comparison for people.
#[must_use]
pub fn comparison_text(comparison: &Comparison, rows: &ComparisonRows, look: Look) -> String {
    let mut text = String::new();
    for (number, track) in (1..).zip(&comparison.tracks) {
        text.extend([
            &format!("{number}: {}", shown(&track.name)),
            under(comparison, track).as_str(),
            "\n",
        ]);
    }
    text.push_str(&last_day(comparison));
    if let Some(warning) = different_models(comparison) {
        text.extend([&warning, "\n"]);
    }
    text.push('\n');
    for (number, parting) in (2..).zip(&rows.partings) {
        text.push_str(&parted(number, parting));
    }
    for dyad in widest_first(rows) {
        text.extend(["\n", &dyad.to_string(), "\n"]);
        for (number, gap) in (2..).zip(rows.widest_gaps.iter().filter(|row| row.dyad == dyad)) {
            text.push_str(&format_gap(number, gap));
        }
        text.push_str(&temperatures(comparison, rows, dyad, look));
    }
    let last = comparison
        .days
        .last()
        .map_or_else(String::new, ToString::to_string);
    if rows.ends.is_empty() && rows.widest_gaps.is_empty() {
        text.push_str("\nNothing that is compared differs.\n");
    } else if rows.ends.is_empty() {
        text.extend([
            "\nAt the end, on ",
            &last,
            ", all but the temperatures is the same.\n",
        ]);
    } else {
        text.extend(["\nAt the end, on ", &last, ", these differ:\n"]);
        text.push_str(&ends_table(rows, look));
    }
    look.names.said(&text)
}

/// The model of a history, where it is worth a word.
fn under(comparison: &Comparison, track: &Track) -> String {
    let label = model_label(&track.model);
    match &track.model_of {
        Some(other) => format!("  (under the model of {}: {label})", shown(other)),
        None if comparison.is_under_one_model() => String::new(),
        None => format!("  (model: {label})"),
    }
}

/// The last day that is compared, and what is left out by it.
fn last_day(comparison: &Comparison) -> String {
    let Some(last) = comparison.days.last() else {
        return String::new();
    };
    let left_out = (1..).zip(&comparison.left_out);
    let left_out = left_out.filter(|(_, events)| **events > 0);
    let left_out: Vec<_> = left_out
        .map(|(number, events)| format!("{} of {number}", count(*events as u64, "later event")))
        .collect();
    if left_out.is_empty() {
        return format!("Until {last}.\n");
    }
    format!("Until {last}; left out: {}.\n", left_out.join(", "))
}

/// That histories have different models, where they have, in a sentence.
#[must_use]
pub fn different_models(comparison: &Comparison) -> Option<String> {
    let says = if !comparison.is_on_one_scale() {
        "The histories have different models: some temperatures have bounds and some have none, so their gaps mean nothing."
    } else if !comparison.is_under_one_model() {
        "The histories have different models: they differ where their events are the same, too."
    } else {
        return None;
    };
    Some(says.to_owned())
}

/// The dyads, those with the widest gap first.
fn widest_first(rows: &ComparisonRows) -> Vec<Dyad> {
    let mut widest: BTreeMap<Dyad, f64> = BTreeMap::new();
    for row in &rows.widest_gaps {
        let gap = widest.entry(row.dyad).or_default();
        *gap = gap.max(row.gap.abs());
    }
    let mut dyads: Vec<_> = widest.into_iter().collect();
    dyads.sort_by(|one, other| other.1.total_cmp(&one.1));
    dyads.into_iter().map(|(dyad, _)| dyad).collect()
}

fn parted(number: usize, parting: &Parting) -> String {
    let shared = count(parting.shared as u64, "event");
    let event = |id: &Option<String>, day: Option<Day>| match (id, day) {
        (Some(id), Some(day)) => format!("{} on {day}", cut(id, 60)),
        _ => "nothing more".to_owned(),
    };
    let first = event(&parting.first, parting.first_date);
    let other = event(&parting.other, parting.other_date);
    if parting.first.is_none() && parting.other.is_none() {
        return format!("{number} has the same {shared} as 1.\n");
    }
    let fork = match &parting.last_shared {
        Some(last) => format!(
            "{number} shares {shared} with 1, up to {}; then",
            cut(last, 60)
        ),
        None => format!("{number} shares no event with 1;"),
    };
    let same_id = if first == other {
        ", another event under the same id"
    } else {
        ""
    };
    format!("{fork} 1 has {first} and {number} has {other}{same_id}.\n")
}

fn format_gap(number: usize, row: &GapRow) -> String {
    let GapRow {
        gap,
        date,
        gap_at_end,
        ..
    } = row;
    format!(
        " widest gap of {number}: {} degrees on {date}; at the end {}\n",
        degrees(*gap),
        degrees(*gap_at_end)
    )
}

/// The temperatures of a dyad from the first day on which any differs.
fn temperatures(comparison: &Comparison, rows: &ComparisonRows, dyad: Dyad, look: Look) -> String {
    let count = rows.histories.len();
    let mut header = vec!["date".to_owned(), "what happened".to_owned()];
    header.extend((1..=count).map(|number| number.to_string()));
    header.extend((2..=count).map(|number| format!("gap of {number}")));
    let header: Vec<_> = header.iter().map(String::as_str).collect();
    let mut table = table(&header, look);
    let of_dyad: Vec<_> = rows
        .temperatures
        .iter()
        .filter(|row| row.dyad == dyad)
        .collect();
    let of_track: Vec<_> = of_dyad.chunks(comparison.days.len().max(1)).collect();
    let differs = |place: usize| of_track.iter().any(|track| track[place].gap != 0.0);
    let first = (0..comparison.days.len())
        .find(|&place| differs(place))
        .unwrap_or(0);
    let last = comparison.days.len().saturating_sub(1);
    let (mut before, mut longest, mut is_left_out): (Vec<String>, _, _) = (Vec::new(), 0, false);
    for place in first..comparison.days.len() {
        let day = comparison.days[place];
        let happened = happened(comparison, day, dyad);
        let temperatures = of_track
            .iter()
            .map(|track| degrees(track[place].temperature));
        let gaps = of_track
            .iter()
            .skip(1)
            .map(|track| degrees(track[place].gap));
        let numbers: Vec<_> = temperatures.chain(gaps).collect();
        let is_date = comparison.dates.binary_search(&day).is_ok();
        let says_something = !happened.is_empty() || (is_date && numbers != before);
        if !says_something && place != first && place != last {
            is_left_out |= is_date;
            continue;
        }
        let words = happened.split_whitespace();
        longest = words
            .map(|word| word.chars().count())
            .max()
            .unwrap_or_default()
            .max(longest);
        let mut cells = vec![Cell::new(day), Cell::new(happened)];
        cells.extend(numbers.iter().cloned().map(number));
        table.add_row(cells);
        before = numbers;
    }
    keep_whole(&mut table, longest);
    let mut text = lines(&mut table);
    if is_left_out {
        let what = match dates_in_words(&comparison.dates).as_str() {
            "at the ends of months" => "months in which",
            _ => "dates on which",
        };
        text.extend([format!(
            " ({what} no printed number changes are left out)\n"
        )]);
    }
    text
}

/// Keeps ids and numbers in one piece where histories are many, though the table grows beyond its
/// width.
fn keep_whole(table: &mut Grid, longest_word: usize) {
    let of_words = u16::try_from(longest_word.min(LONGEST_WHOLE)).unwrap_or_default();
    for (place, column) in table.column_iter_mut().enumerate() {
        column.set_constraint(match place {
            1 => ColumnConstraint::LowerBoundary(Width::Fixed(of_words + 2)),
            _ => ColumnConstraint::ContentWidth,
        });
    }
}

/// The events of a day that a dyad feels: those that not all have with the numbers of those that
/// do.
fn happened(comparison: &Comparison, day: Day, dyad: Dyad) -> String {
    let mut who: Vec<(&str, Vec<usize>)> = Vec::new();
    for (number, track) in (1..).zip(&comparison.tracks) {
        let start = track.records.partition_point(|record| record.date() < day);
        let of_day = track
            .records
            .iter_from(start)
            .take_while(|record| record.date() == day);
        for record in of_day.filter(|record| record.touches(dyad)) {
            match who.iter_mut().find(|(id, _)| *id == record.id()) {
                Some((_, numbers)) => numbers.push(number),
                None => who.push((record.id(), vec![number])),
            }
        }
    }
    let all = comparison.tracks.len();
    let entry = |(id, numbers): &(&str, Vec<usize>)| {
        if numbers.len() == all {
            return (*id).to_owned();
        }
        let numbers: Vec<_> = numbers.iter().map(ToString::to_string).collect();
        format!("{id} (only {})", numbers.join(", "))
    };
    let entries: Vec<_> = who.iter().map(entry).collect();
    entries.join("\n")
}

fn ends_table(rows: &ComparisonRows, look: Look) -> String {
    let mut header = vec!["dyad".to_owned(), "what".to_owned()];
    header.extend((1..=rows.histories.len()).map(|number| number.to_string()));
    let header: Vec<_> = header.iter().map(String::as_str).collect();
    let ends = rows.ends.iter().map(|end| {
        let mut cells = vec![Cell::new(end.dyad), Cell::new(shown(&end.what))];
        let value = |value: &Option<String>| Cell::new(value.as_deref().unwrap_or("none"));
        cells.extend(end.values.iter().map(value));
        cells
    });
    table_of(&header, ends, look)
}
