//! The numbers of a model, and how files and outputs write them.

pub(super) mod parameter;

pub(super) mod settings;
