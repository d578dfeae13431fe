//! Periods of the calendar: days, weeks, months, quarters, years.

use crate::model::Day;
use std::fmt;

/// How long a period is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Every {
    /// A day.
    Day,
    /// A week of ISO 8601: from Monday to Sunday, of the year in which its Thursday lies.
    Week,
    /// A month of the calendar.
    #[default]
    Month,
    /// Three months, from January, April, July or October on.
    Quarter,
    /// A year of the calendar.
    Year,
}

/// A period, by its number among those of its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period(u32);

impl Period {
    /// Its number; the next period has the next one.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The period of a number that was given by [`Self::number`].
    #[must_use]
    pub const fn of_number(number: u32) -> Self {
        Self(number)
    }

    /// The one so many periods later.
    #[must_use]
    pub const fn plus(self, periods: u32) -> Self {
        Self(self.0 + periods)
    }
}

impl Every {
    /// All of them, the shortest first.
    pub const ALL: [Self; 5] = [
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Quarter,
        Self::Year,
    ];

    /// The word for such a period, as it is said on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// The most days that such a period has.
    #[must_use]
    pub const fn longest_days(self) -> usize {
        match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 31,
            Self::Quarter => 92,
            Self::Year => 366,
        }
    }

    /// How many months such a period has; none for days and weeks.
    const fn months(self) -> Option<u32> {
        match self {
            Self::Day | Self::Week => None,
            Self::Month => Some(1),
            Self::Quarter => Some(3),
            Self::Year => Some(12),
        }
    }

    /// The period of a day.
    #[must_use]
    pub fn period(self, day: Day) -> Period {
        if let Some(months) = self.months() {
            let (year, month) = day.year_month();
            return Period((year as u32 * 12 + month as u32 - 1) / months);
        }
        // 0001-01-01 is a Monday.
        let days = day.days_since(Day::FIRST) as u32;
        Period(if self == Self::Week { days / 7 } else { days })
    }

    /// The first day of a period.
    #[must_use]
    pub fn first_day(self, period: Period) -> Day {
        let day = match self.months() {
            Some(months) => first_of_month(period.0 * months),
            None => day_of_number(period.0 * if self == Self::Week { 7 } else { 1 }),
        };
        day.unwrap_or(Day::LAST)
    }

    /// The last day of a period.
    #[must_use]
    pub fn last_day(self, period: Period) -> Day {
        let next = match self.months() {
            Some(months) => first_of_month((period.0 + 1) * months),
            None => day_of_number((period.0 + 1) * if self == Self::Week { 7 } else { 1 }),
        };
        next.and_then(|day| day.plus_days(-1)).unwrap_or(Day::LAST)
    }

    /// What a period is called: `2014-03-20`, `2014-W12`, `2014-03`, `2014-Q1`, `2014`.
    #[must_use]
    pub fn name(self, period: Period) -> String {
        let number = period.0;
        match self {
            Self::Day => self.first_day(period).to_string(),
            Self::Week => {
                let thursday = self.first_day(period).plus_days(3).unwrap_or(Day::LAST);
                let (year, _) = thursday.year_month();
                let new_year = Day::of_calendar(year, 1, 1).unwrap_or(Day::FIRST);
                format!("{year:04}-W{:02}", thursday.days_since(new_year) / 7 + 1)
            }
            Self::Month => format!("{:04}-{:02}", number / 12, number % 12 + 1),
            Self::Quarter => format!("{:04}-Q{}", number / 4, number % 4 + 1),
            Self::Year => format!("{number:04}"),
        }
    }
}

impl fmt::Display for Every {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.word())
    }
}

/// The first day of a month, counted from January of the year 0.
fn first_of_month(month: u32) -> Option<Day> {
    Day::of_calendar((month / 12) as i16, (month % 12) as i8 + 1, 1)
}

fn day_of_number(days: u32) -> Option<Day> {
    Day::FIRST.plus_days(days as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(every: Every, day: &str, name: &str, first: &str, last: &str) {
        let period = every.period(day.parse().unwrap());
        assert_eq!(every.name(period), name);
        assert_eq!(every.first_day(period).to_string(), first);
        assert_eq!(every.last_day(period).to_string(), last);
    }

    #[test]
    fn periods_begin_and_end_as_the_calendar_has_them() {
        check(
            Every::Day,
            "2016-02-29",
            "2016-02-29",
            "2016-02-29",
            "2016-02-29",
        );
        check(
            Every::Week,
            "2016-01-01",
            "2015-W53",
            "2015-12-28",
            "2016-01-03",
        );
        check(
            Every::Week,
            "2014-12-29",
            "2015-W01",
            "2014-12-29",
            "2015-01-04",
        );
        check(
            Every::Month,
            "2016-02-10",
            "2016-02",
            "2016-02-01",
            "2016-02-29",
        );
        check(
            Every::Quarter,
            "2014-12-31",
            "2014-Q4",
            "2014-10-01",
            "2014-12-31",
        );
        check(
            Every::Year,
            "2014-07-01",
            "2014",
            "2014-01-01",
            "2014-12-31",
        );
    }

    #[test]
    fn every_day_lies_in_its_period_and_the_next_begins_on_the_day_after_its_last() {
        for every in Every::ALL {
            for start in [Day::FIRST, "1999-12-20".parse().unwrap()] {
                let mut day = start;
                for _ in 0..800 {
                    let period = every.period(day);
                    assert!((every.first_day(period)..=every.last_day(period)).contains(&day));
                    let days = every.last_day(period).days_since(every.first_day(period));
                    assert!((days as usize) < every.longest_days());
                    let after = every.last_day(period).plus_days(1).unwrap();
                    assert_eq!(every.period(after), period.plus(1));
                    day = day.plus_days(1).unwrap();
                }
            }
            assert_eq!(every.last_day(every.period(Day::LAST)), Day::LAST);
        }
    }
}
