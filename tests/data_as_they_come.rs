//! Event data as programs and people leave them: whatever was done to a file, no row is lost
//! without a word.
//!
//! All rows are made up, in the layouts of their makers.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use detente::exchange::Roster;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// What a command says, and how it ends.
struct Said {
    status: Option<i32>,
    out: String,
    notes: String,
}

fn desk(files: &[(&str, &[u8])]) -> TempDir {
    let desk = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(desk.path().join(name), bytes).unwrap();
    }
    desk
}

fn run(desk: &TempDir, arguments: &str) -> Said {
    let run = Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(arguments.split_whitespace())
        .current_dir(desk.path())
        .output()
        .unwrap();
    Said {
        status: run.status.code(),
        out: String::from_utf8(run.stdout).unwrap(),
        notes: String::from_utf8(run.stderr).unwrap(),
    }
}

/// What a command that goes well says.
#[track_caller]
fn fine(desk: &TempDir, arguments: &str) -> Said {
    let said = run(desk, arguments);
    assert_eq!(said.status, Some(0), "{}", said.notes);
    said
}

/// A command is refused and says why, and what may help; nothing is written.
#[track_caller]
fn refused(desk: &TempDir, arguments: &str, says: &[&str]) {
    let before = std::fs::read_dir(desk.path()).unwrap().count();
    let said = run(desk, arguments);
    assert_eq!((said.status, &*said.out), (Some(2), ""), "{}", said.notes);
    for text in says {
        assert!(said.notes.contains(text), "no `{text}` in\n{}", said.notes);
    }
    assert_eq!(std::fs::read_dir(desk.path()).unwrap().count(), before);
}

/// Some columns of a table, row by row.
fn columns(table: &str, names: &[&str]) -> Vec<String> {
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let header = rows.headers().unwrap().clone();
    let place = |name: &&str| header.iter().position(|column| column == *name).unwrap();
    let places: Vec<_> = names.iter().map(place).collect();
    let row = |row: csv::StringRecord| {
        let fields: Vec<_> = places.iter().map(|place| row[*place].to_owned()).collect();
        fields.join(" ")
    };
    rows.records().map(|record| row(record.unwrap())).collect()
}

/// The rows of one file: how many were read and used, and how the index adds them up.
#[track_caller]
fn check(name: &str, rows: &str, counted: &str, expected: &[&str]) {
    let desk = desk(&[(name, rows.as_bytes())]);
    for threads in ["1", "3"] {
        let said = fine(&desk, &format!("index {name} --threads {threads}"));
        assert!(said.notes.contains(counted), "{}", said.notes);
        let found = columns(&said.out, &["dyad", "month", "events", "weight_sum"]);
        assert_eq!(found, expected);
    }
}

#[test]
fn a_quotation_mark_between_tabs_is_a_character() {
    let row = |day: u32, note: &str| format!("2014-03-{day:02}\tUSA\tRUS\t042\t{note}\n");
    let header = "date\tsource\ttarget\tcode\tnote\n";
    let mut rows: Vec<_> = (1..=11).map(|day| row(day, "plain")).collect();
    rows[0] = row(1, "\"Reset\" button");
    rows[5] = row(6, "\"We will meet");
    rows[9] = row(10, "again\" said");
    let all = [header.to_owned(), rows.concat()].concat();
    check(
        "rows.tsv",
        &all,
        "11 rows read: 11 used",
        &["RUS-USA 2014-03 11 20.9"],
    );
    // As R writes it, with marks around every text.
    let r =
        "\"date\"\t\"source\"\t\"target\"\t\"code\"\n\"2014-03-01\"\t\"USA\"\t\"RUS\"\t\"042\"\n";
    check("r.tsv", r, "1 row read: 1 used", &["RUS-USA 2014-03 1 1.9"]);
}

#[test]
fn a_stray_mark_between_commas_costs_its_own_line_and_no_other() {
    let header = "date,source,target,code,note\n";
    let row = |day: u32, note: &str| format!("2014-03-{day:02},USA,RUS,042,{note}\n");
    let rows = |notes: &[&str]| {
        let rows = (1..).zip(notes).map(|(day, note)| row(day, note));
        [header.to_owned(), rows.collect()].concat()
    };
    let used = |count: usize| format!("RUS-USA 2014-03 {count} {:.1}", 1.9 * count as f64);
    for (notes, malformed) in [
        // Between two stray marks, whole rows.
        (&["x", "\"We will meet", "x", "x", "again\"", "x"][..], 1),
        // The second mark opens a field itself, and text stands behind it.
        (&["x", "\"open", "x", "\"Smith, John\"", "x"], 1),
        // Text behind a closing mark.
        (&["\"Reset\" button", "x", "\"a\"\"b\" c"], 2),
        // Only two rows, of which none lies wholly between the marks.
        (&["\"open", "shut\"", "x"], 1),
        // No second mark at all.
        (&["x", "\"open", "x", "x"], 1),
    ] {
        let good = notes.len() - malformed;
        let counted = format!(
            "{} rows read: {good} used, {malformed} left out",
            notes.len()
        );
        let text = rows(notes);
        check("rows.csv", &text, &counted, &[&used(good)]);
        let desk = desk(&[("rows.csv", text.as_bytes())]);
        refused(
            &desk,
            "index rows.csv --strict",
            &["rows.csv:", "a quotation mark"],
        );
    }
    // What RFC 4180 allows is no stray mark.
    let good = rows(&[
        "\"two\nlines, and a \"\"word\"\"\"",
        "\"\"",
        "5\" gun",
        "\"x\" ",
    ]);
    check("rows.csv", &good, "4 rows read: 4 used", &[&used(4)]);
    // Rows without their empty ends are rows all the same.
    let short = format!(
        "{header}{}2014-03-02,USA,RUS,042\n{}",
        row(1, "\"open"),
        row(3, "shut\"")
    );
    check(
        "rows.csv",
        &short,
        "3 rows read: 2 used, 1 left out",
        &[&used(2)],
    );
}

#[test]
fn stray_marks_are_found_wherever_blocks_are_cut() {
    let row = |row: u32| {
        let note = match row % 1000 {
            500 => "\"stray",
            700 => "mark\"",
            800 => "\"two\nlines\"",
            _ => "x",
        };
        format!("2014-03-01,USA,RUS,042,{note}\n")
    };
    let rows: String = (0..40_000).map(row).collect();
    let text = format!("date,source,target,code,note\n{rows}");
    let expected = "RUS-USA 2014-03 39960 75924.0";
    check(
        "rows.csv",
        &text,
        "40000 rows read: 39960 used, 40 left out",
        &[expected],
    );
}

#[test]
fn weights_go_to_the_nearest_millionth_and_noise_of_binary_floats_is_no_weight_of_its_own() {
    let rows = "date,source,target,code,weight\n2014-03-18,RUS,USA,042,1.8999999999999999\n2014-03-18,RUS,USA,112,-2.0000000000000004\n\
                2014-03-18,RUS,USA,057,7.9999999999999991\n2014-03-18,RUS,USA,163,-7.9999999\n2014-03-18,RUS,USA,190,-10.000000000000002\n";
    check(
        "rows.csv",
        rows,
        "5 rows read: 5 used",
        &["RUS-USA 2014-03 5 -10.1"],
    );
    let desk = desk(&[("rows.csv", rows.as_bytes())]);
    let said = fine(&desk, "import rows.csv --dyad RUS-USA");
    assert!(!said.out.contains("\"weight\""), "{}", said.out);
    assert!(!said.notes.contains("weight of its own"), "{}", said.notes);
}

#[test]
fn a_column_that_a_program_has_spoilt_is_read_or_named_and_never_halved() {
    let header = "date,source,target,code,weight\n";
    let semicolons = "date;source;target;code;weight\n2014-03-18;RUS;USA;190;-10\n2014-03-20;USA;RUS;163;-8,0\n2014-04-02;USA;RUS;042;1,9\n";
    let expected = ["RUS-USA 2014-03 2 -18.0", "RUS-USA 2014-04 1 1.9"];
    check("rows.csv", semicolons, "3 rows read: 3 used", &expected);
    check(
        "rows.csv",
        &format!("sep=;\n{semicolons}"),
        "3 rows read: 3 used",
        &expected,
    );
    // Words for missing, and the minus sign of typography.
    let words = format!(
        "{header}2014-03-18,RUS,USA,042,NA\n2014-03-18,RUS,USA,042,nan\n2014-03-18,RUS,USA,042,NULL\n2014-03-18,RUS,USA,163,\u{2212}8.0\n2014-03-18,NULL,USA,042,\n"
    );
    check(
        "rows.csv",
        &words,
        "5 rows read: 4 used, 1 left out",
        &["RUS-USA 2014-03 4 -2.3"],
    );
    // A decimal comma between commas makes a column too many.
    let split = format!("{header}2014-03-18,RUS,USA,190,-10\n2014-03-20,USA,RUS,163,-8,0\n");
    // Days above 12 show the order, others do not.
    let order = format!("{header}03/04/2014,RUS,USA,190,\n18/03/2014,USA,RUS,163,\n");
    let mixed = format!("{header}2014-03-04,RUS,USA,190,\n18/03/2014,USA,RUS,163,\n");
    let icews = format!(
        "{ICEWS}1\t18/3/2017\tA\t\tRussian Federation\tConsult\t1\tB\t\tUnited States\t9\n2\t4/3/2017\tA\t\tRussian Federation\tConsult\t1\tB\t\tUnited States\t9\n"
    );
    let desk = desk(&[
        ("split.csv", split.as_bytes()),
        ("order.csv", order.as_bytes()),
        ("mixed.csv", mixed.as_bytes()),
        ("icews.tab", icews.as_bytes()),
    ]);
    refused(
        &desk,
        "index split.csv -o table.csv",
        &["weights of 1 row have a decimal comma", "semicolons"],
    );
    refused(
        &desk,
        "index order.csv --date-order mdy -o table.csv",
        &["dates of 1 row", "--date-order"],
    );
    refused(
        &desk,
        "index mixed.csv -o table.csv",
        &["dates of 1 row", "--date-order"],
    );
    refused(
        &desk,
        "index icews.tab -o table.csv",
        &["dates of 1 row", "--date-order"],
    );
    let said = fine(&desk, "index order.csv --date-order dmy");
    assert_eq!(
        columns(&said.out, &["month", "events"]),
        ["2014-03 1", "2014-04 1"]
    );
    let said = fine(&desk, "index icews.tab --date-order dmy");
    assert_eq!(columns(&said.out, &["month", "events"]), ["2017-03 2"]);
    let said = fine(&desk, "index split.csv --spoilt leave-out");
    assert_eq!(columns(&said.out, &["events", "weight_sum"]), ["1 -10.0"]);
}

/// The header of an annual file of ICEWS, cut short.
const ICEWS: &str = "Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tEvent Text\tIntensity\tTarget Name\tTarget Sectors\tTarget Country\tStory ID\n";

#[test]
fn empty_ends_of_rows_may_be_missing_or_too_many() {
    let rows = "date,source,target,code,note,page\n2014-03-18,RUS,USA,190,x,y\n2014-03-19,RUS,USA,190\n2014-03-20,RUS,USA,190,,\n\
                2014-03-21,RUS,USA,190,x\n2014-03-22,RUS,USA,190,x,y,,,\n2014-03-23,RUS,USA,190,x,y,z\n2014-03-24,RUS\n";
    check(
        "rows.csv",
        rows,
        "7 rows read: 5 used, 2 left out",
        &["RUS-USA 2014-03 5 -50.0"],
    );
}

#[test]
fn one_column_of_two_with_one_name_is_not_chosen() {
    let rows = |header: &str| format!("{header}\n2014-03-18,2015-03-18,RUS,USA,190\n");
    let desk = desk(&[
        ("same.csv", rows("date,date,source,target,code").as_bytes()),
        (
            "capitals.csv",
            rows("Date,DATE,source,target,code").as_bytes(),
        ),
        ("one.csv", rows("Date,date,source,target,code").as_bytes()),
        (
            "icews.tab",
            format!("{}\tEvent Date\n", ICEWS.trim_end()).as_bytes(),
        ),
    ]);
    refused(
        &desk,
        "index same.csv",
        &["two columns are named date (1 and 2)"],
    );
    refused(
        &desk,
        "index capitals.csv",
        &["two columns are named date (1 and 2)"],
    );
    refused(
        &desk,
        "index icews.tab",
        &["two columns are named Event Date (2 and 12)"],
    );
    let said = fine(&desk, "index one.csv");
    assert_eq!(columns(&said.out, &["month"]), ["2015-03"]);
}

#[test]
fn a_refusal_names_the_test_that_failed_and_not_the_count_that_held() {
    let row = |id: &str, date: &str| format!("{id}\t{date}{}http://a.example\n", "\t".repeat(59));
    let desk = desk(&[
        ("quoted.tsv", row("\"1\"", "\"20140318\"").as_bytes()),
        ("sheet.tsv", row("8.2E+08", "20140318").as_bytes()),
        ("date.tsv", row("1", "2014-03-18").as_bytes()),
        (
            "page.csv",
            b"<!DOCTYPE html>\n<html><body>404</body></html>\n",
        ),
        ("utf-16.csv", b"\xff\xfed\0a\0t\0e\0,\0s\0\n\0"),
        ("packed.csv", b"BZh91AY&SY"),
    ]);
    refused(
        &desk,
        "index quoted.tsv",
        &[
            "61 columns as GDELT has, but column 1 is no number: `\"1\"`",
            "quotation marks",
        ],
    );
    refused(
        &desk,
        "index sheet.tsv",
        &["column 1 is no number: `8.2E+08`"],
    );
    refused(
        &desk,
        "index gdelt date.tsv",
        &["column 2 is no date such as 20140318: `2014-03-18`"],
    );
    refused(&desk, "index page.csv", &["this is a page of HTML"]);
    refused(
        &desk,
        "index utf-16.csv",
        &["this is UTF-16 text", "save it as UTF-8"],
    );
    refused(&desk, "index packed.csv", &["this is packed by bzip2"]);
}

#[test]
fn icews_is_read_in_the_layouts_of_all_its_years() {
    let parties = "Russian Federation";
    let row = |id: u32, date: &str, text: &str, weight: &str| {
        format!(
            "{id}\t{date}\tPolice (Russia)\tPolice\t{parties}\t{text}\t{weight}\tCitizen (United States)\tSocial\tUnited States\t9\n"
        )
    };
    let annual = [
        ICEWS.to_owned(),
        row(1, "1/2/2017", "Make statement", "0"),
        row(
            2,
            "1/14/2017",
            "\"Conduct suicide, car, or other non-military bombing\"",
            "-10",
        ),
        row(3, "12/3/2017", "Consult", "1"),
        row(4, "12/4/2017", "No such text", "1"),
    ];
    check(
        "Events.2017.tab",
        &annual.concat(),
        "4 rows read: 3 used, 1 left out",
        &["RUS-USA 2017-01 2 -10.0", "RUS-USA 2017-12 1 1.0"],
    );
    // A code that is in no table beside a text that is.
    let header = ICEWS.replace("Event Text\t", "Event Text\tCAMEO Code\t");
    let coded = [
        header,
        row(5, "2017-12-05", "Consult\t13y", "1"),
        row(6, "2017-12-06", "Consult\t040", "1"),
        row(7, "2017-12-07", "No such text\t13y", "1"),
    ];
    check(
        "weekly.tab",
        &coded.concat(),
        "3 rows read: 2 used, 1 left out",
        &["RUS-USA 2017-12 2 2.0"],
    );
}

const GDELT_HEAD: &str = "1\t20140318\t201403\t2014\t2014.2\tRUS\tA\tRUS\t\t\t\t\t\t\t\tUSA\tB\tUSA\t\t\t\t\t\t\t\t1\t042\t042\t04\t1\t1.9\t4\t1\t4\t-1.5";

/// A row of GDELT 2.0 from Russia on the United States, with another id, place and time at which it
/// was added.
fn gdelt(id: u32, place: &str, added: &str) -> String {
    let head = GDELT_HEAD.replacen('1', &id.to_string(), 1);
    let geo = "\t0\t\t\t\t\t\t\t".repeat(2);
    format!("{head}{geo}\t4\tTown\tRS\t\t\t{place}\t{added}\thttps://example.org/a\n")
}

#[test]
fn options_that_nothing_uses_are_refused_and_what_had_no_effect_is_in_no_manifest() {
    let table = "when;source;target;code\n2014-03-18;RUS;USA;042\n";
    let quadruples = "Police (Russia)\tConsult\tPolice (United States)\t2014-01-01\n";
    let desk = desk(&[
        (
            "rows.tsv",
            gdelt(1, "55.7\t37.6\t-1", "20140319120000").as_bytes(),
        ),
        ("table.csv", table.as_bytes()),
        ("quadruples.tsv", quadruples.as_bytes()),
        ("actors.txt", b"JANE_DOE_  [RUSGOV]\n"),
    ]);
    let does_not_apply = |option: &str| format!("`{option}` does not apply");
    for (arguments, option) in [
        ("index rows.tsv --date-order dmy", "--date-order"),
        ("index rows.tsv --column date=NoSuchColumn", "--column"),
        ("index rows.tsv --value code=042", "--value"),
        ("index rows.tsv --actors actors.txt", "--actors"),
        ("index quadruples.tsv --codes padded", "--codes"),
        (
            "import quadruples.tsv --dedupe id --dyad RUS-USA",
            "--dedupe id",
        ),
        (
            "index table.csv --column date=when --dedupe window:60",
            "--dedupe window",
        ),
        (
            "index rows.tsv --model goldstein-decay --set spillover=0.5",
            "--set spillover",
        ),
        (
            "index table.csv --column date=when --column url=x",
            "--column url",
        ),
    ] {
        refused(
            &desk,
            &format!("{arguments} --manifest m.json"),
            &[&does_not_apply(option)],
        );
    }
    refused(
        &desk,
        "index table.csv --column date=when --column date=x",
        &["`date` is given twice"],
    );
    refused(
        &desk,
        "index table.csv --column date=when --value weight=1 --weights gdelt",
        &["the column of weights has no use"],
    );
    // Of several files it is enough that one uses it.
    fine(&desk, "index rows.tsv table.csv --column date=when");
    let said = fine(
        &desk,
        "index quadruples.tsv --actors actors.txt --actor NOBODY=USA --weights icews --model goldstein-decay --manifest m.json",
    );
    assert!(
        said.notes.contains("no row has a name of the dictionary"),
        "{}",
        said.notes
    );
    let manifest = std::fs::read_to_string(desk.path().join("m.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest["actors"], serde_json::Value::Null);
    assert_eq!(manifest["options"]["actor"], serde_json::json!([]));
    // The weights are those of ICEWS, and the model's are not claimed.
    assert_eq!(manifest["inputs"][0]["weights"], "icews");
    assert_eq!(manifest["model"]["weights"], serde_json::Value::Null);
    assert_eq!(manifest["model"]["half_life_deeds_days"], 30.0);
}

#[test]
fn the_same_events_delivered_twice_are_said_and_may_count_once() {
    let header = ICEWS.replace("Event Text\t", "Event Text\tCAMEO Code\t");
    let row = |id: u32, day: u32| {
        format!(
            "{id}\t2021-06-{day:02}\tA\t\tRussian Federation\tConsult\t040\t1\tB\t\tUnited States\t9\n"
        )
    };
    let annual = [
        header.clone(),
        row(1, 1),
        row(2, 2),
        row(2, 2),
        row(3, 3),
        row(3, 4),
    ]
    .concat();
    let weekly = [header, row(2, 2), row(3, 3), row(3, 4)].concat();
    // The same week in the layout of 2017, without codes and with its dates in another order.
    let other = weekly
        .replace("\tCAMEO Code", "")
        .replace("\t040", "")
        .replace("2021-06-0", "6/");
    let other = other
        .replace("6/2\t", "6/2/2021\t")
        .replace("6/3\t", "6/3/2021\t")
        .replace("6/4\t", "6/4/2021\t");
    let desk = desk(&[
        ("annual.tab", annual.as_bytes()),
        ("weekly.tab", weekly.as_bytes()),
        ("other.tab", other.as_bytes()),
    ]);
    for threads in ["1", "3"] {
        let files = format!("annual.tab weekly.tab --threads {threads}");
        let said = fine(&desk, &format!("index {files}"));
        assert_eq!(columns(&said.out, &["events"]), ["8"]);
        let told = "4 rows with the id and day of another row (icews), such as id 2";
        assert!(said.notes.contains(told), "{}", said.notes);
        let said = fine(&desk, &format!("import {files} --dyad RUS-USA"));
        assert!(said.notes.contains(told), "{}", said.notes);
        let said = fine(&desk, &format!("index {files} --dedupe id"));
        assert_eq!(columns(&said.out, &["events", "dedupe"]), ["4 id"]);
        let said = fine(&desk, &format!("import {files} --dyad RUS-USA --dedupe id"));
        assert_eq!(said.out.lines().count(), 4);
        let said = fine(&desk, &format!("index other.tab {files} --dedupe id"));
        assert_eq!(columns(&said.out, &["events", "dedupe"]), ["4 id"]);
    }
}

#[test]
fn rows_of_one_scene_that_were_added_soon_after_each_other_count_once_within_a_window() {
    let moscow = "55.7\t37.6\t-2960561";
    let rows = [
        gdelt(1, moscow, "20140319120000"),
        gdelt(2, moscow, "20140319121500"),
        // An hour after the first that counts, and not within 45 minutes of it.
        gdelt(3, moscow, "20140319130000"),
        gdelt(4, "50.4\t30.5\t-1044367", "20140319121500"),
        gdelt(5, moscow, "20140319121500").replacen("\tRUS\tA\t", "\tRUSGOV\tA\t", 1),
    ];
    let (first, second) = rows.split_at(2);
    let desk = desk(&[
        ("first.tsv", first.concat().as_bytes()),
        ("second.tsv", second.concat().as_bytes()),
    ]);
    for (window, events) in [("45", "4"), ("60", "3"), ("10", "5")] {
        for files in ["first.tsv second.tsv --threads 2", "second.tsv first.tsv"] {
            let files = format!("{files} --dedupe window:{window}");
            let said = fine(&desk, &format!("index {files}"));
            let expected = format!("{events} window:{window}");
            assert_eq!(columns(&said.out, &["events", "dedupe"]), [expected]);
            let said = fine(&desk, &format!("import {files} --dyad RUS-USA"));
            assert_eq!(said.out.lines().count().to_string(), events);
        }
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut archive = rawzip::ZipArchiveWriter::new(&mut bytes);
    for (name, contents) in files {
        let (mut entry, config) = archive.new_file(name).start().unwrap();
        let mut writer = config.wrap(&mut entry);
        writer.write_all(contents).unwrap();
        let (_, descriptor) = writer.finish().unwrap();
        entry.finish(descriptor).unwrap();
    }
    archive.finish().unwrap();
    bytes
}

const TABLE: &[u8] = b"date,source,target,code\n2014-03-18,RUS,USA,042\n2014-03-19,USA,RUS,190\n";

#[test]
fn a_file_is_known_again_by_its_contents_packed_or_not() {
    let desk = desk(&[
        ("plain.csv", TABLE),
        ("packed.csv.gz", &gzip(TABLE)),
        ("packed.zip", &zip(&[("table.csv", TABLE)])),
        ("other.csv", &TABLE.to_ascii_lowercase()),
    ]);
    let said = fine(
        &desk,
        "index packed.zip other.csv plain.csv packed.csv.gz --actor rus=RUS --actor usa=USA",
    );
    for name in ["plain.csv", "packed.csv.gz"] {
        let told = format!("{name} has the same contents as packed.zip");
        assert!(said.notes.contains(&told), "{}", said.notes);
    }
    assert_eq!(
        said.notes.matches("the same contents").count(),
        2,
        "{}",
        said.notes
    );
}

#[test]
fn what_a_system_adds_to_an_archive_does_not_count_and_what_stands_behind_a_gzip_is_said() {
    let twin = b"Mac OS X        ";
    let of_a_mac = [
        ("table.csv", TABLE),
        ("__MACOSX/._table.csv", twin),
        (".DS_Store", twin),
        ("Thumbs.db", twin),
    ];
    let mut behind = gzip(TABLE);
    behind.extend_from_slice(b"trailing");
    let mut filled = [gzip(&TABLE[..24]), gzip(&TABLE[24..])].concat();
    filled.extend([0; 512]);
    let desk = desk(&[
        ("mac.zip", &zip(&of_a_mac)),
        ("behind.gz", &behind),
        ("filled.gz", &filled),
        ("two.zip", &zip(&[("a.csv", TABLE), ("b.csv", TABLE)])),
        (
            "book.xlsx",
            &zip(&[("[Content_Types].xml", twin), ("xl/workbook.xml", twin)]),
        ),
        (
            "rows.tar.gz",
            &gzip(&[&[b'x'; 257][..], b"ustar\x0000"].concat()),
        ),
        ("twice.gz", &gzip(&gzip(TABLE))),
    ]);
    for name in ["mac.zip", "behind.gz", "filled.gz"] {
        let said = fine(&desk, &format!("index {name}"));
        assert_eq!(columns(&said.out, &["events"]), ["2"], "{name}");
        let told = said
            .notes
            .contains("8 bytes behind the gzip are no part of it");
        assert_eq!(told, name == "behind.gz", "{}", said.notes);
    }
    refused(
        &desk,
        "index two.zip",
        &["2 files, and must have one: a.csv, b.csv"],
    );
    refused(&desk, "index book.xlsx", &["this is an Excel workbook"]);
    refused(&desk, "index rows.tar.gz", &["this is a tar archive"]);
    refused(&desk, "index twice.gz", &["packed by gzip once more"]);
}

#[test]
fn a_file_that_gives_no_row_and_a_file_or_month_with_far_fewer_are_warned_of() {
    let header = "date,source,target,code\n";
    let month = |month: u32, rows: usize| {
        let row = format!("2014-{month:02}-10,RUS,USA,042\n");
        [header, &row.repeat(rows)].concat()
    };
    let unknown = format!("{header}{}", "2014-05-01,Nowhere,USA,042\n".repeat(9));
    let counts = [100, 90, 5, 110, 95, 120];
    let mut files: Vec<_> = (1..)
        .zip(counts)
        .map(|(number, rows)| (format!("{number}.csv"), month(number, rows)))
        .collect();
    files.push(("unknown.csv".to_owned(), unknown));
    files.push(("header.csv".to_owned(), header.to_owned()));
    let named: Vec<_> = files
        .iter()
        .map(|(name, text)| (&**name, text.as_bytes()))
        .collect();
    let desk = desk(&named);
    let all: Vec<_> = files.iter().map(|(name, _)| &**name).collect();
    for threads in ["1", "3"] {
        let said = fine(
            &desk,
            &format!("index {} --threads {threads}", all.join(" ")),
        );
        for told in [
            "unknown.csv: none of its 9 rows is used; most are left out: a source or target of no known actor",
            "header.csv: there is no row in it",
            "3.csv: only 5 of its 5 rows used, far fewer than of the files around it",
            "2014-03: only 5 rows used, far fewer than of the months around it",
        ] {
            assert!(said.notes.contains(told), "no `{told}` in\n{}", said.notes);
        }
        assert_eq!(said.notes.matches("warning:").count(), 4, "{}", said.notes);
    }
}

#[test]
fn codes_of_gdelt_s_own_list_are_actors_and_so_are_known_groups() {
    let row = |id: u32, country: &str, group: &str| {
        let row = gdelt(id, "\t\t", "20140319120000");
        row.replacen(
            "\tRUS\tA\tRUS\t\t",
            &format!("\tX\tA\t{country}\t{group}\t"),
            1,
        )
    };
    let rows = [
        row(1, "MTN", ""),
        row(2, "BAG", ""),
        row(3, "EUR", "EEC"),
        row(4, "", "NAT"),
        row(5, "", "UNO"),
        row(6, "ANT", ""),
        row(7, "AFR", ""),
        row(8, "", ""),
        row(9, "", "ALQ"),
    ];
    let desk = desk(&[("rows.tsv", rows.concat().as_bytes())]);
    let said = fine(&desk, "index rows.tsv");
    let dyads = columns(&said.out, &["dyad"]);
    assert_eq!(
        dyads,
        ["EU-USA", "IRQ-USA", "MNE-USA", "NATO-USA", "UN-USA"]
    );
    for told in [
        "2  left out: a region or a group without a state",
        "2  left out: no country for source or target",
    ] {
        assert!(said.notes.contains(told), "{}", said.notes);
    }
}

#[test]
fn countries_are_found_by_the_names_that_people_write() {
    let names = [
        ("North Korea", "PRK"),
        ("South Korea", "KOR"),
        ("C\u{f4}te d'Ivoire", "CIV"),
        ("Ivory Coast", "CIV"),
        ("Russia", "RUS"),
        ("Iran", "IRN"),
        ("Syria", "SYR"),
        ("Vietnam", "VNM"),
        ("Laos", "LAO"),
        ("Tanzania", "TZA"),
        ("Bolivia", "BOL"),
        ("Venezuela", "VEN"),
        ("Moldova", "MDA"),
        ("Brunei", "BRN"),
        ("DR Congo", "COD"),
        ("Republic of the Congo", "COG"),
        ("Czech Republic", "CZE"),
        ("Czechia", "CZE"),
        ("Swaziland", "SWZ"),
        ("Cape Verde", "CPV"),
        ("East Timor", "TLS"),
        ("Timor-Leste", "TLS"),
        ("Palestine", "PSE"),
        ("Micronesia", "FSM"),
        ("United Kingdom", "GBR"),
        ("UK", "GBR"),
        ("USA", "USA"),
        ("United States", "USA"),
        ("T\u{fc}rkiye", "TUR"),
        ("Myanmar", "MMR"),
        ("Burma", "MMR"),
        ("Macedonia", "MKD"),
        ("North Macedonia", "MKD"),
        ("South Sudan", "SSD"),
        ("Guinea-Bissau", "GNB"),
        ("Samoa", "WSM"),
        ("Taiwan", "TWN"),
        ("Hong Kong", "HKG"),
        ("Kyrgyzstan", "KGZ"),
        ("Slovakia", "SVK"),
        ("Libya", "LBY"),
        ("The Gambia", "GMB"),
        ("Bosnia-Herzegovina", "BIH"),
        ("Soviet Union", "SUN"),
        ("East Germany", "DDR"),
        ("Government of Ukraine", "UKR"),
        ("Government of Russia (Soviet Union)", "RUS"),
        ("Government of Myanmar (Burma)", "MMR"),
        ("DR Congo (Zaire)", "COD"),
        ("Yemen (North Yemen)", "YEM"),
        ("Kingdom of eSwatini (Swaziland)", "SWZ"),
        ("Trinidad & Tobago", "TTO"),
        ("St. Kitts and Nevis", "KNA"),
        ("European Union", "EU"),
        ("NATO", "NATO"),
        ("UN", "UN"),
        ("IGOUNO", "UN"),
        ("IGOEUREEC", "EU"),
    ];
    let roster = Roster::default();
    for (name, code) in names {
        let found = roster
            .of_any(name)
            .map(|party| roster.actor(party).to_string());
        assert_eq!(found, Ok(code.to_owned()), "{name}");
    }
}

#[test]
fn gdelt_is_read_with_names_of_columns_as_databases_write_it() {
    let rows = "GLOBALEVENTID,SQLDATE,Actor1Name,Actor1CountryCode,Actor2CountryCode,IsRootEvent,EventCode,GoldsteinScale,DATEADDED,SOURCEURL\n\
                1,20140318,\"MOSCOW, RUSSIA\",RUS,USA,1,042,1.9,20140319,https://example.org/a\n2,20140318,,USA,RUS,0,112,-2.0,20140319,\n";
    check(
        "bq.csv",
        rows,
        "2 rows read: 2 used",
        &["RUS-USA 2014-03 2 -0.1"],
    );
    let desk = desk(&[("bq.csv", rows.as_bytes())]);
    let said = fine(&desk, "import bq.csv --dyad RUS-USA --events root");
    assert!(
        said.notes.contains("bq.csv: gdelt, recognised"),
        "{}",
        said.notes
    );
    for text in [
        "\"gdelt-1\"",
        "MOSCOW, RUSSIA",
        "https://example.org/a",
        "\"published\":\"2014-03-19\"",
    ] {
        assert!(said.out.contains(text), "{text}\n{}", said.out);
    }
    let said = fine(&desk, "index bq.csv bq.csv --dedupe id");
    assert_eq!(columns(&said.out, &["events", "quad_classes"]), ["2 gdelt"]);
}

#[test]
fn text_of_keds_is_read_with_codes_of_weis_which_are_none_of_cameo() {
    let rows = "950101\tRUS\tUSA\t064\t(GRANT PRIVILEGE)\tRENEWED\n950103\tUSA\tRUS\t032\t(VISIT)\tLEFT \n\
                950104\tUSA\tRUS\t045\t(*null*)\tX\n950105\tRUS\tUSA\t223\t(MIL ENGAGEMENT)\tATTACKED\n950106\tRUS\tUSA\t999\t(*null*)\tX\n";
    let expected = ["RUS-USA 1995-01 4 0.8"];
    check(
        "weis.txt",
        rows,
        "5 rows read: 4 used, 1 left out",
        &expected,
    );
    let headed = format!("date\tsource\ttarget\tcode\tlabel\n{rows}");
    check(
        "headed.txt",
        &headed,
        "5 rows read: 4 used, 1 left out",
        &expected,
    );
    let cameo = "20010101\tRUSGOV\tUSA\t042\t(Make a visit)\tX\n20010102\tIGOUNO\tUSA\t042\t(Make a visit)\tX\n";
    let visits = ["RUS-USA 2001-01 1 1.9", "UN-USA 2001-01 1 1.9"];
    check("cameo.txt", cameo, "2 rows read: 2 used", &visits);
    let desk = desk(&[
        ("weis.txt", rows.as_bytes()),
        ("cameo.txt", cameo.as_bytes()),
    ]);
    let said = fine(&desk, "index weis.txt");
    assert!(said.notes.contains("with codes of WEIS"), "{}", said.notes);
    let said = fine(&desk, "index keds cameo.txt");
    assert!(said.notes.contains("with codes of CAMEO"), "{}", said.notes);
    let table = "date,source,target,code\n1995-01-01,RUS,USA,064\n";
    std::fs::write(desk.path().join("table.csv"), table).unwrap();
    let said = fine(&desk, "index table.csv --codes weis");
    assert_eq!(
        columns(
            &said.out,
            &["weight_sum", "first_to_second_verbal_cooperation"]
        ),
        ["5.4 1"]
    );
}

#[test]
fn phoenix_is_read_with_and_without_a_header() {
    let bare = |id: u32, source: [&str; 2], code: &str| {
        let start = format!(
            "{id}\t20140618\t2014\t06\t18\t{}\t{}\t\t\tUSAGOV\tUSA\tGOV\t",
            source[0], source[1]
        );
        format!(
            "{start}\t{code}\t{}\t1\t-2.0\t\t55.7\t37.6\tMoscow\t\tRUS\ts1\thttps://example.org/a;https://example.org/b\tx\n",
            &code[..2]
        )
    };
    let rows = [
        bare(1, ["RUSGOV", "RUS"], "112"),
        bare(2, ["IGOUNO", "IGO"], "112"),
        bare(3, ["RUSGOV", "RUS"], "none"),
    ];
    let dyads = ["RUS-USA 2014-06 1 -2.0", "UN-USA 2014-06 1 -2.0"];
    check(
        "phoenix.txt",
        &rows.concat(),
        "3 rows read: 2 used, 1 left out",
        &dyads,
    );
    let historical = "eid,story_date,year,month,day,source,source_root,source_agent,source_others,target,target_root,target_agent,target_others,code,root_code,quad_class,goldstein,joined_issues,lat,lon,placename,statename,countryname,aid,process\n\
        NYT1,06/18/1962,1962,6,18,SUNGOV,SUN,GOV,,USAGOV,USA,GOV,,042,4,1,1.9,,NA,NA,,,,A1,x\nNYT2,01/01/1970,1970,1,1,SUNGOV,SUN,GOV,,USAGOV,USA,GOV,,042,4,1,1.9,,NA,NA,,,,A2,x\n";
    check(
        "nyt.csv",
        historical,
        "2 rows read: 1 used, 1 left out",
        &["SUN-USA 1962-06 1 1.9"],
    );
}

#[test]
fn acled_s_export_is_read_by_the_forces_of_countries() {
    let rows = "event_id_cnty,event_date,year,event_type,sub_event_type,actor1,actor2,country,latitude,longitude,source,notes\n\
        UKR1,24 February 2022,2022,Explosions/Remote violence,Shelling/artillery/missile attack,Military Forces of Russia (2000-) Air Force,Military Forces of Ukraine (2019-),Ukraine,50.4,30.5,Wire,\"A, with a comma\"\n\
        UKR2,2022-02-25,2022,Battles,Armed clash,Military Forces of Russia (2000-),Police Forces of Ukraine (2019-),Ukraine,50.4,30.5,Wire,x\n\
        UKR3,25 February 2022,2022,Protests,Peaceful protest,Protesters (Russia),,Russia,55.7,37.6,Wire,x\n\
        UKR4,25 February 2022,2022,Strategic developments,Other,Military Forces of Russia (2000-),Military Forces of Ukraine (2019-),Ukraine,50.4,30.5,Wire,x\n";
    check(
        "acled.csv",
        rows,
        "4 rows read: 2 used, 2 left out",
        &["RUS-UKR 2022-02 2 -20.0"],
    );
    let desk = desk(&[("acled.csv", rows.as_bytes())]);
    let said = fine(&desk, "import acled.csv --dyad RUS-UKR");
    assert!(
        said.notes.contains("acled.csv: acled, recognised"),
        "{}",
        said.notes
    );
    assert!(
        said.out.contains("\"acled-UKR1\"") && said.out.contains("\"code\":\"194\""),
        "{}",
        said.out
    );
}

#[test]
fn what_other_projects_publish_is_a_plain_table_with_a_value_that_every_row_has() {
    // In the layouts of UCDP GED and of the dyadic MID data.
    let ged = "id,type_of_violence,side_a,side_b,date_start,date_end,best\n1,1,Government of Russia (Soviet Union),Government of Ukraine,2022-02-24 00:00:00.000,2022-02-24 00:00:00.000,5\n\
               2,1,Government of Russia (Soviet Union),Some Rebels,2022-02-25 00:00:00.000,2022-02-25 00:00:00.000,5\n";
    let mid = "disno,statea,namea,stateb,nameb,strtday,strtmnth,strtyr,hihost\n1,2,USA,365,RUS,27,10,1962,3\n2,2,USA,365,RUS,-9,11,1962,3\n";
    let desk = desk(&[("ged.csv", ged.as_bytes()), ("mid.csv", mid.as_bytes())]);
    let said = fine(
        &desk,
        "index csv ged.csv --column date=date_start --column source=side_a --column target=side_b --column id=id --value code=190",
    );
    assert_eq!(
        columns(&said.out, &["dyad", "month", "events", "weight_sum"]),
        ["RUS-UKR 2022-02 1 -10.0"]
    );
    assert!(
        said.notes
            .contains("1  left out: a source or target of no known actor"),
        "{}",
        said.notes
    );
    let said = fine(
        &desk,
        "index csv mid.csv --column date=strtyr+strtmnth+strtday --column source=namea --column target=nameb --column id=disno --value code=138",
    );
    assert_eq!(
        columns(&said.out, &["dyad", "month", "events"]),
        ["RUS-USA 1962-10 1"]
    );
    assert!(
        said.notes.contains("1  left out: a date that is none"),
        "{}",
        said.notes
    );
}

#[test]
#[cfg(unix)]
fn names_of_files_are_bytes() {
    use std::os::unix::ffi::OsStrExt;
    let desk = desk(&[]);
    let name = |end: &str| {
        let name = [b"n\xff", end.as_bytes()].concat();
        std::ffi::OsStr::from_bytes(&name).to_owned()
    };
    std::fs::write(desk.path().join(name(".csv")), TABLE).unwrap();
    let run = |words: &[&std::ffi::OsStr]| {
        let run = Command::new(env!("CARGO_BIN_EXE_detente"))
            .args(words)
            .current_dir(desk.path())
            .output()
            .unwrap();
        let notes = String::from_utf8_lossy(&run.stderr).into_owned();
        assert_eq!(run.status.code(), Some(0), "{words:?}\n{notes}");
        notes
    };
    let word = std::ffi::OsStr::new;
    let (table, log, page) = (name(".csv"), name(".jsonl"), name(".html"));
    assert!(run(&[word("index"), &table]).contains("n\u{fffd}.csv: csv"));
    run(&[
        word("import"),
        &table,
        word("--dyad"),
        word("RUS-USA"),
        word("-o"),
        &log,
    ]);
    run(&[word("replay"), &log]);
    run(&[word("why"), &log]);
    run(&[word("log"), word("show"), &log]);
    run(&[word("log"), word("verify"), &log]);
    run(&[word("check"), &log]);
    run(&[word("compare"), &log, &log]);
    run(&[word("report"), &log, word("-o"), &page]);
}

/// What each of the cases must say, and must not.
const CASES: [(&str, &[&str], &[&str]); 18] = [
    (
        "01",
        &["11 rows read: 11 used, 0 left out", "out.jsonl: 11 events"],
        &["7 rows read"],
    ),
    (
        "02",
        &["RUS-USA,2014-03,5,3.9,"],
        &["\"weight\"", "weight of its own"],
    ),
    (
        "09",
        &["RUS-USA,2017-01,2,", "RUS-USA,2017-12,1,"],
        &["rc 2"],
    ),
    ("11", &["3 used"], &["left out:"]),
    ("13", &["UTF-16", "UTF-8", "rc 2"], &[]),
    (
        "17",
        &["RUS-USA,2014-03,4", "RUS-USA,2014-03,2"],
        &["error"],
    ),
    (
        "18",
        &["two columns are named date (1 and 2)", "RUS-USA,2015-03,1"],
        &["2014-03,1"],
    ),
    (
        "19",
        &[
            "61 columns as GDELT has, but column 1 is no number: `\"1\"`",
            "`8.2E+08`",
        ],
        &["rc 0"],
    ),
    ("05", &["does not apply", "rc 2"], &["NoSuchColumn", "rc 0"]),
    (
        "07",
        &[
            "RUS-USA,2021-06,8",
            "4 rows with the id and day of another row",
        ],
        &["5 rows with", "5 events with"],
    ),
    (
        "20",
        &[
            "MNE-USA,2014-03,1",
            "IRQ-USA,2014-03,1",
            "ROU-USA,2014-03,1",
        ],
        &["no known actor"],
    ),
    ("03", &["-0.1611 to +0.1611"], &["+0.0000 to +0.0000"]),
    ("21", &["same", "rc 0"], &["differs"]),
    (
        "22",
        &[
            "rc 0 scenarios/x.json",
            "rc 0 ./scenarios/x.json",
            "rc 0 from inside",
        ],
        &["rc 1"],
    ),
    (
        "24",
        &[
            "its lines end in CRLF (git core.autocrlf?); with line feeds the chain holds",
            ".gitattributes",
            "rc 1",
        ],
        &["only `detente log append` writes"],
    ),
    ("26", &["'=x", "''=x", "'-5 % tariffs"], &[]),
    ("27", &["RUS-USA", "rc 0"], &["invalid UTF-8"]),
    ("15", &["3 used"], &["error"]),
];

#[test]
#[cfg(unix)]
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn cases_from_people_who_do_this_job_come_out_right() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases");
    let Ok(folders) = std::fs::read_dir(&cases) else {
        eprintln!("skipped: {} is not there", cases.display());
        return;
    };
    let mut wrong = Vec::new();
    for folder in folders {
        let folder = folder.unwrap().path();
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let is_it = |(number, ..): &&(&str, _, _)| !number.is_empty() && name.starts_with(number);
        let Some((_, says, never)) = CASES.iter().find(is_it) else {
            continue;
        };
        let desk = tempfile::tempdir().unwrap();
        let copied = Command::new("cp")
            .args(["-R", "--no-preserve=mode"])
            .arg(folder.join("."))
            .arg(desk.path())
            .status();
        assert!(copied.unwrap().success());
        let run = Command::new("bash")
            .arg("-c")
            .arg("exec 2>&1; . ./cmd")
            .current_dir(desk.path())
            .env("D", env!("CARGO_BIN_EXE_detente"))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stdout).into_owned();
        let are_missing = says.iter().filter(|text| !said.contains(*text));
        let are_there = never.iter().filter(|text| said.contains(*text));
        let texts: Vec<_> = are_missing.chain(are_there).collect();
        if !texts.is_empty() {
            wrong.push(format!("{name}: {texts:?}\n{said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_table_of_one_column_is_told_to_be_one_with_what_may_stand_between_columns() {
    let rows = b"date:source:target:code\n2030-01-03:USA:RUS:042\n";
    let series = b"dyad:month:value\nRUS-USA:2030-01:1\n";
    let desk = desk(&[
        ("rows.csv", rows),
        ("series.csv", series),
        ("x.csv", b"a:b\n1:2\n"),
    ]);
    let says = |header: &str| format!("the table has one column, `{header}`");
    for arguments in [
        "index rows.csv",
        "index csv rows.csv",
        "import rows.csv --all-dyads",
    ] {
        let says = says("date:source:target:code");
        refused(
            &desk,
            arguments,
            &[&says, "a comma, a semicolon, a tab or a bar"],
        );
    }
    refused(&desk, "index csv x.csv", &[&says("a:b")]);
    refused(&desk, "index x.csv", &["no event data of a known format"]);
    let says = says("dyad:month:value");
    refused(
        &desk,
        "validate rows.csv --against series.csv",
        &[&says, "a comma, a semicolon or a tab"],
    );
}

#[test]
fn months_without_a_row_are_told_of_whatever_the_dyad_and_the_split() {
    let rows = |months: &[&str]| {
        let row =
            |month: &&str| format!("2030-{month}-03,USA,RUS,042\n2030-{month}-04,FRA,DEU,042\n");
        format!(
            "date,source,target,code\n{}",
            months.iter().map(row).collect::<String>()
        )
    };
    let desk = desk(&[
        ("all.csv", rows(&["01", "03", "07", "08"]).as_bytes()),
        ("one.csv", rows(&["07", "01"]).as_bytes()),
        ("other.csv", rows(&["08", "03"]).as_bytes()),
        ("whole.csv", rows(&["07", "08"]).as_bytes()),
    ]);
    let says = "warning: no row of 2030-02, 2030-04 to 2030-06 (4 months): a month without data is not one without events";
    for arguments in [
        "index all.csv",
        "index other.csv one.csv --every quarter",
        "index all.csv --dyad RUS-USA --threads 3",
    ] {
        let notes = fine(&desk, arguments).notes;
        assert!(notes.contains(says), "{notes}");
    }
    // One of other dyads is a row, too; what is made says it of itself.
    let log = "import all.csv --dyad RUS-USA -o log.jsonl --manifest log.json";
    assert!(fine(&desk, log).notes.contains(says));
    let manifest = std::fs::read_to_string(desk.path().join("log.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(
        manifest["rows"]["months_without_row"],
        serde_json::json!(["2030-02", "2030-04", "2030-05", "2030-06"])
    );
    let cited = fine(&desk, "cite log.json").out;
    let hole = "Between those days there is no row of any dyad of 4 months: 2030-02, 2030-04";
    assert!(cited.contains(hole), "{cited}");
    for command in ["fit", "validate"] {
        let notes = run(&desk, &format!("{command} all.csv")).notes;
        assert!(notes.contains(says), "{command}: {notes}");
    }
    for command in [
        "index whole.csv",
        "import whole.csv --dyad RUS-USA -o whole.jsonl",
    ] {
        let notes = fine(&desk, command).notes;
        assert!(!notes.contains("no row of"), "{notes}");
    }
}

#[test]
fn the_last_month_is_warned_of_where_it_has_far_fewer_rows_and_so_is_the_first() {
    let rows = |months: &[(&str, usize)]| {
        let of =
            |(month, rows): &(&str, usize)| format!("2030-{month}-03,USA,RUS,042\n").repeat(*rows);
        let rows: String = months.iter().map(of).collect();
        format!("date,source,target,code\n{rows}")
    };
    let thin = rows(&[("06", 9), ("07", 90), ("08", 99), ("09", 95), ("10", 20)]);
    let desk = desk(&[("thin.csv", thin.as_bytes())]);
    for command in [
        "index thin.csv",
        "import thin.csv --dyad RUS-USA -o log.jsonl",
    ] {
        let notes = fine(&desk, command).notes;
        for says in [
            "warning: 2030-06: only 9 rows used, far fewer than of the months after it: the data may begin within it",
            "warning: 2030-10: only 20 rows used, far fewer than of the months before it: the data may end within it",
        ] {
            assert!(notes.contains(says), "{notes}");
        }
    }
}

#[test]
fn all_dyads_make_one_log_that_has_what_an_import_of_each_has() {
    let rows = "date,source,target,code\n2030-01-03,USA,RUS,042\n2030-01-04,FRA,DEU,112\n2030-01-04,RUS,USA,190\n";
    let desk = desk(&[("rows.csv", rows.as_bytes())]);
    fine(&desk, "import rows.csv --all-dyads -o all.jsonl");
    fine(
        &desk,
        "import rows.csv --dyad USA-RUS --dyad DEU-FRA -o named.jsonl",
    );
    let [all, named] =
        ["all.jsonl", "named.jsonl"].map(|name| std::fs::read(desk.path().join(name)).unwrap());
    assert_eq!(all, named);
    assert_eq!(String::from_utf8(all).unwrap().lines().count(), 3);
    refused(
        &desk,
        "import rows.csv --all-dyads --dyad RUS-USA",
        &["cannot be used with"],
    );
    refused(&desk, "import rows.csv", &["--dyad"]);
}
