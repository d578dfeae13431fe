//! `detente sweep`: a scenario over a grid of parameters.

use crate::cli::args::{Sweep as Arguments, TidyFormat};
use crate::cli::terminal::input;
use crate::cli::terminal::output::{Outcome, Output, unwritten, unwritten_rows};
use crate::cli::terminal::progress::counting;
use crate::cli::terminal::signals;
use crate::error::{BadEnsemble, Error, Result};
use crate::history::Window;
use crate::scenario::{Axis, Grid, Luck, Reading, Sweep};
use crate::store;
use crate::text::shown;
use crate::threads::Control;
use crate::view::{SweepRows, sweep_header, sweep_records, sweep_text};
use std::sync::Arc;

/// The most points of a table.
const TABLE_POINTS: u64 = 1_000;
/// The most points of a JSON object, which is held in memory.
const JSON_POINTS: u64 = 100_000;
/// How many points are worked out between two writings.
const BLOCK_POINTS: u64 = 4_096;

pub(crate) fn run(arguments: &Arguments, output: &mut Output) -> Result<Outcome> {
    let grid = Grid::new(Axis::read_all(&arguments.set)?)?;
    let most = match arguments.format {
        TidyFormat::Table => Some((TABLE_POINTS, "a table")),
        TidyFormat::Json => Some((JSON_POINTS, "json")),
        TidyFormat::Csv => None,
    };
    if let Some((limit, format)) = most.filter(|(limit, _)| grid.points() > *limit) {
        return Err(BadEnsemble::TooManyPoints {
            found: Some(grid.points()),
            limit,
            format: Some(format),
        }
        .into());
    }
    let model = arguments.model.as_deref().map(store::model).transpose()?;
    let scenario = store::scenario(&arguments.scenario)?;
    input::note_doubts(&scenario, output);
    output.call([&scenario.base.names]);
    let name = scenario.name.clone();
    let in_file = |error: Error| error.in_file(&name);
    let luck = Luck {
        seed: arguments.seed.unwrap_or(scenario.hazards.seed),
        run: 0,
    };
    let runs = arguments.runs;
    let window = Window {
        from: arguments.from,
        to: arguments.to,
        every: arguments.every.clone(),
    };
    let sweep = Sweep::new(scenario, model, grid, luck, runs, &arguments.dyad)
        .and_then(|sweep| sweep.within(&window))
        .map_err(in_file)?;
    if sweep.runs() < runs {
        let name = shown(&name);
        output.note(&format!(
            "note: there is no chance in {name} on this grid; one run at each point is enough"
        ));
    }
    if sweep.runs() == 1 && sweep.scenario().hazards.are_there() {
        output.note(
            "note: there is chance in it, and this is run 0 at each point; --runs counts over many",
        );
    }
    let control = Arc::new(Control::default());
    signals::stop_first(&control);
    let (total, things) = match sweep.runs() {
        1 => (sweep.grid().points(), "points"),
        runs => (sweep.grid().points().saturating_mul(runs), "runs"),
    };
    let made = Made {
        sweep: &sweep,
        threads: arguments.threads.count(),
        control: &control,
    };
    let done = counting(things, &control, total, || match arguments.format {
        TidyFormat::Csv => made.csv(output),
        TidyFormat::Json => {
            let readings = made.all()?;
            output.json(&SweepRows::new(&sweep, &readings))?;
            Ok(readings.len() as u64)
        }
        TidyFormat::Table => {
            let readings = made.all()?;
            let rows = SweepRows::new(&sweep, &readings);
            output.print(sweep_text(&sweep, &rows, output.look()))?;
            Ok(readings.len() as u64)
        }
    })
    .map_err(in_file)?;
    let points = sweep.grid().points();
    if done < points {
        output.note(&format!(
            "note: stopped after {done} of {points} points; the result is partial"
        ));
        return Ok(Outcome::Differs);
    }
    Ok(Outcome::Fine)
}

/// A sweep, and how it is worked out.
struct Made<'a> {
    sweep: &'a Sweep,
    threads: usize,
    control: &'a Control,
}

impl Made<'_> {
    /// Works out every point, block by block, until it is stopped; how many it has worked out.
    fn blocks(&self, mut each: impl FnMut(u64, Vec<Reading>) -> Result<()>) -> Result<u64> {
        let points = self.sweep.grid().points();
        // Where a point takes long, it is told of earlier.
        let block = (BLOCK_POINTS / self.sweep.runs()).max(self.threads as u64);
        let mut first = 0;
        while first < points {
            let last = first.saturating_add(block).min(points);
            match self.sweep.read(first..last, self.threads, self.control) {
                Err(error) if error.is_stop() && first > 0 => break,
                readings => each(first, readings?)?,
            }
            first = last;
        }
        Ok(first)
    }

    fn all(&self) -> Result<Vec<Reading>> {
        let mut readings = Vec::new();
        self.blocks(|_, more| {
            readings.extend(more);
            Ok(())
        })?;
        Ok(readings)
    }

    fn csv(&self, output: &mut Output) -> Result<u64> {
        let mut lines = csv::Writer::from_writer(output);
        lines
            .write_record(sweep_header(self.sweep))
            .map_err(unwritten_rows)?;
        let done = self.blocks(|first, readings| {
            for (point, reading) in (first..).zip(&readings) {
                for line in sweep_records(self.sweep, point, reading) {
                    lines.write_record(line).map_err(unwritten_rows)?;
                }
            }
            lines.flush().map_err(unwritten)
        })?;
        Ok(done)
    }
}
