//! Model files: JSON in which comments and trailing commas are allowed.

use super::file::read_text;
use crate::error::{BadModel, Error, Fault, Result};
use crate::history::FAULT_LIMIT;
use crate::json::{self, Dialect, Span};
use crate::model::{Model, Preset, Settings};
use std::path::Path;

/// The model of a preset's name or of a file.
///
/// # Errors
/// When there is neither, or with every mistake of the file.
pub fn model(name: &str) -> Result<Model> {
    if let Some(preset) = Preset::ALL.into_iter().find(|preset| preset.name() == name) {
        return Ok(Model::new(preset));
    }
    let path = Path::new(name);
    if !path.exists() {
        let found = name.to_owned();
        return Err(BadModel::Unknown { found }.into());
    }
    read(path).map_err(|error| error.in_file(name))
}

fn read(path: &Path) -> Result<Model> {
    let text = &read_text(path)?;
    let reading = json::read::<Settings>(text, Dialect::Commented);
    let flaws = reading.flaws.into_iter();
    let mut faults: Vec<_> = flaws.map(|flaw| Fault::flaw(text, 1, flaw)).collect();
    let bad = match reading.value.as_ref().map(Settings::model) {
        Some(Ok(model)) if faults.is_empty() => return Ok(model),
        Some(Err(bad)) => bad,
        Some(Ok(_)) | None => Vec::new(),
    };
    faults.extend(bad.into_iter().map(|(name, setting)| {
        let span = reading.tree.value(&[name.into()]);
        let span = span.unwrap_or(Span { start: 0, end: 1 });
        Fault::at(text, 1, span, BadModel::Setting(setting))
    }));
    faults.sort_by_key(|fault| (fault.place.line, fault.place.column));
    Err(Error::of(faults, FAULT_LIMIT))
}
