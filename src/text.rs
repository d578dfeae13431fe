//! Other people's text, made safe to show.

/// Writes and reads a type as the text of its `Display` and `FromStr`; `expected` says what that text is.
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

/// A text without any character that could act on a terminal or reorder what stands around it: control
/// characters and marks of writing direction become their escapes, such as `\u{1b}`.
///
/// ```
/// assert_eq!(detente::text::shown("red \u{1b}[31m alert"), "red \\u{1b}[31m alert");
/// ```
#[must_use]
pub fn shown(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if acts(character) {
            safe.extend(character.escape_default());
        } else {
            safe.push(character);
        }
    }
    safe
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

/// A number of things in words: `1 event`, `2 events`.
#[must_use]
pub fn count(number: u64, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{plural}")
}

fn acts(character: char) -> bool {
    let reorders = matches!(
        character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    let breaks = matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}');
    character.is_control() || reorders || breaks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_on_a_terminal_is_escaped_and_the_rest_is_kept() {
        assert_eq!(shown("Größe, Москва, 东京 🕊"), "Größe, Москва, 东京 🕊");
        assert_eq!(shown("a\nb\tc\u{7f}"), "a\\nb\\tc\\u{7f}");
        assert_eq!(shown("\u{202e}txt"), "\\u{202e}txt");
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(cut("Größe", 3), "Grö…");
        assert_eq!(cut("Größe", 5), "Größe");
    }
}
