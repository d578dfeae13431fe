//! Appending: events made in code go into a log of one's own, all or none; what is illegal is
//! refused.
#![expect(clippy::print_stdout, reason = "an example shows what it found")]

use detente::history::{Draft, Recorded, Written};
use detente::model::Act;
use detente::store::{self, Appended, Options};
use std::path::Path;

type Result<T, E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

/// An event between Russia and the United States.
fn event(id: &str, date: &str, act: Act) -> Result<Written<'static>> {
    Ok(Written::of(draft(id, date, act)?)?)
}

fn draft(id: &str, date: &str, act: Act) -> Result<Draft> {
    let parties = vec!["RUS".parse()?, "USA".parse()?];
    Ok(Draft {
        id: Some(id.to_owned()),
        date: Some(date.parse()?),
        source: parties.clone(),
        target: parties,
        act: Some(act),
        ..Draft::default()
    })
}

/// Appends to a log that must have so many events.
fn append(log: &Path, events: &[Written<'_>], version: u64) -> Result<Appended> {
    let options = Options {
        recorded: Recorded::On("2024-06-01".parse()?),
        expect_version: Some(version),
        dry_run: false,
    };
    Ok(store::append(log, events, options)?)
}

fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let log = folder.path().join("log.jsonl");
    let first = event("first-talk", "2024-05-01", Act::Call)?;
    let appended = append(&log, &[first], 0)?;
    println!("version {}, head {}", appended.version, appended.head);
    // Whoever appends with an old version in mind is told so, and nothing is written.
    let late = event("second-talk", "2024-05-20", Act::Call)?;
    match append(&log, &[late], 0) {
        Ok(_) => println!("appended"),
        Err(error) => println!("refused: {error}"),
    }
    Ok(())
}

#[test]
fn what_is_refused_changes_nothing() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let log = folder.path().join("log.jsonl");
    append(&log, &[event("talk", "2024-05-01", Act::Call)?], 0)?;
    let before = std::fs::read(&log)?;
    let refused = append(&log, &[event("other", "2024-05-02", Act::Call)?], 0);
    assert!(refused.is_err());
    // A meeting that was never planned cannot be cancelled.
    let cancelled = Written::of(Draft {
        meeting: Some("summit".to_owned()),
        ..draft("no", "2024-05-02", Act::MeetingCancelled)?
    })?;
    assert!(append(&log, &[cancelled], 1).is_err());
    assert_eq!(std::fs::read(&log)?, before);
    main()
}
