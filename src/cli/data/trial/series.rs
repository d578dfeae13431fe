//! A series of somebody's own: a table with a column of dyads or actors, one of months and one of
//! values.

use crate::cli::args::month;
use crate::cli::terminal::input;
use crate::error::{BadTable, BadTrial, Error, Fault, Result};
use crate::evidence::{Counterpart, Other, Others};
use crate::history::{FAULT_LIMIT, Names};
use crate::json::Span;
use crate::model::{Actor, BadDyad, Dyad, UnknownActor};
use std::collections::HashMap;
use std::path::Path;

/// A series with the name and the digest of its file.
pub(super) struct Series {
    pub(super) others: Others,
    pub(super) name: String,
    pub(super) blake3: String,
}

/// Reads a series.
///
/// # Errors
/// When it cannot be read, or with every mistake of it.
pub(super) fn read(path: &Path) -> Result<Series> {
    let (bytes, name) = input::bytes(path)?;
    let others = parse(&bytes).map_err(|error| error.in_file(&name))?;
    let blake3 = blake3::hash(&bytes).to_hex().to_string();
    Ok(Series {
        others,
        name,
        blake3,
    })
}

/// Where the columns stand.
struct Columns {
    of: usize,
    is_of_actors: bool,
    month: usize,
    value: usize,
}

impl Columns {
    fn new(header: &[String]) -> Result<Self> {
        let place = |wanted: &str| {
            let mut header = header.iter();
            header.position(|name| name.eq_ignore_ascii_case(wanted))
        };
        let need = |wanted: &'static str| {
            place(wanted).ok_or_else(|| BadTrial::NoColumn {
                wanted,
                found: header.to_vec(),
            })
        };
        let (of, is_of_actors) = match (place("dyad"), place("actor")) {
            (Some(_), Some(_)) => return Err(Fault::on_line(1, BadTrial::TwoKinds).into()),
            (Some(place), None) => (Ok(place), false),
            (None, Some(place)) => (Ok(place), true),
            (None, None) => (need("dyad"), false),
        };
        let columns = [of, need("month"), need("value")];
        let mut places = [0; 3];
        let mut faults = Vec::new();
        for (place, column) in places.iter_mut().zip(columns) {
            match column {
                Ok(found) => *place = found,
                Err(kind) => faults.push(Fault::on_line(1, kind)),
            }
        }
        Error::check(faults, FAULT_LIMIT)?;
        let [of, month, value] = places;
        Ok(Self {
            of,
            is_of_actors,
            month,
            value,
        })
    }
}

fn parse(bytes: &[u8]) -> Result<Others> {
    let text = std::str::from_utf8(bytes).map_err(|error| Fault::not_utf8(bytes, 1, error))?;
    let text = text.trim_start_matches('\u{feff}');
    let mut lines = csv::ReaderBuilder::new()
        .delimiter(input::separator(text))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let header: Vec<_> = match lines.headers() {
        Ok(header) => header.iter().map(str::to_owned).collect(),
        Err(_) => Vec::new(),
    };
    if header.is_empty() {
        return Err(BadTrial::NoValues.into());
    }
    if let [found] = &*header {
        let found = found.clone();
        return Err(Fault::on_line(1, BadTable::OneColumn { found }).into());
    }
    let columns = Columns::new(&header)?;
    let (mut others, mut faults) = (Others::default(), Vec::new());
    let mut seen = HashMap::new();
    // To look a name up takes a while, and a series has few.
    let mut called: HashMap<String, Option<Counterpart>> = HashMap::new();
    for row in lines.records() {
        // Of text that is UTF-8 in rows of any length nothing can go wrong.
        let Ok(row) = row else { continue };
        let line = row.position().map_or(0, csv::Position::line);
        if row.len() != header.len() {
            let (found, columns) = (row.len(), header.len());
            faults.push(Fault::on_line(line, BadTrial::Ragged { found, columns }));
            continue;
        }
        let at = |place: usize, kind: BadTrial| at(text, line, &row[place], kind);
        let text_of = &row[columns.of];
        let is_of_actors = columns.is_of_actors;
        let of_names = called.entry(text_of.to_owned());
        let of_names = of_names.or_insert_with(|| named(text_of, is_of_actors));
        let of = of_names.map_or_else(|| counterpart(text_of, is_of_actors), Ok);
        let of = of.map_err(|kind| at(columns.of, kind));
        let when = month(&row[columns.month]).map_err(|_| {
            at(
                columns.month,
                not_a("a month, YYYY-MM", &row[columns.month], None),
            )
        });
        let value = row[columns.value].parse::<f64>().ok();
        let value = value
            .filter(|value| value.is_finite())
            .ok_or_else(|| at(columns.value, not_a("a number", &row[columns.value], None)));
        match (of, when, value) {
            (Ok(of), Ok(month), Ok(value)) => {
                if let Some(first) = seen.insert((of, month), line) {
                    let of = format!("{of} in {}", &row[columns.month]);
                    faults.push(Fault::on_line(line, BadTrial::RowTwice { of, line: first }));
                }
                others.0.push(Other { of, month, value });
            }
            (of, when, value) => {
                faults.extend(of.err());
                faults.extend(when.err());
                faults.extend(value.err());
            }
        }
    }
    Error::check(faults, FAULT_LIMIT)?;
    if others.0.is_empty() {
        return Err(BadTrial::NoValues.into());
    }
    Ok(others)
}

/// A fault at a field, where its line has it once.
fn at(text: &str, line: u64, field: &str, kind: BadTrial) -> Fault {
    let whole = text.split('\n').nth(line.saturating_sub(1) as usize);
    let start = whole.and_then(|whole| whole.find(field).filter(|_| !field.is_empty()));
    match (whole, start) {
        (Some(whole), Some(start)) => {
            let end = start + field.len();
            Fault::at(whole, line, Span { start, end }, kind)
        }
        _ => Fault::on_line(line, kind),
    }
}

/// Whom a row is of, by codes or by names that only one has.
fn named(text: &str, is_of_actors: bool) -> Option<Counterpart> {
    let names = Names::none();
    if is_of_actors {
        return match names.actors(text)[..] {
            [only] => Some(Counterpart::Actor(only)),
            _ => None,
        };
    }
    match names.dyads(text)[..] {
        [only] => Some(Counterpart::Dyad(only)),
        _ => None,
    }
}

fn counterpart(text: &str, is_of_actors: bool) -> Result<Counterpart, BadTrial> {
    if is_of_actors {
        let actor = text.parse::<Actor>().map(Counterpart::Actor);
        return actor.map_err(|unknown| not_a("an actor", text, near(&unknown)));
    }
    let dyad = text.parse::<Dyad>().map(Counterpart::Dyad);
    dyad.map_err(|bad| match bad {
        BadDyad::Actor(unknown) => {
            let near = near(&unknown);
            not_a("a dyad: one of both is no actor", text, near)
        }
        _ => not_a("a dyad, such as RUS-USA", text, None),
    })
}

fn not_a(expected: &'static str, found: &str, near: Option<String>) -> BadTrial {
    BadTrial::NotA {
        expected,
        found: found.to_owned(),
        near,
    }
}

fn near(unknown: &UnknownActor) -> Option<String> {
    unknown.near.map(|near| near.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dyads_and_actors_stand_by_their_codes_or_their_names() {
        let series = |kind: &str, of: &str| {
            let text = format!("{kind},month,value\n{of},2010-05,1\n{of},2010-06,2\n");
            parse(text.as_bytes()).map_err(|error| error.to_string())
        };
        for (kind, code, name) in [
            ("dyad", "RUS-UKR", "Ukraine - russia"),
            ("dyad", "FRA-GNB", "Guinea-Bissau-France"),
            ("actor", "FRA", "france"),
        ] {
            assert_eq!(series(kind, name), series(kind, code), "{name}");
        }
        let unknown = series("dyad", "Atlantis-France").unwrap_err();
        assert_eq!(unknown.matches("no actor").count(), 2, "{unknown}");
    }
}
