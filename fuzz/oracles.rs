//! What must hold of any bytes, target by target. `tests/mutated.rs` asks it of changed files in
//! every test run; the targets beside this file ask it under `cargo fuzz`.

use detente::history::{Chain, Recorded, Register, Scope, Writer, read_events, survey};
use detente::json::{Dialect, read};
use detente::model::Settings;
use detente::scenario::{Base, Luck, ScenarioFile, Text, branch_log, check};
use std::collections::HashSet;
use std::sync::OnceLock;

/// The recorded history, as it ships.
const RECORDED: &[u8] = include_bytes!("../scenarios/recorded-history.jsonl");

fn base() -> &'static Base {
    static BASE: OnceLock<Base> = OnceLock::new();
    BASE.get_or_init(|| Base::read(RECORDED, "recorded").expect("the recorded history is sound"))
}

/// A scenario that is checked runs, the same twice, and its branch is a log that verifies.
pub fn scenario(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let reading = read::<ScenarioFile>(text, Dialect::Commented);
    let (Some(file), true) = (reading.value, reading.flaws.is_empty()) else {
        assert!(
            !reading.flaws.is_empty(),
            "nothing is read and nothing is wrong"
        );
        return;
    };
    let (name, tree) = ("fuzzed.json", &reading.tree);
    match check(Text { name, text, tree }, file, base().clone()) {
        Err(error) => assert!(!error.faults().is_empty()),
        Ok(scenario) => {
            for number in 0..3 {
                let luck = Luck {
                    seed: scenario.hazards.seed,
                    run: number,
                };
                let log = branch_log(&scenario, luck).expect("what is checked runs");
                let again = branch_log(&scenario, luck).expect("what runs once runs twice");
                assert!(log == again, "another branch the second time");
                survey(
                    &log[..],
                    Scope {
                        known_on: None,
                        in_full: true,
                        ..Scope::default()
                    },
                    |_, _| {},
                )
                .expect("a branch verifies");
            }
        }
    }
}

/// What is appended stands in a log that verifies and passes an audit; the same again is there
/// already.
pub fn append(bytes: &[u8]) {
    let Ok(batch) = read_events(bytes) else {
        return;
    };
    let day = Recorded::NotBefore("2030-01-01".parse().expect("a day"));
    let ids: HashSet<&str> = batch.iter().map(|written| written.record.id()).collect();
    let register = Register::read(RECORDED, false, &ids).expect("the recorded history is sound");
    let Ok(admitted) = register.admit(RECORDED, &batch, day) else {
        return;
    };
    let mut log = RECORDED.to_vec();
    let mut writer = Writer::after(register.survey().head);
    for record in &admitted.records {
        if writer.write(record, &mut log).is_err() {
            return;
        }
    }
    let register = Register::read(&log[..], true, &ids).expect("what was admitted verifies");
    register
        .audit(&log[..])
        .expect("what was admitted is legal");
    let again = register
        .admit(&log[..], &batch, day)
        .expect("what is there may come again");
    assert!(again.records.is_empty(), "what is there is appended again");
    assert_ne!(writer.head(), Chain::START);
}

/// A log that verifies in full can be read as a base; one that does not is refused with its
/// reasons.
pub fn log(bytes: &[u8]) {
    let scope = Scope {
        known_on: None,
        in_full: true,
        ..Scope::default()
    };
    match survey(bytes, scope, |_, _| {}) {
        Ok(found) => {
            let read = Base::read(bytes, "fuzzed").expect("what verifies can be read");
            assert!(read.entries.len() as u64 <= found.events);
        }
        Err(error) => assert!(!error.faults().is_empty()),
    }
}

/// A model that is read has no flaw, and is written as one that is read again.
pub fn model(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let reading = read::<Settings>(text, Dialect::Commented);
    if let Some(Ok(model)) = reading.value.as_ref().map(Settings::model)
        && reading.flaws.is_empty()
    {
        let written = serde_json::to_string(&Settings::of(&model)).expect("a model is JSON");
        let again = read::<Settings>(&written, Dialect::Strict)
            .value
            .expect("it is read again");
        assert!(again.model().is_ok_and(|again| again == model), "{written}");
    }
}
