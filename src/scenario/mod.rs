//! What if: scenarios as files, checked against their base, run, asked why, and tried under other
//! models. Pure; bases come in already loaded.

mod file;

mod check;

mod play;

mod ensemble;

mod ask;

pub use ask::compare::{Comparison, Gap, Track};
pub use ask::forecasts::{
    Entry as LedgerEntry, Fan, Forecast, Forecasts, Kept, KeptOutcome, Resolution, Resolved,
    ResolvedFan,
};
pub use ask::grid::{Axis, Grid, POINT_LIMIT};
pub use ask::inquiry::{Effect, Inquiry};
pub use ask::robustness::{Contender, Robustness, Trial, Variant};
pub use ask::score::{
    Against, AtFork, Score, Scored, ScoredFan, ScoredOutcome, Verdict, brier, log_score,
};
pub use ask::sweep::{Reading, Sweep};
pub use check::chance::{OPTION_LIMIT, SITE_LIMIT};
pub use check::findings::Text;
pub use check::{Scenario, check};
pub use ensemble::distribution::{
    BINS, Bins, Pairs, Share, Sums, UNBOUNDED_DEGREES, bin_of, difference_range_degrees, middle_of,
};
pub use ensemble::exact::{BRANCH_LIMIT, Exact, Spectrum, exact};
pub use ensemble::frame::{Frame, Framed, FramedChance, Merged, Part, runs_of_shard};
pub use ensemble::plan::{CELL_LIMIT, Plan, RUN_LIMIT};
pub use ensemble::sensitivity::{explained_end, explained_outcome};
pub use ensemble::tally::{Cell, Difference, Ensemble, RuleTally, Slice, Tally};
pub use file::base::{Ancestor, Base};
pub use file::condition::{
    AgendaIs, Condition, MeasureIs, MeetingIs, PhaseIs, Question, TemperatureIs, holds,
};
pub use file::draws::{Luck, Purpose};
pub use file::entry::{Entries, Entry, Fate, OptionOf};
pub use file::hazards::{Alternative, Chance, Hazards, Rule, RuleIx, Uncertain};
pub use file::schema::{
    ChanceNode, ChanceOption, DAYS_LIMIT, DelayDays, Drop, Edit, Fork, Outcome, ReactionRule,
    Replace, ScenarioFile, Shift, Spread, Tail, Trigger,
};
pub use file::spliced::Spliced;
pub use play::jury::Answer;
pub use play::player::{Past, Player, REACTION_LIMIT};
pub use play::run::{
    Drawn, Pieces, Played, Run, branch_lines, branch_log, played, records, records_without, run,
};
pub use play::watcher::{By, EntryAt, Happening, Missed, Moment, Watcher};
