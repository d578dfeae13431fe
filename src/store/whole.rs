//! Output that is there whole or not at all: written beside its place, then moved there.
//!
//! The one way by which anything but a log is written. It follows links and leaves them links,
//! keeps who may read a file, writes into what is no regular file, and takes the place of nothing
//! that was read and of no log.

use super::disk::{At, Disk, DiskFile, Found, New, Stands, System, folder};
use super::reads::standard_output;
use crate::error::{BadFile, Error, Result};
use crate::history::{Chain, LINE_LIMIT};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufWriter, Read, Write};
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
    /// A file that is recognised or empty, or any, if that is asked for.
    Own(Recognise, bool),
    /// A file that is recognised, and no other: for names that nobody has given.
    Recognised(Recognise),
}

/// Whether a file is one that may be replaced without being asked.
pub type Recognise = fn(&mut dyn BufRead) -> io::Result<bool>;

/// A file that gets its name when it is finished. One that is dropped before leaves nothing; a
/// process that is killed leaves `.NAME.unfinished-N-N-MARK.part` beside it, which is of no use,
/// and which the next one of that name takes away.
#[derive(Debug)]
pub struct WholeFile<D: Disk = System> {
    /// What it is called, for errors.
    name: String,
    out: BufWriter<Place<D>>,
}

/// Where the bytes go first.
#[derive(Debug)]
enum Place<D: Disk> {
    /// Beside the place where they will be.
    Beside(Unfinished<D>, New<D::File>, Replace),
    /// What is no regular file cannot be moved to: a pipe, a device, what a process holds open.
    There(File),
}

/// A file to which nothing more is written, and which has no name yet.
#[derive(Debug)]
pub(super) struct Filled<D: Disk> {
    name: String,
    place: Place<D>,
}

/// What a name leads to.
enum Target {
    /// A regular file, or none yet.
    File(PathBuf),
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
        let disk = System::default();
        let begin = || match target(path)? {
            Target::File(target) => Place::beside(disk, target, replace),
            Target::Into => {
                if let Ok(found) = path.metadata()
                    && found.is_file()
                {
                    // What is behind it is kept; a log is not made longer by what is no event.
                    let is_kept: Recognise = |_| Ok(true);
                    let found = Found::from(found);
                    may_replace(&disk, path, &found, Replace::Own(is_kept, false))?;
                    is_no_log(&disk, path)?;
                }
                Ok(Place::There(open_to_go_on(path).map_err(creating)?))
            }
        };
        Self::begun(path, begin())
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
}

impl<D: Disk> WholeFile<D> {
    /// Begins a file on some disk, at the path itself: no links are followed.
    ///
    /// # Errors
    /// As [`WholeFile::create`].
    pub fn create_on(disk: D, path: &Path, replace: Replace) -> Result<Self> {
        Self::begun(path, Place::beside(disk, path.to_owned(), replace))
    }

    /// The same of a file that only those may read who may read another one.
    ///
    /// # Errors
    /// As [`Self::create_on`], and when the other one cannot be opened.
    pub fn create_for_readers_of(
        disk: D,
        path: &Path,
        replace: Replace,
        other: &Path,
    ) -> Result<Self> {
        let access = disk
            .open_to_read(other)
            .and_then(|file| disk.access_of(&file));
        let place = access.map_err(|error| creating(error).into());
        let place = place
            .and_then(|access| Place::with_access(disk, path.to_owned(), replace, Some(access)));
        Self::begun(path, place)
    }

    fn begun(path: &Path, place: Result<Place<D>>) -> Result<Self> {
        let name = path.display().to_string();
        let out = BufWriter::new(place.map_err(|error| error.in_file(&name))?);
        Ok(Self { name, out })
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
    /// nothing new then. And when the disk does not say that it keeps the name, which the file has
    /// by then.
    pub fn finish(self) -> Result<()> {
        self.filled()?.finish()
    }

    /// Hands the last bytes to the disk.
    ///
    /// # Errors
    /// What the system says, of this file.
    pub(super) fn filled(self) -> Result<Filled<D>> {
        let Self { name, out } = self;
        match out.into_inner() {
            Ok(place) => Ok(Filled { name, place }),
            Err(error) => Err(Error::from(writing(error.into_error())).in_file(&name)),
        }
    }
}

impl<D: Disk> Filled<D> {
    /// Waits until the disk has it all, and looks whether it may have its name.
    ///
    /// # Errors
    /// As [`WholeFile::finish`], but nothing is new yet.
    pub(super) fn check(&self) -> Result<()> {
        let Place::Beside(unfinished, out, replace) = &self.place else {
            return Ok(());
        };
        let synced = out.file.sync().map_err(|error| writing(error).into());
        let checked = synced
            .and_then(|()| makes_room(&unfinished.disk, &unfinished.target, *replace).map(drop));
        checked.map_err(|error: Error| error.in_file(&self.name))
    }

    /// As [`WholeFile::finish`].
    pub(super) fn finish(self) -> Result<()> {
        match self.place {
            Place::There(_) => Ok(()),
            Place::Beside(unfinished, out, replace) => unfinished
                .finish(&out.file, replace)
                .map_err(|error| error.in_file(&self.name)),
        }
    }
}

impl<D: Disk> Write for WholeFile<D> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl<D: Disk> Place<D> {
    fn beside(disk: D, target: PathBuf, replace: Replace) -> Result<Self> {
        Self::with_access(disk, target, replace, None)
    }

    /// With the access that is given, else with that of the file that it takes the place of.
    fn with_access(
        disk: D,
        target: PathBuf,
        replace: Replace,
        given: Option<D::Access>,
    ) -> Result<Self> {
        let found = makes_room(&disk, &target, replace)?;
        let has_its_own = given.is_some();
        let access = given.or(found.map(|found| found.access));
        let is_private = access.is_some();
        let (unfinished, file) = Unfinished::beside(disk, target, is_private, has_its_own)?;
        if let Some(access) = access {
            // From the start: nobody else is to read it meanwhile.
            let given = unfinished.disk.give_access(&file, &access);
            given.map_err(creating)?;
        }
        Ok(Self::Beside(unfinished, New::of(file), replace))
    }
}

impl<D: Disk> Write for Place<D> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Beside(_, new, _) => new.write(bytes),
            Self::There(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
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
            Some(found) if !found.is_file() => found,
            _ => return Ok(Target::File(folder.join(name))),
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

/// The file that stands at a place, if there is one, and it may make room for a new one.
fn makes_room<D: Disk>(
    disk: &D,
    path: &Path,
    replace: Replace,
) -> Result<Option<Found<D::Access>>> {
    let found = disk.find(path).map_err(reading)?;
    if let Some(found) = &found {
        if found.stands != Stands::File {
            // A link, a folder or a device has appeared.
            return Err(BadFile::AlreadyThere.into());
        }
        may_replace(disk, path, found, replace)?;
    }
    Ok(found)
}

/// Whether a file may make room for a new one.
fn may_replace<D: Disk>(
    disk: &D,
    path: &Path,
    found: &Found<D::Access>,
    replace: Replace,
) -> Result<()> {
    if found.is_input {
        return Err(BadFile::OutputIsInput.into());
    }
    let (own, asked) = match replace {
        Replace::Never => return Err(BadFile::NameTaken.into()),
        Replace::Asked(asked) => (None, asked),
        Replace::Own(own, asked) => (Some(own), asked),
        Replace::Recognised(own) => (Some(own), false),
    };
    let may_be_empty = !matches!(replace, Replace::Recognised(_));
    let is_own = match own {
        Some(own) if found.length > 0 || !may_be_empty => {
            let opened = disk.open_to_read(path).map_err(reading)?;
            own(&mut At::new(&opened, 0)).map_err(reading)?
        }
        own => own.is_some(),
    };
    if !is_own {
        is_no_log(disk, path)?;
    }
    if !is_own && !asked {
        return Err(BadFile::AlreadyThere.into());
    }
    if found.is_read_only {
        return Err(BadFile::ReadOnly.into());
    }
    Ok(())
}

/// Whether a file does not begin with a line of a log.
pub(super) fn is_no_log<D: Disk>(disk: &D, path: &Path) -> Result<()> {
    let mut line = Vec::new();
    let opened = disk.open_to_read(path).map_err(reading)?;
    let mut first = At::new(&opened, 0).take(LINE_LIMIT as u64 + 1);
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

pub(super) fn reading(error: io::Error) -> BadFile {
    let doing = "read what it would replace";
    BadFile::Io { doing, error }
}

pub(super) fn unsure(error: io::Error) -> BadFile {
    let doing = "be sure that the disk keeps what is written";
    BadFile::Io { doing, error }
}

/// A file beside its place. It is taken away unless it is finished.
#[derive(Debug)]
struct Unfinished<D: Disk> {
    disk: D,
    beside: PathBuf,
    target: PathBuf,
    /// Whether it does not take over the access of what it takes the place of.
    has_its_own: bool,
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
        let _ = remove_all(&System::default(), beside);
    }
}

/// Takes away a file, or a folder of files.
fn remove_all<D: Disk>(disk: &D, path: &Path) -> io::Result<()> {
    disk.remove(path).or_else(|_| {
        for name in disk.names(path)? {
            disk.remove(&path.join(name))?;
        }
        disk.remove_folder(path)
    })
}

/// Takes what is not finished away.
pub(super) fn drop_unfinished<D: Disk>(disk: &D, beside: &Path) {
    // What is there now is no longer what was noted, or nothing.
    if all_unfinished().contains_key(beside) {
        let _ = remove_all(disk, beside);
        all_unfinished().remove(beside);
    }
}

/// Moves what is beside its place there, by what is given. Once it is there, it is not taken away
/// where the process is about to end, which waits until it has been moved.
pub(super) fn settle<T>(beside: &Path, moved: impl FnOnce() -> Result<T>) -> Result<T> {
    let mut unfinished = all_unfinished();
    let moved = moved()?;
    unfinished.remove(beside);
    Ok(moved)
}

/// The longest name that still leaves room for what is put around it, in bytes.
const NAME_BYTES: usize = 200;

/// Makes something beside its place, under a name that nobody has, and takes note of it: nothing
/// else is to be written to that place meanwhile, nor into it, nor to what it is in.
pub(super) fn make_beside<D: Disk, T>(
    disk: &D,
    target: &Path,
    make: impl Fn(&Path) -> io::Result<T>,
) -> Result<(PathBuf, T)> {
    static BEGUN: AtomicU64 = AtomicU64::new(0);
    let Some(name) = target.file_name() else {
        let error = io::Error::from(io::ErrorKind::InvalidInput);
        return Err(creating(error).into());
    };
    take_away_left(disk, target, name);
    let mut unfinished = all_unfinished();
    let is_same = |other: &PathBuf| target.starts_with(other) || other.starts_with(target);
    if unfinished.values().any(is_same) {
        return Err(BadFile::WrittenTwice.into());
    }
    loop {
        let number = BEGUN.fetch_add(1, Ordering::Relaxed);
        let beside = folder(target).join(part_of(name, std::process::id(), number));
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

/// What stands beside a name until it is finished, by the process and a number of its own.
pub(super) fn part_of(name: &OsStr, process: u32, number: u64) -> OsString {
    let mut part = begins(name);
    part.push(format!("{process}-{number}"));
    let mark = mark_of(part.as_encoded_bytes());
    part.push(format!("-{mark}{PART}"));
    part
}

/// How it ends.
const PART: &str = ".part";

/// What stands before that: nobody else would call a file so by accident.
fn mark_of(begins: &[u8]) -> String {
    const DIGITS: usize = 8;
    let mut mark = blake3::hash(begins).to_hex().to_string();
    mark.truncate(DIGITS);
    mark
}

/// Takes away what processes that were killed have left beside a name. What is still being written
/// is held by whoever writes it, and what was about to take the place of something is whole.
fn take_away_left<D: Disk>(disk: &D, target: &Path, name: &OsStr) {
    if name.len() > NAME_BYTES {
        // Then the name does not tell of what it is.
        return;
    }
    let begins = begins(name);
    for found in disk.names(folder(target)).unwrap_or_default() {
        let own = found.as_encoded_bytes();
        let marked = own
            .strip_suffix(PART.as_bytes())
            .filter(|own| own.starts_with(begins.as_encoded_bytes()));
        let is_ours = marked.is_some_and(|marked| {
            let last = marked.iter().rposition(|byte| *byte == b'-');
            last.is_some_and(|last| marked[last + 1..] == *mark_of(&marked[..last]).as_bytes())
        });
        if is_ours {
            // What cannot be taken away is in nobody's way.
            let _ = take_away(disk, &folder(target).join(found));
        }
    }
}

fn take_away<D: Disk>(disk: &D, left: &Path) -> io::Result<()> {
    let is_whole = disk.find(&left.with_extension("replaced"))?.is_some();
    if is_whole {
        return Ok(());
    }
    // Held until it is gone: whoever has just made it must not take it for its own meanwhile.
    let held = disk.open_to_read(left)?;
    if disk.try_lock(&held)? {
        // The disk may still have it at the place of what has taken its own.
        disk.sync_folder_of(left)?;
        // Another process may have made it this moment, and makes another then: of what has nothing
        // in it nothing is lost, and nothing told.
        let is_empty = match disk.names(left) {
            Ok(names) => names.is_empty(),
            Err(_) => held.length()? == 0,
        };
        remove_all(disk, left)?;
        if !is_empty {
            TAKEN_AWAY.with_borrow_mut(|all| all.push(left.to_owned()));
        }
    }
    Ok(())
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
pub(super) fn hold<D: Disk>(disk: &D, begun: &D::File, beside: &Path) -> io::Result<()> {
    let is_taken = matches!(disk.try_lock(begun), Ok(false));
    if is_taken || !matches!(disk.find(beside), Ok(Some(_))) {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    Ok(())
}

impl<D: Disk> Unfinished<D> {
    fn beside(
        disk: D,
        target: PathBuf,
        is_private: bool,
        has_its_own: bool,
    ) -> Result<(Self, D::File)> {
        let (beside, file) = make_beside(&disk, &target, |beside| {
            let file = disk.create_new(beside, is_private)?;
            hold(&disk, &file, beside)?;
            Ok(file)
        })?;
        let unfinished = Self {
            disk,
            beside,
            target,
            has_its_own,
        };
        Ok((unfinished, file))
    }

    fn finish(self, file: &D::File, replace: Replace) -> Result<()> {
        let (disk, target) = (&self.disk, &*self.target);
        loop {
            let found = makes_room(disk, target, replace)?;
            if let Some(found) = found.as_ref().filter(|_| !self.has_its_own) {
                disk.give_access(file, &found.access).map_err(writing)?;
            }
            file.sync().map_err(writing)?;
            let named = match found {
                Some(_) => disk.rename(&self.beside, target),
                None => self.take_name(),
            };
            match named {
                // Somebody else was faster: it may be one that makes room.
                Err(error) if found.is_none() && error.kind() == io::ErrorKind::AlreadyExists => {}
                named => {
                    named.map_err(writing)?;
                    return Ok(disk.sync_folder_of(target).map_err(unsure)?);
                }
            }
        }
    }

    /// Takes a name that nobody has.
    fn take_name(&self) -> io::Result<()> {
        let Self {
            disk,
            beside,
            target,
            ..
        } = self;
        match disk.link(beside, target) {
            // Not every system has links.
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                match disk.find(target)? {
                    None => disk.rename(beside, target),
                    Some(_) => Err(io::ErrorKind::AlreadyExists.into()),
                }
            }
            linked => linked,
        }
    }
}

impl<D: Disk> Drop for Unfinished<D> {
    fn drop(&mut self) {
        // Once it has its name, there is nothing left beside it, or one name too many.
        drop_unfinished(&self.disk, &self.beside);
    }
}
