//! A robustness table as rows, and as text for people.

use super::conditions::model_label;
use super::ledger::NOT_SEEN_DEGREES;
use super::table::{Look, lines, number, table};
use super::words::degrees;
use crate::model::{Day, Dyad};
use crate::scenario::{Robustness, Trial, Variant};
use crate::text::{count, shown};
use comfy_table::Cell;
use serde::Serialize;

/// Whether what a comparison says survives other models. All temperatures are in degrees.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RobustnessRows {
    /// The histories by name; the first is what the others are compared with.
    pub histories: Vec<String>,
    /// The day on which temperatures are read.
    pub horizon: Day,
    /// A row for each model and dyad, each history's own model first.
    pub rows: Vec<RobustnessRow>,
    /// Under how many other models everything holds.
    pub held: u64,
    /// How many other models were tried.
    pub tried: u64,
    /// The models under which something does not hold, each with what it changes.
    pub broken_by: Vec<Broken>,
    /// All of that in a sentence.
    pub answer: String,
}

/// The histories under one model, in one dyad.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RobustnessRow {
    /// What was tried: `own`, the name of a model, or a parameter and its value.
    pub model: String,
    /// The parameter that was changed, if it is only that.
    pub parameter: Option<String>,
    /// Its value.
    pub value: Option<String>,
    /// The dyad.
    pub dyad: Dyad,
    /// The temperature of each history.
    pub temperatures: Vec<f64>,
    /// The temperature of each history but the first less that of the first.
    pub gaps: Vec<f64>,
    /// For each of these whether it has the sign that it has under the own models. A gap that would print as 0.00 has none.
    pub signs_hold: Vec<bool>,
    /// The numbers of the histories from cold to warm, such as `2 < 1 = 3`.
    pub order: String,
    /// Whether every two histories stand in the order that they have under the own models.
    pub order_holds: bool,
}

/// A history under one model, in one dyad, as a line of CSV. The first history has no gap.
#[derive(Clone, Debug, Serialize)]
pub struct RobustnessLine<'a> {
    model: &'a str,
    parameter: Option<&'a str>,
    value: Option<&'a str>,
    dyad: Dyad,
    date: Day,
    history: &'a str,
    temperature: Option<f64>,
    gap: Option<f64>,
    sign_holds: Option<bool>,
    order_holds: bool,
}

/// A model under which a comparison does not say the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// The model.
    pub model: String,
    /// What is not the same, dyad by dyad.
    pub changes: Vec<String>,
}

impl RobustnessRows {
    /// The rows of some dyads, or of those in which any two histories differ under any model.
    #[must_use]
    pub fn new(robustness: &Robustness, dyads: &[Dyad]) -> Self {
        let differs = |place: usize| {
            let mut trials = robustness.trials.iter();
            trials.any(|trial| pairs(trial, place).any(|(_, gap)| sign(gap) != 0))
        };
        let places: Vec<usize> = (0..robustness.dyads.len())
            .filter(|&place| match dyads {
                [] => differs(place),
                asked => asked.contains(&robustness.dyads[place]),
            })
            .collect();
        let mut rows = Vec::new();
        let mut broken_by = Vec::new();
        for trial in &robustness.trials {
            let mut changes = Vec::new();
            for &place in &places {
                let broken = broken(robustness, trial, place);
                if !broken.is_empty() {
                    let in_words = broken
                        .iter()
                        .map(|((pair, was), (_, is))| change(*pair, *was, *is));
                    let in_words: Vec<_> = in_words.collect();
                    changes.push(format!(
                        "in {} {}",
                        robustness.dyads[place],
                        in_words.join(", ")
                    ));
                }
                rows.push(row(robustness.dyads[place], trial, place, &broken));
            }
            if !changes.is_empty() {
                broken_by.push(Broken {
                    model: label(trial),
                    changes,
                });
            }
        }
        let tried = robustness.trials.len().saturating_sub(1) as u64;
        let mut rows = Self {
            histories: robustness.histories.clone(),
            horizon: robustness.horizon,
            rows,
            held: tried - broken_by.len() as u64,
            tried,
            broken_by,
            answer: String::new(),
        };
        rows.answer = rows.sentence();
        rows
    }

    /// A line of CSV for each model, dyad and history.
    #[must_use]
    pub fn lines(&self) -> Vec<RobustnessLine<'_>> {
        let mut lines = Vec::new();
        for row in &self.rows {
            for (place, history) in self.histories.iter().enumerate() {
                let other = place.checked_sub(1);
                lines.push(RobustnessLine {
                    model: &row.model,
                    parameter: row.parameter.as_deref(),
                    value: row.value.as_deref(),
                    dyad: row.dyad,
                    date: self.horizon,
                    history,
                    temperature: row.temperatures.get(place).copied(),
                    gap: other.and_then(|other| row.gaps.get(other).copied()),
                    sign_holds: other.and_then(|other| row.signs_hold.get(other).copied()),
                    order_holds: row.order_holds,
                });
            }
        }
        lines
    }

    /// Under how many models the answer holds, and which break it, in a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        if self.tried == 0 {
            return "No other model was tried: what is listed is what the histories have anyway."
                .to_owned();
        }
        if self.rows.is_empty() {
            return format!(
                "No two histories differ at the end under any of {} models.",
                self.tried + 1
            );
        }
        let of = count(self.tried, "other model");
        if self.broken_by.is_empty() {
            return format!("The answer holds under {} of {of}.", self.held);
        }
        let broken: Vec<_> = self.broken_by.iter().map(|it| it.model.as_str()).collect();
        let verb = if broken.len() == 1 { "breaks" } else { "break" };
        format!(
            "The answer holds under {} of {of}; {} {verb} it.",
            self.held,
            listed(&broken)
        )
    }
}

/// Names in a row: `a, b and c`.
fn listed(names: &[&str]) -> String {
    match names {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        names => names.concat(),
    }
}

/// The numbers of histories from cold to warm.
fn order(ends: &[f64]) -> String {
    let mut places: Vec<_> = (0..ends.len()).collect();
    places.sort_by(|one, other| ends[*one].total_cmp(&ends[*other]));
    let mut text = String::new();
    for (rank, &place) in places.iter().enumerate() {
        let colder = rank.checked_sub(1).map(|before| ends[places[before]]);
        let between = colder.map(|colder| {
            if sign(ends[place] - colder) == 0 {
                " = "
            } else {
                " < "
            }
        });
        text.push_str(between.unwrap_or_default());
        text.push_str(&(place + 1).to_string());
    }
    text
}

/// The pairs of histories in a dyad that do not stand as under the own models: their gap there and under this one.
fn broken(robustness: &Robustness, trial: &Trial, dyad: usize) -> Vec<(Pair, Pair)> {
    let own = robustness.trials.iter().take(1);
    let both = own.flat_map(|own| pairs(own, dyad).zip(pairs(trial, dyad)));
    both.filter(|((_, was), (_, is))| sign(*was) != sign(*is))
        .collect()
}

/// The row of a trial in a dyad.
fn row(dyad: Dyad, trial: &Trial, place: usize, broken: &[(Pair, Pair)]) -> RobustnessRow {
    let (parameter, value) = match &trial.variant {
        Variant::Parameter { name, value } => (Some(name.clone()), Some(value.clone())),
        Variant::Own | Variant::Model { .. } => (None, None),
    };
    let of_first = pairs(trial, place).filter(|((first, _), _)| *first == 0);
    let (others, gaps): (Vec<_>, Vec<_>) = of_first.unzip();
    let holds = |pair: &(usize, usize)| !broken.iter().any(|((other, _), _)| other == pair);
    RobustnessRow {
        model: label(trial),
        parameter,
        value,
        dyad,
        temperatures: trial.temperatures[place].clone(),
        gaps,
        signs_hold: others.iter().map(holds).collect(),
        order: order(&trial.temperatures[place]),
        order_holds: broken.is_empty(),
    }
}

/// Two histories by their places, and the temperature of the second less that of the first.
type Pair = ((usize, usize), f64);

/// The gap of every two histories in a dyad, the first history's first.
fn pairs(trial: &Trial, dyad: usize) -> impl Iterator<Item = Pair> {
    let ends = &trial.temperatures[dyad];
    (0..ends.len()).flat_map(move |one| {
        (one + 1..ends.len()).map(move |other| ((one, other), ends[other] - ends[one]))
    })
}

/// -1, 0 or 1; 0 for what would print as 0.00.
fn sign(gap: f64) -> i8 {
    if gap.abs() < NOT_SEEN_DEGREES {
        0
    } else if gap < 0.0 {
        -1
    } else {
        1
    }
}

/// What became of a gap, with the histories by their numbers.
fn change((one, other): (usize, usize), was: f64, is: f64) -> String {
    let (one, other) = (one + 1, other + 1);
    let than = |gap: f64| if sign(gap) > 0 { "warmer" } else { "colder" };
    match (sign(was), sign(is)) {
        (0, _) => format!("{other} ends {} than {one}, not as warm", than(is)),
        (_, 0) => format!("{other} ends as warm as {one}, not {}", than(was)),
        _ => format!("{other} ends {} than {one}, not {}", than(is), than(was)),
    }
}

/// What to call a trial.
fn label(trial: &Trial) -> String {
    match &trial.variant {
        Variant::Own => "own".to_owned(),
        Variant::Model { name, .. } => name.clone(),
        Variant::Parameter { name, value } => format!("{name}={value}"),
    }
}

/// The table of one dyad.
fn of_dyad(rows: &RobustnessRows, dyad: Dyad, look: Look) -> String {
    let count = rows.histories.len();
    let mut header = vec!["model".to_owned()];
    header.extend((1..=count).map(|number| number.to_string()));
    header.extend((2..=count).flat_map(|number| [format!("gap of {number}"), "sign".to_owned()]));
    header.push("cold to warm".to_owned());
    let header: Vec<_> = header.iter().map(String::as_str).collect();
    let mut table = table(&header, look);
    let holds = |holds: bool| Cell::new(if holds { "holds" } else { "breaks" });
    for row in rows.rows.iter().filter(|row| row.dyad == dyad) {
        let mut cells = vec![Cell::new(shown(&row.model))];
        cells.extend(row.temperatures.iter().map(|it| number(degrees(*it))));
        for (gap, sign_holds) in row.gaps.iter().zip(&row.signs_hold) {
            cells.extend([number(degrees(*gap)), holds(*sign_holds)]);
        }
        let is_other = if row.order_holds { "" } else { ", breaks" };
        cells.push(Cell::new(format!("{}{is_other}", row.order)));
        table.add_row(cells);
    }
    lines(&mut table)
}

/// A robustness table for people.
#[must_use]
pub fn robustness_text(robustness: &Robustness, rows: &RobustnessRows, look: Look) -> String {
    let mut text = String::new();
    let own = robustness.trials.first();
    for (place, history) in rows.histories.iter().enumerate() {
        let model = own.and_then(|own| own.models.get(place));
        let model = model.map_or_else(String::new, model_label);
        text.extend([format!(
            "{}: {}  (own model: {model})\n",
            place + 1,
            shown(history)
        )]);
    }
    let mut dyads: Vec<_> = rows.rows.iter().map(|row| row.dyad).collect();
    dyads.sort_unstable();
    dyads.dedup();
    for dyad in dyads {
        text.extend([
            "\n",
            &dyad.to_string(),
            " at the end of ",
            &rows.horizon.to_string(),
            "\n",
        ]);
        text.push_str(&of_dyad(rows, dyad, look));
    }
    text.push('\n');
    for broken in &rows.broken_by {
        let changes = broken.changes.join("; ");
        text.extend([" ", &shown(&broken.model), ": ", &changes, "\n"]);
    }
    text.extend([&shown(&rows.answer), "\n"]);
    text
}
