//! What a fault says and what may help, in words.

use super::kind::{Kind, Occasion};
use crate::json::What;
use crate::model::{Act, BadSetting, PARAMETERS, nearest};
use crate::text::{abridged, count, cut, shown};
use std::fmt;

impl fmt::Display for Kind {
    #[expect(clippy::too_many_lines, reason = "one arm a kind")]
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { doing, error } => write!(out, "cannot {doing}: {}", plain(error)),
            Self::UnknownData { said: Some(said), found: Some(found), .. } => {
                write!(out, "this is {found}, not {said}")
            }
            Self::UnknownData { said: None, columns, line, .. } => write!(
                out,
                "this is no event data of a known format: {} that {} `{}`",
                count(*columns as u64, "column"),
                if *columns == 1 { "begins" } else { "begin" },
                shortened(line)
            ),
            Self::UnknownData { said: Some(said), columns, line, .. } => write!(
                out,
                "this is not {said}: {} that {} `{}`",
                count(*columns as u64, "column"),
                if *columns == 1 { "begins" } else { "begin" },
                shortened(line)
            ),
            Self::MissingColumns { missing, .. } => {
                write!(out, "the table has no column {}", shown(&quoted(missing)))
            }
            Self::MalformedRow { says } => out.write_str(says),
            Self::LoneReturns => out.write_str("its lines end in carriage returns alone, without line feeds"),
            Self::RecordTooLong { limit } => {
                write!(out, "a row longer than {limit} bytes begins here")
            }
            Self::Lacks { option, what } => {
                write!(out, "`{option}` does not apply: its rows have no {what}")
            }
            Self::Saturates => {
                out.write_str("the model saturates: what an event moves depends on all events before it, and nothing can be added up")
            }
            Self::ModelWeights => out.write_str("the weights of event data do not come from the model's parameter `weights`"),
            Self::NumberCodes { rows } => write!(
                out,
                "the codes of {} have lost their leading 0, so no code of the file can be trusted: 10 may have been 010, of the opposite sign",
                count(*rows, "row")
            ),
            Self::NoRows => out.write_str("no row is left to use"),
            Self::NoFile { after } => write!(out, "there is no file behind `{after}`"),
            Self::NotADictionary => out.write_str("this is no actor dictionary"),
            Self::ArchiveMembers { found } => {
                write!(out, "the archive has {}, and must have one", count(*found as u64, "file"))
            }
            Self::BadArchive { says } => write!(out, "it cannot be unpacked: {says}"),
            Self::AlreadyThere | Self::NameTaken => out.write_str("there is a file of that name already"),
            Self::Directory => out.write_str("this is a directory, not a file"),
            Self::NotAFile => {
                out.write_str("this is not a regular file, and events can only be appended to one")
            }
            Self::Empty => out.write_str("there is nothing in it"),
            Self::NoEvents => out.write_str("there are no events in it"),
            Self::NotALog => out.write_str("this is not a log"),
            Self::BadDay(bad) => bad.fmt(out),
            Self::NotUtf8 => out.write_str("not UTF-8"),
            Self::LineTooLong { limit } => write!(out, "the line is longer than {limit} bytes"),
            Self::Json(what) => json(what, out),
            Self::NewerFormat { found, known } => write!(
                out,
                "the event is of format version {found}; this program knows up to {known}"
            ),
            Self::MissingField { field, act: None } => write!(out, "an event needs `{field}`"),
            Self::MissingField {
                field,
                act: Some(act),
            } => write!(out, "the act {act} needs `{field}`"),
            Self::ForeignField { field, act, .. } => {
                write!(out, "`{field}` does not belong to the act {act}")
            }
            Self::NeedsOther { field, others } => write!(out, "`{field}` needs `{}` beside it", others.join("` or `")),
            Self::Either { field, other } => {
                write!(out, "an event has either `{field}` or `{other}`, not both")
            }
            Self::CausesItself => out.write_str("an event cannot be its own cause"),
            Self::Twice { field, value } => write!(out, "`{value}` stands twice in `{field}`"),
            Self::NotMutual { act, .. } => write!(
                out,
                "the act {act} lists the same two or more actors as source and as target"
            ),
            Self::Itself { act, actor } => {
                write!(out, "{actor} is both source and target of {act}")
            }
            Self::BadName { found, .. } if found.is_empty() => {
                out.write_str("a name cannot be empty")
            }
            Self::BadName { found, .. } => write!(out, "`{}` is not a name", shortened(found)),
            Self::TooMany {
                field,
                found,
                limit,
            } => {
                write!(
                    out,
                    "`{field}` has {found} entries; there may be up to {limit}"
                )
            }
            Self::OffScale {
                field,
                found,
                bound,
            } => {
                write!(
                    out,
                    "`{field}` is {found}, but must lie between -{bound} and {bound}"
                )
            }
            Self::NoChain => out.write_str("the line does not end in its chain"),
            Self::BrokenChain { expected, found } => {
                write!(
                    out,
                    "the chain is broken: found {found}, expected {expected}"
                )
            }
            Self::WrongSeq {
                expected,
                found: Some(found),
            } => {
                write!(out, "`seq` is {found}, but this is line {expected}")
            }
            Self::WrongSeq {
                expected,
                found: None,
            } => {
                write!(out, "a line of a log needs `seq`, here {expected}")
            }
            Self::RecordedEarlier { found, before } => write!(
                out,
                "recorded on {found}, but the event on the line before on {before}"
            ),
            Self::RecordedBeforeLast { found, last } => {
                write!(
                    out,
                    "recorded on {found}, but the log's last event on {last}"
                )
            }
            Self::OtherHead { expected, found } => {
                write!(out, "the head of the log is {found}, not {expected}")
            }
            Self::BadChain { found } => write!(out, "`{}` is not a chain", shortened(found)),
            Self::OtherVersion { expected, found } => {
                write!(out, "the log is at version {found}, not {expected}")
            }
            Self::Illegal {
                id,
                date,
                refusal,
                occasion,
            } => {
                let became = match occasion {
                    Occasion::ItsOwn => "is illegal",
                    Occasion::Appending | Occasion::Retracting => "would become illegal",
                };
                write!(
                    out,
                    "`{}` of {date} {became}: {}",
                    shortened(id),
                    refusal.says
                )
            }
            Self::IdTaken {
                id,
                line: Some(line),
            } => {
                write!(
                    out,
                    "the id `{}` is that of another event, on line {line}",
                    shortened(id)
                )
            }
            Self::IdTaken { id, line: None } => {
                write!(
                    out,
                    "the id `{}` stands twice, for two different events",
                    shortened(id)
                )
            }
            Self::IdRetracted { id } => {
                write!(
                    out,
                    "the event `{}` was retracted, and that is final",
                    shortened(id)
                )
            }
            Self::NothingToRetract { id, .. } => {
                write!(out, "there is no event `{}` to retract", shortened(id))
            }
            Self::RetractsRetraction { id } => {
                write!(
                    out,
                    "`{}` is a retraction, and those are final",
                    shortened(id)
                )
            }
            Self::IsRetraction { id } => {
                write!(
                    out,
                    "`{}` is a retraction, which moves nothing",
                    shortened(id)
                )
            }
            Self::NoClock => out.write_str("the system does not say what day it is"),
            Self::UnknownDyad { dyad, .. } => write!(out, "no event moves the dyad {dyad}"),
            Self::BadDyad(bad) => bad.fmt(out),
            Self::UnknownEvent { found, .. } => {
                write!(out, "the history has no event `{}`", shortened(found))
            }
            Self::NotInBase { id } => {
                write!(out, "`{}` does not happen in the base", shortened(id))
            }
            Self::IdInUse { id, of_base: true } => {
                write!(out, "`{}` is the id of an event of the base", shortened(id))
            }
            Self::IdInUse { id, of_base: false } => {
                let id = shortened(id);
                write!(out, "`{id}` is the id of another event of this scenario")
            }
            Self::OnlyInScenarios { field } => write!(out, "`{field}` belongs to scenarios only"),
            Self::BeyondCalendar => {
                out.write_str("the calendar ends with 9999-12-31 and begins with 0001-01-01")
            }
            Self::OnlyInLogs { field } => write!(out, "`{field}` belongs to logs only"),
            Self::RetractionInScenario => out.write_str("a scenario cannot retract an event"),
            Self::GivenAlready { field } => {
                write!(
                    out,
                    "`{field}` is that of the event which is replaced and cannot be given"
                )
            }
            Self::Shared { id } => write!(
                out,
                "`{}` lies before the fork and is shared with the base",
                shortened(id)
            ),
            Self::EditedTwice { id } => write!(out, "`{}` is edited twice", shortened(id)),
            Self::Dropped { id } => {
                write!(out, "`{}` does not happen in this scenario", shortened(id))
            }
            Self::BeforeFork { day, earliest } => {
                write!(
                    out,
                    "{day} lies before the fork; nothing moves before {earliest}"
                )
            }
            Self::AfterEnd { day, until } => {
                write!(
                    out,
                    "{day} lies after the last day of the scenario, {until}"
                )
            }
            Self::TooManyDays { found, limit } => {
                let bound = if *found < 0 { -limit } else { *limit };
                write!(out, "{found} days are too many; there may be up to {bound}")
            }
            Self::TimeCycle { ids } if ids.len() <= 2 => {
                let id = ids.first().map_or_else(String::new, |id| shortened(id));
                write!(out, "the time of `{id}` hangs on itself")
            }
            Self::TimeCycle { ids } => {
                let ids = shortened(&ids.join(" -> "));
                write!(out, "these times hang on each other: {ids}")
            }
            Self::Dependants { id, dependants, .. } => {
                let events = count(dependants.len() as u64, "event");
                write!(
                    out,
                    "`{}` cannot be edited so: {events} would become illegal",
                    shortened(id)
                )
            }
            Self::BaseCycle { files } => {
                write!(
                    out,
                    "the base of a scenario cannot be itself: {}",
                    shown(&files.join(" -> "))
                )
            }
            Self::UnknownName { what, found, .. } => {
                write!(out, "there is no {what} `{}`", shortened(found))
            }
            Self::EmptyQuestion { needs } => write!(out, "the question needs {needs}"),
            Self::NotAScenarioName => out.write_str("the name of a scenario's file ends in .json"),
            Self::TooManyBases { limit } => {
                write!(out, "more than {limit} scenarios are each other's base")
            }
            Self::Unconfirmed { error } => write!(
                out,
                "the events are in the log, but the disk did not confirm that it keeps them: {}",
                plain(error)
            ),
            Self::Replaced => {
                out.write_str("the log was removed or replaced while events were appended to it")
            }
            Self::ChangedWhileRead => out.write_str("the log became another one while it was read"),
            Self::IsALog => out.write_str("this is a log, not a scenario"),
            Self::IsRecorded => out.write_str("that is the recorded history, which ships with the program and is not changed"),
            Self::OutputIsInput => out.write_str("this file is read, too, and would be lost"),
            Self::IsKept => out.write_str("this is a log, and a log is never written over"),
            Self::ReadOnly => out.write_str("this file may only be read"),
            Self::WrittenTwice => out.write_str("two outputs have this name"),
            Self::NoScenarios => out.write_str("there is no scenario"),
            Self::IsASchema => out.write_str("this is a JSON Schema, not a scenario"),
            Self::IsAScenario => out.write_str("this is a scenario, not a log"),
            Self::UnknownBase { found, .. } => {
                write!(out, "there is no base `{}`", shortened(found))
            }
            Self::OnlyAs { option, formats } => write!(out, "`{option}` prints as {formats} only"),
            Self::BadWidth {
                found,
                least,
                greatest,
                unit,
            } => write!(
                out,
                "a figure is {least} to {greatest} {unit} wide, not {found}"
            ),
            Self::OneAtATime { option } => write!(out, "`{option}` takes one scenario at a time"),
            Self::BadProbability { found } => {
                write!(out, "a probability lies between 0 and 1, not at {found}")
            }
            Self::Probabilities { sum } => {
                let sum = plain_number(*sum);
                write!(out, "the probabilities add up to {sum}, not to 1")
            }
            Self::NoEntries { field } => write!(out, "`{field}` is empty"),
            Self::SiteTaken { id, of_base } => {
                let whose = if *of_base { " of the base" } else { "" };
                let id = shortened(id);
                write!(
                    out,
                    "`{id}` is the name of another chance node or rule{whose}"
                )
            }
            Self::NoTime => out.write_str("a chance node needs `date` or `after`"),
            Self::BeforeChance { day, drawn } => {
                write!(out, "{day} lies before the day of the draw, {drawn}")
            }
            Self::OtherOption { id, chance } => {
                let (id, chance) = (shortened(id), shortened(chance));
                write!(
                    out,
                    "`{id}` is of another option of `{chance}`; the two never happen in one run"
                )
            }
            Self::OwnEvent { id, chance } => {
                let (id, chance) = (shortened(id), shortened(chance));
                write!(
                    out,
                    "`{id}` depends on what `{chance}` draws and cannot be what it waits for"
                )
            }
            Self::Deadline { day, first, last } => write!(
                out,
                "{day} lies outside the days on which this is asked, {first} to {last}"
            ),
            Self::NotDrawn { name } => write!(out, "`{name}` is no number and cannot be drawn"),
            Self::AtInRule { id } => {
                let id = shortened(id);
                write!(
                    out,
                    "`{id}` cannot be the name of a rule: it has an `@` in it"
                )
            }
            Self::LongRule {
                rule,
                trigger,
                limit,
            } => {
                let (rule, trigger) = (shortened(rule), shortened(trigger));
                write!(
                    out,
                    "the id `{rule}@{trigger}` of a reaction would be longer than {limit} bytes"
                )
            }
            Self::ReactionTaken { id, rule } => {
                let (id, rule) = (shortened(id), shortened(rule));
                write!(
                    out,
                    "an event has the id `{id}`, which a reaction of the rule `{rule}` would have"
                )
            }
            Self::NoConversation { id, act } => {
                let id = shortened(id);
                write!(out, "`{id}` is {act}, not a call or a held meeting")
            }
            Self::SameGolden { other, golden } => {
                let (other, golden) = (shown(other), shown(golden));
                write!(out, "its golden file is that of {other} too: {golden}")
            }
            Self::NotRising { expected } => out.write_str(expected),
            Self::NotPositive { what } => write!(out, "the {what} must be above 0"),
            Self::GivenByRule { field } => {
                write!(out, "`{field}` cannot be given to what a rule causes")
            }
            Self::RuleCycle { ids } if ids.len() <= 2 => {
                let id = ids.first().map_or_else(String::new, |id| shortened(id));
                write!(out, "the rule `{id}` triggers itself without end")
            }
            Self::RuleCycle { ids } => {
                let ids = shortened(&ids.join(" -> "));
                write!(out, "these rules trigger each other without end: {ids}")
            }
            Self::TooManyReactions {
                rule,
                limit,
                run: [run, seed],
            } => {
                let rule = shortened(rule);
                write!(
                    out,
                    "in run {run} of seed {seed} the rule `{rule}` would cause one more event than the {limit} that rules may cause in all"
                )
            }
            Self::ReactionTooDeep {
                rule,
                trigger,
                run: [run, seed],
            } => {
                let (rule, trigger) = (shortened(rule), shortened(trigger));
                write!(
                    out,
                    "in run {run} of seed {seed} the rule `{rule}` reacts at the end of too long a chain of reactions: `{trigger}`"
                )
            }
            Self::TooManyCells { found, limit } => write!(
                out,
                "an ensemble keeps up to {limit} distributions, one for each dyad and month end, not {found}"
            ),
            Self::NotATree { in_the_way } => {
                let shown: Vec<_> = in_the_way.iter().map(|it| shown(it)).collect();
                write!(
                    out,
                    "not all chance is in chance nodes; there are also {}",
                    abridged(&shown)
                )
            }
            Self::TreeTooLarge { at_most, limit } => write!(
                out,
                "the tree of chance nodes has more than {limit} branches, up to {at_most}"
            ),
            Self::BadPart { says } => {
                write!(out, "this is no part of an ensemble: {}", shortened(says))
            }
            Self::OtherEnsemble { what, other } => {
                write!(out, "the {what} is not the same as in {}", shown(other))
            }
            Self::ShardTwice { shard, other } => {
                write!(out, "shard {shard} is in {} already", shown(other))
            }
            Self::BadShard { found } => {
                write!(out, "`{}` is no shard, such as 3/16", shortened(found))
            }
            Self::BeforeHistory { day, first } => {
                write!(
                    out,
                    "nothing has happened by {day}; the first event is of {first}"
                )
            }
            Self::NothingMoves => out.write_str("no event in it moves a dyad"),
            Self::BadAxis { found, says } => {
                write!(out, "`{}` is no axis of a grid: {says}", shortened(found))
            }
            Self::TooManyPoints {
                found,
                limit,
                format,
            } => {
                let format = format.map_or_else(String::new, |it| format!(" printed as {it}"));
                let found = found.map_or_else(
                    || "more than can be counted".to_owned(),
                    |found| found.to_string(),
                );
                write!(
                    out,
                    "a grid{format} may have up to {limit} points, not {found}"
                )
            }
            Self::Setting(bad) => bad.fmt(out),
            Self::UnknownModel { found } => {
                write!(out, "`{}` is neither a preset nor a file", shortened(found))
            }
        }
    }
}

impl Kind {
    /// What may help, as a lowercase fragment.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "one arm a kind")]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Empty => Some("a log has one event a line; `detente log append` writes one".to_owned()),
            Self::TooManyBases { .. } => {
                Some("save a branch with `run --log` and take that as the base".to_owned())
            }
            Self::IsRecorded => Some("give a log of your own another name; `./recorded` is a file of that name".to_owned()),
            Self::OutputIsInput | Self::ReadOnly | Self::WrittenTwice => Some("give another name".to_owned()),
            Self::Unconfirmed { .. } => Some("append the same again: that waits for the disk once more".to_owned()),
            Self::IsKept => Some("give another name, or move the log away first".to_owned()),
            Self::NoScenarios => Some("name scenario files, or stand where they are in a folder `scenarios`".to_owned()),
            Self::IsASchema => Some("editors complete scenarios by it; leave it out here".to_owned()),
            Self::NameTaken => Some("give another name, or remove that file first".to_owned()),
            Self::IsALog => Some("`detente replay` and `detente compare` take it; `detente new` writes a scenario that leaves the recorded history, or with --base another log".to_owned()),
            Self::IsAScenario => Some(
                "`detente run` plays it, and `detente run --log` saves it as a log".to_owned(),
            ),
            Self::RetractionInScenario => Some("`drop` is an edit of its own".to_owned()),
            Self::NotALog => Some("a log has one event a line, each with its number and chain; `detente log append` makes one of events".to_owned()),
            Self::NoEvents => {
                Some("an event is a JSON object; `detente schema event` describes it".to_owned())
            }
            Self::NotUtf8 => Some("save it as UTF-8".to_owned()),
            Self::LineTooLong { .. } => {
                Some("long texts belong in a document that the event's evidence names".to_owned())
            }
            Self::UnknownData { found: Some(found), .. } => {
                Some(format!("leave the format out, or say {found}"))
            }
            Self::UnknownData { found: None, .. } => Some("gdelt has 57, 58 or 61 columns with tabs between and no header; icews and polecat have a header; icews-quadruples has four columns: source, event text, target, date; csv has a header, whose columns `--column` names".to_owned()),
            Self::MissingColumns { found, .. } => Some(format!(
                "its columns are {}; `--column FIELD=NAME` says which is which, such as --column date=story_date",
                shown(&quoted(found))
            )),
            Self::MalformedRow { .. } => Some("without --strict it is left out and counted".to_owned()),
            Self::LoneReturns => Some("save it with line feeds, or translate them: tr '\\r' '\\n' < OLD > NEW".to_owned()),
            Self::RecordTooLong { .. } => Some("a quotation mark may be missing, or it is no text".to_owned()),
            Self::Saturates => Some("--model goldstein-decay is the model for machine-coded data; --set saturation=false takes the bounds off another".to_owned()),
            Self::ModelWeights => Some("`--weights icews` takes them from the table as ICEWS publishes it, `--weights gdelt` as GDELT does, `--weights file` from the rows".to_owned()),
            Self::NumberCodes { .. } => Some("read the codes as text and save them again (R: colClasses = \"character\", pandas: dtype=str); or --codes padded puts the 0 back wherever it makes a code, --codes as-they-are leaves such rows out".to_owned()),
            Self::NoRows => Some("the summary says why each row was left out".to_owned()),
            Self::NoFile { after } => Some(format!(
                "`-` is standard input; a file of that name is ./{after}"
            )),
            Self::NotADictionary => Some("names and `+ALIASES` stand on lines of their own, codes in brackets behind them: [USAGOV >090120]".to_owned()),
            Self::ArchiveMembers { .. } => Some("unpack it, and name the files".to_owned()),
            Self::AlreadyThere => Some("--overwrite puts the new one in its place".to_owned()),
            Self::Directory => Some("name a file in it".to_owned()),
            Self::RecordedBeforeLast { .. } => {
                Some("`recorded` never decreases; `--recorded` gives another day".to_owned())
            }
            Self::Json(what) => json_help(what),
            Self::NewerFormat { found, known } if found > known => Some("a newer version of detente reads it".to_owned()),
            Self::ForeignField { belongs_to, .. } if !belongs_to.is_empty() => {
                Some(format!("it belongs to {}", acts(belongs_to)))
            }
            Self::NotMutual { parties, .. } if parties.len() > 1 => {
                let parties: Vec<_> = parties.iter().map(|actor| format!("\"{actor}\"")).collect();
                let list = parties.join(",");
                Some(format!("write \"source\":[{list}],\"target\":[{list}]"))
            }
            Self::BadName { limit, .. } => Some(format!(
                "a name begins with a letter and goes on with letters, digits, `-`, `_`, `.` or `@`, up to {limit} in all"
            )),
            Self::NoChain | Self::WrongSeq { found: None, .. } => {
                Some("only `detente log append` writes lines of a log; it fills in `seq`, `recorded` and `chain`".to_owned())
            }
            Self::BrokenChain { .. } => {
                Some("this line was changed, or lines before it were removed, added or moved".to_owned())
            }
            Self::WrongSeq { .. } => Some("lines were removed, added or moved".to_owned()),
            Self::OtherHead { .. } => Some("lines at the end were removed or added, or it is another log".to_owned()),
            Self::BadChain { .. } => Some("a chain has 32 hexadecimal digits in small letters".to_owned()),
            Self::OtherVersion { .. } => Some("read the log again, then append to what it holds now".to_owned()),
            Self::Illegal { refusal, occasion, .. } => match occasion {
                Occasion::ItsOwn => refusal.help.clone(),
                Occasion::Appending => {
                    Some("give the new event another date, or retract this one first".to_owned())
                }
                Occasion::Retracting => {
                    Some("retract it first, or with it: `log retract --cascade`".to_owned())
                }
            },
            Self::IdTaken { .. } => Some("give the event an id of its own; an error is mended by a retraction".to_owned()),
            Self::IdRetracted { .. } => Some("what takes its place has an id of its own".to_owned()),
            Self::Dependants { dependants, may_cascade, .. } => {
                let reason = |(id, says): &(String, String)| format!("`{}`: {}", shortened(id), shown(says));
                let reasons: Vec<_> = dependants.iter().map(reason).collect();
                let way_out = match may_cascade {
                    true => "`\"cascade\": true` drops them too",
                    false => "drop them first, or change what hangs on what",
                };
                Some(format!("{way_out}\n{}", reasons.join("\n")))
            }
            Self::Shared { .. } => Some("fork before it, or edit what comes after the fork".to_owned()),
            Self::NothingToRetract { near, .. }
            | Self::UnknownEvent { near, .. }
            | Self::UnknownName { near, .. }
            | Self::UnknownBase { near, .. } => {
                near.as_ref().map(|near| format!("did you mean `{near}`?"))
            }
            Self::UnknownDyad { known, .. } if !known.is_empty() => {
                const SHOWN: usize = 12;
                let named = known.iter().take(SHOWN).map(String::as_str);
                let more = known.len().checked_sub(SHOWN + 1);
                let more = more.map(|more| format!("{} more", more + 1));
                let list: Vec<_> = named.chain(more.as_deref()).collect();
                let text = format!("the dyads of this history are {}", list.join(", "));
                Some(text)
            }
            Self::BadPart { .. } => {
                Some("`detente ensemble --shard K/M -o FILE` writes one".to_owned())
            }
            Self::NotATree { .. } | Self::TreeTooLarge { .. } => {
                Some("without `--exact` an ensemble draws, and gives intervals".to_owned())
            }
            Self::OtherEnsemble { .. } => {
                Some("only parts of the same scenarios, seed, runs and dyads can be added up".to_owned())
            }
            Self::TooManyCells { .. } => {
                Some("`--dyad` picks some dyads; an earlier `until` has fewer months".to_owned())
            }
            Self::NotInBase { .. } => {
                Some("it was retracted, or a scenario that the base comes by drops it".to_owned())
            }
            Self::IdInUse { of_base: true, .. } => {
                Some("give the new event an id of its own; `replace` puts an event in the place of another".to_owned())
            }
            Self::IdInUse { of_base: false, .. } => {
                Some("give one of the two another id".to_owned())
            }
            Self::Deadline { day, last, .. } if day > last => {
                Some("`until` says which day is the last".to_owned())
            }
            Self::NotDrawn { .. } => {
                Some("compare two scenarios, each with a `model` of its own".to_owned())
            }
            Self::AtInRule { .. } => {
                Some("a reaction has the id RULE@TRIGGER, in which the first `@` ends the rule's name".to_owned())
            }
            Self::LongRule { .. } => Some("give the rule a shorter name".to_owned()),
            Self::ReactionTaken { .. } => Some("give the rule or the event another name".to_owned()),
            Self::SameGolden { .. } => Some("test them one at a time, each with `--snapshots` of its own".to_owned()),
            Self::BadProbability { found } if (2.0..=100.0).contains(found) => {
                let share = plain_number(found / 100.0);
                Some(format!("{} per cent is {share}", plain_number(*found)))
            }
            Self::GivenByRule { field: "id" } => Some("its id is RULE@TRIGGER".to_owned()),
            Self::GivenByRule { field: "caused_by" } => Some("its cause is the event that triggers the rule".to_owned()),
            Self::GivenByRule { .. } => Some("its day is that of the trigger, or `delay_days` later".to_owned()),
            Self::RuleCycle { ids } if ids.len() <= 2 => Some("give it `at_most`, how often it reacts in one run".to_owned()),
            Self::RuleCycle { .. } => Some("give one of them `at_most`, how often it reacts in one run".to_owned()),
            Self::ReactionTooDeep { .. } => Some("an id is made of the names of all rules before it: a smaller `at_most` or a shorter name of the rule keeps it in bounds".to_owned()),
            Self::TooManyReactions { .. } => {
                Some("a smaller `at_most`, a `cooldown_days` or a lesser `probability` keeps reactions in bounds".to_owned())
            }
            Self::BadAxis { .. } => Some("an axis is NAME=A..B:N, such as half_life_days=30..365:12, or a list, such as gain=0.1,0.3".to_owned()),
            Self::TooManyPoints { format, .. } => Some(format.map_or("take fewer steps, or sweep a part at a time", |_| "`--format csv` streams and takes more").to_owned()),
            Self::Setting(BadSetting::UnknownName { near: None, .. }) => {
                let names = PARAMETERS.iter().map(|parameter| parameter.name);
                let names: Vec<_> = names.collect();
                Some(format!("the numbers of a model are {}, and `baseline:RUS-USA` and the like", names.join(", ")))
            }
            Self::UnknownModel { .. } => Some("the presets are detente, goldstein-decay and stock".to_owned()),
            _ => None,
        }
    }
}

fn json(what: &What, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    match what {
        What::Syntax { message } => write!(out, "not JSON: {message}"),
        What::DuplicateKey { key } => {
            write!(out, "`{}` stands twice in one object", shortened(key))
        }
        What::UnknownKey { found, .. } => write!(out, "unknown field `{}`", shortened(found)),
        What::UnknownName { found, .. } => write!(out, "unknown name `{}`", shortened(found)),
        What::MissingKey { key } => write!(out, "`{key}` is missing"),
        What::WrongType { found, expected } => {
            write!(out, "found {}, expected {expected}", shortened(found))
        }
        What::OutOfRange { found, expected } => write!(
            out,
            "{} is out of range, expected {expected}",
            shortened(found)
        ),
        What::Invalid { message } => out.write_str(message),
        What::TooDeep { limit } => {
            write!(out, "more than {limit} objects and lists inside each other")
        }
    }
}

fn json_help(what: &What) -> Option<String> {
    match what {
        What::UnknownKey { found, expected } | What::UnknownName { found, expected } => {
            Some(match nearest(found, expected.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("expected one of {}", expected.join(", ")),
            })
        }
        _ => None,
    }
}

fn acts(acts: &[Act]) -> String {
    let names: Vec<_> = acts.iter().map(|act| act.name()).collect();
    names.join(", ")
}

/// A number without the noise of its last digits.
fn plain_number(number: f64) -> String {
    let text = format!("{number:.9}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What the system said, without the error's number.
fn plain(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error") {
        Some((plain, _)) => plain.to_lowercase(),
        None => text,
    }
}

/// Other people's text in a message: safe to show, and not too long.
fn shortened(text: &str) -> String {
    cut(&shown(text), 80)
}

/// Names in a line, each between marks.
fn quoted(names: &[String]) -> String {
    let names: Vec<_> = names
        .iter()
        .map(|name| format!("`{}`", shortened(name)))
        .collect();
    abridged(&names)
}
