//! Phoenix: the files of the Open Event Data Alliance, without a header, and the Cline Center's
//! Historical Phoenix, with one.
//!
//! An actor is its country's code, or for organisations the full code, such as `IGOUNO`.

use super::form::TableForm;
use super::header::{Columns, Unread};
use crate::exchange::roster::Roster;
use crate::exchange::row::{
    Called, Layout, Lines, Oddities, PartyIx, Reader, Reason, Row, Use, Witness,
};
use crate::exchange::values::codes::{Codes, Quads};
use crate::exchange::values::dates::{Order, basic};
use crate::exchange::values::fields::{Fields, Separation, is_missing, utf_8_or_latin_1};
use crate::model::{Day, Weights};
use std::sync::Arc;

/// The columns that are read, as Historical Phoenix names them.
const NAMES: [&str; 11] = [
    "story_date",
    "source_root",
    "target_root",
    "code",
    "eid",
    "source",
    "target",
    "goldstein",
    "lat",
    "lon",
    "aid",
];
/// How many of them there must be.
const NEEDED: usize = 4;

const DATE: usize = 0;
const CODE: usize = 3;
const ID: usize = 4;
/// Source and target, each by its full code and the code of its country.
const SIDES: [[usize; 2]; 2] = [[5, 1], [6, 2]];
const GOLDSTEIN: usize = 7;
const LATITUDE: usize = 8;
const LONGITUDE: usize = 9;
const DOCUMENT: usize = 10;

/// Where they stand in the files without a header, and how many columns these have; the document is
/// a list of URLs.
const BARE: [usize; NAMES.len()] = [1, 6, 10, 13, 0, 5, 9, 16, 18, 19, 24];
const BARE_COLUMNS: usize = 26;

/// The day that stands where none is known.
const UNKNOWN_DAY: Day = Day::EPOCH;

/// Reads files of Phoenix.
#[derive(Debug)]
pub(super) struct Phoenix {
    roster: Arc<Roster>,
    columns: Columns<{ NAMES.len() }>,
    has_header: bool,
    codes: Codes,
}

impl Phoenix {
    /// A reader for a file that begins with a row or the header of Phoenix.
    ///
    /// # Errors
    /// When it does not, or two columns have one name.
    pub(super) fn recognise(
        first: &[u8],
        form: &TableForm,
        roster: &Arc<Roster>,
    ) -> Result<Self, Option<Unread>> {
        let with = |columns, has_header| Self {
            roster: Arc::clone(roster),
            columns,
            has_header,
            codes: form.codes,
        };
        match Columns::named(first, b",\t", &NAMES, (NEEDED, DATE), "phoenix") {
            Err(None) => {}
            named => return Ok(with(named?, true)),
        }
        let fields = Fields::of(first);
        let [date, year] = [fields.get(1), fields.get(2)];
        let is_row = fields.count_within(BARE_COLUMNS) == BARE_COLUMNS
            && basic(date).is_some()
            && date.get(..4) == Some(year);
        is_row
            .then(|| {
                let columns = (Separation::TABS, BARE_COLUMNS);
                with(Columns::at(BARE, columns, (NEEDED, DATE)), false)
            })
            .ok_or(None)
    }

    fn order(&self) -> Order {
        if self.has_header {
            Order::MonthDayYear
        } else {
            Order::YearMonthDay
        }
    }

    fn party(&self, root: &[u8], full: &[u8]) -> Result<PartyIx, Reason> {
        match self.roster.of_any(&utf_8_or_latin_1(root)) {
            Err(_) if !is_missing(full) => self.roster.of_any(&utf_8_or_latin_1(full)),
            party => party,
        }
    }
}

impl Reader for Phoenix {
    fn layout(&self) -> Layout {
        Layout {
            title: if self.has_header {
                "Historical Phoenix"
            } else {
                "Phoenix, 26 columns"
            },
            lines: if self.has_header {
                self.columns.lines()
            } else {
                Lines::Bare
            },
            has_weights: self.columns.has(GOLDSTEIN),
            tells_roots: false,
            table: Weights::Gdelt,
            quads: Quads::Cameo,
            uses: &[Use::Codes, Use::Ids],
        }
    }

    fn row(&self, line: &[u8]) -> Result<Row, Reason> {
        let fields = self.columns.of(line);
        fields.check(line)?;
        let date = match fields.date(DATE, self.order())? {
            UNKNOWN_DAY => return Err(Reason::BadDate),
            day => day,
        };
        let code = self.codes.find(fields.get(CODE));
        let code = code.ok_or_else(|| Reason::of_no_code(fields.get(CODE)))?;
        let weight = fields.weight(GOLDSTEIN)?;
        let party = |[full, root]: [usize; 2]| self.party(fields.get(root), fields.get(full));
        let [source, target] = SIDES.map(party);
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

    fn look_closely(&self, line: &[u8], _: &Row) -> Result<Oddities, Reason> {
        Ok(self.columns.of(line).oddities(LATITUDE, LONGITUDE))
    }

    fn id<'a>(&self, line: &'a [u8]) -> &'a [u8] {
        self.columns.of(line).given(ID)
    }

    fn called<'a>(&self, line: &'a [u8], _: &Row) -> [Called<'a>; 2] {
        self.columns.of(line).sides(SIDES)
    }

    fn witness(&self, line: &[u8], number: u64) -> Witness {
        let fields = self.columns.of(line);
        let [id, article] = [ID, DOCUMENT].map(|name| fields.text(name));
        let url = article.split(';').next().unwrap_or_default();
        let is_url = url.starts_with("http");
        let sides = SIDES.map(|[full, _]| fields.text(full));
        let (own, document) = (fields.some_text(ID), "Phoenix event data".to_owned());
        let mut witness = Witness::new("phoenix", own, number, sides, document);
        witness.evidence.locator = Some(if is_url || article.is_empty() {
            format!("event {id}")
        } else {
            format!("event {id}, article {article}")
        });
        witness.evidence.url = is_url.then(|| url.to_owned());
        witness
    }
}
