//! Chance: what is drawn and what is not, when rules fire, and what a run has to do with another.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

/// A directory with scenarios in it.
struct Desk(tempfile::TempDir);

fn desk(files: &[(&str, &Value)]) -> Desk {
    let desk = Desk(tempfile::tempdir().unwrap());
    for (name, scenario) in files {
        std::fs::write(desk.path().join(name), scenario.to_string()).unwrap();
    }
    desk
}

impl Desk {
    fn path(&self) -> &Path {
        self.0.path()
    }

    #[track_caller]
    fn says(&self, arguments: &[&str]) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_detente"))
            .current_dir(self.path())
            .args(arguments)
            .output()
            .unwrap();
        let trouble = String::from_utf8(output.stderr).unwrap();
        assert_ne!(output.status.code(), Some(2), "{arguments:?}: {trouble}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// A run of a scenario as JSON.
    #[track_caller]
    fn run(&self, name: &str, run: u64) -> Value {
        let run = run.to_string();
        let arguments = ["run", name, "--run", &run, "--format", "json"];
        serde_json::from_str(&self.says(&arguments)).unwrap()
    }

    #[track_caller]
    fn ensemble(&self, names: &[&str], runs: u64) -> Value {
        let runs = runs.to_string();
        let options = ["--runs", &runs, "--format", "json"];
        let arguments: Vec<_> = ["ensemble"]
            .iter()
            .chain(names)
            .chain(&options)
            .copied()
            .collect();
        serde_json::from_str(&self.says(&arguments)).unwrap()
    }
}

/// A scenario on the recorded history, from its end to the end of 2018, with some fields more.
fn scenario(fields: &Value) -> Value {
    let mut scenario = json!({
        "title": "By chance", "base": "recorded", "fork": {"after": "us-au-call"}, "until": "2018-12-31", "seed": 11,
    });
    let fields = fields.as_object().unwrap().clone();
    scenario.as_object_mut().unwrap().extend(fields);
    scenario
}

/// A statement by one actor on another, with some fields more.
fn statement(source: &str, target: &str, fields: &Value) -> Value {
    let mut event = json!({"source": [source], "target": [target], "act": "statement"});
    event
        .as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    event
}

fn insert(event: &Value) -> Value {
    json!({"insert": event})
}

/// The events behind the fork: id, date and fate.
fn behind(run: &Value) -> Vec<(String, String, String)> {
    let text = |event: &Value, field: &str| event[field].as_str().unwrap().to_owned();
    let events = run["events"].as_array().unwrap().iter();
    let events = events.map(|event| (text(event, "id"), text(event, "date"), text(event, "fate")));
    events.filter(|(_, _, fate)| fate != "shared").collect()
}

/// The id and date of what happens behind the fork.
fn happens(run: &Value) -> Vec<(String, String)> {
    let misses = ["not drawn", "illegal", "dropped"];
    let events = behind(run).into_iter();
    let events = events.filter(|(_, _, fate)| !misses.contains(&fate.as_str()));
    events.map(|(id, date, _)| (id, date)).collect()
}

fn ids(run: &Value) -> Vec<String> {
    happens(run).into_iter().map(|(id, _)| id).collect()
}

/// A coin for a chance node, whose sides are statements.
fn coin(id: &str, date: &str) -> Value {
    let side = |side: &str| {
        let event = statement("RUS", "USA", &json!({"id": format!("{id}-{side}")}));
        json!({"label": side, "probability": 0.5, "events": [event]})
    };
    json!({"id": id, "date": date, "options": [side("heads"), side("tails")]})
}

/// A rule by which the United States answers what Russia states.
fn answer(fields: &Value) -> Value {
    let mut rule = json!({
        "id": "answer", "when": {"act": "statement", "source": "RUS"},
        "then": statement("USA", "RUS", &json!({})),
    });
    rule.as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    rule
}

/// Statements by Russia, a month apart from February 2017 on.
fn statements(number: usize) -> Vec<Value> {
    let event = |place: usize| {
        let date = format!("{}-{:02}-10", 2017 + (place + 1) / 12, (place + 1) % 12 + 1);
        insert(&statement(
            "RUS",
            "USA",
            &json!({"id": format!("s{place}"), "date": date}),
        ))
    };
    (0..number).map(event).collect()
}

#[test]
fn a_draw_does_not_depend_on_what_else_there_is() {
    let rule = answer(&json!({"probability": 0.5, "delay_days": {"from": 1, "to": 20}}));
    let uncertain = json!({"gain": {"uniform": [0.2, 0.4]}});
    let few = scenario(&json!({
        "edits": statements(2), "chance": [coin("a", "2017-06-01")], "rules": [rule], "uncertain": uncertain,
    }));
    let other_rule = json!({
        "id": "other", "when": {"act": "statement", "source": "USA"}, "probability": 0.5, "at_most": 9,
        "then": statement("USA", "DEU", &json!({})),
    });
    let many = scenario(&json!({
        "edits": statements(9), "chance": [coin("b", "2017-05-01"), coin("a", "2017-06-01")],
        "rules": [other_rule, rule],
        "uncertain": {"gain": {"uniform": [0.2, 0.4]}, "spillover": {"uniform": [0.0, 1.0]}},
    }));
    let desk = desk(&[("few.json", &few), ("many.json", &many)]);
    for run in 0..50 {
        let (few, many) = (desk.run("few.json", run), desk.run("many.json", run));
        assert_eq!(
            few["luck"]["chance"]["a"], many["luck"]["chance"]["a"],
            "{run}"
        );
        assert_eq!(
            few["luck"]["uncertain"]["gain"], many["luck"]["uncertain"]["gain"],
            "{run}"
        );
        let (few, many) = (happens(&few), happens(&many));
        let missing = few.iter().find(|event| !many.contains(event));
        assert_eq!(missing, None, "{run}");
        let of_both = |(id, _): &&(String, String)| {
            ["@s0", "@s1", "@a-heads", "@a-tails"]
                .iter()
                .any(|end| id == &format!("answer{end}"))
        };
        assert!(
            many.iter().filter(of_both).all(|event| few.contains(event)),
            "{run}"
        );
    }
}

#[test]
fn options_come_to_pass_and_rules_fire_as_often_as_they_say() {
    let option = |label: &str, probability: f64| {
        json!({"label": label, "probability": probability,
        "events": [statement("RUS", "USA", &json!({"id": label}))]})
    };
    let node = json!({"id": "three", "date": "2017-06-01", "options": [option("one", 0.2), option("two", 0.5), option("three", 0.3)]});
    let rule = answer(&json!({"probability": 0.7}));
    let desk = desk(&[(
        "often.json",
        &scenario(&json!({"chance": [node], "rules": [rule]})),
    )]);
    let ensemble = desk.ensemble(&["often.json"], 20_000);
    let rows = &ensemble["scenarios"][0];
    // Four standard deviations of a share of 20,000 runs; the seed is fixed, so this holds for
    // ever.
    let near = |runs: &Value, probability: f64| {
        let share = runs.as_f64().unwrap() / 20_000.0;
        let error = 4.0 * (probability * (1.0 - probability) / 20_000.0_f64).sqrt();
        assert!(
            (share - probability).abs() < error,
            "{share}, not {probability}"
        );
    };
    for (place, probability) in [0.2, 0.5, 0.3].into_iter().enumerate() {
        near(&rows["chances"][place]["runs"], probability);
    }
    near(&rows["rules"][0]["events"], 0.7);
}

#[test]
fn a_delay_reaches_both_its_ends_and_no_further() {
    let rule = answer(&json!({"delay_days": {"from": 2, "to": 4}}));
    let desk = desk(&[(
        "delay.json",
        &scenario(&json!({"edits": statements(1), "rules": [rule]})),
    )]);
    let dates: std::collections::BTreeSet<_> = (0..40)
        .map(|run| happens(&desk.run("delay.json", run))[1].1.clone())
        .collect();
    let dates: Vec<_> = dates.iter().map(String::as_str).collect();
    assert_eq!(dates, ["2017-02-12", "2017-02-13", "2017-02-14"]);
}

#[test]
fn rules_are_held_back_by_what_they_say() {
    let reactions = |fields: Value| {
        let fields = json!({"edits": statements(6), "rules": [answer(&fields)]});
        let desk = desk(&[("rule.json", &scenario(&fields))]);
        let ids = ids(&desk.run("rule.json", 0));
        let reactions = ids
            .into_iter()
            .filter_map(|id| Some(id.strip_prefix("answer@")?.to_owned()));
        reactions.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(reactions(json!({})), "s0 s1 s2 s3 s4 s5");
    assert_eq!(reactions(json!({"probability": 0})), "");
    assert_eq!(reactions(json!({"at_most": 2})), "s0 s1");
    assert_eq!(reactions(json!({"at_most": 0})), "");
    // Statements are 28 to 31 days apart.
    assert_eq!(reactions(json!({"cooldown_days": 28})), "s0 s1 s2 s3 s4 s5");
    assert_eq!(reactions(json!({"cooldown_days": 29})), "s0 s2 s3 s4 s5");
    assert_eq!(reactions(json!({"cooldown_days": 60})), "s0 s3 s5");
    let colder = |below: f64| json!({"if": {"temperature": {"dyad": "RUS-USA", "below": below}}});
    assert_eq!(reactions(colder(-2.0)), "s2 s3 s4 s5");
    assert_eq!(
        reactions(json!({"if": {"since": "2017-04-10"}})),
        "s2 s3 s4 s5"
    );
    assert_eq!(
        reactions(json!({"when": {"act": "statement", "target": "USA"}})),
        "s0 s1 s2 s3 s4 s5"
    );
    assert_eq!(
        reactions(json!({"when": {"act": "statement", "target": "EU"}})),
        ""
    );
    assert_eq!(reactions(json!({"when": {"act": "call"}})), "");
}

#[test]
fn a_reaction_that_would_be_illegal_does_not_happen_and_does_not_count() {
    let rule = answer(&json!({"at_most": 1, "then": {
        "source": ["USA"], "target": ["RUS"], "act": "sanctions_lifted", "measure": "new-round",
    }}));
    let round = insert(&json!({
        "id": "new-round", "date": "2017-03-20", "source": ["USA"], "target": ["RUS"], "act": "sanctions_imposed",
    }));
    let edits = [statements(4), vec![round]].concat();
    let desk = desk(&[(
        "illegal.json",
        &scenario(&json!({"edits": edits, "rules": [rule]})),
    )]);
    let run = desk.run("illegal.json", 0);
    let reactions = behind(&run)
        .into_iter()
        .filter(|(id, _, _)| id.starts_with("answer@"));
    let reactions: Vec<_> = reactions
        .map(|(id, _, fate)| format!("{id} {fate}"))
        .collect();
    assert_eq!(
        reactions,
        [
            "answer@s0 illegal",
            "answer@s1 illegal",
            "answer@s2 reaction"
        ]
    );
    let says = desk.says(&["run", "illegal.json"]);
    assert!(says.contains("would be illegal: "), "{says}");
    let ensemble = desk.ensemble(&["illegal.json"], 1);
    let illegal = ensemble["scenarios"][0]["rules"][0]["illegal"]
        .as_object()
        .unwrap();
    assert_eq!(
        illegal
            .values()
            .map(|times| times.as_u64().unwrap())
            .sum::<u64>(),
        2
    );
}

#[test]
fn reactions_to_reactions_can_be_followed_back() {
    let echo = json!({
        "id": "echo", "when": {"act": "statement", "source": "USA"}, "at_most": 1,
        "then": statement("RUS", "USA", &json!({})),
    });
    let rules = [
        answer(&json!({"at_most": 3, "delay_days": {"from": 1, "to": 1}})),
        echo,
    ];
    let desk = desk(&[(
        "chain.json",
        &scenario(&json!({"edits": statements(1), "rules": rules})),
    )]);
    assert_eq!(
        ids(&desk.run("chain.json", 0)),
        ["s0", "answer@s0", "echo@answer@s0", "answer@echo@answer@s0"]
    );
    desk.says(&["run", "chain.json", "--log", "chain.jsonl"]);
    let log = std::fs::read_to_string(desk.path().join("chain.jsonl")).unwrap();
    let last: Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
    assert_eq!(last["caused_by"], "echo@answer@s0");
}

#[test]
fn within_a_day_comes_the_base_then_edits_then_chance_then_reactions() {
    let on = |id: &str| json!({"id": id, "date": "2017-06-01"});
    let edits = [
        insert(&statement("RUS", "USA", &on("first"))),
        insert(&statement("USA", "DEU", &on("second"))),
        insert(&statement(
            "DEU",
            "USA",
            &json!({"id": "behind", "after": {"event": "first"}}),
        )),
    ];
    let option = json!({"label": "sure", "probability": 1, "events": [statement("DEU", "USA", &json!({"id": "drawn"}))]});
    let node = json!({"id": "node", "date": "2017-06-01", "options": [option]});
    let again = json!({
        "id": "again", "when": {"act": "statement", "source": "DEU"}, "then": statement("FRA", "USA", &json!({})),
    });
    let fields = json!({"edits": edits, "chance": [node], "rules": [answer(&json!({})), again]});
    let desk = desk(&[("day.json", &scenario(&fields))]);
    let expected = [
        "first",
        "behind",
        "second",
        "drawn",
        "answer@first",
        "again@behind",
        "again@drawn",
    ];
    assert_eq!(ids(&desk.run("day.json", 0)), expected);
}

#[test]
fn what_hangs_on_chance_happens_only_with_it() {
    let hanging = insert(&statement(
        "USA",
        "RUS",
        &json!({"id": "reply", "after": {"event": "a-heads", "days": 5}}),
    ));
    let caused = insert(&statement(
        "USA",
        "RUS",
        &json!({"id": "effect", "date": "2017-07-01", "caused_by": "a-tails"}),
    ));
    let mut later = coin("later", "2017-01-01");
    later.as_object_mut().unwrap().remove("date");
    later["after"] = json!({"event": "a-heads", "days": 30});
    let fields = json!({"edits": [hanging, caused], "chance": [coin("a", "2017-06-01"), later]});
    let desk = desk(&[("hang.json", &scenario(&fields))]);
    let mut sides = [0, 0];
    for run in 0..20 {
        let run = desk.run("hang.json", run);
        let is_heads = run["luck"]["chance"]["a"] == "heads";
        sides[usize::from(is_heads)] += 1;
        let ids = ids(&run);
        assert_eq!(ids.contains(&"reply".to_owned()), is_heads);
        assert_eq!(ids.contains(&"effect".to_owned()), !is_heads);
        assert_eq!(run["luck"]["chance"]["later"].is_null(), !is_heads);
        assert_eq!(ids.iter().any(|id| id.starts_with("later-")), is_heads);
    }
    assert!(sides[0] > 0 && sides[1] > 0, "{sides:?}");
}

#[test]
fn a_base_brings_its_chances_and_rules_along() {
    let rule = answer(&json!({"probability": 0.5}));
    let base = scenario(
        &json!({"edits": statements(6), "chance": [coin("a", "2017-03-01"), coin("b", "2017-06-01")], "rules": [rule]}),
    );
    let child = |fields: &Value| {
        let mut child = json!({"title": "On it", "base": "base.json", "fork": {"date": "2017-04-30"}, "until": "2018-12-31"});
        child
            .as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        child
    };
    let (kept, cut, other) = (
        child(&json!({})),
        child(&json!({"tail": "cut"})),
        child(&json!({"seed": 12})),
    );
    let files = [
        ("base.json", &base),
        ("kept.json", &kept),
        ("cut.json", &cut),
        ("other.json", &other),
    ];
    let desk = desk(&files);
    let all = |run: &Value| -> Vec<String> {
        let events = run["events"].as_array().unwrap().iter();
        let there = events
            .filter(|event| !["not drawn", "dropped"].contains(&event["fate"].as_str().unwrap()));
        there
            .map(|event| format!("{} {}", event["date"], event["id"]))
            .collect()
    };
    let mut differs = false;
    for run in 0..20 {
        let base = all(&desk.run("base.json", run));
        assert_eq!(all(&desk.run("kept.json", run)), base);
        let until_the_fork = |event: &&String| event.as_str() < "\"2017-05";
        let before: Vec<_> = base.iter().filter(until_the_fork).cloned().collect();
        assert_eq!(all(&desk.run("cut.json", run)), before);
        differs |= all(&desk.run("other.json", run)) != base;
    }
    assert!(differs);
    // The same run of both is the same log up to the fork of the second, byte for byte.
    for name in ["base", "kept"] {
        desk.says(&[
            "run",
            &format!("{name}.json"),
            "--log",
            &format!("{name}.jsonl"),
        ]);
    }
    let lines = |name: &str| -> Vec<String> {
        let text = std::fs::read_to_string(desk.path().join(name)).unwrap();
        text.lines().map(str::to_owned).collect()
    };
    let (base, kept) = (lines("base.jsonl"), lines("kept.jsonl"));
    let before_the_fork = |line: &&String| {
        let event: Value = serde_json::from_str(line).unwrap();
        event["date"].as_str().unwrap() <= "2017-04-30"
    };
    let shared = base.iter().filter(before_the_fork).count();
    assert!(shared > 12, "{shared}");
    assert_eq!(base[..shared], kept[..shared]);
    let made: Value = serde_json::from_str(base.last().unwrap()).unwrap();
    assert_eq!(
        (&made["origin"]["seed"], &made["origin"]["run"]),
        (&json!(11), &json!(0))
    );
}

#[test]
fn an_ensemble_counts_the_very_runs_that_run_shows() {
    let rule = answer(&json!({"probability": 0.5, "delay_days": {"from": 1, "to": 60}}));
    let outcome = json!({"id": "cold", "when": {"temperature": {"dyad": "RUS-USA", "below": -2.3}}, "by": "2018-12-31"});
    let fields = json!({
        "edits": statements(5), "chance": [coin("a", "2017-06-01")], "rules": [rule], "outcomes": [outcome],
        "uncertain": {"half_life_days": {"triangular": [90, 180, 365]}, "gain": {"normal": [0.3, 0.1]}},
    });
    let desk = desk(&[("runs.json", &scenario(&fields))]);
    let ensemble = desk.ensemble(&["runs.json"], 40);
    let (mut ends, mut held) = (Vec::new(), 0);
    for run in 0..40 {
        let run = desk.run("runs.json", run);
        let relations = run["state"]["dyads"].as_array().unwrap();
        let relation = relations
            .iter()
            .find(|relation| relation["dyad"] == "RUS-USA")
            .unwrap();
        ends.push(relation["temperature"].as_f64().unwrap());
        held += u64::from(run["outcomes"]["cold"]["holds"] == true);
    }
    let rows = &ensemble["scenarios"][0];
    let mut fans = rows["fans"].as_array().unwrap().iter();
    let last = fans.rfind(|fan| fan["dyad"] == "RUS-USA").unwrap();
    let mean = ends.iter().sum::<f64>() / 40.0;
    assert!((last["mean"].as_f64().unwrap() - mean).abs() < 1e-8);
    assert_eq!(rows["outcomes"][0]["runs"], held);
    assert!((1..40).contains(&held), "{held}");
    let to_see = rows["runs_to_see"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["dyad"] == "RUS-USA")
        .unwrap();
    let coldest = to_see["coldest"].as_u64().unwrap() as usize;
    let minimum = ends.iter().copied().fold(f64::INFINITY, f64::min);
    assert!((ends[coldest] - minimum).abs() < 1e-3);
}

#[test]
fn any_number_of_threads_and_shards_gives_the_same_bytes() {
    let rule = answer(&json!({"probability": 0.5, "delay_days": {"from": 1, "to": 60}}));
    let fields = json!({
        "edits": statements(3), "chance": [coin("a", "2017-06-01")], "rules": [rule],
        "outcomes": [{"id": "cold", "when": {"temperature": {"dyad": "RUS-USA", "below": -2.3}}, "by": "2018-12-31"}],
        "uncertain": {"gain": {"uniform": [0.2, 0.4]}},
    });
    let other = scenario(&json!({"edits": statements(2), "rules": [answer(&json!({}))]}));
    let desk = desk(&[("one.json", &scenario(&fields)), ("two.json", &other)]);
    let ensemble = |options: &[&str]| {
        let arguments = ["ensemble", "one.json", "two.json", "--runs", "2001"];
        desk.says(&[&arguments[..], options].concat())
    };
    let whole = ensemble(&["--format", "json", "--threads", "1"]);
    for threads in ["2", "3", "8"] {
        assert!(
            ensemble(&["--format", "json", "--threads", threads]) == whole,
            "{threads} threads"
        );
    }
    for shards in [1, 4, 7] {
        let mut parts: Vec<String> = Vec::new();
        for shard in 1..=shards {
            let part = format!("part-{shards}-{shard}.json");
            ensemble(&["--shard", &format!("{shard}/{shards}"), "-o", &part]);
            parts.insert(parts.len() / 2, part);
        }
        let merge = ["merge", "--format", "json"].into_iter();
        let arguments: Vec<_> = merge.chain(parts.iter().map(String::as_str)).collect();
        assert!(desk.says(&arguments) == whole, "{shards} shards");
    }
}

#[test]
fn a_pair_that_differs_in_one_event_differs_by_what_the_formula_says() {
    let one = scenario(&json!({"chance": [coin("a", "2018-01-01")]}));
    let last = insert(&statement(
        "USA",
        "RUS",
        &json!({"id": "last", "date": "2018-12-31", "impact": 1, "reason": "a test"}),
    ));
    let two = scenario(&json!({"chance": [coin("a", "2018-01-01")], "edits": [last]}));
    let mut stock = two.clone();
    stock["model"] = json!({"preset": "goldstein-decay"});
    let mut stock_without = one.clone();
    stock_without["model"] = json!({"preset": "goldstein-decay"});
    let desk = desk(&[("one.json", &stock_without), ("two.json", &stock)]);
    let ensemble = desk.ensemble(&["one.json", "two.json"], 2_000);
    let gaps = ensemble["differences"][0]["temperatures"]
        .as_array()
        .unwrap();
    let gap = gaps.iter().rfind(|gap| gap["dyad"] == "RUS-USA").unwrap();
    // Without saturation an impact of one degree on the last day is one degree in every run.
    assert!((gap["mean"].as_f64().unwrap() - 1.0).abs() < 1e-9, "{gap}");
    assert!(gap["sd"].as_f64().unwrap() < 1e-6, "{gap}");
    let warmer = &ensemble["differences"][0]["ends"][0]["warmer"]["share"];
    assert_eq!(warmer, 1.0);
}

#[test]
fn parts_that_do_not_belong_together_are_refused() {
    let scenario = scenario(&json!({"chance": [coin("a", "2017-06-01")]}));
    let desk = desk(&[("one.json", &scenario)]);
    for (seed, shard, part) in [
        ("1", "1/3", "a.json"),
        ("1", "2/3", "b.json"),
        ("2", "3/3", "c.json"),
    ] {
        desk.says(&[
            "ensemble", "one.json", "--runs", "100", "--seed", seed, "--shard", shard, "-o", part,
        ]);
    }
    let refused = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_detente"))
            .current_dir(desk.path())
            .args(arguments)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty());
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(
        refused(&["merge", "a.json", "c.json"]).contains("the seed is not the same as in a.json")
    );
    assert!(refused(&["merge", "a.json", "a.json"]).contains("shard 1 is in a.json already"));
    assert!(refused(&["merge", "a.json", "one.json"]).contains("this is no part of an ensemble"));
    let part = std::fs::read_to_string(desk.path().join("b.json")).unwrap();
    std::fs::write(desk.path().join("torn.json"), &part[..part.len() / 2]).unwrap();
    assert!(refused(&["merge", "a.json", "torn.json"]).contains("this is no part of an ensemble"));
    assert!(
        refused(&["ensemble", "one.json", "--shard", "4/3", "-o", "d.json"])
            .contains("`4/3` is no shard")
    );
    assert!(refused(&["ensemble", "one.json", "--runs", "0"]).contains("'0'"));
    assert!(
        refused(&["ensemble", "one.json", "--runs", "18446744073709551616"]).contains("--runs")
    );
    assert!(
        refused(&["ensemble", "one.json", "--dyad", "CHN-USA"])
            .contains("no event moves the dyad CHN-USA")
    );
    let partial = desk.says(&["merge", "a.json", "b.json"]);
    assert!(
        partial.contains("Partial: 100 runs were asked for."),
        "{partial}"
    );
    assert!(
        partial.contains("Missing or stopped early, by shard: 3"),
        "{partial}"
    );
}

#[test]
#[cfg(unix)]
fn an_ensemble_that_is_interrupted_prints_what_was_counted_and_says_so() {
    crate::interruptions::in_time(an_ensemble_is_interrupted);
}

fn an_ensemble_is_interrupted() {
    let desk = desk(&[(
        "long.json",
        &scenario(&json!({"chance": [coin("a", "2017-06-01")]})),
    )]);
    let child = Command::new(env!("CARGO_BIN_EXE_detente"))
        .current_dir(desk.path())
        .args(["ensemble", "long.json", "--runs", "1000000000000"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1500));
    let signalled = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(signalled.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let says = String::from_utf8(output.stdout).unwrap();
    assert!(
        says.contains("Partial: 1000000000000 runs were asked for."),
        "{says}"
    );
    let trouble = String::from_utf8(output.stderr).unwrap();
    assert!(trouble.starts_with("note: stopped after "), "{trouble}");
}
