//! A ledger as rows: what a temperature is made of, and what leaving an event out would change.

use super::words::{degrees, plain, summary};
use crate::error::Result;
use crate::history::{CrossedBy, Crossing, Record, Share, Shares, Without};
use crate::model::{Actor, Day, Dyad, HoldIx, MeasureIx, MeasureStatus, Settings};
use crate::scenario::Inquiry;
use crate::text::count;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

/// A difference in degrees that does not show in the last printed digit.
pub(super) const NOT_SEEN_DEGREES: f64 = 0.005;
/// Why an effect is not the share where nothing else depends on the event.
const SATURATION: &str = "saturation: later events move it less or more from elsewhere";
/// How many events a note names.
const NAMED: usize = 3;

/// Why the temperature of a dyad is what it is. All numbers are in degrees.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LedgerRows {
    /// The history, by name.
    pub history: String,
    /// The model that everything holds under.
    pub model: Settings,
    /// The dyad.
    pub dyad: Dyad,
    /// The day on which the temperature is read.
    pub date: Day,
    /// The event right after which it is read; nothing at the end of the day.
    pub right_after: Option<String>,
    /// The temperature: to within rounding of the last bits what all shares add up to.
    pub temperature: f64,
    /// What it tends to then.
    pub equilibrium: f64,
    /// The crossing that is asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crossing: Option<CrossingRow>,
    /// What a row is of: `event`, `source`, `act` or `year`.
    pub by: By,
    /// The parts, in the order asked for; what is left over comes last.
    pub rows: Vec<LedgerRow>,
    /// How many events in the rows gave no push and would change nothing if they had not happened.
    pub events_without_effect: u64,
}

/// A part of a temperature.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LedgerRow {
    /// What kind of part.
    pub part: Part,
    /// The id of the event or the measure.
    pub id: Option<String>,
    /// The day of the event, or on which the measure was first put in force between the two.
    pub date: Option<Day>,
    /// What it is, in a line.
    pub what: String,
    /// The act of the event.
    pub act: Option<&'static str>,
    /// Who acted, or holds the measure.
    pub source: Vec<Actor>,
    /// On whom.
    pub target: Vec<Actor>,
    /// How the event reached the dyad: `target`, `audience` or `measure`.
    pub reach: Option<&'static str>,
    /// How many events or measures the row is of.
    pub count: u64,
    /// What the events added on their days.
    pub push: Option<f64>,
    /// What is left of it; of a measure, what it has added through the equilibrium.
    pub share: f64,
    /// The temperature less what it would be had the event, and all it caused, not happened.
    pub effect: Option<f64>,
    /// Why that is not the share.
    pub note: Option<String>,
}

/// What kind of part of a temperature a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The starting point and the baseline.
    Start,
    /// One standing measure.
    Measure,
    /// One event.
    Event,
    /// Several events, by what they have in common.
    Events,
    /// Several standing measures.
    Measures,
    /// Everything that has no row of its own.
    Rest,
}

/// By what events are summed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// Not at all.
    #[default]
    Event,
    /// By the sides of the dyad that acted.
    Source,
    /// By act, coded events by their CAMEO root code.
    Act,
    /// By calendar year.
    Year,
}

/// The order of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// The largest share first, whatever its sign.
    #[default]
    Size,
    /// The earliest first.
    Date,
}

/// What a ledger is to show.
#[derive(Clone, Copy, Debug, Default)]
pub struct LedgerOptions<'a> {
    /// What a row is of.
    pub by: By,
    /// In which order.
    pub sort: Sort,
    /// The most rows of events; the rest is summed in one. All, where nothing is given.
    pub top: Option<usize>,
    /// Counts the events whose effect has been found.
    pub done: Option<&'a AtomicU64>,
}

/// When a temperature first passed a value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CrossingRow {
    /// The value, in degrees.
    pub value: f64,
    /// The event that passed it; nothing where it was waiting.
    pub event: Option<String>,
    /// On which day.
    pub date: Day,
    /// The temperature right before the event, or the day before.
    pub before: f64,
    /// The temperature right after the event, or at the end of that day.
    pub after: f64,
    /// What waiting led to, where it was waiting.
    pub towards: Option<f64>,
}

impl CrossingRow {
    /// The row of a crossing among some events.
    #[must_use]
    pub fn new(value: f64, crossing: &Crossing, records: &[Record]) -> Self {
        let (event, towards) = match crossing.by {
            CrossedBy::Event(place) => (records.get(place).map(|it| it.id().to_owned()), None),
            CrossedBy::Waiting { equilibrium } => (None, Some(equilibrium)),
        };
        Self {
            value,
            event,
            date: crossing.viewpoint.day,
            before: crossing.before,
            after: crossing.after,
            towards,
        }
    }
}

/// That a temperature never passed a value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NeverCrossedRow {
    /// The history, by name.
    pub history: String,
    /// The dyad.
    pub dyad: Dyad,
    /// The last day that was looked at.
    pub until: Day,
    /// The value, in degrees.
    pub value: f64,
    /// Always nothing: where there is a crossing, there is a ledger.
    pub crossing: Option<CrossingRow>,
    /// Where the temperature came closest to the value, in degrees.
    pub closest: f64,
    /// On the first day on which it was that close.
    pub closest_on: Day,
    /// What it tends to in the end, in degrees.
    pub equilibrium: f64,
}

impl LedgerRows {
    /// The rows of an inquiry.
    ///
    /// Effects are found for the events that have a row of their own, so `top` also bounds the time it takes where
    /// much hangs on each other.
    ///
    /// # Errors
    /// When the rules of a scenario cause more than they may without an event.
    pub fn new(
        history: &str,
        inquiry: &mut Inquiry<'_>,
        options: LedgerOptions<'_>,
    ) -> Result<Self> {
        let course = inquiry.course();
        let (dyad, viewpoint) = (inquiry.dyad(), inquiry.viewpoint());
        let mut fixed = vec![start(inquiry)];
        let measures = inquiry.shares().measures.iter();
        fixed.extend(measures.map(|(measure, share)| self::measure(inquiry, *measure, *share)));
        let mut without_effect = 0;
        let mut rows = match options.by {
            By::Event => events(inquiry, options, &mut without_effect)?,
            by => {
                if by == By::Source {
                    fixed = grouped_measures(inquiry, fixed);
                }
                groups(inquiry, by)
            }
        };
        rest(&mut rows, options.top);
        fixed.extend(rows);
        sort(&mut fixed, options.sort);
        let last = viewpoint.events.checked_sub(1);
        let last = last.and_then(|last| course.records().get(last));
        let next = course.records().get(viewpoint.events);
        let is_cut = next.is_some_and(|next| next.date() <= viewpoint.day);
        Ok(Self {
            history: history.to_owned(),
            model: Settings::of(inquiry.model()),
            dyad: course.world().dyad(dyad),
            date: viewpoint.day,
            right_after: last.filter(|_| is_cut).map(|last| last.id().to_owned()),
            temperature: inquiry.temperature(),
            equilibrium: inquiry.ledger().state().relation(dyad).equilibrium,
            crossing: None,
            by: options.by,
            rows: fixed,
            events_without_effect: without_effect,
        })
    }

    /// The shares as they are printed, in the order of the rows: they add up to the temperature as it is printed.
    #[must_use]
    pub fn printed_shares(&self) -> Vec<String> {
        let shares: Vec<_> = self.rows.iter().map(|row| row.share).collect();
        adding_up(&shares, self.temperature)
    }
}

/// Parts as text of two decimals that add up to a sum of two decimals: each is rounded down, and the hundredths that are
/// missing go to those that lost most (the method of largest remainders). None is off by a hundredth or more.
#[must_use]
pub fn adding_up(parts: &[f64], sum: f64) -> Vec<String> {
    let hundredths = |value: f64| (value * 100.0).round() as i64;
    let mut printed: Vec<i64> = parts.iter().map(|it| (it * 100.0).floor() as i64).collect();
    let printed_sum = degrees(sum).parse().unwrap_or(sum);
    let missing = hundredths(printed_sum) - printed.iter().sum::<i64>();
    let lost = |place: &usize| parts[*place] * 100.0 - printed[*place] as f64;
    let mut places: Vec<_> = (0..parts.len()).collect();
    places.sort_by(|one, other| lost(other).total_cmp(&lost(one)));
    let missing = usize::try_from(missing).unwrap_or_default();
    for place in places.into_iter().take(missing) {
        printed[place] += 1;
    }
    let text = |hundredths: i64| degrees(hundredths as f64 / 100.0);
    printed.into_iter().map(text).collect()
}

/// A row of nothing yet.
fn row(part: Part, what: String, share: f64) -> LedgerRow {
    LedgerRow {
        part,
        id: None,
        date: None,
        what,
        act: None,
        source: Vec::new(),
        target: Vec::new(),
        reach: None,
        count: 1,
        push: None,
        share,
        effect: None,
        note: None,
    }
}

fn start(inquiry: &Inquiry<'_>) -> LedgerRow {
    let dyad = inquiry.course().world().dyad(inquiry.dyad());
    let baseline = inquiry.model().baseline(dyad);
    let what = format!("starting point and baseline, {}", degrees(baseline));
    row(Part::Start, what, inquiry.shares().start)
}

/// The row of a standing measure: its kind, who holds it, and how it stands.
fn measure(inquiry: &Inquiry<'_>, measure: MeasureIx, share: f64) -> LedgerRow {
    let course = inquiry.course();
    let world = course.world();
    let between = world.holds_between(inquiry.dyad()).iter();
    let state = inquiry.ledger().state();
    let is_of = |hold: &&HoldIx| world.hold(**hold).measure == measure;
    let holds: Vec<_> = between
        .filter(is_of)
        .filter_map(|hold| Some((world.hold(*hold), *hold, state.hold(*hold)?)))
        .collect();
    let held: Vec<_> = holds
        .iter()
        .map(|(held, _, standing)| {
            let (source, other) = (world.actor(held.source), world.actor(held.other));
            let felt = if held.audience {
                ", felt by"
            } else {
                " against"
            };
            let status = match standing.status {
                MeasureStatus::InForce => String::new(),
                other => format!(", {} since {}", plain(other.name()), standing.since),
            };
            format!("by {source}{felt} {other}{status}")
        })
        .collect();
    let kind = world.kind(measure).name();
    let text = format!("standing {kind} {}", held.join("; "));
    let put_in_force = course.events().iter().position(|event| {
        let mut changes = event.measures.iter();
        changes.any(|change| holds.iter().any(|(_, hold, _)| change.hold == *hold))
    });
    let mut source: Vec<_> = holds
        .iter()
        .map(|(held, ..)| world.actor(held.source))
        .collect();
    let mut target: Vec<_> = holds
        .iter()
        .map(|(held, ..)| world.actor(held.other))
        .collect();
    source.sort_unstable();
    source.dedup();
    target.sort_unstable();
    target.dedup();
    LedgerRow {
        id: Some(world.measure(measure).to_owned()),
        date: put_in_force
            .and_then(|place| course.records().get(place))
            .map(Record::date),
        source,
        target,
        ..row(Part::Measure, text, share)
    }
}

/// A row for each event, the largest first, those within `top` with their effect.
fn events(
    inquiry: &mut Inquiry<'_>,
    options: LedgerOptions<'_>,
    without_effect: &mut u64,
) -> Result<Vec<LedgerRow>> {
    let records = inquiry.course().records();
    let mut found: Vec<(usize, Option<Share>)> = Vec::new();
    let shares: &Shares = inquiry.shares();
    found.extend(shares.events.iter().map(|it| (it.push.event, Some(*it))));
    let size = |share: &Option<Share>| share.map_or(-1.0, |share| share.degrees.abs());
    let push = |share: &Option<Share>| share.map_or(-1.0, |share| share.push.degrees.abs());
    found.extend(inquiry.indirect().into_iter().map(|place| (place, None)));
    found.sort_by(|(_, one), (_, other)| {
        let by_size = size(other).total_cmp(&size(one));
        by_size.then(push(other).total_cmp(&push(one)))
    });
    let top = options.top.unwrap_or(usize::MAX);
    let mut rows = Vec::with_capacity(found.len());
    // In the order of events, replays need not begin anew.
    let mut with_effect: Vec<_> = (0..found.len().min(top)).collect();
    with_effect.sort_by_key(|at| found[*at].0);
    let mut effects = vec![None; found.len()];
    for at in with_effect {
        effects[at] = Some(inquiry.effect(found[at].0)?);
        if let Some(done) = options.done {
            done.fetch_add(1, Ordering::Relaxed);
        }
    }
    for ((place, share), effect) in found.into_iter().zip(effects) {
        let Some(record) = records.get(place) else {
            continue;
        };
        let changed = effect.as_ref().map_or(0.0, |effect| effect.degrees);
        let is_idle = share.is_none_or(|share| share.push.degrees == 0.0) && changed == 0.0;
        if share.is_none() && is_idle {
            continue;
        }
        *without_effect += u64::from(is_idle && effect.is_some());
        let fields = record.fields();
        let share_now = share.map_or(0.0, |share| share.degrees);
        rows.push(LedgerRow {
            id: Some(record.id().to_owned()),
            date: Some(record.date()),
            act: Some(record.act().name()),
            source: fields.source.clone(),
            target: fields.target.clone(),
            reach: share.map(|share| share.push.reach.name()),
            push: share.map(|share| share.push.degrees),
            effect: effect.as_ref().map(|effect| effect.degrees),
            note: effect
                .and_then(|effect| note(share_now, effect.degrees, effect.without.as_ref())),
            ..row(Part::Event, title(record), share_now)
        });
    }
    Ok(rows)
}

fn title(record: &Record) -> String {
    let title = record.fields().title.clone();
    title.unwrap_or_else(|| summary(record))
}

/// Why leaving an event out does not change the temperature by its share.
fn note(share: f64, effect: f64, without: Option<&Without>) -> Option<String> {
    if (effect - share).abs() < NOT_SEEN_DEGREES {
        return None;
    }
    let Some(without) = without else {
        return Some(SATURATION.to_owned());
    };
    let mut reasons = Vec::new();
    if without.changes_measures {
        reasons.push("a measure would not stand as it does".to_owned());
    }
    if !without.fallen.is_empty() {
        reasons.push(format!("takes along {}", named(&without.fallen)));
    }
    let heavier = |(id, as_it_is, then): &(String, f64, f64)| {
        (then.abs() > as_it_is.abs()).then(|| id.clone())
    };
    let taking_over: Vec<_> = without.reweighed.iter().filter_map(heavier).collect();
    let lighter = |(id, as_it_is, then): &(String, f64, f64)| {
        (then.abs() <= as_it_is.abs()).then(|| id.clone())
    };
    let losing: Vec<_> = without.reweighed.iter().filter_map(lighter).collect();
    if !taking_over.is_empty() {
        reasons.push(format!("{} would take over weight", named(&taking_over)));
    }
    if !losing.is_empty() {
        reasons.push(format!("{} would weigh less", named(&losing)));
    }
    if !without.joined.is_empty() {
        reasons.push(format!("{} would happen instead", named(&without.joined)));
    }
    if reasons.is_empty() {
        reasons.push(SATURATION.to_owned());
    }
    Some(reasons.join("; "))
}

/// Some ids in a line, the first few of them and how many more there are.
fn named(ids: &[String]) -> String {
    let first: Vec<_> = ids.iter().take(NAMED).map(String::as_str).collect();
    match ids.len().saturating_sub(NAMED) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

/// The sides of the dyad that did something, in a word.
fn sides(dyad: Dyad, source: &[Actor]) -> String {
    let sides = dyad.sides();
    let acting: Vec<_> = sides.iter().filter(|side| source.contains(side)).collect();
    let codes: Vec<_> = acting.iter().map(|side| side.code()).collect();
    codes.join(" and ")
}

/// Events summed by what they have in common; a key begins with what orders it.
fn groups(inquiry: &Inquiry<'_>, by: By) -> Vec<LedgerRow> {
    let course = inquiry.course();
    let dyad = course.world().dyad(inquiry.dyad());
    let mut groups: BTreeMap<String, LedgerRow> = BTreeMap::new();
    for share in &inquiry.shares().events {
        let Some(record) = course.records().get(share.push.event) else {
            continue;
        };
        let key = match by {
            By::Source => sides(dyad, &record.fields().source),
            By::Year => record.date().to_string()[..4].to_owned(),
            By::Act | By::Event => act(record),
        };
        let group = groups.entry(key).or_insert_with_key(|key| {
            let mut group = row(Part::Events, key.clone(), 0.0);
            group.count = 0;
            group.push = Some(0.0);
            group.date = Some(record.date());
            group
        });
        group.count += 1;
        group.share += share.degrees;
        group.push = group.push.map(|push| push + share.push.degrees);
        if by == By::Source {
            let acted = dyad.sides().into_iter();
            group.source = acted
                .filter(|it| record.fields().source.contains(it))
                .collect();
        }
    }
    let mut rows: Vec<_> = groups.into_values().collect();
    for row in &mut rows {
        row.what = format!("{}: {}", row.what, count(row.count, "event"));
    }
    rows.sort_by(|one, other| other.share.abs().total_cmp(&one.share.abs()));
    rows
}

/// An act; of a coded event the CAMEO root code that its code belongs to.
fn act(record: &Record) -> String {
    let act = plain(record.act().name());
    match record.fields().code {
        Some(code) => format!("{act} {}", &code.row().code[..2]),
        None => act,
    }
}

/// Standing measures summed by the sides of the dyad that hold them.
fn grouped_measures(inquiry: &Inquiry<'_>, fixed: Vec<LedgerRow>) -> Vec<LedgerRow> {
    let dyad = inquiry.course().world().dyad(inquiry.dyad());
    let mut groups: BTreeMap<String, LedgerRow> = BTreeMap::new();
    let mut rows = Vec::new();
    for one in fixed {
        if one.part != Part::Measure {
            rows.push(one);
            continue;
        }
        let key = sides(dyad, &one.source);
        let group = groups.entry(key).or_insert_with_key(|key| {
            let mut group = row(Part::Measures, key.clone(), 0.0);
            group.count = 0;
            group.date = one.date;
            group.source.clone_from(&one.source);
            group
        });
        group.count += 1;
        group.share += one.share;
        group.date = group.date.min(one.date);
    }
    rows.extend(groups.into_values().map(|mut group| {
        group.what = format!("{}: {}", group.what, count(group.count, "standing measure"));
        group
    }));
    rows
}

/// Sums everything behind the first rows in one.
fn rest(rows: &mut Vec<LedgerRow>, top: Option<usize>) {
    let Some(top) = top.filter(|top| *top < rows.len()) else {
        return;
    };
    let behind = rows.split_off(top);
    let counted: u64 = behind.iter().map(|row| row.count).sum();
    let share = behind.iter().fold(0.0, |sum, row| sum + row.share);
    let push = behind.iter().filter_map(|row| row.push);
    let what = format!("{} more", count(counted, "event"));
    rows.push(LedgerRow {
        count: counted,
        push: Some(push.fold(0.0, |sum, push| sum + push)),
        ..row(Part::Rest, what, share)
    });
}

fn sort(rows: &mut [LedgerRow], by: Sort) {
    let is_rest = |row: &LedgerRow| row.part == Part::Rest;
    match by {
        Sort::Size => rows.sort_by(|one, other| {
            let size = other.share.abs().total_cmp(&one.share.abs());
            is_rest(one).cmp(&is_rest(other)).then(size)
        }),
        Sort::Date => rows.sort_by_key(|row| (is_rest(row), row.date, row.part)),
    }
}
