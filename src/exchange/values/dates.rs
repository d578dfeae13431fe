//! Dates as files of event data write them.

use crate::model::Day;

/// In which order a date with its parts apart is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// 2019-01-21, or 20190121.
    #[default]
    YearMonthDay,
    /// 01/21/2019.
    MonthDayYear,
    /// 21/01/2019.
    DayMonthYear,
}

impl Order {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::YearMonthDay, Self::MonthDayYear, Self::DayMonthYear];

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::YearMonthDay => "ymd",
            Self::MonthDayYear => "mdy",
            Self::DayMonthYear => "dmy",
        }
    }

    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::YearMonthDay => "year, month, day",
            Self::MonthDayYear => "month, day, year",
            Self::DayMonthYear => "day, month, year",
        }
    }
}

/// A number of digits and nothing else.
fn number(digits: &[u8]) -> Option<i16> {
    let digit = |byte: &u8| byte.is_ascii_digit().then(|| i16::from(byte - b'0'));
    if digits.is_empty() || digits.len() > 4 {
        return None;
    }
    digits
        .iter()
        .try_fold(0, |number, byte| Some(number * 10 + digit(byte)?))
}

/// Reads `20190121`.
#[must_use]
pub(in crate::exchange) fn basic(text: &[u8]) -> Option<Day> {
    let (year, rest) = text.split_at_checked(4)?;
    let (month, day) = rest.split_at_checked(2).filter(|(_, day)| day.len() == 2)?;
    Day::of_calendar(number(year)?, number(month)? as i8, number(day)? as i8)
}

/// Reads `950101`, with two digits of the year: those above 30 are of the 20th century, as in
/// PETRARCH.
#[must_use]
pub(in crate::exchange) fn short(text: &[u8]) -> Option<Day> {
    const LAST_YEAR_OF_THE_21ST: &[u8] = b"30";
    if text.len() != 6 {
        return None;
    }
    let century = if &text[..2] > LAST_YEAR_OF_THE_21ST {
        b"19"
    } else {
        b"20"
    };
    basic(&[century, text].concat())
}

/// Reads a date whose parts are in an order, with `-`, `/` or `.` between them; a year comes with
/// four digits. Without anything between them it is year, month, day; a month in English letters
/// says itself what it is. A time behind the date is left aside.
#[must_use]
pub(in crate::exchange) fn read(text: &[u8], order: Order) -> Option<Day> {
    in_digits(text, order).or_else(|| in_letters(text))
}

/// Whether a text is a date in any order.
#[must_use]
pub(in crate::exchange) fn is_date(text: &[u8]) -> bool {
    other_order(text, None).is_some()
}

/// The order, other than a given one, in which a text is a date.
#[must_use]
pub(in crate::exchange) fn other_order(text: &[u8], order: Option<Order>) -> Option<Order> {
    let mut orders = Order::ALL.into_iter();
    orders.find(|other| order != Some(*other) && read(text, *other).is_some())
}

fn in_digits(text: &[u8], order: Order) -> Option<Day> {
    let end = text.iter().position(|byte| matches!(byte, b' ' | b'T'));
    let text = &text[..end.unwrap_or(text.len())];
    if text.len() == 8 && text.iter().all(u8::is_ascii_digit) {
        return basic(text);
    }
    let mut parts = text.split(|byte| matches!(byte, b'-' | b'/' | b'.'));
    let parts = [
        parts.next()?,
        parts.next()?,
        parts.next().filter(|_| parts.next().is_none())?,
    ];
    let [year, month, day] = match order {
        Order::YearMonthDay => parts,
        Order::MonthDayYear => [parts[2], parts[0], parts[1]],
        Order::DayMonthYear => [parts[2], parts[1], parts[0]],
    };
    if year.len() != 4 || month.len() > 2 || day.len() > 2 {
        return None;
    }
    Day::of_calendar(number(year)?, number(month)? as i8, number(day)? as i8)
}

/// Reads `15 January 2024`, `15-Jan-2024`, `January 15, 2024`.
fn in_letters(text: &[u8]) -> Option<Day> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let text = std::str::from_utf8(text).ok()?.to_ascii_lowercase();
    let mut parts = text
        .split([' ', '-', ',', '/', '.'])
        .filter(|part| !part.is_empty());
    let parts = [parts.next()?, parts.next()?, parts.next()?];
    let month_of = |part: &str| {
        let is_it = |name: &&str| part.len() >= 3 && name.starts_with(part);
        MONTHS.iter().position(is_it)
    };
    let (month, day) = match parts.map(month_of) {
        [None, Some(month), None] => (month, parts[0]),
        [Some(month), None, None] => (month, parts[1]),
        _ => return None,
    };
    let (year, day) = (parts[2].as_bytes(), day.as_bytes());
    if year.len() != 4 || day.len() > 2 {
        return None;
    }
    Day::of_calendar(number(year)?, month as i8 + 1, number(day)? as i8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_in_the_order_that_is_said() {
        let day: Day = "2019-01-21".parse().unwrap();
        for (text, order) in [
            ("20190121", Order::YearMonthDay),
            ("2019-01-21", Order::YearMonthDay),
            ("2019-01-21 10:00:00", Order::YearMonthDay),
            ("01/21/2019", Order::MonthDayYear),
            ("21.1.2019", Order::DayMonthYear),
            ("21 January 2019", Order::YearMonthDay),
            ("21-Jan-2019", Order::MonthDayYear),
            ("January 21, 2019", Order::DayMonthYear),
        ] {
            assert_eq!(read(text.as_bytes(), order), Some(day), "{text}");
        }
    }

    #[test]
    fn what_the_calendar_does_not_have_is_no_date() {
        for text in [
            "",
            "20190230",
            "2019-13-01",
            "2019-1",
            "19-01-21",
            "201901211",
            "2019-01-21-1",
            "00000101",
            "21 Brumaire 2019",
            "January 2019",
            "31 June 2019",
            "21 January 19",
        ] {
            assert_eq!(read(text.as_bytes(), Order::YearMonthDay), None, "{text}");
        }
    }

    #[test]
    fn orders_go_by_their_names() {
        let named = Order::ALL.map(|order| (order.name(), order.words()));
        assert_eq!(
            named,
            [
                ("ymd", "year, month, day"),
                ("mdy", "month, day, year"),
                ("dmy", "day, month, year"),
            ]
        );
    }

    #[test]
    fn two_digits_of_a_year_are_of_the_20th_century_above_30() {
        let on = |text: &str| short(text.as_bytes()).map(|day| day.to_string());
        for (text, expected) in [
            ("950101", Some("1995-01-01")),
            ("310101", Some("1931-01-01")),
            ("301231", Some("2030-12-31")),
            ("000229", Some("2000-02-29")),
            ("990229", None),
            ("95010", None),
            ("9501011", None),
            ("95o101", None),
        ] {
            assert_eq!(on(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn the_other_order_is_the_first_in_which_a_text_is_a_date() {
        use Order::{DayMonthYear, MonthDayYear, YearMonthDay};
        for (text, order, other) in [
            ("2019-01-21", None, Some(YearMonthDay)),
            ("2019-01-21", Some(YearMonthDay), None),
            ("2019-01-21", Some(DayMonthYear), Some(YearMonthDay)),
            ("01/02/2019", Some(YearMonthDay), Some(MonthDayYear)),
            ("01/02/2019", Some(MonthDayYear), Some(DayMonthYear)),
            ("13/02/2019", Some(YearMonthDay), Some(DayMonthYear)),
            ("13/13/2019", None, None),
            ("123/1/2019", None, None),
            ("1/123/2019", None, None),
            ("001/1/2019", None, None),
            ("1/001/2019", None, None),
            ("1/1/19", None, None),
            ("21 Jan 2019", Some(YearMonthDay), Some(MonthDayYear)),
            ("121 Jan 2019", None, None),
            ("21 Ja 2019", None, None),
            ("Jan Feb 2019", None, None),
        ] {
            assert_eq!(other_order(text.as_bytes(), order), other, "{text}");
            assert_eq!(
                is_date(text.as_bytes()),
                other.is_some()
                    || order.is_some_and(|order| read(text.as_bytes(), order).is_some()),
                "{text}"
            );
        }
    }

    #[test]
    fn months_in_letters_are_the_twelve_by_three_letters_or_more() {
        let names =
            "January February March April May June July August September October November December";
        for (number, name) in (1..).zip(names.split(' ')) {
            let expected = Day::of_calendar(2019, number, 7);
            for length in 3..=name.len() {
                let text = format!("{} 7, 2019", &name[..length]);
                assert_eq!(
                    read(text.as_bytes(), Order::YearMonthDay),
                    expected,
                    "{text}"
                );
            }
        }
    }
}
