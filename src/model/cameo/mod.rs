//! CAMEO: what can be done, as 312 codes, each with its weight on the Goldstein scale.
//!
//! Codes are text: `010` and `10` are different codes. The weights follow Goldstein (1992, "A
//! Conflict-Cooperation Scale for WEIS Events Data", Journal of Conflict Resolution 36:2), carried
//! over to CAMEO by the KEDS project. GDELT and ICEWS publish the same table but for the codes 016,
//! 022, 164 and 165; 1213 is in the ICEWS list only.

mod row;

mod codes;

use crate::text::serde_as_text;
use codes::CODES;
pub use row::Cameo;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

/// Which published variant of the Goldstein weights counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Weights {
    /// The weights of GDELT's look-up file.
    #[default]
    Gdelt,
    /// The weights of ICEWS.
    Icews,
}

impl Weights {
    /// The name as it is written in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gdelt => "gdelt",
            Self::Icews => "icews",
        }
    }
}

/// A code of the table, held as its place in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(u16);

impl Code {
    /// All codes in the order of their text.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..CODES.len() as u16).map(Self)
    }

    /// The table's row for this code.
    #[must_use]
    pub fn row(self) -> &'static Cameo {
        &CODES[usize::from(self.0)]
    }

    /// The Goldstein weight of this code, from -10 to +10.
    #[must_use]
    pub fn weight(self, weights: Weights) -> f64 {
        match weights {
            Weights::Gdelt => self.row().goldstein_gdelt,
            Weights::Icews => self.row().goldstein_icews,
        }
    }
}

/// A text that is not one of the codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCode {
    /// The text.
    pub found: String,
    /// A code that may have been meant: a lost leading zero, a level too many.
    pub near: Option<Code>,
}

impl FromStr for Code {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        find(text).ok_or_else(|| UnknownCode {
            found: text.chars().take(40).collect(),
            near: nearest(text),
        })
    }
}

/// Which code each number of up to four digits is, if it is one.
static PLACES: LazyLock<Vec<Option<Code>>> = LazyLock::new(|| {
    let mut places = vec![None; 20_000];
    for (code, row) in (0..).map(Code).zip(CODES) {
        if let Some(number) = number(row.code) {
            places[number] = Some(code);
        }
    }
    places
});

/// A text of up to four digits as a number behind a 1, which keeps zeros in front.
fn number(text: &str) -> Option<usize> {
    let is_one = text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    let more = |number, byte| number * 10 + usize::from(byte - b'0');
    is_one.then(|| text.bytes().fold(1, more))
}

fn find(text: &str) -> Option<Code> {
    PLACES[number(text)?]
}

/// First the lost leading zero, then the closest code above it in the hierarchy.
fn nearest(text: &str) -> Option<Code> {
    if !text.is_ascii() {
        return None;
    }
    find(&format!("0{text}")).or_else(|| (2..text.len()).rev().find_map(|end| find(&text[..end])))
}

impl fmt::Display for UnknownCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "`{}` is not a CAMEO code", self.found)?;
        if let Some(near) = self.near {
            let row = near.row();
            write!(out, "; did you mean `{}` ({})?", row.code, row.name)?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownCode {}

impl fmt::Display for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.row().code)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Code({self})")
    }
}

serde_as_text!(Code, "a CAMEO code as a string, such as \"041\"");

#[cfg(test)]
impl schemars::JsonSchema for Code {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Code".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A CAMEO code: two to four digits as text.",
            "type": "string",
            "pattern": "^[0-9]{2,4}$"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_every_code_is_found() {
        assert!(CODES.is_sorted_by(|a, b| a.code < b.code));
        for code in Code::all() {
            assert_eq!(code.row().code.parse(), Ok(code));
        }
        assert_eq!(format!("{:?}", "041".parse::<Code>()), "Ok(Code(041))");
    }

    #[test]
    fn of_all_texts_of_digits_the_codes_alone_are_codes() {
        for length in 1..=4 {
            for number in 0..10_u32.pow(length) {
                let text = format!("{number:0length$}", length = length as usize);
                let place = CODES.binary_search_by(|row| row.code.cmp(text.as_str()));
                let code = place.ok().map(|place| Code(place as u16));
                assert_eq!(find(&text), code, "{text}");
            }
        }
        assert_eq!((find(""), find("00410")), (None, None));
    }

    #[test]
    fn weights_stay_on_the_scale() {
        for code in Code::all() {
            for weights in [Weights::Gdelt, Weights::Icews] {
                assert!(code.weight(weights).abs() <= 10.0, "{code}");
            }
        }
    }

    #[test]
    fn the_two_published_variants_differ_in_four_codes() {
        let differing: Vec<_> = Code::all()
            .filter(|code| code.weight(Weights::Gdelt) != code.weight(Weights::Icews))
            .map(|code| code.to_string())
            .collect();
        assert_eq!(differing, ["016", "022", "164", "165"]);
    }

    #[test]
    fn a_lost_leading_zero_is_suggested() {
        let error = "41".parse::<Code>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`41` is not a CAMEO code; did you mean `041` (Discuss by telephone)?"
        );
        let error = "1929".parse::<Code>().unwrap_err();
        assert_eq!(error.near.map(|near| near.row().code), Some("192"));
    }
}
