//! The code of a text, in whichever way codes are read.

use super::codes::{CodeIx, Codes};
use super::weight::Weight;
use super::weis;

impl Codes {
    /// The code of a row's text.
    #[must_use]
    #[inline]
    pub fn find(self, text: &[u8]) -> Option<CodeIx> {
        match self {
            Self::AsTheyAre => CodeIx::find(text).or_else(|| CodeIx::find(plain(text)?)),
            Self::Padded => CodeIx::of_number(text),
            Self::Weis => weis::code(text).map(|(code, _)| code),
        }
    }

    /// The weight that comes with a text where the codes are not CAMEO's, whose weights are in the
    /// table.
    #[must_use]
    pub fn weight(self, text: &[u8]) -> Option<Weight> {
        match self {
            Self::AsTheyAre | Self::Padded => None,
            Self::Weis => weis::code(text)?.1,
        }
    }
}

/// A text without what spreadsheets put around it so that it stays a text: `'042`, `="042"`.
fn plain(text: &[u8]) -> Option<&[u8]> {
    let formula = text.strip_prefix(b"=").unwrap_or(text);
    let marks: &[u8] = b"\"'";
    let start = formula.iter().position(|byte| !marks.contains(byte))?;
    let end = formula.iter().rposition(|byte| !marks.contains(byte))?;
    let inside = &formula[start..=end];
    (inside.len() < text.len()).then_some(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_puts_around_a_code_is_taken_off() {
        for text in ["042", "'042", "=\"042\"", "\"042\"", "=\"\"042\"\""] {
            let found = Codes::AsTheyAre.find(text.as_bytes());
            assert_eq!(found, CodeIx::find(b"042"), "{text}");
        }
        for text in ["", "'", "=", "04 2", "x042"] {
            assert_eq!(Codes::AsTheyAre.find(text.as_bytes()), None, "{text}");
        }
    }
}
