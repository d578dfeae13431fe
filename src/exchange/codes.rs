//! The CAMEO table as readers need it: by bytes, by event text, with weights ready to add.

use super::weight::Weight;
use crate::model::{Code, Weights};
use std::collections::HashMap;
use std::sync::LazyLock;

/// A code of the table, as its place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeIx(u16);

/// A class of codes: 0 verbal cooperation, 1 material cooperation, 2 verbal conflict, 3 material conflict.
pub type QuadClass = usize;

/// How many classes there are.
pub const QUAD_CLASSES: usize = 4;

/// How the twenty roots are cut into classes: the last root of each of the first three.
///
/// GDELT's own column cuts 01-05, 06-09, 10-14, 15-20; the CAMEO manual and ICEWS cut 01-05, 06-08, 09-13, 14-20.
/// So investigating (09) and protesting (14) change class.
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

    /// The code of an event text as ICEWS writes it, whatever its case. Of a root and its sub-code of the same name (`04`
    /// and `040`) it is the sub-code.
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

    /// Its place in the table.
    #[must_use]
    pub const fn place(self) -> u16 {
        self.0
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
    fn a_text_of_a_root_and_its_sub_code_is_the_sub_code() {
        let code = |text| CodeIx::of_text(text).map(|found| found.code().to_string());
        assert_eq!(code("consult").as_deref(), Some("040"));
        assert_eq!(code("Make statement").as_deref(), Some("010"));
        assert_eq!(code("No such thing"), None);
    }

    #[test]
    fn investigating_and_protesting_change_class_between_the_two_cuts() {
        let differing: Vec<_> = (1..=20)
            .filter(|&root| Quads::Gdelt.class(root) != Quads::Cameo.class(root))
            .collect();
        assert_eq!(differing, [9, 14]);
    }
}
