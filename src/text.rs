//! Other people's text, made safe to show.

use std::borrow::Cow;
use std::fmt::Write;

/// Writes and reads a type as the text of its `Display` and `FromStr`; `expected` says what that
/// text is.
macro_rules! serde_as_text {
    ($type:ty, $expected:literal) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                struct Visitor;
                impl serde::de::Visitor<'_> for Visitor {
                    type Value = $type;
                    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        out.write_str($expected)
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$type, E> {
                        text.parse().map_err(E::custom)
                    }
                }
                from.deserialize_str(Visitor)
            }
        }
    };
}
pub(crate) use serde_as_text;

/// A text without any character that could act on a terminal or reorder what stands around it:
/// control characters, marks of writing direction and what has no width become their escapes, such
/// as `\u{1b}`.
///
/// ```
/// assert_eq!(detente::text::shown("red \u{1b}[31m alert"), "red \\u{1b}[31m alert");
/// ```
#[must_use]
pub fn shown(text: &str) -> String {
    let escape = |character: char| character.escape_default().collect();
    escaped(text, |_| false, escape)
}

/// The same of a text of several lines and columns, which stay what they are.
#[must_use]
pub fn shown_in_lines(text: &str) -> String {
    let escape = |character: char| character.escape_default().collect();
    escaped(text, |character| matches!(character, '\n' | '\t'), escape)
}

/// The same of JSON, which stays the same JSON: what acts becomes its escape there.
///
/// ```
/// assert_eq!(detente::text::shown_in_json("\"\u{9b}31m\""), r#""\u009b31m""#);
/// ```
#[must_use]
pub fn shown_in_json(text: &str) -> String {
    let escape = |character: char| {
        let mut units = [0; 2];
        let units = character.encode_utf16(&mut units).iter();
        units.fold(String::new(), |mut text, unit| {
            let _ = write!(text, "\\u{unit:04x}");
            text
        })
    };
    // JSON itself is laid out with line feeds.
    escaped(text, |character| character == '\n', escape)
}

/// A text with each character that acts put into other words, but for those that are kept.
fn escaped(text: &str, is_kept: impl Fn(char) -> bool, escape: impl Fn(char) -> String) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut before = ' ';
    for character in text.chars() {
        if !is_kept(character) && !joins(character, before) && acts(character) {
            safe.push_str(&escape(character));
        } else {
            safe.push(character);
        }
        before = character;
    }
    safe
}

/// The text of a number with a hyphen in the place of the minus sign of typography, which is what
/// some programs and keyboards write.
#[must_use]
pub fn with_hyphen(number: &str) -> Cow<'_, str> {
    match number.strip_prefix('\u{2212}') {
        Some(digits)
            if digits.starts_with(|first: char| first.is_ascii_digit() || first == '.') =>
        {
            format!("-{digits}").into()
        }
        _ => number.into(),
    }
}

/// A text cut to so many characters, with an ellipsis where it was cut.
#[must_use]
pub fn cut(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Some names in a line, the first few of them and how many more there are.
#[must_use]
pub fn abridged(names: &[String]) -> String {
    const SHOWN: usize = 8;
    let (shown, rest) = names.split_at(names.len().min(SHOWN));
    match rest.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// A word for a shell. What would act on a terminal is written as octal digits, which shells that
/// know `$'…'` read.
///
/// ```
/// use detente::text::quoted;
/// assert_eq!(quoted("war and peace.jsonl"), "'war and peace.jsonl'");
/// assert_eq!(quoted("it's\nred\u{1b}.jsonl"), r"$'it\'s\nred\033.jsonl'");
/// ```
#[must_use]
pub fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "._-/=:,+".contains(letter);
    if word.chars().any(acts) {
        let mut quoted = String::from("$'");
        for letter in word.chars() {
            match letter {
                '\n' => quoted.push_str("\\n"),
                '\t' => quoted.push_str("\\t"),
                '\'' | '\\' => quoted.extend(['\\', letter]),
                _ if acts(letter) => {
                    for byte in letter.encode_utf8(&mut [0; 4]).bytes() {
                        let _ = write!(quoted, "\\{byte:03o}");
                    }
                }
                _ => quoted.push(letter),
            }
        }
        quoted + "'"
    } else if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// A number of things in words: `1 event`, `2 events`.
#[must_use]
pub fn count(number: u64, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{plural}")
}

/// That what was said of one holds of some more: `so is one more`, `so are 2 more`.
#[must_use]
pub fn so_are(more: usize) -> String {
    match more {
        1 => "so is one more".to_owned(),
        more => format!("so are {more} more"),
    }
}

/// The first character of a text that cannot be seen, and where it stands, but for ends of lines,
/// tabs, and what goes from left to right or back where scripts meet.
#[must_use]
pub fn unseen(text: &str) -> Option<(usize, char)> {
    let mut before = ' ';
    text.char_indices().find(|(_, character)| {
        let is_kept = matches!(
            character,
            '\n' | '\r' | '\t' | '\u{61c}' | '\u{200e}' | '\u{200f}'
        );
        let is_joined = joins(*character, std::mem::replace(&mut before, *character));
        !is_kept && !is_joined && acts(*character)
    })
}

/// Whether a character without width joins the one before to the next: some scripts and signs are
/// joined so, Latin letters are not.
const fn joins(character: char, before: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}') && !before.is_ascii()
}

fn acts(character: char) -> bool {
    let reorders = matches!(
        character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    let breaks = matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}');
    let has_no_width = matches!(
        character,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200d}'
            | '\u{2060}'..='\u{2064}' | '\u{3164}' | '\u{ffa0}' | '\u{e0000}'..='\u{e007f}'
    );
    character.is_control() || reorders || breaks || has_no_width
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_found_and_what_scripts_need_is_kept() {
        for (text, expected) in [
            ("", None),
            ("a\nb\tc\r", None),
            ("us\u{200b}-ru", Some((2, '\u{200b}'))),
            ("ü\u{feff}", Some((2, '\u{feff}'))),
            ("a\0", Some((1, '\0'))),
            ("a\u{200d}b", Some((1, '\u{200d}'))),
            ("می\u{200c}خواهم", None),
            ("שלום\u{200f}!", None),
        ] {
            assert_eq!(unseen(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_acts_on_a_terminal_is_escaped_and_the_rest_is_kept() {
        assert_eq!(shown("Größe, Москва, 东京 🕊"), "Größe, Москва, 东京 🕊");
        assert_eq!(shown("a\nb\tc\u{7f}"), "a\\nb\\tc\\u{7f}");
        assert_eq!(shown("\u{202e}txt"), "\\u{202e}txt");
    }

    #[test]
    fn what_has_no_width_is_seen_unless_a_script_needs_it() {
        assert_eq!(shown("us\u{200b}-ru\u{200d}x"), "us\\u{200b}-ru\\u{200d}x");
        assert_eq!(shown("می\u{200c}رود"), "می\u{200c}رود");
        assert_eq!(shown_in_lines("a\tb\nc\r\u{1b}"), "a\tb\nc\\r\\u{1b}");
        assert_eq!(shown_in_json("\"\u{e0041}\"\n"), "\"\\udb40\\udc41\"\n");
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(cut("Größe", 3), "Grö…");
        assert_eq!(cut("Größe", 5), "Größe");
    }
}
