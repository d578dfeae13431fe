//! The arguments of what reads other people's event data: `import`, `index`, `cite`.

use super::options::{ThreadArguments, words};
use crate::evidence::{EVIDENCE, Every};
use crate::exchange::{Codes, Column, Dedupe, Format, Order, Quads, StateCodes, WeightSource};
use crate::model::{Actor, Day, Dyad, Weights};
use crate::view::CrateAuthor;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// What help says of formats and containers, and then.
fn of_formats(rest: &str) -> String {
    let formats = Format::ALL.map(Format::name).join(", ");
    format!(
        "FORMAT is {formats} or auto; without it each file's first line tells, and it is said. \
         Files may be packed: gzip, or zip with one file in it. What became of every row is said \
         at the end.\n\n{rest}"
    )
}

/// Import other people's event data: the rows of some dyads as a log of `coded` events
#[derive(Debug, Args)]
#[command(
    override_usage = "detente import [OPTIONS] --dyad A-B [FORMAT] FILE...\n       detente import [OPTIONS] --all-dyads [FORMAT] FILE...",
    after_help = of_formats("An event is recorded on its own day, its id is made of the row's own, and its evidence names row and URL. Machine-coded data have hundreds of events a month, at which the default model saturates: replay with --model goldstein-decay.\n\nExamples:\n  detente import gdelt 20190121220000.export.CSV.zip --dyad RUS-USA -o log.jsonl\n  detente import icews events.2018.tab --dyad RUS-USA --dyad RUS-UKR --from 2018-06-01 -o log.jsonl\n  detente import icews-quadruples icews14.tsv.gz --actors actors.txt --dyad RUS-USA -o log.jsonl\n  detente import csv mine.csv --column date=day --column source=who --dyad RUS-USA -o log.jsonl\n  detente replay log.jsonl --model goldstein-decay")
)]
pub(crate) struct Import {
    #[command(flatten)]
    pub(crate) data: EventData,
    /// The dyad to import, in either order; may be given several times
    #[arg(long, value_name = "A-B", required_unless_present = "all_dyads")]
    pub(crate) dyad: Vec<Dyad>,
    /// Import every dyad that has an event, as far as rows of 512 MiB go
    #[arg(long, conflicts_with = "dyad")]
    pub(crate) all_dyads: bool,
    /// Where to write the log [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Put log and manifest in the place of files of those names
    #[arg(long)]
    pub(crate) overwrite: bool,
}

/// Index other people's event data: for every dyad and period how many events of which kind, and
/// the level with its interval
#[derive(Debug, Args)]
#[command(
    override_usage = "detente index [OPTIONS] [FORMAT] FILE...",
    after_help = of_formats("The level is a mean of weights in which the last fortnight counts most and the last year stands behind it, with a 90 % interval. The table is the same to the byte for any order of rows, any split into files and any number of threads: all sums are of whole numbers. Therefore only models without saturation will do.\n\nExamples:\n  detente index gdelt *.export.CSV.zip -o table.csv\n  detente index icews events.*.tab --from 2014-01-01 --set half_life_fast_days=30 -o table.csv\n  detente index icews events.2014.tab --dyad RUS-UKR --dyad RUS-USA --every week -o table.csv\n  detente index icews events.*.tab --model goldstein-decay --set half_life_days=90\n  detente index gdelt 20190121.export.CSV --events root --dedupe dyad-day-code\n  detente index icews events.*.tab --edges --every year --actor-codes cow -o edges.csv\n  detente index icews events.*.tab --crate deposit --published 2030-03-01")
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option that somebody gives or not"
)]
pub(crate) struct Index {
    #[command(flatten)]
    pub(crate) data: EventData,
    /// Only this dyad, in either order; may be given several times [default: all]
    #[arg(long, value_name = "A-B")]
    pub(crate) dyad: Vec<Dyad>,
    /// What is read out: evidence, which has an interval, or the temperature of a model without
    /// saturation; a preset or a file
    #[arg(long, default_value = EVIDENCE, value_name = "PRESET|FILE")]
    pub(crate) model: PathBuf,
    /// A parameter other than the model's (for weights see --weights); may be given several times
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) set: Vec<String>,
    /// How codes are cut into classes [default: gdelt for GDELT, cameo for others]
    #[arg(long, value_enum, value_name = "CUT")]
    pub(crate) quad_classes: Option<Quads>,
    /// How long a period is
    #[arg(long, value_enum, default_value_t = Every::Month, value_name = "PERIOD")]
    pub(crate) every: Every,
    /// A row for what A does to B, and another for what B does to A
    #[arg(long)]
    pub(crate) directed: bool,
    /// An edge list for network packages: source, target, period, counts by class, and the level,
    /// directed
    #[arg(long)]
    pub(crate) edges: bool,
    /// A balanced panel: a row for every dyad and every period of the files, those without events
    /// included
    #[arg(long, alias = "all-periods")]
    pub(crate) all_months: bool,
    /// Save what these files add up to as a part, for `detente merge`, and print no table
    #[arg(long, requires = "output", conflicts_with_all = ["format", "manifest", "folder"])]
    pub(crate) partial: bool,
    /// How to print it
    #[arg(long, value_enum, default_value_t = TableFormat::Csv)]
    pub(crate) format: TableFormat,
    /// Where to write the table or the part [default: standard output]
    #[arg(long, short, value_name = "FILE", conflicts_with = "folder")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) deposit: CrateArguments,
    /// Put table and manifest, or the folder, in the place of what has those names
    #[arg(long)]
    pub(crate) overwrite: bool,
}

/// A folder for deposit.
#[derive(Debug, Args)]
pub(crate) struct CrateArguments {
    /// Make a folder for deposit, an RO-Crate: table, manifest, methods, references and the digests
    /// of all files
    #[arg(
        long = "crate",
        value_name = "DIR",
        requires = "published",
        conflicts_with = "manifest"
    )]
    pub(crate) folder: Option<PathBuf>,
    /// The day on which that folder is published
    #[arg(long, value_name = "DATE", requires = "folder")]
    pub(crate) published: Option<Day>,
    /// The licence of that folder: its address, or a sentence
    #[arg(long, value_name = "URL|TEXT", requires = "folder", value_parser = said)]
    pub(crate) license: Option<String>,
    /// The title of that folder [default: what it is, of which data, from when to when]
    #[arg(long, value_name = "TEXT", requires = "folder", value_parser = said)]
    pub(crate) crate_title: Option<String>,
    /// Who made that folder: a name, and perhaps an address behind it, as `NAME
    /// <https://orcid.org/...>`; may be given several times
    #[arg(long, value_name = "NAME", requires = "folder", value_parser = crate_author)]
    pub(crate) author: Vec<CrateAuthor>,
}

/// Reads somebody who made a folder.
fn crate_author(text: &str) -> Result<CrateAuthor, &'static str> {
    text.parse()
}

/// A text that says something.
fn said(text: &str) -> Result<String, &'static str> {
    if text.trim().is_empty() {
        return Err("it says nothing; leave the option out where nothing is to be said");
    }
    Ok(text.to_owned())
}

/// Say how an index or a log was made, from its manifest: a paragraph on methods, and references in
/// BibTeX
#[derive(Debug, Args)]
#[command(
    after_help = "Keys of references stand in the paragraph as [@key], as Pandoc and Quarto read them.\n\nExamples:\n  detente index gdelt *.export.CSV.zip -o table.csv --manifest table.json\n  detente cite table.json\n  detente cite table.json --format bibtex > detente.bib"
)]
pub(crate) struct Cite {
    /// The manifest that index, import, fit or validate wrote with --manifest, or the folder of
    /// --crate
    #[arg(value_name = "MANIFEST")]
    pub(crate) manifest: PathBuf,
    /// What to print
    #[arg(long, value_enum, default_value_t = CiteFormat::Text)]
    pub(crate) format: CiteFormat,
}

/// What to print of a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CiteFormat {
    /// The paragraph, and the references behind it
    Text,
    /// The paragraph alone
    Methods,
    /// The references alone
    Bibtex,
}

words! { Every:
    Every::Day => "day", "A day";
    Every::Week => "week", "From Monday to Sunday";
    Every::Month => "month", "A month of the calendar";
    Every::Quarter => "quarter", "Three months";
    Every::Year => "year", "A year of the calendar";
}

/// Event data, and how to read them.
#[derive(Debug, Args)]
pub(crate) struct EventData {
    /// The format, where it is said, and the files; `-` is standard input
    #[arg(required = true, value_name = "[FORMAT] FILE")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Only events from this day on
    #[arg(long, value_name = "DATE", value_parser = Day::beginning)]
    pub(crate) from: Option<Day>,
    /// Only events until this day
    #[arg(long, value_name = "DATE")]
    pub(crate) to: Option<Day>,
    /// Weights: the rows' own, or a variant of the table [default: file where rows have any, else
    /// icews for ICEWS, gdelt]
    #[arg(long, value_enum, value_name = "SOURCE")]
    pub(crate) weights: Option<WeightSource>,
    /// Which events: all, or root events only, which open their document (GDELT alone tells)
    #[arg(long, value_enum, default_value_t = Events::All)]
    pub(crate) events: Events,
    /// What counts as one event: none (each row), dyad-day-code (all rows of a day, source, target
    /// and code), id (all of an id and day), or window:MINUTES (GDELT: all of a day, actors, code
    /// and place, added so soon after each other)
    #[arg(long, default_value = "none", value_name = "RULE", value_parser = dedupe)]
    pub(crate) dedupe: Dedupe,
    /// How codes are read; a program that took them for numbers has made 10 of 010, and 46 of 046
    #[arg(long, value_enum, default_value_t = CodesAre::Checked)]
    pub(crate) codes: CodesAre,
    /// A CAMEO actor dictionary, plain or gzip: names of persons and of whom they speak for on a
    /// day
    #[arg(long, value_name = "FILE")]
    pub(crate) actors: Option<PathBuf>,
    /// A country code (gdelt, polecat, csv) or a name (all but gdelt) that stands for an actor,
    /// such as HKG=CHN; may be given several times
    #[arg(long, value_name = "NAME=ACTOR", value_parser = another_actor)]
    pub(crate) actor: Vec<(String, Actor)>,
    /// A table of names and who they stand for, with the columns name, actor and, where that
    /// changes, from and to
    #[arg(long, value_name = "FILE")]
    pub(crate) actors_map: Option<PathBuf>,
    /// Codes of states: in csv and keds actors are read as such (the first kind that is given), and
    /// an index has a column of each kind for each actor
    #[arg(long, value_enum, value_delimiter = ',', value_name = "KIND")]
    pub(crate) actor_codes: Vec<StateCodes>,
    /// Where to write the names that no actor was found for, as CSV, the most frequent first;
    /// filled in, it is an --actors-map
    #[arg(long, value_name = "FILE")]
    pub(crate) unmatched: Option<PathBuf>,
    /// csv: the column of a field (date, source, target, code, weight, id, url), such as date=day,
    /// or date=year+month+day; may be given several times
    #[arg(long, value_name = "FIELD=NAME")]
    pub(crate) column: Vec<Column>,
    /// csv: what a field is in every row, such as code=190; may be given several times
    #[arg(long, value_name = "FIELD=VALUE")]
    pub(crate) value: Vec<Column>,
    /// csv, icews: the order of a date's parts [default: ymd; in ICEWS mdy where there are slashes]
    #[arg(long, value_enum, value_name = "ORDER")]
    pub(crate) date_order: Option<Order>,
    /// What to do where some values of a column show that a program has spoilt it all
    #[arg(long, value_enum, default_value_t = Spoilt::Refuse)]
    pub(crate) spoilt: Spoilt,
    /// Where to write how it was made, as JSON: version, options, inputs and output with their
    /// digests, model, what became of rows
    #[arg(long, value_name = "FILE")]
    pub(crate) manifest: Option<PathBuf>,
    /// A malformed row is an error, and nothing is written
    #[arg(long)]
    pub(crate) strict: bool,
    #[command(flatten)]
    pub(crate) threads: ThreadArguments,
}

/// Reads `HKG=CHN`.
fn another_actor(text: &str) -> Result<(String, Actor), String> {
    let (name, actor) = text
        .rsplit_once('=')
        .ok_or("expected NAME=ACTOR, such as HKG=CHN")?;
    let actor = actor
        .trim()
        .parse::<Actor>()
        .map_err(|unknown| unknown.to_string())?;
    Ok((name.trim().to_owned(), actor))
}

words! { WeightSource:
    WeightSource::File => "file", "The rows' own column";
    WeightSource::Table(Weights::Gdelt) => "gdelt", "The table of codes, as GDELT publishes it";
    WeightSource::Table(Weights::Icews) => "icews", "The table of codes, as ICEWS publishes it";
}

/// Which events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Events {
    /// All
    All,
    /// Root events only
    Root,
}

/// Reads `none`, `dyad-day-code`, `id` or `window:60`.
fn dedupe(text: &str) -> Result<Dedupe, String> {
    match text {
        "none" => Ok(Dedupe::None),
        "dyad-day-code" => Ok(Dedupe::DyadDayCode),
        "id" => Ok(Dedupe::Id),
        _ => text
            .strip_prefix("window:")
            .and_then(|minutes| minutes.parse().ok())
            .map(Dedupe::Window)
            .ok_or_else(|| {
                "expected none, dyad-day-code, id or window:MINUTES, such as window:60".to_owned()
            }),
    }
}

words! { StateCodes:
    StateCodes::Cow => "cow", "The numbers of Correlates of War";
    StateCodes::Gw => "gw", "The numbers of Gleditsch and Ward";
    StateCodes::Iso2 => "iso2", "The two letters of ISO 3166-1";
    StateCodes::Iso3 => "iso3", "The three letters of ISO 3166-1";
}

/// How codes are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CodesAre {
    /// As they stand; rows whose code lacks a leading 0 are an error, and nothing is written
    Checked,
    /// As they stand; such rows are left out
    AsTheyAre,
    /// As numbers: a 0 is put in front wherever that makes a code, so 10 is 010
    Padded,
    /// As codes of WEIS: each is read as the code of CAMEO that comes closest, with the weight of
    /// Goldstein's scale for WEIS
    Weis,
}

impl From<CodesAre> for Codes {
    fn from(codes: CodesAre) -> Self {
        match codes {
            CodesAre::Checked | CodesAre::AsTheyAre => Self::AsTheyAre,
            CodesAre::Padded => Self::Padded,
            CodesAre::Weis => Self::Weis,
        }
    }
}

/// What to do with a column that a program has spoilt: dates in another order, decimal commas
/// between commas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Spoilt {
    /// It is an error, and nothing is written
    Refuse,
    /// The rows that show it are left out, and the others used
    LeaveOut,
}

words! { Quads:
    Quads::Gdelt => "gdelt", "Roots 01-05, 06-09, 10-14, 15-20";
    Quads::Cameo => "cameo", "Roots 01-05, 06-08, 09-13, 14-20";
}

words! { Order:
    Order::YearMonthDay => "ymd", "2019-01-21 or 20190121";
    Order::MonthDayYear => "mdy", "01/21/2019";
    Order::DayMonthYear => "dmy", "21.01.2019";
}

/// How to print a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    /// Comma-separated, with a header
    Csv,
    /// A JSON object a line
    Jsonl,
}
