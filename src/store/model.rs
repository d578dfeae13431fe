//! Model files: JSON in which comments and trailing commas are allowed.

use super::file::read_text;
use super::given::is_there;
use crate::error::{BadFile, BadModel, Error, Kind, Result};
use crate::history::FAULT_LIMIT;
use crate::json::{self, Dialect, Span};
use crate::model::{Model, Preset, Settings};
use std::path::Path;

/// The model of a preset's name or of a file.
///
/// # Errors
/// When there is neither, or with every mistake of the file.
pub fn model(name: impl AsRef<Path>) -> Result<Model> {
    let path = name.as_ref();
    let is_it = |preset: &Preset| path.to_str() == Some(preset.name());
    if let Some(preset) = Preset::ALL.into_iter().find(is_it) {
        return Ok(Model::new(preset));
    }
    let name = path.display().to_string();
    if !is_there(path) {
        return Err(BadModel::Unknown { found: name }.into());
    }
    read(path).map_err(|error| error.in_file(&name))
}

fn read(path: &Path) -> Result<Model> {
    let text = &read_text(path)?;
    let reading = json::read::<Settings>(text, Dialect::Commented);
    let mut faults: Vec<(Span, Kind)> = reading.flaws.into_iter().map(Into::into).collect();
    let bad = match reading.value.as_ref().map(Settings::model) {
        Some(Ok(model)) if faults.is_empty() => return Ok(model),
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
