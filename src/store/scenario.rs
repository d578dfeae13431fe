//! Scenario files with their bases: paths relative to the file, and no file its own base.

use super::file::{beginning, check_named_by, lies_within, read_bytes, read_text, text_of};
use super::given::is_there_twice;
use super::logs::log::{Log, no_history};
use super::reads::may_read_outside;
use crate::error::{BadFile, BadLog, BadScenario, BadValue, Error, Fault, Kind, Result};
use crate::history::{
    Ending, FAULT_LIMIT, LIBRARY, LINE_LIMIT, Names, Scope, begins_a_table, begins_no_text, called,
    shipped, survey,
};
use crate::json::{self, Dialect, Span};
use crate::model::{Day, nearest};
use crate::scenario::{Base, Scenario, ScenarioFile, Text, check};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

/// The longest file that is looked into for the fields of a scenario, in bytes.
const SCENARIO_BYTES: u64 = 1 << 20;

/// How many scenarios may be each other's base.
const BASE_LIMIT: usize = 64;

/// A history to look at: as it was recorded, or as a scenario has it.
#[derive(Debug)]
pub enum History {
    /// A log.
    Log(Box<Base>),
    /// A scenario.
    Scenario(Box<Scenario>),
}

impl History {
    /// What the log at its root calls what is in it.
    #[must_use]
    pub fn names(&self) -> &Names {
        match self {
            Self::Log(base) => &base.names,
            Self::Scenario(scenario) => &scenario.base.names,
        }
    }

    /// How the log at its root ends.
    #[must_use]
    pub fn ending(&self) -> Ending {
        match self {
            Self::Log(base) => base.ending,
            Self::Scenario(scenario) => scenario.base.ending,
        }
    }
}

/// The logs that were read for one command, each once, whoever leaves them.
#[derive(Debug, Default)]
pub struct Logs {
    read: HashMap<PathBuf, Base>,
    known_on: Option<Day>,
}

impl Logs {
    /// Of logs only the events that were recorded until a day, where one is given.
    #[must_use]
    pub fn as_known_on(known_on: Option<Day>) -> Self {
        let read = HashMap::new();
        Self { read, known_on }
    }

    /// The log or scenario of a name: that of a history that ships, or a path.
    ///
    /// # Errors
    /// Everything that is wrong with it or with a base of it; and that a scenario is none that was
    /// known on a day: what it changes may not have been known.
    pub fn history(&mut self, path: impl AsRef<Path>) -> Result<History> {
        let path = path.as_ref();
        let name = &*path.display().to_string();
        if let Some(shipped) = path.to_str().and_then(shipped) {
            let base = Base::as_known_on(&Log::shipped(shipped), name, self.known_on)?;
            return Ok(History::Log(Box::new(base)));
        }
        if let Some(base) = self.known(path, name) {
            return Ok(History::Log(Box::new(base)));
        }
        match document(path)? {
            Document::Log(log) => {
                let base = self.read(path, &log, name);
                let base = base.map_err(|error| error.in_file(name))?;
                Ok(History::Log(Box::new(base)))
            }
            Document::Scenario(_) if self.known_on.is_some() => {
                Err(Error::from(BadScenario::KnownOnNoDay).in_file(name))
            }
            Document::Schema => Err(Error::from(BadScenario::IsASchema).in_file(name)),
            Document::Scenario(text) => {
                let reading = &mut Reading::of(path, self);
                let scenario = read_scenario(path, &text, reading)?;
                Ok(History::Scenario(Box::new(scenario)))
            }
        }
    }

    /// Reads and checks a scenario.
    ///
    /// # Errors
    /// As [`scenario`].
    pub fn scenario(&mut self, path: &Path) -> Result<Scenario> {
        if let Some(shipped) = path.to_str().and_then(shipped) {
            return Err(Error::from(BadScenario::IsALog).in_file(shipped.name));
        }
        load(path, &mut Reading::of(path, self))
    }

    /// A log that was found at a path, which is read unless it was already.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn log(&mut self, path: &Path, log: &Log, name: &str) -> Result<Base> {
        let is_file = matches!(log, Log::File(_));
        match self.known(path, name).filter(|_| is_file) {
            Some(known) => Ok(known),
            None => self.read(path, log, name),
        }
        .map_err(|error| error.in_file(name))
    }

    /// A log that was read already, under another name.
    fn known(&self, path: &Path, name: &str) -> Option<Base> {
        let mut base = self.read.get(&canonical(path))?.clone();
        name.clone_into(&mut base.name);
        Some(base)
    }

    /// Reads a log, and keeps it where it is a file that could be read again.
    fn read(&mut self, path: &Path, log: &Log, name: &str) -> Result<Base> {
        let base = Base::as_known_on(log, name, self.known_on)?;
        if matches!(log, Log::File(_)) {
            self.read.insert(canonical(path), base.clone());
        }
        Ok(base)
    }
}

/// The log or scenario of a name: that of a history that ships, or a path.
///
/// # Errors
/// Everything that is wrong with it or with a base of it.
pub fn history(path: impl AsRef<Path>) -> Result<History> {
    Logs::default().history(path)
}

/// What the log at the root of a history calls its actors, of which it reads no more than it needs
/// for that. What can be read once only, such as a pipe, is left to whoever wants all of it.
///
/// # Errors
/// What keeps it from being found.
pub fn names(path: &Path) -> Result<Names> {
    if let Some(shipped) = path.to_str().and_then(shipped) {
        return names_of(&Log::shipped(shipped));
    }
    if !is_there_twice(path) {
        return Ok(Names::default());
    }
    match document(path)? {
        Document::Log(log) => names_of(&log),
        Document::Schema => Ok(Names::default()),
        Document::Scenario(text) => names_at_root(path, text, folder_of(path)),
    }
}

fn names_of(log: &Log) -> Result<Names> {
    Ok(survey(log, Scope::default(), |_, _| ())?.names())
}

/// What names of a scenario are looked for in, whatever else it holds.
#[derive(serde::Deserialize)]
struct Beginning {
    base: String,
    #[serde(default)]
    names: BTreeMap<String, String>,
}

/// The names that the text of a scenario gives, and those that the log has by which it comes.
fn names_at_root(path: &Path, mut text: String, folder: &Path) -> Result<Names> {
    let mut path = path.to_owned();
    let mut names = Names::default();
    for _ in 0..BASE_LIMIT {
        let Some(file) = json::read::<Beginning>(&text, Dialect::Commented).value else {
            break;
        };
        names = names.and(&Names::given(file.names));
        if let Some(shipped) = shipped(&file.base) {
            return Ok(names.and(&names_of(&Log::shipped(shipped))?));
        }
        path = folder_of(&path).join(&file.base);
        check_named_by(folder, &path)?;
        if is_log(&path)? {
            return Ok(names.and(&names_of(&Log::open(&path)?)?));
        }
        text = read_text(&path)?;
    }
    Ok(names)
}

/// A log or the text of a scenario.
#[derive(Debug)]
pub enum Document {
    /// A log.
    Log(Log),
    /// A JSON Schema, such as the one that scenarios refer to.
    Schema,
    /// What is neither.
    Scenario(String),
}

/// What stands at a path. What is not a regular file, such as a pipe, is read once.
///
/// # Errors
/// When it cannot be read.
pub fn document(path: &Path) -> Result<Document> {
    if has_name_of_log(path) {
        return Log::open(path).map(Document::Log);
    }
    let name = path.display().to_string();
    let named = |error: Error| error.in_file(&name);
    if path.is_file() {
        let begins = beginning(path, LINE_LIMIT as u64 + 1).map_err(named)?;
        if begins_a_log(&begins) {
            return Log::open(path).map(Document::Log);
        }
        if let Some(bad) = begins_no_text(&begins) {
            return Err(named(bad.into()));
        }
        // It may be longer than any scenario.
        if let Some(table) = begins_a_table(first_line(&begins)) {
            return Err(named(table.into()));
        }
        return read_text(path).map(kind_of).map_err(named);
    }
    let bytes = read_bytes(path).map_err(|error| named(no_history(path, error)))?;
    if begins_a_log(&bytes) {
        return Ok(Document::Log(Log::Memory(bytes.into())));
    }
    text_of(bytes).map(kind_of).map_err(named)
}

fn kind_of(text: String) -> Document {
    if is_schema(&text) {
        Document::Schema
    } else {
        Document::Scenario(text)
    }
}

/// Checks the text of a scenario that was read from a path.
///
/// # Errors
/// As [`scenario`].
pub fn scenario_of(path: &Path, text: &str) -> Result<Scenario> {
    let mut logs = Logs::default();
    read_scenario(path, text, &mut Reading::of(path, &mut logs))
}

/// Reads and checks a scenario.
///
/// # Errors
/// Every mistake of its form, or else everything that makes no sense; or what is wrong with its
/// base.
pub fn scenario(path: &Path) -> Result<Scenario> {
    Logs::default().scenario(path)
}

/// A scenario that is being read, with all that it comes by.
struct Reading<'r> {
    /// All that it may read from.
    folder: &'r Path,
    /// The scenarios that come by what is read now, so that none comes by itself.
    above: Vec<PathBuf>,
    logs: &'r mut Logs,
}

impl<'r> Reading<'r> {
    fn of(path: &'r Path, logs: &'r mut Logs) -> Self {
        Self {
            folder: folder_of(path),
            above: Vec::new(),
            logs,
        }
    }
}

/// The folder of a file: all that a scenario in it, and the scenarios that it comes by, may read.
fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or_else(|| Path::new(""))
}

fn load(path: &Path, reading: &mut Reading<'_>) -> Result<Scenario> {
    if reading.above.len() >= BASE_LIMIT {
        return Err(BadScenario::TooManyBases { limit: BASE_LIMIT }.into());
    }
    let text = read_text(path).map_err(|error| {
        let name = path.display().to_string();
        no_history(path, error).in_file(&name)
    })?;
    read_scenario(path, &text, reading)
}

fn read_scenario(path: &Path, text: &str, reading: &mut Reading<'_>) -> Result<Scenario> {
    let name = path.display().to_string();
    if holds_a_log(path, text) {
        return Err(Error::from(BadScenario::IsALog).in_file(&name));
    }
    if is_schema(text) {
        return Err(Error::from(BadScenario::IsASchema).in_file(&name));
    }
    if let Some(table) = begins_a_table(first_line(text.as_bytes())) {
        return Err(Error::from(table).in_file(&name));
    }
    let parsed = json::read::<ScenarioFile>(text, Dialect::Commented);
    if !parsed.flaws.is_empty() {
        let names = names_at_root(path, text.to_owned(), reading.folder).unwrap_or_default();
        let flaws = parsed.flaws.into_iter();
        let flaws = flaws.map(|flaw| with_names(flaw.into(), text, &names));
        let told = Error::in_text(text, flaws.collect(), FAULT_LIMIT);
        told.map_err(|error| error.in_file(&name))?;
    }
    let Some(file) = parsed.value else {
        return Err(Error::from(BadFile::Empty).in_file(&name));
    };
    let tree = &parsed.tree;
    reading.above.push(canonical(path));
    let base = base(path, &file.base, reading).map_err(|error| {
        // What is wrong with the name of the base is told where the name stands.
        let span = tree
            .value(&["base".into()])
            .unwrap_or(Span { start: 0, end: 1 });
        error
            .placed(|kind| Fault::at(text, 1, span, kind))
            .in_file(&name)
    })?;
    reading.above.pop();
    let written = Text {
        name: &name,
        text,
        tree,
    };
    check(written, file, base).map_err(|error| error.in_file(&name))
}

/// The same mistake with what was meant, where a name stands in the place of a code.
fn with_names((span, kind): (Span, Kind), text: &str, names: &Names) -> (Span, Kind) {
    let found = text.get(span.start..span.end);
    let found = found.and_then(|it| serde_json::from_str::<String>(it).ok());
    match found {
        Some(found) => match called(kind, &found, "\", \"", names) {
            Kind::Value(BadValue::Several { found, expected }) => {
                let expected = format!("\"{expected}\"");
                (span, BadValue::Several { found, expected }.into())
            }
            kind => (span, kind),
        },
        None => (span, kind),
    }
}

fn base(path: &Path, base: &str, reading: &mut Reading<'_>) -> Result<Base> {
    if let Some(shipped) = shipped(base) {
        return Base::read(&Log::shipped(shipped), base);
    }
    let base_path = folder_of(path).join(base);
    if !may_read_outside() && !lies_within(reading.folder, &base_path) {
        return Err(BadFile::Outside.into());
    }
    let above = &reading.above;
    if let Some(first) = above.iter().position(|file| *file == canonical(&base_path)) {
        let cycle = above.iter().skip(first).chain([&above[first]]);
        let files = cycle.map(|file| {
            file.file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned()
        });
        return Err(BadScenario::BaseCycle {
            files: files.collect(),
        }
        .into());
    }
    if !base_path.exists() {
        let near = near_base(path, base);
        let found = base.to_owned();
        return Err(BadScenario::UnknownBase { found, near }.into());
    }
    check_named_by(reading.folder, &base_path)?;
    let begins = beginning(&base_path, LINE_LIMIT as u64 + 1)?;
    if has_name_of_log(&base_path) || begins_a_log(&begins) {
        let logs = &mut *reading.logs;
        if let Some(known) = logs.known(&base_path, base) {
            return Ok(known);
        }
        let read = logs.read(&base_path, &Log::open(&base_path)?, base);
        return read.map_err(|error| error.in_file(&base_path.display().to_string()));
    }
    if let Some(bad) = begins_no_text(&begins) {
        return Err(bad.into());
    }
    if let Some(table) = begins_a_table(first_line(&begins)) {
        let is_coded = matches!(table, BadLog::IsEventData);
        let file = base.to_owned();
        return Err(BadScenario::BaseIsATable { file, is_coded }.into());
    }
    Ok(load(&base_path, reading)?.into_base(base))
}

/// A history that ships, or a log or scenario beside where a base should be, that may have been
/// meant.
fn near_base(path: &Path, base: &str) -> Option<String> {
    let (folder, name) = base
        .rfind('/')
        .map_or(("", base), |at| base.split_at(at + 1));
    let beside = folder_of(path).join(folder);
    let beside = if beside.as_os_str().is_empty() {
        Path::new(".")
    } else {
        &beside
    };
    let files = beside.read_dir().into_iter().flatten();
    let files = files.filter_map(|file| {
        let file = file.ok()?;
        let name = file.file_name().into_string().ok()?;
        let is_own = Some(name.as_ref()) == path.file_name() && folder.is_empty();
        let ending = Path::new(&name).extension();
        let is_one = ending.is_some_and(|ending| ending == "jsonl" || ending == "json");
        (is_one && !is_own).then(|| format!("{folder}{name}"))
    });
    let files: BTreeSet<String> = files.collect();
    let stem = name.trim_end_matches(".jsonl").trim_end_matches(".json");
    let of_stem = [".jsonl", ".json"].map(|ending| format!("{folder}{stem}{ending}"));
    if let Some(found) = of_stem.into_iter().find(|file| files.contains(file)) {
        return Some(found);
    }
    let shipped = LIBRARY.iter().map(|shipped| shipped.name);
    nearest(base, shipped.chain(files.iter().map(String::as_str))).map(str::to_owned)
}

/// Whether a file is a log and not a scenario: JSON Lines by its name, or by its first line.
fn is_log(path: &Path) -> Result<bool> {
    Ok(has_name_of_log(path) || begins_a_log(&beginning(path, LINE_LIMIT as u64 + 1)?))
}

/// Whether a regular file is no log by its name or first line, but has the fields that every
/// scenario has.
#[must_use]
pub fn looks_like_scenario(path: &Path) -> bool {
    let is_small = |path: &Path| {
        let metadata = path.metadata();
        metadata.is_ok_and(|it| it.is_file() && it.len() <= SCENARIO_BYTES)
    };
    !has_name_of_log(path)
        && is_small(path)
        && read_text(path).is_ok_and(|text| {
            let has_fields = ["\"base\"", "\"fork\""].iter().all(|it| text.contains(it));
            has_fields && !holds_a_log(path, &text)
        })
}

fn has_name_of_log(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "jsonl")
}

fn holds_a_log(path: &Path, text: &str) -> bool {
    has_name_of_log(path) || begins_a_log(text.as_bytes())
}

/// Whether the first line of a file is an event.
fn begins_a_log(begins: &[u8]) -> bool {
    let first = first_line(begins);
    let object = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(first);
    object.is_ok_and(|object| object.contains_key("act"))
}

fn first_line(begins: &[u8]) -> &[u8] {
    let mut lines = begins.split(|byte| *byte == b'\n');
    lines.next().unwrap_or_default()
}

fn is_schema(text: &str) -> bool {
    let object = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text);
    let schema = object
        .as_ref()
        .ok()
        .and_then(|object| object.get("$schema")?.as_str());
    schema.is_some_and(|schema| schema.contains("json-schema.org"))
}

/// A path by which the same file is the same, as far as the system can tell.
fn canonical(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_known_by_its_name_or_by_its_first_line() {
        let desk = tempfile::tempdir().unwrap();
        let scenario = r#"{"title": "T", "base": "recorded", "fork": {"after": "a"}}"#;
        let event = r#"{"act": "statement"}"#;
        for (name, text, is, looks) in [
            ("a.jsonl", "", true, false),
            ("a.jsonl", scenario, true, false),
            ("a.jsonl", event, true, false),
            ("a.json", event, true, false),
            ("b.json", &format!("{event}\n{scenario}"), true, false),
            ("c.json", scenario, false, true),
            (
                "d.json",
                r#"{"title": "T", "base": "recorded"}"#,
                false,
                false,
            ),
            ("e.json", r#"{"fork": {"after": "a"}}"#, false, false),
            ("f", "", false, false),
            ("g", "act", false, false),
        ] {
            let path = desk.path().join(name);
            std::fs::write(&path, text).unwrap();
            assert_eq!(is_log(&path).unwrap(), is, "{name}: {text}");
            assert_eq!(looks_like_scenario(&path), looks, "{name}: {text}");
        }
        assert!(!looks_like_scenario(desk.path()));
        assert!(is_log(&desk.path().join("none.json")).is_err());
    }

    /// A folder with a log of two events and its title, recorded on their days, and a scenario that
    /// leaves it.
    fn desk() -> (tempfile::TempDir, PathBuf, PathBuf) {
        use crate::history::{Recorded, read_written};
        let desk = tempfile::tempdir().unwrap();
        let [log, scenario] = ["log.jsonl", "scenario.json"].map(|name| desk.path().join(name));
        let parties = r#""source":["XBL"],"target":["XRL"],"act":"statement""#;
        let title = r#""act":"describes","title":"A history""#;
        let days = ["2030-01-01", "2030-01-01", "2030-01-02"];
        for (number, (day, says)) in days.into_iter().zip([title, parties, parties]).enumerate() {
            let event = format!(r#"{{"id":"e{number}","date":"{day}",{says}}}"#);
            let batch = read_written(event.as_bytes()).unwrap();
            let options = crate::store::Options {
                recorded: Recorded::On(day.parse().unwrap()),
                expect_version: None,
                dry_run: false,
            };
            crate::store::append(&log, &batch, options).unwrap();
        }
        let text = r#"{"title":"T","base":"log.jsonl","names":{"XBL":"Blue"},"fork":{"date":"2030-01-01"}}"#;
        std::fs::write(&scenario, text).unwrap();
        (desk, log, scenario)
    }

    fn events(history: Result<History>) -> usize {
        match history.unwrap() {
            History::Log(base) => base.entries.len(),
            History::Scenario(scenario) => scenario.entries.len(),
        }
    }

    #[test]
    fn a_log_is_read_once_as_it_was_known_and_a_scenario_was_known_on_no_day() {
        let (_desk, log, scenario) = desk();
        let on = |day: &str| Logs::as_known_on(Some(day.parse().unwrap()));
        assert_eq!(events(Logs::as_known_on(None).history(&log)), 2);
        assert_eq!(events(on("2030-01-01").history(&log)), 1);
        let refused = on("2030-01-02").history(&scenario).unwrap_err();
        let kind = &refused.faults()[0].kind;
        assert!(
            matches!(kind, Kind::Scenario(BadScenario::KnownOnNoDay)),
            "{kind:?}"
        );
        // Whatever becomes of its file meanwhile.
        let mut logs = Logs::default();
        assert_eq!(events(logs.history(&log)), 2);
        std::fs::write(&log, "").unwrap();
        assert_eq!(events(logs.history(&log)), 2);
        assert_eq!(events(logs.history(&scenario)), 2);
    }

    #[test]
    fn a_history_has_the_names_that_its_root_gives() {
        let (_desk, log, scenario) = desk();
        let found = history(&scenario).unwrap();
        assert_eq!(found.names().name("XBL"), Some("Blue"));
        let log = history(&log).unwrap();
        assert_eq!(log.names().title(), Some("A history"));
    }

    #[test]
    fn a_first_line_that_is_an_event_makes_a_log_even_one_that_is_too_long_for_it() {
        let (desk, _, scenario) = desk();
        let path = desk.path().join("long.json");
        let text = r#"{"title":"T","base":"long.json","fork":{"date":"2030-01-01"}}"#;
        std::fs::write(&scenario, text).unwrap();
        for length in [LINE_LIMIT, LINE_LIMIT + 1] {
            let begins = r#"{"act":"statement","note":""#;
            let note = "x".repeat(length - begins.len() - 2);
            std::fs::write(&path, format!("{begins}{note}\"}}\n")).unwrap();
            assert!(is_log(&path).unwrap(), "{length}");
            let found = document(&path).unwrap();
            assert!(matches!(found, Document::Log(_)), "{length}");
            // What is wrong with it is told of a log.
            let refused = history(&scenario).unwrap_err();
            let kind = &refused.faults()[0].kind;
            assert!(!matches!(kind, Kind::Scenario(_)), "{length}: {kind:?}");
        }
        for (text, is_schema) in [
            (
                r#"{"$schema":"https://json-schema.org/draft/2020-12/schema"}"#,
                true,
            ),
            (r#"{"$schema":"scenario.schema.json"}"#, false),
            (text, false),
        ] {
            std::fs::write(&path, text).unwrap();
            let found = document(&path).unwrap();
            assert_eq!(matches!(found, Document::Schema), is_schema, "{text}");
        }
    }

    #[test]
    fn a_base_that_is_not_there_was_meant_for_a_log_or_scenario_beside_it() {
        let (desk, _, scenario) = desk();
        std::fs::create_dir(desk.path().join("sub")).unwrap();
        for name in ["other.json", "notes.txt", "sub/deep.jsonl"] {
            std::fs::write(desk.path().join(name), "").unwrap();
        }
        for (base, near) in [
            ("log", Some("log.jsonl")),
            ("log.json", Some("log.jsonl")),
            ("lgo.jsonl", Some("log.jsonl")),
            ("others.json", Some("other.json")),
            ("sub/deep.json", Some("sub/deep.jsonl")),
            ("sub/depe.jsonl", Some("sub/deep.jsonl")),
            ("notes.tx", None),
            // It is none of its own.
            ("scenario", None),
        ] {
            assert_eq!(near_base(&scenario, base).as_deref(), near, "{base}");
        }
    }
}
