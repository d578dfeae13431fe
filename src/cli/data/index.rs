//! `detente index`: other people's event data, added up by dyad and month.

use super::event_data::Sources;
use super::manifest::{Digested, Manifest};
use crate::cli::args::{Index, ModelArguments, TableFormat};
use crate::cli::terminal::input;
use crate::cli::terminal::output::{Outcome, Output, unwritten};
use crate::error::{BadData, BadFile, Error, Result};
use crate::exchange::{self, Decay, How, IndexRow, Tally, WeightSource};
use crate::model::Model;
use crate::store::{Replace, WholeFile};
use crate::view::{conditions, model_label};
use std::io::{self, BufWriter, Write};

pub(crate) fn run(arguments: &Index, output: &mut Output) -> Result<Outcome> {
    let model = input::model(&ModelArguments {
        model: arguments.model.clone(),
        set: arguments.set.clone(),
    })?;
    not_of_the_model(arguments, &model)?;
    only_what_counts(arguments)?;
    let decay = Decay::of(&model)?;
    let quads = arguments.quad_classes.map(Into::into);
    let sources = Sources::new(&arguments.data, quads, output)?;
    let plan = &sources.plan;
    let path = arguments.output.as_deref();
    let file = path
        .map(|path| WholeFile::create(path, Replace::Asked(arguments.overwrite)))
        .transpose()?;
    let manifest = arguments.data.manifest.as_deref();
    let manifest = manifest
        .map(|path| {
            WholeFile::create(path, Replace::Asked(arguments.overwrite)).map(|file| (file, path))
        })
        .transpose()?;
    let mut reading = sources.read(|| {
        exchange::Index::new(
            decay.clone(),
            plan.choices.dedupe,
            &arguments.dyad,
            &plan.roster,
        )
    })?;
    sources.refuse_unused(&arguments.data, &reading)?;
    sources.refuse_spoilt(&reading, output)?;
    let mut tally: Tally = reading.tally.clone();
    let gathered = std::mem::take(&mut reading.gathered);
    let index = exchange::Index::merge(gathered, &mut tally);
    let index = index.ok_or(BadData::NoRows)?;
    let busiest = index.busiest(&plan.roster);
    let how = How::new(model_label(&model), &plan.choices, &reading.files);
    let rows = |out: &mut dyn Write| {
        let mut out = Digested::new(out);
        let mut lines = Lines::new(&mut out, arguments.format);
        index.rows((&model, &how), &plan.roster, arguments.all_months, |row| {
            lines.row(row)
        })?;
        lines.finish()?;
        Ok::<_, io::Error>(out.made(None))
    };
    if tally.used == 0 {
        sources.tell(&reading.files, &tally, &[], output);
        return Err(BadData::NoRows.into());
    }
    let made = match (file, path) {
        (Some(mut file), Some(path)) => {
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
        _ => rows(output).map_err(unwritten)?,
    };
    if let Some((file, path)) = manifest {
        let asked = (&arguments.data, &*arguments.dyad);
        let read = (&*reading.files, &tally);
        Manifest::new("index", asked, &sources, read, made)?
            .of_index(&model, arguments.all_months)
            .write(file, path)?;
    }
    sources.tell(&reading.files, &tally, &busiest, output);
    sources.tell_twice(&reading, index.ids(), output)?;
    output.note(conditions(&model).trim_end());
    Ok(Outcome::Fine)
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

/// An index has a use for few parameters, and for no column of URLs: others must not seem to count.
fn only_what_counts(arguments: &Index) -> Result<()> {
    const COUNT: [&str; 3] = ["half_life_days", "gain", "saturation"];
    let refuse = |says: String, help: &str| {
        let help = Some(help.to_owned());
        Err(BadData::Other { says, help }.into())
    };
    for setting in &arguments.set {
        let (name, _) = input::name_and_value(setting)?;
        if !COUNT.contains(&name) && !name.starts_with("baseline") {
            return refuse(
                format!("`--set {name}` does not apply: an index has no use for it"),
                "an index adds up decayed weights: half_life_days, gain, and baselines such as baseline:RUS-USA",
            );
        }
    }
    let of_urls = |column: &exchange::Column| column.field == exchange::Field::Url;
    if arguments.data.column.iter().any(of_urls) {
        return refuse(
            "`--column url` does not apply: an index names no document".to_owned(),
            "it goes with import; leave it out",
        );
    }
    Ok(())
}

/// Rows as CSV or JSON Lines.
enum Lines<'a> {
    Csv(Box<csv::Writer<&'a mut dyn Write>>),
    Jsonl(BufWriter<&'a mut dyn Write>),
}

impl<'a> Lines<'a> {
    fn new(out: &'a mut dyn Write, format: TableFormat) -> Self {
        match format {
            TableFormat::Csv => Self::Csv(Box::new(csv::Writer::from_writer(out))),
            TableFormat::Jsonl => Self::Jsonl(BufWriter::new(out)),
        }
    }

    fn row(&mut self, row: &IndexRow<'_>) -> io::Result<()> {
        match self {
            Self::Csv(lines) => Ok(lines.serialize(row)?),
            Self::Jsonl(lines) => {
                serde_json::to_writer(&mut *lines, row)?;
                lines.write_all(b"\n")
            }
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Self::Csv(mut lines) => lines.flush(),
            Self::Jsonl(mut lines) => lines.flush(),
        }
    }
}
