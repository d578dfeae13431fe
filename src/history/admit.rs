//! Admission: what may be appended to a log. The whole timeline must be legal afterwards.

use super::compile::compile;
use super::described::misnamed;
use super::log::{Glance, Scope, Source, Survey, io_fault, survey};
use super::timeline::Timeline;
use crate::error::{
    BadEvent, BadLog, Changed, Error, Fault, Faults, Gathered, Kind, LineCount, Occasion, Place,
    Result, Retract,
};
use crate::history::line::codec::{FAULT_LIMIT, LINE_LIMIT, fits, read_line};
use crate::history::line::draft::Draft;
use crate::history::line::form::NAME_LIMIT;
use crate::history::line::record::Record;
use crate::history::line::written::Written;
use crate::history::sheet::again::{There, Wanted, changed, known_again};
use crate::history::sheet::corrected::{Corrected, Correction};
use crate::history::sheet::repeats::{FIELDS, is_made_of};
use crate::model::{Act, Day, Fact, Facts, Model, Refusal, State, World, decide, evolve, nearest};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

/// A log as an appender sees it: surveyed, with every id it has.
#[derive(Debug)]
pub struct Register {
    survey: Survey,
    lines: BTreeMap<Box<str>, Line>,
    /// Whether it has events whose ids were made for them.
    has_made_ids: bool,
    /// What is wrong with retractions and the ids they are about, for an audit.
    bad_retractions: Vec<(u64, String, BadRetraction)>,
}

/// What is wrong with a retraction, or with an id that one is about.
#[derive(Clone, Copy, Debug)]
enum BadRetraction {
    /// No event before it has that id.
    OfNothing,
    /// The event of that id is a retraction.
    OfRetraction,
    /// The event of that id was retracted before.
    Again,
    /// The id is that of an event on another line.
    IdTaken(u64),
}

/// The last day on which an event can be recorded, unless it happened later: the last of a calendar
/// stands for a day that is not known, and nothing could be recorded before it any more. (An
/// assumption.)
const LAST_RECORDED: Day = Day::LAST_OF_2999;

/// How many refused events are looked into of each rule, however many others were.
const LOOKED_INTO: usize = 10;

/// Where an id stands in a log.
#[derive(Clone, Debug)]
struct Line {
    seq: u64,
    date: Day,
    is_retraction: bool,
    /// Whether it is an event that counts, unless it is retracted.
    is_event: bool,
    /// Where it begins, and what it says, if it is of interest.
    kept: Option<(u64, Box<Record>)>,
}

impl Line {
    fn is_of(&self, record: &Record) -> bool {
        let there = self.kept.as_ref();
        there.is_some_and(|(_, there)| there.same_event(record))
    }

    /// What is wrong with another event that has its id, and the fields of a row that show it.
    fn refuses(&self, record: &Record, written: &Written<'_>) -> (BadLog, Vec<String>) {
        let (id, line) = (record.id().to_owned(), self.seq);
        let taken = || {
            let (id, line) = (id.clone(), Some(line));
            (BadLog::IdTaken { id, line }, Vec::new())
        };
        match &self.kept {
            Some((_, there)) => {
                let differs = changed(record, there);
                if written.brings_id() && !(1..=FIELDS).contains(&differs.len()) {
                    return taken();
                }
                let bad = Changed {
                    retract: Retract::alone(&id),
                    brings: written.brings_id().then(|| id.clone()),
                    id,
                    line,
                    differs: differs.clone(),
                    illegal: None,
                    log: None,
                };
                (BadLog::Changed(Box::new(bad)), differs)
            }
            None => taken(),
        }
    }
}

/// Where something is wrong with what is to be appended, or with a log.
enum At<'w> {
    Line(u64),
    Field(&'w Written<'w>, &'static str),
    Entry(&'w Written<'w>, &'static str, String),
    /// In a row of a table, in the first of some fields.
    Row(&'w Written<'w>, Vec<String>),
}

impl At<'_> {
    fn place(&self) -> Place {
        match self {
            Self::Line(line) => Place {
                line: Some(*line),
                ..Place::default()
            },
            Self::Field(written, field) => written.place(field),
            Self::Entry(written, field, key) => written.place_of(field, key),
            Self::Row(written, fields) => written.place_in_row(fields),
        }
    }

    fn line(&self, lines: &mut LineCount) -> Option<u64> {
        let (written, field) = match self {
            Self::Line(line) => return Some(*line),
            Self::Field(written, field) | Self::Entry(written, field, _) => (written, *field),
            Self::Row(written, _) => (written, "id"),
        };
        let (text, byte) = written.stands(field)?;
        Some(lines.of(text, byte))
    }
}

/// All that is wrong, as one error.
fn told(wrong: Gathered<At<'_>>) -> Result<()> {
    let mut lines = LineCount::START;
    let fault = |kind, at: At<'_>| Fault {
        place: at.place(),
        kind,
    };
    wrong.check(FAULT_LIMIT, fault, |at| at.line(&mut lines))
}

/// What is to be appended, each event with its place in the log.
#[derive(Debug, Default)]
pub struct Admitted {
    /// The events, in the order in which they are appended.
    pub records: Vec<Record>,
    /// The ids of those that the log had already; they are not appended again.
    pub already_there: Vec<String>,
}

/// The events of a log that count and are none of those that are appended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Others {
    /// How many they are.
    pub count: usize,
    /// The id and the line of each in the order of the log, if they are few.
    pub few: Vec<(String, u64)>,
}

/// Of how many others each is named.
const FEW: usize = 5;

/// The day of recording of events that bring none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// That day, whatever the log says.
    On(Day),
    /// That day, or that of the log's last event if it is later.
    NotBefore(Day),
}

/// An event that is illegal where it stands.
#[derive(Debug)]
struct Refused {
    seq: u64,
    id: String,
    date: Day,
    refusal: Refusal,
}

impl Register {
    /// The register of a log that does not exist yet.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            survey: Survey::default(),
            lines: BTreeMap::new(),
            has_made_ids: false,
            bad_retractions: Vec::new(),
        }
    }

    /// Surveys a log and takes note of its ids; the records of `of_interest` are kept.
    ///
    /// # Errors
    /// Everything that is wrong with the log.
    pub fn read(
        source: &(impl Source + ?Sized),
        in_full: bool,
        of_interest: &HashSet<&str>,
    ) -> Result<Self> {
        Self::read_for(source, in_full, &Wanted::of(of_interest.clone()))
    }

    /// Surveys a log for a batch that is to be appended.
    ///
    /// # Errors
    /// Everything that is wrong with the log.
    pub fn read_before(source: &(impl Source + ?Sized), batch: &[Written<'_>]) -> Result<Self> {
        Self::read_for(source, false, &Wanted::by(batch))
    }

    fn read_for(
        source: &(impl Source + ?Sized),
        in_full: bool,
        wanted: &Wanted<'_>,
    ) -> Result<Self> {
        let mut lines: BTreeMap<Box<str>, Line> = BTreeMap::new();
        let mut bad_retractions = Vec::new();
        let mut retracted: HashSet<Box<str>> = HashSet::new();
        let scope = Scope {
            in_full,
            ..Scope::default()
        };
        let (mut offset, mut has_made_ids) = (0, false);
        let note = |glance: &Glance<'_>, line: &[u8]| {
            let bad = bad_retraction(glance, &lines, &retracted);
            bad_retractions.extend(bad.map(|(id, bad)| (glance.seq, id, bad)));
            retracted.extend(glance.retracts.as_deref().map(Box::from));
            let of = (glance.id.as_ref(), glance.act, glance.date);
            let record = wanted.record(of, || read_line(line, glance.seq).ok());
            let kept = record.map(|record| (offset, Box::new(record)));
            offset += line.len() as u64 + 1;
            has_made_ids |= is_made_of(&glance.id, glance.act, glance.date);
            let line = Line {
                seq: glance.seq,
                date: glance.date,
                is_retraction: glance.act == Act::Retraction,
                is_event: !glance.act.is_about_the_log(),
                kept,
            };
            lines.entry(glance.id.as_ref().into()).or_insert(line);
        };
        let survey = survey(source, scope, note)?;
        Ok(Self {
            survey,
            lines,
            has_made_ids,
            bad_retractions,
        })
    }

    /// What the survey found.
    #[must_use]
    pub const fn survey(&self) -> &Survey {
        &self.survey
    }

    /// Whether it has events whose ids were made of their act and date, for rows without one.
    #[must_use]
    pub const fn has_made_ids(&self) -> bool {
        self.has_made_ids
    }

    /// The events of the log that count beside those that are admitted.
    #[must_use]
    pub fn others(&self, admitted: &Admitted) -> Others {
        let records = &admitted.records;
        let own: HashSet<&str> = records.iter().map(Record::id).collect();
        let there: HashSet<&str> = admitted.already_there.iter().map(String::as_str).collect();
        let fields = records.iter().map(Record::fields);
        let gone: HashSet<String> = fields.filter_map(|it| it.retracts.clone()).collect();
        let mut others = Others::default();
        for (id, line) in &self.lines {
            let is_gone = self.survey.retracted.contains(id) || gone.contains(&**id);
            if line.is_event && !is_gone && !own.contains(&**id) && !there.contains(&**id) {
                others.count += 1;
                if others.count <= FEW {
                    others.few.push((id.to_string(), line.seq));
                }
            }
        }
        if others.count > FEW {
            others.few.clear();
        }
        others.few.sort_by_key(|(_, line)| *line);
        others
    }

    /// Where the line of an event that is of interest begins.
    #[must_use]
    pub fn offset(&self, id: &str) -> Option<u64> {
        let kept = self.lines.get(id)?.kept.as_ref();
        kept.map(|(offset, _)| *offset)
    }

    /// Decides everything of the log again, without appending anything.
    ///
    /// # Errors
    /// Every event that is illegal where it stands.
    pub fn audit(&self, source: &(impl Source + ?Sized)) -> Result<()> {
        let retracted = self.survey.retracted.clone();
        let refused = self.decide(source, Vec::new(), retracted)?;
        let faults = refused.into_iter().map(|refused| {
            let line = refused.seq;
            (line, refused.into_kind(Occasion::ItsOwn).into())
        });
        let retractions = self.bad_retractions.iter();
        let retractions = retractions.map(|(line, id, bad)| {
            let id = id.clone();
            let kind = match *bad {
                BadRetraction::OfNothing => BadLog::NothingToRetract { id, near: None },
                BadRetraction::OfRetraction => BadLog::RetractsRetraction { id },
                BadRetraction::Again => BadLog::IdRetracted { id },
                BadRetraction::IdTaken(other) => BadLog::IdTaken {
                    id,
                    line: Some(other),
                },
            };
            (*line, kind.into())
        });
        let mut faults: Vec<(u64, Kind)> = faults.chain(retractions).collect();
        faults.sort_by_key(|(line, _)| *line);
        let mut gathered = Gathered::new();
        for (line, kind) in faults {
            gathered.add(kind, At::Line(line));
        }
        told(gathered)
    }

    /// Admits a batch of events behind the log's last line: gives each its number and its day of
    /// recording, unless the event brings one, and decides the timeline as it will be.
    ///
    /// # Errors
    /// Everything that speaks against the batch; nothing of it may be appended then.
    pub fn admit(
        &self,
        source: &(impl Source + ?Sized),
        batch: &[Written<'_>],
        recorded: Recorded,
    ) -> Result<Admitted> {
        let known = self.known_again(batch);
        let batch = named(batch, &known);
        let admitted = match self.number(&batch, recorded) {
            Ok(admitted) => admitted,
            Err(error) => return Err(self.with_retractions(source, error)?),
        };
        let retracted = self.retracted_with(&admitted.records);
        let mut refused = self.decide(source, admitted.records.clone(), retracted.clone())?;
        if refused.is_empty() {
            return Ok(admitted);
        }
        let mut written: HashMap<&str, &Written<'_>> = HashMap::new();
        for (record, one) in batch {
            written.entry(record.id()).or_insert(one);
        }
        let is_row = written.values().any(|it| it.is_row());
        let corrected = if is_row {
            self.corrected(source, &admitted, &refused, &retracted)?
        } else {
            Vec::new()
        };
        let mut changed = BTreeMap::new();
        if !corrected.is_empty() {
            let says = refused.iter();
            let says = says.map(|it| (it.id.clone(), it.refusal.says.clone()));
            let mut says: HashMap<_, _> = says.collect();
            let ids: Vec<_> = corrected.iter().map(|it| it.id.clone()).collect();
            let mut how = self.retractions(source, &ids)?;
            for Correction {
                new,
                id,
                line,
                mut differs,
                ..
            } in corrected
            {
                let Some(record) = admitted.records.get(new) else {
                    continue;
                };
                let Some(written) = written.get(record.id()) else {
                    continue;
                };
                let brings = written.brings_id().then(|| record.id().to_owned());
                if brings.is_some() && !is_made_of(record.id(), record.act(), record.date()) {
                    differs.insert(0, "id".to_owned());
                }
                let of_row = differs.clone();
                let of_log = says.remove(&id);
                let illegal = says.remove(record.id()).or(of_log);
                let bad = Changed {
                    retract: how.remove(&id).unwrap_or_else(|| Retract::alone(&id)),
                    id,
                    line,
                    differs,
                    brings,
                    illegal,
                    log: None,
                };
                let at = At::Row(written, of_row);
                changed.insert(record.seq(), (BadLog::Changed(Box::new(bad)), at));
            }
            // What is told as that is not told once more.
            refused.retain(|it| says.contains_key(&it.id));
        }
        // Lines of the log first, then events of the batch, each in their order; but before all
        // that what is most likely a correction.
        let mut gathered = Gathered::new();
        for refused in refused {
            while let Some(entry) = changed.first_entry()
                && (refused.seq <= self.survey.events || *entry.key() <= Some(refused.seq))
            {
                let (bad, at) = entry.remove();
                gathered.add(bad, at);
            }
            let is_new = refused.seq > self.survey.events;
            let occasion = if is_new {
                Occasion::ItsOwn
            } else {
                Occasion::Appending
            };
            let at = match written.get(&*refused.id).filter(|_| is_new) {
                Some(written) => At::Field(written, refused.refusal.field),
                None => At::Line(refused.seq),
            };
            gathered.add(refused.into_kind(occasion), at);
        }
        for (bad, at) in changed.into_values() {
            gathered.add(bad, at);
        }
        told(gathered)?;
        Ok(admitted)
    }

    /// The events of the log that new ones most likely correct, where one of the two is refused.
    fn corrected(
        &self,
        source: &(impl Source + ?Sized),
        admitted: &Admitted,
        refused: &[Refused],
        retracted: &HashSet<Box<str>>,
    ) -> Result<Vec<Correction>> {
        if self.lines.is_empty() {
            return Ok(Vec::new());
        }
        let there = &admitted.already_there;
        let of_batch: HashSet<&str> = there.iter().map(String::as_str).collect();
        let refused: HashSet<&str> = refused.iter().map(|it| it.id.as_str()).collect();
        let mut corrected = Corrected::of(&admitted.records, &refused, !there.is_empty());
        let look = |glance: &Glance<'_>, line: &[u8]| {
            let id = glance.id.as_ref();
            if corrected.wants(glance.act)
                && !glance.act.is_about_the_log()
                && !retracted.contains(id)
                && !of_batch.contains(id)
                && let Ok(record) = read_line(line, glance.seq)
            {
                corrected.look(glance.seq, &record);
            }
        };
        survey(source, Scope::default(), look)?;
        Ok(corrected.told())
    }

    /// An error with the commands that work where events are to be retracted.
    fn with_retractions(&self, source: &(impl Source + ?Sized), mut error: Error) -> Result<Error> {
        let ids: Vec<_> = error.changed().map(|it| it.id.clone()).collect();
        let how = self.retractions(source, &ids)?;
        for changed in error.changed() {
            if let Some(retract) = how.get(&changed.id) {
                changed.retract = retract.clone();
            }
        }
        Ok(error)
    }

    /// How each of some events is to be retracted, one after the other or it alone: with what
    /// cannot be without it, or as what one before it takes along.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn retractions(
        &self,
        source: &(impl Source + ?Sized),
        ids: &[String],
    ) -> Result<HashMap<String, Retract>> {
        let mut how: HashMap<String, Retract> = HashMap::with_capacity(ids.len());
        let hanging = |gone: &HashSet<Box<str>>| {
            let retracted = self.survey.retracted.union(gone).cloned().collect();
            self.decide(source, Vec::new(), retracted)
        };
        let mut gone = HashSet::new();
        for (place, id) in ids.iter().enumerate() {
            if how.contains_key(id) {
                continue;
            }
            let mut retract = Retract::alone(id);
            if place >= LOOKED_INTO {
                // Of very many it is not looked into; where nothing hangs it does no harm.
                retract.cascades = true;
                how.insert(id.clone(), retract);
                continue;
            }
            let own = HashSet::from([Box::from(id.as_str())]);
            let mut refused = hanging(&own)?;
            retract.cascades = !refused.is_empty();
            let is_first = gone.is_empty();
            gone.extend(own);
            if !is_first {
                refused = hanging(&gone)?;
            }
            let mut taken = Vec::new();
            while !refused.is_empty() {
                gone.extend(refused.iter().map(|it| Box::from(it.id.as_str())));
                taken.extend(refused.into_iter().map(|it| it.id));
                refused = hanging(&gone)?;
            }
            retract.cascades |= !taken.is_empty();
            for taken in taken.into_iter().filter(|taken| ids.contains(taken)) {
                how.entry(taken).or_insert_with(|| retract.clone());
            }
            how.insert(id.clone(), retract);
        }
        Ok(how)
    }

    /// Admits retractions of some events, and with `cascade` of every event that would become
    /// illegal.
    ///
    /// # Errors
    /// What cannot be retracted, or what would become illegal.
    pub fn retract(
        &self,
        source: &(impl Source + ?Sized),
        ids: &[String],
        cascade: bool,
        recorded: Recorded,
        reason: Option<&str>,
    ) -> Result<Admitted> {
        let mut ids = ids.to_vec();
        loop {
            let batch = ids.iter().map(|id| self.retraction(id, recorded, reason));
            let batch: Vec<_> = batch.collect::<Result<_>>()?;
            let admitted = self.number(&named(&batch, &HashMap::new()), recorded)?;
            let retracted = self.retracted_with(&admitted.records);
            let refused = self.decide(source, Vec::new(), retracted)?;
            if refused.is_empty() {
                return Ok(admitted);
            }
            if !cascade {
                let mut faults = Faults::up_to(FAULT_LIMIT);
                for refused in refused {
                    faults.add_one(|| {
                        let line = refused.seq;
                        let kind = refused.into_kind(Occasion::Retracting);
                        Fault::on_line(line, kind)
                    });
                }
                faults.check()?;
                return Ok(admitted);
            }
            ids.extend(refused.into_iter().map(|refused| refused.id));
        }
    }

    fn retraction(
        &self,
        id: &str,
        recorded: Recorded,
        reason: Option<&str>,
    ) -> Result<Written<'static>> {
        /// Room for a number behind an id.
        const NUMBER_BYTES: usize = 10;
        let Some(line) = self.lines.get(id) else {
            return Err(self.nothing_to_retract(id, true).into());
        };
        if self.survey.retracted.contains(id) {
            return Err(BadLog::IdRetracted { id: id.to_owned() }.into());
        }
        let (Recorded::On(day) | Recorded::NotBefore(day)) = recorded;
        let day = self.survey.last_recorded.map_or(day, |last| last.max(day));
        let own_id = format!("retraction-of-{id}");
        let fits = own_id.len() + NUMBER_BYTES <= NAME_LIMIT;
        let own_id = if fits {
            own_id
        } else {
            format!("retraction-of-line-{}", line.seq)
        };
        let numbered = (2..).map(|number| format!("{own_id}-{number}"));
        let mut names = std::iter::once(own_id.clone()).chain(numbered);
        let draft = Draft {
            id: names.find(|name| !self.lines.contains_key(name.as_str())),
            date: Some(day),
            act: Some(Act::Retraction),
            retracts: Some(id.to_owned()),
            note: reason.map(str::to_owned),
            ..Draft::default()
        };
        Written::of(draft)
    }

    fn nothing_to_retract(&self, id: &str, is_told: bool) -> BadLog {
        let known = || self.lines.keys().map(|known| &**known);
        let near = is_told.then(|| nearest(id, known())).flatten();
        BadLog::NothingToRetract {
            id: id.to_owned(),
            near: near.map(str::to_owned),
        }
    }

    fn retracted_with(&self, records: &[Record]) -> HashSet<Box<str>> {
        // Of a packed event the fields are made anew each time.
        let retractions = records
            .iter()
            .filter(|record| record.act() == Act::Retraction);
        let new =
            retractions.filter_map(|record| record.fields().retracts.as_deref().map(Box::from));
        let mut retracted = self.survey.retracted.clone();
        retracted.extend(new);
        retracted
    }

    /// The rows of a batch that bring no id, under the ids that they have in the log.
    fn known_again(&self, batch: &[Written<'_>]) -> HashMap<usize, Record> {
        if self.lines.is_empty() || batch.iter().all(Written::brings_id) {
            return HashMap::new();
        }
        let kept = self.lines.values().filter_map(|line| {
            let (_, record) = line.kept.as_ref()?;
            Some(There {
                record,
                line: line.seq,
                is_retracted: self.survey.retracted.contains(record.id()),
            })
        });
        known_again(batch, kept, |id| self.lines.contains_key(id))
    }

    /// Gives each event of a batch its number, leaving out those that the log has already.
    fn number(&self, batch: &[(&Record, &Written<'_>)], recorded: Recorded) -> Result<Admitted> {
        let mut admitted = Admitted::default();
        let mut faults = Gathered::new();
        let mut new: HashMap<&str, &Record> = HashMap::with_capacity(batch.len());
        let mut retracted = self.survey.retracted.clone();
        let mut last_recorded = self.survey.last_recorded;
        // The first that would be recorded too early, and how many: on the day that was given, and
        // on days that they bring.
        let mut early = [None; 2];
        for &(record, written) in batch {
            let is_told = faults.len() < FAULT_LIMIT;
            let mut fault = |field, bad: BadLog| faults.add(bad, At::Field(written, field));
            if !fits(record) {
                fault("id", BadLog::LineTooLong { limit: LINE_LIMIT });
            }
            let own_id = record.id();
            let id = || own_id.to_owned();
            match (new.entry(own_id), self.lines.get(own_id)) {
                (Entry::Occupied(same), _) if same.get().same_event(record) => continue,
                (Entry::Occupied(_), _) => {
                    let (id, line) = (id(), None);
                    fault("id", BadLog::IdTaken { id, line });
                    continue;
                }
                (Entry::Vacant(_), Some(_)) if self.survey.retracted.contains(own_id) => {
                    fault("id", BadLog::IdRetracted { id: id() });
                    continue;
                }
                (Entry::Vacant(_), Some(line)) => {
                    if line.is_of(record) {
                        admitted.already_there.push(id());
                    } else {
                        let (bad, differs) = line.refuses(record, written);
                        faults.add(bad, At::Row(written, differs));
                    }
                    continue;
                }
                (Entry::Vacant(place), None) => place.insert(record),
            };
            if record.act() == Act::Retraction
                && let Some(target) = record.fields().retracts.as_deref()
            {
                // It stands behind those that it can retract.
                let before = new.get(target).filter(|_| target != own_id);
                let in_batch = before.map(|record| record.act() == Act::Retraction);
                let in_log = self.lines.get(target).map(|line| line.is_retraction);
                let id = target.to_owned();
                match in_batch.or(in_log) {
                    None => fault("retracts", self.nothing_to_retract(target, is_told)),
                    Some(true) => fault("retracts", BadLog::RetractsRetraction { id }),
                    Some(false) if !retracted.insert(target.into()) => {
                        fault("retracts", BadLog::IdRetracted { id });
                    }
                    Some(false) => {}
                }
            }
            let recorded = record.recorded().unwrap_or(match recorded {
                Recorded::On(day) => day,
                Recorded::NotBefore(day) => last_recorded.map_or(day, |last| last.max(day)),
            });
            // A retraction happens when it is recorded.
            let happened = Some(record.date()).filter(|_| record.act() != Act::Retraction);
            if Some(recorded) > last_recorded.max(happened).max(Some(LAST_RECORDED)) {
                let found = recorded;
                fault("recorded", BadLog::RecordedTooLate { found });
            }
            if record.act() == Act::Describes {
                let fields = record.fields();
                let is_event = |id: &str| {
                    let mut batch = batch.iter();
                    self.lines.contains_key(id) || batch.any(|(other, _)| other.id() == id)
                };
                for (key, bad) in misnamed(&fields.names, is_event) {
                    faults.add(bad, At::Entry(written, "names", key.to_owned()));
                }
            }
            if let Some(last) = last_recorded.filter(|last| recorded < *last) {
                let early = &mut early[usize::from(record.recorded().is_some())];
                let (.., events) = early.get_or_insert((written, recorded, last, 0));
                *events += 1;
            }
            last_recorded = last_recorded.max(Some(recorded));
            let seq = self.survey.events + admitted.records.len() as u64 + 1;
            admitted.records.push(record.clone().placed(seq, recorded));
        }
        for (is_brought, early) in [false, true].into_iter().zip(early) {
            let Some((written, found, last, events)) = early else {
                continue;
            };
            let bring = if is_brought { events } else { 0 };
            let bad = BadLog::RecordedBeforeLast { found, last, bring };
            faults.add(bad, At::Field(written, "recorded"));
        }
        told(faults)?;
        Ok(admitted)
    }

    /// Decides the timeline from its start, as it is with some more events and another set of
    /// retracted ids: what is refused, in the order of its numbers. A refused event is left out, so
    /// that what hangs on it is refused with it.
    fn decide(
        &self,
        source: &(impl Source + ?Sized),
        mut appended: Vec<Record>,
        retracted: HashSet<Box<str>>,
    ) -> Result<Vec<Refused>> {
        let mut world = World::new();
        world.expect_ids(self.lines.len() + appended.len());
        let mut facts = Facts::default();
        let mut is_gone = |id: &str, date| {
            let gone = retracted.contains(id);
            if let Some(event) = world.event_ix(id) {
                let fact = if gone {
                    Fact::Retracted
                } else {
                    Fact::Later(date)
                };
                facts.note(event, fact);
            }
            gone
        };
        let lines = self.lines.iter().filter(|(_, line)| !line.is_retraction);
        for (id, line) in lines {
            is_gone(id, line.date);
        }
        appended.retain(|record| {
            let is_retraction = record.act() == Act::Retraction;
            !is_retraction && !is_gone(record.id(), record.date()) && !record.is_about_the_log()
        });
        let input = source.open().map_err(|error| io_fault("open", error))?;
        walk(
            Timeline::with(input, &self.survey, appended, retracted).of_what_is_needed(),
            world,
            facts,
        )
    }
}

fn walk<R: std::io::BufRead>(
    mut timeline: Timeline<R>,
    mut world: World,
    mut facts: Facts,
) -> Result<Vec<Refused>> {
    // Legality does not depend on temperatures, so any model will do.
    let model = Model::default();
    let mut state = State::default();
    let (mut refused, mut of_rule) = (Vec::new(), HashMap::new());
    while let Some(record) = timeline.advance()? {
        let event = compile(&record, &mut world);
        state.fit(&world, &model);
        match decide(&state, &facts, &world, &event, record.date()) {
            Ok(()) => {
                evolve(&mut state, &world, &event, record.date(), &model, &mut ());
                if let Some(id) = event.id {
                    facts.note(id, Fact::Happened(record.date()));
                }
                timeline.reuse(record);
            }
            Err(rejection) => {
                if let Some(id) = event.id {
                    facts.note(id, Fact::Absent);
                }
                // Of very many only the first that are found, and the first of each rule, are
                // looked into; it takes time.
                let of_rule = of_rule.entry(std::mem::discriminant(&rejection));
                let of_rule = of_rule.or_insert(0_usize);
                *of_rule += 1;
                let is_looked_into = refused.len() < 2 * FAULT_LIMIT || *of_rule <= LOOKED_INTO;
                refused.push(Refused {
                    seq: record.seq().unwrap_or_default(),
                    id: record.id().to_owned(),
                    date: record.date(),
                    refusal: if is_looked_into {
                        rejection.tell(&world)
                    } else {
                        rejection.tell_briefly(&world)
                    },
                });
            }
        }
    }
    refused.sort_by_key(|refused| refused.seq);
    // What helps one helps those of which the same is said.
    let helps = refused.iter().filter_map(|Refused { refusal, .. }| {
        let help = refusal.help.clone()?;
        Some((refusal.says.clone(), help))
    });
    let helps: HashMap<_, _> = helps.take(2 * FAULT_LIMIT).collect();
    for Refused { refusal, .. } in &mut refused {
        if refusal.help.is_none() {
            refusal.help = helps.get(&refusal.says).cloned();
        }
    }
    Ok(refused)
}

/// Each event of a batch as it was written, with the record of it.
fn named<'w, 'a>(
    batch: &'w [Written<'a>],
    known: &'w HashMap<usize, Record>,
) -> Vec<(&'w Record, &'w Written<'a>)> {
    let batch = batch.iter().enumerate();
    let named = batch.map(|(place, one)| (known.get(&place).unwrap_or(&one.record), one));
    named.collect()
}

/// What is wrong with a line as a retraction, or as an event whose id a retraction has or is about.
fn bad_retraction(
    glance: &Glance<'_>,
    before: &BTreeMap<Box<str>, Line>,
    retracted: &HashSet<Box<str>>,
) -> Option<(String, BadRetraction)> {
    let is_retraction = glance.act == Act::Retraction;
    if let Some(other) = before.get(glance.id.as_ref())
        && (is_retraction || other.is_retraction || retracted.contains(glance.id.as_ref()))
    {
        let id = glance.id.clone().into_owned();
        return Some((id, BadRetraction::IdTaken(other.seq)));
    }
    let target = glance.retracts.as_deref()?;
    let bad = match before.get(target) {
        None => BadRetraction::OfNothing,
        Some(line) if line.is_retraction => BadRetraction::OfRetraction,
        Some(_) if retracted.contains(target) => BadRetraction::Again,
        Some(_) => return None,
    };
    Some((target.to_owned(), bad))
}

impl Refused {
    fn into_kind(self, occasion: Occasion) -> BadEvent {
        BadEvent::Illegal {
            id: self.id,
            date: self.date,
            refusal: Box::new(self.refusal),
            occasion,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{Chain, Writer};

    const DAY: &str = "2020-01-02";

    /// A log that was chained by hand.
    fn log(lines: &[&str]) -> Vec<u8> {
        let (mut writer, mut log) = (Writer::after(Chain::START), Vec::new());
        for (seq, line) in (1..).zip(lines) {
            let draft: Draft = serde_json::from_str(line).unwrap();
            let record = crate::history::line::form::check(draft)
                .unwrap()
                .placed(seq, DAY.parse().unwrap());
            writer.write(&record, &mut log).unwrap();
        }
        log
    }

    /// The mistakes that an audit finds in a log.
    fn audit(lines: &[&str]) -> String {
        let log = log(lines);
        let register = Register::read(&log[..], true, &HashSet::new()).unwrap();
        register
            .audit(&log[..])
            .map_or_else(|error| error.to_string(), |()| String::new())
    }

    #[test]
    fn an_audit_finds_every_retraction_that_could_not_have_been_admitted() {
        let event = r#"{"id":"a","date":"2020-01-01","act":"leader_change","source":["USA"]}"#;
        let retraction = |id: &str, of: &str| {
            format!(r#"{{"id":"{id}","date":"2020-01-02","act":"retraction","retracts":"{of}"}}"#)
        };
        let (once, again) = (retraction("r", "a"), retraction("s", "a"));
        let (of_nothing, of_itself) = (retraction("r", "b"), retraction("r", "r"));
        let of_retraction = retraction("t", "r");
        assert_eq!(audit(&[event, &once]), "");
        assert!(audit(&[event, &of_nothing]).contains("there is no event `b`"));
        assert!(audit(&[&once, event]).contains("there is no event `a`"));
        assert!(audit(&[event, &of_itself]).contains("there is no event `r`"));
        assert!(audit(&[event, &once, &again]).contains("`a` was retracted"));
        assert!(audit(&[event, &once, &of_retraction]).contains("`r` is a retraction"));
        assert!(audit(&[event, &once, event]).contains("is that of another event, on line 1"));
        assert!(audit(&[event, &retraction("a", "a")]).contains("on line 1"));
        assert!(audit(&[event, &once, &once]).contains("on line 2"));
    }

    /// An event of an act of Blue and Red, with more fields.
    fn event(id: &str, date: &str, act: &str, more: &str) -> String {
        format!(
            r#"{{"id":"{id}","date":"{date}","source":["XBL"],"target":["XRL"],"act":"{act}"{more}}}"#
        )
    }

    fn said(id: &str) -> String {
        event(id, "2020-01-01", "statement", "")
    }

    fn retraction(id: &str, of: &str) -> String {
        format!(r#"{{"id":"{id}","date":"2020-01-02","act":"retraction","retracts":"{of}"}}"#)
    }

    /// What was admitted: the number, the id and the day of recording of each, then what was there
    /// already; or each mistake with its line.
    fn told(admitted: Result<Admitted>) -> String {
        let lines: Vec<_> = match admitted {
            Ok(Admitted {
                records,
                already_there,
            }) => {
                let told = |it: &Record| {
                    let (seq, recorded) = (it.seq().unwrap(), it.recorded().unwrap());
                    format!("{seq} {} {recorded}", it.id())
                };
                let there = already_there.iter().map(|id| format!("there {id}"));
                records.iter().map(told).chain(there).collect()
            }
            Err(error) => {
                let told = |fault: &Fault| {
                    let line = fault.place.line.map(|line| line.to_string());
                    let kind = match &fault.kind {
                        Kind::Event(BadEvent::Illegal { id, occasion, .. }) => {
                            format!("Illegal {id} {occasion:?}")
                        }
                        kind => format!("{kind:?}").replace('"', ""),
                    };
                    format!("{}: {kind}", line.as_deref().unwrap_or("-"))
                };
                error.faults().iter().map(told).collect()
            }
        };
        lines.join("; ")
    }

    /// What becomes of a batch behind a log of which some events are of interest.
    fn admitted(before: &[&str], batch: &[&str], recorded: Recorded) -> String {
        let log = log(before);
        let text = batch.join("\n");
        let batch = crate::history::read_written(text.as_bytes()).unwrap();
        let interest = batch.iter().map(|written| written.record.id()).collect();
        let register = Register::read(&log[..], false, &interest).unwrap();
        told(register.admit(&log[..], &batch, recorded))
    }

    fn on(day: &str) -> Recorded {
        Recorded::On(day.parse().unwrap())
    }

    #[test]
    fn an_id_is_that_of_one_event_and_what_was_retracted_does_not_come_again() {
        let (a, b, x) = (said("a"), said("b"), said("x"));
        let other = |id: &str| event(id, "2020-01-01", "letter", "");
        let (other_a, other_b) = (other("a"), other("b"));
        let far_a = event("a", "2020-01-01", "letter", r#","title":"T","note":"N""#);
        let of_x = retraction("r", "x");
        let before = [&a, &x, &of_x].map(String::as_str);
        for (batch, expected) in [
            (vec![&b], "4 b 2020-01-03"),
            (vec![&b, &b], "4 b 2020-01-03"),
            (vec![&b, &said("c")], "4 b 2020-01-03; 5 c 2020-01-03"),
            (vec![&a, &b], "4 b 2020-01-03; there a"),
            (vec![&b, &other_b], "2: Log(IdTaken { id: b, line: None })"),
            (
                vec![&b, &other_a],
                "2: Log(Changed(Changed { id: a, line: 1, differs: [act], brings: Some(a), \
                 illegal: None, retract: Retract { id: a, cascades: false }, log: None }))",
            ),
            (vec![&far_a], "1: Log(IdTaken { id: a, line: Some(1) })"),
            (vec![&x], "1: Log(IdRetracted { id: x })"),
            (vec![&retraction("s", "a")], "4 s 2020-01-03"),
            (vec![&retraction("s", "x")], "1: Log(IdRetracted { id: x })"),
            (
                vec![&retraction("s", "r")],
                "1: Log(RetractsRetraction { id: r })",
            ),
            (
                vec![&retraction("s", "a"), &retraction("t", "a")],
                "2: Log(IdRetracted { id: a })",
            ),
            (
                vec![&retraction("s", "a"), &retraction("t", "s")],
                "2: Log(RetractsRetraction { id: s })",
            ),
            (
                vec![&b, &retraction("s", "b")],
                "4 b 2020-01-03; 5 s 2020-01-03",
            ),
            (
                vec![&retraction("s", "beyond"), &said("beyond")],
                "1: Log(NothingToRetract { id: beyond, near: None })",
            ),
            (
                vec![&retraction("itself", "itself")],
                "1: Log(NothingToRetract { id: itself, near: None })",
            ),
        ] {
            let batch: Vec<_> = batch.into_iter().map(String::as_str).collect();
            assert_eq!(
                admitted(&before, &batch, on("2020-01-03")),
                expected,
                "{batch:?}"
            );
        }
        // What is not of interest is not known to be the same.
        let log = log(&before);
        let register = Register::read(&log[..], false, &HashSet::new()).unwrap();
        let batch = crate::history::read_written(a.as_bytes()).unwrap();
        let again = told(register.admit(&log[..], &batch, on("2020-01-03")));
        assert_eq!(again, "1: Log(IdTaken { id: a, line: Some(1) })");
    }

    #[test]
    fn an_event_is_recorded_no_earlier_than_the_last_and_not_at_the_end_of_the_calendar() {
        let before = said("a");
        let brings = |id: &str, day: &str| {
            event(
                id,
                "2020-01-01",
                "statement",
                &format!(r#","recorded":"{day}""#),
            )
        };
        let not_before = |day: &str| Recorded::NotBefore(day.parse().unwrap());
        let early = |found: &str, last: &str, bring: u64| {
            format!("RecordedBeforeLast {{ found: {found}, last: {last}, bring: {bring} }}")
        };
        for (batch, recorded, expected) in [
            (vec![said("b")], on(DAY), format!("2 b {DAY}")),
            (
                vec![said("b")],
                not_before("2020-01-01"),
                format!("2 b {DAY}"),
            ),
            (
                vec![said("b")],
                not_before("2020-01-05"),
                "2 b 2020-01-05".to_owned(),
            ),
            (
                vec![brings("b", "2020-01-07"), said("c")],
                not_before("2020-01-05"),
                "2 b 2020-01-07; 3 c 2020-01-07".to_owned(),
            ),
            (
                vec![said("b"), said("c")],
                on("2020-01-01"),
                early("2020-01-01", DAY, 0),
            ),
            (
                vec![
                    brings("b", "2020-01-06"),
                    brings("c", "2020-01-04"),
                    brings("d", "2020-01-05"),
                ],
                on(DAY),
                early("2020-01-04", "2020-01-06", 2),
            ),
            (
                vec![brings("b", "2999-12-31")],
                on(DAY),
                "2 b 2999-12-31".to_owned(),
            ),
            (
                vec![brings("b", "3000-01-01")],
                on(DAY),
                "RecordedTooLate { found: 3000-01-01 }".to_owned(),
            ),
            (
                vec![event(
                    "b",
                    "3000-01-01",
                    "statement",
                    r#","recorded":"3000-01-01""#,
                )],
                on(DAY),
                "2 b 3000-01-01".to_owned(),
            ),
        ] {
            let batch: Vec<_> = batch.iter().map(String::as_str).collect();
            let found = admitted(&[&before], &batch, recorded);
            let is_said = found.ends_with(&format!("Log({expected})")) && !found.contains(';');
            assert!(found == expected || is_said, "{batch:?}: {found}");
        }
    }

    #[test]
    fn nothing_is_appended_or_retracted_by_which_something_becomes_illegal() {
        let id = r#","measure":"s""#;
        let imposed = event("s", "2020-01-01", "sanctions_imposed", "");
        let lifted = event("l", "2020-02-01", "sanctions_lifted", id);
        let again = event("again", "2020-03-01", "sanctions_lifted", id);
        let earlier = event("earlier", "2020-01-15", "sanctions_lifted", id);
        let before = [&imposed[..], &lifted];
        let day = on("2020-01-03");
        for (batch, expected) in [
            ([&again[..]], "1: Illegal again ItsOwn"),
            ([&earlier], "2: Illegal l Appending"),
        ] {
            assert_eq!(admitted(&before, &batch, day), expected);
        }
        assert_eq!(audit(&before), "");
        assert!(
            audit(&[&lifted]).contains("line 1"),
            "{}",
            audit(&[&lifted])
        );
        let log = log(&before);
        let interest = HashSet::from(["l"]);
        let register = Register::read(&log[..], false, &interest).unwrap();
        let first_line = log.iter().position(|byte| *byte == b'\n').unwrap();
        assert_eq!(register.offset("l"), Some(first_line as u64 + 1));
        assert_eq!(
            (register.offset("s"), register.offset("none")),
            (None, None)
        );
        let retract = |id: &str, cascade| {
            let ids = [id.to_owned()];
            told(register.retract(&log[..], &ids, cascade, day, Some("why")))
        };
        assert_eq!(retract("s", false), "2: Illegal l Retracting");
        let both = "3 retraction-of-s 2020-01-03; 4 retraction-of-l 2020-01-03";
        assert_eq!(retract("s", true), both);
        assert_eq!(retract("l", false), "3 retraction-of-l 2020-01-03");
        let none = "-: Log(NothingToRetract { id: none, near: None })";
        assert_eq!(retract("none", true), none);
    }

    #[test]
    fn the_same_mistake_of_very_many_events_is_one_and_others_are_told_beside_it() {
        let day = on("2020-01-03");
        let cause = r#","caused_by":"nothing""#;
        let measure = r#","measure":"none""#;
        let mut batch: Vec<_> = (0..300)
            .map(|number| event(&format!("e{number}"), "2020-01-01", "letter", cause))
            .collect();
        batch.push(event("last", "2020-01-02", "sanctions_lifted", measure));
        let text = batch.join("\n");
        let batch = crate::history::read_written(text.as_bytes()).unwrap();
        let nothing: &[u8] = &[];
        let error = Register::empty().admit(nothing, &batch, day).unwrap_err();
        let lines: Vec<_> = error
            .faults()
            .iter()
            .map(|it| it.place.line.unwrap())
            .collect();
        assert_eq!(lines, [1, 2, 3, 301]);
        assert_eq!(error.untold(), 0);
        let also = error.faults()[2].place.also.told();
        assert_eq!(
            also.as_deref(),
            Some("the same in 297 more places: lines 4 to 300")
        );
    }

    #[test]
    fn a_retraction_has_the_name_of_what_it_retracts_as_far_as_that_is_free_and_fits() {
        let longest = NAME_LIMIT - 10 - "retraction-of-".len();
        let text = |length| "n".repeat(length);
        for (id, other, expected) in [
            ("a".to_owned(), said("b"), "retraction-of-a".to_owned()),
            (
                "a".to_owned(),
                said("retraction-of-a"),
                "retraction-of-a-2".to_owned(),
            ),
            (
                text(longest),
                said("b"),
                format!("retraction-of-{}", text(longest)),
            ),
            (
                text(longest + 1),
                said("b"),
                "retraction-of-line-1".to_owned(),
            ),
        ] {
            let log = log(&[&said(&id), &other]);
            let register = Register::read(&log[..], false, &HashSet::new()).unwrap();
            let day = Recorded::NotBefore(DAY.parse().unwrap());
            let admitted = register.retract(&log[..], std::slice::from_ref(&id), false, day, None);
            assert_eq!(told(admitted), format!("3 {expected} {DAY}"));
        }
        let log = log(&[&said("a"), &retraction("r", "a")]);
        let register = Register::read(&log[..], false, &HashSet::new()).unwrap();
        let again = register.retract(&log[..], &["a".to_owned()], false, on(DAY), None);
        assert_eq!(told(again), "-: Log(IdRetracted { id: a })");
    }

    #[test]
    fn what_its_own_batch_retracts_need_not_be_legal() {
        let id = r#","measure":"s""#;
        let lifted = event("l", "2020-02-01", "sanctions_lifted", id);
        let retracted = retraction("r", "l");
        let day = on("2020-01-03");
        assert_eq!(
            admitted(&[&said("a")], &[&lifted], day),
            "1: Illegal l ItsOwn"
        );
        let both = admitted(&[&said("a")], &[&lifted, &retracted], day);
        assert_eq!(both, "2 l 2020-01-03; 3 r 2020-01-03");
    }

    #[test]
    fn a_register_that_is_read_in_full_looks_at_the_form_of_lines() {
        use crate::history::log::tests::{called, chained};
        let log = chained(&[called(1, 1, ""), called(2, 2, r#","tone":"critical""#)]);
        let read = |in_full| Register::read(&log[..], in_full, &HashSet::new());
        assert!(read(false).is_ok());
        assert_eq!(read(true).unwrap_err().faults()[0].place.line, Some(2));
    }

    #[test]
    fn of_very_many_that_are_illegal_the_first_are_looked_into_and_all_are_told_of() {
        // Each happened before those that were appended before it, and names a cause that is
        // nearly one that there is.
        let day = |number: i32| Day::EPOCH.plus_days(number).unwrap().to_string();
        let illegal = 2 * FAULT_LIMIT as i32 + 3;
        let lines = (0..illegal).map(|number| {
            let date = day(illegal - number);
            event(
                &format!("e{number}"),
                &date,
                "statement",
                r#","caused_by":"origim""#,
            )
        });
        let mut lines: Vec<_> = lines.collect();
        lines.push(event("origin", &day(0), "statement", ""));
        lines.extend([retraction("r", "nobody"), retraction("s", "nobody")]);
        let lines: Vec<_> = lines.iter().map(String::as_str).collect();
        let log = log(&lines);
        let register = Register::read(&log[..], false, &HashSet::new()).unwrap();
        let error = register.audit(&log[..]).unwrap_err();
        assert_eq!(error.untold(), 0);
        let told = error.faults().iter().map(|fault| {
            let help = fault.kind.help().unwrap_or_default();
            let also = fault.place.also.places();
            (fault.place.line.unwrap(), help.contains("`origin`"), also)
        });
        let told: Vec<_> = told.collect();
        let others = illegal as usize - 3;
        let retractions = [1, 2].map(|behind| (illegal as u64 + 1 + behind, false, 0));
        assert_eq!(told[..3], [(1, true, 0), (2, true, 0), (3, true, others)]);
        assert_eq!(told[3..], retractions, "{error}");
    }
}
