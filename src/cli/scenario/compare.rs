//! `detente compare`: where histories part, how far their temperatures lie apart, and how they end.

use crate::cli::args::{Compare, FigureFormat};
use crate::cli::history::log::note_torn;
use crate::cli::terminal::input;
use crate::cli::terminal::output::{Outcome, Output};
use crate::error::{BadOption, BadQuestion, Result};
use crate::history::{Record, shipped};
use crate::model::{Day, Dyad, Model, Preset};
use crate::scenario::{Axis, Base, Comparison, Contender, Robustness, Track, Variant};
use crate::store::{self, History};
use crate::text::{abridged, shown};
use crate::view::{
    Album, ComparisonLine, ComparisonRows, RobustnessRows, Strand, by_moves, by_width, columns_of,
    comparison_text, conditions, different_models, ends, one_run_of, robustness_text,
};
use std::collections::HashSet;
use std::path::PathBuf;

pub(crate) fn run(arguments: &Compare, output: &mut Output) -> Result<Outcome> {
    let is_figure = arguments
        .figure
        .is_wanted(arguments.format == FigureFormat::Svg)?;
    let (ladders, set) = ladders(&arguments.set)?;
    let is_robustness = !arguments.models.is_empty() || !ladders.is_empty();
    let window = &arguments.window;
    let windowed = [
        ("--from", window.from.is_some()),
        ("--every", window.every.is_some()),
    ];
    if let Some((option, _)) = windowed
        .into_iter()
        .find(|(_, given)| *given && is_robustness)
    {
        let other = "--models";
        return Err(BadOption::NotWith { option, other }.into());
    }
    if is_robustness && is_figure {
        let (option, formats) = ("--models", "table, json or csv");
        return Err(BadOption::OnlyAs { option, formats }.into());
    }
    let histories = input::histories(&arguments.histories, arguments.as_known_on, output)?;
    output.call(histories.iter().map(History::names));
    let names = names(&arguments.histories);
    for (name, history) in names.iter().zip(&histories) {
        note_torn(history.ending(), name, output);
    }
    let tracks = tracks(arguments, &histories, &set, is_robustness, output)?;
    if let (Some(day), Some(first)) = (arguments.window.to, first_day(&tracks))
        && day < first
    {
        return Err(BadQuestion::BeforeHistory { day, first }.into());
    }
    if is_robustness {
        return robustness(arguments, histories, tracks, &set, ladders, output);
    }
    let window = arguments.window.window();
    let titles = names.iter().zip(&histories);
    let known = input::as_known(arguments.as_known_on);
    let titles = titles.map(|(name, history)| title(name, history) + &known);
    let titles: Vec<_> = titles.collect();
    // Of very many events the tracks hold all that is compared.
    drop(histories);
    let comparison = Comparison::within(tracks, &window)?;
    if let Some(warning) = different_models(&comparison) {
        let way_out = "--models puts one in the place of all";
        output.note(&format!("note: {warning} {way_out}"));
    }
    let dyads = chosen(arguments, &comparison)?;
    let rows = ComparisonRows::new(&comparison, &dyads);
    let same_events = rows
        .partings
        .iter()
        .all(|parting| parting.first.is_none() && parting.other.is_none());
    let same = same_events
        && rows.ends.is_empty()
        && !(0..comparison.dyads.len()).any(|dyad| comparison.differs(dyad));
    match arguments.format {
        _ if is_figure => figure(arguments, &comparison, titles, &dyads, output)?,
        FigureFormat::Table | FigureFormat::Svg => {
            output.print(comparison_text(&comparison, &rows, output.look()))?;
            output.line("")?;
            let one_model = comparison.is_under_one_model();
            for (number, track) in (1..).zip(&comparison.tracks) {
                if one_model {
                    output.print(conditions(&track.model))?;
                    break;
                }
                output.print(format!("{number}: {}", conditions(&track.model)))?;
            }
        }
        FigureFormat::Json => output.json(&rows)?,
        FigureFormat::Csv => output.csv(
            &columns_of("compare"),
            ComparisonLine::of(&comparison, &rows),
        )?,
    }
    Ok(Outcome::fine_if(same))
}

/// What histories are called.
fn names(paths: &[PathBuf]) -> Vec<String> {
    let names = paths.iter().map(|path| path.display().to_string());
    names.collect()
}

/// The histories as they happen, each under its model; a log under that which is asked for, or else
/// under that of a scenario it is compared with.
fn tracks(
    arguments: &Compare,
    histories: &[History],
    set: &[&str],
    is_robustness: bool,
    output: &mut Output,
) -> Result<Vec<Track>> {
    let called = names(&arguments.histories);
    let named = || called.iter().zip(histories);
    let mut played = Vec::new();
    for (name, history) in named() {
        played.push(match history {
            History::Log(_) => None,
            History::Scenario(scenario) => {
                let track = Track::of(scenario, input::luck(arguments.luck, scenario));
                Some(track.map_err(|error| error.in_file(name))?)
            }
        });
    }
    let known = input::as_known(arguments.as_known_on);
    let is_asked = arguments.model.is_some() || !set.is_empty();
    if is_asked && !is_robustness && played.iter().all(Option::is_some) {
        output.note("note: each scenario has a model of its own; --model and --set are for logs");
    }
    let mut tracks = Vec::with_capacity(histories.len());
    for ((name, history), track) in named().zip(&played) {
        tracks.push(match (history, track) {
            (History::Log(base), _) => {
                let lender = lender(arguments, base, histories).and_then(|at| played[at].as_ref());
                let mut model = match (&arguments.model, lender) {
                    (Some(name), _) => store::model(name)?,
                    (None, Some(lender)) => lender.model.clone(),
                    (None, None) => Model::default(),
                };
                let lender = lender.filter(|_| model != Model::default());
                input::set(&mut model, set)?;
                if let Some(lender) = lender {
                    let (name, other) = (shown(name), shown(&lender.name));
                    output.note(&format!(
                        "note: {name} is read under the model of {other}; --model chooses another"
                    ));
                }
                Track {
                    model_of: lender.map(|lender| lender.name.clone()),
                    ..Track::of_log(format!("{name}{known}"), base, model)
                }
            }
            (History::Scenario(_), Some(track)) => track.clone(),
            (History::Scenario(_), None) => continue,
        });
    }
    Ok(tracks)
}

/// Under whose model a log is read where none is asked for, by its place: that of the first
/// scenario on it, or else of the first.
fn lender(arguments: &Compare, log: &Base, histories: &[History]) -> Option<usize> {
    let mut scenarios = histories
        .iter()
        .enumerate()
        .filter_map(|(at, it)| match it {
            History::Log(_) => None,
            History::Scenario(scenario) => Some((at, scenario)),
        });
    let mut on_it = scenarios.clone().filter(|(_, it)| it.base.head == log.head);
    let found = on_it.next().or_else(|| scenarios.next());
    found
        .map(|(at, _)| at)
        .filter(|_| arguments.model.is_none())
}

fn first_day(tracks: &[Track]) -> Option<Day> {
    let first = tracks.iter().filter_map(|track| track.records.first());
    first.map(Record::date).min()
}

/// What a history is called in a figure or a page; one of a scenario's runs is said to be one.
pub(in crate::cli) fn title(name: &str, history: &History) -> String {
    match history {
        History::Log(log) => shipped(name)
            .map(|shipped| shipped.title)
            .or(log.names.title())
            .unwrap_or(name)
            .to_owned(),
        History::Scenario(scenario) if scenario.hazards.are_there() => one_run_of(&scenario.title),
        History::Scenario(scenario) => scenario.title.clone(),
    }
}

/// The dyads asked for, or those in which any history differs from the first.
fn chosen(arguments: &Compare, comparison: &Comparison) -> Result<Vec<usize>> {
    known(&arguments.dyad, &comparison.dyads)?;
    let is_chosen = |place: &usize| {
        if arguments.dyad.is_empty() {
            comparison.differs(*place) || !ends(comparison, comparison.dyads[*place]).is_empty()
        } else {
            arguments.dyad.contains(&comparison.dyads[*place])
        }
    };
    Ok((0..comparison.dyads.len()).filter(is_chosen).collect())
}

/// The temperatures and how far they lie apart, in the terminal or as SVG: of the dyads asked for,
/// or of the one with the widest gap.
fn figure(
    arguments: &Compare,
    comparison: &Comparison,
    titles: Vec<String>,
    dyads: &[usize],
    output: &mut Output,
) -> Result<()> {
    let mut drawn = by_width(comparison, dyads);
    if arguments.dyad.is_empty() && drawn.len() > 1 {
        let others = drawn.split_off(1);
        let others: Vec<_> = others.iter().map(ToString::to_string).collect();
        let others = abridged(&others);
        output.note(&format!(
            "note: others that differ: {others}; draw them with --dyad"
        ));
    }
    if drawn.is_empty() {
        drawn.extend(by_moves(comparison).first());
    }
    if drawn.is_empty() {
        return Err(BadQuestion::NothingMoves.into());
    }
    let strands = Strand::of_all(comparison, &drawn);
    let last = comparison.days.last().copied();
    let window = arguments.window.window();
    let mut album = Album::within(strands, &window, last, &drawn)?;
    album.names = titles;
    arguments.figure.print(album.figure(&drawn), output)
}

/// Makes sure that there are the dyads asked for.
pub(in crate::cli) fn known(asked: &[Dyad], dyads: &[Dyad]) -> Result<()> {
    match asked.iter().find(|wanted| !dyads.contains(wanted)) {
        None => Ok(()),
        Some(unknown) => Err(BadQuestion::UnknownDyad {
            dyad: unknown.to_string(),
            known: dyads.iter().map(ToString::to_string).collect(),
        }
        .into()),
    }
}

/// Settings of several values, and the others.
fn ladders(set: &[String]) -> Result<(Vec<Axis>, Vec<&str>)> {
    let is_ladder = |setting: &&String| setting.contains(',') || setting.contains("..");
    let (ladders, single): (Vec<_>, Vec<_>) = set.iter().partition(is_ladder);
    let single = single.into_iter().map(String::as_str).collect();
    Ok((Axis::read_all(ladders)?, single))
}

/// Tries the histories under other models, and says whether the answer survives them.
fn robustness(
    arguments: &Compare,
    histories: Vec<History>,
    tracks: Vec<Track>,
    set: &[&str],
    ladders: Vec<Axis>,
    output: &mut Output,
) -> Result<Outcome> {
    let mut variants = Vec::new();
    for name in names_of_models(&arguments.models) {
        variants.push(Variant::Model {
            model: Box::new(input::model_with(name, set)?),
            name: name.to_owned(),
        });
    }
    for Axis { name, values } in ladders {
        variants.extend(values.into_iter().map(|value| Variant::Parameter {
            name: name.clone(),
            value,
        }));
    }
    let contenders = histories.into_iter().zip(tracks);
    let contenders = contenders.map(|(history, track)| match history {
        History::Log(_) => Contender::Log(Box::new(track)),
        History::Scenario(scenario) => Contender::Run {
            luck: input::luck(arguments.luck, &scenario),
            scenario,
        },
    });
    let contenders: Vec<_> = contenders.collect();
    let robustness = Robustness::new(&contenders, variants, arguments.window.to)?;
    known(&arguments.dyad, &robustness.dyads)?;
    let rows = RobustnessRows::new(&robustness, &arguments.dyad);
    match arguments.format {
        FigureFormat::Table | FigureFormat::Svg => {
            output.print(robustness_text(&robustness, &rows, output.look()))?;
        }
        FigureFormat::Json => output.json(&rows)?,
        FigureFormat::Csv => output.csv(&columns_of("compare --models"), rows.lines())?,
    }
    Ok(Outcome::fine_if(rows.stands()))
}

/// The models to try, each once: `all` stands for every preset.
fn names_of_models(asked: &[String]) -> Vec<&str> {
    let mut names = Vec::new();
    for name in asked.iter().map(|name| name.trim()) {
        let presets = Preset::ALL.into_iter().map(Preset::name);
        let meant: Vec<_> = match name {
            "all" => presets.collect(),
            name => vec![name],
        };
        names.extend(meant);
    }
    let mut seen = HashSet::new();
    names.retain(|name| seen.insert(*name));
    names
}
