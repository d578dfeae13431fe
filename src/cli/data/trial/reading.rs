//! What `fit` and `validate` share: event data read by day, the dyads that are looked at, and how
//! it was made.

use crate::cli::args::{EventData, Trial};
use crate::cli::data::event_data::{Sources, Wanted, no_urls};
use crate::cli::data::manifest::{Made, Manifest, Models};
use crate::cli::data::names::Unnamed;
use crate::cli::terminal::output::{Outcome, Output};
use crate::error::{BadData, Result};
use crate::evidence::{
    Adding, Daily, Every, Fit, Panel, Period, Points, Split, Squares, Sums, Until,
};
use crate::exchange::Reading;
use crate::store::{Outputs, Replace, WholeFile};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;

/// Event data by day, and what they were read from.
pub(super) struct Read<'a> {
    sources: Sources,
    reading: Reading,
    unnamed: Unnamed<'a>,
    pub(super) daily: Daily,
}

impl<'a> Read<'a> {
    /// Reads all rows once, and says what became of them.
    pub(super) fn new(
        (data, overwrite): (&'a EventData, bool),
        trial: &Trial,
        output: &mut Output,
    ) -> Result<Self> {
        no_urls(data)?;
        let wanted = Wanted {
            dyads: &trial.dyad,
            quads: trial.quad_classes,
            writes_codes: false,
        };
        let sources = Sources::new(data, &wanted, output)?;
        let unnamed = Unnamed::begin(data, overwrite)?;
        let plan = &sources.plan;
        let adding = Arc::new(Adding {
            every: Every::Day,
            is_directed: false,
            dedupe: plan.choices.dedupe,
            dyads: trial.dyad.clone(),
        });
        let how = Arc::new(());
        let gather = || Sums::<Squares>::new(&adding, &how, &plan.roster);
        let (mut reading, gathered) = sources.read(gather, output)?;
        let summed = Sums::merge(gathered, &mut reading.tally).ok_or(BadData::NoRows)?;
        sources.tell_all(&reading, &summed.busiest(&plan.roster), output);
        if reading.tally.used == 0 {
            return Err(unnamed.of_no_rows(&reading.unmatched));
        }
        sources.tell_twice(&reading, &summed.ids, output)?;
        let daily = Daily::new(&summed, &plan.roster, trial.target);
        Ok(Self {
            sources,
            reading,
            unnamed,
            daily,
        })
    }

    /// The dyads that are looked at, and how months are split.
    pub(super) fn panel(&self, trial: &Trial, is_judged: bool) -> Result<Panel<'_>> {
        let until = |month: Period| Until {
            name: Every::Month.name(month),
            place: self.daily.place(month),
        };
        let until = trial.fit_until.map(until);
        let split = Split::new(&self.daily, trial.ahead as usize, until, is_judged)?;
        Panel::new(&self.daily, split, trial.least, &trial.dyad)
    }

    /// Prints what was found, whether or not there was room for the files that were written of it,
    /// and writes the names that no actor was found for, where that was asked for.
    pub(super) fn conclude(
        self,
        printed: &str,
        written: Result<Outputs>,
        output: &mut Output,
    ) -> Result<Outcome> {
        let finished = written.and_then(|mut outputs| {
            self.unnamed.write(&self.reading.unmatched, &mut outputs)?;
            outputs.finish()
        });
        // Behind the files, one of which may be standard output; and whatever became of them.
        output.print_now(printed)?;
        finished?;
        Ok(Outcome::Fine)
    }

    /// How an output was made.
    pub(super) fn manifest<'m>(
        &self,
        (command, data, trial): (&'static str, &'m EventData, &'m Trial),
        (models, made): (Models<'_>, Value),
        output: Made,
    ) -> Result<Manifest<'m>> {
        let asked = (data, &*trial.dyad);
        let manifest = Manifest::new(command, asked, &self.sources, &self.reading, Some(output))?;
        Ok(manifest.of_trial(models, made))
    }
}

/// What was fitted, and how, for a manifest.
pub(super) fn split(panel: &Panel<'_>, points: &Points, fit: &Fit) -> Value {
    json!({
        "target": fit.target,
        "ahead_months": fit.ahead_months,
        "data": fit.data,
        "fitted_until": fit.fitted_until,
        "warm_up_months": fit.warm_up_months,
        "least_events": fit.least_events,
        "dyads": panel.dyads,
        "fitted_windows": fit.windows,
        "grid": points.axes(),
        "seed": fit.seed,
        "fit_draws": fit.draws,
    })
}

/// A file that is begun before anything is read.
pub(super) fn begin(path: Option<&Path>, overwrite: bool) -> Result<Option<WholeFile>> {
    path.map(|path| WholeFile::create(path, Replace::Asked(overwrite)))
        .transpose()
}
