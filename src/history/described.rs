//! Names for people: the title of a log, and what it calls the actors and things in it.

use crate::error::{BadValue, Kind};
use crate::history::line::record::Record;
use crate::json::What;
use crate::model::{Act, Actor, Dyad, nearest};
use crate::text::shown;
use std::collections::{BTreeMap, BTreeSet};

/// What a log is called, and what it calls what is in it, as its `describes` say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    title: Option<String>,
    names: BTreeMap<String, String>,
}

/// An actor that nothing has told of, whose code may have been mistyped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stranger {
    /// The actor.
    pub actor: Actor,
    /// A known actor that may have been meant.
    pub near: Option<Actor>,
}

impl Stranger {
    /// Whether its code looks mistyped: it is an invented one, or a letter off a known one.
    #[must_use]
    pub fn looks_mistyped(&self) -> bool {
        self.near.is_some() || self.actor.is_invented()
    }
}

/// No names at all.
static NONE: Names = Names {
    title: None,
    names: BTreeMap::new(),
};

impl Names {
    /// Some names, of actors by their codes and of things by their ids.
    #[must_use]
    pub const fn given(names: BTreeMap<String, String>) -> Self {
        Self { title: None, names }
    }

    /// No names at all, for as long as anybody looks.
    #[must_use]
    pub fn none() -> &'static Self {
        &NONE
    }

    /// What some records say in the order in which they stand: the later one wins, name by name.
    #[must_use]
    pub fn of<'r>(records: impl IntoIterator<Item = &'r Record>) -> Self {
        let mut names = Self::default();
        let records = records.into_iter();
        for record in records.filter(|record| record.act() == Act::Describes) {
            let fields = record.fields();
            names.title = fields.title.clone().or(names.title);
            let said = fields.names.iter();
            names
                .names
                .extend(said.map(|(key, name)| (key.clone(), name.clone())));
        }
        names
    }

    /// The title of the log.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// The name of an actor, by its code, or of a measure, meeting, agenda item, event or outcome,
    /// by its id.
    #[must_use]
    pub fn name(&self, key: &str) -> Option<&str> {
        self.names.get(key).map(String::as_str)
    }

    /// All names, each with what it names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.names
            .iter()
            .map(|(key, name)| (key.as_str(), name.as_str()))
    }

    /// These names, and those of another where these say nothing.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        self.title = self.title.or_else(|| other.title.clone());
        for (key, name) in &other.names {
            self.names
                .entry(key.clone())
                .or_insert_with(|| name.clone());
        }
        self
    }

    /// These names, and for each of some actors that has none here, the usual one.
    #[must_use]
    pub fn and_of(mut self, actors: impl IntoIterator<Item = Actor>) -> Self {
        for actor in actors.into_iter().filter(|it| it.name() != it.code()) {
            let key = actor.code().to_owned();
            let name = || actor.name().to_owned();
            self.names.entry(key).or_insert_with(name);
        }
        self
    }

    /// Those of some actors that are not known and have no name here.
    #[must_use]
    pub fn strangers(
        &self,
        actors: impl IntoIterator<Item = Actor>,
        known: &BTreeSet<Actor>,
    ) -> Vec<Stranger> {
        let actors: BTreeSet<_> = actors.into_iter().collect();
        let named: BTreeSet<_> = self
            .names
            .keys()
            .filter_map(|key| key.parse().ok())
            .collect();
        let strange = actors.difference(known).copied();
        let strange = strange.filter(|actor| !named.contains(actor));
        let strange = strange.map(|actor| Stranger {
            actor,
            near: actor.near(known.union(&named)),
        });
        strange.collect()
    }

    /// The name of an actor here, or else its usual one; none of one that has no other than its
    /// code.
    #[must_use]
    pub fn of_actor(&self, actor: Actor) -> Option<String> {
        let usual = (actor.name() != actor.code()).then(|| actor.name().to_owned());
        self.name(actor.code()).map(str::to_owned).or(usual)
    }

    /// The actors that a code or a name may be of, whatever its letters' case: several may have one
    /// name.
    #[must_use]
    pub fn actors(&self, name: &str) -> Vec<Actor> {
        let name = name.trim();
        if let Ok(actor) = name.parse() {
            return vec![actor];
        }
        let is_it = |other: &str| other.to_lowercase() == name.to_lowercase();
        let usual = Actor::all().filter(|actor| is_it(actor.name()));
        let own = self.iter().filter(|(_, other)| is_it(other));
        let mut actors: Vec<_> = usual
            .chain(own.filter_map(|(code, _)| code.parse().ok()))
            .collect();
        actors.sort_unstable();
        actors.dedup();
        actors
    }

    /// The dyads that two names with a hyphen between may be of: a hyphen may stand in either of
    /// them, too.
    #[must_use]
    pub fn dyads(&self, text: &str) -> Vec<Dyad> {
        let mut dyads = Vec::new();
        for (place, _) in text.match_indices('-') {
            let others = self.actors(&text[place + 1..]);
            for one in self.actors(&text[..place]) {
                dyads.extend(others.iter().filter_map(|other| Dyad::new(one, *other)));
            }
        }
        dyads.sort_unstable();
        dyads.dedup();
        dyads
    }

    /// The actor that a text in the place of a code most likely means: by its code or its name, or
    /// by one that is nearly its name here.
    #[must_use]
    pub fn meant(&self, text: &str) -> Option<Actor> {
        match self.actors(text)[..] {
            [only] => Some(only),
            [] => {
                let is_actor = |(key, _): &(&str, &str)| key.parse::<Actor>().is_ok();
                let names: Vec<_> = self.iter().filter(is_actor).collect();
                let near = nearest(text, names.iter().map(|(_, name)| *name))?;
                let (key, _) = names.into_iter().find(|(_, name)| *name == near)?;
                key.parse().ok()
            }
            _ => None,
        }
    }

    /// What a table calls a measure, meeting or agenda item: its name and then its id, which
    /// commands take.
    #[must_use]
    pub fn thing(&self, id: &str) -> String {
        match self.name(id) {
            Some(name) => format!("{} ({})", shown(name), shown(id)),
            None => shown(id),
        }
    }

    /// A text for people with the name of each actor in place of its code, and in brackets that of
    /// each thing behind its id. Other words of the text stay as they are, and so does what stands
    /// between backticks in a line: that is what one types.
    #[must_use]
    pub fn said(&self, text: &str) -> String {
        if self.names.is_empty() {
            return text.to_owned();
        }
        let mut said = String::with_capacity(text.len());
        let mut rest = text;
        let mut is_typed = false;
        while let Some(first) = rest.chars().next() {
            is_typed = (is_typed ^ (first == '`')) && first != '\n';
            let in_brackets = BEFORE_IDS.iter().any(|before| said.ends_with(before));
            let ends = |letter: char| !(is_of_word(letter) || in_brackets && letter == '-');
            let word = rest.find(ends).unwrap_or(rest.len());
            if word == 0 {
                said.push(first);
                rest = &rest[first.len_utf8()..];
                continue;
            }
            let (found, behind) = rest.split_at(word);
            let is_whole = in_brackets && behind.starts_with([']', ':']);
            let name = self.called(found, is_whole).filter(|_| !is_typed);
            match name.map(shown) {
                // Commands take the id of a thing, so it stays.
                Some(name) if is_whole && !is_code(found) => said.extend([found, ", ", &name]),
                // A name that holds its own code has been said already.
                Some(name) if !is_within(&name, found, &said, behind) => said.push_str(&name),
                _ => said.push_str(found),
            }
            rest = behind;
        }
        said
    }

    /// The name of a word: of an actor by its code, of anything by its id where the id stands
    /// alone.
    fn called(&self, word: &str, is_alone: bool) -> Option<&str> {
        (is_code(word) || is_alone)
            .then(|| self.name(word))
            .flatten()
    }

    /// A page of HTML with names in its text as [`Self::said`] puts them, whatever characters they
    /// hold; what is code, style or script stays.
    #[must_use]
    pub fn said_on_page(&self, page: &str) -> String {
        if self.names.is_empty() {
            return page.to_owned();
        }
        let escaped = self
            .iter()
            .map(|(key, name)| (key.to_owned(), escaped(name)));
        let in_html = Self::given(escaped.collect());
        let mut said = String::with_capacity(page.len());
        let mut rest = page;
        while let Some(open) = rest.find('<') {
            let (text, tag) = rest.split_at(open);
            said.push_str(&in_html.said(text));
            let kept = ["style", "script", "code", "pre"]
                .into_iter()
                .find_map(|name| {
                    let named = tag.get(1..)?.strip_prefix(name)?;
                    let is_name = named.starts_with(['>', ' ']);
                    is_name.then(|| tag.find(&format!("</{name}>"))).flatten()
                });
            let end = kept.or_else(|| tag.find('>').map(|end| end + 1));
            let (markup, behind) = tag.split_at(end.unwrap_or(tag.len()));
            said.push_str(markup);
            rest = behind;
        }
        said.push_str(&in_html.said(rest));
        said
    }

    /// Whether nothing has a name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.title.is_none() && self.names.is_empty()
    }
}

/// The same mistake with what was meant, where it is a text that was refused as an actor or a dyad:
/// it is a name, or the codes of several actors, which `between` parts where several can stand.
#[must_use]
pub fn called(kind: Kind, text: &str, between: &str, names: &Names) -> Kind {
    /// What people write between actors.
    const BETWEEN: [char; 6] = [',', ';', '/', '|', '&', '+'];
    let Kind::Json(What::Invalid { message }) = &kind else {
        return kind;
    };
    let found = text.to_owned();
    if let Err(unknown) = text.parse::<Actor>()
        && unknown.to_string() == *message
    {
        let parts = text.split(BETWEEN).map(|part| names.meant(part.trim()));
        let parts: Option<Vec<Actor>> = parts.collect();
        if let Some(actors) = parts.filter(|parts| parts.len() > 1) {
            let codes: Vec<_> = actors.iter().map(Actor::code).collect();
            let expected = codes.join(between);
            return BadValue::Several { found, expected }.into();
        }
        // A name that the history gives goes before what a code is like.
        if let Some(near) = names.meant(text) {
            let name = names.of_actor(near);
            return BadValue::Actor { found, near, name }.into();
        }
    }
    if let Err(bad) = text.parse::<Dyad>()
        && bad.to_string() == *message
        && let [near] = names.dyads(text)[..]
    {
        return BadValue::NamedDyad { found, near }.into();
    }
    kind
}

/// What is wrong with some names for people, each by what it is given to: a code and a name that
/// change places, or several entries in one. What `is_known` as the id of a thing can have any
/// name.
#[must_use]
pub fn misnamed(
    names: &BTreeMap<String, String>,
    is_known: impl Fn(&str) -> bool,
) -> Vec<(&str, BadValue)> {
    /// What people write between entries.
    const BETWEEN: [char; 4] = [',', ';', '|', '\n'];
    let actor = |text: &str| text.trim().parse::<Actor>().ok();
    let is_entry = |text: &&str| {
        let sides = text.split_once([':', '=']);
        sides.is_some_and(|(key, name)| actor(key).or_else(|| actor(name)).is_some())
    };
    let mut wrong = Vec::new();
    for (key, name) in names {
        let is_its_own = |code: &Actor| code.code() != key;
        let other = name.split(BETWEEN).skip(1).map(str::trim).find(is_entry);
        if let Some(other) = other {
            let (name, other) = (name.clone(), other.to_owned());
            wrong.push((key.as_str(), BadValue::NameHoldsOther { name, other }));
        } else if let Some(code) = actor(name).filter(is_its_own)
            && actor(key).is_none()
            && !is_known(key)
        {
            let key_is = BadValue::NameIsCode {
                key: key.clone(),
                code,
            };
            wrong.push((key.as_str(), key_is));
        }
    }
    wrong
}

/// What stands before an id that is to be followed by its name.
const BEFORE_IDS: [&str; 3] = ["[", "meeting ", "agenda "];

/// Whether a word looks like the code of an actor.
fn is_code(word: &str) -> bool {
    word.len() <= 4 && word.chars().all(|letter| letter.is_ascii_uppercase())
}

/// A text as it stands in HTML.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            _ => html.push(letter),
        }
    }
    html
}

/// Whether a letter can be of a code or an id. A hyphen parts the two sides of a dyad, and is of an
/// id.
const fn is_of_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | '@')
}

/// Whether a word stands where a name that holds it stands already.
fn is_within(name: &str, word: &str, before: &str, behind: &str) -> bool {
    name.match_indices(word).any(|(at, _)| {
        before.ends_with(&name[..at]) && behind.starts_with(&name[at + word.len()..])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let of = |key: &str, name: &str| (key.to_owned(), name.to_owned());
        Names {
            title: None,
            names: [
                of("XBL", "Blueland"),
                of("XRE", "Redland"),
                of("EU", "the EU"),
                of("embargo", "the great embargo"),
            ]
            .into(),
        }
    }

    #[test]
    fn actors_have_their_names_and_other_words_stay() {
        let said = |text: &str| names().said(text);
        assert_eq!(
            said("XBL → XRE, audience EU"),
            "Blueland → Redland, audience the EU"
        );
        assert_eq!(
            said("Temperature of XBL-XRE"),
            "Temperature of Blueland-Redland"
        );
        assert_eq!(
            said("an embargo on XBLA [embargo]"),
            "an embargo on XBLA [embargo, the great embargo]"
        );
        assert_eq!(said(&said("EU, Überraschung")), "the EU, Überraschung");
        assert_eq!(
            said("XBL: say `follow EU-XRE`, EU; an odd `\nXRE"),
            "Blueland: say `follow EU-XRE`, the EU; an odd `\nRedland"
        );
    }

    #[test]
    fn dyads_are_meant_by_codes_and_names_even_with_hyphens_in_them() {
        let dyads = |text: &str| {
            let found = names().dyads(text);
            found.iter().map(Dyad::to_string).collect::<Vec<_>>()
        };
        assert_eq!(dyads("XBL-XRE"), ["XBL-XRE"]);
        assert_eq!(dyads("redland - Blueland"), ["XBL-XRE"]);
        assert_eq!(dyads("France-guinea-bissau"), ["FRA-GNB"]);
        assert_eq!(dyads("Guinea-Bissau-France"), ["FRA-GNB"]);
        for text in ["", "XBL", "XBL-", "XBL-XBL", "XBL XRE", "XBL-nowhere"] {
            assert_eq!(dyads(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn who_is_neither_known_nor_named_is_a_stranger_and_may_be_mistyped() {
        let actors = |codes: &[&str]| codes.iter().map(|code| code.parse().unwrap()).collect();
        let known: BTreeSet<Actor> = actors(&["RUS", "USA"]);
        let new = actors(&["XRI", "XBL", "USA", "AUS", "CHN", "XZZ", "EU", "AU"]);
        let told = names().strangers(new, &known).into_iter().map(|it| {
            let near = it.near.map(|near| near.to_string());
            (it.actor.to_string(), near, it.looks_mistyped())
        });
        let of =
            |code: &str, near: Option<&str>, is| (code.to_owned(), near.map(str::to_owned), is);
        let expected = [
            of("AU", None, false),
            of("AUS", Some("RUS"), true),
            of("CHN", None, false),
            of("XRI", Some("XRE"), true),
            of("XZZ", None, true),
        ];
        assert_eq!(told.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn names_that_changed_places_or_hold_another_are_wrong() {
        let wrong = |key: &str, name: &str| {
            let names = [(key.to_owned(), name.to_owned())].into();
            let found = misnamed(&names, |id| id == "embargo");
            let found = found.into_iter().map(|(at, bad)| {
                assert_eq!(at, key);
                match bad {
                    BadValue::NameIsCode { code, .. } => format!("code {code}"),
                    BadValue::NameHoldsOther { other, .. } => format!("other {other}"),
                    bad => panic!("{bad:?}"),
                }
            });
            found.collect::<Vec<_>>().join("; ")
        };
        for (key, name, expected) in [
            ("XBL", "Blueland", ""),
            ("XBL", "Blueland, the great", ""),
            ("XBL", "Blue: land", ""),
            ("XBL", "Ratio 1:2, or so", ""),
            ("XBL", "XRL", ""),
            ("USA", "USA", ""),
            ("embargo", "EU", ""),
            ("Blueland", "XBL", "code XBL"),
            ("Blueland", " XBL ", "code XBL"),
            ("Brazil", "BRA", "code BRA"),
            ("XBL", "Blueland,XRL:Redland", "other XRL:Redland"),
            ("XBL", "Blueland; XRL = Redland", "other XRL = Redland"),
            ("Blueland", "XBL,Redland:XRL", "other Redland:XRL"),
            ("embargo", "The ban|XBL:Blueland", "other XBL:Blueland"),
        ] {
            assert_eq!(wrong(key, name), expected, "{key}: {name}");
        }
    }

    #[test]
    fn what_says_a_name_first_keeps_it_and_its_title() {
        let titled = |title: &str| Names {
            title: Some(title.to_owned()),
            ..names()
        };
        assert_eq!(titled("One").title(), Some("One"));
        assert_eq!(titled("One").and(&titled("Other")).title(), Some("One"));
        assert_eq!(names().and(&titled("Other")).title(), Some("Other"));
        assert_eq!(names().and(&names()).title(), None);
        let france = Actor::all().find(|actor| actor.code() == "FRA").unwrap();
        let known = Names::default().and_of([france]).and(&names());
        assert_eq!(known.name("FRA"), Some("France"));
        assert_eq!(known.name("XBL"), Some("Blueland"));
        assert_eq!(known.iter().count(), 5);
    }

    #[test]
    fn a_page_has_names_in_its_text_alone() {
        let page = r#"<p id="XBL">XBL<code>XRE</code> and XRE</p><script>XBL</script>"#;
        let said = r#"<p id="XBL">Blueland<code>XRE</code> and Redland</p><script>XBL</script>"#;
        assert_eq!(names().said_on_page(page), said);
    }

    /// Names by what they are given to.
    fn given(names: &[(&str, &str)]) -> Names {
        let names = names.iter();
        Names::given(
            names
                .map(|(key, name)| (key.to_string(), name.to_string()))
                .collect(),
        )
    }

    #[test]
    fn a_thing_is_named_where_its_id_stands_alone_in_brackets_and_nowhere_else() {
        let names = given(&[
            ("embargo", "the embargo"),
            ("fish", "the row"),
            ("EU", "the EU"),
        ]);
        for (text, expected) in [
            ("embargo: fish, fish:", "embargo: fish, fish:"),
            (
                "a meeting embargo of [fish in a net]",
                "a meeting embargo of [fish in a net]",
            ),
            ("[embargo]", "[embargo, the embargo]"),
            ("agenda fish: raised", "agenda fish, the row: raised"),
            ("[EU] EU: EUR", "[the EU] the EU: EUR"),
        ] {
            assert_eq!(names.said(text), expected);
        }
    }

    #[test]
    fn a_name_acts_neither_on_a_terminal_nor_on_a_page() {
        let names = given(&[
            ("XBL", "<b>Blue</b> & \"Co\""),
            ("XRE", "Red\u{202e}"),
            ("A", "Ay"),
        ]);
        assert_eq!(names.said("XBL-XRE"), "<b>Blue</b> & \"Co\"-Red\\u{202e}");
        let said = "<A>&lt;b&gt;Blue&lt;/b&gt; &amp; &quot;Co&quot;-Red\\u{202e}</A>";
        assert_eq!(names.said_on_page("<A>XBL-XRE</A>"), said);
        // A name that holds its code is said once there, too.
        let names = given(&[("XBL", "B&B (XBL)")]);
        assert_eq!(
            names.said_on_page("B&amp;B (XBL)<br>XBL"),
            "B&amp;B (XBL)<br>B&amp;B (XBL)"
        );
    }

    #[test]
    fn a_title_and_a_name_are_something() {
        assert!(Names::default().is_empty() && !names().is_empty());
        assert!(Names::none().is_empty() && std::ptr::eq(Names::none(), Names::none()));
        let title = Some("One".to_owned());
        assert!(
            !Names {
                title,
                ..Names::default()
            }
            .is_empty()
        );
    }
}
