//! Replay: the timeline folded through the state machine, with or without a trace.

use super::compile::compile;
use super::log::{Source, Survey, io_fault};
use super::timeline::Timeline;
use crate::error::Result;
use crate::history::line::record::Record;
use crate::model::{
    Change, Day, DyadIx, Model, Observer, Passage, Phase, Relation, State, Step, World, evolve,
};

/// How far to replay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Until {
    /// To the last event.
    #[default]
    End,
    /// To the end of a day.
    Day(Day),
    /// To the event of that number in the log, which must be one that counts.
    Seq(u64),
}

/// What one event did to one dyad.
#[derive(Clone, Debug, PartialEq)]
pub struct Transition {
    /// The step its temperature took.
    pub step: Step,
    /// The phase before waiting; `None` in a model without bounds.
    pub phase_before: Option<Phase>,
    /// The phase after the event.
    pub phase_after: Option<Phase>,
    /// What else changed, in the order in which it did.
    pub changes: Vec<Change>,
}

/// One event of a replay, right after it was applied.
#[derive(Debug)]
pub struct Told<'a> {
    /// The event.
    pub record: &'a Record,
    /// What it did, dyad by dyad.
    pub transitions: &'a [Transition],
    /// The names.
    pub world: &'a World,
    /// The state right after it.
    pub state: &'a State,
}

/// Is told every event of a replay, and may end it with an error.
pub type Teller<'a> = dyn FnMut(&Told<'_>) -> Result<()> + 'a;

/// What is left of a history.
#[derive(Clone, Debug)]
pub struct Folded {
    /// The names.
    pub world: World,
    /// The state, valid for the last event of each dyad.
    pub state: State,
    /// The day to read it on; `None` if nothing happened.
    pub day: Option<Day>,
    /// How many events were applied.
    pub events: u64,
}

impl Folded {
    /// How a dyad stands on the day of the fold, waiting included, with the borders it passed while
    /// waiting.
    #[must_use]
    pub fn relation(&self, dyad: DyadIx, model: &Model) -> (Relation, Vec<Passage>) {
        let mut passages = Vec::new();
        let relation = match self.day {
            Some(day) => self
                .state
                .relation_on(dyad, day, model, |passage| passages.push(passage)),
            None => *self.state.relation(dyad),
        };
        (relation, passages)
    }
}

/// A fold under way: records go in one by one.
#[derive(Debug)]
pub struct Fold<'m> {
    model: &'m Model,
    folded: Folded,
    trace: Trace,
}

impl<'m> Fold<'m> {
    /// A fold of nothing yet.
    #[must_use]
    pub fn new(model: &'m Model) -> Self {
        let folded = Folded {
            world: World::without_ids(),
            state: State::default(),
            day: None,
            events: 0,
        };
        Self {
            model,
            folded,
            trace: Trace::default(),
        }
    }

    /// Applies a record without watching what it does.
    pub fn apply(&mut self, record: &Record) {
        self.watch(record, &mut ());
    }

    /// Applies a record while an observer is told what it does.
    pub fn watch(&mut self, record: &Record, observer: &mut impl Observer) {
        let Folded { world, state, .. } = &mut self.folded;
        let event = compile(record, world);
        evolve(state, world, &event, record.date(), self.model, observer);
        self.count(record);
    }

    /// Applies a record and tells what it did.
    pub fn tell<'a>(&'a mut self, record: &'a Record) -> Told<'a> {
        let mut trace = std::mem::take(&mut self.trace);
        trace.begin();
        self.watch(record, &mut trace);
        self.trace = trace;
        self.trace
            .told(record, &self.folded.world, &self.folded.state)
    }

    fn count(&mut self, record: &Record) {
        self.folded.events += 1;
        self.folded.day = Some(record.date());
    }

    /// What is left so far.
    #[must_use]
    pub const fn folded(&self) -> &Folded {
        &self.folded
    }

    /// What is left, to be read on a day, or on that of the last record.
    #[must_use]
    pub fn finish(mut self, day: Option<Day>) -> Folded {
        self.folded.day = day.or(self.folded.day);
        self.folded
    }
}

/// Folds the timeline of a log that was surveyed.
///
/// What has been admitted is not decided again: the survey has verified that the log is what was
/// admitted. With `each`, every event is told with its transitions; without, memory grows only with
/// late and retracted events and with what is between actors.
///
/// # Errors
/// A line that cannot be read, or what `each` says.
pub fn replay(
    source: &(impl Source + ?Sized),
    survey: &Survey,
    until: Until,
    model: &Model,
    mut each: Option<&mut Teller<'_>>,
) -> Result<Folded> {
    let input = source.open().map_err(|error| io_fault("open", error))?;
    let mut timeline = Timeline::new(input, survey);
    if each.is_none() {
        timeline = timeline.of_what_is_needed();
    }
    let mut fold = Fold::new(model);
    while let Some(record) = timeline.advance()? {
        if matches!(until, Until::Day(last) if record.date() > last) {
            break;
        }
        match &mut each {
            None => fold.apply(&record),
            Some(each) => each(&fold.tell(&record))?,
        }
        if matches!(until, Until::Seq(seq) if record.seq() == Some(seq)) {
            break;
        }
        timeline.reuse(record);
    }
    Ok(fold.finish(match until {
        Until::Day(last) => Some(last),
        Until::End | Until::Seq(_) => None,
    }))
}

/// Collects the transitions of one event.
#[derive(Debug, Default)]
pub struct Trace {
    transitions: Vec<Transition>,
    /// What changed before its dyad's step was told.
    early: Vec<Change>,
    /// What changed in a dyad, to be given to its transition.
    changes: Vec<Change>,
}

impl Observer for Trace {
    fn stepped(&mut self, step: Step) {
        let changes = std::mem::take(&mut self.early);
        let known = self
            .transitions
            .iter_mut()
            .find(|transition| transition.step.dyad == step.dyad);
        match known {
            Some(transition) => transition.changes.extend(changes),
            None => self.transitions.push(Transition {
                step,
                phase_before: None,
                phase_after: None,
                changes,
            }),
        }
    }

    fn changed(&mut self, change: Change) {
        match change {
            Change::Phase { .. } => self.early.push(change),
            _ => self.changes.push(change),
        }
    }
}

impl Trace {
    /// What the event did, dyad by dyad, in the world and the state right after it. The next event
    /// begins anew.
    pub fn told<'a>(
        &'a mut self,
        record: &'a Record,
        world: &'a World,
        state: &'a State,
    ) -> Told<'a> {
        self.finish(world, state);
        Told {
            record,
            transitions: &self.transitions,
            world,
            state,
        }
    }

    /// Forgets the event before.
    pub fn begin(&mut self) {
        self.transitions.clear();
    }

    /// Gives each change to the transition of its dyad, a meeting's to all of them.
    fn finish(&mut self, world: &World, state: &State) {
        for change in self.changes.drain(..) {
            let dyad = match change {
                Change::Phase { dyad, .. } | Change::Equilibrium { dyad, .. } => Some(dyad),
                Change::Measure { hold, .. } => Some(world.dyad_of_hold(hold)),
                Change::Agenda { topic, .. } | Change::Coverage { topic, .. } => {
                    Some(world.dyad_of_topic(topic))
                }
                Change::Meeting { .. } => None,
            };
            for transition in &mut self.transitions {
                if dyad.is_none_or(|dyad| dyad == transition.step.dyad) {
                    transition.changes.push(change);
                }
            }
        }
        for transition in &mut self.transitions {
            transition.phase_after = state.relation(transition.step.dyad).phase;
            let first = transition.changes.iter().find_map(|change| match change {
                Change::Phase { passage, .. } => Some(passage.from),
                _ => None,
            });
            transition.phase_before = first.or(transition.phase_after);
        }
    }
}
