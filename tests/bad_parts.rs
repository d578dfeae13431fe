//! What ensembles refuse before they run, and what parts of them are refused.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use std::process::Command;
use tempfile::TempDir;

/// Runs a command in a directory; how it ends and what it says on standard error.
fn run(desk: &TempDir, arguments: &str) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_detente"));
    command.args(arguments.split_whitespace());
    let output = command.current_dir(desk.path()).output().unwrap();
    let notes = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), notes)
}

#[track_caller]
fn refuses(desk: &TempDir, arguments: &str, says: &str) {
    let (status, notes) = run(desk, arguments);
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

/// A directory with a scenario in which a coin is thrown.
fn coin() -> TempDir {
    let desk = tempfile::tempdir().unwrap();
    let side = |side: &str, impact: f64| {
        let event = json!({"id": side, "date": "2017-06-01", "source": ["RUS"], "target": ["USA"], "act": "statement",
            "impact": impact, "reason": "a test"});
        json!({"label": side, "probability": 0.5, "events": [event]})
    };
    let node = json!({"id": "coin", "date": "2017-06-01", "options": [side("heads", 1.0), side("tails", -1.0)]});
    let scenario = json!({"title": "A coin", "base": "recorded", "fork": {"after": "us-au-call"}, "until": "2018-12-31",
        "chance": [node]});
    std::fs::write(desk.path().join("coin.json"), scenario.to_string()).unwrap();
    desk
}

#[test]
fn where_a_part_cannot_be_saved_nothing_runs() {
    let desk = coin();
    std::fs::write(desk.path().join("there.json"), "mine").unwrap();
    // So many runs would take years.
    let ensemble = |rest: &str| format!("ensemble coin.json --runs 1000000000000 -o {rest}");
    for (rest, says) in [
        ("there.json", "there.json"),
        ("no-folder/part.json", "no-folder/part.json"),
        ("-", "give it a name"),
        ("part.json --format svg", "cannot be used with"),
        ("part.json --chart", "cannot be used with"),
    ] {
        refuses(&desk, &ensemble(rest), says);
    }
    assert_eq!(
        std::fs::read(desk.path().join("there.json")).unwrap(),
        b"mine"
    );
    assert_eq!(std::fs::read_dir(desk.path()).unwrap().count(), 2);
}

#[test]
fn so_many_runs_as_cannot_be_counted_are_refused_everywhere() {
    let desk = coin();
    for command in [
        "ensemble coin.json",
        "sweep coin.json --set gain=0.1,0.2",
        "report coin.json -o page.html",
    ] {
        let says = "1000000000001 is not in 1..=1000000000000";
        refuses(&desk, &format!("{command} --runs 1000000000001"), says);
    }
}

#[test]
#[cfg(unix)]
fn an_interrupted_part_is_saved_and_ends_as_a_partial_result() {
    crate::interruptions::in_time(a_part_is_interrupted);
}

fn a_part_is_interrupted() {
    let desk = coin();
    let mut command = Command::new(env!("CARGO_BIN_EXE_detente"));
    command.args([
        "ensemble",
        "coin.json",
        "--runs",
        "1000000000000",
        "-o",
        "part.json",
    ]);
    let mut running = command.current_dir(desk.path()).spawn().unwrap();
    // Once it holds the name, it listens.
    while std::fs::read_dir(desk.path()).unwrap().count() < 2 {
        assert_eq!(running.try_wait().unwrap(), None);
        std::thread::yield_now();
    }
    let number = running.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &number])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(running.wait().unwrap().code(), Some(1));
    assert!(desk.path().join("part.json").exists());
}

#[test]
fn a_part_whose_counts_cannot_be_is_refused() {
    let desk = coin();
    std::fs::copy(desk.path().join("coin.json"), desk.path().join("same.json")).unwrap();
    let (status, notes) = run(
        &desk,
        "ensemble coin.json same.json --runs 500 --shard 1/2 -o part.json",
    );
    assert_eq!(status, Some(0), "{notes}");
    // Whole but for the other shard.
    assert_eq!(run(&desk, "merge part.json").0, Some(1));
    let good = std::fs::read(desk.path().join("part.json")).unwrap();
    let good: Value = serde_json::from_slice(&good).unwrap();
    let huge = (1_i128 << 119).to_string();
    for (place, value) in [
        ("/ensemble/runs", json!(u64::MAX)),
        (
            "/ensemble/tallies/0/options/0",
            json!([1_000_000_000_000_000_000_u64, 0]),
        ),
        ("/ensemble/tallies/0/options/0", json!([u64::MAX, u64::MAX])),
        ("/ensemble/tallies/0/cells/0/phases/0", json!(251)),
        ("/ensemble/tallies/0/cells/0/bins/below", json!(1_u64 << 40)),
        ("/ensemble/tallies/0/cells/0/sums/count", json!(0)),
        ("/ensemble/tallies/0/cells/0/sums/squares", json!("-5")),
        ("/ensemble/tallies/0/cells/0/sums/sum", json!(huge)),
        ("/ensemble/tallies/0/cells/0/sums/squares", json!(huge)),
        ("/ensemble/tallies/0/lowest_run/0/0/1", json!(250)),
        ("/ensemble/tallies/0/inputs/0/0/ends/0/sum", json!(huge)),
        ("/ensemble/tallies/0/inputs/0/0/runs", json!(u64::MAX)),
        (
            "/ensemble/differences/0/warmer/0",
            json!([1_u64 << 63, 1_u64 << 63]),
        ),
        ("/ensemble/differences/0/sums/0/sum", json!(huge)),
        ("/ensemble/differences/0/sums/0/count", json!(7)),
        (
            "/ensemble/tallies/0/lowest_run",
            json!(vec![json!([]); 20_000]),
        ),
        ("/ensemble/tallies/0/cells", json!([])),
    ] {
        let mut part = good.clone();
        *part.pointer_mut(place).unwrap() = value;
        std::fs::write(desk.path().join("bad.json"), sealed(&part)).unwrap();
        refuses(&desk, "merge bad.json", "its counts do not hold together");
    }
}

/// The file of a part, with its digest behind it.
fn sealed(part: &Value) -> String {
    let mut body = part.as_object().unwrap().clone();
    body.remove("digest");
    let text = serde_json::to_string(&body).unwrap();
    let body = text.strip_suffix('}').unwrap();
    let digest = blake3::hash(body.as_bytes());
    format!("{body},\"digest\":\"{digest}\"}}\n")
}

/// The same with something else in place of a text that is in it once.
#[track_caller]
fn resealed(part: &str, from: &str, to: &str) -> String {
    let (body, _) = part.rsplit_once(",\"digest\":").unwrap();
    assert_eq!(body.matches(from).count(), 1, "{from}");
    let body = body.replacen(from, to, 1);
    let digest = blake3::hash(body.as_bytes());
    format!("{body},\"digest\":\"{digest}\"}}\n")
}

#[test]
fn parts_of_other_versions_and_dictionaries_are_refused_by_name() {
    let desk = coin();
    for (name, code) in [("one.csv", "042"), ("two.csv", "163")] {
        let rows = format!("date,source,target,code\n2030-03-03,USA,RUS,{code}\n");
        std::fs::write(desk.path().join(name), rows).unwrap();
    }
    let fine = |arguments: &str| {
        let (status, notes) = run(&desk, arguments);
        assert_eq!(status, Some(0), "{arguments}\n{notes}");
    };
    for shard in [1, 2] {
        fine(&format!(
            "ensemble coin.json --runs 40 --shard {shard}/2 -o shard-{shard}.json"
        ));
    }
    fine("index csv one.csv --partial -o one.part");
    fine("index csv two.csv --partial -o two.part");
    let version = concat!("\"detente\":\"", env!("CARGO_PKG_VERSION"), "\"");
    for (first, second) in [("shard-1.json", "shard-2.json"), ("one.part", "two.part")] {
        let part = std::fs::read_to_string(desk.path().join(second)).unwrap();
        for (from, to, says) in [
            (
                version,
                "\"detente\":\"0.0.1\"",
                format!("the version of detente is not the same as in {first}"),
            ),
            (
                "\"v\":1,",
                "\"v\":7,",
                "the part is of format version 7; this program reads 1".to_owned(),
            ),
        ] {
            std::fs::write(desk.path().join("other"), resealed(&part, from, to)).unwrap();
            refuses(&desk, &format!("merge {first} other"), &says);
        }
    }
    // A dictionary is told by what stands in it, not by its name.
    for (name, day) in [("one.tsv", "2014-01-01"), ("two.tsv", "2014-02-01")] {
        let row = format!("John Roe\tMake an appeal or request\tPolice (Russia)\t{day}\n");
        std::fs::write(desk.path().join(name), row).unwrap();
    }
    for (name, line) in [
        ("a.txt", "JOHN_ROE_\n\t[USAGOV]\n"),
        ("b.txt", "JOHN_ROE_\n\t[CHNGOV]\n"),
    ] {
        std::fs::write(desk.path().join(name), line).unwrap();
        std::fs::copy(
            desk.path().join(name),
            desk.path().join(format!("again-{name}")),
        )
        .unwrap();
    }
    let part = |rows: &str, actors: &str, part: &str| {
        fine(&format!(
            "index icews-quadruples {rows}.tsv --actors {actors} --partial -o {part}"
        ));
    };
    part("one", "a.txt", "one-a.part");
    part("two", "b.txt", "two-b.part");
    part("two", "again-a.txt", "two-a.part");
    let says = "the `--actors` is not the same as in one-a.part";
    refuses(&desk, "merge one-a.part two-b.part", says);
    fine("merge one-a.part two-a.part");
}

#[test]
fn parts_of_other_ensembles_are_refused_by_name() {
    let desk = coin();
    let coin = std::fs::read_to_string(desk.path().join("coin.json")).unwrap();
    let model = coin.replacen('{', "{\"model\":{\"preset\":\"stepwise\"},", 1);
    std::fs::write(desk.path().join("model.json"), model).unwrap();
    let made = |what: &str, part: &str| {
        let (status, notes) = run(&desk, &format!("ensemble {what} -o {part}"));
        assert_eq!(status, Some(0), "{notes}");
    };
    made("coin.json --runs 40 --shard 1/2", "first.json");
    for (place, (what, differs)) in [
        ("model.json --runs 40 --shard 2/2", "scenarios or bases"),
        ("coin.json --runs 40 --seed 9 --shard 2/2", "seed"),
        ("coin.json --runs 60 --shard 2/2", "number of runs"),
        ("coin.json --runs 40 --shard 2/3", "number of shards"),
        ("coin.json --runs 40 --dyad EU-RUS --shard 2/2", "dyads"),
        (
            "coin.json --runs 40 --every 2017-07-01 --shard 2/2",
            "grid of dates",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let part = format!("part-{place}.json");
        made(what, &part);
        let says = format!("the {differs} is not the same as in first.json");
        refuses(&desk, &format!("merge first.json {part}"), &says);
    }
}

#[test]
fn a_part_in_which_any_bit_is_another_is_refused() {
    let desk = coin();
    let made = run(&desk, "ensemble coin.json --runs 40 -o part.json");
    assert_eq!(made.0, Some(0), "{}", made.1);
    let good = std::fs::read(desk.path().join("part.json")).unwrap();
    assert_eq!(run(&desk, "merge part.json").0, Some(0));
    let text = String::from_utf8(good.clone()).unwrap();
    assert!(detente::scenario::Part::read(&text).is_ok());
    let mut refused = 0;
    for place in (0..good.len() - 1).step_by(7) {
        for bit in [0, 1, 3, 6] {
            let mut bad = good.clone();
            bad[place] ^= 1 << bit;
            let Ok(bad) = String::from_utf8(bad) else {
                continue;
            };
            assert!(
                detente::scenario::Part::read(&bad).is_err(),
                "byte {place}, bit {bit}"
            );
            refused += 1;
        }
    }
    assert!(refused > 1_000, "{refused}");
    std::fs::write(desk.path().join("bad.json"), text.replacen("40", "41", 1)).unwrap();
    refuses(&desk, "merge bad.json", "it is not as it was written");
    let bare: Value = serde_json::from_str(&text).unwrap();
    let mut bare = bare.as_object().unwrap().clone();
    bare.remove("digest");
    std::fs::write(desk.path().join("bad.json"), Value::from(bare).to_string()).unwrap();
    refuses(&desk, "merge bad.json", "it does not end in its digest");
}

#[test]
fn shares_of_a_part_that_do_not_add_up_are_refused() {
    let desk = coin();
    run(&desk, "ensemble coin.json --runs 40 -o part.json");
    let good = std::fs::read(desk.path().join("part.json")).unwrap();
    let good: Value = serde_json::from_slice(&good).unwrap();
    for place in [
        "/ensemble/tallies/0/options/0/0",
        "/ensemble/tallies/0/cells/0/phases/3",
        "/ensemble/tallies/0/inputs/0/0/runs",
    ] {
        let mut part = good.clone();
        let count = part.pointer_mut(place).unwrap();
        *count = json!(count.as_u64().unwrap() ^ 1);
        std::fs::write(desk.path().join("bad.json"), sealed(&part)).unwrap();
        refuses(&desk, "merge bad.json", "its counts do not hold together");
    }
}
