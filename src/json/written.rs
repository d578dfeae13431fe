//! Values written as JSON, and read back. The code that writes or reads a type is made anew for
//! each place it is written into or read from; so there is one of each here.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Error, Result, Value};
use std::io::{self, ErrorKind, Write};

/// Writes a value as JSON over several lines.
///
/// # Errors
/// What the writer says, and when it cannot be put into words.
pub fn write_in_lines(value: &impl Serialize, out: &mut dyn Write) -> Result<()> {
    serde_json::to_writer_pretty(out, value)
}

/// A value as JSON over several lines.
///
/// # Errors
/// When it cannot be put into words.
pub fn in_lines(value: &impl Serialize) -> Result<String> {
    let mut bytes = Vec::new();
    write_in_lines(value, &mut bytes)?;
    String::from_utf8(bytes)
        .map_err(|error| Error::io(io::Error::new(ErrorKind::InvalidData, error)))
}

/// A value as the tree that its JSON means.
///
/// # Errors
/// When it cannot be put into words.
pub fn tree_of(value: &impl Serialize) -> Result<Value> {
    serde_json::from_str(&serde_json::to_string(value)?)
}

/// A value of bytes that are JSON in UTF-8.
///
/// # Errors
/// When they are not, or mean something else.
pub fn of_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let text = str::from_utf8(bytes);
    let text = text.map_err(|error| Error::io(io::Error::new(ErrorKind::InvalidData, error)))?;
    serde_json::from_str(text)
}
