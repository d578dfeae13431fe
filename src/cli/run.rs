//! `detente run`: scenarios, each as a story.

use super::args::{DocumentFormat, Run};
use super::input;
use super::output::{Outcome, Output};
use crate::error::{Error, Kind, Result};
use crate::scenario::branch_log;
use crate::store;
use crate::view::{BranchStory, Follow};

pub(crate) fn run(arguments: &Run, output: &mut Output) -> Result<Outcome> {
    if arguments.log.is_some() && arguments.scenarios.len() > 1 {
        return Err(Kind::OneAtATime { option: "--log" }.into());
    }
    let follow = match &arguments.dyad[..] {
        [] if arguments.all_dyads || arguments.format == DocumentFormat::Json => Follow::All,
        [] => Follow::Busiest,
        these => Follow::These(these.to_vec()),
    };
    // All are checked before anything runs.
    let scenarios = input::scenarios(&arguments.scenarios)?;
    for (place, scenario) in scenarios.iter().enumerate() {
        let story = BranchStory::new(scenario, &follow)?;
        if let Some(path) = &arguments.log {
            let bytes = branch_log(scenario)?;
            if bytes.is_empty() {
                return Err(Error::from(Kind::NoEvents).in_file(&scenario.name));
            }
            store::write_new(path, &bytes)?;
            output.note(&format!("note: the branch was saved as {}", path.display()));
        }
        if place > 0 {
            output.line("")?;
        }
        match arguments.format {
            DocumentFormat::Json => output.json(&story.document())?,
            DocumentFormat::Table => output.print(story.text(output.look()))?,
        }
    }
    Ok(Outcome::Fine)
}
