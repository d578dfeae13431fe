//! What a report is made of.

use crate::model::{Dyad, Model};
use crate::scenario::{Answer, Luck};
use crate::view::chart::charts::{Album, one_run_of};
use crate::view::chart::fans::Fans;
use crate::view::rows::ledger::LedgerRows;
use crate::view::text::what_if::comparison::ComparisonRows;
use crate::view::text::what_if::robustness::RobustnessRows;
use std::collections::BTreeMap;

/// What a report is made of.
#[derive(Debug)]
pub struct Report<'a> {
    /// The title of the page.
    pub title: String,
    /// The command that makes it again.
    pub command: String,
    /// The histories; the first is what the others are compared with.
    pub histories: Vec<HistoryNote>,
    /// Their strands and events.
    pub album: &'a Album,
    /// What they are compared by.
    pub comparison: &'a ComparisonRows,
    /// The dyads that are shown, in this order.
    pub dyads: Vec<Dyad>,
    /// Other dyads in which they differ, or that are moved.
    pub others: Vec<Dyad>,
    /// For each dyad, and each history, what its temperature at the end is made of.
    pub ledgers: Vec<Vec<LedgerRows>>,
    /// Whether the answer survives other models, where there is something to compare.
    pub robustness: Option<&'a RobustnessRows>,
    /// The runs of the scenarios with chance.
    pub fans: Option<Fans<'a>>,
}

/// What a report says of a history.
#[derive(Clone, Debug)]
pub struct HistoryNote {
    /// As it was given.
    pub name: String,
    /// What happens in it, in a line.
    pub title: String,
    /// The question it asks.
    pub note: Option<String>,
    /// What it was made from, each with its name.
    pub made_from: Vec<(&'static str, String)>,
    /// Its model.
    pub model: Model,
    /// Which run of its chances stands for it where it is drawn as one history; nothing where there
    /// is no chance.
    pub run: Option<Luck>,
    /// The answers to its questions, in that run where there is chance.
    pub answers: Vec<(String, Answer)>,
    /// What it makes of an event, by the event's number.
    pub remarks: BTreeMap<usize, String>,
}

impl HistoryNote {
    /// What to call it where it is drawn as one history.
    #[must_use]
    pub fn drawn_as(&self) -> String {
        match self.run {
            Some(_) => one_run_of(&self.title),
            None => self.title.clone(),
        }
    }
}

impl Report<'_> {
    /// What is to be known beside whatever shows one run of a scenario with chance; nothing where
    /// there is none.
    #[must_use]
    pub fn one_run(&self) -> Option<String> {
        let histories = (1..).zip(&self.histories);
        let drawn: Vec<_> = histories
            .filter_map(|(number, history)| Some((number, history.run?)))
            .collect();
        let (_, luck) = drawn.first()?;
        let numbers: Vec<_> = drawn.iter().map(|(number, _)| number.to_string()).collect();
        let histories = match &numbers[..] {
            [only] => format!("History {only} is"),
            [most @ .., last] => format!("Histories {} and {last} are", most.join(", ")),
            [] => return None,
        };
        Some(format!(
            "{histories} drawn by chance: what is shown here is run {} of seed {}, one of many. ",
            luck.run, luck.seed
        ))
    }
}
