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

const fn column(
    name: &'static str,
    of: &'static [&'static str],
    unit: &'static str,
    meaning: &'static str,
) -> Column {
    Column {
        name,
        of,
        unit,
        meaning,
    }
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
pub const CODEBOOK: &[Column] = &[
    // An event and what it did.
    column(
        "seq",
        REPLAY,
        "count",
        "the place of the event in the log, from 1",
    ),
    column("id", REPLAY, "name", "the id of the event"),
    column("date", REPLAY, "day", "when it happened"),
    column("recorded", REPLAY, "day", "when it was recorded"),
    column("act", REPLAY, "word", "what was done"),
    column(
        "code",
        REPLAY,
        "text",
        "its CAMEO code, of two to four digits; 010 and 10 are two codes",
    ),
    column("source", REPLAY, "actors", "who acted, `;` between"),
    column("target", REPLAY, "actors", "on whom, `;` between"),
    column(
        "audience",
        REPLAY,
        "actors",
        "whom it concerns besides, `;` between",
    ),
    column("dyad", REPLAY, "dyad", "which dyad it moves"),
    column(
        "reach",
        REPLAY,
        "word",
        "how it reaches the dyad: target, audience, adverse, measure",
    ),
    column(
        "since",
        REPLAY,
        "day",
        "when the dyad was last touched; empty at first",
    ),
    column(
        "temperature_before",
        REPLAY,
        "degrees",
        "the temperature when the dyad was last touched",
    ),
    column(
        "waiting_part",
        REPLAY,
        "degrees",
        "what waiting since then has changed",
    ),
    column("event_part", REPLAY, "degrees", "what the event changes"),
    column(
        "temperature_after",
        REPLAY,
        "degrees",
        "the temperature after it: the sum of these three",
    ),
    column(
        "impact",
        REPLAY,
        "degrees",
        "what the event adds to the balance; under stepwise and stock, what it would move at 0",
    ),
    column(
        "equilibrium",
        REPLAY,
        "degrees",
        "what the temperature tended to before it",
    ),
    column(
        "equilibrium_after",
        REPLAY,
        "degrees",
        "what it tends to after it",
    ),
    column("phase_before", REPLAY, "word", "the phase before it"),
    column("phase_after", REPLAY, "word", "the phase after it"),
    column("changes", REPLAY, "text", "what else changed"),
    column(
        "title",
        REPLAY,
        "text",
        "the title of the event; an apostrophe stands before what a spreadsheet would take for a formula",
    ),
    column(
        "origin",
        REPLAY,
        "text",
        "of a hypothetical event: the title of its scenario",
    ),
    column(
        "model",
        REPLAY,
        "text",
        "the preset, and what is changed in it",
    ),
    column(
        "balance_after",
        REPLAY,
        "degrees",
        "the balance after it, of which the temperature is a reading",
    ),
    column("date", LEVELS, "day", "the day, at whose end it is read"),
    column("dyad", LEVELS, "dyad", "the dyad"),
    column("temperature", LEVELS, "degrees", "the temperature"),
    column("equilibrium", LEVELS, "degrees", "what it tends to"),
    column(
        "phase",
        LEVELS,
        "word",
        "the phase; empty before anything moved the dyad, and under models without",
    ),
    // Histories beside each other.
    column("history", COMPARE, "name", "the history"),
    column("dyad", COMPARE, "dyad", "the dyad"),
    column("date", COMPARE, "day", "the day, at whose end it is read"),
    column(
        "temperature",
        COMPARE,
        "degrees",
        "the temperature in that history",
    ),
    column(
        "gap",
        COMPARE,
        "degrees",
        "that less the temperature in the first history",
    ),
    column(
        "model",
        COMPARE,
        "text",
        "the preset, and what is changed in it",
    ),
    column(
        "digest",
        COMPARE,
        "digest",
        "of a log the chain of its last line, of a scenario the BLAKE3 digest of its file",
    ),
    column(
        "seed",
        COMPARE,
        "number",
        "the seed of its chances; empty where it has none",
    ),
    column(
        "run",
        COMPARE,
        "count",
        "the run, from 0; empty where it has no chances",
    ),
    column(
        "model",
        MODELS,
        "text",
        "the model; own for each history's own",
    ),
    column("parameter", MODELS, "name", "the parameter that was set"),
    column("value", MODELS, "unit of the parameter", "to which value"),
    column("dyad", MODELS, "dyad", "the dyad"),
    column("date", MODELS, "day", "the last day"),
    column("history", MODELS, "name", "the history"),
    column(
        "temperature",
        MODELS,
        "degrees",
        "its temperature at the end of that day",
    ),
    column(
        "gap",
        MODELS,
        "degrees",
        "that less the temperature in the first history",
    ),
    column(
        "sign",
        MODELS,
        "word",
        "whether the gap has the sign that it has under the histories' own models",
    ),
    column("verdict", MODELS, "word", "the same of the dyad as a whole"),
    // A temperature taken apart.
    column("history", WHY, "name", "the history"),
    column("dyad", WHY, "dyad", "the dyad"),
    column("at", WHY, "day", "the day from which it is looked back"),
    column(
        "right_after",
        WHY,
        "name",
        "the event right after which that is; empty at the day's end",
    ),
    column(
        "temperature",
        WHY,
        "degrees",
        "the temperature, or the level, that is explained",
    ),
    column(
        "part",
        WHY,
        "word",
        "the kind of part: event, measure, start, prior and the like",
    ),
    column("id", WHY, "name", "the id of the event or the measure"),
    column(
        "date",
        WHY,
        "day",
        "the day of the event, or the first of the measure",
    ),
    column("what", WHY, "text", "what it is"),
    column("act", WHY, "word", "the act of the event"),
    column(
        "source",
        WHY,
        "actors",
        "who acted, or holds the measure, `;` between",
    ),
    column("target", WHY, "actors", "on whom, `;` between"),
    column("reach", WHY, "word", "how the event reaches the dyad"),
    column(
        "count",
        WHY,
        "count",
        "how many events or measures the row is of",
    ),
    column(
        "push",
        WHY,
        "degrees",
        "what the events added on their days",
    ),
    column(
        "share",
        WHY,
        "degrees",
        "what is left of that; of a measure, what it has added",
    ),
    column(
        "effect",
        WHY,
        "degrees",
        "the temperature less what it would be had the event, and all it caused, not happened",
    ),
    column("note", WHY, "text", "why the effect is not the share"),
    column(
        "model",
        WHY,
        "text",
        "the preset, and what is changed in it",
    ),
    column(
        "level_low",
        &["why --model evidence"],
        "degrees",
        "the lower end of the level's 90 % interval",
    ),
    column(
        "level_high",
        &["why --model evidence"],
        "degrees",
        "the upper end of it",
    ),
    // Many runs.
    column("scenario", RUNS, "name", "the scenario's file"),
    column("digest", RUNS, "digest", "the BLAKE3 digest of that file"),
    column(
        "base_head",
        RUNS,
        "digest",
        "the chain of the last line of the log at the root",
    ),
    column(
        "base_scenarios",
        &["ensemble", "sweep"],
        "digests",
        "those of the scenarios between, `;` between",
    ),
    column(
        "model",
        RUNS,
        "text",
        "the preset, and what is changed in it, before anything is drawn",
    ),
    column("detente", RUNS, "version", "the version of the program"),
    column(
        "compared_with",
        ENSEMBLE,
        "name",
        "of a difference: the scenario that was taken away",
    ),
    column("seed", RUNS, "number", "the seed of all chances"),
    column("runs", RUNS, "count", "how many runs"),
    column(
        "log_head",
        SCORE,
        "digest",
        "the chain of the last line of the log of what happened",
    ),
    column(
        "complete_until",
        SCORE,
        "day",
        "until when that log is taken to be whole",
    ),
    column("point", SWEEP, "count", "the point of the grid, from 0"),
    column(
        AXIS,
        SWEEP,
        "unit of the parameter",
        "the value of that parameter at the point",
    ),
    column("dyad", RUNS, "dyad", "of a temperature: the dyad"),
    column(
        "date",
        RUNS,
        "day",
        "of a temperature: the day, at whose end it is read",
    ),
    column("phase", ENSEMBLE, "word", "of a phase_share: the phase"),
    column(
        "input",
        ENSEMBLE,
        "name",
        "a chance node, a rule, an uncertain parameter, or an event that was illegal",
    ),
    column("option", ENSEMBLE, "name", "the option of a chance node"),
    column("outcome", RUNS, "name", "the outcome"),
    column("statistic", RUNS, "word", "what the value is"),
    column(
        "value",
        RUNS,
        "by statistic",
        "degrees of a temperature; a share from 0 to 1 of an outcome; a score",
    ),
    column(
        "low",
        ENSEMBLE,
        "as value",
        "the lower end of its 95 % interval",
    ),
    column("high", ENSEMBLE, "as value", "the upper end of it"),
    column(
        "persistence",
        SCORE,
        "as value",
        "the same of the state at the fork, waiting",
    ),
    column("note", SCORE, "text", "why there is no value"),
    // Event data added up.
    column(
        "dyad",
        UNDIRECTED,
        "dyad",
        "both actors; first and second are in alphabetical order, whoever acted",
    ),
    column("source", DIRECTED, "actor", "who acted"),
    column("target", DIRECTED, "actor", "on whom"),
    column("day", &["index --every day"], "YYYY-MM-DD", "the day"),
    column(
        "week",
        &["index --every week"],
        "YYYY-Www",
        "the week by ISO 8601, from Monday to Sunday",
    ),
    column("month", &["index --every month"], "YYYY-MM", "the month"),
    column(
        "quarter",
        &["index --every quarter"],
        "YYYY-Qn",
        "the quarter",
    ),
    column("year", &["index --every year"], "YYYY", "the year"),
    column("period", &["index --edges"], "by --every", "the period"),
    column(
        "first_cow",
        CODES,
        "code",
        "the first actor's number by Correlates of War",
    ),
    column("second_cow", CODES, "code", "the second's"),
    column("source_cow", CODES, "code", "the source's"),
    column("target_cow", CODES, "code", "the target's"),
    column(
        "first_gw",
        CODES,
        "code",
        "the first actor's number by Gleditsch and Ward",
    ),
    column("second_gw", CODES, "code", "the second's"),
    column("source_gw", CODES, "code", "the source's"),
    column("target_gw", CODES, "code", "the target's"),
    column(
        "first_iso2",
        CODES,
        "code",
        "the first actor's two letters by ISO 3166-1",
    ),
    column("second_iso2", CODES, "code", "the second's"),
    column("source_iso2", CODES, "code", "the source's"),
    column("target_iso2", CODES, "code", "the target's"),
    column(
        "first_iso3",
        CODES,
        "code",
        "the first actor's three letters by ISO 3166-1",
    ),
    column("second_iso3", CODES, "code", "the second's"),
    column("source_iso3", CODES, "code", "the source's"),
    column("target_iso3", CODES, "code", "the target's"),
    column(
        "events",
        INDEX,
        "events",
        "how many events the period has, in both directions unless rows are directed",
    ),
    column(
        "first_to_second",
        UNDIRECTED,
        "events",
        "those in which the first acts on the second",
    ),
    column(
        "second_to_first",
        UNDIRECTED,
        "events",
        "those in which the second acts on the first",
    ),
    column(
        "first_to_second_verbal_cooperation",
        UNDIRECTED,
        "events",
        "of the former those of class 1",
    ),
    column(
        "first_to_second_material_cooperation",
        UNDIRECTED,
        "events",
        "class 2",
    ),
    column(
        "first_to_second_verbal_conflict",
        UNDIRECTED,
        "events",
        "class 3",
    ),
    column(
        "first_to_second_material_conflict",
        UNDIRECTED,
        "events",
        "class 4",
    ),
    column(
        "second_to_first_verbal_cooperation",
        UNDIRECTED,
        "events",
        "of the latter those of class 1",
    ),
    column(
        "second_to_first_material_cooperation",
        UNDIRECTED,
        "events",
        "class 2",
    ),
    column(
        "second_to_first_verbal_conflict",
        UNDIRECTED,
        "events",
        "class 3",
    ),
    column(
        "second_to_first_material_conflict",
        UNDIRECTED,
        "events",
        "class 4",
    ),
    column("verbal_cooperation", DIRECTED, "events", "those of class 1"),
    column("material_cooperation", DIRECTED, "events", "class 2"),
    column("verbal_conflict", DIRECTED, "events", "class 3"),
    column("material_conflict", DIRECTED, "events", "class 4"),
    column(
        "conflict_share",
        INDEX,
        "0 to 1",
        "events of classes 3 and 4 of all events; empty where there are none",
    ),
    column(
        "weight_sum",
        INDEX,
        "degrees",
        "the sum of the events' weights on the Goldstein scale",
    ),
    column(
        "weight_mean",
        INDEX,
        "degrees",
        "their mean; empty where there are no events",
    ),
    column(
        "level",
        EVIDENCE,
        "degrees",
        "the level at the end of the period's last day",
    ),
    column(
        "level_low",
        EVIDENCE,
        "degrees",
        "the lower end of its 90 % interval",
    ),
    column("level_high", EVIDENCE, "degrees", "the upper end of it"),
    column(
        "conflict_level",
        EVIDENCE,
        "0 to 1",
        "the same of conflict: 1 for an event of classes 3 and 4, 0 for others",
    ),
    column(
        "conflict_level_low",
        EVIDENCE,
        "0 to 1",
        "the lower end of its 90 % interval",
    ),
    column(
        "conflict_level_high",
        EVIDENCE,
        "0 to 1",
        "the upper end of it",
    ),
    column(
        "material_conflict_rate",
        EVIDENCE,
        "events a day",
        "the rate of events of class 4",
    ),
    column(
        "temperature",
        DECAY,
        "degrees",
        "the decayed sum of weights at the end of the period's last day",
    ),
    column("decayed_mean", DECAY, "degrees", "the decayed mean of them"),
    column(
        "files",
        INDEX,
        "files",
        "how many files have rows of the period, of any dyad",
    ),
    column("rows", INDEX, "rows", "how many such rows there are"),
    column("model", INDEX, "text", "under which the level holds"),
    column(
        "weights",
        INDEX,
        "word",
        "where weights come from: file, gdelt, icews; a plus between where files differ",
    ),
    column(
        "events_counted",
        INDEX,
        "word",
        "which events count: all or root",
    ),
    column("dedupe", INDEX, "word", "what counts as one event"),
    column(
        "quad_classes",
        INDEX,
        "word",
        "how codes are cut into classes: gdelt, cameo; a plus between where files differ",
    ),
    column("detente", INDEX, "version", "the version of the program"),
    column(
        "name",
        UNMATCHED,
        "text",
        "a name that no actor is found for",
    ),
    column(
        "actor",
        UNMATCHED,
        "actor",
        "empty, for its reader to fill in",
    ),
    column("rows", UNMATCHED, "rows", "how many rows it leaves out"),
    column("why", UNMATCHED, "text", "why no actor is found"),
    column(
        "first",
        UNMATCHED,
        "day",
        "the first day on which it stands",
    ),
    column("last", UNMATCHED, "day", "the last"),
    // The index on trial.
    column(
        "target",
        TRIAL,
        "word",
        "what is foretold: mean or conflict-share",
    ),
    column(
        "ahead_months",
        TRIAL,
        "months",
        "how many months are foretold together",
    ),
    column(
        "fitted_until",
        TRIAL,
        "YYYY-MM",
        "the last month of the fitted span",
    ),
    column("dyads", TRIAL, "dyads", "how many dyads have events enough"),
    column("seed", TRIAL, "number", "the seed of all draws"),
    column(
        "of",
        TRIAL,
        "word",
        "a parameter, a method, the interval of what comes next, or a series beside the level",
    ),
    column("statistic", TRIAL, "word", "what the value is"),
    column(
        "value",
        TRIAL,
        "by statistic",
        "the value: a parameter in its unit, a loss in squared units of the target, a share, a correlation",
    ),
    column(
        "low",
        TRIAL,
        "as value",
        "the lower end of its 90 % interval or range",
    ),
    column("high", TRIAL, "as value", "the upper end of it"),
    column("says", TRIAL, "text", "the verdict in words"),
    column("detente", TRIAL, "version", "the version of the program"),
    // Claims.
    column("kind", CLAIMS, "word", "level, pair or response"),
    column("history", CLAIMS, "name", "the history that it is of"),
    column("dyad", CLAIMS, "dyad", "the dyad"),
    column("date", CLAIMS, "day", "the day"),
    column("dyad2", CLAIMS, "dyad", "of a pair: the other dyad"),
    column(
        "date2",
        CLAIMS,
        "day",
        "of a pair or a response: the other day",
    ),
    column("relation", CLAIMS, "word", "colder, warmer or about_equal"),
    column("low", CLAIMS, "degrees", "the least that is claimed"),
    column("high", CLAIMS, "degrees", "the most that is claimed"),
    column(
        "confidence",
        CLAIMS,
        "word",
        "how sure whoever claims it is: high or medium",
    ),
    column("why", CLAIMS, "text", "why it is claimed"),
    column("degrees", CLAIMS, "degrees", "what the model says"),
    column(
        "degrees2",
        CLAIMS,
        "degrees",
        "what it says of the other dyad or day",
    ),
    column("holds", CLAIMS, "true or false", "whether the claim holds"),
    column("miss_degrees", CLAIMS, "degrees", "by how much it does not"),
];
