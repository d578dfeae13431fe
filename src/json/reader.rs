//! The serde deserializer: one value of the tree, less what has been left out of it.

use std::collections::BTreeSet;
use std::marker::PhantomData;
use std::slice;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error, Expected, MapAccess, SeqAccess,
    Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::fault::Fault;
use super::flaw::{Flaw, What};
use super::numbers::{self, Number};
use super::span::Span;
use super::tree::{Kind, Node, Property};
use super::words;

type Visited<'de, V> = Result<<V as Visitor<'de>>::Value, Fault>;

/// Reads one node, passing over what was left out: an element of a list, or a property by its key
/// or by its value.
#[derive(Clone, Copy)]
pub(super) struct Reader<'de> {
    node: &'de Node,
    /// Where the nodes begin that were left out.
    left_out: &'de BTreeSet<usize>,
}

impl<'de> Reader<'de> {
    pub(super) fn new(node: &'de Node, left_out: &'de BTreeSet<usize>) -> Self {
        Self { node, left_out }
    }

    /// Reads the node as a `T`; or the flaw that prevents it, and whether that may be there only
    /// because something inside it was left out.
    pub(super) fn read_all<T: Deserialize<'de>>(self) -> Result<T, (Flaw, bool)> {
        self.read(PhantomData).map_err(|fault| {
            let span = fault.span.unwrap_or(self.node.span);
            let what = fault.what;
            (Flaw { span, what }, fault.follows)
        })
    }

    /// Reads the node. A fault without a span, from serde or from the type itself, is this node's.
    fn read<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Fault> {
        seed.deserialize(self).map_err(|fault| self.place(fault))
    }

    fn place(self, mut fault: Fault) -> Fault {
        if fault.span.is_none() {
            let Span { start, end } = self.node.span;
            let named = |key: &str| self.node.property(key);
            let (span, follows) = match &fault.what {
                // Where serde buffers an object before it reads it, only the name leads to the key.
                What::UnknownKey { found, .. } => (named(found).map(|it| it.key.span), false),
                What::MissingKey { key } => (None, named(key).is_some_and(|it| self.omits(it))),
                _ => (None, self.left_out.range(start..end).next().is_some()),
            };
            fault.span = span.or(Some(self.node.span));
            fault.follows = follows;
        }
        fault
    }

    /// What the node holds is not what is expected.
    fn mismatch(self, expected: &dyn Expected) -> Fault {
        let found = match &self.node.kind {
            Kind::Null => Unexpected::Unit,
            Kind::Bool(value) => Unexpected::Bool(*value),
            Kind::Text(text) => Unexpected::Str(text),
            Kind::List(_) => Unexpected::Seq,
            Kind::Object(_) => Unexpected::Map,
            Kind::Number(written) => match numbers::any(written, expected) {
                Ok(Number::Natural(number)) => Unexpected::Unsigned(number),
                Ok(Number::Negative(number)) => Unexpected::Signed(number),
                Ok(Number::Real(number)) => Unexpected::Float(number),
                Err(fault) => return fault,
            },
        };
        Fault::invalid_type(found, expected)
    }

    fn at(self, node: &'de Node) -> Self {
        Self { node, ..self }
    }

    fn lacks(self, node: &Node) -> bool {
        self.left_out.contains(&node.span.start)
    }

    fn omits(self, property: &Property) -> bool {
        property.repeated || self.lacks(&property.key) || self.lacks(&property.value)
    }

    fn list<V: Visitor<'de>>(self, list: &'de [Node], visitor: V) -> Visited<'de, V> {
        let (reader, nodes) = (self, list.iter());
        let mut elements = Elements { reader, nodes };
        let value = visitor.visit_seq(&mut elements)?;
        match elements.next() {
            None => Ok(value),
            Some(_) => Err(Fault::wrong_type(
                words::list_of(list.len()),
                "a shorter list",
            )),
        }
    }

    fn object(self, properties: &'de [Property]) -> Properties<'de> {
        let (reader, remaining, value) = (self, properties.iter(), None);
        Properties {
            reader,
            remaining,
            value,
        }
    }
}

/// What asks for a text. What its visitor would make of anything else is never compiled, here and
/// wherever else a type says what it wants.
macro_rules! texts {
    ($($deserialize:ident)*) => {
        $(fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Visited<'de, V> {
            match &self.node.kind {
                Kind::Text(text) => visitor.visit_borrowed_str(text),
                _ => Err(self.mismatch(&visitor)),
            }
        })*
    };
}

macro_rules! numbers {
    ($parse:path: $($deserialize:ident $visit:ident)*) => {
        $(fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Visited<'de, V> {
            let Kind::Number(written) = &self.node.kind else {
                return Err(self.mismatch(&visitor));
            };
            let number = $parse(written, &visitor)?;
            visitor.$visit(number)
        })*
    };
}

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Visited<'de, V> {
        match &self.node.kind {
            Kind::Null => visitor.visit_unit(),
            Kind::Bool(value) => visitor.visit_bool(*value),
            Kind::Text(text) => visitor.visit_borrowed_str(text),
            Kind::List(elements) => self.list(elements, visitor),
            Kind::Object(properties) => visitor.visit_map(self.object(properties)),
            Kind::Number(written) => match numbers::any(written, &visitor)? {
                Number::Natural(number) => visitor.visit_u64(number),
                Number::Negative(number) => visitor.visit_i64(number),
                Number::Real(number) => visitor.visit_f64(number),
            },
        }
    }

    texts! { deserialize_str deserialize_string deserialize_char deserialize_identifier }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Visited<'de, V> {
        match self.node.kind {
            Kind::Bool(value) => visitor.visit_bool(value),
            _ => Err(self.mismatch(&visitor)),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Visited<'de, V> {
        match &self.node.kind {
            Kind::List(elements) => self.list(elements, visitor),
            _ => Err(self.mismatch(&visitor)),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Visited<'de, V> {
        match &self.node.kind {
            Kind::Object(properties) => visitor.visit_map(self.object(properties)),
            _ => Err(self.mismatch(&visitor)),
        }
    }

    numbers! { numbers::whole:
        deserialize_u8 visit_u8 deserialize_u16 visit_u16
        deserialize_u32 visit_u32 deserialize_u64 visit_u64
        deserialize_u128 visit_u128 deserialize_i8 visit_i8
        deserialize_i16 visit_i16 deserialize_i32 visit_i32
        deserialize_i64 visit_i64 deserialize_i128 visit_i128
    }

    numbers! { numbers::real: deserialize_f32 visit_f32 deserialize_f64 visit_f64 }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Visited<'de, V> {
        match self.node.kind {
            Kind::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Visited<'de, V> {
        visitor.visit_newtype_struct(self)
    }

    /// A tuple lacks an element that was left out: what follows it must not move up.
    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Visited<'de, V> {
        if let Kind::List(elements) = &self.node.kind {
            let present = elements.iter().filter(|node| !self.lacks(node)).count();
            if present != length {
                return Err(Fault::wrong_type(
                    words::list_of(present),
                    words::list_of(length),
                ));
            }
        }
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        length: usize,
        visitor: V,
    ) -> Visited<'de, V> {
        self.deserialize_tuple(length, visitor)
    }

    /// Only an object will do: the list that serde's derive also takes is a second way to write it.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Visited<'de, V> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Visited<'de, V> {
        match &self.node.kind {
            Kind::Text(_) => visitor.visit_enum(Choice {
                name: self,
                content: None,
            }),
            Kind::Object(properties) => {
                let mut entries = self.object(properties);
                match (entries.next(), entries.next()) {
                    (Some(only), None) => visitor.visit_enum(Choice {
                        name: self.at(&only.key),
                        content: Some(self.at(&only.value)),
                    }),
                    _ => Err(Fault::wrong_type(
                        format!("an object with {} keys", properties.len()),
                        words::expected(&visitor),
                    )),
                }
            }
            _ => Err(self.mismatch(&visitor)),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Visited<'de, V> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bytes byte_buf unit unit_struct
    }
}

struct Elements<'de> {
    reader: Reader<'de>,
    nodes: slice::Iter<'de, Node>,
}

impl<'de> Elements<'de> {
    fn next(&mut self) -> Option<&'de Node> {
        self.nodes.find(|node| !self.reader.lacks(node))
    }
}

impl<'de> SeqAccess<'de> for Elements<'de> {
    type Error = Fault;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Fault> {
        self.next()
            .map(|node| self.reader.at(node).read(seed))
            .transpose()
    }
}

struct Properties<'de> {
    reader: Reader<'de>,
    remaining: slice::Iter<'de, Property>,
    value: Option<&'de Node>,
}

impl<'de> Properties<'de> {
    fn next(&mut self) -> Option<&'de Property> {
        self.remaining.find(|property| !self.reader.omits(property))
    }
}

impl<'de> MapAccess<'de> for Properties<'de> {
    type Error = Fault;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Fault> {
        let property = self.next();
        self.value = property.map(|property| &property.value);
        property
            .map(|property| self.reader.at(&property.key).read(seed))
            .transpose()
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Fault> {
        let value = self
            .value
            .take()
            .ok_or_else(|| Fault::custom("a value was asked for before its key"))?;
        self.reader.at(value).read(seed)
    }
}

/// One of the alternatives of an enum: a string, or the only key of an object with its value.
struct Choice<'de> {
    name: Reader<'de>,
    content: Option<Reader<'de>>,
}

impl<'de> Choice<'de> {
    fn content(&self) -> Result<Reader<'de>, Fault> {
        let name = self.name.node.text().unwrap_or_default();
        self.content.ok_or_else(|| {
            Fault::wrong_type(
                words::string(name),
                format!("an object with the key {name:?}"),
            )
        })
    }
}

impl<'de> EnumAccess<'de> for Choice<'de> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Fault> {
        Ok((self.name.read(seed)?, self))
    }
}

impl<'de> VariantAccess<'de> for Choice<'de> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        let name = self.name.node.text().unwrap_or_default();
        self.content.map_or(Ok(()), |_| {
            Err(Fault::wrong_type("an object", words::string(name)))
        })
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Fault> {
        self.content()?.read(seed)
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Visited<'de, V> {
        let content = self.content()?;
        content
            .deserialize_tuple(length, visitor)
            .map_err(|fault| content.place(fault))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Visited<'de, V> {
        let content = self.content()?;
        content
            .deserialize_struct("", fields, visitor)
            .map_err(|fault| content.place(fault))
    }
}
