//! What makes sense and most likely not the sense that was meant is told with its place, and used
//! all the same: actors that nothing else tells of, conditions that nothing can bring about.

use crate::refusal::{changed_in, detente, golden};
use std::fmt::Write;

/// Nothing is doubtful about it.
const GOOD: &str = r#"{
  "title": "A thaw",
  "base": "recorded",
  "fork": {"date": "2017-01-27"},
  "until": "2018-12-31",
  "model": {"baselines": {"USA-RUS": -1}},
  "edits": [
    {"insert": {"id": "visit", "date": "2017-05-01", "source": ["USA"], "target": ["RUS"],
      "audience": ["EU"], "act": "visit"}},
    {"replace": {"event": "us-jp-call", "with": {
      "source": ["USA"], "target": ["RUS"], "act": "statement"}}}
  ],
  "chance": [{"id": "coin", "date": "2017-06-01", "options": [
    {"label": "heads", "probability": 1, "events": [
      {"id": "word", "source": ["RUS"], "target": ["USA"], "act": "statement"}]}]}],
  "rules": [{"id": "echo", "when": {"act": "visit", "source": "USA"},
    "if": {"temperature": {"dyad": "RUS-USA", "below": 9}},
    "then": {"source": ["RUS"], "target": ["USA"], "act": "statement"}}],
  "uncertain": {"baseline:EU-USA": {"uniform": [0, 1]}},
  "outcomes": [
    {"id": "warm", "when": {"temperature": {"dyad": "RUS-USA", "above": -9}}},
    {"id": "held", "when": {"measure": {
      "id": "crimea-sanctions", "status": "in_force", "source": "USA"}}},
    {"id": "days", "by": "2018-06-30", "when": {"any": [{"since": "2018-06-30"},
      {"not": {"by": "2017-03-01"}}]}}
  ]
}
"#;

/// What is said on standard error of a scenario that `check` takes.
#[track_caller]
fn told(text: &str) -> String {
    told_by(text, &[])
}

/// What is said of it by `check`, and by some other commands in the same words.
#[track_caller]
fn told_by(text: &str, others: &[&str]) -> String {
    let desk = tempfile::tempdir().unwrap();
    std::fs::write(desk.path().join("odd.json"), text).unwrap();
    let (status, printed, says) = detente(desk.path(), &["check", "odd.json"]);
    assert_eq!(status, Some(0), "{says}");
    assert!(
        printed.starts_with("odd.json: a scenario on recorded"),
        "{printed}"
    );
    for &command in others {
        let output = ["-o", "page.html"];
        let output = if command == "report" {
            &output[..]
        } else {
            &[]
        };
        let other = if command == "compare" {
            &["recorded"][..]
        } else {
            &[]
        };
        let arguments = [&[command, "odd.json"], other, output].concat();
        let (status, _, other) = detente(desk.path(), &arguments);
        // What differs is told by a status of its own.
        assert!(matches!(status, Some(0 | 1)), "{command}: {other}");
        assert!(other.contains(&says), "{command}: {other}\n{says}");
    }
    says
}

const OTHERS: [&str; 4] = ["run", "why", "compare", "report"];

#[track_caller]
fn tells(name: &str, changes: &[(&str, &str, &str)]) {
    let mut all = String::new();
    for (what, from, to) in changes {
        // What is doubtful is found once for all commands; that each says it, one case shows.
        let others = if all.is_empty() { &OTHERS[..] } else { &[] };
        let says = told_by(&changed_in(GOOD, from, to), others);
        let warnings = says.matches("warning: ").count();
        assert_eq!(
            warnings,
            usize::from(!what.starts_with("nothing: ")),
            "{what}\n{says}"
        );
        writeln!(all, "=== {what}\n- {from}\n+ {to}\n\n{says}").unwrap();
    }
    golden(name, &all);
}

#[test]
fn of_a_good_scenario_nothing_is_doubtful() {
    assert_eq!(told_by(GOOD, &OTHERS), "");
}

#[test]
fn an_actor_that_nothing_tells_of_is_told_of_wherever_it_stands() {
    let insert = r#""source": ["USA"], "target": ["RUS"],
      "audience": ["EU"]"#;
    let replace = r#"
      "source": ["USA"], "target": ["RUS"], "act": "statement"}}}"#;
    let chance = r#""id": "word", "source": ["RUS"]"#;
    let when = r#""when": {"act": "visit", "source": "USA"}"#;
    let then = r#""then": {"source": ["RUS"], "target": ["USA"]"#;
    tells(
        "doubts-actors",
        &[
            (
                "the source of an insert",
                insert,
                &insert.replace("USA", "XSA"),
            ),
            ("the target", insert, &insert.replace("RUS", "XRU")),
            (
                "an audience",
                insert,
                &insert.replace("\"EU\"", "\"EU\", \"XEU\""),
            ),
            ("a replacement", replace, &replace.replace("USA", "XSA")),
            (
                "an option of a chance node",
                chance,
                &chance.replace("RUS", "XUS"),
            ),
            ("what triggers a rule", when, &when.replace("USA", "XSA")),
            (
                "what never triggers it, a state",
                when,
                &when.replace("USA", "BRA"),
            ),
            ("what a rule causes", then, &then.replace("RUS", "XUS")),
            ("a baseline", "USA-RUS", "XSA-RUS"),
            ("a baseline that is drawn", "EU-USA", "EU-XSA"),
            (
                "nothing: a state that may act for the first time",
                insert,
                &insert.replace("\"EU\"", "\"CHN\""),
            ),
            (
                "another state, a letter off",
                insert,
                &insert.replace("\"RUS\"", "\"RUS\", \"AUT\""),
            ),
        ],
    );
    // Once each, and not where the scenario names it.
    let both = changed_in(GOOD, chance, &chance.replace("RUS", "XUS"));
    let both = changed_in(&both, then, &then.replace("RUS", "XUS"));
    assert_eq!(told(&both).matches("warning: ").count(), 1);
    let named = changed_in(
        &both,
        "\"base\"",
        "\"names\": {\"XUS\": \"Utopia\"}, \"base\"",
    );
    assert_eq!(told(&named), "");
    let desk = tempfile::tempdir().unwrap();
    std::fs::write(desk.path().join("named.json"), &named).unwrap();
    let child = r#"{"title": "A child", "base": "named.json", "fork": {"date": "2018-01-01"},
      "edits": [{"insert": {"id": "later", "date": "2018-02-01", "source": ["XUS"],
        "target": ["XOS"], "act": "visit"}}]}"#;
    std::fs::write(desk.path().join("child.json"), child).unwrap();
    let (_, printed, says) = detente(desk.path(), &["run", "child.json", "--all-dyads"]);
    assert!(printed.contains("Utopia"), "{printed}");
    assert!(says.contains("did you mean `XUS` (Utopia)?"), "{says}");
    assert_eq!(says.matches("warning: ").count(), 1, "{says}");
    let arguments = ["run", "named.json", "--dyad", "Utopia-United States"];
    let (_, printed, says) = detente(desk.path(), &arguments);
    assert!(printed.contains("Utopia"), "{printed}{says}");
}

#[test]
fn a_name_that_is_none_is_refused() {
    let names = r#""names": {"XUS": "", "no name": "A"}, "base""#;
    let says = crate::refusal::refusal(changed_in(GOOD, "\"base\"", names));
    golden("doubts-names", &says);
}

#[test]
fn names_given_to_the_wrong_side_are_refused_each_at_its_place() {
    let names = r#""names": {"Blueland": "XBL", "XRL": "Redland,XGL:Greenland", "Brazil": "The giant",
    "usa": "The States", "crimea-sanctions": "OAS", "word": "EU"},
  "fork""#;
    let says = crate::refusal::refusal(changed_in(GOOD, "\"fork\"", names));
    golden("doubts-names-that-changed-places", &says);
}

#[test]
fn a_name_that_is_given_to_nothing_is_told_of() {
    let given = |key: &str| format!(r#""names": {{"{key}": "The word"}}, "fork""#);
    tells(
        "doubts-names-of-nothing",
        &[
            (
                "an id that nothing has",
                "\"fork\"",
                &given("crimea-sanction"),
            ),
            (
                "another that none is like",
                "\"fork\"",
                &given("another-word-of-nobody"),
            ),
            ("nothing: an event of an option", "\"fork\"", &given("word")),
            (
                "nothing: a measure of the base",
                "\"fork\"",
                &given("crimea-sanctions"),
            ),
            ("nothing: an outcome", "\"fork\"", &given("held")),
            ("nothing: a chance node", "\"fork\"", &given("coin")),
            ("nothing: a rule", "\"fork\"", &given("echo")),
            (
                "nothing: what a rule causes",
                "\"fork\"",
                &given("echo@visit"),
            ),
            ("nothing: an actor who is new", "\"fork\"", &given("XGL")),
        ],
    );
}

#[test]
fn what_can_never_hold_is_told_in_outcomes_and_rules() {
    let warm = r#"{"dyad": "RUS-USA", "above": -9}"#;
    let rule = r#""below": 9}"#;
    let held = r#""in_force", "source": "USA"}"#;
    let since = r#"{"since": "2018-06-30"}"#;
    let not = r#"{"not": {"by": "2017-03-01"}}"#;
    let plain = r#""baselines": {"USA-RUS": -1}"#;
    tells(
        "doubts-conditions",
        &[
            (
                "above all temperatures",
                warm,
                r#"{"dyad": "RUS-USA", "above": 40}"#,
            ),
            ("on the bound", warm, r#"{"dyad": "RUS-USA", "above": 10}"#),
            (
                "nothing: below the bound",
                warm,
                r#"{"dyad": "RUS-USA", "above": 9.99}"#,
            ),
            ("below all", warm, r#"{"dyad": "RUS-USA", "below": -10}"#),
            (
                "above a mark that all are above",
                warm,
                r#"{"dyad": "RUS-USA", "above": -40}"#,
            ),
            (
                "between nothing",
                warm,
                r#"{"dyad": "RUS-USA", "above": 3, "below": 2}"#,
            ),
            ("in a rule", rule, r#""below": -12}"#),
            (
                "a measure by whom nobody knows to hold it",
                held,
                r#""in_force", "source": "EU", "target": "USA"}"#,
            ),
            (
                "a day behind the deadline",
                since,
                r#"{"since": "2018-07-01"}"#,
            ),
            ("a day before the fork", since, r#"{"by": "2017-01-26"}"#),
            (
                "nothing: the day of the fork",
                since,
                r#"{"by": "2017-01-27"}"#,
            ),
            (
                "not until the deadline",
                not,
                r#"{"not": {"by": "2018-06-30"}}"#,
            ),
            (
                "not since the fork",
                not,
                r#"{"not": {"since": "2017-01-27"}}"#,
            ),
            (
                "nothing: not since a day",
                not,
                r#"{"not": {"since": "2017-01-28"}}"#,
            ),
            (
                "a day before the end, asked at the end",
                r#""by": "2018-06-30", "when": {"any": ["#,
                r#""when": {"any": [{"by": "2018-12-30"}, "#,
            ),
            (
                "nothing: a model without bounds",
                plain,
                r#""saturation": false"#,
            ),
        ],
    );
    let unbounded = changed_in(
        GOOD,
        plain,
        r#""preset": "goldstein-decay", "saturation": false"#,
    );
    assert_eq!(
        told(&changed_in(
            &unbounded,
            warm,
            r#"{"dyad": "RUS-USA", "above": 40}"#
        )),
        ""
    );
}

#[test]
fn an_actor_that_an_event_names_where_it_counts_for_nothing_is_told() {
    let said = r#""source": ["USA"], "target": ["RUS"], "act": "statement""#;
    let visit = r#""audience": ["EU"]"#;
    tells(
        "doubts-for-nothing",
        &[
            (
                "its own target",
                said,
                r#""source": ["USA"], "target": ["USA"], "act": "statement""#,
            ),
            ("its own audience", visit, r#""audience": ["EU", "USA"]"#),
        ],
    );
}

#[test]
fn a_delay_that_puts_every_reaction_behind_the_end_is_told() {
    let rule = r#""if": {"temperature": {"dyad": "RUS-USA", "below": 9}},"#;
    let delayed = |days: &str| format!("{rule} \"delay_days\": {days},");
    let cases = [
        ("nothing: on the last day", "609"),
        ("on the day behind it", "610"),
        (
            "nothing: a span that begins in time",
            r#"{"from": 609, "to": 900}"#,
        ),
        (
            "a span that begins behind it",
            r#"{"from": 610, "to": 900}"#,
        ),
    ];
    let cases = cases.map(|(what, days)| (what, rule, delayed(days)));
    let cases: Vec<_> = cases
        .iter()
        .map(|(what, rule, to)| (*what, *rule, &to[..]))
        .collect();
    tells("doubts-delays", &cases);
}

#[test]
fn parts_of_a_condition_that_exclude_each_other_are_told_with_both_places() {
    let warm = r#"{"temperature": {"dyad": "RUS-USA", "above": -9}}"#;
    tells(
        "doubts-contradictions",
        &[
            (
                "colder and warmer",
                warm,
                r#"{"all": [{"temperature": {"dyad": "RUS-USA", "below": 2}},
      {"temperature": {"dyad": "USA-RUS", "above": 3}}]}"#,
            ),
            (
                "warmer or colder, which always holds",
                warm,
                r#"{"any": [{"temperature": {"dyad": "RUS-USA", "above": 2}},
      {"temperature": {"dyad": "RUS-USA", "below": 3}}]}"#,
            ),
            (
                "nothing: colder or warmer",
                warm,
                r#"{"any": [{"temperature": {"dyad": "RUS-USA", "below": 2}},
      {"temperature": {"dyad": "RUS-USA", "above": 3}}]}"#,
            ),
            (
                "two phases at once, denied",
                warm,
                r#"{"not": {"all": [{"phase": {"dyad": "RUS-USA", "is": ["tension"]}},
      {"phase": {"dyad": "RUS-USA", "is": ["good", "friendly"]}}]}}"#,
            ),
            (
                "a measure as it is and is not",
                warm,
                r#"{"all": [{"not": {"measure": {"id": "crimea-sanctions",
        "status": "in_force"}}},
      {"measure": {"id": "crimea-sanctions", "status": "in_force"}}]}"#,
            ),
            (
                "nothing: a measure as it is with some, and is not with all",
                warm,
                r#"{"all": [{"not": {"measure": {"id": "crimea-sanctions",
        "status": "in_force"}}},
      {"measure": {"id": "crimea-sanctions", "status": "in_force", "source": "EU"}}]}"#,
            ),
            (
                "since a day and by one before it, in a rule",
                r#""if": {"temperature": {"dyad": "RUS-USA", "below": 9}}"#,
                r#""if": {"all": [{"since": "2018-06-30"}, {"by": "2018-06-29"}]}"#,
            ),
        ],
    );
}

#[test]
fn the_denial_of_what_never_holds_is_said_to_hold_always() {
    let not = r#"{"not": {"by": "2017-03-01"}}"#;
    tells(
        "doubts-denied",
        &[
            (
                "not above all temperatures",
                not,
                r#"{"not": {"temperature": {"dyad": "RUS-USA", "above": 40}}}"#,
            ),
            (
                "not between nothing",
                not,
                r#"{"not": {"temperature": {"dyad": "RUS-USA", "above": 3, "below": 2}}}"#,
            ),
            (
                "not a measure that nobody is known to hold so",
                not,
                r#"{"not": {"measure": {"id": "crimea-sanctions", "status": "in_force", "source": "EU", "target": "USA"}}}"#,
            ),
            (
                "not not above all",
                not,
                r#"{"not": {"not": {"temperature": {"dyad": "RUS-USA", "above": 40}}}}"#,
            ),
        ],
    );
}

#[test]
fn whoever_plays_is_told_of_an_actor_as_it_comes() {
    let desk = tempfile::tempdir().unwrap();
    std::fs::write(desk.path().join("good.json"), GOOD).unwrap();
    let line = "day 2017-02-01\ninsert id=a act=visit source=USA target=RUX title=A\ninsert id=b act=visit source=USA target=XUS title=B\ninsert id=c act=visit source=USA target=XUS title=C\n";
    std::fs::write(desk.path().join("said"), line).unwrap();
    let script = format!("{} play good.json < said", env!("CARGO_BIN_EXE_detente"));
    let played = std::process::Command::new("sh")
        .args(["-c", &script])
        .current_dir(desk.path())
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&played.stdout);
    assert_eq!(printed.matches(" is a new actor").count(), 1, "{printed}");
    assert!(printed.contains("But `XUS` is a new actor"), "{printed}");
}
