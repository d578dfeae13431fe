//! Citing: a paragraph on methods, and references, made from the manifest of what was made of event
//! data.

use crate::error::{BadData, Error, Kind, Result};
use crate::evidence::{INTERVAL_MEANS, Parameters, Settings, Target};
use crate::exchange::{Format, Order};
use crate::history::FAULT_LIMIT;
use crate::json::{self, Dialect, Span};
use crate::text::{abridged, count};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// A manifest, as far as it is told of.
#[derive(Clone, Debug, Deserialize)]
pub struct Cited {
    detente: String,
    command: String,
    options: Options,
    #[serde(default)]
    actors: Option<Named>,
    #[serde(default)]
    actors_map: Option<Named>,
    inputs: Vec<Input>,
    rows: Rows,
    #[serde(default)]
    model: Option<Value>,
    #[serde(default)]
    fitted_model: Option<Value>,
    #[serde(default)]
    trial: Option<Trial>,
    output: Made,
}

#[derive(Clone, Debug, Deserialize)]
struct Options {
    #[serde(default)]
    dyads: Vec<String>,
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    to: Option<String>,
    events: String,
    dedupe: String,
    #[serde(default)]
    codes: Option<String>,
    #[serde(default)]
    actor: Vec<String>,
    #[serde(default)]
    actor_codes: Vec<String>,
    #[serde(default)]
    every: Option<String>,
    #[serde(default)]
    directed: bool,
    #[serde(default)]
    all_months: bool,
    #[serde(default)]
    edges: bool,
    #[serde(default)]
    date_order: Option<String>,
}

/// What was fitted, and of a validation what was judged, where the manifest has it.
#[derive(Clone, Debug, Deserialize)]
struct Trial {
    #[serde(default)]
    target: String,
    ahead_months: u64,
    fitted_until: String,
    #[serde(default)]
    warm_up_months: u64,
    #[serde(default)]
    least_events: u64,
    #[serde(default)]
    dyads: Vec<String>,
    fitted_windows: u64,
    seed: u64,
    #[serde(default)]
    fit_draws: u64,
    #[serde(default)]
    draws: u64,
    #[serde(default)]
    judged: Option<Judged>,
    #[serde(default)]
    rivals: Vec<String>,
    #[serde(default)]
    skill: Option<Skill>,
    #[serde(default)]
    verdict: Vec<String>,
    #[serde(default)]
    against: Option<Against>,
}

impl Trial {
    fn target(&self) -> Target {
        if self.target == Target::ConflictShare.name() {
            Target::ConflictShare
        } else {
            Target::Mean
        }
    }
}

/// A series that the level was held to, and what came of it, where the manifest has that.
#[derive(Clone, Debug, Deserialize)]
struct Against {
    #[serde(flatten)]
    named: Named,
    #[serde(default)]
    found: Option<Found>,
}

#[derive(Clone, Debug, Deserialize)]
struct Found {
    level: Correlated,
    change: Correlated,
}

#[derive(Clone, Debug, Deserialize)]
struct Correlated {
    pairs: u64,
    #[serde(default)]
    correlation: Option<Skill>,
}

impl Correlated {
    fn words(&self) -> String {
        let pairs = count(self.pairs, "pair");
        self.correlation.as_ref().map_or_else(
            || format!("no correlation, of {pairs}"),
            |Skill { value, low, high }| {
                format!("{value:+.3}{}, of {pairs}", interval(*low, *high))
            },
        )
    }
}

/// The ends of an interval, where there is one.
fn interval(low: Option<f64>, high: Option<f64>) -> String {
    match (low, high) {
        (Some(low), Some(high)) => format!(" (90 %: {low:+.3} to {high:+.3})"),
        _ => String::new(),
    }
}

#[derive(Clone, Debug, Deserialize)]
struct Judged {
    months: [String; 2],
    windows: u64,
    events: u64,
    dyads: u64,
}

#[derive(Clone, Debug, Deserialize)]
struct Skill {
    value: f64,
    #[serde(default)]
    low: Option<f64>,
    #[serde(default)]
    high: Option<f64>,
}

/// A file and its digest.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Named {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) blake3: String,
}

/// A file of rows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Input {
    #[serde(default)]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) blake3: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) format: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) layout: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) weights: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) quad_classes: Option<String>,
    /// The order of dates that their marks said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) date_order: Option<String>,
    pub(crate) rows: u64,
}

/// What became of rows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Rows {
    pub(crate) read: u64,
    pub(crate) used: u64,
    pub(crate) left_out: Vec<LeftOut>,
    #[serde(default)]
    pub(crate) with_own_weight: u64,
    #[serde(default)]
    pub(crate) with_impossible_coordinates: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) to: Option<String>,
    /// The months between of which there is no row of any dyad, as `2011-09`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) months_without_row: Vec<String>,
}

/// Rows that were left out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct LeftOut {
    pub(crate) reason: String,
    pub(crate) rows: u64,
}

#[derive(Clone, Debug, Deserialize)]
struct Made {
    blake3: String,
}

/// The references that there are, in BibTeX, with an empty line between.
const REFERENCES: &str = include_str!("references.bib");

const GOLDSTEIN: &str = "goldstein1992";
const CAMEO: &str = "schrodt2012";
const COW: &str = "cow2017";
const GLEDITSCH_WARD: &str = "gleditschward1999";

/// Whose data a format that a manifest names holds, and the key of what to cite for it.
fn source(format: &str) -> (&'static str, Option<&'static str>) {
    let format = Format::of(format).unwrap_or(Format::Csv);
    (format.source(), format.reference())
}

fn entry(key: &str) -> Option<&'static str> {
    let mut entries = REFERENCES.split("\n\n").map(str::trim_end);
    entries.find(|entry| {
        entry
            .lines()
            .next()
            .is_some_and(|first| first.ends_with(&format!("{{{key},")))
    })
}

impl Cited {
    /// Whether a text is JSON that has what a manifest has.
    #[must_use]
    pub fn is_one(text: &str) -> bool {
        let any = json::read::<Value>(text, Dialect::Strict);
        any.value.as_ref().is_some_and(|value| {
            let has = |name: &str| value.get(name).is_some();
            has("detente") && has("inputs") && has("rows") && has("output")
        })
    }

    /// Reads a manifest.
    ///
    /// # Errors
    /// When it is none, or everything that is wrong with it.
    pub fn read(text: &str) -> Result<Self> {
        let is_json = json::read::<Value>(text, Dialect::Strict).value.is_some();
        if is_json && !Self::is_one(text) {
            let help = "index, import, fit and validate write one with --manifest";
            return Err(BadData::other("this is no manifest of event data", help).into());
        }
        let reading = json::read::<Self>(text, Dialect::Strict);
        match reading.value {
            Some(cited) if reading.flaws.is_empty() => Ok(cited),
            _ => {
                let faults: Vec<(Span, Kind)> = reading.flaws.into_iter().map(Into::into).collect();
                Error::in_text(text, faults, FAULT_LIMIT)
                    .and(Err(crate::error::BadFile::Empty.into()))
            }
        }
    }

    /// What was done, in a paragraph as a section on methods has it. Keys of references stand in
    /// brackets, as Pandoc and Quarto read them.
    #[must_use]
    pub fn methods(&self) -> String {
        let mut text = self.read_sentence();
        text.push_str(&self.rows_sentence());
        text.push_str(&self.choices_sentence());
        text.push_str(&self.names_sentence());
        text.push_str(&self.made_sentence());
        text.extend([
            " The manifest of Detente has the BLAKE3 digests of all inputs; that of the output is ",
            &self.output.blake3,
            ".\n",
        ]);
        text
    }

    /// The same without keys of references, for where nothing reads them.
    #[must_use]
    pub fn methods_alone(&self) -> String {
        let methods = self.methods();
        let mut parts = methods.split(" [@");
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            text.push_str(part.split_once(']').map_or(part, |(_, rest)| rest));
        }
        text
    }

    /// What it is, in a few words, as a title has it.
    #[must_use]
    pub fn title(&self) -> String {
        let formats = self.formats();
        let sources: Vec<_> = formats.iter().map(|format| source(format).0).collect();
        let what = match self.command.as_str() {
            "index" => {
                let period = self.options.every.as_deref().unwrap_or("month");
                format!("An index by dyad and {period}")
            }
            "import" => "A log".to_owned(),
            "fit" => "Parameters of an index, fitted".to_owned(),
            _ => "An index, validated".to_owned(),
        };
        let span = match (&self.rows.from, &self.rows.to) {
            (Some(from), Some(to)) => format!(", {from} to {to}"),
            _ => String::new(),
        };
        format!("{what}: {}{span}", sources.join(" and "))
    }

    /// The version that made it.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.detente
    }

    /// The command that made it.
    #[must_use]
    pub fn command(&self) -> &str {
        &self.command
    }

    /// All files that it was made from, each with its name, without folders, and its BLAKE3 digest.
    #[must_use]
    pub fn made_from(&self) -> Vec<(&str, &str)> {
        let inputs = self.inputs.iter();
        let inputs = inputs.map(|input| (base_name(&input.name), &*input.blake3));
        let against = self.trial.iter().filter_map(|it| it.against.as_ref());
        let against = against.map(|it| &it.named);
        let others = self.actors.iter().chain(&self.actors_map).chain(against);
        let others = others.map(|named| (base_name(&named.name), &*named.blake3));
        inputs.chain(others).collect()
    }

    /// The references of the paragraph, in BibTeX.
    #[must_use]
    pub fn bibtex(&self) -> String {
        let detente = format!(
            "@software{{detente,\n  author = {{{{The Detente authors}}}},\n  title = {{Detente: an \
             event-sourced simulation of bilateral relations}},\n  version = {{{}}},\n}}\n",
            self.detente
        );
        let keys = self.references();
        let references = keys.iter().filter_map(|key| entry(key));
        let mut text = detente;
        for reference in references {
            text.extend(["\n", reference, "\n"]);
        }
        text
    }

    fn references(&self) -> Vec<&'static str> {
        let sources = self.formats();
        let sources = sources.iter().filter_map(|format| source(format).1);
        let mut references: Vec<_> = sources.collect();
        references.extend([GOLDSTEIN, CAMEO]);
        let has = |codes: &str| self.options.actor_codes.iter().any(|it| it == codes);
        references.extend(has("cow").then_some(COW));
        references.extend(has("gw").then_some(GLEDITSCH_WARD));
        references
    }

    fn formats(&self) -> BTreeSet<&str> {
        let formats = self.inputs.iter();
        formats.filter_map(|it| it.format.as_deref()).collect()
    }

    fn read_sentence(&self) -> String {
        let of = |format: &&str| {
            let files = self
                .inputs
                .iter()
                .filter(|it| it.format.as_deref() == Some(*format));
            let rows: u64 = files.clone().map(|it| it.rows).sum();
            let layouts: BTreeSet<_> = files
                .clone()
                .filter_map(|it| it.layout.as_deref())
                .collect();
            let layouts: Vec<_> = layouts.into_iter().collect();
            let (name, reference) = source(format);
            let key = reference.map_or_else(String::new, |key| format!(" [@{key}]"));
            format!(
                "{name}{key} ({}, {}; {})",
                count(files.count() as u64, "file"),
                count(rows, "row"),
                layouts.join(", ")
            )
        };
        let formats = self.formats();
        let sources: Vec<_> = formats.iter().map(of).collect();
        format!(
            "Events are those of {}, read with Detente {} [@detente].",
            sources.join(" and of "),
            self.detente
        )
    }

    fn rows_sentence(&self) -> String {
        let Rows {
            read,
            used,
            left_out,
            from,
            to,
            months_without_row,
            ..
        } = &self.rows;
        let span = match (from, to) {
            (Some(from), Some(to)) => format!(", of {from} to {to}"),
            _ => String::new(),
        };
        let mut text = self.dates_sentence();
        text.extend([format!(" Of {} {used} are used{span}", count(*read, "row"))]);
        if !left_out.is_empty() {
            let reasons: Vec<_> = left_out
                .iter()
                .map(|it| format!("{} ({})", it.reason, it.rows))
                .collect();
            text.extend([
                "; the others are left out, by reason: ",
                &reasons.join("; "),
            ]);
        }
        text.push('.');
        if !months_without_row.is_empty() {
            text.extend([format!(
                " Between those days there is no row of any dyad of {}: {}.",
                count(months_without_row.len() as u64, "month"),
                abridged(months_without_row)
            )]);
        }
        let Options { from, to, .. } = &self.options;
        let asked = match (from, to) {
            (Some(from), Some(to)) => format!(" Only events from {from} to {to} were asked for."),
            (Some(from), None) => format!(" Only events from {from} on were asked for."),
            (None, Some(to)) => format!(" Only events until {to} were asked for."),
            (None, None) => String::new(),
        };
        text + &asked
    }

    /// In which order dates are read, where that is not plain.
    fn dates_sentence(&self) -> String {
        let words = |name: &str| {
            let order = Order::ALL.into_iter().find(|order| order.name() == name);
            order.map(Order::words)
        };
        let said = self.options.date_order.as_deref().and_then(words);
        let mut found = self.inputs.iter().filter_map(|it| it.date_order.as_deref());
        match (said, found.find_map(words)) {
            (Some(said), _) => format!(" Dates are read as {said}."),
            (None, Some(found)) => format!(" Dates with slashes are read as {found}."),
            (None, None) => String::new(),
        }
    }

    fn choices_sentence(&self) -> String {
        let all = |of: fn(&Input) -> Option<&str>| {
            let found: BTreeSet<_> = self.inputs.iter().filter_map(of).collect();
            found.into_iter().collect::<Vec<_>>()
        };
        let weights = all(|it| it.weights.as_deref())
            .into_iter()
            .map(|weights| match weights {
                "file" => "those of the rows, and of the table of codes where a row has none",
                "gdelt" => "those of the table of CAMEO codes as GDELT publishes it",
                "icews" => "those of the table of CAMEO codes as ICEWS publishes it",
                other => other,
            });
        let weights: Vec<_> = weights.collect();
        let events = match self.options.events.as_str() {
            "root" => "only root events count",
            _ => "all events count",
        };
        let dedupe = match self.options.dedupe.as_str() {
            "none" => "each row as one".to_owned(),
            "dyad-day-code" => "rows of the same day, source, target and code as one".to_owned(),
            "id" => "rows of the same id and day as one".to_owned(),
            window => {
                let minutes = window.strip_prefix("window:").unwrap_or(window);
                format!(
                    "rows of the same day, actors, code and place within {minutes} minutes as one"
                )
            }
        };
        let codes = match self.options.codes.as_deref() {
            Some("weis") => "of WEIS, read as the closest",
            _ => "those",
        };
        let mut text = format!(
            " Codes are {codes} of CAMEO [@{}], weights on the scale of Goldstein [@{}] are {}; {events}, {dedupe}.",
            CAMEO,
            GOLDSTEIN,
            weights.join(" and ")
        );
        let cuts = all(|it| it.quad_classes.as_deref())
            .into_iter()
            .map(|cut| match cut {
                "gdelt" => "as GDELT does (roots 01-05, 06-09, 10-14, 15-20)",
                "cameo" => "as the CAMEO manual does (roots 01-05, 06-08, 09-13, 14-20)",
                other => other,
            });
        let cuts: Vec<_> = cuts.collect();
        if !cuts.is_empty() {
            text.extend([" Classes are cut ", &cuts.join(" and "), "."]);
        }
        text
    }

    fn names_sentence(&self) -> String {
        let mut parts = Vec::new();
        if let Some(dictionary) = &self.actors {
            parts.push(format!("by the dictionary {}", base_name(&dictionary.name)));
        }
        if let Some(map) = &self.actors_map {
            parts.push(format!("by the table {}", base_name(&map.name)));
        }
        if !self.options.actor.is_empty() {
            parts.push(format!("with {}", self.options.actor.join(", ")));
        }
        let mut text = String::new();
        if !parts.is_empty() {
            text.extend([" Names became actors ", &parts.join(", "), "."]);
        }
        let codes = self
            .options
            .actor_codes
            .iter()
            .map(|codes| match codes.as_str() {
                "cow" => format!("numbers of Correlates of War [@{COW}]"),
                "gw" => format!("numbers of Gleditsch and Ward [@{GLEDITSCH_WARD}]"),
                "iso2" => "letters of ISO 3166-1 alpha-2".to_owned(),
                _ => "letters of ISO 3166-1 alpha-3".to_owned(),
            });
        let codes: Vec<_> = codes.collect();
        if !codes.is_empty() {
            text.extend([" States have ", &codes.join(", "), "."]);
        }
        text
    }

    fn made_sentence(&self) -> String {
        let dyads = match &*self.options.dyads {
            [] => String::new(),
            dyads => format!(" of {}", dyads.join(", ")),
        };
        match self.command.as_str() {
            "import" => format!(" The events{dyads} are a log of Detente."),
            "index" => {
                let period = self.options.every.as_deref().unwrap_or("month");
                let who = if self.options.directed {
                    "directed dyad"
                } else {
                    "dyad"
                };
                let panel = if self.options.all_months {
                    "every period of the data, those without events included"
                } else {
                    "every period with events"
                };
                // An edge list has the level alone.
                let has_intervals = self.model_is_evidence() && !self.options.edges;
                let intervals = if has_intervals {
                    format!(" Intervals are of 90 %: {INTERVAL_MEANS}.")
                } else {
                    String::new()
                };
                format!(
                    " The table{dyads} has a row for each {who} and {period}, {panel}. {}{intervals}",
                    self.model_sentence()
                )
            }
            _ => match &self.trial {
                Some(trial) => self.trial_sentences(trial, &dyads),
                None => format!(" {}", self.model_sentence()),
            },
        }
    }

    /// What was fitted, and what was judged.
    fn trial_sentences(&self, trial: &Trial, of: &str) -> String {
        let what = trial.target().words();
        let next = match trial.ahead_months {
            1 => "month, 1 month ahead".to_owned(),
            months => format!("{months} months together"),
        };
        let mut text = format!(
            " At the end of a month the level{of} is to foretell the {what} of the next {next}."
        );
        let warm_up = match trial.warm_up_months {
            0 => String::new(),
            months => format!(", after {} to warm up", count(months, "month")),
        };
        let least = match trial.least_events {
            0 => String::new(),
            least => format!(" with at least {}", count(least, "event")),
        };
        let dyads = match trial.dyads.len() as u64 {
            0 => String::new(),
            dyads => format!(" of {}{least}", count(dyads, "dyad")),
        };
        let draws = match trial.fit_draws {
            0 => String::new(),
            draws => format!(", with {} of dyads for their ranges", count(draws, "draw")),
        };
        text.extend([format!(
            " Parameters were fitted to {}{dyads} until {}{warm_up}{draws} (seed {}).",
            count(trial.fitted_windows, "window"),
            trial.fitted_until,
            trial.seed
        )]);
        let Some(judged) = &trial.judged else {
            text.extend([" Those that fit best: ", &self.model_sentence()]);
            return text;
        };
        let span = match &judged.months {
            [from, to] if from == to => format!("in {from}"),
            [from, to] => format!("from {from} to {to}"),
        };
        text.extend([format!(
            " Judged is {span}, by {} of {} with {}",
            count(judged.windows, "window"),
            count(judged.dyads, "dyad"),
            count(judged.events, "event"),
        )]);
        if !trial.rivals.is_empty() {
            text.extend([format!(
                ", against {}, each calibrated by a line on the fitted span: {}",
                count(trial.rivals.len() as u64, "rival"),
                trial.rivals.join("; ")
            )]);
        }
        text.extend([format!(
            ". Intervals are of 90 %, over {} of dyads.",
            count(trial.draws, "draw")
        )]);
        // Manifests of old have the fitted point in the place of what was judged.
        match &self.fitted_model {
            Some(fitted) => text.extend([format!(
                " Judged is {}. {} Those that fit best, judged beside it, have two memories, {}, and weights of {} and {}.",
                if self.model_is_preset() { "the preset" } else { "a model of its own" },
                self.model_sentence(),
                half_lives(fitted),
                number(fitted, "prior_slow_events"),
                counted(&number(fitted, "prior_fast_events"), "event"),
            )]),
            None => text.extend([" Those that fit best: ", &self.model_sentence()]),
        }
        let whose = if self.fitted_model.is_none() || self.model_is_preset() {
            "the preset"
        } else {
            "that model"
        };
        if let Some(Skill { value, low, high }) = &trial.skill {
            let ends = interval(*low, *high);
            text.extend([format!(
                " The skill of {whose}, 1 - loss / loss of the dyad's own mean so far, is {value:+.3}{ends}."
            )]);
        }
        if let Some(verdict) = trial.verdict.first() {
            text.extend([" Verdict: ", verdict, "."]);
        }
        if let Some(Against { named, found }) = &trial.against {
            let found = found.as_ref().map_or_else(String::new, |found| {
                let level = found.level.words();
                format!(
                    ": {level}; changes from a month to the next, {}",
                    found.change.words()
                )
            });
            text.extend([
                " The level was correlated with the series ",
                base_name(&named.name),
                &found,
                ".",
            ]);
        }
        text
    }

    fn model_is_preset(&self) -> bool {
        let preset = Settings::of(&Parameters::default());
        self.model == serde_json::to_value(preset).ok()
    }

    fn model_is_evidence(&self) -> bool {
        let preset = self.model.as_ref().map(|model| number(model, "preset"));
        preset.as_deref() == Some("evidence")
    }

    fn model_sentence(&self) -> String {
        let value = |name: &str| self.model.as_ref()?.get(name).map(plain);
        let number = |name: &str| value(name).unwrap_or_default();
        if self.model_is_evidence() {
            let target = self.trial.as_ref().map(Trial::target);
            let is_of_conflict = target == Some(Target::ConflictShare);
            let (of, mean) = if is_of_conflict {
                ("the share of events of conflict", "share")
            } else {
                ("a mean of weights", "mean")
            };
            let prior = match number("prior_degrees").as_str() {
                // The level of conflict knows no other.
                _ if is_of_conflict => "the share in all events so far".to_owned(),
                "all" => "the mean of all events so far".to_owned(),
                degrees => counted(degrees, "degree"),
            };
            return format!(
                "The level is {of} with two memories, {}; the slow {mean} is drawn to {prior} with the weight of {}, the level to the slow {mean} with that of {}.",
                self.model.as_ref().map(half_lives).unwrap_or_default(),
                counted(&number("prior_slow_events"), "event"),
                number("prior_fast_events"),
            );
        }
        let preset = number("preset");
        let baseline = match number("baseline_degrees").as_str() {
            "0" | "" => String::new(),
            degrees => format!(", from a baseline of {degrees} degrees"),
        };
        format!(
            "The temperature is the sum of weights, each fading with a half-life of {} days, times {}{baseline} (model {preset}).",
            number("half_life_deeds_days"),
            number("gain"),
        )
    }
}

/// The name of a file without the folders that it is in on somebody's machine.
#[must_use]
pub fn base_name(name: &str) -> &str {
    let base = Path::new(name).file_name();
    base.and_then(|base| base.to_str()).unwrap_or(name)
}

/// A number of a model as a text has it.
fn number(model: &Value, name: &str) -> String {
    model.get(name).map(plain).unwrap_or_default()
}

/// How two memories fade: with `none`, one does not.
fn half_lives(model: &Value) -> String {
    let [slow, fast] = ["half_life_slow_days", "half_life_fast_days"].map(|it| number(model, it));
    match [slow.as_str(), fast.as_str()] {
        ["none", "none"] => "neither of which fades".to_owned(),
        ["none", days] => format!(
            "a slow one that does not fade and a fast one of a half-life of {}",
            counted(days, "day")
        ),
        [days, "none"] => format!(
            "a slow one of a half-life of {} and a fast one that does not fade",
            counted(days, "day")
        ),
        [slow, fast] => format!("of half-lives of {slow} and {fast} days"),
    }
}

/// A number of things, or of their parts: `1 event`, `0.5 events`.
fn counted(number: &str, thing: &str) -> String {
    let plural = if number == "1" || number == "-1" {
        ""
    } else {
        "s"
    };
    format!("{number} {thing}{plural}")
}

/// A value as a text has it.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number
            .as_f64()
            .map_or_else(String::new, |number| number.to_string()),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_cited_has_an_entry_with_its_braces_closed() {
        let formats = Format::ALL.map(Format::reference);
        let keys = formats.into_iter().flatten();
        for key in keys.chain([GOLDSTEIN, CAMEO, COW, GLEDITSCH_WARD]) {
            let entry = entry(key).unwrap();
            let of = |brace: char| entry.chars().filter(|letter| *letter == brace).count();
            assert_eq!(of('{'), of('}'), "{entry}");
            assert!(entry.ends_with("\n}"), "{entry}");
        }
    }
}
