//! Lines taken apart into fields, without copying: the one splitter of every format with a
//! delimiter.
//!
//! The `csv` crate is not used to read. It takes a stray quotation mark for the start of a field
//! and goes on to the next mark, through as many rows as lie between, and says nothing of text
//! behind a closing mark; here neither may go unseen.

use memchr::{memchr, memchr_iter};
use std::borrow::Cow;

/// So many fields of a line are kept without memory of their own.
const FEW: usize = 128;

/// What stands between the fields of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Separation {
    /// The byte.
    pub delimiter: u8,
    /// Whether a field may stand between quotation marks, and the byte within it then: so in tables
    /// with commas or semicolons (RFC 4180), never between tabs.
    pub is_quoted: bool,
}

impl Separation {
    /// Tabs.
    pub const TABS: Self = Self::by(b'\t');

    /// What stands between fields if it is that byte.
    #[must_use]
    pub const fn by(delimiter: u8) -> Self {
        Self {
            delimiter,
            is_quoted: delimiter != b'\t',
        }
    }
}

/// The fields of a line.
pub(in crate::exchange) struct Fields<'a> {
    few: [&'a [u8]; FEW],
    more: Vec<&'a [u8]>,
    count: usize,
}

impl<'a> Fields<'a> {
    /// Takes a line with tabs apart.
    pub(in crate::exchange) fn of(line: &'a [u8]) -> Self {
        Self::with(line, Separation::TABS)
    }

    /// Takes a line apart.
    pub(in crate::exchange) fn with(line: &'a [u8], separation: Separation) -> Self {
        let mut fields = Self {
            few: [&[]; FEW],
            more: Vec::new(),
            count: 0,
        };
        let delimiter = separation.delimiter;
        if !separation.is_quoted || memchr(b'"', line).is_none() {
            let mut start = 0;
            for end in memchr_iter(delimiter, line).chain([line.len()]) {
                fields.push(&line[start..end]);
                start = end + 1;
            }
            return fields;
        }
        let mut start = 0;
        while start <= line.len() {
            let end = start + end_of_field(&line[start..], delimiter);
            fields.push(&line[start..end]);
            start = end + 1;
        }
        fields
    }

    fn push(&mut self, field: &'a [u8]) {
        match self.few.get_mut(self.count) {
            Some(place) => *place = field,
            None => self.more.push(field),
        }
        self.count += 1;
    }

    /// How many there are, without empty ones behind the last that a row has: office programs add
    /// such, and leave them out.
    pub(in crate::exchange) fn count_within(&self, columns: usize) -> usize {
        let mut count = self.count;
        while count > columns && self.get(count - 1).is_empty() {
            count -= 1;
        }
        count
    }

    /// Whether these are the fields of a row with so many columns, of which those behind the first
    /// few may be missing.
    pub(in crate::exchange) fn fit(&self, needed: usize, columns: usize) -> bool {
        (needed..=columns).contains(&self.count_within(columns))
    }

    /// How many there are.
    pub(in crate::exchange) const fn count(&self) -> usize {
        self.count
    }

    fn raw(&self, place: usize) -> &'a [u8] {
        let field = self.few.get(place).or_else(|| {
            let place = place.checked_sub(FEW)?;
            self.more.get(place)
        });
        field.copied().unwrap_or_default()
    }

    /// One of them, counted from 0, without spaces around it and without marks around those; empty
    /// where the line has no such field.
    pub(in crate::exchange) fn get(&self, place: usize) -> &'a [u8] {
        without_marks(self.raw(place))
    }

    /// One of them, in which a doubled quotation mark within marks is one.
    pub(in crate::exchange) fn bytes(&self, place: usize) -> Cow<'a, [u8]> {
        let raw = self.raw(place);
        let field = without_marks(raw);
        if field.len() + 2 > raw.len() || memchr(b'"', field).is_none() {
            return field.into();
        }
        let mut bytes = Vec::with_capacity(field.len());
        let mut rest = field;
        while let Some(mark) = memchr(b'"', rest) {
            bytes.extend_from_slice(&rest[..=mark]);
            let behind = &rest[mark + 1..];
            rest = behind.strip_prefix(b"\"").unwrap_or(behind);
        }
        bytes.extend_from_slice(rest);
        bytes.into()
    }

    /// One of them as text: UTF-8, or else ISO-8859-1. A doubled quotation mark within marks is
    /// one.
    pub(in crate::exchange) fn name(&self, place: usize) -> Cow<'a, str> {
        match self.bytes(place) {
            Cow::Borrowed(bytes) => utf_8_or_latin_1(bytes),
            Cow::Owned(bytes) => utf_8_or_latin_1(&bytes).into_owned().into(),
        }
    }

    /// The same to be kept.
    pub(in crate::exchange) fn text(&self, place: usize) -> String {
        self.name(place).into_owned()
    }
}

/// A field without spaces around it and without the quotation marks around it.
fn without_marks(field: &[u8]) -> &[u8] {
    let field = field.trim_ascii();
    match field {
        [b'"', inner @ .., b'"'] => inner,
        _ => field,
    }
}

/// Where a field that may be quoted ends.
fn end_of_field(bytes: &[u8], delimiter: u8) -> usize {
    let behind = match bytes.first() {
        Some(b'"') => closing_mark(&bytes[1..]).map_or(bytes.len(), |mark| mark + 2),
        _ => 0,
    };
    memchr(delimiter, &bytes[behind..]).map_or(bytes.len(), |more| behind + more)
}

/// Where the mark stands that closes a quoted field whose inside begins here; one that is doubled
/// is a character.
pub(in crate::exchange) fn closing_mark(inside: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr(b'"', inside.get(at..)?)?;
        if inside.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

/// Whether a field says that nothing is known.
pub(in crate::exchange) fn is_missing(field: &[u8]) -> bool {
    const WORDS: [&str; 10] = [
        "NA", "N/A", "#N/A", "NULL", "None", "nan", "nil", "---", "\\N", ".",
    ];
    let is_it = |word: &str| field.eq_ignore_ascii_case(word.as_bytes());
    match field {
        [] => true,
        // A number, as most fields that are asked about.
        [b'0'..=b'9', ..] => false,
        _ => field.len() <= 4 && WORDS.into_iter().any(is_it),
    }
}

/// Text that is UTF-8, or else ISO-8859-1, in which each byte is a character.
pub(in crate::exchange) fn utf_8_or_latin_1(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

/// Whether a record holds bytes that no text has.
pub(in crate::exchange) fn is_binary(record: &[u8]) -> bool {
    memchr(0, record).is_some()
}

/// Finds tabs eight bytes at a time: where fields are short, this is faster than to look for each
/// tab anew.
pub(in crate::exchange) struct Tabs<'a> {
    line: &'a [u8],
    /// Where the eight bytes in view begin.
    at: usize,
    /// The highest bit of each of them that is a tab and was not handed out.
    found: u64,
}

const LOW_BITS: u64 = 0x7f7f_7f7f_7f7f_7f7f;
const ONES: u64 = 0x0101_0101_0101_0101;

impl<'a> Tabs<'a> {
    /// The tabs of a line.
    pub(in crate::exchange) fn of(line: &'a [u8]) -> Self {
        Self {
            line,
            at: 0,
            found: tabs_at(line, 0),
        }
    }

    /// Where the next tab is, after so many more.
    #[inline]
    pub(in crate::exchange) fn nth(&mut self, more: usize) -> Option<usize> {
        let mut more = more as u64;
        loop {
            let count = (self.found >> 7).wrapping_mul(ONES) >> 56;
            if more < count {
                break;
            }
            more -= count;
            self.at += 8;
            if self.at >= self.line.len() {
                self.found = 0;
                return None;
            }
            self.found = tabs_at(self.line, self.at);
        }
        for _ in 0..more {
            self.found &= self.found - 1;
        }
        let place = self.at + self.found.trailing_zeros() as usize / 8;
        self.found &= self.found - 1;
        Some(place)
    }
}

/// How many tabs there are: a sum of so few bytes that one holds it is taken of many at a time.
#[inline]
pub(in crate::exchange) fn count_tabs(bytes: &[u8]) -> usize {
    let in_chunk = |chunk: &[u8]| {
        chunk
            .iter()
            .map(|byte| u8::from(*byte == b'\t'))
            .sum::<u8>()
    };
    let chunks = bytes.chunks(usize::from(u8::MAX));
    chunks.map(|chunk| usize::from(in_chunk(chunk))).sum()
}

/// The highest bit of each byte that is a tab, of the eight from a place on.
#[inline]
fn tabs_at(line: &[u8], at: usize) -> u64 {
    let rest = line.get(at..).unwrap_or_default();
    let word = if let Some(word) = rest.first_chunk() {
        u64::from_le_bytes(*word)
    } else {
        let mut word = [0; 8];
        word[..rest.len()].copy_from_slice(rest);
        u64::from_le_bytes(word)
    };
    // A byte is zero now where it was a tab; only then neither it nor its sum with the low bits has
    // the highest bit.
    let word = word ^ (ONES * u64::from(b'\t'));
    !(((word & LOW_BITS) + LOW_BITS) | word | LOW_BITS)
}

/// Whether a field that tells a number of degrees tells one within bounds; an empty or missing one
/// does.
pub(super) fn is_within(field: &[u8], bound: u32) -> bool {
    if is_missing(field) {
        return true;
    }
    let digits = field.strip_prefix(b"-").unwrap_or(field);
    let point = digits.iter().position(|byte| *byte == b'.');
    let (whole, part) = digits.split_at(point.unwrap_or(digits.len()));
    let part = part.get(1..).unwrap_or_default();
    let is_number = |digits: &[u8]| digits.iter().all(u8::is_ascii_digit);
    if whole.is_empty() || whole.len() > 3 || !is_number(whole) || !is_number(part) {
        // Other spellings of a number are rare.
        let number = std::str::from_utf8(field)
            .ok()
            .and_then(|text| text.trim().parse::<f64>().ok());
        return number.is_some_and(|number| number.abs() <= f64::from(bound));
    }
    let whole = whole
        .iter()
        .fold(0, |number, byte| number * 10 + u32::from(byte - b'0'));
    whole < bound || (whole == bound && part.iter().all(|byte| *byte == b'0'))
}

/// Whether a latitude and a longitude lie on the Earth.
pub(in crate::exchange) fn are_on_earth(latitude: &[u8], longitude: &[u8]) -> bool {
    is_within(latitude, 90) && is_within(longitude, 180)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_place_on_earth_has_a_latitude_and_a_longitude_within_their_bounds() {
        for (latitude, longitude, are) in [
            ("0", "0", true),
            ("90", "180", true),
            ("-90.000", "-180.0", true),
            ("89.999", "-179.999", true),
            ("+9e1", " 18e1 ", true),
            ("90.001", "0", false),
            ("-91", "0", false),
            ("0", "180.001", false),
            ("0", "-181", false),
            ("100", "100", false),
            ("north", "0", false),
            ("0", "east", false),
        ] {
            let found = are_on_earth(latitude.as_bytes(), longitude.as_bytes());
            assert_eq!(found, are, "{latitude}, {longitude}");
        }
    }

    proptest! {
        #[test]
        fn tabs_are_found_where_they_are(line in "[\t\na\u{80}\u{89}é]{0,60}") {
            let line = line.as_bytes();
            let expected: Vec<_> = memchr_iter(b'\t', line).collect();
            let mut tabs = Tabs::of(line);
            let found: Vec<_> = std::iter::from_fn(|| tabs.nth(0)).collect();
            prop_assert_eq!(&found, &expected);
            prop_assert_eq!(count_tabs(&line.repeat(20)), expected.len() * 20);
            for more in 0..line.len() {
                prop_assert_eq!(Tabs::of(line).nth(more), expected.get(more).copied());
            }
        }
    }

    #[test]
    fn degrees_are_within_their_bounds_or_not() {
        for field in [
            "", "NA", "0", "-90", "90.0", "89.999", "9e1", " 5 ", "-0.5", ".5", "0090",
        ] {
            assert!(is_within(field.as_bytes(), 90), "{field}");
        }
        for field in [
            "90.001",
            "90.00000000000000000001",
            "-91",
            "95.5",
            "x",
            "1.2.3",
            "1e9",
            "99999999999",
            "-",
        ] {
            assert!(!is_within(field.as_bytes(), 90), "{field}");
        }
        assert!(is_within(b"-180.000", 180) && !is_within(b"180.00000000000000000001", 180));
    }

    #[test]
    fn what_says_that_nothing_is_known_is_missing_and_other_words_are_not() {
        for missing in [
            "", "NA", "n/a", "#N/A", "NULL", "null", "none", "NaN", "nil", "---", "\\N", ".",
        ] {
            assert!(is_missing(missing.as_bytes()), "{missing}");
        }
        for some in [
            "0", "7", "NAT", "NATO", "nullx", "-", "--", "Nil.", "0NA", "NAURU", "-1",
        ] {
            assert!(!is_missing(some.as_bytes()), "{some}");
        }
    }

    #[test]
    fn a_line_is_taken_apart_however_many_fields_it_has() {
        for count in [1, 2, FEW - 1, FEW, FEW + 1, 2 * FEW + 3] {
            let names: Vec<_> = (0..count).map(|number| number.to_string()).collect();
            for (separator, marks) in [("\t", false), (",", false), (",", true)] {
                let line: Vec<_> = names
                    .iter()
                    .map(|name| {
                        if marks {
                            format!("\"{name}\"")
                        } else {
                            name.clone()
                        }
                    })
                    .collect();
                let line = line.join(separator);
                let fields = Fields::with(line.as_bytes(), Separation::by(separator.as_bytes()[0]));
                assert_eq!(fields.count(), count);
                let found: Vec<_> = (0..count).map(|place| fields.text(place)).collect();
                assert_eq!(found, names);
                assert_eq!(fields.get(count), b"");
                assert!(fields.fit(count, count) && fields.fit(0, count + 1));
                assert!(!fields.fit(0, count - 1) && !fields.fit(count + 1, count + 2));
            }
        }
        let padded = Fields::of(b"a\tb\t\t \t");
        let counts = [1, 2, 3, 4, 5, 6].map(|columns| padded.count_within(columns));
        assert_eq!(counts, [2, 2, 3, 4, 5, 5]);
        assert_eq!(Fields::of(b"").count_within(0), 0);
    }

    #[test]
    fn marks_around_a_field_are_not_of_it_and_a_doubled_one_within_is_one() {
        let text = |line: &str| {
            let fields = Fields::with(line.as_bytes(), Separation::by(b','));
            (0..fields.count())
                .map(|place| fields.text(place))
                .collect::<Vec<_>>()
        };
        assert_eq!(text(r#"a,"b,c", "d" ,e"#), ["a", "b,c", "d", "e"]);
        assert_eq!(text(r#""say ""so"", do",x"#), [r#"say "so", do"#, "x"]);
        assert_eq!(text(r#""""",x"#), ["\"", "x"]);
        assert_eq!(text(r#"a"b,c""d"#), [r#"a"b"#, r#"c""d"#]);
        assert_eq!(text(r#""","#), ["", ""]);
        assert_eq!(text(r#""a,b"#), [r#""a,b"#]);
        assert_eq!(text(r#""a"b,c"#), [r#""a"b"#, "c"]);
        assert_eq!(text("x,"), ["x", ""]);
        let latin = Fields::of(b"\"Gr\xfcn \"\"x\"\"\"\tGr\xfcn");
        assert_eq!(
            (&*latin.name(0), &*latin.name(1)),
            ("Gr\u{fc}n \"x\"", "Gr\u{fc}n")
        );
        assert_eq!(closing_mark(br#"a""b"c"#), Some(4));
        assert_eq!(closing_mark(br#"a""b"#), None);
        assert_eq!(closing_mark(br#"""#), Some(0));
        assert_eq!(closing_mark(br#""""#), None);
    }
}
