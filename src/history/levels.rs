//! Levels: how warm relations are on some dates, and in which phase.

use super::log::{Source, Survey};
use super::replay::{Begin, Folded, Met, Until, replay_on};
use super::window::Opening;
use crate::error::Result;
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

/// What is left of a log that was surveyed, and how its history opens.
///
/// # Errors
/// As [`replay`](super::replay::replay).
pub fn span(
    source: &(impl Source + ?Sized),
    survey: &Survey,
    until: Until,
    model: &Model,
) -> Result<(Folded, Opening)> {
    let mut opening = Opening::default();
    let mut note = |met: Met<'_>| {
        if let Met::Event(record, _) = met {
            opening.note(record);
        }
        Ok(())
    };
    let begin = Begin::at_start(survey, model);
    let folded = replay_on(source, begin, survey, until, (None, Some(&mut note)))?;
    Ok((folded, opening))
}

/// The levels of some dyads on dates that rise, date by date, of a log that was surveyed, under a
/// model. Events behind the last date, or what `until` ends with, count no more; what lies between
/// an event and a date is waited for.
///
/// # Errors
/// As [`replay`](super::replay::replay).
pub fn levels(
    source: &(impl Source + ?Sized),
    survey: &Survey,
    until: Until,
    (dates, dyads): (&[Day], &[Dyad]),
    model: &Model,
) -> Result<Vec<Level>> {
    let mut levels = Vec::with_capacity(dates.len() * dyads.len());
    let mut dates = dates.iter().copied().peekable();
    let mut read = |before: Option<Day>, folded: &Folded| {
        while let Some(date) = dates.next_if(|date| before.is_none_or(|day| *date < day)) {
            levels.extend(dyads.iter().map(|&dyad| level(folded, dyad, date, model)));
        }
    };
    let mut meet = |met: Met<'_>| {
        if let Met::Event(record, folded) = met {
            read(Some(record.date()), folded);
        }
        Ok(())
    };
    let begin = Begin::at_start(survey, model);
    let folded = replay_on(source, begin, survey, until, (None, Some(&mut meet)))?;
    read(None, &folded);
    Ok(levels)
}

/// How a dyad stands at the end of a day, by all that came before.
fn level(folded: &Folded, dyad: Dyad, date: Day, model: &Model) -> Level {
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
}
