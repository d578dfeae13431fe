//! What must hold of any bytes, target by target. `tests/mutated.rs` asks it of changed files in
//! every test run; the targets beside this file ask it under `cargo fuzz`.

use detente::cli::{self, Refusal};
use detente::explore::{Gesture, Session, answer, page};
use detente::history::{Chain, Recorded, Register, Scope, Writer, read_events, survey};
use detente::json::{Dialect, read};
use detente::model::Settings;
use detente::scenario::{Base, Luck, Part, ScenarioFile, Text, branch_log, check};
use detente::store::Given;
use std::collections::{BTreeMap, HashSet};
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

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
                if log.is_empty() {
                    // Nothing has happened yet, and no log is saved of that.
                    continue;
                }
                survey(
                    &log[..],
                    Scope {
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

/// Runs a command on bytes, which are a file that is in memory only; `None` where it refuses them.
fn called(typed: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    let given = Given::Bytes(bytes.into());
    let files = BTreeMap::from([(PathBuf::from("fuzzed"), given)]);
    match cli::call(typed.split(' ').map(OsString::from), files, &Arc::default()) {
        Ok(called) => Some(called.output),
        Err(Refusal::Input(error)) => {
            assert!(!error.faults().is_empty(), "{typed}: refused for nothing");
            None
        }
        Err(Refusal::Arguments(says)) => panic!("{typed}: {says}"),
    }
}

/// Event data, in whatever container, are read or refused; one thread and three say the same.
pub fn rows(bytes: &[u8]) {
    let index = |threads: u8| {
        let typed = format!("index fuzzed --format csv --threads {threads}");
        called(&typed, bytes)
    };
    assert!(index(1) == index(3), "other threads, other bytes");
}

/// A part of an ensemble is just what was written, or is refused.
pub fn part(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    match Part::read(text) {
        Err(error) => assert!(!error.faults().is_empty()),
        Ok(part) => {
            let sealed = part.sealed().expect("a part is JSON");
            let sealed = String::from_utf8(sealed).expect("a part is text");
            assert!(
                sealed.trim_end() == text.trim_end(),
                "another part was read"
            );
        }
    }
}

/// A part of an index, or of an ensemble, is added up or refused.
pub fn merge(bytes: &[u8]) {
    let once = called("merge fuzzed --format csv", bytes);
    assert!(once == called("merge fuzzed --format csv", bytes));
}

/// What a page asks of the explorer, request by request, is answered with a page, and the scenario
/// it comes to is one that is sound.
pub fn gestures(bytes: &[u8]) {
    let log = base().clone();
    let mut session = Session::of_log("recorded", "recorded", log).expect("a session begins");
    for line in bytes.split(|byte| *byte == b'\n').take(20) {
        let Ok(gesture) = serde_json::from_slice::<Gesture>(line) else {
            continue;
        };
        let before = session.version();
        let answered = answer(&mut session, &gesture);
        assert!(answered.version >= before, "versions go back");
        assert!(page(&session, "/show").starts_with("<!DOCTYPE html>"));
        let text = serde_json::to_string(session.file()).expect("a scenario is JSON");
        assert!(
            read::<ScenarioFile>(&text, Dialect::Strict)
                .flaws
                .is_empty(),
            "{text}"
        );
    }
}
