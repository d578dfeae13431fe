//! A history made visible: as rows for other programs, and as tables, figures and pages for people. Looking never alters.

mod branch;
mod charts;
mod comparison;
mod conditions;
mod csv;
mod ensemble;
mod ensemble_text;
mod exact;
mod fans;
pub mod figure;
mod lanes;
mod ledger;
mod ledger_parts;
mod ledger_text;
pub mod page;
mod robustness;
mod rows;
mod standing;
mod strand;
mod sweep;
mod table;
mod tidy;
mod waterfall;
mod words;

pub use branch::{BranchStory, Document, Follow};
pub use charts::{Album, by_moves, by_width, one_run_of};
pub use comparison::{
    ComparisonLine, ComparisonRows, EndRow, GapRow, Parting, TemperatureRow, comparison_text,
    different_models, ends,
};
pub use conditions::{conditions, model_label};
pub use csv::{csv_header, csv_record, not_a_formula};
pub use ensemble::{
    ChanceRow, DifferenceRows, EnsembleRows, ExplainedRow, FanRow, IllegalRow, InputKind, Manifest,
    OutcomeGapRow, OutcomeRow, RuleRow, RunsToSee, ScenarioRows, WarmerRow,
};
pub use ensemble_text::ensemble_text;
pub use exact::{
    ExactChanceRow, ExactManifest, ExactOutcomeRow, ExactRows, ExactRuleRow, ExactScenarioRows,
    exact_text,
};
pub use fans::{Fans, RUNS_DRAWN};
pub use ledger::{
    By, CrossingRow, LedgerOptions, LedgerRow, LedgerRows, NeverCrossedRow, Part, Sort, adding_up,
};
pub use ledger_text::{LedgerLine, ledger_text, never_crossed_text};
pub use robustness::{
    Broken, ModelVerdict, NOTHING_LEFT_DEGREES, RobustnessLine, RobustnessRow, RobustnessRows,
    Verdict, robustness_text,
};
pub use rows::{ChangeRow, TransitionRow};
pub use standing::{AgendaRow, MeasureRow, MeetingRow, RelationRow, SideRow, Standings};
pub use strand::{Leaving, Passed, Strand};
pub use sweep::{PointRow, SweepRows, sweep_header, sweep_records, sweep_text};
pub use table::{Look, Mark, Scene, events_table, standings_text, story_table};
pub use tidy::TidyRow;
pub use waterfall::waterfall;
pub use words::{degrees, parties};
