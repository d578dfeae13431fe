//! A sheet to begin with: the columns that acts take, and an example of each act.

use super::row::{Given, Wrong, event};
use super::shape::{EntryPart, Field, Shape};
use crate::error::{BadEvent, Kind};
use crate::model::{Act, Parties};

/// What stands in the fields of an example; of others, what their shape allows.
const EXAMPLES: [(&str, &str); 16] = [
    ("date", "2031-03-02"),
    ("code", "042"),
    ("minutes", "60"),
    ("number", "10"),
    ("of", "call-2031-03-02"),
    ("mentions", "trade;fishing"),
    ("omits", "visas"),
    ("measure", "tariffs"),
    ("meeting", "summit"),
    ("scheduled_for", "2031-04-10"),
    ("retracts", "statement-2031-03-02"),
    ("weight", "-2.5"),
    ("impact", "-0.5"),
    ("reason", "As agreed by the umpires"),
    ("title", "What happened, in a line"),
    ("caused_by", "call-2031-03-02"),
];
/// Two states that were made up: codes that ISO 3166-1 leaves to its users.
const SIDES: [&str; 2] = ["XBL", "XRL"];

/// The fields that an act takes, and so the columns of a sheet for it.
#[must_use]
pub fn columns_of(act: Act, fields: &[Field]) -> Vec<&Field> {
    let takes = |field: &&Field| {
        let value = example_of(field);
        let mut cells = vec![("act", act.name()), ("id", "x")];
        cells.retain(|(name, _)| *name != field.name);
        cells.push((&field.name, &value));
        let is_foreign = |wrong: &Wrong| matches!(&wrong.kind, Kind::Event(BadEvent::ForeignField { field: other, .. }) if *other == field.name);
        given(&cells, fields).is_none_or(|given| match event(&given, None) {
            Ok(_) => true,
            Err(wrongs) => !wrongs.iter().any(is_foreign),
        })
    };
    fields.iter().filter(takes).collect()
}

/// A made-up event of an act: a text for each field that it has something in.
#[must_use]
pub fn example(act: Act, fields: &[Field]) -> Vec<(&Field, String)> {
    let form = act.form();
    let [one, other] = SIDES;
    // What changes a measure only where it names one is an example without.
    let is_aside = |name: &str| {
        ["measure", "kind", "strength"].contains(&name)
            && !form.needs.contains(&name)
            && form
                .measure
                .is_none_or(|effect| effect.if_named || name != "measure")
    };
    let cell = |field: &Field| match field.name.as_str() {
        name if is_aside(name) => None,
        "act" => Some(act.name().to_owned()),
        "source" | "target" if form.parties == Parties::Mutual => Some(SIDES.join(";")),
        "source" => Some(one.to_owned()),
        "target" => Some(other.to_owned()),
        name if ["date", "title"].contains(&name) || form.takes(name) => Some(example_of(field)),
        _ => None,
    };
    let filled = columns_of(act, fields).into_iter();
    let mut filled: Vec<_> = filled
        .filter_map(|field| Some((field, cell(field)?)))
        .collect();
    // A field that goes with another word than the example's is left out, and where the act takes
    // only some of a field's words, the first of these is the example.
    for (name, word) in unfit(act, &filled, fields) {
        match word {
            None => filled.retain(|(field, _)| field.name != name),
            Some(word) => {
                let of_name = filled.iter_mut().find(|(field, _)| field.name == name);
                if let Some((_, text)) = of_name {
                    word.clone_into(text);
                }
            }
        }
    }
    filled
}

/// The fields in which an act does not take what is in them, each with the first word that it
/// takes, if it takes any.
fn unfit(
    act: Act,
    filled: &[(&Field, String)],
    fields: &[Field],
) -> Vec<(&'static str, Option<&'static str>)> {
    let mut cells: Vec<_> = filled
        .iter()
        .map(|(field, text)| (field.name.as_str(), text.as_str()))
        .collect();
    cells.push(("id", act.name()));
    let wrongs = given(&cells, fields).and_then(|given| event(&given, None).err());
    let wrongs = wrongs.into_iter().flatten();
    let of_act = wrongs.filter_map(|wrong| match wrong.kind {
        Kind::Event(BadEvent::NotOfAct { field, takes, .. }) => {
            Some((field, takes.first().copied()))
        }
        Kind::Event(BadEvent::OnlyAt { field, .. }) => Some((field, None)),
        _ => None,
    });
    of_act.collect()
}

fn example_of(field: &Field) -> String {
    let known = EXAMPLES.iter().find(|(name, _)| *name == field.name);
    if let Some((_, value)) = known {
        return (*value).to_owned();
    }
    if let Some(first) = field.choices.first() {
        return first.clone();
    }
    match field.shape {
        Shape::Date => "2031-03-02".to_owned(),
        Shape::Number => "1".to_owned(),
        _ if ["source", "target", "audience", "according_to"].contains(&field.name.as_str()) => {
            SIDES[0].to_owned()
        }
        Shape::Entries {
            ref parts,
            least,
            between,
        } => {
            let parts: Vec<_> = parts[..least].iter().map(EntryPart::sample).collect();
            parts.join(&between.to_string())
        }
        Shape::Map => format!("{}:Blueland", SIDES[0]),
        Shape::Text | Shape::List => "text".to_owned(),
    }
}

fn given<'a>(cells: &[(&str, &'a str)], fields: &'a [Field]) -> Option<Vec<Given<'a>>> {
    let cells = cells.iter().map(|(name, text)| {
        let field = fields.iter().find(|field| field.name == *name)?;
        Some(Given { field, text })
    });
    cells.collect()
}

#[cfg(test)]
mod tests {
    use super::super::shape::fields;
    use super::*;

    #[test]
    fn the_example_of_every_act_is_an_event() {
        let fields = fields();
        for act in Act::ALL {
            let example = example(act, &fields);
            let mut cells: Vec<_> = example
                .iter()
                .map(|(field, text)| (field.name.as_str(), text.as_str()))
                .collect();
            cells.push(("id", "one"));
            let given = given(&cells, &fields).unwrap();
            let event = event(&given, None);
            assert!(event.is_ok(), "{act}: {event:?}");
        }
    }

    #[test]
    fn the_columns_of_an_act_are_what_it_takes() {
        let fields = fields();
        let of = |act| {
            let columns = columns_of(act, &fields).into_iter();
            columns.map(|field| field.name.as_str()).collect::<Vec<_>>()
        };
        assert!(of(Act::Call).contains(&"minutes"));
        assert!(!of(Act::Call).contains(&"tone"));
        assert!(of(Act::Statement).contains(&"agenda"));
        for absent in ["source", "target", "agenda", "weight"] {
            assert!(!of(Act::Retraction).contains(&absent), "{absent}");
        }
    }

    #[test]
    fn an_example_names_a_measure_where_its_act_changes_one_in_any_case() {
        let fields = fields();
        for (act, expected) in [
            (Act::SanctionsImposed, &["measure"][..]),
            (Act::SanctionsLifted, &["measure"]),
            (Act::Attack, &[]),
            (Act::TreatyLeft, &[]),
            (Act::Letter, &[]),
        ] {
            let example = example(act, &fields);
            let names = example.iter().map(|(field, _)| field.name.as_str());
            let of_measure = names.filter(|name| ["measure", "kind", "strength"].contains(name));
            assert_eq!(of_measure.collect::<Vec<_>>(), expected, "{act}");
        }
    }
}
