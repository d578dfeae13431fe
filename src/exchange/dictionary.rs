//! The CAMEO actor dictionary: names and aliases, each with codes that may hold between two days
//! only.
//!
//! The format is that of TABARI and PETRARCH: a name, then aliases behind `+`, then codes in
//! brackets, each on a line of its own or behind the name. `#` begins a comment. Dates are YYMMDD
//! or YYYYMMDD.

use super::row::Reason;
use crate::exchange::values::dates::{basic, short};
use crate::model::Day;
use std::collections::HashMap;

/// Names, and what each is on a day.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    groups: Vec<Vec<Entry>>,
    names: HashMap<String, Vec<u32>>,
    unread: usize,
}

/// A country's code, and the days on which it holds, both included; always, where there are none.
#[derive(Clone, Copy, Debug)]
struct Entry {
    code: [u8; 3],
    days: Option<(Day, Day)>,
}

impl Dictionary {
    /// Reads a dictionary. Codes that cannot be read are counted, and left out.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut dictionary = Self::default();
        for line in text.lines() {
            let line = line.split_once('#').map_or(line, |(line, _)| line);
            let (name, code) = match line.split_once('[') {
                Some((name, code)) => (name.trim(), Some(code)),
                None => (line.trim(), None),
            };
            match name.strip_prefix('+') {
                Some(alias) => dictionary.call(alias),
                None if !name.is_empty() => {
                    dictionary.groups.push(Vec::new());
                    dictionary.call(name);
                }
                None => {}
            }
            if let Some(code) = code {
                match (entry(code), dictionary.groups.last_mut()) {
                    (Some(entry), Some(group)) => group.push(entry),
                    _ => dictionary.unread += 1,
                }
            }
        }
        dictionary
    }

    /// The last group is called so, too.
    fn call(&mut self, name: &str) {
        let group = self.groups.len().saturating_sub(1) as u32;
        let groups = self.names.entry(key(name)).or_default();
        if groups.last() != Some(&group) {
            groups.push(group);
        }
    }

    /// How many names and aliases there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is no name in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// How many codes there are.
    #[must_use]
    pub fn codes(&self) -> usize {
        self.groups.iter().map(Vec::len).sum()
    }

    /// How many codes could not be read.
    #[must_use]
    pub const fn unread(&self) -> usize {
        self.unread
    }

    /// The country's code of a name on a day: the first of its dated codes that holds then, else
    /// one without dates.
    ///
    /// # Errors
    /// When the name is unknown, or has codes for other days only.
    pub(super) fn code_on(&self, name: &str, day: Day) -> Result<[u8; 3], Reason> {
        let groups = self.names.get(name).ok_or(Reason::UnknownActor)?;
        let entries = || {
            groups
                .iter()
                .flat_map(|&group| &self.groups[group as usize])
        };
        let holds = |entry: &&Entry| {
            entry
                .days
                .is_some_and(|(from, to)| (from..=to).contains(&day))
        };
        let found = entries()
            .find(holds)
            .or_else(|| entries().find(|entry| entry.days.is_none()));
        entries().next().ok_or(Reason::UnknownActor)?;
        found.map(|entry| entry.code).ok_or(Reason::NotThatDay)
    }
}

/// Reads `RUSGOV 991231-080507]`, `USAGOV >090120]`, `USRARM <900823]` or `AFGMIL]`.
fn entry(text: &str) -> Option<Entry> {
    let (text, _) = text.split_once(']')?;
    let text = text.trim();
    let (code, dates) = text.split_once(' ').unwrap_or((text, ""));
    let code: [u8; 3] = code.as_bytes().get(..3)?.try_into().ok()?;
    let dates: String = dates.split_whitespace().collect();
    let days = if dates.is_empty() {
        None
    } else if let Some(to) = dates.strip_prefix('<') {
        Some((Day::FIRST, day(to)?))
    } else if let Some((from, to)) = dates.split_once('-') {
        Some((day(from)?, day(to)?))
    } else {
        Some((day(dates.trim_start_matches('>'))?, Day::LAST))
    };
    code.iter()
        .all(u8::is_ascii_uppercase)
        .then_some(Entry { code, days })
}

fn day(text: &str) -> Option<Day> {
    short(text.as_bytes()).or_else(|| basic(text.as_bytes()))
}

/// A name as it is looked up: its letters and digits in small letters, without accents, marks and
/// spaces.
pub(super) fn key(name: &str) -> String {
    let plain = deunicode::deunicode(name);
    let letters = plain.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made up, in the format of the CAMEO actor dictionary.
    const MADE_UP: &str = "# a comment\n\nREDLAND_  [XRL]\n+RED_LAND_\n\nJANE_DOE_  # somebody\n+DOE_J.\n\t[XBLELI 700101-990809]\n\t[XRLGOV >20000101]\n\t[XGLGOV 31-32]\n";

    #[track_caller]
    fn check(name: &str, day: &str, expected: Result<&str, Reason>) {
        let found = Dictionary::read(MADE_UP).code_on(&key(name), day.parse().unwrap());
        let expected = expected.map(|code| <[u8; 3]>::try_from(code.as_bytes()).unwrap());
        assert_eq!(found, expected, "{name} on {day}");
    }

    #[test]
    fn a_name_has_the_code_of_the_day() {
        check("Red Land", "2014-01-01", Ok("XRL"));
        check("Jane Doe", "1990-01-01", Ok("XBL"));
        check("J Doe", "1990-01-01", Err(Reason::UnknownActor));
        check("Doe J.", "2014-01-01", Ok("XRL"));
        check("Jane Doe", "1999-12-31", Err(Reason::NotThatDay));
        check("John Doe", "2014-01-01", Err(Reason::UnknownActor));
    }

    #[test]
    fn a_code_that_cannot_be_read_is_counted() {
        assert_eq!(Dictionary::read(MADE_UP).unread(), 1);
    }

    #[test]
    fn a_code_holds_from_its_first_day_to_its_last() {
        let dictionary = Dictionary::read(
            "ONE_ [AAA 990101-991231]\nTWO [BBB <19991231]\nTHREE\n[CCC >20000101]\n[DDD]\n\
             FOUR [EEE 000101]\n+QUATTRO [FFF <990101]\nFIVE\n+FIVE\nSIX [ggg]\n[HH]\n",
        );
        let found = |name: &str, day: &str| {
            let code = dictionary.code_on(&key(name), day.parse().unwrap());
            code.map(|code| String::from_utf8_lossy(&code).into_owned())
        };
        let code = |code: &str| Ok(code.to_owned());
        for (name, day, expected) in [
            ("one", "1998-12-31", Err(Reason::NotThatDay)),
            ("one", "1999-01-01", code("AAA")),
            ("one", "1999-12-31", code("AAA")),
            ("one", "2000-01-01", Err(Reason::NotThatDay)),
            ("two", "1999-12-31", code("BBB")),
            ("two", "2000-01-01", Err(Reason::NotThatDay)),
            ("three", "1999-12-31", code("DDD")),
            ("three", "2000-01-01", code("CCC")),
            ("four", "1999-12-31", Err(Reason::NotThatDay)),
            ("four", "2000-01-01", code("EEE")),
            ("quattro", "1999-01-01", code("FFF")),
            ("five", "1999-01-01", Err(Reason::UnknownActor)),
            ("six", "1999-01-01", Err(Reason::UnknownActor)),
        ] {
            assert_eq!(found(name, day), expected, "{name} on {day}");
        }
        let sizes = (dictionary.len(), dictionary.codes(), dictionary.unread());
        assert_eq!(sizes, (7, 6, 2));
        assert!(!dictionary.is_empty() && Dictionary::default().is_empty());
    }

    #[test]
    fn a_name_is_looked_up_without_capitals_accents_marks_and_spaces() {
        assert_eq!(key("  S\u{e3}o Tom\u{e9}-1 (x)_"), "saotome1x");
    }
}
