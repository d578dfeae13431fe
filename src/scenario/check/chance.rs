//! Checking what chance a scenario holds: its chance nodes, rules and uncertain parameters.

use super::findings::Check;
use crate::error::{BadChance, BadModel, BadScenario, BadValue, Kind};
use crate::history::{Draft, NAME_LIMIT, Record, is_name};
use crate::json::Step;
use crate::model::{Act, BadSetting, Day, Dyad, Model};
use crate::scenario::file::base::Base;
use crate::scenario::file::hazards::{Alternative, Chance, Hazards, Rule, Uncertain};
use crate::scenario::file::schema::{
    ChanceNode, DAYS_LIMIT, ReactionRule, ScenarioFile, Spread, Tail,
};
use std::collections::HashSet;

/// The most chance nodes and the most rules that a scenario may have, those of its base included.
pub const SITE_LIMIT: usize = 256;
/// The most options of a chance node.
pub const OPTION_LIMIT: usize = 64;
/// By how much a sum of probabilities may miss 1, for thirds written with a few digits.
const SUM_TOLERANCE: f64 = 1e-6;

impl Check<'_> {
    /// What chance the scenario holds, its base's included; `fork` events of the base are shared.
    pub(in crate::scenario) fn hazards(
        &mut self,
        file: &ScenarioFile,
        base: &Base,
        fork: usize,
    ) -> Hazards {
        let own = base.lineage.len();
        let mut hazards = base.hazards.clone();
        hazards.seed = file.seed.unwrap_or(hazards.seed);
        if file.tail == Tail::Cut {
            let kept = hazards.kept(file.tail, &base.entries, fork);
            let mut place = 0..;
            hazards
                .chances
                .retain(|_| place.next().is_some_and(|place| kept.has(place)));
            for rule in &mut hazards.rules {
                rule.cut_by |= 1 << own;
            }
        }
        self.sites(file, &hazards);
        for (place, node) in file.chance.iter().take(SITE_LIMIT).enumerate() {
            let chance = self.chance(node, &["chance".into(), place.into()]);
            hazards.chances.push(chance);
        }
        let rules = file.rules.iter().take(SITE_LIMIT);
        for (place, rule) in rules.enumerate() {
            let at = ["rules".into(), place.into()];
            let Some(then) = self.rule(rule, &at) else {
                self.lost.note(&rule.then);
                continue;
            };
            hazards.rules.push(Rule {
                written: rule.clone(),
                then,
                owner: own,
                cut_by: 0,
                place: self.place(&[&at[..], &["id".into()]].concat()),
            });
        }
        self.cycle(file, &hazards.rules);
        self.uncertain(file, &mut hazards);
        hazards
    }

    /// Leaves out chance nodes, options and rules that are too many, which is told: nothing else is
    /// told of them, nor of what needs what they would bring.
    pub(super) fn leave_out_too_many(&mut self, file: &mut ScenarioFile) {
        let is_much = |node: &ChanceNode| node.options.len() > OPTION_LIMIT;
        self.is_cut =
            file.rules.len().max(file.chance.len()) > SITE_LIMIT || file.chance.iter().any(is_much);
        let rules = file.rules.drain(SITE_LIMIT.min(file.rules.len())..);
        let mut events: Vec<Draft> = rules.map(|rule| *rule.then).collect();
        let nodes = file.chance.drain(SITE_LIMIT.min(file.chance.len())..);
        events.extend(nodes.flat_map(|node| node.options.into_iter().flat_map(|it| it.events)));
        for node in &mut file.chance {
            let options = node.options.drain(OPTION_LIMIT.min(node.options.len())..);
            events.extend(options.flat_map(|option| option.events));
        }
        for event in &events {
            self.lost.note(event);
        }
    }

    /// The names of chance nodes and rules, each of its own, and how many there are.
    fn sites(&mut self, file: &ScenarioFile, brought: &Hazards) {
        let chances = brought.chances.iter().map(|chance| chance.id.as_str());
        let rules = brought.rules.iter().map(|rule| rule.written.id.as_str());
        let of_the_base: HashSet<&str> = chances.chain(rules).collect();
        let mut names: HashSet<&str> = HashSet::new();
        let nodes = file.chance.iter().map(|node| &node.id).enumerate();
        let rules = file.rules.iter().map(|rule| &rule.id).enumerate();
        let sites = nodes.map(|(place, id)| ("chance", place, id));
        for (list, place, id) in sites.chain(rules.map(|(place, id)| ("rules", place, id))) {
            let at = [list.into(), place.into(), "id".into()];
            let of_base = of_the_base.contains(id.as_str());
            let (is_taken, id) = (!names.insert(id) || of_base, id.clone());
            if !is_name(&id) {
                let (found, limit) = (id, NAME_LIMIT);
                self.wrong(&at, BadValue::Name { found, limit });
            } else if list == "rules" && id.contains('@') {
                self.wrong(&at, BadChance::AtInRule { id });
            } else if is_taken {
                self.wrong(&at, BadChance::SiteTaken { id, of_base });
            }
        }
        for (field, found) in [
            ("chance", file.chance.len() + brought.chances.len()),
            ("rules", file.rules.len() + brought.rules.len()),
        ] {
            if found > SITE_LIMIT {
                let limit = SITE_LIMIT;
                let kind = BadValue::TooMany {
                    field,
                    found,
                    limit,
                };
                self.wrong(&[field.into()], kind);
            }
        }
    }

    fn chance(&mut self, node: &ChanceNode, at: &[Step<'static>]) -> Chance {
        let within = |rest: &[Step<'static>]| [at, rest].concat();
        let (field, found) = ("options", node.options.len());
        let options_at = within(&[field.into()]);
        if found == 0 {
            self.wrong(&options_at, BadValue::NoEntries { field });
        } else if found > OPTION_LIMIT {
            let limit = OPTION_LIMIT;
            self.wrong(
                &options_at,
                BadValue::TooMany {
                    field,
                    found,
                    limit,
                },
            );
        }
        let mut labels = HashSet::new();
        let (mut sum, mut are_probabilities) = (0.0, found > 0);
        for (place, option) in node.options.iter().take(OPTION_LIMIT).enumerate() {
            let at = |field: &'static str| within(&["options".into(), place.into(), field.into()]);
            if option.label.is_empty() {
                self.wrong(&at("label"), BadValue::NoEntries { field: "label" });
            } else if !labels.insert(&option.label) {
                let value = option.label.clone();
                self.wrong(&at("label"), BadValue::Twice { field, value });
            }
            are_probabilities &= self.probability(option.probability, &at("probability"));
            sum += option.probability;
        }
        if are_probabilities && found <= OPTION_LIMIT && (sum - 1.0).abs() > SUM_TOLERANCE {
            self.wrong(&options_at, BadChance::Probabilities { sum });
        }
        let options = node.options.iter().take(OPTION_LIMIT);
        let options = options.map(|option| Alternative {
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
            self.wrong(at, BadValue::Probability { found });
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
                self.wrong(&within(path), BadValue::TooManyDays { found, limit });
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
            let expected = "`from` must not be greater than `to`";
            self.wrong(
                &within(&["delay_days".into()]),
                BadValue::NotRising { expected },
            );
        }
        let then = within(&["then".into()]);
        let given = [
            ("id", rule.then.id.is_some()),
            ("date", rule.then.date.is_some()),
            ("after", rule.then.after.is_some()),
            ("caused_by", rule.then.caused_by.is_some()),
            ("until", rule.then.until.is_some()),
        ];
        for (field, _) in given.into_iter().filter(|(_, is_there)| *is_there) {
            self.wrong(
                &[&then[..], &[field.into()]].concat(),
                BadChance::GivenByRule { field },
            );
        }
        if rule.when.act == Act::Retraction {
            self.wrong(
                &within(&["when".into(), "act".into()]),
                BadScenario::Retraction,
            );
        }
        let draft = Draft {
            // As long as the id of a reaction can be without its trigger.
            id: Some(format!("{}@", rule.id)),
            date: Some(Day::EPOCH),
            after: None,
            caused_by: None,
            until: None,
            ..(*rule.then).clone()
        };
        is_name(&rule.id).then(|| self.form(draft, &then)).flatten()
    }

    /// Rules that trigger each other without one among them that says how often.
    fn cycle(&mut self, file: &ScenarioFile, rules: &[Rule]) {
        // A rule that a cut tail ends is never in force beside one of the scenario's own.
        let is_endless = |rule: &&Rule| rule.written.at_most.is_none() && rule.cut_by == 0;
        let endless: Vec<&Rule> = rules.iter().filter(is_endless).collect();
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
                    BadChance::RuleCycle { ids },
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
        let of_base = hazards.uncertain.iter().map(|other| other.name.clone());
        let of_base: HashSet<String> = of_base.collect();
        let mut seen = HashSet::new();
        for (written, spread) in &file.uncertain {
            let at = ["uncertain".into(), Step::from(written.as_str())];
            let name = match own_name(written) {
                Ok(name) => name,
                Err(kind) => {
                    self.wrong(&at, kind);
                    continue;
                }
            };
            match Model::slot(&name).and_then(|slot| Ok((slot, Model::range(&name)?))) {
                Err(bad) => self.wrong(&at, BadModel::Setting(bad)),
                Ok((slot, range)) => {
                    self.spread(&name, spread, range, &at);
                    if !seen.insert(name.clone()) {
                        let (field, value) = ("uncertain", name.clone());
                        self.wrong(&at, BadValue::Twice { field, value });
                    }
                    if of_base.contains(&name) {
                        hazards.uncertain.retain(|other| other.name != name);
                    }
                    hazards.uncertain.push(Uncertain {
                        name,
                        spread: spread.clone(),
                        slot,
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
                self.wrong(
                    &[&list[..], &[place.into()]].concat(),
                    BadModel::Setting(bad),
                );
            }
        }
        let expected = match spread {
            Spread::Uniform([least, greatest]) if least >= greatest => {
                "the first value must be less than the second: least, greatest"
            }
            Spread::Triangular([least, mode, greatest])
                if least > mode || mode > greatest || least >= greatest =>
            {
                "the three values must rise: least, most likely, greatest"
            }
            Spread::Normal([_, deviation]) if *deviation <= 0.0 => {
                let (what, at) = ("standard deviation", [&list[..], &[1.into()]].concat());
                return self.wrong(&at, BadValue::NotPositive { what });
            }
            Spread::Choice(values) if values.is_empty() => {
                return self.wrong(&list, BadValue::NoEntries { field });
            }
            _ => return,
        };
        self.wrong(&list, BadValue::NotRising { expected });
    }
}

/// The name of a parameter, a dyad's baseline with its two actors in order.
fn own_name(written: &str) -> Result<String, Kind> {
    if written == "saturation" || written == "weights" {
        let name = written.to_owned();
        return Err(BadChance::NotDrawn { name }.into());
    }
    match written.strip_prefix("baseline:") {
        Some(dyad) => {
            let dyad: Dyad = dyad.parse().map_err(BadValue::Dyad)?;
            Ok(format!("baseline:{dyad}"))
        }
        None => Ok(written.to_owned()),
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
        if other.written.when.matches(&caused)
            && let Some(cycle) = find_cycle(next, rules, way, done)
        {
            return Some(cycle);
        }
    }
    way.pop();
    None
}
