//! The event that the cells of one row make, or everything that is wrong with it, each with its
//! cell.

use super::dates::rewritten;
use super::shape::{EntryPart, Field, Shape};
use crate::error::{BadTable, BadValue, Kind};
use crate::history::described::{Names, called};
use crate::history::line::explain::record_of;
use crate::history::line::record::Record;
use crate::json::{PRINTED_MARKS, Span, What};
use crate::model::{Act, Parties};
use crate::text::with_hyphen;
use std::ops::Range;

/// What stands in a field, without blanks around it; an empty text is nothing.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// The field.
    pub field: &'a Field,
    /// Its text.
    pub text: &'a str,
}

/// Something that is wrong with what was given.
#[derive(Debug)]
pub struct Wrong {
    /// Which of what was given, and the bytes of its text; `None` for what was not given.
    pub at: Option<(usize, Range<usize>)>,
    /// What is wrong.
    pub kind: Kind,
}

/// The event of the fields that are given.
///
/// Several texts of a field are parted by `;` or by line ends, the parts of an entry by `:` (of
/// evidence by `|`). The parties of a call, meeting or agreement may stand in either column or in
/// both: they do it together.
///
/// What is wrong is said with what was meant, where `names` are given by which actors may be
/// called.
///
/// # Errors
/// Everything that is wrong with it.
pub fn event(given: &[Given<'_>], names: Option<&Names>) -> Result<Record, Vec<Wrong>> {
    let mut object = Object::default();
    let mutual = parties_of(given) == Some(Parties::Mutual);
    for (place, one) in given.iter().enumerate() {
        if one.text.is_empty() || (mutual && is_party(one.field)) {
            continue;
        }
        object.field(place, *one);
    }
    if mutual {
        object.together(given);
    }
    let Object {
        text,
        origins,
        wrong,
    } = object.closed();
    let flaws = match record_of(&text) {
        Ok(record) if wrong.is_empty() => return Ok(record),
        Ok(_) => Vec::new(),
        Err(flaws) => flaws,
    };
    let origin = |span: Span| {
        // The opening brace is that of the whole event.
        if span.start == 0 {
            return None;
        }
        let around = origins
            .iter()
            .filter(|origin| origin.json.start <= span.start && span.start < origin.json.end);
        around.min_by_key(|origin| origin.json.len())
    };
    let mut all: Vec<_> = wrong;
    let told = all.len();
    for (span, kind) in flaws {
        let Some(origin) = origin(span) else {
            all.push(Wrong { at: None, kind });
            continue;
        };
        let (place, range) = &origin.at;
        // What is said already is not said again in the words of JSON.
        let overlaps = |wrong: &Wrong| {
            let at = wrong.at.as_ref();
            at.is_some_and(|(other, bytes)| {
                other == place && bytes.start < range.end && range.start < bytes.end
            })
        };
        if !all[..told].iter().any(overlaps) {
            let kind = in_words(kind, given.get(*place).copied(), range, names);
            let at = Some(origin.at.clone());
            all.push(Wrong { at, kind });
        }
    }
    all.sort_by_key(|wrong| {
        wrong
            .at
            .as_ref()
            .map(|(place, range)| (*place, range.start))
    });
    all.dedup_by(|later, earlier| {
        later.at == earlier.at && later.kind.to_string() == earlier.kind.to_string()
    });
    Err(all)
}

/// How the parties of the act are given, if there is one.
fn parties_of(given: &[Given<'_>]) -> Option<Parties> {
    let act = given.iter().find(|one| one.field.name == "act")?;
    let act = Act::ALL
        .into_iter()
        .find(|known| known.name() == act.text)?;
    Some(act.form().parties)
}

fn is_party(field: &Field) -> bool {
    ["source", "target"].contains(&field.name.as_str())
}

/// What a flaw is called where the event is no JSON.
fn in_words(
    kind: Kind,
    given: Option<Given<'_>>,
    range: &Range<usize>,
    names: Option<&Names>,
) -> Kind {
    let Some(Given { field, text }) = given else {
        return kind;
    };
    let piece = text.get(range.clone()).unwrap_or_default();
    let found = || piece.to_owned();
    match (kind, &field.shape) {
        (Kind::Json(What::MissingKey { .. }), Shape::Entries { .. }) => {
            let (found, expected) = (found(), field.notation());
            BadTable::Entry { found, expected }.into()
        }
        (Kind::Json(What::WrongType { .. }), Shape::Number) => {
            BadTable::Number { found: found() }.into()
        }
        (kind, _) => match names {
            Some(names) => called(unprinted(kind, piece), piece, ";", names),
            None => kind,
        },
    }
}

/// The same mistake, or that of quotation marks of printed text around a text.
fn unprinted(kind: Kind, text: &str) -> Kind {
    let found = text.to_owned();
    let expected = text.trim_matches(PRINTED_MARKS).trim().to_owned();
    if expected == found || expected.is_empty() {
        return kind;
    }
    BadValue::Printed { found, expected }.into()
}

/// Where a piece of the JSON comes from.
struct Origin {
    json: Range<usize>,
    /// Which of what was given, and the bytes of its text.
    at: (usize, Range<usize>),
}

/// A JSON object while it is written.
#[derive(Default)]
struct Object {
    text: String,
    origins: Vec<Origin>,
    wrong: Vec<Wrong>,
}

impl Object {
    fn closed(mut self) -> Self {
        self.text
            .insert_str(0, if self.text.is_empty() { "{" } else { "" });
        self.text.push('}');
        self
    }

    fn key(&mut self, name: &str) {
        self.text.push(if self.text.is_empty() { '{' } else { ',' });
        self.string(name);
        self.text.push(':');
    }

    fn string(&mut self, text: &str) {
        self.text
            .push_str(&serde_json::Value::from(text).to_string());
    }

    /// Writes what comes from some bytes of what was given.
    fn from(&mut self, at: (usize, Range<usize>), write: impl FnOnce(&mut Self)) {
        let start = self.text.len();
        write(self);
        let json = start..self.text.len();
        self.origins.push(Origin { json, at });
    }

    fn wrong(&mut self, at: (usize, Range<usize>), kind: impl Into<Kind>) {
        let at = Some(at);
        let kind = kind.into();
        self.wrong.push(Wrong { at, kind });
    }

    fn field(&mut self, place: usize, Given { field, text }: Given<'_>) {
        let whole = (place, 0..text.len());
        self.from(whole.clone(), |object| {
            object.key(&field.name);
            match &field.shape {
                Shape::Number if is_number(text) => object.text.push_str(&with_hyphen(text)),
                Shape::Text | Shape::Number => object.string(text),
                Shape::Date => {
                    object.string(text);
                    let meant = rewritten(text);
                    if text.parse::<crate::model::Day>().is_err() && !meant.is_empty() {
                        let found = text.to_owned();
                        object.wrong(whole, BadValue::OtherDate { found, meant });
                    }
                }
                Shape::List => object.list(&[(place, text)], Self::string),
                Shape::Map => object.map(place, field, text),
                Shape::Entries { parts, between, .. } => {
                    object.list(&[(place, text)], |object, entry| {
                        object.entry(parts, *between, entry);
                    });
                    for range in pieces(text) {
                        let found = &text[range.clone()];
                        if found.split(*between).count() > parts.len() {
                            let (found, expected) = (found.to_owned(), field.notation());
                            object.wrong((place, range), BadTable::Entry { found, expected });
                        }
                    }
                }
            }
        });
    }

    /// Writes the texts of some fields as one list.
    fn list(&mut self, given: &[(usize, &str)], write: impl Fn(&mut Self, &str)) {
        self.text.push('[');
        let mut is_first = true;
        for (place, text) in given {
            for range in pieces(text) {
                if !std::mem::take(&mut is_first) {
                    self.text.push(',');
                }
                let piece = &text[range.clone()];
                self.from((*place, range), |object| write(object, piece));
            }
        }
        self.text.push(']');
    }

    /// Writes texts, each behind its name, as an object.
    fn map(&mut self, place: usize, field: &Field, text: &str) {
        self.text.push('{');
        let mut is_first = true;
        for range in pieces(text) {
            let found = &text[range.clone()];
            let Some((name, said)) = found.split_once(':') else {
                let (found, expected) = (found.to_owned(), field.notation());
                self.wrong((place, range), BadTable::Entry { found, expected });
                continue;
            };
            if !std::mem::take(&mut is_first) {
                self.text.push(',');
            }
            self.from((place, range), |object| {
                object.string(name.trim());
                object.text.push(':');
                object.string(said.trim());
            });
        }
        self.text.push('}');
    }

    fn entry(&mut self, parts: &[EntryPart], between: char, entry: &str) {
        let values = entry.split(between).map(str::trim).zip(parts);
        let values: Vec<_> = values.filter(|(value, _)| !value.is_empty()).collect();
        self.text.push('{');
        for (place, (value, part)) in values.into_iter().enumerate() {
            if place > 0 {
                self.text.push(',');
            }
            self.string(&part.name);
            self.text.push(':');
            if part.is_number && is_number(value) {
                self.text.push_str(&with_hyphen(value));
            } else {
                self.string(value);
            }
        }
        self.text.push('}');
    }

    /// Writes the parties of what is done together, each once, as source and as target.
    fn together(&mut self, given: &[Given<'_>]) {
        let mut parties: Vec<(usize, &str)> = Vec::new();
        let columns = given.iter().enumerate();
        for (place, one) in columns.filter(|(_, one)| is_party(one.field)) {
            let mut own = Vec::new();
            for range in pieces(one.text) {
                let name = &one.text[range];
                let is_new = parties.iter().all(|(_, known)| *known != name);
                // Twice in one column is a slip, and is told of.
                if is_new || own.contains(&name) {
                    own.push(name);
                    parties.push((place, name));
                }
            }
        }
        if parties.is_empty() {
            return;
        }
        for name in ["source", "target"] {
            self.key(name);
            self.text.push('[');
            for (number, (place, party)) in parties.iter().enumerate() {
                if number > 0 {
                    self.text.push(',');
                }
                let text = given.get(*place).map_or("", |one| one.text);
                let range = pieces(text).find(|range| text[range.clone()] == **party);
                let range = range.unwrap_or(0..text.len());
                self.from((*place, range), |object| object.string(party));
            }
            self.text.push(']');
        }
    }
}

/// Whether a text is a number as JSON has it, but for the kind of its minus sign.
fn is_number(text: &str) -> bool {
    serde_json::from_str::<serde_json::Number>(&with_hyphen(text)).is_ok()
}

/// The bytes of each text of a field that takes several.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    let pieces = text.split([';', '\n']).map(move |piece| {
        let begin = start + (piece.len() - piece.trim_start().len());
        start += piece.len() + 1;
        begin..begin + piece.trim().len()
    });
    pieces.filter(|range| !range.is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::shape::fields;
    use super::*;

    #[test]
    fn the_same_mistake_is_told_once_of_each_place_where_it_is() {
        let fields = fields();
        let told = |cells: &[(&str, &str)]| {
            let given = cells.iter().map(|(name, text)| Given {
                field: fields.iter().find(|field| field.name == *name).unwrap(),
                text,
            });
            let given: Vec<_> = given.collect();
            let wrongs = event(&given, None).unwrap_err().into_iter();
            wrongs.map(|wrong| wrong.at.unwrap()).collect::<Vec<_>>()
        };
        // What is done together has its parties as source and as target.
        let call = [
            ("id", "a"),
            ("date", "2031-03-02"),
            ("act", "call"),
            ("source", "XBL;XRLL"),
        ];
        assert_eq!(told(&call), [(3, 4..8)]);
        let letter = [
            ("id", "a"),
            ("date", "2031-03-02"),
            ("act", "letter"),
            ("source", "XRLL"),
            ("target", "XRLL"),
        ];
        assert_eq!(told(&letter), [(3, 0..4), (4, 0..4)]);
    }
}
