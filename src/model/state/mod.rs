//! The state: what is left of a history when it is folded.

pub(super) mod relation;

pub(super) mod abreast;

use super::day::Day;
use super::names::{DyadIx, HoldIx, MeasureIx, MeetingIx, TopicIx};
use super::parameters::parameter::Model;
use super::world::{Bond, World};
use crate::model::relation::agenda::Topic;
use crate::model::relation::balance::Balance;
use crate::model::relation::measure::{MeasureKind, MeasureStatus, Standing};
use crate::model::relation::meeting::Meeting;
use crate::model::relation::temperature::{BOUND_DEGREES, Reading};
use abreast::Abreast;
use relation::{Passage, Relation, Tendency};
use serde::{Deserialize, Serialize};

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

    /// Catches up with the steps of a dyad in a run that were kept.
    pub fn catch_up(&mut self, dyad: DyadIx, abreast: &mut Abreast, lane: usize, model: &Model) {
        abreast.catch_up(lane, self.relation_mut(dyad), model);
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
    pub(super) fn tendency(&self, dyad: DyadIx, world: &World, model: &Model) -> Tendency {
        let standing = match world.bonds(dyad) {
            [] => 0.0,
            bonds => {
                let sum = |sum: f64, (_, part): (MeasureIx, f64)| sum + part;
                self.standing_parts(bonds, world, model).fold(0.0, sum)
            }
        };
        self.relation(dyad).tendency(standing, model)
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
