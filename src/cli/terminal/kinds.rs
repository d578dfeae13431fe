//! What a file is that was taken for another one, as far as its text tells.

use serde_json::{Map, Value};

/// What the program writes or reads, in words, and which command takes it.
pub(in crate::cli) struct Kind {
    /// What it is: `a log`.
    pub(in crate::cli) is: &'static str,
    /// What to do with it.
    pub(in crate::cli) help: &'static str,
}

const fn kind(is: &'static str, help: &'static str) -> Option<Kind> {
    Some(Kind { is, help })
}

/// What a text is; nothing where nobody can tell.
pub(in crate::cli) fn kind_of(text: &str) -> Option<Kind> {
    type Object = Map<String, Value>;
    let first = text.trim_start_matches('\u{feff}').trim_start();
    let line = first.lines().next().unwrap_or_default();
    let is_event = |object: &Object| object.contains_key("act");
    if serde_json::from_str::<Object>(line).is_ok_and(|object| is_event(&object)) {
        return kind("a log", "`detente replay` and `detente why` take it");
    }
    let Ok(object) = serde_json::from_str::<Object>(first) else {
        return match first.as_bytes() {
            [] => kind("empty", "the command that was to write it may have failed"),
            [b'{' | b'[', ..] => None,
            [b'<', ..] => kind(
                "a page of HTML or XML",
                "a server may have sent it in its place",
            ),
            _ if line.contains([',', ';', '\t']) => {
                kind("a table", "`detente index` takes rows of event data")
            }
            _ => None,
        };
    };
    let has = |names: &[&str]| names.iter().all(|name| object.contains_key(*name));
    match object.get("format").and_then(Value::as_str) {
        Some("detente index part") => kind("a part of an index", "`detente merge` takes it"),
        Some("detente ensemble part") => kind("a part of an ensemble", "`detente merge` takes it"),
        _ if has(&["detente", "inputs", "rows", "output"]) => {
            kind("the manifest of event data", "`detente cite` takes it")
        }
        _ if has(&["base", "fork"]) => kind("a scenario", "`detente run` takes it"),
        _ if has(&["preset"]) => kind("a model", "`--model` takes it"),
        _ if has(&["@graph"]) => kind(
            "the description of a folder for deposit",
            "`detente cite` takes the folder",
        ),
        _ => None,
    }
}
