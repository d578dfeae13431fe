//! The index on trial: its parameters fitted to one span of some data, and held against what
//! followed.
//!
//! The question is always the same: at the end of a month, what will the mean of the next months'
//! events be? [`fit()`] finds the parameters that answer it best, [`validate()`] holds the preset
//! and the fitted ones against rivals on months that neither has seen, and [`Against`] holds the
//! level against a series that somebody else has made.

mod daily;
mod likelihood;
mod sample;

mod points;
mod windows;

mod fit;

mod validation;

mod against;

pub use against::{Against, Counterpart, FEW_CLUSTERS, Measured, Other, Others, Unmatched};
pub use daily::{Daily, Squares, Target};
pub use fit::{Determined, Fit, Fitted, fit};
pub use points::{Points, PointsAxis};
pub use sample::{Estimate, Sampling};
pub use validation::{Cover, Method, Span, Validation, validate};
pub use windows::{Panel, Split, Until};
