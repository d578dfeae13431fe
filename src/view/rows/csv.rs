//! Transitions as CSV: one header, one row for each event and dyad, ISO dates, full precision.

use super::transition::TransitionRow;
use super::words::changes;
use crate::model::Actor;

/// A row as text, one field for each column that the codebook has of `replay`: lists with `;`
/// between, nothing where nothing is known.
#[must_use]
pub fn csv_record(row: &TransitionRow) -> [String; 26] {
    fn maybe(value: Option<impl ToString>) -> String {
        value.map_or_else(String::new, |value| value.to_string())
    }
    let actors = |actors: &[Actor]| {
        let codes: Vec<_> = actors.iter().map(Actor::code).collect();
        codes.join(";")
    };
    let changes = changes(&row.changes, &row.id);
    [
        maybe(row.seq),
        row.id.clone(),
        row.date.to_string(),
        maybe(row.recorded),
        row.act.to_owned(),
        maybe(row.code),
        actors(&row.source),
        actors(&row.target),
        actors(&row.audience),
        row.dyad.to_string(),
        row.reach.to_owned(),
        maybe(row.since),
        row.temperature_before.to_string(),
        row.waiting_part.to_string(),
        row.event_part.to_string(),
        row.temperature_after.to_string(),
        row.impact.to_string(),
        row.equilibrium.to_string(),
        row.equilibrium_after.to_string(),
        maybe(row.phase_before),
        maybe(row.phase_after),
        not_a_formula(changes.join("; ")),
        not_a_formula(row.title.clone().unwrap_or_default()),
        not_a_formula(row.origin.clone().unwrap_or_default()),
        row.model.clone(),
        row.balance_after.to_string(),
    ]
}

/// Other people's text for a spreadsheet: one that would begin a formula begins with an apostrophe
/// instead, and so does one that begins with apostrophes and such a sign. Taking one apostrophe off
/// such a text gives back what it was.
#[must_use]
pub fn not_a_formula(text: String) -> String {
    let behind = text.trim_start_matches('\'');
    if behind.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_cannot_become_a_formula() {
        assert_eq!(not_a_formula("=HYPERLINK(1)".to_owned()), "'=HYPERLINK(1)");
        assert_eq!(not_a_formula("A call".to_owned()), "A call");
        assert_eq!(not_a_formula("'A call'".to_owned()), "'A call'");
        let texts = ["=x", "'=x", "''=x", "-5 % tariffs", "'5", "x"];
        let written = texts.map(|text| not_a_formula(text.to_owned()));
        let distinct: std::collections::BTreeSet<_> = written.iter().collect();
        assert_eq!(distinct.len(), texts.len());
        for (text, written) in texts.iter().zip(&written) {
            let is_one = written.trim_start_matches('\'') != written
                && written
                    .trim_start_matches('\'')
                    .starts_with(['=', '+', '-', '@']);
            let read = written.strip_prefix('\'').filter(|_| is_one);
            assert_eq!(read.unwrap_or(written), *text);
        }
    }
}
