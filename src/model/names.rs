//! Names as small numbers: inside the model everything is an index, and a name is looked up only to
//! be shown.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rustc_hash::FxHasher;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, RandomState};
use std::marker::PhantomData;

macro_rules! indices {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub struct $name(pub u32);

        impl From<u32> for $name {
            fn from(index: u32) -> Self {
                Self(index)
            }
        }

        impl From<$name> for usize {
            fn from(index: $name) -> Self {
                index.0 as Self
            }
        }
    )*};
}

indices! {
    /// An actor of a [`World`](super::World).
    ActorIx;
    /// A dyad of a [`World`](super::World).
    DyadIx;
    /// An event's id.
    EventIx;
    /// The name of an agenda item, the same in every dyad.
    ItemIx;
    /// An agenda item of one dyad.
    TopicIx;
    /// A standing measure's id.
    MeasureIx;
    /// A standing measure as one source holds it against one other actor.
    HoldIx;
    /// A standing measure as it concerns one dyad.
    BondIx;
    /// A standing measure as one source holds it, against whomever.
    GripIx;
    /// A meeting's id.
    MeetingIx;
}

/// A list that is short for nearly every event: so many are held within it.
pub type Few<T, const N: usize> = smallvec::SmallVec<[T; N]>;

/// Gives each different value an index, counting from 0 in the order of first sight.
#[derive(Clone, Debug)]
pub struct Interner<K, Ix, S = RandomState> {
    values: Vec<K>,
    places: HashMap<K, u32, S>,
    index: PhantomData<Ix>,
}

/// The same for codes and indices, which nobody can choose so that they meet.
pub(super) type Indices<K, Ix> = Interner<K, Ix, BuildHasherDefault<FxHasher>>;

impl<K, Ix, S: Default> Default for Interner<K, Ix, S> {
    fn default() -> Self {
        Self {
            values: Vec::new(),
            places: HashMap::default(),
            index: PhantomData,
        }
    }
}

impl<K: Clone + Eq + std::hash::Hash, Ix: From<u32> + Into<usize>, S: BuildHasher>
    Interner<K, Ix, S>
{
    /// The index of a value that was seen before.
    pub fn find<Q>(&self, value: &Q) -> Option<Ix>
    where
        K: std::borrow::Borrow<Q>,
        Q: Eq + std::hash::Hash + ?Sized,
    {
        self.places.get(value).map(|&place| Ix::from(place))
    }

    /// The index of a value, which is new if it was not seen before.
    pub fn index<Q>(&mut self, value: &Q) -> Ix
    where
        K: std::borrow::Borrow<Q> + for<'a> From<&'a Q>,
        Q: Eq + std::hash::Hash + ?Sized,
    {
        self.find(value).unwrap_or_else(|| self.push(value.into()))
    }

    fn push(&mut self, value: K) -> Ix {
        let place = self.values.len() as u32;
        self.values.push(value.clone());
        self.places.insert(value, place);
        Ix::from(place)
    }

    /// The value behind an index that this interner gave.
    pub fn get(&self, index: Ix) -> &K {
        &self.values[index.into()]
    }

    /// How many different values there are.
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// All values in the order of their indices.
    pub fn iter(&self) -> impl Iterator<Item = (Ix, &K)> {
        (0..).map(Ix::from).zip(&self.values)
    }
}

impl<K: Copy + Eq + std::hash::Hash, Ix: From<u32> + Into<usize>, S: BuildHasher>
    Interner<K, Ix, S>
{
    /// The index of a value that is cheap to copy; see [`Self::index`].
    pub fn index_of(&mut self, value: K) -> Ix {
        self.find(&value).unwrap_or_else(|| self.push(value))
    }
}

/// The same for texts of which there are very many: they stand one behind the other, and each is
/// held once.
#[derive(Clone, Debug)]
pub(super) struct Texts<Ix> {
    text: String,
    /// Where each ends.
    ends: Vec<usize>,
    places: HashTable<u32>,
    /// The place behind that of the text that was asked for last: they often come in their order.
    next: usize,
    hasher: RandomState,
    index: PhantomData<Ix>,
}

impl<Ix> Default for Texts<Ix> {
    fn default() -> Self {
        Self {
            text: String::new(),
            ends: Vec::new(),
            places: HashTable::new(),
            next: 0,
            hasher: RandomState::new(),
            index: PhantomData,
        }
    }
}

/// The text at a place.
fn text_at<'t>(text: &'t str, ends: &[usize], place: usize) -> &'t str {
    let start = place.checked_sub(1).map_or(0, |before| ends[before]);
    &text[start..ends[place]]
}

impl<Ix: From<u32> + Into<usize>> Texts<Ix> {
    /// The index of a text that was seen before.
    pub(super) fn find(&self, text: &str) -> Option<Ix> {
        let is_it = |place: &u32| text_at(&self.text, &self.ends, *place as usize) == text;
        let found = self.places.find(self.hasher.hash_one(text), is_it);
        found.map(|place| Ix::from(*place))
    }

    /// The index of a text, which is new if it was not seen before.
    pub(super) fn index(&mut self, text: &str) -> Ix {
        let Self {
            text: all,
            ends,
            places,
            next,
            hasher,
            ..
        } = self;
        let is_it = |place: &u32| text_at(all, ends, *place as usize) == text;
        let hash = |place: &u32| hasher.hash_one(text_at(all, ends, *place as usize));
        let guess = *next as u32;
        let place = if *next < ends.len() && is_it(&guess) {
            guess
        } else {
            match places.entry(hasher.hash_one(text), is_it, hash) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(new) => *new.insert(ends.len() as u32).get(),
            }
        };
        *next = place as usize + 1;
        if place as usize == ends.len() {
            all.push_str(text);
            ends.push(all.len());
        }
        Ix::from(place)
    }

    /// Makes room for so many more.
    pub(super) fn reserve(&mut self, more: usize) {
        let Self {
            text,
            ends,
            places,
            hasher,
            ..
        } = self;
        ends.reserve(more);
        let hash = |place: &u32| hasher.hash_one(text_at(text, ends, *place as usize));
        places.reserve(more, hash);
    }

    /// The text behind an index that this gave.
    pub(super) fn get(&self, index: Ix) -> &str {
        text_at(&self.text, &self.ends, index.into())
    }

    /// How many different texts there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// All texts in the order of their indices.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Ix, &str)> {
        let texts = (0..self.len()).map(|place| text_at(&self.text, &self.ends, place));
        (0..).map(Ix::from).zip(texts)
    }
}

/// The known name that a text was most likely meant to be, if one is close enough to be worth
/// naming. A text that several names begin with was meant to be any of them, so none is named,
/// unless one alone has but a word more, such as its unit.
pub fn nearest<'a>(text: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_of(text, known.into_iter().collect())
}

fn nearest_of<'a>(text: &str, mut known: Vec<&'a str>) -> Option<&'a str> {
    const CLOSE_ENOUGH: f64 = 0.8;
    known.retain(|name| *name != text);
    let beginning = known.iter().filter(|name| name.starts_with(text)).count();
    if beginning > 1 {
        let is_word = |rest: &str| rest.strip_prefix('_').is_some_and(|it| !it.contains('_'));
        known.retain(|name| name.strip_prefix(text).is_some_and(is_word));
        return <[&str; 1]>::try_from(known).ok().map(|[name]| name);
    }
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(name, text), name))
        .filter(|(likeness, _)| *likeness > CLOSE_ENOUGH)
        .max_by(|(a, x), (b, y)| a.total_cmp(b).then(y.cmp(x)))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_index_in_whatever_order_it_is_asked_for() {
        let names: Vec<_> = (0..100).map(|number| format!("event-{number}")).collect();
        let mut texts: Texts<EventIx> = Texts::default();
        texts.reserve(50);
        assert!(texts.ends.capacity() >= 50 && texts.places.capacity() >= 50);
        for (place, name) in (0..).zip(&names) {
            assert_eq!(texts.index(name), EventIx(place));
            assert_eq!(texts.next, place as usize + 1);
        }
        let backwards = (0..100).rev().chain((0..100).map(|place| place * 37 % 100));
        for place in backwards.chain(0..100) {
            assert_eq!(texts.index(&names[place]), EventIx(place as u32));
            assert_eq!(texts.find(&names[place]), Some(EventIx(place as u32)));
        }
        assert_eq!((texts.find("event-100"), texts.len()), (None, 100));
    }

    #[test]
    fn of_names_that_begin_alike_the_one_that_lacks_but_a_word_is_meant() {
        let known = [
            "half_life_words_days",
            "half_life_days",
            "half_life_deeds_days",
        ];
        assert_eq!(nearest("half_life", known), Some("half_life_days"));
        assert_eq!(nearest("half_lif", known), None);
        assert_eq!(
            nearest("half_life", ["half_life_slow_days", "half_life_fast_days"]),
            None
        );
        assert_eq!(nearest("half", ["half_a", "half_b", "half_a_b"]), None);
        assert_eq!(
            nearest("gian", ["gain", "hysteresis_degrees"]),
            Some("gain")
        );
    }
}
