//! The level and its interval: as an index prints it, against numbers worked out elsewhere, and
//! against planted truths.
//!
//! The larger files are not part of the crate: a clone without `../shared/data` skips their tests,
//! and says so.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use detente::evidence::{Everyone, Parameters, Remembered};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

pub(crate) type Row = BTreeMap<String, String>;

/// A file that is no part of the crate, where it is at hand.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
pub(crate) fn shared(name: &str) -> Option<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let path: PathBuf = folder.join(name);
    if !path.exists() {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path.to_str().unwrap().to_owned())
}

/// A folder, and what commands in it print.
pub(crate) struct Desk(pub(crate) TempDir);

impl Desk {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            std::fs::write(desk.0.path().join(name), text).unwrap();
        }
        desk
    }

    /// Status, standard output and standard error of a command.
    pub(crate) fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let run = Command::new(env!("CARGO_BIN_EXE_detente"))
            .args(arguments)
            .current_dir(self.0.path())
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (run.status.code(), text(run.stdout), text(run.stderr))
    }

    /// What a command that goes well prints.
    #[track_caller]
    pub(crate) fn fine(&self, arguments: &[&str]) -> String {
        let (status, out, notes) = self.run(arguments);
        assert_eq!(status, Some(0), "{notes}");
        out
    }

    /// The rows of a table that a command prints.
    #[track_caller]
    pub(crate) fn table(&self, arguments: &[&str]) -> Vec<Row> {
        let text = self.fine(arguments);
        let mut rows = csv::Reader::from_reader(text.as_bytes());
        rows.deserialize().map(|row| row.unwrap()).collect()
    }
}

pub(crate) fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap()
}

#[track_caller]
pub(crate) fn close(found: f64, expected: f64, within: f64) {
    assert!((found - expected).abs() <= within, "{found} and {expected}");
}

/// Made up: three actors over two years with a month without a row.
fn made_up() -> String {
    let mut text = String::from("date,source,target,code,weight\n");
    let codes = [("036", 4.0), ("042", 1.9), ("112", -2.0), ("190", -10.0)];
    let actors = ["RUS", "USA", "UKR"];
    let mut draws = Draws(ChaCha8Rng::seed_from_u64(1));
    let mut below = |limit: u32| draws.0.next_u32() % limit;
    for _ in 0..1_500 {
        let (month, day) = (below(24), below(28) + 1);
        let (year, month) = (2016 + month / 12, month % 12 + 1);
        if (year, month) == (2016, 8) {
            continue;
        }
        let source = below(3);
        let target = (source + 1 + below(2)) % 3;
        let (code, weight) = codes[below(4) as usize];
        let [source, target] = [source, target].map(|place| actors[place as usize]);
        writeln!(
            text,
            "{year}-{month:02}-{day:02},{source},{target},{code},{weight}"
        )
        .unwrap();
    }
    text
}

#[test]
fn levels_of_icews14_are_those_that_were_worked_out_elsewhere() {
    // What was worked out elsewhere added floats, where this program adds integers.
    const ROUNDING: f64 = 1e-5;
    let (Some(data), Some(actors)) = (
        shared("icews14.tsv.gz"),
        shared("cameo_country_actors.txt.gz"),
    ) else {
        return;
    };
    let desk = Desk::new(&[]);
    let whole = ["index", &data, "--actors", &actors];
    let rows = desk.table(&whole);
    let row = |dyad: &str, month: &str| {
        let is_it = |row: &&Row| row["dyad"] == dyad && row["month"] == month;
        rows.iter().find(is_it).unwrap()
    };
    let march = row("RUS-USA", "2014-03");
    close(number(march, "level"), 2.064_367, ROUNDING);
    close(number(march, "level_low"), 1.752_625, ROUNDING);
    close(number(march, "level_high"), 2.376_109, ROUNDING);
    close(
        number(row("RUS-USA", "2014-12"), "level"),
        2.032_840,
        ROUNDING,
    );
    let june = row("RUS-UKR", "2014-06");
    close(number(june, "level"), -1.501_484, ROUNDING);
    close(number(june, "level_low"), -2.695_190, ROUNDING);
    assert_eq!(march["files"], "1");
    // The prior is of all dyads, whichever are asked for.
    let some = desk.table(&[&whole[..], &["--dyad", "UKR-RUS"]].concat());
    assert_eq!(
        some.iter().find(|row| row["month"] == "2014-06"),
        Some(june)
    );
}

#[test]
fn a_level_is_the_formula_s_and_goes_on_where_nothing_happens() {
    // One dyad, so that G is the mean of its own events.
    let rows = "date,source,target,code,weight\n2016-01-31,RUS,USA,036,4\n2016-01-17,USA,RUS,112,-2\n\
                2016-03-31,RUS,USA,190,-10\n";
    let desk = Desk::new(&[("rows.csv", rows)]);
    let found = desk.table(&["index", "rows.csv", "--all-months"]);
    assert_eq!(found.len(), 3);
    let half = |days: f64, half_life: f64| libm::exp2(-days / half_life);
    let expected = |events: &[(f64, f64)], mean: f64| {
        let sums = |half_life: f64| {
            events.iter().fold((0.0, 0.0), |(n, s), (weight, days)| {
                let factor = half(*days, half_life);
                (n + factor, s + weight * factor)
            })
        };
        let ((n, s), (m, r)) = (sums(365.0), sums(14.0));
        (r + 20.0 * (s + 4.0 * mean) / (n + 4.0)) / (m + 20.0)
    };
    let january = expected(&[(4.0, 0.0), (-2.0, 14.0)], 1.0);
    let february = expected(&[(4.0, 29.0), (-2.0, 43.0)], 1.0);
    let march = expected(&[(4.0, 60.0), (-2.0, 74.0), (-10.0, 0.0)], -8.0 / 3.0);
    for (row, level) in found.iter().zip([january, february, march]) {
        close(number(row, "level"), level, 1e-6);
    }
    assert_eq!(found[1]["events"], "0");
    // A month of which there is no row at all looks different from one without events.
    assert_eq!([&found[1]["files"], &found[1]["rows"]], ["0", "0"]);
    let set = [
        "--set",
        "prior_degrees=10",
        "--set",
        "prior_slow_events=1000000",
    ];
    let pulled = desk.table(&[&["index", "rows.csv"][..], &set].concat());
    assert!(number(&pulled[0], "level") > 9.0);
    let model = r#"{"preset": "evidence", "prior_degrees": 10, "prior_slow_events": 1000000}"#;
    std::fs::write(desk.0.path().join("model.json"), model).unwrap();
    let of_file = desk.table(&["index", "rows.csv", "--model", "model.json"]);
    assert_eq!(of_file, pulled);
}

#[test]
fn a_level_is_the_same_whatever_the_periods_and_where_rows_stand() {
    let rows = made_up();
    let desk = Desk::new(&[("rows.csv", &rows)]);
    let table = |every: &str| {
        let rows = desk.table(&["index", "rows.csv", "--every", every, "--all-months"]);
        rows.into_iter()
            .map(|row| ((row["dyad"].clone(), row[every].clone()), row))
            .collect::<BTreeMap<_, _>>()
    };
    let [days, weeks, months, quarters, years] =
        ["day", "week", "month", "quarter", "year"].map(table);
    for dyad in ["RUS-UKR", "RUS-USA", "UKR-USA"] {
        let at = |table: &BTreeMap<_, Row>, period: &str| {
            let row: &Row = &table[&(dyad.to_owned(), period.to_owned())];
            [
                "level",
                "level_low",
                "conflict_level_high",
                "material_conflict_rate",
            ]
            .map(|column| number(row, column))
        };
        for (table, period, day) in [
            (&months, "2016-03", "2016-03-31"),
            (&months, "2016-08", "2016-08-31"),
            (&quarters, "2017-Q3", "2017-09-30"),
            (&years, "2016", "2016-12-31"),
            (&weeks, "2016-W52", "2017-01-01"),
        ] {
            for (one, other) in at(table, period).into_iter().zip(at(&days, day)) {
                close(one, other, 2e-6);
            }
        }
    }
    // A balanced panel: every dyad has every month.
    assert_eq!(months.len(), 3 * 24);
    let rows_in = |row: &Row| row["rows"].parse::<u64>().unwrap();
    let august = |row: &&Row| row["month"] == "2016-08";
    assert!(months.values().filter(august).all(|row| rows_in(row) == 0));
    assert!(months.values().all(|row| august(&row) || rows_in(row) > 0));
}

#[test]
fn both_directions_add_up_to_the_dyad() {
    let desk = Desk::new(&[("rows.csv", &made_up())]);
    let both = desk.table(&["index", "rows.csv"]);
    let each = desk.table(&["index", "rows.csv", "--directed"]);
    for row in &both {
        let (first, second) = row["dyad"].split_once('-').unwrap();
        let events = |source: &str, target: &str, column: &str| {
            let is_it = |other: &&Row| {
                other["source"] == source
                    && other["target"] == target
                    && other["month"] == row["month"]
            };
            let found = each.iter().find(is_it);
            found.map_or(0.0, |row| number(row, column))
        };
        close(
            events(first, second, "events"),
            number(row, "first_to_second"),
            0.0,
        );
        close(
            events(second, first, "material_conflict"),
            number(row, "second_to_first_material_conflict"),
            0.0,
        );
    }
    assert_eq!(each.len(), 6 * 23);
}

#[test]
fn the_rate_of_material_conflict_is_a_rate_of_days_that_have_data() {
    // A fight on each of the first 30 days; then a month without any row; then one row.
    let mut rows = String::from("date,source,target,code,weight\n");
    for day in 1..=30 {
        writeln!(rows, "2016-06-{day:02},RUS,USA,190,-10").unwrap();
    }
    rows += "2016-08-01,RUS,USA,036,4\n";
    let desk = Desk::new(&[("rows.csv", &rows)]);
    let found = desk.table(&["index", "rows.csv", "--all-months"]);
    let rate = |place: usize| number(&found[place], "material_conflict_rate");
    // There is one dyad, so that it, its prior and the rate are the same.
    close(rate(0), 1.0, 1e-6);
    // What has no data does not say that it was quiet.
    close(rate(1), 1.0, 1e-6);
    assert!(rate(2) < 1.0);
    close(number(&found[0], "conflict_level"), 1.0, 1e-6);
    // Of events that are all alike nobody knows how they scatter.
    assert_eq!([&found[0]["level_low"], &found[1]["level_high"]], ["", ""]);
    assert!(number(&found[2], "conflict_level_high") <= 1.0);
}

#[test]
fn a_bad_parameter_or_model_of_the_level_is_told() {
    let desk = Desk::new(&[
        ("rows.csv", &made_up()),
        (
            "bad.json",
            "{\n  \"preset\": \"evidence\",\n  \"prior_slow_event\": 4,\n  \"half_life_fast_days\": 0\n}\n",
        ),
    ]);
    for (arguments, says) in [
        (
            &["--set", "half_life_fast=20"][..],
            "did you mean `half_life_fast_days`?",
        ),
        (
            &["--set", "weights=icews"],
            "the weights of event data do not come from",
        ),
        (&["--model", "bad.json"], "bad.json:3"),
        (&["--model", "bad.json"], "bad.json:4"),
        (&["--model", "evidense"], "evidense"),
    ] {
        let (status, out, notes) = desk.run(&[&["index", "rows.csv"], arguments].concat());
        assert_eq!((status, out.as_str()), (Some(2), ""), "{notes}");
        assert!(notes.contains(says), "{says}\n{notes}");
    }
}

/// Draws for planted levels.
pub(crate) struct Draws(pub(crate) ChaCha8Rng);

impl Draws {
    pub(crate) fn unit(&mut self) -> f64 {
        (f64::from(self.0.next_u32()) + 0.5) / 4_294_967_296.0
    }

    /// By the method of Box and Muller.
    pub(crate) fn normal(&mut self, mean: f64, deviation: f64) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(self.unit()));
        mean + deviation * radius * libm::cos(std::f64::consts::TAU * self.unit())
    }
}

/// A dyad's slow mean is planted around everyone's, its level around that, anew every so many days;
/// events scatter around the level. The share of dyads whose level on the last day lies within its
/// interval.
fn covered(rates: [f64; 2], anew_days: i32, dyads: u32) -> f64 {
    const DAYS: i32 = 730;
    let (deviation, everyone_mean, parameters) = (4.0, 1.0, Parameters::default());
    let mut draws = Draws(ChaCha8Rng::seed_from_u64(15));
    let prior = |events: f64| deviation / libm::sqrt(events);
    let variance: f64 = [1.0, 4.0, 20.0].iter().map(|n| prior(*n) * prior(*n)).sum();
    let everyone = Everyone {
        mean: everyone_mean,
        mean_square: variance + everyone_mean * everyone_mean,
    };
    let mut within = 0;
    for _ in 0..dyads {
        let [least, greatest] = rates.map(libm::log);
        let rate = libm::exp(least + draws.unit() * (greatest - least));
        let slow = draws.normal(everyone_mean, prior(parameters.prior_slow_events));
        let (mut level, mut remembered) = (slow, Remembered::default());
        for day in 0..DAYS {
            if day % anew_days == 0 {
                level = draws.normal(slow, prior(parameters.prior_fast_events));
            }
            // An event or none on each of eight parts of a day.
            for _ in 0..8 {
                if draws.unit() < rate / 8.0 {
                    let weight = draws.normal(level, deviation);
                    let ago = DAYS - 1 - day;
                    let event = Remembered::of_event(weight, ago, &parameters);
                    remembered = remembered.plus(event);
                }
            }
        }
        let read = remembered.read(everyone_mean, everyone, &parameters);
        let [low, high] = read.interval.unwrap();
        within += u32::from((low..=high).contains(&level));
    }
    f64::from(within) / f64::from(dyads)
}

#[test]
fn the_interval_of_a_level_covers_nine_of_ten_planted_truths() {
    // As busy as most dyads of ICEWS: an event a month to one every three days, and a level that is
    // another every four weeks.
    let share = covered([0.03, 0.3], 28, 3_000);
    assert!((0.88..=0.92).contains(&share), "{share}");
    // What never moves is covered more often, and a busy dyad whose level jumps less: the guide
    // says so.
    assert!(covered([0.03, 0.3], 10_000, 300) > 0.95);
    assert!(covered([2.0, 3.0], 28, 300) < 0.8);
}

/// What `why` says of a level.
fn why(desk: &Desk, arguments: &[&str]) -> serde_json::Value {
    let asked = [
        "why",
        "log.jsonl",
        "--model",
        "evidence",
        "--format",
        "json",
    ];
    serde_json::from_str(&desk.fine(&[&asked[..], arguments].concat())).unwrap()
}

/// A log of all dyads of a table, as the level is of some dyad and the prior of all.
fn imported(desk: &Desk) {
    let dyads = [
        "--dyad", "RUS-USA", "--dyad", "RUS-UKR", "--dyad", "UKR-USA",
    ];
    desk.fine(&[&["import", "rows.csv", "-o", "log.jsonl"], &dyads[..]].concat());
}

#[test]
fn every_share_and_every_event_left_out_of_a_level_agree_with_recomputation() {
    const ROUNDING: f64 = 1e-9;
    let table = made_up();
    let desk = Desk::new(&[("rows.csv", &table)]);
    imported(&desk);
    let end = "2017-12-31";
    let day = |text: &str| text.parse::<detente::model::Day>().unwrap();
    // Days ago and weight of all events of the dyad, worked out from the rows alone.
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let rows: Vec<Row> = rows.deserialize().map(|row| row.unwrap()).collect();
    let prior = rows.iter().map(|row| number(row, "weight")).sum::<f64>() / rows.len() as f64;
    let is_of_dyad = |row: &&Row| row["source"] != "UKR" && row["target"] != "UKR";
    let events: Vec<(f64, f64)> = rows
        .iter()
        .filter(is_of_dyad)
        .map(|row| {
            let ago = day(end).days_since(day(&row["date"]));
            (f64::from(ago), number(row, "weight"))
        })
        .collect();
    let left = |ago: f64, half_life: f64| libm::exp2(-ago / half_life);
    let sums = |without: Option<usize>, half_life: f64| {
        let kept = events.iter().enumerate();
        let kept = kept.filter(|(place, _)| Some(*place) != without);
        let kept = kept.map(|(_, (ago, weight))| (left(*ago, half_life), *weight));
        kept.fold((0.0, 0.0), |(n, s), (f, w)| (n + f, s + w * f))
    };
    let level = |without: Option<usize>| {
        let ((n_slow, s_slow), (n_fast, s_fast)) = (sums(without, 365.0), sums(without, 14.0));
        let slow = (s_slow + 4.0 * prior) / (n_slow + 4.0);
        (s_fast + 20.0 * slow) / (n_fast + 20.0)
    };
    let ((n_slow, _), (n_fast, _)) = (sums(None, 365.0), sums(None, 14.0));
    let share = |(ago, weight): (f64, f64)| {
        let slow = 20.0 / (n_fast + 20.0) * left(ago, 365.0) / (n_slow + 4.0);
        weight * (left(ago, 14.0) / (n_fast + 20.0) + slow)
    };
    let found = why(&desk, &["--dyad", "RUS-USA", "--at", end, "--sort", "date"]);
    let temperature = found["temperature"].as_f64().unwrap();
    close(temperature, level(None), ROUNDING);
    close(found["equilibrium"].as_f64().unwrap(), prior, ROUNDING);
    let parts = found["rows"].as_array().unwrap();
    let sum: f64 = parts
        .iter()
        .map(|part| part["share"].as_f64().unwrap())
        .sum();
    close(sum, temperature, ROUNDING);
    // Events of the same day and weight have the same share, so that order does not matter.
    let mut told: Vec<[f64; 4]> = parts
        .iter()
        .filter(|part| part["part"] == "event")
        .map(|part| {
            let of = |name: &str| part[name].as_f64().unwrap();
            let ago = day(end).days_since(day(part["date"].as_str().unwrap()));
            [f64::from(ago), of("push"), of("share"), of("effect")]
        })
        .collect();
    let mut expected: Vec<[f64; 4]> = (0..events.len())
        .map(|place| {
            let (ago, weight) = events[place];
            let effect = level(None) - level(Some(place));
            [ago, weight, share(events[place]), effect]
        })
        .collect();
    for rows in [&mut told, &mut expected] {
        rows.sort_by(|one, other| {
            one[0]
                .total_cmp(&other[0])
                .then(one[1].total_cmp(&other[1]))
        });
    }
    assert!(events.len() > 400);
    assert_eq!(told.len(), expected.len());
    for (told, expected) in told.iter().zip(&expected) {
        for (told, expected) in told.iter().zip(expected) {
            close(*told, *expected, ROUNDING);
        }
    }
}

#[test]
fn a_level_without_an_event_is_that_of_an_index_of_the_other_rows() {
    let table: Vec<String> = made_up().lines().take(121).map(str::to_owned).collect();
    let file = |rows: &[String]| rows.join("\n") + "\n";
    let desk = Desk::new(&[("rows.csv", &file(&table))]);
    imported(&desk);
    let found = why(&desk, &["--dyad", "RUS-USA", "--at", "2017-12-31"]);
    let prior = format!("prior_degrees={}", found["equilibrium"].as_f64().unwrap());
    let level = found["temperature"].as_f64().unwrap();
    let index = |rows: &[String]| {
        std::fs::write(desk.0.path().join("cut.csv"), file(rows)).unwrap();
        let asked = [
            "index",
            "cut.csv",
            "--dyad",
            "RUS-USA",
            "--all-months",
            "--set",
            &prior,
        ];
        let months = desk.table(&asked);
        let last = months.iter().find(|row| row["month"] == "2017-12").unwrap();
        number(last, "level")
    };
    close(index(&table), level, 1e-6);
    let mut left_out = 0;
    for place in 1..table.len() {
        let row: Vec<_> = table[place].split(',').collect();
        if row[1] == "UKR" || row[2] == "UKR" {
            continue;
        }
        left_out += 1;
        let mut others = table.clone();
        others.remove(place);
        let weight: f64 = row[4].parse().unwrap();
        let mut parts = found["rows"].as_array().unwrap().iter();
        let told = parts.find(|part| part["date"] == row[0] && part["push"] == weight);
        let effect = told.unwrap()["effect"].as_f64().unwrap();
        close(level - effect, index(&others), 2e-6);
    }
    assert!(left_out > 30, "{left_out}");
}

#[test]
fn a_scenario_that_drops_an_event_has_the_level_of_the_others() {
    let rows = "date,source,target,code,weight\n2016-01-31,RUS,USA,036,4\n2016-02-17,USA,RUS,112,-2\n\
                2016-03-20,RUS,USA,190,-10\n";
    let desk = Desk::new(&[("rows.csv", rows)]);
    desk.fine(&["import", "rows.csv", "--dyad", "RUS-USA", "-o", "log.jsonl"]);
    let log = std::fs::read_to_string(desk.0.path().join("log.jsonl")).unwrap();
    let last: serde_json::Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
    let scenario = serde_json::json!({
        "title": "No attack",
        "base": "log.jsonl",
        "fork": { "date": "2016-03-01" },
        "until": "2016-03-31",
        "model": { "preset": "goldstein-decay" },
        "edits": [{ "drop": { "event": last["id"] } }],
    });
    std::fs::write(desk.0.path().join("drop.json"), scenario.to_string()).unwrap();
    let asked = [
        "why",
        "drop.json",
        "--model",
        "evidence",
        "--set",
        "prior_degrees=1",
    ];
    let text = desk.fine(&[&asked[..], &["--format", "json"]].concat());
    let dropped: serde_json::Value = serde_json::from_str(&text).unwrap();
    // What the whole log says of its last event.
    let whole = why(&desk, &["--at", "2016-03-31", "--set", "prior_degrees=1"]);
    let mut parts = whole["rows"].as_array().unwrap().iter();
    let part = parts.find(|part| part["id"] == last["id"]).unwrap();
    let without = whole["temperature"].as_f64().unwrap() - part["effect"].as_f64().unwrap();
    close(dropped["temperature"].as_f64().unwrap(), without, 1e-9);
    assert_eq!(dropped["rows"].as_array().unwrap().len(), 3);
    // The table has the interval last, or says by nothing that there is none.
    let csv = |more: &[&str]| {
        let table = desk.fine(&[&asked[..4], &["--format", "csv"], more].concat());
        let mut table = csv::Reader::from_reader(table.as_bytes());
        let headers = table.headers().unwrap().clone();
        assert_eq!(headers.iter().next_back(), Some("level_high"));
        assert_eq!(headers.iter().nth_back(1), Some("level_low"));
        let rows = table.records().map(|row| {
            let row = row.unwrap();
            [row.len() - 2, row.len() - 1].map(|place| row[place].parse::<f64>().ok())
        });
        rows.collect::<Vec<_>>()
    };
    let rows = csv(&["--set", "prior_degrees=1"]);
    assert_eq!(rows.len(), 3);
    let ends = [0, 1].map(|place| dropped["interval"][place].as_f64());
    assert!(ends[0] < ends[1], "{ends:?}");
    assert!(rows.iter().all(|row| *row == ends), "{rows:?}");
    let of_model = desk.fine(&[
        "why",
        "log.jsonl",
        "--model",
        "goldstein-decay",
        "--format",
        "csv",
    ]);
    assert!(!of_model.contains("level_low"), "{of_model}");
    for (more, says) in [
        (
            ["--crossing", "1"],
            "`--crossing` does not go with `--model evidence`",
        ),
        (["--set", "gain=1"], "no parameter `gain`"),
    ] {
        let asked = ["why", "log.jsonl", "--model", "evidence"];
        let (status, _, notes) = desk.run(&[&asked[..], &more].concat());
        assert_eq!(status, Some(2));
        assert!(notes.contains(says), "{notes}");
    }
}
