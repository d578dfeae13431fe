//! The world: every name the events of a history use, and what can be between whom.
//!
//! It holds nothing that changes while events are applied; that is [`State`](super::State). It
//! grows while events are read, so that a log can be folded in one stream.

use super::act::Act;
use super::actor::{Actor, Dyad};
use super::names::{
    ActorIx, BondIx, DyadIx, EventIx, Few, GripIx, HoldIx, Indices, Interner, ItemIx, MeasureIx,
    MeetingIx, Texts, TopicIx, nearest,
};
use crate::model::relation::measure::MeasureKind;
use rustc_hash::FxHasher;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

/// A standing measure as one source holds it against one other actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hold {
    /// The measure.
    pub measure: MeasureIx,
    /// Who holds it.
    pub source: ActorIx,
    /// Against whom, or felt by whom.
    pub other: ActorIx,
    /// Whether the other is of the audience, not a target.
    pub audience: bool,
}

/// A standing measure as it concerns one dyad.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bond {
    /// The measure.
    pub measure: MeasureIx,
    /// The dyad.
    pub dyad: DyadIx,
    /// Its holds against a target: one for each side that is a source.
    pub against_target: Few<HoldIx, 2>,
    /// Its holds that an audience feels.
    pub felt_by_audience: Few<HoldIx, 2>,
}

/// A standing measure as one source holds it, against whomever.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grip {
    /// Its holds, each against a target.
    pub against_target: Few<HoldIx, 2>,
    /// Its holds that an audience feels.
    pub felt_by_audience: Few<HoldIx, 2>,
}

/// What is known of an event's id apart from when it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conversation<'a> {
    /// The act.
    pub act: Act,
    /// Who took part, in a conversation.
    pub parties: &'a [ActorIx],
}

/// All that a world without ids knows, in the order in which it came to know it: what it takes to
/// make it again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Known {
    actors: Vec<Actor>,
    dyads: Vec<(ActorIx, ActorIx)>,
    items: Vec<Box<str>>,
    topics: Vec<(DyadIx, ItemIx)>,
    measures: Vec<(Box<str>, Option<MeasureKind>, Option<f64>)>,
    holds: Vec<(MeasureIx, ActorIx, ActorIx, bool)>,
    meetings: Vec<(Box<str>, Vec<DyadIx>)>,
}

/// Names and their places.
#[derive(Clone, Debug)]
pub struct World {
    keeps_ids: bool,
    actors: Indices<Actor, ActorIx>,
    dyads: Indices<(ActorIx, ActorIx), DyadIx>,
    ids: Texts<EventIx>,
    /// Of each id the act, once the event was seen.
    acts: Vec<Option<Act>>,
    /// Who took part in what was a conversation.
    parties: HashMap<EventIx, Box<[ActorIx]>, BuildHasherDefault<FxHasher>>,
    items: Interner<Box<str>, ItemIx>,
    topics: Indices<(DyadIx, ItemIx), TopicIx>,
    topics_of: Vec<Vec<TopicIx>>,
    measures: Interner<Box<str>, MeasureIx>,
    /// Of each measure its kind, once an event has named it.
    kinds: Vec<Option<MeasureKind>>,
    /// Of each measure what it counts where it is of the writer's own, in degrees.
    own_degrees: Vec<Option<f64>>,
    holds: Indices<Hold, HoldIx>,
    bonds: Vec<Bond>,
    bonds_of_holds: Vec<BondIx>,
    grips: Indices<(MeasureIx, ActorIx), GripIx>,
    holds_of_grips: Vec<Grip>,
    grips_of_holds: Vec<GripIx>,
    holds_of_dyad: Vec<Vec<HoldIx>>,
    holds_of_measure: Vec<Vec<HoldIx>>,
    meetings: Interner<Box<str>, MeetingIx>,
    dyads_of_meeting: Vec<Vec<DyadIx>>,
    meetings_of_dyad: Vec<Vec<MeetingIx>>,
}

impl World {
    /// An empty world that keeps the ids of events, as deciding needs them.
    #[must_use]
    pub fn new() -> Self {
        Self {
            keeps_ids: true,
            actors: Interner::default(),
            dyads: Interner::default(),
            ids: Texts::default(),
            acts: Vec::new(),
            parties: HashMap::default(),
            items: Interner::default(),
            topics: Interner::default(),
            topics_of: Vec::new(),
            measures: Interner::default(),
            kinds: Vec::new(),
            own_degrees: Vec::new(),
            holds: Interner::default(),
            bonds: Vec::new(),
            bonds_of_holds: Vec::new(),
            grips: Interner::default(),
            holds_of_grips: Vec::new(),
            grips_of_holds: Vec::new(),
            holds_of_dyad: Vec::new(),
            holds_of_measure: Vec::new(),
            meetings: Interner::default(),
            dyads_of_meeting: Vec::new(),
            meetings_of_dyad: Vec::new(),
        }
    }

    /// An empty world that forgets the ids of events, so that folding a log of any length takes the
    /// same memory. Nothing can be decided in it.
    #[must_use]
    pub fn without_ids() -> Self {
        Self {
            keeps_ids: false,
            ..Self::new()
        }
    }

    /// The same, of which nothing more is decided: without the ids of events.
    #[must_use]
    pub fn forgetting_ids(self) -> Self {
        Self {
            keeps_ids: false,
            ids: Texts::default(),
            acts: Vec::new(),
            parties: HashMap::default(),
            ..self
        }
    }

    /// What it knows but for the ids of events.
    #[must_use]
    pub fn known(&self) -> Known {
        let holds = self.holds.iter().map(|(_, hold)| {
            let Hold {
                measure,
                source,
                other,
                audience,
            } = *hold;
            (measure, source, other, audience)
        });
        let measures = self.measures.iter().map(|(measure, id)| {
            let (kind, degrees) = (self.kind(measure), self.own_degrees(measure));
            (id.clone(), kind, degrees)
        });
        let meetings = self.meetings.iter().map(|(meeting, id)| {
            let dyads = &self.dyads_of_meeting[usize::from(meeting)];
            (id.clone(), dyads.clone())
        });
        Known {
            actors: self.actors.iter().map(|(_, actor)| *actor).collect(),
            dyads: self.dyads.iter().map(|(_, pair)| *pair).collect(),
            items: self.items.iter().map(|(_, item)| item.clone()).collect(),
            topics: self.topics.iter().map(|(_, topic)| *topic).collect(),
            measures: measures.collect(),
            holds: holds.collect(),
            meetings: meetings.collect(),
        }
    }

    /// The world without ids that knows just this, with the same indices; nothing where there can
    /// be no such world.
    #[must_use]
    pub fn of(known: &Known) -> Option<Self> {
        let mut world = Self::without_ids();
        for actor in &known.actors {
            world.actor_ix(*actor);
        }
        for (one, other) in &known.dyads {
            let are_known = [one, other].map(|actor| world.has_actor(*actor));
            if are_known != [true; 2] {
                return None;
            }
            world.dyad_ix(*one, *other)?;
        }
        let dyads = world.dyads.len();
        let is_a_dyad = |dyad: &DyadIx| usize::from(*dyad) < dyads;
        for item in &known.items {
            world.items.index(&**item);
        }
        for (dyad, item) in &known.topics {
            let item = known.items.get(usize::from(*item))?;
            if !is_a_dyad(dyad) {
                return None;
            }
            world.topic_ix(*dyad, item);
        }
        for (id, kind, degrees) in &known.measures {
            let measure = world.measure_ix(id, *kind);
            world.note_degrees(measure, *degrees);
        }
        for &(measure, source, other, audience) in &known.holds {
            let are_known = [source, other].map(|actor| world.has_actor(actor));
            if are_known != [true; 2] || usize::from(measure) >= world.measures.len() {
                return None;
            }
            world.hold_ix(Hold {
                measure,
                source,
                other,
                audience,
            })?;
        }
        for (id, held_by) in &known.meetings {
            if !held_by.iter().all(is_a_dyad) {
                return None;
            }
            world.meeting_ix(id, held_by.iter().copied());
        }
        // What stands twice would have got fewer indices.
        (world.known() == *known).then_some(world)
    }

    /// The index of an actor, new or not.
    pub fn actor_ix(&mut self, actor: Actor) -> ActorIx {
        self.actors.index_of(actor)
    }

    /// The index of the dyad of two different actors, new or not.
    pub fn dyad_ix(&mut self, one: ActorIx, other: ActorIx) -> Option<DyadIx> {
        let pair = match self.actor(one).cmp(&self.actor(other)) {
            Ordering::Less => (one, other),
            Ordering::Equal => return None,
            Ordering::Greater => (other, one),
        };
        let known = self.dyads.len();
        let dyad = self.dyads.index_of(pair);
        if self.dyads.len() > known {
            self.topics_of.push(Vec::new());
            self.holds_of_dyad.push(Vec::new());
            self.meetings_of_dyad.push(Vec::new());
        }
        Some(dyad)
    }

    /// Makes room for the ids of so many more events.
    pub(crate) fn expect_ids(&mut self, more: usize) {
        self.ids.reserve(more);
        self.acts.reserve(more);
    }

    /// Forgets all ids but some, each of which is given once and gets the index of its place among
    /// them.
    pub(crate) fn keep_ids(&mut self, kept: &[EventIx]) {
        let mut ids = Texts::default();
        for id in kept {
            ids.index(self.ids.get(*id));
        }
        let act = |id: &EventIx| self.acts.get(usize::from(*id)).copied().flatten();
        self.acts = kept.iter().map(act).collect();
        let parties = (0..).map(EventIx).zip(kept);
        let parties = parties.filter_map(|(own, id)| Some((own, self.parties.remove(id)?)));
        self.parties = parties.collect();
        self.ids = ids;
    }

    /// The index of an event's id, new or not; `None` in a world without ids.
    pub fn event_ix(&mut self, id: &str) -> Option<EventIx> {
        if !self.keeps_ids {
            return None;
        }
        let event = self.ids.index(id);
        self.acts.resize(self.ids.len(), None);
        Some(event)
    }

    /// Notes that an event was a conversation, or what else it was.
    pub fn note_conversation(&mut self, event: EventIx, conversation: Conversation<'_>) {
        let Conversation { act, parties } = conversation;
        if let Some(known) = self.acts.get_mut(usize::from(event)) {
            *known = Some(act);
        }
        if parties.is_empty() {
            self.parties.remove(&event);
        } else {
            self.parties.insert(event, parties.into());
        }
    }

    /// The index of an agenda item in a dyad, new or not.
    pub fn topic_ix(&mut self, dyad: DyadIx, item: &str) -> TopicIx {
        let item = self.items.index(item);
        let known = self.topics.len();
        let topic = self.topics.index_of((dyad, item));
        if self.topics.len() > known {
            self.topics_of[usize::from(dyad)].push(topic);
        }
        topic
    }

    /// The index of a measure, new or not. A kind counts only where none is known yet.
    pub fn measure_ix(&mut self, id: &str, kind: Option<MeasureKind>) -> MeasureIx {
        let measure = self.measures.index(id);
        let count = self.measures.len();
        self.kinds.resize(count, None);
        self.own_degrees.resize(count, None);
        self.holds_of_measure.resize(count, Vec::new());
        let known = &mut self.kinds[usize::from(measure)];
        *known = known.or(kind);
        measure
    }

    /// Notes what a measure of the writer's own counts, in degrees, where it is not known yet.
    pub fn note_degrees(&mut self, measure: MeasureIx, degrees: Option<f64>) {
        let known = &mut self.own_degrees[usize::from(measure)];
        *known = known.or(degrees);
    }

    /// The index of a hold, new or not; `None` when source and other are one and the same.
    pub fn hold_ix(&mut self, hold: Hold) -> Option<HoldIx> {
        let dyad = self.dyad_ix(hold.source, hold.other)?;
        let known = self.holds.len();
        let index = self.holds.index_of(hold);
        if self.holds.len() > known {
            self.holds_of_dyad[usize::from(dyad)].push(index);
            self.holds_of_measure[usize::from(hold.measure)].push(index);
            self.bind(dyad, hold, index);
        }
        Some(index)
    }

    /// Puts a new hold to the others of its measure, in its dyad and of its source.
    fn bind(&mut self, dyad: DyadIx, hold: Hold, index: HoldIx) {
        let Hold {
            measure,
            source,
            other,
            audience,
        } = hold;
        let ways = [(source, other), (other, source)];
        let mut others = ways.into_iter().flat_map(|(source, other)| {
            [false, true].map(|audience| Hold {
                measure,
                source,
                other,
                audience,
            })
        });
        let beside = others.find_map(|other| {
            let known = self.holds.find(&other).filter(|known| *known != index)?;
            self.bonds_of_holds.get(usize::from(known)).copied()
        });
        let bond = beside.unwrap_or_else(|| {
            self.bonds.push(Bond {
                measure,
                dyad,
                against_target: Few::new(),
                felt_by_audience: Few::new(),
            });
            BondIx(self.bonds.len() as u32 - 1)
        });
        let grip = self.grips.index_of((measure, source));
        self.holds_of_grips
            .resize(self.grips.len(), Grip::default());
        self.bonds_of_holds.push(bond);
        self.grips_of_holds.push(grip);
        let (bond, grip) = (
            &mut self.bonds[usize::from(bond)],
            &mut self.holds_of_grips[usize::from(grip)],
        );
        if audience {
            bond.felt_by_audience.push(index);
            grip.felt_by_audience.push(index);
        } else {
            bond.against_target.push(index);
            grip.against_target.push(index);
        }
    }

    /// The index of a meeting, new or not, which from now on is one of the dyad too.
    pub fn meeting_ix(&mut self, id: &str, dyads: impl Iterator<Item = DyadIx>) -> MeetingIx {
        let meeting = self.meetings.index(id);
        self.dyads_of_meeting
            .resize(self.meetings.len(), Vec::new());
        let held_by = &mut self.dyads_of_meeting[usize::from(meeting)];
        for dyad in dyads {
            let of_dyad = &mut self.meetings_of_dyad[usize::from(dyad)];
            if let Err(place) = of_dyad.binary_search(&meeting) {
                of_dyad.insert(place, meeting);
                held_by.push(dyad);
            }
        }
        meeting
    }

    /// Whether there is an actor behind an index.
    pub(super) fn has_actor(&self, actor: ActorIx) -> bool {
        usize::from(actor) < self.actors.len()
    }

    /// The actor behind an index.
    #[must_use]
    pub fn actor(&self, actor: ActorIx) -> Actor {
        *self.actors.get(actor)
    }

    /// Both sides of a dyad, in alphabetical order.
    #[must_use]
    pub fn sides(&self, dyad: DyadIx) -> [ActorIx; 2] {
        let &(first, second) = self.dyads.get(dyad);
        [first, second]
    }

    /// The dyad behind an index.
    #[must_use]
    pub fn dyad(&self, dyad: DyadIx) -> Dyad {
        let [first, second] = self.sides(dyad).map(|side| self.actor(side));
        // The interner holds only pairs of different actors in alphabetical order.
        Dyad::in_order(first, second)
    }

    /// The index of a dyad that some event moves.
    #[must_use]
    pub fn find_dyad(&self, dyad: Dyad) -> Option<DyadIx> {
        let [first, second] = dyad.sides();
        self.dyads
            .find(&(self.actors.find(&first)?, self.actors.find(&second)?))
    }

    /// All dyads, in alphabetical order.
    #[must_use]
    pub fn dyads(&self) -> Vec<(Dyad, DyadIx)> {
        let mut dyads: Vec<_> = self
            .dyads
            .iter()
            .map(|(index, _)| (self.dyad(index), index))
            .collect();
        dyads.sort_unstable();
        dyads
    }

    /// The id behind an index.
    #[must_use]
    pub fn id(&self, event: EventIx) -> &str {
        self.ids.get(event)
    }

    /// The index of an id that was seen.
    #[must_use]
    pub fn find_id(&self, id: &str) -> Option<EventIx> {
        self.ids.find(id)
    }

    /// All ids that were seen.
    pub(crate) fn ids(&self) -> impl Iterator<Item = (EventIx, &str)> {
        self.ids.iter()
    }

    /// The id of an event that is closest to a text, if one is close.
    #[must_use]
    pub fn nearest_id(&self, text: &str) -> Option<&str> {
        let events = self
            .ids
            .iter()
            .filter(|(ix, _)| self.conversation(*ix).is_some());
        nearest(text, events.map(|(_, id)| id))
    }

    /// What is known of an event as a conversation.
    #[must_use]
    pub fn conversation(&self, event: EventIx) -> Option<Conversation<'_>> {
        let act = (*self.acts.get(usize::from(event))?)?;
        let parties = self.parties.get(&event).map_or(&[][..], |parties| parties);
        Some(Conversation { act, parties })
    }

    /// An agenda item's name.
    #[must_use]
    pub fn item(&self, topic: TopicIx) -> &str {
        let &(_, item) = self.topics.get(topic);
        self.items.get(item)
    }

    /// The dyad of an agenda item.
    #[must_use]
    pub fn dyad_of_topic(&self, topic: TopicIx) -> DyadIx {
        self.topics.get(topic).0
    }

    /// The agenda items of a dyad, in the order in which they came up.
    #[must_use]
    pub fn topics(&self, dyad: DyadIx) -> &[TopicIx] {
        &self.topics_of[usize::from(dyad)]
    }

    /// The index of an agenda item that came up in a dyad.
    #[must_use]
    pub fn find_topic(&self, dyad: DyadIx, item: &str) -> Option<TopicIx> {
        self.topics.find(&(dyad, self.items.find(item)?))
    }

    /// The index of a measure that some event names.
    #[must_use]
    pub fn find_measure(&self, id: &str) -> Option<MeasureIx> {
        self.measures.find(id)
    }

    /// The index of a meeting that some event names.
    #[must_use]
    pub fn find_meeting(&self, id: &str) -> Option<MeetingIx> {
        self.meetings.find(id)
    }

    /// The ids of all measures.
    pub fn measures(&self) -> impl Iterator<Item = &str> {
        self.measures.iter().map(|(_, id)| &**id)
    }

    /// The ids of all meetings.
    pub fn meetings(&self) -> impl Iterator<Item = &str> {
        self.meetings.iter().map(|(_, id)| &**id)
    }

    /// A hold.
    #[must_use]
    pub fn hold(&self, hold: HoldIx) -> Hold {
        *self.holds.get(hold)
    }

    /// The dyad of a hold.
    #[must_use]
    pub fn dyad_of_hold(&self, hold: HoldIx) -> DyadIx {
        self.bond(hold).dyad
    }

    /// All that there is of a hold's measure in its dyad.
    #[must_use]
    pub fn bond(&self, hold: HoldIx) -> &Bond {
        &self.bonds[usize::from(self.bonds_of_holds[usize::from(hold)])]
    }

    /// All that there is of a hold's measure by its source.
    #[must_use]
    pub fn grip(&self, hold: HoldIx) -> &Grip {
        &self.holds_of_grips[usize::from(self.grips_of_holds[usize::from(hold)])]
    }

    /// What stands, stood or may stand between the two sides of a dyad.
    #[must_use]
    pub fn holds_between(&self, dyad: DyadIx) -> &[HoldIx] {
        &self.holds_of_dyad[usize::from(dyad)]
    }

    /// The same of all dyads, measure by measure.
    pub(super) fn bonds(&self) -> &[Bond] {
        &self.bonds
    }

    /// All holds of a measure.
    #[must_use]
    pub fn holds_of(&self, measure: MeasureIx) -> &[HoldIx] {
        &self.holds_of_measure[usize::from(measure)]
    }

    /// A measure's id.
    #[must_use]
    pub fn measure(&self, measure: MeasureIx) -> &str {
        self.measures.get(measure)
    }

    /// A measure's kind, once an event has named it.
    #[must_use]
    pub fn kind(&self, measure: MeasureIx) -> Option<MeasureKind> {
        self.kinds[usize::from(measure)]
    }

    /// Whether a hold is the other side of a measure that stands both ways: the same fact, told
    /// once.
    #[must_use]
    pub fn is_mirrored(&self, hold: HoldIx) -> bool {
        let Hold {
            measure,
            source,
            audience,
            ..
        } = self.hold(hold);
        let [first, _] = self.sides(self.dyad_of_hold(hold));
        let kind = self.kind(measure);
        !audience && source != first && kind.is_some_and(MeasureKind::is_both_ways)
    }

    /// What a measure of the writer's own counts at a strength of 1, in degrees, once an event has
    /// said so.
    #[must_use]
    pub fn own_degrees(&self, measure: MeasureIx) -> Option<f64> {
        self.own_degrees[usize::from(measure)]
    }

    /// A meeting's id.
    #[must_use]
    pub fn meeting(&self, meeting: MeetingIx) -> &str {
        self.meetings.get(meeting)
    }

    /// All meetings in which both sides of a dyad take part, in the order in which they came up.
    #[must_use]
    pub fn meetings_between(&self, dyad: DyadIx) -> &[MeetingIx] {
        &self.meetings_of_dyad[usize::from(dyad)]
    }

    /// How many dyads, topics, holds and meetings there are.
    #[must_use]
    #[inline]
    pub fn sizes(&self) -> [usize; 4] {
        [
            self.dyads.len(),
            self.topics.len(),
            self.holds.len(),
            self.meetings.len(),
        ]
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        let mut world = World::without_ids();
        let [one, other] = ["RUS", "USA"].map(|code| world.actor_ix(code.parse().unwrap()));
        for id in ["first", "second"] {
            let measure = world.measure_ix(id, None);
            let hold = Hold {
                measure,
                source: one,
                other,
                audience: false,
            };
            world.hold_ix(hold).unwrap();
        }
        let dyad = world.dyad_ix(one, other).unwrap();
        world.topic_ix(dyad, "arms");
        world.meeting_ix("summit", [dyad].into_iter());
        world.known()
    }

    #[test]
    fn a_world_is_what_is_known_of_it() {
        assert_eq!(World::of(&known()).unwrap().known(), known());
    }

    #[test]
    fn what_stands_twice_is_known_of_no_world() {
        let mut twice = known();
        twice.measures[1] = twice.measures[0].clone();
        assert!(World::of(&twice).is_none());
        let mut twice = known();
        twice.actors[1] = twice.actors[0];
        assert!(World::of(&twice).is_none());
        let mut twice = known();
        twice.dyads.push(twice.dyads[0]);
        assert!(World::of(&twice).is_none());
        let mut twice = known();
        twice.holds[1] = twice.holds[0];
        assert!(World::of(&twice).is_none());
    }

    #[test]
    fn what_is_of_no_dyad_or_item_is_known_of_no_world() {
        let beyond = known().dyads.len() as u32;
        let mut odd = known();
        odd.topics[0].0 = DyadIx(beyond);
        assert!(World::of(&odd).is_none());
        let mut odd = known();
        odd.topics[0].1 = ItemIx(1);
        assert!(World::of(&odd).is_none());
        let mut odd = known();
        odd.meetings[0].1.push(DyadIx(beyond));
        assert!(World::of(&odd).is_none());
    }

    #[test]
    fn only_a_world_with_ids_knows_an_event_by_its_id() {
        assert_eq!(World::without_ids().event_ix("call"), None);
        let mut world = World::new();
        world.expect_ids(50);
        assert!(world.acts.capacity() >= 50);
        assert_eq!(world.event_ix("call"), Some(EventIx(0)));
        assert_eq!(world.forgetting_ids().event_ix("call"), None);
    }

    #[test]
    fn what_is_named_again_is_no_more_than_it_was() {
        let mut world = World::new();
        let [one, other] = ["RUS", "USA"].map(|code| world.actor_ix(code.parse().unwrap()));
        for _ in 0..3 {
            let dyad = world.dyad_ix(one, other).unwrap();
            assert_eq!(world.dyad_ix(other, one), Some(dyad));
            let topic = world.topic_ix(dyad, "arms");
            assert_eq!(world.topics(dyad), [topic]);
        }
        let lists = (
            world.topics_of.len(),
            world.holds_of_dyad.len(),
            world.meetings_of_dyad.len(),
        );
        assert_eq!(lists, (1, 1, 1));
    }

    #[test]
    fn a_fact_of_both_is_told_once_by_the_first_of_them() {
        let mut world = World::new();
        let [first, second] = ["RUS", "USA"].map(|code| world.actor_ix(code.parse().unwrap()));
        let mut holds_of = |id: &str, kind| {
            let measure = world.measure_ix(id, kind);
            [
                (first, second, false),
                (second, first, false),
                (second, first, true),
            ]
            .map(|(source, other, audience)| {
                let hold = Hold {
                    measure,
                    source,
                    other,
                    audience,
                };
                world.hold_ix(hold).unwrap()
            })
        };
        let war = holds_of("war", Some(MeasureKind::War));
        let embargo = holds_of("embargo", Some(MeasureKind::Embargo));
        let unknown = holds_of("unknown", None);
        let is_mirrored = |holds: [HoldIx; 3]| holds.map(|hold| world.is_mirrored(hold));
        assert_eq!(is_mirrored(war), [false, true, false]);
        assert_eq!(is_mirrored(embargo), [false; 3]);
        assert_eq!(is_mirrored(unknown), [false; 3]);
    }
}
