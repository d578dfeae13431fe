//! Rows of GDELT with names above their columns, as BigQuery and other databases write them: any of
//! its columns, in any order, with commas or tabs between.

use crate::exchange::blocks::Shape;
use crate::exchange::formats::form::TableForm;
use crate::exchange::formats::header::{Header, Unread};
use crate::exchange::roster::Roster;
use crate::exchange::row::{Called, Layout, Lines, Oddities, Reader, Reason, Row, Use, Witness};
use crate::exchange::values::codes::{Codes, Quads};
use crate::exchange::values::dates::{Order, basic, read};
use crate::exchange::values::fields::{Fields, are_on_earth, is_binary, is_missing};
use crate::exchange::values::weight::Weight;
use crate::history::Evidence;
use crate::model::Weights;
use std::sync::Arc;

const NAMES: [&str; 15] = [
    "SQLDATE",
    "Actor1CountryCode",
    "Actor2CountryCode",
    "EventCode",
    "GLOBALEVENTID",
    "Actor1KnownGroupCode",
    "Actor2KnownGroupCode",
    "Actor1Name",
    "Actor2Name",
    "IsRootEvent",
    "GoldsteinScale",
    "ActionGeo_Lat",
    "ActionGeo_Long",
    "DATEADDED",
    "SOURCEURL",
];
/// How many of them there must be.
const NEEDED: usize = 4;

const DATE: usize = 0;
const SOURCE: usize = 1;
const TARGET: usize = 2;
const CODE: usize = 3;
const ID: usize = 4;
const SOURCE_GROUP: usize = 5;
const TARGET_GROUP: usize = 6;
const SOURCE_NAME: usize = 7;
const TARGET_NAME: usize = 8;
const IS_ROOT: usize = 9;
const GOLDSTEIN: usize = 10;
const LATITUDE: usize = 11;
const LONGITUDE: usize = 12;
const ADDED: usize = 13;
const URL: usize = 14;

/// Reads tables of GDELT.
#[derive(Debug)]
pub(in crate::exchange) struct GdeltTable {
    roster: Arc<Roster>,
    places: [usize; NAMES.len()],
    shape: Shape,
    codes: Codes,
}

impl GdeltTable {
    /// A reader for a file with that header, if it names columns of GDELT.
    ///
    /// # Errors
    /// When it does not, or two columns have one name.
    pub(in crate::exchange::formats) fn recognise(
        first: &[u8],
        form: &TableForm,
        roster: &Arc<Roster>,
    ) -> Result<Self, Option<Unread>> {
        let found = Header::separated(first, b",\t;", &NAMES, (NEEDED, DATE), "gdelt");
        let (places, shape) = found.map_err(Some)?.ok_or(None)?;
        Ok(Self {
            roster: Arc::clone(roster),
            places,
            shape,
            codes: form.codes,
        })
    }

    fn fields<'a>(&self, line: &'a [u8]) -> Fields<'a> {
        Fields::with(line, self.shape.separation)
    }
}

impl Reader for GdeltTable {
    fn layout(&self) -> Layout {
        Layout {
            title: "GDELT with names of columns, as BigQuery writes it",
            lines: if self.shape.separation.is_quoted {
                Lines::Quoted(self.shape)
            } else {
                Lines::Headed
            },
            has_weights: self.places[GOLDSTEIN] != usize::MAX,
            tells_roots: self.places[IS_ROOT] != usize::MAX,
            table: Weights::Gdelt,
            quads: Quads::Gdelt,
            uses: if self.places[ID] == usize::MAX {
                &[Use::Codes]
            } else {
                &[Use::Codes, Use::Ids]
            },
        }
    }

    fn row(&self, line: &[u8]) -> Result<Row, Reason> {
        let fields = self.fields(line);
        if is_binary(line) {
            return Err(Reason::NotText);
        }
        if !fields.fit(self.shape.needed, self.shape.columns) {
            return Err(Reason::Columns);
        }
        let field = |name: usize| fields.get(self.places[name]);
        let date = read(field(DATE), Order::YearMonthDay)
            .ok_or_else(|| Reason::of_no_date(field(DATE), Order::YearMonthDay))?;
        let code = self.codes.find(field(CODE));
        let code = code.ok_or_else(|| Reason::of_no_code(field(CODE)))?;
        let weight = match field(GOLDSTEIN) {
            text if is_missing(text) => None,
            text => Some(Weight::parse(text).ok_or(Reason::BadWeight)?),
        };
        let party = |country: usize, group: usize| {
            let country = field(country);
            let country = if is_missing(country) { b"" } else { country };
            self.roster.of_cameo_or_group(country, || field(group))
        };
        let is_root = matches!(field(IS_ROOT), b"1" | b"true" | b"TRUE" | b"True");
        Ok(Row {
            date,
            source: party(SOURCE, SOURCE_GROUP),
            target: party(TARGET, TARGET_GROUP),
            code,
            weight,
            is_root: is_root || self.places[IS_ROOT] == usize::MAX,
            marks: [0; 5],
        })
    }

    fn look_closely(&self, line: &[u8], _: &Row) -> Result<Oddities, Reason> {
        let fields = self.fields(line);
        let field = |name: usize| fields.get(self.places[name]);
        Ok(Oddities {
            coordinates: !are_on_earth(field(LATITUDE), field(LONGITUDE)),
        })
    }

    fn id<'a>(&self, line: &'a [u8]) -> &'a [u8] {
        let id = self.fields(line).get(self.places[ID]);
        if is_missing(id) { &[] } else { id }
    }

    fn called<'a>(&self, line: &'a [u8], _: &Row) -> [Called<'a>; 2] {
        let fields = self.fields(line);
        let field = |name: usize| fields.bytes(self.places[name]);
        let called = |name: usize, country: usize| Called {
            name: field(name),
            country: field(country),
        };
        [called(SOURCE_NAME, SOURCE), called(TARGET_NAME, TARGET)]
    }

    fn witness(&self, line: &[u8], number: u64) -> Witness {
        let fields = self.fields(line);
        let text = |name: usize| fields.text(self.places[name]);
        let name = |name: usize, code: usize| match text(name) {
            none if is_missing(none.as_bytes()) => text(code),
            name => name,
        };
        let (id, url) = (text(ID), text(URL));
        let has_own_id = !is_missing(id.as_bytes());
        let added = fields.get(self.places[ADDED]);
        Witness {
            source: name(SOURCE_NAME, SOURCE),
            target: name(TARGET_NAME, TARGET),
            evidence: Evidence {
                document: "GDELT event database".to_owned(),
                published: added.get(..8).and_then(basic),
                locator: Some(if has_own_id {
                    format!("event {id}")
                } else {
                    format!("line {number}")
                }),
                url: Some(url).filter(|url| !is_missing(url.as_bytes())),
            },
            id: if has_own_id {
                format!("gdelt-{id}")
            } else {
                format!("gdelt-line-{number}")
            },
            has_own_id,
        }
    }
}
