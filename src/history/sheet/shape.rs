//! What each field of an event takes, read off the reader of events.

use crate::history::line::draft::Draft;
use crate::json::{self, Dialect, What};

/// Fields that an append fills in, and those that belong to other formats.
const FILLED_IN: [&str; 3] = ["v", "seq", "chain"];
/// Fields whose entries hold free text, in which a colon is nothing special.
const FREE_TEXT: [&str; 1] = ["evidence"];

/// A field of an event, as a cell gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What stands in it.
    pub shape: Shape,
    /// The names to choose from, where there is a choice.
    pub choices: Vec<String>,
}

/// What stands in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One text or name.
    Text,
    /// A day.
    Date,
    /// A number.
    Number,
    /// Several texts or names, parted by `;`.
    List,
    /// Several texts, parted by `;`, each behind the name that it is for and a colon.
    Map,
    /// Several entries, parted by `;`, each of some parts.
    Entries {
        /// The parts, in their order.
        parts: Vec<EntryPart>,
        /// How many of them an entry has at least.
        least: usize,
        /// What stands between two parts.
        between: char,
    },
}

/// A part of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryPart {
    /// Its name.
    pub name: String,
    /// The names to choose from, where there is a choice.
    pub choices: Vec<String>,
    /// Whether it is a number.
    pub is_number: bool,
}

impl EntryPart {
    /// Something that can stand in the part.
    #[must_use]
    pub fn sample(&self) -> &str {
        match self.choices.first() {
            Some(choice) => choice,
            None if self.is_number => "1",
            None => "text",
        }
    }
}

impl Field {
    /// How an entry of the field is written, such as `item:to:priority`; empty if it has no parts.
    #[must_use]
    pub fn notation(&self) -> String {
        let (parts, between) = match &self.shape {
            Shape::Entries { parts, between, .. } => (parts, between),
            Shape::Map => return "name:text".to_owned(),
            _ => return String::new(),
        };
        let names: Vec<_> = parts.iter().map(|part| part.name.as_str()).collect();
        names.join(&if *between == ':' {
            ":".to_owned()
        } else {
            format!(" {between} ")
        })
    }
}

/// Every field that a cell can give, in the order of an event's fields.
#[must_use]
pub fn fields() -> Vec<Field> {
    names_of(&flaws("{\"?\":0}"))
        .into_iter()
        .filter(|name| !FILLED_IN.contains(&name.as_str()))
        // What is an object of its own, like the origin in a scenario, is no cell.
        .filter(|name| names_of(&of(name, "{\"?\":0}")).is_empty())
        .map(field)
        .collect()
}

fn field(name: String) -> Field {
    Field {
        shape: shape(&name),
        choices: choices(of(&name, "\"?\"")),
        name,
    }
}

/// The names to choose from, where one that is none of them was found.
fn choices(flaws: Vec<What>) -> Vec<String> {
    let choices = flaws.into_iter().find_map(|what| match what {
        What::UnknownName { expected, .. } => Some(expected),
        _ => None,
    });
    choices.unwrap_or_default()
}

fn shape(name: &str) -> Shape {
    let takes = |value: &str| of(name, value).is_empty();
    if takes("[]") {
        let parts = names_of(&of(name, "[{\"?\":0}]"));
        if parts.is_empty() {
            return Shape::List;
        }
        let part = |part: String| EntryPart {
            choices: choices(of(name, &format!("[{{\"{part}\":\"?\"}}]"))),
            is_number: !of(name, &format!("[{{\"{part}\":1}}]"))
                .iter()
                .any(|what| matches!(what, What::WrongType { .. })),
            name: part,
        };
        let parts: Vec<_> = parts.into_iter().map(part).collect();
        let lacks = |known: usize| {
            let known = parts[..known].iter();
            let known = known.map(|part| format!("\"{}\":\"{}\"", part.name, part.sample()));
            let object = format!("[{{{}}}]", known.collect::<Vec<_>>().join(","));
            let is_missing = |what: &What| matches!(what, What::MissingKey { .. });
            of(name, &object).iter().any(is_missing)
        };
        let least = (1..parts.len()).find(|known| !lacks(*known));
        let between = if FREE_TEXT.contains(&name) { '|' } else { ':' };
        return Shape::Entries {
            least: least.unwrap_or(parts.len()),
            parts,
            between,
        };
    }
    if takes("{}") {
        Shape::Map
    } else if takes("1") {
        Shape::Number
    } else if takes("\"2017-01-28\"") && !takes("\"?\"") {
        Shape::Date
    } else {
        Shape::Text
    }
}

/// What the reader says of a field with a value in an event without any other.
fn of(name: &str, value: &str) -> Vec<What> {
    flaws(&format!("{{\"{name}\":{value}}}"))
}

fn flaws(event: &str) -> Vec<What> {
    let reading = json::read::<Draft>(event, Dialect::Strict);
    reading.flaws.into_iter().map(|flaw| flaw.what).collect()
}

/// The keys that an object may have, where one that it may not have was found.
fn names_of(flaws: &[What]) -> Vec<String> {
    let names = flaws.iter().find_map(|what| match what {
        What::UnknownKey { expected, .. } => Some(expected.clone()),
        _ => None,
    });
    names.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shapes_are_those_of_an_event() {
        let fields = fields();
        let of = |name: &str| {
            let field = fields.iter().find(|field| field.name == name);
            let shape = match &field.unwrap().shape {
                Shape::Entries { least, .. } => format!("Entries from {least}"),
                other => format!("{other:?}"),
            };
            format!("{shape} {}", field.unwrap().notation())
        };
        let found = [
            "id",
            "date",
            "source",
            "mentions",
            "minutes",
            "weight",
            "according_to",
        ]
        .map(of);
        assert_eq!(
            found,
            [
                "Text ", "Date ", "List ", "List ", "Number ", "Number ", "Text "
            ]
        );
        assert_eq!(of("agenda"), "Entries from 2 item:to:priority");
        assert_eq!(
            of("measures"),
            "Entries from 3 id:kind:to:strength:degrees:reason"
        );
        assert_eq!(
            of("evidence"),
            "Entries from 1 document | published | locator | url"
        );
        for absent in ["v", "seq", "chain", "after", "origin"] {
            assert!(fields.iter().all(|field| field.name != absent), "{absent}");
        }
    }

    #[test]
    fn a_field_with_a_choice_knows_its_names() {
        let fields = fields();
        let tone = fields.iter().find(|field| field.name == "tone").unwrap();
        assert_eq!(tone.choices.first().map(String::as_str), Some("neutral"));
    }

    #[test]
    fn a_part_of_an_entry_knows_whether_it_is_a_number() {
        let fields = fields();
        let measures = fields
            .iter()
            .find(|field| field.name == "measures")
            .unwrap();
        let Shape::Entries { parts, .. } = &measures.shape else {
            panic!("it has entries")
        };
        let numbers: Vec<_> = parts
            .iter()
            .filter(|part| part.is_number)
            .map(|part| part.name.as_str())
            .collect();
        assert_eq!(numbers, ["strength", "degrees"]);
        let samples = parts.iter().map(EntryPart::sample);
        let kind = parts[1].choices[0].as_str();
        let to = parts[2].choices[0].as_str();
        assert!(samples.eq(["text", kind, to, "1", "1", "text"]));
    }

    #[test]
    fn names_are_written_behind_what_they_are_for() {
        let fields = fields();
        let maps: Vec<_> = (fields.iter())
            .filter(|field| field.shape == Shape::Map)
            .map(|field| (field.name.as_str(), field.notation()))
            .collect();
        assert_eq!(maps, [("names", "name:text".to_owned())]);
    }
}
