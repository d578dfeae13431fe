//! Levels: how warm relations are on some dates, and in which phase.

use super::replay::Fold;
use crate::history::line::record::Record;
use crate::model::{Day, Dyad, Model};
use serde::Serialize;

/// How a dyad stands at the end of a day, waiting included.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Level {
    /// The day.
    pub date: Day,
    /// The dyad.
    pub dyad: Dyad,
    /// Its temperature, in degrees.
    pub temperature: f64,
    /// What the temperature tends to, in degrees.
    pub equilibrium: f64,
    /// Its phase; none before anything moved it, and in a model without bounds.
    pub phase: Option<&'static str>,
}

/// The levels of some dyads on dates that rise, date by date, under a model. The records are in
/// replay order.
#[must_use]
pub fn levels(records: &[Record], dates: &[Day], dyads: &[Dyad], model: &Model) -> Vec<Level> {
    let mut fold = Fold::new(model);
    let mut records = records.iter().peekable();
    let mut levels = Vec::with_capacity(dates.len() * dyads.len());
    for &date in dates {
        while let Some(record) = records.next_if(|record| record.date() <= date) {
            fold.apply(record);
        }
        let folded = fold.folded();
        levels.extend(dyads.iter().map(|&dyad| {
            let index = folded.world.find_dyad(dyad);
            let relation = index.map(|index| folded.state.relation_on(index, date, model, |_| {}));
            let baseline = model.baseline(dyad);
            Level {
                date,
                dyad,
                temperature: relation.map_or(baseline, |relation| relation.temperature),
                equilibrium: relation.map_or(baseline, |relation| relation.equilibrium),
                phase: relation.and_then(|relation| Some(relation.phase?.name())),
            }
        }));
    }
    levels
}
