//! What an index reads out of its sums, and how its rows are written.

use crate::cli::args::{Index, ModelArguments, TableFormat};
use crate::cli::terminal::input;
use crate::error::{BadData, Error, Result};
use crate::evidence::{self, IndexRow, Parameters};
use crate::exchange::WeightSource;
use crate::json::tree_of;
use crate::model::{self, Model};
use crate::view::{conditions, model_label};
use serde_json::Value;
use std::io::{self, BufWriter, Write};

/// What is read out of the sums.
pub(super) enum Reads {
    Evidence(Parameters),
    Decay(Box<Model>),
}

impl Reads {
    pub(super) fn new(arguments: &Index) -> Result<Self> {
        let model = ModelArguments {
            model: arguments.model.clone(),
            set: arguments.set.clone(),
        };
        let is_weights = |setting: &String| {
            let name = input::name_and_value(setting).map(|(name, _)| name);
            name.is_ok_and(|name| name == "weights")
        };
        if arguments.set.iter().any(is_weights) {
            return Err(BadData::ModelWeights.into());
        }
        if let Some(parameters) = input::evidence(&model)? {
            return Ok(Self::Evidence(parameters));
        }
        let model = input::model(&model)?;
        not_of_the_model(arguments, &model)?;
        only_what_counts(arguments)?;
        Ok(Self::Decay(Box::new(model)))
    }

    pub(super) fn label(&self) -> String {
        match self {
            Self::Evidence(parameters) => parameters.label(),
            Self::Decay(model) => model_label(model),
        }
    }

    pub(super) fn conditions(&self) -> String {
        match self {
            Self::Evidence(parameters) => parameters.conditions(),
            Self::Decay(model) => conditions(model),
        }
    }

    /// All parameters, to be read out by again.
    pub(super) fn settings(&self) -> Value {
        let settings = match self {
            Self::Evidence(parameters) => tree_of(&evidence::Settings::of(parameters)),
            Self::Decay(model) => tree_of(&model::Settings::of(model)),
        };
        settings.unwrap_or_default()
    }

    /// What is read out by these parameters.
    pub(super) fn of_settings(settings: &Value) -> Result<Self> {
        let bad = || {
            let says = "its model is none that this program knows".to_owned();
            Error::from(BadData::Other { says, help: None })
        };
        let text = settings.to_string();
        let preset = settings.get("preset").and_then(Value::as_str);
        if preset == Some(evidence::EVIDENCE) {
            let settings: evidence::Settings = serde_json::from_str(&text).map_err(|_| bad())?;
            return settings.parameters().map(Self::Evidence).map_err(|_| bad());
        }
        let settings: model::Settings = serde_json::from_str(&text).map_err(|_| bad())?;
        let model = settings.model().map_err(|_| bad())?;
        Ok(Self::Decay(Box::new(model)))
    }

    /// Every parameter that counts, and no other.
    pub(super) fn used(&self) -> Value {
        let settings = match self {
            Self::Evidence(parameters) => {
                return tree_of(&evidence::Settings::of(parameters)).unwrap_or_default();
            }
            Self::Decay(model) => tree_of(&model::Settings::of(model)),
        };
        let mut settings = settings.unwrap_or_default();
        if let Value::Object(settings) = &mut settings {
            let counts =
                |name: &str| name == "preset" || name == "baselines" || COUNT.contains(&name);
            settings.retain(|name, _| counts(name));
        }
        settings
    }
}

/// Weights have an option of their own: a model that brings other ones than its preset has must not
/// seem to count.
fn not_of_the_model(arguments: &Index, model: &Model) -> Result<()> {
    let is_said = arguments.data.weights == Some(WeightSource::Table(model.weights()));
    let is_other = model.weights() != Model::new(model.preset()).weights();
    if is_other && !is_said {
        return Err(BadData::ModelWeights.into());
    }
    Ok(())
}

/// The parameters of a model without saturation that an index has a use for, beside baselines.
const COUNT: [&str; 6] = [
    "half_life_days",
    "half_life_words_days",
    "half_life_deeds_days",
    "gain",
    "saturation",
    "baseline_degrees",
];

/// An index has a use for few parameters: others must not seem to count.
fn only_what_counts(arguments: &Index) -> Result<()> {
    for setting in &arguments.set {
        let (name, _) = input::name_and_value(setting)?;
        if !COUNT.contains(&name) && !name.starts_with("baseline") {
            return refuse(
                format!("`--set {name}` does not apply: an index has no use for it"),
                "an index adds up decayed weights: half_life_days, gain, and baselines such as baseline:RUS-USA",
            );
        }
    }
    Ok(())
}

pub(super) fn refuse(says: String, help: &str) -> Result<()> {
    Err(BadData::other(says, help).into())
}

/// Rows as CSV or JSON Lines.
pub(super) enum Lines<'a> {
    Csv(Box<csv::Writer<&'a mut dyn Write>>, bool),
    Jsonl(BufWriter<&'a mut dyn Write>),
}

impl<'a> Lines<'a> {
    pub(super) fn new(out: &'a mut dyn Write, format: TableFormat) -> Self {
        match format {
            TableFormat::Csv => Self::Csv(Box::new(csv::Writer::from_writer(out)), false),
            TableFormat::Jsonl => Self::Jsonl(BufWriter::new(out)),
        }
    }

    pub(super) fn row(&mut self, row: &IndexRow<'_>) -> io::Result<()> {
        match self {
            Self::Csv(lines, has_header) => {
                if !std::mem::replace(has_header, true) {
                    lines.write_record(row.0.iter().map(|(name, _)| name))?;
                }
                Ok(lines.write_record(row.0.iter().map(|(_, value)| value.to_string()))?)
            }
            Self::Jsonl(lines) => {
                serde_json::to_writer(&mut *lines, row)?;
                lines.write_all(b"\n")
            }
        }
    }

    pub(super) fn finish(self) -> io::Result<()> {
        match self {
            Self::Csv(mut lines, _) => lines.flush(),
            Self::Jsonl(mut lines) => lines.flush(),
        }
    }
}
