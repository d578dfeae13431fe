//! Names that a reader of event data says the actors of: a table of names, actors and, where a name
//! changes sides, days.

use super::dictionary::key;
use super::values::states::OnDay;
use crate::error::{BadTable, Error, Fault, Result};
use crate::history::{Cell, FAULT_LIMIT, Rows};
use crate::json::line_column;
use crate::model::{Actor, Day, nearest};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};

/// The columns of the table; the first two must be there.
const COLUMNS: [&str; 4] = ["name", "actor", "from", "to"];
/// Columns that the list of names without an actor has besides, so that it can be filled in and
/// handed back.
const ASIDE: [&str; 4] = ["rows", "why", "first", "last"];
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// Names, each with its actor on some days or on all.
#[derive(Debug, Default)]
pub struct ActorsMap {
    names: BTreeMap<String, Vec<Meant>>,
    /// How many names have no actor yet.
    unfilled: usize,
}

/// Who is meant by a name, from one day to another, both included.
#[derive(Debug)]
struct Meant {
    called: String,
    actor: Actor,
    from: Day,
    to: Day,
    line: u64,
    /// Whether it was looked for.
    is_met: AtomicBool,
}

impl ActorsMap {
    /// Reads a table with the columns name and actor, and perhaps from and to.
    ///
    /// # Errors
    /// Everything that is wrong with it, each mistake with its line and column.
    pub fn read(text: &str) -> Result<Self> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Reading::default().read(text)
    }

    /// Whether no name has an actor.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// How many rows of the table have an actor.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.values().map(Vec::len).sum()
    }

    /// How many rows of the table have none yet.
    #[must_use]
    pub const fn unfilled(&self) -> usize {
        self.unfilled
    }

    /// Actors in it that have no name of their own, as invented ones, in order.
    #[must_use]
    pub fn nameless(&self) -> BTreeSet<Actor> {
        let actors = self.names.values().flatten().map(|it| it.actor);
        actors.filter(|it| it.name() == it.code()).collect()
    }

    pub(super) fn actor_on(&self, name: &str, day: Day) -> OnDay {
        let Some(meant) = self.names.get(&key(name)) else {
            return OnDay::Unknown;
        };
        let on_day = meant.iter().find(|it| (it.from..=it.to).contains(&day));
        on_day.map_or(OnDay::OnOtherDays, |it| {
            it.is_met.store(true, Ordering::Relaxed);
            OnDay::Is(it.actor)
        })
    }

    /// Those of the names, in the order of the table, that no row had on their days.
    #[must_use]
    pub fn unmet(&self) -> Vec<&str> {
        let all = self.names.values().flatten();
        let mut unmet: Vec<_> = all
            .filter(|it| !it.is_met.load(Ordering::Relaxed))
            .collect();
        unmet.sort_by_key(|it| it.line);
        unmet.into_iter().map(|it| it.called.as_str()).collect()
    }
}

/// A table while it is read.
#[derive(Default)]
struct Reading<'a> {
    text: &'a str,
    map: ActorsMap,
    faults: Vec<(usize, Fault)>,
}

impl<'a> Reading<'a> {
    fn read(mut self, text: &'a str) -> Result<ActorsMap> {
        self.text = text;
        let named = |separator: &u8| {
            let header = Rows::new(text, 0, *separator).next();
            let cells = header.and_then(Result::ok).unwrap_or_default();
            cells.iter().filter(|cell| is_known(&cell.text)).count()
        };
        let separator = SEPARATORS.into_iter().rev().max_by_key(named);
        let mut rows = Rows::new(text, 0, separator.unwrap_or(b','));
        let header = match rows.next() {
            Some(Ok(header)) => header,
            Some(Err(malformed)) => {
                let (span, kind) = malformed.told();
                self.fault(span, kind);
                Vec::new()
            }
            None => Vec::new(),
        };
        let places = self.columns(&header);
        if self.faults.is_empty() {
            for row in rows {
                match row {
                    Ok(cells) => self.row(&cells, header.len(), places),
                    Err(malformed) => {
                        let (span, kind) = malformed.told();
                        self.fault(span, kind);
                    }
                }
            }
        }
        self.faults.sort_by_key(|(at, _)| *at);
        let faults: Vec<_> = self.faults.into_iter().map(|(_, fault)| fault).collect();
        let all = faults.len();
        Error::check(faults, FAULT_LIMIT).map_err(|error| error.of_so_many(all))?;
        Ok(self.map)
    }

    fn fault(&mut self, span: std::ops::Range<usize>, kind: BadTable) {
        let fault = Fault::at(self.text, 1, span.clone().into(), kind);
        self.faults.push((span.start, fault));
    }

    /// Where each column stands.
    fn columns(&mut self, header: &[Cell<'_>]) -> [Option<usize>; COLUMNS.len()] {
        let mut places = [None; COLUMNS.len()];
        let mut misspelt = Vec::new();
        for (place, cell) in header.iter().enumerate() {
            let name = cell.text.to_lowercase();
            match COLUMNS.iter().position(|column| *column == name) {
                Some(column) if places[column].is_some() => {
                    self.fault(cell.span.clone(), BadTable::ColumnTwice { name });
                }
                Some(column) => places[column] = Some(place),
                None if is_known(&name) || name.is_empty() => {}
                None => {
                    let near = nearest(&name, COLUMNS);
                    misspelt.extend(near);
                    let near = near.map(str::to_owned);
                    let found = cell.text.to_string();
                    self.fault(cell.span.clone(), BadTable::UnknownColumn { found, near });
                }
            }
        }
        if let [one] = header
            && (is_known(&one.text) || places == [None; COLUMNS.len()])
        {
            self.faults.clear();
            let found = one.text.to_string();
            self.fault(one.span.clone(), BadTable::OneColumn { found });
            return places;
        }
        for (column, place) in COLUMNS.into_iter().zip(places).take(2) {
            if place.is_none() && !misspelt.contains(&column) {
                let end = header.last().map_or(0, |cell| cell.span.end);
                self.fault(0..end, BadTable::MissingColumn { column });
            }
        }
        places
    }

    fn row(&mut self, cells: &[Cell<'_>], columns: usize, places: [Option<usize>; COLUMNS.len()]) {
        let Some(first) = cells.iter().find(|cell| !cell.text.is_empty()) else {
            return;
        };
        if cells.len() > columns {
            let (found, columns) = (cells.len() as u64, columns as u64);
            let last = cells.last().map_or(first.span.end, |cell| cell.span.end);
            return self.fault(
                first.span.start..last,
                BadTable::TooManyCells { found, columns },
            );
        }
        let [name, actor, from, to] = places.map(|place| cells.get(place?));
        let before = self.faults.len();
        let row_end = cells.last().map_or(first.span.end, |cell| cell.span.end);
        let called = name.map_or("", |cell| &cell.text);
        if key(called).is_empty() {
            let span = name.map_or(row_end..row_end, |cell| cell.span.clone());
            let found = called.to_owned();
            self.cell(span, "name", found, "a name with letters or digits", None);
        }
        let actor = match actor.map(|cell| (cell, &*cell.text)) {
            None | Some((_, "")) => {
                // A list of names that is filled in as far as its reader knows them.
                self.map.unfilled += usize::from(self.faults.len() == before);
                return;
            }
            Some((cell, text)) => match text.parse::<Actor>() {
                Ok(actor) => Some(actor),
                Err(unknown) => {
                    let near = unknown.near.map(|actor| actor.to_string());
                    let expected = "an actor code such as USA or EU (detente actors lists them)";
                    self.cell(cell.span.clone(), "actor", text.to_owned(), expected, near);
                    None
                }
            },
        };
        let mut day = |cell: Option<&Cell<'_>>, column, open| match cell.map(|cell| &*cell.text) {
            None | Some("") => Some(open),
            Some(text) => {
                let day = text.parse::<Day>().ok();
                if let (None, Some(cell)) = (day, cell) {
                    let expected = "a date such as 2017-01-20, or nothing";
                    self.cell(cell.span.clone(), column, text.to_owned(), expected, None);
                }
                day
            }
        };
        let days = (day(from, "from", Day::FIRST), day(to, "to", Day::LAST));
        let (Some(actor), (Some(from), Some(last))) = (actor, days) else {
            return;
        };
        if last < from {
            let span = to.map_or(row_end..row_end, |cell| cell.span.clone());
            let found = last.to_string();
            self.cell(span, "to", found, "a day that is not before `from`", None);
        }
        if self.faults.len() > before {
            return;
        }
        let (line, _) = line_column(self.text, first.span.start);
        let span = name.map_or(first.span.clone(), |cell| cell.span.clone());
        let meant = Meant {
            called: called.to_owned(),
            actor,
            from,
            to: last,
            line: line as u64,
            is_met: AtomicBool::new(false),
        };
        self.take(meant, span);
    }

    fn take(&mut self, meant: Meant, span: std::ops::Range<usize>) {
        let of_name = self.map.names.entry(key(&meant.called)).or_default();
        let overlaps = |other: &&Meant| other.from <= meant.to && meant.from <= other.to;
        if let Some(other) = of_name.iter().find(overlaps) {
            let is_open = |it: &Meant| (it.from, it.to) == (Day::FIRST, Day::LAST);
            let kind = BadTable::NameTwice {
                name: meant.called.clone(),
                other_line: other.line,
                day: (!is_open(&meant) || !is_open(other)).then(|| meant.from.max(other.from)),
            };
            return self.fault(span, kind);
        }
        of_name.push(meant);
    }

    fn cell(
        &mut self,
        span: std::ops::Range<usize>,
        column: &'static str,
        found: String,
        expected: &'static str,
        near: Option<String>,
    ) {
        let kind = BadTable::Cell {
            column,
            found,
            expected,
            near,
        };
        self.fault(span, kind);
    }
}

fn is_known(name: &str) -> bool {
    let name = name.to_lowercase();
    COLUMNS.iter().chain(&ASIDE).any(|column| *column == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_who_it_is_on_that_day() {
        let map = ActorsMap::read(
            "name,actor,from,to\nDonald Trump,USA,2017-01-20,2021-01-20\n\"Doe, Jane\",XBL,,\nJohn Roe,,,\n",
        );
        let map = map.unwrap();
        let on = |name: &str, day: &str| match map.actor_on(name, day.parse().unwrap()) {
            OnDay::Is(actor) => actor.to_string(),
            other => format!("{other:?}"),
        };
        assert_eq!(on("DONALD TRUMP", "2018-10-01"), "USA");
        assert_eq!(on("Donald Trump", "2016-10-01"), "OnOtherDays");
        assert_eq!(on("John Roe", "2016-10-01"), "Unknown");
        assert_eq!((map.len(), map.unfilled()), (2, 1));
        assert_eq!(map.unmet(), ["Doe, Jane"]);
    }

    #[test]
    fn a_table_of_one_column_is_told_to_be_one_and_what_may_stand_between() {
        for header in ["name|actor", "name", "name:actor:from:to"] {
            let error = ActorsMap::read(&format!("{header}\nA|USA\n")).unwrap_err();
            let error = error.to_string();
            let says = format!("line 1, column 1: the table has one column, `{header}`");
            assert!(error.contains(&says), "{error}");
        }
    }

    #[test]
    fn days_of_a_name_may_follow_each_other_and_may_not_overlap() {
        let rows =
            |first_to: &str| format!("name;actor;from;to\nA;USA;;{first_to}\na;RUS;2017-01-20;\n");
        assert_eq!(ActorsMap::read(&rows("2017-01-19")).unwrap().len(), 2);
        let twice = "line 3, column 1: `a` has two actors on 2017-01-20";
        for (second, expected) in [
            ("2017-01-20", Some(twice)),
            // One has all days.
            ("", Some(twice)),
        ] {
            let says = ActorsMap::read(&rows(second)).unwrap_err().to_string();
            assert_eq!(says.contains(twice).then_some(twice), expected, "{says}");
        }
        let says = |rows: &str| {
            let table = format!("name;actor;from;to\n{rows}");
            ActorsMap::read(&table).map_err(|error| error.to_string())
        };
        let both = says("A;USA;;\na;RUS;;\n").unwrap_err();
        assert!(
            both.contains("line 3, column 1: `a` stands on line 2 already"),
            "{both}"
        );
        // One day is a span, too, and none that ends before it begins.
        let one = says("A;USA;2017-01-20;2017-01-20\na;RUS;2017-01-21;\n").unwrap();
        assert_eq!(one.len(), 2);
        let reversed = says("A;USA;2017-01-20;2017-01-19\n").unwrap_err();
        assert!(
            reversed.contains("line 2, column 18") && reversed.contains("2017-01-19"),
            "{reversed}"
        );
    }

    #[test]
    fn of_a_row_that_is_wrong_nothing_else_is_told() {
        let error = ActorsMap::read("name,actor\n???,USA\n!!!,RUS\n").unwrap_err();
        let told = error.faults().iter();
        let places: Vec<_> = told
            .map(|fault| (fault.place.line, fault.place.column))
            .collect();
        assert_eq!(places, [(Some(2), Some(1)), (Some(3), Some(1))]);
    }
}
