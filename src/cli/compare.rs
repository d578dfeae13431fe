//! `detente compare`: where histories part, how far their temperatures lie apart, and how they end.

use super::args::{Compare, FigureFormat};
use super::input;
use super::output::{Outcome, Output, unwritten, unwritten_rows};
use crate::error::{Error, Kind, Result};
use crate::history::FAULT_LIMIT;
use crate::model::{Dyad, Model, Preset};
use crate::scenario::{Axis, Comparison, Contender, Robustness, Track, Variant};
use crate::store::{self, History};
use crate::text::abridged;
use crate::view::{
    Album, ComparisonRows, RobustnessRows, Strand, by_moves, by_width, comparison_text, conditions,
    ends, not_a_formula, one_run_of, robustness_text,
};
use std::collections::HashSet;

pub(crate) fn run(arguments: &Compare, output: &mut Output) -> Result<Outcome> {
    let is_figure = arguments
        .figure
        .is_wanted(arguments.format == FigureFormat::Svg)?;
    let (ladders, set) = ladders(&arguments.set)?;
    let model = input::model_with(&arguments.model, &set)?;
    if !arguments.models.is_empty() || !ladders.is_empty() {
        if is_figure {
            let (option, formats) = ("--models", "table, json or csv");
            return Err(Kind::OnlyAs { option, formats }.into());
        }
        return robustness(arguments, &model, &set, ladders, output);
    }
    let (mut histories, mut errors) = (Vec::new(), Vec::new());
    for name in &arguments.histories {
        match store::history(name) {
            Ok(history) => histories.push(history),
            Err(error) => errors.push(error),
        }
    }
    Error::all(errors, FAULT_LIMIT)?;
    let has_log = histories
        .iter()
        .any(|history| matches!(history, History::Log(_)));
    if model != Model::default() && !has_log {
        output.note("note: each scenario has a model of its own; --model and --set are for logs");
    }
    let titles = arguments.histories.iter().zip(&histories);
    let titles: Vec<_> = titles.map(|(name, history)| title(name, history)).collect();
    let tracks = arguments.histories.iter().zip(histories);
    let tracks = tracks.map(|(name, history)| match history {
        History::Log(base) => {
            let records = base.entries.into_iter().map(|entry| entry.record);
            Ok(Track::of_log(
                name.clone(),
                records.collect(),
                model.clone(),
            ))
        }
        History::Scenario(scenario) => {
            let track = Track::of(&scenario, input::luck(arguments.luck, &scenario));
            track.map_err(|error| error.in_file(name))
        }
    });
    let comparison = Comparison::new(tracks.collect::<Result<_>>()?);
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
            let first = comparison.tracks.first();
            let one_model = comparison
                .tracks
                .iter()
                .all(|track| Some(&track.model) == first.map(|first| &first.model));
            for (number, track) in (1..).zip(&comparison.tracks) {
                if one_model {
                    output.print(conditions(&track.model))?;
                    break;
                }
                output.print(format!("{number}: {}", conditions(&track.model)))?;
            }
        }
        FigureFormat::Json => output.json(&rows)?,
        FigureFormat::Csv => csv(&rows, output)?,
    }
    Ok(if same {
        Outcome::Fine
    } else {
        Outcome::Differs
    })
}

/// What a history is called in a figure or a page; one of a scenario's runs is said to be one.
pub(super) fn title(name: &str, history: &History) -> String {
    match history {
        History::Log(_) if name == store::RECORDED_NAME => "The recorded history".to_owned(),
        History::Log(_) => name.to_owned(),
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

/// The temperatures and how far they lie apart, in the terminal or as SVG: of the dyads asked for, or of the one with
/// the widest gap.
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
        return Err(Kind::NothingMoves.into());
    }
    let strands = Strand::of_all(comparison, &drawn);
    let mut album = Album::new(strands, comparison.days.last().copied(), &drawn);
    album.names = titles;
    arguments.figure.print(album.figure(&drawn), output)
}

/// Makes sure that there are the dyads asked for.
pub(super) fn known(asked: &[Dyad], dyads: &[Dyad]) -> Result<()> {
    match asked.iter().find(|wanted| !dyads.contains(wanted)) {
        None => Ok(()),
        Some(unknown) => Err(Kind::UnknownDyad {
            dyad: unknown.to_string(),
            known: dyads.iter().map(ToString::to_string).collect(),
        }
        .into()),
    }
}

fn csv(rows: &ComparisonRows, output: &mut Output) -> Result<()> {
    let mut lines = csv::Writer::from_writer(output);
    for row in &rows.temperatures {
        let mut row = row.clone();
        row.history = not_a_formula(row.history);
        lines.serialize(row).map_err(unwritten_rows)?;
    }
    lines.flush().map_err(unwritten)
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
    model: &Model,
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
    let mut contenders = Vec::new();
    for name in &arguments.histories {
        contenders.push(match store::history(name)? {
            History::Log(base) => Contender::Log {
                name: name.clone(),
                records: base.entries.into_iter().map(|entry| entry.record).collect(),
                model: model.clone(),
            },
            History::Scenario(scenario) => Contender::Run {
                luck: input::luck(arguments.luck, &scenario),
                scenario,
            },
        });
    }
    let robustness = Robustness::new(&contenders, variants)?;
    known(&arguments.dyad, &robustness.dyads)?;
    let rows = RobustnessRows::new(&robustness, &arguments.dyad);
    match arguments.format {
        FigureFormat::Table | FigureFormat::Svg => {
            output.print(robustness_text(&robustness, &rows, output.look()))?;
        }
        FigureFormat::Json => output.json(&rows)?,
        FigureFormat::Csv => {
            let mut lines = csv::Writer::from_writer(output);
            for line in rows.lines() {
                lines.serialize(line).map_err(unwritten_rows)?;
            }
            lines.flush().map_err(unwritten)?;
        }
    }
    Ok(if rows.broken_by.is_empty() {
        Outcome::Fine
    } else {
        Outcome::Differs
    })
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
