//! The parameters of the preset `evidence`: a year and a fortnight.

use crate::model::{BadSetting, nearest};
use crate::text::with_hyphen;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// The name of the preset.
pub const EVIDENCE: &str = "evidence";

/// The parameters of a level. Each default is the best, in round numbers, of a grid that was fitted
/// to ICEWS 2005 to 2015; the optimum is flat.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameters {
    /// Days after which an event counts half in the slow mean; infinity where nothing fades.
    pub half_life_slow_days: f64,
    /// How many events the prior weighs as in the slow mean.
    pub prior_slow_events: f64,
    /// Days after which an event counts half in the fast mean.
    pub half_life_fast_days: f64,
    /// How many events the slow mean weighs as in the level.
    pub prior_fast_events: f64,
    /// What is thought of a dyad before its first event: a number of degrees, or the mean of all
    /// events of all dyads so far where there is none. The level of conflict always takes the
    /// latter.
    pub prior_degrees: Option<f64>,
}

/// A parameter as it is named, bounded and documented.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    /// Its name, unit last.
    pub name: &'static str,
    /// What it does.
    pub meaning: &'static str,
    /// The least legal value.
    pub least: f64,
    /// The greatest legal value.
    pub greatest: f64,
    /// The word that is legal too.
    pub word: Option<&'static str>,
}

/// Every parameter, in the order of the fields.
pub const NAMED: [Named; 5] = [
    Named {
        name: "half_life_slow_days",
        meaning: "days after which an event counts half in the slow mean",
        least: 1.0,
        greatest: 100_000.0,
        word: Some("none"),
    },
    Named {
        name: "prior_slow_events",
        meaning: "events that the prior weighs as in the slow mean",
        least: 0.1,
        greatest: 1_000_000.0,
        word: None,
    },
    Named {
        name: "half_life_fast_days",
        meaning: "days after which an event counts half in the fast mean",
        least: 1.0,
        greatest: 100_000.0,
        word: Some("none"),
    },
    Named {
        name: "prior_fast_events",
        meaning: "events that the slow mean weighs as in the level",
        least: 0.1,
        greatest: 1_000_000.0,
        word: None,
    },
    Named {
        name: "prior_degrees",
        meaning: "the prior: a number, or all, the mean weight of all events so far",
        least: -10.0,
        greatest: 10.0,
        word: Some("all"),
    },
];

impl Default for Parameters {
    fn default() -> Self {
        Self {
            half_life_slow_days: 365.0,
            prior_slow_events: 4.0,
            half_life_fast_days: 14.0,
            prior_fast_events: 20.0,
            prior_degrees: None,
        }
    }
}

/// A parameter as it is written: a number, or the word that stands for the number that it cannot
/// be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Setting {
    /// A number.
    Number(f64),
    /// `none` or `all`.
    Word(&'static str),
}

impl Parameters {
    fn settings(&self) -> [Setting; NAMED.len()] {
        let half_life = |days: f64| {
            if days.is_infinite() {
                Setting::Word("none")
            } else {
                Setting::Number(days)
            }
        };
        [
            half_life(self.half_life_slow_days),
            Setting::Number(self.prior_slow_events),
            half_life(self.half_life_fast_days),
            Setting::Number(self.prior_fast_events),
            self.prior_degrees
                .map_or(Setting::Word("all"), Setting::Number),
        ]
    }

    /// Sets a parameter from text, as the command line gives it: `half_life_slow_days`, `730`.
    ///
    /// # Errors
    /// When there is no such parameter, or the value is none that it can have. Nothing is changed
    /// then.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), BadSetting> {
        let place = place(name)?;
        let setting = match NAMED[place].word {
            Some(word) if word == value => Setting::Word(word),
            _ => with_hyphen(value)
                .parse()
                .ok()
                .filter(|number: &f64| number.is_finite())
                .map(Setting::Number)
                .ok_or_else(|| wrong_kind(place, value))?,
        };
        self.put(place, setting)
    }

    /// That the parameters make sense together.
    ///
    /// # Errors
    /// When the fast mean forgets no faster than the slow one: they would be one memory.
    pub fn check(&self) -> Result<(), BadSetting> {
        if self.half_life_fast_days < self.half_life_slow_days {
            return Ok(());
        }
        let [slow, _, fast, ..] = self.settings();
        Err(BadSetting::NotLess {
            name: NAMED[2].name,
            found: fast.to_string(),
            than: NAMED[0].name,
            other: slow.to_string(),
        })
    }

    fn put(&mut self, place: usize, setting: Setting) -> Result<(), BadSetting> {
        let named = &NAMED[place];
        let number = match setting {
            Setting::Number(number) if (named.least..=named.greatest).contains(&number) => {
                Some(number + 0.0)
            }
            Setting::Number(found) => {
                return Err(BadSetting::OutOfRange {
                    name: named.name.to_owned(),
                    found,
                    least: named.least,
                    greatest: named.greatest,
                    or_none: named.word == Some("none"),
                });
            }
            Setting::Word(word) if named.word == Some(word) => None,
            Setting::Word(word) => return Err(wrong_kind(place, word)),
        };
        let days = number.unwrap_or(f64::INFINITY);
        match place {
            0 => self.half_life_slow_days = days,
            1 => self.prior_slow_events = days,
            2 => self.half_life_fast_days = days,
            3 => self.prior_fast_events = days,
            _ => self.prior_degrees = number,
        }
        Ok(())
    }

    /// The preset in a word, or in a few where something is not as in it:
    /// `evidence; half_life_slow_days=730`.
    #[must_use]
    pub fn label(&self) -> String {
        let mut parts = vec![EVIDENCE.to_owned()];
        let preset = Self::default().settings();
        for ((named, now), was) in NAMED.iter().zip(self.settings()).zip(preset) {
            if now != was {
                parts.push(format!("{}={now}", named.name));
            }
        }
        parts.join("; ")
    }

    /// What the levels of a table hold under, and what their intervals mean, in sentences for
    /// people.
    #[must_use]
    pub fn conditions(&self) -> String {
        format!(
            "{}\nlevel_low to level_high: {INTERVAL_MEANS}",
            self.in_words()
        )
    }

    /// What a level holds under, in a sentence for people.
    #[must_use]
    pub fn in_words(&self) -> String {
        let [slow, prior_slow, fast, prior_fast, prior] = self.settings();
        let prior = match prior {
            Setting::Number(degrees) => format!("{degrees} degrees"),
            Setting::Word(_) => "the mean of all events so far".to_owned(),
        };
        format!(
            "Model: evidence, half-lives {slow} and {fast} days; the slow mean weighs as {prior_fast} events, the prior, {prior}, as {prior_slow}"
        )
    }
}

/// What the interval of a level means.
pub const INTERVAL_MEANS: &str = "where the level lies in 9 of 10 cases, if events scatter around it as they did within the slow half-life; what was never reported is not in it";

/// The place of a parameter.
fn place(name: &str) -> Result<usize, BadSetting> {
    let unknown = || BadSetting::UnknownName {
        found: name.to_owned(),
        // Whoever means none of them in particular is told of the first.
        near: nearest(name, NAMED.map(|named| named.name)).or(Some(NAMED[0].name)),
    };
    let place = NAMED.iter().position(|named| named.name == name);
    place.ok_or_else(unknown)
}

fn wrong_kind(place: usize, found: &str) -> BadSetting {
    BadSetting::WrongKind {
        name: NAMED[place].name.to_owned(),
        found: found.to_owned(),
        expected: match NAMED[place].word {
            Some("none") => "a number or `none`",
            Some(_) => "a number or `all`",
            None => "a number",
        },
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(out),
            Self::Word(word) => out.write_str(word),
        }
    }
}

impl Serialize for Setting {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => to.serialize_f64(*number),
            Self::Word(word) => to.serialize_str(word),
        }
    }
}

impl<'de> Deserialize<'de> for Setting {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Setting;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a number")
            }
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Setting, E> {
                Ok(Setting::Number(number))
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Setting, E> {
                Ok(Setting::Number(number as f64))
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Setting, E> {
                Ok(Setting::Number(number as f64))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Setting, E> {
                match text {
                    "none" => Ok(Setting::Word("none")),
                    "all" => Ok(Setting::Word("all")),
                    _ => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
                }
            }
        }
        from.deserialize_any(Visitor)
    }
}

/// The parameters as a file or an output writes them. What is absent is as in the preset.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Always `evidence`.
    pub preset: Preset,
    /// See [`Parameters::half_life_slow_days`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub half_life_slow_days: Option<Setting>,
    /// See [`Parameters::prior_slow_events`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prior_slow_events: Option<Setting>,
    /// See [`Parameters::half_life_fast_days`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub half_life_fast_days: Option<Setting>,
    /// See [`Parameters::prior_fast_events`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prior_fast_events: Option<Setting>,
    /// See [`Parameters::prior_degrees`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prior_degrees: Option<Setting>,
}

/// The one preset that these parameters have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// A year and a fortnight.
    #[default]
    Evidence,
}

impl Settings {
    /// Every parameter.
    #[must_use]
    pub fn of(parameters: &Parameters) -> Self {
        let [slow, prior_slow, fast, prior_fast, prior] = parameters.settings().map(Some);
        Self {
            preset: Preset::Evidence,
            half_life_slow_days: slow,
            prior_slow_events: prior_slow,
            half_life_fast_days: fast,
            prior_fast_events: prior_fast,
            prior_degrees: prior,
        }
    }

    /// The parameters that these settings mean.
    ///
    /// # Errors
    /// Every setting that cannot be, each with its name.
    pub fn parameters(&self) -> Result<Parameters, Vec<(&'static str, BadSetting)>> {
        let (mut parameters, mut bad) = (Parameters::default(), Vec::new());
        let settings = [
            self.half_life_slow_days,
            self.prior_slow_events,
            self.half_life_fast_days,
            self.prior_fast_events,
            self.prior_degrees,
        ];
        for (place, setting) in settings.into_iter().enumerate() {
            if let Some(Err(error)) = setting.map(|setting| parameters.put(place, setting)) {
                bad.push((NAMED[place].name, error));
            }
        }
        if let (true, Err(error)) = (bad.is_empty(), parameters.check()) {
            let place = if self.half_life_fast_days.is_some() {
                2
            } else {
                0
            };
            bad.push((NAMED[place].name, error));
        }
        if bad.is_empty() {
            Ok(parameters)
        } else {
            Err(bad)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_mean_the_parameters_that_they_are_of() {
        let mut parameters = Parameters::default();
        assert_eq!(parameters.label(), "evidence");
        for (name, value) in [
            ("half_life_slow_days", "none"),
            ("prior_slow_events", "1.5"),
            ("prior_degrees", "-2"),
        ] {
            parameters.set(name, value).unwrap();
        }
        assert_eq!(
            parameters.label(),
            "evidence; half_life_slow_days=none; prior_slow_events=1.5; prior_degrees=-2"
        );
        let text = serde_json::to_string(&Settings::of(&parameters)).unwrap();
        let settings: Settings = serde_json::from_str(&text).unwrap();
        assert_eq!(settings.parameters(), Ok(parameters));
        parameters.set("prior_degrees", "\u{2212}1.5").unwrap();
        assert_eq!(parameters.prior_degrees, Some(-1.5));
        parameters.set("prior_degrees", "all").unwrap();
        assert_eq!(parameters.prior_degrees, None);
    }

    #[test]
    fn what_no_parameter_can_be_is_refused_and_changes_nothing() {
        let mut parameters = Parameters::default();
        for (name, value, says) in [
            (
                "half_life_days",
                "30",
                "no parameter `half_life_days`; did you mean `half_life_",
            ),
            ("gain", "1", "did you mean `half_life_slow_days`"),
            ("prior_slow_events", "0", "between 0.1 and"),
            ("prior_slow_events", "none", "takes a number, not `none`"),
            (
                "half_life_fast_days",
                "all",
                "takes a number or `none`, not `all`",
            ),
            ("prior_degrees", "11", "between -10 and 10"),
            ("prior_degrees", "NaN", "takes a number or `all`"),
        ] {
            let error = parameters.set(name, value).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
        assert_eq!(parameters, Parameters::default());
        parameters.set("half_life_fast_days", "365").unwrap();
        assert_eq!(
            parameters.check().unwrap_err().to_string(),
            "`half_life_fast_days` is 365, but must be less than `half_life_slow_days`, which is 365"
        );
        assert_eq!(
            Settings::of(&parameters).parameters().unwrap_err()[0].0,
            "half_life_fast_days"
        );
        parameters.set("half_life_slow_days", "none").unwrap();
        assert_eq!(parameters.check(), Ok(()));
        let settings: Settings = serde_json::from_str(
            r#"{"preset": "evidence", "prior_fast_events": "all", "prior_degrees": 12}"#,
        )
        .unwrap();
        let names: Vec<_> = settings.parameters().unwrap_err();
        assert_eq!(
            names.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
            ["prior_fast_events", "prior_degrees"]
        );
    }
}
