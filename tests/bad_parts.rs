//! What ensembles refuse before they run, and what parts of them are refused.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;
use tempfile::TempDir;

/// Runs a command in a directory; how it ends and what it says on standard error.
fn detente(desk: &TempDir, arguments: &str) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_detente"));
    command.args(arguments.split_whitespace());
    let output = command.current_dir(desk.path()).output().unwrap();
    let notes = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), notes)
}

#[track_caller]
fn refuses(desk: &TempDir, arguments: &str, says: &str) {
    let (status, notes) = detente(desk, arguments);
    assert_eq!(status, Some(2), "{arguments}\n{notes}");
    assert!(notes.contains(says), "{arguments}\n{notes}");
}

#[test]
fn more_threads_than_256_are_refused_before_anything_runs() {
    let desk = tempfile::tempdir().unwrap();
    for arguments in [
        "ensemble one.json --threads 18446744073709551615",
        "ensemble one.json --threads 257",
        "report one.json -o page.html --threads 0",
        "index rows.tsv --threads 40000",
    ] {
        refuses(&desk, arguments, "a number from 1 to 256");
    }
}
