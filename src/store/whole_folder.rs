//! A folder that is there whole or not at all: written beside its place, then moved there.
//!
//! It takes the place of nothing, of an empty folder, or, where that is asked for, of one that was
//! made so before and has no file in it that this did not put there.

use super::reads::is_read;
use super::whole::{
    NAME_BYTES, creating, folder, forget_unfinished, is_no_log, note_unfinished, sync_folder,
    writing,
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
    /// The other files that it names, where it is one of ours.
    pub names: fn(&str) -> Option<Vec<String>>,
}

/// A folder that gets its name when it is finished. One that is dropped before leaves nothing; a
/// process that is killed leaves `.NAME.unfinished-N-N.part` beside it, which is of no use.
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
    beside: PathBuf,
    target: PathBuf,
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
        let made = File::create_new(self.place.beside.join(name));
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
    /// behind it, so that one of the two is whole at any moment.
    ///
    /// # Errors
    /// When there is something now that it may not replace, or the system refuses; there is nothing
    /// new then.
    pub fn finish(self) -> Result<()> {
        let finish = || {
            let Beside { beside, target } = &self.place;
            let old = may_replace(target, self.mark, self.is_asked)?;
            sync_folder(&beside.join(self.mark.file));
            let aside = beside.with_extension("replaced");
            if old.is_some() {
                fs::rename(target, &aside).map_err(writing)?;
            }
            if let Err(error) = fs::rename(beside, target) {
                if old.is_some() {
                    // Whatever hindered the new one may hinder the old one, too: it is beside then.
                    let _ = fs::rename(&aside, target);
                }
                return Err(writing(error).into());
            }
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
    let Some(own) = said.as_deref().and_then(mark.names) else {
        return Err(BadFile::FolderInUse.into());
    };
    let is_own = |name: &OsString| *name == *mark.file || own.iter().any(|it| *name == **it);
    let foreign = names
        .iter()
        .find(|(name, is_file)| !is_file || !is_own(name));
    if let Some((name, _)) = foreign {
        let name = name.display().to_string();
        return Err(BadFile::FolderHasMore { name }.into());
    }
    if !is_asked {
        return Err(BadFile::AlreadyThere.into());
    }
    for (name, _) in &names {
        is_no_log(&target.join(name))?;
    }
    Ok(Some(names.into_iter().map(|(name, _)| name).collect()))
}

impl Beside {
    fn new(target: PathBuf) -> Result<Self> {
        let Some(name) = target.file_name() else {
            let error = io::Error::from(io::ErrorKind::InvalidInput);
            return Err(creating(error).into());
        };
        for number in 0_u32.. {
            let mut own = OsString::from(".");
            if name.len() <= NAME_BYTES {
                own.push(name);
                own.push(".");
            }
            own.push(format!("unfinished-{}-{number}.part", std::process::id()));
            let beside = folder(&target).join(own);
            match fs::create_dir(&beside) {
                Ok(()) => {
                    let made = Self { beside, target };
                    note_unfinished(&made.beside, &made.target)?;
                    return Ok(made);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(creating(error).into()),
            }
        }
        Err(creating(io::Error::from(io::ErrorKind::AlreadyExists)).into())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // Once it has its name, there is nothing left beside it.
        let _ = fs::remove_dir_all(&self.beside);
        forget_unfinished(&self.beside);
    }
}
