//! Interruptions: what was begun to be written is gone, and whoever is to survive them does.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "tests may")]

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Once, mpsc};
use std::time::Duration;

/// How long a command may take to end, far longer than any needs.
const PATIENCE: Duration = Duration::from_mins(5);

/// Does something that waits for a command which a signal is to end, and fails where it waits for
/// ever. What is started meanwhile begins with the signals as they are by default: a shell without
/// job control starts what is behind `&` with interruptions ignored, whoever is started inherits
/// that, and what a process handles, other than what it ignores, is as by default again in those
/// that it starts.
pub(crate) fn in_time<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    static HANDLED: Once = Once::new();
    HANDLED.call_once(|| {
        let ignored = ignored();
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            // In this process they do what they did before.
            let is_deadly = Arc::new(AtomicBool::new(ignored >> (signal - 1) & 1 == 0));
            signal_hook::flag::register_conditional_default(signal, is_deadly).unwrap();
        }
    });
    let (done, waits) = mpsc::channel();
    let worker = std::thread::spawn(move || {
        let result = work();
        let _ = done.send(());
        result
    });
    let waited = waits.recv_timeout(PATIENCE);
    let is_over = waited != Err(mpsc::RecvTimeoutError::Timeout);
    assert!(is_over, "in five minutes no signal has ended the command");
    worker
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// The signals that this process ignores, where the system tells: bit N - 1 stands for signal N.
fn ignored() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.map_or(0, |mask| u64::from_str_radix(mask.trim(), 16).unwrap())
}

/// Begins a command that reads a pipe which nobody writes, sends it a signal once it has begun to
/// write, and says how it ended.
fn interrupted(
    typed: &'static str,
    signal: &'static str,
    wrapped: &'static [&'static str],
) -> (ExitStatus, Vec<String>) {
    in_time(move || interrupted_at_once(typed, signal, wrapped))
}

fn interrupted_at_once(typed: &str, signal: &str, wrapped: &[&str]) -> (ExitStatus, Vec<String>) {
    let desk = tempfile::tempdir().unwrap();
    let pipe = desk.path().join("rows.csv");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let mut command = Command::new(wrapped.first().unwrap_or(&env!("CARGO_BIN_EXE_detente")));
    if let Some((_, rest)) = wrapped.split_first() {
        command.args(rest).arg(env!("CARGO_BIN_EXE_detente"));
    }
    command
        .args(typed.split_whitespace())
        .current_dir(desk.path());
    let mut child = command.spawn().unwrap();
    // Whoever opens the pipe to write waits for the reader, which comes after the output was begun.
    let writer = fs::OpenOptions::new().write(true).open(&pipe).unwrap();
    assert_eq!(names(desk.path()).len(), 2, "nothing was begun");
    let kill = Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
    if wrapped.is_empty() {
        let status = child.wait().unwrap();
        drop(writer);
        return (status, names(desk.path()));
    }
    let mut writer = writer;
    std::io::Write::write_all(
        &mut writer,
        b"id,date,source,target,code\n1,2030-01-03,XBL,XRL,042\n",
    )
    .unwrap();
    drop(writer);
    (child.wait().unwrap(), names(desk.path()))
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn an_interrupted_command_leaves_nothing_that_it_has_begun() {
    use std::os::unix::process::ExitStatusExt;
    for typed in [
        "index csv rows.csv -o out",
        "import csv rows.csv --dyad XBL-XRL -o out",
    ] {
        for (signal, number) in [("-INT", 2), ("-TERM", 15), ("-HUP", 1)] {
            let (status, left) = interrupted(typed, signal, &[]);
            assert_eq!(status.signal(), Some(number), "{typed}: {status}");
            assert_eq!(left, ["rows.csv"], "{typed} {signal}");
        }
    }
}

#[test]
fn who_is_to_survive_a_signal_does() {
    // As `nohup` starts a command, and a shell without job control what is behind `&`.
    const WRAPPED: [&str; 3] = ["sh", "-c", "trap '' HUP INT; exec \"$0\" \"$@\""];
    for signal in ["-HUP", "-INT"] {
        let (status, left) = interrupted("index csv rows.csv -o out", signal, &WRAPPED);
        assert!(status.success(), "{signal}: {status}");
        assert_eq!(left, ["out", "rows.csv"], "{signal}");
    }
}

#[test]
fn an_interrupted_sweep_says_how_far_it_came_and_has_printed_that_much() {
    in_time(a_sweep_is_interrupted);
}

fn a_sweep_is_interrupted() {
    let root = env!("CARGO_MANIFEST_DIR");
    let scenario = format!("{root}/scenarios/summit-by-chance.json");
    let mut command = Command::new(env!("CARGO_BIN_EXE_detente"));
    command
        .args(["sweep", &scenario, "--set", "gain=0.1..0.5:100000"])
        .args(["--runs", "500", "--threads", "1"])
        .args(["--format", "csv", "--dyad", "RUS-USA"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut rows = String::new();
    // Points are done when the second line comes.
    out.read_line(&mut rows).unwrap();
    out.read_line(&mut rows).unwrap();
    let mut kill = Command::new("kill");
    kill.args(["-INT", &child.id().to_string()]);
    assert!(kill.status().unwrap().success());
    out.read_to_string(&mut rows).unwrap();
    let ended = child.wait_with_output().unwrap();
    let notes = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(1), "{notes}");
    let point = |row: &str| row.split(',').nth(8).unwrap().parse::<u64>().unwrap();
    let points = rows.lines().skip(1).map(point).max().unwrap() + 1;
    let says = format!("note: stopped after {points} of 100000 points; the result is partial");
    assert!(notes.contains(&says), "{notes}");
}
