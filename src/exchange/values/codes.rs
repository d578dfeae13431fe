//! The CAMEO table as readers need it: by bytes, by event text, with weights ready to add.

use super::weight::Weight;
use crate::model::{Code, Weights};
use std::collections::HashMap;
use std::sync::LazyLock;

/// A code of the table, as its place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeIx(u16);

/// A class of codes: 0 verbal cooperation, 1 material cooperation, 2 verbal conflict, 3 material
/// conflict.
pub type QuadClass = usize;

/// How many classes there are.
pub const QUAD_CLASSES: usize = 4;

/// How the twenty roots are cut into classes: the last root of each of the first three.
///
/// GDELT's own column cuts 01-05, 06-09, 10-14, 15-20; the CAMEO manual and ICEWS cut 01-05, 06-08,
/// 09-13, 14-20. So investigating (09) and protesting (14) change class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quads {
    /// As in GDELT's column.
    Gdelt,
    /// As in the CAMEO manual and in ICEWS.
    Cameo,
}

impl Quads {
    /// The class of a root.
    #[must_use]
    pub const fn class(self, root: u8) -> QuadClass {
        let ends = match self {
            Self::Gdelt => [5, 9, 14],
            Self::Cameo => [5, 8, 13],
        };
        (root > ends[0]) as usize + (root > ends[1]) as usize + (root > ends[2]) as usize
    }

    /// The name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gdelt => "gdelt",
            Self::Cameo => "cameo",
        }
    }
}

/// How the codes of rows are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Codes {
    /// As they stand.
    #[default]
    AsTheyAre,
    /// As numbers whose leading 0 is put back: `46` and `46.0` are `046`, and `10` is `010`, never
    /// the root 10.
    Padded,
    /// As codes of WEIS, each read as the code of CAMEO that comes closest.
    Weis,
}

struct Known {
    code: Code,
    root: u8,
    gdelt: Weight,
    icews: Weight,
}

static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let known = |code: Code| Known {
        code,
        root: code.row().code[..2].parse().unwrap_or_default(),
        gdelt: Weight::of(code.weight(Weights::Gdelt)),
        icews: Weight::of(code.weight(Weights::Icews)),
    };
    Code::all().map(known).collect()
});

/// Where each text of two to four digits stands among the codes; see [`slot`].
static PLACES: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let mut places = vec![u16::MAX; SLOTS];
    for (place, known) in (0..).zip(KNOWN.iter()) {
        if let Some(slot) = slot(known.code.row().code.as_bytes()) {
            places[slot] = place;
        }
    }
    places
});

const SLOTS: usize = 11_100;

/// A place of its own for each text of two to four digits: `10` and `010` are different codes.
fn slot(text: &[u8]) -> Option<usize> {
    let start = match text.len() {
        2 => 0,
        3 => 100,
        4 => 1_100,
        _ => return None,
    };
    let mut number = 0;
    for byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number * 10 + usize::from(digit);
    }
    Some(start + number)
}

impl CodeIx {
    /// The code of a text of digits.
    #[must_use]
    pub fn find(text: &[u8]) -> Option<Self> {
        let place = PLACES[slot(text)?];
        (place != u16::MAX).then_some(Self(place))
    }

    /// The code of a text that a program has saved as a number, which has no leading 0 and may have
    /// `.0` behind it. Where both the text and the text with a 0 in front are codes, it is the
    /// latter.
    #[must_use]
    pub fn of_number(text: &[u8]) -> Option<Self> {
        let digits = text.strip_suffix(b".0").unwrap_or(text);
        let mut padded = [b'0'; 4];
        let end = digits.len() + 1;
        if let Some(place) = padded.get_mut(1..end) {
            place.copy_from_slice(digits);
        }
        let with_zero = padded.get(..end).and_then(Self::find);
        with_zero.or_else(|| Self::find(digits))
    }

    /// The code of an event text as ICEWS writes it, whatever its case. Of a root and its sub-code
    /// of the same name (`04` and `040`) it is the sub-code.
    #[must_use]
    pub fn of_text(text: &str) -> Option<Self> {
        static TEXTS: LazyLock<HashMap<String, CodeIx>> = LazyLock::new(|| {
            // What comes later has more digits than its root.
            (0..)
                .zip(KNOWN.iter())
                .map(|(place, known)| (known.code.row().name.to_lowercase(), CodeIx(place)))
                .collect()
        });
        TEXTS.get(&text.trim().to_lowercase()).copied()
    }

    /// The code.
    #[must_use]
    pub fn code(self) -> Code {
        KNOWN[usize::from(self.0)].code
    }

    /// Its root, 1 to 20.
    #[must_use]
    pub fn root(self) -> u8 {
        KNOWN[usize::from(self.0)].root
    }

    /// Its weight in the table.
    #[must_use]
    pub fn weight(self, weights: Weights) -> Weight {
        let known = &KNOWN[usize::from(self.0)];
        match weights {
            Weights::Gdelt => known.gdelt,
            Weights::Icews => known.icews,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found_by_its_bytes_and_no_other_text_is() {
        for code in Code::all() {
            let found = CodeIx::find(code.row().code.as_bytes());
            assert_eq!(found.map(CodeIx::code), Some(code));
        }
        for text in ["", "1", "10 ", "---", "21", "99999", "0x1"] {
            assert_eq!(CodeIx::find(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn every_code_saved_as_a_number_is_found_again_but_for_roots_that_another_code_is_saved_as() {
        let mut others = Vec::new();
        for code in Code::all().map(|code| code.row().code) {
            let number = code.trim_start_matches('0');
            for text in [number.to_owned(), format!("{number}.0")] {
                let found = CodeIx::of_number(text.as_bytes());
                let found = found.unwrap().code().row().code;
                if found != code && !others.contains(&(code, found)) {
                    others.push((code, found));
                }
            }
        }
        let roots =
            (10..=20).filter(|root| Code::all().any(|code| code.row().code == format!("0{root}")));
        let expected: Vec<_> = roots
            .map(|root| (format!("{root}"), format!("0{root}")))
            .collect();
        let others: Vec<_> = others
            .into_iter()
            .map(|(code, found)| (code.to_owned(), found.to_owned()))
            .collect();
        assert_eq!(others, expected);
        for text in ["", "---", ".0", "99999", "1.5"] {
            assert_eq!(CodeIx::of_number(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_text_of_a_root_and_its_sub_code_is_the_sub_code() {
        let code = |text| CodeIx::of_text(text).map(|found| found.code().to_string());
        assert_eq!(code("consult").as_deref(), Some("040"));
        assert_eq!(code("Make statement").as_deref(), Some("010"));
        assert_eq!(code("No such thing"), None);
    }

    #[test]
    fn roots_are_cut_into_classes_as_each_source_cuts_them() {
        for (quads, lasts) in [(Quads::Gdelt, [5, 9, 14]), (Quads::Cameo, [5, 8, 13])] {
            for root in 1..=20 {
                let class = lasts.iter().filter(|last| root > **last).count();
                assert_eq!(quads.class(root), class, "{} {root}", quads.name());
            }
        }
        let names = [Quads::Gdelt, Quads::Cameo].map(Quads::name);
        assert_eq!(names, ["gdelt", "cameo"]);
    }

    #[test]
    fn investigating_and_protesting_change_class_between_the_two_cuts() {
        let differing: Vec<_> = (1..=20)
            .filter(|&root| Quads::Gdelt.class(root) != Quads::Cameo.class(root))
            .collect();
        assert_eq!(differing, [9, 14]);
    }
}
