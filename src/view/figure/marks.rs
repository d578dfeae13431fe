//! The marks of events: those that would touch become one, and numbers stand where they cover
//! nothing.

use super::letters::{Page, Room};
use super::parts::{Figure, Form, Panel, Shape, plain_text};
use super::scale::{Scale, px};
use crate::text::count;

/// The most events of a figure that have their numbers beside their marks.
pub(super) const NUMBERED: usize = 60;
/// Marks nearer to each other than this become one, in pixels.
const NEAR: f64 = 9.0;
/// The same where marks stand on a rail.
const NEAR_ON_RAIL: f64 = 14.0;
/// A number is not said again so near to where it stands, in pixels up or down.
const SAID_NEAR: f64 = 48.0;
/// The most events that a mark tells by their titles.
const TOLD: usize = 12;

/// The mark of one event or of several.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    /// Where it is on the page.
    pub(super) at: [f64; 2],
    /// Whose it is.
    pub(super) series: usize,
    /// The numbers of its events, in order.
    pub(super) events: Vec<usize>,
    /// Where its numbers stand, and the numbers.
    pub(super) label: Option<([f64; 2], String)>,
    /// What it says: its events.
    pub(super) says: String,
}

/// The marks of a panel. Where there are too many events for numbers, their marks stand on a rail
/// at its foot.
pub(super) fn of(
    figure: &Figure,
    panel: &Panel,
    across: &Scale,
    up: &Scale,
    page: &mut Page,
) -> Vec<Mark> {
    let is_numbered = figure.keys.len() <= NUMBERED;
    let near_pixels = if is_numbered { NEAR } else { NEAR_ON_RAIL };
    let mut marks: Vec<Mark> = Vec::new();
    for Shape { series, form } in &panel.shapes {
        let Form::Event { at, number } = form else {
            continue;
        };
        let rail = up.at(panel.up.range()[0]) - 8.0 - 11.0 * *series as f64;
        let y = if is_numbered { up.at(at[1]) } else { rail };
        let at = [across.at(at[0]), y];
        // Events come in their order: what is near is among the last marks of its history.
        let last = marks.iter_mut().rev();
        let near = last
            .take_while(|mark| mark.series == *series && at[0] - mark.at[0] < near_pixels)
            .find(|mark| (mark.at[1] - at[1]).abs() < near_pixels);
        match near {
            Some(mark) => mark.events.push(*number),
            None => marks.push(Mark {
                at,
                series: *series,
                events: vec![*number],
                label: None,
                says: String::new(),
            }),
        }
    }
    for mark in &marks {
        page.take(Room::around(mark.at, [9.0, 9.0]));
    }
    let mut labelled: Vec<([f64; 2], String)> = Vec::new();
    for mark in &mut marks {
        mark.says = says(figure, &mark.events);
        let text = label(&mark.events);
        // What several histories share at nearly the same place is numbered once.
        let is_said = |(at, said): &([f64; 2], String)| {
            *said == text
                && (at[0] - mark.at[0]).abs() < NEAR
                && (at[1] - mark.at[1]).abs() < SAID_NEAR
        };
        if labelled.iter().any(is_said) {
            continue;
        }
        labelled.push((mark.at, text.clone()));
        let room = is_numbered.then(|| page.beside(mark.at, &text)).flatten();
        mark.label = room.map(|middle| (middle, text));
    }
    marks
}

/// Numbers in a row, those that follow each other as a range.
fn label(numbers: &[usize]) -> String {
    let mut ranges: Vec<[usize; 2]> = Vec::new();
    for &number in numbers {
        match ranges.last_mut() {
            Some([_, last]) if number == *last + 1 => *last = number,
            _ => ranges.push([number, number]),
        }
    }
    let text = |[first, last]: &[usize; 2]| {
        if first == last {
            first.to_string()
        } else {
            format!("{first}–{last}")
        }
    };
    let texts: Vec<_> = ranges.iter().map(text).collect();
    texts.join(", ")
}

fn says(figure: &Figure, numbers: &[usize]) -> String {
    let keys = numbers.iter().filter_map(|number| figure.key(*number));
    let mut lines: Vec<_> = keys
        .take(TOLD)
        .map(|key| format!("{}: {}, {}", key.number, key.date, plain_text(&key.title)))
        .collect();
    if numbers.len() > TOLD {
        lines.push(format!(
            "and {}",
            count((numbers.len() - TOLD) as u64, "more event")
        ));
    }
    lines.join("; ")
}

/// The outline of a history's marks, which differ in form as its lines do.
pub(super) fn outline(series: usize, [x, y]: [f64; 2]) -> String {
    let moved = |points: &[[f64; 2]]| {
        let points: Vec<_> = points
            .iter()
            .map(|[right, down]| format!("{} {}", px(x + right), px(y + down)))
            .collect();
        format!("M{}Z", points.join("L"))
    };
    match series % 4 {
        0 => format!("M{} {}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z", px(x - 4.0), px(y)),
        1 => moved(&[[-3.6, -3.6], [3.6, -3.6], [3.6, 3.6], [-3.6, 3.6]]),
        2 => moved(&[[0.0, -4.8], [4.6, 3.4], [-4.6, 3.4]]),
        _ => moved(&[[0.0, -5.0], [5.0, 0.0], [0.0, 5.0], [-5.0, 0.0]]),
    }
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn numbers_that_follow_each_other_are_a_range() {
        assert_eq!(label(&[4]), "4");
        assert_eq!(label(&[4, 5, 6, 9]), "4–6, 9");
    }
}
