//! Edge lists, manifests that say what was really done, and what is cited from them. Rows are made
//! up.

use crate::cli::given;
use serde_json::Value;

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
