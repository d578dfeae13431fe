//! Rows of GDELT with names above their columns, as BigQuery and other databases write them: any of
//! its columns, in any order, with commas or tabs between.

use crate::exchange::formats::form::TableForm;
use crate::exchange::formats::header::{Columns, Unread};
use crate::exchange::roster::Roster;
use crate::exchange::row::{Called, Layout, Oddities, Reader, Reason, Row, Use, Witness};
use crate::exchange::values::codes::{Codes, Quads};
use crate::exchange::values::dates::{Order, basic};
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
    columns: Columns<{ NAMES.len() }>,
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
        Ok(Self {
            roster: Arc::clone(roster),
            columns: Columns::named(first, b",\t;", &NAMES, (NEEDED, DATE), "gdelt")?,
            codes: form.codes,
        })
    }
}

impl Reader for GdeltTable {
    fn layout(&self) -> Layout {
        Layout {
            title: "GDELT with names of columns, as BigQuery writes it",
            lines: self.columns.lines(),
            has_weights: self.columns.has(GOLDSTEIN),
            tells_roots: self.columns.has(IS_ROOT),
            table: Weights::Gdelt,
            quads: Quads::Gdelt,
            uses: if self.columns.has(ID) {
                &[Use::Codes, Use::Ids]
            } else {
                &[Use::Codes]
            },
        }
    }

    fn row(&self, line: &[u8]) -> Result<Row, Reason> {
        let fields = self.columns.of(line);
        fields.check(line)?;
        let date = fields.date(DATE, Order::YearMonthDay)?;
        let code = self.codes.find(fields.get(CODE));
        let code = code.ok_or_else(|| Reason::of_no_code(fields.get(CODE)))?;
        let weight = fields.weight(GOLDSTEIN)?;
        let party = |country: usize, group: usize| {
            let country = fields.given(country);
            self.roster.of_cameo_or_group(country, || fields.get(group))
        };
        let is_root = matches!(fields.get(IS_ROOT), b"1" | b"true" | b"TRUE" | b"True");
        Ok(Row {
            date,
            source: party(SOURCE, SOURCE_GROUP),
            target: party(TARGET, TARGET_GROUP),
            code,
            weight,
            is_root: is_root || !self.columns.has(IS_ROOT),
            marks: [0; 5],
        })
    }

    fn look_closely(&self, line: &[u8], _: &Row) -> Result<Oddities, Reason> {
        Ok(self.columns.of(line).oddities(LATITUDE, LONGITUDE))
    }

    fn id<'a>(&self, line: &'a [u8]) -> &'a [u8] {
        self.columns.of(line).given(ID)
    }

    fn called<'a>(&self, line: &'a [u8], _: &Row) -> [Called<'a>; 2] {
        let fields = self.columns.of(line);
        fields.sides([[SOURCE_NAME, SOURCE], [TARGET_NAME, TARGET]])
    }

    fn witness(&self, line: &[u8], number: u64) -> Witness {
        let fields = self.columns.of(line);
        let sides = [[SOURCE_NAME, SOURCE], [TARGET_NAME, TARGET]].map(|[name, code]| {
            let name = fields.some_text(name);
            name.unwrap_or_else(|| fields.text(code))
        });
        let (id, document) = (fields.some_text(ID), "GDELT event database".to_owned());
        let mut witness = Witness::new("gdelt", id, number, sides, document);
        witness.evidence.published = fields.get(ADDED).get(..8).and_then(basic);
        witness.evidence.url = fields.some_text(URL);
        witness
    }
}
