//! `detente completions` and `detente man`: what shells and `man` read, made of the same arguments
//! that are parsed.

use super::args::{Arguments, Completions, Man};
use super::terminal::output::{Outcome, Output, unwritten};
use crate::error::{BadOption, Result};
use crate::model::nearest;
use clap::CommandFactory;
use clap_complete::Generator;

const PROGRAM: &str = "detente";

pub(crate) fn completions(arguments: &Completions, output: &mut Output) -> Result<Outcome> {
    let mut command = Arguments::command();
    command.set_bin_name(PROGRAM);
    command.build();
    let generated = arguments.shell.try_generate(&command, output);
    generated.map_err(unwritten)?;
    Ok(Outcome::Fine)
}

pub(crate) fn man(arguments: &Man, output: &mut Output) -> Result<Outcome> {
    let mut command = Arguments::command();
    command.build();
    let mut name = PROGRAM.to_owned();
    for word in &arguments.command {
        let known: Vec<_> = command.get_subcommands().cloned().collect();
        let names = || known.iter().map(clap::Command::get_name);
        let Some(found) = known.iter().find(|it| it.get_name() == word) else {
            let near = nearest(word, names()).map(str::to_owned);
            let found = word.clone();
            return Err(BadOption::UnknownCommand { found, near }.into());
        };
        name = format!("{name}-{word}");
        command = found.clone();
    }
    let page = clap_mangen::Man::new(command.name(name));
    page.render(output).map_err(unwritten)?;
    Ok(Outcome::Fine)
}
