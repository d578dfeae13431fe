//! What touches files: reading logs, appending to them so that no event is lost, torn or
//! interleaved, and writing other files whole or not at all, over nothing that was read.

mod given;
mod reads;

mod disk;
mod file;

#[cfg(feature = "cli")]
mod streams;
mod whole;

mod logs;

mod model;
mod scenario;
mod whole_folder;

mod evidence;

pub use disk::{Disk, DiskFile, Found, Stands, System};
pub use evidence::evidence;
pub use file::{
    TEXT_LIMIT, WHOLE_LIMIT, check_named_by, digest, read_bytes, read_long_text,
    read_standard_input, read_text,
};
pub use given::{Given, is_there, with_given};
pub use logs::append::{Appended, Options, append, append_lines, append_on, retract, retract_on};
pub use logs::log::{Log, LogReader};
pub use logs::snapshot::{Shortcut, Sidecar, SnapshotSizes};
pub use model::model;
pub use reads::{allow_writing, protect_what_is_read, read_outside};
pub use scenario::{
    Document, History, Logs, document, history, looks_like_scenario, names, scenario, scenario_of,
};
#[cfg(feature = "cli")]
pub use streams::Streams;
pub use whole::{Recognise, Replace, WholeFile, remove_unfinished, taken_away};
pub use whole_folder::{MadeFolder, Mark, Outputs, WholeFolder, WithinFolder};

#[cfg(test)]
mod tests;
