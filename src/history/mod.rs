//! What happened: records, their lines, the chain, the timeline, the fold, and why it ends where it does. Pure but for the reading of
//! a [`Source`].

mod admit;
mod chain;
mod codec;
mod compile;
mod course;
mod crossing;
mod explain;
mod form;
mod log;
mod record;
mod recorded;
mod replay;
mod shares;
mod timeline;
mod without;
mod written;

pub use admit::{Admitted, Recorded, Register};
pub use chain::{Chain, Digest, NotAChain};
pub use codec::{FAULT_LIMIT, LINE_LIMIT, Writer, fits, read_line};
pub use compile::{code, compile};
pub use course::{Course, Viewpoint};
pub use crossing::{CrossedBy, Crossing, NeverCrossed, crossing};
pub use form::{ACTOR_LIMIT, ENTRY_LIMIT, MEASURE_LIMIT, Misfit, NAME_LIMIT, check, is_name};
pub use log::{Glance, Lines, Next, Scope, Source, Survey, survey};
pub use record::{
    After, AgendaEntry, Draft, Evidence, FORMAT_VERSION, MeasureEntry, Origin, Record,
};
pub use recorded::RECORDED;
pub use replay::{Fold, Folded, Teller, Told, Trace, Transition, Until, replay};
pub use shares::{Ledger, Push, Share, Shares};
pub use timeline::{Timeline, timeline};
pub use without::{Links, Replays, Without};
pub use written::{Written, read_written};
