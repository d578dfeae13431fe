//! A history made visible: as rows for other programs, and as tables for people. Looking never alters.

mod branch;
mod comparison;
mod conditions;
mod csv;
mod ensemble;
mod ensemble_text;
mod exact;
mod rows;
mod standing;
mod table;
mod words;

pub use branch::{BranchStory, Document, Follow};
pub use comparison::{
    ComparisonRows, EndRow, GapRow, Parting, TemperatureRow, comparison_text, ends,
};
pub use conditions::{conditions, model_label};
pub use csv::{csv_header, csv_record};
pub use ensemble::{
    ChanceRow, DifferenceRows, EnsembleRows, ExplainedRow, FanRow, IllegalRow, InputKind, Manifest,
    OutcomeGapRow, OutcomeRow, RuleRow, RunsToSee, ScenarioRows, TidyRow, WarmerRow,
};
pub use ensemble_text::ensemble_text;
pub use exact::{
    ExactChanceRow, ExactManifest, ExactOutcomeRow, ExactRows, ExactRuleRow, ExactScenarioRows,
    exact_text,
};
pub use rows::{ChangeRow, TransitionRow};
pub use standing::{AgendaRow, MeasureRow, MeetingRow, RelationRow, SideRow, Standings};
pub use table::{Look, Mark, Scene, events_table, standings_text, story_table};
pub use words::{degrees, parties};
