//! Actors (states and organisations) and the dyads they form.

use super::countries::COUNTRIES;
use crate::text::serde_as_text;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

/// Organisations that can act, each its code and its name. An organisation and its members are
/// separate actors.
const ORGANISATIONS: [(&str, &str); 28] = [
    ("ASEAN", "Association of Southeast Asian Nations"),
    ("AU", "African Union"),
    ("BRICS", "BRICS"),
    ("CIS", "Commonwealth of Independent States"),
    ("COE", "Council of Europe"),
    ("CSTO", "Collective Security Treaty Organization"),
    ("EAEU", "Eurasian Economic Union"),
    ("ECOWAS", "Economic Community of West African States"),
    ("EU", "European Union"),
    ("G20", "Group of Twenty"),
    ("G7", "Group of Seven"),
    ("G8", "Group of Eight"),
    ("GCC", "Gulf Cooperation Council"),
    ("IAEA", "International Atomic Energy Agency"),
    ("ICC", "International Criminal Court"),
    ("IMF", "International Monetary Fund"),
    ("LAS", "League of Arab States"),
    ("MERCOSUR", "Southern Common Market"),
    ("NATO", "North Atlantic Treaty Organization"),
    ("OAS", "Organization of American States"),
    (
        "OECD",
        "Organisation for Economic Co-operation and Development",
    ),
    ("OIC", "Organisation of Islamic Cooperation"),
    ("OPEC", "Organization of the Petroleum Exporting Countries"),
    (
        "OSCE",
        "Organization for Security and Co-operation in Europe",
    ),
    ("SCO", "Shanghai Cooperation Organisation"),
    ("UN", "United Nations"),
    ("WB", "World Bank"),
    ("WTO", "World Trade Organization"),
];

/// States that are gone, under the alpha-3 codes that ISO 3166-3 records as withdrawn.
const FORMER_STATES: [(&str, &str); 6] = [
    ("CSK", "Czechoslovakia"),
    ("DDR", "German Democratic Republic"),
    ("SCG", "Serbia and Montenegro"),
    ("SUN", "Soviet Union"),
    ("YMD", "South Yemen"),
    ("YUG", "Yugoslavia"),
];

/// Words that people type for a state whose ISO name does not contain them.
const EVERYDAY_NAMES: [(&str, &str); 14] = [
    ("AMERICA", "USA"),
    ("BRITAIN", "GBR"),
    ("BURMA", "MMR"),
    ("CONGO", "COD"),
    ("ENGLAND", "GBR"),
    ("GER", "DEU"),
    ("HOLLAND", "NLD"),
    ("IVORY COAST", "CIV"),
    ("TURKEY", "TUR"),
    ("UAE", "ARE"),
    ("UK", "GBR"),
    ("UKRAINA", "UKR"),
    ("USSR", "SUN"),
    ("VATICAN", "VAT"),
];

/// Every actor with a name, sorted by code.
static ACTORS: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let countries = COUNTRIES.iter().map(|&(code, _, name)| (code, name));
    let others = ORGANISATIONS.iter().chain(&FORMER_STATES).copied();
    let mut actors: Vec<_> = countries.chain(others).collect();
    actors.sort_unstable();
    actors
});

const LONGEST_CODE: usize = 8;

/// The codes of all of them, in the same order: a log names actors by the million.
static CODES: LazyLock<Vec<Actor>> = LazyLock::new(|| {
    ACTORS
        .iter()
        .filter_map(|(code, _)| Actor::padded(code))
        .collect()
});

/// The same as numbers, which are compared at once.
static NUMBERS: LazyLock<Vec<u64>> =
    LazyLock::new(|| CODES.iter().map(|actor| actor.number()).collect());

/// A bit for each code of three letters that names an actor, whether it has a name or is left to
/// users: nearly all actors of a log have one.
static THREE_LETTERS: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let mut bits = vec![0; LETTERS.pow(3).div_ceil(64)];
    for place in Actor::all().filter_map(|actor| place_of_three(actor.code().as_bytes())) {
        bits[place / 64] |= 1 << (place % 64);
    }
    bits
});

const LETTERS: usize = 26;

/// The place of a code among all that have three letters.
fn place_of_three(code: &[u8]) -> Option<usize> {
    let &[first, second, third] = code else {
        return None;
    };
    let letters = [first, second, third].map(|byte| usize::from(byte.wrapping_sub(b'A')));
    let [first, second, third] = letters;
    let are_letters = letters.iter().all(|letter| *letter < LETTERS);
    are_letters.then_some((first * LETTERS + second) * LETTERS + third)
}

/// Whether the code at a place among all that have three letters names an actor.
fn names_an_actor(place: usize) -> bool {
    THREE_LETTERS[place / 64] >> (place % 64) & 1 == 1
}

/// A state or an organisation.
///
/// A state has its ISO 3166-1 alpha-3 code (`USA`, `RUS`), a former state the code it had (`SUN`),
/// an organisation one of a list (`EU`, `NATO`, `UN`). Invented states, as crisis simulations need
/// them, take the codes that ISO leaves to users: `AAA` to `AAZ`, `QMA` to `QZZ`, `XAA` to `XZZ`,
/// `ZZA` to `ZZZ`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Actor([u8; LONGEST_CODE]);

impl Actor {
    /// Every state and organisation that has a name, in the order of their codes, and behind them
    /// every code that is left to users.
    pub fn all() -> impl Iterator<Item = Self> {
        let letters = || b'A'..=b'Z';
        let pairs = letters().flat_map(move |first| letters().map(move |second| (first, second)));
        let codes = pairs
            .flat_map(move |(first, second)| letters().map(move |third| [first, second, third]));
        let free = codes
            .filter_map(|code| Self::padded(std::str::from_utf8(&code).ok()?))
            .filter(Self::is_invented);
        CODES.iter().copied().chain(free)
    }

    fn padded(text: &str) -> Option<Self> {
        let mut code = [0; LONGEST_CODE];
        code.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        // A zero byte is where a code ends.
        (!text.contains('\0')).then_some(Self(code))
    }

    /// The code as a number, in the order of the codes.
    const fn number(self) -> u64 {
        u64::from_be_bytes(self.0)
    }

    /// Whether it is in the list of those that have a name.
    fn is_listed(self) -> bool {
        NUMBERS.binary_search(&self.number()).is_ok()
    }

    /// The code: two to eight capital letters and digits.
    #[must_use]
    pub fn code(&self) -> &str {
        let end = self
            .0
            .iter()
            .position(|&byte| byte == 0)
            .unwrap_or(LONGEST_CODE);
        // Only ASCII is ever stored.
        std::str::from_utf8(&self.0[..end]).unwrap_or_default()
    }

    /// The two letters that ISO 3166-1 gives a state, and `XK` for Kosovo; nothing for a former
    /// state or an organisation.
    #[must_use]
    pub fn alpha_2(&self) -> Option<&'static str> {
        let place = COUNTRIES
            .binary_search_by(|(code, ..)| (*code).cmp(self.code()))
            .ok()?;
        COUNTRIES.get(place).map(|(_, alpha_2, _)| *alpha_2)
    }

    /// The state to which ISO 3166-1 gives two letters.
    #[must_use]
    pub fn of_alpha_2(letters: &str) -> Option<Self> {
        let is_it = |(_, alpha_2, _): &&(&str, &str, &str)| *alpha_2 == letters;
        let (code, ..) = COUNTRIES.iter().find(is_it)?;
        Self::padded(code)
    }

    /// Whether it is an invented state, whose code ISO leaves to users. `XKX`, which it leaves to
    /// them as well, is Kosovo.
    #[must_use]
    pub fn is_invented(&self) -> bool {
        is_user_assigned(self.code()) && !self.is_listed()
    }

    /// The actor among some whose code is a letter off, for which it may have been mistyped.
    #[must_use]
    pub fn near<'a>(&self, known: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        let codes = known.into_iter().map(Self::code);
        Self::padded(a_letter_off(self.code(), codes)?)
    }

    /// The name in English; the code itself for an invented state.
    #[must_use]
    pub fn name(&self) -> &str {
        name_of(self.code()).unwrap_or_else(|| self.code())
    }
}

fn name_of(code: &str) -> Option<&'static str> {
    let place = ACTORS
        .binary_search_by(|(known, _)| (*known).cmp(code))
        .ok()?;
    ACTORS.get(place).map(|(_, name)| *name)
}

fn is_user_assigned(code: &str) -> bool {
    let &[first, second, third] = code.as_bytes() else {
        return false;
    };
    let letters = [first, second, third].iter().all(u8::is_ascii_uppercase);
    letters
        && matches!(
            (first, second),
            (b'A', b'A') | (b'Q', b'M'..=b'Z') | (b'X', _) | (b'Z', b'Z')
        )
}

/// A text that names no actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownActor {
    /// The text.
    pub found: String,
    /// The actor that may have been meant.
    pub near: Option<Actor>,
}

impl fmt::Display for UnknownActor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "`{}` is not an actor code", self.found)?;
        if let Some(near) = self.near {
            write!(out, "; did you mean `{near}`")?;
            if near.name() != near.code() {
                write!(out, " ({})", near.name())?;
            }
            write!(out, "?")?;
        }
        let is_like_a_code =
            self.found.len() == 3 && self.found.bytes().all(|it| it.is_ascii_uppercase());
        let is_everyday = EVERYDAY_NAMES.iter().any(|(name, _)| *name == self.found);
        let stop = if self.near.is_some() { "" } else { ";" };
        if is_like_a_code && !is_everyday {
            write!(out, "{stop} XAA to XZZ are free for invented states")?;
        } else if self.near.is_none() && self.found.len() > 3 {
            write!(
                out,
                "; an invented state takes a free code, XAA to XZZ, and a name by `describes`"
            )?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownActor {}

impl FromStr for Actor {
    type Err = UnknownActor;

    fn from_str(text: &str) -> Result<Self, UnknownActor> {
        if let Some(place) = place_of_three(text.as_bytes())
            && names_an_actor(place)
            && let Some(actor) = Self::padded(text)
        {
            return Ok(actor);
        }
        let is_known = |actor: &Self| actor.is_listed() || is_user_assigned(text);
        if let Some(actor) = Self::padded(text).filter(is_known) {
            return Ok(actor);
        }
        Err(UnknownActor {
            found: text.chars().take(40).collect(),
            near: invented(text).or_else(|| nearest(text)?.parse().ok()),
        })
    }
}

/// The code that is a letter off another one, the likeliest of several.
fn a_letter_off<'c>(code: &str, known: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let is_near = |known: &&str| known.len() > 2 && strsim::damerau_levenshtein(known, code) == 1;
    let likeness = |known: &str| strsim::jaro_winkler(known, code);
    known
        .filter(is_near)
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)).then(b.cmp(a)))
}

/// The invented actor whose code stands in small letters.
fn invented(text: &str) -> Option<Actor> {
    let upper = text.trim().to_ascii_uppercase();
    Actor::padded(&upper).filter(|_| is_user_assigned(&upper))
}

/// What may have been meant, most certain first: the code in small letters, a two-letter code, an
/// everyday name, a name, a code that is a letter off, a name that is nearly spelt so.
fn nearest(text: &str) -> Option<&'static str> {
    let upper = text.trim().to_ascii_uppercase();
    if let Some((code, _)) = ACTORS.iter().find(|(code, _)| *code == upper) {
        return Some(code);
    }
    if let Some((_, code)) = EVERYDAY_NAMES.iter().find(|(name, _)| *name == upper) {
        return Some(code);
    }
    if let Some((code, _, _)) = COUNTRIES.iter().find(|(_, alpha2, _)| *alpha2 == upper) {
        return Some(code);
    }
    let is_its_name = |(_, name): &&(&str, &str)| name.eq_ignore_ascii_case(text.trim());
    if let Some((code, _)) = ACTORS.iter().find(is_its_name) {
        return Some(code);
    }
    let named = |(_, name): &&(&str, &str)| {
        let name = name.to_ascii_uppercase();
        name.split(' ').any(|word| word.starts_with(&upper))
    };
    if let Some((code, _)) = ACTORS.iter().find(named).filter(|_| upper.len() > 3) {
        return Some(code);
    }
    if let Some(code) = a_letter_off(&upper, ACTORS.iter().map(|(code, _)| *code)) {
        return Some(code);
    }
    // A slip of the finger for every five letters: `Ukriane` is Ukraine, but `Redland` is not
    // Ireland.
    ACTORS
        .iter()
        .map(|(code, name)| {
            let name = name.to_ascii_uppercase();
            (
                strsim::damerau_levenshtein(&name, &upper),
                name.chars().count(),
                code,
            )
        })
        .filter(|(slips, letters, _)| *slips <= letters / 5)
        .min_by_key(|(slips, _, code)| (*slips, *code))
        .map(|(_, _, code)| *code)
}

impl fmt::Display for Actor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.code())
    }
}

impl fmt::Debug for Actor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.code())
    }
}

serde_as_text!(
    Actor,
    "an actor code as a string, such as \"USA\" or \"EU\""
);

#[cfg(test)]
impl schemars::JsonSchema for Actor {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Actor".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A state by its ISO 3166-1 alpha-3 code (USA, RUS) or an organisation (EU, NATO, UN).",
            "type": "string",
            "pattern": "^[A-Z][A-Z0-9]{1,7}$"
        })
    }
}

/// An unordered pair of different actors, written in alphabetical order: `RUS-USA`.
///
/// ```
/// use detente::model::Dyad;
/// let dyad: Dyad = "USA-RUS".parse()?;
/// assert_eq!(dyad.to_string(), "RUS-USA");
/// # Ok::<(), detente::model::BadDyad>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dyad {
    first: Actor,
    second: Actor,
}

impl Dyad {
    /// The pair of two actors in either order, unless they are one and the same.
    #[must_use]
    pub fn new(one: Actor, other: Actor) -> Option<Self> {
        (one != other).then(|| Self {
            first: one.min(other),
            second: one.max(other),
        })
    }

    /// A pair that is known to be of two different actors in alphabetical order.
    pub(super) const fn in_order(first: Actor, second: Actor) -> Self {
        Self { first, second }
    }

    /// Both actors, in alphabetical order.
    #[must_use]
    pub const fn sides(&self) -> [Actor; 2] {
        [self.first, self.second]
    }
}

/// A text that is not a dyad.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadDyad {
    /// It is not two codes with a hyphen between them.
    Shape {
        /// The text.
        found: String,
    },
    /// One of the two is not an actor.
    Actor(UnknownActor),
    /// Both are the same actor.
    Same(Actor),
}

impl fmt::Display for BadDyad {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape { found } => {
                write!(
                    out,
                    "`{found}` is not a dyad: two actor codes with a hyphen, such as RUS-USA"
                )
            }
            Self::Actor(unknown) => unknown.fmt(out),
            Self::Same(actor) => {
                write!(out, "a dyad needs two different actors, not {actor} twice")
            }
        }
    }
}

impl std::error::Error for BadDyad {}

impl FromStr for Dyad {
    type Err = BadDyad;

    fn from_str(text: &str) -> Result<Self, BadDyad> {
        let (one, other) = text.split_once('-').ok_or_else(|| BadDyad::Shape {
            found: text.chars().take(40).collect(),
        })?;
        let actor = |code: &str| code.parse::<Actor>().map_err(BadDyad::Actor);
        let one = actor(one)?;
        Self::new(one, actor(other)?).ok_or(BadDyad::Same(one))
    }
}

impl fmt::Display for Dyad {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}-{}", self.first, self.second)
    }
}

impl fmt::Debug for Dyad {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

serde_as_text!(Dyad, "a dyad as a string, such as \"RUS-USA\"");

#[cfg(test)]
impl schemars::JsonSchema for Dyad {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Dyad".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "Two actors with a hyphen, in either order: RUS-USA.",
            "type": "string",
            "pattern": "^[A-Z][A-Z0-9]{1,7}-[A-Z][A-Z0-9]{1,7}$"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_in_small_letters_is_near_its_actor_listed_or_invented() {
        for (text, near) in [
            ("xbl", "XBL"),
            (" Xre ", "XRE"),
            ("usa", "USA"),
            ("eu", "EU"),
        ] {
            let unknown = text.parse::<Actor>().unwrap_err();
            assert_eq!(unknown.found, text);
            assert_eq!(
                unknown.near.map(|actor| actor.to_string()).as_deref(),
                Some(near)
            );
        }
    }

    #[test]
    fn a_dyad_is_told_by_its_codes_in_their_order() {
        let dyad = "USA-RUS".parse::<Dyad>().unwrap();
        assert_eq!(format!("{dyad} {dyad:?}"), "RUS-USA RUS-USA");
    }

    #[test]
    fn every_actor_has_one_code_and_its_name() {
        assert!(ACTORS.is_sorted_by(|(a, _), (b, _)| a < b));
        for (code, name) in ACTORS.iter() {
            assert_eq!(code.parse::<Actor>().unwrap().name(), *name);
        }
        assert_eq!("PRK".parse::<Actor>().unwrap().name(), "North Korea");
        assert_eq!("CIV".parse::<Actor>().unwrap().name(), "Côte d'Ivoire");
    }

    #[test]
    fn the_actor_that_was_meant_is_suggested() {
        for (typed, meant) in [
            ("usa", "USA"),
            ("US", "USA"),
            ("UK", "GBR"),
            ("Russia", "RUS"),
            ("Germany", "DEU"),
            ("GER", "DEU"),
            ("RUSS", "RUS"),
            ("UKE", "UKR"),
            ("NATOO", "NATO"),
            ("Ukriane", "UKR"),
            ("north korea", "PRK"),
            ("Ivory Coast", "CIV"),
            // Three letters are rather a code than how a name begins.
            ("Afghan", "AFG"),
            ("SOU", "SOM"),
        ] {
            let error = typed.parse::<Actor>().unwrap_err();
            assert_eq!(
                error.near.map(|near| near.to_string()).as_deref(),
                Some(meant),
                "{typed}"
            );
        }
    }

    #[test]
    fn a_code_of_three_letters_is_told_by_its_place_as_by_the_list() {
        let letters = || b'A'..=b'Z';
        let pairs = letters().flat_map(|one| letters().map(move |other| [one, other]));
        let codes = pairs.flat_map(|[one, two]| letters().map(move |three| [one, two, three]));
        for (place, code) in codes.enumerate() {
            assert_eq!(place_of_three(&code), Some(place));
            let code = std::str::from_utf8(&code).unwrap();
            let is_listed = Actor::padded(code).unwrap().is_listed();
            assert_eq!(
                names_an_actor(place),
                is_listed || is_user_assigned(code),
                "{code}"
            );
        }
        // What stands beside the letters, and would stand for a code of them.
        for text in ["[[[", "@@@", "QL[", "QN@", "EU", "NATO", "G20"] {
            assert_eq!(place_of_three(text.as_bytes()), None, "{text}");
        }
        assert!("QL[".parse::<Actor>().is_err() && "[[[".parse::<Actor>().is_err());
    }

    #[test]
    fn nonsense_gets_no_suggestion() {
        for typed in ["", "?", "????????????", "12345", "Ж", "Redland", "Blueland"] {
            assert_eq!(typed.parse::<Actor>().unwrap_err().near, None, "{typed}");
        }
    }

    #[test]
    fn invented_states_take_the_codes_that_iso_leaves_to_users() {
        for code in ["AAA", "QMA", "XBL", "ZZZ"] {
            let actor: Actor = code.parse().unwrap();
            assert_eq!((actor.name(), actor.is_invented()), (code, true));
        }
        for code in ["XKX", "RUS", "EU"] {
            assert!(!code.parse::<Actor>().unwrap().is_invented(), "{code}");
        }
        assert!("QAA".parse::<Actor>().is_err());
    }

    #[test]
    fn a_dyad_needs_two_different_actors() {
        assert_eq!(
            "USA-USA".parse::<Dyad>().unwrap_err().to_string(),
            "a dyad needs two different actors, not USA twice"
        );
        assert!("USA".parse::<Dyad>().is_err());
        assert!("USA-RUS-EU".parse::<Dyad>().is_err());
    }

    #[test]
    fn a_text_that_names_no_actor_is_told_with_who_may_be_meant_and_what_is_free() {
        let free = "XAA to XZZ are free for invented states";
        let invented = "an invented state takes a free code, XAA to XZZ, and a name by `describes`";
        for (text, expected) in [
            ("U", "`U` is not an actor code".to_owned()),
            ("QQ1", "`QQ1` is not an actor code".to_owned()),
            ("QQQ", format!("`QQQ` is not an actor code; {free}")),
            (
                "Redland",
                format!("`Redland` is not an actor code; {invented}"),
            ),
        ] {
            let near = None;
            let found = text.to_owned();
            assert_eq!(UnknownActor { found, near }.to_string(), expected);
        }
        let told = |found: &str, near: &str| {
            let near = Some(near.parse().unwrap());
            let found = found.to_owned();
            UnknownActor { found, near }.to_string()
        };
        let russia = "did you mean `RUS` (Russia)?";
        assert_eq!(
            told("Rusia", "RUS"),
            format!("`Rusia` is not an actor code; {russia}")
        );
        assert_eq!(
            told("RSU", "RUS"),
            format!("`RSU` is not an actor code; {russia} {free}")
        );
        // One without a name of its own, and one that is called so every day.
        assert_eq!(
            told("xab", "XAB"),
            "`xab` is not an actor code; did you mean `XAB`?"
        );
        let (everyday, code) = EVERYDAY_NAMES
            .iter()
            .find(|(name, _)| name.len() == 3 && name.bytes().all(|it| it.is_ascii_uppercase()))
            .unwrap();
        assert!(!told(everyday, code).contains(free));
    }
}
