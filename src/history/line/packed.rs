//! The text of an event without what every line says again, for histories of very many.

use std::sync::Arc;

/// What lines of logs say again and again. Each is written as one control character, of which JSON
/// has none: the first as U+0001, and so on.
const PHRASES: [&str; 30] = [
    "{\"seq\":",
    ",\"date\":\"",
    "\",\"recorded\":\"",
    "\",\"source\":[\"",
    "\"],\"target\":[\"",
    "\"],\"audience\":[\"",
    "\"],\"adverse\":[\"",
    "\"],\"act\":\"coded\",\"code\":\"",
    "\"],\"act\":\"statement\",\"tone\":\"",
    "\"],\"act\":\"",
    "\",\"title\":\"",
    "\",\"evidence\":[{\"document\":\"",
    "\",\"published\":\"",
    "\",\"locator\":\"",
    "\",\"url\":\"https://www.",
    "\",\"url\":\"https://",
    "\"},{\"document\":\"",
    "\",\"note\":\"",
    ",\"agenda\":[{\"item\":\"",
    ",\"measures\":[{\"id\":\"",
    "\",\"kind\":\"",
    "\",\"to\":\"",
    "\",\"priority\":\"normal\"}]",
    "\",\"measure\":\"",
    "\",\"meeting\":\"",
    "\",\"caused_by\":\"",
    ",\"title\":\"",
    "\"}]}",
    "\"}]",
    "\",\"",
];

/// What stands between the id of an event and the rest of it.
const BEHIND_ID: char = '\0';

/// An event of a block.
#[derive(Clone, Debug)]
pub(super) struct Packed {
    pub(super) block: Arc<String>,
    pub(super) start: u32,
    pub(super) length: u32,
}

impl Packed {
    /// All that is held of it; what stands for no phrase stands as it is.
    pub(super) fn text(&self) -> &str {
        let start = self.start as usize;
        let end = start + self.length as usize;
        self.block.get(start..end).unwrap_or_default()
    }

    /// Whether it says the very same.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.text() == other.text()
    }

    /// The event's id.
    pub(super) fn id(&self) -> &str {
        let end = self.text().find(BEHIND_ID).unwrap_or_default();
        &self.text()[..end]
    }

    /// The event's id, and the JSON of all its other fields.
    pub(super) fn unfolded(&self) -> (&str, String) {
        let (id, rest) = self.text().split_once(BEHIND_ID).unwrap_or_default();
        (id, unfolded(rest))
    }
}

/// Appends an event to a block: its id, which is a name, and the JSON of its other fields.
pub(super) fn fold_into(id: &str, rest: &str, block: &mut String) {
    block.push_str(id);
    block.push(BEHIND_ID);
    let mut left = rest;
    while let Some(first) = left.chars().next() {
        let begins = |(_, phrase): &(u8, &&str)| left.starts_with(**phrase);
        let may_begin = matches!(first, '"' | ',' | '{');
        let phrase = may_begin
            .then(|| (1..).zip(&PHRASES).find(begins))
            .flatten();
        if let Some((code, phrase)) = phrase {
            block.push(char::from(code));
            left = &left[phrase.len()..];
        } else {
            block.push(first);
            left = &left[first.len_utf8()..];
        }
    }
}

/// The text again, with every phrase in its place.
fn unfolded(packed: &str) -> String {
    let mut text = String::with_capacity(packed.len() * 3);
    let mut left = packed;
    while let Some(at) = left.bytes().position(|byte| byte < b' ') {
        text.push_str(&left[..at]);
        let code = usize::from(left.as_bytes()[at]);
        text.push_str(
            PHRASES
                .get(code.wrapping_sub(1))
                .copied()
                .unwrap_or_default(),
        );
        left = &left[at + 1..];
    }
    text.push_str(left);
    text
}
