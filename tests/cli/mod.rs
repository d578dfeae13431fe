//! A desk to run `detente` at: a directory of its own, and what was typed there and came back.
//!
//! Whatever does not append or retract with success must leave every file as it was; every run is
//! held to that.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// The recorded history, as it ships.
pub(crate) const RECORDED: &[u8] = include_bytes!("../../scenarios/recorded-history.jsonl");

/// What is typed to append a file of events; the day of recording is given, so that chains are the
/// same on every day.
pub(crate) const APPEND: &str = "log append log.jsonl events.json --recorded 2017-03-01";

/// A directory, the commands that were run in it and what they said.
pub(crate) struct Desk {
    directory: TempDir,
    transcript: String,
    status: Option<i32>,
}

/// A directory with some files.
pub(crate) fn given<Contents: AsRef<[u8]>>(
    files: impl IntoIterator<Item = (&'static str, Contents)>,
) -> Desk {
    let desk = Desk {
        directory: tempfile::tempdir().unwrap(),
        transcript: String::new(),
        status: None,
    };
    for (name, contents) in files {
        desk.write(name, contents);
    }
    desk
}

/// Text with single quotes made JSON, so that events are easy to read here.
pub(crate) fn json(text: &str) -> String {
    text.replace('\'', "\"")
}

/// A statement by Russia on the United States, as a line, with some more fields.
pub(crate) fn statement(id: &str, fields: &str) -> String {
    json(&format!(
        "{{'id':'{id}','date':'2017-02-27','source':['RUS'],'target':['USA'],'act':'statement'{fields}}}\n"
    ))
}

impl Desk {
    /// Where a file is.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Puts a file there, or other contents into it.
    pub(crate) fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), contents).unwrap();
    }

    /// What a file holds.
    #[track_caller]
    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    /// A command that is ready to be run; its arguments are split at spaces.
    pub(crate) fn detente(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_detente"));
        command.args(arguments.split_whitespace());
        command.current_dir(self.directory.path());
        for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "TERM"] {
            command.env_remove(variable);
        }
        command
    }

    /// Runs a command.
    #[track_caller]
    pub(crate) fn when(self, arguments: &str) -> Self {
        let command = self.detente(arguments);
        self.when_run(arguments, command)
    }

    /// Runs a command that was made ready, and notes it down as what was typed.
    #[track_caller]
    pub(crate) fn when_run(mut self, typed: &str, mut command: Command) -> Self {
        let before = self.files();
        let output = command.output().unwrap();
        note_down(&mut self.transcript, typed, &output);
        self.status = output.status.code();
        let writers = [
            "log append",
            "log add",
            "log retract",
            "import",
            "index",
            "score",
        ];
        let may_write = writers.iter().any(|writer| typed.starts_with(writer));
        if !(may_write && output.status.success()) {
            let after = self.files();
            assert!(after == before, "files were touched\n{}", self.transcript);
        }
        self
    }

    /// How the last command ended.
    #[track_caller]
    pub(crate) fn then_exits(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "\n{}", self.transcript);
        self
    }

    /// Everything so far is as it stands in `snapshots/`, to the letter.
    #[track_caller]
    pub(crate) fn then_golden(self, name: &str) {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../../snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, self.transcript));
    }

    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(self.directory.path(), "", &mut files);
        files
    }
}

/// Takes note of the regular files in a directory and below; pipes are not read.
fn collect(directory: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().display());
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            collect(&entry.path(), &format!("{name}/"), files);
        } else if kind.is_file() {
            // What this process may not read, a command of it cannot have changed.
            files.insert(name, std::fs::read(entry.path()).unwrap_or_default());
        }
    }
}

fn note_down(transcript: &mut String, typed: &str, output: &Output) {
    let status = output.status.code().unwrap();
    writeln!(transcript, "$ detente {typed}").unwrap();
    for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        if !bytes.is_empty() {
            let text = str::from_utf8(bytes).unwrap();
            writeln!(transcript, "--- {name}\n{}", text.trim_end_matches('\n')).unwrap();
        }
    }
    writeln!(transcript, "--- exit status {status}\n").unwrap();
}
