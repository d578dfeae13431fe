//! What was asked: the outcomes of each scenario with their answers, or how probable they are.

use super::pieces::{Cell, answered, header, number, said, said_in_lines, table};
use super::report::{HistoryNote, Report};
use crate::text::count;
use maud::{Markup, html};

/// Whether any history asks anything.
pub(super) fn is_anything_asked(report: &Report<'_>) -> bool {
    report.histories.iter().any(|it| !it.answers.is_empty())
}

/// The questions of each scenario, each with its answer; where there is chance, with the share of
/// runs instead.
pub(super) fn asked(report: &Report<'_>) -> Markup {
    if !is_anything_asked(report) {
        return html! {};
    }
    let histories = (1..).zip(&report.histories);
    html! {
        h2 id="asked" { "What was asked" }
        @if let Some(fans) = report.fans.filter(|_| report.histories.iter().any(|it| it.run.is_some() && !it.answers.is_empty())) {
            p class="aside" { "Where there is chance, the answer is how probable an outcome is: in what share of " (count(fans.rows.manifest.runs, "run")) " of seed " (fans.rows.manifest.frame.seed) " it comes to be, with the 95 % interval that so many runs leave." }
        }
        @for (history, note) in histories.filter(|(_, note)| !note.answers.is_empty()) {
            h3 { (history) " " (said(&note.title)) }
            @if let Some(text) = &note.note { p { (said_in_lines(text)) } }
            @match shares(report, history) {
                Some(rows) => (table(&format!("outcomes of history {history}"), &header(["outcome", "probability", "low", "high"]), &rows)),
                None => (table(&format!("outcomes of history {history}"), &header(["outcome", "answer"]), &answers(note))),
            }
        }
    }
}

fn answers(note: &HistoryNote) -> Vec<Vec<Cell>> {
    let rows = note.answers.iter();
    rows.map(|(id, answer)| vec![Cell::Said(id.clone()), answered(answer)])
        .collect()
}

/// How probable the outcomes of a history are; nothing where there is no chance in it.
fn shares(report: &Report<'_>, history: usize) -> Option<Vec<Vec<Cell>>> {
    let fans = report.fans?;
    let mut scenarios = fans.rows.scenarios.iter().enumerate();
    let (_, scenario) = scenarios.find(|(place, _)| fans.history(*place) == history)?;
    let rows = scenario.outcomes.iter().map(|row| {
        let shares = [row.share.share, row.share.low, row.share.high];
        let shares = shares.map(|share| number(&format!("{:.1} %", share * 100.0)));
        let outcome = Cell::Said(row.outcome.clone());
        std::iter::once(outcome).chain(shares).collect()
    });
    Some(rows.collect())
}
