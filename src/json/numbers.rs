//! Numbers, read as exactly as they are written.

use std::str::FromStr;

use serde::de::Expected;

use super::fault::Fault;
use super::words;

/// A number whose type is not known beforehand.
pub(super) enum Number {
    Natural(u64),
    Negative(i64),
    Real(f64),
}

/// A whole number: one without a point or an exponent.
pub(super) fn whole<N: FromStr>(written: &str, wanted: &dyn Expected) -> Result<N, Fault> {
    if !is_whole(written) {
        return Err(Fault::wrong_type(
            words::number(written),
            words::expected(wanted),
        ));
    }
    let digits = if written == "-0" { "0" } else { written };
    digits.parse().map_err(|_| out_of_range(written, wanted))
}

/// The floating point number next to the one that is written.
pub(super) fn real<N>(written: &str, wanted: &dyn Expected) -> Result<N, Fault>
where
    N: FromStr + Into<f64> + Copy,
{
    let number = written
        .parse()
        .ok()
        .filter(|number: &N| (*number).into().is_finite());
    number.ok_or_else(|| out_of_range(written, wanted))
}

/// A whole number if it is one and fits, else the floating point number next to it. That is also
/// what "-0" is, which would lose its sign.
pub(super) fn any(written: &str, wanted: &dyn Expected) -> Result<Number, Fault> {
    if is_whole(written) && written != "-0" {
        if let Ok(number) = written.parse() {
            return Ok(Number::Natural(number));
        }
        if let Ok(number) = written.parse() {
            return Ok(Number::Negative(number));
        }
    }
    real(written, wanted).map(Number::Real)
}

fn is_whole(written: &str) -> bool {
    !written.contains(['.', 'e', 'E'])
}

fn out_of_range(written: &str, wanted: &dyn Expected) -> Fault {
    Fault::out_of_range(words::number(written), words::expected_range(wanted))
}
