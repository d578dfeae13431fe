//! Output that is there whole or not at all: written beside its place, then moved there.
//!
//! The one way by which anything but a log is written. It follows links and leaves them links,
//! keeps who may read a file, writes into what is no regular file, and takes the place of nothing
//! that was read and of no log.

use super::reads::{is_read, standard_output};
use crate::error::{BadFile, Error, Result};
use crate::history::{Chain, LINE_LIMIT};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// What a new file may take the place of. A log is only ever appended to: none is replaced, but
/// where it is recognised.
#[derive(Clone, Copy, Debug)]
pub enum Replace {
    /// Nothing, and nobody can ask for it.
    Never,
    /// Any file, if that is asked for.
    Asked(bool),
    /// A file that is recognised, or any, if that is asked for.
    Own(Recognise, bool),
}

/// Whether a file is one that may be replaced without being asked.
pub type Recognise = fn(&mut dyn BufRead) -> io::Result<bool>;

/// A file that gets its name when it is finished. One that is dropped before leaves nothing; a
/// process that is killed leaves `.NAME.unfinished-N-N.part` beside it, which is of no use, and
/// which the next one of that name takes away.
#[derive(Debug)]
pub struct WholeFile {
    /// What it is called, for errors.
    name: String,
    place: Place,
    out: BufWriter<File>,
}

/// Where the bytes go first.
#[derive(Debug)]
enum Place {
    /// Beside the place where they will be.
    Beside(Unfinished, Replace),
    /// What is no regular file cannot be moved to: a pipe, a device, what a process holds open.
    There,
}

/// What a name leads to.
enum Target {
    /// No file yet.
    New(PathBuf),
    /// A regular file.
    Found(PathBuf, Metadata),
    /// What is written into.
    Into,
}

/// How many links may follow on each other.
const LINK_LIMIT: usize = 40;

impl WholeFile {
    /// Begins a file.
    ///
    /// # Errors
    /// When there is one that it may not replace, or the system refuses.
    pub fn create(path: &Path, replace: Replace) -> Result<Self> {
        let name = path.display().to_string();
        let begun = Self::begin(path, replace);
        let (place, out) = begun.map_err(|error| error.in_file(&name))?;
        let out = BufWriter::new(out);
        Ok(Self { name, place, out })
    }

    fn begin(path: &Path, replace: Replace) -> Result<(Place, File)> {
        let (target, found) = match target(path)? {
            Target::Into => {
                if let Ok(found) = path.metadata()
                    && found.is_file()
                {
                    // What is behind it is kept; a log is not made longer by what is no event.
                    let is_kept: Recognise = |_| Ok(true);
                    may_replace(path, &found, Replace::Own(is_kept, false))?;
                    is_no_log(path)?;
                }
                return Ok((Place::There, open_to_go_on(path).map_err(creating)?));
            }
            Target::New(target) => (target, None),
            Target::Found(target, found) => {
                may_replace(&target, &found, replace)?;
                (target, Some(found))
            }
        };
        let (unfinished, file) = Unfinished::beside(target)?;
        if let Some(found) = found {
            // From the start: nobody else is to read it meanwhile.
            keep_access(&file, &found).map_err(creating)?;
        }
        Ok((Place::Beside(unfinished, replace), file))
    }

    /// Writes a whole file at once.
    ///
    /// # Errors
    /// As [`Self::create`] and [`Self::finish`].
    pub fn write(path: &Path, replace: Replace, bytes: &[u8]) -> Result<()> {
        let mut file = Self::create(path, replace)?;
        file.put(bytes)?;
        file.finish()
    }

    /// Writes all of some bytes.
    ///
    /// # Errors
    /// What the system says, of this file.
    pub fn put(&mut self, bytes: &[u8]) -> Result<()> {
        let written = self.out.write_all(bytes);
        written.map_err(|error| Error::from(writing(error)).in_file(&self.name))
    }

    /// Waits until the disk has it all, and gives it its name.
    ///
    /// # Errors
    /// When it cannot be written whole, or there is a file now that it may not replace; there is
    /// nothing new then.
    pub fn finish(self) -> Result<()> {
        let Self { name, place, out } = self;
        let finish = || {
            let file = out
                .into_inner()
                .map_err(|error| writing(error.into_error()))?;
            match place {
                Place::There => Ok(()),
                Place::Beside(unfinished, replace) => unfinished.finish(&file, replace),
            }
        };
        finish().map_err(|error: Error| error.in_file(&name))
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Opens what is written into, behind what it holds.
fn open_to_go_on(path: &Path) -> io::Result<File> {
    // Opened anew, standard output would be two places in one file, each written over the other.
    match standard_output(path) {
        Some(output) => Ok(output),
        None => OpenOptions::new().append(true).open(path),
    }
}

/// Follows the links of a name to where its file is or will be.
fn target(path: &Path) -> Result<Target> {
    let ends_in_separator = path
        .as_os_str()
        .as_encoded_bytes()
        .last()
        .is_some_and(|last| std::path::is_separator(char::from(*last)));
    if ends_in_separator {
        return Err(BadFile::Directory.into());
    }
    let mut at = path.to_owned();
    for _ in 0..LINK_LIMIT {
        let found = match at.symlink_metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            found => Some(found.map_err(creating)?),
        };
        if found.as_ref().is_some_and(|found| found.is_dir()) {
            return Err(BadFile::Directory.into());
        }
        let folder = folder(&at).canonicalize().map_err(creating)?;
        let name = at.file_name().unwrap_or_default();
        let found = match found {
            None => return Ok(Target::New(folder.join(name))),
            Some(found) if found.is_file() => return Ok(Target::Found(folder.join(name), found)),
            Some(found) => found,
        };
        if !found.is_symlink() {
            return Ok(Target::Into);
        }
        // These links stand for what a process holds open, which may have no name at all.
        if folder.starts_with("/proc") {
            return Ok(Target::Into);
        }
        at = folder.join(fs::read_link(&at).map_err(creating)?);
    }
    Err(creating(io::Error::other("too many links follow on each other")).into())
}

/// The folder that a file is in.
pub(super) fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Whether a file may make room for a new one.
fn may_replace(path: &Path, found: &Metadata, replace: Replace) -> Result<()> {
    if is_read(found) {
        return Err(BadFile::OutputIsInput.into());
    }
    let (own, asked) = match replace {
        Replace::Never => return Err(BadFile::NameTaken.into()),
        Replace::Asked(asked) => (None, asked),
        Replace::Own(own, asked) => (Some(own), asked),
    };
    let is_own = match own {
        Some(own) if found.len() > 0 => {
            let opened = File::open(path).map_err(reading)?;
            own(&mut BufReader::new(opened)).map_err(reading)?
        }
        own => own.is_some(),
    };
    if !is_own {
        is_no_log(path)?;
    }
    if !is_own && !asked {
        return Err(BadFile::AlreadyThere.into());
    }
    if found.permissions().readonly() {
        return Err(BadFile::ReadOnly.into());
    }
    Ok(())
}

/// Whether a file does not begin with a line of a log.
pub(super) fn is_no_log(path: &Path) -> Result<()> {
    let mut line = Vec::new();
    let opened = File::open(path).map_err(reading)?;
    let mut first = BufReader::new(opened).take(LINE_LIMIT as u64 + 1);
    first.read_until(b'\n', &mut line).map_err(reading)?;
    line.pop_if(|last| *last == b'\n');
    if Chain::split(&line).is_some() || line.starts_with(b"{\"seq\":") {
        return Err(BadFile::IsKept.into());
    }
    Ok(())
}

pub(super) fn creating(error: io::Error) -> BadFile {
    let doing = "create";
    BadFile::Io { doing, error }
}

pub(super) fn writing(error: io::Error) -> BadFile {
    let doing = "write";
    BadFile::Io { doing, error }
}

fn reading(error: io::Error) -> BadFile {
    let doing = "read what it would replace";
    BadFile::Io { doing, error }
}

/// A file beside its place. It is taken away unless it is finished.
#[derive(Debug)]
struct Unfinished {
    beside: PathBuf,
    target: PathBuf,
}

/// The files of this process that are not finished, each with its place.
static UNFINISHED: Mutex<BTreeMap<PathBuf, PathBuf>> = Mutex::new(BTreeMap::new());

fn all_unfinished() -> std::sync::MutexGuard<'static, BTreeMap<PathBuf, PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes away what is not finished and never will be, since the process is about to end.
pub fn remove_unfinished() {
    for beside in std::mem::take(&mut *all_unfinished()).keys() {
        // There is nobody left to tell.
        let _ = fs::remove_file(beside).or_else(|_| fs::remove_dir_all(beside));
    }
}

/// What was noted is finished, or gone.
pub(super) fn forget_unfinished(beside: &Path) {
    all_unfinished().remove(beside);
}

/// Moves what is beside its place there, by what is given. From here on it is not taken away where
/// the process is about to end, which waits until it has been moved.
pub(super) fn settle<T>(beside: &Path, moved: impl FnOnce() -> T) -> T {
    let mut unfinished = all_unfinished();
    unfinished.remove(beside);
    moved()
}

/// The longest name that still leaves room for what is put around it, in bytes.
const NAME_BYTES: usize = 200;

/// Makes something beside its place, under a name that nobody has, and takes note of it: nothing
/// else is to be written to that place meanwhile, nor into it, nor to what it is in.
pub(super) fn make_beside<T>(
    target: &Path,
    make: impl Fn(&Path) -> io::Result<T>,
) -> Result<(PathBuf, T)> {
    static BEGUN: AtomicU64 = AtomicU64::new(0);
    let Some(name) = target.file_name() else {
        let error = io::Error::from(io::ErrorKind::InvalidInput);
        return Err(creating(error).into());
    };
    take_away_left(target, name);
    let mut unfinished = all_unfinished();
    let is_same = |other: &PathBuf| target.starts_with(other) || other.starts_with(target);
    if unfinished.values().any(is_same) {
        return Err(BadFile::WrittenTwice.into());
    }
    loop {
        let number = BEGUN.fetch_add(1, Ordering::Relaxed);
        let mut own = begins(name);
        own.push(format!("{}-{number}{PART}", std::process::id()));
        let beside = folder(target).join(own);
        match make(&beside) {
            Ok(begun) => {
                unfinished.insert(beside.clone(), target.to_owned());
                return Ok((beside, begun));
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(creating(error).into()),
        }
    }
}

thread_local! {
    /// What was taken away and nobody was told of yet.
    static TAKEN_AWAY: RefCell<Vec<PathBuf>> = const { RefCell::new(Vec::new()) };
}

/// How what stands beside a name begins until it is finished.
fn begins(name: &OsStr) -> OsString {
    let mut begins = OsString::from(".");
    if name.len() <= NAME_BYTES {
        begins.push(name);
        begins.push(".");
    }
    begins.push("unfinished-");
    begins
}

/// How it ends.
const PART: &str = ".part";

/// Takes away what processes that were killed have left beside a name. What is still being written
/// is held by whoever writes it, and what was about to take the place of something is whole.
fn take_away_left(target: &Path, name: &OsStr) {
    if name.len() > NAME_BYTES {
        // Then the name does not tell of what it is.
        return;
    }
    let begins = begins(name);
    for entry in fs::read_dir(folder(target)).into_iter().flatten().flatten() {
        let found = entry.file_name();
        let found = found.as_encoded_bytes();
        let own = found
            .strip_prefix(begins.as_encoded_bytes())
            .and_then(|rest| rest.strip_suffix(PART.as_bytes()));
        let is_ours = own.is_some_and(|own| {
            let is_in_numbers = |byte: &u8| byte.is_ascii_digit() || *byte == b'-';
            !own.is_empty() && own.iter().all(is_in_numbers)
        });
        let left = entry.path();
        let is_left = || File::open(&left).is_ok_and(|left| left.try_lock().is_ok());
        let is_whole = left.with_extension("replaced").exists();
        if is_ours && !is_whole && is_left() {
            // What cannot be taken away is in nobody's way.
            let gone = fs::remove_file(&left).or_else(|_| fs::remove_dir_all(&left));
            if gone.is_ok() {
                TAKEN_AWAY.with_borrow_mut(|all| all.push(left));
            }
        }
    }
}

/// What was taken away of what killed processes have left, in this thread since this was asked
/// last, in alphabetical order.
#[must_use]
pub fn taken_away() -> Vec<PathBuf> {
    let mut all = TAKEN_AWAY.take();
    all.sort();
    all
}

/// Holds what was begun for as long as the file is open, so that nobody takes it for what a killed
/// process has left. Where a system has no locks, nothing is taken away.
///
/// # Errors
/// When somebody was faster; another name will do.
pub(super) fn hold(begun: &File, beside: &Path) -> io::Result<()> {
    let is_taken = matches!(begun.try_lock(), Err(TryLockError::WouldBlock));
    if is_taken || beside.symlink_metadata().is_err() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    Ok(())
}

impl Unfinished {
    fn beside(target: PathBuf) -> Result<(Self, File)> {
        let (beside, file) = make_beside(&target, |beside| {
            let file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(beside)?;
            hold(&file, beside)?;
            Ok(file)
        })?;
        Ok((Self { beside, target }, file))
    }

    fn finish(self, file: &File, replace: Replace) -> Result<()> {
        loop {
            match self.target.symlink_metadata() {
                Ok(found) if found.is_file() => {
                    may_replace(&self.target, &found, replace)?;
                    keep_access(file, &found).map_err(writing)?;
                    file.sync_all().map_err(writing)?;
                    fs::rename(&self.beside, &self.target).map_err(writing)?;
                }
                // A link, a folder or a device has appeared.
                Ok(_) => return Err(BadFile::AlreadyThere.into()),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    file.sync_all().map_err(writing)?;
                    match self.take_name() {
                        // Somebody else was faster: it may be one that makes room.
                        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                        taken => taken.map_err(writing)?,
                    }
                }
                Err(error) => return Err(writing(error).into()),
            }
            sync_folder(&self.target);
            return Ok(());
        }
    }

    /// Takes a name that nobody has.
    fn take_name(&self) -> io::Result<()> {
        match fs::hard_link(&self.beside, &self.target) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                // Not every system has links: the name is held by an empty file first.
                OpenOptions::new()
                    .write(true)
                    .create_new(true)
                    .open(&self.target)?;
                let moved = fs::rename(&self.beside, &self.target);
                if moved.is_err() {
                    let _ = fs::remove_file(&self.target);
                }
                moved
            }
            linked => linked,
        }
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // Once it has its name, there is nothing left beside it, or one name too many.
        let _ = fs::remove_file(&self.beside);
        forget_unfinished(&self.beside);
    }
}

/// Gives a file to those who had the one that it replaces, as far as the system lets it.
fn keep_access(file: &File, found: &Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        // Only the owner of all can give a file away; the mode comes behind, since this may change
        // it.
        let _ = fchown(file, Some(found.uid()), Some(found.gid()));
    }
    file.set_permissions(found.permissions())
}

/// Waits until the disk knows a file's name.
pub(super) fn sync_folder(path: &Path) {
    // Not every system can sync a folder; where it cannot, the file's own sync has to do.
    let _ = File::open(folder(path)).and_then(|folder| folder.sync_all());
}
