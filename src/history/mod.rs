//! What happened: records, their lines, the chain, the timeline, the fold, and why it ends where it
//! does. Pure but for the reading of a [`Source`].

mod blocks;
mod library;
mod line;

mod compile;
mod described;

mod log;
mod sheet;
mod window;

mod ledger;
mod timeline;

mod admit;
mod replay;

mod claims;
mod levels;
mod snapshot;

pub use admit::{Admitted, Others, Recorded, Register};
pub use claims::{CLEAR_DEGREES, Claim, EQUAL_DEGREES, Expected, Held, Order, Reading, readings};
pub use compile::{code, compile};
pub use described::{Names, Stranger, called, misnamed};
pub use ledger::course::{Course, Viewpoint};
pub use ledger::crossing::{CrossedBy, Crossing, NeverCrossed, crossing};
pub use ledger::shares::{Ledger, Push, Share, Shares};
pub use ledger::without::{Falls, Ids, Links, Replays, Without};
pub use levels::{Level, levels, span};
pub use library::{LIBRARY, RECORDED, Shipped, shipped};
pub use line::chain::{Chain, Digest, NotAChain};
pub use line::codec::{FAULT_LIMIT, LINE_LIMIT, Scanner, Writer, fits, read_line};
pub use line::draft::{
    After, AgendaEntry, Draft, ENTRY_LIMIT, Evidence, FORMAT_VERSION, MeasureEntry, Origin,
};
pub use line::form::{ACTOR_LIMIT, MEASURE_LIMIT, Misfit, NAME_LIMIT, captions, check, is_name};
pub use line::packing::Packing;
pub use line::quick::Depth;
pub use line::record::{Fields, Record};
#[cfg(feature = "cli")]
pub(crate) use line::written::parts;
pub use line::written::{Chained, Copied, Written, read_written};
pub use log::{
    Ending, Glance, Lines, Next, Scope, Source, Summary, Survey, Tail, Torn, UNCOMMITTED,
    begins_a_table, begins_like_a_line, survey,
};
pub use replay::{Fold, Folded, Teller, Told, Trace, Transition, Until, replay, survey_and_replay};
pub use sheet::dates::rewritten;
pub use sheet::doubles::{Doubled, Doubles};
pub use sheet::read::{
    begins_no_text, is_sheet, lacks_header, made_id, no_text, read_events, read_events_called,
};
pub use sheet::repeats::{Repeat, Repeats, is_made_of};
pub use sheet::row::{Given, Wrong, event};
pub use sheet::shape::{EntryPart, Field, Shape, fields};
pub(crate) use sheet::table::{Cell, Rows};
pub use sheet::template::{columns_of, example};
pub use snapshot::{
    Behind, Read, SNAPSHOT_BEGINS, SPACING_BYTES, Snapshot, Stamp, keep, keep_none,
};
pub use timeline::{Timeline, timeline};
pub use window::{DATE_LIMIT, Every, Opening, Window, are_few_enough, dates_in_words};
