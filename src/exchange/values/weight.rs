//! Weights as whole millionths of a degree, so that sums of them are exact in any order.

use std::fmt;

/// A weight on the Goldstein scale, in millionths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Weight(i32);

/// The bound of the Goldstein scale on either side, in degrees.
const BOUND_DEGREES: i32 = 10;

impl Weight {
    /// How many parts a degree has.
    pub const PARTS: i32 = 1_000_000;

    /// The nearest weight to a number of degrees on the scale.
    #[must_use]
    pub fn of(degrees: f64) -> Self {
        Self(libm::rint(degrees * f64::from(Self::PARTS)) as i32)
    }

    /// Reads a decimal number such as `-2.0`, to the nearest millionth, without going through a
    /// binary one; halves go away from 0. What lies beyond the scale, and what is no number, is no
    /// weight.
    ///
    /// Also read, since the scale leaves no other meaning to them: a decimal comma, an exponent,
    /// the minus sign of typography, and a negative number in brackets.
    #[must_use]
    pub fn parse(text: &[u8]) -> Option<Self> {
        Self::of_digits(text).or_else(|| Self::of_other(text))
    }

    fn of_digits(text: &[u8]) -> Option<Self> {
        let (negative, digits) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            _ => (false, text),
        };
        let (mut value, mut scale, mut seen) = (0_i32, Self::PARTS, false);
        let mut in_fraction = false;
        for &byte in digits {
            match byte {
                b'.' | b',' if !in_fraction => in_fraction = true,
                b'0'..=b'9' => {
                    let digit = i32::from(byte - b'0');
                    seen = true;
                    if in_fraction {
                        // The first digit past the last that is kept decides.
                        value += i32::from(scale == 1 && digit >= 5);
                        scale /= 10;
                        value += digit * scale;
                    } else {
                        value = value * 10 + digit * Self::PARTS;
                        if value > BOUND_DEGREES * Self::PARTS {
                            return None;
                        }
                    }
                }
                _ => return None,
            }
        }
        let is_on_scale = value <= BOUND_DEGREES * Self::PARTS;
        (seen && is_on_scale).then_some(Self(if negative { -value } else { value }))
    }

    /// The spellings that few files have.
    fn of_other(text: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok()?;
        let in_brackets = text
            .strip_prefix('(')
            .and_then(|rest| rest.strip_suffix(')'));
        if let Some(number) = text.strip_prefix('\u{2212}').or(in_brackets) {
            let is_bare = !number.starts_with(['+', '-']);
            let weight = Self::of_digits(number.as_bytes()).filter(|_| is_bare);
            return weight.map(|weight| Self(-weight.0));
        }
        let has_exponent = text.bytes().any(|byte| matches!(byte, b'e' | b'E'));
        let number = text.replace(',', ".").parse::<f64>().ok()?;
        let weight = Self::of(number);
        let is_on_scale = weight.0.unsigned_abs() <= (BOUND_DEGREES * Self::PARTS).unsigned_abs();
        (has_exponent && number.is_finite() && is_on_scale).then_some(weight)
    }

    /// In degrees.
    #[must_use]
    pub fn degrees(self) -> f64 {
        f64::from(self.0) / f64::from(Self::PARTS)
    }

    /// In millionths of a degree.
    #[must_use]
    pub const fn parts(self) -> i32 {
        self.0
    }
}

impl fmt::Display for Weight {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.degrees().fmt(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_is_told_in_degrees() {
        for text in ["-10", "3.4", "0", "-0.5"] {
            let weight = Weight::parse(text.as_bytes());
            assert_eq!(weight.unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_number_far_off_the_scale_is_none() {
        for text in ["-1e30", "1e308", "-9223372036854775808", "-1e9", "(1e30)"] {
            assert_eq!(Weight::parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_decimal_number_is_read_exactly() {
        for (text, parts) in [
            ("-2.0", -2_000_000),
            ("0", 0),
            ("+3.4", 3_400_000),
            ("10", 10_000_000),
            ("-10.0", -10_000_000),
            ("10.00000000", 10_000_000),
            ("9.99999999", 10_000_000),
            (".5", 500_000),
            ("1.2345678", 1_234_568),
            ("1.2345674", 1_234_567),
            ("0.0000005", 1),
            // As binary floats come back from a program that prints all their digits.
            ("1.8999999999999999", 1_900_000),
            ("-2.0000000000000004", -2_000_000),
            ("-9.9999999999999982", -10_000_000),
            ("10.000000000000002", 10_000_000),
            ("-5.551115123125783e-17", 0),
            ("1.9E+00", 1_900_000),
            ("-8,0", -8_000_000),
            ("\u{2212}8.0", -8_000_000),
            ("(8.0)", -8_000_000),
        ] {
            let weight = Weight::parse(text.as_bytes()).map(Weight::parts);
            assert_eq!(weight, Some(parts), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_or_off_the_scale_is_no_weight() {
        for text in [
            "",
            "-",
            ".",
            "47",
            "-10.1",
            "10.000001",
            "10.0000005",
            "-10.0000009",
            "1e3",
            "1e",
            "nan",
            "1,2,3",
            "(-8.0)",
            "1.2.3",
            "NA",
            "99999999999999",
        ] {
            assert_eq!(Weight::parse(text.as_bytes()), None, "{text}");
        }
    }
}
