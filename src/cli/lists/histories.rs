//! `detente histories`: the histories that ship, each by the name that stands for its log.

use super::listing::print;
use crate::cli::args::Histories;
use crate::cli::terminal::output::{Outcome, Output};
use crate::error::Result;
use crate::history::{LIBRARY, Record};
use crate::model::{Act, Dyad};
use crate::scenario::Base;
use crate::store::Log;
use crate::view::Listing;
use std::collections::BTreeMap;

/// How many dyads are named of each.
const DYADS: usize = 2;

pub(crate) fn run(arguments: &Histories, output: &mut Output) -> Result<Outcome> {
    let mut rows = Vec::new();
    for shipped in LIBRARY {
        let base = Base::read(&Log::shipped(shipped), shipped.name)?;
        let records = || base.entries.iter().map(|entry| entry.record);
        let day =
            |record: Option<&Record>| record.map_or_else(String::new, |it| it.date().to_string());
        rows.push(vec![
            shipped.name.to_owned(),
            // What already stood when a history begins is not its beginning.
            day(records().find(|record| record.act() != Act::Background)),
            day(records().next_back()),
            records().count().to_string(),
            busiest(records()),
            shipped.title.to_owned(),
        ]);
    }
    let listing = Listing {
        columns: &["name", "from", "to", "events", "dyads", "title"],
        rows,
    };
    print(&listing, arguments.format, output)
}

/// The dyads between whose sides most happens, the busiest first.
fn busiest<'a>(records: impl Iterator<Item = &'a Record>) -> String {
    let mut events: BTreeMap<Dyad, usize> = BTreeMap::new();
    for record in records {
        let fields = record.fields();
        let pairs = fields.source.iter().flat_map(|source| {
            fields
                .target
                .iter()
                .map(|target| Dyad::new(*source, *target))
        });
        let mut dyads: Vec<_> = pairs.flatten().collect();
        dyads.sort_unstable();
        dyads.dedup();
        for dyad in dyads {
            *events.entry(dyad).or_default() += 1;
        }
    }
    let mut dyads: Vec<_> = events.into_iter().collect();
    // What is equally busy stays in the order of its codes.
    dyads.sort_by_key(|(_, events)| std::cmp::Reverse(*events));
    let names = dyads.iter().take(DYADS).map(|(dyad, _)| dyad.to_string());
    let more = dyads.len().saturating_sub(DYADS);
    let more = (more > 0).then(|| format!("{more} more"));
    names.chain(more).collect::<Vec<_>>().join(", ")
}
