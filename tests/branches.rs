//! Laws of branches: random scenarios on random legal histories, chance and rules included.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::histories::{History, histories, log_of};
use detente::history::{Course, Fold, Record, Register, Scope, Until, replay, survey};
use detente::json::{Dialect, read};
use detente::model::{Day, Model};
use detente::scenario::{
    Base, Entry, Fate, Inquiry, Luck, Scenario, ScenarioFile, Text, branch_log, check, holds,
    played, records, records_without, run,
};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};

/// A number of changes, each of a kind, to one event or at its time, by so many days.
type Picks = Vec<(u8, Index, i32)>;

fn picks() -> impl Strategy<Value = Picks> {
    prop::collection::vec((0..12_u8, any::<Index>(), -30..60_i32), 0..8)
}

/// What is asked of every branch: with a deadline, so that it is asked of every day.
fn outcomes(until: Day) -> Value {
    let cold = json!({"temperature": {"dyad": "RUS-USA", "below": -1.0}});
    let warm = json!({"temperature": {"dyad": "RUS-USA", "above": -0.5, "below": 0.5}});
    let tense = json!({"phase": {"dyad": "RUS-USA", "is": ["tension", "discord"]}});
    let late = json!({"since": until.plus_days(-100).unwrap()});
    json!([
        {"id": "cold", "when": cold, "by": until},
        {"id": "between", "when": {"all": [warm, {"not": late}]}, "by": until},
        {"id": "or", "when": {"any": [{"all": [late, tense]}, {"not": cold}]}, "by": until},
    ])
}

/// A scenario on a base of some events.
fn scenario_of(events: &[Record], fork: Index, until_days: i32, picks: &Picks) -> Value {
    let place = fork.index(events.len());
    let on = events[place].date();
    let last = events.last().unwrap().date();
    let until = last.plus_days(until_days).unwrap();
    let (mut edits, mut chance, mut rules) = (Vec::new(), Vec::new(), Vec::new());
    let mut uncertain = json!({});
    let statement = |id: String| json!({"id": id, "source": ["RUS"], "target": ["USA"], "act": "statement", "tone": "threatening"});
    for (number, (kind, index, days)) in picks.iter().enumerate() {
        let event = events[index.index(events.len())].id();
        let date = on.plus_days(days.abs() + 1).unwrap();
        let mut new = statement(format!("new-{number}"));
        match kind {
            0 => edits.push(json!({"drop": {"event": event, "cascade": true}})),
            1 => edits.push(json!({"drop": {"event": event}})),
            2 => edits.push(json!({"shift": {"event": event, "days": days, "cascade": true}})),
            3 => {
                new.as_object_mut().unwrap().remove("id");
                edits.push(json!({"replace": {"event": event, "with": new}}));
            }
            4 | 5 => {
                new["date"] = json!(date);
                edits.push(json!({"insert": new}));
            }
            6 => {
                new["after"] = json!({"event": event, "days": days.abs()});
                edits.push(json!({"insert": new}));
            }
            7 | 8 => {
                let mut other = statement(format!("other-{number}"));
                other["caused_by"] = new["id"].clone();
                other["after"] = json!({"event": new["id"], "days": days.abs()});
                chance.push(
                    json!({"id": format!("node-{number}"), "date": date, "options": [
                        {"label": "yes", "probability": 0.5, "events": [new, other]},
                        {"label": "no", "probability": 0.5},
                    ]}),
                );
            }
            9 | 10 => {
                let mut then = statement(String::new());
                then.as_object_mut().unwrap().remove("id");
                rules.push(json!({
                    "id": format!("rule-{number}"), "when": {"act": events[index.index(events.len())].act()},
                    "if": {"temperature": {"dyad": "RUS-USA", "above": -5.0}},
                    "probability": 0.7, "delay_days": {"from": 0, "to": days.abs()}, "at_most": 3, "then": then,
                }));
                rules.push(json!({
                    "id": format!("echo-{number}"), "when": {"act": "statement", "source": "RUS"},
                    "cooldown_days": days.abs(), "at_most": 2,
                    "then": {"source": ["USA"], "target": ["RUS"], "act": "sanctions_imposed"},
                }));
            }
            _ => uncertain["half_life_days"] = json!({"uniform": [50, 400]}),
        }
    }
    let fork = match picks.len() % 3 {
        0 => json!({"before": events[place].id()}),
        1 => json!({"after": events[place].id()}),
        _ => json!({"date": on}),
    };
    let tail = if picks.len() % 4 == 3 { "cut" } else { "keep" };
    json!({
        "title": "At random", "base": "base", "fork": fork, "tail": tail, "until": until, "seed": picks.len(),
        "edits": edits, "chance": chance, "rules": rules, "uncertain": uncertain, "outcomes": outcomes(until),
    })
}

/// A scenario that was checked, if there is nothing wrong with it.
fn checked(scenario: &Value, base: Base) -> Option<Scenario> {
    let text = scenario.to_string();
    let reading = read::<ScenarioFile>(&text, Dialect::Commented);
    assert!(reading.flaws.is_empty(), "{:?}", reading.flaws);
    let written = Text {
        name: "random.json",
        text: &text,
        tree: &reading.tree,
    };
    check(written, reading.value.unwrap(), base).ok()
}

fn base_of(history: &History) -> Base {
    Base::read(&log_of(history, 0)[..], "base").unwrap()
}

/// The bits of the temperature and the equilibrium of every dyad that something moved.
fn temperatures(folded: &detente::history::Folded, model: &Model) -> BTreeMap<String, (u64, u64)> {
    let dyads = folded.world.dyads().into_iter();
    let moved = dyads.filter(|(_, dyad)| folded.state.relation(*dyad).valid_for.is_some());
    let read = moved.map(|(name, dyad)| {
        let (relation, _) = folded.relation(dyad, model);
        (
            name.to_string(),
            (
                relation.temperature.to_bits(),
                relation.equilibrium.to_bits(),
            ),
        )
    });
    read.collect()
}

/// The first days on which the questions hold, asked on every day before and after every event.
fn asked_day_by_day(scenario: &Scenario, luck: Luck, shared: usize) -> Vec<Option<Day>> {
    let (happened, model) = records(scenario, luck).unwrap();
    let mut fold = Fold::new(&model);
    happened[..shared]
        .iter()
        .for_each(|record| fold.apply(record));
    let mut held = vec![None; scenario.questions.len()];
    let mut rest = happened[shared..].iter().peekable();
    let last = happened[..shared].last().map(Record::date);
    let first = rest.peek().map_or(scenario.until, |record| record.date());
    let mut today = last.max(scenario.forks_on).unwrap_or(first);
    let ask = |fold: &Fold<'_>, today: Day, held: &mut Vec<Option<Day>>| {
        for ((_, question), held) in scenario.questions.iter().zip(held) {
            let folded = fold.folded();
            if held.is_none() && holds(&question.when, &folded.world, &folded.state, today, &model)
            {
                *held = Some(today);
            }
        }
    };
    while today <= scenario.until {
        ask(&fold, today, &mut held);
        while let Some(record) = rest.next_if(|record| record.date() <= today) {
            fold.apply(record);
            ask(&fold, today, &mut held);
        }
        today = today.plus_days(1).unwrap();
    }
    held
}

/// Everything that must hold of a legal scenario; how many events rules and chance brought.
fn holds_together(scenario: &Scenario, base_log: &[u8]) -> usize {
    let mut by_luck = 0;
    for run_number in 0..3 {
        let luck = Luck {
            seed: scenario.hazards.seed,
            run: run_number,
        };
        let mut shared = 0;
        let played = run(scenario, luck, |happening, told| {
            shared += usize::from(told.is_some() && happening.is_shared(scenario));
            let is_own = happening.id().contains('@') || happening.id().starts_with("other-");
            by_luck += usize::from(told.is_some() && is_own);
            Ok(())
        })
        .unwrap();
        let log = branch_log(scenario, luck).unwrap();
        assert!(log == branch_log(scenario, luck).unwrap());
        let lines = |log: &[u8]| -> Vec<Vec<u8>> {
            log.split_inclusive(|byte| *byte == b'\n')
                .map(<[u8]>::to_vec)
                .collect()
        };
        if scenario.lineage.len() == 1 {
            assert!(
                lines(&log)[..shared] == lines(base_log)[..shared],
                "{shared} lines"
            );
        }
        let answers: Vec<_> = played
            .answers
            .iter()
            .map(|(_, answer)| answer.first_on)
            .collect();
        assert_eq!(answers, asked_day_by_day(scenario, luck, shared));
        if log.is_empty() {
            continue;
        }
        let register = Register::read(&log[..], true, &HashSet::new()).unwrap();
        register.audit(&log[..]).unwrap();
        let surveyed = survey(&log[..], Scope::default(), |_, _| ()).unwrap();
        let until = Until::Day(scenario.until);
        let replayed = replay(&log[..], &surveyed, until, &played.model, None).unwrap();
        assert_eq!(
            temperatures(&replayed, &played.model),
            temperatures(&played.folded, &played.model)
        );
    }
    by_luck
}

/// The temperature of a dyad on the last day of a run of which these are the events.
fn end_of(happened: &[Record], model: &Model, dyad: detente::model::Dyad, day: Day) -> f64 {
    let mut fold = Fold::new(model);
    for record in happened {
        fold.apply(record);
    }
    let folded = fold.folded();
    match folded.world.find_dyad(dyad) {
        Some(index) => folded.state.relation(index).read_on(day, model).0,
        None => model.baseline(dyad),
    }
}

/// Whatever way an effect was found, it is that of playing the run again without the event; how
/// many it was so for.
fn leaving_out_means_what_it_says(scenario: &Scenario, luck: Luck) -> usize {
    let run = played(scenario, luck).unwrap();
    let (happened, model) = (run.records, run.model);
    let happened = happened.to_slice();
    let course = Course::new(&happened);
    let dyad = "RUS-USA".parse().unwrap();
    let Some(index) = course.world().find_dyad(dyad) else {
        return 0;
    };
    let viewpoint = course.end_of(scenario.until);
    let run = (scenario, luck, run.has_refused);
    let mut inquiry = Inquiry::of_run(run, &course, &model, index, viewpoint);
    let sum = inquiry.shares().sum();
    assert!((sum - inquiry.temperature()).abs() < 1e-9);
    for (place, record) in happened.iter().enumerate() {
        let (without, _) = records_without(scenario, luck, record.id()).unwrap();
        let mut dropped = scenario.clone();
        let mut entries = scenario.entries.iter();
        if let Some(entry) = entries.position(|it| it.record.id() == record.id()) {
            dropped.entries.change(entry, &Fate::Dropped(None));
            assert_eq!(records(&dropped, luck).unwrap().0, without);
        }
        let effect = inquiry.effect(place).unwrap();
        let expected = inquiry.temperature() - end_of(&without, &model, dyad, scenario.until);
        assert!(
            (effect.degrees - expected).abs() < 1e-9,
            "without {}",
            record.id()
        );
        if let Some(told) = effect.without {
            let left: HashSet<_> = without.iter().map(Record::id).collect();
            let fell = happened.iter().filter(|it| !left.contains(it.id())).count() - 1;
            assert_eq!(told.fallen.count, fell, "without {}", record.id());
        } else {
            assert_eq!(without.len() + 1, happened.len());
        }
    }
    happened.len()
}

fn cases(cases: u32) -> Config {
    // Nothing is written to the disk when a law fails.
    Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    }
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn a_legal_scenario_makes_a_branch_that_holds_together(
        history in histories(), fork in any::<Index>(), until_days in 0..300_i32, picks in picks(),
        upper_fork in any::<Index>(), upper in picks(),
    ) {
        prop_assume!(!history.is_empty());
        let log = log_of(&history, 0);
        let Some(scenario) = checked(&scenario_of(&history, fork, until_days, &picks), base_of(&history)) else {
            return Ok(());
        };
        holds_together(&scenario, &log);
        // And a scenario on that one, whose new events have other names.
        let base = scenario.into_base("base");
        let events: Vec<_> = base.entries.iter().map(|entry| entry.record.clone()).collect();
        prop_assume!(!events.is_empty());
        let on_top = scenario_of(&events, upper_fork, until_days, &upper).to_string();
        let on_top = ["new-", "other-", "node-", "rule-", "echo-"].iter().fold(on_top, |text, name| {
            text.replace(&format!("\"id\":\"{name}"), &format!("\"id\":\"upper-{name}"))
        });
        if let Some(upper) = checked(&serde_json::from_str(&on_top).unwrap(), base) {
            holds_together(&upper, &log);
        }
    }

    #[test]
    fn leaving_an_event_out_of_a_run_means_to_play_it_without(
        history in histories(), fork in any::<Index>(), until_days in 0..300_i32, picks in picks(), run in 0..3_u64,
    ) {
        prop_assume!(!history.is_empty());
        let written = scenario_of(&history, fork, until_days, &picks);
        if let Some(scenario) = checked(&written, base_of(&history)) {
            let seed = scenario.hazards.seed;
            leaving_out_means_what_it_says(&scenario, Luck { seed, run });
        }
    }

    #[test]
    fn dropping_everything_that_was_inserted_gives_the_base_back(
        history in histories(), fork in any::<Index>(), picks in picks(),
    ) {
        prop_assume!(!history.is_empty());
        let inserts: Picks = picks.into_iter().filter(|(kind, _, _)| (4..=6).contains(kind)).collect();
        let mut written = scenario_of(&history, fork, 0, &inserts);
        written["tail"] = json!("keep");
        // Far behind everything, so that nothing is cut off.
        written["until"] = json!("2100-01-01");
        let Some(scenario) = checked(&written, base_of(&history)) else { return Ok(()) };
        let is_behind = |entry: &Entry<'_>| *entry.fate != Fate::Shared;
        let Some(first) = scenario.entries.iter().find(is_behind) else { return Ok(()) };
        let fork = json!({"before": first.record.id()});
        let base = scenario.into_base("base");
        let is_new = |id: &&str| id.starts_with("new-");
        let new = base.entries.iter().map(|entry| entry.record.id()).filter(is_new);
        let drops: Vec<_> = new.map(|id| json!({"drop": {"event": id, "cascade": true}})).collect();
        let mut undone = written.clone();
        undone["edits"] = json!(drops);
        undone["fork"] = fork;
        let undone = checked(&undone, base).unwrap();
        let (left, _) = records(&undone, Luck::default()).unwrap();
        let ids = |records: &[Record]| -> Vec<String> { records.iter().map(|record| record.id().to_owned()).collect() };
        prop_assert_eq!(ids(&left), ids(&history));
    }
}

#[test]
fn many_random_scenarios_are_legal_and_in_many_chance_brings_something() {
    let mut runner = TestRunner::deterministic();
    let (mut legal, mut lucky) = (0, 0);
    for _ in 0..100 {
        let history = histories().new_tree(&mut runner).unwrap().current();
        let fork = any::<Index>().new_tree(&mut runner).unwrap().current();
        let picks = picks().new_tree(&mut runner).unwrap().current();
        if history.is_empty() {
            continue;
        }
        if let Some(scenario) =
            checked(&scenario_of(&history, fork, 100, &picks), base_of(&history))
        {
            legal += 1;
            lucky += usize::from(holds_together(&scenario, &log_of(&history, 0)) > 0);
        }
    }
    assert!(
        legal >= 25 && lucky >= 8,
        "{legal} legal, chance in {lucky}"
    );
}
