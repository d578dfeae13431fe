//! What can be wrong with a log as such: its lines, their chain, what is appended to it.

use crate::error::kind::words::{Words, all_of, meant, says, shortened, system};
use crate::model::Day;
use crate::text::count;

/// A log that is not as it was written, or to which something cannot be appended.
#[derive(Debug)]
#[non_exhaustive]
#[expect(missing_docs, reason = "a field is what the message beside it says")]
pub enum BadLog {
    /// Bytes that do not begin like a line of a log.
    NotALog,
    /// A table of events.
    IsATable,
    /// A table of coded events, as data sets are.
    IsEventData,
    /// A log whose chain does not hold for what has befallen it, and would hold without that.
    Accident {
        /// What has befallen it.
        says: &'static str,
        /// How to undo it.
        help: &'static str,
    },
    /// There are no events in an input.
    NoEvents,
    /// A branch that was to be saved, in which nothing has happened until its last day.
    NothingHappens {
        /// That day.
        until: Day,
    },
    /// A line that is too long.
    LineTooLong {
        /// How many bytes a line may have.
        limit: usize,
    },
    /// A newer format than this program knows.
    NewerFormat {
        found: u32,
        /// The newest that is known.
        known: u32,
    },
    /// A line without a chain as its last field.
    NoChain,
    /// A line's chain does not follow from its bytes and the line before.
    BrokenChain { expected: String, found: String },
    /// A line that begins with a zero, as a batch does that is not committed, though what stands
    /// behind it was.
    BeginsWithZero {
        /// How many bytes stand before it.
        offset: u64,
        /// How many lines stand behind it.
        lines: u64,
        /// Whether nothing else is wrong with it.
        is_whole: bool,
    },
    /// A last line without its end, with bytes in it or behind it that no line has.
    BrokenOff,
    /// A line's number is not its place.
    WrongSeq {
        /// The place.
        expected: u64,
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
        last: Day,
        /// How many events bring such a day themselves, of which this is the first; none where it
        /// was given for all that bring none.
        bring: u64,
    },
    /// An event would be recorded on a day after which nothing could be recorded for ages.
    RecordedTooLate {
        /// When it would be recorded.
        found: Day,
    },
    /// The head of the log is another than the one expected.
    OtherHead {
        expected: String,
        /// The head there is.
        found: String,
    },
    /// A text that is not the end of a chain.
    NotAChain { found: String },
    /// The log has another number of events than the one expected.
    OtherVersion { expected: u64, found: u64 },
    /// The id is that of another event, with other content.
    IdTaken {
        id: String,
        /// The line it is on, where it is in the log already.
        line: Option<u64>,
    },
    /// What the log has but for a few fields, and beside which it cannot be appended.
    Changed(Box<Changed>),
    /// The id is that of an event that was retracted.
    IdRetracted { id: String },
    /// The event to be retracted is not in the log.
    NothingToRetract { id: String, near: Option<String> },
    /// The event to be retracted is a retraction, and those are final.
    RetractsRetraction { id: String },
    /// Events that are in a log, but of which the disk may not keep all.
    Unconfirmed { error: std::io::Error },
    /// A log that was removed or replaced while events were appended to it.
    Replaced,
    /// A log that became another one between two readings.
    ChangedWhileRead,
    /// The name of the recorded history where a log of one's own is wanted.
    IsRecorded,
    /// A scenario where a log is wanted.
    IsAScenario,
}

impl BadLog {
    pub(in crate::error::kind) fn words(&self) -> Words {
        match self {
            Self::Accident { says: what, help } => says(*what).help(*help),
            Self::NotALog => says("this is not a log")
                .help("a log has one event a line, each with its number and chain"),
            Self::IsATable => says("this is a table of events, not a log")
                .help("appended to a log, its rows become lines of it"),
            Self::IsEventData => says("these are rows of event data, not a log")
                .help("`detente import` makes a log of them"),
            Self::NoEvents => says("there are no events in it").help("an event is a JSON object"),
            Self::NothingHappens { until } => says(format!("nothing happens until {until}"))
                .help("a log has events: they may come by a later `until`, or in another run"),
            Self::LineTooLong { limit } => says(format!("the line is longer than {limit} bytes"))
                .help("long texts belong in a document that the event's evidence names"),
            Self::NewerFormat { found, known } => says(format!(
                "the event is of format version {found}; this program knows up to {known}"
            ))
            .perhaps((found > known).then(|| "a newer version of detente reads it".to_owned())),
            Self::NoChain => says("the line does not end in its chain").help(ONLY_APPENDED),
            Self::BrokenChain { expected, found } => says(format!(
                "the chain is broken: found {found}, expected {expected}"
            ))
            .help("this line was changed, or lines before it were removed, added or moved"),
            Self::BeginsWithZero {
                offset,
                lines,
                is_whole,
            } => begins_with_zero(*offset, *lines, *is_whole),
            Self::BrokenOff => {
                says("the last line has lost its end, and has bytes that no line has").help(
                    "no append leaves that: the log was damaged, or is a part of another; \
                 take it from a copy",
                )
            }
            Self::WrongSeq {
                expected,
                found: Some(found),
            } => says(format!("`seq` is {found}, but this is line {expected}"))
                .help("lines were removed, added or moved"),
            Self::WrongSeq {
                expected,
                found: None,
            } => says(format!("a line of a log needs `seq`, here {expected}")).help(ONLY_APPENDED),
            Self::RecordedEarlier { found, before } => says(format!(
                "recorded on {found}, but the event on the line before on {before}"
            )),
            Self::RecordedBeforeLast { found, last, bring } => {
                recorded_before_last(*found, *last, *bring)
            }
            Self::RecordedTooLate { found } => says(format!(
                "recorded on {found}: nothing could be recorded before that any more"
            ))
            .help("give the day on which it enters the log"),
            Self::OtherHead { expected, found } => {
                says(format!("the head of the log is {found}, not {expected}"))
                    .help("lines at the end were removed or added, or it is another log")
            }
            Self::NotAChain { found } => says(format!("`{}` is not a chain", shortened(found)))
                .help("a chain has 32 hexadecimal digits in small letters"),
            Self::OtherVersion { expected, found } => {
                says(format!("the log is at version {found}, not {expected}"))
                    .help("read the log again, then append to what it holds now")
            }
            Self::IdTaken { id, line } => id_taken(id, *line),
            Self::Changed(changed) => changed.words(),
            Self::IdRetracted { id } => says(format!(
                "the event `{}` was retracted, and that is final",
                shortened(id)
            ))
            .help(format!(
                "where it is to count again, give it another id, as `{}-2`",
                shortened(id)
            )),
            Self::NothingToRetract { id, near } => {
                says(format!("there is no event `{}` to retract", shortened(id)))
                    .perhaps(meant(near.as_ref()))
            }
            Self::RetractsRetraction { id } => says(format!(
                "`{}` is a retraction, and those are final",
                shortened(id)
            )),
            Self::Unconfirmed { error } => says(format!(
                "the events are in the log, but the disk did not confirm that it keeps them: {}",
                system(error)
            ))
            .help("append the same again: that waits for the disk once more"),
            Self::Replaced => {
                says("the log was removed or replaced while events were appended to it")
            }
            Self::ChangedWhileRead => says("the log became another one while it was read"),
            Self::IsRecorded => says(
                "that is the recorded history, which ships with the program and is not changed",
            )
            .help("give a log of your own another name; `./recorded` is a file of that name"),
            Self::IsAScenario => says("this is a scenario, not a log")
                .help("what happens in it can be played, and saved as a log"),
        }
    }
}

const ONLY_APPENDED: &str = "lines of a log are only written by appending, \
                             which fills in `seq`, `recorded` and `chain`";

fn begins_with_zero(offset: u64, lines: u64, is_whole: bool) -> Words {
    let words = says(match lines {
        0 => "the line begins with a zero, and ends in a line feed".to_owned(),
        _ => format!(
            "the line begins with a zero, and what stands behind it was appended: {}",
            count(lines, "line")
        ),
    });
    words.help(if is_whole {
        format!(
            "it was damaged, and with `{{` in that place it has its chain: \
             printf '{{' | dd of=LOG bs=1 seek={offset} conv=notrunc\n\
             or a version before these marks was stopped while it appended from there on, and \
             nothing of it counted: head -c {offset} LOG > NEW"
        )
    } else {
        let behind = offset + 1;
        format!(
            "it was damaged: take the log from a copy; `head -c {offset} LOG` is what stands \
             before it, `tail -c +{behind} LOG` the rest"
        )
    })
}

/// Events that would be recorded before the last one of their log, some of which bring their day.
fn recorded_before_last(found: Day, last: Day, bring: u64) -> Words {
    let (more, help) = match bring {
        0 => (String::new(), ""),
        1 => (String::new(), "; take it out of this event"),
        2 => ("; one more is as early".to_owned(), "; take it out of both"),
        _ => (
            format!("; {} more are as early", bring - 1),
            "; take it out of these events",
        ),
    };
    says(format!(
        "recorded on {found}, but the log's last event on {last}{more}"
    ))
    .help(format!("`recorded` never decreases{help}"))
}

/// An event that a log has, but for a few fields, and that cannot be appended for that.
#[derive(Debug)]
pub struct Changed {
    /// The id that it has in the log.
    pub id: String,
    /// The line of the log on which it is.
    pub line: u64,
    /// The fields in which they differ.
    pub differs: Vec<String>,
    /// The id that was written, if any was.
    pub brings: Option<String>,
    /// What is illegal as long as both count.
    pub illegal: Option<String>,
    /// What is to be retracted for it to be appended, if it is a correction.
    pub retract: Retract,
    /// The log, where its name is known.
    pub log: Option<String>,
}

/// How an event is taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retract {
    /// The event that is to be retracted: it, or one that takes it back as well.
    pub id: String,
    /// Whether others cannot be without it, and are to be retracted with it.
    pub cascades: bool,
}

impl Retract {
    /// That event, on which nothing hangs.
    pub(crate) fn alone(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            cascades: false,
        }
    }
}

impl Changed {
    /// Whether it has the very id of the event of the log.
    pub(crate) fn has_its_id(&self) -> bool {
        self.brings.as_ref() == Some(&self.id)
    }

    fn words(&self) -> Words {
        let (id, differs) = (shortened(&self.id), all_of(&self.differs));
        let brings = if self.brings.is_none() {
            "this row brings no id, and is"
        } else {
            "this is"
        };
        let illegal = self.illegal.as_ref();
        let illegal = illegal.map(|it| format!("; with both of them, {it}"));
        says(format!(
            "{brings} `{id}`, line {} of the log, in all but {differs}{}",
            self.line,
            illegal.unwrap_or_default()
        ))
        .help(self.advice(None))
    }

    /// What helps, with the command that retracts it, if that is known.
    pub(crate) fn advice(&self, command: Option<&str>) -> String {
        let retract = command.map_or_else(|| "retract it".to_owned(), |it| format!("`{it}`"));
        let again = if self.has_its_id() {
            format!("append it under another id, as `{}-2`", shortened(&self.id))
        } else {
            "append the same again".to_owned()
        };
        let other = if self.illegal.is_some() {
            ""
        } else {
            "; else give it an id of its own"
        };
        format!(
            "where this mends that event: {retract}, and {again}, or, while the log is yours \
             alone, remove the log and append everything anew{other}"
        )
    }
}

fn id_taken(id: &str, line: Option<u64>) -> Words {
    let id = shortened(id);
    match line {
        Some(line) => says(format!(
            "the id `{id}` is that of another event, on line {line}"
        ))
        .help(
            "where this mends that event: retract it, and append it under another id; \
             else give it an id of its own",
        ),
        None => says(format!(
            "the id `{id}` stands twice, for two different events"
        ))
        .help("give one of the two another id"),
    }
}
