//! Every sample in the README is what the program prints.
//!
//! A block marked `console` is run line by line in one directory, from the first block to the last: what
//! follows a line that begins with `$ ` is its output, standard error included, and `(exit N)` its status
//! where that is not 0. A command goes on in lines that begin with `> `. A line with only `...` stands for any lines. `README_UPDATE=1 cargo test --test
//! readme` writes the samples anew.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;

struct Sample {
    command: String,
    output: Vec<String>,
}

/// The lines of the README, taken apart: text, or a sample in a block.
enum Part {
    Text(String),
    Sample(Sample),
}

fn parts(readme: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut in_console = false;
    for line in readme.lines() {
        if line.starts_with("```") {
            in_console = line == "```console";
            parts.push(Part::Text(line.to_owned()));
        } else if let Some(command) = line.strip_prefix("$ ").filter(|_| in_console) {
            let command = command.to_owned();
            parts.push(Part::Sample(Sample {
                command,
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

/// Whether lines are as expected, where `...` stands for any.
fn is_as(expected: &[String], found: &[String]) -> bool {
    match expected.split_first() {
        None => found.is_empty(),
        Some((any, rest)) if any == "..." => {
            (0..=found.len()).any(|skipped| is_as(rest, &found[skipped..]))
        }
        Some((line, rest)) => found
            .split_first()
            .is_some_and(|(first, others)| first == line && is_as(rest, others)),
    }
}

#[test]
fn every_sample_is_what_the_program_prints() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&file).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let update = std::env::var_os("README_UPDATE").is_some();
    let (mut anew, mut samples, mut wrong) = (String::new(), 0, Vec::new());
    for part in parts(&readme) {
        let lines = match part {
            Part::Text(line) => vec![line],
            Part::Sample(Sample { command, output }) => {
                samples += 1;
                let found = run(&command, directory.path());
                let same = is_as(&output, &found);
                if !same {
                    wrong.push(format!("$ {command}\n{}", found.join("\n")));
                }
                let lines = if same { output } else { found };
                let command = format!("$ {}", command.replace('\n', "\n> "));
                std::iter::once(command).chain(lines).collect()
            }
        };
        anew.extend(lines.into_iter().flat_map(|line| [line, "\n".to_owned()]));
    }
    assert!(samples > 0, "the README has no samples");
    if update {
        std::fs::write(&file, anew).unwrap();
    } else {
        assert!(
            wrong.is_empty(),
            "the README is out of date; the program prints:\n\n{}",
            wrong.join("\n\n")
        );
    }
}

#[test]
fn a_sample_that_is_out_of_date_is_noticed() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    assert!(is_as(&lines("a\n...\nd"), &lines("a\nb\nc\nd")));
    assert!(!is_as(&lines("a\n...\nd"), &lines("a\nb\nc")));
    assert!(!is_as(&lines("a"), &lines("b")));
}

#[test]
fn the_two_commands_of_a_newcomer_are_the_ones_that_are_checked() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    // A packaged crate has no checks of its own.
    let Ok(checks) = std::fs::read_to_string(root.join(".ci/run")) else {
        return;
    };
    for command in ["cargo run --release -- replay", "cargo test"] {
        assert!(readme.contains(&format!("\n{command}\n")), "{command}");
        assert!(checks.contains(&format!("\n{command}\n")), "{command}");
    }
}
