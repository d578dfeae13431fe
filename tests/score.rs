//! Scenarios as forecasts: held against a log of what happened, and kept in a ledger in which a
//! later change shows.

use crate::cli::{RECORDED, given};
use serde_json::Value;
use std::collections::BTreeMap;

const SUMMIT: &[u8] = include_bytes!("../scenarios/summit-by-chance.json");
const NO_CALL: &[u8] = include_bytes!("../scenarios/no-call.json");
const SYRIA: &[u8] = include_bytes!("../scenarios/syria-incident.json");
const AGAINST: &str = "--against rus-usa-2017-2018 --complete-until 2018-12-31";

/// Asks of what the log does not know, and of what lies behind its end.
const UNDECIDED: &str = r#"{
  "title": "Nothing is changed", "base": "recorded", "fork": {"after": "us-au-call"}, "until": "2018-12-31",
  "edits": [{"insert": {"id": "talks", "date": "2017-03-01", "source": ["RUS", "USA"], "target": ["RUS", "USA"],
    "act": "meeting_proposed", "meeting": "secret-talks"}}],
  "outcomes": [
    {"id": "talks-held", "when": {"meeting": {"id": "secret-talks", "status": "held"}}, "by": "2018-06-30"},
    {"id": "either", "when": {"any": [{"meeting": {"id": "secret-talks", "status": "held"}},
      {"temperature": {"dyad": "RUS-USA", "below": -3}}]}, "by": "2018-06-30"},
    {"id": "neither", "when": {"all": [{"meeting": {"id": "secret-talks", "status": "held"}},
      {"temperature": {"dyad": "RUS-USA", "above": 9}}]}, "by": "2018-06-30"},
    {"id": "cold-at-the-end", "when": {"temperature": {"dyad": "RUS-USA", "below": -3}}},
    {"id": "summit-by-winter", "when": {"meeting": {"id": "us-ru-meeting", "status": "held"}}, "by": "2018-12-31"},
    {"id": "warm-by-winter", "when": {"temperature": {"dyad": "RUS-USA", "above": 5}}, "by": "2018-12-31"}
  ]
}"#;

#[test]
fn scenarios_are_scored_beside_persistence_and_each_other() {
    given([("summit.json", SUMMIT), ("no-call.json", NO_CALL), ("syria.json", SYRIA)])
        .when(&format!("score summit.json no-call.json syria.json {AGAINST} --dyad RUS-USA"))
        .then_exits(0)
        .when(&format!(
            "score summit.json {AGAINST} --runs 1000 --dyad RUS-USA --every 2017-12-31,2018-12-31 --format csv"
        ))
        .then_exits(0)
        .then_golden("score-of-scenarios");
}

#[test]
fn what_the_log_does_not_decide_is_named_and_what_it_decides_all_the_same_is_scored() {
    // The last event of the log is that of 4 December 2018.
    given([("undecided.json", UNDECIDED)])
        .when("score undecided.json --against rus-usa-2017-2018 --dyad RUS-USA --every 2017-12-31")
        .then_exits(0)
        .when("score undecided.json --against recorded --complete-until 2017-12-31 --dyad RUS-USA --every 2017-12-31")
        .then_exits(0)
        .then_golden("score-undecided");
}

/// Of one run the score of a fan is its distance from what happened, which `compare` prints.
#[test]
fn the_score_of_a_single_run_is_the_gap_that_compare_prints() {
    let desk = given([("syria.json", SYRIA)]);
    let out = |arguments: &str| {
        let run = desk.detente(arguments).output().unwrap();
        // `compare` says by its status that they differ.
        assert!(run.status.code() < Some(2), "{arguments}");
        String::from_utf8(run.stdout).unwrap()
    };
    let gaps: BTreeMap<String, f64> =
        out("compare rus-usa-2017-2018 syria.json --dyad RUS-USA --every month --format csv")
            .lines()
            .map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>())
            .filter(|cells| cells[0] == "syria.json")
            .map(|cells| (cells[2].clone(), cells[4].parse().unwrap()))
            .collect();
    let score = out(&format!(
        "score syria.json {AGAINST} --dyad RUS-USA --every month --format json"
    ));
    let score: Value = serde_json::from_str(&score).unwrap();
    let fans = score["score"]["scenarios"][0]["fans"].as_array().unwrap();
    assert!(fans.len() > 20);
    for fan in fans {
        let gap = gaps[fan["date"].as_str().unwrap()];
        let crps = fan["crps"].as_f64().unwrap();
        // A bin is a thousandth of a degree wide.
        assert!((crps - gap.abs()).abs() <= 0.000_51, "{fan} and {gap}");
    }
}

#[test]
fn a_ledger_keeps_forecasts_and_later_what_became_of_them() {
    let keep =
        "score summit.json --runs 1000 --keep ledger.jsonl --dyad RUS-USA --every 2017-12-31";
    let desk = given([("summit.json", SUMMIT), ("no-call.json", NO_CALL)])
        .when(&format!("{keep} --recorded 2017-01-30"))
        .then_exits(0)
        // Again it is already there.
        .when(&format!("{keep} --recorded 2017-01-31"))
        .then_exits(0)
        .when("score no-call.json --keep ledger.jsonl --recorded 2017-01-29 --dyad RUS-USA")
        .then_exits(2)
        .when("score --keep ledger.jsonl")
        .then_exits(0)
        .when(&format!("{keep} {AGAINST} --recorded 2019-01-02 --format csv"))
        .then_exits(0)
        .when(&format!("{keep} {AGAINST} --recorded 2019-01-03 --format csv"))
        .then_exits(0)
        .when("score --keep ledger.jsonl")
        .then_exits(0)
        .when(&format!("score no-call.json --keep ledger.jsonl {AGAINST} --dyad RUS-USA --format csv --every 2017-12-31"))
        .then_exits(2);
    let ledger = String::from_utf8(desk.read("ledger.jsonl")).unwrap();
    assert_eq!(ledger.lines().count(), 2);
    desk.then_golden("ledger-of-forecasts");
}

#[test]
fn a_ledger_that_was_rewritten_is_refused_with_its_line_and_nothing_is_added() {
    let keep =
        "score summit.json --runs 1000 --keep ledger.jsonl --dyad RUS-USA --every 2017-12-31";
    let desk = given([("summit.json", SUMMIT), ("log.jsonl", RECORDED)])
        .when(&format!("{keep} --recorded 2017-01-30"))
        .then_exits(0)
        .when(&format!("{keep} --seed 7 --recorded 2017-01-31"))
        .then_exits(0);
    let ledger = String::from_utf8(desk.read("ledger.jsonl")).unwrap();
    let (first, _) = ledger.split_once('\n').unwrap();
    desk.write(
        "ledger.jsonl",
        ledger.replacen("\"holds_in\":8", "\"holds_in\":9", 1),
    );
    desk.write(
        "shorter.jsonl",
        format!("{}\n", ledger.lines().nth(1).unwrap()),
    );
    desk.write("torn.jsonl", format!("{first}\n{{\"seq\":2,\"rec"));
    desk.when("score --keep ledger.jsonl")
        .then_exits(2)
        .when(&format!("{keep} --seed 8 --recorded 2017-02-01"))
        .then_exits(2)
        .when("score --keep shorter.jsonl")
        .then_exits(2)
        .when("score summit.json --keep summit.json")
        .then_exits(2)
        .when("score --keep log.jsonl")
        .then_exits(2)
        .when("score --keep torn.jsonl")
        .then_exits(1)
        .when("score summit.json --runs 1000 --seed 9 --keep torn.jsonl --recorded 2017-02-01 --dyad RUS-USA")
        .then_exits(0)
        .then_golden("bad-ledger-of-forecasts");
}

#[test]
fn a_ledger_whose_first_line_a_crash_tore_goes_on() {
    let keep = "score summit.json --runs 1000 --dyad RUS-USA --every 2017-12-31 --recorded 2017-01-30 --keep";
    let desk = given([("summit.json", SUMMIT)])
        .when(&format!("{keep} ledger.jsonl"))
        .then_exits(0);
    let whole = desk.read("ledger.jsonl");
    for bytes in [1, 9, 40, whole.len() / 2, whole.len() - 1] {
        let mut torn = whole[..bytes].to_vec();
        torn[0] = 0;
        let mut as_long = torn.clone();
        as_long.resize(whole.len(), 0);
        // The second as other programs and version 0.2.0 leave it.
        let has_chain = torn.windows(9).any(|field| field == b",\"chain\":");
        let shapes = [Some(as_long), Some(torn).filter(|_| !has_chain)];
        for torn in shapes.into_iter().flatten() {
            desk.write("torn.jsonl", torn);
            let went_on = desk
                .detente(&format!("{keep} torn.jsonl"))
                .output()
                .unwrap();
            assert!(went_on.status.success(), "{bytes} bytes");
            assert_eq!(desk.read("torn.jsonl"), whole, "{bytes} bytes");
        }
    }
}

#[test]
fn a_ledger_takes_no_day_that_cannot_be() {
    let one = "score summit.json --runs 1000 --keep ledger.jsonl --dyad RUS-USA --every 2017-12-31";
    given([("summit.json", SUMMIT)])
        .when(&format!("{one} --recorded 9999-12-31"))
        .then_exits(2)
        .when(&format!("{one} {AGAINST} --recorded 2017-01-30"))
        .then_exits(2)
        .then_golden("ledger-of-forecasts-days");
}

#[test]
fn a_forecast_that_is_another_one_now_is_not_resolved() {
    let desk = given([("summit.json", SUMMIT)])
        .when("score summit.json --runs 1000 --keep ledger.jsonl --recorded 2017-01-30 --dyad RUS-USA --every 2017-12-31")
        .then_exits(0);
    let other = String::from_utf8(SUMMIT.to_vec()).unwrap();
    desk.write(
        "summit.json",
        other
            .replace("0.5, \"events\"", "0.6, \"events\"")
            .replace("0.2, \"events\"", "0.1, \"events\""),
    );
    desk.when(&format!(
        "score summit.json --runs 1000 --keep ledger.jsonl {AGAINST} --dyad RUS-USA --every 2017-12-31 --format csv"
    ))
    .then_exits(2)
    .then_golden("ledger-of-another-scenario");
}

#[test]
fn a_scenario_that_is_scored_twice_is_told() {
    given([("one.json", SYRIA), ("again.json", SYRIA)])
        .when(&format!(
            "score one.json again.json {AGAINST} --dyad RUS-USA --every 2017-12-31 --format csv"
        ))
        .then_exits(0)
        .then_golden("score-twice");
}
