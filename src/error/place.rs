//! Places: the file, line and column of a fault, and the line itself.

use crate::json::{Span, line_column};
use crate::text::count;
use std::fmt;

/// Where something is wrong. Empty parts are not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The file, as it was named; `standard input` for that.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: Option<u64>,
    /// The column, from 1, in characters.
    pub column: Option<u64>,
    /// The line's text with the bytes in it that are wrong.
    pub excerpt: Option<Excerpt>,
    /// Further lines on which the same is wrong.
    pub also: Lines,
}

/// Lines of a file, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// The first and the last of each of them that follow each other.
    ranges: Vec<[u64; 2]>,
    /// How many places there are on them.
    places: usize,
}

impl Lines {
    /// How many ranges are said.
    const SAID: usize = 40;

    /// Adds a line that does not come before those that there are.
    pub(super) fn add(&mut self, line: u64) {
        self.places += 1;
        match self.ranges.last_mut() {
            Some([_, last]) if line <= *last + 1 => *last = line.max(*last),
            _ => self.ranges.push([line; 2]),
        }
    }

    /// How many places there are on them: as many as lines, or more.
    #[must_use]
    pub const fn places(&self) -> usize {
        self.places
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = u64> {
        self.ranges.iter().flat_map(|[first, last]| *first..=*last)
    }

    /// That the same is wrong there, in words; nothing where there are none.
    #[must_use]
    pub fn told(&self) -> Option<String> {
        let range = |[first, last]: &[u64; 2]| match last - first {
            0 => first.to_string(),
            1 => format!("{first}, {last}"),
            _ => format!("{first} to {last}"),
        };
        let said: Vec<_> = self.ranges.iter().take(Self::SAID).map(range).collect();
        let places = count(self.places as u64, "more place");
        let lines = if self.iter().nth(1).is_some() {
            "lines"
        } else {
            "line"
        };
        let more = self.ranges.len() > Self::SAID;
        let more = if more { ", and further on" } else { "" };
        let said = said.join(", ");
        (!said.is_empty()).then(|| format!("the same in {places}: {lines} {said}{more}"))
    }
}

/// A line of text and the bytes in it that are wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The text; of a very long line only the part around what is wrong.
    pub text: String,
    /// The bytes of `text` that are wrong.
    pub span: std::ops::Range<usize>,
    /// Whether it is only a part of the line.
    pub is_cut: bool,
}

impl Place {
    /// Where some bytes of a text stand, if the text begins on line `first_line` of its file.
    #[must_use]
    pub fn of(text: &str, first_line: u64, span: Span) -> Self {
        // The mark of the order of bytes is no letter that anybody sees.
        let mark = text.len() - text.strip_prefix('\u{feff}').map_or(text.len(), str::len);
        if mark > 0 && span.start >= mark {
            let [start, end] = [span.start, span.end].map(|at| at - mark);
            return Self::of(&text[mark..], first_line, Span { start, end });
        }
        let (line, column) = line_column(text, span.start);
        Self {
            file: None,
            line: Some(first_line + line as u64 - 1),
            column: Some(column as u64),
            excerpt: Some(Excerpt::of(text, span)),
            also: Lines::default(),
        }
    }
}

impl Excerpt {
    /// How many characters of a line are shown before and after where the fault begins.
    const REACH: usize = 500;

    fn of(text: &str, span: Span) -> Self {
        let start = text.floor_char_boundary(span.start);
        let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[start..]
            .find('\n')
            .map_or(text.len(), |newline| start + newline);
        // A line may end with a carriage return, too.
        let ends = text[start..line_end].ends_with('\r');
        let line_end = line_end - usize::from(ends);
        let (before, after) = (&text[line_start..start], &text[start..line_end]);
        let shown_before = before
            .char_indices()
            .rev()
            .nth(Self::REACH - 1)
            .map_or(0, |(at, _)| at);
        let shown_after = after
            .char_indices()
            .nth(Self::REACH)
            .map_or(after.len(), |(at, _)| at);
        let cut = |is_cut| if is_cut { "…" } else { "" };
        let head = format!("{}{}", cut(shown_before > 0), &before[shown_before..]);
        let end = span.end.clamp(start, start + shown_after) - start;
        let wrong = head.len()..head.len() + after.floor_char_boundary(end);
        let tail = cut(shown_after < after.len());
        Self {
            text: format!("{head}{}{tail}", &after[..shown_after]),
            span: wrong,
            is_cut: shown_before > 0 || shown_after < after.len(),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.file, self.line, self.column) {
            (Some(file), Some(line), Some(column)) => write!(out, "{file}:{line}:{column}"),
            (Some(file), Some(line), None) => write!(out, "{file}:{line}"),
            (Some(file), None, _) => out.write_str(file),
            (None, Some(line), Some(column)) => write!(out, "line {line}, column {column}"),
            (None, Some(line), None) => write!(out, "line {line}"),
            (None, None, _) => Ok(()),
        }
    }
}
