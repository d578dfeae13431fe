//! What is written where: never over what is read, never in the place of what is no file, and
//! nothing unsaid.

#![expect(clippy::unwrap_used, reason = "tests may")]

#[cfg(unix)]
mod matrix;

use std::path::PathBuf;
use std::process::{Command, Output};
use tempfile::TempDir;

/// The recorded history, as it ships.
const RECORDED: &[u8] = include_bytes!("../../scenarios/recorded-history.jsonl");

/// A directory with some files.
struct Desk(TempDir);

fn given<Contents: AsRef<[u8]>>(files: impl IntoIterator<Item = (&'static str, Contents)>) -> Desk {
    let desk = Desk(tempfile::tempdir().unwrap());
    for (name, contents) in files {
        desk.write(name, contents);
    }
    desk
}

impl Desk {
    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), contents).unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }
}

fn run(desk: &Desk, arguments: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_detente"));
    command
        .args(arguments.split_whitespace())
        .current_dir(desk.0.path());
    command.output().unwrap()
}

#[track_caller]
fn says(output: &Output, status: i32, words: &str) {
    let notes = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(status), "{notes}");
    assert!(notes.contains(words), "{notes}");
}

#[test]
fn a_file_that_is_read_is_never_written_over() {
    let rows = "id,date,source,target,code\n1,2030-01-03,XBL,XRL,042\n";
    let desk = given([("log.jsonl", RECORDED), ("rows.csv", rows.as_bytes())]);
    for arguments in [
        "report log.jsonl -o log.jsonl",
        "index csv rows.csv -o rows.csv --overwrite",
        "import csv rows.csv --dyad XBL-XRL -o ./rows.csv --overwrite",
        "index csv rows.csv -o table.csv --manifest rows.csv --overwrite",
    ] {
        says(
            &run(&desk, arguments),
            2,
            "this file is read, too, and would be lost",
        );
    }
    assert_eq!(desk.read("log.jsonl"), RECORDED);
    assert_eq!(desk.read("rows.csv"), rows.as_bytes());
}

#[cfg(unix)]
#[test]
fn what_a_link_leads_to_is_replaced_and_keeps_who_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let desk = given::<&str>([]);
    says(&run(&desk, "report --title old -o page.html"), 0, "");
    let page = desk.path("page.html");
    std::fs::set_permissions(&page, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::os::unix::fs::symlink("page.html", desk.path("link.html")).unwrap();
    says(&run(&desk, "report -o link.html"), 0, "wrote link.html");
    assert!(desk.path("link.html").is_symlink());
    assert!(desk.read("page.html").starts_with(b"<!DOCTYPE html>"));
    assert_eq!(page.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn recorded_is_the_recorded_history_whatever_lies_in_the_folder() {
    let desk = given([("recorded", "not a log")]);
    for arguments in [
        "replay",
        "why recorded",
        "log verify recorded",
        "compare recorded recorded",
    ] {
        says(&run(&desk, arguments), 0, "");
    }
    desk.write(
        "events.json",
        r#"{"id":"a","date":"2030-01-01","act":"leader_change","source":["USA"]}"#,
    );
    let refused = run(&desk, "log append recorded events.json");
    says(&refused, 2, "`./recorded` is a file of that name");
    says(&run(&desk, "log append - events.json"), 2, "-");
    assert_eq!(desk.read("recorded"), b"not a log");
}

#[test]
fn a_torn_last_line_is_told_wherever_a_log_is_read() {
    let mut torn = RECORDED.to_vec();
    torn.truncate(torn.len() - 2);
    let desk = given([("torn.jsonl", torn)]);
    for arguments in [
        "report torn.jsonl -o page.html",
        "compare torn.jsonl torn.jsonl",
    ] {
        says(
            &run(&desk, arguments),
            0,
            "torn.jsonl ends in 636 bytes that hold no event",
        );
    }
}

#[test]
fn a_test_of_nothing_is_trouble_and_a_golden_file_is_shown_without_its_control_characters() {
    let scenario = r#"{"title": "t", "base": "recorded", "fork": {"after": "us-ru-call"}}"#;
    let desk = given([("s.json", scenario)]);
    std::fs::create_dir(desk.path("scenarios")).unwrap();
    says(&run(&desk, "test"), 2, "there is no scenario");
    std::fs::create_dir(desk.path("snapshots")).unwrap();
    desk.write("snapshots/run-s.snap", "---\n---\nred \u{1b}[31m\n");
    let told = run(&desk, "test s.json");
    assert_eq!(told.status.code(), Some(1));
    assert!(!told.stdout.contains(&0x1b));
}
