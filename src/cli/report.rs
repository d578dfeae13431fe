//! Errors for people: file, line and column, the line itself with what is wrong in it, and what may help.

use super::args::Color;
use super::output::choice;
use crate::error::{Error, Fault, Place};
use crate::text::shown;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use anstream::AutoStream;
use std::io::{Write, stderr};

/// Prints an error on standard error.
pub(crate) fn print(error: &Error, color: Color) {
    let mut to = AutoStream::new(stderr(), choice(color));
    // There is nowhere left to say that this cannot be printed.
    let _ = write!(to, "{}", text(error));
    let _ = to.flush();
}

fn text(error: &Error) -> String {
    let mut text = String::new();
    for fault in error.faults() {
        text.push_str(&Renderer::styled().render(&[group(fault)]));
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

fn group(fault: &Fault) -> Group<'_> {
    let Place {
        file,
        line,
        column,
        excerpt,
    } = &fault.place;
    let title = Level::ERROR.primary_title(fault.kind.to_string());
    let file = file.as_deref().map(shown);
    let mut group = match (excerpt, line) {
        (Some(excerpt), Some(line)) => {
            let (text, span) = safe(&excerpt.text, excerpt.span.clone());
            // The excerpt may begin within its line, so its place is told apart from it.
            let mut snippet = Snippet::source(text)
                .line_start(*line as usize)
                .annotation(AnnotationKind::Primary.span(span));
            if let Some(file) = file {
                let column = column.unwrap_or(1);
                let is_cut = excerpt.text.starts_with('…');
                let place = if is_cut {
                    format!("{file}:{line}:{column}")
                } else {
                    file
                };
                snippet = snippet.path(place);
            }
            title.element(snippet)
        }
        (_, line) => match file {
            Some(file) => {
                let mut origin = Origin::path(file);
                if let Some(line) = line {
                    origin = origin.line(*line as usize);
                }
                title.element(origin)
            }
            None => Group::with_title(title),
        },
    };
    if let Some(help) = fault.kind.help() {
        group = group.element(Level::HELP.message(help));
    }
    group
}

/// An excerpt without characters that could act on a terminal, and where its span is then.
fn safe(text: &str, span: std::ops::Range<usize>) -> (String, std::ops::Range<usize>) {
    let part = |range: std::ops::Range<usize>| shown(text.get(range).unwrap_or_default());
    let before = part(0..span.start);
    let wrong = part(span.start..span.end);
    let after = part(span.end..text.len());
    let span = before.len()..before.len() + wrong.len();
    (format!("{before}{wrong}{after}"), span)
}
