//! `detente test`: traces that people keep, compared, shown and taken.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

const SCENARIO: &str = r#"{"title": "A word", "base": "recorded", "fork": {"after": "us-au-call"},
  "edits": [{"insert": {"id": "word", "date": "2017-05-01", "source": ["RUS"], "target": ["USA"], "act": "statement", "tone": "optimistic"}}]}
"#;

fn detente(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_detente"));
    command.args(arguments).current_dir(directory);
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "TERM"] {
        command.env_remove(variable);
    }
    command
}

/// How a command ends, and what it prints on standard output and standard error.
fn run(desk: &TempDir, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = detente(desk.path(), arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

/// A directory with scenarios of some names.
fn desk(scenarios: &[(&str, &str)]) -> TempDir {
    let desk = tempfile::tempdir().unwrap();
    for (name, text) in scenarios {
        let path = desk.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    desk
}

/// The names of the files in a folder, in order.
fn files(desk: &TempDir, folder: &str) -> Vec<String> {
    let Ok(files) = std::fs::read_dir(desk.path().join(folder)) else {
        return Vec::new();
    };
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

#[test]
fn a_trace_is_new_then_the_same_then_different_and_taken_only_when_asked() {
    let desk = desk(&[("word.json", SCENARIO)]);
    let (status, says, notes) = run(&desk, &["test", "word.json"]);
    assert_eq!((status, notes.as_str()), (Some(1), ""));
    let lines: Vec<_> = says.lines().collect();
    assert!(
        lines[0].starts_with("new      word.json: ") && lines[0].ends_with(" lines"),
        "{says}"
    );
    let counted = "0 the same, 1 new or different; --accept takes them";
    assert_eq!(lines[1..], [counted]);
    assert_eq!(files(&desk, "snapshots"), [""; 0]);

    let (status, says, _) = run(&desk, &["test", "word.json", "--accept"]);
    assert_eq!(status, Some(0));
    assert!(
        says.ends_with("1 new or different; the new golden files were written\n"),
        "{says}"
    );
    assert_eq!(files(&desk, "snapshots"), ["run-word.snap"]);
    let same = "same     word.json\n1 the same, 0 new or different\n";
    assert_eq!(
        run(&desk, &["test", "word.json"]),
        (Some(0), same.to_owned(), String::new())
    );

    let golden = std::fs::read_to_string(desk.path().join("snapshots/run-word.snap")).unwrap();
    let changed = SCENARIO.replace("optimistic", "critical");
    std::fs::write(desk.path().join("word.json"), changed).unwrap();
    let (status, says, _) = run(&desk, &["test", "word.json"]);
    assert_eq!(status, Some(1));
    assert!(says.starts_with("differs  word.json\n"), "{says}");
    assert!(says.lines().any(|line| line.starts_with('-')), "{says}");
    let proposed = ["run-word.snap", "run-word.snap.new"];
    assert_eq!(files(&desk, "snapshots"), proposed);
    let kept = std::fs::read_to_string(desk.path().join("snapshots/run-word.snap")).unwrap();
    assert_eq!(kept, golden, "nothing is taken unasked");

    // What no longer differs is no longer proposed.
    std::fs::write(desk.path().join("word.json"), SCENARIO).unwrap();
    assert_eq!(run(&desk, &["test", "word.json"]).0, Some(0));
    assert_eq!(files(&desk, "snapshots"), ["run-word.snap"]);
}

#[test]
fn scenarios_of_one_file_name_would_share_their_golden_file() {
    let other = SCENARIO.replace("optimistic", "critical");
    let desk = desk(&[("a/word.json", SCENARIO), ("b/word.json", &other)]);
    let (status, says, notes) = run(&desk, &["test", "a/word.json", "b/word.json", "--accept"]);
    assert_eq!((status, says.as_str()), (Some(2), ""));
    assert_eq!(
        notes,
        "error: its golden file is that of a/word.json too: snapshots/run-word.snap\n--> b/word.json\n = help: test them one at a time, each with `--snapshots` of its own\n"
    );
    assert!(files(&desk, "").iter().all(|name| name != "snapshots"));
    for folder in ["a", "b"] {
        let (scenario, goldens) = (format!("{folder}/word.json"), format!("{folder}/goldens"));
        let accepted = run(
            &desk,
            &["test", &scenario, "--snapshots", &goldens, "--accept"],
        );
        assert_eq!(accepted.0, Some(0));
        assert_eq!(
            run(&desk, &["test", &scenario, "--snapshots", &goldens]).0,
            Some(0)
        );
    }
}

#[test]
fn a_schema_beside_the_scenarios_is_passed_over_and_no_scenario_to_run() {
    let schema = r#"{"$schema": "https://json-schema.org/draft/2020-12/schema"}"#;
    let desk = desk(&[("word.json", SCENARIO), ("scenario.schema.json", schema)]);
    let (status, says, notes) = run(
        &desk,
        &["test", "scenario.schema.json", "word.json", "--accept"],
    );
    assert_eq!((status, notes.as_str()), (Some(0), ""));
    let passed = "passed   scenario.schema.json: a JSON Schema, not a scenario; passed over\n";
    assert!(says.starts_with(passed), "{says}");
    assert_eq!(files(&desk, "snapshots"), ["run-word.snap"]);
    for command in ["run", "ensemble", "why"] {
        let (status, says, notes) = run(&desk, &[command, "scenario.schema.json"]);
        assert_eq!((status, says.as_str()), (Some(2), ""), "{command}");
        let refusal = "error: this is a JSON Schema, not a scenario\n";
        assert!(notes.starts_with(refusal), "{command}: {notes}");
    }
}

#[test]
fn nothing_is_written_where_one_scenario_is_wrong() {
    let desk = desk(&[("word.json", SCENARIO), ("wrong.json", "{}")]);
    let (status, says, notes) = run(&desk, &["test", "word.json", "wrong.json", "--accept"]);
    assert_eq!((status, says.as_str()), (Some(2), ""));
    assert!(notes.starts_with("error: `title` is missing\n"), "{notes}");
    assert_eq!(files(&desk, ""), ["word.json", "wrong.json"]);
}

#[test]
fn many_at_once_in_one_folder_leave_whole_golden_files_and_nothing_else() {
    let names: Vec<_> = (0..8).map(|number| format!("word-{number}.json")).collect();
    let scenarios: Vec<_> = names.iter().map(|name| (name.as_str(), SCENARIO)).collect();
    let desk = desk(&scenarios);
    let mut arguments = vec!["test", "--accept"];
    arguments.extend(names.iter().map(String::as_str));
    let running: Vec<_> = (0..6)
        .map(|_| {
            let mut command = detente(desk.path(), &arguments);
            command.stdout(Stdio::null()).stderr(Stdio::piped());
            command.spawn().unwrap()
        })
        .collect();
    for process in running {
        let output = process.wait_with_output().unwrap();
        let notes = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), notes.as_str()), (Some(0), ""));
    }
    let goldens: Vec<_> = (0..8)
        .map(|number| format!("run-word-{number}.snap"))
        .collect();
    assert_eq!(files(&desk, "snapshots"), goldens);
    arguments.retain(|argument| *argument != "--accept");
    assert_eq!(run(&desk, &arguments).0, Some(0));
}
