//! Lists that are printed as JSON while they are made, so that no list is ever held.

use super::output::{Output, unwritten};
use crate::error::{Error, Result};
use serde::ser::{Error as _, SerializeSeq};
use serde::{Serialize, Serializer};
use std::cell::{Cell, RefCell};
use std::io;
use std::marker::PhantomData;

/// Is given each entry of a list.
pub(crate) type Taker<'t, T> = dyn FnMut(&T) -> Result<()> + 't;

/// A list by what hands out its entries, once.
pub(crate) struct Listed<'l, T, F> {
    entries: Cell<Option<F>>,
    /// What kept the entries from being handed out.
    failed: &'l RefCell<Option<Error>>,
    of: PhantomData<T>,
}

impl<'l, T: Serialize, F: FnOnce(&mut Taker<'_, T>) -> Result<()>> Listed<'l, T, F> {
    pub(crate) const fn new(entries: F, failed: &'l RefCell<Option<Error>>) -> Self {
        Self {
            entries: Cell::new(Some(entries)),
            failed,
            of: PhantomData,
        }
    }
}

impl<T: Serialize, F: FnOnce(&mut Taker<'_, T>) -> Result<()>> Serialize for Listed<'_, T, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        let mut unwritable = None;
        let handed = self.entries.take().map_or(Ok(()), |entries| {
            entries(&mut |entry| {
                list.serialize_element(entry).map_err(|error| {
                    unwritable = Some(error);
                    unwritten(io::Error::other("the list ends here"))
                })
            })
        });
        match (unwritable, handed) {
            (Some(error), _) => Err(error),
            (None, Err(error)) => {
                *self.failed.borrow_mut() = Some(error);
                Err(S::Error::custom("the list ends here"))
            }
            (None, Ok(())) => list.end(),
        }
    }
}

/// Prints a value with lists in it.
pub(crate) fn print(
    value: &impl Serialize,
    failed: &RefCell<Option<Error>>,
    output: &mut Output,
) -> Result<()> {
    let printed = output.json(value);
    match failed.take() {
        Some(error) => Err(error),
        None => printed,
    }
}
