//! From which day to which one looks, and how often: a crisis of days has a picture of days.

use crate::cli::{Desk, given};

/// A crisis of twelve days between two countries that were made up.
const CRISIS: &str = "\
date,source,target,act,title,measure,tone,number,caused_by,id
2031-03-01,XBL,XRL,statement,Blueland speaks of pirates,,critical,,,pirates
2031-03-03,XRL,XBL,sanctions_imposed,Redland bans fish,fish-ban,,,,ban
2031-03-03,XBL,XRL,diplomats_expelled,Blueland expels six,,,6,ban,
2031-03-04,XBL;XRL,,call,The ministers speak,,,,,call
";

/// What may happen on the sixth day.
const SCENARIO: &str = r#"{
  "title": "The patrol boat",
  "base": "crisis.jsonl",
  "fork": {"after": "call"},
  "tail": "keep",
  "until": "2031-03-12",
  "seed": 3,
  "edits": [],
  "chance": [{"id": "boat", "date": "2031-03-06", "options": [
    {"label": "fired upon", "probability": 0.3, "events": [
      {"id": "shots", "source": ["XRL"], "target": ["XBL"], "act": "attack"}]},
    {"label": "let go", "probability": 0.7, "events": [
      {"id": "release", "source": ["XRL"], "target": ["XBL"], "act": "statement", "tone": "optimistic"}]}]}],
  "rules": [{"id": "answer", "when": {"act": "attack", "source": "XRL"}, "probability": 0.5,
    "delay_days": {"from": 1, "to": 3},
    "then": {"source": ["XBL"], "target": ["XRL"], "act": "sanctions_imposed"}}],
  "outcomes": [{"id": "cold", "when": {"temperature": {"dyad": "XBL-XRL", "below": -6}}}]
}
"#;

fn crisis() -> Desk {
    let desk = given([("moves.csv", CRISIS), ("boat.json", SCENARIO)]);
    desk.when("log append crisis.jsonl moves.csv --recorded 2031-04-01")
        .then_exits(0)
}

#[test]
fn a_crisis_of_twelve_days_has_a_fan_of_days() {
    crisis()
        .when("ensemble boat.json --runs 1000")
        .then_exits(0)
        .when("ensemble boat.json --runs 1000 --every 2031-03-06,2031-03-09 --format csv")
        .then_exits(0)
        .when("ensemble boat.json --runs 1000 --chart --width 76")
        .then_exits(0)
        .then_golden("window-fan");
}

#[test]
fn every_command_looks_from_a_day_to_a_day() {
    crisis()
        .when("replay crisis.jsonl --from 2031-03-03 --to 2031-03-10")
        .then_exits(0)
        .when("replay crisis.jsonl --from 2031-03-02 --to 2031-03-06 --every day")
        .then_exits(0)
        .when("replay crisis.jsonl --every 2031-03-02,2031-03-04 --format csv")
        .then_exits(0)
        .when("replay crisis.jsonl --every week --to 2031-03-20 --format json")
        .then_exits(0)
        .when("replay crisis.jsonl --from 2031-03-03 --chart --width 70")
        .then_exits(0)
        .when("compare crisis.jsonl boat.json --from 2031-03-05")
        .then_exits(1)
        .when("compare crisis.jsonl boat.json --every 2031-03-06,2031-03-08 --format csv")
        .then_exits(1)
        .when("why crisis.jsonl --from 2031-03-03 --to 2031-03-10")
        .then_exits(0)
        .when("why crisis.jsonl --every 2031-03-01,2031-03-03 --format csv")
        .then_exits(0)
        .when("sweep boat.json --set gain=0.1,0.3 --every 2031-03-05,2031-03-12")
        .then_exits(0)
        .when("sweep boat.json --set gain=0.1,0.3 --to 2031-03-05 --format csv")
        .then_exits(0)
        .then_golden("window-commands");
}

#[test]
fn a_window_without_days_is_refused() {
    crisis()
        .when("ensemble boat.json --from 2031-03-10 --to 2031-03-08")
        .then_exits(2)
        .when("ensemble boat.json --to 2031-04-10")
        .then_exits(2)
        .when("ensemble boat.json --every 2031-03-06,2031-04-06")
        .then_exits(2)
        .when("ensemble boat.json --every fortnight")
        .then_exits(2)
        .when("replay crisis.jsonl --from 2032-01-01 --every day")
        .then_exits(2)
        .when("replay crisis.jsonl --every day --chart")
        .then_exits(2)
        .when("compare crisis.jsonl boat.json --from 2031-03-13")
        .then_exits(2)
        .when("compare crisis.jsonl boat.json --models all --from 2031-03-03")
        .then_exits(2)
        .when("sweep boat.json --set gain=0.1,0.3 --to 2031-05-05")
        .then_exits(2)
        .when("why crisis.jsonl --every day --chart")
        .then_exits(2)
        .then_golden("window-refused");
}

#[test]
fn parts_that_looked_on_other_dates_are_not_added_up() {
    let desk = crisis();
    for (name, options) in [
        ("1.json", "--shard 1/2"),
        ("2.json", "--shard 2/2"),
        ("other.json", "--shard 2/2 --every 2031-03-06,2031-03-12"),
    ] {
        let typed = format!("ensemble boat.json --runs 100 -o {name} {options}");
        let saved = desk.detente(&typed).output().unwrap();
        assert!(saved.status.success(), "{saved:?}");
    }
    desk.when("merge 1.json other.json")
        .then_exits(2)
        .when("merge 1.json 2.json")
        .then_exits(0)
        .then_golden("window-parts");
}

#[test]
fn a_picture_of_some_years_is_made_of_all_that_came_before() {
    let recorded = |options: &str| {
        let desk = given([("unused", "")]);
        let output = desk.detente(&format!("replay {options}")).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let late = recorded("--dyad RUS-USA --from 2017-01-01 --format csv");
    let all = recorded("--dyad RUS-USA --format csv");
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let (late, all) = (lines(&late), lines(&all));
    assert!(late.len() < all.len());
    assert_eq!(late[0], all[0]);
    assert!(all.ends_with(&late[1..]));
    let figure = recorded("--dyad RUS-USA --from 2016-01-01 --format svg");
    assert!(figure.contains("from 2016-01-01 to"), "{figure}");
}

/// What a command prints.
fn printed(desk: &Desk, typed: &str) -> String {
    let output = desk.detente(typed).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn swings_within_a_day_are_drawn_as_one_step() {
    let desk = given([(
        "moves.csv",
        "date,source,target,act,stage\n\
         2031-03-01,XBL,XRL,statement,\n\
         2031-03-05,XBL,XRL,attack,\n\
         2031-03-05,XBL,XRL,agreement,signed\n\
         2031-03-09,XBL,XRL,statement,\n",
    )]);
    let desk = desk
        .when("log append day.jsonl moves.csv --recorded 2031-04-01")
        .then_exits(0);
    let levels = printed(&desk, "replay day.jsonl --every day --format csv");
    let temperatures = levels.lines().skip(1);
    let temperatures = temperatures.filter_map(|line| line.split(',').nth(2)?.parse::<f64>().ok());
    let coldest = temperatures.fold(f64::INFINITY, f64::min);
    let figure = printed(&desk, "replay day.jsonl --format svg");
    assert!(
        figure.contains(&format!("coldest {coldest:.2} on")),
        "{figure}"
    );
    assert!(figure.contains("A day with several events is one step"));
    let none = printed(&desk, "replay day.jsonl --to 2031-03-04 --format svg");
    assert!(!none.contains("is one step"), "{none}");
}

#[test]
fn titles_are_wrapped_and_not_cut() {
    let words: Vec<_> = (1..=30).map(|number| format!("word{number}")).collect();
    let title = words.join(" ");
    let desk = given([(
        "moves.csv",
        format!("date,source,target,act,title\n2031-03-01,XBL,XRL,attack,{title}\n"),
    )]);
    let desk = desk
        .when("log append long.jsonl moves.csv --recorded 2031-04-01")
        .then_exits(0);
    for format in [
        "--format svg",
        "--format svg --width 240",
        "--chart --width 40",
    ] {
        let figure = printed(&desk, &format!("replay long.jsonl {format}"));
        assert!(!figure.contains('…'), "{figure}");
        for word in &words {
            let is_there = figure.split(['<', '>', ' ', '\n']).any(|it| it == word);
            assert!(is_there, "{word}\n{figure}");
        }
    }
}

#[test]
fn a_report_says_how_it_is_read_prints_whole_and_has_large_type() {
    let desk = crisis();
    let page = printed(
        &desk,
        "report crisis.jsonl boat.json --runs 100 --from 2031-03-02 -o -",
    );
    for part in [
        "From 2031-03-02 to 2031-03-12",
        "Up is warm, down is cold",
        "Numbers in the chart are events, named below it.",
        "Table: temperatures of XBL-XRL at the end of each day",
        "the runs at the end of each day",
        "<option value=\"large\">",
        ":root[data-type=large]",
        ".scroll{overflow:visible}",
        "detente report crisis.jsonl boat.json --from 2031-03-02 --runs 100",
    ] {
        assert!(page.contains(part), "{part}");
    }
    // The first statement lies before what is looked at, and is no event of the page.
    assert!(!page.contains("Blueland speaks of pirates</bdi></li>"));
}

/// Two dyads one after the other; more happens in the second.
const TWO_DYADS: &str = "\
date,source,target,act,tone,id
2001-01-01,USA,RUS,statement,critical,word
2002-01-01,XYA,XYB,statement,critical,other-word
2002-01-02,XYA,XYB,statement,critical,another-word
";

fn told(desk: &Desk, arguments: &str) -> String {
    let output = desk.detente(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_dyad_that_is_followed_is_one_that_something_moves_before_the_end() {
    let desk = given([("rows.csv", TWO_DYADS)]);
    let desk = desk
        .when("log append log.jsonl rows.csv --recorded 2031-04-01")
        .then_exits(0);
    for arguments in [
        "replay log.jsonl --to 2001-06-01",
        "replay log.jsonl --to word",
        "replay log.jsonl --to 2001-06-01 --every month",
        "replay log.jsonl --to 2001-06-01 --state-only",
        "replay log.jsonl --to 2001-06-01 --chart",
        "why log.jsonl --at 2001-06-01",
        "why log.jsonl --at word --model evidence",
    ] {
        let said = told(&desk, arguments);
        assert!(said.contains("RUS-USA"), "{arguments}: {said}");
        assert!(!said.contains("Dyad: XYA"), "{arguments}: {said}");
    }
    let whole = told(&desk, "replay log.jsonl");
    assert!(whole.contains("Dyad: XYA-XYB"), "{whole}");
}

#[test]
fn a_table_without_rows_has_its_header() {
    let nothing = r#"{"title": "Before all", "base": "crisis.jsonl", "fork": {"date": "2030-01-01"},
        "until": "2030-02-01"}"#;
    let desk = crisis();
    let told = |command: &str| {
        let output = desk.detente(command).output().unwrap();
        assert!(output.status.success(), "{command}");
        String::from_utf8(output.stdout).unwrap()
    };
    let (all, none) = ("replay crisis.jsonl", " --as-known-on 2010-01-01");
    for rest in [" --every month --format csv", " --format csv"] {
        let [whole, empty] = [
            told(&format!("{all}{rest}")),
            told(&format!("{all}{none}{rest}")),
        ];
        assert_eq!(whole.lines().next(), empty.lines().next());
        assert_eq!(
            (empty.lines().count(), whole.lines().count() > 1),
            (1, true)
        );
    }
    desk.write("nothing.json", nothing);
    let of = |scenario: &str| told(&format!("ensemble {scenario} --runs 2 --format csv"));
    let (whole, empty) = (of("boat.json"), of("nothing.json"));
    assert_eq!(whole.lines().next(), empty.lines().next());
    assert_eq!(empty.lines().count(), 1);
}
