//! Other people's event data: GDELT, ICEWS, POLECAT and plain tables, read row by row. Pure: what
//! opens and unpacks files comes in through [`Files`].
//!
//! Each format has a file with one [`Reader`]; another format is one more file and a line in
//! [`Format`]. Every row that is read is used, or left out for a [`Reason`] that is counted.

mod values;

mod blocks;

mod row;

mod dictionary;
mod sieve;
mod tally;
mod unmatched;

mod named;

mod roster;

mod formats;

mod deliveries;
mod reading;

mod import;

pub use blocks::Shape;
pub use deliveries::{Ids, Repeated, RowId, Same, same, within};
pub use dictionary::Dictionary;
pub use formats::form::{Column, Field, NotAColumn, TableForm};
pub use formats::header::Unread;
pub use formats::{Format, reader};
pub use import::{Import, Imported, is_import};
pub use named::ActorsMap;
pub use reading::{FileRead, Files, Gather, Plan, Reading, read};
pub use roster::Roster;
pub use row::{Added, Called, Layout, Lines, Oddities, PartyIx, Reader, Reason, Row, Use, Witness};
pub use sieve::{Choices, Dedupe, Sieve, Sifted, WeightSource};
pub use tally::{Example, Kinds, OfFile, Position, Tally, drops, months_between};
pub use unmatched::{Counted, Unmatched};
pub use values::codes::{CodeIx, Codes, QUAD_CLASSES, QuadClass, Quads};
pub use values::dates::Order;
pub use values::fields::Separation;
pub use values::states::{OnDay, StateCodes};
pub use values::weight::Weight;
