//! A record read slowly, with everything that is wrong with it and where.

use super::draft::{Draft, FORMAT_VERSION};
use super::form::{self, Misfit};
use super::record::Record;
use crate::error::{BadEvent, BadLog, Fault, Kind, Place};
use crate::json::{self, Dialect, Flaw, Span, Tree, What};
use crate::model::nearest;
use std::ops::Range;

/// A part of a text that holds one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    /// The whole text.
    pub(super) whole: &'a str,
    /// The bytes of it that hold the record.
    pub(in crate::history) range: Range<usize>,
    /// The line of its file on which the whole text begins.
    pub(super) first_line: u64,
}

impl<'a> Piece<'a> {
    pub(in crate::history) fn text(&self) -> &'a str {
        self.whole.get(self.range.clone()).unwrap_or_default()
    }

    /// Where some bytes of the piece stand.
    pub(in crate::history) fn place(&self, span: Span) -> Place {
        let Span { start, end } = span;
        let offset = self.range.start;
        let span = Span {
            start: start + offset,
            end: end + offset,
        };
        Place::of(self.whole, self.first_line, span)
    }

    fn fault(&self, span: Span, kind: Kind) -> Fault {
        let [start, end] = [span.start, span.end].map(|at| at + self.range.start);
        Fault::at(self.whole, self.first_line, Span { start, end }, kind)
    }

    /// Reads the record. Of a newer format, only that is said.
    ///
    /// What is only wrong because something else is, is not told, and no more than `limit`.
    pub(in crate::history) fn read(&self, limit: usize) -> Result<Record, Vec<Fault>> {
        record_of(self.text()).map_err(|flaws| {
            let mut flaws = flaws;
            flaws.sort_by_key(|(span, _)| span.start);
            let told = flaws.into_iter().take(limit);
            told.map(|(span, kind)| self.fault(span, kind)).collect()
        })
    }
}

/// The record that a text holds, or everything that is wrong with it and the bytes that are.
pub(in crate::history) fn record_of(text: &str) -> Result<Record, Vec<(Span, Kind)>> {
    let reading = json::read::<Draft>(text, Dialect::Strict);
    let tree = &reading.tree;
    if let Some(found) = version(text).filter(|found| *found > FORMAT_VERSION) {
        let known = FORMAT_VERSION;
        let span = tree.value(&["v".into()]).unwrap_or_else(|| opening(tree));
        return Err(vec![(span, BadLog::NewerFormat { found, known }.into())]);
    }
    let misfits = match reading.value.map(form::check) {
        Some(Ok(record)) if reading.flaws.is_empty() => return Ok(record),
        Some(Err(misfits)) => misfits,
        Some(Ok(_)) | None => Vec::new(),
    };
    let misfits = misfits
        .into_iter()
        .filter(|misfit| !follows(misfit, &reading.flaws, tree));
    let misfits = misfits.map(|misfit| (span_of(&misfit, tree), misfit.kind));
    let flaws = reading.flaws.iter();
    let flaws = flaws.map(|flaw| (flaw.span, Kind::Json(flaw.what.clone())));
    let mut all: Vec<_> = flaws.chain(misfits).collect();
    if all.is_empty() {
        // The quick reader refused what this one takes; the record is refused all the same.
        let message = serde_json::from_str::<Draft>(text)
            .map_or_else(|error| error.to_string(), |_| "not an event".to_owned());
        all.push((opening(tree), Kind::Json(What::Syntax { message })));
    }
    Err(all)
}

/// Bytes as text, or where they are none.
pub(super) fn utf8(bytes: &[u8], first_line: u64) -> Result<&str, Box<Fault>> {
    std::str::from_utf8(bytes).map_err(|error| Box::new(Fault::not_utf8(bytes, first_line, error)))
}

/// The format version that a text says it is of, whatever else it holds.
fn version(text: &str) -> Option<u32> {
    #[derive(serde::Deserialize)]
    struct Version {
        v: Option<u32>,
    }
    serde_json::from_str::<Version>(text).ok()?.v
}

/// The opening brace of the record: the rest of it may run over many lines.
fn opening(tree: &Tree) -> Span {
    let start = tree.value(&[]).map_or(0, |span| span.start);
    Span {
        start,
        end: start + 1,
    }
}

/// Whether a misfit is only the consequence of a flaw: of a value that was left out since it is
/// bad, or of a name that is misspelt.
fn follows(misfit: &Misfit, flaws: &[Flaw], tree: &Tree) -> bool {
    let fields: &[&str] = match &misfit.kind {
        Kind::Event(BadEvent::MissingField { field, .. }) => &[field],
        Kind::Event(BadEvent::NeedsOther { others, .. }) => others,
        Kind::Event(BadEvent::NotMutual { .. } | BadEvent::Itself { .. }) => &["source", "target"],
        _ => return false,
    };
    let is_bad = |field: &str| {
        tree.value(&[field.into()]).is_some_and(|value| {
            let within =
                |flaw: &&Flaw| value.start <= flaw.span.start && flaw.span.end <= value.end;
            flaws.iter().any(|flaw| within(&flaw))
        })
    };
    let is_misspelt = |field: &str| {
        flaws.iter().any(|flaw| match &flaw.what {
            What::UnknownKey { found, expected } => {
                nearest(found, expected.iter().map(String::as_str)) == Some(field)
            }
            _ => false,
        })
    };
    fields
        .iter()
        .any(|field| is_bad(field) || is_misspelt(field))
}

/// The bytes that a misfit is about: a field that should not be there by its key, anything else by
/// its value.
fn span_of(misfit: &Misfit, tree: &Tree) -> Span {
    let Misfit { path, kind } = misfit;
    let found = match kind {
        Kind::Event(BadEvent::ForeignField { .. }) => tree.key(path),
        _ if path.is_empty() => None,
        _ => tree.value(path),
    };
    found.unwrap_or_else(|| opening(tree))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is wrong with a text that should hold a record: the bytes that are, and of what sort.
    fn wrong(text: &str) -> Vec<(&str, String)> {
        let told = |(span, kind): (Span, Kind)| {
            let kind = format!("{kind:?}");
            // As in `Event(MissingField { … })`.
            let word = kind.split(|byte: char| !byte.is_alphanumeric()).nth(1);
            (
                &text[span.start..span.end],
                word.unwrap_or_default().to_owned(),
            )
        };
        record_of(text)
            .err()
            .into_iter()
            .flatten()
            .map(told)
            .collect()
    }

    #[track_caller]
    fn each(cases: &[(&str, &[(&str, &str)])]) {
        let mut mistakes = Vec::new();
        for (text, expected) in cases {
            let text = text.replace('\'', "\"");
            let found = wrong(&text);
            let found: Vec<_> = found.iter().map(|(at, kind)| (*at, &kind[..])).collect();
            let expected: Vec<_> = expected
                .iter()
                .map(|(at, kind)| (at.replace('\'', "\""), *kind))
                .collect();
            let expected: Vec<_> = expected.iter().map(|(at, kind)| (&at[..], *kind)).collect();
            if found != expected {
                mistakes.push(format!("{text}: {found:?}"));
            }
        }
        assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
    }

    #[test]
    fn what_is_wrong_is_told_where_it_stands_and_what_only_follows_from_it_is_not() {
        each(&[
            (
                "{'id':'a','date':'2031-01-01','source':['XBL'],'target':['XRL'],'act':'call'}",
                &[],
            ),
            (
                "{'v':1,'id':'a','date':'2031-01-01','source':['XBL'],'target':['XRL'],'act':'call'}",
                &[],
            ),
            // Of a newer format only that is told.
            ("{'v':2,'id':'a','more':7}", &[("2", "NewerFormat")]),
            (
                " {'id':'a','source':['XBL'],'target':['XRL'],'act':'call'}",
                &[("{", "MissingField")],
            ),
            // The date is there, but bad; or it is misspelt.
            (
                "{'id':'a','date':'soon','source':['XBL'],'target':['XRL'],'act':'call'}",
                &[("'soon'", "Invalid")],
            ),
            (
                "{'id':'a','dates':'2031-01-01','source':['XBL'],'target':['XRL'],'act':'call'}",
                &[("'dates'", "UnknownKey")],
            ),
            (
                "{'id':'a','colour':'red','source':['XBL'],'target':['XRL'],'act':'call'}",
                &[("'colour'", "UnknownKey"), ("{", "MissingField")],
            ),
            // A field of another act by its key, other values by themselves.
            (
                "{'id':'a','date':'2031-01-01','source':['XBL'],'target':['XRL'],'act':'call','retracts':'b'}",
                &[("'retracts'", "ForeignField")],
            ),
            (
                "{'id':'9','date':'2031-01-01','source':['XBL'],'target':['XRL'],'act':'call'}",
                &[("'9'", "Name")],
            ),
            (
                "{'id':'a','date':'2031-01-01','source':['XBL'],'target':['XBL'],'act':'letter'}",
                &[("['XBL']", "Itself")],
            ),
            (
                "{'id':'a','date':'2031-01-01','source':['XBL'],'target':['XBL'],'act':'letter','colour':'red'}",
                &[("'colour'", "UnknownKey"), ("['XBL']", "Itself")],
            ),
            // A weight needs a reason only where it is an impact.
            (
                "{'id':'a','date':'2031-01-01','source':['XBL'],'act':'statement','impact':1.5}",
                &[("1.5", "NeedsOther")],
            ),
            (
                "{'id':'a','date':'2031-01-01','source':['XBL'],'act':'statement','impact':1.5,'reason':7}",
                &[("7", "WrongType")],
            ),
        ]);
    }

    #[test]
    fn a_piece_is_told_by_the_lines_of_its_whole() {
        let line = r#"{"id":"9","date":"soon","act":"call"}"#;
        let whole = format!("one\ntwo {line}\nthree");
        let piece = Piece {
            whole: &whole,
            range: 8..8 + line.len(),
            first_line: 11,
        };
        assert_eq!(piece.text(), line);
        let at = |place: &Place| (place.line.unwrap(), place.column.unwrap());
        let of_id = Span { start: 6, end: 9 };
        assert_eq!(at(&piece.place(of_id)), (12, 11));
        let told = |limit| {
            let faults = piece.read(limit).unwrap_err();
            faults
                .iter()
                .map(|fault| at(&fault.place))
                .collect::<Vec<_>>()
        };
        let all = told(9);
        assert!(all.is_sorted() && all.len() > 2, "{all:?}");
        assert!(
            all.contains(&(12, 11)) && all.contains(&(12, 22)),
            "{all:?}"
        );
        assert_eq!(told(2), all[..2]);
    }
}
