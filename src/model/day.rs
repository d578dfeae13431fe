//! The calendar day, which is the clock of the whole program.

use crate::text::serde_as_text;
use jiff::civil::Date;
use std::fmt;
use std::str::FromStr;

/// A day of the proleptic Gregorian calendar, from 0001-01-01 to 9999-12-31.
///
/// Written and read as `YYYY-MM-DD`, nothing else.
///
/// ```
/// use detente::model::Day;
/// let call: Day = "2017-01-28".parse()?;
/// assert_eq!(call.plus_days(4).map(|day| day.to_string()), Some("2017-02-01".to_owned()));
/// assert_eq!(call.days_since("2014-03-20".parse()?), 1045);
/// # Ok::<(), detente::model::BadDay>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

const EPOCH: Date = Date::constant(1970, 1, 1);
const SECONDS_A_DAY: i64 = 86_400;

impl Day {
    /// 1970-01-01.
    pub const EPOCH: Self = Self(0);
    /// 0001-01-01.
    pub const FIRST: Self = Self(-719_162);
    /// 9999-12-31.
    pub const LAST: Self = Self(2_932_896);
    /// The last day of the year 2999.
    pub const LAST_OF_2999: Self = Self(376_199);

    /// The day so many days later (or earlier, when negative), if the calendar reaches that far.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Option<Self> {
        let day = Self(self.0.checked_add(days)?);
        (Self::FIRST..=Self::LAST).contains(&day).then_some(day)
    }

    /// How many days this day is after another: negative when it is before it.
    #[must_use]
    pub const fn days_since(self, earlier: Self) -> i32 {
        self.0 - earlier.0
    }

    /// The day of a year, month and day of the month, if the calendar has it.
    #[must_use]
    pub fn of_calendar(year: i16, month: i8, day: i8) -> Option<Self> {
        let date = Date::new(year, month, day).ok();
        date.filter(|_| year > 0).map(Self::of)
    }

    /// The year and the month.
    #[must_use]
    pub fn year_month(self) -> (i16, i8) {
        // Every day of the range has a date.
        self.date()
            .map_or((1, 1), |date| (date.year(), date.month()))
    }

    /// The last day of this day's month.
    #[must_use]
    pub fn end_of_month(self) -> Self {
        // Every day of the range has a date.
        self.date()
            .map_or(self, |date| Self::of(date.last_of_month()))
    }

    fn date(self) -> Option<Date> {
        let seconds = jiff::SignedDuration::from_secs(i64::from(self.0) * SECONDS_A_DAY);
        EPOCH.checked_add(seconds).ok()
    }

    /// The day that may have been meant by digits in another form: the last one of a year or a
    /// month; where it cannot be two days, one with other marks or in another order.
    #[must_use]
    pub fn meant_by(text: &str) -> Option<Self> {
        Self::meant(text, false)
    }

    /// The day of a text which is to be where something begins: of a year or a month alone, the
    /// first day may have been meant.
    ///
    /// # Errors
    /// When it is not a day.
    pub fn beginning(text: &str) -> Result<Self, BadDay> {
        let bad = |bad| match bad {
            BadDay::Shape { found, .. } => BadDay::Shape {
                near: Self::meant(&found, true),
                found,
            },
            bad @ BadDay::NotInCalendar { .. } => bad,
        };
        text.parse().map_err(bad)
    }

    fn meant(text: &str, begins: bool) -> Option<Self> {
        let marks = |letter: char| matches!(letter, '-' | '/' | '.');
        let mut parts: Vec<&str> = text.trim().split(marks).collect();
        if let ([all], 8) = (&*parts, text.trim().len()) {
            parts = vec![all.get(..4)?, all.get(4..6)?, all.get(6..)?];
        }
        let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
        let lengths: Vec<_> = parts.iter().map(|part| part.len()).collect();
        if !parts.iter().all(is_number) {
            return None;
        }
        let day = |year: &str, month: &str, day: &str| {
            Self::of_calendar(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
        };
        let end = |year: &str, month: &str| {
            let first = day(year, month, "1")?;
            Some(if begins { first } else { first.end_of_month() })
        };
        match (&*parts, &*lengths) {
            (&[year], [4]) => end(year, if begins { "1" } else { "12" }),
            (&[year, month], [4, 1 | 2]) | (&[month, year], [1 | 2, 4]) => end(year, month),
            (&[year, month, date], [4, 1 | 2, 1 | 2]) => day(year, month, date),
            (&[one, other, year], [1 | 2, 1 | 2, 4]) => {
                match (day(year, one, other), day(year, other, one)) {
                    (Some(one), Some(other)) => (one == other).then_some(one),
                    (one, other) => one.or(other),
                }
            }
            _ => None,
        }
    }

    fn of(date: Date) -> Self {
        Self::count(date.year().into(), date.month().into(), date.day().into())
    }

    /// Counts the days of whole eras of 400 years, of the years of the last one, from March on, and
    /// of the months of the last year.
    const fn count(year: i32, month: i32, day: i32) -> Self {
        const DAYS_AN_ERA: i32 = 146_097;
        /// From 1 March of the year 0 to the epoch.
        const BEFORE_THE_EPOCH: i32 = 719_468;
        let (year, month) = if month > 2 {
            (year, month - 3)
        } else {
            (year - 1, month + 9)
        };
        let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
        let of_year = (153 * month + 2) / 5 + day - 1;
        let of_era = year * 365 + year / 4 - year / 100 + of_year;
        Self(era * DAYS_AN_ERA + of_era - BEFORE_THE_EPOCH)
    }
}

/// A text that is not a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadDay {
    /// It does not look like `YYYY-MM-DD`.
    Shape {
        /// The text.
        found: String,
        /// The day that may have been meant.
        near: Option<Day>,
    },
    /// It looks like one, but the calendar does not have it.
    NotInCalendar {
        /// The text.
        found: String,
        /// How many days that month has, where year and month exist.
        days_in_month: Option<i8>,
    },
}

impl fmt::Display for BadDay {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape { found, near } => {
                write!(out, "`{found}` is not a date of the form YYYY-MM-DD")?;
                near.map_or(Ok(()), |near| write!(out, "; did you mean {near}?"))
            }
            Self::NotInCalendar {
                found,
                days_in_month: Some(days),
            } => write!(
                out,
                "the date {found} does not exist: that month has {days} days"
            ),
            Self::NotInCalendar { found, .. } if found.starts_with("0000") => {
                write!(
                    out,
                    "the date {found} does not exist: years go from 0001 to 9999"
                )
            }
            Self::NotInCalendar { found, .. } => {
                write!(
                    out,
                    "the date {found} does not exist: months go from 01 to 12"
                )
            }
        }
    }
}

impl std::error::Error for BadDay {}

impl FromStr for Day {
    type Err = BadDay;

    fn from_str(text: &str) -> Result<Self, BadDay> {
        let (year, month, day) = parts(text).ok_or_else(|| {
            let found: String = text.chars().take(40).collect();
            let near = Self::meant_by(&found);
            BadDay::Shape { found, near }
        })?;
        let days_in_month = days_in_month(year, month);
        if (1..=days_in_month.unwrap_or_default()).contains(&day) {
            return Ok(Self::count(year.into(), month.into(), day.into()));
        }
        Err(BadDay::NotInCalendar {
            found: text.to_owned(),
            days_in_month,
        })
    }
}

fn parts(text: &str) -> Option<(i16, i8, i8)> {
    const EIGHT_ZEROS: u64 = u64::from_be_bytes(*b"00000000");
    const EIGHT_SIXES: u64 = u64::from_be_bytes([6; 8]);
    const UPPER_HALVES: u64 = u64::from_be_bytes([0xF0; 8]);
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else {
        return None;
    };
    // All eight digits in one number, which is looked at and added up at once.
    let digits = u64::from_be_bytes([y1, y2, y3, y4, m1, m2, d1, d2]);
    let values = digits ^ EIGHT_ZEROS;
    // What is no digit is more than nine, and six more reach its upper half.
    if (values | values.wrapping_add(EIGHT_SIXES)) & UPPER_HALVES != 0 {
        return None;
    }
    let pairs = (values >> 8).wrapping_mul(10).wrapping_add(values);
    let [_, century, _, year, _, month, _, day] = pairs.to_be_bytes();
    let year = i16::from(century) * 100 + i16::from(year);
    Some((year, month as i8, day as i8))
}

/// How many days a month has, where the calendar has it.
const fn days_in_month(year: i16, month: i8) -> Option<i8> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        _ if year < 1 => None,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 if is_leap => Some(29),
        2 => Some(28),
        _ => None,
    }
}

impl fmt::Display for Day {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date().ok_or(fmt::Error)?.fmt(out)
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

serde_as_text!(Day, "a date as a string, such as \"2017-01-28\"");

#[cfg(test)]
impl schemars::JsonSchema for Day {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A calendar day, YYYY-MM-DD.",
            "type": "string",
            "format": "date",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calendar_has_its_first_and_last_day() {
        assert_eq!("0001-01-01".parse(), Ok(Day::FIRST));
        assert_eq!("9999-12-31".parse(), Ok(Day::LAST));
        assert_eq!("2999-12-31".parse(), Ok(Day::LAST_OF_2999));
        assert_eq!(Day::LAST.plus_days(1), None);
        assert_eq!(Day::FIRST.plus_days(-1), None);
        assert_eq!(Day::LAST.to_string(), "9999-12-31");
        assert_eq!(Day::FIRST.to_string(), "0001-01-01");
        assert_eq!(format!("{:?}", Day::LAST_OF_2999), "2999-12-31");
    }

    #[test]
    fn what_is_no_day_is_told_with_what_there_is() {
        for (text, says) in [
            ("0000-01-01", "years go from 0001 to 9999"),
            ("2031-02-29", "that month has 28 days"),
            ("2032-02-30", "that month has 29 days"),
            ("2031-04-31", "that month has 30 days"),
            ("2031-01-00", "that month has 31 days"),
            ("2031-13-01", "months go from 01 to 12"),
            ("2031-00-01", "months go from 01 to 12"),
            ("2 March 2031", "is not a date of the form YYYY-MM-DD"),
        ] {
            let told = text.parse::<Day>().unwrap_err().to_string();
            assert!(told.contains(text) && told.contains(says), "{told}");
        }
    }

    #[test]
    fn days_are_counted_as_the_calendar_goes() {
        let mut date = Date::constant(1, 1, 1);
        for number in Day::FIRST.0..=Day::LAST.0 {
            assert_eq!(Day::of(date), Day(number), "{date}");
            date = date.tomorrow().unwrap_or(date);
        }
    }

    #[test]
    fn months_are_as_long_as_the_calendar_has_them() {
        for (year, month) in (0..=9999).flat_map(|year| (0..=13).map(move |month| (year, month))) {
            let date = Date::new(year, month, 1).ok().filter(|_| year > 0);
            assert_eq!(days_in_month(year, month), date.map(Date::days_in_month));
        }
    }

    #[test]
    fn no_other_letter_passes_for_a_digit_or_a_hyphen() {
        let day = b"2017-01-28";
        for (place, right) in day.iter().enumerate() {
            let is_right = |byte: &u8| match right {
                b'-' => *byte == b'-',
                _ => byte.is_ascii_digit(),
            };
            for byte in (0..=127).filter(|byte| !is_right(byte)) {
                let mut other = *day;
                other[place] = byte;
                let text = std::str::from_utf8(&other).unwrap();
                assert_eq!(parts(text), None, "{text:?}");
            }
        }
    }

    #[test]
    fn a_day_that_does_not_exist_says_how_many_its_month_has() {
        let error = "2017-02-29".parse::<Day>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "the date 2017-02-29 does not exist: that month has 28 days"
        );
        assert!("2016-02-29".parse::<Day>().is_ok());
    }

    #[test]
    fn a_day_in_another_form_is_found_where_it_can_be_no_other() {
        for (text, meant) in [
            ("2016-06", Some("2016-06-30")),
            ("2016-2", Some("2016-02-29")),
            ("06/2016", Some("2016-06-30")),
            ("2016", Some("2016-12-31")),
            ("20160630", Some("2016-06-30")),
            ("2016/6/30", Some("2016-06-30")),
            ("30.06.2016", Some("2016-06-30")),
            ("6/30/2016", Some("2016-06-30")),
            ("5.5.2016", Some("2016-05-05")),
            ("5.6.2016", None),
            ("2016-13", None),
            ("2016-06-31x", None),
            ("16-06-30", None),
            ("call", None),
            ("", None),
            ("--", None),
            ("\u{662}\u{660}\u{661}\u{666}", None),
        ] {
            let found = Day::meant_by(text).map(|day| day.to_string());
            assert_eq!(found.as_deref(), meant, "{text}");
        }
        for (text, meant) in [
            ("2016-06", "; did you mean 2016-06-01?"),
            ("02/2016", "; did you mean 2016-02-01?"),
            ("2016", "; did you mean 2016-01-01?"),
            ("2016/6/30", "; did you mean 2016-06-30?"),
            ("call", "YYYY-MM-DD"),
            ("2017-02-29", "has 28 days"),
        ] {
            let says = Day::beginning(text).unwrap_err().to_string();
            assert!(says.ends_with(meant), "{says}");
        }
        assert_eq!(Day::beginning("2016-06-30"), "2016-06-30".parse());
    }

    #[test]
    fn other_spellings_of_a_day_are_refused() {
        for text in [
            "2017-1-28",
            "28.01.2017",
            "20170128",
            "2017-01-28T00:00",
            "",
            "+017-01-28",
            "0000-01-01",
            "2017-13-01",
        ] {
            assert!(text.parse::<Day>().is_err(), "{text}");
        }
    }
}
