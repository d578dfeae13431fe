//! What the program does when it is run: every file here runs `detente` and reads what it says.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli;
mod refusal;

mod accidents;
mod again;
mod appending;
mod bad_chance;
mod bad_event_data;
mod bad_input;
mod bad_parts;
mod bad_rules;
mod bad_scenarios;
mod chance;
mod cite;
mod data_as_they_come;
mod deposit;
mod determinism;
mod documents;
mod doubts;
mod ensembles;
mod event_data;
mod evidence;
mod explored;
mod golden;
mod golden_traces;
mod guide;
mod index_parts;
mod interruptions;
mod known;
mod limits;
mod mutated;
mod names;
mod outputs;
mod reference;
mod scenarios;
mod score;
mod see;
mod sheets;
mod shell;
mod shipped_histories;
mod shortcuts;
mod slips;
mod tampering;
mod trial;
mod why;
mod windows;
