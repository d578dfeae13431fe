//! A folder that is there whole or not at all: written beside its place, then moved there.
//!
//! It takes the place of nothing, of an empty folder, or, where that is asked for, of one that was
//! made so before, by the same command, in which everything is as it was made. The two change
//! places in one step, and the old one is taken away behind it. Where a system cannot do that, the
//! old one is moved aside, to `.NAME.unfinished-N-N-MARK.replaced`, just before the new one is
//! moved to its place. A process that is killed between the two leaves nothing at the name there,
//! and both beside it, whole, where they stay: the new one ends in `.part`. An interruption waits
//! until all is moved.

use super::disk::{At, Disk, DiskFile, New, Stands, System, folder};
use super::file::digest_of;
use super::whole::{
    Filled, WholeFile, creating, drop_unfinished, hold, is_no_log, make_beside, reading, settle,
    unsure, writing,
};
use crate::error::{BadFile, Error, Result};
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// What a folder is recognised by that may make room for a new one.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    /// The file that says what is in the folder.
    pub file: &'static str,
    /// What that says, where it is one of ours.
    pub read: fn(&str) -> Option<MadeFolder>,
    /// The command that makes the new one: what another one made is kept.
    pub maker: &'static str,
}

/// What a folder says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeFolder {
    /// The command that made it.
    pub maker: String,
    /// Its other files, by name, each with its BLAKE3 digest in hexadecimal digits.
    pub files: Vec<(String, String)>,
    /// Whether the file that says so is as it was made.
    pub is_as_made: bool,
}

/// A folder that gets its name when it is finished. One that is dropped before leaves nothing; a
/// process that is killed leaves `.NAME.unfinished-N-N-MARK.part` beside it, which is of no use,
/// and which the next one of that name takes away.
#[derive(Debug)]
pub struct WholeFolder<D: Disk = System> {
    /// What it is called, for errors.
    name: String,
    place: Beside<D>,
    mark: Mark,
    is_asked: bool,
}

/// A file in it.
#[derive(Debug)]
pub struct WithinFolder<F: DiskFile = File> {
    out: BufWriter<New<F>>,
    name: String,
}

/// A folder beside its place. It is taken away unless it has been moved.
#[derive(Debug)]
struct Beside<D: Disk> {
    disk: D,
    path: PathBuf,
    target: PathBuf,
    /// As long as this is open, nobody takes the folder for one that is left.
    held: Option<D::File>,
}

impl WholeFolder {
    /// Begins a folder, which may take the place of one with the same mark where that is asked for.
    ///
    /// # Errors
    /// When something stands there that it may not replace, or the system refuses.
    pub fn create(path: &Path, mark: Mark, is_asked: bool) -> Result<Self> {
        let begin = |target| Beside::new(System::default(), target, mark, is_asked);
        Self::begun(path, mark, is_asked, target(path).and_then(begin))
    }
}

impl<D: Disk> WholeFolder<D> {
    /// Begins a folder on some disk, at the path itself: no links are followed.
    ///
    /// # Errors
    /// As [`WholeFolder::create`].
    pub fn create_on(disk: D, path: &Path, mark: Mark, is_asked: bool) -> Result<Self> {
        let begun = Beside::new(disk, path.to_owned(), mark, is_asked);
        Self::begun(path, mark, is_asked, begun)
    }

    fn begun(path: &Path, mark: Mark, is_asked: bool, place: Result<Beside<D>>) -> Result<Self> {
        let name = path.display().to_string();
        Ok(Self {
            place: place.map_err(|error| error.in_file(&name))?,
            name,
            mark,
            is_asked,
        })
    }

    /// Begins a file in it.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn file(&self, name: &str) -> Result<WithinFolder<D::File>> {
        let within = format!("{}/{name}", self.name);
        let Beside {
            disk, path, target, ..
        } = &self.place;
        let begin = || {
            // What it takes the place of may be for some people only.
            let old = disk.find(&target.join(name))?;
            let old = old.filter(|old| old.stands == Stands::File);
            let made = disk.create_new(&path.join(name), old.is_some())?;
            if let Some(old) = old {
                disk.give_access(&made, &old.access)?;
            }
            Ok(made)
        };
        let made = begin().map_err(|error| Error::from(creating(error)).in_file(&within))?;
        Ok(WithinFolder {
            out: BufWriter::new(New::of(made)),
            name: within,
        })
    }

    /// Writes a whole file into it.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn put(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let mut file = self.file(name)?;
        let written = file.write_all(bytes);
        written.map_err(|error| file.unwritten(error))?;
        file.finish()
    }

    /// Looks whether it may have its name.
    fn check(&self) -> Result<()> {
        let Beside { disk, target, .. } = &self.place;
        let checked = may_replace(disk, target, self.mark, self.is_asked);
        checked.map(drop).map_err(|error| error.in_file(&self.name))
    }

    /// Gives the folder its name. What it takes the place of is taken away behind it, so that both
    /// are whole at any moment.
    ///
    /// # Errors
    /// When there is something now that it may not replace, or the system refuses; there is nothing
    /// new then, and what stood there stands there again or, where the system refuses that, too, is
    /// where the error says. And when the disk does not say that it keeps the name, which the
    /// folder has by then; what stood there is beside then.
    pub fn finish(self) -> Result<()> {
        let finish = || {
            let Beside {
                disk,
                path: beside,
                target,
                held,
            } = &self.place;
            let old = may_replace(disk, target, self.mark, self.is_asked)?;
            let within = beside.join(self.mark.file);
            disk.sync_folder_of(&within).map_err(writing)?;
            let Some((names, access)) = old else {
                settle(beside, || {
                    Ok(disk.rename(beside, target).map_err(writing)?)
                })?;
                return Ok(disk.sync_folder_of(target).map_err(unsure)?);
            };
            if let Some(held) = held {
                disk.give_access(held, &access).map_err(writing)?;
            }
            let old = settle(beside, || swap(disk, beside, target))?;
            disk.sync_folder_of(target).map_err(unsure)?;
            for name in names {
                // What is not taken away is beside, and in nobody's way.
                let _ = disk.remove(&old.join(name));
            }
            let _ = disk.remove_folder(&old);
            Ok(())
        };
        finish().map_err(|error: Error| error.in_file(&self.name))
    }
}

/// All that a command writes of one thing: nothing gets its name before everything is whole.
#[derive(Debug)]
pub struct Outputs<D: Disk = System> {
    files: Vec<WholeFile<D>>,
    folder: Option<WholeFolder<D>>,
}

impl<D: Disk> Default for Outputs<D> {
    fn default() -> Self {
        Self {
            files: Vec::new(),
            folder: None,
        }
    }
}

impl<D: Disk> Outputs<D> {
    /// Adds a file in which everything is.
    pub fn add(&mut self, file: WholeFile<D>) {
        self.files.push(file);
    }

    /// Adds the folder, in which everything is.
    pub fn set_folder(&mut self, folder: WholeFolder<D>) {
        self.folder = Some(folder);
    }

    /// Waits until the disk has all of them, looks whether each may have its name, and only then
    /// gives them their names, in the order in which they were added, the folder last.
    ///
    /// # Errors
    /// When one of them cannot be written whole, or there is something that it may not replace:
    /// none has its name then. And where the system refuses a name although all of that was well;
    /// those before it have theirs then.
    pub fn finish(self) -> Result<()> {
        let Self { files, folder } = self;
        let filled = files.into_iter().map(WholeFile::filled);
        let filled = filled.collect::<Result<Vec<_>>>()?;
        filled.iter().try_for_each(Filled::check)?;
        if let Some(folder) = &folder {
            folder.check()?;
        }
        filled.into_iter().try_for_each(Filled::finish)?;
        folder.map_or(Ok(()), WholeFolder::finish)
    }
}

impl<F: DiskFile> WithinFolder<F> {
    /// Waits until the disk has it all.
    ///
    /// # Errors
    /// When it cannot be written whole.
    pub fn finish(self) -> Result<()> {
        let Self { out, name } = self;
        let file = out.into_inner().map_err(io::IntoInnerError::into_error);
        let synced = file.and_then(|new| new.file.sync());
        synced.map_err(|error| Error::from(writing(error)).in_file(&name))
    }

    /// What is to be said where something could not be written.
    #[must_use]
    pub fn unwritten(&self, error: io::Error) -> Error {
        Error::from(writing(error)).in_file(&self.name)
    }
}

impl<F: DiskFile> Write for WithinFolder<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Lets a folder and what stands at its place change places; where the old one is then.
fn swap<D: Disk>(disk: &D, beside: &Path, target: &Path) -> Result<PathBuf> {
    match disk.exchange(beside, target) {
        Err(error) if error.kind() == io::ErrorKind::Unsupported => {}
        exchanged => {
            exchanged.map_err(writing)?;
            return Ok(beside.to_owned());
        }
    }
    let aside = beside.with_extension("replaced");
    disk.rename(target, &aside).map_err(writing)?;
    match disk.rename(beside, target) {
        Ok(()) => Ok(aside),
        // Whatever hindered the new one may hinder the old one, too.
        Err(error) if disk.rename(&aside, target).is_err() => {
            let aside = aside.display().to_string();
            Err(BadFile::MovedAside { aside, error }.into())
        }
        Err(error) => Err(writing(error).into()),
    }
}

/// Where the folder will be: links are followed.
fn target(path: &Path) -> Result<PathBuf> {
    match path.canonicalize() {
        Ok(found) => Ok(found),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let Some(name) = path.file_name() else {
                return Err(creating(error).into());
            };
            if path.is_symlink() {
                return Err(BadFile::NameTaken.into());
            }
            Ok(folder(path).canonicalize().map_err(creating)?.join(name))
        }
        Err(error) => Err(creating(error).into()),
    }
}

/// Whether what stands there may make room; the files in it and who may do what with it, if there
/// is anything.
fn may_replace<D: Disk>(
    disk: &D,
    target: &Path,
    mark: Mark,
    is_asked: bool,
) -> Result<Option<(Vec<OsString>, D::Access)>> {
    let Some(found) = disk.find(target).map_err(creating)? else {
        return Ok(None);
    };
    if found.stands != Stands::Folder {
        return Err(BadFile::NameTaken.into());
    }
    let access = found.access;
    let mut names = Vec::new();
    for name in disk.names(target).map_err(creating)? {
        let Some(found) = disk.find(&target.join(&name)).map_err(creating)? else {
            continue;
        };
        if found.is_input {
            return Err(BadFile::OutputIsInput.into());
        }
        names.push((name, found.stands == Stands::File));
    }
    if names.is_empty() {
        return Ok(Some((Vec::new(), access)));
    }
    let said = read(disk, &target.join(mark.file)).ok();
    let Some(own) = said.as_deref().and_then(mark.read) else {
        return Err(BadFile::FolderInUse.into());
    };
    let is_own =
        |name: &OsString| *name == *mark.file || own.files.iter().any(|(it, _)| *name == **it);
    let foreign = names
        .iter()
        .find(|(name, is_file)| !is_file || !is_own(name));
    if let Some((name, _)) = foreign {
        let name = name.display().to_string();
        return Err(BadFile::FolderHasMore { name }.into());
    }
    if own.maker != mark.maker {
        let maker = own.maker;
        return Err(BadFile::FolderOfAnother { maker }.into());
    }
    if !is_asked {
        return Err(BadFile::FolderThere.into());
    }
    for (name, _) in &names {
        let path = target.join(name);
        is_no_log(disk, &path)?;
        let is_as_made = match own.files.iter().find(|(it, _)| *name == **it) {
            Some((_, made)) => {
                let opened = disk.open_to_read(&path).map_err(reading)?;
                digest_of(At::new(&opened, 0)).map_err(reading)? == *made
            }
            None => own.is_as_made,
        };
        if !is_as_made {
            let name = name.display().to_string();
            return Err(BadFile::ChangedByHand { name }.into());
        }
    }
    let names = names.into_iter().map(|(name, _)| name).collect();
    Ok(Some((names, access)))
}

fn read<D: Disk>(disk: &D, path: &Path) -> io::Result<String> {
    let mut text = String::new();
    At::new(&disk.open_to_read(path)?, 0).read_to_string(&mut text)?;
    Ok(text)
}

impl<D: Disk> Beside<D> {
    fn new(disk: D, target: PathBuf, mark: Mark, is_asked: bool) -> Result<Self> {
        // Nobody else is to read it meanwhile.
        let is_private = may_replace(&disk, &target, mark, is_asked)?.is_some();
        let (path, held) = make_beside(&disk, &target, |beside| {
            disk.create_folder(beside, is_private)?;
            // Not every system opens folders.
            let held = disk.open_to_read(beside).ok();
            held.as_ref()
                .map_or(Ok(()), |held| hold(&disk, held, beside))?;
            Ok(held)
        })?;
        Ok(Self {
            disk,
            path,
            target,
            held,
        })
    }
}

impl<D: Disk> Drop for Beside<D> {
    fn drop(&mut self) {
        drop_unfinished(&self.disk, &self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::whole::part_of;
    use std::fs;

    const MARK: Mark = Mark {
        file: "what",
        read: |said| {
            Some(MadeFolder {
                maker: "test".to_owned(),
                files: vec![("table".to_owned(), said.to_owned())],
                is_as_made: true,
            })
        },
        maker: "test",
    };

    fn make(place: &Path, text: &str) -> Result<()> {
        let folder = WholeFolder::create(place, MARK, true)?;
        let digest = blake3::hash(text.as_bytes()).to_hex();
        folder.put("what", digest.as_bytes())?;
        folder.put("table", text.as_bytes())?;
        folder.finish()
    }

    fn names(folder: &Path) -> Vec<OsString> {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name()).collect()
    }

    #[test]
    fn one_takes_the_place_of_another_and_nothing_is_left_beside() {
        let root = tempfile::tempdir().unwrap();
        let place = root.path().join("made");
        for text in ["first", "second"] {
            make(&place, text).unwrap();
            assert_eq!(fs::read_to_string(place.join("table")).unwrap(), text);
            assert_eq!(names(root.path()), ["made"]);
        }
    }

    #[cfg(unix)]
    #[test]
    fn it_is_for_those_whom_the_old_one_is_for() {
        use std::os::unix::fs::PermissionsExt;
        let root = tempfile::tempdir().unwrap();
        let place = root.path().join("made");
        let table = place.join("table");
        let set = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        };
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
        fs::create_dir(&place).unwrap();
        set(&place, 0o700);
        make(&place, "first").unwrap();
        assert_eq!(mode(&place), 0o700);
        set(&table, 0o600);
        for wanted in [0o700, 0o750, 0o2755] {
            set(&place, wanted);
            let folder = WholeFolder::create(&place, MARK, true).unwrap();
            assert_eq!(mode(&folder.place.path), 0o700);
            folder.put("what", &[]).unwrap();
            drop(folder);
            make(&place, "second").unwrap();
            assert_eq!((mode(&place), mode(&table)), (wanted, 0o600));
        }
    }

    #[test]
    fn what_a_killed_process_left_is_taken_away_by_the_next_of_that_name_and_nothing_else() {
        let root = tempfile::tempdir().unwrap();
        let place = root.path().join("made");
        let left = |name: &str| {
            let left = root.path().join(name);
            fs::create_dir(&left).unwrap();
            fs::write(left.join("table"), "half").unwrap();
            left
        };
        let part = |name: &str, process| {
            let part = part_of(name.as_ref(), process, 0);
            part.into_string().unwrap()
        };
        let both = [17, 18].map(|process| part("made", process));
        let gone = left(&both[0]);
        fs::write(root.path().join(&both[1]), "half").unwrap();
        let others = [
            &*part("other", 17),
            &*part("made", 20),
            &*part("made", 20).replace(".part", ".replaced"),
            // Somebody else's.
            ".made.unfinished-notes.part",
            ".made.unfinished-17-0.part",
            &*part("made", 21).replacen("-21-", "-22-", 1),
        ];
        let others = others.map(left);
        let held = left(&part("made", 19));
        let holds = File::open(&held).unwrap();
        hold(&System::default(), &holds, &held).unwrap();
        make(&place, "first").unwrap();
        assert!(!gone.exists());
        let both = both.map(|name| root.path().canonicalize().unwrap().join(name));
        assert_eq!(crate::store::taken_away(), both);
        assert!(crate::store::taken_away().is_empty(), "it is told once");
        assert!(held.exists() && others.iter().all(|it| it.exists()));
        assert_eq!(names(root.path()).len(), 8);
    }

    #[test]
    fn what_is_being_moved_is_noted_no_longer_and_whoever_ends_the_process_waits_for_it() {
        let root = tempfile::tempdir().unwrap();
        let place = root.path().join("made");
        let begin = || Beside::new(System::default(), place.clone(), MARK, true);
        let beside = begin().unwrap();
        assert!(begin().is_err());
        let other = settle(&beside.path, || {
            let another = || drop_unfinished(&System::default(), Path::new("another"));
            let other = std::thread::spawn(another);
            std::thread::sleep(std::time::Duration::from_millis(20));
            assert!(!other.is_finished());
            Ok(other)
        });
        other.unwrap().join().unwrap();
        begin().unwrap();
    }
}
