//! The balance of a dyad: what adds up to it, and how it changes while nothing happens.
//!
//! `R = baseline + S + words + deeds`. Impulses fade, each by the half-life of what was done; the
//! standing part S follows what stands. So waiting is a constant and three exponentials at most,
//! and its derivative turns at most twice: between the turns the balance only rises or only falls.
#![expect(
    clippy::inline_always,
    clippy::needless_bitwise_bool,
    clippy::needless_range_loop,
    reason = "what is not inlined is not compiled for the vectors of the processor that is found, \
              and a loop over lanes without branches becomes vectors whole"
)]

use super::temperature::fading_each;
use crate::model::exp2::exp2;
use serde::{Deserialize, Serialize};

/// Which half-life an impulse fades by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fades {
    /// As words do: speaking, meeting, demanding, accusing, threatening; the CAMEO roots 01 to 04
    /// and 09 to 13.
    AsWords,
    /// As deeds do: agreeing, giving, expelling, imposing, fighting; the roots 05 to 08 and 14 to
    /// 20.
    AsDeeds,
}

impl Fades {
    /// How what has a CAMEO code fades, by the first two digits of the code.
    #[must_use]
    pub fn of_code(code: &str) -> Self {
        match code.get(..2) {
            Some("01" | "02" | "03" | "04" | "09" | "10" | "11" | "12" | "13") => Self::AsWords,
            _ => Self::AsDeeds,
        }
    }
}

/// The half-lives of a model, in days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HalfLives {
    /// That of words.
    pub words: f64,
    /// That of deeds.
    pub deeds: f64,
    /// That of the way to what stands.
    pub standing: f64,
}

impl HalfLives {
    /// The half-life of an impulse.
    #[must_use]
    pub const fn of(&self, fades: Fades) -> f64 {
        match fades {
            Fades::AsWords => self.words,
            Fades::AsDeeds => self.deeds,
        }
    }
}

/// Half-lives side by side, in days.
#[derive(Clone, Copy, Debug)]
pub(in crate::model) struct EachHalfLives<const N: usize> {
    words: [f64; N],
    deeds: [f64; N],
    standing: [f64; N],
    /// They are often the same, and nothing takes as long as what they are for.
    deeds_as_words: bool,
    standing_as_words: bool,
}

impl<const N: usize> EachHalfLives<N> {
    #[must_use]
    #[inline(always)]
    pub(in crate::model) fn new(of: impl Fn(usize) -> HalfLives) -> Self {
        let mut each = Self {
            words: [0.0; N],
            deeds: [0.0; N],
            standing: [0.0; N],
            deeds_as_words: true,
            standing_as_words: true,
        };
        for at in 0..N {
            let half_lives = of(at);
            each.words[at] = half_lives.words;
            each.deeds[at] = half_lives.deeds;
            each.standing[at] = half_lives.standing;
            each.deeds_as_words &= half_lives.deeds == half_lives.words;
            each.standing_as_words &= half_lives.standing == half_lives.words;
        }
        each
    }
}

/// Whether any of some numbers is not 0.
#[inline(always)]
fn are_there<const N: usize>(parts: &[f64; N]) -> bool {
    parts.iter().fold(false, |are, part| are | (*part != 0.0))
}

/// What waiting changes in some balances side by side, in degrees. One balance waits by the same
/// formula, and comes to the same bits.
#[derive(Clone, Copy, Debug)]
pub(in crate::model) struct Parts<const N: usize> {
    pub(in crate::model) standing: [f64; N],
    pub(in crate::model) tends_to: [f64; N],
    pub(in crate::model) words: [f64; N],
    pub(in crate::model) deeds: [f64; N],
}

impl<const N: usize> Parts<N> {
    /// The parts after so many days, from 0 on, on which nothing happens.
    #[must_use]
    #[inline(always)]
    pub(in crate::model) fn after(
        mut self,
        days: &[f64; N],
        half_lives: &EachHalfLives<N>,
    ) -> Self {
        let (words, deeds) = (are_there(&self.words), are_there(&self.deeds));
        let mut behind = [0.0; N];
        for at in 0..N {
            let follows = half_lives.standing[at] < f64::INFINITY;
            behind[at] = if follows {
                self.standing[at] - self.tends_to[at]
            } else {
                0.0
            };
        }
        let follows = are_there(&behind);
        let deeds_as_words = deeds && half_lives.deeds_as_words;
        let follows_as_words = follows && half_lives.standing_as_words;
        let left_of_words = if words || deeds_as_words || follows_as_words {
            fading_each(days, &half_lives.words)
        } else {
            [1.0; N]
        };
        if words {
            for at in 0..N {
                self.words[at] *= left_of_words[at];
            }
        }
        if deeds {
            let left = if deeds_as_words {
                left_of_words
            } else {
                fading_each(days, &half_lives.deeds)
            };
            for at in 0..N {
                self.deeds[at] *= left[at];
            }
        }
        if follows {
            let left = if follows_as_words {
                left_of_words
            } else {
                fading_each(days, &half_lives.standing)
            };
            for at in 0..N {
                let followed = self.tends_to[at] + behind[at] * left[at];
                let waits = (days[at] > 0.0) & (half_lives.standing[at] < f64::INFINITY);
                self.standing[at] = if waits { followed } else { self.standing[at] };
            }
        }
        self
    }

    /// R, what each balance adds up to with what is there without any event.
    #[must_use]
    #[inline(always)]
    pub(in crate::model) fn sums(&self, baseline: &[f64; N]) -> [f64; N] {
        let mut sums = *baseline;
        for at in 0..N {
            sums[at] = sum(
                baseline[at],
                self.standing[at],
                self.words[at],
                self.deeds[at],
            );
        }
        sums
    }

    /// The least and the greatest sum on the way to where each wait ends, as
    /// [`Balance::range_until`] has it.
    #[must_use]
    #[inline(always)]
    pub(in crate::model) fn ranges_until(&self, end: &Self, baseline: &[f64; N]) -> [[f64; N]; 2] {
        let (mut least, mut greatest) = (*baseline, *baseline);
        for at in 0..N {
            let by = |one: fn(f64, f64) -> f64| {
                sum(
                    baseline[at],
                    one(self.standing[at], end.standing[at]),
                    one(self.words[at], end.words[at]),
                    one(self.deeds[at], end.deeds[at]),
                )
            };
            (least[at], greatest[at]) = (by(lesser), by(greater));
        }
        [least, greatest]
    }
}

/// R by its parts.
#[inline(always)]
fn sum(baseline: f64, standing: f64, words: f64, deeds: f64) -> f64 {
    baseline + standing + (words + deeds)
}

#[inline(always)]
fn lesser(one: f64, other: f64) -> f64 {
    if other < one { other } else { one }
}

#[inline(always)]
fn greater(one: f64, other: f64) -> f64 {
    if other > one { other } else { one }
}

/// What adds up to the balance of a dyad, in degrees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Balance {
    /// What is there without any event.
    pub baseline: f64,
    /// S, what is felt of the measures that stand or stood.
    pub standing: f64,
    /// E, what S tends to.
    pub tends_to: f64,
    /// What is left of impulses that fade as words do.
    pub words: f64,
    /// What is left of impulses that fade as deeds do.
    pub deeds: f64,
}

impl Balance {
    /// R, what it adds up to.
    #[must_use]
    #[inline]
    pub fn sum(&self) -> f64 {
        sum(self.baseline, self.standing, self.words, self.deeds)
    }

    /// Adds an impulse.
    pub const fn add(&mut self, impulse: f64, fades: Fades) {
        match fades {
            Fades::AsWords => self.words += impulse,
            Fades::AsDeeds => self.deeds += impulse,
        }
    }

    /// The balance after so many days on which nothing happens.
    #[must_use]
    #[inline]
    pub fn after(&self, days: i32, half_lives: &HalfLives) -> Self {
        if days <= 0 {
            return *self;
        }
        let start = self.parts();
        let half_lives = EachHalfLives::new(|_| *half_lives);
        let end = start.after(&[f64::from(days)], &half_lives);
        let Parts {
            standing: [standing],
            words: [words],
            deeds: [deeds],
            ..
        } = end;
        Self {
            standing,
            words,
            deeds,
            ..*self
        }
    }

    /// The least and the greatest sum on the way to where a wait ends: a bound, not always reached.
    /// Each part only goes from where it is to where it ends.
    #[must_use]
    #[inline]
    pub fn range_until(&self, end: &Self) -> [f64; 2] {
        let [[least], [greatest]] = self.parts().ranges_until(&end.parts(), &[self.baseline]);
        [least, greatest]
    }

    /// What waiting changes.
    #[inline]
    const fn parts(&self) -> Parts<1> {
        Parts {
            standing: [self.standing],
            tends_to: [self.tends_to],
            words: [self.words],
            deeds: [self.deeds],
        }
    }

    /// What waiting changes, in degrees, each with its half-life.
    const fn fading_parts(&self, half_lives: &HalfLives) -> [(f64, f64); 3] {
        [
            (self.standing - self.tends_to, half_lives.standing),
            (self.words, half_lives.words),
            (self.deeds, half_lives.deeds),
        ]
    }

    /// The least and the greatest sum that waiting cannot pass, however long: a bound, not always
    /// reached.
    #[must_use]
    #[inline]
    pub fn bounds(&self, half_lives: &HalfLives) -> [f64; 2] {
        let now = self.sum();
        let (mut least, mut greatest) = (now, now);
        for (part, half_life) in self.fading_parts(half_lives) {
            // What fades takes its part away.
            let part = if half_life < f64::INFINITY { part } else { 0.0 };
            least -= if part < 0.0 { 0.0 } else { part };
            greatest -= if part < 0.0 { part } else { 0.0 };
        }
        [least, greatest]
    }

    /// Parts a wait of so many days into pieces in which the balance only rises or only falls from
    /// day to day.
    #[must_use]
    pub fn pieces(&self, days: i32, half_lives: &HalfLives) -> Pieces {
        let mut pieces = Pieces::default();
        if self.fades_one_way(half_lives) {
            pieces.push(days);
            return pieces;
        }
        let (terms, count) = self.slopes(half_lives);
        let terms = &terms[..count];
        // Over the longest of them, which tells its sign as well, and where something is left of it
        // however long the wait.
        let longest = terms.first().map_or(f64::INFINITY, |(_, longest)| *longest);
        let slope = |days: i32| {
            let left = |half_life| exp2(-f64::from(days) * rate(half_life, longest));
            let slope = terms
                .iter()
                .map(|(slope, half_life)| slope * left(*half_life));
            slope.fold(0.0, |sum, part| sum + part)
        };
        // The first day of a span on which the balance goes the other way.
        let turn = |from: i32, to: i32| {
            let (before, after) = (slope(from), slope(to));
            let turned = |days| (slope(from + days) > 0.0) == (after > 0.0);
            let turns = (before < 0.0 && after > 0.0) || (before > 0.0 && after < 0.0);
            turns.then(|| match terms {
                // Two turn once at most, which is looked for in the whole wait.
                [one, other] => first_day_near(to, turn_of(*one, *other), turned),
                _ => from + first_day(to - from, turned),
            })
        };
        let is_negative = |(slope, _): (f64, f64)| slope.is_sign_negative();
        let pairs = terms.windows(2);
        let changes = pairs.filter(|pair| is_negative(pair[0]) != is_negative(pair[1]));
        match changes.count() {
            // By Descartes' rule a sum of exponentials has no more zeros than its terms, in the
            // order of their half-lives, have changes of sign.
            0 => {}
            1 => pieces.turn(turn(0, days)),
            _ => {
                let middle = between_turns(terms).clamp(0.0, f64::from(days)) as i32;
                let next = (middle + 1).min(days);
                pieces.turn(turn(0, middle));
                pieces.push(middle);
                pieces.push(next);
                pieces.turn(turn(next, days));
            }
        }
        pieces.push(days);
        pieces
    }

    /// Whether all that fades has the same sign or the same half-life, so that waiting turns
    /// nowhere.
    fn fades_one_way(&self, half_lives: &HalfLives) -> bool {
        let parts = self.fading_parts(half_lives);
        let fades = |part: &&(f64, f64)| part.0 != 0.0 && part.1 < f64::INFINITY;
        let mut fading = parts.iter().filter(fades);
        let Some((first, half_life)) = fading.next() else {
            return true;
        };
        let mut others = fading.clone();
        fading.all(|(part, _)| (*part < 0.0) == (*first < 0.0))
            || others.all(|(_, other)| other == half_life)
    }

    /// The terms of the derivative, up to a common factor, longest half-life first, each half-life
    /// once.
    fn slopes(&self, half_lives: &HalfLives) -> ([(f64, f64); 3], usize) {
        let parts = self.fading_parts(half_lives);
        let mut slopes = parts.map(|(part, half_life)| (-part / half_life, half_life));
        slopes.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        let mut terms = [(0.0, 1.0); 3];
        let mut count: usize = 0;
        for (slope, half_life) in slopes {
            match terms[..count].last_mut() {
                Some((known, same)) if *same == half_life => *known += slope,
                _ => {
                    terms[count] = (slope, half_life);
                    count += 1;
                }
            }
            // What cancels out, or never was, is no term.
            if terms[count - 1].0 == 0.0 {
                count -= 1;
            }
        }
        (terms, count)
    }
}

/// By how many halvings a day a term fades faster than the longest.
fn rate(half_life: f64, longest: f64) -> f64 {
    1.0 / half_life - 1.0 / longest
}

/// The day that lies between the two turns that three terms may have: where their sum, over the
/// longest of them, turns itself.
fn between_turns(terms: &[(f64, f64)]) -> f64 {
    let &[(_, longest), (one, shorter), (other, shortest)] = terms else {
        return 0.0;
    };
    let (slower, faster) = (rate(shorter, longest), rate(shortest, longest));
    let ratio = -other * faster / (one * slower);
    libm::log2(ratio) / (faster - slower)
}

/// The day on which the sum of two terms is 0, the first of the longer half-life.
fn turn_of((one, longest): (f64, f64), (other, shorter): (f64, f64)) -> f64 {
    libm::log2(-other / one) / rate(shorter, longest)
}

/// The days that end the pieces of a wait, the last of them its own last day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pieces {
    days: [i32; 8],
    count: usize,
}

impl Pieces {
    fn push(&mut self, day: i32) {
        let last = self.days[..self.count].last().copied().unwrap_or(0);
        if day > last {
            self.days[self.count] = day;
            self.count += 1;
        }
    }

    /// The day before a turn ends a piece, and so does the day behind it.
    fn turn(&mut self, day: Option<i32>) {
        if let Some(day) = day {
            self.push(day - 1);
            self.push(day);
        }
    }

    /// Each piece by its first and its last day, counted from the beginning of the wait.
    pub fn iter(self) -> impl Iterator<Item = (i32, i32)> {
        let start = move |at: usize| at.checked_sub(1).map_or(0, |before| self.days[before]);
        (0..self.count).map(move |at| (start(at), self.days[at]))
    }
}

/// The first of `days` days on which a condition holds that, once it holds, goes on to hold; the
/// last day if it holds on none before.
pub fn first_day(days: i32, holds: impl Fn(i32) -> bool) -> i32 {
    let (mut no, mut yes) = (0, days);
    while yes - no > 1 {
        let middle = no + (yes - no) / 2;
        if holds(middle) {
            yes = middle;
        } else {
            no = middle;
        }
    }
    yes
}

/// The same, where it is about known which day that is.
fn first_day_near(days: i32, day: f64, holds: impl Fn(i32) -> bool) -> i32 {
    let day = (libm::ceil(day) as i32).clamp(1, days);
    let is_first = (day == 1 || !holds(day - 1)) && (day == days || holds(day));
    if is_first {
        day
    } else {
        first_day(days, holds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_first_day_is_found() {
        for wanted in 1..=50 {
            assert_eq!(first_day(50, |day| day >= wanted), wanted);
        }
        assert_eq!(first_day(50, |_| false), 50);
    }

    #[test]
    fn half_of_what_fades_is_left_after_a_half_life() {
        let half_lives = HalfLives {
            words: 60.0,
            deeds: 180.0,
            standing: 30.0,
        };
        let start = Balance {
            baseline: 1.0,
            standing: -9.0,
            tends_to: -5.0,
            words: 4.0,
            deeds: 8.0,
        };
        assert_eq!(start.after(60, &half_lives).words, 2.0);
        assert_eq!(start.after(180, &half_lives).deeds, 4.0);
        assert_eq!(start.after(30, &half_lives).standing, -7.0);
        let never = HalfLives {
            words: f64::INFINITY,
            deeds: f64::INFINITY,
            standing: f64::INFINITY,
        };
        assert_eq!(start.after(10_000, &never), start);
        assert_eq!(start.bounds(&never), [start.sum(); 2]);
    }

    #[test]
    fn there_is_a_part_where_any_of_those_side_by_side_is_not_0() {
        assert!(!are_there(&[0.0, -0.0, 0.0]));
        assert!(are_there(&[0.0, 0.0, 1e-300]) && are_there(&[-2.0, 0.0, 2.0]));
    }

    #[test]
    fn what_does_not_wait_keeps_every_bit_beside_what_does() {
        let half_lives = EachHalfLives::new(|_| HalfLives {
            words: 60.0,
            deeds: 180.0,
            standing: 30.0,
        });
        let start = Parts {
            standing: [0.1; 2],
            tends_to: [0.7; 2],
            words: [0.3; 2],
            deeds: [0.0; 2],
        };
        let end = start.after(&[0.0, 10.0], &half_lives);
        assert_eq!((end.standing[0], end.words[0]), (0.1, 0.3));
        assert!(end.standing[1] > 0.1 && end.words[1] < 0.3);
    }

    /// What fades, and by which half-lives: of what stands, of words and of deeds.
    fn fading(parts: [f64; 3], days: [f64; 3]) -> (Balance, HalfLives) {
        let [standing, words, deeds] = parts;
        let balance = Balance {
            standing,
            words,
            deeds,
            ..Balance::default()
        };
        let half_lives = HalfLives {
            standing: days[0],
            words: days[1],
            deeds: days[2],
        };
        (balance, half_lives)
    }

    #[test]
    fn a_piece_ends_right_before_a_turn_right_behind_it_and_between_two() {
        // By which half-lives what turns twice fades.
        let (slow, quick) = ([9.0909, 16.6667, 100.0], [0.9615, 0.9804, 1.0]);
        for (parts, half_lives, days, ends) in [
            // On a day on which it is level it goes neither way.
            (
                [0.0, 8.0, -8.0],
                [30.0, 10.0, 20.0],
                100,
                &[20, 21, 100][..],
            ),
            ([0.0, -8.0, 8.0], [30.0, 10.0, 20.0], 100, &[19, 20, 100]),
            ([0.0, 8.0, -8.0], [30.0, 10.0, 20.0], 20, &[20]),
            ([0.0, -8.0, 8.0], [30.0, 10.0, 20.0], 20, &[20]),
            ([0.0, 4.0, -8.0], [30.0, 10.0, 20.0], 100, &[100]),
            ([0.0, -4.0, 8.0], [30.0, 10.0, 20.0], 100, &[100]),
            // It would turn later.
            ([0.0, 8.0, -8.0], [30.0, 10.0, 20.0], 15, &[15]),
            ([0.0, -8.0, 8.0], [30.0, 10.0, 20.0], 15, &[15]),
            ([0.0, 8.0, -8.0], [30.0, 10.0, 20.0], 0, &[]),
            // It turns on the first day.
            ([0.0, 8.0, -15.9], [30.0, 10.0, 20.0], 100, &[1, 100]),
            // Two of the same half-life go one way together.
            ([2.0, 5.0, -4.0], [30.0, 10.0, 10.0], 100, &[100]),
            ([2.0, 5.0, -5.0], [30.0, 10.0, 10.0], 100, &[100]),
            ([0.0, 5.0, -5.0], [30.0, 10.0, 10.0], 100, &[100]),
            // Twice: the first time right behind the day between the turns.
            ([-1.2812, 3.9585, -10.0], slow, 40, &[4, 5, 6, 40]),
            ([1.2812, -3.9585, 10.0], slow, 40, &[4, 5, 6, 40]),
            ([-1.2812, 3.9585, -10.0], slow, 5, &[4, 5]),
            // Of what lasts a day or two hardly anything is left.
            ([0.0, 8.0, -8.0], [30.0, 1.0, 2.0], 3_000, &[2, 3, 3_000]),
            (
                [-10.082, 0.04267, -1e-5],
                quick,
                3_000,
                &[398, 399, 444, 445, 600, 601, 3_000],
            ),
        ] {
            let (balance, half_lives) = fading(parts, half_lives);
            // Where it turns does not depend on how much there is.
            for scale in [1.0, exp2(-600.0)] {
                let scaled = Balance {
                    standing: balance.standing * scale,
                    words: balance.words * scale,
                    deeds: balance.deeds * scale,
                    ..balance
                };
                let pieces = scaled.pieces(days, &half_lives).iter();
                let told: Vec<_> = pieces.map(|(_, end)| end).collect();
                assert_eq!(told, ends, "{parts:?} times {scale} in {days} days");
            }
        }
    }

    #[test]
    fn what_fades_has_one_way_by_its_sign_or_by_its_half_life() {
        let never = f64::INFINITY;
        for (parts, half_lives, is_one_way) in [
            ([0.0, 0.0, 0.0], [30.0, 60.0, 90.0], true),
            ([0.0, -4.0, -2.0], [30.0, 60.0, 90.0], true),
            ([1.0, 4.0, 2.0], [30.0, 60.0, 90.0], true),
            ([1.0, 4.0, -2.0], [30.0, 60.0, 90.0], false),
            ([-1.0, 4.0, -2.0], [60.0, 60.0, 60.0], true),
            ([-1.0, 4.0, -2.0], [60.0, 60.0, 90.0], false),
            // What never fades does not count.
            ([0.0, 4.0, -3.0], [30.0, 60.0, never], true),
            ([-1.0, 4.0, -3.0], [30.0, 60.0, never], false),
        ] {
            let (balance, half_lives) = fading(parts, half_lives);
            assert_eq!(balance.fades_one_way(&half_lives), is_one_way, "{parts:?}");
        }
    }

    #[test]
    fn a_day_that_is_known_about_is_asked_for_twice_at_most() {
        for wanted in [1, 2, 50, 99, 100] {
            let asked = std::cell::Cell::new(0);
            let holds = |day| {
                asked.set(asked.get() + 1);
                day >= wanted
            };
            assert_eq!(first_day_near(100, f64::from(wanted), holds), wanted);
            assert!(asked.get() <= 2, "{} times for day {wanted}", asked.get());
        }
    }

    fn balances() -> impl Strategy<Value = Balance> {
        let part = -20.0..20.0f64;
        (part.clone(), part.clone(), part.clone(), part.clone(), part).prop_map(
            |(baseline, standing, tends_to, words, deeds)| Balance {
                baseline,
                standing,
                tends_to,
                words,
                deeds,
            },
        )
    }

    fn half_lives() -> impl Strategy<Value = HalfLives> {
        let days = prop_oneof![1.0..500.0f64, Just(60.0), Just(f64::INFINITY)];
        (days.clone(), days.clone(), days).prop_map(|(words, deeds, standing)| HalfLives {
            words,
            deeds,
            standing,
        })
    }

    proptest! {
        #[test]
        fn waiting_in_two_steps_equals_waiting_once(
            start in balances(), half_lives in half_lives(), a in 0..3000i32, b in 0..3000i32,
        ) {
            let once = start.after(a + b, &half_lives).sum();
            let twice = start.after(a, &half_lives).after(b, &half_lives).sum();
            prop_assert!((once - twice).abs() < 1e-12);
        }

        #[test]
        fn a_piece_only_rises_or_only_falls(start in balances(), half_lives in half_lives(), days in 1..900i32) {
            let pieces = start.pieces(days, &half_lives);
            let at = |day: i32| start.after(day, &half_lives).sum();
            prop_assert_eq!(pieces.iter().last().map(|(_, end)| end), Some(days));
            for (from, to) in pieces.iter() {
                let direction = (at(to) - at(from)).signum();
                for day in from..to {
                    let step = at(day + 1) - at(day);
                    prop_assert!(step * direction >= -1e-12, "{from}..{to}: {step} on day {day}");
                }
            }
        }

        #[test]
        fn a_day_is_found_wherever_it_is_looked_for(days in 1..900i32, wanted in 1..1000i32, near in -50.0..1000.0f64) {
            let holds = |day| day >= wanted;
            prop_assert_eq!(first_day_near(days, near, holds), first_day(days, holds));
        }

        #[test]
        fn slopes_say_how_the_balance_changes_each_half_life_once_and_nothing_that_is_none(
            start in balances(), half_lives in half_lives(), days in 0..900i32,
        ) {
            let (terms, count) = start.slopes(&half_lives);
            let terms = &terms[..count];
            prop_assert!(terms.is_sorted_by(|(_, one), (_, other)| one > other), "{terms:?}");
            prop_assert!(terms.iter().all(|(slope, _)| *slope != 0.0), "{terms:?}");
            let left = |half_life: f64| libm::exp2(-f64::from(days) / half_life);
            let told: f64 = terms.iter().map(|(slope, half_life)| slope * left(*half_life)).sum();
            let parts = start.fading_parts(&half_lives);
            let right: f64 = parts.iter().map(|(part, half_life)| -part / half_life * left(*half_life)).sum();
            prop_assert!((told - right).abs() < 1e-12, "{told} for {right} in {terms:?}");
        }

        #[test]
        fn what_goes_one_way_is_one_piece(
            start in balances(), half_lives in half_lives(), days in 1..900i32, warms: bool,
        ) {
            let toward = if warms { -1.0 } else { 1.0 };
            let one_way = Balance {
                standing: start.tends_to + toward * start.standing.abs(),
                words: toward * start.words.abs(),
                deeds: toward * start.deeds.abs(),
                ..start
            };
            let pieces = one_way.pieces(days, &half_lives);
            prop_assert_eq!(pieces.iter().collect::<Vec<_>>(), [(0, days)]);
        }

        #[test]
        fn two_terms_add_up_to_nothing_where_they_turn(
            one in 0.1..20.0f64, other in 0.1..20.0f64, longest in 2.0..500.0f64, share in 0.1..0.9f64,
        ) {
            let shorter = longest * share;
            let day = turn_of((one, longest), (-other, shorter));
            let ratio = one * libm::exp2(-day / longest) / (other * libm::exp2(-day / shorter));
            prop_assert!((ratio - 1.0).abs() < 1e-9, "{ratio} on day {day}");
        }

        #[test]
        fn three_terms_over_the_longest_are_level_between_their_turns(
            one in 0.1..20.0f64, other in 0.1..20.0f64, longest in 2.0..500.0f64,
            shares in (0.5..0.9f64, 0.1..0.4f64),
        ) {
            let (shorter, shortest) = (longest * shares.0, longest * shares.1);
            let day = between_turns(&[(1.0, longest), (-one, shorter), (other, shortest)]);
            let falls = |slope: f64, half_life: f64| {
                let rate = 1.0 / half_life - 1.0 / longest;
                slope * rate * libm::exp2(-day * rate)
            };
            let ratio = falls(one, shorter) / falls(other, shortest);
            prop_assert!((ratio - 1.0).abs() < 1e-9, "{ratio} on day {day}");
        }

        #[test]
        fn side_by_side_balances_wait_to_the_same_bits(
            starts in proptest::collection::vec((balances(), half_lives(), 0..3000i32), 4),
            is_still in any::<[bool; 3]>(),
        ) {
            let of = |part: fn(&Balance) -> f64| std::array::from_fn(|at| part(&starts[at].0));
            let mut parts: Parts<4> = Parts {
                standing: of(|it| it.standing),
                tends_to: of(|it| it.tends_to),
                words: of(|it| it.words),
                deeds: of(|it| it.deeds),
            };
            let none = is_still.map(|is_still| if is_still { [0.0; 4] } else { [1.0; 4] });
            for at in 0..4 {
                parts.words[at] *= none[0][at];
                parts.deeds[at] *= none[1][at];
                parts.standing[at] = if is_still[2] { parts.tends_to[at] } else { parts.standing[at] };
            }
            let half_lives = EachHalfLives::new(|at| starts[at].1);
            let baseline = of(|it| it.baseline);
            let end = parts.after(&std::array::from_fn(|at| f64::from(starts[at].2)), &half_lives);
            let (sums, [least, most]) = (end.sums(&baseline), parts.ranges_until(&end, &baseline));
            for (at, (start, half_lives, days)) in starts.iter().enumerate() {
                let start = Balance {
                    words: parts.words[at],
                    deeds: parts.deeds[at],
                    standing: parts.standing[at],
                    ..*start
                };
                let alone = start.after(*days, half_lives);
                let range = start.range_until(&alone);
                let same = [sums[at], least[at], most[at]].map(f64::to_bits)
                    == [alone.sum(), range[0], range[1]].map(f64::to_bits);
                prop_assert!(same, "{start:?} after {days} days");
            }
        }

        #[test]
        fn a_wait_stays_within_its_range(start in balances(), half_lives in half_lives(), days in 0..900i32) {
            let [least, most] = start.range_until(&start.after(days, &half_lives));
            for day in 0..=days {
                let sum = start.after(day, &half_lives).sum();
                prop_assert!(least - 1e-12 <= sum && sum <= most + 1e-12, "{least} {sum} {most} on {day}");
            }
        }

        #[test]
        fn waiting_stays_within_its_bounds(start in balances(), half_lives in half_lives(), days in 0..5000i32) {
            let [least, greatest] = start.bounds(&half_lives);
            let sum = start.after(days, &half_lives).sum();
            prop_assert!(least - 1e-12 <= sum && sum <= greatest + 1e-12);
        }
    }
}
