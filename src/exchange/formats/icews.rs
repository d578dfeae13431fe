//! ICEWS: the raw `.tab` files of the Integrated Crisis Early Warning System.
//!
//! Columns are found by their names in the header. Published as "ICEWS Coded Event Data", Harvard
//! Dataverse, doi:10.7910/DVN/28075. Missing is empty, `NULL`, or `NA` where R wrote the file.
//! Files of some years have no column of codes, dates as `1/14/2017` and quotation marks around
//! some texts.

use super::form::TableForm;
use super::header::{Columns, Unread};
use crate::exchange::roster::Roster;
use crate::exchange::row::{Called, Layout, Oddities, Reader, Reason, Row, Use, Witness};
use crate::exchange::values::codes::{CodeIx, Codes, Quads};
use crate::exchange::values::dates::Order;
use crate::model::Weights;
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
/// Source and target, each by name and country.
const SIDES: [[usize; 2]; 2] = [[1, 2], [4, 5]];
const TEXT: usize = 3;
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
    columns: Columns<{ NAMES.len() }>,
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
        Ok(Self {
            roster: Arc::clone(roster),
            columns: Columns::named(header, b"\t", &NAMES, (NEEDED, DATE), "icews")?,
            codes: form.codes,
            order: form.order,
            has_slashes: AtomicBool::new(false),
        })
    }

    /// The order of a date: as it is said, or else by its marks, `2018-06-01` or `6/1/2018`, for
    /// the files of some years have the one and others the other.
    fn order_of(&self, date: &[u8]) -> Order {
        self.order.unwrap_or_else(|| match memchr(b'/', date) {
            Some(_) => {
                self.has_slashes.store(true, Ordering::Relaxed);
                Order::MonthDayYear
            }
            None => Order::YearMonthDay,
        })
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
}

impl Reader for Icews {
    fn layout(&self) -> Layout {
        Layout {
            title: "ICEWS events",
            lines: self.columns.lines(),
            has_weights: self.columns.has(INTENSITY),
            tells_roots: false,
            table: Weights::Icews,
            quads: Quads::Cameo,
            uses: &[Use::Codes, Use::DateOrder, Use::Ids],
        }
    }

    fn row(&self, line: &[u8]) -> Result<Row, Reason> {
        let fields = self.columns.of(line);
        fields.check(line)?;
        let date = fields.get(DATE);
        if date.eq_ignore_ascii_case(NAMES[DATE].as_bytes()) {
            return Err(Reason::Header);
        }
        let date = fields.date(DATE, self.order_of(date))?;
        let code = self.code(fields.get(CODE), fields.get(TEXT))?;
        let weight = fields.weight(INTENSITY)?;
        let party = |[name, country]: [usize; 2]| {
            self.roster
                .of_country(fields.get(country), fields.get(name))
        };
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

    fn look_closely(&self, line: &[u8], row: &Row) -> Result<Oddities, Reason> {
        if row.date.year_month().0 < FIRST_YEAR {
            return Err(Reason::ImpossibleDate);
        }
        Ok(self.columns.of(line).oddities(LATITUDE, LONGITUDE))
    }

    fn id<'a>(&self, line: &'a [u8]) -> &'a [u8] {
        self.columns.of(line).given(ID)
    }

    fn order_by_marks(&self) -> Option<Order> {
        let is_by_marks = self.has_slashes.load(Ordering::Relaxed);
        is_by_marks.then_some(Order::MonthDayYear)
    }

    fn called<'a>(&self, line: &'a [u8], _: &Row) -> [Called<'a>; 2] {
        let fields = self.columns.of(line);
        SIDES.map(|[name, country]| Called {
            name: fields.get(name).into(),
            country: fields.get(country).into(),
        })
    }

    fn witness(&self, line: &[u8], number: u64) -> Witness {
        let fields = self.columns.of(line);
        let [id, story, sentence] = [ID, STORY, SENTENCE].map(|name| fields.text(name));
        let mut locator = format!("event {id}");
        if !story.is_empty() {
            locator.extend([", story ", &story]);
        }
        if !sentence.is_empty() {
            locator.extend([", sentence ", &sentence]);
        }
        let document = fields.by_publisher("ICEWS coded event data", PUBLISHER);
        let sides = SIDES.map(|[name, _]| fields.text(name));
        let id = Some(id).filter(|id| !id.is_empty());
        let mut witness = Witness::new("icews", id, number, sides, document);
        witness.evidence.locator = Some(locator);
        witness
    }
}
