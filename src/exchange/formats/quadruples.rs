//! Benchmarks made of ICEWS for temporal knowledge graphs: source, event text, target, date, and
//! nothing else.
//!
//! There is no code, no weight and no id; one row at most has the same source, text, target and
//! day.

use super::header::Unread;
use crate::exchange::roster::Roster;
use crate::exchange::row::{Called, Layout, Lines, Reader, Reason, Row, Use, Witness};
use crate::exchange::values::codes::{CodeIx, Quads};
use crate::exchange::values::dates::{Order, read};
use crate::exchange::values::fields::{Fields, is_binary, utf_8_or_latin_1};
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

impl Quadruples {
    /// A reader for a file whose first line is one of names, a text and a date.
    ///
    /// # Errors
    /// When it is not.
    pub(super) fn recognise(first: &[u8], roster: &Arc<Roster>) -> Result<Self, Option<Unread>> {
        let fields = Fields::of(first);
        let is_number = |place| fields.get(place).iter().all(u8::is_ascii_digit);
        let is_one = fields.count_within(COLUMNS) == COLUMNS
            && !is_number(TEXT)
            && read(fields.get(DATE), Order::YearMonthDay).is_some();
        is_one
            .then(|| Self {
                roster: Arc::clone(roster),
            })
            .ok_or(None)
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
            uses: &[Use::Dictionary],
        }
    }

    fn row(&self, line: &[u8]) -> Result<Row, Reason> {
        let fields = Fields::of(line);
        if is_binary(line) {
            return Err(Reason::NotText);
        }
        if !fields.fit(COLUMNS, COLUMNS) {
            return Err(Reason::Columns);
        }
        let date = fields.get(DATE);
        let date = read(date, Order::YearMonthDay)
            .ok_or_else(|| Reason::of_no_date(date, Order::YearMonthDay))?;
        let text = |place| utf_8_or_latin_1(fields.get(place));
        let code = CodeIx::of_text(&text(TEXT)).ok_or(Reason::UnknownText)?;
        Ok(Row {
            date,
            source: self.roster.of_person(&text(SOURCE), date),
            target: self.roster.of_person(&text(TARGET), date),
            code,
            weight: None,
            is_root: true,
            marks: [0; 5],
        })
    }

    fn called<'a>(&self, line: &'a [u8], _: &Row) -> [Called<'a>; 2] {
        let fields = Fields::of(line);
        [SOURCE, TARGET].map(|name| Called {
            name: fields.bytes(name),
            ..Called::default()
        })
    }

    fn witness(&self, line: &[u8], number: u64) -> Witness {
        let fields = Fields::of(line);
        let sides = [SOURCE, TARGET].map(|name| fields.text(name));
        Witness::new("icews", None, number, sides, "ICEWS benchmark".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_four_columns_a_text_and_a_date() {
        for (row, is) in [
            ("Russia\tMake a visit\tUnited States\t2014-03-18", true),
            ("Russia\t042\tUnited States\t2014-03-18", false),
            ("Russia\tMake a visit\tUnited States\tsoon", false),
            ("Russia\tMake a visit\tUnited States", false),
            (
                "Russia\tMake a visit\tUnited States\t2014-03-18\tmore",
                false,
            ),
        ] {
            let found = Quadruples::recognise(row.as_bytes(), &Arc::default());
            assert_eq!(found.is_ok(), is, "{row}");
        }
    }
}
