//! ACLED: the CSV export of the Armed Conflict Location & Event Data project.
//!
//! Its types of events are none of CAMEO: each sub-event type is read as the code of CAMEO that
//! comes closest, which is an assumption of this program; those that none comes close to are left
//! out. Most events are of actors within one country, and no dyad; an actor is of the country whose
//! forces it is named after, or that stands in brackets behind it.

use super::form::TableForm;
use super::header::{Columns, Unread};
use crate::exchange::roster::Roster;
use crate::exchange::row::{Called, Layout, Oddities, PartyIx, Reader, Reason, Row, Use, Witness};
use crate::exchange::values::codes::{CodeIx, Quads};
use crate::exchange::values::dates::Order;
use crate::exchange::values::fields::{is_missing, utf_8_or_latin_1};
use crate::model::Weights;
use std::sync::Arc;

const NAMES: [&str; 9] = [
    "event_date",
    "sub_event_type",
    "actor1",
    "actor2",
    "event_id_cnty",
    "latitude",
    "longitude",
    "source",
    "event_type",
];
/// How many of them there must be.
const NEEDED: usize = 4;

const DATE: usize = 0;
const TYPE: usize = 1;
const SOURCE: usize = 2;
const TARGET: usize = 3;
const ID: usize = 4;
const LATITUDE: usize = 5;
const LONGITUDE: usize = 6;
const DOCUMENT: usize = 7;

/// The sub-event types of ACLED's codebook and the code of CAMEO that each is read as.
const TYPES: [(&str, &str); 21] = [
    ("Government regains territory", "192"),
    ("Non-state actor overtakes territory", "192"),
    ("Armed clash", "193"),
    ("Chemical weapon", "2041"),
    ("Air/drone strike", "195"),
    ("Suicide bomb", "1831"),
    ("Shelling/artillery/missile attack", "194"),
    ("Remote explosive/landmine/IED", "1833"),
    ("Grenade", "193"),
    ("Sexual violence", "1821"),
    ("Attack", "182"),
    ("Abduction/forced disappearance", "181"),
    ("Peaceful protest", "141"),
    ("Protest with intervention", "141"),
    ("Excessive force against protesters", "175"),
    ("Violent demonstration", "145"),
    ("Mob violence", "145"),
    ("Agreement", "057"),
    ("Arrests", "173"),
    ("Looting/property destruction", "171"),
    ("Non-violent transfer of territory", "0874"),
];

/// Reads tables of ACLED.
#[derive(Debug)]
pub(super) struct Acled {
    roster: Arc<Roster>,
    columns: Columns<{ NAMES.len() }>,
}

impl Acled {
    /// A reader for a file with that header, if it is one of ACLED.
    ///
    /// # Errors
    /// When it is not, or two columns have one name.
    pub(super) fn recognise(
        first: &[u8],
        _: &TableForm,
        roster: &Arc<Roster>,
    ) -> Result<Self, Option<Unread>> {
        Ok(Self {
            roster: Arc::clone(roster),
            columns: Columns::named(first, b",;\t", &NAMES, (NEEDED, DATE), "acled")?,
        })
    }

    /// The country of `Military Forces of Russia (2000-)`, `Police Forces of Ukraine (2019-) Azov`
    /// or `Protesters (Russia)`.
    fn party(&self, name: &[u8]) -> Result<PartyIx, Reason> {
        let name = utf_8_or_latin_1(name);
        let name = name.trim();
        if is_missing(name.as_bytes()) {
            return Err(Reason::NoActor);
        }
        let (forces, brackets) = name.split_once(" (").unwrap_or((name, ""));
        if let Some((_, country)) = forces.split_once(" of ") {
            let country = country.strip_prefix("the ").unwrap_or(country);
            return self.roster.of_any(country);
        }
        let country = brackets.split(')').next().unwrap_or_default();
        let is_country = country.starts_with(|letter: char| letter.is_alphabetic());
        self.roster
            .of_any(if is_country { country } else { forces })
    }
}

impl Reader for Acled {
    fn layout(&self) -> Layout {
        Layout {
            title: "ACLED events, read as the codes of CAMEO that come closest",
            lines: self.columns.lines(),
            has_weights: false,
            tells_roots: false,
            table: Weights::Gdelt,
            quads: Quads::Cameo,
            uses: &[Use::Ids],
        }
    }

    fn row(&self, line: &[u8]) -> Result<Row, Reason> {
        let fields = self.columns.of(line);
        fields.check(line)?;
        let date = fields.date(DATE, Order::YearMonthDay)?;
        let found = fields.get(TYPE);
        let is_it = |(name, _): &&(&str, &str)| found.eq_ignore_ascii_case(name.as_bytes());
        let code = TYPES.iter().find(is_it);
        let code = code.and_then(|(_, code)| CodeIx::find(code.as_bytes()));
        Ok(Row {
            date,
            source: self.party(fields.get(SOURCE)),
            target: self.party(fields.get(TARGET)),
            code: code.ok_or(Reason::UnknownText)?,
            weight: None,
            is_root: true,
            marks: [0; 5],
        })
    }

    fn look_closely(&self, line: &[u8], _: &Row) -> Result<Oddities, Reason> {
        Ok(self.columns.of(line).oddities(LATITUDE, LONGITUDE))
    }

    fn id<'a>(&self, line: &'a [u8]) -> &'a [u8] {
        self.columns.of(line).get(ID)
    }

    fn called<'a>(&self, line: &'a [u8], _: &Row) -> [Called<'a>; 2] {
        let fields = self.columns.of(line);
        [SOURCE, TARGET].map(|name| Called {
            name: fields.called(name),
            ..Called::default()
        })
    }

    fn witness(&self, line: &[u8], number: u64) -> Witness {
        let fields = self.columns.of(line);
        let document = match fields.text(DOCUMENT).as_str() {
            "" => "ACLED event data".to_owned(),
            source => format!("ACLED event data, from {source}"),
        };
        let sides = [SOURCE, TARGET].map(|name| fields.text(name));
        Witness::new("acled", fields.some_text(ID), number, sides, document)
    }
}
