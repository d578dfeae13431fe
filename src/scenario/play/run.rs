//! A run: a scenario played once, with what is told of it, its answers, and its branch as a log.

use super::jury::{Answer, Jury};
use super::player::{Past, Player};
use super::watcher::{By, Happening, Missed, Moment, Watcher};
use crate::error::Result;
use crate::history::{Folded, Origin, Record, Told, Trace};
use crate::model::{Change, Day, Model, Observer, Step};
use crate::scenario::check::Scenario;
use crate::scenario::file::draws::Luck;
use crate::scenario::file::spliced::Spliced;
use serde::Serialize;
use std::ops::Range;

/// What a run gave.
#[derive(Debug)]
pub struct Run {
    /// The luck it had.
    pub luck: Luck,
    /// The state at the last day.
    pub folded: Folded,
    /// The model, with the uncertain parameters as they were drawn.
    pub model: Model,
    /// What was drawn.
    pub drawn: Drawn,
    /// The answer to each question, by its name.
    pub answers: Vec<(String, Answer)>,
}

/// What was drawn in a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Drawn {
    /// For each chance node the option that came to pass; `None` where the event it hangs on did
    /// not happen.
    pub chance: Vec<(String, Option<String>)>,
    /// For each uncertain parameter its value.
    pub uncertain: Vec<(String, f64)>,
}

/// Plays one run of a scenario. `each` is told every event up to the last day, those that do not
/// happen without what they did.
///
/// # Errors
/// When rules cause more than they may, or what `each` says.
pub fn run(
    scenario: &Scenario,
    luck: Luck,
    mut each: impl FnMut(&Happening<'_>, Option<&Told<'_>>) -> Result<()>,
) -> Result<Run> {
    told(scenario, luck, &mut each)
}

type Each<'e> = dyn FnMut(&Happening<'_>, Option<&Told<'_>>) -> Result<()> + 'e;

// Compiled once for whoever is told.
fn told<'s>(scenario: &'s Scenario, luck: Luck, each: &'s mut Each<'s>) -> Result<Run> {
    let mut story = Story {
        trace: Trace::default(),
        jury: Jury::new(scenario),
        happened: 0,
        each,
    };
    let mut player = Player::for_one_run(scenario);
    player.play(luck, Past::Told, &mut story)?;
    let Story {
        mut jury, happened, ..
    } = story;
    let end = player.moment();
    let names = scenario.questions.iter().map(|(id, _)| id.clone());
    let answers = names.zip(jury.answers(&end)).collect();
    let hazards = &scenario.hazards;
    let chance = hazards.chances.iter().zip(player.options());
    let chance = chance.map(|(chance, option)| {
        let option = option.and_then(|option| chance.options.get(option));
        (chance.id.clone(), option.map(|option| option.label.clone()))
    });
    let mut drawn = Drawn {
        chance: chance.collect(),
        uncertain: Vec::new(),
    };
    for uncertain in &hazards.uncertain {
        let value = end.model.value(&uncertain.name);
        drawn
            .uncertain
            .extend(value.map(|value| (uncertain.name.clone(), value)));
    }
    let (world, state, model) = player.into_end();
    let folded = Folded {
        world: world.forgetting_ids(),
        state,
        day: Some(scenario.until),
        events: happened,
    };
    Ok(Run {
        luck,
        folded,
        model,
        drawn,
        answers,
    })
}

/// Tells a run event by event.
struct Story<'s> {
    trace: Trace,
    jury: Jury<'s>,
    happened: u64,
    each: &'s mut Each<'s>,
}

impl Observer for Story<'_> {
    fn stepped(&mut self, step: Step) {
        self.trace.stepped(step);
    }

    fn changed(&mut self, change: Change) {
        self.trace.changed(change);
    }
}

impl Watcher for Story<'_> {
    fn waited(&mut self, moment: &Moment<'_>, day: Day, behind_fork: bool, touched: &[usize]) {
        self.jury.waited(moment, day, behind_fork, touched);
        self.trace.begin();
    }

    fn passed(&mut self, happening: &Happening<'_>, moment: &Moment<'_>) -> Result<()> {
        if happening.missed.is_some() {
            return (self.each)(happening, None);
        }
        self.happened += 1;
        self.jury.passed(moment, happening.touched);
        let record = happening.record();
        let told = self.trace.told(&record, moment.world, moment.state);
        (self.each)(happening, Some(&told))
    }
}

/// What happens in a run.
#[derive(Clone, Debug)]
pub struct Played {
    /// The events, in replay order.
    pub records: Spliced<Record>,
    /// The model, with the uncertain parameters as they were drawn.
    pub model: Model,
    /// Whether anything did not happen because it was illegal where it stood.
    pub has_refused: bool,
}

/// What happens in a run.
///
/// # Errors
/// As [`run`].
pub fn played(scenario: &Scenario, luck: Luck) -> Result<Played> {
    happened(scenario, Player::for_one_run(scenario), luck)
}

/// The events that happen in a run, in replay order, and its model.
///
/// # Errors
/// As [`run`].
pub fn records(scenario: &Scenario, luck: Luck) -> Result<(Vec<Record>, Model)> {
    let Played { records, model, .. } = played(scenario, luck)?;
    Ok((records.to_slice().into_owned(), model))
}

/// The same where an event never happens, wherever it comes from: what hangs on it falls away, and
/// rules react to what happens instead.
///
/// # Errors
/// As [`run`].
pub fn records_without(scenario: &Scenario, luck: Luck, id: &str) -> Result<(Vec<Record>, Model)> {
    let player = Player::for_one_run(scenario).without(id);
    let without = happened(scenario, player, luck)?;
    Ok((without.records.to_slice().into_owned(), without.model))
}

fn happened(scenario: &Scenario, mut player: Player<'_>, luck: Luck) -> Result<Played> {
    let mut happened = Happened::default();
    player.play(luck, Past::Told, &mut happened)?;
    // Of very many events what plays them takes more memory than they do, so it goes first.
    let (_, _, model) = player.into_end();
    let Happened {
        pieces,
        has_refused,
    } = happened;
    Ok(Played {
        records: pieces.into_spliced(scenario),
        model,
        has_refused,
    })
}

/// Takes note of what happens.
#[derive(Default)]
struct Happened {
    pieces: Pieces,
    has_refused: bool,
}

/// Events one after the other: those that stand so among the entries of a scenario are not held
/// themselves.
#[derive(Debug, Default)]
pub struct Pieces(Vec<Piece>);

#[derive(Debug)]
enum Piece {
    /// Entries, by their places.
    Entries(Range<usize>),
    /// Another event, and the forks behind which it lies.
    Made(Box<(Record, u64)>),
}

impl Pieces {
    /// Adds what comes up in a run.
    pub fn push(&mut self, happening: &Happening<'_>) {
        match happening.by {
            By::Entry(at) => self.push_entry(at.place),
            By::Rule(_) => self.push_made(happening.record().into_owned(), happening.forks),
        }
    }

    /// Adds an entry as it stands.
    fn push_entry(&mut self, place: usize) {
        match self.0.last_mut() {
            Some(Piece::Entries(places)) if places.end == place => places.end += 1,
            _ => self.0.push(Piece::Entries(place..place + 1)),
        }
    }

    /// Adds another event, and the forks behind which it lies.
    fn push_made(&mut self, record: Record, forks: u64) {
        self.0.push(Piece::Made(Box::new((record, forks))));
    }

    /// The events of a run of a scenario.
    #[must_use]
    pub fn into_spliced(self, scenario: &Scenario) -> Spliced<Record> {
        let mut records = Spliced::default();
        for piece in self.0 {
            match piece {
                Piece::Entries(places) => scenario.entries.splice(places, &mut records),
                Piece::Made(made) => records.push(made.0),
            }
        }
        records
    }

    /// The events, each with the forks behind which it lies.
    fn into_records(self, scenario: &Scenario) -> impl Iterator<Item = (Record, u64)> {
        self.0.into_iter().flat_map(move |piece| {
            let (places, made) = match piece {
                Piece::Entries(places) => (places, None),
                Piece::Made(made) => (0..0, Some(*made)),
            };
            let entries = scenario.entries.iter().skip(places.start);
            let entries = entries.take(places.len());
            made.into_iter()
                .chain(entries.map(|entry| (entry.record.clone(), entry.forks)))
        })
    }
}

impl Observer for Happened {
    const IS_TOLD: bool = false;
}

impl Watcher for Happened {
    fn waited(&mut self, _: &Moment<'_>, _: Day, _: bool, _: &[usize]) {}

    fn passed(&mut self, happening: &Happening<'_>, _: &Moment<'_>) -> Result<()> {
        if let Some(missed) = happening.missed {
            self.has_refused |= matches!(missed, Missed::Illegal(_));
            return Ok(());
        }
        self.pieces.push(happening);
        Ok(())
    }
}

/// The log of the branch of a run, as bytes. The first event after each fork says which scenario it
/// comes from, and so does every event that a scenario made or changed.
///
/// # Errors
/// As [`run`], or when a line would be too long.
pub fn branch_log(scenario: &Scenario, luck: Luck) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    branch_lines(scenario, luck, |line| {
        bytes.extend_from_slice(line);
        Ok(())
    })?;
    Ok(bytes)
}

/// The same line by line, and how many those are.
///
/// # Errors
/// As [`branch_log`], or what `each` says.
pub fn branch_lines(
    scenario: &Scenario,
    luck: Luck,
    mut each: impl FnMut(&[u8]) -> Result<()>,
) -> Result<u64> {
    let mut left = 0;
    let mut branch = Pieces::default();
    run(scenario, luck, |happening, told| {
        if told.is_none() {
            return Ok(());
        }
        let maker = match happening.by {
            By::Entry(place) => place.entry().maker(),
            By::Rule(rule) => Some(scenario.hazards[rule].owner),
        };
        // Of several forks passed at once, it is the last scenario's that counts.
        let newly = happening.forks & !left;
        left |= happening.forks;
        let passed = newly.checked_ilog2().map(|place| place as usize);
        if let (By::Entry(at), None) = (happening.by, maker.max(passed)) {
            branch.push_entry(at.place);
            return Ok(());
        }
        let mut record = happening.record().into_owned();
        if maker.is_some() {
            record = record.recorded_on_its_day();
        }
        if let Some(maker) = maker.max(passed) {
            record = record.from_scenario(origin(scenario, maker, luck));
        }
        branch.push_made(record, happening.forks);
        Ok(())
    })?;
    let branch = branch.into_records(scenario);
    let branch: Vec<_> = branch.map(|(record, forks)| (record, forks == 0)).collect();
    scenario.base.branch_log(&branch, &mut each)
}

/// Which scenario of the lineage made an event, and in which run if there is chance.
fn origin(scenario: &Scenario, maker: usize, luck: Luck) -> Origin {
    let is_chance = scenario.hazards.are_there();
    let maker = scenario.lineage.get(maker);
    Origin {
        scenario: maker.map_or_else(String::new, |maker| maker.title.clone()),
        digest: maker.map(|maker| maker.digest.clone()),
        seed: is_chance.then_some(luck.seed),
        run: is_chance.then_some(luck.run),
    }
}
