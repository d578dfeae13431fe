//! The histories that ship: each verified, decided anew, told in a golden file, with its what-ifs
//! pinned, and every event of it sourced or marked; and the claims about them, counted.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use detente::history::{LIBRARY, Scope, Until, readings, replay, survey, timeline};
use detente::history::{Reading, Record};
use detente::model::{Act, Day, Model};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn output(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_detente"));
    command.args(arguments);
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "TERM"] {
        command.env_remove(variable);
    }
    command.output().unwrap()
}

/// What a command prints that exits so.
#[track_caller]
fn prints(status: i32, arguments: &[&str]) -> String {
    let output = output(arguments);
    let says = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(status), "{arguments:?} {says}");
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn golden(name: &str, arguments: &[&str]) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_description(format!("detente {}", arguments.join(" ")));
    settings.bind(|| insta::assert_snapshot!(name, prints(0, arguments)));
}

/// The events of a log that count.
fn records(log: &[u8]) -> Vec<Record> {
    let survey = survey(log, Scope::default(), |_, _| {}).unwrap();
    timeline(log, &survey).unwrap()
}

/// The what-ifs on the histories.
fn what_ifs() -> Vec<PathBuf> {
    let files = std::fs::read_dir("scenarios/histories").unwrap();
    let files = files.map(|file| file.unwrap().path());
    let mut files: Vec<_> = files
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .collect();
    files.sort();
    files
}

/// The temperature of a dyad of a history at the end of a day.
fn temperature(history: &str, dyad: &str, day: &str) -> f64 {
    let shipped = detente::history::shipped(history).unwrap();
    let reading = Reading {
        dyad: dyad.parse().unwrap(),
        day: day.parse().unwrap(),
    };
    let read = readings(shipped.log, &Model::default(), [reading]).unwrap();
    read[&reading]
}

#[test]
fn every_history_is_what_was_appended_and_legal_where_it_stands() {
    for shipped in LIBRARY {
        prints(0, &["log", "verify", shipped.name]);
        let says = prints(0, &["check", shipped.name]);
        assert!(says.contains("every one legal"), "{says}");
    }
}

#[test]
fn every_history_reads_as_a_story_in_all_its_dyads() {
    golden("histories", &["histories"]);
    for shipped in LIBRARY.iter().skip(1) {
        let name = format!("history-{}", shipped.name);
        golden(&name, &["replay", shipped.name, "--all-dyads"]);
    }
}

#[test]
fn every_file_of_the_folder_is_a_history_of_the_library() {
    let files = std::fs::read_dir("scenarios/histories").unwrap();
    let names = files.filter_map(|file| {
        let name = file.unwrap().file_name().into_string().unwrap();
        name.strip_suffix(".jsonl").map(str::to_owned)
    });
    let names: BTreeSet<_> = names.collect();
    let shipped = LIBRARY
        .iter()
        .skip(1)
        .map(|shipped| shipped.name.to_owned());
    assert_eq!(names, shipped.collect());
}

#[test]
fn every_history_has_two_or_three_what_ifs_that_are_pinned() {
    let what_ifs: Vec<_> = what_ifs()
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    for shipped in LIBRARY.iter().skip(1) {
        let on_it = what_ifs.iter().filter(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            let scenario: Value = serde_json::from_str(&text).unwrap();
            scenario["base"] == shipped.name
        });
        assert!((2..=3).contains(&on_it.count()), "{}", shipped.name);
    }
    let paths: Vec<_> = what_ifs.iter().map(String::as_str).collect();
    prints(0, &[&["check"], &paths[..]].concat());
    prints(0, &[&["test"], &paths[..]].concat());
}

#[test]
fn every_event_is_sourced_or_marked() {
    for shipped in LIBRARY {
        for record in records(shipped.log) {
            let fields = record.fields();
            let is_about_the_log = record.act() == Act::Describes;
            let is_marked = fields.note.as_ref().is_some_and(|note| {
                note.contains("not looked up") || note.contains("looked up in part")
            });
            assert!(
                is_about_the_log || is_marked || !fields.evidence.is_empty(),
                "{} of {} stands on nothing",
                record.id(),
                shipped.name
            );
        }
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn no_history_has_an_address_that_no_fact_sheet_has() {
    let sheets = Path::new("../shared/histories");
    if !sheets.is_dir() {
        eprintln!("skipped: the fact sheets are not part of the project");
        return;
    }
    // An event of 1962 that another history needs stands on the sheet of 1962.
    let known: String = LIBRARY
        .iter()
        .skip(1)
        .flat_map(|shipped| ["md", "events.json"].map(|end| format!("{}.{end}", shipped.name)))
        .map(|name| std::fs::read_to_string(sheets.join(name)).unwrap())
        .collect();
    for shipped in LIBRARY.iter().skip(1) {
        for record in records(shipped.log) {
            for url in record
                .fields()
                .evidence
                .iter()
                .filter_map(|it| it.url.as_ref())
            {
                let has = known.contains(&**url);
                assert!(has, "{} of {}: {url}", record.id(), shipped.name);
            }
        }
    }
}

#[test]
fn the_days_that_a_historian_would_ask_after_read_as_they_should() {
    let crisis = |day| temperature("missile-crisis-1962", "SUN-USA", day);
    assert!(
        (-5.0..0.0).contains(&crisis("1962-12-31")),
        "{}",
        crisis("1962-12-31")
    );
    assert!(crisis("1962-10-27") < -7.0, "{}", crisis("1962-10-27"));

    let october = |day| temperature("egy-isr-1973-1982", "EGY-ISR", day);
    for day in ["1973-10-06", "1973-10-15", "1973-10-24", "1973-10-31"] {
        assert!(
            october(day) < october("1973-10-05"),
            "{day} {}",
            october(day)
        );
    }

    let hanoi = |day| temperature("korea-2017-2019", "PRK-USA", day);
    assert!(hanoi("2019-03-01") <= hanoi("2019-02-26"));

    let helsinki = |day| temperature("rus-usa-2017-2018", "RUS-USA", day);
    for day in ["2018-07-17", "2018-07-20", "2018-07-23"] {
        assert!(helsinki(day) < -4.0, "{day} {}", helsinki(day));
    }
    for ally in ["AUS-USA", "DEU-USA", "FRA-USA", "JPN-USA"] {
        let degrees = temperature("rus-usa-2017-2018", ally, "2017-01-28");
        assert!(degrees > 3.0, "{ally} {degrees}");
    }
}

#[test]
fn the_call_of_january_2017_is_a_blip_that_is_gone_within_a_year() {
    let shipped = detente::history::shipped("recorded").unwrap();
    let model = Model::default();
    let survey = survey(shipped.log, Scope::default(), |_, _| {}).unwrap();
    let read = |until| {
        let folded = replay(shipped.log, &survey, until, &model, None).unwrap();
        let dyad = folded.world.find_dyad("RUS-USA".parse().unwrap()).unwrap();
        folded.relation(dyad, &model).0.temperature
    };
    let day = |text: &str| Until::Day(text.parse::<Day>().unwrap());
    let (before, after) = (read(day("2017-01-27")), read(day("2017-01-28")));
    assert!(after > before && after - before < 2.0, "{before} {after}");
    // What is left a year later is the share of that day's events: what was there without them goes
    // on.
    let later = prints(
        0,
        &["why", "recorded", "--at", "2018-01-28", "--format", "json"],
    );
    let ledger: Value = serde_json::from_str(&later).unwrap();
    let of_the_day = ledger["rows"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|part| part["date"] == "2017-01-28");
    let left: f64 = of_the_day.map(|part| part["share"].as_f64().unwrap()).sum();
    assert!(left.abs() < 0.1, "{left}");
}

/// How many claims hold under a model, and what they miss in all.
fn claims(model: &str) -> (usize, f64) {
    let says = prints(
        0,
        &[
            "test",
            "--claims",
            "scenarios/histories/claims.csv",
            "--model",
            model,
            "--format",
            "json",
        ],
    );
    let claims: Vec<Value> = serde_json::from_str(&says).unwrap();
    assert_eq!(claims.len(), 115);
    let held = claims.iter().filter(|claim| claim["holds"] == "true");
    let miss = claims.iter().map(|claim| {
        let miss: f64 = claim["miss_degrees"].as_str().unwrap().parse().unwrap();
        miss
    });
    (held.count(), miss.sum())
}

#[test]
fn so_many_claims_hold_under_each_preset() {
    let (held, miss) = claims("detente");
    assert_eq!((held, (miss * 100.0).round()), (111, 179.0));
    let (stepwise, stepwise_miss) = claims("stepwise");
    assert!(
        stepwise < held && stepwise_miss > 10.0 * miss,
        "{stepwise} {stepwise_miss}"
    );
}

#[test]
fn a_claim_that_is_lost_is_told_and_the_command_says_that_it_differs() {
    let desk = tempfile::tempdir().unwrap();
    let kept = desk.path().join("kept.csv");
    let claims = ["test", "--claims", "scenarios/histories/claims.csv"];
    std::fs::write(
        &kept,
        prints(0, &[&claims[..], &["--format", "csv"]].concat()),
    )
    .unwrap();
    let baseline = kept.display().to_string();
    let same = [&claims[..], &["--baseline", &baseline]].concat();
    prints(0, &same);
    let other = [&same[..], &["--model", "stepwise"]].concat();
    let lost = output(&other);
    assert_eq!(lost.status.code(), Some(1));
    let says = String::from_utf8(lost.stderr).unwrap();
    assert!(
        says.contains("held in the baseline, and fails now: SUN-USA on 1962-09-01"),
        "{says}"
    );
}

#[test]
fn every_mistake_of_a_file_of_claims_is_told_with_its_line() {
    let desk = tempfile::tempdir().unwrap();
    let file = desk.path().join("claims.csv");
    let text = "kind,history,dyad,date,dyad2,date2,relation,low,high,confidence,why\n\
                levl,recorded,RUS-USA,2017-01-28,,,,-3,2,high,a word that is none\n\
                level,recorded,RUS-USA,2017-01-28,,,,2,-3,high,a band upside down\n\
                pair,recorded,RUS-USA,28.1.2017,,2017-02-01,hotter,,,sure,three at once\n\
                level,recorded,RUS-USA,2017-01-28,,,,-3;2,2,high,a decimal of another kind\n";
    std::fs::write(&file, text).unwrap();
    let output = output(&["test", "--claims", &file.display().to_string()]);
    assert_eq!(output.status.code(), Some(2));
    let says = String::from_utf8(output.stderr).unwrap();
    for expected in [
        "`kind` is `levl`, expected level, pair or response",
        "did you mean `level`?",
        "`high` is `-3`, expected a number that is not below `low`",
        "`date` is `28.1.2017`, expected a date such as 2017-01-28",
        "`relation` is `hotter`, expected colder, warmer or about_equal",
        "`confidence` is `sure`, expected high or medium",
        "`low` is `-3;2`, expected a number of degrees",
    ] {
        assert!(says.contains(expected), "{expected}\n{says}");
    }
    let lines = [2, 3, 4, 5].map(|line| says.contains(&format!("claims.csv:{line}")));
    assert_eq!(lines, [true; 4], "{says}");
}
