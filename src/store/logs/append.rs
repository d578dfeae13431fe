//! Appending: an exclusive lock, the expected version, legality, one write, its commitment, unlock.
//!
//! A batch is written with [`UNCOMMITTED`] in the place of its first byte and of its last one, a
//! line feed; when the disk has all of it, the first is put right, which commits the batch. So
//! whatever a crash leaves, a batch counts whole or not at all: every event whose append had
//! returned is there, and of a batch whose append had not either all or nothing. What is left of
//! one is never read as an event; the next append moves it to a file beside the log. The line feed
//! comes behind the commitment, so that what was committed cannot pass for what is left of a batch.

use crate::error::{BadEvent, BadFile, BadLog, Error, Fault, Kind, Occasion, Result};
use crate::history::{
    Admitted, Chain, Ending, Names, Others, Record, Recorded, Register, Source, UNCOMMITTED,
    Writer, Written,
};
use crate::model::Day;
use crate::store::disk::{At, BUFFER_BYTES, Disk, DiskFile, Stands, System};
use std::io::{self, BufReader, Read};
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
    /// When the last event before them was recorded.
    pub last_recorded: Option<Day>,
    /// The events of the log that count and are none of the batch.
    pub others: Others,
    /// What the log called its actors and things before.
    pub names: Names,
    /// Whether it had events whose ids were made for them.
    pub has_made_ids: bool,
    /// Where a torn last line was moved to.
    pub torn: Option<PathBuf>,
}

/// Appends events to a log, all or none. The log is created if it does not exist.
///
/// # Errors
/// Everything that speaks against the batch; the log is as it was then.
pub fn append(path: &Path, batch: &[Written<'_>], options: Options) -> Result<Appended> {
    append_on(&System::default(), path, batch, options)
}

/// The same on some disk.
///
/// # Errors
/// As [`append`].
pub fn append_on<D: Disk>(
    disk: &D,
    path: &Path,
    batch: &[Written<'_>],
    options: Options,
) -> Result<Appended> {
    let in_log = |error: Error| error.in_file(&path.display().to_string());
    let stands = disk
        .look(path)
        .map_err(|error| in_log(failed("open", error)))?;
    let mut first = None;
    if stands.is_none() {
        // Refuse what can be refused before there is a file.
        expect(options, 0).map_err(in_log)?;
        let nothing: &[u8] = &[];
        let admitted = Register::empty().admit(nothing, batch, options.recorded)?;
        if options.dry_run {
            return Ok(Appended {
                version: admitted.records.len() as u64,
                head: chained(&admitted.records, Chain::START)?.1,
                records: admitted.records,
                already_there: admitted.already_there,
                last_recorded: None,
                others: Others::default(),
                names: Names::default(),
                has_made_ids: false,
                torn: None,
            });
        }
        first = Some(admitted);
    }
    let create = !options.dry_run;
    let log = path.display().to_string();
    change(disk, path, create, options, batch, |register, source| {
        match first {
            // Nobody has begun the log meanwhile.
            Some(admitted) if register.survey().events == 0 => Ok(admitted),
            _ => register.admit(source, batch, options.recorded),
        }
    })
    .map_err(|error| error.of_log(&log))
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
    retract_on(&System::default(), path, ids, cascade, reason, options)
}

/// The same on some disk.
///
/// # Errors
/// As [`retract`].
pub fn retract_on<D: Disk>(
    disk: &D,
    path: &Path,
    ids: &[String],
    cascade: bool,
    reason: Option<&str>,
    options: Options,
) -> Result<Appended> {
    change(disk, path, false, options, &[], |register, source| {
        register.retract(source, ids, cascade, options.recorded, reason)
    })
}

/// Appends chained lines that are none of a log, all or none. `change` is handed what the file
/// holds and says how much of it are whole lines, how it ends, and which lines come behind them.
/// The file is created if it does not exist.
///
/// # Errors
/// What `change` says, or what the system says; the file is as it was then.
pub fn append_lines(
    path: &Path,
    change: impl FnOnce(&[u8]) -> Result<(u64, Ending, Vec<u8>)>,
) -> Result<Option<PathBuf>> {
    append_lines_on(&System::default(), path, change)
}

pub(in crate::store) fn append_lines_on<D: Disk>(
    disk: &D,
    path: &Path,
    change: impl FnOnce(&[u8]) -> Result<(u64, Ending, Vec<u8>)>,
) -> Result<Option<PathBuf>> {
    let in_file = |error: Error| error.in_file(&path.display().to_string());
    let locked = Locked::open(disk, path, true).map_err(in_file)?;
    let mut bytes = Vec::new();
    let read = At::new(&locked.file, 0).read_to_end(&mut bytes);
    let changed = read
        .map_err(|error| failed("read", error))
        .and_then(|_| change(&bytes));
    let is_nothing = match &changed {
        Ok((.., lines)) => lines.is_empty(),
        Err(_) => true,
    };
    if is_nothing && locked.created && bytes.is_empty() {
        // The lock is still held: nobody else can have begun to use the file.
        let _ = disk.remove(path);
    }
    let (whole, ending, lines) = changed.map_err(in_file)?;
    if lines.is_empty() {
        return Ok(None);
    }
    let mut torn = None;
    if ending.torn.is_some() {
        torn = Some(locked.move_torn_tail(whole).map_err(in_file)?);
    }
    let lacks_line_feed = ending.lacks_line_feed && whole > 0;
    let written = locked.write(whole + u64::from(lacks_line_feed), lines);
    let is_left = locked.created && bytes.is_empty();
    if written.is_err() && is_left && !is_uncertain(&written) {
        let _ = disk.remove(path);
    }
    written.map_err(in_file)?;
    Ok(torn)
}

fn change<D: Disk>(
    disk: &D,
    path: &Path,
    create: bool,
    options: Options,
    batch: &[Written<'_>],
    admit: impl FnOnce(&Register, &Locked<'_, D>) -> Result<Admitted>,
) -> Result<Appended> {
    let in_log = |error: Error| error.in_file(&path.display().to_string());
    let locked = Locked::open(disk, path, create).map_err(in_log)?;
    let is_new = locked.length().map_err(in_log)? == 0;
    let register = if is_new {
        Register::empty()
    } else {
        Register::read_before(&locked, batch).map_err(in_log)?
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
    if !options.dry_run {
        let places = admitted.already_there.iter();
        let places: Vec<_> = places.filter_map(|id| register.offset(id)).collect();
        let end = survey.ending.lacks_line_feed.then_some(survey.bytes);
        locked.confirm(&places, end).map_err(in_log)?;
    }
    let mut torn = None;
    if !lines.is_empty() {
        if survey.ending.torn.is_some() {
            torn = Some(locked.move_torn_tail(survey.bytes).map_err(in_log)?);
        }
        let offset = survey.bytes + u64::from(survey.ending.lacks_line_feed);
        let written = locked.write(offset, lines);
        let is_left = locked.created && is_new && locked.file.is_at(path).unwrap_or(false);
        if written.is_err() && is_left && !is_uncertain(&written) {
            // The lock is still held: nobody else can have begun to use the file.
            let _ = disk.remove(path);
        }
        written.map_err(in_log)?;
    }
    let others = register.others(&admitted);
    Ok(Appended {
        version: survey.events + admitted.records.len() as u64,
        records: admitted.records,
        already_there: admitted.already_there,
        head,
        last_recorded: survey.last_recorded,
        others,
        names: survey.names(),
        has_made_ids: register.has_made_ids(),
        torn,
    })
}

fn is_uncertain(written: &Result<()>) -> bool {
    let is_it = |fault: &Fault| matches!(fault.kind, Kind::Log(BadLog::Unconfirmed { .. }));
    written
        .as_ref()
        .is_err_and(|error| error.faults().iter().any(is_it))
}

/// The lines of some records behind a head, and the head they make.
fn chained(records: &[Record], head: Chain) -> Result<(Vec<u8>, Chain)> {
    let mut writer = Writer::after(head);
    let mut lines = Vec::new();
    writer.write_all(records, &mut lines)?;
    Ok((lines, writer.head()))
}

fn expect(options: Options, found: u64) -> Result<()> {
    match options.expect_version {
        Some(expected) if expected != found => Err(BadLog::OtherVersion { expected, found }.into()),
        _ => Ok(()),
    }
}

fn failed(doing: &'static str, error: io::Error) -> Error {
    BadFile::Io { doing, error }.into()
}

/// A log that nobody else appends to as long as this lives.
#[derive(Debug)]
struct Locked<'d, D: Disk> {
    disk: &'d D,
    path: PathBuf,
    file: D::File,
    created: bool,
}

impl<'d, D: Disk> Locked<'d, D> {
    fn open(disk: &'d D, path: &Path, create: bool) -> Result<Self> {
        loop {
            let io = |error| failed("open", error);
            let stands = disk.look(path).map_err(io)?;
            match stands {
                Some(Stands::Folder) => return Err(BadFile::Directory.into()),
                Some(Stands::Other) => return Err(BadFile::NotAFile.into()),
                Some(Stands::File) | None => {}
            }
            let file = disk.open(path, create).map_err(io)?;
            disk.lock(&file).map_err(|error| failed("lock", error))?;
            // Whoever held the lock may have removed the file; then it is another one now.
            if file.is_at(path).map_err(io)? {
                return Ok(Self {
                    disk,
                    path: path.to_owned(),
                    file,
                    created: create && stands.is_none(),
                });
            }
        }
    }

    fn length(&self) -> Result<u64> {
        self.file.length().map_err(|error| failed("read", error))
    }

    /// Waits until the disk has events that are in the log already: whoever wrote them may have
    /// been told that it did not.
    ///
    /// The first byte of each is written again, since a disk that has failed once forgets what it
    /// owes; and behind that a line feed that is not there, at the end of the last line.
    fn confirm(&self, places: &[u64], end: Option<u64>) -> Result<()> {
        if places.is_empty() {
            return Ok(());
        }
        let again = || {
            for place in places {
                self.file.write_at(*place, b"{")?;
            }
            self.file.sync()?;
            if let Some(end) = end {
                self.file.write_at(end, b"\n")?;
                self.file.sync()?;
            }
            self.disk.sync_folder_of(&self.path)
        };
        again().map_err(|error| BadLog::Unconfirmed { error }.into())
    }

    /// Moves what stands behind the last whole line to a file of its own, which is never
    /// overwritten.
    fn move_torn_tail(&self, whole_bytes: u64) -> Result<PathBuf> {
        let io = |error| failed("move the torn end out of the log", error);
        let beside = self.copy_beside(whole_bytes).map_err(io)?;
        // The next line is not to be mixed with what the disk still has of this.
        let cut = self.file.set_length(whole_bytes);
        cut.and_then(|()| self.file.sync()).map_err(io)?;
        Ok(beside)
    }

    /// Copies what stands behind an offset to a file beside the log, unless there is one that has
    /// just that.
    fn copy_beside(&self, offset: u64) -> io::Result<PathBuf> {
        for count in 0_u32.. {
            let mut name = self.path.clone().into_os_string();
            name.push(format!(".torn-{offset}"));
            if count > 0 {
                name.push(format!("-{count}"));
            }
            let beside = PathBuf::from(name);
            let file = match self.disk.create_new(&beside, true) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    if self.is_copied(offset, &beside)? {
                        return Ok(beside);
                    }
                    continue;
                }
                Err(error) => return Err(error),
            };
            let given = self.disk.access_of(&self.file);
            // From the start: whoever may not read the log is not to read this.
            let given = given.and_then(|access| self.disk.give_access(&file, &access));
            let copied = given
                .and_then(|()| self.copy(offset, &file))
                .and_then(|()| {
                    file.sync()?;
                    self.disk.sync_folder_of(&beside)
                });
            if let Err(error) = copied {
                // The tail is still where it was; a part of it beside the log is of no use.
                let _ = self.disk.remove(&beside);
                return Err(error);
            }
            return Ok(beside);
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    fn copy(&self, offset: u64, to: &D::File) -> io::Result<()> {
        let mut buffer = vec![0; BUFFER_BYTES];
        let mut done = 0;
        loop {
            let read = self.file.read_at(offset + done, &mut buffer)?;
            if read == 0 {
                return Ok(());
            }
            to.write_at(done, &buffer[..read])?;
            done += read as u64;
        }
    }

    /// Whether a file has just what stands behind an offset, and the disk has it.
    fn is_copied(&self, offset: u64, beside: &Path) -> io::Result<bool> {
        let same = || -> io::Result<Option<D::File>> {
            if self.disk.look(beside)? != Some(Stands::File) {
                return Ok(None);
            }
            let copy = self.disk.open(beside, false)?;
            if copy.length()? != self.file.length()?.saturating_sub(offset) {
                return Ok(None);
            }
            let tail = At::new(&self.file, offset).bytes();
            let copied = At::new(&copy, 0).bytes();
            for (one, other) in tail.zip(copied) {
                if one? != other? {
                    return Ok(None);
                }
            }
            Ok(Some(copy))
        };
        // What cannot be read is somebody else's.
        let Some(copy) = same().unwrap_or_default() else {
            return Ok(false);
        };
        // A disk that has failed once forgets what it owes unless it is written again.
        self.copy(offset, &copy)?;
        copy.sync()?;
        self.disk.sync_folder_of(beside)?;
        Ok(true)
    }

    /// Writes behind the last whole line and its line feed, waits until the disk has it, and
    /// commits it. A write that fails is undone.
    fn write(&self, offset: u64, mut lines: Vec<u8>) -> Result<()> {
        let io = |error| failed("write", error);
        lines.pop_if(|last| *last == b'\n');
        let Some(first) = lines.first_mut() else {
            return Ok(());
        };
        // What an earlier append that failed has left on its way to the disk is not to be mixed
        // with this. The line feed before it may be there no longer, or never have reached a disk
        // that forgets what it owes unless it is written again.
        let line_feed = match offset.checked_sub(1) {
            Some(before) => self.file.write_at(before, b"\n"),
            None => Ok(()),
        };
        line_feed.and_then(|()| self.file.sync()).map_err(io)?;
        let first = std::mem::replace(first, UNCOMMITTED);
        let end = offset + lines.len() as u64;
        // As long as it will be, with a zero at its end, before anything is in it.
        let made = self.file.set_length(end + 1);
        let written = made.and_then(|()| self.file.write_at(offset, &lines));
        if let Err(error) = written.and_then(|()| self.file.sync()) {
            // If this fails too, the next reader finds what is not committed, which is no event.
            let _ = self.undo(offset);
            return Err(io(error));
        }
        let commit = || {
            self.file.write_at(offset, &[first])?;
            self.file.sync()
        };
        // A disk that has failed once may take it all the same.
        if let Err(error) = commit().or_else(|_| commit()) {
            return Err(match self.undo(offset) {
                Ok(()) => io(error),
                Err(_) => BadLog::Unconfirmed { error }.into(),
            });
        }
        // Without it the last line counts all the same, and the next append writes it.
        let ended = self.file.write_at(end, b"\n");
        let _ = ended.and_then(|()| self.file.sync());
        let unconfirmed = |error| Error::from(BadLog::Unconfirmed { error });
        if !self.file.is_at(&self.path).map_err(unconfirmed)? {
            return Err(BadLog::Replaced.into());
        }
        self.disk.sync_folder_of(&self.path).map_err(unconfirmed)
    }

    /// Takes a batch out of the log again, or at least its commitment.
    fn undo(&self, offset: u64) -> io::Result<()> {
        let cut = self.file.set_length(offset);
        cut.or_else(|_| self.file.write_at(offset, &[UNCOMMITTED]))?;
        // What matters is what the next reader finds; the next append waits for the disk first.
        let _ = self.file.sync();
        Ok(())
    }
}

/// The locked file is read through its own handle: where locks are mandatory no other could read
/// it.
impl<D: Disk> Source for Locked<'_, D> {
    type Reader<'a>
        = BufReader<At<'a, D::File>>
    where
        Self: 'a;

    fn open(&self) -> io::Result<Self::Reader<'_>> {
        Ok(At::new(&self.file, 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// What a change that appends these lines behind so many bytes does to a file that holds a
    /// text, or to none.
    fn appended(
        before: Option<&str>,
        change: Result<(u64, Option<u64>, &str)>,
    ) -> (Option<String>, Result<Vec<String>>) {
        let desk = tempfile::tempdir().unwrap();
        let path = desk.path().join("file");
        if let Some(before) = before {
            fs::write(&path, before).unwrap();
        }
        let torn = append_lines(&path, |bytes| {
            assert_eq!(bytes, before.unwrap_or_default().as_bytes());
            change.map(|(whole, torn, lines)| {
                let torn = torn.map(|bytes| crate::history::Torn {
                    bytes,
                    is_zeros: false,
                });
                let lacks_line_feed = torn.is_none() && whole == bytes.len() as u64;
                let ending = Ending {
                    torn,
                    lacks_line_feed: lacks_line_feed && !bytes.ends_with(b"\n"),
                };
                (whole, ending, lines.as_bytes().to_vec())
            })
        });
        let told = torn.map(|torn| {
            let read = |path: PathBuf| fs::read_to_string(path).unwrap();
            torn.into_iter().map(read).collect()
        });
        (fs::read_to_string(path).ok(), told)
    }

    #[test]
    fn lines_are_appended_behind_what_is_whole_and_what_is_torn_is_moved_aside() {
        for (before, whole, torn, lines, after, aside) in [
            (None, 0, None, "{a}\n", Some("{a}\n"), None),
            (Some(""), 0, None, "{a}\n", Some("{a}\n"), None),
            (
                Some("{a}\n"),
                4,
                None,
                "{b}\n{c}\n",
                Some("{a}\n{b}\n{c}\n"),
                None,
            ),
            (Some("{a}"), 3, None, "{b}\n", Some("{a}\n{b}\n"), None),
            (
                Some("{a}\n{b"),
                4,
                Some(2),
                "{c}\n",
                Some("{a}\n{c}\n"),
                Some("{b"),
            ),
            (Some("{b"), 0, Some(2), "{c}\n", Some("{c}\n"), Some("{b")),
            // Nothing is appended, and nothing is moved or made.
            (None, 0, None, "", None, None),
            (Some(""), 0, None, "", Some(""), None),
            (Some("{a}\n{b"), 4, Some(2), "", Some("{a}\n{b"), None),
        ] {
            let (found, told) = appended(before, Ok((whole, torn, lines)));
            assert_eq!(found.as_deref(), after, "{before:?} {lines:?}");
            assert_eq!(told.unwrap(), Vec::from_iter(aside), "{before:?} {lines:?}");
        }
        for before in [None, Some(""), Some("{a}\n{b")] {
            let (found, told) = appended(before, Err(BadFile::Empty.into()));
            assert_eq!((found.as_deref(), told.is_err()), (before, true));
        }
    }

    #[test]
    fn a_file_is_made_where_there_was_none() {
        let desk = tempfile::tempdir().unwrap();
        let path = desk.path().join("file");
        let system = System::default();
        let open = |create| Locked::open(&system, &path, create).map(|locked| locked.created);
        assert!(open(false).is_err() && !path.exists());
        let made = [true, true, false].map(|create| open(create).unwrap());
        assert_eq!(made, [true, false, false]);
        let folder = Locked::open(&system, desk.path(), true).err().unwrap();
        let kind = &folder.faults()[0].kind;
        assert!(matches!(kind, Kind::File(BadFile::Directory)), "{kind:?}");
    }

    #[test]
    fn an_event_comes_behind_the_line_feed_that_the_last_line_lacks() {
        let log = crate::history::LIBRARY[0].log;
        let event = br#"{"id":"a-century-later","date":"2100-01-01","source":["USA"],"target":["RUS"],"act":"statement"}"#;
        let batch = crate::history::read_written(event).unwrap();
        let options = Options {
            recorded: Recorded::On("2100-01-01".parse().unwrap()),
            expect_version: None,
            dry_run: false,
        };
        let desk = tempfile::tempdir().unwrap();
        let after = |before: &[u8]| {
            let path = desk.path().join("log.jsonl");
            fs::write(&path, before).unwrap();
            let version = append(&path, &batch, options).unwrap().version;
            (fs::read(&path).unwrap(), version)
        };
        let (whole, version) = after(log);
        assert_eq!(
            version as usize,
            memchr::memchr_iter(b'\n', log).count() + 1
        );
        assert!(whole.starts_with(log) && whole.len() > log.len());
        assert!(after(&log[..log.len() - 1]) == (whole, version));
    }
}
