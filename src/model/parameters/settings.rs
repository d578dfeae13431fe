//! Settings: a model as a file or an output writes it.

use super::parameter::{BadSetting, Model, PARAMETERS, Preset};
use crate::model::actor::Dyad;
use crate::model::cameo::Weights;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::collections::BTreeMap;
use std::fmt;

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
    /// Days after which half of an impulse has faded, or "none".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub half_life_days: Option<Number>,
    /// Degrees of impact for each degree of Goldstein weight, from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gain: Option<Number>,
    /// Share of an impact that reaches the audience, from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spillover: Option<Number>,
    /// Where dyads start and what they return to, from -10 to 10.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline_degrees: Option<Number>,
    /// What an occupation adds to the equilibrium with the occupied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standing_occupation_degrees: Option<Number>,
    /// What an occupation adds to the equilibrium with the audience.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standing_occupation_audience_degrees: Option<Number>,
    /// What sanctions add to the equilibrium.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standing_sanctions_degrees: Option<Number>,
    /// What an alliance adds to the equilibrium.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standing_alliance_degrees: Option<Number>,
    /// Share by which an eased measure still counts, from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eased_share: Option<Number>,
    /// How far beyond a border the temperature must be before the phase changes, from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hysteresis_degrees: Option<Number>,
    /// Baselines of single dyads, which go before `baseline_degrees`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub baselines: BTreeMap<Dyad, f64>,
}

/// A number, or the word `none`, which is infinity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number(pub f64);

impl Settings {
    fn numbers(&self) -> [Option<Number>; PARAMETERS.len()] {
        [
            self.half_life_days,
            self.gain,
            self.spillover,
            self.baseline_degrees,
            self.standing_occupation_degrees,
            self.standing_occupation_audience_degrees,
            self.standing_sanctions_degrees,
            self.standing_alliance_degrees,
            self.eased_share,
            self.hysteresis_degrees,
        ]
    }

    /// The model that these settings mean.
    ///
    /// # Errors
    /// Every setting that no model can have, each with its name.
    pub fn model(&self) -> Result<Model, Vec<(&'static str, BadSetting)>> {
        let mut model = Model::new(self.preset);
        let mut bad = Vec::new();
        for (parameter, number) in PARAMETERS.iter().zip(self.numbers()) {
            let set = number.map(|Number(number)| model.set_number(parameter.name, number));
            if let Some(Err(error)) = set {
                bad.push((parameter.name, error));
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

    /// Every parameter of a model.
    #[must_use]
    pub fn of(model: &Model) -> Self {
        let number = |name| model.number(name).map(Number);
        Self {
            schema: None,
            preset: model.preset(),
            saturation: Some(model.saturation()),
            weights: Some(model.weights()),
            half_life_days: number("half_life_days"),
            gain: number("gain"),
            spillover: number("spillover"),
            baseline_degrees: number("baseline_degrees"),
            standing_occupation_degrees: number("standing_occupation_degrees"),
            standing_occupation_audience_degrees: number("standing_occupation_audience_degrees"),
            standing_sanctions_degrees: number("standing_sanctions_degrees"),
            standing_alliance_degrees: number("standing_alliance_degrees"),
            eased_share: number("eased_share"),
            hysteresis_degrees: number("hysteresis_degrees"),
            baselines: model.baselines().clone(),
        }
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
            "description": "A number; half_life_days may also be \"none\".",
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
