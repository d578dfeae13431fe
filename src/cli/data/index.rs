//! `detente index`: other people's event data, added up by dyad and period.

use super::event_data::{Sources, no_urls};
use super::manifest::{Digested, Indexed, Made, Manifest};
use super::names::{self, Unnamed};
use crate::cli::args::{Index, ModelArguments, TableFormat};
use crate::cli::terminal::input;
use crate::cli::terminal::output::{Outcome, Output, unwritten};
use crate::error::{BadData, BadFile, Error, Result};
use crate::evidence::{self, Adding, Decaying, How, IndexRow, Kept, Levels, Parameters, Readout};
use crate::evidence::{Settings, Summed, Sums};
use crate::exchange::{FileRead, Tally, WeightSource};
use crate::model::{self, Model};
use crate::store::{self, Replace, WholeFile};
use crate::view::{conditions, model_label};
use serde_json::Value;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

/// What is read out of the sums.
enum Reads {
    Evidence(Parameters),
    Decay(Model),
}

impl Reads {
    fn new(arguments: &Index) -> Result<Self> {
        if let Some(mut parameters) = store::evidence(&arguments.model)? {
            for setting in &arguments.set {
                let (name, value) = input::name_and_value(setting)?;
                if name == "weights" {
                    return Err(BadData::ModelWeights.into());
                }
                parameters.set(name, value)?;
            }
            return Ok(Self::Evidence(parameters));
        }
        let model = input::model(&ModelArguments {
            model: arguments.model.clone(),
            set: arguments.set.clone(),
        })?;
        not_of_the_model(arguments, &model)?;
        only_what_counts(arguments)?;
        Ok(Self::Decay(model))
    }

    fn label(&self) -> String {
        match self {
            Self::Evidence(parameters) => parameters.label(),
            Self::Decay(model) => model_label(model),
        }
    }

    fn conditions(&self) -> String {
        match self {
            Self::Evidence(parameters) => parameters.conditions(),
            Self::Decay(model) => conditions(model),
        }
    }

    /// Every parameter that counts, and no other.
    fn used(&self) -> Value {
        let settings = match self {
            Self::Evidence(parameters) => {
                return serde_json::to_value(Settings::of(parameters)).unwrap_or_default();
            }
            Self::Decay(model) => serde_json::to_value(model::Settings::of(model)),
        };
        let mut settings = settings.unwrap_or_default();
        if let Value::Object(settings) = &mut settings {
            let counts =
                |name: &str| name == "preset" || name == "baselines" || COUNT.contains(&name);
            settings.retain(|name, _| counts(name));
        }
        settings
    }
}

/// Where table and manifest go, begun before anything is read.
struct Written<'a> {
    table: Option<(WholeFile, &'a Path)>,
    manifest: Option<(WholeFile, &'a Path)>,
}

impl<'a> Written<'a> {
    fn begin(arguments: &'a Index) -> Result<Self> {
        let begin = |path: Option<&'a Path>| {
            path.map(|path| {
                WholeFile::create(path, Replace::Asked(arguments.overwrite))
                    .map(|file| (file, path))
            })
            .transpose()
        };
        Ok(Self {
            table: begin(arguments.output.as_deref())?,
            manifest: begin(arguments.data.manifest.as_deref())?,
        })
    }
}

pub(crate) fn run(arguments: &Index, output: &mut Output) -> Result<Outcome> {
    let reads = Reads::new(arguments)?;
    no_urls(&arguments.data)?;
    let every = arguments.every.into();
    match &reads {
        Reads::Evidence(parameters) => {
            let kept = Levels::kept(parameters, every);
            let readout = |summed: &Summed<_>| Levels::new(parameters, summed);
            index(arguments, &reads, kept, readout, output)
        }
        Reads::Decay(model) => {
            let kept = Decaying::kept(model, every)?;
            let readout = |_: &Summed<_>| Decaying::new(model, every);
            index(arguments, &reads, kept, readout, output)
        }
    }
}

fn index<K: Kept, R: Readout<K>>(
    arguments: &Index,
    reads: &Reads,
    kept: K::How,
    readout: impl Fn(&Summed<K>) -> R,
    output: &mut Output,
) -> Result<Outcome> {
    let quads = arguments.quad_classes.map(Into::into);
    let sources = Sources::new(&arguments.data, quads, output)?.of_dyads(&arguments.dyad);
    let plan = &sources.plan;
    let written = Written::begin(arguments)?;
    let unnamed = Unnamed::begin(&arguments.data, arguments.overwrite)?;
    let adding = Arc::new(Adding {
        every: arguments.every.into(),
        is_directed: arguments.directed,
        dedupe: plan.choices.dedupe,
        dyads: arguments.dyad.clone(),
    });
    let kept = Arc::new(kept);
    let mut reading = sources.read(|| Sums::<K>::new(&adding, &kept, &plan.roster))?;
    Sources::refuse_unused(&arguments.data, &reading)?;
    sources.refuse_spoilt(&reading, output)?;
    let mut tally: Tally = reading.tally.clone();
    let gathered = std::mem::take(&mut reading.gathered);
    let summed = Sums::merge(gathered, &mut tally).ok_or(BadData::NoRows)?;
    if tally.used == 0 {
        sources.tell(&reading.files, &tally, &[], output);
        names::tell(&reading.unmatched, &arguments.data, output);
        return Err(BadData::NoRows.into());
    }
    let how = How::new(reads.label(), &plan.choices, &reading.files);
    let codes = &arguments.data.actor_codes;
    let codes: Vec<_> = codes.iter().map(|codes| (*codes).into()).collect();
    let table = evidence::Index {
        summed: &summed,
        how: &how,
        roster: &plan.roster,
        all_periods: arguments.all_months,
        codes: &codes,
    };
    let rows = |out: &mut dyn Write| {
        let mut out = Digested::new(out);
        let mut lines = Lines::new(&mut out, arguments.format);
        table.rows(&mut readout(&summed), |row| lines.row(row))?;
        lines.finish()?;
        Ok::<_, io::Error>(out.made(None))
    };
    let made = match written.table {
        Some((mut file, path)) => {
            let named = |error| {
                let kind = BadFile::Io {
                    doing: "write",
                    error,
                };
                Error::from(kind).in_file(&path.display().to_string())
            };
            let made = rows(&mut file).map_err(named)?;
            file.finish()?;
            made
        }
        None => rows(output).map_err(unwritten)?,
    };
    if let Some((file, path)) = written.manifest {
        let read = (&*reading.files, &tally);
        manifest(arguments, reads, &sources, read, made)?.write(file, path)?;
    }
    unnamed.write(&reading.unmatched)?;
    let busiest = summed.busiest(&plan.roster);
    sources.tell(&reading.files, &tally, &busiest, output);
    names::tell(&reading.unmatched, &arguments.data, output);
    sources.tell_twice(&reading, &summed.ids, output)?;
    output.note(reads.conditions().trim_end());
    Ok(Outcome::Fine)
}

fn manifest<'a>(
    arguments: &'a Index,
    reads: &Reads,
    sources: &Sources,
    read: (&[Option<FileRead>], &Tally),
    made: Made,
) -> Result<Manifest<'a>> {
    let asked = (&arguments.data, &*arguments.dyad);
    let indexed = Indexed {
        every: arguments.every,
        directed: arguments.directed,
        all_months: arguments.all_months,
    };
    let manifest = Manifest::new("index", asked, sources, read, made)?;
    Ok(manifest.of_index(reads.used(), indexed))
}

/// Weights have an option of their own: a model that brings other ones than its preset has must not seem to count.
fn not_of_the_model(arguments: &Index, model: &Model) -> Result<()> {
    let is_set = |setting: &String| {
        let name = input::name_and_value(setting).map(|(name, _)| name);
        name.is_ok_and(|name| name == "weights")
    };
    let is_said =
        arguments.data.weights.map(Into::into) == Some(WeightSource::Table(model.weights()));
    let is_other = model.weights() != Model::new(model.preset()).weights();
    if arguments.set.iter().any(is_set) || (is_other && !is_said) {
        return Err(BadData::ModelWeights.into());
    }
    Ok(())
}

/// The parameters of a model without saturation that an index has a use for, beside baselines.
const COUNT: [&str; 6] = [
    "half_life_days",
    "half_life_words_days",
    "half_life_deeds_days",
    "gain",
    "saturation",
    "baseline_degrees",
];

/// An index has a use for few parameters: others must not seem to count.
fn only_what_counts(arguments: &Index) -> Result<()> {
    for setting in &arguments.set {
        let (name, _) = input::name_and_value(setting)?;
        if !COUNT.contains(&name) && !name.starts_with("baseline") {
            return refuse(
                format!("`--set {name}` does not apply: an index has no use for it"),
                "an index adds up decayed weights: half_life_days, gain, and baselines such as baseline:RUS-USA",
            );
        }
    }
    Ok(())
}

fn refuse(says: String, help: &str) -> Result<()> {
    let help = Some(help.to_owned());
    Err(BadData::Other { says, help }.into())
}

/// Rows as CSV or JSON Lines.
enum Lines<'a> {
    Csv(Box<csv::Writer<&'a mut dyn Write>>, bool),
    Jsonl(BufWriter<&'a mut dyn Write>),
}

impl<'a> Lines<'a> {
    fn new(out: &'a mut dyn Write, format: TableFormat) -> Self {
        match format {
            TableFormat::Csv => Self::Csv(Box::new(csv::Writer::from_writer(out)), false),
            TableFormat::Jsonl => Self::Jsonl(BufWriter::new(out)),
        }
    }

    fn row(&mut self, row: &IndexRow<'_>) -> io::Result<()> {
        match self {
            Self::Csv(lines, has_header) => {
                if !std::mem::replace(has_header, true) {
                    lines.write_record(row.0.iter().map(|(name, _)| name))?;
                }
                Ok(lines.write_record(row.0.iter().map(|(_, value)| value.to_string()))?)
            }
            Self::Jsonl(lines) => {
                serde_json::to_writer(&mut *lines, row)?;
                lines.write_all(b"\n")
            }
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Self::Csv(mut lines, _) => lines.flush(),
            Self::Jsonl(mut lines) => lines.flush(),
        }
    }
}
