//! The codebook: what each column of each CSV says, and in which unit.

/// A column of some tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name; [`AXIS`] stands for one that is named by what is asked for.
    pub name: &'static str,
    /// The commands whose tables have it, as they are typed, with the option that brings it where
    /// not every table of the command has it.
    pub of: &'static [&'static str],
    /// In which unit it is, or of which kind.
    pub unit: &'static str,
    /// What it says.
    pub meaning: &'static str,
}

/// The column of an axis of a sweep, which has the name of the parameter.
pub const AXIS: &str = "(a column for each --set)";

/// The columns of a codebook: of which tables, and then for each its name, unit and meaning.
macro_rules! columns {
    ($($of:expr => { $($name:expr, $unit:expr, $meaning:expr;)+ })+) => {
        &[$($(Column { name: $name, of: $of, unit: $unit, meaning: $meaning },)+)+]
    };
}

const REPLAY: &[&str] = &["replay"];
const LEVELS: &[&str] = &["replay --every"];
const COMPARE: &[&str] = &["compare"];
const MODELS: &[&str] = &["compare --models"];
const WHY: &[&str] = &["why"];
const RUNS: &[&str] = &["ensemble", "sweep", "score"];
const ENSEMBLE: &[&str] = &["ensemble"];
const SWEEP: &[&str] = &["sweep"];
const SCORE: &[&str] = &["score"];
const INDEX: &[&str] = &["index"];
const UNDIRECTED: &[&str] = &["index without --directed"];
const DIRECTED: &[&str] = &["index --directed", "index --edges"];
const CODES: &[&str] = &["index --actor-codes"];
const EVIDENCE: &[&str] = &["index --model evidence"];
const DECAY: &[&str] = &["index --model goldstein-decay"];
const TRIAL: &[&str] = &["fit", "validate"];
const UNMATCHED: &[&str] = &["index --unmatched", "import --unmatched"];
const CLAIMS: &[&str] = &["test --claims"];

/// Every column of every table that is printed as CSV but the lists of acts, actors, codes and
/// histories, which have no numbers of their own, and the fields of an event.
pub const CODEBOOK: &[Column] = columns! {
    // An event and what it did.
    REPLAY => {
        "seq", "count", "the place of the event in the log, from 1";
        "id", "name", "the id of the event";
        "date", "day", "when it happened";
        "recorded", "day", "when it was recorded";
        "act", "word", "what was done";
        "code", "text", "its CAMEO code, of two to four digits; 010 and 10 are two codes";
        "source", "actors", "who acted, `;` between";
        "target", "actors", "on whom, `;` between";
        "audience", "actors", "whom it concerns besides, `;` between";
        "dyad", "dyad", "which dyad it moves";
        "reach", "word", "how it reaches the dyad: target, audience, adverse, measure";
        "since", "day", "when the dyad was last touched; empty at first";
        "temperature_before", "degrees", "the temperature when the dyad was last touched";
        "waiting_part", "degrees", "what waiting since then has changed";
        "event_part", "degrees", "what the event changes";
        "temperature_after", "degrees", "the temperature after it: the sum of these three";
        "impact", "degrees", "what the event adds to the balance; under stepwise and stock, what it would move at 0";
        "equilibrium", "degrees", "what the temperature tended to before it";
        "equilibrium_after", "degrees", "what it tends to after it";
        "phase_before", "word", "the phase before it";
        "phase_after", "word", "the phase after it";
        "changes", "text", "what else changed";
        "title", "text", "the title of the event; an apostrophe stands before what a spreadsheet would take for a formula";
        "origin", "text", "of a hypothetical event: the title of its scenario";
        "model", "text", "the preset, and what is changed in it";
        "balance_after", "degrees", "the balance after it, of which the temperature is a reading";
    }
    LEVELS => {
        "date", "day", "the day, at whose end it is read";
        "dyad", "dyad", "the dyad";
        "temperature", "degrees", "the temperature";
        "equilibrium", "degrees", "what it tends to";
        "phase", "word", "the phase; empty before anything moved the dyad, and under models without";
    }
    // Histories beside each other.
    COMPARE => {
        "history", "name", "the history";
        "dyad", "dyad", "the dyad";
        "date", "day", "the day, at whose end it is read";
        "temperature", "degrees", "the temperature in that history";
        "gap", "degrees", "that less the temperature in the first history";
        "model", "text", "the preset, and what is changed in it";
        "digest", "digest", "of a log the chain of its last line, of a scenario the BLAKE3 digest of its file";
        "seed", "number", "the seed of its chances; empty where it has none";
        "run", "count", "the run, from 0; empty where it has no chances";
    }
    MODELS => {
        "model", "text", "the model; own for each history's own";
        "parameter", "name", "the parameter that was set";
        "value", "unit of the parameter", "to which value";
        "dyad", "dyad", "the dyad";
        "date", "day", "the last day";
        "history", "name", "the history";
        "temperature", "degrees", "its temperature at the end of that day";
        "gap", "degrees", "that less the temperature in the first history";
        "sign", "word", "whether the gap has the sign that it has under the histories' own models";
        "verdict", "word", "the same of the dyad as a whole";
    }
    // A temperature taken apart.
    WHY => {
        "history", "name", "the history";
        "dyad", "dyad", "the dyad";
        "at", "day", "the day from which it is looked back";
        "right_after", "name", "the event right after which that is; empty at the day's end";
        "temperature", "degrees", "the temperature, or the level, that is explained";
        "part", "word", "the kind of part: event, measure, start, prior and the like";
        "id", "name", "the id of the event or the measure";
        "date", "day", "the day of the event, or the first of the measure";
        "what", "text", "what it is";
        "act", "word", "the act of the event";
        "source", "actors", "who acted, or holds the measure, `;` between";
        "target", "actors", "on whom, `;` between";
        "reach", "word", "how the event reaches the dyad";
        "count", "count", "how many events or measures the row is of";
        "push", "degrees", "what the events added on their days";
        "share", "degrees", "what is left of that; of a measure, what it has added";
        "effect", "degrees", "the temperature less what it would be had the event, and all it caused, not happened";
        "note", "text", "why the effect is not the share";
        "model", "text", "the preset, and what is changed in it";
    }
    &["why --model evidence"] => {
        "level_low", "degrees", "the lower end of the level's 90 % interval";
        "level_high", "degrees", "the upper end of it";
    }
    // Many runs.
    RUNS => {
        "scenario", "name", "the scenario's file";
        "digest", "digest", "the BLAKE3 digest of that file";
        "base_head", "digest", "the chain of the last line of the log at the root";
    }
    &["ensemble", "sweep"] => {
        "base_scenarios", "digests", "those of the scenarios between, `;` between";
    }
    RUNS => {
        "model", "text", "the preset, and what is changed in it, before anything is drawn";
        "detente", "version", "the version of the program";
    }
    ENSEMBLE => {
        "compared_with", "name", "of a difference: the scenario that was taken away";
    }
    RUNS => {
        "seed", "number", "the seed of all chances";
        "runs", "count", "how many runs";
    }
    SCORE => {
        "log_head", "digest", "the chain of the last line of the log of what happened";
        "complete_until", "day", "until when that log is taken to be whole";
    }
    SWEEP => {
        "point", "count", "the point of the grid, from 0";
        AXIS, "unit of the parameter", "the value of that parameter at the point";
    }
    RUNS => {
        "dyad", "dyad", "of a temperature: the dyad";
        "date", "day", "of a temperature: the day, at whose end it is read";
    }
    ENSEMBLE => {
        "phase", "word", "of a phase_share: the phase";
        "input", "name", "a chance node, a rule, an uncertain parameter, or an event that was illegal";
        "option", "name", "the option of a chance node";
    }
    RUNS => {
        "outcome", "name", "the outcome";
        "statistic", "word", "what the value is";
        "value", "by statistic", "degrees of a temperature; a share from 0 to 1 of an outcome; a score";
    }
    ENSEMBLE => {
        "low", "as value", "the lower end of its 95 % interval";
        "high", "as value", "the upper end of it";
    }
    SCORE => {
        "persistence", "as value", "the same of the state at the fork, waiting";
        "note", "text", "why there is no value";
    }
    // Event data added up.
    UNDIRECTED => {
        "dyad", "dyad", "both actors; first and second are in alphabetical order, whoever acted";
    }
    DIRECTED => {
        "source", "actor", "who acted";
        "target", "actor", "on whom";
    }
    &["index --every day"] => {
        "day", "YYYY-MM-DD", "the day";
    }
    &["index --every week"] => {
        "week", "YYYY-Www", "the week by ISO 8601, from Monday to Sunday";
    }
    &["index --every month"] => {
        "month", "YYYY-MM", "the month";
    }
    &["index --every quarter"] => {
        "quarter", "YYYY-Qn", "the quarter";
    }
    &["index --every year"] => {
        "year", "YYYY", "the year";
    }
    &["index --edges"] => {
        "period", "by --every", "the period";
    }
    CODES => {
        "first_cow", "code", "the first actor's number by Correlates of War";
        "second_cow", "code", "the second's";
        "source_cow", "code", "the source's";
        "target_cow", "code", "the target's";
        "first_gw", "code", "the first actor's number by Gleditsch and Ward";
        "second_gw", "code", "the second's";
        "source_gw", "code", "the source's";
        "target_gw", "code", "the target's";
        "first_iso2", "code", "the first actor's two letters by ISO 3166-1";
        "second_iso2", "code", "the second's";
        "source_iso2", "code", "the source's";
        "target_iso2", "code", "the target's";
        "first_iso3", "code", "the first actor's three letters by ISO 3166-1";
        "second_iso3", "code", "the second's";
        "source_iso3", "code", "the source's";
        "target_iso3", "code", "the target's";
    }
    INDEX => {
        "events", "events", "how many events the period has, in both directions unless rows are directed";
    }
    UNDIRECTED => {
        "first_to_second", "events", "those in which the first acts on the second";
        "second_to_first", "events", "those in which the second acts on the first";
        "first_to_second_verbal_cooperation", "events", "of the former those of class 1";
        "first_to_second_material_cooperation", "events", "class 2";
        "first_to_second_verbal_conflict", "events", "class 3";
        "first_to_second_material_conflict", "events", "class 4";
        "second_to_first_verbal_cooperation", "events", "of the latter those of class 1";
        "second_to_first_material_cooperation", "events", "class 2";
        "second_to_first_verbal_conflict", "events", "class 3";
        "second_to_first_material_conflict", "events", "class 4";
    }
    DIRECTED => {
        "verbal_cooperation", "events", "those of class 1";
        "material_cooperation", "events", "class 2";
        "verbal_conflict", "events", "class 3";
        "material_conflict", "events", "class 4";
    }
    INDEX => {
        "conflict_share", "0 to 1", "events of classes 3 and 4 of all events; empty where there are none";
        "weight_sum", "degrees", "the sum of the events' weights on the Goldstein scale";
        "weight_mean", "degrees", "their mean; empty where there are no events";
    }
    EVIDENCE => {
        "level", "degrees", "the level at the end of the period's last day";
        "level_low", "degrees", "the lower end of its 90 % interval";
        "level_high", "degrees", "the upper end of it";
        "conflict_level", "0 to 1", "the same of conflict: 1 for an event of classes 3 and 4, 0 for others";
        "conflict_level_low", "0 to 1", "the lower end of its 90 % interval";
        "conflict_level_high", "0 to 1", "the upper end of it";
        "material_conflict_rate", "events a day", "the rate of events of class 4";
    }
    DECAY => {
        "temperature", "degrees", "the decayed sum of weights at the end of the period's last day";
        "decayed_mean", "degrees", "the decayed mean of them";
    }
    INDEX => {
        "files", "files", "how many files have rows of the period, of any dyad";
        "rows", "rows", "how many such rows there are";
        "model", "text", "under which the level holds";
        "weights", "word", "where weights come from: file, gdelt, icews; a plus between where files differ";
        "events_counted", "word", "which events count: all or root";
        "dedupe", "word", "what counts as one event";
        "quad_classes", "word", "how codes are cut into classes: gdelt, cameo; a plus between where files differ";
        "detente", "version", "the version of the program";
    }
    UNMATCHED => {
        "name", "text", "a name that no actor is found for";
        "actor", "actor", "empty, for its reader to fill in";
        "rows", "rows", "how many rows it leaves out";
        "why", "text", "why no actor is found";
        "first", "day", "the first day on which it stands";
        "last", "day", "the last";
    }
    // The index on trial.
    TRIAL => {
        "target", "word", "what is foretold: mean or conflict-share";
        "ahead_months", "months", "how many months are foretold together";
        "fitted_until", "YYYY-MM", "the last month of the fitted span";
        "dyads", "dyads", "how many dyads have events enough";
        "seed", "number", "the seed of all draws";
        "of", "word", "a parameter, a method, the interval of what comes next, or a series beside the level";
        "statistic", "word", "what the value is";
        "value", "by statistic", "the value: a parameter in its unit, a loss in squared units of the target, a share, a correlation";
        "low", "as value", "the lower end of its 90 % interval or range";
        "high", "as value", "the upper end of it";
        "says", "text", "the verdict in words";
        "detente", "version", "the version of the program";
    }
    // Claims.
    CLAIMS => {
        "kind", "word", "level, pair or response";
        "history", "name", "the history that it is of";
        "dyad", "dyad", "the dyad";
        "date", "day", "the day";
        "dyad2", "dyad", "of a pair: the other dyad";
        "date2", "day", "of a pair or a response: the other day";
        "relation", "word", "colder, warmer or about_equal";
        "low", "degrees", "the least that is claimed";
        "high", "degrees", "the most that is claimed";
        "confidence", "word", "how sure whoever claims it is: high or medium";
        "why", "text", "why it is claimed";
        "degrees", "degrees", "what the model says";
        "degrees2", "degrees", "what it says of the other dyad or day";
        "holds", "true or false", "whether the claim holds";
        "miss_degrees", "degrees", "by how much it does not";
    }
};

/// The names of the columns of a command's table, in their order.
#[must_use]
pub fn columns_of(command: &str) -> Vec<&'static str> {
    let columns = CODEBOOK.iter().filter(|it| it.of.contains(&command));
    columns.map(|column| column.name).collect()
}
