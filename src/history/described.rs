//! Names for people: the title of a log, and what it calls the actors and things in it.

use crate::history::line::record::Record;
use crate::model::Act;
use std::collections::BTreeMap;

/// What a log is called, and what it calls what is in it, as its `describes` say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    title: Option<String>,
    names: BTreeMap<String, String>,
}

impl Names {
    /// What some records say in the order in which they stand: the later one wins, name by name.
    #[must_use]
    pub fn of<'r>(records: impl IntoIterator<Item = &'r Record>) -> Self {
        let mut names = Self::default();
        let records = records.into_iter();
        for record in records.filter(|record| record.act() == Act::Describes) {
            let fields = record.fields();
            names.title = fields.title.clone().or(names.title);
            let said = fields.names.iter();
            names
                .names
                .extend(said.map(|(key, name)| (key.clone(), name.clone())));
        }
        names
    }

    /// The title of the log.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// The name of an actor, by its code, or of a measure, meeting, agenda item, event or outcome, by its id.
    #[must_use]
    pub fn name(&self, key: &str) -> Option<&str> {
        self.names.get(key).map(String::as_str)
    }

    /// All names, each with what it names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.names
            .iter()
            .map(|(key, name)| (key.as_str(), name.as_str()))
    }

    /// Whether nothing has a name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.title.is_none() && self.names.is_empty()
    }
}
