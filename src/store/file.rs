//! Files that are read as text, and files that are written whole or not at all.

use crate::error::{Error, Kind, Result};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// The text of a file.
///
/// # Errors
/// When it is a directory, cannot be read, or is not UTF-8.
pub(super) fn read_text(path: &Path) -> Result<String> {
    if path.is_dir() {
        return Err(Kind::Directory.into());
    }
    let bytes = std::fs::read(path).map_err(|error| Kind::Io {
        doing: "read",
        error,
    })?;
    String::from_utf8(bytes).map_err(|_| Kind::NotUtf8.into())
}

/// Writes a file that must not exist yet. If it cannot be written whole, it is taken away again.
///
/// # Errors
/// What the system says; that there is a file of that name already.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = |doing| {
        let name = path.display().to_string();
        move |error| Error::from(Kind::Io { doing, error }).in_file(&name)
    };
    let created = OpenOptions::new().write(true).create_new(true).open(path);
    let mut file = created.map_err(failed("create"))?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if written.is_err() {
        // What is left of it is of no use to anyone.
        let _ = std::fs::remove_file(path);
    }
    written.map_err(failed("write"))
}

/// Writes a file in the place of what may be there: beside it first, under a name that no other writer has, then over it
/// in one move. Of several that write at once the last one counts.
///
/// # Errors
/// What the system says; what was there is as it was then.
pub fn write_over(path: &Path, bytes: &[u8]) -> Result<()> {
    static WRITTEN: AtomicU64 = AtomicU64::new(0);
    let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
    let mut beside = path.to_owned().into_os_string();
    beside.push(format!(".{}-{number}.part", std::process::id()));
    let beside = Path::new(&beside);
    // What an earlier process of that number may have left is of no use.
    let _ = std::fs::remove_file(beside);
    write_new(beside, bytes)?;
    std::fs::rename(beside, path).map_err(|error| {
        let _ = std::fs::remove_file(beside);
        Error::from(Kind::Io {
            doing: "write",
            error,
        })
        .in_file(&path.display().to_string())
    })
}
