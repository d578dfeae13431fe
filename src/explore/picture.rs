//! A picture: what a scenario file comes to, beside its base and the branches that are pinned.

use super::changes::Trouble;
use crate::error::{Error, Result};
use crate::history::{Course, Fold, Folded, Names, Window};
use crate::model::{Day, Dyad, Settings};
use crate::scenario::{
    Answer, Base, Comparison, Fork, Inquiry, Luck, Played, Scenario, ScenarioFile, Tail, Track,
};
use crate::view::{
    Album, LedgerOptions, LedgerRows, Scene, Scenes, Strand, TransitionRow, by_moves, by_width,
    degrees, model_label, one_run_of, scenes,
};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::sync::Arc;

/// The most events with a bar of their own in what a temperature is made of.
const LEDGER_EVENTS: usize = 8;
/// A history of more events has no effects of single events in what a temperature is made of, so
/// that the answer comes at once: each is a history played again.
const EFFECTS_LIMIT: usize = 2_000;

/// A branch that is kept beside the present one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// What to call it.
    pub name: String,
    /// Its file.
    pub file: ScenarioFile,
}

type Drawn = (Dyad, [Day; 2], Arc<Album>);

/// What a scenario file comes to.
#[derive(Debug)]
pub(super) struct Picture {
    pub(super) scenario: Scenario,
    /// Its events, those too that do not happen.
    pub(super) scenes: Scenes,
    /// The answers to its questions.
    pub(super) answers: Vec<(String, Answer)>,
    /// The base, this scenario and the pinned branches; of a scenario that changes nothing, it
    /// stands for the base.
    pub(super) comparison: Comparison,
    /// What to call each of them.
    pub(super) names: Vec<String>,
    /// Which of them the scenario is.
    pub(super) own: usize,
    /// The first and the last day that are drawn.
    pub(super) days: [Day; 2],
    /// For each pinned branch that cannot be drawn, why.
    pub(super) undrawn: Vec<String>,
    /// What people call the actors and things in it.
    pub(super) said: Names,
    /// The charts that were drawn last, of which dyad and days.
    drawn: RefCell<Option<Drawn>>,
    /// The other histories that were played for it, each with its file: they seldom change.
    played: Vec<(ScenarioFile, Track)>,
}

/// The run that stands for a scenario with chance.
pub(super) const fn luck(scenario: &Scenario) -> Luck {
    Luck {
        seed: scenario.hazards.seed,
        run: 0,
    }
}

impl Picture {
    pub(super) fn new(
        name: &str,
        file: &ScenarioFile,
        base: &Base,
        pins: &[Pin],
        before: Option<&Self>,
    ) -> Result<Self, Vec<Trouble>> {
        Self::made(name, file, base, pins, before).map_err(|error| troubles(&error))
    }

    fn made(
        name: &str,
        file: &ScenarioFile,
        base: &Base,
        pins: &[Pin],
        before: Option<&Self>,
    ) -> Result<Self> {
        let mut played: Vec<(ScenarioFile, Track)> = Vec::new();
        let known = before.map_or(&[][..], |before| &before.played);
        let mut play = |name: &str, file: &ScenarioFile| -> Result<Track> {
            let same = known.iter().find(|(other, _)| other == file);
            let track = if let Some((_, track)) = same {
                track.clone()
            } else {
                let other = Scenario::new(name, file.clone(), base.clone())?;
                Track::of(&other, luck(&other))?
            };
            played.push((file.clone(), track.clone()));
            Ok(track)
        };
        let scenario = Scenario::new(name, file.clone(), base.clone())?;
        let luck_of_own = luck(&scenario);
        let (scenes, run) = scenes(&scenario, luck_of_own)?;
        let own_played = Played {
            records: scenes.happened(),
            model: run.model,
            has_refused: scenes.has_refused(),
        };
        let answers = run.answers;
        let mut tracks = Vec::new();
        let mut names = Vec::new();
        if changes_anything(file, base) {
            tracks.push(play(&base.name, &unchanged(file, base, &scenario))?);
            let own_model = base.model.clone().unwrap_or_default();
            let is_other = tracks.iter().any(|track: &Track| track.model != own_model);
            let under = if is_other { ", under this model" } else { "" };
            names.push(format!("{}{under}", base_name(base)));
        }
        let own = tracks.len();
        tracks.push(Track::of_played(&scenario, luck_of_own, own_played));
        names.push(if own == 0 {
            base_name(base)
        } else {
            drawn_as(&scenario)
        });
        let mut undrawn = Vec::new();
        for pin in pins {
            match play(&pin.name, &pin.file) {
                Ok(track) => {
                    tracks.push(track);
                    names.push(pin.name.clone());
                }
                Err(error) => undrawn.push(format!("{}: {error}", pin.name)),
            }
        }
        let window = Window {
            to: Some(scenario.until),
            ..Window::default()
        };
        let comparison = Comparison::within(tracks, &window)?;
        let records = &comparison.tracks[own].records;
        let opened = Window::default().opening(records.iter());
        let first = records.first().map(|record| record.date());
        let last = scenario.until;
        let days = [opened.from.or(first).unwrap_or(last).min(last), last];
        let sides = comparison.dyads.iter().flat_map(|dyad| dyad.sides());
        let acting = scenes.iter().flat_map(|scene| {
            let fields = scene.record.fields();
            let lists = [&fields.source, &fields.target, &fields.audience];
            lists.map(Vec::as_slice).concat()
        });
        let said = base.names.clone().and_of(sides.chain(acting));
        Ok(Self {
            scenario,
            scenes,
            answers,
            comparison,
            names,
            own,
            days,
            undrawn,
            said,
            drawn: RefCell::new(None),
            played,
        })
    }

    /// The dyad that shows most of what differs, or else the one that is moved most often.
    pub(super) fn telling_dyad(&self) -> Option<Dyad> {
        let all: Vec<_> = (0..self.comparison.dyads.len()).collect();
        let differing: Vec<_> = all
            .into_iter()
            .filter(|dyad| self.comparison.differs(*dyad))
            .collect();
        let widest = by_width(&self.comparison, &differing).into_iter().next();
        widest.or_else(|| by_moves(&self.comparison).into_iter().next())
    }

    /// The dyads in which this scenario differs from its base by what shows in two decimals, but
    /// for one, those with the widest gap first, each with that gap in degrees.
    pub(super) fn also_changed(&self, but: Option<Dyad>) -> Vec<(Dyad, f64)> {
        if self.own == 0 {
            return Vec::new();
        }
        let dyads = self.comparison.dyads.iter().enumerate();
        let gaps = dyads.filter_map(|(place, dyad)| {
            let gap = self.comparison.widest(self.own, place)?.degrees;
            (Some(*dyad) != but && degrees(gap) != degrees(0.0)).then_some((*dyad, gap))
        });
        let mut gaps: Vec<_> = gaps.collect();
        gaps.sort_by(|one, other| other.1.abs().total_cmp(&one.1.abs()));
        gaps
    }

    /// The two sides of a dyad by their names.
    pub(super) fn both(&self, dyad: Dyad) -> String {
        let [first, second] = dyad.sides().map(|side| {
            let name = self.said.name(side.code());
            crate::text::shown(name.unwrap_or(side.name()))
        });
        format!("{first} and {second}")
    }

    /// The charts of a dyad from a day to another.
    pub(super) fn album(&self, dyad: Dyad, days: [Day; 2]) -> Result<Arc<Album>> {
        if let Some((of, within, album)) = &*self.drawn.borrow()
            && (*of, *within) == (dyad, days)
        {
            return Ok(Arc::clone(album));
        }
        let album = Arc::new(self.album_anew(dyad, days)?);
        *self.drawn.borrow_mut() = Some((dyad, days, Arc::clone(&album)));
        Ok(album)
    }

    fn album_anew(&self, dyad: Dyad, [first, last]: [Day; 2]) -> Result<Album> {
        let mut strands = Strand::of_all(&self.comparison, &[dyad]);
        for strand in &mut strands {
            strand.end_on(last);
        }
        let window = Window {
            from: Some(first),
            ..Window::default()
        };
        let mut album = Album::within(strands, &window, Some(last), &[dyad])?;
        album.names.clone_from(&self.names);
        Ok(album)
    }

    /// The scenario as it is drawn.
    pub(super) fn own_track(&self) -> &Track {
        &self.comparison.tracks[self.own]
    }

    /// How a history stands at the end of a day.
    pub(super) fn folded(&self, track: usize, day: Day) -> Folded {
        let track = &self.comparison.tracks[track];
        let mut fold = Fold::new(&track.model);
        let happened = track.records.iter().take_while(|it| it.date() <= day);
        happened.for_each(|record| fold.apply(record));
        fold.finish(Some(day))
    }

    /// The events of a day, those too that do not happen, each with what it does to a dyad.
    pub(super) fn scenes_of(&self, day: Day, dyad: Option<Dyad>) -> Vec<Scene> {
        let model = &self.own_track().model;
        let label = model_label(model);
        let mut fold = Fold::new(model);
        let mut scenes = Vec::new();
        let until = self.scenes.iter().take_while(|it| it.record.date() <= day);
        for seen in until {
            let record = seen.record;
            if record.date() < day {
                if seen.happens() {
                    fold.apply(record);
                }
                continue;
            }
            let told = seen.happens().then(|| fold.tell(record));
            if record.is_about_the_log() {
                continue;
            }
            let rows = told.iter().flat_map(|told| {
                let moved = told.transitions.iter();
                let moved = moved.filter(|it| Some(told.world.dyad(it.step.dyad)) == dyad);
                moved.map(|it| TransitionRow::new(record, it, told.world, told.state, &label))
            });
            scenes.push(Scene {
                rows: rows.collect(),
                record: record.clone(),
                mark: Some(seen.mark),
                remark: seen.remark.map(str::to_owned),
            });
        }
        scenes
    }

    /// The temperature of a dyad in a history at the end of a day, in degrees.
    pub(super) fn temperature(&self, track: usize, dyad: Dyad, day: Day) -> f64 {
        let folded = self.folded(track, day);
        let model = &self.comparison.tracks[track].model;
        match folded.world.find_dyad(dyad) {
            Some(index) => folded.relation(index, model).0.temperature,
            None => model.baseline(dyad),
        }
    }

    /// What a temperature of this scenario is made of on a day; nothing where no event concerns the
    /// dyad.
    pub(super) fn ledger(&self, dyad: Dyad, day: Day) -> Result<Option<LedgerRows>> {
        let track = self.own_track();
        let records = track.records.to_slice();
        let course = Course::new(&records);
        let Some(index) = course.world().find_dyad(dyad) else {
            return Ok(None);
        };
        let viewpoint = course.end_of(day);
        let is_long = viewpoint.events > EFFECTS_LIMIT;
        let options = LedgerOptions {
            top: Some(if is_long { 0 } else { LEDGER_EVENTS }),
            ..LedgerOptions::default()
        };
        let model = &track.model;
        let run = (&self.scenario, luck(&self.scenario), track.has_refused);
        let mut inquiry = Inquiry::of_run(run, &course, model, index, viewpoint);
        LedgerRows::new(&self.names[self.own], &mut inquiry, options).map(Some)
    }
}

/// What to call a scenario where it is drawn.
fn drawn_as(scenario: &Scenario) -> String {
    if scenario.hazards.are_there() {
        one_run_of(&scenario.title)
    } else {
        scenario.title.clone()
    }
}

/// What to call the base of a scenario.
pub(super) fn base_name(base: &Base) -> String {
    match base.lineage.last() {
        Some(scenario) => scenario.title.clone(),
        None => "as recorded".to_owned(),
    }
}

/// Whether a scenario file says anything else than its base.
pub(super) fn changes_anything(file: &ScenarioFile, base: &Base) -> bool {
    let of_base = base.model.clone().unwrap_or_default();
    let model = file.model.as_ref().map(Settings::model);
    let is_other_model = model.is_some_and(|model| model.ok().as_ref() != Some(&of_base));
    let is_edited = !(file.edits.is_empty()
        && file.chance.is_empty()
        && file.rules.is_empty()
        && file.uncertain.is_empty());
    is_edited || is_other_model || file.tail == Tail::Cut
}

/// The base of a file as a scenario that changes nothing, until the same day. It is read under the
/// model of the file, so that what differs comes of its edits; where there are none, under its own.
fn unchanged(file: &ScenarioFile, base: &Base, scenario: &Scenario) -> ScenarioFile {
    let first = base.entries.first().map(|it| it.record.id().to_owned());
    let fork = first.map_or(Fork::Date(scenario.until), Fork::Before);
    let is_edited = !(file.edits.is_empty()
        && file.chance.is_empty()
        && file.rules.is_empty()
        && file.tail == Tail::Keep);
    ScenarioFile {
        until: Some(scenario.until),
        seed: Some(scenario.hazards.seed),
        model: is_edited.then(|| Settings::of(&scenario.model)),
        ..ScenarioFile::new(base_name(base), file.base.clone(), fork)
    }
}

/// An error as troubles: its faults without their places, which are in a text that nobody sees.
pub(super) fn troubles(error: &Error) -> Vec<Trouble> {
    let mut troubles: Vec<_> = error
        .faults()
        .iter()
        .map(|fault| {
            let says = match fault.kind.help() {
                Some(help) => format!("{}; {help}", fault.kind),
                None => fault.kind.to_string(),
            };
            Trouble::new(says)
        })
        .collect();
    if error.untold() > 0 {
        troubles.push(Trouble::new(format!("and {} more", error.untold())));
    }
    troubles
}
