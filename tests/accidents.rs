//! What befalls files that nobody has tampered with, told apart from tampering; and golden files
//! that hang on contents alone.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

const LOG: &str = include_str!("../scenarios/recorded-history.jsonl");

/// How a command ends, and all that it says.
fn run(folder: &Path, arguments: &str) -> (Option<i32>, String) {
    let run = Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .output()
        .unwrap();
    let said = [run.stdout, run.stderr].concat();
    (run.status.code(), String::from_utf8(said).unwrap())
}

fn desk(files: &[(&str, &str)]) -> TempDir {
    let desk = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = desk.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    desk
}

#[test]
fn a_log_that_an_accident_has_changed_is_told_from_one_that_was_tampered_with() {
    let returns = LOG.replace('\n', "\r\n");
    let marked = format!("\u{feff}{LOG}");
    let both = format!("\u{feff}{returns}");
    let events: Vec<serde_json::Value> = LOG
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    // Sorted fields with spaces, and a list of them, as other programs write JSON.
    let anew = |event: &serde_json::Value| serde_json::to_string_pretty(event).unwrap();
    let pretty: Vec<_> = events.iter().map(anew).collect();
    let list = serde_json::to_string(&events).unwrap();
    let changed = returns.replacen("2014-03-18", "2014-03-17", 1);
    let desk = desk(&[
        ("returns.jsonl", &returns),
        ("marked.jsonl", &marked),
        ("both.jsonl", &both),
        ("pretty.jsonl", &pretty.join("\n")),
        ("list.jsonl", &list),
        ("changed.jsonl", &changed),
    ]);
    for (name, says) in [
        (
            "returns",
            "its lines end in CRLF (git core.autocrlf?); with line feeds the chain holds",
        ),
        (
            "marked",
            "a byte order mark stands before its first line; without it the chain holds",
        ),
        (
            "both",
            "with line feeds and without the mark the chain holds",
        ),
        ("pretty", "another program has written its lines anew"),
        ("list", "another program has written its lines anew"),
    ] {
        let (status, said) = run(desk.path(), &format!("log verify {name}.jsonl"));
        assert_eq!(status, Some(1), "{name}: {said}");
        assert!(said.contains(says), "{name}: {said}");
        assert_eq!(said.matches("error:").count(), 1, "{name}: {said}");
    }
    let (status, said) = run(desk.path(), "log verify changed.jsonl");
    assert_eq!(status, Some(1), "{said}");
    assert!(!said.contains("the chain holds"), "{said}");
    for command in [
        "check LOG",
        "replay LOG",
        "why LOG",
        "log show LOG",
        "report LOG -o page.html",
        "log retract LOG us-ru-call --reason wrong --recorded 2030-01-11",
    ] {
        let (status, said) = run(desk.path(), &command.replace("LOG", "returns.jsonl"));
        assert_eq!(status, Some(2), "{command}: {said}");
        assert!(said.contains("*.jsonl -text"), "{command}: {said}");
    }
}

#[test]
#[cfg(unix)]
fn what_the_help_says_puts_a_log_right_after_an_accident() {
    let returns = LOG.replace('\n', "\r\n");
    let blank = LOG.replacen('\n', "\n\n", 3);
    let accidents = [
        returns.clone(),
        format!("\u{feff}{LOG}"),
        format!("\u{feff}{returns}"),
        blank.clone(),
        blank.replace('\n', "\r\n"),
        format!("\u{feff}{blank}"),
        format!("\u{feff}{}", blank.replace('\n', "\r\n")),
    ];
    // Names that a shell would cut in two, that other programs would take for an option, and that
    // act on a terminal.
    let names = [
        ("-a log.jsonl", "sh"),
        ("-it's\ta\nlog\u{1b}[31m\u{202e}.jsonl", "bash"),
    ];
    let has = |shell: &str| Command::new(shell).args(["-c", ""]).status().is_ok();
    let cases = names.iter().filter(|(_, shell)| has(shell));
    let cases = cases.flat_map(|case| accidents.iter().map(move |text| (case, text)));
    for (&(name, shell), text) in cases {
        let desk = desk(&[(name, text)]);
        let run = |program: &str, arguments: &[&str]| {
            let run = Command::new(program)
                .args(arguments)
                .current_dir(desk.path())
                .output()
                .unwrap();
            (
                run.status.code(),
                String::from_utf8([run.stdout, run.stderr].concat()).unwrap(),
            )
        };
        let (status, said) = run(env!("CARGO_BIN_EXE_detente"), &["replay", "--", name]);
        assert_eq!(status, Some(2), "{said}");
        let help = said.split_once("help: ").unwrap().1;
        let begins = ["tail -c", "tr -d", "sed "].map(|word| help.find(word));
        let begin = begins.into_iter().flatten().min().unwrap();
        let end = help.find(" > NEW").unwrap();
        let (status, said) = run(shell, &["-c", &format!("{} > new", &help[begin..end])]);
        assert_eq!(status, Some(0), "{said}");
        assert_eq!(
            std::fs::read_to_string(desk.path().join("new")).unwrap(),
            LOG
        );
    }
}

const EVENTS: &str = r#"[{"id": "a", "date": "2030-01-10", "source": ["XBL"], "target": ["XRL"], "act": "attack"},
    {"id": "b", "date": "2030-01-12", "source": ["XBL"], "target": ["XRL"], "act": "attack"}]"#;

#[test]
fn an_event_that_is_dated_after_its_recording_is_warned_of_and_events_are_checked_before_they_are_appended()
 {
    let wrong = EVENTS.replace("\"attack\"", "\"atack\"");
    let desk = desk(&[("events.json", EVENTS), ("wrong.json", &wrong)]);
    let (status, said) = run(
        desk.path(),
        "log append log.jsonl events.json --recorded 2030-01-11",
    );
    assert_eq!(status, Some(0), "{said}");
    let told = "warning: b is dated 2030-01-12, after 2030-01-11, the day on which it was recorded";
    assert!(said.contains(told), "{said}");
    assert_eq!(said.matches("warning:").count(), 1, "{said}");
    let (status, said) = run(desk.path(), "check events.json log.jsonl");
    assert_eq!(status, Some(0), "{said}");
    assert!(
        said.contains("events.json: 2 events to append, every one legal"),
        "{said}"
    );
    let (status, said) = run(desk.path(), "check wrong.json");
    assert_eq!(status, Some(2), "{said}");
    assert!(said.contains("did you mean `attack`?"), "{said}");
}

const SCENARIO: &str = r#"{"title": "A", "base": "recorded", "fork": {"after": "us-ru-call"}, "until": "2017-06-30", "edits": []}"#;

#[test]
fn a_golden_file_hangs_on_its_contents_and_not_on_line_ends_spelling_or_folder() {
    let desk = desk(&[("scenarios/x.json", SCENARIO)]);
    let (status, said) = run(desk.path(), "test scenarios/x.json --accept");
    assert_eq!(status, Some(0), "{said}");
    let golden = desk.path().join("snapshots/run-x.snap");
    let text = std::fs::read_to_string(&golden).unwrap();
    let absolute = desk.path().join("scenarios/x.json");
    let spellings = [
        "scenarios/x.json",
        "./scenarios/x.json",
        "scenarios//x.json",
        "scenarios/../scenarios/x.json",
        absolute.to_str().unwrap(),
    ];
    for text in [
        &text,
        &text.replace('\n', "\r\n"),
        &format!("\u{feff}{text}"),
    ] {
        std::fs::write(&golden, text).unwrap();
        for path in spellings {
            let (status, said) = run(desk.path(), &format!("test {path}"));
            assert_eq!(status, Some(0), "{path}: {said}");
        }
        let inside = desk.path().join("scenarios");
        let (status, said) = run(&inside, "test x.json --snapshots ../snapshots");
        assert_eq!(status, Some(0), "{said}");
    }
    // The whole folder under another name.
    let elsewhere = tempfile::tempdir().unwrap();
    let moved = elsewhere.path().join("moved");
    std::fs::rename(desk.path(), &moved).unwrap();
    assert_eq!(run(&moved, "test").0, Some(0));
    std::fs::rename(
        moved.join("scenarios/x.json"),
        moved.join("scenarios/y.json"),
    )
    .unwrap();
    let (status, said) = run(&moved, "test --accept");
    assert_eq!(status, Some(0), "{said}");
    assert!(
        said.contains("left     snapshots/run-x.snap: its scenario scenarios/x.json is gone"),
        "{said}"
    );
}
