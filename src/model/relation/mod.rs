//! The parts of a relation: temperature, balance, phase, agenda, standing measures, meetings.

pub(super) mod agenda;
pub(super) mod measure;
pub(super) mod meeting;
pub mod temperature;

pub(super) mod balance;
pub(super) mod phase;
