//! Every sample in the README and in the guide is what the program prints.
//!
//! A block marked `console` is run line by line. Each file has a directory of its own, with a copy
//! of `scenarios/` in it, and its blocks are run there from the first to the last. What follows a
//! line that begins with `$ ` is its output, standard error included, and `(exit N)` its status
//! where that is not 0. A command goes on in lines that begin with `> `. A line with only `...`
//! stands for any lines. `README_UPDATE=1 cargo test --test command guide::` writes the samples
//! anew and keeps what is left out. A sample of Python or R is passed over where there is none.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Stands for any lines of an output.
const ANY: &str = "...";

struct Sample {
    line: usize,
    command: String,
    output: Vec<String>,
}

/// A file taken apart: text, or a sample in a block.
enum Part {
    Text(String),
    Sample(Sample),
}

fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut in_console = false;
    for (index, line) in text.lines().enumerate() {
        if line.starts_with("```") {
            in_console = line == "```console";
            parts.push(Part::Text(line.to_owned()));
        } else if let Some(command) = line.strip_prefix("$ ").filter(|_| in_console) {
            parts.push(Part::Sample(Sample {
                line: index + 1,
                command: command.to_owned(),
                output: Vec::new(),
            }));
        } else if let Some(Part::Sample(sample)) = parts.last_mut().filter(|_| in_console) {
            match line.strip_prefix("> ").filter(|_| sample.output.is_empty()) {
                Some(more) => sample.command.extend(["\n", more]),
                None => sample.output.push(line.to_owned()),
            }
        } else {
            parts.push(Part::Text(line.to_owned()));
        }
    }
    parts
}

fn run(command: &str, directory: &Path) -> Vec<String> {
    let program = Path::new(env!("CARGO_BIN_EXE_detente"));
    let path = std::env::var("PATH").unwrap();
    let run = Command::new("sh")
        .args(["-c", &format!("{{ {command}\n}} 2>&1")])
        .env(
            "PATH",
            format!("{}:{path}", program.parent().unwrap().display()),
        )
        .current_dir(directory)
        .output()
        .unwrap();
    let mut lines: Vec<_> = String::from_utf8(run.stdout)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect();
    match run.status.code() {
        Some(0) => {}
        code => lines.push(format!("(exit {})", code.unwrap_or(-1))),
    }
    lines
}

/// Whether what runs a sample is here; nobody needs Python or R for anything but these.
fn is_here(command: &str) -> bool {
    let interpreter = command.split(' ').next().unwrap_or_default();
    let optional = ["python3", "Rscript"].contains(&interpreter);
    let starts = || Command::new(interpreter).arg("--version").output().is_ok();
    let is_here = !optional || starts();
    if !is_here {
        std::io::stderr()
            .write_all(format!("skipped: no {interpreter} here\n").as_bytes())
            .unwrap();
    }
    is_here
}

/// Whether lines are as expected, where `...` stands for any.
fn is_as(expected: &[String], found: &[String]) -> bool {
    match expected.split_first() {
        None => found.is_empty(),
        Some((any, rest)) if any == ANY => {
            (0..=found.len()).any(|skipped| is_as(rest, &found[skipped..]))
        }
        Some((line, rest)) => found
            .split_first()
            .is_some_and(|(first, others)| first == line && is_as(rest, others)),
    }
}

/// What was found, with `...` in the places in which the old sample has it: the lines of both are
/// laid side by side so that as little as can be is different, and what lies under a `...` is left
/// out again.
fn elided_as(old: &[String], found: &[String]) -> Vec<String> {
    // Two lines that stand for each other cost 0 where they are the same and 1 where they share
    // nothing. A line that is new costs little, so that the lines around it stay.
    const GONE: f64 = 0.8;
    const NEW: f64 = 0.1;
    let (olds, founds) = (old.len(), found.len());
    let mut cost = vec![vec![0.0; founds + 1]; olds + 1];
    for at in (0..olds).rev() {
        cost[at][founds] = cost[at + 1][founds] + if old[at] == ANY { 0.0 } else { GONE };
    }
    for beside in (0..founds).rev() {
        cost[olds][beside] = cost[olds][beside + 1] + NEW;
    }
    let unlike = |at: usize, beside: usize| 1.0 - strsim::sorensen_dice(&old[at], &found[beside]);
    for at in (0..olds).rev() {
        for beside in (0..founds).rev() {
            cost[at][beside] = if old[at] == ANY {
                cost[at + 1][beside].min(cost[at][beside + 1])
            } else {
                let both = cost[at + 1][beside + 1] + unlike(at, beside);
                let gone = cost[at + 1][beside] + GONE;
                both.min(gone).min(cost[at][beside + 1] + NEW)
            };
        }
    }
    let (mut anew, mut at, mut beside) = (Vec::new(), 0, 0);
    while at < olds || beside < founds {
        let is_any = at < olds && old[at] == ANY;
        if is_any && beside < founds && cost[at][beside] == cost[at][beside + 1] {
            if anew.last().is_none_or(|line| line != ANY) {
                anew.push(ANY.to_owned());
            }
            beside += 1;
        } else if is_any {
            at += 1;
        } else if at < olds
            && beside < founds
            && cost[at][beside] == cost[at + 1][beside + 1] + unlike(at, beside)
        {
            anew.push(found[beside].clone());
            (at, beside) = (at + 1, beside + 1);
        } else if beside < founds && cost[at][beside] == cost[at][beside + 1] + NEW {
            anew.push(found[beside].clone());
            beside += 1;
        } else {
            at += 1;
        }
    }
    anew
}

/// A file as it would be with the samples of today, what is wrong in it, and how many samples it
/// has.
struct Read {
    anew: String,
    wrong: Vec<String>,
    samples: usize,
}

/// A folder with all that is below it.
fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn read(file: &Path) -> Read {
    let directory = tempfile::tempdir().unwrap();
    copy_folder(
        &root().join("scenarios"),
        &directory.path().join("scenarios"),
    );
    let (mut anew, mut wrong, mut samples) = (String::new(), Vec::new(), 0);
    for part in parts(&fs::read_to_string(file).unwrap()) {
        let lines = match part {
            Part::Text(line) => vec![line],
            Part::Sample(sample) if !is_here(&sample.command) => {
                let command = format!("$ {}", sample.command.replace('\n', "\n> "));
                std::iter::once(command).chain(sample.output).collect()
            }
            Part::Sample(sample) => {
                samples += 1;
                let found = run(&sample.command, directory.path());
                let command = format!("$ {}", sample.command.replace('\n', "\n> "));
                let lines = if is_as(&sample.output, &found) {
                    sample.output
                } else {
                    let found = elided_as(&sample.output, &found);
                    let (file, line) = (file.display(), sample.line);
                    wrong.push(format!("{file}:{line}\n{command}\n{}", found.join("\n")));
                    found
                };
                std::iter::once(command).chain(lines).collect()
            }
        };
        anew.extend(lines.into_iter().flat_map(|line| [line, "\n".to_owned()]));
    }
    Read {
        anew,
        wrong,
        samples,
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The README and the chapters of the guide.
fn files() -> Vec<PathBuf> {
    let chapters = fs::read_dir(root().join("docs/guide")).unwrap();
    let chapters = chapters.map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = chapters
        .filter(|file| file.extension().is_some_and(|ending| ending == "md"))
        .chain([root().join("README.md")])
        .collect();
    files.sort();
    files
}

#[test]
fn every_sample_is_what_the_program_prints() {
    let (files, next) = (files(), AtomicUsize::new(0));
    let read_files = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let read = read(file);
                    read_files.lock().unwrap().push((file, read));
                }
            });
        }
    });
    let mut read_files = read_files.into_inner().unwrap();
    read_files.sort_by_key(|(file, _)| *file);
    let samples: usize = read_files.iter().map(|(_, read)| read.samples).sum();
    assert!(samples > 50, "only {samples} samples were found");
    if std::env::var_os("README_UPDATE").is_some() {
        for (file, read) in read_files {
            fs::write(file, read.anew).unwrap();
        }
        return;
    }
    let wrong: Vec<_> = read_files
        .into_iter()
        .flat_map(|(_, read)| read.wrong)
        .collect();
    assert!(
        wrong.is_empty(),
        "samples are out of date; the program prints:\n\n{}",
        wrong.join("\n\n")
    );
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

#[test]
fn a_sample_that_is_out_of_date_is_noticed() {
    assert!(is_as(&lines("a\n...\nd"), &lines("a\nb\nc\nd")));
    assert!(!is_as(&lines("a\n...\nd"), &lines("a\nb\nc")));
    assert!(!is_as(&lines("a"), &lines("b")));
}

#[test]
fn a_sample_that_is_written_anew_leaves_out_what_it_left_out() {
    let check = |old: &str, found: &str, anew: &str| {
        let (old, found) = (lines(old), lines(found));
        assert_eq!(elided_as(&old, &found), lines(anew));
        assert!(is_as(&elided_as(&old, &found), &found));
    };
    let found = "Title\nhead\n2017-01-31  -1.34\n2017-02-28  -2.00\n2017-03-31  -2.58\nend  7";
    // Numbers changed; the rows that were shown are shown again.
    check(
        "Title\n...\n2017-02-28  -1.11\n...\nend  6",
        found,
        "Title\n...\n2017-02-28  -2.00\n...\nend  7",
    );
    // A line that is new where all was shown is shown; one that is gone goes.
    check(
        "Title\n2017-01-31  -1.34\n...",
        found,
        "Title\nhead\n2017-01-31  -1.34\n...",
    );
    check(
        "Title\ngone entirely\n...\nend  7",
        found,
        "Title\n...\nend  7",
    );
    // What stands for nothing goes, and without any of it all is shown.
    check("...\nTitle\nhead\n...", found, "Title\nhead\n...");
    check("", found, found);
}

#[test]
fn the_two_commands_of_a_newcomer_are_the_ones_that_are_checked() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    // A packaged crate has no checks of its own.
    let Ok(checks) = fs::read_to_string(root().join(".ci/run")) else {
        return;
    };
    for command in ["cargo run --release -- replay", "cargo test"] {
        assert!(readme.contains(&format!("\n{command}\n")), "{command}");
        assert!(checks.contains(&format!("\n{command}\n")), "{command}");
    }
}
