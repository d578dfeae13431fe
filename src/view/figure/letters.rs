//! Letters: how wide a text is about, where it breaks, and where it has room.

use unicode_width::UnicodeWidthStr;

/// The size of letters in a figure, in pixels.
pub(super) const SIZE: f64 = 12.0;
/// The width of a column of text over the size of its letters: wide enough for the usual sans
/// serif.
const COLUMN: f64 = 0.54;

/// How many columns a text takes, where a wide character takes two.
pub(super) fn columns(text: &str) -> usize {
    text.width()
}

/// About how wide a text is, in pixels.
pub(super) fn width(text: &str) -> f64 {
    columns(text) as f64 * COLUMN * SIZE
}

/// A text cut to a width in columns, with an ellipsis where it was cut.
pub(super) fn cut_to(text: &str, limit: usize) -> String {
    if columns(text) <= limit {
        return text.to_owned();
    }
    let mut kept = String::new();
    for character in text.chars() {
        let longer = format!("{kept}{character}");
        if columns(&longer) + 1 > limit {
            break;
        }
        kept = longer;
    }
    format!("{}…", kept.trim_end())
}

/// How many columns fit into so many pixels.
pub(super) fn columns_in(pixels: f64) -> usize {
    (pixels / (COLUMN * SIZE)) as usize
}

/// A text in lines of so many columns, broken between words, or within one that is longer.
pub(super) fn wrapped(text: &str, limit: usize) -> Vec<String> {
    let limit = limit.max(8);
    let mut lines: Vec<String> = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
            if !line.is_empty() && columns(&line) + 1 + columns(word) > limit {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            for character in word.chars() {
                let longer = columns(&line) + columns(character.encode_utf8(&mut [0; 4]));
                if longer > limit && !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(character);
            }
        }
        lines.push(line);
    }
    lines
}

/// A box on a page: left, top, right, bottom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Room {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Room {
    /// A box around a middle.
    pub(super) fn around([x, y]: [f64; 2], [width, height]: [f64; 2]) -> Self {
        Self {
            left: x - width / 2.0,
            top: y - height / 2.0,
            right: x + width / 2.0,
            bottom: y + height / 2.0,
        }
    }

    fn meets(self, other: Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    fn lies_in(self, other: Self) -> bool {
        self.left >= other.left
            && self.right <= other.right
            && self.top >= other.top
            && self.bottom <= other.bottom
    }
}

/// A page on which texts find room, none over another.
#[derive(Clone, Debug)]
pub(super) struct Page {
    bounds: Room,
    taken: Vec<Room>,
    lines: Vec<Room>,
}

impl Page {
    /// An empty page.
    pub(super) const fn new(bounds: Room) -> Self {
        Self {
            bounds,
            taken: Vec::new(),
            lines: Vec::new(),
        }
    }

    /// Takes room that must not be written on.
    pub(super) fn take(&mut self, room: Room) {
        self.taken.push(room);
    }

    /// Whether nothing stands there, nor near a line.
    pub(super) fn is_free(&self, room: Room) -> bool {
        !self
            .taken
            .iter()
            .chain(&self.lines)
            .any(|taken| taken.meets(room))
    }

    /// Whether nothing is written there; a line may be.
    pub(super) fn is_unwritten(&self, room: Room) -> bool {
        !self.taken.iter().any(|taken| taken.meets(room))
    }

    /// Notes where a line goes, so that names of bands do not stand on it.
    pub(super) fn keep_clear(&mut self, points: impl Iterator<Item = [f64; 2]>) {
        let mut before: Option<[f64; 2]> = None;
        for point in points {
            let [from, to] = [before.unwrap_or(point), point];
            self.lines.push(Room {
                left: from[0].min(to[0]),
                top: from[1].min(to[1]),
                right: from[0].max(to[0]) + 0.1,
                bottom: from[1].max(to[1]) + 0.1,
            });
            before = Some(point);
        }
    }

    /// Finds room for a text beside a mark, as near as there is; takes it and tells its middle.
    pub(super) fn beside(&mut self, [x, y]: [f64; 2], text: &str) -> Option<[f64; 2]> {
        let size = [width(text) + 2.0, SIZE];
        let (aside, above) = (size[0] / 2.0 + 7.0, SIZE / 2.0 + 7.0);
        let near = [
            [aside, 0.0],
            [-aside, 0.0],
            [0.0, above],
            [0.0, -above],
            [aside, above],
            [-aside, above],
            [aside, -above],
            [-aside, -above],
            [0.8 * aside, -1.8 * above],
            [-0.8 * aside, -1.8 * above],
            [0.8 * aside, 1.8 * above],
            [-0.8 * aside, 1.8 * above],
            [0.0, -2.0 * above],
            [0.0, 2.0 * above],
        ];
        let middles = near.map(|[right, down]| [x + right, y + down]);
        let room = |middle: &[f64; 2]| Room::around(*middle, size);
        let fits = |middle: &[f64; 2]| {
            let covers = |taken: &Room| taken.meets(room(middle));
            room(middle).lies_in(self.bounds) && !self.taken.iter().any(covers)
        };
        // Beside all lines, or on one where there is no other room.
        let clear = |middle: &[f64; 2]| fits(middle) && self.is_free(room(middle));
        let middle = middles.into_iter().find(clear);
        let middle = middle.or_else(|| middles.into_iter().find(fits))?;
        self.take(Room::around(middle, size));
        Some(middle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_beside_one_mark_do_not_overlap_and_stay_on_the_page() {
        let bounds = Room {
            left: 0.0,
            top: 0.0,
            right: 100.0,
            bottom: 100.0,
        };
        let mut page = Page::new(bounds);
        let found: Vec<_> = (0..20)
            .filter_map(|_| page.beside([95.0, 50.0], "12"))
            .collect();
        assert!((3..10).contains(&found.len()), "{}", found.len());
        for (place, &room) in page.taken.iter().enumerate() {
            assert!(room.lies_in(bounds));
            assert!(!page.taken[..place].iter().any(|other| other.meets(room)));
        }
    }

    #[test]
    fn a_line_breaks_between_words_and_within_one_that_is_too_long() {
        assert_eq!(
            wrapped("one two three four", 9),
            ["one two", "three", "four"]
        );
        assert_eq!(
            wrapped("abcdefghijklmnop q", 8),
            ["abcdefgh", "ijklmnop", "q"]
        );
        assert_eq!(wrapped("abcdefghijk q", 8), ["abcdefgh", "ijk q"]);
        assert_eq!(cut_to("東京東京東京", 7), "東京東…");
    }
}
