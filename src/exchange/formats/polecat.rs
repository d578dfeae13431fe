//! POLECAT: the weekly files of the Political Event Classification, Attributes, and Types data.
//!
//! Event types are those of PLOVER, which has no codes: each is read as the CAMEO root that the
//! PLOVER project's list takes it from (`CAMEO2PLOVER`), or the first code of it where the type is
//! only part of a root. The row's own intensity is its weight. Surplus columns behind the known
//! ones are left aside; missing is `None`. Published readers open the files as ISO-8859-1.

use super::header::{Header, Unread};
use crate::exchange::roster::Roster;
use crate::exchange::row::{
    Called, Layout, Lines, Oddities, PartyIx, Reader, Reason, Row, Use, Witness,
};
use crate::exchange::values::codes::{CodeIx, Quads};
use crate::exchange::values::dates::{Order, read};
use crate::exchange::values::fields::{
    Fields, Separation, are_on_earth, is_binary, is_missing, utf_8_or_latin_1,
};
use crate::exchange::values::weight::Weight;
use crate::history::Evidence;
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
const SOURCE_NAME: usize = 4;
const SOURCE_COUNTRY: usize = 5;
const TARGET_NAME: usize = 6;
const TARGET_COUNTRY: usize = 7;
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
    places: [usize; NAMES.len()],
    needed: usize,
    columns: usize,
    types: Vec<(&'static str, CodeIx)>,
}

impl Polecat {
    /// A reader for a file with that header, if it is one of POLECAT.
    ///
    /// # Errors
    /// What speaks against it, where it is like one.
    pub(super) fn recognise(header: &[u8], roster: &Arc<Roster>) -> Result<Self, Option<Unread>> {
        let header = Header::of(header, Separation::TABS);
        let places = header
            .places(&NAMES, NEEDED, "polecat")
            .map_err(Some)?
            .ok_or(None)?;
        let last = places[..NEEDED].iter().max().map_or(0, |last| last + 1);
        let code =
            |(name, code): (&'static str, &str)| Some((name, CodeIx::find(code.as_bytes())?));
        Ok(Self {
            roster: Arc::clone(roster),
            places,
            needed: last,
            columns: header.names.len(),
            types: TYPES.into_iter().filter_map(code).collect(),
        })
    }

    fn code(&self, name: &[u8]) -> Option<CodeIx> {
        let is_it = |(known, _): &&(&str, CodeIx)| name.eq_ignore_ascii_case(known.as_bytes());
        self.types.iter().find(is_it).map(|(_, code)| *code)
    }

    /// A country, of a list of them the only one.
    fn country(&self, fields: &Fields<'_>, country: usize, name: usize) -> Result<PartyIx, Reason> {
        let field = |place: usize| fields.get(self.places[place]);
        // A sector or group of several countries is of none of them alone.
        if field(country).contains(&b';') {
            return Err(Reason::Region);
        }
        match &*utf_8_or_latin_1(field(country)) {
            text if is_missing(text.as_bytes()) => self.roster.of_country(b"", field(name)),
            text => self.roster.of_any(text),
        }
    }
}

impl Reader for Polecat {
    fn layout(&self) -> Layout {
        Layout {
            title: "POLECAT events (PLOVER types)",
            lines: Lines::Headed,
            has_weights: true,
            tells_roots: false,
            table: Weights::Gdelt,
            quads: Quads::Cameo,
            uses: &[Use::Ids],
        }
    }

    fn row(&self, line: &[u8]) -> Result<Row, Reason> {
        let fields = Fields::of(line);
        if is_binary(line) {
            return Err(Reason::NotText);
        }
        if !fields.fit(self.needed, self.columns) {
            return Err(Reason::Columns);
        }
        let field = |name: usize| fields.get(self.places[name]);
        let date = read(field(DATE), Order::YearMonthDay)
            .ok_or_else(|| Reason::of_no_date(field(DATE), Order::YearMonthDay))?;
        let code = self.code(field(TYPE)).ok_or(Reason::UnknownText)?;
        let weight = match field(INTENSITY) {
            text if is_missing(text) => None,
            text => Some(Weight::parse(text).ok_or(Reason::BadWeight)?),
        };
        Ok(Row {
            date,
            source: self.country(&fields, SOURCE_COUNTRY, SOURCE_NAME),
            target: self.country(&fields, TARGET_COUNTRY, TARGET_NAME),
            code,
            weight,
            is_root: true,
            marks: [0; 5],
        })
    }

    fn look_closely(&self, line: &[u8], row: &Row) -> Result<Oddities, Reason> {
        let fields = Fields::of(line);
        let field = |name: usize| fields.get(self.places[name]);
        let published = read(field(PUBLISHED), Order::YearMonthDay);
        let is_foretold = published.is_some_and(|published| published < row.date);
        if is_foretold || row.date.year_month().0 < FIRST_YEAR {
            return Err(Reason::ImpossibleDate);
        }
        Ok(Oddities {
            coordinates: !are_on_earth(field(LATITUDE), field(LONGITUDE)),
        })
    }

    fn id<'a>(&self, line: &'a [u8]) -> &'a [u8] {
        let id = Fields::of(line).get(self.places[ID]);
        if is_missing(id) { &[] } else { id }
    }

    fn called<'a>(&self, line: &'a [u8], _: &Row) -> [Called<'a>; 2] {
        let fields = Fields::of(line);
        let field = |name: usize| fields.bytes(self.places[name]);
        let called = |name: usize, country: usize| Called {
            name: field(name),
            country: field(country),
        };
        [
            called(SOURCE_NAME, SOURCE_COUNTRY),
            called(TARGET_NAME, TARGET_COUNTRY),
        ]
    }

    fn witness(&self, line: &[u8], _: u64) -> Witness {
        let fields = Fields::of(line);
        let text = |name: usize| fields.text(self.places[name]);
        let id = text(ID);
        let document = match text(PUBLISHER).as_str() {
            none if is_missing(none.as_bytes()) => "POLECAT event data".to_owned(),
            publisher => format!("POLECAT event data, from {publisher}"),
        };
        Witness {
            source: text(SOURCE_NAME),
            target: text(TARGET_NAME),
            evidence: Evidence {
                document,
                published: read(text(PUBLISHED).as_bytes(), Order::YearMonthDay),
                locator: Some(format!("event {id}")),
                url: None,
            },
            id: format!("polecat-{id}"),
            has_own_id: true,
        }
    }
}
