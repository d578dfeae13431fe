//! GDELT: version 1.0 daily files (58 columns) and back-files (57), version 2.0 exports (61).
//!
//! Columns are those of the codebooks of the GDELT Project, <https://www.gdeltproject.org/>,
//! counted here from 0.

use crate::exchange::formats::header::Unread;
use crate::exchange::roster::Roster;
use crate::exchange::row::{
    Added, Called, Layout, Lines, Oddities, PartyIx, Reader, Reason, Row, Use, Witness,
};
use crate::exchange::values::codes::{Codes, Quads};
use crate::exchange::values::dates::basic;
use crate::exchange::values::fields::{
    Fields, Tabs, are_on_earth, count_tabs, is_binary, utf_8_or_latin_1,
};
use crate::exchange::values::weight::Weight;
use crate::history::Evidence;
use crate::model::{Day, Weights};
use crate::text::{cut, shown};
use memchr::memchr;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const ID: usize = 0;
const DATE: usize = 1;
const SOURCE_CODE: usize = 5;
const SOURCE_NAME: usize = 6;
const SOURCE_COUNTRY: usize = 7;
const TARGET_CODE: usize = 15;
const TARGET_NAME: usize = 16;
const TARGET_COUNTRY: usize = 17;
const IS_ROOT: usize = 25;
const CODE: usize = 26;
const GOLDSTEIN: usize = 30;

/// The name of the first column, where somebody has put names above the rows.
const FIRST_NAME: &[u8] = b"GLOBALEVENTID";

/// The first year of GDELT.
const FIRST_YEAR: i16 = 1979;
/// The day of the first daily file. Back-files from before it were added years after their events.
const FIRST_DAILY: (i16, i8, i8) = (2013, 4, 1);
/// How many days an event may lie before the day on which its row was added. Real files have events
/// of exactly ten years before, from articles that speak of an anniversary.
const FURTHEST_DAYS: i32 = 3_653 + 31;

/// Reads files of GDELT.
#[derive(Debug)]
pub(in crate::exchange) struct Gdelt {
    roster: Arc<Roster>,
    columns: usize,
    codes: Codes,
    /// A date as a number, and behind it its day since 1970-01-01.
    last_day: AtomicU64,
}

/// How many columns a row of version 1.0 has, whose last may be missing, as in back-files; and one
/// of 2.0.
const COLUMNS_1: usize = 58;
const COLUMNS_2: usize = 61;

/// How many columns of GDELT a first line has, if it is one; a line of names is, too.
///
/// # Errors
/// What speaks against it, where it has so many columns.
pub(in crate::exchange::formats) fn recognise(first: &[u8]) -> Result<usize, Option<Unread>> {
    let fields = Fields::of(first);
    let found = fields.count_within(COLUMNS_2);
    let columns = match found {
        57 | COLUMNS_1 => found,
        60 | COLUMNS_2 => COLUMNS_2,
        _ => match fields.count_within(COLUMNS_1) {
            COLUMNS_1 => COLUMNS_1,
            _ => return Err(None),
        },
    };
    if is_header(first) {
        return Ok(columns);
    }
    let against = |place: usize, what: &str| {
        let field = first.split(|byte| *byte == b'\t').nth(place);
        let field = String::from_utf8_lossy(field.unwrap_or_default()).into_owned();
        let says = format!(
            "{found} columns as GDELT has, but column {} is {what}: `{}`",
            place + 1,
            shown(&cut(&field, 40))
        );
        let help = match field.as_bytes() {
            [b'"', ..] => {
                "write it without quotation marks (R: quote = FALSE, pandas: quoting = csv.QUOTE_NONE)"
            }
            _ => "a program has changed it: take the file as GDELT publishes it",
        };
        Some(Unread::close(says, help))
    };
    let raw = |place: usize| first.split(|byte| *byte == b'\t').nth(place);
    let id = raw(ID).unwrap_or_default();
    if id.is_empty() || !id.iter().all(u8::is_ascii_digit) {
        return Err(against(ID, "no number"));
    }
    if raw(DATE).and_then(basic).is_none() {
        return Err(against(DATE, "no date such as 20140318"));
    }
    Ok(columns)
}

fn is_header(line: &[u8]) -> bool {
    line.get(..FIRST_NAME.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(FIRST_NAME))
}

impl Gdelt {
    pub(in crate::exchange) const fn new(
        roster: Arc<Roster>,
        columns: usize,
        codes: Codes,
    ) -> Self {
        Self {
            roster,
            columns,
            codes,
            // No date has that many digits.
            last_day: AtomicU64::new(u64::MAX),
        }
    }

    /// Whether rows have a column for a second administrative division, and a time of day when they
    /// were added.
    const fn is_second(&self) -> bool {
        self.columns == COLUMNS_2
    }

    /// The day of a date. Rows come in days: the last one is kept, which changes nothing but the
    /// time it takes.
    fn day(&self, text: &[u8]) -> Option<Day> {
        let text: [u8; 8] = text.try_into().ok()?;
        let digits = |number, byte: &u8| {
            Some(number * 10 + u64::from(byte.is_ascii_digit().then(|| byte - b'0')?))
        };
        let number = text.iter().try_fold(0, digits)?;
        let last = self.last_day.load(Ordering::Relaxed);
        if last >> 32 == number {
            return Day::EPOCH.plus_days(last as u32 as i32);
        }
        let day = basic(&text)?;
        let days = u64::from(day.days_since(Day::EPOCH) as u32);
        self.last_day.store(number << 32 | days, Ordering::Relaxed);
        Some(day)
    }

    /// The actor of a country's code or, where that does not say, of the known group in the column
    /// behind it.
    fn party(&self, country: &[u8], line: &[u8], end: usize) -> Result<PartyIx, Reason> {
        match self.roster.of_cameo(country) {
            Err(Reason::NoActor | Reason::Region) => {
                let rest = line.get(end + 1..).unwrap_or_default();
                let group = &rest[..memchr(b'\t', rest).unwrap_or(rest.len())];
                self.roster.of_cameo_or_group(country, group)
            }
            party => party,
        }
    }

    /// Which column says when a row was added; its URL stands behind it.
    const fn added_at(&self) -> usize {
        if self.is_second() { 59 } else { 56 }
    }

    /// When a row was added: the day, and where it is told the time, as `YYYYMMDD` or
    /// `YYYYMMDDHHMMSS`.
    fn added<'a>(&self, line: &'a [u8]) -> Option<&'a [u8]> {
        let mut tabs = Tabs::of(line);
        let start = tabs.nth(self.added_at() - 1)? + 1;
        Some(&line[start..tabs.nth(0).unwrap_or(line.len())])
    }

    fn day_added(&self, line: &[u8]) -> Option<Day> {
        basic(self.added(line)?.get(..8)?)
    }

    /// Whether a line has the columns of a row, but for empty ones at its end.
    fn has_its_columns(&self, line: &[u8]) -> bool {
        Fields::of(line).fit(self.added_at() + 1, self.added_at() + 2)
    }
}

impl Reader for Gdelt {
    fn layout(&self) -> Layout {
        Layout {
            title: match self.columns {
                57 => "GDELT 1.0 back-file, 57 columns",
                COLUMNS_1 => "GDELT 1.0 daily file, 58 columns",
                _ => "GDELT 2.0 export, 61 columns",
            },
            lines: Lines::Bare,
            has_weights: true,
            tells_roots: true,
            table: Weights::Gdelt,
            quads: Quads::Gdelt,
            uses: &[Use::Codes, Use::Ids, Use::Times],
        }
    }

    /// Only the columns that are needed are looked for; the tabs behind them are counted.
    fn row(&self, line: &[u8]) -> Result<Row, Reason> {
        let mut tabs = Tabs::of(line);
        let found = (|| {
            // The field behind so many more tabs.
            let mut field = |more: usize| Some((tabs.nth(more)? + 1, tabs.nth(0)?));
            let date = field(0)?;
            let source = field(SOURCE_COUNTRY - DATE - 2)?;
            let target = field(TARGET_COUNTRY - SOURCE_COUNTRY - 2)?;
            let is_root = field(IS_ROOT - TARGET_COUNTRY - 2)?;
            let code = (is_root.1 + 1, tabs.nth(0)?);
            let goldstein = (tabs.nth(GOLDSTEIN - CODE - 2)? + 1, tabs.nth(0)?);
            Some([date, source, target, is_root, code, goldstein])
        })();
        let Some(fields) = found else {
            return Err(why_not(line));
        };
        let [date, source, target, is_root, code, goldstein] =
            fields.map(|(start, end)| &line[start..end]);
        let behind = &line[fields[5].1 + 1..];
        if GOLDSTEIN + 2 + count_tabs(behind) != self.columns && !self.has_its_columns(line) {
            return Err(why_not(line));
        }
        let Some(date) = self.day(date) else {
            return Err(if is_header(line) {
                Reason::Header
            } else if is_binary(line) {
                Reason::NotText
            } else {
                Reason::BadDate
            });
        };
        let Some(code) = self.codes.find(code) else {
            return Err(Reason::of_no_code(code));
        };
        let weight = match goldstein {
            [] => None,
            text => Some(Weight::parse(text).ok_or(Reason::BadWeight)?),
        };
        Ok(Row {
            date,
            source: self.party(source, line, fields[1].1),
            target: self.party(target, line, fields[2].1),
            code,
            weight,
            is_root: is_root == b"1",
        })
    }

    fn look_closely(&self, line: &[u8], row: &Row) -> Result<Oddities, Reason> {
        if is_binary(line) {
            return Err(Reason::NotText);
        }
        // Columns from one latitude to the next; a longitude stands behind each.
        let between = if self.is_second() { 8 } else { 7 };
        let mut tabs = Tabs::of(line);
        let mut skipped = if self.is_second() { 39 } else { 38 };
        let mut on_earth = [true; 3];
        for is_on_earth in &mut on_earth {
            let ends = (|| Some([tabs.nth(skipped)?, tabs.nth(0)?, tabs.nth(0)?]))();
            let [start, middle, end] = ends.ok_or(Reason::Columns)?;
            *is_on_earth = are_on_earth(&line[start + 1..middle], &line[middle + 1..end]);
            skipped = between - 3;
        }
        // Between the last longitude and the day on which the row was added stands the id of the
        // place.
        let start = tabs.nth(0).ok_or(Reason::Columns)? + 1;
        let added = line.get(start..start + 8).and_then(basic);
        let is_impossible = row.date.year_month().0 < FIRST_YEAR
            || added.is_some_and(|added| {
                let (year, month, day) = FIRST_DAILY;
                let by_day = Day::of_calendar(year, month, day).is_some_and(|first| added >= first);
                let days = added.days_since(row.date);
                days < 0 || (by_day && days > FURTHEST_DAYS)
            });
        if is_impossible {
            return Err(Reason::ImpossibleDate);
        }
        Ok(Oddities {
            coordinates: on_earth.contains(&false),
        })
    }

    fn id<'a>(&self, line: &'a [u8]) -> &'a [u8] {
        &line[..memchr(b'\t', line).unwrap_or(line.len())]
    }

    fn added(&self, line: &[u8]) -> Option<Added> {
        let fields = Fields::of(line);
        let added = fields.get(self.added_at());
        let day = basic(added.get(..8)?)?;
        let part = |place: usize| {
            let digits = std::str::from_utf8(added.get(place..place + 2)?).ok()?;
            digits.parse::<i64>().ok()
        };
        let minutes = part(8).unwrap_or_default() * 60 + part(10).unwrap_or_default();
        // The codes of both actors, and latitude, longitude and id of the place.
        let place = self.added_at() - 3;
        let mut scene = DefaultHasher::new();
        for column in [SOURCE_CODE, TARGET_CODE, place, place + 1, place + 2] {
            fields.get(column).hash(&mut scene);
        }
        Some(Added {
            minute: i64::from(day.days_since(Day::EPOCH)) * 24 * 60 + minutes,
            scene: scene.finish(),
        })
    }

    /// Only the first columns are looked at, since many rows name nobody's country.
    fn called<'a>(&self, line: &'a [u8]) -> [Called<'a>; 2] {
        let mut tabs = Tabs::of(line);
        let mut called = |more: usize| {
            let start = tabs.nth(more)? + 1;
            let (end, last) = (tabs.nth(0)?, tabs.nth(0)?);
            Some(Called {
                name: utf_8_or_latin_1(line.get(start..end)?),
                country: utf_8_or_latin_1(line.get(end + 1..last)?),
            })
        };
        let source = called(SOURCE_NAME - 1);
        let target = called(TARGET_NAME - SOURCE_COUNTRY - 2);
        [source, target].map(Option::unwrap_or_default)
    }

    fn witness(&self, line: &[u8], _: u64) -> Witness {
        let fields = Fields::of(line);
        let id = fields.text(ID);
        let name = |name: usize, code: usize| match fields.get(name) {
            [] => fields.text(code),
            _ => fields.text(name),
        };
        let url = fields.text(self.added_at() + 1);
        let evidence = Evidence {
            document: "GDELT event database".to_owned(),
            published: self.day_added(line),
            locator: Some(format!("event {id}")),
            url: Some(url).filter(|url| !url.is_empty()),
        };
        Witness {
            source: name(SOURCE_NAME, SOURCE_COUNTRY),
            target: name(TARGET_NAME, TARGET_COUNTRY),
            id: format!("gdelt-{id}"),
            has_own_id: true,
            evidence,
        }
    }
}

/// Why a line does not have the columns that it should have.
fn why_not(line: &[u8]) -> Reason {
    if is_header(line) {
        Reason::Header
    } else if is_binary(line) {
        Reason::NotText
    } else {
        Reason::Columns
    }
}
