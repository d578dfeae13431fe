//! A folder that is there whole or not at all: written beside its place, then moved there.
//!
//! It takes the place of nothing, of an empty folder, or, where that is asked for, of one that was
//! made so before, by the same command, in which everything is as it was made. That one is moved
//! aside, to `.NAME.unfinished-N-N.replaced`, just before the new one is moved there, and taken
//! away behind it. A process that is killed between the two leaves nothing at the name, and both
//! beside it, whole, where they stay: the new one ends in `.part`. An interruption waits until both
//! are moved.

use super::file::digest;
use super::reads::is_read;
use super::whole::{
    creating, folder, forget_unfinished, hold, is_no_log, make_beside, settle, sync_folder, writing,
};
use crate::error::{BadFile, Error, Result};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
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
/// process that is killed leaves `.NAME.unfinished-N-N.part` beside it, which is of no use, and
/// which the next one of that name takes away.
#[derive(Debug)]
pub struct WholeFolder {
    /// What it is called, for errors.
    name: String,
    place: Beside,
    mark: Mark,
    is_asked: bool,
}

/// A file in it.
#[derive(Debug)]
pub struct WithinFolder {
    out: BufWriter<File>,
    name: String,
}

/// A folder beside its place. It is taken away unless it has been moved.
#[derive(Debug)]
struct Beside {
    path: PathBuf,
    target: PathBuf,
    /// As long as this is open, nobody takes the folder for one that is left.
    _held: Option<File>,
}

impl WholeFolder {
    /// Begins a folder, which may take the place of one with the same mark where that is asked for.
    ///
    /// # Errors
    /// When something stands there that it may not replace, or the system refuses.
    pub fn create(path: &Path, mark: Mark, is_asked: bool) -> Result<Self> {
        let name = path.display().to_string();
        let begin = || {
            let target = target(path)?;
            may_replace(&target, mark, is_asked)?;
            Beside::new(target)
        };
        let place = begin().map_err(|error| error.in_file(&name))?;
        Ok(Self {
            name,
            place,
            mark,
            is_asked,
        })
    }

    /// Begins a file in it.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn file(&self, name: &str) -> Result<WithinFolder> {
        let within = format!("{}/{name}", self.name);
        let made = File::create_new(self.place.path.join(name));
        let made = made.map_err(|error| Error::from(creating(error)).in_file(&within))?;
        Ok(WithinFolder {
            out: BufWriter::new(made),
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

    /// Gives the folder its name. What it takes the place of is moved aside first and taken away
    /// behind it, so that both are whole at any moment.
    ///
    /// # Errors
    /// When there is something now that it may not replace, or the system refuses; there is nothing
    /// new then, and what stood there stands there again or, where the system refuses that, too, is
    /// where the error says.
    pub fn finish(self) -> Result<()> {
        let finish = || {
            let Beside {
                path: beside,
                target,
                ..
            } = &self.place;
            let old = may_replace(target, self.mark, self.is_asked)?;
            sync_folder(&beside.join(self.mark.file));
            let aside = beside.with_extension("replaced");
            let instead = old.is_some().then_some(&*aside);
            settle(beside, || {
                swap(beside, target, instead, |from, to| fs::rename(from, to))
            })?;
            sync_folder(target);
            for name in old.into_iter().flatten() {
                // What is not taken away is beside, and in nobody's way.
                let _ = fs::remove_file(aside.join(name));
            }
            let _ = fs::remove_dir(&aside);
            Ok(())
        };
        finish().map_err(|error: Error| error.in_file(&self.name))
    }
}

impl WithinFolder {
    /// Waits until the disk has it all.
    ///
    /// # Errors
    /// When it cannot be written whole.
    pub fn finish(self) -> Result<()> {
        let Self { out, name } = self;
        let file = out.into_inner().map_err(io::IntoInnerError::into_error);
        let synced = file.and_then(|file| file.sync_all());
        synced.map_err(|error| Error::from(writing(error)).in_file(&name))
    }

    /// What is to be said where something could not be written.
    #[must_use]
    pub fn unwritten(&self, error: io::Error) -> Error {
        Error::from(writing(error)).in_file(&self.name)
    }
}

impl Write for WithinFolder {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Moves a folder to its place, what stands there aside before, and back where it must.
fn swap(
    beside: &Path,
    target: &Path,
    aside: Option<&Path>,
    mut rename: impl FnMut(&Path, &Path) -> io::Result<()>,
) -> Result<(), BadFile> {
    if let Some(aside) = aside {
        rename(target, aside).map_err(writing)?;
    }
    let Err(error) = rename(beside, target) else {
        return Ok(());
    };
    match aside {
        // Whatever hindered the new one may hinder the old one, too.
        Some(aside) if rename(aside, target).is_err() => {
            let aside = aside.display().to_string();
            Err(BadFile::MovedAside { aside, error })
        }
        _ => Err(writing(error)),
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

/// Whether what stands there may make room; the files in it, if there is anything.
fn may_replace(target: &Path, mark: Mark, is_asked: bool) -> Result<Option<Vec<OsString>>> {
    let found = match target.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        found => found.map_err(creating)?,
    };
    if !found.is_dir() {
        return Err(BadFile::NameTaken.into());
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(target).map_err(creating)? {
        let entry = entry.map_err(creating)?;
        let found = entry.metadata().map_err(creating)?;
        if is_read(&found) {
            return Err(BadFile::OutputIsInput.into());
        }
        names.push((entry.file_name(), found.is_file()));
    }
    if names.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let said = fs::read_to_string(target.join(mark.file)).ok();
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
        is_no_log(&path)?;
        let is_as_made = match own.files.iter().find(|(it, _)| *name == **it) {
            Some((_, made)) => digest(&path)? == *made,
            None => own.is_as_made,
        };
        if !is_as_made {
            let name = name.display().to_string();
            return Err(BadFile::ChangedByHand { name }.into());
        }
    }
    Ok(Some(names.into_iter().map(|(name, _)| name).collect()))
}

impl Beside {
    fn new(target: PathBuf) -> Result<Self> {
        let (beside, held) = make_beside(&target, |beside| {
            fs::create_dir(beside)?;
            // Not every system opens folders.
            let held = File::open(beside).ok();
            held.as_ref().map_or(Ok(()), |held| hold(held, beside))?;
            Ok(held)
        })?;
        Ok(Self {
            path: beside,
            target,
            _held: held,
        })
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // Once it has its name, there is nothing left beside it.
        let _ = fs::remove_dir_all(&self.path);
        forget_unfinished(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let gone = left(".made.unfinished-17-0.part");
        fs::write(root.path().join(".made.unfinished-18-0.part"), "half").unwrap();
        let others = [
            ".other.unfinished-17-0.part",
            ".made.unfinished-20-0.part",
            ".made.unfinished-20-0.replaced",
            ".made.unfinished-notes.part",
        ];
        let others = others.map(left);
        let held = left(".made.unfinished-19-0.part");
        let holds = File::open(&held).unwrap();
        hold(&holds, &held).unwrap();
        make(&place, "first").unwrap();
        assert!(!gone.exists());
        let root_of = |name: &str| root.path().canonicalize().unwrap().join(name);
        let both = [".made.unfinished-17-0.part", ".made.unfinished-18-0.part"].map(root_of);
        assert_eq!(crate::store::taken_away(), both);
        assert!(crate::store::taken_away().is_empty(), "it is told once");
        assert!(held.exists() && others.iter().all(|it| it.exists()));
        assert_eq!(names(root.path()).len(), 6);
    }

    #[test]
    fn what_cannot_be_moved_leaves_the_old_one_there_or_says_where_it_is() {
        let root = tempfile::tempdir().unwrap();
        let [new, place, aside] = ["new", "made", "made.replaced"].map(|it| root.path().join(it));
        // Nothing is there to be moved.
        for is_hindered in [false, true] {
            fs::create_dir(&place).unwrap();
            let mut moves = 0;
            let error = swap(&new, &place, Some(&aside), |from, to| {
                moves += 1;
                if is_hindered && moves == 3 {
                    return Err(io::ErrorKind::PermissionDenied.into());
                }
                fs::rename(from, to)
            });
            assert_eq!(moves, 3);
            let says = Error::from(error.unwrap_err()).to_string();
            assert_eq!(place.is_dir(), !is_hindered);
            assert_eq!(aside.is_dir(), is_hindered);
            let is_told = says.contains(&aside.display().to_string());
            assert_eq!(is_told, is_hindered, "{says}");
            let _ = fs::remove_dir(&place);
        }
    }

    #[test]
    fn what_is_being_moved_is_noted_no_longer_and_whoever_ends_the_process_waits_for_it() {
        let root = tempfile::tempdir().unwrap();
        let place = root.path().join("made");
        let beside = Beside::new(place.clone()).unwrap();
        assert!(Beside::new(place.clone()).is_err());
        let other = settle(&beside.path, || {
            let other = std::thread::spawn(|| forget_unfinished(Path::new("another")));
            std::thread::sleep(std::time::Duration::from_millis(20));
            assert!(!other.is_finished());
            other
        });
        other.join().unwrap();
        Beside::new(place).unwrap();
    }
}
