//! A figure for a terminal: lines in the dots of braille, bars in blocks, as wide as there is room,
//! and told apart without colour too.

use super::letters::{columns, cut_to, wrapped};
use super::marks::NUMBERED;
use super::palette::dots;
use super::parts::{Axis, Figure, Form, Panel, Shape, Weight, plain_text};
use super::scale::{Scale, Tick, day_ticks, number_ticks};
use crate::text::count;
use crossterm::style::{Color, Stylize};

/// How many lines a plot of temperatures has.
const HEIGHT: usize = 18;
/// The dots of a braille character, across and down.
const DOTS: [usize; 2] = [2, 4];
/// The bits of its dots, row by row.
const BITS: [[u32; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
/// What full, pale and empty bars are made of.
const BLOCKS: [char; 3] = ['█', '░', '·'];
/// The most events whose titles stand below a plot.
const KEYS: usize = 24;
/// Colours of the terminal for histories, the first as text is.
const COLOURS: [Color; 7] = [
    Color::Reset,
    Color::Blue,
    Color::Yellow,
    Color::Green,
    Color::Magenta,
    Color::Cyan,
    Color::Red,
];

/// A figure as text of so many columns, with colours or without.
#[must_use]
pub fn plot(figure: &Figure, width: usize, colours: bool) -> String {
    let mut lines = wrapped(&plain_text(&figure.title), width);
    let named = figure.series.iter().enumerate();
    let named: Vec<_> = named.filter(|(_, name)| !name.is_empty()).collect();
    for (place, name) in named.iter().copied().filter(|_| named.len() > 1) {
        let sample: String = (0..6)
            .map(|dot| if is_drawn(place, dot * 2) { '─' } else { ' ' })
            .collect();
        let first = format!("{} {} ", painted(&sample, place, colours), place + 1);
        lines.extend(hanging(&first, 9, &plain_text(name), width));
    }
    for panel in &figure.panels {
        lines.push(String::new());
        if !panel.title.is_empty() {
            lines.extend(wrapped(&plain_text(&panel.title), width));
        }
        match &panel.up {
            Axis::Lanes(slots) => lines.extend(bars(panel, slots, width, colours)),
            _ => lines.extend(curves(panel, width, colours, figure.keys.len() <= NUMBERED)),
        }
    }
    if !figure.keys.is_empty() {
        lines.push(String::new());
    }
    let is_numbered = figure.keys.len() <= NUMBERED;
    let shown = if is_numbered { KEYS } else { 0 };
    for key in figure.keys.iter().take(shown) {
        let first = format!("{:>3}  {}  ", key.number, key.date);
        lines.extend(hanging(&first, 17, &plain_text(&key.title), width));
    }
    match figure.keys.len() as u64 {
        all if !is_numbered => lines.push(count(all, "event")),
        all if all > KEYS as u64 => {
            let more = count(all - KEYS as u64, "more event");
            lines.push(format!("     and {more}"));
        }
        _ => {}
    }
    lines.push(String::new());
    lines.extend(wrapped(&figure.caption, width));
    let mut text = String::new();
    for line in &lines {
        text.extend([
            line.trim_end(),
            "
",
        ]);
    }
    text
}

/// A text in lines behind what begins the first of them, so many columns wide.
fn hanging(first: &str, indent: usize, text: &str, width: usize) -> Vec<String> {
    let lines = wrapped(text, width.saturating_sub(indent));
    let blank = " ".repeat(indent);
    let begin = |place: usize| if place == 0 { first } else { blank.as_str() };
    let lines = lines.iter().enumerate();
    lines
        .map(|(place, line)| format!("{}{line}", begin(place)))
        .collect()
}

fn painted(text: &str, series: usize, colours: bool) -> String {
    let colour = COLOURS[series % COLOURS.len()];
    if !colours || colour == Color::Reset || text.trim().is_empty() {
        return text.to_owned();
    }
    text.with(colour).to_string()
}

/// Whether a dot of a history's line is drawn.
fn is_drawn(series: usize, dot: usize) -> bool {
    let [on, off] = dots(series);
    dot % (on + off) < on
}

/// What stands at a place of a plot.
#[derive(Clone, Copy, Debug, Default)]
struct Spot {
    dots: u32,
    series: usize,
    letter: Option<char>,
}

/// A grid of characters.
struct Grid {
    spots: Vec<Spot>,
    width: usize,
    height: usize,
}

impl Grid {
    fn spot(&mut self, column: usize, row: usize) -> Option<&mut Spot> {
        let is_inside = column < self.width && row < self.height;
        is_inside
            .then(|| self.spots.get_mut(row * self.width + column))
            .flatten()
    }

    fn dot(&mut self, [x, y]: [i64; 2], series: usize) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else {
            return;
        };
        if let Some(spot) = self.spot(x / DOTS[0], y / DOTS[1]) {
            spot.dots |= BITS[y % DOTS[1]][x % DOTS[0]];
            spot.series = series;
        }
    }

    /// Draws a line dot by dot; `drawn` counts its dots, so that dashes go on from piece to piece.
    fn line(&mut self, [from, to]: [[f64; 2]; 2], series: usize, drawn: &mut usize) {
        let length = (to[0] - from[0])
            .abs()
            .max((to[1] - from[1]).abs())
            .ceil()
            .max(1.0);
        for dot in 0..=length as usize {
            let share = dot as f64 / length;
            let at =
                [0, 1].map(|axis| (from[axis] + share * (to[axis] - from[axis])).round() as i64);
            if is_drawn(series, *drawn) {
                self.dot(at, series);
            }
            *drawn += usize::from(dot > 0);
        }
    }

    fn letter(&mut self, [x, y]: [f64; 2], letter: char, series: usize) {
        let (column, row) = (
            x.max(0.0).round() as usize / DOTS[0],
            y.max(0.0).round() as usize / DOTS[1],
        );
        if let Some(spot) = self.spot(column, row) {
            // Where several events fall on one place, it says that there are several.
            spot.letter = Some(match spot.letter {
                Some(other) if other != letter => '+',
                _ => letter,
            });
            spot.series = series;
        }
    }

    fn row(&self, row: usize, colours: bool) -> String {
        let spots = self.spots.iter().skip(row * self.width).take(self.width);
        let letters = spots.map(|spot| {
            let letter = spot.letter.unwrap_or_else(|| match spot.dots {
                0 => ' ',
                dots => char::from_u32(0x2800 + dots).unwrap_or(' '),
            });
            painted(&letter.to_string(), spot.series, colours)
        });
        letters.collect()
    }
}

/// A panel of lines: numbers at the left, names of bands at the right, dates below.
fn curves(panel: &Panel, width: usize, colours: bool, is_numbered: bool) -> Vec<String> {
    let names = panel
        .zones
        .iter()
        .map(|zone| columns(zone.name))
        .max()
        .unwrap_or_default();
    let names = if names == 0 || width < 60 {
        0
    } else {
        names + 1
    };
    let plot_width = width.saturating_sub(6 + 3 + names).max(20);
    let mut grid = Grid {
        spots: vec![Spot::default(); plot_width * HEIGHT],
        width: plot_width,
        height: HEIGHT,
    };
    let last_dots = [plot_width * DOTS[0] - 1, HEIGHT * DOTS[1] - 1].map(|dots| dots as f64);
    let across = Scale::new(panel.across.range(), [0.0, last_dots[0]]);
    let up = Scale::new(panel.up.range(), [last_dots[1], 0.0]);
    let mut ends: Vec<(usize, usize)> = Vec::new();
    for Shape { series, form } in &panel.shapes {
        draw(&mut grid, *series, form, across, up);
        if let Form::Line {
            points,
            weight: Weight::Named,
        } = form
        {
            ends.extend(
                points
                    .last()
                    .map(|[_, y]| (up.at(*y) as usize / DOTS[1], *series)),
            );
        }
    }
    for Shape { series, form } in &panel.shapes {
        match form {
            Form::Event { at, number } if is_numbered => {
                let digit = u32::try_from(*number)
                    .ok()
                    .and_then(|number| char::from_digit(number, 10));
                grid.letter(
                    [across.at(at[0]), up.at(at[1])],
                    digit.unwrap_or('•'),
                    *series,
                );
            }
            Form::Fork { at } => grid.letter([across.at(at[0]), up.at(at[1])], 'o', *series),
            _ => {}
        }
    }
    // Among the dots of a band a line would be lost, so it is drawn in letters.
    let has_band = |shape: &Shape| matches!(shape.form, Form::Band { .. });
    if panel.shapes.iter().any(has_band) {
        for Shape { series, form } in &panel.shapes {
            if let Form::Line {
                points,
                weight: Weight::Named,
            } = form
            {
                rule(&mut grid, points, *series, [across, up]);
            }
        }
    }
    let row_of = |value: f64| up.at(value).round() as usize / DOTS[1];
    let ticks = number_ticks(panel.up.range(), HEIGHT / 2);
    let several = ends.len() > 1;
    let mut lines: Vec<_> = (0..HEIGHT)
        .map(|row| {
            let tick = ticks.iter().find(|tick| row_of(tick.at) == row);
            let (label, edge) = tick.map_or(("", '│'), |tick| (tick.label.as_str(), '┤'));
            let numbers: String = if several {
                ends.iter()
                    .filter(|(end, _)| *end == row)
                    .map(|(_, series)| painted(&(series + 1).to_string(), *series, colours))
                    .collect()
            } else {
                String::new()
            };
            let shown = if several {
                ends.iter().filter(|(end, _)| *end == row).count()
            } else {
                0
            };
            let zone = panel.zones.iter().filter(|_| names > 0).find(|zone| {
                let middle = f64::midpoint(
                    zone.from.max(panel.up.range()[0]),
                    zone.to.min(panel.up.range()[1]),
                );
                zone.from < zone.to && row_of(middle) == row
            });
            let blank = " ".repeat(3_usize.saturating_sub(shown));
            format!(
                "{label:>5}{edge}{}{numbers}{blank}{}",
                grid.row(row, colours),
                zone.map_or("", |zone| zone.name)
            )
        })
        .collect();
    lines.extend(foot(&panel.across, across, plot_width, 6));
    lines
}

/// Draws a line as a rule of one letter for each column.
fn rule(grid: &mut Grid, points: &[[f64; 2]], series: usize, [across, up]: [Scale; 2]) {
    let flat: Vec<_> = points.iter().map(|[x, y]| [*x, *y, *y]).collect();
    let [Some(first), Some(last)] = [flat.first(), flat.last()] else {
        return;
    };
    let [first, last] = [first, last].map(|point| across.at(point[0]).max(0.0) as usize / DOTS[0]);
    for column in first..=last {
        let x = (column * DOTS[0]) as f64;
        let (y, _) = between(&flat, x, across);
        let row = up.at(y).max(0.0).round() as usize / DOTS[1];
        if let Some(spot) = grid.spot(column, row) {
            spot.letter = spot.letter.or(Some('━'));
            spot.series = series;
        }
    }
}

/// A line of an axis with what stands below it.
fn foot(axis: &Axis, across: Scale, width: usize, margin: usize) -> [String; 2] {
    let ticks = match axis {
        Axis::Days(_) => {
            let fine = day_ticks(axis.range(), width / 9);
            let is_long = fine.first().is_some_and(|tick| tick.label.len() > 7);
            if is_long {
                day_ticks(axis.range(), width / 13)
            } else {
                fine
            }
        }
        Axis::Numbers(range, _) => number_ticks(*range, width / 8),
        Axis::Lanes(_) => Vec::new(),
    };
    let mut rule: Vec<char> = "─".repeat(width).chars().collect();
    let mut labels = vec![' '; margin + width + 4];
    for Tick { at, label } in ticks {
        let column = (across.at(at).round() as usize / DOTS[0]).min(width.saturating_sub(1));
        if let Some(edge) = rule.get_mut(column) {
            *edge = '┬';
        }
        let start = (margin + column)
            .saturating_sub(label.len() / 2)
            .min(labels.len().saturating_sub(label.len()));
        let room = labels.get(start.saturating_sub(1)..start + label.len());
        if room.is_some_and(|room| room.iter().all(|letter| *letter == ' ')) {
            for (place, letter) in label.chars().enumerate() {
                labels[start + place] = letter;
            }
        }
    }
    let rule: String = rule.into_iter().collect();
    [
        format!("{}└{rule}", " ".repeat(margin - 1)),
        labels.into_iter().collect(),
    ]
}

fn draw(grid: &mut Grid, series: usize, form: &Form, across: Scale, up: Scale) {
    let place = |[x, y]: [f64; 2]| [across.at(x), up.at(y)];
    match form {
        Form::Line { points, weight } => {
            let mut drawn = 0;
            let series = if *weight == Weight::Shared { 0 } else { series };
            for pair in points.windows(2) {
                if let [from, to] = pair {
                    grid.line([place(*from), place(*to)], series, &mut drawn);
                }
            }
        }
        // Every fourth dot of the outer band and every second of the inner one.
        Form::Band { points, is_outer } => {
            let [Some(first), Some(last)] = [points.first(), points.last()] else {
                return;
            };
            let [first, last] = [first[0], last[0]].map(|x| across.at(x).round() as i64);
            for x in first..=last {
                let (low, high) = between(points, x as f64, across);
                let [top, bottom] = [high, low].map(|y| up.at(y).round() as i64);
                for y in top..=bottom {
                    let is_dotted = if *is_outer {
                        (x + y) % 4 == 0 && x % 2 == 0
                    } else {
                        (x + y) % 2 == 0
                    };
                    if is_dotted {
                        grid.dot([x, y], series);
                    }
                }
            }
        }
        Form::Bar { .. } | Form::Interval { .. } | Form::Event { .. } | Form::Fork { .. } => {}
    }
}

/// The ends of a band at a place on the page.
fn between(points: &[[f64; 3]], x: f64, across: Scale) -> (f64, f64) {
    let after = points.partition_point(|point| across.at(point[0]) < x);
    let right = points
        .get(after)
        .or(points.last())
        .copied()
        .unwrap_or_default();
    let left = points
        .get(after.saturating_sub(1))
        .copied()
        .unwrap_or(right);
    let (from, to) = (across.at(left[0]), across.at(right[0]));
    let share = if to > from {
        ((x - from) / (to - from)).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (
        left[1] + share * (right[1] - left[1]),
        left[2] + share * (right[2] - left[2]),
    )
}

/// A panel of lanes: a line for each slot with its bar, and what it says beside it.
fn bars(panel: &Panel, lanes: &[(String, usize)], width: usize, colours: bool) -> Vec<String> {
    let most = width * 2 / if width < 60 { 7 } else { 5 };
    let names: Vec<_> = lanes
        .iter()
        .map(|(name, _)| wrapped(&plain_text(name), most))
        .collect();
    let margin = names
        .iter()
        .flatten()
        .map(|name| columns(name))
        .max()
        .unwrap_or_default()
        + 1;
    let said = panel.shapes.iter().map(|shape| match &shape.form {
        Form::Interval { label, .. } => columns(label) + 1,
        Form::Bar { label, .. } if matches!(panel.across, Axis::Numbers(..)) => columns(label) + 1,
        _ => 0,
    });
    let said = said.max().unwrap_or_default().min(width * 2 / 5);
    let plot_width = width.saturating_sub(margin + 1 + said).max(8);
    let across = Scale::new(
        panel.across.range(),
        [0.0, (plot_width * DOTS[0] - 1) as f64],
    );
    let column = |at: f64| (across.at(at).max(0.0) as usize / DOTS[0]).min(plot_width - 1);
    let mut text = Vec::new();
    for (lane, (name, (_, slots))) in names.iter().zip(lanes).enumerate() {
        for slot in 0..(*slots).max(name.len()) {
            let mut row = vec![(' ', 0); plot_width];
            let mut beside = String::new();
            for Shape { series, form } in &panel.shapes {
                match form {
                    Form::Bar {
                        lane: own,
                        span,
                        label,
                        fill,
                    } if *own == [lane, slot] => {
                        let [from, to] = [span[0].min(span[1]), span[0].max(span[1])].map(column);
                        for spot in row.iter_mut().take(to + 1).skip(from) {
                            *spot = (BLOCKS[*fill as usize], *series);
                        }
                        match panel.across {
                            Axis::Numbers(..) => beside.clone_from(label),
                            _ => write_in(&mut row, from, to, label, *series),
                        }
                    }
                    Form::Interval {
                        lane: own,
                        span,
                        label,
                    } if *own == [lane, slot] => {
                        let [low, middle, high] = span.map(column);
                        for spot in row.iter_mut().take(high + 1).skip(low) {
                            *spot = ('─', *series);
                        }
                        row[middle] = ('●', *series);
                        beside.clone_from(label);
                    }
                    _ => {}
                }
            }
            let name = name.get(slot).map_or("", String::as_str);
            let blank = " ".repeat(margin.saturating_sub(columns(name)));
            let row: String = row
                .iter()
                .map(|(letter, series)| painted(&letter.to_string(), *series, colours))
                .collect();
            let beside = cut_to(&beside, said.saturating_sub(1));
            text.push(format!("{name}{blank}│{row} {beside}"));
        }
    }
    text.extend(foot(&panel.across, across, plot_width, margin + 1));
    text
}

/// Writes what a bar says into it, where there is room.
fn write_in(row: &mut [(char, usize)], from: usize, to: usize, label: &str, series: usize) {
    let length = label.chars().count();
    if to - from >= length + 3 {
        for (place, letter) in label.chars().enumerate() {
            row[from + 1 + place] = (letter, series);
        }
    }
}
