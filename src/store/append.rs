//! Appending: an exclusive lock, the expected version, legality, one write, one sync, unlock.
//!
//! A crash at any moment leaves the log with every event whose append had returned, and possibly the
//! beginning of a batch whose append had not. A torn last line is never read as an event; the next
//! append moves it to a file beside the log.

use super::log::BUFFER_BYTES;
use crate::error::{BadEvent, BadFile, BadLog, Error, Fault, Kind, Occasion, Result};
use crate::history::{Admitted, Chain, Record, Recorded, Register, Source, Writer, Written};
use same_file::Handle;
use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// How to append.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The day of recording of events that bring none.
    pub recorded: Recorded,
    /// How many events the log must have.
    pub expect_version: Option<u64>,
    /// Whether everything is looked at and nothing is written.
    pub dry_run: bool,
}

/// What an append did.
#[derive(Debug)]
pub struct Appended {
    /// The events that are now in the log.
    pub records: Vec<Record>,
    /// The ids of those that were there already.
    pub already_there: Vec<String>,
    /// How many events the log has now.
    pub version: u64,
    /// The chain of its last line.
    pub head: Chain,
    /// Where a torn last line was moved to.
    pub torn: Option<PathBuf>,
}

/// Appends events to a log, all or none. The log is created if it does not exist.
///
/// # Errors
/// Everything that speaks against the batch; the log is as it was then.
pub fn append(path: &Path, batch: &[Written<'_>], options: Options) -> Result<Appended> {
    let ids: HashSet<_> = batch.iter().map(|written| written.record.id()).collect();
    if !path.exists() {
        // Refuse what can be refused before there is a file.
        let name = path.display().to_string();
        expect(options, 0).map_err(|error| error.in_file(&name))?;
        let nothing: &[u8] = &[];
        let admitted = Register::empty().admit(nothing, batch, options.recorded)?;
        if options.dry_run {
            return Ok(Appended {
                version: admitted.records.len() as u64,
                head: chained(&admitted.records, Chain::START)?.1,
                records: admitted.records,
                already_there: admitted.already_there,
                torn: None,
            });
        }
    }
    change(path, !options.dry_run, options, &ids, |register, source| {
        register.admit(source, batch, options.recorded)
    })
}

/// Retracts events of a log, and with `cascade` all that would become illegal.
///
/// # Errors
/// What cannot be retracted, or what would become illegal; the log is as it was then.
pub fn retract(
    path: &Path,
    ids: &[String],
    cascade: bool,
    reason: Option<&str>,
    options: Options,
) -> Result<Appended> {
    change(path, false, options, &HashSet::new(), |register, source| {
        register.retract(source, ids, cascade, options.recorded, reason)
    })
}

fn change(
    path: &Path,
    create: bool,
    options: Options,
    of_interest: &HashSet<&str>,
    admit: impl FnOnce(&Register, &Locked) -> Result<Admitted>,
) -> Result<Appended> {
    let in_log = |error: Error| error.in_file(&path.display().to_string());
    let mut locked = Locked::open(path, create).map_err(in_log)?;
    let is_new = locked.length().map_err(in_log)? == 0;
    let register = if is_new {
        Register::empty()
    } else {
        Register::read(&locked, false, of_interest).map_err(in_log)?
    };
    expect(options, register.survey().events).map_err(in_log)?;
    let of_the_log = |fault: &Fault| {
        matches!(
            fault.kind,
            Kind::Event(BadEvent::Illegal {
                occasion: Occasion::Appending | Occasion::Retracting,
                ..
            })
        )
    };
    let admitted = admit(&register, &locked)
        .map_err(|error| error.in_file_where(&path.display().to_string(), of_the_log))?;
    let survey = register.survey();
    let (lines, head) = chained(&admitted.records, survey.head)?;
    let lines = if options.dry_run { Vec::new() } else { lines };
    let torn = match survey.torn_bytes {
        Some(_) if !lines.is_empty() => Some(locked.move_torn_tail(survey.bytes).map_err(in_log)?),
        _ => None,
    };
    if !lines.is_empty() {
        let written = locked.write(survey.bytes, &lines);
        if written.is_err() && is_new && locked.created {
            // The lock is still held: nobody else can have begun to use the file.
            let _ = fs::remove_file(path);
        }
        written.map_err(in_log)?;
    }
    Ok(Appended {
        version: survey.events + admitted.records.len() as u64,
        records: admitted.records,
        already_there: admitted.already_there,
        head,
        torn,
    })
}

/// The lines of some records behind a head, and the head they make.
fn chained(records: &[Record], head: Chain) -> Result<(Vec<u8>, Chain)> {
    let mut writer = Writer::after(head);
    let mut lines = Vec::new();
    for record in records {
        writer.write(record, &mut lines)?;
    }
    Ok((lines, writer.head()))
}

fn expect(options: Options, found: u64) -> Result<()> {
    match options.expect_version {
        Some(expected) if expected != found => Err(BadLog::OtherVersion { expected, found }.into()),
        _ => Ok(()),
    }
}

/// A log that nobody else appends to as long as this lives.
#[derive(Debug)]
struct Locked {
    path: PathBuf,
    file: File,
    created: bool,
}

impl Locked {
    fn open(path: &Path, create: bool) -> Result<Self> {
        loop {
            let io = |error| BadFile::Io {
                doing: "open",
                error,
            };
            if path.is_dir() {
                return Err(BadFile::Directory.into());
            }
            if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
                return Err(BadFile::NotAFile.into());
            }
            let created = create && !path.exists();
            let mut options = OpenOptions::new();
            options
                .read(true)
                .write(true)
                .create(create)
                .truncate(false);
            let file = options.open(path).map_err(io)?;
            file.lock().map_err(|error| BadFile::Io {
                doing: "lock",
                error,
            })?;
            let path = path.to_owned();
            let locked = Self {
                path,
                file,
                created,
            };
            // Whoever held the lock may have removed the file; then it is another one now.
            if locked.is_still_there().map_err(io)? {
                return Ok(locked);
            }
        }
    }

    /// Whether the file is still the one at its path.
    fn is_still_there(&self) -> io::Result<bool> {
        let held = Handle::from_file(self.file.try_clone()?)?;
        match Handle::from_path(&self.path) {
            Ok(found) => Ok(held == found),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn length(&self) -> Result<u64> {
        let metadata = self.file.metadata();
        let io = |error| BadFile::Io {
            doing: "read",
            error,
        };
        Ok(metadata.map_err(io)?.len())
    }

    /// Moves what stands behind the last whole line to a file of its own, which is never overwritten.
    fn move_torn_tail(&mut self, whole_bytes: u64) -> Result<PathBuf> {
        let io = |error| BadFile::Io {
            doing: "move the torn last line out of the log",
            error,
        };
        let mut tail = Vec::new();
        (&self.file)
            .seek(SeekFrom::Start(whole_bytes))
            .map_err(io)?;
        (&self.file).read_to_end(&mut tail).map_err(io)?;
        let (beside, mut file) = self.new_file_beside(whole_bytes).map_err(io)?;
        let written = file.write_all(&tail).and_then(|()| file.sync_all());
        if let Err(error) = written {
            // The tail is still where it was; a part of it beside the log is of no use.
            let _ = fs::remove_file(&beside);
            return Err(io(error).into());
        }
        self.file.set_len(whole_bytes).map_err(io)?;
        Ok(beside)
    }

    fn new_file_beside(&self, offset: u64) -> io::Result<(PathBuf, File)> {
        for count in 0_u32.. {
            let mut name = self.path.clone().into_os_string();
            name.push(format!(".torn-{offset}"));
            if count > 0 {
                name.push(format!("-{count}"));
            }
            match OpenOptions::new().write(true).create_new(true).open(&name) {
                Ok(file) => return Ok((name.into(), file)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Writes behind the last whole line and waits until the disk has it. A write that fails is undone.
    fn write(&mut self, offset: u64, lines: &[u8]) -> Result<()> {
        let written = (&self.file)
            .seek(SeekFrom::Start(offset))
            .and_then(|_| (&self.file).write_all(lines))
            .and_then(|()| self.file.sync_all());
        if let Err(error) = written {
            // If this fails too, the next reader finds a torn last line, which is no event.
            let _ = self.file.set_len(offset);
            return Err(BadFile::Io {
                doing: "write",
                error,
            }
            .into());
        }
        let io = |error| BadFile::Io {
            doing: "find",
            error,
        };
        if !self.is_still_there().map_err(io)? {
            return Err(BadLog::Replaced.into());
        }
        if self.created
            && let Some(directory) = self.path.parent()
        {
            let directory = if directory.as_os_str().is_empty() {
                Path::new(".")
            } else {
                directory
            };
            // Not every system can sync a directory; where it cannot, the file's own sync has to do.
            let _ = File::open(directory).and_then(|directory| directory.sync_all());
        }
        Ok(())
    }
}

/// The locked file is read through its own handle: where locks are mandatory no other could read it.
impl Source for Locked {
    type Reader<'a> = BufReader<&'a File>;

    fn open(&self) -> io::Result<BufReader<&File>> {
        (&self.file).seek(SeekFrom::Start(0))?;
        Ok(BufReader::with_capacity(BUFFER_BYTES, &self.file))
    }
}
