//! Slips of whoever edits a scenario under time pressure: each is told for what it is.

use crate::cli::{Desk, given};
use crate::refusal::{changed_in, passes, refuses_in};

const GOOD: &str = r#"{
  "title": "A thaw",
  "base": "recorded",
  "fork": {"before": "us-jp-call"},
  "until": "2018-12-31",
  "edits": [
    {"insert": {"id": "visit", "date": "2017-05-01", "source": ["USA"], "target": ["RUS"],
      "act": "visit", "weight": 0.5}},
    {"drop": {"event": "us-au-call"}}
  ],
  "outcomes": [
    {"id": "warm", "when": {"temperature": {"dyad": "RUS-USA", "above": -1.5}}}
  ]
}
"#;

#[test]
fn a_slip_of_writing_is_shown_where_it_is() {
    refuses_in(
        GOOD,
        "slips",
        &[
            ("a comma for a point", "0.5", "0,5"),
            ("with a sign", "-1.5", "-1,5"),
            ("printed quotation marks", r#""A thaw""#, "“A thaw”"),
            ("one of them at the end", r#""title": "#, r#""title”: "#),
            ("one at the end of a line", r#""A thaw","#, r#""A thaw”,"#),
            ("a brace that nothing closes", "-1.5}}}", "-1.5}}"),
            (
                "a brace that nothing closes within a list",
                r#""weight": 0.5}}"#,
                r#""weight": 0.5}"#,
            ),
            ("a bracket", "\n  ],\n  \"out", ",\n  \"out"),
            ("the last brace", "  ]\n}", "  ]"),
            ("a name in a list of codes", r#"["RUS"]"#, r#"["Russia"]"#),
            ("two codes in one text", r#"["USA"]"#, r#"["USA, DEU"]"#),
            ("a name that is nobody's", r#"["RUS"]"#, r#"["Redland"]"#),
            ("a dyad by names", "RUS-USA", "Russia-United States"),
        ],
    );
}

#[test]
fn a_byte_order_mark_before_a_scenario_is_no_matter() {
    let marked = format!("\u{feff}{GOOD}");
    passes(&marked);
    // Nor is it a letter of the first line.
    let one_line = |text: &str| changed_in(&text.replace('\n', " "), "\"until\"", "\"untl\"");
    let desk = given([
        ("plain.json", one_line(GOOD)),
        ("marked.json", one_line(&marked)),
    ]);
    let says = |name: &str| {
        let output = desk.detente(&format!("check {name}")).output().unwrap();
        String::from_utf8(output.stderr)
            .unwrap()
            .replace(name, "FILE")
    };
    assert_eq!(says("plain.json"), says("marked.json"));
    // Its actors are named by its base all the same.
    let named = changed_in(
        GOOD,
        "\"base\"",
        "\"names\": {\"USA\": \"Washington\"}, \"base\"",
    );
    let desk = given([("marked.json", format!("\u{feff}{named}"))]);
    let desk = desk
        .when("run marked.json --dyad Washington-Russia")
        .then_exits(0);
    drop(desk);
}

fn folder() -> Desk {
    let names = "id,date,act,source,target,names\n\
        who,2031-03-01,describes,,,XBL:Blueland;XRL:Redland\n\
        talk,2031-03-02,demand,XBL,XRL,\n";
    let scenario = |base: &str, dyad: &str| {
        format!(
            "{{\"title\": \"T\", \"base\": \"{base}\", \"fork\": {{\"date\": \"2031-03-02\"}},\n\
             \"until\": \"2031-04-01\", \"edits\": [\n\
             {{\"insert\": {{\"id\": \"a\", \"date\": \"2031-03-05\", \"source\": [\"{}\"],\n\
             \"target\": [\"XBL\"], \"act\": \"demand\"}}}}],\n\
             \"outcomes\": [{{\"id\": \"o\", \"when\": {{\"temperature\": {{\"dyad\": \"{dyad}\", \"above\": 0}}}}}}]}}\n",
            if dyad.starts_with("XBL") {
                "XRL"
            } else {
                "Redlnad"
            },
        )
    };
    given([
        ("strait.csv", names.to_owned()),
        (
            "data.csv",
            "Event Date,Source,Target,Code,Goldstein\n2031-03-02,a,b,042,1\n".to_owned(),
        ),
        ("book.xlsx", "PK\u{3}\u{4}".to_owned()),
        ("misspelt.json", scenario("strat.jsonl", "XBL-XRL")),
        ("stem.json", scenario("strait", "XBL-XRL")),
        ("own.json", scenario("own", "XBL-XRL")),
        ("shipped.json", scenario("recorde", "XBL-XRL")),
        ("table.json", scenario("strait.csv", "XBL-XRL")),
        ("coded.json", scenario("data.csv", "XBL-XRL")),
        ("packed.json", scenario("book.xlsx", "XBL-XRL")),
        ("named.json", scenario("strait.jsonl", "Blueland-Redland")),
    ])
    .when("log append strait.jsonl strait.csv --recorded 2031-03-02")
    .then_exits(0)
}

#[test]
fn a_base_that_is_none_is_told_where_the_scenario_names_it() {
    let mut desk = folder();
    for name in [
        "misspelt", "stem", "own", "shipped", "table", "coded", "packed",
    ] {
        desk = desk.when(&format!("check {name}.json")).then_exits(2);
    }
    desk.then_golden("slips-bases");
}

#[test]
fn names_that_the_base_gives_are_known_again_in_the_place_of_codes() {
    folder()
        .when("check named.json")
        .then_exits(2)
        .then_golden("slips-names");
}

#[test]
fn dates_outside_of_a_history_are_told_with_the_option_that_reaches_them() {
    folder()
        .when("replay strait.jsonl --every 2031-02-01,2031-03-02,2031-03-20,2031-04-01")
        .then_exits(2)
        .when("replay strait.jsonl --every 2031-03-02,2031-04-01 --to 2031-04-01")
        .then_exits(0)
        .then_golden("slips-dates");
}
