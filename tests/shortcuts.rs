//! Snapshots beside long logs: whatever becomes of one, the state that is printed is that of the
//! log, and at worst comes slowly.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::cli::{Desk, given, json};
use detente::history::{Chain, Draft, Writer, check};
use detente::model::{Act, Actor, Day};
use std::fs;
use std::process::Output;
use std::sync::LazyLock;

const SNAPSHOT: &str = ".log.jsonl.snap";

/// So many events, one every ten days, with notes that make them 18 MB.
const EVENTS: u64 = 60;

fn day(number: u64) -> Day {
    Day::EPOCH.plus_days(number as i32).unwrap()
}

/// A long log. An event of ten comes 35 days late.
static LOG: LazyLock<Vec<u8>> = LazyLock::new(|| log_with("036"));

fn log_with(code: &str) -> Vec<u8> {
    let (mut writer, mut log) = (Writer::after(Chain::START), Vec::new());
    for seq in 1..=EVENTS {
        let late = if seq.is_multiple_of(10) { 35 } else { 0 };
        let draft = Draft {
            id: Some(format!("event-{seq}")),
            date: Some(day(100 + seq * 10 - late)),
            source: vec![["USA", "RUS", "CHN"][seq as usize % 3].parse().unwrap()],
            target: vec!["DEU".parse().unwrap()],
            act: Some(Act::Coded),
            code: code.parse().ok(),
            note: Some("n".repeat(300_000)),
            ..Draft::default()
        };
        let record = check(draft).unwrap().placed(seq, day(1_000));
        writer.write(&record, &mut log).unwrap();
    }
    log
}

fn desk() -> Desk {
    given([("log.jsonl", &LOG[..])])
}

fn run(desk: &Desk, arguments: &str) -> Output {
    desk.detente(arguments).output().unwrap()
}

/// Days before, within and behind the log, as they are asked for.
const UNTIL: [&str; 5] = [
    "",
    "--to 1970-01-09",
    "--to 1970-10-18",
    "--to 1971-07-05",
    "--to 1999-01-01",
];

/// What a replay says beside its output, which is the same as without snapshots until the end.
#[track_caller]
fn says(desk: &Desk) -> String {
    says_until(desk, &UNTIL[..1])
}

/// The same until some days.
#[track_caller]
fn says_until(desk: &Desk, days: &[&str]) -> String {
    let mut says = None;
    for until in days {
        let command = format!("replay log.jsonl --state-only --format json {until}");
        let found = run(desk, &command);
        let alone = run(desk, &format!("{command} --no-snapshot"));
        assert!(alone.status.success(), "{alone:?}");
        assert_eq!(found.status.code(), Some(0), "{found:?}");
        assert!(found.stdout == alone.stdout, "{until}");
        assert!(alone.stderr.is_empty(), "{alone:?}");
        says.get_or_insert(String::from_utf8(found.stderr).unwrap());
    }
    says.unwrap()
}

#[track_caller]
fn was_written(desk: &Desk) {
    let says = says(desk);
    assert!(says.contains("note: wrote .log.jsonl.snap"), "{says}");
    was_taken(desk);
}

#[track_caller]
fn was_taken(desk: &Desk) {
    // One that did not fit would be written, which is said.
    assert_eq!(says(desk), "");
    assert!(desk.read(SNAPSHOT).starts_with(b"detente snapshot"));
}

/// What a command prints in a terminal, data and notes; nothing where no program makes one.
fn in_terminal(desk: &Desk, arguments: &str) -> Option<String> {
    let detente = env!("CARGO_BIN_EXE_detente");
    let command = format!("'{detente}' {arguments}");
    let mut script = std::process::Command::new("script");
    script.args(["-qec", &command, "/dev/null"]);
    let output = script.current_dir(desk.path("")).output();
    let printed = output.ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(printed.stdout).unwrap())
}

#[test]
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn only_a_terminal_is_told_each_time_that_not_all_was_read() {
    let desk = desk();
    was_written(&desk);
    let Some(told) = in_terminal(&desk, "replay log.jsonl --state-only") else {
        eprintln!("skipped: no `script` is here that makes a terminal");
        return;
    };
    let note = "not all of log.jsonl was read and verified; `detente log verify` does that";
    assert!(told.contains(note), "{told}");
    let told = in_terminal(&desk, "replay log.jsonl --state-only --no-snapshot").unwrap();
    assert!(!told.contains("note:"), "{told}");
}

/// A log of 17 MB in which each event is of a dyad of its own.
fn log_of_many_dyads() -> Vec<u8> {
    let (mut writer, mut log) = (Writer::after(Chain::START), Vec::new());
    let actors: Vec<Actor> = Actor::all().take(120).collect();
    let each = || actors.iter().enumerate();
    let pairs =
        each().flat_map(|(at, one)| each().skip(at + 1).map(move |(_, other)| [one, other]));
    for (seq, [one, other]) in (1..).zip(pairs) {
        let draft = Draft {
            id: Some(format!("event-{seq}")),
            date: Some(day(100 + seq)),
            source: vec![*one],
            target: vec![*other],
            act: Some(Act::Coded),
            code: "036".parse().ok(),
            note: Some("n".repeat(2_300)),
            ..Draft::default()
        };
        let record = check(draft).unwrap().placed(seq, day(100_000));
        writer.write(&record, &mut log).unwrap();
    }
    log
}

#[test]
fn a_log_whose_snapshot_would_be_too_long_has_word_of_that_beside_it() {
    let log = log_of_many_dyads();
    assert!(log.len() > 16 << 20, "{}", log.len());
    let desk = given([("log.jsonl", &log[..])]);
    assert_eq!(says_until(&desk, &["", "--to 1980-01-01"]), "");
    let word = desk.read(SNAPSHOT);
    assert!(word.starts_with(b"detente snapshot") && word.len() < 1_000);
    // It would be another were it written again.
    let written = || {
        let file = fs::metadata(desk.path(SNAPSHOT)).unwrap();
        file.modified().unwrap()
    };
    let before = written();
    assert_eq!(says(&desk), "");
    assert_eq!(written(), before);
    assert_eq!(files(&desk), [SNAPSHOT, "log.jsonl"]);
}

fn files(desk: &Desk) -> Vec<String> {
    let files = fs::read_dir(desk.path("")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

#[test]
fn a_long_log_has_a_snapshot_once_its_state_was_asked_for() {
    let desk = desk();
    for command in [
        "replay log.jsonl --state-only --no-snapshot",
        "replay log.jsonl --state-only --as-known-on 1999-01-01",
        "replay log.jsonl --state-only --to event-7",
        "log verify log.jsonl",
    ] {
        let output = run(&desk, command);
        assert!(
            output.status.success() && output.stderr.is_empty(),
            "{output:?}"
        );
        assert_eq!(files(&desk), ["log.jsonl"], "{command}");
    }
    was_written(&desk);
    says_until(&desk, &UNTIL);
    assert_eq!(files(&desk), [SNAPSHOT, "log.jsonl"]);
    assert!(desk.read(SNAPSHOT).len() * 16 < LOG.len());
    // With another model it is another snapshot.
    let slower = "replay log.jsonl --state-only --set half_life_days=700 --to 1971-01-01";
    let alone = run(&desk, &format!("{slower} --no-snapshot")).stdout;
    for is_written in [true, false] {
        let output = run(&desk, slower);
        assert_eq!(output.stdout, alone);
        let says = String::from_utf8(output.stderr).unwrap();
        assert_eq!(says.starts_with("note: wrote"), is_written, "{says}");
    }
    was_written(&desk);
}

#[test]
fn what_takes_no_snapshot_takes_no_word_of_it() {
    for command in [
        "replay log.jsonl --no-snapshot",
        "replay log.jsonl --no-snapshot --every month",
    ] {
        let output = run(&desk(), command);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let says = String::from_utf8(output.stderr).unwrap();
        assert!(says.contains("--no-snapshot") || says.contains("--state-only"));
    }
}

#[test]
fn a_short_log_has_none() {
    let short = &LOG[..=memchr::memchr_iter(b'\n', &LOG).nth(50).unwrap()];
    let desk = given([("log.jsonl", short)]);
    assert!(short.len() < 16 << 20);
    assert_eq!(says(&desk), "");
    assert_eq!(files(&desk), ["log.jsonl"]);
}

#[test]
fn a_snapshot_that_is_gone_or_damaged_or_of_something_else_is_written_anew() {
    let desk = desk();
    was_written(&desk);
    let whole = desk.read(SNAPSHOT);
    let middle = whole.len() / 2;
    let flipped = |place: usize| {
        let mut bytes = whole.clone();
        bytes[place] ^= 4;
        bytes
    };
    let text = String::from_utf8(whole.clone()).unwrap();
    let other = given([("log.jsonl", log_with("112"))]);
    was_written(&other);
    for damaged in [
        whole[..middle].to_vec(),
        whole[..whole.len() - 1].to_vec(),
        whole[..20].to_vec(),
        flipped(whole.len() - 3),
        flipped(whole.len() - 200),
        text.replacen("snapshot 2", "snapshot 3", 1).into_bytes(),
        other.read(SNAPSHOT),
    ] {
        desk.write(SNAPSHOT, damaged);
        was_written(&desk);
    }
    fs::remove_file(desk.path(SNAPSHOT)).unwrap();
    was_written(&desk);
    // A state in it that is damaged is met on some days only.
    desk.write(SNAPSHOT, flipped(middle));
    says_until(&desk, &UNTIL);
    // A process that was killed while it wrote one has left it.
    let begins = "..log.jsonl.snap.unfinished-7-7";
    let mark = blake3::hash(begins.as_bytes()).to_hex();
    desk.write(&format!("{begins}-{}.part", &mark[..8]), &whole[..middle]);
    // What only looks like that is somebody else's.
    let mine = format!("{begins}.part");
    desk.write(&mine, "mine\n");
    fs::remove_file(desk.path(SNAPSHOT)).unwrap();
    assert!(says(&desk).contains("took away what a killed command had left"));
    assert_eq!(files(&desk), [&*mine, SNAPSHOT, "log.jsonl"]);
    assert_eq!(desk.read(&mine), b"mine\n");
}

#[test]
fn what_cannot_be_written_is_not_missed() {
    let desk = desk();
    // Somebody else's file of that name stays, an empty one, too.
    for mine in ["mine\n", ""] {
        desk.write(SNAPSHOT, mine);
        assert_eq!(says(&desk), "");
        assert_eq!(desk.read(SNAPSHOT), mine.as_bytes());
    }
    fs::remove_file(desk.path(SNAPSHOT)).unwrap();
    fs::create_dir(desk.path(SNAPSHOT)).unwrap();
    assert_eq!(says(&desk), "");
    fs::remove_dir(desk.path(SNAPSHOT)).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |name: &str, mode| {
            fs::set_permissions(desk.path(name), fs::Permissions::from_mode(mode)).unwrap();
        };
        mode("", 0o555);
        // Who may do anything writes it all the same.
        let is_kept_out = fs::write(desk.path("tried"), "").is_err();
        let told = says(&desk);
        assert!(!is_kept_out || told.is_empty(), "{told}");
        mode("", 0o755);
        let _ = fs::remove_file(desk.path("tried"));
        let _ = fs::remove_file(desk.path(SNAPSHOT));
        // Whoever may not read the log reads no snapshot of it; and one that may only be read makes
        // room.
        mode("log.jsonl", 0o400);
        was_written(&desk);
        let found = fs::metadata(desk.path(SNAPSHOT)).unwrap().permissions();
        assert_eq!(found.mode() & 0o777, 0o400);
        mode("log.jsonl", 0o600);
        was_written(&desk);
        let found = fs::metadata(desk.path(SNAPSHOT)).unwrap().permissions();
        assert_eq!(found.mode() & 0o777, 0o600);
    }
}

#[test]
fn a_log_that_grew_is_read_from_the_snapshot_on() {
    let desk = desk();
    was_written(&desk);
    let before = desk.read(SNAPSHOT);
    let event = |id: &str, date: &str| {
        let of = "'source': ['USA'], 'target': ['RUS'], 'act': 'coded', 'code': '112'";
        json(&format!("{{'id': '{id}', 'date': '{date}', {of}}}\n"))
    };
    desk.write(
        "more.json",
        event("new", "1973-01-01") + &event("late", "1970-10-01"),
    );
    let appended = run(
        &desk,
        "log append log.jsonl more.json --recorded 1999-01-01",
    );
    assert!(appended.status.success(), "{appended:?}");
    // The late one lies so far back that another is written.
    was_taken(&desk);
    says_until(&desk, &UNTIL);
    assert!(desk.read(SNAPSHOT) != before);
    let before = desk.read(SNAPSHOT);
    desk.write("more.json", event("newer", "1973-01-02"));
    let appended = run(
        &desk,
        "log append log.jsonl more.json --recorded 1999-01-01",
    );
    assert!(appended.status.success(), "{appended:?}");
    was_taken(&desk);
    assert!(desk.read(SNAPSHOT) == before);
    // What is retracted may be anything.
    let retracted = run(
        &desk,
        "log retract log.jsonl event-30 --recorded 1999-01-02",
    );
    assert!(retracted.status.success(), "{retracted:?}");
    was_written(&desk);
    // Behind the snapshot every line is verified.
    let mut log = desk.read("log.jsonl");
    let end = log.len();
    log.extend_from_slice(br#"{"seq":64,"id":"forged","date":"1973-01-03"}"#);
    log.push(b'\n');
    desk.write("log.jsonl", &log);
    let found = run(&desk, "replay log.jsonl --state-only");
    assert_eq!(found.status.code(), Some(2), "{found:?}");
    log.truncate(end);
    desk.write("log.jsonl", &log);
    was_written(&desk);
}

#[test]
fn a_line_that_was_changed_is_found_by_verify_whatever_a_snapshot_says() {
    let desk = desk();
    was_written(&desk);
    let middle = LOG.len() / 2;
    let mut changed = LOG.clone();
    let note = memchr::memmem::find(&changed[middle..], b"nnnn").unwrap();
    changed[middle + note] = b'm';
    desk.write("log.jsonl", &changed);
    // As long as before, but changed: it is read anew.
    let found = run(&desk, "replay log.jsonl --state-only");
    assert_eq!(found.status.code(), Some(2), "{found:?}");
    // A log that grew may have been changed where nobody looks again; `log verify` does.
    let mut writer = Writer::after(Chain::split(&LOG[..LOG.len() - 1]).unwrap().1);
    let draft = Draft {
        id: Some("forged".to_owned()),
        date: Some(day(900)),
        source: vec!["USA".parse().unwrap()],
        target: vec!["RUS".parse().unwrap()],
        act: Some(Act::Statement),
        ..Draft::default()
    };
    let record = check(draft).unwrap().placed(EVENTS + 1, day(1_000));
    writer.write(&record, &mut changed).unwrap();
    desk.write("log.jsonl", &changed);
    let found = run(&desk, "replay log.jsonl --state-only --to 1972-12-31");
    assert_eq!(found.status.code(), Some(0), "{found:?}");
    for command in [
        "log verify log.jsonl",
        "replay log.jsonl --state-only --no-snapshot",
    ] {
        let found = run(&desk, command);
        assert!(matches!(found.status.code(), Some(1 | 2)), "{found:?}");
        let says = String::from_utf8(found.stderr).unwrap();
        assert!(says.contains("chain"), "{says}");
    }
    // Nor does an append: nothing comes behind a line that was changed.
    desk.write("more.json", crate::cli::statement("more", ""));
    let appended = run(
        &desk,
        "log append log.jsonl more.json --recorded 1999-01-01",
    );
    assert_eq!(appended.status.code(), Some(2), "{appended:?}");
}

#[test]
fn readers_side_by_side_and_beside_an_append_are_told_the_same() {
    let desk = desk();
    let piped = std::process::Stdio::piped;
    let readers: Vec<_> = (0..3)
        .map(|_| desk.detente("replay log.jsonl --state-only --to 1971-01-01 --format json"))
        .map(|mut command| command.stdout(piped()).stderr(piped()).spawn().unwrap())
        .collect();
    desk.write("more.json", crate::cli::statement("more", ""));
    let appended = run(
        &desk,
        "log append log.jsonl more.json --recorded 2018-01-01",
    );
    assert!(appended.status.success(), "{appended:?}");
    let state = |printed: &[u8]| {
        let printed: serde_json::Value = serde_json::from_slice(printed).unwrap();
        printed["state"].clone()
    };
    let alone = run(
        &desk,
        "replay log.jsonl --state-only --to 1971-01-01 --format json --no-snapshot",
    );
    for reader in readers {
        let found = reader.wait_with_output().unwrap();
        assert!(found.status.success());
        assert_eq!(state(&found.stdout), state(&alone.stdout));
    }
    says(&desk);
}
