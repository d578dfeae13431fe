//! From an inquiry to the rows of its ledger.

use crate::error::Result;
use crate::evidence::Past;
use crate::history::{Ids, Record, Share, Viewpoint};
use crate::model::{
    Actor, Day, Dyad, DyadIx, HoldIx, MeasureIx, MeasureKind, MeasureStatus, Reach,
    temperature::Reading,
};
use crate::scenario::{Effect, Inquiry};
use crate::text::count;
use crate::view::rows::ledger::{
    By, LedgerOptions, LedgerRow, LedgerRows, NOT_SEEN_DEGREES, Part, Sort,
};
use crate::view::rows::words::{at_strength, degrees, plain, prepositions, summary};
use std::collections::{BTreeMap, HashMap};

/// Why an effect is not the share where nothing else depends on the event.
const fn of_itself(reading: Reading) -> &'static str {
    match reading {
        Reading::Stepwise => "saturation: later events move it less or more from elsewhere",
        Reading::Bounded | Reading::Plain => {
            "bounded reading: without it all else counts for more or for less"
        }
    }
}

impl LedgerRows {
    /// The rows of an inquiry.
    ///
    /// Effects are found for the events that have a row of their own, so `top` also bounds the time
    /// it takes where much hangs on each other.
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
        let concerned = Concerned::of(inquiry);
        let mut fixed = vec![start(inquiry)];
        fixed.append(&mut measures(inquiry));
        let mut rows = match options.by {
            By::Event => events(inquiry, &concerned, options)?,
            by => {
                if by == By::Source {
                    fixed = grouped_measures(inquiry, fixed);
                }
                concerned.groups(by, options)
            }
        };
        fixed.append(&mut rows);
        fixed.extend(concerned.before(options.from));
        sort(&mut fixed, options.sort);
        Ok(Self {
            history: history.to_owned(),
            model: inquiry.model().into(),
            dyad: concerned.dyad,
            date: viewpoint.day,
            right_after: right_after(course.records(), viewpoint),
            temperature: inquiry.temperature(),
            interval: None,
            equilibrium: inquiry.ledger().state().relation(dyad).equilibrium,
            crossing: None,
            by: options.by,
            events_without_effect: fixed.iter().filter(|row| row.is_idle()).count() as u64,
            rows: fixed,
        })
    }

    /// The rows of what the level of a dyad is made of.
    #[must_use]
    pub fn of_level(
        history: &str,
        past: Past<'_>,
        (dyad, viewpoint): (DyadIx, Viewpoint),
        options: LedgerOptions<'_>,
    ) -> Self {
        let course = past.course();
        let made = past.made(dyad, viewpoint);
        let level = made.level.level;
        let concerned = Concerned {
            records: course.records(),
            dyad: course.world().dyad(dyad),
            events: made.events.iter().map(Counted::from).collect(),
        };
        let what = match past.parameters().prior_degrees {
            Some(_) => format!("the prior, {}", degrees(made.prior)),
            None => format!(
                "the prior, the mean of all events so far, of {}, {}",
                match made.dyads {
                    1 => "this dyad alone".to_owned(),
                    many => format!("{many} dyads"),
                },
                degrees(made.prior)
            ),
        };
        let mut fixed = vec![row(Part::Start, what, made.prior_share)];
        let mut rows = match options.by {
            By::Event => {
                let row = |part: &crate::evidence::Weighed| {
                    let effect = level - part.without;
                    let is_another = (effect - part.share).abs() >= NOT_SEEN_DEGREES;
                    let note = is_another.then(|| IN_A_MEAN.to_owned());
                    concerned.row(part.event, Some(&part.into()), Some(effect), note)
                };
                let told = made.events.iter();
                let told = told.filter(|part| concerned.is_told(part.event, options.from));
                let mut told: Vec<_> = told.collect();
                told.sort_by(|one, other| other.share.abs().total_cmp(&one.share.abs()));
                let behind = told.split_off(options.rows_of(told.len()));
                let behind = behind
                    .into_iter()
                    .map(|part| (1, part.share, Some(part.weight)));
                let rows = told.into_iter().filter_map(row);
                rows.chain(rest(behind)).collect()
            }
            by => concerned.groups(by, options),
        };
        fixed.append(&mut rows);
        fixed.extend(concerned.before(options.from));
        sort(&mut fixed, options.sort);
        Self {
            history: history.to_owned(),
            model: past.parameters().into(),
            dyad: concerned.dyad,
            date: viewpoint.day,
            right_after: right_after(course.records(), viewpoint),
            temperature: level,
            interval: made.level.interval,
            equilibrium: made.prior,
            crossing: None,
            by: options.by,
            rows: fixed,
            events_without_effect: made.uncounted,
        }
    }
}

/// Why the effect of an event on a level is not its share.
const IN_A_MEAN: &str = "a mean: without it all else counts for more";

/// The event right after which one looks back, where others follow on that day.
fn right_after(records: &[Record], viewpoint: Viewpoint) -> Option<String> {
    let last = viewpoint.events.checked_sub(1);
    let last = last.and_then(|last| records.get(last));
    let next = records.get(viewpoint.events);
    let is_cut = next.is_some_and(|next| next.date() <= viewpoint.day);
    last.filter(|_| is_cut).map(|last| last.id().to_owned())
}

/// What an event gave to what is looked at, in degrees.
#[derive(Clone, Copy, Debug)]
struct Counted {
    /// Its place.
    event: usize,
    reach: Reach,
    push: f64,
    share: f64,
}

impl From<&Share> for Counted {
    fn from(share: &Share) -> Self {
        Self {
            event: share.push.event,
            reach: share.push.reach,
            push: share.push.degrees,
            share: share.degrees,
        }
    }
}

impl From<&crate::evidence::Weighed> for Counted {
    fn from(part: &crate::evidence::Weighed) -> Self {
        Self {
            event: part.event,
            reach: Reach::Target,
            push: part.weight,
            share: part.share,
        }
    }
}

/// The events that gave something to a dyad, in replay order.
struct Concerned<'r> {
    records: &'r [Record],
    dyad: Dyad,
    events: Vec<Counted>,
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

/// The rows of the standing measures.
fn measures(inquiry: &Inquiry<'_>) -> Vec<LedgerRow> {
    let shares = &inquiry.shares().measures;
    if shares.is_empty() {
        return Vec::new();
    }
    let (course, state) = (inquiry.course(), inquiry.ledger().state());
    let world = course.world();
    let mut holds: HashMap<MeasureIx, Vec<HoldIx>> = HashMap::new();
    let between = world.holds_between(inquiry.dyad()).iter();
    for &hold in between.filter(|hold| state.hold(**hold).is_some()) {
        let of_measure = holds.entry(world.hold(hold).measure).or_default();
        of_measure.push(hold);
    }
    let mut begun: HashMap<HoldIx, Day> = HashMap::new();
    for (event, record) in course.events().zip(course.records()) {
        for change in &event.measures {
            if world.dyad_of_hold(change.hold) == inquiry.dyad() {
                begun.entry(change.hold).or_insert(record.date());
            }
        }
    }
    let row = |&(measure, share): &(MeasureIx, f64)| {
        let holds = holds.get(&measure).map_or(&[][..], |holds| holds);
        let begun = holds.iter().filter_map(|hold| begun.get(hold)).min();
        self::measure(inquiry, (measure, holds), begun.copied(), share)
    };
    shares.iter().map(row).collect()
}

/// The row of a standing measure: its kind, who holds it, how it stands, and since when it was ever
/// in force.
fn measure(
    inquiry: &Inquiry<'_>,
    (measure, holds): (MeasureIx, &[HoldIx]),
    begun: Option<Day>,
    share: f64,
) -> LedgerRow {
    let (world, state) = (inquiry.course().world(), inquiry.ledger().state());
    let kind = world.kind(measure).map_or("unknown", MeasureKind::name);
    let holds: Vec<_> = holds
        .iter()
        .filter_map(|hold| Some((world.hold(*hold), *hold, state.hold(*hold)?)))
        .collect();
    let told = holds
        .iter()
        .filter(|(_, hold, _)| !world.is_mirrored(*hold));
    let held: Vec<_> = told
        .map(|(held, _, standing)| {
            let (source, other) = (world.actor(held.source), world.actor(held.other));
            let role = if held.audience { "audience" } else { "target" };
            let [by, against] = prepositions(kind, role);
            let comma = if held.audience { "," } else { "" };
            let status = match standing.status {
                MeasureStatus::InForce => at_strength(standing.strength),
                other => format!(
                    ", {}{} since {}",
                    plain(other.name()),
                    at_strength(standing.strength),
                    standing.since
                ),
            };
            format!("{by} {source}{comma} {against} {other}{status}")
        })
        .collect();
    let text = format!("standing {} {}", plain(kind), held.join("; "));
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
        date: begun,
        source,
        target,
        ..row(Part::Measure, text, share)
    }
}

/// A row for each event within `top`, the largest first, and one of all others. What neither
/// touches the dyad nor has an effect on it has none.
fn events(
    inquiry: &mut Inquiry<'_>,
    concerned: &Concerned<'_>,
    options: LedgerOptions<'_>,
) -> Result<Vec<LedgerRow>> {
    let mut found = ranked(inquiry, concerned);
    found.retain(|(place, _)| concerned.is_told(*place, options.from));
    let behind = found.split_off(options.rows_of(found.len()));
    let effects = effects(inquiry, &found, options)?;
    let mut rows = Vec::with_capacity(found.len());
    for ((place, share), told) in found.into_iter().zip(effects) {
        let row = concerned.row(place, share.as_ref(), Some(told.degrees), told.note);
        rows.extend(row.filter(|row| share.is_some() || !row.is_idle()));
    }
    let behind = behind.into_iter().filter_map(|(_, given)| given);
    rows.extend(rest(behind.map(|given| (1, given.share, Some(given.push)))));
    Ok(rows)
}

/// The places of events with their shares, the largest first; behind them those that only led to
/// others.
fn ranked(inquiry: &Inquiry<'_>, concerned: &Concerned<'_>) -> Vec<(usize, Option<Counted>)> {
    let shares = concerned.events.iter();
    let mut found: Vec<_> = shares.map(|it| (it.event, Some(*it))).collect();
    let size = |share: &Option<Counted>| share.map(|it| (it.share.abs(), it.push.abs()));
    found.sort_by(|(_, one), (_, other)| {
        let (one, other) = (
            size(one).unwrap_or_default(),
            size(other).unwrap_or_default(),
        );
        other.0.total_cmp(&one.0).then(other.1.total_cmp(&one.1))
    });
    found.extend(inquiry.indirect().into_iter().map(|place| (place, None)));
    found
}

/// What leaving an event out would change, in degrees, and what is to be said of it. What it is due
/// to may be as long as the history, so that only the words are kept.
struct Told {
    degrees: f64,
    note: Option<String>,
}

/// The effect of each of some events.
fn effects(
    inquiry: &mut Inquiry<'_>,
    found: &[(usize, Option<Counted>)],
    options: LedgerOptions<'_>,
) -> Result<Vec<Told>> {
    let reading = inquiry.model().reading();
    let has_pull = inquiry.model().half_lives().standing.is_finite();
    let mut effects = Vec::with_capacity(found.len());
    let mut in_order: Vec<_> = found.iter().enumerate().collect();
    // In the order of events, replays need not begin anew.
    in_order.sort_by_key(|(_, (place, _))| *place);
    for (at, (place, share)) in in_order {
        let effect = inquiry.effect(*place)?;
        let share = share.map_or(0.0, |share| share.share);
        let told = Told {
            degrees: effect.degrees,
            note: note(share, &effect, (reading, has_pull)),
        };
        effects.push((at, told));
        if let Some(control) = options.control {
            control.count(1);
            control.go_on()?;
        }
    }
    effects.sort_by_key(|(at, _)| *at);
    Ok(effects.into_iter().map(|(_, told)| told).collect())
}

fn title(record: &Record) -> String {
    let title = record.fields().title.clone();
    title.unwrap_or_else(|| summary(record))
}

/// Why leaving an event out does not change the temperature by its share.
///
/// `has_pull` says whether waiting draws the temperature anywhere, so that a measure matters.
fn note(share: f64, effect: &Effect, (reading, has_pull): (Reading, bool)) -> Option<String> {
    if (effect.degrees - share).abs() < NOT_SEEN_DEGREES {
        return None;
    }
    let Some(without) = &effect.without else {
        return Some(of_itself(reading).to_owned());
    };
    let mut reasons = Vec::new();
    if without.changes_measures && has_pull {
        reasons.push("a measure would not stand as it does".to_owned());
    }
    if without.fallen.count > 0 {
        reasons.push(format!("takes along {}", named(&without.fallen)));
    }
    let heavier = |(id, as_it_is, then): &(String, f64, f64)| {
        (then.abs() > as_it_is.abs()).then(|| id.clone())
    };
    let taking_over: Ids = without.reweighed.iter().filter_map(heavier).collect();
    let lighter = |(id, as_it_is, then): &(String, f64, f64)| {
        (then.abs() <= as_it_is.abs()).then(|| id.clone())
    };
    let losing: Ids = without.reweighed.iter().filter_map(lighter).collect();
    if taking_over.count > 0 {
        reasons.push(format!("{} would take over weight", named(&taking_over)));
    }
    if losing.count > 0 {
        reasons.push(format!("{} would weigh less", named(&losing)));
    }
    if without.joined.count > 0 {
        reasons.push(format!("{} would happen instead", named(&without.joined)));
    }
    if reasons.is_empty() {
        reasons.push(of_itself(reading).to_owned());
    }
    Some(reasons.join("; "))
}

/// Some ids in a line, the first few of them and how many more there are.
fn named(ids: &Ids) -> String {
    let first = ids.first.join(", ");
    match ids.count.saturating_sub(ids.first.len()) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

/// The sides of the dyad that did something, in a word.
fn sides(dyad: Dyad, source: &[Actor]) -> String {
    let sides = dyad.sides();
    let acting: Vec<_> = sides.iter().filter(|side| source.contains(side)).collect();
    let codes: Vec<_> = acting.iter().map(|side| side.code()).collect();
    codes.join(" and ")
}

impl Concerned<'_> {
    /// What an inquiry found.
    fn of<'c>(inquiry: &Inquiry<'c>) -> Concerned<'c> {
        let course = inquiry.course();
        Concerned {
            records: course.records(),
            dyad: course.world().dyad(inquiry.dyad()),
            events: inquiry.shares().events.iter().map(Counted::from).collect(),
        }
    }

    /// Whether an event has a row of its own: it is none of those before a day.
    fn is_told(&self, place: usize, from: Option<Day>) -> bool {
        let date = self.records.get(place).map(Record::date);
        from.is_none_or(|from| date.is_none_or(|date| date >= from))
    }

    /// The row of an event.
    fn row(
        &self,
        place: usize,
        given: Option<&Counted>,
        effect: Option<f64>,
        note: Option<String>,
    ) -> Option<LedgerRow> {
        let record = self.records.get(place)?;
        let fields = record.fields();
        let share = given.map_or(0.0, |given| given.share);
        Some(LedgerRow {
            id: Some(record.id().to_owned()),
            date: Some(record.date()),
            act: Some(record.act().name()),
            source: fields.source.clone(),
            target: fields.target.clone(),
            reach: given.map(|given| given.reach.name()),
            push: given.map(|given| given.push),
            effect,
            note,
            ..row(Part::Event, title(record), share)
        })
    }

    /// Events summed by what they have in common, those within `top`, and all others in one; a key
    /// begins with what orders it.
    fn groups(&self, by: By, options: LedgerOptions<'_>) -> Vec<LedgerRow> {
        let mut groups: BTreeMap<String, LedgerRow> = BTreeMap::new();
        for given in &self.events {
            let Some(record) = self.records.get(given.event) else {
                continue;
            };
            if options.from.is_some_and(|from| record.date() < from) {
                continue;
            }
            let key = match by {
                By::Source => sides(self.dyad, &record.fields().source),
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
            group.share += given.share;
            group.push = group.push.map(|push| push + given.push);
            if by == By::Source {
                let acted = self.dyad.sides().into_iter();
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
        let behind = rows.split_off(options.rows_of(rows.len()));
        let behind = behind.iter();
        rows.extend(rest(behind.map(|row| (row.count, row.share, row.push))));
        rows
    }

    /// A row of all events before a day, if there are any.
    fn before(&self, from: Option<Day>) -> Option<LedgerRow> {
        let from = from?;
        let early = self.events.iter().filter(|given| {
            let record = self.records.get(given.event);
            record.is_some_and(|record| record.date() < from)
        });
        let (mut counted, mut share, mut push) = (0, 0.0, 0.0);
        for one in early {
            counted += 1;
            share += one.share;
            push += one.push;
        }
        let what = format!("{} before {from}", count(counted, "event"));
        (counted > 0).then(|| LedgerRow {
            count: counted,
            push: Some(push),
            ..row(Part::Events, what, share)
        })
    }
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

/// Everything that has no row of its own in one, if there is anything: how many events each is of,
/// their share and what they added.
fn rest(behind: impl Iterator<Item = (u64, f64, Option<f64>)>) -> Option<LedgerRow> {
    let (mut counted, mut share, mut push) = (0, 0.0, 0.0);
    for (events, part, added) in behind {
        counted += events;
        share += part;
        push += added.unwrap_or_default();
    }
    let what = count(counted, "more event");
    (counted > 0).then(|| LedgerRow {
        count: counted,
        push: Some(push),
        ..row(Part::Rest, what, share)
    })
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
