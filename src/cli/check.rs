//! `detente check`: every mistake of every log at once.

use super::args::Check;
use super::output::Output;
use super::progress::Watched;
use super::{Outcome, input, unwritten};
use crate::error::{Error, Fault, Result};
use crate::history::{FAULT_LIMIT, Register};
use std::collections::HashSet;
use std::io::Write;

pub(crate) fn run(arguments: &Check, output: &mut Output) -> Result<Outcome> {
    let mut faults: Vec<Fault> = Vec::new();
    for name in &arguments.logs {
        match check(name) {
            Ok(events) => output.line(&format!("{name}: {events} events, every one legal"))?,
            Err(error) => faults.extend(error.into_faults()),
        }
    }
    output.flush().map_err(unwritten)?;
    Error::check(faults, FAULT_LIMIT)?;
    Ok(Outcome::Fine)
}

fn check(name: &str) -> Result<u64> {
    let input = input::log(name)?;
    let source = Watched::new(&input.log, "checking");
    let audit = || {
        let register = Register::read(&source, true, &HashSet::new())?;
        register.audit(&source)?;
        Ok(register.survey().events)
    };
    audit().map_err(|error: Error| error.in_file(&input.name))
}
