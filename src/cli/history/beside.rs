//! What is told of events that were appended, by what else is in their log: actors that were most
//! likely mistyped, and events that are there already but for a correction.

use crate::cli::terminal::advice::retraction;
use crate::cli::terminal::output::Output;
use crate::error::{Place, Retract};
use crate::history::{
    Doubled, Doubles, FAULT_LIMIT, Glance, Names, Record, Register, Repeat, Repeats, Scope,
    Stranger, Written, is_made_of, read_line, survey,
};
use crate::model::Actor;
use crate::store::{Appended, Log};
use crate::text::{abridged, count, shown, so_are};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

/// Of how many actors it is said whom they may have been meant to be.
const NEAR_TOLD: usize = 8;
/// In how many events of a batch an actor is no slip, and another a letter off may be one of it.
/// (An assumption.)
const AT_HOME: usize = 5;

/// How a batch came to be, which says how much is told of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Typed {
    /// As a sheet, whose actors may have no names yet.
    Sheet,
    /// As one event by its fields.
    Fields,
    /// As JSON, by a program most likely.
    Json,
}

/// Events that were appended, or would be.
pub(super) struct Batch<'b> {
    /// As they were written.
    pub(super) written: &'b [Written<'b>],
    /// The file that they stand in, as it was named.
    pub(super) file: Option<&'b str>,
    /// What was done with them.
    pub(super) appended: &'b Appended,
    /// How they came to be.
    pub(super) typed: Typed,
    /// Whether nothing was written.
    pub(super) is_dry: bool,
}

/// Tells what is doubtful about events that were appended to a log.
pub(super) fn note(batch: &Batch<'_>, log: &Path, output: &mut Output) {
    let Batch {
        appended, typed, ..
    } = *batch;
    let rare = if typed == Typed::Json {
        BTreeSet::new()
    } else {
        rare(&appended.records)
    };
    let rest = Rest::of(log, batch, rare.clone());
    let doubtful = [
        corrected(&rest.repeats, log, batch.is_dry),
        back(&rest.doubled.back, log, batch.is_dry),
        named(&rest.doubled.named, batch, log),
        twice(&rest.doubled.twice, log, batch.is_dry),
        taken_out(&rest, log),
    ];
    for warning in doubtful.iter().flatten() {
        output.note(warning);
    }
    if let Some(says) = in_no_row(batch, log) {
        output.note(&says);
    }
    // Of a dry run the log does not have the names yet.
    let names = Names::of(&appended.records).and(&appended.names);
    let nameless = (typed == Typed::Sheet).then(|| nameless(&appended.records, &names));
    let mistyped = mistyped(&appended.records, rare, &rest, &names);
    for says in nameless.flatten().into_iter().chain(mistyped) {
        output.note(&says);
    }
}

/// What is in a log beside the events of a batch.
#[derive(Default)]
struct Rest {
    known: BTreeSet<Actor>,
    repeats: Vec<Repeat>,
    doubled: Doubled,
}

impl Rest {
    /// Reads a log for it, after the batch was appended or in place of that. `rare` are actors of
    /// the batch that may not be known: where all of them are, not all that are known are found.
    fn of(log: &Path, batch: &Batch<'_>, mut rare: BTreeSet<Actor>) -> Self {
        let Appended {
            records,
            already_there,
            has_made_ids,
            last_recorded,
            ..
        } = batch.appended;
        let new: HashSet<&str> = records.iter().map(Record::id).collect();
        let mut repeats = Repeats::of(records, already_there);
        let mut doubles = Doubles::of(batch.written, records, already_there);
        let (mut known, mut retracted) = (BTreeSet::new(), HashMap::new());
        // A long log is not read again for nothing.
        let is_wanted = *has_made_ids || (!rare.is_empty() && last_recorded.is_some());
        let mut look = |glance: &Glance<'_>, line: &[u8]| {
            let retracts = glance.retracts.as_deref();
            retracted.extend(retracts.map(|id| (id.to_owned(), glance.seq)));
            if let Some(repeats) = &mut repeats {
                repeats.stands(glance.seq, &glance.id);
            }
            let is_made = || is_made_of(&glance.id, glance.act, glance.date);
            if new.contains(&*glance.id) || (rare.is_empty() && !is_made()) {
                return;
            }
            let Ok(record) = read_line(line, glance.seq) else {
                return;
            };
            if !rare.is_empty() {
                for actor in record.fields().actors() {
                    rare.remove(&actor);
                    known.insert(actor);
                }
            }
            if let Some(repeats) = &mut repeats {
                repeats.look(glance.seq, &record);
            }
            doubles.look(glance.seq, &record);
        };
        if is_wanted {
            let surveyed = Log::open(log).and_then(|log| survey(&log, Scope::default(), &mut look));
            if surveyed.is_err() {
                return Self::default();
            }
        }
        let gone = retracted.keys().cloned().collect();
        let told = |repeats: Repeats<'_>| repeats.told(&gone);
        Self {
            known,
            repeats: repeats.map(told).unwrap_or_default(),
            doubled: doubles.told(&retracted),
        }
    }
}

/// Says which events were most likely appended once more when they were corrected.
fn corrected(repeats: &[Repeat], log: &Path, is_dry: bool) -> Vec<String> {
    let name = name_of(log);
    let commands = Commands::of(log, repeats.iter().map(|it| it.other.as_str()));
    let counts = counts(is_dry);
    let warning = |repeat: &Repeat| {
        let Repeat {
            id, other, line, ..
        } = repeat;
        let differs = repeat.differs.iter().map(|field| format!("`{field}`"));
        let differs: Vec<_> = differs.collect();
        format!(
            "warning: {id} is {other}, line {line} of {name}, in all but {}, and both {counts}; \
             if that is a correction: {}",
            differs.join(" and "),
            commands.retract(other)
        )
    };
    let mut warnings = first(repeats, warning);
    if !repeats.is_empty() {
        let hint = "note: an event without an id is known by its act and its date, and as another \
                    once either is corrected; one with an id of its own is told as changed";
        warnings.push(hint.to_owned());
    }
    warnings
}

fn name_of(log: &Path) -> String {
    shown(&log.display().to_string())
}

const fn counts(is_dry: bool) -> &'static str {
    if is_dry { "would count" } else { "count" }
}

/// What is said of the first of some things, and of how many more it is true.
fn first<T>(things: &[T], says: impl Fn(&T) -> String) -> Vec<String> {
    let mut said: Vec<_> = things.iter().take(FAULT_LIMIT).map(says).collect();
    if let Some(more) = things.len().checked_sub(FAULT_LIMIT + 1) {
        said.push(format!("warning: {}", so_are(more + 1)));
    }
    said
}

/// Says which events had no id when they were appended before.
fn named(repeats: &[Repeat], batch: &Batch<'_>, log: &Path) -> Vec<String> {
    let name = name_of(log);
    let counts = counts(batch.is_dry);
    let mut said = first(
        repeats,
        |Repeat {
             id, other, line, ..
         }| {
            let mut own = batch.written.iter();
            let place = own.find(|written| written.record.id() == id);
            let place = place.map(|written| {
                let file = batch.file.map(str::to_owned);
                Place {
                    file,
                    ..written.place("id")
                }
            });
            let place = place.filter(|place| place.line.is_some());
            let place = place.map(|place| format!("{place}: ")).unwrap_or_default();
            format!(
                "warning: {place}{id} is {other}, line {line} of {name}, in all but its id, and both \
             {counts}"
            )
        },
    );
    if !repeats.is_empty() {
        let others = repeats.iter().take(FAULT_LIMIT).map(|it| it.other.as_str());
        said.push(format!(
            "note: an event that is given an id later is another one; to count each once: {}",
            Commands::of(log, others).retract_all()
        ));
    }
    said
}

/// Says which rows stand in a table twice.
fn twice(repeats: &[Repeat], log: &Path, is_dry: bool) -> Vec<String> {
    let (name, counts) = (name_of(log), counts(is_dry));
    let commands = Commands::of(log, repeats.iter().map(|it| it.id.as_str()));
    first(
        repeats,
        |Repeat {
             id, other, line, ..
         }| {
            let once = if is_dry {
                "take one of the rows out".to_owned()
            } else {
                format!("take it out, and: {}", commands.retract(id))
            };
            format!(
                "warning: {id} is {other}, line {line} of {name}, to the letter, and both {counts}; if \
             a row stands there twice by mistake, {once}"
            )
        },
    )
}

/// Says which events are not in a table any more that has others of their act and day.
fn taken_out(rest: &Rest, log: &Path) -> Vec<String> {
    let corrected: HashSet<&str> = rest.repeats.iter().map(|it| it.other.as_str()).collect();
    let mut gone = rest.doubled.taken_out.clone();
    gone.retain(|(id, _)| !corrected.contains(id.as_str()));
    let commands = Commands::of(log, gone.iter().map(|(id, _)| id.as_str()));
    first(&gone, |(id, line)| {
        format!(
            "warning: {id}, line {line} of {}, is not in the table, which has other rows of its \
             act and day, and counts; if its row was taken out: {}",
            name_of(log),
            commands.retract(id)
        )
    })
}

/// Says which rows count again that were retracted.
fn back(repeats: &[Repeat], log: &Path, is_dry: bool) -> Vec<String> {
    let name = name_of(log);
    let counts = if is_dry { "would count" } else { "counts" };
    let commands = Commands::of(log, repeats.iter().map(|it| it.id.as_str()));
    first(
        repeats,
        |Repeat {
             id, other, line, ..
         }| {
            let gone = if is_dry {
                String::new()
            } else {
                format!(", and: {}", commands.retract_one(id))
            };
            format!(
                "warning: {id} is {other}, retracted on line {line} of {name}, and {counts} \
                 again, as its row is in the table; if it is to stay out, take the row out{gone}"
            )
        },
    )
}

/// The commands that take events of a log back.
struct Commands<'l> {
    log: &'l Path,
    of: Vec<String>,
    how: HashMap<String, Retract>,
}

impl<'l> Commands<'l> {
    fn of<'i>(log: &'l Path, ids: impl Iterator<Item = &'i str>) -> Self {
        let of: Vec<_> = ids.take(FAULT_LIMIT).map(str::to_owned).collect();
        let how = || {
            let log = Log::open(log).ok()?;
            let register = Register::read(&log, false, &HashSet::new()).ok()?;
            register.retractions(&log, &of).ok()
        };
        let how = if of.is_empty() { None } else { how() };
        let how = how.unwrap_or_default();
        Self { log, of, how }
    }

    fn how(&self, id: &str) -> Retract {
        let how = self.how.get(id).cloned();
        how.unwrap_or_else(|| Retract::alone(id))
    }

    /// The one that takes an event back, where all of them are to be.
    fn retract(&self, id: &str) -> String {
        retraction(self.log, &[&self.how(id)])
    }

    /// The one that takes an event back, whatever becomes of the others.
    fn retract_one(&self, id: &str) -> String {
        let id = id.to_owned();
        let cascades = self.how(&id).cascades;
        retraction(self.log, &[&Retract { id, cascades }])
    }

    /// The one that takes all of them back.
    fn retract_all(&self) -> String {
        let how: Vec<_> = self.of.iter().map(|id| self.how(id)).collect();
        retraction(self.log, &how.iter().collect::<Vec<_>>())
    }
}

/// Says how many events count that are in no row of a table, some of which the log had already:
/// whatever was appended twice or taken out shows in it, known or not.
fn in_no_row(batch: &Batch<'_>, log: &Path) -> Option<String> {
    let Appended {
        others,
        already_there,
        ..
    } = batch.appended;
    if batch.typed != Typed::Sheet || already_there.is_empty() || others.count == 0 {
        return None;
    }
    let few = others.few.iter();
    let few: Vec<_> = few
        .map(|(id, line)| format!("{id} (line {line})"))
        .collect();
    let are = if others.count == 1 {
        "counts and is"
    } else {
        "count and are"
    };
    let colon = if few.is_empty() { "" } else { ": " };
    Some(format!(
        "note: {} of {} {are} in no row of {}{colon}{}",
        count(others.count as u64, "event"),
        name_of(log),
        batch.file.map_or_else(|| "the table".to_owned(), shown),
        few.join(", ")
    ))
}

/// The real actors that are in one event alone of some, and may be a slip in it.
fn rare(records: &[Record]) -> BTreeSet<Actor> {
    let times = times(records).into_iter();
    let rare = times.filter(|(actor, times)| *times == 1 && !actor.is_invented());
    rare.map(|(actor, _)| actor).collect()
}

/// In how many of some events each actor is.
fn times(records: &[Record]) -> BTreeMap<Actor, usize> {
    let mut times = BTreeMap::new();
    for record in records {
        let actors: BTreeSet<_> = record.fields().actors().collect();
        for actor in actors {
            *times.entry(actor).or_default() += 1;
        }
    }
    times
}

/// Says which actors of some events are invented ones that nothing in the log gives a name to: a
/// code that was mistyped looks so, too.
fn nameless(records: &[Record], names: &Names) -> Option<String> {
    let fields = records.iter().map(Record::fields);
    let actors = fields.flat_map(|fields| fields.actors().collect::<Vec<_>>());
    // Who else is in the log, and may be a state without a name there, is not known here.
    let invented: BTreeSet<Actor> = actors.filter(Actor::is_invented).collect();
    let strangers = names.strangers(invented, &BTreeSet::new());
    let nameless: Vec<_> = strangers.iter().map(|it| it.actor.to_string()).collect();
    (!nameless.is_empty()).then(|| {
        let meant = strangers.iter().filter_map(|stranger| meant(stranger, names));
        let meant = meant.map(|(near, by)| format!("; did you mean {near} by {by}?"));
        let meant: String = meant.take(NEAR_TOLD).collect();
        format!(
            "note: no name is given to {}: such codes are for invented actors, and `describes` names them{meant}",
            abridged(&nameless)
        )
    })
}

/// Says which real actors of some events are in one of them alone and a letter off others that are
/// known, or that are in many of the events.
fn mistyped(records: &[Record], rare: BTreeSet<Actor>, rest: &Rest, names: &Names) -> Vec<String> {
    let often = times(records).into_iter();
    let often = often.filter(|(_, times)| *times >= AT_HOME);
    let known = rest
        .known
        .iter()
        .copied()
        .chain(often.map(|(actor, _)| actor));
    let known: BTreeSet<Actor> = known.collect();
    let strangers = names.strangers(rare, &known);
    let meant = strangers
        .iter()
        .filter_map(|stranger| meant(stranger, names));
    let warning = |(near, by)| {
        format!(
            "warning: {by} is in one event and nowhere else in the log; did you mean {near}? if \
             not, `describes` names it"
        )
    };
    meant.map(warning).take(NEAR_TOLD).collect()
}

/// The actor that was most likely meant, and the one in its place, with their names.
fn meant(stranger: &Stranger, names: &Names) -> Option<(String, String)> {
    let called = |actor: Actor| {
        let name = names.of_actor(actor);
        let name = name.map(|name| format!(" ({})", shown(&name)));
        format!("{actor}{}", name.unwrap_or_default())
    };
    Some((called(stranger.near?), called(stranger.actor)))
}
