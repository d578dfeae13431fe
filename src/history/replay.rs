//! Replay: the timeline folded through the state machine, with or without a trace.

use super::blocks::{Block, threads_of_use};
use super::compile::compile;
use super::log::{
    Glance, Late, Lines, Next, Place, Scope, Source, Survey, io_fault, last_chain, survey_records,
};
use super::timeline::{Coming, Order};
use crate::error::{BadLog, Error, Fault, Result};
use crate::history::line::chain::Chain;
use crate::history::line::codec::Scanner;
use crate::history::line::quick::Depth;
use crate::history::line::record::Record;
use crate::model::{
    Change, Day, DyadIx, Model, Observer, Passage, Phase, Relation, State, Step, World, evolve,
};
use crate::threads::{Pieces, in_order};
use std::io::BufRead;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

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

/// To the end of a day, or to the last event where none is given.
impl From<Option<Day>> for Until {
    fn from(last: Option<Day>) -> Self {
        last.map_or(Self::End, Self::Day)
    }
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
        Self::on(folded, model)
    }

    /// A fold that goes on where another one stopped.
    #[must_use]
    pub(super) fn on(folded: Folded, model: &'m Model) -> Self {
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
    each: Option<&mut Teller<'_>>,
) -> Result<Folded> {
    let begin = Begin::at_start(survey, model);
    replay_on(source, begin, survey, until, (each, None))
}

/// Where a replay begins.
#[derive(Debug)]
pub(super) struct Begin<'m> {
    pub(super) place: Place,
    /// What is to come from there on.
    pub(super) order: Order,
    /// The fold of all that comes before it.
    pub(super) fold: Fold<'m>,
    /// Whether the lines behind it were verified; else they are now, by their chains.
    pub(super) is_verified: bool,
}

impl<'m> Begin<'m> {
    /// With the first line of a log that was surveyed.
    pub(super) fn at_start(survey: &Survey, model: &'m Model) -> Self {
        Self {
            place: Place::START,
            order: Order::of(survey),
            fold: Fold::new(model),
            is_verified: true,
        }
    }
}

/// What a replay meets on its way.
pub(super) enum Met<'a> {
    /// A place between two lines, with all folded that comes before the next.
    Place(Place, &'a Folded),
    /// A late event, which is folded now.
    Late(&'a Late),
    /// Any event right before it is folded, with all folded that comes before it.
    Event(&'a Record, &'a Folded),
}

/// Is told what a replay meets, and may end it with an error.
pub(super) type Companion<'a> = dyn FnMut(Met<'_>) -> Result<()> + 'a;

/// As [`replay`], from a place on, with somebody who is told every event or what the replay meets.
pub(super) fn replay_on<'t>(
    source: &(impl Source + ?Sized),
    begin: Begin<'_>,
    survey: &Survey,
    until: Until,
    (each, companion): (Option<&mut Teller<'t>>, Option<&mut Companion<'t>>),
) -> Result<Folded> {
    let Begin {
        place,
        order,
        fold,
        is_verified,
    } = begin;
    let input = source.open_at(place.offset);
    let input = input.map_err(|error| io_fault("open", error))?;
    let depth = match each {
        Some(_) => Depth::Whole,
        None => Depth::Needed,
    };
    let mut replaying = Replaying {
        lines: Lines::behind(input, &place),
        read: place.chain,
        known: survey.known,
        depth,
        order,
        until,
        fold,
        each,
        companion,
        is_over: false,
    };
    let threads = threads_of_use(survey.threads);
    in_order(threads, &mut replaying, |piece| piece.read(is_verified))?;
    while !replaying.is_over
        && let Some(late) = replaying.order.late_before(None)
    {
        replaying.apply_late(late)?;
    }
    if !replaying.is_over {
        let (lines, offset) = (replaying.lines.number(), replaying.lines.bytes());
        replaying.meet_place(lines, offset, replaying.read)?;
    }
    Ok(replaying.fold.finish(match until {
        Until::Day(last) => Some(last),
        Until::End | Until::Seq(_) => None,
    }))
}

/// Surveys a log and folds its timeline to the end, or to that of a day.
///
/// As long as every event comes in its place and nothing is retracted the log is read once, and
/// folded while it is surveyed; else it is read again. `each` sees every line that counts. What is
/// folded is handed out only once all of the log is verified.
///
/// # Errors
/// As [`survey`](super::log::survey), then as [`replay`].
pub fn survey_and_replay(
    source: &(impl Source + ?Sized),
    scope: Scope,
    last: Option<Day>,
    model: &Model,
    mut each: impl FnMut(&Glance<'_>, &[u8]),
) -> Result<(Survey, Folded)> {
    let is_in_order = AtomicBool::new(true);
    let (mut fold, mut newest) = (Fold::new(model), Day::FIRST);
    let survey = survey_records(source, scope, &is_in_order, |glance, line, record| {
        each(glance, line);
        if !is_in_order.load(Relaxed) {
            return;
        }
        match record {
            _ if glance.retracts.is_some() => is_in_order.store(false, Relaxed),
            _ if glance.act.is_about_the_log() => {}
            Some(record) if record.date() >= newest => {
                newest = record.date();
                if last.is_none_or(|last| newest <= last) {
                    fold.apply(record);
                }
            }
            // A late one, or one that is read the ordinary way.
            _ => is_in_order.store(false, Relaxed),
        }
    })?;
    let folded = if is_in_order.into_inner() {
        fold.finish(last)
    } else {
        replay(source, &survey, last.into(), model, None)?
    };
    Ok((survey, folded))
}

/// A block of lines, and the records on them.
struct Piece {
    block: Block,
    scanner: Scanner,
    records: Vec<Result<Record, Vec<Fault>>>,
    /// The chain before the first line.
    before: Chain,
    /// Whether no line has another chain than it must have.
    is_chained: bool,
}

impl Piece {
    fn read(&mut self, is_verified: bool) {
        let Self {
            block,
            scanner,
            records,
            before,
            is_chained,
        } = self;
        for (number, line) in block.lines() {
            records.push(scanner.read(line, number));
        }
        if !is_verified {
            let (lines, mut chains) = (block.lines().map(|(_, line)| line), Vec::new());
            Chain::of_lines(lines, *before, &mut chains);
            let is_right = |chains: &Option<[Chain; 2]>| {
                chains.is_some_and(|[found, expected]| found == expected)
            };
            *is_chained = chains.iter().all(is_right);
        }
    }
}

/// A replay under way.
struct Replaying<'a, 't, R> {
    lines: Lines<R>,
    /// The chain of the last line that was read.
    read: Chain,
    known: u64,
    depth: Depth,
    order: Order,
    until: Until,
    fold: Fold<'a>,
    each: Option<&'a mut Teller<'t>>,
    companion: Option<&'a mut Companion<'t>>,
    is_over: bool,
}

impl<R> Replaying<'_, '_, R> {
    /// Applies the next event of the timeline, unless it lies beyond the end.
    fn apply(&mut self, record: &Record) -> Result<()> {
        if matches!(self.until, Until::Day(last) if record.date() > last) {
            self.is_over = true;
            return Ok(());
        }
        if let Some(companion) = &mut self.companion {
            companion(Met::Event(record, self.fold.folded()))?;
        }
        match &mut self.each {
            None => self.fold.apply(record),
            Some(each) => each(&self.fold.tell(record))?,
        }
        self.is_over = matches!(self.until, Until::Seq(seq) if record.seq() == Some(seq));
        Ok(())
    }

    /// The same of a late one.
    fn apply_late(&mut self, coming: Coming) -> Result<()> {
        if let (Some(companion), Coming::Late(late)) = (&mut self.companion, &coming) {
            companion(Met::Late(late))?;
        }
        self.apply(&coming.read()?)
    }

    /// Tells of a place behind so many lines and bytes and the last chain of them.
    fn meet_place(&mut self, lines: u64, offset: u64, chain: Chain) -> Result<()> {
        let Some(companion) = &mut self.companion else {
            return Ok(());
        };
        let place = Place {
            offset,
            lines,
            chain,
            newest: self.order.newest(),
        };
        companion(Met::Place(place, self.fold.folded()))
    }
}

impl<R: BufRead> Pieces<Piece, Error> for Replaying<'_, '_, R> {
    fn next(&mut self, memory: Option<Piece>) -> Result<Option<Piece>> {
        if self.lines.number() >= self.known {
            return Ok(None);
        }
        let mut piece = memory.unwrap_or_else(|| Piece {
            block: Block::default(),
            scanner: Scanner::new(self.depth),
            records: Vec::new(),
            before: Chain::START,
            is_chained: true,
        });
        piece
            .block
            .begin(self.lines.number() + 1, self.lines.bytes());
        piece.before = self.read;
        while self.lines.number() < self.known && !piece.block.is_full() {
            let left = self.known - self.lines.number();
            let moved = self.lines.move_to(&mut piece.block, left);
            if moved.map_err(|error| io_fault("read", error))? {
                continue;
            }
            match self.lines.advance() {
                Ok(Next::Line(line)) => piece.block.push(line),
                Ok(_) => return Err(BadLog::ChangedWhileRead.into()),
                Err(error) => return Err(io_fault("read", error)),
            }
        }
        self.read = last_chain(&piece.block).unwrap_or(self.read);
        Ok(Some(piece))
    }

    fn take(&mut self, piece: &mut Piece) -> Result<bool> {
        if !piece.is_chained {
            return Err(BadLog::ChangedWhileRead.into());
        }
        let (first, offset) = piece.block.begins();
        self.meet_place(first - 1, offset, piece.before)?;
        for record in piece.records.drain(..) {
            let record = record.map_err(|faults| Error::of(faults, 1))?;
            if self.order.counts(&record) {
                while !self.is_over
                    && let Some(late) = self.order.late_before(Some(record.date()))
                {
                    self.apply_late(late)?;
                }
                if !self.is_over {
                    self.apply(&record)?;
                }
                if self.is_over {
                    return Ok(false);
                }
            }
            piece.scanner.reuse(record);
        }
        Ok(true)
    }
}

/// Collects the transitions of one event.
#[derive(Debug, Default)]
pub struct Trace {
    transitions: Vec<Transition>,
    /// What changed in a dyad, to be given to its transition.
    changes: Vec<Change>,
}

impl Observer for Trace {
    fn stepped(&mut self, step: Step) {
        let mut known = self.transitions.iter();
        if !known.any(|transition| transition.step.dyad == step.dyad) {
            self.transitions.push(Transition {
                step,
                phase_before: None,
                phase_after: None,
                changes: Vec::new(),
            });
        }
    }

    fn changed(&mut self, change: Change) {
        self.changes.push(change);
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

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::history::line::draft::Draft;
    use crate::history::line::form::check;
    use crate::history::log::survey;
    use crate::history::timeline::timeline;
    use crate::history::{Chain, Writer};
    use crate::model::Act;
    use std::cell::Cell;
    use std::io;
    use std::sync::LazyLock;

    /// A log of several blocks, with events that come late and some that are retracted.
    pub(in crate::history) static LOG: LazyLock<Vec<u8>> = LazyLock::new(log);

    fn log() -> Vec<u8> {
        let (mut writer, mut log) = (Writer::after(Chain::START), Vec::new());
        let actors = ["CHN", "DEU", "FRA", "RUS", "USA"];
        for seq in 1..=2_000_u64 {
            let actor = |place: u64| vec![actors[(place % 5) as usize].parse().unwrap()];
            let today = Day::EPOCH.plus_days(seq as i32 / 7).unwrap();
            let late = if seq.is_multiple_of(97) { 30 } else { 0 };
            let draft = if seq.is_multiple_of(501) {
                Draft {
                    act: Some(Act::Retraction),
                    retracts: Some(format!("event-{}", seq - 101)),
                    ..Draft::default()
                }
            } else {
                Draft {
                    source: actor(seq),
                    target: actor(seq * seq + seq + 1),
                    act: Some(Act::Coded),
                    code: ["036", "112", "173"][(seq % 3) as usize].parse().ok(),
                    title: Some("As long as such a line is. ".repeat(18)),
                    ..Draft::default()
                }
            };
            let draft = Draft {
                id: Some(format!("event-{seq}")),
                date: today.plus_days(-late),
                ..draft
            };
            let Ok(record) = check(draft) else { continue };
            let seq = writer_seq(&log);
            writer.write(&record.placed(seq, today), &mut log).unwrap();
        }
        log
    }

    fn writer_seq(log: &[u8]) -> u64 {
        memchr::memchr_iter(b'\n', log).count() as u64 + 1
    }

    /// All that is found and told on so many threads.
    fn told(log: &[u8], until: Until, threads: usize) -> String {
        let scope = Scope {
            threads,
            ..Scope::default()
        };
        let survey = match survey(log, scope, |_, _| {}) {
            Ok(survey) => survey,
            Err(error) => return error.to_string(),
        };
        let mut told = Vec::new();
        let mut tell = |event: &Told<'_>| {
            told.push(format!("{:?}: {:?}", event.record, event.transitions));
            Ok(())
        };
        let traced = replay(log, &survey, until, &Model::default(), Some(&mut tell)).unwrap();
        let plain = replay(log, &survey, until, &Model::default(), None).unwrap();
        assert_eq!(traced.state, plain.state);
        assert_eq!((traced.events, traced.day), (plain.events, plain.day));
        let last = match until {
            Until::End => Some(None),
            Until::Day(last) => Some(Some(last)),
            Until::Seq(_) => None,
        };
        if let Some(last) = last {
            let (mut lines, model) = (0, Model::default());
            let together = survey_and_replay(log, scope, last, &model, |_, _| lines += 1);
            let (surveyed, folded) = together.unwrap();
            assert_eq!((lines, surveyed.head), (survey.events, survey.head));
            assert_eq!(folded.state, plain.state);
            assert_eq!((folded.events, folded.day), (plain.events, plain.day));
        }
        let head = survey.head;
        format!("{head} {} {:?} {told:?}", survey.events, plain.state)
    }

    #[test]
    fn a_log_is_folded_while_it_is_surveyed_only_as_long_as_it_is_in_order() {
        // The first event that comes late stands near the 97th line.
        let lines: Vec<_> = LOG.split_inclusive(|byte| *byte == b'\n').collect();
        let day = Day::EPOCH.plus_days(10).unwrap();
        for count in [1, 50, 90, 96, 97, 98, 99, 400, 401, 501, 502, lines.len()] {
            let log = lines[..count].concat();
            for until in [Until::End, Until::Day(day), Until::Day(Day::FIRST)] {
                let alone = told(&log, until, 1);
                assert!(told(&log, until, 3) == alone, "{count} {until:?}");
            }
        }
        let mut broken = lines[..90].concat();
        broken[20_000] ^= 1;
        let told = survey(&broken[..], Scope::default(), |_, _| {}).unwrap_err();
        let (scope, model) = (Scope::default(), Model::default());
        let together = survey_and_replay(&broken[..], scope, None, &model, |_, _| {});
        assert_eq!(together.unwrap_err().to_string(), told.to_string());
    }

    #[test]
    fn any_number_of_threads_finds_and_tells_the_same() {
        let log = &*LOG;
        assert!(log.len() > 3 << 18, "{}", log.len());
        let mut broken = log.clone();
        for place in [1_000, 300_000, 300_400, 700_000] {
            broken[place] ^= 1;
        }
        let torn = &log[..log.len() - 20];
        let day = Until::Day(Day::EPOCH.plus_days(200).unwrap());
        for (log, until) in [
            (&log[..], Until::End),
            (log, day),
            (log, Until::Seq(1_000)),
            (&broken, Until::End),
            (torn, Until::End),
        ] {
            let alone = told(log, until, 1);
            for threads in [2, 3, 7] {
                assert!(told(log, until, threads) == alone, "{threads} {until:?}");
            }
        }
    }

    /// Every small log: the days of its events, and which of them a last line retracts.
    fn small_logs() -> impl Iterator<Item = (Vec<i32>, Option<usize>)> {
        const EVENTS: u32 = 4;
        let days = |number: i32| (0..EVENTS).map(move |place| number / 3_i32.pow(place) % 3);
        (0..3_i32.pow(EVENTS)).flat_map(move |number| {
            let retracted = [None].into_iter().chain((0..EVENTS as usize).map(Some));
            retracted.map(move |retracted| (days(number).collect(), retracted))
        })
    }

    fn written(days: &[i32], retracted: Option<usize>) -> Vec<u8> {
        let (mut writer, mut log) = (Writer::after(Chain::START), Vec::new());
        let on = |day: i32| Day::EPOCH.plus_days(day);
        let mut write = |seq: usize, draft: Draft| {
            let record = check(draft).unwrap();
            let record = record.placed(seq as u64 + 1, Day::EPOCH.plus_days(9).unwrap());
            writer.write(&record, &mut log).unwrap();
        };
        for (place, day) in days.iter().enumerate() {
            let event = Draft {
                id: Some(format!("event-{place}")),
                date: on(*day),
                source: vec!["USA".parse().unwrap()],
                target: vec!["RUS".parse().unwrap()],
                act: Some(Act::Statement),
                ..Draft::default()
            };
            write(place, event);
        }
        if let Some(place) = retracted {
            let retraction = Draft {
                id: Some("taken-back".to_owned()),
                date: on(9),
                act: Some(Act::Retraction),
                retracts: Some(format!("event-{place}")),
                ..Draft::default()
            };
            write(days.len(), retraction);
        }
        log
    }

    #[test]
    fn of_every_small_log_what_counts_comes_by_date_and_then_as_it_was_appended() {
        let model = Model::default();
        for (days, retracted) in small_logs() {
            let log = written(&days, retracted);
            let mut expected: Vec<_> = (0..days.len()).collect();
            expected.retain(|place| Some(*place) != retracted);
            expected.sort_by_key(|place| days[*place]);
            let survey = survey(&log[..], Scope::default(), |_, _| {}).unwrap();
            assert_eq!(
                survey.events as usize,
                memchr::memchr_iter(b'\n', &log).count()
            );
            assert_eq!(survey.bytes as usize, log.len());
            let records = timeline(&log[..], &survey).unwrap();
            let ids: Vec<_> = records.iter().map(Record::id).collect();
            let expected_ids: Vec<_> = expected.iter().map(|it| format!("event-{it}")).collect();
            assert_eq!(ids, expected_ids, "{days:?} {retracted:?}");
            // Until each day as many of them as happened by then, and what they come to.
            for until in -1..4 {
                let day = Day::EPOCH.plus_days(until).unwrap();
                let happened = expected.iter().filter(|place| days[**place] <= until);
                let folded = replay(&log[..], &survey, Until::Day(day), &model, None).unwrap();
                let context = format!("{days:?} {retracted:?} until {until}");
                assert_eq!(folded.events as usize, happened.count(), "{context}");
                let mut fold = Fold::new(&model);
                for record in records.iter().filter(|record| record.date() <= day) {
                    fold.apply(record);
                }
                assert_eq!(folded.state, fold.folded().state, "{context}");
            }
            let all = replay(&log[..], &survey, Until::End, &model, None).unwrap();
            let together = survey_and_replay(&log[..], Scope::default(), None, &model, |_, _| {});
            let (_, together) = together.unwrap();
            assert_eq!(together.state, all.state, "{days:?} {retracted:?}");
            assert_eq!(together.events, all.events, "{days:?} {retracted:?}");
            assert_eq!(
                all.events as usize,
                expected.len(),
                "{days:?} {retracted:?}"
            );
            for (before, place) in expected.iter().enumerate() {
                let until = Until::Seq(*place as u64 + 1);
                let folded = replay(&log[..], &survey, until, &model, None).unwrap();
                assert_eq!(
                    folded.events as usize,
                    before + 1,
                    "{days:?} {retracted:?} {place}"
                );
            }
        }
    }

    #[test]
    fn what_describes_a_log_is_no_event_of_its_timeline() {
        use crate::history::log::tests::{called, chained};
        let titled = r#"{"seq":2,"id":"e2","date":"2031-01-03","recorded":"2031-02-01","act":"describes","title":"One""#;
        let log = chained(&[called(1, 3, ""), titled.to_owned(), called(3, 4, "")]);
        let opened = Cell::new(0);
        let log = Counted { log, opened };
        let (scope, model) = (Scope::default(), Model::default());
        let (survey, folded) = survey_and_replay(&log, scope, None, &model, |_, _| {}).unwrap();
        assert_eq!(log.opened.get(), 1);
        let replayed = replay(&log, &survey, Until::End, &model, None).unwrap();
        let last: Day = "2031-01-04".parse().unwrap();
        assert_eq!((folded.events, folded.day), (2, Some(last)));
        assert_eq!((replayed.events, replayed.day), (2, Some(last)));
        assert_eq!(folded.state, replayed.state);
    }

    #[test]
    fn what_was_recorded_later_than_it_is_asked_for_does_not_count() {
        let log = &*LOG;
        let known_on = Day::EPOCH.plus_days(200);
        let scope = Scope {
            known_on,
            ..Scope::default()
        };
        let known = survey(&log[..], scope, |_, _| {}).unwrap();
        let lines = log.split_inclusive(|byte| *byte == b'\n');
        let before = lines
            .take(known.known as usize)
            .collect::<Vec<_>>()
            .concat();
        // It is within a block that is not the first.
        assert!(before.len() > 1 << 18 && (500..known.events - 100).contains(&known.known));
        let alone = survey(&before[..], Scope::default(), |_, _| {}).unwrap();
        let model = Model::default();
        let folded = replay(&log[..], &known, Until::End, &model, None).unwrap();
        let expected = replay(&before[..], &alone, Until::End, &model, None).unwrap();
        assert_eq!((folded.events, folded.day), (expected.events, expected.day));
        assert_eq!(folded.state, expected.state);
    }

    /// A log that counts how often it is opened.
    struct Counted {
        log: Vec<u8>,
        opened: Cell<u32>,
    }

    impl Source for Counted {
        type Reader<'a> = &'a [u8];

        fn open(&self) -> io::Result<&[u8]> {
            self.opened.set(self.opened.get() + 1);
            Ok(&self.log)
        }
    }

    #[test]
    fn a_log_is_read_once_where_every_event_comes_in_its_place_and_counts() {
        for (days, retracted, times) in [
            (&[0, 1, 1, 2][..], None, 1),
            (&[1, 0], None, 2),
            (&[0, 1], Some(0), 2),
        ] {
            let log = written(days, retracted);
            let opened = Cell::new(0);
            let log = Counted { log, opened };
            let (scope, model) = (Scope::default(), Model::default());
            survey_and_replay(&log, scope, None, &model, |_, _| {}).unwrap();
            assert_eq!(log.opened.get(), times, "{days:?} {retracted:?}");
        }
    }
}
