//! The same input gives the same bytes, whoever runs it and wherever: threads, shards, languages,
//! zones, widths, builds.

use crate::cli::{Desk, RECORDED, given};
use std::fmt::Write;
use std::process::Command;

/// Names another build of the same source, such as `target/release/detente`.
const OTHER_BUILD: &str = "DETENTE_OTHER_BUILD";

/// Where something runs: variables of its environment.
const PLACES: [&[(&str, &str)]; 4] = [
    &[],
    &[("LC_ALL", "tr_TR.UTF-8"), ("TZ", "Pacific/Kiritimati")],
    &[("LC_ALL", "C"), ("TZ", "America/Los_Angeles")],
    &[
        ("COLUMNS", "300"),
        ("TERM", "xterm-256color"),
        ("HOME", "/nowhere"),
    ],
];

const COMMANDS: [&str; 14] = [
    "replay log.jsonl --all-dyads",
    "replay log.jsonl --format json",
    "replay log.jsonl --format svg",
    "replay log.jsonl --chart",
    "why log.jsonl --format json",
    "run s.json --run 3",
    "compare log.jsonl s.json --format csv",
    "ensemble s.json --runs 40 --format json",
    "sweep s.json --set gain=0.1,0.2 --runs 8 --format csv",
    "report log.jsonl s.json -o -",
    "import csv rows.csv --dyad XBL-XRL",
    "index csv rows.csv",
    "log show log.jsonl",
    "check s.json log.jsonl",
];

fn desk() -> Desk {
    let scenario = r#"{"title": "t", "base": "log.jsonl", "fork": {"after": "us-ru-call"}, "seed": 7, "until": "2017-12-31",
        "chance": [{"id": "c", "date": "2017-02-01", "options": [
            {"label": "a", "probability": 0.4, "events": [{"id": "words", "act": "statement", "tone": "threatening", "source": ["RUS"], "target": ["USA"]}]},
            {"label": "b", "probability": 0.6}]}],
        "uncertain": {"gain": {"uniform": [0.1, 0.2]}},
        "outcomes": [{"id": "o", "when": {"temperature": {"dyad": "RUS-USA", "above": -2}}}]}"#;
    let mut rows = "id,date,source,target,code\n".to_owned();
    for number in 0..400 {
        let (day, month) = (number % 28 + 1, number % 12 + 1);
        let code = ["042", "112", "19", "057"][number % 4];
        writeln!(rows, "{number},2030-{month:02}-{day:02},XBL,XRL,{code}").unwrap();
    }
    given([
        ("log.jsonl", RECORDED.to_vec()),
        ("s.json", scenario.into()),
        ("rows.csv", rows.into_bytes()),
    ])
}

#[test]
fn languages_zones_and_widths_change_not_a_byte() {
    let desk = desk();
    for typed in COMMANDS {
        let said = PLACES.map(|place| {
            let output = desk
                .detente(typed)
                .envs(place.iter().copied())
                .output()
                .unwrap();
            assert!(
                matches!(output.status.code(), Some(0 | 1)),
                "{typed}, {place:?}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
            assert!(!output.stdout.is_empty(), "{typed}");
            output.stdout
        });
        for (place, other) in PLACES.iter().zip(&said) {
            assert!(*other == said[0], "{typed} in {place:?}");
        }
    }
}

#[test]
fn another_build_gives_the_same_bytes() {
    let Some(other) = std::env::var_os(OTHER_BUILD) else {
        let note = format!("skipped: {OTHER_BUILD} names no other build\n");
        std::io::Write::write_all(&mut std::io::stderr(), note.as_bytes()).unwrap();
        return;
    };
    let desk = desk();
    for typed in COMMANDS {
        let own = desk.detente(typed).output().unwrap();
        let mut command = Command::new(&other);
        command.args(typed.split_whitespace());
        let others = command.current_dir(desk.path("")).output().unwrap();
        assert!(own.stdout == others.stdout, "{typed}");
        assert!(own.stderr == others.stderr, "{typed}");
        assert_eq!(own.status.code(), others.status.code(), "{typed}");
    }
}

#[test]
fn threads_and_shards_change_not_a_byte() {
    let desk = desk();
    let ensemble = "ensemble s.json --runs 60 --format json";
    let run = |typed: &str| {
        let output = desk.detente(typed).output().unwrap();
        assert!(
            output.status.success(),
            "{typed}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        output.stdout
    };
    for typed in [
        ensemble,
        "index csv rows.csv",
        "import csv rows.csv --dyad XBL-XRL",
    ] {
        let one = run(&format!("{typed} --threads 1"));
        for threads in [2, 3, 7] {
            assert!(
                run(&format!("{typed} --threads {threads}")) == one,
                "{typed} by {threads} threads"
            );
        }
    }
    let whole = run(ensemble);
    for shards in [2, 3, 5] {
        let names: Vec<_> = (1..=shards)
            .map(|it| format!("part-{shards}-{it}"))
            .collect();
        for (shard, name) in (1..).zip(&names) {
            run(&format!(
                "ensemble s.json --runs 60 --shard {shard}/{shards} --threads {shard} -o {name}"
            ));
        }
        // In another order than they were made.
        let names: Vec<_> = names.iter().rev().cloned().collect();
        assert!(
            run(&format!("merge {} --format json", names.join(" "))) == whole,
            "{shards} shards"
        );
    }
}
