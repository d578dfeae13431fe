//! What if: scenarios as files, checked against their base, and run. Pure; bases come in already loaded.

mod base;
mod check;
mod compare;
mod condition;
mod edits;
mod entry;
mod findings;
mod legality;
mod run;
mod schema;

pub use base::Base;
pub use check::{Scenario, check};
pub use compare::{Comparison, Gap, Track};
pub use condition::{Condition, Question, holds};
pub use edits::DAYS_LIMIT;
pub use entry::{Entry, Fate};
pub use findings::Text;
pub use run::{Answer, Run, branch_log, run};
pub use schema::{Drop, Edit, Fork, Outcome, Replace, ScenarioFile, Shift, Tail};
