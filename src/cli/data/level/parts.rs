//! Parts of an index: what `index --partial` writes, and what `merge` makes of them.

use super::readout::{Lines, Reads};
use crate::cli::args::{FigureFormat, Merge, TableFormat};
use crate::cli::data::event_data::no_row_of;
use crate::cli::terminal::output::{Outcome, Output, unwritten};
use crate::error::{BadData, BadEnsemble, BadOption, Error, Result};
use crate::evidence::{
    Adding, Decaying, Every, How, Index, Levels, Packed, Portion, Readout, Summed, Sums,
};
use crate::exchange::{Dedupe, Roster, StateCodes, Tally, months_between};
use crate::history::FAULT_LIMIT;
use crate::json::{seal, unsealed};
use crate::model::Dyad;
use crate::store::{Replace, WholeFile};
use crate::text::{count, shown};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What every part begins with, so that nobody takes another file for one.
const FORMAT: &str = "detente index part";
/// The newest version of parts that this program reads and the one it writes.
const VERSION: u32 = 1;

/// What some files add up to.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Part {
    format: String,
    v: u32,
    detente: String,
    /// All options, with the digests of files that say who actors are.
    options: Value,
    model: Value,
    inputs: Vec<Input>,
    rows: Rows,
    sums: Portion,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    name: String,
    blake3: String,
    rows: u64,
    weights: Option<String>,
    quad_classes: Option<String>,
}

/// What became of rows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows {
    read: u64,
    used: u64,
    left_out: BTreeMap<String, u64>,
}

/// What only matters to the table, out of the options.
struct Wanted {
    every: Every,
    is_directed: bool,
    is_edges: bool,
    all_periods: bool,
    dyads: Vec<Dyad>,
    codes: Vec<StateCodes>,
    events_counted: &'static str,
    dedupe: String,
}

impl Wanted {
    /// Nothing where the options are none that this program writes.
    fn of(options: &Value) -> Option<Self> {
        let text = |name: &str| options.get(name)?.as_str();
        let flag = |name: &str| options.get(name)?.as_bool();
        let list = |name: &str| options.get(name)?.as_array();
        let every = text("every")?;
        let dyads = list("dyads")?
            .iter()
            .map(|dyad| dyad.as_str()?.parse().ok());
        let code = |name: &Value| {
            let mut all = StateCodes::ALL.into_iter();
            all.find(|codes| Some(codes.name()) == name.as_str())
        };
        Some(Self {
            every: Every::ALL.into_iter().find(|it| it.word() == every)?,
            is_directed: flag("directed")?,
            is_edges: flag("edges")?,
            all_periods: flag("all_months")?,
            dyads: dyads.collect::<Option<_>>()?,
            codes: list("actor_codes")?
                .iter()
                .map(code)
                .collect::<Option<_>>()?,
            events_counted: if text("events")? == "root" {
                "root"
            } else {
                "all"
            },
            dedupe: text("dedupe")?.to_owned(),
        })
    }
}

impl Part {
    /// The part that a manifest tells of, with what was asked for and its sums.
    pub(super) fn new(
        manifest: &Value,
        asked: Value,
        reads: &Reads,
        tally: &Tally,
        sums: Portion,
    ) -> Self {
        let inputs = manifest.get("inputs").and_then(Value::as_array);
        let inputs = inputs.into_iter().flatten().map(|input| {
            let text = |name: &str| input.get(name)?.as_str().map(str::to_owned);
            Input {
                name: text("name").unwrap_or_default(),
                blake3: text("blake3").unwrap_or_default(),
                rows: input
                    .get("rows")
                    .and_then(Value::as_u64)
                    .unwrap_or_default(),
                weights: text("weights"),
                quad_classes: text("quad_classes"),
            }
        });
        let mut options = manifest.get("options").cloned().unwrap_or_default();
        if let (Value::Object(options), Value::Object(asked)) = (&mut options, asked) {
            options.extend(asked);
            // A row that is malformed ends a strict reading, and changes nothing else.
            options.remove("strict");
            for option in ["actors", "actors_map"] {
                let digest = manifest.get(option).and_then(|file| file.get("blake3"));
                options.insert(option.to_owned(), digest.cloned().unwrap_or_default());
            }
        }
        let left_out = tally.left_out();
        let left_out = left_out.map(|(reason, kinds)| (reason.words().to_owned(), kinds.count));
        Self {
            format: FORMAT.to_owned(),
            v: VERSION,
            detente: env!("CARGO_PKG_VERSION").to_owned(),
            options,
            model: reads.settings(),
            inputs: inputs.collect(),
            rows: Rows {
                read: tally.read,
                used: tally.used,
                left_out: left_out.collect(),
            },
            sums,
        }
    }

    /// Whether a text says that it is a part of an index, whole or not.
    pub(crate) fn is_one(text: &str) -> bool {
        let begins = format!("{{\"format\":\"{FORMAT}\"");
        text.starts_with(&begins)
    }

    /// Reads a part.
    fn read(text: &str) -> Result<(Self, Wanted)> {
        #[derive(Deserialize)]
        struct Form {
            v: u32,
        }
        let text = unsealed(text).map_err(not_a_part)?;
        let unread = |error: serde_json::Error| not_a_part(&error.to_string());
        let form: Form = serde_json::from_str(&text).map_err(unread)?;
        if form.v != VERSION {
            let (found, known) = (form.v, VERSION);
            return Err(BadEnsemble::PartFormat { found, known }.into());
        }
        let part: Self = serde_json::from_str(&text).map_err(unread)?;
        let wanted = Wanted::of(&part.options);
        let wanted = wanted.filter(|it| part.sums.holds_together(it.every, part.rows.used));
        let wanted = wanted.ok_or_else(|| not_a_part("its counts do not hold together"))?;
        Ok((part, wanted))
    }

    /// The bytes of its file.
    pub(super) fn sealed(&self) -> Result<Vec<u8>> {
        seal(self).map_err(|error| unwritten(error.into()))
    }

    /// What is not the same in another part, if they cannot be added up.
    fn differs_in(&self, other: &Self) -> Option<String> {
        if self.detente != other.detente {
            return Some("version of detente".to_owned());
        }
        let none = Value::Null;
        let names = [&self.options, &other.options].into_iter();
        let names = names.filter_map(Value::as_object).flat_map(|it| it.keys());
        let value = |part: &Self, name: &str| part.options.get(name).unwrap_or(&none).clone();
        let differs = |name: &&String| value(self, name) != value(other, name);
        if let Some(name) = names.collect::<BTreeSet<_>>().into_iter().find(differs) {
            return Some(format!("`--{}`", name.replace('_', "-")));
        }
        (self.model != other.model).then(|| "model".to_owned())
    }
}

/// Refuses parts that do not belong together, each by its name.
fn belong_together(parts: &[(String, Part, Wanted)]) -> Result<()> {
    let mut errors = Vec::new();
    let help = "only parts of other files with the same options, model and version can be added up";
    let refuse = |name: &str, says: String, help: &str| {
        Error::from(BadData::other(says, help)).in_file(name)
    };
    let mut read: BTreeMap<&str, &str> = BTreeMap::new();
    for (place, (name, part, wanted)) in parts.iter().enumerate() {
        let earlier = &parts[..place];
        if let Some((first, other, _)) = earlier.first()
            && let Some(what) = other.differs_in(part)
        {
            let says = format!("the {what} is not the same as in {}", shown(first));
            errors.push(refuse(name, says, help));
            continue;
        }
        let mut own: Vec<_> = part.inputs.iter().filter(|input| input.rows > 0).collect();
        own.sort_by_key(|input| &input.blake3);
        own.dedup_by_key(|input| &input.blake3);
        let twice = own.iter().find_map(|input| {
            let other = read.insert(&input.blake3, name)?;
            Some((input, other))
        });
        if let Some((input, other)) = twice {
            let (file, other) = (shown(&input.name), shown(other));
            let says = format!("the rows of {file} are in {other} already");
            errors.push(refuse(name, says, "each file belongs into one part"));
            continue;
        }
        let shared = earlier
            .iter()
            .filter(|_| wanted.dedupe != Dedupe::None.name())
            .find_map(|other| {
                let day = part.sums.shares_day(&other.1.sums)?;
                Some((day, &other.0))
            });
        if let Some((day, other)) = shared {
            let says = format!("rows of {day} are in {} as well", shown(other));
            let help = "with --dedupe the parts are to be cut by day: all rows of a day into one";
            errors.push(refuse(name, says, help));
        }
    }
    Error::all(errors, FAULT_LIMIT)
}

/// Adds parts up: to a table, or to a part again.
pub(crate) fn merge(
    arguments: &Merge,
    texts: Vec<(String, String)>,
    output: &mut Output,
) -> Result<Outcome> {
    let is_csv = matches!(arguments.format, FigureFormat::Table | FigureFormat::Csv);
    if !is_csv || arguments.figure.chart {
        let (option, formats) = ("an index", "csv");
        return Err(BadOption::OnlyAs { option, formats }.into());
    }
    let (mut parts, mut errors) = (Vec::new(), Vec::new());
    for (name, text) in texts {
        match Part::read(&text) {
            Ok((part, wanted)) => parts.push((name, part, wanted)),
            Err(error) => errors.push(error.in_file(&name)),
        }
    }
    Error::all(errors, FAULT_LIMIT)?;
    belong_together(&parts)?;
    let Some((first, part, wanted)) = parts.first() else {
        return Err(BadData::NoRows.into());
    };
    let reads = Reads::of_settings(&part.model).map_err(|error| error.in_file(first))?;
    let every = wanted.every;
    match &reads {
        Reads::Evidence(parameters) => {
            let kept = Levels::kept(parameters, every);
            let readout = |summed: &Summed<_>| Levels::new(parameters, summed);
            add(arguments, &parts, &reads, (kept, readout), output)
        }
        Reads::Decay(model) => {
            let kept = Decaying::kept(model, every)?;
            let readout = |_: &Summed<_>| Decaying::new(model, every);
            add(arguments, &parts, &reads, (kept, readout), output)
        }
    }
}

fn add<K: Packed, R: Readout<K>>(
    arguments: &Merge,
    parts: &[(String, Part, Wanted)],
    reads: &Reads,
    (kept, readout): (K::How, impl Fn(&Summed<K>) -> R),
    output: &mut Output,
) -> Result<Outcome> {
    let Some((_, first, wanted)) = parts.first() else {
        return Err(BadData::NoRows.into());
    };
    let roster = Roster::default();
    let adding = Arc::new(Adding {
        every: wanted.every,
        is_directed: wanted.is_directed,
        dedupe: Dedupe::None,
        dyads: wanted.dyads.clone(),
    });
    let kept = Arc::new(kept);
    let (mut sums, mut errors, mut files) = (Vec::new(), Vec::new(), 0);
    for (name, part, _) in parts {
        if let Some(one) = part.sums.sums(&adding, &kept, &roster, &mut files) {
            sums.push(one);
        } else {
            let bad = Error::from(not_a_part("its sums do not hold together"));
            errors.push(bad.in_file(name));
        }
    }
    Error::all(errors, FAULT_LIMIT)?;
    let inputs = || parts.iter().flat_map(|(_, part, _)| &part.inputs);
    let rows = Rows::of(parts.iter().map(|(_, part, _)| &part.rows));
    // Repetitions were taken out of the parts.
    let mut tally = Tally::default();
    if let Some(path) = &arguments.output {
        let mut file = WholeFile::create(path, Replace::Asked(arguments.overwrite))?;
        let sums = Portion::of(sums, &roster, &mut tally).ok_or(BadData::NoRows)?;
        let whole = Part {
            inputs: inputs().cloned().collect(),
            rows,
            sums,
            ..first.clone()
        };
        file.put(&whole.sealed()?)?;
        return file.finish().map(|()| Outcome::Fine);
    }
    let summed = Sums::merge(sums, &mut tally).ok_or(BadData::NoRows)?;
    rows.tell(parts.len(), inputs().count(), output);
    if rows.used == 0 {
        return Err(BadData::NoRows.into());
    }
    let of_all = |name: fn(&Input) -> Option<&str>| {
        let names: BTreeSet<_> = inputs().filter_map(name).collect();
        names.into_iter().collect::<Vec<_>>().join("+")
    };
    let how = How {
        model: reads.label(),
        weights: of_all(|input| input.weights.as_deref()),
        events_counted: wanted.events_counted,
        dedupe: wanted.dedupe.clone(),
        quad_classes: of_all(|input| input.quad_classes.as_deref()),
        detente: env!("CARGO_PKG_VERSION"),
    };
    let table = Index {
        summed: &summed,
        how: &how,
        roster: &roster,
        all_periods: wanted.all_periods,
        is_edges: wanted.is_edges,
        codes: &wanted.codes,
    };
    let mut lines = Lines::new(output, TableFormat::Csv);
    let printed = table.rows(&mut readout(&summed), |row| lines.row(row));
    printed.and_then(|()| lines.finish()).map_err(unwritten)?;
    let months = summed.months.iter();
    let months = months.map(|month| Every::Month.first_day(*month).year_month());
    if let Some(says) = no_row_of(&months_between(&months.collect())) {
        output.note(&says);
    }
    output.note(reads.conditions().trim_end());
    Ok(Outcome::Fine)
}

impl Rows {
    /// What became of all rows.
    fn of<'r>(parts: impl Iterator<Item = &'r Self>) -> Self {
        parts.fold(Self::default(), |mut all, part| {
            all.read = all.read.saturating_add(part.read);
            all.used = all.used.saturating_add(part.used);
            for (reason, rows) in &part.left_out {
                let all = all.left_out.entry(reason.clone()).or_default();
                *all = all.saturating_add(*rows);
            }
            all
        })
    }

    fn tell(&self, parts: usize, files: usize, output: &mut Output) {
        let left_out = self
            .left_out
            .values()
            .fold(0_u64, |all, rows| all.saturating_add(*rows));
        output.note(&format!(
            "{} of {}\n{} read: {} used, {left_out} left out",
            count(parts as u64, "part"),
            count(files as u64, "file"),
            count(self.read, "row"),
            self.used
        ));
        for (reason, rows) in &self.left_out {
            output.note(&format!("{rows:>9}  left out: {}", shown(reason)));
        }
    }
}

fn not_a_part(says: &str) -> BadData {
    BadData::other(
        format!("this is no part of an index: {says}"),
        "`detente index --partial -o FILE` writes one",
    )
}
