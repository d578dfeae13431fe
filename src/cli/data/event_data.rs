//! Event data as `import` and `index` take them: what is read and how, and what became of every
//! row.

use super::names;
use crate::cli::args::{CodesAre, EventData, Events, Spoilt};
use crate::cli::terminal::output::Output;
use crate::cli::terminal::progress;
use crate::error::{BadData, Error, Result};
use crate::exchange::{
    ActorsMap, Choices, Dedupe, Dictionary, Field, FileRead, Format, Gather, Ids, Kinds, Plan,
    Quads, Reading, Reason, Repeated, Roster, TableForm, Tally, Use, WeightSource, drops, read,
};
use crate::model::Dyad;
use crate::store::Streams;
use crate::text::{abridged, count, cut, shown};
use std::fmt::Write;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Some files of event data, and how to read them.
pub(crate) struct Sources {
    pub(crate) streams: Streams,
    pub(crate) plan: Plan,
    is_said: bool,
    /// Which reasons to leave a row out are an error, since they tell of a whole column.
    refused: Vec<Reason>,
    given: [Vec<Given>; 2],
    lists_unmatched: bool,
}

/// What is made of event data, as far as it concerns what is read.
pub(crate) struct Wanted<'a> {
    pub(crate) dyads: &'a [Dyad],
    pub(crate) quads: Option<Quads>,
    /// Whether codes of states are written, so that no file need have a use for them.
    pub(crate) writes_codes: bool,
}

/// An option that was given, what files must have to have a use for it, and which do.
type Given = (&'static str, Use, &'static str);

impl Sources {
    pub(crate) fn new(data: &EventData, wanted: &Wanted<'_>, output: &mut Output) -> Result<Self> {
        let (format, is_said, names) = split(&data.inputs)?;
        not_twice(data)?;
        let streams = Streams::new(names)?;
        let dictionary = match &data.actors {
            Some(name) => dictionary(name, output)?,
            None => Dictionary::default(),
        };
        let map = match &data.actors_map {
            Some(name) => names::map(name, output)?,
            None => ActorsMap::default(),
        };
        let roster = Roster::new(dictionary, &data.actor).with_map(map);
        let read_as = data.actor_codes.first().copied();
        let roster = roster.with_state_codes(read_as);
        let plan = Plan {
            format,
            form: TableForm {
                columns: data.column.clone(),
                values: data.value.clone(),
                order: data.date_order,
                codes: data.codes.into(),
            },
            choices: Choices {
                weights: data.weights,
                roots_only: data.events == Events::Root,
                dedupe: data.dedupe,
                quads: wanted.quads,
                from: data.from,
                to: data.to,
            },
            dyads: roster.sides(wanted.dyads),
            roster: Arc::new(roster),
            is_strict: data.strict,
            threads: NonZero::new(data.threads.count()).unwrap_or(NonZero::<usize>::MIN),
        };
        Ok(Self {
            streams,
            plan,
            is_said,
            refused: refused(data),
            given: given(data, wanted),
            lists_unmatched: data.unmatched.is_some(),
        })
    }

    /// Reads all of them.
    ///
    /// # Errors
    /// What reading says; options that no file has a use for, and columns that are spoilt.
    pub(crate) fn read<G: Gather>(
        &self,
        gather: impl Fn() -> G + Sync + Send,
        output: &mut Output,
    ) -> Result<(Reading, Vec<G>)> {
        let (control, length) = (&self.streams.control, self.streams.length());
        let read = || read(&self.streams, &self.plan, gather);
        let (reading, gathered) = progress::reading(control, length, read)?;
        self.refuse_unused(&reading.files)?;
        self.refuse_spoilt(&reading, output)?;
        Ok((reading, gathered))
    }

    /// Refuses columns that a program has spoilt, after all has been said of the rows: the values
    /// that show it cannot be told from those that do not, such as 10 for 010 from 10, or 3/4/2014
    /// for 4 March from 3 April.
    fn refuse_spoilt(&self, reading: &Reading, output: &mut Output) -> Result<()> {
        let rows = |reason: &Reason| reading.tally.left_out_for(*reason);
        let Some(reason) = self.refused.iter().find(|reason| rows(reason) > 0) else {
            return Ok(());
        };
        self.tell(reading, &[], output);
        let rows = count(rows(reason), "row");
        let (says, help) = match reason {
            Reason::NumberCode => (
                format!(
                    "the codes of {rows} have lost their leading 0, so no code of the file can be trusted: 10 may have been 010, of the opposite sign"
                ),
                "read the codes as text and save them again (R: colClasses = \"character\", pandas: dtype=str); or --codes padded puts the 0 back wherever it makes a code, --codes as-they-are leaves such rows out",
            ),
            Reason::OtherOrder => (
                format!(
                    "the dates of {rows} are dates only in another order, so no date of the file can be trusted: 3/4/2014 may be 4 March or 3 April"
                ),
                "say --date-order mdy or --date-order dmy (csv, icews); or --spoilt leave-out leaves such rows out",
            ),
            _ => (
                format!(
                    "the weights of {rows} have a decimal comma in a table with commas between fields, which makes a column too many"
                ),
                "save it with semicolons or tabs between fields, or with decimal points; or --spoilt leave-out leaves such rows out",
            ),
        };
        Err(BadData::other(says, help).into())
    }

    /// Refuses options that no file has a use for: they would stand beside the result as if they
    /// had made it.
    fn refuse_unused(&self, files: &[Option<FileRead>]) -> Result<()> {
        let mut files = files.iter().flatten().peekable();
        if files.peek().is_none() {
            return Ok(());
        }
        let used: Vec<_> = files.flat_map(|file| file.layout.uses).collect();
        for given in &self.given {
            let unused = given.iter().filter(|(_, what, _)| !used.contains(&what));
            let errors = unused.map(|(option, _, goes_with)| {
                Error::from(BadData::other(
                    format!("`{option}` does not apply: no file here has a use for it"),
                    format!("it goes with {goes_with}"),
                ))
            });
            Error::all(errors.collect(), crate::history::FAULT_LIMIT)?;
        }
        Ok(())
    }

    /// Says which files and rows seem to be there twice.
    pub(crate) fn tell_twice(
        &self,
        reading: &Reading,
        ids: &Ids,
        output: &mut Output,
    ) -> Result<()> {
        for (again, first) in self.streams.repeated(&reading.bytes)? {
            let [again, first] = [again, first]
                .map(|place| shown(&crate::exchange::Files::name(&self.streams, place)));
            output.note(&format!(
                "warning: {again} has the same contents as {first}, given before it: unless --dedupe says otherwise, its rows count twice; give each file once"
            ));
        }
        let is_once = self.plan.choices.dedupe == Dedupe::Id;
        for (format, Repeated { rows, least }) in ids.repeated() {
            let what = match format {
                Format::Gdelt => "id",
                _ => "id and day",
            };
            let such = least.map_or(String::new(), |id| format!(", such as id {id}"));
            let so = if is_once {
                "each id counts once"
            } else {
                "they count again; --dedupe id counts each once"
            };
            output.note(&format!(
                "warning: {} with the {what} of another row ({format}){such}: {so}",
                count(rows, "row")
            ));
        }
        if ids.is_full() {
            output.note("warning: there are more ids than are told apart in memory: more rows may have the id of another");
        }
        Ok(())
    }

    /// Says which files give no row, and which files and months give far fewer than those around
    /// them.
    fn tell_gaps(&self, files: &[Option<FileRead>], tally: &Tally, text: &mut String) {
        /// How many of a kind are named.
        const NAMED: usize = 8;
        let mut warn = |warnings: Vec<String>, [one, more]: [&str; 2]| {
            for warning in warnings.iter().take(NAMED) {
                let _ = writeln!(text, "warning: {warning}");
            }
            let _ = match warnings.len().saturating_sub(NAMED) {
                0 => Ok(()),
                1 => writeln!(text, "warning: one more {one}"),
                many => writeln!(text, "warning: {many} more {more}"),
            };
        };
        let name = |place: usize| shown(&crate::exchange::Files::name(&self.streams, place));
        let behind = (0..files.len()).filter(|place| self.streams.behind(*place) > 0);
        let behind = behind.map(|place| {
            format!(
                "{}: {} behind the gzip are no part of it, and are left aside",
                name(place),
                count(self.streams.behind(place), "byte")
            )
        });
        warn(
            behind.collect(),
            [
                "file has bytes behind its gzip",
                "files have bytes behind their gzip",
            ],
        );
        let given: Vec<_> = (0..files.len())
            .map(|place| (place, tally.file(place)))
            .collect();
        let is_alone = files.len() == 1;
        let without = given.iter().filter(|(_, file)| file.used == 0 && !is_alone);
        let without = without.map(|(place, file)| match file.main_reason() {
            Some(reason) => format!(
                "{}: none of its {} is used; most are left out: {}",
                name(*place),
                count(file.read, "row"),
                reason.words()
            ),
            None => format!("{}: there is no row in it", name(*place)),
        });
        warn(
            without.collect(),
            ["file gives no row", "files give no row"],
        );
        let counts: Vec<_> = given.iter().map(|(_, file)| file.used).collect();
        let low = drops(&counts).into_iter().filter(|at| counts[*at] > 0);
        let low = low.map(|at| {
            format!(
                "{}: only {} of its {} used, far fewer than of the files around it",
                name(at),
                counts[at],
                count(given[at].1.read, "row")
            )
        });
        warn(
            low.collect(),
            [
                "file gives far fewer rows than those around it",
                "files give far fewer rows than those around them",
            ],
        );
        let months = tally.months();
        let counts: Vec<_> = months.iter().map(|(_, rows)| *rows).collect();
        let missing = tally.months_without_row();
        let low = drops(&counts).into_iter();
        let low = low.filter(|at| !missing.contains(&months[*at].0));
        let low = low.map(|at| {
            let ((year, month), rows) = months[at];
            let rows = count(rows, "row");
            let than = if at == 0 {
                "after it: the data may begin within it"
            } else if at + 1 == months.len() {
                "before it: the data may end within it"
            } else {
                "around it"
            };
            format!("{year:04}-{month:02}: only {rows} used, far fewer than of the months {than}")
        });
        warn(
            low.collect(),
            [
                "month has far fewer rows than those around it",
                "months have far fewer rows than those around them",
            ],
        );
        if let Some(says) = no_row_of(&missing) {
            let _ = writeln!(text, "{says}");
        }
    }

    /// Says what the files are, what counts, and what became of every row.
    pub(crate) fn tell(&self, reading: &Reading, busiest: &[(Dyad, u64)], output: &mut Output) {
        let Reading { files, tally, .. } = reading;
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
        self.tell_gaps(files, tally, &mut text);
        self.tell_unmet(&mut text);
        output.note(text.trim_end());
    }

    /// The same, and the first of the names that no actor was found for.
    pub(crate) fn tell_all(&self, reading: &Reading, busiest: &[(Dyad, u64)], output: &mut Output) {
        self.tell(reading, busiest, output);
        names::tell(&reading.unmatched, self.lists_unmatched, output);
    }

    /// Says which of the actors given by `--actor` no row has, and whether none has a name of the
    /// dictionary.
    fn tell_unmet(&self, text: &mut String) {
        if self.plan.roster.is_dictionary_unmet() {
            let _ = writeln!(
                text,
                "warning: no row has a name of the dictionary of --actors"
            );
        }
        let map = self.plan.roster.map();
        let unmet = map.unmet();
        if !unmet.is_empty() && unmet.len() == map.len() {
            let _ = writeln!(
                text,
                "warning: no row has a name of --actors-map on its days"
            );
        } else if !unmet.is_empty() {
            let names: Vec<_> = unmet.iter().map(|name| shown(name)).collect();
            let _ = writeln!(
                text,
                "warning: of the {} of --actors-map no row has these on their days: {}",
                count(map.len() as u64, "name"),
                abridged(&names)
            );
        }
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
            let mut orders = files[start..end].iter().flatten();
            let order = orders.find_map(|file| file.reader.order_by_marks());
            let order = order.map_or(String::new(), |order| {
                format!("; dates with slashes: {}", order.words())
            });
            let _ = match &files[start] {
                Some(file) => writeln!(
                    text,
                    "{names}: {}, {how}: {}; weights: {}{order}",
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
        let same = choices.dedupe.words();
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

/// Says of which months there is no row of any dyad: what a table has of them is no peace, but no
/// data. They are in order.
pub(crate) fn no_row_of(missing: &[(i16, i8)]) -> Option<String> {
    let number = |(year, month): (i16, i8)| i32::from(year) * 12 + i32::from(month);
    let runs = missing.chunk_by(|one, next| number(*one) + 1 == number(*next));
    let name = |(year, month): &(i16, i8)| format!("{year:04}-{month:02}");
    let named = runs.filter_map(|run| match run {
        [only] => Some(name(only)),
        [first, .., last] => Some(format!("{} to {}", name(first), name(last))),
        [] => None,
    });
    let named: Vec<_> = named.collect();
    (!named.is_empty()).then(|| {
        format!(
            "warning: no row of {} ({}): a month without data is not one without events",
            abridged(&named),
            count(missing.len() as u64, "month")
        )
    })
}

/// Which reasons to leave a row out are an error.
fn refused(data: &EventData) -> Vec<Reason> {
    let is_refused = |reason: &Reason| match reason {
        Reason::NumberCode => data.codes == CodesAre::Checked,
        reason => reason.tells_of_spoilt_column() && data.spoilt == Spoilt::Refuse,
    };
    Reason::ALL.into_iter().filter(is_refused).collect()
}

/// The options that were given and that only some files have a use for; those come last of which
/// one is told only where all others have their use.
fn given(data: &EventData, wanted: &Wanted<'_>) -> [Vec<Given>; 2] {
    let reads_codes = !data.actor_codes.is_empty() && !wanted.writes_codes;
    let csv = "csv; leave it out";
    let dates = "csv and icews; leave it out";
    let codes = "formats with a column of CAMEO codes; leave it out";
    let quadruples = "icews-quadruples; leave it out";
    let states = "csv and keds, and with index, which writes them";
    let options = [
        (!data.column.is_empty(), ("--column", Use::Columns, csv)),
        (!data.value.is_empty(), ("--value", Use::Columns, csv)),
        (
            data.date_order.is_some(),
            ("--date-order", Use::DateOrder, dates),
        ),
        (
            data.codes != CodesAre::Checked,
            ("--codes", Use::Codes, codes),
        ),
        (
            data.actors.is_some(),
            ("--actors", Use::Dictionary, quadruples),
        ),
    ];
    let options = options.into_iter().filter(|(is_given, _)| *is_given);
    let states = reads_codes.then_some(("--actor-codes", Use::StateCodes, states));
    [
        options.map(|(_, given)| given).collect(),
        states.into_iter().collect(),
    ]
}

/// Refuses what is said twice, or is said of what an option leaves aside.
fn not_twice(data: &EventData) -> Result<()> {
    let refuse = |says: String, help: &str| Err(BadData::other(says, help).into());
    let said: Vec<_> = data
        .column
        .iter()
        .chain(&data.value)
        .map(|column| column.field)
        .collect();
    let name = |field: Field| field.name();
    if let Some(twice) = (1..said.len()).find(|at| said[..*at].contains(&said[*at])) {
        return refuse(
            format!("`{}` is given twice", name(said[twice])),
            "each field has one column, or one value",
        );
    }
    let is_of_table = data
        .weights
        .is_some_and(|weights| weights != WeightSource::File);
    if is_of_table && said.contains(&Field::Weight) {
        return refuse(
            "the column of weights has no use: --weights takes them from the table".to_owned(),
            "leave out --column weight, or say --weights file",
        );
    }
    Ok(())
}

/// An index names no document: a column of them must not seem to count.
pub(crate) fn no_urls(data: &EventData) -> Result<()> {
    if data.column.iter().any(|column| column.field == Field::Url) {
        let says = "`--column url` does not apply: an index names no document";
        return Err(BadData::other(says, "it goes with import; leave it out").into());
    }
    Ok(())
}

/// The format, where the first word says one, whether it does, and the files.
fn split(inputs: &[PathBuf]) -> Result<(Option<Format>, bool, Vec<PathBuf>)> {
    let Some((first, rest)) = inputs.split_first() else {
        return Err(BadData::NoRows.into());
    };
    let said = first.to_str().and_then(Format::of);
    if said.is_none() && first != Path::new("auto") {
        return Ok((None, false, inputs.to_vec()));
    }
    if rest.is_empty() {
        return Err(BadData::NoFile {
            after: first.display().to_string(),
        }
        .into());
    }
    Ok((said, said.is_some(), rest.to_vec()))
}

/// The dictionary of a file.
fn dictionary(path: &Path, output: &mut Output) -> Result<Dictionary> {
    let name = &*path.display().to_string();
    let named = |error: Error| error.in_file(name);
    let streams = Streams::new(vec![path.to_owned()])?;
    let bytes = streams.read_whole(0).map_err(named)?;
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
