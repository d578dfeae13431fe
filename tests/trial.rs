//! Fit and validation: against numbers that were worked out elsewhere, against the definitions
//! worked out once more in the plainest way, and on data in which there is skill to be shown, or
//! none.
//!
//! The larger files are not part of the crate: a clone without `../shared/data` skips their tests,
//! and says so.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::evidence::{Desk, Draws, Row, close, shared};
use detente::cli::Watch;
use detente::store::Given;
use flate2::read::GzDecoder;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt::Write;
use std::fs::{self, File};
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

/// What a command prints as rows, by what they are of and their statistic.
struct Found(BTreeMap<(String, String), Row>);

impl Found {
    #[track_caller]
    fn new(desk: &Desk, arguments: &[&str]) -> Self {
        let rows = desk.table(&[arguments, &["--format", "csv"]].concat());
        Self(
            rows.into_iter()
                .map(|row| ((row["of"].clone(), row["statistic"].clone()), row))
                .collect(),
        )
    }

    #[track_caller]
    fn row(&self, of: &str, statistic: &str) -> &Row {
        self.0.get(&(of.to_owned(), statistic.to_owned())).unwrap()
    }

    /// The value and the ends of its interval.
    #[track_caller]
    fn three(&self, of: &str, statistic: &str) -> [f64; 3] {
        let row = self.row(of, statistic);
        ["value", "low", "high"].map(|column| row[column].parse().unwrap_or(f64::NAN))
    }

    #[track_caller]
    fn value(&self, of: &str, statistic: &str) -> f64 {
        self.three(of, statistic)[0]
    }

    #[track_caller]
    fn best(&self) -> [f64; 4] {
        PARAMETERS.map(|parameter| self.value(parameter, "best"))
    }
}

const PARAMETERS: [&str; 4] = [
    "half_life_slow_days",
    "prior_slow_events",
    "half_life_fast_days",
    "prior_fast_events",
];

/// A method, R², skill, the preset's skill less its own with the ends of its interval, and the
/// slope.
type Expected = (&'static str, f64, f64, [f64; 3], f64);

/// Points are to be met within half of the last digit that was printed, ends of intervals within
/// what two sets of draws differ by: theirs of 2,000, which are off by 0.05 standard deviations of
/// what is drawn.
#[track_caller]
fn check(found: &Found, rows: &[Expected], ends_within: impl Fn(&str) -> f64) {
    for (method, r2, skill, less, slope) in rows {
        close(found.value(method, "r2"), *r2, 0.001);
        close(found.value(method, "skill"), *skill, 0.001);
        let three = found.three(method, "preset_less_this");
        close(three[0], less[0], 0.001);
        for end in [1, 2] {
            close(three[end], less[end], ends_within(method));
        }
        close(found.value(method, "slope"), *slope, 0.0051);
    }
}

fn icews14() -> Option<[String; 4]> {
    let (data, actors) = (
        shared("icews14.tsv.gz")?,
        shared("cameo_country_actors.txt.gz")?,
    );
    Some([
        "icews-quadruples".to_owned(),
        data,
        "--actors".to_owned(),
        actors,
    ])
}

fn strs(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

#[test]
fn icews14_is_fitted_as_was_worked_out_elsewhere() {
    let Some(data) = icews14() else { return };
    let desk = Desk::new(&[]);
    let data = strs(&data);
    let arguments = [&["fit"], &data[..], &["--save", "fitted.json"]].concat();
    let fit = Found::new(&desk, &arguments);
    assert_eq!(fit.best(), [1460.0, 8.0, 7.0, 40.0]);
    close(fit.value("evidence-fitted", "loss"), 4.0223, 0.000_05);
    close(fit.value("evidence", "loss"), 4.1309, 0.000_05);
    let [excess, low, high] = fit.three("evidence", "loss_excess");
    close(excess, 0.027, 0.000_5);
    close(low, 0.003, 0.01);
    close(high, 0.051, 0.01);
    close(fit.value("fitted", "windows"), 762.0, 0.0);
    assert_eq!(fit.row("fitted", "windows")["dyads"], "213");
    assert_eq!(fit.row("fitted", "windows")["fitted_until"], "2014-06");
    assert_eq!(
        fit.row("half_life_fast_days", "best")["says"],
        "not determined"
    );
    // Data that end where the fitted span ends, fitted to their end, are the same.
    let cut = ["--to", "2014-06-30", "--fit-until", "2014-06"];
    let cut = Found::new(&desk, &[&["fit"], &data[..], &cut].concat());
    assert_eq!(cut.best(), fit.best());
    // What was saved an index takes.
    let index = [&["index"], &data[..], &["--model", "fitted.json"]].concat();
    let row = &desk.table(&index)[0];
    assert_eq!(
        row["model"],
        "evidence; half_life_slow_days=1460; prior_slow_events=8; half_life_fast_days=7; prior_fast_events=40"
    );
}

/// The rows of a table of the guide, as the program has them.
fn as_in_the_guide(found: &Found) -> String {
    let short = |number: f64| {
        let text = format!("{number:.3}").replacen("0.", ".", 1);
        if text == "-.000" {
            ".000".to_owned()
        } else {
            text.replace('-', "−")
        }
    };
    let row = |(method, words): &(&str, &str)| {
        let cells = ["skill", "preset_less_this"].map(|statistic| {
            let [value, low, high] = found.three(method, statistic).map(short);
            let is_itself = [("own-mean", "skill"), ("evidence", "preset_less_this")];
            if is_itself.contains(&(method, statistic)) {
                " | ".to_owned()
            } else {
                format!("{value} | {low} to {high}")
            }
        });
        format!(
            "| {words} | {} | {} |\n",
            short(found.value(method, "r2")),
            cells.join(" | ")
        )
    };
    let rows = [
        ("own-mean", "own mean so far"),
        ("last-month", "last month"),
        ("mean-of-days-14", "14-day mean of days"),
        ("decayed-sum-30", "decayed sum, 30 d"),
        ("decayed-mean-30", "decayed mean, 30 d"),
        ("decayed-mean-180", "decayed mean, 180 d"),
        ("decayed-mean-365", "decayed mean, 365 d"),
        ("evidence", "evidence"),
        ("evidence-fitted", "evidence, fitted"),
    ];
    rows.iter().map(row).collect()
}

#[track_caller]
fn is_in_the_guide(found: &Found) {
    let guide = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/docs/guide/is-the-index-any-good.md"
    );
    let (guide, rows) = (fs::read_to_string(guide).unwrap(), as_in_the_guide(found));
    assert!(guide.contains(&rows), "the guide should have\n{rows}");
}

#[test]
fn icews14_is_validated_as_was_worked_out_elsewhere() {
    let Some(data) = icews14() else { return };
    let desk = Desk::new(&[]);
    let data = strs(&data);
    let found = Found::new(&desk, &[&["validate"], &data[..]].concat());
    // The widest interval is off by more between sets of draws.
    let ends = |method: &str| {
        if method == "decayed-sum-30" {
            0.015
        } else {
            0.01
        }
    };
    check(
        &found,
        &[
            ("own-mean", 0.363, 0.0, [0.024, -0.014, 0.059], 1.08),
            ("last-month", 0.221, -0.222, [0.246, 0.118, 0.395], 1.37),
            (
                "mean-of-days-14",
                0.151,
                -0.332,
                [0.356, 0.181, 0.567],
                1.39,
            ),
            ("decayed-sum-30", 0.053, -0.486, [0.510, 0.267, 0.804], 1.37),
            (
                "decayed-mean-30",
                0.325,
                -0.059,
                [0.083, 0.007, 0.160],
                1.35,
            ),
            (
                "decayed-mean-180",
                0.345,
                -0.028,
                [0.051, -0.010, 0.114],
                1.39,
            ),
            (
                "decayed-mean-365",
                0.343,
                -0.031,
                [0.054, -0.008, 0.118],
                1.38,
            ),
            ("evidence", 0.378, 0.024, [0.0, 0.0, 0.0], 0.93),
            (
                "evidence-fitted",
                0.375,
                0.019,
                [0.005, -0.015, 0.024],
                1.01,
            ),
        ],
        ends,
    );
    close(found.value("interval", "within_90"), 0.878, 0.001);
    close(found.value("interval", "within_50"), 0.533, 0.001);
    close(found.value("interval", "per_event"), 1.33, 0.005);
    close(found.value("interval", "between_months"), 0.344, 0.001);
    close(found.value("judged", "windows"), 778.0, 0.0);
    close(found.value("judged", "events"), 9089.0, 0.0);
    assert_eq!(found.row("evidence", "skill")["says"], "no skill shown");
    is_in_the_guide(&found);
}

#[test]
fn another_target_another_span_and_more_months_are_those_that_were_worked_out_elsewhere() {
    let Some(data) = icews14() else { return };
    let desk = Desk::new(&[]);
    let data = strs(&data);
    let ends = |_: &str| 0.012;
    let conflict = ["--target", "conflict-share", "--draws", "4000"];
    let conflict = Found::new(&desk, &[&["validate"], &data[..], &conflict].concat());
    assert_eq!(conflict.best(), [1460.0, 4.0, 7.0, 20.0]);
    check(
        &conflict,
        &[
            ("last-month", 0.263, -0.296, [0.316, 0.199, 0.453], 1.03),
            (
                "decayed-mean-180",
                0.441,
                0.017,
                [0.003, -0.040, 0.046],
                1.11,
            ),
            ("evidence", 0.443, 0.020, [0.0, 0.0, 0.0], 0.91),
        ],
        ends,
    );
    close(conflict.value("interval", "within_90"), 0.892, 0.001);
    let two = Found::new(
        &desk,
        &[
            &["validate"],
            &data[..],
            &["--ahead", "2", "--draws", "4000"],
        ]
        .concat(),
    );
    assert_eq!(two.best(), [1460.0, 8.0, 7.0, 80.0]);
    check(
        &two,
        &[
            ("last-month", 0.188, -0.325, [0.349, 0.151, 0.575], 1.23),
            ("evidence", 0.402, 0.024, [0.0, 0.0, 0.0], 0.90),
            (
                "evidence-fitted",
                0.394,
                0.012,
                [0.012, -0.016, 0.037],
                0.98,
            ),
        ],
        ends,
    );
    close(two.value("judged", "windows"), 810.0, 0.0);
    let later = ["--fit-until", "2014-09", "--draws", "4000"];
    let later = Found::new(&desk, &[&["validate"], &data[..], &later].concat());
    assert_eq!(later.best(), [1460.0, 4.0, 7.0, 40.0]);
    check(
        &later,
        &[
            (
                "decayed-mean-30",
                0.323,
                -0.005,
                [0.040, -0.017, 0.104],
                1.16,
            ),
            ("evidence", 0.350, 0.035, [0.0, 0.0, 0.0], 0.92),
        ],
        ends,
    );
    assert_eq!(later.row("judged", "windows")["dyads"], "309");
}

#[test]
fn no_skill_is_shown_on_gdelt_s_georgia_with_its_organisations_and_without() {
    let Some(data) = shared("gdelt1_georgia_201106_201112.tsv.gz") else {
        return;
    };
    let mut text = String::new();
    let mut file = GzDecoder::new(File::open(&data).unwrap());
    file.read_to_string(&mut text).unwrap();
    // States alone: without the codes of known groups.
    let states = text.lines().map(|line| {
        let mut cells: Vec<_> = line.split('\t').collect();
        (cells[8], cells[18]) = ("", "");
        cells.join("\t") + "\n"
    });
    let states: String = states.collect();
    let desk = Desk::new(&[("states.tsv", &states)]);
    let ends = |_: &str| 0.012;
    let found = Found::new(&desk, &["validate", "gdelt", "states.tsv"]);
    check(
        &found,
        &[
            ("last-month", 0.001, 0.011, [-0.098, -0.274, 0.119], 0.83),
            (
                "decayed-mean-365",
                0.011,
                0.021,
                [-0.108, -0.235, 0.027],
                0.94,
            ),
            ("evidence", -0.098, -0.087, [0.0, 0.0, 0.0], 0.35),
        ],
        ends,
    );
    let [_, low, high] = found.three("evidence", "skill");
    close(low, -0.181, 0.01);
    close(high, 0.005, 0.01);
    close(found.value("fitted", "windows"), 81.0, 0.0);
    close(found.value("judged", "windows"), 67.0, 0.0);
    assert_eq!(found.row("evidence", "skill")["dyads"], "32");
    assert_eq!(found.row("evidence", "skill")["says"], "no skill shown");
    // With NATO, the EU and others.
    let whole = Found::new(&desk, &["validate", "gdelt", &data]);
    check(
        &whole,
        &[
            ("own-mean", -0.031, 0.0, [-0.090, -0.188, 0.011], 0.54),
            ("evidence", -0.123, -0.090, [0.0, 0.0, 0.0], 0.31),
        ],
        ends,
    );
    assert_eq!(whole.row("evidence", "skill")["dyads"], "38");
    assert_eq!(whole.row("evidence", "skill")["says"], "no skill shown");
    is_in_the_guide(&whole);
    let text = desk.fine(&["validate", "gdelt", &data]);
    assert!(text.starts_with("Verdict: no skill shown: "), "{text}");
    // The fitted do better than the preset, and are no good either.
    assert!(
        text.contains("but show no skill over a dyad's own mean"),
        "{text}"
    );
    assert!(!text.contains("--save"), "{text}");
}

/// Made up: dyads of some actors over some years, whose level, planted anew now and then, scatters
/// around a mean of their own.
fn planted(seed: u64, years: i32, own: f64, anew_months: i32, moves: f64) -> String {
    const ACTORS: [&str; 8] = ["CHN", "DEU", "FRA", "GBR", "IND", "JPN", "RUS", "USA"];
    let mut draws = Draws(ChaCha8Rng::seed_from_u64(seed));
    let mut text = String::from("date,source,target,code,weight\n");
    for (place, one) in ACTORS.iter().enumerate() {
        for other in &ACTORS[place + 1..] {
            let slow = draws.normal(1.0, own);
            let rate = 3.0 + 6.0 * draws.unit();
            let mut level = slow;
            for month in 0..12 * years {
                if month % anew_months == 0 {
                    level = draws.normal(slow, moves);
                }
                let events = (rate + draws.normal(0.0, 1.5)).max(0.0) as u32;
                for _ in 0..events {
                    let day = (draws.unit() * 28.0) as u32 + 1;
                    let weight = draws.normal(level, 2.0).clamp(-10.0, 10.0);
                    let (source, target) = if draws.unit() < 0.5 {
                        (one, other)
                    } else {
                        (other, one)
                    };
                    let code = if weight < 0.0 { "112" } else { "036" };
                    let (year, month) = (2010 + month / 12, month % 12 + 1);
                    writeln!(
                        text,
                        "{year}-{month:02}-{day:02},{source},{target},{code},{weight:.1}"
                    )
                    .unwrap();
                }
            }
        }
    }
    text
}

#[test]
fn skill_is_shown_where_levels_move_and_stay_and_none_where_they_do_not_move() {
    let moving = planted(1, 4, 1.0, 6, 2.0);
    let still = planted(2, 4, 1.0, 10_000, 0.0);
    let desk = Desk::new(&[("moving.csv", &moving), ("still.csv", &still)]);
    let moving = Found::new(&desk, &["validate", "moving.csv"]);
    let [value, low, _] = moving.three("evidence", "skill");
    assert!(value > 0.1 && low > 0.0, "{value} {low}");
    assert_eq!(moving.row("evidence", "skill")["says"], "skill shown");
    let text = desk.fine(&["validate", "moving.csv"]);
    assert!(text.starts_with("Verdict: skill shown"), "{text}");
    // Where nothing moves, nothing is better than a dyad's own mean.
    let still = Found::new(&desk, &["validate", "still.csv"]);
    assert_eq!(still.row("evidence", "skill")["says"], "no skill shown");
    let [_, _, high] = still.three("evidence", "skill");
    assert!(high < low, "{high} and {low}");
    // There the fit remembers as long as it can.
    assert_eq!(still.best()[0], 1460.0);
    // The interval of the next month has nine of ten in it, whatever moves.
    for found in [&moving, &still] {
        let [within, low, high] = found.three("interval", "within_90");
        assert!(
            (0.85..0.95).contains(&within) && low < 0.91 && high > 0.89,
            "{within}"
        );
    }
}

/// An event: day since 2010, dyad, weight.
type Event = (i32, String, f64);

/// The days of a calendar from 2010 on.
struct Calendar(Vec<i32>);

impl Calendar {
    /// The last days of so many months.
    fn new(months: usize) -> Self {
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let mut end = -1;
        let ends = (0..months).map(|month| {
            let is_leap = month == 25;
            end += lengths[month % 12] + i32::from(is_leap);
            end
        });
        Self(ends.collect())
    }

    fn day(&self, date: &str) -> i32 {
        let part = |range: std::ops::Range<usize>| date[range].parse::<usize>().unwrap();
        let month = (part(0..4) - 2010) * 12 + part(5..7) - 1;
        let before = if month == 0 { -1 } else { self.0[month - 1] };
        before + part(8..10) as i32
    }
}

/// What a way to foretell says of a window.
type Says<'a> = &'a dyn Fn(&Plain) -> f64;

/// A window as the definitions have it, from all events, one by one.
struct Plain {
    y: f64,
    w: f64,
    own: f64,
    last: f64,
    fortnight: f64,
    sum: f64,
    means: [f64; 3],
    evidence: f64,
}

fn plain(events: &[Event], dyad: &str, ends: &[i32], month: usize) -> Option<Plain> {
    let end = ends[month];
    let so_far = events.iter().filter(|event| event.0 <= end);
    let all: Vec<f64> = so_far.clone().map(|event| event.2).collect();
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let everyone = mean(&all);
    let mine: Vec<_> = so_far.filter(|event| event.1 == dyad).collect();
    let next = |event: &&Event| event.1 == dyad && event.0 > end && event.0 <= ends[month + 1];
    let next: Vec<f64> = events.iter().filter(next).map(|event| event.2).collect();
    if next.is_empty() {
        return None;
    }
    let faded = |half_life: f64| {
        let factor = |event: &&&Event| libm::exp2(-f64::from(end - event.0) / half_life);
        let n: f64 = mine.iter().map(|event| factor(&event)).sum();
        let s: f64 = mine.iter().map(|event| event.2 * factor(&event)).sum();
        (n, s)
    };
    let weights: Vec<f64> = mine.iter().map(|event| event.2).collect();
    let from = if month == 0 { -1 } else { ends[month - 1] };
    let last: Vec<f64> = mine
        .iter()
        .filter(|event| event.0 > from)
        .map(|event| event.2)
        .collect();
    let mut days: BTreeMap<i32, Vec<f64>> = BTreeMap::new();
    for event in mine.iter().filter(|event| event.0 > end - 14) {
        days.entry(event.0).or_default().push(event.2);
    }
    let days: Vec<f64> = days.values().map(|values| mean(values)).collect();
    let or_all = |values: &[f64]| {
        if values.is_empty() {
            everyone
        } else {
            mean(values)
        }
    };
    let [slow, fast] = [365.0, 14.0].map(faded);
    Some(Plain {
        y: mean(&next),
        w: next.len() as f64 / (next.len() as f64 + 10.0),
        own: (weights.iter().sum::<f64>() + 5.0 * everyone) / (weights.len() as f64 + 5.0),
        last: or_all(&last),
        fortnight: or_all(&days),
        sum: faded(30.0).1,
        means: [30.0, 180.0, 365.0].map(|half_life| {
            let (n, s) = faded(half_life);
            (s + everyone) / (n + 1.0)
        }),
        evidence: (fast.1 + 20.0 * (slow.1 + 4.0 * everyone) / (slow.0 + 4.0)) / (fast.0 + 20.0),
    })
}

#[test]
#[expect(clippy::too_many_lines, reason = "the definitions, once more")]
fn a_validation_is_what_its_definitions_say() {
    let text = planted(3, 3, 1.5, 5, 1.5);
    let desk = Desk::new(&[("rows.csv", &text)]);
    // Some dyads are too rare, and one begins late; all the same their events are everyone's.
    let rare = |line: &&str| !line.contains("JPN") || line.contains("-01-0");
    let text: Vec<_> = text.lines().filter(rare).collect();
    fs::write(desk.0.path().join("rows.csv"), text.join("\n") + "\n").unwrap();
    let calendar = Calendar::new(36);
    let events: Vec<Event> = text[1..]
        .iter()
        .map(|line| {
            let cells: Vec<_> = line.split(',').collect();
            let dyad = format!("{}-{}", cells[1].min(cells[2]), cells[1].max(cells[2]));
            (calendar.day(cells[0]), dyad, cells[4].parse().unwrap())
        })
        .collect();
    let (cut, warm) = (18, 4);
    let dyads: BTreeSet<_> = events.iter().map(|event| event.1.clone()).collect();
    let until = calendar.0[cut - 1];
    let count = |dyad: &&String| {
        events
            .iter()
            .filter(|it| it.1 == **dyad && it.0 <= until)
            .count()
    };
    let dyads: Vec<_> = dyads.iter().filter(|dyad| count(dyad) >= 10).collect();
    let windows = |months: std::ops::Range<usize>| -> Vec<Plain> {
        let places = dyads
            .iter()
            .flat_map(|dyad| months.clone().map(move |month| (dyad, month)));
        places
            .filter_map(|(dyad, month)| plain(&events, dyad, &calendar.0, month))
            .collect()
    };
    let (before, after) = (windows(warm - 1..cut - 1), windows(cut - 1..35));
    let found = Found::new(&desk, &["validate", "rows.csv", "--draws", "1000"]);
    close(found.value("fitted", "windows"), before.len() as f64, 0.0);
    close(found.value("judged", "windows"), after.len() as f64, 0.0);
    assert_eq!(
        found.row("judged", "windows")["dyads"],
        dyads.len().to_string()
    );
    assert!(dyads.len() < 28, "none was too rare");
    let line = |windows: &[Plain], x: Says| {
        let w: f64 = windows.iter().map(|it| it.w).sum();
        let mx = windows.iter().map(|it| it.w * x(it)).sum::<f64>() / w;
        let my = windows.iter().map(|it| it.w * it.y).sum::<f64>() / w;
        let xy: f64 = windows
            .iter()
            .map(|it| it.w * (x(it) - mx) * (it.y - my))
            .sum();
        let xx: f64 = windows
            .iter()
            .map(|it| it.w * (x(it) - mx) * (x(it) - mx))
            .sum();
        (my - xy / xx * mx, xy / xx)
    };
    let w: f64 = after.iter().map(|it| it.w).sum();
    let my = after.iter().map(|it| it.w * it.y).sum::<f64>() / w;
    let total: f64 = after
        .iter()
        .map(|it| it.w * (it.y - my) * (it.y - my))
        .sum();
    let loss = |x: Says| -> f64 {
        after
            .iter()
            .map(|it| it.w * (it.y - x(it)) * (it.y - x(it)))
            .sum()
    };
    let calibrated = |x: Says| {
        let (a, b) = line(&before, x);
        loss(&|it| a + b * x(it))
    };
    let rivals: [(&str, Says); 7] = [
        ("own-mean", &|it| it.own),
        ("last-month", &|it| it.last),
        ("mean-of-days-14", &|it| it.fortnight),
        ("decayed-sum-30", &|it| it.sum),
        ("decayed-mean-30", &|it| it.means[0]),
        ("decayed-mean-180", &|it| it.means[1]),
        ("decayed-mean-365", &|it| it.means[2]),
    ];
    let own = calibrated(rivals[0].1);
    let preset = loss(&|it| it.evidence);
    for (name, says) in rivals {
        let loss = calibrated(says);
        close(found.value(name, "r2"), 1.0 - loss / total, 1e-9);
        close(found.value(name, "skill"), 1.0 - loss / own, 1e-9);
        close(
            found.value(name, "preset_less_this"),
            (loss - preset) / own,
            1e-9,
        );
        let (intercept, slope) = line(&before, says);
        close(found.value(name, "calibration_intercept"), intercept, 1e-9);
        close(
            found.value(name, "slope"),
            line(&after, &|it| intercept + slope * says(it)).1,
            1e-9,
        );
    }
    close(found.value("evidence", "r2"), 1.0 - preset / total, 1e-9);
    close(
        found.value("evidence", "slope"),
        line(&after, &|it| it.evidence).1,
        1e-9,
    );
    let before_loss = before
        .iter()
        .map(|it| it.w * (it.y - it.evidence) * (it.y - it.evidence));
    let weight: f64 = before.iter().map(|it| it.w).sum();
    close(
        found.value("evidence", "loss"),
        before_loss.sum::<f64>() / weight,
        1e-9,
    );
}

#[test]
fn a_fit_and_a_validation_are_the_same_for_any_order_split_and_number_of_threads() {
    let text = planted(4, 2, 1.0, 4, 1.0);
    let (header, rows) = text.split_once('\n').unwrap();
    let mut rows: Vec<_> = rows.lines().collect();
    let whole = format!("{header}\n{}\n", rows.join("\n"));
    rows.reverse();
    let [one, other] =
        [&rows[..700], &rows[700..]].map(|rows| format!("{header}\n{}\n", rows.join("\n")));
    let desk = Desk::new(&[
        ("whole.csv", &whole),
        ("one.csv", &one),
        ("other.csv", &other),
    ]);
    for command in [
        &["fit"][..],
        &["validate", "--draws", "1000", "--target", "conflict-share"],
    ] {
        for format in ["table", "json", "csv"] {
            let run = |more: &[&str]| desk.fine(&[command, &["--format", format], more].concat());
            let first = run(&["whole.csv", "--threads", "1"]);
            assert_eq!(first, run(&["other.csv", "one.csv", "--threads", "3"]));
            assert_ne!(first, run(&["whole.csv", "--seed", "1"]));
        }
    }
}

#[test]
fn what_is_fitted_depends_on_the_dyads_that_are_asked_for_and_not_what_everyone_s_mean_is() {
    let text = planted(5, 2, 1.0, 4, 1.0);
    let desk = Desk::new(&[("rows.csv", &text)]);
    let asked = [
        "--dyad",
        "USA-RUS",
        "--dyad",
        "CHN-USA",
        "--grid",
        "half_life_slow_days=365",
        "--format",
        "json",
    ];
    let fit = |more: &[&str]| -> Value {
        let text = desk.fine(&[&["fit", "rows.csv"], more].concat());
        serde_json::from_str(&text).unwrap()
    };
    let some = fit(&asked);
    assert_eq!(some["dyads"], 2);
    assert_eq!(some["parameters"][0]["determined"], "held");
    assert_eq!(some["model"]["half_life_slow_days"], 365.0);
    // Losses of single dyads are of the same levels whoever else is looked at.
    let alone = |dyad: &str| {
        let of = fit(&["--dyad", dyad, "--format", "json"]);
        let windows = of["windows"].as_f64().unwrap();
        (of["preset_loss"].as_f64().unwrap(), windows)
    };
    let both = [alone("RUS-USA"), alone("CHN-USA")];
    let least = both
        .map(|it| it.0)
        .into_iter()
        .fold(f64::INFINITY, f64::min);
    let most = both.map(|it| it.0).into_iter().fold(0.0, f64::max);
    let found = some["preset_loss"].as_f64().unwrap();
    assert!(least < found && found < most, "{least} {found} {most}");
    assert_eq!(some["windows"].as_f64().unwrap(), both[0].1 + both[1].1);
}

#[test]
fn of_few_dyads_there_is_no_range_and_no_interval_and_no_skill_is_shown() {
    let text = planted(9, 4, 1.0, 6, 2.0);
    let few =
        |line: &&str| !line.contains(',') || line.starts_with("date") || line.contains("CHN,DEU");
    let few: Vec<_> = text.lines().filter(few).collect();
    let desk = Desk::new(&[("few.csv", &(few.join("\n") + "\n"))]);
    let found = Found::new(&desk, &["validate", "few.csv"]);
    for parameter in PARAMETERS {
        let row = found.row(parameter, "best");
        assert_eq!([&row["low"], &row["high"]], ["", ""]);
        assert_eq!(row["says"], "too few dyads to tell");
    }
    for (of, statistic) in [
        ("evidence", "skill"),
        ("last-month", "preset_less_this"),
        ("interval", "within_90"),
    ] {
        let row = found.row(of, statistic);
        assert_eq!([&row["low"], &row["high"]], ["", ""]);
    }
    assert_eq!(found.row("evidence", "skill")["says"], "no skill shown");
    let text = desk.fine(&["validate", "few.csv"]);
    assert!(
        text.starts_with("Verdict: no skill shown: 1 dyad cannot say whether"),
        "{text}"
    );
}

#[test]
fn what_is_read_is_not_written_over() {
    let desk = Desk::new(&[
        ("rows.csv", &planted(6, 1, 1.0, 4, 1.0)),
        (
            "mine.csv",
            "dyad,month,value\nRUS-USA,2010-05,1\nRUS-USA,2010-06,2\nRUS-USA,2010-07,4\n",
        ),
    ]);
    for arguments in [
        "fit rows.csv --save rows.csv --overwrite",
        "fit rows.csv --manifest rows.csv --overwrite",
        "validate rows.csv --against mine.csv --manifest mine.csv --overwrite",
    ] {
        let arguments: Vec<_> = arguments.split(' ').collect();
        let (status, _, notes) = desk.run(&arguments);
        assert_eq!(status, Some(2), "{notes}");
        assert!(
            notes.contains("this file is read, too, and would be lost"),
            "{notes}"
        );
    }
}

#[test]
fn a_model_is_saved_whole_over_nothing_and_with_a_manifest_that_says_how() {
    let text = planted(6, 2, 1.0, 4, 1.0);
    let desk = Desk::new(&[("rows.csv", &text)]);
    let arguments = [
        "fit",
        "rows.csv",
        "--save",
        "fitted.json",
        "--manifest",
        "made.json",
    ];
    let printed = desk.fine(&arguments);
    let read = |name: &str| -> Value {
        serde_json::from_slice(&fs::read(desk.0.path().join(name)).unwrap()).unwrap()
    };
    let model = read("fitted.json");
    assert_eq!(model["preset"], "evidence");
    assert_eq!(model["prior_degrees"], "all");
    let made = read("made.json");
    assert_eq!(made["command"], "fit");
    assert_eq!(made["model"], model);
    assert_eq!(made["trial"]["fitted_until"], "2010-12");
    assert_eq!(made["trial"]["dyads"].as_array().unwrap().len(), 28);
    assert_eq!(
        made["trial"]["grid"][2]["values"],
        serde_json::json!([7, 14, 30, 60])
    );
    assert_eq!(
        made["output"]["blake3"],
        blake3::hash(printed.as_bytes()).to_hex().as_str()
    );
    let input = blake3::hash(text.as_bytes());
    assert_eq!(made["inputs"][0]["blake3"], input.to_hex().as_str());
    let (status, _, notes) = desk.run(&arguments);
    assert_eq!(status, Some(2));
    assert!(notes.contains("--overwrite"), "{notes}");
    desk.fine(&[&arguments[..], &["--overwrite"]].concat());
    let validate = [
        "validate",
        "rows.csv",
        "--draws",
        "1000",
        "--format",
        "svg",
        "--manifest",
        "judged.json",
    ];
    let figure = desk.fine(&validate);
    let judged = read("judged.json");
    assert_eq!(
        judged["trial"]["judged"]["months"],
        serde_json::json!(["2011-01", "2011-12"])
    );
    assert_eq!(judged["trial"]["seed"], 0);
    assert_eq!(judged["trial"]["draws"], 1000);
    // The model is what was judged: the preset, whatever was fitted beside it.
    assert_eq!(judged["model"]["half_life_slow_days"], 365.0);
    assert_eq!(judged["model"]["prior_fast_events"], 20.0);
    assert_eq!(judged["fitted_model"], model);
    assert!(judged["trial"].get("against").is_none());
    assert_eq!(
        judged["output"]["blake3"],
        blake3::hash(figure.as_bytes()).to_hex().as_str()
    );
    let document = roxmltree::Document::parse(&figure).unwrap();
    let described = document
        .descendants()
        .find(|node| node.has_tag_name("desc"))
        .unwrap();
    let described = described.text().unwrap();
    assert!(
        described.contains("Skill over a dyad's own mean so far: last month"),
        "{described}"
    );
    let chart = desk.fine(&["validate", "rows.csv", "--draws", "1000", "--chart"]);
    assert!(chart.contains("14-day mean of days │"), "{chart}");
}

#[test]
fn what_was_judged_is_in_the_manifest_and_cited_with_its_verdict() {
    let series = "dyad,month,value\nRUS-USA,2010-05,1\nRUS-USA,2010-06,2\nRUS-USA,2010-07,4\n\
                  RUS-USA,2010-08,3\nRUS-USA,2010-09,7\n";
    let desk = Desk::new(&[
        ("rows.csv", &planted(6, 2, 1.0, 4, 1.0)),
        ("mine.csv", series),
    ]);
    let validate = "validate rows.csv --against mine.csv --draws 1000 --manifest judged.json";
    let printed = desk.fine(&validate.split(' ').collect::<Vec<_>>());
    let verdict = printed.lines().next().unwrap();
    let made = fs::read(desk.0.path().join("judged.json")).unwrap();
    let made: Value = serde_json::from_slice(&made).unwrap();
    let trial = &made["trial"];
    let against = &trial["against"];
    assert_eq!(against["name"], "mine.csv");
    let digest = blake3::hash(series.as_bytes()).to_hex();
    assert_eq!(against["blake3"], digest.as_str());
    // What came of it is what is printed.
    let correlated = |what: &str| {
        let found = &against["found"][what];
        let value = found["correlation"]["value"].as_f64().unwrap();
        let pairs = found["pairs"].as_u64().unwrap();
        assert!(printed.contains(&format!("correlation {value:+.3}, of {pairs} pairs")));
        format!("{value:+.3}, of {pairs} pairs")
    };
    let [levels, changes] = ["level", "change"].map(correlated);
    assert_eq!(trial["rivals"].as_array().unwrap().len(), 7);
    let said = format!("Verdict: {}", trial["verdict"][0].as_str().unwrap());
    assert_eq!(verdict, said);
    let cited = desk.fine(&["cite", "judged.json", "--format", "methods"]);
    let windows = &trial["judged"]["windows"];
    let skill = trial["skill"]["value"].as_f64().unwrap();
    for says in [
        "is to foretell the mean weight of the next month, 1 month ahead.",
        "until 2010-12, after 3 months to warm up, with 100 draws of dyads",
        &format!("Judged is from 2011-01 to 2011-12, by {windows} windows of 28 dyads with "),
        "against 7 rivals, each calibrated by a line on the fitted span: own mean so far; last month; ",
        "Intervals are of 90 %, over 1000 draws of dyads",
        "Judged is the preset.",
        "half-lives of 365 and 14 days",
        &format!("is {skill:+.3} (90 %: "),
        &said,
        &format!(
            "correlated with the series mine.csv: {levels}; changes from a month to the next, {changes}."
        ),
    ] {
        assert!(cited.contains(says), "{says}\n{cited}");
    }
    let fitted = &made["fitted_model"];
    let beside = format!(
        "Those that fit best, judged beside it, have two memories, of half-lives of {} and {} days, and weights of {} and {} events.",
        fitted["half_life_slow_days"],
        fitted["half_life_fast_days"],
        fitted["prior_slow_events"],
        fitted["prior_fast_events"]
    )
    .replace(".0", "");
    assert!(cited.contains(&beside), "{beside}\n{cited}");
    desk.fine(&[
        "fit",
        "rows.csv",
        "--ahead",
        "3",
        "--manifest",
        "fitted.json",
    ]);
    let cited = desk.fine(&["cite", "fitted.json", "--format", "methods"]);
    assert!(cited.contains("of the next 3 months together."), "{cited}");
    assert!(
        cited.contains("Those that fit best: The level is"),
        "{cited}"
    );
    assert!(
        !cited.contains("Judged") && !cited.contains("Intervals"),
        "{cited}"
    );
}

#[test]
fn what_is_cited_says_what_the_level_is_of_and_which_memory_does_not_fade() {
    let desk = Desk::new(&[("rows.csv", &planted(6, 2, 1.0, 4, 1.0))]);
    let cite = |made: &str| {
        let made = made.split(' ');
        let asked: Vec<_> = made
            .chain(["--manifest", "made.json", "--overwrite"])
            .collect();
        desk.fine(&asked);
        desk.fine(&["cite", "made.json", "--format", "methods"])
    };
    let index = "index rows.csv --set";
    let of_conflict =
        "The level is the share of events of conflict with two memories, of half-lives of";
    for (made, says) in [
        (
            "fit rows.csv --draws 100 --target conflict-share".to_owned(),
            of_conflict,
        ),
        (
            "validate rows.csv --draws 1000 --target conflict-share".to_owned(),
            of_conflict,
        ),
        (
            format!("{index} half_life_slow_days=none --set half_life_fast_days=1"),
            "two memories, a slow one that does not fade and a fast one of a half-life of 1 day; the slow mean",
        ),
        (
            format!("{index} prior_degrees=1 --set prior_slow_events=1"),
            "the slow mean is drawn to 1 degree with the weight of 1 event, the level",
        ),
    ] {
        let cited = cite(&made);
        assert!(cited.contains(says), "{made}: {cited}");
        let is_of_conflict = says == of_conflict;
        assert_eq!(
            cited.contains("mean of weights"),
            !is_of_conflict,
            "{cited}"
        );
        assert_eq!(
            cited.contains("drawn to the share in all events so far"),
            is_of_conflict
        );
        assert!(!cited.contains("none days"), "{cited}");
    }
}

#[test]
fn another_model_is_judged_as_itself_and_its_series_is_its_own() {
    let rows = planted(11, 3, 1.0, 4, 1.5);
    let series = "dyad,month,value\nRUS-USA,2010-05,1\nRUS-USA,2010-06,2\nRUS-USA,2010-07,4\n";
    let desk = Desk::new(&[("rows.csv", &rows), ("mine.csv", series)]);
    let grid = [
        "--draws",
        "1000",
        "--grid",
        "half_life_slow_days=180",
        "--grid",
        "prior_slow_events=2",
        "--grid",
        "half_life_fast_days=30",
        "--grid",
        "prior_fast_events=10",
    ];
    desk.fine(&[&["fit", "rows.csv", "--save", "mine.json"], &grid[..]].concat());
    let validate = |more: &[&str]| {
        let asked = ["validate", "rows.csv", "--against", "mine.csv"];
        Found::new(&desk, &[&asked[..], &grid, more].concat())
    };
    // Of one point, what is fitted is what is judged, and nothing is told apart.
    let judged = validate(&["--model", "mine.json"]);
    let fitted = judged.three("evidence-fitted", "skill");
    assert_eq!(judged.three("evidence", "skill"), fitted);
    let less = judged.three("evidence-fitted", "preset_less_this");
    assert_eq!(less, [0.0; 3]);
    // The preset is what is judged where nothing else is asked for.
    let usual = validate(&[]);
    assert_eq!(usual.three("evidence-fitted", "skill"), fitted);
    assert_ne!(usual.three("evidence", "skill"), fitted);
    let evidence = validate(&["--model", "evidence"]);
    assert_eq!(
        evidence.three("evidence", "skill"),
        usual.three("evidence", "skill")
    );
    // Its intervals and its series are its own.
    for (of, statistic) in [("interval", "per_event"), ("level", "correlation")] {
        assert_ne!(judged.value(of, statistic), usual.value(of, statistic));
    }
    let set = [
        "--set",
        "half_life_slow_days=180",
        "--set",
        "prior_slow_events=2",
    ];
    let more = [
        "--set",
        "half_life_fast_days=30",
        "--set",
        "prior_fast_events=10",
    ];
    let by_hand = validate(&[set, more].concat());
    assert_eq!(by_hand.three("evidence", "skill"), fitted);
    let asked = [
        "validate",
        "rows.csv",
        "--model",
        "mine.json",
        "--manifest",
        "made.json",
    ];
    let text = desk.fine(&[&asked[..], &grid].concat());
    let label = "evidence; half_life_slow_days=180; prior_slow_events=2; half_life_fast_days=30; \
                 prior_fast_events=10";
    assert!(
        text.contains(&format!("\nThe model that is judged: {label}\n\n")),
        "{text}"
    );
    assert!(
        text.contains("the fitted parameters cannot be told from those of the model"),
        "{text}"
    );
    let cited = desk.fine(&["cite", "made.json", "--format", "methods"]);
    assert!(
        cited.contains("Judged is a model of its own. The level is"),
        "{cited}"
    );
    assert!(cited.contains("half-lives of 180 and 30 days"), "{cited}");
    for (model, says) in [
        ("goldstein-decay", "a model without a level"),
        ("evidense", "`evidense` is neither a preset nor a file"),
    ] {
        let (status, _, notes) = desk.run(&["validate", "rows.csv", "--model", model]);
        assert_eq!(status, Some(2));
        assert!(notes.contains(says), "{notes}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_costs_what_is_saved_and_not_what_is_printed() {
    let desk = Desk::new(&[("rows.csv", &planted(6, 2, 1.0, 4, 1.0))]);
    let fit = ["fit", "rows.csv", "--draws", "100"];
    let printed = desk.fine(&fit);
    for option in ["--save", "--manifest"] {
        let (status, out, notes) = desk.run(&[&fit[..], &[option, "/dev/full"]].concat());
        assert_eq!(status, Some(2), "{notes}");
        assert!(notes.contains("/dev/full"), "{notes}");
        assert_eq!(out, printed);
    }
    let table = desk.fine(&["index", "rows.csv"]);
    let (status, out, _) = desk.run(&["index", "rows.csv", "--manifest", "/dev/full"]);
    assert_eq!((status, out), (Some(2), table));
}

#[cfg(target_os = "linux")]
#[test]
fn what_one_command_writes_takes_the_place_of_nothing_unless_all_of_it_is_whole() {
    let desk = Desk::new(&[("rows.csv", &planted(6, 2, 1.0, 4, 1.0))]);
    let overwriting: [&[&str]; 3] = [
        &["index", "rows.csv", "--output", "old"],
        &["import", "rows.csv", "--all-dyads", "--output", "old"],
        &["fit", "rows.csv", "--draws", "100", "--save", "old"],
    ];
    for command in overwriting {
        for full in ["--manifest", "--unmatched"] {
            fs::write(desk.0.path().join("old"), "OLD").unwrap();
            let (status, _, notes) =
                desk.run(&[command, &[full, "/dev/full", "--overwrite"]].concat());
            assert_eq!(status, Some(2), "{command:?}: {notes}");
            assert!(notes.contains("/dev/full"), "{command:?}: {notes}");
            let old = fs::read_to_string(desk.0.path().join("old")).unwrap();
            assert_eq!(old, "OLD", "{command:?} {full}");
        }
    }
    for command in ["index", "validate", "fit"] {
        let folder = ["--crate", "made", "--published", "2030-03-01"];
        let (status, _, notes) = desk.run(
            &[
                &[command, "rows.csv", "--unmatched", "/dev/full"],
                &folder[..],
            ]
            .concat(),
        );
        assert_eq!(status, Some(2), "{command}: {notes}");
        assert!(notes.contains("/dev/full"), "{command}: {notes}");
        assert!(!desk.0.path().join("made").exists(), "{command}");
    }
}

#[test]
fn a_series_that_is_the_level_goes_together_with_it_and_its_reverse_against_it() {
    let text = planted(7, 3, 1.0, 4, 2.0);
    let desk = Desk::new(&[("rows.csv", &text)]);
    let index = desk.table(&["index", "rows.csv"]);
    let series = |factor: f64, dyads: usize| {
        let names: BTreeSet<_> = index.iter().map(|row| &row["dyad"]).collect();
        let names: BTreeSet<_> = names.into_iter().take(dyads).collect();
        let rows = index.iter().filter(|row| names.contains(&row["dyad"]));
        let row = |row: &Row| {
            let level: f64 = row["level"].parse().unwrap();
            format!(
                "{},{},{}\n",
                row["month"],
                row["dyad"],
                7.0 + factor * level
            )
        };
        "month,Dyad,value\n".to_owned() + &rows.map(row).collect::<String>()
    };
    let against = |series: &str| {
        fs::write(desk.0.path().join("series.csv"), series).unwrap();
        let arguments = [
            "validate",
            "rows.csv",
            "--draws",
            "1000",
            "--against",
            "series.csv",
            "--format",
            "json",
        ];
        let found: Value = serde_json::from_str(&desk.fine(&arguments)).unwrap();
        found["against"].clone()
    };
    let same = against(&series(2.0, 28));
    assert_eq!(
        (&same["met"], &same["drawn"]),
        (&28.into(), &"dyads".into())
    );
    assert_eq!(same["level"]["pairs"], index.len());
    for what in ["level", "change"] {
        for value in ["value", "low", "high"] {
            close(
                same[what]["correlation"][value].as_f64().unwrap(),
                1.0,
                1e-9,
            );
        }
    }
    // Of one dyad half-years are drawn.
    let reverse = against(&series(-1.0, 1));
    assert_eq!(
        (&reverse["met"], &reverse["drawn"]),
        (&1.into(), &"half-years".into())
    );
    close(
        reverse["change"]["correlation"]["high"].as_f64().unwrap(),
        -1.0,
        1e-9,
    );
    // Of others and of other months there is no level; what never changes has no correlation.
    let mixed = "dyad,month,value\nFJI-USA,2010-05,1\nRUS-USA,1999-12,1\nRUS-USA,2010-05,1\nRUS-USA,2010-06,1\nRUS-USA,2010-09,1\n";
    let mixed = against(mixed);
    assert_eq!(mixed["unmatched"]["of_others"], 1);
    assert_eq!(mixed["unmatched"]["of_other_months"], 1);
    assert_eq!(
        (&mixed["level"]["pairs"], &mixed["change"]["pairs"]),
        (&3.into(), &1.into())
    );
    assert_eq!(
        (&mixed["level"]["correlation"], &mixed["drawn"]),
        (&Value::Null, &"nothing".into())
    );
    // An actor's level is that of all its events.
    let only = text
        .lines()
        .filter(|line| line.contains("RUS,USA") || line.contains("USA,RUS"));
    let only: Vec<_> = only.collect();
    let rows = format!("date,source,target,code,weight\n{}\n", only.join("\n"));
    fs::write(desk.0.path().join("pair.csv"), rows).unwrap();
    let level = desk.table(&["index", "pair.csv"]);
    let value = |row: &Row| format!("RUS,{},{}\n", row["month"], row["level"]);
    let series = "actor,month,value\n".to_owned() + &level.iter().map(value).collect::<String>();
    fs::write(desk.0.path().join("series.csv"), series).unwrap();
    let text = desk.fine(&[
        "validate",
        "pair.csv",
        "--draws",
        "1000",
        "--against",
        "series.csv",
    ]);
    assert!(text.contains("levels: correlation +1.000"), "{text}");
    assert!(
        text.contains("Against your series: 1 actor from 2010-01 to 2012-12"),
        "{text}"
    );
}

/// What is wrong is told, and nothing is written.
#[track_caller]
fn refused(desk: &Desk, cases: &[(&[&str], &str, &str)]) {
    for (commands, arguments, says) in cases {
        for command in *commands {
            let arguments: Vec<_> = arguments.split(' ').collect();
            let written = ["--manifest", "made.json"];
            let (status, out, notes) = desk.run(&[&[*command], &arguments[..], &written].concat());
            assert_eq!((status, out.as_str()), (Some(2), ""), "{notes}");
            assert!(
                notes.contains(says),
                "{command} {arguments:?}: {says}\n{notes}"
            );
            assert!(!desk.0.path().join("made.json").exists(), "{notes}");
        }
    }
}

const BOTH: &[&str] = &["fit", "validate"];
const VALIDATE: &[&str] = &["validate"];

#[test]
fn what_cannot_be_fitted_or_validated_is_told_and_nothing_is_written() {
    let rows = planted(8, 1, 1.0, 4, 1.0);
    let few =
        "date,source,target,code,weight\n2016-01-31,RUS,USA,036,4\n2016-02-17,USA,RUS,112,-2\n";
    let mut alike = String::from("date,source,target,code,weight\n");
    for month in 1..=9 {
        for day in 10..16 {
            writeln!(alike, "2016-{month:02}-{day},RUS,USA,036,4").unwrap();
        }
    }
    let once = rows.clone() + "2010-03-04,CUB,USA,112,-2\n2010-03-05,CUB,USA,112,-2\n";
    let before = |line: &&str| !line.starts_with("2010") || line.get(5..7) < Some("07");
    let gone: Vec<_> = rows.lines().filter(before).collect();
    let gone = gone.join("\n") + "\n2010-12-01,CUB,HTI,036,4\n";
    let desk = Desk::new(&[
        ("rows.csv", &rows),
        ("few.csv", few),
        ("alike.csv", &alike),
        ("once.csv", &once),
        ("gone.csv", &gone),
    ]);
    let cases = [
        (
            BOTH,
            "few.csv",
            "too few months to split: 2 months from 2016-01 to 2016-02, where 3 are needed",
        ),
        (
            BOTH,
            "rows.csv --ahead 7",
            "too few months to split: 12 months",
        ),
        (
            BOTH,
            "rows.csv --fit-until 2011-01",
            "no month 2011-01 to fit until: the data are from 2010-01 to 2010-12",
        ),
        (
            BOTH,
            "rows.csv --fit-until 2010-01",
            "2010-02 is the first month that leaves enough",
        ),
        (
            VALIDATE,
            "rows.csv --fit-until 2010-12",
            "2010-11 is the last month that leaves enough",
        ),
        (
            BOTH,
            "rows.csv --fit-until soon",
            "a month is expected, YYYY-MM",
        ),
        (
            BOTH,
            "once.csv --dyad CUB-USA",
            "CUB-USA never recurs: all of its 2 events are of 2010-03",
        ),
        (
            BOTH,
            "rows.csv --dyad FJI-USA --dyad RUS-USA",
            "no event of FJI-USA is in the data",
        ),
        (
            BOTH,
            "rows.csv --dyad RUS-USA --least 1000",
            "until 2010-06, fewer than 1000",
        ),
        (
            BOTH,
            "rows.csv --least 1000",
            "no dyad has 1000 events or more until 2010-06",
        ),
        (
            VALIDATE,
            "gone.csv",
            "nothing follows: of 28 dyads none has an event from 2010-07 to 2010-12",
        ),
        (BOTH, "alike.csv", "mean weight is the same in all of"),
        (BOTH, "rows.csv --grid half_life_slow_days", "it has no `=`"),
        (
            BOTH,
            "rows.csv --grid half_life=30,60",
            "no parameter `half_life`",
        ),
        (
            BOTH,
            "rows.csv --grid half_life_slow_days=10",
            "no point of the grid",
        ),
        (
            BOTH,
            "rows.csv --column url=page",
            "`--column url` does not apply",
        ),
        (
            VALIDATE,
            "rows.csv --width 300",
            "`--width` prints as a chart or svg only",
        ),
    ];
    refused(&desk, &cases);
}

#[test]
fn a_series_of_other_months_or_actors_or_with_mistakes_is_told_and_all_mistakes_at_once() {
    let rows = planted(8, 1, 1.0, 4, 1.0);
    let bad = "dyad,month,value\nRUS-USSA,2010-05,1\nRUS-USA,May 2010,1\nRUS-USA,2010-06,much\n\
               RUS-USA,2010-07\nRUS-USA,2010-08,1\nUSA-RUS,2010-08,2\n";
    let desk = Desk::new(&[
        ("rows.csv", &rows),
        (
            "months.csv",
            "dyad,month,value\nRUS-USA,1999-12,1\nRUS-USA,2000-01,1\n",
        ),
        ("actors.csv", "dyad,month,value\nFJI-USA,2010-05,1\n"),
        (
            "two.csv",
            "dyad,month,value\nRUS-USA,2010-05,1\nRUS-USA,2010-06,1\n",
        ),
        ("bad.csv", bad),
        ("columns.csv", "who,when,value\nRUS-USA,2010-05,1\n"),
        (
            "both.csv",
            "dyad,actor,month,value\nRUS-USA,RUS,2010-05,1\n",
        ),
        ("none.csv", ""),
        ("header.csv", "dyad,month,value\n"),
    ]);
    let cases = [
        (
            VALIDATE,
            "rows.csv --against months.csv",
            "the series is of other months: 1999-12 to 2000-01, and the data from 2010-01 to 2010-12",
        ),
        (
            VALIDATE,
            "rows.csv --against actors.csv",
            "the series is of other dyads: FJI-USA",
        ),
        (VALIDATE, "rows.csv --against two.csv", "in 2 months"),
        (VALIDATE, "rows.csv --against bad.csv", "bad.csv:2:1"),
        (
            VALIDATE,
            "rows.csv --against bad.csv",
            "`RUS-USSA` is not a dyad: one of both is no actor",
        ),
        (
            VALIDATE,
            "rows.csv --against bad.csv",
            "`May 2010` is not a month, YYYY-MM",
        ),
        (VALIDATE, "rows.csv --against bad.csv", "bad.csv:4:17"),
        (
            VALIDATE,
            "rows.csv --against bad.csv",
            "`much` is not a number",
        ),
        (
            VALIDATE,
            "rows.csv --against bad.csv",
            "2 fields where there are 3 columns",
        ),
        (
            VALIDATE,
            "rows.csv --against bad.csv",
            "RUS-USA in 2010-08 stands on line 6 already",
        ),
        (
            VALIDATE,
            "rows.csv --against columns.csv",
            "no column `dyad`",
        ),
        (
            VALIDATE,
            "rows.csv --against columns.csv",
            "no column `month`",
        ),
        (
            VALIDATE,
            "rows.csv --against both.csv",
            "a column of dyads and one of actors",
        ),
        (
            VALIDATE,
            "rows.csv --against none.csv",
            "there is no value in it",
        ),
        (
            VALIDATE,
            "rows.csv --against header.csv",
            "there is no value in it",
        ),
        (VALIDATE, "rows.csv --against missing.csv", "missing.csv"),
    ];
    refused(&desk, &cases);
}

#[test]
fn what_is_drawn_beside_a_series_is_counted_too() {
    // Two years of two dyads are eight half-years to draw from.
    let mut series = String::from("dyad,month,value\n");
    for (dyad, by) in [("RUS-USA", 5), ("CHN-USA", 7)] {
        for month in 0..24 {
            let (year, value) = (2010 + month / 12, month * by % 11);
            writeln!(series, "{dyad},{year}-{:02},{value}", month % 12 + 1).unwrap();
        }
    }
    let files = [
        ("rows.csv", planted(6, 2, 1.0, 4, 1.0)),
        ("series.csv", series),
    ];
    let counted = |more: &[&str]| {
        let given = files.clone().map(|(name, text)| {
            let bytes = Given::Bytes(text.into_bytes().into());
            (PathBuf::from(name), bytes)
        });
        let asked = ["validate", "rows.csv", "--draws", "1000"];
        let asked = asked.iter().chain(more).map(OsString::from);
        let watch = Arc::<Watch>::default();
        detente::cli::call(asked, BTreeMap::from(given), &watch).unwrap();
        assert_eq!(watch.done(), watch.total());
        watch.total()
    };
    let alone = counted(&[]);
    assert_eq!(counted(&["--against", "series.csv"]), alone + 2 * 1000);
}
