//! What if: scenarios as files, checked against their base, run, asked why, and tried under other models. Pure; bases come in already loaded.

mod base;
mod chance;
mod check;
mod compare;
mod condition;
mod distribution;
mod draws;
mod edits;
mod ensemble;
mod entry;
mod findings;
mod frame;
mod grid;
mod hazards;
mod inquiry;
mod jury;
mod legality;
mod play;
mod robustness;
mod run;
mod schema;
mod sweep;

pub use base::{Ancestor, Base};
pub use chance::{OPTION_LIMIT, SITE_LIMIT};
pub use check::{Scenario, check};
pub use compare::{Comparison, Gap, Track};
pub use condition::{Condition, Question, holds};
pub use distribution::{BINS, Bins, Share, Sums, UNBOUNDED_DEGREES, bin_of, middle_of};
pub use draws::{Luck, Purpose};
pub use ensemble::{CELL_LIMIT, Cell, Control, Difference, Ensemble, Plan, RuleTally, Tally};
pub use entry::{Entry, Fate, OptionOf};
pub use findings::Text;
pub use frame::{Frame, Framed, FramedChance, Merged, Part, runs_of_shard};
pub use grid::{Axis, Grid, POINT_LIMIT};
pub use hazards::{Alternative, Chance, Hazards, Rule, Uncertain};
pub use inquiry::{Effect, Inquiry};
pub use jury::Answer;
pub use play::{By, Happening, Missed, Moment, Past, Player, REACTION_LIMIT, Watcher};
pub use robustness::{Contender, Robustness, Trial, Variant};
pub use run::{Drawn, Run, branch_log, records, records_without, run};
pub use schema::{
    ChanceNode, ChanceOption, DAYS_LIMIT, DelayDays, Drop, Edit, Fork, Outcome, ReactionRule,
    Replace, ScenarioFile, Shift, Spread, Tail, Trigger,
};
pub use sweep::{Reading, Sweep};
