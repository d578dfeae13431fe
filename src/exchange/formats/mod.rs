//! The formats that there are, and which of them a file's first line is of.

pub(super) mod form;
pub(super) mod header;

pub(super) mod strangers;

pub(super) mod acled;
mod gdelt;
pub(super) mod icews;
pub(super) mod keds;
pub(super) mod phoenix;
pub(super) mod polecat;
pub(super) mod quadruples;
pub(super) mod table;

use super::roster::Roster;
use super::row::Reader;
use crate::text::{count, cut, shown};
use acled::Acled;
use form::TableForm;
use gdelt::file::Gdelt;
use gdelt::table::GdeltTable;
use header::Unread;
use icews::Icews;
use keds::Keds;
use phoenix::Phoenix;
use polecat::Polecat;
use quadruples::Quadruples;
use std::fmt;
use std::sync::Arc;
use table::Table;

/// A format of event data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// GDELT 1.0 and 2.0.
    Gdelt,
    /// Raw ICEWS.
    Icews,
    /// Benchmarks made of ICEWS, with texts in place of codes.
    IcewsQuadruples,
    /// POLECAT.
    Polecat,
    /// Phoenix and Historical Phoenix.
    Phoenix,
    /// ACLED.
    Acled,
    /// The text of KEDS and TABARI, with codes of WEIS or CAMEO.
    Keds,
    /// A plain table.
    Csv,
}

/// What is said of a format.
struct About {
    name: &'static str,
    looks: &'static str,
    source: &'static str,
    reference: Option<&'static str>,
}

impl Format {
    /// All of them, in the order in which a file is tried.
    pub const ALL: [Self; 8] = [
        Self::Gdelt,
        Self::Icews,
        Self::Polecat,
        Self::Phoenix,
        Self::Acled,
        Self::Keds,
        Self::IcewsQuadruples,
        Self::Csv,
    ];

    const fn about(self) -> About {
        match self {
            Self::Gdelt => About {
                name: "gdelt",
                looks: "gdelt has 57, 58 or 61 columns with tabs between and no header",
                source: "the GDELT event database",
                reference: Some("leetaruschrodt2013"),
            },
            Self::Icews => About {
                name: "icews",
                looks: "icews has a header with tabs: Event ID, Event Date, Source Name and so on",
                source: "ICEWS",
                reference: Some("boschee2015"),
            },
            Self::IcewsQuadruples => About {
                name: "icews-quadruples",
                looks: "icews-quadruples has four columns: source, event text, target, date",
                source: "a benchmark made of ICEWS",
                reference: Some("garciaduran2018"),
            },
            Self::Polecat => About {
                name: "polecat",
                looks: "polecat has a header with tabs: Event ID, Event Date, Event Type and so on",
                source: "POLECAT",
                reference: Some("halterman2023"),
            },
            Self::Phoenix => About {
                name: "phoenix",
                looks: "phoenix has 26 columns with tabs and no header, or a header: eid, story_date and so on",
                source: "Phoenix",
                reference: Some("althaus2017"),
            },
            Self::Acled => About {
                name: "acled",
                looks: "acled has a header: event_id_cnty, event_date, sub_event_type and so on",
                source: "ACLED",
                reference: Some("raleigh2010"),
            },
            Self::Keds => About {
                name: "keds",
                looks: "keds has columns with tabs: date, source, target, code, its name",
                source: "KEDS",
                reference: Some("schrodt1994"),
            },
            Self::Csv => About {
                name: "csv",
                looks: "csv has a header, whose columns `--column` names",
                source: "a table of events",
                reference: None,
            },
        }
    }

    /// The format of a name on the command line.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.about().name
    }

    /// What a file of it looks like.
    #[must_use]
    pub const fn looks(self) -> &'static str {
        self.about().looks
    }

    /// Whose data it holds, as a sentence names them.
    #[must_use]
    pub const fn source(self) -> &'static str {
        self.about().source
    }

    /// The key of what to cite for it among the references of `view`.
    #[must_use]
    pub const fn reference(self) -> Option<&'static str> {
        self.about().reference
    }

    /// A reader for a file of that format by its first line.
    fn begin(
        self,
        first: &[u8],
        form: &TableForm,
        roster: &Arc<Roster>,
    ) -> Result<Box<dyn Reader>, Option<Unread>> {
        Ok(match self {
            Self::Gdelt => match GdeltTable::recognise(first, form, roster) {
                Err(None) => {
                    let columns = gdelt::file::recognise(first)?;
                    Box::new(Gdelt::new(Arc::clone(roster), columns, form.codes))
                }
                table => Box::new(table?),
            },
            Self::Icews => Box::new(Icews::recognise(first, form, roster)?),
            Self::Acled => Box::new(Acled::recognise(first, form, roster)?),
            Self::Phoenix => Box::new(Phoenix::recognise(first, form, roster)?),
            Self::Keds => Box::new(Keds::recognise(first, form, roster)?),
            Self::Polecat => Box::new(Polecat::recognise(first, roster)?),
            Self::IcewsQuadruples => Box::new(Quadruples::recognise(first, roster)?),
            Self::Csv => Box::new(Table::begin(first, form, roster)?),
        })
    }
}

impl fmt::Display for Format {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.name())
    }
}

/// A reader for a file by its first line, of the format that it is said to be or of any.
///
/// # Errors
/// Why there is none.
pub fn reader(
    first: &[u8],
    said: Option<Format>,
    form: &TableForm,
    roster: &Arc<Roster>,
) -> Result<(Format, Box<dyn Reader>), Unread> {
    let mut found = None;
    let mut against = None;
    for format in Format::ALL {
        match format.begin(first, form, roster) {
            Ok(reader) if said.is_none_or(|said| said == format) => return Ok((format, reader)),
            Ok(_) => found = found.or(Some(format)),
            Err(Some(unread)) if said == Some(format) || (said.is_none() && unread.is_close) => {
                against = against.or(Some(unread));
            }
            Err(_) => {}
        }
    }
    if let (Some(said), Some(found)) = (said, found) {
        return Err(Unread::close(
            format!("this is {found}, not {said}"),
            &*format!("leave the format out, or say {found}"),
        ));
    }
    let stranger = || strangers::by_first_line(first);
    Err(against
        .or_else(stranger)
        .unwrap_or_else(|| unknown(first, said)))
}

/// What to say of a file that is like nothing that is known.
fn unknown(first: &[u8], said: Option<Format>) -> Unread {
    /// How much of the first line is shown, in characters.
    const SHOWN: usize = 60;
    let columns = first.split(|byte| *byte == b'\t').count();
    let line = cut(&shown(&String::from_utf8_lossy(first)), SHOWN);
    let of = said.map_or("no event data of a known format", |_| "not");
    let said = said.map_or(String::new(), |said| format!(" {said}"));
    let begins = if columns == 1 { "begins" } else { "begin" };
    let looks = Format::ALL.map(Format::looks).join("; ");
    Unread::close(
        format!(
            "this is {of}{said}: {} that {begins} `{line}`",
            count(columns as u64, "column")
        ),
        &*looks,
    )
}

#[cfg(test)]
mod tests;
