//! The state: what is left of a history when it is folded.

use super::day::Day;
use super::names::{DyadIx, HoldIx, MeasureIx, MeetingIx, TopicIx};
use super::parameters::parameter::Model;
use super::world::{Bond, World};
use crate::model::relation::agenda::Topic;
use crate::model::relation::balance::{Balance, Fades, Waits, first_day};
use crate::model::relation::measure::{MeasureKind, MeasureStatus, Standing};
use crate::model::relation::meeting::Meeting;
use crate::model::relation::phase::Phase;
use crate::model::relation::temperature::{BOUND_DEGREES, Reading};
use serde::{Deserialize, Serialize};

/// The temperature of one dyad, with what it is made of and what it tends to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Relation {
    /// In degrees, on the day it is valid for: the balance as the model reads it.
    pub temperature: f64,
    /// What the temperature tends to, in degrees: the baseline and what stands, as the model reads
    /// them.
    pub equilibrium: f64,
    /// The band the temperature is in; `None` in a model without bounds.
    pub phase: Option<Phase>,
    /// The day of the last event that touched the dyad; `None` before the first.
    pub valid_for: Option<Day>,
    /// The day of each side's last readout, in the order of the dyad.
    pub last_readout: [Option<Day>; 2],
    /// What adds up to the balance.
    pub balance: Balance,
}

/// A border between two phases that was passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passage {
    /// The phase before.
    pub from: Phase,
    /// The phase after.
    pub to: Phase,
    /// On which day.
    pub day: Day,
    /// Whether it was waiting that passed it, not an event.
    pub waiting: bool,
}

/// Everything that events change. Indices are those of the [`World`] it was folded in.
///
/// All parts are plain values in a few lists, so that a state is reset to another in next to no
/// time.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    relations: Vec<Relation>,
    topics: Vec<Topic>,
    holds: Vec<Option<Standing>>,
    meetings: Vec<Meeting>,
}

impl Clone for State {
    fn clone(&self) -> Self {
        let mut state = Self::default();
        state.clone_from(self);
        state
    }

    /// Takes the memory that is there already.
    fn clone_from(&mut self, other: &Self) {
        self.relations.clone_from(&other.relations);
        self.topics.clone_from(&other.topics);
        self.holds.clone_from(&other.holds);
        self.meetings.clone_from(&other.meetings);
    }
}

impl Relation {
    /// A dyad before its first event: at its baseline.
    #[must_use]
    pub fn at_start(baseline: f64, model: &Model) -> Self {
        let temperature = model.reading().of(baseline);
        Self {
            temperature,
            equilibrium: temperature,
            phase: model.saturation().then(|| Phase::of(temperature)),
            valid_for: None,
            last_readout: [None; 2],
            balance: Balance {
                baseline,
                ..Balance::default()
            },
        }
    }

    /// Waits until a day: what happened fades, what stands is felt, and each border passed is told
    /// with the first day on which the temperature is beyond it. A day that is past changes
    /// nothing. Finding that day takes time, so that nobody being told is quicker.
    pub fn wait_until(&mut self, day: Day, model: &Model, passed: Option<impl FnMut(Passage)>) {
        let since = self
            .valid_for
            .replace(day.max(self.valid_for.unwrap_or(day)));
        let Some(since) = since.filter(|&since| since < day) else {
            return;
        };
        let days = day.days_since(since);
        let half_lives = model.half_lives();
        let after = self.balance.after(days, &half_lives);
        if let Some(phase) = self.phase {
            let passed = passed.map(|mut passed| {
                move |from, to, waited| {
                    passed(Passage {
                        from,
                        to,
                        day: since.plus_days(waited).unwrap_or(day),
                        waiting: true,
                    });
                }
            });
            let wait = (&self.balance, &after, days);
            self.phase = Some(phase_after(wait, phase, model, passed));
        }
        self.balance = after;
        self.temperature = model.reading().of(after.sum());
    }

    /// Waits until a day, from the day it is valid for on, and takes an impact in degrees: what
    /// [`Self::wait_until`] and [`Self::take`] come to where nobody is told. The temperature in
    /// between is not read.
    #[inline]
    pub(super) fn wait_and_take(&mut self, day: Day, (impact, fades): (f64, Fades), model: &Model) {
        let days = self.waited(day);
        self.valid_for = Some(self.valid_for.map_or(day, |since| since.max(day)));
        if days > 0 {
            let after = self.balance.after(days, &model.half_lives());
            let wait = (&self.balance, &after, days);
            let nobody = None::<fn(Phase, Phase, i32)>;
            self.phase = self
                .phase
                .map(|phase| phase_after(wait, phase, model, nobody));
            self.balance = after;
        }
        let reading = model.reading();
        if impact != 0.0 {
            let impulse = reading.impulse(self.balance.sum(), impact);
            self.balance.add(impulse, fades);
        }
        let balance = self.balance.sum();
        self.temperature = reading.of(balance);
        if let Some(phase) = self.phase.filter(|_| impact != 0.0)
            && !model.zones().hold(phase, [balance; 2])
        {
            self.pass_borders(model, None::<fn(Passage)>);
        }
    }

    /// The temperature and the phase on a day, waiting included, without the days on which borders
    /// are passed.
    #[must_use]
    #[inline]
    pub fn read_on(&self, day: Day, model: &Model) -> (f64, Option<Phase>) {
        let waited = self.waited(day);
        if waited == 0 {
            return (self.temperature, self.phase);
        }
        let nobody = None::<fn(Phase, Phase, i32)>;
        let after = self.balance.after(waited, &model.half_lives());
        let wait = (&self.balance, &after, waited);
        let phase = self
            .phase
            .map(|phase| phase_after(wait, phase, model, nobody));
        (model.reading().of(after.sum()), phase)
    }

    /// The temperature on a day, waiting included.
    #[must_use]
    #[inline]
    pub fn temperature_on(&self, day: Day, model: &Model) -> f64 {
        match self.waited(day) {
            0 => self.temperature,
            waited => {
                let after = self.balance.after(waited, &model.half_lives());
                model.reading().of(after.sum())
            }
        }
    }

    /// The days of a wait between two days, in pieces in which the temperature only rises or only
    /// falls; each by its first and its last day.
    pub fn pieces(&self, from: Day, to: Day, model: &Model) -> impl Iterator<Item = (Day, Day)> {
        let start = self.balance.after(self.waited(from), &model.half_lives());
        let pieces = start.pieces(to.days_since(from).max(0), &model.half_lives());
        let day = move |days| from.plus_days(days).unwrap_or(to);
        let pieces: Vec<_> = pieces.iter().collect();
        pieces
            .into_iter()
            .map(move |(first, last)| (day(first), day(last)))
    }

    /// The least and the greatest temperature that waiting cannot pass, however long: a bound, not
    /// always reached.
    #[must_use]
    pub fn bounds(&self, model: &Model) -> [f64; 2] {
        let bounds = self.balance.bounds(&model.half_lives());
        bounds.map(|bound| model.reading().of(bound))
    }

    fn waited(&self, day: Day) -> i32 {
        self.valid_for
            .map_or(0, |since| day.days_since(since).max(0))
    }

    /// Takes an impact in degrees on the day the relation is valid for, and tells what it adds to
    /// the balance; borders passed are told.
    pub(super) fn take(
        &mut self,
        impact: f64,
        fades: Fades,
        model: &Model,
        passed: Option<impl FnMut(Passage)>,
    ) -> f64 {
        if impact == 0.0 {
            return 0.0;
        }
        let reading = model.reading();
        let impulse = reading.impulse(self.balance.sum(), impact);
        self.balance.add(impulse, fades);
        self.temperature = reading.of(self.balance.sum());
        self.pass_borders(model, passed);
        impulse
    }

    /// Passes the borders that lie between the phase and the temperature, on the day it is valid
    /// for.
    fn pass_borders(&mut self, model: &Model, mut passed: Option<impl FnMut(Passage)>) {
        while let Some(from) = self.phase
            && let Some(to) = from.next(self.temperature, model.hysteresis_degrees())
        {
            self.phase = Some(to);
            if let (Some(day), Some(passed)) = (self.valid_for, &mut passed) {
                passed(Passage {
                    from,
                    to,
                    day,
                    waiting: false,
                });
            }
        }
    }

    /// Tends to another sum of what stands from now on.
    fn tend_to(&mut self, standing: f64, model: &Model) {
        let baseline = self.balance.baseline;
        let equilibrium = match model.reading() {
            Reading::Stepwise => (baseline + standing).clamp(-BOUND_DEGREES, BOUND_DEGREES),
            Reading::Bounded | Reading::Plain => baseline + standing,
        };
        self.balance.tends_to = equilibrium - baseline;
        self.equilibrium = model.reading().of(equilibrium);
    }
}

/// The phase after a wait, by what it starts from, where it ends and how many days it takes. Each
/// border passed is told with the day of the wait on which the temperature is first beyond it.
#[inline]
fn phase_after(
    wait: (&Balance, &Balance, i32),
    phase: Phase,
    model: &Model,
    passed: Option<impl FnMut(Phase, Phase, i32)>,
) -> Phase {
    let (start, end, _) = wait;
    if model.zones().hold(phase, start.range_until(end)) {
        phase
    } else {
        phase_passed(wait, phase, model, passed)
    }
}

/// The same where a border may be passed.
fn phase_passed(
    (start, end, days): (&Balance, &Balance, i32),
    mut phase: Phase,
    model: &Model,
    mut passed: Option<impl FnMut(Phase, Phase, i32)>,
) -> Phase {
    let (reading, half_lives) = (model.reading(), model.half_lives());
    let hysteresis = model.hysteresis_degrees();
    let next = |phase: Phase, balance: f64| phase.next(reading.of(balance), hysteresis);
    let after = |day: i32| match day {
        _ if day == days => end.sum(),
        _ => start.after(day, &half_lives).sum(),
    };
    for (from, to) in start.pieces(days, &half_lives).iter() {
        let at_end = after(to);
        while let Some(beyond) = next(phase, at_end) {
            if let Some(passed) = &mut passed {
                let is_beyond = |days: i32| next(phase, after(from + days)) == Some(beyond);
                passed(phase, beyond, from + first_day(to - from, is_beyond));
            }
            phase = beyond;
        }
    }
    phase
}

/// One dyad on many dates: how it stood when it began to wait for each of them.
#[derive(Clone, Debug)]
pub struct Readings {
    waits: Waits,
    phases: Vec<Option<Phase>>,
}

impl Readings {
    /// Room for so many dates.
    #[must_use]
    pub fn new(dates: usize) -> Self {
        Self {
            waits: Waits::new(dates),
            phases: vec![None; dates],
        }
    }

    /// On one of the dates, by its place, the dyad has waited since it stood so.
    #[inline]
    pub fn put(&mut self, place: usize, relation: &Relation, date: Day) {
        self.waits
            .put(place, &relation.balance, relation.waited(date));
        self.phases[place] = relation.phase;
    }

    /// Tells the temperature and the phase on each date, as [`Relation::read_on`] has them.
    #[inline]
    pub fn read(&self, model: &Model, mut each: impl FnMut(usize, f64, Option<Phase>)) {
        let (reading, half_lives, zones) = (model.reading(), model.half_lives(), model.zones());
        self.waits.end(&half_lives, |first, [ends, least, most]| {
            let temperatures = reading.of_each(ends);
            let phases = self.phases[first..].iter().enumerate();
            for ((at, phase), temperature) in phases.zip(temperatures) {
                let phase = match phase {
                    Some(phase) if !zones.hold(*phase, [least[at], most[at]]) => {
                        let (start, days) = self.waits.at(first + at);
                        let end = start.after(days, &half_lives);
                        let nobody = None::<fn(Phase, Phase, i32)>;
                        Some(phase_passed((&start, &end, days), *phase, model, nobody))
                    }
                    phase => *phase,
                };
                each(first + at, temperature, phase);
            }
        });
    }
}

impl State {
    /// Makes room for everything that the world has come to know; new dyads start at their
    /// baseline.
    #[inline]
    pub fn fit(&mut self, world: &World, model: &Model) {
        let sizes = world.sizes();
        let [dyads, topics, holds, meetings] = sizes;
        // One by one, which is quicker than two lists side by side.
        if self.relations.len() != dyads
            || self.topics.len() != topics
            || self.holds.len() != holds
            || self.meetings.len() != meetings
        {
            self.grow(sizes, world, model);
        }
    }

    #[cold]
    fn grow(&mut self, sizes: [usize; 4], world: &World, model: &Model) {
        let [dyads, topics, holds, meetings] = sizes;
        for dyad in self.relations.len()..dyads {
            let baseline = model.baseline(world.dyad(DyadIx(dyad as u32)));
            self.relations.push(Relation::at_start(baseline, model));
        }
        self.topics.resize(topics, Topic::default());
        self.holds.resize(holds, None);
        self.meetings.resize(meetings, Meeting::default());
    }

    /// Forgets everything that happened, in the memory that is there already.
    pub fn reset(&mut self, world: &World, model: &Model) {
        self.relations.clear();
        self.topics.clear();
        self.holds.clear();
        self.meetings.clear();
        self.fit(world, model);
    }

    /// Whether it is one of a world: it has room for everything that the world knows, for no more,
    /// and names no actor that the world does not know.
    #[must_use]
    pub fn is_of(&self, world: &World) -> bool {
        let sizes = [
            self.relations.len(),
            self.topics.len(),
            self.holds.len(),
            self.meetings.len(),
        ];
        let mut sayers = self.topics.iter().filter_map(|topic| topic.according_to);
        sizes == world.sizes() && sayers.all(|actor| world.has_actor(actor))
    }

    /// How a dyad stands on the day of the last event that touched it.
    #[must_use]
    pub fn relation(&self, dyad: DyadIx) -> &Relation {
        &self.relations[usize::from(dyad)]
    }

    /// How a dyad stands on a day, waiting included. Reading never moves: the state stays as it is.
    pub fn relation_on(
        &self,
        dyad: DyadIx,
        day: Day,
        model: &Model,
        passed: impl FnMut(Passage),
    ) -> Relation {
        let mut relation = *self.relation(dyad);
        if relation.valid_for.is_some() {
            relation.wait_until(day, model, Some(passed));
        }
        relation
    }

    /// How an agenda item stands.
    #[must_use]
    pub fn topic(&self, topic: TopicIx) -> &Topic {
        &self.topics[usize::from(topic)]
    }

    /// How a measure stands between one source and one other actor; `None` before it was ever in
    /// force.
    #[must_use]
    pub fn hold(&self, hold: HoldIx) -> Option<Standing> {
        self.holds[usize::from(hold)]
    }

    /// The status of a measure between one source and one other actor.
    #[must_use]
    pub fn status(&self, hold: HoldIx) -> Option<MeasureStatus> {
        self.hold(hold).map(|standing| standing.status)
    }

    /// How a meeting stands.
    #[must_use]
    pub fn meeting(&self, meeting: MeetingIx) -> &Meeting {
        &self.meetings[usize::from(meeting)]
    }

    pub(super) fn relation_mut(&mut self, dyad: DyadIx) -> &mut Relation {
        &mut self.relations[usize::from(dyad)]
    }

    pub(super) fn topic_mut(&mut self, topic: TopicIx) -> &mut Topic {
        &mut self.topics[usize::from(topic)]
    }

    pub(super) fn hold_mut(&mut self, hold: HoldIx) -> &mut Option<Standing> {
        &mut self.holds[usize::from(hold)]
    }

    pub(super) fn meeting_mut(&mut self, meeting: MeetingIx) -> &mut Meeting {
        &mut self.meetings[usize::from(meeting)]
    }

    /// Works out what a dyad tends to: `E = Σ standing(kind) · n^power`, n the sum of the strengths
    /// of the measures of a kind, each by the strongest of its holds in the dyad, as a target's
    /// before an audience's. Each measure of the writer's own is a kind by itself.
    pub(super) fn find_equilibrium(&mut self, dyad: DyadIx, world: &World, model: &Model) {
        let standing = match world.bonds(dyad) {
            [] => 0.0,
            bonds => {
                let sum = |sum: f64, (_, part): (MeasureIx, f64)| sum + part;
                self.standing_parts(bonds, world, model).fold(0.0, sum)
            }
        };
        self.relation_mut(dyad).tend_to(standing, model);
    }

    /// What each measure that counts in a dyad adds to E.
    fn standing_parts<'s>(
        &'s self,
        bonds: &'s [Bond],
        world: &'s World,
        model: &'s Model,
    ) -> impl Iterator<Item = (MeasureIx, f64)> + 's {
        let mut counts = [[0.0; 2]; MeasureKind::ALL.len()];
        for bond in bonds {
            if let Some((kind, audience, strength)) = self.counted(bond, world)
                && kind != MeasureKind::Own
            {
                counts[kind as usize][usize::from(audience)] += strength;
            }
        }
        // Of the kind before, which most are of.
        let mut last = (0.0, 0.0);
        let mut power = move |count: f64| {
            if count != last.0 {
                let is_plain = count == 0.0 || count == 1.0;
                let power = || libm::pow(count, model.standing_power());
                last = (count, if is_plain { count } else { power() });
            }
            last.1
        };
        bonds.iter().filter_map(move |bond| {
            let (kind, audience, strength) = self.counted(bond, world)?;
            let (degrees, count) = match kind {
                MeasureKind::Own => (world.own_degrees(bond.measure).unwrap_or(0.0), strength),
                _ => (
                    model.standing_degrees(kind, audience),
                    counts[kind as usize][usize::from(audience)],
                ),
            };
            let share = if count == 0.0 { 0.0 } else { strength / count };
            Some((bond.measure, degrees * power(count) * share))
        })
    }

    /// How a measure counts in a dyad, if it does: its kind, whether as an audience's, and how
    /// strongly.
    fn counted(&self, bond: &Bond, world: &World) -> Option<(MeasureKind, bool, f64)> {
        let strongest = |holds: &[HoldIx]| {
            let standings = holds.iter().filter_map(|&hold| self.hold(hold));
            let strengths = standings
                .filter(|standing| standing.status != MeasureStatus::Lifted)
                .map(|standing| standing.strength);
            strengths.reduce(f64::max)
        };
        let kind = world.kind(bond.measure)?;
        let as_target = strongest(&bond.against_target).map(|strength| (kind, false, strength));
        as_target
            .or_else(|| strongest(&bond.felt_by_audience).map(|strength| (kind, true, strength)))
    }

    /// What the equilibrium of a dyad is made of before it is read, in degrees: the part of the
    /// baseline, and that of each measure that counts.
    ///
    /// They add up to it, to within rounding. Where it is held at a bound, all its parts are scaled
    /// alike.
    #[must_use]
    pub fn equilibrium_parts(
        &self,
        dyad: DyadIx,
        world: &World,
        model: &Model,
    ) -> (f64, Vec<(MeasureIx, f64)>) {
        let mut parts: Vec<_> = self
            .standing_parts(world.bonds(dyad), world, model)
            .collect();
        let Balance {
            baseline, tends_to, ..
        } = self.relation(dyad).balance;
        let sum = parts.iter().fold(baseline, |sum, (_, part)| sum + part);
        if model.reading() != Reading::Stepwise || sum.abs() <= BOUND_DEGREES {
            return (baseline, parts);
        }
        let scale = (baseline + tends_to) / sum;
        for (_, part) in &mut parts {
            *part *= scale;
        }
        (baseline * scale, parts)
    }
}
