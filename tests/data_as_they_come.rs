//! Event data as programs and people leave them: whatever was done to a file, no row is lost without a word.
//!
//! All rows are made up, in the layouts of their makers.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

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
    let row = |id: &str, date: &str| format!("{id}\t{date}{}\n", "\t".repeat(59));
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

/// What each of the cases must say, and must not.
const CASES: [(&str, &[&str], &[&str]); 10] = [
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
    ("", &[], &[]),
    ("", &[], &[]),
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
