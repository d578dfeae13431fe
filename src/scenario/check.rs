//! Checking: from what a person wrote to a scenario that makes sense, or to everything that does not.

use super::base::Base;
use super::condition::{self, Question};
use super::edits::Item;
use super::entry::{Entry, Fate};
use super::findings::{Check, Text, unknown_event};
use super::schema::{Edit, Fork, ScenarioFile};
use crate::error::{Fault, Kind};
use crate::history::{Record, compile};
use crate::json::Step;
use crate::model::{Day, Model, World};
use std::collections::HashSet;

/// A scenario that makes sense: every id is known or new as it must be, every time is a day, every event
/// is legal where it stands.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What happens instead, in a line.
    pub title: String,
    /// The question it asks.
    pub note: Option<String>,
    /// What to call it.
    pub name: String,
    /// The BLAKE3 digest of its file.
    pub digest: String,
    /// What it leaves.
    pub base: Base,
    /// The model.
    pub model: Model,
    /// The date of the fork, if it is at the end of a day.
    pub forks_on: Option<Day>,
    /// The last day.
    pub until: Day,
    /// Every event of base and branch in replay order, those that do not happen included.
    pub entries: Vec<Entry>,
    /// What is asked.
    pub questions: Vec<(String, Question)>,
}
/// Checks what a person wrote against its base.
///
/// # Errors
/// Everything that makes no sense.
pub fn check(text: Text<'_>, file: ScenarioFile, base: Base) -> Result<Scenario, Vec<Fault>> {
    let mut check = Check {
        text,
        faults: Vec::new(),
    };
    let model = check.model(&file, &base);
    // Of a fork that is not there, nothing is shared; everything else can be checked all the same.
    let fork = check.fork(&file.fork, &base).unwrap_or(0);
    let forks_on = match file.fork {
        Fork::Date(day) => Some(day),
        Fork::Before(_) | Fork::After(_) => None,
    };
    let after_fork = forks_on.and_then(|day| day.plus_days(1));
    let items = check.items(&file, &base, fork);
    let mut items = check.in_order(items, &base, fork, after_fork);
    if check.faults.is_empty() {
        check.legality(&file, &mut items);
    }
    let entries: Vec<_> = items
        .into_iter()
        .map(|Item { record, fate, .. }| Entry { record, fate })
        .collect();
    let until = check.until(&file, &entries);
    let questions = check.questions(&file, &entries);
    if !check.faults.is_empty() {
        check
            .faults
            .sort_by_key(|fault| (fault.place.line, fault.place.column));
        return Err(check.faults);
    }
    Ok(Scenario {
        title: file.title,
        note: file.note,
        name: text.name.to_owned(),
        digest: blake3::hash(text.text.as_bytes()).to_hex().to_string(),
        base,
        model,
        forks_on,
        until,
        entries,
        questions,
    })
}
impl Check<'_> {
    fn model(&mut self, file: &ScenarioFile, base: &Base) -> Model {
        let Some(settings) = &file.model else {
            return base.model.clone().unwrap_or_default();
        };
        settings.model().unwrap_or_else(|bad| {
            for (name, setting) in bad {
                self.wrong(&["model".into(), name.into()], Kind::Setting(setting));
            }
            Model::default()
        })
    }

    /// How many events of the base are shared.
    fn fork(&mut self, fork: &Fork, base: &Base) -> Option<usize> {
        let (field, id, behind) = match fork {
            Fork::Date(day) => {
                return Some(base.records.partition_point(|record| record.date() <= *day));
            }
            Fork::Before(id) => ("before", id, 0),
            Fork::After(id) => ("after", id, 1),
        };
        let place = base.records.iter().position(|record| record.id() == id);
        if place.is_none() {
            let kind = unknown_event(id, base.records.iter().map(Record::id));
            self.wrong(&["fork".into(), field.into()], kind);
        }
        place.map(|place| place + behind)
    }
    fn until(&mut self, file: &ScenarioFile, entries: &[Entry]) -> Day {
        let last = entries
            .iter()
            .map(|entry| entry.record.date())
            .max()
            .unwrap_or(Day::EPOCH);
        let Some(until) = file.until else { return last };
        for (place, edit) in file.edits.iter().enumerate() {
            let id = match edit {
                Edit::Insert(draft) => draft.id.as_deref(),
                Edit::Shift(shift) => Some(shift.event.as_str()),
                Edit::Drop(_) | Edit::Replace(_) => None,
            };
            let entry = entries.iter().find(|entry| Some(entry.record.id()) == id);
            let late = entry
                .map(|entry| entry.record.date())
                .filter(|day| *day > until);
            if let Some(day) = late {
                self.wrong(
                    &["edits".into(), place.into()],
                    Kind::AfterEnd { day, until },
                );
            }
        }
        let shared = entries.iter().filter(|entry| entry.fate == Fate::Shared);
        if let Some(earliest) = shared
            .map(|entry| entry.record.date())
            .max()
            .filter(|day| *day > until)
        {
            self.wrong(
                &["until".into()],
                Kind::BeforeFork {
                    day: until,
                    earliest,
                },
            );
        }
        until
    }

    fn questions(&mut self, file: &ScenarioFile, entries: &[Entry]) -> Vec<(String, Question)> {
        let mut world = World::new();
        // What the base knows can be asked of, even if it does not happen here.
        for entry in entries {
            let _ = compile(&entry.record, &mut world);
        }
        // An event that is wrong itself names nothing: what is asked of it is not told as unknown.
        let edits_are_wrong = !self.faults.is_empty();
        let mut seen: HashSet<&str> = HashSet::new();
        let mut questions = Vec::new();
        for (place, outcome) in file.outcomes.iter().enumerate() {
            let at = [Step::from("outcomes"), place.into()];
            if !seen.insert(&outcome.id) {
                let value = outcome.id.clone();
                self.wrong(
                    &[&at[..], &["id".into()]].concat(),
                    Kind::Twice {
                        field: "outcomes",
                        value,
                    },
                );
            }
            let mut wrong = Vec::new();
            condition::check(
                &outcome.when,
                &world,
                &[&at[..], &["when".into()]].concat(),
                &mut wrong,
            );
            for (at, kind) in wrong {
                let is_name = matches!(kind, Kind::UnknownName { .. } | Kind::UnknownDyad { .. });
                if !(is_name && edits_are_wrong) {
                    self.wrong(&at, kind);
                }
            }
            let question = Question {
                when: outcome.when.clone(),
                by: outcome.by,
            };
            questions.push((outcome.id.clone(), question));
        }
        questions
    }
}
