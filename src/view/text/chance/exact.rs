//! The exact result of a tree of chance nodes, as rows and as text for people.

use super::ensemble::{fan_table, heading, made_from};
use crate::model::{Day, Dyad, Phase};
use crate::scenario::{Exact, Frame, Framed};
use crate::text::{count, cut, shown};
use crate::view::rows::ensemble::{FanRow, PERMILLES, places};
use crate::view::text::table::{Look, number, part_of};
use comfy_table::Cell;
use serde::Serialize;

/// The exact result of some scenarios as JSON.
#[derive(Clone, Debug, Serialize)]
pub struct ExactRows {
    /// What is needed to make it again.
    pub manifest: ExactManifest,
    /// What can come out of each scenario.
    pub scenarios: Vec<ExactScenarioRows>,
}

/// What an exact result was made of.
#[derive(Clone, Debug, Serialize)]
pub struct ExactManifest {
    /// The version of the program.
    pub detente: String,
    /// The dates on which temperatures were read.
    pub dates: Vec<Day>,
    /// The dyads that were looked at.
    pub dyads: Vec<Dyad>,
    /// The scenarios.
    pub scenarios: Vec<Framed>,
}

/// What can come out of a scenario, by probability.
#[derive(Clone, Debug, Serialize)]
pub struct ExactScenarioRows {
    /// The scenario.
    pub scenario: String,
    /// In how many ways its chance nodes can come out.
    pub branches: usize,
    /// The fan of each dyad, with percentiles that are temperatures of branches.
    pub fans: Vec<FanRow>,
    /// The probability of each outcome.
    pub outcomes: Vec<ExactOutcomeRow>,
    /// The probability of each option of each chance node to come to pass.
    pub chances: Vec<ExactChanceRow>,
    /// What each rule does.
    pub rules: Vec<ExactRuleRow>,
}

/// How probable an outcome is.
#[derive(Clone, Debug, Serialize)]
pub struct ExactOutcomeRow {
    /// The outcome.
    pub outcome: String,
    /// Its probability.
    pub probability: f64,
}

/// How probable an option is.
#[derive(Clone, Debug, Serialize)]
pub struct ExactChanceRow {
    /// The chance node.
    pub chance: String,
    /// The option.
    pub option: String,
    /// How probable it is where it is drawn.
    pub probability: f64,
    /// How probable it is to be drawn and to come to pass.
    pub comes_to_pass: f64,
}

/// What a rule does.
#[derive(Clone, Debug, Serialize)]
pub struct ExactRuleRow {
    /// The rule.
    pub rule: String,
    /// The probability that it causes anything.
    pub fires: f64,
    /// How many events it causes in the mean.
    pub events: f64,
}

impl ExactRows {
    /// The rows of what came out of the scenarios of a frame.
    #[must_use]
    pub fn new(frame: &Frame, found: &[Exact]) -> Self {
        let scenarios = frame.scenarios.iter().zip(found);
        Self {
            manifest: ExactManifest {
                detente: frame.detente.clone(),
                dates: frame.dates.clone(),
                dyads: frame.dyads.clone(),
                scenarios: frame.scenarios.clone(),
            },
            scenarios: scenarios
                .map(|(scenario, exact)| scenario_rows(frame, scenario, exact))
                .collect(),
        }
    }
}

fn scenario_rows(frame: &Frame, scenario: &Framed, exact: &Exact) -> ExactScenarioRows {
    let has_phases = scenario.model.saturation != Some(false);
    let fans = places(frame).zip(&exact.cells).map(|((dyad, date), cell)| {
        let phases = Phase::ALL.into_iter().zip(cell.phases);
        let phases = phases.filter(|_| has_phases);
        FanRow {
            dyad,
            date,
            mean: cell.mean(),
            sd: Some(cell.sd()),
            percentiles: PERMILLES.map(|permille| cell.quantile(permille)),
            outside: [0, 0],
            phases: phases.map(|(phase, share)| (phase.name(), share)).collect(),
        }
    });
    let outcomes = scenario.outcomes.iter().zip(&exact.outcomes);
    let outcomes = outcomes.map(|(id, &probability)| ExactOutcomeRow {
        outcome: id.clone(),
        probability,
    });
    let chances = scenario.chances.iter().zip(&exact.options);
    let chances = chances.flat_map(|(chance, options)| {
        let options = chance.options.iter().zip(options);
        options.map(|(option, &comes_to_pass)| ExactChanceRow {
            chance: chance.id.clone(),
            option: option.label.clone(),
            probability: option.probability,
            comes_to_pass,
        })
    });
    let rules = scenario.rules.iter().zip(&exact.rules);
    let rules = rules.map(|(rule, &[fires, events])| ExactRuleRow {
        rule: rule.clone(),
        fires,
        events,
    });
    ExactScenarioRows {
        scenario: scenario.name.clone(),
        branches: exact.branches,
        fans: fans.collect(),
        outcomes: outcomes.collect(),
        chances: chances.collect(),
        rules: rules.collect(),
    }
}

/// An exact result for people.
#[must_use]
pub fn exact_text(frame: &Frame, rows: &ExactRows, look: Look) -> String {
    let mut text = String::new();
    for (scenario, rows) in frame.scenarios.iter().zip(&rows.scenarios) {
        let branches = count(rows.branches as u64, "way");
        text.push_str(&heading(scenario));
        text.extend([format!(
            "Exact: its chance nodes come out in {branches}, each played once and weighed by its probability\n"
        )]);
        for dyad in &frame.dyads {
            let fans: Vec<_> = rows.fans.iter().filter(|fan| fan.dyad == *dyad).collect();
            let varies = fans.iter().any(|fan| fan.sd > Some(0.0));
            if varies || frame.dyads.len() == 1 {
                text.extend([format!("\n{dyad}\n{}", fan_table(&fans, look))]);
            }
        }
        text.push_str(&probabilities(rows, look));
        text.push('\n');
    }
    text.push_str(made_from(frame).trim_start_matches('\n'));
    look.names.said(&text)
}

/// How probable outcomes, options and reactions are.
fn probabilities(rows: &ExactScenarioRows, look: Look) -> String {
    let name = |name: &str| Cell::new(shown(name));
    let share = |share: f64| number(format!("{share:.4}"));
    let outcomes = rows.outcomes.iter();
    let outcomes = outcomes.map(|row| vec![name(&row.outcome), share(row.probability)]);
    let chances = rows.chances.iter().map(|row| {
        vec![
            name(&row.chance),
            Cell::new(cut(&shown(&row.option), 80)),
            number(row.probability.to_string()),
            share(row.comes_to_pass),
        ]
    });
    let rules = rows.rules.iter();
    let rules = rules.map(|row| vec![name(&row.rule), share(row.fires), share(row.events)]);
    let of_chances = ["chance", "option", "probability", "comes to pass"];
    let of_rules = ["rule", "fires", "events in the mean"];
    part_of(&["outcome", "probability"], outcomes, look)
        + &part_of(&of_chances, chances, look)
        + &part_of(&of_rules, rules, look)
}
