//! Detente replays the documented history of relations between states.
//!
//! A **history** is an append-only log of sourced events. A **relation** is what is left when the
//! log is folded, event by event, through one state machine. Everything else is a way of looking at
//! a fold, and looking never alters it.
//!
//! # Map
//!
//! Modules stand in the order in which they may import: each only from those above it. In each
//! `mod.rs` files and folders stand in floors likewise, parted by empty lines. A test checks that
//! order.
//!
//! - [`text`]: other people's text, made safe to show
//! - [`json`]: JSON read with spans, so that every mistake of a file is found at once
//! - [`model`]: the state machine: actors, acts, temperature, phases, measures, agenda, meetings;
//!   [`model::decide()`] and [`model::evolve()`]
//! - [`error`]: the one public error: kind, place, help
//! - [`threads`]: threads that share work, as many as can be started
//! - [`history`]: records, their lines and the chain; the timeline; admission; replay; the ledger
//!   of what a temperature is made of
//! - [`scenario`]: what if: scenario files checked against their base, played, compared, and
//!   counted over many runs; asked why, tried under other models, swept
//! - [`exchange`]: other people's event data: read row by row, or imported as a log
//! - [`evidence`]: event data added up by dyad and period: the level with its interval, fitted and
//!   held against what followed
//! - [`store`]: what touches files: locking, appending, recovering
//! - `view`: rows for other programs; tables, figures and pages for people (feature `cli`)
//! - `explore`: a history and its what-ifs as a page that answers: changes, undo, forms (feature
//!   `explore`)
//! - `cli`: the command line; nothing else prints, exits or reads a clock (feature `cli`)
//!
//! # Invariants
//!
//! - There is one [`evolve`](model::evolve()). It is total and has no rules;
//!   [`decide`](model::decide()) has the rules and changes nothing.
//! - After every append the whole timeline is legal, late arrivals and retractions included.
//! - Same input, same bytes out, on every platform, locale and day. In the core there are only
//!   `+ - * /`, comparisons and `libm`; no clock, no order of a hash map, and no chance but draws
//!   that are addressed by seed, site, occasion and run ([`scenario::Luck`]).
//! - A run of an ensemble is the run that is told alone: both are played by [`scenario::Player`].
//!   What an ensemble keeps only adds, so that threads and shards change no byte.
//! - The shares of a ledger add up to the temperature, and what leaving an event out changes is
//!   what playing the history without it shows, by whichever way it was found
//!   ([`scenario::Inquiry`]).
//! - Reading never moves: asking for a date changes no bit of what follows.
//! - An append either happened or did not; nothing is half-written, and a torn line is never an
//!   event.
//!
//! # What is not here
//!
//! Nothing judges or predicts: no language model, no causal estimate, no probability of war. Every
//! number is conditional on the model it was made with, and every result says which that was.
//!
//! # Example
//!
//! ```
//! use detente::history::{RECORDED, Scope, Until, replay, survey};
//! use detente::model::Model;
//!
//! let model = Model::default();
//! let log = survey(RECORDED, Scope::default(), |_, _| {})?;
//! let folded = replay(RECORDED, &log, Until::End, &model, None)?;
//! let dyad = folded.world.find_dyad("RUS-USA".parse()?).ok_or("nothing moves it")?;
//! let (relation, _) = folded.relation(dyad, &model);
//! assert_eq!(format!("{:.2}", relation.temperature), "-1.40");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod text;

pub mod json;

pub mod model;

pub mod error;

pub mod threads;

pub mod history;

pub mod scenario;

pub mod exchange;

pub mod evidence;

pub mod store;

#[cfg(feature = "cli")]
pub mod view;

#[cfg(feature = "explore")]
pub mod explore;

#[cfg(feature = "cli")]
pub mod cli;
