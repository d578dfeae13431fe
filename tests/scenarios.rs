//! The scenarios that ship: each passes `check`, runs as in its golden trace, and makes a branch
//! that is a log like any other; what some of them claim is held to its numbers.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use detente::history::RECORDED;
use detente::json::{Dialect, read};
use detente::scenario::{Edit, ScenarioFile, Tail};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output};

/// The shipped scenarios by name, found by listing the folder.
fn shipped() -> Vec<String> {
    let files = std::fs::read_dir("scenarios").unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let names = names.filter(|name| name != "scenario.schema.json");
    let mut names: Vec<_> = names
        .filter_map(|name| name.strip_suffix(".json").map(str::to_owned))
        .collect();
    names.sort_unstable();
    assert!(names.len() >= 15, "only {names:?}");
    names
}

fn path(name: &str) -> String {
    format!("scenarios/{name}.json")
}

/// What a person wrote, without its comments.
fn written(name: &str) -> ScenarioFile {
    let text = std::fs::read_to_string(path(name)).unwrap();
    read::<ScenarioFile>(&text, Dialect::Commented)
        .value
        .unwrap()
}

fn output(directory: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_detente"));
    // Here scenarios in one folder leave those of another.
    command
        .args(arguments)
        .arg("--allow-outside")
        .current_dir(directory);
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "TERM"] {
        command.env_remove(variable);
    }
    command.output().unwrap()
}

/// What a command prints that ends with a status and has nothing to note, but on the models of what
/// is compared.
#[track_caller]
fn exits(status: i32, directory: &Path, arguments: &[&str]) -> String {
    let output = output(directory, arguments);
    let notes = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(status), "{arguments:?} {notes}");
    let is_of_model = |note: &&str| {
        let of_log = note.starts_with("note: recorded is read under the model of ");
        of_log || note.starts_with("note: The histories have different models")
    };
    let notes: Vec<_> = notes.lines().filter(|note| !is_of_model(note)).collect();
    assert_eq!(notes, [""; 0], "{arguments:?} says this on standard error");
    String::from_utf8(output.stdout).unwrap()
}

/// What a command is refused with; it prints nothing on standard output.
#[track_caller]
fn refused(directory: &Path, arguments: &[&str]) -> String {
    let output = output(directory, arguments);
    let says = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?} {says}");
    assert_eq!(output.stdout, b"", "{arguments:?}");
    says
}

/// In the root of the crate, where the scenarios are.
#[track_caller]
fn here(status: i32, arguments: &[&str]) -> String {
    exits(status, Path::new("."), arguments)
}

#[track_caller]
fn as_json(status: i32, arguments: &[&str]) -> Value {
    let arguments = [arguments, &["--format", "json"]].concat();
    serde_json::from_str(&here(status, &arguments)).unwrap()
}

/// A run as JSON, of a scenario that ships or of a file.
#[track_caller]
fn run(path: &str) -> Value {
    as_json(0, &["run", path])
}

#[track_caller]
fn golden(name: &str, description: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    if !description.is_empty() {
        settings.set_description(description);
    }
    settings.bind(|| insta::assert_snapshot!(name, text));
}

fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value[field].as_array().unwrap()
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap()
}

fn number(value: &Value, field: &str) -> f64 {
    value[field].as_f64().unwrap()
}

#[track_caller]
fn about(found: f64, expected: f64) {
    let difference = (found - expected).abs();
    assert!(difference < 0.005, "{found} is not about {expected}");
}

#[track_caller]
fn close(found: f64, expected: f64) {
    let difference = (found - expected).abs();
    assert!(difference < 1e-9, "{found} is not {expected}");
}

/// The temperature that a balance is read as, and the other way round.
fn reading(balance: f64) -> f64 {
    10.0 * balance / (100.0 + balance * balance).sqrt()
}

fn balance(temperature: f64) -> f64 {
    10.0 * temperature / (100.0 - temperature * temperature).sqrt()
}

/// The events of a run that happen, each with its day.
fn happening(run: &Value) -> Vec<(&str, &str)> {
    let events = list(run, "events").iter();
    let happening = events.filter(|event| text(event, "fate") != "dropped");
    happening
        .map(|event| (text(event, "id"), text(event, "date")))
        .collect()
}

/// How many of a run's events have a fate.
fn count(run: &Value, fate: &str) -> usize {
    let events = list(run, "events").iter();
    events.filter(|event| text(event, "fate") == fate).count()
}

/// What an event did to a dyad.
#[track_caller]
fn transition<'a>(run: &'a Value, event: &str, dyad: &str) -> &'a Value {
    let events = list(run, "events").iter();
    let mut transitions = events.flat_map(|event| list(event, "transitions"));
    let of_event = |it: &&Value| text(it, "id") == event && text(it, "dyad") == dyad;
    transitions.find(of_event).unwrap()
}

/// The row of a dyad in the state at the end.
fn relation<'a>(run: &'a Value, dyad: &str) -> &'a Value {
    let mut dyads = list(&run["state"], "dyads").iter();
    dyads.find(|row| text(row, "dyad") == dyad).unwrap()
}

/// How far a history is from the first of a comparison on a day.
#[track_caller]
fn gap(comparison: &Value, history: &str, dyad: &str, date: &str) -> f64 {
    let mut rows = list(comparison, "temperatures").iter();
    let is_asked = |row: &&Value| {
        (text(row, "history"), text(row, "dyad"), text(row, "date")) == (history, dyad, date)
    };
    number(rows.find(is_asked).unwrap(), "gap")
}

/// A directory with a scenario in it, and its path.
fn file(scenario: &Value) -> (tempfile::TempDir, String) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("scenario.json");
    std::fs::write(&path, scenario.to_string()).unwrap();
    let path = path.into_os_string().into_string().unwrap();
    (directory, path)
}

/// A scenario on the recorded history.
fn on_recorded(fork: &Value, edits: &Value) -> Value {
    json!({"title": "A trial", "base": "recorded", "fork": fork, "edits": edits})
}

/// A statement by Russia, to be inserted or put in the place of another event.
fn statement(fields: &Value) -> Value {
    let mut event = json!({"source": ["RUS"], "target": ["USA"], "act": "statement"});
    let fields = fields.as_object().unwrap().clone();
    event.as_object_mut().unwrap().extend(fields);
    event
}

#[test]
fn every_scenario_passes_check() {
    let files: Vec<_> = shipped().iter().map(|name| path(name)).collect();
    let arguments: Vec<_> = ["check"]
        .into_iter()
        .chain(files.iter().map(String::as_str))
        .collect();
    let says = here(0, &arguments);
    assert_eq!(says.lines().count(), files.len(), "{says}");
    for (line, file) in says.lines().zip(&files) {
        assert!(
            line.starts_with(&format!("{file}: a scenario on ")),
            "{line}"
        );
    }
}

#[test]
fn every_scenario_runs_as_in_its_golden_trace() {
    for name in shipped() {
        let arguments = ["run", &path(&name)];
        let description = format!("detente {}", arguments.join(" "));
        golden(&format!("run-{name}"), &description, &here(0, &arguments));
    }
}

#[test]
fn every_scenario_asks_something_and_says_what() {
    for name in shipped() {
        let file = written(&name);
        assert_eq!(
            file.schema.as_deref(),
            Some("scenario.schema.json"),
            "{name}"
        );
        assert!(file.note.unwrap().contains("Look at "), "{name}");
        assert!((1..=3).contains(&file.outcomes.len()), "{name}");
        for edit in file.edits {
            let draft = match edit {
                Edit::Insert(draft) => draft,
                Edit::Replace(replace) => replace.with,
                Edit::Drop(_) | Edit::Shift(_) => continue,
            };
            let title = draft.title.unwrap();
            assert!(title.starts_with("Hypothetical: "), "{name}: {title}");
        }
    }
}

#[test]
fn running_twice_gives_the_same_bytes() {
    for name in shipped() {
        for format in ["table", "json"] {
            let path = path(&name);
            let run = || here(0, &["run", &path, "--all-dyads", "--format", format]);
            assert!(run() == run(), "{name} as {format}");
        }
    }
}

#[test]
fn every_branch_is_a_log_that_replays_to_where_the_run_ended() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: String| directory.path().join(name).display().to_string();
    for name in shipped() {
        let (log, model) = (
            at(format!("{name}.jsonl")),
            at(format!("{name}.model.json")),
        );
        let arguments = ["run", &path(&name), "--log", &log, "--format", "json"];
        let saved = output(Path::new("."), &arguments);
        let note = format!("note: the branch was saved as {log}");
        assert!(String::from_utf8(saved.stderr).unwrap().starts_with(&note));
        let run: Value = serde_json::from_slice(&saved.stdout).unwrap();

        here(0, &["log", "verify", &log]);
        here(0, &["check", &log]);

        std::fs::write(&model, run["model"].to_string()).unwrap();
        let until = text(&run["state"], "date");
        let replay = as_json(0, &["replay", &log, "--model", &model, "--to", until]);
        assert_eq!(replay["state"], run["state"], "{name}");
    }
}

#[test]
fn the_lines_that_a_branch_shares_stay_byte_for_byte() {
    let directory = tempfile::tempdir().unwrap();
    let branch = |name: &str| {
        let log = directory.path().join(format!("{name}.jsonl"));
        if !log.exists() {
            let log = log.to_str().unwrap();
            output(Path::new("."), &["run", &path(name), "--log", log]);
        }
        std::fs::read(log).unwrap()
    };
    for name in shipped() {
        let base = written(&name).base;
        let base = match base.strip_suffix(".json") {
            Some(base) => branch(base),
            None => RECORDED.to_vec(),
        };
        let own = branch(&name);
        let same = own
            .split_inclusive(|byte| *byte == b'\n')
            .zip(base.split_inclusive(|byte| *byte == b'\n'))
            .take_while(|(own, base)| own == base);
        assert_eq!(same.count(), count(&run(&path(&name)), "shared"), "{name}");
    }
}

/// A scenario without what it inserts, and a scenario on it that drops all that.
fn without_and_undone(name: &str) -> (Value, Value) {
    let root = std::env::current_dir().unwrap().join("scenarios");
    let mut file = written(name);
    let until = file.until;
    // Before all that happens, wherever the scenario itself forks.
    let fork = json!({"date": "2014-03-17"});
    let inserts = file.edits.iter().filter_map(|edit| match edit {
        Edit::Insert(draft) => draft.id.clone(),
        Edit::Drop(_) | Edit::Shift(_) | Edit::Replace(_) => None,
    });
    let drops: Vec<_> = inserts.map(|id| json!({"drop": {"event": id}})).collect();
    let base = root.join(format!("{name}.json"));
    let undone = json!({
        "title": "Undone", "base": base, "fork": fork, "until": until, "edits": drops,
    });
    file.edits.retain(|edit| !matches!(edit, Edit::Insert(_)));
    // They may ask about what was inserted.
    file.outcomes.clear();
    if file.base != "recorded" {
        file.base = root.join(&file.base).display().to_string();
    }
    (serde_json::to_value(&file).unwrap(), undone)
}

#[test]
fn dropping_what_was_inserted_is_as_if_it_had_not_been() {
    for name in shipped() {
        let (without, undone) = without_and_undone(&name);
        let ((_first, without), (_second, undone)) = (file(&without), file(&undone));
        let (without, undone) = (run(&without), run(&undone));
        assert_eq!(happening(&undone), happening(&without), "{name}");
        assert_eq!(undone["state"], without["state"], "{name}");
    }
}

#[test]
fn dropping_all_that_was_inserted_gives_the_base_back() {
    let only_inserts = |name: &String| {
        let file = written(name);
        let is_insert = |edit: &Edit| matches!(edit, Edit::Insert(_));
        let has_no_chance =
            file.chance.is_empty() && file.rules.is_empty() && file.uncertain.is_empty();
        let has_own_model = file.model.is_some();
        let is_kept = file.tail == Tail::Keep;
        let is_simple = file.base == "recorded" && is_kept && has_no_chance && !has_own_model;
        is_simple && file.edits.iter().all(is_insert)
    };
    let names: Vec<_> = shipped().into_iter().filter(only_inserts).collect();
    assert!(names.len() >= 7, "{names:?}");
    for name in names {
        let (_, undone) = without_and_undone(&name);
        let (_directory, undone) = file(&undone);
        here(0, &["compare", "recorded", &undone]);
    }
}

#[test]
fn without_the_call_all_is_as_recorded_until_it_would_have_come() {
    let compare = ["compare", "recorded", "scenarios/no-call.json"];
    let dyads = ["--dyad", "RUS-USA", "--dyad", "EU-RUS", "--dyad", "RUS-UKR"];
    let comparison = as_json(1, &[&compare[..], &dyads].concat());
    let rows = list(&comparison, "temperatures").iter();
    let before: Vec<_> = rows
        .filter(|row| text(row, "date") < "2017-01-28")
        .collect();
    assert!(before.len() > 100, "{}", before.len());
    for row in before {
        assert_eq!(number(row, "gap").to_bits(), 0, "{row}");
    }
    let parting = &list(&comparison, "partings")[0];
    assert_eq!(parting["shared"], 3);
    assert_eq!(parting["last_shared"], "trump-inauguration");
    assert_eq!(parting["first"], "us-ru-call");
    assert_eq!(parting["other"], "us-de-call");
}

#[test]
fn without_the_call_only_one_pair_is_colder_and_by_less_each_month() {
    let comparison = as_json(1, &["compare", "recorded", "scenarios/no-call.json"]);
    let gaps = list(&comparison, "widest_gaps");
    assert_eq!(gaps.len(), 1);
    assert_eq!(gaps[0]["dyad"], "RUS-USA");
    assert_eq!(gaps[0]["date"], "2017-01-28");
    about(number(&gaps[0], "gap"), -1.26);
    let rows = list(&comparison, "temperatures").iter();
    let rows = rows.filter(|row| text(row, "history") != "recorded");
    let rows = rows.skip_while(|row| text(row, "date") < "2017-01-28");
    let gaps: Vec<_> = rows.map(|row| number(row, "gap")).collect();
    assert!(gaps.is_sorted(), "{gaps:?}");
    // What was said fades by half in 60 days.
    about(
        gap(
            &comparison,
            "scenarios/no-call.json",
            "RUS-USA",
            "2017-03-31",
        ),
        -0.61,
    );
    let last = *gaps.last().unwrap();
    assert!(-0.001 < last && last < 0.0, "{last}");
}

#[test]
fn a_year_later_the_call_has_faded_and_what_was_lifted_has_not() {
    let [lifted, no_call] = ["scenarios/sanctions-lifted.json", "scenarios/no-call.json"];
    let comparison = as_json(1, &["compare", "recorded", lifted, no_call]);
    // Histories differ by a sum in their balance, of which the temperature is a reading.
    let balance_on = |history, date| {
        let mut rows = list(&comparison, "temperatures").iter();
        let is_asked = |row: &&Value| {
            (text(row, "history"), text(row, "dyad"), text(row, "date"))
                == (history, "RUS-USA", date)
        };
        balance(number(rows.find(is_asked).unwrap(), "temperature"))
    };
    let gap = |history, date| balance_on(history, date) - balance_on("recorded", date);
    let left = |days: f64, half_life: f64| libm::exp2(-days / half_life);

    let call = gap(no_call, "2017-01-28");
    let call_later = gap(no_call, "2018-01-31");
    close(call_later, call * left(368.0, 60.0));
    about(call, -1.35);
    assert!(
        call_later.abs() < call.abs() / 64.0,
        "{call_later} of {call}"
    );

    let lifting = gap(lifted, "2017-01-30");
    let lifting_later = gap(lifted, "2018-01-31");
    // To lift them is a deed, which fades; that they stand no more is felt the more the longer it
    // lasts.
    let felt = |days| 1.5 * (1.0 - left(days, 60.0));
    close(lifting_later, lifting * left(366.0, 365.0) + felt(366.0));
    assert!(lifting_later > lifting, "{lifting_later} from {lifting}");
    let at_the_end = gap(lifted, "2018-12-31");
    close(at_the_end, lifting * left(700.0, 365.0) + felt(700.0));
    assert!(at_the_end > 1.5, "{at_the_end}");
}

#[test]
fn easing_and_then_lifting_weighs_as_much_as_lifting_at_once() {
    let (by_halves, at_once) = (
        run("scenarios/sanctions-eased.json"),
        run("scenarios/sanctions-lifted.json"),
    );
    for (eases, dyad) in [
        ("us-eases-sanctions", "RUS-USA"),
        ("eu-eases-sanctions", "EU-RUS"),
    ] {
        let impact = |run, event| number(transition(run, event, dyad), "impact");
        let halves = impact(&by_halves, eases) + impact(&by_halves, "sanctions-lifted");
        close(halves, impact(&at_once, "sanctions-lifted"));
        let equilibrium = |run| number(relation(run, dyad), "equilibrium");
        close(equilibrium(&by_halves), equilibrium(&at_once));
    }
}

#[test]
fn naming_the_sanctions_moves_the_agenda_and_no_temperature() {
    let named = run("scenarios/silence-broken.json");
    let until = text(&named["state"], "date");
    let recorded = as_json(0, &["replay", "--to", until]);
    let (named, recorded) = (relation(&named, "RUS-USA"), relation(&recorded, "RUS-USA"));
    assert_eq!(named["temperature"], recorded["temperature"]);
    let sanctions = |row| {
        let mut items = list(row, "agenda").iter();
        let item = items
            .find(|item| text(item, "item") == "sanctions")
            .unwrap();
        let readouts = list(item, "sides").iter().map(|side| text(side, "readout"));
        (item["status"].as_str(), readouts.collect::<Vec<_>>())
    };
    assert_eq!(sanctions(recorded), (None, vec!["omitted", "omitted"]));
    assert_eq!(
        sanctions(named),
        (Some("raised"), vec!["mentioned", "mentioned"])
    );
}

#[test]
fn a_bargain_that_falls_apart_leaves_only_its_own_branch() {
    let kept = run("scenarios/grand-bargain.json");
    let broken = run("scenarios/after-the-bargain.json");
    assert_eq!(broken["scenario"]["base"], "grand-bargain.json");
    let shared = count(&broken, "shared");
    assert_eq!(happening(&broken)[..shared], happening(&kept)[..shared]);
    assert_eq!(happening(&kept)[shared].0, "crimea-returned");
    close(number(relation(&kept, "RUS-USA"), "equilibrium"), 0.0);
    // Sanctions and what an audience feels of the occupation, as they stood before the bargain.
    let stands = reading(-1.5 - 1.0);
    close(number(relation(&broken, "RUS-USA"), "equilibrium"), stands);
}

#[test]
fn a_table_of_nothing_has_its_columns() {
    // Under another model the answer stands, which is no difference.
    for (models, differs) in [(&[][..], 1), (&["--models", "stepwise"], 0)] {
        let csv = |other: &str, status| {
            let compare = ["compare", "recorded", other, "--format", "csv"];
            here(status, &[&compare[..], models].concat())
        };
        let same = csv("recorded", 0);
        let other = csv("scenarios/grand-bargain.json", differs);
        assert_eq!(same.lines().count(), 1);
        assert_eq!(same.lines().next(), other.lines().next());
    }
}

#[test]
fn compare_tells_a_branch_that_is_not_another_from_one_that_is() {
    here(0, &["compare", "recorded", "recorded"]);
    here(
        0,
        &["compare", "recorded", "scenarios/recorded-history.jsonl"],
    );
    for name in shipped() {
        let path = path(&name);
        here(0, &["compare", &path, &path]);
        // Two of them change nothing but the model, so that of the log is given.
        here(1, &["compare", "recorded", &path, "--model", "detente"]);
        here(
            1,
            &["compare", &path, &path, "recorded", "--model", "detente"],
        );
    }
}

#[test]
fn a_comparison_of_three_reads_as_a_table() {
    let arguments = [
        "compare",
        "recorded",
        "scenarios/sanctions-lifted.json",
        "scenarios/no-call.json",
    ];
    let description = format!("detente {}", arguments.join(" "));
    golden(
        "compare-sanctions-lifted-no-call",
        &description,
        &here(1, &arguments),
    );
}

#[test]
fn a_new_scenario_passes_check_and_runs() {
    let desk = tempfile::tempdir().unwrap();
    let at = desk.path();
    for (name, fork) in [
        ("last", &[][..]),
        ("after", &["--after", "us-ru-call"]),
        ("before", &["--before", "crimea-annexation"]),
    ] {
        let file = format!("{name}.json");
        let says = exits(0, at, &[&["new", name][..], fork].concat());
        assert_eq!(
            says,
            format!("{file} was written; `detente check` and `detente run` take it\n")
        );
        let says = exits(0, at, &["check", &file]);
        assert!(
            says.starts_with(&format!("{file}: a scenario on recorded")),
            "{says}"
        );
        exits(0, at, &["run", &file]);
    }
    let text = std::fs::read_to_string(at.join("after.json")).unwrap();
    golden("new-after", "detente new after --after us-ru-call", &text);
}

#[test]
fn a_new_scenario_may_leave_another_one() {
    let desk = tempfile::tempdir().unwrap();
    let at = desk.path();
    std::fs::create_dir(at.join("mine")).unwrap();
    std::fs::copy(path("grand-bargain"), at.join("grand-bargain.json")).unwrap();
    let base = [
        "--base",
        "../grand-bargain.json",
        "--after",
        "bargain-signed",
    ];
    exits(0, at, &[&["new", "mine/child"][..], &base].concat());
    let says = exits(0, at, &["check", "mine/child.json"]);
    assert!(
        says.contains("a scenario on ../grand-bargain.json"),
        "{says}"
    );
    let says = exits(0, at, &["run", "mine/child.json"]);
    assert!(
        says.contains("\n = ") && says.contains("[bargain-signed]"),
        "{says}"
    );
}

#[test]
fn a_new_scenario_on_a_new_scenario_has_names_of_its_own() {
    let desk = tempfile::tempdir().unwrap();
    let at = desk.path();
    exits(0, at, &["new", "first"]);
    let text = std::fs::read_to_string(at.join("first.json")).unwrap();
    let node = |line: &str| {
        line.replace("// \"chance\"", "\"chance\"")
            .replace("//   {", "{")
    };
    let drawn: String = text.lines().map(|line| node(line) + "\n").collect();
    let drawn = drawn.replace("// ]}],", "]}],");
    std::fs::write(at.join("first.json"), drawn).unwrap();
    assert!(exits(0, at, &["check", "first.json"]).contains("1 chance node"));
    for (base, child) in [("first.json", "second"), ("second.json", "third")] {
        exits(0, at, &["new", child, "--base", base]);
        exits(0, at, &["check", &format!("{child}.json")]);
    }
    let text = std::fs::read_to_string(at.join("third.json")).unwrap();
    for name in ["first-word-3", "second-word-2", "fate-2", "\"answer\""] {
        assert!(text.contains(name), "{name}: {text}");
    }
}

/// What a scenario of one's own prints when it runs.
fn own(text: &str, arguments: &[&str]) -> String {
    let desk = tempfile::tempdir().unwrap();
    std::fs::write(desk.path().join("own.json"), text).unwrap();
    exits(
        0,
        desk.path(),
        &[&["run", "own.json"][..], arguments].concat(),
    )
}

#[test]
fn an_alliance_is_with_someone_and_counts_once() {
    let scenario = |edits: &str| {
        format!(
            r#"{{"title": "t", "base": "recorded", "fork": {{"after": "us-au-call"}}, "edits": [{edits}]}}"#
        )
    };
    let signed = r#"{"insert": {"id": "signed", "date": "2017-03-01", "source": ["JPN", "USA"], "target": ["JPN", "USA"],
      "act": "agreement", "stage": "signed", "measures": [{"id": "pact", "kind": "alliance", "to": "in_force"}]}}"#;
    let says = own(&scenario(signed), &["--dyad", "JPN-USA"]);
    assert!(
        says.contains("alliance of JPN with USA [pact]: in force"),
        "{says}"
    );
    assert!(says.contains("tends to 5.14"), "{says}");
    let table: Vec<_> = says
        .lines()
        .skip_while(|line| !line.contains("adds"))
        .collect();
    assert!(table[0].contains("by   with  status"), "{says}");
    // It is the same whoever is asked, so it has one line.
    assert!(table[2].ends_with(" 6.00") && table[3].is_empty(), "{says}");

    // Either side eases it for both.
    for side in ["JPN", "USA"] {
        let eased = eased_by(side, "pact", "alliance");
        let says = own(
            &scenario(&format!("{signed}, {eased}")),
            &["--dyad", "JPN-USA"],
        );
        assert!(says.contains("tends to 3.46"), "{says}");
        assert_eq!(says.matches(" pact ").count(), 1, "{says}");
    }
}

fn eased_by(side: &str, measure: &str, kind: &str) -> String {
    let other = if side == "JPN" { "USA" } else { "JPN" };
    format!(
        r#"{{"insert": {{"id": "doubt", "date": "2017-03-03", "source": ["{side}"], "target": ["{other}"],
          "act": "statement", "measures": [{{"id": "{measure}", "kind": "{kind}", "to": "eased"}}]}}}}"#
    )
}

#[test]
fn a_measure_of_both_against_each_other_counts_once_as_the_stronger_has_it() {
    let signed = r#"{"insert": {"id": "signed", "date": "2017-03-01", "source": ["JPN", "USA"], "target": ["JPN", "USA"],
      "act": "agreement", "stage": "signed", "measures": [{"id": "duties", "kind": "tariffs", "to": "in_force"}]}}"#;
    let eased = eased_by("JPN", "duties", "tariffs");
    let scenario = |edits: &str| {
        format!(
            r#"{{"title": "t", "base": "recorded", "fork": {{"after": "us-au-call"}}, "edits": [{edits}]}}"#
        )
    };
    let says = own(&scenario(signed), &["--dyad", "JPN-USA"]);
    let table: Vec<_> = says
        .lines()
        .skip_while(|line| !line.contains("adds"))
        .collect();
    assert!(
        table[2].ends_with(" -0.50") && table[3].ends_with(" counted above"),
        "{says}"
    );
    let says = own(
        &scenario(&format!("{signed}, {eased}")),
        &["--dyad", "JPN-USA"],
    );
    let table: Vec<_> = says
        .lines()
        .skip_while(|line| !line.contains("adds"))
        .collect();
    let (weak, strong) = (table[2], table[3]);
    assert!(
        weak.contains("eased") && weak.ends_with(" counted below"),
        "{says}"
    );
    assert!(
        strong.contains("in force") && strong.ends_with(" -0.50"),
        "{says}"
    );
    assert!(says.contains("tends to -0.50"), "{says}");
}

#[test]
fn a_long_note_is_as_wide_as_the_tables() {
    let note = "Does it matter at all? ".repeat(12);
    let text = format!(
        r#"{{"title": "t", "note": "{note}", "base": "recorded", "fork": {{"after": "us-au-call"}}}}"#
    );
    let says = own(&text, &[]);
    assert_eq!(says.matches("Does it").count(), 12, "{says}");
    assert!(
        says.lines().take(5).all(|line| line.chars().count() <= 100),
        "{says}"
    );
}

#[test]
fn a_new_scenario_is_not_written_over_a_file_or_on_an_event_that_is_not_there() {
    let desk = tempfile::tempdir().unwrap();
    let at = desk.path();
    std::fs::copy(path("grand-bargain"), at.join("mine.json")).unwrap();
    let mut told = String::new();
    for arguments in [
        &["new", "mine"][..],
        &["new", "mine.json"],
        &["new", "other", "--after", "us-rv-call"],
        &["new", "other", "--before", "kremlin-readouts"],
        &["new", "other", "--after", "the-moon-landing"],
        &[
            "new",
            "other",
            "--base",
            "mine.json",
            "--after",
            "bargain-sined",
        ],
        &["new", "nowhere/other"],
    ] {
        told.extend(["$ detente ", &arguments.join(" "), "\n"]);
        told.extend([&refused(at, arguments), "\n"]);
    }
    golden("new-refused", "", &told);
    let files: Vec<_> = std::fs::read_dir(at).unwrap().collect();
    assert_eq!(files.len(), 1, "{files:?}");
    let untouched = std::fs::read(at.join("mine.json")).unwrap();
    assert_eq!(untouched, std::fs::read(path("grand-bargain")).unwrap());
}

#[test]
fn a_branch_is_not_saved_over_a_file() {
    let desk = tempfile::tempdir().unwrap();
    let log = desk.path().join("branch.jsonl").display().to_string();
    std::fs::write(&log, "mine\n").unwrap();
    let says = refused(Path::new("."), &["run", &path("no-call"), "--log", &log]);
    assert!(
        says.contains("there is a file of that name already"),
        "{says}"
    );
    assert_eq!(std::fs::read(&log).unwrap(), b"mine\n");
}

#[cfg(unix)]
#[test]
fn a_branch_whose_saving_is_broken_off_is_never_seen_in_part() {
    let desk = tempfile::tempdir().unwrap();
    let log = desk.path().join("branch.jsonl");
    let detente = env!("CARGO_BIN_EXE_detente");
    let (scenario, to) = (path("no-call"), log.display());
    // A file may grow to half a kilobyte; then the system ends the process.
    let script = format!("ulimit -f 1; exec {detente} run {scenario} --log {to}");
    let output = Command::new("sh").args(["-c", &script]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "it cannot be written");
    assert_eq!(std::fs::read_dir(desk.path()).unwrap().count(), 0);
}

#[test]
fn what_hangs_on_a_shifted_event_of_a_base_is_shifted_with_it() {
    let base = std::fs::canonicalize(path("grand-bargain")).unwrap();
    let child = |edits: Value| json!({"title": "Later", "base": base, "fork": {"date": "2017-01-28"}, "until": "2018-12-31", "edits": edits});
    let dates = |edits: Value| -> Vec<String> {
        let (_directory, file) = file(&child(edits));
        let run = run(&file);
        let events = run["events"].as_array().unwrap().clone();
        let own = events
            .iter()
            .skip(12)
            .map(|event| event["date"].as_str().unwrap().to_owned());
        own.collect()
    };
    let shift = |event: &str| json!({"shift": {"event": event, "days": 10}});
    assert_eq!(
        dates(json!([])),
        ["2017-06-27", "2017-09-10", "2017-10-10", "2018-03-09"]
    );
    // The bargain hangs on the meeting, and both of its fruits on the bargain.
    assert_eq!(
        dates(json!([shift("meeting-held")])),
        ["2017-07-07", "2017-09-20", "2017-10-20", "2018-03-19"]
    );
    // What an edit is about goes its own way.
    assert_eq!(
        dates(
            json!([shift("bargain-signed"), {"shift": {"event": "sanctions-lifted", "days": 1}}])
        ),
        ["2017-06-27", "2017-09-20", "2017-10-11", "2018-03-19"]
    );
}

#[test]
fn only_one_branch_is_saved_at_a_time() {
    let desk = tempfile::tempdir().unwrap();
    let log = desk.path().join("branch.jsonl").display().to_string();
    let (one, other) = (path("no-call"), path("slow-thaw"));
    let says = refused(Path::new("."), &["run", &one, &other, "--log", &log]);
    assert_eq!(says, "error: `--log` takes one scenario at a time\n");
    assert!(!Path::new(&log).exists());
}

#[test]
fn several_scenarios_run_one_after_the_other_or_not_at_all() {
    let (one, other) = (path("no-call"), path("slow-thaw"));
    let both = here(0, &["run", &one, &other]);
    assert_eq!(
        both,
        here(0, &["run", &one]) + "\n" + &here(0, &["run", &other])
    );
    let says = refused(Path::new("."), &["run", &one, "scenarios/none.json"]);
    assert!(says.contains("--> scenarios/none.json"), "{says}");
}

#[test]
fn a_saved_branch_is_the_same_history_as_its_scenario() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name).display().to_string();
    for name in shipped() {
        let (scenario, log, model) = (path(&name), at(&name), at("model.json"));
        let (log, arguments) = (
            log + ".jsonl",
            ["run", &scenario, "--format", "json", "--log"],
        );
        let saved = output(Path::new("."), &[&arguments[..], &[&log]].concat());
        let run: Value = serde_json::from_slice(&saved.stdout).unwrap();
        std::fs::write(&model, run["model"].to_string()).unwrap();
        // It may note that the model is for the log only.
        let compare = output(
            Path::new("."),
            &["compare", &scenario, &log, "--model", &model],
        );
        let says = String::from_utf8(compare.stdout).unwrap();
        assert_eq!(compare.status.code(), Some(0), "{name}\n{says}");
    }
}

#[test]
fn a_question_may_be_about_what_does_not_happen() {
    let edits = json!([{"drop": {"event": "us-ru-call", "cascade": true}}]);
    let mut scenario = on_recorded(&json!({"before": "us-ru-call"}), &edits);
    scenario["outcomes"] = json!([
        {"id": "met", "when": {"meeting": {"id": "us-ru-meeting", "status": "held"}}},
        {"id": "spoke", "when": {"agenda": {"dyad": "RUS-USA", "item": "counter-terrorism", "status": "agreed"}}},
    ]);
    let (_directory, scenario) = file(&scenario);
    let outcomes = &run(&scenario)["outcomes"];
    for id in ["met", "spoke"] {
        assert_eq!(outcomes[id]["holds"], false, "{outcomes}");
    }
}

#[test]
fn a_branch_of_a_branch_shares_with_it_all_that_lies_before_its_fork() {
    let (kept, broken) = (path("grand-bargain"), path("after-the-bargain"));
    let comparison = as_json(1, &["compare", &kept, &broken]);
    let parting = &list(&comparison, "partings")[0];
    assert_eq!(parting["last_shared"], "sanctions-lifted");
    assert_eq!(parting["shared"], count(&run(&broken), "shared"));
}

#[test]
fn what_differs_at_the_end_is_told_where_no_temperature_differs() {
    let comparison = as_json(1, &["compare", "recorded", "scenarios/silence-broken.json"]);
    let differs = json!({
        "dyad": "RUS-USA", "what": "agenda sanctions", "values": ["not raised", "raised"],
    });
    let ends = list(&comparison, "ends");
    assert!(ends.contains(&differs), "{ends:?}");
}

#[test]
fn a_run_follows_a_pair_that_its_scenario_changes() {
    for name in shipped() {
        let path = path(&name);
        let differ = as_json(1, &["compare", "recorded", &path, "--model", "detente"]);
        let differ = list(&differ, "widest_gaps").iter();
        let differ: Vec<_> = differ.map(|gap| text(gap, "dyad")).collect();
        let says = here(0, &["run", &path]);
        let (_, end) = says.split_once("At the end, on ").unwrap();
        let followed = end.lines().nth(2).unwrap().split(' ').next().unwrap();
        // Where nothing differs but the agenda, any will do.
        assert!(
            differ.is_empty() || differ.contains(&followed),
            "{name} changes {differ:?}, but {followed} is followed"
        );
    }
}

#[test]
fn a_later_deadline_never_turns_a_yes_into_a_no() {
    let ever = |question: &Value, by| {
        let mut scenario = on_recorded(&json!({"date": "2014-03-17"}), &json!([]));
        scenario["until"] = json!("2018-12-31");
        // Here the two go on to cool for months after the annexation and then warm up to what
        // stands.
        scenario["model"] = json!({"gain": 0.4, "standing_occupation_degrees": -2});
        scenario["outcomes"] = json!([{"id": "ever", "when": question, "by": by}]);
        let (_directory, scenario) = file(&scenario);
        run(&scenario)["outcomes"]["ever"].clone()
    };
    // Both hold in 2014 while the two wait, and no longer when the next event comes.
    let tension = json!({"phase": {"dyad": "RUS-UKR", "is": ["tension"]}});
    let between = json!({"temperature": {"dyad": "RUS-UKR", "above": -4.5, "below": -3.9}});
    for question in [&tension, &between] {
        let (early, late) = (ever(question, "2014-06-30"), ever(question, "2018-12-31"));
        assert_eq!(early["holds"], true, "{question}");
        assert_eq!(early, late, "{question}");
    }
    // That is when the border is passed.
    assert_eq!(ever(&tension, "2018-12-31")["first_on"], "2014-03-21");
}

#[test]
fn what_a_shift_takes_along_is_not_laid_to_another_edit() {
    let shifts = |cascade| {
        on_recorded(
            &json!({"before": "us-ru-call"}),
            &json!([
                {"drop": {"event": "us-au-call"}},
                {"shift": {"event": "us-ru-call", "days": 3, "cascade": cascade}},
            ]),
        )
    };
    let (_directory, cascading) = file(&shifts(true));
    assert_eq!(count(&run(&cascading), "dropped"), 5);
    let (_directory, refusing) = file(&shifts(false));
    let says = refused(Path::new("."), &["check", &refusing]);
    assert!(
        says.contains("`us-ru-call` cannot be edited so: 4 events"),
        "{says}"
    );
}

#[test]
fn a_cascade_takes_along_nothing_that_another_edit_made_illegal() {
    let speech_for_call =
        json!({"replace": {"event": "us-ru-call", "with": statement(&json!({}))}});
    let edits = json!([{"drop": {"event": "us-au-call", "cascade": true}}, speech_for_call]);
    let (_directory, scenario) = file(&on_recorded(&json!({"before": "us-ru-call"}), &edits));
    let says = refused(Path::new("."), &["check", &scenario]);
    assert!(says.contains("`white-house-readout`"), "{says}");
}

/// A log of some events and a scenario that drops the first of them, with or without what hangs on
/// it.
fn dropping_the_first(events: &Value, cascade: bool) -> (tempfile::TempDir, String) {
    let desk = tempfile::tempdir().unwrap();
    std::fs::write(desk.path().join("events.json"), events.to_string()).unwrap();
    let append = [
        "log",
        "append",
        "base.jsonl",
        "events.json",
        "--recorded",
        "2020-12-31",
    ];
    exits(0, desk.path(), &append);
    let first = text(&events[0], "id");
    let scenario = json!({
        "title": "Without the first", "base": "base.jsonl", "fork": {"before": first}, "tail": "keep",
        "edits": [{"drop": {"event": first, "cascade": cascade}}],
    });
    let path = desk.path().join("scenario.json");
    std::fs::write(&path, scenario.to_string()).unwrap();
    (desk, path.display().to_string())
}

#[test]
fn a_cascade_goes_on_through_the_measure_the_meeting_and_the_item_of_what_it_takes_along() {
    let event = |id: &str, of: Value| {
        let mut event =
            json!({"id": id, "date": "2020-01-01", "source": ["USA"], "target": ["RUS"]});
        for (field, value) in of.as_object().unwrap() {
            event[field] = value.clone();
        }
        event
    };
    let both = json!(["RUS", "USA"]);
    let caused = event("a", json!({"act": "statement", "tone": "critical"}));
    let chains = [
        [
            json!({"act": "sanctions_imposed", "caused_by": "a"}),
            json!({"act": "sanctions_eased", "measure": "b"}),
            json!({"act": "sanctions_lifted", "measure": "b"}),
        ],
        [
            json!({"act": "meeting_planned", "source": both, "target": both, "meeting": "m", "caused_by": "a"}),
            json!({"act": "meeting_postponed", "source": both, "target": both, "meeting": "m"}),
            json!({"act": "meeting_cancelled", "source": both, "target": both, "meeting": "m"}),
        ],
        [
            json!({"act": "statement", "caused_by": "a", "agenda": [{"item": "trade", "to": "raised"}]}),
            json!({"act": "statement", "agenda": [{"item": "trade", "to": "stalled"}]}),
            json!({"act": "statement", "agenda": [{"item": "trade", "to": "dropped"}]}),
        ],
    ];
    for [one, two, three] in chains {
        let events = json!([caused, event("b", one), event("c", two), event("d", three)]);
        let (desk, cascading) = dropping_the_first(&events, true);
        let says = exits(0, desk.path(), &["check", &cascading]);
        assert!(says.contains("4 events dropped"), "{says}");
        // Without, the error names all of them under the edit that is to blame.
        let (desk, refusing) = dropping_the_first(&events, false);
        let says = refused(desk.path(), &["check", &refusing]);
        assert!(says.contains("`a` cannot be edited so: 3 events"), "{says}");
    }
}

#[test]
fn what_an_insert_makes_illegal_is_not_dropped_in_silence() {
    let lifted_early = json!({"insert": {
        "id": "lifted-early", "date": "2017-06-01", "source": ["USA"], "target": ["RUS"],
        "act": "sanctions_lifted", "measure": "crimea-sanctions",
    }});
    let edits = json!([{"drop": {"event": "us-au-call", "cascade": true}}, lifted_early]);
    let mut scenario = on_recorded(&json!({"before": "us-ru-call"}), &edits);
    scenario["base"] = json!(std::env::current_dir().unwrap().join(path("grand-bargain")));
    let (_directory, scenario) = file(&scenario);
    let says = refused(Path::new("."), &["check", &scenario]);
    assert!(says.contains("`sanctions-lifted`"), "{says}");
}

#[test]
fn nothing_is_inserted_before_the_date_of_the_fork() {
    for (fork, date) in [
        ("2016-12-31", "2016-06-01"),
        ("2014-01-01", "1990-01-01"),
        ("2020-12-31", "2017-06-01"),
    ] {
        let insert = statement(&json!({"id": "speech", "date": date}));
        let edits = json!([{"insert": insert}]);
        let (_directory, scenario) = file(&on_recorded(&json!({"date": fork}), &edits));
        let says = refused(Path::new("."), &["check", &scenario]);
        assert!(says.contains("lies before the fork"), "{says}");
    }
}

#[test]
fn nothing_is_placed_after_an_event_that_a_cascade_dropped() {
    let insert =
        statement(&json!({"id": "speech", "after": {"event": "kremlin-readout", "days": 1}}));
    let edits = json!([{"drop": {"event": "us-ru-call", "cascade": true}}, {"insert": insert}]);
    let (_directory, scenario) = file(&on_recorded(&json!({"before": "us-ru-call"}), &edits));
    let says = refused(Path::new("."), &["check", &scenario]);
    assert!(
        says.contains("`kremlin-readout` does not happen in this scenario"),
        "{says}"
    );
}

#[test]
fn a_saved_branch_ends_with_its_scenario() {
    let mut scenario = on_recorded(&json!({"after": "crimea-sanctions"}), &json!([]));
    scenario["until"] = json!("2016-12-31");
    let (directory, scenario) = file(&scenario);
    let log = directory.path().join("branch.jsonl").display().to_string();
    let happened = happening(&run(&scenario)).len();
    output(Path::new("."), &["run", &scenario, "--log", &log]);
    let lines = std::fs::read_to_string(&log).unwrap().lines().count();
    assert_eq!(lines, happened);
}

#[test]
fn a_run_that_is_refused_saves_no_branch() {
    let desk = tempfile::tempdir().unwrap();
    let log = desk.path().join("branch.jsonl").display().to_string();
    let arguments = ["run", &path("no-call"), "--log", &log, "--dyad", "CHN-USA"];
    refused(Path::new("."), &arguments);
    assert!(!Path::new(&log).exists(), "the branch was saved");
}

#[test]
fn a_history_that_cannot_be_read_is_named() {
    let says = refused(
        Path::new("."),
        &["compare", "recorded", "scenarios/none.json"],
    );
    assert!(says.contains("--> scenarios/none.json"), "{says}");
    let desk = tempfile::tempdir().unwrap();
    let says = refused(desk.path(), &["new", "mine", "--base", "none.json"]);
    assert!(says.contains("--> none.json"), "{says}");
}

#[test]
fn what_new_writes_is_taken_for_a_scenario_whatever_its_name() {
    let desk = tempfile::tempdir().unwrap();
    let written = output(desk.path(), &["new", "mine.jsonl"]);
    // It may as well be refused.
    if written.status.success() {
        let check = output(desk.path(), &["check", "mine.jsonl"]);
        assert!(check.status.success(), "`check` does not take it");
    }
}
