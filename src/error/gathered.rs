//! Which of very many mistakes are told: each kind first, and of the same mistake made many times
//! the first few, with the lines of the others.

use super::kind::Kind;
use std::collections::{HashMap, HashSet};

/// Of the same mistake in one text how many places are shown; the lines of the others are listed.
const SHOWN: usize = 3;

/// What becomes of a mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Shown,
    /// It is listed as a further place of that one.
    Like(usize),
    Counted,
}

/// What becomes of each of some mistakes.
///
/// Where not all are shown that could be, the first few of each kind come first, whatever they say,
/// and then each mistake once before any is shown again.
pub(super) fn fates<'k>(kinds: impl Iterator<Item = &'k Kind>, limit: usize) -> Vec<Fate> {
    // How many there were of each kind; and of each mistake its number, and how many may be shown.
    let mut of_kind: HashMap<String, usize> = HashMap::new();
    let mut sorts: HashMap<String, (usize, usize)> = HashMap::new();
    let (mut of_sort, mut rivals) = (Vec::new(), Vec::new());
    for (place, kind) in kinds.enumerate() {
        let rank = of_kind.entry(kind.class()).or_default();
        let number = sorts.len();
        let (sort, times) = sorts.entry(kind.sort()).or_insert((number, 0));
        of_sort.push(*sort);
        if *times < SHOWN {
            rivals.push(((*rank).min(SHOWN), *times, place));
            *times += 1;
        }
        *rank += 1;
    }
    rivals.sort_unstable();
    let shown: HashSet<_> = rivals.into_iter().take(limit).map(|(.., it)| it).collect();
    let mut last: HashMap<usize, usize> = HashMap::new();
    let fate = |(place, sort)| {
        if shown.contains(&place) {
            last.insert(sort, place);
            Fate::Shown
        } else {
            let other = last.get(&sort);
            other.map_or(Fate::Counted, |other| Fate::Like(*other))
        }
    };
    of_sort.into_iter().enumerate().map(fate).collect()
}

/// Counts the lines of a text up to places in it that come one after the other.
#[derive(Debug)]
pub(crate) struct LineCount {
    line: u64,
    at: usize,
}

impl LineCount {
    pub(crate) const START: Self = Self { line: 1, at: 0 };

    /// The line of a byte that does not come before the one that was asked for last.
    pub(crate) fn of(&mut self, text: &str, byte: usize) -> u64 {
        let between = text.as_bytes().get(self.at..byte).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', between).count() as u64;
        self.at = byte.max(self.at);
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{BadEvent, BadLog, BadTable, BadValue, Fault, Gathered};

    fn number(found: usize) -> Kind {
        let found = found.to_string();
        BadTable::Number { found }.into()
    }

    fn taken(id: usize) -> Kind {
        let (id, line) = (id.to_string(), None);
        BadLog::IdTaken { id, line }.into()
    }

    /// The places of the mistakes that are shown, each with those that are listed below it, and how
    /// many are counted only.
    fn told(kinds: Vec<Kind>, limit: usize) -> (Vec<(u64, Vec<u64>)>, usize) {
        let mut gathered = Gathered::new();
        for (kind, line) in kinds.into_iter().zip(1..) {
            gathered.add(kind, line);
        }
        let fault = |kind, line| Fault::on_line(line, kind);
        let Err(error) = gathered.check(limit, fault, |line| Some(*line)) else {
            return Default::default();
        };
        let faults = error.faults().iter();
        let told = faults.map(|it| (it.place.line.unwrap(), it.place.also.iter().collect()));
        (told.collect(), error.untold())
    }

    #[test]
    fn of_the_same_mistake_the_first_are_shown_and_the_others_listed() {
        assert_eq!(told(Vec::new(), 9), (vec![], 0));
        let same = |count| (0..count).map(|_| number(1)).collect::<Vec<_>>();
        let shown = |lines: &[u64]| lines.iter().map(|it| (*it, vec![])).collect::<Vec<_>>();
        assert_eq!(told(same(3), 9), (shown(&[1, 2, 3]), 0));
        let (found, untold) = told(same(6), 9);
        assert_eq!((&found[2], untold), (&(3, vec![4, 5, 6]), 0));
        // Where there is no room for three of them.
        assert_eq!(told(same(3), 1), (vec![(1, vec![2, 3])], 0));
    }

    #[test]
    fn a_kind_that_comes_late_is_shown_before_more_of_those_that_came_early() {
        let mut kinds: Vec<_> = (0..200).map(number).collect();
        kinds.extend((0..5).map(taken));
        kinds.push(BadLog::NoEvents.into());
        let (found, untold) = told(kinds, 100);
        let lines: Vec<_> = found.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines.len(), 100);
        // All five of those that are about different ids, behind the first three of each kind.
        assert_eq!(lines[95..], [96, 201, 202, 203, 206]);
        assert_eq!(untold, 106);
    }

    #[test]
    fn each_mistake_is_shown_once_before_one_is_shown_again() {
        let mut kinds: Vec<_> = (0..4).flat_map(|of| [number(of), number(of)]).collect();
        kinds.push(number(9));
        let lines = |limit| {
            let (found, untold) = told(kinds_of(&kinds), limit);
            let lines: Vec<_> = found.into_iter().map(|(line, _)| line).collect();
            (lines, untold)
        };
        // The first three of the kind, then each once.
        assert_eq!(lines(5), (vec![1, 2, 3, 5, 7], 1));
        assert_eq!(lines(6), (vec![1, 2, 3, 5, 7, 9], 0));
        assert_eq!(lines(7), (vec![1, 2, 3, 4, 5, 7, 9], 0));
    }

    /// The same mistakes again.
    fn kinds_of(kinds: &[Kind]) -> Vec<Kind> {
        let again = |kind: &Kind| match kind {
            Kind::Table(BadTable::Number { found }) => number(found.parse().unwrap()),
            kind => unreachable!("{kind:?}"),
        };
        kinds.iter().map(again).collect()
    }

    #[test]
    fn a_kind_is_what_is_wrong_and_with_which_names() {
        let class = |kind: Kind| kind.class();
        assert_eq!(class(number(1)), class(number(2)));
        assert_ne!(class(number(1)), class(taken(1)));
        let name = |found: &str, expected: &str| {
            let (found, expected) = (found.to_owned(), vec![expected.to_owned()]);
            class(crate::json::What::UnknownName { found, expected }.into())
        };
        assert_eq!(name("a", "letter"), name("b", "letter"));
        assert_ne!(name("a", "letter"), name("a", "neutral"));
        let [field, expected] =
            ["tone", "measure"].map(|field| class(BadEvent::OnlyInLogs { field }.into()));
        assert_eq!(field, expected);
        assert_ne!(
            field,
            class(
                BadValue::Twice {
                    field: "tone",
                    value: String::new()
                }
                .into()
            )
        );
    }
}
