//! A history made visible: as rows for other programs, and as tables, figures and pages for people.
//! Looking never alters.

pub mod figure;
mod rows;

mod text;

mod chart;

pub mod page;

pub use chart::charts::{Album, by_moves, by_width, one_run_of};
pub use chart::fans::{Fans, RUNS_DRAWN, drawn_runs};
pub use chart::trial::validation_figure;
pub use chart::waterfall::waterfall;
pub use rows::codebook::{AXIS, CODEBOOK, Column, columns_of};
pub use rows::conditions::{conditions, model_label};
pub use rows::csv::{csv_record, not_a_formula};
pub use rows::ensemble::{
    ChanceRow, DifferenceRows, EnsembleRows, ExplainedRow, FanRow, IllegalRow, InputKind, Manifest,
    OutcomeGapRow, OutcomeRow, RuleRow, RunsToSee, ScenarioRows, WarmerRow,
};
pub use rows::ledger::{
    Basis, By, CrossingRow, LedgerOptions, LedgerRow, LedgerRows, NeverCrossedRow, Part, ReadBy,
    Sort, adding_up,
};
pub use rows::standing::{AgendaRow, MeasureRow, MeetingRow, RelationRow, SideRow, Standings};
pub use rows::transition::{ChangeRow, TransitionRow};
pub use rows::trial::{Validated, fit_rows, trial_csv, trial_json, validation_rows};
#[cfg(feature = "explore")]
pub(crate) use rows::words::{at_strength, plain, prepositions, summary};
pub use rows::words::{degrees, parties};
pub use text::chance::ensemble::ensemble_text;
pub use text::chance::exact::{
    ExactChanceRow, ExactManifest, ExactOutcomeRow, ExactRows, ExactRuleRow, ExactScenarioRows,
    exact_text,
};
pub use text::chance::score::{MeanRow, ScoreRow, ScoreRows, ledger_of_forecasts, score_text};
pub use text::chance::sweep::{PointRow, SweepRows, sweep_header, sweep_records, sweep_text};
pub use text::chance::tidy::TidyRow;
pub use text::cite::{Cited, base_name};
pub(crate) use text::cite::{Input, LeftOut, Named, Rows};
pub use text::crate_metadata::{
    CRATE_METADATA, CrateAuthor, CrateFile, CrateSays, crate_metadata, described,
};
pub use text::ledger::{LedgerLine, ledger_text, never_crossed_text};
pub use text::listing::{Listing, levels_text, listing_text};
pub use text::table::{Look, Mark, Scene, TABLE_ROWS, events_table, standings_text, story_table};
pub use text::trial::{fit_text, validation_text};
pub use text::what_if::branch::{BranchStory, Document, EventRow, Follow, event_row, scenes};
pub use text::what_if::comparison::{
    ComparisonLine, ComparisonRows, EndRow, GapRow, Parting, TemperatureRow, comparison_text,
    different_models, ends,
};
pub use text::what_if::robustness::{
    Broken, ModelVerdict, NOTHING_LEFT_DEGREES, RobustnessLine, RobustnessRow, RobustnessRows,
    Verdict, robustness_text,
};
pub use text::what_if::scenes::{Scenes, Seen};
pub use text::what_if::strand::{Leaving, Moved, Passed, Strand};
