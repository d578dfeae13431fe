//! The mistakes of a scenario, each placed in the text that it was read from.

use crate::error::{Fault, Kind};
use crate::json::{Span, Step, Tree};
use crate::model::{BadSetting, nearest};

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

/// What has been found wrong so far.
pub(super) struct Check<'a> {
    pub(super) text: Text<'a>,
    pub(super) faults: Vec<Fault>,
}

impl Check<'_> {
    /// Notes what is wrong with the value at a path.
    pub(super) fn wrong(&mut self, path: &[Step<'_>], kind: Kind) {
        let tree = self.text.tree;
        let span = match kind {
            Kind::ForeignField { .. }
            | Kind::GivenByRule { .. }
            | Kind::Setting(BadSetting::UnknownName { .. }) => tree.key(path),
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
        self.faults.push(Fault::at(self.text.text, 1, span, kind));
    }
}

pub(super) fn unknown_event<'a>(found: &str, known: impl Iterator<Item = &'a str>) -> Kind {
    Kind::UnknownEvent {
        found: found.to_owned(),
        near: nearest(found, known).map(str::to_owned),
    }
}
