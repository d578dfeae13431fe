//! What was known on a day: commands that look at logs read them as if they ended there.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::cli::{Desk, given, json};
use std::process::Output;

const DAY: &str = "2030-02-01";

/// A log of which two events were known on the day; then an earlier one came up, another was
/// retracted, and a name was given.
fn desk() -> Desk {
    let said = |id: &str, date: &str| {
        let of = "'source': ['XBL'], 'target': ['XRL'], 'act': 'statement', 'tone': 'critical'";
        json(&format!("{{'id': '{id}', 'date': '{date}', {of}}}\n"))
    };
    let title = "'act': 'describes', 'title': 'The strait'";
    let early = said("first", "2030-01-05") + &said("second", "2030-01-20");
    let late = said("unknown-yet", "2030-01-10")
        + &json(&format!(
            "{{'id': 'about', 'date': '2030-01-01', {title}}}\n"
        ));
    let what_if = "{'title': 'Without', 'base': 'log.jsonl', 'fork': {'before': 'second'},
        'edits': [{'drop': {'event': 'second'}}]}";
    let desk = given([
        ("early.json", early),
        ("late.json", late),
        ("what-if.json", json(what_if)),
        ("another.json", json(what_if)),
    ]);
    desk.when("log append log.jsonl early.json --recorded 2030-01-25")
        .then_exits(0)
        .when("log append as-it-was.jsonl early.json --recorded 2030-01-25")
        .then_exits(0)
        .when("log append log.jsonl late.json --recorded 2030-03-01")
        .then_exits(0)
        .when("log retract log.jsonl first --recorded 2030-03-02")
        .then_exits(0)
}

fn run(desk: &Desk, arguments: &str) -> Output {
    desk.detente(arguments).output().unwrap()
}

/// What a command prints, without what tells the two logs apart.
fn printed(desk: &Desk, arguments: &str) -> String {
    let output = run(desk, arguments);
    let says = String::from_utf8(output.stderr).unwrap();
    assert!(!says.contains("error"), "{arguments}: {says}");
    String::from_utf8(output.stdout)
        .unwrap()
        .replace("as-it-was.jsonl", "log.jsonl")
}

#[test]
fn what_was_known_on_a_day_is_read_alike_by_every_command() {
    let desk = desk();
    for (command, further) in [
        ("replay", ""),
        ("why", ""),
        ("why", " --by source --every week"),
        ("compare recorded", " --every month"),
        ("compare recorded", " --models all"),
    ] {
        let known = format!(", as known on {DAY}");
        let then = format!("{command} log.jsonl{further} --as-known-on {DAY}");
        let then = printed(&desk, &then);
        assert!(then.contains(&known), "{command}: {then}");
        let wanted = printed(&desk, &format!("{command} as-it-was.jsonl{further}"));
        let wanted = wanted.replace("2 of 2 events", "2 of 5 events");
        assert_eq!(then.replace(&known, ""), wanted, "{command}{further}");
    }
    let page = |arguments: &str| printed(&desk, &format!("report {arguments} -o -"));
    let then = page(&format!("log.jsonl --as-known-on {DAY}"));
    assert!(then.contains("<title>log.jsonl, as known on 2030-02-01</title>"));
    assert!(then.contains("--as-known-on 2030-02-01 --runs"));
    assert!(then.contains("first") && !then.contains("unknown-yet"));
    let now = page("log.jsonl");
    assert!(now.contains("<title>The strait</title>") && now.contains("unknown-yet"));
}

#[test]
fn what_is_not_known_yet_cannot_be_looked_back_from() {
    let desk = desk();
    let output = run(
        &desk,
        &format!("why log.jsonl --at unknown-yet --as-known-on {DAY}"),
    );
    assert_eq!(output.status.code(), Some(2));
    let says = String::from_utf8(output.stderr).unwrap();
    assert!(
        says.contains("the history has no event `unknown-yet`"),
        "{says}"
    );
}

#[test]
fn a_scenario_is_not_read_as_known_on_a_day() {
    let desk = desk();
    for (command, times) in [
        ("why what-if.json", 1),
        ("compare log.jsonl what-if.json another.json", 2),
        ("report log.jsonl what-if.json -o page.html", 1),
    ] {
        let output = run(&desk, &format!("{command} --as-known-on {DAY}"));
        assert_eq!(output.status.code(), Some(2), "{command}");
        assert!(output.stdout.is_empty());
        let says = String::from_utf8(output.stderr).unwrap();
        let refused = "a scenario is not read as known on a day";
        assert_eq!(says.matches(refused).count(), times, "{says}");
        assert!(says.contains("--as-known-on is for logs"), "{says}");
        assert!(!desk.path("page.html").exists());
    }
}
