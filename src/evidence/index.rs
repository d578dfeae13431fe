//! The index: a row for every dyad and period.

use super::columns::{How, IndexRow, Value};
use super::period::Period;
use super::readout::Readout;
use super::sums::{Cell, Kept, Summand, Summed};
use crate::exchange::{Roster, StateCodes};
use crate::model::Dyad;

/// The table of some sums.
#[derive(Debug)]
pub struct Index<'a, K> {
    /// The sums.
    pub summed: &'a Summed<K>,
    /// How they were made.
    pub how: &'a How,
    /// Who the actors are.
    pub roster: &'a Roster,
    /// A row for every dyad and every period from the first to the last of the files, those without
    /// events included.
    pub all_periods: bool,
    /// Codes of states, each of which has a column for each of the two actors.
    pub codes: &'a [StateCodes],
    /// Only what an edge list needs: source, target, period, codes, counts by class and the level.
    pub is_edges: bool,
}

/// The columns of an edge list beside those of codes. Network packages take the first two for the
/// ends of an edge.
const EDGES: [&str; 9] = [
    "source",
    "target",
    "period",
    "events",
    "verbal_cooperation",
    "material_cooperation",
    "verbal_conflict",
    "material_conflict",
    "level",
];

impl<K: Kept> Index<'_, K> {
    /// The rows, by dyad and period.
    ///
    /// # Errors
    /// What `take` says.
    pub fn rows<E>(
        &self,
        readout: &mut impl Readout<K>,
        mut take: impl FnMut(&IndexRow<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let every = self.summed.every;
        let Some((from, to)) = self.summed.span else {
            return Ok(());
        };
        let span = every.period(from).number()..=every.period(to).number();
        for cells in self.summed.by_sides() {
            readout.begin();
            let mut cells = cells.iter().peekable();
            if self.all_periods {
                let Some(sides) = cells.peek().map(|cell| cell.sides) else {
                    continue;
                };
                for period in span.clone().map(Period::of_number) {
                    let cell = cells.next_if(|cell| cell.period == period);
                    let cell = cell.map_or_else(Cell::default, |summand| summand.cell);
                    let summand = Summand {
                        sides,
                        period,
                        cell,
                    };
                    self.row(&summand, readout, &mut take)?;
                }
            } else {
                for summand in cells {
                    self.row(summand, readout, &mut take)?;
                }
            }
        }
        Ok(())
    }

    fn row<E>(
        &self,
        summand: &Summand<K>,
        readout: &mut impl Readout<K>,
        take: &mut impl FnMut(&IndexRow<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let (every, is_directed) = (self.summed.every, self.summed.is_directed);
        let [first, second] = summand.sides.map(|side| self.roster.actor(side));
        let Some(dyad) = Dyad::new(first, second) else {
            return Ok(());
        };
        let mut columns = if is_directed {
            vec![
                ("source", Value::Name(first.code().to_owned())),
                ("target", Value::Name(second.code().to_owned())),
            ]
        } else {
            vec![("dyad", Value::Name(dyad.to_string()))]
        };
        let period = if self.is_edges {
            "period"
        } else {
            every.word()
        };
        columns.push((period, Value::Name(every.name(summand.period))));
        let days = (
            every.first_day(summand.period),
            every.last_day(summand.period),
        );
        for codes in self.codes {
            let names = code_columns(*codes, is_directed);
            for (name, actor) in names.into_iter().zip([first, second]) {
                let code = codes.code_of(actor, days.0, days.1);
                columns.push((name, code.map_or(Value::Nothing, Value::Name)));
            }
        }
        columns.extend(summand.cell.columns(is_directed));
        columns.extend(readout.at(dyad, summand.period, &summand.cell.kept));
        let behind = self.summed.behind(summand.period);
        columns.push(("files", Value::Count(behind.files)));
        columns.push(("rows", Value::Count(behind.rows)));
        columns.extend(self.how.columns());
        if self.is_edges {
            let is_code = |name: &str| {
                let mut codes = self.codes.iter();
                codes.any(|codes| code_columns(*codes, true).contains(&name))
            };
            // The level of a model without one is its temperature.
            columns.retain(|(name, _)| {
                EDGES.contains(name) || *name == "temperature" || is_code(name)
            });
        }
        take(&IndexRow(columns))
    }
}

/// The columns of codes of the two actors.
const fn code_columns(codes: StateCodes, is_directed: bool) -> [&'static str; 2] {
    match (codes, is_directed) {
        (StateCodes::Cow, false) => ["first_cow", "second_cow"],
        (StateCodes::Gw, false) => ["first_gw", "second_gw"],
        (StateCodes::Iso2, false) => ["first_iso2", "second_iso2"],
        (StateCodes::Iso3, false) => ["first_iso3", "second_iso3"],
        (StateCodes::Cow, true) => ["source_cow", "target_cow"],
        (StateCodes::Gw, true) => ["source_gw", "target_gw"],
        (StateCodes::Iso2, true) => ["source_iso2", "target_iso2"],
        (StateCodes::Iso3, true) => ["source_iso3", "target_iso3"],
    }
}
