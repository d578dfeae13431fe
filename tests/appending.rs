//! Appending: what is refused with its consequences, what a crash leaves, and who wins when two append at once.

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
        .then_exits(0)
        .when(APPEND)
        .then_exits(0)
        .when("log verify log.jsonl")
        .then_exits(0);
    assert_eq!(desk.read("log.jsonl.torn-8967"), TORN);
    desk.then_golden("appending-torn");
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
        assert_eq!(torn.status.code(), Some(0), "{command}: {notes}");
        assert!(
            notes.starts_with("note: the last line of log.jsonl has no line feed"),
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

/// The same command, killed by the system as soon as it has written a file up to so many bytes.
fn killed_at(bytes: usize, command: &Command) -> Command {
    let mut killed = Command::new("prlimit");
    killed.args([&format!("--fsize={bytes}"), "--core=0", "--"]);
    killed.arg(command.get_program()).args(command.get_args());
    killed.current_dir(command.get_current_dir().unwrap());
    killed
}

#[test]
fn an_append_that_is_killed_within_its_write_leaves_whole_events_and_goes_on_from_there() {
    let batch = ["one", "two", "three"].map(|id| statement(id, ""));
    let new = ["one", "two", "three"];
    let whole = given_events(batch.concat()).when(APPEND).then_exits(0);
    let whole = whole.read("log.jsonl");
    for bytes in (RECORDED.len()..whole.len()).step_by(17) {
        let desk = given_events(batch.concat());
        let Ok(killed) = killed_at(bytes, &desk.detente(APPEND)).output() else {
            return skip("there is no prlimit");
        };
        assert_eq!(killed.status.code(), None, "it was not killed: {killed:?}");
        assert_eq!(desk.read("log.jsonl"), whole[..bytes]);
        verified(&desk);
        assert!(new.map(str::to_owned).starts_with(&ids(&desk)[12..]));
        let desk = desk.when(APPEND).then_exits(0);
        assert_eq!(desk.read("log.jsonl"), whole);
        assert_eq!(verified(&desk), "");
    }
}

#[test]
fn an_append_that_is_killed_while_it_moves_a_torn_line_aside_loses_nothing() {
    let desk = given_torn_log();
    let Ok(killed) = killed_at(5, &desk.detente(APPEND)).output() else {
        return skip("there is no prlimit");
    };
    assert_eq!(killed.status.code(), None, "it was not killed: {killed:?}");
    assert_eq!(desk.read("log.jsonl"), [RECORDED, TORN].concat());
    let desk = desk.when(APPEND).then_exits(0);
    assert_eq!(desk.read("log.jsonl.torn-8967"), TORN[..5]);
    assert_eq!(desk.read("log.jsonl.torn-8967-1"), TORN);
    assert_eq!(verified(&desk), "");
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

/// Appends batch after batch, and acknowledges each on standard output when its append has returned.
fn append_and_acknowledge(name: &str, batches: u32) {
    std::io::stdin().read_line(&mut String::new()).unwrap();
    for number in 0..batches {
        let events = batch(name, number).concat();
        let options = Options {
            recorded: Recorded::On("2017-03-01".parse().unwrap()),
            expect_version: None,
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
    let whole = log
        .split_inclusive('\n')
        .filter(|line| line.ends_with('\n'));
    whole
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

/// Asks `log verify`, which must be content; what it notes.
#[track_caller]
fn verified(desk: &Desk) -> String {
    let output = desk.detente("log verify log.jsonl").output().unwrap();
    let notes = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{notes}");
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
            assert!(
                notes.is_empty() || notes.starts_with("note: the last line"),
                "{notes}"
            );
            // What was acknowledged is there, and behind it at most a beginning of the next batch.
            let of_round = |id: &String| id.starts_with(&format!("{name}."));
            let found: Vec<_> = ids(&desk).into_iter().filter(of_round).collect();
            let all = ids_of(&name, acknowledged + 1);
            assert!(all.starts_with(&found), "{found:?}");
            assert!(
                found.starts_with(&ids_of(&name, acknowledged)),
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
