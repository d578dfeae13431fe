//! Errors for people: file, line and column, the line itself with what is wrong in it, and what may
//! help.

use super::advice::{help, title};
use super::output::{Output, choice};
use crate::cli::args::Color;
use crate::error::{Error, Fault, Place};
use crate::text::shown;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use anstream::AutoStream;
use std::io::{Write, stderr};

/// Prints an error on standard error.
pub(crate) fn print(error: &Error, color: Color) {
    let mut to = AutoStream::new(stderr(), choice(color));
    // There is nowhere left to say that this cannot be printed.
    let _ = write!(to, "{}", text(error, &Renderer::styled(), &Level::ERROR));
    let _ = to.flush();
}

/// Tells what is doubtful about something that is used all the same: with its place, as errors are.
pub(crate) fn doubt(doubts: &Error, output: &mut Output) {
    let renderer = match output.color() {
        Color::Never => Renderer::plain(),
        Color::Auto | Color::Always => Renderer::styled(),
    };
    output.note_in_colours(text(doubts, &renderer, &Level::WARNING).trim_end());
}

/// One thing that is wrong, as other programs take it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The file, as it was named.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: Option<u64>,
    /// The column, from 1, in characters.
    pub column: Option<u64>,
    /// What is wrong.
    pub message: String,
    /// What may help.
    pub help: Option<String>,
}

/// Everything that is wrong, each with its place.
#[must_use]
pub fn diagnostics(error: &Error) -> Vec<Diagnostic> {
    let told = |fault: &Fault| {
        let first = Diagnostic {
            file: fault.place.file.clone(),
            line: fault.place.line,
            column: fault.place.column,
            message: title(&fault.kind),
            help: help(fault),
        };
        let other = |line| Diagnostic {
            line: Some(line),
            column: None,
            ..first.clone()
        };
        let others: Vec<_> = fault.place.also.iter().map(other).collect();
        [vec![first], others].concat()
    };
    error.faults().iter().flat_map(told).collect()
}

/// An error as it is printed on a terminal, without colours.
#[must_use]
pub fn plain(error: &Error) -> String {
    text(error, &Renderer::plain(), &Level::ERROR)
}

fn text(error: &Error, renderer: &Renderer, level: &Level<'static>) -> String {
    let mut text = String::new();
    for fault in error.faults() {
        text.push_str(&renderer.render(&[group(fault, level.clone())]));
        text.push_str("\n\n");
    }
    match error.untold() {
        0 => {
            text.pop();
        }
        more => text.extend(["and ", &more.to_string(), " more\n"]),
    }
    text
}

fn group<'f>(fault: &'f Fault, level: Level<'static>) -> Group<'f> {
    let Place {
        file,
        line,
        column,
        excerpt,
        also,
    } = &fault.place;
    let mut group = Group::with_title(level.primary_title(title(&fault.kind)));
    let file = file.as_deref().map(shown);
    let mut snippet = excerpt.as_ref().zip(*line).map(|(excerpt, line)| {
        let (text, span) = safe(&excerpt.text, excerpt.span.clone());
        let marked = AnnotationKind::Primary.span(span);
        Snippet::source(text)
            .line_start(line as usize)
            .annotation(marked)
    });
    // Where characters are escaped, the columns of what is shown are not those of the line.
    let is_whole_line = excerpt.as_ref().is_some_and(|excerpt| {
        !excerpt.is_cut && blank(&excerpt.text) == shown(&blank(&excerpt.text))
    });
    if let Some(file) = file {
        if is_whole_line {
            snippet = snippet.map(|snippet| snippet.path(file));
        } else {
            let mut origin = Origin::path(file);
            if let Some(line) = line {
                origin = origin.line(*line as usize);
            }
            // Counted from the start of the line, where the excerpt does not begin.
            if let Some(column) = column {
                origin = origin.char_column(*column as usize);
            }
            group = group.element(origin);
        }
    }
    group = group.elements(snippet);
    if let Some(help) = help(fault) {
        group = group.element(Level::HELP.message(help));
    }
    if let Some(also) = also.told() {
        group = group.element(Level::NOTE.message(also));
    }
    group
}

/// A text with a blank for each tab, so that columns stay what they are.
fn blank(text: &str) -> String {
    text.replace('\t', " ")
}

/// An excerpt without characters that could act on a terminal, and where its span is then.
fn safe(text: &str, span: std::ops::Range<usize>) -> (String, std::ops::Range<usize>) {
    let part = |range: std::ops::Range<usize>| shown(&blank(text.get(range).unwrap_or_default()));
    let before = part(0..span.start);
    let wrong = part(span.start..span.end);
    let after = part(span.end..text.len());
    let span = before.len()..before.len() + wrong.len();
    (format!("{before}{wrong}{after}"), span)
}
