//! Ranges: how warm and how cold a dyad can get in any run of a scenario, before any is played.
//!
//! In a bounded model that is the scale. In one without bounds every dyad is followed by the least and the greatest
//! temperature that it can have: what is certain moves both, what may happen or not moves one of them, and what rules
//! cause is added in full, as often as they may cause it. No run can leave these bounds, whichever runs there are.

use super::distribution::UNBOUNDED_DEGREES;
use crate::history::compile;
use crate::model::temperature::{BOUND_DEGREES, fading};
use crate::model::{
    Day, Dyad, DyadIx, Event, Impulse, MeasureKind, Model, Move, Reach, Scale, Slot, World,
};
use crate::scenario::check::Scenario;
use crate::scenario::file::entry::Entry;
use crate::scenario::file::hazards::{Rule, Uncertain};
use crate::scenario::file::schema::Spread;
use crate::scenario::play::player::REACTION_LIMIT;

/// The least and the greatest that something can be.
type Span = [f64; 2];

/// Half the range of temperatures of some dyads from a day on, in degrees: a bound that no run passes, rounded up to
/// 100, 1,000, 10,000 and so on; that of the scale in a model with bounds.
pub(super) fn range_degrees(scenario: &Scenario, dyads: &[Dyad], first: Option<Day>) -> f64 {
    if scenario.model.saturation() {
        return BOUND_DEGREES;
    }
    let bound = bound_degrees(scenario, dyads, first);
    let mut range = UNBOUNDED_DEGREES;
    // What rounding adds up to is far less than a part in a million.
    while range < bound * (1.0 + 1e-6) {
        range *= 10.0;
    }
    range
}

fn bound_degrees(scenario: &Scenario, dyads: &[Dyad], first: Option<Day>) -> f64 {
    let mut world = World::new();
    let in_time = |entry: &&Entry| entry.record.date() <= scenario.until && entry.fate.happens();
    let entries = scenario.entries.iter().filter(in_time);
    let events: Vec<_> = entries
        .map(|entry| (entry, compile(&entry.record, &mut world)))
        .collect();
    let rules = &scenario.hazards.rules;
    let caused: Vec<_> = rules
        .iter()
        .map(|rule| compile(&rule.then, &mut world))
        .collect();
    let drawn = Drawn::of(scenario);
    let mut lanes: Vec<Option<Lane>> = Vec::new();
    lanes.resize_with(world.dyads().len(), || None);
    for &dyad in dyads {
        if let Some(index) = world.find_dyad(dyad) {
            let equilibrium = drawn.equilibrium(&world, dyad, index);
            lanes[usize::from(index)] = Some(Lane::new(equilibrium, first));
        }
    }
    for (entry, event) in &events {
        let is_certain = is_certain(entry, event);
        for &to in &event.moves {
            if let Some(lane) = &mut lanes[usize::from(to.dyad)] {
                let impact = drawn.impact(event, to);
                let impact = if is_certain {
                    impact
                } else {
                    with_none(impact)
                };
                lane.take(impact, entry.record.date(), &drawn);
            }
        }
    }
    for (times, event) in most_firings(scenario, &events).into_iter().zip(&caused) {
        for &to in &event.moves {
            if let Some(lane) = &mut lanes[usize::from(to.dyad)] {
                let [least, greatest] = with_none(drawn.impact(event, to));
                lane.caused += times as f64 * greatest.max(-least);
            }
        }
    }
    let bounds = lanes.into_iter().flatten().map(|lane| lane.end(&drawn));
    bounds.fold(0.0, f64::max)
}

/// Whether an event happens in every run: it lies in the log before any fork, or nothing that it hangs on can differ.
fn is_certain(entry: &Entry, event: &Event) -> bool {
    let hangs_on_nothing = event.caused_by.is_none()
        && event.of.is_none()
        && event.measures.is_empty()
        && event.agenda.is_empty()
        && event.meeting.is_none();
    let is_drawn = entry.option.is_some() || entry.after.is_some();
    entry.forks == 0 || (!is_drawn && hangs_on_nothing)
}

/// How often each rule can cause its event in a run, at most.
fn most_firings(scenario: &Scenario, events: &[(&Entry, Event)]) -> Vec<usize> {
    let rules = &scenario.hazards.rules;
    let limit = |rule: &Rule| {
        let written = rule
            .written
            .at_most
            .and_then(|most| usize::try_from(most).ok());
        written.map_or(REACTION_LIMIT, |most| most.min(REACTION_LIMIT))
    };
    let set_off = |rule: &Rule| {
        let events = events.iter().map(|(entry, _)| entry);
        let behind = events.filter(|entry| entry.forks & (1 << rule.owner) != 0);
        let matching = behind.filter(|entry| rule.written.when.matches(entry.record.fields()));
        matching.count()
    };
    let by_entries: Vec<usize> = rules.iter().map(set_off).collect();
    let mut most: Vec<usize> = rules.iter().map(limit).collect();
    // Each round sharpens what the last one found: a chain of rules is no longer than there are rules.
    for _ in rules {
        let next = rules.iter().zip(&by_entries).map(|(rule, &by_entries)| {
            let causes = rules.iter().zip(&most);
            let causes = causes.filter(|(cause, _)| rule.written.when.matches(cause.then.fields()));
            let by_rules: usize = causes.map(|(_, times)| times).sum();
            limit(rule).min(by_entries + by_rules)
        });
        most = next.collect();
    }
    most
}

/// A dyad by the least and the greatest temperature that it can have.
struct Lane {
    temperature: Span,
    equilibrium: Span,
    day: Option<Day>,
    /// The day from which on temperatures are read.
    first: Option<Day>,
    /// How far from 0 it can be when temperatures are read.
    widest: f64,
    /// How far all that rules cause can move it.
    caused: f64,
}

impl Lane {
    fn new(equilibrium: Span, first: Option<Day>) -> Self {
        Self {
            temperature: equilibrium,
            equilibrium,
            day: None,
            first,
            widest: 0.0,
            caused: 0.0,
        }
    }

    fn take(&mut self, impact: Span, day: Day, drawn: &Drawn<'_>) {
        if let Some(first) = self.first.filter(|first| *first < day) {
            self.read_on(first, drawn);
        }
        self.wait(day, drawn);
        for (end, impact) in self.temperature.iter_mut().zip(impact) {
            *end += impact;
        }
        if self.first.is_none_or(|first| first <= day) {
            self.note();
        }
    }

    /// Waits until temperatures begin to be read, unless they have.
    fn read_on(&mut self, first: Day, drawn: &Drawn<'_>) {
        if self.day.is_none_or(|day| day < first) {
            self.wait(first, drawn);
            self.note();
        }
    }

    /// While it waits, each end draws near to that of the equilibrium, and as slowly or as fast as is farther out.
    fn wait(&mut self, day: Day, drawn: &Drawn<'_>) {
        let days = self.day.map_or(0, |last| day.days_since(last));
        self.day = Some(day);
        let [fast, slow] = drawn
            .half_life_days
            .map(|half_life| fading(days, half_life));
        let ([least, greatest], [cold, warm]) = (self.temperature, self.equilibrium);
        let near = |end: f64, to: f64, left: f64| to + (end - to) * left;
        self.temperature = [
            near(least, cold, if least < cold { slow } else { fast }),
            near(greatest, warm, if greatest > warm { slow } else { fast }),
        ];
    }

    fn note(&mut self) {
        let [least, greatest] = self.temperature;
        self.widest = self.widest.max(greatest).max(-least);
    }

    /// How far from 0 it can be on any day on which temperatures are read.
    fn end(mut self, drawn: &Drawn<'_>) -> f64 {
        if let Some(first) = self.first {
            self.read_on(first, drawn);
        }
        let [cold, warm] = self.equilibrium;
        self.widest.max(warm).max(-cold) + self.caused
    }
}

/// The model with what can be drawn of it.
struct Drawn<'s> {
    model: &'s Model,
    uncertain: &'s [Uncertain],
    half_life_days: Span,
    gain: Span,
    spillover: Span,
}

impl<'s> Drawn<'s> {
    fn of(scenario: &'s Scenario) -> Self {
        let (model, uncertain) = (&scenario.model, &scenario.hazards.uncertain[..]);
        let span = |name| span_of(name, model, uncertain);
        Self {
            model,
            uncertain,
            half_life_days: span("half_life_days"),
            gain: span("gain"),
            spillover: span("spillover"),
        }
    }

    /// What a dyad can tend to: its baseline with every measure that there can be.
    fn equilibrium(&self, world: &World, dyad: Dyad, index: DyadIx) -> Span {
        let slot = Slot::Baseline(dyad);
        let own = self
            .uncertain
            .iter()
            .find(|it| Model::slot(&it.name) == Ok(slot));
        let own = own.map(Uncertain::span);
        let fixed = self.model.baselines().get(&dyad).map(|&it| [it, it]);
        let general = || span_of("baseline_degrees", self.model, self.uncertain);
        let baseline = own.or(fixed).unwrap_or_else(general);
        let standing = self.standing_degrees() * world.holds_between(index).len() as f64;
        [baseline[0] - standing, baseline[1] + standing]
    }

    /// The most that a measure adds or takes.
    fn standing_degrees(&self) -> f64 {
        let drawn = self.uncertain.iter();
        let drawn = drawn.filter(|it| it.name.starts_with("standing_"));
        let drawn = drawn.flat_map(Uncertain::span);
        let kinds = MeasureKind::ALL.into_iter();
        let fixed = kinds.flat_map(|kind| {
            [false, true].map(|audience| self.model.standing_degrees(kind, audience))
        });
        drawn.chain(fixed).map(f64::abs).fold(0.0, f64::max)
    }

    /// What an event can add to a dyad.
    fn impact(&self, event: &Event, to: Move) -> Span {
        let whole = match event.impulse {
            Impulse::None => [0.0; 2],
            Impulse::Code(code) => {
                let weight = code.weight(self.model.weights());
                times(self.gain, [weight; 2])
            }
            Impulse::Weight(weight) => times(self.gain, [weight; 2]),
            Impulse::Degrees(degrees) => [degrees; 2],
        };
        let share = match event.scale {
            Scale::Whole => [1.0, 1.0],
            Scale::Removed(_) => [-1.0, 1.0],
            Scale::FirstOf(_) => [0.0, 1.0],
        };
        let reach = match to.reach {
            Reach::Target => [1.0, 1.0],
            Reach::Audience => self.spillover,
            Reach::Measure => [0.0, 0.0],
        };
        times(times(whole, share), reach)
    }
}

/// What a parameter can be.
fn span_of(name: &str, model: &Model, uncertain: &[Uncertain]) -> Span {
    let drawn = uncertain.iter().find(|it| it.name == name);
    drawn.map_or_else(
        || [model.number(name).unwrap_or_default(); 2],
        Uncertain::span,
    )
}

impl Uncertain {
    fn span(&self) -> Span {
        match &self.spread {
            Spread::Choice(values) => {
                let least = values.iter().copied().fold(f64::INFINITY, f64::min);
                let greatest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                [least, greatest]
            }
            Spread::Normal(_) => self.range,
            spread => [0.0, 1.0].map(|unit| spread.at(unit, self.range)),
        }
    }
}

/// All products of what two things can be.
fn times(one: Span, other: Span) -> Span {
    let products = one.map(|one| other.map(|other| one * other));
    let products = products.as_flattened().iter().copied();
    [
        products.clone().fold(f64::INFINITY, f64::min),
        products.fold(f64::NEG_INFINITY, f64::max),
    ]
}

/// What something can add that may not be there at all.
const fn with_none([least, greatest]: Span) -> Span {
    [least.min(0.0), greatest.max(0.0)]
}
