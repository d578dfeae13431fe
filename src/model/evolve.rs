//! `evolve`: what an event does to the state. It is total: it has no rules and refuses nothing.

use super::cameo::Weights;
use super::day::Day;
use super::event::{
    Account, AgendaMove, Event, Impulse, MeasureMove, MeetingMove, Move, Reach, Scale,
};
use super::names::{DyadIx, HoldIx, MeasureIx, MeetingIx, TopicIx};
use super::parameters::parameter::Model;
use super::state::State;
use super::state::relation::{Passage, Relation, Tendency};
use super::world::{Grip, World};
use crate::model::relation::agenda::{Coverage, ItemStatus};
use crate::model::relation::balance::Fades;
use crate::model::relation::measure::{MeasureStatus, Standing};
use crate::model::relation::meeting::MeetingStatus;

/// What an event did to the temperature of one dyad.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The dyad.
    pub dyad: DyadIx,
    /// How the event reached it.
    pub reach: Reach,
    /// The day of the event.
    pub day: Day,
    /// The day the dyad was last touched; `None` if it never was.
    pub since: Option<Day>,
    /// The temperature on that day.
    pub before: f64,
    /// The temperature after waiting, right before the event.
    pub waited: f64,
    /// The impact in degrees, before saturation.
    pub impact: f64,
    /// What it adds to the balance, in degrees: the impact, but where saturation is stepwise.
    pub impulse: f64,
    /// By which half-life that fades.
    pub fades: Fades,
    /// The temperature right after the event.
    pub after: f64,
    /// E, what the temperature tended to while waiting.
    pub equilibrium: f64,
}

/// What else changed with an event.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// A dyad passed a border.
    Phase {
        /// The dyad.
        dyad: DyadIx,
        /// The border and when it was passed.
        passage: Passage,
    },
    /// A standing measure changed between a source and another actor.
    Measure {
        /// The measure between the two.
        hold: HoldIx,
        /// How it stood.
        from: Option<MeasureStatus>,
        /// How it stands.
        to: MeasureStatus,
        /// How strongly it stands, from 0.
        strength: f64,
    },
    /// What a dyad tends to changed with a standing measure.
    Equilibrium {
        /// The dyad.
        dyad: DyadIx,
        /// E before, in degrees.
        before: f64,
        /// E from now on, in degrees.
        after: f64,
    },
    /// An agenda item moved.
    Agenda {
        /// The item in its dyad.
        topic: TopicIx,
        /// How it stood.
        from: Option<ItemStatus>,
        /// How it stands.
        to: ItemStatus,
    },
    /// A readout mentioned an item, or is known to leave it out.
    Coverage {
        /// The item in its dyad.
        topic: TopicIx,
        /// The side of the dyad that spoke: 0 or 1.
        side: usize,
        /// What it says.
        coverage: Coverage,
    },
    /// A meeting moved.
    Meeting {
        /// The meeting.
        meeting: MeetingIx,
        /// How it stood.
        from: Option<MeetingStatus>,
        /// How it stands.
        to: MeetingStatus,
        /// The day now fixed for it.
        scheduled_for: Option<Day>,
    },
}

/// Whoever watches a fold: a trace, an ensemble's counts, or nobody, which is `()`.
pub trait Observer {
    /// Whether it wants to know what changed: the steps, and what else. To find the day on which a
    /// border was passed takes time, and so does a temperature that nobody asks for.
    const IS_TOLD: bool = true;

    /// A dyad is about to be touched on a day. Until then it only waits, as it stands here.
    fn leaves(&mut self, dyad: DyadIx, relation: &Relation, day: Day) {
        let _ = (dyad, relation, day);
    }

    /// On that day the dyad takes an impact in degrees. Tells whether the observer keeps that for
    /// later; the state then leaves the dyad as it stands. Nobody is asked who is told.
    fn keeps(
        &mut self,
        dyad: DyadIx,
        relation: &Relation,
        day: Day,
        push: (f64, Fades),
        model: &Model,
    ) -> bool {
        let _ = (dyad, relation, day, push, model);
        false
    }

    /// A dyad tends to something else from now on; tells whether the observer keeps that for later.
    fn keeps_tendency(&mut self, dyad: DyadIx, to: Tendency) -> bool {
        let _ = (dyad, to);
        false
    }

    /// The temperature of a dyad took a step. Borders that it passed were told right before.
    fn stepped(&mut self, step: Step) {
        let _ = step;
    }

    /// Something else changed.
    fn changed(&mut self, change: Change) {
        let _ = change;
    }
}

impl Observer for () {
    const IS_TOLD: bool = false;
}

/// Applies an event of a day to the state.
///
/// First each dyad that the event moves waits until the day and takes the event's impact; then
/// standing measures, agenda, readouts and meetings change. A dyad that only feels a standing
/// measure change waits too.
#[inline]
pub fn evolve(
    state: &mut State,
    world: &World,
    event: &Event,
    day: Day,
    model: &Model,
    observer: &mut impl Observer,
) {
    state.fit(world, model);
    for &to in &event.moves {
        let impact = impact(state, world, event, to, model);
        step(
            state,
            to.dyad,
            to.reach,
            (impact, event.fades),
            day,
            model,
            observer,
        );
    }
    if !event.only_pushes() {
        change(state, world, event, day, model, observer);
    }
}

/// Changes what an event changes beside temperatures.
fn change(
    state: &mut State,
    world: &World,
    event: &Event,
    day: Day,
    model: &Model,
    observer: &mut impl Observer,
) {
    // An audience feels what stands against any target, whatever this event alone would make of it.
    let is_felt = |change: &&MeasureMove| world.hold(change.hold).audience;
    let against = event.measures.iter().filter(|change| !is_felt(change));
    for change in against.chain(event.measures.iter().filter(is_felt)) {
        let beside = is_felt(&change).then(|| strongest_beside(state, world.grip(change.hold)));
        let after = beside.flatten().map_or_else(
            || change.turn.after(state.hold(change.hold), model.portions()),
            |standing| (standing.strength, standing.status),
        );
        hold(
            state,
            world,
            event,
            change.hold,
            after,
            day,
            model,
            observer,
        );
    }
    for change in &event.measures {
        audience_follows(state, world, event, change.hold, day, model, observer);
    }
    for change in &event.agenda {
        agenda(state, change, day, observer);
    }
    for account in &event.accounts {
        readout(state, account, day, observer);
    }
    if let Some(change) = event.meeting {
        meeting(state, change, observer);
    }
}

/// What an event does that only pushes one dyad, by as much in every state.
#[derive(Clone, Copy, Debug)]
pub struct SteadyPush {
    dyad: DyadIx,
    reach: Reach,
    impulse: Impulse,
    fades: Fades,
}

impl SteadyPush {
    /// That of an event by some weights; nothing of one that does something else.
    #[must_use]
    pub fn of(event: &Event, weights: Weights) -> Option<Self> {
        let &[Move { dyad, reach, .. }] = &event.moves[..] else {
            return None;
        };
        let is_steady = event.only_pushes() && event.scale == Scale::Whole;
        is_steady.then_some(Self {
            dyad,
            reach,
            impulse: match event.impulse {
                Impulse::Code(code) => Impulse::Weight(code.weight(weights)),
                impulse => impulse,
            },
            fades: event.fades,
        })
    }

    /// Applies it on a day, as [`evolve`] applies the event under a model with those weights, to a
    /// state that knows the dyad.
    #[inline]
    pub fn apply(&self, state: &mut State, day: Day, model: &Model, observer: &mut impl Observer) {
        let impact = whole(self.impulse, model);
        let impact = impact.map_or(0.0, |impact| reaching(impact, 1.0, self.reach, model));
        let push = (impact, self.fades);
        step(state, self.dyad, self.reach, push, day, model, observer);
    }
}

/// I, in degrees: `gain * weight`, or the event's own, times the share that counts, times
/// `spillover` for an audience and minus that for those it is adverse to.
#[inline]
fn impact(state: &State, world: &World, event: &Event, to: Move, model: &Model) -> f64 {
    let Some(whole) = whole(event.impulse, model) else {
        return 0.0;
    };
    let share = match event.scale {
        Scale::Whole => 1.0,
        Scale::Changed(measure) => change_of(measure, state, world, event, to, model),
        Scale::FirstOf(meeting) => match state.meeting(meeting).status {
            None | Some(MeetingStatus::Cancelled) => 1.0,
            Some(_) => 0.0,
        },
    };
    reaching(whole, share, to.reach, model)
}

/// The impact of an event on its target where all of it counts, in degrees.
#[inline]
fn whole(impulse: Impulse, model: &Model) -> Option<f64> {
    match impulse {
        Impulse::None => None,
        Impulse::Code(code) => Some(model.gain() * code.weight(model.weights())),
        Impulse::Weight(weight) => Some(model.gain() * weight),
        Impulse::Degrees(degrees) => Some(degrees),
    }
}

/// What a dyad feels of it where only a share counts.
#[inline]
fn reaching(whole: f64, share: f64, reach: Reach, model: &Model) -> f64 {
    let reach = match reach {
        Reach::Target => 1.0,
        Reach::Audience => model.spillover(),
        Reach::Adverse => -model.spillover(),
        Reach::Measure => 0.0,
    };
    // Adding 0 takes the sign off a zero.
    whole * share * reach + 0.0
}

/// How much an event changes of how strongly a measure stands: between the two sides for a dyad of
/// source and target, against any target for a dyad of source and audience.
fn change_of(
    measure: MeasureIx,
    state: &State,
    world: &World,
    event: &Event,
    to: Move,
    model: &Model,
) -> f64 {
    // What concerns the dyad is changed if any of it is.
    let holds = event.measures.iter().find_map(|change| {
        let held = world.hold(change.hold);
        if held.measure != measure {
            return None;
        }
        match to.reach {
            Reach::Target => {
                let bond = world.bond(change.hold);
                (bond.dyad == to.dyad).then_some(&bond.against_target)
            }
            Reach::Audience | Reach::Adverse | Reach::Measure => {
                let grip = world.grip(change.hold);
                (held.source == to.source).then_some(&grip.against_target)
            }
        }
    });
    let Some(holds) = holds else {
        return 0.0;
    };
    let now = strength(state, holds, &[], model);
    (strength(state, holds, &event.measures, model) - now).abs()
}

/// How strongly a measure stands by some holds, each by itself where it is not changed.
fn strength(state: &State, holds: &[HoldIx], changes: &[MeasureMove], model: &Model) -> f64 {
    let strengths = holds.iter().map(|&hold| {
        let is = state.hold(hold);
        let planned = changes.iter().find(|change| change.hold == hold);
        planned.map_or_else(
            || is.map_or(0.0, |standing| standing.strength),
            |change| change.turn.after(is, model.portions()).0,
        )
    });
    strengths.fold(0.0, f64::max)
}

#[inline]
fn step<O: Observer>(
    state: &mut State,
    dyad: DyadIx,
    reach: Reach,
    push: (f64, Fades),
    day: Day,
    model: &Model,
    observer: &mut O,
) {
    let relation = state.relation_mut(dyad);
    observer.leaves(dyad, relation, day);
    if O::IS_TOLD {
        step_told(relation, dyad, reach, push, day, model, observer);
    } else if !observer.keeps(dyad, relation, day, push, model) {
        relation.wait_and_take(day, push, model);
    }
}

/// The same step, told.
fn step_told(
    relation: &mut Relation,
    dyad: DyadIx,
    reach: Reach,
    (impact, fades): (f64, Fades),
    day: Day,
    model: &Model,
    observer: &mut impl Observer,
) {
    let (since, before) = (relation.valid_for, relation.temperature);
    let mut passed = |passage| observer.changed(Change::Phase { dyad, passage });
    relation.wait_until(day, model, Some(&mut passed));
    let waited = relation.temperature;
    let impulse = relation.take(impact, fades, model, Some(&mut passed));
    observer.stepped(Step {
        dyad,
        reach,
        day,
        since,
        before,
        waited,
        impact,
        impulse,
        fades,
        after: relation.temperature,
        equilibrium: relation.equilibrium,
    });
}

#[expect(
    clippy::too_many_arguments,
    reason = "the fold's own arguments and one change"
)]
fn hold(
    state: &mut State,
    world: &World,
    event: &Event,
    hold: HoldIx,
    (strength, to): (f64, MeasureStatus),
    day: Day,
    model: &Model,
    observer: &mut impl Observer,
) {
    let dyad = world.dyad_of_hold(hold);
    if !event.moves.iter().any(|moved| moved.dyad == dyad) {
        step(
            state,
            dyad,
            Reach::Measure,
            (0.0, event.fades),
            day,
            model,
            observer,
        );
    }
    let is = state.hold(hold);
    if is.is_none_or(|is| is.status != to || is.strength != strength) {
        let stands = Standing {
            strength,
            status: to,
            since: day,
        };
        state.set_hold(hold, stands, world);
        observer.changed(Change::Measure {
            hold,
            from: is.map(|is| is.status),
            to,
            strength,
        });
    }
    let before = state.relation(dyad).equilibrium;
    let tendency = state.tendency(dyad, world, model);
    if !observer.keeps_tendency(dyad, tendency) {
        state.relation_mut(dyad).tend(tendency);
    }
    let after = state.relation(dyad).equilibrium;
    if before != after {
        observer.changed(Change::Equilibrium {
            dyad,
            before,
            after,
        });
    }
}

/// How a measure stands against the target of its source against which it stands most strongly.
fn strongest_beside(state: &State, grip: &Grip) -> Option<Standing> {
    let against = grip.against_target.iter();
    let standing = against.filter_map(|&hold| state.hold(hold));
    standing.reduce(|one, other| {
        let rank = |it: &Standing| (it.status != MeasureStatus::Lifted, it.strength);
        if rank(&other) > rank(&one) {
            other
        } else {
            one
        }
    })
}

/// An audience feels a measure as long as it stands against any target, as strongly as it does.
fn audience_follows(
    state: &mut State,
    world: &World,
    event: &Event,
    changed: HoldIx,
    day: Day,
    model: &Model,
    observer: &mut impl Observer,
) {
    let grip = world.grip(changed);
    if grip.felt_by_audience.is_empty() || world.hold(changed).audience {
        return;
    }
    let Some(Standing {
        strength, status, ..
    }) = strongest_beside(state, grip)
    else {
        return;
    };
    for &felt in &grip.felt_by_audience {
        let differs = |is: Standing| is.status != status || is.strength != strength;
        if state.hold(felt).is_some_and(differs) {
            hold(
                state,
                world,
                event,
                felt,
                (strength, status),
                day,
                model,
                observer,
            );
        }
    }
}

fn agenda(state: &mut State, change: &AgendaMove, day: Day, observer: &mut impl Observer) {
    let topic = state.topic_mut(change.topic);
    topic.since.get_or_insert(day);
    let from = topic.status.replace(change.to);
    if from.is_none() || change.to == ItemStatus::Raised {
        topic.raised_by = change.by;
    }
    topic.according_to = change.according_to;
    topic.priority = change.priority.or(topic.priority);
    observer.changed(Change::Agenda {
        topic: change.topic,
        from,
        to: change.to,
    });
}

fn readout(state: &mut State, account: &Account, day: Day, observer: &mut impl Observer) {
    let side = account.side;
    let relation = state.relation_mut(account.dyad);
    relation.last_readout[side] = Some(day);
    // It says nothing of all that it does not name.
    let number = relation.readouts[side].wrapping_add(1);
    relation.readouts[side] = number;
    for &(topic, coverage) in &account.topics {
        let stands = state.topic_mut(topic);
        stands.since.get_or_insert(day);
        stands.named[side] = (coverage, number);
        observer.changed(Change::Coverage {
            topic,
            side,
            coverage,
        });
    }
}

fn meeting(state: &mut State, change: MeetingMove, observer: &mut impl Observer) {
    let MeetingMove {
        meeting,
        to,
        scheduled_for,
    } = change;
    let held = state.meeting_mut(meeting);
    let from = held.status.replace(to);
    held.scheduled_for = match to {
        // A meeting put off without a new day has none.
        MeetingStatus::Postponed => scheduled_for,
        _ => scheduled_for.or(held.scheduled_for),
    };
    let scheduled_for = held.scheduled_for;
    observer.changed(Change::Meeting {
        meeting,
        from,
        to,
        scheduled_for,
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::act::Act;
    use crate::model::names::{ActorIx, Few};
    use crate::model::relation::measure::{MeasureKind, Turn};
    use crate::model::world::Hold;

    /// RUS and two others.
    fn world() -> (World, [ActorIx; 3]) {
        let mut world = World::new();
        let actors = ["RUS", "USA", "FRA"].map(|code| world.actor_ix(code.parse().unwrap()));
        (world, actors)
    }

    fn pushing(moved: Move, target: ActorIx, impulse: Impulse) -> Event {
        Event {
            id: None,
            act: Act::Statement,
            sources: Few::from_slice(&[moved.source]),
            targets: Few::from_slice(&[target]),
            moves: Few::from_slice(&[moved]),
            impulse,
            scale: Scale::Whole,
            fades: Fades::AsWords,
            measures: Box::default(),
            agenda: Box::default(),
            accounts: Box::default(),
            meeting: None,
            caused_by: None,
            of: None,
        }
    }

    #[test]
    fn a_steady_push_does_what_its_event_does() {
        let (mut world, [source, target, _]) = world();
        let dyad = world.dyad_ix(source, target).unwrap();
        // One of the codes whose weights differ.
        let code = "165".parse().unwrap();
        for weights in [Weights::Gdelt, Weights::Icews] {
            let mut model = Model::default();
            model.set("weights", weights.name()).unwrap();
            for impulse in [
                Impulse::Code(code),
                Impulse::Weight(-3.0),
                Impulse::Degrees(2.5),
                Impulse::None,
            ] {
                for reach in [Reach::Target, Reach::Audience, Reach::Adverse] {
                    let moved = Move {
                        dyad,
                        source,
                        reach,
                    };
                    let event = pushing(moved, target, impulse);
                    let push = SteadyPush::of(&event, weights).unwrap();
                    let (mut pushed, mut evolved) = (State::default(), State::default());
                    pushed.fit(&world, &model);
                    for days in [0, 9] {
                        let day = Day::EPOCH.plus_days(days).unwrap();
                        push.apply(&mut pushed, day, &model, &mut ());
                        evolve(&mut evolved, &world, &event, day, &model, &mut ());
                    }
                    assert_eq!(pushed, evolved, "{event:?}");
                    let has_moved = pushed.relation(dyad).temperature != 0.0;
                    assert_eq!(has_moved, impulse != Impulse::None);
                }
            }
        }
    }

    #[test]
    fn an_event_that_does_more_than_push_one_dyad_alike_is_no_steady_push() {
        let (mut world, [source, target, other]) = world();
        let reach = Reach::Target;
        let moves = [target, other].map(|side| Move {
            dyad: world.dyad_ix(source, side).unwrap(),
            source,
            reach,
        });
        let meeting = MeetingMove {
            meeting: MeetingIx(0),
            to: MeetingStatus::Planned,
            scheduled_for: None,
        };
        let change = MeasureMove {
            hold: HoldIx(0),
            kinds: &[],
            turn: Turn::End,
            degrees: None,
            entry: None,
        };
        for does_more in [
            |it: &mut Event, moves: [Move; 2], _: MeetingMove, _| {
                it.moves = Few::from_slice(&moves);
            },
            |it: &mut Event, _, _, _| it.moves = Few::new(),
            |it: &mut Event, _, meeting, _| it.meeting = Some(meeting),
            |it: &mut Event, _, _, change: MeasureMove| it.measures = [change].into(),
            |it: &mut Event, _, _, _| it.scale = Scale::Changed(MeasureIx(0)),
            |it: &mut Event, _, _, _| it.scale = Scale::FirstOf(MeetingIx(0)),
        ] {
            let mut event = pushing(moves[0], target, Impulse::Weight(2.0));
            assert!(SteadyPush::of(&event, Weights::Gdelt).is_some());
            does_more(&mut event, moves, meeting, change);
            assert!(
                SteadyPush::of(&event, Weights::Gdelt).is_none(),
                "{event:?}"
            );
        }
    }

    #[test]
    fn an_event_reaches_those_it_is_adverse_to_the_other_way_and_nothing_is_0_without_a_sign() {
        let mut model = Model::default();
        model.set_number("spillover", 0.25).unwrap();
        for (reach, felt) in [
            (Reach::Target, 3.0),
            (Reach::Audience, 0.75),
            (Reach::Adverse, -0.75),
            (Reach::Measure, 0.0),
        ] {
            assert_eq!(reaching(6.0, 0.5, reach, &model), felt);
            for (whole, share) in [(0.0, 1.0), (-0.0, 1.0), (-6.0, 0.0)] {
                let none = reaching(whole, share, reach, &model);
                assert_eq!(none.to_bits(), 0, "{whole} times {share} to {reach:?}");
            }
        }
    }

    #[test]
    fn an_audience_feels_the_strongest_of_a_sources_holds_and_of_several_the_first() {
        let (mut world, [source, one, other]) = world();
        let measure = world.measure_ix("embargo", Some(MeasureKind::Embargo));
        let holds = [one, other].map(|other| {
            let hold = Hold {
                measure,
                source,
                other,
                audience: false,
            };
            world.hold_ix(hold).unwrap()
        });
        let (in_force, eased, lifted) = (
            Some((1.0, MeasureStatus::InForce)),
            Some((1.0, MeasureStatus::Eased)),
            Some((0.0, MeasureStatus::Lifted)),
        );
        let half = Some((0.5, MeasureStatus::Eased));
        for (stand, felt) in [
            ([None, None], None),
            ([None, lifted], lifted),
            ([lifted, half], half),
            ([half, lifted], half),
            ([half, eased], eased),
            ([eased, half], eased),
            ([in_force, eased], in_force),
            ([eased, in_force], eased),
        ] {
            let mut state = State::default();
            state.fit(&world, &Model::default());
            for (hold, stands) in holds.into_iter().zip(stand) {
                if let Some((strength, status)) = stands {
                    let stands = Standing {
                        strength,
                        status,
                        since: Day::EPOCH,
                    };
                    state.set_hold(hold, stands, &world);
                }
            }
            let strongest = strongest_beside(&state, world.grip(holds[0]));
            let strongest = strongest.map(|it| (it.strength, it.status));
            assert_eq!(strongest, felt, "{stand:?}");
        }
    }
}
