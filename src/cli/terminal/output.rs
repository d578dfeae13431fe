//! Standard output and the notes beside it on standard error.

use crate::cli::args::Color;
use crate::error::{BadFile, Error, Result};
use crate::history::Names;
use crate::json::{in_lines, write_in_lines};
use crate::store::taken_away;
use crate::text::{abridged, shown, shown_in_json, shown_in_lines};
use crate::view::Look;
use anstream::{AutoStream, ColorChoice};
use std::io::{self, IsTerminal, Stderr, Stdout, Write, stderr, stdout};
use std::ops::RangeInclusive;
use std::sync::{Mutex, PoisonError};

/// The width of tables where the output is no terminal, in columns.
const PIPE_WIDTH: u16 = 100;
/// How many bytes are gathered before they are written.
const BUFFER_BYTES: usize = 1 << 16;
/// The narrowest and the widest table on a terminal, in columns.
const WIDTHS: RangeInclusive<u16> = 80..=160;
/// The width of charts where the output is no terminal, in columns.
const CHART_PIPE_WIDTH: u16 = 80;
/// The narrowest and the widest chart on a terminal, in columns.
const CHART_WIDTHS: RangeInclusive<u16> = 40..=160;

/// Where data goes, buffered, byte for byte; what is to have no colours is made without.
pub(crate) struct Output {
    color: Color,
    out: Sink<Stdout>,
    colours: bool,
    buffer: Vec<u8>,
    /// Whether somebody looks at the data as they come.
    is_terminal: bool,
    /// The beginning of a character whose end has not been written yet.
    pending: Vec<u8>,
    /// Whether nothing more is written, since it cannot be.
    is_gone: bool,
    notes: Sink<AutoStream<Stderr>>,
    names: &'static Names,
    /// What a command has found wrong and goes on, for whoever called it.
    found: Option<Error>,
}

/// Where bytes go in the end: out of the process, or into memory.
enum Sink<W> {
    Process(W),
    Memory(Vec<u8>),
}

impl<W: Write> Write for Sink<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Process(out) => out.write(bytes),
            Self::Memory(kept) => kept.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Process(out) => out.flush(),
            Self::Memory(_) => Ok(()),
        }
    }
}

/// What was written into memory.
pub(crate) struct Kept {
    pub(crate) data: Vec<u8>,
    pub(crate) notes: String,
    pub(crate) found: Option<Error>,
}

pub(crate) const fn choice(color: Color) -> ColorChoice {
    match color {
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::AlwaysAnsi,
        Color::Never => ColorChoice::Never,
    }
}

impl Output {
    pub(crate) fn new(color: Color) -> Self {
        let out = match color {
            Color::Auto => AutoStream::choice(&stdout()),
            Color::Always | Color::Never => choice(color),
        };
        if color == Color::Always {
            // Tables would ask the environment again.
            crossterm::style::force_color_output(true);
        }
        Self {
            color,
            out: Sink::Process(stdout()),
            colours: out != ColorChoice::Never,
            is_terminal: stdout().is_terminal(),
            notes: Sink::Process(AutoStream::new(stderr(), choice(color))),
            ..Self::kept()
        }
    }

    /// An output that is kept in memory, as it would be written into a pipe.
    pub(crate) fn kept() -> Self {
        Self {
            color: Color::Never,
            out: Sink::Memory(Vec::new()),
            colours: false,
            buffer: Vec::new(),
            is_terminal: false,
            pending: Vec::new(),
            is_gone: false,
            notes: Sink::Memory(Vec::new()),
            names: Names::none(),
            found: None,
        }
    }

    /// What was kept of it.
    pub(crate) fn into_kept(self) -> Kept {
        Kept {
            data: match self.out {
                Sink::Memory(data) => data,
                Sink::Process(_) => Vec::new(),
            },
            notes: match &self.notes {
                Sink::Memory(notes) => String::from_utf8_lossy(notes).into_owned(),
                Sink::Process(_) => String::new(),
            },
            found: self.found,
        }
    }

    /// Keeps what a command has found wrong for whoever called it, or gives it back where it is to
    /// be printed.
    pub(crate) fn find(&mut self, error: Error) -> Option<Error> {
        if matches!(self.out, Sink::Process(_)) {
            return Some(error);
        }
        self.found = Some(error);
        None
    }

    /// How wide the terminal is, where there is one.
    fn terminal_width(&self) -> Option<u16> {
        let is_one = matches!(self.out, Sink::Process(_)) && stdout().is_terminal();
        let size = terminal_size::terminal_size().filter(|_| is_one);
        size.map(|(width, _)| width.0)
    }

    /// Calls actors and things what the histories that were read call them, the first of them
    /// before the others.
    pub(crate) fn call<'n>(&mut self, names: impl IntoIterator<Item = &'n Names>) {
        let all = names
            .into_iter()
            .fold(self.names.clone(), |all, names| all.and(names));
        self.names = lasting(all);
    }

    /// What actors and things are called.
    pub(crate) const fn names(&self) -> &'static Names {
        self.names
    }

    /// When to colour.
    pub(crate) const fn color(&self) -> Color {
        self.color
    }

    /// How tables are to look.
    pub(crate) fn look(&self) -> Look {
        self.look_of(PIPE_WIDTH, WIDTHS)
    }

    /// How charts are to look.
    pub(crate) fn chart_look(&self) -> Look {
        self.look_of(CHART_PIPE_WIDTH, CHART_WIDTHS)
    }

    fn look_of(&self, pipe_width: u16, widths: RangeInclusive<u16>) -> Look {
        let (narrowest, widest) = widths.into_inner();
        let width = self.terminal_width();
        Look {
            width: width.map_or(pipe_width, |width| width.clamp(narrowest, widest)),
            colours: self.colours,
            names: self.names,
        }
    }

    /// Writes no more data: it cannot be written, and that was said.
    pub(crate) const fn give_up(&mut self) {
        self.is_gone = true;
    }

    fn empty_buffer(&mut self) -> io::Result<()> {
        if self.is_gone {
            self.buffer.clear();
            return Ok(());
        }
        let written = self.out.write_all(&self.buffer);
        self.buffer.clear();
        written
    }

    /// Writes text that was made to be looked at.
    pub(crate) fn print(&mut self, text: impl AsRef<[u8]>) -> Result<()> {
        self.put(text.as_ref()).map_err(unwritten)
    }

    /// Prints text so that it is there whatever fails behind it.
    pub(crate) fn print_now(&mut self, text: impl AsRef<[u8]>) -> Result<()> {
        self.print(text)?;
        self.flush().map_err(unwritten)
    }

    /// Writes a line of other people's data.
    pub(crate) fn data(&mut self, line: &[u8]) -> Result<()> {
        let written = self.write_all(line).and_then(|()| self.write_all(b"\n"));
        written.map_err(unwritten)
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= BUFFER_BYTES {
            self.empty_buffer()?;
        }
        Ok(())
    }

    /// Writes data that may hold anything, as other people wrote it, so that none of it acts on a
    /// terminal.
    fn put_safely(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.pending.extend_from_slice(bytes);
        let mut safe = String::new();
        let mut done = 0;
        for chunk in self.pending.utf8_chunks() {
            safe.push_str(&shown_in_lines(chunk.valid()));
            done += chunk.valid().len();
            let invalid = chunk.invalid();
            // What ends within a character may go on.
            let goes_on = done + invalid.len() == self.pending.len();
            if !invalid.is_empty() && !goes_on {
                safe.extend(invalid.iter().map(|byte| format!("\\x{byte:02x}")));
            }
            if !goes_on || invalid.is_empty() {
                done += invalid.len();
            }
        }
        self.pending.drain(..done);
        self.put(safe.as_bytes())
    }

    /// Writes a line of data.
    pub(crate) fn line(&mut self, text: &str) -> Result<()> {
        self.print(text)?;
        self.print("\n")
    }

    /// Writes a value as JSON over several lines.
    pub(crate) fn json(&mut self, value: &impl serde::Serialize) -> Result<()> {
        let failed = |error: serde_json::Error| unwritten(error.into());
        if self.is_terminal {
            let text = in_lines(value).map_err(failed)?;
            return self.line(&shown_in_json(&text));
        }
        write_in_lines(value, self).map_err(failed)?;
        self.print("\n")
    }

    /// Writes a value as JSON on one line.
    pub(crate) fn json_line(&mut self, value: &impl serde::Serialize) -> Result<()> {
        let text = serde_json::to_string(value).map_err(|error| unwritten(error.into()))?;
        if self.is_terminal {
            return self.line(&shown_in_json(&text));
        }
        self.line(&text)
    }

    /// Writes rows as CSV under the names of their columns, which stand there without rows, too.
    pub(crate) fn csv<T: serde::Serialize>(
        &mut self,
        columns: &[&str],
        rows: impl IntoIterator<Item = T>,
    ) -> Result<()> {
        let mut lines = csv::WriterBuilder::new()
            .has_headers(false)
            .from_writer(self);
        lines.write_record(columns).map_err(unwritten_rows)?;
        for row in rows {
            lines.serialize(row).map_err(unwritten_rows)?;
        }
        lines.flush().map_err(unwritten)
    }

    /// Writes a question for people beside the data, on the line on which the answer is typed.
    pub(crate) fn ask(&mut self, text: &str) {
        let asked = write!(self.notes, "{text}");
        // Where there is nobody to read a question, there is nobody to answer it.
        let _ = asked.and_then(|()| self.notes.flush());
    }

    /// Writes a note for people beside the data, in which what acts on a terminal is shown instead.
    pub(crate) fn note(&mut self, text: &str) {
        self.note_in_colours(&shown_in_lines(text));
    }

    /// Writes a note that this program has coloured, and in which nothing of others acts.
    pub(crate) fn note_in_colours(&mut self, text: &str) {
        // Where there is nobody to read a note, it is not missed.
        let _ = writeln!(self.notes, "{text}");
    }

    /// The same for one that comes each time, and that only somebody who looks on needs: programs
    /// that read notes and data together are not told it.
    pub(crate) fn note_on_terminal(&mut self, text: &str) {
        if matches!(self.notes, Sink::Process(_)) && stderr().is_terminal() {
            self.note(text);
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_terminal {
            self.put_safely(bytes)?;
        } else {
            self.put(bytes)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.empty_buffer()?;
        if self.is_gone {
            return Ok(());
        }
        self.out.flush()
    }
}

/// Names for as long as the program lives. Each are kept once: a program that calls many commands
/// asks for the same again.
fn lasting(names: Names) -> &'static Names {
    static LASTING: Mutex<Vec<&'static Names>> = Mutex::new(Vec::new());
    let mut lasting = LASTING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = lasting.iter().find(|known| ***known == names) {
        return known;
    }
    let names: &'static Names = Box::leak(Box::new(names));
    lasting.push(names);
    names
}

/// What was taken away in this thread of what killed commands had left, in a note.
pub(crate) fn gone() -> Option<String> {
    let gone = taken_away().into_iter();
    let gone: Vec<_> = gone
        .map(|path| shown(&path.display().to_string()))
        .collect();
    let is_any = !gone.is_empty();
    is_any.then(|| {
        format!(
            "note: took away what a killed command had left: {}",
            abridged(&gone)
        )
    })
}

/// How a command ended, apart from errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Fine, or the same: 0.
    Fine,
    Differs,
}

impl Outcome {
    pub(crate) const fn fine_if(is_fine: bool) -> Self {
        if is_fine { Self::Fine } else { Self::Differs }
    }
}

/// What to say when the output cannot be written.
pub(crate) fn unwritten(error: io::Error) -> Error {
    Error::from(BadFile::io("write the output")(error)).in_file("standard output")
}

/// The same for rows of CSV.
pub(crate) fn unwritten_rows(error: csv::Error) -> Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => unwritten(error),
        other => unwritten(io::Error::other(format!("{other:?}"))),
    }
}
