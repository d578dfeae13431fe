//! A scenario file as text: what was opened stays as it was written, comments and all, but for what
//! was changed.

use crate::json::{self, Dialect};
use crate::scenario::ScenarioFile;
use jsonc_parser::ParseOptions;
use jsonc_parser::cst::{CstArray, CstInputValue, CstNode, CstObject, CstRootNode};
use serde_json::{Map, Value};

/// The most pairs of elements that are held against each other to see which stayed.
const PAIR_LIMIT: usize = 1 << 20;

/// The text of a file. With the text that it was opened as, that text with the changes in it.
pub(super) fn written(file: &ScenarioFile, opened: Option<&str>) -> String {
    let kept = opened.and_then(|text| updated(file, text));
    // Whatever comes out must mean the file.
    let means = |text: &String| {
        let read = json::read::<ScenarioFile>(text, Dialect::Commented);
        read.flaws.is_empty() && read.value.as_ref() == Some(file)
    };
    kept.filter(means).unwrap_or_else(|| {
        let mut text = json::in_lines(file).unwrap_or_default();
        text.push('\n');
        text
    })
}

fn updated(file: &ScenarioFile, text: &str) -> Option<String> {
    let old = json::read::<ScenarioFile>(text, Dialect::Commented).value?;
    let text = text.trim_start_matches('\u{feff}');
    let root = CstRootNode::parse(text, &ParseOptions::default()).ok()?;
    let (old, new) = (json::tree_of(&old), json::tree_of(file));
    if let (Value::Object(old), Value::Object(new)) = (old.ok()?, new.ok()?) {
        object(&root.object_value()?, &old, &new);
    }
    Some(root.to_string())
}

fn object(written: &CstObject, old: &Map<String, Value>, new: &Map<String, Value>) {
    for name in old.keys().filter(|name| !new.contains_key(*name)) {
        if let Some(property) = written.get(name) {
            property.remove();
        }
    }
    for (name, value) in new {
        let was = old.get(name);
        if was == Some(value) {
            continue;
        }
        match (written.get(name), was) {
            (Some(property), Some(was)) => match property.value() {
                Some(node) if both(&node, was, value) => {}
                _ => property.set_value(input(value)),
            },
            (Some(property), None) => property.set_value(input(value)),
            (None, _) => {
                written.append(name, input(value));
            }
        }
    }
}

/// Changes an object or a list in its place, if both values are one.
fn both(node: &CstNode, old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            let written = node.as_object();
            written.is_some_and(|written| {
                object(&written, old, new);
                true
            })
        }
        (Value::Array(old), Value::Array(new)) => {
            let written = node.as_array();
            written.is_some_and(|written| {
                array(&written, old, new);
                true
            })
        }
        _ => false,
    }
}

fn array(written: &CstArray, old: &[Value], new: &[Value]) {
    let front = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let behind = old[front..].iter().rev().zip(new[front..].iter().rev());
    let back = behind.take_while(|(a, b)| a == b).count();
    let (middle, wanted) = (&old[front..old.len() - back], &new[front..new.len() - back]);
    // What takes the place of another is changed there.
    if middle.len() == wanted.len() {
        for (place, (was, value)) in middle.iter().zip(wanted).enumerate() {
            if was == value {
                continue;
            }
            if let Some(node) = written.elements().get(front + place)
                && !(is_alike(was, value) && both(node, was, value))
            {
                node.clone().remove();
                written.insert(front + place, input(value));
            }
        }
        return;
    }
    let stays = common(middle, wanted);
    let (mut place, mut stayed) = (front, stays.iter().peekable());
    let (mut from, mut to) = (0, 0);
    loop {
        let next = stayed.next().copied();
        let (until, upto) = next.unwrap_or((middle.len(), wanted.len()));
        for _ in from..until {
            if let Some(node) = written.elements().get(place) {
                node.clone().remove();
            }
        }
        for value in &wanted[to..upto] {
            written.insert(place, input(value));
            place += 1;
        }
        if next.is_none() {
            return;
        }
        place += 1;
        (from, to) = (until + 1, upto + 1);
    }
}

/// Whether two values have the same keys, so that one is the other changed.
fn is_alike(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => one.keys().eq(other.keys()),
        _ => false,
    }
}

/// The places of the elements that two lists have in common, in the same order: the longest such
/// run.
fn common(old: &[Value], new: &[Value]) -> Vec<(usize, usize)> {
    let (rows, columns) = (old.len(), new.len());
    if rows.saturating_mul(columns) > PAIR_LIMIT {
        return Vec::new();
    }
    let mut lengths = vec![vec![0_u32; columns + 1]; rows + 1];
    for row in (0..rows).rev() {
        for column in (0..columns).rev() {
            lengths[row][column] = if old[row] == new[column] {
                lengths[row + 1][column + 1] + 1
            } else {
                lengths[row + 1][column].max(lengths[row][column + 1])
            };
        }
    }
    let (mut row, mut column) = (0, 0);
    let mut pairs = Vec::new();
    while row < rows && column < columns {
        if old[row] == new[column] {
            pairs.push((row, column));
            row += 1;
            column += 1;
        } else if lengths[row + 1][column] >= lengths[row][column + 1] {
            row += 1;
        } else {
            column += 1;
        }
    }
    pairs
}

fn input(value: &Value) -> CstInputValue {
    match value {
        Value::Null => CstInputValue::Null,
        Value::Bool(value) => CstInputValue::Bool(*value),
        Value::Number(number) => CstInputValue::Number(number.to_string()),
        Value::String(text) => CstInputValue::String(text.clone()),
        Value::Array(values) => CstInputValue::Array(values.iter().map(input).collect()),
        Value::Object(object) => {
            let properties = object.iter();
            CstInputValue::Object(
                properties
                    .map(|(name, value)| (name.clone(), input(value)))
                    .collect(),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Drop, Edit, Shift};

    const OPENED: &str = r#"// A what-if.
{
  "title": "The call comes later",
  // Where it starts.
  "base": "recorded",
  "fork": {"after": "trump-inauguration"}, // Four days before.
  "edits": [
    // It comes in May.
    {"shift": {"event": "us-ru-call", "days": 120, "cascade": true}},
    // Nobody meets.
    {"drop": {"event": "meeting", "cascade": true}},
  ],
}
"#;

    fn opened() -> ScenarioFile {
        json::read(OPENED, Dialect::Commented).value.unwrap()
    }

    #[test]
    fn a_file_that_was_not_changed_stays_to_the_byte() {
        assert_eq!(written(&opened(), Some(OPENED)), OPENED);
    }

    #[test]
    fn what_is_changed_is_changed_in_its_place_and_comments_stay() {
        let mut file = opened();
        let Edit::Shift(shift) = &mut file.edits[0] else {
            unreachable!()
        };
        shift.days = 30;
        let text = written(&file, Some(OPENED));
        assert_eq!(text, OPENED.replace("120", "30"));
        file.title = "Sooner".to_owned();
        file.edits.push(Edit::Drop(Drop {
            event: "readout".to_owned(),
            cascade: false,
        }));
        let text = written(&file, Some(OPENED));
        for comment in [
            "A what-if",
            "Where it starts",
            "Four days",
            "It comes in May",
            "Nobody meets",
        ] {
            assert!(text.contains(comment), "{comment} in {text}");
        }
    }

    #[test]
    fn what_is_taken_out_and_put_in_leaves_the_rest_and_means_the_file() {
        let mut file = opened();
        file.edits.remove(0);
        let text = written(&file, Some(OPENED));
        assert!(
            text.contains("Nobody meets") && text.contains("// A what-if."),
            "{text}"
        );
        file.edits.insert(
            0,
            Edit::Shift(Shift {
                event: "other".to_owned(),
                days: -3,
                cascade: true,
            }),
        );
        file.edits.remove(1);
        let text = written(&file, Some(OPENED));
        let back = json::read::<ScenarioFile>(&text, Dialect::Commented).value;
        assert_eq!(back, Some(file));
        assert!(text.contains("// Where it starts."), "{text}");
    }

    #[test]
    fn without_a_text_it_is_plain_json() {
        let text = written(&opened(), None);
        assert!(text.starts_with("{\n  \"title\""));
        assert!(!text.contains("//"));
    }
}
