//! Names that no actor is found for, counted in bounded memory.

use super::row::Reason;
use crate::model::Day;
use crate::text::cut;
use rustc_hash::FxHashMap;

/// How many different names are kept. The published data sets that were looked at have a tenth of
/// it.
const LIMIT: usize = 1 << 17;
/// How many characters of a name are kept; what begins with the same is one name.
const LONGEST: usize = 160;

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

impl Unmatched {
    /// Takes note of a name.
    pub fn note(&mut self, name: &str, reason: Reason, day: Day) {
        let counted = Counted {
            rows: 1,
            reason,
            first: day,
            last: day,
        };
        if name.len() > LONGEST {
            self.count(&cut(name, LONGEST), &counted);
        } else if !name.is_empty() {
            self.count(name, &counted);
        }
    }

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
    fn more_names_than_are_kept_are_the_same_sample_with_exact_counts_in_any_order_and_split() {
        let names: Vec<_> = (0..LIMIT + LIMIT / 2)
            .map(|number| format!("name {number}"))
            .collect();
        let note = |names: &mut dyn Iterator<Item = &String>| {
            let mut unmatched = Unmatched::default();
            names.for_each(|name| unmatched.note(name, Reason::NoActor, day("2014-01-01")));
            unmatched
        };
        let once = note(&mut names.iter().chain(&names[..1000]));
        let mut parts = note(&mut names[LIMIT / 3..].iter().rev());
        parts.add(&note(&mut names[..1000].iter()));
        parts.add(&note(&mut names[..LIMIT / 3].iter()));
        assert_eq!(once.one_in(), 2);
        assert_eq!(once.ranked(), parts.ranked());
        assert!(once.len() > LIMIT / 2 && once.len() <= LIMIT);
        let twice = once.ranked().iter().filter(|(_, it)| it.rows == 2).count();
        assert!((400..600).contains(&twice), "{twice}");
    }
}
