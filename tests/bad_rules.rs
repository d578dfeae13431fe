//! What is wrong with rules and uncertain parameters is told with its place before anything runs.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::cli::given;
use crate::refusal::chance::*;
use crate::refusal::*;
use std::fmt::Write;

#[test]
fn what_triggers_a_rule_and_what_it_causes_are_told_part_by_part() {
    refuses_chance(
        "bad-rules",
        &[
            (
                "an unknown act that triggers it",
                WHEN,
                r#"{"act": "meeting_canceled"}"#,
            ),
            (
                "an unknown actor that triggers it",
                WHEN,
                r#"{"act": "meeting_cancelled", "source": "US"}"#,
            ),
            (
                "an actor in small letters",
                WHEN,
                r#"{"act": "meeting_cancelled", "target": "usa"}"#,
            ),
            (
                "a retraction that triggers it",
                WHEN,
                r#"{"act": "retraction"}"#,
            ),
            (
                "an id of what it causes",
                THEN,
                r#"{"id": "round-two", "source": ["USA"], "target": ["RUS"], "act": "sanctions_imposed"}"#,
            ),
            (
                "a date",
                THEN,
                r#"{"date": "2017-09-01", "source": ["USA"], "target": ["RUS"], "act": "sanctions_imposed"}"#,
            ),
            (
                "a relative time",
                THEN,
                r#"{"after": {"event": "offer"}, "source": ["USA"], "target": ["RUS"], "act": "sanctions_imposed"}"#,
            ),
            (
                "a cause",
                THEN,
                r#"{"source": ["USA"], "target": ["RUS"], "act": "sanctions_imposed", "caused_by": "offer"}"#,
            ),
            (
                "all four",
                THEN,
                r#"{"id": "round-two", "date": "2017-09-01", "after": {"event": "offer"}, "source": ["USA"], "target": ["RUS"], "act": "sanctions_imposed", "caused_by": "offer"}"#,
            ),
            (
                "an unknown act",
                THEN,
                r#"{"source": ["USA"], "target": ["RUS"], "act": "sanction_imposed"}"#,
            ),
            ("no act", THEN, r#"{"source": ["USA"], "target": ["RUS"]}"#),
            (
                "no source",
                THEN,
                r#"{"target": ["RUS"], "act": "sanctions_imposed"}"#,
            ),
            (
                "no target",
                THEN,
                r#"{"source": ["USA"], "act": "sanctions_imposed"}"#,
            ),
            (
                "a target of none",
                THEN,
                r#"{"source": ["USA"], "target": [], "act": "sanctions_imposed"}"#,
            ),
            (
                "a field that the act needs",
                THEN,
                r#"{"source": ["USA"], "target": ["RUS"], "act": "sanctions_lifted"}"#,
            ),
            (
                "a field of another act",
                THEN,
                r#"{"source": ["USA"], "target": ["RUS"], "act": "sanctions_imposed", "minutes": 5}"#,
            ),
            (
                "sanctions on oneself",
                THEN,
                r#"{"source": ["USA"], "target": ["USA"], "act": "sanctions_imposed"}"#,
            ),
            (
                "a retraction",
                THEN,
                r#"{"source": ["USA"], "target": ["RUS"], "act": "retraction", "retracts": "offer"}"#,
            ),
            (
                "what only logs have",
                THEN,
                r#"{"source": ["USA"], "target": ["RUS"], "act": "sanctions_imposed", "recorded": "2017-09-01"}"#,
            ),
            ("nothing", THEN, "{}"),
        ],
    );
}

#[test]
fn the_numbers_of_a_rule_are_whole_and_within_bounds() {
    refuses_chance(
        "bad-rule-numbers",
        &[
            (
                "a delay that ends before it begins",
                DELAY,
                r#"{"from": 40, "to": 10}"#,
            ),
            (
                "a delay of a thousand million days",
                DELAY,
                r#"{"from": 10, "to": 1000000000}"#,
            ),
            (
                "a delay of that many at least",
                DELAY,
                r#"{"from": 1000000000, "to": 1000000000}"#,
            ),
            (
                "a delay in short notation",
                DELAY,
                r#"{"from": 10, "to": 1e9}"#,
            ),
            (
                "more days than an integer holds",
                DELAY,
                r#"{"from": 10, "to": 5000000000}"#,
            ),
            ("a negative delay", DELAY, r#"{"from": -10, "to": 40}"#),
            (
                "a day more than a hundred years of delay",
                DELAY,
                r#"{"from": 10, "to": 36526}"#,
            ),
            (
                "a day more than a hundred years of cooldown",
                COOLDOWN,
                r#""cooldown_days": 36526"#,
            ),
            (
                "a cooldown of more than an integer holds",
                COOLDOWN,
                r#""cooldown_days": 5000000000"#,
            ),
            ("a negative cooldown", COOLDOWN, r#""cooldown_days": -1"#),
            ("less often than never", AT_MOST, r#""at_most": -1"#),
            ("half as often", AT_MOST, r#""at_most": 1.5"#),
            (
                "more often than an integer holds",
                AT_MOST,
                r#""at_most": 5000000000"#,
            ),
        ],
    );
    passes(changed(DELAY, r#"{"from": 0, "to": 36525}"#));
    passes(changed(COOLDOWN, r#""cooldown_days": 36525"#));
    passes(changed(AT_MOST, r#""at_most": 0"#));
}

#[test]
fn the_condition_of_a_rule_is_about_what_there_is() {
    refuses_chance(
        "bad-rule-conditions",
        &[
            (
                "an unknown measure",
                IF,
                r#"{"measure": {"id": "counter-sanction", "status": "in_force"}}"#,
            ),
            (
                "an unknown meeting",
                IF,
                r#"{"meeting": {"id": "us-ru-meting", "status": "held"}}"#,
            ),
            (
                "an unknown dyad",
                IF,
                r#"{"temperature": {"dyad": "CHN-USA", "below": -1}}"#,
            ),
            (
                "an unknown item",
                IF,
                r#"{"agenda": {"dyad": "RUS-USA", "item": "sanction", "status": "settled"}}"#,
            ),
            (
                "an unknown status",
                IF,
                r#"{"meeting": {"id": "us-ru-meeting", "status": "hold"}}"#,
            ),
            (
                "a temperature without bounds",
                IF,
                r#"{"temperature": {"dyad": "RUS-USA"}}"#,
            ),
            (
                "no phase",
                IF,
                r#"{"phase": {"dyad": "RUS-USA", "is": []}}"#,
            ),
            ("all of nothing", IF, r#"{"all": []}"#),
            ("nothing", IF, "{}"),
            (
                "two at once",
                IF,
                r#"{"since": "2017-07-01", "by": "2017-12-31"}"#,
            ),
            (
                "wrong deep inside",
                IF,
                r#"{"not": {"all": [{"since": "2017-01-01"}, {"any": [{"meeting": {"id": "meeting", "status": "held"}}]}]}}"#,
            ),
        ],
    );
    // A measure that only a rule or a chance brings can be asked for.
    passes(changed(
        IF,
        r#"{"not": {"measure": {"id": "counter-sanctions", "status": "in_force"}}}"#,
    ));
    let deep = [r#"{"not": "#.repeat(200), IF.to_owned(), "}".repeat(200)].concat();
    let says = refusal(changed(IF, &deep));
    assert!(
        says.starts_with("error: not JSON: more than ") || says.contains("inside each other"),
        "{says}"
    );
    assert_eq!(mistakes(&says), 1, "{says}");
    golden("bad-rule-deep-condition", &says);
}

/// A rule that reacts to every statement with another.
fn chatter(id: &str, rest: &str) -> String {
    format!(
        r#"{{"id": "{id}", "when": {{"act": "statement"}},{rest} "then": {{"source": ["USA"], "target": ["RUS"], "act": "statement", "tone": "critical"}}}}"#
    )
}

/// The good scenario with chance with further rules in it.
fn with_rules(rules: &str) -> String {
    changed(RULES, &format!("{RULES}\n{rules},"))
}

#[test]
fn rules_that_trigger_each_other_need_a_number_of_times() {
    let two = r#"{"id": "first", "when": {"act": "statement"}, "then": {"source": ["RUS"], "target": ["USA"], "act": "criticise"}}"#
        .replace("criticise", "coded\", \"code\": \"111");
    let other = r#"{"id": "second", "when": {"act": "coded", "source": "RUS"}, "then": {"source": ["USA"], "target": ["RUS"], "act": "statement", "tone": "critical"}}"#;
    let mut told = String::new();
    for (what, rules) in [
        ("one", chatter("first", "")),
        ("two", format!("{two},\n{other}")),
        (
            "three of many",
            many(3, |place| chatter(&format!("rule-{place}"), "")),
        ),
        (
            "two behind one that is harmless",
            format!(
                "{},\n{two},\n{other}",
                r#"{"id": "harmless", "when": {"act": "meeting_held"}, "then": {"source": ["USA"], "target": ["RUS"], "act": "coded", "code": "040"}}"#
            ),
        ),
        (
            "one that hardly ever reacts",
            chatter("first", r#" "probability": 0.001,"#),
        ),
        (
            "one with a delay and a cooldown",
            chatter(
                "first",
                r#" "delay_days": {"from": 300, "to": 300}, "cooldown_days": 300,"#,
            ),
        ),
    ] {
        writeln!(told, "=== {what}\n\n{}", refusal(with_rules(&rules))).unwrap();
    }
    golden("bad-rule-cycles", &told);
    // One of them that says how often is enough.
    let often = other.replacen(r#""then""#, r#""at_most": 2, "then""#, 1);
    passes(with_rules(&format!("{two},\n{often}")));
    passes(with_rules(&chatter("first", r#" "at_most": 5,"#)));
    // A rule that reacts to none but others is no circle.
    let apart = other.replacen(r#""source": "RUS""#, r#""source": "USA""#, 1);
    passes(with_rules(&format!("{two},\n{apart}")));
}

#[test]
fn a_measure_that_a_rule_imposes_has_the_id_of_the_reaction() {
    let asks = |id: &str| {
        format!(
            r#"{{"title": "In kind", "base": "recorded", "fork": {{"date": "2017-01-27"}}, "until": "2018-12-31",
"edits": [{{"insert": {{"id": "pb", "date": "2017-03-01", "source": ["USA"], "target": ["RUS"], "act": "sanctions_imposed"}}}}],
"rules": [{{"id": "in-kind", "when": {{"act": "sanctions_imposed", "target": "RUS"}},
  "then": {{"source": ["RUS"], "target": ["USA"], "act": "sanctions_imposed"}}}},
  {{"id": "again", "when": {{"act": "sanctions_imposed", "source": "RUS"}},
  "then": {{"source": ["USA"], "target": ["RUS"], "act": "sanctions_imposed", "measure": "more"}}, "at_most": 1}}],
"outcomes": [{{"id": "held", "by": "2018-06-30", "when": {{"measure": {{"id": "{id}", "status": "in_force", "source": "RUS"}}}}}}]}}
"#
        )
    };
    let desk = tempfile::tempdir().unwrap();
    std::fs::write(desk.path().join("good.json"), asks("in-kind@pb")).unwrap();
    let (status, printed, says) = detente(desk.path(), &["run", "good.json"]);
    assert_eq!((status, says.as_str()), (Some(0), ""));
    let line = printed.lines().find(|line| line.contains("held"));
    assert!(line.is_some_and(|line| line.contains("yes")), "{printed}");
    // No event there is, none that triggers the rule, another rule, how such an id begins.
    for id in [
        "in-kind@pc",
        "in-kind@us-au-call",
        "in-kindd@pb",
        "again@pb",
        "in-kind@",
    ] {
        let says = refusal(asks(id));
        assert!(
            says.starts_with(&format!("error: there is no measure `{id}`\n")),
            "{says}"
        );
        assert!(!says.contains("`in-kind@`?"), "{says}");
    }
}

#[test]
fn there_may_be_up_to_256_rules() {
    // Without nodes: only the rules are too many.
    let of = |number: usize, rest: &str| {
        let rules = many(number, |place| chatter(&format!("rule-{place}"), rest));
        format!(
            "{{\"title\": \"Chatter\", \"base\": \"recorded\", \"fork\": {{\"after\": \"us-au-call\"}},\n\"rules\": [\n{rules}]}}\n"
        )
    };
    for number in [257, 1000] {
        let says = refusal(of(number, r#" "at_most": 3,"#));
        let expected = format!(
            "error: `rules` has {number} entries; there may be up to 256\n --> bad.json:2:10\n"
        );
        assert!(says.starts_with(&expected), "{says}");
        assert_eq!(mistakes(&says), 1, "{says}");
    }
    let says = refusal(of(256, ""));
    let expected = "error: the rule `rule-0` triggers itself without end\n";
    assert!(says.starts_with(expected), "{says}");
    assert_eq!(mistakes(&says), 1, "{says}");
    passes(of(256, r#" "at_most": 3,"#));
}

/// A run of a scenario that checks but whose rules go too far: what is said, and that nothing is
/// printed or saved.
#[track_caller]
fn goes_too_far(text: &str) -> String {
    let desk = tempfile::tempdir().unwrap();
    std::fs::write(desk.path().join("far.json"), text).unwrap();
    let (status, _, says) = detente(desk.path(), &["check", "far.json"]);
    assert_eq!((status, says.as_str()), (Some(0), ""));
    let run = detente(desk.path(), &["run", "far.json"]);
    for arguments in [
        &["run", "far.json", "--log", "branch.jsonl"][..],
        &["run", "far.json", "--format", "json"],
        &["compare", "far.json", "far.json"],
    ] {
        assert_eq!(detente(desk.path(), arguments), run, "{arguments:?}");
    }
    let (status, printed, says) = run;
    assert_eq!((status, printed.as_str()), (Some(2), ""), "{says}");
    let left: Vec<_> = std::fs::read_dir(desk.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
    says
}

#[test]
fn a_run_in_which_rules_go_too_far_ends_with_the_rule_and_leaves_nothing() {
    let often = r#" "at_most": 5000,"#;
    let mut told = String::new();
    for (what, rules) in [
        (
            "more than a thousand reactions",
            format!("{},\n{}", chatter("echo", often), chatter("answer", often)),
        ),
        ("a chain whose ids get too long", chatter("echo", often)),
    ] {
        writeln!(told, "=== {what}\n\n{}", goes_too_far(&with_rules(&rules))).unwrap();
    }
    golden("bad-rule-too-far", &told);
}

#[test]
fn an_uncertain_parameter_is_one_of_the_model() {
    refuses_chance(
        "bad-uncertain",
        &[
            (
                "an unknown parameter",
                UNIFORM,
                r#""half_live_days": {"uniform": [90, 270]}"#,
            ),
            (
                "one that is like no other",
                UNIFORM,
                r#""friendliness": {"uniform": [90, 270]}"#,
            ),
            (
                "one that is no number",
                UNIFORM,
                r#""saturation": {"choice": [0, 1]}"#,
            ),
            (
                "another that is no number",
                UNIFORM,
                r#""weights": {"choice": [0, 1]}"#,
            ),
            (
                "one baseline twice",
                UNIFORM,
                r#""baseline:USA-RUS": {"uniform": [0, 1]}"#,
            ),
            (
                "a baseline of one",
                CHOICE,
                r#""baseline:USA-USA": {"choice": [-1, 0, 1]}"#,
            ),
            (
                "a baseline of an unknown actor",
                CHOICE,
                r#""baseline:RUS-USB": {"choice": [-1, 0, 1]}"#,
            ),
            (
                "a baseline of none",
                CHOICE,
                r#""baseline:": {"choice": [-1, 0, 1]}"#,
            ),
            (
                "baselines as in a model",
                CHOICE,
                r#""baselines": {"RUS-USA": {"choice": [-1, 0, 1]}}"#,
            ),
        ],
    );
}

#[test]
fn a_spread_rises_within_what_its_parameter_can_be() {
    refuses_chance(
        "bad-uncertain-spreads",
        &[
            (
                "a uniform that does not rise",
                UNIFORM,
                r#""half_life_days": {"uniform": [270, 90]}"#,
            ),
            (
                "a uniform of one value",
                UNIFORM,
                r#""half_life_days": {"uniform": [90, 90]}"#,
            ),
            (
                "a uniform out of range",
                UNIFORM,
                r#""half_life_days": {"uniform": [0, 270]}"#,
            ),
            (
                "a uniform up to infinity",
                UNIFORM,
                r#""half_life_days": {"uniform": [90, 1e999]}"#,
            ),
            (
                "a uniform beyond what fades",
                UNIFORM,
                r#""half_life_days": {"uniform": [90, 1e7]}"#,
            ),
            (
                "a baseline out of range",
                CHOICE,
                r#""baseline:RUS-USA": {"choice": [-1, 0, 11]}"#,
            ),
            (
                "both ends out of range",
                TRIANGULAR,
                r#"{"triangular": [-1, 0.3, 1.5]}"#,
            ),
            (
                "a triangle out of order",
                TRIANGULAR,
                r#"{"triangular": [0.2, 0.5, 0.3]}"#,
            ),
            (
                "a triangle the wrong way",
                TRIANGULAR,
                r#"{"triangular": [0.5, 0.3, 0.2]}"#,
            ),
            (
                "a triangle of one value",
                TRIANGULAR,
                r#"{"triangular": [0.3, 0.3, 0.3]}"#,
            ),
            ("a deviation of 0", NORMAL, r#"{"normal": [0.5, 0]}"#),
            ("a negative deviation", NORMAL, r#"{"normal": [0.5, -0.1]}"#),
            ("a mean out of range", NORMAL, r#"{"normal": [1.5, 0.1]}"#),
        ],
    );
    passes(changed(TRIANGULAR, r#"{"triangular": [0.2, 0.2, 0.5]}"#));
    passes(changed(CHOICE, r#""baseline:RUS-USA": {"choice": [-10]}"#));
    passes(changed(NORMAL, r#"{"normal": [0, 5e-324]}"#));
    passes(changed(NORMAL, r#"{"normal": [1, 1e300]}"#));
}

#[test]
fn a_spread_is_of_one_kind_with_as_many_values_as_it_needs() {
    refuses_chance(
        "bad-uncertain-values",
        &[
            (
                "a choice of none",
                CHOICE,
                r#""baseline:RUS-USA": {"choice": []}"#,
            ),
            ("one end", UNIFORM, r#""half_life_days": {"uniform": [90]}"#),
            (
                "three ends",
                UNIFORM,
                r#""half_life_days": {"uniform": [90, 180, 270]}"#,
            ),
            ("no ends", UNIFORM, r#""half_life_days": {"uniform": []}"#),
            (
                "a triangle of two",
                TRIANGULAR,
                r#"{"triangular": [0.2, 0.5]}"#,
            ),
            (
                "a triangle of four",
                TRIANGULAR,
                r#"{"triangular": [0.2, 0.3, 0.4, 0.5]}"#,
            ),
            ("a normal of one", NORMAL, r#"{"normal": [0.5]}"#),
            ("a normal of three", NORMAL, r#"{"normal": [0.5, 0.1, 0]}"#),
            (
                "two kinds at once",
                NORMAL,
                r#"{"normal": [0.5, 0.1], "uniform": [0.4, 0.6]}"#,
            ),
            ("no kind", NORMAL, "{}"),
            ("an unknown kind", NORMAL, r#"{"lognormal": [0.5, 0.1]}"#),
            ("not a number", NORMAL, r#"{"normal": [NaN, 0.1]}"#),
        ],
    );
}

#[test]
fn reactions_can_be_told_apart_and_be_named() {
    let id = |id: &str| format!(r#""id": "{id}""#);
    let rule = r#""id": "new-round""#;
    let long = id(&"r".repeat(190));
    let offer = r#""id": "meeting-off""#;
    refuses_chance(
        "bad-rule-names",
        &[
            ("an @ in the name of a rule", rule, r#""id": "new@round""#),
            ("a name too long for its reactions", rule, &long),
            (
                "an event with the id of a reaction",
                r#""id": "second-offer""#,
                r#""id": "new-round@meeting-off""#,
            ),
            (
                "an event with the id of a reaction to a reaction",
                r#""id": "second-offer""#,
                r#""id": "in-kind@new-round@meeting-off""#,
            ),
        ],
    );
    // Other ids with an @ in them are as good as any.
    for other in [
        "new-round@us-ru-call",
        "other@meeting-off",
        "new-round@nothing",
    ] {
        passes(changed(r#""id": "second-offer""#, &id(other)));
    }
    passes(changed(offer, &id("meeting@off")));
}

/// The longest id of an event.
const NAME_LIMIT: usize = 200;

#[test]
fn the_id_of_a_rule_leaves_room_for_the_longest_trigger_that_may_come() {
    // An id of a reaction is that of the rule, an @, and that of the trigger.
    let of = |trigger: &str, rule: &str| {
        let text = changed(r#""id": "meeting-off""#, &format!(r#""id": "{trigger}""#));
        let text = text.replace(r#""id": "new-round""#, &format!(r#""id": "{rule}""#));
        // Reactions to reactions have longer ids, which a run tells of.
        text.replace(
            r#""target": "RUS"}, "at_most": 3"#,
            r#""target": "FRA"}, "at_most": 3"#,
        )
    };
    for trigger in ["m", "meeting-off", &"m".repeat(150)] {
        let room = NAME_LIMIT - 1 - trigger.len();
        passes(of(trigger, &"r".repeat(room)));
        let says = refusal(of(trigger, &"r".repeat(room + 1)));
        assert_eq!(mistakes(&says), 1, "{says}");
        assert!(says.contains("would be longer than 200 bytes"), "{says}");
    }
    // What is too long for a name at all is told as that alone.
    let says = refusal(of("meeting-off", &"r".repeat(NAME_LIMIT + 1)));
    assert_eq!(mistakes(&says), 1, "{says}");
    assert!(says.contains("is not a name"), "{says}");
    // Of the events of the other side none is a trigger, however long.
    let rule = "r".repeat(NAME_LIMIT - 1 - "meeting-off".len());
    let other = of("meeting-off", &rule).replace(
        r#""id": "second-offer""#,
        &format!(r#""id": "{}""#, "o".repeat(180)),
    );
    passes(other);
}

#[test]
fn a_readout_is_of_a_reaction_that_is_a_conversation() {
    let rules = |act: &str, of: &str| {
        with_rules(&format!(
            r#"{{"id": "ring", "when": {{"act": "meeting_cancelled"}}, "at_most": 1, "then": {{"source": ["USA"], "target": ["RUS"], "act": "{act}"}}}},
{{"id": "tell", "when": {{"act": "sanctions_imposed"}}, "at_most": 1, "then": {{"source": ["RUS"], "target": ["USA"], "act": "readout", "of": "{of}"}}}}"#
        ))
    };
    let one = |text: String, says: &str| {
        let told = refusal(text);
        assert_eq!(mistakes(&told), 1, "{told}");
        assert!(told.contains(says), "{told}");
    };
    let desk = tempfile::tempdir().unwrap();
    let good = rules("call", "ring@meeting-off");
    std::fs::write(desk.path().join("good.json"), good).unwrap();
    let (status, _, says) = detente(desk.path(), &["check", "good.json"]);
    assert_eq!((status, mistakes(&says)), (Some(0), 0), "{says}");
    one(rules("statement", "ring@meeting-off"), "`ring@meeting-off`");
    one(
        rules("call", "rang@meeting-off"),
        "no event `rang@meeting-off`",
    );
    one(
        rules("call", "ring@meeting-of"),
        "no event `ring@meeting-of`",
    );
    one(
        rules("call", "ring@us-ru-call"),
        "no event `ring@us-ru-call`",
    );
    one(rules("call", "us-au-call"), "us-au-call");
    // An event that is wrong itself is told of once.
    let lost = rules("call", "offer").replace(r#""tone": "optimistic""#, r#""tone": "optimistc""#);
    one(lost, "optimistc");
}

#[test]
fn a_readout_that_a_rule_causes_is_of_a_conversation_that_may_be() {
    let account = |of: &str| {
        format!(r#"{{"source": ["RUS"], "target": ["USA"], "act": "readout", "of": "{of}"}}"#)
    };
    let changes = ["meeting-hold", "us-au-call", "offer", "us-ru-cal"].map(|of| (of, account(of)));
    let changes: Vec<_> = (changes.iter())
        .map(|(of, then)| (*of, THEN, then.as_str()))
        .collect();
    refuses_chance("bad-rule-readouts", &changes);
    for of in ["meeting-held", "us-ru-call"] {
        passes(changed(THEN, &account(of)));
    }
}

#[test]
fn an_ensemble_tells_of_rules_that_go_too_far_as_a_run_does() {
    let desk = tempfile::tempdir().unwrap();
    let text = with_rules(&chatter("echo", r#" "at_most": 5000,"#));
    std::fs::write(desk.path().join("far.json"), text).unwrap();
    let run = detente(desk.path(), &["run", "far.json"]);
    let ensemble = detente(
        desk.path(),
        &["ensemble", "far.json", "--runs", "3", "--threads", "2"],
    );
    assert_eq!(run.2, ensemble.2);
    assert!(
        run.2
            .starts_with("error: in run 0 of seed 2018 the rule `echo` "),
        "{}",
        run.2
    );
    assert!(run.2.contains(" --> far.json:37:8\n"), "{}", run.2);
}

#[test]
fn a_rule_excepts_events_that_there_are_and_what_rules_cause_of_them() {
    let scenario = |except: &str| {
        let text = std::fs::read_to_string("scenarios/reaction-in-kind.json").unwrap();
        let at_most = "\"cooldown_days\": 60, ";
        let with = format!("{at_most}\"except\": [{except}], ");
        assert!(text.contains(at_most));
        text.replace(at_most, &with)
    };
    let checked = |except: &str| {
        let desk = given([("game.json", scenario(except))]);
        desk.detente("check game.json").output().unwrap()
    };
    let fine =
        r#""new-round", "moscow-expels@new-round", "moscow-expels@washington-adds@new-round""#;
    let output = checked(fine);
    assert!(output.status.success(), "{output:?}");
    let output = checked(r#""new-roun", "moscow@new-round""#);
    assert_eq!(output.status.code(), Some(2));
    let says = String::from_utf8(output.stderr).unwrap();
    assert!(
        says.contains("the history has no event `new-roun`"),
        "{says}"
    );
    assert!(says.contains("`new-round`?"), "{says}");
    assert!(
        says.contains("the history has no event `moscow@new-round`"),
        "{says}"
    );
}
