//! Figures: parts in days and degrees, drawn alike as SVG, in a page and in a terminal.
//!
//! Of the crates for plots that were looked at none draws the same scene as vector text and in a
//! terminal, with dashes besides colours and a description for those who do not see it; so this is
//! a small one of its own.

mod letters;
mod palette;
mod scale;

mod parts;

mod marks;
mod shapes;

mod plot;
mod svg;

pub use palette::Theme;
pub use parts::{Axis, Figure, Fill, Form, Key, Panel, Shape, Weight, Zone, plain_text};
pub use plot::plot;
pub use scale::place_of;
pub use svg::{Canvas, svg, svg_document};
