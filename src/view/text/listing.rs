//! A list of what there is: the same columns as a table, as JSON and as CSV.

use super::table::{Look, number, table_of};
use crate::history::Level;
use crate::text::shown;
use crate::view::rows::words::degrees;
use comfy_table::Cell;
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

/// What there is of something, a row each.
#[derive(Clone, Debug)]
pub struct Listing {
    /// The names of the columns.
    pub columns: &'static [&'static str],
    /// The rows, each as long as the columns.
    pub rows: Vec<Vec<String>>,
}

impl Serialize for Listing {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        struct Row<'a>(&'a [&'static str], &'a [String]);
        impl Serialize for Row<'_> {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                let mut object = to.serialize_map(Some(self.0.len()))?;
                for (column, value) in self.0.iter().zip(self.1) {
                    object.serialize_entry(column, value)?;
                }
                object.end()
            }
        }
        let mut rows = to.serialize_seq(Some(self.rows.len()))?;
        for row in &self.rows {
            rows.serialize_element(&Row(self.columns, row))?;
        }
        rows.end()
    }
}

/// A listing for people.
#[must_use]
pub fn listing_text(listing: &Listing, look: Look) -> String {
    let titles: Vec<_> = listing
        .columns
        .iter()
        .map(|column| column.replace('_', " "))
        .collect();
    let titles: Vec<_> = titles.iter().map(String::as_str).collect();
    let cells = |row: &Vec<String>| row.iter().map(|value| Cell::new(shown(value))).collect();
    table_of(&titles, listing.rows.iter().map(cells), look)
}

/// Levels for people, date by date.
#[must_use]
pub fn levels_text(levels: &[Level], look: Look) -> String {
    let header = ["date", "dyad", "temperature", "tends to", "phase"];
    let rows = levels.iter().map(|level| {
        vec![
            Cell::new(level.date),
            Cell::new(level.dyad),
            number(degrees(level.temperature)),
            number(degrees(level.equilibrium)),
            Cell::new(level.phase.unwrap_or_default()),
        ]
    });
    table_of(&header, rows, look)
}
