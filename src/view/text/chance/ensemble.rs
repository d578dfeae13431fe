//! An ensemble as text for people.

use crate::model::{Dyad, Phase};
use crate::scenario::{BINS, Frame, Framed, Share, Spread};
use crate::text::{abridged, count, cut, shown};
use crate::view::rows::conditions::conditions;
use crate::view::rows::ensemble::{
    DifferenceRows, EnsembleRows, ExplainedRow, FanRow, InputKind, Manifest, ScenarioRows,
};
use crate::view::rows::words::degrees;
use crate::view::text::table::{Look, lines, number, table};
use comfy_table::Cell;

/// An ensemble for people.
#[must_use]
pub fn ensemble_text(rows: &EnsembleRows, look: Look) -> String {
    let Manifest {
        runs,
        missing_shards,
        frame,
    } = &rows.manifest;
    let (runs, wanted) = (*runs, frame.runs_wanted);
    let mut text = format!("{} of seed {}\n", count(runs, "run"), frame.seed);
    if runs < wanted {
        text.extend([format!("Partial: {wanted} runs were asked for.\n")]);
    }
    if !missing_shards.is_empty() {
        let missing: Vec<_> = missing_shards.iter().map(ToString::to_string).collect();
        text.extend([
            "Missing or stopped early, by shard: ",
            &abridged(&missing),
            "\n",
        ]);
    }
    for (scenario, rows) in frame.scenarios.iter().zip(&rows.scenarios) {
        text.push('\n');
        text.push_str(&scenario_text(frame, scenario, rows, runs, look));
    }
    for difference in &rows.differences {
        text.push('\n');
        text.push_str(&difference_text(frame, difference, runs, look));
    }
    text.push_str(&made_from(frame));
    look.names.said(&text)
}

/// What is needed to find the scenarios of a result again.
pub(super) fn made_from(frame: &Frame) -> String {
    let mut text = "\nMade from\n".to_owned();
    for made in &frame.scenarios {
        let through = if made.base_scenarios.is_empty() {
            String::new()
        } else {
            format!(" by {}", made.base_scenarios.join(", "))
        };
        let (name, base) = (shown(&made.name), shown(&made.base));
        text.extend([format!(
            " {name}: digest {}\n  on {base}, whose log ends in {}{through}\n",
            made.digest, made.base_head
        )]);
    }
    text.extend([" detente ", &frame.detente, "\n"]);
    text
}

/// What a scenario is and on what its numbers hang.
pub(super) fn heading(scenario: &Framed) -> String {
    format!(
        "{}\n{} on {}, until {}\n{}",
        cut(&shown(&scenario.title), 300),
        shown(&scenario.name),
        shown(&scenario.base),
        scenario.until,
        conditions(&scenario.model.model().unwrap_or_default())
    )
}

fn scenario_text(
    frame: &Frame,
    scenario: &Framed,
    rows: &ScenarioRows,
    runs: u64,
    look: Look,
) -> String {
    let mut text = heading(scenario);
    for (name, spread) in &scenario.uncertain {
        let spread = match spread {
            Spread::Uniform(values) => format!("uniform {values:?}"),
            Spread::Triangular(values) => format!("triangular {values:?}"),
            Spread::Normal(values) => format!("normal {values:?}, cut to its range"),
            Spread::Choice(values) => format!("choice {values:?}"),
        };
        text.extend([format!("Uncertain: {}, {spread}\n", shown(name))]);
    }
    if scenario.model.saturation == Some(false) {
        let range = scenario.range_degrees;
        text.extend([format!(
            "Percentiles are told from -{range} to {range} degrees, to within {}\n",
            range / (BINS - 1) as f64
        )]);
    }
    for to_see in &rows.runs_to_see {
        let fans: Vec<_> = rows
            .fans
            .iter()
            .filter(|fan| fan.dyad == to_see.dyad)
            .collect();
        let varies = fans.iter().any(|fan| fan.sd > Some(0.0));
        if !varies && frame.dyads.len() > 1 {
            continue;
        }
        text.extend([format!("\n{}\n", to_see.dyad)]);
        text.push_str(&fan_table(&fans, look));
        text.push_str(&outside_text(&fans, scenario.range_degrees));
        let run = |run: Option<u64>| run.map_or_else(|| "none".to_owned(), |run| run.to_string());
        text.extend([format!(
            " see with `detente run {} --seed {} --run R`: median {}, coldest {}, warmest {}\n",
            shown(&scenario.name),
            frame.seed,
            run(to_see.median),
            run(to_see.coldest),
            run(to_see.warmest)
        )]);
    }
    text.push_str(&counts_text(rows, runs, look));
    text.push_str(&explained_text(frame, scenario, &rows.explained, look));
    text
}

/// How often outcomes held, options came to pass, and rules did anything.
fn counts_text(rows: &ScenarioRows, runs: u64, look: Look) -> String {
    let mut text = String::new();
    if !rows.outcomes.is_empty() {
        let mut outcomes = table(&["outcome", "probability", "95 % interval"], look);
        for row in &rows.outcomes {
            let Share { share, low, high } = row.share;
            outcomes.add_row(vec![
                Cell::new(shown(&row.outcome)),
                number(format!("{share:.4}")),
                Cell::new(format!("{low:.4} to {high:.4}")),
            ]);
        }
        text.extend([format!("\n{}", lines(&mut outcomes))]);
    }
    if !rows.chances.is_empty() {
        let mut chances = table(&["chance", "option", "probability", "runs", "share"], look);
        for row in &rows.chances {
            chances.add_row(vec![
                Cell::new(shown(&row.chance)),
                Cell::new(cut(&shown(&row.option), 80)),
                number(row.probability.to_string()),
                number(row.runs.to_string()),
                number(format!("{:.4}", row.runs as f64 / runs.max(1) as f64)),
            ]);
        }
        text.extend([format!("\n{}", lines(&mut chances))]);
    }
    if !rows.rules.is_empty() {
        let mut rules = table(&["rule", "in runs", "share", "events", "illegal"], look);
        for row in &rows.rules {
            let illegal: u64 = row.illegal.values().sum();
            let name = shown(&row.rule);
            rules.add_row(vec![
                Cell::new(if row.events == 0 {
                    format!("{name} (never)")
                } else {
                    name
                }),
                number(row.runs.to_string()),
                number(format!("{:.4}", row.runs as f64 / runs.max(1) as f64)),
                number(row.events.to_string()),
                number(illegal.to_string()),
            ]);
        }
        text.extend([format!("\n{}", lines(&mut rules))]);
        for row in &rows.rules {
            for (reason, times) in &row.illegal {
                let times = count(*times, "time");
                text.extend([format!(
                    " {}, illegal {times}: {reason}\n",
                    shown(&row.rule)
                )]);
            }
        }
    }
    for row in &rows.illegal {
        let runs = count(row.runs, "run");
        text.extend([format!(
            " {} is illegal in {runs}: {}\n",
            shown(&row.event),
            row.reason
        )]);
    }
    text
}

pub(super) fn fan_table(fans: &[&FanRow], look: Look) -> String {
    let there = |phase: &Phase| {
        let share = |fan: &&FanRow| {
            fan.phases
                .get(phase.name())
                .is_some_and(|share| *share > 0.0)
        };
        fans.iter().any(share)
    };
    let phases: Vec<_> = Phase::ALL.into_iter().filter(there).collect();
    let mut header = vec!["date", "5 %", "25 %", "50 %", "75 %", "95 %", "mean"];
    header.extend(phases.iter().map(|phase| phase.name()));
    let mut fan_table = table(&header, look);
    for fan in fans {
        let mut cells = vec![Cell::new(fan.date.to_string())];
        cells.extend(fan.percentiles.map(percentile));
        cells.push(number(degrees(fan.mean)));
        for phase in &phases {
            let share = fan.phases.get(phase.name()).copied().unwrap_or_default();
            cells.push(number(format!("{:.1} %", share * 100.0)));
        }
        fan_table.add_row(cells);
    }
    lines(&mut fan_table)
}

/// In how many runs a temperature lies where no percentile can be told, if in any.
fn outside_text(fans: &[&FanRow], range_degrees: f64) -> String {
    let most = fans.iter().map(|fan| fan.outside[0] + fan.outside[1]).max();
    match most {
        None | Some(0) => String::new(),
        Some(most) => format!(
            " on some date {} colder than -{range_degrees} or warmer than {range_degrees}: what lies there is counted, but no percentile is told of it\n",
            match most {
                1 => "1 run is".to_owned(),
                _ => format!("{most} runs are"),
            }
        ),
    }
}

fn percentile(value: Option<f64>) -> Cell {
    number(value.map_or_else(|| "outside".to_owned(), degrees))
}

/// How many things a table shows of which a share is explained.
const EXPLAINED_SHOWN: usize = 6;

/// What explains how the dyads end and the outcomes.
fn explained_text(frame: &Frame, scenario: &Framed, rows: &[ExplainedRow], look: Look) -> String {
    let dyads = frame.dyads.iter().map(ToString::to_string);
    let outcomes = scenario.outcomes.iter().map(|id| shown(id));
    let shares = |row: &ExplainedRow| [&row.ends[..], &row.outcomes].concat();
    let shares: Vec<_> = rows.iter().map(shares).collect();
    let column = |place: usize| -> Vec<Option<f64>> {
        let column = shares.iter().map(|row| row.get(place).copied().flatten());
        column.collect()
    };
    let columns = dyads.chain(outcomes).enumerate();
    let columns = columns.map(|(place, name)| (name, column(place)));
    // What does not vary is not shown.
    let all: Vec<_> = columns
        .filter(|(_, shares)| shares.iter().any(Option::is_some))
        .collect();
    let (shown_of, rest) = all.split_at(all.len().min(EXPLAINED_SHOWN));
    if shown_of.is_empty() {
        return String::new();
    }
    let mut header = vec!["explains of"];
    header.extend(shown_of.iter().map(|(name, _)| name.as_str()));
    let mut explained = table(&header, look);
    let share = |share: Option<f64>| {
        number(share.map_or_else(String::new, |share| format!("{:.1} %", share * 100.0)))
    };
    for (place, row) in rows.iter().enumerate() {
        let kind = if row.kind == InputKind::Rule {
            " (rule)"
        } else {
            ""
        };
        let mut cells = vec![Cell::new(format!("{}{kind}", shown(&row.input)))];
        cells.extend(shown_of.iter().map(|(_, shares)| share(shares[place])));
        explained.add_row(cells);
    }
    let mut text = format!("\n{}", lines(&mut explained));
    text.push_str(
        " shares of the variance from run to run, each input taken alone; the rest is due to several together or to rules\n",
    );
    if rows.iter().any(|row| row.kind == InputKind::Rule) {
        text.push_str(
            " a rule is no draw apart: what it explains may be due to what sets it off\n",
        );
    }
    if !rest.is_empty() {
        let more = count(rest.len() as u64, "column");
        text.extend([format!(" and {more} more in json and csv\n")]);
    }
    text
}

/// A dyad whose temperatures nowhere differ by so much is left out of a table of differences.
const LEAST_SHOWN_DEGREES: f64 = 0.01;

/// Degrees with three digits, and without the sign of a zero.
fn thousandths(degrees: f64) -> String {
    let text = format!("{degrees:.3}");
    match text.strip_prefix('-') {
        Some("0.000") => "0.000".to_owned(),
        _ => text,
    }
}

/// A standard deviation; empty where there is none, as of one run.
fn deviation(deviation: Option<f64>) -> String {
    deviation.map_or_else(String::new, |deviation| format!("{deviation:.3}"))
}

fn difference_text(frame: &Frame, rows: &DifferenceRows, runs: u64, look: Look) -> String {
    let first = frame
        .scenarios
        .first()
        .map_or("", |first| first.name.as_str());
    let mut text = format!(
        "{} less {}, run by run with the same luck\n",
        shown(&rows.scenario),
        shown(first)
    );
    let header = [
        "dyad",
        "date",
        "mean",
        "95 % interval",
        "5 %",
        "50 %",
        "95 %",
        "sd",
        "sd unpaired",
    ];
    let mut gaps = table(&header, look);
    let reaches = |dyad: Dyad, degrees: f64| {
        let of_dyad = rows.temperatures.iter().filter(|gap| gap.dyad == dyad);
        of_dyad
            .into_iter()
            .any(|gap| gap.mean.abs() >= degrees || gap.sd >= Some(degrees))
    };
    let differs = |dyad: Dyad| reaches(dyad, LEAST_SHOWN_DEGREES);
    let any_differs = frame.dyads.iter().any(|&dyad| differs(dyad));
    let hidden = frame
        .dyads
        .iter()
        .filter(|&&dyad| !differs(dyad) && reaches(dyad, f64::MIN_POSITIVE));
    let hidden: Vec<_> = hidden.map(ToString::to_string).collect();
    for gap in rows.temperatures.iter().filter(|gap| differs(gap.dyad)) {
        gaps.add_row(vec![
            Cell::new(gap.dyad.to_string()),
            Cell::new(gap.date.to_string()),
            number(thousandths(gap.mean)),
            Cell::new(match (gap.low, gap.high) {
                (Some(low), Some(high)) => {
                    format!("{} to {}", thousandths(low), thousandths(high))
                }
                _ => String::new(),
            }),
            percentile(gap.percentiles[0]),
            percentile(gap.percentiles[2]),
            percentile(gap.percentiles[4]),
            number(deviation(gap.sd)),
            number(deviation(gap.sd_unpaired)),
        ]);
    }
    if any_differs {
        text.push_str(&lines(&mut gaps));
    } else {
        text.push_str(" no temperature differs by a hundredth of a degree\n");
    }
    if any_differs && !hidden.is_empty() {
        text.extend([
            " not shown, as nothing there reaches a hundredth of a degree: ",
            &abridged(&hidden),
            "\n",
        ]);
    }
    for end in rows.ends.iter().filter(|end| differs(end.dyad)) {
        text.extend([format!(
            " {} ends warmer in {:.1} % of {}, as warm in {:.1} %\n",
            end.dyad,
            end.warmer.share * 100.0,
            count(runs, "run"),
            end.same.share * 100.0
        )]);
    }
    if !rows.outcomes.is_empty() {
        let header = [
            "outcome",
            "first",
            "this",
            "difference",
            "95 % interval",
            "sd",
            "sd unpaired",
        ];
        let mut outcomes = table(&header, look);
        for row in &rows.outcomes {
            outcomes.add_row(vec![
                Cell::new(shown(&row.outcome)),
                number(format!("{:.4}", row.first)),
                number(format!("{:.4}", row.own)),
                number(format!("{:+.4}", row.difference)),
                Cell::new(format!("{:+.4} to {:+.4}", row.low + 0.0, row.high + 0.0)),
                number(deviation(row.sd)),
                number(deviation(row.sd_unpaired)),
            ]);
        }
        text.extend([format!("\n{}", lines(&mut outcomes))]);
    }
    text
}
