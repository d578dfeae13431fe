//! A relation: the temperature of one dyad, and how it waits and takes what happens.

use crate::model::day::Day;
use crate::model::parameters::parameter::{Model, Reckoning};
use crate::model::relation::balance::{Balance, Fades, first_day};
use crate::model::relation::phase::Phase;
use crate::model::relation::temperature::{BOUND_DEGREES, Mark, Reading};
use serde::{Deserialize, Serialize};

/// The temperature of one dyad, with what it is made of and what it tends to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Relation {
    /// In degrees, on the day it is valid for: the balance as the model reads it.
    pub temperature: f64,
    /// What the temperature tends to, in degrees: the baseline and what stands, as the model reads
    /// them.
    pub equilibrium: f64,
    /// The band the temperature is in; `None` in a model without bounds.
    pub phase: Option<Phase>,
    /// The day of the last event that touched the dyad; `None` before the first.
    pub valid_for: Option<Day>,
    /// The day of each side's last readout, in the order of the dyad.
    pub last_readout: [Option<Day>; 2],
    /// How many readouts each side has given, in the order of the dyad.
    #[serde(default, skip_serializing_if = "is_default")]
    pub readouts: [u32; 2],
    /// What adds up to the balance.
    pub balance: Balance,
}

/// A border between two phases that was passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passage {
    /// The phase before.
    pub from: Phase,
    /// The phase after.
    pub to: Phase,
    /// On which day.
    pub day: Day,
    /// Whether it was waiting that passed it, not an event.
    pub waiting: bool,
}

impl Relation {
    /// A dyad before its first event: at its baseline.
    #[must_use]
    pub fn at_start(baseline: f64, model: &Model) -> Self {
        let temperature = model.reading().of(baseline);
        Self {
            temperature,
            equilibrium: temperature,
            phase: model.saturation().then(|| Phase::of(temperature)),
            valid_for: None,
            last_readout: [None; 2],
            readouts: [0; 2],
            balance: Balance {
                baseline,
                ..Balance::default()
            },
        }
    }

    /// Waits until a day: what happened fades, what stands is felt, and each border passed is told
    /// with the first day on which the temperature is beyond it. A day that is past changes
    /// nothing. Finding that day takes time, so that nobody being told is quicker.
    pub fn wait_until(&mut self, day: Day, model: &Model, passed: Option<impl FnMut(Passage)>) {
        let since = self
            .valid_for
            .replace(day.max(self.valid_for.unwrap_or(day)));
        let Some(since) = since.filter(|&since| since < day) else {
            return;
        };
        let days = day.days_since(since);
        let half_lives = model.half_lives();
        let after = self.balance.after(days, &half_lives);
        if let Some(phase) = self.phase {
            let passed = passed.map(|mut passed| {
                move |from, to, waited| {
                    passed(Passage {
                        from,
                        to,
                        day: since.plus_days(waited).unwrap_or(day),
                        waiting: true,
                    });
                }
            });
            let wait = (&self.balance, &after, days);
            self.phase = Some(phase_after(wait, phase, model.reckoning(), passed));
        }
        self.balance = after;
        self.temperature = model.reading().of(after.sum());
    }

    /// Waits until a day, from the day it is valid for on, and takes an impact in degrees: what
    /// [`Self::wait_until`] and [`Self::take`] come to where nobody is told. The temperature in
    /// between is not read.
    #[inline]
    pub(in crate::model) fn wait_and_take(&mut self, day: Day, push: (f64, Fades), model: &Model) {
        let (days, before) = (self.waited(day), self.balance);
        let waited = self.wait_and_push(day, push, model);
        if days > 0 {
            let wait = (&before, &waited, days);
            let nobody = None::<fn(Phase, Phase, i32)>;
            self.phase = self
                .phase
                .map(|phase| phase_after(wait, phase, model.reckoning(), nobody));
        }
        let balance = self.balance.sum();
        self.temperature = model.reading().of(balance);
        let (impact, _) = push;
        if let Some(phase) = self.phase.filter(|_| impact != 0.0)
            && !model.zones().hold(phase, [balance; 2])
        {
            self.pass_borders(model, None::<fn(Passage)>);
        }
    }

    /// The same for the balance alone; tells what it was right before the impact.
    #[inline]
    pub(super) fn wait_and_push(
        &mut self,
        day: Day,
        (impact, fades): (f64, Fades),
        model: &Model,
    ) -> Balance {
        let days = self.waited(day);
        self.valid_for = Some(self.valid_for.map_or(day, |since| since.max(day)));
        let waited = self.balance.after(days, &model.half_lives());
        self.balance = waited;
        if impact != 0.0 {
            let impulse = model.reading().impulse(waited.sum(), impact);
            self.balance.add(impulse, fades);
        }
        waited
    }

    /// The temperature and the phase on a day, waiting included, without the days on which borders
    /// are passed.
    #[must_use]
    #[inline]
    pub fn read_on(&self, day: Day, model: &Model) -> (f64, Option<Phase>) {
        self.read_by(day, model.reckoning())
    }

    fn read_by(&self, day: Day, by: &Reckoning) -> (f64, Option<Phase>) {
        let waited = self.waited(day);
        if waited == 0 {
            return (self.temperature, self.phase);
        }
        let nobody = None::<fn(Phase, Phase, i32)>;
        let after = self.balance.after(waited, &by.half_lives);
        let wait = (&self.balance, &after, waited);
        let phase = self.phase.map(|phase| phase_after(wait, phase, by, nobody));
        (by.reading.of(after.sum()), phase)
    }

    /// The temperature on a day, waiting included.
    #[must_use]
    #[inline]
    pub fn temperature_on(&self, day: Day, model: &Model) -> f64 {
        self.temperature_by(day, model.reckoning())
    }

    #[inline]
    fn temperature_by(&self, day: Day, by: &Reckoning) -> f64 {
        match self.waited(day) {
            0 => self.temperature,
            waited => by
                .reading
                .of(self.balance.after(waited, &by.half_lives).sum()),
        }
    }

    /// The days of a wait between two days, in pieces in which the temperature only rises or only
    /// falls; each by its first and its last day.
    pub fn pieces(&self, from: Day, to: Day, model: &Model) -> impl Iterator<Item = (Day, Day)> {
        self.pieces_by(from, to, model.reckoning())
    }

    fn pieces_by(
        &self,
        from: Day,
        to: Day,
        by: &Reckoning,
    ) -> impl Iterator<Item = (Day, Day)> + use<> {
        let start = self.balance.after(self.waited(from), &by.half_lives);
        let pieces = start.pieces(to.days_since(from).max(0), &by.half_lives);
        let day = move |days| from.plus_days(days).unwrap_or(to);
        pieces
            .iter()
            .map(move |(first, last)| (day(first), day(last)))
    }

    /// The least and the greatest temperature that waiting cannot pass, however long: a bound, not
    /// always reached.
    #[must_use]
    pub fn bounds(&self, model: &Model) -> [f64; 2] {
        let bounds = self.balance.bounds(&model.half_lives());
        bounds.map(|bound| model.reading().of(bound))
    }

    #[inline]
    fn waited(&self, day: Day) -> i32 {
        self.valid_for
            .map_or(0, |since| day.days_since(since).max(0))
    }

    /// Takes an impact in degrees on the day the relation is valid for, and tells what it adds to
    /// the balance; borders passed are told.
    pub(in crate::model) fn take(
        &mut self,
        impact: f64,
        fades: Fades,
        model: &Model,
        passed: Option<impl FnMut(Passage)>,
    ) -> f64 {
        if impact == 0.0 {
            return 0.0;
        }
        let reading = model.reading();
        let impulse = reading.impulse(self.balance.sum(), impact);
        self.balance.add(impulse, fades);
        self.temperature = reading.of(self.balance.sum());
        self.pass_borders(model, passed);
        impulse
    }

    /// Passes the borders that lie between the phase and the temperature, on the day it is valid
    /// for.
    fn pass_borders(&mut self, model: &Model, mut passed: Option<impl FnMut(Passage)>) {
        while let Some(from) = self.phase
            && let Some(to) = from.next(self.temperature, model.hysteresis_degrees())
        {
            self.phase = Some(to);
            if let (Some(day), Some(passed)) = (self.valid_for, &mut passed) {
                passed(Passage {
                    from,
                    to,
                    day,
                    waiting: false,
                });
            }
        }
    }

    /// What it tends to by the sum of what stands, in degrees.
    #[must_use]
    pub(super) fn tendency(&self, standing: f64, model: &Model) -> Tendency {
        let baseline = self.balance.baseline;
        let equilibrium = match model.reading() {
            Reading::Stepwise => (baseline + standing).clamp(-BOUND_DEGREES, BOUND_DEGREES),
            Reading::Bounded | Reading::Plain => baseline + standing,
        };
        Tendency {
            balance: equilibrium - baseline,
            temperature: model.reading().of(equilibrium),
        }
    }

    /// Tends to something else from now on.
    pub(in crate::model) const fn tend(&mut self, to: Tendency) {
        self.balance.tends_to = to.balance;
        self.equilibrium = to.temperature;
    }

    /// Whether something holds of it on a day, waiting included.
    #[must_use]
    #[inline]
    pub(super) fn is(&self, wanted: &Wanted, day: Day, by: &Reckoning) -> bool {
        match wanted {
            Wanted::Lies { above, below } => {
                let degrees = self.temperature_by(day, by);
                above.is_none_or(|mark| degrees > mark.degrees)
                    && below.is_none_or(|mark| degrees < mark.degrees)
            }
            Wanted::In(phases) => phases.hold(self.read_by(day, by).1),
        }
    }

    /// The days of a span, its first left out, on which it may change whether something holds,
    /// while it only waits.
    ///
    /// The temperature turns twice at most. So it passes a mark at most on a few days, which are
    /// found by halving between the turns.
    pub fn turns(
        &self,
        wanted: &Wanted,
        (from, to): (Day, Day),
        by: &Reckoning,
        days: &mut Vec<Day>,
    ) {
        match wanted {
            Wanted::Lies { above, below } => {
                let on = |day| self.temperature_by(day, by);
                let warm_enough = |day| above.is_none_or(|mark| on(day) > mark.degrees);
                let cold_enough = |day| below.is_none_or(|mark| on(day) < mark.degrees);
                for (first, last) in self.pieces_by(from, to, by) {
                    days.extend(turn(first, last, warm_enough));
                    days.extend(turn(first, last, cold_enough));
                }
            }
            Wanted::In(_) => {
                let Some((phase, since)) = self.phase.zip(self.valid_for) else {
                    return;
                };
                let length = self.waited(to);
                let end = self.balance.after(length, &by.half_lives);
                let passed = |_, _, waited| {
                    let day = since.plus_days(waited).unwrap_or(to);
                    if day > from {
                        days.push(day);
                    }
                };
                phase_after((&self.balance, &end, length), phase, by, Some(passed));
            }
        }
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// The first day of a span on which something is not as on its first day, if it changes once at
/// most.
fn turn(from: Day, to: Day, holds: impl Fn(Day) -> bool) -> Option<Day> {
    let at_first = holds(from);
    let after = |days| from.plus_days(days).unwrap_or(to);
    let has_changed = |days| holds(after(days)) != at_first;
    (holds(to) != at_first).then(|| after(first_day(to.days_since(from), has_changed)))
}

/// What a relation tends to: as a balance without its baseline, and as a temperature, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tendency {
    /// The balance, without the baseline.
    pub(super) balance: f64,
    temperature: f64,
}

/// What may be asked of one dyad.
#[derive(Clone, Copy, Debug)]
pub enum Wanted {
    /// That its temperature lies above one mark and below another, where they are given.
    Lies {
        /// What it lies above.
        above: Option<Mark>,
        /// What it lies below.
        below: Option<Mark>,
    },
    /// That it is in one of some phases.
    In(Phases),
}

/// A set of phases.
#[derive(Clone, Copy, Debug, Default)]
pub struct Phases([bool; Phase::ALL.len()]);

impl Phases {
    /// Whether a phase is among them.
    #[must_use]
    #[inline]
    pub fn hold(&self, phase: Option<Phase>) -> bool {
        phase.is_some_and(|phase| self.0[phase as usize])
    }
}

impl<'p> FromIterator<&'p Phase> for Phases {
    fn from_iter<I: IntoIterator<Item = &'p Phase>>(phases: I) -> Self {
        let mut among = Self::default();
        for phase in phases {
            among.0[*phase as usize] = true;
        }
        among
    }
}

/// The phase after a wait, by what it starts from, where it ends and how many days it takes. Each
/// border passed is told with the day of the wait on which the temperature is first beyond it.
#[inline]
fn phase_after(
    wait: (&Balance, &Balance, i32),
    phase: Phase,
    by: &Reckoning,
    passed: Option<impl FnMut(Phase, Phase, i32)>,
) -> Phase {
    let (start, end, _) = wait;
    if by.zones.hold(phase, start.range_until(end)) {
        phase
    } else {
        phase_passed(wait, phase, by, passed)
    }
}

/// The same where a border may be passed.
pub(super) fn phase_passed(
    (start, end, days): (&Balance, &Balance, i32),
    mut phase: Phase,
    by: &Reckoning,
    mut passed: Option<impl FnMut(Phase, Phase, i32)>,
) -> Phase {
    let next =
        |phase: Phase, balance: f64| phase.next(by.reading.of(balance), by.hysteresis_degrees);
    let after = |day: i32| match day {
        _ if day == days => end.sum(),
        _ => start.after(day, &by.half_lives).sum(),
    };
    for (from, to) in start.pieces(days, &by.half_lives).iter() {
        let at_end = after(to);
        while let Some(beyond) = next(phase, at_end) {
            if let Some(passed) = &mut passed {
                let is_beyond = |days: i32| next(phase, after(from + days)) == Some(beyond);
                passed(phase, beyond, from + first_day(to - from, is_beyond));
            }
            phase = beyond;
        }
    }
    phase
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parameters::preset::Preset;

    const UNTIL: i32 = 160;

    fn on(day: i32) -> Day {
        Day::EPOCH.plus_days(day).unwrap()
    }

    /// Relations that wait in many ways: they stay, rise, fall, turn once and turn twice.
    fn waiting() -> impl Iterator<Item = (Relation, Model)> {
        let presets = Preset::ALL.into_iter();
        let relations = presets.flat_map(|preset| {
            let parts = |part: [f64; 3]| part.into_iter();
            parts([-9.0, 0.0, 14.0])
                .flat_map(move |words| {
                    parts([-11.0, 0.0, 8.0]).flat_map(move |deeds| {
                        [(0.0, 0.0), (-6.0, 2.0), (3.0, -8.0)]
                            .map(|stands| (preset, words, deeds, stands))
                    })
                })
                // It passes a border between its turns, and again in the end.
                .chain([(preset, -14.0, -6.0, (18.0, 0.0))])
        });
        relations.map(|(preset, words, deeds, (standing, tends_to))| {
            let mut model = Model::new(preset);
            for (name, value) in [
                ("half_life_words_days", 7.0),
                ("half_life_deeds_days", 23.0),
                ("standing_half_life_days", 11.0),
                ("hysteresis_degrees", 0.25),
            ] {
                model.put(Model::slot(name).unwrap(), value).unwrap();
            }
            let start = Relation::at_start(0.4, &model);
            let balance = Balance {
                standing,
                tends_to,
                words,
                deeds,
                ..start.balance
            };
            let temperature = model.reading().of(balance.sum());
            let relation = Relation {
                temperature,
                phase: start.phase.map(|_| Phase::of(temperature)),
                valid_for: Some(on(0)),
                balance,
                ..start
            };
            (relation, model)
        })
    }

    /// What a relation comes to, day by day: the temperature, the phase, and the passages.
    fn day_by_day(start: &Relation, model: &Model) -> Vec<(f64, Option<Phase>, Vec<Passage>)> {
        let mut phase = start.phase;
        let days = (0..=UNTIL).map(|day| {
            let balance = start.balance.after(day, &model.half_lives());
            let temperature = model.reading().of(balance.sum());
            let mut passed = Vec::new();
            while let Some(from) = phase
                && let Some(to) = from.next(temperature, model.hysteresis_degrees())
            {
                phase = Some(to);
                let (day, waiting) = (on(day), true);
                passed.push(Passage {
                    from,
                    to,
                    day,
                    waiting,
                });
            }
            (temperature, phase, passed)
        });
        days.collect()
    }

    #[test]
    fn waiting_comes_to_the_same_at_once_and_day_by_day() {
        let mut turns = 0;
        for (start, model) in waiting() {
            let days = day_by_day(&start, &model);
            let [least, most] = start.bounds(&model);
            for (day, (temperature, phase, _)) in (0..).zip(&days) {
                assert_eq!(start.temperature_on(on(day), &model), *temperature);
                assert_eq!(
                    start.read_on(on(day), &model),
                    (*temperature, *phase),
                    "{start:?} {day}"
                );
                assert!(least - 1e-12 <= *temperature && *temperature <= most + 1e-12);
            }
            for until in [0, 1, 9, 60, UNTIL] {
                let (mut relation, mut told) = (start, Vec::new());
                relation.wait_until(on(until), &model, Some(|passage| told.push(passage)));
                let passed = days[..=until as usize]
                    .iter()
                    .flat_map(|(.., passed)| passed);
                assert_eq!(
                    told,
                    passed.copied().collect::<Vec<_>>(),
                    "{start:?} until {until}"
                );
                let (temperature, phase, _) = days[until as usize];
                assert_eq!((relation.temperature, relation.phase), (temperature, phase));
                assert_eq!(relation.valid_for, Some(on(until)));
                // What is past changes nothing.
                let after = relation;
                relation.wait_until(on(until - 1), &model, None::<fn(Passage)>);
                assert_eq!(relation, after);
                assert_eq!(
                    relation.read_on(on(until - 1), &model),
                    (temperature, phase)
                );
            }
            for from in [0, 5, 40] {
                let pieces: Vec<_> = start.pieces(on(from), on(UNTIL), &model).collect();
                turns += pieces.len();
                assert_eq!(
                    (pieces[0].0, pieces[pieces.len() - 1].1),
                    (on(from), on(UNTIL))
                );
                assert!(pieces.is_sorted_by(|one, next| one.1 == next.0));
            }
        }
        // Some of them turn.
        assert!(turns > 81 * Preset::ALL.len(), "{turns} pieces");
    }

    #[test]
    fn an_event_after_a_wait_is_taken_as_if_both_were_told() {
        for (start, model) in waiting() {
            for (day, impact, fades) in [
                (0, 2.0, Fades::AsWords),
                (0, 0.0, Fades::AsWords),
                (9, -6.0, Fades::AsDeeds),
                (30, 9.0, Fades::AsWords),
                (30, 0.0, Fades::AsDeeds),
            ] {
                let (mut quick, mut told) = (start, start);
                quick.wait_and_take(on(day), (impact, fades), &model);
                told.wait_until(on(day), &model, None::<fn(Passage)>);
                let taken = told.take(
                    impact,
                    fades,
                    &model,
                    Some(|passage: Passage| {
                        assert_eq!((passage.day, passage.waiting), (on(day), false));
                    }),
                );
                assert_eq!(quick, told, "{impact} on {day}");
                assert!(taken == 0.0 || impact != 0.0);
            }
        }
        // The first event of a dyad comes after no wait.
        let model = Model::default();
        let mut first = Relation::at_start(1.0, &model);
        assert_eq!(
            first.read_on(on(50), &model),
            (first.temperature, first.phase)
        );
        first.wait_and_take(on(50), (1.0, Fades::AsWords), &model);
        assert_eq!((first.valid_for, first.balance.words), (Some(on(50)), 1.0));
    }

    #[test]
    fn an_answer_changes_on_just_the_days_that_are_found() {
        let mark = |degrees| Some(Mark::new(degrees));
        let lies = |above, below| Wanted::Lies { above, below };
        let wanted = [
            lies(mark(0.5), None),
            lies(None, mark(0.5)),
            lies(mark(-1.0), mark(3.0)),
            lies(mark(-4.0), mark(-2.0)),
            lies(None, None),
        ];
        let (mut found, mut days) = (0, Vec::new());
        for (start, model) in waiting() {
            let by = model.reckoning();
            for (from, to) in [(0, UNTIL), (3, 41), (20, 20)] {
                for wanted in &wanted {
                    let Wanted::Lies { above, below } = *wanted else {
                        continue;
                    };
                    // Each mark by itself.
                    let sides = [lies(above, None), lies(None, below)];
                    let changes = |side: &Wanted, day: i32| {
                        start.is(side, on(day), by) != start.is(side, on(day - 1), by)
                    };
                    let turns = |day: &i32| sides.iter().any(|side| changes(side, *day));
                    let expected: Vec<_> = (from + 1..=to).filter(turns).map(on).collect();
                    days.clear();
                    start.turns(wanted, (on(from), on(to)), by, &mut days);
                    days.sort_unstable();
                    days.dedup();
                    assert_eq!(
                        days, expected,
                        "{wanted:?} of {start:?} from {from} to {to}"
                    );
                    found += days.len();
                }
                let cold = [Phase::Confrontation, Phase::Tension];
                let wanted = Wanted::In(cold.iter().collect());
                days.clear();
                start.turns(&wanted, (on(from), on(to)), by, &mut days);
                let each = day_by_day(&start, &model);
                let passed = each
                    .iter()
                    .flat_map(|(.., passed)| passed.iter().map(|it| it.day));
                let in_span = passed.filter(|day| *day > on(from) && *day <= on(to));
                assert_eq!(
                    days,
                    in_span.collect::<Vec<_>>(),
                    "{start:?} from {from} to {to}"
                );
                for day in [from, to] {
                    let is_cold = each[day as usize]
                        .1
                        .is_some_and(|phase| cold.contains(&phase));
                    assert_eq!(start.is(&wanted, on(day), by), is_cold);
                }
            }
        }
        assert!(found > 300, "{found}");
    }

    #[test]
    fn a_border_that_is_passed_early_is_passed_however_long_the_wait() {
        let mut model = Model::default();
        for (name, days) in [("half_life_words_days", 1.0), ("half_life_deeds_days", 2.0)] {
            model.set_number(name, days).unwrap();
        }
        let start = Relation {
            valid_for: Some(on(0)),
            balance: Balance {
                words: 8.0,
                deeds: -8.0,
                ..Balance::default()
            },
            ..Relation::at_start(0.0, &model)
        };
        for days in [30, 3_000, 300_000] {
            let mut told = Vec::new();
            let mut relation = start;
            relation.wait_until(
                on(days),
                &model,
                Some(|it: Passage| told.push((it.to, it.day))),
            );
            assert_eq!(told, [(Phase::Discord, on(1))], "{days}");
            assert_eq!(relation.phase, Some(Phase::Discord));
        }
    }

    #[test]
    fn a_temperature_that_comes_to_a_mark_to_the_bit_has_left_it_on_that_day() {
        let mut model = Model::new(Preset::GoldsteinDecay);
        model.set_number("half_life_words_days", 10.0).unwrap();
        for words in [8.0, -8.0] {
            let mut relation = Relation::at_start(0.0, &model);
            relation.valid_for = Some(on(0));
            (relation.balance.words, relation.temperature) = (words, words);
            let mark = Some(Mark::new(words / 2.0));
            assert_eq!(relation.temperature_on(on(10), &model), words / 2.0);
            let (above, below) = if words > 0.0 {
                (mark, None)
            } else {
                (None, mark)
            };
            let mut days = Vec::new();
            let span = (on(0), on(20));
            relation.turns(
                &Wanted::Lies { above, below },
                span,
                model.reckoning(),
                &mut days,
            );
            assert_eq!(days, [on(10)]);
        }
    }

    #[test]
    fn readouts_are_written_where_there_are_some() {
        let mut relation = Relation::at_start(0.5, &Model::default());
        let written = |relation: &Relation| serde_json::to_value(relation).unwrap();
        let silent = written(&relation);
        assert_eq!(silent.get("readouts"), None);
        assert_eq!(
            serde_json::from_value::<Relation>(silent).unwrap(),
            relation
        );
        relation.readouts = [0, 3];
        let told = written(&relation);
        assert_eq!(serde_json::from_value::<Relation>(told).unwrap(), relation);
    }

    #[test]
    fn at_a_mark_a_temperature_is_neither_above_nor_below() {
        let model = Model::new(Preset::Detente);
        let relation = Relation::at_start(1.0, &model);
        let mark = |degrees| Some(Mark::new(degrees));
        let at = relation.temperature;
        for (above, below, is) in [
            (mark(at), None, false),
            (None, mark(at), false),
            (mark(at - 1e-12), mark(at + 1e-12), true),
            (mark(at - 1.0), mark(at), false),
            (None, None, true),
        ] {
            let wanted = Wanted::Lies { above, below };
            assert_eq!(
                relation.is(&wanted, on(3), model.reckoning()),
                is,
                "{wanted:?}"
            );
        }
        let [own, other] =
            [Phase::Normal, Phase::Discord].map(|it| [it].iter().collect::<Phases>());
        assert_eq!(relation.phase, Some(Phase::Normal));
        assert!(own.hold(relation.phase) && !own.hold(None));
        assert!(!other.hold(relation.phase));
    }
}
