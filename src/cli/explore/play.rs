//! `detente play`: a scenario by hand, in a terminal.

use super::begin::begin;
use super::clock::time_of_day;
use super::folder::Folder;
use crate::cli::args::Play as Arguments;
use crate::cli::terminal::output::{Outcome, Output};
use crate::error::{BadFile, BadValue, Fault, Result};
use crate::explore::{
    Change, Gesture, Session, Way, branch, changes_csv, changes_text, day_text, made, why_text,
};
use crate::history::{Field, fields, rewritten};
use crate::json::PRINTED_MARKS;
use crate::model::{Day, Dyad, nearest};
use crate::store::{Replace, WholeFile};
use serde_json::{Value, json};
use std::io::{BufRead, IsTerminal, Read, stdin};
use std::path::Path;

/// What can be said, and what it does.
const WORDS: [(&str, &str, &str); 22] = [
    ("next", "", "go to the next event or decision"),
    ("back", "", "go to the one before"),
    ("day", "DATE", "go to a day"),
    ("state", "", "say again how things stand"),
    ("follow", "A-B", "look at another two sides"),
    ("choose", "CHANCE OPTION", "let a chance come out one way"),
    ("draw", "CHANCE", "let it be drawn again"),
    ("hold", "ID", "hold this one reaction back; its rule stays"),
    ("drop", "ID", "an event does not happen"),
    ("keep", "ID", "it happens again"),
    ("move", "ID DATE", "it happens on another day"),
    (
        "insert",
        "FIELD=VALUE ...",
        "an event happens, on this day unless date= says another; \
         behind what a chance decided on that day, and only with it",
    ),
    (
        "set",
        "PARAMETER [VALUE]",
        "turn a knob of the model; as in the preset without a value",
    ),
    (
        "because",
        "[TEXT]",
        "say why the last change was made; nothing takes the reason away",
    ),
    ("undo", "", "take the last change back"),
    ("redo", "", "make it again"),
    (
        "changes",
        "[FILE]",
        "list what was done and why, or write it as CSV",
    ),
    ("why", "", "say what the temperature is made of"),
    ("save", "[NAME]", "write the scenario file"),
    ("log", "FILE", "write the branch as a log"),
    ("help", "", "this list"),
    ("quit", "", "end"),
];

/// The longest line, in bytes: an event with many fields is far shorter.
const LINE_BYTES: u64 = 1 << 16;

pub(crate) fn run(arguments: &Arguments, output: &mut Output) -> Result<Outcome> {
    let (mut session, folder) = begin(&arguments.history, false, output)?;
    output.call([session.names()]);
    if let Some(dyad) = arguments.dyad {
        gesture(&mut session, &json!({"follow": dyad.to_string()}), output)?;
    }
    gesture(&mut session, &json!({"play": true}), output)?;
    output.print(day_text(&session, output.look()))?;
    let is_asked = stdin().is_terminal();
    let mut input = stdin().lock();
    let mut outcome = Outcome::Fine;
    loop {
        flush(output)?;
        if is_asked {
            output.ask("> ");
        }
        let mut line = Vec::new();
        let mut limited = (&mut input).take(LINE_BYTES);
        let read = limited.read_until(b'\n', &mut line);
        let read = read.map_err(BadFile::io("read"))?;
        if read == 0 {
            break;
        }
        if read as u64 == LINE_BYTES && !line.ends_with(b"\n") {
            output.line(&format!(
                "A line has {LINE_BYTES} bytes at most; what comes is not read."
            ))?;
            outcome = Outcome::Differs;
            break;
        }
        let Ok(line) = String::from_utf8(line) else {
            output.line("A line that is not UTF-8 says nothing.")?;
            outcome = Outcome::Differs;
            continue;
        };
        let line = line.trim();
        if !is_asked && !line.is_empty() {
            output.line(&format!("> {}", crate::text::shown(line)))?;
        }
        match said(line, &mut session, &folder, output)? {
            Said::Done => {}
            Said::Refused => outcome = Outcome::Differs,
            Said::End => break,
        }
    }
    if session.is_unsaved() {
        output.note("note: there are changes that were not saved");
    }
    // Whoever sits there has seen what was refused.
    Ok(if is_asked { Outcome::Fine } else { outcome })
}

/// What came of a line.
enum Said {
    Done,
    Refused,
    End,
}

fn flush(output: &mut Output) -> Result<()> {
    use std::io::Write;
    output
        .flush()
        .map_err(crate::cli::terminal::output::unwritten)
}

/// Does what a line says.
fn said(line: &str, session: &mut Session, folder: &Folder, output: &mut Output) -> Result<Said> {
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let rest = rest.trim();
    let (first, second) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let second = second.trim();
    if let Some((_, takes, _)) = WORDS.iter().find(|(known, _, _)| *known == word)
        && (rest.split_whitespace().count() as u64) < least(takes)
        && !CHOOSING.contains(&word)
    {
        let says = match example(word, session) {
            Some(example) => format!("`{word}` takes {takes}, as in `{example}`."),
            None => format!("`{word}` takes {takes}; there is nothing now that it would take."),
        };
        return refuse(&says, output);
    }
    let asked = match word {
        "" => return Ok(Said::Done),
        "quit" | "q" => return Ok(Said::End),
        "help" | "?" => {
            for (word, takes, does) in WORDS {
                output.line(&format!("  {:24} {does}", format!("{word} {takes}")))?;
            }
            return Ok(Said::Done);
        }
        "next" | "n" => json!({"event": "on"}),
        "back" | "b" => json!({"event": "back"}),
        "state" => {
            output.print(day_text(session, output.look()))?;
            return Ok(Said::Done);
        }
        "choose" => json!({"change": {"decide": {"chance": first, "option": second}}}),
        "draw" => json!({"change": {"decide": {"chance": rest}}}),
        "hold" => json!({"change": {"hold": rest}}),
        "drop" => json!({"change": {"drop": rest}}),
        "keep" => json!({"change": {"keep": rest}}),
        "follow" | "day" | "move" | "insert" => match read(word, rest, session) {
            Ok(asked) => asked,
            Err(says) => return refuse(&says, output),
        },
        "set" => json!({"change": {"set": {"name": first, "value": second}}}),
        "because" => json!({"because": rest}),
        "undo" => json!("undo"),
        "redo" => json!("redo"),
        "changes" if !rest.is_empty() => {
            let table = changes_csv(session);
            return write(rest, table.as_bytes(), "The list of changes", output);
        }
        "changes" => {
            output.print(changes_text(session))?;
            return Ok(Said::Done);
        }
        "why" => {
            output.print(why_text(session, output.look())?)?;
            return Ok(Said::Done);
        }
        "save" => {
            if let Err(says) = session.check() {
                return refuse(&says, output);
            }
            let name = if rest.is_empty() {
                session.name().to_owned()
            } else {
                rest.to_owned()
            };
            return match folder.save(session, &name) {
                Ok(name) => {
                    output.line(&format!("Saved as {name}."))?;
                    if session.has_reasons() {
                        let says = "Reasons are not in it; `changes FILE.csv` writes them down.";
                        output.line(says)?;
                    }
                    Ok(Said::Done)
                }
                Err(says) => refuse(&says, output),
            };
        }
        "log" if !rest.is_empty() => {
            return write_branch(rest, session, output);
        }
        _ => {
            let near = nearest(word, WORDS.iter().map(|(word, _, _)| *word));
            let near = near.map_or_else(
                || ";".to_owned(),
                |near| format!("; did you mean `{near}`?"),
            );
            let says = format!(
                "`{}` is not known{near} `help` lists what is.",
                crate::text::shown(word)
            );
            return refuse(&says, output);
        }
    };
    gesture(session, &asked, output)
}

/// The gesture of a word whose dyad, day or fields are read here already.
fn read(word: &str, rest: &str, session: &Session) -> Result<Value, String> {
    Ok(match word {
        "follow" => json!({ "follow": dyad(rest, session)? }),
        "day" => json!({ "look": day(rest)? }),
        "move" => {
            let (event, to) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            json!({"change": {"move": {"event": event, "to": day(to.trim())?}}})
        }
        _ => json!({"change": {"write": {"cells": cells(rest, session)?}}}),
    })
}

fn refuse(says: &str, output: &mut Output) -> Result<Said> {
    output.line(says)?;
    Ok(Said::Refused)
}

/// Words that say themselves which choices there are.
const CHOOSING: [&str; 2] = ["choose", "draw"];

/// How many words have to follow, of what one takes: what is in brackets or as many as one likes
/// need not.
fn least(takes: &str) -> u64 {
    let words = takes.split_whitespace();
    words
        .filter(|it| !it.starts_with('[') && *it != "...")
        .count() as u64
}

/// An example of what can be said, about the sides, the day and the last event that are looked at.
fn example(word: &str, session: &Session) -> Option<String> {
    let day = session.today();
    let [first, second] = match session.looked_dyad() {
        Some(dyad) => dyad.sides().map(|side| side.code().to_owned()),
        None => ["RUS", "USA"].map(str::to_owned),
    };
    let event = match word {
        "hold" => session.last_event(Change::Hold),
        "keep" => session.last_event(Change::Keep),
        "move" => session.last_event(|event| Change::Move { event, to: day }),
        _ => session.last_event(Change::Drop),
    };
    Some(match word {
        "day" => format!("day {day}"),
        "follow" => format!("follow {first}-{second}"),
        "move" => format!("move {} {day}", event?),
        "insert" => format!(
            "insert act=statement source={first} target={second} tone=critical title=\"A word\""
        ),
        "set" => "set half_life_words_days 60".to_owned(),
        "log" => "log branch.jsonl".to_owned(),
        _ => format!("{word} {}", event?),
    })
}

/// Writes what is handed on into a new file.
fn write(name: &str, bytes: &[u8], what: &str, output: &mut Output) -> Result<Said> {
    match WholeFile::write(Path::new(name), Replace::Never, bytes) {
        Ok(()) => {
            let name = crate::text::shown(name);
            output.line(&format!("{what} was saved as {name}."))?;
            Ok(Said::Done)
        }
        Err(error) => refuse(&error.to_string(), output),
    }
}

fn write_branch(name: &str, session: &Session, output: &mut Output) -> Result<Said> {
    match branch(session) {
        Ok(bytes) => write(name, &bytes, "The branch", output),
        Err(says) => refuse(&says, output),
    }
}

/// Makes a gesture, and tells what came of it.
fn gesture(session: &mut Session, asked: &Value, output: &mut Output) -> Result<Said> {
    let asked = match serde_json::from_value::<Gesture>(asked.clone()) {
        Ok(asked) => asked,
        Err(error) => {
            let says = error.to_string();
            let stop = if says.ends_with('?') { "" } else { "." };
            return refuse(&format!("{says}{stop}"), output);
        }
    };
    session.clock(time_of_day());
    let before = session.today();
    let told = made(session, &asked);
    for trouble in &told.troubles {
        output.line(trouble)?;
    }
    if !told.troubles.is_empty() {
        return Ok(Said::Refused);
    }
    // Where one stays, or comes to another day than was asked for, that is said.
    let today = session.today();
    let is_said = match &asked {
        Gesture::Event(_) if today == before => {
            output.line(&told.says)?;
            return Ok(Said::Done);
        }
        Gesture::Look(day) => *day != today,
        Gesture::Event(Way::On) => today == session.last_day(),
        _ => false,
    };
    if is_said {
        output.line(&crate::text::shown(&told.says))?;
    }
    let goes = matches!(
        asked,
        Gesture::Event(_) | Gesture::Look(_) | Gesture::Follow(_)
    );
    if goes {
        output.line("")?;
        output.print(day_text(session, output.look()))?;
    } else if !told.says.is_empty() {
        output.line(&crate::text::shown(&told.says))?;
    }
    Ok(Said::Done)
}

/// The dyad of two codes, or of two names as they are shown. What is neither stays as it is.
fn dyad(text: &str, session: &Session) -> Result<String, String> {
    if text.parse::<Dyad>().is_ok() {
        return Ok(text.to_owned());
    }
    let dyads: Vec<_> = session
        .called()
        .dyads(text)
        .iter()
        .map(Dyad::to_string)
        .collect();
    match &dyads[..] {
        [] => Ok(text.to_owned()),
        [only] => Ok(only.clone()),
        several => Err(format!(
            "“{}” may be {}; say it by codes.",
            crate::text::shown(text),
            several.join(" or ")
        )),
    }
}

/// A day as it was said, unless it is another notation of one. What is none stays as it is, and is
/// refused where it is read.
fn day(text: &str) -> Result<&str, String> {
    let meant = rewritten(text);
    if meant.is_empty() || text.parse::<Day>().is_ok() {
        return Ok(text);
    }
    let found = text.to_owned();
    let fault = Fault::from(BadValue::OtherDate { found, meant });
    Err(format!("{fault}."))
}

/// The fields of an event that are written as `field=value`, a value of several words between
/// quotes.
fn cells(text: &str, session: &Session) -> Result<Value, String> {
    let fields = fields();
    let mut cells = serde_json::Map::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let Some((field, behind)) = rest.split_once('=') else {
            return Err(format!(
                "“{}” is no field with its value, such as act=call or title=\"A word\".",
                crate::text::shown(rest)
            ));
        };
        let field = field.trim();
        if !fields.iter().any(|known| known.name == field) {
            return Err(no_field(field, &fields));
        }
        if let Some(printed) = behind.strip_prefix(PRINTED_MARKS)
            && let Some(end) = printed.find(PRINTED_MARKS)
        {
            return Err(format!(
                "The quotation marks around a value are \", as in {field}=\"{}\".",
                crate::text::shown(&printed[..end])
            ));
        }
        let (value, behind) = match behind.strip_prefix('"') {
            Some(quoted) => quoted
                .split_once('"')
                .ok_or_else(|| "A quotation mark is missing.".to_owned())?,
            None => behind
                .split_once(char::is_whitespace)
                .unwrap_or((behind, "")),
        };
        cells.insert(field.to_owned(), Value::from(value));
        rest = behind.trim_start();
    }
    let today = || Value::from(session.today().to_string());
    cells.entry("date").or_insert_with(today);
    Ok(Value::Object(cells))
}

/// What stands where a field is expected and is none: it may be mistyped, or belong to the value
/// before it.
fn no_field(found: &str, fields: &[Field]) -> String {
    let said = crate::text::shown(found);
    if found.contains(char::is_whitespace) {
        return format!(
            "“{said}” is no field. A value of several words stands between quotation marks, such as \
             title=\"A word\"."
        );
    }
    let near = nearest(found, fields.iter().map(|field| field.name.as_str()));
    let near = near.map_or_else(
        || "; `detente log template` writes all that there are.".to_owned(),
        |near| format!("; did you mean `{near}`?"),
    );
    format!("`{said}` is no field of an event{near}")
}
