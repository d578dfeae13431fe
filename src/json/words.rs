//! What serde calls things, in words for someone who does not program.

use serde::de::{Expected, Unexpected};

const STRING_OR_ONE_KEY: &str = "a string or an object with one key";

/// Longer strings and numbers are cut in messages.
const QUOTE_LIMIT_CHARACTERS: usize = 40;

/// A value that was found.
pub(super) fn found(unexpected: Unexpected<'_>) -> String {
    match unexpected {
        Unexpected::Bool(value) => value.to_string(),
        Unexpected::Unsigned(value) => number(&value.to_string()),
        Unexpected::Signed(value) => number(&value.to_string()),
        Unexpected::Float(value) => number(&format!("{value:?}")),
        Unexpected::Char(value) => string(value.encode_utf8(&mut [0; 4])),
        Unexpected::Str(value) => string(value),
        Unexpected::Unit => "null".to_owned(),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::UnitVariant => "a string".to_owned(),
        Unexpected::Map
        | Unexpected::NewtypeVariant
        | Unexpected::TupleVariant
        | Unexpected::StructVariant => "an object".to_owned(),
        Unexpected::Other(value) => value.to_owned(),
        never_in_json => never_in_json.to_string(),
    }
}

pub(super) fn number(written: &str) -> String {
    format!("the number {}", cut(written))
}

/// A string, quoted.
pub(super) fn string(value: &str) -> String {
    format!("the string {:?}", cut(value))
}

/// A list of so many values.
pub(super) fn list_of(length: usize) -> String {
    let plural = if length == 1 { "" } else { "s" };
    format!("a list of {length} value{plural}")
}

/// The kind of value that was expected. Derived implementations name a Rust type; what others say
/// is kept.
pub(super) fn expected(expected: &dyn Expected) -> String {
    let name = expected.to_string();
    let begins = |beginnings: &[&str]| beginnings.iter().any(|it| name.starts_with(it));
    let plain = match name.as_str() {
        "a boolean" => "true or false",
        "f32" | "f64" => "a number",
        "a character" => "a single character",
        "option" => "a value or null",
        "unit" => "null",
        "a sequence" => "a list",
        "an empty array" => "an empty list",
        "a map" => "an object",
        "string or map" | "map with a single key" => STRING_OR_ONE_KEY,
        "newtype variant" | "tuple variant" => "an object with one key",
        _ if begins(&["enum "]) => STRING_OR_ONE_KEY,
        _ if begins(&["unit struct "]) => "null",
        _ if begins(&["struct ", "internally tagged ", "adjacently tagged "]) => "an object",
        _ if begins(&["tuple ", "a tuple of ", "an array of "]) => "a list",
        _ if whole_numbers(&name).is_some() => "a whole number",
        _ => &name,
    };
    plain.to_owned()
}

/// The kind of value that was expected in place of one. Of a list an example is made with the one
/// name that was found.
pub(super) fn expected_instead(found: Unexpected<'_>, wanted: &dyn Expected) -> String {
    match found {
        Unexpected::Str(name) if !name.is_empty() && wanted.to_string() == "a sequence" => {
            format!("a list, such as [{:?}]", cut(name))
        }
        _ => expected(wanted),
    }
}

pub(super) fn expected_range(expected_number: &dyn Expected) -> String {
    let name = expected_number.to_string();
    match name.as_str() {
        "f32" => "a number from -3.4e38 to 3.4e38".to_owned(),
        "f64" | "any value" => "a number from -1.7e308 to 1.7e308".to_owned(),
        _ => whole_numbers(&name).unwrap_or_else(|| expected(expected_number)),
    }
}

/// The range of one of Rust's integer types, by its name.
fn whole_numbers(name: &str) -> Option<String> {
    macro_rules! range_of {
        ($name:expr => $($integer:ident)*) => {
            match $name {
                $(stringify!($integer) => {
                    format!("a whole number from {} to {}", $integer::MIN, $integer::MAX)
                })*
                _ => return None,
            }
        };
    }
    let integer = name.trim_start_matches("a nonzero ");
    let besides = if integer == name { "" } else { " other than 0" };
    let range = range_of!(integer => u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);
    Some(range + besides)
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(QUOTE_LIMIT_CHARACTERS) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_owned() + "…",
        None => text.to_owned(),
    }
}
