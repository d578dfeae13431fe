//! Windows: from which day to which a history is looked at, and on which dates.

use super::line::codec::FAULT_LIMIT;
use super::line::record::Record;
use crate::error::{BadQuestion, Error, Result};
use crate::model::{Act, BadDay, Day};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// The longest span that is looked at day by day unless something else is asked for, in days: ten
/// weeks.
const DAILY_DAYS: i32 = 70;
/// The longest span that is looked at week by week unless something else is asked for, in days:
/// half a year.
const WEEKLY_DAYS: i32 = 182;
/// The most dates of a window.
pub const DATE_LIMIT: usize = 200_000;

/// How often one looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Every {
    /// At the end of each day.
    Day,
    /// At the end of every seventh day.
    Week,
    /// At the end of each month.
    Month,
    /// At the end of these days, which rise.
    Dates(Vec<Day>),
}

/// Which part of a history is looked at. What lies before it counts all the same, since
/// temperatures come from it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// The first day; that of the history where nothing is given.
    pub from: Option<Day>,
    /// The last day; that of the history where nothing is given.
    pub to: Option<Day>,
    /// How often one looks; as fits the span where nothing is given.
    pub every: Option<Every>,
}

impl Window {
    /// The same window, which begins with the first event that is more than `background` where
    /// nothing else is given and such an event comes first: what already stood is no part of what
    /// is told.
    #[must_use]
    pub fn opening<'a>(&self, records: impl Iterator<Item = &'a Record>) -> Self {
        let mut opening = Opening::default();
        records.for_each(|record| opening.note(record));
        self.opened(opening)
    }

    /// The same of what was noted of the records.
    #[must_use]
    pub fn opened(&self, opening: Opening) -> Self {
        let Opening { stood, told } = opening;
        let opens = stood
            .zip(told)
            .and_then(|(stood, told)| (stood < told).then_some(told));
        Self {
            from: self.from.or(opens),
            ..self.clone()
        }
    }
}

/// How a history opens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// The first day of what already stood, of `background`.
    stood: Option<Day>,
    /// The first day of anything else.
    told: Option<Day>,
}

impl Opening {
    /// Notes a record, in any order.
    pub fn note(&mut self, record: &Record) {
        let first = match record.act() {
            Act::Background => &mut self.stood,
            _ => &mut self.told,
        };
        let date = record.date();
        *first = Some(first.map_or(date, |first| first.min(date)));
    }

    /// The first day of all; `None` of nothing.
    #[must_use]
    pub fn first(self) -> Option<Day> {
        self.stood.into_iter().chain(self.told).min()
    }
}

/// The most temperatures that are read of some histories, one for each dyad and day. (An
/// assumption: a history may have events in the last year of the calendar, and months until then.)
const READING_LIMIT: u64 = 4_000_000;

/// Whether the temperatures of so many dyads on so many days can be held.
///
/// # Errors
/// When they are too many.
pub fn are_few_enough(days: usize, dyads: usize) -> Result<()> {
    let (found, limit) = ((days as u64).saturating_mul(dyads as u64), READING_LIMIT);
    if found > limit {
        return Err(BadQuestion::TooManyReadings { found, limit }.into());
    }
    Ok(())
}

impl Every {
    /// What fits a span: days up to ten weeks, then weeks up to half a year, then months.
    #[must_use]
    pub const fn fitting(first: Day, last: Day) -> Self {
        let days = last.days_since(first);
        if days <= DAILY_DAYS {
            Self::Day
        } else if days <= WEEKLY_DAYS {
            Self::Week
        } else {
            Self::Month
        }
    }

    /// The dates from a day to another; the last is among them unless the dates are given.
    fn dates(&self, first: Day, last: Day) -> Vec<Day> {
        let step = |days: i32| {
            let next = move |day: &Day| day.plus_days(days);
            std::iter::successors(Some(first), next)
        };
        let next_month = |day: &Day| Some(day.plus_days(1)?.end_of_month());
        let mut dates: Vec<Day> = match self {
            Self::Day => step(1)
                .take_while(|day| *day < last)
                .take(DATE_LIMIT)
                .collect(),
            Self::Week => step(7)
                .take_while(|day| *day < last)
                .take(DATE_LIMIT)
                .collect(),
            Self::Month => std::iter::successors(Some(first.end_of_month()), next_month)
                .take_while(|day| *day < last)
                .take(DATE_LIMIT)
                .collect(),
            Self::Dates(dates) => return dates.clone(),
        };
        dates.push(last);
        dates
    }
}

impl fmt::Display for Every {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day => out.write_str("day"),
            Self::Week => out.write_str("week"),
            Self::Month => out.write_str("month"),
            Self::Dates(days) => {
                let days: Vec<_> = days.iter().map(ToString::to_string).collect();
                out.write_str(&days.join(","))
            }
        }
    }
}

impl FromStr for Every {
    type Err = String;

    /// Reads `day`, `week`, `month`, or dates with commas between them.
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "day" => Ok(Self::Day),
            "week" => Ok(Self::Week),
            "month" => Ok(Self::Month),
            dates => {
                let days = dates.split(',').map(|day| day.trim().parse::<Day>());
                let days: Result<BTreeSet<Day>, BadDay> = days.collect();
                match days {
                    Ok(days) => Ok(Self::Dates(days.into_iter().collect())),
                    Err(bad @ BadDay::NotInCalendar { .. }) => Err(bad.to_string()),
                    Err(BadDay::Shape { .. }) => Err(
                        "expected day, week, month, or dates such as 2017-01-28,2017-02-28"
                            .to_owned(),
                    ),
                }
            }
        }
    }
}

impl Window {
    /// The first and the last day that are looked at of a history that goes from a day to another.
    ///
    /// # Errors
    /// When the last comes before the first.
    pub fn span(&self, first: Day, last: Day) -> Result<[Day; 2]> {
        let (from, to) = (self.from.unwrap_or(first), self.to.unwrap_or(last));
        match (self.from, self.to) {
            (Some(from), Some(to)) if from > to => {
                Err(BadQuestion::EmptyWindow { from, to }.into())
            }
            (Some(from), None) if from > last => {
                Err(BadQuestion::AfterHistory { day: from, last }.into())
            }
            (None, Some(to)) if to < first => {
                Err(BadQuestion::BeforeHistory { day: to, first }.into())
            }
            _ => Ok([from, to.max(from)]),
        }
    }

    /// The dates on which a history is looked at that goes from a day to another. By weeks that
    /// were not asked for, the days of its events are among them.
    ///
    /// # Errors
    /// When the window is empty, when a date lies outside of it, or when there are too many.
    pub fn dates(
        &self,
        first: Day,
        last: Day,
        events: impl IntoIterator<Item = Day>,
    ) -> Result<Vec<Day>> {
        let [from, to] = self.span(first, last)?;
        let every = self.every.clone();
        let is_asked = every.is_some();
        let every = every.unwrap_or_else(|| Every::fitting(from, to));
        let mut dates: BTreeSet<Day> = every.dates(from, to).into_iter().collect();
        let is_within = |day: &Day| (from..=to).contains(day);
        let outside = dates.iter().copied().filter(|day| !is_within(day));
        let outside = outside.map(|day| BadQuestion::OutsideWindow { day, from, to }.into());
        Error::check(outside.collect(), FAULT_LIMIT)?;
        if !is_asked && every == Every::Week {
            dates.extend(events.into_iter().filter(is_within));
        }
        if dates.len() > DATE_LIMIT {
            let limit = DATE_LIMIT;
            return Err(BadQuestion::TooManyDates { limit }.into());
        }
        Ok(dates.into_iter().collect())
    }
}

/// When temperatures are read, in words: `at the ends of months`.
#[must_use]
pub fn dates_in_words(dates: &[Day]) -> String {
    let (Some(&first), Some(&last)) = (dates.first(), dates.last()) else {
        return "on no day".to_owned();
    };
    let is_among = |day: &Day| dates.binary_search(day).is_ok();
    let all_of = |every: &Every| every.dates(first, last).iter().all(is_among);
    let but_last = &dates[..dates.len() - 1];
    let are_month_ends = but_last.iter().all(|day| *day == day.end_of_month());
    let words = match dates.len() {
        1 => return format!("at the end of {first}"),
        2 | 3 if !(are_month_ends && all_of(&Every::Month)) => "on the dates below",
        _ if all_of(&Every::Day) => "at the end of each day",
        _ if are_month_ends && all_of(&Every::Month) => "at the ends of months",
        _ if all_of(&Every::Week) => "at the ends of weeks and of days of events",
        _ => "on the dates below",
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[track_caller]
    fn dates(window: &Window, first: &str, last: &str, events: &[&str]) -> Vec<String> {
        let events = events.iter().map(|text| day(text));
        let dates = window.dates(day(first), day(last), events).unwrap();
        dates.iter().map(ToString::to_string).collect()
    }

    fn every(text: &str) -> Window {
        Window {
            every: Some(text.parse().unwrap()),
            ..Window::default()
        }
    }

    #[test]
    fn the_dates_fit_the_span() {
        let window = Window::default();
        assert_eq!(dates(&window, "2031-03-01", "2031-03-10", &[]).len(), 10);
        assert_eq!(dates(&window, "2031-03-01", "2031-05-10", &[]).len(), 71);
        let weeks = dates(&window, "2031-03-01", "2031-05-11", &["2031-03-04"]);
        assert_eq!(
            weeks[..4],
            ["2031-03-01", "2031-03-04", "2031-03-08", "2031-03-15"]
        );
        assert_eq!(weeks.last().unwrap(), "2031-05-11");
        assert_eq!(
            dates(&window, "2031-03-01", "2031-12-24", &["2031-03-04"]).len(),
            10
        );
    }

    #[test]
    fn what_is_asked_for_is_what_is_looked_at() {
        assert_eq!(
            dates(&every("month"), "2031-03-01", "2031-04-02", &["2031-03-04"]),
            ["2031-03-31", "2031-04-02"]
        );
        assert_eq!(
            dates(
                &every("2031-03-09,2031-03-04"),
                "2031-03-01",
                "2031-04-02",
                &[]
            ),
            ["2031-03-04", "2031-03-09"]
        );
        assert_eq!(
            dates(&every("week"), "2031-03-01", "2031-03-08", &["2031-03-04"]),
            ["2031-03-01", "2031-03-08"]
        );
    }

    #[test]
    fn dates_are_told_in_words() {
        let of = |window: &Window, last: &str, events: &[&str]| {
            let events: Vec<_> = events.iter().map(|text| day(text)).collect();
            dates_in_words(&window.dates(day("2031-03-01"), day(last), events).unwrap())
        };
        let fitting = Window::default();
        assert_eq!(of(&fitting, "2031-03-12", &[]), "at the end of each day");
        assert_eq!(
            of(&fitting, "2031-06-12", &["2031-03-04"]),
            "at the ends of weeks and of days of events"
        );
        assert_eq!(of(&fitting, "2031-12-12", &[]), "at the ends of months");
        let some = every("2031-03-04,2031-03-11");
        assert_eq!(of(&some, "2031-12-12", &[]), "on the dates below");
    }

    #[test]
    fn a_window_without_a_day_and_a_date_outside_are_refused() {
        let refused = |window: &Window| {
            let dates = window.dates(day("2031-03-01"), day("2031-03-31"), []);
            dates.unwrap_err().to_string()
        };
        let window = Window {
            from: Some(day("2031-03-20")),
            to: Some(day("2031-03-10")),
            every: None,
        };
        assert!(refused(&window).contains("2031-03-20"));
        assert!(refused(&every("2031-04-20")).contains("2031-04-20"));
        let late = Window {
            from: Some(day("2031-04-20")),
            ..Window::default()
        };
        assert!(refused(&late).contains("2031-03-31"));
        let early = Window {
            to: Some(day("2031-02-20")),
            ..Window::default()
        };
        assert!(refused(&early).contains("2031-03-01"));
    }

    #[test]
    fn a_window_may_be_one_day_and_begin_or_end_with_its_history() {
        for (from, to, expected) in [
            (Some("2031-03-10"), Some("2031-03-10"), ["2031-03-10"; 2]),
            (Some("2031-03-31"), None, ["2031-03-31"; 2]),
            (None, Some("2031-03-01"), ["2031-03-01"; 2]),
            (None, None, ["2031-03-01", "2031-03-31"]),
        ] {
            let window = Window {
                from: from.map(day),
                to: to.map(day),
                every: None,
            };
            let span = window.span(day("2031-03-01"), day("2031-03-31"));
            assert_eq!(span.unwrap(), expected.map(day), "{from:?} {to:?}");
        }
    }

    #[test]
    fn a_window_opens_with_what_happened_where_background_comes_first() {
        let record = |act: &str, day: &str| {
            let rest = match act {
                "background" => {
                    ",\"measures\":[{\"id\":\"m\",\"kind\":\"sanctions\",\"to\":\"in_force\"}]"
                }
                _ => "",
            };
            let line = format!(
                "{{\"id\":\"{act}-{day}\",\"date\":\"{day}\",\"source\":[\"XBL\"],\"target\":[\"XRL\"],\"act\":\"{act}\"{rest}}}"
            );
            crate::history::line::explain::record_of(&line).unwrap()
        };
        let stood = record("background", "2031-01-01");
        let [first, second] = ["2031-03-04", "2031-03-02"].map(|day| record("statement", day));
        let opens = |window: &Window, records: &[&Record]| {
            let opening = window.opening(records.iter().copied());
            opening.from.map(|day| day.to_string())
        };
        let all = Window::default();
        assert_eq!(
            opens(&all, &[&stood, &first, &second]).as_deref(),
            Some("2031-03-02")
        );
        assert_eq!(opens(&all, &[&first, &second]), None);
        assert_eq!(opens(&all, &[&stood]), None);
        let late = record("background", "2031-03-02");
        assert_eq!(opens(&all, &[&late, &second]), None);
        let from = Window {
            from: Some(day("2030-01-01")),
            ..Window::default()
        };
        assert_eq!(
            opens(&from, &[&stood, &first]).as_deref(),
            Some("2030-01-01")
        );
    }

    #[test]
    fn dates_go_by_what_all_of_them_are() {
        let words = |dates: &[&str]| {
            dates_in_words(&dates.iter().map(|text| day(text)).collect::<Vec<_>>())
        };
        for (dates, expected) in [
            (&[][..], "on no day"),
            (&["2031-03-01"], "at the end of 2031-03-01"),
            (&["2031-03-01", "2031-03-02"], "on the dates below"),
            (&["2031-03-31", "2031-04-30"], "at the ends of months"),
            (&["2031-03-31", "2031-04-02"], "at the ends of months"),
            (&["2031-03-31", "2031-05-31"], "on the dates below"),
            (
                &["2031-03-30", "2031-03-31", "2031-04-01"],
                "on the dates below",
            ),
            (
                &["2031-03-31", "2031-04-30", "2031-05-02"],
                "at the ends of months",
            ),
            (
                &["2031-03-01", "2031-03-02", "2031-03-03", "2031-03-04"],
                "at the end of each day",
            ),
            (
                &["2031-03-31", "2031-04-30", "2031-05-31", "2031-06-30"],
                "at the ends of months",
            ),
            (
                &["2031-03-31", "2031-04-30", "2031-05-31", "2031-07-31"],
                "on the dates below",
            ),
            (
                &["2031-03-30", "2031-04-30", "2031-05-31", "2031-06-30"],
                "on the dates below",
            ),
            (
                &["2031-03-01", "2031-03-08", "2031-03-15", "2031-03-22"],
                "at the ends of weeks and of days of events",
            ),
            (
                &["2031-03-01", "2031-03-08", "2031-03-10", "2031-03-15"],
                "at the ends of weeks and of days of events",
            ),
            (
                &["2031-03-01", "2031-03-08", "2031-03-10", "2031-03-16"],
                "on the dates below",
            ),
        ] {
            assert_eq!(words(dates), expected, "{dates:?}");
        }
    }

    #[test]
    fn there_are_as_many_dates_as_there_may_be_and_no_more() {
        let first = day("2031-03-01");
        let until = |days: usize| {
            let last = first.plus_days(days as i32 - 1).unwrap();
            let found = every("day").dates(first, last, []);
            found.map(|dates| dates.len()).ok()
        };
        assert_eq!(until(DATE_LIMIT), Some(DATE_LIMIT));
        assert_eq!(until(DATE_LIMIT + 1), None);
    }

    #[test]
    fn the_last_day_is_among_the_dates_once_and_they_are_called_as_they_are_given() {
        for (name, last, expected) in [
            (
                "day",
                "2031-03-03",
                &["2031-03-01", "2031-03-02", "2031-03-03"][..],
            ),
            (
                "week",
                "2031-03-15",
                &["2031-03-01", "2031-03-08", "2031-03-15"],
            ),
            (
                "week",
                "2031-03-14",
                &["2031-03-01", "2031-03-08", "2031-03-14"],
            ),
            ("month", "2031-04-30", &["2031-03-31", "2031-04-30"]),
            (
                "month",
                "2031-05-01",
                &["2031-03-31", "2031-04-30", "2031-05-01"],
            ),
            (
                "2031-03-02,2031-03-09",
                "2031-05-01",
                &["2031-03-02", "2031-03-09"],
            ),
        ] {
            let every: Every = name.parse().unwrap();
            assert_eq!(every.to_string(), name);
            let dates = every.dates(day("2031-03-01"), day(last));
            let dates: Vec<_> = dates.iter().map(ToString::to_string).collect();
            assert_eq!(dates, expected, "{name}");
        }
    }

    #[test]
    fn so_many_temperatures_are_read_and_no_more() {
        let limit = READING_LIMIT as usize;
        for (days, dyads, are) in [
            (0, 7, true),
            (limit / 4, 4, true),
            (limit / 4, 5, false),
            (limit + 1, 1, false),
            (usize::MAX, 2, false),
        ] {
            assert_eq!(are_few_enough(days, dyads).is_ok(), are, "{days} days");
        }
    }
}
