//! `detente run`: a scenario's branch as a story, how things stand at its end, and the answers to its questions.

use super::args::{DocumentFormat, Run};
use super::output::{Outcome, Output};
use crate::error::{Kind, Result};
use crate::history::Folded;
use crate::model::{Dyad, DyadIx, Settings};
use crate::scenario::{self, Entry, Fate, Scenario, branch_log};
use crate::store;
use crate::text::{cut, shown};
use crate::view::{
    Mark, Scene, Standings, TransitionRow, conditions, model_label, standings_text, story_table,
};
use serde::Serialize;
use std::collections::BTreeMap;

pub(crate) fn run(arguments: &Run, output: &mut Output) -> Result<Outcome> {
    if arguments.log.is_some() && arguments.scenarios.len() > 1 {
        return Err(Kind::OneAtATime { option: "--log" }.into());
    }
    // All are checked before anything runs.
    let scenarios = arguments.scenarios.iter().map(|path| store::scenario(path));
    let scenarios: Vec<_> = scenarios.collect::<Result<_>>()?;
    for (place, scenario) in scenarios.iter().enumerate() {
        if let Some(path) = &arguments.log {
            store::write_new(path, &branch_log(scenario)?)?;
            output.note(&format!("note: the branch was saved as {}", path.display()));
        }
        if place > 0 {
            output.line("")?;
        }
        one(arguments, scenario, output)?;
    }
    Ok(Outcome::Fine)
}

fn one(arguments: &Run, scenario: &Scenario, output: &mut Output) -> Result<()> {
    let label = model_label(&scenario.model);
    let mut scenes: Vec<Scene> = Vec::new();
    let run = scenario::run(scenario, |entry, told| {
        let rows = told.map_or_else(Vec::new, |told| {
            let transitions = told.transitions.iter();
            transitions
                .map(|transition| {
                    TransitionRow::new(told.record, transition, told.world, told.state, &label)
                })
                .collect()
        });
        let (mark, remark) = mark(entry);
        scenes.push(Scene {
            record: entry.record.clone(),
            rows,
            mark: Some(mark),
            remark,
        });
        Ok(())
    })?;
    let dyads = followed(arguments, scenario, &run.folded, &scenes)?;
    let names: Vec<_> = dyads
        .iter()
        .map(|&dyad| run.folded.world.dyad(dyad))
        .collect();
    for scene in &mut scenes {
        scene.rows.retain(|row| names.contains(&row.dyad));
    }
    let standings = Standings::new(&run.folded, &dyads, &scenario.model);
    if arguments.format == DocumentFormat::Json {
        return output.json(&document(scenario, &scenes, standings, &run.answers));
    }
    output.print(heading(scenario))?;
    output.line("")?;
    let several = names.len() != 1;
    output.print(story_table(
        &scenes,
        several,
        scenario.model.saturation(),
        output.look(),
    ))?;
    output.line("")?;
    output.line(&format!("At the end, on {}:", scenario.until))?;
    output.line("")?;
    output.print(standings_text(&standings, output.look()))?;
    if !run.answers.is_empty() {
        output.line("")?;
        output.line(" outcomes")?;
        for (id, holds) in &run.answers {
            output.line(&format!(
                " {} {}",
                if *holds { "yes" } else { "no " },
                shown(id)
            ))?;
        }
    }
    Ok(())
}

/// The sign of an event's fate, and what to say of it.
fn mark(entry: &Entry) -> (Mark, Option<String>) {
    match &entry.fate {
        Fate::Shared => (Mark::Shared, None),
        Fate::Kept => (Mark::Kept, None),
        Fate::Dropped(why) => {
            let why = why
                .as_ref()
                .map_or_else(String::new, |why| format!(": {why}"));
            (Mark::Dropped, Some(format!("does not happen{why}")))
        }
        Fate::Shifted(from) => (Mark::Shifted, Some(format!("shifted from {from}"))),
        Fate::Replaced => (
            Mark::Replaced,
            Some("hypothetical, in the place of the recorded event".to_owned()),
        ),
        Fate::Inserted => (Mark::Inserted, Some("hypothetical".to_owned())),
    }
}

/// The dyads asked for, or else all or the busiest of the branch.
fn followed(
    arguments: &Run,
    scenario: &Scenario,
    folded: &Folded,
    scenes: &[Scene],
) -> Result<Vec<DyadIx>> {
    let all = folded.world.dyads();
    for wanted in &arguments.dyad {
        if !all.iter().any(|(dyad, _)| dyad == wanted) {
            let known = all.iter().map(|(dyad, _)| dyad.to_string()).collect();
            let unknown = Kind::UnknownDyad {
                dyad: wanted.to_string(),
                known,
            };
            return Err(crate::error::Error::from(unknown).in_file(&scenario.name));
        }
    }
    let mut moved: BTreeMap<Dyad, u64> = BTreeMap::new();
    for row in scenes.iter().flat_map(|scene| &scene.rows) {
        *moved.entry(row.dyad).or_default() += 1;
    }
    let busiest = moved
        .iter()
        .rev()
        .max_by_key(|(_, count)| **count)
        .map(|(dyad, _)| *dyad);
    let shows_all = arguments.all_dyads || arguments.format == DocumentFormat::Json;
    let is_followed = |dyad: &Dyad| {
        if arguments.dyad.is_empty() {
            shows_all || busiest.as_ref() == Some(dyad)
        } else {
            arguments.dyad.contains(dyad)
        }
    };
    let chosen = all.into_iter().filter(|(dyad, _)| is_followed(dyad));
    Ok(chosen.map(|(_, index)| index).collect())
}

fn heading(scenario: &Scenario) -> String {
    let count = |is: fn(&Fate) -> bool| {
        scenario
            .entries
            .iter()
            .filter(|entry| is(&entry.fate))
            .count()
    };
    let shared = count(|fate| *fate == Fate::Shared);
    let own = count(|fate| !fate.is_of_base());
    let dropped = count(|fate| !fate.happens());
    let note = scenario
        .note
        .as_ref()
        .map_or_else(String::new, |note| format!("{}\n", shown(note)));
    format!(
        "{}\n{note}{} on {}: {shared} events shared, {dropped} dropped, {own} of its own, until {}\n{}",
        cut(&shown(&scenario.title), 300),
        shown(&scenario.name),
        shown(&scenario.base.name),
        scenario.until,
        conditions(&scenario.model)
    )
}

/// A run as JSON.
#[derive(Serialize)]
struct Document {
    detente: &'static str,
    scenario: Named,
    model: Settings,
    events: Vec<EventRow>,
    state: Standings,
    outcomes: BTreeMap<String, bool>,
}

/// Which scenario, on which base.
#[derive(Serialize)]
struct Named {
    title: String,
    name: String,
    digest: String,
    base: String,
    base_head: String,
}

/// An event, what the scenario makes of it, and what it did.
#[derive(Serialize)]
struct EventRow {
    id: String,
    date: crate::model::Day,
    fate: &'static str,
    remark: Option<String>,
    title: Option<String>,
    transitions: Vec<TransitionRow>,
}

fn document(
    scenario: &Scenario,
    scenes: &[Scene],
    state: Standings,
    answers: &[(String, bool)],
) -> Document {
    let events = scenes.iter().map(|scene| EventRow {
        id: scene.record.id().to_owned(),
        date: scene.record.date(),
        fate: scene.mark.map_or("kept", Mark::name),
        remark: scene.remark.clone(),
        title: scene.record.fields().title.clone(),
        transitions: scene.rows.clone(),
    });
    Document {
        detente: env!("CARGO_PKG_VERSION"),
        scenario: Named {
            title: scenario.title.clone(),
            name: scenario.name.clone(),
            digest: scenario.digest.clone(),
            base: scenario.base.name.clone(),
            base_head: scenario.base.head.to_string(),
        },
        model: Settings::of(&scenario.model),
        events: events.collect(),
        state,
        outcomes: answers.iter().cloned().collect(),
    }
}
