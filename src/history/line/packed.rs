//! The text of an event without what every line says again, for histories of very many.

use crate::model::Day;
use memchr::memchr3;
use std::borrow::Cow;
use std::num::NonZero;
use std::ops::Range;
use std::sync::Arc;

/// What lines of logs say again and again. Each is written as one control character, of which JSON
/// has none: the first as U+0001, and so on.
const PHRASES: [&str; 30] = [
    "{\"seq\":",
    ",\"source\":[\"",
    "{\"source\":[\"",
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

/// How many bytes the longest of them has.
const LONGEST_PHRASE: usize = {
    let (mut longest, mut place) = (0, 0);
    while place < PHRASES.len() {
        if PHRASES[place].len() > longest {
            longest = PHRASES[place].len();
        }
        place += 1;
    }
    longest
};

/// What stands between the id of an event and the rest of it.
const BEHIND_ID: char = '\0';

/// An event of a block.
#[derive(Clone, Debug)]
pub(super) struct Packed {
    block: Arc<String>,
    start: u32,
    /// How many bytes it has, and behind that its form, in the last bit.
    length_and_form: u32,
}

/// How an event stands in its block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Its id, and the rest of it but its days, without what every line says again.
    Folded,
    /// As it was written, with its id first and just as this program writes it.
    Line,
}

/// What an event begins with that stands as a line.
const BEFORE_ID: &str = "{\"id\":\"";

impl Packed {
    /// What stands somewhere in a block; nothing if that is too long, or too far behind.
    pub(super) fn new(block: &Arc<String>, place: Range<usize>, form: Form) -> Option<Self> {
        let length = u32::try_from(place.len()).ok()?.checked_mul(2)?;
        Some(Self {
            block: Arc::clone(block),
            start: place.start.try_into().ok()?,
            length_and_form: length + u32::from(form == Form::Line),
        })
    }

    const fn length(&self) -> usize {
        (self.length_and_form / 2) as usize
    }

    const fn form(&self) -> Form {
        if self.length_and_form.is_multiple_of(2) {
            Form::Folded
        } else {
            Form::Line
        }
    }

    /// All that is held of it; what stands for no phrase stands as it is.
    pub(super) fn text(&self) -> &str {
        let start = self.start as usize;
        let end = start + self.length();
        self.block.get(start..end).unwrap_or_default()
    }

    /// Whether it says the very same.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.form() == other.form() && self.text() == other.text()
    }

    /// The event's id, and what stands behind it.
    fn split(&self) -> (&str, &str) {
        let split = match self.form() {
            Form::Folded => self.text().split_once(BEHIND_ID),
            Form::Line => {
                let behind = self.text().strip_prefix(BEFORE_ID);
                behind.and_then(|behind| behind.split_once('"'))
            }
        };
        split.unwrap_or_default()
    }

    /// The event's id.
    pub(super) fn id(&self) -> &str {
        self.split().0
    }

    /// The event as a line, if it stands so.
    pub(super) fn line(&self) -> Option<&str> {
        (self.form() == Form::Line).then(|| self.text())
    }

    /// How many bytes all fields but the id have as JSON, at the most.
    pub(super) const fn longest(&self) -> usize {
        self.length() * LONGEST_PHRASE
    }

    /// Writes the event with its day, its number and its day of recording, as JSON. `None` where it
    /// is held with a number or another format version; nothing is written then.
    pub(super) fn write_placed(
        &self,
        date: Day,
        seq: NonZero<u64>,
        recorded: Day,
        out: &mut Vec<u8>,
    ) -> Option<()> {
        let (id, rest) = self.split();
        let rest = match self.form() {
            Form::Folded => Cow::Owned(unfolded(rest)),
            Form::Line => Cow::Borrowed(without_days(rest.strip_prefix(',')?)?),
        };
        let behind = rest.strip_prefix('{').unwrap_or(&rest);
        if behind.starts_with("\"seq\"") || behind.starts_with("\"v\"") {
            return None;
        }
        let head = format!(
            "{{\"seq\":{seq},\"id\":\"{id}\",\"date\":\"{date}\",\"recorded\":\"{recorded}\","
        );
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(behind.as_bytes());
        Some(())
    }

    /// The event's id, and the JSON of all its other fields; but for its days, where they are not held
    /// with it.
    pub(super) fn unfolded(&self) -> (&str, String) {
        let (id, rest) = self.split();
        let rest = match self.form() {
            Form::Folded => unfolded(rest),
            Form::Line => ["{", rest.trim_start_matches(',')].concat(),
        };
        (id, rest)
    }
}

/// What stands behind the day of an event, with which a text begins, and behind that of its
/// recording, if there is one.
pub(super) fn without_days(text: &str) -> Option<&str> {
    let behind = |text: &'_ str, day: &str| -> Option<usize> {
        let length = day.len() + "2017-01-28\",".len();
        (text.starts_with(day) && text.get(..length)?.ends_with("\",")).then_some(length)
    };
    let text = &text[behind(text, "\"date\":\"")?..];
    Some(&text[behind(text, "\"recorded\":\"").unwrap_or_default()..])
}

/// Appends an event to a block: its id, which is a name, and the JSON of its other fields.
pub(super) fn fold_into(id: &str, rest: &str, block: &mut String) {
    block.push_str(id);
    block.push(BEHIND_ID);
    let mut left = rest;
    while let Some(at) = memchr3(b'"', b',', b'{', left.as_bytes()) {
        let (before, found) = left.split_at(at);
        block.push_str(before);
        let may_begin = matches!(
            found.as_bytes(),
            [b'"', b',' | b']' | b'}', ..] | [b',' | b'{', b'"', ..]
        );
        let begins = |(_, phrase): &(u8, &&str)| found.starts_with(**phrase);
        let phrase = may_begin
            .then(|| (1..).zip(&PHRASES).find(begins))
            .flatten();
        let length = phrase.map_or(1, |(_, phrase)| phrase.len());
        match phrase {
            Some((code, _)) => block.push(char::from(code)),
            None => block.push_str(&found[..length]),
        }
        left = &found[length..];
    }
    block.push_str(left);
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
