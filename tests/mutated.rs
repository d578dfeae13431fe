//! Files that ship, changed at random: each is read or refused, and what holds of it is asked. The
//! same functions are the targets of `fuzz/`.

#[path = "../fuzz/oracles.rs"]
#[expect(
    unreachable_pub,
    clippy::expect_used,
    clippy::panic,
    reason = "the targets of the fuzzer name them too, and fail by panicking"
)]
mod oracles;

use crate::bad_event_data::{gzip, zip};
use crate::cli::{RECORDED, given};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::path::Path;

/// How many files are changed for each target, unless more are asked for.
const MUTANTS: u64 = 300;
/// The same where each is read by a whole command, several times over.
const MUTANTS_OF_COMMANDS: u64 = 60;

/// The files of a folder with an ending.
fn seeds(folder: &str, ending: &str) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut paths: Vec<_> = std::fs::read_dir(&root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .collect();
    paths.sort_unstable();
    assert!(!paths.is_empty(), "{}", root.display());
    paths
        .iter()
        .map(|path| std::fs::read(path).unwrap())
        .collect()
}

/// Something that a parser may stumble over.
const PIECES: [&[u8]; 22] = [
    b"\"",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\n",
    b"\0",
    b"\xff",
    b"-",
    b"9999-12-31",
    b"0001-01-01",
    b"1e999",
    b"-1",
    b"18446744073709551616",
    b"null",
    b"\\u0000",
    b"\t",
    b";",
    "\u{202e}".as_bytes(),
    b"RUS",
];

fn place(bytes: &[u8], draw: &mut impl Rng) -> usize {
    draw.random_range(0..=bytes.len())
}

/// A file with some changes; `others` are what pieces of are put into it.
fn mutant(seed: &[u8], others: &[Vec<u8>], draw: &mut impl Rng) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..draw.random_range(1..=6) {
        let at = place(&bytes, draw);
        match draw.random_range(0..8) {
            0 if at < bytes.len() => bytes[at] ^= 1 << draw.random_range(0..8),
            1 if at < bytes.len() => {
                let to = (at + draw.random_range(1..60)).min(bytes.len());
                bytes.drain(at..to);
            }
            2 => {
                let piece = PIECES[draw.random_range(0..PIECES.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
            3 => bytes.truncate(at),
            4 => {
                // A piece of another file.
                let other = &others[draw.random_range(0..others.len())];
                let from = place(other, draw);
                let to = (from + draw.random_range(0..200)).min(other.len());
                bytes.splice(at..at, other[from..to].iter().copied());
            }
            5 => {
                // A line twice, or in the place of another.
                let mut lines: Vec<Vec<u8>> = bytes
                    .split(|byte| *byte == b'\n')
                    .map(<[u8]>::to_vec)
                    .collect();
                let (one, other) = (
                    draw.random_range(0..lines.len()),
                    draw.random_range(0..lines.len()),
                );
                let line = lines[one].clone();
                match draw.random_range(0..3) {
                    0 => lines.insert(other, line),
                    1 => lines[other] = line,
                    _ => lines.swap(one, other),
                }
                bytes = lines.join(&b'\n');
            }
            _ => {
                // Another digit.
                let digit = bytes[at..].iter().position(u8::is_ascii_digit);
                if let Some(digit) = digit {
                    bytes[at + digit] = b'0' + draw.random_range(0..10);
                }
            }
        }
    }
    bytes
}

/// Changes files and asks what holds of each. A failure tells the seed and the change that it came
/// of.
fn try_mutants(target: &str, seeds: &[Vec<u8>], oracle: fn(&[u8])) {
    try_so_many(MUTANTS, target, seeds, oracle);
}

fn try_so_many(few: u64, target: &str, seeds: &[Vec<u8>], oracle: fn(&[u8])) {
    let count = std::env::var("DETENTE_MUTANTS").ok();
    let count = count.map_or(few, |count| count.parse().unwrap());
    for number in 0..count {
        let mut draw = ChaCha8Rng::seed_from_u64(number);
        let seed = &seeds[draw.random_range(0..seeds.len())];
        let bytes = mutant(seed, seeds, &mut draw);
        let tried = std::panic::catch_unwind(|| oracle(&bytes));
        if let Err(why) = tried {
            let text = String::from_utf8_lossy(&bytes);
            eprintln_mutant(target, number, &text);
            std::panic::resume_unwind(why);
        }
    }
}

#[expect(clippy::print_stderr, reason = "a failure tells what it came of")]
fn eprintln_mutant(target: &str, number: u64, text: &str) {
    eprintln!("{target}, mutant {number}:\n{text}");
}

#[test]
fn scenarios() {
    try_mutants("scenario", &seeds("scenarios", ".json"), oracles::scenario);
}

#[test]
fn events_to_append() {
    let mut seeds = seeds("scenarios", ".jsonl");
    seeds.push(
        b"id,date,act,source,target,tone\na,2020-01-01,statement,RUS,USA,threatening\n".to_vec(),
    );
    try_mutants("append", &seeds, oracles::append);
}

#[test]
fn logs() {
    try_mutants("log", &seeds("scenarios", ".jsonl"), oracles::log);
}

#[test]
fn models() {
    let seeds = [
        &br#"{"preset": "goldstein-decay", "half_life_days": 180}"#[..],
        br#"{"preset": "detente", "gain": 0.2, "weights": {"190": -9.5}, "baseline": {"RUS-USA": -1}}"#,
    ];
    try_mutants("model", &seeds.map(<[u8]>::to_vec), oracles::model);
}

/// Rows of each format that is known: those that ship, and a few of the others.
fn rows_of_formats() -> Vec<Vec<u8>> {
    let mut seeds = seeds("tests/event_data", ".tsv");
    let tables = [
        "Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tEvent Text\tIntensity\tTarget Name\t\
         Target Sectors\tTarget Country\tStory ID\n\
         1\t2018-06-01\tVladimir Putin\tGovernment\tRussian Federation\tConsult\t1.0\tDonald Trump\tGovernment\tUnited States\t7\n",
        "date,source,target,code,weight\n2020-01-02,RUS,USA,112,-2\n2020-02-03,USA,RUS,042,1.9\n",
        "event_id_cnty;event_date;year;actor1;actor2;country;sub_event_type\nX1;2020-01-02;2020;Military Forces of Russia;\
         Military Forces of Ukraine;Ukraine;Armed clash\n",
        "980101\tRUS\tUSA\t112\tACCUSE\n980102\tUSA\tRUS\t042\tVISIT\n",
        "Russia\tConsult\tUkraine\t2014-01-01\nUkraine\tMake statement\tRussia\t2014-01-02\n",
    ];
    seeds.extend(tables.map(|text| text.as_bytes().to_vec()));
    seeds
}

#[test]
fn event_data() {
    try_so_many(
        MUTANTS_OF_COMMANDS,
        "rows",
        &rows_of_formats(),
        oracles::rows,
    );
}

#[test]
fn event_data_in_containers() {
    let rows = rows_of_formats();
    let mut packed: Vec<_> = rows.iter().map(|rows| gzip(rows)).collect();
    packed.extend(rows.iter().map(|rows| zip(&[("rows.tsv", rows)])));
    try_so_many(MUTANTS_OF_COMMANDS, "rows", &packed, oracles::rows);
    // What is changed and then packed comes through the container whole.
    try_so_many(MUTANTS_OF_COMMANDS, "rows", &rows_of_formats(), |bytes| {
        oracles::rows(&gzip(bytes));
    });
}

#[test]
fn parts_of_ensembles() {
    let desk = given([("log.jsonl", RECORDED)]);
    desk.write("s.json", SCENARIO);
    let typed = "ensemble s.json --runs 20 --shard 1/2 -o part.json";
    assert!(desk.detente(typed).output().unwrap().status.success());
    let part = std::fs::read(desk.path("part.json")).unwrap();
    oracles::part(&part);
    try_mutants("part", std::slice::from_ref(&part), oracles::part);
    try_so_many(MUTANTS_OF_COMMANDS, "merge", &[part], oracles::merge);
}

#[test]
fn parts_of_indices() {
    let desk = given([("rows.csv", rows_of_formats()[3].clone())]);
    let typed = "index rows.csv --partial -o part.json";
    assert!(desk.detente(typed).output().unwrap().status.success());
    let part = std::fs::read(desk.path("part.json")).unwrap();
    try_so_many(MUTANTS_OF_COMMANDS, "merge", &[part], oracles::merge);
}

/// A scenario with chance, to play by parts.
const SCENARIO: &str = r#"{"title": "t", "base": "log.jsonl", "fork": {"date": "2016-12-01"}, "chance": [
    {"id": "c", "date": "2016-12-10", "options": [{"label": "a", "probability": 0.4, "events":
        [{"id": "n", "act": "statement", "tone": "critical", "source": ["RUS"], "target": ["USA"]}]},
        {"label": "b", "probability": 0.6}]}]}"#;

#[test]
fn requests_of_the_explorer() {
    let lines = [
        r#"{"change": {"drop": "us-ru-call"}}"#,
        r#"{"look": "2016-12-29"}"#,
        r#"{"follow": "RUS-USA"}"#,
        r#""undo""#,
        r#""redo""#,
        r#""why""#,
        r#"{"all": true}"#,
        r#"{"row": 3}"#,
        r#"{"step": 0}"#,
        r#"{"event": "on"}"#,
        r#"{"from": "2016-01-01"}"#,
        r#"{"play": true}"#,
        r#"{"play_from": "2016-06-01"}"#,
        r#"{"pin": "one"}"#,
        r#"{"form": {}}"#,
        r#""again""#,
        r#"{"because": "so"}"#,
    ];
    let all = lines.join("\n").into_bytes();
    oracles::gestures(&all);
    let mut seeds: Vec<Vec<u8>> = lines.map(|line| line.as_bytes().to_vec()).into();
    seeds.push(all);
    try_so_many(MUTANTS_OF_COMMANDS, "gestures", &seeds, oracles::gestures);
}
