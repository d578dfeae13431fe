//! Places in a text.

use std::ops::Range;

/// Byte offsets `[start, end)` in the text that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The offset of the first byte.
    pub start: usize,
    /// The offset behind the last byte.
    pub end: usize,
}

impl From<Range<usize>> for Span {
    fn from(Range { start, end }: Range<usize>) -> Self {
        Self { start, end }
    }
}

/// The line and column of a byte offset, for messages: both count from 1, columns in characters.
///
/// An offset inside a character is the character's, one behind the text is the text's end. Takes
/// time linear in `offset`.
#[must_use]
pub fn line_column(text: &str, offset: usize) -> (usize, usize) {
    text.char_indices()
        .take_while(|(start, character)| start + character.len_utf8() <= offset)
        .fold((1, 1), |(line, column), (_, character)| match character {
            '\n' => (line + 1, 1),
            _ => (line, column + 1),
        })
}

#[cfg(test)]
mod tests {
    use super::line_column;

    #[test]
    fn columns_count_characters_and_lines_count_from_one() {
        let text = "é1\nñü2";
        assert_eq!(line_column(text, 0), (1, 1));
        assert_eq!(line_column(text, 2), (1, 2));
        assert_eq!(line_column(text, 3), (1, 3));
        assert_eq!(line_column(text, 4), (2, 1));
        assert_eq!(line_column(text, 8), (2, 3));
    }

    #[test]
    fn an_offset_inside_a_character_or_behind_the_text_still_has_a_place() {
        assert_eq!(line_column("aé", 2), (1, 2));
        assert_eq!(line_column("aé", 99), (1, 3));
        assert_eq!(line_column("", 7), (1, 1));
    }
}
