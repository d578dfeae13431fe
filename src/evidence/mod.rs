//! Evidence: event data added up by dyad and period, and what these sums say. Pure; rows come in
//! through [`exchange`](crate::exchange).
//!
//! [`Sums`] adds rows up, in whole numbers; [`Remembered`] is what a dyad's sums come to at the end
//! of a day, with the level and its interval; [`Index`] is the table of them, and [`Past`] reads a
//! history so, event by event. [`fit()`] and [`validate()`] put the level on trial.

mod period;

mod parameters;
mod sums;

mod level;

mod columns;
mod past;

mod readout;

mod index;
mod portion;
mod trial;

pub use columns::{How, IndexRow, Value};
pub use index::Index;
pub use level::{Everyone, Faded, Level, NINETY_PERCENT, Remembered};
pub use parameters::{EVIDENCE, INTERVAL_MEANS, NAMED, Named, Parameters, Setting, Settings};
pub use past::{Made, Past, Weighed};
pub use period::{Every, Period};
pub use portion::Portion;
pub use readout::{Decayed, Decaying, Levels, Memory, Readout, TwoMemories};
pub use sums::{Adding, Behind, Cell, Factors, Kept, Noted, Packed, Summand, Summed, Sums, Totals};
pub use trial::{
    Against, Counterpart, Cover, Daily, Determined, Estimate, FEW_CLUSTERS, Fit, Fitted, Measured,
    Method, Other, Others, Panel, Points, PointsAxis, Sampling, Span, Split, Squares, Target,
    Unmatched, Until, Validation, fit, validate,
};
