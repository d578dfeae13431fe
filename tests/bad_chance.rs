//! What is wrong with chance nodes, rules and uncertain parameters is told with its place before anything runs:
//! scenarios made from a good one by one change each, with what is said of them to the letter.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Output};

/// What every bad scenario is made from.
const GOOD: &str = r#"{
  "title": "A meeting by chance, and reactions", "base": "recorded", "fork": {"after": "us-au-call"},
  "until": "2018-12-31", "seed": 7,
  "edits": [{"insert": {"id": "round", "date": "2017-05-01", "source": ["USA"], "target": ["RUS"], "act": "sanctions_imposed"}}],
  "chance": [{"id": "fate", "date": "2017-07-07", "options": [
    {"label": "held", "probability": 0.25, "events": [
      {"id": "met", "source": ["RUS", "USA"], "target": ["RUS", "USA"], "act": "meeting_held", "meeting": "us-ru-meeting"},
      {"id": "account", "after": {"event": "met", "days": 1}, "source": ["RUS"], "target": ["USA"], "act": "readout", "of": "met"}]},
    {"label": "off", "probability": 0.75, "events": [
      {"id": "cancelled", "source": ["RUS", "USA"], "target": ["RUS", "USA"], "act": "meeting_cancelled", "meeting": "us-ru-meeting"}]}]}],
  "rules": [
    {"id": "answer", "when": {"act": "sanctions_imposed", "source": "USA"}, "if": {"temperature": {"dyad": "RUS-USA", "below": 5}},
     "probability": 0.5, "delay_days": {"from": 2, "to": 9}, "cooldown_days": 30, "at_most": 3,
     "then": {"source": ["RUS"], "target": ["USA"], "act": "diplomats_expelled"}},
    {"id": "more", "when": {"act": "diplomats_expelled"}, "then": {"source": ["USA"], "target": ["RUS"], "act": "sanctions_imposed"}}],
  "uncertain": {"half_life_days": {"uniform": [90, 360]}},
  "outcomes": [{"id": "held", "when": {"meeting": {"id": "us-ru-meeting", "status": "held"}}}]
}"#;

/// Each mistake: its name, a part of the good scenario, and what stands there instead.
const MISTAKES: &[(&str, &str, &str)] = &[
    ("a probability below 0", "0.25", "-0.25"),
    (
        "a probability above 1",
        "\"probability\": 0.5",
        "\"probability\": 1.5",
    ),
    ("a probability that is huge", "0.25", "1e999"),
    ("a probability that is no number", "0.25", "NaN"),
    ("a probability in words", "0.25", "\"often\""),
    ("probabilities below 1 in all", "0.25", "0.2"),
    ("probabilities above 1 in all", "0.25", "0.35"),
    ("two options of one label", "\"off\"", "\"held\""),
    ("a node without a time", "\"date\": \"2017-07-07\", ", ""),
    (
        "a node with two times",
        "\"date\": \"2017-07-07\"",
        "\"date\": \"2017-07-07\", \"after\": {\"event\": \"round\"}",
    ),
    (
        "a node after what is not there",
        "\"date\": \"2017-07-07\"",
        "\"after\": {\"event\": \"rounds\"}",
    ),
    (
        "a node after its own event",
        "\"date\": \"2017-07-07\"",
        "\"after\": {\"event\": \"met\"}",
    ),
    (
        "an event before its draw",
        "\"after\": {\"event\": \"met\", \"days\": 1}",
        "\"date\": \"2017-07-01\"",
    ),
    (
        "an event before the fork",
        "\"date\": \"2017-07-07\"",
        "\"date\": \"2016-07-07\"",
    ),
    ("an event after the end", "\"days\": 1", "\"days\": 900"),
    (
        "an event a million days away",
        "\"days\": 1",
        "\"days\": 1000000",
    ),
    (
        "an id of the base",
        "\"id\": \"met\"",
        "\"id\": \"us-ru-call\"",
    ),
    ("an id twice", "\"id\": \"cancelled\"", "\"id\": \"round\""),
    (
        "a readout of nothing",
        "\"of\": \"met\"",
        "\"of\": \"round\"",
    ),
    (
        "a meeting that nobody planned",
        "\"meeting_cancelled\", \"meeting\": \"us-ru-meeting\"",
        "\"meeting_cancelled\", \"meeting\": \"us-cn-meeting\"",
    ),
    (
        "an unknown act",
        "\"act\": \"meeting_cancelled\"",
        "\"act\": \"meeting_canceled\"",
    ),
    ("an unknown field of a node", "\"options\"", "\"option\""),
    (
        "a key twice",
        "\"label\": \"off\"",
        "\"label\": \"off\", \"label\": \"on\"",
    ),
    (
        "two sites of one name",
        "\"id\": \"answer\"",
        "\"id\": \"fate\"",
    ),
    (
        "a rule whose name is none",
        "\"id\": \"answer\"",
        "\"id\": \"an answer\"",
    ),
    (
        "a rule that gives an id",
        "\"then\": {\"source\": [\"RUS\"]",
        "\"then\": {\"id\": \"x\", \"source\": [\"RUS\"]",
    ),
    (
        "a rule that gives a date",
        "\"then\": {\"source\": [\"RUS\"]",
        "\"then\": {\"date\": \"2018-01-01\", \"source\": [\"RUS\"]",
    ),
    (
        "a rule that gives a cause",
        "\"then\": {\"source\": [\"RUS\"]",
        "\"then\": {\"caused_by\": \"round\", \"source\": [\"RUS\"]",
    ),
    (
        "a rule without a target",
        "\"target\": [\"USA\"], \"act\": \"diplomats_expelled\"",
        "\"act\": \"diplomats_expelled\"",
    ),
    (
        "a field of another act",
        "\"act\": \"diplomats_expelled\"}",
        "\"act\": \"diplomats_expelled\", \"minutes\": 3}",
    ),
    (
        "a delay that runs backwards",
        "{\"from\": 2, \"to\": 9}",
        "{\"from\": 9, \"to\": 2}",
    ),
    ("a delay below 0", "\"from\": 2", "\"from\": -2"),
    ("a delay of a million days", "\"to\": 9", "\"to\": 1000000"),
    (
        "a cooldown of a million days",
        "\"cooldown_days\": 30",
        "\"cooldown_days\": 1000000",
    ),
    (
        "a number of times below 0",
        "\"at_most\": 3",
        "\"at_most\": -1",
    ),
    ("an unknown field of a rule", "\"at_most\"", "\"atmost\""),
    (
        "a condition on an unknown dyad",
        "\"dyad\": \"RUS-USA\"",
        "\"dyad\": \"CHN-USA\"",
    ),
    (
        "a condition without bounds",
        "\"dyad\": \"RUS-USA\", \"below\": 5",
        "\"dyad\": \"RUS-USA\"",
    ),
    ("rules without end", ", \"at_most\": 3", ""),
    (
        "an unknown parameter",
        "\"half_life_days\"",
        "\"half_live_days\"",
    ),
    (
        "a baseline of no dyad",
        "\"half_life_days\"",
        "\"baseline:USA-USA\"",
    ),
    ("a range that does not rise", "[90, 360]", "[360, 90]"),
    ("a range beyond the parameter's", "[90, 360]", "[-90, 360]"),
    ("a range of three", "[90, 360]", "[90, 180, 360]"),
    (
        "a triangle out of order",
        "\"uniform\": [90, 360]",
        "\"triangular\": [90, 400, 360]",
    ),
    (
        "a normal distribution without spread",
        "\"uniform\": [90, 360]",
        "\"normal\": [90, 0]",
    ),
    (
        "a choice of nothing",
        "\"uniform\": [90, 360]",
        "\"choice\": []",
    ),
    (
        "two distributions at once",
        "\"uniform\": [90, 360]",
        "\"uniform\": [90, 360], \"choice\": [90]",
    ),
    ("an unknown distribution", "\"uniform\"", "\"unifrom\""),
    ("a seed below 0", "\"seed\": 7", "\"seed\": -7"),
    (
        "a seed beyond 64 bits",
        "\"seed\": 7",
        "\"seed\": 18446744073709551616",
    ),
    ("a seed with a fraction", "\"seed\": 7", "\"seed\": 7.5"),
];

/// Changes that are no mistakes.
const FINE: &[(&str, &str, &str)] = &[
    ("as it is", "", ""),
    (
        "what only chance makes legal",
        "\"edits\": [",
        "\"edits\": [{\"insert\": {\"id\": \"thanks\", \"date\": \"2017-08-01\", \"source\": [\"RUS\"], \"target\": [\"USA\"], \"act\": \"statement\", \"caused_by\": \"met\"}}, ",
    ),
    (
        "what hangs on a chance event",
        "\"edits\": [",
        "\"edits\": [{\"insert\": {\"id\": \"thanks\", \"after\": {\"event\": \"met\", \"days\": 3}, \"source\": [\"RUS\"], \"target\": [\"USA\"], \"act\": \"statement\"}}, ",
    ),
    (
        "a node after an event",
        "\"date\": \"2017-07-07\"",
        "\"after\": {\"event\": \"round\", \"days\": 20}",
    ),
    (
        "a rule that never fires",
        "\"at_most\": 3",
        "\"at_most\": 0",
    ),
    (
        "the greatest seed",
        "\"seed\": 7",
        "\"seed\": 18446744073709551615",
    ),
];

fn detente(directory: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_detente"))
        .current_dir(directory)
        .args(arguments)
        .output()
        .unwrap()
}

/// The good scenario with one part of it in other words; the part stands there once, or the first counts.
#[track_caller]
fn changed(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    GOOD.replacen(from, to, 1)
}

#[test]
fn every_mistake_is_told_with_its_place() {
    let directory = tempfile::tempdir().unwrap();
    let mut told = String::new();
    for (name, from, to) in MISTAKES {
        std::fs::write(directory.path().join("bad.json"), changed(from, to)).unwrap();
        let output = detente(directory.path(), &["check", "bad.json"]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(output.stdout.is_empty(), "{name}");
        let says = String::from_utf8(output.stderr).unwrap();
        assert!(!says.contains("panicked"), "{name}: {says}");
        writeln!(told, "## {name}\n{says}").unwrap();
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("bad-chance", told));
}

#[test]
fn what_is_no_mistake_passes_and_runs() {
    let directory = tempfile::tempdir().unwrap();
    for (name, from, to) in FINE {
        std::fs::write(directory.path().join("fine.json"), changed(from, to)).unwrap();
        for arguments in [
            &["check", "fine.json"][..],
            &["run", "fine.json", "--run", "3"],
        ] {
            let output = detente(directory.path(), arguments);
            let says = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(0), "{name}: {says}");
        }
    }
}

#[test]
fn all_mistakes_of_a_file_are_told_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let bad = changed("0.25", "0.2")
        .replacen("[90, 360]", "[360, 90]", 1)
        .replacen("{\"from\": 2, \"to\": 9}", "{\"from\": 9, \"to\": 2}", 1)
        .replacen("\"date\": \"2017-05-01\"", "\"date\": \"2016-05-01\"", 1)
        .replacen(
            "\"dyad\": \"RUS-USA\", \"below\": 5",
            "\"dyad\": \"RUS-USA\"",
            1,
        );
    std::fs::write(directory.path().join("bad.json"), bad).unwrap();
    let output = detente(directory.path(), &["check", "bad.json"]);
    let says = String::from_utf8(output.stderr).unwrap();
    assert_eq!(says.matches("error: ").count(), 5, "{says}");
}

/// A scenario whose rules each react to what any of them does, so many times.
fn chatter(rules: usize, at_most: Option<u32>) -> String {
    let rule = |number| {
        let at_most = at_most.map_or(String::new(), |most| format!("\"at_most\": {most}, "));
        format!(
            "{{\"id\": \"r{number}\", \"when\": {{\"act\": \"statement\"}}, {at_most}\"delay_days\": {{\"from\": 1, \"to\": 1}}, \
             \"then\": {{\"source\": [\"RUS\"], \"target\": [\"USA\"], \"act\": \"statement\"}}}}"
        )
    };
    let rules: Vec<_> = (0..rules).map(rule).collect();
    format!(
        "{{\"title\": \"Chatter\", \"base\": \"recorded\", \"fork\": {{\"after\": \"us-au-call\"}}, \"until\": \"2030-12-31\", \
         \"edits\": [{{\"insert\": {{\"id\": \"a\", \"date\": \"2017-05-01\", \"source\": [\"USA\"], \"target\": [\"RUS\"], \"act\": \"statement\"}}}}], \
         \"rules\": [{}]}}",
        rules.join(",\n")
    )
}

#[test]
fn rules_that_trigger_each_other_end_in_a_clear_error() {
    let directory = tempfile::tempdir().unwrap();
    let says = |scenario: String, arguments: &[&str]| {
        std::fs::write(directory.path().join("chatter.json"), scenario).unwrap();
        let output = detente(directory.path(), arguments);
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    let check = ["check", "chatter.json"];
    let too_many = says(chatter(1000, Some(1)), &check);
    assert!(
        too_many.contains("`rules` has 1000 entries; there may be up to 256"),
        "{too_many}"
    );
    let endless = says(chatter(256, None), &check);
    assert!(
        endless.contains("these rules trigger each other without end: r0 -> r0"),
        "{endless}"
    );
    let run = ["run", "chatter.json", "--log", "branch.jsonl"];
    let past = says(chatter(200, Some(9)), &run);
    assert!(
        past.contains("would cause one more event in this run than the 1000"),
        "{past}"
    );
    assert!(past.contains("the rule `r"), "{past}");
    let deep = says(chatter(1, Some(90)), &run);
    assert!(
        deep.contains("the rule `r0` reacts at the end of too long a chain"),
        "{deep}"
    );
    assert!(!directory.path().join("branch.jsonl").exists());
}
