//! `detente replay`: the story of a log, and how things stand at its end.

use super::log::note_torn;
use crate::cli::args::{Format, Replay};
use crate::cli::terminal::input;
use crate::cli::terminal::listed::{self, Listed, Taker};
use crate::cli::terminal::output::{Outcome, Output, unwritten, unwritten_rows};
use crate::cli::terminal::progress::Watched;
use crate::error::{BadLog, BadOption, BadQuestion, BadValue, Error, Result};
use crate::history::{
    Folded, Level, Scope, Summary, Survey, Teller, Told, Until, Window, are_few_enough, levels,
    replay, span, survey_and_replay,
};
use crate::model::{BadDay, Day, Dyad, DyadIx, Few, Model, Settings, World, nearest};
use crate::store::{Shortcut, Sidecar};
use crate::text::{abridged, shown};
use crate::view::{
    Album, Moved, Scene, Standings, Strand, TABLE_ROWS, TransitionRow, columns_of, conditions,
    csv_record, levels_text, model_label, standings_text, story_table,
};
use serde::Serialize;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;

pub(crate) fn run(arguments: &Replay, output: &mut Output) -> Result<Outcome> {
    let is_figure = arguments
        .figure
        .is_wanted(arguments.format == Format::Svg)?;
    let has_states = matches!(arguments.format, Format::Table | Format::Json) && !is_figure;
    if arguments.state_only && !has_states {
        let (option, formats) = ("--state-only", "table or json");
        return Err(BadOption::OnlyAs { option, formats }.into());
    }
    let model = input::model(&arguments.model)?;
    let input = input::log(&arguments.log)?;
    let in_file = |error: Error| error.in_file(&input.name);
    let source = Watched::new(&input.log, "replaying");
    let Looked {
        summary,
        until,
        found,
        shortcut,
    } = look(&source, arguments, &model).map_err(in_file)?;
    if let (Some(from), Until::Day(to)) = (arguments.from, until)
        && from > to
    {
        return Err(BadQuestion::EmptyWindow { from, to }.into());
    }
    output.call([&summary.names]);
    note_torn(summary.ending, &input.name, output);
    note_shortcut(&shortcut, &input.name, output);
    let subject = Subject {
        label: model_label(&model),
        arguments,
        model: &model,
        name: &input.name,
        summary: &summary,
    };
    let survey = match &found {
        Found::State(folded) => {
            subject.state_only(folded, output).map_err(in_file)?;
            return Ok(Outcome::Fine);
        }
        Found::Survey(survey) => survey,
    };
    let log = Readable {
        source: &source,
        survey,
    };
    match arguments.format {
        _ if arguments.every.is_some() && is_figure => {
            let (option, formats) = ("--every", "table, json, jsonl or csv");
            Err(BadOption::OnlyAs { option, formats }.into())
        }
        _ if arguments.every.is_some() => subject.levels(log, until, output),
        _ if is_figure => subject.figure(log, until, output),
        _ if arguments.state_only => {
            let folded = log.replay(until, &model, None);
            folded.and_then(|folded| subject.state_only(&folded, output))
        }
        Format::Table | Format::Svg => subject.story(log, until, output),
        Format::Json => subject.json(log, until, output),
        Format::Jsonl => subject.lines(log, until, output),
        Format::Csv => subject.csv(log, until, output),
    }
    .map_err(in_file)?;
    Ok(Outcome::Fine)
}

/// Says where not all of a log was read, and where something was written beside it.
fn note_shortcut(shortcut: &Shortcut, name: &str, output: &mut Output) {
    let name = shown(name);
    let path = |path: &Path| shown(&path.display().to_string());
    match shortcut {
        Shortcut::None => {}
        Shortcut::Written(snapshot) => output.note(&format!(
            "note: wrote {}: later states of {name} are told from it, without verifying again \
             what stands before; --no-snapshot or `detente log verify` reads all",
            path(snapshot)
        )),
        Shortcut::Taken(snapshot) => output.note_on_terminal(&format!(
            "note: by {}, not all of {name} was read and verified; `detente log verify` does that, \
             and --no-snapshot",
            path(snapshot)
        )),
    }
}

/// What a log has, and where its replay is to stop.
struct Looked {
    summary: Summary,
    until: Until,
    found: Found,
    shortcut: Shortcut,
}

enum Found {
    /// How things stand there, where nothing else is asked for.
    State(Box<Folded>),
    /// What the log is replayed by.
    Survey(Survey),
}

/// A log that was surveyed, to be replayed.
#[derive(Clone, Copy)]
struct Readable<'a> {
    source: &'a Watched<'a>,
    survey: &'a Survey,
}

impl Readable<'_> {
    fn replay(self, until: Until, model: &Model, each: Option<&mut Teller<'_>>) -> Result<Folded> {
        replay(self.source, self.survey, until, model, each)
    }
}

/// Surveys the log and finds where to stop; where nothing else is asked for, with how things stand
/// there.
fn look(source: &Watched<'_>, arguments: &Replay, model: &Model) -> Result<Looked> {
    let scope = Scope {
        known_on: arguments.as_known_on,
        in_full: false,
        threads: arguments.threads.count(),
    };
    let wanted = arguments.to.as_deref();
    let day = wanted.and_then(|to| to.parse::<Day>().ok());
    if let Some(Err(bad @ BadDay::NotInCalendar { .. })) = wanted.map(str::parse::<Day>) {
        return Err(BadValue::Day(bad).into());
    }
    let is_folded = wanted.is_none() || day.is_some();
    if arguments.state_only && arguments.every.is_none() && is_folded {
        // What was known on a day has other events that are late.
        let has_none = arguments.no_snapshot || arguments.as_known_on.is_some();
        let sidecar = Sidecar::of(&arguments.log).filter(|_| !has_none);
        let (summary, folded, shortcut) = if let Some(sidecar) = sidecar {
            sidecar.state(source, || source.stamp(), scope, day, model)?
        } else {
            let (survey, folded) = survey_and_replay(source, scope, day, model, |_, _| {})?;
            (survey.summary(), folded, Shortcut::None)
        };
        return Ok(Looked {
            summary,
            until: day.into(),
            found: Found::State(Box::new(folded)),
            shortcut,
        });
    }
    let seq = wanted.and_then(|to| to.parse::<u64>().ok());
    let (mut found, mut ids) = (None, Vec::new());
    let mut retracted = std::collections::HashSet::new();
    let survey = source.survey(scope, &mut |glance, _| {
        if let Some(wanted) = wanted.filter(|_| day.is_none()) {
            if seq == Some(glance.seq) || glance.id == wanted {
                found = Some((
                    glance.seq,
                    glance.id.clone().into_owned(),
                    glance.retracts.is_some(),
                ));
            }
            if seq.is_none() {
                ids.push(glance.id.clone().into_owned());
            }
            retracted.extend(glance.retracts.as_ref().map(|id| id.clone().into_owned()));
        }
    })?;
    let until = match (wanted, day, found) {
        (None, _, _) => Until::End,
        (Some(_), Some(day), _) => Until::Day(day),
        (Some(_), None, Some((_, id, _))) if retracted.contains(&id) => {
            return Err(BadLog::IdRetracted { id }.into());
        }
        (Some(_), None, Some((_, id, true))) => return Err(BadQuestion::IsRetraction { id }.into()),
        (Some(_), None, Some((seq, _, false))) => Until::Seq(seq),
        (Some(wanted), None, None) => {
            let day = Day::meant_by(wanted).map(|day| day.to_string());
            let id = || nearest(wanted, ids.iter().map(String::as_str)).map(str::to_owned);
            let near = day.or_else(id);
            return Err(BadQuestion::UnknownEnd {
                found: wanted.to_owned(),
                near,
            }
            .into());
        }
    };
    Ok(Looked {
        summary: survey.summary(),
        until,
        found: Found::Survey(survey),
        shortcut: Shortcut::None,
    })
}

/// The name of a log at the beginning of a line.
fn capital(name: &str) -> String {
    match name.strip_prefix("the ") {
        Some(rest) => format!("The {rest}"),
        None => name.to_owned(),
    }
}

/// What is replayed and how.
struct Subject<'a> {
    label: String,
    arguments: &'a Replay,
    model: &'a Model,
    name: &'a str,
    summary: &'a Summary,
}

/// The whole of a replay as JSON.
#[derive(Serialize)]
struct Whole<'a, L> {
    detente: &'static str,
    log: LogLine<'a>,
    /// What the log calls actors and things.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    names: BTreeMap<String, String>,
    model: Settings,
    #[serde(skip_serializing_if = "Option::is_none")]
    transitions: Option<L>,
    state: Standings,
}

/// Levels as JSON.
#[derive(Serialize)]
struct Levels<'a> {
    detente: &'static str,
    log: LogLine<'a>,
    model: Settings,
    readings: Vec<Level>,
}

/// Which log, and how far it was read and replayed.
#[derive(Serialize)]
struct LogLine<'a> {
    name: &'a str,
    events: u64,
    head: String,
    as_known_on: Option<Day>,
    to: Option<&'a str>,
}

impl Subject<'_> {
    /// Whether a dyad is followed, if the arguments say.
    fn follows(&self, dyad: Dyad) -> bool {
        self.arguments.dyad.is_empty() || self.arguments.dyad.contains(&dyad)
    }

    /// The dyads that are followed, in alphabetical order: those asked for, or all.
    fn chosen(&self, world: &World, only: Option<Dyad>) -> Result<Vec<DyadIx>> {
        let all = world.dyads();
        for &wanted in &self.arguments.dyad {
            if !all.iter().any(|(dyad, _)| *dyad == wanted) {
                let known = all.iter().map(|(dyad, _)| dyad.to_string()).collect();
                return Err(BadQuestion::UnknownDyad {
                    dyad: wanted.to_string(),
                    known,
                }
                .into());
            }
        }
        let followed = |dyad: Dyad| self.follows(dyad) && only.is_none_or(|only| only == dyad);
        let chosen = all.into_iter().filter(|(dyad, _)| followed(*dyad));
        Ok(chosen.map(|(_, index)| index).collect())
    }

    /// Whether what happened is told, and does not only count.
    fn is_told(&self, told: &Told<'_>) -> bool {
        let from = self.arguments.from;
        from.is_none_or(|from| told.record.date() >= from)
    }

    fn rows(&self, told: &Told<'_>) -> Vec<TransitionRow> {
        told.transitions
            .iter()
            .filter(|transition| self.follows(told.world.dyad(transition.step.dyad)))
            .map(|transition| {
                TransitionRow::new(told.record, transition, told.world, told.state, &self.label)
            })
            .collect()
    }

    /// The one dyad that is followed, where none is asked for.
    fn only(&self, log: Readable<'_>, until: Until) -> Result<Option<Dyad>> {
        Ok(if self.shows_all() {
            None
        } else {
            self.busiest(log, until)?.0
        })
    }

    fn shows_all(&self) -> bool {
        self.arguments.all_dyads || !self.arguments.dyad.is_empty()
    }

    /// The same, and how things stand where the replay ends.
    fn only_and_end(&self, log: Readable<'_>, until: Until) -> Result<(Option<Dyad>, Folded)> {
        let end = || log.replay(until, self.model, None);
        if self.shows_all() {
            return Ok((None, end()?));
        }
        let (only, folded) = self.busiest(log, until)?;
        let folded = if until == Until::End { folded } else { end()? };
        Ok((only, folded))
    }

    /// An event with what it did to what is followed, if it concerns that.
    fn scene(&self, told: &Told<'_>, only: Option<Dyad>) -> Option<Scene> {
        let mut rows = self.rows(told);
        rows.retain(|row| only.is_none_or(|only| only == row.dyad));
        let concerns = !rows.is_empty() || self.concerns(told, only);
        concerns.then(|| Scene {
            record: told.record.clone(),
            rows,
            mark: None,
            remark: None,
        })
    }

    fn story(&self, log: Readable<'_>, until: Until, output: &mut Output) -> Result<()> {
        let (only, folded) = self.only_and_end(log, until)?;
        if let (Some(day), Some(last)) = (self.arguments.from, folded.day)
            && day > last
        {
            return Err(BadQuestion::AfterHistory { day, last }.into());
        }
        let dyads = self.chosen(&folded.world, only)?;
        let followed: Vec<_> = dyads.iter().map(|&dyad| folded.world.dyad(dyad)).collect();
        let names = output.names();
        output.print(names.said(&self.heading(&folded, &followed)))?;
        output.line("")?;
        let several = followed.len() != 1;
        let (look, has_phases) = (output.look(), self.model.saturation());
        let mut scenes = Vec::new();
        let mut is_empty = true;
        let mut tell = |told: &Told<'_>| {
            if self.is_told(told) {
                scenes.extend(self.scene(told, only));
            }
            if scenes.len() == TABLE_ROWS {
                is_empty = false;
                output.print(story_table(&scenes, several, has_phases, look))?;
                scenes.clear();
            }
            Ok(())
        };
        log.replay(until, self.model, Some(&mut tell))?;
        if is_empty || !scenes.is_empty() {
            output.print(story_table(&scenes, several, has_phases, look))?;
        }
        self.state(&folded, &dyads, output)?;
        let mut others = folded.world.dyads();
        others.retain(|(dyad, _)| only.is_some_and(|only| only != *dyad));
        if !others.is_empty() {
            let others: Vec<_> = others.iter().map(|(dyad, _)| dyad.to_string()).collect();
            output.line("")?;
            let others = names.said(&abridged(&others));
            output.line(&format!("Other dyads: {others}."))?;
            output.line("See one with --dyad, all with --all-dyads.")?;
        }
        Ok(())
    }

    /// The temperatures over time, in the terminal or as SVG.
    fn figure(&self, log: Readable<'_>, until: Until, output: &mut Output) -> Result<()> {
        let only = self.only(log, until)?;
        let mut events = Vec::new();
        let mut tell = |told: &Told<'_>| {
            // A figure draws from what lies before it, too.
            let is_seen = |dyad| self.follows(dyad) && only.is_none_or(|only| only == dyad);
            let moved = Moved::of(told, is_seen);
            let moved: Few<_, 1> = moved.collect();
            if !moved.is_empty() || self.concerns(told, only) {
                events.push((told.record.clone(), moved));
            }
            Ok(())
        };
        let folded = log.replay(until, self.model, Some(&mut tell))?;
        let dyads = self.chosen(&folded.world, only)?;
        let dyads: Vec<_> = dyads.iter().map(|&dyad| folded.world.dyad(dyad)).collect();
        if dyads.is_empty() {
            return Err(BadQuestion::NothingMoves.into());
        }
        let strand = Strand::of_events(self.name.to_owned(), self.model.clone(), events);
        let window = Window {
            from: self.arguments.from,
            ..Window::default()
        };
        let album = Album::within(vec![strand], &window, folded.day, &dyads)?;
        let mut figure = album.figure(&dyads);
        let names = &self.summary.names;
        let name = capital(names.title().unwrap_or(self.name));
        figure.title = format!("{name}: {}", figure.title);
        self.arguments.figure.print(figure, output)
    }

    /// The temperatures of what is followed on dates.
    fn levels(&self, log: Readable<'_>, until: Until, output: &mut Output) -> Result<()> {
        let (folded, opening) = span(log.source, log.survey, until, self.model)?;
        let is_table = self.arguments.format == Format::Table;
        let only = if is_table {
            self.only(log, until)?
        } else {
            None
        };
        let dyads = self.chosen(&folded.world, only)?;
        let dyads: Vec<_> = dyads.iter().map(|&dyad| folded.world.dyad(dyad)).collect();
        let window = Window {
            from: self.arguments.from,
            to: folded.day,
            every: self.arguments.every.clone(),
        }
        .opened(opening);
        let levels = match opening.first().zip(folded.day) {
            Some((first, last)) => {
                let dates = window.dates(first, last, [])?;
                are_few_enough(dates.len(), dyads.len())?;
                let (asked, model) = ((&dates[..], &dyads[..]), self.model);
                levels(log.source, log.survey, until, asked, model)?
            }
            None => Vec::new(),
        };
        match self.arguments.format {
            Format::Table | Format::Svg => {
                output.print(self.heading(&folded, &dyads))?;
                output.line("")?;
                output.print(levels_text(&levels, output.look()))
            }
            Format::Json => output.json(&Levels {
                detente: env!("CARGO_PKG_VERSION"),
                log: self.log_line(),
                model: Settings::of(self.model),
                readings: levels,
            }),
            Format::Jsonl => levels.iter().try_for_each(|level| output.json_line(level)),
            Format::Csv => output.csv(&columns_of("replay --every"), &levels),
        }
    }

    /// The dyad that the whole log moves most often, of those that are moved before the replay
    /// ends; of several the first in the alphabet. And how things stand at the log's end.
    fn busiest(&self, log: Readable<'_>, until: Until) -> Result<(Option<Dyad>, Folded)> {
        // How often in the whole log, and until the end of the replay.
        let mut moved: Vec<[u64; 2]> = Vec::new();
        let mut is_over = false;
        let mut count = |told: &Told<'_>| {
            is_over |= matches!(until, Until::Day(last) if told.record.date() > last);
            for transition in told.transitions {
                let dyad = usize::from(transition.step.dyad);
                moved.resize(moved.len().max(dyad + 1), [0; 2]);
                let [always, until] = &mut moved[dyad];
                *always += 1;
                *until += u64::from(!is_over);
            }
            is_over |= matches!(until, Until::Seq(seq) if told.record.seq() == Some(seq));
            Ok(())
        };
        let count: &mut Teller<'_> = &mut count;
        let folded = log.replay(Until::End, self.model, Some(count))?;
        let dyads = folded.world.dyads().into_iter().rev();
        let counts = |dyad: DyadIx| moved.get(usize::from(dyad)).copied().unwrap_or_default();
        let counted = dyads.map(|(dyad, index)| (dyad, counts(index)));
        let counted = counted.filter(|(_, [always, _])| *always > 0);
        let busiest = counted.max_by_key(|(_, [always, until])| (*until > 0, *always));
        Ok((busiest.map(|(dyad, _)| dyad), folded))
    }

    /// Whether an event that moves no dyad at all was done by a side of one that is followed.
    fn concerns(&self, told: &Told<'_>, only: Option<Dyad>) -> bool {
        let sources = &told.record.fields().source;
        let has_a_side = |dyad: &Dyad| dyad.sides().iter().any(|side| sources.contains(side));
        let followed = || self.arguments.dyad.iter().chain(&only);
        told.transitions.is_empty() && (self.arguments.all_dyads || followed().any(has_a_side))
    }

    /// What is told: which log, how far, under which model.
    fn heading(&self, folded: &Folded, followed: &[Dyad]) -> String {
        let from = self
            .arguments
            .from
            .map_or_else(String::new, |day| format!(", told from {day} on"));
        let until = folded
            .day
            .map_or_else(String::new, |day| format!(", until {day}"));
        let known = input::as_known(self.arguments.as_known_on);
        let dyads: Vec<_> = followed.iter().map(ToString::to_string).collect();
        let names = &self.summary.names;
        let name = shown(&capital(names.title().unwrap_or(self.name)));
        format!(
            "{name}: {} of {} events{from}{until}{known}\n{}: {}\n{}",
            folded.events,
            self.summary.told,
            if dyads.len() == 1 { "Dyad" } else { "Dyads" },
            abridged(&dyads),
            conditions(self.model),
        )
    }

    /// How things stand at the end.
    fn state(&self, folded: &Folded, dyads: &[DyadIx], output: &mut Output) -> Result<()> {
        let standings = Standings::new(folded, dyads, self.model);
        output.line("")?;
        match folded.day {
            Some(day) => output.line(&format!("At the end, on {day}:"))?,
            None => output.line("At the end nothing has happened.")?,
        }
        output.line("")?;
        output.print(standings_text(&standings, output.look()))
    }

    fn state_only(&self, folded: &Folded, output: &mut Output) -> Result<()> {
        let dyads = self.chosen(&folded.world, None)?;
        if self.arguments.format == Format::Table {
            let followed: Vec<_> = dyads.iter().map(|&dyad| folded.world.dyad(dyad)).collect();
            let heading = self.heading(folded, &followed);
            output.print(output.names().said(&heading))?;
            return self.state(folded, &dyads, output);
        }
        let nothing: Option<[TransitionRow; 0]> = None;
        output.json(&self.whole(nothing, folded, &dyads))
    }

    fn json(&self, log: Readable<'_>, until: Until, output: &mut Output) -> Result<()> {
        let folded = log.replay(until, self.model, None)?;
        let dyads = self.chosen(&folded.world, None)?;
        let failed = RefCell::default();
        let transitions = |take: &mut Taker<'_, TransitionRow>| {
            let mut tell = |told: &Told<'_>| {
                if self.is_told(told) {
                    self.rows(told).iter().try_for_each(&mut *take)?;
                }
                Ok(())
            };
            log.replay(until, self.model, Some(&mut tell)).map(|_| ())
        };
        let transitions = Listed::new(transitions, &failed);
        let whole = self.whole(Some(transitions), &folded, &dyads);
        listed::print(&whole, &failed, output)
    }

    fn whole<L: Serialize>(
        &self,
        transitions: Option<L>,
        folded: &Folded,
        dyads: &[DyadIx],
    ) -> Whole<'_, L> {
        Whole {
            detente: env!("CARGO_PKG_VERSION"),
            log: self.log_line(),
            names: self
                .summary
                .names
                .iter()
                .map(|(key, name)| (key.to_owned(), name.to_owned()))
                .collect(),
            model: Settings::of(self.model),
            transitions,
            state: Standings::new(folded, dyads, self.model),
        }
    }

    fn log_line(&self) -> LogLine<'_> {
        LogLine {
            name: self.name,
            events: self.summary.events,
            head: self.summary.head.to_string(),
            as_known_on: self.arguments.as_known_on,
            to: self.arguments.to.as_deref(),
        }
    }

    fn lines(&self, log: Readable<'_>, until: Until, output: &mut Output) -> Result<()> {
        self.look_for_dyads(log, until)?;
        let mut tell = |told: &Told<'_>| {
            if !self.is_told(told) {
                return Ok(());
            }
            self.rows(told)
                .iter()
                .try_for_each(|row| output.json_line(row))
        };
        log.replay(until, self.model, Some(&mut tell)).map(|_| ())
    }

    fn csv(&self, log: Readable<'_>, until: Until, output: &mut Output) -> Result<()> {
        self.look_for_dyads(log, until)?;
        let mut lines = csv::Writer::from_writer(output);
        let header = columns_of("replay");
        lines.write_record(header).map_err(unwritten_rows)?;
        let mut tell = |told: &Told<'_>| {
            if !self.is_told(told) {
                return Ok(());
            }
            let mut rows = self.rows(told).into_iter();
            rows.try_for_each(|row| lines.write_record(csv_record(&row)).map_err(unwritten_rows))
        };
        log.replay(until, self.model, Some(&mut tell))?;
        lines.flush().map_err(unwritten)
    }

    /// Makes sure that there are the dyads asked for, before anything is written that streams.
    fn look_for_dyads(&self, log: Readable<'_>, until: Until) -> Result<()> {
        if self.arguments.dyad.is_empty() {
            return Ok(());
        }
        let folded = log.replay(until, self.model, None)?;
        self.chosen(&folded.world, None).map(|_| ())
    }
}
