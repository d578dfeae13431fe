//! Files that ship, changed at random: each is read or refused, and what holds of it is asked. The
//! same functions are the targets of `fuzz/`.

#[path = "../fuzz/oracles.rs"]
#[expect(unreachable_pub, reason = "the targets of the fuzzer name them too")]
mod oracles;

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::path::Path;

/// How many files are changed for each target, unless more are asked for.
const MUTANTS: u64 = 300;

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
    let count = std::env::var("DETENTE_MUTANTS").ok();
    let count = count.map_or(MUTANTS, |count| count.parse().unwrap());
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
