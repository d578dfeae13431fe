//! What the commands share that write to a log: its path, the day of recording, and what was done.

use crate::cli::terminal::output::{Outcome, Output};
use crate::error::{BadFile, BadLog, Error, Result};
use crate::history::{Record, Recorded, shipped};
use crate::model::Day;
use crate::store::Appended;
use crate::text::count;
use std::path::Path;

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
fn today() -> Result<Day> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let days = since
        .ok()
        .and_then(|since| i32::try_from(since.as_secs() / 86_400).ok());
    days.and_then(|days| Day::EPOCH.plus_days(days))
        .ok_or_else(|| BadFile::NoClock.into())
}

/// Says what was appended, or would be.
pub(super) fn tell(
    appended: &Appended,
    name: &str,
    is_dry: bool,
    output: &mut Output,
) -> Result<Outcome> {
    if let Some(torn) = &appended.torn {
        output.note(&format!(
            "note: a torn last line of {name} was moved to {}",
            torn.display()
        ));
    }
    for id in &appended.already_there {
        output.note(&format!("note: {id} is in {name} already"));
    }
    let is_early = |record: &&Record| record.recorded().is_some_and(|day| day < record.date());
    for record in appended.records.iter().filter(is_early) {
        let recorded = record.recorded().unwrap_or(record.date());
        output.note(&format!(
            "warning: {} is dated {}, after {recorded}, the day on which it was recorded",
            record.id(),
            record.date()
        ));
    }
    for record in &appended.records {
        let seq = record.seq().unwrap_or_default();
        let what = match record.fields().retracts.as_deref() {
            Some(retracted) if is_dry => format!("would retract {retracted}"),
            Some(retracted) => format!("retracted {retracted}"),
            None if is_dry => format!("would be appended: {}", record.id()),
            None => format!("appended {}", record.id()),
        };
        output.line(&format!("{seq} {what}"))?;
    }
    let Appended { version, head, .. } = appended;
    let would = if is_dry { "would have " } else { "" };
    output.line(&format!(
        "{name}: {would}{}, head {head}",
        count(*version, "event")
    ))?;
    if is_dry {
        output.note("note: nothing was written");
    }
    Ok(Outcome::Fine)
}
