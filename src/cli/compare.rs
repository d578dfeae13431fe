//! `detente compare`: where histories part, how far their temperatures lie apart, and how they end.

use super::args::{Compare, FigureFormat};
use super::input;
use super::output::{Outcome, Output, unwritten, unwritten_rows};
use crate::error::{Kind, Result};
use crate::model::Model;
use crate::scenario::{Comparison, Track};
use crate::store::{self, History};
use crate::text::abridged;
use crate::view::{Album, ComparisonRows, Strand, by_width, comparison_text, conditions, ends};

pub(crate) fn run(arguments: &Compare, output: &mut Output) -> Result<Outcome> {
    let is_figure = arguments
        .figure
        .is_wanted(arguments.format == FigureFormat::Svg)?;
    let model = input::model(&arguments.model)?;
    let histories = arguments.histories.iter().map(|name| store::history(name));
    let histories: Vec<_> = histories.collect::<Result<_>>()?;
    let has_log = histories
        .iter()
        .any(|history| matches!(history, History::Log(_)));
    if model != Model::default() && !has_log {
        output.note("note: each scenario has a model of its own; --model and --set are for logs");
    }
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
        _ if is_figure => figure(arguments, &comparison, &dyads, output)?,
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

/// The dyads asked for, or those in which any history differs from the first.
fn chosen(arguments: &Compare, comparison: &Comparison) -> Result<Vec<usize>> {
    for wanted in &arguments.dyad {
        if !comparison.dyads.contains(wanted) {
            let known = comparison.dyads.iter().map(ToString::to_string).collect();
            return Err(Kind::UnknownDyad {
                dyad: wanted.to_string(),
                known,
            }
            .into());
        }
    }
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
        drawn.extend(comparison.dyads.first());
    }
    let strands = Strand::of_all(comparison, &drawn);
    let album = Album::new(strands, comparison.days.last().copied(), &drawn);
    arguments.figure.print(album.figure(&drawn), output)
}

fn csv(rows: &ComparisonRows, output: &mut Output) -> Result<()> {
    let mut lines = csv::Writer::from_writer(output);
    for row in &rows.temperatures {
        lines.serialize(row).map_err(unwritten_rows)?;
    }
    lines.flush().map_err(unwritten)
}
