//! Event data as `import` and `index` take them: what is read and how, and what became of every row.

use crate::cli::args::{CodesAre, Dedupe, EventData, Events};
use crate::cli::terminal::output::Output;
use crate::cli::terminal::progress::reading;
use crate::error::{BadData, BadFile, Error, Result};
use crate::exchange::{
    Choices, Dictionary, FileRead, Format, Gather, Kinds, Plan, Quads, Reading, Reason, Roster,
    TableForm, Tally, read,
};
use crate::model::Dyad;
use crate::store::Streams;
use crate::text::{count, cut, shown};
use std::fmt::Write;
use std::io::Read;
use std::num::NonZero;
use std::sync::Arc;

/// Some files of event data, and how to read them.
pub(crate) struct Sources {
    pub(crate) streams: Streams,
    pub(crate) plan: Plan,
    is_said: bool,
    /// Whether codes that a program has saved as numbers are an error.
    checks_codes: bool,
}

impl Sources {
    pub(crate) fn new(data: &EventData, quads: Option<Quads>, output: &mut Output) -> Result<Self> {
        let (format, is_said, names) = split(&data.inputs)?;
        let streams = Streams::new(names)?;
        for (again, first) in streams.repeated()? {
            let [again, first] =
                [again, first].map(|place| shown(&crate::exchange::Files::name(&streams, place)));
            output.note(&format!(
                "warning: {again} has the same bytes as {first}, given before it: unless --dedupe says otherwise, its rows count twice; give each file once"
            ));
        }
        let dictionary = match &data.actors {
            Some(name) => dictionary(name, output)?,
            None => Dictionary::default(),
        };
        let threads = data
            .threads
            .or_else(|| std::thread::available_parallelism().ok());
        let plan = Plan {
            format,
            form: TableForm {
                columns: data.column.clone(),
                order: data.date_order.into(),
                codes: data.codes.into(),
            },
            roster: Arc::new(Roster::new(dictionary, &data.actor)),
            choices: Choices {
                weights: data.weights.map(Into::into),
                roots_only: data.events == Events::Root,
                dedupe: data.dedupe == Dedupe::DyadDayCode,
                quads,
                from: data.from,
                to: data.to,
            },
            is_strict: data.strict,
            threads: threads.unwrap_or(NonZero::<usize>::MIN),
        };
        Ok(Self {
            streams,
            plan,
            is_said,
            checks_codes: data.codes == CodesAre::Checked,
        })
    }

    /// Reads all of them.
    pub(crate) fn read<G: Gather>(
        &self,
        gather: impl Fn() -> G + Sync + Send,
    ) -> Result<Reading<G>> {
        reading(&self.streams.done, self.streams.length(), || {
            read(&self.streams, &self.plan, gather)
        })
    }

    /// Refuses codes that a program has saved as numbers, after all has been said of the rows.
    ///
    /// Those that are in the table without their 0, such as 10 for 010, cannot be told from others: the rest is the evidence.
    pub(crate) fn refuse_number_codes<G>(
        &self,
        reading: &Reading<G>,
        output: &mut Output,
    ) -> Result<()> {
        let rows = reading.tally.left_out_for(Reason::NumberCode);
        if rows == 0 || !self.checks_codes {
            return Ok(());
        }
        self.tell(&reading.files, &reading.tally, &[], output);
        Err(BadData::NumberCodes { rows }.into())
    }

    /// Says what the files are, what counts, and what became of every row.
    pub(crate) fn tell(
        &self,
        files: &[Option<FileRead>],
        tally: &Tally,
        busiest: &[(Dyad, u64)],
        output: &mut Output,
    ) {
        let mut text = String::new();
        self.tell_files(files, &mut text);
        // Nothing can fail to be written into a string.
        let _ = self.tell_rows(files, tally, &mut text);
        if !busiest.is_empty() {
            /// How many dyads are named.
            const NAMED: usize = 5;
            let named = busiest.iter().take(NAMED);
            let named: Vec<_> = named
                .map(|(dyad, events)| format!("{dyad} {events}"))
                .collect();
            let more = match busiest.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let _ = writeln!(text, "dyads: {}{more}", named.join(", "));
        }
        self.tell_unmet(&mut text);
        output.note(text.trim_end());
    }

    /// Says which of the actors given by `--actor` no row has.
    fn tell_unmet(&self, text: &mut String) {
        for (called, actor) in self.plan.roster.unmet() {
            let called = shown(called);
            let _ = writeln!(
                text,
                "warning: no row has the actor of --actor \"{called}={actor}\": gdelt has codes of three capital letters, icews and icews-quadruples names, polecat and csv either"
            );
        }
    }

    fn tell_files(&self, files: &[Option<FileRead>], text: &mut String) {
        let name = |place| shown(&crate::exchange::Files::name(&self.streams, place));
        let how = if self.is_said {
            "as said"
        } else {
            "recognised"
        };
        // Files of one kind in a row are told of once.
        let mut start = 0;
        while start < files.len() {
            let title = |place: usize| files[place].as_ref().map(|file| file.layout.title);
            let mut end = start + 1;
            while end < files.len() && title(end) == title(start) {
                end += 1;
            }
            let names = match end - start {
                1 => name(start),
                more => format!("{} to {} ({more} files)", name(start), name(end - 1)),
            };
            let _ = match &files[start] {
                Some(file) => writeln!(
                    text,
                    "{names}: {}, {how}: {}; weights: {}",
                    file.format,
                    file.layout.title,
                    file.sieve.weights_words()
                ),
                None => writeln!(text, "{names}: there is nothing in it"),
            };
            start = end;
        }
    }

    fn tell_rows(
        &self,
        files: &[Option<FileRead>],
        tally: &Tally,
        text: &mut String,
    ) -> std::fmt::Result {
        let choices = &self.plan.choices;
        let events = if choices.roots_only {
            "root events only"
        } else {
            "all events"
        };
        let same = if choices.dedupe {
            "rows of the same day, source, target and code count once"
        } else {
            "each row counts"
        };
        writeln!(text, "{events}, {same}")?;
        let left_out = tally.read - tally.used;
        write!(
            text,
            "{} read: {} used, {left_out} left out",
            count(tally.read, "row"),
            tally.used
        )?;
        match tally.span {
            Some((from, to)) => writeln!(text, "; used from {from} to {to}")?,
            None => writeln!(text)?,
        }
        let mut kinds = |what: &str, kinds: &Kinds| {
            write!(text, "{:>9}  {what}", kinds.count)?;
            match &kinds.first {
                Some(first) => {
                    let name = match files.get(first.at.file as usize) {
                        Some(Some(file)) => shown(&file.name),
                        _ => String::new(),
                    };
                    let line = cut(&shown(&first.text.replace('\t', " ")), 60);
                    let line = if line.is_empty() {
                        line
                    } else {
                        format!(": {line}")
                    };
                    writeln!(text, ", such as {name}:{}{line}", first.at.line)
                }
                None => writeln!(text),
            }
        };
        for (reason, left_out) in tally.left_out() {
            kinds(&format!("left out: {}", reason.words()), left_out)?;
        }
        if tally.own_weights.count > 0 {
            kinds(
                "used with a weight of its own that is not the table's",
                &tally.own_weights,
            )?;
        }
        if tally.coordinates.count > 0 {
            kinds(
                "used although it has coordinates that cannot be",
                &tally.coordinates,
            )?;
        }
        Ok(())
    }
}

/// What to say where no row could be read at all, or none is left.
pub(crate) fn something_left(tally: &Tally) -> Result<()> {
    if tally.used == 0 {
        return Err(BadData::NoRows.into());
    }
    Ok(())
}

/// The format, where the first word says one, whether it does, and the files.
fn split(inputs: &[String]) -> Result<(Option<Format>, bool, Vec<String>)> {
    let Some((first, rest)) = inputs.split_first() else {
        return Err(BadData::NoRows.into());
    };
    let said = Format::ALL
        .into_iter()
        .find(|format| format.name() == first);
    if said.is_none() && first != "auto" {
        return Ok((None, false, inputs.to_vec()));
    }
    if rest.is_empty() {
        return Err(BadData::NoFile {
            after: first.clone(),
        }
        .into());
    }
    Ok((said, said.is_some(), rest.to_vec()))
}

/// The dictionary of a file.
fn dictionary(name: &str, output: &mut Output) -> Result<Dictionary> {
    let named = |error: Error| error.in_file(name);
    let streams = Streams::new(vec![name.to_owned()])?;
    let mut bytes = Vec::new();
    crate::exchange::Files::open(&streams, 0)
        .map_err(named)?
        .read_to_end(&mut bytes)
        .map_err(|error| {
            named(
                BadFile::Io {
                    doing: "read",
                    error,
                }
                .into(),
            )
        })?;
    let dictionary = Dictionary::read(&String::from_utf8_lossy(&bytes));
    if dictionary.is_empty() || dictionary.codes() == 0 {
        return Err(named(BadData::NotADictionary.into()));
    }
    let unread = match dictionary.unread() {
        0 => String::new(),
        unread => format!("; {unread} of its codes cannot be read and are left aside"),
    };
    output.note(&format!(
        "{}: dictionary of {}{unread}",
        shown(name),
        count(dictionary.len() as u64, "name")
    ));
    Ok(dictionary)
}
