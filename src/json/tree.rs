//! The values of a text, each with its span.

use super::span::Span;

/// Where things stand in a text, by path. Holds every value of the text, also those with flaws; it
/// is empty if the text is not JSON.
///
/// Of a key that stands twice, only the first is seen.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    root: Option<Node>,
}

/// One step of a path into a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// To the value of a key of an object.
    Key(&'a str),
    /// To an element of a list, counted from 0.
    Index(usize),
}

impl Tree {
    /// The span of the value at a path; the empty path leads to the whole value.
    #[must_use]
    pub fn value(&self, path: &[Step<'_>]) -> Option<Span> {
        self.node(path).map(|node| node.span)
    }

    /// The span of the key, quotes included, whose value the path leads to; none if that is an
    /// element of a list.
    #[must_use]
    pub fn key(&self, path: &[Step<'_>]) -> Option<Span> {
        let (Step::Key(key), parent) = path.split_last()? else {
            return None;
        };
        Some(self.node(parent)?.property(key)?.key.span)
    }

    /// The keys of the object at a path, in the order of the text; none if no object is there.
    pub fn keys<'t>(&'t self, path: &[Step<'_>]) -> impl Iterator<Item = &'t str> + use<'t> {
        let properties = self.node(path).map_or(&[][..], Node::properties);
        properties
            .iter()
            .filter(|property| !property.repeated)
            .filter_map(|property| property.key.text())
    }

    fn node(&self, path: &[Step<'_>]) -> Option<&Node> {
        path.iter()
            .try_fold(self.root.as_ref()?, |node, step| match (step, &node.kind) {
                (Step::Key(key), _) => node.property(key).map(|property| &property.value),
                (Step::Index(index), Kind::List(elements)) => elements.get(*index),
                (Step::Index(_), _) => None,
            })
    }
}

impl From<Node> for Tree {
    fn from(root: Node) -> Self {
        Self { root: Some(root) }
    }
}

impl<'a> From<&'a str> for Step<'a> {
    fn from(key: &'a str) -> Self {
        Self::Key(key)
    }
}

impl From<usize> for Step<'_> {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// A value or a key. No two begin at the same byte, so `span.start` tells them apart.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) span: Span,
    pub(super) kind: Kind,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    Null,
    Bool(bool),
    /// As it is written.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Object(Vec<Property>),
}

#[derive(Clone, Debug)]
pub(super) struct Property {
    /// Always a `Kind::Text`.
    pub(super) key: Node,
    pub(super) value: Node,
    /// Whether the key stands earlier in the same object.
    pub(super) repeated: bool,
}

impl Node {
    pub(super) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn properties(&self) -> &[Property] {
        match &self.kind {
            Kind::Object(properties) => properties,
            _ => &[],
        }
    }

    pub(super) fn property(&self, key: &str) -> Option<&Property> {
        self.properties()
            .iter()
            .find(|property| property.key.text() == Some(key))
    }
}
