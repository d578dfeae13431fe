//! What a relation is: the state machine, pure, without I/O, chance or a clock.
//!
//! Its files stand below in floors: each names only what stands on a floor above its own, and a
//! test checks that. The first define values, [`Model`] the parameters, [`Event`] and [`World`]
//! what happens and between whom, [`State`] what is left of it; [`decide()`] says whether an event
//! is legal, [`evolve()`] what it does.

mod cameo;
mod countries;
mod day;
mod exp2;
mod names;

mod actor;
mod relation;

mod act;

mod event;
mod parameters;
mod world;

mod state;

mod decide;
mod evolve;

mod rejection;

pub use act::words::{self, Stage, Tone};
pub use act::{Act, Codes, Effect, Form, Parties, Way, acts_that_begin};
pub use actor::{Actor, BadDyad, Dyad, UnknownActor};
pub use cameo::{Cameo, Code, UnknownCode, Weights};
pub use day::{BadDay, Day};
pub use decide::{Fact, Facts, Rejection, decide};
pub use event::{
    Account, AgendaMove, Compact, Event, Impulse, MeasureMove, MeetingMove, Move, Reach, Scale,
};
pub use evolve::{Change, Observer, SteadyPush, Step, evolve};
pub use names::{
    ActorIx, DyadIx, EventIx, Few, HoldIx, Interner, ItemIx, MeasureIx, MeetingIx, TopicIx, nearest,
};
pub use parameters::parameter::{BadSetting, Model, Reckoning, Slot};
pub use parameters::preset::Preset;
pub use parameters::settings::{Number, Settings};
pub use parameters::table::{PARAMETERS, Parameter};
pub use rejection::Refusal;
pub use relation::agenda::{Coverage, ItemStatus, Priority, Topic};
pub use relation::balance::{Balance, Fades, HalfLives, first_day};
pub use relation::measure::{MeasureKind, MeasureStatus, Portions, STRENGTH_LIMIT, Standing, Turn};
pub use relation::meeting::{Meeting, MeetingStatus};
pub use relation::phase::Phase;
pub use relation::temperature;
pub use state::State;
pub use state::abreast::{ABREAST, Abreast, Asked};
pub use state::relation::{Passage, Phases, Relation, Tendency, Wanted};
pub use world::{Bond, Conversation, Grip, Hold, Known, World};
