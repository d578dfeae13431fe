//! What is said of a scenario with mistakes in it: texts made from a good one by one change each.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

pub(crate) mod chance;

use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// A text with one part of it in other words.
#[track_caller]
pub(crate) fn changed_in(text: &str, from: &str, to: &str) -> String {
    let there = text.matches(from).count();
    assert_eq!(there, 1, "{from} stands {there} times in the good scenario");
    text.replacen(from, to, 1)
}

/// How a command ends in a directory, and what it prints on standard output and standard error.
pub(crate) fn detente(directory: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_detente"));
    command.args(arguments).current_dir(directory);
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "TERM"] {
        command.env_remove(variable);
    }
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

/// What is said of a scenario in a directory: the same by `check` and `run`, and nothing on
/// standard output.
#[track_caller]
pub(crate) fn refused(desk: &TempDir, name: &str) -> String {
    let check = detente(desk.path(), &["check", name]);
    let (status, printed, says) = &check;
    assert_eq!((*status, printed.as_str()), (Some(2), ""), "{says}");
    assert!(says.starts_with("error: "), "{says}");
    assert_eq!(detente(desk.path(), &["run", name]), check);
    check.2
}

/// What is said of a scenario's text.
#[track_caller]
pub(crate) fn refusal(text: impl AsRef<[u8]>) -> String {
    let desk = tempfile::tempdir().unwrap();
    std::fs::write(desk.path().join("bad.json"), text).unwrap();
    refused(&desk, "bad.json")
}

#[track_caller]
pub(crate) fn golden(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[track_caller]
pub(crate) fn refuses_in(good: &str, name: &str, changes: &[(&str, &str, &str)]) {
    let mut told = String::new();
    for (what, from, to) in changes {
        let says = refusal(changed_in(good, from, to));
        writeln!(told, "=== {what}\n- {from}\n+ {to}\n\n{says}").unwrap();
    }
    golden(name, &told);
}

/// How many mistakes are told.
pub(crate) fn mistakes(says: &str) -> usize {
    says.matches("error: ").count()
}

/// Nothing is said against a scenario, and its first runs come to their ends.
#[track_caller]
pub(crate) fn passes(text: impl AsRef<[u8]>) {
    let desk = tempfile::tempdir().unwrap();
    std::fs::write(desk.path().join("good.json"), text).unwrap();
    let runs = ["0", "1", "2", "3"].map(|run| vec!["run", "good.json", "--run", run]);
    for arguments in std::iter::once(vec!["check", "good.json"]).chain(runs) {
        let (status, _, says) = detente(desk.path(), &arguments);
        assert_eq!(
            (status, mistakes(&says)),
            (Some(0), 0),
            "{arguments:?}\n{says}"
        );
    }
}
