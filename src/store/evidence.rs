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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Preset;
    use crate::store::{Given, model, with_given};
    use std::collections::BTreeMap;
    use std::sync::Arc;

    #[test]
    fn the_name_of_a_preset_is_never_that_of_a_file() {
        let names = Preset::ALL.map(Preset::name).into_iter().chain([EVIDENCE]);
        let file = || Given::Bytes(Arc::from(*b"\x7fELF"));
        let files: BTreeMap<_, _> = names
            .flat_map(|name| [name.to_owned(), format!("./{name}")])
            .map(|name| (name.into(), file()))
            .collect();
        with_given(files, || {
            for preset in Preset::ALL {
                assert_eq!(evidence(preset.name()).unwrap(), None);
                assert_eq!(model(preset.name()).unwrap().preset(), preset);
                assert!(model(format!("./{preset}")).is_err());
            }
            assert_eq!(evidence(EVIDENCE).unwrap(), Some(Parameters::default()));
            assert_eq!(evidence("no-such-model").unwrap(), None);
        });
    }
}
