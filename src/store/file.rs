//! Files that are read as text, and files that are written whole or not at all.

use crate::error::{BadFile, Error, Fault, Result};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// The text of a file.
///
/// # Errors
/// When it is a directory, cannot be read, or is not UTF-8.
pub(super) fn read_text(path: &Path) -> Result<String> {
    if path.is_dir() {
        return Err(BadFile::Directory.into());
    }
    let bytes = std::fs::read(path).map_err(|error| BadFile::Io {
        doing: "read",
        error,
    })?;
    String::from_utf8(bytes).map_err(|error| {
        let found = error.utf8_error();
        Fault::not_utf8(error.as_bytes(), 1, found).into()
    })
}

/// Writes a file that must not exist yet. If it cannot be written whole, it is taken away again; whoever looks, or
/// interrupts the program, meanwhile finds an empty file and never a part of one.
///
/// # Errors
/// What the system says; that there is a file of that name already.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    create(path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            Error::from(BadFile::NameTaken).in_file(&path.display().to_string())
        }
        _ => failed("create", path, error),
    })?;
    let written = write_over(path, bytes);
    if written.is_err() {
        // The name was only held for it.
        let _ = std::fs::remove_file(path);
    }
    written
}

/// Writes a file in the place of what may be there: beside it first, under a name that no other writer has, then over it
/// in one move. Of several that write at once the last one counts. What a link leads to is replaced, not the link; what is
/// no regular file, such as a pipe or a device, is written into.
///
/// # Errors
/// What the system says; what was there is as it was then.
pub fn write_over(path: &Path, bytes: &[u8]) -> Result<()> {
    static WRITTEN: AtomicU64 = AtomicU64::new(0);
    let found = path.metadata().ok();
    if found
        .as_ref()
        .is_some_and(|found| !found.is_file() && !found.is_dir())
    {
        let written = OpenOptions::new().write(true).open(path);
        let written = written.and_then(|mut file| file.write_all(bytes));
        return written.map_err(|error| failed("write", path, error));
    }
    let target = path.canonicalize();
    let target = target.as_deref().unwrap_or(path);
    let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
    let mut beside = target.to_owned().into_os_string();
    beside.push(format!(".{}-{number}.part", std::process::id()));
    let beside = Path::new(&beside);
    // What an earlier process of that number may have left is of no use.
    let _ = std::fs::remove_file(beside);
    let written = create(beside).and_then(|mut file| {
        file.write_all(bytes)?;
        if let Some(found) = found {
            file.set_permissions(found.permissions())?;
        }
        file.sync_all()?;
        std::fs::rename(beside, target)
    });
    written.map_err(|error| {
        let _ = std::fs::remove_file(beside);
        failed("write", path, error)
    })
}

fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

fn failed(doing: &'static str, path: &Path, error: io::Error) -> Error {
    Error::from(BadFile::Io { doing, error }).in_file(&path.display().to_string())
}
