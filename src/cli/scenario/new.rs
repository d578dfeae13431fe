//! `detente new`: a commented scenario to start from, which passes `check`.

use crate::cli::args::New;
use crate::cli::terminal::errors;
use crate::cli::terminal::output::{Outcome, Output};
use crate::error::{BadFile, BadQuestion, BadScenario, Error, Result};
use crate::history::{Record, shipped};
use crate::model::{Day, nearest};
use crate::store::{self, History, Replace, WholeFile};
use crate::text::shown;
use std::path::Path;

pub(crate) fn run(arguments: &New, output: &mut Output) -> Result<Outcome> {
    let mut path = arguments.name.clone();
    match path.extension() {
        None => {
            path.set_extension("json");
        }
        Some(ending) if ending == "json" => {}
        Some(_) => {
            let name = path.display().to_string();
            return Err(Error::from(BadScenario::NotAName).in_file(&name));
        }
    }
    // The base is named relative to the new file.
    let is_shipped = arguments.base.to_str().and_then(shipped).is_some();
    let base = if is_shipped {
        arguments.base.clone()
    } else {
        // JSON can name no other.
        if arguments.base.to_str().is_none() {
            let name = arguments.base.display().to_string();
            return Err(Error::from(BadFile::NameNotUtf8).in_file(&name));
        }
        path.with_file_name(&arguments.base)
    };
    let history = match store::history(&base)? {
        History::Log(base) => *base,
        History::Scenario(scenario) => {
            if let Some(doubts) = &scenario.doubts {
                errors::doubt(doubts, output);
            }
            scenario.into_base(&base.display().to_string())
        }
    };
    let records: Vec<_> = history.entries.iter().map(|entry| entry.record).collect();
    let (field, wanted) = match (&arguments.before, &arguments.after) {
        (Some(id), _) => ("before", Some(id)),
        (None, id) => ("after", id.as_ref()),
    };
    let ids = || records.iter().map(|record| record.id());
    let found = match wanted {
        Some(id) => records.iter().find(|record| record.id() == id),
        None => records.last(),
    };
    let Some(fork) = found else {
        let found = wanted.cloned().unwrap_or_default();
        let near = nearest(&found, ids()).map(str::to_owned);
        return Err(BadQuestion::UnknownEvent { found, near }.into());
    };
    let sides = sides(fork, &records);
    let pace = Pace::of(&records);
    let named = arguments.base.display().to_string();
    let text = template(&named, field, fork, &sides, &pace, |id| {
        history.is_taken(id)
    });
    WholeFile::write(&path, Replace::Never, text.as_bytes())?;
    let folder = path.parent().unwrap_or_else(|| Path::new(""));
    if !is_shipped && store::check_named_by(folder, &base).is_err() {
        output.note(&format!(
            "note: {} lies outside the folder of {}; who runs it needs --allow-outside",
            shown(&base.display().to_string()),
            shown(&path.display().to_string())
        ));
    }
    output.line(&format!(
        "{} was written; `detente check` and `detente run` take it",
        path.display()
    ))?;
    Ok(Outcome::Fine)
}

/// How long after the fork things are proposed to happen.
struct Pace {
    /// Days to the first word.
    first_days: u32,
    /// Days to what chance decides.
    fate_days: u32,
    /// The longest time in which an answer comes, in days.
    answer_days: u32,
    /// The last day.
    until: Day,
}

impl Pace {
    /// The longest history that is told in days, in days: ten weeks.
    const SHORT_DAYS: i32 = 70;

    /// The pace of a history: a crisis of days is not answered after months.
    fn of(records: &[&Record]) -> Self {
        let dates = || records.iter().map(|record| record.date());
        let (first, last) = (dates().min(), dates().max());
        let (first, last) = first.zip(last).unwrap_or((Day::EPOCH, Day::EPOCH));
        let (year, _) = last.year_month();
        let end_of_next_year = Day::of_calendar(year + 1, 12, 31);
        if last.days_since(first) > Self::SHORT_DAYS {
            return Self {
                first_days: 30,
                fate_days: 60,
                answer_days: 14,
                until: end_of_next_year.unwrap_or(last),
            };
        }
        Self {
            first_days: 3,
            fate_days: 6,
            answer_days: 3,
            until: last.plus_days(30).unwrap_or(last),
        }
    }
}

/// Who acts at the fork, and on whom; where it says no other, whom the history knows most of.
fn sides(fork: &Record, records: &[&Record]) -> [String; 2] {
    let actors = |record: &Record| -> Vec<String> {
        let fields = record.fields();
        let lists = [&fields.source, &fields.target, &fields.audience];
        let actors = lists.into_iter().flatten();
        actors.map(|actor| actor.code().to_owned()).collect()
    };
    let most = |records: &mut dyn Iterator<Item = &Record>, but: &str| {
        let mut counts: Vec<(String, usize)> = Vec::new();
        for actor in records.flat_map(actors).filter(|actor| actor != but) {
            match counts.iter_mut().find(|(known, _)| *known == actor) {
                Some((_, count)) => *count += 1,
                None => counts.push((actor, 1)),
            }
        }
        // Of those that come equally often, the first one.
        let most = counts.iter().rev().max_by_key(|(_, count)| *count);
        most.map(|(actor, _)| actor.clone())
    };
    let all = || records.iter().copied();
    let of_fork = actors(fork);
    let source = of_fork.first().cloned().or_else(|| most(&mut all(), ""));
    let source = source.unwrap_or_else(|| "USA".to_owned());
    let target = of_fork.into_iter().find(|actor| *actor != source);
    let with_source = || all().filter(|record| actors(record).contains(&source));
    let target = target
        .or_else(|| most(&mut with_source(), &source))
        .or_else(|| most(&mut all(), &source));
    let target = target.unwrap_or_else(|| if source == "RUS" { "USA" } else { "RUS" }.to_owned());
    [source, target]
}

/// The text of a new scenario: one inserted statement between two sides, one question.
/// None of its names is one that is taken.
fn template(
    base: &str,
    field: &str,
    fork: &Record,
    [source, target]: &[String; 2],
    pace: &Pace,
    is_taken: impl Fn(&str) -> bool,
) -> String {
    let Pace {
        first_days,
        fate_days,
        answer_days,
        until,
    } = pace;
    let mut pair = [source.as_str(), target.as_str()];
    pair.sort_unstable();
    let dyad = pair.join("-");
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let free = |name: &str| {
        let others = (2..).map(|number| format!("{name}-{number}"));
        let mut names = std::iter::once(name.to_owned()).chain(others);
        names.find(|name| !is_taken(name)).unwrap_or_default()
    };
    format!(
        r#"// A what-if. Comments and trailing commas are allowed.
// `detente schema scenario > scenario.schema.json` lets an editor complete and check it.
{{
  "$schema": "scenario.schema.json",
  "title": "What if ...?",
  "note": "The question that this scenario asks.",

  // What it starts from, and where it leaves it: before or after an event, or at the end of a date.
  "base": {base},
  "fork": {{"{field}": {id}}},

  // "keep" lets the base's later events happen, "cut" does not.
  "tail": "keep",

  // "until": "{until}",
  // "model": {{"preset": "detente", "half_life_days": 240}},

  "edits": [
    // {{"drop": {{"event": "an-event", "cascade": true}}}},
    // {{"shift": {{"event": "an-event", "days": {first_days}}}}},
    // {{"replace": {{"event": "an-event", "with": {{"source": ["{source}"], "target": ["{target}"], "act": "statement"}}}}}},
    {{"insert": {{
      "id": "{first_word}",
      "after": {{"event": {id}, "days": {first_days}}},
      "source": ["{source}"],
      "target": ["{target}"],
      "act": "statement",
      "tone": "optimistic",
      "title": "A first word",
    }}}},
  ],

  // What may happen or not is drawn, anew in each run of `detente ensemble`.
  // "seed": 1,
  // "chance": [{{"id": "{fate}", "after": {{"event": {id}, "days": {fate_days}}}, "options": [
  //   {{"label": "yes", "probability": 0.5, "events": [{{"id": "{second_word}", "source": ["{source}"], "target": ["{target}"], "act": "statement"}}]}},
  //   {{"label": "no", "probability": 0.5}},
  // ]}}],
  // "rules": [{{"id": "{answer}", "when": {{"act": "statement", "source": "{source}"}}, "probability": 0.5, "delay_days": {{"from": 1, "to": {answer_days}}},
  //   "then": {{"source": ["{target}"], "target": ["{source}"], "act": "statement"}}}}],
  // "uncertain": {{"half_life_days": {{"uniform": [90, 360]}}}},

  "outcomes": [
    {{"id": "warm", "when": {{"temperature": {{"dyad": "{dyad}", "above": 0}}}}}},
  ],
}}
"#,
        base = quoted(base),
        id = quoted(fork.id()),
        first_word = free("first-word"),
        second_word = free("second-word"),
        fate = free("fate"),
        answer = free("answer"),
    )
}
