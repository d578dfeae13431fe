//! Watching: what a run tells of itself while it is played, event by event.

use crate::error::Result;
use crate::history::Record;
use crate::model::{Day, DyadIx, EventIx, Model, Observer, Refusal, Rejection, State, World};
use crate::scenario::check::Scenario;
use crate::scenario::file::entry::{Entries, Entry};
use crate::scenario::file::hazards::RuleIx;
use std::borrow::Cow;

/// Where a run stands.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// The names.
    pub world: &'a World,
    /// The state.
    pub state: &'a State,
    /// The model of this run.
    pub model: &'a Model,
    /// The day of the last event.
    pub day: Option<Day>,
}

/// An event of a run, or one that could have been.
#[derive(Clone, Copy, Debug)]
pub struct Happening<'a> {
    /// Where it comes from.
    pub by: By<'a>,
    /// Its day.
    pub day: Day,
    /// Why it does not happen, if it does not.
    pub missed: Option<&'a Missed>,
    /// What a rule causes, though it may stand on another day.
    pub(super) made: Option<&'a Record>,
    /// Its place among all that came up in any run.
    pub(in crate::scenario) place: PartIx,
    pub(super) world: &'a World,
    /// The scenarios of the lineage behind whose fork it lies, a bit each.
    pub(in crate::scenario) forks: u64,
    /// The questions with a deadline whose answer it can change.
    pub(in crate::scenario) touched: &'a [usize],
}

impl Happening<'_> {
    /// The event.
    #[must_use]
    pub fn record(&self) -> Cow<'_, Record> {
        let template = self.template();
        if template.date() == self.day {
            Cow::Borrowed(template)
        } else {
            Cow::Owned(template.clone().on(self.day))
        }
    }

    /// The event's id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.template().id()
    }

    /// The event, though what a rule causes may stand on another day.
    fn template(&self) -> &Record {
        match (self.made, self.by) {
            (Some(made), _) => made,
            (None, By::Entry(place)) => place.entry().record,
            (None, By::Rule(_)) => {
                unreachable!("a rule caused something that is not there; please report this")
            }
        }
    }

    /// The id of an event that this one hangs on.
    #[must_use]
    pub fn id_of(&self, event: EventIx) -> &str {
        self.world.id(event)
    }

    /// Why it is illegal, in words.
    #[must_use]
    pub fn refusal(&self, rejection: Rejection) -> Refusal {
        rejection.tell(self.world)
    }

    /// Whether it lies before the fork of a scenario.
    #[must_use]
    pub fn is_shared(&self, scenario: &Scenario) -> bool {
        self.forks & scenario.own_fork() == 0
    }
}

/// The place of an event among all that came up in any run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::scenario) struct PartIx(pub(super) usize);

impl From<PartIx> for usize {
    fn from(part: PartIx) -> Self {
        part.0
    }
}

/// Where an event of a run comes from.
#[derive(Clone, Copy, Debug)]
pub enum By<'a> {
    /// It stands in the scenario or its base.
    Entry(EntryAt<'a>),
    /// A rule of the scenario or its base caused it.
    Rule(RuleIx),
}

/// The place of an event among those of a scenario.
#[derive(Clone, Copy, Debug)]
pub struct EntryAt<'a> {
    pub(super) entries: &'a Entries,
    pub(super) place: usize,
}

impl<'a> EntryAt<'a> {
    /// The event as it stands there.
    #[must_use]
    pub fn entry(self) -> Entry<'a> {
        let Some(entry) = self.entries.get(self.place) else {
            unreachable!("an event is played that is not there; please report this")
        };
        entry
    }
}

/// Why an event does not happen in a run.
#[derive(Clone, Copy, Debug)]
pub enum Missed {
    /// The scenario drops it.
    Dropped,
    /// Another option of its chance node came to pass.
    OtherOption,
    /// What its time hangs on does not happen.
    Without(EventIx),
    /// It is illegal where it stands.
    Illegal(Rejection),
}

/// Whoever watches a run: a story, or an ensemble's counts.
pub trait Watcher: Observer {
    /// Whether it is to be told of the next event if that is an entry which happens: otherwise only
    /// of what rules cause and of what does not happen.
    fn looks_on(&self) -> bool {
        true
    }

    /// Nothing happened since the moment's day, and the next event is on `day`. It touches some
    /// questions: it can change their answers.
    fn waited(&mut self, moment: &Moment<'_>, day: Day, behind_fork: bool, touched: &[usize]);

    /// What some dyads are is about to be asked: the state catches up with what was kept of them.
    fn catch_up(&mut self, state: &mut State, dyads: &[DyadIx], model: &Model) {
        let _ = (state, dyads, model);
    }

    /// An event happened, or did not.
    ///
    /// # Errors
    /// What ends the run.
    fn passed(&mut self, happening: &Happening<'_>, moment: &Moment<'_>) -> Result<()>;
}

/// Watches nothing.
pub(super) struct Nobody;

impl Observer for Nobody {
    const IS_TOLD: bool = false;
}

impl Watcher for Nobody {
    fn waited(&mut self, _: &Moment<'_>, _: Day, _: bool, _: &[usize]) {}

    fn passed(&mut self, _: &Happening<'_>, _: &Moment<'_>) -> Result<()> {
        Ok(())
    }
}
