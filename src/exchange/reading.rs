//! Reading: files cut into blocks, blocks handed to threads, and what each thread makes of them.

use super::blocks::{Block, Cutter, RECORD_LIMIT, Uncut};
use super::formats::form::TableForm;
use super::formats::header::Unread;
use super::formats::strangers::by_head;
use super::formats::{Format, reader};
use super::roster::Roster;
use super::row::{Called, Layout, Lines, PartyIx, Reader, Reason, Row, Use};
use super::sieve::{Choices, Sieve, Sifted};
use super::tally::{Position, Tally};
use super::unmatched::{Noting, Unmatched, is_same, trimmed};
use crate::error::{BadData, BadFile, Error, Fault, Result};
use crate::history::FAULT_LIMIT;
use crate::threads::on_threads;
use std::io::Read;
use std::num::NonZero;
use std::sync::{Arc, Mutex, PoisonError};

/// Event data, as they are found.
pub trait Files: Sync {
    /// How many files there are.
    fn count(&self) -> usize;

    /// What a file is called.
    fn name(&self, file: usize) -> String;

    /// Opens a file, unpacked.
    ///
    /// # Errors
    /// What the system says.
    fn open(&self, file: usize) -> Result<Box<dyn Read + Send + '_>>;
}

/// How to read event data.
#[derive(Debug)]
pub struct Plan {
    /// The format; each file's own where it is not said.
    pub format: Option<Format>,
    /// How to read what formats leave open.
    pub form: TableForm,
    /// How actors become countries.
    pub roster: Arc<Roster>,
    /// What to read.
    pub choices: Choices,
    /// The dyads that are asked for, of which names without an actor are told; of all, where there
    /// is none.
    pub dyads: Vec<[PartyIx; 2]>,
    /// Whether a malformed row is an error.
    pub is_strict: bool,
    /// How many threads read.
    pub threads: NonZero<usize>,
}

/// What a thread makes of rows.
pub trait Gather: Send {
    /// Whether a row is wanted.
    ///
    /// # Errors
    /// Why it is not.
    fn wants(&self, _row: &Sifted) -> Result<(), Reason> {
        Ok(())
    }

    /// Whether a row that is not wanted is handed to [`Self::heed`].
    fn heeds_others(&self) -> bool {
        false
    }

    /// Takes note of a row that would be used if it were wanted.
    fn heed(&mut self, _row: &Sifted, _file: &FileRead, _at: Position, _record: &[u8]) {}

    /// Takes a row that is used.
    fn take(&mut self, row: &Sifted, file: &FileRead, at: Position, record: &[u8]);
}

/// A file that was read.
#[derive(Clone)]
pub struct FileRead {
    /// What it is called.
    pub name: String,
    /// Its format.
    pub format: Format,
    /// What it was found to be.
    pub layout: Layout,
    /// What reads its rows.
    pub reader: Arc<dyn Reader>,
    /// What the choices are for it.
    pub sieve: Sieve,
}

/// What was read.
pub struct Reading {
    /// The files, in the order in which they were given; `None` for one without a row.
    pub files: Vec<Option<FileRead>>,
    /// How many bytes each has, unpacked.
    pub bytes: Vec<u64>,
    /// What became of the rows.
    pub tally: Tally,
    /// Names that no actor was found for.
    pub unmatched: Unmatched,
}

/// What a thread has done so far.
struct Worker<G> {
    gather: G,
    tally: Tally,
    unmatched: Noting,
    malformed: Vec<(Position, Reason)>,
}

/// Where the reading is; threads take turns.
struct Turn<'a> {
    current: Option<Cutter<'a>>,
    files: Vec<Option<FileRead>>,
    bytes: Vec<u64>,
    failed: Option<Error>,
}

/// Reads all rows of some files, with what each thread gathered of them.
///
/// # Errors
/// When a file cannot be read or is of no known format; where that is asked for, every malformed
/// row.
pub fn read<G: Gather>(
    files: &dyn Files,
    plan: &Plan,
    gather: impl Fn() -> G + Sync,
) -> Result<(Reading, Vec<G>)> {
    let turn = Mutex::new(Turn {
        current: None,
        files: Vec::new(),
        bytes: Vec::new(),
        failed: None,
    });
    let work = |gather: G| {
        let mut worker = Worker {
            gather,
            tally: Tally::default(),
            unmatched: Noting::default(),
            malformed: Vec::new(),
        };
        let mut block = Block::default();
        loop {
            let taken = {
                let mut turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
                turn.next(files, plan, &mut block)
            };
            let Some(file) = taken else { break };
            worker.work(&block, &file, plan);
        }
        worker
    };
    let workers = on_threads(plan.threads.get(), || work(gather()));
    let turn = turn.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(error) = turn.failed {
        return Err(error);
    }
    let (mut tally, mut unmatched) = (Tally::default(), Unmatched::default());
    let (mut malformed, mut gathered) = (Vec::new(), Vec::new());
    for worker in workers {
        tally.add(worker.tally);
        unmatched.add(&worker.unmatched.finish());
        malformed.extend(worker.malformed);
        gathered.push(worker.gather);
    }
    malformed.sort_unstable();
    let fault = |(at, reason): (Position, Reason)| {
        let mut fault = Fault::on_line(
            at.line,
            BadData::MalformedRow {
                says: reason.words(),
            },
        );
        fault.place.file = Some(files.name(at.file as usize));
        fault
    };
    let told = malformed.into_iter().map(fault).take(FAULT_LIMIT).collect();
    Error::check(told, FAULT_LIMIT)
        .map_err(|error| error.of_so_many(tally.malformed() as usize))?;
    let reading = Reading {
        files: turn.files,
        bytes: turn.bytes,
        tally,
        unmatched,
    };
    Ok((reading, gathered))
}

impl<'a> Turn<'a> {
    /// Fills a block; says which file it is of, or that there are no more.
    fn next(&mut self, files: &'a dyn Files, plan: &Plan, block: &mut Block) -> Option<FileRead> {
        match self.try_next(files, plan, block) {
            Ok(file) => file,
            Err(error) => {
                self.failed = Some(error);
                None
            }
        }
    }

    fn try_next(
        &mut self,
        files: &'a dyn Files,
        plan: &Plan,
        block: &mut Block,
    ) -> Result<Option<FileRead>> {
        while self.failed.is_none() {
            if self.current.is_none() {
                let next = self.files.len();
                if next == files.count() {
                    return Ok(None);
                }
                let named = |error: Error| error.in_file(&files.name(next));
                let (cutter, file) = begin(files, next, plan).map_err(named)?;
                self.current = cutter;
                self.files.push(file);
                self.bytes.push(0);
            }
            let (Some(cutter), Some(file)) = (&mut self.current, self.files.len().checked_sub(1))
            else {
                continue;
            };
            block.file = file as u32;
            let named = |uncut: Uncut| Error::from(fault(uncut)).in_file(&files.name(file));
            if cutter.next(block).map_err(named)? {
                return Ok(self.files[file].clone());
            }
            self.bytes[file] = cutter.read;
            self.current = None;
        }
        Ok(None)
    }
}

/// Opens a file and finds out what it is.
fn begin<'a>(
    files: &'a dyn Files,
    place: usize,
    plan: &Plan,
) -> Result<(Option<Cutter<'a>>, Option<FileRead>)> {
    let mut cutter = Cutter::new(files.open(place)?).map_err(fault)?;
    if let Some(unread) = by_head(cutter.head()) {
        return Err(unrecognised(unread));
    }
    if cutter.first_line().map_err(fault)?.is_some_and(is_of_excel) {
        cutter.skip_first_line();
    }
    let Some(first) = cutter.first_line().map_err(fault)? else {
        return Ok((None, None));
    };
    let found = reader(first, plan.format, &plan.form, &plan.roster);
    let (format, reader) = found.map_err(unrecognised)?;
    let layout = reader.layout();
    let sieve = Sieve::new(&plan.choices, layout)?;
    if layout.lines != Lines::Bare {
        cutter.skip_first_line();
    }
    if let Lines::Quoted(shape) = layout.lines {
        cutter.set_quoted(shape);
    }
    let file = FileRead {
        name: files.name(place),
        format,
        layout,
        reader: reader.into(),
        sieve,
    };
    Ok((Some(cutter), Some(file)))
}

/// Whether a line is the one that some programs put above the names of columns: what stands between
/// fields.
fn is_of_excel(line: &[u8]) -> bool {
    matches!(line, [b's', b'e', b'p', b'=', _])
}

fn fault(uncut: Uncut) -> Fault {
    match uncut {
        Uncut::Io(error) => BadFile::io("read")(error).into(),
        Uncut::LoneReturns => Fault::on_line(1, BadData::LoneReturns),
        Uncut::TooLong(line) => Fault::on_line(
            line,
            BadData::RecordTooLong {
                limit: RECORD_LIMIT,
            },
        ),
    }
}

/// Why a file is not read.
fn unrecognised(unread: Unread) -> Error {
    let Unread { says, help, .. } = unread;
    Fault::on_line(1, BadData::Other { says, help }).into()
}

impl<G: Gather> Worker<G> {
    fn work(&mut self, block: &Block, file: &FileRead, plan: &Plan) {
        let shape = match &file.layout.lines {
            Lines::Quoted(shape) => Some(shape),
            Lines::Bare | Lines::Headed => None,
        };
        block.records(shape, |record, line, is_whole| {
            // An empty line is no row.
            if record.is_empty() {
                return;
            }
            let at = Position {
                file: block.file,
                line,
            };
            let row = if record.len() > RECORD_LIMIT {
                Err(Reason::TooLong)
            } else if !is_whole {
                Err(Reason::OpenQuote)
            } else {
                self.row(record, at, file, plan)
            };
            if let Err(reason) = row {
                self.tally.leave_out(reason, at, record);
                if plan.is_strict && reason.is_malformed() {
                    self.malform(at, reason);
                }
            }
        });
    }

    fn row(
        &mut self,
        record: &[u8],
        at: Position,
        file: &FileRead,
        plan: &Plan,
    ) -> Result<(), Reason> {
        let reader = &*file.reader;
        let mut row = reader.row(record)?;
        if plan.roster.has_a_say() || row.source.is_err() || row.target.is_err() {
            let called = reader.called(record, &row);
            let is_coded = file.layout.uses.contains(&Use::StateCodes);
            let roster = &plan.roster;
            if roster.has_a_say() {
                row.source = roster.of_called(&called[0], row.date, is_coded, row.source);
                row.target = roster.of_called(&called[1], row.date, is_coded, row.target);
            }
            if file.sieve.is_asked_for(&row).is_ok() {
                self.note_unmatched(&row, &called, &plan.dyads);
            }
        }
        let sifted = file.sieve.sift(&row)?;
        if let Err(reason) = self.gather.wants(&sifted) {
            self.tally.of_others(row.date);
            if self.gather.heeds_others() && reader.look_closely(record, &row).is_ok() {
                self.gather.heed(&sifted, file, at, record);
            }
            return Err(reason);
        }
        let oddities = reader.look_closely(record, &row)?;
        self.tally.used(sifted.day, at.file);
        if oddities.coordinates {
            self.tally.impossible_coordinates(at, record);
        }
        if sifted.differs {
            self.tally.own_weight(at, record);
        }
        self.gather.take(&sifted, file, at, record);
        Ok(())
    }

    /// Takes note of names without an actor, in rows that could be of the dyads that are asked for.
    fn note_unmatched(&mut self, row: &Row, called: &[Called<'_>; 2], dyads: &[[PartyIx; 2]]) {
        let sides = [row.source, row.target];
        let is_asked_for = |party: PartyIx| dyads.iter().flatten().any(|side| *side == party);
        if !dyads.is_empty() && !sides.iter().flatten().all(|party| is_asked_for(*party)) {
            return;
        }
        let mut noted = None;
        for (side, called) in sides.into_iter().zip(called) {
            let Err(reason) = side else { continue };
            let (mut name, country) = (trimmed(&called.name), trimmed(&called.country));
            if (reason == Reason::UnknownActor || name.is_empty()) && !country.is_empty() {
                name = country;
            }
            let is_noted = noted.is_some_and(|noted| is_same(noted, name));
            if reason.is_of_actor() && !is_noted && self.unmatched.note(name, reason, row.date) {
                noted = Some(name);
            }
        }
    }

    /// Keeps the first of the malformed rows, more than can be told of; the tally counts them all.
    fn malform(&mut self, at: Position, reason: Reason) {
        const ROOM: usize = 10_000;
        self.malformed.push((at, reason));
        if self.malformed.len() > 2 * ROOM {
            self.malformed.sort_unstable();
            self.malformed.truncate(ROOM);
        }
    }
}
