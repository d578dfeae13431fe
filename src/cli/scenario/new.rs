//! `detente new`: a commented scenario to start from, which passes `check`.

use crate::cli::args::New;
use crate::cli::terminal::output::{Outcome, Output};
use crate::error::{BadQuestion, BadScenario, Error, Result};
use crate::history::{Record, shipped};
use crate::model::nearest;
use crate::store::{self, History, Replace, WholeFile};

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
    let base = match arguments.base.as_str() {
        name if shipped(name).is_some() => name.to_owned(),
        other => path.with_file_name(other).display().to_string(),
    };
    let history = match store::history(&base)? {
        History::Log(base) => *base,
        History::Scenario(scenario) => scenario.into_base(&base),
    };
    let records: Vec<_> = history.entries.iter().map(|entry| &entry.record).collect();
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
    let text = template(&arguments.base, field, fork, |id| history.is_taken(id));
    WholeFile::write(&path, Replace::Never, text.as_bytes())?;
    output.line(&format!(
        "{} was written; `detente check` and `detente run` take it",
        path.display()
    ))?;
    Ok(Outcome::Fine)
}

/// The text of a new scenario: one inserted statement between the parties of the event at the fork, one question.
/// None of its names is one that is taken.
fn template(base: &str, field: &str, fork: &Record, is_taken: impl Fn(&str) -> bool) -> String {
    let fields = fork.fields();
    let source = fields.source.first().map_or("USA", |actor| actor.code());
    let mut others = fields
        .target
        .iter()
        .chain(&fields.audience)
        .map(|actor| actor.code());
    let target = others
        .find(|actor| *actor != source)
        .unwrap_or(if source == "RUS" { "USA" } else { "RUS" });
    let mut pair = [source, target];
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

  // "until": "2018-12-31",
  // "model": {{"preset": "detente", "half_life_days": 240}},

  "edits": [
    // {{"drop": {{"event": "an-event", "cascade": true}}}},
    // {{"shift": {{"event": "an-event", "days": 30}}}},
    // {{"replace": {{"event": "an-event", "with": {{"source": ["USA"], "target": ["RUS"], "act": "statement"}}}}}},
    {{"insert": {{
      "id": "{first_word}",
      "after": {{"event": {id}, "days": 30}},
      "source": ["{source}"],
      "target": ["{target}"],
      "act": "statement",
      "tone": "optimistic",
      "title": "A first word",
    }}}},
  ],

  // What may happen or not is drawn, anew in each run of `detente ensemble`.
  // "seed": 1,
  // "chance": [{{"id": "{fate}", "after": {{"event": {id}, "days": 60}}, "options": [
  //   {{"label": "yes", "probability": 0.5, "events": [{{"id": "{second_word}", "source": ["{source}"], "target": ["{target}"], "act": "statement"}}]}},
  //   {{"label": "no", "probability": 0.5}},
  // ]}}],
  // "rules": [{{"id": "{answer}", "when": {{"act": "statement", "source": "{source}"}}, "probability": 0.5, "delay_days": {{"from": 1, "to": 14}},
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
