//! What can be wrong with a fit or a validation, and with what they are asked.

use crate::error::kind::words::{Words, meant, says, shortened};
use crate::model::Dyad;
use crate::text::shown;

/// A fit or a validation that cannot be made as it was asked for.
#[derive(Debug)]
#[non_exhaustive]
#[expect(missing_docs, reason = "a field is what the message beside it says")]
pub enum BadTrial {
    /// A parameter that has two axes.
    AxisTwice { parameter: &'static str },
    /// An axis with a value that stands twice.
    ValueTwice { axis: String },
    /// A parameter that no fit finds.
    NotFitted { parameter: &'static str },
    /// A grid with more points than there may be.
    TooManyPoints { found: u64, limit: u64 },
    /// A grid of which no point is left.
    NoPoint,
    /// A model without the level that is to be judged.
    NoLevel,
    /// Data that are too short to be split.
    TooFewMonths {
        found: usize,
        span: [String; 2],
        needed: usize,
        /// How many months are foretold.
        ahead: usize,
    },
    /// A month to fit until that the data do not have.
    UntilOutside { found: String, span: [String; 2] },
    /// A month to fit until that leaves too little before it.
    UntilTooEarly {
        found: String,
        /// The first that leaves enough.
        earliest: String,
    },
    /// A month to fit until that leaves too little after it.
    UntilTooLate {
        found: String,
        /// The last that leaves enough.
        latest: String,
    },
    /// A dyad without events.
    DyadAbsent { dyad: Dyad },
    /// A dyad that has events in one month only.
    DyadOnce {
        dyad: Dyad,
        /// How many events.
        events: u64,
        month: String,
    },
    /// A dyad with too few events.
    DyadTooFew {
        dyad: Dyad,
        /// How many events it has until that month.
        events: u64,
        until: String,
        /// How many it needs.
        least: u64,
    },
    /// Data of which no dyad has events enough.
    NoDyad {
        /// How many a dyad needs.
        least: u64,
        /// Until which month.
        until: String,
        /// The dyad that has most, and how many.
        most: Option<(Dyad, u64)>,
    },
    /// Months of which none of the dyads has an event.
    NothingFollows {
        /// How many dyads there are.
        dyads: usize,
        /// The first and the last month that were to be foretold.
        span: [String; 2],
    },
    /// Windows that are all alike.
    AllAlike {
        /// How many there are.
        windows: usize,
        /// What is the same in all of them.
        what: &'static str,
    },
    /// A series without a value.
    NoValues,
    /// A table without a column that it needs.
    NoColumn {
        /// The column.
        wanted: &'static str,
        found: Vec<String>,
    },
    /// A table with a column of dyads and one of actors.
    TwoKinds,
    /// A row with more or fewer fields than there are columns.
    Ragged { found: usize, columns: usize },
    /// A text that is not what its column holds.
    NotA {
        expected: &'static str,
        found: String,
        near: Option<String>,
    },
    /// A row of whom and when another row is.
    RowTwice {
        /// Whom it is of, and when.
        of: String,
        line: u64,
    },
    /// A series of other months.
    OtherMonths {
        series: [String; 2],
        data: [String; 2],
    },
    /// A series of others than the data.
    OtherActors {
        /// Dyads or actors.
        kind: &'static str,
        series: Vec<String>,
        data: Vec<String>,
    },
    /// A series that meets the data in too few places.
    TooFewMet {
        /// In how many.
        found: usize,
        /// How many it takes.
        needed: usize,
    },
}

impl BadTrial {
    pub(in crate::error::kind) fn words(&self) -> Words {
        match self {
            Self::AxisTwice { parameter } => says(format!("`{parameter}` stands twice in `--grid`"))
                .help("an axis has all values of its parameter: NAME=V1,V2,..."),
            Self::ValueTwice { axis } => {
                says(format!("`{}`: a value stands twice", shortened(axis)))
            }
            Self::NotFitted { parameter } => says(format!("`{parameter}` is not fitted"))
                .help("a grid has half-lives and priors in events; the prior itself is everyone's mean"),
            Self::TooManyPoints { found, limit } => {
                says(format!("the grid has {found} points, more than {limit}"))
                    .help("fewer values for each parameter; the optimum is flat")
            }
            Self::NoPoint => says("no point of the grid has a slow half-life of at least twice the fast one")
                .help("half_life_slow_days has to reach twice the least of half_life_fast_days"),
            Self::NoLevel => says("a model without a level: what is judged is that of evidence")
                .help("evidence, or a file with `\"preset\": \"evidence\"`; decayed sums and means are among its rivals"),
            Self::TooFewMonths { found, span: [first, last], needed, ahead } => says(format!(
                "too few months to split: {} from {first} to {last}, where {needed} are needed to foretell {}",
                months(*found),
                months(*ahead)
            ))
            .help("give more files, or foretell fewer months"),
            Self::UntilOutside { found, span: [first, last] } => says(format!(
                "no month {found} to fit until: the data are from {first} to {last}"
            )),
            Self::UntilTooEarly { found, earliest } => says(format!(
                "too few months until {found} to fit: some warm up, and what is foretold must lie before its end"
            ))
            .help(format!("{earliest} is the first month that leaves enough")),
            Self::UntilTooLate { found, latest } => says(format!(
                "too few months after {found} to judge"
            ))
            .help(format!("{latest} is the last month that leaves enough")),
            Self::DyadAbsent { dyad } => says(format!("no event of {dyad} is in the data"))
                .help("the summary names the busiest dyads"),
            Self::DyadOnce { dyad, events, month } => says(format!(
                "{dyad} never recurs: all of its {} are of {month}",
                crate::text::count(*events, "event")
            ))
            .help("what is foretold of a dyad needs events in another month"),
            Self::DyadTooFew { dyad, events, until, least } => says(format!(
                "{dyad} has {} until {until}, fewer than {least}",
                crate::text::count(*events, "event")
            ))
            .help("--least takes dyads with fewer"),
            Self::NoDyad { least, until, most } => {
                let most = most.map_or(String::new(), |(dyad, events)| format!("; {dyad} has most, {events}"));
                let least = crate::text::count(*least, "event");
                says(format!("no dyad has {least} or more until {until}{most}"))
                    .help("give more files, or --least a smaller number")
            }
            Self::NothingFollows { dyads, span: [first, last] } => says(format!(
                "nothing follows: of {} none has an event from {first} to {last}",
                crate::text::count(*dyads as u64, "dyad")
            ))
            .help("a dyad is judged by events in a month after those that it is known by"),
            Self::AllAlike { windows, what } => says(format!(
                "there is nothing to tell apart: {what} is the same in all of {}",
                crate::text::count(*windows as u64, "window")
            )),
            Self::NoValues => says("there is no value in it")
                .help("it needs a header, dyad,month,value, and a row for each value"),
            Self::NoColumn { wanted, found } => says(format!("no column `{wanted}`")).help(format!(
                "it needs dyad (or actor), month and value; it has {}",
                shown(&found.join(", "))
            )),
            Self::TwoKinds => says("it has a column of dyads and one of actors")
                .help("a series is of one of both"),
            Self::Ragged { found, columns } => says(format!(
                "{} where there are {columns} columns",
                crate::text::count(*found as u64, "field")
            )),
            Self::NotA { expected, found, near } => says(format!(
                "`{}` is not {expected}",
                shortened(found)
            ))
            .perhaps(meant(near.as_ref())),
            Self::RowTwice { of, line } => says(format!("{of} stands on line {line} already")),
            Self::OtherMonths { series: [from, to], data: [first, last] } => says(format!(
                "the series is of other months: {from} to {to}, and the data from {first} to {last}"
            )),
            Self::OtherActors { kind, series, data } => says(format!(
                "the series is of other {kind}: {}",
                series.join(", ")
            ))
            .help(format!("the data have {}", data.join(", "))),
            Self::TooFewMet { found, needed } => says(format!(
                "the series meets the data in {} of its dyads or actors, where {needed} are needed",
                months(*found)
            )),
        }
    }
}

fn months(number: usize) -> String {
    crate::text::count(number as u64, "month")
}
