//! `why`, `sweep`, and `compare` under other models: what they print, to the letter, and what they
//! refuse.

use crate::cli::{Desk, RECORDED, given, json};
use detente::scenario::{Axis, Grid, Luck, Sweep};
use detente::store;
use detente::threads::Control;
use serde_json::Value;
use std::path::Path;

/// Talks that are announced twice, sanctions that come, ease and end, a late call, an event with an
/// impact of its own, and one that was retracted.
const BLUELAND: &str = "{'id':'tariffs','date':'2030-01-10','source':['XBL'],'target':['XRL'],'act':'sanctions_imposed'}
{'id':'rumour','date':'2030-01-20','source':['XRL'],'target':['XBL'],'act':'attack'}
{'id':'offer','date':'2030-02-01','source':['XBL','XRL'],'target':['XBL','XRL'],'according_to':'XRL','act':'meeting_proposed','meeting':'talks'}
{'id':'plan','date':'2030-02-20','source':['XBL','XRL'],'target':['XBL','XRL'],'act':'meeting_planned','meeting':'talks'}
{'id':'easing','date':'2030-03-01','source':['XBL'],'target':['XRL'],'act':'sanctions_eased','measure':'tariffs'}
{'id':'flood','date':'2030-03-10','source':['XRL'],'target':['XBL'],'act':'coded','code':'070','impact':2.5,'reason':'help after a flood'}
{'id':'lifting','date':'2030-06-01','source':['XBL'],'target':['XRL'],'act':'sanctions_lifted','measure':'tariffs'}
{'id':'thanks','date':'2030-06-02','source':['XRL'],'target':['XBL'],'act':'statement','tone':'neutral','caused_by':'lifting'}
";
const LATER: &str = "{'id':'late-call','date':'2030-01-15','source':['XBL','XRL'],'target':['XBL','XRL'],'act':'call'}
{'id':'retraction-of-rumour','date':'2030-07-01','act':'retraction','retracts':'rumour'}
";

/// Blueland and Redland, in a log.
fn blueland() -> Desk {
    let files = [("events.json", json(BLUELAND)), ("later.json", json(LATER))];
    given(files)
        .when("log append log.jsonl events.json --recorded 2030-06-30")
        .then_exits(0)
        .when("log append log.jsonl later.json --recorded 2030-07-01")
        .then_exits(0)
}

fn rows(desk: &Desk, arguments: &str) -> Value {
    let output = desk.detente(arguments).output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{arguments}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_ledger_tells_late_and_retracted_events_own_impacts_and_measures_that_ended() {
    blueland()
        .when("why log.jsonl")
        .then_exits(0)
        .when("why log.jsonl --at 2031-01-01 --sort date --top 3")
        .then_exits(0)
        .when("why log.jsonl --at easing --by source")
        .then_exits(0)
        .when("why log.jsonl --by act --format csv")
        .then_exits(0)
        .when("why log.jsonl --by year --top 1")
        .then_exits(0)
        .when("why log.jsonl --model stock")
        .then_exits(0)
        .when("why log.jsonl --model goldstein-decay --set half_life_days=60")
        .then_exits(0)
        .then_golden("why-blueland");
}

#[test]
fn a_crossing_is_told_with_what_brought_it_near_or_how_near_it_came() {
    blueland()
        .when("why log.jsonl --crossing -2")
        .then_exits(0)
        .when("why log.jsonl --crossing -2.405")
        .then_exits(0)
        .when("why log.jsonl --crossing 2")
        .then_exits(0)
        .when("why log.jsonl --crossing -4")
        .then_exits(0)
        .when("why log.jsonl --crossing -4 --format json")
        .then_exits(0)
        .when("why log.jsonl --crossing -4 --format csv")
        .then_exits(0)
        .then_golden("why-crossing");
}

#[test]
fn what_cannot_be_asked_is_told() {
    let only_leaders = json(
        "{'id':'a','date':'2030-01-10','source':['XBL'],'act':'leader_change','title':'-2 new leaders'}\n",
    );
    let desk = blueland();
    desk.write("leaders.json", only_leaders);
    desk.when("log append leaders.jsonl leaders.json --recorded 2030-06-30")
        .then_exits(0)
        .when("why leaders.jsonl")
        .then_exits(2)
        .when("why nowhere.jsonl")
        .then_exits(2)
        .when("why log.jsonl --dyad FRA-USA")
        .then_exits(2)
        .when("why log.jsonl --dyad XBL")
        .then_exits(2)
        .when("why log.jsonl --at 2029-12-31")
        .then_exits(2)
        .when("why log.jsonl --at 2030-02-30")
        .then_exits(2)
        .when("why log.jsonl --at eazing")
        .then_exits(2)
        .when("why log.jsonl --at rumour")
        .then_exits(2)
        .when("why log.jsonl --at retraction-of-rumour")
        .then_exits(2)
        .when("why log.jsonl --crossing -10.5")
        .then_exits(2)
        .when("why log.jsonl --crossing nan")
        .then_exits(2)
        .when("why log.jsonl --crossing -1 --at easing")
        .then_exits(2)
        .when("why log.jsonl --top 0")
        .then_exits(2)
        .when("why log.jsonl --set gain=0.1,0.2")
        .then_exits(2)
        .then_golden("why-refused");
}

#[test]
fn an_event_that_moves_nobody_has_the_effect_of_what_it_led_to() {
    let events = "{'id':'coup','date':'2030-01-10','source':['XRL'],'act':'leader_change'}
{'id':'raid','date':'2030-02-10','source':['XRL'],'target':['XBL'],'act':'attack','caused_by':'coup'}
{'id':'festival','date':'2030-02-11','source':['XRL'],'act':'leader_change'}
";
    given([("events.json", json(events))])
        .when("log append log.jsonl events.json --recorded 2030-06-30")
        .then_exits(0)
        .when("why log.jsonl")
        .then_exits(0)
        .then_golden("why-indirect");
}

/// A scenario on the recorded history in which a rule answers sanctions in kind, once.
const IN_KIND: &str = "{
  'title': 'A second round, answered in kind', 'base': 'recorded', 'fork': {'after': 'us-au-call'}, 'until': '2017-12-31',
  'edits': [
    {'insert': {'id': 'second-round', 'date': '2017-03-01', 'source': ['USA'], 'target': ['RUS'], 'act': 'sanctions_imposed'}},
    {'insert': {'id': 'third-round', 'date': '2017-04-01', 'source': ['USA'], 'target': ['RUS'], 'act': 'sanctions_imposed'}},
    {'insert': {'id': 'protest', 'after': {'event': 'third-round', 'days': 3}, 'source': ['RUS'], 'target': ['USA'], 'act': 'statement', 'tone': 'critical'}}
  ],
  'rules': [{'id': 'in-kind', 'when': {'act': 'sanctions_imposed', 'source': 'USA', 'target': 'RUS'}, 'at_most': 1, 'delay_days': {'from': 5, 'to': 5},
    'then': {'source': ['RUS'], 'target': ['USA'], 'act': 'sanctions_imposed'}}],
  'outcomes': [{'id': 'confrontation', 'when': {'phase': {'dyad': 'RUS-USA', 'is': ['confrontation']}}, 'by': '2017-12-31'}]
}
";

fn in_kind() -> Desk {
    given([("in-kind.json", json(IN_KIND))])
}

#[test]
fn in_a_run_with_rules_an_effect_is_that_on_this_run_played_again() {
    let desk = in_kind();
    let all = rows(&desk, "why in-kind.json --format json");
    let of = |id: &str| {
        let rows = all["rows"].as_array().unwrap();
        let row = rows
            .iter()
            .find(|row| row["id"] == id && row["part"] == "event");
        row.unwrap().clone()
    };
    // Without the second round the rule answers the third.
    let note = of("second-round")["note"].as_str().unwrap().to_owned();
    assert!(note.contains("takes along in-kind@second-round"), "{note}");
    assert!(
        note.contains("in-kind@third-round would happen instead"),
        "{note}"
    );
    // Without the answer itself, too: it has not fired then.
    let note = of("in-kind@second-round")["note"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        note.contains("in-kind@third-round would happen instead"),
        "{note}"
    );
    // What hangs on an event by its time falls with it.
    let note = of("third-round")["note"].as_str().unwrap().to_owned();
    assert!(note.contains("takes along protest"), "{note}");
    desk.when("why in-kind.json --top 8")
        .then_exits(0)
        .when("why in-kind.json --at 2018-01-01 --top 3")
        .then_exits(0)
        .when("why in-kind.json --run 3 --set gain=0.2 --at protest --by source")
        .then_exits(0)
        .then_golden("why-rules");
}

#[test]
fn a_log_may_come_from_standard_input() {
    let desk = given([("log.jsonl", RECORDED)]);
    let mut command = desk.detente("why - --at 2017-01-27 --by source");
    command.stdin(std::fs::File::open(desk.path("log.jsonl")).unwrap());
    let from_input = String::from_utf8(command.output().unwrap().stdout).unwrap();
    let file = desk.detente("why log.jsonl --at 2017-01-27 --by source");
    let from_file = { file }.output().unwrap().stdout;
    let from_file = String::from_utf8(from_file).unwrap();
    assert_eq!(from_input.replace("standard input", "log.jsonl"), from_file);
}

/// Printed shares, to the hundredth, add up to the printed temperature in every table that is asked
/// for.
#[test]
fn printed_shares_add_up_to_the_last_digit() {
    let desk = blueland();
    for (history, dyads) in [
        ("log.jsonl", &["XBL-XRL"][..]),
        ("recorded", &["RUS-USA", "RUS-UKR", "EU-RUS", "JPN-USA"]),
    ] {
        for dyad in dyads {
            for options in [
                "--top 2",
                "--top 1 --sort date",
                "--by source",
                "--by act",
                "--by year",
                "--model stock",
                "--model goldstein-decay",
                "--set half_life_days=11 --set gain=0.37",
                "--set baseline_degrees=-9.99 --set standing_sanctions_degrees=-9.37",
            ] {
                let arguments = format!("why {history} --dyad {dyad} {options}");
                let output = desk.detente(&arguments).output().unwrap();
                let text = String::from_utf8(output.stdout).unwrap();
                assert_eq!(
                    sum_of_column(&text),
                    sum_that_is_told(&text),
                    "{arguments}\n{text}"
                );
            }
        }
    }
}

/// Where the column of shares ends: with the sum, behind which nothing stands.
fn end_of_shares(text: &str) -> usize {
    let sum = text.lines().find(|line| line.contains(" sum "));
    sum.unwrap().chars().count()
}

/// A number of two decimals that ends a cell, in hundredths.
fn hundredths(line: &str, end: usize) -> Option<i64> {
    let cell: String = line.chars().take(end).collect();
    let number = cell.rsplit(' ').next()?.to_owned();
    let is_number = number.chars().rev().nth(2) == Some('.');
    is_number.then(|| number.replace('.', "").parse().unwrap())
}

fn sum_of_column(text: &str) -> i64 {
    let end = end_of_shares(text);
    let body = text.lines().skip_while(|line| !line.contains('─')).skip(1);
    let body = body.take_while(|line| !line.contains(" sum "));
    // The column of pushes is empty where its line goes on.
    body.filter(|line| line.chars().count() >= end)
        .filter_map(|line| hundredths(line, end))
        .sum()
}

fn sum_that_is_told(text: &str) -> i64 {
    let line = text.lines().find(|line| line.contains(" sum ")).unwrap();
    let told = text
        .lines()
        .find_map(|line| line.strip_prefix("Temperature "));
    let told = told.unwrap().split(',').next().unwrap().replace('.', "");
    let sum = hundredths(line, end_of_shares(text)).unwrap();
    assert_eq!(told.parse(), Ok(sum), "{text}");
    sum
}

/// A scenario with a model of its own that ends before its log does.
const UNBOUNDED: &str =
    "{'title': 'No offer', 'base': 'log.jsonl', 'fork': {'before': 'offer'}, 'until': '2030-03-05',
  'model': {'preset': 'goldstein-decay'}, 'edits': [{'drop': {'event': 'offer', 'cascade': true}}]}
";

#[test]
fn a_log_is_compared_under_the_model_of_its_scenario_and_until_that_ends() {
    let desk = blueland();
    desk.write("quiet.json", json(UNBOUNDED));
    desk.when("compare log.jsonl quiet.json")
        .then_exits(1)
        .when("compare log.jsonl quiet.json --to 2030-02-01 --model goldstein-decay")
        .then_exits(1)
        .when("compare log.jsonl quiet.json --model detente --format csv")
        .then_exits(1)
        .when("compare log.jsonl quiet.json --set half_life_days=20,40")
        .then_exits(0)
        .when("compare log.jsonl quiet.json --model detente --models goldstein-decay")
        .then_exits(1)
        .when("compare log.jsonl quiet.json --to 2029-01-01")
        .then_exits(2)
        .when("replay quiet.json")
        .then_exits(2)
        .when("log verify quiet.json")
        .then_exits(2)
        .then_golden("compare-model-of-scenario");
}

#[test]
fn a_comparison_is_tried_under_other_models() {
    given([("in-kind.json", json(IN_KIND))])
        .when("compare recorded in-kind.json --models all")
        .then_exits(0)
        .when("compare recorded in-kind.json --models goldstein-decay --set half_life_days=20")
        .then_exits(0)
        .when("compare recorded in-kind.json --models detente,stock --dyad RUS-USA")
        .then_exits(0)
        .when("compare recorded in-kind.json --set half_life_days=90,none --set gain=0.1..0.3:3 --dyad RUS-USA")
        .then_exits(0)
        .when("compare recorded in-kind.json --models stock --set gain=0.4 --format json --dyad RUS-USA")
        .then_exits(0)
        .when("compare recorded in-kind.json --models stock --format csv --dyad RUS-USA")
        .then_exits(0)
        .when("compare recorded recorded --models all")
        .then_exits(0)
        .then_golden("compare-models");
}

#[test]
fn models_and_ladders_that_cannot_be_are_refused() {
    given([("in-kind.json", json(IN_KIND))])
        .when("compare recorded in-kind.json --models stok")
        .then_exits(2)
        .when("compare recorded in-kind.json --models all --dyad FRA-RUS")
        .then_exits(2)
        .when("compare recorded in-kind.json --set gain=0.1,2 --set half_live_days=1,2 --set gain=0.5,0.6")
        .then_exits(2)
        .when("compare recorded in-kind.json --set gain=0.1,x --set gain=0.1,")
        .then_exits(2)
        .then_golden("compare-models-refused");
}

/// What is uncertain is drawn, but not where a model or a ladder fixes it.
#[test]
fn what_a_model_or_a_ladder_fixes_is_not_drawn() {
    let uncertain = json(IN_KIND).replace(
        "\"rules\"",
        "\"uncertain\": {\"half_life_days\": {\"uniform\": [30, 300]}}, \"rules\"",
    );
    let desk = given([
        ("in-kind.json", json(IN_KIND)),
        ("uncertain.json", uncertain),
    ]);
    let own =
        "compare in-kind.json uncertain.json --set gain=0.2,0.25 --dyad RUS-USA --format json";
    let drawn = rows(&desk, own);
    let gaps = |rows: &Value| -> Vec<f64> {
        let rows = rows["rows"].as_array().unwrap().clone();
        rows.iter()
            .map(|row| row["gaps"][0].as_f64().unwrap())
            .collect()
    };
    assert!(gaps(&drawn).iter().all(|gap| *gap != 0.0), "{drawn}");
    for fixed in ["--models all", "--set half_life_days=60,180"] {
        let arguments =
            format!("compare in-kind.json uncertain.json {fixed} --dyad RUS-USA --format json");
        let tried = rows(&desk, &arguments);
        assert!(gaps(&tried)[1..].iter().all(|gap| *gap == 0.0), "{tried}");
    }
}

#[test]
fn a_sweep_tells_every_point_of_a_grid() {
    in_kind()
        .when("sweep in-kind.json --set half_life_days=60,180,none --set gain=0.1..0.5:3")
        .then_exits(0)
        .when("sweep in-kind.json --set gain=0.1..0.3:2 --set saturation=true,false --dyad RUS-USA --format csv")
        .then_exits(0)
        .when("sweep in-kind.json --set gain=0.3 --model stock --dyad RUS-USA --format json")
        .then_exits(0)
        .when("sweep in-kind.json --set gain=0.3 --dyad RUS-USA --runs 50")
        .then_exits(0)
        .then_golden("sweep");
}

#[test]
fn a_sweep_over_many_runs_counts_as_an_ensemble_does() {
    let desk = given([("none", "")]);
    let summit = std::fs::read_to_string("scenarios/summit-by-chance.json").unwrap();
    let with_gain = summit.replacen("\"seed\"", "\"model\": {\"gain\": 0.2}, \"seed\"", 1);
    assert_ne!(with_gain, summit);
    desk.write("summit.json", summit);
    desk.write("gain.json", with_gain);
    let swept = rows(
        &desk,
        "sweep summit.json --set gain=0.2 --runs 400 --format json",
    );
    let counted = rows(&desk, "ensemble gain.json --runs 400 --format json");
    let point = &swept["points"][0];
    let fans = counted["scenarios"][0]["fans"].as_array().unwrap();
    let last = fans.iter().rfind(|fan| fan["dyad"] == "RUS-USA").unwrap();
    assert_eq!(point["temperatures"]["RUS-USA"], last["mean"]);
    for outcome in counted["scenarios"][0]["outcomes"].as_array().unwrap() {
        let share = outcome["share"].as_f64().unwrap();
        let swept = &point["outcomes"][outcome["outcome"].as_str().unwrap()];
        assert_eq!(swept.as_f64(), Some(share));
    }
}

#[test]
fn a_sweep_is_the_same_for_any_number_of_threads() {
    let scenario = store::scenario(Path::new("scenarios/summit-by-chance.json")).unwrap();
    let axes = [
        "gain=0.1..0.5:7".to_owned(),
        "half_life_days=60,90,none".to_owned(),
    ];
    let grid = Grid::new(Axis::read_all(&axes).unwrap()).unwrap();
    for runs in [1, 20] {
        let luck = Luck { seed: 7, run: 0 };
        let sweep = Sweep::new(scenario.clone(), None, grid.clone(), luck, runs, &[]).unwrap();
        let one = sweep.read(0..21, 1, &Control::default()).unwrap();
        assert_eq!(one.len(), 21);
        for threads in [2, 5, 64] {
            assert_eq!(
                sweep.read(0..21, threads, &Control::default()).unwrap(),
                one
            );
        }
        assert_eq!(sweep.read(4..9, 3, &Control::default()).unwrap(), one[4..9]);
        assert_eq!(sweep.read(4..4, 3, &Control::default()).unwrap(), []);
    }
}

#[test]
fn a_point_of_a_sweep_is_the_run_under_that_model() {
    let desk = in_kind();
    let swept = rows(
        &desk,
        "sweep in-kind.json --set half_life_days=77 --set gain=0.123 --format json",
    );
    let model = "\"model\": {\"half_life_days\": 77, \"gain\": 0.123}, \"rules\"";
    desk.write("other.json", json(IN_KIND).replace("\"rules\"", model));
    let run = rows(&desk, "run other.json --dyad RUS-USA --format json");
    let temperature = &swept["points"][0]["temperatures"]["RUS-USA"];
    assert_eq!(*temperature, run["state"]["dyads"][0]["temperature"]);
}

#[test]
fn grids_that_cannot_be_are_refused() {
    in_kind()
        .when("sweep in-kind.json")
        .then_exits(2)
        .when("sweep in-kind.json --set half_life_days=30..365:1000 --set gain=0.1..0.6:1000")
        .then_exits(2)
        .when("sweep in-kind.json --set half_life_days=30..365:1000 --set gain=0.1..0.6:1000 --format json")
        .then_exits(2)
        .when("sweep in-kind.json --set half_life_days=30..365:10000 --set gain=0.1..0.6:10000 --format csv")
        .then_exits(2)
        .when("sweep in-kind.json --set half_life_days=30..365:99999999999")
        .then_exits(2)
        .when("sweep in-kind.json --set gain --set gain=1..2 --set gain=a..b:3 --set gain=1,,2 --set gain=0..1:1 --set gain=1..1:2 --set gain=1,1")
        .then_exits(2)
        .when("sweep in-kind.json --set gian=0.1,0.2 --set gain=0.5..1.5:3 --set weights=cameo --set spillover=0 --set spillover=1")
        .then_exits(2)
        .when("sweep in-kind.json --set gain=0.5 --dyad FRA-RUS")
        .then_exits(2)
        .when("sweep nowhere.json --set gain=0.5")
        .then_exits(2)
        .then_golden("sweep-refused");
}

#[test]
fn a_rule_that_never_acts_changes_no_reason() {
    let scenario = |rules: &str| {
        format!(
            r#"{{"title": "As it was", "base": "recorded", "fork": {{"after": "us-ru-call"}}, "until": "2017-06-30", "edits": []{rules}}}"#
        )
    };
    let rule = r#", "rules": [{"id": "answer", "when": {"act": "attack", "source": "RUS"}, "then": {"source": ["USA"], "target": ["RUS"], "act": "sanctions_imposed"}}]"#;
    let desk = given([("plain.json", scenario("")), ("rule.json", scenario(rule))]);
    let [plain, rule] = ["plain.json", "rule.json"].map(|name| {
        let arguments = format!("why {name} --dyad RUS-USA --format csv");
        let output = desk.detente(&arguments).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let mut notes: Vec<String> = csv::Reader::from_reader(text.as_bytes())
            .deserialize::<std::collections::BTreeMap<String, String>>()
            .map(|row| row.unwrap()["note"].clone())
            .collect();
        notes.sort_unstable();
        notes
    });
    assert!(plain.iter().any(|note| note.contains("bounded reading")));
    assert_eq!(plain, rule);
}
