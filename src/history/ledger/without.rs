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
    pairs: Vec<(u32, u32)>,
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
    On(u32),
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
        for (place, event) in (0..).zip(course.events()) {
            is_tied.push(!event.measures.is_empty());
            let mut seen = last.seen_by(&event, place, course);
            for &before in &seen {
                is_tied[before as usize] = true;
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
        let mut reaches: Vec<_> = course.touching(dyad).collect();
        for &(before, after) in self.pairs.iter().rev() {
            reaches[before as usize] |= reaches[after as usize];
        }
        reaches
    }
}

/// For each event on which others hang what falls with it, where that is told without a replay: it
/// and all that hangs on it change nothing but temperatures, hang on one event each, and the
/// balance is a sum.
#[derive(Debug)]
pub struct Falls {
    /// By their places, in their order.
    falls: Vec<(usize, Fall)>,
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
    first: [Option<u32>; Ids::NAMED],
}

impl Fall {
    /// Another falls with this one, which comes before it and all that this one already takes
    /// along.
    fn take_along(&mut self, place: u32, other: &Self) {
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
        let alone = |place: usize| {
            let is_legal = replays.is_legal[place];
            Fall {
                is_closed: is_sum && is_legal && links.stems[place] != Stem::Tangled,
                left: shares.of(place).map_or(0.0, |share| share.left),
                count: 0,
                first: [None; Ids::NAMED],
            }
        };
        let events = replays.viewpoint.events;
        let stems = links.pairs.iter().map(|(before, _)| *before as usize);
        let mut stems: Vec<_> = stems.take_while(|before| *before < events).collect();
        stems.dedup();
        let falls = stems.into_iter().map(|place| (place, alone(place)));
        let mut falls = Self {
            falls: falls.collect(),
        };
        // What hangs on a tangled event need not fall by its cause alone, nor what a tangled one
        // hangs on.
        for &(before, after) in &links.pairs {
            let is_tangled = |stem: &Stem| *stem == Stem::Tangled;
            if links.stems[..events]
                .get(after as usize)
                .is_some_and(is_tangled)
                && let Some(at) = falls.find(before as usize)
            {
                falls.falls[at].1.is_closed = false;
            }
        }
        for place in (0..events).rev() {
            if let Stem::On(before) = links.stems[place]
                && let Some(at) = falls.find(before as usize)
            {
                let own = falls.find(place);
                let fall = own.map_or_else(|| alone(place), |own| falls.falls[own].1);
                falls.falls[at].1.take_along(place as u32, &fall);
            }
        }
        falls
    }

    fn find(&self, place: usize) -> Option<usize> {
        let found = self.falls.binary_search_by_key(&place, |(place, _)| *place);
        found.ok()
    }

    /// What is left in the balance of an event and all that falls with it, in degrees, and what
    /// that is; `None` where it takes a replay.
    #[must_use]
    pub fn with(&self, place: usize, course: &Course<'_>) -> Option<(f64, Ids)> {
        let (_, fall) = &self.falls[self.find(place)?];
        if !fall.is_closed {
            return None;
        }
        let first = fall.first.into_iter().flatten();
        let fallen = Ids {
            first: first.map(|place| id(course, place as usize)).collect(),
            count: fall.count,
        };
        Some((fall.left, fallen))
    }
}

/// Where each id stands, and who changed each thing last.
#[derive(Default)]
struct Last {
    ids: Vec<Option<u32>>,
    measures: Vec<Option<u32>>,
    topics: Vec<Option<u32>>,
    meetings: Vec<Option<u32>>,
}

impl Last {
    /// The events that an event looks back at; from now on it is the last to have changed what it
    /// changes.
    fn seen_by(&mut self, event: &Event, place: u32, course: &Course<'_>) -> Vec<u32> {
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
fn follow(places: &mut Vec<Option<u32>>, index: usize, place: u32) -> Option<u32> {
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
    /// Each event that touches the dyad, by its place, with its impact on it as it is.
    impacts: Vec<(usize, f64)>,
    /// What the dyad tends to as it is: from which event on, by its place, and what.
    equilibria: Vec<(usize, f64)>,
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
        for (event, record) in course.events().zip(course.records()) {
            stand.note(&event, Fact::Later(record.date()));
        }
        stand
    }

    /// What a dyad tends to.
    fn tends_to(&self, dyad: DyadIx) -> f64 {
        self.state.relation(dyad).balance.tends_to
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
        let Some((event, record)) = course.at(place) else {
            return false;
        };
        let (world, day) = (course.world(), record.date());
        let is_legal = decide(&self.state, &self.facts, world, &event, day).is_ok();
        if is_legal || forced {
            evolve(&mut self.state, world, &event, day, model, observer);
            self.note(&event, Fact::Happened(day));
        } else {
            self.note(&event, Fact::Absent);
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
        let (mut impacts, mut equilibria) = (Vec::new(), Vec::new());
        let mut is_legal = Vec::with_capacity(viewpoint.events);
        for place in 0..viewpoint.events {
            let mut impact = Impact { dyad, found: None };
            is_legal.push(whole.enter(course, place, model, true, &mut impact));
            impacts.extend(impact.found.map(|impact| (place, impact)));
            let equilibrium = whole.tends_to(dyad);
            if equilibria
                .last()
                .is_none_or(|(_, last)| *last != equilibrium)
            {
                equilibria.push((place, equilibrium));
            }
        }
        Self {
            course,
            model,
            dyad,
            viewpoint,
            impacts,
            equilibria,
            is_legal,
            branch: whole,
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
        if let Some((event, _)) = course.at(place) {
            branch.note(&event, Fact::Absent);
        }
        let known = self.equilibria.partition_point(|(from, _)| *from <= place);
        let (known, mut equilibria) = self.equilibria.split_at(known);
        let mut equilibrium = known.last().map(|(_, equilibrium)| *equilibrium);
        let tends_elsewhere = |stand: &Stand, known: Option<f64>| {
            known.is_some_and(|known| stand.tends_to(*dyad) != known)
        };
        let touched = self.impacts.partition_point(|(at, _)| *at <= place);
        let mut impacts = &self.impacts[touched..];
        let mut without = Without {
            changes_measures: tends_elsewhere(branch, equilibrium),
            ..Without::default()
        };
        for later in place + 1..viewpoint.events {
            let mut impact = Impact {
                dyad: *dyad,
                found: None,
            };
            let forced = !self.is_legal[later];
            let as_it_is = taken(&mut impacts, later);
            equilibrium = taken(&mut equilibria, later).or(equilibrium);
            if !branch.enter(course, later, model, forced, &mut impact) && !forced {
                without.fallen.push(|| id(course, later));
            } else if impact.found != as_it_is {
                let as_it_is = as_it_is.unwrap_or_default();
                let then = impact.found.unwrap_or_default();
                let is_other = as_it_is != then;
                without
                    .reweighed
                    .extend(is_other.then(|| (id(course, later), as_it_is, then)));
            }
            without.changes_measures |= tends_elsewhere(branch, equilibrium);
        }
        let relation = branch.state.relation(*dyad);
        without.temperature = relation.temperature_on(viewpoint.day, model);
        without
    }
}

/// What stands first, if it stands at a place: it is taken.
fn taken(first: &mut &[(usize, f64)], place: usize) -> Option<f64> {
    let (&(at, value), behind) = first.split_first()?;
    (at == place).then(|| {
        *first = behind;
        value
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::ledger::shares::Ledger;
    use crate::history::line::form::check;
    use crate::history::line::record::Record;
    use crate::model::Preset;

    /// Events of made-up states, one a day.
    fn records(events: &[&str]) -> Vec<Record> {
        let record = |(day, event): (usize, &&str)| {
            let event = format!("{{'id':'e{day}','date':'2030-01-{day:02}',{event}}}");
            let event = event.replace("BLUE", "'source':['XBL'],'target':['XRL']");
            check(serde_json::from_str(&event.replace('\'', "\"")).unwrap()).unwrap()
        };
        (1..).zip(events).map(record).collect()
    }

    const SAY: &str = "BLUE,'act':'statement','tone':'critical'";

    fn caused_by(cause: &str) -> String {
        format!("{SAY},'caused_by':'{cause}'")
    }

    /// What leaving each event out does, as `told` by links, sums and replays of it.
    fn each<T>(
        events: &[&str],
        seen: usize,
        told: impl Fn(&Links, &Falls, &mut Replays<'_>, usize) -> T,
    ) -> Vec<T> {
        let records = records(events);
        let course = Course::new(&records);
        let dyad = course
            .world()
            .find_dyad("XBL-XRL".parse().unwrap())
            .unwrap();
        let (model, links) = (Model::default(), Links::of(&course));
        let viewpoint = course.right_after(seen - 1).unwrap();
        let ledger = Ledger::of_first(&course, seen, &model);
        let shares = ledger.shares(dyad, viewpoint.day);
        let mut replays = Replays::new(&course, &model, dyad, viewpoint);
        let falls = Falls::of(&links, &shares, &replays);
        let places = 0..seen;
        let mut found: Vec<T> = places
            .map(|it| told(&links, &falls, &mut replays, it))
            .collect();
        // Backwards it is the same.
        let mut backwards: Vec<T> = (0..seen)
            .rev()
            .map(|it| told(&links, &falls, &mut replays, it))
            .collect();
        backwards.reverse();
        found.append(&mut backwards);
        found
    }

    /// What falls with each event, by a replay and, where that can tell, by the sum.
    fn fallen(events: &[&str], seen: usize) -> Vec<(Vec<String>, usize, bool)> {
        let records = records(events);
        let course = Course::new(&records);
        let mut all = each(events, seen, |links, falls, replays, place| {
            let without = replays.without(place);
            let sum = falls.with(place, &course);
            if let Some((left, ids)) = &sum {
                assert_eq!(*ids, without.fallen);
                let model = Model::default();
                let dyad = replays.dyad;
                let ledger = Ledger::of_first(&course, seen, &model);
                let day = replays.viewpoint.day;
                let then = ledger.temperature(dyad, day) - ledger.effect(dyad, day, *left);
                assert!(
                    (then - without.temperature).abs() < 1e-12,
                    "{place}: {then} {without:?}"
                );
                assert!(!links.is_alone(place));
            }
            (without.fallen.first, without.fallen.count, sum.is_some())
        });
        let again = all.split_off(seen);
        assert_eq!(all, again);
        all
    }

    fn falls(first: &[&str], count: usize, is_sum: bool) -> (Vec<String>, usize, bool) {
        (
            first.iter().map(|it| (*it).to_owned()).collect(),
            count,
            is_sum,
        )
    }

    #[test]
    fn what_hangs_on_an_event_falls_with_it_however_indirectly() {
        let attack = "BLUE,'act':'attack'";
        let [of_first, of_second] = [caused_by("e1"), caused_by("e2")];
        let events = [attack, &of_first, &of_second, SAY, &of_first, &of_first];
        let none = falls(&[], 0, false);
        let second = falls(&["e3"], 1, true);
        assert_eq!(
            fallen(&events, 6),
            [
                falls(&["e2", "e3", "e5"], 4, true),
                second.clone(),
                none.clone(),
                none.clone(),
                none.clone(),
                none.clone()
            ]
        );
        // Of a viewpoint before the end, what comes later is none of it.
        assert_eq!(fallen(&events, 5)[0], falls(&["e2", "e3", "e5"], 3, true));
        assert_eq!(
            fallen(&events, 3),
            [falls(&["e2", "e3"], 2, true), second, none.clone()]
        );
        assert_eq!(fallen(&events, 2)[1], falls(&[], 0, true));
        assert_eq!(fallen(&events, 1), [falls(&[], 0, true)]);
        assert_eq!(fallen(&events[3..4], 1), [none]);
        let alone = each(&events, 6, |links, _, _, place| links.is_alone(place));
        assert_eq!(alone[..6], [false, false, true, true, true, true]);
    }

    #[test]
    fn what_changes_more_than_temperatures_takes_a_replay() {
        let measure = |act: &str| format!("BLUE,'act':'sanctions_{act}','measure':'m'");
        let [begun, eased, ended] = ["imposed", "eased", "lifted"].map(measure);
        let caused = format!("{begun},'caused_by':'e1'");
        let attack = "BLUE,'act':'attack'";
        let none = falls(&[], 0, false);
        assert_eq!(
            fallen(&[&begun, &eased, SAY, &ended], 4),
            [
                falls(&["e2", "e4"], 2, false),
                none.clone(),
                none.clone(),
                none.clone()
            ]
        );
        assert_eq!(
            fallen(&[attack, &caused, &ended], 3),
            [
                falls(&["e2", "e3"], 2, false),
                falls(&["e3"], 1, false),
                none.clone()
            ]
        );
        let changed = each(&[&begun, SAY, &ended], 3, |links, _, replays, place| {
            let without = replays.without(place);
            (links.is_alone(place), without.changes_measures)
        });
        assert_eq!(changed[..3], [(false, true), (true, false), (false, true)]);
        // Two causes: the call that it is an account of, and another.
        let both = "'source':['XBL','XRL'],'target':['XBL','XRL'],'act':'call'";
        let account = "BLUE,'act':'readout','of':'e1','caused_by':'e2'";
        let told = fallen(&[both, SAY, account], 3);
        assert_eq!(
            told,
            [
                falls(&["e3"], 1, false),
                falls(&["e3"], 1, false),
                none.clone()
            ]
        );
        let account = "BLUE,'act':'readout','of':'e1','caused_by':'e1'";
        let told = fallen(&[both, SAY, account], 3);
        assert_eq!(told[0], falls(&["e3"], 1, true));
    }

    #[test]
    fn an_event_reaches_a_dyad_by_what_hangs_on_it() {
        let abroad = "'source':['XGR'],'target':['XRL'],'act':'attack'";
        let of_first = caused_by("e1");
        let events = [abroad, abroad, &of_first];
        let records = records(&events);
        let course = Course::new(&records);
        let reaching = |dyad: &str| {
            let dyad = course.world().find_dyad(dyad.parse().unwrap()).unwrap();
            Links::of(&course).reaching(&course, dyad)
        };
        assert_eq!(reaching("XBL-XRL"), [true, false, true]);
        assert_eq!(reaching("XGR-XRL"), [true, true, false]);
    }

    #[test]
    fn what_was_illegal_stays_and_what_was_weighed_by_another_is_told() {
        let attack = "BLUE,'act':'attack'";
        let (later, of_first) = (caused_by("e9"), caused_by("e1"));
        assert_eq!(
            fallen(&[attack, &later, &of_first], 3),
            [
                falls(&["e3"], 1, true),
                falls(&[], 0, false),
                falls(&[], 0, false)
            ]
        );
        // Under a model that fades by steps no sum tells.
        let records = records(&[attack, &of_first]);
        let course = Course::new(&records);
        let dyad = course
            .world()
            .find_dyad("XBL-XRL".parse().unwrap())
            .unwrap();
        let viewpoint = course.right_after(1).unwrap();
        let sums = Preset::ALL.map(|preset| {
            let model = Model::new(preset);
            let ledger = Ledger::of_first(&course, 2, &model);
            let shares = ledger.shares(dyad, viewpoint.day);
            let replays = Replays::new(&course, &model, dyad, viewpoint);
            let falls = Falls::of(&Links::of(&course), &shares, &replays);
            let is_sum = falls.with(0, &course).is_some();
            assert_eq!(is_sum, model.reading() != Reading::Stepwise, "{preset:?}");
            is_sum
        });
        assert!(sums.contains(&true));
    }

    #[test]
    fn an_event_that_counts_otherwise_then_is_told_with_both_impacts() {
        let both = "'source':['XBL','XRL'],'target':['XBL','XRL']";
        let talks = |act: &str| format!("{both},'act':'meeting_{act}','meeting':'m'");
        let [proposed, planned] = ["proposed", "planned"].map(talks);
        let of_first = caused_by("e1");
        let all = records(&["BLUE,'act':'attack'", &proposed, &planned, SAY, &of_first]);
        // As it is, and without the first proposal, told anew.
        let impacts = |records: &[Record]| {
            let course = Course::new(records);
            let dyad = course
                .world()
                .find_dyad("XBL-XRL".parse().unwrap())
                .unwrap();
            let (model, day) = (Model::default(), "2030-01-05".parse().unwrap());
            let shares = Ledger::of_first(&course, records.len(), &model).shares(dyad, day);
            let pushes = shares.events.iter().map(|share| share.push.impact);
            pushes.collect::<Vec<_>>()
        };
        let rest = [&all[..1], &all[2..]].concat();
        let (is, then) = (impacts(&all), impacts(&rest));
        assert_ne!(is[2], then[1]);
        let course = Course::new(&all);
        let dyad = course
            .world()
            .find_dyad("XBL-XRL".parse().unwrap())
            .unwrap();
        let (model, viewpoint) = (Model::default(), course.right_after(4).unwrap());
        let mut replays = Replays::new(&course, &model, dyad, viewpoint);
        let without = replays.without(1);
        assert_eq!(without.reweighed, [("e3".to_owned(), is[2], then[1])]);
        assert_eq!(
            (without.fallen, without.joined),
            (Ids::default(), Ids::default())
        );
        assert!(!without.changes_measures);
        // What falls is not told as weighed otherwise, and nothing else is touched.
        let without = replays.without(0);
        assert_eq!(without.fallen, ["e5"].into_iter().collect());
        assert_eq!(without.reweighed, []);
    }

    #[test]
    fn of_very_many_ids_the_first_are_named() {
        for count in 0..6 {
            let ids: Ids = (0..count).map(|it| it.to_string()).collect();
            let named: Vec<_> = (0..count.min(3)).map(|it| it.to_string()).collect();
            assert_eq!((ids.first, ids.count), (named, count));
        }
    }
}
