//! The chain: each line of a log carries a digest of itself and of every line before it.
//!
//! It shows accidents and quiet edits, not a forger who chains anew.

use super::lanes;
use crate::text::serde_as_text;
use std::fmt;
use std::str::FromStr;

/// The end of a chain: 128 bits, written as 32 hexadecimal digits in small letters.
///
/// The first 128 bits of BLAKE3 over the chain of the line before (16 zero bytes before the first
/// line) and the BLAKE3 digest of the line's bytes before `,"chain"`.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Chain([u8; SIZE]);

const SIZE: usize = 16;

/// How many bytes the chain field takes at the end of a line: `,"chain":"`, the digits, `"}`.
const FIELD_LENGTH: usize = FIELD.len() + 2 * SIZE + END.len();
const FIELD: &[u8] = b",\"chain\":\"";
const END: &[u8] = b"\"}";

/// What a line's chain covers, digested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest([u8; 32]);

impl Digest {
    /// In the place of one that is not known yet.
    const NONE: Self = Self([0; 32]);

    /// The digests of the bodies of several lines, which takes less time than one by one.
    pub(super) fn of_each(bodies: &[&[u8]]) -> impl Iterator<Item = Self> {
        lanes::digests(bodies).into_iter().map(Self)
    }

    /// The digest of a line's bytes before `,"chain"`.
    #[must_use]
    pub fn of(body: &[u8]) -> Self {
        Self(*blake3::hash(body).as_bytes())
    }
}

impl Chain {
    /// What stands before the first line.
    pub const START: Self = Self([0; SIZE]);

    /// The chain of the next line, given the digest of its body.
    #[must_use]
    pub fn next(self, body: Digest) -> Self {
        let mut chain = Self::START;
        let whole = blake3::hash(&self.with(body));
        chain.0.copy_from_slice(&whole.as_bytes()[..SIZE]);
        chain
    }

    /// Takes a line (without its line feed) apart into the bytes that its chain covers and the
    /// chain.
    #[must_use]
    pub fn split(line: &[u8]) -> Option<(&[u8], Self)> {
        let (body, field) = line.split_at_checked(line.len().checked_sub(FIELD_LENGTH)?)?;
        let digits = field.strip_prefix(FIELD)?.strip_suffix(END)?;
        Some((body, Self::from_digits(digits)?))
    }

    /// Whether there is a whole chain field anywhere in some bytes, as in a line that is whole.
    #[must_use]
    pub fn is_within(bytes: &[u8]) -> bool {
        memchr::memmem::find_iter(bytes, FIELD).any(|place| {
            let field = bytes.get(place..place + FIELD_LENGTH);
            field.is_some_and(|field| Self::split(field).is_some())
        })
    }

    /// Appends the chain field to a line's body, which is its bytes without the closing brace.
    pub fn close(self, line: &mut Vec<u8>) {
        let mut digits = [[0; 2]; SIZE];
        for (both, byte) in digits.iter_mut().zip(self.0) {
            *both = [digit(byte >> 4), digit(byte & 15)];
        }
        line.extend_from_slice(FIELD);
        line.extend_from_slice(digits.as_flattened());
        line.extend_from_slice(END);
    }

    /// Of each of some lines that stand one behind the other, and behind a chain, the chain that it
    /// has and the one that it must have; nothing of a line without.
    pub(in crate::history) fn of_lines<'a>(
        lines: impl Iterator<Item = &'a [u8]>,
        mut before: Self,
        chains: &mut Vec<Option<[Self; 2]>>,
    ) {
        chains.clear();
        let mut bodies = Vec::new();
        let mut expected = Vec::new();
        for line in lines {
            let split = Self::split(line);
            if let Some((body, found)) = split {
                bodies.push(body);
                expected.push(before.with(Digest::NONE));
                before = found;
            }
            chains.push(split.map(|(_, found)| [found; 2]));
        }
        for (both, digest) in expected.iter_mut().zip(Digest::of_each(&bodies)) {
            both[SIZE..].copy_from_slice(&digest.0);
        }
        let messages: Vec<_> = expected.iter().map(|both| &both[..]).collect();
        let chained = chains.iter_mut().flatten();
        for ([_, expected], digest) in chained.zip(lanes::digests(&messages)) {
            expected.0.copy_from_slice(&digest[..SIZE]);
        }
    }

    /// What the chain of a line is digested from: the one before it, and the digest of its body.
    fn with(self, body: Digest) -> [u8; SIZE + 32] {
        let mut both = [0; SIZE + 32];
        let (before, digest) = both.split_at_mut(SIZE);
        before.copy_from_slice(&self.0);
        digest.copy_from_slice(&body.0);
        both
    }

    fn from_digits(digits: &[u8]) -> Option<Self> {
        let digits: &[u8; 2 * SIZE] = digits.try_into().ok()?;
        let values = digits.map(|digit| VALUES[usize::from(digit)]);
        // No digit has any of the high bits, and what is no digit has all of them.
        if values.iter().fold(0, |all, value| all | value) > 15 {
            return None;
        }
        let (pairs, _) = values.as_chunks::<2>();
        let mut chain = Self::START;
        for (byte, [high, low]) in chain.0.iter_mut().zip(pairs) {
            *byte = high << 4 | low;
        }
        Some(chain)
    }
}

const fn digit(value: u8) -> u8 {
    if value < 10 {
        b'0' + value
    } else {
        b'a' + value - 10
    }
}

/// What each byte is worth as a digit.
const VALUES: [u8; 256] = {
    let mut values = [u8::MAX; 256];
    let mut value = 0;
    while value < 16 {
        values[digit(value) as usize] = value;
        value += 1;
    }
    values
};

/// A text that is not the end of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAChain;

impl fmt::Display for NotAChain {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a chain has 32 hexadecimal digits in small letters")
    }
}

impl std::error::Error for NotAChain {}

impl FromStr for Chain {
    type Err = NotAChain;

    fn from_str(text: &str) -> Result<Self, NotAChain> {
        Self::from_digits(text.as_bytes()).ok_or(NotAChain)
    }
}

impl fmt::Display for Chain {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

impl fmt::Debug for Chain {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Chain({self})")
    }
}

serde_as_text!(Chain, "a chain as a string of 32 hexadecimal digits");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_closed_and_taken_apart_again() {
        let chain = Chain::START.next(Digest::of(b"{\"seq\":1"));
        let mut line = b"{\"seq\":1".to_vec();
        chain.close(&mut line);
        assert_eq!(Chain::split(&line), Some((&b"{\"seq\":1"[..], chain)));
        assert_eq!(line.len(), 8 + 44);
    }

    #[test]
    fn the_chain_is_what_the_readme_says_it_is() {
        // BLAKE3 over 16 zero bytes and BLAKE3 of `{"seq":1`, the first 16 bytes, as b3sum gives
        // them.
        let mut bytes = vec![0; 16];
        bytes.extend_from_slice(blake3::hash(b"{\"seq\":1").as_bytes());
        let whole = blake3::hash(&bytes).to_hex();
        let chain = Chain::START.next(Digest::of(b"{\"seq\":1"));
        assert_eq!(chain.to_string(), whole[..32]);
        assert_eq!(whole[..32].parse(), Ok(chain));
    }

    #[test]
    fn lines_have_the_same_chains_together_as_one_by_one() {
        let bodies: Vec<_> = (1..60).map(|length| vec![b'x'; length * 31]).collect();
        let (mut lines, mut one_by_one) = (Vec::new(), Vec::new());
        let mut before = Chain::START;
        for (place, body) in bodies.iter().enumerate() {
            let expected = before.next(Digest::of(body));
            // Some have no chain, and some another.
            let found = match place % 7 {
                3 => None,
                5 => Some(Chain::START.next(Digest::of(b"another"))),
                _ => Some(expected),
            };
            let mut line = body.clone();
            if let Some(chain) = found {
                chain.close(&mut line);
            }
            lines.push(line);
            one_by_one.push(found.map(|found| [found, expected]));
            before = found.unwrap_or(before);
        }
        let mut together = Vec::new();
        Chain::of_lines(
            lines.iter().map(|line| &line[..]),
            Chain::START,
            &mut together,
        );
        assert_eq!(together, one_by_one);
    }

    #[test]
    fn anything_but_32_small_digits_is_no_chain() {
        for text in ["", "00", &"A".repeat(32), &"g".repeat(32), &"0".repeat(33)] {
            assert_eq!(text.parse::<Chain>(), Err(NotAChain), "{text}");
        }
    }

    #[test]
    fn a_whole_chain_is_found_wherever_it_stands() {
        let mut line = b"{\"seq\":1".to_vec();
        Chain::START.close(&mut line);
        for (before, behind) in [("", ""), ("xy\n", ""), ("", "\nxy"), ("xy", "xy")] {
            let bytes = [before.as_bytes(), &line, behind.as_bytes()].concat();
            assert!(Chain::is_within(&bytes), "{before:?} {behind:?}");
        }
        assert!(Chain::is_within(&line[8..]));
        for bytes in [&line[..line.len() - 1], &line[9..], FIELD, b""] {
            assert!(!Chain::is_within(bytes), "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn a_chain_is_shown_by_its_digits() {
        let digits = "0f".repeat(16);
        let chain: Chain = digits.parse().unwrap();
        assert_eq!(
            format!("{chain} {chain:?}"),
            format!("{digits} Chain({digits})")
        );
        let digits = "32 hexadecimal digits";
        assert!(
            "0".parse::<Chain>()
                .unwrap_err()
                .to_string()
                .contains(digits)
        );
    }
}
