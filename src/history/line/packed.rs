//! The text of an event without what every line says again, for histories of very many.

use crate::model::Day;
use hashbrown::HashTable;
use memchr::{memchr, memchr3};
use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};
use std::io::Write;
use std::num::NonZero;
use std::ops::{Range, RangeInclusive};
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

/// What stands for a value that the block has already; two digits behind it say which.
const VALUE: char = '\u{1f}';
const FIRST_DIGIT: u8 = b' ';
const DIGITS: u16 = 96;

/// How long a value is that is not said again: longer than the code of an actor, which is looked
/// for in what is packed, and no longer than so many phrases as it takes characters.
const VALUE_BYTES: RangeInclusive<usize> = 9..=3 * LONGEST_PHRASE;

/// Events one behind the other.
#[derive(Debug, Default)]
pub(super) struct Block {
    text: String,
    /// Where values stand that others of its events have as well, and how long they are.
    values: Vec<(u32, u8)>,
}

impl Block {
    /// Events that stand as lines.
    pub(super) const fn of_lines(text: String) -> Self {
        let values = Vec::new();
        Self { text, values }
    }

    fn value(&self, place: usize) -> Option<&str> {
        let &(start, length) = self.values.get(place)?;
        self.text.get(start as usize..)?.get(..usize::from(length))
    }

    /// A text of it again, with every phrase and every value in its place.
    fn unfolded(&self, packed: &str) -> String {
        let mut text = String::with_capacity(packed.len() * 4);
        let mut left = packed;
        while let Some(at) = left.bytes().position(|byte| byte < b' ') {
            text.push_str(&left[..at]);
            let said = match left.as_bytes()[at..] {
                [code, first, second, ..] if char::from(code) == VALUE => {
                    let [first, second] = [first, second].map(|it| usize::from(it - FIRST_DIGIT));
                    left = &left[at + 3..];
                    self.value(first * usize::from(DIGITS) + second)
                }
                [code, ..] => {
                    left = &left[at + 1..];
                    PHRASES.get(usize::from(code).wrapping_sub(1)).copied()
                }
                [] => None,
            };
            text.push_str(said.unwrap_or_default());
        }
        text.push_str(left);
        text
    }
}

/// An event of a block.
#[derive(Clone, Debug)]
pub(super) struct Packed {
    block: Arc<Block>,
    start: u32,
    /// How many bytes it has, and behind that its form, in the last bit.
    length_and_form: u32,
}

/// How an event stands in its block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Its id, and the rest of it but its days, without what every line or another event says
    /// again.
    Folded,
    /// As it was written, with its id first and just as this program writes it.
    Line,
}

/// What an event begins with that stands as a line.
const BEFORE_ID: &str = "{\"id\":\"";

impl Packed {
    /// What stands somewhere in a block; nothing if that is too long, or too far behind.
    pub(super) fn new(block: &Arc<Block>, place: Range<usize>, form: Form) -> Option<Self> {
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

    /// All that is held of it; what stands for no phrase and no value stands as it is.
    pub(super) fn text(&self) -> &str {
        let start = self.start as usize;
        let end = start + self.length();
        self.block.text.get(start..end).unwrap_or_default()
    }

    /// Whether it says the very same.
    pub(super) fn is(&self, other: &Self) -> bool {
        if self.form() != other.form() {
            return false;
        }
        let is_one_block = Arc::ptr_eq(&self.block, &other.block);
        if is_one_block || self.form() == Form::Line {
            return self.text() == other.text();
        }
        self.unfolded() == other.unfolded()
    }

    /// The event's id, and what stands behind it.
    fn split(&self) -> (&str, &str) {
        let split = match self.form() {
            Form::Folded => self.text().split_once(BEHIND_ID),
            Form::Line => {
                let behind = self.text().strip_prefix(BEFORE_ID);
                behind.and_then(|behind| {
                    let (id, rest) = behind.split_at(memchr(b'"', behind.as_bytes())?);
                    Some((id, &rest[1..]))
                })
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
            Form::Folded => Cow::Owned(self.block.unfolded(rest)),
            Form::Line => Cow::Borrowed(without_days(rest.strip_prefix(',')?)?),
        };
        let behind = rest.strip_prefix('{').unwrap_or(&rest);
        if behind.starts_with("\"seq\"") || behind.starts_with("\"v\"") {
            return None;
        }
        // Nothing that is written into memory fails.
        write!(out, "{{\"seq\":{seq},\"id\":\"").ok()?;
        out.extend_from_slice(id.as_bytes());
        write!(out, "\",\"date\":\"{date}\",\"recorded\":\"{recorded}\",").ok()?;
        out.extend_from_slice(behind.as_bytes());
        Some(())
    }

    /// The event's id, and the JSON of all its other fields; but for its days, where they are not
    /// held with it.
    pub(super) fn unfolded(&self) -> (&str, String) {
        let (id, rest) = self.split();
        let rest = match self.form() {
            Form::Folded => self.block.unfolded(rest),
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

/// Puts events into a block, one behind the other.
#[derive(Default)]
pub(super) struct Folding {
    block: Block,
    /// The values that it has, by their places.
    known: HashTable<u16>,
    hasher: RandomState,
}

impl Folding {
    /// Puts in an event, its id, which is a name, and the JSON of its other fields; says where it
    /// stands.
    pub(super) fn put(&mut self, id: &str, rest: &str) -> Range<usize> {
        let start = self.block.text.len();
        self.block.text.push_str(id);
        self.block.text.push(BEHIND_ID);
        // Until where it stands in the block, and until where it has been looked at.
        let (mut done, mut seen) = (0, 0);
        while let Some(at) = memchr3(b'"', b',', b'{', &rest.as_bytes()[seen..]) {
            let found = &rest[seen + at..];
            let may_begin = matches!(
                found.as_bytes(),
                [b'"', b',' | b']' | b'}', ..] | [b',' | b'{', b'"', ..]
            );
            let begins = |(_, phrase): &(u8, &&str)| found.starts_with(**phrase);
            let phrase = may_begin
                .then(|| (1..).zip(&PHRASES).find(begins))
                .flatten();
            if let Some((code, phrase)) = phrase {
                self.put_value(&rest[done..seen + at]);
                self.block.text.push(char::from(code));
                seen += at + phrase.len();
                done = seen;
            } else {
                seen += at + 1;
            }
        }
        self.put_value(&rest[done..]);
        start..self.block.text.len()
    }

    /// Puts in what stands between two phrases.
    fn put_value(&mut self, value: &str) {
        let Self {
            block,
            known,
            hasher,
        } = self;
        let hash = hasher.hash_one(value);
        if VALUE_BYTES.contains(&value.len()) {
            let is_it = |place: &u16| block.value(usize::from(*place)) == Some(value);
            if let Some(&place) = known.find(hash, is_it) {
                let digits = [place / DIGITS, place % DIGITS].map(|it| it as u8 + FIRST_DIGIT);
                block.text.push(VALUE);
                block.text.extend(digits.map(char::from));
                return;
            }
            let place = u16::try_from(block.values.len()).ok();
            if let Some(place) = place.filter(|place| *place < DIGITS * DIGITS)
                && let Ok(start) = u32::try_from(block.text.len())
            {
                block.values.push((start, value.len() as u8));
                block.text.push_str(value);
                let hash_of = |place: &u16| {
                    hasher.hash_one(block.value(usize::from(*place)).unwrap_or_default())
                };
                known.insert_unique(hash, place, hash_of);
                return;
            }
        }
        block.text.push_str(value);
    }

    /// The block.
    pub(super) fn finish(mut self) -> Arc<Block> {
        self.block.text.shrink_to_fit();
        self.block.values.shrink_to_fit();
        Arc::new(self.block)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rest of an event that is documented by some texts.
    fn documented(documents: impl Iterator<Item = String>) -> String {
        let documents: Vec<_> = documents.collect();
        format!(
            "{{\"evidence\":[{{\"document\":\"{}\"}}]}}",
            documents.join("\"},{\"document\":\"")
        )
    }

    /// Events of one id that are folded into one block.
    fn folded(rests: &[&str]) -> Vec<Packed> {
        let mut folding = Folding::default();
        let places: Vec<_> = rests.iter().map(|rest| folding.put("a", rest)).collect();
        let block = folding.finish();
        let packed = |place| Packed::new(&block, place, Form::Folded).unwrap();
        places.into_iter().map(packed).collect()
    }

    /// An event that stands as a line.
    fn line(text: &str) -> Packed {
        let block = Arc::new(Block::of_lines(format!("one\n{text}\n")));
        Packed::new(&block, 4..4 + text.len(), Form::Line).unwrap()
    }

    #[test]
    fn what_is_said_again_takes_three_bytes_as_long_as_there_are_places_for_it() {
        const PLACES: usize = (DIGITS * DIGITS) as usize;
        let text = |number| format!("document {number:05}");
        let rest = documented((0..PLACES + 2).map(text));
        let events = folded(&[&rest, &rest]);
        for event in &events {
            assert_eq!(event.unfolded(), ("a", rest.clone()));
        }
        // The id, the values, and a phrase behind each.
        let values = 3 * PLACES + 2 * text(0).len();
        assert_eq!(events[1].text().len(), 2 + values + PLACES + 2);
    }

    #[test]
    fn events_are_the_same_where_they_say_the_same_whatever_stands_for_it() {
        let one = "{\"note\":\"the first of all\"}";
        let other = "{\"note\":\"and another one\"}";
        let (ones, others) = (folded(&[one, one, other]), folded(&[other, other]));
        // What stands for a value is that of its own block.
        assert_eq!(ones[1].text(), others[1].text());
        assert!(!ones[1].is(&others[1]) && !ones[1].is(&ones[2]) && ones[1].is(&ones[1].clone()));
        assert!(ones[1].is(&folded(&[one, one])[1]) && ones[2].is(&others[1]));
        let text = "{\"id\":\"a\",\"act\":\"call\"}";
        assert!(line(text).is(&line(text)) && !line(text).is(&line(&text.replace('c', "w"))));
        assert!(!line(text).is(&ones[0]) && !ones[0].is(&line(text)));
    }

    #[test]
    fn no_event_has_more_bytes_than_is_said() {
        let phrases = documented((0..200).map(|_| String::new()));
        for rest in ["{}", "{\"note\":\"as it is\"}", &phrases] {
            let packed = &folded(&[rest])[0];
            assert!(packed.unfolded().1.len() <= packed.longest(), "{rest}");
        }
    }

    #[test]
    fn an_event_is_written_with_its_place_unless_it_has_one() {
        let [date, recorded] = ["2031-03-02", "2031-03-04"].map(|day| day.parse().unwrap());
        let placed = |packed: &Packed| {
            let mut out = Vec::new();
            let written = packed.write_placed(date, NonZero::new(7).unwrap(), recorded, &mut out);
            (written.is_some(), String::from_utf8(out).unwrap())
        };
        // Text of one length with a day of recording is none.
        let act = "\"source\":[\"NATO\",\"OSCE\",\"USA\"],\"act\":\"statement\"}";
        let days = "\"date\":\"2031-03-02\",\"recorded\":\"2031-03-03\",";
        let written = format!(
            "{{\"seq\":7,\"id\":\"a\",\"date\":\"{date}\",\"recorded\":\"{recorded}\",{act}"
        );
        for days in [days, &days[..20]] {
            let text = format!("{{\"id\":\"a\",{days}{act}");
            let packed = line(&text);
            assert_eq!((packed.id(), packed.line()), ("a", Some(&text[..])));
            assert_eq!(placed(&packed), (true, written.clone()));
        }
        let packed = &folded(&[&format!("{{{act}")])[0];
        assert_eq!((packed.id(), packed.line()), ("a", None));
        assert_eq!(placed(packed), (true, written));
        for number in ["\"seq\":3", "\"v\":1"] {
            let packed = &folded(&[&format!("{{{number},{act}")])[0];
            assert_eq!(placed(packed), (false, String::new()));
        }
    }
}
