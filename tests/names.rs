//! Names in event data: those that no actor is found for are listed, a table says who they are, and
//! states are coded as other data sets have it. Rows are made up, in the formats of the published
//! data.

use crate::cli::given;
use detente::store::Given;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

/// Quadruples in which a president is called by name, made up.
const QUADRUPLES: &str = "\
Donald Trump\tConsult\tRussia\t2016-10-02
Donald Trump\tThreaten\tRussia\t2018-10-03
Donald Trump\tThreaten\tRussia\t2018-10-04
Russia\tConsult\tVladimir Who\t2018-10-05
Russia\tConsult\tGovernment (United States)\t2018-10-06
Vladimir Who\tConsult\tDonald Trump\t2018-10-07
=1+1\tConsult\tBrazil\t2018-10-08
Africa\tConsult\tBrazil\t2018-10-09
";

const INDEX: &str = "index icews-quadruples rows.tsv --threads 1";

#[test]
fn names_without_an_actor_are_listed_and_the_list_filled_in_says_who_they_are() {
    let desk = given([("rows.tsv", QUADRUPLES)])
        .when(&format!("{INDEX} --unmatched names.csv -o table.csv"))
        .then_exits(0);
    let names = String::from_utf8(desk.read("names.csv")).unwrap();
    let filled = names.replace("Donald Trump,,", "Donald Trump,USA,");
    desk.write("filled.csv", filled.as_bytes());
    desk.write(
        "dated.csv",
        "name,actor,from,to\ndonald TRUMP,USA,2017-01-20,2021-01-20\nNobody At All,USA,,\n",
    );
    desk.write("listed", names);
    desk.when(&format!(
        "{INDEX} --actors-map filled.csv -o filled-table.csv"
    ))
    .then_exits(0)
    .when(&format!("{INDEX} --actors-map dated.csv --dyad RUS-USA"))
    .then_exits(0)
    .then_golden("names-listed-and-filled-in");
}

#[test]
fn marks_in_a_name_are_listed_as_they_are_read() {
    let rows = "date,source,target,code\n2030-01-03,\"John \"\"Jack\"\" Doe\",RUS,036\n\
                2030-01-04,USA,RUS,036\n";
    let desk = given([("rows.csv", rows)])
        .when("index rows.csv --unmatched names.csv")
        .then_exits(0);
    let names = String::from_utf8(desk.read("names.csv")).unwrap();
    let mut lines = csv::Reader::from_reader(names.as_bytes());
    let first = lines.records().next().unwrap().unwrap();
    assert_eq!(&first[0], "John \"Jack\" Doe");
    desk.write("who.csv", names.replace("Doe\",,", "Doe\",USA,"));
    desk.when("index rows.csv --actors-map who.csv -o table.csv")
        .then_exits(0);
}

#[test]
fn the_list_is_most_frequent_first_with_why_and_when_whatever_the_threads_and_the_split() {
    let lines: Vec<_> = QUADRUPLES.lines().collect();
    let (one, other) = lines.split_at(3);
    let desk = given([
        ("rows.tsv", QUADRUPLES.to_owned()),
        ("one.tsv", one.join("\n")),
        ("other.tsv", other.join("\n")),
    ])
    .when(&format!("{INDEX} --unmatched names.csv -o table.csv"))
    .then_exits(0)
    .when("index other.tsv one.tsv --threads 3 --unmatched again.csv -o table-2.csv")
    .then_exits(0);
    let names = String::from_utf8(desk.read("names.csv")).unwrap();
    assert_eq!(
        names,
        "name,actor,rows,why,first,last\n\
         Donald Trump,,4,a source or target of no known actor,2016-10-02,2018-10-07\n\
         Vladimir Who,,2,a source or target of no known actor,2018-10-05,2018-10-07\n\
         '=1+1,,1,a source or target of no known actor,2018-10-08,2018-10-08\n\
         Africa,,1,a region or a group without a state,2018-10-09,2018-10-09\n"
    );
    assert_eq!(desk.read("names.csv"), desk.read("again.csv"));
    assert_eq!(desk.read("table.csv"), desk.read("table-2.csv"));
}

#[test]
fn with_dyads_and_dates_only_names_of_rows_that_could_be_theirs_are_listed() {
    let desk = given([("rows.tsv", QUADRUPLES)])
        .when(&format!(
            "{INDEX} --dyad RUS-USA --from 2018-10-04 --unmatched names.csv -o table.csv"
        ))
        .then_exits(0);
    let names = String::from_utf8(desk.read("names.csv")).unwrap();
    let names: Vec<_> = names
        .lines()
        .skip(1)
        .map(|it| it.split(",,").next())
        .collect();
    assert_eq!(names, [Some("Donald Trump"), Some("Vladimir Who")]);
}

#[test]
fn everything_that_is_wrong_with_a_table_of_names_is_told_at_once() {
    let map = "name,actor,from,to\n\
               Donald Trump,US,2017-01-20,\n\
               Donald Trump,RUS,20.1.2017,\n\
               Jane Doe,USA,2017-01-20,2021-01-20\n\
               jane doe,RUS,2021-01-20,2025-01-20\n\
               John Roe,USA,,\n\
               JOHN ROE,RUS,,\n\
               !!,USA,,\n\
               Backwards,USA,2021-01-20,2017-01-20\n\
               Too,USA,,,many\n\
               \"Open,USA,,\n";
    given([
        ("rows.tsv", QUADRUPLES),
        ("map.csv", map),
        ("columns.csv", "name,actors,to,to\nDonald Trump,USA,,\n"),
        ("empty.csv", ""),
    ])
    .when(&format!("{INDEX} --actors-map map.csv"))
    .then_exits(2)
    .when(&format!("{INDEX} --actors-map columns.csv"))
    .then_exits(2)
    .when(&format!("{INDEX} --actors-map empty.csv"))
    .then_exits(2)
    .then_golden("bad-table-of-names");
}

/// Rows with the numbers of Correlates of War, made up.
const COW: &str = "\
date,source,target,code
1989-11-09,265,260,036
1990-11-09,255,2,036
1990-11-10,260,2,036
2014-03-18,365.0,2,163
1985-03-11,365,2,036
2014-03-18,817,2,036
2014-03-18,RUS,345,036
";

#[test]
fn numbers_of_states_are_read_and_written_as_they_hold_on_the_day() {
    given([("rows.csv", COW)])
        .when("index csv rows.csv --actor-codes cow,gw,iso2 --every year -o table.csv --unmatched names.csv --threads 1")
        .then_exits(0)
        .when("import csv rows.csv --actor-codes cow --dyad SUN-USA --threads 1")
        .then_exits(0)
        .then_golden("numbers-of-states");
    let desk = given([("rows.csv", COW)])
        .when("index csv rows.csv --actor-codes cow,gw,iso2 --every year -o table.csv --threads 1")
        .then_exits(0);
    let table = String::from_utf8(desk.read("table.csv")).unwrap();
    let columns: Vec<_> = table
        .lines()
        .map(|row| row.split(',').take(8).collect::<Vec<_>>().join(","))
        .collect();
    assert_eq!(
        columns,
        [
            "dyad,year,first_cow,second_cow,first_gw,second_gw,first_iso2,second_iso2",
            "DDR-DEU,1989,265,260,265,260,DD,DE",
            "DEU-USA,1990,255,2,260,2,DE,US",
            "RUS-SRB,2014,365,345,365,340,RU,RS",
            "RUS-USA,2014,365,2,365,2,RU,US",
            "SUN-USA,1985,365,2,365,2,SU,US",
        ]
    );
}

#[test]
fn two_letters_are_those_of_iso_where_that_is_said_and_options_without_a_use_are_refused() {
    let rows = "date,source,target,code\n2014-03-18,AU,US,036\n2014-03-19,EU,US,036\n";
    let desk = given([("rows.csv", rows), ("rows.tsv", QUADRUPLES)])
        .when("index csv rows.csv --actor-codes iso2 --directed -o table.csv")
        .then_exits(0);
    let table = String::from_utf8(desk.read("table.csv")).unwrap();
    let starts: Vec<_> = table
        .lines()
        .map(|row| row.split(',').take(5).collect::<Vec<_>>().join(","))
        .collect();
    assert_eq!(
        starts,
        [
            "source,target,month,source_iso2,target_iso2",
            "AUS,USA,2014-03,AU,US",
            "EU,USA,2014-03,,US",
        ]
    );
    desk.when("import icews-quadruples rows.tsv --actor-codes cow --dyad RUS-USA")
        .then_exits(2)
        .then_golden("codes-of-states-without-a-use");
}

const NAMED: &str = r#"
{"id": "names", "date": "2030-01-01", "act": "describes", "title": "The game",
 "names": {"XBL": "Blue-Land", "XRL": "Redland"}}
{"id": "one", "date": "2030-01-02", "source": ["XBL"], "target": ["XRL"], "act": "statement"}
{"id": "two", "date": "2030-01-03", "source": ["USA"], "target": ["XRL"], "act": "statement"}
"#;

#[test]
fn a_dyad_may_be_named_as_the_log_or_the_world_calls_its_actors() {
    let desk = given([("events.json", NAMED)])
        .when("log append game.jsonl events.json --recorded 2030-01-04")
        .then_exits(0);
    let replayed = |dyad: &str| {
        let output = desk
            .detente("replay game.jsonl --format csv --dyad")
            .arg(dyad)
            .output()
            .unwrap();
        (output.status.code(), output.stdout, output.stderr)
    };
    let by_codes = replayed("XBL-XRL");
    assert_eq!(by_codes.0, Some(0));
    for named in ["Blue-Land-Redland", "redland-XBL", "Redland - blue-land"] {
        assert_eq!(replayed(named), by_codes, "{named}");
    }
    assert_eq!(replayed("united states-Redland"), replayed("USA-XRL"));
    let (status, _, refused) = replayed("Blueland-Redland");
    assert_eq!(status, Some(2));
    assert!(String::from_utf8_lossy(&refused).contains("`Blueland` is not an actor code"));
}

#[test]
fn names_are_read_of_what_a_command_is_about_and_of_nothing_else() {
    let scenario = r#"{"title": "One more", "base": "../game.jsonl", "fork": {"before": "two"},
        "edits": []}"#;
    let desk = given([("events.json", NAMED)])
        .when("log append game.jsonl events.json --recorded 2030-01-04")
        .then_exits(0);
    std::fs::create_dir(desk.path("scenarios")).unwrap();
    desk.write("scenarios/other.json", scenario);
    let onto = scenario.replace("../game.jsonl", "other.json");
    desk.write("scenarios/onto.json", onto);
    let said = |arguments: &str, dyad: &str| {
        let command = desk
            .detente(arguments)
            .args(["--dyad", dyad])
            .output()
            .unwrap();
        (command.status.code(), command.stdout)
    };
    for file in ["other", "onto"] {
        let run = format!("run scenarios/{file}.json --allow-outside");
        let by_codes = said(&run, "XBL-XRL");
        assert_eq!(by_codes.0, Some(0), "{file}");
        assert_eq!(said(&run, "Redland-XBL"), by_codes, "{file}");
        let outside = format!("run scenarios/{file}.json");
        assert_eq!(said(&outside, "Redland-XBL").0, Some(2), "{file}");
    }
    // What an option names is no history.
    let other = "replay recorded --format csv --model game.jsonl";
    assert_eq!(said(other, "Redland-XBL").0, Some(2));
}

#[test]
fn names_are_read_of_logs_in_memory_and_not_of_files_by_the_same_name() {
    let desk = given([("events.json", NAMED)])
        .when("log append game.jsonl events.json --recorded 2030-01-04")
        .then_exits(0);
    let log = std::fs::read(desk.path("game.jsonl")).unwrap();
    let other = String::from_utf8_lossy(&log).replace("Redland", "Rotland");
    let called = |name: PathBuf, bytes: &[u8], dyad: &str| {
        let arguments = [
            OsString::from("replay"),
            name.clone().into(),
            "--format".into(),
            "csv".into(),
            "--dyad".into(),
            dyad.into(),
        ];
        let files = BTreeMap::from([(name, Given::Bytes(bytes.into()))]);
        let called = detente::cli::call(arguments, files, &Arc::default());
        called.map(|called| called.output).ok()
    };
    let by_codes = called("<log>".into(), &log, "XBL-XRL");
    assert!(by_codes.is_some());
    assert_eq!(called("<log>".into(), &log, "Redland-XBL"), by_codes);
    // On the disk it is Redland, and in memory it is not.
    assert!(called(desk.path("game.jsonl"), other.as_bytes(), "Redland-XBL").is_none());
}

#[test]
fn what_describes_a_log_is_no_event_of_it_and_titles_its_report() {
    let desk = given([("events.json", NAMED)])
        .when("log append game.jsonl events.json --recorded 2030-01-04")
        .then_exits(0);
    let printed = |arguments: &str| {
        let output = desk.detente(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let story = printed("replay game.jsonl --all-dyads");
    assert!(story.starts_with("The game: 2 of 2 events"), "{story}");
    let page = printed("report game.jsonl -o -");
    assert!(page.contains("<title>The game</title>"), "{page}");
}

/// A log in which two actors have one name, and one is called as a state is.
const NAMESAKES: &str = r#"{"id": "names", "date": "2030-01-01", "act": "describes", "names": {"XRL": "Redland", "XRM": "redland", "XGE": "Georgia", "XBL": "Blue-Redland", "XBU": "Blue"}}
{"id": "first", "date": "2030-01-02", "source": ["XRL"], "target": ["XBL"], "act": "statement"}
{"id": "second", "date": "2030-01-03", "source": ["XRM"], "target": ["XBU"], "act": "statement"}
"#;

#[test]
fn names_that_several_dyads_may_have_are_refused_with_all_of_them() {
    given([("namesakes.jsonl", NAMESAKES)])
        .when("log append log.jsonl namesakes.jsonl --recorded 2030-02-01")
        .then_exits(0)
        .when("replay log.jsonl --dyad Redland-Blue")
        .then_exits(2)
        .when("replay log.jsonl --dyad=georgia-USA --dyad Redland-XBL")
        .then_exits(2)
        .when("replay log.jsonl --dyad XRL-Blue-Redland --state-only --format json")
        .then_exits(0)
        .then_golden("names-of-several-dyads");
}

#[test]
fn an_invented_actor_in_a_table_of_names_is_told() {
    given([
        ("rows.tsv", QUADRUPLES),
        (
            "who.csv",
            "name,actor\nDonald Trump,XSA\nVladimir Who,RUS\n",
        ),
        ("bars.csv", "name|actor\nDonald Trump|USA\n"),
    ])
    .when(&format!("{INDEX} --actors-map who.csv -o table.csv"))
    .then_exits(0)
    .when(&format!("{INDEX} --actors-map bars.csv -o other.csv"))
    .then_exits(2)
    .then_golden("names-invented");
}
