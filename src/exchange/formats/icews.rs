//! ICEWS: the raw `.tab` files of the Integrated Crisis Early Warning System.
//!
//! Columns are found by their names in the header. Published as "ICEWS Coded Event Data", Harvard Dataverse,
//! doi:10.7910/DVN/28075. Missing is empty, `NULL`, or `NA` where R wrote the file.

use crate::exchange::roster::Roster;
use crate::exchange::row::{Layout, Lines, Oddities, Reader, Reason, Row, Witness};
use crate::exchange::values::codes::{Codes, Quads};
use crate::exchange::values::dates::{Order, read};
use crate::exchange::values::fields::{Fields, are_on_earth, is_binary};
use crate::exchange::values::weight::Weight;
use crate::history::Evidence;
use crate::model::Weights;
use std::sync::Arc;

/// The first year of the published data.
const FIRST_YEAR: i16 = 1995;

/// The columns that are read, and those that only a witness or a closer look needs.
const NAMES: [&str; 14] = [
    "Event ID",
    "Event Date",
    "Source Name",
    "Source Country",
    "Target Name",
    "Target Country",
    "CAMEO Code",
    "Intensity",
    "Event Text",
    "Story ID",
    "Sentence Number",
    "Publisher",
    "Latitude",
    "Longitude",
];
/// How many of them there must be.
const NEEDED: usize = 8;

const ID: usize = 0;
const DATE: usize = 1;
const SOURCE_NAME: usize = 2;
const SOURCE_COUNTRY: usize = 3;
const TARGET_NAME: usize = 4;
const TARGET_COUNTRY: usize = 5;
const CODE: usize = 6;
const INTENSITY: usize = 7;
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
    columns: usize,
    codes: Codes,
}

impl Icews {
    /// A reader for a file with that header, if it is one of ICEWS.
    pub(super) fn recognise(header: &[u8], codes: Codes, roster: &Arc<Roster>) -> Option<Self> {
        let (places, columns) = places(header, &NAMES, NEEDED)?;
        Some(Self {
            roster: Arc::clone(roster),
            places,
            columns,
            codes,
        })
    }

    fn field<'a>(&self, fields: &Fields<'a>, name: usize) -> &'a [u8] {
        fields.get(self.places[name])
    }

    fn text(&self, fields: &Fields<'_>, name: usize) -> String {
        fields.text(self.places[name])
    }
}

/// Where in a header some names stand, and how many there are in all; the first `needed` of them must be there. What
/// is not there is at a place that no line has.
pub(in crate::exchange) fn places<const N: usize>(
    header: &[u8],
    names: &[&str; N],
    needed: usize,
) -> Option<([usize; N], usize)> {
    let fields = Fields::of(header);
    let place = |name: &str| {
        let is_it = |field: &[u8]| field.trim_ascii().eq_ignore_ascii_case(name.as_bytes());
        fields.all().iter().position(|field| is_it(field))
    };
    let places = names.map(place);
    let are_there = places.iter().take(needed).all(Option::is_some);
    are_there.then(|| {
        (
            places.map(|place| place.unwrap_or(usize::MAX)),
            fields.count(),
        )
    })
}

impl Reader for Icews {
    fn layout(&self) -> Layout {
        Layout {
            title: "ICEWS events",
            lines: Lines::Headed,
            has_weights: true,
            tells_roots: false,
            table: Weights::Icews,
            quads: Quads::Cameo,
        }
    }

    fn row(&self, line: &[u8]) -> Result<Row, Reason> {
        let fields = Fields::of(line);
        if is_binary(line) {
            return Err(Reason::NotText);
        }
        if fields.count() != self.columns {
            return Err(Reason::Columns);
        }
        let field = |name| self.field(&fields, name);
        let Some(date) = read(field(DATE), Order::YearMonthDay) else {
            let is_header = field(DATE).eq_ignore_ascii_case(NAMES[DATE].as_bytes());
            return Err(if is_header {
                Reason::Header
            } else {
                Reason::BadDate
            });
        };
        let code = self.codes.find(field(CODE));
        let code = code.ok_or_else(|| Reason::of_no_code(field(CODE)))?;
        let weight = match field(INTENSITY) {
            b"" | b"NA" | b"NULL" => None,
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

    fn witness(&self, line: &[u8], _: u64) -> Witness {
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
            "" | "NA" | "NULL" => "ICEWS coded event data".to_owned(),
            publisher => format!("ICEWS coded event data, from {publisher}"),
        };
        Witness {
            source: text(SOURCE_NAME),
            target: text(TARGET_NAME),
            id: format!("icews-{id}"),
            has_own_id: true,
            evidence: Evidence {
                document,
                published: None,
                locator: Some(locator),
                url: None,
            },
        }
    }
}
