//! A listing, printed, and what of it has the words that are looked for.

use crate::cli::args::TidyFormat;
use crate::cli::terminal::output::{Outcome, Output};
use crate::error::Result;
use crate::view::{Listing, listing_text};

/// Prints a listing; one in which nothing is differs from what was asked for.
pub(super) fn print(listing: &Listing, format: TidyFormat, output: &mut Output) -> Result<Outcome> {
    match format {
        TidyFormat::Table if listing.rows.is_empty() => {}
        TidyFormat::Table => output.print(listing_text(listing, output.look()))?,
        TidyFormat::Json => output.json(listing)?,
        TidyFormat::Csv => output.csv(listing.columns, &listing.rows)?,
    }
    Ok(Outcome::fine_if(!listing.rows.is_empty()))
}

/// Whether each word that is looked for stands in one of some texts, in letters of either size.
pub(super) fn has_words(words: &[String], texts: &[&str]) -> bool {
    words.iter().all(|word| {
        let word = word.to_lowercase();
        let holds = |text: &&str| text.to_lowercase().contains(&word);
        texts.iter().any(holds)
    })
}

/// Says that nothing has all the words.
pub(super) fn note_none(words: &[String], what: &str, hint: &str, output: &mut Output) {
    let words = words.join(" ");
    output.note(&format!(
        "note: no {what} has `{}`; {hint}",
        crate::text::shown(&words)
    ));
}
