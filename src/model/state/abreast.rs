//! Runs abreast: what happens to one dyad in each of some runs is noted step by step, and then
//! taken by all of them at once, each in a lane of the processor's vectors.
//!
//! Each run has its own days, impacts and half-lives; a run that has fewer steps than others stands
//! still meanwhile. The formulas are those by which one relation waits, takes and is read, so that
//! a run comes to the same bits as alone. What is seldom, a border that is passed or an answer that
//! may change, is looked at run by run.
#![expect(
    clippy::inline_always,
    clippy::needless_bitwise_bool,
    clippy::needless_range_loop,
    reason = "what is not inlined is not compiled for the vectors of the processor that is found, \
              and a loop over lanes without branches becomes vectors whole"
)]

use super::relation::{Relation, Tendency, Wanted, phase_passed};
use crate::model::day::Day;
use crate::model::parameters::parameter::{Model, Reckoning};
use crate::model::relation::balance::{Balance, EachHalfLives, Fades, Parts};
use crate::model::relation::phase::Phase;
use crate::model::relation::temperature::Reading;
use fearless_simd::{Level, dispatch};

/// How many runs go side by side.
pub const ABREAST: usize = 8;

/// A number of each run.
type Lanes = [f64; ABREAST];

/// No day at all, before all others.
const NEVER: f64 = f64::NEG_INFINITY;
const NONE: Lanes = [0.0; ABREAST];

/// One dyad in some runs side by side.
#[derive(Clone, Debug)]
pub struct Abreast {
    baseline: Lanes,
    start: Stand,
    steps: Vec<Stride>,
    /// How it stands in each run after its last step until each date; kept for its memory.
    stands: Vec<Stand>,
    /// How many steps each run has taken.
    counts: [usize; ABREAST],
    /// How many of them the state has caught up with.
    caught: [usize; ABREAST],
    /// Whether the state is asked for phases as well.
    are_phases_asked: bool,
    /// From which step on each run is asked, and on which day first; and the day of the last event
    /// before that, of any dyad.
    asked: [Option<(usize, Day, Option<Day>)>; ABREAST],
    questions: Vec<Open>,
    /// The days on which an answer can change; kept for its memory.
    days: Vec<Day>,
}

/// What is asked of one dyad.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// What must hold.
    pub wanted: Wanted,
    /// Whether on any day until this one; at the end where there is none.
    pub by: Option<Day>,
}

/// A question, as far as it is answered.
#[derive(Clone, Debug)]
struct Open {
    asked: Asked,
    /// The last day on which each run is still to be asked.
    until: Lanes,
    /// The day until which each run has been asked.
    from: Lanes,
    holds: [bool; ABREAST],
}

/// How a dyad stands in each run.
#[derive(Clone, Copy, Debug)]
struct Stand {
    parts: Parts<ABREAST>,
    /// The day of its last step; infinity before the first, from which nothing is waited.
    since: Lanes,
    phases: [Option<Phase>; ABREAST],
    /// The balances between which the phases surely hold.
    zones: [Lanes; 2],
}

/// A step of each run: its day and what it takes then, and what it tends to after that.
#[derive(Clone, Copy, Debug)]
struct Stride {
    day: Lanes,
    words: Lanes,
    deeds: Lanes,
    tends_to: Lanes,
}

impl Stand {
    const NONE: Self = Self {
        parts: Parts {
            standing: NONE,
            tends_to: NONE,
            words: NONE,
            deeds: NONE,
        },
        since: [f64::INFINITY; ABREAST],
        phases: [None; ABREAST],
        zones: [[f64::NEG_INFINITY; ABREAST], [f64::INFINITY; ABREAST]],
    };

    fn balance(&self, lane: usize, baseline: f64) -> Balance {
        Balance {
            baseline,
            standing: self.parts.standing[lane],
            tends_to: self.parts.tends_to[lane],
            words: self.parts.words[lane],
            deeds: self.parts.deeds[lane],
        }
    }

    fn enter(&mut self, lane: usize, phase: Option<Phase>, by: &Reckoning) {
        self.phases[lane] = phase;
        let everywhere = [f64::NEG_INFINITY, f64::INFINITY];
        let [least, most] = phase.map_or(everywhere, |phase| by.zones.of(phase));
        (self.zones[0][lane], self.zones[1][lane]) = (least, most);
    }

    /// Takes over how a run stands elsewhere.
    #[inline(always)]
    fn take_over(&mut self, lane: usize, other: &Self) {
        self.parts.standing[lane] = other.parts.standing[lane];
        self.parts.tends_to[lane] = other.parts.tends_to[lane];
        self.parts.words[lane] = other.parts.words[lane];
        self.parts.deeds[lane] = other.parts.deeds[lane];
        self.since[lane] = other.since[lane];
        self.phases[lane] = other.phases[lane];
        self.zones[0][lane] = other.zones[0][lane];
        self.zones[1][lane] = other.zones[1][lane];
    }

    /// Whether a phase may end while balances stay between two values.
    #[inline(always)]
    fn may_leave(&self, [least, most]: &[Lanes; 2]) -> bool {
        let mut may = false;
        for lane in 0..ABREAST {
            let [coldest, warmest] = [self.zones[0][lane], self.zones[1][lane]];
            may |= !((coldest <= least[lane]) & (most[lane] <= warmest));
        }
        may
    }
}

impl Stride {
    const NONE: Self = Self {
        day: [NEVER; ABREAST],
        words: NONE,
        deeds: NONE,
        tends_to: NONE,
    };
}

fn number(day: Day) -> f64 {
    f64::from(day.days_since(Day::EPOCH))
}

fn day_of(number: f64) -> Day {
    Day::EPOCH.plus_days(number as i32).unwrap_or(Day::LAST)
}

impl Abreast {
    /// A dyad of which some things are asked here, and of the state perhaps its phase.
    #[must_use]
    pub fn new(questions: &[Asked], are_phases_asked: bool) -> Self {
        let open = |&asked: &Asked| Open {
            asked,
            until: [NEVER; ABREAST],
            from: [NEVER; ABREAST],
            holds: [false; ABREAST],
        };
        Self {
            baseline: NONE,
            start: Stand::NONE,
            steps: Vec::new(),
            stands: Vec::new(),
            counts: [0; ABREAST],
            caught: [0; ABREAST],
            are_phases_asked,
            asked: [None; ABREAST],
            questions: questions.iter().map(open).collect(),
            days: Vec::new(),
        }
    }

    /// Forgets all runs.
    pub fn clear(&mut self) {
        self.counts = [0; ABREAST];
        self.caught = [0; ABREAST];
        self.asked = [None; ABREAST];
        self.start = Stand::NONE;
        for question in &mut self.questions {
            question.until = [NEVER; ABREAST];
            question.holds = [false; ABREAST];
        }
    }

    /// How the dyad stands before the steps of a run, which are still to come.
    #[inline]
    pub fn begin(&mut self, lane: usize, relation: &Relation, by: &Reckoning) {
        if self.counts[lane] > 0 {
            return;
        }
        let balance = &relation.balance;
        self.baseline[lane] = balance.baseline;
        self.start.parts.standing[lane] = balance.standing;
        self.start.parts.tends_to[lane] = balance.tends_to;
        self.start.parts.words[lane] = balance.words;
        self.start.parts.deeds[lane] = balance.deeds;
        self.start.since[lane] = relation.valid_for.map_or(f64::INFINITY, number);
        self.start.enter(lane, relation.phase, by);
    }

    /// The dyad waits until a day and takes an impact in degrees.
    #[inline]
    pub fn step(&mut self, lane: usize, day: Day, (impact, fades): (f64, Fades)) {
        let count = self.counts[lane];
        if self.steps.len() == count {
            self.steps.push(Stride::NONE);
        }
        let tends_to = match count.checked_sub(1) {
            None => self.start.parts.tends_to[lane],
            Some(last) => self.steps[last].tends_to[lane],
        };
        let stride = &mut self.steps[count];
        let (words, deeds) = match fades {
            Fades::AsWords => (impact, 0.0),
            Fades::AsDeeds => (0.0, impact),
        };
        stride.day[lane] = number(day);
        stride.words[lane] = words;
        stride.deeds[lane] = deeds;
        stride.tends_to[lane] = tends_to;
        self.counts[lane] = count + 1;
    }

    /// From its last step on the dyad tends to something else.
    pub fn tend(&mut self, lane: usize, to: Tendency) {
        match self.counts[lane].checked_sub(1) {
            None => self.start.parts.tends_to[lane] = to.balance,
            Some(last) => self.steps[last].tends_to[lane] = to.balance,
        }
    }

    /// The run has left its past behind: from now on it is asked, on a first day; the last event of
    /// any dyad was on `last`.
    pub fn ask_from(&mut self, lane: usize, first: Day, last: Option<Day>) {
        self.asked[lane] = Some((self.counts[lane], first, last));
    }

    /// Lets a relation catch up with the steps of a run that were kept.
    pub(super) fn catch_up(&mut self, lane: usize, relation: &mut Relation, model: &Model) {
        for stride in &self.steps[self.caught[lane]..self.counts[lane]] {
            let (words, deeds) = (stride.words[lane], stride.deeds[lane]);
            let push = if words == 0.0 {
                (deeds, Fades::AsDeeds)
            } else {
                (words, Fades::AsWords)
            };
            let day = day_of(stride.day[lane]);
            if self.are_phases_asked {
                relation.wait_and_take(day, push, model);
            } else {
                relation.wait_and_push(day, push, model);
            }
            relation.balance.tends_to = stride.tends_to[lane];
        }
        relation.temperature = model.reading().of(relation.balance.sum());
        self.caught[lane] = self.counts[lane];
    }

    /// Takes all steps, and answers what is asked, until the last day; on the way it tells the
    /// temperatures and the phases on each of some dates that rise, by its place.
    pub fn take(
        &mut self,
        by: &[Reckoning; ABREAST],
        until: Day,
        dates: &[Day],
        each: impl FnMut(usize, &Lanes, &[Option<Phase>; ABREAST]),
    ) {
        dispatch!(Level::new(), _ => {
            self.take_in_lanes(by, until, dates);
            self.read_in_lanes(by, dates, each);
        });
    }

    /// Whether a question holds in a run.
    #[must_use]
    pub fn holds(&self, question: usize, lane: usize) -> bool {
        self.questions[question].holds[lane]
    }

    /// What is left of shorter runs stands still; then all wait for the last day.
    fn fill(&mut self, until: Day) -> usize {
        let most = self.counts.into_iter().max().unwrap_or(0);
        if self.steps.len() == most {
            self.steps.push(Stride::NONE);
        }
        for lane in 0..ABREAST {
            let count = self.counts[lane];
            let tends_to = match count.checked_sub(1) {
                None => self.start.parts.tends_to[lane],
                Some(last) => self.steps[last].tends_to[lane],
            };
            for stride in &mut self.steps[count..=most] {
                stride.day[lane] = NEVER;
                stride.words[lane] = 0.0;
                stride.deeds[lane] = 0.0;
                stride.tends_to[lane] = tends_to;
            }
            self.steps[most].day[lane] = number(until);
            // Whoever has no step behind that is asked on the way to the last day.
            if let Some((place, ..)) = &mut self.asked[lane]
                && *place == count
            {
                *place = most;
            }
        }
        most
    }

    #[inline(always)]
    fn take_in_lanes(&mut self, by: &[Reckoning; ABREAST], until: Day, dates: &[Day]) {
        let most = self.fill(until);
        let half_lives = EachHalfLives::new(|lane| by[lane].half_lives);
        let mut stand = self.start;
        // Every run is put into each that is read.
        let most_dates = dates.len().max(self.stands.len());
        self.stands.resize(most_dates, Stand::NONE);
        let date_of = |place: usize| dates.get(place).map_or(f64::INFINITY, |date| number(*date));
        let mut next = [0; ABREAST];
        let mut next_dates = [date_of(0); ABREAST];
        for at in 0..=most {
            let Stride {
                day,
                words,
                deeds,
                tends_to,
            } = self.steps[at];
            let beyond = if at < most {
                day
            } else {
                [f64::INFINITY; ABREAST]
            };
            let mut is_read = false;
            for lane in 0..ABREAST {
                is_read |= beyond[lane] > next_dates[lane];
            }
            if is_read {
                for lane in 0..ABREAST {
                    while beyond[lane] > next_dates[lane] {
                        self.stands[next[lane]].take_over(lane, &stand);
                        next[lane] += 1;
                        next_dates[lane] = date_of(next[lane]);
                    }
                }
            }
            let days = waits(&day, &stand.since);
            let end = stand.parts.after(&days, &half_lives);
            let range = stand.parts.ranges_until(&end, &self.baseline);
            let may_leave = stand.may_leave(&range);
            self.ask_until(at, &stand, &day, (&range, may_leave), by);
            if may_leave {
                self.pass_waiting(&mut stand, &end, &days, &range, by);
            }
            stand.parts = end;
            let mut moves = false;
            for lane in 0..ABREAST {
                moves |= (words[lane] != 0.0) | (deeds[lane] != 0.0);
            }
            if moves {
                stand.parts = pushed(by, &stand.parts, &self.baseline, &words, &deeds);
            }
            let sums = stand.parts.sums(&self.baseline);
            if stand.may_leave(&[sums, sums]) {
                pass(&mut stand, &sums, by);
            }
            stand.parts.tends_to = tends_to;
            for lane in 0..ABREAST {
                let since = stand.since[lane];
                stand.since[lane] = if day[lane] > NEVER { day[lane] } else { since };
            }
            if at < most {
                self.ask_on(&stand, &day, &sums, by);
            } else {
                self.ask_at_end(&stand, &sums, by);
            }
        }
    }

    /// Lets phases end while a wait passes their borders.
    #[cold]
    fn pass_waiting(
        &self,
        stand: &mut Stand,
        end: &Parts<ABREAST>,
        days: &Lanes,
        [least, most]: &[Lanes; 2],
        by: &[Reckoning; ABREAST],
    ) {
        for lane in 0..ABREAST {
            let Some(phase) = stand.phases[lane] else {
                continue;
            };
            let by = &by[lane];
            if !by.zones.hold(phase, [least[lane], most[lane]]) {
                let start = stand.balance(lane, self.baseline[lane]);
                let end = Balance {
                    standing: end.standing[lane],
                    words: end.words[lane],
                    deeds: end.deeds[lane],
                    ..start
                };
                let nobody = None::<fn(Phase, Phase, i32)>;
                let wait = (&start, &end, days[lane] as i32);
                stand.enter(lane, Some(phase_passed(wait, phase, by, nobody)), by);
            }
        }
    }

    /// The relation as it stands in a run before a wait.
    fn relation(&self, stand: &Stand, lane: usize, by: &Reckoning) -> Relation {
        let balance = stand.balance(lane, self.baseline[lane]);
        let temperature = by.reading.of(balance.sum());
        let since = stand.since[lane];
        Relation {
            temperature,
            // Nothing of what is asked here depends on it.
            equilibrium: temperature,
            phase: stand.phases[lane],
            valid_for: since.is_finite().then(|| day_of(since)),
            last_readout: [None; 2],
            readouts: [0; 2],
            balance,
        }
    }

    /// Asks on the days of a wait on which an answer may come.
    #[inline(always)]
    fn ask_until(
        &mut self,
        at: usize,
        stand: &Stand,
        day: &Lanes,
        ([least, most], may_leave): (&[Lanes; 2], bool),
        by: &[Reckoning; ABREAST],
    ) {
        if self.questions.is_empty() {
            return;
        }
        let leaves = self.asked.iter().flatten().any(|(first, ..)| *first == at);
        for place in 0..self.questions.len() {
            if self.questions[place].asked.by.is_none() {
                continue;
            }
            if leaves {
                self.ask_first(place, at, stand, by);
            }
            let question = &mut self.questions[place];
            let mut is_open = false;
            for lane in 0..ABREAST {
                is_open |= question.until[lane] > question.from[lane];
            }
            if !is_open {
                continue;
            }
            let mut may = false;
            match question.asked.wanted {
                Wanted::Lies { above, below } => {
                    let above = above.map_or(NEVER, |mark| mark.screen(by[0].reading)[0]);
                    let below = below.map_or(f64::INFINITY, |mark| mark.screen(by[0].reading)[1]);
                    for lane in 0..ABREAST {
                        let is_open = question.until[lane] > question.from[lane];
                        may |= is_open & !((most[lane] < above) | (least[lane] > below));
                    }
                }
                Wanted::In(_) => may = may_leave,
            }
            if may {
                self.find(place, stand, day, [least, most], by);
            }
            let question = &mut self.questions[place];
            for lane in 0..ABREAST {
                let steps = (question.until[lane] > NEVER) & (day[lane] > NEVER);
                question.from[lane] = if steps {
                    day[lane]
                } else {
                    question.from[lane]
                };
            }
        }
    }

    /// Asks on the first day on which runs are asked.
    #[cold]
    fn ask_first(&mut self, place: usize, at: usize, stand: &Stand, by: &[Reckoning; ABREAST]) {
        for lane in 0..ABREAST {
            let Some((first_step, first, last)) = self.asked[lane] else {
                continue;
            };
            let Asked { wanted, by: until } = self.questions[place].asked;
            let in_time = |until: &Day| last.is_none_or(|last| last <= *until);
            let Some(until) = until.filter(in_time).filter(|_| first_step == at) else {
                continue;
            };
            let relation = self.relation(stand, lane, &by[lane]);
            let question = &mut self.questions[place];
            if relation.is(&wanted, first.min(until), &by[lane]) {
                question.holds[lane] = true;
            } else {
                (question.until[lane], question.from[lane]) = (number(until), number(first));
            }
        }
    }

    /// Looks for the first day of a wait on which a question holds.
    #[cold]
    fn find(
        &mut self,
        place: usize,
        stand: &Stand,
        day: &Lanes,
        [least, most]: [&Lanes; 2],
        by: &[Reckoning; ABREAST],
    ) {
        for lane in 0..ABREAST {
            let question = &self.questions[place];
            let wanted = question.asked.wanted;
            let (from, to) = (question.from[lane], question.until[lane].min(day[lane]));
            let may = match wanted {
                Wanted::Lies { above, below } => {
                    let reading = by[lane].reading;
                    above.is_none_or(|mark| most[lane] >= mark.screen(reading)[0])
                        && below.is_none_or(|mark| least[lane] <= mark.screen(reading)[1])
                }
                Wanted::In(_) => {
                    let range = [least[lane], most[lane]];
                    let may_end = |phase| !by[lane].zones.hold(phase, range);
                    stand.phases[lane].is_some_and(may_end)
                }
            };
            if !may || from >= to {
                continue;
            }
            let relation = self.relation(stand, lane, &by[lane]);
            let mut days = std::mem::take(&mut self.days);
            days.clear();
            let span = (day_of(from), day_of(to));
            relation.turns(&wanted, span, &by[lane], &mut days);
            if days.iter().any(|day| relation.is(&wanted, *day, &by[lane])) {
                self.questions[place].close(lane);
            }
            self.days = days;
        }
    }

    /// Asks on the day of a step, right after it.
    #[inline(always)]
    fn ask_on(&mut self, stand: &Stand, day: &Lanes, sums: &Lanes, by: &[Reckoning; ABREAST]) {
        for question in &mut self.questions {
            let mut may = false;
            match question.asked.wanted {
                Wanted::Lies { above, below } => {
                    let above = above.map_or(NEVER, |mark| mark.screen(by[0].reading)[0]);
                    let below = below.map_or(f64::INFINITY, |mark| mark.screen(by[0].reading)[1]);
                    for lane in 0..ABREAST {
                        let until = question.until[lane];
                        let is_open = (until >= day[lane]) & (day[lane] > NEVER);
                        may |= is_open & !((sums[lane] < above) | (sums[lane] > below));
                    }
                }
                Wanted::In(phases) => {
                    for lane in 0..ABREAST {
                        let until = question.until[lane];
                        let is_open = (until >= day[lane]) & (day[lane] > NEVER);
                        may |= is_open & phases.hold(stand.phases[lane]);
                    }
                }
            }
            if may {
                question.ask_on(stand, day, sums, by);
            }
        }
    }

    /// Asks what is asked at the end.
    #[inline(always)]
    fn ask_at_end(&mut self, stand: &Stand, sums: &Lanes, by: &[Reckoning; ABREAST]) {
        for question in &mut self.questions {
            if question.asked.by.is_none() {
                for lane in 0..ABREAST {
                    question.holds[lane] = question.is(stand, lane, sums[lane], &by[lane]);
                }
            }
        }
    }

    #[inline(always)]
    fn read_in_lanes(
        &self,
        by: &[Reckoning; ABREAST],
        dates: &[Day],
        mut each: impl FnMut(usize, &Lanes, &[Option<Phase>; ABREAST]),
    ) {
        let half_lives = EachHalfLives::new(|lane| by[lane].half_lives);
        for (place, (stand, &date)) in self.stands.iter().zip(dates).enumerate() {
            let waited = waits(&[number(date); ABREAST], &stand.since);
            let end = stand.parts.after(&waited, &half_lives);
            let range = stand.parts.ranges_until(&end, &self.baseline);
            let temperatures = by[0].reading.of_each(end.sums(&self.baseline));
            if stand.may_leave(&range) {
                let mut then = *stand;
                self.pass_waiting(&mut then, &end, &waited, &range, by);
                each(place, &temperatures, &then.phases);
            } else {
                each(place, &temperatures, &stand.phases);
            }
        }
    }
}

impl Open {
    fn close(&mut self, lane: usize) {
        (self.holds[lane], self.until[lane]) = (true, NEVER);
    }

    /// Whether what is asked holds where a balance stands now.
    fn is(&self, stand: &Stand, lane: usize, sum: f64, by: &Reckoning) -> bool {
        match self.asked.wanted {
            Wanted::Lies { above, below } => {
                above.is_none_or(|mark| by.reading.is_above(sum, &mark))
                    && below.is_none_or(|mark| by.reading.is_below(sum, &mark))
            }
            Wanted::In(phases) => phases.hold(stand.phases[lane]),
        }
    }

    #[cold]
    fn ask_on(&mut self, stand: &Stand, day: &Lanes, sums: &Lanes, by: &[Reckoning; ABREAST]) {
        for lane in 0..ABREAST {
            let is_open = self.until[lane] >= day[lane] && day[lane] > NEVER;
            if is_open && self.is(stand, lane, sums[lane], &by[lane]) {
                self.close(lane);
            }
        }
    }
}

/// How many days each run waits.
#[inline(always)]
fn waits(day: &Lanes, since: &Lanes) -> Lanes {
    let mut days = NONE;
    for lane in 0..ABREAST {
        let wait = day[lane] - since[lane];
        days[lane] = if wait > 0.0 { wait } else { 0.0 };
    }
    days
}

/// The parts after an impact of each run.
#[inline(always)]
fn pushed(
    by: &[Reckoning; ABREAST],
    parts: &Parts<ABREAST>,
    baseline: &Lanes,
    words: &Lanes,
    deeds: &Lanes,
) -> Parts<ABREAST> {
    let mut pushed = *parts;
    if by[0].reading == Reading::Stepwise {
        let sums = parts.sums(baseline);
        for lane in 0..ABREAST {
            pushed.words[lane] += by[lane].reading.impulse(sums[lane], words[lane]);
            pushed.deeds[lane] += by[lane].reading.impulse(sums[lane], deeds[lane]);
        }
    } else {
        for lane in 0..ABREAST {
            pushed.words[lane] += words[lane];
            pushed.deeds[lane] += deeds[lane];
        }
    }
    pushed
}

/// Lets phases end whose borders an impact has passed.
#[cold]
fn pass(stand: &mut Stand, sums: &Lanes, by: &[Reckoning; ABREAST]) {
    for lane in 0..ABREAST {
        let (by, mut phase) = (&by[lane], stand.phases[lane]);
        let degrees = by.reading.of(sums[lane]);
        while let Some(next) = phase.and_then(|it| it.next(degrees, by.hysteresis_degrees)) {
            phase = Some(next);
        }
        if phase != stand.phases[lane] {
            stand.enter(lane, phase, by);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parameters::preset::Preset;
    use crate::model::relation::temperature::Mark;
    use crate::model::state::relation::Phases;
    use proptest::prelude::*;

    const UNTIL: i32 = 900;

    /// A run: how the dyad starts, its model, its steps, and from when on it is asked.
    #[derive(Clone, Debug)]
    struct Run {
        baseline: f64,
        half_lives_days: [f64; 3],
        hysteresis_degrees: f64,
        /// The days since the step before, the impact, whether it is words, and what stands then.
        steps: Vec<(i32, f64, bool, Option<f64>)>,
        left: usize,
        later: i32,
    }

    fn runs() -> impl Strategy<Value = Vec<Run>> {
        let days = || prop_oneof![1.0..500.0f64, Just(60.0), Just(f64::INFINITY)];
        let stands = prop::option::weighted(0.2, -9.0..9.0f64);
        let impact = prop_oneof![-3.0..3.0f64, Just(0.0)];
        let step = (0..60i32, impact, any::<bool>(), stands);
        let run = (
            prop_oneof![-3.0..3.0f64, Just(0.0)],
            [days(), days(), days()],
            0.0..1.0f64,
            prop::collection::vec(step, 0..12),
            0..12_usize,
            0..40i32,
        );
        let run = run.prop_map(
            |(baseline, half_lives_days, hysteresis_degrees, steps, left, later)| Run {
                baseline,
                half_lives_days,
                hysteresis_degrees,
                left: left.min(steps.len()),
                steps,
                later,
            },
        );
        prop::collection::vec(run, 1..=ABREAST)
    }

    impl Run {
        fn model(&self, preset: Preset) -> Model {
            let mut model = Model::new(preset);
            let names = [
                "half_life_words_days",
                "half_life_deeds_days",
                "standing_half_life_days",
            ];
            for (name, days) in names.into_iter().zip(self.half_lives_days) {
                model.put(Model::slot(name).unwrap(), days).unwrap();
            }
            let slot = Model::slot("hysteresis_degrees").unwrap();
            model.put(slot, self.hysteresis_degrees).unwrap();
            model
        }

        fn pushes(&self) -> Vec<(Day, (f64, Fades), Option<f64>)> {
            let mut day = 0;
            let push = |&(days, impact, is_words, stands): &(i32, f64, bool, Option<f64>)| {
                day += days;
                let fades = if is_words {
                    Fades::AsWords
                } else {
                    Fades::AsDeeds
                };
                (on(day), (impact, fades), stands)
            };
            self.steps.iter().map(push).collect()
        }

        /// The first day on which it is asked, and the day of the last step before.
        fn first(&self) -> (Day, Option<Day>) {
            let pushes = self.pushes();
            let last = self.left.checked_sub(1).map(|last| pushes[last].0);
            let next = pushes.get(self.left).map_or(on(UNTIL), |(day, ..)| *day);
            let later = last.unwrap_or(on(0)).plus_days(self.later).unwrap();
            (later.min(next), last)
        }

        /// How it stands after each number of steps.
        fn alone(&self, model: &Model) -> Vec<Relation> {
            let mut relation = Relation::at_start(self.baseline, model);
            let mut relations = vec![relation];
            for (day, push, stands) in self.pushes() {
                relation.wait_and_take(day, push, model);
                if let Some(stands) = stands {
                    relation.tend(relation.tendency(stands, model));
                }
                relations.push(relation);
            }
            relations
        }

        /// Whether a question holds, asked day by day.
        fn holds(&self, asked: &Asked, relations: &[Relation], by: &Reckoning) -> bool {
            let Some(until) = asked.by else {
                return relations.last().unwrap().is(&asked.wanted, on(UNTIL), by);
            };
            let (first, last) = self.first();
            let in_time = |day: Option<Day>| day.is_none_or(|day| day <= until);
            let mut holds =
                in_time(last) && relations[self.left].is(&asked.wanted, first.min(until), by);
            let mut from = first;
            let pushes = self.pushes();
            for place in self.left..=self.steps.len() {
                let next = pushes.get(place).map_or(on(UNTIL), |(day, ..)| *day);
                while from < next.min(until) {
                    from = from.plus_days(1).unwrap();
                    holds |= relations[place].is(&asked.wanted, from, by);
                }
                if place < self.steps.len() && next <= until {
                    from = next;
                    holds |= relations[place + 1].is(&asked.wanted, next, by);
                }
            }
            holds
        }
    }

    fn on(day: i32) -> Day {
        Day::EPOCH.plus_days(day).unwrap()
    }

    #[test]
    fn a_phase_may_be_left_where_one_of_the_runs_may_leave_it() {
        let mut stand = Stand::NONE;
        stand.zones = [[-1.0; ABREAST], [2.0; ABREAST]];
        let leaves = |range| stand.may_leave(&range);
        assert!(!leaves([[-1.0; ABREAST], [2.0; ABREAST]]));
        assert!(leaves([[-1.1; ABREAST], [2.0; ABREAST]]));
        assert!(leaves([[-1.0; ABREAST], [2.1; ABREAST]]));
        for lane in 0..ABREAST {
            let (mut least, mut most) = ([0.0; ABREAST], [0.0; ABREAST]);
            assert!(!leaves([least, most]));
            least[lane] = -1.5;
            assert!(leaves([least, most]), "lane {lane}");
            (least[lane], most[lane]) = (0.0, 2.5);
            assert!(leaves([least, most]), "lane {lane}");
        }
    }

    fn asked() -> impl Strategy<Value = Vec<Asked>> {
        let mark = || prop::option::of((-4.0..4.0f64).prop_map(Mark::new));
        let lies = (mark(), mark()).prop_map(|(above, below)| Wanted::Lies { above, below });
        let phases = prop::collection::vec(prop::sample::select(&Phase::ALL[..]), 1..3);
        let phases = phases.prop_map(|phases| Wanted::In(phases.iter().collect::<Phases>()));
        let by = prop::option::weighted(0.8, (1..UNTIL).prop_map(on));
        let asked = (prop_oneof![lies, phases], by).prop_map(|(wanted, by)| Asked { wanted, by });
        prop::collection::vec(asked, 0..4)
    }

    /// Takes runs side by side and holds them against each alone: what each is read as on dates,
    /// what is answered, and how a relation stands that catches up with it in two goes.
    fn agree(
        abreast: &mut Abreast,
        runs: &[Run],
        questions: &[Asked],
        preset: Preset,
        dates: &[Day],
    ) {
        let models: Vec<_> = runs.iter().map(|run| run.model(preset)).collect();
        let by = std::array::from_fn(|lane| *models[lane.min(runs.len() - 1)].reckoning());
        let alone = runs.iter().zip(&models);
        let alone: Vec<_> = alone.map(|(run, model)| run.alone(model)).collect();
        for (lane, run) in runs.iter().enumerate() {
            let (model, relations) = (&models[lane], &alone[lane]);
            let (first, last) = run.first();
            let mut caught = relations[0];
            for (place, (day, push, stands)) in run.pushes().into_iter().enumerate() {
                if place == run.left {
                    abreast.ask_from(lane, first, last);
                    abreast.catch_up(lane, &mut caught, model);
                }
                // Where it stands by then is nothing to it any more.
                abreast.begin(lane, &relations[place], model.reckoning());
                abreast.step(lane, day, push);
                if let Some(stands) = stands {
                    abreast.tend(lane, relations[place].tendency(stands, model));
                }
            }
            if run.left == run.steps.len() {
                abreast.ask_from(lane, first, last);
            }
            let end = relations[run.steps.len()];
            abreast.begin(lane, &end, model.reckoning());
            abreast.catch_up(lane, &mut caught, model);
            let phase = if abreast.are_phases_asked {
                end.phase
            } else {
                relations[0].phase
            };
            let equilibrium = caught.equilibrium;
            let end = Relation {
                equilibrium,
                phase,
                ..end
            };
            assert_eq!(caught, end, "run {lane}");
        }
        let mut read = Vec::new();
        abreast.take(&by, on(UNTIL), dates, |date, degrees, phases| {
            read.push((date, *degrees, *phases));
        });
        assert_eq!(read.len(), dates.len());
        for (lane, (run, relations)) in runs.iter().zip(&alone).enumerate() {
            for (date, degrees, phases) in &read {
                let day = dates[*date];
                let steps = run
                    .pushes()
                    .iter()
                    .filter(|(step, ..)| *step <= day)
                    .count();
                let (alone, phase) = relations[steps].read_on(day, &models[lane]);
                assert_eq!(
                    degrees[lane].to_bits(),
                    alone.to_bits(),
                    "run {lane} on {day}"
                );
                assert_eq!(phases[lane], phase, "run {lane} on {day}");
            }
            for (place, question) in questions.iter().enumerate() {
                let alone = run.holds(question, relations, &by[lane]);
                assert_eq!(abreast.holds(place, lane), alone, "{question:?} in {run:?}");
            }
        }
    }

    /// A run of which it is asked from some step on.
    fn run(left: usize, steps: &[(i32, f64, bool)]) -> Run {
        let steps = steps
            .iter()
            .map(|&(days, impact, is_words)| (days, impact, is_words, None));
        Run {
            baseline: 0.0,
            half_lives_days: [10.0, 20.0, 30.0],
            hysteresis_degrees: 0.25,
            steps: steps.collect(),
            left,
            later: 0,
        }
    }

    fn below(degrees: f64, by: i32) -> Asked {
        let wanted = Wanted::Lies {
            above: None,
            below: Some(Mark::new(degrees)),
        };
        let by = Some(on(by));
        Asked { wanted, by }
    }

    #[test]
    fn what_happens_in_all_runs_at_once_counts_in_each() {
        let [words, deeds] = [true, false].map(|is_words| run(1, &[(0, 3.0, is_words)]));
        // It is cold enough only while it waits.
        let questions = [below(1.5, 50), below(1.5, 9)];
        for run in [words, deeds] {
            for preset in Preset::ALL {
                let runs = vec![run.clone(); ABREAST];
                let mut abreast = Abreast::new(&questions, true);
                agree(&mut abreast, &runs, &questions, preset, &[on(3), on(UNTIL)]);
                assert!(preset != Preset::Detente || abreast.holds(0, 0) && !abreast.holds(1, 0));
            }
        }
        // It is in the phase from the day of the step on, and leaves it before the next.
        let phase = [Phase::Tension].iter().collect::<Phases>();
        let questions = [5, 10, 11, 400].map(|by| Asked {
            wanted: Wanted::In(phase),
            by: Some(on(by)),
        });
        let runs = vec![run(0, &[(10, -8.0, true)]); ABREAST];
        let mut abreast = Abreast::new(&questions, true);
        agree(&mut abreast, &runs, &questions, Preset::Detente, &[on(10)]);
        let held = [0, 1, 2, 3].map(|question| abreast.holds(question, 7));
        assert_eq!(held, [false, true, true, true]);
    }

    #[test]
    fn an_answer_that_comes_and_goes_behind_a_step_is_found_from_the_step_on() {
        // Right behind the steps it is as at the start, then it falls and comes back.
        let run = run(0, &[(30, 8.0, true), (0, -8.0, false)]);
        let questions = [below(-1.5, 110), below(-1.5, 31)];
        let mut abreast = Abreast::new(&questions, true);
        agree(
            &mut abreast,
            &[run],
            &questions,
            Preset::GoldsteinDecay,
            &[],
        );
        assert!(abreast.holds(0, 0) && !abreast.holds(1, 0));
    }

    #[test]
    fn what_a_run_was_asked_before_is_nothing_to_one_that_is_asked_too_late() {
        let (asked, late) = (run(1, &[(0, 3.0, true)]), run(1, &[(60, 3.0, true)]));
        let questions = [below(1.5, 50)];
        let mut abreast = Abreast::new(&questions, true);
        for runs in [[asked.clone(), asked.clone()], [asked, late]] {
            abreast.clear();
            agree(&mut abreast, &runs, &questions, Preset::GoldsteinDecay, &[]);
        }
        assert!(abreast.holds(0, 0) && !abreast.holds(0, 1));
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 128,
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn side_by_side_runs_come_to_what_each_comes_to_alone(
            runs in runs(),
            questions in asked(),
            are_phases_asked: bool,
            preset in prop::sample::select(&Preset::ALL[..]),
            dates in prop::collection::btree_set(0..UNTIL, 1..12),
            before in runs(),
        ) {
            let dates: Vec<_> = dates.into_iter().chain([UNTIL]).map(on).collect();
            let mut abreast = Abreast::new(&questions, are_phases_asked);
            // What was there before leaves nothing behind.
            for runs in [&before, &runs] {
                abreast.clear();
                agree(&mut abreast, runs, &questions, preset, &dates);
            }
        }
    }
}
