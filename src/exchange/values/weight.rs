//! Weights as whole millionths of a degree, so that sums of them are exact in any order.

use std::fmt;

/// A weight on the Goldstein scale, in millionths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Weight(i32);

/// How many parts a degree has.
pub(in crate::exchange) const PARTS: i32 = 1_000_000;

/// The bound of the Goldstein scale on either side, in degrees.
const BOUND_DEGREES: i32 = 10;

impl Weight {
    /// The nearest weight to a number of degrees on the scale.
    #[must_use]
    pub fn of(degrees: f64) -> Self {
        Self(libm::rint(degrees * f64::from(PARTS)) as i32)
    }

    /// Reads a decimal number such as `-2.0`, without going through a binary one. What lies beyond the scale,
    /// and what is no number, is no weight. Digits past the sixth after the point are cut off.
    #[must_use]
    pub fn parse(text: &[u8]) -> Option<Self> {
        let (negative, digits) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            _ => (false, text),
        };
        let (mut value, mut scale, mut seen) = (0_i32, PARTS, false);
        let (mut in_fraction, mut is_cut) = (false, false);
        for &byte in digits {
            match byte {
                b'.' if !in_fraction => in_fraction = true,
                b'0'..=b'9' => {
                    let digit = i32::from(byte - b'0');
                    seen = true;
                    if in_fraction {
                        scale /= 10;
                        is_cut |= scale == 0 && digit > 0;
                        value += digit * scale;
                    } else {
                        value = value * 10 + digit * PARTS;
                        if value > BOUND_DEGREES * PARTS {
                            return None;
                        }
                    }
                }
                _ => return None,
            }
        }
        let bound = BOUND_DEGREES * PARTS;
        let is_on_scale = value < bound || (value == bound && !is_cut);
        (seen && is_on_scale).then_some(Self(if negative { -value } else { value }))
    }

    /// In degrees.
    #[must_use]
    pub fn degrees(self) -> f64 {
        f64::from(self.0) / f64::from(PARTS)
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
    fn a_decimal_number_is_read_exactly() {
        for (text, parts) in [
            ("-2.0", -2_000_000),
            ("0", 0),
            ("+3.4", 3_400_000),
            ("10", 10_000_000),
            ("-10.0", -10_000_000),
            ("10.00000000", 10_000_000),
            ("9.99999999", 9_999_999),
            (".5", 500_000),
            ("1.2345678", 1_234_567),
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
            "10.0000001",
            "-10.0000000001",
            "1e3",
            "1.2.3",
            "NA",
            "99999999999999",
        ] {
            assert_eq!(Weight::parse(text.as_bytes()), None, "{text}");
        }
    }
}
