//! Benchmarks made of ICEWS for temporal knowledge graphs: source, event text, target, date, and nothing else.
//!
//! There is no code, no weight and no id; one row at most has the same source, text, target and day.

use crate::exchange::roster::Roster;
use crate::exchange::row::{Layout, Lines, Reader, Reason, Row, Witness};
use crate::exchange::values::codes::{CodeIx, Quads};
use crate::exchange::values::dates::{Order, read};
use crate::exchange::values::fields::{Fields, is_binary};
use crate::history::Evidence;
use crate::model::Weights;
use std::sync::Arc;

const SOURCE: usize = 0;
const TEXT: usize = 1;
const TARGET: usize = 2;
const DATE: usize = 3;
const COLUMNS: usize = 4;

/// Reads quadruples.
#[derive(Debug)]
pub(super) struct Quadruples {
    roster: Arc<Roster>,
}

/// Whether a first line is one of names, a text and a date.
pub(super) fn recognise(first: &[u8]) -> bool {
    let fields = Fields::of(first);
    let is_number = |place| fields.get(place).iter().all(u8::is_ascii_digit);
    fields.count() == COLUMNS
        && !is_number(TEXT)
        && read(fields.get(DATE), Order::YearMonthDay).is_some()
}

impl Quadruples {
    pub(in crate::exchange) const fn new(roster: Arc<Roster>) -> Self {
        Self { roster }
    }
}

impl Reader for Quadruples {
    fn layout(&self) -> Layout {
        Layout {
            title: "ICEWS quadruples (source, text, target, date)",
            lines: Lines::Bare,
            has_weights: false,
            tells_roots: false,
            table: Weights::Icews,
            quads: Quads::Cameo,
        }
    }

    fn row(&self, line: &[u8]) -> Result<Row, Reason> {
        let fields = Fields::of(line);
        if is_binary(line) {
            return Err(Reason::NotText);
        }
        if fields.count() != COLUMNS {
            return Err(Reason::Columns);
        }
        let date = read(fields.get(DATE), Order::YearMonthDay).ok_or(Reason::BadDate)?;
        let text = |place| std::str::from_utf8(fields.get(place)).map_err(|_| Reason::NotText);
        let code = CodeIx::of_text(text(TEXT)?).ok_or(Reason::UnknownText)?;
        Ok(Row {
            date,
            source: self.roster.of_person(text(SOURCE)?, date),
            target: self.roster.of_person(text(TARGET)?, date),
            code,
            weight: None,
            is_root: true,
        })
    }

    fn witness(&self, line: &[u8], number: u64) -> Witness {
        let fields = Fields::of(line);
        Witness {
            id: format!("icews-line-{number}"),
            has_own_id: false,
            source: fields.text(SOURCE),
            target: fields.text(TARGET),
            evidence: Evidence {
                document: "ICEWS benchmark".to_owned(),
                published: None,
                locator: Some(format!("line {number}")),
                url: None,
            },
        }
    }
}
