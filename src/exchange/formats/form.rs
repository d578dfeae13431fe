//! What whoever reads plain tables says of them: which column is which field, what every row has,
//! how dates are written.

use crate::exchange::values::codes::Codes;
use crate::exchange::values::dates::Order;
use std::fmt;
use std::str::FromStr;

/// What a table can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The day of the event.
    Date,
    /// Who acted: an actor's code, a CAMEO code, or a country's name.
    Source,
    /// On whom.
    Target,
    /// The CAMEO code.
    Code,
    /// The weight on the Goldstein scale.
    Weight,
    /// The row's id.
    Id,
    /// Where to find the document.
    Url,
}

impl Field {
    /// All of them; the first four must be there.
    pub const ALL: [Self; 7] = [
        Self::Date,
        Self::Source,
        Self::Target,
        Self::Code,
        Self::Weight,
        Self::Id,
        Self::Url,
    ];
    /// How many of them there must be.
    pub(super) const NEEDED: usize = 4;

    /// The name, which is also that of its column where no other is said.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Source => "source",
            Self::Target => "target",
            Self::Code => "code",
            Self::Weight => "weight",
            Self::Id => "id",
            Self::Url => "url",
        }
    }
}

/// A field and the name of its column, written `date=story_date`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The field.
    pub field: Field,
    /// The column's name.
    pub name: String,
}

/// A text that is not a field and the name of its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAColumn;

impl fmt::Display for NotAColumn {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Field::ALL.map(Field::name).join(", ");
        write!(
            out,
            "expected FIELD=NAME, such as date=story_date; fields are {names}"
        )
    }
}

impl std::error::Error for NotAColumn {}

impl FromStr for Column {
    type Err = NotAColumn;

    fn from_str(text: &str) -> Result<Self, NotAColumn> {
        let (field, name) = text.split_once('=').ok_or(NotAColumn)?;
        let field = Field::ALL
            .into_iter()
            .find(|known| known.name() == field.trim());
        Ok(Self {
            field: field.ok_or(NotAColumn)?,
            name: name.trim().to_owned(),
        })
    }
}

/// How to read what formats leave open.
#[derive(Clone, Debug, Default)]
pub struct TableForm {
    /// Columns of plain tables with other names than their fields.
    pub columns: Vec<Column>,
    /// Fields that have one value in every row.
    pub values: Vec<Column>,
    /// How dates are written, where formats differ; as the format has them, or year first, where it
    /// is not said.
    pub order: Option<Order>,
    /// How codes are read, in any format that has them.
    pub codes: Codes,
}

impl TableForm {
    /// The name of a field's column.
    pub(super) fn name_of(&self, field: Field) -> &str {
        let named = self
            .columns
            .iter()
            .rev()
            .find(|column| column.field == field);
        named.map_or(field.name(), |column| &column.name)
    }
}
