//! ICEWS: the raw `.tab` files of the Integrated Crisis Early Warning System.
//!
//! Columns are found by their names in the header. Published as "ICEWS Coded Event Data", Harvard
//! Dataverse, doi:10.7910/DVN/28075. Missing is empty, `NULL`, or `NA` where R wrote the file.
//! Files of some years have no column of codes, dates as `1/14/2017` and quotation marks around
//! some texts.

use super::form::TableForm;
use super::header::{Header, Unread};
use crate::exchange::roster::Roster;
use crate::exchange::row::{Called, Layout, Lines, Oddities, Reader, Reason, Row, Use, Witness};
use crate::exchange::values::codes::{CodeIx, Codes, Quads};
use crate::exchange::values::dates::{Order, read};
use crate::exchange::values::fields::{Fields, Separation, are_on_earth, is_binary, is_missing};
use crate::exchange::values::weight::Weight;
use crate::history::Evidence;
use crate::model::{Day, Weights};
use memchr::memchr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The first year of the published data.
const FIRST_YEAR: i16 = 1995;

/// The columns that are read: those that there must be, and those that some years do not have or
/// that only a witness or a closer look needs.
const NAMES: [&str; 14] = [
    "Event Date",
    "Source Name",
    "Source Country",
    "Event Text",
    "Target Name",
    "Target Country",
    "Event ID",
    "CAMEO Code",
    "Intensity",
    "Story ID",
    "Sentence Number",
    "Publisher",
    "Latitude",
    "Longitude",
];
/// How many of them there must be.
const NEEDED: usize = 6;

const DATE: usize = 0;
const SOURCE_NAME: usize = 1;
const SOURCE_COUNTRY: usize = 2;
const TEXT: usize = 3;
const TARGET_NAME: usize = 4;
const TARGET_COUNTRY: usize = 5;
const ID: usize = 6;
const CODE: usize = 7;
const INTENSITY: usize = 8;
const STORY: usize = 9;
const SENTENCE: usize = 10;
const PUBLISHER: usize = 11;
const LATITUDE: usize = 12;
const LONGITUDE: usize = 13;

/// Reads raw files of ICEWS.
#[derive(Debug)]
pub(super) struct Icews {
    roster: Arc<Roster>,
    places: [usize; NAMES.len()],
    needed: usize,
    columns: usize,
    codes: Codes,
    order: Option<Order>,
    /// Whether a date had slashes, and nobody said in which order.
    has_slashes: AtomicBool,
}

impl Icews {
    /// A reader for a file with that header, if it is one of ICEWS.
    ///
    /// # Errors
    /// What speaks against it, where it is like one.
    pub(super) fn recognise(
        header: &[u8],
        form: &TableForm,
        roster: &Arc<Roster>,
    ) -> Result<Self, Option<Unread>> {
        let header = Header::of(header, Separation::TABS);
        let places = header
            .places(&NAMES, NEEDED, "icews")
            .map_err(Some)?
            .ok_or(None)?;
        let last = places[..NEEDED].iter().max().map_or(0, |last| last + 1);
        Ok(Self {
            roster: Arc::clone(roster),
            places,
            needed: last,
            columns: header.names.len(),
            codes: form.codes,
            order: form.order,
            has_slashes: AtomicBool::new(false),
        })
    }

    /// The day of a date: as it is said, or else by its marks, `2018-06-01` or `6/1/2018`, for the
    /// files of some years have the one and others the other.
    fn day(&self, text: &[u8]) -> Result<Day, Reason> {
        let by_marks = || match memchr(b'/', text) {
            Some(_) => {
                self.has_slashes.store(true, Ordering::Relaxed);
                Order::MonthDayYear
            }
            None => Order::YearMonthDay,
        };
        let order = self.order.unwrap_or_else(by_marks);
        let day = read(text, order);
        day.ok_or_else(|| Reason::of_no_date(text, order))
    }

    /// The code of a row: its own, or that of its text where it has none of the table, as files
    /// without a column of codes and codes such as `13y`.
    fn code(&self, code: &[u8], text: &[u8]) -> Result<CodeIx, Reason> {
        if let Some(code) = self.codes.find(code) {
            return Ok(code);
        }
        let of_text = std::str::from_utf8(text).ok().and_then(CodeIx::of_text);
        match Reason::of_no_code(code) {
            Reason::NumberCode => Err(Reason::NumberCode),
            reason => of_text.ok_or(match code {
                [] => Reason::UnknownText,
                _ => reason,
            }),
        }
    }

    fn field<'a>(&self, fields: &Fields<'a>, name: usize) -> &'a [u8] {
        fields.get(self.places[name])
    }

    fn text(&self, fields: &Fields<'_>, name: usize) -> String {
        fields.text(self.places[name])
    }
}

impl Reader for Icews {
    fn layout(&self) -> Layout {
        Layout {
            title: "ICEWS events",
            lines: Lines::Headed,
            has_weights: self.places[INTENSITY] != usize::MAX,
            tells_roots: false,
            table: Weights::Icews,
            quads: Quads::Cameo,
            uses: &[Use::Codes, Use::DateOrder, Use::Ids],
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
        let field = |name| self.field(&fields, name);
        if field(DATE).eq_ignore_ascii_case(NAMES[DATE].as_bytes()) {
            return Err(Reason::Header);
        }
        let date = self.day(field(DATE))?;
        let code = self.code(field(CODE), field(TEXT))?;
        let weight = match field(INTENSITY) {
            text if is_missing(text) => None,
            text => Some(Weight::parse(text).ok_or(Reason::BadWeight)?),
        };
        Ok(Row {
            date,
            source: self
                .roster
                .of_country(field(SOURCE_COUNTRY), field(SOURCE_NAME)),
            target: self
                .roster
                .of_country(field(TARGET_COUNTRY), field(TARGET_NAME)),
            code,
            weight,
            is_root: true,
            marks: [0; 5],
        })
    }

    fn look_closely(&self, line: &[u8], row: &Row) -> Result<Oddities, Reason> {
        if row.date.year_month().0 < FIRST_YEAR {
            return Err(Reason::ImpossibleDate);
        }
        let fields = Fields::of(line);
        let field = |name| self.field(&fields, name);
        Ok(Oddities {
            coordinates: !are_on_earth(field(LATITUDE), field(LONGITUDE)),
        })
    }

    fn id<'a>(&self, line: &'a [u8]) -> &'a [u8] {
        let id = Fields::of(line).get(self.places[ID]);
        if is_missing(id) { &[] } else { id }
    }

    fn order_by_marks(&self) -> Option<Order> {
        let is_by_marks = self.has_slashes.load(Ordering::Relaxed);
        is_by_marks.then_some(Order::MonthDayYear)
    }

    fn called<'a>(&self, line: &'a [u8], _: &Row) -> [Called<'a>; 2] {
        let fields = Fields::of(line);
        let called = |name: usize, country: usize| Called {
            name: self.field(&fields, name).into(),
            country: self.field(&fields, country).into(),
        };
        [
            called(SOURCE_NAME, SOURCE_COUNTRY),
            called(TARGET_NAME, TARGET_COUNTRY),
        ]
    }

    fn witness(&self, line: &[u8], line_number: u64) -> Witness {
        let fields = Fields::of(line);
        let text = |name| self.text(&fields, name);
        let [id, story, sentence] = [ID, STORY, SENTENCE].map(text);
        let mut locator = format!("event {id}");
        if !story.is_empty() {
            locator.extend([", story ", &story]);
        }
        if !sentence.is_empty() {
            locator.extend([", sentence ", &sentence]);
        }
        let publisher = text(PUBLISHER);
        let document = match publisher.as_str() {
            none if is_missing(none.as_bytes()) => "ICEWS coded event data".to_owned(),
            publisher => format!("ICEWS coded event data, from {publisher}"),
        };
        Witness {
            source: text(SOURCE_NAME),
            target: text(TARGET_NAME),
            has_own_id: !id.is_empty(),
            id: if id.is_empty() {
                format!("icews-line-{line_number}")
            } else {
                format!("icews-{id}")
            },
            evidence: Evidence {
                document,
                published: None,
                locator: Some(locator),
                url: None,
            },
        }
    }
}
