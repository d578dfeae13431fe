//! Settings: a model as a file or an output writes it.

use super::parameter::{BadSetting, Model};
use super::preset::Preset;
use super::table::{PARAMETERS, with_parameters};
use crate::model::actor::Dyad;
use crate::model::cameo::Weights;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::collections::BTreeMap;
use std::fmt;

/// Defines the settings: a field for each parameter.
macro_rules! settings {
    ($($name:ident: $least:expr, $greatest:expr, $default:expr, $meaning:literal, $source:literal;)*) => {
        /// A preset and what is different from it. What is absent is as in the preset.
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        #[cfg_attr(test, schemars(title = "Model"))]
        #[serde(deny_unknown_fields, default)]
        pub struct Settings {
            /// Where the editor finds the schema of this file.
            #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
            pub schema: Option<String>,
            /// The set of parameters to start from.
            pub preset: Preset,
            /// Whether an event moves less the closer the bound is.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub saturation: Option<bool>,
            /// Which variant of the Goldstein weights counts.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub weights: Option<Weights>,
            /// Both half-lives of impulses at once, in days, or "none"; either of them goes before
            /// it.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub half_life_days: Option<Number>,
            $(
                #[doc = $meaning]
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $name: Option<Number>,
            )*
            /// Baselines of single dyads, which go before `baseline_degrees`.
            #[serde(skip_serializing_if = "BTreeMap::is_empty")]
            pub baselines: BTreeMap<Dyad, f64>,
        }

        impl Settings {
            fn numbers(&self) -> [Option<Number>; PARAMETERS.len()] {
                [$(self.$name),*]
            }

            /// Every parameter of a model.
            #[must_use]
            pub fn of(model: &Model) -> Self {
                Self {
                    schema: None,
                    preset: model.preset(),
                    saturation: Some(model.saturation()),
                    weights: Some(model.weights()),
                    half_life_days: None,
                    $($name: Some(Number(model.$name())),)*
                    baselines: model.baselines().clone(),
                }
            }
        }
    };
}

with_parameters!(settings);

/// A number, or the word `none`, which is infinity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number(pub f64);

impl Settings {
    /// The model that these settings mean.
    ///
    /// # Errors
    /// Every setting that no model can have, each with its name.
    pub fn model(&self) -> Result<Model, Vec<(&'static str, BadSetting)>> {
        let mut model = Model::new(self.preset);
        let mut bad = Vec::new();
        let both = ("half_life_days", self.half_life_days);
        let single = PARAMETERS.iter().map(|parameter| parameter.name);
        for (name, number) in std::iter::once(both).chain(single.zip(self.numbers())) {
            let set = number.map(|Number(number)| model.set_number(name, number));
            if let Some(Err(error)) = set {
                bad.push((name, error));
            }
        }
        for (&dyad, &degrees) in &self.baselines {
            if let Err(error) = model.set_baseline(dyad, degrees) {
                bad.push(("baselines", error));
            }
        }
        model.choose(self.saturation, self.weights);
        if bad.is_empty() { Ok(model) } else { Err(bad) }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_infinite() {
            out.write_str("none")
        } else {
            self.0.fmt(out)
        }
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if self.0.is_infinite() {
            to.serialize_str("none")
        } else {
            to.serialize_f64(self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Number;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a number")
            }
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Number, E> {
                Ok(Number(number))
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Number, E> {
                Ok(Number(number as f64))
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Number, E> {
                Ok(Number(number as f64))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Number, E> {
                match text {
                    "none" => Ok(Number(f64::INFINITY)),
                    _ => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
                }
            }
        }
        from.deserialize_any(Visitor)
    }
}

#[cfg(test)]
impl schemars::JsonSchema for Number {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Number".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A number; a half-life may also be \"none\".",
            "anyOf": [{"type": "number"}, {"const": "none"}]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_of_a_model_mean_that_model() {
        for preset in Preset::ALL {
            let mut model = Model::new(preset);
            model.set("gain", "0.25").unwrap();
            model.set("baseline:USA-DEU", "4").unwrap();
            let text = serde_json::to_string(&Settings::of(&model)).unwrap();
            let settings: Settings = serde_json::from_str(&text).unwrap();
            assert_eq!(settings.model(), Ok(model));
        }
    }

    #[test]
    fn every_parameter_is_a_setting_in_the_same_place() {
        for (place, parameter) in PARAMETERS.iter().enumerate() {
            let text = format!(r#"{{"{}": 0.5}}"#, parameter.name);
            let settings: Settings = serde_json::from_str(&text).unwrap();
            assert_eq!(
                settings.numbers()[place],
                Some(Number(0.5)),
                "{}",
                parameter.name
            );
        }
    }

    #[test]
    fn every_bad_setting_is_told() {
        let settings: Settings = serde_json::from_str(r#"{"gain": 2, "eased_share": -1}"#).unwrap();
        let names: Vec<_> = settings
            .model()
            .unwrap_err()
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(names, ["gain", "eased_share"]);
    }
}
