//! Agenda, measures and meetings as swim lanes: how each stood over time, on the axis of the
//! temperatures.

use super::charts::{Album, with_room};
use crate::model::{Day, Dyad};
use crate::view::figure::{Axis, Fill, Form, Panel, Shape, place_of};
use crate::view::rows::transition::ChangeRow;
use crate::view::rows::words::{plain, prepositions};
use crate::view::text::what_if::strand::Strand;
use std::collections::BTreeMap;

/// What has a lane: the kind first, so that measures stand before the agenda.
type Subject = (u8, String);

/// How something stood from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stretch {
    from: Day,
    status: &'static str,
}

impl Album {
    /// The lanes of a dyad: of the first history, and of each other where it is not the same.
    #[must_use]
    pub fn lanes(&self, dyad: Dyad) -> Option<Panel> {
        let of_strand: Vec<_> = self
            .strands
            .iter()
            .map(|strand| stretches(strand, dyad))
            .collect();
        let mut subjects: Vec<&Subject> = of_strand.iter().flat_map(BTreeMap::keys).collect();
        subjects.sort();
        subjects.dedup();
        let none = Vec::new();
        let (mut shapes, mut lanes) = (Vec::new(), Vec::new());
        for subject in subjects {
            let first = of_strand
                .first()
                .and_then(|lanes| lanes.get(subject))
                .unwrap_or(&none);
            let mut slots = 0;
            for (series, strand) in of_strand.iter().enumerate() {
                let own = strand.get(subject).unwrap_or(&none);
                if own == first && series > 0 || own.is_empty() && series == 0 {
                    continue;
                }
                let mut bar = |from: Day, to: Day, label: String, fill| {
                    let lane = [lanes.len(), slots];
                    let [first, last] = self.days;
                    if to < first || (to == first && from < first) {
                        return;
                    }
                    let span = [from, to].map(|day| place_of(day.clamp(first, last)));
                    let form = Form::Bar {
                        lane,
                        span,
                        label,
                        fill,
                    };
                    shapes.push(Shape { series, form });
                };
                for (place, stretch) in own.iter().enumerate() {
                    let to = own.get(place + 1).map_or(self.days[1], |next| next.from);
                    bar(
                        stretch.from,
                        to,
                        plain(stretch.status),
                        fill(stretch.status),
                    );
                }
                if let (true, Some(begun)) = (own.is_empty(), first.first()) {
                    bar(begun.from, self.days[1], "never".to_owned(), Fill::Empty);
                }
                slots += 1;
            }
            if slots > 0 {
                lanes.push((subject.1.clone(), slots));
            }
        }
        (!lanes.is_empty()).then(|| Panel {
            title: format!("{dyad}, measures, agenda and meetings"),
            across: Axis::Days(with_room(self.days)),
            up: Axis::Lanes(lanes),
            zones: Vec::new(),
            shapes,
        })
    }

    /// The same as rows: what it is, in which history, from which day on, and how it stood.
    #[must_use]
    pub fn lane_rows(&self, dyad: Dyad) -> Vec<[String; 4]> {
        let strands = (1..).zip(&self.strands);
        let rows = strands.flat_map(|(number, strand)| {
            let subjects = stretches(strand, dyad).into_iter();
            subjects.flat_map(move |((_, name), own): (Subject, Vec<Stretch>)| {
                own.into_iter().map(move |stretch| {
                    [
                        name.clone(),
                        format!("{number}"),
                        stretch.from.to_string(),
                        plain(stretch.status),
                    ]
                })
            })
        });
        let mut rows: Vec<_> = rows.collect();
        rows.sort();
        rows
    }
}

/// How everything between two actors stood over time in a history.
fn stretches(strand: &Strand, dyad: Dyad) -> BTreeMap<Subject, Vec<Stretch>> {
    let mut found: BTreeMap<Subject, Vec<Stretch>> = BTreeMap::new();
    let moved = strand.passages.iter().flat_map(|passed| {
        let moved = passed.moved.iter().filter(|it| it.dyad == dyad);
        moved.map(|it| (passed.date, it))
    });
    for (date, moved) in moved {
        for change in &moved.changes {
            let (subject, status) = match change {
                ChangeRow::Measure {
                    measure,
                    measure_kind,
                    source,
                    other,
                    role,
                    to,
                    ..
                } => {
                    let [by, against] = prepositions(measure_kind, role);
                    (
                        (
                            0,
                            format!("{measure_kind} {by} {source} {against} {other} [{measure}]"),
                        ),
                        *to,
                    )
                }
                ChangeRow::Agenda { item, to, .. } => ((1, item.clone()), *to),
                ChangeRow::Meeting { meeting, to, .. } => ((2, meeting.clone()), *to),
                ChangeRow::Phase { .. }
                | ChangeRow::Equilibrium { .. }
                | ChangeRow::Readout { .. } => continue,
            };
            let own = found.entry(subject).or_default();
            // Of several changes on a day the last counts.
            own.pop_if(|last| last.from == date);
            if own.last().is_none_or(|last| last.status != status) {
                own.push(Stretch { from: date, status });
            }
        }
    }
    found
}

/// How a bar is filled of something that stands so.
fn fill(status: &str) -> Fill {
    match status {
        "lifted" | "dropped" | "cancelled" => Fill::Empty,
        "in_force" | "settled" | "held" | "agreed" | "in_progress" => Fill::Full,
        _ => Fill::Pale,
    }
}
