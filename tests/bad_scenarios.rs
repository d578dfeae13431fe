//! What is wrong with a scenario is told with its place, all at once, before anything runs:
//! scenarios that are made from a good one by one change each, with what is said of them to the
//! letter.

use crate::refusal::*;
use std::fmt::Write;

/// What every bad scenario is made from.
const GOOD: &str = r#"// A good scenario.
{
  "$schema": "scenario.schema.json",
  "title": "The sanctions are eased after a meeting",
  "note": "Asks whether anything is wrong with it.",
  "base": "recorded",
  "fork": {"before": "us-ru-call"},
  "tail": "keep",
  "until": "2018-12-31",
  "model": {"preset": "detente", "half_life_days": 240},
  "edits": [
    {"drop": {"event": "us-au-call"}},
    {"shift": {"event": "us-fr-call", "days": 3}},
    {"replace": {"event": "us-de-call", "with": {
      "source": ["DEU", "USA"], "target": ["DEU", "USA"], "act": "call", "minutes": 15,
    }}},
    {"insert": {
      "id": "summit", "after": {"event": "trump-inauguration", "days": 168},
      "source": ["RUS", "USA"], "target": ["RUS", "USA"], "act": "meeting_held", "minutes": 90,
    }},
    {"insert": {
      "id": "account", "after": {"event": "summit"}, "source": ["RUS"], "target": ["USA"],
      "act": "readout", "of": "summit", "mentions": ["sanctions"], "caused_by": "summit",
    }},
    {"insert": {
      "id": "relief", "date": "2017-09-01", "source": ["USA", "EU"], "target": ["RUS"],
      "act": "sanctions_eased", "measure": "crimea-sanctions",
    }},
    {"insert": {
      "id": "thanks", "after": {"event": "relief", "days": 1}, "source": ["RUS"], "target": ["USA"],
      "act": "statement", "tone": "optimistic",
    }},
  ],
  "outcomes": [
    {"id": "thaw", "when": {"temperature": {"dyad": "RUS-USA", "above": 0}}, "by": "2018-12-31"},
    {"id": "eased", "when": {"all": [
      {"measure": {"id": "crimea-sanctions", "status": "eased"}},
      {"not": {"phase": {"dyad": "RUS-USA", "is": ["tension"]}}},
    ]}},
    {"id": "met", "when": {"any": [
      {"meeting": {"id": "summit", "status": "held"}},
      {"agenda": {"dyad": "RUS-USA", "item": "counter-terrorism", "status": "settled"}},
    ]}},
  ],
}
"#;

/// Parts of the good scenario that several changes are made to.
const FORK: &str = r#"{"before": "us-ru-call"}"#;
const TAIL: &str = r#""tail": "keep","#;
const UNTIL: &str = r#""until": "2018-12-31""#;
const HALF_LIFE: &str = r#""half_life_days": 240"#;
const EDITS: &str = r#""edits": ["#;
const DROP: &str = r#"{"drop": {"event": "us-au-call"}}"#;
const SHIFTED: &str = r#""event": "us-fr-call""#;
const SHIFTED_DAYS: &str = r#""days": 3"#;
const REPLACED: &str = r#""event": "us-de-call""#;
const SUMMIT_DAYS: &str = r#""days": 168"#;
const MINUTES: &str = r#""minutes": 90"#;
const RELIEF: &str = r#""act": "sanctions_eased", "measure": "crimea-sanctions""#;
const THANKS: &str = r#""id": "thanks""#;
const THANKS_AFTER: &str = r#""after": {"event": "relief", "days": 1}"#;
const THANKS_ACT: &str = r#""act": "statement", "tone": "optimistic""#;
const TEMPERATURE: &str = r#"{"dyad": "RUS-USA", "above": 0}"#;
const PHASES: &str = r#"["tension"]"#;

/// The good scenario with one part of it in other words.
#[track_caller]
fn changed(from: &str, to: &str) -> String {
    changed_in(GOOD, from, to)
}

/// Each of these changes makes the good scenario bad; what is said of each is as in a snapshot.
#[track_caller]
fn refuses(name: &str, changes: &[(&str, &str, &str)]) {
    refuses_in(GOOD, name, changes);
}

/// A change tells one mistake only, with these words in it.
#[track_caller]
fn tells_one(from: &str, to: &str, words: &str) {
    let says = refusal(changed(from, to));
    assert!(says.contains(words), "{says}");
    assert_eq!(mistakes(&says), 1, "{says}");
}

#[test]
fn the_good_scenario_is_good() {
    passes(GOOD);
}

#[test]
fn an_unknown_field_is_told_at_every_level() {
    refuses(
        "bad-scenario-unknown-field",
        &[
            ("in the scenario", r#""note":"#, r#""noet":"#),
            ("in the fork", FORK, r#"{"beforr": "us-ru-call"}"#),
            ("in the model", HALF_LIFE, r#""halflife_days": 240"#),
            (
                "in the edits",
                DROP,
                r#"{"delete": {"event": "us-au-call"}}"#,
            ),
            (
                "in a drop",
                DROP,
                r#"{"drop": {"event": "us-au-call", "casdade": true}}"#,
            ),
            ("in a shift", SHIFTED_DAYS, r#""days": 3, "weeks": 1"#),
            (
                "in a replacement",
                REPLACED,
                r#""event": "us-de-call", "date": "2017-01-29""#,
            ),
            ("in an event", MINUTES, r#""minuets": 90"#),
            ("in a time", SUMMIT_DAYS, r#""dyas": 168"#),
            ("in an outcome", r#"0}}, "by""#, r#"0}}, "until""#),
            ("in a question", r#"{"temperature""#, r#"{"temprature""#),
            ("in a temperature", r#""above": 0"#, r#""abvoe": 0"#),
        ],
    );
}

#[test]
fn a_value_of_another_type_is_told_with_what_was_expected() {
    refuses(
        "bad-scenario-wrong-type",
        &[
            (
                "a list as the title",
                r#""The sanctions are eased after a meeting""#,
                "[]",
            ),
            (
                "null as the title",
                r#""The sanctions are eased after a meeting""#,
                "null",
            ),
            ("a number as the base", r#""recorded""#, "7"),
            ("a string as the fork", FORK, r#""us-ru-call""#),
            ("a string that names a kind of fork", FORK, r#""before""#),
            ("a number as an event of the fork", FORK, r#"{"before": 4}"#),
            ("a day that no month has", FORK, r#"{"date": "2017-02-30"}"#),
            ("an unknown tail", r#""keep""#, r#""kept""#),
            ("a number as the last day", UNTIL, r#""until": 2018"#),
            ("a day in words", UNTIL, r#""until": "31 December 2018""#),
            (
                "a string as the model",
                r#"{"preset": "detente", "half_life_days": 240}"#,
                r#""detente""#,
            ),
            (
                "an object as the edits",
                EDITS,
                r#""edits": {}, "note2": ["#,
            ),
            ("a string as an edit", DROP, r#""drop""#),
            ("a list as an edit", DROP, r#"["drop"]"#),
            ("a string as a drop", DROP, r#"{"drop": "us-au-call"}"#),
            (
                "a word as a cascade",
                DROP,
                r#"{"drop": {"event": "us-au-call", "cascade": "yes"}}"#,
            ),
            ("a string as days", SHIFTED_DAYS, r#""days": "3""#),
            ("half a day", SHIFTED_DAYS, r#""days": 3.5"#),
            (
                "a string as a dyad",
                r#""dyad": "RUS-USA", "above""#,
                r#""dyad": "RUS", "above""#,
            ),
            (
                "a dyad of one",
                r#""dyad": "RUS-USA", "above""#,
                r#""dyad": "RUS-RUS", "above""#,
            ),
            ("an unknown phase", PHASES, r#"["war"]"#),
            (
                "an unknown status",
                r#""status": "eased""#,
                r#""status": "ease""#,
            ),
        ],
    );
}

#[test]
fn what_is_missing_is_told_where_it_should_stand() {
    refuses(
        "bad-scenario-missing",
        &[
            (
                "no title",
                r#""title": "The sanctions are eased after a meeting","#,
                "",
            ),
            ("no base", r#""base": "recorded","#, ""),
            ("no fork", r#""fork": {"before": "us-ru-call"},"#, ""),
            ("no event to drop", DROP, r#"{"drop": {"cascade": true}}"#),
            ("no days to shift by", r#", "days": 3}"#, "}"),
            (
                "no event in the place of another",
                DROP,
                r#"{"replace": {"event": "us-au-call"}}"#,
            ),
            (
                "nothing to hang a time on",
                r#""event": "trump-inauguration", "#,
                "",
            ),
            ("no name of an outcome", r#"{"id": "thaw", "#, "{"),
            (
                "no question",
                r#", "when": {"temperature": {"dyad": "RUS-USA", "above": 0}}"#,
                "",
            ),
            (
                "no dyad",
                r#"{"dyad": "RUS-USA", "above": 0}"#,
                r#"{"above": 0}"#,
            ),
        ],
    );
}

#[test]
fn an_alternative_has_one_key() {
    refuses(
        "bad-scenario-alternatives",
        &[
            (
                "a fork with two",
                FORK,
                r#"{"before": "us-ru-call", "after": "us-ru-call"}"#,
            ),
            ("a fork with none", FORK, "{}"),
            (
                "an edit with two",
                DROP,
                r#"{"drop": {"event": "us-au-call"}, "shift": {"event": "us-jp-call", "days": 1}}"#,
            ),
            ("an edit with none", DROP, "{}"),
            (
                "a question with two",
                r#"{"temperature": {"dyad": "RUS-USA", "above": 0}}"#,
                r#"{"since": "2017-01-01", "by": "2018-01-01"}"#,
            ),
            (
                "a question with none",
                r#"{"temperature": {"dyad": "RUS-USA", "above": 0}}"#,
                "{}",
            ),
        ],
    );
}

#[test]
fn a_number_is_finite_and_within_its_type() {
    refuses(
        "bad-scenario-numbers",
        &[
            ("not a number", r#""above": 0"#, r#""above": NaN"#),
            ("infinity", r#""above": 0"#, r#""above": Infinity"#),
            (
                "less than infinity",
                r#""above": 0"#,
                r#""above": -Infinity"#,
            ),
            (
                "more than a float holds",
                r#""above": 0"#,
                r#""above": 1e999"#,
            ),
            (
                "an infinite half-life",
                HALF_LIFE,
                r#""half_life_days": 1e999"#,
            ),
            (
                "a half-life in a word",
                HALF_LIFE,
                r#""half_life_days": "nan""#,
            ),
            (
                "more days than an integer holds",
                SHIFTED_DAYS,
                r#""days": 3000000000"#,
            ),
            ("days before another event", SUMMIT_DAYS, r#""days": -168"#),
            ("a leading zero", r#""above": 0"#, r#""above": 00"#),
            ("hexadecimal", r#""above": 0"#, r#""above": 0x0"#),
        ],
    );
}

#[test]
fn what_is_not_json_is_told_where_it_stops_being_json() {
    refuses(
        "bad-scenario-not-json",
        &[
            (
                "the same key twice",
                TAIL,
                r#""tail": "keep", "tail": "cut","#,
            ),
            (
                "the same key twice in an event",
                MINUTES,
                r#""minutes": 90, "minutes": 91"#,
            ),
            ("no comma", TAIL, r#""tail": "keep""#),
            ("single quotes", TAIL, "'tail': 'keep',"),
            ("no quotes", TAIL, r#"tail: "keep","#),
            ("half a string", TAIL, r#""tail": "keep,"#),
            (
                "half a comment",
                "// A good scenario.",
                "/* A good scenario.",
            ),
            ("half an object", "    ]}},\n  ],\n}\n", "    ]}},\n  ],\n"),
            (
                "text after the end",
                "    ]}},\n  ],\n}\n",
                "    ]}},\n  ],\n}\nand so on\n",
            ),
            (
                "two scenarios",
                "    ]}},\n  ],\n}\n",
                "    ]}},\n  ],\n}\n{}\n",
            ),
            ("a control character", "anything is", "any\0thing is"),
            ("half a surrogate pair", "anything is", r"any\ud800thing is"),
        ],
    );
}

#[test]
fn a_list_is_a_file_of_events_to_check_and_no_scenario_to_run() {
    let desk = tempfile::tempdir().unwrap();
    std::fs::write(desk.path().join("bad.json"), "[]\n").unwrap();
    let says = |command: &str| {
        let mut run = std::process::Command::new(env!("CARGO_BIN_EXE_detente"));
        let run = run.args([command, "bad.json"]).current_dir(desk.path());
        let output = run.output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{command}");
        String::from_utf8(output.stderr).unwrap()
    };
    let (checked, ran) = (says("check"), says("run"));
    assert!(checked.contains("there are no events in it"), "{checked}");
    assert!(ran.contains("found a list, expected an object"), "{ran}");
}

#[test]
fn a_file_that_is_no_scenario_is_refused() {
    let latin = changed("anything is", "any@thing is").replace('@', "\u{e9}");
    let latin: Vec<u8> = latin.chars().map(|character| character as u8).collect();
    let wide = GOOD.encode_utf16().flat_map(u16::to_le_bytes);
    let deep = [r#"{"not":"#.repeat(200), "{}".to_owned(), "}".repeat(200)].concat();
    let deep = changed(r#"{"temperature": {"dyad": "RUS-USA", "above": 0}}"#, &deep);
    let mut told = String::new();
    for (what, bytes) in [
        ("nothing", Vec::new()),
        ("blank lines", b" \n\n".to_vec()),
        ("a comment", b"// nothing yet\n".to_vec()),
        ("null", b"null\n".to_vec()),
        ("a number", b"7\n".to_vec()),
        ("a string", b"\"recorded\"\n".to_vec()),
        ("an empty object", b"{}\n".to_vec()),
        ("Latin-1", latin),
        ("UTF-16", wide.collect()),
        ("a hundred thousand lists", "[".repeat(100_000).into_bytes()),
        ("two hundred questions", deep.into_bytes()),
    ] {
        writeln!(told, "=== {what}\n\n{}", refusal(bytes)).unwrap();
    }
    let desk = tempfile::tempdir().unwrap();
    writeln!(told, "=== a directory\n\n{}", refused(&desk, ".")).unwrap();
    for arguments in [["check", "none.json"], ["run", "none.json"]] {
        let (status, printed, says) = detente(desk.path(), &arguments);
        assert_eq!((status, printed.as_str()), (Some(2), ""));
        writeln!(
            told,
            "=== {} a file that is not there\n\n{says}",
            arguments[0]
        )
        .unwrap();
    }
    golden("bad-scenario-file", &told);
}

#[test]
fn columns_are_counted_in_characters_on_the_lines_of_the_file() {
    for (from, to, place) in [
        (TAIL, r#""tïtlé": 1, "tial": 2,"#, ":8:15"),
        (TAIL, "\t\t\"tial\": 2,", ":8:5"),
        (
            "// A good scenario.\n",
            "// A good\r\n// scenario.\r\n",
            ":6:3",
        ),
    ] {
        let says = refusal(changed(from, to).replace("\"note\"", "\"noet\""));
        let expected = format!("--> bad.json{place}\n");
        assert!(says.contains(&expected), "not at {place}\n{says}");
    }
}

#[test]
fn an_event_that_is_not_there_comes_with_its_near_miss() {
    refuses(
        "bad-scenario-unknown-event",
        &[
            ("fork before it", FORK, r#"{"before": "us-rv-call"}"#),
            ("fork after it", FORK, r#"{"after": "the-moon-landing"}"#),
            ("drop it", DROP, r#"{"drop": {"event": "us-ua-call"}}"#),
            ("shift it", SHIFTED, r#""event": "us-fr-cal""#),
            ("replace it", REPLACED, r#""event": "us-de-kall""#),
            (
                "insert after it",
                THANKS_AFTER,
                r#""after": {"event": "releif", "days": 1}"#,
            ),
            (
                "name it as the cause",
                r#""caused_by": "summit""#,
                r#""caused_by": "sumit""#,
            ),
            (
                "give an account of it",
                r#""of": "summit""#,
                r#""of": "sumit""#,
            ),
        ],
    );
}

#[test]
fn an_event_is_edited_once_and_after_the_fork_only() {
    refuses(
        "bad-scenario-edits",
        &[
            (
                "drop what is shared",
                DROP,
                r#"{"drop": {"event": "crimea-sanctions"}}"#,
            ),
            (
                "shift what is shared",
                SHIFTED,
                r#""event": "trump-inauguration""#,
            ),
            (
                "replace what is shared",
                REPLACED,
                r#""event": "crimea-annexation""#,
            ),
            (
                "drop what is shifted",
                DROP,
                r#"{"drop": {"event": "us-fr-call"}}"#,
            ),
            ("shift what is dropped", SHIFTED, r#""event": "us-au-call""#),
            (
                "replace what is dropped",
                REPLACED,
                r#""event": "us-au-call""#,
            ),
            (
                "drop what is inserted",
                DROP,
                r#"{"drop": {"event": "thanks"}}"#,
            ),
            ("shift what is inserted", SHIFTED, r#""event": "thanks""#),
            ("edit a tail that is cut", r#""keep""#, r#""cut""#),
            (
                "an id with the replacement",
                r#""with": {"#,
                r#""with": {"id": "us-de-call","#,
            ),
            (
                "a date with the replacement",
                r#""with": {"#,
                r#""with": {"date": "2017-01-28","#,
            ),
        ],
    );
}

#[test]
fn an_inserted_event_has_an_id_of_its_own() {
    refuses(
        "bad-scenario-ids",
        &[
            ("of an event of the base", THANKS, r#""id": "us-jp-call""#),
            ("of a shared event", THANKS, r#""id": "crimea-annexation""#),
            (
                "of an event that is dropped",
                THANKS,
                r#""id": "us-au-call""#,
            ),
            ("of another that is inserted", THANKS, r#""id": "summit""#),
            ("with a space", THANKS, r#""id": "thank you""#),
            ("of no characters", THANKS, r#""id": """#),
            ("none", r#""id": "thanks", "#, ""),
        ],
    );
}

#[test]
fn every_event_has_one_time_that_lies_between_the_fork_and_the_end() {
    refuses(
        "bad-scenario-times",
        &[
            (
                "after itself",
                THANKS_AFTER,
                r#""after": {"event": "thanks", "days": 1}"#,
            ),
            (
                "after each other",
                r#""date": "2017-09-01""#,
                r#""after": {"event": "thanks"}"#,
            ),
            (
                "after what is dropped",
                THANKS_AFTER,
                r#""after": {"event": "us-au-call", "days": 1}"#,
            ),
            (
                "two times",
                THANKS_AFTER,
                r#""date": "2017-09-02", "after": {"event": "relief"}"#,
            ),
            (
                "no time",
                r#""after": {"event": "relief", "days": 1}, "#,
                "",
            ),
            (
                "a million days later",
                THANKS_AFTER,
                r#""after": {"event": "relief", "days": 1000000}"#,
            ),
            (
                "a day more than a hundred years later",
                THANKS_AFTER,
                r#""after": {"event": "relief", "days": 36526}"#,
            ),
            (
                "shifted by a million days",
                SHIFTED_DAYS,
                r#""days": 1000000"#,
            ),
            ("shifted before the fork", SHIFTED_DAYS, r#""days": -9"#),
            ("shifted beyond the end", SHIFTED_DAYS, r#""days": 800"#),
            (
                "inserted before the fork",
                THANKS_AFTER,
                r#""date": "2016-12-31""#,
            ),
            (
                "inserted after what is shared and too soon",
                THANKS_AFTER,
                r#""after": {"event": "crimea-sanctions", "days": 9}"#,
            ),
            (
                "inserted beyond the end",
                THANKS_AFTER,
                r#""date": "2019-01-01""#,
            ),
            (
                "hanging beyond the end",
                THANKS_AFTER,
                r#""after": {"event": "relief", "days": 500}"#,
            ),
            ("an end before the fork", UNTIL, r#""until": "2016-12-31""#),
            ("an end before an event", UNTIL, r#""until": "2017-09-01""#),
        ],
    );
}

#[test]
fn what_hangs_on_an_event_is_listed_unless_it_may_go_too() {
    refuses(
        "bad-scenario-dependants",
        &[
            ("dropped", DROP, r#"{"drop": {"event": "us-ru-call"}}"#),
            (
                "dropped, explicitly without the others",
                DROP,
                r#"{"drop": {"event": "us-ru-call", "cascade": false}}"#,
            ),
            (
                "shifted",
                DROP,
                r#"{"shift": {"event": "us-ru-call", "days": 1}}"#,
            ),
            (
                "shifted to the end of its day",
                DROP,
                r#"{"shift": {"event": "us-ru-call", "days": 0}}"#,
            ),
        ],
    );
}

#[test]
fn an_illegal_event_is_told_with_the_rule_that_it_breaks() {
    refuses(
        "bad-scenario-illegal",
        &[
            (
                "lifting what never was",
                RELIEF,
                r#""act": "sanctions_lifted", "measure": "tariffs""#,
            ),
            (
                "easing what is no sanction",
                RELIEF,
                r#""act": "sanctions_eased", "measure": "crimea-annexation""#,
            ),
            (
                "easing what another holds",
                r#"["USA", "EU"]"#,
                r#"["USA", "DEU"]"#,
            ),
            (
                "imposing what is in force",
                RELIEF,
                r#""act": "sanctions_imposed", "measure": "crimea-sanctions""#,
            ),
            (
                "easing to more than stands",
                THANKS_AFTER,
                r#""date": "2017-10-01", "source": ["USA"], "target": ["RUS"], "act": "sanctions_eased", "measure": "crimea-sanctions", "strength": 1.5}}, {"insert": {"id": "more", "date": "2017-11-01""#,
            ),
            (
                "holding a meeting that was cancelled",
                EDITS,
                r#""edits": [
    {"insert": {"id": "off", "date": "2017-03-01", "source": ["RUS", "USA"], "target": ["RUS", "USA"], "act": "meeting_cancelled", "meeting": "us-ru-meeting"}},
    {"insert": {"id": "on", "date": "2017-04-01", "source": ["RUS", "USA"], "target": ["RUS", "USA"], "act": "meeting_held", "meeting": "us-ru-meeting"}},"#,
            ),
            (
                "cancelling a meeting that nobody announced",
                THANKS_ACT,
                r#""act": "coded", "code": "010"}}, {"insert": {"id": "off", "date": "2017-10-01", "source": ["RUS", "USA"], "target": ["RUS", "USA"], "act": "meeting_cancelled", "meeting": "us-ru-summit""#,
            ),
            (
                "shifting an account before its call",
                EDITS,
                r#""edits": [
    {"shift": {"event": "white-house-readout", "days": -1, "cascade": true}},"#,
            ),
            (
                "fixing a meeting for the past",
                THANKS_ACT,
                r#""act": "coded", "code": "010"}}, {"insert": {"id": "fixed", "date": "2017-10-01", "source": ["RUS", "USA"], "target": ["RUS", "USA"], "act": "meeting_scheduled", "meeting": "us-ru-meeting", "scheduled_for": "2017-09-30""#,
            ),
            (
                "settling what nobody raised",
                r#""mentions": ["sanctions"]"#,
                r#""mentions": ["sanctions"], "agenda": [{"item": "sanctions", "to": "settled"}]"#,
            ),
            (
                "going back on an agreement",
                r#""mentions": ["sanctions"]"#,
                r#""agenda": [{"item": "syria-coordination", "to": "raised"}]"#,
            ),
            (
                "an account of what was no conversation",
                r#""of": "summit""#,
                r#""of": "crimea-sanctions""#,
            ),
            (
                "an account of what comes later",
                r#""of": "summit""#,
                r#""of": "relief""#,
            ),
            (
                "an account by one who was not there",
                r#""of": "summit""#,
                r#""of": "us-jp-call""#,
            ),
            (
                "a cause that comes later",
                r#""caused_by": "summit""#,
                r#""caused_by": "thanks""#,
            ),
            (
                "a cause that is dropped",
                r#""caused_by": "summit""#,
                r#""caused_by": "us-au-call""#,
            ),
            (
                "its own cause",
                r#""caused_by": "summit""#,
                r#""caused_by": "account""#,
            ),
        ],
    );
}

#[test]
fn the_form_of_an_event_is_that_of_the_log() {
    refuses(
        "bad-scenario-events",
        &[
            (
                "a field of another act",
                r#""tone": "optimistic""#,
                r#""tone": "optimistic", "minutes": 5"#,
            ),
            (
                "a field of another act in a replacement",
                r#""minutes": 15"#,
                r#""tone": "critical""#,
            ),
            ("no act", r#""act": "statement", "#, ""),
            (
                "no source",
                r#""source": ["RUS"], "target": ["USA"],
      "act": "readout""#,
                r#""target": ["USA"],
      "act": "readout""#,
            ),
            (
                "no source in a replacement",
                r#""source": ["DEU", "USA"], "#,
                "",
            ),
            ("a field that the act needs", r#""of": "summit", "#, ""),
            (
                "an unknown act",
                r#""act": "statement""#,
                r#""act": "statment""#,
            ),
            ("an unknown tone", r#""optimistic""#, r#""hopeful""#),
            (
                "an unknown code",
                THANKS_ACT,
                r#""act": "coded", "code": "41""#,
            ),
            ("an unknown actor", r#"["USA", "EU"]"#, r#"["USA", "EUR"]"#),
            (
                "an actor in small letters",
                r#"["USA", "EU"]"#,
                r#"["USA", "eu"]"#,
            ),
            (
                "the same actor twice",
                r#""source": ["RUS"], "target": ["USA"],
      "act": "readout""#,
                r#""source": ["RUS"], "target": ["USA", "USA"],
      "act": "readout""#,
            ),
            (
                "a call with oneself",
                r#""source": ["DEU", "USA"], "target": ["DEU", "USA"]"#,
                r#""source": ["USA"], "target": ["USA"]"#,
            ),
            (
                "a weight off the scale",
                r#""tone": "optimistic""#,
                r#""weight": 11"#,
            ),
            (
                "an impact without a reason",
                r#""tone": "optimistic""#,
                r#""impact": 1"#,
            ),
            (
                "mentioned and left out",
                r#""mentions": ["sanctions"]"#,
                r#""mentions": ["sanctions"], "omits": ["sanctions"]"#,
            ),
        ],
    );
}

#[test]
fn a_model_that_cannot_be_is_told_parameter_by_parameter() {
    refuses(
        "bad-scenario-model",
        &[
            (
                "an unknown preset",
                r#""preset": "detente""#,
                r#""preset": "detent""#,
            ),
            ("more than all", HALF_LIFE, r#""gain": 2"#),
            ("no time at all", HALF_LIFE, r#""half_life_days": 0"#),
            (
                "a baseline off the scale",
                HALF_LIFE,
                r#""baselines": {"DEU-USA": 40}"#,
            ),
            (
                "a baseline of one",
                HALF_LIFE,
                r#""baselines": {"USA-USA": 1}"#,
            ),
            (
                "three at once",
                HALF_LIFE,
                r#""gain": -1, "eased_share": 3, "hysteresis_degrees": 9"#,
            ),
        ],
    );
}

#[test]
fn a_question_is_about_what_there_is() {
    refuses(
        "bad-scenario-outcomes",
        &[
            (
                "an unknown dyad",
                TEMPERATURE,
                r#"{"dyad": "CHN-USA", "above": 0}"#,
            ),
            (
                "a temperature without bounds",
                TEMPERATURE,
                r#"{"dyad": "RUS-USA"}"#,
            ),
            ("no phase", PHASES, "[]"),
            (
                "an unknown measure",
                r#"{"measure": {"id": "crimea-sanctions""#,
                r#"{"measure": {"id": "crimea-sanction""#,
            ),
            (
                "an unknown meeting",
                r#"{"meeting": {"id": "summit""#,
                r#"{"meeting": {"id": "sumit""#,
            ),
            (
                "an unknown item",
                r#""item": "counter-terrorism""#,
                r#""item": "terrorism""#,
            ),
            (
                "an item of another dyad",
                r#"{"agenda": {"dyad": "RUS-USA""#,
                r#"{"agenda": {"dyad": "EU-RUS""#,
            ),
            (
                "none of nothing",
                r#"{"temperature": {"dyad": "RUS-USA", "above": 0}}"#,
                r#"{"any": []}"#,
            ),
            (
                "all of nothing",
                r#"{"temperature": {"dyad": "RUS-USA", "above": 0}}"#,
                r#"{"all": []}"#,
            ),
            (
                "wrong deep inside",
                PHASES,
                r#"["tension"]}}}, {"not": {"all": [{"any": [{"phase": {"dyad": "RUS-USA", "is": []}}]}]}}, {"not": {"phase": {"dyad": "RUS-USA", "is": ["normal"]"#,
            ),
            ("the same name twice", r#"{"id": "met""#, r#"{"id": "thaw""#),
        ],
    );
}

#[test]
fn a_base_is_there_and_sound_and_never_the_scenario_itself() {
    let desk = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(desk.path().join(name), text).unwrap();
    let based = |name: &str, base: &str| {
        write(name, &changed(r#""recorded""#, &format!("{base:?}")));
    };
    let recorded = std::fs::read_to_string("scenarios/recorded-history.jsonl").unwrap();
    write(
        "altered.jsonl",
        &recorded.replacen("an hour", "two hours", 1),
    );
    write(
        "unknown-act.jsonl",
        &recorded.replacen("\"act\":\"call\"", "\"act\":\"cal\"", 1),
    );
    write("empty.jsonl", "");
    write("prose.jsonl", "Once upon a time\n");
    write("misspelt.json", &changed(TAIL, r#""tial": "keep","#));
    write(
        "unknown-event.json",
        &changed(DROP, r#"{"drop": {"event": "us-ua-call"}}"#),
    );
    for (name, base) in [
        ("not-there", "none.json"),
        ("misspelt-recorded", "recoded"),
        ("no-name", ""),
        ("directory", "."),
        ("log-not-there", "none.jsonl"),
        ("altered-log", "altered.jsonl"),
        ("log-with-an-unknown-act", "unknown-act.jsonl"),
        ("empty-log", "empty.jsonl"),
        ("prose", "prose.jsonl"),
        ("misspelt-base", "misspelt.json"),
        ("senseless-base", "unknown-event.json"),
        ("itself", "itself.json"),
        (
            "itself-by-another-path",
            "./../desk/itself-by-another-path.json",
        ),
        ("first-of-three", "second-of-three.json"),
        ("second-of-three", "third-of-three.json"),
        ("third-of-three", "first-of-three.json"),
        ("above-a-circle", "first-of-three.json"),
    ] {
        let directory = desk.path().file_name().unwrap().to_str().unwrap();
        based(&format!("{name}.json"), &base.replace("desk", directory));
    }
    let mut told = String::new();
    for name in [
        "not-there",
        "misspelt-recorded",
        "no-name",
        "directory",
        "log-not-there",
        "altered-log",
        "empty-log",
        "prose",
        "misspelt-base",
        "senseless-base",
        "itself",
        "first-of-three",
        "above-a-circle",
    ] {
        let name = format!("{name}.json");
        writeln!(told, "=== {name}\n\n{}", refused(&desk, &name)).unwrap();
    }
    golden("bad-scenario-base", &told);
    let says = refused(&desk, "itself-by-another-path.json");
    assert!(
        says.contains("the base of a scenario cannot be itself"),
        "{says}"
    );
    let says = refused(&desk, "log-with-an-unknown-act.json");
    assert!(says.contains("did you mean `call`?"), "{says}");
}

#[test]
fn all_mistakes_of_shape_are_told_at_once_and_then_all_of_meaning() {
    let shape = GOOD
        .replacen(r#""note":"#, r#""noet":"#, 1)
        .replacen(UNTIL, r#""until": 2018"#, 1)
        .replacen(SHIFTED_DAYS, r#""days": "3""#, 1)
        .replacen(r#""optimistic""#, r#""hopeful""#, 1)
        .replacen(PHASES, r#"["tensoin"]"#, 1);
    // What makes no sense is not told before the shape is right.
    let shape = shape.replacen("us-au-call", "us-ua-call", 1);
    let shape = refusal(shape);
    assert_eq!(mistakes(&shape), 5, "{shape}");
    let meaning = GOOD
        .replacen(HALF_LIFE, r#""gain": 2"#, 1)
        .replacen("us-au-call", "us-ua-call", 1)
        .replacen("us-fr-call", "crimea-sanctions", 1)
        .replacen(THANKS, r#""id": "relief""#, 1)
        .replacen(r#""days": 1}"#, r#""days": 1000000}"#, 1)
        .replacen(r#""tone": "optimistic""#, r#""minutes": 5"#, 1)
        .replacen(PHASES, "[]", 1)
        .replacen(r#"{"id": "met""#, r#"{"id": "thaw""#, 1);
    let meaning = refusal(meaning);
    golden("bad-scenario-several", &[shape, meaning].join("\n"));
}

#[test]
fn mistakes_of_several_files_are_told_in_one_go() {
    let desk = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(desk.path().join(name), text).unwrap();
    write("one.json", &changed(TAIL, r#""tial": "keep","#));
    write("two.json", GOOD);
    write("three.json", &changed(PHASES, "[]"));
    let arguments = ["check", "one.json", "two.json", "three.json", "none.json"];
    let (status, printed, says) = detente(desk.path(), &arguments);
    assert_eq!(status, Some(2), "{says}");
    assert!(
        printed.starts_with("two.json: a scenario on recorded"),
        "{printed}"
    );
    assert_eq!(printed.lines().count(), 1, "{printed}");
    assert_eq!(mistakes(&says), 3, "{says}");
    for place in ["one.json:8:3", "three.json:38:51", "none.json"] {
        assert!(says.contains(&format!("--> {place}\n")), "{place}\n{says}");
    }
}

#[test]
fn a_misspelt_field_that_must_be_there_is_not_told_as_missing_too() {
    tells_one(
        r#""status": "eased""#,
        r#""state": "eased""#,
        "did you mean `status`?",
    );
    tells_one(r#""title""#, r#""tittle""#, "did you mean `title`?");
    tells_one(SHIFTED_DAYS, r#""dyas": 3"#, "did you mean `days`?");
}

#[test]
fn a_mistake_is_not_told_again_of_what_hangs_on_it() {
    let eased = r#""act": "sanctions_eased", "#;
    tells_one(
        eased,
        r#""act": "sanctions_eased", "minutes": 5, "#,
        "`minutes` does not belong",
    );
    tells_one(
        r#""minutes": 90"#,
        r#""tone": "critical""#,
        "`tone` does not belong",
    );
}

#[test]
fn an_unknown_fork_does_not_hide_other_mistakes_of_meaning() {
    let bad = changed(FORK, r#"{"before": "us-rv-call"}"#).replacen(PHASES, "[]", 1);
    let says = refusal(bad);
    assert!(says.contains("`us-rv-call`"), "{says}");
    assert!(says.contains("at least one phase"), "{says}");
}

#[test]
fn a_replacement_that_brings_a_relative_time_is_told_once() {
    tells_one(
        r#""with": {"#,
        r#""with": {"after": {"event": "us-ru-call"},"#,
        "`after` is that of the event which is replaced",
    );
}

#[test]
fn a_day_beyond_the_calendar_is_not_called_too_many_days() {
    let bad = changed(r#""date": "2017-09-01""#, r#""date": "9999-12-31""#);
    let says = refusal(bad.replacen(r#""until": "2018-12-31","#, "", 1));
    assert!(!says.contains("days are too many"), "{says}");
}

#[test]
fn what_only_a_log_has_is_not_taken_in_silence() {
    let tone = r#""tone": "optimistic""#;
    for field in [
        r#""seq": 5"#,
        r#""recorded": "2017-09-03""#,
        r#""chain": "7ec00d3f8095d2486f9eb44c2ce178b0""#,
        r#""origin": {"scenario": "another"}"#,
    ] {
        let says = refusal(changed(tone, &format!("{tone}, {field}")));
        assert_eq!(mistakes(&says), 1, "{says}");
    }
}

#[test]
fn a_retraction_cannot_be_inserted() {
    let thanks = r#""source": ["RUS"], "target": ["USA"],
      "act": "statement", "tone": "optimistic""#;
    // A saved branch would read it as a retraction; the run does not.
    tells_one(
        thanks,
        r#""act": "retraction", "retracts": "us-fr-call""#,
        "retraction",
    );
}

/// Mistakes of every kind of meaning, with events that hang on wrong ones: those are not told.
const EVERY_KIND: &str = r#"{"title": "Everything wrong in meaning", "base": "recorded", "fork": {"after": "us-au-call"}, "until": "2018-12-31",
 "edits": [
  {"insert": {"id": "lift", "date": "2017-05-01", "source": ["USA"], "target": ["RUS"], "act": "sanctions_lifted", "measure": "tariffs"}},
  {"insert": {"id": "thanks", "date": "2017-05-02", "source": ["RUS"], "target": ["USA"], "act": "statement", "caused_by": "lift"}},
  {"insert": {"id": "early", "date": "2016-05-02", "source": ["RUS"], "target": ["USA"], "act": "statement"}},
  {"insert": {"id": "hang", "after": {"event": "early", "days": 9}, "source": ["RUS"], "target": ["USA"], "act": "statement", "caused_by": "early"}},
  {"insert": {"id": "held", "date": "2017-06-01", "source": ["USA","RUS"], "target": ["RUS","USA"], "act": "meeting_held", "meeting": "nowhere"}},
  {"drop": {"event": "us-ru-call"}}
 ],
 "rules": [{"id": "r", "when": {"act": "statement"}, "at_most": 1, "if": {"meeting": {"id": "us-ru-meting", "status": "held"}}, "then": {"source": ["USA"], "target": ["RUS"], "act": "statement"}}],
 "outcomes": [{"id": "o", "when": {"measure": {"id": "crimea-sanction", "status": "lifted"}}, "by": "2020-01-01"},
  {"id": "p", "when": {"temperature": {"dyad": "CHN-USA", "above": 0}}, "by": "2001-01-01"}]}
"#;

#[test]
fn mistakes_of_meaning_are_told_all_at_once_and_none_that_only_follows_from_another() {
    let says = refusal(EVERY_KIND);
    assert_eq!(mistakes(&says), 9, "{says}");
    golden("bad-scenario-meaning", &says);
}

#[test]
fn a_deadline_lies_between_the_fork_and_the_end() {
    let by = r#""by": "2018-12-31""#;
    let of = |day: &str| changed(by, &format!(r#""by": "{day}""#));
    for day in ["2017-01-20", "2018-12-30"] {
        passes(of(day));
    }
    for (day, bounds) in [
        ("2017-01-19", "2017-01-20 to 2018-12-31"),
        ("2019-01-01", "2017-01-20 to 2018-12-31"),
    ] {
        let says = refusal(of(day));
        let expected =
            format!("error: {day} lies outside the days on which this is asked, {bounds}\n");
        assert!(says.starts_with(&expected), "{says}");
        assert_eq!(mistakes(&says), 1, "{says}");
    }
}

#[test]
fn what_hangs_on_an_event_outside_fork_and_end_is_not_told_as_well() {
    let days = r#""days": 168"#;
    for (to, words) in [
        (r#""days": 20000"#, "lies after the last day"),
        (r#""days": 40000"#, "days are too many"),
    ] {
        // The account of the summit, its cause and what is asked of it all hang on it.
        tells_one(days, to, words);
    }
}

#[test]
fn what_is_wrong_with_a_base_is_told_once_for_all_that_leave_it() {
    let desk = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(desk.path().join(name), text).unwrap();
    write("base.json", &changed(TAIL, r#""tail": "kept","#));
    let child = r#"{"title": "A child", "base": "base.json", "fork": {"date": "2018-01-01"}}"#;
    for name in ["one.json", "two.json"] {
        write(name, child);
    }
    let alone = refused(&desk, "base.json");
    for command in ["check", "run", "compare"] {
        let arguments = [command, "one.json", "two.json", "base.json"];
        let (status, _, says) = detente(desk.path(), &arguments);
        assert_eq!((status, &says), (Some(2), &alone), "{command}");
    }
    // What else is wrong is told beside it.
    let (_, _, says) = detente(desk.path(), &["compare", "one.json", "nowhere.json"]);
    assert_eq!(mistakes(&says), 2, "{says}");
}

#[test]
fn a_line_that_ends_with_a_carriage_return_is_shown_without_it() {
    let unix = changed(TAIL, r#""tail": "kept","#);
    let says = refusal(unix.replace('\n', "\r\n"));
    assert_eq!(says, refusal(unix));
}

#[cfg(unix)]
#[test]
fn a_scenario_or_log_can_come_by_a_pipe() {
    let desk = tempfile::tempdir().unwrap();
    std::fs::write(desk.path().join("good.json"), GOOD).unwrap();
    for (command, name) in [
        ("check", "good.json"),
        ("run", "good.json"),
        ("compare recorded", "good.json"),
    ] {
        let binary = env!("CARGO_BIN_EXE_detente");
        let script =
            format!("cat {name} | {binary} {command} /dev/stdin | sed s:/dev/stdin:{name}:");
        let piped = std::process::Command::new("sh")
            .args(["-c", &script])
            .current_dir(desk.path())
            .output()
            .unwrap();
        let (_, plain, _) = detente(
            desk.path(),
            &[&command.split(' ').collect::<Vec<_>>()[..], &[name]].concat(),
        );
        let notes = String::from_utf8_lossy(&piped.stderr);
        let is_of_model = notes.starts_with("note: recorded is read under the model of ");
        assert!(notes.is_empty() || is_of_model, "{command}: {notes}");
        assert_eq!(String::from_utf8_lossy(&piped.stdout), plain, "{command}");
    }
}

#[test]
fn of_an_event_that_ends_before_it_begins_nothing_else_is_told() {
    let until = |day: &str, more: &str| format!(r#"{THANKS_ACT}, "until": "{day}"{more}"#);
    passes(changed(THANKS_ACT, &until("2017-09-02", "")));
    // Of its own an item that nobody raised cannot be settled.
    let settles = r#", "agenda": [{"item": "never-raised", "to": "settled"}]"#;
    tells_one(THANKS_ACT, &until("2017-09-02", settles), "never-raised");
    for more in ["", settles] {
        tells_one(THANKS_ACT, &until("2017-09-01", more), "2017-09-01");
    }
}

#[test]
fn a_branch_in_which_nothing_happens_is_shown_but_no_log() {
    let desk = tempfile::tempdir().unwrap();
    let early = r#"{"title": "Before all", "base": "recorded", "fork": {"date": "1008-01-28"},
        "until": "1009-12-31"}"#;
    std::fs::write(desk.path().join("early.json"), early).unwrap();
    let run = |arguments: &[&str]| {
        let mut run = std::process::Command::new(env!("CARGO_BIN_EXE_detente"));
        let output = run.args(arguments).current_dir(desk.path()).output();
        output.unwrap()
    };
    for command in ["check", "run", "ensemble"] {
        assert_eq!(run(&[command, "early.json"]).status.code(), Some(0));
    }
    let saved = run(&["run", "early.json", "--log", "branch.jsonl"]);
    assert_eq!(saved.status.code(), Some(2));
    let says = String::from_utf8(saved.stderr).unwrap();
    assert!(says.contains("nothing happens until 1009-12-31"), "{says}");
    assert!(!desk.path().join("branch.jsonl").exists());
}
