//! A scenario's branch as a story: its events by their fate, how things stand at its end, its answers.

use super::conditions::{conditions, model_label};
use super::rows::TransitionRow;
use super::standing::Standings;
use super::table::{Look, Mark, Scene, standings_text, story_table};
use crate::error::{Error, Kind, Result};
use crate::model::{Day, Dyad, DyadIx, Settings};
use crate::scenario::{Answer, Entry, Fate, Run, Scenario, run};
use crate::text::{abridged, count, cut, shown};
use serde::Serialize;
use std::collections::BTreeMap;

/// Which dyads of a branch are followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Follow {
    /// The one that is moved most often; of several, the first in the alphabet.
    Busiest,
    /// Every one.
    All,
    /// These.
    These(Vec<Dyad>),
}

/// A branch that was run, to be told.
#[derive(Debug)]
pub struct BranchStory<'a> {
    scenario: &'a Scenario,
    run: Run,
    scenes: Vec<Scene>,
    dyads: Vec<DyadIx>,
}

impl<'a> BranchStory<'a> {
    /// Runs a scenario and follows some dyads in it.
    ///
    /// # Errors
    /// When a dyad is asked for that nothing moves.
    pub fn new(scenario: &'a Scenario, follow: &Follow) -> Result<Self> {
        let label = model_label(&scenario.model);
        let mut scenes: Vec<Scene> = Vec::new();
        let run = run(scenario, |entry, told| {
            let rows = told.iter().flat_map(|told| {
                let row = |transition| {
                    TransitionRow::new(told.record, transition, told.world, told.state, &label)
                };
                told.transitions.iter().map(row)
            });
            let (mark, remark) = mark(entry);
            scenes.push(Scene {
                record: entry.record.clone(),
                rows: rows.collect(),
                mark: Some(mark),
                remark,
            });
            Ok(())
        })?;
        let mut story = Self {
            scenario,
            run,
            scenes,
            dyads: Vec::new(),
        };
        story.follow(follow)?;
        Ok(story)
    }

    fn follow(&mut self, follow: &Follow) -> Result<()> {
        let all = self.run.folded.world.dyads();
        let wanted = match follow {
            Follow::All => all.iter().map(|(dyad, _)| *dyad).collect(),
            Follow::These(these) => these.clone(),
            Follow::Busiest => self.busiest().into_iter().collect(),
        };
        for wanted in &wanted {
            if !all.iter().any(|(dyad, _)| dyad == wanted) {
                let known = all.iter().map(|(dyad, _)| dyad.to_string()).collect();
                let unknown = Kind::UnknownDyad {
                    dyad: wanted.to_string(),
                    known,
                };
                return Err(Error::from(unknown).in_file(&self.scenario.name));
            }
        }
        let chosen = all.into_iter().filter(|(dyad, _)| wanted.contains(dyad));
        self.dyads = chosen.map(|(_, index)| index).collect();
        for scene in &mut self.scenes {
            scene.rows.retain(|row| wanted.contains(&row.dyad));
        }
        // A pair that only a dropped event would have moved is among all of them too.
        let concerns = |scene: &Scene| {
            *follow == Follow::All || wanted.iter().any(|dyad| scene.record.touches(*dyad))
        };
        self.scenes
            .retain(|scene| !scene.rows.is_empty() || concerns(scene));
        Ok(())
    }

    /// The dyad that the scenario's edits concern most often, or else the whole branch; of several, the first in
    /// the alphabet.
    fn busiest(&self) -> Option<Dyad> {
        let all = || {
            self.run
                .folded
                .world
                .dyads()
                .into_iter()
                .map(|(dyad, _)| dyad)
        };
        let is_edited = |scene: &&Scene| !matches!(scene.mark, Some(Mark::Shared | Mark::Kept));
        let edits = |dyad: &Dyad| {
            let scenes = self.scenes.iter().filter(is_edited);
            scenes.filter(|scene| scene.record.touches(*dyad)).count()
        };
        let moves = |dyad: &Dyad| {
            let rows = self.scenes.iter().flat_map(|scene| &scene.rows);
            rows.filter(|row| row.dyad == *dyad).count()
        };
        all().rev().max_by_key(|dyad| (edits(dyad), moves(dyad)))
    }

    /// The dyads that are not followed.
    fn others(&self) -> Vec<String> {
        let all = self.run.folded.world.dyads().into_iter();
        let others = all.filter(|(_, index)| !self.dyads.contains(index));
        others.map(|(dyad, _)| dyad.to_string()).collect()
    }

    fn standings(&self) -> Standings {
        Standings::new(&self.run.folded, &self.dyads, &self.scenario.model)
    }

    /// The story for people.
    #[must_use]
    pub fn text(&self, look: Look) -> String {
        let scenario = self.scenario;
        let several = self.dyads.len() != 1;
        let mut text = format!(
            "{}\n{}\nAt the end, on {}:\n\n{}",
            heading(scenario),
            story_table(&self.scenes, several, scenario.model.saturation(), look),
            scenario.until,
            standings_text(&self.standings(), look)
        );
        if !self.run.answers.is_empty() {
            text.push_str("\n outcomes\n");
        }
        for (id, answer) in &self.run.answers {
            let first = answer
                .first_on
                .map_or_else(String::new, |day| format!(", first on {day}"));
            let holds = if answer.holds { "yes" } else { "no " };
            text.extend([" ", holds, " ", &shown(id), &first, "\n"]);
        }
        let others = self.others();
        if !others.is_empty() {
            text.extend(["\nOther dyads: ", &abridged(&others), ".\n"]);
            text.push_str("See one with --dyad, all with --all-dyads.\n");
        }
        text
    }

    /// Everything, for other programs.
    #[must_use]
    pub fn document(&self) -> Document {
        let scenario = self.scenario;
        let events = self.scenes.iter().map(|scene| EventRow {
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
            state: self.standings(),
            outcomes: self.run.answers.iter().cloned().collect(),
        }
    }
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

fn heading(scenario: &Scenario) -> String {
    let number = |wanted: Mark| {
        let marks = scenario.entries.iter().map(|entry| mark(entry).0);
        marks.filter(|mark| *mark == wanted).count() as u64
    };
    let shared = count(number(Mark::Shared), "event");
    let others = [
        Mark::Kept,
        Mark::Dropped,
        Mark::Shifted,
        Mark::Replaced,
        Mark::Inserted,
    ];
    let told = others.into_iter().filter(|mark| number(*mark) > 0);
    let told: Vec<_> = told
        .map(|mark| format!(", {} {}", number(mark), mark.name()))
        .collect();
    let note = scenario
        .note
        .as_ref()
        .map_or_else(String::new, |note| format!("{}\n", shown(note)));
    format!(
        "{}\n{note}{} on {}: {shared} shared{}, until {}\n{}",
        cut(&shown(&scenario.title), 300),
        shown(&scenario.name),
        shown(&scenario.base.name),
        told.concat(),
        scenario.until,
        conditions(&scenario.model)
    )
}

/// A run as JSON.
#[derive(Clone, Debug, Serialize)]
pub struct Document {
    detente: &'static str,
    scenario: Named,
    model: Settings,
    events: Vec<EventRow>,
    state: Standings,
    outcomes: BTreeMap<String, Answer>,
}

/// Which scenario, on which base.
#[derive(Clone, Debug, Serialize)]
struct Named {
    title: String,
    name: String,
    digest: String,
    base: String,
    base_head: String,
}

/// An event, what the scenario makes of it, and what it did.
#[derive(Clone, Debug, Serialize)]
struct EventRow {
    id: String,
    date: Day,
    fate: &'static str,
    remark: Option<String>,
    title: Option<String>,
    transitions: Vec<TransitionRow>,
}
