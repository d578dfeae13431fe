//! Files that are in memory only: what a program hands in by a name of its own, in place of a file
//! on a disk.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

thread_local! {
    static GIVEN: RefCell<Files> = const { RefCell::new(BTreeMap::new()) };
}

/// Files by their names.
type Files = BTreeMap<PathBuf, Given>;

/// A file that is not on a disk.
#[derive(Clone)]
pub enum Given {
    /// All of it, which can be read as often as wanted.
    Bytes(Arc<[u8]>),
    /// What comes while it is read, once.
    Stream(Arc<Mutex<Option<Box<dyn Read + Send>>>>),
}

impl fmt::Debug for Given {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(out, "Bytes({})", bytes.len()),
            Self::Stream(_) => out.write_str("Stream"),
        }
    }
}

impl Given {
    /// What comes while it is read.
    #[must_use]
    pub fn stream(input: impl Read + Send + 'static) -> Self {
        Self::Stream(Arc::new(Mutex::new(Some(Box::new(input)))))
    }

    /// How many bytes it has, as far as that is known.
    #[cfg(feature = "cli")]
    pub(super) fn length(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Stream(_) => 0,
        }
    }

    /// Reads it. A stream that was read has nothing in it any more.
    pub(super) fn open(&self) -> Box<dyn Read + Send> {
        match self {
            Self::Bytes(bytes) => Box::new(Cursor::new(Arc::clone(bytes))),
            Self::Stream(input) => {
                let mut input = input.lock().unwrap_or_else(PoisonError::into_inner);
                input.take().unwrap_or_else(|| Box::new(io::empty()))
            }
        }
    }
}

/// Does something for which files are there by these names, whatever is on the disk. They are there
/// for this thread, and for others as far as it hands them on.
pub fn with_given<T>(files: Files, work: impl FnOnce() -> T) -> T {
    /// Puts back what was there before, after a panic, too.
    struct Before(Files);
    impl Drop for Before {
        fn drop(&mut self) {
            GIVEN.with_borrow_mut(|given| std::mem::swap(given, &mut self.0));
        }
    }
    let _before = Before(GIVEN.replace(files));
    work()
}

/// Whether there is a file of a name, in memory or on a disk.
#[must_use]
pub fn is_there(name: &Path) -> bool {
    given(name).is_some() || name.exists()
}

/// Whether there is a file of a name that can be read twice: bytes in memory, or a regular file.
pub(super) fn is_there_twice(name: &Path) -> bool {
    match given(name) {
        Some(given) => matches!(given, Given::Bytes(_)),
        None => name.is_file(),
    }
}

/// The file of a name, if it was handed in.
pub(super) fn given(name: &Path) -> Option<Given> {
    GIVEN.with_borrow(|given| given.get(name).cloned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    fn text(given: &Given) -> String {
        io::read_to_string(given.open()).unwrap_or_default()
    }

    #[test]
    fn files_are_there_as_long_as_something_is_done_with_them() {
        let name = Path::new("<made up>");
        let files = || BTreeMap::from([(name.to_owned(), Given::Bytes(Arc::from(*b"text")))]);
        let read = with_given(files(), || given(name).map(|given| text(&given)));
        assert_eq!(read.as_deref(), Some("text"));
        assert!(given(name).is_none());
        let panics = AssertUnwindSafe(|| with_given(files(), || panic!("made up")));
        assert!(catch_unwind(panics).is_err());
        assert!(given(name).is_none());
    }

    #[test]
    fn a_stream_is_read_once() {
        let stream = Given::stream(&b"rows"[..]);
        assert_eq!(text(&stream), "rows");
        assert_eq!(text(&stream), "");
    }

    #[test]
    fn what_is_handed_in_is_there_and_bytes_are_there_twice() {
        let [bytes, stream, none] = ["<bytes>", "<stream>", "<none>"].map(Path::new);
        let desk = tempfile::tempdir().unwrap();
        let on_disk = desk.path().join("file");
        std::fs::write(&on_disk, "rows").unwrap();
        let files = BTreeMap::from([
            (bytes.to_owned(), Given::Bytes(Arc::from(*b"rows"))),
            (stream.to_owned(), Given::stream(&b"rows"[..])),
        ]);
        let said: Vec<_> = files.values().map(|given| format!("{given:?}")).collect();
        assert_eq!(said, ["Bytes(4)", "Stream"]);
        let lengths: Vec<_> = files.values().map(Given::length).collect();
        assert_eq!(lengths, [4, 0]);
        with_given(files, || {
            for (name, there, twice) in [
                (bytes, true, true),
                (stream, true, false),
                (none, false, false),
                (&on_disk, true, true),
                (desk.path(), true, false),
            ] {
                let found = (is_there(name), is_there_twice(name));
                assert_eq!(found, (there, twice), "{}", name.display());
            }
        });
        assert!(!is_there(bytes) && !is_there_twice(bytes));
    }
}
