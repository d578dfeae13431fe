//! Plain tables: comma, semicolon or tab between fields, a header, and columns that are named by whoever reads them.

use crate::exchange::roster::Roster;
use crate::exchange::row::{Layout, Lines, Reader, Reason, Row, Witness};
use crate::exchange::values::codes::{Codes, Quads};
use crate::exchange::values::dates::{Order, read};
use crate::exchange::values::fields::is_binary;
use crate::exchange::values::weight::Weight;
use crate::history::Evidence;
use crate::model::Weights;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// What a table can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The day of the event.
    Date,
    /// Who acted: an actor's code, a CAMEO code, or a country's name.
    Source,
    /// On whom.
    Target,
    /// The CAMEO code.
    Code,
    /// The weight on the Goldstein scale.
    Weight,
    /// The row's id.
    Id,
    /// Where to find the document.
    Url,
}

impl Field {
    /// All of them; the first four must be there.
    pub const ALL: [Self; 7] = [
        Self::Date,
        Self::Source,
        Self::Target,
        Self::Code,
        Self::Weight,
        Self::Id,
        Self::Url,
    ];
    const NEEDED: usize = 4;

    /// The name, which is also that of its column where no other is said.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Source => "source",
            Self::Target => "target",
            Self::Code => "code",
            Self::Weight => "weight",
            Self::Id => "id",
            Self::Url => "url",
        }
    }
}

/// A field and the name of its column, written `date=story_date`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The field.
    pub field: Field,
    /// The column's name.
    pub name: String,
}

/// A text that is not a field and the name of its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAColumn;

impl fmt::Display for NotAColumn {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Field::ALL.map(Field::name).join(", ");
        write!(
            out,
            "expected FIELD=NAME, such as date=story_date; fields are {names}"
        )
    }
}

impl std::error::Error for NotAColumn {}

impl FromStr for Column {
    type Err = NotAColumn;

    fn from_str(text: &str) -> Result<Self, NotAColumn> {
        let (field, name) = text.split_once('=').ok_or(NotAColumn)?;
        let field = Field::ALL
            .into_iter()
            .find(|known| known.name() == field.trim());
        Ok(Self {
            field: field.ok_or(NotAColumn)?,
            name: name.trim().to_owned(),
        })
    }
}

/// How to read what formats leave open.
#[derive(Clone, Debug, Default)]
pub struct TableForm {
    /// Columns of plain tables with other names than their fields.
    pub columns: Vec<Column>,
    /// How dates of plain tables are written.
    pub order: Order,
    /// How codes are read, in any format that has them.
    pub codes: Codes,
}

impl TableForm {
    fn name_of(&self, field: Field) -> &str {
        let named = self
            .columns
            .iter()
            .rev()
            .find(|column| column.field == field);
        named.map_or(field.name(), |column| &column.name)
    }
}

/// Reads plain tables.
#[derive(Debug)]
pub(super) struct Table {
    roster: Arc<Roster>,
    delimiter: u8,
    places: [Option<usize>; Field::ALL.len()],
    columns: usize,
    order: Order,
    codes: Codes,
}

/// The fields of a record, unquoted.
struct Record {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Record {
    /// Takes a record apart as RFC 4180 has it: a field that begins with a quotation mark goes on until the next one that is
    /// not doubled.
    fn of(line: &[u8], delimiter: u8) -> Self {
        let (mut bytes, mut ends) = (Vec::with_capacity(line.len()), Vec::new());
        let mut rest = line.iter().copied().peekable();
        let (mut is_quoted, mut is_start) = (false, true);
        while let Some(byte) = rest.next() {
            match byte {
                b'"' if is_start => is_quoted = true,
                b'"' if is_quoted => match rest.next_if_eq(&b'"') {
                    Some(quote) => bytes.push(quote),
                    None => is_quoted = false,
                },
                _ if byte == delimiter && !is_quoted => {
                    ends.push(bytes.len());
                    is_start = true;
                    continue;
                }
                _ => bytes.push(byte),
            }
            is_start = false;
        }
        ends.push(bytes.len());
        Self { bytes, ends }
    }

    fn get(&self, place: usize) -> &[u8] {
        let start = match place {
            0 => 0,
            _ => self.ends.get(place - 1).copied().unwrap_or_default(),
        };
        let end = self.ends.get(place).copied().unwrap_or(start);
        &self.bytes[start..end]
    }
}

/// Why a header is not that of a table that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingColumns {
    /// The names of the columns that are not there.
    pub missing: Vec<String>,
    /// Those that are.
    pub found: Vec<String>,
}

impl Table {
    /// A reader for a table with that header; of comma, tab and semicolon the one that makes sense of it is between fields.
    pub(in crate::exchange) fn begin(
        header: &[u8],
        form: &TableForm,
        roster: &Arc<Roster>,
    ) -> Result<Self, MissingColumns> {
        let mut closest: Option<MissingColumns> = None;
        for delimiter in *b",\t;" {
            match Self::with(header, delimiter, form, roster) {
                Ok(table) => return Ok(table),
                Err(missing) => {
                    let is_closer =
                        |so_far: &MissingColumns| missing.found.len() > so_far.found.len();
                    if closest.as_ref().is_none_or(is_closer) {
                        closest = Some(missing);
                    }
                }
            }
        }
        Err(closest.unwrap_or(MissingColumns {
            missing: Vec::new(),
            found: Vec::new(),
        }))
    }

    fn with(
        header: &[u8],
        delimiter: u8,
        form: &TableForm,
        roster: &Arc<Roster>,
    ) -> Result<Self, MissingColumns> {
        let record = Record::of(header, delimiter);
        let names: Vec<_> = (0..record.ends.len())
            .map(|place| String::from_utf8_lossy(record.get(place)).trim().to_owned())
            .collect();
        let place = |field| {
            let wanted = form.name_of(field);
            names
                .iter()
                .position(|name| name.eq_ignore_ascii_case(wanted))
        };
        let places = Field::ALL.map(place);
        let is_named = |field| form.columns.iter().any(|column| column.field == field);
        let missing: Vec<_> = Field::ALL
            .into_iter()
            .enumerate()
            .filter(|&(at, field)| places[at].is_none() && (at < Field::NEEDED || is_named(field)))
            .map(|(_, field)| form.name_of(field).to_owned())
            .collect();
        if missing.is_empty() {
            Ok(Self {
                roster: Arc::clone(roster),
                delimiter,
                places,
                columns: names.len(),
                order: form.order,
                codes: form.codes,
            })
        } else {
            let found = names;
            Err(MissingColumns { missing, found })
        }
    }

    fn field<'a>(&self, record: &'a Record, field: Field) -> Option<&'a [u8]> {
        self.places[field as usize].map(|place| record.get(place).trim_ascii())
    }

    fn text(&self, record: &Record, field: Field) -> String {
        let bytes = self.field(record, field).unwrap_or_default();
        String::from_utf8_lossy(bytes).into_owned()
    }
}

impl Reader for Table {
    fn layout(&self) -> Layout {
        Layout {
            title: "plain table with a header",
            lines: Lines::Quoted(self.delimiter),
            has_weights: self.places[Field::Weight as usize].is_some(),
            tells_roots: false,
            table: Weights::Gdelt,
            quads: Quads::Cameo,
        }
    }

    fn row(&self, line: &[u8]) -> Result<Row, Reason> {
        let record = Record::of(line, self.delimiter);
        if is_binary(line) {
            return Err(Reason::NotText);
        }
        if record.ends.len() != self.columns {
            return Err(Reason::Columns);
        }
        let field = |field| self.field(&record, field).unwrap_or_default();
        let date = read(field(Field::Date), self.order).ok_or(Reason::BadDate)?;
        let code = self.codes.find(field(Field::Code));
        let code = code.ok_or_else(|| Reason::of_no_code(field(Field::Code)))?;
        let weight = match field(Field::Weight) {
            b"" | b"NA" => None,
            text => Some(Weight::parse(text).ok_or(Reason::BadWeight)?),
        };
        let party = |field| {
            let text = self.field(&record, field).unwrap_or_default();
            let text = std::str::from_utf8(text).map_err(|_| Reason::UnknownActor)?;
            self.roster.of_any(text)
        };
        Ok(Row {
            date,
            source: party(Field::Source),
            target: party(Field::Target),
            code,
            weight,
            is_root: true,
        })
    }

    fn witness(&self, line: &[u8], number: u64) -> Witness {
        let record = Record::of(line, self.delimiter);
        let id = self.text(&record, Field::Id);
        let url = self.text(&record, Field::Url);
        let has_own_id = !id.is_empty();
        let (name, locator) = if id.is_empty() {
            (format!("line-{number}"), format!("line {number}"))
        } else {
            (id.clone(), format!("row {id}, line {number}"))
        };
        Witness {
            id: name,
            has_own_id,
            source: self.text(&record, Field::Source),
            target: self.text(&record, Field::Target),
            evidence: Evidence {
                document: "table of events".to_owned(),
                published: None,
                locator: Some(locator),
                url: Some(url).filter(|url| !url.is_empty()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &[&str]) {
        let record = Record::of(line.as_bytes(), b',');
        let fields: Vec<_> = (0..record.ends.len())
            .map(|place| std::str::from_utf8(record.get(place)).unwrap())
            .collect();
        assert_eq!(fields, expected);
    }

    #[test]
    fn a_record_is_taken_apart_and_its_quotes_are_taken_off() {
        check("a,b,c", &["a", "b", "c"]);
        check("a,,", &["a", "", ""]);
        check("\"a,\"\"b\"\"\nc\",d", &["a,\"b\"\nc", "d"]);
    }
}
