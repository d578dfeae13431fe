//! Figures: in the terminal, as wide as it is, or as SVG.

use super::output::Output;
use crate::cli::args::FigureArguments;
use crate::error::{BadOption, Result};
use crate::view::figure::{Canvas, Figure, Theme, plot, svg_document};
use std::ops::RangeInclusive;

/// The width of an SVG: at 84 mm, a column of most journals, its letters have 6 points.
const WIDTH_PIXELS: u32 = 480;
/// What an SVG may be wide, in pixels.
const PIXELS: RangeInclusive<u32> = 240..=4_000;
/// What a chart may be wide, in columns.
const COLUMNS: RangeInclusive<u32> = 40..=400;

impl FigureArguments {
    /// Whether a figure is asked for, in the terminal or as SVG.
    ///
    /// # Errors
    /// When one of its options is given without, or is none it can have.
    pub(in crate::cli) fn is_wanted(&self, is_svg: bool) -> Result<bool> {
        let is_wanted = self.chart || is_svg;
        let only = |option, formats| Err(BadOption::OnlyAs { option, formats }.into());
        if self.width.is_some() && !is_wanted {
            return only("--width", "a chart or svg");
        }
        if self.title.is_some() && !is_wanted {
            return only("--title", "a chart or svg");
        }
        if self.theme.is_some() && !is_svg {
            return only("--theme", "svg");
        }
        let range = if is_svg { PIXELS } else { COLUMNS };
        match self.width {
            Some(found) if is_wanted && !range.contains(&found) => {
                let unit = if is_svg { "pixels" } else { "columns" };
                Err(BadOption::Width {
                    found,
                    least: *range.start(),
                    greatest: *range.end(),
                    unit,
                }
                .into())
            }
            _ => Ok(is_wanted),
        }
    }

    pub(in crate::cli) fn print(&self, figure: Figure, output: &mut Output) -> Result<()> {
        let drawn = self.drawn(figure, output);
        output.print(drawn)
    }

    /// What is printed of a figure.
    pub(in crate::cli) fn drawn(&self, mut figure: Figure, output: &Output) -> String {
        figure = figure.called(output.names());
        if let Some(title) = &self.title {
            figure.title.clone_from(title);
        }
        if self.chart {
            let look = output.chart_look();
            let width = self
                .width
                .map_or(usize::from(look.width), |width| width as usize);
            return plot(&figure, width, look.colours);
        }
        let theme = self.theme.unwrap_or(Theme::Light);
        svg(&figure, self.width.unwrap_or(WIDTH_PIXELS), theme)
    }
}

/// A figure for a paper, where nothing else is asked for.
pub(in crate::cli) fn plain_svg(figure: &Figure) -> String {
    svg(figure, WIDTH_PIXELS, Theme::Light)
}

fn svg(figure: &Figure, width: u32, theme: Theme) -> String {
    let id = "";
    svg_document(figure, Canvas { width, theme, id })
}
