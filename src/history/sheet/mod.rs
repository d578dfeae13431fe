//! Events from a spreadsheet: a table whose header names fields of an event, one event a row.
//!
//! What a field takes is read off the reader of events itself, and each row becomes the JSON object
//! that a person would have written: every check of an event holds of a row, and a new field or act
//! is a column at once.

pub(super) mod shape;
pub(super) mod table;

pub(super) mod dates;

pub(super) mod row;

pub(super) mod template;

pub(super) mod read;

pub(super) mod repeats;

pub(super) mod again;

pub(super) mod doubles;
