//! `detente ensemble`: many runs of scenarios, counted, and their differences run by run.

use super::args::{CompareFormat, Ensemble};
use super::input;
use super::output::{Outcome, Output, unwritten, unwritten_rows};
use super::progress::counting;
use crate::error::Result;
use crate::scenario::{Control, Plan};
use crate::view::{EnsembleRows, ensemble_text};
use std::num::NonZero;

pub(crate) fn run(arguments: &Ensemble, output: &mut Output) -> Result<Outcome> {
    // All are checked before anything runs.
    let scenarios = input::scenarios(&arguments.scenarios)?;
    let mut runs = arguments.runs;
    if scenarios
        .iter()
        .all(|scenario| !scenario.hazards.are_there())
    {
        output.note("note: there is no chance in it; every run is the same, and one was made");
        runs = NonZero::<u64>::MIN;
    }
    let first_seed = scenarios.first().map(|scenario| scenario.hazards.seed);
    let differs = scenarios
        .iter()
        .any(|other| Some(other.hazards.seed) != first_seed);
    let seed = arguments.seed.or(first_seed).unwrap_or_default();
    if differs && arguments.seed.is_none() {
        output.note(&format!(
            "note: the scenarios give different seeds; all are drawn with the first one's, {seed}"
        ));
    }
    let plan = Plan::new(&scenarios, seed, 0..runs.get(), &arguments.dyad)?;
    let threads = arguments
        .threads
        .or_else(|| std::thread::available_parallelism().ok());
    let threads = threads.map_or(1, NonZero::get);
    let control = Control::default();
    let ensemble = counting(&control.done, runs.get(), || plan.play(threads, &control))?;
    let rows = EnsembleRows::new(&plan, &ensemble);
    match arguments.format {
        CompareFormat::Table => output.print(ensemble_text(&plan, &rows, output.look()))?,
        CompareFormat::Json => output.json(&rows)?,
        CompareFormat::Csv => {
            let mut lines = csv::Writer::from_writer(output);
            for row in rows.tidy() {
                lines.serialize(row).map_err(unwritten_rows)?;
            }
            lines.flush().map_err(unwritten)?;
        }
    }
    Ok(Outcome::Fine)
}
