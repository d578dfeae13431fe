//! What is wrong with chance nodes, and with what they bring, is told with its place before
//! anything runs.

use crate::refusal::chance::*;
use crate::refusal::*;
use std::fmt::Write;

const SEED: &str = r#""seed": 2018"#;
const NODES: &str = r#"  "chance": ["#;
const NODE: &str = r#""id": "meeting-fate""#;
const DRAWN_ON: &str = r#""date": "2017-07-07""#;
const DRAWN_AFTER: &str = r#""after": {"event": "offer", "days": 60}"#;
const HELD: &str = r#""label": "held""#;
const HELD_PROBABILITY: &str = r#""probability": 0.4"#;
const NOT_MADE: &str = r#"{"label": "not made", "probability": 0.75}"#;
const MEETING_HELD: &str = r#""act": "meeting_held", "meeting": "us-ru-meeting""#;
const ACCOUNT: &str = r#""id": "account""#;
const ACCOUNT_ACT: &str = r#""act": "readout", "of": "meeting-held""#;
const SECOND_OFFER: &str = r#""id": "second-offer""#;
const RULE: &str = r#""id": "new-round""#;
const RULE_PROBABILITY: &str = r#""probability": 0.7,"#;

#[test]
fn the_good_scenario_with_chance_is_good() {
    passes(GOOD_CHANCE);
}

#[test]
fn an_unknown_field_of_a_chance_or_rule_is_told_with_its_near_miss() {
    refuses_chance(
        "bad-chance-unknown-field",
        &[
            ("the chances", NODES, r#"  "chances": ["#),
            ("the rules", RULES, r#"  "rule": ["#),
            ("the uncertain", r#""uncertain""#, r#""uncertian""#),
            ("the seed", SEED, r#""sed": 2018"#),
            (
                "in a node",
                r#""id": "new-offer", "#,
                r#""id": "new-offer", "dat": "2017-07-07", "#,
            ),
            (
                "in the time of a node",
                DRAWN_AFTER,
                r#""after": {"event": "offer", "day": 60}"#,
            ),
            ("in an option", HELD, r#""lable": "held""#),
            (
                "in another option",
                NOT_MADE,
                r#"{"label": "not made", "probability": 0.75, "event": []}"#,
            ),
            (
                "in an event of an option",
                ACCOUNT,
                r#""id": "account", "mention": []"#,
            ),
            ("in a rule", COOLDOWN, r#""cooldown": 90"#),
            ("in another rule", AT_MOST, r#""at_least": 3"#),
            (
                "in a trigger",
                WHEN,
                r#"{"act": "meeting_cancelled", "sources": "USA"}"#,
            ),
            (
                "in a condition",
                IF,
                r#"{"temperature": {"dyad": "RUS-USA", "bellow": -1}}"#,
            ),
            (
                "another condition",
                IF,
                r#"{"temprature": {"dyad": "RUS-USA", "below": -1}}"#,
            ),
            ("in a delay", DELAY, r#"{"from": 10, "until": 40}"#),
            (
                "in what a rule causes",
                THEN,
                r#"{"source": ["USA"], "targets": ["RUS"], "act": "sanctions_imposed"}"#,
            ),
            (
                "in a spread",
                TRIANGULAR,
                r#"{"triangle": [0.2, 0.3, 0.5]}"#,
            ),
        ],
    );
}

#[test]
fn a_value_of_another_type_in_a_chance_or_rule_is_told_with_what_was_expected() {
    refuses_chance(
        "bad-chance-wrong-type",
        &[
            (
                "an object as the chances",
                NODES,
                r#"  "chance": {}, "note": ["#,
            ),
            (
                "an object as the rules",
                RULES,
                r#"  "rules": {}, "note": ["#,
            ),
            ("a string as a node", NODES, r#"  "chance": ["meeting","#),
            ("a string as a rule", RULES, r#"  "rules": ["meeting","#),
            (
                "a list as the uncertain",
                r#""uncertain": {"#,
                r#""uncertain": [], "note": {"#,
            ),
            (
                "a string as a probability",
                HELD_PROBABILITY,
                r#""probability": "0.4""#,
            ),
            ("per cent", HELD_PROBABILITY, r#""probability": "40 %""#),
            (
                "null as a probability",
                HELD_PROBABILITY,
                r#""probability": null"#,
            ),
            (
                "a string as the probability of a rule",
                RULE_PROBABILITY,
                r#""probability": "often","#,
            ),
            ("a number as a label", HELD, r#""label": 1"#),
            (
                "a day that no month has",
                DRAWN_ON,
                r#""date": "2017-06-31""#,
            ),
            ("a string as a time", DRAWN_AFTER, r#""after": "offer""#),
            (
                "an object as the options",
                NOT_MADE,
                r#"{"label": "not made", "probability": 0.75, "events": {}}"#,
            ),
            ("a string as the trigger", WHEN, r#""meeting_cancelled""#),
            (
                "a list as the actor of a trigger",
                WHEN,
                r#"{"act": "meeting_cancelled", "source": ["USA"]}"#,
            ),
            ("a string as a condition", IF, r#""always""#),
            ("a part of a day as a delay", DELAY, "10.5"),
            ("a list as a delay", DELAY, "[10, 40]"),
            ("half a day of delay", DELAY, r#"{"from": 10, "to": 40.5}"#),
            (
                "a string as a cooldown",
                COOLDOWN,
                r#""cooldown_days": "a month""#,
            ),
            ("a list as what a rule causes", THEN, "[]"),
            ("a number as a spread", UNIFORM, r#""half_life_days": 180"#),
            (
                "a string in a spread",
                UNIFORM,
                r#""half_life_days": {"uniform": [90, "270"]}"#,
            ),
            (
                "none in a spread",
                UNIFORM,
                r#""half_life_days": {"choice": [90, "none"]}"#,
            ),
        ],
    );
}

#[test]
fn what_is_missing_of_a_chance_or_rule_is_told_where_it_should_stand() {
    refuses_chance(
        "bad-chance-missing",
        &[
            ("no name of a node", r#""id": "new-offer", "#, ""),
            (
                "no options",
                DRAWN_AFTER,
                r#""date": "2017-08-01"}, {"id": "other", "date": "2017-08-01""#,
            ),
            ("no label", r#""label": "held", "#, ""),
            (
                "no probability",
                r#""label": "not made", "probability": 0.75"#,
                r#""label": "not made""#,
            ),
            ("no name of an event", r#""id": "second-offer", "#, ""),
            (
                "no act of an event",
                r#", "act": "coded", "code": "030""#,
                "",
            ),
            (
                "no source of an event",
                r#""id": "second-offer", "source": ["RUS"]"#,
                r#""id": "second-offer""#,
            ),
            ("no name of a rule", r#""id": "new-round", "#, ""),
            (
                "no trigger",
                r#""when": {"act": "meeting_cancelled", "source": "USA"}, "#,
                "",
            ),
            ("no act of a trigger", WHEN, r#"{"source": "USA"}"#),
            ("no fewest days", DELAY, r#"{"to": 40}"#),
            ("no most days", DELAY, r#"{"from": 10}"#),
            (
                "nothing that a rule causes",
                r#"90,
      "then": {"source": ["USA"], "target": ["RUS"], "act": "sanctions_imposed"}}"#,
                "90}",
            ),
            (
                "no status in a condition",
                IF,
                r#"{"measure": {"id": "crimea-sanctions"}}"#,
            ),
        ],
    );
}

#[test]
fn a_probability_is_a_number_from_0_to_1_and_they_add_up_to_1() {
    refuses_chance(
        "bad-chance-probabilities",
        &[
            ("below 0", HELD_PROBABILITY, r#""probability": -0.1"#),
            ("above 1", HELD_PROBABILITY, r#""probability": 1.5"#),
            ("in per cent", HELD_PROBABILITY, r#""probability": 40"#),
            (
                "more than a float holds",
                HELD_PROBABILITY,
                r#""probability": 1e999"#,
            ),
            ("not a number", HELD_PROBABILITY, r#""probability": NaN"#),
            ("a fraction", HELD_PROBABILITY, r#""probability": 2/5"#),
            ("with a comma", HELD_PROBABILITY, r#""probability": 0,4"#),
            ("0.9 in all", HELD_PROBABILITY, r#""probability": 0.3"#),
            ("1.1 in all", HELD_PROBABILITY, r#""probability": 0.5"#),
            (
                "just too little",
                HELD_PROBABILITY,
                r#""probability": 0.39999"#,
            ),
            (
                "0 in all",
                r#""probability": 0.25, "events": [
        {"id": "second-offer", "source": ["RUS"], "target": ["USA"], "act": "coded", "code": "030"},
      ]},
      {"label": "not made", "probability": 0.75},"#,
                r#""probability": 0}"#,
            ),
            (
                "of a rule, below 0",
                RULE_PROBABILITY,
                r#""probability": -0.1,"#,
            ),
            (
                "of a rule, above 1",
                RULE_PROBABILITY,
                r#""probability": 1.5,"#,
            ),
            (
                "of a rule, more than a float holds",
                RULE_PROBABILITY,
                r#""probability": 1e999,"#,
            ),
            (
                "of a rule, not a number",
                RULE_PROBABILITY,
                r#""probability": NaN,"#,
            ),
        ],
    );
    // Thirds with a few digits are near enough, and what never happens may be written down.
    for (held, not_made) in [
        ("0.4000004", "0.75"),
        ("0.4", "0.75}, {\"label\": \"never\", \"probability\": 0"),
    ] {
        let text = changed(HELD_PROBABILITY, &format!(r#""probability": {held}"#));
        passes(changed_in(
            &text,
            r#""probability": 0.75"#,
            &format!(r#""probability": {not_made}"#),
        ));
    }
}

#[test]
fn a_chance_node_has_options_of_their_own_labels_and_one_time() {
    refuses_chance(
        "bad-chance-nodes",
        &[
            (
                "an empty list of options",
                r#""options": [
      {"label": "made", "probability": 0.25, "events": [
        {"id": "second-offer", "source": ["RUS"], "target": ["USA"], "act": "coded", "code": "030"},
      ]},
      {"label": "not made", "probability": 0.75},
    ]"#,
                r#""options": []"#,
            ),
            (
                "two options of one label",
                r#""label": "cancelled""#,
                r#""label": "held""#,
            ),
            ("no time", r#""date": "2017-07-07", "#, ""),
            (
                "no time, and no events",
                r#""date": "2017-07-07", "options": ["#,
                r#""options": [{"label": "nothing", "probability": 1}]}, {"id": "other", "date": "2017-07-07", "options": ["#,
            ),
            (
                "two times",
                DRAWN_ON,
                r#""date": "2017-07-07", "after": {"event": "offer"}"#,
            ),
            (
                "after an unknown event",
                DRAWN_AFTER,
                r#""after": {"event": "ofer", "days": 60}"#,
            ),
            (
                "after a dropped event",
                DRAWN_AFTER,
                r#""after": {"event": "us-au-call", "days": 60}"#,
            ),
            (
                "after a chance event of itself",
                DRAWN_AFTER,
                r#""after": {"event": "second-offer", "days": 60}"#,
            ),
            (
                "after a chance node",
                DRAWN_AFTER,
                r#""after": {"event": "meeting-fate", "days": 60}"#,
            ),
            (
                "after a shared event, before the fork",
                DRAWN_AFTER,
                r#""after": {"event": "us-ru-call", "days": -60}"#,
            ),
            (
                "a million days after",
                DRAWN_AFTER,
                r#""after": {"event": "offer", "days": 1000000}"#,
            ),
            (
                "too many days after for the end",
                DRAWN_AFTER,
                r#""after": {"event": "offer", "days": 600}"#,
            ),
            ("before the fork", DRAWN_ON, r#""date": "2017-01-27""#),
            ("beyond the end", DRAWN_ON, r#""date": "2019-01-01""#),
            ("an empty name", NODE, r#""id": """#),
            ("a name with a space", NODE, r#""id": "meeting fate""#),
        ],
    );
}

#[test]
fn nodes_that_hang_on_each_other_are_a_circle_of_times() {
    let text = changed(DRAWN_ON, r#""after": {"event": "second-offer"}"#);
    let says = refusal(changed_in(
        &text,
        DRAWN_AFTER,
        r#""after": {"event": "meeting-off"}"#,
    ));
    golden("bad-chance-circle", &says);
}

#[test]
fn a_node_has_up_to_64_options() {
    for (number, is_good) in [(64, true), (65, false), (1000, false)] {
        let sixty_fourth = 1.0 / 64.0;
        let options = many(number, |place| {
            let probability = if place < 64 { sixty_fourth } else { 0.0 };
            format!(r#"{{"label": "option {place}", "probability": {probability}}}"#)
        });
        let nodes = format!(
            "{NODES}{{\"id\": \"wide\", \"date\": \"2017-07-07\", \"options\": [\n{options}]}},"
        );
        let text = changed(NODES, &nodes);
        if is_good {
            passes(text);
            continue;
        }
        let says = refusal(text);
        let expected = format!(
            "error: `options` has {number} entries; there may be up to 64\n  --> bad.json:19:62\n"
        );
        assert!(says.starts_with(&expected), "{says}");
        assert_eq!(mistakes(&says), 1, "{says}");
    }
}

#[test]
fn a_chance_event_has_its_time_between_its_draw_and_the_end() {
    refuses_chance(
        "bad-chance-times",
        &[
            (
                "before the draw",
                ACCOUNT,
                r#""id": "account", "date": "2017-07-06""#,
            ),
            (
                "before the draw, after another event",
                ACCOUNT,
                r#""id": "account", "after": {"event": "offer", "days": 1}"#,
            ),
            (
                "before the fork",
                ACCOUNT,
                r#""id": "account", "date": "2017-01-27""#,
            ),
            (
                "beyond the end",
                ACCOUNT,
                r#""id": "account", "date": "2019-01-01""#,
            ),
            (
                "hanging beyond the end",
                ACCOUNT,
                r#""id": "account", "after": {"event": "meeting-held", "days": 600}"#,
            ),
            (
                "two times",
                ACCOUNT,
                r#""id": "account", "date": "2017-07-08", "after": {"event": "offer"}"#,
            ),
            (
                "after itself",
                ACCOUNT,
                r#""id": "account", "after": {"event": "account"}"#,
            ),
            (
                "after an unknown event",
                ACCOUNT,
                r#""id": "account", "after": {"event": "meeting-hold"}"#,
            ),
            (
                "after a dropped event",
                ACCOUNT,
                r#""id": "account", "after": {"event": "us-au-call", "days": 200}"#,
            ),
            (
                "after a chance node",
                ACCOUNT,
                r#""id": "account", "after": {"event": "meeting-fate"}"#,
            ),
            (
                "a million days later",
                ACCOUNT,
                r#""id": "account", "after": {"event": "meeting-held", "days": 1000000}"#,
            ),
        ],
    );
    for time in [
        r#""date": "2017-07-07""#,
        r#""date": "2018-12-31""#,
        r#""after": {"event": "meeting-held", "days": 3}"#,
        r#""after": {"event": "meeting-held"}"#,
    ] {
        passes(changed(ACCOUNT, &format!(r#""id": "account", {time}"#)));
    }
}

#[test]
fn a_chance_event_has_an_id_of_its_own_and_nodes_and_rules_names_of_theirs() {
    refuses_chance(
        "bad-chance-ids",
        &[
            (
                "an event of another option's",
                r#""id": "meeting-off""#,
                r#""id": "account""#,
            ),
            (
                "an event of the same option's",
                ACCOUNT,
                r#""id": "meeting-held""#,
            ),
            (
                "an event of another node's",
                SECOND_OFFER,
                r#""id": "meeting-off""#,
            ),
            (
                "an event of an inserted one's",
                SECOND_OFFER,
                r#""id": "offer""#,
            ),
            (
                "an event of the base's",
                SECOND_OFFER,
                r#""id": "us-jp-call""#,
            ),
            (
                "an event of a dropped one's",
                SECOND_OFFER,
                r#""id": "us-au-call""#,
            ),
            (
                "an event of a shared one's",
                SECOND_OFFER,
                r#""id": "crimea-annexation""#,
            ),
            (
                "an event with a space",
                SECOND_OFFER,
                r#""id": "second offer""#,
            ),
            ("two nodes of one name", r#""id": "new-offer""#, NODE),
            ("a node and a rule of one name", RULE, NODE),
            ("two rules of one name", r#""id": "in-kind""#, RULE),
            ("a rule with a space", RULE, r#""id": "new round""#),
            ("a rule of no characters", RULE, r#""id": """#),
            (
                "a rule that begins with a digit",
                RULE,
                r#""id": "2nd-round""#,
            ),
        ],
    );
    // A node may be called like an event of it, and a rule like one.
    passes(changed(r#""id": "new-offer""#, SECOND_OFFER));
    passes(changed(RULE, SECOND_OFFER));
}

#[test]
fn names_of_the_base_are_taken() {
    let desk = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(desk.path().join(name), text).unwrap();
    write("base.json", GOOD_CHANCE);
    let good = r#"{
  "title": "More of it",
  "base": "base.json",
  "fork": {"date": "2017-06-30"},
  "chance": [
    {"id": "own-node", "date": "2017-12-01", "options": [
      {"label": "said", "probability": 0.5, "events": [
        {"id": "own-event", "source": ["USA"], "target": ["RUS"], "act": "statement", "tone": "critical"}]},
      {"label": "not said", "probability": 0.5}]}],
  "rules": [
    {"id": "own-rule", "when": {"act": "readout", "source": "RUS"},
      "then": {"source": ["USA"], "target": ["RUS"], "act": "statement", "tone": "critical"}}]
}

"#;
    write("own.json", good);
    let (status, _, says) = detente(desk.path(), &["check", "own.json"]);
    assert_eq!(status, Some(0), "{says}");
    let mut told = String::new();
    for (what, from, to) in [
        ("a node of a node's", "own-node", "meeting-fate"),
        ("a node of a rule's", "own-node", "new-round"),
        ("a rule of a node's", "own-rule", "new-offer"),
        ("a rule of a rule's", "own-rule", "in-kind"),
        ("an event of a chance event's", "own-event", "meeting-off"),
        ("an event of an inserted one's", "own-event", "offer"),
        (
            "two rules that trigger each other, one of them the base's",
            r#"{"act": "readout", "source": "RUS"}"#,
            r#"{"act": "sanctions_imposed", "source": "USA"}"#,
        ),
        (
            "an event after one that the base drops",
            r#""date": "2017-12-01""#,
            r#""after": {"event": "us-au-call"}"#,
        ),
    ] {
        let mut text = changed_in(good, from, to);
        if what.starts_with("two rules") {
            let mutual = r#"{"source": ["RUS", "USA"], "target": ["RUS", "USA"], "act": "meeting_cancelled", "meeting": "us-ru-meeting"}}]"#;
            text = changed_in(
                &text,
                r#"{"source": ["USA"], "target": ["RUS"], "act": "statement", "tone": "critical"}}]"#,
                mutual,
            );
        }
        write("bad.json", &text);
        writeln!(
            told,
            "=== {what}\n- {from}\n+ {to}\n\n{}",
            refused(&desk, "bad.json")
        )
        .unwrap();
    }
    golden("bad-chance-base", &told);
}

#[test]
fn a_chance_event_is_legal_as_if_no_other_chance_came_to_pass() {
    refuses_chance(
        "bad-chance-illegal",
        &[
            (
                "holding a meeting that nobody planned",
                MEETING_HELD,
                r#""act": "meeting_held", "meeting": "us-ru-summit""#,
            ),
            (
                "cancelling a meeting that nobody planned",
                r#""act": "meeting_cancelled", "meeting": "us-ru-meeting""#,
                r#""act": "meeting_cancelled", "meeting": "us-ru-summit""#,
            ),
            (
                "an account of nothing",
                ACCOUNT_ACT,
                r#""act": "readout", "of": "meeting-hold""#,
            ),
            (
                "an account of what was no conversation",
                ACCOUNT_ACT,
                r#""act": "readout", "of": "offer""#,
            ),
            (
                "an account by one who was not there",
                r#""id": "account", "source": ["RUS"]"#,
                r#""id": "account", "source": ["DEU"]"#,
            ),
            (
                "an account before it",
                ACCOUNT_ACT,
                r#""act": "readout", "of": "late"}, {"id": "late", "date": "2017-08-01", "source": ["RUS", "USA"], "target": ["RUS", "USA"], "act": "call""#,
            ),
            (
                "lifting what never was",
                r#""act": "coded", "code": "030""#,
                r#""act": "sanctions_lifted", "measure": "tariffs""#,
            ),
            (
                "imposing what is in force",
                r#""source": ["RUS"], "target": ["USA"], "act": "coded", "code": "030""#,
                r#""source": ["USA"], "target": ["RUS"], "act": "sanctions_imposed", "measure": "crimea-sanctions""#,
            ),
            (
                "an unknown cause",
                r#""code": "030""#,
                r#""code": "030", "caused_by": "ofer""#,
            ),
            (
                "a dropped cause",
                r#""code": "030""#,
                r#""code": "030", "caused_by": "us-au-call""#,
            ),
            (
                "its own cause",
                r#""code": "030""#,
                r#""code": "030", "caused_by": "second-offer""#,
            ),
            (
                "a cause that comes later",
                ACCOUNT_ACT,
                r#""act": "readout", "of": "meeting-held", "caused_by": "thanks""#,
            ),
            (
                "a field of another act",
                r#""code": "030""#,
                r#""code": "030", "tone": "critical""#,
            ),
            (
                "an unknown act",
                r#""act": "coded", "code": "030""#,
                r#""act": "code""#,
            ),
            (
                "a retraction",
                r#""act": "coded", "code": "030""#,
                r#""act": "retraction", "retracts": "offer""#,
            ),
            (
                "what only logs have",
                r#""code": "030""#,
                r#""code": "030", "seq": 3"#,
            ),
        ],
    );
}

#[test]
fn what_only_a_chance_or_a_rule_makes_legal_passes() {
    let first = r#"{"id": "plan", "source": ["RUS", "USA"], "target": ["RUS", "USA"], "act": "meeting_planned", "meeting": "us-ru-summit"}"#;
    let second = r#"{"id": "fixed", "source": ["RUS", "USA"], "target": ["RUS", "USA"], "act": "meeting_held", "meeting": "us-ru-summit"}"#;
    // The second event of an option on the day of the first, and later.
    let meant = r#"{"id": "second-offer", "#;
    passes(changed(meant, &format!("{first}, {second}, {meant}")));
    let later = second.replacen(r#""fixed","#, r#""fixed", "date": "2018-01-01","#, 1);
    passes(changed(meant, &format!("{first}, {later}, {meant}")));
    // The other way round it is illegal.
    let says = refusal(changed(meant, &format!("{second}, {first}, {meant}")));
    assert!(
        says.starts_with("error: `fixed` of 2017-07-31 is illegal: "),
        "{says}"
    );
    assert_eq!(mistakes(&says), 1, "{says}");
    // An edit that hangs on a chance event: by its cause alone, as the account of it, by a meeting
    // or a measure.
    let edit = r#"  "edits": ["#;
    for event in [
        r#""date": "2017-08-01", "source": ["RUS"], "target": ["USA"], "act": "statement", "tone": "critical", "caused_by": "meeting-held""#,
        r#""date": "2017-08-01", "source": ["RUS"], "target": ["USA"], "act": "readout", "of": "meeting-held""#,
        r#""date": "2018-12-01", "source": ["RUS"], "target": ["USA"], "act": "sanctions_lifted", "measure": "counter-sanctions""#,
        r#""after": {"event": "second-offer"}, "source": ["RUS"], "target": ["USA"], "act": "readout", "of": "meeting-held""#,
    ] {
        let insert = format!("{edit}{{\"insert\": {{\"id\": \"hanging\", {event}}}}},");
        passes(changed(edit, &insert));
    }
}

#[test]
fn a_seed_is_a_whole_number_of_64_bits() {
    refuses_chance(
        "bad-chance-seed",
        &[
            ("negative", SEED, r#""seed": -1"#),
            ("a fraction", SEED, r#""seed": 1.5"#),
            (
                "one more than fits",
                SEED,
                r#""seed": 18446744073709551616"#,
            ),
            ("in short notation", SEED, r#""seed": 1e3"#),
            ("a string", SEED, r#""seed": "2018""#),
            ("a list", SEED, r#""seed": [2018]"#),
        ],
    );
    passes(changed(SEED, r#""seed": 18446744073709551615"#));
}

#[test]
fn a_key_stands_once_in_a_chance_or_rule() {
    refuses_chance(
        "bad-chance-duplicate-keys",
        &[
            ("the chances", RULES, r#"  "chance": [], "rules": ["#),
            (
                "in a node",
                DRAWN_ON,
                r#""date": "2017-07-07", "date": "2017-07-08""#,
            ),
            ("in an option", HELD, r#""label": "held", "label": "off""#),
            ("in a rule", AT_MOST, r#""at_most": 3, "at_most": 4"#),
            ("in a delay", DELAY, r#"{"from": 10, "to": 40, "to": 50}"#),
            ("a parameter", CHOICE, r#""gain": {"choice": [0.5]}"#),
            (
                "in a spread",
                NORMAL,
                r#"{"normal": [0.5, 0.1], "normal": [0.5, 0.2]}"#,
            ),
        ],
    );
}

#[test]
fn all_mistakes_about_chance_are_told_at_once() {
    let all = |changes: &[(&str, &str)]| {
        let text = changes
            .iter()
            .fold(GOOD_CHANCE.to_owned(), |text, (from, to)| {
                changed_in(&text, from, to)
            });
        let says = refusal(text);
        assert_eq!(mistakes(&says), changes.len(), "{says}");
        says
    };
    let shape = all(&[
        (SEED, r#""seed": -1"#),
        (HELD, r#""lable": "held""#),
        (HELD_PROBABILITY, r#""probability": "0.4""#),
        (WHEN, r#"{"act": "meeting_canceled"}"#),
        (DELAY, r#"{"from": 10, "to": -40}"#),
        (NORMAL, r#"{"normal": [0.5]}"#),
    ]);
    let meaning = all(&[
        (ACCOUNT, r#""id": "account", "date": "2017-07-06""#),
        (r#""label": "cancelled""#, r#""label": "held""#),
        (DRAWN_AFTER, r#""after": {"event": "ofer", "days": 60}"#),
        (r#""probability": 0.75"#, r#""probability": 0.7"#),
        (RULE_PROBABILITY, r#""probability": 7,"#),
        (DELAY, r#"{"from": 40, "to": 10}"#),
        (r#""id": "in-kind""#, NODE),
        (TRIANGULAR, r#"{"triangular": [0.5, 0.3, 0.2]}"#),
        (CHOICE, r#""baselin:RUS-USA": {"choice": [-1, 0, 1]}"#),
    ]);
    golden("bad-chance-several", &[shape, meaning].join("\n"));
}

#[test]
fn chance_at_the_ends_of_a_history_comes_to_its_end() {
    let chance = r#""chance": [{"id": "node", "date": "2014-03-18", "options": [
      {"label": "said", "probability": 1, "events": [{"id": "said", "source": ["USA"], "target": ["RUS"], "act": "statement", "tone": "critical"}]},
      {"label": "not said", "probability": 0}]}],
    "rules": [{"id": "answer", "when": {"act": "statement"}, "at_most": 2, "delay_days": {"from": 0, "to": 36525},
      "then": {"source": ["RUS"], "target": ["USA"], "act": "coded", "code": "030"}}],
    "uncertain": {"gain": {"choice": [0]}}"#;
    for fork in [
        r#"{"before": "crimea-annexation"}"#,
        r#"{"date": "0001-01-01"}"#,
    ] {
        for tail in ["keep", "cut"] {
            for until in ["", r#""until": "2017-12-31","#, r#""until": "9999-12-31","#] {
                passes(format!(
                    r#"{{"title": "At the beginning", "base": "recorded", "fork": {fork}, "tail": "{tail}", {until} {chance}}}"#
                ));
            }
        }
    }
    // Nothing can come after the last day of the calendar.
    for fork in [r#"{"after": "us-au-call"}"#, r#"{"date": "9999-12-31"}"#] {
        let says = refusal(format!(
            r#"{{"title": "At the end", "base": "recorded", "fork": {fork}, {chance}}}"#
        ));
        let expected = "error: 2014-03-18 lies before the fork; nothing moves before ";
        assert!(says.starts_with(expected), "{says}");
    }
}

#[test]
fn a_history_of_which_everything_was_retracted_can_be_left() {
    let desk = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(desk.path().join(name), text).unwrap();
    write(
        "events.json",
        r#"{"id": "only", "date": "2017-01-01", "source": ["USA"], "target": ["RUS"], "act": "statement", "tone": "critical"}"#,
    );
    write(
        "empty.json",
        r#"{"title": "After nothing", "base": "log.jsonl", "fork": {"date": "2017-01-01"}}"#,
    );
    write(
        "chance.json",
        r#"{"title": "After nothing", "base": "log.jsonl", "fork": {"date": "2017-01-01"}, "until": "2018-12-31",
  "chance": [{"id": "node", "date": "2018-01-01", "options": [
    {"label": "said", "probability": 0.5, "events": [{"id": "said", "source": ["USA"], "target": ["RUS"], "act": "statement", "tone": "critical"}]},
    {"label": "not said", "probability": 0.5}]}],
  "rules": [{"id": "answer", "when": {"act": "statement"}, "then": {"source": ["RUS"], "target": ["USA"], "act": "coded", "code": "030"}}],
  "uncertain": {"gain": {"uniform": [0, 1]}},
  "outcomes": [{"id": "warm", "when": {"temperature": {"dyad": "RUS-USA", "above": 0}}}]}"#,
    );
    write(
        "before.json",
        r#"{"title": "Before nothing", "base": "log.jsonl", "fork": {"before": "only"}}"#,
    );
    for arguments in [
        &["log", "append", "log.jsonl", "events.json"][..],
        &["log", "retract", "log.jsonl", "only"],
        &["check", "empty.json", "chance.json"],
        &["run", "empty.json", "chance.json"],
        &["run", "chance.json", "--run", "1"],
        &["run", "chance.json", "--run", "2", "--log", "branch.jsonl"],
        &["log", "verify", "branch.jsonl"],
    ] {
        let (status, _, says) = detente(desk.path(), arguments);
        assert_eq!(status, Some(0), "{arguments:?}\n{says}");
    }
    let says = refused(&desk, "before.json");
    assert!(
        says.starts_with("error: `only` does not happen in the base\n"),
        "{says}"
    );
}

#[test]
fn what_never_comes_to_pass_together_is_told() {
    let off = r#""id": "meeting-off", "#;
    let made = r#""events": [
        {"id": "second-offer", "#;
    refuses_chance(
        "bad-chance-together",
        &[
            (
                "an event after one of another option",
                off,
                r#""id": "meeting-off", "after": {"event": "meeting-held", "days": 3}, "#,
            ),
            (
                "one that hangs on it by way of an edit",
                off,
                r#""id": "meeting-off", "after": {"event": "thanks", "days": 3}, "#,
            ),
            (
                "a cause in another option",
                off,
                r#""id": "meeting-off", "caused_by": "account", "#,
            ),
            (
                "an account of another option's meeting",
                r#""act": "meeting_cancelled", "meeting": "us-ru-meeting""#,
                r#""act": "readout", "of": "meeting-held""#,
            ),
            (
                "a draw after an event of its own that has another time",
                r#"{"event": "offer", "days": 60}, "options": [
      {"label": "made", "probability": 0.25, "events": [
        {"id": "second-offer", "#,
                r#"{"event": "second-offer", "days": 60}, "options": [
      {"label": "made", "probability": 0.25, "events": [
        {"id": "second-offer", "date": "2017-10-01", "#,
            ),
            (
                "an event before a draw that hangs on another",
                made,
                r#""events": [
        {"id": "second-offer", "date": "2017-07-30", "#,
            ),
        ],
    );
}

#[test]
fn the_time_of_a_draw_is_right_even_if_no_event_has_it() {
    let dated = r#"        {"id": "second-offer", "date": "2018-01-01", "#;
    let text = changed("        {\"id\": \"second-offer\", ", dated);
    passes(&text);
    let mut told = String::new();
    for (what, time) in [
        ("after an unknown event", r#""after": {"event": "ofer"}"#),
        ("after a dropped one", r#""after": {"event": "us-au-call"}"#),
        ("before the fork", r#""date": "2017-01-27""#),
        ("after the end", r#""date": "2019-01-01""#),
        (
            "too many days after an event",
            r#""after": {"event": "offer", "days": 40000}"#,
        ),
    ] {
        let says = refusal(changed_in(&text, DRAWN_AFTER, time));
        assert_eq!(mistakes(&says), 1, "{says}");
        writeln!(told, "=== {what}\n\n{says}").unwrap();
    }
    golden("bad-chance-draws", &told);
}

#[test]
fn there_may_be_up_to_256_chance_nodes() {
    let of = |number: usize| {
        let nodes = many(number, |place| {
            format!(
                r#"{{"id": "n{place}", "date": "2018-01-01", "options": [{{"label": "one", "probability": 1, "events": [
  {{"id": "e{place}", "source": ["USA"], "target": ["RUS"], "act": "statement"}}]}}]}}"#
            )
        });
        format!(
            "{{\"title\": \"Many\", \"base\": \"recorded\", \"fork\": {{\"after\": \"us-au-call\"}},\n\"chance\": [\n{nodes}]}}\n"
        )
    };
    passes(of(256));
    for number in [257, 1000] {
        let says = refusal(of(number));
        let expected = format!(
            "error: `chance` has {number} entries; there may be up to 256\n --> bad.json:2:11\n"
        );
        assert!(says.starts_with(&expected), "{says}");
        assert_eq!(mistakes(&says), 1, "{says}");
    }
}

#[test]
fn what_hangs_on_a_chance_event_of_the_base_is_asked_for() {
    let desk = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(desk.path().join(name), text).unwrap();
    // One more event of all runs that only the drawn meeting makes legal.
    let edits = r#"  "edits": ["#;
    let echo = r#"{"insert": {"id": "echo", "date": "2017-07-20", "source": ["USA"], "target": ["RUS"], "act": "statement", "caused_by": "meeting-held"}},"#;
    write("base.json", &changed(edits, &format!("{edits}{echo}")));
    let of = |edit: &str| {
        format!(
            r#"{{"title": "Without it", "base": "base.json", "fork": {{"date": "2017-06-30"}},
  "edits": [{edit}]}}
"#
        )
    };
    let mut told = String::new();
    for edit in [
        r#"{"drop": {"event": "meeting-held"}}"#,
        r#"{"shift": {"event": "meeting-held", "days": 30}}"#,
        r#"{"replace": {"event": "meeting-held", "with": {"source": ["USA"], "target": ["RUS"], "act": "statement"}}}"#,
    ] {
        write("bad.json", &of(edit));
        let says = refused(&desk, "bad.json");
        writeln!(told, "=== {edit}\n\n{says}").unwrap();
    }
    golden("bad-chance-dependants", &told);
    for edit in [
        r#"{"drop": {"event": "meeting-held", "cascade": true}}"#,
        r#"{"shift": {"event": "meeting-held", "days": 30, "cascade": true}}"#,
        r#"{"drop": {"event": "meeting-off"}}"#,
        r#"{"shift": {"event": "account", "days": 1}}"#,
    ] {
        write("good.json", &of(edit));
        for run in ["0", "1", "2", "3"] {
            let (status, story, says) = detente(desk.path(), &["run", "good.json", "--run", run]);
            assert_eq!((status, says.as_str()), (Some(0), ""), "{edit}");
            // Where the meeting may still be held, what it makes legal is illegal without it.
            let may_be_illegal = !edit.contains("cascade");
            assert!(
                may_be_illegal || !story.contains("illegal"),
                "{edit} {story}"
            );
        }
    }
}

#[test]
fn of_a_tail_that_is_cut_nothing_is_drawn_and_no_rule_reacts() {
    let desk = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(desk.path().join(name), text).unwrap();
    write("base.json", GOOD_CHANCE);
    // A rule that would go round with one of the base's, which the cut ends.
    write(
        "cut.json",
        r#"{"title": "Cut", "base": "base.json", "fork": {"date": "2017-07-30"}, "tail": "cut", "until": "2018-12-31",
  "chance": [{"id": "new-offer", "date": "2018-01-01", "options": [{"label": "again", "probability": 1}]}],
  "rules": [{"id": "back", "when": {"act": "sanctions_imposed"},
    "then": {"source": ["USA"], "target": ["USA", "RUS"], "act": "meeting_cancelled", "meeting": "us-ru-meeting"}}]}"#,
    );
    let text = std::fs::read_to_string(desk.path().join("cut.json")).unwrap();
    let mutual = text.replace(
        r#""source": ["USA"], "target": ["USA", "RUS"]"#,
        r#""source": ["RUS", "USA"], "target": ["RUS", "USA"]"#,
    );
    write("cut.json", &mutual);
    let (status, found, says) = detente(desk.path(), &["check", "cut.json"]);
    assert_eq!((status, says.as_str()), (Some(0), ""));
    // The first node of the base is drawn before the fork; the second is gone, and its name is
    // free.
    assert!(found.contains("2 chance nodes, 3 rules"), "{found}");
    let (_, story, _) = detente(desk.path(), &["run", "cut.json", "--run", "1"]);
    assert!(story.contains("new-offer: again"), "{story}");
    assert!(!story.contains("not made"), "{story}");
    let kept = mutual
        .replace(r#""tail": "cut", "#, "")
        .replace("new-offer", "other-offer");
    write("kept.json", &kept);
    let says = refused(&desk, "kept.json");
    assert!(
        says.contains("these rules trigger each other without end: new-round -> back -> new-round"),
        "{says}"
    );
}
