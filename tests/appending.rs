//! Appending: what is refused with its consequences, what a crash leaves, and who wins when two
//! append at once.

#![expect(clippy::unwrap_used, reason = "tests may")]

use crate::cli::{APPEND, Desk, RECORDED, given, json, statement};
use detente::history::{Recorded, read_written};
use detente::store::{Options, append};
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The recorded history as `log.jsonl`, and some events as `events.json`.
fn given_events(events: impl Into<Vec<u8>>) -> Desk {
    given([
        ("log.jsonl", RECORDED.to_vec()),
        ("events.json", events.into()),
    ])
}

/// What becomes of the sanctions over Crimea on a day.
fn sanctions(act: &str, date: &str) -> String {
    json(&format!(
        "{{'id':'{act}-{date}','date':'{date}','source':['USA','EU'],'target':['RUS'],'act':'sanctions_{act}','measure':'crimea-sanctions'}}\n"
    ))
}

/// Skips a test that the system has no means for, and says so, which the test runner would not.
fn skip(why: &str) {
    let note = format!("skipped: {why}\n");
    std::io::stderr().write_all(note.as_bytes()).unwrap();
}

#[test]
fn a_new_log_begins_with_its_first_event() {
    given([("events.json", statement("one", "") + &statement("two", ""))])
        .when("log append new.jsonl events.json --recorded 2017-03-01")
        .then_exits(0)
        .when("log verify new.jsonl")
        .then_exits(0)
        .when("check new.jsonl")
        .then_exits(0)
        .when("log show new.jsonl --format jsonl")
        .then_exits(0)
        .then_golden("appending-new-log");
}

#[test]
fn of_very_many_events_the_first_are_listed_and_all_where_that_is_asked_for() {
    let events: String = (0..140)
        .map(|it| statement(&format!("e{it}"), ""))
        .collect();
    let desk = given([("events.json", events)]);
    let says = |typed: &str| {
        let output = desk.detente(typed).output().unwrap();
        assert!(output.status.success(), "{typed}");
        let [told, notes] = [output.stdout, output.stderr].map(|it| String::from_utf8(it).unwrap());
        (told.lines().count(), notes.lines().count(), told + &notes)
    };
    let (told, _, all) = says("log append new.jsonl events.json --dry-run --list");
    assert_eq!(told, 141, "{all}");
    let (told, _, first) = says("log append new.jsonl events.json");
    assert_eq!(told, 102, "{first}");
    assert!(
        first.contains("\n100 appended e99\nand 40 more, the last 140 e139;"),
        "{first}"
    );
    let (told, notes, again) = says("log append new.jsonl events.json");
    assert_eq!((told, notes), (1, 101), "{again}");
    assert!(again.contains("note: so are 40 more\n"), "{again}");
    let ids: Vec<_> = (0..120).map(|it| format!("e{it}")).collect();
    let (told, _, retracted) = says(&format!("log retract new.jsonl {}", ids.join(" ")));
    assert_eq!(told, 102, "{retracted}");
}

#[test]
fn what_brings_numbers_and_chains_of_another_place_is_said_to_be_chained_anew() {
    let three: String = ["one", "two", "three"].map(|id| statement(id, "")).concat();
    let desk = given([("events.json", three.as_bytes()), ("log.jsonl", RECORDED)]);
    let run = |typed: &str| {
        let output = desk.detente(typed).output().unwrap();
        let says = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{typed}: {says}");
        says
    };
    run("log append other.jsonl events.json --recorded 2030-01-01");
    let other = String::from_utf8(desk.read("other.jsonl")).unwrap();
    let lines: Vec<_> = other.split_inclusive('\n').collect();
    let head = &other.trim_end()[other.len() - 35..other.len() - 3];
    let whole = format!(
        "3 events bring `seq` or `chain` of another place, and are numbered and chained anew; they were lines 1 to 3 of a log as it was written, head {head}"
    );
    for (copied, says) in [
        (other.clone(), &*whole),
        (
            lines[1..].concat(),
            "2 events bring `seq` or `chain` of another place, and are numbered and chained anew; line 3 of another log as it was written, line 2 by what is said there",
        ),
        // The first, of which nothing stands before it, may have been changed.
        (
            lines[1..].concat().replacen("\"two\"", "\"too\"", 1),
            "line 3 of another log as it was written, line 2 by what is said there",
        ),
        (
            statement("nine", ",'seq':18446744073709551615") + &statement("ten", ",'seq':1"),
            "2 events bring `seq` or `chain` of another place, and are numbered and chained anew\n",
        ),
        (
            lines[1].to_owned(),
            "1 event brings `seq` or `chain` of another place, and is numbered and chained anew; line 2 of another log",
        ),
        (
            [lines[0], lines[2]].concat(),
            "2 events bring `seq` or `chain` of another place, and are numbered and chained anew",
        ),
        (
            other.replacen("\"two\"", "\"too\"", 1),
            "warning: 3 events bring `seq` or `chain` of another place, and are numbered and chained anew; the `chain` on line 2 does not hold",
        ),
        (
            statement("four", ",'seq':9"),
            "1 event brings `seq` or `chain` of another place",
        ),
    ] {
        desk.write("copied.json", copied);
        let said = run("log append log.jsonl copied.json --dry-run --recorded 2030-01-01");
        assert!(said.contains(says), "{said}\n{says}");
    }
    // What goes on just as it stood, or is there already, is not chained anew.
    desk.write("begun.jsonl", lines[..2].concat());
    desk.write("copied.json", &other);
    let said = run("log append begun.jsonl copied.json");
    assert!(!said.contains("anew"), "{said}");
    assert_eq!(desk.read("begun.jsonl"), other.as_bytes());
    assert!(!run("log append begun.jsonl copied.json").contains("anew"));
}

#[test]
fn an_empty_file_is_a_log_to_begin() {
    given([
        ("log.jsonl", String::new()),
        ("events.json", statement("one", "")),
    ])
    .when(APPEND)
    .then_exits(0)
    .when("log verify log.jsonl")
    .then_exits(0);
}

#[test]
fn no_earlier_byte_changes() {
    let desk = given_events(statement("one", ""))
        .when(APPEND)
        .then_exits(0);
    let desk = desk
        .when("log retract log.jsonl one --recorded 2017-03-02")
        .then_exits(0);
    let log = desk.read("log.jsonl");
    let added = str::from_utf8(log.strip_prefix(RECORDED).unwrap()).unwrap();
    assert_eq!(added.lines().count(), 2);
}

#[test]
fn what_a_log_shows_can_be_appended_elsewhere_and_is_the_same_log() {
    let desk = given([("log.jsonl", RECORDED)])
        .when("log append other.jsonl log.jsonl --recorded 2020-01-01")
        .then_exits(0);
    assert_eq!(desk.read("other.jsonl"), RECORDED);
}

#[test]
fn the_same_event_again_is_a_no_op_and_another_of_its_id_is_refused() {
    let desk = given_events(statement("one", ""))
        .when(APPEND)
        .then_exits(0);
    let log = desk.read("log.jsonl");
    let desk = desk.when(APPEND).then_exits(0);
    assert_eq!(desk.read("log.jsonl"), log);
    desk.write(
        "events.json",
        statement("one", "").repeat(2) + &statement("two", ""),
    );
    let desk = desk.when(APPEND).then_exits(0);
    desk.write("events.json", statement("one", ",'tone':'critical'"));
    desk.when(APPEND)
        .then_exits(2)
        .then_golden("appending-again");
}

#[test]
fn a_batch_is_appended_whole_or_not_at_all() {
    let batch = [
        statement("one", ""),
        statement("two", ",'caused_by':'three'"),
        statement("three", ""),
    ];
    given_events(batch.concat())
        .when(APPEND)
        .then_exits(2)
        .then_golden("appending-batch");
}

#[test]
fn a_late_event_takes_its_place_where_it_harms_nothing() {
    let desk = given_events(sanctions("lifted", "2018-02-01"))
        .when(APPEND)
        .then_exits(0);
    desk.write("events.json", sanctions("eased", "2017-06-01"));
    desk.when(APPEND)
        .then_exits(0)
        .when("check log.jsonl")
        .then_exits(0)
        .when("replay log.jsonl --dyad EU-RUS")
        .then_exits(0)
        .then_golden("appending-late");
}

#[test]
fn a_late_event_that_makes_later_ones_illegal_is_refused_with_their_list() {
    let later = sanctions("eased", "2017-06-01") + &sanctions("lifted", "2018-02-01");
    let desk = given_events(later).when(APPEND).then_exits(0);
    desk.write("events.json", sanctions("lifted", "2017-02-01"));
    desk.when(APPEND)
        .then_exits(2)
        .then_golden("appending-late-refused");
}

#[test]
fn a_retraction_that_makes_later_events_illegal_is_refused_with_their_list_and_cascades_when_asked()
{
    let desk = given([("log.jsonl", RECORDED)])
        .when("log retract log.jsonl us-ru-call --recorded 2017-03-01")
        .then_exits(2)
        .when("log retract log.jsonl us-ru-call --cascade --recorded 2017-03-01 --reason hoax")
        .then_exits(0)
        .when("log verify log.jsonl")
        .then_exits(0)
        .when("check log.jsonl")
        .then_exits(0);
    let log = String::from_utf8(desk.read("log.jsonl")).unwrap();
    assert_eq!(log.matches("\"note\":\"hoax\"").count(), 5);
    desk.then_golden("appending-retraction");
}

#[test]
fn a_cascade_goes_on_to_what_hangs_on_what_it_takes_along() {
    let chain = [
        statement("one", ""),
        statement("two", ",'caused_by':'one'"),
        statement("three", ",'caused_by':'two'"),
        statement("four", ""),
    ];
    given_events(chain.concat())
        .when(APPEND)
        .then_exits(0)
        .when("log retract log.jsonl one --recorded 2017-03-01")
        .then_exits(2)
        .when("log retract log.jsonl one --cascade --recorded 2017-03-01")
        .then_exits(0)
        .when("check log.jsonl")
        .then_exits(0)
        .then_golden("appending-cascade");
}

#[test]
fn what_hangs_on_another_can_be_named_with_it_instead() {
    given_events(statement("one", "") + &statement("two", ",'caused_by':'one'"))
        .when(APPEND)
        .then_exits(0)
        .when("log retract log.jsonl one two --recorded 2017-03-01")
        .then_exits(0)
        .when("check log.jsonl")
        .then_exits(0);
}

#[test]
fn retractions_and_retracted_ids_are_final() {
    let desk = given_events(statement("one", ""))
        .when(APPEND)
        .then_exits(0)
        .when("log retract log.jsonl one --recorded 2017-03-01")
        .then_exits(0)
        .when(APPEND)
        .then_exits(2)
        .when("log retract log.jsonl retraction-of-one --recorded 2017-03-01")
        .then_exits(2)
        .when("log retract log.jsonl onne --recorded 2017-03-01")
        .then_exits(2);
    desk.then_golden("appending-final");
}

#[test]
fn a_retraction_again_says_that_it_was_retracted() {
    let desk = given([("log.jsonl", RECORDED)])
        .when("log retract log.jsonl us-de-call --recorded 2017-03-01")
        .then_exits(0);
    let again = "log retract log.jsonl us-de-call --recorded 2017-03-02";
    let output = desk.detente(again).output().unwrap();
    let says = String::from_utf8(output.stderr).unwrap();
    assert!(says.contains("`us-de-call` was retracted"), "{says}");
}

#[test]
fn recording_never_goes_back() {
    given_events(statement("one", ""))
        .when("log append log.jsonl events.json --recorded 2017-01-28")
        .then_exits(2)
        .when("log retract log.jsonl us-de-call --recorded 2017-01-28")
        .then_exits(2)
        .then_golden("appending-recorded-earlier");
    // What events bring goes before the day that is given, and is told of once.
    for (events, more, out) in [
        (1, "", "take it out of this event"),
        (2, "; one more is as early", "take it out of both"),
        (12, "; 11 more are as early", "take it out of these events"),
    ] {
        let brings = |it| statement(&format!("e{it}"), ",'recorded':'2017-01-28'");
        let written: String = (0..events).map(brings).collect();
        let desk = given_events(written + &statement("none", ""));
        let append = "log append log.jsonl events.json --recorded 2030-01-01";
        let output = desk.detente(append).output().unwrap();
        let says = String::from_utf8(output.stderr).unwrap();
        let expected = format!(
            "error: recorded on 2017-01-28, but the log's last event on 2017-01-29{more}\n"
        );
        assert!(says.starts_with(&expected), "{says}");
        assert!(
            says.contains(&format!("`recorded` never decreases; {out}\n")),
            "{says}"
        );
        assert_eq!(says.matches("error: ").count(), 1, "{says}");
    }
}

#[test]
fn an_append_that_expects_another_version_is_told_the_one_it_found() {
    given_events(statement("one", ""))
        .when("log append log.jsonl events.json --recorded 2017-03-01 --expect-version 11")
        .then_exits(2)
        .when("log append new.jsonl events.json --recorded 2017-03-01 --expect-version 11")
        .then_exits(2)
        .when("log retract log.jsonl us-de-call --recorded 2017-03-01 --expect-version 13")
        .then_exits(2)
        .when("log append log.jsonl events.json --recorded 2017-03-01 --expect-version 12")
        .then_exits(0)
        .when("log retract log.jsonl one --recorded 2017-03-01 --expect-version 13")
        .then_exits(0)
        .when("log append new.jsonl events.json --recorded 2017-03-01 --expect-version 0")
        .then_exits(0)
        .then_golden("appending-expected-version");
}

const TORN: &[u8] = br#"{"seq":13,"id":"to"#;

/// The recorded history with the beginning of a line behind it, and an event to append.
fn given_torn_log() -> Desk {
    given([
        ("log.jsonl", [RECORDED, TORN].concat()),
        ("events.json", statement("one", "").into_bytes()),
    ])
}

#[test]
fn a_torn_last_line_is_no_event_and_the_next_append_moves_it_aside() {
    let desk = given_torn_log()
        .when("log verify log.jsonl")
        .then_exits(1)
        .when(APPEND)
        .then_exits(0)
        .when("log verify log.jsonl")
        .then_exits(0);
    assert_eq!(desk.read("log.jsonl.torn-8967"), TORN);
    desk.then_golden("appending-torn");
}

#[cfg(unix)]
#[test]
fn a_torn_last_line_is_for_those_whom_the_log_is_for() {
    use std::os::unix::fs::PermissionsExt;
    let desk = given_torn_log();
    let log = desk.path("log.jsonl");
    std::fs::set_permissions(log, std::fs::Permissions::from_mode(0o600)).unwrap();
    let desk = desk.when(APPEND).then_exits(0);
    let torn = desk.path("log.jsonl.torn-8967").metadata().unwrap();
    assert_eq!(torn.permissions().mode() & 0o777, 0o600);
}

#[test]
fn every_reader_notes_a_torn_last_line_and_reads_the_rest() {
    let desk = given_torn_log();
    for command in [
        "replay log.jsonl",
        "replay log.jsonl --format csv",
        "log show log.jsonl",
        "log verify log.jsonl",
        "check log.jsonl",
    ] {
        let torn = desk.detente(command).output().unwrap();
        let notes = String::from_utf8(torn.stderr).unwrap();
        let status = i32::from(command == "log verify log.jsonl");
        assert_eq!(torn.status.code(), Some(status), "{command}: {notes}");
        assert!(
            notes.starts_with("note: log.jsonl ends in 18 bytes that hold no event"),
            "{command}: {notes}"
        );
        desk.write("log.jsonl", RECORDED);
        let whole = desk.detente(command).output().unwrap();
        assert_eq!(torn.stdout, whole.stdout, "{command}");
        desk.write("log.jsonl", [RECORDED, TORN].concat());
    }
}

#[test]
fn a_torn_last_line_never_overwrites_what_was_moved_aside_before() {
    let mut desk = given_torn_log();
    desk.write("log.jsonl.torn-8967", "older");
    desk.write("log.jsonl.torn-8967-1", "old");
    desk = desk.when(APPEND).then_exits(0);
    assert_eq!(desk.read("log.jsonl.torn-8967"), b"older");
    assert_eq!(desk.read("log.jsonl.torn-8967-1"), b"old");
    assert_eq!(desk.read("log.jsonl.torn-8967-2"), TORN);
    desk.when("log verify log.jsonl").then_exits(0);
}

#[test]
fn a_retraction_moves_a_torn_last_line_aside_too() {
    let desk = given_torn_log()
        .when("log retract log.jsonl us-de-call --recorded 2017-03-01")
        .then_exits(0);
    assert_eq!(desk.read("log.jsonl.torn-8967"), TORN);
    desk.when("log verify log.jsonl").then_exits(0);
}

#[test]
fn what_appends_nothing_leaves_a_torn_last_line_where_it_is() {
    let desk = given_torn_log();
    desk.write("events.json", statement("us-ru-call", ""));
    let desk = desk.when(APPEND).then_exits(2);
    desk.write("events.json", RECORDED);
    let desk = desk.when(APPEND).then_exits(0);
    assert_eq!(desk.read("log.jsonl"), [RECORDED, TORN].concat());
    assert!(!desk.path("log.jsonl.torn-8967").exists());
}

#[test]
fn a_whole_last_line_without_its_line_feed_is_an_event_and_the_next_append_puts_it_back() {
    let log = RECORDED.strip_suffix(b"\n").unwrap();
    let desk = given_events(statement("one", ""));
    desk.write("log.jsonl", log);
    for command in [
        "replay log.jsonl",
        "log show log.jsonl",
        "check log.jsonl",
        "compare log.jsonl recorded",
    ] {
        let other = command.replace("log.jsonl", "whole.jsonl");
        desk.write("whole.jsonl", RECORDED);
        let [with, without] = [&other, command].map(|typed| desk.detente(typed).output().unwrap());
        let said =
            |output: &[u8]| String::from_utf8_lossy(output).replace("whole.jsonl", "log.jsonl");
        assert_eq!(said(&with.stdout), said(&without.stdout), "{command}");
        assert!(
            said(&without.stderr).contains("has lost its line feed"),
            "{command}"
        );
    }
    std::fs::remove_file(desk.path("whole.jsonl")).unwrap();
    let desk = desk
        .when("log append log.jsonl log.jsonl --recorded 2017-03-01")
        .then_exits(0)
        .when("log verify log.jsonl --head 740724ef678561977938e9f027fb7cfb")
        .then_exits(0)
        .when(APPEND)
        .then_exits(0)
        .when("log verify log.jsonl")
        .then_exits(0);
    assert!(desk.read("log.jsonl").starts_with(RECORDED));
    assert_eq!(ids(&desk).len(), 13);
    // With a chain that is not right it is one that was changed.
    let mut changed = log.to_vec();
    changed[RECORDED.len() - 100] ^= 1;
    desk.write("log.jsonl", changed);
    desk.when(APPEND).then_exits(2);
}

#[test]
fn a_torn_end_of_any_length_is_moved_aside_and_zeros_are_said_to_be_zeros() {
    let zeros = vec![0; 3 << 20];
    let line = [&br#"{"seq":13,"id":"torn","#[..], &vec![b'x'; 2 << 20]].concat();
    for tail in [
        &zeros[..],
        &line[..],
        &[&b"\0\"seq\":13}\n{\"seq\":14}\n"[..], &zeros].concat(),
    ] {
        for log in [RECORDED, b""] {
            if log.is_empty() && tail != zeros {
                continue;
            }
            let mut desk = given_events(statement("one", ""));
            desk.write("log.jsonl", [log, tail].concat());
            let notes = verified(&desk);
            let says = notes.contains("nothing but zeros, as a power loss leaves them");
            assert_eq!(says, tail == zeros, "{notes}");
            desk = desk.when(APPEND).then_exits(0);
            assert!(desk.read("log.jsonl").starts_with(log));
            assert_eq!(verified(&desk), "");
            assert_eq!(desk.read(&format!("log.jsonl.torn-{}", log.len())), tail);
        }
    }
}

#[test]
fn the_same_torn_end_is_moved_aside_once() {
    let mut desk = given_torn_log();
    for number in 1..4 {
        desk.write("log.jsonl", [RECORDED, TORN].concat());
        desk = desk.when(APPEND).then_exits(0);
        let beside = std::fs::read_dir(desk.path("")).unwrap().count();
        assert_eq!(beside, 3, "after {number}");
    }
}

/// The same command, which may write files up to so many bytes.
fn limited_to(bytes: usize, command: &Command) -> Command {
    let mut limited = Command::new("prlimit");
    limited.args([&format!("--fsize={bytes}"), "--core=0", "--"]);
    limited.arg(command.get_program()).args(command.get_args());
    limited.current_dir(command.get_current_dir().unwrap());
    limited
}

#[test]
fn an_append_that_may_not_write_all_of_it_leaves_the_log_as_it_was_however_often_it_is_tried() {
    let batch = ["one", "two", "three"].map(|id| statement(id, ""));
    let whole = given_events(batch.concat()).when(APPEND).then_exits(0);
    let whole = whole.read("log.jsonl");
    let mut desk = given_events(batch.concat());
    for bytes in (RECORDED.len()..whole.len()).step_by(29) {
        let Ok(refused) = limited_to(bytes, &desk.detente(APPEND)).output() else {
            return skip("there is no prlimit");
        };
        let says = String::from_utf8_lossy(&refused.stderr);
        assert!(
            says.starts_with("error: cannot write: file too large"),
            "{says}"
        );
        assert_eq!(desk.read("log.jsonl"), RECORDED);
        assert_eq!(std::fs::read_dir(desk.path("")).unwrap().count(), 2);
    }
    desk = desk.when(APPEND).then_exits(0);
    assert_eq!(desk.read("log.jsonl"), whole);
}

#[test]
fn an_append_that_may_not_move_a_torn_line_aside_loses_nothing() {
    let desk = given_torn_log();
    let Ok(refused) = limited_to(5, &desk.detente(APPEND)).output() else {
        return skip("there is no prlimit");
    };
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(desk.read("log.jsonl"), [RECORDED, TORN].concat());
    let desk = desk.when(APPEND).then_exits(0);
    assert_eq!(desk.read("log.jsonl.torn-8967"), TORN);
    assert_eq!(verified(&desk), "");
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_in_the_log_is_said_to_be_there_though_standard_output_is_full() {
    let desk = given_events(statement("one", ""));
    let full = || {
        std::fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap()
    };
    let output = desk.detente(APPEND).stdout(full()).output().unwrap();
    let says = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{says}");
    assert!(
        says.contains("the events are in the log all the same\nlog.jsonl: 13 events"),
        "{says}"
    );
    assert_eq!(ids(&desk).len(), 13);
    // Where nothing was appended, it is the output alone that was asked for.
    let output = desk
        .detente("log show log.jsonl")
        .stdout(full())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_retraction_finds_a_name_where_its_own_is_taken() {
    let batch = ["one", "retraction-of-one", "retraction-of-one-2"].map(|id| statement(id, ""));
    let desk = given_events(batch.concat())
        .when(APPEND)
        .then_exits(0)
        .when("log retract log.jsonl one --recorded 2017-03-01")
        .then_exits(0)
        .when("log retract log.jsonl retraction-of-one --recorded 2017-03-01")
        .then_exits(0)
        .when("check log.jsonl")
        .then_exits(0);
    let found = ids(&desk);
    let names = ["retraction-of-one-3", "retraction-of-retraction-of-one"];
    assert_eq!(found[found.len() - 2..], names);
}

#[test]
fn a_day_of_recording_far_behind_all_others_is_warned_of() {
    let desk = given_events(statement("one", ""));
    for (day, is_far) in [("2067-01-01", false), ("2107-02-28", true)] {
        let append = format!("log append log.jsonl events.json --dry-run --recorded {day}");
        let output = desk.detente(&append).output().unwrap();
        let says = String::from_utf8(output.stderr).unwrap();
        let warning = format!("nothing can be recorded before {day} any more");
        assert_eq!(says.contains(&warning), is_far, "{says}");
    }
    // What happens then can be recorded then, as in an exercise.
    let then = statement("one", "").replace("2017-02-27", "2107-02-27");
    desk.write("events.json", then);
    let append = "log append log.jsonl events.json --dry-run --recorded 2107-02-28";
    let output = desk.detente(append).output().unwrap();
    let says = String::from_utf8(output.stderr).unwrap();
    assert!(!says.contains("any more"), "{says}");
}

#[test]
fn the_last_day_of_the_calendar_is_no_day_of_recording() {
    let desk = given_events(statement("one", ""));
    let append = "log append log.jsonl events.json --recorded 9999-12-31";
    let refused = desk.detente(append).output().unwrap();
    let says = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        says.contains("nothing could be recorded before that any more"),
        "{says}"
    );
    let retract = desk.detente("log retract log.jsonl us-ru-call --cascade --recorded 9999-12-31");
    // An event that happened then can be recorded then.
    desk.write(
        "events.json",
        statement("one", "").replace("2017-02-27", "9999-12-31"),
    );
    let desk = desk.when_run("log retract", retract).then_exits(2);
    desk.when(append).then_exits(0);
}

#[cfg(unix)]
#[test]
fn a_lock_that_is_waited_for_is_said_after_a_second() {
    let desk = given_events(statement("one", ""));
    let log = std::fs::File::open(desk.path("log.jsonl")).unwrap();
    log.lock().unwrap();
    let mut child = desk.detente(APPEND).stderr(Stdio::piped()).spawn().unwrap();
    let mut says = String::new();
    BufReader::new(child.stderr.take().unwrap())
        .read_line(&mut says)
        .unwrap();
    assert_eq!(
        says,
        "note: another process has the log locked; waiting for it to finish\n"
    );
    log.unlock().unwrap();
    assert!(child.wait().unwrap().success());
}

/// Names the appender that a process of this test is to be, and how many batches it appends.
const APPENDER: &str = "DETENTE_TEST_APPENDER";

/// The test that is an appender when that is set.
const HOST: &str = "appending::what_an_append_acknowledged_before_it_was_killed_is_in_the_log";

/// Another process of this test that appends batches to `log.jsonl` as soon as it may begin.
fn appender(desk: &Desk, name: &str, batches: u32) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", HOST, "--nocapture"]);
    command.env(APPENDER, format!("{name} {batches}"));
    command.current_dir(desk.path(""));
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Lets an appender begin.
fn begin(appender: &mut Child) {
    appender
        .stdin
        .take()
        .unwrap()
        .write_all(b"begin\n")
        .unwrap();
}

/// Appends batch after batch, and acknowledges each on standard output when its append has
/// returned.
fn append_and_acknowledge(name: &str, batches: u32) {
    std::io::stdin().read_line(&mut String::new()).unwrap();
    for number in 0..batches {
        let events = batch(name, number).concat();
        let options = Options {
            recorded: Recorded::On("2017-03-01".parse().unwrap()),
            expect_version: None,
            dry_run: false,
        };
        let written = read_written(events.as_bytes()).unwrap();
        append(Path::new("log.jsonl"), &written, options).unwrap();
        let mut output = std::io::stdout().lock();
        writeln!(output, "\nacknowledged {name}.{number}").unwrap();
        output.flush().unwrap();
    }
}

/// One to three events; those of every fourth batch are longer than a page.
fn batch(name: &str, number: u32) -> Vec<String> {
    let note = "x".repeat(if number % 4 == 3 { 5000 } else { 10 });
    let event = |place| {
        statement(
            &format!("{name}.{number}.{place}"),
            &format!(",'note':'{note}'"),
        )
    };
    (0..=number % 3).map(event).collect()
}

/// The ids of all lines of a log, in order.
fn ids(desk: &Desk) -> Vec<String> {
    let log = String::from_utf8(desk.read("log.jsonl")).unwrap();
    // A kill may have come before the last line feed.
    let whole = log.split(['\n', '\0']).filter(|line| !line.is_empty());
    whole
        .take_while(|line| line.starts_with('{') && line.ends_with("\"}"))
        .map(|line| {
            let event: serde_json::Value = serde_json::from_str(line).unwrap();
            event["id"].as_str().unwrap().to_owned()
        })
        .collect()
}

/// The ids of an appender's events of the first so many batches.
fn ids_of(name: &str, batches: u32) -> Vec<String> {
    let id = |number| (0..=number % 3).map(move |place| format!("{name}.{number}.{place}"));
    (0..batches).flat_map(id).collect()
}

/// Asks `log verify`, which must be content but for a torn end or a lost line feed; what it notes.
#[track_caller]
fn verified(desk: &Desk) -> String {
    let output = desk.detente("log verify log.jsonl").output().unwrap();
    let notes = String::from_utf8(output.stderr).unwrap();
    let is_torn = notes.starts_with("note: log.jsonl ends in ");
    assert_eq!(output.status.code(), Some(i32::from(is_torn)), "{notes}");
    notes
}

/// A number below another that nobody can foretell.
fn chance(below: u64) -> u64 {
    RandomState::new().hash_one(below) % below
}

#[test]
fn what_an_append_acknowledged_before_it_was_killed_is_in_the_log() {
    if let Ok(which) = std::env::var(APPENDER) {
        let (name, batches) = which.split_once(' ').unwrap();
        return append_and_acknowledge(name, batches.parse().unwrap());
    }
    for _ in 0..4 {
        let mut desk = given_events(statement("after", ""));
        for round in 0..10 {
            let name = format!("round-{round}");
            let mut child = appender(&desk, &name, u32::MAX);
            let acknowledged = kill_some_time(&mut child, &name);
            let notes = verified(&desk);
            let lost = "note: the last line of log.jsonl has lost its line feed";
            let is_left =
                |line: &str| line.starts_with("note: log.jsonl ends in ") || line.starts_with(lost);
            assert!(notes.lines().all(is_left), "{notes}");
            // What was acknowledged is there, and behind it at most the whole of the next batch.
            let of_round = |id: &String| id.starts_with(&format!("{name}."));
            let found: Vec<_> = ids(&desk).into_iter().filter(of_round).collect();
            let counts = [acknowledged, acknowledged + 1];
            assert!(
                counts
                    .iter()
                    .any(|batches| found == ids_of(&name, *batches)),
                "{acknowledged}: {found:?}"
            );
            desk.write("events.json", statement(&format!("after-{round}"), ""));
            desk = desk.when(APPEND).then_exits(0);
            assert_eq!(verified(&desk), "");
        }
    }
}

/// Lets an appender append for some time and kills it; how many batches it acknowledged.
fn kill_some_time(child: &mut Child, name: &str) -> u32 {
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next = || {
        let acknowledges = |line: &String| line.starts_with(&format!("acknowledged {name}."));
        lines.by_ref().map(Result::unwrap).find(acknowledges)
    };
    begin(child);
    let mut acknowledged = 0;
    for _ in 0..chance(5) {
        assert!(next().is_some(), "it ended by itself");
        acknowledged += 1;
    }
    std::thread::sleep(Duration::from_micros(chance(3000)));
    child.kill().unwrap();
    while next().is_some() {
        acknowledged += 1;
    }
    assert!(!child.wait().unwrap().success(), "it was not killed");
    acknowledged
}

#[test]
fn of_two_processes_that_append_at_once_no_event_is_lost_or_interleaved() {
    const BATCHES: u32 = 25;
    let desk = given([("log.jsonl", RECORDED)]);
    let mut sides = ["left", "right"].map(|name| appender(&desk, name, BATCHES));
    for side in &mut sides {
        begin(side);
    }
    for mut side in sides {
        let mut says = String::new();
        side.stdout
            .take()
            .unwrap()
            .read_to_string(&mut says)
            .unwrap();
        assert!(side.wait().unwrap().success(), "{says}");
        assert_eq!(says.matches("\nacknowledged ").count(), BATCHES as usize);
    }
    assert_eq!(verified(&desk), "");
    let ids = ids(&desk);
    for name in ["left", "right"] {
        let of_side: Vec<_> = ids
            .iter()
            .filter(|id| id.starts_with(name))
            .cloned()
            .collect();
        assert_eq!(of_side, ids_of(name, BATCHES));
    }
    // Within the lines of a batch there are none of another.
    let batch_of = |id: &String| id.rsplit_once('.').map(|(batch, _)| batch.to_owned());
    let mut batches: Vec<_> = ids.iter().filter_map(batch_of).collect();
    batches.dedup();
    let different: HashSet<_> = batches.iter().collect();
    assert_eq!(batches.len(), different.len());
    assert_eq!(batches.len(), 2 * BATCHES as usize);
}

#[test]
fn of_two_processes_that_expect_the_same_version_one_wins_and_the_other_is_told() {
    let desk = given::<&str>([]);
    for version in 0..60 {
        let command =
            format!("log append log.jsonl - --recorded 2017-03-01 --expect-version {version}");
        let sides = ["left", "right"].map(|name| {
            let mut command = desk.detente(&command);
            command
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped());
            let mut child = command.spawn().unwrap();
            let mut input = child.stdin.take().unwrap();
            input
                .write_all(statement(&format!("{name}-{version}"), "").as_bytes())
                .unwrap();
            (child, input)
        });
        // Each reads its events to their end, which comes only now.
        let sides = sides.map(|(child, input)| {
            drop(input);
            child
        });
        let mut outputs = sides.map(|child| child.wait_with_output().unwrap());
        outputs.sort_by_key(|output| output.status.code());
        let [winner, loser] = outputs;
        assert_eq!(
            (winner.status.code(), loser.status.code()),
            (Some(0), Some(2))
        );
        let says = String::from_utf8(loser.stderr).unwrap();
        let expected = format!(
            "error: the log is at version {}, not {version}\n--> log.jsonl\n",
            version + 1
        );
        assert!(says.starts_with(&expected), "{says}");
    }
    assert_eq!(verified(&desk), "");
    assert_eq!(ids(&desk).len(), 60);
}
