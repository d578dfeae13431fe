//! Output that is there whole or not at all: written beside its place, then moved there.

use crate::error::{BadFile, Error, Result};
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A file that gets its name when it is finished. One that is dropped before leaves nothing; a process that is killed
/// leaves `.NAME.unfinished-XXXXXX.part` beside it, which is of no use.
#[derive(Debug)]
pub struct WholeFile {
    path: PathBuf,
    overwrite: bool,
    out: Out,
}

#[derive(Debug)]
enum Out {
    /// Beside the place where it will be.
    Beside(BufWriter<NamedTempFile>),
    /// What is no regular file cannot be moved to: a pipe, a device.
    There(BufWriter<File>),
}

impl WholeFile {
    /// Begins a file. Where there is one of that name, it is put in its place only with `overwrite`.
    ///
    /// # Errors
    /// When there is one, or the system refuses.
    pub fn create(path: &Path, overwrite: bool) -> Result<Self> {
        let named = |bad: BadFile| Error::from(bad).in_file(&path.display().to_string());
        let io = |error| {
            named(BadFile::Io {
                doing: "create",
                error,
            })
        };
        let out = match path.metadata() {
            Ok(found) if found.is_dir() => return Err(named(BadFile::Directory)),
            Ok(found) if found.is_file() && !overwrite => return Err(named(BadFile::AlreadyThere)),
            Ok(found) if !found.is_file() => Out::There(BufWriter::new(
                OpenOptions::new().write(true).open(path).map_err(io)?,
            )),
            _ => {
                let folder = match path.parent() {
                    Some(folder) if !folder.as_os_str().is_empty() => folder,
                    _ => Path::new("."),
                };
                let mut name = std::ffi::OsString::from(".");
                name.push(path.file_name().unwrap_or_default());
                name.push(".unfinished-");
                let mut builder = tempfile::Builder::new();
                builder.prefix(&name).suffix(".part");
                #[cfg(unix)]
                {
                    // As any other new file, and not as a secret; what is not to be read by others, the system takes away.
                    use std::os::unix::fs::PermissionsExt;
                    builder.permissions(std::fs::Permissions::from_mode(0o666));
                }
                let file = builder.tempfile_in(folder);
                Out::Beside(BufWriter::new(file.map_err(io)?))
            }
        };
        Ok(Self {
            path: path.to_owned(),
            overwrite,
            out,
        })
    }

    /// Waits until the disk has it all, and gives it its name.
    ///
    /// # Errors
    /// When it cannot be written whole, or a file of that name has appeared; there is nothing new then.
    pub fn finish(self) -> Result<()> {
        let named = |bad: BadFile| Error::from(bad).in_file(&self.path.display().to_string());
        let io = |error| {
            named(BadFile::Io {
                doing: "write",
                error,
            })
        };
        match self.out {
            Out::There(mut out) => out.flush().map_err(io),
            Out::Beside(out) => {
                let file = out.into_inner().map_err(|error| io(error.into_error()))?;
                file.as_file().sync_all().map_err(io)?;
                let moved = if self.overwrite {
                    file.persist(&self.path)
                } else {
                    file.persist_noclobber(&self.path)
                };
                match moved {
                    Ok(_) => Ok(()),
                    Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                        Err(named(BadFile::AlreadyThere))
                    }
                    Err(error) => Err(io(error.error)),
                }
            }
        }
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.out {
            Out::Beside(out) => out.write(bytes),
            Out::There(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.out {
            Out::Beside(out) => out.flush(),
            Out::There(out) => out.flush(),
        }
    }
}
