//! What if not: a course of events without one of them and everything it caused.
//!
//! Where nothing later hangs on an event, leaving it out takes what is left of its impulse from the
//! balance ([`Share::carried`](crate::history::Share)). Where events hang on it only as their
//! cause, and it is a sum that they add to, what is left of theirs goes with it ([`Falls`]). Else
//! the rest is replayed, each event decided again.

use super::course::{Course, Viewpoint};
use super::shares::Shares;
use crate::model::{
    DyadIx, Event, Fact, Facts, MeasureIx, MeetingIx, Model, Observer, State, Step, TopicIx,
    decide, evolve, temperature::Reading,
};

/// A history without one event and everything it caused, seen from the same viewpoint.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Without {
    /// The temperature, in degrees.
    pub temperature: f64,
    /// The events that cannot happen then.
    pub fallen: Ids,
    /// The events that happen only then.
    pub joined: Ids,
    /// The ids of the events whose impact on the dyad is another then, with what it is and what it
    /// is then, in degrees.
    pub reweighed: Vec<(String, f64, f64)>,
    /// Whether what the dyad tends to is ever another then, since a standing measure does not stand
    /// as it does.
    pub changes_measures: bool,
}

/// Some ids: how many there are, and the first few of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ids {
    /// At most [`Ids::NAMED`] of them, in their order.
    pub first: Vec<String>,
    /// How many there are in all.
    pub count: usize,
}

impl Ids {
    /// How many are named.
    pub const NAMED: usize = 3;

    fn push(&mut self, id: impl FnOnce() -> String) {
        if self.count < Self::NAMED {
            self.first.push(id());
        }
        self.count += 1;
    }
}

impl<I: Into<String>> FromIterator<I> for Ids {
    fn from_iter<T: IntoIterator<Item = I>>(ids: T) -> Self {
        let mut found = Self::default();
        for id in ids {
            found.push(|| id.into());
        }
        found
    }
}

/// What hangs on what in a course: each event with the next ones that look at what it changed.
#[derive(Debug)]
pub struct Links {
    /// An event and a later one, by their places, in the order of the first.
    pairs: Vec<(usize, usize)>,
    /// Whether anything hangs on an event, or it changes a standing measure.
    is_tied: Vec<bool>,
    /// What an event hangs on, if that is one event at most, and how.
    stems: Vec<Stem>,
}

/// How an event hangs on those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stem {
    /// On none.
    Root,
    /// On one, which caused it or which it is an account of, and in no other way.
    On(usize),
    /// In some other way: it changes a measure, a meeting or an agenda item, or it hangs on
    /// several.
    Tangled,
}

impl Links {
    /// The links of a course. An event hangs on its cause, on the conversation it is an account of,
    /// and on the events before it that changed the same measure, meeting or agenda item.
    #[must_use]
    pub fn of(course: &Course<'_>) -> Self {
        let mut last = Last::default();
        let mut pairs = Vec::new();
        let mut is_tied = Vec::with_capacity(course.events().len());
        let mut stems = Vec::with_capacity(course.events().len());
        for (place, event) in course.events().iter().enumerate() {
            is_tied.push(!event.measures.is_empty());
            let mut seen = last.seen_by(event, place, course);
            for &before in &seen {
                is_tied[before] = true;
                pairs.push((before, place));
            }
            seen.dedup();
            stems.push(match seen[..] {
                _ if !event.changes_only_temperatures() => Stem::Tangled,
                [] => Stem::Root,
                [before] => Stem::On(before),
                _ => Stem::Tangled,
            });
        }
        pairs.sort_unstable();
        pairs.dedup();
        Self {
            pairs,
            is_tied,
            stems,
        }
    }

    /// Whether nothing later depends on an event but by the temperature itself, so that the closed
    /// form holds.
    #[must_use]
    pub fn is_alone(&self, place: usize) -> bool {
        !self.is_tied.get(place).copied().unwrap_or_default()
    }

    /// For each event whether it touches a dyad, or something that hangs on it does, however
    /// indirectly.
    #[must_use]
    pub fn reaching(&self, course: &Course<'_>, dyad: DyadIx) -> Vec<bool> {
        let places = 0..course.events().len();
        let mut reaches: Vec<_> = places.map(|place| course.touches(place, dyad)).collect();
        for &(before, after) in self.pairs.iter().rev() {
            reaches[before] |= reaches[after];
        }
        reaches
    }
}

/// For each event what falls with it, where that is told without a replay: it and all that hangs on
/// it change nothing but temperatures, hang on one event each, and the balance is a sum.
#[derive(Debug)]
pub struct Falls {
    falls: Vec<Fall>,
}

/// What falls with an event, itself included.
#[derive(Clone, Copy, Debug)]
struct Fall {
    is_closed: bool,
    /// What is left of it all in the balance, in degrees.
    left: f64,
    /// How many hang on it.
    count: usize,
    /// The first of those, by their places.
    first: [Option<usize>; Ids::NAMED],
}

impl Fall {
    /// Another falls with this one, which comes before it and all that this one already takes
    /// along.
    fn take_along(&mut self, place: usize, other: &Self) {
        self.is_closed &= other.is_closed;
        self.left += other.left;
        self.count += 1 + other.count;
        let known = self.first.into_iter().flatten();
        let mut first: Vec<_> = known
            .chain(other.first.into_iter().flatten())
            .chain([place])
            .collect();
        first.sort_unstable();
        for (at, found) in self.first.iter_mut().zip(first) {
            *at = Some(found);
        }
    }
}

impl Falls {
    /// What falls with each of the events that `replays` have, of which `shares` are.
    #[must_use]
    pub fn of(links: &Links, shares: &Shares, replays: &Replays<'_>) -> Self {
        let is_sum = replays.model.reading() != Reading::Stepwise;
        let mut falls: Vec<_> = (0..replays.viewpoint.events)
            .map(|place| Fall {
                is_closed: is_sum && replays.is_legal[place] && links.stems[place] != Stem::Tangled,
                left: 0.0,
                count: 0,
                first: [None; Ids::NAMED],
            })
            .collect();
        for share in &shares.events {
            falls[share.push.event].left = share.left;
        }
        // What hangs on a tangled event need not fall by its cause alone, nor what a tangled one
        // hangs on.
        for &(before, after) in &links.pairs {
            if after < falls.len() && links.stems[after] == Stem::Tangled {
                falls[before].is_closed = false;
            }
        }
        for place in (0..falls.len()).rev() {
            if let Stem::On(before) = links.stems[place] {
                let fall = falls[place];
                falls[before].take_along(place, &fall);
            }
        }
        Self { falls }
    }

    /// What is left in the balance of an event and all that falls with it, in degrees, and what
    /// that is; `None` where it takes a replay.
    #[must_use]
    pub fn with(&self, place: usize, course: &Course<'_>) -> Option<(f64, Ids)> {
        let fall = self.falls.get(place).filter(|fall| fall.is_closed)?;
        let first = fall.first.into_iter().flatten();
        let fallen = Ids {
            first: first.map(|place| id(course, place)).collect(),
            count: fall.count,
        };
        Some((fall.left, fallen))
    }
}

/// Where each id stands, and who changed each thing last.
#[derive(Default)]
struct Last {
    ids: Vec<Option<usize>>,
    measures: Vec<Option<usize>>,
    topics: Vec<Option<usize>>,
    meetings: Vec<Option<usize>>,
}

impl Last {
    /// The events that an event looks back at; from now on it is the last to have changed what it
    /// changes.
    fn seen_by(&mut self, event: &Event, place: usize, course: &Course<'_>) -> Vec<usize> {
        let mut seen = Vec::new();
        for id in event.caused_by.into_iter().chain(event.of) {
            seen.extend(self.ids.get(usize::from(id)).copied().flatten());
        }
        for change in &event.measures {
            let measure: MeasureIx = course.world().hold(change.hold).measure;
            seen.extend(follow(&mut self.measures, usize::from(measure), place));
        }
        for change in &event.agenda {
            let topic: TopicIx = change.topic;
            seen.extend(follow(&mut self.topics, usize::from(topic), place));
        }
        if let Some(change) = event.meeting {
            let meeting: MeetingIx = change.meeting;
            seen.extend(follow(&mut self.meetings, usize::from(meeting), place));
        }
        if let Some(id) = event.id {
            follow(&mut self.ids, usize::from(id), place);
        }
        seen.retain(|before| *before < place);
        seen
    }
}

/// Notes a place as the last one, and returns the one before.
fn follow(places: &mut Vec<Option<usize>>, index: usize, place: usize) -> Option<usize> {
    if places.len() <= index {
        places.resize(index + 1, None);
    }
    places.get_mut(index)?.replace(place)
}

/// Replays a course without one event at a time, each in turn.
#[derive(Debug)]
pub struct Replays<'c> {
    course: &'c Course<'c>,
    model: &'c Model,
    dyad: DyadIx,
    viewpoint: Viewpoint,
    /// For each event its impact on the dyad as it is; `None` where it does not touch it.
    impacts: Vec<Option<f64>>,
    /// For each event what the dyad tends to right after it.
    equilibria: Vec<f64>,
    /// For each event whether it is legal where it stands. A log need not be: replaying it decides
    /// nothing.
    is_legal: Vec<bool>,
    /// What lies before the event that is left out, and how many events that is.
    before: Stand,
    events: usize,
    branch: Stand,
}

/// Where a replay stands.
#[derive(Clone, Debug, Default)]
struct Stand {
    state: State,
    facts: Facts,
}

impl Stand {
    /// Every event comes later.
    fn first(course: &Course<'_>, model: &Model) -> Self {
        let mut stand = Self::default();
        stand.state.fit(course.world(), model);
        for (event, record) in course.events().iter().zip(course.records()) {
            stand.note(event, Fact::Later(record.date()));
        }
        stand
    }

    /// Whether a dyad tends to something else than it is known to.
    fn tends_elsewhere(&self, dyad: DyadIx, known: Option<&f64>) -> bool {
        let equilibrium = self.state.relation(dyad).balance.tends_to;
        known.is_some_and(|known| equilibrium != *known)
    }

    fn note(&mut self, event: &Event, fact: Fact) {
        if let Some(id) = event.id {
            self.facts.note(id, fact);
        }
    }

    /// Decides an event and lets it happen if it is legal or `forced`; tells whether it was legal.
    fn enter(
        &mut self,
        course: &Course<'_>,
        place: usize,
        model: &Model,
        forced: bool,
        observer: &mut impl Observer,
    ) -> bool {
        let (Some(event), Some(record)) = (course.events().get(place), course.records().get(place))
        else {
            return false;
        };
        let (world, day) = (course.world(), record.date());
        let is_legal = decide(&self.state, &self.facts, world, event, day).is_ok();
        if is_legal || forced {
            evolve(&mut self.state, world, event, day, model, observer);
            self.note(event, Fact::Happened(day));
        } else {
            self.note(event, Fact::Absent);
        }
        is_legal
    }
}

impl<'c> Replays<'c> {
    /// Makes ready to replay a course as one dyad sees it from a viewpoint.
    #[must_use]
    pub fn new(
        course: &'c Course<'c>,
        model: &'c Model,
        dyad: DyadIx,
        viewpoint: Viewpoint,
    ) -> Self {
        let before = Stand::first(course, model);
        let mut whole = before.clone();
        let mut impacts = Vec::with_capacity(viewpoint.events);
        let mut equilibria = Vec::with_capacity(viewpoint.events);
        let mut is_legal = Vec::with_capacity(viewpoint.events);
        for place in 0..viewpoint.events {
            let mut impact = Impact { dyad, found: None };
            is_legal.push(whole.enter(course, place, model, true, &mut impact));
            impacts.push(impact.found);
            equilibria.push(whole.state.relation(dyad).balance.tends_to);
        }
        Self {
            course,
            model,
            dyad,
            viewpoint,
            impacts,
            equilibria,
            is_legal,
            branch: before.clone(),
            before,
            events: 0,
        }
    }

    /// The course without an event, by its place. Going through events in their order takes the
    /// least time.
    pub fn without(&mut self, place: usize) -> Without {
        if place < self.events {
            self.before = Stand::first(self.course, self.model);
            self.events = 0;
        }
        while self.events < place {
            self.before
                .enter(self.course, self.events, self.model, true, &mut ());
            self.events += 1;
        }
        let Self {
            course,
            model,
            dyad,
            viewpoint,
            branch,
            ..
        } = self;
        branch.state.clone_from(&self.before.state);
        branch.facts.clone_from(&self.before.facts);
        if let Some(event) = course.events().get(place) {
            branch.note(event, Fact::Absent);
        }
        let mut without = Without {
            changes_measures: branch.tends_elsewhere(*dyad, self.equilibria.get(place)),
            ..Without::default()
        };
        for later in place + 1..viewpoint.events {
            let mut impact = Impact {
                dyad: *dyad,
                found: None,
            };
            let forced = !self.is_legal[later];
            if !branch.enter(course, later, model, forced, &mut impact) && !forced {
                without.fallen.push(|| id(course, later));
            } else if impact.found != self.impacts[later] {
                let as_it_is = self.impacts[later].unwrap_or_default();
                let then = impact.found.unwrap_or_default();
                let is_other = as_it_is != then;
                without
                    .reweighed
                    .extend(is_other.then(|| (id(course, later), as_it_is, then)));
            }
            without.changes_measures |= branch.tends_elsewhere(*dyad, self.equilibria.get(later));
        }
        let relation = branch.state.relation(*dyad);
        without.temperature = relation.temperature_on(viewpoint.day, model);
        without
    }
}

fn id(course: &Course<'_>, place: usize) -> String {
    let record = course.records().get(place);
    record.map_or_else(String::new, |record| record.id().to_owned())
}

/// Watches for what an event brings to bear on one dyad.
struct Impact {
    dyad: DyadIx,
    found: Option<f64>,
}

impl Observer for Impact {
    fn stepped(&mut self, step: Step) {
        if step.dyad == self.dyad {
            self.found.get_or_insert(step.impact);
        }
    }
}
