//! POLECAT: the weekly files of the Political Event Classification, Attributes, and Types data.
//!
//! Event types are those of PLOVER, which has no codes: each is read as the CAMEO root that the
//! PLOVER project's list takes it from (`CAMEO2PLOVER`), or the first code of it where the type is
//! only part of a root. The row's own intensity is its weight. Surplus columns behind the known
//! ones are left aside; missing is `None`. Published readers open the files as ISO-8859-1.

use super::header::{Columns, Unread};
use crate::exchange::roster::Roster;
use crate::exchange::row::{Called, Layout, Oddities, PartyIx, Reader, Reason, Row, Use, Witness};
use crate::exchange::values::codes::{CodeIx, Quads};
use crate::exchange::values::dates::{Order, read};
use crate::exchange::values::fields::{is_missing, utf_8_or_latin_1};
use crate::model::Weights;
use std::sync::Arc;

/// The sixteen event types of PLOVER and the CAMEO code that each is read as: its root, or the
/// first of its codes where it is part of a root (RETREAT, 084 to 087) or takes several (ACCUSE 09
/// and 11, ASSAULT 18 to 20; of ACCUSE the one that is no investigation).
const TYPES: [(&str, &str); 16] = [
    ("AGREE", "03"),
    ("CONSULT", "04"),
    ("SUPPORT", "05"),
    ("COOPERATE", "06"),
    ("AID", "07"),
    ("CONCEDE", "08"),
    ("RETREAT", "084"),
    ("REQUEST", "10"),
    ("ACCUSE", "11"),
    ("REJECT", "12"),
    ("THREATEN", "13"),
    ("PROTEST", "14"),
    ("MOBILIZE", "15"),
    ("SANCTION", "16"),
    ("COERCE", "17"),
    ("ASSAULT", "18"),
];

const NAMES: [&str; 12] = [
    "Event ID",
    "Event Date",
    "Event Type",
    "Intensity",
    "Actor Name",
    "Actor Country",
    "Recipient Name",
    "Recipient Country",
    "Latitude",
    "Longitude",
    "Source",
    "Publication Date",
];
const NEEDED: usize = 8;

const ID: usize = 0;
const DATE: usize = 1;
const TYPE: usize = 2;
const INTENSITY: usize = 3;
/// Source and target, each by name and country.
const SIDES: [[usize; 2]; 2] = [[4, 5], [6, 7]];
const LATITUDE: usize = 8;
const LONGITUDE: usize = 9;
const PUBLISHER: usize = 10;
const PUBLISHED: usize = 11;

/// The first year that a date is taken for: an assumption, some years before the first that is
/// known to be published.
const FIRST_YEAR: i16 = 2010;

/// Reads files of POLECAT.
#[derive(Debug)]
pub(super) struct Polecat {
    roster: Arc<Roster>,
    columns: Columns<{ NAMES.len() }>,
    types: Vec<(&'static str, CodeIx)>,
}

impl Polecat {
    /// A reader for a file with that header, if it is one of POLECAT.
    ///
    /// # Errors
    /// What speaks against it, where it is like one.
    pub(super) fn recognise(header: &[u8], roster: &Arc<Roster>) -> Result<Self, Option<Unread>> {
        let columns = Columns::named(header, b"\t", &NAMES, (NEEDED, DATE), "polecat")?;
        let code =
            |(name, code): (&'static str, &str)| Some((name, CodeIx::find(code.as_bytes())?));
        Ok(Self {
            roster: Arc::clone(roster),
            columns,
            types: TYPES.into_iter().filter_map(code).collect(),
        })
    }

    fn code(&self, name: &[u8]) -> Option<CodeIx> {
        let is_it = |(known, _): &&(&str, CodeIx)| name.eq_ignore_ascii_case(known.as_bytes());
        self.types.iter().find(is_it).map(|(_, code)| *code)
    }

    /// A country, of a list of them the only one.
    fn country(&self, country: &[u8], name: &[u8]) -> Result<PartyIx, Reason> {
        // A sector or group of several countries is of none of them alone.
        if country.contains(&b';') {
            return Err(Reason::Region);
        }
        match &*utf_8_or_latin_1(country) {
            text if is_missing(text.as_bytes()) => self.roster.of_country(b"", name),
            text => self.roster.of_any(text),
        }
    }
}

impl Reader for Polecat {
    fn layout(&self) -> Layout {
        Layout {
            title: "POLECAT events (PLOVER types)",
            lines: self.columns.lines(),
            has_weights: true,
            tells_roots: false,
            table: Weights::Gdelt,
            quads: Quads::Cameo,
            uses: &[Use::Ids],
        }
    }

    fn row(&self, line: &[u8]) -> Result<Row, Reason> {
        let fields = self.columns.of(line);
        fields.check(line)?;
        let date = fields.date(DATE, Order::YearMonthDay)?;
        let code = self.code(fields.get(TYPE)).ok_or(Reason::UnknownText)?;
        let weight = fields.weight(INTENSITY)?;
        let country =
            |[name, country]: [usize; 2]| self.country(fields.get(country), fields.get(name));
        let [source, target] = SIDES.map(country);
        Ok(Row {
            date,
            source,
            target,
            code,
            weight,
            is_root: true,
            marks: [0; 5],
        })
    }

    fn look_closely(&self, line: &[u8], row: &Row) -> Result<Oddities, Reason> {
        let fields = self.columns.of(line);
        let published = read(fields.get(PUBLISHED), Order::YearMonthDay);
        let is_foretold = published.is_some_and(|published| published < row.date);
        if is_foretold || row.date.year_month().0 < FIRST_YEAR {
            return Err(Reason::ImpossibleDate);
        }
        Ok(fields.oddities(LATITUDE, LONGITUDE))
    }

    fn id<'a>(&self, line: &'a [u8]) -> &'a [u8] {
        self.columns.of(line).given(ID)
    }

    fn called<'a>(&self, line: &'a [u8], _: &Row) -> [Called<'a>; 2] {
        self.columns.of(line).sides(SIDES)
    }

    fn witness(&self, line: &[u8], number: u64) -> Witness {
        let fields = self.columns.of(line);
        let document = fields.by_publisher("POLECAT event data", PUBLISHER);
        let sides = SIDES.map(|[name, _]| fields.text(name));
        let id = Some(fields.text(ID));
        let mut witness = Witness::new("polecat", id, number, sides, document);
        let published = fields.text(PUBLISHED);
        witness.evidence.published = read(published.as_bytes(), Order::YearMonthDay);
        witness
    }
}
