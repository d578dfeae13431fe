//! The quick reader: a line that stands just as this program writes lines, read in one pass into a
//! draft whose memory is used again.
//!
//! It takes no space between tokens, no field out of the order of [`Draft`], nothing twice and
//! nothing rare. Whatever it takes, serde takes for the same draft; whatever it does not take may
//! be right all the same, and goes the ordinary way.

use super::chain::Chain;
use super::draft::{AgendaEntry, Draft, ENTRY_LIMIT, Evidence, MeasureEntry, Origin};
use crate::model::{Actor, Day};
use memchr::memchr2;
use serde::Deserialize;
use serde::de::value::{BorrowedStrDeserializer, Error};
use std::borrow::Cow;
use std::str::FromStr;

/// How much of a line is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    /// All of it.
    #[default]
    Whole,
    /// What the state machine needs. What is for people (`title`, `note`, `evidence`, `origin`) is
    /// looked at and left out.
    Needed,
}

/// Reads a line into a draft. `None` where it does not stand as this program writes it, whether it
/// is wrong or not; what the draft holds then means nothing.
pub(in crate::history) fn read_into(draft: &mut Draft, line: &[u8], depth: Depth) -> Option<()> {
    read_text_into(draft, std::str::from_utf8(line).ok()?, depth)
}

/// The same of a line that is known to be text.
pub(super) fn read_text_into(draft: &mut Draft, line: &str, depth: Depth) -> Option<()> {
    // The least of all bytes, not the first: so many are looked at side by side.
    if line.bytes().fold(u8::MAX, u8::min) < b' ' {
        return None;
    }
    let is_new = true;
    read_line_into(draft, line, depth, is_new)
}

/// The same of a line that has no chain and was read before: what of its end is not wanted is not
/// looked at again.
pub(super) fn read_again_into(draft: &mut Draft, line: &str, depth: Depth) -> Option<()> {
    let is_new = false;
    read_line_into(draft, line, depth, is_new)
}

fn read_line_into(draft: &mut Draft, line: &str, depth: Depth, is_new: bool) -> Option<()> {
    let mut reader = Reader { rest: line, depth };
    reader.needed(draft)?;
    if is_new || depth == Depth::Whole {
        reader.words_and_chain(draft)?;
        return reader.rest.is_empty().then_some(());
    }
    (draft.title, draft.note, draft.origin, draft.chain) = (None, None, None, None);
    draft.evidence.clear();
    Some(())
}

/// What is left of a line.
struct Reader<'a> {
    rest: &'a str,
    depth: Depth,
}

impl<'a> Reader<'a> {
    /// What the state machine needs, which comes first.
    fn needed(&mut self, draft: &mut Draft) -> Option<()> {
        self.pass('{')?;
        draft.v = self.field("\"v\":", Self::small)?;
        draft.seq = self.field("\"seq\":", Self::whole)?;
        self.name("\"id\":", &mut draft.id)?;
        draft.date = self.field("\"date\":", Self::day)?;
        draft.after = None;
        draft.recorded = self.field("\"recorded\":", Self::day)?;
        self.list("\"source\":", &mut draft.source, Self::actor)?;
        self.list("\"target\":", &mut draft.target, Self::actor)?;
        self.list("\"audience\":", &mut draft.audience, Self::actor)?;
        self.list("\"adverse\":", &mut draft.adverse, Self::actor)?;
        draft.act = self.field("\"act\":", Self::word)?;
        draft.code = self.field("\"code\":", Self::parsed)?;
        draft.tone = self.field("\"tone\":", Self::word)?;
        draft.stage = self.field("\"stage\":", Self::word)?;
        draft.place = self.field("\"place\":", Self::word)?;
        draft.result = self.field("\"result\":", Self::word)?;
        draft.matter = self.field("\"matter\":", Self::word)?;
        draft.means = self.field("\"means\":", Self::word)?;
        draft.area = self.field("\"area\":", Self::word)?;
        draft.minutes = self.field("\"minutes\":", Self::small)?;
        draft.number = self.field("\"number\":", Self::small)?;
        self.name("\"of\":", &mut draft.of)?;
        self.list("\"mentions\":", &mut draft.mentions, Self::owned)?;
        self.list("\"omits\":", &mut draft.omits, Self::owned)?;
        self.name("\"measure\":", &mut draft.measure)?;
        draft.kind = self.field("\"kind\":", Self::word)?;
        draft.strength = self.field("\"strength\":", Self::real)?;
        self.name("\"meeting\":", &mut draft.meeting)?;
        draft.scheduled_for = self.field("\"scheduled_for\":", Self::day)?;
        self.name("\"retracts\":", &mut draft.retracts)?;
        draft.names.clear();
        draft.until = self.field("\"until\":", Self::day)?;
        draft.weight = self.field("\"weight\":", Self::real)?;
        draft.impact = self.field("\"impact\":", Self::real)?;
        draft.reason = self.field("\"reason\":", Self::owned)?;
        self.list("\"measures\":", &mut draft.measures, Self::measure)?;
        self.list("\"agenda\":", &mut draft.agenda, Self::agenda)?;
        self.name("\"caused_by\":", &mut draft.caused_by)?;
        draft.according_to = self.field("\"according_to\":", Self::parsed)?;
        Some(())
    }

    /// What is for people, and the chain.
    fn words_and_chain(&mut self, draft: &mut Draft) -> Option<()> {
        self.words("\"title\":", &mut draft.title)?;
        self.words("\"note\":", &mut draft.note)?;
        self.list("\"evidence\":", &mut draft.evidence, Self::evidence)?;
        if self.depth == Depth::Needed && draft.evidence.len() <= ENTRY_LIMIT {
            draft.evidence.clear();
        }
        let origin = self.field("\"origin\":", Self::origin)?;
        draft.origin = origin.filter(|_| self.depth == Depth::Whole);
        draft.chain = self.field("\"chain\":", Self::chain)?;
        self.pass('}')
    }

    fn measure(&mut self) -> Option<MeasureEntry> {
        self.pass('{')?;
        let entry = MeasureEntry {
            id: self.field("\"id\":", Self::owned)??,
            kind: self.field("\"kind\":", Self::word)??,
            to: self.field("\"to\":", Self::word)??,
            strength: self.field("\"strength\":", Self::real)?,
            degrees: self.field("\"degrees\":", Self::real)?,
            reason: self.field("\"reason\":", Self::owned)?,
        };
        self.pass('}').map(|()| entry)
    }

    fn agenda(&mut self) -> Option<AgendaEntry> {
        self.pass('{')?;
        let entry = AgendaEntry {
            item: self.field("\"item\":", Self::owned)??,
            to: self.field("\"to\":", Self::word)??,
            priority: self.field("\"priority\":", Self::word)?,
        };
        self.pass('}').map(|()| entry)
    }

    fn evidence(&mut self) -> Option<Evidence> {
        self.pass('{')?;
        let entry = Evidence {
            document: self.field("\"document\":", Self::said)??,
            published: self.field("\"published\":", Self::day)?,
            locator: self.field("\"locator\":", Self::said)?,
            url: self.field("\"url\":", Self::said)?,
        };
        self.pass('}').map(|()| entry)
    }

    fn origin(&mut self) -> Option<Origin> {
        self.pass('{')?;
        let origin = Origin {
            scenario: self.field("\"scenario\":", Self::said)??,
            digest: self.field("\"digest\":", Self::said)?,
            seed: self.field("\"seed\":", Self::whole)?,
            run: self.field("\"run\":", Self::whole)?,
        };
        self.pass('}').map(|()| origin)
    }

    /// Passes over a character that must come next.
    fn pass(&mut self, character: char) -> Option<()> {
        self.rest = self.rest.strip_prefix(character)?;
        Some(())
    }

    /// The value of a field, if the field comes next.
    // Of the many fields that there may be few are there: whether one is, is asked in place.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        clippy::option_option,
        reason = "the key is compared as a constant; the field is read, is not there, or is wrong"
    )]
    fn field<T>(
        &mut self,
        key: &'static str,
        value: impl Fn(&mut Self) -> Option<T>,
    ) -> Option<Option<T>> {
        if !self.begins_with(key) {
            return Some(None);
        }
        self.begun_field(key, value).map(Some)
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the key is compared as a constant")]
    fn begins_with(&self, key: &'static str) -> bool {
        self.rest.as_bytes().starts_with(key.as_bytes())
    }

    /// The value of a field whose key comes next.
    fn begun_field<T>(
        &mut self,
        key: &str,
        value: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        self.rest = self.rest.get(key.len()..)?;
        let value = value(self)?;
        // Behind a comma another key must come.
        match self.rest.as_bytes() {
            [b',', b'"', ..] => self.pass(',')?,
            [b'}', ..] => {}
            _ => return None,
        }
        Some(value)
    }

    /// A field that holds a list, which is not empty.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the key is compared as a constant")]
    fn list<T>(
        &mut self,
        key: &'static str,
        list: &mut Vec<T>,
        entry: impl Fn(&mut Self) -> Option<T>,
    ) -> Option<()> {
        list.clear();
        if !self.begins_with(key) {
            return Some(());
        }
        self.begun_field(key, |reader| {
            reader.pass('[')?;
            loop {
                list.push(entry(reader)?);
                if reader.pass(',').is_none() {
                    return reader.pass(']');
                }
            }
        })
    }

    /// A field that holds a text without escapes.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the key is compared as a constant")]
    fn name(&mut self, key: &'static str, slot: &mut Option<String>) -> Option<()> {
        if !self.begins_with(key) {
            *slot = None;
            return Some(());
        }
        let name = self.begun_field(key, Self::text)?;
        put(slot, name);
        Some(())
    }

    /// A field that is for people.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the key is compared as a constant")]
    fn words(&mut self, key: &'static str, slot: &mut Option<String>) -> Option<()> {
        if !self.begins_with(key) {
            *slot = None;
            return Some(());
        }
        let words = self.begun_field(key, Self::any_text)?;
        match self.depth {
            Depth::Whole => put(slot, &words),
            Depth::Needed => *slot = None,
        }
        Some(())
    }

    /// A text without escapes, which is short.
    fn text(&mut self) -> Option<&'a str> {
        let inner = self.rest.strip_prefix('"')?;
        let end = inner
            .bytes()
            .position(|byte| byte == b'"' || byte == b'\\')?;
        let (text, rest) = inner.split_at_checked(end)?;
        self.rest = rest.strip_prefix('"')?;
        Some(text)
    }

    fn any_text(&mut self) -> Option<Cow<'a, str>> {
        let inner = self.rest.strip_prefix('"')?;
        let mut end = memchr2(b'"', b'\\', inner.as_bytes())?;
        let (text, rest) = inner.split_at(end);
        if let Some(rest) = rest.strip_prefix('"') {
            self.rest = rest;
            return Some(Cow::Borrowed(text));
        }
        while inner.as_bytes()[end] == b'\\' {
            let behind = end + 2;
            end = behind + memchr2(b'"', b'\\', inner.as_bytes().get(behind..)?)?;
        }
        let (quoted, rest) = self.rest.split_at(end + 2);
        self.rest = rest;
        serde_json::from_str(quoted).ok().map(Cow::Owned)
    }

    fn owned(&mut self) -> Option<String> {
        self.any_text().map(Cow::into_owned)
    }

    /// A text that is for people; nothing where it is not wanted.
    fn said(&mut self) -> Option<String> {
        let text = self.any_text()?;
        Some(match self.depth {
            Depth::Whole => text.into_owned(),
            Depth::Needed => String::new(),
        })
    }

    fn parsed<T: FromStr>(&mut self) -> Option<T> {
        self.text()?.parse().ok()
    }

    /// What a text stands for of which is known how long it is.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the length is a constant")]
    fn of_length<const LENGTH: usize, T: FromStr>(&mut self) -> Option<T> {
        let quote = |at: usize| self.rest.as_bytes().get(at) == Some(&b'"');
        if !quote(0) || !quote(LENGTH + 1) {
            return None;
        }
        let value = self.rest.get(1..=LENGTH)?.parse().ok()?;
        self.rest = self.rest.get(LENGTH + 2..)?;
        Some(value)
    }

    fn day(&mut self) -> Option<Day> {
        self.of_length::<10, _>()
    }

    fn chain(&mut self) -> Option<Chain> {
        self.of_length::<32, _>()
    }

    /// Nearly all have three letters.
    fn actor(&mut self) -> Option<Actor> {
        self.of_length::<3, _>().or_else(|| self.parsed())
    }

    fn word<T: Deserialize<'a>>(&mut self) -> Option<T> {
        T::deserialize(BorrowedStrDeserializer::<Error>::new(self.text()?)).ok()
    }

    /// A whole number.
    fn whole(&mut self) -> Option<u64> {
        /// So many digits never overflow.
        const DIGITS: usize = 19;
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let (text, rest) = self.rest.split_at(digits);
        let begins_with_zero = digits > 1 && text.starts_with('0');
        if digits == 0 || digits > DIGITS || begins_with_zero {
            return None;
        }
        self.rest = rest;
        let value = |value, digit: u8| value * 10 + u64::from(digit - b'0');
        Some(text.bytes().fold(0, value))
    }

    fn small(&mut self) -> Option<u32> {
        self.whole()?.try_into().ok()
    }

    fn real(&mut self) -> Option<f64> {
        let is_of_number = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
        let length = self.rest.bytes().take_while(is_of_number).count();
        let (text, rest) = self.rest.split_at(length);
        self.rest = rest;
        serde_json::from_str(text).ok()
    }
}

/// Puts a text where there may have been one, in its memory.
fn put(slot: &mut Option<String>, text: &str) {
    let memory = slot.get_or_insert_default();
    memory.clear();
    memory.push_str(text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::LIBRARY;
    use proptest::prelude::*;
    use proptest::sample::{Index, select};

    /// A line with every field that the quick reader knows.
    const EVERY_FIELD: &str = concat!(
        r#"{"v":1,"seq":7,"id":"a-1","date":"2017-01-28","recorded":"2017-02-01","source":["USA","#,
        r#""RUS"],"target":["CHN"],"audience":["EU"],"adverse":["UKR"],"act":"call","code":"036","#,
        r#""tone":"critical","stage":"signed","place":"home","result":"agreed","#,
        r#""matter":"policy","means":"air","area":"military","minutes":60,"number":35,"of":"b","#,
        r#""mentions":["syria","trade"],"omits":["sanctions"],"measure":"m","kind":"sanctions","#,
        r#""strength":0.1,"meeting":"n","scheduled_for":"2017-03-01","retracts":"c","#,
        r#""until":"2017-01-30","weight":-1.5,"impact":2,"reason":"for \"this\"","measures":"#,
        r#"[{"id":"x","kind":"war","to":"in_force","strength":2.0,"degrees":-1,"reason":"r"}],"#,
        r#""agenda":[{"item":"i","to":"raised","priority":"high"}],"caused_by":"d","#,
        r#""according_to":"RUS","title":"A call \u2013 é","note":"One\nand two","evidence":"#,
        r#"[{"document":"The Gazette","published":"2017-01-29","locator":"p. 3","url":"u"}],"#,
        r#""origin":{"scenario":"s","digest":"e","seed":9999999999999999999,"run":0},"#,
        r#""chain":"000102030405060708090a0b0c0d0e0f"}"#
    );

    /// What is not asked of serde where only what is needed is wanted.
    fn without_words(draft: &Draft) -> Draft {
        let (title, note, evidence, origin) = (None, None, Vec::new(), None);
        Draft {
            title,
            note,
            evidence,
            origin,
            ..draft.clone()
        }
    }

    fn lines() -> Vec<&'static str> {
        let shipped = LIBRARY.iter();
        let shipped = shipped.flat_map(|shipped| str::from_utf8(shipped.log).unwrap().lines());
        shipped.chain([EVERY_FIELD]).collect()
    }

    #[test]
    fn every_line_that_ships_is_read_quickly_unless_it_names_things() {
        let (mut draft, mut needed) = (Draft::default(), Draft::default());
        for line in lines() {
            let expected: Draft = serde_json::from_str(line).unwrap();
            let read = read_into(&mut draft, line.as_bytes(), Depth::Whole);
            assert_eq!(read.is_none(), !expected.names.is_empty(), "{line}");
            if read.is_some() {
                assert_eq!(draft, expected, "{line}");
                read_into(&mut needed, line.as_bytes(), Depth::Needed).unwrap();
                assert_eq!(needed, without_words(&expected), "{line}");
                // And once more, without its chain.
                let (body, _) = Chain::split(line.as_bytes()).unwrap();
                let line = format!("{}}}", str::from_utf8(body).unwrap());
                let unchained = Draft {
                    chain: None,
                    ..expected
                };
                read_again_into(&mut draft, &line, Depth::Whole).unwrap();
                assert_eq!(draft, unchained, "{line}");
                read_again_into(&mut draft, &line, Depth::Needed).unwrap();
                assert_eq!(draft, without_words(&unchained), "{line}");
            }
        }
    }

    #[test]
    fn every_field_but_two_rare_ones_is_known() {
        let whole: serde_json::Value = serde_json::from_str(EVERY_FIELD).unwrap();
        let schema = serde_json::to_value(schemars::schema_for!(Draft)).unwrap();
        let fields = schema["properties"].as_object().unwrap().keys();
        let missing = fields.filter(|field| whole.get(field.as_str()).is_none());
        assert_eq!(missing.collect::<Vec<_>>(), ["after", "names"]);
    }

    #[test]
    fn what_stands_in_another_way_than_this_program_writes_it_is_left_to_the_ordinary_way() {
        for line in [
            r#"{"seq":1,}"#,
            r#"{"seq":1"#,
            r#"{"seq":1}}"#,
            r#"{ "seq":1}"#,
            r#"{"seq":01}"#,
            r#"{"seq":}"#,
            r#"{"seq":10000000000000000000}"#,
            r#"{"date":'2017-01-28"}"#,
            r#"{"date":"2017-01-28'}"#,
            r#"{"seq":1,"seq":2}"#,
            r#"{"date":"2017-01-28","id":"a"}"#,
            r#"{"title":"\ud800"}"#,
            r#"{"title":"\"#,
            r#"{"source":[]}"#,
            r#"{"source":["USA",]}"#,
            r#"{"weight":1e999}"#,
            "{\"title\":\"a\tb\"}",
            r#"{"minutes":4294967296}"#,
            r#"{"title":null}"#,
            r#"{"other":1}"#,
            "",
        ] {
            for depth in [Depth::Whole, Depth::Needed] {
                let read = read_into(&mut Draft::default(), line.as_bytes(), depth);
                assert_eq!(read, None, "{line}");
            }
        }
    }

    /// A piece of JSON, or of none, in place of some bytes of a line.
    fn changes() -> impl Strategy<Value = Vec<(Index, usize, &'static str)>> {
        let pieces = vec![
            "",
            "",
            "\"",
            "\\",
            "\\\"",
            "\\u0041",
            "\\ud800",
            "\\ud83d\\ude00",
            "\\x",
            ",",
            "{",
            "}",
            "[",
            "]",
            " ",
            "\t",
            "\u{0}",
            "\u{7f}",
            "0",
            "1",
            "-",
            "-1",
            "1e999",
            "1.5",
            "null",
            "true",
            "é",
            "USA",
            "\"RUS\"",
            ",\"RUS\"",
            "\"note\":\"n\",",
            "\"v\":2,",
            "\"x\":1,",
            "{}",
            "2017-02-29",
            ":",
            "a",
        ];
        let change = (any::<Index>(), 0..6_usize, select(pieces));
        proptest::collection::vec(change, 0..4)
    }

    fn changed(line: &str, changes: &[(Index, usize, &str)]) -> Vec<u8> {
        let mut bytes = line.as_bytes().to_vec();
        for (at, length, piece) in changes {
            let at = at.index(bytes.len() + 1);
            let end = (at + length).min(bytes.len());
            bytes.splice(at..end, piece.bytes());
        }
        bytes
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 4_000,
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn what_is_read_quickly_is_what_serde_reads(
            line in select(lines()),
            before in select(lines()),
            changes in changes(),
        ) {
            let line = changed(line, &changes);
            let serde = serde_json::from_slice::<Draft>(&line);
            for depth in [Depth::Whole, Depth::Needed] {
                // In memory that another line has been in.
                let mut draft = Draft::default();
                let _ = read_into(&mut draft, before.as_bytes(), depth);
                if read_into(&mut draft, &line, depth).is_some() {
                    let expected = serde.as_ref().unwrap();
                    match depth {
                        Depth::Whole => prop_assert_eq!(&draft, expected),
                        Depth::Needed => prop_assert_eq!(&draft, &without_words(expected)),
                    }
                }
            }
        }
    }
}
