//! What befalls logs that nobody has tampered with: line ends that git changes, a mark that an
//! editor puts before the first line, JSON that another program has written anew. The chain breaks,
//! and holds again without it.

use crate::error::{BadLog, Error, Fault, Kind, Place};
use crate::history::{Chain, Scope, Source, Writer, parts, read_line, survey};
use crate::store::Log;
use serde_json::Value;
use std::io::Read;
use std::ops::Range;
use std::path::Path;

/// The longest log that is looked at, in bytes: it is held three times.
const LONGEST: u64 = 64 << 20;

/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// What has befallen a log whose chain does not hold, if it holds without that; told where the log
/// first shows it.
pub(crate) fn accident(log: &Log, shown_by: &Error) -> Option<Error> {
    let kind = befallen(log)?.into();
    let place = shown_by.faults().first().map(|fault| Place {
        excerpt: None,
        ..fault.place.clone()
    });
    let place = place.unwrap_or_default();
    Error::check(vec![Fault { place, kind }], 1).err()
}

/// What any command has found in one log, or, where something has befallen the log from which that
/// follows, this.
pub(crate) fn explained(error: Error) -> Error {
    let [first, others @ ..] = error.faults() else {
        return error;
    };
    let is_of_one = others.iter().all(|it| it.place.file == first.place.file);
    let may_be = match &first.kind {
        Kind::Log(bad) => !matches!(bad, BadLog::Accident { .. }),
        Kind::Json(_) => true,
        _ => false,
    };
    let path = first.place.file.as_deref().map(Path::new);
    // A pipe was read, and has nothing more.
    let path = path.filter(|path| is_of_one && may_be && path.is_file());
    let found = path.and_then(|path| {
        let log = Log::open(path).ok()?;
        let is_whole = survey(&log, Scope::default(), |_, _| {}).is_ok();
        (!is_whole).then(|| accident(&log, &error)).flatten()
    });
    found.unwrap_or(error)
}

fn befallen(log: &Log) -> Option<BadLog> {
    let mut bytes = Vec::new();
    let mut input = log.open().ok()?.take(LONGEST + 1);
    input.read_to_end(&mut bytes).ok()?;
    if bytes.len() as u64 > LONGEST {
        return None;
    }
    let unmarked = bytes.strip_prefix(MARK);
    let has_mark = unmarked.is_some();
    let (plain, has_returns) = with_line_feeds(unmarked.unwrap_or(&bytes));
    let (plain, has_blanks) = without_blank_lines(&plain);
    if (has_mark || has_returns || has_blanks)
        && survey(&plain[..], Scope::default(), |_, _| {}).is_ok()
    {
        return Some(of_bytes(has_mark, has_returns, has_blanks));
    }
    is_written_anew(&plain).then_some(BadLog::Accident {
        says: "its events are as they were, but another program has written its lines anew, with other spaces or another order of fields; as they were written first the chain holds",
        help: "take the log from where it was copied, and copy it byte for byte",
    })
}

const fn of_bytes(has_mark: bool, has_returns: bool, has_blanks: bool) -> BadLog {
    let (says, help) = match (has_mark, has_returns, has_blanks) {
        (_, false, false) => (
            "a byte order mark stands before its first line; without it the chain holds",
            "save it as UTF-8 without a mark: tail -c +4 LOG > NEW",
        ),
        (false, true, false) => (
            "its lines end in CRLF (git core.autocrlf?); with line feeds the chain holds",
            "tr -d '\\r' < LOG > NEW takes them out; the line `*.jsonl -text` in .gitattributes keeps git from putting them in",
        ),
        (true, true, false) => (
            "a byte order mark stands before its first line and its lines end in CRLF; with line feeds and without the mark the chain holds",
            "tail -c +4 LOG | tr -d '\\r' > NEW; the line `*.jsonl -text` in .gitattributes keeps git from changing it",
        ),
        (false, false, true) => (
            "it has lines with nothing in them; without these the chain holds",
            "sed '/^$/d' LOG > NEW takes them out",
        ),
        (false, true, true) => (
            "it has lines with nothing in them and its lines end in CRLF; with line feeds and without these the chain holds",
            "tr -d '\\r' < LOG | sed '/^$/d' > NEW",
        ),
        (true, _, true) => (
            "a byte order mark stands before its first line and it has lines with nothing in them; without these and with line feeds the chain holds",
            "tail -c +4 LOG | tr -d '\\r' | sed '/^$/d' > NEW",
        ),
    };
    BadLog::Accident { says, help }
}

/// The bytes with line feeds at the ends of lines, and whether carriage returns stood before any.
fn with_line_feeds(bytes: &[u8]) -> (Vec<u8>, bool) {
    let mut plain = Vec::with_capacity(bytes.len());
    for (place, &byte) in bytes.iter().enumerate() {
        if byte != b'\r' || bytes.get(place + 1) != Some(&b'\n') {
            plain.push(byte);
        }
    }
    let has_returns = plain.len() < bytes.len();
    (plain, has_returns)
}

/// The lines that have something in them, and whether there were others.
fn without_blank_lines(bytes: &[u8]) -> (Vec<u8>, bool) {
    let lines = bytes.split_inclusive(|&byte| byte == b'\n');
    let plain = lines
        .filter(|&line| line != b"\n")
        .collect::<Vec<_>>()
        .concat();
    let has_blanks = plain.len() < bytes.len();
    (plain, has_blanks)
}

/// Whether each event, written as this program writes it, has the chain that stands in it.
fn is_written_anew(bytes: &[u8]) -> bool {
    let text = str::from_utf8(bytes).unwrap_or_default();
    let events: Result<Vec<_>, _> = parts(text).into_iter().collect();
    let events = events.unwrap_or_default();
    let mut writer = Writer::after(Chain::START);
    let mut line = Vec::new();
    let has_its_chain = |place: &Range<usize>| {
        let event = &text[place.clone()];
        let given = serde_json::from_str::<Value>(event).ok();
        let given = given.as_ref().and_then(|event| event["chain"].as_str());
        let given = given.and_then(|chain| chain.parse::<Chain>().ok());
        let Ok(record) = read_line(event.as_bytes(), 1) else {
            return false;
        };
        let (Some(seq), Some(recorded)) = (record.seq(), record.recorded()) else {
            return false;
        };
        line.clear();
        // Without its chain, which the writer makes.
        let written = writer.write(&record.placed(seq, recorded), &mut line);
        written.is_ok() && given == Some(writer.head())
    };
    !events.is_empty() && events.iter().all(has_its_chain)
}
