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
use crate::exchange::values::fields::{Fields, Tabs, are_on_earth, count_tabs, is_binary};
use crate::exchange::values::weight::Weight;
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
    // Empty columns that a program has added make no row of 1.0 one of 2.0.
    let counts = [COLUMNS_1, COLUMNS_2].map(|columns| fields.count_within(columns));
    let (found, columns) = match counts {
        [found @ (57 | COLUMNS_1), _] => (found, found),
        [_, found @ (60 | COLUMNS_2)] => (found, COLUMNS_2),
        _ => return Err(None),
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
        let number = eight_digits(text)?;
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
    fn party(&self, line: &[u8], start: usize, end: usize) -> Result<PartyIx, Reason> {
        self.roster
            .of_cameo_or_group(&line[start..end], || until_tab(line, end + 1))
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
        let Some(places) = Places::of(line) else {
            return Err(why_not(line));
        };
        let behind = &line[places.behind + 1..];
        if GOLDSTEIN + 2 + count_tabs(behind) != self.columns && !self.has_its_columns(line) {
            return Err(why_not(line));
        }
        let Some(date) = self.day(&line[places.date..places.date_end]) else {
            return Err(if is_header(line) {
                Reason::Header
            } else if is_binary(line) {
                Reason::NotText
            } else {
                Reason::BadDate
            });
        };
        let code = &line[places.code..places.code_end];
        let Some(code) = self.codes.find(code) else {
            return Err(Reason::of_no_code(code));
        };
        let weight = match &line[places.goldstein..places.behind] {
            [] => None,
            text => Some(Weight::parse(text).ok_or(Reason::BadWeight)?),
        };
        Ok(Row {
            date,
            source: self.party(line, places.source, places.source_end),
            target: self.party(line, places.target, places.target_end),
            code,
            weight,
            is_root: line[places.is_root..].starts_with(b"1\t"),
            marks: places.marks(),
        })
    }

    fn look_closely(&self, line: &[u8], row: &Row) -> Result<Oddities, Reason> {
        if is_binary(line) {
            return Err(Reason::NotText);
        }
        // Columns from one latitude to the next; a longitude stands behind each.
        let between = if self.is_second() { 8 } else { 7 };
        let line = line.get(row.marks[BEHIND] as usize..).unwrap_or_default();
        let mut tabs = Tabs::of(line);
        let mut skipped = if self.is_second() { 39 } else { 38 } - GOLDSTEIN;
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

    /// What was found already: many rows name nobody's country.
    fn called<'a>(&self, line: &'a [u8], row: &Row) -> [Called<'a>; 2] {
        let called = |name: u32, country: u32| {
            let (name, country) = (name as usize, country as usize);
            let name = line.get(name..country.saturating_sub(1));
            Called {
                name: name.unwrap_or_default().into(),
                country: until_tab(line, country).into(),
            }
        };
        let [source_name, source, target_name, target, _] = row.marks;
        [called(source_name, source), called(target_name, target)]
    }

    fn witness(&self, line: &[u8], number: u64) -> Witness {
        let fields = Fields::of(line);
        let sides = [[SOURCE_NAME, SOURCE_COUNTRY], [TARGET_NAME, TARGET_COUNTRY]];
        let sides = sides.map(|[name, code]| match fields.get(name) {
            [] => fields.text(code),
            _ => fields.text(name),
        });
        let (id, document) = (fields.text(ID), "GDELT event database".to_owned());
        let mut witness = Witness::new("gdelt", Some(id), number, sides, document);
        witness.evidence.published = self.day_added(line);
        let url = fields.text(self.added_at() + 1);
        witness.evidence.url = Some(url).filter(|url| !url.is_empty());
        witness
    }
}

/// Where the fields of a row begin that are needed of each, and where those end that may be of any
/// length.
struct Places {
    date: usize,
    date_end: usize,
    source_name: usize,
    source: usize,
    source_end: usize,
    target_name: usize,
    target: usize,
    target_end: usize,
    is_root: usize,
    code: usize,
    code_end: usize,
    goldstein: usize,
    /// Where the last of these ends.
    behind: usize,
}

/// Which of the marks of a row is the end of the last field that was looked for.
const BEHIND: usize = 4;

impl Places {
    /// Those of a line, if it has as many fields.
    #[inline]
    fn of(line: &[u8]) -> Option<Self> {
        let mut tabs = Tabs::of(line);
        Some(Self {
            date: tabs.nth(DATE - 1)? + 1,
            date_end: tabs.nth(0)?,
            source_name: tabs.nth(SOURCE_NAME - DATE - 2)? + 1,
            source: tabs.nth(0)? + 1,
            source_end: tabs.nth(0)?,
            target_name: tabs.nth(TARGET_NAME - SOURCE_COUNTRY - 2)? + 1,
            target: tabs.nth(0)? + 1,
            target_end: tabs.nth(0)?,
            is_root: tabs.nth(IS_ROOT - TARGET_COUNTRY - 2)? + 1,
            code: tabs.nth(0)? + 1,
            code_end: tabs.nth(0)?,
            goldstein: tabs.nth(GOLDSTEIN - CODE - 2)? + 1,
            behind: tabs.nth(0)?,
        })
    }

    /// What is looked for again, where a row names nobody's country or is looked at closely.
    #[inline]
    fn marks(&self) -> [u32; BEHIND + 1] {
        let names = [self.source_name, self.source, self.target_name, self.target];
        let [source_name, source, target_name, target] = names.map(|place| place as u32);
        [source_name, source, target_name, target, self.behind as u32]
    }
}

/// The field that begins at a place of a line.
fn until_tab(line: &[u8], start: usize) -> &[u8] {
    let rest = line.get(start..).unwrap_or_default();
    let end = rest.iter().position(|byte| *byte == b'\t');
    &rest[..end.unwrap_or(rest.len())]
}

/// The number of eight digits: all of them are looked at, and put together, at once.
fn eight_digits(text: [u8; 8]) -> Option<u64> {
    const HIGH: u64 = 0xf0f0_f0f0_f0f0_f0f0;
    const ZEROS: u64 = 0x3030_3030_3030_3030;
    const SIXES: u64 = 0x0606_0606_0606_0606;
    let word = u64::from_le_bytes(text);
    // A digit's high half is 3, and still is when 6 is added.
    if word & HIGH != ZEROS || (word.wrapping_add(SIXES)) & HIGH != ZEROS {
        return None;
    }
    // Neighbours are put together: digits, then pairs, then fours.
    let pairs = ((word & !HIGH).wrapping_mul((10 << 8) | 1) >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul((100 << 16) | 1) >> 16) & 0x0000_ffff_0000_ffff;
    Some(fours.wrapping_mul((10_000 << 32) | 1) >> 32)
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_first_row_is_of_the_version_that_has_as_many_columns_but_for_its_last() {
        let row = |begins: &str, columns: usize| format!("{begins}{}", "\tx".repeat(columns - 2));
        for (columns, version) in [
            (56, None),
            (57, Some(57)),
            (58, Some(58)),
            (60, Some(61)),
            (61, Some(61)),
            (62, None),
        ] {
            for begins in ["1234\t20140318", "GLOBALEVENTID\tSQLDATE"] {
                let found = recognise(row(begins, columns).as_bytes());
                assert_eq!(found.ok(), version, "{begins} and {columns} columns");
            }
        }
        // Office programs add empty columns.
        for (columns, more, version) in [(57, 1, 58), (58, 1, 58), (58, 9, 58), (61, 3, 61)] {
            let first = row("1234\t20140318", columns) + &"\t".repeat(more);
            assert_eq!(recognise(first.as_bytes()).ok(), Some(version), "{columns}");
        }
        for begins in [
            "\t20140318",
            "12a4\t20140318",
            "1234\t20140230",
            "\"1234\"\t20140318",
        ] {
            let against = recognise(row(begins, 58).as_bytes()).unwrap_err();
            let help = against.and_then(|unread| unread.help).unwrap();
            let is_marked = help.contains("without quotation marks");
            assert_eq!(is_marked, begins.starts_with('"'), "{begins}: {help}");
        }
    }

    proptest! {
        #[test]
        fn eight_digits_are_their_number_and_other_bytes_none(text in "[0-9]{8}|([0-9]|[0-9]|[0-9]|[/:]){8}|([0-9]|[;A ]){8}") {
            let bytes: [u8; 8] = text.as_bytes().try_into().unwrap();
            prop_assert_eq!(eight_digits(bytes), text.parse::<u64>().ok());
        }
    }
}
