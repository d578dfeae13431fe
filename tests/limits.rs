//! What a command takes has an end: of memory, of what is read, of what a file may name.

use crate::cli::{Desk, RECORDED, given};
use detente::history::{Chain, Recorded, Register, Writer, read_events};
use serde_json::json;
use std::fmt::Write;

#[cfg(target_os = "linux")]
#[path = "../benches/generate/mod.rs"]
#[expect(dead_code, reason = "benches make other logs as well")]
mod generate;

/// A log of so many events, one after the other, between eight actors.
fn long_log(events: usize) -> Vec<u8> {
    const ACTORS: [&str; 8] = ["CHN", "DEU", "FRA", "GBR", "IRN", "ISR", "RUS", "USA"];
    const CODES: [&str; 4] = ["042", "112", "190", "057"];
    let mut text = String::new();
    for number in 0..events {
        let year = 1990 + number * 30 / events;
        let (source, other) = (number % 8, (number / 8) % 7 + 1);
        let event = json!({"id": format!("e{number}"), "date": format!("{year}-06-01"), "act": "coded",
            "code": CODES[number % 4], "source": [ACTORS[source]], "target": [ACTORS[(source + other) % 8]],
            "title": "Something happens between them once more"});
        writeln!(text, "{event}").unwrap();
    }
    let batch = read_events(text.as_bytes()).unwrap();
    let (nothing, day): (&[u8], _) = (&[], Recorded::On("2025-01-01".parse().unwrap()));
    let admitted = Register::empty().admit(nothing, &batch, day).unwrap();
    let (mut writer, mut log) = (Writer::after(Chain::START), Vec::new());
    for record in &admitted.records {
        writer.write(record, &mut log).unwrap();
    }
    log
}

/// Runs a command that may have so much memory, in MiB; past that the system gives it none, and it
/// ends by a signal.
#[cfg(target_os = "linux")]
#[track_caller]
fn within(desk: &Desk, memory: u64, typed: &str) -> String {
    let script = format!(
        "ulimit -d {}; exec {} {typed}",
        memory << 10,
        env!("CARGO_BIN_EXE_detente")
    );
    let mut command = std::process::Command::new("sh");
    command.args(["-c", &script]).current_dir(desk.path("."));
    // One arena of memory, so that what is reserved is what is used.
    command.env("MALLOC_ARENA_MAX", "1");
    let output = command.output().unwrap();
    let says = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        // A comparison of histories that differ ends with 1.
        matches!(output.status.code(), Some(0..=2)) && !says.contains("memory"),
        "{typed}: {:?}\n{says:.500}",
        output.status
    );
    says
}

/// The events of the log that commands are measured on; what is given to them is for a million, in
/// proportion.
#[cfg(target_os = "linux")]
const EVENTS: usize = 20_000;

/// The events of the log that is held: more than are held as they are, few enough that a test of
/// unoptimised code ends soon.
#[cfg(target_os = "linux")]
const HELD_EVENTS: usize = 10_000;

#[test]
#[cfg(target_os = "linux")]
fn what_streams_takes_no_more_memory_for_a_longer_log() {
    let desk = given([("log.jsonl", long_log(EVENTS))]);
    desk.write(
        "one.json",
        r#"{"id":"one","date":"2021-01-01","act":"statement","source":["RUS"],"target":["USA"]}"#,
    );
    for typed in [
        "replay log.jsonl",
        "replay log.jsonl --all-dyads",
        "replay log.jsonl --state-only",
        "replay log.jsonl --format json",
        "replay log.jsonl --format jsonl",
        "replay log.jsonl --format csv",
        "log verify log.jsonl",
        "log show log.jsonl",
        "log show log.jsonl --format json",
        "check log.jsonl",
        "log append log.jsonl one.json --recorded 2025-01-01",
        "log retract log.jsonl one --recorded 2025-01-01",
    ] {
        within(&desk, 48, typed);
    }
}

/// Sums are of dyads and periods: rows are read once, and none of them is held.
#[test]
#[cfg(target_os = "linux")]
fn an_index_takes_less_memory_than_its_rows() {
    let (mut rows, beside) = (
        String::from("date,source,target,code,beside\n"),
        "x".repeat(500),
    );
    for row in 0..120_000 {
        let (month, day) = (row % 12 + 1, row % 28 + 1);
        writeln!(rows, "2016-{month:02}-{day:02},RUS,USA,036,{beside}").unwrap();
    }
    assert!(rows.len() > 48 << 20);
    let desk = given([("rows.csv", rows)]);
    for model in ["evidence", "goldstein-decay"] {
        let says = within(
            &desk,
            48,
            &format!("index rows.csv --threads 1 --model {model}"),
        );
        assert!(says.contains("120000 used, 0 left out"), "{says}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn what_holds_a_history_holds_each_event_once_or_twice() {
    let desk = given([("log.jsonl", long_log(HELD_EVENTS))]);
    let chance = r#"[{"id":"c","date":"2011-01-01","options":[{"label":"a","probability":0.5},{"label":"b","probability":0.5}]}]"#;
    desk.write(
        "s.json",
        format!(
            r#"{{"title":"t","base":"log.jsonl","fork":{{"date":"2010-01-01"}},"chance":{chance}}}"#
        ),
    );
    for typed in [
        "why log.jsonl",
        "replay log.jsonl --format svg",
        "replay log.jsonl --every month",
        "check s.json",
        "new n.json --base log.jsonl",
        "compare log.jsonl s.json",
        "compare log.jsonl s.json --format svg",
        "report log.jsonl -o page.html",
        "report log.jsonl s.json --overwrite -o page.html",
        "report log.jsonl log.jsonl --overwrite -o page.html",
        "score s.json --against log.jsonl --runs 2",
        "compare s.json log.jsonl --models all",
        "why s.json",
        "sweep s.json --set half_life_days=30,60",
        "run s.json",
        "run s.json --all-dyads",
        "run s.json --format json",
        "run s.json --log branch.jsonl",
        "ensemble s.json --runs 2 --dyad RUS-USA --threads 1",
    ] {
        within(&desk, 48, typed);
    }
}

/// The made-up log of the benches, at a tenth of the million events for which figures are given.
#[test]
#[cfg(target_os = "linux")]
fn what_holds_a_history_takes_little_for_each_event() {
    let mut log = Vec::new();
    generate::log(100_000, &mut log).unwrap();
    let desk = given([("log.jsonl", log)]);
    let word = r#"{"id":"new","date":"1992-02-01","act":"statement","tone":"accusing","source":["RUS"],"target":["USA"]}"#;
    desk.write(
        "s.json",
        format!(
            r#"{{"title":"t","base":"log.jsonl","fork":{{"date":"1992-01-01"}},"edits":[{{"insert":{word}}}]}}"#
        ),
    );
    // Of several scenarios the past is held once.
    for name in ["a", "b", "c"] {
        let options = r#"[{"label":"x","probability":0.5},{"label":"y","probability":0.5}]"#;
        let chance = format!(r#"[{{"id":"c","date":"1992-02-01","options":{options}}}]"#);
        desk.write(
            &format!("{name}.json"),
            format!(
                r#"{{"title":"{name}","base":"log.jsonl","fork":{{"date":"1992-01-01"}},"chance":{chance}}}"#
            ),
        );
    }
    for (typed, memory) in [
        ("check s.json", 48),
        ("why log.jsonl", 52),
        ("run s.json", 58),
        ("compare log.jsonl s.json", 52),
        ("report log.jsonl -o page.html", 52),
        ("report log.jsonl s.json --overwrite -o page.html", 60),
        (
            "score a.json b.json c.json --against log.jsonl --runs 2 --dyad RUS-USA --threads 1",
            56,
        ),
        ("why s.json", 56),
        ("play s.json", 60),
    ] {
        within(&desk, memory, typed);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_day_at_the_end_of_the_calendar_takes_no_more_memory() {
    const ACTORS: &str = "USA RUS CHN DEU FRA GBR IRN ISR JPN IND BRA CAN MEX EGY TUR SAU POL UKR ITA ESP NLD BEL SWE \
        NOR DNK FIN GRC PRT AUT CHE CZE HUN ROU BGR SRB HRV IRQ SYR JOR LBN YEM OMN QAT KWT PAK AFG BGD LKA THA VNM \
        IDN MYS PHL KOR PRK AUS NZL ZAF NGA KEN ETH SDN LBY TUN";
    let actors: Vec<_> = ACTORS.split_whitespace().collect();
    let (one, other) = actors.split_at(actors.len() / 2);
    let mut text = String::new();
    for (id, date) in [
        ("first", "1960-01-01"),
        ("last", "9999-12-31"),
        ("again", "9999-12-31"),
    ] {
        let event = json!({"id": id, "date": date, "act": "coded", "code": "112", "source": one, "target": other});
        writeln!(text, "{event}").unwrap();
    }
    let desk = given([("events.json", text.into_bytes())]);
    within(
        &desk,
        64,
        "log append log.jsonl events.json --recorded 2021-01-01",
    );
    for typed in [
        "replay log.jsonl",
        "replay log.jsonl --every day --format csv",
        "replay log.jsonl --every month --all-dyads --format csv",
        "compare log.jsonl log.jsonl",
        "compare log.jsonl log.jsonl --every month --format svg",
        "report log.jsonl -o page.html",
        "why log.jsonl",
    ] {
        within(&desk, 96, typed);
    }
    let says = within(&desk, 96, "compare log.jsonl log.jsonl");
    assert!(says.contains("197593088 temperatures"), "{says}");
}

#[test]
#[cfg(target_os = "linux")]
fn what_is_too_long_to_be_read_whole_is_refused_unread() {
    let desk = given([("log.jsonl", RECORDED)]);
    let sparse = |name: &str, mebibytes: u64| {
        let file = std::fs::File::create(desk.path(name)).unwrap();
        file.set_len(mebibytes << 20).unwrap();
    };
    sparse("big.json", 3_000);
    desk.write(
        "s.json",
        r#"{"title":"t","base":"big.json","fork":{"date":"2017-02-01"}}"#,
    );
    for (typed, limit) in [
        ("check s.json", "16 MiB"),
        ("run big.json", "16 MiB"),
        ("replay log.jsonl --model big.json", "16 MiB"),
        ("log append new.jsonl big.json", "256 MiB"),
        ("check big.json", "256 MiB"),
    ] {
        let says = within(&desk, 32, typed);
        assert!(says.contains(limit), "{typed}: {says}");
    }
    // What has no end is no input.
    for typed in [
        "check /dev/zero",
        "index csv /dev/zero",
        "replay /dev/zero",
        "replay log.jsonl --model /dev/zero",
    ] {
        let says = within(&desk, 64, typed);
        assert!(says.contains("this is a device"), "{typed}: {says}");
    }
    let endless = "replay /dev/stdin < /dev/zero";
    assert!(within(&desk, 64, endless).contains("this is a device"));
}

#[test]
#[cfg(unix)]
fn a_scenario_reads_nothing_outside_its_folder_and_nothing_that_does_not_end() {
    use std::os::unix::fs::symlink;
    let desk = given([
        ("outside.jsonl", RECORDED),
        ("secret", b"root:x:0:0:secret\n"),
    ]);
    std::fs::create_dir_all(desk.path("in/below")).unwrap();
    desk.write("in/log.jsonl", RECORDED);
    desk.write("in/below/log.jsonl", RECORDED);
    symlink("../secret", desk.path("in/link.json")).unwrap();
    symlink("../outside.jsonl", desk.path("in/link.jsonl")).unwrap();
    symlink("../nonesuch", desk.path("in/away.json")).unwrap();
    symlink("turn.json", desk.path("in/turn.json")).unwrap();
    symlink("..", desk.path("in/up")).unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(desk.path("in/pipe"))
        .status();
    assert!(made.unwrap().success());
    let bases = [
        ("log.jsonl", None),
        ("below/log.jsonl", None),
        ("below/../log.jsonl", None),
        ("recorded", None),
        ("../outside.jsonl", Some("outside the folder")),
        ("../secret", Some("outside the folder")),
        ("/etc/passwd", Some("outside the folder")),
        ("link.json", Some("outside the folder")),
        ("link.jsonl", Some("outside the folder")),
        ("pipe", Some("not a regular file")),
        ("away.json", Some("outside the folder")),
        ("up/outside.jsonl", Some("outside the folder")),
        ("up/none", Some("outside the folder")),
        ("up/in/log.jsonl", None),
        ("../in/log.jsonl", None),
        ("/etc", Some("outside the folder")),
        ("/etc/nonesuch", Some("outside the folder")),
        ("..", Some("outside the folder")),
        ("../nonesuch/../in/log.jsonl", Some("outside the folder")),
        ("turn.json", Some("outside the folder")),
        ("none", Some("there is no base")),
        ("/dev/zero", Some("outside the folder")),
        ("/dev/stdin", Some("outside the folder")),
        ("below", Some("this is a directory")),
    ];
    let scenario = |base: &str| {
        json!({"title": "t", "base": base, "fork": {"date": "2017-02-01"}}).to_string()
    };
    for (base, refusal) in bases {
        desk.write("in/s.json", scenario(base));
        // One that leaves another reads no more than that one's folder.
        desk.write("in/other.json", scenario("s.json"));
        for typed in ["check in/s.json", "run in/s.json", "check in/other.json"] {
            let output = desk.detente(typed).output().unwrap();
            let says = String::from_utf8_lossy(&output.stderr);
            let expected = if refusal.is_some() { 2 } else { 0 };
            assert_eq!(
                output.status.code(),
                Some(expected),
                "{base}, {typed}: {says}"
            );
            assert!(
                says.contains(refusal.unwrap_or_default()),
                "{base}, {typed}: {says}"
            );
            assert!(!says.contains("root"), "{base}, {typed}: {says}");
        }
    }
    for base in ["../outside.jsonl", "link.jsonl"] {
        desk.write("in/s.json", scenario(base));
        let output = desk
            .detente("check in/s.json --allow-outside")
            .output()
            .unwrap();
        assert!(output.status.success(), "{base}");
    }
    // Not a line of what is refused is shown, unless it is JSON.
    desk.write("in/s.json", scenario("link.json"));
    for typed in [
        "check in/s.json --allow-outside",
        "check in/link.json",
        "run secret",
        "log append new.jsonl secret",
        "replay --model secret",
    ] {
        let output = desk.detente(typed).output().unwrap();
        let says = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{typed}: {says}");
        assert!(!says.contains("root"), "{typed}: {says}");
    }
}

#[test]
fn nothing_is_looked_at_between_days_that_are_none() {
    let desk = given([("log.jsonl", RECORDED)]);
    for typed in [
        "replay log.jsonl --from 2018-01-01 --to 2015-01-01",
        "replay log.jsonl --from 2030-01-01",
        "why log.jsonl --from 2030-01-01",
        "why log.jsonl --from 2016-01-01 --at 2015-01-01",
        "compare log.jsonl recorded --to 0001-01-01",
        "report log.jsonl -o - --to 0001-01-01",
    ] {
        let output = desk.detente(typed).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{typed}");
        assert!(output.stdout.is_empty(), "{typed}");
    }
}

#[test]
fn who_is_no_audience_is_told_of() {
    let event = r#"{"id":"a","date":"2020-01-01","act":"statement","source":["RUS"],"target":["USA"],"audience":["RUS"]}"#;
    let desk = given([("events.json", event)]);
    let typed = "log append log.jsonl events.json --recorded 2020-01-02";
    let output = desk.detente(typed).output().unwrap();
    let says = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{says}");
    assert!(says.contains("RUS is source and `audience`"), "{says}");
}

#[test]
#[cfg(unix)]
fn names_are_bytes() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let desk = given([("log.jsonl", RECORDED)]);
    let name = OsStr::from_bytes(b"m\xff.json");
    std::fs::write(
        desk.path(".").join(name),
        r#"{"preset": "goldstein-decay"}"#,
    )
    .unwrap();
    for typed in [
        "replay log.jsonl",
        "compare log.jsonl log.jsonl",
        "why log.jsonl",
    ] {
        let mut command = desk.detente(typed);
        let output = command.arg("--model").arg(name).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && said.contains("goldstein-decay"),
            "{typed}"
        );
    }
    let output = desk.detente("new mine --base").arg(name).output().unwrap();
    let says = String::from_utf8_lossy(&output.stderr);
    assert!(says.contains("this name is not UTF-8"), "{says}");
}
