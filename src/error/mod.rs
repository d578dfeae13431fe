//! The one public error: one or more faults, each with a kind, a place and what may help.

mod place;

mod kind;

mod gathered;

pub(crate) use gathered::LineCount;
use gathered::{Fate, fates};
pub use kind::{
    BadChance, BadData, BadEnsemble, BadEvent, BadFile, BadLog, BadMeaning, BadModel, BadOption,
    BadQuestion, BadScenario, BadTable, BadTrial, BadValue, Kind, Occasion,
};
pub use place::{Excerpt, Lines, Place};

use crate::json::{Flaw, Span, What};
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::str::Utf8Error;

/// Everything that is wrong with what was asked; nothing was changed.
#[derive(Debug)]
pub struct Error {
    faults: Vec<Fault>,
    untold: usize,
}

/// A result whose error is an [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One thing that is wrong, and where.
#[derive(Debug)]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// What.
    pub kind: Kind,
}

impl Error {
    /// Everything that is wrong, at least one fault.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// All of some errors as one, if there are any. Past `limit` their faults are only counted.
    ///
    /// # Errors
    /// When there is an error.
    pub fn all(errors: Vec<Self>, limit: usize) -> Result<()> {
        let untold: usize = errors.iter().map(Self::untold).sum();
        // What is wrong with a base that several scenarios have is told once.
        let mut told = HashSet::new();
        let mut is_new = |fault: &Fault| told.insert(fault.to_string());
        let faults = errors.into_iter().flat_map(|error| error.faults);
        let faults = faults.filter(|fault| is_new(fault)).collect();
        Self::check(faults, limit).map_err(|error| Self {
            untold: error.untold + untold,
            ..error
        })
    }

    /// How many more faults there are than are told.
    #[must_use]
    pub const fn untold(&self) -> usize {
        self.untold
    }

    /// All of some faults as one error, if there are any. Past `limit` they are only counted.
    ///
    /// # Errors
    /// When there is a fault.
    pub fn check(faults: Vec<Fault>, limit: usize) -> Result<()> {
        if faults.is_empty() {
            return Ok(());
        }
        Err(Self::of(faults, limit))
    }

    /// Everything that is wrong with some bytes of a text, if anything is, in the order of the text
    /// and each once. Of what is the same in many places the first are shown, and the lines of the
    /// others listed. Of more than `limit` some are only counted, and their places not looked for,
    /// but not the first of a kind.
    ///
    /// # Errors
    /// When something is wrong.
    pub fn in_text(text: &str, mut wrong: Vec<(Span, Kind)>, limit: usize) -> Result<()> {
        wrong.sort_by_key(|(span, _)| span.start);
        wrong.dedup_by(|(later, kind), (earlier, other)| {
            later.start == earlier.start && kind.to_string() == other.to_string()
        });
        let (mut gathered, mut lines) = (Gathered::new(), LineCount::START);
        for (span, kind) in wrong {
            gathered.add(kind, span);
        }
        gathered.check(
            limit,
            |kind, span| Fault::at(text, 1, span, kind),
            |span| Some(lines.of(text, span.start)),
        )
    }

    /// The error of some faults, of which there is at least one. Past `limit` they are only
    /// counted.
    #[must_use]
    pub fn of(mut faults: Vec<Fault>, limit: usize) -> Self {
        let untold = faults.len().saturating_sub(limit);
        faults.truncate(limit.max(1));
        Self { faults, untold }
    }

    /// The same error, of so many faults in all, where not all of them were kept.
    #[must_use]
    pub(crate) fn of_so_many(mut self, faults: usize) -> Self {
        self.untold = faults.saturating_sub(self.faults.len());
        self
    }

    /// What the system refused while something was tried with a file.
    #[cfg(feature = "cli")]
    pub(crate) fn io(
        doing: &'static str,
        path: &std::path::Path,
    ) -> impl Fn(std::io::Error) -> Self {
        move |error| Self::from(BadFile::io(doing)(error)).in_file(&path.display().to_string())
    }

    /// The same error, with the file named in every fault that names none.
    #[must_use]
    pub fn in_file(self, file: &str) -> Self {
        self.in_file_where(file, |_| true)
    }

    /// The same error, with the file named in those faults that name none.
    #[must_use]
    pub fn in_file_where(mut self, file: &str, applies: impl Fn(&Fault) -> bool) -> Self {
        for fault in self.faults.iter_mut().filter(|fault| applies(fault)) {
            fault.place.file.get_or_insert_with(|| file.to_owned());
        }
        self
    }

    /// The same error, with a log named where it is said how to change it.
    #[must_use]
    pub(crate) fn of_log(mut self, name: &str) -> Self {
        for fault in &mut self.faults {
            if let Kind::Log(BadLog::RowChanged { log, .. }) = &mut fault.kind {
                *log = Some(name.to_owned());
            }
        }
        self
    }

    /// The same error, with a place given to every fault that has none.
    #[must_use]
    pub fn placed(self, place: impl Fn(Kind) -> Fault) -> Self {
        let put = |fault: Fault| {
            if fault.place == Place::default() {
                place(fault.kind)
            } else {
                fault
            }
        };
        Self {
            faults: self.faults.into_iter().map(put).collect(),
            untold: self.untold,
        }
    }

    /// Whether nothing is wrong but that the work was stopped from outside.
    #[must_use]
    pub fn is_stop(&self) -> bool {
        let mut kinds = self.faults.iter().map(|fault| &fault.kind);
        kinds.all(|kind| matches!(kind, Kind::Stopped))
    }

    /// Whether a log was read and is not what was written: a line, the order of lines
    /// or the head is off.
    #[must_use]
    pub fn is_tampering(&self) -> bool {
        let unread = |kind: &Kind| {
            matches!(
                kind,
                Kind::File(
                    BadFile::Io { .. }
                        | BadFile::NoHistory { .. }
                        | BadFile::Directory
                        | BadFile::NotAFile
                        | BadFile::Empty
                ) | Kind::Log(
                    BadLog::NotALog
                        | BadLog::IsATable
                        | BadLog::IsEventData
                        | BadLog::NewerFormat { .. },
                )
            )
        };
        !self.faults.iter().any(|fault| unread(&fault.kind))
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self {
            faults: vec![fault],
            untold: 0,
        }
    }
}

impl From<Flaw> for (Span, Kind) {
    fn from(flaw: Flaw) -> Self {
        (flaw.span, flaw.what.into())
    }
}

impl<K: Into<Kind>> From<K> for Error {
    fn from(kind: K) -> Self {
        Fault::from(kind).into()
    }
}

impl<K: Into<Kind>> From<K> for Fault {
    fn from(kind: K) -> Self {
        Self {
            place: Place::default(),
            kind: kind.into(),
        }
    }
}

/// Mistakes, each with what its place is found by, in the order in which they are told.
#[derive(Debug)]
pub(crate) struct Gathered<P>(Vec<(Kind, P)>);

impl<P> Gathered<P> {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn add(&mut self, kind: impl Into<Kind>, at: P) {
        self.0.push((kind.into(), at));
    }

    /// How many there are.
    pub(crate) const fn len(&self) -> usize {
        self.0.len()
    }

    /// All of them as one error, if there are any, of which no more than `limit` are shown.
    ///
    /// # Errors
    /// When there are.
    pub(crate) fn check(
        self,
        limit: usize,
        mut fault: impl FnMut(Kind, P) -> Fault,
        mut line: impl FnMut(&P) -> Option<u64>,
    ) -> Result<()> {
        let fates = fates(self.0.iter().map(|(kind, _)| kind), limit);
        let (all, mut listed) = (self.0.len(), 0);
        let (mut told, mut shown) = (Vec::<Fault>::new(), HashMap::new());
        for (place, ((kind, at), fate)) in self.0.into_iter().zip(fates).enumerate() {
            match fate {
                Fate::Shown => {
                    shown.insert(place, told.len());
                    told.push(fault(kind, at));
                }
                Fate::Like(other) => {
                    let of = shown.get(&other).and_then(|of| told.get_mut(*of));
                    if let Some((fault, line)) = of.zip(line(&at)) {
                        fault.place.also.add(line);
                        listed += 1;
                    }
                }
                Fate::Counted => {}
            }
        }
        Error::check(told, limit).map_err(|error| error.of_so_many(all - listed))
    }
}

/// Faults as they are found. Past a limit they are only counted.
#[derive(Debug)]
pub(crate) struct Faults {
    told: Vec<Fault>,
    all: usize,
    limit: usize,
}

impl Faults {
    pub(crate) const fn up_to(limit: usize) -> Self {
        Self {
            told: Vec::new(),
            all: 0,
            limit,
        }
    }

    /// Adds what is wrong in one place.
    pub(crate) fn add(&mut self, faults: impl IntoIterator<Item = Fault>) {
        for fault in faults {
            self.add_one(|| fault);
        }
    }

    /// Adds one. What it says is only looked for where it is told.
    pub(crate) fn add_one(&mut self, fault: impl FnOnce() -> Fault) {
        self.all += 1;
        if self.has_room() {
            self.told.push(fault());
        }
    }

    /// Whether what is found next is told.
    pub(crate) const fn has_room(&self) -> bool {
        self.told.len() < self.limit
    }

    /// All of them as one error, if there are any.
    pub(crate) fn check(self) -> Result<()> {
        let (all, limit) = (self.all, self.limit);
        Error::check(self.told, limit).map_err(|error| error.of_so_many(all))
    }
}

/// Whether a text begins as JSON does where it holds events or scenarios, comments included.
fn begins_like_json(text: &str) -> bool {
    let begins = text.trim_start_matches('\u{feff}').trim_start();
    begins.starts_with(['{', '[', '/'])
}

impl Fault {
    /// A fault on a line of which nothing more is known.
    #[must_use]
    pub fn on_line(line: u64, kind: impl Into<Kind>) -> Self {
        let place = Place {
            line: Some(line),
            ..Place::default()
        };
        let kind = kind.into();
        Self { place, kind }
    }

    /// A fault at some bytes of a text that begins on line `first_line` of its file.
    #[must_use]
    pub fn at(text: &str, first_line: u64, span: Span, kind: impl Into<Kind>) -> Self {
        let mut place = Place::of(text, first_line, span);
        let kind = kind.into();
        if matches!(kind, Kind::Json(What::Syntax { .. })) && !begins_like_json(text) {
            // It may be anything, and nobody's business.
            place.excerpt = None;
        }
        Self { place, kind }
    }

    /// Bytes that are not UTF-8, which begin on line `first_line` of their file.
    #[must_use]
    pub fn not_utf8(bytes: &[u8], first_line: u64, error: Utf8Error) -> Self {
        let end = error.valid_up_to();
        let before = String::from_utf8_lossy(bytes.get(..end).unwrap_or_default());
        Self::at(
            &before,
            first_line,
            Span { start: end, end },
            BadFile::NotUtf8,
        )
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place != Place::default() {
            write!(out, "{}: ", self.place)?;
        }
        write!(out, "{}", self.kind)?;
        let said = [self.kind.help(), self.place.also.told()];
        let mut said = said.into_iter().flatten();
        said.try_for_each(|said| write!(out, "; {said}"))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, fault) in self.faults.iter().enumerate() {
            if place > 0 {
                writeln!(out)?;
            }
            write!(out, "{fault}")?;
        }
        match self.untold {
            0 => Ok(()),
            more => write!(out, "\nand {more} more"),
        }
    }
}

impl std::error::Error for Error {}
