//! `detente index`: other people's event data, added up by dyad and period.

use super::parts::Part;
use super::readout::{Lines, Reads, refuse};
use crate::cli::args::{Index, TableFormat};
use crate::cli::data::deposit::Deposit;
use crate::cli::data::event_data::{Sources, Wanted, no_urls};
use crate::cli::data::manifest::{self, Digested, Indexed, Made, Manifest};
use crate::cli::data::names::Unnamed;
use crate::cli::terminal::output::{Outcome, Output, unwritten};
use crate::error::{BadData, Error, Result};
use crate::evidence::{
    self, Adding, Decaying, How, Levels, Packed, Portion, Readout, Summed, Sums,
};
use crate::exchange::{Dedupe, FileRead, Format, Reading};
use crate::json::tree_of;
use crate::store::{Outputs, Replace, WholeFile};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

/// Where table and manifest go, begun before anything is read.
struct Written<'a> {
    table: Option<(WholeFile, &'a Path)>,
    manifest: Option<WholeFile>,
    deposit: Option<Deposit>,
}

impl<'a> Written<'a> {
    fn begin(arguments: &'a Index) -> Result<Self> {
        let begin = |path: Option<&'a Path>| {
            path.map(|path| WholeFile::create(path, Replace::Asked(arguments.overwrite)))
                .transpose()
        };
        let table = arguments.output.as_deref();
        Ok(Self {
            table: begin(table)?.zip(table),
            manifest: begin(arguments.data.manifest.as_deref())?,
            deposit: Deposit::begin("detente index", &arguments.deposit, arguments.overwrite)?,
        })
    }

    /// Writes table and manifest, each as one of all outputs or to standard output.
    fn write(
        self,
        format: TableFormat,
        rows: impl Fn(&mut dyn Write) -> io::Result<Made>,
        manifest: impl Fn(Made) -> Result<Manifest<'a>>,
        (outputs, output): (&mut Outputs, &mut Output),
    ) -> Result<()> {
        let made = match (self.table, self.deposit) {
            (Some((mut file, path)), _) => {
                let made = rows(&mut file).map_err(Error::io("write", path))?;
                outputs.add(file);
                made
            }
            (None, Some(mut deposit)) => {
                let table = deposited(format);
                let mut file = deposit.file(table.0)?;
                let made = rows(&mut file).map_err(|error| file.unwritten(error))?;
                file.finish()?;
                let words = "The table: a row for each dyad and period, with its level.";
                deposit.note(table, words, &made);
                deposit.write(manifest(made.clone())?, outputs)?;
                made
            }
            (None, None) => {
                let made = rows(output).map_err(unwritten)?;
                // It is printed whether or not there is room for a manifest.
                output.flush().map_err(unwritten)?;
                made
            }
        };
        if let Some(file) = self.manifest {
            manifest(made)?.write(file, outputs)?;
        }
        Ok(())
    }
}

pub(crate) fn run(arguments: &Index, output: &mut Output) -> Result<Outcome> {
    let reads = Reads::new(arguments)?;
    no_urls(&arguments.data)?;
    let every = arguments.every;
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

fn index<K: Packed, R: Readout<K>>(
    arguments: &Index,
    reads: &Reads,
    kept: K::How,
    readout: impl Fn(&Summed<K>) -> R,
    output: &mut Output,
) -> Result<Outcome> {
    let wanted = Wanted {
        dyads: &arguments.dyad,
        quads: arguments.quad_classes,
        writes_codes: true,
    };
    let sources = Sources::new(&arguments.data, &wanted, output)?;
    let plan = &sources.plan;
    let written = Written::begin(arguments)?;
    let unnamed = Unnamed::begin(&arguments.data, arguments.overwrite)?;
    let adding = Arc::new(Adding {
        every: arguments.every,
        is_directed: arguments.directed || arguments.edges,
        dedupe: plan.choices.dedupe,
        dyads: arguments.dyad.clone(),
    });
    let kept = Arc::new(kept);
    let gather = || Sums::<K>::new(&adding, &kept, &plan.roster);
    let (mut reading, gathered) = sources.read(gather, output)?;
    let tally = &mut reading.tally;
    let mut outputs = Outputs::default();
    if arguments.partial {
        let is_gdelt = |file: &FileRead| file.format == Format::Gdelt;
        if plan.choices.dedupe == Dedupe::Id && reading.files.iter().flatten().any(is_gdelt) {
            refuse(
                "`--dedupe id` does not go with `--partial`: ids of GDELT hold for all days, and parts are cut by day"
                    .to_owned(),
                "--dedupe dyad-day-code and --dedupe window:MINUTES do",
            )?;
        }
        let sums = Portion::of(gathered, &plan.roster, tally).ok_or(BadData::NoRows)?;
        let made = manifest_of(arguments, reads, &sources, &reading, None)?;
        let made = tree_of(&made).map_err(|error| unwritten(error.into()))?;
        let asked = manifest::asked(&arguments.data, arguments.quad_classes);
        let part = Part::new(&made, asked, reads, &reading.tally, sums).sealed()?;
        if let Some((mut file, _)) = written.table {
            file.put(&part)?;
            outputs.add(file);
        }
        unnamed.write(&reading.unmatched, &mut outputs)?;
        outputs.finish()?;
        sources.tell_all(&reading, &[], output);
        return Ok(Outcome::Fine);
    }
    let summed = Sums::merge(gathered, tally).ok_or(BadData::NoRows)?;
    if tally.used == 0 {
        sources.tell_all(&reading, &[], output);
        return Err(unnamed.of_no_rows(&reading.unmatched));
    }
    let how = How::new(reads.label(), &plan.choices, &reading.files);
    let table = evidence::Index {
        summed: &summed,
        how: &how,
        roster: &plan.roster,
        all_periods: arguments.all_months,
        codes: &arguments.data.actor_codes,
        is_edges: arguments.edges,
    };
    let rows = |out: &mut dyn Write| {
        let mut out = Digested::new(out);
        let mut lines = Lines::new(&mut out, arguments.format);
        table.rows(&mut readout(&summed), |row| lines.row(row))?;
        lines.finish()?;
        Ok::<_, io::Error>(out.made(None))
    };
    let manifest = |made: Made| manifest_of(arguments, reads, &sources, &reading, Some(made));
    let to = (&mut outputs, &mut *output);
    written.write(arguments.format, rows, manifest, to)?;
    unnamed.write(&reading.unmatched, &mut outputs)?;
    outputs.finish()?;
    let busiest = summed.busiest(&plan.roster);
    sources.tell_all(&reading, &busiest, output);
    sources.tell_twice(&reading, &summed.ids, output)?;
    output.note(reads.conditions().trim_end());
    Ok(Outcome::Fine)
}

/// What a table is called in a folder for deposit, and its media type.
const fn deposited(format: TableFormat) -> (&'static str, &'static str) {
    match format {
        TableFormat::Csv => ("table.csv", "text/csv"),
        TableFormat::Jsonl => ("table.jsonl", "application/jsonl"),
    }
}

fn manifest_of<'a>(
    arguments: &'a Index,
    reads: &Reads,
    sources: &Sources,
    read: &Reading,
    made: Option<Made>,
) -> Result<Manifest<'a>> {
    let asked = (&arguments.data, &*arguments.dyad);
    let indexed = Indexed {
        every: arguments.every.word(),
        directed: arguments.directed || arguments.edges,
        edges: arguments.edges,
        format: match arguments.format {
            TableFormat::Csv => "csv",
            TableFormat::Jsonl => "jsonl",
        },
        all_months: arguments.all_months,
    };
    let manifest = Manifest::new("index", asked, sources, read, made)?;
    Ok(manifest.of_index(reads.used(), indexed))
}
