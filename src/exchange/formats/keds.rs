//! The text that KEDS and TABARI write: date, source, target, code, its name in brackets, and the
//! words that were found.
//!
//! Codes are those of WEIS, as in the older data sets of the Kansas Event Data System, or of CAMEO,
//! as in the later ones: the name of the first row's code tells, and `--codes` says otherwise.
//! Dates have two or four digits of the year.

use super::form::TableForm;
use super::header::Unread;
use crate::exchange::roster::Roster;
use crate::exchange::row::{Called, Layout, Lines, Reader, Reason, Row, Use, Witness};
use crate::exchange::values::codes::{CodeIx, Codes, Quads};
use crate::exchange::values::dates::{Order, read, short};
use crate::exchange::values::fields::{Fields, is_binary, utf_8_or_latin_1};
use crate::model::{Day, Weights};
use std::sync::Arc;

const DATE: usize = 0;
const SOURCE: usize = 1;
const TARGET: usize = 2;
const CODE: usize = 3;
const NAME: usize = 4;
/// A row may have fewer words, and more columns behind them.
const NEEDED: usize = 4;

/// Reads text of KEDS.
#[derive(Debug)]
pub(super) struct Keds {
    roster: Arc<Roster>,
    codes: Codes,
    has_header: bool,
}

fn day(text: &[u8]) -> Option<Day> {
    short(text).or_else(|| read(text, Order::YearMonthDay))
}

impl Keds {
    /// A reader for a file that begins with a row of KEDS, or with names for its columns.
    ///
    /// # Errors
    /// When it does not.
    pub(super) fn recognise(
        first: &[u8],
        form: &TableForm,
        roster: &Arc<Roster>,
    ) -> Result<Self, Option<Unread>> {
        let fields = Fields::of(first);
        let code = fields.get(CODE);
        let is_code = (2..=4).contains(&code.len()) && code.iter().all(u8::is_ascii_digit);
        let is_row = day(fields.get(DATE)).is_some() && is_code;
        let is_named = |place: usize, names: &[&str]| {
            let is_it = |name: &&str| fields.get(place).eq_ignore_ascii_case(name.as_bytes());
            names.iter().any(is_it)
        };
        let has_header = is_named(DATE, &["date", "day"])
            && is_named(SOURCE, &["source"])
            && is_named(TARGET, &["target"])
            && is_named(
                CODE,
                &["weis", "weis.code", "weis code", "code", "event", "cameo"],
            )
            && is_named(
                NAME,
                &["label", "name", "description", "event.label", "text"],
            );
        if fields.count() < NEEDED || !(is_row || has_header) {
            return Err(None);
        }
        let name = utf_8_or_latin_1(fields.get(NAME));
        let name = name.trim_matches(['(', ')']);
        let is_of_cameo = CodeIx::find(code).is_some_and(|code| {
            let row = code.code().row();
            row.name.eq_ignore_ascii_case(name)
        });
        let is_named_cameo = has_header && is_named(CODE, &["cameo"]);
        Ok(Self {
            roster: Arc::clone(roster),
            codes: match form.codes {
                Codes::AsTheyAre if is_of_cameo || is_named_cameo => Codes::AsTheyAre,
                Codes::AsTheyAre => Codes::Weis,
                codes => codes,
            },
            has_header,
        })
    }
}

impl Reader for Keds {
    fn layout(&self) -> Layout {
        let is_weis = self.codes == Codes::Weis;
        Layout {
            title: if is_weis {
                "KEDS text with codes of WEIS, read as those of CAMEO that come closest"
            } else {
                "KEDS text with codes of CAMEO"
            },
            lines: if self.has_header {
                Lines::Headed
            } else {
                Lines::Bare
            },
            has_weights: is_weis,
            tells_roots: false,
            table: Weights::Gdelt,
            quads: Quads::Cameo,
            uses: &[Use::Codes, Use::StateCodes],
        }
    }

    fn row(&self, line: &[u8]) -> Result<Row, Reason> {
        let fields = Fields::of(line);
        if is_binary(line) {
            return Err(Reason::NotText);
        }
        if fields.count() < NEEDED {
            return Err(Reason::Columns);
        }
        let date = fields.get(DATE);
        let date = day(date).ok_or_else(|| Reason::of_no_date(date, Order::YearMonthDay))?;
        let code = fields.get(CODE);
        let party = |place| self.roster.of_any(&utf_8_or_latin_1(fields.get(place)));
        Ok(Row {
            date,
            source: party(SOURCE),
            target: party(TARGET),
            code: self.codes.find(code).ok_or_else(|| match self.codes {
                Codes::Weis => Reason::BadCode,
                _ => Reason::of_no_code(code),
            })?,
            weight: self.codes.weight(code),
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
        let (code, name) = (fields.text(CODE), fields.text(NAME));
        let sides = [SOURCE, TARGET].map(|name| fields.text(name));
        let mut witness = Witness::new("keds", None, number, sides, "KEDS event data".to_owned());
        let locator = format!("line {number}, coded {code} {name}");
        witness.evidence.locator = Some(locator.trim_end().to_owned());
        witness
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begins(first: &str) -> Option<(Codes, bool)> {
        let keds = Keds::recognise(first.as_bytes(), &TableForm::default(), &Arc::default());
        keds.ok().map(|keds| (keds.codes, keds.has_header))
    }

    #[test]
    fn a_header_names_every_column_and_a_row_has_a_date_and_a_code() {
        let header = ["date", "source", "target", "code", "label"];
        assert_eq!(begins(&header.join("\t")), Some((Codes::Weis, true)));
        let cameo = ["Day", "Source", "Target", "CAMEO", "Text"];
        assert_eq!(begins(&cameo.join("\t")), Some((Codes::AsTheyAre, true)));
        for place in 0..header.len() {
            let mut header = header;
            header[place] = "other";
            assert_eq!(begins(&header.join("\t")), None, "{header:?}");
        }
        for (row, expected) in [
            (
                "900102\tUSA\tUSR\t042\t(Make a visit)",
                Some((Codes::AsTheyAre, false)),
            ),
            ("900102\tUSA\tUSR\t032\t(MEET)", Some((Codes::Weis, false))),
            ("900102\tUSA\tUSR\t032", Some((Codes::Weis, false))),
            ("1990-01-02\tUSA\tUSR\t032", Some((Codes::Weis, false))),
            ("900102\tUSA\tUSR", None),
            ("900102\tUSA\t032", None),
            ("909902\tUSA\tUSR\t032", None),
            ("900102\tUSA\tUSR\t3", None),
            ("900102\tUSA\tUSR\t03211", None),
            ("900102\tUSA\tUSR\t03x", None),
        ] {
            assert_eq!(begins(row), expected, "{row}");
        }
    }
}
