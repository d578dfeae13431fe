//! An index in parts: whatever the parts, their order and their grouping, the table is that of one
//! process; and what does not belong together is refused by name.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::evidence::Desk;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::fmt::Write;

const HEADER: &str = "date,source,target,code,weight\n";

/// Made up: rows of a year between four actors, in files of two months, with a row in two that
/// cannot be used.
fn files() -> Vec<(String, String)> {
    let mut draws = ChaCha8Rng::seed_from_u64(19);
    let actors = ["XBL", "XGL", "XRL", "XYL", ""];
    let codes = [("042", "1.9"), ("112", "-2"), ("163", "-8"), ("190", "-10")];
    let file = |bimester: u32| {
        let mut text = HEADER.to_owned();
        for _ in 0..150 {
            let mut draw = |below: u32| draws.next_u32() % below;
            let (month, day) = (1 + 2 * bimester + draw(2), 1 + draw(28));
            let (source, target) = (actors[draw(5) as usize], actors[draw(5) as usize]);
            let (code, weight) = codes[draw(4) as usize];
            writeln!(
                text,
                "2030-{month:02}-{day:02},{source},{target},{code},{weight}"
            )
            .unwrap();
        }
        (format!("rows-{bimester}.csv"), text)
    };
    (0..6).map(file).collect()
}

fn desk() -> Desk {
    let files = files();
    let files: Vec<_> = files
        .iter()
        .map(|(name, text)| (&**name, &**text))
        .collect();
    Desk::new(&files)
}

/// The table of all files in one process, and the names of its parts, a file each.
fn whole_and_parts(desk: &Desk, options: &[&str]) -> (String, Vec<String>) {
    let names: Vec<_> = (0..6).map(|file| format!("rows-{file}.csv")).collect();
    let names = names.iter().map(String::as_str);
    let whole: Vec<_> = ["index", "csv"].into_iter().chain(names.clone()).collect();
    let whole = desk.fine(&[&whole, options].concat());
    let parts = names.map(|name| {
        let part = format!("{name}.part");
        let made = [
            "index",
            "csv",
            name,
            "--partial",
            "-o",
            &part,
            "--overwrite",
        ];
        assert_eq!(desk.fine(&[&made, options].concat()), "");
        part
    });
    (whole, parts.collect())
}

fn merged(desk: &Desk, parts: &[&str]) -> String {
    desk.fine(&[&["merge"], parts].concat())
}

#[track_caller]
fn refused(desk: &Desk, parts: &[&str], says: &str) {
    let (status, out, notes) = desk.run(&[&["merge"], parts].concat());
    assert_eq!((status, &*out), (Some(2), ""), "{notes}");
    assert!(notes.contains(says), "{notes}");
}

#[test]
fn parts_in_any_order_and_any_grouping_are_the_table_of_one_process() {
    let desk = desk();
    let settings: [&[&str]; 4] = [
        &[],
        &["--every", "week", "--directed", "--all-months"],
        &["--model", "goldstein-decay", "--set", "half_life_days=45"],
        &[
            "--dyad",
            "XBL-XRL",
            "--from",
            "2030-03-05",
            "--set",
            "half_life_fast_days=30",
        ],
    ];
    for options in settings {
        let (whole, parts) = whole_and_parts(&desk, options);
        let mut parts: Vec<_> = parts.iter().map(String::as_str).collect();
        assert_eq!(merged(&desk, &parts), whole, "{options:?}");
        parts.rotate_left(2);
        parts.swap(0, 3);
        assert_eq!(merged(&desk, &parts), whole, "{options:?}");
        for cut in [1, 3, 5] {
            let [one, other] = [("one.part", &parts[..cut]), ("other.part", &parts[cut..])];
            for (name, some) in [one, other] {
                desk.fine(&[&["merge", "-o", name, "--overwrite"], some].concat());
            }
            assert_eq!(
                merged(&desk, &["other.part", "one.part"]),
                whole,
                "{options:?}"
            );
        }
    }
}

#[test]
fn rows_that_count_once_do_so_over_parts_that_are_cut_by_day() {
    let desk = desk();
    let (whole, parts) = whole_and_parts(&desk, &["--dedupe", "dyad-day-code"]);
    let parts: Vec<_> = parts.iter().map(String::as_str).collect();
    assert_eq!(merged(&desk, &parts), whole);
    // A day that lies in two parts would have rows that are told apart in one process.
    let row = files()[0]
        .1
        .lines()
        .find(|row| row.matches(",X").count() == 2)
        .unwrap()
        .to_owned();
    std::fs::write(desk.0.path().join("again.csv"), format!("{HEADER}{row}\n")).unwrap();
    let again = "index csv again.csv --partial -o again.part --dedupe dyad-day-code";
    desk.fine(&again.split(' ').collect::<Vec<_>>());
    refused(
        &desk,
        &["rows-0.csv.part", "again.part"],
        &format!("rows of {}", &row[..10]),
    );
}

#[test]
fn parts_that_do_not_belong_together_are_refused_by_name() {
    let desk = desk();
    let (_, parts) = whole_and_parts(&desk, &[]);
    let [first, second] = [&*parts[0], &*parts[1]];
    refused(
        &desk,
        &[first, second, first],
        "the rows of rows-0.csv are in rows-0.csv.part already",
    );
    desk.fine(&["merge", "-o", "both.part", first, second]);
    refused(
        &desk,
        &["both.part", second],
        "the rows of rows-1.csv are in both.part already",
    );
    for (options, says) in [
        (
            ["--every", "week"],
            "the `--every` is not the same as in rows-0.csv.part",
        ),
        (["--weights", "icews"], "the `--weights` is not the same"),
        (["--actor", "XQL=XRL"], "the `--actor` is not the same"),
        (
            ["--set", "prior_fast_events=3"],
            "the model is not the same",
        ),
    ] {
        let made = [
            "index",
            "csv",
            "rows-2.csv",
            "--partial",
            "-o",
            "other.part",
            "--overwrite",
        ];
        desk.fine(&[&made[..], &options].concat());
        refused(&desk, &[first, "other.part"], says);
    }
    let text = std::fs::read_to_string(desk.0.path().join(second)).unwrap();
    let broken = [
        (&text[..text.len() / 2], "it does not end in its digest"),
        (
            &*text.replacen("\"rows\":150", "\"rows\":151", 1),
            "its digest is another",
        ),
        (
            &*text.replacen("\"v\":1", "\"v\":2", 1),
            "its digest is another",
        ),
        (
            "{\"format\":\"detente ensemble part\"}",
            "this is a part of an index, and others",
        ),
    ];
    for (text, says) in broken {
        std::fs::write(desk.0.path().join("broken.part"), text).unwrap();
        refused(&desk, &[first, "broken.part"], says);
    }
    refused(&desk, &[first, "--format", "json"], "csv");
    let (status, _, notes) = desk.run(&["index", "csv", "rows-0.csv", "--partial"]);
    assert_eq!(status, Some(2), "{notes}");
}

#[test]
fn ids_that_hold_for_all_days_do_not_go_with_parts() {
    let desk = Desk::new(&[]);
    let rows = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/event_data/gdelt-2019-01-21.tsv"
    );
    let made = [
        "index",
        "gdelt",
        rows,
        "--dedupe",
        "id",
        "--partial",
        "-o",
        "a.part",
    ];
    let (status, _, notes) = desk.run(&made);
    assert_eq!(status, Some(2), "{notes}");
    assert!(notes.contains("parts are cut by day"), "{notes}");
    assert!(!desk.0.path().join("a.part").exists());
}
