//! What the program does when it is run: every file here runs `detente` and reads what it says.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli;
mod refusal;

mod appending;
mod bad_chance;
mod bad_event_data;
mod bad_input;
mod bad_parts;
mod bad_rules;
mod bad_scenarios;
mod chance;
mod ensembles;
mod event_data;
mod golden;
mod golden_traces;
mod outputs;
mod readme;
mod scenarios;
mod see;
mod tampering;
mod why;
