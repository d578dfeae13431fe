//! Real event data, and made-up ones in the same layouts: every row is accounted for, and tables
//! are the same for any order, split and number of threads.
//!
//! The larger files are not part of the crate: a clone without `../shared/data` skips their tests,
//! and says so.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use detente::exchange::{Choices, Sieve, Weight};
use detente::exchange::{Format, Reader, Reason, Roster, Row, TableForm, WeightSource, reader};
use detente::model::Weights;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use tempfile::TempDir;

const GDELT: &[u8] = include_bytes!("event_data/gdelt-2019-01-21.tsv");
const POLECAT: &[u8] = include_bytes!("event_data/polecat.tsv");
const ACTORS: &[u8] = include_bytes!("event_data/actors.txt");

/// A file that is no part of the crate, where it is at hand.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data")
        .join(name);
    if !path.exists() {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

/// The lines of a file, unpacked.
fn lines(path: &Path) -> Vec<Vec<u8>> {
    let mut bytes = std::fs::read(path).unwrap();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(&bytes[..])
            .read_to_end(&mut unpacked)
            .unwrap();
        bytes = unpacked;
    }
    let lines = bytes.split(|byte| *byte == b'\n');
    lines
        .filter(|line| !line.is_empty())
        .map(<[u8]>::to_vec)
        .collect()
}

fn reader_of(first: &[u8], expected: Format) -> Box<dyn Reader> {
    let roster = Arc::new(Roster::default());
    let (format, reader) = reader(first, None, &TableForm::default(), &roster).unwrap();
    assert_eq!(format, expected);
    reader
}

/// A folder with files, and what commands in it say.
struct Desk(TempDir);

struct Said {
    out: String,
    notes: String,
    status: Option<i32>,
}

impl Desk {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        for (name, bytes) in files {
            desk.write(name, bytes);
        }
        desk
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.0.path().join(name), bytes).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.path().join(name)).unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Said {
        let run = Command::new(env!("CARGO_BIN_EXE_detente"))
            .args(arguments)
            .current_dir(self.0.path())
            .env_remove("NO_COLOR")
            .output()
            .unwrap();
        Said {
            out: String::from_utf8(run.stdout).unwrap(),
            notes: String::from_utf8(run.stderr).unwrap(),
            status: run.status.code(),
        }
    }

    /// What a command that goes well says.
    #[track_caller]
    fn fine(&self, arguments: &[&str]) -> Said {
        let said = self.run(arguments);
        assert_eq!(said.status, Some(0), "{}", said.notes);
        said
    }
}

/// The rows of a table by the names of their columns.
fn table(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    rows.deserialize().map(|row| row.unwrap()).collect()
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap()
}

#[test]
fn every_row_of_the_shared_gdelt_files_is_read_and_weighs_what_the_table_says_but_for_one() {
    let mut odd = Vec::new();
    for (name, columns, rows) in [
        ("20190121220000.export.CSV", 61, 1_629),
        ("gdelt1_daily_20160728_sample.tsv", 58, 509),
        ("gdelt1_historical_198212_sample.tsv", 57, 201),
        ("gdelt1_georgia_201106_201112.tsv.gz", 58, 35_718),
    ] {
        let Some(path) = shared(name) else { return };
        let lines = lines(&path);
        assert_eq!(lines.len(), rows, "{name}");
        let reader = reader_of(&lines[0], Format::Gdelt);
        assert!(
            reader
                .layout()
                .title
                .ends_with(&format!("{columns} columns"))
        );
        for line in &lines {
            let row = reader.row(line).unwrap();
            assert_eq!(
                reader.look_closely(line, &row).map(|odd| odd.coordinates),
                Ok(false)
            );
            let fields: Vec<_> = line.split(|byte| *byte == b'\t').collect();
            assert_eq!(fields.len(), columns);
            assert_eq!(row.code.code().to_string().as_bytes(), fields[26]);
            assert_eq!(row.is_root, fields[25] == b"1");
            // GDELT's own class of the code is the one that its root has.
            let class = detente::exchange::Quads::Gdelt.class(row.code.root()) + 1;
            assert_eq!(class.to_string().as_bytes(), fields[29]);
            if row.weight != Some(row.code.weight(Weights::Gdelt)) {
                odd.push(String::from_utf8_lossy(fields[0]).into_owned());
            }
        }
    }
    // The one row that the notes on the data name.
    assert_eq!(odd.len(), 1, "{odd:?}");
}

#[test]
fn every_country_code_of_the_shared_gdelt_files_is_a_state_or_a_region() {
    for name in [
        "20190121220000.export.CSV",
        "gdelt1_daily_20160728_sample.tsv",
        "gdelt1_historical_198212_sample.tsv",
        "gdelt1_georgia_201106_201112.tsv.gz",
    ] {
        let Some(path) = shared(name) else { return };
        let lines = lines(&path);
        let reader = reader_of(&lines[0], Format::Gdelt);
        for line in &lines {
            let Row { source, target, .. } = reader.row(line).unwrap();
            for party in [source, target] {
                let is_known = matches!(party, Ok(_) | Err(Reason::NoActor | Reason::Region));
                assert!(is_known, "{}", String::from_utf8_lossy(line));
            }
        }
    }
}

#[test]
fn every_row_of_the_raw_icews_days_is_read_and_its_text_and_intensity_are_those_of_its_code() {
    let Some(path) = shared("icews_raw_20180601_20180602.tab") else {
        return;
    };
    let lines = lines(&path);
    let reader = reader_of(&lines[0], Format::Icews);
    let rows = &lines[1..];
    assert_eq!(rows.len(), 3_705);
    for line in rows {
        let row = reader.row(line).unwrap();
        let fields: Vec<_> = line.split(|byte| *byte == b'\t').collect();
        let text = std::str::from_utf8(fields[5]).unwrap();
        assert!(
            row.code.code().row().name.eq_ignore_ascii_case(text),
            "{text}"
        );
        assert_eq!(row.weight, Some(row.code.weight(Weights::Icews)), "{text}");
        for party in [row.source, row.target] {
            let is_known = matches!(party, Ok(_) | Err(Reason::NoActor | Reason::Region));
            assert!(is_known, "{}", String::from_utf8_lossy(line));
        }
    }
}

/// How many events a log has in each month, and how many of a negative weight.
fn by_month(log: &str) -> BTreeMap<String, [u64; 2]> {
    let mut months = BTreeMap::new();
    for line in log.lines() {
        let event: Value = serde_json::from_str(line).unwrap();
        let code: detente::model::Code = event["code"].as_str().unwrap().parse().unwrap();
        let month = event["date"].as_str().unwrap()[..7].to_owned();
        let [all, negative] = months.entry(month).or_insert([0, 0]);
        *all += 1;
        *negative += u64::from(code.weight(Weights::Icews) < 0.0);
    }
    months
}

#[test]
fn the_annexation_shows_in_icews14_as_volume_and_a_lower_mean_and_never_as_a_negative_one() {
    let (Some(data), Some(actors)) = (
        shared("icews14.tsv.gz"),
        shared("cameo_country_actors.txt.gz"),
    ) else {
        return;
    };
    let desk = Desk::new(&[]);
    let (data, actors) = (data.to_str().unwrap(), actors.to_str().unwrap());
    let said = desk.fine(&[
        "import",
        data,
        "--actors",
        actors,
        "--dyad",
        "RUS-USA",
        "-o",
        "log.jsonl",
    ]);
    assert!(
        said.notes
            .contains("90730 rows read: 1223 used, 89507 left out"),
        "{}",
        said.notes
    );
    let months = by_month(&desk.read("log.jsonl"));
    // A count by hand, of officials that were folded by hand, has 1,260 and 69 in the year, about
    // 310 and 19 in March.
    let [all, negative] = months
        .values()
        .fold([0, 0], |sum, month| [sum[0] + month[0], sum[1] + month[1]]);
    assert_eq!([all, negative], [1_223, 66]);
    assert_eq!(months["2014-03"], [305, 19]);
    assert!(months.values().all(|[all, _]| *all <= 305));
    desk.fine(&["log", "verify", "log.jsonl"]);

    let decay = ["--model", "goldstein-decay"];
    let said = desk.fine(&[&["index", data, "--actors", actors][..], &decay].concat());
    let rows = table(&said.out);
    let rows: BTreeMap<_, _> = rows
        .iter()
        .filter(|row| row["dyad"] == "RUS-USA")
        .map(|row| (&row["month"][..], row))
        .collect();
    assert_eq!(rows.len(), 12);
    for (month, row) in &rows {
        assert_eq!(number(row, "events") as u64, months[*month][0], "{month}");
        assert!(
            number(row, "weight_mean") > 0.0 && number(row, "decayed_mean") > 0.0,
            "{month}"
        );
    }
    let mean = |month: &str| number(rows[month], "weight_mean");
    assert!(mean("2014-03") < mean("2014-01"));
    assert!(
        rows.values()
            .all(|row| number(row, "events") <= number(rows["2014-03"], "events"))
    );
    // The sum even warms, since volume drives it.
    assert!(number(rows["2014-03"], "temperature") > number(rows["2014-02"], "temperature"));
    let chapter = "docs/guide/event-data-choices.md";
    let chapter = Path::new(env!("CARGO_MANIFEST_DIR")).join(chapter);
    let chapter = std::fs::read_to_string(chapter).unwrap();
    for (month, end, name) in [
        ("2014-01", "31", "January 2014"),
        ("2014-02", "28", "February"),
        ("2014-03", "31", "March"),
        ("2014-04", "30", "April"),
        ("2014-05", "31", "May"),
        ("2014-07", "31", "July"),
    ] {
        let row = rows[month];
        let to = format!("{month}-{end}");
        let said = desk.fine(&[
            "replay",
            "log.jsonl",
            "--to",
            &to,
            "--state-only",
            "--format",
            "json",
        ]);
        let line = format!(
            "| {name} | {} | {:.2} | {:.1} | {:.1} % | {:.2} |",
            row["events"],
            end_temperature(&said.out),
            number(row, "temperature"),
            100.0 * number(row, "conflict_share"),
            number(row, "weight_mean")
        );
        assert!(chapter.contains(&line), "{line}");
    }
    let names = [
        "Dmitry Anatolyevich Medvedev=RUS",
        "Joseph Robinette Biden=USA",
        "ITAR TASS=RUS",
    ];
    let names = names.map(|name| ["--actor", name]).concat();
    let import = ["import", data, "--actors", actors, "--dyad", "RUS-USA"];
    let said = desk.fine(&[&import[..], &names].concat());
    assert_eq!(said.out.lines().count(), 1_239);
    assert!(chapter.contains("1,239"));
}

#[test]
fn an_import_of_icews14_is_the_base_of_a_scenario_that_drops_sanctions() {
    let (Some(data), Some(actors)) = (
        shared("icews14.tsv.gz"),
        shared("cameo_country_actors.txt.gz"),
    ) else {
        return;
    };
    let desk = Desk::new(&[(
        "no-sanctions.json",
        br#"{"title": "No sanctions on 20 March 2014", "base": "log.jsonl", "fork": {"date": "2014-03-19"}, "until": "2014-12-31",
            "model": {"preset": "goldstein-decay"}, "edits": [
            {"drop": {"event": "icews-line-18695"}}, {"drop": {"event": "icews-line-18699"}}, {"drop": {"event": "icews-line-18763"}}]}"#,
    )]);
    let (data, actors) = (data.to_str().unwrap(), actors.to_str().unwrap());
    desk.fine(&[
        "import",
        data,
        "--actors",
        actors,
        "--dyad",
        "RUS-USA",
        "-o",
        "log.jsonl",
    ]);
    for line in [18_695, 18_699, 18_763] {
        let log = desk.read("log.jsonl");
        let event = log
            .lines()
            .find(|event| event.contains(&format!("\"icews-line-{line}\"")))
            .unwrap();
        assert!(
            event.contains("\"date\":\"2014-03-20\"") && event.contains("\"code\":\"163\""),
            "{event}"
        );
    }
    desk.fine(&["check", "no-sanctions.json"]);
    desk.fine(&["run", "no-sanctions.json", "--log", "branch.jsonl"]);
    let temperature = |log: &str| {
        let said = desk.fine(&[
            "replay",
            log,
            "--model",
            "goldstein-decay",
            "--to",
            "2014-03-20",
            "--state-only",
            "--format",
            "json",
        ]);
        end_temperature(&said.out)
    };
    let why = |history: &str| {
        let said = desk.fine(&[
            "why",
            history,
            "--model",
            "goldstein-decay",
            "--at",
            "2014-03-20",
            "--top",
            "1000",
        ]);
        let named = |line: &u32| said.out.contains(&format!("[icews-line-{line}]"));
        [18_695, 18_699, 18_763]
            .iter()
            .filter(|line| named(line))
            .count()
    };
    assert_eq!(why("log.jsonl"), 3);
    assert_eq!(why("branch.jsonl"), 0);
    // Three sanctions of -8 each on that very day, and nothing else.
    assert!((temperature("branch.jsonl") - temperature("log.jsonl") - 24.0).abs() < 1e-9);
}

/// The temperature of the first relation in a replay as JSON.
fn end_temperature(json: &str) -> f64 {
    let value: Value = serde_json::from_str(json).unwrap();
    value["state"]["dyads"][0]["temperature"].as_f64().unwrap()
}

/// Made-up rows of four actors over some months, from a fixed sequence.
fn made_up_rows(count: u64) -> Vec<String> {
    let codes = ["010", "036", "042", "057", "112", "130", "163", "190"];
    let actors = ["RUS", "USA", "EU", "Ukraine"];
    let mut state = 2_017_u64;
    let mut next = |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    (0..count)
        .map(|id| {
            let source = next(4);
            let target = (source + 1 + next(3)) % 4;
            let code = codes[next(8) as usize];
            let own = ["", "-3.3", "2.25"][next(3) as usize];
            let (month, day) = (1 + next(12), 1 + next(28));
            format!(
                "{id},2016-{month:02}-{day:02},{},{},{code},{own}",
                actors[source as usize], actors[target as usize]
            )
        })
        .collect()
}

const HEADER: &str = "id,date,source,target,code,weight\n";

fn file_of(rows: &[String]) -> Vec<u8> {
    format!("{HEADER}{}\n", rows.join("\n")).into_bytes()
}

#[test]
fn a_table_is_the_same_for_any_order_of_rows_any_split_into_files_and_any_number_of_threads() {
    let rows = made_up_rows(12_000);
    let mut reversed = rows.clone();
    reversed.reverse();
    let thirds: Vec<_> = (0..3)
        .map(|third| {
            reversed
                .iter()
                .skip(third)
                .step_by(3)
                .cloned()
                .collect::<Vec<_>>()
        })
        .collect();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(&file_of(&thirds[2])).unwrap();
    let desk = Desk::new(&[
        ("whole.csv", &file_of(&rows)),
        ("reversed.csv", &file_of(&reversed)),
        ("a.csv", &file_of(&thirds[0])),
        ("b.csv", &file_of(&thirds[1])),
        ("c.csv.gz", &packed.finish().unwrap()),
    ]);
    for (dedupe, more) in [
        ("none", &["--all-months"][..]),
        ("dyad-day-code", &["--every", "week"]),
        ("none", &["--model", "goldstein-decay", "--dyad", "EU-RUS"]),
        (
            "dyad-day-code",
            &["--directed", "--dyad", "USA-RUS", "--dyad", "EU-USA"],
        ),
    ] {
        let index = |files: &[&str], threads: &str| {
            let options = ["--dedupe", dedupe, "--threads", threads];
            desk.fine(&[&["index"], files, &options, more].concat()).out
        };
        let expected = index(&["whole.csv"], "1");
        // How many files stand behind a period is another number for another split.
        let without_files = |text: &str| -> Vec<String> {
            let header = text.lines().next().unwrap();
            let place = header.split(',').position(|name| name == "files").unwrap();
            let rest = |line: &str| {
                let mut fields: Vec<_> = line.split(',').collect();
                fields.remove(place);
                fields.join(",")
            };
            text.lines().map(rest).collect()
        };
        assert!(table(&expected).len() > 10);
        for (files, threads) in [
            (&["whole.csv"][..], "4"),
            (&["reversed.csv"], "3"),
            (&["a.csv", "b.csv", "c.csv.gz"], "1"),
            (&["c.csv.gz", "b.csv", "a.csv"], "2"),
        ] {
            assert!(
                without_files(&index(files, threads)) == without_files(&expected),
                "{dedupe} {more:?}: {files:?} on {threads} threads"
            );
        }
    }
}

#[test]
fn files_of_several_formats_make_one_table_in_any_order() {
    // A protest, 140, which GDELT's cut and CAMEO's put into different classes.
    let text = String::from_utf8(GDELT.to_vec()).unwrap();
    let gdelt = text.replace("\t042\t042\t04\t1\t1.9\t", "\t140\t140\t14\t3\t-6.5\t");
    let icews =
        "Police (United Kingdom)\tEngage in political dissent\tPolice (United States)\t2019-01-21\n"
            .repeat(3);
    let desk = Desk::new(&[
        ("gdelt.tsv", gdelt.as_bytes()),
        ("icews.tsv", icews.as_bytes()),
    ]);
    for dedupe in ["none", "dyad-day-code"] {
        let index = |files: [&str; 2], threads: &str| {
            let options = ["--dedupe", dedupe, "--threads", threads];
            desk.fine(&[&["index"], &files[..], &options].concat())
        };
        let expected = index(["gdelt.tsv", "icews.tsv"], "1");
        assert!(
            expected.notes.contains("gdelt.tsv: gdelt, recognised"),
            "{}",
            expected.notes
        );
        assert!(
            expected
                .notes
                .contains("icews.tsv: icews-quadruples, recognised"),
            "{}",
            expected.notes
        );
        for threads in ["1", "3"] {
            assert_eq!(
                index(["icews.tsv", "gdelt.tsv"], threads).out,
                expected.out,
                "{dedupe}"
            );
            assert_eq!(
                index(["gdelt.tsv", "icews.tsv"], threads).notes,
                expected.notes,
                "{dedupe}"
            );
        }
    }
}

#[test]
fn the_temperature_of_the_table_is_that_of_a_replay_of_the_import() {
    let desk = Desk::new(&[("rows.csv", &file_of(&made_up_rows(3_000)))]);
    for dedupe in ["none", "dyad-day-code"] {
        desk.fine(&[
            "import",
            "rows.csv",
            "--dedupe",
            dedupe,
            "--weights",
            "file",
            "--dyad",
            "RUS-USA",
            "-o",
            "log.jsonl",
            "--overwrite",
        ]);
        desk.fine(&["log", "verify", "log.jsonl"]);
        desk.fine(&["check", "log.jsonl"]);
        let said = desk.fine(&[
            "index",
            "rows.csv",
            "--dedupe",
            dedupe,
            "--model",
            "goldstein-decay",
            "--set",
            "half_life_days=45",
        ]);
        let rows = table(&said.out);
        let rows: Vec<_> = rows.iter().filter(|row| row["dyad"] == "RUS-USA").collect();
        assert_eq!(rows.len(), 12);
        let ends = [
            "31", "29", "31", "30", "31", "30", "31", "31", "30", "31", "30", "31",
        ];
        for (row, end) in rows.iter().zip(ends) {
            let day = format!("{}-{end}", row["month"]);
            let said = desk.fine(&[
                "replay",
                "log.jsonl",
                "--model",
                "goldstein-decay",
                "--set",
                "half_life_days=45",
                "--to",
                &day,
                "--state-only",
                "--format",
                "json",
            ]);
            let (replayed, indexed) = (end_temperature(&said.out), number(row, "temperature"));
            assert!(
                (replayed - indexed).abs() < 1e-5,
                "{day}: {replayed} and {indexed}"
            );
        }
    }
}

#[test]
fn an_imported_event_has_the_row_s_own_id_and_url_and_ids_that_repeat_are_told_apart() {
    let desk = Desk::new(&[("a.tsv", GDELT), ("b.tsv", GDELT)]);
    let said = desk.fine(&["import", "gdelt", "a.tsv", "b.tsv", "--dyad", "USA-ISR"]);
    let events: Vec<Value> = said
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(events.len(), 30);
    assert_eq!(events[0]["id"], "gdelt-817930318");
    assert_eq!(events[0]["date"], "2018-12-22");
    assert_eq!(events[0]["recorded"], "2018-12-22");
    assert_eq!(events[0]["code"], "061");
    assert_eq!(events[0]["evidence"][0]["published"], "2019-01-21");
    assert!(
        events[0]["evidence"][0]["url"]
            .as_str()
            .unwrap()
            .starts_with("http")
    );
    assert_eq!(events[0]["evidence"][0]["locator"], "event 817930318");
    assert_eq!(events[2]["id"], "gdelt-817930318-2");
    let ids: std::collections::BTreeSet<_> =
        events.iter().map(|event| event["id"].to_string()).collect();
    assert_eq!(ids.len(), events.len());
    assert!(events.is_sorted_by_key(|event| event["date"].to_string()));
}

#[test]
fn a_row_s_own_weight_wins_over_the_table_s_and_is_counted() {
    // 817930882 is a visit, 042, of 1.9.
    let text = String::from_utf8(GDELT.to_vec()).unwrap();
    let odd = text.replacen("\t042\t042\t04\t1\t1.9\t", "\t042\t042\t04\t1\t-1.9\t", 1);
    assert_ne!(odd, text);
    let desk = Desk::new(&[("odd.tsv", odd.as_bytes())]);
    let weights = |weights: &str| {
        let said = desk.fine(&[
            "import",
            "odd.tsv",
            "--weights",
            weights,
            "--dyad",
            "GBR-USA",
        ]);
        let own = said
            .out
            .lines()
            .filter(|line| line.contains("\"weight\":-1.9"))
            .count();
        let told = said.notes.contains("1  used with a weight of its own that is not the table's, such as odd.tsv:15: 817930882");
        (own, told)
    };
    assert_eq!(weights("file"), (1, true));
    assert_eq!(weights("gdelt"), (0, false));
}

#[test]
fn polecat_is_read_through_the_types_of_plover() {
    let desk = Desk::new(&[("polecat.tsv", POLECAT)]);
    let said = desk.fine(&[
        "import",
        "polecat.tsv",
        "--dyad",
        "RUS-USA",
        "--dyad",
        "EU-RUS",
    ]);
    let events: Vec<Value> = said
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let told: Vec<_> = events
        .iter()
        .map(|event| {
            format!(
                "{} {} {} {} {}",
                event["id"], event["source"][0], event["target"][0], event["code"], event["weight"]
            )
        })
        .map(|text| text.replace('"', ""))
        .collect();
    assert_eq!(
        told,
        [
            "polecat-MADEUP_1 RUS USA 04 null",
            "polecat-MADEUP_2 USA RUS 16 -7.0",
            "polecat-MADEUP_4 EU RUS 084 null",
            // Its empty end is missing.
            "polecat-MADEUP_6 RUS USA 11 null",
        ]
    );
    assert!(
        said.notes.contains("6 rows read: 4 used, 2 left out"),
        "{}",
        said.notes
    );
    for reason in [
        "a region or a group without a state",
        "an event text of no CAMEO code",
    ] {
        assert!(
            said.notes.contains(&format!("1  left out: {reason}")),
            "{reason}\n{}",
            said.notes
        );
    }
}

#[test]
fn a_person_acts_for_the_country_that_the_dictionary_names_on_that_day() {
    let rows = "Jane Doe\tConsult\tGovernment (United States)\t2014-03-17\nJane Doe\tConsult\tGovernment (United States)\t2014-03-18\n\
                John Roe\tThreaten\tPolice (Russia)\t2014-03-19\nNobody\tConsult\tPolice (Russia)\t2014-03-19\nJohn Roe\tconsult\tAfrica\t2014-03-19\n";
    let desk = Desk::new(&[("rows.tsv", rows.as_bytes()), ("actors.txt", ACTORS)]);
    let said = desk.fine(&[
        "import",
        "icews-quadruples",
        "rows.tsv",
        "--actors",
        "actors.txt",
        "--dyad",
        "RUS-USA",
    ]);
    let events: Vec<Value> = said
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(events.len(), 2);
    assert_eq!(
        (&events[0]["source"][0], &events[0]["code"]),
        (&"RUS".into(), &"040".into())
    );
    // A root and its sub-code have the same name; and the weight of ICEWS is that of the table.
    assert_eq!(
        (&events[1]["source"][0], &events[1]["code"]),
        (&"USA".into(), &"130".into())
    );
    for reason in [
        "a name or code that stands for an actor on other days only",
        "a source or target of no known actor",
        "a region",
    ] {
        assert!(
            said.notes.contains(&format!("1  left out: {reason}")),
            "{reason}\n{}",
            said.notes
        );
    }
    let said = desk.fine(&[
        "import",
        "rows.tsv",
        "--actor",
        "Jane Doe=RUS",
        "--actor",
        "nobody=USA",
        "--dyad",
        "RUS-USA",
    ]);
    assert_eq!(said.out.lines().count(), 3);
}

#[test]
fn weights_of_icews_stay_those_of_icews_in_a_log() {
    let roster = Arc::new(Roster::default());
    let line = b"Police (Russia)\tDeny responsibility\tPolice (United States)\t2014-03-19";
    let (_, reader) = reader(line, None, &TableForm::default(), &roster).unwrap();
    let weight = |weights| {
        let choices = Choices {
            weights,
            ..Choices::default()
        };
        let sieve = Sieve::new(&choices, reader.layout()).unwrap();
        sieve.sift(&reader.row(line).unwrap()).unwrap().weight
    };
    assert_eq!(weight(None), Weight::of(-5.0));
    assert_eq!(
        weight(Some(WeightSource::Table(Weights::Gdelt))),
        Weight::of(-2.0)
    );
    let desk = Desk::new(&[("rows.tsv", line)]);
    let said = desk.fine(&["import", "rows.tsv", "--dyad", "RUS-USA"]);
    assert!(said.out.contains("\"weight\":-5.0"), "{}", said.out);
}

#[test]
fn an_index_of_some_dyads_has_their_rows_of_the_whole_one() {
    let desk = Desk::new(&[("rows.tsv", GDELT)]);
    let whole = desk.fine(&["index", "rows.tsv", "--threads", "1"]);
    let some = desk.fine(&[
        "index", "rows.tsv", "--dyad", "USA-ISR", "--dyad", "ISR-SYR",
    ]);
    let is_wanted = |line: &&str| {
        ["dyad,", "ISR-USA,", "ISR-SYR,"]
            .iter()
            .any(|start| line.starts_with(start))
    };
    let expected: Vec<_> = whole.out.lines().filter(is_wanted).collect();
    assert_eq!(some.out.lines().collect::<Vec<_>>(), expected);
    assert_eq!(expected.len(), 3);
    assert!(
        some.notes.contains("left out: of another dyad"),
        "{}",
        some.notes
    );
}

#[test]
fn a_table_and_its_manifest_say_how_they_were_made() {
    let desk = Desk::new(&[("rows.tsv", GDELT), ("actors.txt", ACTORS)]);
    let made = |options: &[&str]| {
        let start = ["index", "rows.tsv", "-o", "table.csv", "--overwrite"];
        let manifest = ["--manifest", "made.json"];
        desk.fine(&[&start[..], &manifest[..], options].concat());
        let text = desk.read("made.json");
        let manifest: Value = serde_json::from_str(&text).unwrap();
        let row = table(&desk.read("table.csv")).remove(0);
        let columns = [
            "weights",
            "events_counted",
            "dedupe",
            "quad_classes",
            "detente",
        ];
        (columns.map(|column| row[column].clone()), manifest, text)
    };
    let version = env!("CARGO_PKG_VERSION");
    let (row, manifest, text) = made(&["--threads", "1"]);
    assert_eq!(row, ["file", "all", "none", "gdelt", version]);
    let digest = |name: &str| {
        blake3::hash(desk.read(name).as_bytes())
            .to_hex()
            .to_string()
    };
    assert_eq!(manifest["inputs"][0]["blake3"], digest("rows.tsv"));
    assert_eq!(manifest["output"]["blake3"], digest("table.csv"));
    let rows = std::str::from_utf8(GDELT).unwrap().lines().count();
    assert_eq!(manifest["inputs"][0]["rows"], rows);
    assert_eq!(manifest["rows"]["read"], rows);
    assert_eq!(manifest["model"]["preset"], "evidence");
    assert_eq!(manifest["model"]["half_life_slow_days"], 365.0);
    assert_eq!(manifest["model"]["prior_degrees"], "all");
    assert_eq!(manifest["options"]["every"], "month");
    let (_, decay, _) = made(&["--model", "goldstein-decay"]);
    assert_eq!(decay["model"]["half_life_deeds_days"], 30.0);
    assert_eq!(made(&["--threads", "2"]).2, text);
    let (row, manifest, _) = made(&[
        "--weights",
        "icews",
        "--events",
        "root",
        "--dedupe",
        "dyad-day-code",
        "--quad-classes",
        "cameo",
        "--codes",
        "as-they-are",
    ]);
    assert_eq!(row, ["icews", "root", "dyad-day-code", "cameo", version]);
    assert_eq!(manifest["options"]["weights"], "icews");
    assert_eq!(manifest["options"]["codes"], "as-they-are");
    desk.write(
        "texts.tsv",
        b"Jane Doe\tConsult\tPolice (United States)\t2014-03-17\n",
    );
    desk.fine(&[
        "index",
        "texts.tsv",
        "--actors",
        "actors.txt",
        "--manifest",
        "made.json",
        "--overwrite",
    ]);
    let manifest: Value = serde_json::from_str(&desk.read("made.json")).unwrap();
    assert_eq!(manifest["actors"]["blake3"], digest("actors.txt"));
}

#[test]
fn the_manifest_of_an_import_has_its_head_and_the_digest_of_what_came_by_standard_input() {
    let desk = Desk::new(&[("rows.tsv", GDELT)]);
    let start = ["--dyad", "ISR-USA", "-o", "log.jsonl", "--overwrite"];
    let import = |input: &str| {
        let run = Command::new(env!("CARGO_BIN_EXE_detente"))
            .args(["import", input, "--manifest", "made.json"])
            .args(start)
            .current_dir(desk.0.path())
            .stdin(std::fs::File::open(desk.0.path().join("rows.tsv")).unwrap())
            .output()
            .unwrap();
        assert!(run.status.success());
        serde_json::from_str::<Value>(&desk.read("made.json")).unwrap()
    };
    let (named, passed) = (import("rows.tsv"), import("-"));
    assert_eq!(named["inputs"][0]["blake3"], passed["inputs"][0]["blake3"]);
    assert_eq!(named["output"], passed["output"]);
    let log = desk.read("log.jsonl");
    let last: Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
    assert_eq!(named["output"]["head"], last["chain"]);
    assert_eq!(named["options"]["dyads"][0], "ISR-USA");
    assert_eq!(named["model"], Value::Null);
}
