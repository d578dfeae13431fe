//! A scenario's branch as a story: its events by their fate, how things stand at its end, its
//! answers.

use crate::error::{BadQuestion, Error, Result};
use crate::history::{Folded, Record};
use crate::model::{Day, Dyad, DyadIx, Model, Settings};
use crate::scenario::{Answer, By, Fate, Happening, Luck, Missed, Run, Scenario, run};
use crate::text::{abridged, count, cut, shown};
use crate::view::rows::conditions::{conditions, model_label};
use crate::view::rows::standing::Standings;
use crate::view::rows::transition::TransitionRow;
use crate::view::text::table::{
    Look, Mark, Scene, TABLE_ROWS, paragraph, standings_text, story_table,
};
use crate::view::text::what_if::scenes::{Gathering, Scenes};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

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

/// A branch that was run, to be told: its events are not held, but played again where they are
/// told.
#[derive(Debug)]
pub struct BranchStory<'a> {
    scenario: &'a Scenario,
    luck: Luck,
    run: Run,
    dyads: Vec<DyadIx>,
    /// The dyads that are followed.
    followed: BTreeSet<Dyad>,
    /// Whether all of it is followed, down to what moves no dyad.
    is_all: bool,
    /// How many events there are of each mark, in the order of [`Mark::ALL`].
    marked: [u64; Mark::ALL.len()],
}

/// How often the edits of a scenario concern a dyad, and how often anything moves it.
type Traffic = BTreeMap<Dyad, (u64, u64)>;

impl<'a> BranchStory<'a> {
    /// Runs a scenario and follows some dyads in it.
    ///
    /// # Errors
    /// When rules cause more than they may, or when a dyad is asked for that nothing moves.
    pub fn new(scenario: &'a Scenario, luck: Luck, follow: &Follow) -> Result<Self> {
        let mut marked = [0; Mark::ALL.len()];
        let mut traffic = Traffic::new();
        let mut edited: Vec<Record> = Vec::new();
        let run = run(scenario, luck, |happening, told| {
            let (mark, _) = mark(scenario, happening);
            if let Some(place) = Mark::ALL.iter().position(|other| *other == mark) {
                marked[place] += 1;
            }
            if !matches!(mark, Mark::Shared | Mark::Kept) {
                edited.push(happening.record().into_owned());
            }
            if let Some(told) = told {
                for transition in told.transitions {
                    let dyad = told.world.dyad(transition.step.dyad);
                    traffic.entry(dyad).or_default().1 += 1;
                }
            }
            Ok(())
        })
        .map_err(|error| error.in_file(&scenario.name))?;
        for (dyad, (edits, _)) in &mut traffic {
            *edits = edited.iter().filter(|it| it.touches(*dyad)).count() as u64;
        }
        let mut story = Self {
            scenario,
            luck,
            run,
            marked,
            dyads: Vec::new(),
            followed: BTreeSet::new(),
            is_all: *follow == Follow::All,
        };
        story.follow(follow, &traffic)?;
        Ok(story)
    }

    fn follow(&mut self, follow: &Follow, traffic: &Traffic) -> Result<()> {
        let all = self.moved();
        self.followed = match follow {
            Follow::All => all.iter().map(|(dyad, _)| *dyad).collect(),
            Follow::These(these) => these.iter().copied().collect(),
            // The dyad that the scenario's edits concern most often, or else the whole branch; of
            // several, the first in the alphabet.
            Follow::Busiest => {
                let dyads = all.iter().map(|(dyad, _)| *dyad).rev();
                dyads
                    .max_by_key(|dyad| traffic.get(dyad).copied().unwrap_or_default())
                    .into_iter()
                    .collect()
            }
        };
        for wanted in &self.followed {
            if !all.iter().any(|(dyad, _)| dyad == wanted) {
                let known = all.iter().map(|(dyad, _)| dyad.to_string()).collect();
                let unknown = BadQuestion::UnknownDyad {
                    dyad: wanted.to_string(),
                    known,
                };
                return Err(Error::from(unknown).in_file(&self.scenario.name));
            }
        }
        let chosen = all
            .into_iter()
            .filter(|(dyad, _)| self.followed.contains(dyad));
        self.dyads = chosen.map(|(_, index)| index).collect();
        Ok(())
    }

    /// Tells the events that concern what is followed, those too that do not happen.
    ///
    /// # Errors
    /// What `each` says.
    pub fn tell(&self, mut each: impl FnMut(Scene) -> Result<()>) -> Result<()> {
        self.tell_to(&mut each)
    }

    // Compiled once for whoever is told.
    fn tell_to(&self, each: &mut dyn FnMut(Scene) -> Result<()>) -> Result<()> {
        let label = model_label(&self.run.model);
        run(self.scenario, self.luck, |happening, told| {
            let rows = told.iter().flat_map(|told| {
                let followed = told.transitions.iter().filter(|transition| {
                    self.followed
                        .contains(&told.world.dyad(transition.step.dyad))
                });
                followed.map(|transition| {
                    TransitionRow::new(told.record, transition, told.world, told.state, &label)
                })
            });
            let rows: Vec<_> = rows.collect();
            let record = happening.record();
            // A pair that only a dropped event would have moved is among all of them too.
            let concerns = || self.followed.iter().any(|dyad| record.touches(*dyad));
            if rows.is_empty() && !self.is_all && !concerns() {
                return Ok(());
            }
            let (mark, remark) = mark(self.scenario, happening);
            let record = record.into_owned();
            each(Scene {
                record,
                rows,
                mark: Some(mark),
                remark,
            })
        })
        .map_err(|error| error.in_file(&self.scenario.name))?;
        Ok(())
    }

    /// The model of the run, with the uncertain parameters as they were drawn.
    #[must_use]
    pub const fn model(&self) -> &Model {
        &self.run.model
    }

    /// The answers to the scenario's questions.
    #[must_use]
    pub fn answers(&self) -> &[(String, Answer)] {
        &self.run.answers
    }

    /// The dyads that something moved, in alphabetical order.
    fn moved(&self) -> Vec<(Dyad, DyadIx)> {
        let Folded { world, state, .. } = &self.run.folded;
        let is_moved = |(_, dyad): &(Dyad, DyadIx)| state.relation(*dyad).valid_for.is_some();
        world.dyads().into_iter().filter(is_moved).collect()
    }

    /// The dyads that are not followed.
    fn others(&self) -> Vec<String> {
        let all = self.moved().into_iter();
        let others = all.filter(|(_, index)| !self.dyads.contains(index));
        others.map(|(dyad, _)| dyad.to_string()).collect()
    }

    fn standings(&self) -> Standings {
        Standings::new(&self.run.folded, &self.dyads, &self.run.model)
    }

    /// The story for people, handed out piece by piece. Of very many events the table begins again
    /// every so many.
    ///
    /// # Errors
    /// As [`BranchStory::tell`], or what `each` says.
    pub fn text(&self, look: Look, mut each: impl FnMut(String) -> Result<()>) -> Result<()> {
        let scenario = self.scenario;
        let several = self.dyads.len() != 1;
        let mut scenes = Vec::new();
        let mut is_begun = false;
        let mut said = |text: &str| each(look.names.said(text));
        let table = |scenes: &mut Vec<Scene>| {
            let table = story_table(scenes, several, scenario.model.saturation(), look);
            scenes.clear();
            table
        };
        said(&(self.heading(look) + "\n"))?;
        self.tell(|scene| {
            scenes.push(scene);
            if scenes.len() == TABLE_ROWS {
                is_begun = true;
                said(&table(&mut scenes))?;
            }
            Ok(())
        })?;
        if !is_begun || !scenes.is_empty() {
            said(&table(&mut scenes))?;
        }
        let standings = standings_text(&self.standings(), look);
        let mut text = String::new();
        text += "\nAt the end, on ";
        text += &scenario.until.to_string();
        text += ":\n\n";
        text += &standings;
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
        said(&text)
    }

    fn heading(&self, look: Look) -> String {
        let scenario = self.scenario;
        let numbers = Mark::ALL.into_iter().zip(self.marked);
        let told = numbers.filter(|(mark, number)| *mark == Mark::Shared || *number > 0);
        let told: Vec<_> = told
            .map(|(mark, number)| match mark {
                Mark::Shared => format!("{} {}", count(number, "event"), mark.name()),
                Mark::Reaction => count(number, "reaction"),
                _ => format!("{number} {}", mark.name()),
            })
            .collect();
        let note = scenario
            .note
            .as_ref()
            .map_or_else(String::new, |note| paragraph(&shown(note), look));
        format!(
            "{}{note}{} on {}: {}, until {}\n{}{}",
            paragraph(&cut(&shown(&scenario.title), 300), look),
            shown(&scenario.name),
            shown(&scenario.base.name),
            told.join(", "),
            scenario.until,
            self.drawn(),
            conditions(&self.run.model)
        )
    }

    /// The run and what was drawn in it, if there is chance in the scenario.
    fn drawn(&self) -> String {
        if !self.scenario.hazards.are_there() {
            return String::new();
        }
        let Luck { seed, run } = self.run.luck;
        let chance = self.run.drawn.chance.iter().map(|(id, option)| {
            let went = option.as_ref().map_or("not drawn", String::as_str);
            format!("{}: {}", shown(id), cut(&shown(went), 80))
        });
        let uncertain = self.run.drawn.uncertain.iter();
        let uncertain = uncertain.map(|(name, value)| format!("{} {value}", shown(name)));
        let drawn: Vec<_> = chance.chain(uncertain).collect();
        let drawn = if drawn.is_empty() {
            String::new()
        } else {
            format!("; {}", drawn.join("; "))
        };
        format!("Run {run} of seed {seed}{drawn}\n")
    }

    /// Everything, for other programs. `events` lists its events, each an
    /// [`event_row`].
    #[must_use]
    pub fn document<L: Serialize>(&self, events: L) -> Document<L> {
        let scenario = self.scenario;
        Document {
            detente: env!("CARGO_PKG_VERSION"),
            scenario: Named {
                title: scenario.title.clone(),
                name: scenario.name.clone(),
                digest: scenario.digest.clone(),
                base: scenario.base.name.clone(),
                base_head: scenario.base.head.to_string(),
                base_scenarios: scenario
                    .base
                    .lineage
                    .iter()
                    .map(|base| base.digest.clone())
                    .collect(),
            },
            luck: scenario.hazards.are_there().then(|| LuckRow {
                seed: self.run.luck.seed,
                run: self.run.luck.run,
                chance: self.run.drawn.chance.iter().cloned().collect(),
                uncertain: self.run.drawn.uncertain.iter().cloned().collect(),
            }),
            model: Settings::of(&self.run.model),
            events,
            state: self.standings(),
            outcomes: self.run.answers.iter().cloned().collect(),
        }
    }
}

/// Plays a scenario: its events, and what the run gave.
///
/// # Errors
/// When rules cause more than they may.
pub fn scenes(scenario: &Scenario, luck: Luck) -> Result<(Scenes, Run)> {
    let mut scenes = Gathering::default();
    let run = run(scenario, luck, |happening, told| {
        let moved = told.iter().flat_map(|told| {
            let steps = told.transitions.iter().map(|transition| &transition.step);
            steps.map(|step| told.world.dyad(step.dyad))
        });
        scenes.push(happening, mark(scenario, happening), moved);
        Ok(())
    });
    let run = run.map_err(|error| error.in_file(&scenario.name))?;
    Ok((scenes.finish(scenario), run))
}

/// A scene as a row of a document.
#[must_use]
pub fn event_row(scene: Scene) -> EventRow {
    EventRow {
        id: scene.record.id().to_owned(),
        date: scene.record.date(),
        fate: scene.mark.map_or("kept", Mark::name),
        remark: scene.remark,
        title: scene.record.fields().title.clone(),
        transitions: scene.rows,
    }
}

/// The sign of an event, and what to say of it.
fn mark(scenario: &Scenario, happening: &Happening<'_>) -> (Mark, Option<String>) {
    let entry = match happening.by {
        By::Entry(place) => place.entry(),
        By::Rule(rule) => {
            let id = shown(&scenario.hazards[rule].written.id);
            let remark = |what: &str| Some(format!("{what} by the rule {id}"));
            return match happening.missed {
                None if happening.is_shared(scenario) => (Mark::Shared, remark("hypothetical,")),
                None => (Mark::Reaction, remark("hypothetical,")),
                Some(Missed::Illegal(rejection)) => {
                    let says = format!(
                        "would be illegal: {}; wanted",
                        happening.refusal(*rejection).says
                    );
                    (Mark::Illegal, remark(&says))
                }
                Some(_) => (Mark::Dropped, remark("does not happen; wanted")),
            };
        }
    };
    let option = entry.option().and_then(|place| {
        let chance = scenario.hazards.chances.get(place.chance)?;
        Some((chance, chance.options.get(place.option)?))
    });
    let by_chance = option.map_or_else(String::new, |(chance, option)| {
        let label = cut(&shown(&option.label), 80);
        format!(
            "by chance: {}, {label} ({})",
            shown(&chance.id),
            option.probability
        )
    });
    match happening.missed {
        None | Some(Missed::Dropped) => {}
        Some(Missed::OtherOption) => {
            return (Mark::Undrawn, Some(format!("does not happen {by_chance}")));
        }
        Some(Missed::Without(after)) => {
            let remark = format!(
                "does not happen, as {} does not",
                shown(happening.id_of(*after))
            );
            return (Mark::Undrawn, Some(remark));
        }
        Some(Missed::Illegal(rejection)) => {
            let says = happening.refusal(*rejection).says;
            let remark = format!("does not happen, as it would be illegal: {says}");
            return (Mark::Illegal, Some(remark));
        }
    }
    let is_left_out = happening.missed.is_some() && entry.fate.happens();
    let (mark, says) = Mark::of(if is_left_out {
        &Fate::Dropped(None)
    } else {
        entry.fate
    });
    let parts = [says, by_chance].into_iter();
    let says = parts.filter(|part| !part.is_empty()).collect::<Vec<_>>();
    (mark, (!says.is_empty()).then(|| says.join(", ")))
}

/// A run as JSON.
#[derive(Clone, Debug, Serialize)]
pub struct Document<L> {
    detente: &'static str,
    scenario: Named,
    #[serde(skip_serializing_if = "Option::is_none")]
    luck: Option<LuckRow>,
    model: Settings,
    events: L,
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
    /// The chain of the last line of the log at the root.
    base_head: String,
    /// The digests of the scenarios between that log and this scenario, the one on the log first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    base_scenarios: Vec<String>,
}

/// Which run it is, and what was drawn in it.
#[derive(Clone, Debug, Serialize)]
struct LuckRow {
    seed: u64,
    run: u64,
    chance: BTreeMap<String, Option<String>>,
    uncertain: BTreeMap<String, f64>,
}

/// An event, what the scenario makes of it, and what it did.
#[derive(Clone, Debug, Serialize)]
pub struct EventRow {
    id: String,
    date: Day,
    fate: &'static str,
    remark: Option<String>,
    title: Option<String>,
    transitions: Vec<TransitionRow>,
}
