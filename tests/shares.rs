//! Why a temperature is what it is, held to laws: shares add up, and leaving an event out means
//! what it says.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::histories::{History, histories, log_of};
use detente::history::{
    Course, CrossedBy, Falls, Ids, LIBRARY, Ledger, Links, RECORDED, Record, Replays, Scope,
    Viewpoint, check, compile, crossing, survey, timeline,
};
use detente::model::{
    Day, Dyad, Fact, Facts, Model, Preset, State, World, decide, evolve, temperature,
};
use proptest::prelude::*;

/// Temperatures and the sums of their shares may differ by rounding.
const ROUNDING_DEGREES: f64 = 1e-9;

/// Presets, and models in which measures hold the equilibrium at its bounds or a baseline lies off
/// zero.
fn models() -> Vec<Model> {
    let mut models: Vec<_> = Preset::ALL.into_iter().map(Model::new).collect();
    let changed = |settings: &[(&str, &str)]| {
        let mut model = Model::default();
        for (name, value) in settings {
            model.set(name, value).unwrap();
        }
        model
    };
    models.push(changed(&[
        ("standing_sanctions_degrees", "-9"),
        ("standing_occupation_degrees", "-8.5"),
        ("baseline_degrees", "-4"),
    ]));
    models.push(changed(&[
        ("baseline_degrees", "3"),
        ("half_life_days", "7"),
        ("gain", "1"),
        ("spillover", "1"),
    ]));
    models
}

fn recorded() -> History {
    read(RECORDED)
}

/// The events of a log that count, in replay order.
fn read(log: &[u8]) -> History {
    let survey = survey(log, Scope::default(), |_, _| {}).unwrap();
    History(timeline(log, &survey).unwrap())
}

/// Shares of every dyad add up to its temperature right after every event and on days after it.
fn shares_add_up(records: &[Record]) -> Result<(), TestCaseError> {
    let course = Course::new(records);
    for model in models() {
        let mut ledger = Ledger::new(&course, &model);
        while ledger.advance() {
            let place = ledger.events() - 1;
            let day = records[place].date();
            let next = records.get(place + 1).map(Record::date);
            let last = next.unwrap_or_else(|| day.plus_days(400).unwrap());
            let between = day.plus_days(last.days_since(day) / 2).unwrap();
            for (dyad, index) in course.world().dyads() {
                for on in [day, between, last] {
                    let temperature = ledger.temperature(index, on);
                    let sum = ledger.shares(index, on).sum();
                    let is_near = (temperature - sum).abs() < ROUNDING_DEGREES;
                    prop_assert!(is_near, "{dyad} on {on}: {temperature} is not {sum}");
                }
            }
        }
    }
    Ok(())
}

#[test]
fn shares_of_the_recorded_history_add_up_on_every_day_for_every_dyad_and_preset() {
    shares_add_up(&recorded()).unwrap();
    let records = recorded();
    let course = Course::new(&records);
    let first = records.first().unwrap().date();
    for model in models() {
        for days in 0..1200 {
            let day = first.plus_days(days).unwrap();
            let ledger = Ledger::of_first(&course, course.end_of(day).events, &model);
            for (_, dyad) in course.world().dyads() {
                let sum = ledger.shares(dyad, day).sum();
                assert!((ledger.temperature(dyad, day) - sum).abs() < ROUNDING_DEGREES);
            }
        }
    }
}

/// A history without one event: everything is compiled, decided and applied anew, and what is
/// illegal is left out.
fn told_anew(records: &[Record], left_out: usize) -> Vec<Record> {
    let model = Model::default();
    let (mut world, mut state, mut facts) = (World::new(), State::default(), Facts::default());
    for record in records {
        let id = world.event_ix(record.id()).unwrap();
        facts.note(id, Fact::Later(record.date()));
    }
    let mut kept = Vec::new();
    for (place, record) in records.iter().enumerate() {
        let event = compile(record, &mut world);
        state.fit(&world, &model);
        let day = record.date();
        if place != left_out && decide(&state, &facts, &world, &event, day).is_ok() {
            evolve(&mut state, &world, &event, day, &model, &mut ());
            facts.note(event.id.unwrap(), Fact::Happened(day));
            kept.push(record.clone());
        } else {
            facts.note(event.id.unwrap(), Fact::Absent);
        }
    }
    kept
}

fn temperature_of(records: &[Record], model: &Model, dyad: Dyad, day: Day) -> f64 {
    let course = Course::new(records);
    let ledger = Ledger::of_first(&course, records.len(), model);
    match course.world().find_dyad(dyad) {
        Some(index) => ledger.temperature(index, day),
        None => model.reading().of(model.baseline(dyad)),
    }
}

/// Both ways of leaving an event out agree with telling the history anew, the closed form where it
/// applies.
fn leaving_out_means_what_it_says(records: &[Record]) -> Result<(), TestCaseError> {
    let course = Course::new(records);
    let links = Links::of(&course);
    let day = records.last().unwrap().date().plus_days(90).unwrap();
    let viewpoint = course.end_of(day);
    let anew: Vec<_> = (0..records.len())
        .map(|place| told_anew(records, place))
        .collect();
    let courses: Vec<_> = anew.iter().map(|kept| Course::new(kept)).collect();
    for model in models() {
        // Each is told anew once for all of its dyads.
        let ledgers = anew.iter().zip(&courses);
        let ledgers: Vec<_> = ledgers
            .map(|(kept, course)| Ledger::of_first(course, kept.len(), &model))
            .collect();
        for (dyad, index) in course.world().dyads() {
            let ledger = Ledger::of_first(&course, records.len(), &model);
            let shares = ledger.shares(index, day);
            let temperature = ledger.temperature(index, day);
            let mut replays = Replays::new(&course, &model, index, viewpoint);
            let falls = Falls::of(&links, &shares, &replays);
            for (place, kept) in anew.iter().enumerate() {
                let without = replays.without(place);
                if let Some((left, fallen)) = falls.with(place, &course) {
                    let told = temperature - ledger.effect(index, day, left);
                    prop_assert!((told - without.temperature).abs() < ROUNDING_DEGREES);
                    prop_assert_eq!(&fallen, &without.fallen);
                }
                let expected = match courses[place].world().find_dyad(dyad) {
                    Some(index) => ledgers[place].temperature(index, day),
                    None => model.reading().of(model.baseline(dyad)),
                };
                prop_assert!((without.temperature - expected).abs() < ROUNDING_DEGREES);
                let fell = records.len() - 1 - kept.len();
                prop_assert_eq!(without.fallen.count, fell);
                if !links.is_alone(place) {
                    continue;
                }
                let touching = shares.events.iter().find(|it| it.push.event == place);
                let carried = touching.map_or(0.0, |share| share.carried);
                let effect = temperature - without.temperature;
                prop_assert!(
                    (effect - carried).abs() < ROUNDING_DEGREES,
                    "{dyad} without {}: {effect} is not {carried}",
                    records[place].id()
                );
            }
        }
    }
    Ok(())
}

#[test]
fn leaving_out_a_recorded_event_means_what_it_says() {
    leaving_out_means_what_it_says(&recorded()).unwrap();
}

#[test]
fn leaving_out_any_event_of_any_history_that_ships_means_what_it_says() {
    for shipped in LIBRARY {
        leaving_out_means_what_it_says(&read(shipped.log)).unwrap();
    }
}

/// The first crossing found by looking at every day and every event.
fn first_past(
    records: &[Record],
    model: &Model,
    dyad: Dyad,
    value: f64,
    until: Day,
) -> Option<(Day, Option<usize>)> {
    let course = Course::new(records);
    let index = course.world().find_dyad(dyad).unwrap();
    let start = model.reading().of(model.baseline(dyad));
    let is_past = |temperature: f64| {
        (start >= value && temperature < value) || (start <= value && temperature > value)
    };
    let mut ledger = Ledger::new(&course, model);
    let mut day = records.first()?.date();
    while day <= until {
        if is_past(ledger.temperature(index, day)) {
            return Some((day, None));
        }
        while records
            .get(ledger.events())
            .is_some_and(|it| it.date() == day)
        {
            ledger.advance();
            if is_past(ledger.temperature(index, day)) {
                return Some((day, Some(ledger.events() - 1)));
            }
        }
        day = day.plus_days(1)?;
    }
    None
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn shares_of_any_history_add_up(history in histories()) {
        shares_add_up(&history)?;
    }

    #[test]
    fn leaving_out_any_event_means_what_it_says(history in histories()) {
        prop_assume!(!history.is_empty());
        leaving_out_means_what_it_says(&history[..history.len().min(30)])?;
    }

    #[test]
    fn shares_do_not_depend_on_when_an_event_was_appended(
        (history, order) in histories().prop_flat_map(|history| {
            let order: Vec<_> = (0..history.len()).collect();
            (Just(history), Just(order).prop_shuffle())
        }),
    ) {
        // Events of one day stay in the order of the log.
        let mut of_days = history.0.clone();
        of_days.dedup_by_key(|record| record.date());
        let kept: Vec<_> = order.iter().filter_map(|place| of_days.get(*place).cloned()).collect();
        prop_assume!(!kept.is_empty());
        let read = read(&log_of(&kept, 1));
        let (read, straight) = (Course::new(&read), Course::new(&of_days));
        let day = of_days.last().unwrap().date();
        let model = Model::default();
        let ledgers = [&read, &straight].map(|it| Ledger::of_first(it, of_days.len(), &model));
        for (dyad, index) in straight.world().dyads() {
            let other = read.world().find_dyad(dyad).unwrap();
            prop_assert_eq!(ledgers[0].shares(other, day), ledgers[1].shares(index, day));
        }
    }

    #[test]
    fn a_share_is_the_impulse_faded_as_the_reading_counts_it(history in histories()) {
        prop_assume!(!history.is_empty());
        let course = Course::new(&history);
        let day = history.last().unwrap().date().plus_days(33).unwrap();
        for model in models() {
            let ledger = Ledger::of_first(&course, history.len(), &model);
            for (dyad, _) in course.world().dyads() {
                let dyad_index = course.world().find_dyad(dyad).unwrap();
                let balance = ledger.state().relation(dyad_index).balance.after(
                    day.days_since(ledger.state().relation(dyad_index).valid_for.unwrap_or(day)),
                    &model.half_lives(),
                );
                for share in ledger.shares(dyad_index, day).events {
                    let days = day.days_since(share.push.day);
                    let half_life = model.half_lives().of(share.push.fades);
                    let faded = share.push.impulse * temperature::fading(days, half_life);
                    let counted = faded * model.reading().factor(balance.sum());
                    prop_assert!((share.degrees - counted).abs() < 1e-12);
                    prop_assert!(share.left.abs() <= faded.abs());
                    // What is all but gone may be lost in rounding.
                    let agrees = share.carried * share.degrees >= 0.0;
                    prop_assert!(agrees || share.carried.abs() < 1e-12, "{} {share:?}", model.preset());
                }
            }
        }
    }

    /// So that the ledger by source is two directed sums there.
    #[test]
    fn a_push_of_goldstein_decay_is_the_weight_whoever_acts(history in histories()) {
        prop_assume!(!history.is_empty());
        let course = Course::new(&history);
        let model = Model::new(Preset::GoldsteinDecay);
        let ledger = Ledger::of_first(&course, history.len(), &model);
        let day = history.last().unwrap().date();
        for (_, dyad) in course.world().dyads() {
            for share in ledger.shares(dyad, day).events {
                prop_assert!((share.push.degrees - share.push.impact).abs() < ROUNDING_DEGREES);
                prop_assert!((share.carried - share.degrees).abs() < ROUNDING_DEGREES);
            }
        }
    }

    #[test]
    fn a_crossing_is_the_first_that_a_walk_day_by_day_meets(history in histories(), value in -9.0..9.0f64) {
        prop_assume!(!history.is_empty());
        let course = Course::new(&history);
        let until = history.last().unwrap().date().plus_days(100).unwrap();
        for model in models() {
            for (dyad, index) in course.world().dyads() {
                let found = crossing(&course, &model, index, value, course.end_of(until));
                let found = found.ok().map(|it| match it.by {
                    CrossedBy::Event(place) => (it.viewpoint.day, Some(place)),
                    CrossedBy::Waiting { .. } => (it.viewpoint.day, None),
                });
                prop_assert_eq!(found, first_past(&history, &model, dyad, value, until));
            }
        }
    }
}

/// Replaying a log decides nothing, so what is illegal in it counts, and falls with no other event.
#[test]
fn what_was_illegal_all_along_is_not_laid_to_the_event_that_is_left_out() {
    let event = |text: &str| {
        let text = text.replace('\'', "\"");
        check(serde_json::from_str(&text).unwrap()).unwrap()
    };
    let records = [
        event("{'id':'a','date':'2020-01-01','source':['USA'],'target':['RUS'],'act':'attack'}"),
        event(
            "{'id':'b','date':'2020-01-02','source':['USA'],'target':['RUS'],'act':'attack','caused_by':'c'}",
        ),
        event(
            "{'id':'d','date':'2020-01-03','source':['USA'],'target':['RUS'],'act':'attack','caused_by':'a'}",
        ),
    ];
    let course = Course::new(&records);
    let model = Model::default();
    let (_, dyad) = course.world().dyads()[0];
    let day = "2020-02-01".parse().unwrap();
    let mut replays = Replays::new(&course, &model, dyad, course.end_of(day));
    let without = replays.without(0);
    assert_eq!(without.fallen, Ids::from_iter(["d"]));
    let left = temperature_of(&records[1..2], &model, course.world().dyad(dyad), day);
    assert_eq!(without.temperature, left);
}

#[test]
fn a_viewpoint_right_after_an_event_is_on_its_day() {
    let records = recorded();
    let course = Course::new(&records);
    let place = records
        .iter()
        .position(|it| it.id() == "us-ru-call")
        .unwrap();
    let expected = Viewpoint {
        events: place + 1,
        day: "2017-01-28".parse().unwrap(),
    };
    assert_eq!(course.right_after(place), Some(expected));
    assert_eq!(course.right_after(records.len()), None);
}
