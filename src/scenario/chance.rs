//! Checking what chance a scenario holds: its chance nodes, rules and uncertain parameters.

use super::base::Base;
use super::findings::Check;
use super::hazards::{Alternative, Chance, Hazards, Rule, Uncertain};
use super::schema::{ChanceNode, DAYS_LIMIT, ReactionRule, ScenarioFile, Spread, Tail};
use crate::error::Kind;
use crate::history::{Draft, NAME_LIMIT, Record, is_name};
use crate::json::Step;
use crate::model::{Act, BadSetting, Day, Model};
use std::collections::HashSet;

/// The most chance nodes and the most rules that a scenario may have, those of its base included.
pub const SITE_LIMIT: usize = 256;
/// The most options of a chance node.
pub const OPTION_LIMIT: usize = 64;
/// By how much a sum of probabilities may miss 1, for thirds written with a few digits.
const SUM_TOLERANCE: f64 = 1e-6;

impl Check<'_> {
    /// What chance the scenario holds, its base's included.
    pub(super) fn hazards(&mut self, file: &ScenarioFile, base: &Base) -> Hazards {
        let own = base.lineage.len();
        let brought = &base.hazards;
        let mut hazards = Hazards {
            seed: file.seed.unwrap_or(brought.seed),
            ..brought.clone()
        };
        if file.tail == Tail::Cut {
            for rule in &mut hazards.rules {
                rule.cut_by |= 1 << own;
            }
        }
        let mut names: HashSet<&str> = HashSet::new();
        let of_base: HashSet<&str> = {
            let chances = brought.chances.iter().map(|chance| chance.id.as_str());
            chances
                .chain(brought.rules.iter().map(|rule| rule.written.id.as_str()))
                .collect()
        };
        let nodes = file.chance.iter().map(|node| &node.id).enumerate();
        let rules = file.rules.iter().map(|rule| &rule.id).enumerate();
        let sites = nodes.map(|(place, id)| ("chance", place, id));
        for (list, place, id) in sites.chain(rules.map(|(place, id)| ("rules", place, id))) {
            let at = [list.into(), place.into(), "id".into()];
            let in_base = of_base.contains(id.as_str());
            if !is_name(id) {
                let found = id.clone();
                self.wrong(
                    &at,
                    Kind::BadName {
                        found,
                        limit: NAME_LIMIT,
                    },
                );
            } else if !names.insert(id) || in_base {
                let id = id.clone();
                self.wrong(
                    &at,
                    Kind::SiteTaken {
                        id,
                        of_base: in_base,
                    },
                );
            }
        }
        for (field, found) in [
            ("chance", file.chance.len() + brought.chances.len()),
            ("rules", file.rules.len() + brought.rules.len()),
        ] {
            if found > SITE_LIMIT {
                let limit = SITE_LIMIT;
                self.wrong(
                    &[field.into()],
                    Kind::TooMany {
                        field,
                        found,
                        limit,
                    },
                );
                return hazards;
            }
        }
        for (place, node) in file.chance.iter().enumerate() {
            let chance = self.chance(node, &["chance".into(), place.into()]);
            hazards.chances.push(chance);
        }
        for (place, rule) in file.rules.iter().enumerate() {
            let then = self.rule(rule, &["rules".into(), place.into()]);
            hazards.rules.extend(then.map(|then| Rule {
                written: rule.clone(),
                then,
                owner: own,
                cut_by: 0,
            }));
        }
        self.cycle(file, &hazards.rules);
        self.uncertain(file, &mut hazards);
        hazards
    }

    fn chance(&mut self, node: &ChanceNode, at: &[Step<'static>]) -> Chance {
        let within = |rest: &[Step<'static>]| [at, rest].concat();
        match (&node.date, &node.after) {
            (None, None) => self.wrong(at, Kind::NoTime),
            (Some(_), Some(_)) => {
                let (field, other) = ("date", "after");
                self.wrong(&within(&[other.into()]), Kind::Either { field, other });
            }
            _ => {}
        }
        let (field, found) = ("options", node.options.len());
        let options_at = within(&[field.into()]);
        if found == 0 {
            self.wrong(&options_at, Kind::NoEntries { field });
        } else if found > OPTION_LIMIT {
            let limit = OPTION_LIMIT;
            self.wrong(
                &options_at,
                Kind::TooMany {
                    field,
                    found,
                    limit,
                },
            );
        }
        let mut labels = HashSet::new();
        let (mut sum, mut are_probabilities) = (0.0, found > 0);
        for (place, option) in node.options.iter().enumerate() {
            let at = |field: &'static str| within(&["options".into(), place.into(), field.into()]);
            if !labels.insert(&option.label) {
                let value = option.label.clone();
                self.wrong(&at("label"), Kind::Twice { field, value });
            }
            are_probabilities &= self.probability(option.probability, &at("probability"));
            sum += option.probability;
        }
        if are_probabilities && (sum - 1.0).abs() > SUM_TOLERANCE {
            self.wrong(&options_at, Kind::Probabilities { sum });
        }
        let options = node.options.iter().map(|option| Alternative {
            label: option.label.clone(),
            probability: option.probability,
        });
        Chance {
            id: node.id.clone(),
            after: node.after.as_ref().map(|after| after.event.clone()),
            options: options.collect(),
        }
    }

    fn probability(&mut self, found: f64, at: &[Step<'_>]) -> bool {
        let is_one = (0.0..=1.0).contains(&found);
        if !is_one {
            self.wrong(at, Kind::BadProbability { found });
        }
        is_one
    }

    /// What a rule causes, if its form is right.
    fn rule(&mut self, rule: &ReactionRule, at: &[Step<'static>]) -> Option<Record> {
        let within = |rest: &[Step<'static>]| [at, rest].concat();
        self.probability(rule.probability, &within(&["probability".into()]));
        let mut days = |found: u32, path: &[Step<'static>]| {
            if i64::from(found) > i64::from(DAYS_LIMIT) {
                let (found, limit) = (found.into(), DAYS_LIMIT);
                self.wrong(&within(path), Kind::TooManyDays { found, limit });
            }
        };
        if let Some(delay) = rule.delay_days {
            days(delay.to, &["delay_days".into(), "to".into()]);
        }
        days(
            rule.cooldown_days.unwrap_or_default(),
            &["cooldown_days".into()],
        );
        if rule.delay_days.is_some_and(|delay| delay.from > delay.to) {
            let values = "`from` and `to`";
            self.wrong(&within(&["delay_days".into()]), Kind::NotRising { values });
        }
        let then = within(&["then".into()]);
        let given = [
            ("id", rule.then.id.is_some()),
            ("date", rule.then.date.is_some()),
            ("after", rule.then.after.is_some()),
            ("caused_by", rule.then.caused_by.is_some()),
        ];
        for (field, _) in given.into_iter().filter(|(_, is_there)| *is_there) {
            self.wrong(
                &[&then[..], &[field.into()]].concat(),
                Kind::GivenByRule { field },
            );
        }
        if rule.when.act == Act::Retraction {
            self.wrong(
                &within(&["when".into(), "act".into()]),
                Kind::RetractionInScenario,
            );
        }
        let draft = Draft {
            // As long as the id of a reaction can be without its trigger.
            id: Some(format!("{}@", rule.id)),
            date: Some(Day::EPOCH),
            after: None,
            caused_by: None,
            ..(*rule.then).clone()
        };
        is_name(&rule.id).then(|| self.form(draft, &then)).flatten()
    }

    /// Rules that trigger each other without one among them that says how often.
    fn cycle(&mut self, file: &ScenarioFile, rules: &[Rule]) {
        let endless: Vec<&Rule> = rules
            .iter()
            .filter(|rule| rule.written.at_most.is_none())
            .collect();
        let mut done = HashSet::new();
        for start in 0..endless.len() {
            let mut way = Vec::new();
            if let Some(cycle) = find_cycle(start, &endless, &mut way, &mut done) {
                let ids: Vec<_> = cycle
                    .iter()
                    .map(|&rule| endless[rule].written.id.clone())
                    .collect();
                // The base alone was checked: at least one of them is the scenario's own.
                let own = |rule: &ReactionRule| ids.contains(&rule.id);
                let place = file.rules.iter().position(own).unwrap_or_default();
                self.wrong(
                    &["rules".into(), place.into(), "when".into()],
                    Kind::RuleCycle { ids },
                );
                return;
            }
        }
    }

    fn uncertain(&mut self, file: &ScenarioFile, hazards: &mut Hazards) {
        if file.model.is_some() {
            // A model of its own is taken as a whole.
            hazards.uncertain.clear();
        }
        for (name, spread) in &file.uncertain {
            let at = ["uncertain".into(), Step::from(name.as_str())];
            match Model::range(name) {
                Err(bad) => self.wrong(&at, Kind::Setting(bad)),
                Ok(range) => {
                    self.spread(name, spread, range, &at);
                    hazards.uncertain.retain(|other| other.name != *name);
                    hazards.uncertain.push(Uncertain {
                        name: name.clone(),
                        spread: spread.clone(),
                        range,
                    });
                }
            }
        }
    }

    fn spread(&mut self, name: &str, spread: &Spread, range: [f64; 2], at: &[Step<'_>]) {
        let [least, greatest] = range;
        let (field, values): (_, &[f64]) = match spread {
            Spread::Uniform(values) => ("uniform", values),
            Spread::Triangular(values) => ("triangular", values),
            Spread::Normal(values) => ("normal", &values[..1]),
            Spread::Choice(values) => ("choice", values),
        };
        let list = [at, &[field.into()]].concat();
        for (place, &found) in values.iter().enumerate() {
            if !(least..=greatest).contains(&found) {
                let bad = BadSetting::OutOfRange {
                    name: name.to_owned(),
                    found,
                    least,
                    greatest,
                    or_none: false,
                };
                self.wrong(&[&list[..], &[place.into()]].concat(), Kind::Setting(bad));
            }
        }
        let wrong = match spread {
            Spread::Uniform(ends) if ends[0] >= ends[1] => Kind::NotRising {
                values: "least and greatest value",
            },
            Spread::Triangular([least, mode, greatest])
                if least > mode || mode > greatest || least >= greatest =>
            {
                Kind::NotRising {
                    values: "least, most likely and greatest value",
                }
            }
            Spread::Normal([_, deviation]) if *deviation <= 0.0 => Kind::NotPositive {
                what: "standard deviation",
            },
            Spread::Choice(values) if values.is_empty() => Kind::NoEntries { field },
            _ => return,
        };
        self.wrong(&list, wrong);
    }
}

/// A way from a rule back to one that is on it.
fn find_cycle(
    rule: usize,
    rules: &[&Rule],
    way: &mut Vec<usize>,
    done: &mut HashSet<usize>,
) -> Option<Vec<usize>> {
    if let Some(start) = way.iter().position(|&other| other == rule) {
        return Some(way[start..].iter().copied().chain([rule]).collect());
    }
    if !done.insert(rule) {
        return None;
    }
    way.push(rule);
    let caused = rules.get(rule)?.then.fields();
    for (next, other) in rules.iter().enumerate() {
        if other.written.when.matches(caused)
            && let Some(cycle) = find_cycle(next, rules, way, done)
        {
            return Some(cycle);
        }
    }
    way.pop();
    None
}
