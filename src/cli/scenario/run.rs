//! `detente run`: scenarios, each as a story.

use crate::cli::args::{DocumentFormat, Run};
use crate::cli::terminal::input;
use crate::cli::terminal::listed::{self, Listed, Taker};
use crate::cli::terminal::output::{Outcome, Output};
use crate::error::{BadLog, BadOption, Error, Result};
use crate::model::{Model, Preset};
use crate::scenario::branch_lines;
use crate::store::{Replace, WholeFile};
use crate::view::{BranchStory, EventRow, Follow, event_row, model_label};
use std::cell::RefCell;

pub(crate) fn run(arguments: &Run, output: &mut Output) -> Result<Outcome> {
    if arguments.log.is_some() && arguments.scenarios.len() > 1 {
        return Err(BadOption::OneAtATime { option: "--log" }.into());
    }
    let follow = match &arguments.dyad[..] {
        [] if arguments.all_dyads || arguments.format == DocumentFormat::Json => Follow::All,
        [] => Follow::Busiest,
        these => Follow::These(these.to_vec()),
    };
    // All are checked before anything runs.
    let scenarios = input::scenarios(&arguments.scenarios, output)?;
    output.call(scenarios.iter().map(|scenario| &scenario.base.names));
    for (place, scenario) in scenarios.iter().enumerate() {
        let luck = input::luck(arguments.luck, scenario);
        input::note_no_chance(arguments.luck, scenario, output);
        let story = BranchStory::new(scenario, luck, &follow)?;
        if let Some(path) = &arguments.log {
            let mut file = WholeFile::create(path, Replace::Never)?;
            let events = branch_lines(scenario, luck, |line| file.put(line))?;
            if events == 0 {
                let until = scenario.until;
                let nothing = BadLog::NothingHappens { until };
                return Err(Error::from(nothing).in_file(&scenario.name));
            }
            file.finish()?;
            let model = label_options(story.model());
            output.note(&format!(
                "note: the branch was saved as {}{model}",
                path.display()
            ));
        }
        if place > 0 {
            output.line("")?;
        }
        match arguments.format {
            DocumentFormat::Json => {
                let failed = RefCell::default();
                let events =
                    |take: &mut Taker<'_, EventRow>| story.tell(|scene| take(&event_row(scene)));
                let events = Listed::new(events, &failed);
                listed::print(&story.document(events), &failed, output)?;
            }
            DocumentFormat::Table => {
                story.text(output.look(), |piece| output.print(piece))?;
            }
        }
    }
    Ok(Outcome::Fine)
}

/// How to replay a branch under the model that it was run with, where that is not the default.
fn label_options(model: &Model) -> String {
    let label = model_label(model);
    let mut parts = label.split("; ");
    let preset = parts
        .next()
        .filter(|preset| *preset != Preset::default().name());
    let preset = preset.map(|preset| format!(" --model {preset}"));
    let set = parts.map(|part| format!(" --set {part}"));
    let options: String = preset.into_iter().chain(set).collect();
    if options.is_empty() {
        options
    } else {
        format!("; `detente replay` shows the same numbers with{options}")
    }
}
