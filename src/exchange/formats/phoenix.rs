//! Phoenix: the files of the Open Event Data Alliance, without a header, and the Cline Center's
//! Historical Phoenix, with one.
//!
//! An actor is its country's code, or for organisations the full code, such as `IGOUNO`.

use super::form::TableForm;
use super::header::{Header, Unread};
use crate::exchange::blocks::Shape;
use crate::exchange::roster::Roster;
use crate::exchange::row::{
    Called, Layout, Lines, Oddities, PartyIx, Reader, Reason, Row, Use, Witness,
};
use crate::exchange::values::codes::{Codes, Quads};
use crate::exchange::values::dates::{Order, basic, read};
use crate::exchange::values::fields::{
    Fields, Separation, are_on_earth, is_binary, is_missing, utf_8_or_latin_1,
};
use crate::exchange::values::weight::Weight;
use crate::history::Evidence;
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
const SOURCE_ROOT: usize = 1;
const TARGET_ROOT: usize = 2;
const CODE: usize = 3;
const ID: usize = 4;
const SOURCE: usize = 5;
const TARGET: usize = 6;
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
    places: [usize; NAMES.len()],
    shape: Shape,
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
        let with = |places: [usize; NAMES.len()], separation, columns, has_header| Self {
            roster: Arc::clone(roster),
            places,
            shape: Shape {
                separation,
                columns,
                needed: places[..NEEDED].iter().max().map_or(0, |last| last + 1),
                date: places[DATE],
            },
            has_header,
            codes: form.codes,
        };
        for delimiter in *b",\t" {
            let separation = Separation::by(delimiter);
            let header = Header::of(first, separation);
            if let Some(places) = header.places(&NAMES, NEEDED, "phoenix").map_err(Some)? {
                return Ok(with(places, separation, header.names.len(), true));
            }
        }
        let fields = Fields::of(first);
        let [date, year] = [fields.get(1), fields.get(2)];
        let is_row = fields.count_within(BARE_COLUMNS) == BARE_COLUMNS
            && basic(date).is_some()
            && date.get(..4) == Some(year);
        is_row
            .then(|| with(BARE, Separation::TABS, BARE_COLUMNS, false))
            .ok_or(None)
    }

    fn fields<'a>(&self, line: &'a [u8]) -> Fields<'a> {
        Fields::with(line, self.shape.separation)
    }

    fn day(&self, text: &[u8]) -> Result<Day, Reason> {
        let order = if self.has_header {
            Order::MonthDayYear
        } else {
            Order::YearMonthDay
        };
        match read(text, order) {
            Some(UNKNOWN_DAY) => Err(Reason::BadDate),
            day => day.ok_or_else(|| Reason::of_no_date(text, order)),
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
            lines: match (self.has_header, self.shape.separation.is_quoted) {
                (true, true) => Lines::Quoted(self.shape),
                (true, false) => Lines::Headed,
                (false, _) => Lines::Bare,
            },
            has_weights: self.places[GOLDSTEIN] != usize::MAX,
            tells_roots: false,
            table: Weights::Gdelt,
            quads: Quads::Cameo,
            uses: &[Use::Codes, Use::Ids],
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
        let date = self.day(field(DATE))?;
        let code = self.codes.find(field(CODE));
        let code = code.ok_or_else(|| Reason::of_no_code(field(CODE)))?;
        let weight = match field(GOLDSTEIN) {
            text if is_missing(text) => None,
            text => Some(Weight::parse(text).ok_or(Reason::BadWeight)?),
        };
        Ok(Row {
            date,
            source: self.party(field(SOURCE_ROOT), field(SOURCE)),
            target: self.party(field(TARGET_ROOT), field(TARGET)),
            code,
            weight,
            is_root: true,
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
        [called(SOURCE, SOURCE_ROOT), called(TARGET, TARGET_ROOT)]
    }

    fn witness(&self, line: &[u8], number: u64) -> Witness {
        let fields = self.fields(line);
        let text = |name: usize| fields.text(self.places[name]);
        let (id, document) = (text(ID), text(DOCUMENT));
        let has_own_id = !is_missing(id.as_bytes());
        let url = document.split(';').next().unwrap_or_default();
        let is_url = url.starts_with("http");
        Witness {
            id: if has_own_id {
                format!("phoenix-{id}")
            } else {
                format!("phoenix-line-{number}")
            },
            has_own_id,
            source: text(SOURCE),
            target: text(TARGET),
            evidence: Evidence {
                document: "Phoenix event data".to_owned(),
                published: None,
                locator: Some(if is_url || document.is_empty() {
                    format!("event {id}")
                } else {
                    format!("event {id}, article {document}")
                }),
                url: is_url.then(|| url.to_owned()),
            },
        }
    }
}
