//! The windows: what is known of a dyad at the end of a month, and what the next months brought.

use super::daily::{Daily, DaySum, Memories};
use crate::error::{BadTrial, Error, Fault, Result};
use crate::evidence::level::{Everyone, Faded, Remembered};
use crate::evidence::parameters::Parameters;
use crate::history::FAULT_LIMIT;
use crate::model::Dyad;
use std::ops::Range;

/// A window of n events weighs n / (n + this), as the mean of few events tells little.
const WEIGHT_EVENTS: f64 = 10.0;
/// The days of the rival that is a mean of the means of days.
const FORTNIGHT_DAYS: i32 = 14;

/// How months are split: the first warm up, the next are fitted, the rest judge. Months count from
/// 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    /// How many months the data have.
    pub months: usize,
    /// How many months warm up.
    pub warm: usize,
    /// How many months are fitted, those that warm up included.
    pub cut: usize,
    /// How many months are foretold.
    pub ahead: usize,
}

impl Split {
    /// The split of some data: fitted until a month or, without one, until that in the middle; the
    /// first quarter of these warms up. Where `is_judged`, something must be left after it.
    ///
    /// # Errors
    /// When the data have too few months, or the month leaves too few.
    pub fn new(daily: &Daily, ahead: usize, until: Option<Until>, is_judged: bool) -> Result<Self> {
        let months = daily.months();
        let ends = || [0, months.saturating_sub(1)].map(|month| daily.name(month));
        let of_cut = |cut: usize| Self {
            months,
            warm: (cut / 4).max(1),
            cut,
            ahead,
        };
        let is_fitted = |split: &Self| split.cut >= split.warm + ahead;
        let is_left = |split: &Self| !is_judged || months >= split.cut + ahead;
        let too_few = || {
            // The least number of months whose middle leaves enough on both sides.
            let enough = |months: &usize| {
                let split = of_cut(months.div_ceil(2));
                is_fitted(&split) && (!is_judged || *months >= split.cut + ahead)
            };
            BadTrial::TooFewMonths {
                found: months,
                span: ends(),
                needed: (1..=4 * ahead + 10).find(enough).unwrap_or_default(),
                ahead,
            }
        };
        let split = match &until {
            None => of_cut(months.div_ceil(2)),
            Some(until) => {
                let Some(place) = until.place else {
                    return Err(BadTrial::UntilOutside {
                        found: until.name.clone(),
                        span: ends(),
                    }
                    .into());
                };
                of_cut(place + 1)
            }
        };
        if is_fitted(&split) && is_left(&split) {
            return Ok(split);
        }
        let good = |cut: &usize| is_fitted(&of_cut(*cut)) && is_left(&of_cut(*cut));
        let mut goods = (1..=months).filter(good);
        let (Some(until), Some(first)) = (until, goods.next()) else {
            return Err(too_few().into());
        };
        let last = goods.next_back().unwrap_or(first);
        let found = until.name;
        Err(if split.cut < first {
            let earliest = daily.name(first - 1);
            BadTrial::UntilTooEarly { found, earliest }
        } else {
            let latest = daily.name(last - 1);
            BadTrial::UntilTooLate { found, latest }
        }
        .into())
    }

    /// The months at whose ends the fitted span foretells.
    pub(super) const fn fitted(&self) -> Range<usize> {
        self.warm - 1..self.cut - self.ahead
    }

    /// The months at whose ends what comes after the fitted span is foretold.
    pub(super) const fn judged(&self) -> Range<usize> {
        self.cut - 1..self.months - self.ahead
    }
}

/// A month to fit until.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Until {
    /// What it is called.
    pub name: String,
    /// Its place among the months of the data, if they have it.
    pub place: Option<usize>,
}

/// What is known of a dyad at the end of a month, and what the next months brought.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    /// The place of the dyad among those of the panel.
    pub(super) dyad: usize,
    /// How many events the next months have.
    pub(super) events: f64,
    /// The mean of their values: what is to be foretold.
    pub(super) mean: f64,
    pub(super) everyone: Everyone,
    /// The dyad's own events so far, not faded.
    pub(super) own: Faded,
    /// The mean of the last month, and that of the means of days of the last fortnight; nothing
    /// without events.
    pub(super) last_month: Option<f64>,
    pub(super) fortnight: Option<f64>,
}

impl Window {
    /// n / (n + 10).
    pub(super) fn weight(&self) -> f64 {
        self.events / (self.events + WEIGHT_EVENTS)
    }
}

/// Windows, dyad by dyad, with what each half-life remembers.
#[derive(Clone, Debug)]
pub(super) struct Windows {
    pub(super) list: Vec<Window>,
    /// For each window, what each half-life remembers.
    faded: Vec<Faded>,
    memories: Memories,
}

impl Windows {
    /// The places of the half-lives of some parameters.
    pub(super) fn places(&self, parameters: &Parameters) -> Option<[usize; 2]> {
        let slow = self.memories.place(parameters.half_life_slow_days)?;
        let fast = self.memories.place(parameters.half_life_fast_days)?;
        Some([slow, fast])
    }

    /// What one half-life remembers in a window.
    pub(super) fn faded(&self, window: usize, half_life: usize) -> Faded {
        self.faded[window * self.memories.len() + half_life]
    }

    /// What a half-life remembers in a window, by its days.
    pub(super) fn faded_by(&self, window: usize, half_life_days: f64) -> Faded {
        let place = self.memories.place(half_life_days);
        place.map_or_else(Faded::default, |place| self.faded(window, place))
    }

    pub(super) fn remembered(&self, window: usize, [slow, fast]: [usize; 2]) -> Remembered {
        Remembered {
            slow: self.faded(window, slow),
            fast: self.faded(window, fast),
        }
    }

    /// The level in a window, by some parameters, whose half-lives have these places.
    pub(super) fn level(&self, window: usize, places: [usize; 2], parameters: &Parameters) -> f64 {
        let everyone = self.list[window].everyone;
        let prior = parameters.prior_degrees.unwrap_or(everyone.mean);
        self.remembered(window, places).level(prior, parameters)
    }

    /// Which windows each of so many dyads has.
    pub(super) fn of_dyads(&self, dyads: usize) -> Vec<Range<usize>> {
        let mut ranges = Vec::with_capacity(dyads);
        let mut from = 0;
        for dyad in 0..dyads {
            let more = self.list[from..]
                .iter()
                .take_while(|window| window.dyad == dyad);
            let to = from + more.count();
            ranges.push(from..to);
            from = to;
        }
        ranges
    }

    /// How many events are foretold.
    pub(super) fn events(&self) -> u64 {
        self.list.iter().map(|window| window.events).sum::<f64>() as u64
    }
}

/// Some data with their split, and the dyads that have events enough to be looked at.
#[derive(Clone, Debug)]
pub struct Panel<'a> {
    /// The data.
    pub daily: &'a Daily,
    /// How their months are split.
    pub split: Split,
    /// How many events a dyad has until the end of the fitted span.
    pub least: u64,
    /// The dyads, by name.
    pub dyads: Vec<Dyad>,
}

impl<'a> Panel<'a> {
    /// The dyads of some data that have at least so many events until the end of the fitted span.
    ///
    /// # Errors
    /// When there is none; or with all of those that were `asked` for and cannot be looked at.
    pub fn new(daily: &'a Daily, split: Split, least: u64, asked: &[Dyad]) -> Result<Self> {
        let until = split.cut - 1;
        let events = |dyad: &Dyad| daily.events_until(*dyad, until);
        let dyads: Vec<_> = daily.dyads().filter(|dyad| events(dyad) >= least).collect();
        let fault = |dyad: &Dyad| {
            let (dyad, months) = (*dyad, daily.months_of(*dyad));
            let whole = daily.events_until(dyad, daily.months() - 1);
            match &months[..] {
                [] => Some(BadTrial::DyadAbsent { dyad }),
                [month] => Some(BadTrial::DyadOnce {
                    dyad,
                    events: whole,
                    month: daily.name(*month),
                }),
                _ if events(&dyad) < least => Some(BadTrial::DyadTooFew {
                    dyad,
                    events: events(&dyad),
                    until: daily.name(until),
                    least,
                }),
                _ => None,
            }
        };
        let faults = asked.iter().filter_map(fault).map(Fault::from);
        Error::check(faults.collect(), FAULT_LIMIT)?;
        if dyads.is_empty() {
            // Of those that have as many the first by name.
            let most = daily.dyads().map(|dyad| (dyad, events(&dyad)));
            let most = most.reduce(|one, other| if other.1 > one.1 { other } else { one });
            let until = daily.name(until);
            return Err(BadTrial::NoDyad { least, until, most }.into());
        }
        Ok(Self {
            daily,
            split,
            least,
            dyads,
        })
    }

    /// The windows of some months, with some half-lives.
    ///
    /// # Errors
    /// When there is none.
    pub(super) fn windows(&self, origins: Range<usize>, half_lives: Vec<f64>) -> Result<Windows> {
        let mut windows = Windows {
            list: Vec::new(),
            faded: Vec::new(),
            memories: Memories::new(half_lives),
        };
        for (place, dyad) in self.dyads.iter().enumerate() {
            self.add(place, self.daily.days(*dyad), &origins, &mut windows);
        }
        if windows.list.is_empty() {
            let last = origins.end - 1 + self.split.ahead;
            return Err(BadTrial::NothingFollows {
                dyads: self.dyads.len(),
                span: [origins.start + 1, last].map(|month| self.daily.name(month)),
            }
            .into());
        }
        Ok(windows)
    }

    fn add(&self, dyad: usize, days: &[DaySum], origins: &Range<usize>, windows: &mut Windows) {
        let ends = &self.daily.ends;
        let until = |month: usize| days.partition_point(|day| day.day <= ends[month]);
        let sum = |days: &[DaySum]| {
            days.iter()
                .fold(Faded::default(), |sum, day| sum.plus(day.sum))
        };
        let mut remembered = vec![Faded::default(); windows.memories.len()];
        let (mut own, mut from) = (Faded::default(), 0);
        for month in 0..origins.end {
            let (end, to) = (ends[month], until(month));
            let of_month = &days[from..to];
            let length = end.days_since(ends[month.saturating_sub(1)]) as usize;
            windows
                .memories
                .go_on(&mut remembered, end, length, of_month);
            let last = sum(of_month);
            own = own.plus(last);
            from = to;
            let next = sum(&days[to..until(month + self.split.ahead)]);
            if month < origins.start || next.events == 0.0 {
                continue;
            }
            let recent = days[..to].iter().rev();
            let recent = recent.take_while(|day| end.days_since(day.day) < FORTNIGHT_DAYS);
            let means = recent.map(|day| day.sum.values / day.sum.events);
            let (means, count) = means.fold((0.0, 0.0), |(sum, n), mean| (sum + mean, n + 1.0));
            windows.list.push(Window {
                dyad,
                events: next.events,
                mean: next.values / next.events,
                everyone: self.daily.everyone[month],
                own,
                last_month: (last.events > 0.0).then(|| last.values / last.events),
                fortnight: (count > 0.0).then(|| means / count),
            });
            windows.faded.extend_from_slice(&remembered);
        }
    }
}
