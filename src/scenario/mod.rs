//! What if: scenarios as files, checked against their base, run, asked why, and tried under other models. Pure; bases come in already loaded.

mod base;
mod blame;
mod chance;
mod check;
mod compare;
mod condition;
mod counter;
mod distribution;
mod draws;
mod edits;
mod ensemble;
mod entry;
mod exact;
mod findings;
mod frame;
mod grid;
mod hazards;
mod inquiry;
mod jury;
mod legality;
mod normal;
mod order;
mod owners;
mod plan;
mod play;
mod range;
mod reach;
mod reactions;
mod robustness;
mod run;
mod schema;
mod sensitivity;
mod sweep;
mod tally;
mod times;
mod waiting;
mod watcher;

pub use base::{Ancestor, Base};
pub use chance::{OPTION_LIMIT, SITE_LIMIT};
pub use check::{Scenario, check};
pub use compare::{Comparison, Gap, Track};
pub use condition::{Condition, Question, holds};
pub use distribution::{
    BINS, Bins, Share, Sums, UNBOUNDED_DEGREES, bin_of, difference_range_degrees, middle_of,
};
pub use draws::{Luck, Purpose};
pub use ensemble::Control;
pub use entry::{Entry, Fate, OptionOf};
pub use exact::{BRANCH_LIMIT, Exact, Spectrum, exact};
pub use findings::Text;
pub use frame::{Frame, Framed, FramedChance, Merged, Part, runs_of_shard};
pub use grid::{Axis, Grid, POINT_LIMIT};
pub use hazards::{Alternative, Chance, Hazards, Rule, Uncertain};
pub use inquiry::{Effect, Inquiry};
pub use jury::Answer;
pub use plan::{CELL_LIMIT, Plan, RUN_LIMIT};
pub use play::{Past, Player, REACTION_LIMIT};
pub use robustness::{Contender, Robustness, Trial, Variant};
pub use run::{Drawn, Run, branch_log, records, records_without, run};
pub use schema::{
    ChanceNode, ChanceOption, DAYS_LIMIT, DelayDays, Drop, Edit, Fork, Outcome, ReactionRule,
    Replace, ScenarioFile, Shift, Spread, Tail, Trigger,
};
pub use sensitivity::{explained_end, explained_outcome};
pub use sweep::{Reading, Sweep};
pub use tally::{Cell, Difference, Ensemble, RuleTally, Slice, Tally};
pub use watcher::{By, Happening, Missed, Moment, Watcher};
