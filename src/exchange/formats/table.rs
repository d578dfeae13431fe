//! Plain tables: comma, semicolon or tab between fields, a header, and columns that are named by
//! whoever reads them.

use super::form::{Column, Field, TableForm};
use super::header::{Header, Unread};
use crate::exchange::blocks::Shape;
use crate::exchange::roster::Roster;
use crate::exchange::row::{Called, Layout, Lines, Reader, Reason, Row, Use, Witness};
use crate::exchange::values::codes::{CodeIx, Codes, Quads};
use crate::exchange::values::dates::{Order, read};
use crate::exchange::values::fields::{
    Fields, Separation, is_binary, is_missing, utf_8_or_latin_1,
};
use crate::exchange::values::weight::Weight;
use crate::history::Evidence;
use crate::model::Weights;
use crate::text::{abridged, cut, shown};
use std::borrow::Cow;
use std::sync::Arc;

/// Reads plain tables.
#[derive(Debug)]
pub(super) struct Table {
    roster: Arc<Roster>,
    shape: Shape,
    places: [Place; Field::ALL.len()],
    order: Order,
    codes: Codes,
}

/// Where a field of a row stands.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Nowhere,
    /// In this column.
    At(usize),
    /// In several, as year, month and day may: what they say, with hyphens between.
    In(Vec<usize>),
    /// The same in every row.
    Everywhere(String),
}

impl Table {
    /// A reader for a table with that header; of comma, tab, semicolon and bar the one that makes
    /// sense of it is between fields.
    pub(in crate::exchange) fn begin(
        header: &[u8],
        form: &TableForm,
        roster: &Arc<Roster>,
    ) -> Result<Self, Unread> {
        let mut closest: Option<(usize, Unread)> = None;
        for delimiter in *b",\t;|" {
            let separation = Separation::by(delimiter);
            let names = Header::of(header, separation);
            match Self::with(&names, separation, form, roster) {
                Ok(table) => return Ok(table),
                Err(unread) => {
                    let columns = names.names.len();
                    if closest.as_ref().is_none_or(|(most, _)| columns > *most) {
                        closest = Some((columns, unread));
                    }
                }
            }
        }
        Err(match closest {
            None => Unread::close("the table has no header".to_owned(), None),
            Some((1, _)) => Self::of_one_column(header, form),
            Some((_, unread)) => unread,
        })
    }

    /// What to say of a header in which nothing stands between columns that is known. Where it has
    /// names of columns in it all the same, it is meant to be one.
    fn of_one_column(header: &[u8], form: &TableForm) -> Unread {
        let line = utf_8_or_latin_1(header);
        let words = line.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
        let needed = Field::ALL.into_iter().take(Field::NEEDED);
        let needed: Vec<_> = needed.map(|field| form.name_of(field)).collect();
        let is_name = |word: &&str| needed.iter().any(|name| word.eq_ignore_ascii_case(name));
        Unread {
            says: format!("the table has one column, `{}`", shown(&cut(&line, 60))),
            help: Some(
                "between columns stands a comma, a semicolon, a tab or a bar (|)".to_owned(),
            ),
            is_close: words.filter(is_name).count() > 1 || !form.columns.is_empty(),
        }
    }

    fn with(
        header: &Header,
        separation: Separation,
        form: &TableForm,
        roster: &Arc<Roster>,
    ) -> Result<Self, Unread> {
        let mut places = [const { Place::Nowhere }; Field::ALL.len()];
        let mut missing = Vec::new();
        for (at, (field, place)) in Field::ALL.into_iter().zip(&mut places).enumerate() {
            let of_field = |column: &&Column| column.field == field;
            if let Some(value) = form.values.iter().rfind(of_field) {
                *place = Place::Everywhere(value.name.clone());
                continue;
            }
            *place = find(header, form.name_of(field))?;
            let is_named = form.columns.iter().any(|column| column.field == field);
            if *place == Place::Nowhere && (at < Field::NEEDED || is_named) {
                missing.push(form.name_of(field).to_owned());
            }
        }
        if !missing.is_empty() {
            let found = places
                .iter()
                .filter(|place| **place != Place::Nowhere)
                .count();
            return Err(Unread {
                says: format!("the table has no column {}", shown(&quoted(&missing))),
                help: Some(format!(
                    "its columns are {}; `--column FIELD=NAME` says which is which, such as --column date=story_date, and `--value FIELD=VALUE` what every row has, such as --value code=190",
                    shown(&quoted(&header.names))
                )),
                is_close: found > 1 || !form.columns.is_empty(),
            });
        }
        let columns = |place: &Place| match place {
            Place::At(at) => Some(*at),
            Place::In(several) => several.iter().copied().max(),
            Place::Nowhere | Place::Everywhere(_) => None,
        };
        let needed = places[..Field::NEEDED].iter().filter_map(columns).max();
        Ok(Self {
            roster: Arc::clone(roster),
            shape: Shape {
                separation,
                columns: header.names.len(),
                needed: needed.map_or(0, |last| last + 1),
                date: columns(&places[Field::Date as usize]).unwrap_or_default(),
            },
            places,
            order: form.order.unwrap_or_default(),
            codes: form.codes,
        })
    }

    fn field<'a>(&'a self, fields: &Fields<'a>, field: Field) -> Cow<'a, [u8]> {
        match &self.places[field as usize] {
            Place::Nowhere => Cow::Borrowed(&[]),
            Place::At(at) => fields.get(*at).into(),
            Place::In(several) => {
                let parts: Vec<_> = several.iter().map(|at| fields.get(*at)).collect();
                parts.join(&b'-').into()
            }
            Place::Everywhere(value) => value.as_bytes().into(),
        }
    }

    fn text(&self, fields: &Fields<'_>, field: Field) -> String {
        match &self.places[field as usize] {
            Place::At(at) => fields.text(*at),
            _ => String::from_utf8_lossy(&self.field(fields, field)).into_owned(),
        }
    }

    /// The code of a row's code or, where it has none, of its text of an event.
    fn code(&self, text: &[u8]) -> Result<CodeIx, Reason> {
        if let Some(code) = self.codes.find(text) {
            return Ok(code);
        }
        let of_text = std::str::from_utf8(text).ok().and_then(CodeIx::of_text);
        of_text.ok_or_else(|| Reason::of_no_code(text))
    }

    /// Why a row has another number of columns than the header.
    fn why_not(&self, fields: &Fields<'_>) -> Reason {
        let is_split = |at: usize| {
            let digits = |field: &[u8]| !field.is_empty() && field.iter().all(u8::is_ascii_digit);
            let whole = fields.get(at);
            digits(whole.strip_prefix(b"-").unwrap_or(whole)) && digits(fields.get(at + 1))
        };
        let is_one_more = fields.count() == self.shape.columns + 1;
        match self.places[Field::Weight as usize] {
            Place::At(at)
                if is_one_more && self.shape.separation.delimiter == b',' && is_split(at) =>
            {
                Reason::SplitDecimal
            }
            _ => Reason::Columns,
        }
    }
}

/// Where a name stands; several with a plus between, where no column has that name.
fn find(header: &Header, name: &str) -> Result<Place, Unread> {
    if let Some(at) = header.find(name)? {
        return Ok(Place::At(at));
    }
    if !name.contains('+') {
        return Ok(Place::Nowhere);
    }
    let places = name.split('+').map(|part| header.find(part.trim()));
    let places: Option<Vec<_>> = places.collect::<Result<_, _>>()?;
    Ok(places.map_or(Place::Nowhere, Place::In))
}

/// Names in a line, each between marks.
fn quoted(names: &[String]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    abridged(&names)
}

impl Reader for Table {
    fn layout(&self) -> Layout {
        Layout {
            title: "plain table with a header",
            lines: if self.shape.separation.is_quoted {
                Lines::Quoted(self.shape)
            } else {
                Lines::Headed
            },
            has_weights: self.places[Field::Weight as usize] != Place::Nowhere
                || self.codes == Codes::Weis,
            tells_roots: false,
            table: Weights::Gdelt,
            quads: Quads::Cameo,
            uses: match self.places[Field::Id as usize] {
                Place::Nowhere => &[Use::Columns, Use::DateOrder, Use::Codes, Use::StateCodes],
                _ => &[
                    Use::Columns,
                    Use::DateOrder,
                    Use::Codes,
                    Use::StateCodes,
                    Use::Ids,
                ],
            },
        }
    }

    fn row(&self, line: &[u8]) -> Result<Row, Reason> {
        let fields = Fields::with(line, self.shape.separation);
        if is_binary(line) {
            return Err(Reason::NotText);
        }
        if !fields.fit(self.shape.needed, self.shape.columns) {
            return Err(self.why_not(&fields));
        }
        let field = |field| self.field(&fields, field);
        let date = field(Field::Date);
        let date = read(&date, self.order).ok_or_else(|| Reason::of_no_date(&date, self.order))?;
        let code = self.code(&field(Field::Code))?;
        let weight = match &*field(Field::Weight) {
            text if is_missing(text) => self.codes.weight(&field(Field::Code)),
            text => Some(Weight::parse(text).ok_or(Reason::BadWeight)?),
        };
        let party = |place| self.roster.of_any(&utf_8_or_latin_1(&field(place)));
        Ok(Row {
            date,
            source: party(Field::Source),
            target: party(Field::Target),
            code,
            weight,
            is_root: true,
            marks: [0; 5],
        })
    }

    fn id<'a>(&self, line: &'a [u8]) -> &'a [u8] {
        match self.places[Field::Id as usize] {
            Place::At(at) => {
                let id = Fields::with(line, self.shape.separation).get(at);
                if is_missing(id) { &[] } else { id }
            }
            _ => &[],
        }
    }

    fn called<'a>(&self, line: &'a [u8], _: &Row) -> [Called<'a>; 2] {
        let fields = Fields::with(line, self.shape.separation);
        [Field::Source, Field::Target].map(|field| Called {
            name: match self.places[field as usize] {
                Place::At(at) => fields.bytes(at),
                _ => self.text(&fields, field).into_bytes().into(),
            },
            ..Called::default()
        })
    }

    fn witness(&self, line: &[u8], number: u64) -> Witness {
        let record = Fields::with(line, self.shape.separation);
        let id = self.text(&record, Field::Id);
        let url = self.text(&record, Field::Url);
        let has_own_id = !is_missing(id.as_bytes());
        let (name, locator) = if has_own_id {
            (id.clone(), format!("row {id}, line {number}"))
        } else {
            (format!("line-{number}"), format!("line {number}"))
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
