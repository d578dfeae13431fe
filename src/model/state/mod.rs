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
    /// Of each dyad what the holds come to: the measures that stand, in the order of their names,
    /// so that they add up to the same bits whichever came up first.
    #[serde(skip)]
    standing: Vec<Vec<Felt>>,
}

/// How a measure stands in a dyad: by the strongest of its holds there, as a target's before an
/// audience's.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Felt {
    measure: MeasureIx,
    is_felt_by_audience: bool,
    strength: f64,
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
        self.standing.clone_from(&other.standing);
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
        self.standing.resize(dyads, Vec::new());
    }

    /// Forgets everything that happened, in the memory that is there already.
    pub fn reset(&mut self, world: &World, model: &Model) {
        self.relations.clear();
        self.topics.clear();
        self.holds.clear();
        self.meetings.clear();
        for standing in &mut self.standing {
            standing.clear();
        }
        self.grow(world.sizes(), world, model);
    }

    /// The same, read from elsewhere, as one of a world. Nothing where it is none: it has not room
    /// for just what the world knows, or names an actor that the world does not know.
    #[must_use]
    pub fn of(mut self, world: &World) -> Option<Self> {
        let sizes = [
            self.relations.len(),
            self.topics.len(),
            self.holds.len(),
            self.meetings.len(),
        ];
        let mut sayers = self.topics.iter().filter_map(|topic| topic.according_to);
        if sizes != world.sizes() || !sayers.all(|actor| world.has_actor(actor)) {
            return None;
        }
        self.standing = vec![Vec::new(); self.relations.len()];
        for bond in world.bonds() {
            let standing = &mut self.standing[usize::from(bond.dyad)];
            standing.extend(felt(bond, &self.holds));
        }
        let name = |felt: &Felt| world.measure(felt.measure);
        for standing in &mut self.standing {
            standing.sort_unstable_by(|one, other| name(one).cmp(name(other)));
        }
        Some(self)
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

    /// A measure stands otherwise between one source and one other actor from now on.
    pub(super) fn set_hold(&mut self, hold: HoldIx, stands: Standing, world: &World) {
        self.holds[usize::from(hold)] = Some(stands);
        let bond = world.bond(hold);
        let standing = &mut self.standing[usize::from(bond.dyad)];
        let place = standing.iter().position(|it| it.measure == bond.measure);
        match (place, felt(bond, &self.holds)) {
            (Some(place), Some(felt)) => standing[place] = felt,
            (Some(place), None) => {
                standing.remove(place);
            }
            (None, Some(felt)) => {
                let name = world.measure(bond.measure);
                let place = standing.partition_point(|it| world.measure(it.measure) < name);
                standing.insert(place, felt);
            }
            (None, None) => {}
        }
    }

    pub(super) fn meeting_mut(&mut self, meeting: MeetingIx) -> &mut Meeting {
        &mut self.meetings[usize::from(meeting)]
    }

    /// Works out what a dyad tends to: `E = Σ standing(kind) · n^power`, n the sum of the strengths
    /// of the measures of a kind, each by the strongest of its holds in the dyad, as a target's
    /// before an audience's. Each measure of the writer's own is a kind by itself.
    pub(super) fn tendency(&self, dyad: DyadIx, world: &World, model: &Model) -> Tendency {
        let parts = self.standing_parts(dyad, world, model);
        let standing = parts.fold(0.0, |sum, (_, part)| sum + part);
        self.relation(dyad).tendency(standing, model)
    }

    /// What each measure that stands in a dyad adds to E.
    fn standing_parts<'s>(
        &'s self,
        dyad: DyadIx,
        world: &'s World,
        model: &'s Model,
    ) -> impl Iterator<Item = (MeasureIx, f64)> + 's {
        let standing = &self.standing[usize::from(dyad)];
        let mut counts = [[0.0; 2]; MeasureKind::ALL.len()];
        for felt in standing {
            if let Some(kind) = world.kind(felt.measure) {
                counts[kind as usize][usize::from(felt.is_felt_by_audience)] += felt.strength;
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
        standing.iter().filter_map(move |felt| {
            let Felt {
                measure,
                is_felt_by_audience,
                strength,
            } = *felt;
            let kind = world.kind(measure)?;
            let (degrees, count) = match kind {
                MeasureKind::Own => (world.own_degrees(measure).unwrap_or(0.0), strength),
                _ => (
                    model.standing_degrees(kind, is_felt_by_audience),
                    counts[kind as usize][usize::from(is_felt_by_audience)],
                ),
            };
            let share = if count == 0.0 { 0.0 } else { strength / count };
            Some((measure, degrees * power(count) * share))
        })
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
        let mut parts: Vec<_> = self.standing_parts(dyad, world, model).collect();
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

/// How a measure stands in a dyad by some holds, if it does.
fn felt(bond: &Bond, holds: &[Option<Standing>]) -> Option<Felt> {
    let strongest = |of: &[HoldIx]| {
        let standings = of.iter().filter_map(|&hold| holds[usize::from(hold)]);
        let strengths = standings
            .filter(|standing| standing.status != MeasureStatus::Lifted)
            .map(|standing| standing.strength);
        strengths.reduce(f64::max)
    };
    let felt = |is_felt_by_audience| {
        move |strength| Felt {
            measure: bond.measure,
            is_felt_by_audience,
            strength,
        }
    };
    let as_target = strongest(&bond.against_target).map(felt(false));
    as_target.or_else(|| strongest(&bond.felt_by_audience).map(felt(true)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::names::ActorIx;
    use crate::model::parameters::preset::Preset;
    use crate::model::relation::balance::Fades;
    use crate::model::world::Hold;

    /// RUS and USA, with a measure of each name that the first may hold against the second.
    fn measures<const N: usize>(names: [&str; N], kind: MeasureKind) -> (World, [HoldIx; N]) {
        let mut world = World::new();
        let [source, other] = ["RUS", "USA"].map(|code| world.actor_ix(code.parse().unwrap()));
        let holds = names.map(|name| {
            let hold = Hold {
                measure: world.measure_ix(name, Some(kind)),
                source,
                other,
                audience: false,
            };
            world.hold_ix(hold).unwrap()
        });
        (world, holds)
    }

    fn in_force() -> Standing {
        Standing {
            strength: 1.0,
            status: MeasureStatus::InForce,
            since: Day::EPOCH,
        }
    }

    #[test]
    fn a_state_read_from_elsewhere_feels_what_stands_in_the_order_of_the_names() {
        let (mut world, holds) = measures(["salt", "arms", "grain"], MeasureKind::Sanctions);
        let mut state = State::default();
        state.fit(&world, &Model::default());
        for hold in holds {
            state.set_hold(hold, in_force(), &world);
        }
        let read = State {
            standing: Vec::new(),
            ..state.clone()
        };
        assert_eq!(read.of(&world), Some(state.clone()));
        // One that fits no longer, and one of an actor that is not there.
        let topic = world.topic_ix(DyadIx(0), "grain");
        assert_eq!(state.clone().of(&world), None);
        state.fit(&world, &Model::default());
        assert!(state.clone().of(&world).is_some());
        state.topic_mut(topic).according_to = Some(ActorIx(2));
        assert_eq!(state.of(&world), None);
    }

    #[test]
    fn at_a_bound_the_parts_of_an_equilibrium_are_scaled_alike() {
        let (mut world, [quarrel]) = measures(["quarrel"], MeasureKind::Own);
        let (dyad, measure) = (world.dyad_of_hold(quarrel), world.hold(quarrel).measure);
        world.note_degrees(measure, Some(-9.0));
        for (baseline, parts) in [(-4.0, [-4.0 / 1.3, -9.0 / 1.3]), (-0.5, [-0.5, -9.0])] {
            let mut model = Model::new(Preset::Stepwise);
            model.set_baseline(world.dyad(dyad), baseline).unwrap();
            let mut state = State::default();
            state.fit(&world, &model);
            state.set_hold(quarrel, in_force(), &world);
            let tendency = state.tendency(dyad, &world, &model);
            state.relation_mut(dyad).tend(tendency);
            let (of_baseline, of_measures) = state.equilibrium_parts(dyad, &world, &model);
            let told = [of_baseline, of_measures[0].1];
            assert_eq!(of_measures.len(), 1);
            for (told, part) in told.into_iter().zip(parts) {
                assert!((told - part).abs() < 1e-12, "{told} for {part}");
            }
        }
    }

    #[test]
    fn a_state_catches_up_with_the_steps_that_were_kept() {
        let (world, [hold]) = measures(["salt"], MeasureKind::Sanctions);
        let (dyad, model) = (world.dyad_of_hold(hold), Model::default());
        let mut state = State::default();
        state.fit(&world, &model);
        let mut abreast = Abreast::new(&[], true);
        abreast.begin(0, state.relation(dyad), model.reckoning());
        let mut expected = *state.relation(dyad);
        for (days, fades) in [(3, Fades::AsWords), (40, Fades::AsDeeds)] {
            let (day, push) = (Day::EPOCH.plus_days(days).unwrap(), (-4.0, fades));
            abreast.step(0, day, push);
            expected.wait_and_take(day, push, &model);
        }
        state.catch_up(dyad, &mut abreast, 0, &model);
        assert_eq!(*state.relation(dyad), expected);
    }
}
