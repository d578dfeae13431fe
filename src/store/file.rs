//! Files that are read whole.

use super::reads::note;
use crate::error::{BadFile, Fault, Result};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// All bytes of a file.
///
/// # Errors
/// When it is a directory, or cannot be read.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    if path.is_dir() {
        return Err(BadFile::Directory.into());
    }
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|mut file| {
        note(&file);
        file.read_to_end(&mut bytes)
    });
    read.map_err(|error| BadFile::Io {
        doing: "read",
        error,
    })?;
    Ok(bytes)
}

/// The text of a file.
///
/// # Errors
/// As [`read_bytes`], and when it is not UTF-8.
pub fn read_text(path: &Path) -> Result<String> {
    String::from_utf8(read_bytes(path)?).map_err(|error| {
        let found = error.utf8_error();
        Fault::not_utf8(error.as_bytes(), 1, found).into()
    })
}
