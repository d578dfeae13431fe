//! Scales: from days and degrees to places on a page, with ticks where people expect them.

use crate::model::Day;

/// A number with at most so many decimals and no zeros behind them; what rounds to nothing has no
/// sign.
pub(super) fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let text = match text.split_once('.') {
        Some(_) => text.trim_end_matches('0').trim_end_matches('.'),
        None => &text,
    };
    if text == "-0" { "0" } else { text }.to_owned()
}

/// A place on a page as SVG has it: to a tenth of a pixel.
pub(super) fn px(value: f64) -> String {
    fixed(value, 1)
}

/// A day as a place on an axis of days.
#[must_use]
pub fn place_of(day: Day) -> f64 {
    f64::from(day.days_since(Day::EPOCH))
}

/// The day of a place on an axis of days.
pub(super) fn day_at(place: f64) -> Option<Day> {
    Day::EPOCH.plus_days(place as i32)
}

/// A line from places on an axis to places on a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    from: [f64; 2],
    to: [f64; 2],
}

impl Scale {
    /// The scale that takes one range to the other.
    pub(super) fn new(from: [f64; 2], to: [f64; 2]) -> Self {
        Self { from, to }
    }

    /// Where a value lies.
    pub(super) fn at(self, value: f64) -> f64 {
        let [low, high] = self.from;
        let width = high - low;
        let share = if width == 0.0 {
            0.5
        } else {
            (value - low) / width
        };
        self.to[0] + share * (self.to[1] - self.to[0])
    }

    /// How long a length is on the page.
    pub(super) fn length(self) -> f64 {
        (self.to[1] - self.to[0]).abs()
    }
}

/// A tick: where it is, and what stands there.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tick {
    pub(super) at: f64,
    pub(super) label: String,
}

/// Ticks at round numbers within a range, no more than so many.
pub(super) fn number_ticks([low, high]: [f64; 2], most: usize) -> Vec<Tick> {
    let step = round_step((high - low) / most.max(1) as f64);
    let decimals = if step >= 1.0 {
        0
    } else {
        (1..6)
            .find(|&places| is_whole(step * ten_to(places)))
            .unwrap_or(6)
    };
    // An end that a last bit keeps from its tick has it all the same.
    let first = (low / step - 1e-9).ceil();
    let count = ((high / step + 1e-9).floor() - first) as i64 + 1;
    let tick = |number: i64| {
        let at = (first + number as f64) * step;
        let label = fixed(at, decimals as usize);
        Tick { at, label }
    };
    (0..count.clamp(0, 100)).map(tick).collect()
}

fn is_whole(value: f64) -> bool {
    (value - value.round()).abs() < 1e-9
}

fn ten_to(places: u32) -> f64 {
    (0..places).fold(1.0, |power, _| power * 10.0)
}

/// The least of 1, 2 and 5 times a power of ten that is not less.
fn round_step(least: f64) -> f64 {
    let mut power = 1e-6;
    while power < 1e9 {
        for times in [1.0, 2.0, 5.0] {
            if power * times >= least * (1.0 - 1e-9) {
                return power * times;
            }
        }
        power *= 10.0;
    }
    power
}

/// Ticks at the first days of years, quarters, months or days within a range, no more than so many.
pub(super) fn day_ticks([low, high]: [f64; 2], most: usize) -> Vec<Tick> {
    const MONTHS: [u32; 14] = [
        1, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 2_400, 6_000, 12_000, 60_000,
    ];
    let (Some(first), Some(last)) = (day_at(low.ceil()), day_at(high.floor())) else {
        return Vec::new();
    };
    let most = most.max(1);
    let days = last.days_since(first);
    for step in [1, 2, 3, 5, 7, 14] {
        if days / step < most as i32 {
            let ticks = (0..=days / step).filter_map(|number| first.plus_days(number * step));
            return ticks
                .map(|day| Tick {
                    at: place_of(day),
                    label: day.to_string(),
                })
                .collect();
        }
    }
    let starts = month_starts(first, last);
    let ticks_of = |step: u32| -> Vec<Tick> {
        let on = starts.iter().filter(|(_, months)| months % step == 0);
        on.map(|(day, _)| {
            let text = day.to_string();
            let length = if step.is_multiple_of(12) { 4 } else { 7 };
            Tick {
                at: place_of(*day),
                label: text[..length].to_owned(),
            }
        })
        .collect()
    };
    let fitting = MONTHS.into_iter().map(ticks_of);
    fitting
        .into_iter()
        .find(|ticks| ticks.len() <= most)
        .unwrap_or_default()
}

/// The first days of months within a range, each with how many months lie before it since the year
/// 0.
fn month_starts(first: Day, last: Day) -> Vec<(Day, u32)> {
    let mut starts = Vec::new();
    let mut next = first
        .plus_days(-1)
        .unwrap_or(first)
        .end_of_month()
        .plus_days(1);
    while let Some(day) = next.filter(|day| *day <= last) {
        let text = day.to_string();
        let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<u32>().ok();
        if let (Some(year), Some(month)) = (number(0..4), number(5..7)) {
            starts.push((day, year * 12 + month - 1));
        }
        next = day.end_of_month().plus_days(1);
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(ticks: &[Tick]) -> Vec<&str> {
        ticks.iter().map(|tick| tick.label.as_str()).collect()
    }

    fn days(first: &str, last: &str, most: usize) -> String {
        let place = |day: &str| place_of(day.parse().unwrap());
        labels(&day_ticks([place(first), place(last)], most)).join(" ")
    }

    #[test]
    fn numbers_have_no_more_decimals_than_they_need_and_nothing_has_no_sign() {
        assert_eq!(fixed(-0.04, 1), "0");
        assert_eq!(fixed(12.0, 1), "12");
        assert_eq!(fixed(12.25, 2), "12.25");
        assert_eq!(fixed(100.0, 0), "100");
    }

    #[test]
    fn ticks_stand_at_round_numbers() {
        assert_eq!(
            labels(&number_ticks([-5.3, 0.4], 6)),
            ["-5", "-4", "-3", "-2", "-1", "0"]
        );
        assert_eq!(
            labels(&number_ticks([-0.26, 0.3], 6)),
            ["-0.2", "-0.1", "0", "0.1", "0.2", "0.3"]
        );
        assert_eq!(
            labels(&number_ticks([0.0, 100.0], 5)),
            ["0", "20", "40", "60", "80", "100"]
        );
    }

    #[test]
    fn ticks_of_days_stand_at_the_first_days_of_years_months_or_at_days() {
        assert_eq!(days("2014-03-18", "2018-12-31", 6), "2015 2016 2017 2018");
        assert_eq!(
            days("2016-10-01", "2017-04-01", 4),
            "2016-10 2017-01 2017-04"
        );
        assert_eq!(
            days("2017-01-28", "2017-01-30", 4),
            "2017-01-28 2017-01-29 2017-01-30"
        );
        assert_eq!(days("0001-01-01", "9999-12-31", 3), "5000");
    }
}
