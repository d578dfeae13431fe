//! The command line: arguments in, output and exit status out. Nothing else prints, exits or reads a clock.

mod args;

mod terminal;

mod data;
mod history;
mod lists;
mod schema;

mod scenario;

mod report;

#[cfg(feature = "explore")]
mod explore;

use crate::error::{BadFile, Kind, Result};
use crate::store::{protect_what_is_read, read_outside};
use args::{Arguments, Command};
use clap::Parser;
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::process::ExitCode;
use terminal::output::{Outcome, Output, unwritten};

/// Runs the command that the arguments of this process ask for.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
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

/// What standard input and output are, where they are files of this process.
fn standard_files() -> [Option<File>; 2] {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd;
        let (input, output) = (std::io::stdin(), std::io::stdout());
        let files = [input.as_fd(), output.as_fd()].map(|file| file.try_clone_to_owned());
        files.map(|file| file.ok().map(File::from))
    }
    #[cfg(not(unix))]
    [None, None]
}

fn run(command: Command, output: &mut Output) -> Result<Outcome> {
    match command {
        Command::Replay(arguments) => history::replay::run(&arguments, output),
        Command::Run(arguments) => scenario::run::run(&arguments, output),
        Command::Compare(arguments) => scenario::compare::run(&arguments, output),
        Command::Ensemble(arguments) => scenario::ensemble::run(&arguments, output),
        Command::Merge(arguments) => scenario::merge::run(&arguments, output),
        Command::Report(arguments) => report::run(&arguments, output),
        #[cfg(feature = "explore")]
        Command::Explore(arguments) => explore::run(&arguments, output),
        Command::Why(arguments) => history::why::run(&arguments, output),
        Command::Sweep(arguments) => scenario::sweep::run(&arguments, output),
        Command::Test(arguments) => scenario::test::run(&arguments, output),
        Command::New(arguments) => scenario::new::run(&arguments, output),
        Command::Log(arguments) => history::log::run(&arguments, output),
        Command::Import(arguments) => data::import::run(&arguments, output),
        Command::Index(arguments) => data::index::run(&arguments, output),
        Command::Fit(arguments) => data::fit::run(&arguments, output),
        Command::Validate(arguments) => data::validate::run(&arguments, output),
        Command::Check(arguments) => scenario::check::run(&arguments, output),
        Command::Histories(arguments) => lists::histories::run(&arguments, output),
        Command::Acts(arguments) => lists::acts::run(&arguments, output),
        Command::Actors(arguments) => lists::actors::run(&arguments, output),
        Command::Codes(arguments) => lists::codes::run(&arguments, output),
        Command::Schema(arguments) => schema::run(&arguments, output),
    }
}

/// Whether whoever read the output has had enough.
fn is_closed_pipe(error: &crate::error::Error) -> bool {
    let closed = |kind: &Kind| matches!(kind, Kind::File(BadFile::Io { error, .. }) if error.kind() == ErrorKind::BrokenPipe);
    error.faults().iter().all(|fault| closed(&fault.kind))
}
