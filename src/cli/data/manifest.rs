//! How an index or an imported log was made, as JSON beside it: the same for the same files and
//! options, on any day.

use super::event_data::Sources;
use crate::cli::args::EventData;
use crate::cli::terminal::output::unwritten;
use crate::error::{Error, Result};
use crate::evidence::{How, Settings};
use crate::exchange::{FileRead, Files, Order, Quads, Reading, Tally, Use};
use crate::json::{in_lines, tree_of};
use crate::model::{Day, Dyad};
use crate::store::{Outputs, Streams, WholeFile};
use crate::view::{Input, LeftOut, Named, Rows, base_name};
use clap::ValueEnum;
use serde::Serialize;
use serde_json::{Value, json};
use std::io::{self, Write};
use std::path::Path;

/// The order of a date's parts where it is not said.
const USUAL_ORDER: &str = "ymd, in icews mdy where there are slashes";

/// The whole of it.
#[derive(Debug, Serialize)]
pub(crate) struct Manifest<'a> {
    pub(crate) detente: &'static str,
    pub(crate) command: &'static str,
    pub(crate) options: Options<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) actors: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) actors_map: Option<Named>,
    pub(crate) inputs: Vec<Input>,
    pub(crate) rows: Rows,
    /// The model of an index, the point that was fitted, or what was judged; an import has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) model: Option<Value>,
    /// The point that was fitted beside a model that was judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fitted_model: Option<Value>,
    /// What was fitted and judged, and how; only of a fit or a validation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) trial: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) output: Option<Made>,
}

/// What was done, defaults as they came out for these files; what had no part in it is not there.
#[derive(Debug, Serialize)]
pub(crate) struct Options<'a> {
    dyads: &'a [Dyad],
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<Day>,
    weights: String,
    events: &'static str,
    dedupe: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    codes: Option<String>,
    actor: Vec<String>,
    actor_codes: Vec<&'static str>,
    column: Vec<String>,
    value: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_order: Option<String>,
    spoilt: String,
    strict: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    quad_classes: Option<String>,
    #[serde(flatten)]
    indexed: Option<Indexed>,
}

/// What was asked for of an index alone.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Indexed {
    pub(crate) every: &'static str,
    pub(crate) directed: bool,
    pub(crate) edges: bool,
    pub(crate) all_months: bool,
    pub(crate) format: &'static str,
}

/// What a fit or a validation is of.
#[derive(Clone, Copy)]
pub(crate) enum Models<'a> {
    Fitted(&'a Settings),
    Judged {
        judged: &'a Settings,
        fitted: &'a Settings,
    },
}

/// What was made.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Made {
    pub(crate) blake3: String,
    pub(crate) bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) head: Option<String>,
}

/// What became of rows.
fn rows_of(tally: &Tally) -> Rows {
    let left_out = tally.left_out().map(|(reason, kinds)| LeftOut {
        reason: reason.words().to_owned(),
        rows: kinds.count,
    });
    let without = tally.months_without_row().into_iter();
    let without = without.map(|(year, month)| format!("{year:04}-{month:02}"));
    Rows {
        read: tally.read,
        used: tally.used,
        left_out: left_out.collect(),
        with_own_weight: tally.own_weights.count,
        with_impossible_coordinates: tally.coordinates.count,
        from: tally.span.map(|(from, _)| from.to_string()),
        to: tally.span.map(|(_, to)| to.to_string()),
        months_without_row: without.collect(),
    }
}

impl<'a> Manifest<'a> {
    /// The manifest of what was made of some files. Without an output it is of a part, and names
    /// what was asked for even where these files had no use for it.
    pub(crate) fn new(
        command: &'static str,
        (data, dyads): (&'a EventData, &'a [Dyad]),
        sources: &Sources,
        Reading { files, tally, .. }: &Reading,
        output: Option<Made>,
    ) -> Result<Self> {
        let is_part = output.is_none();
        let choices = &sources.plan.choices;
        let actor = data.actor.iter();
        let codes = data.actor_codes.iter();
        let codes = codes.map(|codes| codes.name());
        let column = data.column.iter();
        let value = data.value.iter();
        let roster = &sources.plan.roster;
        let dictionary = data.actors.as_deref();
        let dictionary = dictionary.filter(|_| is_part || !roster.is_dictionary_unmet());
        let is_map_met = roster.map().unmet().len() < roster.map().len();
        let map = data.actors_map.as_deref().filter(|_| is_part || is_map_met);
        let named = |name: Option<&Path>| {
            let named = name.map(|name| {
                let streams = Streams::new(vec![name.to_owned()])?;
                let blake3 = streams.digest(0)?;
                let name = name.display().to_string();
                Ok::<_, Error>(Named { name, blake3 })
            });
            named.transpose()
        };
        // A log has codes, not classes of them.
        let has_classes = command != "import";
        let how = How::new(String::new(), choices, files);
        let uses = |what: Use| {
            let mut files = files.iter().flatten();
            files.any(|file| file.layout.uses.contains(&what))
        };
        let input = |(place, file): (usize, &Option<FileRead>)| {
            let told = |of: &dyn Fn(&FileRead) -> Option<&'static str>| {
                file.as_ref().and_then(of).map(str::to_owned)
            };
            Ok(Input {
                name: sources.streams.name(place),
                blake3: sources.streams.digest(place)?,
                format: told(&|file| Some(file.format.name())),
                layout: told(&|file| Some(file.layout.title)),
                weights: told(&|file| Some(file.sieve.weights_name())),
                quad_classes: told(&|file| has_classes.then(|| file.sieve.quads().name())),
                date_order: told(&|file| file.reader.order_by_marks().map(Order::name)),
                rows: tally.file(place).read,
            })
        };
        Ok(Self {
            detente: env!("CARGO_PKG_VERSION"),
            command,
            options: Options {
                dyads,
                from: data.from,
                to: data.to,
                weights: how.weights,
                events: choices.events_name(),
                dedupe: choices.dedupe.name(),
                codes: uses(Use::Codes).then(|| word(&data.codes)),
                actor: actor
                    .filter(|(called, _)| {
                        is_part || roster.unmet().all(|(unmet, _)| unmet != called)
                    })
                    .map(|(called, actor)| format!("{called}={actor}"))
                    .collect(),
                actor_codes: codes.collect(),
                column: column
                    .map(|column| format!("{}={}", column.field.name(), column.name))
                    .collect(),
                value: value
                    .map(|value| format!("{}={}", value.field.name(), value.name))
                    .collect(),
                date_order: uses(Use::DateOrder).then(|| {
                    data.date_order
                        .map_or_else(|| USUAL_ORDER.to_owned(), |order| word(&order))
                }),
                spoilt: word(&data.spoilt),
                strict: data.strict,
                quad_classes: has_classes.then_some(how.quad_classes),
                indexed: None,
            },
            actors: named(dictionary)?,
            actors_map: named(map)?,
            inputs: files.iter().enumerate().map(input).collect::<Result<_>>()?,
            rows: rows_of(tally),
            model: None,
            fitted_model: None,
            trial: None,
            output,
        })
    }

    /// The same, of an index.
    pub(crate) fn of_index(mut self, model: Value, indexed: Indexed) -> Self {
        self.model = Some(model);
        self.options.indexed = Some(indexed);
        self
    }

    /// The same, of a fit, whose model is the point that was fitted, or of a validation, whose
    /// model is what was judged.
    pub(crate) fn of_trial(mut self, models: Models<'_>, trial: Value) -> Self {
        let value = |model: &Settings| tree_of(model).unwrap_or_default();
        (self.model, self.fitted_model) = match models {
            Models::Fitted(fitted) => (Some(value(fitted)), None),
            Models::Judged { judged, fitted } => (Some(value(judged)), Some(value(fitted))),
        };
        self.trial = Some(trial);
        self
    }

    /// The same for others: files by their names alone, wherever they are on this machine.
    pub(crate) fn without_folders(mut self) -> Self {
        let against = self.trial.as_mut().and_then(|it| it.get_mut("against"));
        if let Some(Value::String(name)) = against.and_then(|it| it.get_mut("name")) {
            *name = base_name(name).to_owned();
        }
        let inputs = self.inputs.iter_mut().map(|input| &mut input.name);
        let named = self.actors.iter_mut().chain(&mut self.actors_map);
        for name in inputs.chain(named.map(|named| &mut named.name)) {
            *name = base_name(name).to_owned();
        }
        self
    }

    /// The whole as JSON.
    pub(crate) fn text(&self) -> Result<String> {
        let text = in_lines(self);
        Ok(text.map_err(|error| unwritten(error.into()))? + "\n")
    }

    /// Writes it into a file that was begun, one of all outputs.
    pub(crate) fn write(&self, mut file: WholeFile, outputs: &mut Outputs) -> Result<()> {
        file.put(self.text()?.as_bytes())?;
        outputs.add(file);
        Ok(())
    }
}

/// What was asked for of what comes out as the files have it: parts of an index must agree on it,
/// whatever is in their files.
pub(crate) fn asked(data: &EventData, quads: Option<Quads>) -> Value {
    json!({
        "weights": data.weights.map(|weights| word(&weights)),
        "codes": word(&data.codes),
        "date_order": data.date_order.map(|order| word(&order)),
        "quad_classes": quads.map(|quads| word(&quads)),
    })
}

/// A value as it is said on the command line.
fn word(value: &impl ValueEnum) -> String {
    let said = value.to_possible_value();
    said.map_or_else(String::new, |said| said.get_name().to_owned())
}

impl Made {
    /// A text.
    pub(crate) fn of(text: &str) -> Self {
        Self {
            blake3: blake3::hash(text.as_bytes()).to_hex().to_string(),
            bytes: text.len() as u64,
            head: None,
        }
    }
}

/// Takes the digest of what is written.
pub(crate) struct Digested<'a> {
    out: &'a mut dyn Write,
    hasher: blake3::Hasher,
}

impl<'a> Digested<'a> {
    pub(crate) fn new(out: &'a mut dyn Write) -> Self {
        Self {
            out,
            hasher: blake3::Hasher::new(),
        }
    }

    /// What was written; a log has a head, too.
    pub(crate) fn made(&self, head: Option<String>) -> Made {
        Made {
            blake3: self.hasher.finalize().to_hex().to_string(),
            bytes: self.hasher.count(),
            head,
        }
    }
}

impl Write for Digested<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
