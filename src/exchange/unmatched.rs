//! Names that no actor is found for, counted in bounded memory.

use super::row::Reason;
use super::values::fields::{is_missing, utf_8_or_latin_1};
use crate::model::Day;
use crate::text::cut;
use rustc_hash::FxHashMap;

/// How many different names are kept. The published data sets that were looked at have a tenth of
/// it.
const LIMIT: usize = 1 << 17;
/// How many characters of a name are kept; what begins with the same is one name.
const LONGEST: usize = 160;
/// How many names are counted by their bytes at once.
const LATELY: usize = 1 << 13;

/// Names and how many rows each leaves out.
///
/// The counts are exact, for any order of rows and any number of threads. Of more names than are
/// kept, one in 2, 4, 8 … is, chosen by the digest of the name alone, so that which ones does not
/// depend on order either.
#[derive(Clone, Debug, Default)]
pub struct Unmatched {
    names: FxHashMap<Box<str>, Counted>,
    halvings: u32,
}

/// What is known of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// How many rows it leaves out.
    pub rows: u64,
    /// Why no actor is found for it.
    pub reason: Reason,
    /// The first day on which it stands.
    pub first: Day,
    /// The last.
    pub last: Day,
}

impl Counted {
    fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.reason = self.reason.min(other.reason);
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
    }
}

/// Names of one thread, as they come. A few of them make up most of what a file has, so they are
/// counted by their bytes, and read as text once for all of their rows.
#[derive(Debug, Default)]
pub(super) struct Noting {
    lately: FxHashMap<Box<[u8]>, Counted>,
    unmatched: Unmatched,
}

impl Noting {
    /// Takes note of a name, without spaces around it; whether it is one.
    pub(super) fn note(&mut self, name: &[u8], reason: Reason, day: Day) -> bool {
        let counted = Counted {
            rows: 1,
            reason,
            first: day,
            last: day,
        };
        if let Some(known) = self.lately.get_mut(name) {
            known.add(&counted);
            return true;
        }
        if is_missing(name) {
            return false;
        }
        if self.lately.len() == LATELY {
            self.settle();
        }
        self.lately.insert(name.into(), counted);
        true
    }

    fn settle(&mut self) {
        self.lately.drain().for_each(|(name, counted)| {
            let name = match utf_8_or_latin_1(&name) {
                long if long.len() > LONGEST => cut(&long, LONGEST).into(),
                name => name,
            };
            self.unmatched.count(&name, &counted);
        });
    }

    /// All of them.
    pub(super) fn finish(mut self) -> Unmatched {
        self.settle();
        self.unmatched
    }
}

/// A name without spaces around it.
pub(super) fn trimmed(name: &[u8]) -> &[u8] {
    match name {
        [] => return name,
        [only] if only.is_ascii_graphic() => return name,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => return name,
        _ => {}
    }
    if let Ok(text) = std::str::from_utf8(name) {
        return text.trim().as_bytes();
    }
    let is_ink = |byte: &u8| !char::from(*byte).is_whitespace();
    let start = name.iter().position(is_ink).unwrap_or(name.len());
    let end = name.iter().rposition(is_ink).map_or(start, |last| last + 1);
    &name[start..end]
}

/// Whether two names are of the same text.
pub(super) fn is_same(one: &[u8], other: &[u8]) -> bool {
    let text = utf_8_or_latin_1;
    one == other || (!one.is_ascii() && !other.is_ascii() && text(one) == text(other))
}

impl Unmatched {
    fn count(&mut self, name: &str, counted: &Counted) {
        if let Some(known) = self.names.get_mut(name) {
            known.add(counted);
        } else if is_kept(name, self.halvings) {
            self.names.insert(name.into(), *counted);
            self.shrink();
        }
    }

    fn shrink(&mut self) {
        while self.names.len() > LIMIT {
            self.halvings += 1;
            let halvings = self.halvings;
            self.names.retain(|name, _| is_kept(name, halvings));
        }
    }

    /// Adds the names of other rows.
    pub fn add(&mut self, other: &Self) {
        if other.halvings > self.halvings {
            self.halvings = other.halvings;
            self.names.retain(|name, _| is_kept(name, other.halvings));
        }
        other
            .names
            .iter()
            .for_each(|(name, counted)| self.count(name, counted));
    }

    /// How many names are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Of how many names one is kept: 1 where all are.
    #[must_use]
    pub const fn one_in(&self) -> u64 {
        1 << self.halvings
    }

    /// The names, the most frequent first, and those that are as frequent by name.
    #[must_use]
    pub fn ranked(&self) -> Vec<(&str, &Counted)> {
        let mut ranked: Vec<_> = self.names.iter().map(|(name, it)| (&**name, it)).collect();
        ranked.sort_unstable_by(|(a, one), (b, other)| other.rows.cmp(&one.rows).then(a.cmp(b)));
        ranked
    }
}

/// Whether the digest of a name begins with so many zeros.
fn is_kept(name: &str, halvings: u32) -> bool {
    if halvings == 0 {
        return true;
    }
    let digest = blake3::hash(name.as_bytes());
    let [a, b, c, d, ..] = *digest.as_bytes();
    u32::from_be_bytes([a, b, c, d]).leading_zeros() >= halvings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn names_are_told_apart_by_their_text_whatever_their_bytes_and_spaces() {
        let latin = |text: &str| text.chars().map(|letter| letter as u8).collect::<Vec<_>>();
        for (bytes, text) in [
            (b"POLICE".to_vec(), "POLICE"),
            (b" \t POLICE ".to_vec(), "POLICE"),
            (b"POLICE ".to_vec(), "POLICE"),
            (b" POLICE".to_vec(), "POLICE"),
            ("\u{a0}\u{c9}LYS\u{c9}E\u{3000}".into(), "\u{c9}LYS\u{c9}E"),
            (latin("\u{a0}\u{c9}LYS\u{c9}E\u{85}"), "\u{c9}LYS\u{c9}E"),
            (latin("\u{a0}\u{85} "), ""),
            (Vec::new(), ""),
        ] {
            assert_eq!(utf_8_or_latin_1(trimmed(&bytes)), text, "{bytes:?}");
            assert!(is_same(trimmed(&bytes), text.as_bytes()), "{bytes:?}");
        }
        let accented = ["\u{c9}LITE".into(), latin("\u{c9}LITE")];
        for other in [&b"ELITE"[..], b"", "\u{c8}LITE".as_bytes()] {
            for one in &accented {
                assert!(!is_same(one, other) && !is_same(other, one), "{other:?}");
            }
        }
        assert!(is_same(&accented[0], &accented[1]));
        assert!(!is_same(b"POLICE", b"police"));
        let mut noting = Noting::default();
        let mut note = |name| noting.note(name, Reason::NoActor, day("2014-01-01"));
        let elite = latin("\u{c9}lite");
        assert!(note(&elite) && note("\u{c9}lite".as_bytes()));
        let missing = [&b""[..], b"NA", b"---", b"null"].map(note);
        assert_eq!(missing, [false; 4]);
        let of_both = noting.finish();
        let rows: Vec<_> = of_both
            .ranked()
            .iter()
            .map(|(name, it)| (*name, it.rows))
            .collect();
        assert_eq!(rows, [("\u{c9}lite", 2)]);
    }

    #[test]
    fn more_names_than_are_kept_are_the_same_sample_with_exact_counts_in_any_order_and_split() {
        let names: Vec<_> = (0..LIMIT + LIMIT / 2)
            .map(|number| format!("name {number}"))
            .collect();
        let note = |names: &mut dyn Iterator<Item = &String>| {
            let mut noting = Noting::default();
            names.for_each(|name| {
                noting.note(name.as_bytes(), Reason::NoActor, day("2014-01-01"));
            });
            noting.finish()
        };
        let mut once = note(&mut names[..LIMIT].iter());
        assert_eq!((once.len(), once.one_in()), (LIMIT, 1));
        once.add(&note(&mut names[LIMIT..].iter().chain(&names[..1000])));
        let mut parts = note(&mut names[LIMIT / 3..].iter().rev());
        parts.add(&note(&mut names[..1000].iter()));
        parts.add(&note(&mut names[..LIMIT / 3].iter()));
        assert_eq!(once.one_in(), 2);
        assert_eq!(once.ranked(), parts.ranked());
        assert!(once.len() > LIMIT / 2 && once.len() <= LIMIT);
        let twice = once.ranked().iter().filter(|(_, it)| it.rows == 2).count();
        assert!((400..600).contains(&twice), "{twice}");
    }

    #[test]
    fn a_name_has_its_first_day_its_last_and_the_least_of_its_reasons() {
        let mut noting = Noting::default();
        let long = "n".repeat(LONGEST + 1);
        for (name, reason, on) in [
            ("b", Reason::UnknownActor, "2014-05-02"),
            ("b", Reason::NoActor, "2014-05-09"),
            ("b", Reason::NotThatDay, "2014-04-30"),
            ("a", Reason::Region, "2014-05-01"),
            ("c", Reason::Region, "2014-05-01"),
            (&long, Reason::Region, "2014-05-01"),
            (&long[..LONGEST], Reason::Region, "2014-05-01"),
        ] {
            assert!(noting.note(name.as_bytes(), reason, day(on)));
        }
        let found = noting.finish();
        let ranked = found.ranked();
        let b = Counted {
            rows: 3,
            reason: Reason::NoActor,
            first: day("2014-04-30"),
            last: day("2014-05-09"),
        };
        assert_eq!(ranked[0], ("b", &b));
        let names: Vec<_> = ranked
            .iter()
            .map(|(name, it)| (name.len(), it.rows))
            .collect();
        assert_eq!(names[1..3], [(1, 1), (1, 1)]);
        assert_eq!((ranked[1].0, ranked[2].0), ("a", "c"));
        assert_eq!(
            (found.len(), found.one_in(), found.is_empty()),
            (ranked.len(), 1, false)
        );
        assert!(Unmatched::default().is_empty());
    }

    #[test]
    fn of_so_many_names_one_is_kept_as_its_digest_has_zeros() {
        let names: Vec<_> = (0..2_000).map(|number| format!("name {number}")).collect();
        let kept = |halvings| names.iter().filter(|name| is_kept(name, halvings)).count();
        for (halvings, one_in) in [(0, 1), (1, 2), (2, 4), (3, 8)] {
            let sample = Unmatched {
                halvings,
                ..Unmatched::default()
            };
            assert_eq!(sample.one_in(), one_in);
            let about = names.len() / one_in as usize;
            assert!(
                kept(halvings).abs_diff(about) <= about / 5,
                "{}",
                kept(halvings)
            );
        }
        // Of two samples the coarser counts for both.
        let counted = Counted {
            rows: 1,
            reason: Reason::NoActor,
            first: day("2014-01-01"),
            last: day("2014-01-01"),
        };
        let sample = |halvings| {
            let mut sample = Unmatched {
                halvings,
                ..Unmatched::default()
            };
            for name in &names {
                sample.count(name, &counted);
            }
            sample
        };
        for (one, other) in [(0, 2), (2, 0), (1, 3), (2, 2)] {
            let mut both = sample(one);
            both.add(&sample(other));
            let coarser = one.max(other);
            assert_eq!((both.one_in(), both.len()), (1 << coarser, kept(coarser)));
            assert!(both.ranked().iter().all(|(_, it)| it.rows == 2));
        }
    }

    #[test]
    fn of_a_long_name_the_beginning_is_kept_and_what_begins_so_is_one_name() {
        let mut noting = Noting::default();
        let name = |length| "n".repeat(length).into_bytes();
        let mut note = |name: &[u8]| noting.note(name, Reason::NoActor, day("2014-01-01"));
        let names = [LONGEST - 1, LONGEST, LONGEST + 1, 2 * LONGEST, LONGEST + 1].map(name);
        assert!(names.iter().all(|name| note(name)));
        let unmatched = noting.finish();
        let ranked = unmatched.ranked().into_iter();
        let mut lengths: Vec<_> = ranked
            .map(|(name, it)| (name.chars().count(), it.rows))
            .collect();
        lengths.sort_unstable();
        // What is cut ends in a mark for that.
        let expected = [(LONGEST - 1, 1), (LONGEST, 1), (LONGEST + 1, 3)];
        assert_eq!(lengths, expected);
        assert_eq!(
            (trimmed(b" "), trimmed(b"\t"), trimmed(b"a")),
            (&b""[..], &b""[..], &b"a"[..])
        );
    }
}
