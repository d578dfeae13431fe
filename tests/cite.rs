//! Edge lists, manifests that say what was really done, and what is cited from them. Rows are made
//! up.

use crate::cli::given;
use serde_json::Value;
use std::process::Stdio;

const ROWS: &str = "\
date,source,target,code
2030-01-03,XBL,XRL,042
2030-01-07,XRL,XBL,112
2030-01-09,XRL,XBL,112
2030-02-11,XBL,XRL,163
2030-02-12,XGL,XRL,057
2030-02-13,Nowhere,XRL,057
";
const QUADRUPLES: &str = "\
Jane Doe\tConsult\tRussia\t2030-01-03
Russia\tThreaten\tPolice (United States)\t2030-01-04
";
const MAP: &str = "name,actor\nJane Doe,USA\n";

#[test]
fn an_edge_list_has_the_counts_and_the_level_of_the_directed_table_and_nothing_else() {
    let desk = given([("rows.csv", ROWS)])
        .when("index csv rows.csv --edges -o edges.csv")
        .then_exits(0)
        .when("index csv rows.csv --directed -o directed.csv")
        .then_exits(0)
        .when("index csv rows.csv --edges --every year --actor-codes iso3 --format jsonl --model goldstein-decay -o edges.jsonl")
        .then_exits(0);
    let columns = |name: &str, wanted: &[&str]| -> Vec<Vec<String>> {
        let text = String::from_utf8(desk.read(name)).unwrap();
        let mut rows = csv::Reader::from_reader(text.as_bytes());
        let header = rows.headers().unwrap().clone();
        let places: Vec<_> = wanted
            .iter()
            .map(|wanted| header.iter().position(|name| name == *wanted).unwrap())
            .collect();
        let row = |row: csv::StringRecord| places.iter().map(|at| row[*at].to_owned()).collect();
        rows.records().map(|it| row(it.unwrap())).collect()
    };
    let edges = String::from_utf8(desk.read("edges.csv")).unwrap();
    let header = "source,target,period,events,verbal_cooperation,material_cooperation,verbal_conflict,material_conflict,level";
    assert_eq!(edges.lines().next(), Some(header));
    let names: Vec<_> = header.split(',').collect();
    let mut directed = names.clone();
    directed[2] = "month";
    assert_eq!(
        columns("edges.csv", &names),
        columns("directed.csv", &directed)
    );
    let lines = String::from_utf8(desk.read("edges.jsonl")).unwrap();
    let first: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    let names: Vec<_> = first.as_object().unwrap().keys().collect();
    assert_eq!(first["period"], "2030");
    assert!(
        names.contains(&&"temperature".to_owned()) && names.contains(&&"source_iso3".to_owned())
    );
}

/// Every value of it, with its path.
fn leaves(value: &Value, path: &str, found: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(parts) => parts
            .iter()
            .for_each(|(name, part)| leaves(part, &format!("{path}.{name}"), found)),
        Value::Array(parts) => parts.iter().for_each(|part| leaves(part, path, found)),
        leaf => found.push((path.to_owned(), leaf.clone())),
    }
}

#[test]
fn a_manifest_has_what_defaults_came_out_as_and_nothing_that_had_no_part() {
    let desk = given([
        ("rows.csv", ROWS),
        ("rows.tsv", QUADRUPLES),
        ("map.csv", MAP),
    ])
    .when("index rows.csv -o table.csv --manifest index.json")
    .then_exits(0)
    .when("index rows.tsv --actors-map map.csv -o names.csv --manifest names.json")
    .then_exits(0)
    .when("import rows.csv --dyad XBL-XRL -o log.jsonl --manifest import.json")
    .then_exits(0);
    let read = |name: &str| -> Value { serde_json::from_slice(&desk.read(name)).unwrap() };
    for name in ["index.json", "names.json", "import.json"] {
        let mut found = Vec::new();
        leaves(&read(name), "", &mut found);
        let nulls: Vec<_> = found.iter().filter(|(_, value)| value.is_null()).collect();
        assert_eq!(nulls, Vec::<&(String, Value)>::new(), "{name}");
    }
    let index = read("index.json");
    let options = &index["options"];
    assert_eq!(
        [
            &options["weights"],
            &options["quad_classes"],
            &options["codes"]
        ],
        ["gdelt", "cameo", "checked"]
    );
    assert!(options["date_order"].as_str().unwrap().starts_with("ymd"));
    let names = read("names.json");
    assert_eq!(names["options"]["weights"], "icews");
    // Quadruples have texts in place of codes, and dates in one order.
    for option in ["codes", "date_order"] {
        assert!(names["options"].get(option).is_none(), "{option}");
    }
    let digest = blake3::hash(MAP.as_bytes()).to_hex();
    assert_eq!(names["actors_map"]["blake3"], digest.as_str());
    let import = read("import.json");
    // A log has codes, not classes of them, and no model.
    for part in [&import["options"], &import["inputs"][0]] {
        assert!(part.get("quad_classes").is_none());
    }
    assert!(import.get("model").is_none());
    assert_eq!(import["output"]["head"].as_str().unwrap().len(), 32);
}

#[test]
fn a_manifest_is_told_of_as_a_paragraph_with_its_references() {
    given([("rows.csv", ROWS), ("rows.tsv", QUADRUPLES), ("map.csv", MAP)])
        .when("index rows.tsv rows.csv --actors-map map.csv --actor-codes cow,gw --from 2030-01-01 --every quarter --all-months -o table.csv --manifest made.json")
        .then_exits(0)
        .when("cite made.json")
        .then_exits(0)
        .when("import rows.csv --dyad XBL-XRL --dedupe dyad-day-code -o log.jsonl --manifest import.json")
        .then_exits(0)
        .when("cite import.json --format methods")
        .then_exits(0)
        .when("index rows.csv --model goldstein-decay --set half_life_days=90 --directed -o decay.csv --manifest decay.json")
        .then_exits(0)
        .when("cite decay.json --format methods")
        .then_exits(0)
        .then_golden("cite");
}

/// A header of ICEWS and two rows, their dates as some years have them.
const ICEWS: &str = "\
Event ID\tEvent Date\tSource Name\tSource Country\tEvent Text\tTarget Name\tTarget Country
1\t1/4/2017\tA\tRussian Federation\tConsult\tB\tUnited States
2\t2017-02-03\tA\tRussian Federation\tConsult\tB\tUnited States
";

#[test]
fn the_order_of_dates_with_slashes_is_told_where_there_are_any() {
    let plain = ICEWS.replace("1/4/2017", "2017-01-04");
    let desk = given([("slashes.tab", ICEWS), ("plain.tab", &plain)])
        .when("index slashes.tab -o one.csv --manifest slashes.json")
        .then_exits(0)
        .when("index plain.tab -o two.csv --manifest plain.json")
        .then_exits(0)
        .when("index slashes.tab --date-order dmy --spoilt leave-out -o three.csv --manifest said.json")
        .then_exits(0);
    let says = |command: &str| {
        let output = desk.detente(command).output().unwrap();
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    };
    let slashes = "; dates with slashes: month, day, year\n";
    assert!(says("index slashes.tab").contains(slashes));
    assert!(!says("index plain.tab").contains("slashes:"));
    let cited = says("cite slashes.json");
    assert!(cited.contains(" Dates with slashes are read as month, day, year. "));
    assert!(!says("cite plain.json").contains("Dates"));
    assert!(says("cite said.json").contains(" Dates are read as day, month, year. "));
}

#[test]
fn a_column_that_a_published_layout_has_and_a_file_has_not_is_named() {
    let (one, two) = (
        ICEWS.replace("Source Country", "Country"),
        ICEWS
            .replace("Event Text", "Text")
            .replace("Event Date", "Day"),
    );
    let desk = given([("one.tab", &*one), ("two.tab", &*two)]);
    for (command, says) in [
        (
            "index one.tab",
            "this is like icews, but has no column Source Country",
        ),
        (
            "index icews one.tab",
            "this is like icews, but has no column Source Country",
        ),
        (
            "index icews two.tab",
            "has no column Event Date, Event Text",
        ),
    ] {
        let output = desk.detente(command).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(error.contains(says), "{error}");
    }
}

#[test]
fn an_edge_list_is_cited_without_the_intervals_that_it_has_not() {
    let desk = given([("rows.csv", ROWS)])
        .when("index rows.csv --edges -o edges.csv --manifest edges.json")
        .then_exits(0)
        .when("index rows.csv -o table.csv --manifest table.json")
        .then_exits(0);
    for (name, has_intervals) in [("edges.json", false), ("table.json", true)] {
        let cited = desk.detente(&format!("cite {name}")).output().unwrap();
        let cited = String::from_utf8(cited.stdout).unwrap();
        assert_eq!(
            cited.contains("Intervals are of 90 %: where the level lies"),
            has_intervals
        );
    }
}

/// More rows than a pipe holds are left in it, so that each of them is cut off while it writes.
#[test]
fn a_reader_that_has_had_enough_is_no_error() {
    let rows = ROWS.to_owned() + "2040-02-11,XBL,XRL,163\n";
    let desk = given([("rows.csv", rows)])
        .when("index rows.csv --every day --all-months --partial -o part.json")
        .then_exits(0);
    for command in [
        "index rows.csv --every day --all-months",
        "index rows.csv --every day --all-months --format jsonl",
        "index rows.csv --every day --all-months --edges",
        "merge part.json",
        "import rows.csv --dyad XBL-XRL",
        "replay recorded --all-dyads --format csv",
    ] {
        let mut process = desk.detente(command);
        process.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = process.spawn().unwrap();
        // Nobody reads a byte.
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{command}: {said}");
        assert!(!said.contains("error"), "{command}: {said}");
    }
}

#[test]
fn what_is_no_manifest_is_refused_with_its_place() {
    given([
        ("scenario.json", "{\"title\": \"x\"}"),
        ("broken.json", "{\"detente\": \"0.1.0\",\n \"inputs\": [}"),
        (
            "wrong.json",
            "{\"detente\": \"0.1.0\", \"command\": \"index\",\n \"options\": {\"events\": \"all\", \"dedupe\": 3},\n \"inputs\": [{\"rows\": \"many\"}], \"rows\": {}, \"output\": {}}",
        ),
    ])
    .when("cite scenario.json")
    .then_exits(2)
    .when("cite broken.json")
    .then_exits(2)
    .when("cite wrong.json")
    .then_exits(2)
    .when("cite missing.json")
    .then_exits(2)
    .then_golden("bad-manifest");
}

#[test]
fn a_file_of_another_kind_is_told_what_it_is_and_what_takes_it() {
    let event = "{\"id\":\"a\",\"date\":\"2030-01-03\",\"act\":\"call\"}\n";
    let scenario =
        "{\"title\": \"x\", \"base\": \"recorded\", \"fork\": {\"date\": \"2017-01-29\"}}";
    let desk = given([
        ("events.jsonl", event.repeat(2)),
        ("table.csv", ROWS.to_owned()),
        ("scenario.json", scenario.to_owned()),
        ("model.json", "{\"preset\": \"evidence\"}".to_owned()),
        ("page.html", "<!DOCTYPE html>".to_owned()),
        ("nothing.json", String::new()),
    ])
    .when("index table.csv --manifest made.json -o made.csv")
    .then_exits(0)
    .when("index table.csv --partial -o part.json")
    .then_exits(0);
    for (file, is, takes) in [
        ("events.jsonl", "a log", "replay"),
        ("table.csv", "a table", "index"),
        ("scenario.json", "a scenario", "run"),
        ("model.json", "a model", "--model"),
        ("page.html", "a page of HTML", "a server"),
        ("nothing.json", "empty", "failed"),
        ("part.json", "a part of an index", "merge"),
        ("made.json", "the manifest of event data", "cite"),
    ] {
        for (command, wanted) in [
            ("cite", "no manifest of event data"),
            ("merge", "no part of an ensemble or an index"),
        ] {
            if takes == command {
                continue;
            }
            let output = desk.detente(&format!("{command} {file}")).output().unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(2), "{said}");
            let expected = format!("error: this is {wanted}, but {is}");
            assert!(said.starts_with(&expected), "{said}");
            assert!(said.contains(file) && said.contains(takes), "{said}");
        }
    }
}

/// What defaults come out as depends on the files of a part; parts must agree on what was asked,
/// and on that alone.
#[test]
fn parts_with_files_of_other_formats_merge_to_the_edge_list_of_all() {
    let desk = given([("rows.csv", ROWS), ("rows.tsv", QUADRUPLES)])
        .when("index rows.csv rows.tsv --edges --every year -o edges.csv")
        .then_exits(0)
        .when("index rows.csv --edges --every year --partial -o one.json")
        .then_exits(0)
        .when("index rows.tsv --edges --every year --partial -o other.json")
        .then_exits(0)
        .when("index rows.tsv --edges --every year --weights gdelt --partial -o third.json")
        .then_exits(0);
    let merged = desk.detente("merge one.json other.json").output().unwrap();
    assert!(merged.status.success());
    assert_eq!(merged.stdout, desk.read("edges.csv"));
    desk.when("merge one.json third.json").then_exits(2);
}
