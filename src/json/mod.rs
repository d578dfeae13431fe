//! JSON read with spans: a bad value is noted, left out, and the reading goes on.

mod sealed;
mod span;
mod words;
mod written;

mod flaw;
mod tree;

mod fault;
mod syntax;

mod numbers;

mod reader;

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;

pub use flaw::{Flaw, What};
pub use sealed::{seal, unsealed};
pub use span::{Span, line_column};
pub use syntax::Dialect;
pub(crate) use syntax::PRINTED_MARKS;
pub use tree::{Step, Tree};
pub use written::{in_lines, of_bytes, tree_of, write_in_lines};

use reader::Reader;
use tree::Node;

/// How often a value is read anew without what was bad in it.
const ROUND_LIMIT: usize = 200;

/// What a text was found to hold.
#[derive(Clone, Debug)]
pub struct Reading<T> {
    /// Present when everything that the type needs could be read, even if flaws were noted and left
    /// out; without flaws it is the whole text. Never absent without a flaw.
    pub value: Option<T>,
    /// What is wrong, by position, without duplicates.
    pub flaws: Vec<Flaw>,
    /// Where everything stands.
    pub tree: Tree,
}

/// Reads `text` as one JSON value of type `T` and notes every flaw.
///
/// A text that is not JSON of the dialect, or has more than 64 objects and lists inside each other,
/// has that one flaw, no value and an empty tree. Otherwise a bad value is noted and left out, with
/// its key or as an element of its list, and the rest is read again. What then lacks something that
/// it needs is left out as well, silently if it lacks it only because that was bad. Of a key that
/// stands twice, the first counts.
///
/// A structure is only read from an object, never from a list; an alternative without content only
/// from a string.
///
/// Not everything is found at once: reading stops after 200 rounds, so that a text full of mistakes
/// does not take forever; serde names only the first of several keys that an object lacks; and a
/// tuple is left at its first bad element. What serde buffers before it looks at it (`untagged`,
/// `tag`, `flatten`) has its flaws at the whole object, except for unknown keys under a `tag`.
#[must_use]
pub fn read<T: DeserializeOwned>(text: &str, dialect: Dialect) -> Reading<T> {
    match syntax::parse(text, dialect) {
        Ok((root, repeated_keys)) => read_tree(root, repeated_keys),
        Err(flaw) => Reading {
            value: None,
            flaws: vec![flaw],
            tree: Tree::default(),
        },
    }
}

fn read_tree<T: DeserializeOwned>(root: Node, mut flaws: Vec<Flaw>) -> Reading<T> {
    let mut value = None;
    let mut left_out = BTreeSet::new();
    for _ in 0..ROUND_LIMIT {
        let (flaw, follows) = match Reader::new(&root, &left_out).read_all() {
            Ok(read) => {
                value = Some(read);
                break;
            }
            Err(refusal) => refusal,
        };
        let span = flaw.span;
        if !follows {
            flaws.push(flaw);
        }
        if span == root.span || !left_out.insert(span.start) {
            break;
        }
    }
    Reading {
        value,
        flaws: in_order(flaws),
        tree: root.into(),
    }
}

/// Flaws by position, each once and without those that another explains.
fn in_order(mut flaws: Vec<Flaw>) -> Vec<Flaw> {
    flaws.sort_by_key(|flaw| flaw.span);
    flaws.dedup();
    let is_unknown = |flaw: &&Flaw| matches!(flaw.what, What::UnknownKey { .. });
    let unknown: Vec<_> = flaws.iter().filter(is_unknown).cloned().collect();
    flaws.retain(|flaw| !unknown.iter().any(|other| is_misspelling(other, flaw)));
    flaws
}

/// Whether an unknown key is most likely what another flaw tells as missing.
fn is_misspelling(unknown: &Flaw, missing: &Flaw) -> bool {
    const CLOSE_ENOUGH: f64 = 0.8;
    let (What::UnknownKey { found, expected }, What::MissingKey { key }) =
        (&unknown.what, &missing.what)
    else {
        return false;
    };
    let within = missing.span.start <= unknown.span.start && unknown.span.end <= missing.span.end;
    let likeness = |key: &str| strsim::jaro_winkler(key, found);
    let is_nearest = expected
        .iter()
        .all(|other| likeness(other) <= likeness(key));
    within && is_nearest && likeness(key) > CLOSE_ENOUGH
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::collections::BTreeMap;
    use std::fmt::Debug;

    use serde::de::{Error, IgnoredAny};
    use serde::{Deserialize, Deserializer};

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Event {
        id: Id,
        #[serde(default)]
        days: u32,
        weight: Option<f64>,
        #[serde(default)]
        edits: Vec<Edit>,
    }

    /// A type that validates after serde's own reading, as most do.
    #[derive(Debug, PartialEq, PartialOrd, Eq, Ord)]
    struct Id(String);

    impl<'de> Deserialize<'de> for Id {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let id = String::deserialize(deserializer)?;
            let plain = id.chars().all(|c| c.is_lowercase() || c == '-');
            if plain {
                Ok(Self(id))
            } else {
                Err(D::Error::custom("an id is all lowercase"))
            }
        }
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case", deny_unknown_fields)]
    enum Edit {
        Keep,
        Drop(Id),
        Move(i8, i8),
        Shift { event: Id, days: i32 },
    }

    fn id(text: &str) -> Id {
        Id(text.to_owned())
    }

    /// The value and the flaws, each with the bytes it points at.
    fn reading<T: DeserializeOwned>(text: &str) -> (Option<T>, Vec<(&str, What)>) {
        let Reading { value, flaws, .. } = read(text, Dialect::Strict);
        let slice = |span: Span| &text[span.start..span.end];
        let flaws = flaws.into_iter().map(|flaw| (slice(flaw.span), flaw.what));
        (value, flaws.collect())
    }

    #[track_caller]
    fn reads<T: DeserializeOwned + Debug + PartialEq>(text: &str, value: T) {
        assert_eq!(reading(text), (Some(value), vec![]), "{text}");
    }

    #[track_caller]
    fn refuses<T: DeserializeOwned + Debug + PartialEq>(text: &str, flaws: &[(&str, What)]) {
        assert_eq!(reading::<T>(text), (None, flaws.to_vec()), "{text}");
    }

    fn wrong(found: &str, expected: &str) -> What {
        What::WrongType {
            found: found.into(),
            expected: expected.into(),
        }
    }

    fn range(found: &str, expected: &str) -> What {
        What::OutOfRange {
            found: found.into(),
            expected: expected.into(),
        }
    }

    fn missing(key: &str) -> What {
        What::MissingKey { key: key.into() }
    }

    fn invalid(message: &str) -> What {
        What::Invalid {
            message: message.into(),
        }
    }

    fn unknown_key(found: &str, expected: &[&str]) -> What {
        let expected = expected.iter().map(|key| (*key).to_owned()).collect();
        What::UnknownKey {
            found: found.into(),
            expected,
        }
    }

    fn unknown_name(found: &str, expected: &[&str]) -> What {
        let expected = expected.iter().map(|name| (*name).to_owned()).collect();
        What::UnknownName {
            found: found.into(),
            expected,
        }
    }

    const EDITS: [&str; 4] = ["keep", "drop", "move", "shift"];

    #[test]
    fn a_text_without_flaws_is_read_whole() {
        let text = r#"{"edits": ["keep", {"drop": "a"}, {"move": [1, -2]}, {"shift":
            {"days": -3, "event": "b"}}], "id": "c-d", "weight": null}"#;
        let edits = vec![
            Edit::Keep,
            Edit::Drop(id("a")),
            Edit::Move(1, -2),
            Edit::Shift {
                event: id("b"),
                days: -3,
            },
        ];
        reads(
            text,
            Event {
                id: id("c-d"),
                days: 0,
                weight: None,
                edits,
            },
        );
    }

    #[test]
    fn every_mistake_of_an_object_is_noted_at_once() {
        let text = r#"{"id": "a", "days": 1.5, "weight": "x", "é": 0, "days": 1, "edits": {}}"#;
        let (event, flaws) = reading::<Event>(text);
        let keys = ["id", "days", "weight", "edits"];
        let expected = [
            ("1.5", wrong("the number 1.5", "a whole number")),
            (r#""x""#, wrong(r#"the string "x""#, "a number")),
            (r#""é""#, unknown_key("é", &keys)),
            (r#""days""#, What::DuplicateKey { key: "days".into() }),
            ("{}", wrong("an object", "a list")),
        ];
        assert_eq!(flaws, expected);
        assert_eq!(
            event,
            Some(Event {
                id: id("a"),
                days: 0,
                weight: None,
                edits: vec![]
            })
        );
    }

    #[test]
    fn mistakes_inside_lists_leave_the_good_elements() {
        let text = r#"{"id": "ü", "edits": [{"drop": "B"}, "kep", "keep",
            {"shift": {"event": "c", "day": 1}}, {"move": [1, 999]}, {"drop": "d"}, {"sift": 1}, [], {},
            "drop", {"keep": null}]}"#;
        let (event, flaws) = reading::<Event>(text);
        let expected = [
            (r#""B""#, invalid("an id is all lowercase")),
            (r#""kep""#, unknown_name("kep", &EDITS)),
            (r#""day""#, unknown_key("day", &["event", "days"])),
            (
                "999",
                range("the number 999", "a whole number from -128 to 127"),
            ),
            (r#""sift""#, unknown_name("sift", &EDITS)),
            ("[]", wrong("a list", "a string or an object with one key")),
            (
                "{}",
                wrong(
                    "an object with 0 keys",
                    "a string or an object with one key",
                ),
            ),
            (
                r#""drop""#,
                wrong(r#"the string "drop""#, r#"an object with the key "drop""#),
            ),
            (
                r#"{"keep": null}"#,
                wrong("an object", r#"the string "keep""#),
            ),
        ];
        assert_eq!(flaws, expected);
        let edits = vec![Edit::Keep, Edit::Drop(id("d"))];
        assert_eq!(
            event,
            Some(Event {
                id: id("ü"),
                days: 0,
                weight: None,
                edits
            })
        );
    }

    #[test]
    fn a_key_that_is_missing_only_because_its_value_was_bad_is_not_reported() {
        refuses::<Event>(r#"{"id": 7}"#, &[("7", wrong("the number 7", "a string"))]);
        let text = r#"[{"id": "a"}, {"id": "B"}]"#;
        let (events, flaws) = reading::<Vec<Event>>(text);
        assert_eq!(flaws, [(r#""B""#, invalid("an id is all lowercase"))]);
        assert_eq!(events.unwrap().len(), 1);
    }

    #[test]
    fn a_missing_key_is_reported_at_its_object_beside_other_mistakes() {
        let text = r#"[{"days": -1}, {"ids": "a"}]"#;
        let keys = ["id", "days", "weight", "edits"];
        let (events, flaws) = reading::<Vec<Event>>(text);
        let expected = [
            (r#"{"days": -1}"#, missing("id")),
            (
                "-1",
                range("the number -1", "a whole number from 0 to 4294967295"),
            ),
            (r#""ids""#, unknown_key("ids", &keys)),
        ];
        assert_eq!(flaws, expected);
        assert_eq!(events, Some(vec![]));
    }

    #[test]
    fn a_refusal_that_may_come_from_what_was_left_out_is_not_reported() {
        #[derive(Debug, PartialEq, Deserialize)]
        #[serde(try_from = "Vec<u8>")]
        struct Pair(u8, u8);
        impl TryFrom<Vec<u8>> for Pair {
            type Error = &'static str;
            fn try_from(list: Vec<u8>) -> Result<Self, &'static str> {
                if let [first, second] = list[..] {
                    Ok(Self(first, second))
                } else {
                    Err("not a pair")
                }
            }
        }
        reads("[1, 2]", Pair(1, 2));
        refuses::<Pair>("[1]", &[("[1]", invalid("not a pair"))]);
        refuses::<Pair>("[1, null]", &[("null", wrong("null", "a whole number"))]);
    }

    #[test]
    fn the_elements_of_a_tuple_do_not_move_up() {
        let (value, flaws) = reading::<Vec<(Id, u8)>>(r#"[[5, 1], ["a", 2], ["b"], ["c", 3, 4]]"#);
        let expected = [
            ("5", wrong("the number 5", "a string")),
            (r#"["b"]"#, wrong("a list of 1 value", "a list of 2 values")),
            (
                r#"["c", 3, 4]"#,
                wrong("a list of 3 values", "a list of 2 values"),
            ),
        ];
        assert_eq!(flaws, expected);
        assert_eq!(value, Some(vec![(id("a"), 2)]));
    }

    #[test]
    fn keys_of_maps_are_validated_at_the_key() {
        let text = r#"{"a": 1, "B": 2, "c": true}"#;
        let (value, flaws) = reading::<BTreeMap<Id, u8>>(text);
        let expected = [
            (r#""B""#, invalid("an id is all lowercase")),
            ("true", wrong("true", "a whole number")),
        ];
        assert_eq!(flaws, expected);
        assert_eq!(value, Some(BTreeMap::from([(id("a"), 1)])));
    }

    #[test]
    fn repeated_keys_are_found_where_the_type_looks_away_and_the_first_counts() {
        let (value, flaws) = reading::<IgnoredAny>(r#"[{"a": {"b": 1, "b": 2}}]"#);
        assert_eq!(flaws, [(r#""b""#, What::DuplicateKey { key: "b".into() })]);
        assert!(value.is_some());
        let (value, _) = reading::<BTreeMap<String, u8>>(r#"{"a": 1, "a": 2}"#);
        assert_eq!(value, Some(BTreeMap::from([("a".to_owned(), 1)])));
    }

    #[test]
    fn whole_numbers_are_read_exactly_and_bounded_by_their_type() {
        reads("9007199254740993", 9_007_199_254_740_993_u64);
        reads("18446744073709551615", u64::MAX);
        reads("-9223372036854775808", i64::MIN);
        reads("340282366920938463463374607431768211455", u128::MAX);
        reads("-0", 0_u32);
        let numbers = "a whole number from 0 to 4294967295";
        refuses::<u32>(
            "4294967296",
            &[("4294967296", range("the number 4294967296", numbers))],
        );
        let nines = "9".repeat(60);
        let found = format!("the number {}…", "9".repeat(40));
        refuses::<u32>(&nines, &[(&nines, range(&found, numbers))]);
        for text in ["1.5", "7.0", "1e2", "1e999"] {
            let found = format!("the number {text}");
            refuses::<u32>(text, &[(text, wrong(&found, "a whole number"))]);
        }
        let other = "a whole number from 0 to 255 other than 0";
        refuses::<std::num::NonZeroU8>("0", &[("0", range("the number 0", other))]);
    }

    #[test]
    fn numbers_keep_every_bit() {
        for number in [
            0.1,
            1.0 / 3.0,
            5e-324,
            f64::MAX,
            9_007_199_254_740_993.0,
            -1e-7,
            1e23,
        ] {
            reads(&format!("{number:?}"), number);
            reads(&format!("{number}"), number);
        }
        reads("7", 7.0);
        reads("0.1", 0.1_f32);
        assert!(reading::<f64>("-0").0.unwrap().is_sign_negative());
        reads("1e-999", 0.0);
        let numbers = "a number from -1.7e308 to 1.7e308";
        refuses::<f64>("1e999", &[("1e999", range("the number 1e999", numbers))]);
        refuses::<f64>("-1e999", &[("-1e999", range("the number -1e999", numbers))]);
        refuses::<f32>(
            "1e39",
            &[(
                "1e39",
                range("the number 1e39", "a number from -3.4e38 to 3.4e38"),
            )],
        );
    }

    #[test]
    fn what_is_wanted_is_said_without_the_words_of_a_programmer() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Unit;
        refuses::<bool>("0", &[("0", wrong("the number 0", "true or false"))]);
        refuses::<String>("null", &[("null", wrong("null", "a string"))]);
        refuses::<char>(
            r#""ab""#,
            &[(r#""ab""#, wrong(r#"the string "ab""#, "a single character"))],
        );
        refuses::<Vec<u8>>("true", &[("true", wrong("true", "a list"))]);
        refuses::<[u8; 2]>("{}", &[("{}", wrong("an object", "a list"))]);
        refuses::<BTreeMap<String, u8>>("[]", &[("[]", wrong("a list", "an object"))]);
        refuses::<Event>(
            "[\"a\", 1]",
            &[("[\"a\", 1]", wrong("a list", "an object"))],
        );
        refuses::<Unit>("1", &[("1", wrong("the number 1", "null"))]);
        refuses::<()>("1", &[("1", wrong("the number 1", "null"))]);
    }

    #[test]
    fn long_strings_are_cut_when_they_are_quoted() {
        let text = format!("{:?}", "é".repeat(41));
        let found = format!("the string \"{}…\"", "é".repeat(40));
        refuses::<bool>(&text, &[(&text, wrong(&found, "true or false"))]);
    }

    #[test]
    fn the_shapes_of_serde_are_read() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Meters(f64);
        #[derive(Debug, PartialEq, Deserialize)]
        struct Unit;
        #[derive(Debug, PartialEq, Deserialize)]
        #[serde(untagged)]
        enum Either {
            Number(i64),
            Text(String),
        }
        reads("1.5", Meters(1.5));
        reads("null", Unit);
        reads("null", ());
        reads("[null, 1]", vec![None, Some(1)]);
        reads(r#""é""#, 'é');
        reads(r#""\ud83d\ude00\n""#, Cow::<str>::Owned("😀\n".to_owned()));
        reads(
            r#"[-1, "a"]"#,
            [Either::Number(-1), Either::Text("a".into())],
        );
        let message = "data did not match any variant of untagged enum Either";
        refuses::<Either>("[]", &[("[]", invalid(message))]);
    }

    #[test]
    fn objects_that_serde_buffers_have_their_flaws_at_the_object_or_at_an_unknown_key() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Entry {
            id: Id,
            #[serde(flatten)]
            act: Act,
        }
        #[derive(Debug, PartialEq, Deserialize)]
        #[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
        enum Act {
            Met { days: u32 },
            Left,
        }
        let met = r#"{"act": "met", "id": "a", "days": 2}"#;
        reads(
            met,
            Entry {
                id: id("a"),
                act: Act::Met { days: 2 },
            },
        );
        reads(r#"{"act": "left"}"#, Act::Left);
        let text = r#"{"act": "met", "id": "a", "days": "x"}"#;
        refuses::<Entry>(
            text,
            &[(text, wrong(r#"the string "x""#, "a whole number"))],
        );
        let text = r#"{"act": "met"}"#;
        refuses::<Act>(text, &[(text, missing("days"))]);
        let (value, flaws) = reading::<Act>(r#"{"act": "met", "day": 1, "days": 2}"#);
        assert_eq!(flaws, [(r#""day""#, unknown_key("day", &["days"]))]);
        assert_eq!(value, Some(Act::Met { days: 2 }));
    }

    #[test]
    fn a_syntax_error_stops_everything_else() {
        let reading = read::<Event>(r#"{"id": 7, "id": 8,}"#, Dialect::Strict);
        let message = "trailing commas are not allowed".to_owned();
        assert_eq!(reading.value, None);
        assert_eq!(
            reading.flaws,
            [Flaw {
                span: (17..18).into(),
                what: What::Syntax { message }
            }]
        );
        assert_eq!(reading.tree.value(&[]), None);
    }

    #[test]
    fn reading_stops_after_so_many_mistakes() {
        let text = format!("[{}0]", "null,".repeat(100_000));
        let reading = read::<Vec<u8>>(&text, Dialect::Strict);
        assert_eq!(reading.value, None);
        assert_eq!(reading.flaws.len(), ROUND_LIMIT);
    }

    #[test]
    fn no_prefix_of_a_text_panics_and_none_lacks_a_value_without_a_flaw() {
        let text = r#" // ü
            {"id": "a\u00fc\ud83d\ude00", "days": -1.5e+3, /* é */ "weight": null,
            "x": [true, false,], "edits": ["keep", {"drop": "ß"}, {"shift":
            {"event": "c", "days": 0}}, {"move": [1, 2]},],} "#;
        for (end, _) in text.char_indices() {
            for dialect in [Dialect::Strict, Dialect::Commented] {
                let Reading { value, flaws, .. } = read::<Event>(&text[..end], dialect);
                assert!(value.is_some() || !flaws.is_empty());
                for Flaw { span, .. } in flaws {
                    assert!(
                        text[..end].get(span.start..span.end).is_some(),
                        "{span:?} of {end}"
                    );
                }
            }
        }
    }

    const TREE_TEXT: &str = r#"{"é": [1, {"b": "ü"}], "c": {}, "é": 2} // end"#;

    fn tree() -> Tree {
        read::<IgnoredAny>(TREE_TEXT, Dialect::Commented).tree
    }

    fn tree_slice(span: Option<Span>) -> &'static str {
        span.map_or("nothing", |span| &TREE_TEXT[span.start..span.end])
    }

    #[test]
    fn a_path_leads_to_a_value_and_to_its_key() {
        let path = ["é".into(), 1.into(), "b".into()];
        assert_eq!(tree_slice(tree().value(&path)), "\"ü\"");
        assert_eq!(tree_slice(tree().key(&path)), "\"b\"");
        assert_eq!(tree_slice(tree().value(&["é".into(), 0.into()])), "1");
        assert_eq!(
            tree().value(&[]).unwrap().end,
            TREE_TEXT.len() - " // end".len()
        );
    }

    #[test]
    fn a_path_that_leads_nowhere_has_no_span() {
        for path in [
            ["é".into(), 2.into()],
            ["c".into(), 0.into()],
            [0.into(), "b".into()],
        ] {
            assert_eq!(tree().value(&path), None);
        }
        assert_eq!(tree().key(&["é".into(), 0.into()]), None);
        assert_eq!(tree().key(&[]), None);
    }

    #[test]
    fn keys_come_in_the_order_of_the_text_and_once() {
        assert_eq!(tree().keys(&[]).collect::<Vec<_>>(), ["é", "c"]);
        assert_eq!(tree().keys(&["é".into()]).count(), 0);
    }

    #[test]
    fn a_text_that_is_not_json_has_an_empty_tree() {
        let tree = read::<IgnoredAny>("[1", Dialect::Strict).tree;
        assert_eq!(tree.value(&[]), None);
        assert_eq!(tree.keys(&[]).count(), 0);
    }
}
