//! What can be wrong, as values.

use crate::json::What;
use crate::model::{Act, Actor, BadDay, BadDyad, BadSetting, Day, Refusal};

/// What is wrong. Carries values, not ready-made text.
#[derive(Debug)]
#[non_exhaustive]
pub enum Kind {
    /// The system refused something.
    Io {
        /// What was tried: `open`, `write`.
        doing: &'static str,
        /// What the system said.
        error: std::io::Error,
    },
    /// A directory stands where a file is wanted.
    Directory,
    /// Neither a file nor a directory.
    NotAFile,
    /// There is nothing in the file.
    Empty,
    /// There are no events in an input.
    NoEvents,
    /// Bytes that do not begin like a line of a log.
    NotALog,
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// A line that is too long.
    LineTooLong {
        /// How many bytes a line may have.
        limit: usize,
    },
    /// Not JSON, or not of the right form.
    Json(What),
    /// A newer format than this program knows.
    NewerFormat {
        /// The line's format version.
        found: u32,
        /// The newest that is known.
        known: u32,
    },
    /// A field that an event must have is not there.
    MissingField {
        /// The field.
        field: &'static str,
        /// The act that needs it; `None` when every event does.
        act: Option<Act>,
    },
    /// A field that does not belong to the act.
    ForeignField {
        /// The field.
        field: &'static str,
        /// The act.
        act: Act,
        /// The acts it belongs to.
        belongs_to: Vec<Act>,
    },
    /// A field that only makes sense beside another.
    NeedsOther {
        /// The field.
        field: &'static str,
        /// The others, of which one will do.
        others: &'static [&'static str],
    },
    /// Two fields of which only one can be.
    Either {
        /// The one.
        field: &'static str,
        /// The other.
        other: &'static str,
    },
    /// An event that is its own cause.
    CausesItself,
    /// The same value twice in a list.
    Twice {
        /// The list.
        field: &'static str,
        /// The value.
        value: String,
    },
    /// An act that the same actors do together lists different ones as source and as target.
    NotMutual {
        /// The act.
        act: Act,
        /// All of them.
        parties: Vec<Actor>,
    },
    /// An actor that acts on itself alone.
    Itself {
        /// The act.
        act: Act,
        /// The actor.
        actor: String,
    },
    /// A name with characters that a name cannot have, or too long.
    BadName {
        /// The name.
        found: String,
        /// The longest there may be, in bytes.
        limit: usize,
    },
    /// More entries in a list than there may be.
    TooMany {
        /// The list.
        field: &'static str,
        /// How many there are.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A number beyond the scale.
    OffScale {
        /// The field.
        field: &'static str,
        /// The number.
        found: f64,
        /// The bound on either side.
        bound: f64,
    },
    /// A line without a chain as its last field.
    NoChain,
    /// A line's chain does not follow from its bytes and the line before.
    BrokenChain {
        /// What it should be.
        expected: String,
        /// What it is.
        found: String,
    },
    /// A line's number is not its place.
    WrongSeq {
        /// The place.
        expected: u64,
        /// The number.
        found: Option<u64>,
    },
    /// An event was recorded before the one on the line before.
    RecordedEarlier {
        /// When it was recorded.
        found: Day,
        /// When the one before was.
        before: Day,
    },
    /// An event would be recorded before the last one of its log.
    RecordedBeforeLast {
        /// When it would be recorded.
        found: Day,
        /// When the last one was.
        last: Day,
    },
    /// The head of the log is another than the one expected.
    OtherHead {
        /// The expected one.
        expected: String,
        /// The head there is.
        found: String,
    },
    /// A text that is not the end of a chain.
    BadChain {
        /// The text.
        found: String,
    },
    /// The log has another number of events than the one expected.
    OtherVersion {
        /// The expected one.
        expected: u64,
        /// The one there is.
        found: u64,
    },
    /// An event that is not legal where it stands in the timeline.
    Illegal {
        /// Its id.
        id: String,
        /// Its date.
        date: Day,
        /// The rule it breaks.
        refusal: Box<Refusal>,
        /// What made it so.
        occasion: Occasion,
    },
    /// The id is that of another event, with other content.
    IdTaken {
        /// The id.
        id: String,
        /// The line it is on, where it is in the log already.
        line: Option<u64>,
    },
    /// The id is that of an event that was retracted.
    IdRetracted {
        /// The id.
        id: String,
    },
    /// The event to be retracted is not in the log.
    NothingToRetract {
        /// The id.
        id: String,
        /// An id that may have been meant.
        near: Option<String>,
    },
    /// The event to be retracted is a retraction, and those are final.
    RetractsRetraction {
        /// The id.
        id: String,
    },
    /// A retraction, where an event that counts is wanted.
    IsRetraction {
        /// Its id.
        id: String,
    },
    /// The system does not know what day it is.
    NoClock,
    /// A text that is not a day.
    BadDay(BadDay),
    /// A dyad that nothing moves.
    UnknownDyad {
        /// The dyad.
        dyad: String,
        /// Those that something moves.
        known: Vec<String>,
    },
    /// A text that is not a dyad.
    BadDyad(BadDyad),
    /// An event that the history does not have.
    UnknownEvent {
        /// The id or number.
        found: String,
        /// An id that may have been meant.
        near: Option<String>,
    },
    /// An event that the log of a base has, but that does not happen in the base.
    NotInBase {
        /// Its id.
        id: String,
    },
    /// The id of a new event is that of another one.
    IdInUse {
        /// The id.
        id: String,
        /// Whether that one is the base's.
        of_base: bool,
    },
    /// A field that only makes sense in a scenario.
    OnlyInScenarios {
        /// The field.
        field: &'static str,
    },
    /// A field that is given by what stands around it.
    GivenAlready {
        /// The field.
        field: &'static str,
    },
    /// An event that is shared with the base and cannot be edited.
    Shared {
        /// Its id.
        id: String,
    },
    /// An event that one edit of a scenario has changed already.
    EditedTwice {
        /// Its id.
        id: String,
    },
    /// An event that no longer happens, where one that does is wanted.
    Dropped {
        /// Its id.
        id: String,
    },
    /// A day in the past that a scenario shares with its base.
    BeforeFork {
        /// The day.
        day: Day,
        /// The earliest there may be.
        earliest: Day,
    },
    /// A day after the last one.
    AfterEnd {
        /// The day.
        day: Day,
        /// The last one.
        until: Day,
    },
    /// A number of days beyond the limit, or beyond the calendar.
    TooManyDays {
        /// The number.
        found: i64,
        /// The limit on either side.
        limit: i32,
    },
    /// Events whose times hang on each other.
    TimeCycle {
        /// Their ids, in the order in which they hang.
        ids: Vec<String>,
    },
    /// Events that an edit would make illegal.
    Dependants {
        /// The event that is edited.
        id: String,
        /// Each one that hangs on it, with what it breaks.
        dependants: Vec<(String, String)>,
        /// Whether the edit can take them along.
        may_cascade: bool,
    },
    /// A day that the calendar does not have.
    BeyondCalendar,
    /// A field that only a log has.
    OnlyInLogs {
        /// The field.
        field: &'static str,
    },
    /// A retraction in a scenario.
    RetractionInScenario,
    /// A scenario that is its own base, by way of others.
    BaseCycle {
        /// The files, in the order in which they are each other's base.
        files: Vec<String>,
    },
    /// A name that nothing in the history has.
    UnknownName {
        /// What kind of thing it would name.
        what: &'static str,
        /// The name.
        found: String,
        /// The name that may have been meant.
        near: Option<String>,
    },
    /// A question without an answer to give, such as a temperature without bounds.
    EmptyQuestion {
        /// What is missing.
        needs: &'static str,
    },
    /// A file name that is not that of a scenario.
    NotAScenarioName,
    /// A log where a scenario is wanted.
    IsALog,
    /// The name of the recorded history where a log of one's own is wanted.
    IsRecorded,
    /// A file to write that is one of those that are read.
    OutputIsInput,
    /// A log where another file is to be written.
    IsKept,
    /// A file to write that may only be read.
    ReadOnly,
    /// Two files to write that are one.
    WrittenTwice,
    /// No scenario where at least one is wanted.
    NoScenarios,
    /// A JSON Schema where a scenario is wanted.
    IsASchema,
    /// A file where a new one is to be written, and none is ever replaced.
    NameTaken,
    /// A scenario where a log is wanted.
    IsAScenario,
    /// More scenarios that are each other's base than there may be.
    TooManyBases {
        /// How many there may be.
        limit: usize,
    },
    /// Events that are in a log, but of which the disk may not keep all.
    Unconfirmed {
        /// What the system said.
        error: std::io::Error,
    },
    /// A log that was removed or replaced while events were appended to it.
    Replaced,
    /// A log that became another one between two readings.
    ChangedWhileRead,
    /// A base that is not there.
    UnknownBase {
        /// What it is called.
        found: String,
        /// What may have been meant.
        near: Option<String>,
    },
    /// An option that goes with some formats only.
    OnlyAs {
        /// The option.
        option: &'static str,
        /// The formats.
        formats: &'static str,
    },
    /// A width that no figure can have.
    BadWidth {
        /// What was given.
        found: u32,
        /// The least.
        least: u32,
        /// The greatest.
        greatest: u32,
        /// In what it is counted.
        unit: &'static str,
    },
    /// An option that takes one scenario at a time.
    OneAtATime {
        /// The option.
        option: &'static str,
    },
    /// A probability that is not between 0 and 1.
    BadProbability {
        /// The number.
        found: f64,
    },
    /// Probabilities of alternatives that do not add up to 1.
    Probabilities {
        /// Their sum.
        sum: f64,
    },
    /// A list that must not be empty.
    NoEntries {
        /// The list.
        field: &'static str,
    },
    /// The name of a chance node or rule that another one has.
    SiteTaken {
        /// The name.
        id: String,
        /// Whether that one is the base's.
        of_base: bool,
    },
    /// A chance node without a time.
    NoTime,
    /// An event that would happen before its chance is drawn.
    BeforeChance {
        /// The day.
        day: Day,
        /// The day of the draw.
        drawn: Day,
    },
    /// An event that hangs on one of another option of the same chance node: both never happen in one run.
    OtherOption {
        /// The other event.
        id: String,
        /// The chance node.
        chance: String,
    },
    /// A draw whose time hangs on an event that only happens after it.
    OwnEvent {
        /// The event.
        id: String,
        /// The chance node.
        chance: String,
    },
    /// A question whose deadline lies before the fork or after the last day.
    Deadline {
        /// The deadline.
        day: Day,
        /// The first day on which it is asked.
        first: Day,
        /// The last one.
        last: Day,
    },
    /// A span whose end comes before its start, or values that do not rise.
    NotRising {
        /// What must be.
        expected: &'static str,
    },
    /// A parameter of the model that is no number and so cannot be drawn.
    NotDrawn {
        /// Its name.
        name: String,
    },
    /// The name of a rule with an `@` in it.
    AtInRule {
        /// The name.
        id: String,
    },
    /// A rule whose name is so long that its reactions could not be named.
    LongRule {
        /// The rule.
        rule: String,
        /// The event whose reaction would have too long an id.
        trigger: String,
        /// How many bytes an id may have.
        limit: usize,
    },
    /// An event with the id that a reaction to another one would have.
    ReactionTaken {
        /// The id.
        id: String,
        /// The rule.
        rule: String,
    },
    /// An event that a rule refers to as a call or meeting, and that is none.
    NoConversation {
        /// Its id.
        id: String,
        /// What it is.
        act: Act,
    },
    /// Scenarios whose golden file would be one and the same.
    SameGolden {
        /// The scenario that has it too.
        other: String,
        /// The golden file.
        golden: String,
    },
    /// A number that must be above 0.
    NotPositive {
        /// What it is.
        what: &'static str,
    },
    /// A field that a rule gives to what it causes.
    GivenByRule {
        /// The field.
        field: &'static str,
    },
    /// Rules that trigger each other without end.
    RuleCycle {
        /// Their names, in the order in which they trigger each other.
        ids: Vec<String>,
    },
    /// More events in one run than rules may cause.
    TooManyReactions {
        /// The rule that would cause one more.
        rule: String,
        /// How many there may be.
        limit: usize,
        /// The run, and the seed that it was drawn with.
        run: [u64; 2],
    },
    /// An event that a rule would cause, whose id would be too long.
    ReactionTooDeep {
        /// The rule.
        rule: String,
        /// The event that triggers it.
        trigger: String,
        /// The run, and the seed that it was drawn with.
        run: [u64; 2],
    },
    /// More dyads and dates of an ensemble than can be kept.
    TooManyCells {
        /// How many there are.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A scenario with chance beside its chance nodes, of which a tree cannot tell.
    NotATree {
        /// What is drawn, in words.
        in_the_way: Vec<String>,
    },
    /// A tree with too many branches.
    TreeTooLarge {
        /// How many it can have.
        at_most: f64,
        /// How many it may have.
        limit: usize,
    },
    /// A file that is no part of an ensemble, or one that does not hold together.
    BadPart {
        /// What is wrong with it.
        says: String,
    },
    /// A part of another ensemble.
    OtherEnsemble {
        /// What is not the same.
        what: &'static str,
        /// A part that it is to be added to.
        other: String,
    },
    /// A shard that is there twice.
    ShardTwice {
        /// The shard.
        shard: u64,
        /// The other part of it.
        other: String,
    },
    /// A text that names no shard.
    BadShard {
        /// The text.
        found: String,
    },
    /// A day before anything happened.
    BeforeHistory {
        /// The day.
        day: Day,
        /// The day of the first event.
        first: Day,
    },
    /// A history in which no event moves a dyad.
    NothingMoves,
    /// A text that is no axis of a grid.
    BadAxis {
        /// The text.
        found: String,
        /// What is wrong with it.
        says: &'static str,
    },
    /// A grid with more points than there may be.
    TooManyPoints {
        /// How many there are; `None` beyond what can be counted.
        found: Option<u64>,
        /// How many there may be.
        limit: u64,
        /// The format that it would be printed in, where another takes more.
        format: Option<&'static str>,
    },
    /// A first line of event data that is of no format, or of another one than was said.
    UnknownData {
        /// The format that it was said to be.
        said: Option<&'static str>,
        /// The format that it is.
        found: Option<&'static str>,
        /// How many columns it has.
        columns: usize,
        /// The line, or its beginning.
        line: String,
    },
    /// A table without some of the columns that are needed.
    MissingColumns {
        /// Those that are missing.
        missing: Vec<String>,
        /// Those that are there.
        found: Vec<String>,
    },
    /// A row of event data that is wrong.
    MalformedRow {
        /// What is wrong with it.
        says: &'static str,
    },
    /// Event data whose lines end in carriage returns alone.
    LoneReturns,
    /// A row of event data that is too long.
    RecordTooLong {
        /// How many bytes it may have.
        limit: usize,
    },
    /// An option that asks for what rows of a format do not have.
    Lacks {
        /// The option.
        option: &'static str,
        /// What they do not have.
        what: &'static str,
    },
    /// A model that saturates, where events are added up in any order.
    Saturates,
    /// A model that brings weights, where event data have their own option for them.
    ModelWeights,
    /// Rows whose codes a program has saved as numbers.
    NumberCodes {
        /// How many rows.
        rows: u64,
    },
    /// No row of some event data is left.
    NoRows,
    /// A format without a file behind it.
    NoFile {
        /// The format.
        after: String,
    },
    /// A file that is no actor dictionary.
    NotADictionary,
    /// An archive with another number of files than one.
    ArchiveMembers {
        /// How many there are.
        found: usize,
    },
    /// A packed file that cannot be unpacked.
    BadArchive {
        /// What is wrong with it.
        says: String,
    },
    /// A file that is there already.
    AlreadyThere,
    /// A setting that no model can have.
    Setting(BadSetting),
    /// A model that is neither a preset nor a file.
    UnknownModel {
        /// The name.
        found: String,
    },
}

/// What makes an event illegal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// It would not be legal where it is to stand.
    ItsOwn,
    /// It is in the log and was legal; another one that is to be appended makes it illegal.
    Appending,
    /// It is in the log and was legal; a retraction makes it illegal.
    Retracting,
}
