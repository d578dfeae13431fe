//! `detente test --claims`: what a model says of histories, held against claims about them.

use crate::cli::args::{Test, TidyFormat};
use crate::cli::terminal::input;
use crate::cli::terminal::output::{Outcome, Output};
use crate::error::{BadFile, BadTable, Error, Fault, Result};
use crate::history::{Claim, Expected, FAULT_LIMIT, Held, Order, Reading, readings, shipped};
use crate::model::{Day, Dyad, Model, Preset, nearest};
use crate::store;
use crate::text::shown;
use crate::view::{Listing, conditions, degrees, listing_text, not_a_formula};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::str::FromStr;

/// The columns of a file of claims, and behind them what is printed of each, so that a print is a
/// file of claims again, and a baseline.
const COLUMNS: [&str; CLAIMED + 4] = [
    "kind",
    "history",
    "dyad",
    "date",
    "dyad2",
    "date2",
    "relation",
    "low",
    "high",
    "confidence",
    "why",
    "degrees",
    "degrees2",
    "holds",
    "miss_degrees",
];

/// How many of them a claim has.
const CLAIMED: usize = 11;
const KINDS: [&str; 3] = ["level", "pair", "response"];
const ORDERS: [(&str, Order); 3] = [
    ("colder", Order::Colder),
    ("warmer", Order::Warmer),
    ("about_equal", Order::AboutEqual),
];

/// A line of a file of claims.
struct Line {
    claim: Claim,
    /// Whether it held when the file was printed; nothing where the file does not say.
    held: Option<bool>,
}

pub(super) fn run(arguments: &Test, file: &Path, output: &mut Output) -> Result<Outcome> {
    let preset = Path::new(Preset::default().name());
    let preset = arguments.model.as_deref().unwrap_or(preset);
    let model = input::model_with(preset, &arguments.set)?;
    let lines = read(file)?;
    let baseline = arguments.baseline.as_deref().map(baseline).transpose()?;
    let asked: Vec<_> = arguments
        .scenarios
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let claims: Vec<_> = lines.into_iter().map(|line| line.claim).collect();
    let (claims, sources) = about(claims, &asked, file)?;
    let held = hold(&claims, &sources, &model)?;
    let lost: Vec<_> = match &baseline {
        Some(baseline) => (0..claims.len())
            .filter(|&place| {
                !held[place].holds && baseline.get(&written(&claims[place])) == Some(&true)
            })
            .collect(),
        None => Vec::new(),
    };
    match arguments.format {
        TidyFormat::Table => output.print(text(&claims, &held, &model, output.look()))?,
        TidyFormat::Json => output.json(&listing(&claims, &held))?,
        TidyFormat::Csv => {
            let listing = listing(&claims, &held);
            let rows = listing.rows.into_iter();
            let safe = |row: Vec<String>| row.into_iter().map(not_a_formula_but_a_number);
            let rows = rows.map(|row| safe(row).collect::<Vec<_>>());
            output.csv(listing.columns, rows)?;
        }
    }
    for place in &lost {
        let says = says(&claims[*place], &held[*place]);
        output.note(&format!("held in the baseline, and fails now: {says}"));
    }
    Ok(Outcome::fine_if(lost.is_empty()))
}

/// A number may begin with a minus.
fn not_a_formula_but_a_number(text: String) -> String {
    if text.parse::<f64>().is_ok() {
        text
    } else {
        not_a_formula(text)
    }
}

/// The claims about the histories that were asked for, or about all, with the log of each history.
fn about(
    claims: Vec<Claim>,
    asked: &[String],
    file: &Path,
) -> Result<(Vec<Claim>, BTreeMap<String, String>)> {
    let named: BTreeSet<_> = claims.iter().map(|claim| claim.history.clone()).collect();
    if asked.is_empty() {
        let folder = file.parent().unwrap_or_else(|| Path::new(""));
        let paths = named.iter().filter(|name| shipped(name).is_none());
        let outside = paths.filter_map(|path| {
            let checked = store::check_named_by(folder, Path::new(path));
            checked.err().map(|error| error.in_file(path))
        });
        Error::all(outside.collect(), FAULT_LIMIT)?;
        let sources = named.into_iter().map(|name| (name.clone(), name));
        return Ok((claims, sources.collect()));
    }
    let stem = |path: &str| {
        let stem = Path::new(path).file_stem();
        stem.map(|stem| stem.to_string_lossy().into_owned())
    };
    let mut sources = BTreeMap::new();
    for path in asked {
        let is_meant =
            |name: &&String| *name == path || stem(path).as_deref() == Some(name.as_str());
        let Some(name) = named.iter().find(is_meant) else {
            let near = nearest(path, named.iter().map(String::as_str)).map(str::to_owned);
            let found = path.clone();
            let error = Error::from(BadTable::NoClaims { found, near });
            return Err(error.in_file(&file.display().to_string()));
        };
        sources.insert(name.clone(), path.clone());
    }
    let claims = claims
        .into_iter()
        .filter(|claim| sources.contains_key(&claim.history));
    Ok((claims.collect(), sources))
}

/// Reads every temperature that is claimed of each history, once.
fn hold(claims: &[Claim], sources: &BTreeMap<String, String>, model: &Model) -> Result<Vec<Held>> {
    let (mut read, mut errors) = (HashMap::new(), Vec::new());
    for (name, source) in sources {
        let of_it = claims.iter().filter(|claim| claim.history == *name);
        let wanted = of_it.flat_map(|claim| {
            let (first, other) = claim.readings();
            std::iter::once(first).chain(other)
        });
        let found = input::log(source).and_then(|input| {
            readings(&input.log, model, wanted).map_err(|error| error.in_file(&input.name))
        });
        match found {
            Ok(found) => {
                read.insert(name.clone(), found);
            }
            Err(error) => errors.push(error),
        }
    }
    Error::all(errors, FAULT_LIMIT)?;
    let held = claims.iter().map(|claim| {
        let of_history = read.get(&claim.history);
        let degrees = |reading| {
            let found = of_history.and_then(|found| found.get(&reading));
            found.copied().unwrap_or(f64::NAN)
        };
        claim.held(degrees)
    });
    Ok(held.collect())
}

/// For people: how many hold of each history, then every claim that fails.
fn text(claims: &[Claim], held: &[Held], model: &Model, look: crate::view::Look) -> String {
    let mut by_history: BTreeMap<&str, (usize, usize, f64)> = BTreeMap::new();
    for (claim, held) in claims.iter().zip(held) {
        let (holds, of, miss) = by_history.entry(&claim.history).or_default();
        *holds += usize::from(held.holds);
        *of += 1;
        *miss += held.miss_degrees;
    }
    let all = by_history.values().fold((0, 0, 0.0), |all, one| {
        (all.0 + one.0, all.1 + one.1, all.2 + one.2)
    });
    let rows = by_history.iter().map(|(name, row)| (*name, *row));
    let rows = rows.chain([("all", all)]).map(|(name, (holds, of, miss))| {
        let numbers = [holds.to_string(), of.to_string(), format!("{miss:.2}")];
        std::iter::once(name.to_owned()).chain(numbers).collect()
    });
    let table = Listing {
        columns: &["history", "held", "of", "miss"],
        rows: rows.collect(),
    };
    let fails: Vec<_> = claims
        .iter()
        .zip(held)
        .filter(|(_, held)| !held.holds)
        .map(|(claim, held)| {
            vec![
                claim.history.clone(),
                says(claim, held),
                format!("{:.2}", held.miss_degrees),
                claim.why.clone(),
            ]
        })
        .collect();
    let mut text = format!("{}\n{}", conditions(model), listing_text(&table, look));
    if !fails.is_empty() {
        let fails = Listing {
            columns: &["history", "claim_that_fails", "miss", "why_it_is_claimed"],
            rows: fails,
        };
        text.push('\n');
        text.push_str(&listing_text(&fails, look));
    }
    text
}

/// A claim in words, with what the model says.
fn says(claim: &Claim, held: &Held) -> String {
    let at = |Reading { dyad, day }| format!("{dyad} on {day}");
    let model = degrees(held.degrees);
    let other = held.other_degrees.map(degrees).unwrap_or_default();
    match claim.expected {
        Expected::Level { low, high } => {
            format!("{} from {low} to {high}: {model}", at(claim.reading))
        }
        Expected::Pair { other: to, order } => {
            let order = order_name(order).replace('_', " ");
            let than = if order == "about equal" { "to" } else { "than" };
            format!(
                "{} {order} {than} {}: {model}, {other}",
                at(claim.reading),
                at(to)
            )
        }
        Expected::Response { later, low, high } => {
            let rise = degrees(held.other_degrees.unwrap_or(f64::NAN) - held.degrees);
            format!(
                "{} until {} moves by {low} to {high}: {rise}",
                at(claim.reading),
                later.day
            )
        }
    }
}

fn order_name(order: Order) -> &'static str {
    let named = ORDERS.iter().find(|(_, it)| *it == order);
    named.map_or("", |(name, _)| name)
}

/// The claims as they are written, with what became of each.
fn listing(claims: &[Claim], held: &[Held]) -> Listing {
    let rows = claims.iter().zip(held).map(|(claim, held)| {
        let mut row: Vec<_> = written(claim).into();
        row.push(claim.why.clone());
        row.push(held.degrees.to_string());
        row.push(
            held.other_degrees
                .map_or_else(String::new, |it| it.to_string()),
        );
        row.push(held.holds.to_string());
        row.push(held.miss_degrees.to_string());
        row
    });
    Listing {
        columns: &COLUMNS,
        rows: rows.collect(),
    }
}

/// The cells of a claim, without why.
fn written(claim: &Claim) -> [String; CLAIMED - 1] {
    let (reading, other) = claim.readings();
    let (kind, relation, band) = match claim.expected {
        Expected::Level { low, high } => (KINDS[0], "", Some((low, high))),
        Expected::Pair { order, .. } => (KINDS[1], order_name(order), None),
        Expected::Response { low, high, .. } => (KINDS[2], "", Some((low, high))),
    };
    let number = |number: Option<f64>| number.map_or_else(String::new, |it| it.to_string());
    [
        kind.to_owned(),
        claim.history.clone(),
        reading.dyad.to_string(),
        reading.day.to_string(),
        other.map_or_else(String::new, |it| it.dyad.to_string()),
        other.map_or_else(String::new, |it| it.day.to_string()),
        relation.to_owned(),
        number(band.map(|(low, _)| low)),
        number(band.map(|(_, high)| high)),
        if claim.is_certain { "high" } else { "medium" }.to_owned(),
    ]
}

/// Which claims of a print held then.
fn baseline(file: &Path) -> Result<HashMap<[String; CLAIMED - 1], bool>> {
    let lines = read(file)?;
    let held: HashMap<_, _> = lines
        .iter()
        .filter_map(|line| Some((written(&line.claim), line.held?)))
        .collect();
    if held.is_empty() {
        return Err(Error::from(BadTable::NotABaseline).in_file(&file.display().to_string()));
    }
    Ok(held)
}

/// The claims of a file, or everything that is wrong with it.
fn read(file: &Path) -> Result<Vec<Line>> {
    let name = file.display().to_string();
    let text = input::text(file)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let in_file = |faults| Error::check(faults, FAULT_LIMIT).map_err(|error| error.in_file(&name));
    let mut rows = csv::ReaderBuilder::new()
        .flexible(true)
        .delimiter(input::separator(text))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let unread = |error: &csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        Fault::on_line(
            line,
            BadTable::NotATable {
                says: error.to_string(),
            },
        )
    };
    let header = rows.headers().cloned().map_err(|error| unread(&error));
    let header = match header {
        Ok(header) => header,
        Err(fault) => return in_file(vec![fault]).map(|()| Vec::new()),
    };
    let mut faults = Vec::new();
    let place = |column: &str| header.iter().position(|name| name == column);
    for name in &header {
        if !COLUMNS.contains(&name) {
            let near = nearest(name, COLUMNS).map(str::to_owned);
            let found = name.to_owned();
            faults.push(Fault::on_line(1, BadTable::UnknownColumn { found, near }));
        }
    }
    for column in &COLUMNS[..4] {
        if place(column).is_none() {
            faults.push(Fault::on_line(1, BadTable::MissingColumn { column }));
        }
    }
    in_file(std::mem::take(&mut faults))?;
    let mut lines = Vec::new();
    for row in rows.records() {
        match row {
            Ok(row) => {
                let mut cells = Cells {
                    row: &row,
                    place: &place,
                    width: header.len(),
                    faults: &mut faults,
                };
                lines.extend(cells.line());
            }
            Err(error) => faults.push(unread(&error)),
        }
    }
    in_file(faults)?;
    if lines.is_empty() {
        return Err(Error::from(BadFile::Empty).in_file(&name));
    }
    Ok(lines)
}

/// The cells of a row, and what is wrong with them.
struct Cells<'a> {
    row: &'a csv::StringRecord,
    place: &'a dyn Fn(&str) -> Option<usize>,
    width: usize,
    faults: &'a mut Vec<Fault>,
}

impl Cells<'_> {
    fn line(&mut self) -> Option<Line> {
        let before = self.faults.len();
        if self.row.len() > self.width {
            let (found, columns) = (self.row.len() as u64, self.width as u64);
            self.wrong(BadTable::TooManyCells { found, columns });
            return None;
        }
        let kind = self.one_of("kind", &KINDS);
        let history = self.cell("history").to_owned();
        if history.is_empty() {
            self.bad(
                "history",
                "the name of a history, or the path of a log",
                None,
            );
        }
        let reading = self.reading("dyad", "date", None);
        let has_other = kind.is_some_and(|kind| kind != KINDS[0]);
        let other = has_other
            .then(|| self.reading("dyad2", "date2", reading))
            .flatten();
        let band = (kind.is_some_and(|kind| kind != KINDS[1]))
            .then(|| self.band())
            .flatten();
        let order = (kind == Some(KINDS[1])).then(|| {
            let names = ORDERS.map(|(name, _)| name);
            let name = self.one_of("relation", &names)?;
            ORDERS
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, order)| *order)
        });
        let confidence = match self.cell("confidence") {
            "" => Some("high"),
            _ => self.one_of("confidence", &["high", "medium"]),
        };
        let held = match self.cell("holds") {
            "" => None,
            _ => self
                .one_of("holds", &["true", "false"])
                .map(|held| held == "true"),
        };
        if self.faults.len() > before {
            return None;
        }
        let expected = match (kind?, other, band, order.flatten()) {
            ("level", _, Some((low, high)), _) => Expected::Level { low, high },
            ("pair", Some(other), _, Some(order)) => Expected::Pair { other, order },
            ("response", Some(later), Some((low, high)), _) => {
                Expected::Response { later, low, high }
            }
            _ => return None,
        };
        Some(Line {
            claim: Claim {
                history,
                reading: reading?,
                expected,
                is_certain: confidence? == "high",
                why: self.cell("why").to_owned(),
            },
            held,
        })
    }

    fn cell(&self, column: &str) -> &str {
        let place = (self.place)(column);
        place
            .and_then(|place| self.row.get(place))
            .unwrap_or_default()
    }

    fn wrong(&mut self, kind: BadTable) {
        let line = self.row.position().map_or(1, csv::Position::line);
        self.faults.push(Fault::on_line(line, kind));
    }

    fn bad(&mut self, column: &'static str, expected: &'static str, near: Option<String>) {
        let found = shown(self.cell(column));
        self.wrong(BadTable::Cell {
            column,
            found,
            expected,
            near,
        });
    }

    fn one_of(&mut self, column: &'static str, words: &[&'static str]) -> Option<&'static str> {
        let found = self.cell(column);
        let word = words.iter().find(|word| **word == found).copied();
        if word.is_none() {
            let near = nearest(found, words.iter().copied()).map(str::to_owned);
            let expected = match column {
                "kind" => "level, pair or response",
                "relation" => "colder, warmer or about_equal",
                "confidence" => "high or medium",
                _ => "true or false",
            };
            self.bad(column, expected, near);
        }
        word
    }

    fn parsed<T: FromStr>(&mut self, column: &'static str, expected: &'static str) -> Option<T> {
        let parsed = self.cell(column).parse().ok();
        if parsed.is_none() {
            self.bad(column, expected, None);
        }
        parsed
    }

    /// A reading; the dyad of a second one is that of the first where it is not said.
    fn reading(
        &mut self,
        dyad: &'static str,
        day: &'static str,
        first: Option<Reading>,
    ) -> Option<Reading> {
        let dyad = match (self.cell(dyad), first) {
            ("", Some(first)) => Some(first.dyad),
            _ => self.parsed::<Dyad>(dyad, "two actor codes with a hyphen, such as RUS-USA"),
        };
        let day = self.parsed::<Day>(day, "a date such as 2017-01-28");
        Some(Reading {
            dyad: dyad?,
            day: day?,
        })
    }

    fn number(&mut self, column: &'static str) -> Option<f64> {
        let number = self.cell(column).parse().ok();
        let number = number.filter(|number: &f64| number.is_finite());
        if number.is_none() {
            self.bad(column, "a number of degrees with a decimal point", None);
        }
        number
    }

    fn band(&mut self) -> Option<(f64, f64)> {
        let (low, high) = (self.number("low"), self.number("high"));
        let (low, high) = (low?, high?);
        if low > high {
            self.bad("high", "a number that is not below `low`", None);
            return None;
        }
        Some((low, high))
    }
}
