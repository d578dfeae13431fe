//! The state: what is left of a history when it is folded.

use super::day::Day;
use super::names::{DyadIx, HoldIx, MeasureIx, MeetingIx, TopicIx};
use super::parameters::parameter::Model;
use super::world::{Bond, World};
use crate::model::relation::agenda::Topic;
use crate::model::relation::measure::{MeasureKind, MeasureStatus, Standing};
use crate::model::relation::meeting::Meeting;
use crate::model::relation::phase::{Phase, first_day};
use crate::model::relation::temperature::{self, BOUND_DEGREES};

/// The temperature of one dyad, with what it tends to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Relation {
    /// In degrees, on the day it is valid for.
    pub temperature: f64,
    /// E, what the temperature tends to, in degrees.
    pub equilibrium: f64,
    /// The band the temperature is in; `None` in a model without bounds.
    pub phase: Option<Phase>,
    /// The day of the last event that touched the dyad; `None` before the first.
    pub valid_for: Option<Day>,
    /// The day of each side's last readout, in the order of the dyad.
    pub last_readout: [Option<Day>; 2],
    baseline: f64,
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
/// All parts are plain values in a few lists, so that a state is reset to another in next to no time.
#[derive(Debug, Default, PartialEq)]
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
    fn at_start(baseline: f64, model: &Model) -> Self {
        Self {
            temperature: baseline,
            equilibrium: baseline,
            phase: model.saturation().then(|| Phase::of(baseline)),
            valid_for: None,
            last_readout: [None; 2],
            baseline,
        }
    }

    /// Waits until a day: the temperature nears the equilibrium, and each border passed is told with
    /// the first day on which the temperature is beyond it. A day that is past changes nothing.
    /// Finding that day takes time, so that nobody being told is quicker.
    pub fn wait_until(&mut self, day: Day, model: &Model, mut passed: Option<impl FnMut(Passage)>) {
        let since = self
            .valid_for
            .replace(day.max(self.valid_for.unwrap_or(day)));
        let Some(since) = since.filter(|&since| since < day) else {
            return;
        };
        let days = day.days_since(since);
        let start = self.temperature;
        let after = |days| temperature::wait(start, self.equilibrium, days, model.half_life_days());
        self.temperature = after(days);
        let hysteresis = model.hysteresis_degrees();
        while let Some((from, to)) = self.next_phase(hysteresis) {
            self.phase = Some(to);
            if let Some(passed) = &mut passed {
                let waited = first_day(days, |days| from.next(after(days), hysteresis) == Some(to));
                passed(Passage {
                    from,
                    to,
                    day: since.plus_days(waited).unwrap_or(day),
                    waiting: true,
                });
            }
        }
    }

    /// The temperature and the phase on a day, waiting included, without the days on which borders are passed.
    #[must_use]
    #[inline]
    pub fn read_on(&self, day: Day, model: &Model) -> (f64, Option<Phase>) {
        let waited = self
            .valid_for
            .map_or(0, |since| day.days_since(since).max(0));
        if waited == 0 {
            return (self.temperature, self.phase);
        }
        let half_life_days = model.half_life_days();
        let temperature =
            temperature::wait(self.temperature, self.equilibrium, waited, half_life_days);
        let mut phase = self.phase;
        while let Some(next) =
            phase.and_then(|phase| phase.next(temperature, model.hysteresis_degrees()))
        {
            phase = Some(next);
        }
        (temperature, phase)
    }

    /// Takes an impact in degrees on the day the relation is valid for; borders passed are told.
    pub(super) fn take(
        &mut self,
        impact: f64,
        model: &Model,
        mut passed: Option<impl FnMut(Passage)>,
    ) {
        self.temperature = temperature::push(self.temperature, impact, model.saturation());
        while let Some((from, to)) = self.next_phase(model.hysteresis_degrees()) {
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

    fn next_phase(&self, hysteresis_degrees: f64) -> Option<(Phase, Phase)> {
        let from = self.phase?;
        Some((from, from.next(self.temperature, hysteresis_degrees)?))
    }
}

impl State {
    /// Makes room for everything that the world has come to know; new dyads start at their baseline.
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

    /// How a measure stands between one source and one other actor; `None` before it was ever in force.
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

    /// Works out what a dyad tends to: `E = baseline + sum of standing(measure)`, held within the bounds of
    /// the scale in a bounded model.
    ///
    /// A measure counts once in a dyad, by the strongest of its holds there; as a target's before an
    /// audience's. The sum is taken over counts, so that it does not depend on the order of events.
    pub(super) fn find_equilibrium(&mut self, dyad: DyadIx, world: &World, model: &Model) {
        let counts = self.count(world.bonds(dyad));
        let mut equilibrium = self.relation(dyad).baseline;
        for (kind, counts) in MeasureKind::ALL.into_iter().zip(counts) {
            for (audience, [full, eased]) in [false, true].into_iter().zip(counts) {
                let standing = f64::from(full) + f64::from(eased) * model.eased_share();
                equilibrium += standing * model.standing_degrees(kind, audience);
            }
        }
        if model.saturation() {
            equilibrium = equilibrium.clamp(-BOUND_DEGREES, BOUND_DEGREES);
        }
        self.relation_mut(dyad).equilibrium = equilibrium;
    }

    /// For each kind how many measures count in full and in part, as a target's and as an audience's.
    fn count(&self, bonds: &[Bond]) -> [[[u32; 2]; 2]; MeasureKind::ALL.len()] {
        let mut counts = [[[0; 2]; 2]; MeasureKind::ALL.len()];
        for bond in bonds {
            if let Some((felt, status)) = self.counted(bond) {
                let eased = usize::from(status == MeasureStatus::Eased);
                counts[bond.kind as usize][usize::from(felt)][eased] += 1;
            }
        }
        counts
    }

    /// How a measure counts in a dyad, if it does: whether as an audience's, and its status.
    fn counted(&self, bond: &Bond) -> Option<(bool, MeasureStatus)> {
        let strongest = |holds: &[HoldIx]| {
            let statuses = holds.iter().filter_map(|&hold| self.status(hold));
            let strongest = statuses.min();
            strongest.filter(|status| *status != MeasureStatus::Lifted)
        };
        let as_target = strongest(&bond.against_target).map(|status| (false, status));
        as_target.or_else(|| strongest(&bond.felt_by_audience).map(|status| (true, status)))
    }

    /// What E of a dyad is made of, in degrees: the part of the baseline, and that of each measure that counts.
    ///
    /// They add up to E, to within rounding. Where E is held at a bound, all its parts are scaled alike.
    #[must_use]
    pub fn equilibrium_parts(
        &self,
        dyad: DyadIx,
        world: &World,
        model: &Model,
    ) -> (f64, Vec<(MeasureIx, f64)>) {
        let part = |bond: &Bond| {
            let (audience, status) = self.counted(bond)?;
            let share = match status {
                MeasureStatus::InForce => 1.0,
                MeasureStatus::Eased => model.eased_share(),
                MeasureStatus::Lifted => 0.0,
            };
            let whole = model.standing_degrees(bond.kind, audience);
            Some((bond.measure, share * whole))
        };
        let mut parts: Vec<_> = world.bonds(dyad).iter().filter_map(part).collect();
        let Relation {
            baseline,
            equilibrium,
            ..
        } = *self.relation(dyad);
        let sum = parts.iter().fold(baseline, |sum, (_, part)| sum + part);
        if !model.saturation() || sum.abs() <= BOUND_DEGREES {
            return (baseline, parts);
        }
        let scale = equilibrium / sum;
        for (_, part) in &mut parts {
            *part *= scale;
        }
        (baseline * scale, parts)
    }
}
