//! Dates that a spreadsheet wrote its own way.

use crate::model::Day;

/// The first letters of the months that a spreadsheet in English writes.
const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
/// The days that a bare number can be: 1927 to 2119, counted from 1899-12-30.
const SERIAL_DAYS: std::ops::RangeInclusive<i32> = 10_000..=80_000;
/// Where a spreadsheet counts days from, counted from 1970-01-01.
const SERIAL_EPOCH: i32 = -25_569;
/// The centuries that two digits of a year may be of.
const CENTURIES: [i32; 2] = [2000, 1900];

/// The days that a text can mean as a spreadsheet writes dates, the likelier first; none if it is
/// no such date. Two digits of a year are of either century.
#[must_use]
pub fn rewritten(text: &str) -> Vec<Day> {
    // A time of day at midnight is what a spreadsheet adds.
    let date = text.split([' ', 'T']).next().unwrap_or_default();
    let text = if text.trim_end_matches([':', '0', ' ', 'T']).len() <= date.len() {
        date
    } else {
        text
    };
    if let Ok(serial) = text.parse::<i32>()
        && SERIAL_DAYS.contains(&serial)
    {
        return Day::EPOCH
            .plus_days(serial + SERIAL_EPOCH)
            .into_iter()
            .collect();
    }
    let is_between = |character: char| "/.-, ".contains(character);
    let parts: Vec<_> = text
        .split(is_between)
        .filter(|part| !part.is_empty())
        .collect();
    let &[a, b, c] = parts.as_slice() else {
        return Vec::new();
    };
    let number = |part: &str| {
        let digits = part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<i32>().ok().filter(|_| digits)
    };
    let month = |part: &str| {
        let start = part.get(..3)?.to_ascii_lowercase();
        let place = MONTHS.iter().position(|month| *month == start)?;
        Some(place as i32 + 1)
    };
    let years = |part: &str| match (number(part), part.len()) {
        (Some(year), 4) => vec![year],
        (Some(year), 2) => CENTURIES.map(|century| century + year).to_vec(),
        _ => Vec::new(),
    };
    let orders = if a.len() == 4 {
        vec![(a, number(b), number(c))]
    } else if text.contains('.') {
        vec![(c, number(b).or_else(|| month(b)), number(a))]
    } else {
        vec![
            (c, number(a), number(b)),
            (c, number(b), number(a)),
            (c, month(b), number(a)),
            (c, month(a), number(b)),
        ]
    };
    let mut meant = Vec::new();
    for (year, month, day) in orders {
        let of_year = |year: i32| {
            let (month, day) = (i8::try_from(month?).ok()?, i8::try_from(day?).ok()?);
            Day::of_calendar(year as i16, month, day)
        };
        meant.extend(years(year).into_iter().filter_map(of_year));
    }
    meant.dedup();
    meant
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn means(text: &str, days: &[&str]) {
        let found: Vec<_> = rewritten(text).iter().map(ToString::to_string).collect();
        assert_eq!(found, days, "{text}");
    }

    #[test]
    fn what_spreadsheets_make_of_a_date_is_known_again() {
        means("28.01.2017", &["2017-01-28"]);
        means("1/28/2017", &["2017-01-28"]);
        means("28/01/2017", &["2017-01-28"]);
        means("1/2/2017", &["2017-01-02", "2017-02-01"]);
        means("28-Jan-17", &["2017-01-28", "1917-01-28"]);
        means("02.01.30", &["2030-01-02", "1930-01-02"]);
        means("29/02/00", &["2000-02-29"]);
        means("Jan 28, 2017", &["2017-01-28"]);
        means("2017/1/28", &["2017-01-28"]);
        means("2017-01-28 00:00:00", &["2017-01-28"]);
        means("42763", &["2017-01-28"]);
        means("1/28/95", &["2095-01-28", "1995-01-28"]);
    }

    #[test]
    fn what_is_no_date_means_no_day() {
        for text in [
            "",
            "soon",
            "2017",
            "30.02.2017",
            "1/2",
            "1.2.3.4",
            "12345678",
            "a/b/c",
            "+1/28/2017",
            "00001/28/2017",
        ] {
            means(text, &[]);
        }
    }
}
