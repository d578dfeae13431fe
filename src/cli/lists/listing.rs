//! A listing, printed, and what of it has the words that are looked for.

use crate::cli::args::TidyFormat;
use crate::cli::terminal::output::{Outcome, Output, unwritten, unwritten_rows};
use crate::error::Result;
use crate::view::{Listing, listing_text};

/// Prints a listing; one in which nothing is differs from what was asked for.
pub(super) fn print(listing: &Listing, format: TidyFormat, output: &mut Output) -> Result<Outcome> {
    match format {
        TidyFormat::Table if listing.rows.is_empty() => {}
        TidyFormat::Table => output.print(listing_text(listing, output.look()))?,
        TidyFormat::Json => output.json(listing)?,
        TidyFormat::Csv => {
            let mut lines = csv::Writer::from_writer(output);
            lines
                .write_record(listing.columns)
                .map_err(unwritten_rows)?;
            for row in &listing.rows {
                lines.write_record(row).map_err(unwritten_rows)?;
            }
            lines.flush().map_err(unwritten)?;
        }
    }
    Ok(if listing.rows.is_empty() {
        Outcome::Differs
    } else {
        Outcome::Fine
    })
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
