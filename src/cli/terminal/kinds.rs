//! What a file is that was taken for another one, as far as its text tells.

use serde_json::{Map, Value};

/// What a text is, in words (`a log`), and what to do with it; nothing where nobody can tell.
pub(in crate::cli) fn kind_of(text: &str) -> Option<(&'static str, &'static str)> {
    type Object = Map<String, Value>;
    let first = text.trim_start_matches('\u{feff}').trim_start();
    let line = first.lines().next().unwrap_or_default();
    let is_event = |object: &Object| object.contains_key("act");
    if serde_json::from_str::<Object>(line).is_ok_and(|object| is_event(&object)) {
        return Some(("a log", "`detente replay` and `detente why` take it"));
    }
    let Ok(object) = serde_json::from_str::<Object>(first) else {
        return match first.as_bytes() {
            [] => Some(("empty", "the command that was to write it may have failed")),
            [b'<', ..] => Some((
                "a page of HTML or XML",
                "a server may have sent it in its place",
            )),
            [b'{' | b'[', ..] => None,
            _ if line.contains([',', ';', '\t']) => {
                Some(("a table", "`detente index` takes rows of event data"))
            }
            _ => None,
        };
    };
    let has = |names: &[&str]| names.iter().all(|name| object.contains_key(*name));
    let format = object.get("format").and_then(Value::as_str);
    let known = [
        (
            format == Some("detente index part"),
            "a part of an index",
            "`detente merge` takes it",
        ),
        (
            format == Some("detente ensemble part"),
            "a part of an ensemble",
            "`detente merge` takes it",
        ),
        (
            has(&["detente", "inputs", "rows", "output"]),
            "the manifest of event data",
            "`detente cite` takes it",
        ),
        (
            has(&["base", "fork"]),
            "a scenario",
            "`detente run` takes it",
        ),
        (has(&["preset"]), "a model", "`--model` takes it"),
        (
            has(&["@graph"]),
            "the description of a folder for deposit",
            "`detente cite` takes the folder",
        ),
    ];
    let found = known.into_iter().find(|(is_it, ..)| *is_it);
    found.map(|(_, is, help)| (is, help))
}
