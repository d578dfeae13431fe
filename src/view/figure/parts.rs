//! A figure as its parts, in days and degrees: what terminal, SVG and page draw alike.

use super::scale::place_of;
use crate::history::Names;
use crate::model::Day;
use crate::text::{cut, shown};

/// The longest text of a figure, in characters; all of it stands in the tables.
const TEXT_LIMIT: usize = 300;

/// Other people's text for a figure: without line breaks or anything that acts, and no longer than
/// sense.
///
/// XML has no place for U+FFFE and U+FFFF, escaped or not.
#[must_use]
pub fn plain_text(text: &str) -> String {
    let text = cut(text, TEXT_LIMIT).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
    shown(&text)
}

/// A figure: panels one below the other.
#[derive(Clone, Debug, Default)]
pub struct Figure {
    /// What it shows, in a line.
    pub title: String,
    /// What can be seen in it, for those who do not see it.
    pub description: String,
    /// The histories, in the order of their inks.
    pub series: Vec<String>,
    /// The panels.
    pub panels: Vec<Panel>,
    /// The events whose numbers stand in the panels, in the order of their numbers.
    pub keys: Vec<Key>,
    /// The conditions that it holds under.
    pub caption: String,
}

/// An event that is shown by its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its number.
    pub number: usize,
    /// Its day.
    pub date: Day,
    /// Its title.
    pub title: String,
}

/// A panel: shapes over two axes.
#[derive(Clone, Debug)]
pub struct Panel {
    /// What it shows; empty where the figure says it.
    pub title: String,
    /// The axis to the right.
    pub across: Axis,
    /// The axis up, or the lanes down.
    pub up: Axis,
    /// Bands of the axis up that have names, from below.
    pub zones: Vec<Zone>,
    /// What is drawn, in this order.
    pub shapes: Vec<Shape>,
}

/// An axis.
#[derive(Clone, Debug)]
pub enum Axis {
    /// Days, both ends included.
    Days([Day; 2]),
    /// Numbers of a unit.
    Numbers([f64; 2], &'static str),
    /// Lanes from the top, each with its name and how many slots it has below each other.
    Lanes(Vec<(String, usize)>),
}

/// A band of an axis up.
#[derive(Clone, Debug)]
pub struct Zone {
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// Its name.
    pub name: &'static str,
    /// Whether it is shaded, as every second is.
    pub is_shaded: bool,
}

/// Something drawn.
#[derive(Clone, Debug)]
pub struct Shape {
    /// Whose it is, and so its ink: one of the figure's series.
    pub series: usize,
    /// What it is.
    pub form: Form,
}

/// What can be drawn. Places on an axis of days are those of [`super::place_of`].
#[derive(Clone, Debug)]
pub enum Form {
    /// A line through points.
    Line {
        /// Where it goes.
        points: Vec<[f64; 2]>,
        /// How strong it is.
        weight: Weight,
    },
    /// The area between two lines: for each place its lower and upper end.
    Band {
        /// Place, lower end, upper end.
        points: Vec<[f64; 3]>,
        /// Whether it is the outer of two.
        is_outer: bool,
    },
    /// A bar in a slot of a lane.
    Bar {
        /// Which lane and slot.
        lane: [usize; 2],
        /// Where it begins and ends.
        span: [f64; 2],
        /// What it says, inside where there is room.
        label: String,
        /// How much of it is filled.
        fill: Fill,
    },
    /// A middle with an interval around it, in a slot of a lane.
    Interval {
        /// Which lane and slot.
        lane: [usize; 2],
        /// Lower end, middle and upper end.
        span: [f64; 3],
        /// What it says, beside it.
        label: String,
    },
    /// An event, by its number.
    Event {
        /// Where it is.
        at: [f64; 2],
        /// The number of its key.
        number: usize,
    },
    /// Where a history leaves another.
    Fork {
        /// Where it is.
        at: [f64; 2],
    },
}

/// How much of a bar is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// What counts in full.
    Full,
    /// What counts in part, or is not there yet.
    Pale,
    /// What is over or was never there: a thin line.
    Empty,
}

/// How strong a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// One of many.
    Faint,
    /// A history, dashed as its ink has it, with its number at the end.
    Named,
    /// What histories share.
    Shared,
}

impl Axis {
    /// Both ends.
    #[must_use]
    pub fn range(&self) -> [f64; 2] {
        match self {
            Self::Days(ends) => ends.map(place_of),
            Self::Numbers(ends, _) => *ends,
            Self::Lanes(_) => [0.0, 1.0],
        }
    }
}

impl Figure {
    /// The same figure with names in place of codes, wherever it says something.
    #[must_use]
    pub fn called(mut self, names: &Names) -> Self {
        if names.is_empty() {
            return self;
        }
        let say = |text: &mut String| *text = names.said(text);
        [&mut self.title, &mut self.description, &mut self.caption]
            .into_iter()
            .chain(&mut self.series)
            .chain(self.keys.iter_mut().map(|key| &mut key.title))
            .for_each(say);
        for panel in &mut self.panels {
            say(&mut panel.title);
            for axis in [&mut panel.across, &mut panel.up] {
                if let Axis::Lanes(lanes) = axis {
                    for (name, _) in lanes {
                        say(name);
                    }
                }
            }
            for shape in &mut panel.shapes {
                if let Form::Bar { label, .. } | Form::Interval { label, .. } = &mut shape.form {
                    say(label);
                }
            }
        }
        self
    }

    pub(super) fn key(&self, number: usize) -> Option<&Key> {
        let place = self.keys.binary_search_by_key(&number, |key| key.number);
        place.ok().and_then(|place| self.keys.get(place))
    }
}
