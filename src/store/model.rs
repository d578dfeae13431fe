//! Model files: JSON in which comments and trailing commas are allowed.

use super::file::{read_text, set_by};
use super::given::is_there;
use crate::error::{BadModel, Result};
use crate::model::{Model, Preset, Settings};
use std::path::Path;

/// The preset of a name, which is always that preset, even where a file of that name lies in the
/// folder.
pub(super) fn preset(name: &Path) -> Option<Preset> {
    let is_it = |preset: &Preset| name.to_str() == Some(preset.name());
    Preset::ALL.into_iter().find(is_it)
}

/// The model of a preset's name or of a file.
///
/// # Errors
/// When there is neither, or with every mistake of the file.
pub fn model(name: impl AsRef<Path>) -> Result<Model> {
    let path = name.as_ref();
    if let Some(preset) = preset(path) {
        return Ok(Model::new(preset));
    }
    let name = path.display().to_string();
    if !is_there(path) {
        return Err(BadModel::Unknown { found: name }.into());
    }
    let model = read_text(path).and_then(|text| set_by(&text, Settings::model));
    model.map_err(|error| error.in_file(&name))
}
