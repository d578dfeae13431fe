//! `detente codes`: the CAMEO codes with their weights.

use super::listing::{has_words, note_none, print};
use crate::cli::args::Codes;
use crate::cli::terminal::output::{Outcome, Output};
use crate::error::Result;
use crate::model::{Code, Weights};
use crate::view::Listing;

pub(crate) fn run(arguments: &Codes, output: &mut Output) -> Result<Outcome> {
    let is_digits = |word: &String| word.bytes().all(|byte| byte.is_ascii_digit());
    let (digits, words): (Vec<_>, Vec<_>) = arguments.words.iter().cloned().partition(is_digits);
    let is_asked = |code: &Code| {
        let row = code.row();
        let names = [row.name, row.gdelt_name.unwrap_or_default()];
        digits.iter().all(|digits| row.code.starts_with(&**digits)) && has_words(&words, &names)
    };
    let rows = Code::all().filter(is_asked).map(|code| {
        let row = code.row();
        vec![
            row.code.to_owned(),
            code.weight(Weights::Gdelt).to_string(),
            code.weight(Weights::Icews).to_string(),
            row.name.to_owned(),
            row.gdelt_name.unwrap_or_default().to_owned(),
        ]
    });
    let listing = Listing {
        columns: &[
            "code",
            "goldstein_gdelt",
            "goldstein_icews",
            "name",
            "name_in_gdelt",
        ],
        rows: rows.collect(),
    };
    if listing.rows.is_empty() {
        let hint = "a code is two to four digits with its leading 0, a word any part of a name";
        note_none(&arguments.words, "CAMEO code", hint, output);
    }
    print(&listing, arguments.format, output)
}
