//! Golden traces: what the program prints for the recorded history, in the top-level `snapshots/`.
//!
//! A change of any number or word shows here first; `cargo insta review` takes or refuses it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;

fn detente(arguments: &[&str]) -> String {
    let run = Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(arguments)
        .env_remove("NO_COLOR")
        .output()
        .unwrap();
    let notes = String::from_utf8(run.stderr).unwrap();
    assert!(run.status.success(), "{notes}");
    assert_eq!(notes, "", "what goes well says nothing on standard error");
    String::from_utf8(run.stdout).unwrap()
}

#[track_caller]
fn golden(name: &str, arguments: &[&str]) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_description(format!("detente {}", arguments.join(" ")));
    settings.bind(|| insta::assert_snapshot!(name, detente(arguments)));
}

#[test]
fn the_recorded_history_reads_as_a_story() {
    golden("recorded-rus-usa", &["replay"]);
    golden("recorded-all-dyads", &["replay", "--all-dyads"]);
}

#[test]
fn every_preset_tells_the_recorded_history_in_its_own_numbers() {
    golden(
        "recorded-goldstein-decay",
        &["replay", "--model", "goldstein-decay"],
    );
    golden("recorded-stock", &["replay", "--model", "stock"]);
}

#[test]
fn every_transition_of_the_recorded_history_has_all_its_bits() {
    golden("recorded-json", &["replay", "--format", "json"]);
    golden("recorded-jsonl", &["replay", "--format", "jsonl"]);
    golden("recorded-csv", &["replay", "--format", "csv"]);
}

#[test]
fn the_state_of_a_day_includes_waiting_and_that_of_an_event_does_not_go_beyond_it() {
    golden("recorded-to-2016-06-30", &["replay", "--to", "2016-06-30"]);
    golden("recorded-to-us-ru-call", &["replay", "--to", "us-ru-call"]);
    golden(
        "recorded-state-only",
        &["replay", "--to", "2018-01-28", "--state-only"],
    );
}

#[test]
fn every_recorded_event_is_shown_with_where_it_is_documented() {
    golden("recorded-log-show", &["log", "show"]);
}

#[test]
fn the_recorded_history_has_a_ledger() {
    golden("why-recorded", &["why"]);
    golden("why-recorded-csv", &["why", "--format", "csv"]);
    golden("why-recorded-json", &["why", "--format", "json"]);
}

#[test]
fn the_schemas_are_what_editors_are_told() {
    golden("schema-event", &["schema", "event"]);
    golden("schema-model", &["schema", "model"]);
    golden("schema-scenario", &["schema", "scenario"]);
}

#[test]
fn every_command_has_help() {
    golden("help", &["--help"]);
    for command in [
        "replay", "run", "compare", "ensemble", "merge", "report", "why", "sweep", "test", "new",
        "import", "index", "fit", "validate", "check", "schema",
    ] {
        golden(&format!("help-{command}"), &[command, "--help"]);
    }
    for command in ["append", "show", "verify", "retract"] {
        golden(&format!("help-log-{command}"), &["log", command, "--help"]);
    }
}
