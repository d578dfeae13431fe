//! What can be wrong with a model or its parameters.

use super::words::{Words, says, shortened};
use crate::model::{BadSetting, PARAMETERS, Preset};

/// A model that there is not, or that cannot be as it is.
#[derive(Debug)]
#[non_exhaustive]
#[expect(missing_docs, reason = "a field is what the message beside it says")]
pub enum BadModel {
    /// A setting that no model can have.
    Setting(BadSetting),
    /// A model that is neither a preset nor a file.
    Unknown { found: String },
}

impl BadModel {
    pub(super) fn words(&self) -> Words {
        match self {
            Self::Setting(bad) => {
                let words = says(bad.to_string());
                let BadSetting::UnknownName { near: None, .. } = bad else {
                    return words;
                };
                let names: Vec<_> = PARAMETERS.iter().map(|parameter| parameter.name).collect();
                words.help(format!(
                    "the numbers of a model are {}, and `baseline:RUS-USA` and the like",
                    names.join(", ")
                ))
            }
            Self::Unknown { found } => says(format!(
                "`{}` is neither a preset nor a file",
                shortened(found)
            ))
            .help(format!(
                "the presets are {}; evidence is for index, validate and why",
                Preset::ALL.map(Preset::name).join(", ")
            )),
        }
    }
}
