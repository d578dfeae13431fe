//! The mistakes of a scenario, each placed in the text that it was read from.

use crate::error::{
    BadChance, BadEvent, BadMeaning, BadModel, BadQuestion, BadScenario, BadValue, Kind, Place,
};
use crate::history::{Draft, FAULT_LIMIT};
use crate::json::{Span, Step, Tree};
use crate::model::{BadSetting, Day, Dyad, nearest};
use crate::scenario::file::base::Base;
use std::collections::{BTreeSet, HashSet};

/// The text that a scenario was read from, for the places of its mistakes.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// What to call it.
    pub name: &'a str,
    /// The text.
    pub text: &'a str,
    /// Where everything stands in it.
    pub tree: &'a Tree,
}

/// A path into the text.
pub(super) type Path = Vec<Step<'static>>;

/// How many ids are looked at for near misses. (An assumption: of very many events and mistakes
/// only the first of these get one.)
const COMPARED_LIMIT: usize = 2_000_000;

/// What has been found wrong so far.
pub(super) struct Check<'a> {
    pub(in crate::scenario) text: Text<'a>,
    pub(super) faults: Vec<(Span, Kind)>,
    /// What makes sense, and most likely not the sense that was meant.
    pub(super) doubts: Vec<(Span, Kind)>,
    pub(super) lost: Lost,
    /// Whether chance nodes, options or rules were left out, as they are too many.
    pub(super) is_cut: bool,
    /// How many ids have been looked at for near misses.
    compared: usize,
    /// Every id that the base takes, once somebody has asked for them.
    ids_of_base: Option<HashSet<String>>,
    /// The scenario's own draws that have a day.
    pub(super) draws: Vec<Draw>,
}

/// When a chance node is drawn.
pub(super) struct Draw {
    /// Its place among the chance nodes.
    pub(super) chance: usize,
    pub(super) day: Day,
    /// The event that its time hangs on.
    pub(super) after: Option<String>,
    /// Where its time is written.
    pub(super) timed: Path,
}

/// What events that are wrong themselves would have brought. Nothing else is told for want of it.
#[derive(Default)]
pub(super) struct Lost {
    pub(super) names: BTreeSet<String>,
    pub(in crate::scenario) dyads: HashSet<Dyad>,
}

impl Lost {
    /// Takes note of an event that is wrong.
    pub(super) fn note(&mut self, event: &Draft) {
        self.names.extend(names(event).map(str::to_owned));
        let others = || event.target.iter().chain(&event.audience);
        let pairs = event
            .source
            .iter()
            .flat_map(|&source| others().map(move |&other| (source, other)));
        self.dyads
            .extend(pairs.filter_map(|(source, other)| Dyad::new(source, other)));
    }
}

/// The event's own id, and the measures, meetings and agenda items that it concerns.
pub(super) fn names(event: &Draft) -> impl Iterator<Item = &str> {
    let own = [&event.id, &event.measure, &event.meeting];
    let measures = event.measures.iter().map(|entry| entry.id.as_str());
    let items = event.agenda.iter().map(|entry| entry.item.as_str());
    own.into_iter()
        .filter_map(|name| name.as_deref())
        .chain(measures)
        .chain(items)
}

impl<'a> Check<'a> {
    pub(in crate::scenario) fn new(text: Text<'a>) -> Self {
        Self {
            text,
            faults: Vec::new(),
            doubts: Vec::new(),
            lost: Lost::default(),
            is_cut: false,
            compared: 0,
            ids_of_base: None,
            draws: Vec::new(),
        }
    }
}

impl Check<'_> {
    /// Where the value at a path stands in its file.
    pub(in crate::scenario) fn place(&self, path: &[Step<'_>]) -> Place {
        let span = self.text.tree.value(path);
        let span = span.unwrap_or(Span { start: 0, end: 1 });
        Place {
            file: Some(self.text.name.to_owned()),
            ..Place::of(self.text.text, 1, span)
        }
    }

    /// Whether what is found next may be shown. Of very many mistakes only the first get what takes
    /// time, such as a near miss.
    pub(super) fn is_shown(&self) -> bool {
        self.faults.len() < 2 * FAULT_LIMIT
    }

    /// Tells of an event that is none of the known ones, though the base may have had one of that
    /// id.
    pub(super) fn unknown_event<'n>(
        &mut self,
        path: &[Step<'_>],
        found: &str,
        known: impl Iterator<Item = &'n str>,
        base: &Base,
    ) {
        let id = found.to_owned();
        let ids = || base.ids().map(str::to_owned).collect();
        if self.ids_of_base.get_or_insert_with(ids).contains(found) {
            return self.wrong(path, BadScenario::NotInBase { id });
        }
        let mut compared = 0;
        let known = known.inspect(|_| compared += 1);
        let looks = self.is_shown() && self.compared < COMPARED_LIMIT;
        let near = looks.then(|| nearest(found, known)).flatten();
        let near = near.map(str::to_owned);
        self.compared += compared;
        self.wrong(path, BadQuestion::UnknownEvent { found: id, near });
    }

    /// Where the number of days of a time after an event is written, if it is; else where the time
    /// is.
    pub(super) fn days_of(&self, timed: &[Step<'static>]) -> Path {
        let days = [timed, &["days".into()]].concat();
        match self.text.tree.value(&days) {
            Some(_) => days,
            None => timed.to_vec(),
        }
    }

    /// Notes what is wrong with the value at a path.
    pub(super) fn wrong(&mut self, path: &[Step<'_>], kind: impl Into<Kind>) {
        let told = self.told_at(path, kind.into());
        self.faults.push(told);
    }

    /// Notes what is doubtful about the value at a path.
    pub(super) fn doubt(&mut self, path: &[Step<'_>], kind: impl Into<Kind>) {
        let told = self.told_at(path, kind.into());
        self.doubts.push(told);
    }

    fn told_at(&self, path: &[Step<'_>], kind: Kind) -> (Span, Kind) {
        let tree = self.text.tree;
        let span = match kind {
            Kind::Event(BadEvent::ForeignField { .. } | BadEvent::OnlyInLogs { .. })
            | Kind::Chance(BadChance::GivenByRule { .. } | BadChance::NotDrawn { .. })
            | Kind::Scenario(BadScenario::GivenAlready { .. })
            | Kind::Model(BadModel::Setting(BadSetting::UnknownName { .. }))
            | Kind::Value(BadValue::KeyIsName { .. })
            | Kind::Meaning(BadMeaning::NamesNothing { .. }) => tree.key(path),
            // The name of an uncertain parameter is a key.
            Kind::Value(BadValue::Dyad(_) | BadValue::Twice { .. })
                if matches!(path, [Step::Key("uncertain"), _]) =>
            {
                tree.key(path)
            }
            _ => tree.value(path),
        };
        let whole = || tree.value(path.split_last().map_or(&[][..], |(_, parent)| parent));
        let Span { start, end } = span.or_else(whole).unwrap_or(Span { start: 0, end: 1 });
        // Of an object over many lines, its first character.
        let is_object = self
            .text
            .text
            .get(start..)
            .is_some_and(|text| text.starts_with('{'));
        let span = Span {
            start,
            end: if is_object { start + 1 } else { end },
        };
        (span, kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{self, Dialect};
    use crate::scenario::check::tests::base;
    use serde::de::IgnoredAny;

    #[test]
    fn of_so_many_ids_and_mistakes_the_first_are_looked_at_for_near_misses() {
        let tree = json::read::<IgnoredAny>("{}", Dialect::Strict).tree;
        let (name, text, base) = ("it.json", "{}", base());
        let mut check = Check::new(Text {
            name,
            text,
            tree: &tree,
        });
        let mut near = |compared: Option<usize>| {
            check.compared = compared.unwrap_or(check.compared);
            check.unknown_event(&[], "cal", ["call"].into_iter(), &base);
            let last = check.faults.last().map(|(_, kind)| kind);
            matches!(
                last,
                Some(Kind::Question(BadQuestion::UnknownEvent {
                    near: Some(_),
                    ..
                }))
            )
        };
        assert!(near(Some(COMPARED_LIMIT - 1)));
        assert!(!near(None));
        assert!(!near(Some(COMPARED_LIMIT + 1)));
        let found: Vec<_> = (3..=2 * FAULT_LIMIT).map(|_| near(Some(0))).collect();
        let (last, first) = found.split_last().unwrap();
        assert!(first[..first.len() - 1].iter().all(|found| *found));
        assert_eq!((first.last(), last), (Some(&true), &false));
    }
}
