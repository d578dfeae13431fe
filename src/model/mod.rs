//! What a relation is: the state machine, pure, without I/O, chance or a clock.
//!
//! `tests/architecture.rs` has the order in which its files may import. The first define values, [`Model`] the
//! parameters, [`Event`] and [`World`] what happens and between whom, [`State`] what is left of it;
//! [`decide()`] says whether an event is legal, [`evolve()`] what it does.

mod act;
mod actor;
mod agenda;
mod cameo;
mod day;
mod decide;
mod event;
mod evolve;
mod measure;
mod meeting;
mod names;
mod parameters;
mod phase;
mod rejection;
mod settings;
mod state;
pub mod temperature;
mod world;

pub use act::{Act, Form, Parties, Stage, Tone};
pub use actor::{Actor, BadDyad, Dyad, UnknownActor};
pub use agenda::{Coverage, ItemStatus, Priority, Topic};
pub use cameo::{Cameo, Code, UnknownCode, Weights};
pub use day::{BadDay, Day};
pub use decide::{Fact, Facts, Rejection, decide};
pub use event::{
    Account, AgendaMove, Event, Impulse, MeasureMove, MeetingMove, Move, Reach, Scale,
};
pub use evolve::{Change, Observer, Step, evolve};
pub use measure::{MeasureKind, MeasureStatus, Standing};
pub use meeting::{Meeting, MeetingStatus};
pub use names::{
    ActorIx, DyadIx, EventIx, HoldIx, Interner, ItemIx, MeasureIx, MeetingIx, TopicIx, nearest,
};
pub use parameters::{BadSetting, Model, PARAMETERS, Parameter, Preset, Slot};
pub use phase::{Phase, first_day};
pub use rejection::Refusal;
pub use settings::{Number, Settings};
pub use state::{Passage, Relation, State};
pub use world::{Bond, Conversation, Hold, World};
