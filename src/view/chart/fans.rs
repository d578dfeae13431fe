//! Charts of ensembles: fans of temperatures with some of their runs, differences, and how probable
//! outcomes are.

use super::charts::{line, phases, points, range_of, with_room};
use crate::error::Result;
use crate::history::{Record, dates_in_words};
use crate::model::{Day, Dyad};
use crate::scenario::{Luck, Plan, Track};
use crate::text::count;
use crate::view::figure::{Axis, Figure, Form, Panel, Shape, Weight, place_of};
use crate::view::rows::conditions::short_conditions;
use crate::view::rows::ensemble::{EnsembleRows, FanRow, GapRow, ScenarioRows};
use crate::view::rows::words::degrees;
use crate::view::text::what_if::strand::Strand;

/// How many runs are drawn behind a fan.
pub const RUNS_DRAWN: u64 = 20;

/// The first runs of each scenario, as they are drawn behind a fan. What they share with a strand
/// of their scenario that is known, in these dyads or more, is held with that.
///
/// # Errors
/// When rules cause more than they may.
pub fn drawn_runs(plan: &Plan<'_>, runs: u64, known: &[&Strand]) -> Result<Vec<Vec<Strand>>> {
    let first = plan.runs.start;
    let numbers = first..first.saturating_add(runs.min(RUNS_DRAWN));
    let of_scenario = |(place, scenario): (usize, _)| {
        let mut strands: Vec<Strand> = Vec::new();
        for run in numbers.clone() {
            let seed = plan.seed;
            let track = Track::of(scenario, Luck { seed, run })?;
            strands.push(match strands.first().or(known.get(place).copied()) {
                None => Strand::of(&track, &plan.dyads),
                Some(first) => Strand::beside(first, &track, &plan.dyads),
            });
        }
        Ok(strands)
    };
    plan.scenarios.iter().enumerate().map(of_scenario).collect()
}

/// An ensemble to be drawn: what it adds up to, and some runs of each scenario.
#[derive(Clone, Copy, Debug)]
pub struct Fans<'a> {
    /// What came out.
    pub rows: &'a EnsembleRows,
    /// Some runs of each scenario; there may be none.
    pub runs: &'a [Vec<Strand>],
    /// Which ink each scenario has; as they come where this is empty.
    pub inks: &'a [usize],
}

impl Fans<'_> {
    /// A figure of the fans of some dyads, the differences and the outcomes.
    #[must_use]
    pub fn figure(&self, dyads: &[Dyad]) -> Figure {
        let mut panels: Vec<Panel> = Vec::new();
        for &dyad in dyads {
            panels.extend(self.fans(dyad));
            panels.extend(self.differences(dyad));
        }
        panels.extend(self.outcomes());
        let frame = &self.rows.manifest.frame;
        let title = match &frame.scenarios[..] {
            [only] => only.title.clone(),
            several => format!("{} compared", count(several.len() as u64, "scenario")),
        };
        Figure {
            title,
            description: self.describe(dyads),
            series: self.names(),
            panels,
            keys: Vec::new(),
            caption: self.caption(),
        }
    }

    /// The titles of the scenarios, each at the place of its ink.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        for (place, scenario) in self.rows.manifest.frame.scenarios.iter().enumerate() {
            let ink = self.ink(place);
            names.resize(names.len().max(ink + 1), String::new());
            if let Some(name) = names.get_mut(ink) {
                name.clone_from(&scenario.title);
            }
        }
        names
    }

    fn ink(&self, place: usize) -> usize {
        self.inks.get(place).copied().unwrap_or(place)
    }

    /// The number of a scenario's history.
    #[must_use]
    pub fn history(&self, place: usize) -> usize {
        self.ink(place) + 1
    }

    /// Of how many runs, and under which models.
    #[must_use]
    pub fn caption(&self) -> String {
        let manifest = &self.rows.manifest;
        let runs = count(manifest.runs, "run");
        let seed = manifest.frame.seed;
        let scenarios = &manifest.frame.scenarios;
        let same = scenarios
            .iter()
            .all(|it| Some(&it.model) == scenarios.first().map(|first| &first.model));
        let mut models = String::new();
        for (number, scenario) in (1..).zip(scenarios) {
            let model = scenario
                .model
                .model()
                .map_or_else(|_| String::new(), |model| short_conditions(&model));
            match (number, same) {
                (1, true) => models.push_str(&model),
                (_, true) => {}
                _ => models.extend([format!("{number}: {model}")]),
            }
            if !scenario.uncertain.is_empty() {
                let drawn: Vec<_> = scenario.uncertain.keys().map(String::as_str).collect();
                let of_which = match scenarios.len() {
                    1 => String::new(),
                    _ => format!(" of scenario {number}"),
                };
                models.extend([format!(
                    "Drawn anew in each run{of_which}: {}\n",
                    drawn.join(", ")
                )]);
            }
        }
        format!("{runs} of seed {seed}. {}\n{models}", self.legend())
    }

    /// What the bands and lines of a fan are, and whether any are missing.
    #[must_use]
    pub fn legend(&self) -> String {
        let dates = dates_in_words(&self.rows.manifest.frame.dates);
        let mut text = format!(
            "Bands hold 50 % and 90 % of the runs {dates}, which straight edges join: where runs jump or part into groups, there may be none in between. The thick line is the median"
        );
        text.push_str(if self.runs.iter().all(Vec::is_empty) {
            "."
        } else {
            ", thin lines are runs."
        });
        let scenarios = self.rows.scenarios.iter().enumerate();
        let fans = scenarios.flat_map(|(place, it)| it.fans.iter().map(move |fan| (place, fan)));
        let outside = fans.filter(|(_, fan)| fan.percentiles.contains(&None));
        let mut ranges: Vec<_> = outside
            .filter_map(|(place, _)| self.rows.manifest.frame.scenarios.get(place))
            .map(|scenario| scenario.range_degrees)
            .collect();
        ranges.sort_by(f64::total_cmp);
        if let Some(range) = ranges.first() {
            text.extend([format!(
                " Where a band or the median lies beyond {range} degrees it is not drawn."
            )]);
        }
        text
    }

    /// The fan of a dyad in each scenario, all on the same scale.
    #[must_use]
    pub fn fans(&self, dyad: Dyad) -> Vec<Panel> {
        let scenarios = self.rows.scenarios.iter().enumerate();
        let mut panels: Vec<_> = scenarios
            .filter_map(|(place, scenario)| self.fan(place, scenario, dyad))
            .collect();
        let ranges = panels.iter().map(|panel| panel.up.range());
        let widest = ranges.reduce(|one, other| [one[0].min(other[0]), one[1].max(other[1])]);
        for panel in &mut panels {
            let range = widest.unwrap_or([-1.0, 1.0]);
            panel.up = Axis::Numbers(range, "degrees");
            if !panel.zones.is_empty() {
                panel.zones = phases(range);
            }
        }
        panels
    }

    fn fan(&self, place: usize, scenario: &ScenarioRows, dyad: Dyad) -> Option<Panel> {
        let fans: Vec<&FanRow> = scenario
            .fans
            .iter()
            .filter(|fan| fan.dyad == dyad)
            .collect();
        let runs = self.runs.get(place).map_or(&[][..], Vec::as_slice);
        let days = self.days(fans.first()?.date, fans.last()?.date);
        let parting = Strand::parting(runs).filter(|parting| parting.day.is_some());
        let mut shapes = Vec::new();
        let ink = self.ink(place);
        // Where all runs are one until they part, so is the fan.
        let root = match (parting, runs.first()) {
            (Some(parting), Some(run)) => run
                .past(dyad, days, parting)
                .last()
                .map(|&(day, at)| [place_of(day), at, at]),
            _ => None,
        };
        for (is_outer, [low, high]) in [(true, [0, 4]), (false, [1, 3])] {
            let band = fans.iter().filter_map(|fan| {
                Some([
                    place_of(fan.date),
                    fan.percentiles[low]?,
                    fan.percentiles[high]?,
                ])
            });
            let points = root
                .into_iter()
                .chain(band.filter(|point| root.is_none_or(|root| point[0] >= root[0])));
            shapes.push(Shape {
                series: ink,
                form: Form::Band {
                    points: points.collect(),
                    is_outer,
                },
            });
        }
        for run in runs {
            shapes.push(line(
                ink,
                points(run.curve(dyad, days, parting)),
                Weight::Faint,
            ));
        }
        if let (Some(parting), Some(run)) = (parting, runs.first()) {
            shapes.push(line(
                ink,
                points(run.past(dyad, days, parting)),
                Weight::Shared,
            ));
        }
        let median = fans
            .iter()
            .filter_map(|fan| Some([place_of(fan.date), fan.percentiles[2]?]));
        let root = root.map(|[x, y, _]| [x, y]);
        let median = root
            .into_iter()
            .chain(median.filter(|point| root.is_none_or(|root| point[0] >= root[0])));
        shapes.push(line(ink, median.collect(), Weight::Named));
        let is_bounded = self
            .rows
            .manifest
            .frame
            .scenarios
            .get(place)?
            .model
            .saturation
            != Some(false)
            && runs.iter().all(|run| run.model.saturation());
        let range = range_of(&shapes, 0.3, is_bounded);
        let number = if self.rows.scenarios.len() > 1 {
            let frame = &self.rows.manifest.frame;
            let title = frame.scenarios.get(place).map_or("", |it| &it.title);
            format!(" in {} {title}", self.history(place))
        } else {
            String::new()
        };
        Some(Panel {
            title: format!("{dyad}{number}, degrees"),
            across: Axis::Days(with_room(days)),
            up: Axis::Numbers(range, "degrees"),
            zones: if is_bounded {
                phases(range)
            } else {
                Vec::new()
            },
            shapes,
        })
    }

    /// From some way before the first date on: a third of what is drawn is past at the most.
    fn days(&self, first: Day, last: Day) -> [Day; 2] {
        let events = self
            .runs
            .iter()
            .flatten()
            .filter_map(|run| run.records.first());
        let begin = events.map(Record::date).min().unwrap_or(first);
        let room = last.days_since(first) / 2;
        [
            first
                .plus_days(-room)
                .unwrap_or(first)
                .max(begin)
                .min(first),
            last,
        ]
    }

    /// The mean difference of each scenario from the first, run by run, with its 95 % interval.
    #[must_use]
    pub fn differences(&self, dyad: Dyad) -> Option<Panel> {
        let mut shapes = Vec::new();
        let mut ends: Option<[Day; 2]> = None;
        for (place, difference) in (1..).zip(&self.rows.differences) {
            let gaps: Vec<&GapRow> = difference
                .temperatures
                .iter()
                .filter(|gap| gap.dyad == dyad)
                .collect();
            ends = ends.or(Some([gaps.first()?.date, gaps.last()?.date]));
            let band = gaps.iter().map(|gap| {
                let [low, high] = [gap.low, gap.high].map(|end| end.unwrap_or(gap.mean));
                [place_of(gap.date), low, high]
            });
            shapes.push(Shape {
                series: self.ink(place),
                form: Form::Band {
                    points: band.collect(),
                    is_outer: false,
                },
            });
            let means = gaps.iter().map(|gap| [place_of(gap.date), gap.mean]);
            shapes.push(line(self.ink(place), means.collect(), Weight::Named));
        }
        let [first, last] = ends?;
        let days = self.days(first, last);
        shapes.insert(
            0,
            line(
                self.ink(0),
                days.map(|day| [place_of(day), 0.0]).to_vec(),
                Weight::Faint,
            ),
        );
        Some(Panel {
            title: format!(
                "{dyad}, mean difference from scenario 1 run by run, with its 95 % interval, degrees"
            ),
            across: Axis::Days(with_room(days)),
            up: Axis::Numbers(range_of(&shapes, 0.2, false), "degrees"),
            zones: Vec::new(),
            shapes,
        })
    }

    /// How probable each outcome is in each scenario that asks for it, with its 95 % interval.
    #[must_use]
    pub fn outcomes(&self) -> Option<Panel> {
        let mut names: Vec<&str> = Vec::new();
        let all = || {
            self.rows
                .scenarios
                .iter()
                .enumerate()
                .flat_map(|(place, scenario)| scenario.outcomes.iter().map(move |row| (place, row)))
        };
        for (_, row) in all() {
            if !names.contains(&row.outcome.as_str()) {
                names.push(&row.outcome);
            }
        }
        let mut shapes = Vec::new();
        let lanes: Vec<_> = names
            .iter()
            .enumerate()
            .map(|(lane, name)| {
                let of_name = all().filter(|(_, row)| row.outcome == *name);
                let slots = (0..).zip(of_name).map(|(slot, (series, row))| {
                    let span =
                        [row.share.low, row.share.share, row.share.high].map(|share| share * 100.0);
                    let label = format!("{:.1} % ({:.1} to {:.1})", span[1], span[0], span[2]);
                    shapes.push(Shape {
                        series: self.ink(series),
                        form: Form::Interval {
                            lane: [lane, slot],
                            span,
                            label,
                        },
                    });
                });
                ((*name).to_owned(), slots.count())
            })
            .collect();
        (!lanes.is_empty()).then(|| Panel {
            title: "Outcomes, % of runs, with 95 % intervals".to_owned(),
            across: Axis::Numbers([0.0, 100.0], " %"),
            up: Axis::Lanes(lanes),
            zones: Vec::new(),
            shapes,
        })
    }

    /// What can be seen, in words: the fan at its end, and the outcomes.
    #[must_use]
    pub fn describe(&self, dyads: &[Dyad]) -> String {
        let mut text = format!(
            "{} of each scenario.",
            count(self.rows.manifest.runs, "run")
        );
        for (number, scenario) in (1..).zip(&self.rows.scenarios) {
            for &dyad in dyads {
                let Some(end) = scenario.fans.iter().rfind(|fan| fan.dyad == dyad) else {
                    continue;
                };
                let value = |at: usize| {
                    end.percentiles[at].map_or_else(|| "out of range".to_owned(), degrees)
                };
                text.extend([format!(
                    " {dyad} in scenario {number} on {}: median {}, half of the runs from {} to {}, nine in ten from {} to {}.",
                    end.date, value(2), value(1), value(3), value(0), value(4),
                )]);
            }
            for row in &scenario.outcomes {
                let outcome = crate::view::figure::plain_text(&row.outcome);
                text.extend([format!(
                    " {outcome} in {:.1} % of runs of scenario {number}.",
                    row.share.share * 100.0
                )]);
            }
        }
        text
    }

    /// The dyad whose temperature spreads widest at the end, or differs most between scenarios.
    #[must_use]
    pub fn widest(&self) -> Option<Dyad> {
        let spread = |dyad: &Dyad| {
            let ends = self
                .rows
                .scenarios
                .iter()
                .filter_map(|scenario| scenario.fans.iter().rfind(|fan| fan.dyad == *dyad));
            let gaps = self
                .rows
                .differences
                .iter()
                .filter_map(|it| it.temperatures.iter().rfind(|gap| gap.dyad == *dyad));
            ends.map(|end| end.sd.unwrap_or_default())
                .chain(gaps.map(|gap| gap.mean.abs()))
                .fold(0.0, f64::max)
        };
        let dyads = self.rows.manifest.frame.dyads.iter().copied();
        dyads
            .rev()
            .max_by(|one, other| spread(one).total_cmp(&spread(other)))
    }
}
