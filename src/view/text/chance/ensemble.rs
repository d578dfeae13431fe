//! An ensemble as text for people.

use crate::model::{Dyad, Phase};
use crate::scenario::{BINS, Frame, Framed, Share, Spread};
use crate::text::{abridged, count, cut, shown};
use crate::view::rows::conditions::conditions;
use crate::view::rows::ensemble::{
    DifferenceRows, EnsembleRows, ExplainedRow, FanRow, InputKind, Manifest, ScenarioRows,
};
use crate::view::rows::words::degrees;
use crate::view::text::table::{Look, number, part_of, table_of};
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
    let name = |name: &str| Cell::new(shown(name));
    let share = |of: u64| number(format!("{:.4}", of as f64 / runs.max(1) as f64));
    let outcomes = rows.outcomes.iter().map(|row| {
        let Share { share, low, high } = row.share;
        let interval = Cell::new(format!("{low:.4} to {high:.4}"));
        vec![name(&row.outcome), number(format!("{share:.4}")), interval]
    });
    let chances = rows.chances.iter().map(|row| {
        vec![
            name(&row.chance),
            Cell::new(cut(&shown(&row.option), 80)),
            number(row.probability.to_string()),
            number(row.runs.to_string()),
            share(row.runs),
        ]
    });
    let rules = rows.rules.iter().map(|row| {
        let illegal: u64 = row.illegal.values().sum();
        let never = if row.events == 0 { " (never)" } else { "" };
        vec![
            Cell::new(shown(&row.rule) + never),
            number(row.runs.to_string()),
            share(row.runs),
            number(row.events.to_string()),
            number(illegal.to_string()),
        ]
    });
    let of_outcomes = ["outcome", "probability", "95 % interval"];
    let of_chances = ["chance", "option", "probability", "runs", "share"];
    let of_rules = ["rule", "in runs", "share", "events", "illegal"];
    let mut text = part_of(&of_outcomes, outcomes, look)
        + &part_of(&of_chances, chances, look)
        + &part_of(&of_rules, rules, look);
    for row in &rows.rules {
        for (reason, times) in &row.illegal {
            let (rule, times) = (shown(&row.rule), count(*times, "time"));
            text.extend([format!(" {rule}, illegal {times}: {reason}\n")]);
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
    let rows = fans.iter().map(|fan| {
        let mut cells = vec![Cell::new(fan.date)];
        cells.extend(fan.percentiles.map(percentile));
        cells.push(number(degrees(fan.mean)));
        for phase in &phases {
            let share = fan.phases.get(phase.name()).copied().unwrap_or_default();
            cells.push(number(format!("{:.1} %", share * 100.0)));
        }
        cells
    });
    table_of(&header, rows, look)
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
    let share = |share: Option<f64>| {
        number(share.map_or_else(String::new, |share| format!("{:.1} %", share * 100.0)))
    };
    let explained = rows.iter().enumerate().map(|(place, row)| {
        let is_rule = row.kind == InputKind::Rule;
        let kind = if is_rule { " (rule)" } else { "" };
        let mut cells = vec![Cell::new(shown(&row.input) + kind)];
        cells.extend(shown_of.iter().map(|(_, shares)| share(shares[place])));
        cells
    });
    let mut text = format!("\n{}", table_of(&header, explained, look));
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
    let gaps = rows.temperatures.iter().filter(|gap| differs(gap.dyad));
    let gaps = gaps.map(|gap| {
        let ends = gap.low.zip(gap.high);
        let interval =
            ends.map(|(low, high)| format!("{} to {}", thousandths(low), thousandths(high)));
        vec![
            Cell::new(gap.dyad),
            Cell::new(gap.date),
            number(thousandths(gap.mean)),
            Cell::new(interval.unwrap_or_default()),
            percentile(gap.percentiles[0]),
            percentile(gap.percentiles[2]),
            percentile(gap.percentiles[4]),
            number(deviation(gap.sd)),
            number(deviation(gap.sd_unpaired)),
        ]
    });
    if any_differs {
        text.push_str(&table_of(&header, gaps, look));
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
    let header = [
        "outcome",
        "first",
        "this",
        "difference",
        "95 % interval",
        "sd",
        "sd unpaired",
    ];
    let outcomes = rows.outcomes.iter().map(|row| {
        vec![
            Cell::new(shown(&row.outcome)),
            number(format!("{:.4}", row.first)),
            number(format!("{:.4}", row.own)),
            number(format!("{:+.4}", row.difference)),
            Cell::new(format!("{:+.4} to {:+.4}", row.low + 0.0, row.high + 0.0)),
            number(deviation(row.sd)),
            number(deviation(row.sd_unpaired)),
        ]
    });
    text + &part_of(&header, outcomes, look)
}
