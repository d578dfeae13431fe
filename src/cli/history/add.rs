//! `detente log add`: one event, its fields given as options or asked for one by one.

use super::beside::{self, Batch, Typed};
use super::written::{DISK, listed, own_log, recorded, tell};
use crate::cli::args::Add;
use crate::cli::terminal::output::{Outcome, Output};
use crate::error::{BadEvent, BadFile, BadLog, BadOption, Error, Fault, Kind, Result};
use crate::history::{
    FAULT_LIMIT, Field, Given, Names, Record, Shape, Written, Wrong, columns_of, event, fields,
    made_id,
};
use crate::model::{Act, Parties};
use crate::store::{self, Appended, Options};
use std::io::{BufRead, IsTerminal, stdin};

/// Fields that are given as options or not at all: few events have them.
const NOT_ASKED: [&str; 9] = [
    "id",
    "adverse",
    "until",
    "recorded",
    "weight",
    "impact",
    "reason",
    "measures",
    "according_to",
];
/// Fields that are asked for before all others.
const FIRST: [&str; 2] = ["act", "date"];
/// How many events of one act and day are told apart by a number.
const NUMBER_LIMIT: usize = 1_000;

pub(super) fn run(arguments: &Add, output: &mut Output) -> Result<Outcome> {
    own_log(&arguments.log)?;
    let fields = fields();
    let mut form = Form {
        filled: Vec::new(),
        fields: &fields,
        names: store::names(&arguments.log).unwrap_or_default(),
    };
    for (name, text) in &arguments.fields.given {
        form.fill(name, text.trim());
    }
    let is_asked = arguments.ask || stdin().is_terminal();
    if is_asked && form.event(None).is_err() {
        form.ask(&mut stdin().lock(), output)?;
    }
    let (written, appended) = form.append(arguments)?;
    let name = arguments.log.display().to_string();
    let outcome = tell(&appended, &name, listed(arguments.dry_run, true), output)?;
    let batch = Batch {
        written: &[written],
        file: None,
        appended: &appended,
        typed: Typed::Fields,
        is_dry: arguments.dry_run,
    };
    beside::note(&batch, &arguments.log, output);
    Ok(outcome)
}

/// The fields of an event while they are filled in.
struct Form<'f> {
    fields: &'f [Field],
    /// What actors are called in the log.
    names: Names,
    filled: Vec<(&'f Field, String)>,
}

impl Form<'_> {
    fn fill(&mut self, name: &str, text: &str) {
        let field = self.fields.iter().find(|field| field.name == name);
        self.filled
            .extend(field.map(|field| (field, text.to_owned())));
    }

    fn text(&self, name: &str) -> Option<&str> {
        let found = self.filled.iter().find(|(field, _)| field.name == name);
        found.map(|(_, text)| text.as_str())
    }

    fn act(&self) -> Option<Act> {
        let name = self.text("act")?;
        Act::ALL.into_iter().find(|act| act.name() == name)
    }

    /// The event so far, under an id that it does not bring itself.
    fn event(&self, id: Option<&str>) -> Result<Record, Vec<Wrong>> {
        let given = self.filled.iter();
        let mut given: Vec<_> = given.map(|(field, text)| Given { field, text }).collect();
        let field = self.fields.iter().find(|field| field.name == "id");
        if let (None, Some((field, text))) = (self.text("id"), field.zip(id)) {
            given.push(Given { field, text });
        }
        event(&given, Some(&self.names))
    }

    /// Appends the event. Where its act and date are an id that another event has, a number tells
    /// the two apart.
    fn append(&self, arguments: &Add) -> Result<(Written<'static>, Appended)> {
        let base = made_id(self.text("act"), self.text("date"));
        let options = Options {
            recorded: recorded(None)?,
            expect_version: arguments.expect_version,
            dry_run: arguments.dry_run,
        };
        let numbered = (2..=NUMBER_LIMIT).map(|number| format!("{base}-{number}"));
        let mut ids = std::iter::once(base.clone()).chain(numbered);
        loop {
            let id = ids.next();
            let record = self
                .event(id.as_deref())
                .or_else(|wrongs| self.refused(wrongs))?;
            let is_taken = |error: &Error| {
                let own = |fault: &Fault| matches!(fault.kind, Kind::Log(BadLog::IdTaken { .. }));
                self.text("id").is_none() && id.is_some() && error.faults().iter().all(own)
            };
            let batch = [Written::by_nobody(record)];
            match store::append_on(&DISK, &arguments.log, &batch, options) {
                Err(error) if is_taken(&error) => {}
                appended => {
                    let name = arguments.log.display().to_string();
                    let [written] = batch;
                    let appended = appended.map_err(|error| error.in_file(&name))?;
                    return Ok((written, appended));
                }
            }
        }
    }

    /// What is wrong, each with the option that says it.
    fn refused(&self, wrongs: Vec<Wrong>) -> Result<Record> {
        let faults = wrongs.into_iter().map(|wrong| {
            let mut fault = Fault::from(wrong.kind);
            let place = wrong.at.and_then(|(place, _)| self.filled.get(place));
            fault.place.file =
                place.map(|(field, _)| format!("--{}", field.name.replace('_', "-")));
            fault
        });
        Error::check(faults.collect(), FAULT_LIMIT)?;
        Err(BadLog::NoEvents.into())
    }

    /// Asks for every field that is not given, those that must be there first.
    fn ask(&mut self, input: &mut impl BufRead, output: &mut Output) -> Result<()> {
        for name in FIRST {
            self.ask_for(name, true, input, output)?;
        }
        let Some(act) = self.act() else {
            return Ok(());
        };
        let columns = columns_of(act, self.fields);
        let needed = |form: &Self, name: &str| {
            let is_it = |wrong: &Wrong| matches!(&wrong.kind, Kind::Event(BadEvent::MissingField { field, .. }) if *field == name);
            let event = form.event(Some("id"));
            event.is_err_and(|wrongs| wrongs.iter().any(is_it))
        };
        let together = act.form().parties == Parties::Mutual;
        for needs in [true, false] {
            for field in &columns {
                let name = field.name.as_str();
                // What several do together is asked for once.
                let is_same = together && name == "target";
                if needs == needed(self, name) && !is_same && (needs || !NOT_ASKED.contains(&name))
                {
                    self.ask_for(name, needs, input, output)?;
                }
            }
        }
        Ok(())
    }

    fn ask_for(
        &mut self,
        name: &str,
        is_needed: bool,
        input: &mut impl BufRead,
        output: &mut Output,
    ) -> Result<()> {
        let field = self.fields.iter().find(|field| field.name == name);
        let Some(field) = field.filter(|_| self.text(name).is_none()) else {
            return Ok(());
        };
        loop {
            output.ask(&format!("{}: ", question(field, is_needed)));
            let mut line = String::new();
            let read = input.read_line(&mut line).map_err(BadFile::io("read"))?;
            if read == 0 {
                output.note("");
                return Err(BadOption::Unanswered {
                    field: field.name.clone(),
                }
                .into());
            }
            let answer = line.trim();
            if answer.is_empty() {
                if is_needed {
                    continue;
                }
                return Ok(());
            }
            self.filled.push((field, answer.to_owned()));
            let own = self.filled.len() - 1;
            let concerns = |wrong: &Wrong| match &wrong.at {
                Some((place, _)) => *place == own,
                None => !matches!(wrong.kind, Kind::Event(BadEvent::MissingField { .. })),
            };
            let wrongs = self.event(Some("id")).err().unwrap_or_default();
            let mut wrongs = wrongs.into_iter().filter(|wrong| {
                concerns(wrong) && !matches!(wrong.kind, Kind::Event(BadEvent::MissingField { .. }))
            });
            match wrongs.next() {
                None => return Ok(()),
                Some(wrong) => output.note(&format!("  {}", Fault::from(wrong.kind))),
            }
            self.filled.pop();
        }
    }
}

/// What is asked for, and how it is written.
fn question(field: &Field, is_needed: bool) -> String {
    let mut question = field.name.replace('_', " ");
    match &field.shape {
        Shape::Date => question.push_str(", such as 2031-03-02"),
        Shape::Number => question.push_str(", a number"),
        Shape::List => question.push_str(", several with `;` between them"),
        Shape::Entries { .. } | Shape::Map => {
            let notation = format!(" as {}, several with `;` between them", field.notation());
            question.push_str(&notation);
        }
        Shape::Text if !field.choices.is_empty() => {
            question.extend([" (", &field.choices.join(", "), ")"]);
        }
        Shape::Text => {}
    }
    if !is_needed {
        question.push_str(", or nothing");
    }
    question
}
