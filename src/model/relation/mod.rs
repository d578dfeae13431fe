//! The parts of a relation: temperature, phase, agenda, standing measures, meetings.

pub(super) mod agenda;
pub(super) mod measure;
pub(super) mod meeting;
pub mod temperature;

pub(super) mod phase;
