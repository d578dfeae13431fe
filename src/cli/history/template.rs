//! `detente log template`: the header of a table of events.

use crate::cli::args::Template;
use crate::cli::terminal::output::{Outcome, Output, unwritten, unwritten_rows};
use crate::error::Result;
use crate::history::{Field, columns_of, example, fields};
use crate::model::Act;

pub(super) fn run(arguments: &Template, output: &mut Output) -> Result<Outcome> {
    let fields = fields();
    let acts = || {
        let named = |act: &Act| arguments.acts.iter().any(|name| name == act.name());
        Act::ALL.into_iter().filter(named)
    };
    let taken: Vec<&Field> = acts().flat_map(|act| columns_of(act, &fields)).collect();
    let is_taken = |field: &&Field| arguments.acts.is_empty() || taken.contains(field);
    let columns: Vec<_> = fields.iter().filter(is_taken).collect();
    let mut rows = csv::WriterBuilder::new();
    let mut rows = rows
        .delimiter(if arguments.semicolons { b';' } else { b',' })
        .from_writer(Vec::new());
    let names = columns.iter().map(|field| field.name.as_str());
    rows.write_record(names).map_err(unwritten_rows)?;
    for act in acts() {
        let example = example(act, &fields);
        let cell = |column: &&Field| {
            let filled = example.iter().find(|(field, _)| field == column);
            filled.map_or("", |(_, text)| text.as_str())
        };
        let cells = columns.iter().map(cell);
        rows.write_record(cells).map_err(unwritten_rows)?;
    }
    let written = rows.into_inner();
    output.print(written.map_err(|error| unwritten(error.into_error()))?)?;
    Ok(Outcome::Fine)
}
