//! `detente report`: histories in one page.

use super::args::Report as Arguments;
use crate::cli::history::log::note_torn;
use crate::cli::scenario::compare::{known, title};
use crate::cli::terminal::input;
use crate::cli::terminal::output::{Outcome, Output};
use crate::cli::terminal::progress::counting;
use crate::error::Result;
use crate::history::{Course, Record};
use crate::model::{Day, Dyad, Model, Preset};
use crate::scenario::{
    Answer, Comparison, Contender, Frame, Inquiry, Luck, Plan, Played, Robustness, Scenario, Track,
    Variant,
};
use crate::store::{History, Replace, WholeFile};
use crate::text::{quoted, shown};
use crate::threads::Control;
use crate::view::page::{HistoryNote, Report, is_page, page};
use crate::view::{
    Album, ComparisonRows, EnsembleRows, Fans, LedgerOptions, LedgerRows, RobustnessRows, Strand,
    by_moves, by_width, degrees, drawn_runs, scenes,
};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// How many dyads a page shows unless some are asked for.
const DYADS: usize = 3;
/// The most events with a bar of their own in a waterfall.
const LEDGER_EVENTS: usize = 8;

pub(crate) fn run(arguments: &Arguments, output: &mut Output) -> Result<Outcome> {
    let model = input::model(&arguments.model)?;
    let histories = input::histories(&arguments.histories, arguments.as_known_on, output)?;
    output.call(histories.iter().map(History::names));
    for (name, history) in arguments.histories.iter().zip(&histories) {
        note_torn(history.ending(), &name.display().to_string(), output);
    }
    // What cannot be written is not made.
    let replace = Replace::Own(is_page, arguments.overwrite);
    let file = (arguments.output != Path::new("-"))
        .then(|| WholeFile::create(&arguments.output, replace))
        .transpose()?;
    let seed = seed(arguments, &histories, output);
    let page = Made::new(arguments, &model, &histories, seed)?;
    let bytes = output.names().said_on_page(&page.page(arguments)?);
    if let Some(mut file) = file {
        file.put(bytes.as_bytes())?;
        file.finish()?;
        let kilobytes = bytes.len().div_ceil(1_000);
        let name = arguments.output.display().to_string();
        output.note(&format!("note: wrote {}, {kilobytes} kB", shown(&name)));
    } else {
        output.print(bytes)?;
    }
    Ok(Outcome::Fine)
}

/// The page of some histories that are loaded already, logs under a model.
#[cfg(feature = "explore")]
pub(in crate::cli) fn page_of(
    arguments: &Arguments,
    histories: &[History],
    model: &Model,
) -> Result<String> {
    let seeds = histories.iter().filter_map(|history| match history {
        History::Scenario(scenario) => Some(scenario.hazards.seed),
        History::Log(_) => None,
    });
    let seed = seeds.max().unwrap_or_default();
    Made::new(arguments, model, histories, seed)?.page(arguments)
}

/// Everything of a page but the runs that are drawn.
struct Made<'h> {
    histories: &'h [History],
    comparison: ComparisonRows,
    album: Album,
    dyads: Vec<Dyad>,
    others: Vec<Dyad>,
    notes: Vec<HistoryNote>,
    /// For each dyad what its temperature at the end is made of, in each history.
    ledgers: Vec<Vec<LedgerRows>>,
    /// The histories under other models; nothing for one alone.
    robustness: Option<RobustnessRows>,
    chance: Option<Chance>,
}

impl<'h> Made<'h> {
    fn new(
        arguments: &Arguments,
        model: &Model,
        histories: &'h [History],
        seed: u64,
    ) -> Result<Self> {
        let paths = arguments.histories.iter();
        let known = arguments.as_known_on;
        let called: Vec<_> = paths.map(|path| path.display().to_string()).collect();
        let named = || called.iter().zip(histories);
        let played: Vec<(Track, Option<Told>)> = named()
            .map(|(name, history)| play(name, history, known, model, seed))
            .collect::<Result<_>>()?;
        let (tracks, told): (Vec<_>, Vec<_>) = played.into_iter().unzip();
        let comparison = Comparison::within(tracks.clone(), &arguments.window.window())?;
        let (dyads, others) = chosen(arguments, &comparison)?;
        // What plays histories again does so before there is much to hold of them.
        let robustness = robustness(histories, &tracks, seed, arguments.window.to)?;
        let robustness = robustness.map(|it| RobustnessRows::new(&it, &dyads));
        let notes = named().zip(&tracks).zip(&told);
        let mut notes: Vec<_> = notes
            .map(|(((name, history), track), told)| {
                note(name, history, known, track, told.as_ref())
            })
            .collect();
        let drawn_as: Vec<_> = notes.iter().map(HistoryNote::drawn_as).collect();
        let last = comparison.days.last().copied();
        let ledgers = |last: Day| ledgers(histories, (&tracks, &drawn_as), seed, &dyads, last);
        let mut of_days = match last {
            Some(last) => Some((last, ledgers(last)?)),
            None => None,
        };
        let chance = Chance::counted(arguments, histories, &dyads, seed)?;
        let strands = Strand::of_all(&comparison, &dyads);
        let window = arguments.window.window();
        let mut album = Album::within(strands, &window, last, &dyads)?;
        album.names.clone_from(&drawn_as);
        let last = album.days[1];
        // Of a day alone it is the next one.
        let ledgers = match of_days.take_if(|(day, _)| *day == last) {
            Some((_, ledgers)) => ledgers,
            None => ledgers(last)?,
        };
        for (note, told) in notes.iter_mut().zip(told) {
            let numbered = told.into_iter().flat_map(|told| told.remarks);
            let numbered = numbered
                .filter_map(|(record, says)| Some((album.number(&record)?, says.to_string())));
            note.remarks = numbered.collect();
        }
        let places = dyads.iter().filter_map(|dyad| {
            let mut all = comparison.dyads.iter();
            all.position(|other| other == dyad)
        });
        let rows = ComparisonRows::new(&comparison, &places.collect::<Vec<_>>());
        Ok(Self {
            histories,
            comparison: rows,
            album,
            dyads,
            others,
            notes,
            ledgers,
            robustness,
            chance,
        })
    }

    fn page(self, arguments: &Arguments) -> Result<String> {
        let drawn = match &self.chance {
            Some(chance) => chance.drawn(arguments, &self.dyads, &self.album)?,
            None => Vec::new(),
        };
        let fans = self.chance.as_ref().map(|chance| Fans {
            rows: &chance.rows,
            runs: &drawn,
            inks: &chance.inks,
        });
        let others = self.notes.len().saturating_sub(1);
        let mut branches = self.histories.iter().skip(1);
        let what = match (
            branches.all(|it| matches!(it, History::Scenario(_))),
            others,
        ) {
            (true, 1) => "what-if",
            (true, _) => "what-ifs",
            (false, 1) => "other history",
            (false, _) => "other histories",
        };
        let first = self.notes.first().map_or("", |note| &note.title);
        let title = match &arguments.title {
            Some(title) => title.clone(),
            None if others == 0 => first.to_owned(),
            None => format!("{first} and {others} {what}"),
        };
        Ok(page(&Report {
            title,
            command: command(arguments),
            histories: self.notes,
            album: &self.album,
            comparison: &self.comparison,
            dyads: self.dyads,
            others: self.others,
            ledgers: self.ledgers,
            robustness: self.robustness.as_ref(),
            fans,
        }))
    }
}

/// The scenarios with chance and what their runs add up to.
struct Chance {
    scenarios: Vec<Scenario>,
    /// Which history each scenario is.
    inks: Vec<usize>,
    /// What all chances are drawn from.
    seed: u64,
    rows: EnsembleRows,
}

impl Chance {
    /// Nothing where no history has chance.
    fn counted(
        arguments: &Arguments,
        histories: &[History],
        dyads: &[Dyad],
        seed: u64,
    ) -> Result<Option<Self>> {
        let (mut scenarios, mut inks): (Vec<Scenario>, Vec<usize>) = (Vec::new(), Vec::new());
        for (ink, history) in histories.iter().enumerate() {
            if let History::Scenario(scenario) = history
                && scenario.hazards.are_there()
            {
                scenarios.push((**scenario).clone());
                inks.push(ink);
            }
        }
        if scenarios.is_empty() {
            return Ok(None);
        }
        let plan = plan(arguments, &scenarios, dyads, seed)?;
        let runs = arguments.runs;
        let threads = arguments.threads.count();
        let control = Control::default();
        let ensemble = counting("runs", &control, runs, || plan.play(threads, &control))?;
        control.go_on()?;
        let rows = EnsembleRows::new(&Frame::of(&plan, runs), &ensemble, Vec::new());
        Ok(Some(Self {
            scenarios,
            inks,
            seed,
            rows,
        }))
    }

    /// Some of the runs, to be drawn beside those of an album.
    fn drawn(
        &self,
        arguments: &Arguments,
        dyads: &[Dyad],
        album: &Album,
    ) -> Result<Vec<Vec<Strand>>> {
        let plan = plan(arguments, &self.scenarios, dyads, self.seed)?;
        let beside = self.inks.iter().map(|ink| &album.strands[*ink]);
        drawn_runs(&plan, arguments.runs, &beside.collect::<Vec<_>>())
    }
}

/// How the runs of a page are played.
fn plan<'s>(
    arguments: &Arguments,
    scenarios: &'s [Scenario],
    dyads: &[Dyad],
    seed: u64,
) -> Result<Plan<'s>> {
    let (runs, window) = (0..arguments.runs, arguments.window.window());
    Plan::within(scenarios, seed, runs, &moved_by(scenarios, dyads), &window)
}

/// What all chances of a page are drawn from, so that what is drawn as one history is a run of its
/// fan: the seed that is asked for, or that of the first scenario with chance.
fn seed(arguments: &Arguments, histories: &[History], output: &mut Output) -> u64 {
    let of_chance = histories.iter().filter_map(|history| match history {
        History::Scenario(scenario) if scenario.hazards.are_there() => Some(scenario.hazards.seed),
        _ => None,
    });
    let seeds: Vec<u64> = of_chance.collect();
    let first = seeds.first().copied().unwrap_or_default();
    if arguments.seed.is_none() && seeds.iter().any(|seed| *seed != first) {
        output.note(&format!(
            "note: the scenarios give different seeds; all chances are drawn from the first one's, {first}"
        ));
    }
    arguments.seed.unwrap_or(first)
}

/// The run that stands for a scenario where it is drawn as one history.
const fn luck(seed: u64) -> Luck {
    Luck { seed, run: 0 }
}

/// What is told of a run that stands for a scenario.
struct Told {
    luck: Luck,
    answers: Vec<(String, Answer)>,
    /// What there is to say of events.
    remarks: Vec<(Record, Arc<str>)>,
}

fn play(
    name: &str,
    history: &History,
    known_on: Option<Day>,
    model: &Model,
    seed: u64,
) -> Result<(Track, Option<Told>)> {
    match history {
        History::Log(base) => {
            let name = name.to_owned() + &input::as_known(known_on);
            Ok((Track::of_log(name, base, model.clone()), None))
        }
        History::Scenario(scenario) => {
            let luck = luck(seed);
            let (scenes, run) = scenes(scenario, luck)?;
            let played = Played {
                records: scenes.happened(),
                model: run.model,
                has_refused: scenes.has_refused(),
            };
            let remarks = scenes.remarks();
            let remarks = remarks.map(|(record, says)| (record.clone(), Arc::clone(says)));
            let told = Told {
                luck,
                answers: run.answers,
                remarks: remarks.collect(),
            };
            Ok((Track::of_played(scenario, luck, played), Some(told)))
        }
    }
}

/// What each dyad's temperature at the end is made of, in each history.
fn ledgers(
    histories: &[History],
    (tracks, names): (&[Track], &[String]),
    seed: u64,
    dyads: &[Dyad],
    last: Day,
) -> Result<Vec<Vec<LedgerRows>>> {
    let mut ledgers = vec![Vec::new(); dyads.len()];
    for (((number, name), history), track) in (1..).zip(names).zip(histories).zip(tracks) {
        let name = format!("{number} {name}");
        let records = track.records.to_slice();
        let course = Course::new(&records);
        for (ledgers, dyad) in ledgers.iter_mut().zip(dyads) {
            let Some(dyad) = course.world().find_dyad(*dyad) else {
                continue;
            };
            let viewpoint = course.end_of(last);
            let mut inquiry = match history {
                History::Log(_) => Inquiry::new(&course, &track.model, dyad, viewpoint),
                History::Scenario(scenario) => {
                    let run = (&**scenario, luck(seed), track.has_refused);
                    Inquiry::of_run(run, &course, &track.model, dyad, viewpoint)
                }
            };
            let options = LedgerOptions {
                top: Some(LEDGER_EVENTS),
                ..LedgerOptions::default()
            };
            ledgers.push(LedgerRows::new(&name, &mut inquiry, options)?);
        }
    }
    Ok(ledgers)
}

/// The histories under the other presets, and with about half and twice the half-life of deeds;
/// nothing for one alone.
fn robustness(
    histories: &[History],
    tracks: &[Track],
    seed: u64,
    to: Option<Day>,
) -> Result<Option<Robustness>> {
    if histories.len() < 2 {
        return Ok(None);
    }
    let contenders = histories.iter().zip(tracks);
    let contenders = contenders.map(|(history, track)| match history {
        History::Log(_) => Contender::Log(Box::new(track.clone())),
        History::Scenario(scenario) => Contender::Run {
            scenario: scenario.clone(),
            luck: luck(seed),
        },
    });
    let presets = Preset::ALL.into_iter().map(|preset| Variant::Model {
        name: preset.name().to_owned(),
        model: Box::new(Model::new(preset)),
    });
    let half_lives = ["180", "730"].map(|days| Variant::Parameter {
        name: "half_life_deeds_days".to_owned(),
        value: days.to_owned(),
    });
    let contenders: Vec<_> = contenders.collect();
    Robustness::new(&contenders, presets.chain(half_lives).collect(), to).map(Some)
}

/// The dyads that are shown, and the others: those asked for, or some of those that differ most, or
/// of one history those that it moves most often.
fn chosen(arguments: &Arguments, comparison: &Comparison) -> Result<(Vec<Dyad>, Vec<Dyad>)> {
    known(&arguments.dyad, &comparison.dyads)?;
    let mut dyads: Vec<Dyad> = if arguments.dyad.is_empty() {
        let differing: Vec<_> = (0..comparison.dyads.len())
            .filter(|&dyad| is_seen(comparison, dyad))
            .collect();
        if differing.is_empty() {
            by_moves(comparison)
        } else {
            by_width(comparison, &differing)
        }
    } else {
        let mut dyads = arguments.dyad.clone();
        let mut seen = std::collections::BTreeSet::new();
        dyads.retain(|dyad| seen.insert(*dyad));
        dyads
    };
    if arguments.dyad.is_empty() {
        dyads.truncate(DYADS);
    }
    let others = comparison.dyads.iter().copied();
    let others = others.filter(|dyad| !dyads.contains(dyad)).collect();
    Ok((dyads, others))
}

/// Whether any history differs from the first in a dyad by what shows in two decimals.
fn is_seen(comparison: &Comparison, dyad: usize) -> bool {
    let mut gaps = (1..comparison.tracks.len()).filter_map(|other| comparison.widest(other, dyad));
    gaps.any(|gap| degrees(gap.degrees) != degrees(0.0))
}

/// Those of some dyads that anything in the scenarios may move.
fn moved_by(scenarios: &[Scenario], dyads: &[Dyad]) -> Vec<Dyad> {
    let moves = |dyad: &Dyad| {
        let mut entries = scenarios.iter().flat_map(|scenario| &scenario.entries);
        entries.any(|entry| entry.record.moves(*dyad))
    };
    dyads.iter().copied().filter(moves).collect()
}

/// What is said of a history.
fn note(
    name: &str,
    history: &History,
    known_on: Option<Day>,
    track: &Track,
    told: Option<&Told>,
) -> HistoryNote {
    let model = track.model.clone();
    let events = ("events", track.records.len().to_string());
    let answers = told.map(|told| told.answers.clone());
    let (answers, remarks) = (answers.unwrap_or_default(), BTreeMap::new());
    match history {
        History::Log(base) => HistoryNote {
            name: name.to_owned(),
            title: title(name, history) + &input::as_known(known_on),
            note: None,
            made_from: [events, ("head of the log", base.head.to_string())]
                .into_iter()
                .chain(known_on.map(|day| ("as known on", day.to_string())))
                .collect(),
            model,
            run: None,
            answers,
            remarks,
        },
        History::Scenario(scenario) => {
            let mut made_from = vec![
                events,
                ("digest", scenario.digest.clone()),
                ("base", scenario.base.name.clone()),
                ("head of the base's log", scenario.base.head.to_string()),
            ];
            let luck = told.map(|told| told.luck);
            let run = luck.filter(|_| scenario.hazards.are_there());
            if let Some(luck) = run {
                let drawn = format!("{} of seed {}", luck.run, luck.seed);
                made_from.push(("where it is drawn as one history, run", drawn));
            }
            HistoryNote {
                name: name.to_owned(),
                title: scenario.title.clone(),
                note: scenario.note.clone(),
                made_from,
                model,
                run,
                answers,
                remarks,
            }
        }
    }
}

/// The command that makes the page again, for a shell. The name of the page is not part of it.
fn command(arguments: &Arguments) -> String {
    let mut words = vec!["detente".to_owned(), "report".to_owned()];
    words.extend(
        arguments
            .histories
            .iter()
            .map(|name| quoted(&name.display().to_string())),
    );
    let mut option = |name: &str, value: String| words.extend([name.to_owned(), quoted(&value)]);
    for dyad in &arguments.dyad {
        option("--dyad", dyad.to_string());
    }
    for (name, day) in [
        ("--from", arguments.window.from),
        ("--to", arguments.window.to),
    ] {
        if let Some(day) = day {
            option(name, day.to_string());
        }
    }
    if let Some(every) = &arguments.window.every {
        option("--every", every.to_string());
    }
    if let Some(day) = arguments.as_known_on {
        option("--as-known-on", day.to_string());
    }
    option("--runs", arguments.runs.to_string());
    if let Some(seed) = arguments.seed {
        option("--seed", seed.to_string());
    }
    let model = arguments.model.model.display().to_string();
    if model != Preset::default().name() {
        option("--model", model);
    }
    for setting in &arguments.model.set {
        option("--set", setting.clone());
    }
    if let Some(title) = &arguments.title {
        option("--title", title.clone());
    }
    words.extend(["-o".to_owned(), "report.html".to_owned()]);
    words.join(" ")
}
