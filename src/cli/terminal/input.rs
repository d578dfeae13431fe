//! What commands read: logs by name, models by name with parameters set.

use super::errors;
use super::output::Output;
use crate::cli::args::{LuckArguments, ModelArguments};
use crate::error::{BadLog, Error, Result};
use crate::evidence::Parameters;
use crate::history::{FAULT_LIMIT, shipped};
use crate::model::{BadSetting, Day, Model};
use crate::scenario::{Luck, Scenario};
use crate::store::{self, History, Log};
use crate::text::shown;
use std::path::{Path, PathBuf};

/// A log and the name to call it by.
pub(crate) struct Input {
    pub(crate) log: Log,
    pub(crate) name: String,
}

/// What is said behind the name of a log that is read as it was known on a day.
pub(crate) fn as_known(known_on: Option<Day>) -> String {
    known_on.map_or_else(String::new, |day| format!(", as known on {day}"))
}

/// The histories of some names, logs as known on a day where one is given; what is wrong with any
/// is told of all.
pub(crate) fn histories(
    names: &[PathBuf],
    known_on: Option<Day>,
    output: &mut Output,
) -> Result<Vec<History>> {
    let (mut histories, mut errors) = (Vec::new(), Vec::new());
    let mut logs = store::Logs::as_known_on(known_on);
    for name in names {
        match logs.history(name) {
            Ok(history) => histories.push(history),
            Err(error) => errors.push(error),
        }
    }
    Error::all(errors, FAULT_LIMIT)?;
    for history in &histories {
        if let History::Scenario(scenario) = history {
            note_doubts(scenario, output);
        }
    }
    Ok(histories)
}

/// The log of a name: a history that ships, `-`, or a path.
pub(crate) fn log(name: impl AsRef<Path>) -> Result<Input> {
    let path = name.as_ref();
    if let Some(shipped) = path.to_str().and_then(shipped) {
        return Ok(Input {
            log: Log::shipped(shipped),
            name: shipped.title.replacen("The ", "the ", 1),
        });
    }
    if path == Path::new("-") {
        let (bytes, name) = bytes(path)?;
        return Ok(Input {
            log: Log::Memory(bytes.into()),
            name,
        });
    }
    let name = path.display().to_string();
    if store::looks_like_scenario(path) {
        return Err(Error::from(BadLog::IsAScenario).in_file(&name));
    }
    let log = Log::open(path)?;
    Ok(Input { log, name })
}

/// All bytes of a file, or of standard input for `-`, and the name to call it by.
pub(crate) fn bytes(path: &Path) -> Result<(Vec<u8>, String)> {
    if path != Path::new("-") {
        let name = path.display().to_string();
        let bytes = store::read_bytes(path).map_err(|error| error.in_file(&name))?;
        return Ok((bytes, name));
    }
    let name = "standard input".to_owned();
    let bytes = store::read_standard_input().map_err(|error| error.in_file(&name))?;
    Ok((bytes, name))
}

/// The text of a file.
pub(crate) fn text(path: &Path) -> Result<String> {
    store::read_text(path).map_err(|error| error.in_file(&path.display().to_string()))
}

/// The text of a part of something, which a program has written and which may be long.
pub(crate) fn part(path: &Path) -> Result<String> {
    store::read_long_text(path).map_err(|error| error.in_file(&path.display().to_string()))
}

/// Scenarios, each of which is checked; what is wrong with any is told of all, and what is doubtful
/// as a note.
pub(crate) fn scenarios(paths: &[PathBuf], output: &mut Output) -> Result<Vec<Scenario>> {
    scenarios_beside(&mut store::Logs::default(), paths, output)
}

/// The same beside logs that were read already.
pub(crate) fn scenarios_beside(
    logs: &mut store::Logs,
    paths: &[PathBuf],
    output: &mut Output,
) -> Result<Vec<Scenario>> {
    let (mut scenarios, mut errors) = (Vec::new(), Vec::new());
    for path in paths {
        match logs.scenario(path) {
            Ok(scenario) => scenarios.push(scenario),
            Err(error) => errors.push(error),
        }
    }
    Error::all(errors, FAULT_LIMIT)?;
    for scenario in &scenarios {
        note_doubts(scenario, output);
    }
    Ok(scenarios)
}

/// Says what is doubtful about a scenario that is legal.
pub(crate) fn note_doubts(scenario: &Scenario, output: &mut Output) {
    if let Some(doubts) = &scenario.doubts {
        errors::doubt(doubts, output);
    }
}

/// Says that there is no chance where a run or a seed is asked for all the same.
pub(crate) fn note_no_chance(arguments: LuckArguments, scenario: &Scenario, output: &mut Output) {
    let is_asked = arguments.run != 0 || arguments.seed.is_some();
    if is_asked && !scenario.hazards.are_there() {
        let name = shown(&scenario.name);
        output.note(&format!(
            "note: there is no chance in {name}; every run is the same"
        ));
    }
}

/// The luck of a scenario's run.
pub(crate) fn luck(arguments: LuckArguments, scenario: &Scenario) -> Luck {
    Luck {
        seed: arguments.seed.unwrap_or(scenario.hazards.seed),
        run: arguments.run,
    }
}

/// The model of a name, with parameters set.
pub(crate) fn model(arguments: &ModelArguments) -> Result<Model> {
    model_with(&arguments.model, &arguments.set)
}

/// The same, from its parts.
pub(crate) fn model_with<Text: AsRef<str>>(name: impl AsRef<Path>, set: &[Text]) -> Result<Model> {
    let mut model = store::model(name)?;
    self::set(&mut model, set)?;
    Ok(model)
}

/// The parameters of the evidence with some set, where a model is named that is it.
pub(crate) fn evidence(arguments: &ModelArguments) -> Result<Option<Parameters>> {
    let Some(mut parameters) = store::evidence(&arguments.model)? else {
        return Ok(None);
    };
    for setting in &arguments.set {
        let (name, value) = name_and_value(setting)?;
        parameters.set(name, value)?;
    }
    parameters.check()?;
    Ok(Some(parameters))
}

/// Sets parameters of a model.
pub(crate) fn set<Text: AsRef<str>>(model: &mut Model, set: &[Text]) -> Result<()> {
    for setting in set {
        let (name, value) = name_and_value(setting.as_ref())?;
        model.set(name, value)?;
    }
    Ok(())
}

/// A parameter and its value, as in `half_life_days=240`.
pub(crate) fn name_and_value(setting: &str) -> Result<(&str, &str), BadSetting> {
    let (name, value) = setting
        .split_once('=')
        .ok_or_else(|| BadSetting::WrongKind {
            name: "--set".to_owned(),
            found: setting.to_owned(),
            expected: "a name and a value, such as half_life_days=240",
        })?;
    Ok((name.trim(), value.trim()))
}

/// What stands between the columns, as a spreadsheet of any country saves them: what the header has
/// most of.
pub(crate) fn separator(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |separator: &u8| header.bytes().filter(|byte| byte == separator).count();
    let most = [b'\t', b';', b','].into_iter().max_by_key(count);
    most.unwrap_or(b',')
}
