//! Parameters of the level as files: JSON in which comments and trailing commas are allowed, with
//! `"preset": "evidence"`.

use super::file::read_text;
use super::given::given;
use crate::error::{BadFile, BadModel, Error, Kind, Result};
use crate::evidence::{EVIDENCE, Parameters, Settings};
use crate::history::FAULT_LIMIT;
use crate::json::{self, Dialect, Span};
use serde_json::Value;
use std::path::Path;

/// The parameters of the preset `evidence` or of a file that begins from it; nothing where the name
/// is of another model.
///
/// # Errors
/// When the file cannot be read, or with every mistake of it.
pub fn evidence(name: impl AsRef<Path>) -> Result<Option<Parameters>> {
    let path = name.as_ref();
    if path.to_str() == Some(EVIDENCE) {
        return Ok(Some(Parameters::default()));
    }
    if !path.is_file() && given(path).is_none() {
        return Ok(None);
    }
    read(path).map_err(|error| error.in_file(&path.display().to_string()))
}

fn read(path: &Path) -> Result<Option<Parameters>> {
    let text = &read_text(path)?;
    let any = json::read::<Value>(text, Dialect::Commented).value;
    let preset = any.as_ref().and_then(|value| value.get("preset"));
    if preset.and_then(Value::as_str) != Some(EVIDENCE) {
        return Ok(None);
    }
    let reading = json::read::<Settings>(text, Dialect::Commented);
    let mut faults: Vec<(Span, Kind)> = reading.flaws.into_iter().map(Into::into).collect();
    let bad = match reading.value.as_ref().map(Settings::parameters) {
        Some(Ok(parameters)) if faults.is_empty() => return Ok(Some(parameters)),
        Some(Err(bad)) => bad,
        Some(Ok(_)) | None => Vec::new(),
    };
    faults.extend(bad.into_iter().map(|(name, setting)| {
        let span = reading.tree.value(&[name.into()]);
        let span = span.unwrap_or(Span { start: 0, end: 1 });
        (span, BadModel::Setting(setting).into())
    }));
    Error::in_text(text, faults, FAULT_LIMIT).and(Err(BadFile::Empty.into()))
}
