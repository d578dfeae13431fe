//! The command line: arguments in, output and exit status out. Nothing else prints, exits or reads
//! a clock.

mod args;

mod terminal;

mod data;
mod history;
mod lists;
mod schema;
mod shell;

mod scenario;

mod report;

#[cfg(feature = "explore")]
mod explore;

use crate::error::{BadFile, Error, Kind, Result};
use crate::store::{Given, protect_what_is_read, read_outside, with_given};
use args::Command;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use terminal::output::{Kept, Outcome, Output, gone, unwritten};

pub use terminal::errors::{Diagnostic, diagnostics, plain};
pub use terminal::watch::Watch;

/// Runs the command that the arguments of this process ask for.
#[must_use]
pub fn main() -> ExitCode {
    let given = match terminal::named::with_codes(std::env::args_os()) {
        Ok(given) => given,
        Err(error) => {
            terminal::errors::print(&error, args::Color::Auto);
            return ExitCode::from(2);
        }
    };
    let arguments = match terminal::advice::parsed(given) {
        Ok(arguments) => arguments,
        Err(error) => {
            let wrong = error.use_stderr();
            return match error.print() {
                Ok(()) => ExitCode::from(if wrong { 2 } else { 0 }),
                Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
                Err(error) => {
                    terminal::errors::print(&unwritten(error), args::Color::Auto);
                    ExitCode::from(2)
                }
            };
        }
    };
    terminal::signals::watch();
    let [input, standard_output] = standard_files();
    protect_what_is_read(input.as_ref(), standard_output);
    if arguments.allow_outside {
        read_outside();
    }
    let mut output = Output::new(arguments.color);
    let outcome = run(arguments.command, &mut output).and_then(|outcome| {
        output.flush().map_err(unwritten)?;
        Ok(outcome)
    });
    match outcome {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Differs) => ExitCode::from(1),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::errors::print(&error, arguments.color);
            ExitCode::from(2)
        }
    }
}

/// What a command gave that a program has called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    /// What it would have written into standard output that is a pipe.
    pub output: Vec<u8>,
    /// The notes beside it.
    pub notes: String,
    /// Whether its exit status would have been 1 and not 0: what it looked at differs, or is not
    /// whole.
    pub differs: bool,
}

/// Why a command gave nothing.
#[derive(Debug)]
pub enum Refusal {
    /// The arguments are none that it takes, in the words of the command line.
    Arguments(String),
    /// What it was to work on is wrong.
    Input(Error),
}

/// Runs a command within a program: with arguments as on the command line, behind the name of the
/// program, and with files that are in memory only. It works in this thread and in threads of its
/// own, and says to `watch` how far it is. What `--allow-outside` allows is allowed to the whole
/// process from then on.
///
/// # Errors
/// Where the command line has exit status 2, and where a log that is verified is not as it was
/// written.
pub fn call(
    arguments: impl IntoIterator<Item = OsString>,
    files: BTreeMap<PathBuf, Given>,
    watch: &Arc<Watch>,
) -> Result<Called, Refusal> {
    let program = std::iter::once(OsString::from("detente"));
    let given = program.chain(arguments);
    let mut output = Output::kept();
    let work = || {
        let given = terminal::named::with_codes(given).map_err(Refusal::Input)?;
        let arguments = terminal::advice::parsed(given)
            .map_err(|error| Refusal::Arguments(error.to_string()))?;
        if arguments.allow_outside {
            read_outside();
        }
        run(arguments.command, &mut output).map_err(Refusal::Input)
    };
    let outcome = terminal::watch::watched(watch, || with_given(files, work))?;
    output
        .flush()
        .map_err(|error| Refusal::Input(unwritten(error)))?;
    let Kept { data, notes, found } = output.into_kept();
    match found {
        Some(error) => Err(Refusal::Input(error)),
        None => Ok(Called {
            output: data,
            notes,
            differs: outcome == Outcome::Differs,
        }),
    }
}

/// What standard input and output are, where they are files of this process.
fn standard_files() -> [Option<File>; 2] {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd;
        let (input, output) = (io::stdin(), io::stdout());
        let files = [input.as_fd(), output.as_fd()].map(|file| file.try_clone_to_owned());
        files.map(|file| file.ok().map(File::from))
    }
    #[cfg(not(unix))]
    [None, None]
}

/// Runs a command, and says what it has taken away.
fn run(command: Command, output: &mut Output) -> Result<Outcome> {
    let outcome = carry_out(command, output).map_err(history::accident::explained);
    if let Some(says) = gone() {
        output.note(&says);
    }
    outcome
}

fn carry_out(command: Command, output: &mut Output) -> Result<Outcome> {
    match command {
        Command::Replay(arguments) => history::replay::run(&arguments, output),
        Command::Run(arguments) => scenario::run::run(&arguments, output),
        Command::Compare(arguments) => scenario::compare::run(&arguments, output),
        Command::Ensemble(arguments) => scenario::ensemble::run(&arguments, output),
        Command::Merge(arguments) => scenario::merge::run(&arguments, output),
        Command::Report(arguments) => report::run(&arguments, output),
        #[cfg(feature = "explore")]
        Command::Explore(arguments) => explore::run(&arguments, output),
        #[cfg(feature = "explore")]
        Command::Play(arguments) => explore::play::run(&arguments, output),
        Command::Why(arguments) => history::why::run(&arguments, output),
        Command::Sweep(arguments) => scenario::sweep::run(&arguments, output),
        Command::Score(arguments) => scenario::score::run(&arguments, output),
        Command::Test(arguments) => scenario::test::run(&arguments, output),
        Command::New(arguments) => scenario::new::run(&arguments, output),
        Command::Log(arguments) => history::log::run(&arguments, output),
        Command::Import(arguments) => data::import::run(&arguments, output),
        Command::Index(arguments) => data::level::index::run(&arguments, output),
        Command::Fit(arguments) => data::trial::fit::run(&arguments, output),
        Command::Validate(arguments) => data::trial::validate::run(&arguments, output),
        Command::Check(arguments) => scenario::check::run(&arguments, output),
        Command::Cite(arguments) => data::cite::run(&arguments, output),
        Command::Histories(arguments) => lists::histories::run(&arguments, output),
        Command::Acts(arguments) => lists::acts::run(&arguments, output),
        Command::Actors(arguments) => lists::actors::run(&arguments, output),
        Command::Codes(arguments) => lists::codes::run(&arguments, output),
        Command::Columns(arguments) => lists::columns::run(&arguments, output),
        Command::Schema(arguments) => schema::run(&arguments, output),
        Command::Completions(arguments) => shell::completions(&arguments, output),
        Command::Man(arguments) => shell::man(&arguments, output),
    }
}

/// Whether whoever read the output has had enough.
fn is_closed_pipe(error: &Error) -> bool {
    let closed = |kind: &Kind| matches!(kind, Kind::File(BadFile::Io { error, .. }) if is_broken_pipe(error));
    error.faults().iter().all(|fault| closed(&fault.kind))
}

/// Whether an error is a closed pipe, or an error of CSV or JSON that wraps one.
fn is_broken_pipe(error: &io::Error) -> bool {
    let Some(inner) = error.get_ref() else {
        return error.kind() == ErrorKind::BrokenPipe;
    };
    if let Some(inner) = inner.downcast_ref::<csv::Error>() {
        return matches!(inner.kind(), csv::ErrorKind::Io(inner) if is_broken_pipe(inner));
    }
    if let Some(inner) = inner.downcast_ref::<serde_json::Error>() {
        return inner.io_error_kind() == Some(ErrorKind::BrokenPipe);
    }
    let inner = inner.downcast_ref::<io::Error>();
    error.kind() == ErrorKind::BrokenPipe || inner.is_some_and(is_broken_pipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn called(arguments: &[&str], files: &[(&str, &str)]) -> Result<Called, Refusal> {
        let files = files.iter().map(|(name, text)| {
            let bytes = Given::Bytes(text.as_bytes().into());
            (PathBuf::from(name), bytes)
        });
        let arguments = arguments.iter().map(OsString::from);
        call(arguments, files.collect(), &Arc::default())
    }

    #[test]
    fn a_command_that_is_called_gives_what_it_would_print() {
        let said = called(&["log", "verify"], &[]);
        let text = said.map(|said| String::from_utf8_lossy(&said.output).into_owned());
        assert!(
            text.is_ok_and(|text| text.starts_with("the recorded history: 12 events as written"))
        );
    }

    #[test]
    fn what_is_wrong_with_a_file_in_memory_is_told_with_its_place() {
        let model = [("<model>", "{\"gain\": 1,\n \"half_life\": 3}")];
        let Err(Refusal::Input(error)) = called(&["replay", "--model", "<model>"], &model) else {
            panic!("half_life is no parameter");
        };
        let found = &diagnostics(&error)[0];
        assert_eq!(found.file.as_deref(), Some("<model>"));
        assert_eq!((found.line, found.column), (Some(2), Some(2)));
    }

    #[test]
    fn a_log_that_is_not_as_it_was_written_is_an_error_for_whoever_called() {
        let log = crate::history::RECORDED;
        let log = String::from_utf8_lossy(log).replace("Crimea", "crimea");
        let said = called(&["log", "verify", "<log>"], &[("<log>", &log)]);
        assert!(matches!(said, Err(Refusal::Input(_))));
    }

    #[test]
    fn arguments_that_no_command_takes_are_told_in_words() {
        let said = called(&["replay", "--dyad", "RUS-"], &[]);
        assert!(matches!(said, Err(Refusal::Arguments(says)) if says.contains("--dyad")));
    }
}
