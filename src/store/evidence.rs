//! Parameters of the level as files: JSON in which comments and trailing commas are allowed, with
//! `"preset": "evidence"`.

use super::file::{read_text, set_by};
use super::given::given;
use super::model::preset;
use crate::error::Result;
use crate::evidence::{EVIDENCE, Parameters, Settings};
use crate::json::{self, Dialect};
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
    if preset(path).is_some() || !path.is_file() && given(path).is_none() {
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
    set_by(text, Settings::parameters).map(Some)
}
