//! The shapes of a panel as SVG.

use super::letters::{Room, width};
use super::palette::{Ink, Theme, dashes};
use super::parts::{Fill, Form, Shape, Weight};
use super::scale::{Scale, px};
use maud::{Markup, html};

/// The height of a slot of a lane, in pixels.
pub(super) const SLOT: f64 = 15.0;
/// A line of so many points is busy: it is drawn thinner, and only as far as pixels can show it.
const BUSY: usize = 2_000;

/// Where the shapes of a panel are drawn.
pub(super) struct Plot {
    pub(super) across: Scale,
    pub(super) up: Scale,
    pub(super) room: Room,
    /// The top of the slots of each lane.
    pub(super) lanes: Vec<f64>,
    /// The name of each lane in lines.
    pub(super) names: Vec<Vec<String>>,
    pub(super) is_days: bool,
}

/// A shape in the ink of its history.
pub(super) fn shape(theme: Theme, Shape { series, form }: &Shape, plot: &Plot) -> Markup {
    let ink = theme.colour(Ink::Series(*series));
    let class = of_series(*series);
    match form {
        Form::Line { points, weight } => {
            let (stroke, opacity, dash) = match weight {
                Weight::Faint => ("0.8", Some("0.45"), None),
                Weight::Named if points.len() >= BUSY => ("0.8", None, dashed(*series)),
                Weight::Named => ("2", None, dashed(*series)),
                Weight::Shared => ("2", None, None),
            };
            let class = if *weight == Weight::Shared {
                "past".to_owned()
            } else {
                class
            };
            html! {
                path class=(class) d=(path(points, plot)) fill="none" stroke=(ink) stroke-width=(stroke) stroke-linejoin="round"
                    stroke-opacity=[opacity] stroke-dasharray=[dash] {}
            }
        }
        Form::Band { points, is_outer } => {
            let lower = points.iter().map(|[x, low, _]| [*x, *low]);
            let back = points.iter().rev().map(|[x, _, high]| [*x, *high]);
            let outline: Vec<_> = lower.chain(back).collect();
            html! {
                path class=(class) d=(format!("{}Z", path(&outline, plot))) fill=(ink) fill-opacity=(if *is_outer { "0.14" } else { "0.2" }) {}
            }
        }
        Form::Bar {
            lane,
            span,
            label,
            fill,
        } => {
            let [from, to] = span.map(|at| plot.across.at(at));
            let y = plot.slot(*lane);
            let (left, right) = (from.min(to), from.max(to).max(from.min(to) + 1.0));
            // Over time it says its status inside, among numbers its number beside it, or inside
            // where there is no room.
            let size = width(label);
            let is_inside = size + 6.0 <= right - left;
            let said = if plot.is_days {
                is_inside.then_some((left + 4.0, None))
            } else if to >= from {
                Some((right + 4.0, None))
            } else if left - 4.0 - size >= plot.room.left {
                Some((left - 4.0, Some("end")))
            } else if is_inside {
                Some((left + 4.0, None))
            } else {
                Some((right + 4.0, None))
            };
            html! {
                g class=(class) {
                    @if *fill == Fill::Empty {
                        rect x=(px(left)) y=(px(y + SLOT - 2.0)) width=(px(right - left)) height="1" fill=(ink) {}
                    } @else {
                        rect x=(px(left)) y=(px(y + 1.0)) width=(px(right - left)) height=(px(SLOT - 2.0)) fill=(ink)
                            fill-opacity=(if *fill == Fill::Full { "0.34" } else { "0.14" }) stroke=(ink) stroke-width="1" stroke-dasharray=[dashed(*series)] {}
                    }
                    @if let Some((x, anchor)) = said { text x=(px(x)) y=(px(y + 11.5)) text-anchor=[anchor] { (label.replace('-', axis_minus(plot.is_days))) } }
                }
            }
        }
        Form::Interval { lane, span, label } => {
            let [low, middle, high] = span.map(|at| plot.across.at(at));
            let y = plot.slot(*lane) + SLOT / 2.0;
            // Where there is no room for all of it, the interval is left to be seen.
            let short = label.split(" (").next().unwrap_or(label);
            let right = |text: &str| high + 8.0 + width(text) <= plot.room.right;
            let left = |text: &str| low - 8.0 - width(text) >= plot.room.left;
            let fitting = [label.as_str(), short]
                .into_iter()
                .find(|text| right(text) || left(text));
            let said = fitting.unwrap_or(short);
            let is_left = !right(said);
            html! {
                g class=(class) {
                    path d=(format!("M{} {y1}H{}M{} {y0}V{y2}M{} {y0}V{y2}", px(low), px(high), px(low), px(high), y0 = px(y - 4.0), y1 = px(y), y2 = px(y + 4.0)))
                        fill="none" stroke=(ink) stroke-width="2" {}
                    circle cx=(px(middle)) cy=(px(y)) r="3.5" fill=(ink) {}
                    text x=(px(if is_left { low - 8.0 } else { high + 8.0 })) y=(px(y + 4.0)) text-anchor=[is_left.then_some("end")] { (said) }
                }
            }
        }
        Form::Fork { at } => html! {
            circle class=(class) cx=(px(plot.across.at(at[0]))) cy=(px(plot.up.at(at[1]))) r="6" fill="none" stroke=(ink) stroke-width="1.5" {}
        },
        Form::Event { .. } => html! {},
    }
}

/// What stands for a hyphen: a sign before numbers, none in dates.
pub(super) const fn axis_minus(is_days: bool) -> &'static str {
    if is_days { "-" } else { "−" }
}

impl Plot {
    /// The top of a slot of a lane.
    pub(super) fn slot(&self, [lane, slot]: [usize; 2]) -> f64 {
        self.lanes.get(lane).copied().unwrap_or(self.room.top) + 3.0 + slot as f64 * SLOT
    }
}

/// The class by which a history's shapes can be switched off.
pub(super) fn of_series(series: usize) -> String {
    format!("of-{}", series + 1)
}

pub(super) fn dashed(series: usize) -> Option<&'static str> {
    Some(dashes(series)).filter(|dashes| !dashes.is_empty())
}

/// A path through points; those that fall on the same place are drawn once.
fn path(points: &[[f64; 2]], plot: &Plot) -> String {
    let mut path = String::new();
    let mut before = String::new();
    let places = points
        .iter()
        .map(|[x, y]| [plot.across.at(*x), plot.up.at(*y)]);
    for [x, y] in thinned(places.collect()) {
        let place = format!("{} {}", px(x), px(y));
        if place != before {
            path.push(if path.is_empty() { 'M' } else { 'L' });
            path.push_str(&place);
            before = place;
        }
    }
    path
}

/// Places on the page without those that a busy line cannot show: of all in the same half pixel
/// across, the first, the lowest, the highest and the last.
fn thinned(places: Vec<[f64; 2]>) -> Vec<[f64; 2]> {
    if places.len() < BUSY {
        return places;
    }
    let mut kept = Vec::new();
    for column in places.chunk_by(|one, other| (one[0] * 2.0).floor() == (other[0] * 2.0).floor()) {
        let by = |one: &&[f64; 2], other: &&[f64; 2]| one[1].total_cmp(&other[1]);
        let ends = [
            column.first(),
            column.iter().min_by(by),
            column.iter().max_by(by),
            column.last(),
        ];
        kept.extend(ends.into_iter().flatten());
    }
    kept
}
