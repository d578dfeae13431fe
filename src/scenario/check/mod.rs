//! Checking: from what a person wrote to a scenario that makes sense, or to everything that does
//! not.

pub(super) mod findings;

pub(super) mod chance;
pub(super) mod items;
pub(super) mod waiting;

pub(super) mod edits;

pub(super) mod blame;
pub(super) mod order;
pub(super) mod reactions;
pub(super) mod times;

pub(super) mod doubts;
pub(super) mod owners;

pub(super) mod legality;

use crate::error::{BadFile, BadModel, BadQuestion, BadValue, Error, Result};
use crate::history::{FAULT_LIMIT, Names, Origin, captions, compile};
use crate::json::{self, Dialect, Step};
use crate::model::{Day, Dyad, Model, World};
use crate::scenario::file::base::{Ancestor, Base};
use crate::scenario::file::condition::{self, Condition, Question};
use crate::scenario::file::entry::{Entries, Entry, Held};
use crate::scenario::file::hazards::Hazards;
use crate::scenario::file::schema::{Fork, ScenarioFile};
use doubts::Asked;
use findings::{Check, Text};
use order::in_order;
use serde::de::IgnoredAny;
use std::collections::HashSet;
use std::sync::Arc;

/// A scenario that makes sense: every id is known or new as it must be, every time is a day, every
/// event is legal where it stands.
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
    /// The scenarios that it comes by, itself the last.
    pub lineage: Vec<Ancestor>,
    /// What chance it holds.
    pub hazards: Hazards,
    /// The model, before uncertain parameters are drawn.
    pub model: Model,
    /// The date of the fork, if it is at the end of a day.
    pub forks_on: Option<Day>,
    /// The last day.
    pub until: Day,
    /// Every event of base and branch in replay order, those that do not happen included.
    pub entries: Entries,
    /// What is asked.
    pub questions: Vec<(String, Question)>,
    /// What makes sense, and most likely not the sense that was meant: actors that nothing else
    /// tells of, conditions that nothing can bring about. Each is told like a mistake, and is none.
    pub doubts: Option<Arc<Error>>,
}

/// Checks what a person wrote against its base.
///
/// # Errors
/// Everything that makes no sense.
pub fn check(text: Text<'_>, mut file: ScenarioFile, mut base: Base) -> Result<Scenario> {
    let mut check = Check::new(text);
    for misfit in captions(&file.names) {
        check.wrong(&misfit.path, misfit.kind);
    }
    let own_names = std::mem::take(&mut file.names);
    base.names = Names::given(own_names.clone()).and(&base.names);
    let model = check.model(&file, &base);
    // Of a fork that is not there, nothing is shared; everything else can be checked all the same.
    let found = check.fork(&file.fork, &base);
    let fork = found.unwrap_or(0);
    let forks_on = match file.fork {
        Fork::Date(day) => Some(day),
        Fork::Before(_) | Fork::After(_) => None,
    };
    let shared = fork.checked_sub(1).and_then(|last| base.entries.get(last));
    let earliest = forks_on
        .and_then(|day| day.plus_days(1))
        .or_else(|| shared.map(|entry| entry.record.date()));
    let hazards = check.hazards(&file, &base, fork);
    check.leave_out_too_many(&mut file);
    let mut items = check.items(&file, &base, &hazards, fork);
    in_order(&mut items, &base);
    let until = check.horizon(&file, &mut items, earliest);
    check.reactions(&file, &base, &items, &hazards);
    check.legality(&file, &mut items, &hazards);
    let entries = items.into_entries();
    check.late_reactions(&file, &entries, &hazards, (earliest, until));
    check.misnamed(&own_names, &file, &base, &entries, &hazards);
    let first = forks_on.or(earliest);
    let questions = check.questions(&file, &entries, &hazards, &model, (first, until));
    let digest = blake3::hash(text.text.as_bytes()).to_hex().to_string();
    let first_day = match file.fork {
        Fork::Date(day) => day.plus_days(1).unwrap_or(day),
        Fork::Before(_) | Fork::After(_) => {
            let place = if matches!(file.fork, Fork::After(_)) {
                fork.saturating_sub(1)
            } else {
                fork
            };
            base.entries
                .get(place)
                .map_or(Day::EPOCH, |entry| entry.record.date())
        }
    };
    let mut lineage = base.lineage.clone();
    lineage.push(Ancestor {
        title: file.title.clone(),
        digest: digest.clone(),
        first_day,
    });
    // What is written once and counts for several events is told once.
    let faults = std::mem::take(&mut check.faults);
    Error::in_text(text.text, faults, FAULT_LIMIT)?;
    let doubts = check.doubts(&file, &base).map(Arc::new);
    Ok(Scenario {
        title: file.title,
        note: file.note,
        name: text.name.to_owned(),
        digest,
        base,
        lineage,
        hazards,
        model,
        forks_on,
        until,
        entries,
        questions,
        doubts,
    })
}

impl Scenario {
    /// Checks a scenario that was made in code against the base that it leaves, which `file.base`
    /// only names.
    ///
    /// Its digest is that of the JSON which the file is written as, over several lines; it is in
    /// that text that a fault has its line and column.
    ///
    /// # Errors
    /// Everything that makes no sense.
    pub fn new(name: &str, file: ScenarioFile, base: Base) -> Result<Self> {
        let text = json::in_lines(&file).map_err(|error| BadFile::Io {
            doing: "write the scenario as JSON",
            error: error.into(),
        })?;
        let tree = json::read::<IgnoredAny>(&text, Dialect::Strict).tree;
        let written = Text {
            name,
            text: &text,
            tree: &tree,
        };
        check(written, file, base).map_err(|error| error.in_file(name))
    }

    /// The same scenario, which stands in a file of this text.
    #[must_use]
    pub fn written_as(mut self, text: &str) -> Self {
        self.digest = blake3::hash(text.as_bytes()).to_hex().to_string();
        if let Some(own) = self.lineage.last_mut() {
            own.digest.clone_from(&self.digest);
        }
        self
    }

    /// The bit of its own fork, which is that of the last scenario of its lineage.
    pub(super) const fn own_fork(&self) -> u64 {
        1 << (self.lineage.len() - 1)
    }

    /// The first day behind its fork.
    #[must_use]
    pub fn fork_day(&self) -> Option<Day> {
        self.lineage.last().map(|own| own.first_day)
    }

    /// Whether what the scenario or a base of it changes, draws or lets react moves a dyad.
    #[must_use]
    pub fn concerns(&self, dyad: Dyad) -> bool {
        let is_changed = |entry: &Entry<'_>| entry.maker().is_some() || !entry.fate.happens();
        let changed = self.entries.iter().filter(is_changed);
        let rules = self.hazards.rules.iter().map(|rule| &rule.then);
        changed
            .map(|entry| entry.record)
            .chain(rules)
            .any(|record| record.moves(dyad))
    }

    /// The scenario as the base of another.
    #[must_use]
    pub fn into_base(self, name: &str) -> Base {
        let until = self.until;
        let own = self.lineage.len() - 1;
        let origin = Origin {
            scenario: self.title,
            digest: Some(self.digest),
            seed: None,
            run: None,
        };
        let entries = self.entries.iter().enumerate();
        let in_time = entries.filter(|(_, it)| it.fate.happens() && it.record.date() <= until);
        let marked = in_time.filter_map(|(place, _)| {
            let mut held = self.entries.held(place)?;
            if let Held::Own(event) = &mut held
                && event.ties.maker == Some(own)
            {
                event.record = event.record.clone().from_scenario(origin.clone());
            }
            Some(held)
        });
        Base {
            name: name.to_owned(),
            entries: Entries::beside(&self.entries, marked),
            model: Some(self.model),
            lineage: self.lineage,
            hazards: self.hazards,
            ..self.base
        }
    }
}

impl Check<'_> {
    fn model(&mut self, file: &ScenarioFile, base: &Base) -> Model {
        let Some(settings) = &file.model else {
            return base.model.clone().unwrap_or_default();
        };
        settings.model().unwrap_or_else(|bad| {
            for (name, setting) in bad {
                self.wrong(&["model".into(), name.into()], BadModel::Setting(setting));
            }
            Model::default()
        })
    }

    /// How many events of the base are shared.
    fn fork(&mut self, fork: &Fork, base: &Base) -> Option<usize> {
        let (field, id, behind) = match fork {
            Fork::Date(day) => {
                return Some(base.entries.until(|date| date <= *day));
            }
            Fork::Before(id) => ("before", id, 0),
            Fork::After(id) => ("after", id, 1),
        };
        let place = base
            .entries
            .iter()
            .position(|entry| entry.record.id() == id);
        if place.is_none() {
            let ids = base.entries.iter().map(|entry| entry.record.id());
            self.unknown_event(&["fork".into(), field.into()], id, ids, base);
        }
        place.map(|place| place + behind)
    }

    /// Tells of deadlines that lie before the fork or after the end.
    fn deadlines(&mut self, file: &ScenarioFile, first: Option<Day>, last: Day) {
        let first = first.unwrap_or(last);
        if first > last {
            // The end itself is wrong.
            return;
        }
        for (place, outcome) in file.outcomes.iter().enumerate() {
            let Some(day) = outcome.by.filter(|by| *by < first || *by > last) else {
                continue;
            };
            let at = ["outcomes".into(), place.into(), "by".into()];
            self.wrong(&at, BadQuestion::Deadline { day, first, last });
        }
    }

    fn questions(
        &mut self,
        file: &ScenarioFile,
        entries: &Entries,
        hazards: &Hazards,
        model: &Model,
        (first, until): (Option<Day>, Day),
    ) -> Vec<(String, Question)> {
        self.deadlines(file, first, until);
        if file.outcomes.is_empty() && file.rules.iter().all(|rule| rule.condition.is_none()) {
            return Vec::new();
        }
        let mut world = World::new();
        // What the base knows can be asked of, even if it does not happen here.
        for entry in entries {
            let _ = compile(entry.record, &mut world);
        }
        // What a rule causes has no id yet but how it will begin, which is nobody's name.
        let begins = hazards.rules.iter();
        let begins = begins.map(|rule| rule.then.id().to_owned());
        let is_free =
            |id: &String| world.find_measure(id).is_none() && world.find_meeting(id).is_none();
        let nobodys: HashSet<String> = begins.filter(is_free).collect();
        for rule in &hazards.rules {
            let _ = compile(&rule.then, &mut world);
        }
        let asked = file.outcomes.iter().map(|outcome| &outcome.when);
        let conditions = file.rules.iter();
        let conditions = conditions.filter_map(|rule| rule.condition.as_ref());
        hazards.name_asked(asked.chain(conditions), entries, &mut world);
        let asked = |days| Asked {
            world: &world,
            nobodys: &nobodys,
            model,
            days,
        };
        let mut seen: HashSet<&str> = HashSet::new();
        let mut questions = Vec::new();
        for (place, outcome) in file.outcomes.iter().enumerate() {
            let at = [Step::from("outcomes"), place.into()];
            if !seen.insert(&outcome.id) {
                let value = outcome.id.clone();
                self.wrong(
                    &[&at[..], &["id".into()]].concat(),
                    BadValue::Twice {
                        field: "outcomes",
                        value,
                    },
                );
            }
            let when = [&at[..], &["when".into()]].concat();
            // Without a deadline it is asked at the end alone.
            let days = match outcome.by {
                Some(by) => [first.unwrap_or(by).min(by), by],
                None => [until; 2],
            };
            self.condition(&outcome.when, &when, &asked(days));
            let question = Question {
                when: outcome.when.clone(),
                by: outcome.by,
            };
            questions.push((outcome.id.clone(), question));
        }
        for (place, rule) in file.rules.iter().enumerate() {
            if let Some(condition) = &rule.condition {
                let at = ["rules".into(), place.into(), "if".into()];
                let days = [first.unwrap_or(until), until];
                self.condition(condition, &at, &asked(days));
            }
        }
        questions
    }

    fn condition(&mut self, condition: &Condition, at: &[Step<'static>], asked: &Asked<'_>) {
        self.settled(condition, at, false, asked);
        let mut wrong = Vec::new();
        let names = (asked.world, asked.nobodys);
        condition::check(condition, names, at, self.is_shown(), &mut wrong);
        for (at, kind) in wrong {
            // An event that is wrong itself names nothing: what is asked of it is not told as
            // unknown.
            let lost = &self.lost;
            let is_lost = match &kind {
                BadQuestion::UnknownName { found, .. } => lost.names.contains(found),
                BadQuestion::UnknownDyad { dyad, .. } => {
                    dyad.parse().is_ok_and(|dyad| lost.dyads.contains(&dyad))
                }
                _ => false,
            };
            if !is_lost {
                self.wrong(&at, kind);
            }
        }
    }
}

#[cfg(test)]
mod tests;
