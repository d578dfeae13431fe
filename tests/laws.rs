//! Laws of the state machine, over random legal histories, and the presets' closed forms.

#![expect(clippy::unwrap_used, reason = "tests")]

use crate::histories::{History, day, histories, legal, log_of, proposals};
use detente::history::{
    Draft, Record, Recorded, Register, Scope, Told, Until, Writer, Written, check, compile, replay,
    survey,
};
use detente::model::{
    Act, Change, Code, Day, DyadIx, HoldIx, MeasureKind, MeasureStatus, Model, Observer, Parties,
    Passage, Phase, Preset, Reach, State, Step, World, evolve,
};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};

const DYADS: [&str; 6] = [
    "GEO-RUS", "GEO-UKR", "GEO-USA", "RUS-UKR", "RUS-USA", "UKR-USA",
];

/// Nothing is written to the disk when a law fails.
fn cases(cases: u32) -> Config {
    Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    }
}

/// Later than any event, and the same for all.
fn recorded() -> Recorded {
    Recorded::On("2999-12-31".parse().unwrap())
}

/// Histories in which no two events are of the same day, in the order of their dates and in any
/// order.
fn histories_in_any_order() -> impl Strategy<Value = (History, History)> {
    proposals(1..60).prop_map(legal).prop_flat_map(|history| {
        let shuffled = Just(history.0.clone()).prop_shuffle();
        (Just(history), shuffled.prop_map(History))
    })
}

// Folding them.

/// What one event did.
#[derive(Debug, Default)]
struct Deed {
    steps: Vec<Step>,
    changes: Vec<Change>,
}

impl Observer for Deed {
    fn stepped(&mut self, step: Step) {
        self.steps.push(step);
    }

    fn changed(&mut self, change: Change) {
        self.changes.push(change);
    }
}

impl Deed {
    fn passages(&self, of: DyadIx) -> Vec<Passage> {
        let passages = self.changes.iter().filter_map(|change| match *change {
            Change::Phase { dyad, passage } if dyad == of => Some(passage),
            _ => None,
        });
        passages.collect()
    }
}

/// Applies records one after the other; `each` sees the state right after each.
fn fold_on(
    world: &mut World,
    state: &mut State,
    records: &[Record],
    model: &Model,
    mut each: impl FnMut(&World, &State),
) -> Vec<Deed> {
    let apply = |record: &Record| {
        let event = compile(record, world);
        let mut deed = Deed::default();
        evolve(state, world, &event, record.date(), model, &mut deed);
        each(world, state);
        deed
    };
    records.iter().map(apply).collect()
}

fn fold(records: &[Record], model: &Model) -> (World, State, Vec<Deed>) {
    let (mut world, mut state) = (World::without_ids(), State::default());
    let deeds = fold_on(&mut world, &mut state, records, model, |_, _| ());
    (world, state, deeds)
}

/// Every bit of a state: floats are written so that they read back as the same.
fn bits(state: &State) -> String {
    format!("{state:?}")
}

/// Every bit of what is left of a log.
fn replayed(log: &[u8], scope: Scope, model: &Model) -> String {
    if log.is_empty() {
        return bits(&State::default());
    }
    let found = survey(log, scope, |_, _| ()).unwrap();
    bits(&replay(log, &found, Until::End, model, None).unwrap().state)
}

/// Whether a new log takes some events as one batch.
fn admits(records: &[Record]) -> bool {
    let unwritten = |record: &Record| Written::by_nobody(record.clone());
    let batch: Vec<_> = records.iter().map(unwritten).collect();
    let nothing: &[u8] = &[];
    Register::empty().admit(nothing, &batch, recorded()).is_ok()
}

/// How strongly a measure stands by the strongest of some holds; nothing if none stands.
fn strongest(holds: &[HoldIx], state: &State) -> Option<f64> {
    let standing = holds.iter().filter_map(|hold| state.hold(*hold));
    let standing = standing.filter(|it| it.status != MeasureStatus::Lifted);
    standing.map(|it| it.strength).reduce(f64::max)
}

/// What a dyad tends to by the design: its baseline and what stands, the measures of a kind by a
/// power of the sum of their strengths, each measure once, as a target's before an audience's, read
/// as a temperature.
fn equilibrium(world: &World, state: &State, dyad: DyadIx, model: &Model) -> f64 {
    let mut holds: BTreeMap<_, [Vec<HoldIx>; 2]> = BTreeMap::new();
    for &ix in world.holds_between(dyad) {
        let hold = world.hold(ix);
        holds.entry(hold.measure).or_default()[usize::from(hold.audience)].push(ix);
    }
    let mut counts: BTreeMap<_, f64> = BTreeMap::new();
    let mut own = 0.0;
    for (measure, [targets, audiences]) in holds {
        let kind = world.kind(measure).unwrap();
        let as_target = strongest(&targets, state).map(|strength| (false, strength));
        let counted = as_target.or(strongest(&audiences, state).map(|strength| (true, strength)));
        if let Some((_, strength)) = counted.filter(|_| kind == MeasureKind::Own) {
            own +=
                world.own_degrees(measure).unwrap() * libm::pow(strength, model.standing_power());
        } else if let Some((audience, strength)) = counted {
            *counts.entry((kind, audience)).or_default() += strength;
        }
    }
    let standing = counts.into_iter().map(|((kind, audience), count)| {
        model.standing_degrees(kind, audience) * libm::pow(count, model.standing_power())
    });
    let sum = model.baseline(world.dyad(dyad)) + standing.sum::<f64>() + own;
    model.reading().of(sum)
}

/// The temperature of a dyad on a day by the design, from the steps it took and what it tended to
/// since which day.
fn by_hand(steps: &[Step], tended: &[(Day, f64)], on: Day, model: &Model) -> f64 {
    let left = |days: i32, half_life: f64| {
        if half_life.is_infinite() {
            1.0
        } else {
            libm::exp2(-f64::from(days) / half_life)
        }
    };
    let half_lives = model.half_lives();
    let impulses: f64 = steps
        .iter()
        .map(|step| step.impulse * left(on.days_since(step.day), half_lives.of(step.fades)))
        .sum();
    let (mut standing, mut since, mut towards) = (0.0, None, 0.0);
    for &(day, next) in tended.iter().chain([&(on, 0.0)]) {
        if let Some(since) = since {
            standing =
                towards + (standing - towards) * left(day.days_since(since), half_lives.standing);
        }
        (since, towards) = (Some(day), next);
    }
    model.reading().of(standing + impulses)
}

// The laws.

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn what_is_legal_one_by_one_is_admitted_as_a_batch_and_passes_an_audit(history in histories()) {
        prop_assert!(admits(&history));
        if !history.is_empty() {
            let log = log_of(&history, 0);
            let register = Register::read(&log[..], true, &HashSet::new()).unwrap();
            prop_assert!(register.audit(&log[..]).is_ok());
        }
    }

    #[test]
    fn temperatures_stay_on_the_scale_where_there_is_saturation(
        history in histories(),
        preset in select(vec![Preset::Detente, Preset::Stock, Preset::Stepwise]),
        later in 0..5000_i32,
    ) {
        let model = Model::new(preset);
        let (world, state, deeds) = fold(&history, &model);
        for step in deeds.iter().flat_map(|deed| &deed.steps) {
            prop_assert!(step.waited.abs() <= 10.0 && step.after.abs() <= 10.0, "{:?}", step);
        }
        for (_, dyad) in world.dyads() {
            let read = state.relation_on(dyad, day(1000 + later), &model, |_| ());
            prop_assert!(read.temperature.abs() <= 10.0, "{:?}", read);
        }
    }

    #[test]
    fn a_conflictual_event_never_warms_and_a_cooperative_one_never_cools(
        history in histories(),
        preset in select(Preset::ALL.to_vec()),
    ) {
        let (_, _, deeds) = fold(&history, &Model::new(preset));
        for step in deeds.iter().flat_map(|deed| &deed.steps) {
            let push = step.after - step.waited;
            prop_assert!(push * step.impact >= 0.0, "{:?}", step);
            prop_assert!(step.impact != 0.0 || push == 0.0, "{:?}", step);
        }
    }

    #[test]
    fn a_colder_baseline_never_leads_to_a_warmer_present(
        history in histories(),
        preset in select(Preset::ALL.to_vec()),
        dyad in select(DYADS.to_vec()),
        one in -10.0..=10.0,
        other in -10.0..=10.0,
        later in 0..2000_i32,
    ) {
        let dyad = dyad.parse().unwrap();
        let model = |baseline| {
            let mut model = Model::new(preset);
            model.set_baseline(dyad, baseline).unwrap();
            model
        };
        let (cold, warm) = (model(f64::min(one, other)), model(f64::max(one, other)));
        let (world, cold_state, cold_deeds) = fold(&history, &cold);
        let (_, warm_state, warm_deeds) = fold(&history, &warm);
        let steps = |deeds: Vec<Deed>| deeds.into_iter().flat_map(|deed| deed.steps);
        for (cold, warm) in steps(cold_deeds).zip(steps(warm_deeds)) {
            prop_assert!(cold.waited <= warm.waited + 1e-9, "{:?} {:?}", cold, warm);
            prop_assert!(cold.after <= warm.after + 1e-9, "{:?} {:?}", cold, warm);
        }
        if let Some(dyad) = world.find_dyad(dyad) {
            let cold = cold_state.relation_on(dyad, day(1000 + later), &cold, |_| ());
            let warm = warm_state.relation_on(dyad, day(1000 + later), &warm, |_| ());
            prop_assert!(cold.temperature <= warm.temperature + 1e-9, "{:?} {:?}", cold, warm);
        }
    }

    #[test]
    fn an_event_moves_a_dyad_at_most_once(history in histories()) {
        let (_, _, deeds) = fold(&history, &Model::default());
        for deed in deeds {
            let moved = deed.steps.iter().filter(|step| step.reach != Reach::Measure);
            let mut dyads: Vec<_> = moved.map(|step| step.dyad).collect();
            let count = dyads.len();
            dyads.sort_unstable();
            dyads.dedup();
            prop_assert_eq!(dyads.len(), count, "{:?}", deed.steps);
            for step in deed.steps.iter().filter(|step| step.reach == Reach::Measure) {
                prop_assert_eq!(step.after, step.waited);
            }
        }
    }

    #[test]
    fn each_step_goes_on_where_the_last_one_of_its_dyad_ended(history in histories()) {
        let (_, _, deeds) = fold(&history, &Model::default());
        let mut last: BTreeMap<DyadIx, Step> = BTreeMap::new();
        for step in deeds.iter().flat_map(|deed| &deed.steps) {
            let before = last.insert(step.dyad, *step);
            prop_assert_eq!(step.since, before.map(|before| before.day));
            prop_assert_eq!(step.before, before.map_or(0.0, |before| before.after));
        }
    }

    #[test]
    fn a_temperature_is_the_reading_of_impulses_faded_and_what_stands(
        history in histories(),
        preset in select(Preset::ALL.to_vec()),
        later in 0..900_i32,
    ) {
        let model = Model::new(preset);
        let (mut world, mut state) = (World::without_ids(), State::default());
        let mut steps: BTreeMap<DyadIx, Vec<Step>> = BTreeMap::new();
        let mut tended: BTreeMap<DyadIx, Vec<(Day, f64)>> = BTreeMap::new();
        for record in history.iter() {
            let deeds = fold_on(&mut world, &mut state, std::slice::from_ref(record), &model, |_, _| ());
            for step in &deeds[0].steps {
                steps.entry(step.dyad).or_default().push(*step);
                let towards = state.relation(step.dyad).balance.tends_to;
                tended.entry(step.dyad).or_default().push((step.day, towards));
            }
            for (&dyad, steps) in &steps {
                let expected = by_hand(steps, &tended[&dyad], record.date(), &model);
                let found = state.relation_on(dyad, record.date(), &model, |_| ()).temperature;
                prop_assert!((found - expected).abs() < 1e-11, "{found} is not {expected}");
            }
        }
        if let Some(last) = history.last() {
            let on = last.date().plus_days(later).unwrap();
            for (&dyad, steps) in &steps {
                let expected = by_hand(steps, &tended[&dyad], on, &model);
                prop_assert!((state.relation(dyad).temperature_on(on, &model) - expected).abs() < 1e-11);
            }
        }
    }

    #[test]
    fn the_order_of_what_happens_on_a_day_does_not_matter(
        impacts in proptest::collection::vec((-8.0..=8.0, proptest::bool::ANY), 2..12),
        preset in select(vec![Preset::Detente, Preset::GoldsteinDecay]),
        later in 0..400_i32,
    ) {
        let event = |(impact, is_deed): &(f64, bool)| {
            let act = if *is_deed { "attack" } else { "statement" };
            moved(0, &json!({"act": act, "impact": impact, "reason": "drawn"}))
        };
        let straight: Vec<_> = impacts.iter().map(event).collect();
        let turned: Vec<_> = impacts.iter().rev().map(event).collect();
        let model = Model::new(preset);
        let read = |history: &[Record]| {
            let (world, state, _) = fold(history, &model);
            state.relation(world.dyads()[0].1).temperature_on(day(later), &model)
        };
        prop_assert!((read(&straight) - read(&turned)).abs() < 1e-12);
    }

    #[test]
    fn the_equilibrium_is_the_baseline_and_what_stands(
        history in histories(),
        preset in select(Preset::ALL.to_vec()),
    ) {
        let model = Model::new(preset);
        let (mut world, mut state) = (World::without_ids(), State::default());
        fold_on(&mut world, &mut state, &history, &model, |world, state| {
            for (name, dyad) in world.dyads() {
                let (found, expected) = (state.relation(dyad).equilibrium, equilibrium(world, state, dyad, &model));
                assert!((found - expected).abs() < 1e-12, "{name} tends to {found}, not {expected}");
            }
        });
    }

    #[test]
    fn an_audience_feels_an_occupation_just_as_long_as_the_targets(history in histories()) {
        let model = Model::default();
        let (world, state, _) = fold(&history, &model);
        let holds = world.dyads().into_iter().flat_map(|(_, dyad)| world.holds_between(dyad));
        for &felt in holds {
            let hold = world.hold(felt);
            if !hold.audience {
                continue;
            }
            prop_assert_eq!(world.kind(hold.measure), Some(MeasureKind::Occupation));
            let of_targets = world.holds_of(hold.measure).iter().filter(|&&other| {
                let other = world.hold(other);
                !other.audience && other.source == hold.source
            });
            let strongest = of_targets.filter_map(|&other| state.status(other)).min();
            prop_assert_eq!(state.status(felt), strongest);
        }
    }

    #[test]
    fn a_change_that_is_told_is_the_change_that_was_made(history in histories()) {
        let model = Model::default();
        let (mut world, mut state) = (World::without_ids(), State::default());
        for record in history.iter() {
            let deed = fold_on(&mut world, &mut state, std::slice::from_ref(record), &model, |_, _| ());
            for change in &deed[0].changes {
                match *change {
                    Change::Measure { hold, to, strength, .. } => {
                        prop_assert_eq!(state.status(hold), Some(to));
                        prop_assert_eq!(state.hold(hold).map(|it| it.strength), Some(strength));
                    }
                    Change::Equilibrium { dyad, before, after } => {
                        prop_assert!(before != after);
                        prop_assert!(deed[0].steps.iter().any(|step| step.dyad == dyad));
                    }
                    Change::Agenda { topic, to, .. } => prop_assert_eq!(state.topic(topic).status, Some(to)),
                    Change::Coverage { topic, side, coverage } => {
                        let readouts = state.relation(world.dyad_of_topic(topic)).readouts;
                        prop_assert_eq!(state.topic(topic).coverage(readouts)[side], coverage);
                    }
                    Change::Meeting { meeting, to, scheduled_for, .. } => {
                        prop_assert_eq!(state.meeting(meeting).status, Some(to));
                        prop_assert_eq!(state.meeting(meeting).scheduled_for, scheduled_for);
                    }
                    Change::Phase { .. } => {}
                }
            }
        }
    }

    #[test]
    fn borders_are_passed_one_by_one_and_in_the_order_of_their_days(history in histories()) {
        let (world, state, deeds) = fold(&history, &Model::default());
        for (_, dyad) in world.dyads() {
            let passages = deeds.iter().flat_map(|deed| deed.passages(dyad));
            let (mut phase, mut last_day) = (Phase::Normal, day(0));
            for passage in passages {
                prop_assert_eq!(passage.from, phase);
                prop_assert_eq!((passage.from as i32 - passage.to as i32).abs(), 1);
                prop_assert!(last_day <= passage.day);
                (phase, last_day) = (passage.to, passage.day);
            }
            prop_assert_eq!(state.relation(dyad).phase, Some(phase));
        }
    }

    #[test]
    fn a_trace_tells_each_dyad_of_an_event_once_and_from_the_phase_it_was_in(history in histories()) {
        prop_assume!(!history.is_empty());
        let log = log_of(&history, 0);
        let found = survey(&log[..], Scope::default(), |_, _| ()).unwrap();
        let mut phases = BTreeMap::new();
        let mut each = |told: &Told<'_>| {
            let mut dyads = HashSet::new();
            for transition in told.transitions {
                let dyad = transition.step.dyad;
                assert!(dyads.insert(dyad), "{:?}", told.transitions);
                let before = phases.insert(dyad, transition.phase_after);
                assert_eq!(transition.phase_before, before.unwrap_or(Some(Phase::Normal)));
            }
            Ok(())
        };
        replay(&log[..], &found, Until::End, &Model::default(), Some(&mut each)).unwrap();
    }

    #[test]
    fn folding_twice_gives_the_same_bits(history in histories(), preset in select(Preset::ALL.to_vec())) {
        let model = Model::new(preset);
        prop_assert_eq!(bits(&fold(&history, &model).1), bits(&fold(&history, &model).1));
    }

    #[test]
    fn what_is_left_is_the_same_whether_anybody_is_told_of_it(
        history in histories(),
        preset in select(Preset::ALL.to_vec()),
    ) {
        let model = Model::new(preset);
        let (mut world, mut state) = (World::without_ids(), State::default());
        for record in history.iter() {
            let event = compile(record, &mut world);
            evolve(&mut state, &world, &event, record.date(), &model, &mut ());
        }
        prop_assert_eq!(bits(&state), bits(&fold(&history, &model).1));
    }

    #[test]
    fn a_log_replays_to_what_its_events_fold_to(history in histories(), preset in select(Preset::ALL.to_vec())) {
        let model = Model::new(preset);
        let log = log_of(&history, 0);
        prop_assert_eq!(replayed(&log, Scope::default(), &model), bits(&fold(&history, &model).1));
    }

    #[test]
    fn reading_changes_nothing(history in histories(), days in -100..2000_i32) {
        prop_assume!(!history.is_empty());
        let model = Model::default();
        let log = log_of(&history, 0);
        let found = survey(&log[..], Scope::default(), |_, _| ()).unwrap();
        let mut read_all = |told: &Told<'_>| {
            let read_on = told.record.date().plus_days(days).unwrap();
            for (_, dyad) in told.world.dyads() {
                told.state.relation_on(dyad, read_on, &model, |_| ());
            }
            Ok(())
        };
        let read = replay(&log[..], &found, Until::End, &model, Some(&mut read_all)).unwrap();
        prop_assert_eq!(bits(&read.state), replayed(&log, Scope::default(), &model));
    }

    #[test]
    fn stopping_on_a_day_changes_nothing_that_follows(history in histories(), days in 900..4000_i32) {
        prop_assume!(!history.is_empty());
        let model = Model::default();
        let log = log_of(&history, 0);
        let found = survey(&log[..], Scope::default(), |_, _| ()).unwrap();
        let mut stopped = replay(&log[..], &found, Until::Day(day(days)), &model, None).unwrap();
        for (_, dyad) in stopped.world.dyads() {
            let _ = stopped.relation(dyad, &model);
        }
        let rest = history.partition_point(|record| record.date() <= day(days));
        prop_assert_eq!(stopped.events, rest as u64);
        fold_on(&mut stopped.world, &mut stopped.state, &history[rest..], &model, |_, _| ());
        prop_assert_eq!(bits(&stopped.state), bits(&fold(&history, &model).1));
    }

    #[test]
    fn events_that_come_late_give_what_they_would_have_given_in_time(
        (history, shuffled) in histories_in_any_order(),
        preset in select(Preset::ALL.to_vec()),
    ) {
        let model = Model::new(preset);
        let log = log_of(&shuffled, 0);
        prop_assert_eq!(replayed(&log, Scope::default(), &model), bits(&fold(&history, &model).1));
        prop_assert!(admits(&shuffled));
    }

    #[test]
    fn what_was_known_on_a_day_is_what_a_log_cut_off_there_holds(
        (_, shuffled) in histories_in_any_order(),
        cut in any::<Index>(),
    ) {
        let model = Model::default();
        let cut = cut.index(shuffled.len() + 1);
        let scope = Scope { known_on: Some(day(9_999 + i32::try_from(cut).unwrap())), ..Scope::default() };
        let known = replayed(&log_of(&shuffled, 1), scope, &model);
        prop_assert_eq!(known, replayed(&log_of(&shuffled[..cut], 1), Scope::default(), &model));
    }

    #[test]
    fn what_is_retracted_with_all_that_hangs_on_it_might_never_have_been(
        history in histories(),
        index in any::<Index>(),
    ) {
        prop_assume!(!history.is_empty());
        let model = Model::default();
        let mut log = log_of(&history, 0);
        let register = Register::read(&log[..], true, &HashSet::new()).unwrap();
        let ids = [index.get(&history).id().to_owned()];
        let admitted = register.retract(&log[..], &ids, true, recorded(), None).unwrap();
        let mut writer = Writer::after(register.survey().head);
        for record in &admitted.records {
            writer.write(record, &mut log).unwrap();
        }
        let gone: HashSet<_> = admitted.records.iter().filter_map(|it| it.fields().retracts.clone()).collect();
        prop_assert!(gone.contains(&ids[0][..]));
        let left: Vec<_> = history.iter().filter(|record| !gone.contains(record.id())).cloned().collect();
        prop_assert_eq!(replayed(&log, Scope::default(), &model), bits(&fold(&left, &model).1));
        let after = Register::read(&log[..], true, &HashSet::new()).unwrap();
        prop_assert!(after.audit(&log[..]).is_ok());
        // What is left is legal without the rest, so that a leaf takes nothing else with it.
        prop_assert!(admits(&left));
        let alone: Vec<_> = history.iter().filter(|record| record.id() != ids[0]).cloned().collect();
        prop_assert_eq!(admits(&alone), gone.len() == 1);
    }
}

proptest! {
    #![proptest_config(cases(1024))]

    #[test]
    fn waiting_passes_a_border_on_the_first_day_beyond_it(
        baseline in -10.0..=10.0,
        impact in -10.0..=10.0,
        half_life_days in 10.0..400.0,
        days in 1..800_i32,
    ) {
        let mut model = Model::default();
        model.set_number("baseline_degrees", baseline).unwrap();
        model.set_number("half_life_days", half_life_days).unwrap();
        let (world, state, _) = fold(&[moved(0, &json!({"impact": impact, "reason": "drawn"}))], &model);
        let (_, dyad) = world.dyads()[0];
        let mut passages = Vec::new();
        state.relation_on(dyad, day(days), &model, |passage| passages.push(passage));
        for Passage { from, to, day: on, waiting } in passages {
            let is_beyond = |days| {
                let waited = baseline + impact * libm::exp2(-f64::from(days) / half_life_days);
                from.next(model.reading().of(waited), model.hysteresis_degrees()) == Some(to)
            };
            let on = on.days_since(day(0));
            prop_assert!(waiting && on > 0 && on <= days);
            prop_assert!(is_beyond(on) && !is_beyond(on - 1), "{} to {} on day {}", from, to, on);
        }
    }

    #[test]
    fn goldstein_decay_is_the_sum_of_the_weights_each_halved_every_thirty_days(
        events in proptest::collection::vec((0..90_i32, select(Code::all().collect::<Vec<_>>())), 1..30),
        later in 0..200_i32,
    ) {
        let mut on = 0;
        let dated: Vec<_> = events.iter().map(|(days_after, code)| { on += days_after; (on, *code) }).collect();
        let history: Vec<_> = dated.iter().map(|(on, code)| moved(*on, &json!({"act": "coded", "code": code}))).collect();
        let model = Model::new(Preset::GoldsteinDecay);
        let (world, state, _) = fold(&history, &model);
        let read_on = on + later;
        let found = state.relation_on(world.dyads()[0].1, day(read_on), &model, |_| ());
        let fading = |days: i32| libm::exp2(-f64::from(days) / 30.0);
        let sum: f64 = dated.iter().map(|(on, code)| code.weight(model.weights()) * fading(read_on - on)).sum();
        prop_assert!((found.temperature - sum).abs() < 1e-9, "{} is not {}", found.temperature, sum);
    }

    #[test]
    fn a_stock_of_one_sign_leaves_the_product_of_what_each_event_leaves_of_the_way_to_its_bound(
        weights in proptest::collection::vec(0.0..=10.0, 1..30),
        sign in select(vec![-1.0, 1.0]),
    ) {
        let model = Model::new(Preset::Stock);
        let event = |(place, weight): (usize, &f64)| moved(place as i32, &json!({"weight": sign * weight}));
        let history: Vec<_> = weights.iter().enumerate().map(event).collect();
        let (world, state, _) = fold(&history, &model);
        let left: f64 = weights.iter().map(|weight| 1.0 - 0.3 * weight / 10.0).product();
        let found = state.relation(world.dyads()[0].1).temperature;
        prop_assert!((found - sign * 10.0 * (1.0 - left)).abs() < 1e-9, "{} for {}", found, left);
    }
}

/// A scenario knows the measures of its base in another order than a log that is read anew.
#[test]
fn what_stands_adds_up_to_the_same_bits_whichever_came_up_first() {
    let kinds = [
        "rivalry",
        "sanctions",
        "tariffs",
        "embargo",
        "relations_broken",
    ];
    let strengths = [0.1, 0.7, 0.3, 0.9, 0.2];
    let stand = |(kind, strength): (&str, f64)| {
        let entry = json!({"id": kind, "kind": kind, "to": "in_force", "strength": strength});
        moved(0, &json!({"act": "background", "measures": [entry]}))
    };
    let stands: Vec<_> = kinds.into_iter().zip(strengths).map(stand).collect();
    let tends_to = |history: &[Record]| {
        let (world, state, _) = fold(history, &Model::default());
        let balance = state.relation(world.dyads()[0].1).balance;
        balance.tends_to.to_bits()
    };
    let first = tends_to(&stands);
    for turn in 1..stands.len() {
        let turned = [&stands[turn..], &stands[..turn]].concat();
        assert_eq!(tends_to(&turned), first);
        let reversed: Vec<_> = turned.into_iter().rev().collect();
        assert_eq!(tends_to(&reversed), first);
    }
}

/// Whether an event has something.
type Holds<'a> = &'a dyn Fn(&Draft) -> bool;

#[test]
fn the_histories_of_these_laws_hold_every_act_and_most_of_what_is_proposed() {
    let mut runner = TestRunner::deterministic();
    let (mut proposed, mut kept) = (0, Vec::new());
    for _ in 0..200 {
        let proposals = proposals(0..60).new_tree(&mut runner).unwrap().current();
        proposed += proposals.len();
        kept.extend(legal(proposals).0);
    }
    let times = |is: &dyn Fn(&Draft) -> bool| kept.iter().filter(|it| is(&it.fields())).count();
    for act in Act::ALL {
        let count = times(&|it| it.act == Some(act));
        assert!(count >= 10 || act.is_about_the_log(), "{count} times {act}");
    }
    let crosses = |it: &Draft| {
        let is_mutual = it.act.unwrap().form().parties == Parties::Mutual;
        is_mutual && it.source != it.target
    };
    let named: [(&str, Holds<'_>); 7] = [
        ("two sides", &crosses),
        ("adverse", &|it| !it.adverse.is_empty()),
        ("a result", &|it| it.result.is_some()),
        ("until", &|it| it.until.is_some()),
        ("strength", &|it| it.strength.is_some()),
        ("the strength of an entry", &|it| {
            it.measures.iter().any(|entry| entry.strength.is_some())
        }),
        ("a kind of its own", &|it| {
            it.measures
                .iter()
                .any(|entry| entry.kind == MeasureKind::Own)
        }),
    ];
    for (what, is) in named {
        assert!(times(is) >= 10, "{} times {what}", times(is));
    }
    for kind in MeasureKind::ALL {
        let count = times(&|it| it.measures.iter().any(|entry| entry.kind == kind));
        assert!(count >= 10, "{count} times an entry of {}", kind.name());
    }
    assert!(kept.len() > proposed / 3, "{} of {proposed}", kept.len());
}

// Closed forms.

/// An event of USA on RUS on a day, a statement unless it says otherwise.
fn moved(on: i32, fields: &Value) -> Record {
    let mut event = json!({
        "id": format!("e{on}"), "date": day(on), "source": ["USA"], "target": ["RUS"], "act": "statement"
    });
    let fields = fields.as_object().unwrap().clone();
    event.as_object_mut().unwrap().extend(fields);
    check(serde_json::from_value(event).unwrap()).unwrap()
}

/// The temperature right after each of some events, against a table of day, fields and degrees.
#[track_caller]
fn follows(preset: Preset, table: &[(i32, Value, f64)]) {
    let history: Vec<_> = table
        .iter()
        .map(|(on, fields, _)| moved(*on, fields))
        .collect();
    let (_, _, deeds) = fold(&history, &Model::new(preset));
    for (deed, (on, _, degrees)) in deeds.iter().zip(table) {
        let found = deed.steps[0].after;
        assert!(
            (found - degrees).abs() < 1e-12,
            "on day {on} it is {found}, not {degrees}"
        );
    }
}

/// R read as a temperature.
fn read(balance: f64) -> f64 {
    10.0 * balance / (100.0 + balance * balance).sqrt()
}

#[test]
fn detente_reads_the_sum_of_words_and_deeds_that_fade_and_of_what_stands() {
    let two = |days: f64, half_life: f64| libm::exp2(-days / half_life);
    let words = json!({"act": "statement", "tone": "threatening"});
    let lifted = json!({"act": "sanctions_lifted", "measure": "e365"});
    // What is left of a threat of 60 days' half-life, and of an attack of 365 days'.
    let said = |days| -4.4 * 0.15 * two(days, 60.0);
    let done = |days| -10.0 * 0.15 * two(days, 365.0);
    let imposed = |days| -8.0 * 0.15 * two(days, 365.0);
    // Sanctions are felt by half of their -1.5 after 60 days.
    let felt = |days| -1.5 * (1.0 - two(days, 60.0));
    follows(
        Preset::Detente,
        &[
            (0, words, read(-0.66)),
            (60, json!({"act": "attack"}), read(-0.33 - 1.5)),
            (
                365,
                json!({"act": "sanctions_imposed"}),
                read(said(365.0) + done(305.0) - 1.2),
            ),
            (
                425,
                json!({}),
                read(said(425.0) + done(365.0) + imposed(60.0) - 0.75),
            ),
            (
                485,
                lifted,
                read(said(485.0) + done(425.0) + imposed(120.0) + felt(120.0) + 7.0 * 0.15),
            ),
        ],
    );
}

#[test]
fn stepwise_halves_the_distance_to_what_stands_every_180_days() {
    let lifted = json!({"act": "sanctions_lifted", "measure": "e360"});
    follows(
        Preset::Stepwise,
        &[
            // 0 - 3.
            (0, json!({"act": "attack"}), -3.0),
            // Half of -3 is left; a signed treaty has 8 * 0.3 = 2.4: -1.5 + 2.4 * 1.15.
            (180, json!({"act": "coded", "code": "057"}), 1.26),
            // Half of 1.26; sanctions have -8 * 0.3 = -2.4: 0.63 - 2.4 * 1.063.
            (360, json!({"act": "sanctions_imposed"}), -1.9212),
            // Half of the way to -3: -3 + 1.0788 / 2.
            (540, json!({}), -2.4606),
            // A quarter of the way that is left: -3 + 0.5394 / 4; lifting has 7 * 0.3 = 2.1:
            // -2.86515 + 2.1 * 1.286515.
            (900, lifted, -0.163_468_5),
            // Half of it.
            (1080, json!({}), -0.081_734_25),
        ],
    );
}

#[test]
fn goldstein_decay_adds_weights_up_without_bound_and_halves_them_every_30_days() {
    follows(
        Preset::GoldsteinDecay,
        &[
            (0, json!({"act": "attack"}), -10.0),
            // -10 / 2 + 8.
            (30, json!({"act": "coded", "code": "057"}), 3.0),
            // -10 / 8 + 8 / 4 + 1.
            (90, json!({"act": "coded", "code": "041"}), 1.75),
            // 1.75 / 4 - 10, then twice more: sanctions put nothing in force here.
            (150, json!({"act": "attack"}), -9.5625),
            (150, json!({"act": "attack"}), -19.5625),
            (150, json!({"act": "sanctions_imposed"}), -27.5625),
            (180, json!({}), -13.78125),
        ],
    );
}

#[test]
fn a_stock_saturates_and_never_fades() {
    follows(
        Preset::Stock,
        &[
            (0, json!({"act": "attack"}), -3.0),
            // -3 - 3 * 0.7.
            (1000, json!({"act": "attack"}), -5.1),
            // -5.1 + 2.4 * 1.51.
            (1001, json!({"act": "coded", "code": "057"}), -1.476),
            // -1.476 - 2.4 * (1 - 0.1476), and nothing stands.
            (1002, json!({"act": "sanctions_imposed"}), -3.521_76),
            (9000, json!({}), -3.521_76),
        ],
    );
}
