//! A robustness table as rows, and as text for people.

use crate::model::{Day, Dyad};
use crate::scenario::{Robustness, Trial, Variant};
use crate::text::{count, shown};
use crate::view::rows::conditions::model_label;
use crate::view::rows::words::degrees;
use crate::view::text::table::{Look, lines, number, table};
use comfy_table::{Cell, ColumnConstraint};
use serde::Serialize;

/// The least gap that says anything, in degrees. An assumption: a two-hundredth of the way from
/// neutral to the bound, half of what prints as a tenth. What lies closer together is not told
/// apart.
pub const NOTHING_LEFT_DEGREES: f64 = 0.05;

/// What becomes of a difference under another model. Of several, the first of these is that of them
/// all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// A temperature within bounds stands beside one without, so that their difference has no
    /// meaning.
    NotComparable,
    /// It has the other sign.
    Breaks,
    /// It has the same sign.
    Holds,
    /// The gap is less than [`NOTHING_LEFT_DEGREES`].
    NothingLeft,
    /// It is less than that under the own models, so that there is nothing to hold.
    NotJudged,
}

impl Verdict {
    /// What becomes of a gap that is `own` under the own models.
    fn of(own: f64, gap: f64) -> Self {
        match (side(own), side(gap)) {
            (0, _) => Self::NotJudged,
            (_, 0) => Self::NothingLeft,
            (own, other) if own == other => Self::Holds,
            _ => Self::Breaks,
        }
    }

    /// In a word or two.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::NotComparable => "not comparable",
            Self::Breaks => "breaks",
            Self::Holds => "holds",
            Self::NothingLeft => "nothing left",
            Self::NotJudged => "not judged",
        }
    }
}

/// Whether what a comparison says survives other models. All temperatures are in degrees.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RobustnessRows {
    /// The histories by name; the first is what the others are compared with.
    pub histories: Vec<String>,
    /// The day on which temperatures are read.
    pub horizon: Day,
    /// A row for each model and dyad, each history's own model first.
    pub rows: Vec<RobustnessRow>,
    /// What the answer of each other model is, in the order in which they were tried.
    pub verdicts: Vec<ModelVerdict>,
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
    /// For each of these whether it has the sign that it has under the own models.
    pub signs: Vec<Verdict>,
    /// The numbers of the histories from cold to warm, such as `2 < 1 = 3`.
    pub order: String,
    /// Whether every two histories stand in the order that they have under the own models.
    pub verdict: Verdict,
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
    sign: Option<Verdict>,
    verdict: Verdict,
}

/// What becomes of the answer under one model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ModelVerdict {
    /// The model.
    pub model: String,
    /// What becomes of it in all dyads.
    pub verdict: Verdict,
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
    /// The rows of some dyads, or of those in which any two histories lie apart under any model.
    #[must_use]
    pub fn new(robustness: &Robustness, dyads: &[Dyad]) -> Self {
        let differs = |place: usize| {
            let mut trials = robustness.trials.iter();
            trials.any(|trial| pairs(trial, place).any(|(_, gap)| side(gap) != 0))
        };
        let places: Vec<usize> = (0..robustness.dyads.len())
            .filter(|&place| match dyads {
                [] => differs(place),
                asked => asked.contains(&robustness.dyads[place]),
            })
            .collect();
        let (mut rows, mut verdicts, mut broken_by) = (Vec::new(), Vec::new(), Vec::new());
        for (number, trial) in robustness.trials.iter().enumerate() {
            let first = rows.len();
            rows.extend(places.iter().map(|&place| row(robustness, trial, place)));
            if number == 0 {
                continue;
            }
            let of_trial = rows[first..].iter().map(|row| row.verdict);
            let verdict = of_trial.min().unwrap_or(Verdict::NotJudged);
            let model = label(trial);
            if verdict == Verdict::Breaks {
                let changes = places
                    .iter()
                    .filter_map(|&place| changes(robustness, trial, place));
                broken_by.push(Broken {
                    model: model.clone(),
                    changes: changes.collect(),
                });
            }
            verdicts.push(ModelVerdict { model, verdict });
        }
        let mut rows = Self {
            histories: robustness.histories.clone(),
            horizon: robustness.horizon,
            rows,
            tried: verdicts.len() as u64,
            verdicts,
            broken_by,
            answer: String::new(),
        };
        rows.answer = rows.sentence();
        rows
    }

    /// Whether nothing breaks the answer, nor makes it one of temperatures that cannot be compared.
    #[must_use]
    pub fn stands(&self) -> bool {
        let mut verdicts = self.verdicts.iter();
        !verdicts.any(|it| matches!(it.verdict, Verdict::NotComparable | Verdict::Breaks))
    }

    /// The models with a verdict.
    fn with(&self, verdict: Verdict) -> Vec<&str> {
        let verdicts = self.verdicts.iter().filter(|it| it.verdict == verdict);
        verdicts.map(|it| it.model.as_str()).collect()
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
                    sign: other.and_then(|other| row.signs.get(other).copied()),
                    verdict: row.verdict,
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
                "No two histories lie {NOTHING_LEFT_DEGREES} degrees apart at the end under any of {} models.",
                self.tried + 1
            );
        }
        let of = count(self.tried, "other model");
        let all = |verdict| self.with(verdict).len() as u64 == self.tried;
        if all(Verdict::NotComparable) {
            return "Nothing can be said: some of these temperatures have bounds and some have none, so they are not comparable."
                .to_owned();
        }
        if all(Verdict::NotJudged) {
            return format!(
                "Nothing to judge by: under their own models the histories end less than {NOTHING_LEFT_DEGREES} degrees apart."
            );
        }
        let mut sentence = format!(
            "The answer holds under {} of {of}",
            self.with(Verdict::Holds).len()
        );
        let broken = self.with(Verdict::Breaks);
        if !broken.is_empty() {
            let verb = if broken.len() == 1 { "breaks" } else { "break" };
            sentence.extend(["; ", &listed(&broken), " ", verb, " it"]);
        }
        for (verdict, says) in [
            (Verdict::NothingLeft, "nothing is left to compare"),
            (Verdict::NotComparable, "temperatures are not comparable"),
        ] {
            let models = self.with(verdict);
            if !models.is_empty() {
                sentence.extend(["; under ", &listed(&models), " ", says]);
            }
        }
        sentence + "."
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
            if side(ends[place] - colder) == 0 {
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

/// What becomes of each pair of histories in a dyad, with its gap under the own models and under
/// this one.
fn judged(robustness: &Robustness, trial: &Trial, dyad: usize) -> Vec<(Pair, f64, Verdict)> {
    let Some(own) = robustness.trials.first() else {
        return Vec::new();
    };
    let comparable = own.is_on_one_scale() && trial.is_on_one_scale();
    let both = pairs(own, dyad).zip(pairs(trial, dyad));
    both.map(|((pair, was), (_, is))| {
        let verdict = if comparable {
            Verdict::of(was, is)
        } else {
            Verdict::NotComparable
        };
        ((pair, was), is, verdict)
    })
    .collect()
}

/// What breaks in a dyad, and the order that it breaks; nothing where nothing does.
fn changes(robustness: &Robustness, trial: &Trial, place: usize) -> Option<String> {
    let own = robustness.trials.first()?;
    let judged = judged(robustness, trial, place).into_iter();
    let broken = judged.filter(|(.., verdict)| *verdict == Verdict::Breaks);
    let in_words: Vec<_> = broken.map(|((pair, _), is, _)| change(pair, is)).collect();
    let order = |trial: &Trial| order(&trial.temperatures[place]);
    (!in_words.is_empty()).then(|| {
        format!(
            "in {} {}; {} and not {}",
            robustness.dyads[place],
            in_words.join(", "),
            order(trial),
            order(own)
        )
    })
}

/// The row of a trial in a dyad.
fn row(robustness: &Robustness, trial: &Trial, place: usize) -> RobustnessRow {
    let (parameter, value) = match &trial.variant {
        Variant::Parameter { name, value } => (Some(name.clone()), Some(value.clone())),
        Variant::Own | Variant::Model { .. } => (None, None),
    };
    let judged = judged(robustness, trial, place);
    let of_first = judged.iter().filter(|(((first, _), _), ..)| *first == 0);
    RobustnessRow {
        model: label(trial),
        parameter,
        value,
        dyad: robustness.dyads[place],
        temperatures: trial.temperatures[place].clone(),
        gaps: of_first.clone().map(|(_, gap, _)| *gap).collect(),
        signs: of_first.map(|(.., verdict)| *verdict).collect(),
        order: order(&trial.temperatures[place]),
        verdict: judged
            .iter()
            .map(|(.., verdict)| *verdict)
            .min()
            .unwrap_or(Verdict::NotJudged),
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

/// -1, 0 or 1; 0 for a gap that says nothing.
fn side(gap: f64) -> i8 {
    if gap.abs() < NOTHING_LEFT_DEGREES {
        0
    } else if gap < 0.0 {
        -1
    } else {
        1
    }
}

/// What became of a gap that broke, with the histories by their numbers.
fn change((one, other): (usize, usize), is: f64) -> String {
    let (now, before) = if is > 0.0 {
        ("warmer", "colder")
    } else {
        ("colder", "warmer")
    };
    format!("{} ends {now} than {}, not {before}", other + 1, one + 1)
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
    for row in rows.rows.iter().filter(|row| row.dyad == dyad) {
        let mut cells = vec![Cell::new(shown(&row.model))];
        cells.extend(row.temperatures.iter().map(|it| number(degrees(*it))));
        for (gap, sign) in row.gaps.iter().zip(&row.signs) {
            cells.extend([number(degrees(*gap)), Cell::new(sign.in_words())]);
        }
        let is_other = if row.verdict == Verdict::Breaks {
            ", breaks"
        } else {
            ""
        };
        cells.push(Cell::new(format!("{}{is_other}", row.order)));
        table.add_row(cells);
    }
    // Names of models stay whole, though the table may grow beyond its width.
    for column in table.column_iter_mut() {
        column.set_constraint(ColumnConstraint::ContentWidth);
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
    let is_close = |sign: &Verdict| matches!(sign, Verdict::NothingLeft | Verdict::NotJudged);
    if rows.rows.iter().any(|row| row.signs.iter().any(is_close)) {
        text.extend([format!(
            "A gap under {NOTHING_LEFT_DEGREES} degrees leaves nothing to compare; where it is one under the own models, it is not judged.\n"
        )]);
    }
    for broken in &rows.broken_by {
        let changes = broken.changes.join("; ");
        text.extend([" ", &shown(&broken.model), ": ", &changes, "\n"]);
    }
    text.extend([&shown(&rows.answer), "\n"]);
    look.names.said(&text)
}
