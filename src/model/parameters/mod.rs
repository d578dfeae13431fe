//! The numbers of a model, and how files and outputs write them.

pub(super) mod table;

pub(super) mod preset;

pub(super) mod parameter;

pub(super) mod settings;
