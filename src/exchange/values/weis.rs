//! The World Event/Interaction Survey (WEIS, McClelland 1976): its codes, which are none of CAMEO
//! although they look alike.
//!
//! Weights are those of Goldstein, J. S. (1992), A conflict-cooperation scale for WEIS events data,
//! Journal of Conflict Resolution 36(2), 369-385. Which code of CAMEO comes closest is an
//! assumption of this program, made by the meanings of both; it decides class and root of an event,
//! not its weight.

use super::codes::CodeIx;
use super::weight::Weight;

/// Each code with its weight, in tenths of a degree, and the code of CAMEO that comes closest.
const WEIS: [(&str, i8, &str); 65] = [
    ("011", 6, "080"),
    ("012", 6, "080"),
    ("013", 20, "055"),
    ("021", -1, "011"),
    ("022", -4, "012"),
    ("023", -2, "010"),
    ("024", 4, "013"),
    ("025", 0, "010"),
    ("031", 10, "040"),
    ("032", 19, "042"),
    ("033", 28, "043"),
    ("041", 34, "051"),
    ("042", 36, "050"),
    ("051", 45, "032"),
    ("052", 52, "031"),
    ("053", 45, "030"),
    ("054", 28, "013"),
    ("061", 18, "055"),
    ("062", 25, "036"),
    ("063", -11, "075"),
    ("064", 54, "050"),
    ("065", 29, "085"),
    ("066", 19, "084"),
    ("071", 74, "071"),
    ("072", 83, "072"),
    ("073", 65, "070"),
    ("081", 65, "057"),
    ("082", 30, "030"),
    ("091", 1, "020"),
    ("092", 34, "022"),
    ("093", 34, "021"),
    ("094", -1, "020"),
    ("095", 12, "020"),
    ("101", 15, "030"),
    ("102", -1, "020"),
    ("111", -40, "120"),
    ("112", -40, "120"),
    ("121", -22, "112"),
    ("122", -34, "111"),
    ("131", -19, "110"),
    ("132", -24, "114"),
    ("141", -9, "016"),
    ("142", -11, "016"),
    ("150", -49, "100"),
    ("160", -30, "130"),
    ("161", -30, "130"),
    ("162", -30, "130"),
    ("171", -44, "130"),
    ("172", -58, "131"),
    ("173", -70, "138"),
    ("174", -69, "137"),
    ("181", -52, "140"),
    ("182", -76, "150"),
    ("191", -22, "160"),
    ("192", -41, "160"),
    ("193", -56, "162"),
    ("194", -38, "164"),
    ("195", -70, "161"),
    ("201", -50, "166"),
    ("202", -49, "166"),
    ("211", -92, "191"),
    ("212", -44, "173"),
    ("221", -83, "170"),
    ("222", -87, "180"),
    ("223", -100, "190"),
];

/// The code of CAMEO that comes closest to each of the 22 categories, for codes of which the scale
/// has no weight, such as those that projects have added: the table's weight of that code is
/// theirs.
const CATEGORIES: [&str; 22] = [
    "080", "010", "040", "050", "030", "050", "070", "057", "020", "030", "120", "111", "110",
    "016", "100", "130", "130", "150", "160", "166", "170", "190",
];

/// The code of CAMEO that comes closest to a code of WEIS, and the weight of the latter where the
/// scale has one.
#[must_use]
pub(in crate::exchange) fn code(text: &[u8]) -> Option<(CodeIx, Option<Weight>)> {
    let [first, second, third] = *text else {
        return None;
    };
    if ![first, second, third].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let is_it = |(code, ..): &&(&str, i8, &str)| code.as_bytes() == text;
    if let Some((_, tenths, cameo)) = WEIS.iter().find(is_it) {
        let weight = Weight::of(f64::from(*tenths) / 10.0);
        return Some((CodeIx::find(cameo.as_bytes())?, Some(weight)));
    }
    let category = usize::from(first - b'0') * 10 + usize::from(second - b'0');
    let cameo = CATEGORIES.get(category.checked_sub(1)?)?;
    Some((CodeIx::find(cameo.as_bytes())?, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_weis_has_a_code_of_cameo_and_the_scale_its_ends() {
        for (text, ..) in &WEIS {
            assert!(code(text.as_bytes()).is_some(), "{text}");
        }
        for category in 1..=22 {
            assert!(code(format!("{category:02}9").as_bytes()).is_some());
        }
        let told = |text: &str| {
            let (code, weight) = code(text.as_bytes())?;
            Some((code.code().to_string(), weight.map(Weight::degrees)))
        };
        assert_eq!(told("223"), Some(("190".to_owned(), Some(-10.0))));
        assert_eq!(told("072"), Some(("072".to_owned(), Some(8.3))));
        // The same digits mean a grant in WEIS, and no cooperation on arms control as in CAMEO.
        assert_eq!(told("064"), Some(("050".to_owned(), Some(5.4))));
        assert_eq!(told("045"), Some(("050".to_owned(), None)));
        for text in ["230", "000", "22", "2231", "04x"] {
            assert_eq!(told(text), None, "{text}");
        }
    }
}
