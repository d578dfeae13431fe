//! A history and its what-ifs as a page that answers: every gesture is a change of a scenario file,
//! and the page is what that file comes to. Pure: no sockets, no files, no clock.

mod cells;

mod changes;
mod written;

mod picture;

mod session;

mod parts;

mod exports;
mod page;
mod told;

mod answer;

pub use answer::{Answer, Fragment, Gesture, Way, answer, made};
pub use changes::{Change, Trouble};
pub use exports::{Drawn, branch, changes_csv, curve_svg, histories, temperatures_csv};
pub use page::{PAGE_POLICY, page, show, shown_now};
pub use parts::chance::{Fan, FanRuns, runs_in_words, unplayed};
pub use picture::Pin;
pub use session::{Kept, PIN_LIMIT, STEP_LIMIT, Session, Step};
pub use told::{changes_text, day_text, why_text};

#[cfg(test)]
mod tests;
