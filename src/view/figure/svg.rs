//! A figure as SVG: vector text, its own colours or those of a page, every number rounded to a
//! tenth of a pixel.

use super::letters::{Page, Room, SIZE, columns_in, width, wrapped};
use super::marks::{self, Mark};
use super::palette::{Ink, Theme};
use super::parts::{Axis, Figure, Form, Panel, Shape, Weight, Zone, plain_text};
use super::scale::{Scale, Tick, day_ticks, fixed, number_ticks, px};
use super::shapes::{Plot, SLOT, axis_minus, dashed, of_series, shape};
use crate::text::count;
use maud::{Markup, html};

/// How an SVG is to look.
#[derive(Clone, Copy, Debug)]
pub struct Canvas<'a> {
    /// How wide it is, in pixels.
    pub width: u32,
    /// On what ground it stands.
    pub theme: Theme,
    /// What sets its names apart from those of other figures of a page; empty for a figure of its
    /// own.
    pub id: &'a str,
}

/// What a figure's letters are set in.
const FONTS: &str = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";
/// The space at the edges, in pixels.
const EDGE: f64 = 10.0;
/// From line to line of text, in pixels.
const LINE: f64 = 16.0;
/// From line to line of the name of a lane, in pixels.
const NAME_LINE: f64 = 14.0;
/// The most events whose titles stand below a figure of its own.
const KEYS: usize = 24;

/// A figure as an SVG document of its own.
#[must_use]
pub fn svg_document(figure: &Figure, canvas: Canvas<'_>) -> String {
    format!("{}\n", svg(figure, canvas).into_string())
}

/// A figure as an SVG element.
#[must_use]
pub fn svg(figure: &Figure, canvas: Canvas<'_>) -> Markup {
    let mut pen = Pen {
        canvas,
        y: EDGE,
        is_alone: canvas.id.is_empty(),
        width: f64::from(canvas.width),
    };
    let head = pen.head(figure);
    let panels: Vec<_> = figure
        .panels
        .iter()
        .enumerate()
        .map(|(place, panel)| pen.panel(figure, panel, place))
        .collect();
    let foot = pen.foot(figure);
    let height = fixed(pen.y + EDGE, 0);
    let width = canvas.width;
    let theme = canvas.theme;
    let [title_id, description_id] =
        ["title", "description"].map(|name| format!("{}{name}", canvas.id));
    html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {width} {height}"))
            width=[pen.is_alone.then_some(width)] height=[pen.is_alone.then_some(&height)]
            font-family=(FONTS) font-size=(SIZE) fill=(theme.colour(Ink::Text))
            role=(if pen.is_alone { "img" } else { "group" })
            aria-labelledby=[pen.is_alone.then_some(&title_id)] aria-label=[(!pen.is_alone).then(|| plain_text(&figure.title))]
            aria-describedby=(description_id) {
            // In a page a title would be shown wherever the mouse rests.
            @if pen.is_alone { title id=(title_id) { (plain_text(&figure.title)) } }
            desc id=(description_id) { (figure.description) }
            @if pen.is_alone { rect width="100%" height="100%" fill=(theme.colour(Ink::Ground)) {} }
            (head)
            @for panel in &panels { (panel) }
            (foot)
        }
    }
}

/// Draws from the top down.
struct Pen<'a> {
    canvas: Canvas<'a>,
    y: f64,
    is_alone: bool,
    width: f64,
}

impl Pen<'_> {
    fn ink(&self, ink: Ink) -> String {
        self.canvas.theme.colour(ink)
    }

    fn columns(&self) -> usize {
        columns_in(self.width - 2.0 * EDGE)
    }

    /// Lines of text at the left edge.
    fn lines(&mut self, lines: &[String], ink: Ink, is_bold: bool) -> Markup {
        html! {
            @for line in lines {
                @let y = { self.y += LINE; self.y - 4.0 };
                text x=(EDGE) y=(px(y)) fill=(self.ink(ink)) font-weight=[is_bold.then_some("bold")] { (line) }
            }
        }
    }

    /// Title and legend.
    fn head(&mut self, figure: &Figure) -> Markup {
        let title = if self.is_alone {
            wrapped(&plain_text(&figure.title), self.columns())
        } else {
            Vec::new()
        };
        let title = self.lines(&title, Ink::Text, true);
        let named = || {
            figure
                .series
                .iter()
                .enumerate()
                .filter(|(_, name)| !name.is_empty())
        };
        if named().count() < 2 {
            return title;
        }
        self.y += 4.0;
        let mut x = EDGE;
        let mut entries = Vec::new();
        for (place, name) in named() {
            let name = format!("{} {}", place + 1, plain_text(name));
            let lines = wrapped(&name, columns_in(self.width - 2.0 * EDGE - 34.0));
            let longest = lines.iter().map(|line| width(line)).fold(0.0, f64::max);
            let length = 34.0 + longest + 14.0;
            if x > EDGE && x + length - 14.0 > self.width - EDGE {
                x = EDGE;
                self.y += LINE;
            }
            let at = [x, self.y + LINE / 2.0];
            x += length;
            // What takes several lines has them for itself.
            for _ in 1..lines.len() {
                x = self.width;
                self.y += LINE;
            }
            entries.push((place, lines, at));
        }
        self.y += LINE + 2.0;
        html! {
            (title)
            @for (place, lines, [x, y]) in entries {
                g class=(of_series(place)) {
                    path d=(format!("M{} {}h28", px(x), px(y))) fill="none" stroke=(self.ink(Ink::Series(place)))
                        stroke-width="2" stroke-dasharray=[dashed(place)] {}
                    @for (number, line) in lines.iter().enumerate() {
                        text x=(px(x + 33.0)) y=(px(y + 4.0 + LINE * number as f64)) { (line) }
                    }
                }
            }
        }
    }

    /// The events by their numbers, and the conditions.
    fn foot(&mut self, figure: &Figure) -> Markup {
        if !self.is_alone {
            return html! {};
        }
        let columns = self.columns();
        let is_numbered = figure.keys.len() <= marks::NUMBERED;
        let shown = if is_numbered { KEYS } else { 0 };
        let keys: Vec<_> = figure.keys.iter().take(shown).collect();
        if !figure.keys.is_empty() {
            self.y += 6.0;
        }
        let room = columns_in(self.width - 2.0 * EDGE - 94.0);
        let keys_drawn = html! {
            @for key in &keys {
                @for (place, line) in wrapped(&plain_text(&key.title), room).iter().enumerate() {
                    @let y = px({ self.y += LINE; self.y - 4.0 });
                    @if place == 0 {
                        text x=(px(EDGE + 16.0)) y=(y) text-anchor="end" { (key.number) }
                        text x=(px(EDGE + 24.0)) y=(y) { (key.date) }
                    }
                    text x=(px(EDGE + 94.0)) y=(y) { (line) }
                }
            }
        };
        let more = (figure.keys.len() - keys.len()) as u64;
        let more = match (more, keys.is_empty()) {
            (0, _) => Vec::new(),
            (_, true) => vec![count(more, "event")],
            (_, false) => vec![format!("and {}", count(more, "more event"))],
        };
        let keys = html! { (keys_drawn) (self.lines(&more, Ink::Text, false)) };
        let caption = wrapped(&figure.caption, columns);
        if !caption.is_empty() {
            self.y += 6.0;
        }
        html! { (keys) (self.lines(&caption, Ink::Aside, false)) }
    }

    fn panel(&mut self, figure: &Figure, panel: &Panel, place: usize) -> Markup {
        self.y += 4.0;
        let title = if panel.title.is_empty() {
            Vec::new()
        } else {
            wrapped(&plain_text(&panel.title), self.columns())
        };
        let title = self.lines(&title, Ink::Text, true);
        let plot = self.plot(panel);
        let page = &mut Page::new(plot.room);
        let clip = format!("{}clip-{place}", self.canvas.id);
        let Room {
            left,
            top,
            right,
            bottom,
        } = plot.room;
        self.y = bottom + 22.0;
        let is_days = matches!(panel.across, Axis::Days(_));
        let [first, last] = panel.across.range();
        html! {
            (title)
            clipPath id=(clip) { rect x=(px(left)) y=(px(top - 1.0)) width=(px(right - left)) height=(px(bottom - top + 2.0)) {} }
            @for zone in &panel.zones { (self.zone(zone, &plot)) }
            (self.up_axis(panel, &plot))
            g class=[(is_days && !self.is_alone).then_some("plot")] data-left=[is_days.then(|| px(left))] data-right=[is_days.then(|| px(right))]
                data-first=[is_days.then(|| fixed(first, 0))] data-last=[is_days.then(|| fixed(last, 0))] {
                (self.across_axis(&panel.across, &plot))
                g clip-path=(format!("url(#{clip})")) {
                    @for one in &panel.shapes { (shape(self.canvas.theme, one, &plot)) }
                }
                (Self::ends(panel, &plot, page))
                @for mark in marks::of(figure, panel, &plot.across, &plot.up, page) { (self.mark(&mark)) }
            }
            @for zone in &panel.zones { (self.zone_name(zone, &plot, page)) }
        }
    }

    /// Room for the axes and what is between them.
    fn plot(&mut self, panel: &Panel) -> Plot {
        let top = self.y + 6.0;
        let is_days = matches!(panel.across, Axis::Days(_));
        let lanes = match &panel.up {
            Axis::Lanes(lanes) => &lanes[..],
            _ => &[],
        };
        // Over time, lanes have their names above them, so that all days of a page stand below each
        // other.
        let margin = if lanes.is_empty() || is_days {
            30.0
        } else {
            let widths = lanes.iter().map(|(name, _)| width(&plain_text(name)));
            (widths.fold(0.0, f64::max) + 10.0).min(self.width * 0.46)
        };
        let (left, right) = (EDGE + margin, self.width - EDGE - 12.0);
        let name_columns = columns_in(if is_days { right - left - 4.0 } else { margin });
        let names = lanes.iter();
        let names: Vec<_> = names
            .map(|(name, _)| wrapped(&plain_text(name), name_columns))
            .collect();
        let mut bottom = top;
        let mut tops = Vec::new();
        for ((_, slots), lines) in lanes.iter().zip(&names) {
            let [said, drawn] = [lines.len() as f64 * NAME_LINE, *slots as f64 * SLOT];
            tops.push(bottom + if is_days { said } else { 0.0 });
            bottom += if is_days {
                said + drawn
            } else {
                said.max(drawn)
            } + 6.0;
        }
        if lanes.is_empty() {
            bottom += (self.width * 0.42).clamp(170.0, 320.0);
        }
        let room = Room {
            left,
            top,
            right,
            bottom,
        };
        Plot {
            across: Scale::new(panel.across.range(), [room.left, room.right]),
            up: Scale::new(panel.up.range(), [room.bottom, room.top]),
            room,
            lanes: tops,
            names,
            is_days,
        }
    }

    /// A named band: every second one is shaded.
    fn zone(&self, zone: &Zone, plot: &Plot) -> Markup {
        let (bottom, top) = (plot.up.at(zone.from), plot.up.at(zone.to));
        let bottom = bottom.min(plot.room.bottom);
        let top = top.max(plot.room.top);
        html! {
            @if zone.is_shaded {
                rect x=(px(plot.room.left)) y=(px(top)) width=(px(plot.room.right - plot.room.left)) height=(px((bottom - top).max(0.0)))
                    fill=(self.ink(Ink::Zone)) {}
            }
        }
    }

    fn zone_name(&self, zone: &Zone, plot: &Plot, page: &mut Page) -> Markup {
        let bottom = plot.up.at(zone.from).min(plot.room.bottom);
        let top = plot.up.at(zone.to).max(plot.room.top);
        let size = [width(zone.name), SIZE];
        // A name stands where it covers nothing: at an end of its band, else somewhere in it.
        let ends = [
            plot.room.left + size[0] / 2.0 + 14.0,
            plot.room.right - size[0] / 2.0 - 14.0,
        ];
        let between = (1..12).map(|part| ends[1] + (ends[0] - ends[1]) * f64::from(part) / 12.0);
        let across: Vec<f64> = ends.into_iter().chain(between).collect();
        let (upper, lower) = (top + SIZE / 2.0 + 2.0, bottom - SIZE / 2.0 - 2.0);
        let heights = [upper, f64::midpoint(top, bottom), lower];
        let middles = heights
            .into_iter()
            .flat_map(|y| across.iter().map(move |&x| [x, y]));
        let free = middles
            .clone()
            .find(|middle| page.is_free(Room::around(*middle, size)))
            .or_else(|| {
                middles
                    .clone()
                    .find(|middle| page.is_unwritten(Room::around(*middle, size)))
            });
        html! {
            @if let Some([x, y]) = free.filter(|_| bottom - top > SIZE + 2.0) {
                text x=(px(x)) y=(px(y + 4.0)) text-anchor="middle" fill=(self.ink(Ink::Aside)) { (zone.name) }
            }
        }
    }

    /// The axis up with its lines and numbers, or the names of lanes.
    fn up_axis(&self, panel: &Panel, plot: &Plot) -> Markup {
        let Room { left, right, .. } = plot.room;
        match &panel.up {
            Axis::Lanes(lanes) => html! {
                @for place in 0..lanes.len() {
                    @let name_lines = &plot.names[place];
                    @let above = if plot.is_days { name_lines.len() as f64 * NAME_LINE } else { 0.0 };
                    @let top = plot.lanes[place] - above;
                    @let next = plot.lanes.get(place + 1).zip(plot.names.get(place + 1));
                    @let next = next.map(|(top, below)| if plot.is_days { top - below.len() as f64 * NAME_LINE } else { *top });
                    path d=(format!("M{} {}H{}", px(EDGE), px(next.unwrap_or(plot.room.bottom)), px(right))) stroke=(self.ink(Ink::Grid)) stroke-width="1" {}
                    @let (x, anchor) = if plot.is_days { (left + 2.0, None) } else { (left - 6.0, Some("end")) };
                    @for (number, line) in name_lines.iter().enumerate() {
                        text x=(px(x)) y=(px(top + 14.0 + number as f64 * NAME_LINE)) text-anchor=[anchor] {
                            (line)
                        }
                    }
                }
            },
            axis => {
                let ticks = number_ticks(axis.range(), (plot.up.length() / 34.0) as usize);
                html! {
                    @for Tick { at, label } in &ticks {
                        @let y = plot.up.at(*at);
                        path d=(format!("M{} {}H{}", px(left), px(y), px(right))) stroke=(self.ink(if *at == 0.0 { Ink::Aside } else { Ink::Grid })) stroke-width="1" {}
                        text x=(px(left - 5.0)) y=(px(y + 4.0)) text-anchor="end" fill=(self.ink(Ink::Aside)) { (label.replace('-', "−")) }
                    }
                }
            }
        }
    }

    fn across_axis(&self, axis: &Axis, plot: &Plot) -> Markup {
        let Room {
            top, bottom, right, ..
        } = plot.room;
        let room = plot.across.length();
        let (ticks, unit) = match axis {
            Axis::Days(_) => {
                let most = |pixels: f64| (room / pixels) as usize;
                let fine = day_ticks(axis.range(), most(58.0));
                let is_long = fine.first().is_some_and(|tick| tick.label.len() > 7);
                (
                    if is_long {
                        day_ticks(axis.range(), most(84.0))
                    } else {
                        fine
                    },
                    "",
                )
            }
            Axis::Numbers(range, unit) => (number_ticks(*range, (room / 50.0) as usize), *unit),
            Axis::Lanes(_) => (Vec::new(), ""),
        };
        let last = ticks.len().saturating_sub(1);
        html! {
            g class="ticks" {
                @for (place, Tick { at, label }) in ticks.iter().enumerate() {
                    @let x = plot.across.at(*at);
                    @let label = if place == last { format!("{}{unit}", label.replace('-', axis_minus(plot.is_days))) } else { label.replace('-', axis_minus(plot.is_days)) };
                    @let half = width(&label) / 2.0;
                    path d=(format!("M{} {}V{}", px(x), px(top), px(bottom + 4.0))) stroke=(self.ink(Ink::Grid)) stroke-width="1" {}
                    text x=(px(x.min(right + 12.0 - half))) y=(px(bottom + 16.0)) text-anchor="middle" fill=(self.ink(Ink::Aside)) { (label) }
                }
            }
            path d=(format!("M{} {}H{}", px(plot.room.left), px(bottom), px(right))) stroke=(self.ink(Ink::Aside)) stroke-width="1" {}
        }
    }

    /// The number of each history at the end of its line.
    fn ends(panel: &Panel, plot: &Plot, page: &mut Page) -> Markup {
        let mut ends: Vec<(usize, f64)> = Vec::new();
        for Shape { series, form } in &panel.shapes {
            let Form::Line { points, weight } = form else {
                continue;
            };
            if *weight != Weight::Faint {
                let places = points
                    .iter()
                    .map(|[x, y]| [plot.across.at(*x), plot.up.at(*y)]);
                page.keep_clear(places);
            }
            if *weight == Weight::Named {
                ends.extend(points.last().map(|[_, y]| (*series, plot.up.at(*y))));
            }
        }
        if ends.len() < 2 {
            return html! {};
        }
        ends.sort_by(|one, other| one.1.total_cmp(&other.1));
        let mut lowest = f64::NEG_INFINITY;
        for (_, y) in &mut ends {
            *y = y.max(lowest + SIZE);
            lowest = *y;
        }
        let over = (lowest - plot.room.bottom).max(0.0);
        html! {
            g class="ends" { @for (series, y) in &ends {
                text class=(of_series(*series)) x=(px(plot.room.right + 4.0)) y=(px(y - over + 4.0)) font-weight="bold" { (series + 1) }
            } }
        }
    }

    fn mark(&self, mark: &Mark) -> Markup {
        let ink = self.ink(Ink::Series(mark.series));
        let [x, y] = mark.at;
        let shape = html! {
            path d=(marks::outline(mark.series, mark.at)) fill=(self.ink(Ink::Ground)) stroke=(ink) stroke-width="1.6" {}
            @if let Some(([x, y], label)) = &mark.label {
                text x=(px(*x)) y=(px(y + 4.0)) text-anchor="middle" { (label) }
            }
        };
        let numbers: Vec<_> = mark.events.iter().map(ToString::to_string).collect();
        // Whoever says what is written beside it means it.
        let says = match &mark.label {
            Some((_, label)) if mark.events.len() > 1 => format!("{label}: {}", mark.says),
            _ => mark.says.clone(),
        };
        html! {
            @if self.is_alone {
                g { title { (mark.says) } (shape) }
            } @else {
                a class=(format!("mark {}", of_series(mark.series))) href=(format!("#event-{}", mark.events.first().copied().unwrap_or_default()))
                    data-events=(numbers.join(" ")) data-x=(px(x)) data-y=(px(y)) aria-label=(says) { (shape) }
            }
        }
    }
}
