//! What shells complete and `man` shows is made of the commands and options that there are.

#![expect(clippy::unwrap_used, reason = "tests may")]

use crate::cli::{Desk, given};
use std::io::Write;
use std::process::{Command, Stdio};

fn desk() -> Desk {
    given::<&str>([])
}

#[track_caller]
fn prints(arguments: &str) -> String {
    let output = desk().detente(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments}");
    String::from_utf8(output.stdout).unwrap()
}

/// The commands that the help lists.
fn commands() -> Vec<String> {
    let help = prints("--help");
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let lines = list.lines().take_while(|line| !line.is_empty());
    let entries = lines.filter_map(|line| line.strip_prefix("  "));
    let names = entries.filter(|line| !line.starts_with(' '));
    let names = names.filter_map(|line| line.split_whitespace().next());
    names
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_command_has_a_manual_page_with_its_options() {
    let commands = commands();
    assert!(commands.len() > 15, "{commands:?}");
    let whole = prints("man");
    for command in commands {
        assert!(whole.contains(&command), "{command}");
        let page = prints(&format!("man {command}"));
        let help = prints(&format!("{command} --help"));
        let options = help.split_whitespace().filter(|word| {
            word.strip_prefix("--").is_some_and(|name| {
                !name.is_empty() && name.bytes().all(|it| it.is_ascii_lowercase() || it == b'-')
            })
        });
        // A page spells a hyphen so that it is not broken at.
        let options: Vec<_> = options.map(|option| option.replace('-', "\\-")).collect();
        for option in options {
            assert!(page.contains(&option), "{command}: {option}");
        }
    }
    let refused = desk().detente("man repley").output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("did you mean `replay`?"));
}

#[test]
#[cfg(unix)]
fn shells_and_man_read_what_they_are_given() {
    let skip = |what: &str| {
        let note = format!("skipped: no {what} here\n");
        std::io::stderr().write_all(note.as_bytes()).unwrap();
    };
    for (shell, arguments) in [
        ("bash", &["-n"][..]),
        ("zsh", &["-n"]),
        ("fish", &["--no-execute"]),
    ] {
        let script = prints(&format!("completions {shell}"));
        for command in commands() {
            assert!(script.contains(&command), "{shell}: {command}");
        }
        reads(shell, arguments, &script).unwrap_or_else(|| skip(shell));
    }
    let man = ["--warnings=w", "-Tutf8", "-l", "-"];
    reads("man", &man, &prints("man log append")).unwrap_or_else(|| skip("man"));
}

#[test]
fn a_command_that_stands_in_another_place_is_named_there() {
    for (typed, meant) in [
        ("append", "'log append'"),
        ("verify", "'log verify'"),
        ("retract", "'log retract'"),
        ("template", "'log template'"),
        ("verfy", "'log verify'"),
        ("log replay", "'replay'"),
        ("repaly", "'replay'"),
    ] {
        let output = desk().detente(typed).output().unwrap();
        let says = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{typed}: {says}");
        let tip = says
            .lines()
            .find(|line| line.contains("tip:"))
            .unwrap_or_default();
        assert!(tip.contains(meant), "{typed}: {says}");
    }
}

/// A program reads a text without a word of complaint; `None` where there is no such program.
#[cfg(unix)]
#[track_caller]
fn reads(program: &str, arguments: &[&str], text: &str) -> Option<()> {
    let mut command = Command::new(program);
    let piped = command.args(arguments).env("MANPAGER", "cat");
    let piped = piped.stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = piped.stderr(Stdio::piped()).spawn().ok()?;
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && complaint.is_empty(),
        "{program}: {complaint}"
    );
    Some(())
}
