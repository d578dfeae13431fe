//! Scores of scenarios: as text for people, as rows for other programs.

use crate::model::Day;
use crate::scenario::{
    Forecasts, Frame, Framed, Resolution, Score, Scored, ScoredFan, ScoredOutcome, Verdict,
};
use crate::text::{abridged, count, cut, shown};
use crate::view::rows::conditions::{conditions, model_label};
use crate::view::rows::csv::not_a_formula;
use crate::view::rows::words::degrees;
use crate::view::text::table::{Look, lines, number, table};
use comfy_table::Cell;
use serde::Serialize;

/// Scores as JSON: what was played, what it was held against, and what came out.
#[derive(Clone, Debug, Serialize)]
pub struct ScoreRows<'a> {
    /// What the log is called.
    pub log: String,
    /// The chain of its last line.
    pub log_head: String,
    /// The day until which it tells everything.
    pub complete_until: Day,
    /// How many runs of each scenario were played.
    pub runs: u64,
    /// What is needed to play them again.
    #[serde(flatten)]
    pub frame: &'a Frame,
    /// The means of the scores of each scenario.
    pub means: Vec<MeanRow>,
    /// The scores.
    pub score: &'a Score,
}

/// The mean of a score of a scenario.
#[derive(Clone, Debug, Serialize)]
pub struct MeanRow {
    /// The scenario.
    pub scenario: String,
    #[serde(skip)]
    place: usize,
    /// Of which score: `mean_brier`, `mean_log_score`, `mean_crps`, `mean_change_crps`, and of the
    /// last two over the fans that all scenarios have.
    pub statistic: &'static str,
    /// The mean; an infinite one is null in JSON.
    pub value: f64,
    /// That of persistence.
    pub persistence: f64,
}

/// A score with what is needed to find it again, for CSV. Columns that do not apply are empty.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ScoreRow {
    scenario: String,
    digest: String,
    base_head: String,
    model: String,
    detente: String,
    seed: u64,
    runs: u64,
    log_head: String,
    complete_until: String,
    dyad: String,
    date: String,
    outcome: String,
    statistic: &'static str,
    value: String,
    persistence: String,
    note: String,
}

/// What a scenario said of an outcome, in words.
fn said(outcome: &ScoredOutcome) -> String {
    match &outcome.verdict {
        Verdict::Happened(Some(day)) => format!("yes, {day}"),
        Verdict::Happened(None) => "yes".to_owned(),
        Verdict::DidNot => "no".to_owned(),
        Verdict::Undecided(_) => "undecided".to_owned(),
    }
}

/// A score to four digits; what was said to be impossible and happened scores infinitely ill.
fn score(value: f64) -> String {
    if value.is_finite() {
        let text = format!("{value:.4}");
        // So that there is no negative zero.
        text.strip_prefix("-")
            .filter(|rest| *rest == "0.0000")
            .map_or_else(|| text.clone(), str::to_owned)
    } else {
        "infinite".to_owned()
    }
}

/// A score as programs read it.
fn exact(value: f64) -> String {
    if value.is_finite() {
        value.to_string()
    } else {
        "inf".to_owned()
    }
}

/// Which of two mean scores is better, and by how much, if that is more than they may be off by.
fn better([own, persistence]: [f64; 2], blur: f64, unit: &str) -> String {
    /// What is shown as 0.
    const NOTHING: f64 = 0.000_05;
    let by = persistence - own;
    if by.abs() < NOTHING {
        "as good as persistence".to_owned()
    } else if by.abs() <= blur {
        let word = if by > 0.0 { "better" } else { "worse" };
        let by = by.abs();
        format!(
            "not told from persistence: {word} by {by:.4}{unit}, and scores may be off by {blur:.4}"
        )
    } else if by > 0.0 {
        format!("better than persistence by {by:.4}{unit}")
    } else {
        format!("worse than persistence by {:.4}{unit}", -by)
    }
}

/// Scores for people.
#[must_use]
pub fn score_text(rows: &ScoreRows<'_>, look: Look) -> String {
    let mut text = format!(
        "Held against {}, complete until {}\n{} of seed {}; persistence: how things stood at the fork, waiting\n",
        shown(&rows.log),
        rows.complete_until,
        count(rows.runs, "run"),
        rows.frame.seed
    );
    if !rows.score.unknown_dyads.is_empty() {
        let dyads = rows.score.unknown_dyads.iter().map(ToString::to_string);
        let dyads: Vec<_> = dyads.collect();
        text.extend([format!(
            "Not scored, as the log does not know them: {}\n",
            abridged(&dyads)
        )]);
    }
    let mut last_model = String::new();
    for (framed, scored) in rows.frame.scenarios.iter().zip(&rows.score.scenarios) {
        let model = conditions(&framed.model.model().unwrap_or_default());
        text.push('\n');
        text.push_str(&scenario_text(framed, scored, look));
        if model != last_model {
            text.push_str(&model);
            last_model = model;
        }
    }
    if rows.frame.scenarios.len() > 1 {
        text.push_str(&beside_text(rows, look));
    }
    look.names.said(&text)
}

fn scenario_text(framed: &Framed, scored: &Scored, look: Look) -> String {
    let lacks = match scored.shared_events - scored.shared_in_log {
        0 => String::new(),
        _ => format!(
            "; the log has {} of the {} before the fork",
            scored.shared_in_log,
            count(scored.shared_events as u64, "event")
        ),
    };
    let mut text = format!(
        "{}\n{}, from {} until {}{lacks}\n",
        cut(&shown(&framed.title), 300),
        shown(&framed.name),
        scored.fork_day,
        framed.until
    );
    if !scored.outcomes.is_empty() {
        text.push_str(&outcomes_text(scored, look));
    }
    let header = [
        "dyad",
        "at the fork",
        "in the log",
        "dates",
        "mean CRPS",
        "persistence",
        "of the change",
        "persistence",
    ];
    let mut fans = table(&header, look);
    for at in &scored.at_fork {
        let of_dyad = |score| scored.crps(Some(at.dyad), score);
        let level = of_dyad(ScoredFan::level);
        let change = of_dyad(ScoredFan::change);
        if let (Some((dates, level)), Some((_, change))) = (level, change) {
            let mut row = vec![
                Cell::new(at.dyad),
                number(degrees(at.own)),
                number(degrees(at.observed)),
                number(dates.to_string()),
            ];
            row.extend(
                [level, change]
                    .concat()
                    .into_iter()
                    .map(|it| number(score(it))),
            );
            fans.add_row(row);
        }
    }
    let level = scored.crps(None, ScoredFan::level);
    let change = scored.crps(None, ScoredFan::change);
    if let (Some((_, level)), Some((_, change))) = (level, change) {
        text.push('\n');
        text.push_str(&lines(&mut fans));
        let blur = scored.fan_blur_degrees();
        text.extend([format!(
            " fans: {}\n of the change since the fork: {}\n",
            better(level, blur[0], " degrees"),
            better(change, blur[1], " degrees")
        )]);
    }
    text
}

fn outcomes_text(scored: &Scored, look: Look) -> String {
    let header = [
        "outcome",
        "asked",
        "probability",
        "happened",
        "Brier",
        "log score",
        "persistence",
    ];
    let mut outcomes = table(&header, look);
    for outcome in &scored.outcomes {
        let day = outcome.day;
        let briers = outcome.brier;
        let logs = outcome.log_score;
        let of = |scores: Option<[f64; 2]>, which: usize| {
            number(scores.map_or_else(String::new, |scores| score(scores[which])))
        };
        outcomes.add_row(vec![
            Cell::new(shown(&outcome.id)),
            Cell::new(if outcome.is_deadline {
                format!("by {day}")
            } else {
                format!("on {day}")
            }),
            number(format!("{:.4}", outcome.probability())),
            Cell::new(said(outcome)),
            of(briers, 0),
            of(logs, 0),
            of(briers, 1),
        ]);
    }
    let mut text = format!("\n{}", lines(&mut outcomes));
    for outcome in &scored.outcomes {
        if let Verdict::Undecided(why) = &outcome.verdict {
            text.extend([format!(
                " undecided: {}, since {}\n",
                shown(&outcome.id),
                shown(why)
            )]);
        }
    }
    if let Some(both) = scored.mean_of(|it| it.brier) {
        let logs = scored
            .mean_of(|it| it.log_score)
            .map_or(both[0], |logs| logs[0]);
        text.extend([format!(
            " outcomes: of {} mean Brier score {:.4}, {}; mean log score {}\n",
            scored.decided(),
            both[0],
            better(both, scored.brier_blur(), ""),
            score(logs)
        )]);
    }
    text
}

/// The scenarios beside each other, over the fans that all of them have.
fn beside_text(rows: &ScoreRows<'_>, look: Look) -> String {
    let levels = &rows.score.common_crps;
    let changes = &rows.score.common_change_crps;
    let least = |scores: &[Option<[f64; 2]>]| {
        let scores = scores.iter().flatten().map(|[own, _]| *own);
        scores.reduce(f64::min)
    };
    let (Some(best), Some(best_change)) = (least(levels), least(changes)) else {
        return "\nThe scenarios have no fan in common.\n".to_owned();
    };
    let header = [
        "scenario",
        "mean CRPS",
        "persistence",
        "less best",
        "of the change",
        "persistence",
        "less best",
    ];
    let mut beside = table(&header, look);
    let mut others = Vec::new();
    for (place, framed) in rows.frame.scenarios.iter().enumerate() {
        let (Some(level), Some(change)) = (levels[place], changes[place]) else {
            others.push(shown(stem(&framed.name)));
            continue;
        };
        let cells = |[own, persistence]: [f64; 2], best: f64| {
            [own, persistence, own - best].map(|it| number(score(it)))
        };
        let mut row = vec![Cell::new(shown(stem(&framed.name)))];
        row.extend(cells(level, best));
        row.extend(cells(change, best_change));
        beside.add_row(row);
    }
    let mut text = format!(
        "\nBeside each other, over the {} that all have, in degrees\n\n{}",
        count(rows.score.common_fans as u64, "fan"),
        lines(&mut beside)
    );
    if !others.is_empty() {
        text.extend([format!(
            " left out, as they have another model than the first: {}\n",
            abridged(&others)
        )]);
    }
    text
}

/// The name of a scenario's file without folder and ending.
fn stem(name: &str) -> &str {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.strip_suffix(".json").unwrap_or(file)
}

impl<'a> ScoreRows<'a> {
    /// The scores of what a frame was made of against a log: what it is called, its head, and until
    /// when it is complete.
    #[must_use]
    pub fn new(
        frame: &'a Frame,
        score: &'a Score,
        (log, log_head, complete_until): (String, String, Day),
    ) -> Self {
        let mut means = Vec::new();
        let scenarios = frame.scenarios.iter().zip(&score.scenarios);
        for (place, (framed, scored)) in scenarios.enumerate() {
            let all = |score| scored.crps(None, score).map(|(_, both)| both);
            let found = [
                ("mean_brier", scored.mean_of(|it| it.brier)),
                ("mean_log_score", scored.mean_of(|it| it.log_score)),
                ("mean_crps", all(ScoredFan::level)),
                ("mean_change_crps", all(ScoredFan::change)),
                ("common_mean_crps", score.common_crps[place]),
                ("common_mean_change_crps", score.common_change_crps[place]),
            ];
            means.extend(found.into_iter().filter_map(|(statistic, both)| {
                let [value, persistence] = both?;
                Some(MeanRow {
                    scenario: framed.name.clone(),
                    place,
                    statistic,
                    value,
                    persistence,
                })
            }));
        }
        Self {
            log,
            log_head,
            complete_until,
            runs: frame.runs_wanted,
            frame,
            means,
            score,
        }
    }

    /// Every score in a row of its own.
    #[must_use]
    pub fn tidy(&self) -> Vec<ScoreRow> {
        let mut rows = Vec::new();
        let scenarios = self.frame.scenarios.iter().zip(&self.score.scenarios);
        for (place, (framed, scored)) in scenarios.enumerate() {
            let of_scenario = ScoreRow {
                scenario: not_a_formula(framed.name.clone()),
                digest: framed.digest.clone(),
                base_head: framed.base_head.clone(),
                model: framed
                    .model
                    .model()
                    .map_or_else(|_| String::new(), |model| model_label(&model)),
                detente: self.frame.detente.clone(),
                seed: self.frame.seed,
                runs: self.runs,
                log_head: self.log_head.clone(),
                complete_until: self.complete_until.to_string(),
                ..ScoreRow::default()
            };
            for outcome in &scored.outcomes {
                rows.extend(outcome_rows(&of_scenario, outcome));
            }
            for fan in &scored.fans {
                rows.extend(fan_rows(&of_scenario, fan));
            }
            let of_it = self.means.iter().filter(|mean| mean.place == place);
            rows.extend(
                of_it.map(|mean| of_scenario.with(mean.statistic, [mean.value, mean.persistence])),
            );
        }
        rows
    }
}

impl ScoreRow {
    /// A statistic of the scenario and of persistence.
    fn with(&self, statistic: &'static str, [own, persistence]: [f64; 2]) -> Self {
        Self {
            statistic,
            value: exact(own),
            persistence: exact(persistence),
            ..self.clone()
        }
    }
}

fn outcome_rows(of: &ScoreRow, outcome: &ScoredOutcome) -> Vec<ScoreRow> {
    let of_outcome = ScoreRow {
        date: outcome.day.to_string(),
        outcome: not_a_formula(outcome.id.clone()),
        ..of.clone()
    };
    let persists = f64::from(u8::from(outcome.persists));
    let mut rows = vec![of_outcome.with("probability", [outcome.probability(), persists])];
    rows.push(ScoreRow {
        statistic: "happened",
        value: outcome
            .verdict
            .happened()
            .map_or_else(String::new, |happened| u8::from(happened).to_string()),
        note: match &outcome.verdict {
            Verdict::Happened(day) => day.map_or_else(String::new, |day| day.to_string()),
            Verdict::DidNot => String::new(),
            Verdict::Undecided(why) => not_a_formula(why.clone()),
        },
        ..of_outcome.clone()
    });
    let scores = [("brier", outcome.brier), ("log_score", outcome.log_score)];
    let scores = scores.into_iter();
    rows.extend(scores.filter_map(|(statistic, both)| Some(of_outcome.with(statistic, both?))));
    rows
}

fn fan_rows(of: &ScoreRow, fan: &ScoredFan) -> [ScoreRow; 4] {
    let of_fan = ScoreRow {
        dyad: fan.dyad.to_string(),
        date: fan.date.to_string(),
        ..of.clone()
    };
    let observed = ScoreRow {
        persistence: String::new(),
        ..of_fan.with("observed", [fan.observed, 0.0])
    };
    [
        observed,
        of_fan.with("mean", [fan.mean, fan.persistence]),
        of_fan.with("crps", fan.level()),
        of_fan.with("change_crps", fan.change()),
    ]
}

/// A ledger of forecasts for people.
#[must_use]
pub fn ledger_of_forecasts(ledger: &Forecasts, look: Look) -> String {
    let header = [
        "line", "recorded", "scenario", "outcome", "said", "became", "Brier",
    ];
    let mut told = table(&header, look);
    for (seq, recorded, forecast) in ledger.forecasts() {
        let last = ledger.resolutions(seq).last();
        let runs = forecast.runs.max(1) as f64;
        for (place, outcome) in forecast.outcomes.iter().enumerate() {
            let resolved = last.and_then(|(_, it)| found(it, &outcome.id));
            let first = |text: String| if place == 0 { text } else { String::new() };
            told.add_row(vec![
                number(first(seq.to_string())),
                Cell::new(first(recorded.to_string())),
                Cell::new(first(shown(&forecast.scenario))),
                Cell::new(shown(&outcome.id)),
                number(format!("{:.4}", outcome.holds_in as f64 / runs)),
                Cell::new(match resolved {
                    None => "open".to_owned(),
                    Some((None, _)) => "undecided".to_owned(),
                    Some((Some(true), _)) => "yes".to_owned(),
                    Some((Some(false), _)) => "no".to_owned(),
                }),
                number(
                    resolved
                        .and_then(|(_, brier)| brier)
                        .map_or_else(String::new, score),
                ),
            ]);
        }
    }
    let forecasts = ledger.forecasts().count() as u64;
    let resolutions = ledger.entries.len() as u64 - forecasts;
    let mut text = lines(&mut told);
    text.extend([format!(
        "{}, {}, head {}\n",
        count(forecasts, "forecast"),
        count(resolutions, "resolution"),
        ledger.head
    )]);
    look.names.said(&text)
}

/// What became of an outcome, and its score.
fn found(resolution: &Resolution, id: &str) -> Option<(Option<bool>, Option<f64>)> {
    let mut outcomes = resolution.outcomes.iter();
    let resolved = outcomes.find(|it| it.id == id)?;
    Some((resolved.happened, resolved.brier))
}
