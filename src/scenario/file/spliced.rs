//! A list of which most stands in others: what several have in common is held once.

use std::borrow::Cow;
use std::ops::{Index, Range};
use std::sync::Arc;

/// A list made of pieces of others, which are held by all that have pieces of them. A copy holds no
/// more than where the pieces begin.
#[derive(Clone, Debug)]
pub struct Spliced<T> {
    pieces: Vec<Piece<T>>,
    length: usize,
}

/// A piece ends where the next begins, or where the list does.
#[derive(Debug)]
struct Piece<T> {
    /// The place of its first value.
    first: usize,
    of: Arc<Vec<T>>,
    /// The place of that value in the other list.
    from: usize,
}

impl<T> Clone for Piece<T> {
    fn clone(&self) -> Self {
        Self {
            of: Arc::clone(&self.of),
            ..*self
        }
    }
}

impl<T> Default for Spliced<T> {
    fn default() -> Self {
        let (pieces, length) = (Vec::new(), 0);
        Self { pieces, length }
    }
}

impl<T> From<Vec<T>> for Spliced<T> {
    fn from(values: Vec<T>) -> Self {
        let mut list = Self::default();
        let places = 0..values.len();
        list.extend_by(&Arc::new(values), places);
        list
    }
}

impl<T> Index<usize> for Spliced<T> {
    type Output = T;

    fn index(&self, place: usize) -> &T {
        let Piece { first, of, from } = &self.pieces[self.piece_of(place)];
        &of[from + (place - first)]
    }
}

impl<T> Spliced<T> {
    /// How many values there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.length
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The value at a place.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<&T> {
        (place < self.length).then(|| &self[place])
    }

    /// The first.
    #[must_use]
    pub fn first(&self) -> Option<&T> {
        self.get(0)
    }

    /// The last.
    #[must_use]
    pub fn last(&self) -> Option<&T> {
        self.get(self.length.checked_sub(1)?)
    }

    /// All of them.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + Clone {
        self.slices(self.length).flatten()
    }

    /// The first so many.
    #[must_use]
    pub fn iter_to(&self, length: usize) -> impl DoubleEndedIterator<Item = &T> + Clone {
        self.slices(length.min(self.length)).flatten()
    }

    /// Those from a place on.
    pub fn iter_from(&self, place: usize) -> impl Iterator<Item = &T> + Clone {
        let piece = self.piece_of(place);
        let first = self.pieces.get(piece).map_or(0, |piece| piece.first);
        let pieces = piece..self.pieces.len();
        let slices = pieces.map(move |piece| self.slice(piece, self.length));
        slices.flatten().skip(place.saturating_sub(first))
    }

    /// All of them one behind the other; copied where they do not stand so.
    #[must_use]
    pub fn to_slice(&self) -> Cow<'_, [T]>
    where
        T: Clone,
    {
        match self.pieces.len() {
            0 => Cow::Borrowed(&[]),
            1 => Cow::Borrowed(self.slice(0, self.length)),
            _ => {
                let mut values = Vec::with_capacity(self.length);
                values.extend(self.iter().cloned());
                Cow::Owned(values)
            }
        }
    }

    /// How many of the first are such that something holds, where it holds of none behind one of
    /// which it does not.
    pub fn partition_point(&self, mut holds: impl FnMut(&T) -> bool) -> usize {
        let begins = |piece: &Piece<T>| holds(&piece.of[piece.from]);
        let behind = self.pieces.partition_point(begins);
        behind.checked_sub(1).map_or(0, |piece| {
            self.pieces[piece].first + self.slice(piece, self.length).partition_point(holds)
        })
    }

    /// How many of the first are the same in another, as far as somebody says so of values that are
    /// not held once by both.
    pub fn in_common(&self, other: &Self, is_same: impl Fn(&T, &T) -> bool) -> usize {
        let (mut place, most) = (0, self.length.min(other.length));
        while place < most {
            let [own, its] = [self, other].map(|list| list.piece_of(place));
            let end = self.end_of(own).min(other.end_of(its)).min(most);
            let [one, two] = [(self, own), (other, its)].map(|(list, piece)| {
                let Piece { first, of, from } = &list.pieces[piece];
                let from = from + (place - first);
                (of, from, &of[from..from + (end - place)])
            });
            let is_held_once = Arc::ptr_eq(one.0, two.0) && one.1 == two.1;
            if !is_held_once {
                let mut pairs = one.2.iter().zip(two.2);
                if let Some(shared) = pairs.position(|(one, other)| !is_same(one, other)) {
                    return place + shared;
                }
            }
            place = end;
        }
        most
    }

    /// Leaves out all but the first so many.
    pub fn truncate(&mut self, length: usize) {
        self.length = self.length.min(length);
        self.pieces.retain(|piece| piece.first < length);
    }

    /// Adds values of another list, by their places there.
    pub fn extend_by(&mut self, of: &Arc<Vec<T>>, places: Range<usize>) {
        let places = places.start..places.end.min(of.len());
        if places.is_empty() {
            return;
        }
        let goes_on = self.pieces.last().is_some_and(|piece| {
            Arc::ptr_eq(&piece.of, of) && piece.from + (self.length - piece.first) == places.start
        });
        if !goes_on {
            self.pieces.push(Piece {
                first: self.length,
                of: Arc::clone(of),
                from: places.start,
            });
        }
        self.length += places.len();
    }

    /// Adds values of another of its kind, by their places there.
    pub fn extend_from(&mut self, other: &Self, places: Range<usize>) {
        let places = places.start..places.end.min(other.length);
        let mut place = places.start;
        let mut piece = other.piece_of(place);
        while place < places.end {
            let end = other.end_of(piece).min(places.end);
            let Piece { first, of, from } = &other.pieces[piece];
            self.extend_by(of, from + (place - first)..from + (end - first));
            (place, piece) = (end, piece + 1);
        }
    }

    /// Adds a value that nobody else holds.
    pub fn push(&mut self, value: T) {
        if let Some(Piece { first, of, from }) = self.pieces.last_mut()
            && let Some(own) = Arc::get_mut(of)
            && own.len() == *from + (self.length - *first)
        {
            own.push(value);
        } else {
            self.pieces.push(Piece {
                first: self.length,
                of: Arc::new(vec![value]),
                from: 0,
            });
        }
        self.length += 1;
    }

    /// In which piece a place lies.
    fn piece_of(&self, place: usize) -> usize {
        let behind = self.pieces.partition_point(|piece| piece.first <= place);
        behind.saturating_sub(1)
    }

    /// Where a piece ends.
    fn end_of(&self, piece: usize) -> usize {
        let next = self.pieces.get(piece + 1);
        next.map_or(self.length, |next| next.first)
    }

    /// The values of a piece that lie among the first so many.
    fn slice(&self, piece: usize, length: usize) -> &[T] {
        let Piece { first, of, from } = &self.pieces[piece];
        let end = self.end_of(piece).min(length).max(*first);
        &of[*from..from + (end - first)]
    }

    fn slices(&self, length: usize) -> impl DoubleEndedIterator<Item = &[T]> + Clone {
        let behind = self.pieces.partition_point(|piece| piece.first < length);
        (0..behind).map(move |piece| self.slice(piece, length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What may be done to a list.
    #[derive(Clone, Debug)]
    enum Step {
        Push(u8),
        OfLog(usize, usize),
        OfItself(usize, usize),
        Truncate(usize),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            any::<u8>().prop_map(Step::Push),
            (0..9_usize, 0..12_usize).prop_map(|(from, to)| Step::OfLog(from, to)),
            (0..9_usize, 0..12_usize).prop_map(|(from, to)| Step::OfItself(from, to)),
            (0..20_usize).prop_map(Step::Truncate),
        ];
        prop::collection::vec(step, 0..12)
    }

    proptest! {
        #[test]
        fn it_is_what_a_list_is_to_which_the_same_was_done(steps in steps()) {
            let log: Arc<Vec<u8>> = Arc::new((100..110).collect());
            let (mut list, mut plain) = (Spliced::default(), Vec::new());
            for step in steps {
                let before = list.clone();
                match step {
                    Step::Push(value) => {
                        list.push(value);
                        plain.push(value);
                    }
                    Step::OfLog(from, to) => {
                        list.extend_by(&log, from..to);
                        plain.extend(log.iter().take(to).skip(from));
                    }
                    Step::OfItself(from, to) => {
                        list.extend_from(&before, from..to);
                        let own: Vec<_> = plain.iter().take(to).skip(from).copied().collect();
                        plain.extend(own);
                    }
                    Step::Truncate(length) => {
                        list.truncate(length);
                        plain.truncate(length);
                    }
                }
                // A copy stays as it was.
                prop_assert_eq!(before.len(), before.iter().count());
            }
            prop_assert_eq!(list.to_slice(), &plain[..]);
            prop_assert_eq!((list.len(), list.is_empty()), (plain.len(), plain.is_empty()));
            prop_assert_eq!((list.first(), list.last()), (plain.first(), plain.last()));
            prop_assert!(list.iter().rev().eq(plain.iter().rev()));
            for place in 0..plain.len() + 2 {
                prop_assert_eq!(list.get(place), plain.get(place));
                prop_assert!(list.iter_to(place).eq(plain.iter().take(place)));
                prop_assert!(list.iter_from(place).eq(plain.iter().skip(place)));
            }
            let mut other = list.clone();
            other.truncate(plain.len() / 2);
            prop_assert_eq!(list.in_common(&other, |_, _| false), plain.len() / 2);
            other.push(255);
            other.extend_from(&list, plain.len() / 2..plain.len());
            let pairs = list.iter().zip(other.iter());
            let same = pairs.take_while(|(one, other)| one == other).count();
            prop_assert_eq!(list.in_common(&other, |one, other| one == other), same);
            let sorted: Spliced<u8> = {
                let mut sorted = Spliced::default();
                plain.sort_unstable();
                let all = Arc::new(plain.clone());
                for (place, value) in plain.iter().enumerate() {
                    if place % 3 == 0 {
                        sorted.push(*value);
                    } else {
                        sorted.extend_by(&all, place..place + 1);
                    }
                }
                sorted
            };
            for bound in [0, 50, 101, 105, 120, 255] {
                let is_below = |value: &u8| *value < bound;
                prop_assert_eq!(sorted.partition_point(is_below), plain.partition_point(is_below));
            }
        }
    }
}
