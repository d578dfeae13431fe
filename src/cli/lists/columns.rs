//! `detente columns`: what the columns of tables say.

use super::listing::{has_words, note_none, print};
use crate::cli::args::Columns;
use crate::cli::terminal::output::{Outcome, Output};
use crate::error::Result;
use crate::view::{CODEBOOK, Column, Listing};

pub(crate) fn run(arguments: &Columns, output: &mut Output) -> Result<Outcome> {
    let is_asked = |column: &&Column| {
        let of = column.of.join(", ");
        has_words(&arguments.words, &[column.name, &of, column.meaning])
    };
    let rows = CODEBOOK.iter().filter(is_asked).map(|column| {
        let of = column.of.join(", ");
        let cells = [column.name, &of, column.unit, column.meaning];
        cells.map(str::to_owned).into()
    });
    let listing = Listing {
        columns: &["column", "of", "unit", "meaning"],
        rows: rows.collect(),
    };
    if listing.rows.is_empty() {
        let hint = "give a command, or words of a name or meaning";
        note_none(&arguments.words, "column", hint, output);
    }
    print(&listing, arguments.format, output)
}
