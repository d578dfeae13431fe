//! What touches files: reading logs, and appending to them so that no event is lost, torn or interleaved.

mod file;
mod log;
#[cfg(feature = "cli")]
mod streams;
#[cfg(feature = "cli")]
mod whole;

mod append;
mod evidence;
mod model;
mod scenario;

pub use append::{Appended, Options, append, retract};
pub use evidence::evidence;
pub use file::{write_new, write_over};
pub use log::{Log, LogReader};
pub use model::model;
pub use scenario::{
    Document, History, document, history, looks_like_scenario, scenario, scenario_of,
};
#[cfg(feature = "cli")]
pub use streams::Streams;
#[cfg(feature = "cli")]
pub use whole::WholeFile;
