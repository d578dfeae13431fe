//! Inquiries: what a temperature would be had an event, and all it caused, not happened.

use crate::error::Result;
use crate::history::{
    Course, Falls, Ids, Ledger, Links, Record, Replays, Shares, Viewpoint, Without,
};
use crate::model::{DyadIx, Model};
use crate::scenario::check::Scenario;
use crate::scenario::file::draws::Luck;
use crate::scenario::play::run::records_without;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What rounding may make of what a measure adds, in degrees.
const ROUNDING_DEGREES: f64 = 1e-9;

/// A history that is asked why a temperature is what it is, from one viewpoint and for one dyad.
///
/// The events of a log are decided again without the event. A run of a scenario is played again
/// without it: same luck, and its rules react to what happens then.
#[derive(Debug)]
pub struct Inquiry<'c> {
    course: &'c Course<'c>,
    model: &'c Model,
    dyad: DyadIx,
    viewpoint: Viewpoint,
    ledger: Ledger<'c>,
    shares: Shares,
    links: Links,
    run: Option<PlayedAgain<'c>>,
    replays: Option<(Replays<'c>, Falls)>,
}

/// A run of a scenario, to be played again.
#[derive(Debug)]
struct PlayedAgain<'c> {
    scenario: &'c Scenario,
    luck: Luck,
    /// The ids of events on which the time of another hangs.
    hung_on: HashSet<&'c str>,
    /// Whether what happens can depend on more than the events that happen: there are rules, or
    /// something is illegal.
    is_open: bool,
}

/// What leaving an event out changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// The temperature less the one without the event, in degrees.
    pub degrees: f64,
    /// What is different without it; nothing where nothing later depends on the event but by the
    /// temperature itself.
    pub without: Option<Without>,
}

impl<'c> Inquiry<'c> {
    /// An inquiry into the events of a log.
    #[must_use]
    pub fn new(
        course: &'c Course<'c>,
        model: &'c Model,
        dyad: DyadIx,
        viewpoint: Viewpoint,
    ) -> Self {
        let Viewpoint { events, day } = viewpoint;
        let (shares, ledger) = Ledger::shares_of_first(course, events, model, (dyad, day));
        Self {
            shares,
            links: Links::of(course),
            run: None,
            replays: None,
            course,
            model,
            dyad,
            viewpoint,
            ledger,
        }
    }

    /// An inquiry into a run of a scenario, whose records and model are those of
    /// [`crate::scenario::played`], as is whether it refused anything.
    #[must_use]
    pub fn of_run(
        (scenario, luck, has_refused): (&'c Scenario, Luck, bool),
        course: &'c Course<'c>,
        model: &'c Model,
        dyad: DyadIx,
        viewpoint: Viewpoint,
    ) -> Self {
        let entries = scenario.entries.iter();
        let after_entries = entries.filter_map(|entry| entry.after());
        let chances = scenario.hazards.chances.iter();
        let after_draws = chances.filter_map(|chance| chance.after.as_deref());
        let run = PlayedAgain {
            scenario,
            luck,
            hung_on: after_entries.chain(after_draws).collect(),
            is_open: has_refused || !scenario.hazards.rules.is_empty(),
        };
        Self {
            run: Some(run),
            ..Self::new(course, model, dyad, viewpoint)
        }
    }

    /// The events.
    #[must_use]
    pub const fn course(&self) -> &'c Course<'c> {
        self.course
    }

    /// The model.
    #[must_use]
    pub const fn model(&self) -> &'c Model {
        self.model
    }

    /// The dyad.
    #[must_use]
    pub const fn dyad(&self) -> DyadIx {
        self.dyad
    }

    /// From where one looks back.
    #[must_use]
    pub const fn viewpoint(&self) -> Viewpoint {
        self.viewpoint
    }

    /// The ledger of the events until the viewpoint.
    #[must_use]
    pub const fn ledger(&self) -> &Ledger<'c> {
        &self.ledger
    }

    /// What the temperature is made of.
    #[must_use]
    pub const fn shares(&self) -> &Shares {
        &self.shares
    }

    /// The temperature, in degrees.
    #[must_use]
    pub fn temperature(&self) -> f64 {
        self.ledger.temperature(self.dyad, self.viewpoint.day)
    }

    /// The places of events that do not touch the dyad, but led to one that does.
    #[must_use]
    pub fn indirect(&self) -> Vec<usize> {
        let reaching = self.links.reaching(self.course, self.dyad);
        let is_indirect = |place: &usize| reaching[*place] && self.shares.of(*place).is_none();
        (0..self.viewpoint.events).filter(is_indirect).collect()
    }

    /// Whether leaving an event out has a closed form: nothing that happens depends on it.
    #[must_use]
    pub fn is_alone(&self, place: usize) -> bool {
        let record = self.course.records().get(place);
        let is_free = |run: &PlayedAgain<'_>| {
            let is_hung_on = record.is_some_and(|record| run.hung_on.contains(record.id()));
            !run.is_open && !is_hung_on
        };
        self.links.is_alone(place) && self.run.as_ref().is_none_or(is_free)
    }

    /// What leaving out an event, by its place, changes.
    ///
    /// # Errors
    /// When rules cause more than they may without it.
    pub fn effect(&mut self, place: usize) -> Result<Effect> {
        if self.is_alone(place) {
            return Ok(Effect {
                degrees: self.shares.of(place).map_or(0.0, |share| share.carried),
                without: None,
            });
        }
        let without = match &self.run {
            Some(run) => self.played_without(run, place)?,
            None => self.decided_without(place),
        };
        Ok(Effect {
            degrees: self.temperature() - without.temperature,
            without: Some(without),
        })
    }

    /// The events of a log without one: in closed form where all that falls with it only adds to a
    /// sum, else decided again.
    fn decided_without(&mut self, place: usize) -> Without {
        let (replays, falls) = self.replays.get_or_insert_with(|| {
            let replays = Replays::new(self.course, self.model, self.dyad, self.viewpoint);
            let falls = Falls::of(&self.links, &self.shares, &replays);
            (replays, falls)
        });
        let Some((left, fallen)) = falls.with(place, self.course) else {
            return replays.without(place);
        };
        let (dyad, day) = (self.dyad, self.viewpoint.day);
        Without {
            temperature: self.ledger.temperature(dyad, day) - self.ledger.effect(dyad, day, left),
            fallen,
            ..Without::default()
        }
    }

    /// The run played again without an event, seen from the same viewpoint: right after an event,
    /// that is everything that happened until then, and on days before it also what did not.
    fn played_without(&self, run: &PlayedAgain<'_>, place: usize) -> Result<Without> {
        let records = self.course.records();
        let Some(left_out) = records.get(place) else {
            return Ok(Without::default());
        };
        let Viewpoint { events, day } = self.viewpoint;
        let is_whole_day = records.get(events).is_none_or(|next| next.date() > day);
        let (mut then, model) = records_without(run.scenario, run.luck, left_out.id())?;
        if is_whole_day {
            then.retain(|record| record.date() <= day);
        } else {
            let [shared, own] = alike(records, &then);
            let apart = &records[shared..records.len() - own];
            let places = (shared..).zip(apart).map(|(at, it)| (it.id(), at));
            let places: HashMap<&str, usize> = places.collect();
            let (all, mut at) = (then.len(), 0);
            then.retain(|record| {
                let place = match at {
                    at if at < shared => Some(at),
                    at if at + own >= all => Some(at + records.len() - all),
                    _ => places.get(record.id()).copied(),
                };
                at += 1;
                place.map_or(record.date() < day, |place| place < events)
            });
        }
        let course = Course::new(&then);
        let world = course.world();
        let dyad = self.course.world().dyad(self.dyad);
        let Some(index) = world.find_dyad(dyad) else {
            return Ok(Without {
                temperature: model.reading().of(model.baseline(dyad)),
                fallen: fallen(&records[..events], &then, left_out.id()),
                changes_measures: self.shares.measures.iter().any(|(_, it)| *it != 0.0),
                ..Without::default()
            });
        };
        let at = (index, day);
        let (shares, ledger) = Ledger::shares_of_first(&course, then.len(), &model, at);
        let mut impacts: HashMap<&str, f64> = HashMap::new();
        for share in &self.shares.events {
            impacts.extend(
                records
                    .get(share.push.event)
                    .map(|it| (it.id(), share.push.impact)),
            );
        }
        let reweighed = shares.events.iter().filter_map(|share| {
            let id = then.get(share.push.event)?.id();
            let as_it_is = impacts.get(id).copied()?;
            let then = share.push.impact;
            (as_it_is != then).then(|| (id.to_owned(), as_it_is, then))
        });
        let felt = |shares: &Shares, course: &Course<'_>| -> BTreeMap<String, f64> {
            let felt = shares.measures.iter();
            let felt = felt.filter(|(_, degrees)| *degrees != 0.0);
            let of_balance = |(measure, degrees): &(_, f64)| {
                let name = course.world().measure(*measure).to_owned();
                (name, degrees / shares.factor)
            };
            felt.map(of_balance).collect()
        };
        let (as_it_is, then_felt) = (felt(&self.shares, self.course), felt(&shares, &course));
        // Waits that are cut elsewhere round elsewhere.
        let is_as_it_is = as_it_is.len() == then_felt.len()
            && as_it_is
                .iter()
                .zip(&then_felt)
                .all(|(one, other)| one.0 == other.0 && (one.1 - other.1).abs() < ROUNDING_DEGREES);
        Ok(Without {
            temperature: ledger.temperature(index, day),
            fallen: fallen(&records[..events], &then, left_out.id()),
            joined: fallen(&then, &records[..events], left_out.id()),
            reweighed: reweighed.collect(),
            changes_measures: !is_as_it_is,
        })
    }
}

/// How many events two histories have alike, by their ids: of the first, and of the last behind
/// those.
fn alike(one: &[Record], other: &[Record]) -> [usize; 2] {
    let is_one = |(one, other): &(&Record, &Record)| one.id() == other.id();
    let first = one.iter().zip(other).take_while(is_one).count();
    let behind = one[first..].iter().rev().zip(other[first..].iter().rev());
    [first, behind.take_while(is_one).count()]
}

/// The ids of events that happen in the one and not in the other, but for one of them.
fn fallen(records: &[Record], then: &[Record], left_out: &str) -> Ids {
    // Nearly all are in both, and of very many their ids are much.
    let [first, last] = alike(records, then);
    let [records, then] = [records, then].map(|all| &all[first..all.len() - last]);
    let still: HashSet<&str> = then.iter().map(|record| record.id()).collect();
    let ids = records.iter().map(|record| record.id());
    ids.filter(|id| *id != left_out && !still.contains(id))
        .collect()
}
