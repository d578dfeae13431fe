//! What the commands share that write to a log: its path, the day of recording, and what was done.

use crate::cli::terminal::output::{Outcome, Output, unwritten};
use crate::error::{BadFile, BadLog, BadMeaning, Error, Kind, Result};
use crate::history::{Chained, Copied, FAULT_LIMIT, Record, Recorded, Written, shipped};
use crate::model::Day;
use crate::store::{Appended, System};
use crate::text::{count, so_are};
use std::io::{Write, stderr};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The path of a log of one's own, which is neither the recorded history nor standard input.
pub(super) fn own_log(path: &Path) -> Result<&Path> {
    let error: Error = if path.to_str().and_then(shipped).is_some() {
        BadLog::IsRecorded.into()
    } else if path == Path::new("-") {
        BadFile::NotAFile.into()
    } else {
        return Ok(path);
    };
    Err(error.in_file(&path.display().to_string()))
}

/// The day that was given, or today.
pub(super) fn recorded(given: Option<Day>) -> Result<Recorded> {
    match given {
        Some(day) => Ok(Recorded::On(day)),
        None => today().map(Recorded::NotBefore),
    }
}

/// Today in UTC: the one place where a clock is read, unless `--recorded` says the day.
#[expect(
    clippy::disallowed_methods,
    reason = "the command line may read a clock"
)]
pub(in crate::cli) fn today() -> Result<Day> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let days = since
        .ok()
        .and_then(|since| i32::try_from(since.as_secs() / 86_400).ok());
    days.and_then(|days| Day::EPOCH.plus_days(days))
        .ok_or_else(|| BadFile::NoClock.into())
}

/// The disks of this machine; that another process holds a lock is said after a second.
pub(super) const DISK: System = System {
    on_waiting: Some(waits),
};

/// Whether a lock is waited for.
static WAITS: AtomicBool = AtomicBool::new(false);

fn waits(begins: bool) {
    const PATIENCE: Duration = Duration::from_secs(1);
    WAITS.store(begins, Ordering::Relaxed);
    if begins {
        let note = || {
            std::thread::sleep(PATIENCE);
            if WAITS.load(Ordering::Relaxed) {
                let words = "note: another process has the log locked; waiting for it to finish";
                // Where there is nobody to read a note, it is not missed.
                let _ = writeln!(stderr(), "{words}");
            }
        };
        // Without a thread it is waited for in silence.
        let _ = std::thread::Builder::new().spawn(note);
    }
}

/// How much is told of what was appended.
#[derive(Clone, Copy)]
pub(super) struct Listed {
    is_dry: bool,
    /// How many events are listed.
    most: usize,
}

/// Of an append that may be a dry one: all events, or the first of very many.
pub(super) const fn listed(is_dry: bool, is_all: bool) -> Listed {
    let most = if is_all { usize::MAX } else { FAULT_LIMIT };
    Listed { is_dry, most }
}

/// Says what was appended, or would be. What is in the log is there whether that can be said or
/// not.
pub(super) fn tell(
    appended: &Appended,
    name: &str,
    listed: Listed,
    output: &mut Output,
) -> Result<Outcome> {
    let is_dry = listed.is_dry;
    let told =
        lines(appended, name, listed, output).and_then(|()| output.flush().map_err(unwritten));
    match told {
        Err(error) if !is_dry && !appended.records.is_empty() => {
            output.give_up();
            let Appended { version, head, .. } = appended;
            let events = count(*version, "event");
            output.note(&format!(
                "warning: {error}; the events are in the log all the same\n\
                 {name}: {events}, head {head}"
            ));
        }
        told => told?,
    }
    if is_dry {
        output.note("note: nothing was written");
    }
    Ok(Outcome::Fine)
}

/// What an event names that moves nothing, in words.
fn counts_for_nothing(record: &Record) -> Vec<(&Record, String)> {
    let idle = record.fields().counts_for_nothing().into_iter();
    let told = idle.map(|(field, _, actor)| {
        let kind = Kind::from(BadMeaning::CountsForNothing { actor, field });
        (record, kind.to_string())
    });
    told.collect()
}

fn lines(appended: &Appended, name: &str, listed: Listed, output: &mut Output) -> Result<()> {
    let Listed { is_dry, most } = listed;
    let more = |all: usize| Some(all.saturating_sub(most)).filter(|more| *more > 0);
    if let Some(torn) = &appended.torn {
        output.note(&format!(
            "note: the torn end of {name} was moved to {}",
            torn.display()
        ));
    }
    let there = &appended.already_there;
    for id in there.iter().take(most) {
        output.note(&format!("note: {id} is in {name} already"));
    }
    if let Some(more) = more(there.len()) {
        output.note(&format!("note: {}", so_are(more)));
    }
    let warnings = [dated_late(&appended.records), recorded_far(appended)];
    for warning in warnings.iter().flatten() {
        output.note(warning);
    }
    let mut nothing = appended.records.iter().flat_map(counts_for_nothing);
    for (record, warning) in nothing.by_ref().take(most) {
        output.note(&format!("warning: {}: {warning}", record.id()));
    }
    if let Some(more) = Some(nothing.count()).filter(|more| *more > 0) {
        let what = match more {
            1 => "one more part of an event counts".to_owned(),
            more => format!("{more} more parts of events count"),
        };
        output.note(&format!("warning: {what} for nothing"));
    }
    for record in appended.records.iter().take(most) {
        let seq = record.seq().unwrap_or_default();
        let what = match record.fields().retracts.as_deref() {
            Some(retracted) if is_dry => format!("would retract {retracted}"),
            Some(retracted) => format!("retracted {retracted}"),
            None if is_dry => format!("would be appended: {}", record.id()),
            None => format!("appended {}", record.id()),
        };
        output.line(&format!("{seq} {what}"))?;
    }
    if let (Some(more), Some(last)) = (more(appended.records.len()), appended.records.last()) {
        let (seq, id) = (last.seq().unwrap_or_default(), last.id());
        output.line(&format!(
            "and {more} more, the last {seq} {id}; --list lists them all"
        ))?;
    }
    let Appended { version, head, .. } = appended;
    let would = if is_dry { "would have " } else { "" };
    output.line(&format!(
        "{name}: {would}{}, head {head}",
        count(*version, "event")
    ))
}

/// Says that events bring numbers and chains that are not those they have got, and where they fit.
pub(super) fn renumbered(batch: &[Written<'_>], appended: &Appended) -> Option<String> {
    let mut new = appended.records.iter().peekable();
    let got = batch.iter().filter_map(|written| {
        let record = new.next_if(|record| record.id() == written.record.id())?;
        Some((written, record.seq()))
    });
    let copied = Copied::of(got)?;
    // The chain of the last line is that of all before it.
    if copied.is_numbered_so && copied.head.is_none_or(|head| head == appended.head) {
        return None;
    }
    let [brings, is] = if copied.events == 1 {
        ["brings", "is"]
    } else {
        ["bring", "are"]
    };
    let events = count(copied.events, "event");
    let anew = format!(
        "{events} {brings} `seq` or `chain` of another place, and {is} numbered and chained anew"
    );
    let range = |first: u64, last: u64| {
        if first == last {
            format!("line {first}")
        } else {
            format!("lines {first} to {last}")
        }
    };
    let lines = copied
        .numbers
        .map_or_else(|| "lines".to_owned(), |[first, last]| range(first, last));
    Some(match (copied.chained, copied.head) {
        (Chained::Not(place), _) => format!(
            "warning: {anew}; the `chain` on line {} does not hold behind what stands before it: \
             something was changed or left out",
            place.line.unwrap_or_default()
        ),
        (Chained::FromStart, Some(head)) if copied.numbers.is_some() => {
            format!("note: {anew}; they were {lines} of a log as it was written, head {head}")
        }
        (Chained::FromStart, _) => {
            format!("note: {anew}; they were {lines} of another log, as they were written")
        }
        // The chain of the first holds all before it, and it, and is not to be held without them.
        (Chained::Behind, _) => match copied.numbers {
            Some([first, last]) if first < last => {
                let (seen, was) = (
                    range(first + 1, last),
                    if first + 1 == last {
                        "it was"
                    } else {
                        "they were"
                    },
                );
                format!(
                    "note: {anew}; {seen} of another log as {was} written, line {first} by what is \
                     said there"
                )
            }
            _ => format!(
                "note: {anew}; lines of another log as they were written, the first of them by \
                 what is said there"
            ),
        },
        (Chained::Unseen, _) if copied.numbers.is_some() => {
            format!("note: {anew}; {lines} of another log, by what is said there")
        }
        (Chained::Unseen, _) => format!("note: {anew}"),
    })
}

/// How many days a log may wait for its next event before somebody is asked whether the day of
/// recording is right. (A choice: fifty years.)
const FAR_DAYS: i32 = 18_262;

/// Says that events were recorded long after all others, since nothing can be recorded before them
/// any more.
fn recorded_far(appended: &Appended) -> Option<String> {
    let last = appended.last_recorded?;
    let recorded = appended.records.iter().filter_map(Record::recorded).max()?;
    let happened = appended.records.iter().map(Record::date);
    let newest = happened.max().map_or(last, |day| day.max(last));
    (recorded.days_since(newest) > FAR_DAYS).then(|| {
        format!(
            "warning: recorded on {recorded}, the event before on {last}; nothing can be recorded \
             before {recorded} any more"
        )
    })
}

/// Says which events are dated after the day on which they were recorded, as those of an exercise
/// in the future are.
fn dated_late(records: &[Record]) -> Option<String> {
    let mut late = records.iter().filter_map(|record| {
        let recorded = record.recorded().filter(|day| *day < record.date())?;
        Some((record.id(), record.date(), recorded))
    });
    let (id, date, recorded) = late.next()?;
    let more = match late.count() {
        0 => String::new(),
        more => format!("; {}", so_are(more)),
    };
    let hint = "in an exercise, --recorded gives the day of the game";
    Some(format!(
        "warning: {id} is dated {date}, after {recorded}, the day on which it was recorded{more}; {hint}"
    ))
}
